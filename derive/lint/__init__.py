"""Lint documents: find the equations in notes, and say which hold.

    from derive.lint import main_lint, lint_text

`main_lint(files, given, json, format, strict)` is the command; nothing is imported before use.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.lint.run import lint_files, lint_text, main_lint

__all__ = ["lint_files", "lint_text", "main_lint"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from derive.lint import run

        return getattr(run, name)
    raise AttributeError(name)

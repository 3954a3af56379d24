r"""Claims as test items: what pytest loads when this package is installed.  PYTEST_DONT_REWRITE

    # test_layers.py, or layers_proofs.py
    from derive import claim

    commutes = claim(r"\sum_a f(a) g(i - a)", r"\sum_a f(i - a) g(a)")

Each claim bound to a name at the top of a module (or of a `Test...` class) is an item with that
name; it passes when the claim is proved.  The module that makes a claim is the one that is asked
about it, and a claim with two names counts once.  Marks for one claim:

    slide = xfail(claim(r"\sum_a f(a) g(i + a)", r"\sum_a f(i + a) g(a)"), "the wrong slide")

`marked` takes any marks, and `pytestmark` marks a whole module as usual.

May: look at objects' types.  Must not: import SymPy, the kernel or anything else of this package;
a claim can only exist where `derive.claims` was imported by the user.
"""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from derive.claims import Claim

C = TypeVar("C", bound="Claim")
PATTERN = "*_proofs.py"


def marked(claim: C, *marks: pytest.MarkDecorator) -> C:
    """The claim, with marks for its item."""
    claim.pytestmark = [*getattr(claim, "pytestmark", ()), *marks]  # type: ignore[attr-defined]
    return claim


def xfail(claim: C, reason: str = "", strict: bool = True) -> C:
    """The claim, expected to fail; by default it is an error when it is proved all the same."""
    return marked(claim, pytest.mark.xfail(reason=reason, strict=strict))


# ---- collection


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """`*_proofs.py`, where pytest would not take the file by itself."""
    if not fnmatch(file_path.name, PATTERN) or parent.session.isinitpath(file_path):
        return None
    if any(_matches(file_path, pattern) for pattern in parent.config.getini("python_files")):
        return None
    hook = parent.session.gethookproxy(file_path)
    made: pytest.Collector | None = hook.pytest_pycollect_makemodule(
        module_path=file_path, parent=parent
    )
    return made


def _matches(path: Path, pattern: str) -> bool:
    """As pytest compares: a pattern with a folder in it against the end of the whole path."""
    if os.sep in pattern or "/" in pattern:
        return fnmatch(str(path), pattern if Path(pattern).is_absolute() else f"*{os.sep}{pattern}")
    return fnmatch(path.name, pattern)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> ClaimItem | list[pytest.Item] | None:
    """An item for a claim; an empty list for one that is collected elsewhere."""
    if not is_claim(obj):
        return None
    if not _defined_here(collector, name, obj):
        return []
    item: ClaimItem = ClaimItem.from_parent(collector, name=name, claim=obj)
    return item


def is_claim(obj: object) -> bool:
    """Whether this is a `Claim`, told without importing what that is."""
    module = sys.modules.get("derive.claims")
    return module is not None and issubclass(type(obj), getattr(module, "Claim", ()))


def _defined_here(collector: Any, name: str, claim: Any) -> bool:
    """Whether the claim was made by this module, and this is the first of its names."""
    module = collector.getparent(pytest.Module).obj
    if claim.module not in ("", "__main__", module.__name__):
        return False
    places = [vars(module)]
    if isinstance(collector, pytest.Class):
        places = [vars(module), *(vars(c) for c in reversed(type.mro(collector.obj)))]
    names = (n for place in places for n, value in place.items() if value is claim)
    at_top = any(value is claim for value in vars(module).values())
    return next(names, name) == name and at_top == isinstance(collector, pytest.Module)


class ClaimItem(pytest.Item):
    """One claim; running it proves it."""

    def __init__(self, *, claim: Claim, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.claim = claim
        for mark in getattr(claim, "pytestmark", ()):
            self.add_marker(mark)

    def runtest(self) -> None:
        self.claim.theorem()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is known of a claim that is not proved; of any other error, where it came from."""
        claims = sys.modules["derive.claims"]
        if isinstance(excinfo.value, claims.NotProved):
            line = f"{self.path.name}:{self.claim.line}: " if self.claim.line else ""
            return f"{line}{self.name} is not proved\n\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        line = self.claim.line - 1 if self.claim.line else None
        return self.path, line, self.name

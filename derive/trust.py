"""What a theorem rests on: the kernel with all that it imports, counted in lines.

May: read this package's source.  Must not: import what it counts.  The command `derive trust` and
the tests call it.  An import inside a function (a printer, for people) is no part of the proof and
is not followed.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent


def closure(root: Path = ROOT, start: str = "kernel") -> dict[str, dict[str, int]]:
    """The files of the kernel and of what they import when loaded, with their lines.

    `lines` counts all, `code` leaves out blank lines, comments and docstrings.
    """
    todo = sorted((root / start).glob("*.py"))
    done: dict[str, dict[str, int]] = {}
    while todo:
        path = todo.pop(0)
        name = path.relative_to(root.parent).as_posix()
        if name in done:
            continue
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        done[name] = {"lines": len(source.splitlines()), "code": len(_code(source, tree))}
        todo += _imported(tree, root)
    return dict(sorted(done.items()))


def totals(files: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Of the kernel's own folder, and of all."""
    inside = {n: f for n, f in files.items() if "/kernel/" in n}
    return {
        what: {key: sum(f[key] for f in part.values()) for key in ("lines", "code")}
        for what, part in (("kernel", inside), ("closure", files))
    }


def _imported(tree: ast.Module, root: Path) -> list[Path]:
    """The package's own files that a module imports when it is loaded."""
    out: list[Path] = []
    stack: list[ast.AST] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            stack += node.orelse
            continue
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        out += [path for name in names for path in _files(name, root)]
        stack += ast.iter_child_nodes(node)
    return out


def _files(name: str, root: Path) -> list[Path]:
    first, *rest = name.split(".")
    if first != root.name:
        return []
    path = root.joinpath(*rest)
    return [p for p in (path.with_suffix(".py"), path / "__init__.py") if rest and p.is_file()]


def _code(source: str, tree: ast.Module) -> set[int]:
    """The numbers of the lines that do something."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                skipped |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return {
        number
        for number, line in enumerate(source.splitlines(), 1)
        if line.strip() and not line.strip().startswith("#") and number not in skipped
    }

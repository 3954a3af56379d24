"""The rules of the house, read off the source: who imports whom, and what nobody writes.

Each check is tried on a planted offence as well.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from derive.trust import closure, totals

ROOT = Path(__file__).parents[1]
PACKAGES = ("derive", "minigrad")
# what must be trusted, in lines: more is a decision, made here
MOST_KERNEL, MOST_CLOSURE = 2995, 4330


def sources(package: str, root: Path = ROOT) -> list[Path]:
    return sorted((root / package).rglob("*.py"))


def names_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


# ---- the import contract


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter on the packages in a folder."""
    code = "from importlinter.cli import lint_imports as lint; exit(lint(no_cache=True))"
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_import_contract_holds(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("derive/meaning/exact.py", "from derive.binding import substitute"),
        ("derive/meaning/sums.py", "def late():\n    import derive.kernel"),
        ("derive/kernel/rules.py", "def late():\n    from derive.search import prove"),
        ("derive/kernel/held.py", "import sympy"),
        ("derive/search/walk.py", "from derive.refute import search"),
        ("derive/library/sizes.py", "from derive.claims import check"),
        ("derive/notes/layout.py", "def late():\n    import minigrad"),
        ("minigrad/walk.py", "def late():\n    import sympy"),
        ("minigrad/tensor.py", "import derive"),
        ("derive/unknown_room.py", "import derive.syntax"),
    ],
)
def test_the_import_contract_sees_a_planted_import(copy: Path, path: str, line: str) -> None:
    target = copy / path
    before = target.read_text(encoding="utf-8") if target.exists() else ""
    target.write_text(f"{before}\n{line}\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 broken" in done.stdout or "2 broken" in done.stdout or "3 broken" in done.stdout


# ---- what has to be trusted


def test_the_trusted_lines(capsys: pytest.CaptureFixture[str]) -> None:
    files = closure()
    total = totals(files)
    with capsys.disabled():
        kernel, whole = total["kernel"], total["closure"]
        print(f"\nkernel {kernel['lines']} lines ({kernel['code']} of code), with all it imports "
              f"{whole['lines']} ({whole['code']} of code)")  # fmt: skip
    assert total["kernel"]["lines"] <= MOST_KERNEL
    assert total["closure"]["lines"] <= MOST_CLOSURE
    outside = {name for name in files if not name.startswith("derive/kernel/")}
    assert outside == {"derive/binding.py", "derive/polynomial.py", "derive/syntax.py"}


def test_the_closure_follows_imports(copy: Path) -> None:
    sums = copy / "derive" / "kernel" / "sums.py"
    text = sums.read_text(encoding="utf-8").replace(
        "from derive.syntax", "from derive import text\nfrom derive.syntax", 1
    )
    sums.write_text(text, encoding="utf-8")
    assert "derive/text.py" in closure(copy / "derive")


# ---- what nobody writes


def offences(path: Path, tree: ast.Module) -> Iterator[str]:
    """Calls and imports that run what they read, and SymPy's methods known to go wrong."""
    text_kinds = {"eval", "exec", "sympify", "parse_expr", "parse_latex", "lambdify", "__import__"}
    rewriting = {
        "doit", "simplify", "subs", "xreplace", "diff", "transform", "change_index", "sympify",
        "nsimplify",
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found = {a.name.split(".")[0] for a in node.names}
            if isinstance(node, ast.ImportFrom):
                found.add((node.module or "").split(".")[0])
            for name in found & {"pickle", "shelve", "marshal", "dill"}:
                yield f"imports {name}"
        elif isinstance(node, ast.Call):
            func = node.func
            # the one place that runs Python: a layer's own generated source
            made = path.parts[-2:] == ("layers", "running.py") and ast.unparse(func) == "exec"
            if isinstance(func, ast.Name) and func.id in text_kinds and not made:
                yield f"calls {func.id}"
            if isinstance(func, ast.Attribute) and func.attr in rewriting:
                own = isinstance(func.value, ast.Name) and func.value.id in {"gauss", "self"}
                allowed = own or path.parts[-2] == "sympy_doors"
                # elements of a sympy.polys ring, which know nothing but their coefficients
                ring = path.parts[-2:] == ("audit", "symbols.py") and func.attr == "diff"
                if not allowed and not ring:
                    yield f"calls .{func.attr}"


@pytest.mark.parametrize("path", [p for k in PACKAGES for p in sources(k)], ids=names_of)
def test_nothing_runs_what_it_reads(path: Path) -> None:
    assert list(offences(path, ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "line",
    [
        "eval('1')", "exec('1')", "import pickle", "from pickle import loads", "e.doit()",
        "sp.sympify(x)", "sympify(x)", "e.subs(a, b)", "e.diff(x)", "parse_latex(x)",
    ],
)  # fmt: skip
def test_offences_are_seen(line: str) -> None:
    assert list(offences(Path("derive/claims.py"), ast.parse(line)))


def in_kernel(tree: ast.Module) -> Iterator[str]:
    """In the kernel: no assert (`python -O` strips it), no default arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield f"line {node.lineno}: assert"
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            if node.args.defaults or any(d is not None for d in node.args.kw_defaults):
                yield f"line {node.lineno}: a default argument"


@pytest.mark.parametrize("path", sources("derive/kernel"), ids=names_of)
def test_kernel_habits(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert list(in_kernel(ast.parse(source))) == []
    assert "TODO" not in source and "FIXME" not in source


@pytest.mark.parametrize("line", ["assert x", "def f(x, y=1): pass", "def f(*, y=1): pass"])
def test_kernel_offences_are_seen(line: str) -> None:
    assert list(in_kernel(ast.parse(line)))


CATCH_ALL = {"utils", "util", "helpers", "common", "misc", "core", "base_utils", "tools", "stuff"}


def test_modules_say_what_they_are() -> None:
    """No catch-all names; every module begins with what it may do and who calls it."""
    for package in PACKAGES:
        for path in sources(package):
            assert path.stem not in CATCH_ALL, path
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_modules_are_short() -> None:
    long = {
        names_of(path): lines
        for package in PACKAGES
        for path in sources(package)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 700
    }
    assert long == {}


def test_names_of_test_files_differ() -> None:
    """pytest imports them by their names alone."""
    names = [p.name for p in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))

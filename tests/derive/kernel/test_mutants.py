"""Mutants of the trusted code: each is caught by some test of this folder.

Every guard (`if …: raise Refused`, and each part of its condition), made never to fire, and the
changed signs and forgotten factors of mutations.txt.  A mutant is a copy of the sources with one
place changed; the tests run on it in a process of their own.  `make soak` tries all of them and
prints the score, the normal suite a few.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILES = (
    "binding.py",
    *(f"kernel/{name}.py" for name in (
        "algebra", "brackets", "calculus", "context", "derivatives", "door", "entail", "existence",
        "halflines", "held", "monomial", "ranges", "steady", "sums", "table", "theorem")),
)
QUICK = (
    "test_kernel_attacks.py", "test_kernel_rules.py", "test_kernel_parts.py",
    "test_kernel_steady.py",
)
PARTS = 12
SLOW = ("../test_binding.py", "../test_polynomial.py", "test_kernel_random.py")


@dataclass(frozen=True)
class Mutant:
    """One place of a file of derive/ changed."""

    file: str
    name: str
    source: str


def changes() -> Iterator[tuple[str, str, str]]:
    """(file, what stands there, what the mutant has), from mutations.txt."""
    text = (Path(__file__).parent / "mutations.txt").read_text(encoding="utf-8")
    for block in text.split("\n@ ")[1:]:
        file, *lines = block.splitlines()
        old, new = ("\n".join(line[1:] for line in lines if line[:1] == sign) for sign in "-+")
        yield file, old, new


# Guards that no test can see, each with its reason.
HARMLESS: dict[str, str] = {
    "kernel/calculus.py _chain: place.kind != 'R' -> False":
        "what depends on x and stands where integers do has no derivative of its own",
    "kernel/calculus.py _chain: space_of(inner).dim != ONE -> False":
        "for vectors `_scales` asks more, between numbers it cannot happen",
    "kernel/calculus.py _loss: not isinstance(fn, Fn) -> False": "what is no Fn has no box",
    "kernel/monomial.py closed: (loose := (free(d.lam) - allowed)) -> False":
        "the door asks the same of every definition",
    "kernel/held.py held: kind == 'rough' and inside & ({parameter} if parameter else set())"
    " -> False": "`smooth` has refused it before",
    "kernel/sums.py reindex: factor != 1 -> False":
        "an integral map with an integral inverse has the factor 1",
    "kernel/sums.py _bijection: len(names(olds)) < len(olds) -> False":
        "in one space two variables with one name are one, and bound twice",
    "kernel/ranges.py residue_split: space_of(m).kind != 'Z' -> False":
        "what is not integral does not embed into the integers",
    "kernel/brackets.py support: names(context.binders) & names(free(fn)) -> False":
        "the door lets no bound variable have the name of a declared size",
    "kernel/brackets.py support: len(places) != len(box) -> False":
        "the door asks for equal lengths",
    "kernel/derivatives.py parts: not s.integral -> False": "the variable of a derivative is real",
    "kernel/derivatives.py fundamental: not s.integral -> False":
        "the variable of a derivative is real",
    "kernel/halflines.py half_line: k is None -> False":
        "the end is then the variable itself, which is not free of it",
    "kernel/theorem.py use: names(context.binders) & names(frozenset().union(*map(free, sizes)))"
    " -> False": "the door lets no bound variable have the name of a declared size",
    "kernel/theorem.py _fits: not isinstance(actual, Term) -> False":
        "a function lives in no space: IllTyped",
    "binding.py inner = {s: t for s, t in local.items() if s not in variables}"
    " -> inner = dict(local)": "the renamed variables come on top",
}


def _guards(source: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what) of each condition that ends in a refusal, and of its alternatives."""
    offsets = [0]
    for line in source.encode().splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))

    def span(node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = offsets[node.lineno - 1] + node.col_offset
        return start, offsets[node.end_lineno - 1] + node.end_col_offset

    for scope in ast.walk(ast.parse(source)):
        if not isinstance(scope, ast.FunctionDef):
            continue
        for node in ast.walk(scope):
            if not isinstance(node, ast.If) or not _refuses(node.body[-1]):
                continue
            parts = [node.test]
            if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.Or):
                parts += node.test.values
            for part in parts:
                yield *span(part), f"{scope.name}: {ast.unparse(part)}"


def _refuses(last: ast.stmt) -> bool:
    if isinstance(last, ast.Raise):
        return True
    value = last.value if isinstance(last, ast.Return) else None
    return isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )


def mutants() -> list[Mutant]:
    out: dict[tuple[str, str], Mutant] = {}
    for file in FILES:
        source = (ROOT / "derive" / file).read_text(encoding="utf-8")
        raw = source.encode()
        for start, end, what in _guards(source):
            changed = (raw[:start] + b"(False)" + raw[end:]).decode()
            out[file, what] = Mutant(file, f"{file} {what} -> False", changed)
    for file, old, new in changes():
        source = (ROOT / "derive" / file).read_text(encoding="utf-8")
        assert old in source, f"{file}: no longer there: {old}"
        changed = source.replace(old, new, 1)
        if new.endswith("abs(_coefficient"):
            changed = changed.replace("abs(_coefficient(t, forward[0], new[0])",
                                      "abs(_coefficient(t, forward[0], new[0]))", 1)
        out[file, old] = Mutant(file, f"{file} {old.strip()[:70]} -> {new.strip()[:40]}", changed)
    return list(out.values())


def run(mutant: Mutant | None, where: Path, tests: tuple[str, ...]) -> int:
    """The exit status of pytest on a copy with this mutant (0: it survived)."""
    copy = where / "copy"
    if not copy.exists():
        shutil.copytree(ROOT / "derive", copy / "derive",
                        ignore=shutil.ignore_patterns("__pycache__", "katex"))
        shutil.copytree(Path(__file__).parent, copy / "tests/derive/kernel",
                        ignore=shutil.ignore_patterns("__pycache__", "test_mutants.py"))
        for name in ("conftest.py", "strategies.py", "test_binding.py", "test_polynomial.py"):
            shutil.copy(ROOT / "tests/derive" / name, copy / "tests/derive" / name)
        shutil.copy(ROOT / "pyproject.toml", copy / "pyproject.toml")
    if mutant:
        (copy / "derive" / mutant.file).write_text(mutant.source, encoding="utf-8")
    folder = Path("tests/derive/kernel")
    chosen = [str(folder / t) for t in tests if (copy / folder / t).exists()]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header",
         *chosen],
        cwd=copy, capture_output=True, text=True, timeout=600, check=False,
        env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return done.returncode


def killed(mutant: Mutant, where: Path) -> bool:
    """Whether some test fails; of a harmless mutant only the quick ones are tried."""
    suites = (QUICK,) if mutant.name in HARMLESS else (QUICK, SLOW)
    return any(run(mutant, where, tests) for tests in suites)


SAMPLE = (
    ('kernel/sums.py', 'exists("swap", t, context)'),
    ('kernel/entail.py', 'multiplier < 0 or not'),
    ('kernel/held.py', 'unbounded = frozenset'),
    ('binding.py', 'taken |= names(free(inner[symbol]))'),
)


def test_the_tests_pass_on_an_unchanged_copy(tmp_path: Path) -> None:
    assert run(None, tmp_path, QUICK) == 0


@pytest.mark.parametrize(("file", "old"), SAMPLE)
def test_a_few_mutants(tmp_path: Path, file: str, old: str) -> None:
    (mutant,) = (m for m in mutants() if m.file == file and old in m.name and "False" not in m.name)
    assert run(mutant, tmp_path, QUICK) == 1, mutant.name


@pytest.mark.soak
def test_all_the_tests_pass_on_an_unchanged_copy(tmp_path: Path) -> None:
    assert run(None, tmp_path, (*QUICK, *SLOW)) == 0


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_all_mutants(
    part: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    some = mutants()[part::PARTS]
    alive = [m.name for k, m in enumerate(some) if not killed(m, tmp_path / str(k))]
    record_property("mutants", len(some))
    record_property("killed", len(some) - len(alive))
    assert [name for name in alive if name not in HARMLESS] == []


def test_what_is_harmless_is_a_mutant() -> None:
    assert HARMLESS.keys() <= {m.name for m in mutants()}

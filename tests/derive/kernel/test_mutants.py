"""Mutants of the trusted code: each is caught by some test of this folder.

Every guard (`if …: raise Refused`, and each part of its condition), made never to fire, and the
changed signs and forgotten factors of `CHANGES`.  A mutant is a copy of the sources with one
place changed; the tests run on it in a process of their own.  `make soak` tries all of them and
prints the score, the normal suite a few.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILES = (
    "binding.py",
    *(f"kernel/{name}.py" for name in (
        "calculus", "context", "door", "entail", "existence", "held", "monomial", "rules",
        "theorem")),
)
QUICK = ("test_kernel_attacks.py", "test_kernel_rules.py", "test_kernel_parts.py")
SLOW = ("test_kernel_random.py",)


@dataclass(frozen=True)
class Mutant:
    """One place of a file of derive/ changed."""

    file: str
    name: str
    source: str


# Changed signs, off-by-ones, forgotten factors: (file, what stands there, what the mutant has).
CHANGES: tuple[tuple[str, str, str], ...] = (
    ("binding.py", "inner = {s: t for s, t in local.items() if s not in variables}",
     "inner = dict(local)"),
    ("binding.py", "taken |= names(free(inner[symbol]))", "pass"),
    ("binding.py", "elif symbol not in variables:\n            taken.add(symbol.name)",
     "elif False:\n            taken.add(symbol.name)"),
    ("binding.py", "out |= loose(node.definition)", "pass"),
    ("binding.py", "frozenset({node}) | declared(node)", "frozenset({node})"),
    ("polynomial.py", 'powers[atom] = 1 if atom.startswith("[") else powers.get(atom, 0) + e',
     "powers[atom] = 1"),
    ("polynomial.py", "const(Fraction(floor(c / g)))", "const(Fraction(-floor(-c / g)))"),
    ("polynomial.py", 'if op == "=" and c % g:\n            return Poly()', "pass"),
    ("polynomial.py", "return p.scaled(1 / _content(p)) if p else p",
     "return p.scaled(-1 / _content(p)) if p else p"),
    ("polynomial.py", 'if kind == "Z" and op == "<":', 'if op == "<":'),
    ("polynomial.py", "if b < 0:\n        num, b = num.scaled(Fraction(-1)), -b",
     "if b < 0:\n        b = -b"),
    ("polynomial.py", "out = out * (const(1) - indicator(part, scope))",
     "out = out * indicator(part, scope)"),
    ("polynomial.py", "return const(1 / value if value else 0)", "return const(value)"),
    ("polynomial.py", "return poly(right if gap > 0 else left, scope)",
     "return poly(left if gap > 0 else right, scope)"),
    ("polynomial.py", "return const(abs(value))", "return const(value)"),
    ("polynomial.py", "mod {alpha_key(space)}:0=", "mod:0="),
    ("kernel/context.py", "if i != index and isinstance(f, Iverson)", "if isinstance(f, Iverson)"),
    ("kernel/context.py", "kept = tuple(c for c in self.conds if not names(hidden) & names(free(c)))",
     "kept = self.conds"),
    ("kernel/context.py", "hidden = frozenset({binder.fn})", "pass"),
    ("kernel/entail.py", "return [(p - const(1), False)]", "return [(p - const(2), False)]"),
    ("kernel/entail.py", 'return [(p, op == "<")]', "return [(p, True)]"),
    ("kernel/entail.py", "return [(p, False), (p.scaled(Fraction(-1)), False)]",
     "return [(p, True), (p.scaled(Fraction(-1)), False)]"),
    ("kernel/entail.py", 'strict = [(p - const(1), False)] if kind == "Z" else [(p, True)]',
     "strict = [(p - const(1), False)]"),
    ("kernel/entail.py", "return [strict, [(q - const(1), False)] if kind == \"Z\" else [(q, True)]]",
     "return [strict]"),
    ("kernel/entail.py", "all(given[i][1] for i in indices)", "any(given[i][1] for i in indices)"),
    ("kernel/entail.py", "value is not None and (value < 0 or", "value is not None and (value <= 0 or"),
    ("kernel/entail.py", "multiplier < 0 or not", "not"),
    ("kernel/entail.py", "return space.dim == ONE and space.kind != \"Zn\"", "return True"),
    ("kernel/entail.py", 'return [[]]\n            strict', 'return []\n            strict'),
    ("kernel/entail.py", "    return [[]]\n\n\ndef scalar", "    return []\n\n\ndef scalar"),
    ("kernel/monomial.py", "Var(fresh(var.name, taken | names(free(body) - {var})), var.space)",
     "Var(var.name, var.space)"),
    ("kernel/monomial.py", "used = taken | {v.name for v, _ in m.binders}", "used = taken"),
    ("kernel/monomial.py", 'if "C1" in inner else frozenset()', "if inner else frozenset()"),
    ("kernel/monomial.py", 'return inner & {"finite"}', "return inner"),
    ("kernel/held.py", "if unbounded <= _fixed(compact, variables):\n        return None",
     "return None"),
    ("kernel/held.py", "unbounded = frozenset(v for v in variables if v.space.kind != \"Zn\")",
     "unbounded = real"),
    ("kernel/held.py", "if power % 2:", "if True:"),
    ("kernel/held.py", "return None if scaled and len(row) > 1 else row", "return row"),
    ("kernel/held.py", "if others or power > 1 or not", "if not"),
    ("kernel/held.py", "turned = [_scaled(side, Fraction(-1)) for side in reduced]",
     "turned = reduced"),
    ("kernel/held.py", "if lo == {} and hi == {}:", "if True:"),
    ("kernel/held.py", 'if row and ("decay" in known):', "if False:"),
    ("kernel/held.py", "rough += kind == \"rough\"", "pass"),
    ("kernel/held.py", "v.space.dim == place.dim for v", "True for v"),
    ("kernel/calculus.py", "if depends(factor, by)\n", "if depends(factor, by) and i == 0\n"),
    ("kernel/calculus.py", "return Mul((term(exponent), Pow(base, exponent - 1), derivative(base, by)))",
     "return Mul((term(exponent), Pow(base, exponent - 1)))"),
    ("kernel/calculus.py", "for cond in (Rel(\"<=\", lo, e), Rel(\"<=\", e, hi))",
     "for cond in (Rel(\"<=\", lo, e),)"),
    ("kernel/calculus.py", "parts.append(Mul((App(Partial(fn, slot), args), inner)))",
     "parts.append(App(Partial(fn, slot), args))"),
    ("kernel/calculus.py", "var = Var(fresh(var.name, _names(by.place) | names(free(t))), var.space)",
     "pass"),
    ("kernel/calculus.py", "Var(fresh(param.name, taken | names(params)), param.space)", "param"),
    ("kernel/existence.py", "        _inside(rule, factor, inner)\n", "        pass\n"),
    ("kernel/existence.py", "    _dropped(rule, t, context)\n    _exists", "    _exists"),
    ("kernel/existence.py", "inner = replace(context, conds=kept)", "pass"),
    ("kernel/existence.py", "if len(described) == 1 and len(described[0]) == 1:", "if described:"),
    ("kernel/existence.py", "below = context.below(node) if isinstance(node, Lam) else context",
     "below = context"),
    ("kernel/existence.py", "return all(nonzero(part, context) for part in den.factors)",
     "return any(nonzero(part, context) for part in den.factors)"),
    ("kernel/existence.py", "(c > 0 or (strict and c == 0))", "c >= 0"),
    ("kernel/existence.py", "if m.binders and not (described and described <= granted):",
     "if m.binders and not described <= granted:"),
    ("kernel/rules.py", "        exists(\"linearity\", part, context)\n", "        pass\n"),
    ("kernel/rules.py", "    exists(\"swap\", t, context)\n", "    pass\n"),
    ("kernel/rules.py", "        exists(\"reindex\", t, context)\n", "        pass\n"),
    ("kernel/rules.py", "    exists(\"residue_split\", t, context)\n", "    pass\n"),
    ("kernel/rules.py", "factor = abs(_determinant(t, new, forward))",
     "factor = _determinant(t, new, forward)"),
    ("kernel/rules.py", "scale = factor ** int(dim.value)", "scale = factor ** int(1)"),
    ("kernel/rules.py", "ends = (at_hi, at_lo) if turned else (at_lo, at_hi)",
     "ends = (at_lo, at_hi)"),
    ("kernel/rules.py", "ends, factor = (at_lo, at_hi), _coefficient",
     "ends, factor = (at_lo, at_hi), abs(_coefficient"),
    ("kernel/rules.py", "Sum(s.var, (m + 1, hi), s.body)", "Sum(s.var, (m, hi), s.body)"),
    ("kernel/rules.py", "Rel(\"<=\", lo - 1, m)", "Rel(\"<=\", lo - 2, m)"),
    ("kernel/rules.py", "return Max(ZERO, hi - lo + 1)", "return hi - lo + 1"),
    ("kernel/rules.py", "count = int(last - first) + 1", "count = int(last - first)"),
    ("kernel/rules.py", "return Sum(r, (ZERO, m - 1), inner)", "return Sum(r, (ZERO, m), inner)"),
    ("kernel/rules.py", "Mul((Iverson(Not(cond)), t))", "Mul((Iverson(cond), t))"),
    ("kernel/rules.py", "prove(\"equivalent\", Context((*context.conds, q)), p, data[\"if\"])", "pass"),
    ("kernel/rules.py", "prove(\"equivalent\", Context((*context.conds, p)), q, data[\"only_if\"])",
     "pass"),
    ("kernel/rules.py", "prove(\"same\", context, Rel(\"=\", t, target), data[\"witnesses\"])", "pass"),
    ("kernel/rules.py", "guard, value = [Iverson(Divides(stride, value))], Floor(value, stride)",
     "guard, value = [], Floor(value, stride)"),
    ("kernel/rules.py", "    if s.bounds:\n        guard +=", "    if False:\n        guard +="),
    ("kernel/rules.py", "prove(\"collapse\", context, Rel(\"<=\", ONE, stride), data[\"witnesses\"])",
     "pass"),
    ("kernel/rules.py", "Rel(\"<=\", cond.rhs.den * cond.lhs, cond.rhs.num)",
     "Rel(\"<\", cond.rhs.den * cond.lhs, cond.rhs.num)"),
    ("kernel/rules.py", "Floor(f.num - f.den * q, f.den) + q", "Floor(f.num + f.den * q, f.den) + q"),
    ("kernel/rules.py", "f.den * q + f.den - 1), (high,)", "f.den * q + f.den), (high,)"),
    ("kernel/rules.py", "prove(\"floor_value\", context, Rel(\"<=\", f.den * q, f.num), (low,))", "pass"),
    ("kernel/rules.py", "prove(\"floor_value\", context, Rel(\"<=\", ONE, f.den), (positive,))", "pass"),
    ("kernel/rules.py", "prove(\"floor_bound\", context, Rel(\"<=\", ONE, cond.rhs.den), data[\"witnesses\"])",
     "pass"),
    ("kernel/rules.py", "prove(\"floor_shift\", context, Rel(\"<=\", ONE, f.den), data[\"witnesses\"])",
     "pass"),
    ("kernel/rules.py", "return Max(a, -a)", "return Max(a, a)"),
    ("kernel/rules.py", "Rel(\"<\", m.right, m.left), Rel(\"<=\", m.left, m.right)",
     "Rel(\"<=\", m.right, m.left), Rel(\"<=\", m.left, m.right)"),
    ("kernel/rules.py", "prove(\"cancel\", context, goal, data[\"witnesses\"])", "pass"),
    ("kernel/rules.py", "prove(\"absurd\", inner, Rel(\"<=\", ONE, ZERO), data[\"witnesses\"])", "pass"),
    ("kernel/rules.py", "prove(\"bracket\", context, cond, data[\"witnesses\"])", "pass"),
    ("kernel/rules.py", "prove(\"residue_split\", context, Rel(\"<=\", ONE, m), data[\"witnesses\"])",
     "pass"),
    ("kernel/rules.py", "equal(c.divisor, term(m)) and equal", "equal"),
    ("kernel/rules.py", "calculus.derivative(s, by)  # refuses", "pass  # refuses"),
    ("kernel/theorem.py", "                prove(\"use\", context, needed, witnesses)\n".replace(
        "                ", "            "), "            pass\n"),
    ("kernel/theorem.py", "            exists(\"use\", needed.term, context)\n", "            pass\n"),
    ("kernel/theorem.py", "        _fits(symbol, actual, mapping)\n", "        pass\n"),
    ("kernel/theorem.py", "        exists(\"qed\", side, Context(e.given))\n", "        pass\n"),
    ("kernel/theorem.py", "    hypotheses_exist(\"qed\", Context(e.given))\n", "    pass\n"),
    ("kernel/theorem.py", "    door.statement(name, given, result)\n", "    pass\n"),
    ("kernel/theorem.py", "    door.statement(\"begin\", conds, t)\n", "    pass\n"),
    ("kernel/theorem.py", "and not any(isinstance(f, App) and \"decay\"", "and not any(False and \"decay\""),
    ("kernel/door.py", "    one_meaning(rule, (t, *given))\n", "    pass\n"),
    ("kernel/door.py", "    enter(rule, t)\n", "    pass\n"),
    ("kernel/door.py", "        _parts(getattr(node, f.name))\n", "        pass\n"),
    ("kernel/door.py", "            _space(node)\n", "            pass\n"),
    ("kernel/door.py", "            _function(node)\n", "            pass\n"),
)

# Guards that no test can see, each with its reason.
HARMLESS: dict[str, str] = {}


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
    for file, old, new in CHANGES:
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
        for name in ("conftest.py", "strategies.py"):
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
    for tests in (QUICK, SLOW):
        status = run(mutant, where, tests)
        if status:
            return True
    return False


SAMPLE = (
    ('kernel/rules.py', 'exists("swap", t, context)'),
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
def test_all_mutants(tmp_path: Path) -> None:
    assert run(None, tmp_path / "none", (*QUICK, *SLOW)) == 0
    every = mutants()
    with ThreadPoolExecutor(max_workers=2) as pool:
        caught = list(pool.map(
            lambda pair: killed(pair[1], tmp_path / str(pair[0])), enumerate(every)))
    alive = [m.name for m, dead in zip(every, caught, strict=True) if not dead]
    print(f"\nmutants killed: {sum(caught)} of {len(every)}")
    print("\n".join(f"alive: {name}" for name in alive))
    assert not [name for name in alive if name not in HARMLESS]

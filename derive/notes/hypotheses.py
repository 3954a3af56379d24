"""What a theorem assumes, in words: the spaces, the classes of its functions, its conditions.

May: group what belongs together.  Must not: leave a hypothesis out.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.binding import free
from derive.latex.printer import Latex
from derive.notes.catalogue import catalogue, word
from derive.notes.messages import Formula, Line, formula
from derive.syntax import (
    ONE,
    Cond,
    Definition,
    Exists,
    Fn,
    Node,
    Op,
    R,
    Rel,
    Signature,
    Space,
    Term,
    Var,
)
from derive.text import Unicode


def hypotheses(given: Iterable[Cond], lhs: Term, rhs: Term, language: str) -> tuple[Line, ...]:
    """One line for each group of functions or variables, then one for each condition."""
    given = tuple(given)
    symbols = set(free(lhs) | free(rhs)).union(*(free(c) for c in given))
    functions = sorted((s for s in symbols if isinstance(s, Fn)), key=lambda s: s.name)
    numbers = [Var(f.name, R) for f in functions if not f.domain]  # functions of nothing
    functions = [f for f in functions if f.domain]
    variables = [*(s for s in symbols if isinstance(s, Var)), *numbers]
    variables.sort(key=lambda s: s.name)
    at_least_one = {Rel("<=", ONE, v) for v in _sizes(symbols)}
    spaces = {s for fn in functions for s in fn.domain if isinstance(s, Space)}
    out = [*_functions(functions, language), *_variables(variables, spaces)]
    plain = [c for c in given if not isinstance(c, Exists) and c not in at_least_one]
    for shown in zip(Latex().chained(plain), Unicode().chained(plain), strict=True):
        out.append((Formula(*shown),))
    for cond in given:
        if isinstance(cond, Exists):
            out.append(word("exists", language, term=cond.term))
    return tuple(out)


def listed(nodes: Iterable[Node]) -> Formula:
    parts = [formula(n) for n in nodes]
    return Formula(", ".join(p.latex for p in parts), ", ".join(p.text for p in parts))


def product(spaces: Iterable[Space | Signature]) -> Formula:
    parts = [formula(s) for s in spaces]
    return Formula(r" \times ".join(p.latex for p in parts), " × ".join(p.text for p in parts))


def _functions(functions: list[Fn], language: str) -> list[Line]:
    groups: dict[tuple[str, tuple[Space | Signature, ...]], list[Fn]] = {}
    out: list[Line] = []
    for fn in functions:
        if fn.box is not None and not any(isinstance(s, Signature) for s in fn.domain):
            out.append(_tensor(fn, language))
        else:
            groups.setdefault((fn.cls, fn.domain), []).append(fn)
    for (cls, domain), members in groups.items():
        kind = "loss" if any(isinstance(s, Signature) for s in domain) else "functions"
        key = f"{kind}.{cls}"
        if key not in catalogue(language).words:
            key = f"{kind}.any" if cls == "any" else f"{kind}.differentiable"
        if cls == "any" and any(isinstance(s, Space) and s.kind == "R" for s in domain):
            key = "functions.measurable" if kind == "functions" else key
        out.append(word(key, language, names=listed(members), space=product(domain)))
    return out


LETTERS = "ijklmnpqrst"


def _tensor(fn: Fn, language: str) -> Line:
    """x_{i} for 1 <= i <= n: the entries that can differ from zero."""
    box = fn.box or ()
    bounds = {s.name for pair in box for bound in pair for s in free(bound)}
    letters = [c for c in LETTERS if c not in bounds][: len(box)]
    index = [Var(c, s) for c, s in zip(letters, fn.domain, strict=False) if isinstance(s, Space)]
    parts = []
    for v, (lo, hi) in zip(index, box, strict=False):
        low, mid, high = formula(lo), formula(v), formula(hi)
        parts.append(
            Formula(
                rf"{low.latex} \le {mid.latex} \le {high.latex}",
                f"{low.text} ≤ {mid.text} ≤ {high.text}",
            )
        )
    shown = Formula(", ".join(p.latex for p in parts), ", ".join(p.text for p in parts))
    return word("tensor", language, entry=formula(fn(*index)), range=shown)


def _sizes(symbols: Iterable[Var | Fn], spaces: Iterable[Space] = ()) -> set[Var | Fn]:
    """The dimensions and moduli among the symbols: at least 1 by the conventions."""
    found = set(spaces)
    for s in symbols:
        found |= {s.space} if isinstance(s, Var) else {d for d in s.domain if isinstance(d, Space)}
    return set().union(*(free(s.dim) | free(s.modulus or ONE) for s in found))


def _variables(variables: list[Var], spaces: Iterable[Space]) -> list[Line]:
    sizes = _sizes({*variables}, spaces)
    out: list[Line] = []
    groups: dict[Space, list[Var]] = {}
    for v in variables:
        if v in sizes:  # a dimension or a modulus
            out.append((Formula(rf"{formula(v).latex} \ge 1", f"{formula(v).text} ≥ 1"),))
        else:
            groups.setdefault(v.space, []).append(v)
    for space, group in groups.items():
        names, where = listed(group), formula(space)
        out.append((Formula(rf"{names.latex} \in {where.latex}", f"{names.text} ∈ {where.text}"),))
    return out


def definitions(terms: Iterable[Node]) -> tuple[Definition, ...]:
    """The definitions that stand in `terms`, each once, innermost last."""
    found: dict[Definition, None] = {}

    def visit(node: Node) -> None:
        if isinstance(node, Op):
            if node.definition not in found:
                found[node.definition] = None
                visit(node.definition.lam)
        for child in node.children():
            visit(child)

    for t in terms:
        visit(t)
    return tuple(found)

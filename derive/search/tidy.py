"""Readable forms: what a term looks like after the arithmetic that nobody writes out.

Proposes a target only; the kernel's `ring` checks it.  Keeps the order in which things were
written, drops zeros and ones, collects equal terms, and writes index expressions as polynomials.
"""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from derive.polynomial import Poly, Scope, indicator, poly, to_term
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    And,
    Floor,
    Iverson,
    Max,
    Mul,
    Node,
    Num,
    Pow,
    Rel,
    Sum,
    Term,
    Var,
)


def tidy(t: Any) -> Any:
    """A readable node that is equal to `t` as a polynomial."""
    if isinstance(t, tuple):
        return tuple(tidy(part) for part in t)
    return _tidied(t) if isinstance(t, Node) else t


@lru_cache(maxsize=50_000)
def _tidied(t: Node) -> Node:
    if isinstance(t, Term) and _affine(t):
        return _polynomial(t)
    changes = {f.name: tidy(getattr(t, f.name)) for f in fields(t) if f.metadata.get("child", True)}
    t = replace(t, **changes)
    match t:
        case Add(terms):
            return _sum(terms)
        case Mul(factors):
            return _product(factors)
        case Iverson(cond):
            return _bracket(t, cond)
        case Sum(_, _, body) if body == ZERO:
            return ZERO
        case Pow(base, 1):
            return base
        case Pow(_, 0):
            return ONE
        case Rel(op, lhs, rhs) if _affine(lhs) and _affine(rhs):
            return _relation(t, op, lhs, rhs)
    return t


def _affine(t: Node) -> bool:
    """Whether a term is built from variables and numbers alone: an index or a size."""
    if isinstance(t, Add | Mul | Pow):
        return all(_affine(part) for part in t.children())
    if isinstance(t, Floor | Max):
        return all(_affine(part) for part in t.children())
    return isinstance(t, Num | Var)


def _polynomial(t: Term) -> Term:
    t = _flat(t)
    if isinstance(t, Floor | Max):
        t = replace(t, **{f.name: _polynomial(getattr(t, f.name)) for f in fields(t)})
    atoms: dict[str, Term] = {}
    p = poly(t, Scope(atoms=atoms))
    if _as_written(t, len(p)):
        return t
    return to_term(p, {k: _inner(a) for k, a in atoms.items()})


def _as_written(t: Term, terms: int) -> bool:
    """Whether a polynomial is written out already: s i + d a - p stays in that order."""
    parts = t.terms if isinstance(t, Add) else (t,)
    if len(parts) != terms:
        return False
    for part in parts:
        factors = part.factors if isinstance(part, Mul) else (part,)
        if not all(
            isinstance(f, Var) or (isinstance(f, Num) and k == 0 and f.value != 1)
            for k, f in enumerate(factors)
        ):
            return isinstance(part, Num) and len(factors) == 1
    return True


def _flat(t: Term) -> Term:
    """A sum of sums as one sum."""
    if not isinstance(t, Add):
        return t
    parts: list[Term] = []
    for part in map(_flat, t.terms):
        parts += part.terms if isinstance(part, Add) else [part]
    return Add(tuple(parts))


def _inner(atom: Term) -> Term:
    if isinstance(atom, Floor | Max):
        return replace(atom, **{f.name: _polynomial(getattr(atom, f.name)) for f in fields(atom)})
    return atom


def _sum(terms: tuple[Term, ...]) -> Term:
    flat: list[Term] = []
    for part in terms:
        flat += part.terms if isinstance(part, Add) else [part]
    kept: dict[str, tuple[Fraction, Term]] = {}
    for part in flat:
        c, rest = _coefficient(part)
        shape = poly(rest).key()
        total = kept[shape][0] + c if shape in kept else c
        kept[shape] = (total, kept[shape][1] if shape in kept else rest)
    parts = [_scaled(c, rest) for c, rest in kept.values() if c and poly(rest)]
    return parts[0] if len(parts) == 1 else Add(tuple(parts)) if parts else ZERO


def _coefficient(t: Term) -> tuple[Fraction, Term]:
    if isinstance(t, Num):
        return t.value, ONE
    if isinstance(t, Mul) and isinstance(t.factors[0], Num):
        rest = t.factors[1:]
        return t.factors[0].value, rest[0] if len(rest) == 1 else Mul(rest)
    return Fraction(1), t


def _scaled(c: Fraction, t: Term) -> Term:
    if c == 1:
        return t
    if t == ONE:
        return Num(c)
    return Mul((Num(c), *(t.factors if isinstance(t, Mul) else (t,))))


def _product(factors: tuple[Term, ...]) -> Term:
    flat: list[Term] = []
    for factor in factors:
        flat += factor.factors if isinstance(factor, Mul) else [factor]
    c, rest = Fraction(1), []
    for factor in flat:
        if isinstance(factor, Num):
            c *= factor.value
        elif isinstance(factor, Iverson) and factor in rest:
            continue
        else:
            rest.append(factor)
    if not c:
        return ZERO
    if not rest:
        return Num(c)
    return _scaled(c, rest[0] if len(rest) == 1 else Mul(tuple(rest)))


def _bracket(t: Iverson, cond: Node) -> Term:
    value = indicator(t.cond).constant()
    if value is not None:
        return Num(value)
    if isinstance(cond, And):
        return _product(tuple(tidy(Iverson(c)) for c in cond.conds))
    return t


def _relation(t: Rel, op: str, lhs: Term, rhs: Term) -> Rel:
    """What stands on both sides is taken away, with its sign: i + a = a + b becomes i = b."""
    atoms: dict[str, Term] = {}
    p, q = poly(lhs, Scope(atoms=atoms)), poly(rhs, Scope(atoms=atoms))
    common = Poly({m: c for m, c in p.items() if m in q and q[m] == c})
    if not common:
        return t
    return Rel(op, to_term(p - common, atoms), to_term(q - common, atoms))

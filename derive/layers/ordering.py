"""How a gradient is written: the order of factors, of sums, and of the terms of an index.

The same on every run, since a theorem's hash is taken of what is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from derive.binding import free
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import equal, key
from derive.search.walk import Walk, nest, places, summands, together
from derive.syntax import (
    Add,
    App,
    Divides,
    Floor,
    Fn,
    Iverson,
    Lam,
    Mul,
    Node,
    Num,
    Op,
    Sum,
    Term,
    Var,
)
from derive.text import text


def presented(
    walk: Walk, ops: tuple[Op, ...], entry: tuple[Var, ...], order: tuple[str, ...]
) -> None:
    """Numbers, then delta, then the tensors and the sums in the formula's order, then brackets.

    An entry's own letter comes first in an index.  The same on every run, since what is shown is
    what a theorem's hash is taken of.
    """
    heads = {key(op) for op in ops}

    def place(name: str) -> int:
        return order.index(name) if name in order else len(order)

    def rank(factor: Term) -> tuple[int, int, str]:
        if not isinstance(factor, App | Iverson):
            return 0, 0, key(factor)
        if isinstance(factor, App):
            name = factor.fn.name if isinstance(factor.fn, Fn) else ""
            return (1 if key(factor.fn) in heads else 2), place(name), key(factor)
        return 3, min((place(v.name) for v in free(factor)), default=0), text(factor)

    parts: list[Term] = []
    for _, part in summands(walk.term):
        m = nest(part)
        binders = tuple(sorted(m.binders, key=lambda b: (place(b[0].name), b[0].name)))
        if any(free(end) & {v for v, _ in binders} for _, ends in binders for end in ends):
            binders = m.binders
        factors = tuple(sorted(map(quotients(m.factors), m.factors), key=rank))
        parts.append(rebuilt(Monomial(binders, factors)))
    target = ordered(together(parts), frozenset(entry), frozenset())
    if target != walk.term:
        walk.to(target, "ring" if equal(target, walk.term) else "rearrange")


def quotients(factors: tuple[Term, ...]) -> Callable[[Term], Term]:
    """Writes an index as floor(e / s) where a bracket [s | e] stands beside it.

    The normal form of floor((m - p) / 2) is floor((m + p) / 2) - p, which nobody writes.
    """
    wholes = [
        Floor(f.cond.term, f.cond.divisor)
        for f in factors
        if isinstance(f, Iverson) and isinstance(f.cond, Divides)
    ]

    def written(factor: Term) -> Term:
        if not isinstance(factor, App) or not wholes:
            return factor
        args = tuple(
            next((q for q in wholes if isinstance(a, Term) and equal(a, q)), a) for a in factor.args
        )
        return App(factor.fn, args)

    return written


def ordered(t: Any, entry: frozenset[Var], letters: frozenset[Var]) -> Any:
    """Sums of indices in the order in which one writes them, the entry's own letter first."""
    if isinstance(t, tuple):
        return tuple(ordered(part, entry, letters) for part in t)
    if not isinstance(t, Node) or isinstance(t, Fn | Op | Lam):
        return t
    if isinstance(t, Sum):
        return replace(t, body=ordered(t.body, entry, letters | {t.var}))
    if isinstance(t, Add) and not any(isinstance(n, App) for _, n in places(t, lambda n: True)):
        terms = sorted(t.terms, key=lambda part: _place(part, entry, letters))
        first = next((k for k, part in enumerate(terms) if not _negative(part)), 0)
        return Add((terms[first], *terms[:first], *terms[first + 1 :]))
    changes = {
        f.name: ordered(getattr(t, f.name), entry, letters)
        for f in fields(t)  # type: ignore[arg-type]
        if f.metadata.get("child", True)
    }
    return replace(t, **changes)  # type: ignore[type-var]


def _negative(t: Term) -> bool:
    first = t.factors[0] if isinstance(t, Mul) else t
    return isinstance(first, Num) and first.value < 0


def _place(part: Term, entry: frozenset[Var], letters: frozenset[Var]) -> int:
    if part in entry:
        return 0
    if free(part) & (letters | entry):
        return 1
    return 3 if isinstance(part, Num) else 2

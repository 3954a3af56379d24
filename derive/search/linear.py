"""Witnesses for side conditions: the multipliers that `kernel.entail` multiplies out.

May be slow or fail; cannot be unsound.  The multipliers of Farkas' lemma come from an exact
simplex method (phase one, Bland's rule) over the monomials of the facts; where a fact is not
linear, products of two facts join in.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement, islice

from derive.kernel.context import Context
from derive.kernel.entail import Fact, Witness, denials, known
from derive.polynomial import CONSTANT, Poly, equal
from derive.syntax import ONE, ZERO, Cond, Divides, Mul, Term

MOST_PRODUCTS = 60  # rows added for products of two facts
PIVOTS = 200
ZERO_Q = Fraction(0)


def witnesses(context: Context, goal: Cond) -> tuple[Witness | Term, ...] | None:
    """What `prove(context, goal, ...)` needs, or None if it was not found."""
    if isinstance(goal, Divides):
        return _quotient(goal)
    given = known(context)
    out: list[Witness] = []
    for case in denials(goal):
        found = contradiction(given + case)
        if found is None:
            return None
        out.append(found)
    return tuple(out)


def absurdity(context: Context) -> Witness | None:
    """A witness that the context contradicts itself, by one of its brackets and the rest."""
    given = known(context)
    for last in range(len(given)):
        rows = [(p, strict, (i,)) for i, (p, strict) in enumerate(given)]
        found = _pair([*rows[:last], *rows[last + 1 :], rows[last]])
        if found is not None:
            return found
    return _farkas([(p, strict, (i,)) for i, (p, strict) in enumerate(given)])


def _quotient(goal: Divides) -> tuple[Term] | None:
    """A q with term = divisor * q, from the factors as they are written."""
    if equal(goal.term, ZERO):
        return (ZERO,)
    factors = list(goal.term.factors) if isinstance(goal.term, Mul) else [goal.term]
    for i, factor in enumerate(factors):
        if equal(factor, goal.divisor):
            rest = factors[:i] + factors[i + 1 :]
            return (Mul(tuple(rest)) if rest else ONE,)
    return None


def contradiction(facts: list[Fact], products: bool = True) -> Witness | None:
    """Multipliers that combine the facts to something impossible."""
    rows = [(p, strict, (i,)) for i, (p, strict) in enumerate(facts)]
    rows = _connected(rows)
    found = _pair(rows) or _farkas(rows)
    if found is not None or not products:
        return found
    if any(sum(e for _, e in m) > 1 for p, _, _ in rows for m in p):
        pairs = combinations_with_replacement(rows, 2)
        for (p, s1, i), (q, s2, j) in islice(pairs, MOST_PRODUCTS):
            rows = [*rows, (p * q, s1 and s2, i + j)]
        found = _farkas(rows)
    return found


Row = tuple[Poly, bool, tuple[int, ...]]


def _connected(rows: list[Row]) -> list[Row]:
    """The facts that share unknowns, directly or through others, with the last (the goal)."""
    if not rows:
        return rows
    reached = {m for m in rows[-1][0] if m != CONSTANT}
    kept = [rows[-1]]
    waiting = rows[:-1]
    while True:
        near = [r for r in waiting if not reached.isdisjoint(r[0]) or r[0].constant() is not None]
        if not near:
            return sorted(kept, key=lambda r: r[2])
        kept += near
        waiting = [r for r in waiting if r not in near]
        reached |= {m for p, _, _ in near for m in p if m != CONSTANT}


def _pair(rows: list[Row]) -> Witness | None:
    """The goal against nothing, or against one fact."""
    *others, (goal, strict, index) = rows or [(Poly(), False, ())]
    value = goal.constant()
    if value is not None and (value < 0 or (value == 0 and strict)):
        return ((Fraction(1), index),)
    for p, also, other in others:
        value = (goal + p).constant()
        if value is not None and (value < 0 or (value == 0 and (strict or also))):
            return ((Fraction(1), other), (Fraction(1), index))
    return None


def _farkas(rows: list[Row]) -> Witness | None:
    """x >= 0 with sum x_k p_k = -1, or = 0 with a strict p_k in it."""
    shapes = sorted({m for p, _, _ in rows for m in p if m != CONSTANT})
    columns = [[*(p.get(m, ZERO_Q) for m in shapes), p.get(CONSTANT, ZERO_Q)] for p, _, _ in rows]
    target = [ZERO_Q] * len(shapes)
    x = feasible(columns, [*target, Fraction(-1)])
    if x is None and any(strict for _, strict, _ in rows):
        flags = [Fraction(1 if strict else 0) for _, strict, _ in rows]
        flagged = [[*c, f] for c, f in zip(columns, flags, strict=True)]
        x = feasible(flagged, [*target, ZERO_Q, Fraction(1)])
    if x is None:
        return None
    return tuple((c, rows[k][2]) for k, c in enumerate(x) if c)


def feasible(columns: list[list[Fraction]], target: list[Fraction]) -> list[Fraction] | None:
    """An x >= 0 with sum_k x_k columns[k] = target, or None: the first phase of simplex."""
    height, width = len(target), len(columns)
    table = []
    for r in range(height):
        sign = -1 if target[r] < 0 else 1
        table.append([sign * c[r] for c in columns] + [sign * target[r]])
    basis: list[int | None] = [None] * height  # None: an artificial variable
    cost = [sum(column, ZERO_Q) for column in zip(*table, strict=True)]
    for _ in range(PIVOTS):
        entering = next((k for k in range(width) if cost[k] > 0), None)
        if entering is None or not cost[-1]:
            break
        ratios = [
            (table[r][-1] / table[r][entering], width if basis[r] is None else basis[r], r)
            for r in range(height)
            if table[r][entering] > 0
        ]
        if not ratios:
            break
        leaving = min(ratios)[2]
        pivot = table[leaving][entering]
        row = table[leaving] = [v / pivot if v else v for v in table[leaving]]
        for other in [*(t for r, t in enumerate(table) if r != leaving), cost]:
            c = other[entering]
            if c:
                for k, v in enumerate(row):
                    if v:
                        other[k] -= c * v
        basis[leaving] = entering
    if cost[-1]:
        return None
    x = [ZERO_Q] * width
    for r, k in enumerate(basis):
        if k is not None:
            x[k] = table[r][-1]
    return x

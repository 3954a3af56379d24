"""Witnesses for side conditions: the multipliers that `kernel.entail` multiplies out.

May be slow or fail; cannot be unsound.  The multipliers of Farkas' lemma come from an exact
simplex method (phase one, Bland's rule) over the monomials of the facts; where a fact is not
linear, products of two facts join in.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, islice

from derive.kernel.context import Context
from derive.kernel.entail import Fact, Witness, denials, known
from derive.polynomial import CONSTANT, Poly, equal
from derive.syntax import ONE, ZERO, Cond, Divides, Mul, Term

MOST_PRODUCTS = 80  # rows added for products of two facts
PIVOTS = 200
ZERO_Q, ONE_Q = Fraction(0), Fraction(1)


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


def impossible(conds: tuple[Cond, ...]) -> bool:
    """Whether conditions are known to contradict each other, so that they imply anything."""
    context = Context(conds)
    facts = known(context)
    if absurdity(context) is not None:
        return True
    curved = [k for k, (p, _) in enumerate(facts) if _degree(p) > 1]
    return any(contradiction([*facts[:k], *facts[k + 1 :], facts[k]]) for k in curved)


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
    near = _connected(rows)
    found = _pair(near) or _farkas(near)
    if found is not None or not products:
        return found
    if any(_degree(p) > 1 for p, _, _ in rows):
        rows = _related(rows)
        found = _farkas([*rows, *islice(_products(rows), MOST_PRODUCTS)])
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


def _atoms(p: Poly) -> set[str]:
    return {a for m in p for a, _ in m}


def _degree(p: Poly) -> int:
    return max((sum(e for _, e in m) for m in p), default=0)


def _related(rows: list[Row]) -> list[Row]:
    """The facts that share atoms, directly or through others, with the last: s q and q do."""
    reached, kept, waiting = _atoms(rows[-1][0]), rows[-1:], rows[:-1]
    while near := [r for r in waiting if not reached.isdisjoint(_atoms(r[0]))]:
        kept += near
        waiting = [r for r in waiting if r not in near]
        reached = reached.union(*(_atoms(p) for p, _, _ in near))
    return sorted(kept, key=lambda r: r[2])


def _products(rows: list[Row]) -> Iterator[Row]:
    """Products with linear facts on what occurs in products; first those of the last fact."""
    inside = {a for p, _, _ in rows for m in p if _degree(Poly({m: ONE_Q})) > 1 for a, _ in m}
    linear = [r for r in rows if _degree(r[0]) == 1 and _atoms(r[0]) & inside]
    signs = [r for r in linear if len(_atoms(r[0])) == 1]
    goal = rows[-1]
    for r in linear:
        yield _times(goal, r)
    if any(_degree(p) > 2 for p, _, _ in rows):
        for r, t in combinations_with_replacement(signs, 2):
            yield _times(_times(goal, r), t)
    for r in sorted(rows[:-1], key=lambda r: -_degree(r[0])):
        for t in signs:
            if t[2] <= r[2] or r not in signs:
                yield _times(r, t)
    for r, t in combinations_with_replacement([r for r in linear if r not in signs], 2):
        yield _times(r, t)


def _times(r: Row, t: Row) -> Row:
    return r[0] * t[0], r[1] and t[1], r[2] + t[2]


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

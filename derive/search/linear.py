"""Witnesses for side conditions: the multipliers that `kernel.entail` multiplies out.

May be slow or fail; cannot be unsound.  The multipliers of Farkas' lemma come from an exact
simplex method (phase one, Bland's rule) over the monomials of the facts; where a fact is not
linear, products of two facts join in.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

from derive.kernel.context import Context
from derive.kernel.entail import Fact, Witness, denials, known
from derive.polynomial import CONSTANT, Poly, equal
from derive.syntax import ONE, ZERO, Cond, Divides, Mul, Term

MOST_PRODUCTS = 60  # rows added for products of two facts
PIVOTS = 200


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


def contradiction(facts: list[Fact]) -> Witness | None:
    """Multipliers that combine the facts to something impossible."""
    rows: list[tuple[Poly, bool, tuple[int, ...]]] = [
        (p, strict, (i,)) for i, (p, strict) in enumerate(facts)
    ]
    found = _farkas(rows)
    if found is None and any(sum(e for _, e in m) > 1 for p, _ in facts for m in p):
        for i, j in list(combinations_with_replacement(range(len(facts)), 2))[:MOST_PRODUCTS]:
            strict = facts[i][1] and facts[j][1]
            rows.append((facts[i][0] * facts[j][0], strict, (i, j)))
        found = _farkas(rows)
    return found


def _farkas(rows: list[tuple[Poly, bool, tuple[int, ...]]]) -> Witness | None:
    """x >= 0 with sum x_k p_k = -1, or = 0 with a strict p_k in it."""
    shapes = sorted({m for p, _, _ in rows for m in p if m != CONSTANT})
    target = [Fraction(0)] * len(shapes)
    columns = [[p.get(m, Fraction(0)) for m in shapes] for p, _, _ in rows]
    constants = [p.get(CONSTANT, Fraction(0)) for p, _, _ in rows]
    x = feasible(
        [[*c, k] for c, k in zip(columns, constants, strict=True)], [*target, Fraction(-1)]
    )
    if x is None and any(strict for _, strict, _ in rows):
        flags = [Fraction(1 if strict else 0) for _, strict, _ in rows]
        x = feasible(
            [[*c, k, f] for c, k, f in zip(columns, constants, flags, strict=True)],
            [*target, Fraction(0), Fraction(1)],
        )
    if x is None:
        return None
    return tuple((c, rows[k][2]) for k, c in enumerate(x) if c)


def feasible(columns: list[list[Fraction]], target: list[Fraction]) -> list[Fraction] | None:
    """An x >= 0 with sum_k x_k columns[k] = target, or None: the first phase of simplex."""
    height, width = len(target), len(columns)
    table = []
    for r in range(height):
        sign = -1 if target[r] < 0 else 1
        row = [sign * c[r] for c in columns]
        row += [Fraction(int(r == k)) for k in range(height)] + [sign * target[r]]
        table.append(row)
    basis = list(range(width, width + height))
    for _ in range(PIVOTS):
        cost = [
            sum((table[r][k] for r in range(height) if basis[r] >= width), Fraction(0))
            for k in range(width)
        ]
        entering = next((k for k in range(width) if cost[k] > 0 and k not in basis), None)
        if entering is None:
            break
        ratios = [
            (table[r][-1] / table[r][entering], basis[r], r)
            for r in range(height)
            if table[r][entering] > 0
        ]
        if not ratios:
            break
        _, _, leaving = min(ratios)
        pivot = table[leaving][entering]
        table[leaving] = [v / pivot for v in table[leaving]]
        for r in range(height):
            if r != leaving and table[r][entering]:
                c = table[r][entering]
                table[r] = [a - c * b for a, b in zip(table[r], table[leaving], strict=True)]
        basis[leaving] = entering
    if any(basis[r] >= width and table[r][-1] for r in range(height)):
        return None
    x = [Fraction(0)] * width
    for r in range(height):
        if basis[r] < width:
            x[basis[r]] = table[r][-1]
    return x

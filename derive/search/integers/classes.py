"""Floors of bound variables: sum_q F(floor(q / 2)) is taken by the residues of q, and in each class
the floor is a polynomial.  So is the end of a range such as 2 v <= q, where v is only counted.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from derive.binding import free
from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import poly
from derive.search.linear import witnesses
from derive.search.match import affine
from derive.search.ranges.counting import counted_by, scaled_bound
from derive.search.walk import Unproved, Walk, depth, nest, places, summands
from derive.syntax import ONE, Floor, Node, Num, Rel, Term, Var, Z

MOST_CLASSES = 12
MOST_SPLITS = 24  # each of them makes more sums


def classes(walk: Walk) -> bool:
    """Split each sum whose variables stand in floors with literal divisors; whether any does."""
    splits = 0
    while any(_split(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()
        walk.flatten()
        splits += 1
        if splits > MOST_SPLITS:
            raise Unproved("too many residue classes")
    return splits > 0


def _split(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    for k, (var, ends) in enumerate(m.binders):
        found = {_modulus(n, var) for f in m.factors for _, n in places(f, _is_floor)}
        found |= {_scale(m, other, var) for other, _ in m.binders if other != var}
        modulus = Fraction(lcm(1, *found))
        if ends or var.space != Z or not 1 < modulus <= MOST_CLASSES:
            continue
        order = (*m.binders[:k], *m.binders[k + 1 :], m.binders[k])
        target = rebuilt(Monomial(order, m.factors))
        if target != part:
            walk.do("rearrange", path, target=target)
        below = (*path, *depth(target, len(order) - 1))
        quotient, remainder = walk.fresh(var, Var("r", Z))
        _, context, _ = at(walk.term, below, Context(walk.equation.given))
        walk.do(
            "residue_split", below, modulus=Num(modulus), quotient=quotient, remainder=remainder,
            witnesses=witnesses(context, Rel("<=", ONE, Num(modulus))),
        )  # fmt: skip
        walk.do("expand_range", below)
        return True
    return False


def _is_floor(n: Node) -> bool:
    return isinstance(n, Floor)


def _modulus(n: Node, var: Var) -> int:
    """The literal divisor of a floor in which the variable stands, else 1."""
    den = poly(n.den).constant() if isinstance(n, Floor) and var in free(n.num) else None
    return int(den) if den is not None and den > 1 and den.denominator == 1 else 1


def _scale(m: Monomial, counted: Var, var: Var) -> int:
    """The s of a bracket s v <= e in which the variable stands, for a v that is only counted."""
    if not all(counted_by(f, counted) for f in m.factors if counted in free(f)):
        return 1
    scales = [1]
    for factor in m.factors:
        found = scaled_bound(factor, counted)
        s = poly(found[1]).constant() if found is not None else None
        line = affine(found[2], (var,), {}) if found is not None else None
        if s is not None and s.denominator == 1 and line is not None and line.row[0] % s:
            scales.append(int(s))
    return lcm(*scales)

"""Sums over Z^n read as counted cosets: grouped by their functions and the hull of their arguments.

The arguments of sum_v F(L_1 v + c_1) G(L_2 v + c_2) are the points of one coset.  Only sums of the
same functions whose arguments have one rational hull can cancel, in the coordinates of that hull.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

from derive.binding import free
from derive.polynomial import Poly, key
from derive.search.lattices.affine import (
    Matrix,
    Vector,
    coordinates,
    inverse,
    saturated,
    times,
    transposed,
)
from derive.search.lattices.canonical import Nest, Order
from derive.search.lattices.cosets import Coset, Symmetry, Tally
from derive.search.walk import Unproved, Walk, nest, summands
from derive.syntax import App, Num, Term


@dataclass(frozen=True, slots=True)
class Member:
    """A sum, as a coset in its hull."""

    walk: Walk
    part: Term
    coset: Coset
    count: Fraction  # below 0 on the right


@dataclass(slots=True)
class Group:
    """The sums of both sides with the same functions, other factors and rational hull.

    `countable`: nothing but the functions varies with the bound variables.  Where brackets do,
    their sums are together, whatever the brackets: a range may be split along residues.
    """

    members: list[Member]
    tally: Tally
    countable: bool
    atoms: dict[str, Term]  # what the offsets are written in

    def left_over(self) -> list[Member]:
        """The members that do not cancel as they are."""
        if not self.countable:
            return self.members
        return [m for m in self.members if self.tally.key(m.coset) in self.tally.counts]

    def lattices(self) -> list[Matrix]:
        return [s(m.coset).lattice for m in self.left_over() for s in self.tally.symmetries]


def groups(walks: tuple[Walk, ...]) -> list[Group]:
    """The sums of both sides in groups; what is counted on the left is taken away on the right."""
    found: dict[object, Group] = {}
    origins: dict[object, Vector] = {}
    for sign, walk in zip((1, -1), walks, strict=False):
        for _, part in summands(walk.term):
            m = nest(part)
            if not m.binders or m.binders[0][0].space.kind != "Z" or any(e for _, e in m.binders):
                continue
            try:
                arguments = Nest(m)
                hull, orders = arguments.hull()
            except Unproved:
                continue
            if not hull.hermite[0]:
                continue
            others = [f for f in m.factors if not isinstance(f, App | Num)]
            bound = {v for v, _ in m.binders}
            fixed = not any(free(f) & bound for f in others)
            beside = tuple(sorted(map(key, others))) if fixed else None
            name = (arguments.names, hull.key, beside)
            basis = saturated(hull.hermite)
            origin = origins.setdefault(name, orders[0].offset)
            cosets = [_coset(basis, origin, o) for o in orders]
            if name not in found:
                tally = Tally([_symmetry(cosets[0], c) for c in cosets])
                found[name] = Group([], tally, fixed, {})
            group = found[name]
            group.atoms |= arguments.atoms
            count = prod((f.value for f in m.factors if isinstance(f, Num)), start=Fraction(sign))
            group.members.append(Member(walk, part, cosets[0], count))
            group.tally.add(cosets[0], count)
    return list(found.values())


def _coset(basis: Matrix, origin: Vector, order: Order) -> Coset:
    """The coset of the arguments in the coordinates of the hull through the origin."""
    gap = [c - o for c, o in zip(order.offset, origin, strict=True)]
    monomials = sorted({m for p in gap for m in p})
    columns = [[p.get(m, Fraction(0)) for p in gap] for m in monomials]
    found = coordinates(basis, [*transposed(order.rows), *columns])
    if found is None:
        raise Unproved("the arguments do not lie in the hull")
    width = len(order.rows[0])
    offset = [Poly({m: c for m, c in zip(monomials, row[width:], strict=True) if c})
              for row in found]  # fmt: skip
    return Coset([row[:width] for row in found], offset)


def _symmetry(first: Coset, other: Coset) -> Symmetry:
    """What exchanging equal functions does to the hull: it takes one order to the other."""
    matrix = times(other.lattice, inverse(first.lattice) or [])
    moved = Symmetry(matrix, [Poly() for _ in matrix])(first).offset
    return Symmetry(matrix, [z - y for z, y in zip(other.offset, moved, strict=True)])

"""Sums exchanged: the same summand over the same points, its ranges written the other way round.

sum_{i=0}^{n} sum_{j=0}^{i} F(i, j) = sum_{j=0}^{n} sum_{i=j}^{n} F(i, j) for any F, so also where
the arguments of F = x_{i+j} do not tell i and j.  The letters are kept, and the brackets of the
ranges compared cell by cell.
"""

from __future__ import annotations

from derive.kernel import Context, Equation, at
from derive.polynomial import Scope, poly, to_term
from derive.search.integers.floors import equate
from derive.search.lattices.affine import rank
from derive.search.lattices.frames import Piece
from derive.search.linear import witnesses
from derive.search.ranges.brackets import brackets, weak
from derive.search.ranges.collapse import flatten
from derive.search.ranges.extremes import extremes
from derive.search.ranges.piecewise import piecewise
from derive.search.unfold import derive, unfold
from derive.search.walk import Unproved, Walk, places, summands
from derive.syntax import ONE, Floor, Iverson, Node, Not, Rel, Sum, Term, Z


def exchange(left: Walk, right: Walk) -> Equation:
    """Both sides as sums over all points of one letter each; left minus right is 0 at each."""
    for walk in (left, right):
        unfold(walk)
        if len(list(places(walk.term, _over_integers))) < 2:
            raise Unproved("no sums to exchange")
        derive(walk)
        flatten(walk)
        brackets(walk)
        walk.flatten()
        extremes(walk)
        walk.to(weak(walk.term))
        without_floors(walk)
    if not any(_loose(part) for walk in (left, right) for _, part in summands(walk.term)):
        raise Unproved("the arguments tell the variables")
    return piecewise(left, right, letters=True)


def _over_integers(n: Node) -> bool:
    return isinstance(n, Sum) and n.var.space == Z


def _loose(part: Term) -> bool:
    piece = Piece(part, {})
    return piece.ready and rank([p.row for p in piece.places]) < len(piece.variables)


def without_floors(walk: Walk) -> None:
    """[q <= floor(a / s)] = [s q <= a], and [floor(a / s) <= q] = [a <= s q + s - 1]."""
    while any(_cleared(walk, p, n) for p, n in list(places(walk.term, _ordered))):
        walk.tidy()
    walk.flatten()


def _ordered(n: Node) -> bool:
    return isinstance(n, Iverson) and isinstance(n.cond, Rel) and n.cond.op == "<="


def _cleared(walk: Walk, path: tuple[int, ...], bracket: Node) -> bool:
    cond, atoms = bracket.cond, {}  # type: ignore[attr-defined] # type: tuple[Rel, dict[str, Term]]
    gap = poly(cond.rhs - cond.lhs, Scope(atoms=atoms))
    for name, floor in atoms.items():
        c = gap.get(((name, 1),))
        if not isinstance(floor, Floor) or c is None or abs(c) != 1:
            continue
        q = to_term(poly(floor) - gap.scaled(1 / c), {**atoms})
        _, context, put = at(walk.term, path, Context(walk.equation.given))
        positive = witnesses(context, Rel("<=", ONE, floor.den))
        if positive is None or any(isinstance(n, Floor) for _, n in places(q, lambda n: True)):
            continue
        if c > 0:
            walk.to(put(Iverson(Rel("<=", q, floor))))  # type: ignore[arg-type]
            walk.do("floor_bound", path, witnesses=positive)
            return True
        if not equate(walk, path, Not(Rel("<=", q + ONE, floor))):
            continue
        walk.to(put(ONE - Iverson(Rel("<=", q + ONE, floor))))  # type: ignore[arg-type]
        walk.do("floor_bound", (*path, 1, 1), witnesses=positive)
        above = Rel("<=", floor.den * (q + ONE), floor.num)
        walk.to(put(Iverson(Not(above))))  # type: ignore[arg-type]
        equate(walk, path, Rel("<=", floor.num, floor.den * q + floor.den - ONE))
        return True
    return False

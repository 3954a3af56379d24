"""Integers that pass through floors: floor((a + s q) / s) = floor(a / s) + q for a symbolic s.

And floors whose value is known: floor(a / s) = q where s q <= a < s q + s.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.kernel import Context, at
from derive.polynomial import Poly, Scope, poly, to_term
from derive.search.linear import witnesses
from derive.search.walk import Walk, places
from derive.syntax import ONE, ZERO, Floor, Node, Num, Rel, Term


def shifts(walk: Walk) -> None:
    """Take the multiples of a symbolic divisor out of each floor, and put known values in."""
    while found := next(((p, q) for p, n in places(walk.term, _symbolic) if (q := _out(n))), None):
        path, q = found
        node, context, _ = at(walk.term, path, Context(walk.equation.given))
        proof = witnesses(context, Rel("<=", ONE, node.den))  # type: ignore[attr-defined]
        if proof is None:
            return
        walk.do("floor_shift", path, by=q, witnesses=proof)
        walk.tidy()
    while any(_valued(walk, path) for path, _ in list(places(walk.term, _is_floor))):
        walk.tidy()


def _is_floor(n: Node) -> bool:
    return isinstance(n, Floor)


def _symbolic(n: Node) -> bool:
    return isinstance(n, Floor) and poly(n.den).constant() is None


def _valued(walk: Walk, path: tuple[int, ...]) -> bool:
    node, context, _ = at(walk.term, path, Context(walk.equation.given))
    assert isinstance(node, Floor)  # noqa: S101 - the caller has looked
    for q in _values(node, context):
        bounds = (
            Rel("<=", ONE, node.den),
            Rel("<=", node.den * q, node.num),
            Rel("<=", node.num, node.den * q + node.den - ONE),
        )
        proofs = [witnesses(context, bound) for bound in bounds]
        if all(proofs):
            walk.do("floor_value", path, value=q, witnesses=tuple(p[0] for p in proofs if p))
            return True
    return False


def _values(floor: Floor, context: Context) -> Iterator[Term]:
    """What a floor may be: 0, -1, or the multiple of the divisor in what its numerator equals."""
    yield from (ZERO, Num(Fraction(-1)))
    for cond in context.flat():
        if isinstance(cond, Rel) and cond.op == "=":
            for gap in (cond.lhs - cond.rhs, cond.rhs - cond.lhs):
                if q := _out(Floor(floor.num + gap, floor.den)):
                    yield q


def _out(n: Node) -> Term | None:
    """The q of floor((a + s q) / s), None if no term is a multiple of s."""
    if not isinstance(n, Floor):
        return None
    atoms: dict[str, Term] = {}
    den, num = poly(n.den, Scope(atoms=atoms)), poly(n.num, Scope(atoms=atoms))
    if len(den) != 1:
        return None
    ((shape, c),) = den.items()
    quotient = Poly()
    for mono, k in num.items():
        powers = dict(mono)
        if all(powers.get(a, 0) >= e for a, e in shape) and (k / c).denominator == 1:
            for a, e in shape:
                powers[a] -= e
            quotient[tuple(sorted((a, e) for a, e in powers.items() if e))] = k / c
    return to_term(quotient, atoms) if quotient else None

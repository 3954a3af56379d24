"""Floors: integers that pass through them, and the residues of what stands in them.

floor((a + s q) / s) = floor(a / s) + q for a symbolic s; for a literal s the residues of the free
integers modulo s are told apart, and in each case the floor is a polynomial.
"""

from __future__ import annotations

from math import lcm

from derive.binding import free
from derive.kernel import Context, Equation, at, chain
from derive.polynomial import Poly, Scope, equal, poly, to_term
from derive.search.linear import witnesses
from derive.search.walk import Unproved, Walk, places
from derive.syntax import ONE, Floor, Node, Rel, Term, Var, Z

MOST_CASES = 60


def shifts(walk: Walk) -> None:
    """Take the multiples of a symbolic divisor out of each floor."""
    while found := next(((p, q) for p, n in places(walk.term, _symbolic) if (q := _out(n))), None):
        path, q = found
        node, context, _ = at(walk.term, path, Context(walk.equation.given))
        proof = witnesses(context, Rel("<=", ONE, node.den))  # type: ignore[attr-defined]
        if proof is None:
            return
        walk.do("floor_shift", path, by=q, witnesses=proof)
        walk.tidy()


def _symbolic(n: Node) -> bool:
    return isinstance(n, Floor) and poly(n.den).constant() is None


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


def by_cases(left: Walk, right: Walk) -> Equation:
    """Both sides agree for each residue of the integers below floors with literal divisors."""
    found: dict[Var, int] = {}
    for walk in (left, right):
        for _, n in places(walk.term, lambda n: isinstance(n, Floor)):
            b = poly(n.den).constant() if isinstance(n, Floor) else None
            for v in free(n) if b is not None and b > 1 and b.denominator == 1 else ():
                if isinstance(v, Var) and v.space == Z and v in free(left.term) | free(right.term):
                    found[v] = lcm(found.get(v, 1), int(b or 1))
    total = 1
    for modulus in found.values():
        total *= modulus
    if not found or total > MOST_CASES:
        raise Unproved("no floor with a literal divisor")
    for walk in (left, right):
        for number, modulus in sorted(found.items(), key=lambda pair: pair[0].name):
            walk.do("residue_case", of=number, modulus=modulus)
            for r, case in enumerate(walk.term.children()):
                for place, _ in list(places(case, lambda n, v=number: n == v)):
                    if place[:1] != (0,):  # not the bracket itself
                        walk.do("residue_value", (r, *place), modulus=modulus, remainder=r)
            walk.tidy()
        walk.flatten()
    if not equal(left.term, right.term):
        left.to(right.term, "rearrange")
    else:
        left.to(right.term)
    return chain(left.equation, right.equation)

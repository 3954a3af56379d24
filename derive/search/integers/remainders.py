"""Floors and divisibility by literals: the residues of the free integers in them are told apart,
and in each case the floor is a polynomial and the bracket a number.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from derive.binding import free
from derive.kernel import Equation, chain
from derive.polynomial import equal, poly
from derive.search.match import affine
from derive.search.normal import normalise
from derive.search.ranges.piecewise import piecewise
from derive.search.walk import Unproved, Walk, places
from derive.syntax import Divides, Floor, Node, Term, Var, Z

MOST_CASES = 60


def by_cases(left: Walk, right: Walk) -> Equation:
    """Both sides agree for each residue of the integers that are divided by literals."""
    normalise(left, right)
    found: dict[Var, int] = {}
    for walk in (left, right):
        for _, n in places(walk.term, lambda n: isinstance(n, Floor | Divides)):
            num, b = _divided(n)
            for v in free(num) if b > 1 else ():
                if isinstance(v, Var) and v.space == Z and v in free(left.term) | free(right.term):
                    found[v] = lcm(found.get(v, 1), _modulus(num, v, b))
    total = 1
    for modulus in found.values():
        total *= modulus
    if not found or total > MOST_CASES:
        raise Unproved("nothing is divided by a literal")
    for walk in (left, right):
        for number, modulus in sorted(found.items(), key=lambda pair: pair[0].name):
            walk.do("residue_case", of=number, modulus=modulus)
            for r, case in enumerate(walk.term.children()):
                for place, _ in list(places(case, lambda n, v=number: n == v)):
                    if place[:1] != (0,):  # not the bracket itself
                        walk.do("residue_value", (r, *place), modulus=modulus, remainder=r)
            walk.tidy()
        walk.flatten()
    if equal(left.term, right.term):
        left.to(right.term)
        return chain(left.equation, right.equation)
    return piecewise(left, right)


def _divided(n: Node) -> tuple[Term, int]:
    """What a floor or bracket divides, and by which literal; 1 for others."""
    num, den = (n.num, n.den) if isinstance(n, Floor) else (n.term, n.divisor)  # type: ignore[attr-defined]
    b = poly(den).constant()
    return num, int(b) if b is not None and b.denominator == 1 else 1


def _modulus(num: Term, v: Var, b: int) -> int:
    """The residues of v that tell floor((c v + e) / b) apart: modulo b, or less where c helps."""
    line = affine(num, (v,), {})
    c = line.row[0] if line is not None else Fraction(1)
    return b // gcd(b, int(c)) if c.denominator == 1 else b

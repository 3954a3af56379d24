"""Exact numbers: sums of c sqrt(r) pi^(k/2) exp(q), and the same with polynomials for c and q.

May: add, multiply, and tell signs with proof.  Must not: round.  Below an integral or a derivative
a variable is a *generator*, and c and q are polynomials in the generators: this one class then
holds the integrand.  A rational result is always a plain int or Fraction.

By Lindemann-Weierstrass the exp(q) for distinct rational q are linearly independent over the
algebraic numbers, and so are the sqrt(r) for distinct squarefree r over the rationals: without pi
two numbers are equal exactly when they are written alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any, TypeAlias

from derive.meaning import enclose
from derive.meaning.outcome import CannotEvaluate

Monomial = tuple[tuple[int, int], ...]  # ((generator, power), ...), sorted
Poly = dict[Monomial, Any]  # coefficients: int or Fraction
Frozen = tuple[tuple[Monomial, Any], ...]  # a polynomial, sorted: what stands in an exponent
Unit = tuple[int, int, Frozen]  # sqrt(r) * pi^(k/2) * exp(polynomial)
Number: TypeAlias = "int | Fraction | Exact"
PLAIN: Unit = (1, 0, ())
LEVELS = (64, 256, 1024)  # bits tried when a sign is certified


class Exact:
    """`parts` maps each unit to its non-zero polynomial coefficient."""

    __slots__ = ("parts",)

    def __init__(self, parts: dict[Unit, Poly]) -> None:
        self.parts = parts

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Exact):
            return make([*self.parts.items(), *other.parts.items()])
        if isinstance(other, (int, Fraction)):
            return make([*self.parts.items(), (PLAIN, {(): other})])
        return NotImplemented

    __radd__ = __add__

    def __neg__(self) -> Exact:
        return Exact({u: {m: -c for m, c in p.items()} for u, p in self.parts.items()})

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return other + (-self)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (int, Fraction)):
            if other == 0:
                return 0
            return Exact({u: {m: c * other for m, c in p.items()} for u, p in self.parts.items()})
        if isinstance(other, Exact):
            return make(
                [
                    _times(u, p, v, q)
                    for u, p in self.parts.items()
                    for v, q in other.parts.items()
                ]
            )
        return NotImplemented

    __rmul__ = __mul__

    def __pow__(self, n: int) -> Any:
        out: Number = 1
        for _ in range(n):
            out = out * self
        return out

    def __eq__(self, other: object) -> bool:
        """Whether both are written alike (enough for equality, see `sign` for the converse)."""
        return isinstance(other, Exact) and self.parts == other.parts

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        from derive.meaning.render import plain

        return plain(self)


def _times(u: Unit, p: Poly, v: Unit, q: Poly) -> tuple[Unit, Poly]:
    scale, unit = 1, PLAIN
    if u == PLAIN:
        unit = v
    elif v == PLAIN:
        unit = u
    else:
        scale = gcd(u[0], v[0])  # sqrt(a) sqrt(b) = g sqrt(a/g) sqrt(b/g)
        exponent = freeze(add_poly(dict(u[2]), v[2])) if u[2] and v[2] else u[2] or v[2]
        unit = (u[0] * v[0] // scale**2, u[1] + v[1], exponent)
    out: Poly = {}
    for m, c in p.items():
        for n, d in q.items():
            key = join(m, n)
            out[key] = out.get(key, 0) + scale * c * d
    return unit, out


def join(m: Monomial, n: Monomial) -> Monomial:
    """The product of two monomials."""
    if not m or not n:
        return m or n
    powers = dict(m)
    for g, e in n:
        powers[g] = powers.get(g, 0) + e
    return tuple(sorted(powers.items()))


def add_poly(into: Poly, more: Any) -> Poly:
    """Add the terms of `more` to the polynomial `into`, which is returned."""
    for m, c in more:
        into[m] = into.get(m, 0) + c
    return into


def freeze(p: Mapping[Monomial, Any]) -> Frozen:
    return tuple(sorted((m, c) for m, c in p.items() if c))


def make(items: list[tuple[Unit, Poly]]) -> Number:
    """The sum of units times polynomials; a plain number when it is rational."""
    parts: dict[Unit, Poly] = {}
    for unit, poly in items:
        if unit in parts:
            add_poly(parts[unit], poly.items())
        else:
            parts[unit] = dict(poly)
    clean: dict[Unit, Poly] = {}
    for unit, poly in parts.items():
        kept = {m: c for m, c in poly.items() if c}
        if kept:
            clean[unit] = kept
    if not clean:
        return 0
    if len(clean) == 1 and PLAIN in clean and clean[PLAIN].keys() == {()}:
        value: Number = tidy(clean[PLAIN][()])
        return value
    return Exact(clean)


def tidy(value: Any) -> Any:
    """An int where a Fraction is one.

    >>> tidy(Fraction(4, 2)), tidy(Fraction(1, 2))
    (2, Fraction(1, 2))
    """
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def generator(g: int) -> Exact:
    """The variable number g."""
    return Exact({PLAIN: {((g, 1),): 1}})


def exp(exponent: Number) -> Number:
    """e to a rational number, or to a polynomial.

    >>> exp(0), exp(Fraction(1, 2)) * exp(Fraction(1, 2)) == exp(1)
    (1, True)
    """
    return make([((1, 0, freeze(as_poly(exponent))), {(): 1})])


@lru_cache(maxsize=1024)
def _squarefree(n: int) -> tuple[int, int]:
    """n = s^2 r with r squarefree."""
    s, p = 1, 2
    while p * p <= n:
        while n % (p * p) == 0:
            n, s = n // (p * p), s * p
        p += 1
    return s, n


def sqrt(value: int | Fraction, half_powers_of_pi: int = 0) -> Number:
    """sqrt(value) pi^(k/2) for a rational value > 0.

    >>> sqrt(Fraction(9, 4)), sqrt(8) == 2 * sqrt(2)
    (Fraction(3, 2), True)
    """
    value = Fraction(value)
    s, r = _squarefree(value.numerator * value.denominator)
    return make([((r, half_powers_of_pi, ()), {(): Fraction(s, value.denominator)})])


def as_poly(value: Number) -> Poly:
    """The value as a polynomial with rational coefficients."""
    if not isinstance(value, Exact):
        return {(): value}
    if value.parts.keys() != {PLAIN}:
        raise CannotEvaluate("an exponential of an exponential, or of an irrational number")
    return value.parts[PLAIN]


def generators(value: Number) -> set[int]:
    """The generators that occur in a value."""
    if not isinstance(value, Exact):
        return set()
    return {
        g
        for (_, _, exponent), poly in value.parts.items()
        for m in (*poly, *(m for m, _ in exponent))
        for g, _ in m
    }


def divide(a: Number, b: Number) -> Number:
    """a / b, and 0 where b is 0.

    >>> divide(1, 2), divide(1, 0), divide(exp(1), exp(1))
    (Fraction(1, 2), 0, 1)
    """
    if not isinstance(b, Exact):
        return 0 if b == 0 else tidy(a * Fraction(1, b) if isinstance(b, int) else a * (1 / b))
    if a == b:
        return 1
    (unit, poly), *rest = b.parts.items()
    if rest or poly.keys() != {()}:
        raise CannotEvaluate("division by a sum of different irrational numbers, or by a variable")
    r, k, exponent = unit
    inverse = (r, -k, tuple((m, -c) for m, c in exponent))
    out: Number = a * make([(inverse, {(): 1 / Fraction(poly[()] * r)})])
    return out


def sign(value: Number) -> int | None:
    """-1, 0 or 1, certified; None if that is out of reach (or the value has generators).

    >>> sign(exp(1) - Fraction(271828, 100000)), sign(sqrt(2) * sqrt(3) - sqrt(6))
    (1, 0)
    """
    if not isinstance(value, Exact):
        return (value > 0) - (value < 0)
    if generators(value):
        return None
    for bits in LEVELS:
        lo = hi = Fraction(0)
        for (r, k, exponent), poly in value.parts.items():
            c = Fraction(poly[()])
            e = exponent[0][1] if exponent else 0
            unit = enclose.times(
                enclose.root(r, k, bits), enclose.exp(Fraction(e), bits), bits
            )
            ends = sorted((c * unit[0], c * unit[1]))
            lo, hi = lo + ends[0], hi + ends[1]
        if lo > 0 or hi < 0:
            return 1 if lo > 0 else -1
    return None

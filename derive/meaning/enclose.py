"""Rational intervals that surely contain sqrt(r pi^k) and exp(q).

May: enclose, rounding outwards.  Must not: round to nearest anywhere.  `exact` calls it for signs.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import isqrt

Interval = tuple[Fraction, Fraction]


def outwards(lo: Fraction, hi: Fraction, bits: int) -> Interval:
    """A slightly larger interval of positive numbers with about `bits` significant bits.

    >>> outwards(Fraction(1, 3), Fraction(1, 3), 2)
    (Fraction(5, 16), Fraction(3, 8))
    """
    shift = bits + 1 - (lo.numerator.bit_length() - lo.denominator.bit_length())
    scale = Fraction(2) ** shift
    return (lo * scale).__floor__() / scale, (hi * scale).__ceil__() / scale


def times(a: Interval, b: Interval, bits: int) -> Interval:
    """The product of two positive intervals."""
    return outwards(a[0] * b[0], a[1] * b[1], bits)


def power(a: Interval, n: int, bits: int) -> Interval:
    """a^n for a positive interval and any integer n."""
    if n < 0:
        lo, hi = power(a, -n, bits)
        return outwards(1 / hi, 1 / lo, bits)
    out = (Fraction(1), Fraction(1))
    for bit in bin(n)[2:]:
        out = times(out, out, bits)
        if bit == "1":
            out = times(out, a, bits)
    return out


@lru_cache(maxsize=64)
def pi(bits: int) -> Interval:
    """Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239), the series cut after an even term.

    >>> [float(round(end, 5)) for end in pi(40)]
    [3.14159, 3.14159]
    """

    def arctan(m: int) -> Interval:
        total, k = Fraction(0), 0
        while True:
            step = Fraction(1, (2 * k + 1) * m ** (2 * k + 1))
            if step < Fraction(1, 2 ** (bits + 8)):  # alternating: the next term bounds the rest
                return total - step, total + step
            total += -step if k % 2 else step
            k += 1

    a, b = arctan(5), arctan(239)
    return outwards(16 * a[0] - 4 * b[1], 16 * a[1] - 4 * b[0], bits)


@lru_cache(maxsize=4096)
def exp(q: Fraction, bits: int) -> Interval:
    """Halve q until it is small, sum the series with its remainder, square again.

    >>> lo, hi = exp(Fraction(1), 50); lo < Fraction(2718281828459045236, 10**18) < hi
    True
    """
    q = Fraction(q)
    halvings = 0
    while abs(q) > Fraction(1, 2):
        q, halvings = q / 2, halvings + 1
    work = bits + 2 * halvings + 8
    grid = Fraction(2) ** -work
    lo = hi = term_lo = term_hi = Fraction(1)
    n = 1
    while max(abs(term_lo), abs(term_hi)) > grid:
        ends = sorted((term_lo * q / n, term_hi * q / n))
        term_lo, term_hi = (ends[0] // grid) * grid, -((-ends[1]) // grid) * grid
        lo, hi, n = lo + term_lo, hi + term_hi, n + 1
        if n > work + 10:
            break
    rest = 4 * grid  # |q| <= 1/2: the rest of the series is at most the last term
    value = (lo - rest, hi + rest)
    for _ in range(halvings):
        value = times(value, value, work)
    return outwards(*value, bits)


@lru_cache(maxsize=4096)
def root(r: int, k: int, bits: int) -> Interval:
    """sqrt(r pi^k) for a positive integer r.

    >>> lo, hi = root(2, 0, 30); lo**2 < 2 < hi**2
    True
    """
    lo, hi = power(pi(bits + 8), k, bits + 8)
    scale = 2 ** (2 * bits + 2 * abs(k) + 8)
    down = isqrt((r * lo * scale).__floor__())
    up = isqrt((r * hi * scale).__ceil__()) + 1
    side = isqrt(scale)
    return Fraction(down, side), Fraction(up, side)

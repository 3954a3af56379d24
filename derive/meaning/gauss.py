"""Calculus on polynomials times Gaussians: substitution, derivatives, integrals.

May: compose, differentiate and integrate an `Exact` in one generator.  Must not: approximate.
`evaluate` calls it for whatever lives on R^d.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from derive.meaning.exact import (
    PLAIN,
    Exact,
    Monomial,
    Number,
    Poly,
    as_poly,
    exp,
    generator,
    make,
    sqrt,
)
from derive.meaning.outcome import CannotEvaluate


def compose(value: Number, at: Mapping[int, Number]) -> Number:
    """The value with numbers or polynomials in place of generators, all at once.

    >>> x = generator(0)
    >>> compose(x * x + exp(x), {0: 1}) == 1 + exp(1)
    True
    """
    if not isinstance(value, Exact):
        return value
    powers: dict[tuple[int, int], Number] = {}

    def put(poly: Any) -> Number:
        total: Number = 0
        for monomial, c in poly:
            term: Number = c
            rest = []
            for g, e in monomial:
                if g not in at:
                    rest.append((g, e))
                    continue
                if (g, e) not in powers:
                    powers[g, e] = at[g] ** e
                term = term * powers[g, e]
            if rest:
                term = term * Exact({PLAIN: {tuple(rest): 1}})
            total = total + term
        return total

    out: Number = 0
    for (r, k, exponent), poly in value.parts.items():
        factor = put(poly.items())
        if exponent:
            factor = factor * exp(put(exponent))
        if (r, k) != (1, 0):
            factor = factor * Exact({(r, k, ()): {(): 1}})
        out = out + factor
    return out


def _diff_poly(poly: Any, g: int) -> Poly:
    out: Poly = {}
    for monomial, c in poly:
        powers = dict(monomial)
        n = powers.get(g, 0)
        if n:
            powers[g] = n - 1
            key = tuple(sorted((h, e) for h, e in powers.items() if e))
            out[key] = out.get(key, 0) + c * n
    return out


def diff(value: Number, g: int) -> Number:
    """The formal derivative by generator g.

    >>> x = generator(0)
    >>> diff(exp(-x * x), 0) == -2 * x * exp(-x * x)
    True
    """
    if not isinstance(value, Exact):
        return 0
    out = make([(u, _diff_poly(p.items(), g)) for u, p in value.parts.items()])
    for unit, poly in value.parts.items():
        inner = _diff_poly(unit[2], g)
        if inner:
            out = out + Exact({unit: poly}) * make([(PLAIN, inner)])
    return out


def coefficients(poly: Any, g: int) -> dict[int, Poly]:
    """A polynomial by powers of generator g."""
    out: dict[int, Poly] = {}
    for monomial, c in poly:
        power, rest = 0, []
        for h, e in monomial:
            if h == g:
                power = e
            else:
                rest.append((h, e))
        out.setdefault(power, {})[tuple(rest)] = c
    return out


def _quadratic(exponent: Any, g: int) -> tuple[Any, Number, Number]:
    """(A, B, C) with exponent = A g^2 + B g + C and a rational A."""
    parts = coefficients(exponent, g)
    top = parts.get(2, {})
    if any(n > 2 for n in parts) or any(m != () for m in top):
        raise CannotEvaluate("an exponential of more than a quadratic")
    b, c = (make([(PLAIN, parts.get(n, {}))]) for n in (1, 0))
    return Fraction(top.get((), 0)), b, c


def integrate(value: Number, g: int) -> Number:
    """The integral over all of R by generator g, completing the square.

    >>> x, y = generator(0), generator(1)
    >>> integrate(exp(-x * x), 0) == sqrt(1, 1)
    True
    >>> half = Fraction(1, 2)
    >>> integrate(exp(-x * x - (y - x) * (y - x)), 0) == sqrt(half, 1) * exp(-half * y * y)
    True
    """
    if not isinstance(value, Exact):
        if value == 0:
            return 0
        raise CannotEvaluate("this data does not decay, its integral over R does not exist")
    out: Number = 0
    for (r, k, exponent), poly in value.parts.items():
        a, b, c = _quadratic(exponent, g)
        if a >= 0:
            raise CannotEvaluate("this data does not decay, its integral over R does not exist")
        # a g^2 + b g + c = a t^2 + (c - b^2 / 4a)  with  g = t + centre
        centre = b * (-1 / (2 * a))
        rest = exp(c + b * b * (-1 / (4 * a)))
        shifted = compose(Exact({PLAIN: poly}), {g: generator(g) + centre})
        moments: Number = 0
        for n, coefficient in coefficients(as_poly(shifted).items(), g).items():
            if n % 2 == 0:
                moments = moments + make([(PLAIN, coefficient)]) * _moment(n, -a)
        out = out + moments * rest * sqrt(-1 / a, 1) * Exact({(r, k, ()): {(): 1}})
    return out


def _moment(n: int, alpha: Fraction) -> Fraction:
    """The n-th moment of e^(-alpha t^2), divided by sqrt(pi / alpha), for even n."""
    out = Fraction(1)
    for odd in range(1, n, 2):
        out *= odd / (2 * alpha)
    return out


def antiderivative(value: Number, g: int) -> Number:
    """Some F with F' = value: polynomials, and p' e^q + p q' e^q, but not e^(-x^2) alone.

    >>> x = generator(0)
    >>> antiderivative(x * exp(-x * x), 0) == Fraction(-1, 2) * exp(-x * x)
    True
    """
    if not isinstance(value, Exact):
        line: Number = value * generator(g)
        return line
    out: Number = 0
    for unit, poly in value.parts.items():
        slope = coefficients(_diff_poly(unit[2], g).items(), g)
        if not slope:
            raised: Poly = {}
            for monomial, c in poly.items():
                n = dict(monomial).get(g, 0)
                key: Monomial = tuple(sorted({**dict(monomial), g: n + 1}.items()))
                raised[key] = raised.get(key, 0) + Fraction(c) / (n + 1)
            out = out + make([(unit, raised)])
            continue
        top = max(slope)
        if slope[top].keys() != {()}:
            raise CannotEvaluate("no antiderivative was found")
        lead = Fraction(slope[top][()])
        whole = make([(PLAIN, _diff_poly(unit[2], g))])
        left: Number = make([(PLAIN, poly)])
        found: Number = 0
        while left != 0:  # choose p of lower and lower degree until p' + p q' = poly
            by_power = coefficients(as_poly(left).items(), g)
            n = max(by_power)
            if n < top:
                raise CannotEvaluate("a Gaussian has no antiderivative of this kind")
            p = make([(PLAIN, by_power[n])]) * (1 / lead)
            p = p * generator(g) ** (n - top) if n > top else p
            found = found + p
            left = left - (diff(p, g) + p * whole)
        out = out + found * Exact({unit: {(): 1}})
    return out


def at_infinity(value: Number, g: int) -> Number:
    """The limit as generator g grows either way: 0, or `CannotEvaluate`.

    >>> at_infinity(generator(0) * exp(-generator(0) ** 2), 0)
    0
    """
    parts = value.parts.items() if isinstance(value, Exact) else ()
    if value != 0 and (not parts or any(_quadratic(u[2], g)[0] >= 0 for u, _ in parts)):
        raise CannotEvaluate("this data does not decay, its integral to infinity does not exist")
    return 0

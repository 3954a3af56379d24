"""Exact numbers and Gaussian integrals against mpmath, which shares no code with them."""

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.meaning import enclose, gauss
from derive.meaning.exact import Exact, divide, exp, generator, sign, sqrt
from derive.meaning.outcome import CannotEvaluate
from derive.meaning.render import latex, plain

small = st.fractions(min_value=-4, max_value=4, max_denominator=6)
X, Y = generator(0), generator(1)


def number(value, at=()):
    """An exact value as an mpmath number, generators at the given points."""
    if not isinstance(value, Exact):
        return mpmath.mpf(Fraction(value).numerator) / Fraction(value).denominator
    total = mpmath.mpf(0)

    def poly(terms):
        out = mpmath.mpf(0)
        for m, c in terms:
            c = Fraction(c)
            step = mpmath.mpf(c.numerator) / c.denominator
            for g, e in m:
                step *= at[g] ** e
            out += step
        return out

    for (r, k, exponent), p in value.parts.items():
        unit = mpmath.sqrt(r) * mpmath.pi ** (mpmath.mpf(k) / 2) * mpmath.exp(poly(exponent))
        total += unit * poly(p.items())
    return total


@given(small, st.integers(2, 200))
@settings(max_examples=60, deadline=None)
def test_enclosures_contain_the_value_and_are_narrow(q, bits):
    with mpmath.workprec(400):
        for (lo, hi), value in (
            (enclose.exp(q, bits), mpmath.exp(mpmath.mpf(q.numerator) / q.denominator)),
            (enclose.root(7, 3, bits), mpmath.sqrt(7 * mpmath.pi**3)),
            (enclose.root(2, -1, bits), mpmath.sqrt(2 / mpmath.pi)),
        ):
            assert number(lo) <= value <= number(hi)
            assert (hi - lo) / lo < Fraction(64, 2**bits)


@given(small, small, small, small)
@settings(max_examples=60, deadline=None)
def test_arithmetic_and_signs(a, b, c, d):
    x, y = a * exp(b) + c, d * sqrt(2, 1) * exp(c) - a * sqrt(3)
    with mpmath.workdps(50):
        gap = number(x * y + x - y) - (number(x) * number(y) + number(x) - number(y))
        assert abs(gap) < 1e-40
        s = sign(x - y)
        if s is not None:
            assert s == mpmath.sign(number(x) - number(y)) or s == 0


def test_equal_numbers_have_equal_forms():
    assert sqrt(2) * sqrt(6) == 2 * sqrt(3)
    assert exp(1) * exp(-1) == 1
    assert sqrt(5, 1) * sqrt(5, 1) == 5 * sqrt(1, 2)
    assert (1 + exp(1)) * (1 - exp(1)) == 1 - exp(2)
    assert divide(1, sqrt(8, 1)) * sqrt(8, 1) == 1
    assert sign(exp(1) - exp(1)) == 0 and sign(exp(Fraction(1, 10**30)) - 1) == 1


def test_division_by_a_sum_is_refused():
    with pytest.raises(CannotEvaluate, match="division by a sum"):
        divide(1, 1 + exp(1))


@given(st.tuples(small, small, small), st.fractions(Fraction(1, 2), 3, max_denominator=3), small)
@settings(max_examples=15, deadline=None)
def test_whole_integrals_against_quadrature(p, a, b):
    body = (p[0] + p[1] * X + p[2] * X * X) * exp(-a * X * X + b * X)
    found = gauss.integrate(body, 0)
    wanted = mpmath.quad(lambda t: number(body, (t,)), [-mpmath.inf, 0, mpmath.inf])
    assert abs(number(found) - wanted) < 1e-8 * (1 + abs(wanted))


def test_a_parameter_stays_in_the_integral():
    body = X * X * Y * exp(-X * X - 2 * (Y - X) * (Y - X) + Y)
    found = gauss.integrate(body, 0)
    for y in (mpmath.mpf(0), mpmath.mpf(1) / 3, mpmath.mpf(-2)):
        wanted = mpmath.quad(lambda t, y=y: number(body, (t, y)), [-mpmath.inf, 0, mpmath.inf])
        assert abs(number(found, (None, y)) - wanted) < 1e-10


@given(st.tuples(small, small, small), small, small)
@settings(max_examples=15, deadline=None)
def test_antiderivatives_of_derivatives(p, a, b):
    body = (p[0] + p[1] * X + p[2] * X * X) * exp(a * X * X + b * X)
    slope = gauss.diff(body, 0)
    primitive = gauss.antiderivative(slope, 0)
    assert gauss.diff(primitive, 0) == slope
    wanted = number(body, (mpmath.mpf(1),)) - number(body, (mpmath.mpf(-1),))
    got = number(primitive, (mpmath.mpf(1),)) - number(primitive, (mpmath.mpf(-1),))
    assert abs(got - wanted) < 1e-8 * (1 + abs(wanted))


def test_no_antiderivative():
    with pytest.raises(CannotEvaluate, match="antiderivative"):
        gauss.antiderivative(exp(-X * X), 0)
    with pytest.raises(CannotEvaluate, match="does not decay"):
        gauss.integrate(X, 0)


def test_writing():
    assert plain(Fraction(1, 2) * sqrt(2, 1) * exp(Fraction(-1, 3))) == "1/2*sqrt(2*pi)*exp(-1/3)"
    assert latex(-X * exp(-2 * X * X), {0: "x"}) == "-x e^{-2 x^{2}}"

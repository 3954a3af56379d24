"""Functions in pieces: against `meaning`, and what has no value has none."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from derive.definitions import convolution, cross_correlation
from derive.hypotheses.convolved import FUNCTIONS, value
from derive.hypotheses.piecewise import combined, composed, function, germ, integral, properties
from derive.hypotheses.spelled import spelled_out
from derive.meaning import CannotEvaluate, NoValue, evaluate
from derive.syntax import Diff, Fn, Num, Partial, R, Statement, Sum, Term, Var, term

f, g = Fn("f", (R,)), Fn("g", (R,))
x, z = Var("x", R), Var("z", R)


def opened(t: Term) -> Term:
    return spelled_out(Statement((), t, t)).lhs


def polynomial(coefficients: list[int], at: Term) -> Term:
    out: Term = term(0)
    for c in reversed(coefficients):
        out = out * at + c
    return out


@pytest.mark.parametrize("seed", range(12))
def test_convolutions_of_pieces_are_what_the_integral_is(seed: int) -> None:
    """f a polynomial on [lo, hi], g one everywhere: one integral over an interval."""
    rng = Random(seed)
    p, q = ([rng.randint(-3, 3) for _ in range(3)] for _ in range(2))
    lo, hi = sorted(rng.sample(range(-3, 4), 2))
    at = Fraction(rng.randint(-6, 6), 2)
    sign = rng.choice([1, -1])
    op = convolution(R) if sign < 0 else cross_correlation(R)
    put = {f: function([lo, hi], [], p, []), g: function([], q)}
    integrand = polynomial(p, z) * polynomial(q, Num(at) + sign * z)
    expected = evaluate(Sum(z, (term(lo), term(hi)), integrand), {})
    for side in (1, -1):
        assert value(opened(op(f, g)(x)), {x: germ(at)}, put, side) == germ(expected)
    moved = evaluate(
        Sum(z, (term(lo), term(hi)), Diff(x, polynomial(p, z) * polynomial(q, x + sign * z), x)),
        {x: at},
    )
    assert value(opened(Diff(x, op(f, g)(x), x)), {x: germ(at)}, put, 1) == germ(moved)
    assert value(opened(op(f, Partial(g, 0))(x)), {x: germ(at)}, put, 1) == germ(moved)


def test_a_derivative_at_a_corner_has_no_value() -> None:
    corner = {f: FUNCTIONS["|z|"]}
    with pytest.raises(NoValue, match="1 from the right and -1 from the left"):
        value(Diff(x, f(x), x), {x: germ(0)}, corner, 1)
    assert value(Diff(x, f(x), x), {x: germ(-2)}, corner, 1) == germ(-1)
    ramp = {f: FUNCTIONS["[0 ≤ z ≤ 1]"], g: FUNCTIONS["[0 ≤ z]"]}
    convolved = Diff(x, opened(convolution(R)(f, g)(x)), x)
    with pytest.raises(NoValue, match="0 from the right and 1 from the left"):
        value(convolved, {x: germ(1)}, ramp, 1)
    assert value(convolved, {x: germ(Fraction(1, 2))}, ramp, 1) == germ(1)


def test_a_derivative_at_a_jump_has_no_value() -> None:
    box = {f: FUNCTIONS["[0 ≤ z ≤ 1]"]}
    with pytest.raises(CannotEvaluate, match="a value at a jump"):
        value(Diff(x, f(x), x), {x: germ(0)}, box, 1)


def test_an_integral_over_a_pole_diverges_unless_the_rest_vanishes_there() -> None:
    pole, bump = FUNCTIONS["1/z²"], FUNCTIONS["(1 − z²)² [|z| ≤ 1]"]
    for side in (1, -1):
        with pytest.raises(NoValue, match="around 0"):
            integral(combined(pole, bump, side, product=True), side)
    slope = function([-1, 1], [], [0, 1], [])  # it vanishes at 0 to the first order alone
    with pytest.raises(NoValue, match="around 0"):
        integral(combined(pole, slope, 1, product=True), 1)
    away = composed(bump, Fraction(1), germ(-3))  # its support is 2 <= z <= 4
    with pytest.raises(CannotEvaluate, match="converges"):
        integral(combined(pole, away, 1, product=True), 1)


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("1", {"loc", "cont", "diff", "C1", "smooth"}),
        ("(1 − z²)² [|z| ≤ 1]", {"loc", "cont", "diff", "C1", "compact"}),
        ("[0 ≤ z]", {"loc"}),
        ("[0 ≤ z ≤ 1]", {"loc", "compact"}),
        ("|z|", {"loc", "cont"}),
        ("1/z²", set()),
    ],
)
def test_what_is_known_of_a_function_is_read_off_its_pieces(words: str, known: set[str]) -> None:
    assert properties(FUNCTIONS[words]) == known

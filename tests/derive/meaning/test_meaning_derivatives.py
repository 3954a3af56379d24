"""Derivatives and integrals on R^d and by entries: against hand calculation and numbers."""

from fractions import Fraction

import mpmath
import pytest
from test_meaning_numbers import number

from derive.meaning import CannotEvaluate, Formula, Functional, NoValue, evaluate, exp, generator
from derive.meaning.exact import sqrt
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    Diff,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Max,
    Num,
    Partial,
    R,
    Rel,
    Signature,
    Sum,
    Var,
    Z,
    euclidean,
)

X, Y, ZZ = (Var(n, R) for n in "xyz")
F, G = Fn("f", (R,), "Schwartz"), Fn("g", (R,), "Schwartz")
HALF = Fraction(1, 2)


def bell(t):
    return exp(-t * t)


def skew(t):
    return (1 + t) * exp(-2 * t * t + t)


ENV = {F: bell, G: skew, X: HALF}


def numeric(fn):
    body = fn(generator(0))
    return lambda t: number(body, (t,))


def test_convolution_against_quadrature():
    conv = Sum(ZZ, (), F(ZZ) * G(X - ZZ))
    f, g = numeric(bell), numeric(skew)
    wanted = mpmath.quad(lambda z: f(z) * g(mpmath.mpf(1) / 2 - z), [-mpmath.inf, mpmath.inf])
    assert abs(number(evaluate(conv, ENV)) - wanted) < 1e-12
    slope = mpmath.diff(
        lambda x: mpmath.quad(lambda z: f(z) * g(x - z), [-mpmath.inf, mpmath.inf]), 0.5
    )
    assert abs(number(evaluate(Diff(X, conv, X), ENV)) - slope) < 1e-8


def test_both_derivatives_of_a_convolution_agree():
    left = Sum(ZZ, (), Partial(F, 0)(ZZ) * G(X - ZZ))
    right = Sum(ZZ, (), F(ZZ) * Partial(G, 0)(X - ZZ))
    assert evaluate(left, ENV) == evaluate(right, ENV)


def test_the_inner_derivative_counts():
    """d/dx of (f*g)(2x) has a factor 2; f'(2x) has none."""
    assert evaluate(Diff(X, F(2 * X), X), ENV) == -4 * exp(-1)
    assert evaluate(Partial(F, 0)(2 * X), ENV) == -2 * exp(-1)
    assert evaluate(Partial(Lam((Y,), F(2 * Y)), 0)(X), ENV) == -4 * exp(-1)
    assert evaluate(Partial(Partial(F, 0), 0)(ZERO), ENV) == -2


def test_leibniz_has_its_boundary_term():
    square = {F: lambda t: t * t, X: 3}
    assert evaluate(Diff(X, Sum(ZZ, (ZERO, X), F(ZZ)), X), square) == 9
    assert evaluate(Sum(ZZ, (X, ZERO), F(ZZ)), square) == -9  # oriented
    # d/dx int_0^x f(x - z) dz = f(0) + int_0^x f'(x - z) dz = 9
    assert evaluate(Diff(X, Sum(ZZ, (ZERO, X), F(X - ZZ)), X), square) == 9


def test_what_decides_under_a_derivative():
    three = {X: 3}
    assert evaluate(Diff(X, Max(X, ZERO) + Abs(X), X), three) == 2
    assert evaluate(Diff(X, Max(X, ZERO) + Abs(X), X), {X: -3}) == -1
    assert evaluate(Diff(X, Iverson(Rel("<=", X, ONE)) * X, X), three) == 0
    with pytest.raises(CannotEvaluate, match="comparison"):
        evaluate(Diff(X, Abs(X), X), {X: 0})


def test_a_point_has_no_measure():
    term = Sum(ZZ, (), Iverson(Rel("=", ZZ, X)) * F(ZZ))
    assert evaluate(term, ENV) == 0


@pytest.mark.parametrize(
    "body", [ONE, F(X), F(ZZ) + 1, Sum(Y, (), F(Y - ZZ)), Fn("c", (R,), "continuous")(ZZ)]
)
def test_integrals_without_value(body):
    env = {**ENV, Fn("c", (R,), "continuous"): bell, F: lambda t: 0 * t}
    with pytest.raises(NoValue, match=r"^no value: "):
        evaluate(Sum(ZZ, (), body), env)


def test_bounded_gaussians_are_refused_and_others_not():
    with pytest.raises(CannotEvaluate, match="antiderivative"):
        evaluate(Sum(ZZ, (ZERO, X), F(ZZ)), ENV)
    assert evaluate(Sum(ZZ, (ZERO, X), F(ZZ) * ZZ), ENV) == HALF - HALF * exp(Fraction(-1, 4))


def test_dimension_two():
    space = euclidean(2)
    f = Fn("f", (space,), "Schwartz")
    x, z = Var("x", space), Var("z", space)
    u, v = generator(0), generator(1)
    env = {f: Formula((u + 2) * exp(-u * u - 2 * v * v)), x: (1, 0)}
    # integral of (u + 2) e^(-u^2 - 2 v^2) = 2 sqrt(pi) sqrt(pi / 2)
    assert evaluate(Sum(z, (), f(z - x)), env) == sqrt(2, 2)
    assert evaluate(Sum(z, (), f(2 * z)), env) == Fraction(1, 4) * sqrt(2, 2)
    # along the first coordinate: e^(-1) (1 - 2 * 3)
    assert evaluate(Diff(x, f(x), x), env) == -5 * exp(-1)
    assert evaluate(Partial(f, 0)(x), env) == -5 * exp(-1)


# --- derivatives by entries ---------------------------------------------------------------------

I, J, K, N = (Var(n, Z) for n in "ijkn")
W = Fn("w", (Z,), "finite", box=((ZERO, N),))
V = Fn("v", (Z,), "finite")
SIGMA = Fn("sigma", (R,), "smooth")
LOSS = Fn("L", (Signature((Z,)),), "differentiable", box=((ZERO, Num(Fraction(2))),))
OUT = Lam((I,), SIGMA(Sum(K, (ZERO, N), W(K) * V(I + K))))
# L(h) = 2 h0 + h1 h2 + h0 h2^2
LOSS_DATA = Functional(
    (
        (2, ((0, (0,)),)),
        (1, ((0, (1,)), (0, (2,)))),
        (1, ((0, (0,)), (0, (2,)), (0, (2,)))),
    )
)
LAYER = {
    N: 1,
    W: {0: 2, 1: -3},
    V: {0: 1, 1: 4, 2: -2, 3: 5},
    SIGMA: lambda t: t * t + t,
    LOSS: LOSS_DATA,
}


def loss_by_hand(w, v):
    h = []
    for i in range(3):
        s = sum(w.get(k, 0) * v.get(i + k, 0) for k in range(2))
        h.append(s * s + s)
    return 2 * h[0] + h[1] * h[2] + h[0] * h[2] ** 2


def slope_by_hand(name, entry):
    """Exact central differences of a polynomial of degree <= 6, by Richardson extrapolation."""

    def at(t):
        w, v = dict(LAYER[W]), dict(LAYER[V])
        place = {"w": w, "v": v}[name]
        place[entry] = place.get(entry, 0) + t
        return loss_by_hand(w, v)

    # the derivative at 0 of the polynomial through the points -4 .. 4
    total = Fraction(0)
    for j in range(-4, 5):
        if j == 0:
            continue
        weight = Fraction(1, j)
        for m in range(-4, 5):
            if m not in (0, j):
                weight *= Fraction(-m, j - m)
        total += weight * at(j)
    return total


def test_the_loss_itself():
    assert evaluate(LOSS(OUT), LAYER) == loss_by_hand(LAYER[W], LAYER[V])


@pytest.mark.parametrize("entry", [0, 1])
def test_by_a_weight(entry):
    assert evaluate(DiffEntry(W, (J,), LOSS(OUT)), {**LAYER, J: entry}) == slope_by_hand("w", entry)


@pytest.mark.parametrize("entry", [-1, 0, 1, 2, 3, 4])
def test_by_an_input_without_a_range(entry):
    """Also at an entry that is 0 now, and lies outside the support of the data."""
    found = evaluate(DiffEntry(V, (J,), LOSS(OUT)), {**LAYER, J: entry})
    assert found == slope_by_hand("v", entry)


def test_outside_the_range_nothing_moves():
    assert evaluate(DiffEntry(W, (J,), LOSS(OUT)), {**LAYER, J: 2}) == 0


def test_the_chain_rule_through_the_loss():
    """dL/dw_j = sum_i dL/dh_i sigma'(s_i) v(i + j)."""
    inner = Sum(K, (ZERO, N), W(K) * V(I + K))
    chain = Sum(
        I, (ZERO, Num(Fraction(2))), Partial(LOSS, 0)(OUT, I) * Partial(SIGMA, 0)(inner) * V(I + J)
    )
    whole = Sum(I, (), Partial(LOSS, 0)(OUT, I) * Partial(SIGMA, 0)(inner) * V(I + J))
    for entry in (0, 1):
        env = {**LAYER, J: entry}
        assert evaluate(chain, env) == evaluate(whole, env) == slope_by_hand("w", entry)


def test_an_entry_below_its_own_index():
    """d/dx_j of sum_i c_i x_i is c_j, also where the sum's index is called j."""
    x = Fn("x", (Z,), "finite", box=((ONE, N),))
    c = Fn("c", (Z,), "finite")
    env = {N: 3, x: {1: 1, 2: 1, 3: 1}, c: {1: 5, 2: 7, 3: 9, 4: 11}, J: 2}
    assert evaluate(DiffEntry(x, (J,), Sum(J, (ONE, N), c(J) * x(J))), env) == 7
    assert evaluate(DiffEntry(x, (J,), Sum(I, (), c(I) * x(I))), {**env, J: 4}) == 0
    assert evaluate(Sum(J, (), DiffEntry(x, (J,), Sum(I, (), c(I) * x(I)))), env) == 21


def test_second_derivatives_by_entries():
    x = Fn("x", (Z,), "finite", box=((ONE, N),))
    body = x(1) * x(1) * x(2)
    env = {N: 2, x: {1: 3, 2: 5}}
    assert evaluate(DiffEntry(x, (ONE,), DiffEntry(x, (ONE,), body)), env) == 10
    assert evaluate(DiffEntry(x, (ONE,), DiffEntry(x, (Num(Fraction(2)),), body)), env) == 6

"""Evaluation on Z^d and Z/n against brute force over a big window."""

from fractions import Fraction
from itertools import product

import pytest
from brute import brute, runs_away, truth
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.meaning import CannotEvaluate, NoValue, TooLarge, evaluate, holds
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    And,
    Definition,
    Divides,
    Exists,
    Floor,
    Fn,
    Iverson,
    Lam,
    Max,
    Not,
    Num,
    Or,
    Pow,
    R,
    Rel,
    Sum,
    Var,
    Z,
    lattice,
    residues,
)

F, G = Fn("f", (Z,), "finite"), Fn("g", (Z,), "finite")
ANY = Fn("u", (Z,), "any")
A, B, I, N = (Var(n, Z) for n in "abin")
SIGMA = Fn("sigma", (R,), "smooth")

coefficient, unit = st.integers(-2, 2), st.integers(-1, 1)
data = st.dictionaries(st.tuples(st.integers(-2, 2)), st.integers(-3, 3), max_size=4)


def affine(ca, cb, ci, c):
    return ca * A + cb * B + ci * I + c


@given(
    st.lists(st.tuples(coefficient, coefficient, unit, unit), min_size=1, max_size=3),
    data,
    data,
    unit,
)
@settings(max_examples=80, deadline=None)
def test_double_sums(arguments, f, g, i):
    """Held in exactly when no direction keeps all arguments; then the value is brute force's."""
    body = Num(Fraction(2))
    for k, c in enumerate(arguments):
        body = body * (F, G)[k % 2](affine(*c))
    term = Sum(A, (), Sum(B, (), body))
    env = {F: f, G: g, I: i}
    if runs_away([c[:2] for c in arguments], 2):
        with pytest.raises(NoValue, match=r"^no value: "):
            evaluate(term, env)
    else:
        # by Cramer's rule no point outside +-16 counts: arguments <= 2 + 1 + 1, coefficients <= 2
        assert evaluate(term, env) == brute(term, env, 16)


@st.composite
def conditions(draw, depth=2):
    left, right = (affine(*draw(st.tuples(*[coefficient] * 4))) for _ in range(2))
    kind = draw(st.integers(0, 6 if depth else 2))
    if kind <= 2:
        return Rel(("=", "<=", "<")[kind], left, right)
    if kind == 3:
        return Divides(Num(Fraction(draw(st.integers(-3, 3)))), left)
    if kind == 4:
        return Not(draw(conditions(depth - 1)))
    parts = (draw(conditions(depth - 1)), draw(conditions(depth - 1)))
    return And(parts) if kind == 5 else Or(parts)


@given(conditions(), data, data, st.integers(-3, 3))
@settings(max_examples=80, deadline=None)
def test_brackets_never_cut_off_too_much(cond, f, g, i):
    term = Sum(A, (), Sum(B, (), F(A) * G(B - A) * Iverson(cond)))
    env = {F: f, G: g, I: i}
    assert evaluate(term, env) == brute(term, env, 6)
    # alone, a bracket may hold in too; when it is said to, the value must be right
    alone = Sum(A, (), F(A) * Sum(B, (), Iverson(cond)))
    try:
        value = evaluate(alone, env)
    except NoValue:
        return
    assert value == brute(alone, env, 30)


@given(conditions(), st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3))
@settings(max_examples=60, deadline=None)
def test_conditions(cond, a, b, i):
    env = {A: a, B: b, I: i}
    assert holds(cond, env) == truth(cond, env, 0)


@given(data, st.integers(-4, 4), st.integers(1, 3), st.integers(-3, 3))
@settings(max_examples=30, deadline=None)
def test_floors_maxima_and_sizes_in_arguments(f, i, s, n):
    env = {F: f, G: f, I: i, N: s}
    for term in (
        Sum(A, (), F(Floor(A, N)) * G(A)),
        Sum(A, (), F(Floor(A - I, Num(Fraction(3))))),
        Sum(A, (), F(N * A + I)),
        Sum(A, (), F(Abs(A - I)) * A),
        Sum(A, (), F(Max(A, -A))),
        Sum(A, (), Iverson(Rel("=", N * A, I)) * (A + 7)),
        Sum(A, (-N, I), A * F(A) + Pow(A, 2)),
        Sum(A, (), Pow(F(A) + G(I - A), 2)),
        Sum(A, (), Max(F(A), G(A - 1))),
        Sum(A, (), F(A) * Sum(B, (A, I), B)),
        Floor(I, N) + Floor(N, I) + Floor(I, -N),
    ):
        assert evaluate(term, env) == brute(term, env, 25)


def test_empty_ranges_are_empty():
    ones = Sum(A, (Num(Fraction(5)), Num(Fraction(2))), ONE)
    assert evaluate(ones, {}) == 0  # never -2


@pytest.mark.parametrize(
    "body",
    [
        F(A) + 1,
        Pow(F(A), 0),
        ONE / F(A),
        SIGMA(F(A)),
        ANY(A),
        A,
        Iverson(Rel("<=", ZERO, A)),
        F(A * A - A * A),
        Iverson(Not(Rel("=", A, ZERO))),
        Sum(B, (), F(A - B)),
        F(I),
    ],
)
def test_what_holds_nothing_in(body):
    env = {F: {}, ANY: {}, SIGMA: lambda x: 0 * x, I: 0}  # all data zero: no luck may help
    with pytest.raises(NoValue, match=r"^no value: "):
        evaluate(Sum(A, (), body), env)


def test_no_value_below_an_empty_range_and_beside_zero():
    with pytest.raises(NoValue):
        evaluate(Sum(A, (ONE, ZERO), Sum(B, (), ONE)), {})
    with pytest.raises(NoValue):
        evaluate(F(0) * Sum(B, (), ONE), {F: {}})
    assert not holds(Exists(Sum(B, (), ONE)), {})
    assert holds(Exists(Sum(B, (), F(B))), {F: {}})


def test_a_bound_size_does_not_reach_a_declaration():
    """The n of "x has entries 1..n" is the free n, also below a sum over n."""
    x = Fn("x", (Z,), "finite", box=((ONE, N),))
    env = {N: 2, x: {1: 10, 2: 20, 3: 30}}
    assert evaluate(Sum(N, (ONE, Num(Fraction(5))), x(N)), env) == 30
    assert evaluate(Sum(A, (), x(A)), env) == 30


def test_capture_is_impossible():
    """(a |-> sum_b f(b) g(a + b))(b) with a free b."""
    lam = Lam((A,), Sum(B, (), F(B) * G(A + B)))
    env = {F: {0: 1, 1: 2}, G: {3: 5, 4: 7}, B: 3}
    assert evaluate(lam(B), env) == 1 * 5 + 2 * 7
    corr = Definition("*", (F, G), Lam((I,), Sum(A, (), F(A) * G(I + A))), "infix")
    shifted = Lam((I,), F(I + A))  # a is free here, and bound in the definition
    env = {F: {0: 1, 1: 2}, G: {1: 5, 2: 7}, A: 1, I: 1}
    assert evaluate(corr(shifted, G)(I), env) == 1 * 0 + 2 * 5
    # shifted is 1 at -1 and 2 at 0;  sum_a shifted(a) g(1 + a) = 1 g(0) + 2 g(1)


def test_dimension_two():
    d = Var("d", Z)
    space = lattice(d)
    f, g = Fn("f", (space,), "finite"), Fn("g", (space,), "finite")
    a, i = Var("a", space), Var("i", space)
    p = {(0, 0): 2, (1, -1): 3, (2, 0): -1}
    q = {(0, 1): 5, (-1, 0): 1, (1, 1): 4}
    for at in product(range(-2, 3), repeat=2):
        wanted = sum(
            v * q.get((at[0] - 2 * k[0] + 1, at[1] - 2 * k[1] + 1), 0) for k, v in p.items()
        )
        term = Sum(a, (), f(a) * g(i - 2 * a + 1))
        assert evaluate(term, {d: 2, f: p, g: q, i: at}) == wanted
    low = Sum(a, (ZERO, i), f(a))
    assert evaluate(low, {d: 2, f: p, i: (2, 0)}) == 2 - 1
    assert holds(Rel("<=", i, ONE), {d: 2, i: (1, 0)})
    assert not holds(Rel("<=", i, ONE), {d: 2, i: (0, 2)})


def test_residues():
    n = Var("n", Z)
    space = residues(n)
    f, g = Fn("f", (space,)), Fn("g", (space,))
    a, x = Var("a", space), Var("x", space)
    p, q = {0: 1, 1: 2, 2: 3}, {0: 4, 1: 5, 2: 6}
    for at in range(3):
        wanted = sum(p[k] * q[(at - k) % 3] for k in range(3))
        term = Sum(a, (), f(a) * g(x - a))
        assert evaluate(term, {n: 3, f: p, g: q, x: at}) == wanted
    assert holds(Rel("=", x + 3, x), {n: 3, x: 1})
    with pytest.raises(CannotEvaluate, match="modulus"):
        evaluate(Sum(a, (), f(a)), {n: 0, f: {}})


def test_budget_and_missing_data():
    with pytest.raises(TooLarge):
        evaluate(Sum(A, (ZERO, I), ONE), {I: 10**9})
    with pytest.raises(CannotEvaluate, match="no data are given for f"):
        evaluate(F(0), {})


def test_deep_terms():
    term = F(I)
    for _ in range(200):
        term = term + 1
    assert evaluate(term, {F: {0: 1}, I: 0}) == 201
    nested = F(A)
    for k in range(30):
        nested = Sum(Var(f"b{k}", Z), (ZERO, ZERO), nested)
    assert evaluate(Sum(A, (), nested), {F: {0: 1, 5: 2}}) == 3

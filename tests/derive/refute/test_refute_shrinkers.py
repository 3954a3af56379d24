"""Shrinkers know a value and a predicate, nothing else."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from derive.meaning import Formula, Functional, Points, exp, generator
from derive.refute import shrinkers as shrinking
from derive.refute.sample import GAUSSIANS

X = generator(0)


@given(st.integers(-50, 50))
def test_numbers_stop_at_the_edge(n):
    assert shrinking.number(n, lambda v: v >= 0 or v == n) in (0, n)
    assert shrinking.number(abs(n) + 7, lambda v: v >= 7) == 7
    assert shrinking.number(Fraction(n, 7), lambda v: True) == 0


@given(st.dictionaries(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), st.integers(1, 9)))
def test_points_keep_failing_and_get_no_larger(values):
    def test(data):
        return sum(data.values.values()) >= 3

    if not test(Points(values)):
        return
    found = shrinking.points(Points(values), test)
    assert test(found)
    assert len(found.values) <= len(values)
    assert sum(found.values.values()) <= sum(values.values())


def test_a_loss_keeps_the_term_that_matters():
    loss = Functional(((5, ((0, (0,)),)), (3, ((0, (1,)), (0, (1,)))), (2, ((0, (2,)),))))
    found = shrinking.functional(loss, lambda d: any(len(p) == 2 for _, p in d.terms))
    assert found.terms == ((1, ((0, (1,)), (0, (1,)))),)


def test_formulas_become_the_first_simple_one_of_their_kind():
    rich = Formula((3 + X + X * X) * exp(-3 * X * X + X))
    assert shrinking.formula(rich, lambda d: True) is GAUSSIANS[0]
    assert shrinking.formula(rich, lambda d: d is GAUSSIANS[2]) is GAUSSIANS[2]
    assert shrinking.formula(rich, lambda d: False) is rich
    assert shrinking.formula(Formula(X**3 + 5), lambda d: True).body == 1

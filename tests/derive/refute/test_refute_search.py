"""False claims are refuted with small data, true ones never; a broken evaluator is noticed."""

import time

import pytest
from refute_claims import FALSE, TRUE, a, at_most, b, claim, f, g, i, k, n, star, total

from derive.meaning import Points, compare, gauss, holds, sums
from derive.meaning import terms as meaning_terms
from derive.refute import attempt, search
from derive.syntax import ONE, Exists, Fn, Sum, Var, Z


@pytest.mark.parametrize("name", FALSE)
def test_false_claims_are_refuted(name):
    found = search(FALSE[name])
    assert found is not None
    for cond in FALSE[name].given:
        assert isinstance(cond, Exists) or holds(cond, found.env)
    again = compare(FALSE[name], found.env)  # from scratch, on the data as they are shown
    assert again.verdict == "different"
    assert (again.lhs, again.rhs) == (found.left, found.right)
    assert found.text() and found.latex() and found.json()["lhs"] != found.json()["rhs"]


@pytest.mark.parametrize("name", TRUE)
def test_true_claims_are_not(name):
    tried = attempt(TRUE[name])
    assert tried.counterexample is None and tried.reason is None
    assert tried.trials >= 8


def test_correlation_has_the_smallest_counterexample():
    found = search(claim(star(f, g, a, i), star(g, f, a, i)))
    assert found.json() == {
        "values": {"f": {"0": "1"}, "g": {"1": "1"}},
        "at": {"i": "1"},
        "lhs": "1",
        "rhs": "0",
    }
    assert found.text() == [
        "f(0) = 1, else f = 0",
        "g(1) = 1, else g = 0",
        "at i = 1",
        "the left side is 1, the right side is 0",
    ]
    assert found.latex() == r"f = \delta_{0},\quad g = \delta_{1},\quad i = 1,\quad 1 \ne 0"


def size(found):
    data = [v for v in found.env.values() if isinstance(v, Points)]
    points = [k for v in data for k in v.values]
    return len(points), sum(abs(x) for k in points for x in k)


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("on Z^d", (2, 1)),
        ("on Z/n", (2, 1)),
        ("correlation associates", (3, 1)),
        ("2a and i - 2a", (2, 1)),
        ("half of the lattice", (2, 0)),
        ("collapse without its guard", (1, 0)),
        ("splitting outside", (1, 0)),
    ],
)
def test_supports_are_small(name, limit):
    assert size(search(FALSE[name])) <= limit


def test_gaussians_are_simple():
    found = search(FALSE["scaling without the Jacobian"])
    assert found.json()["values"] == {"F": "e^{-x^{2}}"}
    assert (found.lhs, found.rhs) == (r"\frac{1}{2} \sqrt{\pi}", r"\sqrt{\pi}")


def test_a_decaying_function_is_refuted_by_a_decaying_one():
    found = search(FALSE["on R"])
    assert all("e^{" in text for text in found.values.values())


def test_hypotheses_are_respected():
    """The claim fails only outside its hypothesis."""
    shift = claim(Sum(a, (ONE, n), f(a)), total(a, body=f(a)))
    assert search(shift) is not None
    impossible = claim(n + 0, n + 1, at_most(n, n - 1))
    assert search(impossible) is None
    narrow = claim(n * 1, k * 1, at_most(n, k), at_most(k, n))
    assert search(narrow) is None


def test_no_value_is_no_refutation():
    tried = attempt(claim(total(a, b, body=f(a - b)), ONE))
    assert tried.counterexample is None
    assert tried.reason.startswith("no value: ")


def test_the_same_question_has_the_same_answer():
    one, two = (search(FALSE["gradient with a dropped stride"]) for _ in range(2))
    assert one.json() == two.json()


def test_the_budget_is_kept():
    many = 10**9 * Var("N", Z)
    heavy = claim(Sum(a, (ONE, many), f(a)), total(a, body=f(a)), at_most(ONE, Var("N", Z)))
    before = time.process_time()
    assert search(heavy, budget=2000) is None
    assert time.process_time() - before < 60  # not 10**9 terms


def test_a_tensor_is_shown_within_its_range():
    w = Fn("w", (Z,), "finite", box=((ONE, n),))
    found = search(claim(Sum(a, (ONE, n), w(a)), total(a, body=2 * w(a))))
    assert found.json()["values"]["w"] == {"1": "1"} and found.json()["at"] == {"n": "1"}


# --- planted errors: each must be noticed by the claims above ------------------------------------


def wrong():
    """The claims that are judged wrongly."""
    bad = [name for name, c in TRUE.items() if attempt(c).counterexample is not None]
    bad += [name for name, c in FALSE.items() if attempt(c).counterexample is None]
    return bad


def plant_strict_order(monkeypatch):
    monkeypatch.setitem(meaning_terms.RELATIONS, "<=", meaning_terms.less)


def plant_short_ranges(monkeypatch):
    monkeypatch.setattr(
        sums, "range", lambda lo, hi=None: range(lo, hi - 1) if hi else range(lo), raising=False
    )


def plant_rounding_up(monkeypatch):
    monkeypatch.setattr(meaning_terms, "_floor", lambda p, q: -(-p // q) if q else 0)


def plant_no_jacobian(monkeypatch):
    monkeypatch.setattr(gauss, "sqrt", lambda value, k=0: 1)


def plant_constant_derivative(monkeypatch):
    kept = gauss.diff
    monkeypatch.setattr(gauss, "diff", lambda value, g: 2 * kept(value, g))


@pytest.mark.parametrize(
    "plant",
    [
        plant_strict_order,
        plant_short_ranges,
        plant_rounding_up,
        plant_no_jacobian,
        plant_constant_derivative,
    ],
)
def test_a_wrong_evaluator_is_noticed(plant, monkeypatch):
    plant(monkeypatch)
    assert wrong()


def test_without_plants_nothing_is_judged_wrongly():
    assert wrong() == []

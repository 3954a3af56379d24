"""The range of a tensor in a claim contains every place where a given formula uses it."""

from __future__ import annotations

import pytest

from derive import check
from derive.binding import free
from derive.latex import read
from derive.syntax import Fn
from derive.text import text

BIAS = r"y_i = z_i + w_0"
REST = r"z_i = \sum_{j=1}^{n} w_j x_{i+j}"


@pytest.mark.parametrize("given", [(BIAS, REST), (REST, BIAS)])
def test_the_order_of_what_is_given_does_not_matter(given):
    by_bias = r"\frac{\partial L}{\partial w_0}"
    assert check(rf"{by_bias} = \sum_i \delta_i", given=given).verdict == "proved"
    assert check(rf"{by_bias} = 0", given=given).verdict == "refuted"


@pytest.mark.parametrize(
    ("formulas", "conditions"),
    [
        ([r"y_i = \sum_{j=0}^{2} w_j x_{i+j}"], "0 ≤ m, m ≤ 2"),
        ([r"y_i = z_i + \sum_{j=0}^{2} w_j x_{i+j}", r"z_i = \sum_{j=3}^{5} w_j x_{i+j}"],
         "0 ≤ m, m ≤ 5"),
        ([r"y_i = w_0 x_i + \sum_{j=1}^{n} w_j x_{i+j}"], "0 ≤ n, 0 ≤ m, m ≤ n"),
        ([r"y_i = \sum_{j=0}^{K} w_j x_{i+j} + \sum_{j=-K}^{-1} w_j z_{i+j}"],
         "0 ≤ K, −K ≤ m, m ≤ K"),
        ([r"y_i = \sum_{j=0}^{K} w_j x_{i+j} + \sum_{j=0}^{N} w_j z_{i+j}"],
         "0 ≤ K, 0 ≤ N, 0 ≤ m, m ≤ max(K, N)"),
        ([r"y_i = w_0 x_i + w_2 x_{i+2}"], ""),
    ],
)  # fmt: skip
def test_an_entry_is_anywhere_within_the_smallest_range(formulas, conditions):
    reading = read(r"\frac{\partial L}{\partial w_m} = \sum_i \delta_i x_{i+m}", formulas)
    statement = reading.links[0].variants[0][1]
    assert ", ".join(map(text, statement.given)) == conditions


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [
        (r"\sum_{j=0}^{i} w_j x_{i-j}", "0", "n − 1"),
        (r"\sum_{j=1}^{k} w_j x_{i+j-1}", "0", "k + n − 2"),
        (r"\sum_{j=0}^{k-1} w_j x_{si-j}", "−k + 1", "n s − s"),
        (r"\sum_{j=0}^{i} \sum_{l=0}^{j} w_j x_{i-l+2}", "2", "n + 1"),
        (r"\sum_{j=0}^{\min(i,k)} w_j x_{i-j}", "0", "n − 1"),
        (r"\sum_j w_j x_{i-j}", None, None),
        (r"\sum_{j=0}^{k-1} w_j x_{i^2-j}", None, None),
        (r"\sum_{j=0}^{k-1} w_j x_{aj}", "0", "a k − a"),
    ],
)
def test_the_places_that_a_formula_comes_to(formula, low, high):
    """Where an expression reaches them: the other reading, and none if that says nothing."""
    claim, given = r"\frac{\partial L}{\partial w_m} = \delta_m x_m", [rf"y_i = {formula}"]
    others = read(claim, [*given, r"i = 0, \dots, n - 1"]).links[0].others
    ranges = {f.name: f.box for o in others for _, s in o.variants for f in free(s)
              if isinstance(f, Fn)}  # fmt: skip
    found = ranges["x"] and tuple(map(text, ranges["x"][0]))
    assert found == (None if low is None else (low, high))

"""The range of a tensor in a claim contains every place where a given formula uses it."""

from __future__ import annotations

import pytest

from derive import check
from derive.latex import read
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

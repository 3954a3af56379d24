"""What is given for layer l is meant for every layer: l - 1 and l + 1 are not free."""

from __future__ import annotations

import pytest

from derive import check

GIVEN = (r"z^l_j = \sum_k w^l_{jk} a^{l-1}_k + b^l_j", r"a^l_j = \sigma(z^l_j)")
BY_W = r"\frac{\partial L}{\partial w^l_{jk}}"


def test_data_that_break_a_given_formula_at_another_label_refute_nothing():
    found = check(
        r"\delta^{l-1}_j = \sum_k w^{l}_{kj} \delta^{l}_k \sigma'(z^{l-1}_j)", given=GIVEN
    )
    assert found.verdict == "unknown" and "what a^{l-1} stands for" in found.message


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (rf"{BY_W} = \delta^l_j a^{{l-1}}_k", "proved"),
        (rf"{BY_W} = \delta^l_k a^{{l-1}}_j", "refuted"),
    ],
)
def test_an_input_that_nothing_else_speaks_of_is_free(claim, verdict):
    assert check(claim, given=GIVEN).verdict == verdict

"""Facts proved by explicit steps: they say what they should, replay, and hold on small data."""

from itertools import product

import pytest

from derive.kernel import replay
from derive.layers.facts import facts
from derive.meaning import evaluate
from derive.syntax import Var, Z
from derive.text import text

FACTS = facts()
STATEMENTS = {
    "transposed-size": (
        "⌊((O − 1) s − 2 P + d · (K − 1) + 1 + r + 2 P − d · (K − 1) − 1)/s⌋ + 1 = O"
        "  (given 1 ≤ s, 0 ≤ r, r < s)"
    ),
    "transposed-size-exactly": (
        "[⌊((O − 1) s − 2 P + d · (K − 1) + 1 + r + 2 P − d · (K − 1) − 1)/s⌋ + 1 = O]"
        " = [0 ≤ r] [r < s]  (given 1 ≤ s)"
    ),
    "transposed-stuffed": (
        "Σ_{a∈Z} Σ_{i∈Z} [s i + d a − p = m] y(i) w(a) = "
        "Σ_{a∈Z} w(a) (u ↦ [s | u] y(⌊u/s⌋))(m + p − d a)  (given 1 ≤ s)"
    ),
    "receptive-field": (
        "Σ_{b=0}^{K₂−1} Σ_{a=0}^{K₁−1} [s₁ d₂ b + d₁ a = c] v_b w_a = "
        "[0 ≤ c] [c ≤ d₁ · (K₁ − 1) + s₁ d₂ · (K₂ − 1)] "
        "Σ_{b=0}^{K₂−1} Σ_{a=0}^{K₁−1} [s₁ d₂ b + d₁ a = c] v_b w_a"
        "  (given 1 ≤ s₁, 1 ≤ d₁, 1 ≤ d₂)"
    ),
    "receptive-field-step": (
        "Σ_{b=0}^{K−1} v_b Σ_{a=0}^R u_a x_{S·(s i+d b)+a} = "
        "Σ_{c=0}^{R+S d·(K−1)} (Σ_{b=0}^{K−1} Σ_{a=0}^R [S d b + a = c] v_b u_a) x_{S s i+c}"
        "  (given 1 ≤ S, 1 ≤ d)"
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_they_say_this_and_replay(name):
    theorem = FACTS[name]
    assert text(theorem.statement()) == STATEMENTS[name]
    assert replay(theorem).statement() == theorem.statement()


def test_there_are_no_others():
    assert set(FACTS) == set(STATEMENTS)


def test_exactly_those_output_paddings():
    """By counting, without the theorem's floor."""
    theorem = FACTS["transposed-size-exactly"]
    for O, s, r, K in product((1, 3), (1, 2, 3), range(-1, 5), (1, 3)):
        env = {Var(n, Z): v for n, v in zip("OsrKdP", (O, s, r, K, 2, 1), strict=True)}
        left, right = (evaluate(side, env) for side in (theorem.lhs, theorem.rhs))
        length = (O - 1) * s - 2 + 2 * (K - 1) + 1 + r
        fits = sum(1 for i in range(20) if s * i + 2 * (K - 1) < length + 2)
        assert left == right == (0 <= r < s)
        assert (fits == O) == (0 <= r < s)

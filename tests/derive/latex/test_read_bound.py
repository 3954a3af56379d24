"""Letters that equations give, where a sum or a definition binds what they move with."""

from __future__ import annotations

import pytest

from derive.claims import check


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\int_0^1 y\,dx = y", [r"y = x"]),
        (r"\sum_{i=0}^{2} k = 3k", [r"k = i"]),
        (r"\sum_{i=1}^n A = n A", [r"A = x_i"]),
        (r"\int f(y) g(z) dz = f(y) \int g(z) dz", [r"y = x - z"]),
        (r"\sum_{i=0}^{2} k = 3k", [r"2k = m", r"m = 2i"]),
    ],
)
def test_a_letter_that_moves_inside_and_not_outside_has_two_readings(claim, given):
    verdict = check(claim, given)
    assert verdict.verdict == "unreadable"
    assert "ambiguous" in verdict.message


@pytest.mark.parametrize(
    ("claim", "given", "wanted"),
    [
        (r"\int f(u) dx = \frac12 \int f(x) dx", [r"u = 2x"], "proved"),
        (r"\int f(u) dx = \int f(x) dx", [r"u = 2x"], "refuted"),
        (r"\int f(y) dx = \frac16 \int f(x) dx", [r"y = 2u", r"u = 3x"], "proved"),
        (r"\int f(y) dx = \frac15 \int f(x) dx", [r"y = 2u", r"u = 3x"], "refuted"),
        (r"\sum_{i=1}^n A = \sum_{i=1}^n x_i", [r"A = x_i"], "proved"),
        (r"\sum_{i=1}^n y = n y", [r"y = x + 1"], "proved"),
    ],
)
def test_a_letter_that_only_moves_is_put_in(claim, given, wanted):
    assert check(claim, given).verdict == wanted


@pytest.mark.parametrize(
    ("claim", "wanted"),
    [
        (r"f'(x) = 2 g'(2x)", "proved"),
        (r"f'(x) = 0", "refuted"),
        (r"f(3) = g(6)", "proved"),
        (r"f(3) = f(2)", "refuted"),
    ],
)
def test_a_letter_in_a_definition_moves_with_its_argument(claim, wanted):
    assert check(claim, [r"f(x) = g(u)", "u = 2x"]).verdict == wanted


def test_a_letter_in_a_layer_moves_with_its_index():
    given = [r"h_i = A \sum_j w_j x_{i+j}", r"A = c_i"]
    claim = r"\frac{\partial L}{\partial w_j} = \sum_i \delta_i c_i x_{i+j}"
    assert check(claim, given).verdict == "proved"
    given = [r"F(z) = f(y) g(z)", r"y = x - z"]
    assert check(r"\int F(z) dz = f(y) \int g(z) dz", given).verdict == "unknown"
    assert check(r"h_3 = h_2", [r"h_i = A", r"A = x_i"]).verdict == "unknown"


@pytest.mark.parametrize(
    ("claim", "given", "wanted"),
    [
        ("r_2 = 7", ["r_1 = 3", "r_2 = r_1 + 4"], "proved"),
        ("r_2 = 8", ["r_1 = 3", "r_2 = r_1 + 4"], "refuted"),
        ("O = 3", [r"O = \frac{H+2P-K}{S}+1", "H = 7", "K = 3", "P = 0", "S = 2"], "proved"),
        ("O = 4", [r"O = \frac{H+2P-K}{S}+1", "H = 7", "K = 3", "P = 0", "S = 2"], "refuted"),
    ],
)
def test_equations_of_sizes_are_worked_out(claim, given, wanted):
    assert check(claim, given).verdict == wanted


def test_a_size_that_is_no_whole_number_is_not_worked_out():
    given = [r"O = \frac{H-K}{S}+1", "H = 8", "K = 3", "S = 2"]
    assert check(r"O = \frac72", given).verdict == "unknown"


def test_a_letter_beside_reals_is_no_size():
    assert check("|b| = b", ["z = w x + b"]).verdict == "refuted"

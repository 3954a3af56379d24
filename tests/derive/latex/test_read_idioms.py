r"""Several signs that say one thing: indicators, an argument said twice, the length of a circle."""

from __future__ import annotations

import pytest

from derive import check
from derive.latex import Unreadable, read
from derive.text import text

INDICATORS = [
    r"\mathbb{1}[a \ge 0]", r"\mathbf{1}[a \ge 0]", r"\mathbb{1}_{a \ge 0}", r"1_{a \ge 0}",
    r"\mathbf{1}_{\{a \ge 0\}}", r"\mathbf{1}_{[a \ge 0]}", r"\mathbb{1}\{a \ge 0\}",
    r"\mathbb{1}(a \ge 0)", r"\mathbb{I}(a \ge 0)",
]  # fmt: skip


@pytest.mark.parametrize("written", INDICATORS)
def test_the_indicator_of_a_relation_is_its_bracket(written: str) -> None:
    for claim in (rf"f(a) {written} = g(a)", rf"g(a) = f(a) {written}"):
        assert "f(a) [0 ≤ a]" in text(read(claim).links[0].variants[0][1])


@pytest.mark.parametrize(
    "claim",
    [r"\mathbb{1}_A(x) f(x) = f(x)", r"\mathbf{1}_{[0,1]}(x) f(x) = f(x)",
     r"\mathbb{1}[A] f(x) = f(x)", r"\mathbb{1}_{x \ge 0}(x) f(x) = f(x)"],
)  # fmt: skip
def test_other_indicators_are_not_guessed(claim: str) -> None:
    with pytest.raises(Unreadable):
        read(claim)


def test_an_argument_may_be_said_twice() -> None:
    verdict = check(r"[f(t) \star g(t)](t) = [f(-t) * g(t)](t)")
    assert verdict.verdict == "proved"
    said = read(r"[f(t) * g(t)](t) = f(t)").links[0].variants[0][1]
    assert text(said).startswith("(f ∗ g)(t) = f(t) ")
    with pytest.raises(Unreadable, match="ambiguous"):
        read("[f(x) * g(x)](t) = [g(x) * f(x)](t)")


@pytest.mark.parametrize(
    ("claim", "label"),
    [(r"(f \circledast g)(i+N) = (f \circledast g)(i)", "Z/N"),
     (r"(f \circledast g)(i) = (g \circledast f)(i)", "Z/n"),
     (r"(f \circledast g)(n) = (g \circledast f)(n)", "Z/N"),
     (r"(f \circledast g)(i) = \sum_{k=0}^{n-1} f(k) g((i-k) \bmod n)", "Z/n")],
)  # fmt: skip
def test_the_length_of_a_circle_is_shown(claim: str, label: str) -> None:
    assert [name for name, _ in read(claim).links[0].variants] == [label]
    assert check(claim).verdict != "refuted"


def test_n_is_the_length_or_a_point() -> None:
    with pytest.raises(Unreadable, match="n is the length"):
        read(r"(f \circledast g)(i+n) = (f \circledast g)(i)")


def test_an_upright_d_before_a_letter_is_part_of_its_name() -> None:
    assert read(r"\mathrm{d}b = \sum_h \sum_w \mathrm{d}Z_{hw}").kind == "definition"
    assert check(r"\int f(x)\,\mathrm{d}x = \int f(-x)\,\mathrm{d}x").verdict == "proved"
    assert check(r"\frac{\mathrm{d}}{\mathrm{d}x} (f * g) = f' * g").verdict == "proved"
    assert check(r"\frac{\mathrm{d}f}{\mathrm{d}x} * g = f' * g").verdict == "proved"


@pytest.mark.parametrize("claim", [r"db = \sum_h \sum_w dZ_{hw}", "dW = x dz"])
def test_a_slanted_d_may_be_a_number(claim: str) -> None:
    with pytest.raises(Unreadable, match="ambiguous"):
        read(claim)


def test_rows_of_cases_may_end_with_a_comma() -> None:
    claim = r"f(n) [n \ge 0] = \begin{cases} f(n), & n \ge 0, \\ 0, & n < 0. \end{cases}"
    assert check(claim).verdict == "proved"


def test_a_short_range_may_be_written_out() -> None:
    said = read(r"y_i = x_i, \quad i = 1, 2, 3").links[0].variants[0][1]
    assert text(said) == "y_i = x_i  (given 1 ≤ i, i ≤ 3)"
    with pytest.raises(Unreadable):
        read(r"y_i = x_i, \quad i = 1, 3")

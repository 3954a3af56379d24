"""A verdict as a value: when it is true, and how it shows itself."""

from __future__ import annotations

import pytest

from derive import check, claim

TRUE = r"\sum_a f(a) = \sum_a f(2a) + \sum_a f(2a+1)"
NOT_PROVED = {
    r"\sum_a f(a) g(i+a) = \sum_a f(i+a) g(a)": "refuted",
    r"\sum_a \sum_b f(a-b) = \sum_b \sum_a f(a-b)": "unknown",
    r"\sum_a f(": "unreadable",
    r"f * g = g * f = f \star g": "refuted",
}


def test_what_is_proved_is_true() -> None:
    assert check(TRUE)
    assert claim("f * g", "g * f").verdict


@pytest.mark.parametrize(("latex", "word"), NOT_PROVED.items())
def test_nothing_else_is(latex: str, word: str) -> None:
    verdict = check(latex)
    assert verdict.verdict == word
    with pytest.raises(AssertionError):
        assert verdict
    assert repr(verdict).startswith(f"<{word}") and "\n" not in repr(verdict)


def test_a_failed_assertion_shows_the_data() -> None:
    shown = repr(check(next(iter(NOT_PROVED))))
    assert "f(0) = 1, else f = 0; g(1) = 1, else g = 0; at i = 1; the left side is 1" in shown


def test_functions_are_named_once_where_two_spaces_read_alike() -> None:
    assert check("f * g = g * f").reading == "(f ∗ g)(x) = (g ∗ f)(x)  (given 1 ≤ d)"


def test_the_hypotheses_are_those_of_all_spaces() -> None:
    assert check("f * g = g * f").json()["hypotheses"] == [
        "f, g finitely supported on Z^d",
        "d ≥ 1",
        "x ∈ Z^d",
        "f, g smooth and rapidly decreasing on R^d",
        "x ∈ R^d",
    ]


def test_a_chain_says_what_it_found_once() -> None:
    said = check(r"f * g = g * f = g \star f").explanation().splitlines()
    assert said[1].startswith("link 2 of 2 is the first that fails")
    assert said[2].startswith("link 1: proved: ")
    assert sum("counterexample: " in line for line in said) == 1

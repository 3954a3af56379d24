"""A verdict as a value: when it is true, and how it shows itself."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive import check, claim
from derive.search.linear import impossible
from derive.syntax import Num, Rel, Var, Z

n, m = Var("n", Z), Var("m", Z)

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


CONVOLVED = (r"h_i = \sum_{j=1}^{k} w_j x_{i+j-1}", r"i = 1, \dots, m")


@pytest.mark.parametrize(
    ("latex", "given"),
    [
        ("n = 5", ("n = 3", "n = 4")),
        (r"\lfloor \frac{n}{m} \rfloor = 3", ("m = 0",)),
        (r"\sum_{i=1}^{n} f(i) = 3", (r"m n \le 0", r"m \ge 1", r"n \ge 1", "1 = 2")),
        (r"\frac{\partial L}{\partial w_0} = 7", CONVOLVED),
        (r"\frac{\partial L}{\partial w_{k+1}} = \delta_1", CONVOLVED),
        (r"\frac{\partial L}{\partial w_j} = 0", (*CONVOLVED, "k = 0")),
    ],
)
def test_conditions_that_contradict_each_other_prove_nothing(
    latex: str, given: tuple[str, ...]
) -> None:
    verdict = check(latex, given=given)
    assert verdict.verdict == "unknown" and "contradict each other" in verdict.message


def test_conditions_contradict_each_other_by_their_products_too() -> None:
    one = Num(Fraction(1))
    curved = (Rel("<=", one, n), Rel("<=", one, m), Rel("<=", n * m, Num(Fraction(0))))
    assert impossible(curved) and not impossible(curved[1:])
    assert not impossible(()) and not impossible((Rel("<", n, m), Rel("=", n, n)))


@pytest.mark.parametrize(
    ("latex", "given"),
    [
        (r"f \star g = f * g", "f(-x) = f(x)"),
        ("x_3 = x_1", "x_{i+2} = x_i"),
        (r"\sum_{i=1}^{n} \max(x_i, 0) = \sum_{i=1}^{n} x_i", r"x_i \ge 0"),
        (r"\sum_{i=1}^{n} [i \le m] x_i = \sum_{i=1}^{n} x_i", r"i \le m"),
    ],
)
def test_a_condition_that_may_be_meant_for_all_letters_refutes_nothing(
    latex: str, given: str
) -> None:
    verdict = check(latex, given=given)
    assert (verdict.verdict, verdict.counterexample) == ("unknown", None)
    assert "may be meant for all" in verdict.message


def test_a_condition_on_one_entry_refutes() -> None:
    """n is a size of the claim, not any letter."""
    assert check(r"\sum_{i=1}^{n} x_i = 0", given=r"x_n \le 0").verdict == "refuted"
    assert check("f(2) = 2", given="f(1) = 1").verdict == "refuted"


@pytest.mark.parametrize("entry", ["x_n", "x(n)"])
def test_what_defines_all_entries_or_says_something_of_one(entry: str) -> None:
    any_entry = entry.replace("n", "i")
    verdict = check(rf"\sum_{{i=1}}^{{n}} {any_entry} = 0", given=f"{entry} = 0")
    assert verdict.verdict == "unreadable" and "for all n" in verdict.message
    assert check(rf"\sum_{{i=1}}^{{n}} {any_entry} = 0", given=f"{any_entry} = 0")
    filtered = r"y_n = \sum_{k=0}^{n} h_k x_{n-k}"
    assert check(filtered, given=filtered)


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


def test_the_head_of_a_chain_may_define_a_symbol() -> None:
    """As it does where it stands alone; the rest is judged."""
    sound = check(r"y[n] = \sum_k x[k] h[n-k] = \sum_k h[k] x[n-k]")
    assert [v.verdict for v in sound.links] == ["unknown", "proved"]
    assert sound.verdict == "unknown"
    assert sound.message == "definition: of y; what follows is proved"
    wrong = check(r"O = (H-K+2P)/S + 1 = \lfloor (H-K+2P)/S \rfloor + 1")
    assert [v.verdict for v in wrong.links] == ["unknown", "refuted"]
    assert wrong.message == "link 2 of 2 is the first that fails"
    longer = check(r"y[n] = \sum_k x[k] h[n-k] = \sum_k x[k] h[n+k] = \sum_k h[k] x[n-k]")
    assert longer.message.startswith("link 2 of 3 is the first that fails. The ends are equal")


def test_each_term_of_a_chain_is_read_once() -> None:
    assert check(r"\sum_{j=k}^n 1 = n-k+1 = n+1-k", "k \\le n").reading == (
        "Σ_{j=k}^n 1 = n − k + 1 = n + 1 − k  (given 0 ≤ k, 0 ≤ n, k ≤ n)"
    )


def test_in_a_notebook_a_proof_shows_itself() -> None:
    verdict = check("f * g = g * f")
    shown = verdict._repr_html_()
    assert shown is not None
    assert shown == "\n".join(t._repr_html_() for t in verdict.theorems)
    assert check(next(iter(NOT_PROVED)))._repr_html_() is None

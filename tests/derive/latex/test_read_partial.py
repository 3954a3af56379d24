"""Definitions that hold only somewhere, and several of one symbol."""

from __future__ import annotations

import pytest

from derive.claims import check


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\sum_a f(a) = 0", [r"f(a) = 0, a < 0"]),
        (r"(f*g)(x) = 0", [r"f(t) = 0 \text{ for } t < 0"]),
        (r"\int f(t)\,dt = 0", [r"f(t) = 0, t < 0"]),
        (r"\sum_i x_i y_i = 0", [r"x_i = 0 \text{ for } i < 0"]),
        (r"\sum_a h(a) = \sum_a f(a)", [r"h(a) = f(a), \quad a \ge 0"]),
        (r"h(-1) = f(-1)", [r"h(a) = f(a), \quad a \ge 0"]),
        (r"y_0 = 1", [r"y_i = 1, \; i \ge 1"]),
        (r"\sum_{i=0}^{n} y_i = n+1", [r"y_i = 1", r"i \ge 1"]),
        (r"\sum_a h_a = \sum_a f_a", [r"h_a = f_a", r"a \ne 3"]),
        (r"\sum_a h_a = \sum_a f_a", [r"h_a = f_a", r"n \mid a"]),
        (r"\sum_a h_a = \sum_a f_a", [r"h_a = f_a", r"0 \le a \le 5"]),
        (r"\sum_j y_j = \sum_j x_j", [r"y_j = x_j", r"j = k"]),
        (r"\sum_n a_n = \sum_n b_n", [r"a_n = b_n", r"n \in \mathbb{N}"]),
        (r"h_7 = f_7", [r"h_a = f_a", r"0 \le a \le 5"]),
        (r"h_{-a} = f_{-a}", [r"h_a = f_a", r"a > 0"]),
        (r"\int_{-1}^1 h(x)\,dx = 0", [r"h(x) = x", r"x > 0"]),
        (r"h'(0) = g'(0)", [r"h(x) = g(x)", r"x = 0"]),
        (r"\sum_{i=0}^{n} x_i = 0", [r"x_i = 0", r"i = 1, \dots, n"]),
        (r"\sum_{i=0}^n x_i = \sum_{i=1}^n y_i", [r"x_i = y_i", r"i = 1, \dots, n"]),
        (r"y = x", [r"y_i = x_i, i \ge 0"]),
    ],
)
def test_what_holds_only_somewhere_proves_nothing_elsewhere(claim, given):
    verdict = check(claim, given)
    assert verdict.verdict == "unknown"
    assert "holds only where" in verdict.message


def test_the_message_says_where_it_holds():
    verdict = check(r"\sum_a h(a) = \sum_a f(a)", [r"h(a) = f(a), a \ge 0"])
    assert verdict.message == (
        "not decided: proved if what is given for h holds everywhere, "
        "refuted if it holds only where 0 ≤ a"
    )


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        (r"\sum_{i=1}^{n} y_i = n", [r"y_i = 1, \; i \ge 1"]),
        (r"h(2) = f(2)", [r"h(a) = f(a), \quad a \ge 0"]),
        (r"h_{a+1} = f_{a+1}", [r"h_a = f_a", r"a > 0"]),
        (r"\sum_a f(a) g(a) = f(0) g(0)", [r"f(a) = 0, a \ne 0"]),
        (r"(f * g)(n) = \sum_{a=0}^{n} f(a) g(n-a)", [r"f(a) = 0, a < 0", r"g(a) = 0, a < 0"]),
    ],
)
def test_it_is_used_where_it_holds(claim, given):
    assert check(claim, given).verdict == "proved"


def test_a_claim_that_fails_where_a_definition_holds_is_refuted():
    assert check(r"\sum_a f(a) = 1", [r"f(a) = 0, a < 0"]).verdict == "refuted"


def test_a_function_given_on_the_integers_has_no_integral():
    verdict = check(r"\int h(x) dx = \int g(x) dx", [r"h(n) = g(n), n \in \mathbb{Z}"])
    assert verdict.verdict == "unreadable"


PIECES = [r"h(a) = f(a), a \ge 0", r"h(a) = g(a), a < 0"]


def test_two_definitions_hold_each_where_its_condition_does():
    assert check(r"h(1) = f(1)", PIECES).verdict == "proved"
    assert check(r"h(-1) = g(-1)", PIECES).verdict == "proved"
    assert check(r"h(1) = g(1)", PIECES).verdict == "refuted"
    whole = r"\sum_a h(a) = \sum_a [a \ge 0] f(a) + \sum_a [a < 0] g(a)"
    assert check(whole, PIECES).verdict == "proved"


def test_data_do_not_refute_where_two_definitions_may_meet():
    given = [r"h(a) = f(a), a \ge 0", r"h(a) = g(a), a \le 5"]
    assert check(r"f(1) = g(1)", given).verdict == "unknown"


def test_two_definitions_without_conditions_are_not_chosen_from():
    given = [r"h(x) = f(x)", r"h(x) = g(x)"]
    assert check(r"f(x) = g(x)", given).verdict == "unknown"
    verdict = check(r"h(x) = g(x)", given)
    assert verdict.verdict == "unreadable" and "defined more than once" in verdict.message
    assert check(r"f(x) = g(x)", [r"h(x) = f(x) = g(x)"]).verdict == "unknown"


def test_a_range_that_two_layers_share_may_be_that_of_the_last():
    given = [r"h_i = \sum_j u_j x_{i+j}", r"y_i = \sum_l v_l h_{i+l}", r"i = 0, \dots, n-1"]
    claim = r"\frac{\partial L}{\partial u_j} = \sum_i \sum_l \delta_i v_l x_{i+j+l}"
    verdict = check(claim, given)
    assert verdict.verdict == "unknown" and "last layer alone" in verdict.message


def test_each_layer_has_the_range_on_its_own_line():
    given = [r"h_i = \sum_j u_j x_{i+j}, i = 0, \dots, n-1",
             r"y_i = \sum_l v_l h_{i+l}, i = 0, \dots, m-1"]  # fmt: skip
    claim = (r"\frac{\partial L}{\partial u_j} = \sum_{k=0}^{m-1} \sum_l \delta_k v_l"
             r" [0 \le k+l] [k+l < n] x_{k+l+j}")  # fmt: skip
    assert check(claim, given).verdict == "proved"


def test_what_feeds_a_layer_is_not_used_where_nothing_gives_it():
    given = [r"h_i = \sum_j u_j x_{i+j}, i \ge 0",
             r"y_k = \sum_l v_l h_{k+l}, k = 0, \dots, n-1"]  # fmt: skip
    claim = r"\frac{\partial L}{\partial u_j} = \sum_k \sum_l \delta_k v_l x_{k+j+l}"
    assert check(claim, given).verdict == "unknown"


def test_a_bracket_in_a_definition_guards_its_quotient():
    u = r"u(n) = [2 \mid n] x(n/2)"
    assert check(r"\sum_n u(n) g(n) = \sum_m x(m) g(2m)", [u]).verdict == "proved"
    assert check(r"\sum_n u(n) g(n) = \sum_m x(m) g(m)", [u]).verdict == "refuted"
    h = r"h(a) = \begin{cases} f(a/2) & 2 \mid a \\ 0 & \text{otherwise} \end{cases}"
    assert check(r"\sum_a h(a) g(a) = \sum_a f(a) g(2a)", [h]).verdict == "proved"


def test_an_index_that_the_reader_chose_is_no_size():
    assert check(r"y = x", [r"y_i = [i \ge 0] x_i"]).verdict == "refuted"

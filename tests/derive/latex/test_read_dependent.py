"""What an equation gives is put in where something is differentiated, or nothing is judged."""

from __future__ import annotations

import pytest

from derive.claims import check

# false claims that were proved when u counted as a constant, and what is true
GIVEN = [
    (r"\frac{d}{dx} f(u) = 0", [r"u = 2x"], r"\frac{d}{dx} f(u) = 2 f'(u)"),
    (r"\frac{d}{dx} f(u) = 0", [r"2x = u"], r"\frac{d}{dx} f(u) = 2 f'(2x)"),
    (r"\frac{d}{dx} f(u) = 0", ["u = 2v", "v = 2x"], r"\frac{d}{dx} f(u) = 4 f'(u)"),
    (r"\frac{d}{dx} (a x) = a", [r"a = x^2"], r"\frac{d}{dx} (a x) = 3 a"),
    (r"\frac{d}{dx} \int_0^a f(t) dt = 0", ["a = x"], r"\frac{d}{dx} \int_0^a f(t) dt = f(a)"),
    (r"\frac{d}{dw} u^2 = 0", ["u = w x + b"], r"\frac{d}{dw} u^2 = 2 u x"),
    (r"\frac{d}{dx} A = 0", [r"A = \int_0^x f(t) dt"], r"\frac{d}{dx} A = f(x)"),
    (r"\frac{du}{dx} = 2 x", [r"u = 2x"], r"\frac{du}{dx} = 2"),
    (r"\frac{\partial}{\partial x_j} s = 0", [r"s = \sum_i x_i^2"],
     r"\frac{\partial}{\partial x_j} s = 2 x_j"),
    (r"\frac{\partial \sigma(z)}{\partial b} = 0", [r"z = \sum_j w_j x_j + b"],
     r"\frac{\partial \sigma(z)}{\partial b} = \sigma'(z)"),
    (r"\frac{\partial y_3}{\partial x_3} = 0", ["y_3 = 2 x_3"],
     r"\frac{\partial y_3}{\partial x_3} = 2"),
    (r"\frac{\partial y_{2i}}{\partial x_i} = 0", ["y_{2i} = 3 x_i"],
     r"\frac{\partial y_{2i}}{\partial x_i} = 3"),
    (r"\frac{\partial h_t}{\partial h_{t-1}} = 0", ["h_t = w h_{t-1} + u x_t"],
     r"\frac{\partial h_t}{\partial h_{t-1}} = w"),
    (r"\frac{\partial h_1}{\partial x_1} = \frac{\partial h_1}{\partial x_2}",
     ["h_1 = x_1 + 2 x_2"], r"\frac{\partial h_1}{\partial x_2} = 2"),
    (r"\frac{\partial O_{1,1}}{\partial F_{1,1}} = F_{1,1}",
     ["O_{1,1} = X_{1,1} F_{1,1} + X_{1,2} F_{1,2}"],
     r"\frac{\partial O_{1,1}}{\partial F_{1,1}} = X_{1,1}"),
]  # fmt: skip


@pytest.mark.parametrize(("false", "given", "true"), GIVEN, ids=[c for c, _, _ in GIVEN])
def test_put_in(false: str, given: list[str], true: str) -> None:
    assert check(false, given, near=False).verdict == "refuted"
    assert check(true, given, near=False).verdict == "proved"


TWO_READINGS = [
    (r"\frac{\partial}{\partial w_1} \sum_{j=1}^2 w_j^2 = 2 w_1", ["w_2 = 3 w_1"]),
    (r"\frac{\partial L}{\partial w_1} = \sum_i \delta_i x_{i+1}",
     [r"y_i = \sum_j w_j x_{i+j}", "w_1 = w_2"]),
    (r"\frac{d}{dx} f(u) = 0", ["x + u = 1"]),
    (r"\frac{d}{dx} f(u) = 0", ["v = 2x", "2v = u + v"]),
    (r"\frac{\partial h_{t+1}}{\partial h_{t-1}} = 0", ["h_t = w h_{t-1}"]),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "given"), TWO_READINGS, ids=[c for c, _ in TWO_READINGS])
def test_what_holds_near_here(claim: str, given: list[str]) -> None:
    found = check(claim, given, near=False)
    assert found.verdict == "unreadable"
    assert "ambiguous" in found.message


def test_at_one_point() -> None:
    r"""x = 3 says where, and nothing of what moves with x."""
    assert check(r"\frac{d}{dx} (n x^2) = 6 n", ["x = 3"]).verdict == "proved"


def test_how_one_tensor_depends_on_another() -> None:
    for value in "01":
        found = check(rf"\frac{{\partial y_i}}{{\partial x_j}} = {value}", near=False)
        assert found.verdict in ("unknown", "unreadable")
        assert "how y depends on x" in found.message
    assert check(r"\frac{\partial x_i}{\partial x_j} = [i = j]").verdict == "proved"


def test_names_that_stand_for_longer_and_longer() -> None:
    given = [f"a_{{{k}}} = a_{{{k + 1}}} a_{{{k + 1}}}" for k in range(1, 30)]
    found = check(r"\frac{d}{dx} (x a_1) = a_1", given, near=False)
    assert found.verdict in ("proved", "unreadable")


LOSS, SQUARES = "L = (z-t)^2", r"L = \frac12 \sum_i (y_i - t_i)^2"
MEAN = r"\mu = \frac{1}{n} \sum_{i=1}^n x_i"
NUMBERS = [
    (r"\frac{\partial L}{\partial w}", "2(z-t) x", "(z-t) x", [LOSS, "z = w x + b"]),
    (r"\frac{\partial L}{\partial b}", "2(z-t)", "2z", [LOSS, "z = w x + b"]),
    (r"\frac{\partial \mu}{\partial x_j}", r"\frac1n", "0", [MEAN, r"j = 1, \dots, n"]),
    (r"\frac{\partial z}{\partial b}", "1", "0", ["z = w_1 x_1 + b"]),
    (r"\frac{\partial L}{\partial y_j}", "y_j - t_j", "y_j + t_j", [SQUARES]),
    (r"\frac{\partial L}{\partial w_j}", r"\sum_i (y_i - t_i) x_{i+j}", r"\sum_i y_i x_{i+j}",
     [SQUARES, r"y_i = \sum_j w_j x_{i+j}"]),
]  # fmt: skip


@pytest.mark.parametrize(("left", "true", "false", "given"), NUMBERS, ids=[c[0] for c in NUMBERS])
def test_a_loss_that_is_given_is_a_number(
    left: str, true: str, false: str, given: list[str]
) -> None:
    assert check(f"{left} = {true}", given, near=False).verdict == "proved"
    assert check(f"{left} = {false}", given, near=False).verdict == "refuted"


def test_what_holds_for_any_loss_holds_for_one_that_is_given() -> None:
    given = [SQUARES, r"y_i = \sum_j w_j x_{i+j}"]
    claim = r"\frac{\partial L}{\partial w_j} = \sum_i \delta_i x_{i+j}"
    assert check(claim, given).verdict == "proved"
    assert check(r"\delta_3 = y_3 - t_3", given, near=False).verdict == "unknown"

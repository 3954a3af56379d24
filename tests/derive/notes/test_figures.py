"""The five figures: their numbers against brute force, their structure, their errors."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from derive.notes.catalogue import UnknownLanguage
from derive.notes.figures import (
    KERNELS,
    backpropagation,
    channels,
    filters,
    sliding,
    sliding_animation,
    window,
)
from derive.notes.figures.image import enlarged, synthetic
from derive.notes.figures.labels import width
from derive.notes.figures.scene import Animation, Image, Mark, Path, Rect, Scene, Text
from derive.notes.figures.words import WORDS
from minigrad.nn.functional import conv2d


def said(marks: tuple[Mark, ...]) -> list[str]:
    """Every label as plain text, x_{1} as x1."""
    return ["".join(r.text + r.sub for r in m.label) for m in marks if isinstance(m, Text)]


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_the_window_gives_the_lecture_s_numbers() -> None:
    shown = said(window().marks)
    assert "0·0 + 1·1 + 3·2 + 4·3 = 19" in shown
    assert [s.split("= ")[1] for s in shown if "= " in s] == ["19", "25", "37", "43"]
    filled = [[s for s in shown if s == n] for n in ("19", "25", "37", "43")]
    assert [len(f) for f in filled] == [4, 3, 2, 1]  # each stays from its own picture on


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2), (3, 2)])
def test_the_window_against_brute_force(stride: int, dilation: int) -> None:
    x, k = rng().integers(-9, 10, (6, 7)), rng().integers(-9, 10, (2, 3))
    rows, columns = (n - dilation * (m - 1) - 1 for n, m in zip(x.shape, k.shape, strict=True))
    expected = []
    for i in range(0, rows + 1, stride):
        for j in range(0, columns + 1, stride):
            part = x[i : i + dilation + 1 : dilation, j : j + 2 * dilation + 1 : dilation]
            expected.append(int((part * k).sum()))
    picture = window(x, k, stride=stride, dilation=dilation)
    assert picture.description.endswith(
        " output " + ", ".join(str(v).replace("-", "−") for v in expected) + "."
    )
    lit = [m for m in picture.marks if isinstance(m, Rect) and m.fill == "highlight"]
    assert len(lit) == len(expected) * (k.size + 1)  # the window's cells and the output's


def test_decimals_are_exact() -> None:
    assert window([[0.1, 0.2]], [[1, 1]]).description.endswith(" 0.3.")
    assert window([[Fraction(1, 3)]], [[Fraction(1, 3)]]).description.endswith(" 1/9.")


def test_chosen_positions() -> None:
    x = np.arange(28 * 28).reshape(28, 28)
    with pytest.raises(ValueError, match="676 pictures; choose at most 36"):
        window(x, np.ones((3, 3)))
    small = window(np.arange(25).reshape(5, 5), np.ones((2, 2)), positions=[(3, 3)])
    assert len([s for s in said(small.marks) if s == "output"]) == 1
    with pytest.raises(ValueError, match=r"\[\(4, 0\)\] of the 4×4 output"):
        window(np.arange(25).reshape(5, 5), np.ones((2, 2)), positions=[(4, 0)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: window([], [[1]]), "input: is empty"),
        (lambda: window([[1, 2], [3]], [[1]]), r"one length, got \[1, 2\]"),
        (lambda: window([[1]], [[1, 2]]), "kernel 1×2 with dilation 1 does not fit into input 1×1"),
        (lambda: window([[1]], [[1]], stride=0), "stride: expected at least 1, got 0"),
        (lambda: window([["a"]], [[1]]), "input: expected a finite real number"),
        (lambda: window([[math.nan]], [[1]]), "expected a finite real number, got nan"),
        (lambda: window([1, 2], [[1]]), "input: expected rows of numbers"),
        (lambda: backpropagation(0, 3), "n: expected at least 1"),
        (lambda: backpropagation(3, 99), "k = 99"),
        (lambda: backpropagation(True, 3), "n: expected an integer"),
        (lambda: sliding([], [1]), "f: is zero everywhere"),
        (lambda: sliding([1], [0]), "g: is zero everywhere"),
        (lambda: sliding([1], {0.5: 1}), "g: an index must be an integer, got 0.5"),
        (lambda: sliding([1], [1], []), "positions: expected integers"),
        (lambda: sliding([1], math.sin), "f: f and g must both be functions"),
        (lambda: sliding({0: 1, 99: 1}, [1]), "f: wider than 40 places"),
        (lambda: sliding(math.sin, math.sin, supports=((1, 0), (0, 1))), "support of f"),
        (lambda: sliding(lambda z: math.inf, math.sin), r"f\(.*\) is inf"),
        (lambda: channels(3, 2, kernel_channels=4), "kernels of 4 channels do not fit an input"),
        (lambda: channels(0, 2), "input_channels: expected at least 1"),
        (lambda: channels(64, 2), "give a symbol"),
        (lambda: channels(3, 2, height=2, kernel_height=3), "3 does not fit into height 2"),
        (lambda: channels(3, " "), "kernels: is empty"),
        (lambda: channels(3, 1.5), "kernels: expected an integer or a symbol"),
        (lambda: filters([[0.5]], conv2d=conv2d), "'identity': 3×3 does not fit into 1×1"),
        (lambda: filters([[2.0]], conv2d=conv2d), r"values from 0 to 1, got 2\.\.2"),
        (lambda: filters([[0.5]], {}, conv2d=conv2d), "kernels: none given"),
        (lambda: filters([[0.5]], {"a": [[1]]}, conv2d=lambda x, w: 1), "shape"),
        (lambda: filters([[0.5]], {"a": [[1]]}, conv2d=lambda x, w: [[[[1, 2]]]]), "1×1 values"),
        (lambda: synthetic(3), "size: expected an integer from 8 to 512"),
        (lambda: enlarged([[1]], 0), "times: expected at least 1"),
    ],
)
def test_errors_are_clear(call: object, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        call()  # type: ignore[operator]


def test_the_network_of_the_lecture() -> None:
    picture = backpropagation(3, 3)
    shown = said(picture.marks)
    assert "δ1 x1 + δ2 x2 + δ3 x3" in shown  # the lecture's formula
    assert "δ1 w3 + δ2 w2 + δ3 w1" in shown
    assert "∂ℒ/∂x1 = δ1 w1" in shown
    headings = [s for s in shown if s in ("forward", "cotangents arrive")]
    assert len(headings) == 2 and sum(s == "h1" for s in shown) == 10  # ten pictures


@pytest.mark.parametrize(("n", "k"), [(3, 3), (1, 1), (2, 4), (5, 2)])
def test_gradients_against_the_jacobian(n: int, k: int) -> None:
    """Every term that is written stands in the sum that brute force finds, and no other."""
    text = " | ".join(said(backpropagation(n, k).marks))
    edges = [(j + i, j, i) for j in range(n) for i in range(k)]  # x_m to h_j by w_i, from 0
    for m, j, i in edges:
        assert f"δ{j + 1} x{m + 1}" in text and f"δ{j + 1} w{i + 1}" in text
    assert text.count("δ1 x") == k and text.count("δ1 w") == k
    strong = [m for m in backpropagation(n, k).marks if isinstance(m, Path) and m.line == 1.8]
    assert len(strong) == 3 * len(edges)  # once forward, once by weight, once by input
    for i in range(k):
        colour = f"share{i % 6 + 1}"
        expected = 3 * sum(e[2] % 6 == i % 6 for e in edges)
        assert sum(m.stroke == colour for m in strong) == expected


@pytest.mark.parametrize("reflect", [True, False])
def test_sliding_sequences_against_numpy(reflect: bool) -> None:
    f, g = rng().integers(1, 9, 5), rng().integers(1, 9, 3)
    expected = np.convolve(f, g) if reflect else np.correlate(f, g, "full")
    picture = sliding(f, g, reflect=reflect)
    assert picture.description.endswith(f"{', '.join(map(str, expected))}.")
    moving = sliding_animation(f, g, reflect=reflect)
    assert len(moving.frames) == len(expected)
    for frame, value in zip(moving.frames, expected, strict=True):
        assert any(s.endswith(f"= {value}") for s in said(frame))


def test_signal_blue_kernel_red_result_black() -> None:
    bars = [m for m in sliding([1, 2], [3, 4, 5]).marks if isinstance(m, Rect)]
    count = {c: sum(b.fill == c for b in bars) for c in ("signal", "kernel", "result")}
    assert count == {"signal": 4 * 2, "kernel": 4 * 3, "result": 1 + 2 + 3 + 4}


def test_curves_against_the_exact_integral() -> None:
    def box(z: float) -> float:
        return 1.0

    picture = sliding(box, box, [-0.5, 0.0, 1.0], supports=((-1, 1), (-1, 1)))
    values = [s.split("≈ ")[1] for s in said(picture.marks) if "≈" in s]
    assert values == ["1.500", "2.000", "1.000"]  # 2 - |x|
    one_sided = sliding(math.exp, lambda z: 1.0, [0.5], reflect=False, supports=((0, 1), (0, 1)))
    value = float(said(one_sided.marks)[-1].split("≈ ")[1])
    assert value == pytest.approx(math.e - math.exp(0.5), abs=1e-3)


def test_channels() -> None:
    shown = said(channels(3, 4, height=28, width=28, kernel_height=3, kernel_width=3).marks)
    assert "3 × 28 × 28" in shown and "4 × 26 × 26" in shown
    assert shown.count("3 × 3 × 3") == 4
    planes = [m for m in channels(2, 3).marks if isinstance(m, Rect) and m.fill != "paper"]
    assert len(planes) == 2 + 3 * 2 + 3 + 3  # input, kernels, their results, the output
    assert "OC × (H − KH + 1) × (W − KW + 1)" in said(channels("C", "O_C").marks)
    assert "2 × (28 − 2) × (28 − 2)" in said(
        channels(1, 2, height="28", width="28", kernel_height=3, kernel_width=3).marks
    )


def test_filters_against_brute_force() -> None:
    image = np.array(synthetic(12))
    picture = filters(image, conv2d=conv2d, absolute=())
    drawn = [m for m in picture.marks if isinstance(m, Image)]
    assert len(drawn) == 1 + len(KERNELS)
    for shown, rows in zip(drawn[1:], KERNELS.values(), strict=True):
        kernel = np.array([[float(v) for v in row] for row in rows])
        for i in range(10):
            for j in range(10):
                value = (image[i : i + 3, j : j + 3] * kernel).sum()
                assert abs(shown.pixels[i][j] - 255 * min(1, max(0, value))) <= 0.51


def test_a_kernel_of_the_user_s_own() -> None:
    picture = filters(synthetic(8), {"mine": [[1, 0]]}, conv2d=conv2d, absolute={"mine"})
    assert "mine" in said(picture.marks) and "8×7, |value|, white: 1" in said(picture.marks)
    assert "8×8 pixels" in picture.description


def pictures() -> list[Scene | Animation]:
    def decay(z: float) -> float:
        return math.exp(-z) - 0.5

    return [
        window(), window([[0.125, -30], [4, 1000]], [[-1, 0.5]], language="ko"),
        backpropagation(), backpropagation(6, 5), backpropagation(1, 1),
        sliding({-3: -2, 1: 5}, [1, -1, Fraction(1, 3)]), sliding([1], [1], reflect=False),
        sliding_animation(), sliding_animation(decay, decay, supports=((0, 2), (0, 1)), frames=4),
        channels(), channels("C_{in}", "C_{out}"), channels(6, 6), channels(1, 1),
        filters(synthetic(16), conv2d=conv2d), filters(synthetic(9)[:4], conv2d=conv2d),
    ]  # fmt: skip


def test_nothing_is_cut_off() -> None:
    for picture in pictures():
        scenes = [picture]
        if isinstance(picture, Animation):
            size = picture.ground.width, picture.ground.height
            scenes = [picture.ground, picture.still, *(Scene(*size, f) for f in picture.frames)]
        for scene in scenes:
            for m in scene.marks:
                if isinstance(m, Text):
                    wide = width(m.label, m.size)
                    left = m.x - {"start": 0, "middle": wide / 2, "end": wide}[m.anchor]
                    assert left >= -4 and left + wide <= scene.width + 4, (scene.title, m)
                    assert 0 <= m.y - m.size / 2 and m.y + m.size / 2 <= scene.height + 4, m
                elif isinstance(m, Path):
                    assert all(-4 <= x <= scene.width + 4 for x, _ in m.points)
                    assert all(-4 <= y <= scene.height + 4 for _, y in m.points)


def test_each_language_has_every_word() -> None:
    assert all(table.keys() == WORDS["en"].keys() for table in WORDS.values())
    with pytest.raises(UnknownLanguage, match="'xx'; there are: en, ko"):
        window(language="xx")

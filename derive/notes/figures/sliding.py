"""L8: signal, kernel and result while the kernel slides; still, and moving.

Blue signal, red kernel, black result.  Called with sequences (bars) or functions (curves).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from derive.notes.figures import curves
from derive.notes.figures.labels import Label, factor, lines, math, number, width, words
from derive.notes.figures.plot import Plot, bars
from derive.notes.figures.scene import Animation, Mark, Rect, Scene, Text, panels
from derive.notes.figures.sequences import Values, result, sequence, slid
from derive.notes.figures.words import word

F = (2, 3, 1, 2)
G = (1, 2, 3)
MOST = 24
_WIDE, _ROOM, _GAP = 330.0, 96.0, 34.0


def sliding(
    f: Any = F,
    g: Any = G,
    positions: Sequence[Any] | None = None,
    *,
    reflect: bool = True,
    supports: tuple[tuple[float, float], tuple[float, float]] = ((-1, 1), (-1, 1)),
    columns: int = 2,
    language: str = "en",
) -> Scene:
    """Several positions in one picture: f, the kernel at that position, and the result up to it.

    f and g: lists from 0, dicts from integers, or both functions of a real variable, zero outside
    `supports`.  The result is the convolution Σ_a f(a) g(i - a), or, unless `reflect`, the
    cross-correlation Σ_a f(a) g(a - i) with the kernel as it is.

    >>> sliding([1, 2], [1, 1]).description
    'The signal in blue, the kernel in red, the result in black. Results: 1, 3, 2.'
    """
    if callable(f) or callable(g):
        return curves.still(f, g, supports, positions, reflect, columns, language)
    u, v = sequence(f, "f"), sequence(g, "g")
    values = result(u, v, reflect)
    at = _positions(values, positions)
    scenes = [_panel(u, v, values, i, reflect, language) for i in at]
    return panels(scenes, columns, 40, *_said(values, language), rules=True)


def sliding_animation(
    f: Any = F,
    g: Any = G,
    *,
    reflect: bool = True,
    supports: tuple[tuple[float, float], tuple[float, float]] = ((-1, 1), (-1, 1)),
    seconds: float | None = None,
    frames: int = 60,
    language: str = "en",
) -> Animation:
    """The same, moving: one position after another, for `seconds` in all; still on paper.

    `frames`: how many positions of a curve are drawn; a sequence has one for each place.

    >>> len(sliding_animation([1, 2], [1, 1]).frames)
    3
    """
    if callable(f) or callable(g):
        return curves.moving(f, g, supports, reflect, seconds or 6.0, frames, language)
    u, v = sequence(f, "f"), sequence(g, "g")
    values = result(u, v, reflect)
    at = range(min(values), max(values) + 1)
    scenes = [_panel(u, v, values, i, reflect, language) for i in at]
    size = max(s.width for s in scenes), max(s.height for s in scenes)
    under = next(k for k, m in enumerate(scenes[0].marks) if isinstance(m, Rect))  # the first bar
    still_marks = [m for m in scenes[0].marks[:under] if all(m in s.marks for s in scenes)]
    common = tuple(still_marks)
    moving = tuple(tuple(m for m in s.marks if m not in common) for s in scenes)
    title, more = _said(values, language)
    each = (seconds or 1.2 * len(at)) / len(at)
    still = sliding(f, g, _spread(at), reflect=reflect, language=language)
    return Animation(Scene(*size, common, title, more), moving, each, still)


def _said(values: Values, language: str) -> tuple[str, str]:
    shown = ", ".join(number(x) for x in values.values())
    more = word("sliding.more", language, word("sliding.sums", language, shown))
    return word("sliding", language), more


def _positions(values: Values, positions: Sequence[Any] | None) -> list[int]:
    every = range(min(values), max(values) + 1)
    if positions is None:
        return list(every) if len(every) <= 8 else _spread(every)
    chosen = list(positions)
    if not chosen or any(isinstance(i, bool) or not isinstance(i, int) for i in chosen):
        raise ValueError(f"positions: expected integers, got {chosen!r:.60}")
    if len(chosen) > MOST:
        raise ValueError(f"{len(chosen)} pictures; choose at most {MOST} positions")
    return chosen


def _spread(at: range) -> list[int]:
    """At most six of them, the first and the last among them."""
    count = min(6, len(at))
    return sorted({at[round(k * (len(at) - 1) / max(1, count - 1))] for k in range(count)})


def _panel(u: Values, v: Values, values: Values, i: int, reflect: bool, language: str) -> Scene:
    """Above f and the kernel in its place, below the result as far as it has come."""
    kernel = slid(v, i, reflect)
    reach = [*u, *values, *(min(slid(v, j, reflect)) for j in (min(values), max(values))),
             *(max(slid(v, j, reflect)) for j in (min(values), max(values)))]  # fmt: skip
    span = min([*reach, i]) - 0.7, max([*reach, i]) + 0.7
    upper = Plot(0, 24, _WIDE, _ROOM, span, _range([*u.values(), *v.values()]))
    lower = Plot(0, 24 + _ROOM + _GAP, _WIDE, _ROOM - 14, span, _range(values.values()))
    marks: list[Mark] = [*_legend("(i-a)" if reflect else "(a-i)", i, language)]
    marks += [*upper.axis(), *lower.axis()]
    places = [a for a in u if a in kernel]
    half = upper.across(0.5) - upper.across(0)
    for a in places:
        x = upper.across(a)
        marks.append(Rect(x - half, upper.y, 2 * half, _ROOM, "highlight", None, 0, 0.22))
    marks += bars(upper, u, "signal", -0.17)
    marks += bars(upper, kernel, "kernel", 0.17)
    past = {a: x for a, x in values.items() if a <= i}
    x = lower.across(i)
    marks.append(Rect(x - half, lower.y, 2 * half, lower.h, "highlight", None, 0, 0.22))
    marks += bars(lower, past, "result", 0.0)
    y = lower.y + lower.h + 36
    for n, row in enumerate(_sum(u, kernel, values, places, i, reflect)):
        marks.append(Text(4 + 14 * (n > 0), y + 20 * n, row, 14, "start"))
        last = y + 20 * n
    return Scene(_WIDE, last + 10, tuple(marks))


def _range(values: Any) -> tuple[float, float]:
    shown = [float(x) for x in values]
    lo, hi = min(0.0, *shown), max(0.0, *shown)
    return lo, hi if hi > lo else lo + 1.0


def _legend(argument: str, i: int, language: str) -> list[Mark]:
    inner = argument.replace("i", str(i)).replace("--", "+")
    kernel = math("g" + inner.replace("(0-a)", "(-a)").replace("-0)", ")"), "kernel")
    name = word("reflected" if argument == "(i-a)" else "shifted", language)
    first = (*words(word("signal", language) + " ", "signal"), *math("f(a)", "signal"))
    second = (*words(name + " ", "kernel"), *kernel)
    return [
        Text(4, 8, first, 13, "start"),
        Text(width(first, 13) + 30, 8, second, 13, "start"),
    ]


def _sum(
    u: Values, kernel: Values, values: Values, places: list[int], i: int, reflect: bool
) -> list[Label]:
    """(f∗g)(2) = 1·3 + 2·1 = 5"""
    head = math(f"(f{'∗' if reflect else '⋆'}g)({i}) = ", "result")
    total = math(number(values.get(i, Fraction(0))), "result")
    products = [
        (*factor(u[a], "signal"), *math("·"), *factor(kernel[a], "kernel")) for a in sorted(places)
    ]
    if not products:
        return [(*head, *total)]
    products[0] = (*head, *products[0])
    written = lines(products, " + ", _WIDE - 60, 14)
    return [*written[:-1], (*written[-1], *math(" = "), *total)]

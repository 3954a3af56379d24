"""The continuous part of L8: f and a sliding g as curves, the integral under their product.

May: approximate an integral by a sum, and say with what step.  Called by `sliding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derive.notes.figures.labels import math, width, words
from derive.notes.figures.plot import Plot
from derive.notes.figures.scene import Animation, Mark, Path, Scene, Text, panels
from derive.notes.figures.sequences import Sampled, integral, sampled
from derive.notes.figures.words import word

_WIDE, _ROOM, _GAP, _POINTS = 330.0, 110.0, 34.0, 110
Supports = tuple[tuple[float, float], tuple[float, float]]


class _Slide:
    """Two functions, where their result can be non-zero, and the result at `_POINTS` places."""

    def __init__(self, f: Any, g: Any, supports: Supports, reflect: bool, language: str) -> None:
        self.f, self.g = sampled(f, supports[0], "f"), sampled(g, supports[1], "g")
        self.reflect, self.language = reflect, language
        ends = (self.g.lo, self.g.hi) if reflect else (-self.g.hi, -self.g.lo)
        self.lo, self.hi = self.f.lo + ends[0], self.f.hi + ends[1]
        self.step = (self.hi - self.lo) / 400
        self.span = self._span()
        self.points = [
            (x, integral(self.f, self.g, x, self.step, reflect)) for x in _places(*self.span)
        ]
        shown = [v for fn in (self.f, self.g) for _, v in _drawn(fn, fn.lo, fn.hi)]
        upper, lower = _range(shown), _range([v for _, v in self.points])
        self.upper = Plot(0, 24, _WIDE, _ROOM, self.span, upper)
        self.lower = Plot(0, 24 + _ROOM + _GAP, _WIDE, _ROOM - 14, self.span, lower)

    def _span(self) -> tuple[float, float]:
        length = self.g.hi - self.g.lo
        low = min(self.lo, self.f.lo, self.f.lo - length)
        high = max(self.hi, self.f.hi, self.f.hi + length)
        return low - 0.03 * (high - low), high + 0.03 * (high - low)

    def ground(self) -> list[Mark]:
        """What does not move."""
        ticks = _ticks(*self.span)
        argument = "(x-z)" if self.reflect else "(z-x)"
        name = word("reflected" if self.reflect else "shifted", self.language)
        first = (*words(word("signal", self.language) + " ", "signal"), *math("f(z)", "signal"))
        second = (*words(name + " ", "kernel"), *math(f"g{argument}", "kernel"))
        return [
            Text(4, 8, first, 13, "start"),
            Text(width(first, 13) + 30, 8, second, 13, "start"),
            *self.upper.axis(ticks),
            *self.lower.axis(ticks),
            self.upper.curve(_drawn(self.f, *self.span), "signal"),
        ]

    def at(self, x: float) -> list[Mark]:
        """The kernel at x, the product's area, and the result up to x."""

        def kernel(z: float) -> float:
            return self.g(x - z if self.reflect else z - x)

        ends = (x - self.g.hi, x - self.g.lo) if self.reflect else (x + self.g.lo, x + self.g.hi)
        moved = Sampled(kernel, *ends, "g")
        marks: list[Mark] = []
        lo, hi = max(self.f.lo, ends[0]), min(self.f.hi, ends[1])
        if lo < hi:
            places = [lo + (hi - lo) * k / 40 for k in range(41)]
            product = [(z, self.f(z) * kernel(z)) for z in places]
            marks.append(self.upper.area(product, "highlight", 0.55))
        if shown := _drawn(moved, *self.span):
            marks.append(self.upper.curve(shown, "kernel"))
        value = integral(self.f, self.g, x, self.step, self.reflect)
        past = [*((p, v) for p, v in self.points if p < x), (x, value)]
        if len(past) > 1:
            marks.append(self.lower.curve(past, "result", 2.2))
        here = self.lower.across(x)
        for plot in (self.upper, self.lower):
            line = ((here, plot.y + 8), (here, plot.y + plot.h))
            marks.append(Path(line, "soft", 0.9, dashed=True))
        sign = "∗" if self.reflect else "⋆"
        label = math(f"(f{sign}g)({x:.2f}) ≈ {value:.3f}", "result")
        marks.append(Text(4, self.lower.y + self.lower.h + 36, label, 14, "start"))
        return marks

    def said(self) -> tuple[str, str]:
        grid = word("sliding.grid", self.language, f"{self.step:.3g}")
        return word("sliding", self.language), word("sliding.more", self.language, grid)

    @property
    def height(self) -> float:
        return self.lower.y + self.lower.h + 46


def still(
    f: Any,
    g: Any,
    supports: Supports,
    positions: Sequence[float] | None,
    reflect: bool,
    columns: int,
    language: str,
) -> Scene:
    slide = _Slide(f, g, supports, reflect, language)
    if positions is not None and not len(positions):
        raise ValueError("positions: none given")
    inner = [slide.lo + (slide.hi - slide.lo) * k / 5 for k in (0.5, 1.5, 2.5, 3.5, 4.5, 5)]
    at = inner if positions is None else [float(x) for x in positions]
    outside = [x for x in at if not slide.span[0] <= x <= slide.span[1]]
    if outside:
        raise ValueError(f"positions: {outside} outside {slide.span[0]:g}..{slide.span[1]:g}")
    scenes = [Scene(_WIDE, slide.height, (*slide.ground(), *slide.at(x))) for x in at]
    return panels(scenes, columns, 40, *slide.said(), rules=True)


def moving(
    f: Any,
    g: Any,
    supports: Supports,
    reflect: bool,
    seconds: float,
    frames: int,
    language: str,
) -> Animation:
    slide = _Slide(f, g, supports, reflect, language)
    if not 2 <= frames <= 240:
        raise ValueError(f"frames: expected 2 to 240, got {frames}")
    lo, hi = slide.lo, slide.hi
    at = [lo + (hi - lo) * k / (frames - 1) for k in range(frames)]
    ground = Scene(_WIDE, slide.height, tuple(slide.ground()), *slide.said())
    pictures = tuple(tuple(slide.at(x)) for x in at)
    stood = still(f, g, supports, None, reflect, 2, language)
    return Animation(ground, pictures, seconds / frames, stood)


def _places(lo: float, hi: float) -> list[float]:
    return [lo + (hi - lo) * k / _POINTS for k in range(_POINTS + 1)]


def _drawn(fn: Sampled, lo: float, hi: float) -> list[tuple[float, float]]:
    """Sampled within the support, with upright jumps to 0 at its ends."""
    a, b = max(lo, fn.lo), min(hi, fn.hi)
    if a >= b:
        return []
    inner = [(z, fn(z)) for z in (a + (b - a) * k / 60 for k in range(61))]
    left = [(a, 0.0)] if lo < a else []
    right = [(b, 0.0)] if b < hi else []
    return [*left, *inner, *right]


def _range(values: list[float]) -> tuple[float, float]:
    lo, hi = min(0.0, *values), max(0.0, *values)
    return lo, hi if hi > lo else lo + 1.0


def _ticks(lo: float, hi: float) -> list[float]:
    """Round numbers, about eight of them."""
    raw = (hi - lo) / 8
    size = 10.0 ** (len(str(int(1 / raw))) * -1 if raw < 1 else len(str(int(raw))) - 1)
    step = next(m * size for m in (1, 2, 5, 10, 20, 50, 100) if m * size >= raw)
    first = int(lo / step) - 1
    every = (round(k * step, 9) for k in range(first, first + 30))
    return [t for t in every if lo <= t <= hi]

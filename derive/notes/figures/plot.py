"""Axes with bars or curves on them.

May: turn numbers into places.  Must not: compute the numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.notes.figures.labels import math, number
from derive.notes.figures.scene import Mark, Path, Rect, Text


@dataclass(frozen=True)
class Plot:
    """A rectangle of the canvas for `span` across and `range` upwards, which holds 0."""

    x: float
    y: float
    w: float
    h: float
    span: tuple[float, float]
    range: tuple[float, float]

    def across(self, a: float) -> float:
        lo, hi = self.span
        return self.x + self.w * (a - lo) / (hi - lo)

    def up(self, value: float) -> float:
        lo, hi = self.range
        head = 16.0  # room for the numbers above the bars, and below where some are negative
        foot = head if lo < 0 else 0.0
        return self.y + head + (self.h - head - foot) * (hi - value) / (hi - lo)

    def axis(self, ticks: Iterable[float] | None = None) -> list[Mark]:
        """The line at 0, and its places named below the plot."""
        lo, hi = self.span
        places = list(ticks) if ticks is not None else [*range(int(lo), int(hi) + 1)]
        places = [a for a in places if lo <= a <= hi]
        base, foot = self.up(0), max(self.up(0), self.up(self.range[0]))
        out: list[Mark] = [Path(((self.x, base), (self.x + self.w, base)), "soft", 1.0)]
        every = -(-len(places) // 16)
        for a in places[::every]:
            x = self.across(a)
            out.append(Path(((x, base), (x, base + 4)), "soft", 1.0))
            deep = foot + (14 if self.range[0] >= 0 else 22)
            out.append(Text(x, deep, math(f"{a:g}"), 11, colour="soft"))
        return out

    def curve(self, points: Iterable[tuple[float, float]], colour: str, line: float = 2.0) -> Path:
        return Path(tuple((self.across(a), self.up(v)) for a, v in points), colour, line)

    def area(self, points: list[tuple[float, float]], colour: str, tint: float) -> Path:
        """What lies between the curve and the line at 0."""
        (first, _), (last, _) = points[0], points[-1]
        closed = [(first, 0.0), *points, (last, 0.0)]
        return Path(tuple((self.across(a), self.up(v)) for a, v in closed), None, 0, colour, tint)


def bars(plot: Plot, values: Mapping[int, Fraction], colour: str, aside: float) -> list[Mark]:
    """One bar for each place, `aside` from it, with its number."""
    out: list[Mark] = []
    half = 0.15 if aside else 0.24
    base = plot.up(0)
    for a, value in sorted(values.items()):
        x0, x1 = plot.across(a + aside - half), plot.across(a + aside + half)
        top = plot.up(float(value))
        out.append(Rect(x0, min(top, base), x1 - x0, abs(base - top), colour, colour, 1.0, 0.75))
        deep = top - 9 if value >= 0 else top + 9
        shown = number(value)
        size = 12.0 if len(shown) < 4 else 9.0
        out.append(Text((x0 + x1) / 2, deep, math(shown, colour), size, colour=colour))
    return out

"""Numbers in cells, as most of the figures show a matrix.

May: place cells.  Must not: compute what stands in them.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from derive.notes.figures.labels import math, number, width, words
from derive.notes.figures.scene import Mark, Rect, Text

Row = tuple[Fraction | None, ...]


def cell_width(rows: tuple[Row, ...], size: float, least: float) -> float:
    """Wide enough for the longest number."""
    shown = [math(number(v)) for row in rows for v in row if v is not None]
    return max([least, *(width(s, size) + 0.7 * size for s in shown)])


def grid(
    rows: tuple[Row, ...],
    x: float,
    y: float,
    cell: tuple[float, float],
    colour: str,
    marked: Collection[tuple[int, int]] = (),
    size: float = 14.0,
) -> list[Mark]:
    """One square for each entry, tinted by meaning; None is an empty cell; `marked` glow."""
    w, h = cell
    out: list[Mark] = []
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            lit = (i, j) in marked
            fill, tint = ("highlight", 0.42) if lit else (colour, 0.1)
            here = (x + j * w, y + i * h)
            out.append(Rect(*here, w, h, fill if lit or value is not None else None, None, 0, tint))
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            out.append(Rect(x + j * w, y + i * h, w, h, None, "line", 1))
            if value is not None:
                at = (x + (j + 0.5) * w, y + (i + 0.5) * h)
                out.append(Text(*at, math(number(value)), size, colour=colour))
    across, down = len(rows[0]) * w, len(rows) * h
    out.append(Rect(x, y, across, down, None, colour, 1.4))
    return out


def caption(text: str, x: float, y: float, colour: str = "soft", size: float = 12.0) -> Mark:
    return Text(x, y, words(text), size, colour=colour)

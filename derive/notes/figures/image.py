"""A grey image to try kernels on: computed here, so that nobody holds a right in it.

It is no photograph: a shaded ball on a floor of stripes under a sky that fades.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from derive.notes.figures.exact import matrix, positive


def synthetic(size: int = 64) -> tuple[tuple[float, ...], ...]:
    """Rows of values from 0 to 1.

    >>> rows = synthetic(16)
    >>> len(rows), len(rows[0]), 0 <= min(map(min, rows)) <= max(map(max, rows)) <= 1
    (16, 16, True)
    """
    if isinstance(size, bool) or not isinstance(size, int) or not 8 <= size <= 512:
        raise ValueError(f"size: expected an integer from 8 to 512, got {size!r}")
    middles = [(k + 0.5) / size for k in range(size)]
    return tuple(tuple(round(_value(x, y), 4) for x in middles) for y in middles)


def enlarged(image: Any, times: int) -> tuple[tuple[float, ...], ...]:
    """Each pixel `times` as large both ways, with values in between by bilinear interpolation.

    >>> enlarged([[0, 1]], 2)
    ((0.0, 0.25, 0.75, 1.0), (0.0, 0.25, 0.75, 1.0))
    """
    rows, times = matrix(image, "image"), positive(times, "times")
    down, across = (_steps(n, times) for n in (len(rows), len(rows[0])))
    wide = [[(1 - u) * row[j] + u * row[k] for j, k, u in across] for row in rows]
    return tuple(
        tuple(float((1 - v) * a + v * b) for a, b in zip(wide[i], wide[h], strict=True))
        for i, h, v in down
    )


def _steps(n: int, times: int) -> list[tuple[int, int, Fraction]]:
    """For each new pixel the two old ones beside it, and how far it is from the first."""
    out = []
    for p in range(n * times):
        at = Fraction(2 * p + 1, 2 * times) - Fraction(1, 2)
        at = min(max(at, Fraction(0)), Fraction(n - 1))
        i = math.floor(at)
        out.append((i, min(i + 1, n - 1), at - i))
    return out


def _value(x: float, y: float) -> float:
    dx, dy, radius = x - 0.46, y - 0.45, 0.27
    inside = radius * radius - dx * dx - dy * dy
    if inside > 0:  # lit from above left
        light = (-0.55 * dx - 0.6 * dy + 0.58 * math.sqrt(inside)) / radius
        return 0.12 + 0.83 * max(0.0, light)
    if y > 0.66:  # a floor that runs to a vanishing point
        across = (x - 0.5) / (y - 0.5)
        bright = 0.75 if math.floor(2.5 * across) % 2 == 0 else 0.35
        shadow = ((x - 0.55) / 0.3) ** 2 + ((y - 0.76) / 0.07) ** 2 < 1
        return bright * (0.45 if shadow else 1.0)
    return 0.85 - 0.45 * y

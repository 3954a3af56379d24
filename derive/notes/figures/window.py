"""L11: a two-dimensional cross-correlation by hand, one picture for each position of the window.

May: multiply and add, exactly.  Must not: take a result from anywhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from derive.notes.figures.exact import Matrix, matrix, positive, shape
from derive.notes.figures.grid import caption, cell_width, grid
from derive.notes.figures.labels import Label, factor, lines, math, number, width
from derive.notes.figures.scene import Mark, Rect, Scene, Text, panels
from derive.notes.figures.words import word

INPUT = ((0, 1, 2), (3, 4, 5), (6, 7, 8))
KERNEL = ((0, 1), (2, 3))
MOST = 36
_LINE, _TOP, _SIGN = 21.0, 22.0, 30.0


def window(
    input: Any = INPUT,
    kernel: Any = KERNEL,
    *,
    stride: int = 1,
    dilation: int = 1,
    positions: Sequence[tuple[int, int]] | None = None,
    columns: int | None = None,
    language: str = "en",
) -> Scene:
    """The window over the input, the sum of products written out, the output filled so far.

    `positions`: the output's entries (row, column from 0) to be drawn, all if None.

    >>> picture = window()
    >>> picture.description
    'A 3×3 input and a 2×2 kernel give the 2×2 output 19, 25, 37, 43.'
    """
    x, k = matrix(input, "input"), matrix(kernel, "kernel")
    output = correlate(x, k, positive(stride, "stride"), positive(dilation, "dilation"))
    every = [(i, j) for i in range(len(output)) for j in range(len(output[0]))]
    chosen = every if positions is None else [tuple(p) for p in positions]
    outside = [p for p in chosen if p not in every]
    if outside or not chosen:
        raise ValueError(f"positions: {outside or 'none'} of the {shape(output)} output")
    if len(chosen) > MOST:
        raise ValueError(f"{len(chosen)} pictures; choose at most {MOST} with positions=")
    scenes = []
    for p in chosen:
        lit = _lit(p, k, stride, dilation)
        seen = every[: every.index(p) + 1]
        scenes.append(_picture(x, k, output, lit, p, seen, language))
    wide = max(s.width for s in scenes)
    columns = columns or max(1, min(len(output[0]), int(970 // (wide + 40))))
    values = ", ".join(number(v) for row in output for v in row)
    more = word("window.more", language, shape(x), shape(k), shape(output), values)
    return panels(scenes, columns, 40, word("window", language), more, rules=True)


def correlate(x: Matrix, k: Matrix, stride: int = 1, dilation: int = 1) -> Matrix:
    """Σ_{p,q} k[p][q] x[s i + d p][s j + d q] at every position that lies within the input."""
    sizes = []
    for length, taps in ((len(x), len(k)), (len(x[0]), len(k[0]))):
        free = length - dilation * (taps - 1) - 1
        if free < 0:
            raise ValueError(
                f"kernel {shape(k)} with dilation {dilation} does not fit into input {shape(x)}"
            )
        sizes.append(free // stride + 1)
    at = Fraction(0)
    return tuple(
        tuple(
            sum(
                (
                    k[p][q] * x[stride * i + dilation * p][stride * j + dilation * q]
                    for p in range(len(k))
                    for q in range(len(k[0]))
                ),
                at,
            )
            for j in range(sizes[1])
        )
        for i in range(sizes[0])
    )


def _lit(at: tuple[int, int], k: Matrix, stride: int, dilation: int) -> list[tuple[int, int]]:
    rows, columns = range(len(k)), range(len(k[0]))
    return [
        (stride * at[0] + dilation * p, stride * at[1] + dilation * q)
        for p in rows
        for q in columns
    ]


def _picture(
    x: Matrix,
    k: Matrix,
    output: Matrix,
    lit: list[tuple[int, int]],
    at: tuple[int, int],
    seen: list[tuple[int, int]],
    language: str,
) -> Scene:
    filled = tuple(
        tuple(v if (i, j) in seen else None for j, v in enumerate(row))
        for i, row in enumerate(output)
    )
    tall = max(len(x), len(k), len(output)) * 30.0
    marks: list[Mark] = []
    left = 0.0
    for name, rows, colour, marked, sign in (
        ("input", x, "signal", lit, "⋆"),
        ("kernel", k, "kernel", [], "="),
        ("output", filled, "result", [at], ""),
    ):
        w = cell_width(output if name == "output" else rows, 14, 30)
        across, down = len(rows[0]) * w, len(rows) * 30.0
        top = _TOP + (tall - down) / 2
        label = word(name, language)
        marks += grid(rows, left, top, (w, 30.0), colour, marked)
        marks.append(caption(label, left + across / 2, top - 11, colour))
        if name == "input":
            corner, end = lit[0], lit[-1]
            size = (end[1] - corner[1] + 1) * w, (end[0] - corner[0] + 1) * 30.0
            place = left + corner[1] * w, top + corner[0] * 30.0
            marks.append(Rect(*place, *size, None, "highlight", 2.6))
        left += across
        if sign:
            marks.append(Text(left + _SIGN / 2, _TOP + tall / 2, math(sign), 18))
            left += _SIGN
    written = _sum(x, k, lit, output[at[0]][at[1]], max(left, 250.0))
    y = _TOP + tall + 20
    for n, line in enumerate(written):
        marks.append(Text(14 * (n > 0), y + n * _LINE, line, 14, "start"))
    wide = max([left, *(14 + width(line, 14) for line in written)])
    return Scene(wide, y + _LINE * (len(written) - 1) + 10, tuple(marks))


def _sum(
    x: Matrix, k: Matrix, lit: list[tuple[int, int]], total: Fraction, room: float
) -> list[Label]:
    """The products, the input's entry in blue and the kernel's in red, and what they add up to."""
    weights = [w for row in k for w in row]
    products = [
        (*factor(x[i][j], "signal"), *math("·"), *factor(w, "kernel"))
        for (i, j), w in zip(lit, weights, strict=True)
    ]
    written = lines(products, " + ", room - 14, 14)
    result = math(f" = {number(total)}", "result")
    if width((*written[-1], *result), 14) > room:
        return [*written, result]
    return [*written[:-1], (*written[-1], *result)]

"""A picture as data: marks on a canvas, x to the right and y down, coloured by meaning.

May: say where what stands.  Must not: know SVG or TikZ, or compute anything about convolution.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from derive.notes.figures.labels import Label

# a colour's name to its value on white paper and on a dark screen
COLOURS = {
    "paper": ("ffffff", "16181b"),
    "ink": ("1c1e21", "e6e8eb"),
    "soft": ("6a727d", "a3abb6"),
    "line": ("b4bac3", "555d68"),
    "signal": ("1f5fbf", "74aaff"),
    "kernel": ("c02a2a", "ff8585"),
    "result": ("1c1e21", "f2f3f5"),
    "highlight": ("e8a400", "ffc93c"),
    "gradient": ("7a3db8", "c79bff"),
    "share1": ("c02a2a", "ff8585"),
    "share2": ("0f8a7e", "4fd1c2"),
    "share3": ("d97706", "ffb454"),
    "share4": ("8e44ad", "cf9bf0"),
    "share5": ("5b8c1a", "a9d65c"),
    "share6": ("8a5a3c", "d2a585"),
}
SHARES = tuple(name for name in COLOURS if name.startswith("share"))


@dataclass(frozen=True)
class Rect:
    """`tint` is how opaque the fill is."""

    x: float
    y: float
    w: float
    h: float
    fill: str | None = None
    stroke: str | None = "ink"
    line: float = 1.0
    tint: float = 1.0
    radius: float = 0.0


@dataclass(frozen=True)
class Circle:
    x: float
    y: float
    r: float
    fill: str | None = None
    stroke: str | None = "ink"
    line: float = 1.0
    tint: float = 1.0


@dataclass(frozen=True)
class Path:
    """A line through points; with `fill` the area that they enclose; `opacity` fades the line."""

    points: tuple[tuple[float, float], ...]
    stroke: str | None = "ink"
    line: float = 1.2
    fill: str | None = None
    tint: float = 1.0
    arrow: bool = False
    dashed: bool = False
    opacity: float = 1.0


@dataclass(frozen=True)
class Text:
    """`anchor`: which part of the label stands at x; y is the middle of its letters."""

    x: float
    y: float
    label: Label
    size: float = 14.0
    anchor: str = "middle"
    colour: str = "ink"


@dataclass(frozen=True)
class Image:
    """Grey pixels, rows of integers from 0 (black) to 255 (white)."""

    x: float
    y: float
    w: float
    h: float
    pixels: tuple[tuple[int, ...], ...]


Mark: TypeAlias = "Rect | Circle | Path | Text | Image"


@dataclass(frozen=True)
class Scene:
    """A still picture; `title` and `description` are for those who do not see it."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class Animation:
    """`frames` over `ground`, one after another in the same place, each for `seconds`.

    Where nothing may move (print, less motion asked for) the last frame stands; in LaTeX `still`.
    """

    ground: Scene
    frames: tuple[tuple[Mark, ...], ...]
    seconds: float
    still: Scene


def shifted(mark: Mark, dx: float, dy: float) -> Mark:
    if isinstance(mark, Path):
        return replace(mark, points=tuple((x + dx, y + dy) for x, y in mark.points))
    return replace(mark, x=mark.x + dx, y=mark.y + dy)


def panels(
    scenes: Sequence[Scene],
    columns: int,
    gap: float = 26.0,
    title: str = "",
    description: str = "",
    rules: bool = False,
) -> Scene:
    """The scenes as a table, read row by row, each in the left of its column's width.

    >>> s = Scene(10, 20, ())
    >>> whole = panels([s, s, s], 2, gap=5.0)
    >>> whole.width, whole.height
    (25.0, 45.0)
    """
    if not scenes:
        raise ValueError("panels: no scene")
    columns = min(columns, len(scenes))
    rows = [scenes[k : k + columns] for k in range(0, len(scenes), columns)]
    widths = [max(r[c].width for r in rows if c < len(r)) for c in range(columns)]
    total = sum(widths) + gap * (columns - 1)
    marks: list[Mark] = []
    y = 0.0
    for k, row in enumerate(rows):
        if rules and k:
            marks.append(Path(((0, y - gap / 2), (total, y - gap / 2)), "line", 0.8))
        x = 0.0
        for w, s in zip(widths, row, strict=False):
            marks += placed(s.marks, x, y)
            x += w + gap
        y += max(s.height for s in row) + gap
    return Scene(total, y - gap, tuple(marks), title, description)


def placed(marks: Iterable[Mark], dx: float, dy: float) -> list[Mark]:
    return [shifted(m, dx, dy) for m in marks]


def fitting(scenes: Sequence[Scene], gap: float = 26.0) -> int:
    """How many columns make the panels largest on a page, of 3 units across to 4 down.

    >>> fitting([Scene(10, 10, ())] * 4, gap=0.0)
    2
    """
    wide, high = max(s.width for s in scenes), max(s.height for s in scenes)

    def size(columns: int) -> float:
        rows = -(-len(scenes) // columns)
        return max(columns * (wide + gap) / 3, rows * (high + gap) / 4)

    return min(range(1, len(scenes) + 1), key=size)

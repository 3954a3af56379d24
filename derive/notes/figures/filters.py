"""L9: kernels of image processing, applied to a grey image by the convolution it is given.

The caller passes `minigrad.nn.functional.conv2d`, or any function that is called like it.  What it
computes is the cross-correlation without padding, so an edge is no artefact of zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.notes.figures.exact import Matrix, matrix, nested, shape
from derive.notes.figures.grid import cell_width, grid
from derive.notes.figures.labels import width, words
from derive.notes.figures.scene import Image, Mark, Rect, Scene, Text, panels
from derive.notes.figures.words import WORDS, word

_NINTH = Fraction(1, 9)
# the usual ones, for values from 0 (black) to 1 (white)
KERNELS: dict[str, Any] = {
    "identity": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    "blur": ((_NINTH,) * 3,) * 3,
    "sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "outline": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "emboss": ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
    "sobel x": ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
    "sobel y": ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
}
_ABSOLUTE = frozenset({"outline", "sobel x", "sobel y"})
_SIDE = 150.0


@dataclass(frozen=True)
class _Shown:
    name: str
    kernel: Matrix
    values: tuple[tuple[float, ...], ...]
    white: float | None


def filters(
    image: Any,
    kernels: Mapping[str, Any] | None = None,
    *,
    conv2d: Callable[..., Any],
    absolute: Any = _ABSOLUTE,
    columns: int = 4,
    language: str = "en",
) -> Scene:
    """The image, and for each kernel its numbers and the image it makes.

    `image`: rows of numbers from 0 (black) to 1 (white).  `kernels`: names to rows of numbers.
    Values outside 0..1 are clipped as programs for images do; for the kernels named in `absolute`,
    whose values come with both signs, the absolute value is shown, with white at half the
    largest where that is more than 1; the picture says where.
    """
    pixels = matrix(image, "image")
    low, high = min(map(min, pixels)), max(map(max, pixels))
    if low < 0 or high > 1:
        raise ValueError(f"image: expected values from 0 to 1, got {float(low):g}..{float(high):g}")
    chosen = KERNELS if kernels is None else kernels
    if not chosen:
        raise ValueError("kernels: none given")
    done = [applied(pixels, name, rows, conv2d, name in absolute) for name, rows in chosen.items()]
    unit = _SIDE / max(len(pixels), len(pixels[0]))
    high = max(_grid_height(d.kernel) for d in done)
    original = tuple(tuple(float(v) for v in row) for row in pixels)
    scenes = [_picture(word("image", language), original, unit, None, high, "")]
    for d in done:
        note = "" if d.white is None else word("absolute", language, f"{d.white:.2g}")
        scenes.append(_picture(_title(d.name, language), d.values, unit, d.kernel, high, note))
    names = ", ".join(_title(d.name, language) for d in done)
    more = word("filters.more", language, shape(pixels), names)
    return panels(scenes, columns, 26, word("filters", language), more)


def applied(
    image: Matrix, name: str, rows: Any, conv2d: Callable[..., Any], absolute: bool = False
) -> _Shown:
    """One kernel applied, its result checked for its size."""
    kernel = matrix(rows, f"kernel {name!r}")
    out = len(image) - len(kernel) + 1, len(image[0]) - len(kernel[0]) + 1
    if min(out) < 1:
        raise ValueError(f"kernel {name!r}: {shape(kernel)} does not fit into {shape(image)}")
    batch = [[[[float(v) for v in row] for row in image]]]
    weight = [[[[float(v) for v in row] for row in kernel]]]
    result = nested(conv2d(batch, weight))
    try:
        values = tuple(tuple(float(v) for v in row) for row in result[0][0])
    except (TypeError, IndexError) as e:
        raise TypeError("conv2d: expected a result of shape (1, 1, H, W)") from e
    if len(values) != out[0] or any(len(row) != out[1] for row in values):
        raise ValueError(
            f"conv2d: expected {out[0]}×{out[1]} values, got {len(values)} rows of "
            f"{sorted({len(r) for r in values})}"
        )
    white = None
    if absolute:
        white = max(1.0, *(abs(v) / 2 for row in values for v in row))
        values = tuple(tuple(abs(v) / white for v in row) for row in values)
    return _Shown(name, kernel, values, white)


def grey(values: tuple[tuple[float, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """Values clipped to 0..1, as integers from 0 to 255.

    >>> grey(((-1.0, 0.5, 2.0),))
    ((0, 128, 255),)
    """
    return tuple(tuple(round(255 * min(1.0, max(0.0, v))) for v in row) for row in values)


def _title(name: str, language: str) -> str:
    word("image", language)
    return WORDS[language].get(name, name) if name in KERNELS else name


def _grid_height(kernel: Matrix) -> float:
    return min(22.0, 130 / len(kernel)) * len(kernel)


def _picture(
    name: str,
    values: tuple[tuple[float, ...], ...],
    unit: float,
    kernel: Matrix | None,
    room: float,
    note: str,
) -> Scene:
    """Name, kernel and result from top to bottom; the image at the same scale everywhere."""
    marks: list[Mark] = [Text(_SIDE / 2, 8, words(name), 14)]
    top = 24 + room + 12
    if kernel is not None:
        size = 12.0 if len(kernel) <= 4 and len(kernel[0]) <= 4 else 8.0
        high = _grid_height(kernel) / len(kernel)
        wide = min(cell_width(kernel, size, high), _SIDE / len(kernel[0]))
        y = 24 + (room - high * len(kernel)) / 2
        x = (_SIDE - wide * len(kernel[0])) / 2
        marks += grid(kernel, x, y, (wide, high), "kernel", size=size)
    w, h = unit * len(values[0]), unit * len(values)
    x, y = (_SIDE - w) / 2, top + (_SIDE - h) / 2
    marks.append(Image(x, y, w, h, grey(values)))
    marks.append(Rect(x, y, w, h, None, "line", 0.8))
    below = f"{len(values)}×{len(values[0])}" + (f", {note}" if note else "")
    marks.append(Text(_SIDE / 2, top + _SIDE + 12, words(below), 11, colour="soft"))
    wide = max(_SIDE, width(words(name), 14))
    return Scene(wide, top + _SIDE + 20, tuple(marks))

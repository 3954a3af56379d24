"""L13: several input channels and several kernels, as stacks of planes.

A kernel has as many channels as the input; O_C kernels give O_C output channels.
"""

from __future__ import annotations

from typing import TypeAlias

from derive.notes.figures.labels import Label, joined, math, words
from derive.notes.figures.labels import width as label_width
from derive.notes.figures.scene import Mark, Path, Rect, Scene, Text, placed
from derive.notes.figures.words import word

Size: TypeAlias = "int | str"
MOST = 6
_SHIFT, _GAP = 11.0, 30.0


def channels(
    input_channels: Size = 3,
    kernels: Size = 2,
    *,
    height: Size = "H",
    width: Size = "W",
    kernel_height: Size = "K_H",
    kernel_width: Size = "K_W",
    kernel_channels: Size | None = None,
    language: str = "en",
) -> Scene:
    """Sizes are numbers, or symbols such as "O_C"; a symbol's stack is drawn with three planes.

    `kernel_channels` only says what the kernels have; it must equal `input_channels`.

    >>> channels(3, 2).description.split(";")[1].strip()
    '2 kernels of 3 channels each'
    >>> channels(3, 2, kernel_channels=4)
    Traceback (most recent call last):
    ...
    ValueError: kernels of 4 channels do not fit an input of 3 channels
    """
    sizes = {
        "input_channels": input_channels, "kernels": kernels, "height": height, "width": width,
        "kernel_height": kernel_height, "kernel_width": kernel_width,
    }  # fmt: skip
    for name, size in sizes.items():
        _checked(name, size)
    if kernel_channels not in (None, input_channels):
        raise ValueError(
            f"kernels of {kernel_channels} channels do not fit an input of {input_channels} "
            "channels"
        )
    out = [_valid(height, kernel_height, "height"), _valid(width, kernel_width, "width")]
    planes, rows = _drawn(input_channels), _drawn(kernels)
    marks: list[Mark] = []
    open_end = isinstance(kernels, str)
    row = 84.0 + planes * _SHIFT + (22 if open_end else 0)
    tall = max(row * rows, 92 + planes * _SHIFT + 60)
    middle = 26 + tall / 2
    # the input
    wide = 84 + (planes - 1) * _SHIFT
    top = middle - (84 + (planes - 1) * _SHIFT) / 2
    marks += _stack(0, top, 84, ["signal"] * planes)
    marks += _named(wide / 2, top, wide, word("input", language), "signal",
                    _times(input_channels, height, width))  # fmt: skip
    # a row for each kernel: kernel, arrow, its output channel
    left = wide + 74
    k_wide = 44 + (planes - 1) * _SHIFT
    right = left + k_wide + 96
    ends = []
    below = _times(input_channels, kernel_height, kernel_width)
    for r in range(rows):
        y = 26 + (tall - row * rows) / 2 + row * r + 20
        centre = y + k_wide / 2
        colour = f"share{r % MOST + 1}"
        marks.append(Path(((wide + 8, middle), (left - 10, centre)), "line", 1.1, arrow=True))
        marks += _stack(left, y, 44, [colour] * planes)
        marks.append(Text(left + k_wide / 2, y + k_wide + 13, below, 12, colour="soft"))
        marks.append(Text(left + 18, y - 3, _index(r, rows, kernels, colour), 13, "end"))
        marks.append(Path(((left + k_wide + 8, centre), (right - 8, centre)), "line", 1.1,
                          arrow=True))  # fmt: skip
        marks.append(Rect(right, centre - 26, 52, 52, colour, colour, 1.4, 0.16))
        ends.append((right + 60, centre))
        if open_end and r == rows - 2:
            marks.append(Text(left + k_wide / 2, y + k_wide + 33, math("⋮"), 16))
            marks.append(Text(right + 26, y + k_wide + 33, math("⋮"), 16))
    head = (*math(str(kernels)), *words(f" {word('kernels', language)}"))
    marks.append(Text(left + k_wide / 2, 8, head, 14))
    # the output: one plane of each kernel
    label = (*math(f"{kernels} × "), *out[0], *math(" × "), *out[1])
    o_wide = 52 + (rows - 1) * _SHIFT
    far = right + 52 + 84
    o_top = middle - o_wide / 2
    colours = [f"share{r % MOST + 1}" for r in range(rows)]
    marks += [Path((end, (far - 8, middle)), "line", 1.1, arrow=True) for end in ends]
    marks += _stack(far, o_top, 52, colours)
    named = words(word("output", language), "result")
    marks.append(Text(far + o_wide / 2, o_top - 14, named, 14))
    marks.append(Text(far, o_top + o_wide + 16, label, 13, "start", "soft"))
    more = word("channels.more", language, input_channels, kernels)
    total = far + max(o_wide, label_width(label, 13) + 6)
    whole = Scene(total, 26 + tall, tuple(marks), word("channels", language), more)
    return _inside(whole, _times(input_channels, height, width), wide)


def _inside(scene: Scene, label: Label, wide: float) -> Scene:
    """Moved to the right where the input's label is wider than the input."""
    over = max(0.0, _reach(label) - wide / 2)
    marks = tuple(placed(scene.marks, over, 0))
    return Scene(scene.width + over, scene.height, marks, scene.title, scene.description)


def _reach(label: Label) -> float:
    return label_width(label, 13) / 2 + 4


def _checked(name: str, size: Size) -> None:
    if isinstance(size, bool) or not isinstance(size, (int, str)):
        raise TypeError(f"{name}: expected an integer or a symbol, got {size!r}")
    if isinstance(size, str) and not size.strip():
        raise ValueError(f"{name}: is empty")
    if isinstance(size, int) and size < 1:
        raise ValueError(f"{name}: expected at least 1, got {size}")
    if isinstance(size, int) and name in ("input_channels", "kernels") and size > MOST:
        raise ValueError(f"{name}: {size} planes cannot be drawn apart; give a symbol, or at "
                         f"most {MOST}")  # fmt: skip


def _drawn(size: Size) -> int:
    return size if isinstance(size, int) else 3


def _valid(size: Size, kernel: Size, name: str) -> Label:
    """size - kernel + 1, as a number or as a formula."""
    if isinstance(size, int) and isinstance(kernel, int):
        if kernel > size:
            raise ValueError(f"kernel_{name}: {kernel} does not fit into {name} {size}")
        return math(str(size - kernel + 1))
    if isinstance(kernel, int):
        return math(f"({size} - {kernel - 1})" if kernel > 1 else str(size))
    return math(f"({size} - {kernel} + 1)")


def _times(*sizes: Size) -> Label:
    return joined([math(str(s)) for s in sizes], " × ")


def _index(r: int, rows: int, kernels: Size, colour: str) -> Label:
    """1, 2, ... and for a symbol the last is named by it."""
    last = isinstance(kernels, str) and r == rows - 1
    return math(str(kernels) if last else str(r + 1), colour)


def _stack(x: float, y: float, side: float, colours: list[str]) -> list[Mark]:
    """The first plane in front, below left; the others behind it."""
    out: list[Mark] = []
    planes = len(colours)
    for p in reversed(range(planes)):
        here = x + p * _SHIFT, y + (planes - 1 - p) * _SHIFT
        out.append(Rect(*here, side, side, "paper", None, 0))
        out.append(Rect(*here, side, side, colours[p], colours[p], 1.4, 0.16))
    return out


def _named(
    centre: float, top: float, side: float, name: str, colour: str, label: Label
) -> list[Mark]:
    return [
        Text(centre, top - 14, words(name, colour), 14),
        Text(centre, top + side + 16, label, 13, colour="soft"),
    ]

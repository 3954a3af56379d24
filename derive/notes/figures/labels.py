"""Labels: words, and mathematics as simple as x_{i+1}, in coloured runs.

May: say what is to be written.  Must not: know SVG or LaTeX; the writers escape every character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from derive.notes.figures.scene import COLOURS


@dataclass(frozen=True)
class Run:
    """Characters in one colour; `sub` is set as a subscript after them."""

    text: str
    math: bool = False
    sub: str = ""
    colour: str | None = None

    def __post_init__(self) -> None:
        if self.colour is not None and self.colour not in COLOURS:
            raise ValueError(f"no colour {self.colour!r}; there are: {', '.join(COLOURS)}")


Label: TypeAlias = tuple[Run, ...]
_SUBSCRIPT = re.compile(r"(?<!^)_(?:\{([^{}]*)\}|(\w))")


def words(text: str, colour: str | None = None) -> Label:
    return (Run(text, colour=colour),)


def math(source: str, colour: str | None = None) -> Label:
    """Letters with subscripts; a minus sign is written as one.

    >>> [(r.text, r.sub) for r in math("h_i = w_1 x_{i+1}")]
    [('h', 'i'), (' = w', '1'), (' x', 'i+1')]
    """
    out, at = [], 0
    for found in _SUBSCRIPT.finditer(source):
        sub = found[1] if found[1] is not None else found[2]
        out.append(Run(_signs(source[at : found.start()]), True, _signs(sub), colour))
        at = found.end()
    if at < len(source):
        out.append(Run(_signs(source[at:]), True, "", colour))
    return tuple(out)


def _signs(text: str) -> str:
    return text.replace("-", "−")


def joined(labels: Iterable[Label], between: str) -> Label:
    """The labels one after another with `between`, a piece of mathematics, between them."""
    out: list[Run] = []
    for k, label in enumerate(labels):
        out += [Run(between, True)] if k else []
        out += label
    return tuple(out)


def width(label: Label, size: float) -> float:
    """About how wide the label will be, in units of the scene.

    >>> round(width(math("x_1"), 10))
    11
    """
    return size * sum(_em(r.text) + 0.7 * _em(r.sub) for r in label)


def _em(text: str) -> float:
    total = 0.0
    for c in text:
        if c in " .,:;'|il()[]·/":
            total += 0.33
        elif c in "+=−×<>→∗⋆mwMWℒ≈":
            total += 0.84
        elif c.isupper():
            total += 0.76
        else:
            total += 0.62 if c < "\u1100" else 1.0
    return total


def lines(terms: list[Label], between: str, room: float, size: float) -> list[Label]:
    """Terms joined and broken before `between`, so that a line is not wider than `room`.

    >>> [len(line) for line in lines([math("a"), math("b"), math("c")], " + ", 35, 10)]
    [3, 2]
    """
    out: list[Label] = []
    for k, term in enumerate(terms):
        longer = ((*out[-1], Run(between, True), *term)) if k else term
        if not k:
            out.append(term)
        elif width(longer, size) <= room:
            out[-1] = longer
        else:
            out.append((Run(between.lstrip(), True), *term))
    return out


def number(value: Fraction) -> str:
    """Exactly: an integer, a finite decimal of at most four places, or a fraction.

    >>> number(Fraction(-3)), number(Fraction(1, 4)), number(Fraction(1, 9))
    ('−3', '0.25', '1/9')
    """
    if value.denominator == 1:
        return _signs(str(value))
    tens = value * 10_000
    if tens.denominator == 1:
        return _signs(f"{float(value):.4f}".rstrip("0"))
    if len(str(value)) <= 7:
        return _signs(str(value))
    return _signs(f"{float(value):.4g}")


def factor(value: Fraction, colour: str | None = None) -> Label:
    """A number as a factor of a product: a negative one in brackets."""
    shown = number(value)
    return math(f"({shown})" if value < 0 or "/" in shown else shown, colour)

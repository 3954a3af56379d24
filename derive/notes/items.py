"""What a document is made of: data only, the same for the LaTeX article and the HTML page.

All strings are plain words from anyone; the writers escape them.  Formulas come from the printers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from derive.notes.derivation import Derivation
from derive.notes.figures.scene import Animation, Scene
from derive.notes.messages import Formula, Line

Cell: TypeAlias = "str | Formula | Line"


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    line: str | Line


@dataclass(frozen=True)
class Table:
    """Rows of cells below their heads."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Refutation:
    """A false claim, the data on which it fails with both sides' values, and what holds instead.

    `data`: one line for each function or variable, such as f = [0 -> 1].
    """

    title: str
    lhs: Formula
    rhs: Formula
    data: tuple[Formula, ...]
    lhs_value: Formula
    rhs_value: Formula
    instead: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A picture with a line below it; a moving one stands still in LaTeX."""

    picture: Scene | Animation
    caption: str | Line = ""


Item: TypeAlias = "Heading | Paragraph | Table | Refutation | Derivation | Figure"


def as_line(cell: Cell) -> Line:
    return cell if isinstance(cell, tuple) else (cell,)

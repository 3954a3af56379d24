"""Formatted lines: a template of a catalogue with its data, free of any output format.

May: put formulas and words into a template.  Must not: know a language (the catalogues do) or a
format (the renderers do).  Data is never read as a template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter

from derive.latex.printer import latex
from derive.syntax import Node
from derive.text import text


@dataclass(frozen=True)
class Formula:
    """A piece of mathematics, in LaTeX (for math mode) and as one line of Unicode."""

    latex: str
    text: str


Line = tuple[str | Formula, ...]
Value = Node | Formula | str | int | Line


@dataclass(frozen=True)
class Message:
    """A key of the catalogue with its data: what a step records, in no language yet."""

    key: str
    data: Mapping[str, Value] = field(default_factory=dict)


def formula(node: Node) -> Formula:
    return Formula(latex(node), text(node))


def line(value: Value) -> Line:
    """Anything that can be shown, as a line."""
    if isinstance(value, Node):
        return (formula(value),)
    return value if isinstance(value, tuple) else (value if isinstance(value, Formula) else
                                                   str(value),)  # fmt: skip


def fill(template: str, data: Mapping[str, Value]) -> Line:
    """The template's words with its {names} replaced.

    >>> fill("split at {at}", {"at": "{m}"})
    ('split at ', '{m}')
    """
    out: list[str | Formula] = []
    for words, name, _, _ in Formatter().parse(template):
        if words:
            out.append(words)
        if name is not None:
            out += line(data[name])
    return tuple(out)


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def joined(lines: Iterable[Line], between: str) -> Line:
    out: list[str | Formula] = []
    for k, part in enumerate(lines):
        out += ([between] if k else []) + list(part)
    return tuple(out)


def plain(parts: Line) -> str:
    """A line as Unicode text."""
    return "".join(p if isinstance(p, str) else p.text for p in parts)

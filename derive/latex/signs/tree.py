"""The surface tree: what was written, with its place, before anything is known of the letters.

May: hold nodes and their depth.  A product or sum is still a flat `Level` of items here, since
only the letters' roles say where an argument or an integral ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from derive.latex.signs.errors import MAX_LEVELS, too_deep

DOMAINS = {
    f"\\{font}{{{letter}}}": letter
    for font in ("mathbb", "mathbf", "mathrm", "boldsymbol")
    for letter in "ZRN"
}

INDICATORS = {r"\mathbb{1}", r"\mathbf{1}", r"\mathrm{1}", r"\boldsymbol{1}", r"\mathbb{I}"}


@dataclass(slots=True)
class Surface:
    pos: int
    depth: int = field(default=1, kw_only=True)

    def over(self, *parts: Surface) -> Any:
        """Self, one level above its parts."""
        self.depth = 1 + max((p.depth for p in parts), default=0)
        if self.depth > MAX_LEVELS + 2:  # the outermost list and level
            raise too_deep(self.pos)
        return self

    def parts(self) -> Iterator[Surface]:
        return iter(())

    def walk(self) -> Iterator[Surface]:
        """This node and all below it, in the order of the text."""
        stack: list[Surface] = [self]
        while stack:
            here = stack.pop()
            yield here
            stack.extend(reversed(list(here.parts())))


@dataclass(slots=True)
class Name(Surface):
    value: str


@dataclass(slots=True)
class Number(Surface):
    value: Fraction
    digits: str


@dataclass(slots=True)
class Mark(Surface):
    """A sign, an operator between factors, dots or infinity."""

    kind: str  # "sign", "op", "dots", "infinity"
    value: str


@dataclass(slots=True)
class Big(Surface):
    """\\sum or \\int, `order` times (\\iint is 2); its scripts stand in a `Script` around it."""

    kind: str
    order: int


@dataclass(slots=True)
class Level(Surface):
    """Signs, operators and factors, as they stand side by side."""

    items: list[Surface]

    def parts(self) -> Iterator[Surface]:
        return iter(self.items)


@dataclass(slots=True)
class Chain(Surface):
    """levels[0] rels[0] levels[1] rels[1] ..."""

    levels: list[Level]
    rels: list[Mark]

    def parts(self) -> Iterator[Surface]:
        return iter(self.levels)


@dataclass(slots=True)
class Group(Surface):
    """Chains between brackets; `seps` are the commas, ands and ors between them."""

    kind: str  # "(", "[", "{", "braces", "floor", "ceil", "abs"
    chains: list[Chain]
    seps: list[str]

    def parts(self) -> Iterator[Surface]:
        return iter(self.chains)


@dataclass(slots=True)
class Script(Surface):
    """A base with subscripts, superscripts and primes."""

    base: Surface
    subs: list[Group]
    sups: list[Group]
    primes: int

    def parts(self) -> Iterator[Surface]:
        yield self.base
        yield from self.subs
        yield from self.sups


@dataclass(slots=True)
class Frac(Surface):
    num: Group
    den: Group

    def parts(self) -> Iterator[Surface]:
        yield self.num
        yield self.den


@dataclass(slots=True)
class Cases(Surface):
    """Rows (value, condition); a condition of None is "otherwise"."""

    rows: list[tuple[Level, Group | None]]

    def parts(self) -> Iterator[Surface]:
        for value, when in self.rows:
            yield value
            if when is not None:
                yield when


def lone(group: Group) -> Level | None:
    """The only expression in a group, if it holds just one and no relation."""
    if len(group.chains) == 1 and not group.chains[0].rels:
        return group.chains[0].levels[0]
    return None


def lone_item(group: Group) -> Surface | None:
    """The only factor in a group, if it holds just one."""
    level = lone(group)
    return level.items[0] if level is not None and len(level.items) == 1 else None

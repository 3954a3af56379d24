"""Domains: the spaces Z^d, R^d and Z/n as they are written.

May: read what stands behind \\in, or below an integral.  Called for sums, integrals and givens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.latex.signs.errors import Fault
from derive.latex.signs.names import plain_name, symbols
from derive.latex.signs.tree import (
    DOMAINS,
    Group,
    Level,
    Mark,
    Name,
    Number,
    Script,
    lone_item,
)
from derive.syntax import ONE, Num, Space, Term, Var

if TYPE_CHECKING:
    from derive.latex.terms.terms import Terms


def domain(e: Terms, level: Level, wanted: str) -> Space:
    """`\\mathbb{Z}^d`, `\\mathbb{R}`, `\\mathbb{Z}/n`, `\\mathbb{Z}_n`."""
    item = level.items[0]
    base = item.base if isinstance(item, Script) else item
    kind = DOMAINS.get(base.value) if isinstance(base, Name) else None
    if kind in (None, "N") or (kind != wanted and wanted):
        raise Fault("not a domain", level.pos, rf"\mathbb{{{wanted or 'R'}}} or a power of it")
    rest = level.items[1:]
    if rest:
        if not (kind == "Z" and isinstance(rest[0], Mark) and rest[0].value == "/"):
            raise Fault("not a domain", rest[0].pos, rf"\mathbb{{{kind}}}^d")
        last = rest[1:] if len(rest) < 3 else rest[1:2]
        e.roles.sizes |= set(symbols(last))
        space = e.kinds.new("Zn", hard=True)
        e.kinds.slot(space).modulus = e.number(Level(last[0].pos, last))
        return space
    space = e.kinds.new(kind, hard=kind == "Z")
    if isinstance(item, Script) and item.subs:
        slot = e.kinds.slot(space)
        e.roles.sizes |= set(symbols([item.subs[0]]))
        slot.kind, slot.modulus = "Zn", e.number(item.subs[0].chains[0].levels[0])
        return space
    dim: Term = ONE
    if isinstance(item, Script) and item.sups:
        dim = dimension(e, item.sups[0])
    e.kinds.slot(space).dim = dim
    return space


def dimension(e: Terms, group: Group) -> Term:
    item = lone_item(group)
    if isinstance(item, Number) and item.value >= 1 and item.value.denominator == 1:
        return Num(item.value)
    name = plain_name(item) if item is not None else None
    if name is None or name in e.env:
        raise Fault("not a dimension", group.pos, "a letter or a number")
    e.roles.sizes.add(name)
    e.roles.below.add(name)
    return Var(name, Space("Z", ONE))

r"""Several signs that say one thing: the indicator 1_{P} of a relation, and \mathrm{d}W for a name.

May: rewrite the surface trees in place, before any role is decided, by their form alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.latex.roles.roles import derivative_of
from derive.latex.signs.errors import Fault, ambiguous
from derive.latex.signs.names import symbols
from derive.latex.signs.tree import (
    INDICATORS,
    Big,
    Frac,
    Group,
    Level,
    Mark,
    Name,
    Number,
    Script,
    Surface,
    lone_item,
)

UPRIGHT = r"\mathrm{d}"


def idioms(groups: Iterable[Group]) -> None:
    groups = list(groups)
    levels = [n for g in groups for n in g.walk() if isinstance(n, Level)]
    for level in levels:
        level.items = _indicators(level.items)
    for group in groups:
        _gradients(group)
        for chain in group.chains:
            if chain.rels and _differential_of(chain.levels[0].items) and _glued(groups):
                raise ambiguous(chain.pos, "d is a number", "the letters with d are one name")


def _indicators(items: list[Surface]) -> list[Surface]:
    r"""\mathbb{1}[P], \mathbb{1}\{P\} and 1_{P} as [P], where P is a relation."""
    out: list[Surface] = []
    k = 0
    while k < len(items):
        item, after = items[k], items[k + 1] if k + 1 < len(items) else None
        k += 1
        base = item.base if isinstance(item, Script) else item
        named = isinstance(base, Name) and base.value in INDICATORS
        sub = item.subs[0] if isinstance(item, Script) and len(item.subs) == 1 else None
        said = _relation(sub) if sub is not None else None
        if said is not None and (named or (isinstance(base, Number) and base.digits == "1")):
            if isinstance(after, Group) and (only := lone_item(after)) is not None:
                if isinstance(only, Name) and only.value in symbols([said]):
                    raise ambiguous(after.pos, "an argument of the indicator", "a factor")
            bracket = Group(item.pos, "[", said.chains, said.seps)
            more = item.sups if isinstance(item, Script) else []
            out.append(Script(item.pos, bracket, [], more, 0) if more else bracket)
        elif named and isinstance(item, Name) and (said := _relation(after)) is not None:
            out.append(Group(item.pos, "[", said.chains, said.seps))
            k += 1
        elif named and isinstance(base, Name) and base.value != r"\mathbb{I}":
            raise Fault(f"{base.value} without a relation", item.pos, "a bracket such as [x >= 0]")
        else:
            out.append(item)
    return out


def _relation(item: Surface | None) -> Group | None:
    """The group that holds relations: {a >= 0}, [a >= 0], {[a >= 0]}."""
    if not isinstance(item, Group) or item.kind not in ("(", "[", "{", "braces"):
        return None
    if all(c.rels for c in item.chains):
        return item
    return _relation(lone_item(item))


def _gradients(node: Surface, skip: bool = False) -> None:
    r"""\mathrm{d}W where it is no part of an integral or a derivative is one name."""
    if isinstance(node, Level) and not skip and not any(map(_divides, node.items)):
        items = node.items
        for k in range(len(items) - 2, -1, -1):
            first, second = items[k], items[k + 1]
            base = second.base if isinstance(second, Script) else second
            if isinstance(first, Name) and first.value == UPRIGHT and isinstance(base, Name):
                name = Name(first.pos, f"\\mathrm{{d{base.value}}}")
                if isinstance(second, Script):
                    items[k : k + 2] = [
                        Script(first.pos, name, second.subs, second.sups, second.primes)
                    ]
                else:
                    items[k : k + 2] = [name]
    below = isinstance(node, Level) and (skip or any(map(_divides, node.items)))
    if isinstance(node, Frac) and derivative_of(node) is not None:
        return
    for part in node.parts():
        _gradients(part, below)


def _divides(item: Surface) -> bool:
    """Whether dx may be a differential beside it: an integral, or a slash."""
    base = item.base if isinstance(item, Script) else item
    slash = isinstance(item, Mark) and item.value == "/"
    return slash or (isinstance(base, Big) and base.kind == "int")


def _differential_of(items: list[Surface]) -> bool:
    """db or dW_{ij} as a side by itself."""
    return len(items) == 2 and _is_d(items[0]) and _letter(items[1])


def _glued(groups: list[Group]) -> bool:
    """Whether each d stands before a letter, as it does in the names db and dZ."""
    levels = [n for g in groups for n in g.walk() if isinstance(n, Level)]
    return all(
        k + 1 < len(level.items) and _letter(level.items[k + 1])
        for level in levels
        for k, item in enumerate(level.items)
        if _is_d(item)
    )


def _is_d(item: Surface) -> bool:
    return isinstance(item, Name) and item.value == "d"


def _letter(item: Surface) -> bool:
    return isinstance(item.base if isinstance(item, Script) else item, Name)

"""Questions to the reader's surface tree: which names and operators stand in it.

May: walk a tree.  Must not: elaborate or judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from derive.latex.roles.roles import Roles, _call_group, derivative_of
from derive.latex.signs.errors import Fault
from derive.latex.signs.names import head
from derive.latex.signs.tree import Chain, Frac, Group, Level, Mark, Name, Script, Surface


def group_text(text: str, start: int) -> str:
    """From an offset to the brace that closes there, or the one letter there."""
    depth = 0
    for k in range(start, len(text)):
        depth += (text[k] == "{") - (text[k] == "}")
        if depth < 0:
            return text[start:k]
    return text[start]


def peeled(chain: Chain) -> Chain | None:
    """D A = D B with the same derivative in front: A = B."""
    left, right = chain.levels[0], chain.levels[1]
    fractions = left.items[0], right.items[0]
    if len(left.items) < 2 or len(right.items) < 2:
        return None
    if not all(isinstance(f, Frac) and derivative_of(f) for f in fractions):
        return None
    if _shape(fractions[0]) != _shape(fractions[1]):
        return None
    levels = [
        replace(level, pos=level.items[1].pos, items=level.items[1:]) for level in (left, right)
    ]
    return Chain(levels[0].pos, levels, chain.rels[:1])


def _shape(node: Surface) -> list[str]:
    """What is written, without its places."""
    return [f"{type(n).__name__} {getattr(n, 'value', '')}" for n in node.walk()]


def names_in(parts: Iterable[Surface], roles: Roles) -> set[str]:
    """Symbols as names with their labels."""
    out: set[str] = set()
    for part in parts:
        for node in part.walk():
            try:
                found = head(node, roles.naming)
            except Fault:
                found = None
            if found is not None:
                out.add(found.name)
    return out


def operators_in(part: Surface) -> set[tuple[str, int]]:
    out: set[tuple[str, int]] = set()
    for node in part.walk():
        items = node.items if isinstance(node, Level) else []
        for k, item in enumerate(items):
            after = items[k + 1] if k + 1 < len(items) else None
            if isinstance(item, Mark) and item.kind == "op" and item.value not in (".", "/", "mod"):
                out.add((item.value, 0))
            inner = item.base if isinstance(item, Script) else item
            if isinstance(inner, Group) and after is not None:
                call = _call_group(after)
                if call is not None:
                    out |= {(s, len(call.chains)) for s, _ in _marks(inner)}
            if isinstance(inner, Group) and isinstance(item, Script) and item.subs:
                size = len(item.subs[0].chains)
                if size == 1:
                    size = sum(isinstance(i, Name) for i in item.subs[0].chains[0].levels[0].items)
                out |= {(s, size) for s, _ in _marks(inner)}
    return out


def operands_in(part: Surface) -> set[str]:
    """Names that stand beside an operator between functions."""
    out: set[str] = set()
    for node in part.walk():
        items = node.items if isinstance(node, Level) else []
        for k, item in enumerate(items):
            if isinstance(item, Mark) and item.kind == "op" and item.value not in (".", "/", "mod"):
                beside = [items[j] for j in (k - 1, k + 1) if 0 <= j < len(items)]
                out |= {i.value for i in beside if isinstance(i, Name)}
    return out


def acting(chain: Chain, functions: Iterable[str]) -> tuple[str, bool]:
    """What stands before a function in (T f)(x), and whether that is a function too.

    T acts on f if T stands nowhere else in the chain; else ("", False).
    """
    for level in chain.levels:
        for item, after in pairwise(level.items):
            if not isinstance(item, Group) or _call_group(after) is None or len(item.chains) != 1:
                continue
            inside = item.chains[0].levels[0].items
            if len(inside) != 2 or item.chains[0].rels or not isinstance(inside[1], Name):
                continue
            first = inside[0].base if isinstance(inside[0], Script) else inside[0]
            if not isinstance(first, Name):
                continue
            if first.value in functions:
                return first.value, True
            names = [n.value for n in chain.walk() if isinstance(n, Name)]
            if names.count(first.value) == sum(
                n.value == first.value for n in item.walk() if isinstance(n, Name)
            ):
                return first.value, False
    return "", False


def _marks(group: Group) -> set[tuple[str, int]]:
    return {(n.value, 0) for n in group.walk()
            if isinstance(n, Mark) and n.kind == "op" and n.value not in (".", "/", "mod")}

r"""Entries as they are written: y_{(i+a)(j+b)}, and h[k] or K(m, n) where one derives by them.

May: rewrite the surface trees in place, before any role is decided, by their form alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.latex.roles.roles import _call_group, derivative_of
from derive.latex.signs.tree import Big, Chain, Group, Level, Name, Number, Script, Surface

DELTA = r"\delta"


def indices(groups: Iterable[Group]) -> None:
    """Parentheses side by side in an index are indices, as nobody multiplies them there."""
    for group in groups:
        for node in group.walk():
            if isinstance(node, Script) and not _raised(node.base):
                node.subs = [_apart(sub) for sub in node.subs]


def _raised(base: Surface) -> bool:
    return not isinstance(base, (Name, Group))


def _apart(sub: Group) -> Group:
    level = sub.chains[0].levels[0] if len(sub.chains) == 1 and not sub.chains[0].rels else None
    items = level.items if level is not None else []
    if len(items) < 2 or not _parenthesis(items[0]):
        return sub
    if not all(_parenthesis(i) or isinstance(i, (Name, Number)) for i in items):
        return sub
    chains = [Chain(i.pos, [_inside(i)], []) for i in items]
    return Group(sub.pos, sub.kind, chains, [","] * (len(items) - 1))


def _parenthesis(item: Surface) -> bool:
    return isinstance(item, Group) and item.kind == "(" and _single(item)


def _single(group: Group) -> bool:
    return len(group.chains) == 1 and not group.chains[0].rels


def _inside(item: Surface) -> Level:
    return item.chains[0].levels[0] if isinstance(item, Group) else Level(item.pos, [item])


def entries(rows: list[Group], given: Iterable[Group]) -> None:
    r"""\partial h[k] as \partial h_{k}, and then h[k] as h_{k} wherever it stands.

    With h goes what the lines that are given define in the same way: y[n] = \sum_k h[k] x[n-k].
    """
    given = list(given)
    groups = [*rows, *given]
    below = [
        frac.den.chains[0].levels[0].items
        for group in groups
        for node in group.walk()
        if (frac := derivative_of(node)) is not None
    ]
    derived = {name for items in below for name in _derived(items)}
    defined = {_output(chain) for group in given for chain in group.chains}
    indexed = {_base(items[1]) for items in below if len(items) == 2}
    derived |= defined if derived else defined & indexed
    if not derived - {""}:
        return
    for group in groups:
        for node in list(group.walk()):
            if isinstance(node, Level):
                node.items = _written(node.items, derived | {DELTA})


def _derived(bottom: list[Surface]) -> list[str]:
    r"""The h of \partial h[k]."""
    if len(bottom) != 3 or _call_group(bottom[2]) is None or isinstance(bottom[2], Script):
        return []
    return [name] if (name := _name(bottom[1])) else []


def _output(chain: Chain) -> str:
    """The y of y[n] = sum_k h[k] x[n-k]; an activation f(x) = ... has no sum."""
    items = chain.levels[0].items
    called = len(items) == 2 and _call_group(items[1]) is not None
    sums = any(isinstance(node, Big) for level in chain.levels[1:] for node in level.walk())
    return _name(items[0]) if called and sums else ""


def _base(item: Surface) -> str:
    """The S of S_{i,j}."""
    if isinstance(item, Script) and item.subs and isinstance(item.base, Name):
        return item.base.value
    return ""


def _name(item: Surface) -> str:
    base = item.base if isinstance(item, Script) and not item.subs else item
    return base.value if isinstance(base, Name) else ""


def _written(items: list[Surface], names: set[str]) -> list[Surface]:
    out: list[Surface] = []
    for item in items:
        before = out[-1] if out else None
        call = _call_group(item)
        if before is None or call is None or _name(before) not in names:
            out.append(item)
            continue
        sub = Group(call.pos, "{", call.chains, call.seps)
        base, sups, primes = before, [], 0
        if isinstance(before, Script):
            base, sups, primes = before.base, list(before.sups), before.primes
        if isinstance(item, Script):
            sups += item.sups
        out[-1] = Script(before.pos, base, [sub], sups, primes)
    return out



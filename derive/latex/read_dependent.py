"""Letters and entries that an equation gives, where something is differentiated.

After `u = 2x` the u in d/dx f(u) moves with x: it is put in.  Where an equation ties what is
differentiated by to something else and cannot be put in, the derivative has two readings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from derive.binding import bound, free
from derive.latex.read_errors import Fault, ambiguous
from derive.polynomial import poly
from derive.syntax import App, Cond, Diff, DiffEntry, Fn, Node, Rel, Term, Var

LONGEST = 4_000  # nodes of a side in which everything is put in
Target = Var | Fn


@dataclass(frozen=True)
class Tie:
    """An equation; `name` stands for `value` if it says so."""

    cond: Rel
    name: Term | None
    value: Term


def put_in(
    sides: list[Term], given: list[Cond], pos: int
) -> tuple[list[Term], list[Cond]]:
    """The sides, and what is given, with names put in for which the equations give a value.

    Only if the sides differentiate; an equation whose name then stands nowhere is done with.
    """
    targets = {_target(d) for side in sides for d in _derivatives(side)}
    if not targets:
        return sides, given
    ties = [_tie(c, targets) for c in given if isinstance(c, Rel) and c.op == "="]
    parts: list[Any] = [*sides, *given]
    for _ in ties:
        before = parts
        for tie in ties:
            parts = [p if p == tie.cond else _put(p, tie) for p in parts]
            if sum(1 for p in parts for _ in _nodes(p)) > LONGEST:
                raise Fault("too long when the equations are put in", pos, "fewer equations")
        if parts == before:
            break
    sides, given = parts[: len(sides)], parts[len(sides) :]
    for d in (d for side in sides for d in _derivatives(side)):
        for tie in (_tie(c, targets) for c in given if isinstance(c, Rel) and c.op == "="):
            if _binds(d, tie):
                target = _target(d).name
                raise ambiguous(pos, f"{tie.cond!r} holds for all {target} near here",
                                f"it holds for this {target} alone")  # fmt: skip
    done = [t for t in ties if t.cond in given and _done(t, [*sides, *given])]
    return sides, [c for c in given if c not in {t.cond for t in done}]


def _put(part: Any, tie: Tie) -> Any:
    return part if tie.name is None else _replaced(part, tie.name, tie.value, frozenset())


def _done(tie: Tie, parts: list[Any]) -> bool:
    """Whether an equation only says what a name is worth that stands nowhere else."""
    name, others = tie.name, [n for p in parts if p != tie.cond for n in _nodes(p)]
    if not isinstance(name, App):
        return name is not None and name not in others
    found = [*others, *_nodes(tie.value)]
    return all(_apart(name.args, n.args) for n in found if isinstance(n, App) and n.fn == name.fn)


def _apart(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Whether two entries are different for certain: h_t and h_{t-1}."""
    gaps = [poly(s - t).constant() for s, t in zip(a, b, strict=True)]
    return any(gap for gap in gaps)


def unknown_dependence(sides: list[Term]) -> tuple[str, str] | None:
    """The tensor whose entry is differentiated by one of another tensor, with nothing between."""
    for d in (d for side in sides for d in _derivatives(side)):
        if isinstance(d, DiffEntry) and isinstance(d.body, App) and isinstance(d.body.fn, Fn):
            if d.fn not in free(d.body):
                return d.body.fn.name, d.fn.name
    return None


def _derivatives(t: Node) -> Iterator[Diff | DiffEntry]:
    if isinstance(t, Diff | DiffEntry):
        yield t
    for child in t.children():
        yield from _derivatives(child)


def _target(d: Diff | DiffEntry) -> Target:
    return d.var if isinstance(d, Diff) else d.fn


def _symbol(t: Term) -> Target | None:
    if isinstance(t, App) and isinstance(t.fn, Fn):
        return t.fn
    return t if isinstance(t, Var) else None


def _tie(cond: Rel, targets: set[Target]) -> Tie:
    """Which side is the name: a letter or an entry by which nothing is differentiated."""
    for name, value in ((cond.lhs, cond.rhs), (cond.rhs, cond.lhs)):
        if isinstance(name, Var) and name not in targets and name not in free(value):
            return Tie(cond, name, value)
        if isinstance(name, App) and isinstance(name.fn, Fn) and name not in set(_nodes(value)):
            return Tie(cond, name, value)
    return Tie(cond, None, cond.rhs)


def _nodes(t: Node) -> Iterator[Node]:
    yield t
    for child in t.children():
        yield from _nodes(child)


def _replaced(t: Any, name: Term, value: Term, hidden: frozenset[Any]) -> Any:
    """`value` for `name`, also where what is differentiated by stands in it; not for an index of
    a sum that only looks like the index in the equation."""
    if isinstance(t, tuple):
        return tuple(_replaced(part, name, value, hidden) for part in t)
    if t == name and not hidden & (free(name) | free(value)):
        return value
    if not isinstance(t, Node):
        return t
    below = hidden if isinstance(t, Diff) else hidden | frozenset(bound(t))
    changes = {}
    for f in fields(t):
        if f.metadata.get("child", True):
            old = getattr(t, f.name)
            new = _replaced(old, name, value, below if f.name == "body" else hidden)
            if new != old:
                changes[f.name] = new
    return replace(t, **changes) if changes else t


def _binds(d: Diff | DiffEntry, tie: Tie) -> bool:
    """Whether an equation ties what is differentiated by to what is left in the body."""
    target, mentioned = _target(d), free(tie.cond)
    if target not in mentioned:
        return False
    inside = free(d.body) if isinstance(d, DiffEntry) else free(d.body) | {d.var}
    symbol = None if tie.name is None else _symbol(tie.name)
    if symbol == target and isinstance(d, DiffEntry):
        entries = {n.args for n in _nodes(d.body) if isinstance(n, App) and n.fn == target}
        return not entries <= {d.entry}
    if symbol is not None:
        return symbol in inside
    return bool((mentioned - {target}) & inside)

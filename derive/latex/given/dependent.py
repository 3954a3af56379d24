"""Letters and entries that an equation gives, where something is differentiated.

After `u = 2x` the u in d/dx f(u) moves with x: it is put in.  Where an equation ties what is
differentiated by to something else and cannot be put in, the derivative has two readings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from derive.binding import bound, free
from derive.latex.signs.errors import Fault, ambiguous
from derive.polynomial import poly
from derive.syntax import Add, App, Cond, Diff, DiffEntry, Div, Fn, Node, Num, Rel, Term, Var

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
    parts: list[Any] = [*sides, *given]
    ties = _moving(
        {k: _tie(c, targets) for k, c in enumerate(parts) if isinstance(c, Rel) and c.op == "="},
        targets,
    )
    for _ in ties:
        before = parts
        for place, tie in ties.items():
            parts = [p if k == place else _put(p, tie) for k, p in enumerate(parts)]
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
    now = [replace(t, cond=c, value=_other_side(c, t)) for k, t in ties.items()
           if isinstance(c := parts[k], Rel) and t.name in (c.lhs, c.rhs)]  # fmt: skip
    done = {t.cond for t in now if _done(t, [*sides, *given])}
    return sides, [c for c in given if c not in done]


def _moving(ties: dict[int, Tie], targets: set[Target]) -> dict[int, Tie]:
    """Those that say what moves with a target, straight or through others: not k = 3."""
    found: dict[int, Tie] = {}
    moving: set[Any] = set(targets)
    for _ in ties:
        for k, tie in ties.items():
            if tie.name is not None and free(tie.value) & moving:
                found[k] = tie
                moving.add(_symbol(tie.name))
    return found


def _other_side(cond: Rel, tie: Tie) -> Term:
    return cond.lhs if cond.rhs == tie.name else cond.rhs


def worked_out(sides: list[Term], given: list[Cond]) -> tuple[list[Term], list[Cond]]:
    """With equations worked out that give whole numbers once the others are put in.

    Entries are put into the sides too: x_1 is no letter whose value a proof could use.
    """
    values: dict[Term, Term] = {}
    out = list(given)
    for _ in given:
        for k, cond in enumerate(out):
            if not (isinstance(cond, Rel) and cond.op == "="):
                continue
            for name, value in ((cond.lhs, cond.rhs), (cond.rhs, cond.lhs)):
                number = _number(_with(value, values))
                if _fixed(name) and name not in values and number is not None:
                    values[name] = number
                    out[k] = Rel("=", name, number)
    entries = {name: number for name, number in values.items() if isinstance(name, App)}
    sides = [_with(side, entries) for side in sides]
    said = {Rel("=", name, number) for name, number in entries.items()}
    used = {s for part in [*sides, *(c for c in out if c not in said)] for s in free(part)}
    return sides, [c for c in out if c not in said or free(c) & used]


def _fixed(t: Term) -> bool:
    """A letter, or an entry at a fixed place."""
    return isinstance(t, Var) or (
        isinstance(t, App) and isinstance(t.fn, Fn) and all(isinstance(a, Num) for a in t.args)
    )


def _with(t: Any, values: dict[Term, Term]) -> Any:
    for name, value in values.items():
        t = _replaced(t, name, value, frozenset())
    return t


def _number(t: Term) -> Num | None:
    """The whole number that a quotient or a sum of numbers is."""
    if isinstance(t, Div):
        top, below = _number(t.num), _number(t.den)
        if top is None or below is None or below.value == 0:
            return None
        return _whole(top.value / below.value)
    if isinstance(t, Add):
        parts = [_number(p) for p in t.terms]
        return None if None in parts else _whole(sum((p.value for p in parts if p), Fraction(0)))
    found = poly(t).constant()
    return None if found is None else _whole(found)


def _whole(value: Fraction) -> Num | None:
    return Num(value) if value.denominator == 1 else None


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

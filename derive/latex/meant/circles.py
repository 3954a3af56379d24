"""Indices taken modulo N: x that is read at e mod N, and else at 0, ..., N - 1, lives on Z/N.

The entries x_{e mod N} are those of a sequence on a circle, and every claim about them is the same
claim about that sequence; on Z/N each shift and reflection is a change of variables.  Changes the
space of a function in the statements of a chain, or leaves them as they are; proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from derive.binding import bound, free, names
from derive.polynomial import equal
from derive.syntax import (
    ZERO,
    Add,
    App,
    Floor,
    Fn,
    Mul,
    Node,
    Op,
    Rel,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    residues,
)

Turns = dict[tuple[Fn, int], Term]  # (function, place of the argument): the length of the circle
Ends = dict[Var, list[tuple[str, Term]]]  # what is known of a variable: ("<=", e), (">=", e)


def on_circles(name: str, statements: Sequence[Statement]) -> tuple[str, list[Statement]]:
    """The statements of one chain, with functions on circles whose arguments all run on one.

    `name` is that of the space on which the chain is meant.
    """
    used = [place for s in statements for place in _places(s, _given(s))]
    places = [(fn, k, arg) for fn, args, _ in used for k, arg in enumerate(args)]
    moduli = {found[1] for _, _, arg in places if (found := _reduced(arg)) is not None}
    (length,) = moduli if len(moduli) == 1 else (None,)
    if not isinstance(length, Var):  # of two circles no range is a turn; a literal one is short
        return name, list(statements)
    turns = {(fn, k): length for fn, k, _ in places if fn.domain[k] == Z}
    for fn, args, ends in used:
        for k, n in [(k, n) for (f, k), n in turns.items() if f == fn]:
            whole = fn.box is None or (len(fn.box) == 1 and _one_turn(fn.box[0], n))
            if not args or not whole or not _runs(args[k], n, ends):
                del turns[fn, k]
    inside = {v.name for s in statements for v in _bound((s.given, s.lhs, s.rhs))}
    turns = {place: n for place, n in turns.items() if not inside & names(free(n))}
    if not turns:
        return name, list(statements)
    return f"Z/{next(iter(turns.values()))!r}", [_turned(s, turns) for s in statements]


def _bound(t: Any) -> Iterator[Var]:
    """All variables that are bound somewhere in `t`."""
    parts = t if isinstance(t, tuple) else t.children()
    for part in parts:
        yield from bound(part)
        yield from _bound(part)


def _places(node: Any, ends: Ends) -> Iterator[tuple[Fn, tuple[Any, ...], Ends]]:
    """Each function with its arguments, none where it is not evaluated, and what holds there."""
    if isinstance(node, tuple):
        for part in node:
            yield from _places(part, ends)
    elif isinstance(node, Fn):
        yield node, (), ends
    elif isinstance(node, App) and isinstance(node.fn, Fn):
        yield node.fn, node.args, ends
        yield from _places(node.args, ends)
    elif isinstance(node, Op) and node.actuals == node.definition.params:  # a name: h is its own h
        yield from _places(node.definition.lam, ends)
    elif isinstance(node, Node):
        inner = {v: known for v, known in ends.items() if v not in bound(node)}
        if isinstance(node, Sum) and node.bounds and node.var.space == Z:
            low, high = node.bounds
            inner[node.var] = [(">=", low), ("<=", high)]
        for f in fields(node):  # type: ignore[arg-type]
            yield from _places(getattr(node, f.name), inner if f.name == "body" else ends)


def _given(s: Statement) -> Ends:
    ends: Ends = {}
    for cond in s.given:
        match cond:
            case Rel("<=" | "<" as op, lhs, rhs):
                gap = 1 if op == "<" else 0
                if isinstance(lhs, Var):
                    ends.setdefault(lhs, []).append(("<=", rhs - gap))
                if isinstance(rhs, Var):
                    ends.setdefault(rhs, []).append((">=", lhs + gap))
    return ends


def _reduced(t: Any) -> tuple[Term, Term] | None:
    """(e, n) if the term is e mod n."""
    match t:
        case Add((e, Mul((_, Mul((n, Floor())))))) if t == Add((e, -Mul((n, Floor(e, n))))):
            return e, n
    return None


def _runs(t: Term, n: Term, ends: Ends) -> bool:
    """Whether a term is one of 0, ..., n - 1."""
    if t == ZERO or ((found := _reduced(t)) is not None and found[1] == n):
        return True
    known = ends.get(t, []) if isinstance(t, Var) else []
    return any(op == ">=" and equal(e, ZERO) for op, e in known) and any(
        op == "<=" and equal(e, n - 1) for op, e in known
    )


def _one_turn(box: tuple[Term, Term], n: Term) -> bool:
    return equal(box[0], ZERO) and equal(box[1], n - 1)


def _turned(t: Any, turns: Turns) -> Any:
    """`t` with the functions on their circles, where e mod n is e."""
    if isinstance(t, tuple):
        return tuple(_turned(part, turns) for part in t)
    if not isinstance(t, Node):
        return t
    if isinstance(t, Fn):
        own = {k: n for (fn, k), n in turns.items() if fn == t}
        domain = tuple(residues(own[k]) if k in own else s for k, s in enumerate(t.domain))
        return replace(t, domain=domain, box=None if own else t.box)
    if isinstance(t, App) and isinstance(t.fn, Fn):
        args = tuple(
            _turned(found[0] if (t.fn, k) in turns and (found := _reduced(arg)) else arg, turns)
            for k, arg in enumerate(t.args)
        )
        return App(_turned(t.fn, turns), args)
    return replace(t, **{f.name: _turned(getattr(t, f.name), turns) for f in fields(t)})  # type: ignore[arg-type,type-var]

"""Letters that an equation gives, under a sum or an integral over what they depend on.

After `u = 2x` the u in \\int f(u) dx moves with x: it is put in, and the integral binds its x.
Where the x of the equation then stands outside too, it may be one number: nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from derive.binding import free, names, substitute
from derive.latex.roles.kinds import Kinds
from derive.latex.signs.errors import Fault, ambiguous
from derive.syntax import Cond, Node, Rel, Sum, Term, Var

LONGEST = 4_000  # nodes of a value in which all equations are put in


def put_under(
    sides: list[Term], given: list[Cond], kinds: Kinds, pos: int
) -> tuple[list[Term], list[Cond]]:
    """The sides with those letters put in that move with a bound variable, and what is given."""
    equations = [c for c in given if isinstance(c, Rel) and c.op == "="]
    values, rest = _values(equations, pos)
    moving = {
        y: value
        for y, value in values.items()
        if any(_moves(total, y, value) for total in _totals(sides))
    }
    before = _letters(*sides)
    if moving:
        sides = [_put(side, moving, {}, kinds) for side in sides]
    inside = names(t.var for t in _totals(sides))
    for y, value in moving.items():
        loose = _letters(value) & (_letters(*sides) | before - {y})
        if y in _letters(*sides) or names(loose) & inside:
            raise _two_readings(Rel("=", y, value), min(names(_letters(value)) & inside), pos)
    for equation in rest:
        whole = substitute(equation, values)
        for y in _letters(whole):
            for total in _totals(sides):
                if _moves(total, y, whole):
                    raise _two_readings(equation, total.var.name, pos)
    return sides, _still_said(sides, given, values) if moving else given


def _still_said(
    sides: list[Term], given: list[Cond], values: Mapping[Var, Term]
) -> list[Cond]:
    """What is given but for what a letter is that stands nowhere else."""
    left = list(given)
    for _ in given:
        for c in left:
            others = _letters(*sides, *(d for d in left if d != c))
            if isinstance(c, Rel) and any(y not in others for y in {c.lhs, c.rhs} & values.keys()):
                left = [d for d in left if d != c]
    return left


def _two_readings(equation: Rel, letter: str, pos: int) -> Fault:
    every = f"{equation!r} holds for every {letter} that is summed or integrated over"
    return ambiguous(pos, every, f"it holds for one {letter}")


def _values(equations: list[Rel], pos: int) -> tuple[dict[Var, Term], list[Rel]]:
    """What each letter is, with the other letters put in, and the equations that say more."""
    values: dict[Var, Term] = {}
    rest: list[Rel] = []
    for c in equations:
        for y, value in ((c.lhs, c.rhs), (c.rhs, c.lhs)):
            if isinstance(y, Var) and y not in values and y not in free(value):
                values[y] = value
                break
        else:
            rest.append(c)
    for _ in list(values):
        for y, value in values.items():
            inner = {v: values[v] for v in _letters(value) & values.keys()}
            wide = substitute(value, {v: t for v, t in inner.items() if y not in free(t)})
            if sum(1 for _ in _nodes(wide)) > LONGEST:
                raise Fault("too long when the equations are put in", pos, "fewer equations")
            values[y] = wide
    return values, rest


def _moves(total: Sum, y: Var, said: Node) -> bool:
    """Whether y stands in a sum over a letter to which something that is said ties it."""
    others = names(_letters(said) - {y})
    return total.var.name in others and y in free(total.body)


def _letters(*parts: Node) -> frozenset[Var]:
    return frozenset(s for part in parts for s in free(part) if isinstance(s, Var))


def _totals(sides: list[Term]) -> Iterator[Sum]:
    for side in sides:
        yield from (n for n in _nodes(side) if isinstance(n, Sum))


def _nodes(t: Node) -> Iterator[Node]:
    yield t
    for child in t.children():
        yield from _nodes(child)


def _put(t: Any, values: Mapping[Var, Term], inside: dict[str, Var], kinds: Kinds) -> Any:
    """`values` for letters; a letter of a value that a sum round it binds is that variable."""
    if isinstance(t, tuple):
        return tuple(_put(part, values, inside, kinds) for part in t)
    if isinstance(t, Var) and t in values and inside.get(t.name) != t:
        value = values[t]
        caught = {v: inside[v.name] for v in _letters(value) if v.name in inside}
        for one, other in caught.items():
            kinds.merge(one.space, other.space)
        return substitute(value, caught)
    if not isinstance(t, Node):
        return t
    changes = {}
    for f in fields(t):
        if f.metadata.get("child", True):
            binds = isinstance(t, Sum) and f.name == "body"
            scope = {**inside, t.var.name: t.var} if binds else inside  # type: ignore[attr-defined]
            old = getattr(t, f.name)
            new = _put(old, values, scope, kinds)
            if new != old:
                changes[f.name] = new
    return replace(t, **changes) if changes else t

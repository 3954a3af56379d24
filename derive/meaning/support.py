"""Where a summand can be non-zero: what its factors, brackets and ranges say together.

May: split a summand into branches (its monomials), each with the inequalities that its factors
impose.  Must not: look at values: a function is judged by its class, never by its data.
`sums` calls it; sigma(f), 1/f, f^0 and f + 1 impose nothing, so they hold nothing in.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from derive.meaning.affine import Constraint, Context, added, linear, scaled, widened
from derive.meaning.functions import kinds, opened
from derive.meaning.outcome import TooLarge
from derive.meaning.scope import Closure, Linears, Scope, Slot, depends
from derive.meaning.terms import meeting
from derive.syntax import (
    Abs,
    Add,
    And,
    App,
    Cond,
    Diff,
    DiffEntry,
    Div,
    Floor,
    Fn,
    Function,
    Iverson,
    Lam,
    Max,
    Mul,
    Not,
    Num,
    Op,
    Or,
    Partial,
    Pow,
    Rel,
    Signature,
    Space,
    Sum,
    Term,
)

if TYPE_CHECKING:
    from derive.meaning.program import Program

MOST_BRANCHES = 256


@dataclass(frozen=True, slots=True)
class Branch:
    """One monomial: constraints lo <= form <= hi, and the variables that must be held in.

    The last part of a constraint says whether it cuts off (else it only makes the summand decay).
    """

    rows: tuple[Constraint, ...] = ()
    variables: tuple[int, ...] = ()

    def __and__(self, other: Branch) -> Branch:
        extra = tuple(v for v in other.variables if v not in self.variables)
        return Branch(self.rows + other.rows, self.variables + extra)


FREE = [Branch()]


def every(parts: list[list[Branch]]) -> list[Branch]:
    """A product: each choice of one branch from every factor."""
    count = 1
    for part in parts:
        count *= len(part)
    if count > MOST_BRANCHES:
        raise TooLarge("too many terms in one sum")
    out = FREE
    for part in parts:
        out = [a & b for a in out for b in part]
    return out


def branches(c: Program, term: Term, scope: Scope) -> list[Branch]:
    """The monomials of a summand."""
    if isinstance(term, Num):
        return FREE if term.value else []
    if not depends(term, scope, c.memo):
        return FREE
    match term:
        case Add(parts):
            return [b for t in parts for b in branches(c, t, scope)]
        case Mul(parts):
            return every([branches(c, t, scope) for t in parts])
        case Pow(base, n):
            return branches(c, base, scope) if n else FREE
        case Div(inner, _) | Floor(inner, _) | Abs(inner):
            return branches(c, inner, scope)
        case Max(left, right):
            return branches(c, left, scope) + branches(c, right, scope)
        case Iverson(cond):
            return _condition(c, cond, scope, True)
        case App(fn, args):
            return _application(c, fn, args, scope)
        case Sum(var, bounds, body):
            return _inner_sum(c, var, bounds, body, scope)
        case Diff(var, body, _):
            return branches(c, body, scope.bind({var: (None,) * c.dim(var.space, scope)}))
        case DiffEntry(fn, entry, body):
            return _entry(c, fn, entry, body, scope)
    return FREE


def _done(ctx: Context) -> Branch:
    return Branch(tuple(ctx.rows), tuple(ctx.variables))


def _inner_sum(
    c: Program, var: Any, bounds: tuple[Term, ...], body: Term, scope: Scope
) -> list[Branch]:
    width = c.dim(var.space, scope)
    unknown: Linears = (None,) * width
    if var.space.kind == "Zn" or (bounds and var.space.kind == "R"):
        return branches(c, body, scope.bind({var: unknown}))
    ctx = Context(c)
    forms = tuple(ctx.fresh() for _ in range(width))
    if bounds:
        ends = [widened(linear(b, scope, ctx), width) for b in bounds]
        if any(e is None for end in ends for e in end):
            return branches(c, body, scope.bind({var: unknown}))
        for j, form in enumerate(forms):
            for end, way in ((ends[0][j], -1), (ends[1][j], 1)):
                if end is not None:
                    ctx.require(0, added(scaled(end, way), scaled(form, -way)), None)
    inner = branches(c, body, scope.bind({var: forms}))
    return every([[_done(ctx)], inner])


def _entry(
    c: Program, fn: Fn, entry: tuple[Term, ...], body: Term, scope: Scope
) -> list[Branch]:
    meaning = c.meaning(fn, scope)
    if isinstance(meaning, Slot) and fn.box is None:
        # the entry that moves may lie anywhere: this function holds nothing in
        return branches(c, body, scope.rebind(fn, Slot(fn, meaning.place, False)))
    ctx = Context(c)
    values = [linear(e, scope, ctx) for e in entry]
    own = _apply(c, fn, values, scope) if isinstance(meaning, Slot) else FREE
    return every([[_done(ctx)], own, branches(c, body, scope)])


def _application(
    c: Program, fn: Function, args: tuple[Term | Function, ...], scope: Scope
) -> list[Branch]:
    ctx = Context(c)
    values = [linear(a, scope, ctx) if isinstance(a, Term) else () for a in args]
    return every([[_done(ctx)], _apply(c, fn, values, scope)])


def _apply(c: Program, fn: Function, values: list[Linears], scope: Scope) -> list[Branch]:
    """What a function at linear arguments imposes."""
    match fn:
        case Fn():
            meaning = c.meaning(fn, scope)
            if isinstance(meaning, Closure):
                return _apply(c, meaning.node, values, meaning.scope)
            return _data(c, meaning, values, scope)
        case Lam(params, body):
            bound = {
                p: widened(v, c.dim(p.space, scope)) for p, v in zip(params, values, strict=True)
            }
            return branches(c, body, scope.bind(bound))
        case Op(definition):
            ctx = Context(c)
            inner = opened(c, fn, scope, lambda t: linear(t, scope, ctx))
            return every([[_done(ctx)], _apply(c, definition.lam, values, inner)])
        case Partial(inner_fn, _):
            while isinstance(inner_fn, Partial):
                inner_fn = inner_fn.fn
            if isinstance(inner_fn, Fn):
                meaning = c.meaning(inner_fn, scope)
                if isinstance(meaning, Slot):
                    return _data(c, meaning, values, scope, differentiated=True)
            return _apply(c, inner_fn, values, scope)
    return FREE


def _data(
    c: Program, meaning: Slot, values: list[Linears], scope: Scope, differentiated: bool = False
) -> list[Branch]:
    fn, place = meaning.fn, meaning.place
    if not meaning.holds:
        return FREE
    found = kinds(fn)
    spaces: list[Space] = [s for s in fn.domain if isinstance(s, Space)]
    if "function" in found:
        if not differentiated or len(fn.domain) != 1 or not isinstance(fn.domain[0], Signature):
            return FREE
        spaces = [s for s in fn.domain[0].domain if isinstance(s, Space)]
        values = values[1 : 1 + len(spaces)]
    rows: list[Constraint] = []
    coordinate = 0
    for space, forms in zip(spaces, values, strict=True):
        width = c.dim(space, scope.base)
        for form in widened(forms, width):
            if form is not None and space.kind != "Zn":
                ctx = Context(c)
                if space.kind == "R":
                    rows.append((form[0], 0, 0, False))
                else:
                    ctx.require(_end("lo", place, coordinate), form, _end("hi", place, coordinate))
                rows += ctx.rows
            coordinate += 1
    return [Branch(tuple(rows))]


def _end(which: str, place: int, coordinate: int) -> Any:
    return lambda frame: getattr(frame[place], which)[coordinate]


def _condition(c: Program, cond: Cond, scope: Scope, positive: bool) -> list[Branch]:
    match cond:
        case Rel(op, lhs, rhs):
            if meeting(cond).kind == "Zn" or (op == "=" and not positive):
                return FREE
            return _relation(c, op, lhs, rhs, scope, positive)
        case Not(inner):
            return _condition(c, inner, scope, not positive)
        case And(parts) | Or(parts):
            found = [_condition(c, p, scope, positive) for p in parts]
            if isinstance(cond, And) == positive:
                return every(found)
            return [b for part in found for b in part]
    return FREE


def _relation(
    c: Program, op: str, lhs: Term, rhs: Term, scope: Scope, positive: bool
) -> list[Branch]:
    width = max(c.width(lhs, scope), c.width(rhs, scope))
    ctx = Context(c)
    left = widened(linear(lhs, scope, ctx), width)
    right = widened(linear(rhs, scope, ctx), width)
    components = []
    for a, b in product(left, right) if width == 1 else zip(left, right, strict=True):
        one = Context(c)
        if a is not None and b is not None:
            gap = added(b, scaled(a, -1))  # lhs <= rhs, or its negation (strictness is dropped)
            one.require(0 if positive else None, gap, 0 if op == "=" or not positive else None)
        components.append([_done(one)])
    inside = every(components) if positive else [b for part in components for b in part]
    return every([[_done(ctx)], inside])

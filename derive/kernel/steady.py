"""Brackets that stay as they are near the current entries of a tensor: their derivative is 0.

Near the current values a comparison of two continuous terms holds where u < v holds at these
values, and holds only where u <= v does.  So a condition made of comparisons, counts of such
conditions among what is compared, lies between itself with each comparison as strict as helps it
to be false (`bound`), and as loose as helps it to be true; where the two are equal at the current
values, it is constant near them.  That is needed for all values of the bound variables at once:
a hypothesis says it by a count, sum ([loose] - [strict]) = 0, a sum of finitely many terms >= 0.
`calculus` asks `steady` for each derivative by an entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.binding import free, substitute
from derive.kernel.context import Context, Refused
from derive.kernel.monomial import properties, unfolded
from derive.polynomial import equal
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    And,
    App,
    Cond,
    Div,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Not,
    Num,
    Or,
    Pow,
    Rel,
    Signature,
    Space,
    Sum,
    Term,
    domain_of,
    join,
    space_of,
)

RULE = "differentiate"


def steady(context: Context, fn: Fn, body: Term) -> bool:
    """Whether no bracket in `body` changes near the current entries of `fn`."""
    try:
        return all(_vanishes(context, edge) for edge in edges(body, fn))
    except Refused:
        return False


def edges(t: Node, fn: Fn) -> Iterator[Term]:
    """Counts that are all 0 where no bracket in `t` changes near the current entries of `fn`."""
    t = unfolded(t) if isinstance(t, Term) else t
    if fn not in free(t):
        return
    match t:
        case Iverson(cond):
            yield Iverson(bound(cond, fn, True)) - Iverson(bound(cond, fn, False))
        case Add() | Mul() | Pow() | Div() | Max():
            for part in t.children():
                yield from edges(part, fn)
            if isinstance(t, Max):
                yield from edges(Iverson(Rel("<", t.left, t.right)), fn)
        case Sum(var, ends, body):
            for edge in edges(body, fn):
                yield _counted(t, fn, Sum(var, ends, edge))
        case App(Fn(_, (Signature(),), _, ends), (Lam(params, body),)) if ends is not None:
            for edge in edges(body, fn):
                for param, (lo, hi) in reversed(list(zip(params, ends, strict=True))):
                    edge = _counted(t, fn, Sum(param, (lo, hi), edge))
                yield edge
        case App(_, args):
            for arg in args:
                yield from edges(arg, fn)
        case _:
            raise Refused(RULE, "no count of the brackets in", t)


def _counted(t: Term, fn: Fn, s: Sum) -> Sum:
    """A sum over finitely many integers or integer vectors: a count that is 0 has no terms."""
    if s.var.space.kind != "Z" or not s.bounds or any(fn in free(end) for end in s.bounds):
        raise Refused(RULE, "brackets are counted over ranges of integers only", t)
    return s


def bound(cond: Cond, fn: Fn, loose: bool) -> Cond:
    """`loose`: what `cond` implies if it holds anywhere near; else what makes it hold all near."""
    if fn not in free(cond):
        return cond
    match cond:
        case And(parts):
            return And(tuple(bound(part, fn, loose) for part in parts))
        case Or(parts):
            return Or(tuple(bound(part, fn, loose) for part in parts))
        case Not(part):
            return Not(bound(part, fn, not loose))
        case Rel(op, lhs, rhs) if op != "=" and join(space_of(lhs), space_of(rhs)).dim == ONE:
            if continuous(lhs, fn) and continuous(rhs, fn):
                return Rel("<=" if loose else "<", lhs, rhs)
            return Rel(op, counted(lhs, fn, not loose), counted(rhs, fn, loose))
    raise Refused(RULE, "not known to stay as it is near the entries", Iverson(cond))


def counted(t: Term, fn: Fn, high: bool) -> Term:
    """A term that is above (`high`) or below `t` near the current entries, for a count `t`."""
    t = unfolded(t)
    if fn not in free(t):
        return t
    match t:
        case Iverson(cond):
            return Iverson(bound(cond, fn, high))
        case Add(parts):
            return Add(tuple(counted(part, fn, high) for part in parts))
        case Mul(factors) if [type(f) is Num for f in factors].count(False) == 1 or all(
            type(f) in (Iverson, Num) for f in factors  # the product grows with each of them
        ):
            negative = sum(f.value < 0 for f in factors if isinstance(f, Num))
            return Mul(tuple(counted(f, fn, high != (negative % 2 == 1)) for f in factors))
        case Sum(var, ends, body):
            return _counted(t, fn, Sum(var, ends, counted(body, fn, high)))
    raise Refused(RULE, "not a count of brackets", t)


def continuous(t: Term, fn: Fn) -> bool:
    """Whether a term is continuous in each entry of `fn`."""
    t = unfolded(t)
    if fn not in free(t):
        return True
    match t:
        case Add() | Mul() | Max():
            return all(continuous(part, fn) for part in t.children())  # type: ignore[arg-type]
        case Pow(base):
            return continuous(base, fn)
        case Div(num, den):
            return fn not in free(den) and continuous(num, fn)
        case Sum(var, ends, body):
            finite = var.space.kind == "Z" and bool(ends)
            return finite and not any(fn in free(end) for end in ends) and continuous(body, fn)
        case App(head, args):
            if head != fn and (fn in free(head) or "diff" not in properties(head)):
                return False
            return all(
                fn not in free(arg)
                or (isinstance(place, Space) and place.kind == "R" and isinstance(arg, Term)
                    and continuous(arg, fn))
                for place, arg in zip(domain_of(head), args, strict=True)
            )  # fmt: skip
    return False


def _vanishes(context: Context, edge: Term) -> bool:
    """Whether a hypothesis says that a count is 0, or that a sum over a range of such counts is."""
    if equal(edge, ZERO):
        return True
    counts = [c.lhs for c in context.flat() if isinstance(c, Rel) and c.op == "=" and c.rhs == ZERO]
    while counts:
        count = counts.pop()
        if equal(count, edge):
            return True
        if isinstance(count, Sum) and count.bounds and count.var.space.kind == "Z":
            lo, hi = count.bounds
            for var in context.binders:
                within = {Rel("<=", lo, var), Rel("<=", var, hi)}
                fresh = var.space == count.var.space and var not in free(count)
                if fresh and within <= set(context.flat()):
                    counts.append(substitute(count.body, {count.var: var}))
    return False

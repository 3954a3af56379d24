"""Multiply out, and collapse deltas: sum_v [v = e] F(v) = F(e).

A bracket of divisibility is a delta too: sum_v [s | v] F(v) = sum_u sum_v [s u = v] F(v), which is
sum_u F(s u); and sum_v [s v = e] F(v) = [s | e] F(e / s).
"""

from __future__ import annotations

from derive.binding import free
from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import Scope, poly, to_term
from derive.search.linear import witnesses
from derive.search.match import affine
from derive.search.walk import Walk, depth, factors_of, nest, product_of, summands
from derive.syntax import (
    ONE,
    Divides,
    Iverson,
    Mul,
    Num,
    Rel,
    Sum,
    Term,
    Var,
    Z,
)


def flatten(walk: Walk) -> None:
    walk.flatten()
    while collapse(walk):
        walk.tidy()
        walk.flatten()


def collapse(walk: Walk) -> bool:
    """sum_v [v = e] F(v) = F(e), once, wherever it applies."""
    return any(
        collapse_one(walk, path, part, k)
        for path, part in summands(walk.term)
        for k in range(len(nest(part).binders))
    )


def collapse_one(walk: Walk, path: tuple[int, ...], part: Term, k: int) -> bool:
    """The same for the k-th variable of the nest at `path`, if one of its brackets pins it."""
    m = nest(part)
    var = m.binders[k][0]
    if any(var in free(end) for _, ends in m.binders for end in ends):
        return False
    for factor in m.factors:
        if _pins(factor, var):
            collapse_by(walk, path, part, k, factor)
            return True
    return False


def collapse_by(walk: Walk, path: tuple[int, ...], part: Term, k: int, bracket: Term) -> None:
    """The step itself: the bracket first, the k-th variable innermost."""
    m = nest(part)
    inner = (*m.binders[:k], *m.binders[k + 1 :], m.binders[k])
    others = tuple(f for f in m.factors if f is not bracket)
    target = rebuilt(Monomial(inner, (bracket, *others)))
    if target != part:
        walk.do("rearrange", path, target=target)
    below = (*path, *depth(target, len(inner) - 1))
    walk.do("collapse", below, index=0, stride=None, witnesses=())


def strides(walk: Walk) -> None:
    """Deltas with a literal coefficient, and divisibility by a literal in brackets."""
    while any(_divided(walk, *part) or _scaled(walk, *part) for part in summands(walk.term)):
        walk.tidy()
        flatten(walk)


def _divided(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    """sum_v [s | e] F(v) = sum_u F(v) where s u = e, for e with the coefficient +-1 of v."""
    m = nest(part)
    variables = tuple(v for v, ends in m.binders if v.space == Z and not ends)
    for factor in m.factors:
        if not isinstance(factor, Iverson) or not isinstance(factor.cond, Divides):
            continue
        s, atoms = poly(factor.cond.divisor).constant(), dict[str, Term]()
        line = affine(factor.cond.term, variables, atoms)
        if s is None or s < 2 or line is None or not any(abs(c) == 1 for c in line.row):
            continue
        stride, e = Num(s), to_term(poly(factor.cond.term, Scope(atoms=atoms)), atoms)
        (u,) = walk.fresh(Var("u", Z))
        others = product_of(tuple(f for f in m.factors if f is not factor))
        inner = (*path, *depth(part, len(m.binders)))
        _, context, put = at(walk.term, inner, Context(walk.equation.given))
        walk.to(put(Mul((Iverson(Divides(stride, e)), others))))  # type: ignore[arg-type]
        delta = Sum(u, (), Mul((Iverson(Rel("=", stride * u, e)), *factors_of(others))))
        walk.undo(
            "collapse", inner, put(delta), index=0, stride=stride,  # type: ignore[arg-type]
            witnesses=witnesses(context, Rel("<=", ONE, stride)),
        )  # fmt: skip
        return True
    return False


def _scaled(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    """sum_v [s v = e] F(v) = [s | e] F(floor(e / s)) for a literal s, where e is free of others."""
    m = nest(part)
    variables = tuple(v for v, ends in m.binders if v.space == Z and not ends)
    for factor in m.factors:
        if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
            continue
        if factor.cond.op != "=":
            continue
        line = affine(factor.cond.lhs - factor.cond.rhs, variables, {})
        mine = [k for k, c in enumerate(line.row) if c] if line is not None else []
        if line is None or len(mine) != 1 or abs(line.row[mine[0]]) < 2:
            continue
        var = variables[mine[0]]
        k = next(k for k, (v, _) in enumerate(m.binders) if v == var)
        inner = (*m.binders[:k], *m.binders[k + 1 :], m.binders[k])
        target = rebuilt(Monomial(inner, (factor, *(f for f in m.factors if f is not factor))))
        if target != part:
            walk.do("rearrange", path, target=target)
        below = (*path, *depth(target, len(inner) - 1))
        stride = Num(abs(line.row[mine[0]]))
        _, context, _ = at(walk.term, below, Context(walk.equation.given))
        walk.do(
            "collapse", below, index=0, stride=stride,
            witnesses=witnesses(context, Rel("<=", ONE, stride)),
        )  # fmt: skip
        return True
    return False


def _pins(factor: Term, var: Var) -> bool:
    """Whether a factor is a bracket [v = e]."""
    if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
        return False
    if factor.cond.op != "=" or var.space.kind == "R":
        return False
    found = affine(factor.cond.lhs - factor.cond.rhs, (var,), {})
    return found is not None and abs(found.row[0]) == 1

"""Multiply out, and collapse deltas: sum_v [v = e] F(v) = F(e)."""

from __future__ import annotations

from derive.binding import free
from derive.kernel.monomial import Monomial, rebuilt
from derive.search.match import affine
from derive.search.walk import Walk, depth, nest, summands
from derive.syntax import (
    Iverson,
    Rel,
    Term,
    Var,
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
            inner = (*m.binders[:k], *m.binders[k + 1 :], m.binders[k])
            others = tuple(f for f in m.factors if f is not factor)
            target = rebuilt(Monomial(inner, (factor, *others)))
            if target != part:
                walk.do("rearrange", path, target=target)
            below = (*path, *depth(target, len(inner) - 1))
            walk.do("collapse", below, index=0, stride=None, witnesses=())
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

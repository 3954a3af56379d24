"""Multiply out, and collapse deltas: sum_v [v = e] F(v) = F(e).

A bracket of divisibility is a delta too: sum_v [s | v] F(v) = sum_u sum_v [s u = v] F(v), which is
sum_u F(s u); and sum_v [s v = e] F(v) = [s | e] F(e / s).
"""

from __future__ import annotations

from math import gcd

from derive.binding import free, substitute
from derive.kernel import Context, Refused, at
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import CONSTANT, Poly, Scope, poly, primitive, to_term
from derive.search.linear import witnesses
from derive.search.match import affine
from derive.search.walk import Walk, depth, factors_of, nest, product_of, summands, without
from derive.syntax import (
    ONE,
    ZERO,
    Divides,
    Iverson,
    Mul,
    Num,
    Rel,
    Sum,
    Term,
    Var,
    Z,
    space_of,
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
    others = without(m.factors, bracket)
    if not _pins(bracket, m.binders[k][0], coprime=False):
        atoms: dict[str, Term] = {}
        assert isinstance(bracket, Iverson)  # noqa: S101 - it pins the variable
        bracket = Iverson(Rel("=", to_term(_gap(bracket, atoms), atoms), ZERO))
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
    """sum_v [s | e] F(v) = sum_u F(v) where s u = e, for e with the coefficient +-1 of v.

    For a literal s the coefficients of e count modulo s: [2 | 3 v] is [2 | v]; and s u = e may
    have a common factor: [4 | 2 v].
    """
    m = nest(part)
    variables = tuple(v for v, ends in m.binders if v.space == Z and not ends)
    for factor in m.factors:
        if not isinstance(factor, Iverson) or not isinstance(factor.cond, Divides):
            continue
        s, atoms = poly(factor.cond.divisor).constant(), dict[str, Term]()
        p = poly(factor.cond.term, Scope(atoms=atoms))
        if s is not None and s > 1 and all(c.denominator == 1 for c in p.values()):
            p = Poly({m: c % s - (s if c % s > s / 2 else 0) for m, c in p.items() if c % s})
        stride, e = factor.cond.divisor, to_term(p, atoms)
        line = affine(e, variables, atoms)
        if line is None or free(stride) & set(variables):
            continue
        moving = [c.numerator for m, c in p.items() if m != CONSTANT]
        common = gcd(s.numerator, *moving) if s else 1
        if not any(abs(c) == common for c in line.row):
            continue
        positive = witnesses(Context(walk.equation.given), Rel("<=", ONE, stride))
        if positive is None:
            continue
        v = next(v for v, c in zip(variables, line.row, strict=True) if abs(c) == common)
        before = walk.equation
        try:
            _multiples(walk, (*path, *depth(part, len(m.binders))), factor, Divides(stride, e), v)
            if s is None:
                walk.flatten()  # refused where only the given sum is seen to exist
            return True
        except Refused:
            walk.equation = before
    return False


def _multiples(walk: Walk, path: tuple[int, ...], bracket: Term, cond: Divides, v: Var) -> None:
    """[s | e] F = sum_u [s u = e] F, with what the brackets beside say of v said of u too."""
    stride, e = cond.divisor, cond.term
    (u,) = walk.fresh(Var("u", Z))
    body, context, put = at(walk.term, path, Context(walk.equation.given))
    factors = without(factors_of(body), bracket)
    others = product_of((*factors, ONE))
    walk.to(put(Mul((Iverson(cond), others))))  # type: ignore[arg-type]
    delta = Sum(u, (), Mul((Iverson(Rel("=", stride * u, e)), *factors_of(others))))
    walk.undo(
        "collapse", path, put(delta), index=0, stride=stride,  # type: ignore[arg-type]
        witnesses=witnesses(context, Rel("<=", ONE, stride)),
    )  # fmt: skip
    if poly(stride).constant() is not None:
        return
    atoms: dict[str, Term] = {}
    gap = poly(stride * u - e, Scope(atoms=atoms))
    alone = poly(v, Scope(atoms=atoms))
    (c,) = (gap[mono] for mono in alone)
    value = to_term(alone - gap.scaled(1 / c), atoms)
    last = (*path, 0, len(factors_of(delta.body)) - 1)
    for said in (f.cond for f in factors if isinstance(f, Iverson) and v in free(f)):
        _, there, _ = at(walk.term, last, Context(walk.equation.given))
        of_u = substitute(said, {v: value})
        proof = witnesses(there, of_u) if isinstance(said, Rel) else None
        if proof:
            walk.do("bracket", last, cond=of_u, witnesses=proof)


def _scaled(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    """sum_v [s v = e] F(v) = [s | e] F(floor(e / s)) for the least coefficient, a literal s."""
    m = nest(part)
    variables = tuple(v for v, ends in m.binders if v.space == Z and not ends)
    for factor in m.factors:
        if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
            continue
        if factor.cond.op != "=":
            continue
        atoms: dict[str, Term] = {}
        gap = _gap(factor, atoms)
        line = affine(to_term(gap, atoms), variables, {})
        mine = [k for k, c in enumerate(line.row) if c] if line is not None else []
        mine.sort(key=lambda k, row=line and line.row: abs(row[k]))
        if line is None or not mine or abs(line.row[mine[0]]) < 2:
            continue
        var = variables[mine[0]]
        k = next(k for k, (v, _) in enumerate(m.binders) if v == var)
        inner = (*m.binders[:k], *m.binders[k + 1 :], m.binders[k])
        bracket = Iverson(Rel("=", to_term(gap, atoms), ZERO))
        target = rebuilt(Monomial(inner, (bracket, *without(m.factors, factor))))
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


def _pins(factor: Term, var: Var, coprime: bool = True) -> bool:
    """Whether a factor is a bracket [v = e], between integers also [2 v = 2 e] if `coprime`."""
    if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
        return False
    if factor.cond.op != "=" or var.space.kind == "R":
        return False
    gap = factor.cond.lhs - factor.cond.rhs
    if coprime and var.space.kind == "Z" and space_of(gap).kind == "Z":
        atoms: dict[str, Term] = {}
        gap = to_term(_gap(factor, atoms), atoms)
    found = affine(gap, (var,), {})
    return found is not None and abs(found.row[0]) == 1


def _gap(bracket: Iverson, atoms: dict[str, Term]) -> Poly:
    """lhs - rhs of an equation, divided by what its coefficients have in common."""
    assert isinstance(bracket.cond, Rel)  # noqa: S101 - the caller has looked
    return primitive(poly(bracket.cond.lhs - bracket.cond.rhs, Scope(atoms=atoms)))

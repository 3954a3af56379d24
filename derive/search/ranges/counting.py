"""Sums that only count: floors, intervals and maxima."""

from __future__ import annotations

from fractions import Fraction
from math import comb, floor

from derive.binding import free
from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import Poly, Scope, poly, to_term
from derive.search.integers.cases import shifts
from derive.search.integers.floors import equate
from derive.search.linear import witnesses
from derive.search.match import affine
from derive.search.ranges.brackets import implied, weak
from derive.search.ranges.extremes import extremes
from derive.search.walk import Walk, depth, nest, places, product_of, summands
from derive.syntax import (
    ONE,
    Abs,
    Add,
    App,
    Floor,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Num,
    Pow,
    Rel,
    Sum,
    Term,
    Var,
    Z,
)

MOST_POWER = 8


def maxima(walk: Walk) -> None:
    """Write maxima and absolute values with brackets; those in brackets by cases."""
    while found := next(places(walk.term, lambda n: isinstance(n, Abs)), None):
        walk.do("absolute", found[0])
    while (path := _outermost(walk.term)) is not None:
        walk.do("maximum", path)
    walk.to(weak(walk.term))
    walk.tidy()
    walk.flatten()
    extremes(walk)


def compares(n: Node) -> bool:
    """Whether a maximum or absolute value is one of values of functions."""
    return isinstance(n, Abs | Max) and any(places(n, lambda m: isinstance(m, App)))


def _outermost(t: Node, path: tuple[int, ...] = ()) -> tuple[int, ...] | None:
    """A maximum that stands in no bracket and in no other maximum."""
    if isinstance(t, Max):
        return path
    if isinstance(t, Iverson):
        return None
    below = (_outermost(child, (*path, k)) for k, child in enumerate(t.children()))
    return next((found for found in below if found is not None), None)


def counts(walk: Walk) -> None:
    """Evaluate sums over intervals of integers of polynomials in the variable."""
    while any(
        _counted(walk, path, part) or _compared(walk, path, part)
        for path, part in summands(walk.term)
    ):
        walk.tidy()
        maxima(walk)
        walk.flatten()
        implied(walk)


def _compared(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    """Two lower or two upper bounds of a variable that is only counted: which is the nearer?"""
    m = nest(part)
    for var, ends in m.binders:
        found = _bounds(m, var) if not ends else None
        if found is None or not all(found[:2]):
            continue
        for several in found[:2]:
            if len(several) > 1:
                first, second = several[:2]
                inner = (*path, *depth(part, len(m.binders)))
                walk.do("case", inner, cond=Rel("<=", first, second))
                equate(walk, (*inner, 1, 0), Rel("<=", second + ONE, first))
                return True
    return False


def _counted(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    """sum_v [lo <= v][v <= hi] v^p = [lo <= hi + 1] (S(hi + 1) - S(lo)), S(v + 1) - S(v) = v^p."""
    m = nest(part)
    for k, (var, ends) in enumerate(m.binders):
        found = _bounds(m, var) if not ends else None
        if found is None or any(var in free(e) for _, es in m.binders for e in es):
            continue
        lows, highs, power = found
        if len(lows) != 1 or len(highs) != 1:
            continue
        (lo,), (hi,) = lows, highs
        others = tuple(f for f in m.factors if var not in free(f))
        order = (*m.binders[:k], *m.binders[k + 1 :])
        body = product_of((var,) * power)
        inside = (Iverson(Rel("<=", lo, var)), Iverson(Rel("<=", var, hi)))
        counted = Sum(var, (), Mul((*inside, *((var,) * power))))
        target = rebuilt(Monomial(order, (*others, counted)))
        walk.do("rearrange", path, target=target)
        below = (*path, *(depth(target, len(order)) if order else ()))
        below += (len(others),) if others else ()
        _, _, put = at(walk.term, below, Context(()))
        walk.to(put(Sum(var, (), Mul((*inside, *((var,) * power or (ONE,)))))))  # type: ignore[arg-type]
        earlier = put(Sum(var, (lo, hi), body))
        walk.undo("range_as_bracket", below, earlier)  # type: ignore[arg-type]
        if power:
            walk.do("telescope", below, partial=Lam((var,), antidifference(var, power)))
        else:
            walk.do("count", below)
        return True
    return False


def antidifference(v: Term, power: int) -> Term:
    """S with S(v + 1) - S(v) = v^p: (p + 1) S_p = v^(p+1) - sum_{k<p} C(p+1, k) S_k."""
    lower = [
        Mul((Num(Fraction(-comb(power + 1, k), power + 1)), antidifference(v, k)))
        for k in range(power)
    ]
    return Add((Mul((Num(Fraction(1, power + 1)), Pow(v, power + 1))), *lower))


def floors(walk: Walk) -> None:
    """[s v <= a] = [v <= floor(a / s)] for a variable that is only counted."""
    again = True
    while again:
        again = any(_floor(walk, path, part) for path, part in summands(walk.term))
        walk.tidy()
        if again:
            shifts(walk)


def _floor(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    inner = (*path, *depth(part, len(m.binders)))
    for var, _ in m.binders:
        if var.space != Z or not all(counted_by(f, var) for f in m.factors if var in free(f)):
            continue
        for k, factor in enumerate(m.factors):
            found = scaled_bound(factor, var)
            if found is None:
                continue
            q, s, a = found
            place = (*inner, k) if len(m.factors) > 1 else inner
            _, context, put = at(walk.term, place, Context(walk.equation.given))
            if (whole := _divided(a, s)) is not None:
                walk.to(put(Iverson(Rel("<=", q, whole))))  # type: ignore[arg-type]
                return True
            if literal(s) and free(a) & {v for v, _ in m.binders}:
                continue  # a floor of a bound variable: `classes` takes it apart before
            proof = witnesses(context, Rel("<=", ONE, s))
            if proof is None:
                continue
            walk.to(put(Iverson(Rel("<=", s * q, a))))  # type: ignore[arg-type]
            earlier = put(Iverson(Rel("<=", q, Floor(a, s))))
            walk.undo("floor_bound", place, earlier, witnesses=proof)  # type: ignore[arg-type]
            return True
    return False


def _divided(a: Term, s: Term) -> Term | None:
    """floor(a / s) for a literal s that divides all of `a` but its number."""
    atoms: dict[str, Term] = {}
    p, by = poly(a, Scope(atoms=atoms)), poly(s).constant()
    if by is None:
        return None
    over = {m: c / by for m, c in p.items()}
    if any(c.denominator != 1 for m, c in over.items() if m):
        return None
    return to_term(Poly({m: k for m, c in over.items() if (k := Fraction(floor(c)))}), atoms)


def literal(t: Term) -> bool:
    return poly(t).constant() is not None


def counted_by(factor: Term, var: Var) -> bool:
    """Whether a factor with the variable is a bracket or a power of it."""
    power = factor == var or (isinstance(factor, Pow) and factor.base == var)
    return power or isinstance(factor, Iverson)


def scaled_bound(factor: Term, var: Var) -> tuple[Term, Term, Term] | None:
    """(q, s, a) when a bracket says s q <= a with q = v or -v and s != 1."""
    if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
        return None
    if factor.cond.op != "<=":
        return None
    atoms: dict[str, Term] = {}
    p = poly(factor.cond.rhs - factor.cond.lhs, Scope(atoms=atoms))
    mine = {m: c for m, c in p.items() if any(var in free(atoms[a]) for a, _ in m)}
    if len(mine) != 1:
        return None
    ((mono, c),) = mine.items()
    own = next(a for a, _ in mono if var in free(atoms[a]))
    rest = tuple((a, e) for a, e in mono if a != own)
    if atoms[own] != var or dict(mono)[own] != 1 or any(var in free(atoms[a]) for a, _ in rest):
        return None
    s = to_term(Poly({rest: abs(c)}), atoms)
    a = to_term(Poly({m: k for m, k in p.items() if m not in mine}), atoms)
    return None if s == ONE else (var if c < 0 else -var, s, a)


def _bounds(m: Monomial, var: Var) -> tuple[list[Term], list[Term], int] | None:
    """(los, his, p) when a variable occurs in brackets lo <= v and v <= hi and as v^p only."""
    if var.space != Z:
        return None
    lo: list[Term] = []
    hi: list[Term] = []
    power = 0
    for factor in m.factors:
        if var not in free(factor):
            continue
        if factor == var or (isinstance(factor, Pow) and factor.base == var):
            power += factor.exponent if isinstance(factor, Pow) else 1
            continue
        if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
            return None
        cond, atoms = factor.cond, {}  # type: tuple[Rel, dict[str, Term]]
        line = affine(cond.rhs - cond.lhs, (var,), atoms)
        if cond.op == "=" or line is None or abs(line.row[0]) != 1:
            return None
        if line.row[0] > 0:  # 0 <= v + c
            lo.append(to_term(line.offset.scaled(Fraction(-1)), atoms))
        else:
            hi.append(to_term(line.offset, atoms))
        if cond.op == "<":
            return None
    return (lo, hi, power) if power <= MOST_POWER else None

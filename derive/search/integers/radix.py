"""Blocks: sum_{r=0}^{s-1} sum_q F(s q + r) is one sum over a = s q + r, also for a symbolic s.

Entries of a matrix stored row by row, x_{i m + j}, and strides written as two loops.  What is said
of q alone is said of a: e <= q exactly when s e <= a, and q <= e exactly when a <= s e + s - 1.
"""

from __future__ import annotations

from fractions import Fraction

from derive.binding import free, substitute
from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import Poly, const, poly, to_term
from derive.search.integers.floors import equate
from derive.search.linear import witnesses
from derive.search.match import affine
from derive.search.tidy import tidy
from derive.search.walk import (
    Unproved,
    Walk,
    depth,
    factors_of,
    nest,
    places,
    product_of,
    summands,
)
from derive.syntax import ONE, ZERO, App, Iverson, Mul, Node, Rel, Sum, Term, Var, Z


def blocks(walk: Walk) -> None:
    """One variable for each quotient and remainder that only occur together."""
    while any(_joined(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()
        walk.flatten()


def _joined(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    variables = [v for v, ends in m.binders if v.space == Z and not ends]
    for r in variables:
        if (found := _ends(m, r)) is None:
            continue
        low, s = found
        for q in variables:
            if q == r or not _strided(m, q, r, s):
                continue
            if low != ZERO:
                _shifted(walk, path, part, r, low)
                return True
            if _join(walk, path, part, q, r, s):
                return True
    return False


def _ends(m: Monomial, r: Var) -> tuple[Term, Term] | None:
    """(e, s) of brackets e <= r and r <= e + s - 1, without other bound variables."""
    bound = {v for v, _ in m.binders}
    low: Poly | None = None
    high: Poly | None = None
    atoms: dict[str, Term] = {}
    for factor in m.factors:
        line = _line(factor, r)
        if line is None or free(factor) & bound != {r} or abs(line[0]) != 1:
            continue
        atoms |= line[2]
        if line[0] == 1:
            low = line[1].scaled(Fraction(-1))
        else:
            high = line[1]
    if low is None or high is None:
        return None
    return to_term(low, atoms), to_term(high - low + const(1), atoms)


def _shifted(walk: Walk, path: tuple[int, ...], part: Term, r: Var, low: Term) -> None:
    """r = r' + low"""
    old = tuple(v for v, _ in nest(part).binders)
    new = walk.fresh(*old)
    walk.do(
        "reindex", (*path, *depth(part, 0)), variables=new,
        forward=tuple(v + low if o == r else v for o, v in zip(old, new, strict=True)),
        inverse=tuple(o - low if o == r else o for o in old),
    )  # fmt: skip


def _line(factor: Term, v: Var) -> tuple[Fraction, Poly, dict[str, Term]] | None:
    """(c, rest) for a bracket 0 <= c v + rest."""
    if not isinstance(factor, Iverson) or not isinstance(factor.cond, Rel):
        return None
    if factor.cond.op != "<=":
        return None
    atoms: dict[str, Term] = {}
    line = affine(factor.cond.rhs - factor.cond.lhs, (v,), atoms)
    return None if line is None else (line.row[0], line.offset, atoms)


def _strided(m: Monomial, q: Var, r: Var, s: Term) -> bool:
    """Whether some function is evaluated at s q + r and what is free of both."""

    def both(n: Node) -> bool:
        return isinstance(n, App) and any(
            isinstance(a, Term) and {q, r} <= free(a) and q not in free(_without(a, q, r, s))
            for a in n.args
        )

    return any(True for f in m.factors for _ in places(f, both))


def _without(t: Term, q: Var, r: Var, s: Term) -> Term:
    """`t` with r for s q + r."""
    return tidy(substitute(t, {r: r - s * q}))  # type: ignore[no-any-return]


def _join(walk: Walk, path: tuple[int, ...], part: Term, q: Var, r: Var, s: Term) -> bool:
    m = nest(part)
    (a,) = walk.fresh(Var("a", Z))
    was: list[Term] = []
    now: list[Term] = []
    for factor in m.factors:
        ends = _line(factor, r)
        if ends is not None and q not in free(factor) and _range_of(ends, s):
            continue
        new = tidy(substitute(factor, {r: a - s * q}))
        if q in free(new):
            found = None if r in free(factor) else _bound_on(factor, q, s, a)
            if found is None:
                return False
            new = Iverson(found)
        was.append(factor)
        now.append(new)
    positive = Rel("<=", ONE, s)
    _positive(walk, (*path, *depth(part, len(m.binders))), positive)
    low, high = Iverson(Rel("<=", ZERO, r)), Iverson(Rel("<=", r, s - 1))
    others = tuple(b for b in m.binders if b[0] not in (q, r))
    rows = Sum(r, (), Mul((low, high, Sum(q, (), product_of(tuple(was))))))
    target = rebuilt(Monomial(others, (rows,)))
    walk.do("rearrange", path, target=Mul((Iverson(positive), target)))
    place = (*path, 1, *depth(target, len(others)))
    for k, (old, new) in enumerate(zip(was, now, strict=True)):
        spot = (*place, 0, 2, 0, *((k,) if len(was) > 1 else ()))
        if q in free(old) and r not in free(old) and isinstance(new, Iverson):
            assert isinstance(new.cond, Rel)  # noqa: S101 - as `_bound_on` writes it
            if not equate(walk, spot, substitute(new.cond, {a: s * q + r})):
                raise Unproved("a bound on the quotient is not one on the whole")
    whole = product_of(tuple(now))
    put = at(walk.term, place, Context(()))[2]
    two = Sum(q, (), substitute(whole, {a: s * q + r}))
    walk.to(put(Sum(r, (), Mul((low, high, two)))))  # type: ignore[arg-type]
    walk.undo("range_as_bracket", place, put(Sum(r, (ZERO, s - 1), two)))  # type: ignore[arg-type]
    _, there, _ = at(walk.term, place, Context(walk.equation.given))
    walk.undo(
        "residue_split", place, put(Sum(a, (), whole)),  # type: ignore[arg-type]
        modulus=s, quotient=q, remainder=r, witnesses=witnesses(there, positive),
    )  # fmt: skip
    return True


def _range_of(line: tuple[Fraction, Poly, dict[str, Term]], s: Term) -> bool:
    """Whether a bracket says 0 <= r or r <= s - 1."""
    c, rest, _ = line
    return not rest if c == 1 else c == -1 and rest == poly(s - 1)


def _bound_on(factor: Term, q: Var, s: Term, a: Var) -> Rel | None:
    """What e <= q, or q <= e, says of a = s q + r."""
    line = _line(factor, q)
    if line is None or abs(line[0]) != 1:
        return None
    c, rest, atoms = line
    if c == 1:
        return Rel("<=", s * to_term(rest.scaled(Fraction(-1)), atoms), a)
    return Rel("<=", a, s * to_term(rest, atoms) + s - 1)


def _positive(walk: Walk, inner: tuple[int, ...], positive: Rel) -> None:
    """t = [1 <= s] t, from the brackets of t itself: 0 <= r and r <= s - 1."""
    body, _, put = at(walk.term, inner, Context(()))
    walk.to(put(Mul((*factors_of(body), ONE))))  # type: ignore[arg-type]
    place = (*inner, len(factors_of(body)))
    _, context, _ = at(walk.term, place, Context(walk.equation.given))
    walk.do("bracket", place, cond=positive, witnesses=witnesses(context, positive))

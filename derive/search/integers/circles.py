"""Circles Z/n: sums over one turn, sum_{k=0}^{n-1} F(k), and whole turns in arguments, F(e + n q).

On Z/n each shift and reflection is a change of variables; a range must be cut for it.
"""

from __future__ import annotations

from fractions import Fraction

from derive.binding import Captured, substitute
from derive.kernel import Context, Refused, at
from derive.polynomial import Monomial, Poly, Scope, equal, poly, to_term
from derive.search.linear import witnesses
from derive.search.ranges.brackets import known
from derive.search.walk import Walk, places
from derive.syntax import (
    ONE,
    App,
    IllTyped,
    Node,
    Num,
    Rel,
    Space,
    Sum,
    Term,
    Var,
    Z,
    domain_of,
    residues,
)


def turns(walk: Walk) -> None:
    """Sums over one turn as sums over the residues, and arguments without whole turns."""
    moduli = {
        space.modulus
        for _, app in places(walk.term, lambda n: isinstance(n, App))
        for space in domain_of(app.fn)  # type: ignore[attr-defined]
        if isinstance(space, Space) and space.modulus is not None
    }
    if moduli:
        known(walk)  # a range may say that a bracket holds
    while any(_summed(walk, p, s, n) for p, s in _ranges(walk.term) for n in moduli):
        pass
    while moduli and any(_unwound(walk, p, app) for p, app in _applied(walk.term)):
        walk.tidy()


def _ranges(t: Term) -> list[tuple[tuple[int, ...], Node]]:
    return list(places(t, lambda n: isinstance(n, Sum) and n.var.space == Z and bool(n.bounds)))


def _applied(t: Term) -> list[tuple[tuple[int, ...], Node]]:
    return list(places(t, lambda n: isinstance(n, App)))


def _summed(walk: Walk, path: tuple[int, ...], s: Node, n: Term) -> bool:
    """sum_{k=a}^{a+n-1} F(k) = sum_{v in Z/n} F(v), if F is a function of residues."""
    assert isinstance(s, Sum)  # noqa: S101 - `_ranges` finds no others
    first, last = s.bounds
    if not equal(last, first + n - 1):
        return False
    _, context, put = at(walk.term, path, Context(walk.equation.given))
    positive = witnesses(context, Rel("<=", ONE, n))
    if positive is None:
        return False
    (v,) = walk.fresh(Var(s.var.name, residues(n)))
    before = walk.equation
    try:
        whole = put(Sum(v, (), substitute(s.body, {s.var: v})))
        walk.to(put(Sum(s.var, (first, first + n - 1), s.body)))  # type: ignore[arg-type]
        here = {"variable": s.var, "first": first, "witnesses": positive}
        walk.undo("representatives", path, whole, **here)  # type: ignore[arg-type]
    except (Refused, IllTyped, Captured):
        walk.equation = before
        return False
    return True


def _unwound(walk: Walk, path: tuple[int, ...], app: Node) -> bool:
    """f(e + n q) = f(e) on Z/n."""
    assert isinstance(app, App)  # noqa: S101 - `_applied` finds no others
    for slot, (space, arg) in enumerate(zip(domain_of(app.fn), app.args, strict=True)):
        if isinstance(space, Space) and space.modulus is not None:
            times = _times(arg, space.modulus)
            if poly(times):
                walk.do("turn", path, slot=slot, times=times)
                return True
    return False


def _times(arg: Term, n: Term) -> Term:
    """-q for an argument e + n q: e is free of n, or has coefficients around 0 for a literal n."""
    atoms: dict[str, Term] = {}
    p, q = poly(arg, Scope(atoms=atoms)), Poly()
    ((length, _),) = next(iter(poly(n))) if isinstance(n, Var) else (("", 1),)
    for mono, c in p.items():
        powers = dict(mono)
        if isinstance(n, Num):
            q[mono] = Fraction(-round(c / n.value))
        elif length in powers and c.denominator == 1:
            powers[length] -= 1
            rest: Monomial = tuple((a, e) for a, e in powers.items() if e)
            q[rest] = q.get(rest, Fraction(0)) - c
    return to_term(Poly({m: c for m, c in q.items() if c}), atoms)

"""Bounds that a formula or `--out` states: of a sum, of an output's index.

May: read conditions of the form lo <= v, v < hi.  Called by `ranges`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.binding import free
from derive.layers.errors import Outside
from derive.polynomial import equal, poly
from derive.search.tidy import tidy
from derive.syntax import Cond, Floor, Iverson, Mul, Node, Num, Rel, Sum, Term, Var

Range = tuple[Term, Term]


def sums_of(t: Node) -> list[Sum]:
    out = [t] if isinstance(t, Sum) else []
    for child in t.children():
        out += sums_of(child)
    return out


def lower_bound(s: Sum) -> Term | None:
    """The lower bound of a sum such as sum_{k >= 1}, which stands as a bracket in its body."""
    factors = s.body.factors if isinstance(s.body, Mul) else (s.body,)
    for factor in factors:
        if isinstance(factor, Iverson) and isinstance(factor.cond, Rel):
            low = _lower(s.var, factor.cond)
            if low is not None:
                return low
    return None


def _lower(var: Term, cond: Rel) -> Term | None:
    if cond.rhs == var and var not in free(cond.lhs):
        if cond.op == "<=":
            return cond.lhs
        if cond.op == "<":
            above: Term = tidy(cond.lhs + 1)
            return above
    return None


def without_lower(s: Sum) -> Sum:
    """The sum without a bracket that only repeats its lower bound."""
    factors = s.body.factors if isinstance(s.body, Mul) else (s.body,)
    kept = [
        f
        for f in factors
        if not (
            isinstance(f, Iverson)
            and isinstance(f.cond, Rel)
            and (low := _lower(s.var, f.cond)) is not None
            and equal(low, s.bounds[0])
        )
    ]
    if not kept or len(kept) == len(factors):
        return s
    return replace(s, body=kept[0] if len(kept) == 1 else Mul(tuple(kept)))


def asked(var: Var, about: tuple[Cond, ...]) -> tuple[Term | None, Term | None]:
    """The range of an output that `--out` asks for."""
    low: Term | None = None
    high: Term | None = None
    for cond in about:
        if not isinstance(cond, Rel) or var not in free(cond):
            continue
        gap = poly(cond.rhs - cond.lhs)
        if cond.op == "=" or not (cond.lhs == var or cond.rhs == var) or not gap:
            raise Outside("range", cond, f"not a bound of {var.name}, as in {var.name} < M")
        strict = Num(Fraction(1 if cond.op == "<" else 0))
        if cond.lhs == var:
            high = tidy(cond.rhs - strict)
        else:
            low = tidy(cond.lhs + strict)
    return low, high


def within(index: Term, ends: Range) -> tuple[Cond, ...]:
    return Rel("<=", ends[0], index), Rel("<=", index, ends[1])


def modulus(t: Term) -> Term | None:
    """n for an index a mod n, which is written a - n floor(a / n)."""
    found = [n for n in _floors(t)]
    if len(found) != 1:
        return None
    (f,) = found
    return f.den if equal(t, f.num - f.den * f) else None


def _floors(t: Node) -> list[Floor]:
    own = [t] if isinstance(t, Floor) else []
    return own + [f for child in t.children() for f in _floors(child)]

"""Letters, functions and short ways to apply rules, for the tests of the kernel."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from derive.kernel import Equation, Refused, Theorem, begin, qed, step
from derive.kernel.theorem import back
from derive.syntax import (
    ONE,
    ZERO,
    Cond,
    Fn,
    Iverson,
    Not,
    Num,
    R,
    Rel,
    Signature,
    Term,
    Var,
    Z,
    euclidean,
    lattice,
    residues,
)

a, b, c, i, j, k, m, n, p, q, r, s, t = (Var(v, Z) for v in "abcijkmnpqrst")
x, y, z = (Var(v, R) for v in "xyz")
d = Var("d", Z)
RD, ZD = euclidean(d), lattice(d)
X, Y, W = (Var(v, RD) for v in "XYW")
A, B, P, Q = (Var(v, ZD) for v in "ABPQ")
ZN = residues(n)
u, v, w = (Var(name, ZN) for name in "uvw")

f, g, h = (Fn(name, (Z,), "finite") for name in "fgh")
f2 = Fn("f2", (Z, Z), "finite")
wild = Fn("wild", (Z,), "any")
fd, gd = (Fn(name, (ZD,), "finite") for name in ("fd", "gd"))
fn, gn = (Fn(name, (ZN,), "any") for name in ("fn", "gn"))
phi, psi = (Fn(name, (R,), "Schwartz") for name in ("phi", "psi"))
phid = Fn("phid", (RD,), "Schwartz")
smooth = Fn("smooth", (R,), "smooth")
C1, compact, cont, loc, rough = (
    Fn(name, (R,), cls)
    for name, cls in (
        ("C1", "C1"),
        ("compact", "C1 compact"),
        ("cont", "continuous"),
        ("loc", "locally integrable"),
        ("rough", "any"),
    )
)
sigma = Fn("sigma", (R,), "differentiable")
ten = Fn("ten", (Z,), "finite", ((ONE, k),), "index")  # entries 1..k
out = Fn("out", (Z,), "finite", ((ONE, n),), "index")
L = Fn("L", (Signature((Z,)),), "differentiable", ((ONE, n),))


def num(value: object) -> Num:
    return Num(Fraction(value))  # type: ignore[arg-type]


def eq(lhs: Any, rhs: Any) -> Iverson:
    return Iverson(rel("=", lhs, rhs))


def le(lhs: Any, rhs: Any) -> Iverson:
    return Iverson(rel("<=", lhs, rhs))


def lt(lhs: Any, rhs: Any) -> Iverson:
    return Iverson(rel("<", lhs, rhs))


def no(cond: Cond) -> Iverson:
    return Iverson(Not(cond))


def rel(op: str, lhs: Any, rhs: Any) -> Rel:
    sides = (side if isinstance(side, Term) else num(side) for side in (lhs, rhs))
    return Rel(op, *sides)


def wit(*parts: tuple[Any, ...]) -> tuple[tuple[Fraction, tuple[int, ...]], ...]:
    """A witness from (multiplier, index, index, ...)."""
    return tuple((Fraction(first), rest) for first, *tail in parts for rest in [tuple(tail)])


def one(
    rule: str, term: Term, path: tuple[int, ...] = (), given: tuple[Cond, ...] = (), **data: Any
) -> Equation:
    """`term` after one step."""
    return step(begin(given, term), rule, path, data)


def proved(
    rule: str, term: Term, path: tuple[int, ...] = (), given: tuple[Cond, ...] = (), **data: Any
) -> Theorem:
    return qed(one(rule, term, path, given, **data))


def refused(rule: str, reason: str, attempt: Callable[[], object]) -> Refused:
    """The attempt is refused by this rule and for this reason."""
    with pytest.raises(Refused) as caught:
        attempt()
    assert (caught.value.rule, reason in caught.value.reason) == (rule, True), str(caught.value)
    return caught.value


__all__ = [name for name in dir() if not name.startswith("_")] + ["ONE", "ZERO", "back"]

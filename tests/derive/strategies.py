"""Random terms and random data for the tests of all of derive, from one seeded generator.

`terms(depth)` and `seeds()` are Hypothesis strategies; `Maker` builds what a test of a rule needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import strategies as st

from derive.meaning import Formula, Functional, Points, exp, generator
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    Add,
    And,
    Cond,
    Divides,
    Floor,
    Fn,
    Iverson,
    Max,
    Mul,
    Not,
    Num,
    Or,
    Pow,
    R,
    Rel,
    Signature,
    Sum,
    Term,
    Var,
    Z,
    lattice,
    residues,
)

TWO = Num(Fraction(2))
i, j, k, m, n = (Var(name, Z) for name in "ijkmn")
FREE = (i, j, k)
x, y = (Var(name, R) for name in "xy")
A, B = (Var(name, lattice(TWO)) for name in "AB")
ZN = residues(n)
u, v = (Var(name, ZN) for name in "uv")
f, g = (Fn(name, (Z,), "finite") for name in "fg")
f2 = Fn("f2", (Z, Z), "finite")
fd = Fn("fd", (lattice(TWO),), "finite")
fn, gn = (Fn(name, (ZN,), "any") for name in ("fn", "gn"))
phi, psi = (Fn(name, (R,), "Schwartz") for name in ("phi", "psi"))
sigma = Fn("sigma", (R,), "smooth")
ten = Fn("ten", (Z,), "finite", ((ONE, m),), "index")
L = Fn("L", (Signature((Z,)),), "differentiable", ((ONE, m),))


def num(value: Any) -> Num:
    return Num(Fraction(value))


def seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 2**32)


class Maker:
    """Random nodes over the letters above and the integer variables that are in scope."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.count = 0

    def fresh(self, space: Any = Z) -> Var:
        self.count += 1
        return Var(f"b{self.count}", space)

    def index(self, scope: Iterable[Var] = FREE, depth: int = 2) -> Term:
        """An integer term."""
        scope, rng = tuple(scope), self.rng
        if depth == 0 or rng.random() < 0.3:
            return rng.choice((*scope, *scope, num(rng.randint(-3, 3))))
        one, two = (self.index(scope, depth - 1) for _ in range(2))
        return rng.choice((
            lambda: one + two,
            lambda: one - two,
            lambda: num(rng.choice((-2, -1, 2, 3))) * one,
            lambda: one * two,
            lambda: Floor(one, num(rng.choice((2, 3, -2)))),
            lambda: Max(one, two),
            lambda: Abs(one),
            lambda: Pow(one, 2),
            lambda: Iverson(self.cond(scope, depth - 1)),
        ))()

    def affine(self, scope: Iterable[Var] = FREE) -> Term:
        """An integer term of degree one."""
        parts = [num(self.rng.choice((-1, 1, 1, 2))) * var for var in scope
                 if self.rng.random() < 0.6]
        return Add((*parts, num(self.rng.randint(-2, 2))))

    def cond(self, scope: Iterable[Var] = FREE, depth: int = 1) -> Cond:
        scope, rng = tuple(scope), self.rng
        if depth <= 0 or rng.random() < 0.6:
            if rng.random() < 0.2:
                return Divides(num(rng.choice((2, 3))), self.index(scope, 1))
            return Rel(rng.choice(("=", "<=", "<")), self.index(scope, 1), self.index(scope, 1))
        parts = tuple(self.cond(scope, depth - 1) for _ in range(2))
        return rng.choice((And(parts), Or(parts), Not(parts[0])))

    def value(self, scope: Iterable[Var] = FREE, depth: int = 2) -> Term:
        """A number: values of f, g, brackets, finite sums, products of such."""
        scope, rng = tuple(scope), self.rng
        if depth == 0 or rng.random() < 0.3:
            return rng.choice((
                lambda: f(self.index(scope, 1)),
                lambda: g(self.index(scope, 1)),
                lambda: f2(self.index(scope, 1), self.index(scope, 0)),
                lambda: Iverson(self.cond(scope, 0)),
                lambda: self.index(scope, 0),
            ))()
        one, two = (self.value(scope, depth - 1) for _ in range(2))
        inner = self.fresh()
        return rng.choice((
            lambda: one + two,
            lambda: one - two,
            lambda: one * two,
            lambda: one * two,
            lambda: Pow(one, 2),
            lambda: num(Fraction(rng.randint(-3, 3), rng.choice((1, 2)))) * one,
            lambda: Sum(inner, self.range(scope), self.value((*scope, inner), depth - 1)),
            lambda: Sum(inner, (), f(self.shift(inner, scope)) * self.value((*scope, inner), 0)),
            lambda: Max(one, two),
            lambda: Abs(one),
        ))()

    def shift(self, var: Var, scope: Iterable[Var] = FREE) -> Term:
        """An argument that holds `var` in."""
        c = num(self.rng.choice((1, -1, 2, -2)))
        return Add((Mul((c, var)), self.affine([s for s in scope if s != var])))

    def range(self, scope: Iterable[Var] = FREE) -> tuple[Term, Term]:
        lo = self.affine(scope)
        return lo, Add((lo, num(self.rng.randint(-2, 4))))

    def held(self, variables: Iterable[Var], scope: Iterable[Var] = FREE) -> Term:
        """A product that holds all the integer `variables` in."""
        variables, scope = tuple(variables), tuple(scope)
        factors = [self.rng.choice((f, g))(self.shift(var, scope)) for var in variables]
        if self.rng.random() < 0.5:
            factors.append(self.value((*scope, *variables), 0))
        if self.rng.random() < 0.3:
            factors.append(Iverson(self.cond((*scope, *variables), 0)))
        self.rng.shuffle(factors)
        return Mul(tuple(factors))

    # --- data -------------------------------------------------------------------------------

    def points(self, size: int, low: int = -2, high: int = 3) -> Points:
        """A finitely supported function of `size` integer arguments."""
        rng = self.rng
        keys = {tuple(rng.randint(low, high) for _ in range(size)) for _ in range(5)}
        return Points({key: rng.choice((-2, -1, 1, 2, 3, 5)) for key in keys})

    def env(self) -> dict[Any, Any]:
        rng = self.rng
        values: dict[Any, Any] = {s: rng.randint(-3, 4) for s in FREE}
        values[n], values[m] = rng.randint(1, 4), rng.randint(1, 4)
        values |= {s: Fraction(rng.randint(-4, 4), rng.choice((1, 2))) for s in (x, y)}
        values |= {s: (rng.randint(-2, 2), rng.randint(-2, 2)) for s in (A, B)}
        values |= {s: rng.randrange(values[n]) for s in (u, v)}
        values |= {s: self.points(1) for s in (f, g)}
        values |= {f2: self.points(2, -1, 2), fd: self.points(2, -1, 2)}
        for residue in (fn, gn):
            values[residue] = Points({(r,): rng.randint(-3, 3) for r in range(values[n])})
        for bell in (phi, psi):
            at = generator(0)
            values[bell] = Formula(
                (rng.randint(1, 2) + rng.randint(-1, 2) * at) * exp(-rng.randint(1, 2) * at * at))
        at = generator(0)
        values[sigma] = Formula(rng.randint(0, 2) + rng.randint(1, 3) * at + at * at)
        entries = range(1, values[m] + 1)
        values[ten] = Points({(e,): rng.randint(-3, 3) for e in entries})
        quadratic = [(rng.randint(1, 3), ((0, (e,)), (0, (rng.choice(entries),))))
                     for e in entries]
        linear = [(rng.randint(-2, 3), ((0, (e,)),)) for e in entries]
        values[L] = Functional((*quadratic, *linear), (1,), (values[m],))
        return values


@st.composite
def terms(draw: st.DrawFn, depth: int = 2) -> Term:
    """A number over i, j, k, f, g, f2."""
    return Maker(draw(seeds())).value(FREE, depth)


@st.composite
def polynomials(draw: st.DrawFn, variables: tuple[Var, ...] = FREE) -> Term:
    """A polynomial in the variables, in any shape."""
    leaf = st.one_of(st.sampled_from(variables), st.integers(-3, 3).map(num))
    return draw(st.recursive(leaf, lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: Add(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Mul(tuple(parts))),
        st.tuples(inner, st.integers(0, 2)).map(lambda pair: Pow(*pair)),
    ), max_leaves=6))


__all__ = ["ONE", "ZERO", "Maker", "polynomials", "seeds", "terms"]

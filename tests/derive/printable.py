"""Random well-typed terms over Z and R for tests of printers, doors and serialisation."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from derive.syntax import (
    ONE,
    Abs,
    Add,
    And,
    Cond,
    Diff,
    DiffEntry,
    Div,
    Divides,
    Floor,
    Fn,
    Iverson,
    Max,
    Mul,
    Not,
    Num,
    Or,
    Partial,
    Pow,
    R,
    Rel,
    Sum,
    Term,
    Var,
    Z,
)

INTEGERS = [Var(c, Z) for c in "ijkn"]
REALS = [Var(c, R) for c in "xyz"]
f, g = Fn("f", (Z,), "finite"), Fn("g", (Z, Z), "finite")
F, G = Fn("F", (R,), "Schwartz"), Fn("G", (R, R), "Schwartz")
w = Fn("w", (Z,), "finite", box=((ONE, Var("n", Z)),), style="index")
FUNCTIONS = {fn.name: fn for fn in (f, g, F, G, w)}


def numbers(whole: bool) -> st.SearchStrategy[Term]:
    top = st.integers(-4, 4)
    return st.builds(
        lambda a, b: Num(Fraction(a, b)), top, st.just(1) if whole else st.integers(1, 3)
    )


@st.composite
def integers(draw: st.DrawFn, depth: int = 2) -> Term:
    """Z-valued, built of what the language allows as an index."""
    if depth == 0:
        return draw(st.one_of(st.sampled_from(INTEGERS), numbers(True)))
    below = integers(depth - 1)
    return draw(
        st.one_of(
            st.sampled_from(INTEGERS),
            st.builds(lambda a, b: Add((a, b)), below, below),
            st.builds(lambda a, b: a - b, below, below),
            st.builds(lambda a, b: Mul((a, b)), below, below),
            st.builds(lambda a, n: Floor(a, Num(Fraction(n))), below, st.integers(2, 5)),
            st.builds(Max, below, below),
            st.builds(Abs, below),
            st.builds(Iverson, conds(depth - 1)),
        )
    )


@st.composite
def conds(draw: st.DrawFn, depth: int = 1) -> Cond:
    side = integers(min(depth, 1))
    plain = st.one_of(
        st.builds(Rel, st.sampled_from(["=", "<=", "<"]), side, side),
        st.builds(lambda n, a: Divides(Num(Fraction(n)), a), st.integers(2, 4), side),
    )
    if depth == 0:
        return draw(plain)
    below = conds(depth - 1)
    return draw(
        st.one_of(
            plain,
            st.builds(lambda a, b: And((a, b)), below, below),
            st.builds(lambda a, b: Or((a, b)), below, below),
            st.builds(Not, below),
        )
    )


@st.composite
def terms(draw: st.DrawFn, depth: int = 3) -> Term:
    """R-valued terms: sums, integrals, derivatives and all the rest."""
    if depth == 0:
        return draw(st.one_of(st.sampled_from(REALS), numbers(False)))
    below, index, point = terms(depth - 1), integers(1), points()
    n, x = st.sampled_from(INTEGERS), st.sampled_from(REALS)
    return draw(
        st.one_of(
            st.builds(lambda a: Add(tuple(a)), st.lists(below, min_size=2, max_size=3)),
            st.builds(lambda a: Mul(tuple(a)), st.lists(below, min_size=2, max_size=3)),
            st.builds(lambda a: -a, below),
            st.builds(Pow, below, st.integers(0, 3)),
            st.builds(lambda a, v: Div(a, v), below, x),
            st.builds(Max, below, below),
            st.builds(f, index),
            st.builds(g, index, index),
            st.builds(w, index),
            st.builds(F, point),
            st.builds(Partial(F, 0), point),
            st.builds(Partial(G, 1), point, point),
            st.builds(Iverson, conds(1)),
            st.builds(lambda v, a: Sum(v, (), a), n, below),
            st.builds(lambda v, lo, hi, a: Sum(v, (lo, hi), a), n, integers(0), integers(1), below),
            st.builds(lambda v, a: Sum(v, (), a), x, below),
            st.builds(lambda v, a: Sum(v, (Num(Fraction(0)), Num(Fraction(1))), a), x, below),
            st.builds(lambda v, a: Diff(v, a, v), x, below),
            st.builds(Diff, x, below, point),
            st.builds(lambda i, a: DiffEntry(w, (i,), a), index, below),
        )
    )


def points() -> st.SearchStrategy[Term]:
    x = st.sampled_from(REALS)
    return st.one_of(
        x, st.builds(lambda a, b: a - b, x, x), st.builds(lambda a, n: n * a, x, st.integers(1, 3))
    )

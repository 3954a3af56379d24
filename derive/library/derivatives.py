"""The derivative of a convolution (L15), continuous and discrete."""

from __future__ import annotations

from derive.definitions import convolution, cross_correlation, forward_difference
from derive.library.result import Result
from derive.syntax import Diff, Fn, Partial, R, Statement, Term, Var, Z, euclidean

MATHLIB = "mathlib, HasCompactSupport.hasDerivAt_convolution_right; Folland, Proposition 8.10"
CONCRETE = "Graham, Knuth, Patashnik, Concrete Mathematics, 2.6"


def results() -> list[Result]:
    out: list[Result] = []
    for suffix, words, space in (("r", "on R", R), ("rd", "on R^d", euclidean(Var("d", Z)))):
        x = Var("x", space)
        rough = Fn("f", (space,), "locally integrable")
        f, g = Fn("f", (space,), "C1"), Fn("g", (space,), "C1 compact")
        star, corr = convolution(space), cross_correlation(space)

        def fact(name: str, title: str, lhs: Term, rhs: Term, tail: str = suffix, on: str = words
                 ) -> Result:
            statement = Statement((), lhs, rhs)
            return Result(f"{name}-{tail}", f"{title} {on}", ("L15",), MATHLIB, statement)

        out += [
            fact("derivative-of-convolution", "(f * g)' = f * g'",
                 Diff(x, star(rough, g)(x), x), star(rough, Partial(g, 0))(x)),
            fact("derivative-moves", "f' * g = f * g'",
                 star(Partial(f, 0), g)(x), star(f, Partial(g, 0))(x)),
            fact("derivative-of-convolution-left", "(f * g)' = f' * g",
                 Diff(x, star(f, g)(x), x), star(Partial(f, 0), g)(x)),
            fact("derivative-of-correlation", "The derivative of a cross-correlation, by g",
                 Diff(x, corr(rough, g)(x), x), corr(rough, Partial(g, 0))(x)),
            fact("derivative-of-correlation-left", "The derivative of a cross-correlation, by f",
                 Diff(x, corr(f, g)(x), x), -corr(Partial(f, 0), g)(x)),
        ]  # fmt: skip
    return out + _discrete()


def _discrete() -> list[Result]:
    i = Var("i", Z)
    f, g = Fn("f", (Z,), "finite"), Fn("g", (Z,), "finite")
    star, delta = convolution(Z), forward_difference(Z)
    both = delta(star(f, g))(i)
    return [
        Result("difference-of-convolution", "Differences: D(f * g) = f * Dg", ("L15",), CONCRETE,
               Statement((), both, star(f, delta(g))(i))),
        Result("difference-of-convolution-left", "Differences: D(f * g) = Df * g", ("L15",),
               CONCRETE, Statement((), both, star(delta(f), g)(i))),
    ]  # fmt: skip

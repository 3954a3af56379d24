"""Cross-correlation: what networks compute, how it relates to convolution, what is wrong on L6."""

from __future__ import annotations

from derive.definitions import convolution, cross_correlation, reflection
from derive.library.convolution import groups
from derive.library.result import Result
from derive.syntax import ONE, ZERO, Add, Fn, R, Space, Statement, Sum, Var, Z

LECTURE = "the lecture's slide on cross-correlation"
OPPENHEIM = "Oppenheim and Schafer, Discrete-Time Signal Processing, 2.3"


def results() -> list[Result]:
    out: list[Result] = []
    for group in groups():
        if group.suffix == "zn":
            continue
        f, g, x = group.function("f"), group.function("g"), group.point
        corr = cross_correlation(group.space)
        lhs, rhs = corr(f, g)(x), corr(g, f)(-x)
        out.append(
            Result(
                f"correlation-reflects-{group.suffix}",
                f"Exchanging the functions of a cross-correlation reflects it {group.words}",
                ("L6",), OPPENHEIM, Statement(group.given(lhs, rhs), lhs, rhs),
            )
        )  # fmt: skip
        flipped = convolution(group.space)(reflection(group.space)(f), g)(x)
        out.append(
            Result(
                f"correlation-as-convolution-{group.suffix}",
                f"Cross-correlation is convolution with the reflected kernel {group.words}",
                ("L6",), OPPENHEIM, Statement(group.given(lhs, flipped), lhs, flipped),
            )
        )  # fmt: skip
    out.append(_window())
    out += [_slide(Z, "finite", "z", "a", "i"), _slide(R, "Schwartz", "r", "z", "x")]
    return out


def _window() -> Result:
    """The sum that the lecture computes by hand, for a 2 x 2 kernel, at any position."""
    i, j, p, q = (Var(n, Z) for n in "ijpq")
    f, g = Fn("f", (Z, Z)), Fn("g", (Z, Z))
    inside = f(p, q) * g(i + p, j + q)
    lhs = Sum(p, (ZERO, ONE), Sum(q, (ZERO, ONE), inside))
    entries = [(0, 0), (0, 1), (1, 0), (1, 1)]
    rhs = Add(tuple(f(a, b) * g(i + a, j + b) for a, b in entries))
    return Result(
        "correlation-window", "A 2-D output written out, for a 2 x 2 kernel", ("L11",), LECTURE,
        Statement((), lhs, rhs),
    )  # fmt: skip


def _slide(space: Space, cls: str, suffix: str, bound: str, point: str) -> Result:
    """The slide's claim, which is false: that cross-correlation commutes."""
    f, g = Fn("f", (space,), cls), Fn("g", (space,), cls)
    a, x = Var(bound, space), Var(point, space)
    lhs, rhs = Sum(a, (), f(a) * g(x + a)), Sum(a, (), f(x + a) * g(a))
    group = "zd" if space == Z else "rd"
    return Result(
        f"slide-correlation-commutes-{suffix}", "The slide: cross-correlation commutes", ("L6",),
        LECTURE, Statement((), lhs, rhs), holds=False,
        instead=(f"correlation-reflects-{group}", f"correlation-as-convolution-{group}"),
    )  # fmt: skip

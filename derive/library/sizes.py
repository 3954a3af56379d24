"""How many outputs a layer has: the number of positions at which the kernel fits (L12)."""

from __future__ import annotations

from derive.library.result import Result
from derive.syntax import (
    ONE,
    ZERO,
    Cond,
    Floor,
    Iverson,
    Max,
    Rel,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    term,
)

GUIDE = "Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2"


def results() -> list[Result]:
    i, h, k, s, d, p = (Var(n, Z) for n in ("i", "H", "K", "s", "D", "P"))
    kernel = Rel("<=", ONE, k)
    plain = _positions(i, Rel("<=", i + k, h))
    reach = h + 2 * p - d * (k - 1) - 1
    general = _positions(i, Rel("<=", s * i, reach))
    stride = Rel("<=", ONE, s)
    return [
        Result("output-size", "The number of valid positions", ("L12",), GUIDE,
               Statement((), plain, Max(ZERO, h - k + 1))),
        Result("output-size-fits", "The number of valid positions when the kernel fits", ("L12",),
               GUIDE, Statement((Rel("<=", k, h + 1),), plain, h - k + 1)),
        Result("output-size-general", "The number of positions with stride, padding, dilation",
               ("L12",), GUIDE, Statement((stride,), general, Max(ZERO, Floor(reach, s) + 1))),
        Result("output-size-digits", "28 inputs and a kernel of 3 give 26 outputs", ("L12",), GUIDE,
               Statement((), _positions(i, Rel("<=", i + 3, term(28))), term(26))),
        Result("output-size-unfitted", "H - K + 1 without a condition", ("L12",), GUIDE,
               Statement((kernel, Rel("<=", ZERO, h)), plain, h - k + 1), holds=False,
               instead=("output-size", "output-size-fits")),
    ]  # fmt: skip


def _positions(i: Var, fits: Cond) -> Term:
    """How many i >= 0 satisfy a condition."""
    return Sum(i, (), Iverson(Rel("<=", ZERO, i)) * Iverson(fits))

"""Sizes of layers (L12): low and high padding apart, "same" padding, transposed sizes."""

from __future__ import annotations

from derive.library.result import Result
from derive.library.sizes import GUIDE
from derive.syntax import (
    ONE,
    ZERO,
    Divides,
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

i, H, J, K, s, d, P, L, U, O, r = (Var(n, Z) for n in "iHJKsdPLUOr")
KERNEL, STRIDE, DILATION = Rel("<=", ONE, K), Rel("<=", ONE, s), Rel("<=", ONE, d)
LENGTH = Rel("<=", ZERO, H)
ROWS = ("L12",)


def results() -> list[Result]:
    return [*_apart(), *_same(), *_transposed(), *_wrong()]


def positions(last: Term) -> Term:
    """How many i >= 0 have s i <= last."""
    return Sum(i, (), Iverson(Rel("<=", ZERO, i)) * Iverson(Rel("<=", s * i, last)))


def _apart() -> list[Result]:
    reach = H + L + U - d * (K - 1) - 1
    return [
        Result("output-size-asymmetric", "The number of positions, low and high padding apart",
               ROWS, GUIDE, Statement((STRIDE,), positions(reach),
                                      Max(ZERO, Floor(reach, s) + 1))),
    ]  # fmt: skip


def _same() -> list[Result]:
    """With stride 1, d(K - 1) zeros in all keep the length; half on each side where it is even.

    (The upper half is ceil(n / 2) = floor((n + 1) / 2).)
    """
    def kept(padding: Term) -> Term:
        fits = Rel("<=", i, H + padding - d * (K - 1) - 1)
        return Sum(i, (), Iverson(Rel("<=", ZERO, i)) * Iverson(fits))

    total = d * (K - 1)
    half, rest = Floor(total, term(2)), Floor(total + 1, term(2))
    even, odd = Divides(term(2), total), Divides(term(2), total - 1)
    return [
        Result("same-padding-symmetric", "d(K-1)/2 zeros on both sides, where that is an integer",
               ROWS, GUIDE, Statement((LENGTH, even), kept(2 * half), H)),
        Result("same-padding-asymmetric", "floor(d(K-1)/2) zeros below, ceil(d(K-1)/2) above: "
               "same length", ROWS, GUIDE, Statement((LENGTH,), kept(half + rest), H)),
        Result("same-padding-odd", "d(K-1) = 2J + 1 is odd and J zeros on both sides: one less",
               ROWS, GUIDE, Statement((Rel("=", total, 2 * J + 1),), kept(2 * J),
                                      Max(ZERO, H - 1))),
        Result("same-padding-even-kernel", "floor(d(K-1)/2) zeros on both sides keep the length",
               ROWS, GUIDE, Statement((LENGTH, KERNEL, DILATION, odd), kept(2 * half), H),
               holds=False, instead=("same-padding-symmetric", "same-padding-asymmetric")),
    ]  # fmt: skip


def _transposed() -> list[Result]:
    """H = (O - 1) s - 2P + d (K - 1) + 1 + r has O outputs for 0 <= r < s, not for all r < d.

    That it has them exactly then is proved step by step in `derive.layers.facts`.
    """
    length = (O - 1) * s - 2 * P + d * (K - 1) + 1 + r
    outputs = Floor(length + 2 * P - d * (K - 1) - 1, s) + 1
    return [
        Result("transposed-size-any", "Any output padding r < d gives back the size", ROWS, GUIDE,
               Statement((STRIDE, DILATION, Rel("<=", ZERO, r), Rel("<", r, d)), outputs, O),
               holds=False, instead=("output-size-general",)),
    ]  # fmt: skip


def _wrong() -> list[Result]:
    """What is often written."""
    reach = H + 2 * P - d * (K - 1) - 1
    given = (KERNEL, STRIDE, DILATION, Rel("<=", ZERO, P), LENGTH)
    low = Iverson(Rel("<=", ZERO, s * i + d * (K - 1)))
    unbounded = Sum(i, (), low * Iverson(Rel("<=", s * i, reach)))
    negative = Rel("<", reach, ZERO)
    truncated = Floor(reach, s) * Iverson(Rel("<=", ZERO, reach)) - Floor(-reach, s) * Iverson(
        negative
    )
    unfitting = Rel("<", H, d * (K - 1))  # the kernel does not fit
    return [
        Result("output-size-negative-positions", "The positions, those with i < 0 among them", ROWS,
               GUIDE, Statement(given, unbounded, Max(ZERO, Floor(reach, s) + 1)), holds=False,
               instead=("output-size-general",)),
        Result("output-size-truncated", "The number of positions by truncating division", ROWS,
               GUIDE, Statement((*given, unfitting), positions(reach), Max(ZERO, truncated + 1)),
               holds=False,
               instead=("output-size-general",)),
    ]  # fmt: skip

"""Errors that convolution code has really had, as formulas: each is refuted with a small shape.

One axis, which is enough for each to show; the right formulas are those of `gradients`.
"""

from __future__ import annotations

from derive.library.gradients import DUMOULIN, below, loss, named, tensor, within
from derive.library.result import Result
from derive.syntax import (
    ONE,
    ZERO,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Op,
    Partial,
    Rel,
    Statement,
    Sum,
    Var,
    Z,
)

ROWS = ("L10", "L13", "L16")
G, K, M, H = (Var(v, Z) for v in "GKMH")
s, d = Var("s", Z), Var("d", Z)
g, i, a, m = (Var(v, Z) for v in "giam")
W, X = tensor("w", (Z, below(K))), tensor("x", (Z, below(H)))
LOSS = loss((Z, below(M)))


def results() -> list[Result]:
    return [_dilation(), _remainder(), *_groups(), _transposed()]


def delta_of(lam: Lam, lossy: Fn, *symbols: Fn | Var) -> Op:
    return named(Partial(lossy, 0)(lam, *lam.params), lam.params, *symbols, lossy)


def _dilation() -> Result:
    lam = Lam((i,), Sum(a, below(K), W(a) * X(i + d * a)))
    delta, e = delta_of(lam, LOSS, W, X, d), Var("e", Z)
    wrong = Sum(i, below(M), delta(i) * X(i + e))
    at = (Rel("<=", ONE, d), *within(e, below(K)))
    return Result(
        "bug-dilation-forgotten", "The weight's gradient without the dilation", ROWS, DUMOULIN,
        Statement(at, DiffEntry(W, (e,), LOSS(lam)), wrong), holds=False,
        instead=("conv-gradient-weight",),
    )  # fmt: skip


def _remainder() -> Result:
    """The M outputs that fit leave (H + 2 - K) mod s inputs, which a padding of 1 reaches."""
    lam = Lam((i,), Sum(a, below(K), W(a) * X(s * i + a - 1)))
    delta = delta_of(lam, LOSS, W, X, s)
    meets = Iverson(Rel("=", s * i + a - 1, m))
    true = Sum(i, below(M), Sum(a, below(K), delta(i) * W(a) * meets))
    short = Iverson(Rel("<", m, s * (M - 1) - 2 + K)) * true
    fits = (Rel("<=", s * (M - 1), H + 2 - K), Rel("<", H + 2 - K, s * M))
    at = (Rel("<=", ONE, s), *fits, *within(m, below(H)))
    return Result(
        "bug-remainder", "The input's gradient of length (M - 1) s - 2p + K, with p = 1", ROWS,
        DUMOULIN, Statement(at, DiffEntry(X, (m,), LOSS(lam)), short), holds=False,
        instead=("conv-gradient-input",),
    )  # fmt: skip


def _groups() -> list[Result]:
    w, x = tensor("w", (Z, below(G)), (Z, below(K))), tensor("x", (Z, below(G)), (Z, below(H)))
    lossy = loss((Z, below(G)), (Z, below(M)))
    lam = Lam((g, i), Sum(a, below(K), w(g, a) * x(g, s * i + a)))
    delta = delta_of(lam, lossy, w, x, s)
    e = Var("e", Z)
    at = (Rel("<=", ONE, s), *within(g, below(G)), *within(e, below(K)))
    value = DiffEntry(w, (g, e), lossy(lam))
    first = Sum(i, below(M), delta(g, i) * x(ZERO, s * i + e))
    dense = Sum(i, below(M), delta(g, i) * x(g, i + e))
    return [
        Result("bug-grouped-weight", "Each group's weight gradient from the first group's input",
               ROWS, DUMOULIN, Statement(at, value, first), holds=False,
               instead=("conv-gradient-weight",)),
        Result("bug-groups-with-stride", "The stride dropped where there are groups", ROWS,
               DUMOULIN, Statement(at, value, dense), holds=False,
               instead=("conv-gradient-weight",)),
    ]  # fmt: skip


def _transposed() -> Result:
    """y(m) = sum_i sum_a x(i) w(a) [2 i + a = m]: its gradient reads delta at 2 i + a."""
    x, lossy = tensor("x", (Z, below(M))), loss((Z, below(H)))
    meets = Iverson(Rel("=", 2 * i + a, m))
    lam = Lam((m,), Sum(i, below(M), Sum(a, below(K), x(i) * W(a) * meets)))
    delta = delta_of(lam, lossy, W, x)
    wrong = Sum(a, below(K), delta(i + a) * W(a))
    return Result(
        "bug-transposed-stride", "The gradient of a transposed layer of stride 2 as if it were 1",
        ROWS, DUMOULIN,
        Statement(within(i, below(M)), DiffEntry(x, (i,), lossy(lam)), wrong), holds=False,
        instead=("transposed-gradient-input",),
    )  # fmt: skip

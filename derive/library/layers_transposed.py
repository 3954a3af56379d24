"""The transposed convolution (L13, L16): the convolution's adjoint, and its own gradients.

In any dimension at once, with channels, stride, padding and dilation.  An output padding only
makes the output longer: H is any length, and the statements hold for each.
"""

from __future__ import annotations

from derive.library.gradients import DUMOULIN, below, loss, named, tensor, within
from derive.library.result import Result
from derive.syntax import (
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Partial,
    Rel,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    lattice,
)

D = Var("D", Z)
SPACE = lattice(D)
ROWS = ("L13", "L16")
O, C = Var("O", Z), Var("C", Z)
K, M, H = (Var(v, SPACE) for v in "KMH")
s, d, p = (Var(v, SPACE) for v in "sdp")
o, c = Var("o", Z), Var("c", Z)
i, a, m = (Var(v, SPACE) for v in "iam")
W = tensor("w", (Z, below(O)), (Z, below(C)), (SPACE, below(K)))
X = tensor("x", (Z, below(C)), (SPACE, below(H)))
Y = tensor("y", (Z, below(O)), (SPACE, below(M)))


def results() -> list[Result]:
    return [_adjoint(), *_gradients()]


def conv(x: Fn, at: Term, channel: Term) -> Term:
    """sum_{c, a} w(o, c, a) x(c, s i + d a - p)."""
    return Sum(c, below(C), Sum(a, below(K), W(channel, c, a) * x(c, s * at + d * a - p)))


def spread(y: Fn, at: Term, channel: Term) -> Term:
    """sum_{o, i, a} y(o, i) w(o, c, a) [s i + d a - p = m]."""
    meets = Iverson(Rel("=", s * i + d * a - p, at))
    inner = Sum(i, below(M), Sum(a, below(K), y(o, i) * W(o, channel, a) * meets))
    return Sum(o, below(O), inner)


def _adjoint() -> Result:
    lhs = Sum(o, below(O), Sum(i, below(M), Y(o, i) * conv(X, i, o)))
    rhs = Sum(c, below(C), Sum(m, below(H), X(c, m) * spread(Y, m, c)))
    return Result(
        "transposed-adjoint", "The transposed convolution is the adjoint of the convolution", ROWS,
        DUMOULIN, Statement((), lhs, rhs),
    )  # fmt: skip


def _gradients() -> list[Result]:
    lossy = loss((Z, below(C)), (SPACE, below(H)))
    layer = Lam((c, m), spread(Y, m, c))
    delta = named(Partial(lossy, 0)(layer, c, m), (c, m), W, Y, lossy, s, d, p)
    at_y, at_w = within(i, below(M)), within(a, below(K))
    by_y = Sum(c, below(C), Sum(a, below(K), delta(c, s * i + d * a - p) * W(o, c, a)))
    by_w = Sum(i, below(M), delta(c, s * i + d * a - p) * Y(o, i))
    title = "Transposed convolution: the gradient by "
    return [
        Result("transposed-gradient-input", title + "an input, a convolution", ROWS, DUMOULIN,
               Statement(at_y, DiffEntry(Y, (o, i), lossy(layer)), by_y)),
        Result("transposed-gradient-weight", title + "a weight", ROWS, DUMOULIN,
               Statement(at_w, DiffEntry(W, (o, c, a), lossy(layer)), by_w)),
    ]  # fmt: skip

"""Gradients of more layers, in any dimension: depthwise, with an activation, average pooling."""

from __future__ import annotations

from derive.library.gradients import DUMOULIN, below, loss, named, tensor, within
from derive.library.result import Result
from derive.syntax import (
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Partial,
    R,
    Rel,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    lattice,
)

ROWS = ("L10", "L13", "L16")
SPACE = lattice(Var("D", Z))
N, C = Var("N", Z), Var("C", Z)
K, M, H = (Var(v, SPACE) for v in "KMH")
s, d, p = (Var(v, SPACE) for v in "sdp")
n, c = Var("n", Z), Var("c", Z)
i, a, m, e = (Var(v, SPACE) for v in "iame")


def results() -> list[Result]:
    return [*_depthwise(), *_average()]


def _depthwise() -> list[Result]:
    """h(n, c, i) = sigma(sum_a w(c, a) x(n, c, s i + d a - p) + b(c)): no channel meets another."""
    w, x = tensor("w", (Z, below(C)), (SPACE, below(K))), tensor(
        "x", (Z, below(N)), (Z, below(C)), (SPACE, below(H)))  # fmt: skip
    b, sigma = tensor("b", (Z, below(C))), Fn(r"\sigma", (R,), "differentiable")
    lossy = loss((Z, below(N)), (Z, below(C)), (SPACE, below(M)))
    before = Sum(a, below(K), w(c, a) * x(n, c, s * i + d * a - p)) + b(c)
    layer = Lam((n, c, i), sigma(before))
    body: Term = Partial(lossy, 0)(layer, n, c, i) * Partial(sigma, 0)(before)
    delta = named(body, (n, c, i), w, x, b, lossy, sigma, s, d, p)
    value = lossy(layer)
    at_w, at_x = within(e, below(K)), within(m, below(H))
    meets = Iverson(Rel("=", s * i + d * a - p, m))
    by_w = Sum(n, below(N), Sum(i, below(M), delta(n, c, i) * x(n, c, s * i + d * e - p)))
    by_x = Sum(i, below(M), Sum(a, below(K), delta(n, c, i) * w(c, a) * meets))
    by_b = Sum(n, below(N), Sum(i, below(M), delta(n, c, i)))
    title = "Depthwise layer with an activation: the gradient by "
    return [
        Result("depthwise-gradient-weight", title + "a weight", ROWS, DUMOULIN,
               Statement(at_w, DiffEntry(w, (c, e), value), by_w)),
        Result("depthwise-gradient-input", title + "an input", ROWS, DUMOULIN,
               Statement(at_x, DiffEntry(x, (n, c, m), value), by_x)),
        Result("depthwise-gradient-bias", title + "a bias", ROWS, DUMOULIN,
               Statement((), DiffEntry(b, (c,), value), by_b)),
    ]  # fmt: skip


def _average() -> list[Result]:
    """h(i) = r sum_a x(s i + a - p), with r the reciprocal of the window's size."""
    x, ratio = tensor("x", (SPACE, below(H))), Var("r", R)
    lossy = loss((SPACE, below(M)))
    layer = Lam((i,), ratio * Sum(a, below(K), x(s * i + a - p)))
    delta = named(Partial(lossy, 0)(layer, i), (i,), x, lossy, ratio, s, p, K)
    window = Iverson(Rel("<=", s * i - p, m)) * Iverson(Rel("<=", m, s * i - p + K - 1))
    by_x = Sum(i, below(M), ratio * delta(i) * window)
    return [
        Result("average-pooling-gradient", "Average pooling, padding counted: the gradient",
               ROWS, DUMOULIN,
               Statement(within(m, below(H)), DiffEntry(x, (m,), lossy(layer)), by_x)),
    ]  # fmt: skip

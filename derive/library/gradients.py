"""Backpropagation through a layer (L1, L2, L16): gradients from the forward formula.

The loss L is any differentiable function of the outputs.  delta is its derivative by the output
before the activation; it is 0 outside the outputs' range.  All sizes are symbols.
"""

from __future__ import annotations

from derive.library.result import Result
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    Cond,
    Definition,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Op,
    Partial,
    R,
    Rel,
    Signature,
    Space,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    lattice,
    term,
)

LECTURE = "the lecture's last slides; Rumelhart, Hinton, Williams, Nature 323 (1986)"
DUMOULIN = "Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 4"
Range = tuple[Term, Term]


def results() -> list[Result]:
    return [*_dense(), *_lecture(), _first_weight(), *_general()]


def tensor(name: str, *ranges: tuple[Space, Range]) -> Fn:
    """A tensor with an index in each range, 0 outside."""
    return Fn(name, tuple(s for s, _ in ranges), "finite", tuple(r for _, r in ranges), "index")


def loss(*ranges: tuple[Space, Range]) -> Fn:
    """A differentiable function of a tensor with these ranges."""
    signature = Signature(tuple(s for s, _ in ranges))
    box = tuple(r for _, r in ranges)
    return Fn(r"\mathcal{L}", (signature,), "differentiable", box)


def upto(n: Term) -> Range:
    """1..n, as the lecture counts."""
    return ONE, n


def below(n: Term) -> Range:
    """0..n-1, as programs count."""
    return ZERO, n - 1


def within(index: Term, ends: Range) -> tuple[Cond, ...]:
    return Rel("<=", ends[0], index), Rel("<=", index, ends[1])


def named(body: Term, indices: tuple[Var, ...], *parameters: Fn | Var) -> Op:
    r"""\delta_i for the derivative that `body` is: an abbreviation, unfolded where needed."""
    return Definition(r"\delta", parameters, Lam(indices, body), "name")(*parameters)


def _dense() -> list[Result]:
    """h_i = sigma(sum_j W_ij x_j), i = 1..n, j = 1..p."""
    n, p, i, j = (Var(v, Z) for v in "npij")
    row, col = Var("r", Z), Var("c", Z)
    w, x = tensor("W", (Z, upto(n)), (Z, upto(p))), tensor("x", (Z, upto(p)))
    sigma, lossy = Fn(r"\sigma", (R,), "differentiable"), loss((Z, upto(n)))
    before = Sum(j, (ONE, p), w(i, j) * x(j))
    layer = Lam((i,), sigma(before))
    delta = named(
        Partial(lossy, 0)(layer, i) * Partial(sigma, 0)(before), (i,), w, x, sigma, lossy
    )
    title = "Fully connected layer: the gradient by "
    by_w = DiffEntry(w, (row, col), lossy(layer)), delta(row) * x(col)
    by_x = DiffEntry(x, (col,), lossy(layer)), Sum(i, (ONE, n), delta(i) * w(i, col))
    return [
        Result("dense-gradient-weight", title + "a weight", ("L1",), LECTURE,
               Statement((), *by_w)),
        Result("dense-gradient-input", title + "an input", ("L1",), LECTURE,
               Statement((), *by_x)),
    ]  # fmt: skip


def _lecture() -> list[Result]:
    """h_i = sigma(sum_j w_j x_{i+j-1}), i = 1..n, j = 1..k: the lecture's layer, counted from 1."""
    n, k, i, j, r, m = (Var(v, Z) for v in "nkijrm")
    w, x = tensor("w", (Z, upto(k))), tensor("x", (Z, upto(n + k - 1)))
    sigma, lossy = Fn(r"\sigma", (R,), "differentiable"), loss((Z, upto(n)))
    out: list[Result] = []
    before = Sum(j, (ONE, k), w(j) * x(i + j - 1))
    for active in (False, True):
        layer = Lam((i,), sigma(before) if active else before)
        body: Term = Partial(lossy, 0)(layer, i)
        if active:
            body = body * Partial(sigma, 0)(before)
        delta = named(body, (i,), w, x, lossy, *((sigma,) if active else ()))
        tail, words = ("-activated", " with an activation") if active else ("", "")
        at_w = within(r, upto(k))
        by_w, by_x = DiffEntry(w, (r,), lossy(layer)), DiffEntry(x, (m,), lossy(layer))
        rows = ("L2", "L16")
        out += [
            Result(f"conv1d-gradient-weight{tail}", f"1-D layer{words}: the gradient by a weight",
                   rows, LECTURE,
                   Statement(at_w, by_w, Sum(j, (ONE, n), delta(j) * x(r + j - 1)))),
            Result(f"conv1d-gradient-input{tail}", f"1-D layer{words}: the gradient by an input",
                   rows, LECTURE,
                   Statement((), by_x, Sum(j, (ONE, k), delta(m - j + 1) * w(j)))),
        ]  # fmt: skip
    return out


def _first_weight() -> Result:
    """The lecture's picture: three outputs, three weights, the gradient by the first."""
    i, j = Var("i", Z), Var("j", Z)
    w, x = tensor("w", (Z, upto(term(3)))), tensor("x", (Z, upto(term(5))))
    lossy = loss((Z, upto(term(3))))
    layer = Lam((i,), Sum(j, (ONE, term(3)), w(j) * x(i + j - 1)))
    delta = named(Partial(lossy, 0)(layer, i), (i,), w, x, lossy)
    total = Add(tuple(delta(k) * x(k) for k in (1, 2, 3)))
    return Result(
        "conv1d-gradient-first-weight", "Three outputs, three weights: the gradient by w_1",
        ("L16",), LECTURE, Statement((), DiffEntry(w, (ONE,), lossy(layer)), total),
    )  # fmt: skip


def _general() -> list[Result]:
    """Any dimension, channels in groups, batch, stride, padding and dilation, each per axis.

    h(n, g, o, i) = b(g, o) + sum_{c, a} w(g, o, c, a) x(n, g, c, s i + d a - p)
    """
    dim = Var("D", Z)
    space = lattice(dim)
    size = {name: Var(name, Z) for name in ("N", "G", "O", "C")}
    k, outputs, inputs = (Var(v, space) for v in ("K", "M", "H"))
    s, d, p = (Var(v, space) for v in ("s", "d", "p"))
    n, g, o, c = (Var(v, Z) for v in "ngoc")
    i, a, m = (Var(v, space) for v in "iam")
    batch, group, out, inner = ((Z, below(size[v])) for v in "NGOC")
    w = tensor("w", group, out, inner, (space, below(k)))
    x = tensor("x", batch, group, inner, (space, below(inputs)))
    b = tensor("b", group, out)
    places = (batch, group, out, (space, below(outputs)))
    lossy = loss(*places)

    window = Sum(a, below(k), w(g, o, c, a) * x(n, g, c, s * i + d * a - p))
    total = Sum(c, below(size["C"]), window)
    layer = Lam((n, g, o, i), b(g, o) + total)
    delta = named(Partial(lossy, 0)(layer, n, g, o, i), (n, g, o, i), w, x, b, lossy, s, d, p)
    rows = ("L10", "L13", "L16")
    at = Var("e", space)
    at_w, at_x = within(at, below(k)), within(m, below(inputs))
    over = below(size["N"])
    by_w = Sum(n, over, Sum(i, below(outputs), delta(n, g, o, i) * x(n, g, c, s * i + d * at - p)))
    meets = Iverson(Rel("=", s * i + d * a - p, m))
    by_x = Sum(o, below(size["O"]), Sum(i, below(outputs), Sum(
        a, below(k), delta(n, g, o, i) * w(g, o, c, a) * meets)))  # fmt: skip
    by_b = Sum(n, over, Sum(i, below(outputs), delta(n, g, o, i)))
    title = "Convolution layer in any dimension: the gradient by "
    return [
        Result("conv-gradient-weight", title + "a weight", rows, DUMOULIN,
               Statement(at_w, DiffEntry(w, (g, o, c, at), lossy(layer)), by_w)),
        Result("conv-gradient-input", title + "an input", rows, DUMOULIN,
               Statement(at_x, DiffEntry(x, (n, g, c, m), lossy(layer)), by_x)),
        Result("conv-gradient-bias", title + "a bias", rows, DUMOULIN,
               Statement((), DiffEntry(b, (g, o), lossy(layer)), by_b)),
    ]  # fmt: skip

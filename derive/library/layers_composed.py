"""Layers in a row: two convolutions as one, the receptive field, shifts, a constant kernel.

What holds where nothing is cut off between two layers fails where each of them is padded.
"""

from __future__ import annotations

from derive.library.gradients import DUMOULIN, below, tensor
from derive.library.result import Result
from derive.syntax import (
    ONE,
    ZERO,
    Div,
    Fn,
    Iverson,
    Lam,
    Rel,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    lattice,
    term,
)

ARAUJO = "Araujo, Norris, Sim, Computing receptive fields of convolutional networks, Distill 2019"
ROWS = ("L7",)


def results() -> list[Result]:
    return [_composed(), _cropped(), *_field(), *_shifts(), *_average()]


def _composed() -> Result:
    """u(c) = sum_{b, a} v(b) w(a) [s_1 d_2 b + d_1 a = c], in any dimension."""
    space = lattice(Var("D", Z))
    i, a, b, c = (Var(v, space) for v in "iabc")
    s1, s2, d1, d2 = (Var(v, space) for v in ("s_1", "s_2", "d_1", "d_2"))
    w, v, x = (Fn(name, (space,), "finite") for name in "wvx")
    first = Lam((i,), Sum(a, (), w(a) * x(s1 * i + d1 * a)))
    lhs = Sum(b, (), v(b) * first(s2 * i + d2 * b))
    meets = Iverson(Rel("=", s1 * d2 * b + d1 * a, c))
    kernel = Lam((c,), Sum(b, (), Sum(a, (), v(b) * w(a) * meets)))
    rhs = Sum(c, (), kernel(c) * x(s1 * s2 * i + c))
    return Result(
        "layers-compose", "Two layers are one where nothing is cut off between them", ROWS,
        DUMOULIN, Statement((), lhs, rhs),
    )  # fmt: skip


def _cropped() -> Result:
    """Both with padding 1 and kernels of 3: the output of the first is cut to its range."""
    i, a, b, c, n = (Var(v, Z) for v in "iabcn")
    w, v = (tensor(name, (Z, below(term(3)))) for name in "wv")
    x = tensor("x", (Z, below(n)))
    inside = Iverson(Rel("<=", ZERO, i)) * Iverson(Rel("<=", i, n - 1))
    first = Lam((i,), inside * Sum(a, below(term(3)), w(a) * x(i + a - 1)))
    lhs = Sum(b, below(term(3)), v(b) * first(i + b - 1))
    kernel = Lam((c,), Sum(b, below(term(3)), v(b) * w(c - b)))
    rhs = Sum(c, below(term(5)), kernel(c) * x(i + c - 2))
    at = (Rel("<=", ZERO, i), Rel("<=", i, n - 1))
    return Result(
        "padded-layers-compose", "Two padded layers are one layer with the padding of both", ROWS,
        DUMOULIN, Statement(at, lhs, rhs), holds=False, instead=("layers-compose",),
    )  # fmt: skip


def _field() -> list[Result]:
    """The composed kernel is 0 outside of 0 .. K_1 - 1 + s (K_2 - 1).

    With dilations, and so with products of sizes in the bound, it is proved step by step in
    `derive.layers.facts`.
    """
    a, b, c, k1, k2 = (Var(v, Z) for v in ("a", "b", "c", "K_1", "K_2"))
    w, v = (Fn(name, (Z,), "any", None, "index") for name in "wv")
    meets = Iverson(Rel("=", 2 * b + a, c))
    kernel = Sum(b, below(k2), Sum(a, below(k1), v(b) * w(a) * meets))

    def cut(last: Term) -> Term:
        return Iverson(Rel("<=", ZERO, c)) * Iverson(Rel("<=", c, last)) * kernel

    f, h = (Fn(name, (Z,), "finite") for name in "vw")
    both = Sum(b, below(term(2)), Sum(a, below(term(2)), f(b) * h(a) * meets))
    seen = Iverson(Rel("<=", ZERO, c)) * Iverson(Rel("<=", c, term(2)))

    return [
        Result("receptive-field-stride-two", "Two layers, stride 2, see K_1 + 2 (K_2 - 1) inputs",
               ROWS, ARAUJO, Statement((), kernel, cut(k1 - 1 + 2 * (k2 - 1)))),
        Result("receptive-field-without-stride", "Two kernels of 2, stride 2, see three inputs",
               ROWS, ARAUJO, Statement((), both, seen * both), holds=False,
               instead=("receptive-field-stride-two",)),
    ]  # fmt: skip


def _shifts() -> list[Result]:
    """A shift of the input by s t shifts the output by t, with channels, in any dimension."""
    space = lattice(Var("D", Z))
    o, c, size = Var("o", Z), Var("c", Z), Var("C", Z)
    i, a, t = (Var(v, space) for v in "iat")
    s, d, p, k = (Var(v, space) for v in ("s", "d", "p", "K"))
    w, x = Fn("w", (Z, Z, space), "any", None, "index"), Fn("x", (Z, space), "any", None, "index")

    def layer(at: Term, shift: Term) -> Term:
        inner = Sum(a, below(k), w(o, c, a) * x(c, s * at + d * a - p - shift))
        return Sum(c, below(size), inner)

    n, r, j, q = (Var(v, Z) for v in ("n", "r", "j", "q"))
    v, y = Fn("w", (Z,), "finite"), Fn("x", (Z,), "finite")

    def plain(at: Term, shift: Term) -> Term:
        return Sum(j, (), v(j) * y(r * at + j - shift))

    return [
        Result("layer-equivariant", "A shift of the input by s t shifts a layer's output by t",
               ROWS, DUMOULIN, Statement((), layer(i, s * t), layer(i - t, ZERO))),
        Result("layer-equivariant-always", "A shift that s does not divide shifts by some n",
               ROWS, DUMOULIN,
               Statement((Rel("<=", term(2), r), Rel("<", ZERO, q), Rel("<", q, r)),
                         plain(ZERO, q), plain(-n, ZERO)),
               holds=False, instead=("layer-equivariant",)),
    ]  # fmt: skip


def _average() -> list[Result]:
    """Average pooling is the convolution with 1/K where padding counts and no window is cut."""
    i, a, k, s, p, n = (Var(v, Z) for v in ("i", "a", "K", "s", "p", "n"))
    x, y = tensor("x", (Z, below(n))), Fn("x", (Z,), "any", None, "index")
    total = Sum(a, below(k), y(s * i + a - p))
    flat = Lam((a,), Iverson(Rel("<=", ZERO, a)) * Iverson(Rel("<=", a, k - 1)) * Div(ONE, k))
    inside = Iverson(Rel("<=", ZERO, i + a - p)) * Iverson(Rel("<=", i + a - p, n - 1))
    counted = Div(Sum(a, below(k), x(i + a - p)), Sum(a, below(k), inside))
    padded = Sum(a, (), flat(a) * x(i + a - p))
    given = (Rel("<=", ONE, k),)
    at = (*given, Rel("<=", ZERO, p), Rel("<=", p, i + k - 1), Rel("<=", i - p, n - 1),
          Rel("<=", ONE, n), Rel("<=", ZERO, i), Rel("<", p, k))  # fmt: skip
    return [
        Result("average-pooling", "Average pooling is a convolution with 1/K", ROWS, DUMOULIN,
               Statement(given, Div(ONE, k) * total, Sum(a, (), flat(a) * y(s * i + a - p)))),
        Result("average-pooling-without-padding", "... also where padding is not counted", ROWS,
               DUMOULIN, Statement(at, counted, padded), holds=False,
               instead=("average-pooling",)),
    ]  # fmt: skip

"""A kernel is translation invariant and local (the lecture's L7), and a linear map (L3)."""

from __future__ import annotations

from derive.definitions import cross_correlation, translation
from derive.library.convolution import groups
from derive.library.result import Result
from derive.syntax import (
    ONE,
    ZERO,
    Fn,
    Iverson,
    Lam,
    R,
    Rel,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    lattice,
)

BOOK = "Goodfellow, Bengio, Courville, Deep Learning, 9.2"
STRIDE = "strided convolution keeps only shifts by multiples of the stride"


def results() -> list[Result]:
    return [*_equivariance(), *_strided(), _linear(), _toeplitz(), _local()]


def _equivariance() -> list[Result]:
    out = []
    for group in groups():
        f, g, x = group.function("f"), group.function("g"), group.point
        h = Var("h", group.space)
        pairings = [("convolution", "Convolution", group.star)]
        if group.suffix != "zn":
            pairings.append(
                ("correlation", "Cross-correlation", cross_correlation(group.space))
            )
        for name, words, op in pairings:
            shift = translation(group.space)
            lhs, rhs = op(f, shift(h, g))(x), shift(h, op(f, g))(x)
            out.append(
                Result(
                    f"{name}-equivariant-{group.suffix}",
                    f"{words} with a kernel commutes with translations {group.words}",
                    ("L7",), BOOK, Statement(group.given(lhs, rhs), lhs, rhs),
                )
            )  # fmt: skip
    return out


def _strided() -> list[Result]:
    """h_i = sum_a w(a) x(s i + a): a shift of x by s t shifts h by t; by 1 it does not."""
    i, a, s, t = (Var(n, Z) for n in "iast")
    w, x = Fn("w", (Z,), "finite"), Fn("x", (Z,), "finite")

    def layer(at: Term, shift: Term) -> Term:
        return Sum(a, (), w(a) * x(s * at + a - shift))

    positive = (Rel("<=", ONE, s),)
    return [
        Result(
            "strided-equivariant", "A layer of stride s commutes with shifts by multiples of s",
            ("L7",), BOOK, Statement((), layer(i, s * t), layer(i - t, ZERO)),
        ),
        Result(
            "strided-shift-by-one", "A layer of stride s commutes with a shift by one", ("L7",),
            STRIDE, Statement(positive, layer(i, ONE), layer(i - 1, ZERO)), holds=False,
            instead=("strided-equivariant",),
        ),
    ]  # fmt: skip


def _layer() -> tuple[Var, Var, Var, Fn, Fn]:
    i, j, k = (Var(n, Z) for n in "ijk")
    v = Fn("V", (Z,), "finite", ((ONE, k),), "index")
    x = Fn("x", (Z,), "any", None, "index")
    return i, j, k, v, x


def _linear() -> Result:
    """Without its activation the layer is a linear map."""
    i, j, k, _, x = _layer()
    v, y = (Fn(name, (Z,), "any", None, "index") for name in "Vy")
    alpha, beta = Var("alpha", R), Var("beta", R)
    m = Var("m", Z)

    def layer(inputs: Lam) -> Term:
        return Sum(j, (ONE, k), v(j) * inputs(i + j - 1))

    mixed = Lam((m,), alpha * x(m) + beta * y(m))
    rhs = alpha * layer(Lam((m,), x(m))) + beta * layer(Lam((m,), y(m)))
    return Result(
        "layer-linear", "The layer without its activation is linear", ("L3",), BOOK,
        Statement((), layer(mixed), rhs),
    )  # fmt: skip


def _toeplitz() -> Result:
    """The matrix T of the layer: T_{i,m} = V_{m-i+1}, constant along its diagonals."""
    i, j, k, v, x = _layer()
    m = Var("m", Z)
    lhs = Sum(j, (ONE, k), v(j) * x(i + j - 1))
    return Result(
        "layer-toeplitz", "The layer's matrix is Toeplitz: T_{i,m} = V_{m-i+1}", ("L3",), BOOK,
        Statement((), lhs, Sum(m, (), v(m - i + 1) * x(m))),
    )  # fmt: skip


def _local() -> Result:
    """Output i only depends on the window i <= m <= i + K - 1: other entries may be set to 0."""
    d = Var("d", Z)
    space = lattice(d)
    i, a, size = Var("i", space), Var("a", space), Var("K", space)
    f = Fn("f", (space,), "finite", ((ZERO, size - 1),))
    g = Fn("g", (space,))
    m = Var("m", space)
    window = Iverson(Rel("<=", i, m)) * Iverson(Rel("<=", m, i + size - 1))
    lhs = Sum(a, (), f(a) * g(i + a))
    rhs = Sum(a, (), f(a) * Lam((m,), window * g(m))(i + a))
    return Result(
        "correlation-local", "An output only depends on the inputs in its window", ("L7",), BOOK,
        Statement((), lhs, rhs),
    )  # fmt: skip

"""Theorems written by hand, with steps as the kernel records them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from derive.definitions import convolution, cross_correlation
from derive.notes.derivation import derivation
from derive.notes.items import Heading, Paragraph, Refutation, Table
from derive.notes.messages import Formula, formula
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    And,
    App,
    Cond,
    Definition,
    DiffEntry,
    Exists,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Partial,
    R,
    Rel,
    Signature,
    Sum,
    Term,
    Var,
    Z,
    euclidean,
    lattice,
)


@dataclass(frozen=True)
class Step:
    rule: str
    result: Term
    path: tuple[int, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    forward: bool = True


@dataclass(frozen=True)
class Fake:
    lhs: Term
    rhs: Term
    steps: tuple[Step, ...]
    given: tuple[Cond, ...] = ()


def commutes(space: Any = None) -> Fake:
    space = space or euclidean(Var("d", Z))
    cls = "any" if space.kind == "R" else "finite"
    f, g = Fn("f", (space,), cls), Fn("g", (space,), cls)
    x, z, u = Var("x", space), Var("z", space), Var("u", space)
    conv = convolution(space)
    return Fake(
        conv(f, g)(x),
        conv(g, f)(x),
        (
            Step("unfold", Sum(z, (), f(z) * g(x - z))),
            Step(
                "reindex",
                Sum(u, (), f(x - u) * g(x - (x - u))),
                data={"variables": (u,), "forward": (x - u,), "inverse": (x - z,)},
            ),
            Step("ring", Sum(u, (), g(u) * f(x - u)), data={"target": Sum(u, (), ONE)}),
            Step("unfold", conv(g, f)(x), forward=False),
        ),
        (Exists(conv(f, g)(x)), Exists(conv(g, f)(x))) if space.kind == "R" else (),
    )


def gradient() -> Fake:
    """dL/dw_m = sum_i delta_i x_{i+m-1} for the one-dimensional layer."""
    n, k, i, j, m = (Var(c, Z) for c in "nkijm")
    out = n - k + 1
    w = Fn("w", (Z,), box=((ONE, k),), style="index")
    x = Fn("x", (Z,), box=((ONE, n),), style="index")
    h = Definition("h", (w, x, k), Lam((i,), Sum(j, (ONE, k), w(j) * x(i + j - 1))), "name")(
        w, x, k
    )
    loss = Fn("L", (Signature((Z,)),), "differentiable", box=((ONE, out),))
    delta = Partial(loss, 0)
    chain = Sum(i, (ONE, out), delta(h, i) * DiffEntry(w, (m,), h(i)))
    inside = Iverson(And((Rel("<=", ONE, m), Rel("<=", m, k))))
    inner = Sum(j, (ONE, k), Mul((Iverson(Rel("=", j, m)), inside, x(i + j - 1))))
    return Fake(
        DiffEntry(w, (m,), App(loss, (h,))),
        Sum(i, (ONE, out), delta(h, i) * x(i + m - 1)),
        (
            Step("differentiate", chain),
            Step(
                "unfold",
                Sum(
                    i,
                    (ONE, out),
                    delta(h, i) * DiffEntry(w, (m,), Sum(j, (ONE, k), w(j) * x(i + j - 1))),
                ),
                (2, 1, 1),
            ),
            Step("differentiate", Sum(i, (ONE, out), delta(h, i) * inner), (2, 1)),
            Step(
                "collapse",
                Sum(
                    i,
                    (ONE, out),
                    Mul(
                        (
                            delta(h, i),
                            Iverson(And((Rel("<=", ONE, m), Rel("<=", m, k)))),
                            x(i + m - 1),
                        )
                    ),
                ),
                (2, 1),
                {"index": 0, "stride": ONE, "witnesses": ()},
            ),
            Step(
                "bracket",
                Sum(i, (ONE, out), delta(h, i) * x(i + m - 1)),
                data={"cond": And((Rel("<=", ONE, m), Rel("<=", m, k))), "witnesses": ()},
                forward=False,
            ),
        ),
        (Rel("<=", ONE, m), Rel("<=", m, k), Rel("<=", k, n)),
    )


def long_sum() -> Fake:
    """Two rows that are far too wide for one line."""
    space = lattice(Var("d", Z))
    f, g, h = (Fn(c, (space,), "finite") for c in "fgh")
    a, b, i = Var("a", space), Var("b", space), Var("i", space)
    parts = [f(a) * g(b + k) * h(i - a - b - k) for k in range(1, 7)]
    whole = Sum(a, (), Sum(b, (), Add(tuple(parts))))
    split = Add(tuple(Sum(a, (), Sum(b, (), p)) for p in parts))
    return Fake(whole, split, (Step("rearrange", split),))


def counting() -> Fake:
    a, height, kernel = Var("a", Z), Var("H", Z), Var("K", Z)
    size = height - kernel + 1
    return Fake(
        Sum(a, (ZERO, height - kernel), ONE),
        size,
        (
            Step("count", Max(ZERO, size)),
            Step("same", size, data={"target": size, "witnesses": ()}),
        ),
        (Rel("<=", kernel, height + 1),),
    )


def refuted() -> Refutation:
    f, g, i = Fn("f", (Z,), "finite"), Fn("g", (Z,), "finite"), Var("i", Z)
    star = cross_correlation(Z)
    return Refutation(
        "Cross-correlation does not commute",
        formula(star(f, g)(i)),
        formula(star(g, f)(i)),
        (
            Formula(r"f = [0 \mapsto 1]", "f = [0 ↦ 1]"),
            Formula(r"g = [1 \mapsto 1]", "g = [1 ↦ 1]"),
            Formula("i = 1", "i = 1"),
        ),
        Formula("1", "1"),
        Formula("0", "0"),
        (
            (
                Formula(r"(f \star g)(i) = (g \star f)(-i)", "(f ⋆ g)(i) = (g ⋆ f)(−i)"),
                " for all finitely supported f and g",
            ),
        ),
    )


def items() -> list[Any]:
    verdicts = (
        ("L4", "convolution commutes on R^d", (formula(convolution(R).lam),), "proved"),
        ("L6", "cross-correlation commutes", "the slide's equation", "refuted"),
        (
            "L12",
            "output size",
            (formula(counting().rhs), " valid positions, given K ≤ H + 1"),
            "proved",
        ),
    )
    return [
        Heading("Convolution"),
        Paragraph("What follows was derived step by step; <each> step & its reason are shown."),
        derivation(commutes(), "Convolution commutes"),
        derivation(commutes(lattice(Var("d", Z))), "Convolution commutes, discrete"),
        refuted(),
        Heading("Layers"),
        derivation(gradient(), "The kernel's gradient in a 1-D layer"),
        derivation(counting(), "Number of valid positions"),
        derivation(long_sum(), "A long one"),
        Table(("Row", "System", "Formula", "Verdict"), verdicts, "What was shown"),
    ]

"""A layer's forward formula, written from its configuration; and what a theorem says of it.

May: write terms.  Must not: look at a theorem's text or names.  A setting that is the same on all
axes is a number; one that is not is a vector variable, whose value `vectors` gives (the language
has no literal vectors): what is proved holds for all its values.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.audit.layer import Layer
from derive.syntax import (
    ONE,
    ZERO,
    Cond,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Num,
    Rel,
    Signature,
    Sum,
    Term,
    Var,
    Z,
    lattice,
    term,
)

TARGETS = ("weight", "input", "bias")
Range = tuple[Term, Term]
STRIDE = Var("s", Z)


@dataclass(frozen=True)
class Claim:
    """What a theorem is to be about: a left side, and what is known of its free `indices`."""

    given: tuple[Cond, ...]
    lhs: Term
    indices: tuple[Var, ...]


@dataclass(frozen=True)
class Formula:
    """The layer as a function (n, g, o, i) -> number, its tensors, and the vectors' values."""

    layer: Lam
    tensors: dict[str, Fn]
    claims: dict[str, Claim]
    vectors: dict[Var, tuple[int, ...]]


def below(n: Term) -> Range:
    return ZERO, n - 1


def formula(layer: Layer) -> Formula:
    """h(n, g, o, i) = b(g, o) + sum_{c, a} w(g, o, c, a) x(n, g, c, s i + d a - p)."""
    space = lattice(layer.dims)
    vectors: dict[Var, tuple[int, ...]] = {}

    def axes(name: str, values: tuple[int, ...]) -> Term:
        if len(set(values)) == 1:
            return term(values[0])
        vectors[Var(name, space)] = values
        return Var(name, space)

    s, d = axes("s", layer.stride), axes("d", layer.dilation)
    p, k = axes("p", layer.padding), axes("K", layer.kernel)
    outputs, inputs = axes("M", layer.output), axes("H", layer.size)
    batch, group = (Z, below(term(layer.batch))), (Z, below(term(layer.groups)))
    out, inner = (Z, below(term(layer.outer))), (Z, below(term(layer.inner)))
    taps, into, onto = (space, below(k)), (space, below(inputs)), (space, below(outputs))

    def tensor(name: str, *ranges: tuple[object, Range]) -> Fn:
        spaces, box = tuple(r[0] for r in ranges), tuple(r[1] for r in ranges)
        return Fn(name, spaces, "finite", box, "index")  # type: ignore[arg-type]

    w, b = tensor("w", group, out, inner, taps), tensor("b", group, out)
    x, places = tensor("x", batch, group, inner, into), (batch, group, out, onto)
    signature = Signature(tuple(space for space, _ in places))
    loss = Fn(r"\mathcal{L}", (signature,), "differentiable", tuple(r for _, r in places))
    n, g, o, c = (Var(v, Z) for v in "ngoc")
    i, a, e, m = (Var(v, space) for v in "iaem")
    window = Sum(a, below(k), w(g, o, c, a) * x(n, g, c, s * i + d * a - p))
    body = b(g, o) + Sum(c, inner[1], window)
    function = Lam((n, g, o, i), body)

    def claim(fn: Fn, *entry: Var) -> Claim:
        given = [
            cond
            for index, (lo, hi) in zip(entry, fn.box or (), strict=True)
            for cond in (Rel("<=", lo, index), Rel("<=", index, hi))
        ]
        return Claim(tuple(given), DiffEntry(fn, entry, loss(function)), entry)

    claims = {
        "weight": claim(w, g, o, c, e),
        "input": claim(x, n, g, c, m),
        "bias": claim(b, g, o),
    }
    return Formula(function, {"w": w, "x": x, "b": b, "y": loss}, claims, vectors)


def positions(layer: Layer, axis: int) -> Claim:
    """The number of places i >= 0 on one axis with s i + d (K-1) < H + 2P, for any stride s >= 1.

    Padding that differs at the two ends counts as padding P before, the rest as input.
    """
    i = Var("i", Z)
    before, after = layer.padding[axis], layer.after[axis]
    h, p = term(layer.size[axis] + after - before), term(before)
    k, d = term(layer.kernel[axis]), term(layer.dilation[axis])
    reach = h + 2 * p - d * (k - 1) - 1
    count = Sum(i, (), Iverson(Rel("<=", ZERO, i)) * Iverson(Rel("<=", STRIDE * i, reach)))
    return Claim((Rel("<=", ONE, STRIDE),), count, (STRIDE,))


def number(t: object) -> int | None:
    """The integer that a term is, if it is a literal."""
    if isinstance(t, Num) and t.value.denominator == 1:
        return int(t.value)
    return None

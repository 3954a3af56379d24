"""The receptive field of layers in a row: which inputs an output can depend on.

    span_step()             a layer on top of one that sees R + 1 inputs with stride S is one that
                            sees R + S d (K - 1) + 1, with stride S s: the step of an induction
    receptive_field(rows)   layers without padding as one layer, by that step, layer after layer
    seen_inputs(rows)       layers with padding, each output cut to its range and sent through an
                            activation: the inputs outside of the field may as well be 0

A row is (K, s, d), or (K, s, d, P) for `seen_inputs`, of integers or terms, from the input on.
The field has 1 + sum_l d_l (K_l - 1) prod_{j<l} s_j inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from derive.binding import free
from derive.kernel import Context, Theorem, at, begin, chain, qed, replay
from derive.layers.positive import at_least_one, combination
from derive.search.tidy import tidy
from derive.search.walk import Budget, Walk, places
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    And,
    App,
    Cond,
    Fn,
    Iverson,
    Lam,
    Mul,
    Num,
    R,
    Rel,
    Sum,
    Term,
    TermLike,
    Var,
    Z,
    term,
)

I, X = Var("i", Z), Fn("x", (Z,), "any", None, "index")
Row = Sequence[TermLike]


@dataclass(frozen=True)
class Layer:
    """Kernel size, stride, dilation and padding of layer number `number`, and its letters."""

    number: int
    size: Term
    stride: Term
    dilation: Term
    padding: Term

    @property
    def place(self) -> Var:
        return Var(f"b_{self.number}", Z)

    @property
    def weight(self) -> Term:
        return Fn(f"w_{self.number}", (Z,), "any", None, "index")(self.place)

    def summed(self, inner: Term) -> Sum:
        return Sum(self.place, (ZERO, self.size - 1), Mul((self.weight, inner)))

    def reads(self, index: Term) -> Term:
        place = product((self.stride, index)) + product((self.dilation, self.place))
        return place if self.padding == ZERO else place - self.padding


def symbols(count: int) -> list[tuple[Term, ...]]:
    """Rows K_l, s_l, d_l for l = 1 .. count."""
    return [tuple(Var(f"{c}_{n}", Z) for c in "Ksd") for n in range(1, count + 1)]


def field(rows: Sequence[Row]) -> tuple[Term, Term, Term]:
    """(R, S, Q): the output at i depends on the inputs S i - Q .. S i - Q + R alone.

    >>> field([(3, 2, 1), (3, 1, 2)])
    (10, 2, 0)
    """
    span, stride, shift = term(0), term(1), term(0)
    for layer in _layers(rows):
        span = tidy(span + layer.dilation * (layer.size - 1) * stride)
        shift = tidy(shift + layer.padding * stride)
        stride = tidy(stride * layer.stride)
    return span, stride, shift


def _layers(rows: Sequence[Row]) -> list[Layer]:
    if not rows:
        raise ValueError("no layers")
    out = []
    for number, row in enumerate(rows, 1):
        size, stride, dilation, *padding = map(term, row)
        out.append(Layer(number, size, stride, dilation, padding[0] if padding else ZERO))
    return out


def _positive(*sizes: Term) -> tuple[Cond, ...]:
    """1 <= s for the sizes that are no numbers."""
    for size in sizes:
        if isinstance(size, Num) and size.value < 1:
            raise ValueError("strides and dilations are at least 1")
    return tuple(dict.fromkeys(Rel("<=", ONE, s) for s in sizes if not isinstance(s, Num)))


def context_at(walk: Walk, path: tuple[int, ...]) -> Context:
    return at(walk.term, path, Context(walk.equation.given))[1]


# --- layers without padding, as one ---------------------------------------------------------------


def span_step() -> Theorem:
    """sum_b v(b) sum_{a<=R} u(a) x(S (s i + d b) + a) = sum_{c<=R'} u'(c) x(S s i + c).

    With R' = R + S d (K - 1) and u'(c) = sum_b sum_a [S d b + a = c] v(b) u(a).
    """
    K, s, d, span, S = (Var(n, Z) for n in ("K", "s", "d", "R", "S"))
    a, b, c = (Var(n, Z) for n in "abc")
    u, v = (Fn(n, (Z,), "any", None, "index") for n in "uv")
    over, within = (ZERO, K - 1), (ZERO, span)
    lower = Sum(a, within, u(a) * X(S * (s * I + d * b) + a))
    lhs = Sum(b, over, v(b) * lower)
    reach = span + S * d * (K - 1)
    meets = Iverson(Rel("=", S * d * b + a, c))
    kernel = Sum(b, over, Sum(a, within, meets * v(b) * u(a)))
    walk = Walk(_positive(S, d), Sum(c, (ZERO, reach), kernel * X(S * s * I + c)), Budget())
    last = Sum(c, (ZERO, reach), Mul((meets, v(b), u(a), X(S * s * I + c))))
    walk.to(Sum(b, over, Sum(a, within, last)), "rearrange")
    walk.do("collapse", (2, 2), index=0, stride=None, witnesses=())
    index = S * d * b + a
    seen = And((Rel("<=", ZERO, index), Rel("<=", index, reach)))
    product = (v(b), u(a), X(S * s * I + index))
    guarded = Mul((Iverson(seen), *product))
    walk.to(Sum(b, over, Sum(a, within, guarded)))
    place = (2, 2)
    context = context_at(walk, place)
    low = combination(context, index, (S, d, b), (a,))
    high = combination(context, reach - index, (S, d, K - 1 - b), (span - a,))
    plain = Sum(b, over, Sum(a, within, Mul(product)))
    walk.undo("bracket", place, plain, cond=seen, witnesses=(low, high))
    walk.to(lhs, "rearrange")
    return qed(chain(begin(walk.equation.given, lhs), walk.equation))


def receptive_field(rows: Sequence[Row]) -> Theorem:
    """The layers one after the other as one layer: sum_{c=0}^{R} u(c) x(S i + c).

    `rows`: (K, s, d) from the input on.  Each layer is one use of `span_step`.
    """
    layers = _layers(rows)
    given = _positive(*(size for la in layers for size in (la.stride, la.dilation)))
    start: Term = X(_index(layers, I))
    for layer in layers:
        start = layer.summed(start)
    walk, general = Walk(given, start, Budget()), span_step()
    a, c, index = Var("a", Z), Var("c", Z), _index(layers, I)
    path = (2, 1) * len(layers)
    kernel = Lam((c,), Iverson(Rel("=", c, ZERO)))  # x(m) = sum_{a=0}^0 [a = 0] x(m + a)
    walk.do("ring", path, target=Mul((Iverson(Rel("=", ZERO, ZERO)), X(index + ZERO))))
    _undo(walk, "unfold", (*path, 0), App(kernel, (ZERO,)))
    _undo(walk, "expand_range", path, Sum(a, (ZERO, ZERO), App(kernel, (a,)) * X(index + a)))
    strides: tuple[Term, ...] = (ONE,)
    spans: list[Term] = []
    for layer in layers:
        path = path[:-2]
        span = total(spans)
        put = {
            "u": kernel, "v": layer.weight.fn, "R": span, "S": product(strides), "x": X,  # type: ignore[attr-defined]
            "K": layer.size, "s": layer.stride, "d": layer.dilation,
            "i": _index(layers[layer.number :], I),
        }  # fmt: skip
        _use(walk, path, general, put, strides)
        found, _, put_back = at(walk.term, path, Context(given))
        assert isinstance(found, Sum) and isinstance(found.body, Mul)  # noqa: S101
        spans.append(product((*strides, layer.dilation, layer.size - 1)))
        strides = (*strides, layer.stride)
        seen, inner = found.var, tidy(found.body.factors[0])
        last = X(tidy(product(strides)) * put["i"] + seen)  # type: ignore[operator]
        walk.to(put_back(Sum(seen, (ZERO, total(spans)), Mul((inner, last)))))  # type: ignore[arg-type]
        kernel = Lam((seen,), inner)
        _undo(walk, "unfold", (*path, 2, 0), App(kernel, (seen,)))
    return replay(qed(walk.equation))


def _undo(walk: Walk, rule: str, path: tuple[int, ...], part: Term) -> None:
    """Take a step backwards at a place, from the `part` that the rule turns into what is there."""
    put = at(walk.term, path, Context(walk.equation.given))[2]
    walk.undo(rule, path, put(part))  # type: ignore[arg-type]


def _use(
    walk: Walk, path: tuple[int, ...], general: Theorem, put: dict[str, Any], strides: Row
) -> None:
    """The theorem at a place, with `put` for its symbols of these names."""
    symbols_ = free(general.lhs) | free(general.rhs)
    mapping = tuple((s, put[s.name]) for s in sorted(symbols_, key=lambda s: s.name))
    context = context_at(walk, path)
    named = {"S": strides, "d": (put["d"],)}
    found = tuple((at_least_one(context, *named[c.rhs.name]),) for c in general.given)  # type: ignore[attr-defined,arg-type]
    walk.do("use", path, theorem=general, mapping=mapping, witnesses=found)


def product(sizes: Sequence[Term]) -> Term:
    """As it is written on a blackboard: without ones, numbers multiplied out."""
    parts = tuple(s for s in sizes if s != ONE)
    whole = parts[0] if len(parts) == 1 else Mul(parts) if parts else ONE
    return whole if free(whole) else tidy(whole)


def total(parts: Sequence[Term]) -> Term:
    whole = Add(tuple(parts))
    return whole if free(whole) else tidy(whole)


def _index(layers: Sequence[Layer], out: Term) -> Term:
    """Where the first of the layers reads for the output at `out` of the last."""
    for layer in reversed(layers):
        out = layer.reads(out)
    return out


# --- layers with padding and activations ----------------------------------------------------------


def seen_inputs(rows: Sequence[Row]) -> Theorem:
    """The output at i is what it is for inputs that are 0 outside of S i - Q .. S i - Q + R.

    `rows`: (K, s, d, P).  Between two layers an output is cut to its range 0 .. M - 1, gets a bias
    and goes through any activation: the bound holds for networks, not for linear maps alone.
    """
    layers = _layers(rows)
    given = _positive(*(size for la in layers for size in (la.stride, la.dilation)))
    index = _index(layers, I)
    value: Term = X(index)
    for layer in layers:
        value = _output(layer, layer.summed(value), _index(layers[layer.number :], I))
    walk = Walk(given, value, Budget())
    (path,) = (p for p, node in places(value, lambda n: isinstance(n, App) and n.fn == X))
    span, stride, shift = field(rows)
    low = stride * I - shift
    seen = And((Rel("<=", low, index), Rel("<=", index, low + span)))
    below: list[tuple[Term, ...]] = []
    above: list[tuple[Term, ...]] = []
    for layer in layers:
        steps = tuple(la.stride for la in layers[: layer.number - 1])
        below.append((layer.dilation, *steps, layer.place))
        above.append((layer.dilation, *steps, layer.size - 1 - layer.place))
    context = context_at(walk, path)
    proofs = (combination(context, index - low, *below),
              combination(context, low + span - index, *above))  # fmt: skip
    walk.do("bracket", path, cond=seen, witnesses=proofs)
    return replay(qed(walk.equation))


def _output(layer: Layer, total: Term, out: Term) -> Term:
    """[0 <= i <= M - 1] sigma(total + b), at the index `out`."""
    sigma = Fn(rf"\sigma_{layer.number}", (R,), "any")
    bias, size = Var(f"c_{layer.number}", R), Var(f"M_{layer.number}", Z)
    inside = Iverson(And((Rel("<=", ZERO, out), Rel("<=", out, size - 1))))
    return Mul((inside, sigma(total + bias)))

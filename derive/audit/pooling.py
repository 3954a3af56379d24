"""The ladder of max pooling: minigrad's own max_pool2d against the theorem of its gradient.

The theorem is about inputs in which no window has its maximum twice, so all inputs here have
different entries.  Rung 2 runs on entries that can be compared and moved and nothing else, so that
what holds, holds for all inputs in which the entries have that order.
May: choose shapes, run and compare.  Must not: know what a gradient should be: `meaning` evaluates
the theorem.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial, total_ordering
from math import prod
from typing import Any

import numpy as np

from derive.audit.conv import checked
from derive.audit.expected import BUDGET, Arrays, Expected, differentiated
from derive.audit.formula import Claim, Formula, below
from derive.audit.layer import Layer, per_axis, short
from derive.audit.matching import Mismatch, instance
from derive.audit.proof import checked_sizes, instantiated, proved
from derive.audit.report import Report, Rung, rung
from derive.audit.running import Array, Failure, attempt
from derive.audit.symbols import mismatch
from derive.binding import free
from derive.meaning import holds
from derive.meaning.data import Key
from derive.syntax import (
    ZERO,
    And,
    App,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Mul,
    Not,
    Rel,
    Signature,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    lattice,
    term,
)

LIBRARY = {"input": "max-pooling-gradient", "size": "output-size-general"}
SMALL, LARGER = 3_000, 15_000  # comparisons in a window, over all of the windows
STEP = 0.25  # entries differ by 1 at least
Code = Callable[[Any], Any]


def audit_pool(
    *,
    kernel: int | Sequence[int] = 2,
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    size: int | Sequence[int] | None = None,
    channels: int = 2,
    batch: int = 2,
    rungs: Collection[int] = (1, 2, 3, 4),
    seed: int = 0,
    theorems: Mapping[str, Statement] | None = None,
) -> Report:
    """Audit minigrad's max_pool2d: the theorem at its settings, then its code on data.

    Settings as those of `max_pool2d`; `theorems` replaces the library's "input" or "size".
    Raises ValueError for settings that fit no layer.
    """
    from minigrad.nn import functional

    window = per_axis("kernel", kernel, 2, 1)
    steps = window if stride is None else per_axis("stride", stride, 2, 1)
    pads = per_axis("padding", padding, 2, 0)
    if any(2 * p > k for p, k in zip(pads, window, strict=True)):
        raise ValueError(f"padding {pads} is more than half of the kernel {window}")
    one = (1, 1)
    layer = Layer(2, steps, pads, pads, one, channels, 1, 1, window, one, batch, False)
    layer = layer.sized(3) if size is None else replace(layer, size=per_axis("size", size, 2, 1))
    if min(layer.output) < 1:
        raise ValueError(f"the window {window} does not fit into {layer.size}, padding {pads}")
    code = partial(functional.max_pool2d, kernel_size=window, stride=steps, padding=pads)
    return ladder(layer, lambda _: code, rungs=rungs, seed=seed, theorems=theorems)


def ladder(
    layer: Layer,
    code: Callable[[Layer], Code],
    *,
    rungs: Collection[int],
    seed: int,
    theorems: Mapping[str, Statement] | None = None,
    title: str = "",
) -> Report:
    """The rungs; `layer` has a group for each channel."""
    from derive.library import find

    statements = {k: find(name).statement for k, name in LIBRARY.items()} | dict(theorems or {})
    small, larger = fitted(layer, SMALL), fitted(layer, LARGER)
    tries: dict[int, Callable[[], Rung]] = {
        1: lambda: proof(layer, statements),
        2: lambda: order(small, statements, code(small), seed),
        3: lambda: residues(larger, statements, code(larger), seed),
        4: lambda: numbers(small, statements, code(small), seed),
    }
    found = tuple(attempt(number, tries[number]) for number in checked(rungs))
    settings = f"window {short(layer.kernel)}, stride {short(layer.stride)}"
    named = f"max_pool2d  {settings}, padding {short(layer.padding)}"
    return Report(f"{title} {named}".strip(), found)


def fitted(layer: Layer, most: int) -> Layer:
    """The layer, or one like it with fewer positions, samples and channels."""
    for batch, channels, outputs in ((9, 9, None), (2, 2, 4), (2, 2, 3), (2, 1, 3), (1, 1, 2)):
        batch, channels = min(batch, layer.batch), min(channels, layer.groups)
        smaller = replace(layer, batch=batch, groups=channels)
        if outputs is not None:
            size = map(min, layer.sized(outputs).size, layer.size)
            smaller = replace(smaller, size=tuple(size))
        if prod(smaller.shapes["y"]) * prod(layer.kernel) ** 2 <= most:
            break
    return smaller


# --- what the theorem speaks of -------------------------------------------------------------------


def formula(layer: Layer) -> Formula:
    """h(n, c, i) = sum_a x(n, c, s i + a - p) [that is in range, and no other is as large]."""
    space = lattice(2)
    vectors: dict[Var, tuple[int, ...]] = {}

    def axes(name: str, values: tuple[int, ...]) -> Term:
        if len(set(values)) == 1:
            return term(values[0])
        vectors[Var(name, space)] = values
        return Var(name, space)

    s, p, k = (axes(*pair) for pair in (
        ("s", layer.stride), ("p", layer.padding), ("K", layer.kernel)))  # fmt: skip
    outputs, inputs = axes("M", layer.output), axes("H", layer.size)
    lead = (Z, below(term(layer.batch))), (Z, below(term(layer.groups)))
    ranges, places = (*lead, (space, below(inputs))), (*lead, (space, below(outputs)))
    x = Fn("x", tuple(r[0] for r in ranges), "finite", tuple(r[1] for r in ranges), "index")
    signature = Signature(tuple(r[0] for r in places))
    loss = Fn(r"\mathcal{L}", (signature,), "differentiable", tuple(r[1] for r in places))
    n, c = Var("n", Z), Var("c", Z)
    i, a, b, m = (Var(v, space) for v in "iabm")

    def place(at: Term) -> Term:
        return s * i + term(1) * at - p

    def inside(at: Term) -> tuple[Rel, ...]:
        return Rel("<=", ZERO, place(at)), Rel("<=", place(at), inputs - 1)

    def top(op: str) -> Term:
        beats = Iverson(Rel(op, x(n, c, place(a)), x(n, c, place(b))))
        seen = tuple(Iverson(cond) for cond in inside(b))
        rivals = Sum(b, below(k), Mul((Iverson(Not(Rel("=", a, b))), *seen, beats)))
        return Iverson(And((*inside(a), Rel("<=", rivals, ZERO))))

    function = Lam((n, c, i), Sum(a, below(k), x(n, c, place(a)) * top("<=")))
    tied: Term = Sum(i, below(outputs), Sum(a, below(k), top("<") - top("<=")))
    for var, (_, ends) in zip((c, n), reversed(lead), strict=True):
        tied = Sum(var, ends, tied)
    within = (Rel("<=", ZERO, m), Rel("<=", m, inputs - 1))
    given = (*within, Rel("=", tied, ZERO))
    claim = Claim(given, DiffEntry(x, (n, c, m), loss(function)), (n, c, m))
    return Formula(function, {"x": x, "y": loss}, {"input": claim}, vectors)


class ExpectedPool(Expected):
    """The theorem at one input and cotangent, entry by entry."""

    def __init__(self, layer: Layer, theorems: Mapping[str, Statement], arrays: Arrays) -> None:
        self.layer, self.arrays, self.spoken = layer, arrays, formula(layer)
        statement, claim = theorems["input"], self.spoken.claims["input"]
        mapping = instance(statement.lhs, claim.lhs)
        entry = {s for s, t in mapping.items() if t in claim.indices}
        env = self._environment(mapping)
        for cond in statement.given:  # those that do not speak of one entry, once for all
            if not free(cond) & entry and not holds(cond, env, BUDGET):
                raise Mismatch(f"the hypothesis {cond!r} does not hold on the data")
        given = tuple(c for c in statement.given if free(c) & entry)
        self.theorems = {"input": replace(statement, given=given)}

    def forward(self) -> Array:
        statement, claim = self._statement("input"), self.spoken.claims["input"]
        function = differentiated(statement)
        entries = [Var(f"#{k}", v.space) for k, v in enumerate(function.params)]
        applied = Statement((), App(function, tuple(entries)), App(function, tuple(entries)))
        return self._table(applied, instance(statement.lhs, claim.lhs), entries, "y", None)

    def entries(self, name: str) -> Iterator[tuple[Key, tuple[Any, ...]]]:
        for index in np.ndindex(*self.layer.shapes[name]):
            yield index, (index[0], index[1], index[2:])


# --- the rungs ------------------------------------------------------------------------------------


def proof(layer: Layer, theorems: Mapping[str, Statement]) -> Rung:
    """Rung 1: the kernel takes the theorem at these settings."""
    claim = formula(layer).claims["input"]
    general, steps = proved(theorems["input"])
    instantiated(general, claim.given, claim.lhs)
    sizes, more = proved(theorems["size"])
    checked_sizes(layer, sizes)
    values = f"D=2 N={layer.batch} C={layer.groups} K={short(layer.kernel)} H={short(layer.size)}"
    values += f" M={short(layer.output)} s={short(layer.stride)} d=1 p={short(layer.padding)}"
    names = [LIBRARY["input"], LIBRARY["size"]]
    message = f"{' and '.join(names)} at {values}; {steps + more} steps replayed"
    return rung(1, True, message, theorems=names, instance=values, steps=steps + more)


@total_ordering
class Place:
    """An entry of which only its rank among the others is known."""

    __slots__ = ("rank",)

    def __init__(self, rank: int) -> None:
        self.rank = rank

    def __lt__(self, other: Place) -> bool:
        return self.rank < other.rank

    def __neg__(self) -> Place:
        raise TypeError("an entry may only be compared and moved")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and self.rank == other.rank

    __hash__ = None  # type: ignore[assignment]


def order(layer: Layer, theorems: Mapping[str, Statement], code: Code, seed: int) -> Rung:
    """Rung 2: any entries in one order, any cotangent: a polynomial in its entries."""
    from sympy.polys.domains import ZZ
    from sympy.polys.rings import ring

    start = time.perf_counter()
    ranks = distinct(layer, seed)
    x = filled(layer.shapes["x"], [Place(int(r)) for r in ranks.flat])
    _, *letters = ring([f"y{k}" for k in range(prod(layer.shapes["y"]))], ZZ)
    y = filled(layer.shapes["y"], letters)
    forward, grad = run(code, x, y)
    if not all(isinstance(v, Place) for v in forward.flat):
        raise Failure("the output is not made of entries of the input")
    shown = filled(forward.shape, [v.rank for v in forward.flat])
    sides = compared(layer, theorems, {"x": integers(ranks), "y": y}, shown, grad)
    entries = sum(a.size for a, _ in sides.values())
    seconds = round(time.perf_counter() - start, 3)
    good = (f"{entries} identities in any cotangent, all inputs of shape {layer.shapes['x']} with "
            f"their entries in one random order, {seconds:.1f} s")  # fmt: skip
    return judged(2, sides, good, entries=entries, shapes=layer.shapes, seconds=seconds)


def residues(layer: Layer, theorems: Mapping[str, Statement], code: Code, seed: int) -> Rung:
    """Rung 3: the same code on integers, at a larger shape."""
    start = time.perf_counter()
    random = np.random.default_rng(seed + 1)
    x = distinct(layer, seed + 1)
    y = random.integers(-(2**40), 2**40, layer.shapes["y"])
    forward, grad = run(code, x, y)
    arrays = {"x": integers(x), "y": integers(y)}
    sides = compared(layer, theorems, arrays, integers(forward), integers(grad))
    entries = sum(a.size for a, _ in sides.values())
    seconds = round(time.perf_counter() - start, 3)
    good = f"{entries} entries in int64, exactly, shape {layer.shapes['x']}, {seconds:.1f} s"
    return judged(3, sides, good, entries=entries, shapes=layer.shapes, seconds=seconds)


def numbers(layer: Layer, theorems: Mapping[str, Statement], code: Code, seed: int) -> Rung:
    """Rung 4: float32 and float64; small dyadic numbers, so that every sum is exact."""
    start = time.perf_counter()
    random = np.random.default_rng(seed + 2)
    whole, signs = distinct(layer, seed + 2), random.integers(-64, 64, layer.shapes["y"])
    sides: dict[str, tuple[Array, Array]] = {}
    for kind in (np.float64, np.float32):
        x, y = whole.astype(kind), (signs / 8).astype(kind)
        forward, grad = run(code, x, y)
        arrays = {"x": integers(whole), "y": fractions(y)}
        for name, pair in compared(layer, theorems, arrays, fractions(forward),
                                   fractions(grad)).items():  # fmt: skip
            sides[f"{np.dtype(kind).name} {name}"] = pair
    gaps = np.empty(layer.shapes["x"])
    x, y = whole.astype(float), signs / 8
    for index in np.ndindex(x.shape):
        ends = []
        for way in (STEP, -STEP):
            moved = x.copy()
            moved[index] += way
            ends.append(run(code, moved, y)[0])
        gaps[index] = (y * (ends[0] - ends[1])).sum() / (2 * STEP)
    sides["central differences"] = (fractions(gaps), sides["float64 gradient"][1])
    seconds = round(time.perf_counter() - start, 3)
    good = (f"float64, float32 and central differences, all exact, shape {layer.shapes['x']}, "
            f"{seconds:.1f} s")  # fmt: skip
    return judged(4, sides, good, shapes=layer.shapes, seconds=seconds)


def compared(
    layer: Layer, theorems: Mapping[str, Statement], arrays: Arrays, forward: Array, grad: Array
) -> dict[str, tuple[Array, Array]]:
    expected = ExpectedPool(layer, theorems, arrays)
    return {"forward": (forward, expected.forward()),
            "gradient": (grad, expected.gradient("input"))}  # fmt: skip


def judged(number: int, sides: Mapping[str, Any], good: str, **figures: Any) -> Rung:
    bad = {}
    for name, (ours, theirs) in sides.items():
        if places := [i for i in np.ndindex(ours.shape) if ours[i] != theirs[i]]:
            bad[name] = places
    return rung(number, not bad, mismatch(bad, sides) if bad else good, **figures)


def run(code: Code, x: Array, y: Array) -> tuple[Array, Array]:
    """The output, and the gradient for the cotangent y."""
    from minigrad import Tensor

    entry = Tensor(x, requires_grad=True)
    out = code(entry)
    if out.shape != y.shape:
        raise Failure(f"the output has shape {out.shape}, the theorem's is {y.shape}")
    out.backward(Tensor(y))
    if entry.grad is None:
        raise Failure("backward gives no gradient")
    return out.data, entry.grad.data


def distinct(layer: Layer, seed: int) -> Array:
    """Integers in random order around 0, no two equal: some windows lie below 0, as padding must
    not be taken for a maximum there."""
    shape = layer.shapes["x"]
    found = np.random.default_rng(seed).permutation(prod(shape)) - prod(shape) * 3 // 4
    return np.asarray(found.reshape(shape))


def filled(shape: tuple[int, ...], values: Sequence[Any]) -> Array:
    out = np.empty(len(values), object)
    out[:] = values
    return out.reshape(shape)


def integers(array: Array) -> Array:
    return filled(array.shape, [int(v) for v in array.flat])


def fractions(array: Array) -> Array:
    return filled(array.shape, [Fraction(float(v)) for v in array.flat])

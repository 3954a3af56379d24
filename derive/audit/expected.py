"""The expected side of rungs 2 to 4: `meaning` evaluates the theorem's own statement.

May: fill an environment with a layer's data, in any ring, and evaluate entry by entry.
Must not: know what the answer should be, or import minigrad.  Tensors are NumPy arrays in
minigrad's layout; in the theorem channels come in groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from derive.audit.formula import Formula, formula, number, positions
from derive.audit.layer import Layer
from derive.audit.matching import Instance, Mismatch, instance
from derive.meaning import Functional, Points, Question, evaluate
from derive.meaning.data import Key, Place
from derive.syntax import App, DiffEntry, Fn, Lam, Statement, Var, Z

BUDGET = 10**12  # the shapes are small already
Arrays = Mapping[str, "np.ndarray[Any, Any]"]
TENSOR = {"weight": "w", "input": "x", "bias": "b"}


@dataclass(frozen=True)
class Linear(Functional):
    """The loss <delta, h>: a `Functional` whose derivative by an entry is looked up."""

    def derivative(self, place: Place) -> Functional:
        found: dict[tuple[Place, ...], Any] = self.__dict__.get("found") or {}
        if not found:
            found.update((places, c) for c, places in self.terms)
            self.__dict__["found"] = found
        c = found.get((place,))
        return Functional(() if c is None else ((c, ()),), self.lo, self.hi)

    def clipped(self, lo: Key, hi: Key) -> Functional:
        return Linear(super().clipped(lo, hi).terms, lo, hi)


class Expected:
    """The theorems at one layer's data: w, x, b and the cotangent y, arrays over any ring."""

    def __init__(self, layer: Layer, theorems: Mapping[str, Statement], arrays: Arrays) -> None:
        self.layer, self.theorems, self.arrays = layer, theorems, arrays
        self.spoken: Formula = formula(layer)
        for axis, outputs in enumerate(layer.output):
            if (count := self.positions(axis)) != outputs:
                raise Mismatch(
                    f"axis {axis} has {outputs} output positions, the theorem says {count}"
                )

    def positions(self, axis: int) -> Any:
        """The number of output positions on an axis, by the theorem for the size."""
        statement, claim = self._statement("size"), positions(self.layer, axis)
        mapping = instance(statement.lhs, claim.lhs)
        env = {s: number(t) for s, t in mapping.items()}
        (stride,) = (s for s, t in mapping.items() if t in claim.indices)
        return evaluate(statement.rhs, {**env, stride: self.layer.stride[axis]})

    def gradient(self, role: str, only: Sequence[Key] | None = None) -> np.ndarray[Any, Any]:
        """The right side of the theorem for the weight, the input or the bias, at each entry.

        `only`: the entries to evaluate, in minigrad's layout; the others are None.
        """
        statement, claim = self._statement(role), self.spoken.claims[role]
        mapping = instance(statement.lhs, claim.lhs)
        symbols = self._symbols(mapping, claim.indices)
        name = TENSOR[role]
        return self._table(statement, mapping, symbols, name, only)

    def forward(self) -> np.ndarray[Any, Any]:
        """The function that the theorem for the weight differentiates, at each output."""
        statement, claim = self._statement("weight"), self.spoken.claims["weight"]
        mapping = instance(statement.lhs, claim.lhs)
        function = differentiated(statement)
        entries = [Var(f"#{k}", p.space) for k, p in enumerate(function.params)]
        applied = Statement((), App(function, tuple(entries)), App(function, tuple(entries)))
        return self._table(applied, mapping, entries, "y", None)

    def _statement(self, role: str) -> Statement:
        if role not in self.theorems:
            raise Mismatch(f"not yet: the library has no theorem for the {role}")
        return self.theorems[role]

    def _symbols(self, mapping: Instance, indices: tuple[Var, ...]) -> list[Var]:
        """The theorem's own variables for a claim's entry."""
        back = {target: symbol for symbol, target in mapping.items() if isinstance(target, Var)}
        return [back[v] for v in indices]

    def _table(
        self,
        statement: Statement,
        mapping: Instance,
        entry: list[Var],
        name: str,
        only: Sequence[Key] | None,
    ) -> np.ndarray[Any, Any]:
        """The statement's right side, with each entry of a tensor put in."""
        env = self._environment(mapping)
        dims = {v: n for v, n in env.items() if isinstance(v, Var) and isinstance(n, int)}
        question = Question(statement, dims)
        program = question.program
        out = np.empty(self.layer.shapes[name], object)
        chosen = None if only is None else set(only)
        frame = None
        for index, place in self.entries(name):
            if chosen is not None and index not in chosen:
                continue
            values = dict(zip(entry, place, strict=True))
            if frame is None:
                frame = program.frame({**env, **values}, BUDGET)
            for var, value in values.items():
                if var in program.places:
                    frame[program.places[var]] = value
            if not question.admits(frame):
                raise Mismatch(f"the theorem's hypotheses do not hold at entry {index} of {name}")
            out[index] = program.value(question.sides[1], frame)
        return out

    def _environment(self, mapping: Instance) -> dict[Any, Any]:
        env: dict[Any, Any] = {}
        for symbol, target in mapping.items():
            if isinstance(target, Fn):
                env[symbol] = self._data(target.name)
            elif target in self.spoken.vectors:
                env[symbol] = self.spoken.vectors[target]
            elif (value := number(target)) is not None:
                wide = isinstance(symbol, Var) and symbol.space != Z and self.layer.dims > 1
                env[symbol] = (value,) * self.layer.dims if wide else value
        return env

    def _data(self, name: str) -> Points | Functional:
        if name not in ("w", "x", "b"):
            array = self.arrays["y"]
            terms = [(array[i], ((0, flat(v)),)) for i, v in self.entries("y")]
            return Linear(tuple(terms))
        array = self.arrays[name]
        points = {flat(v): array[i] for i, v in self.entries(name)}
        return Points(points)

    def entries(self, name: str) -> Iterator[tuple[Key, tuple[Any, ...]]]:
        """(index in minigrad's array, indices in the theorem) for each entry of a tensor."""
        layer = self.layer
        for index in product(*map(range, layer.shapes[name])):
            if name == "w":
                group, out = divmod(index[0], layer.outer)
                yield index, (group, out, index[1], self._point(index[2:]))
            elif name == "b":
                yield index, divmod(index[0], layer.outer)
            else:
                each = layer.inner if name == "x" else layer.outer
                group, channel = divmod(index[1], each)
                yield index, (index[0], group, channel, self._point(index[2:]))

    def _point(self, index: Key) -> int | Key:
        return index if self.layer.dims > 1 else index[0]


def flat(values: tuple[Any, ...]) -> Key:
    """Indices with the vectors among them spread out."""
    return tuple(n for v in values for n in (v if isinstance(v, tuple) else (v,)))


def differentiated(statement: Statement) -> Lam:
    """The layer (n, g, o, i) -> h that a gradient theorem differentiates."""
    match statement.lhs:
        case DiffEntry(_, _, App(Fn(), (Lam() as layer,))):
            return layer
    raise Mismatch("the theorem's left side is not the derivative of a loss of a layer")

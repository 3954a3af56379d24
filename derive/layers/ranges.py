"""The range of each index and axis: what the formula says, else from 0 to a size of its own.

May: invent sizes and identify those that must be equal, since two letters stand for one axis.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from derive.binding import free, instantiate
from derive.kernel import Context
from derive.layers.axes import Axis, Group, groups, places
from derive.layers.bounds import asked, lower_bound, sums_of, without_lower
from derive.layers.errors import Outside
from derive.layers.hull import at_most, hull
from derive.layers.scan import entries, summed, tensors
from derive.search.tidy import tidy
from derive.search.walk import places as nodes
from derive.syntax import (
    ZERO,
    Cond,
    Fn,
    Iverson,
    Node,
    Rel,
    Sum,
    Term,
    Var,
    Z,
)

Range = tuple[Term, Term]
KERNEL, OUTPUT = "K", "M"


@dataclass(frozen=True)
class Settled:
    """A formula with all its ranges.

    `beyond`: that a tensor reaches places which its size, a free one, need not contain: the 3 of
    x_3 in x_i - x_3.
    """

    body: Term
    box: tuple[Range, ...]
    boxes: dict[str, tuple[Range, ...]]
    beyond: tuple[Cond, ...]


class Ranges:
    """Finds the range of each index of `h_{outputs} = body`."""

    def __init__(
        self,
        body: Term,
        outputs: tuple[Var, ...],
        about: Iterable[Cond],
        given: Iterable[Cond],
        taken: set[str],
    ) -> None:
        self.outputs, self.taken = outputs, set(taken)
        self.lows: dict[Var, Term] = {}  # the invented sizes, with where their letters begin
        self.asked: set[Var] = set()  # those of outputs
        self.body = body
        self.indices = {*outputs, *(s.var for s in summed(body))}
        self.positions = {
            v
            for e in entries(body)
            for a in e.args
            if isinstance(a, Term) and not isinstance(a, Var)
            for v in free(a) & self.indices
        }
        for _, node in nodes(body, lambda n: isinstance(n, Iverson)):
            met = free(node) & self.indices
            if isinstance(node, Iverson) and getattr(node.cond, "op", "") == "=" and len(met) > 1:
                self.positions |= met
        self.counts: dict[str, int] = {}
        self.outer: dict[Var, Range] = {}  # of the outputs
        self.inner: dict[Sum, Range] = {}
        self.begins: dict[Sum, Term] = {}  # of sums over all of Z: where their tensors begin
        for var in outputs:
            self.outer[var] = self._bounded(var, *asked(var, tuple(about)))
        for s in sums_of(body):
            if s not in self.inner:
                low, high = s.bounds if len(s.bounds) == 2 else (lower_bound(s), None)
                self.inner[s] = self._bounded(s.var, low, high)
                if low is None and high is None:
                    self.begins[s] = ZERO
        self.context = Context((*given, *(Rel("<=", ZERO, size) for size in self.lows)))

    # --- names of sizes -------------------------------------------------------------------------

    def _bounded(self, var: Var, low: Term | None, high: Term | None) -> Range:
        low = ZERO if low is None else low
        if high is None:
            size = self._invent(self._stem(var), var in self.positions)
            self.lows[size] = low
            if var in self.outputs:
                self.asked.add(size)
            high = tidy(low + size - 1)
        return low, high

    def _stem(self, var: Var) -> str:
        if var in self.positions:
            return OUTPUT if var in self.outputs else KERNEL
        upper = var.name.upper()
        used = upper in self.taken and upper not in self.counts
        return upper if len(upper) == 1 and not used else "N"

    def _invent(self, stem: str, numbered: bool) -> Var:
        """A size: K if there is one of its kind, else K_1, K_2."""
        self.counts[stem] = self.counts.get(stem, 0) + 1
        several = numbered and self._kind(stem) > 1
        name = f"{stem}_{self.counts[stem]}" if several else stem
        while name in self.taken:
            name = f"{stem}_{self.counts[stem]}" if name == stem else name + "'"
        self.taken.add(name)
        return Var(name, Z)

    def _kind(self, stem: str) -> int:
        if stem == OUTPUT:
            return len(self.positions & set(self.outputs))
        if stem == KERNEL:
            return len(self.positions - set(self.outputs))
        return 2

    # --- tensors --------------------------------------------------------------------------------

    def _axes(self) -> dict[Fn, list[Axis]]:
        """Each tensor's axes, with the places where it stands."""
        found = {fn: [Axis(fn) for _ in fn.domain] for fn in tensors(self.body)}
        outputs = {size: size in self.asked for size in self.lows}
        for entry, scope in places(self.body, self.outer, self.inner):
            for axis, index in zip(found[entry.fn], entry.args, strict=True):  # type: ignore[index]
                if isinstance(index, Term):
                    axis.add(index, scope, outputs)
        return found

    def _end(self, group: Group, axes: dict[Fn, list[Axis]]) -> Term:
        """The upper end that the axes and letters of a group share."""
        own = next((a for a in group.axes if a.own(self.context)), None)
        if own is not None:
            several = sum(a.own(self.context) for a in axes[own.tensor]) > 1
            name = own.tensor.name
            stem = name.upper() if len(name) == 1 and name.islower() else "N"
            low = own.low(True, self.context)
            size = self._invent(stem, True) if several else self._invent_one(stem)
            return tidy(low + size - 1)
        if any(a.closed for a in group.axes):
            return hull([r for a in group.axes for r in a.known], self.context)[1]
        first = group.sizes[0]
        return tidy(self.lows[first] + first - 1)

    def _invent_one(self, stem: str) -> Var:
        name = stem
        while name in self.taken:
            self.counts[stem] = self.counts.get(stem, 0) + 1
            name = f"{stem}_{self.counts[stem]}"
        self.taken.add(name)
        return Var(name, Z)

    # --- all together ---------------------------------------------------------------------------

    def settled(self) -> Settled:
        """The body with its sums bounded, the outputs' ranges, each tensor's ranges."""
        axes = self._axes()
        same: dict[Term, Term] = {}
        ends: dict[int, Range] = {}
        beyond: list[Cond] = []
        for group in groups([a for of in axes.values() for a in of], self.context):
            end = self._end(group, axes)
            for size in group.sizes:
                wanted = tidy(end - self.lows[size] + 1)
                if wanted != size:
                    same[size] = wanted
            lows = [axis.low(axis.own(self.context), self.context) for axis in group.axes]
            for s in self.begins:
                if free(self.inner[s][1]) & set(group.sizes):
                    self.begins[s], _ = hull([(low, low) for low in lows], self.context)
            for axis, low in zip(group.axes, lows, strict=True):
                ends[id(axis)] = low, end
                if axis.known:
                    _, top = hull(axis.known, self.context)
                    if not at_most(top, end, self.context):
                        beyond.append(Rel("<=", top, end))
        box = tuple(_put(self.outer[v], same) for v in self.outputs)
        for var, pair in zip(self.outputs, box, strict=True):
            if any(free(end) & self.indices for end in pair):
                raise Outside("range", var, "the output's range depends on another index")
        return Settled(
            instantiate(self._bound(self.body), same),
            box,
            {fn.name: tuple(ends[id(a)] for a in of) for fn, of in axes.items()},
            tuple(beyond),
        )

    def _bound(self, t: Node) -> Term:
        changes: dict[str, object] = {}
        for name in t.__dataclass_fields__:  # type: ignore[attr-defined]
            value = getattr(t, name)
            if isinstance(value, tuple):
                parts = (self._bound(v) if isinstance(v, Term | Cond) else v for v in value)
                changes[name] = tuple(parts)
            elif isinstance(value, Term | Cond) and not isinstance(t, Var) and name != "var":
                changes[name] = self._bound(value)
        if isinstance(t, Sum):
            low, high = self.inner[t]
            changes["bounds"] = self.begins.get(t, low), high
            return without_lower(replace(t, **changes))
        t = replace(t, **changes)  # type: ignore[type-var]
        return t  # type: ignore[return-value]


def _put(ends: Range, final: dict[Term, Term]) -> Range:
    low, high = (tidy(instantiate(end, final)) for end in ends)
    return low, high

"""The range of each index and axis: what the formula says, else from 0 to a size of its own.

May: invent sizes and identify those that must be equal, since two letters stand for one axis.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.binding import free, instantiate
from derive.layers.bounds import asked, lower_bound, modulus, sums_of, without_lower
from derive.layers.errors import Outside
from derive.layers.scan import entries, summed
from derive.polynomial import equal
from derive.search.tidy import tidy
from derive.search.walk import places
from derive.syntax import (
    ONE,
    ZERO,
    Cond,
    Fn,
    Iverson,
    Node,
    Sum,
    Term,
    Var,
    Z,
)

Range = tuple[Term, Term]
KERNEL, OUTPUT = "K", "M"


class Ranges:
    """Finds the range of each index of `h_{outputs} = body`."""

    def __init__(
        self, body: Term, outputs: tuple[Var, ...], about: Iterable[Cond], taken: set[str]
    ) -> None:
        self.outputs, self.taken = outputs, set(taken)
        self.same: dict[Term, Term] = {}  # invented sizes that were found to be equal to others
        self.invented: set[Var] = set()
        self.body = body
        self.sums = summed(self.body)
        self.indices = {*outputs, *(s.var for s in self.sums)}
        self.positions = {
            v
            for e in entries(body)
            for a in e.args
            if isinstance(a, Term) and not isinstance(a, Var)
            for v in free(a) & self.indices
        }
        for _, node in places(body, lambda n: isinstance(n, Iverson)):
            met = free(node) & self.indices
            if isinstance(node, Iverson) and getattr(node.cond, "op", "") == "=" and len(met) > 1:
                self.positions |= met
        self.ranges: dict[Var, Range] = {}
        self.counts: dict[str, int] = {}
        about = tuple(about)
        for var in outputs:
            self.ranges[var] = self._bounded(var, *asked(var, about))
        for s in sorted(self.sums, key=lambda s: [v.var for v in sums_of(body)].index(s.var)):
            if s.var in self.ranges:
                if self.ranges[s.var] != s.bounds and s.bounds:
                    self.ranges[s.var] = (
                        s.bounds[0],
                        s.bounds[1],
                    )  # one letter, two sums: each has its own range
                continue
            low, high = s.bounds if len(s.bounds) == 2 else (lower_bound(s), None)
            self.ranges[s.var] = self._bounded(s.var, low, high)

    # --- names of sizes -------------------------------------------------------------------------

    def _bounded(self, var: Var, low: Term | None, high: Term | None) -> Range:
        low = ZERO if low is None else low
        if high is None:
            size = self._invent(self._stem(var), var in self.positions)
            high = tidy(low + size - 1)
        return low, high

    def _stem(self, var: Var) -> str:
        if var in self.positions:
            return OUTPUT if var in self.outputs else KERNEL
        upper = var.name.upper()
        return upper if len(upper) == 1 and upper not in self.taken else "N"

    def _invent(self, stem: str, numbered: bool) -> Var:
        """A size: K if there is one of its kind, else K_1, K_2."""
        self.counts[stem] = self.counts.get(stem, 0) + 1
        several = numbered and self._kind(stem) > 1
        name = f"{stem}_{self.counts[stem]}" if several else stem
        while name in self.taken:
            name = f"{stem}_{self.counts[stem]}" if name == stem else name + "'"
        self.taken.add(name)
        size = Var(name, Z)
        self.invented.add(size)
        return size

    def _kind(self, stem: str) -> int:
        if stem == OUTPUT:
            return len(self.positions & set(self.outputs))
        if stem == KERNEL:
            return len(self.positions - set(self.outputs))
        return 2

    # --- tensors --------------------------------------------------------------------------------

    def _axes(self, fn: Fn) -> tuple[Range, ...]:
        places: list[list[Term]] = [[] for _ in fn.domain]
        for entry in entries(self.body):
            if entry.fn == fn:
                for k, arg in enumerate(entry.args):
                    if isinstance(arg, Term):
                        places[k].append(arg)
        compound = [k for k, args in enumerate(places) if not self._plain(args)]
        return tuple(
            self._reached(fn, args, len(compound)) if k in compound else self._shared(args)
            for k, args in enumerate(places)
        )

    def _plain(self, args: list[Term]) -> bool:
        """Whether an axis is only reached by letters that run over one range."""
        if not all(isinstance(a, Var) and a in self.ranges for a in args):
            return False
        ends = [self.ranges[a] for a in args if isinstance(a, Var)]
        if any(free(end) & self.indices for pair in ends for end in pair):
            return False
        return all(self._alike(ends[0], other) for other in ends)

    def _alike(self, one: Range, other: Range) -> bool:
        if all(equal(a, b) for a, b in zip(one, other, strict=True)):
            return True
        sizes = [free(pair[1]) & self.invented for pair in (one, other)]
        return equal(one[0], other[0]) and any(sizes)

    def _shared(self, args: list[Term]) -> Range:
        ends = [self.ranges[a] for a in args if isinstance(a, Var)]
        fixed = next((e for e in ends if not free(e[1]) & self.invented), ends[0])
        for other in ends:
            for size in self.invented & free(other[1]):
                wanted = tidy(fixed[1] - other[1] + size)
                if not equal(wanted, size):
                    self.same[size] = wanted
        return fixed

    def _reached(self, fn: Fn, args: list[Term], several: int) -> Range:
        """An axis that is reached by expressions: from 1 if all their indices do, else from 0."""
        moduli = [modulus(a) for a in args]
        first = moduli[0] if moduli else None
        if first is not None and all(m is not None and equal(m, first) for m in moduli):
            return ZERO, tidy(first - 1)
        letters = {v for a in args for v in free(a) & self.indices}
        lows = {self.ranges[v][0] for v in letters if isinstance(v, Var)}
        low: Term = ONE if lows == {ONE} else ZERO
        stem = fn.name.upper() if len(fn.name) == 1 and fn.name.islower() else "N"
        size = self._invent(stem, True) if several > 1 else self._invent_one(stem)
        return low, tidy(low + size - 1)

    def _invent_one(self, stem: str) -> Var:
        name = stem
        while name in self.taken:
            self.counts[stem] = self.counts.get(stem, 0) + 1
            name = f"{stem}_{self.counts[stem]}"
        self.taken.add(name)
        size = Var(name, Z)
        self.invented.add(size)
        return size

    # --- all together ---------------------------------------------------------------------------

    def settled(self) -> tuple[Term, tuple[Range, ...], dict[str, tuple[Range, ...]]]:
        """The body with its sums bounded, the outputs' ranges, each tensor's ranges."""
        from derive.layers.scan import tensors

        boxes = {fn.name: self._axes(fn) for fn in tensors(self.body)}
        final = self._final()
        box = tuple(_put(self.ranges[v], final) for v in self.outputs)
        for var, ends in zip(self.outputs, box, strict=True):
            if any(free(end) & self.indices for end in ends):
                raise Outside("range", var, "the output's range depends on another index")
        body = instantiate(self._bound(self.body), final)
        return body, box, {n: tuple(_put(e, final) for e in b) for n, b in boxes.items()}

    def _final(self) -> dict[Term, Term]:
        out = dict(self.same)
        for _ in out:
            out = {k: tidy(instantiate(v, {**out, k: v})) for k, v in out.items()}
        return {k: v for k, v in out.items() if k != v}

    def _bound(self, t: Node) -> Term:
        changes: dict[str, object] = {}
        for name in t.__dataclass_fields__:  # type: ignore[attr-defined]
            value = getattr(t, name)
            if isinstance(value, tuple):
                parts = (self._bound(v) if isinstance(v, Term | Cond) else v for v in value)
                changes[name] = tuple(parts)
            elif isinstance(value, Term | Cond) and not isinstance(t, Var) and name != "var":
                changes[name] = self._bound(value)
        t = replace(t, **changes)  # type: ignore[type-var]
        if isinstance(t, Sum):
            ends = t.bounds or self.ranges[t.var]
            return without_lower(replace(t, bounds=ends))
        return t  # type: ignore[return-value]


def _put(ends: Range, final: dict[Term, Term]) -> Range:
    low, high = (tidy(instantiate(end, final)) for end in ends)
    return low, high

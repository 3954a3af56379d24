"""Which space each argument and variable lives in: integers, reals, residues, and which dimension.

May: collect evidence on built terms whose spaces are still open, and say where it leads.  A space
that nothing fixes is left open: the claim is then read on Z^d and on R^d.

An open space is `Space("?", Num(k))`: the k-th slot.  Slots are merged when they must agree
(f and g in f * g); a variable flows into the slots of the functions that it is an argument of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from derive.syntax import ONE, Num, Space, Term


@dataclass
class Slot:
    kind: str = ""  # "", "Z", "R" or "Zn"
    hard: bool = False  # an integer whatever it meets (a size, an index, a summation variable)
    weak: bool = False  # an integer unless it meets a real
    dim: Term | None = None
    scalar: bool = False  # used as a number: dimension 1
    modulus: Term | None = None
    flows: set[int] = field(default_factory=set)
    scales: set[int] = field(default_factory=set)  # slots where it is a coefficient


class Conflict(ValueError):
    """Two dimensions or two kinds for one slot."""


class Kinds:
    """Union-find over slots, and the decision."""

    def __init__(self) -> None:
        self.parent: list[int] = []
        self.slots: list[Slot] = []

    def new(self, kind: str = "", *, hard: bool = False, dim: Term | None = None) -> Space:
        self.parent.append(len(self.parent))
        self.slots.append(Slot(kind, hard, dim=dim))
        return Space("?", Num(Fraction(len(self.parent) - 1)))

    def find(self, space: Space) -> int:
        assert isinstance(space.dim, Num)  # noqa: S101 - an open space, by construction
        k = space.dim.value.numerator
        while self.parent[k] != k:
            self.parent[k] = self.parent[self.parent[k]]
            k = self.parent[k]
        return k

    def slot(self, space: Space) -> Slot:
        return self.slots[self.find(space)]

    def merge(self, a: Space, b: Space) -> None:
        i, j = self.find(a), self.find(b)
        if i == j:
            return
        one, other = self.slots[i], self.slots[j]
        if one.kind and other.kind and one.kind != other.kind:
            raise Conflict(f"{_say(one.kind)} and {_say(other.kind)} in one argument")
        if one.dim is not None and other.dim is not None and one.dim != other.dim:
            raise Conflict(f"the dimensions {one.dim!r} and {other.dim!r} in one argument")
        self.parent[j] = i
        one.kind = one.kind or other.kind
        one.hard |= other.hard
        one.weak |= other.weak
        one.scalar |= other.scalar
        one.dim = one.dim if one.dim is not None else other.dim
        one.modulus = one.modulus or other.modulus
        one.flows |= other.flows
        one.scales |= other.scales

    def flow(self, var: Space, slot: Space, *, scale: bool = False) -> None:
        """The variable stands in an argument of that slot (as a coefficient: `scale`)."""
        (self.slot(var).scales if scale else self.slot(var).flows).add(self.find(slot))

    def decide(self) -> list[int]:
        """Fix kinds and dimensions; the roots that stay open."""
        self._spread_reals()
        self._spread_integers()
        self._spread_dims()
        return [k for k in self._roots() if not self.slots[k].kind]

    def _roots(self) -> list[int]:
        return [k for k, p in enumerate(self.parent) if k == p]

    def _edges(self, *, scales: bool = False) -> list[tuple[Slot, Slot]]:
        out = []
        for k in self._roots():
            ends = self.slots[k].flows | (self.slots[k].scales if scales else set())
            for end in ends:
                out.append((self.slots[k], self.slots[self.find(Space("?", Num(Fraction(end))))]))
        return out

    def _spread_reals(self) -> None:
        edges = self._edges(scales=True)
        changed = True
        while changed:
            changed = False
            for var, slot in edges:
                if var.kind in ("R", "Zn") and not slot.kind:
                    slot.kind, slot.modulus, changed = var.kind, var.modulus, True
                elif slot.kind in ("R", "Zn") and not var.kind and not var.hard:
                    var.kind, var.modulus, changed = slot.kind, slot.modulus, True

    def _spread_integers(self) -> None:
        for k in self._roots():
            slot = self.slots[k]
            if not slot.kind and (slot.hard or slot.weak):
                slot.kind = "Z"
        edges = self._edges(scales=True)
        changed = True
        while changed:
            changed = False
            for one, other in edges:
                for a, b in ((one, other), (other, one)):
                    if a.kind == "Z" and not b.kind:
                        b.kind, changed = "Z", True

    def _spread_dims(self) -> None:
        edges = self._edges()
        for strong in (True, False):
            changed = True
            while changed:
                changed = False
                for one, other in edges:
                    for a, b in ((one, other), (other, one)):
                        if a.kind != b.kind or b.dim is not None or b.scalar or b.kind == "Zn":
                            continue
                        if a.dim is not None and (a.dim != ONE or not strong):
                            b.dim, changed = a.dim, True
            if strong:
                for k in self._roots():
                    if self.slots[k].scalar and self.slots[k].dim is None:
                        self.slots[k].dim = ONE

    def space(self, open_space: Space, other: Space) -> Space:
        """The space that was decided; `other` for what stayed open."""
        slot = self.slot(open_space)
        if slot.kind == "Zn":
            return Space("Zn", ONE, slot.modulus)
        if not slot.kind:
            return Space(other.kind, slot.dim if slot.dim is not None else other.dim)
        return Space(slot.kind, slot.dim if slot.dim is not None else ONE)


def _say(kind: str) -> str:
    return {"Z": "integers", "R": "reals", "Zn": "residues"}[kind]

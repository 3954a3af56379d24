"""Cosets of lattices in Z^n, and how sums of their indicators cancel.  No kernel here.

A sum over v in Z^n of functions at the integer points A v + y counts each point of the coset
y + A Z^n once.  Functions that repeat may be exchanged, so that cosets count up to the symmetries
z -> P z + p of what they lie in.  Offsets are polynomials in the free variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from math import prod

from derive.polynomial import CONSTANT, Poly, const
from derive.search.lattices.affine import (
    Matrix,
    Vector,
    combined,
    echelon,
    image,
    intersection,
    inverse,
    joined,
    times,
    transposed,
)

MOST_PIECES = 256


@dataclass(frozen=True, slots=True)
class Coset:
    """{ lattice v + offset : v in Z^n }"""

    lattice: Matrix
    offset: Vector

    def key(self) -> tuple[object, ...]:
        """The same for equal cosets: Hermite form and offset modulo the lattice."""
        found = image(self.lattice, self.offset, integral=True)
        return found.key if found else ()

    def at(self, v: Vector) -> Vector:
        return [y + combined(row, v) for row, y in zip(self.lattice, self.offset, strict=True)]


@dataclass(frozen=True, slots=True)
class Symmetry:
    """z -> matrix z + shift"""

    matrix: Matrix
    shift: Vector

    def __call__(self, c: Coset) -> Coset:
        moved = zip(self.matrix, self.shift, strict=True)
        offset = [p + combined(row, c.offset) for row, p in moved]
        return Coset(times(self.matrix, c.lattice), offset)


@dataclass(frozen=True, slots=True)
class Cut:
    """v = u + shift, then u = steps b + r for each residue r: a coset as cosets of a sublattice."""

    steps: Matrix
    shift: Vector


@dataclass(frozen=True, slots=True)
class Task:
    """Cut a coset along a finer one: as often as it is counted, or `amount` of that."""

    coset: Coset
    fine: Coset
    amount: Fraction | None = None


class Tally:
    """How often each coset is counted, those that are equal up to a symmetry together."""

    def __init__(
        self, symmetries: list[Symmetry], counts: Mapping[object, Fraction] | None = None
    ) -> None:
        self.symmetries = symmetries
        self.counts: dict[object, Fraction] = dict(counts or {})
        self.cosets: dict[object, Coset] = {}

    def key(self, c: Coset) -> object:
        return min(s(c).key() for s in self.symmetries)  # type: ignore[type-var]

    def add(self, c: Coset, count: Fraction) -> None:
        key = self.key(c)
        self.cosets.setdefault(key, c)
        self.counts[key] = self.counts.get(key, Fraction(0)) + count
        if not self.counts[key]:
            del self.counts[key]

    def plan(self) -> list[Task]:
        """What to cut, and along which coset, so that more cancels; empty where no way is seen."""
        return self._cover() or self._common()

    def _cover(self) -> list[Task]:
        """One coset cut along a finer one whose sisters are there: what cancels most."""
        least, chosen = len(self.counts), None
        for key, count in self.counts.items():
            for other in self.counts:
                fine = self.cosets[other]
                coset = self._turned(self.cosets[key], partial(within, fine))
                if other == key or coset is None:
                    continue
                cut = towards(coset, fine)
                for amount in {count, -self.counts[other]}:
                    if index(cut.steps) <= 2 * len(self.counts):
                        rest = Tally(self.symmetries, self.counts)
                        rest.replace(coset, cut, amount)
                        if len(rest.counts) < least:
                            part = None if amount == count else amount
                            least, chosen = len(rest.counts), Task(coset, fine, part)
        return [chosen] if chosen else []

    def _common(self) -> list[Task]:
        """All that agree with one coset but for a number, cut along the lattice that all share."""
        for key in sorted(self.counts, key=lambda k: -index(self.cosets[k].lattice)):
            fine = self.cosets[key]
            fits = partial(aligned, fine)
            turned = {k: self._turned(self.cosets[k], fits) for k in self.counts}
            together = {k: c for k, c in turned.items() if c is not None}
            goal = Coset(intersection([c.lattice for c in together.values()]), fine.offset)
            cuts = [(k, c, towards(c, goal)) for k, c in together.items()]
            if sum(index(cut.steps) for _, _, cut in cuts) > MOST_PIECES:
                continue
            rest = Tally(self.symmetries, {k: self.counts[k] for k in together})
            for k, c, cut in cuts:
                rest.replace(c, cut, self.counts[k])
            if not rest.counts:
                return [Task(c, goal) for _, c, cut in cuts if index(cut.steps) > 1]
        return []

    def merge(self, fine: Coset) -> tuple[Coset, int] | None:
        """A coset that is the union of this one and its sisters, and how few remain after that."""
        amount = -self.counts.get(self.key(fine), Fraction(0))
        least, chosen = len(self.counts), None
        for other in (
            [s(c) for c in self.cosets.values() for s in self.symmetries] if amount else ()
        ):
            gap = [p.constant() for p in _gap(fine, other)]
            step = [[x for x in gap if x is not None]] if None not in gap else []
            columns = [*transposed(fine.lattice), *transposed(other.lattice), *step]
            coarse = Coset(joined(columns), fine.offset)
            cut = towards(coarse, fine)
            if 1 < index(cut.steps) <= 2 * len(self.counts):
                rest = Tally(self.symmetries, self.counts)
                rest.replace(coarse, cut, amount)
                if len(rest.counts) < least:
                    least, chosen = len(rest.counts), coarse
        return None if chosen is None else (chosen, least)

    def replace(self, coset: Coset, cut: Cut, count: Fraction) -> None:
        self.add(coset, -count)
        for piece in pieces(coset, cut):
            self.add(piece, count)

    def _turned(self, c: Coset, wanted: Callable[[Coset], bool]) -> Coset | None:
        return next((t for s in self.symmetries if wanted(t := s(c))), None)

    def cut(self, c: Coset, task: Task) -> Cut | None:
        """How the task cuts a coset; None if it is about another one."""
        key = task.coset.key()
        turned = self._turned(c, lambda t: t.key() == key)
        return None if turned is None else towards(turned, task.fine)


def within(fine: Coset, coarse: Coset) -> bool:
    """Whether the fine coset lies in the coarse one and is not all of it."""
    back = inverse(coarse.lattice) or []
    gap = [combined(row, _gap(coarse, fine)) for row in back]
    steps = times(back, fine.lattice)
    return (
        all(x.denominator == 1 for row in steps for x in row)
        and all(x.denominator == 1 for p in gap for x in p.values())
        and index(steps) > 1
    )


def aligned(fine: Coset, coset: Coset) -> bool:
    """Whether the offsets differ by a point of the lattice and numbers."""
    shift = towards(coset, fine).shift
    return all(x.denominator == 1 for p in shift for x in p.values())


def towards(coset: Coset, fine: Coset) -> Cut:
    """The cut along the finer lattice, at the finer offset without its numbers."""
    back = inverse(coset.lattice) or []
    gap = [Poly({m: c for m, c in p.items() if m != CONSTANT}) for p in _gap(coset, fine)]
    return Cut(times(back, fine.lattice), [combined(row, gap) for row in back])


def _gap(coset: Coset, fine: Coset) -> Vector:
    return [z - y for z, y in zip(fine.offset, coset.offset, strict=True)]


def pieces(coset: Coset, cut: Cut) -> Iterator[Coset]:
    """The cosets into which one is cut."""
    lattice = times(coset.lattice, cut.steps)
    for r in residues(cut.steps):
        yield Coset(lattice, coset.at([s + const(x) for s, x in zip(cut.shift, r, strict=True)]))


def residues(steps: Matrix) -> Iterator[tuple[int, ...]]:
    """One integer point for each class modulo the lattice of the columns."""
    return product(*(range(d) for d in _diagonal(steps)))


def _diagonal(a: Matrix) -> list[int]:
    found = echelon(transposed(a), len(a), integral=True)
    return [int(column[k]) for k, column in enumerate(found[0])] if found else [0]


def index(a: Matrix) -> int:
    """How many classes there are modulo the lattice: |det|; 0 if it is none."""
    return prod(_diagonal(a))

"""The range of a tensor: all the places where the given formulas use it.

May: look at the letters' ranges.  Usually an axis that an expression reaches, as in x_{i+j}, has
no range here, so that proofs do not rest on one; `reached` asks for the places that the formula
comes to.  An axis of which only single numbers are known has none.  Called by `given/layers`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.binding import free, substitute
from derive.polynomial import CONSTANT, Scope, poly, to_term
from derive.syntax import Add, App, Fn, Max, Mul, Node, Num, Sum, Term, Var

Ends = tuple[Term, Term]
Place = tuple[Ends | None, ...]  # the range of each index, as far as it is known
Box = tuple[Ends, ...]
Found = tuple[str, Place]


@dataclass(frozen=True)
class Ranges:
    """The ranges of the letters that are bound here, the outer ones first, and what is a size."""

    known: Mapping[Var, Ends]
    bound: Collection[Var]  # all bound letters, also those of which nothing is known here
    sizes: Collection[str]
    reached: bool = False

    def inside(self, node: Sum) -> Ranges:
        known = {v: ends for v, ends in self.known.items() if v != node.var}
        if len(node.bounds) == 2 and not node.integral:
            known[node.var] = (node.bounds[0], node.bounds[1])
        return replace(self, known=known)

    def furthest(self, term: Term, upper: bool) -> Term | None:
        """An end that `term` does not pass: the i of j = i, ..., N - 1 is put at its own end."""
        for factor, (one, other) in _extremes(term):
            a, b = self.furthest(one, upper), self.furthest(other, upper)
            if a is None or b is None:
                return a or b if factor < 0 else None  # of the least of two each is an end
            return _most(a, b, self.sizes) if factor > 0 else -_most(-a, -b, self.sizes)
        moving = free(term) & set(self.bound)
        if not moving:
            return term
        innermost = [v for v in self.known if v in moving][-1:]
        rises = self._rises(term, innermost[0]) if innermost else None
        if rises is None:
            return None
        v = innermost[0]
        end = substitute(term, {v: self.known[v][rises == upper]})
        outer = {w: ends for w, ends in self.known.items() if w != v}
        return None if v in free(end) else replace(self, known=outer).furthest(end, upper)

    def _rises(self, term: Term, v: Var) -> bool | None:
        """Whether `term` is linear in v and nowhere falls with it; None where that is not seen."""
        atoms: dict[str, Term] = {}
        (mono,) = poly(v, Scope(atoms=atoms))
        ((name, _),) = mono
        signs = set()
        for mono, c in poly(term, Scope(atoms=atoms)).items():
            powers = dict(mono)
            if powers.pop(name, 0) == 1 and all(self._stride(atoms[a]) for a in powers):
                signs.add(c > 0)
            elif any(v in free(atoms[a]) for a, _ in mono):
                return None
        return False not in signs if len(signs) < 2 else None

    def _stride(self, t: Term) -> bool:
        """What a letter is that stands before one of a range: positive, as it is then read."""
        return isinstance(t, Var) and t not in self.bound

    def ends(self, index: Node) -> Ends | None:
        if not isinstance(index, Term):
            return None
        if not (self.reached or isinstance(index, Var) or not free(index) & set(self.bound)):
            return None
        low, high = self.furthest(index, False), self.furthest(index, True)
        if low is None or high is None:
            return None
        return (low, high) if isinstance(index, Var) else (_collected(low), _collected(high))


def places(node: Node, ranges: Ranges) -> Iterator[Found]:
    """Each entry of a tensor, with the ranges of its indices."""
    if isinstance(node, Sum):
        ranges = ranges.inside(node)
    if isinstance(node, App) and isinstance(node.fn, Fn) and node.fn.style == "index":
        yield node.fn.name, tuple(map(ranges.ends, node.args))
    for child in node.children():
        yield from places(child, ranges)


def _collected(end: Term) -> Term:
    if isinstance(end, Max):
        return Max(_collected(end.left), _collected(end.right))
    atoms: dict[str, Term] = {}
    return to_term(poly(end, Scope(atoms=atoms)), atoms)


def cases(end: Term) -> list[Term]:
    """The a and b of an end max(a, b): what is not below it is below neither."""
    for factor, both in _extremes(end):
        if factor > 0:
            return [case for one in both for case in cases(one)]
    return [end]


def _below(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children():
        yield from _below(child)


def _extremes(term: Term) -> Iterator[tuple[int, Ends]]:
    """A maximum in a sum, taken to the front: +1 and both its cases; -1 for a minimum."""
    if not any(isinstance(part, Max) for part in _below(term)):
        return
    term = _collected(term)
    parts = term.terms if isinstance(term, Add) else (term,)
    for k, part in enumerate(parts):
        factors = part.factors if isinstance(part, Mul) else (part,)
        numbers = [f.value for f in factors if isinstance(f, Num)]
        others = [f for f in factors if not isinstance(f, Num)]
        if len(others) == 1 and isinstance(found := others[0], Max):
            c = Num(numbers[0] if numbers else Fraction(1))
            if len(numbers) > 1 or not c.value:
                continue
            rest = [p for m, p in enumerate(parts) if m != k]
            one, other = (sum(rest, c * case) for case in (found.left, found.right))
            yield (1 if c.value > 0 else -1), (one, other)


def edges(found: Iterable[Found], sizes: Collection[str]) -> dict[str, Place]:
    """For each tensor and axis the smallest range that contains all places, or None."""
    by_name: dict[str, list[Place]] = {}
    for name, place in found:
        by_name.setdefault(name, []).append(place)
    return {
        name: tuple(_hull(list(axis), sizes) for axis in zip(*all_of, strict=False))
        for name, all_of in by_name.items()
    }


def _hull(axis: list[Ends | None], sizes: Collection[str]) -> Ends | None:
    known = [ends for ends in axis if ends is not None]
    if len(known) < len(axis) or all(low == high for low, high in known):
        return None
    low, high = known[0]
    for other in known[1:]:
        low = -_most(-low, -other[0], sizes) if low != other[0] else low
        high = _most(high, other[1], sizes)
    return low, high


def _most(a: Term, b: Term, sizes: Collection[str]) -> Term:
    if _at_most(a, b, sizes):
        return b
    return a if _at_most(b, a, sizes) else Max(a, b)


def _at_most(a: Term, b: Term, sizes: Collection[str]) -> bool:
    """Whether b - a is a sum of sizes and of a number that is not negative."""
    atoms: dict[str, Term] = {}
    gap = poly(b - a, Scope(atoms=atoms))
    letters = (atoms[atom] for mono in gap if mono != CONSTANT for atom, _ in mono)
    return all(c >= 0 for c in gap.values()) and all(
        isinstance(t, Var) and t.name in sizes for t in letters
    )

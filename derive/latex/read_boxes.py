"""The range of a tensor: all the places where the given formulas use it.

May: look at the letters' ranges.  An axis that an expression reaches, as in x_{i+j}, has no range
here, nor one of which only single numbers are known.  Called by `read_gradients`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from derive.binding import free, substitute
from derive.polynomial import CONSTANT, Scope, poly
from derive.syntax import App, Fn, Max, Node, Sum, Term, Var

Ends = tuple[Term, Term]
Place = tuple[Ends | None, ...]  # the range of each index, as far as it is known
Box = tuple[Ends, ...]
Found = tuple[str, Place]


def places(node: Node, scope: Mapping[Var, Ends], bound: set[Var]) -> Iterator[Found]:
    """Each entry of a tensor, with the ranges of its indices; `bound`: all bound letters."""
    if isinstance(node, Sum):
        ends = [_furthest(b, scope, bound, k > 0) for k, b in enumerate(node.bounds)]
        scope = {v: known for v, known in scope.items() if v != node.var}
        if ends and not node.integral and ends[0] is not None and ends[1] is not None:
            scope[node.var] = (ends[0], ends[1])
    if isinstance(node, App) and isinstance(node.fn, Fn) and node.fn.style == "index":
        yield node.fn.name, tuple(_ends(a, scope, bound) for a in node.args)
    for child in node.children():
        yield from places(child, scope, bound)


def _furthest(
    end: Term, scope: Mapping[Var, Ends], bound: set[Var], upper: bool
) -> Term | None:
    """How far an end such as the i of j = i, ..., N - 1 goes over the range of i."""
    for v in sorted(free(end) & bound, key=lambda s: s.name):
        slope = poly(end).get(next(iter(poly(v))), 0)
        if v not in scope or not isinstance(v, Var) or slope == 0:
            return None
        end = substitute(end, {v: scope[v][(slope > 0) == upper]})
        if v in free(end):
            return None
    return None if free(end) & bound else end


def _ends(index: Node, scope: Mapping[Var, Ends], bound: set[Var]) -> Ends | None:
    if isinstance(index, Var) and index in scope:
        return scope[index]
    return (index, index) if isinstance(index, Term) and not free(index) & bound else None


def edges(found: Iterable[Found], sizes: set[str]) -> dict[str, Place]:
    """For each tensor and axis the smallest range that contains all places, or None."""
    by_name: dict[str, list[Place]] = {}
    for name, place in found:
        by_name.setdefault(name, []).append(place)
    return {
        name: tuple(_hull(list(axis), sizes) for axis in zip(*all_of, strict=False))
        for name, all_of in by_name.items()
    }


def _hull(axis: list[Ends | None], sizes: set[str]) -> Ends | None:
    known = [ends for ends in axis if ends is not None]
    if len(known) < len(axis) or all(low == high for low, high in known):
        return None
    low, high = known[0]
    for other in known[1:]:
        low = -_most(-low, -other[0], sizes) if low != other[0] else low
        high = _most(high, other[1], sizes)
    return low, high


def _most(a: Term, b: Term, sizes: set[str]) -> Term:
    if _at_most(a, b, sizes):
        return b
    return a if _at_most(b, a, sizes) else Max(a, b)


def _at_most(a: Term, b: Term, sizes: set[str]) -> bool:
    """Whether b - a is a sum of sizes and of a number that is not negative."""
    atoms: dict[str, Term] = {}
    gap = poly(b - a, Scope(atoms=atoms))
    letters = (atoms[atom] for mono in gap if mono != CONSTANT for atom, _ in mono)
    return all(c >= 0 for c in gap.values()) and all(
        isinstance(t, Var) and t.name in sizes for t in letters
    )

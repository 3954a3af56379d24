"""Frames: what of a sum's body depends on its functions, and where these are evaluated.

A piece sum_u W(u) f(A u + c) g(...) has the frame f(.) g(.), its places the rows of A u + c, and
the rest, brackets and polynomials, as its weight W.  Two pieces with one frame can be brought
over the same places: then their weights are added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from itertools import permutations, product
from typing import Any

from derive.binding import bound, free, substitute
from derive.kernel.monomial import Monomial
from derive.polynomial import Poly, key
from derive.search.affine import Matrix, inverse, times
from derive.search.match import Affine, affine, maps
from derive.search.walk import nest
from derive.syntax import App, Fn, Function, Iverson, Node, Partial, Term, Var, Z

MOST_ORDERS = 24


@dataclass(frozen=True, slots=True)
class Frame:
    """One factor with names for the places at which its functions are evaluated."""

    shape: Term
    names: tuple[Var, ...]
    places: tuple[Affine, ...]

    def at(self, terms: tuple[Term, ...]) -> Term:
        return substitute(self.shape, dict(zip(self.names, terms, strict=True)))


class Piece:
    """A sum over Z^n taken apart; `ready` unless something in it was not understood."""

    def __init__(self, part: Term, atoms: dict[str, Term]) -> None:
        self.nest: Monomial = nest(part)
        self.atoms = atoms
        self.variables = tuple(v for v, _ in self.nest.binders)
        self.frames: list[Frame] = []
        self.weight: list[Term] = []
        self.ready = all(v.space == Z and not ends for v, ends in self.nest.binders)
        for factor in self.nest.factors if self.ready else ():
            self._sort(factor)
        self.frames.sort(key=lambda f: key(f.shape))

    def _sort(self, factor: Term) -> None:
        if isinstance(factor, Iverson) or not _applies(factor):
            self.weight.append(factor)
            return
        taker = _Taker(self.variables, self.atoms)
        shape = taker.framed(factor, frozenset())
        if free(shape) & set(self.variables):
            self.ready = False
        self.frames.append(Frame(shape, tuple(taker.names), tuple(taker.places)))

    @property
    def shapes(self) -> tuple[str, ...]:
        return tuple(key(f.shape) for f in self.frames)

    @property
    def places(self) -> list[Affine]:
        return [p for f in self.frames for p in f.places]

    def orders(self) -> Iterator[list[Affine]]:
        """The places in each order of the factors that are alike, as they are first."""
        groups: dict[str, list[int]] = {}
        for k, shape in enumerate(self.shapes):
            groups.setdefault(shape, []).append(k)
        count = 0
        for choice in product(*(permutations(g) for g in groups.values())):
            count += 1
            if count > MOST_ORDERS:
                return
            spots = {k: into for g, to in zip(groups.values(), choice, strict=True)
                     for k, into in zip(g, to, strict=True)}  # fmt: skip
            yield [p for k in range(len(self.frames)) for p in self.frames[spots[k]].places]

    def written(self, terms: list[Term]) -> tuple[Term, ...]:
        """The frames with `terms` in their places."""
        out, start = [], 0
        for f in self.frames:
            end = start + len(f.names)
            out.append(f.at(tuple(terms[start:end])))
            start = end
        return tuple(out)


def _applies(t: Node) -> bool:
    return isinstance(t, App) or any(_applies(child) for child in t.children())


class _Taker:
    """Puts names for the arguments that are affine in the variables of a sum."""

    def __init__(self, variables: tuple[Var, ...], atoms: dict[str, Term]) -> None:
        self.variables, self.atoms = variables, atoms
        self.names: list[Var] = []
        self.places: list[Affine] = []

    def framed(self, t: Any, inner: frozenset[Any]) -> Any:
        if isinstance(t, tuple):
            return tuple(self.framed(part, inner) for part in t)
        if not isinstance(t, Node):
            return t
        if isinstance(t, App) and _plain(t.fn):
            return replace(t, args=tuple(self._argument(a, inner) for a in t.args))
        within = inner | frozenset(bound(t))
        changes = {
            f.name: self.framed(getattr(t, f.name), within)
            for f in fields(t)  # type: ignore[arg-type]
            if f.metadata.get("child", True)
        }
        return replace(t, **changes) if changes else t  # type: ignore[type-var]

    def _argument(self, a: Any, inner: frozenset[Any]) -> Any:
        if isinstance(a, Term) and not free(a) & inner and not _applies(a):
            line = affine(a, self.variables, self.atoms)
            if line is not None and _integral(line):
                name = Var(f"•{len(self.names)}", Z)
                self.names.append(name)
                self.places.append(line)
                return name
        return self.framed(a, inner)


def _plain(fn: Function) -> bool:
    while isinstance(fn, Partial):
        fn = fn.fn
    return isinstance(fn, Fn) and all(s == Z for s in fn.domain)


def _integral(line: Affine) -> bool:
    return all(c.denominator == 1 for c in (*line.row, *line.offset.values()))


@dataclass(frozen=True, slots=True)
class Solution:
    """u = matrix w + shift, over the integers."""

    matrix: Matrix
    shift: list[Poly]

    @property
    def plain(self) -> bool:
        n = len(self.matrix)
        same = [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]
        return self.matrix == same and not any(self.shift)

    def terms(self, variables: tuple[Var, ...], atoms: dict[str, Term]) -> tuple[Term, ...]:
        return tuple(
            maps(variables, row, p, atoms)
            for row, p in zip(self.matrix, self.shift, strict=True)
        )

    def inverted(self) -> Solution | None:
        back = inverse(self.matrix) if self.matrix else []
        if back is None or any(x.denominator != 1 for row in back for x in row):
            return None
        return Solution(back, [_combined(row, self.shift, -1) for row in back])


def solve(base: list[Affine], other: list[Affine], n: int) -> Solution | None:
    """The integral u with base(u) = other(w), if these equations determine it."""
    rows: list[int] = []
    for k in range(len(base)):
        if rank([base[r].row for r in (*rows, k)]) > len(rows):
            rows.append(k)
    if len(rows) < n:
        return None
    back = inverse([list(base[r].row) for r in rows]) if n else []
    if back is None:
        return None
    width = len(other[0].row) if other else 0
    wide = [list(other[r].row) for r in rows]
    gaps = [other[r].offset - base[r].offset for r in rows]
    matrix = times(back, wide) if width else [[] for _ in range(n)]
    found = Solution(matrix, [_combined(row, gaps, 1) for row in back])
    values = [*(x for row in found.matrix for x in row),
              *(c for p in found.shift for c in p.values())]  # fmt: skip
    if any(x.denominator != 1 for x in values):
        return None
    for mine, theirs in zip(base, other, strict=True):
        row = [
            sum((mine.row[k] * found.matrix[k][j] for k in range(n)), Fraction(0))
            for j in range(width)
        ]
        if row != list(theirs.row):
            return None
        if mine.offset + _combined(list(mine.row), found.shift, 1) - theirs.offset:
            return None
    return found


def _combined(row: list[Fraction], parts: list[Poly], sign: int) -> Poly:
    out = Poly()
    for c, p in zip(row, parts, strict=True):
        out = out + p.scaled(c * sign)
    return out


def rank(rows: list[tuple[Fraction, ...]]) -> int:
    work, found = [list(r) for r in rows], 0
    for col in range(len(work[0]) if work else 0):
        pivot = next((r for r in range(found, len(work)) if work[r][col]), None)
        if pivot is None:
            continue
        work[found], work[pivot] = work[pivot], work[found]
        for r in range(found + 1, len(work)):
            c = work[r][col] / work[found][col]
            work[r] = [x - c * y for x, y in zip(work[r], work[found], strict=True)]
        found += 1
    return found

"""Frames: what of a sum's body depends on its functions, and where these are evaluated.

A piece sum_u W(u) f(A u + c) g(...) has the frame f(.) g(.), its places the rows of A u + c, and
the rest, brackets and polynomials, as its weight W.  Two pieces with one frame can be brought
over the same places: then their weights are added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from itertools import islice, permutations, product
from typing import Any

from derive.binding import bound, free, substitute
from derive.kernel.monomial import Monomial
from derive.polynomial import Poly, key
from derive.search.lattices.affine import Matrix, combined, inverse, rank, times
from derive.search.match import Affine, affine, maps
from derive.search.walk import nest, places, product_of
from derive.syntax import App, Fn, Function, Iverson, Node, Partial, Term, Var, Z, space_of

MOST_ORDERS = 24
LETTER = "a variable"


@dataclass(frozen=True, slots=True)
class Frame:
    """One factor with names for the places at which its functions are evaluated."""

    shape: Term
    names: tuple[Var, ...]

    def at(self, terms: Sequence[Term]) -> Term:
        return substitute(self.shape, dict(zip(self.names, terms, strict=True)))


@dataclass(frozen=True, slots=True)
class Order:
    """The places of a piece with equal blocks exchanged: `spots` says which comes first."""

    spots: tuple[int, ...]
    places: list[Affine]


class Piece:
    """A sum over Z^n taken apart; `ready` unless something in it was not understood.

    `values`: a bracket compares values of functions, as in [0 < f(a)] f(a).  Then what counts is
    which functions are evaluated where, and all that is made of these values is weight.
    `letters`: the variables are places too, in the order of their names.
    """

    def __init__(
        self, part: Term, atoms: dict[str, Term], values: bool = False, letters: bool = False
    ) -> None:
        self.nest: Monomial = nest(part)
        self.atoms, self.values = atoms, values
        self.variables = tuple(v for v, _ in self.nest.binders)
        self.weight: list[Term] = []
        self.frames: list[Frame] = []
        self.blocks: list[tuple[str, tuple[Affine, ...]]] = []
        self.compares = any(isinstance(f, Iverson) and _applies(f) for f in self.nest.factors)
        self.ready = all(v.space == Z and not ends for v, ends in self.nest.binders)
        if self.ready:
            (self._values if values else self._sort)()
        if self.ready and letters:
            own = sorted(self.variables, key=lambda v: v.name)
            lines = [affine(v, self.variables, atoms) for v in own]
            self.blocks += [(LETTER, (line,)) for line in lines if line is not None]

    def _sort(self) -> None:
        for factor in self.nest.factors:
            if isinstance(factor, Iverson) or not _applies(factor):
                self.weight.append(factor)
                continue
            taker = _Taker(self.variables, self.atoms)
            shape = taker.framed(factor, frozenset())
            self.ready = self.ready and not free(shape) & set(self.variables)
            self.frames.append(Frame(shape, tuple(taker.names)))
            self.blocks.append((key(shape), tuple(taker.places)))
        order = sorted(range(len(self.blocks)), key=lambda k: self.blocks[k][0])
        self.frames = [self.frames[k] for k in order]
        self.blocks = [self.blocks[k] for k in order]

    def _values(self) -> None:
        inside = tuple(f for f in self.nest.factors if _applies(f))
        self.weight = [f for f in self.nest.factors if not _applies(f)]
        taker = _Taker(self.variables, self.atoms, shared=True)
        shape = taker.framed(product_of(inside), frozenset())
        self.ready = not any(free(a) & set(self.variables) for _, n in places(shape, _is_call)
                             for a in n.children())  # fmt: skip
        calls = sorted(taker.calls.values(), key=lambda call: call.fn)
        self.blocks = [(call.fn, call.places) for call in calls]
        self.frames = [Frame(shape, tuple(n for call in calls for n in call.names))]

    @property
    def shapes(self) -> tuple[str, ...]:
        return tuple(shape for shape, _ in self.blocks)

    @property
    def places(self) -> list[Affine]:
        return [p for _, places in self.blocks for p in places]

    def orders(self) -> Iterator[Order]:
        """The places in each order of the blocks that are alike, as they are first."""
        groups: dict[str, list[int]] = {}
        for k, shape in enumerate(self.shapes):
            groups.setdefault(shape, []).append(k)
        for choice in islice(product(*(permutations(g) for g in groups.values())), MOST_ORDERS):
            to = dict(pair for g, into in zip(groups.values(), choice, strict=True)
                      for pair in zip(g, into, strict=True))  # fmt: skip
            spots = tuple(to[k] for k in range(len(self.blocks)))
            yield Order(spots, [p for k in spots for p in self.blocks[k][1]])

    def written(self, terms: list[Term], order: Order | None = None) -> tuple[Term, ...]:
        """The frames with `terms` in the places of an order (as they are: without one)."""
        sizes = [len(places) for _, places in self.blocks]
        if order is not None:
            own: list[list[Term]] = [[] for _ in sizes]
            start = 0
            for k in order.spots:
                own[k] = terms[start : start + sizes[k]]
                start += sizes[k]
            terms = [t for block in own for t in block]
        out, start = [], 0
        for f in self.frames:
            out.append(f.at(terms[start : start + len(f.names)]))
            start += len(f.names)
        return tuple(out)


def _is_call(n: Node) -> bool:
    return isinstance(n, App)


def _applies(t: Node) -> bool:
    return isinstance(t, App) or any(_applies(child) for child in t.children())


@dataclass(frozen=True, slots=True)
class _Call:
    """A function at affine arguments: its key, the names of the arguments, and what they are."""

    fn: str
    names: tuple[Var, ...]
    places: tuple[Affine, ...]


class _Taker:
    """Puts names for the arguments that are affine in the variables of a sum.

    `shared`: equal values have equal names, and what is no such value must be free of variables.
    """

    def __init__(
        self, variables: tuple[Var, ...], atoms: dict[str, Term], shared: bool = False
    ) -> None:
        self.variables, self.atoms, self.shared = variables, atoms, shared
        self.names: list[Var] = []
        self.places: list[Affine] = []
        self.calls: dict[object, _Call] = {}

    def framed(self, t: Any, inner: frozenset[Any]) -> Any:
        if isinstance(t, tuple):
            return tuple(self.framed(part, inner) for part in t)
        if not isinstance(t, Node):
            return t
        if isinstance(t, App) and _plain(t.fn):
            return self._call(t, inner)
        if isinstance(t, App) and not self.shared:  # a loss's derivative: a function, and a place
            args = tuple(self._slot(a, inner) for a in t.args)
            return replace(t, fn=self.framed(t.fn, inner), args=args)
        within = inner | frozenset(bound(t))
        changes = {
            f.name: self.framed(getattr(t, f.name), within)
            for f in fields(t)  # type: ignore[arg-type]
            if f.metadata.get("child", True)
        }
        return replace(t, **changes) if changes else t  # type: ignore[type-var]

    def _call(self, t: App, inner: frozenset[Any]) -> App:
        lines = [self._line(a, inner) for a in t.args]
        if any(line is None for line in lines):
            return replace(t, args=tuple(self._argument(a, inner) for a in t.args))
        found = tuple(line for line in lines if line is not None)
        same = key(t.fn), tuple((line.row, line.offset.key()) for line in found)
        if same not in self.calls or not self.shared:
            names = tuple(self._named(line) for line in found)
            self.calls[same] = _Call(key(t.fn), names, found)
        return replace(t, args=self.calls[same].names)

    def _line(self, a: Any, inner: frozenset[Any]) -> Affine | None:
        if not isinstance(a, Term) or free(a) & inner or _applies(a):
            return None
        line = affine(a, self.variables, self.atoms)
        return line if line is not None and _integral(line) else None

    def _slot(self, a: Any, inner: frozenset[Any]) -> Any:
        whole = isinstance(a, Term) and space_of(a) == Z
        return self._argument(a, inner) if whole else self.framed(a, inner)

    def _argument(self, a: Any, inner: frozenset[Any]) -> Any:
        line = self._line(a, inner)
        return self.framed(a, inner) if line is None else self._named(line)

    def _named(self, line: Affine) -> Var:
        name = Var(f"•{len(self.names)}", Z)
        self.names.append(name)
        self.places.append(line)
        return name


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
            maps(variables, row, p, atoms) for row, p in zip(self.matrix, self.shift, strict=True)
        )

    def inverted(self) -> Solution | None:
        back = inverse(self.matrix) if self.matrix else []
        if back is None or any(x.denominator != 1 for row in back for x in row):
            return None
        return Solution(back, [combined(row, self.shift).scaled(Fraction(-1)) for row in back])


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
    found = Solution(matrix, [combined(row, gaps) for row in back])
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
        if mine.offset + combined(list(mine.row), found.shift) - theirs.offset:
            return None
    return found

"""Canonical variables: the arguments of each sum in Hermite (over R: echelon) form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product

from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import Poly, key
from derive.search.lattices.affine import Image, Matrix, image, inverse
from derive.search.match import affine, maps
from derive.search.walk import Unproved, Walk, depth, nest, summands
from derive.syntax import App, Function, Partial, Term

MOST_SYMMETRIES = 120


@dataclass(frozen=True, slots=True)
class Order:
    """v -> rows v + offset: the arguments, with equal functions in one order.

    `functions`: that of each row.  Derivatives of a function count as equal to it.
    """

    rows: Matrix
    offset: list[Poly]
    functions: tuple[Function, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(map(key, self.functions))


class Nest:
    """The affine map of a nest's arguments, for each order of its repeated functions."""

    def __init__(self, m: Monomial) -> None:
        self.variables = tuple(v for v, _ in m.binders)
        self.integral = self.variables[0].space.kind != "R"
        self.atoms: dict[str, Term] = {}
        found = [
            (base(f.fn), key(f.fn), f.fn, [a for a in f.args if isinstance(a, Term)])
            for f in m.factors
            if isinstance(f, App)
        ]
        factors = sorted(found, key=lambda factor: factor[:2])
        self.names = tuple(name for name, _, _, _ in factors)
        self.orders: list[Order] = []
        for order in _symmetries(self.names):
            rows = [(fn, arg) for _, _, fn, args in (factors[k] for k in order) for arg in args]
            lines = [affine(arg, self.variables, self.atoms) for _, arg in rows]
            if any(line is None for line in lines):
                raise Unproved("an argument is not affine with rational coefficients")
            if not lines:
                raise Unproved("no function determines the bound variables")
            self.orders.append(
                Order(
                    [list(x.row) for x in lines if x],
                    [x.offset for x in lines if x],
                    tuple(fn for fn, _ in rows),
                )
            )

    def hull(self) -> tuple[Image, list[Order]]:
        """The least rational image, and the orders that attain it."""
        images = [(image(o.rows, o.offset, integral=False), o) for o in self.orders]
        found = [(i, o) for i, o in images if i is not None]
        if not found:
            raise Unproved("the arguments do not determine the bound variables")
        least = min((i for i, _ in found), key=lambda i: i.key)
        return least, [o for i, o in found if i.key == least.key]

    def image(self) -> Image:
        """The canonical image: least in Hermite (over R: echelon) form, then in its functions."""
        _, orders = self.hull()
        images = [(image(o.rows, o.offset, self.integral), o) for o in orders]
        found = [(i, o) for i, o in images if i is not None]
        return min(found, key=lambda pair: (pair[0].key, pair[1].names))[0]


def base(fn: Function) -> str:
    while isinstance(fn, Partial):
        fn = fn.fn
    return key(fn)


def _symmetries(names: tuple[str, ...]) -> Iterator[tuple[int, ...]]:
    groups: dict[str, list[int]] = {}
    for k, name in enumerate(names):
        groups.setdefault(name, []).append(k)
    count = 0
    for choice in product(*(permutations(g) for g in groups.values())):
        count += 1
        if count > MOST_SYMMETRIES:
            raise Unproved("one function occurs too often")
        yield tuple(k for group in choice for k in group)


def canonical(walk: Walk) -> None:
    """Change the variables of each nest so that its arguments are in canonical form."""
    for path, part in summands(walk.term):
        m = nest(part)
        if not m.binders or any(ends for _, ends in m.binders):
            continue
        try:
            if 0 < sum(v.space.kind == "R" for v, _ in m.binders) < len(m.binders):
                path, part, m = _integrals_inside(walk, path, part, m)
            found = Nest(m)
            change_to(walk, path, part, found, found.image())
        except Unproved:
            continue
    walk.tidy()


def _integrals_inside(
    walk: Walk, path: tuple[int, ...], part: Term, m: Monomial
) -> tuple[tuple[int, ...], Term, Monomial]:
    """A nest of sums and integrals with the integrals innermost, and these as a nest alone."""
    sums = tuple(b for b in m.binders if b[0].space.kind != "R")
    inside = Monomial(tuple(b for b in m.binders if b not in sums), m.factors)
    target = rebuilt(Monomial((*sums, *inside.binders), m.factors))
    if target != part:
        walk.do("rearrange", path, target=target)
    return (*path, *depth(target, len(sums))), rebuilt(inside), inside


def change_to(walk: Walk, path: tuple[int, ...], part: Term, found: Nest, to: Image) -> None:
    """v = U (u - q)."""
    n = len(found.variables)
    if to.unimodular == [[Fraction(int(i == j)) for j in range(n)] for i in range(n)] and not any(
        to.shift
    ):
        return
    back = inverse(to.unimodular)
    if back is None:
        raise Unproved("not invertible")
    new = walk.fresh(*found.variables, within=part)
    moved = [Poly() for _ in range(n)]
    for i in range(n):
        for k in range(n):
            moved[i] = moved[i] - to.shift[k].scaled(to.unimodular[i][k])
    forward = tuple(
        maps(new, row, p, found.atoms) for row, p in zip(to.unimodular, moved, strict=True)
    )
    backward = tuple(
        maps(found.variables, row, q, found.atoms) for row, q in zip(back, to.shift, strict=True)
    )
    place = (*path, *depth(part, 0))
    walk.do("reindex", place, variables=new, forward=forward, inverse=backward)

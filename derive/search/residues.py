"""Residue classes: terms whose arguments run over different lattices of one rational hull.

Cosets add up (sum f(2a) + sum f(2a+1) = sum f(a)), so each sum is split into cosets of one common
lattice before terms are compared.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import Scope, poly
from derive.search.affine import Matrix, coordinates, echelon, image, inverse, saturated
from derive.search.canonical import Nest
from derive.search.collapse import flatten
from derive.search.linear import witnesses
from derive.search.tidy import tidy
from derive.search.walk import Unproved, Walk, depth, nest, places, summands
from derive.syntax import (
    ONE,
    Add,
    App,
    Num,
    Rel,
    Term,
    Var,
    Z,
)

MOST_PIECES = 256
MOST_SYMBOLS = 2


def refine(*walks: Walk) -> None:
    """Split sums over Z^n so that terms with the same rational hull run over one lattice."""
    while loose := [(members, n) for members in _groups(walks) for n in _loose(members)[:1]]:
        for members, number in loose:
            for walk, part, _ in members:
                by_residue(walk, part, number, _common(members))
        for walk in walks:
            walk.tidy()
            walk.flatten()
    for members in _groups(walks):
        common = _common(members)
        for walk, part, inside in members:
            steps = [[x * common for x in row] for row in inverse(inside) or []]
            if abs(_size(steps)) > 1:
                split(walk, part, steps)
    for walk in walks:
        flatten(walk)


Member = tuple[Walk, Term, Matrix]


def _groups(walks: tuple[Walk, ...]) -> list[list[Member]]:
    """The sums of both sides, together where functions and rational hull agree."""
    groups: dict[object, list[Member]] = {}
    for walk in walks:
        for _, part in summands(walk.term):
            if found := _lattice(part):
                groups.setdefault(found[0], []).append((walk, part, found[1]))
    return list(groups.values())


def _common(members: list[Member]) -> int:
    """The N for which N times the hull's own lattice lies in the lattice of each member."""
    rows = [row for _, _, inside in members for row in inverse(inside) or []]
    return lcm(*(x.denominator for row in rows for x in row))


def _loose(members: list[Member]) -> list[Var]:
    """The free integers whose residue decides in which coset a sum runs."""
    common = _common(members)
    found: set[Var] = set()
    for _, part, _ in members if common > 1 else ():
        m = nest(part)
        bound = {v for v, _ in m.binders}
        for arg in [a for f in m.factors if isinstance(f, App) for a in f.args]:
            atoms: dict[str, Term] = {}
            for mono, c in poly(arg, Scope(atoms=atoms)).items():  # type: ignore[arg-type]
                for atom, _ in mono if c % common else ():
                    var = atoms[atom]
                    if isinstance(var, Var) and var not in bound and var.space == Z:
                        found.add(var)
    if len(found) > MOST_SYMBOLS:
        raise Unproved("too many offsets to tell residues apart")
    return sorted(found, key=lambda v: v.name)


def by_residue(walk: Walk, part: Term, number: Var, modulus: int) -> None:
    """Tell the residues of a free integer apart, and write it as m floor(n / m) + r in each.

    Variables are left as they are: a change now would move the cosets of different terms apart.
    """
    path = next((p for p, s in summands(walk.term) if s == part), None)
    if path is None:
        return
    walk.do("residue_case", path, of=number, modulus=modulus)
    node, _, _ = at(walk.term, path, Context(()))
    for r, case in enumerate(node.children()):
        for place, _n in list(places(case, lambda n: n == number)):
            if place[:1] != (0,):  # not the bracket itself
                walk.do("residue_value", (*path, r, *place), modulus=modulus, remainder=r)


def _lattice(part: Term) -> tuple[object, Matrix] | None:
    """(functions and rational hull, the lattice in the coordinates of the hull's own lattice)."""
    m = nest(part)
    if not m.binders or m.binders[0][0].space.kind != "Z" or any(e for _, e in m.binders):
        return None
    try:
        found = Nest(m)
        hull, orders = found.hull()
    except Unproved:
        return None
    lattice = image(*orders[0], integral=True)
    if lattice is None or not lattice.hermite[0]:
        return None
    inside = coordinates(saturated(hull.hermite), [list(c) for c in lattice.hermite])
    return ((found.names, hull.key), inside) if inside else None


def _size(a: Matrix) -> Fraction:
    found = echelon([list(c) for c in zip(*a, strict=True)], len(a), integral=True)
    out = Fraction(1)
    for k, col in enumerate(found[0] if found else []):
        out *= col[found[2][k]] if found else 1
    return out


def split(walk: Walk, part: Term, steps: Matrix) -> None:
    """sum over u in Z^n as one sum over u = T b + r for each residue r, T lower triangular."""
    hermite = echelon([list(c) for c in zip(*steps, strict=True)], len(steps), integral=True)
    if hermite is None or _size(steps) > MOST_PIECES:
        raise Unproved("too many residue classes")
    columns = hermite[0]
    pieces = [part]
    for k in range(len(columns)):
        t = columns[k][k]
        following: list[Term] = []
        for piece in pieces:
            following += _split_one(walk, piece, k, t, [columns[j][k] for j in range(k)])
        pieces = following


def _split_one(walk: Walk, piece: Term, k: int, t: Fraction, carried: list[Fraction]) -> list[Term]:
    path = next((p for p, s in summands(walk.term) if s == piece), None)
    if path is None:
        raise Unproved("residue classes that coincide")
    m = nest(piece)
    if any(carried):  # u_k = u_k' + sum_j T_kj b_j
        new = walk.fresh(*(v for v, _ in m.binders))
        old = tuple(v for v, _ in m.binders)
        plus = sum_of([Num(c) * v for c, v in zip(carried, new, strict=False) if c])
        minus = sum_of([Num(-c) * v for c, v in zip(carried, old, strict=False) if c])
        walk.do(
            "reindex", (*path, *depth(piece, 0)), variables=new,
            forward=tuple(v + plus if i == k else v for i, v in enumerate(new)),
            inverse=tuple(v + minus if i == k else v for i, v in enumerate(old)),
        )  # fmt: skip
        walk.tidy()
        piece = dict(summands(walk.term))[path]
        m = nest(piece)
    if t == 1:
        return [piece]
    order = (*(b for i, b in enumerate(m.binders) if i != k), m.binders[k])
    target = rebuilt(Monomial(order, m.factors))
    walk.do("rearrange", path, target=target)
    below = (*path, *depth(target, len(order) - 1))
    var = m.binders[k][0]
    quotient, remainder = walk.fresh(var, Var("r", var.space))
    walk.do(
        "residue_split", below, modulus=Num(t), quotient=quotient, remainder=remainder,
        witnesses=witnesses(Context(()), Rel("<=", ONE, Num(t))),
    )  # fmt: skip
    walk.do("expand_range", below)
    node, _, _ = at(walk.term, path, Context(()))
    body, _, inside = at(node, below[len(path) :], Context(()))
    parts = body.terms if isinstance(body, Add) else (body,)
    pieces = []
    for part in parts:  # the binder of this step goes back to its place
        one = nest(inside(part))  # type: ignore[arg-type]
        binders = list(one.binders)
        binders.insert(k, binders.pop())
        pieces.append(tidy(rebuilt(Monomial(tuple(binders), one.factors))))
    whole = Add(tuple(pieces))
    walk.do("rearrange", path, target=whole)
    walk.tidy()
    return pieces


def sum_of(parts: list[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Add(tuple(parts))

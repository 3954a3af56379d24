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
from derive.search.affine import (
    Matrix,
    coordinates,
    echelon,
    intersection,
    inverse,
    saturated,
    times,
)
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
                by_residue(walk, part, number, _exponent(_common(members)))
        for walk in walks:
            walk.tidy()
            walk.flatten()
    for members in _groups(walks):
        common = _common(members)
        for walk, part, inside in members:
            steps = times(inverse(inside[0]) or [], common)
            if abs(_size(steps)) > 1:
                split(walk, part, steps)
    for walk in walks:
        flatten(walk)


# a sum, and its arguments' linear part in the hull's own lattice, for each order of its repeated
# functions that attains the hull: first as it is written
Member = tuple[Walk, Term, list[Matrix]]


def _groups(walks: tuple[Walk, ...]) -> list[list[Member]]:
    """The sums of both sides, together where functions and rational hull agree."""
    groups: dict[object, list[Member]] = {}
    for walk in walks:
        for _, part in summands(walk.term):
            if found := _lattice(part):
                groups.setdefault(found[0], []).append((walk, part, found[1]))
    return list(groups.values())


def _common(members: list[Member]) -> Matrix:
    """The lattice that lies in the lattice of each member."""
    return intersection([a for _, _, inside in members for a in inside])


def _exponent(lattice: Matrix) -> int:
    """The N for which N times the hull's own lattice lies in this one."""
    return lcm(*(x.denominator for row in inverse(lattice) or [] for x in row))


def _loose(members: list[Member]) -> list[Var]:
    """The free integers whose residue decides in which coset a sum runs."""
    common = _exponent(_common(members))
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


def _lattice(part: Term) -> tuple[object, list[Matrix]] | None:
    """(functions and rational hull, the linear parts of a `Member`)."""
    m = nest(part)
    if not m.binders or m.binders[0][0].space.kind != "Z" or any(e for _, e in m.binders):
        return None
    try:
        found = Nest(m)
        hull, orders = found.hull()
    except Unproved:
        return None
    if not hull.hermite[0]:
        return None
    basis = saturated(hull.hermite)
    inside = [coordinates(basis, [list(c) for c in zip(*rows, strict=True)]) for rows, _ in orders]
    return ((found.names, hull.key), [a for a in inside if a]) if all(inside) else None


def _size(a: Matrix) -> Fraction:
    found = echelon([list(c) for c in zip(*a, strict=True)], len(a), integral=True)
    out = Fraction(1)
    for k, col in enumerate(found[0] if found else []):
        out *= col[found[2][k]] if found else 1
    return out


def split(walk: Walk, part: Term, steps: Matrix) -> None:
    """sum over u in Z^n as one sum over u = T b + r for each residue r, T lower triangular."""
    hermite = echelon([list(c) for c in zip(*steps, strict=True)], len(steps), integral=True)
    path = next((p for p, s in summands(walk.term) if s == part), None)
    if hermite is None or path is None or _size(steps) > MOST_PIECES:
        raise Unproved("too many residue classes")
    columns = hermite[0]
    places = [path]
    for k in range(len(columns)):
        carried = [columns[j][k] for j in range(k)]
        places = [q for p in places for q in _split_one(walk, p, k, columns[k][k], carried)]


Path = tuple[int, ...]


def _split_one(walk: Walk, path: Path, k: int, t: Fraction, carried: list[Fraction]) -> list[Path]:
    """Split the k-th variable of the sum at `path`; the paths of the parts."""
    piece = part_at(walk, path)
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
        walk.do("ring", path, target=tidy(part_at(walk, path)))
        m = nest(part_at(walk, path))
    if t == 1:
        return [path]
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
    body, _, inside = at(part_at(walk, path), below[len(path) :], Context(()))
    pieces = []
    for part in body.terms if isinstance(body, Add) else (body,):
        one = nest(inside(part))  # type: ignore[arg-type]
        binders = list(one.binders)
        binders.insert(k, binders.pop())  # the variable of this step goes back to its place
        pieces.append(tidy(rebuilt(Monomial(tuple(binders), one.factors))))
    walk.do("rearrange", path, target=Add(tuple(pieces)))
    return [(*path, j) for j in range(len(pieces))]


def part_at(walk: Walk, path: Path) -> Term:
    return at(walk.term, path, Context(()))[0]  # type: ignore[return-value]


def sum_of(parts: list[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Add(tuple(parts))

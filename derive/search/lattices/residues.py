"""Residue classes: terms whose arguments run over different lattices of one rational hull.

Cosets add up (sum f(2a) + sum f(2a+1) = sum f(a)), so each sum is split into cosets of one common
lattice before terms are compared.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from derive.binding import substitute
from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import Poly, Scope, poly
from derive.search.lattices.affine import (
    Matrix,
    echelon,
    identity,
    intersection,
    inverse,
    times,
    transposed,
)
from derive.search.lattices.cosets import MOST_PIECES, Cut, index
from derive.search.lattices.hulls import Group, Member, groups
from derive.search.linear import witnesses
from derive.search.match import maps
from derive.search.ranges.collapse import flatten
from derive.search.tidy import tidy
from derive.search.walk import Unproved, Walk, depth, nest, places, summands
from derive.syntax import (
    ONE,
    Add,
    App,
    Mul,
    Num,
    Rel,
    Term,
    Var,
    Z,
)

MOST_SYMBOLS = 2

Path = tuple[int, ...]


def refine(*walks: Walk) -> None:
    """Cut sums over Z^n along cosets, until equal ones stand on both sides.

    First as a plan sees that it helps; what is then left over, whatever the residues of the free
    integers are, along one lattice for all that share a rational hull.
    """
    _cover(walks)
    while loose := [(group, n) for group in groups(walks) for n in _loose(group)[:1]]:
        for group, number in loose:
            for member in group.left_over():
                by_residue(member.walk, member.part, number, _exponent(_common(group)))
        for walk in walks:
            walk.tidy()
            walk.flatten()
    _cover(walks)
    for group in groups(walks):
        left = group.left_over()
        common = _common(group) if left else []
        for member in left:
            steps = times(inverse(member.coset.lattice) or [], common)
            path = next((p for p, s in summands(member.walk.term) if s == member.part), None)
            if path is not None and index(steps) > 1:
                split(member.walk, path, steps)
    for walk in walks:
        flatten(walk)


def _cover(walks: tuple[Walk, ...]) -> None:
    while any([carry_out(group) for group in groups(walks)]):
        for walk in walks:
            walk.flatten()


def carry_out(group: Group) -> bool:
    """Cut as the plan says, else put cosets together; whether there was a way."""
    plan = group.tally.plan() if group.countable else []
    if not plan and group.countable:
        return put_together(group)
    for task in plan:
        cuts = [(m, cut) for m in group.members if (cut := group.tally.cut(m.coset, task))]
        for member, cut in cuts if task.amount is None else cuts[:1]:
            cut_along(member, cut, task.amount, group.atoms)
    return bool(plan)


def put_together(group: Group) -> bool:
    """A sum over a coset made of several: added and taken away, and the one of the two cut."""
    found = [(m, group.tally.merge(m.coset)) for m in group.left_over()]
    ways = [(m, *way) for m, way in found if way]
    if not ways:
        return False
    member, coarse, _ = min(ways, key=lambda way: way[2])
    walk, m = member.walk, nest(member.part)
    old, new = tuple(v for v, _ in m.binders), walk.fresh(*(v for v, _ in m.binders))
    back = times(inverse(member.coset.lattice) or [], coarse.lattice)
    to = {v: maps(new, row, Poly(), {}) for v, row in zip(old, back, strict=True)}
    factors = tuple(substitute(f, to) for f in m.factors)
    share = Num(group.tally.counts[group.tally.key(member.coset)] / member.count)
    whole = tidy(rebuilt(Monomial(tuple((v, ()) for v in new), (share, *factors))))
    parts = [part for _, part in summands(walk.term)]
    walk.do("ring", target=Add((*parts, whole, tidy(-whole))))
    split(walk, (len(parts) + 1,), times(inverse(coarse.lattice) or [], member.coset.lattice))
    return True


def cut_along(member: Member, cut: Cut, amount: Fraction | None, atoms: dict[str, Term]) -> None:
    """The cut of one sum, or of a part of it: a shift of its variables, then the residues."""
    walk, part = member.walk, member.part
    path = next((p for p, s in summands(walk.term) if s == part), None)
    if path is None:
        return
    if amount is not None:
        share = Num(amount / member.count)
        pieces = tidy(Mul((share, part))), tidy(Mul((Num(1 - share.value), part)))
        walk.do("ring", path, target=Add(pieces))
        path = (*path, 0)
    if any(cut.shift):
        part = part_at(walk, path)
        old = tuple(v for v, _ in nest(part).binders)
        new = walk.fresh(*old, within=part)
        rows = list(zip(identity(len(old)), cut.shift, strict=True))
        to = tuple(maps(new, row, p, atoms) for row, p in rows)
        back = tuple(maps(old, row, p.scaled(Fraction(-1)), atoms) for row, p in rows)
        place = (*path, *depth(part, 0))
        walk.do("reindex", place, variables=new, forward=to, inverse=back)
        walk.do("ring", path, target=tidy(part_at(walk, path)))
    split(walk, path, cut.steps)


def _common(group: Group) -> Matrix:
    """The lattice that lies in the lattice of each member."""
    return intersection(group.lattices())


def _exponent(lattice: Matrix) -> int:
    """The N for which N times the hull's own lattice lies in this one."""
    return lcm(*(x.denominator for row in inverse(lattice) or [] for x in row))


def _loose(group: Group) -> list[Var]:
    """The free integers whose residue decides in which coset a sum runs."""
    members = group.left_over()
    common = _exponent(_common(group)) if members else 1
    found: set[Var] = set()
    for member in members if common > 1 else ():
        m = nest(member.part)
        bound = {v for v, _ in m.binders}
        places = [a for f in m.factors if isinstance(f, App) for a in f.args]
        for arg in [a for a in places if isinstance(a, Term)]:  # a loss is applied to the output
            atoms: dict[str, Term] = {}
            for mono, c in poly(arg, Scope(atoms=atoms)).items():
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


def split(walk: Walk, path: Path, steps: Matrix) -> None:
    """sum over u in Z^n as one sum over u = T b + r for each residue r, T lower triangular."""
    hermite = echelon(transposed(steps), len(steps), integral=True)
    if hermite is None or index(steps) > MOST_PIECES:
        raise Unproved("too many residue classes")
    columns = hermite[0]
    places = [path]
    for k in range(len(columns)):
        carried = [columns[j][k] for j in range(k)]
        places = [q for p in places for q in _split_one(walk, p, k, columns[k][k], carried)]


def _split_one(walk: Walk, path: Path, k: int, t: Fraction, carried: list[Fraction]) -> list[Path]:
    """Split the k-th variable of the sum at `path`; the paths of the parts."""
    piece = part_at(walk, path)
    m = nest(piece)
    if any(carried):  # u_k = u_k' + sum_j T_kj b_j
        new = walk.fresh(*(v for v, _ in m.binders), within=piece)
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
    quotient, remainder = walk.fresh(var, Var("r", var.space), within=piece)
    _, context, _ = at(walk.term, below, Context(walk.equation.given))
    walk.do(
        "residue_split", below, modulus=Num(t), quotient=quotient, remainder=remainder,
        witnesses=witnesses(context, Rel("<=", ONE, Num(t))),
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

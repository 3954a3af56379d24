"""Equality of sums with ranges: one sum for each frame, whose weight vanishes cell by cell.

A combination of sums over Z^n is written as sums of W(u) F(A u + c), one for each product F of
functions and each lattice of places; W, a polynomial in brackets and variables, is 0 everywhere
exactly when the combination is 0 for all F.  Terms with fewer variables join as deltas (f(0) as
the sum of [u = 0] f(u), a diagonal as [j = i]), repeated functions by the mean over their orders.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from derive.binding import free, fresh, names, substitute
from derive.kernel import Context, Equation, at, chain
from derive.kernel.monomial import monomials, rebuilt
from derive.polynomial import poly
from derive.search.integers.floors import cancel, equate, grant, settle
from derive.search.lattices.affine import rank
from derive.search.lattices.frames import Order, Piece, Solution, solve
from derive.search.match import Affine, maps
from derive.search.ranges.cells import vanish
from derive.search.ranges.collapse import collapse_one
from derive.search.ranges.equations import put_in
from derive.search.ranges.extremes import extremes
from derive.search.walk import (
    Unproved,
    Walk,
    all_names,
    depth,
    factors_of,
    nest,
    places,
    product_of,
    summands,
    together,
)
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    And,
    Iverson,
    Mul,
    Node,
    Not,
    Num,
    Rel,
    Sum,
    Term,
    Var,
    join,
    space_of,
)

Path = tuple[int, ...]


def piecewise(left: Walk, right: Walk, letters: bool = False) -> Equation:
    """From two normal forms: left minus right is 0, by frames and cells.

    `letters`: sums are compared as they stand, also where functions do not tell the variables.
    """
    gap = Walk(left.equation.given, left.term - right.term, left.budget)
    _to_zero(gap, letters)
    left.to(Add((left.term - right.term, right.term)))
    left.follow((0,), gap)
    left.to(right.term)
    return chain(left.equation, right.equation)


def _to_zero(walk: Walk, letters: bool) -> None:
    settle(walk)
    grant(walk)
    if not poly(walk.term):
        walk.to(ZERO)
        return
    walk.flatten()
    cancel(walk)
    extremes(walk)
    put_in(walk)
    while walk.term != ZERO:
        before = len(summands(walk.term))
        joined = _joined(walk, *_group(walk, letters))
        _equalities(walk)
        _vanishes(walk, joined)
        walk.tidy()
        if walk.term != ZERO and len(summands(walk.term)) >= before:
            raise Unproved("what is left does not get less")


# ---- which sums belong together


@dataclass(frozen=True, slots=True)
class Member:
    """A part of the whole sum, and the base's variables u = matrix w + shift in its own, w."""

    index: int
    piece: Piece
    into: Solution
    order: Order


def _group(walk: Walk, letters: bool) -> tuple[Piece, list[Member]]:
    """A sum with most variables, and all those that can be written over its places."""
    atoms: dict[str, Term] = {}
    parts = [part for _, part in summands(walk.term)]
    found = [Piece(part, atoms, letters=letters) for part in parts]
    if values := any(p.compares for p in found):
        found = [Piece(part, atoms, values, letters) for part in parts]
    ready = [
        (k, p) for k, p in enumerate(found)
        if p.ready and rank([a.row for a in p.places]) == len(p.variables)
    ]  # fmt: skip
    if not ready:
        raise Unproved("no sum of products of functions at affine places is left")
    _, base = max(ready, key=lambda pair: (len(pair[1].variables), -pair[0]))
    members = []
    for k, piece in ready:
        if piece.shapes == base.shapes and (into := _into(base, piece)) is not None:
            members.append(Member(k, piece, *into))
    return base, members


def _into(base: Piece, piece: Piece) -> tuple[Solution, Order] | None:
    n = len(base.variables)
    for order in piece.orders():
        found = solve(base.places, order.places, n)
        if found is None:
            continue
        if len(piece.variables) < n or found.inverted() is not None:
            return found, order
    return None


# ---- one sum of them


def _joined(walk: Walk, base: Piece, members: list[Member]) -> int:
    """Write the members as one sum over the base's places; where it stands in the whole sum."""
    taken = set(names(free(walk.term))) | all_names(walk.term)
    new = []
    for v in base.variables:
        name = fresh("u" if v.name.startswith("•") else v.name, taken)
        taken.add(name)
        new.append(Var(name, v.space))
    variables = tuple(new)
    weights = []
    for member in members:
        own = _moved(walk, base, member)
        part = summands(walk.term)[member.index][1]
        weights.append(_weight(part, base, own, variables))
    frame = () if base.values else base.written(_at(base.places, variables, base.atoms))
    rest = [part for k, (_, part) in enumerate(summands(walk.term))
            if k not in {m.index for m in members}]  # fmt: skip
    merged = (together(weights), *frame)
    whole: Term = Mul(merged)
    for v in variables:
        whole = Sum(v, (), whole)
    walk.to(together([*rest, whole]), "rearrange")
    _averaged(walk, (len(rest),) if rest else (), base, variables, merged)
    return len(rest)


def _at(lines: list[Affine], variables: tuple[Var, ...], atoms: dict[str, Term]) -> list[Term]:
    return [maps(variables, list(p.row), p.offset, atoms) for p in lines]


def _moved(walk: Walk, base: Piece, member: Member) -> tuple[Var, ...]:
    """Change a member's variables to the base's, or bring in deltas; the new names."""
    path = (member.index,) if len(summands(walk.term)) > 1 else ()
    piece, into = member.piece, member.into
    new = walk.fresh(*base.variables)
    part = at(walk.term, path, Context(()))[0]
    if len(piece.variables) == len(base.variables):
        if not piece.variables or into.plain:
            return piece.variables
        back = into.inverted()
        assert back is not None  # noqa: S101 - `_into` has looked
        walk.do(
            "reindex", (*path, *depth(part, 0)), variables=new,  # type: ignore[arg-type]
            forward=back.terms(new, base.atoms), inverse=into.terms(piece.variables, base.atoms),
        )  # fmt: skip
        return new
    values = into.terms(piece.variables, base.atoms)
    inner = (*path, *depth(part, len(piece.variables)))  # type: ignore[arg-type]
    put = at(walk.term, inner, Context(()))[2]
    terms = _at(base.places, new, base.atoms)
    frames = piece.written(terms, member.order) if base.values else base.written(terms)
    whole = product_of((*piece.weight, *frames))
    known = dict(zip(new, values, strict=True))
    walk.to(put(substitute(whole, known)))  # type: ignore[arg-type]
    for u, value in zip(new, values, strict=True):
        del known[u]
        whole = Sum(u, (), Mul((Iverson(Rel("=", u, value)), *factors_of(whole))))
        earlier = put(substitute(whole, known))
        walk.undo("collapse", inner, earlier, index=0, stride=None, witnesses=())  # type: ignore[arg-type]
    _without(walk, path, piece.variables)
    return new


def _without(walk: Walk, path: Path, variables: tuple[Var, ...]) -> None:
    """Collapse the member's own variables, which the deltas determine."""
    part = at(walk.term, path, Context(()))[0]
    flat = rebuilt(monomials(part)[0])  # type: ignore[arg-type]
    walk.do("rearrange", path, target=flat)
    for _ in variables:
        part = at(walk.term, path, Context(()))[0]
        own = [k for k, (v, _) in enumerate(nest(part).binders) if v in variables]  # type: ignore[arg-type]
        if not any(collapse_one(walk, path, part, k) for k in own):  # type: ignore[arg-type]
            raise Unproved("a delta does not determine its variable")


def _weight(part: Term, base: Piece, own: tuple[Var, ...], new: tuple[Var, ...]) -> Term:
    """The factors of a member that are no functions (or all), in the new variables."""
    factors = nest(part).factors if base.values else tuple(Piece(part, base.atoms).weight)
    weight = product_of(factors)
    return substitute(weight, dict(zip(own, new, strict=True)))


def _symmetries(base: Piece) -> list[Solution]:
    """The changes of variables that only exchange functions."""
    found: dict[str, Solution] = {}
    for order in base.orders():
        turned = solve(base.places, order.places, len(base.variables))
        if turned is not None and turned.inverted() is not None:
            found.setdefault(repr((turned.matrix, [p.key() for p in turned.shift])), turned)
    return list(found.values())


def _renames(s: Solution) -> bool:
    """Whether a change of variables only permutes them."""
    return not any(s.shift) and all(
        sorted(row) == [Fraction(0)] * (len(row) - 1) + [Fraction(1)] for row in s.matrix
    )


def _averaged(
    walk: Walk, path: Path, base: Piece, variables: tuple[Var, ...], merged: tuple[Term, ...]
) -> None:
    """The sum of the factors `merged`, which stands at `path`, in the mean over its symmetries."""
    found = _symmetries(base)
    if len(found) < 2 or not variables:
        return
    share = Num(Fraction(1, len(found)))
    whole, _, put = at(walk.term, path, Context(()))
    walk.to(put(Add(tuple(Mul((share, whole)) for _ in found))))  # type: ignore[arg-type,misc]
    means: list[Term] = []
    for k, s in enumerate(found):
        back = s.inverted()
        assert back is not None  # noqa: S101 - `_symmetries` has looked
        if not _renames(s):
            new = walk.fresh(*variables)
            walk.do(
                "reindex", (*path, k, 1), variables=new[::-1],  # the last variable is outermost
                forward=s.terms(new, base.atoms)[::-1],
                inverse=back.terms(variables, base.atoms)[::-1],
            )  # fmt: skip
        images = dict(zip(variables, s.terms(variables, base.atoms), strict=True))
        means.append(Mul((share, substitute(merged[0], images))))
    mean: Term = Mul((together(means), *merged[1:]))
    for v in variables:
        mean = Sum(v, (), mean)
    walk.to(put(mean), "rearrange")  # type: ignore[arg-type]


# ---- and its weight


def _equalities(walk: Walk) -> None:
    """[a = b] as [a <= b][b <= a], between numbers; [a != b] as 1 less that."""
    walk.to(_denied(walk.term))

    def equality(n: Node) -> bool:
        if not (isinstance(n, Iverson) and isinstance(n.cond, Rel) and n.cond.op == "="):
            return False
        space = join(space_of(n.cond.lhs), space_of(n.cond.rhs))
        return space.dim == ONE and space.kind != "Zn"

    while found := next(places(walk.term, equality), None):
        path, node = found
        a, b = node.cond.lhs, node.cond.rhs  # type: ignore[attr-defined]
        if not equate(walk, path, And((Rel("<=", a, b), Rel("<=", b, a)))):
            raise Unproved("an equality is not two inequalities")


def _denied(t: Any) -> Any:
    """[not P] as 1 - [P], for an equation P."""
    if isinstance(t, tuple):
        return tuple(_denied(part) for part in t)
    if not isinstance(t, Node):
        return t
    if isinstance(t, Iverson) and isinstance(t.cond, Not) and isinstance(t.cond.cond, Rel):
        if t.cond.cond.op == "=":
            return ONE - Iverson(t.cond.cond)
    changes = {f.name: _denied(getattr(t, f.name)) for f in fields(t)}  # type: ignore[arg-type]
    return replace(t, **changes) if changes else t  # type: ignore[type-var]


def _vanishes(walk: Walk, index: int) -> None:
    parts = summands(walk.term)
    path, part = parts[min(index, len(parts) - 1)]
    m = nest(part)
    inner = (*path, *depth(part, len(m.binders)))
    weight, *others = m.factors
    vanish(walk, inner, weight, tuple(others))

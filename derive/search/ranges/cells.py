"""Brackets that add up to nothing: cells in which every bracket is true or false.

A sum of products of brackets is constant on the cells that its brackets cut out.  A tree of cases
runs through the cells that the hypotheses leave; where all cells have the value 0, the whole is
what remains on contradictory cells (`ring`, since [P]^2 = [P] and [P] + [not P] = 1), and each of
these is absurd.  There is no list of patterns: splitting a range, an empty range, the two
triangles of a square are all the same argument.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.binding import free
from derive.kernel import Context, at
from derive.kernel.entail import Fact, Witness, facts, known
from derive.polynomial import Poly, Scope, const, indicator, poly, to_term
from derive.search.linear import absurdity, contradiction, witnesses
from derive.search.tidy import tidy
from derive.search.walk import Unproved, Walk, places
from derive.syntax import ZERO, Add, Cond, Iverson, Mul, Node, Not, Rel, Term, Var, space_of

MOST_CELLS = 600
MOST_POINTS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """The brackets that hold on it; the contradiction between them, or the value there."""

    conds: tuple[Cond, ...]
    absurd: Witness | None
    value: Poly


class Tree:
    """The cells of a polynomial in brackets on which it is not seen to be 0."""

    def __init__(self, atoms: dict[str, Term]) -> None:
        self.atoms = atoms
        self.terms: dict[str, Term] = {}
        self.left = MOST_CELLS
        self.facts: dict[tuple[str, bool], list[Fact]] = {}

    def cond(self, atom: str, holds: bool) -> Cond:
        bracket = self.atoms[atom]
        assert isinstance(bracket, Iverson)  # noqa: S101 - the atoms asked for are brackets
        return bracket.cond if holds else Not(bracket.cond)

    def said(self, atom: str, holds: bool) -> list[Fact]:
        if (atom, holds) not in self.facts:
            self.facts[atom, holds] = facts(self.cond(atom, holds))
        return self.facts[atom, holds]

    def cells(self, p: Poly, conds: tuple[Cond, ...], given: list[Fact]) -> Iterator[Cell]:
        self.left -= 1
        if self.left < 0:
            raise Unproved("too many cases between brackets")
        if not p:
            return
        count = Counter(a for mono in p for a, _ in mono if a.startswith("["))
        if count:
            atom = max(sorted(count), key=lambda a: count[a])
        else:
            point = self.point(given, conds) if _degree(p) > 1 else None
            if point is None:
                yield Cell(conds, None, p)
                return
            atom = point
        for holds in (True, False):
            inside = restricted(p, atom, holds)
            if not inside:
                continue
            cond, more = self.cond(atom, holds), self.said(atom, holds)
            clash = contradiction([*given, *more]) if more else None
            if clash is not None:
                yield Cell((*conds, cond), clash, p)
            else:
                yield from self.cells(inside, (*conds, cond), [*given, *more])


    def point(self, given: list[Fact], conds: tuple[Cond, ...]) -> str | None:
        """[v <= e], where e <= v <= e + 1 is known between integers: both may be zeros of it."""
        for p, _ in given:
            for q, _ in given:
                gap = (p + q).constant()
                if gap is None or not 0 < gap <= MOST_POINTS or p.constant() is not None:
                    continue
                cond = Rel("<=", to_term(p, self.terms), ZERO)
                if space_of(cond.lhs).kind != "Z":
                    continue
                ((mono, _),) = indicator(cond).items()
                atom = mono[0][0]
                self.atoms.setdefault(atom, Iverson(cond))
                if self.cond(atom, True) not in conds and self.cond(atom, False) not in conds:
                    return atom
        return None


def _degree(p: Poly) -> int:
    return max((sum(e for _, e in m) for m in p), default=0)


def restricted(p: Poly, atom: str, holds: bool) -> Poly:
    """`p` where a bracket is 1, or 0."""
    out = Poly()
    for mono, c in p.items():
        rest = tuple(power for power in mono if power[0] != atom)
        if holds or len(rest) == len(mono):
            out = out + Poly({rest: c})
    return out


def vanish(walk: Walk, path: tuple[int, ...], weight: Term, others: tuple[Term, ...]) -> None:
    """The product of `weight` and `others`, which stands at `path`, is 0: in every cell."""
    _, context, put = at(walk.term, path, Context(walk.equation.given))
    atoms: dict[str, Term] = {}
    p = poly(weight, Scope(atoms=atoms))
    tree = Tree(atoms)
    for cond in (*context.flat(), *(a.cond for a in atoms.values() if isinstance(a, Iverson))):
        if isinstance(cond, Rel):
            poly(cond.lhs - cond.rhs, Scope(atoms=tree.terms))
    found = list(tree.cells(p, (), known(context)))
    parts = []
    for cell in found:
        value = weight if cell.absurd else to_term(cell.value, atoms)
        parts.append(Mul((*(Iverson(c) for c in cell.conds), value, *others)))
    target = Add(tuple(parts)) if len(parts) > 1 else parts[0] if parts else ZERO
    walk.to(put(target))  # type: ignore[arg-type]
    for k, cell in enumerate(found):
        place = (*path, k) if len(found) > 1 else path
        if cell.absurd:
            walk.do("absurd", place, witnesses=(cell.absurd,))
        else:
            _zero(walk, (*place, len(cell.conds)))
    walk.to(put(ZERO))  # type: ignore[arg-type]


def _zero(walk: Walk, path: tuple[int, ...]) -> None:
    """What stands at `path` is 0 by the brackets beside it."""
    gone: set[Var] = set()  # what was put in for a variable does not bring it back
    while True:
        value, context, put = at(walk.term, path, Context(walk.equation.given))
        if not poly(value):  # type: ignore[arg-type]
            return
        proof = witnesses(context, Rel("=", value, ZERO))  # type: ignore[arg-type]
        if proof is not None:
            walk.do("same", path, target=Mul((ZERO, value)), witnesses=proof)
            return
        found = _pinned(value, context, gone)
        if found is None:
            clash = absurdity(context)
            if clash is None:
                raise Unproved("a case is left in which the sides differ")
            walk.do("absurd", path, witnesses=(clash,))
            return
        var, known_as = found
        gone.add(var)
        for place, _ in list(places(value, lambda n, v=var: n == v)):
            _, there, _ = at(walk.term, (*path, *place), Context(walk.equation.given))
            again = witnesses(there, Rel("=", var, known_as))
            walk.do("same", (*path, *place), target=known_as, witnesses=again)
        put = at(walk.term, path, Context(()))[2]
        walk.to(put(tidy(at(walk.term, path, Context(()))[0])))  # type: ignore[arg-type]


def _pinned(value: Node, context: Context, gone: set[Var]) -> tuple[Var, Term] | None:
    """A variable of `value` and the linear term of the others, but `gone`, that it equals there."""
    atoms: dict[str, Term] = {}
    for cond in context.flat():
        if not isinstance(cond, Rel):
            continue
        p = poly(cond.lhs - cond.rhs, Scope(atoms=atoms))
        for mono, c in p.items():
            var = atoms[mono[0][0]] if len(mono) == 1 and mono[0][1] == 1 else None
            if not isinstance(var, Var) or var not in free(value):
                continue
            rest = Poly({m: -k / c for m, k in p.items() if m != mono})
            for shift in (Fraction(0), Fraction(1), Fraction(-1)):  # v < e + 1 between integers
                known_as = to_term(rest + const(shift), atoms)
                if free(known_as) & {var, *gone} or space_of(known_as) != space_of(var):
                    continue
                if witnesses(context, Rel("=", var, known_as)) is not None:
                    return var, known_as
    return None

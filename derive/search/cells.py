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

from derive.kernel import Context, at
from derive.kernel.entail import Fact, Witness, facts, known
from derive.polynomial import Poly, Scope, poly, to_term
from derive.search.linear import contradiction, witnesses
from derive.search.walk import Unproved, Walk
from derive.syntax import ZERO, Add, Cond, Iverson, Mul, Not, Rel, Term

MOST_CELLS = 600


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
        if not count:
            yield Cell(conds, None, p)
            return
        atom = max(sorted(count), key=lambda a: count[a])
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
    found = list(Tree(atoms).cells(p, (), known(context)))
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
    value, context, _ = at(walk.term, path, Context(walk.equation.given))
    proof = witnesses(context, Rel("=", value, ZERO))  # type: ignore[arg-type]
    if proof is None:
        raise Unproved("a case is left in which the sides differ")
    walk.do("same", path, target=Mul((ZERO, value)), witnesses=proof)

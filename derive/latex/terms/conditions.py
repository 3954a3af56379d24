"""Conditions: relations in brackets, under sums, in cases and among what is given.

May: build conditions from chains such as `0 \\le i < n`, `s \\mid m`, `i = j`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.latex.roles.kinds import Conflict, Kinds
from derive.latex.signs.errors import Fault
from derive.latex.signs.tree import Chain, Group, Level, Name
from derive.syntax import And, Cond, Divides, Not, Or, Rel, Space, Term

if TYPE_CHECKING:
    from derive.latex.terms.terms import Value


class Conditions:
    """The part of the elaborator that reads conditions; `Terms` supplies the rest."""

    kinds: Kinds

    def level(self, level: Level) -> Value:
        raise NotImplementedError

    def number(self, level: Level) -> Term:
        raise NotImplementedError

    def conjunction(self, group: Group) -> Cond:
        """What stands in a bracket: relations joined by commas, `and` or `or`."""
        if "or" in group.seps:
            if set(group.seps) != {"or"}:
                raise Fault("and and or side by side", group.pos, "brackets that say which")
            return Or(tuple(self.relation(c) for c in group.chains))
        conds = [self.relation(c) for c in group.chains]
        return conds[0] if len(conds) == 1 else And(tuple(conds))

    def relation(self, chain: Chain) -> Cond:
        """One chain of relations as a condition."""
        first = chain.levels[0].items
        if not chain.rels and len(first) == 1 and isinstance(first[0], Group):
            return self.conjunction(first[0])
        if not chain.rels and isinstance(first[0], Name) and first[0].value == r"\neg":
            if len(first) == 2 and isinstance(first[1], Group):
                return Not(self.conjunction(first[1]))
        if not chain.rels:
            raise Fault("a condition without a relation", chain.pos, "a relation such as = or <=")
        if isinstance(first[0], Name) and first[0].value == r"\neg" and len(first) > 1:
            inner = Level(first[1].pos, first[1:])
            return Not(self.relation(Chain(chain.pos, [inner, *chain.levels[1:]], chain.rels)))
        conds = []
        terms = [self.number(level) for level in chain.levels]
        for lhs, mark, rhs in zip(terms, chain.rels, terms[1:], strict=False):
            conds.append(self.between_terms(lhs, mark.value, rhs, mark.pos))
        return conds[0] if len(conds) == 1 else And(tuple(conds))

    def between_terms(self, lhs: Term, op: str, rhs: Term, pos: int) -> Cond:
        match op:
            case "=" | "<=" | "<":
                return Rel(op, lhs, rhs)
            case ">=" | ">":
                return Rel("<=" if op == ">=" else "<", rhs, lhs)
            case "!=":
                return Not(Rel("=", lhs, rhs))
            case "nle" | "nlt":
                return Not(Rel("<=" if op == "nle" else "<", lhs, rhs))
            case "mid":
                return Divides(lhs, rhs)
            case "nmid":
                return Not(Divides(lhs, rhs))
        raise Fault("this relation says nothing here", pos, "=, <=, < or \\mid")

    def merge(self, a: Space, b: Space, pos: int) -> None:
        try:
            self.kinds.merge(a, b)
        except Conflict as error:
            raise Fault(str(error), pos, "arguments of one kind") from None

    def real(self, space: Space, pos: int) -> None:
        """What is differentiated is a function on the reals."""
        slot = self.kinds.slot(space)
        if slot.kind not in ("", "R"):
            raise Fault(
                "a derivative of a function on the integers", pos, "a function on the reals"
            )
        slot.kind = "R"

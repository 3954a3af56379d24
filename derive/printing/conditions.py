"""Conditions and spaces, printed."""

from __future__ import annotations

from collections.abc import Sequence

from derive.printing.pieces import ATOM, Out, Pieces
from derive.syntax import (
    ONE,
    And,
    Cond,
    Divides,
    Exists,
    Node,
    Not,
    Or,
    Rel,
    Signature,
    Space,
    Term,
)


class Conditions(Pieces):
    def show(self, node: Node) -> str:
        raise NotImplementedError

    def out(self, t: Term) -> Out:
        raise NotImplementedError

    def space(self, space: Space | Signature) -> str:
        if isinstance(space, Signature):
            return "functions on " + self.times.join(self.space(s) for s in space.domain)
        if space.kind == "Zn":
            return f"{self.sets['Z']}/{self.wrap(self.out(space.modulus or ONE), ATOM)}"
        name = self.sets[space.kind]
        return name if space.dim == ONE else name + self.sup(self.show(space.dim))

    def cond(self, c: Cond, inside: bool = False) -> str:
        match c:
            case Rel(op, lhs, rhs):
                return f"{self.show(lhs)}{self.gap(self.relations[op])}{self.show(rhs)}"
            case Divides(divisor, number):
                return f"{self.show(divisor)}{self.divides}{self.show(number)}"
            case Not(Rel(op, lhs, rhs)):  # not >: for vectors that would say more
                return f"{self.show(lhs)}{self.gap(self.negated[op])}{self.show(rhs)}"
            case Not(Divides(divisor, number)):
                return f"{self.show(divisor)}{self.divides_not}{self.show(number)}"
            case Not(part):
                return self.negation + self.paren(self.cond(part))
            case And(conds):
                s = self.conj.join(self.chained(conds)) if conds else "0 = 0"
                return self.paren(s) if inside else s
            case Or(conds):
                s = self.disj.join(self.cond(p, True) for p in conds) if conds else "0 = 1"
                return self.paren(s) if inside else s
            case Exists(term):
                return self.show(term) + self.converges
        raise TypeError(f"not a condition: {type(c).__name__}")

    def chained(self, conds: Sequence[Cond]) -> list[str]:
        """lo <= a and a <= hi in one: lo <= a <= hi."""
        out: list[str] = []
        end: Term | None = None
        for c in conds:
            if isinstance(c, Rel) and end is not None and c.lhs == end:
                out[-1] += f"{self.gap(self.relations[c.op])}{self.show(c.rhs)}"
            else:
                out.append(self.cond(c, True))
            end = c.rhs if isinstance(c, Rel) else None
        return out

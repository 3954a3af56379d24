"""Integrals over half-lines: those over R of a product with a bracket [z <= e] or [e <= z].

    int_{z <= e} G = int_{z <= c} G + int_c^e G,    int_{e <= z} G = int_{c <= z} G - int_c^e G.
"""

from __future__ import annotations

from typing import NamedTuple

from derive.binding import free, names
from derive.kernel.context import Refused
from derive.kernel.table import factors_of, product_of
from derive.polynomial import Scope, poly, to_term
from derive.syntax import ONE, Add, Iverson, Mul, Not, Rel, Sum, Term, Var, embeds, space_of


class HalfLine(NamedTuple):
    """The integral of `body` over z <= end if `below`, else over end <= z."""

    var: Var
    below: bool
    end: Term
    body: Term

    def moved(self, c: Term) -> tuple[Sum, Sum]:
        """The half-line that ends at c, and the oriented integral from c to the old end."""
        cond = Rel("<=", self.var, c) if self.below else Rel("<=", c, self.var)
        far = Sum(self.var, (), Mul((Iverson(cond), *factors_of(self.body))))
        return far, Sum(self.var, (c, self.end), self.body)

    def based(self, c: Term) -> Term:
        far, near = self.moved(c)
        return Add((far, near if self.below else -near))


def half_line(name: str, s: Sum, index: int) -> HalfLine:
    """An integral over R read as one over the half-line that its factor `index` says.

    Strict or not is the same here: one point has measure 0.
    """
    factors = factors_of(s.body)
    found = factors[index] if 0 <= index < len(factors) else None
    cond = found.cond if isinstance(found, Iverson) else None
    turned = isinstance(cond, Not)
    cond = cond.cond if isinstance(cond, Not) else cond
    real = s.integral and not s.bounds and s.var.space.dim == ONE
    if not real or not isinstance(cond, Rel) or cond.op == "=":
        raise Refused(name, "expected an integral over R of a product with a comparison", s)
    atoms: dict[str, Term] = {}
    gap = poly(cond.lhs - cond.rhs, Scope(atoms=atoms))  # k (z - e) <= 0
    k = gap.get(next(iter(poly(s.var, Scope(atoms=atoms)))))
    end = to_term(poly(s.var) - gap.scaled(1 / k), atoms) if k else s.var
    if k is None or not embeds(space_of(end), s.var.space) or s.var.name in names(free(end)):
        raise Refused(name, "expected a comparison of the variable with what is free of it", s)
    rest = product_of([f for i, f in enumerate(factors) if i != index])
    return HalfLine(s.var, (k > 0) != turned, end, rest)

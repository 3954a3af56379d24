"""Reading from SymPy: conditions, Piecewise and the Kronecker delta."""

from __future__ import annotations

import sympy as sp

from derive.sympy_doors.arithmetic import ordered
from derive.sympy_doors.base import Base
from derive.sympy_doors.errors import NotExpressible
from derive.syntax import ONE, ZERO, Add, And, Cond, Divides, Iverson, Mul, Not, Or, Rel, Term


class Conditions(Base):
    def delta(self, e: sp.KroneckerDelta) -> Term:
        if len(e.args) != 2:
            raise NotExpressible("a Kronecker delta with a range", e)
        return Iverson(Rel("=", self.read(e.args[0]), self.read(e.args[1])))

    def piecewise(self, e: sp.Piecewise) -> Term:
        """e_1 [c_1] + e_2 [c_2 and not c_1] + ...: the first condition that holds decides."""
        if e.args[-1].cond != sp.true:
            raise NotExpressible("a Piecewise without a last case for all else", e)
        out: list[Term] = []
        before: list[Cond] = []
        for value, cond in e.args:
            conds = list(before)
            if cond != sp.true:
                here = self.cond(cond)
                conds.insert(0, here)
                before.append(Not(here))
            if value == 0:
                continue
            bracket = conds[0] if len(conds) == 1 else And(tuple(conds))
            factors = (Iverson(bracket),) if conds else ()
            shown = () if value == 1 and factors else (self.read(value),)
            parts = (*factors, *shown)
            out.append(parts[0] if len(parts) == 1 else Mul(parts))
        return out[0] if len(out) == 1 else Add(tuple(out)) if out else ZERO

    def cond(self, c: sp.Basic) -> Cond:
        match c:
            case sp.Eq():
                if isinstance(c.lhs, sp.Mod) and c.rhs == 0:
                    return Divides(self.read(c.lhs.args[1]), self.read(c.lhs.args[0]))
                return Rel("=", self.read(c.lhs), self.read(c.rhs))
            case sp.Ne():
                return Not(self.cond(sp.Eq(c.lhs, c.rhs, evaluate=False)))
            case sp.Le() | sp.Lt():
                return Rel("<=" if isinstance(c, sp.Le) else "<", self.read(c.lhs),
                           self.read(c.rhs))  # fmt: skip
            case sp.Ge() | sp.Gt():
                return Rel("<=" if isinstance(c, sp.Ge) else "<", self.read(c.rhs),
                           self.read(c.lhs))  # fmt: skip
            case sp.And():
                return And(tuple(self.cond(a) for a in ordered(c.args)))
            case sp.Or():
                return Or(tuple(self.cond(a) for a in ordered(c.args)))
            case sp.Not():
                return Not(self.cond(c.args[0]))
        if c == sp.true:
            return Rel("=", ZERO, ZERO)
        if c == sp.false:
            return Rel("=", ZERO, ONE)
        raise NotExpressible("a condition that cannot be read", c)

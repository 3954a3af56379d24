"""Reading from SymPy: products, powers, and what stands in a floor."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

import sympy as sp

from derive.sympy_doors.base import Base
from derive.sympy_doors.errors import NotExpressible
from derive.syntax import ONE, Add, Div, Floor, Max, Mul, Num, Pow, Term


class Arithmetic(Base):
    def product(self, e: sp.Mul) -> Term:
        above, below = [], []
        for part in e.args:
            base, exponent = part.as_base_exp()
            if isinstance(part, sp.Pow) and exponent.is_Integer and exponent < 0:
                below.append(self.power(base, -int(exponent)))
            elif part.is_Rational and part.q != 1:
                above.append(Num(Fraction(part.p, part.q)))
            else:
                above.append(self.read(part))
        num = above[0] if len(above) == 1 else Mul(tuple(above)) if above else ONE
        if not below:
            return num
        return Div(num, below[0] if len(below) == 1 else Mul(tuple(below)))

    def power(self, base: sp.Basic, exponent: int) -> Term:
        return self.read(base) if exponent == 1 else Pow(self.read(base), exponent)

    def pow(self, e: sp.Pow) -> Term:
        if not e.exp.is_Integer:
            raise NotExpressible("only literal integer powers can be read", e)
        if e.exp < 0:
            return Div(ONE, self.power(e.base, -int(e.exp)))
        return self.power(e.base, int(e.exp))

    def ratio(self, e: sp.Basic) -> tuple[Term, Term]:
        """Integer numerator and denominator of what stands in a floor."""
        num, den = self._ratio(e)
        return num, den

    def _ratio(self, e: sp.Basic) -> tuple[Term, Term]:
        if e.is_Rational:
            return Num(Fraction(e.p)), Num(Fraction(e.q))
        if isinstance(e, sp.Add):
            parts = [self._ratio(part) for part in e.args]
            dens = [d for _, d in parts]
            if all(isinstance(d, Num) for d in dens):
                common = lcm(*(int(d.value) for d in dens if isinstance(d, Num)))
                scaled = [
                    n if d.value == common else Mul((Num(Fraction(common) / d.value), n))
                    for n, d in parts
                    if isinstance(d, Num)
                ]
                return Add(tuple(scaled)), Num(Fraction(common))
            others = {d for d in dens if d != ONE}
            if len(others) == 1:
                den = others.pop()
                return Add(tuple(n if d == den else Mul((den, n)) for n, d in parts)), den
            raise NotExpressible("the fractions in a floor have different denominators", e)
        if isinstance(e, sp.Mul | sp.Pow):
            above: list[Term] = []
            below: list[Term] = []
            for part in e.args if isinstance(e, sp.Mul) else (e,):
                if part.is_Rational:
                    above += [Num(Fraction(part.p))] if part.p != 1 else []
                    below += [Num(Fraction(part.q))] if part.q != 1 else []
                elif isinstance(part, sp.Pow) and part.exp.is_Integer and part.exp < 0:
                    below.append(self.power(part.base, -int(part.exp)))
                elif isinstance(part, sp.Add):
                    n, d = self._ratio(part)
                    above.append(n)
                    below += [d] if d != ONE else []
                else:
                    above.append(self.read(part))
            return _times(above), _times(below)
        return self.read(e), ONE

    def floor(self, e: sp.floor) -> Term:
        return Floor(*self.ratio(e.args[0]))

    def ceiling(self, e: sp.ceiling) -> Term:
        num, den = self.ratio(e.args[0])
        return -Floor(-num, den)

    def mod(self, e: sp.Mod) -> Term:
        num, den = self.read(e.args[0]), self.read(e.args[1])
        return num - den * Floor(num, den)

    def minimum(self, e: sp.Min) -> Term:
        return -reduce(Max, [-self.read(a) for a in ordered(e.args)])


def _times(parts: list[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Mul(tuple(parts)) if parts else ONE


def ordered(args: Any) -> list[Any]:
    """SymPy keeps these in a set: an order that is the same in every run."""
    return sorted(args, key=sp.default_sort_key)

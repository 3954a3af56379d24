"""Quotients inside a floor, as one quotient: floor(a/s + 1) is floor((a + s)/s).

May: multiply out denominators of a term.  Called by `terms/terms`.
"""

from __future__ import annotations

from fractions import Fraction

from derive.syntax import ONE, Add, Div, IllTyped, Mul, Num, Term


def times(left: Term, right: Term) -> Term:
    factors = left.factors if isinstance(left, Mul) else (left,)
    return Mul((*factors, right))


def ratio(value: Term) -> tuple[Term, Term]:
    """One quotient for a term with quotients in it: floor(a/s + 1) is floor((a + s)/s)."""
    match value:
        case Num(v):
            return Num(Fraction(v.numerator)), Num(Fraction(v.denominator))
        case Div(num, den):
            (a, b), (c, d) = ratio(num), ratio(den)
            return _product(a, d), _product(b, c)
        case Mul(factors):
            top: Term = ONE
            bottom: Term = ONE
            for factor in factors:
                a, b = ratio(factor)
                top, bottom = _product(top, a), _product(bottom, b)
            return top, bottom
        case Add(terms):
            if len(terms) > 100:
                raise IllTyped("a floor of more than 100 terms")
            ratios = [ratio(t) for t in terms]
            bottom = ONE
            for den in dict.fromkeys(b for _, b in ratios):
                bottom = _product(bottom, den)
            parts = []
            for num, den in ratios:
                rest: Term = ONE
                for other in dict.fromkeys(b for _, b in ratios):
                    rest = rest if other == den else _product(rest, other)
                parts.append(_product(num, rest))
            return Add(tuple(parts)), bottom
    return value, ONE


def _product(a: Term, b: Term) -> Term:
    if a == ONE:
        return b
    return a if b == ONE else times(a, b)

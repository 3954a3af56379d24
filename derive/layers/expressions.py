"""Index terms and conditions as Python expressions; made from nodes only."""

from __future__ import annotations

from fractions import Fraction

from derive.layers.errors import Outside
from derive.layers.python_names import Names
from derive.search.tidy import tidy
from derive.syntax import (
    Add,
    And,
    Cond,
    Div,
    Divides,
    Floor,
    Max,
    Mul,
    Not,
    Num,
    Or,
    Pow,
    Rel,
    Term,
    Var,
)

SUM, PRODUCT, ATOM = 1, 2, 3
OPS = {"=": "==", "<=": "<=", "<": "<"}


def expression(t: Term, names: Names, level: int = SUM) -> str:
    """A term in index letters and sizes, in parentheses where `level` asks for them."""
    match t:
        case Num(value):
            if value.denominator != 1:
                raise Outside("affine", t, "a fraction in an index")
            out, own = str(value.numerator), ATOM if value >= 0 else SUM
        case Var():
            out, own = names.of(t), ATOM
        case Add(terms):
            out, own = _sum(terms, names), SUM
        case Mul(factors):
            if isinstance(factors[0], Num) and factors[0].value < 0:
                out, own = _sum((t,), names), SUM
            else:
                out = " * ".join(expression(f, names, ATOM) for f in factors)
                own = PRODUCT
        case Pow(base, exponent):
            out, own = f"{expression(base, names, ATOM)}**{exponent}", PRODUCT
        case Floor(num, den):
            out = f"{expression(num, names, ATOM)} // {expression(den, names, ATOM)}"
            own = PRODUCT
        case Max(left, right):
            out = f"np.maximum({expression(left, names)}, {expression(right, names)})"
            own = ATOM
        case _:
            raise Outside("affine", t, "no Python expression can be made of this index")
    return f"({out})" if own < level else out


def _sum(terms: tuple[Term, ...], names: Names) -> str:
    out = ""
    for k, part in enumerate(sorted(terms, key=_negative)):
        minus = _negative(part)
        shown = expression(tidy(-part) if minus else part, names, PRODUCT)
        out += (" - " if k else "-") * minus + (" + " if k and not minus else "") + shown
    return out


def _negative(t: Term) -> bool:
    first = t.factors[0] if isinstance(t, Mul) else t
    return isinstance(first, Num) and first.value < 0


def condition(cond: Cond, names: Names) -> str:
    """A condition between index terms."""
    match cond:
        case Rel(op, lhs, rhs):
            return f"({expression(lhs, names)} {OPS[op]} {expression(rhs, names)})"
        case Divides(divisor, term):
            return f"({expression(term, names, ATOM)} % {expression(divisor, names, ATOM)} == 0)"
        case And(conds) if conds:
            return "(" + " & ".join(condition(c, names) for c in conds) + ")"
        case Or(conds) if conds:
            return "(" + " | ".join(condition(c, names) for c in conds) + ")"
        case Not(inner):
            return f"~{condition(inner, names)}"
    raise Outside("linear", cond, "no Python condition can be made of this")


def number(t: Term, names: Names) -> str:
    """A number that a sum is multiplied by."""
    match t:
        case Num(value):
            return _fraction(value)
        case Div(num, den):
            return f"{expression(num, names, PRODUCT)} / {expression(den, names, ATOM)}"
    return expression(t, names, ATOM)


def _fraction(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator) if value >= 0 else f"({value.numerator})"
    return f"({value.numerator} / {value.denominator})"

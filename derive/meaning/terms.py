"""Arithmetic terms and conditions, as closures over a frame.

May: read numbers, + * / floor max abs, brackets and relations.  Must not: bind (see `sums`).
`program` looks the handlers up by the type of node.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from derive.meaning.exact import Exact, divide, generators, tidy
from derive.meaning.gauss import coefficients
from derive.meaning.outcome import CannotEvaluate, NoValue
from derive.meaning.scope import Frame, Getter, Run, Scope
from derive.syntax import (
    Abs,
    Add,
    And,
    Cond,
    Div,
    Divides,
    Exists,
    Floor,
    Iverson,
    Max,
    Mul,
    Not,
    Num,
    Or,
    Pow,
    Rel,
    Space,
    Term,
    Var,
    join,
    space_of,
)

if TYPE_CHECKING:
    from derive.meaning.program import Program


def spread(value: Any, width: int) -> Any:
    """A number as the constant vector; vectors stay."""
    return value if width == 1 or isinstance(value, tuple) else (value,) * width


def lift(op: Callable[..., Any], width: int) -> Callable[..., Any]:
    """A componentwise operation."""
    if width == 1:
        return op
    return lambda *args: tuple(map(op, *(spread(a, width) for a in args)))


def number(c: Program, node: Num, scope: Scope) -> Getter:
    value = tidy(node.value)
    return lambda frame: value


def variable(c: Program, node: Var, scope: Scope) -> Getter:
    return c.lookup(node, scope)


def add(c: Program, node: Add, scope: Scope) -> Getter:
    parts = [c.term(t, scope) for t in node.terms]
    width = c.width(node, scope)
    if width == 1 and len(parts) == 2:
        a, b = parts
        return lambda frame: a(frame) + b(frame)

    def run(frame: Frame) -> Any:
        total: Any = 0
        for part in parts:
            total = plus(total, part(frame))
        return total

    plus = lift(lambda x, y: x + y, width)
    return run


def mul(c: Program, node: Mul, scope: Scope) -> Getter:
    factors = sorted(node.factors, key=c.weight)  # cheap ones first: a zero ends it
    parts = [c.term(t, scope) for t in factors]
    width = c.width(node, scope)
    if width == 1:

        def run(frame: Frame) -> Any:
            total: Any = 1
            for part in parts:
                value = part(frame)
                if value == 0:
                    return 0
                total = total * value
            return total

        return run
    times = lift(lambda x, y: x * y, width)

    def run_vectors(frame: Frame) -> Any:
        total: Any = 1
        for part in parts:
            total = times(total, part(frame))
        return total

    return run_vectors


def power(c: Program, node: Pow, scope: Scope) -> Getter:
    base, n = c.term(node.base, scope), node.exponent
    raised = lift(lambda x: x**n, c.width(node, scope))
    return lambda frame: raised(base(frame))


def quotient(c: Program, node: Div, scope: Scope) -> Getter:
    num, den = c.term(node.num, scope), c.term(node.den, scope)
    over = lift(divide, c.width(node, scope))
    return lambda frame: over(num(frame), den(frame))


def _floor(num: Any, den: Any) -> Any:
    if isinstance(num, Exact) or isinstance(den, Exact):
        raise CannotEvaluate("the floor of something that is not rational")
    return num // den if den else 0


def floor(c: Program, node: Floor, scope: Scope) -> Getter:
    num, den = c.term(node.num, scope), c.term(node.den, scope)
    over = lift(_floor, c.width(node, scope))
    return lambda frame: over(num(frame), den(frame))


def maximum(c: Program, node: Max, scope: Scope) -> Getter:
    left, right = c.term(node.left, scope), c.term(node.right, scope)
    width = c.width(node, scope)

    def run(frame: Frame) -> Any:
        sign = frame[0].sign
        larger = lift(lambda x, y: x if x == y or sign(x - y) > 0 else y, width)
        return larger(left(frame), right(frame))

    return run


def absolute(c: Program, node: Abs, scope: Scope) -> Getter:
    arg, width = c.term(node.arg, scope), c.width(node, scope)

    def run(frame: Frame) -> Any:
        sign = frame[0].sign
        return lift(lambda x: -x if sign(x) < 0 else x, width)(arg(frame))

    return run


def iverson(c: Program, node: Iverson, scope: Scope) -> Getter:
    holds = c.cond(node.cond, scope)
    return lambda frame: 1 if holds(frame) else 0


# --- conditions ---------------------------------------------------------------------------------


def same(run: Run, a: Any, b: Any) -> bool:
    """Equality of two numbers; under an integral, almost everywhere."""
    if not isinstance(a, Exact) and not isinstance(b, Exact):
        return bool(a == b)
    gap = a - b
    if gap == 0:
        return True
    if isinstance(gap, Exact):
        for g in generators(gap) - run.points.keys():
            slopes = [coefficients(p.items(), g) for p in gap.parts.values()]
            if len(slopes) == 1 and max(slopes[0]) == 1 and slopes[0][1].keys() == {()}:
                return False  # one point of a line
    return run.sign(gap) == 0


def at_most(run: Run, a: Any, b: Any) -> bool:
    if not isinstance(a, Exact) and not isinstance(b, Exact):
        return bool(a <= b)
    return a == b or run.sign(b - a) >= 0


def less(run: Run, a: Any, b: Any) -> bool:
    if not isinstance(a, Exact) and not isinstance(b, Exact):
        return bool(a < b)
    return a != b and run.sign(b - a) > 0


RELATIONS: dict[str, Callable[[Run, Any, Any], bool]] = {"=": same, "<=": at_most, "<": less}


def meeting(node: Rel) -> Space:
    """The space in which the two sides of a relation are compared."""
    return join(space_of(node.lhs), space_of(node.rhs))


def relation(c: Program, node: Rel, scope: Scope) -> Getter:
    lhs, rhs = c.term(node.lhs, scope), c.term(node.rhs, scope)
    space = meeting(node)
    if space.kind == "Zn":
        modulus = c.modulus(space, scope)
        return lambda frame: (lhs(frame) - rhs(frame)) % modulus(frame) == 0
    test, width = RELATIONS[node.op], c.dim(space, scope)
    if width == 1:
        return lambda frame: test(frame[0], lhs(frame), rhs(frame))
    return lambda frame: all(
        test(frame[0], a, b)
        for a, b in zip(spread(lhs(frame), width), spread(rhs(frame), width), strict=True)
    )


def divides(c: Program, node: Divides, scope: Scope) -> Getter:
    divisor, multiple = c.term(node.divisor, scope), c.term(node.term, scope)
    width = c.dim(join(space_of(node.divisor), space_of(node.term)), scope)
    test = lift(lambda d, m: m % d == 0 if d else m == 0, width)

    def run(frame: Frame) -> bool:
        found = test(divisor(frame), multiple(frame))
        return all(found) if width > 1 else bool(found)

    return run


def conjunction(c: Program, node: And, scope: Scope) -> Getter:
    parts = [c.cond(p, scope) for p in node.conds]
    return lambda frame: all(p(frame) for p in parts)


def disjunction(c: Program, node: Or, scope: Scope) -> Getter:
    parts = [c.cond(p, scope) for p in node.conds]
    return lambda frame: any(p(frame) for p in parts)


def negation(c: Program, node: Not, scope: Scope) -> Getter:
    part = c.cond(node.cond, scope)
    return lambda frame: not part(frame)


def existence(c: Program, node: Exists, scope: Scope) -> Getter:
    before, c.refusal = c.refusal, None
    value = c.term(node.term, scope)
    refused, c.refusal = c.refusal is not None, before

    def run(frame: Frame) -> bool:
        if refused:
            return False
        try:
            value(frame)
        except NoValue:
            return False
        return True

    return run


TERMS: dict[type[Term], Callable[[Any, Any, Scope], Getter]] = {
    Num: number,
    Var: variable,
    Add: add,
    Mul: mul,
    Pow: power,
    Div: quotient,
    Floor: floor,
    Max: maximum,
    Abs: absolute,
    Iverson: iverson,
}
CONDS: dict[type[Cond], Callable[[Any, Any, Scope], Getter]] = {
    Rel: relation,
    Divides: divides,
    And: conjunction,
    Or: disjunction,
    Not: negation,
    Exists: existence,
}

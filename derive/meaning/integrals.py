"""Integrals over R^d, over intervals, and where brackets that compare the variable hold.

May: integrate polynomials times Gaussians exactly.  Must not: ask whether the integral exists
(`sums` has), guess which of two ends that are not numbers is the larger.  `sums` calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derive.meaning import gauss
from derive.meaning.exact import PLAIN, Exact, Number, as_poly, generator, make
from derive.meaning.outcome import CannotEvaluate
from derive.meaning.scope import Frame, Getter, Scope
from derive.syntax import ONE, Add, And, Cond, Iverson, Mul, Node, Not, Rel, Sum, Term, Var

if TYPE_CHECKING:
    from derive.meaning.program import Program

Sides = list[tuple[Term, int]]  # comparisons, each as sign * term <= 0
Measure = Callable[[Frame, Number], Number]  # from an integrand in generators to its integral


def integral(c: Program, node: Sum, scope: Scope, inside: Scope, gens: list[int]) -> Getter:
    """The body has the scope `inside`, and the components of the variable are `gens`."""
    variable = generator(gens[0]) if len(gens) == 1 else tuple(generator(g) for g in gens)
    weight = 20 * c.weight(node.body)
    parts: list[tuple[Getter, Measure]] = []
    if node.bounds:
        lo, hi = (c.term(b, scope) for b in node.bounds)
        parts.append((c.term(node.body, inside), _between(lo, hi, gens[0])))
    else:
        for sides, rest in _divided(node.var, node.body) if len(gens) == 1 else [([], node.body)]:
            measure = _where(c, sides, inside, gens[0]) if sides else _everywhere(gens)
            parts.append((c.term(rest, inside), measure))

    def run(frame: Frame) -> Number:
        total: Number = 0
        for body, measure in parts:
            frame[0].tick(weight)
            frame[gens[0]] = variable
            total = total + measure(frame, body(frame))
        return total

    return run


def _between(lo: Getter, hi: Getter, g: int) -> Measure:
    def run(frame: Frame, value: Number) -> Number:
        primitive = gauss.antiderivative(value, g)
        ends = [gauss.compose(primitive, {g: end(frame)}) for end in (lo, hi)]
        return ends[1] - ends[0]

    return run


def _everywhere(gens: list[int]) -> Measure:
    def run(frame: Frame, value: Number) -> Number:
        for g in gens:
            value = gauss.integrate(value, g)
        return value

    return run


def _where(c: Program, sides: Sides, scope: Scope, g: int) -> Measure:
    """From the largest lower end to the smallest upper end, which may be infinite."""
    gaps: list[tuple[Getter, int]] = [(c.term(t, scope), sign) for t, sign in sides]

    def run(frame: Frame, value: Number) -> Number:
        low: list[Any] = []
        high: list[Any] = []
        for gap, sign in gaps:
            slope, end = _end(gap(frame), g)
            (high if slope * sign > 0 else low).append(end)
        if len(low) + len(high) > 1 and any(isinstance(end, Exact) for end in (*low, *high)):
            raise CannotEvaluate("which end of an integral is the larger")
        if low and high and max(low) >= min(high):
            return 0
        primitive = gauss.antiderivative(value, g) if value != 0 else 0

        def at(ends: list[Any]) -> Number:
            if not ends:
                return gauss.at_infinity(primitive, g)
            return gauss.compose(primitive, {g: ends[0]})

        return at(sorted(high)[:1]) - at(sorted(low)[-1:])

    return run


def _end(gap: Any, g: int) -> tuple[Fraction, Number]:
    """(k, e) for a gap k (z - e), z the generator g."""
    parts = gauss.coefficients(as_poly(gap).items(), g)
    top = parts.get(1, {})
    if max(parts, default=0) != 1 or top.keys() != {()}:
        raise CannotEvaluate("a comparison that is not linear, under an integral")
    k = Fraction(top[()])
    return k, make([(PLAIN, parts.get(0, {}))]) * (-1 / k)


def _divided(var: Var, body: Term) -> list[tuple[Sides, Term]]:
    """The integrand as it is, or its summands if comparisons are among the factors of one."""
    terms = _terms(body)
    found = [_compared(var, t) for t in terms]
    return found if any(sides for sides, _ in found) else [([], body)]


def _compared(var: Var, body: Term) -> tuple[Sides, Term]:
    """The comparisons of the variable among the factors, and the other factors."""
    sides: Sides = []
    rest: list[Term] = []
    for f in _factors(body):
        found = list(_comparisons(f.cond, 1)) if isinstance(f, Iverson) else [None]
        if None in found or not _mentions(f, var):
            rest.append(f)
        else:
            sides += [side for side in found if side is not None]
    return sides, Mul(tuple(rest)) if len(rest) > 1 else rest[0] if rest else ONE


def _mentions(node: Node, var: Var) -> bool:
    return node == var or any(_mentions(child, var) for child in node.children())


def _terms(body: Term) -> list[Term]:
    return [t for part in body.terms for t in _terms(part)] if isinstance(body, Add) else [body]


def _factors(body: Term) -> list[Term]:
    return [f for part in body.factors for f in _factors(part)] if isinstance(body, Mul) else [body]


def _comparisons(cond: Cond, sign: int) -> Iterator[tuple[Term, int] | None]:
    match cond:
        case Rel("<=" | "<", lhs, rhs):
            yield lhs - rhs, sign
        case Not(inner) if isinstance(inner, Rel):
            yield from _comparisons(inner, -sign)
        case And(conds) if sign > 0:
            for part in conds:
                yield from _comparisons(part, sign)
        case _:
            yield None

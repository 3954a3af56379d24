"""Bound variables and their ends, which may be infinite: what sums and integrals share.

May: declare a variable, read an end, and put a sum or integral round its body.  Called by
`terms/sums` and `terms/integrals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.latex.signs.tree import Level, Mark
from derive.latex.terms.open import pointwise
from derive.syntax import ONE, ZERO, Cond, Function, Iverson, Mul, Rel, Space, Sum, Term, Var

if TYPE_CHECKING:
    from derive.latex.terms.terms import Terms, Value


@dataclass(frozen=True)
class Infinity:
    negative: bool


End = Term | Infinity


@dataclass
class Binder:
    """A bound variable with its range; `below` and `above` are None where it has no bound."""

    var: Var
    below: Term | None = None
    above: Term | None = None
    negated: bool = False  # an integral from the greater end to the smaller one

    @classmethod
    def summed(cls, var: Var, low: End, high: End) -> Binder:
        """From low to high; over nothing where it begins at +oo or stops at -oo."""
        if _is(low, negative=False) or _is(high, negative=True):
            return cls(var, ONE, ZERO)
        return cls(var, _finite(low), _finite(high))

    @classmethod
    def integrated(cls, var: Var, low: End, high: End) -> Binder:
        """From low to high, which may be the wrong way round."""
        if isinstance(low, Infinity) and low == high:
            return cls(var, ZERO, ZERO)
        if _is(low, negative=False) or _is(high, negative=True):
            return cls(var, _finite(high), _finite(low), negated=True)
        return cls(var, _finite(low), _finite(high))

    @property
    def bounds(self) -> tuple[Term, ...]:
        if self.below is None or self.above is None:
            return ()
        return (self.below, self.above)

    def conds(self) -> list[Cond]:
        """A bound on one side only is a bracket in the body."""
        if self.below is not None and self.above is None:
            return [Rel("<=", self.below, self.var)]
        if self.above is not None and self.below is None:
            return [Rel("<=", self.var, self.above)]
        return []

    def over(self, body: Value, pos: int, weights: list[Iverson] | None = None) -> Value:
        """The sum or integral of `body`, where all the conditions hold."""
        brackets = [*(Iverson(c) for c in self.conds()), *(weights or [])]

        def build(value: Term) -> Term:
            if brackets:
                factors = value.factors if isinstance(value, Mul) else (value,)
                value = Mul((*brackets, *factors))
            whole = Sum(self.var, self.bounds, value)
            return -whole if self.negated else whole

        return pointwise([body], build, pos) if isinstance(body, Function) else build(body)


def _is(end: End, *, negative: bool) -> bool:
    return isinstance(end, Infinity) and end.negative == negative


def _finite(end: End) -> Term | None:
    return None if isinstance(end, Infinity) else end


def end_of(e: Terms, level: Level) -> End:
    """An end of a range; before \\infty stands a sign or nothing."""
    *before, last = level.items
    if isinstance(last, Mark) and last.kind == "infinity" and len(before) <= 1:
        signs = [m.value for m in before if isinstance(m, Mark)]
        if signs in ([], ["+"], ["-"]) and len(signs) == len(before):
            return Infinity(signs == ["-"])
    return e.number(level)


def declare(e: Terms, name: str, space: Space) -> Var:
    var = Var(name, space)
    e.env[name] = var
    e.bound.add(var)
    return var

"""The table of the rules, how one is carried out, and what several of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from derive.binding import Captured
from derive.kernel.context import Context, Refused, expect
from derive.syntax import ONE, Mul, Node, Sum, Term

Data = Mapping[str, Any]
Rule = Callable[[Context, Any, Data], Node]
_table: dict[str, Rule] = {}
RULES: Mapping[str, Rule] = MappingProxyType(_table)
LONGEST = 64  # how many terms a rule may write out
ROOMS = ("algebra", "sums", "ranges", "brackets", "derivatives", "theorem")


def rule(function: Rule) -> Rule:
    if function.__module__ not in {f"derive.kernel.{room}" for room in ROOMS}:
        raise TypeError("the rules are those of derive.kernel")
    _table[function.__name__] = function
    return function


def apply(name: str, context: Context, t: Node, data: Data) -> Node:
    """Carry out one rule by its name; whatever goes wrong is a refusal."""
    if name not in RULES:
        raise Refused(name, "no such rule", t)
    try:
        return RULES[name](context, t, data)
    except (Captured, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Refused(name, f"{type(error).__name__}: {error}", t) from error


def a_sum(name: str, t: object) -> Sum:
    return expect(name, t, Sum, "a sum or integral")  # type: ignore[no-any-return]


def product_of(factors: list[Term]) -> Term:
    return factors[0] if len(factors) == 1 else Mul(tuple(factors)) if factors else ONE


def factors_of(t: Term) -> tuple[Term, ...]:
    return t.factors if isinstance(t, Mul) else (t,)

"""Conditions that a claim forgot: each failing case breaks one, and enough cases keep it.

May: read candidates off ranges, floors and sizes, and count on data which of them separate the
cases where the claim fails from those where it holds.  Must not: prove.  `find` calls it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from derive.binding import free
from derive.meaning import CannotEvaluate, NoValue, TooLarge
from derive.meaning.program import Program
from derive.near.bench import Bench
from derive.near.linear import at_most
from derive.near.places import parts
from derive.syntax import (
    ONE,
    And,
    Cond,
    Div,
    Divides,
    Floor,
    Iverson,
    Num,
    Rel,
    Statement,
    Sum,
    Var,
    Z,
    space_of,
    term,
)

CASES = 160
KEPT = 4  # cases at least that a condition has to leave, and not 0 = 0


def conditions(statement: Statement, bench: Bench) -> list[tuple[Cond, ...]]:
    """Conditions (one, or two together) under which no case fails, weak ones first."""
    found = bench.pairs(statement)
    cases = [(env, c) for env, c in zip(bench.data, found, strict=True) if c is not None]
    failing = sum(1 << k for k, (_, c) in enumerate(cases) if c.verdict != "equal")
    alive = sum(1 << k for k, (_, c) in enumerate(cases) if c.verdict == "equal" and c.lhs != 0)
    if not failing or alive.bit_count() < KEPT:
        return []
    masks: dict[Cond, int] = {}
    for cond in _candidates(statement):
        if cond not in masks and cond not in statement.given:
            mask = _mask(cond, cases, bench)
            if mask is not None and (mask & alive).bit_count() >= KEPT:
                masks[cond] = mask
    chosen: list[tuple[int, int, tuple[Cond, ...]]] = []
    for cond, mask in masks.items():
        if not mask & failing:
            chosen.append((1, -(mask & alive).bit_count(), (cond,)))
    if not chosen:
        masks = {c: m for c, m in masks.items() if not pins(c)}
        for (a, one), (b, two) in combinations(masks.items(), 2):
            both = one & two
            if not both & failing and (both & alive).bit_count() >= KEPT:
                chosen.append((2, -(both & alive).bit_count(), (a, b)))
    chosen.sort(key=lambda c: c[:2])
    return [conds for _, _, conds in chosen]


def pins(cond: Cond) -> bool:
    """v <= 1 leaves a size no choice, or one: that is no condition but another claim."""
    return isinstance(cond, Rel) and isinstance(cond.lhs, Var) and cond.rhs == ONE


def _mask(cond: Cond, cases: list[Any], bench: Bench) -> int | None:
    """On which of the cases a condition holds, as bits."""
    try:
        program = Program(bench.problem.dims)
        getter = program.cond(cond)
        out = 0
        for k, (env, _) in enumerate(cases):
            out |= bool(program.value(getter, program.variables(env))) << k
        return out
    except (CannotEvaluate, NoValue, TooLarge, ZeroDivisionError, KeyError):
        return None
    finally:
        bench.left -= 2 * len(cases)


def _candidates(statement: Statement) -> Iterator[Cond]:
    variables = sorted(
        (v for v in free(statement) if isinstance(v, Var) and v.space == Z), key=lambda v: v.name
    )
    names = set(variables)
    for side in (statement.lhs, statement.rhs):
        for _, node in parts(side):
            if not free(node) <= names | {s for s in free(node) if not isinstance(s, Var)}:
                continue  # it speaks of a bound variable
            match node:
                case Sum(var, (lo, hi)) if var.space.kind == "Z":
                    for slack in (1, 0):
                        yield from _order(lo, hi + slack)
                case Iverson(cond):
                    yield cond
                case Div(num, den) | Floor(num, den) if not isinstance(num, Num):
                    if space_of(num) == space_of(den) == Z:
                        yield Divides(den, num)
                        yield Divides(den, num + 1)
                        yield from _order(term(0), num)
                        yield from _order(den, num)
    for v in variables:
        for bound in (0, 1):
            yield from _order(term(bound), v)
    for v in variables:
        for w in variables:
            if v != w:
                for slack in (1, 0, -1):
                    yield from _order(v, w + slack)
    for v in variables:
        yield Rel("<=", v, ONE)


def _order(a: Any, b: Any) -> Iterator[Cond]:
    cond = at_most(a, b)
    if isinstance(cond, Rel):
        yield cond


def together(given: tuple[Cond, ...], more: tuple[Cond, ...]) -> tuple[Cond, ...]:
    flat = [c for cond in more for c in (cond.conds if isinstance(cond, And) else (cond,))]
    return tuple(dict.fromkeys([*given, *flat]))

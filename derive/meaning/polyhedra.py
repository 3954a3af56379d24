"""Fourier-Motzkin elimination: is a system bounded, and which bounds follow for one variable.

May: combine linear inequalities over the rationals, exactly.  Must not: know what they come from.
`support` calls it, to prove that a finite set of candidates suffices for a sum.

A row is (coefficients, has_lower, has_upper), standing for  lo <= coefficients . v <= hi  with
the sides that are there; what follows is found for all lo and hi at once.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any

from derive.meaning.outcome import TooLarge

Row = tuple[tuple[Any, ...], bool, bool]
Multipliers = tuple[tuple[int, Any], ...]  # (index of a one-sided inequality, factor >= 0)
MOST_ROWS = 4000


def bounded(rows: tuple[Row, ...], count: int) -> bool:
    """Whether { v : rows with all lo = hi = 0 } is the origin alone: v is held in by its rows.

    >>> bounded((((1, 1), True, True), ((1, -1), True, True)), 2)
    True
    >>> bounded((((1, -1), True, True),), 2)
    False
    >>> bounded((((1,), True, False),), 1)
    False
    """
    equal = [list(c) for c, lower, upper in rows if lower and upper]
    order = [
        [(-x if lower else x) for x in c] for c, lower, upper in rows if lower != upper
    ]  # c . v <= 0
    alive = set(range(count))
    while equal:
        row = equal.pop()
        pivot = next((j for j in alive if row[j]), None)
        if pivot is None:
            continue
        alive.discard(pivot)
        for other in (*equal, *order):
            if other[pivot]:
                factor = Fraction(other[pivot]) / row[pivot]
                for j in range(count):
                    other[j] -= factor * row[j]
    todo = {_primitive(r) for r in order}
    return all(_both_ways(todo, sorted(alive), v) for v in alive)


def _primitive(row: list[Any]) -> tuple[int, ...]:
    scale = 1
    for x in row:
        d = Fraction(x).denominator
        scale = scale * d // gcd(scale, d)
    ints = [int(x * scale) for x in row]
    return tuple(x // (gcd(*ints) or 1) for x in ints)


def _both_ways(rows: set[tuple[int, ...]], alive: list[int], target: int) -> bool:
    """Whether the cone c . v <= 0 leaves the target no way to grow or fall."""
    for v in alive:
        if v == target:
            continue
        up = [r for r in rows if r[v] > 0]
        down = [r for r in rows if r[v] < 0]
        rows = {r for r in rows if r[v] == 0}
        for p in up:
            for q in down:
                rows.add(_primitive([x * -q[v] + y * p[v] for x, y in zip(p, q, strict=True)]))
        if len(rows) > MOST_ROWS:
            raise TooLarge("too many inequalities")
    return any(r[target] > 0 for r in rows) and any(r[target] < 0 for r in rows)


@lru_cache(maxsize=4096)
def project(rows: tuple[Row, ...], count: int, target: int) -> tuple[tuple[Any, Multipliers], ...]:
    """What follows for one variable: pairs (c, m) with  c v <= sum of m_i b_i.

    Inequality number 2k is row k's upper side (b = hi), number 2k + 1 its lower side (b = -lo).

    >>> project((((1, 1), True, True), ((1, -1), False, True)), 2, 0)
    ((0, ((0, 1), (1, 1))), (2, ((0, 1), (2, 1))))
    """
    todo: list[tuple[tuple[Any, ...], dict[int, Any]]] = []
    for k, (c, lower, upper) in enumerate(rows):
        if upper:
            todo.append((c, {2 * k: 1}))
        if lower:
            todo.append((tuple(-x for x in c), {2 * k + 1: 1}))
    left = [v for v in range(count) if v != target]
    eliminated = 0
    while left:
        v = min(left, key=lambda v: _cost(todo, v))
        left.remove(v)
        eliminated += 1
        kept = [r for r in todo if r[0][v] == 0]
        for p, mp in todo:
            if p[v] <= 0:
                continue
            for q, mq in todo:
                if q[v] >= 0 or len(mp.keys() | mq.keys()) > eliminated + 1:
                    continue  # Chernikov: a longer combination is redundant
                a, b = -q[v], p[v]
                mult = {i: a * m for i, m in mp.items()}
                for i, m in mq.items():
                    mult[i] = mult.get(i, 0) + b * m
                kept.append((tuple(a * x + b * y for x, y in zip(p, q, strict=True)), mult))
        if len(kept) > MOST_ROWS:
            raise TooLarge("too many inequalities")
        todo = kept
    found = {(c[target], tuple(sorted(m.items()))) for c, m in todo}
    return tuple(sorted(found))


def _cost(rows: list[tuple[tuple[Any, ...], dict[int, Any]]], v: int) -> int:
    up = sum(1 for c, _ in rows if c[v] > 0)
    down = sum(1 for c, _ in rows if c[v] < 0)
    return up * down - up - down

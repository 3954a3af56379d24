"""What one changed summand would have to be worth, on data, for the sides to agree.

A claim with many terms is not evaluated again for each edit of one of them: its value must be the
old one and the gap between the sides.  May: evaluate, within the bench's steps.  Must not: conclude
that a claim holds.  `find` calls it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from derive.near.bench import Bench, exact, same
from derive.near.edits import Edit
from derive.syntax import ZERO, Add, Mul, Num, Pow, Statement, Term

TRIED = 3  # sets of data on which an edited summand is tried
LOOKED_AT = 8  # among which the sides have to differ


@dataclass(frozen=True)
class Change:
    """`edit` in place of summand `at` of one side."""

    right: bool
    at: int
    edit: Edit

    @property
    def cost(self) -> int:
        return self.edit.cost


def summands(t: Term) -> tuple[Term, ...]:
    return t.terms if isinstance(t, Add) else (t,)


class Gaps:
    """The summands of both sides, and the gap between the sides, on a few sets of data."""

    def __init__(self, statement: Statement, bench: Bench) -> None:
        self.statement, self.bench = statement, bench
        self.sides = {False: summands(statement.lhs), True: summands(statement.rhs)}

    @cached_property
    def cases(self) -> list[tuple[Any, Any]]:
        """(data, left - right) where both are numbers: what differs, and is soon seen, first."""
        out = []
        for env in self.bench.data[:LOOKED_AT]:
            before = self.bench.left
            (found,) = self.bench.pairs(self.statement, [env])
            if found is None or isinstance(found.lhs, tuple) or isinstance(found.rhs, tuple):
                continue
            spent = before - self.bench.left
            out.append((found.verdict == "equal", spent, env, found.lhs - found.rhs))
        out.sort(key=lambda case: case[:2])
        return [(env, gap) for _, _, env, gap in out[:TRIED]]

    @cached_property
    def values(self) -> dict[tuple[bool, int], list[Any]]:
        """Each summand's value on each of the cases, None where it has none."""
        return {
            (right, k): [self.bench.value(self.statement, part, env) for env, _ in self.cases]
            for right, parts in self.sides.items()
            for k, part in enumerate(parts)
        }

    def difference(self, change: Change) -> list[Any] | None:
        """By how much right - left grows with the change, on each case; None if it has no value."""
        out: list[Any] = []
        for (env, _), old in zip(self.cases, self.values[change.right, change.at], strict=True):
            new = self.bench.value(self.statement, change.edit.term, env)
            if new is None or old is None or isinstance(new, tuple):
                return None
            out.append(new - old if change.right else old - new)
        return out

    def fits(self, change: Change) -> bool:
        """Whether the change closes the gap on all cases, or nothing can be said."""
        old_values = self.values[change.right, change.at]
        for (env, gap), old in zip(self.cases, old_values, strict=True):
            if self.bench.left < 0:
                return False
            new = self.bench.value(self.statement, change.edit.term, env)
            if new is None or old is None or isinstance(new, tuple):
                return True
            if not same(new - old if change.right else old - new, gap):
                return False
        return True

    def changed(self, *changes: Change) -> Statement:
        sides = {right: list(parts) for right, parts in self.sides.items()}
        for change in changes:
            sides[change.right][change.at] = change.edit.term
        s = self.statement
        return Statement(s.given, _sum(sides[False]), _sum(sides[True]))

    def pairs(self, changes: list[Change]) -> list[tuple[Change, Change]]:
        """Two changes of different summands that close the gap together, the cheaper first."""
        if not self.cases or any(not exact(gap) for _, gap in self.cases):
            return []
        gaps = tuple(gap for _, gap in self.cases)
        seen: dict[Any, list[Change]] = {}
        out: list[tuple[Change, Change]] = []
        for change in changes:
            if self.bench.left < 0:
                break
            grown = self.difference(change)
            if grown is None or not all(exact(d) for d in grown) or not any(grown):
                continue
            rest = tuple(g - d for g, d in zip(gaps, grown, strict=True))
            for other in seen.get(rest, ()):
                if (other.right, other.at) != (change.right, change.at):
                    out.append((other, change))
            seen.setdefault(tuple(grown), []).append(change)
        return sorted(out, key=lambda pair: pair[0].cost + pair[1].cost)


def _sum(parts: list[Term]) -> Term:
    flat = [t for p in parts for t in (p.terms if isinstance(p, Add) else (p,)) if t != ZERO]
    return flat[0] if len(flat) == 1 else Add(tuple(flat)) if flat else ZERO


def size(t: Term) -> int:
    """How many nodes a term has."""
    stack, count = [t], 0
    while stack:
        here = stack.pop()
        count += 1
        stack.extend(here.children())  # type: ignore[arg-type]
    return count


def polynomial(t: Term) -> bool:
    """Whether a term is made of numbers and letters by + and * alone."""
    stack = [t]
    while stack:
        here = stack.pop()
        if isinstance(here, Add):
            stack.extend(here.terms)
        elif isinstance(here, Mul):
            stack.extend(here.factors)
        elif isinstance(here, Pow):
            stack.append(here.base)
        elif not isinstance(here, Num) and here.children():
            return False
    return True

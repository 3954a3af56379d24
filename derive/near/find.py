"""Near misses: candidates in order of size, tried on data, and the first that is proved.

May: spend a number of steps.  Must not: offer what has no theorem, or what says nothing.
The same claim always gets the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

from derive.binding import Captured, alpha_equal
from derive.kernel import Refused, Theorem, replay
from derive.latex.printer import Latex, latex
from derive.meaning import CannotEvaluate, NoValue, TooLarge
from derive.near.bench import Bench, exact, numbers, same
from derive.near.conditions import CASES, conditions, together
from derive.near.edits import Edit, edits, scaled
from derive.polynomial import equal
from derive.search.prove import prove
from derive.search.walk import Budget, Unproved, summands
from derive.syntax import ZERO, Add, Cond, IllTyped, Num, Statement, Term

STEPS = 60_000  # of evaluation
PROOF = 400  # steps of one proof
PROOFS = 4  # that may fail
FACTORS = tuple(Fraction(p, q) for p in range(1, 7) for q in range(1, 7) if p != q)
PAIRS = 400  # of two edits at once


@dataclass(frozen=True)
class NearMiss:
    """What holds instead: a theorem, and the conditions that had to be added to the claim."""

    theorem: Theorem
    added: tuple[Cond, ...]

    @property
    def latex(self) -> str:
        """In the reader's notation, with the conditions that were added."""
        out = f"{latex(self.theorem.lhs)} = {latex(self.theorem.rhs)}"
        return ",\\quad ".join([out, *Latex().chained(list(self.added))])


def near_miss(
    statement: Statement, leftover: tuple[Term, Term] | None = None, steps: int = STEPS
) -> NearMiss | None:
    """The smallest change found under which a refuted claim is a theorem.

    >>> from derive.syntax import ONE, Sum, Var, Z
    >>> j, k, n = Var("j", Z), Var("k", Z), Var("n", Z)
    >>> print(near_miss(Statement((), Sum(j, (k, n), ONE), n - k + 1)).latex)
    \\sum_{j=k}^{n} 1 = n - k + 1,\\quad k \\le n + 1
    """
    try:
        hunt = _Hunt(statement, steps)
        for added, candidate in hunt.candidates(leftover):
            theorem = hunt.proved(candidate)
            if theorem is not None:
                return NearMiss(theorem, added)
            if hunt.proofs <= 0:
                break
    except (CannotEvaluate, NoValue, TooLarge, RecursionError):
        return None
    return None


class _Hunt:
    def __init__(self, statement: Statement, steps: int) -> None:
        self.statement = statement
        self.bench = Bench(statement, steps)
        self.proofs = PROOFS

    def proved(self, candidate: Statement) -> Theorem | None:
        try:
            return replay(prove(candidate, budget=Budget(PROOF)))
        except (Refused, Unproved, IllTyped, Captured, RecursionError):
            self.proofs -= 1
            return None

    def candidates(
        self, leftover: tuple[Term, Term] | None
    ) -> Iterator[tuple[tuple[Cond, ...], Statement]]:
        """(conditions added, statement), each true on the data, the smaller changes first."""
        singles = self._singles()
        for cost in (1, 2):
            yield from self._kept(e for c, e in singles if c == cost)
        yield from self._conditional()
        yield from self._kept(self._by_numbers())
        yield from self._kept(e for c, e in singles if c > 2)
        yield from self._kept(self._missing(leftover))
        yield from self._kept(islice(self._pairs(), PAIRS))

    def _kept(
        self, found: Iterator[Statement]
    ) -> Iterator[tuple[tuple[Cond, ...], Statement]]:
        for candidate in found:
            if self.bench.left < 0:
                return
            if not self._says_nothing(candidate) and self.bench.holds(candidate):
                yield (), candidate

    def _says_nothing(self, candidate: Statement) -> bool:
        lhs, rhs = candidate.lhs, candidate.rhs
        try:
            return alpha_equal(lhs, rhs) or equal(lhs, rhs)
        except (IllTyped, ValueError):
            return True

    # --- the kinds of change ----------------------------------------------------------------

    def _edits(self, side: Term) -> list[Edit]:
        return edits(side, self.bench.problem.sizes)

    def _singles(self) -> list[tuple[int, Statement]]:
        """The right side changed, or the left; of equal cost the right one first."""
        s = self.statement
        out = [(e.cost, Statement(s.given, s.lhs, e.term)) for e in self._edits(s.rhs)]
        out += [(e.cost, Statement(s.given, e.term, s.rhs)) for e in self._edits(s.lhs)]
        return sorted(out, key=lambda pair: pair[0])

    def _pairs(self) -> Iterator[Statement]:
        """Two small changes: both on the right, then one on each side."""
        s = self.statement
        right = [e for e in self._edits(s.rhs) if e.cost <= 2]
        left = [e for e in self._edits(s.lhs) if e.cost <= 2]
        twice = [(e.cost + f.cost, f.term) for e in right for f in self._edits(e.term)]
        for _, rhs in sorted((p for p in twice if p[0] <= 4), key=lambda p: p[0]):
            yield Statement(s.given, s.lhs, rhs)
        both = [(e.cost + f.cost, e.term, f.term) for e in left for f in right]
        for _, lhs, rhs in sorted(both, key=lambda p: p[0]):
            yield Statement(s.given, lhs, rhs)

    def _conditional(self) -> Iterator[tuple[tuple[Cond, ...], Statement]]:
        s = self.statement
        bench = self.bench
        if bench.problem.statement.given is not s.given:
            return
        wide = Bench(s, bench.left // 2, CASES)
        found = conditions(s, wide)
        bench.left -= bench.left // 2 - max(wide.left, 0)
        for added in found[:6]:
            given = together(s.given, added)
            yield tuple(c for c in given if c not in s.given), Statement(given, s.lhs, s.rhs)

    def _by_numbers(self) -> Iterator[Statement]:
        """A factor or a number that is missing, when the values of the sides say which."""
        s = self.statement
        found = numbers(self.bench, s.lhs, s.rhs, s.given)
        for ratio in _ratios(found):
            yield Statement(s.given, s.lhs, scaled(ratio, s.rhs))
        gaps = [left - right for left, right in found]
        if len(gaps) > 2 and all(same(g, gaps[0]) for g in gaps):
            if (gap := _rational(gaps[0])) is not None:
                yield Statement(s.given, s.lhs, s.rhs + Num(gap))

    def _missing(self, leftover: tuple[Term, Term] | None) -> Iterator[Statement]:
        """One term that is missing or too many."""
        s = self.statement
        if leftover is None:
            return
        over = [t for t in leftover if t != ZERO]
        if len(over) != 1 or len(summands(over[0])) != 1 or ZERO in (s.lhs, s.rhs):
            return
        sign = Fraction(1) if over[0] is leftover[0] else Fraction(-1)
        missing = scaled(sign, over[0])
        terms = s.rhs.terms if isinstance(s.rhs, Add) else (s.rhs,)
        yield Statement(s.given, s.lhs, Add((*terms, missing)))


def _ratios(found: list[tuple[Any, Any]]) -> Iterator[Fraction]:
    """The numbers c with left = c right on all data."""
    pairs = [(left, right) for left, right in found if left != 0 or right != 0]
    if len(pairs) < 3:
        return
    left, right = pairs[0]
    if exact(left) and exact(right):
        tried = {Fraction(left) / Fraction(right)} if left and right else set()
    else:
        tried = {s * c for s in (1, -1) for c in FACTORS}
    for c in sorted(tried, key=lambda c: (abs(c.numerator) + c.denominator, -c)):
        if all(same(left, c * right) for left, right in pairs):
            yield c


def _rational(value: object) -> Fraction | None:
    return Fraction(value) if exact(value) else None  # type: ignore[arg-type]

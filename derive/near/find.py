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
from derive.near.operators import as_operator
from derive.polynomial import TooMany, equal
from derive.search.prove import prove
from derive.search.walk import Budget, Unproved, summands
from derive.syntax import ONE, ZERO, Add, Cond, IllTyped, Mul, Num, Statement, Sum, Term

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
        return self._joined(latex(self.theorem.lhs), latex(self.theorem.rhs))

    @property
    def named(self) -> str:
        """The same with both sides written as f * g or f \\star g, if they are that."""
        sides = [as_operator(t) for t in (self.theorem.lhs, self.theorem.rhs)]
        if None in sides or sides[0] == sides[1]:
            return ""
        return f"{latex(sides[0])} = {latex(sides[1])}"  # type: ignore[arg-type]

    def written(self, claim: Statement, source: str) -> list[str]:
        """How it may be written: printed, or with a side that stayed in the user's own words."""
        out = [self.latex]
        if self.named:
            out.insert(0, ",\\quad ".join([self.latex, self.named]))
        sides = split(source)
        if len(sides) == 2:
            left, right = (side.strip().rstrip(".,;") for side in sides)
            same = self.theorem.lhs == claim.lhs, self.theorem.rhs == claim.rhs
            if any(same):
                out.append(
                    self._joined(
                        left if same[0] else latex(self.theorem.lhs),
                        right if same[1] else latex(self.theorem.rhs),
                    )
                )
        return out

    def _joined(self, lhs: str, rhs: str) -> str:
        return ",\\quad ".join([f"{lhs} = {rhs}", *Latex().chained(list(self.added))])


def split(source: str) -> list[str]:
    r"""The sides of an equation: what stands between the = outside of braces.

    >>> split(r"\sum_{a=1}^n f(a) = g")
    ['\\sum_{a=1}^n f(a) ', ' g']
    """
    out, depth = [""], 0
    for c in source:
        depth += (c == "{") - (c == "}")
        if c == "=" and depth == 0:
            out.append("")
        else:
            out[-1] += c
    return out


def near_miss(statement: Statement, steps: int = STEPS) -> NearMiss | None:
    """The smallest change found under which a refuted claim is a theorem.

    >>> from derive.syntax import ONE, Sum, Var, Z
    >>> j, k, n = Var("j", Z), Var("k", Z), Var("n", Z)
    >>> print(near_miss(Statement((), Sum(j, (k, n), ONE), n - k + 1)).latex)
    \\sum_{j=k}^{n} 1 = n - k + 1,\\quad k \\le n + 1
    """
    try:
        hunt = _Hunt(statement, steps)
        for added, candidate in hunt.candidates():
            theorem = hunt.proved(candidate)
            if theorem is not None:
                return NearMiss(theorem, added)
            if hunt.proofs <= 0:
                break
    except (CannotEvaluate, NoValue, TooLarge, TooMany, RecursionError):
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

    def candidates(self) -> Iterator[tuple[tuple[Cond, ...], Statement]]:
        """(conditions added, statement), each true on the data, the smaller changes first."""
        singles = self._singles()
        for cost in (1, 2):
            yield from self._kept(e for c, e in singles if c == cost)
        yield from self._conditional()
        yield from self._kept(self._by_numbers())
        yield from self._kept(e for c, e in singles if c > 2)
        yield from self._kept(self._missing())
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
        return edits(side, self.bench.problem.sizes, self.bench.problem.variables)

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

    def _missing(self) -> Iterator[Statement]:
        """One term that is missing or too many: what the two normal forms do not share."""
        s = self.statement
        try:
            prove(s, budget=Budget(PROOF))
            return
        except Unproved as gap:
            leftover = gap.leftover
        except Refused:
            return
        over = [t for t in leftover or () if t != ZERO]
        if leftover is None or len(over) != 1 or ZERO in (s.lhs, s.rhs):
            return
        if len(summands(over[0])) != 1 or over[0] in (s.lhs, s.rhs):
            return
        sign = Fraction(1 if over[0] is leftover[0] else -1)
        missing = numbered(sign, over[0])
        terms = s.rhs.terms if isinstance(s.rhs, Add) else (s.rhs,)
        yield Statement(s.given, s.lhs, Add((*terms, missing)))


def numbered(c: Fraction, t: Term) -> Term:
    """c t, the numbers inside a nest of sums taken out to the front.

    >>> from derive.syntax import Fn, Sum, Var, Z
    >>> a, f = Var("a", Z), Fn("f", (Z,), "finite")
    >>> numbered(Fraction(-1), Sum(a, (), 2 * f(a)))
    −2 Σ_{a∈Z} f(a)
    """
    binders = []
    while isinstance(t, Sum):
        binders.append(t)
        t = t.body
    factors = t.factors if isinstance(t, Mul) else (t,)
    for f in factors:
        c *= f.value if isinstance(f, Num) else 1
    rest = tuple(f for f in factors if not isinstance(f, Num))
    out = rest[0] if len(rest) == 1 else Mul(rest) if rest else ONE
    for one in reversed(binders):
        out = Sum(one.var, one.bounds, out)
    return scaled(c, out)


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

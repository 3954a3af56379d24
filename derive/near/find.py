"""Near misses: candidates in order of size, tried on data, and the first that is proved.

May: spend a number of steps.  Must not: offer what has no theorem, or what says nothing.
The same claim always gets the same answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from derive.binding import Captured, alpha_equal, free
from derive.kernel import Refused, Theorem, replay
from derive.latex.printer import Latex, latex
from derive.meaning import CannotEvaluate, NoValue, TooLarge
from derive.near.bench import Bench, exact, numbers, same
from derive.near.conditions import CASES, conditions, pins
from derive.near.conditions import together as joined
from derive.near.edits import Edit, Letters, edits, scaled
from derive.near.gaps import TRIED, Change, Gaps, polynomial, size
from derive.near.linear import form, written
from derive.near.operators import as_operator
from derive.near.places import parts
from derive.polynomial import TooMany, equal
from derive.search.prove import prove
from derive.search.walk import Budget, Unproved, summands
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    App,
    Cond,
    DiffEntry,
    Fn,
    IllTyped,
    Iverson,
    Lam,
    Mul,
    Num,
    Op,
    Statement,
    Sum,
    Term,
    Var,
    Z,
)

STEPS = 90_000  # of evaluation
PROOF = 400  # steps of one proof
PROOFS = 4  # that may fail
CONDITIONED = 3  # of the claim itself under a condition, besides those
FACTORS = tuple(Fraction(p, q) for p in range(1, 7) for q in range(1, 7) if p != q)
EDITS = 400  # of one summand each, in all
SMALL = 200  # of which two may be made at once
PAIRS = 400  # by the size of the claim: the first edits of a summand that is edited twice
LONG = 120  # nodes: a longer claim gets fewer steps for a proof
SHORT = 70  # and what takes long to look for is looked for in short ones alone


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
            theorem = hunt.proved(candidate, bool(added))
            if theorem is not None:
                return NearMiss(theorem, added)
            if hunt.proofs <= 0:
                break
    except (CannotEvaluate, NoValue, TooLarge, TooMany, RecursionError):
        return None
    return None


class _Hunt:
    """One refuted claim; `bench.left` is what may still be spent."""

    def __init__(self, statement: Statement, steps: int) -> None:
        self.statement = statement
        self.size = size(statement.lhs) + size(statement.rhs)
        self.bench = Bench(statement, steps if self.size <= SHORT else steps // 3)
        self.gaps = Gaps(statement, self.bench)
        self.proofs, self.conditioned = PROOFS, CONDITIONED
        self.proof = max(min(PROOF, LONG * PROOF // self.size), 20)
        functions = sorted((f for f in free(statement) if isinstance(f, Fn)), key=lambda f: f.name)
        convolves = any(isinstance(n, Op) for t in self._sides for _, n in parts(t))
        problem = self.bench.problem
        self.letters = Letters(problem.sizes, problem.variables, tuple(functions), convolves)

    @property
    def _sides(self) -> tuple[Term, Term]:
        return self.statement.lhs, self.statement.rhs

    def proved(self, candidate: Statement, conditioned: bool) -> Theorem | None:
        if conditioned and self.conditioned <= 0:
            return None
        try:
            return replay(prove(candidate, budget=Budget(self.proof)))
        except (Refused, Unproved, IllTyped, Captured, RecursionError):
            if conditioned:
                self.conditioned -= 1
            else:
                self.proofs -= 1
            return None

    def candidates(self) -> Iterator[tuple[tuple[Cond, ...], Statement]]:
        """(conditions added, statement), each true on the data, the smaller changes first."""
        changes, together = self._changes(), self._together()
        for cost in (1, 2):
            yield from self._single([c for c in changes if c.right], cost, cost)
            yield from self._kept(s for c, s in together if c == cost)
            yield from self._single([c for c in changes if not c.right], cost, cost)
        yield from self._kept(self._by_numbers())
        yield from self._conditional(self.statement)
        yield from self._single(changes, 3, 9)
        yield from self._kept(s for c, s in together if c > 2)
        yield from self._kept(self._missing())
        yield from self._almost()
        yield from self._kept(self._twice())
        small = [c for c in changes if c.cost <= 3][:SMALL]
        yield from self._kept(self.gaps.changed(*pair) for pair in self.gaps.pairs(small))
        yield from self._conditional(self.statement, pinned=True)

    def _kept(
        self, found: Iterator[Statement]
    ) -> Iterator[tuple[tuple[Cond, ...], Statement]]:
        for candidate in found:
            if self.bench.left < 0:
                return
            if not self._says_nothing(candidate) and self.bench.holds(candidate):
                if _bare(candidate.lhs) != _bare(candidate.rhs):
                    yield (), candidate

    def _says_nothing(self, candidate: Statement) -> bool:
        lhs, rhs = candidate.lhs, candidate.rhs
        try:
            if alpha_equal(lhs, rhs):
                return True
            if polynomial(lhs) and polynomial(rhs):  # else arithmetic alone would be no news
                return form(lhs) == form(rhs)
            return equal(lhs, rhs) and bool(free(candidate))
        except (IllTyped, ValueError):
            return True

    # --- the kinds of change ----------------------------------------------------------------

    def _changes(self) -> list[Change]:
        """Edits of one summand, of the right side first; of a long claim the smallest alone."""
        out: list[Change] = []
        count = sum(len(p) for p in self.gaps.sides.values())
        for right in (True, False):
            parts_here = self.gaps.sides[right]
            for k, part in enumerate(parts_here):
                found = edits(part, self.letters)
                if len(parts_here) > 1:
                    found.append(Edit(2, ZERO, ()))
                found += self._summed(part, right)
                if not right:  # large changes belong to what the claim says, not what it is about
                    found = [e for e in found if e.cost < 4]
                found.sort(key=lambda e: e.cost)
                out += [Change(right, k, e) for e in found[: max(EDITS // count, 12)]]
        return sorted(out, key=lambda c: c.cost)

    def _summed(self, part: Term, right: bool) -> list[Edit]:
        """A sum over an index that stands on this side alone: \\delta_i for \\sum_i \\delta_i."""
        other = free(self._sides[0] if right else self._sides[1])
        indices = {a for _, n in parts(part) if isinstance(n, App) for a in n.args}
        return [
            Edit(2, Sum(v, (), part), ())
            for v in sorted(free(part) - other, key=lambda s: s.name)
            if isinstance(v, Var) and v.space == Z and v in indices
        ]

    def _single(
        self, changes: list[Change], low: int, high: int
    ) -> Iterator[tuple[tuple[Cond, ...], Statement]]:
        for change in changes:
            if self.bench.left < 0:
                return
            if low <= change.cost <= high and self.gaps.fits(change):
                yield from self._kept(iter([self.gaps.changed(change)]))

    def _together(self) -> list[tuple[int, Statement]]:
        """Edits of a side of several summands as a whole, the right side first."""
        s, out = self.statement, []
        for right, side in ((True, s.rhs), (False, s.lhs)):
            if len(self.gaps.sides[right]) > 1 and self.size < LONG:
                for edit in edits(side, self.letters):
                    if not edit.where:
                        pair = (s.lhs, edit.term) if right else (edit.term, s.rhs)
                        out.append((edit.cost, Statement(s.given, *pair)))
        return out

    def _conditional(
        self, s: Statement, pinned: bool = False
    ) -> Iterator[tuple[tuple[Cond, ...], Statement]]:
        """The claim where it holds; `pinned`: for one value of a size alone."""
        if self.bench.problem.statement.given is not self.statement.given or self.size > LONG:
            return
        wide = Bench(s, self.bench.left // 2, CASES)
        found = [c for c in conditions(s, wide) if any(map(pins, c)) == pinned]
        self.bench.left -= self.bench.left // 2 - max(wide.left, 0)
        for added in found[:6]:
            given = joined(s.given, added)
            yield tuple(c for c in given if c not in s.given), Statement(given, s.lhs, s.rhs)

    def _by_numbers(self) -> Iterator[Statement]:
        """A factor or a number that is missing, when the values of the sides say which."""
        s = self.statement
        if not free(s) and isinstance(s.rhs, Num):
            found = numbers(self.bench, s.lhs, s.rhs, s.given)[:1]
            for value in (_rational(left) for left, _ in found):
                yield Statement(s.given, s.lhs, Num(value or Fraction(0)))
            return
        found = numbers(self.bench, s.lhs, s.rhs, s.given)
        for ratio in _ratios(found):
            yield Statement(s.given, s.lhs, scaled(ratio, s.rhs))
        gaps = [left - right for left, right in found]
        if len(gaps) > 2 and all(same(g, gaps[0]) for g in gaps):
            if (gap := _rational(gaps[0])) is not None:
                yield Statement(s.given, s.lhs, written(form(s.rhs + Num(gap))))
        yield from self._by_a_letter()

    def _by_a_letter(self) -> Iterator[Statement]:
        """A letter that is missing or too many, as in n s - 1 for n s - s."""
        s, cases = self.statement, self.gaps.cases
        if len(cases) < TRIED or not all(exact(gap) for _, gap in cases):
            return
        letters = [v for v in self.bench.problem.variables if v.space == Z]
        for v in sorted({*letters, *self.letters.sizes}, key=lambda v: v.name):
            for c, rest in product((1, -1, 2, -2), (0, 1, -1, 2, -2)):
                if all(gap == c * env.get(v, 0) + rest for env, gap in cases):
                    more = Add((Mul((Num(Fraction(c)), v)), Num(Fraction(rest))))
                    yield Statement(s.given, s.lhs, written(form(s.rhs + more)))

    def _almost(self) -> Iterator[tuple[tuple[Cond, ...], Statement]]:
        """A number that is missing in most cases, and a condition that keeps to those."""
        s = self.statement
        found = [(left, right) for left, right in numbers(self.bench, s.lhs, s.rhs, s.given)
                 if exact(left) and exact(right) and left != 0]
        gaps = Counter(left - right for left, right in found)
        for gap, count in gaps.most_common(1):
            if gap != 0 and 2 * count >= len(found) > 3 and exact(gap):
                more = written(form(s.rhs + Num(Fraction(gap))))
                yield from self._conditional(Statement(s.given, s.lhs, more))

    def _missing(self) -> Iterator[Statement]:
        """What the normal forms of the sides do not share: terms that are missing or too many."""
        s = self.statement
        if self.size > SHORT:
            return
        try:
            prove(s, budget=Budget(self.proof))
            return
        except Unproved as gap:
            leftover = gap.leftover
        except Refused:
            return
        if leftover is None or ZERO in (s.lhs, s.rhs):
            return
        over = [t for t in leftover if t != ZERO]
        if len(over) == 1 and len(summands(over[0])) == 1 and over[0] not in (s.lhs, s.rhs):
            sign = Fraction(1 if over[0] is leftover[0] else -1)
            terms = s.rhs.terms if isinstance(s.rhs, Add) else (s.rhs,)
            yield Statement(s.given, s.lhs, Add((*terms, numbered(sign, over[0]))))
        new = leftover[0]
        forward = any(isinstance(n, Iverson | Lam | DiffEntry) for _, n in parts(new))
        if len(over) == 2 and len(summands(new)) <= 3 and not forward and size(new) <= self.size:
            yield Statement(s.given, s.lhs, new)

    def _twice(self) -> Iterator[Statement]:
        """Two small edits of one summand."""
        for right in (True, False) if self.size <= SHORT else ():
            for k, part in enumerate(self.gaps.sides[right]):
                first = [e for e in edits(part, self.letters) if e.cost <= 2]
                for edit in first[: PAIRS // self.size]:
                    for again in edits(edit.term, self.letters):
                        if edit.cost + again.cost > 4 or self.bench.left < 0:
                            break
                        change = Change(right, k, again)
                        if self.gaps.fits(change):
                            yield self.gaps.changed(change)


def _bare(t: Term) -> str:
    """A term as it is printed, without its brackets: two that agree in this say the same."""
    return re.sub(r"\\(?:left|right)|[()\s]", "", latex(t))


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

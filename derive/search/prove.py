"""From a statement to a theorem: ideas in order, from the blackboard's to the general one.

Untrusted: what it returns was made by the kernel.  Says what is missing when it finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from derive.binding import Captured
from derive.kernel import Context, Equation, Refused, Theorem, begin, chain, qed
from derive.kernel.existence import exists
from derive.kernel.monomial import monomials
from derive.polynomial import equal, key, poly
from derive.search.integers.circles import turns
from derive.search.integers.rational import rational
from derive.search.integers.remainders import by_cases
from derive.search.linear import witnesses
from derive.search.match import Change, change
from derive.search.normal import normalise
from derive.search.ranges.brackets import absorb, brackets, expand, implied, saturate
from derive.search.ranges.collapse import flatten
from derive.search.ranges.equations import given_in
from derive.search.ranges.exchange import exchange
from derive.search.ranges.piecewise import piecewise
from derive.search.unfold import derive, fold, unfold
from derive.search.walk import Budget, Unproved, Walk, depth, nest, places, summands, together
from derive.syntax import ZERO, App, IllTyped, Op, Rel, Statement, Sum, Term, space_of

Strategy = Callable[[Walk, Walk], Equation]


def prove(
    statement: Statement,
    by: Sequence[Term] = (),
    budget: Budget | None = None,
    quick: bool = False,
) -> Theorem:
    """A theorem that says the statement, through the terms `by` in between if there are any.

    `quick`: only the ideas of the blackboard, not the general normal form.
    Raises `Unproved` with what is left over, or `Refused` with what does not exist.
    """
    budget = budget or Budget()
    terms = [statement.lhs, *by, statement.rhs]
    whole: Equation | None = None
    for before, after in pairwise(terms):
        try:
            link = equation(Statement(statement.given, before, after), budget, quick)
        except Unproved as gap:
            raise Unproved(gap.reason, gap.leftover, (before, after)) from gap
        whole = link if whole is None else joined(whole, link)
    if whole is None:
        raise Unproved("nothing to prove")
    return qed(whole)


def joined(first: Equation, second: Equation) -> Equation:
    """From l = m and m = r: l = r."""
    return chain(first, chain(begin(second.given, second.rhs), second))


def equation(statement: Statement, budget: Budget, quick: bool = False) -> Equation:
    """The equation by the first strategy that finds it."""
    for side in (statement.lhs, statement.rhs):
        exists("qed", side, Context(statement.given))
    reasons: list[Unproved] = []
    for strategy in (arithmetic, substitution) if quick else STRATEGIES:
        left = Walk(statement.given, statement.lhs, budget)
        right = Walk(statement.given, statement.rhs, budget)
        try:
            return strategy(left, right)
        except Refused as reason:
            reasons.append(Unproved(str(reason)))
        except Unproved as reason:
            reasons.append(reason)
        except (IllTyped, Captured) as reason:  # a step that was no term: proposals may be wrong
            reasons.append(Unproved(str(reason)))
    raise next((r for r in reversed(reasons) if r.leftover), reasons[-1])


def arithmetic(left: Walk, right: Walk) -> Equation:
    """Both sides are the same polynomial, or the hypotheses make them the same number."""
    if not equal(left.term, right.term):
        goal = Rel("=", left.term, right.term)
        proof = witnesses(Context(left.equation.given), goal)
        for one, other in ((left, right), (right, left)) if proof is not None else ():
            target = other.term
            if space_of(target) != space_of(one.term):  # an integer that stands for a real
                values = [poly(t).constant() for t in (left.term, right.term)]
                if any(v is not None and v.denominator > 1 for v in values):
                    continue  # no integer is 7/2: what says so contradicts itself
                target = target + ZERO * one.term
            again = witnesses(Context(left.equation.given), Rel("=", one.term, target))
            if again is not None and space_of(target) == space_of(one.term):
                one.do("same", target=target, witnesses=again)
                one.to(other.term)
                return chain(left.equation, right.equation)
    left.to(right.term)
    return left.equation


def substitution(left: Walk, right: Walk) -> Equation:
    """One change of the bound variables turns the left side into the right."""
    kept = _shared_names(left.term, right.term)
    for walk in (left, right):
        walk.kept = kept
        unfold(walk)
        turns(walk)
        derive(walk)
        if not _is_nest(walk.term):
            flatten(walk)
            implied(walk)
            absorb(walk)
        fold(walk)
    if equal(left.term, right.term):
        left.to(right.term)
        return chain(left.equation, right.equation)
    return _by_ways(left, right, (_pair, _pair_with_brackets, _expanded))


def general(left: Walk, right: Walk) -> Equation:
    """Both sides have the same normal form, or the weights of their sums agree on every cell."""
    normalise(left, right)
    if equal(left.term, right.term):
        left.to(right.term)
        return chain(left.equation, right.equation)
    normal = left.equation, right.equation
    try:
        return _by_ways(left, right, (_pair, _pair_with_brackets))
    except Unproved as reason:
        gap = Unproved(str(reason), leftover(left.term, right.term))
    left.equation, right.equation = normal
    try:
        return piecewise(left, right)
    except (Refused, Unproved, IllTyped, Captured) as reason:
        raise gap from reason


def equated(left: Walk, right: Walk) -> Equation:
    """The same after each equation among the hypotheses was put in."""
    if not any([given_in(left), given_in(right)]):
        raise Unproved("the hypotheses make nothing equal")
    return general(left, right)


def leftover(a: Term, b: Term) -> tuple[Term, Term]:
    """The two normal forms without the terms that they share."""
    ours, theirs = [t for _, t in summands(a)], [t for _, t in summands(b)]
    shared = {key(t) for t in ours} & {key(t) for t in theirs}
    return (
        together([t for t in ours if key(t) not in shared]),
        together([t for t in theirs if key(t) not in shared]),
    )


STRATEGIES: tuple[Strategy, ...] = (
    arithmetic, substitution, exchange, general, equated, by_cases, rational,
)  # fmt: skip


def _is_nest(t: Term) -> bool:
    """Whether a term is a sum of products already: then it stays as it was written."""
    return all(
        not any(isinstance(n, Sum) for _, n in places(f, lambda n: True))
        for _, part in summands(t)
        for f in nest(part).factors
    )


def _shared_names(a: Term, b: Term) -> tuple[Op, ...]:
    """Names such as delta that both sides use: they need not be unfolded."""

    def used(t: Term) -> dict[str, Op]:
        return {
            key(n.fn): n.fn  # type: ignore[misc,union-attr]
            for _, n in places(t, lambda n: isinstance(n, App) and isinstance(n.fn, Op))
            if n.fn.definition.notation == "name"  # type: ignore[union-attr]
        }

    return tuple((used(a) | used(b)).values())


def _by_ways(left: Walk, right: Walk, ways: Sequence[Callable[[Walk, Walk], None]]) -> Equation:
    """The equation after the first of some ways to bring the sides together that does."""
    before = left.equation, right.equation
    reasons: list[Unproved] = []
    for way in ways:
        left.equation, right.equation = before
        try:
            way(left, right)
            left.tidy()
            left.to(right.term, "ring" if equal(left.term, right.term) else "rearrange")
            return chain(left.equation, right.equation)
        except Unproved as reason:
            reasons.append(reason)
        except Refused as reason:
            reasons.append(Unproved(str(reason)))
    raise reasons[-1]


def _pair(left: Walk, right: Walk, ranged: bool = False) -> None:
    """Change the variables of each sum on the left to match one on the right.

    A sum with ranges may only be moved as a whole where these are brackets: `ranged`.
    """
    changes = _changes(left.term, right.term)
    if changes is None or not (
        ranged or all(c.trivial or len(c.variables) < 2 or _everywhere(part) for part, c in changes)
    ):
        raise Unproved("no change of variables turns one side into the other")
    for part, c in changes:
        if not c.trivial:
            path = next(p for p, s in summands(left.term) if s == part)
            c = c.named(left.fresh(*c.variables))
            place = (*path, *depth(part, 0))
            left.do("reindex", place, variables=c.variables, forward=c.forward, inverse=c.inverse)


def _everywhere(part: Term) -> bool:
    return not any(ends for _, ends in nest(part).binders)


def _pair_with_brackets(left: Walk, right: Walk) -> None:
    for walk in (left, right):
        walk.kept = ()  # what a name stands for may have a range
        unfold(walk)
        brackets(walk)
        walk.flatten()
        saturate(walk)  # also what stood behind another sum
    _pair(left, right, ranged=True)


def _expanded(left: Walk, right: Walk) -> None:
    """Short literal ranges written out, on both sides."""
    for walk in (left, right):
        expand(walk)


def _changes(left: Term, right: Term) -> list[tuple[Term, Change]] | None:
    """For each sum on the left the change that makes it one on the right, each used once."""
    remaining = [monomials(part)[0] for _, part in summands(right) if monomials(part)]
    out = []
    for _, part in summands(left):
        for k, other in enumerate(remaining):
            if found := change(nest(part), other):
                out.append((part, found))
                del remaining[k]
                break
        else:
            return None
    return None if remaining else out

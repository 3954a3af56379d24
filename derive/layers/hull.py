"""The smallest range that contains ranges, under what is known of the sizes.

May: ask for witnesses.  Ends that nothing compares make a maximum.  Called by `axes`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from derive.kernel import Context
from derive.polynomial import CONSTANT, poly
from derive.search.linear import witnesses
from derive.search.tidy import tidy
from derive.syntax import Max, Num, Rel, Term

Range = tuple[Term, Term]


def at_most(a: Term, b: Term, context: Context) -> bool:
    """Whether a <= b is known."""
    gap = poly(b - a).constant()
    if gap is not None:
        return gap >= 0
    return witnesses(context, Rel("<=", a, b)) is not None


def most(a: Term, b: Term, context: Context) -> Term:
    """The larger of two ends: one of them where that is known, else max(K, M) - 1."""
    if at_most(a, b, context):
        return b
    if at_most(b, a, context):
        return a
    own, other = (poly(t).get(CONSTANT) for t in (a, b))
    shared = Num(own) if own is not None and own == other else Num(0)
    return tidy(Max(tidy(a - shared), tidy(b - shared)) + shared)


def least(a: Term, b: Term, context: Context) -> Term:
    return tidy(-most(tidy(-a), tidy(-b), context))


def hull(ranges: Iterable[Range], context: Context) -> Range:
    lows, highs = zip(*ranges, strict=True)
    return (
        reduce(lambda a, b: least(a, b, context), lows),
        reduce(lambda a, b: most(a, b, context), highs),
    )

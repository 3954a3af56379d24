"""Witnesses for inequalities with products of sizes, which the general search does not look for.

May: write out a combination; the kernel multiplies it out.  `facts` and `receptive` call it.
"""

from __future__ import annotations

from fractions import Fraction

from derive.kernel import Context
from derive.kernel.entail import known
from derive.polynomial import Poly, poly
from derive.syntax import ONE, Term

Part = tuple[Fraction, tuple[int, ...]]
Witness = tuple[Part, ...]


def combination(context: Context, claim: Term, *products: tuple[Term, ...]) -> Witness:
    """A witness that `claim` >= 0, which is a sum of products of things that are >= 0.

    Sizes enter a product as 1 plus what is >= 0: for s >= 1 the fact at hand is s - 1 >= 0.
    """
    facts = [fact for fact, _ in known(context)]
    last = len(facts)  # the negation, -1 - claim >= 0
    parts: dict[tuple[int, ...], Fraction] = {(last,): Fraction(1)}
    for product in products:
        coefficient = Fraction(1)
        terms: list[tuple[int, ...]] = [()]
        for factor in map(poly, product):
            value, own = factor.constant(), _index(facts, factor)
            if value is not None and value >= 0:
                coefficient *= value
            elif own is not None:
                terms = [(*t, own) for t in terms]
            else:
                less = _index(facts, factor - poly(ONE))
                if less is None:
                    raise ValueError(f"not known to be >= 0: {factor.key()}")
                terms += [(*t, less) for t in terms]
        for t in terms:
            parts[t] = parts.get(t, Fraction(0)) + coefficient
    gap = _left(facts, parts, claim)
    for k, fact in enumerate(facts):
        if gap and fact == gap:
            parts[(k,)] = parts.get((k,), Fraction(0)) + 1
            break
    return tuple((c, t) for t, c in parts.items())


def at_least_one(context: Context, *sizes: Term) -> Witness:
    """A witness that a product of sizes, each at least 1, is at least 1."""
    facts = [fact for fact, _ in known(context)]
    terms: list[tuple[Fraction, tuple[int, ...]]] = [(Fraction(1), ())]
    for size in map(poly, sizes):
        value = size.constant()
        if value is not None and value >= 1:  # value = 1 + (value - 1)
            terms = [(c * value, t) for c, t in terms]
            continue
        less = _index(facts, size - poly(ONE))
        if less is None:
            raise ValueError(f"not known to be >= 1: {size.key()}")
        terms += [(c, (*t, less)) for c, t in terms]
    total = terms[0][0] - 1  # of the numbers alone: what they are more than 1
    parts = [(Fraction(1), (len(facts),)), (total, ()), *terms[1:]]
    return tuple((c, t) for c, t in parts if c)


def _left(facts: list[Poly], parts: dict[tuple[int, ...], Fraction], claim: Term) -> Poly:
    """What must still be added so that the combination is -1: an equation between indices."""
    total = poly(-1 - claim)
    for t, c in parts.items():
        if t == (len(facts),):
            continue
        value = poly(ONE)
        for k in t:
            value = value * facts[k]
        total = total + value.scaled(c)
    return poly(-ONE) - total


def _index(facts: list[Poly], wanted: Poly) -> int | None:
    return next((k for k, f in enumerate(facts) if f == wanted), None)

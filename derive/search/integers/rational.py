"""Quotients of sizes and numbers: both sides over one denominator, 1/a + 1/b = (a + b)/(a b)."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from derive.kernel import Context, Equation, at, chain
from derive.kernel.entail import Witness, known
from derive.polynomial import Poly, Scope, key, poly, to_term
from derive.search.linear import witnesses
from derive.search.walk import Unproved, Walk, product_of, summands, together
from derive.syntax import ONE, ZERO, Div, Mul, Pow, Rel, Sum, Term

MOST_FACTORS = 8


def rational(left: Walk, right: Walk) -> Equation:
    """The numerators agree when both sides are written over all that is divided by."""
    below: list[Term] = []
    for walk in (left, right):
        atoms: dict[str, Term] = {}
        p = poly(walk.term, Scope(atoms=atoms))
        walk.to(together([to_term(Poly({m: c}), atoms) for m, c in p.items()]))
        for _, part in summands(walk.term):
            if any(isinstance(f, Sum) for f in _factors(part)):
                raise Unproved("a quotient beside a sum")
            over = [d for f in _factors(part) if isinstance(f, Div) for d in _factors(f.den)]
            below += _less(over, below)
    if not below or len(below) > MOST_FACTORS:
        raise Unproved("nothing is divided by a size, or by too many")
    for walk in (left, right):
        for k in range(len(summands(walk.term))):
            _over(walk, summands(walk.term)[k][0], below)
    left.to(right.term)
    return chain(left.equation, right.equation)


def _factors(part: Term) -> list[Term]:
    """The factors of a product, each as often as it stands there."""
    if isinstance(part, Mul):
        return [f for factor in part.factors for f in _factors(factor)]
    return [part.base] * part.exponent if isinstance(part, Pow) else [part]


def _positive(context: Context, den: Term) -> tuple[Witness | Term, ...]:
    """That 0 < d_1 ... d_n where 1 <= d_k: a product of 1 + (d_k - 1), multiplied out."""
    facts = [p for p, _ in known(context)]
    places = []
    for factor in _factors(den):
        least = poly(factor - ONE)
        if least not in facts:
            found = witnesses(context, Rel("<", ZERO, den))
            if found is None:
                raise Unproved("a quotient by what may be 0")
            return found
        places.append(facts.index(least))
    chosen = (c for k in range(1, len(places) + 1) for c in combinations(places, k))
    return (((Fraction(1), (len(facts),)), *((Fraction(1), c) for c in chosen)),)


def _less(terms: list[Term], gone: list[Term]) -> list[Term]:
    """Factors less one for each that is gone."""
    left = [key(t) for t in gone]
    out = []
    for t in terms:
        if key(t) in left:
            left.remove(key(t))
        else:
            out.append(t)
    return out


def _over(walk: Walk, path: tuple[int, ...], below: list[Term]) -> None:
    """e as (e D)/D, and in e D each quotient by a part of D cancelled."""
    here, context, put = at(walk.term, path, Context(walk.equation.given))
    whole = product_of(tuple(below))
    earlier = put(Div(Mul((here, whole)), whole))  # type: ignore[arg-type]
    proof = _positive(context, whole)
    walk.undo("cancel", path, earlier, target=here, sign=1, witnesses=proof)  # type: ignore[arg-type]
    factors = _factors(here)  # type: ignore[arg-type]
    over = [f for f in factors if isinstance(f, Div)]
    rest = [f for f in factors if not isinstance(f, Div)]
    left = list(below)
    for k, quotient in enumerate(over):
        den = quotient.den
        left = _less(left, _factors(den))
        _, _, put = at(walk.term, (*path, 0), Context(()))
        others = [*rest, *over[k + 1 :], *left]
        walk.to(put(Mul((Div(Mul((quotient.num, den)), den), *others))))  # type: ignore[arg-type]
        walk.do("cancel", (*path, 0, 0), target=quotient.num, sign=1,
                witnesses=_positive(context, den))  # fmt: skip
        rest.append(quotient.num)
    _, _, put = at(walk.term, (*path, 0), Context(()))
    walk.to(put(Mul((ONE, *rest, *left))))  # type: ignore[arg-type]

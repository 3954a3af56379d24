"""Side conditions: linear and polynomial inequalities, proved by multiplying out a witness.

Search finds the witness (`derive.search.linear`); here it is only checked.  To prove a goal, its
negation joins the facts, each written as p >= 0 (or p > 0); a witness is a list of
(multiplier >= 0, indices of facts), and proves the goal if the sum of multiplier times the
product of those facts is identically a negative number: Farkas' lemma, its products those of the
Positivstellensatz.  Facts between vectors hold in each component, so the argument is carried out
in one component.
"""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.context import Context, Refused
from derive.polynomial import Poly, const, poly
from derive.syntax import ONE, And, Cond, Divides, Not, Rel, Term, join, space_of

Witness = tuple[tuple[Fraction, tuple[int, ...]], ...]
Fact = tuple[Poly, bool]  # p >= 0; strict: p > 0


def facts(cond: Cond) -> list[Fact]:
    """The inequalities that a condition says; [] for what is not an (in)equality of numbers."""
    match cond:
        case And(conds):
            return [fact for part in conds for fact in facts(part)]
        case Rel(op, lhs, rhs):
            kind = join(space_of(lhs), space_of(rhs)).kind
            p = poly(rhs) - poly(lhs)
            if kind == "Zn":
                return []
            if op == "=":
                return [(p, False), (p.scaled(Fraction(-1)), False)]
            if op == "<" and kind == "Z":
                return [(p - const(1), False)]
            return [(p, op == "<")]
        case Not(inner) if scalar(inner):
            return denials(inner)[0]
    return []


def denials(cond: Cond) -> list[list[Fact]]:
    """The cases of `not cond`: `cond` is proved when each of them is contradictory.

    For a relation between vectors a case speaks of the one component in which it fails.
    """
    match cond:
        case And(conds):
            return [case for part in conds for case in denials(part)]
        case Rel(op, lhs, rhs):
            kind = join(space_of(lhs), space_of(rhs)).kind
            p = poly(lhs) - poly(rhs)
            if kind == "Zn":
                return [[]]
            strict = [(p - const(1), False)] if kind == "Z" else [(p, True)]
            if op == "=":
                q = p.scaled(Fraction(-1))
                return [strict, [(q - const(1), False)] if kind == "Z" else [(q, True)]]
            return [strict if op == "<=" else [(p, False)]]
        case Not(inner):
            return [facts(inner)]
    return [[]]


def scalar(cond: Cond) -> bool:
    """Whether `not cond` is one fact: an order between numbers.

    Between vectors `not cond` holds in some component, and two such facts may speak of two.
    """
    if not isinstance(cond, Rel) or cond.op == "=":
        return False
    space = join(space_of(cond.lhs), space_of(cond.rhs))
    return space.dim == ONE and space.kind != "Zn"


def known(context: Context) -> list[Fact]:
    """All facts of a context, in order: what the indices of a witness point to."""
    return [fact for cond in context.flat() for fact in facts(cond)]


def prove(rule: str, context: Context, goal: Cond, witnesses: tuple[Witness | Term, ...]) -> None:
    """Refuse unless the witnesses, one for each case of `not goal`, prove the goal."""
    if isinstance(goal, Divides):
        _divides(rule, goal, witnesses)
        return
    cases = denials(goal)
    if len(cases) != len(witnesses):
        raise Refused(rule, f"needs {len(cases)} witnesses, got {len(witnesses)}, for", goal)
    for case, witness in zip(cases, witnesses, strict=True):
        if isinstance(witness, Term) or not contradictory(known(context) + case, witness):
            raise Refused(rule, "side condition not proved", goal)


def _divides(rule: str, goal: Divides, witnesses: tuple[Witness | Term, ...]) -> None:
    """s | e because e = s q: the witness is q."""
    q = witnesses[0] if len(witnesses) == 1 else None
    if isinstance(q, Term) and space_of(q).kind == "Z":
        if not poly(goal.term) - poly(goal.divisor) * poly(q):
            return
    raise Refused(rule, "side condition not proved", goal)


def contradictory(given: list[Fact], witness: Witness) -> bool:
    """Whether the witness combines the facts to 0 > 0 or to a negative number >= 0."""
    total, strict = Poly(), False
    for multiplier, indices in witness:
        if multiplier < 0 or not all(0 <= i < len(given) for i in indices):
            return False
        product = const(multiplier)
        for i in indices:
            product = product * given[i][0]
        strict = strict or (multiplier > 0 and bool(indices) and all(given[i][1] for i in indices))
        total = total + product
    value = total.constant()
    return value is not None and (value < 0 or (value == 0 and strict))

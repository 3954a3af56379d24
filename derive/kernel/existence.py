"""The judgement that a statement means what it says, and equality of what exists.

Every sum and integral of a printed statement converges absolutely, every derivative in it
exists, and nothing is divided by 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from derive.binding import free, names
from derive.kernel.calculus import resolved
from derive.kernel.context import Context, Refused
from derive.kernel.entail import known
from derive.kernel.held import held
from derive.kernel.monomial import monomials, properties, rebuilt, summands
from derive.polynomial import poly
from derive.syntax import (
    App,
    Diff,
    DiffEntry,
    Div,
    Exists,
    Floor,
    Mul,
    Node,
    Partial,
    Pow,
    Term,
)


def exists(rule: str, t: Term, context: Context) -> None:
    """Refuse unless all sums, integrals and derivatives in `t` exist, jointly where they nest."""
    t = resolved(t)
    granted = {
        summand
        for cond in context.flat()
        if isinstance(cond, Exists)
        for m in monomials(resolved(cond.term))
        for summand in summands(m)
    }
    for m in monomials(t):
        inner = context
        if m.binders:
            hidden = names(v for v, _ in m.binders)
            kept = tuple(c for c in context.conds if not hidden & names(free(c)))
            inner = replace(context, conds=kept)
            for _, bounds in m.binders:
                for end in bounds:
                    exists(rule, end, inner)
        for factor in m.factors:
            _inside(rule, factor, inner)
        if m.binders and not summands(m).keys() <= granted:
            if reason := held(m, None, known(inner)):
                raise Refused(rule, f"existence: {reason}", rebuilt(m))


def _inside(rule: str, factor: Term, context: Context) -> None:
    """What stands inside a factor that is not itself a sum, as in sigma(sum ...) or a / b."""
    match factor:
        case Diff() | DiffEntry():
            raise Refused(rule, "existence: not known to be differentiable", factor)
        case App(Partial(inner), _) if "diff" not in properties(inner):
            raise Refused(rule, "existence: not known to be differentiable", inner)
        case Div(_, den) | Floor(_, den) if not nonzero(den, context):
            raise Refused(rule, "existence: the denominator may be 0", den)
    for part in _terms(factor):
        exists(rule, part, context)


def _terms(node: Node) -> Iterable[Term]:
    """The terms directly below a node, through conditions and functions."""
    for child in node.children():
        if isinstance(child, Term):
            yield child
        else:
            yield from _terms(child)


def nonzero(den: Term, context: Context) -> bool:
    """Whether an assumption says that `den`, or each factor of it, is nowhere 0."""
    if isinstance(den, Mul):
        return all(nonzero(part, context) for part in den.factors)
    if isinstance(den, Pow):
        return nonzero(den.base, context)
    value = poly(den).constant()
    if value is not None:
        return value != 0
    for fact, strict in known(context):
        for gap in (poly(den) - fact, poly(-den) - fact):  # fact >= 0, so +-den >= gap
            c = gap.constant()
            if c is not None and (c > 0 or (strict and c == 0)):
                return True
    return False


def combined(rule: str, t: Term, context: Context) -> dict[str, Fraction]:
    """`t` as a linear combination of existing sums of products, equal terms collected."""
    exists(rule, t, context)
    t = resolved(t)
    total: dict[str, Fraction] = {}
    for m in monomials(t):
        for description, c in summands(m).items():
            total[description] = total.get(description, Fraction(0)) + c
    return {d: c for d, c in total.items() if c}

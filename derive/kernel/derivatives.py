"""Rules for derivatives and for integrals of derivatives (`kernel.calculus` has the conditions)."""

from __future__ import annotations

from derive.binding import free, names, substitute
from derive.kernel import calculus, held
from derive.kernel.context import Context, Refused, expect
from derive.kernel.existence import exists
from derive.kernel.table import Data, a_sum, rule
from derive.syntax import ZERO, Add, Diff, DiffEntry, Node, Sum, Term, embeds, space_of


@rule
def differentiate(context: Context, t: Term, data: Data) -> Node:
    """Carries out a derivative: sum, product and chain rule (`kernel.calculus`).

    By an entry of a tensor, what compares entries counts as constant where it is `steady`.
    """
    return calculus.value(expect("differentiate", t, (Diff, DiffEntry), "a derivative"), context)


@rule
def under_sign(context: Context, t: Term, data: Data) -> Node:
    """d/dx sum_v F = sum_v dF/dx, when the terms are held in locally uniformly in x."""
    d = expect("under_sign", t, (Diff, DiffEntry), "a derivative")
    s = a_sum("under_sign", d.body)
    by = calculus.variable(d, context)
    if any(calculus.depends(end, by) for end in s.bounds):
        raise Refused("under_sign", "a bound depends on what is differentiated by", t)
    calculus.derivative(s, by)  # refuses what is not differentiable under the sign
    places = free(d.at) if isinstance(d, Diff) else frozenset().union(*map(free, d.entry))
    if s.var.name in names(places) or (isinstance(d, Diff) and s.var == d.var):
        raise Refused("under_sign", "the bound variable is also the point", t)
    if isinstance(d, Diff):
        return Sum(s.var, s.bounds, Diff(d.var, s.body, d.at))
    return Sum(s.var, s.bounds, DiffEntry(d.fn, d.entry, s.body))


@rule
def chain_rule(context: Context, t: Term, data: Data) -> Node:
    """dL(h)/dw(a) = sum over i in the range of h of (dL/dh(i)) (dh(i)/dw(a))."""
    return calculus.chained(expect("chain_rule", t, DiffEntry, "the derivative of a loss"), context)


@rule
def parts(context: Context, t: Term, data: Data) -> Node:
    """int dF/dz dz = 0 over all z, for F continuously differentiable and held in by z."""
    s = a_sum("parts", t)
    d = expect("parts", s.body, Diff, "the integral of a derivative")
    if s.bounds or not s.integral or d.at != s.var or d.var.space != s.var.space:
        raise Refused("parts", "expected an integral over the whole space of dF/dz at z", t)
    if d.var != s.var and s.var in free(d.body):
        raise Refused("parts", "the function depends on the point", t)
    if reason := calculus.vanishes_at_infinity(d.var, d.body):
        raise Refused("parts", f"existence: {reason}", t)
    return ZERO


@rule
def base_point(context: Context, t: Term, data: Data) -> Node:
    """int_a^b F = int_c^b F - int_c^a F, for real a, b and c = `at`, when each exists."""
    s = a_sum("base_point", t)
    c = data["at"]
    if not s.integral or not s.bounds or not embeds(space_of(c), s.var.space) or s.var in free(c):
        raise Refused("base_point", "expected an integral over an interval, and a real number", t)
    lo, hi = s.bounds
    upper, lower = Sum(s.var, (c, hi), s.body), Sum(s.var, (c, lo), s.body)
    for part in (s, upper, lower):
        exists("base_point", part, context)
    return upper - lower


@rule
def fundamental(context: Context, t: Term, data: Data) -> Node:
    """int_a^b dF/dz dz = F(b) - F(a), for F continuously differentiable in z."""
    s = a_sum("fundamental", t)
    d = expect("fundamental", s.body, Diff, "the integral of a derivative")
    if not s.integral or not s.bounds or d.at != s.var or d.var.space != s.var.space:
        raise Refused("fundamental", "expected an integral over an interval of dF/dz at z", t)
    if d.var != s.var and s.var in free(d.body):
        raise Refused("fundamental", "the function depends on the point", t)
    if reason := calculus.not_regular(d.body, held.smooth, d.var):
        raise Refused("fundamental", reason, t)
    lo, hi = s.bounds
    at_hi, at_lo = (substitute(d.body, {d.var: end}) for end in (hi, lo))
    return Add((at_hi, -at_lo))

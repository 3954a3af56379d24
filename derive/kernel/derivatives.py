"""Rules for derivatives and for integrals of derivatives (`kernel.calculus` has the conditions)."""

from __future__ import annotations

from derive.binding import free, names, substitute
from derive.kernel import calculus, held
from derive.kernel.context import Context, Refused, expect
from derive.kernel.existence import exists
from derive.kernel.halflines import half_line as read_half_line
from derive.kernel.monomial import beta
from derive.kernel.table import Data, a_sum, rule
from derive.polynomial import equal
from derive.syntax import (
    ZERO,
    Add,
    Diff,
    DiffEntry,
    Lam,
    Node,
    R,
    Sum,
    Term,
    Var,
    domain_of,
    embeds,
    space_of,
)


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
    calculus.interchange(s, by)  # no bound and no bracket may move with it
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
    d = _inner_derivative("parts", s.var, s.body)
    if s.bounds or not s.integral:
        raise Refused("parts", "expected an integral over the whole space", t)
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
    d = _inner_derivative("fundamental", s.var, s.body)
    if not s.integral or not s.bounds:
        raise Refused("fundamental", "expected an integral over an interval", t)
    if reason := calculus.not_regular(d.body, held.smooth, d.var):
        raise Refused("fundamental", reason, t)
    lo, hi = s.bounds
    at_hi, at_lo = (substitute(d.body, {d.var: end}) for end in (hi, lo))
    return Add((at_hi, -at_lo))


@rule
def substitution(context: Context, t: Term, data: Data) -> Node:
    """int_a^b F(g(z)) g'(z) dz = int_{g(a)}^{g(b)} F(u) du, for g of class C^1 and F continuous.

    Oriented integrals: g may turn back.  data: `map` z -> g(z) and `function` u -> F(u).
    """
    s = a_sum("substitution", t)
    g, f = (expect("substitution", data[part], Lam, "a function") for part in ("map", "function"))
    if not s.integral or not s.bounds or not domain_of(g) == domain_of(f) == (R,):
        raise Refused("substitution", "expected an integral over an interval, and numbers", t)
    z, u = s.var, f.params[0]
    if z in free(g) | free(f):
        raise Refused("substitution", "the functions depend on the variable", t)
    inner = beta(g, (z,))
    if not equal(s.body, beta(f, (inner,)) * calculus.derivative(inner, z)):
        raise Refused("substitution", f"not F(g) g' for {g!r} and {f!r}", t)
    for body, regular, v in ((inner, held.smooth, z), (f.body, held.continuous, u)):
        if reason := calculus.not_regular(body, regular, v):
            raise Refused("substitution", reason, t)
    lo, hi = (beta(g, (end,)) for end in s.bounds)
    return Sum(u, (lo, hi), f.body)


@rule
def half_line(context: Context, t: Term, data: Data) -> Node:
    """int_{z <= e} G = int_{z <= c} G + int_c^e G, and int_{e <= z} G = int_{c <= z} G - int_c^e G.

    When each exists.  data: `index` of the bracket among the factors, `at` the real number c.
    """
    s = a_sum("half_line", t)
    line, c = read_half_line("half_line", s, data["index"]), data["at"]
    if not embeds(space_of(c), s.var.space) or s.var.name in names(free(c)):
        raise Refused("half_line", "expected a real number that is free of the variable", c)
    for part in (s, *line.moved(c)):
        exists("half_line", part, context)
    return line.based(c)


@rule
def tail(context: Context, t: Term, data: Data) -> Node:
    """int_{z <= e} dF/dz dz = F(e) and int_{e <= z} dF/dz dz = -F(e), for F as in `parts`."""
    line = read_half_line("tail", a_sum("tail", t), data["index"])
    d = _inner_derivative("tail", line.var, line.body)
    if reason := calculus.vanishes_at_infinity(d.var, d.body):
        raise Refused("tail", f"existence: {reason}", t)
    at_end = substitute(d.body, {d.var: line.end})
    return at_end if line.below else -at_end


def _inner_derivative(name: str, var: Var, body: Term) -> Diff:
    """What is integrated over `var` as dF/dz at z = `var`, for an F that is free of `var`."""
    d = expect(name, body, Diff, "the integral of a derivative")
    if d.at != var or d.var.space != var.space:
        raise Refused(name, "expected an integral of dF/dz at z", body)
    if d.var != var and var in free(d.body):
        raise Refused(name, "the function depends on the point", body)
    return d  # type: ignore[no-any-return]

"""Derivatives, by a real variable or by an entry of a tensor, with the conditions they need.

The chain, product and sum rules; d/dx goes under a sum or integral whose terms are held in
locally uniformly in x (`held` with a parameter); for a loss L of a tensor h,
    dL/dw(a) = sum over i in the range of h of (dL/dh(i)) (dh(i)/dw(a));
a bracket that is `steady` near the current entries of a tensor has the derivative 0 by them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import reduce
from typing import Any

from derive.binding import bound, free, fresh, names, substitute
from derive.kernel.context import Context, Refused
from derive.kernel.halflines import half_line
from derive.kernel.held import continuous, held, smooth
from derive.kernel.monomial import monomials, properties, unfolded
from derive.kernel.steady import steady
from derive.kernel.table import factors_of
from derive.polynomial import Scope, poly
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    And,
    App,
    Diff,
    DiffEntry,
    Div,
    Fn,
    Function,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Partial,
    Pow,
    Rel,
    Signature,
    Space,
    Sum,
    Term,
    Var,
    domain_of,
    space_of,
    term,
)

RULE = "differentiate"
NOWHERE = Context(())  # nothing is known


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry fn(*place) of a tensor, as something to differentiate by.

    `steady`: brackets with entries of `fn` stay as they are near the current ones.
    """

    fn: Fn
    place: tuple[Term, ...]
    steady: bool


By = Var | Entry


def depends(node: Node, by: By) -> bool:
    return (by if isinstance(by, Var) else by.fn) in free(node)


def variable(t: Diff | DiffEntry, context: Context) -> By:
    """What a derivative is by, where it stands."""
    if isinstance(t, Diff):
        return t.var
    return Entry(t.fn, t.entry, steady(context, t.fn, t.body))


def value(t: Diff | DiffEntry, context: Context) -> Term:
    """The derivative that a node stands for."""
    found = derivative(t.body, variable(t, context))
    return substitute(found, {t.var: t.at}) if isinstance(t, Diff) else found


def resolved(t: Any, context: Context) -> Any:
    """`t` with those of its derivatives carried out that can be, innermost first."""
    return _resolved(t, context, ())


def _resolved(t: Any, context: Context, above: tuple[Node, ...]) -> Any:
    """The same below the binders `above`, outermost first; what does not change stays itself."""
    if isinstance(t, tuple):
        parts = tuple(_resolved(part, context, above) for part in t)
        return t if all(map(operator.is_, parts, t)) else parts
    if not isinstance(t, Node):
        return t
    if isinstance(t, Term):
        t = unfolded(t)
    below = (*above, t) if bound(t) or isinstance(t, DiffEntry) else above
    changes = {}
    for f in fields(t):
        if f.metadata.get("child", True):
            old = getattr(t, f.name)
            new = _resolved(old, context, below if f.name == "body" else above)
            if new is not old:
                changes[f.name] = new
    t = replace(t, **changes) if changes else t
    if isinstance(t, Diff | DiffEntry):
        try:
            return value(t, reduce(Context.below, above, context))
        except Refused:
            return t
    return t


def derivative(t: Term, by: By) -> Term:
    """The derivative of `t`; refused where it is not known to exist."""
    t = unfolded(t)
    if not depends(t, by):
        return ZERO
    match t:
        case Var():
            return ONE
        case Add(terms):
            return Add(tuple(derivative(part, by) for part in terms))
        case Mul(factors):
            return Add(
                tuple(
                    Mul((*factors[:i], derivative(factor, by), *factors[i + 1 :]))
                    for i, factor in enumerate(factors)
                    if depends(factor, by)
                )
            )
        case Pow(_, 0):
            return ZERO
        case Pow(base, exponent):
            return Mul((term(exponent), Pow(base, exponent - 1), derivative(base, by)))
        case Div(num, den) if not depends(den, by):
            return Div(derivative(num, by), den)
        case Sum():
            return _under(t, by)
        case App(fn, args):
            return _chain(t, fn, args, by)
        case Iverson() if isinstance(by, Entry) and by.steady:
            return ZERO
        case Max(left, right) if isinstance(by, Entry) and by.steady:
            low, high = Iverson(Rel("<", right, left)), Iverson(Rel("<=", left, right))
            return Add((Mul((low, derivative(left, by))), Mul((high, derivative(right, by)))))
        case Diff() | DiffEntry():
            return derivative(value(t, NOWHERE), by)
    raise Refused(RULE, "no rule for the derivative of", t)


def _under(t: Sum, by: By) -> Term:
    """d/dx sum_v F = sum_v dF/dx, where the terms are held in locally uniformly in x."""
    if isinstance(by, Var) and t.integral and any(depends(end, by) for end in t.bounds):
        return _leibniz(t, by)
    if isinstance(by, Var) and t.integral:
        for index, factor in enumerate(factors_of(t.body)):
            if isinstance(factor, Iverson) and depends(factor, by):
                return derivative(half_line(RULE, t, index).based(ZERO), by)
    interchange(t, by)
    var, body = t.var, t.body
    if isinstance(by, Entry):
        var = Var(fresh(var.name, _names(by.place) | names(free(t))), var.space)
        body = substitute(body, {t.var: var})
    return Sum(var, t.bounds, derivative(body, by))


def _leibniz(t: Sum, x: Var) -> Term:
    """d/dx int_a^b F dz = F(x, b) b' - F(x, a) a' + int_a^b dF/dx dz.

    For F a sum of products of factors that are C^1 if x is in them, and continuous in z.
    """
    var = Var(fresh(t.var.name, {x.name} | names(free(t))), t.var.space)
    body = substitute(t.body, {t.var: var})
    if reason := not_regular(body, smooth, x) or not_regular(body, continuous, var):
        raise Refused(RULE, reason, t)
    lo, hi = t.bounds
    at_hi = Mul((substitute(body, {var: hi}), derivative(hi, x)))
    at_lo = Mul((substitute(body, {var: lo}), derivative(lo, x)))
    return Add((at_hi, -at_lo, Sum(var, t.bounds, derivative(body, x))))


def not_regular(t: Term, regular: Callable[[Term, Var], bool], v: Var) -> str | None:
    """None if `t` is a sum of products of factors that are regular in v, else why not."""
    for m in monomials(resolved(t, NOWHERE)):
        if m.binders:
            return "an inner sum or integral"
        for factor in m.factors:
            if v in free(factor) and not regular(factor, v):
                return f"{factor!r} is not known to be {regular.__name__} in {v.name}"
    return None


def interchange(t: Sum, by: By) -> None:
    """Refuse unless a derivative may go under the sums of `t`."""
    if any(depends(end, by) for end in t.bounds):
        raise Refused(RULE, "a bound depends on what is differentiated by", t)
    for m in monomials(resolved(t, NOWHERE)):
        if isinstance(by, Entry) and any(v.space.kind == "R" for v, _ in m.binders):
            raise Refused(RULE, "derivative by a tensor's entry under an integral", t)
        if reason := held(m, by if isinstance(by, Var) else None, []):
            raise Refused(RULE, f"existence: {reason}", t)


def _names(terms: tuple[Node, ...]) -> frozenset[str]:
    return frozenset().union(*(names(free(t)) for t in terms))


def _chain(t: App, fn: Function, args: tuple[Any, ...], by: By) -> Term:
    parts: list[Term] = []
    if isinstance(by, Entry) and fn == by.fn:
        parts.append(_entry(args, by))
    elif depends(fn, by):
        raise Refused(RULE, "no rule for a function that itself depends on", t)
    for slot, (place, arg) in enumerate(zip(domain_of(fn), args, strict=True)):
        if not depends(arg, by):
            continue
        if "diff" not in properties(fn):
            raise Refused(RULE, "not known to be differentiable", fn)
        if isinstance(place, Signature):
            parts.append(_loss(fn, slot, args, arg, by, carry_out=True))
            continue
        inner = derivative(arg, by)
        dim = by.space.dim if isinstance(by, Var) else ONE
        if place.kind != "R" or place.dim != dim or space_of(inner).dim != ONE:
            raise Refused(RULE, "no chain rule for this argument", arg)
        if dim != ONE and not _scales(arg, by):
            raise Refused(RULE, "no chain rule for this vector", arg)
        parts.append(Mul((App(Partial(fn, slot), args), inner)))
    return parts[0] if len(parts) == 1 else Add(tuple(parts))


def _scales(arg: Term, x: By) -> bool:
    """Whether a vector is c x + e with a number c: then only the same coordinate moves with x."""
    atoms: dict[str, Term] = {}
    for mono in poly(arg, Scope(atoms=atoms)):
        moving = [(atoms[a], e) for a, e in mono if depends(atoms[a], x)]
        still = [atoms[a] for a, _ in mono if not depends(atoms[a], x)]
        if moving and (moving != [(x, 1)] or any(space_of(t).dim != ONE for t in still)):
            return False
    return True


def _entry(args: tuple[Term, ...], by: Entry) -> Term:
    """dx(i)/dx(j) = [i = j][j in range]."""
    for space, a, e in zip(by.fn.domain, args, by.place, strict=True):
        residues = isinstance(space, Space) and space.kind == "Zn"
        if residues and "Zn" not in (space_of(a).kind, space_of(e).kind):
            raise Refused(RULE, "residues would be compared as integers", a)
    same = tuple(Rel("=", a, e) for a, e in zip(args, by.place, strict=True))
    inside = tuple(
        cond
        for (lo, hi), e in zip(by.fn.box or (), by.place, strict=bool(by.fn.box))
        for cond in (Rel("<=", lo, e), Rel("<=", e, hi))
    )
    return Iverson(And(same + inside))


def chained(t: Diff | DiffEntry, context: Context) -> Term:
    """The chain rule alone: dL/dw(a) with the dh(i)/dw(a) still to be carried out."""
    by = variable(t, context)
    derivative(t.body, by)
    match t.body:
        case App(Fn(_, (Signature(),)) as fn, (Lam() as arg,)) if isinstance(by, Entry):
            return _loss(fn, 0, (arg,), arg, by, carry_out=False)
    raise Refused("chain_rule", "expected the derivative of a loss by an entry", t)


def _loss(
    fn: Function, slot: int, args: tuple[Any, ...], arg: Any, by: By, carry_out: bool
) -> Term:
    """The chain rule through a function of a tensor's finitely many entries."""
    if not isinstance(fn, Fn) or fn.box is None or not isinstance(arg, Lam):
        raise Refused(RULE, "no chain rule for this function of a tensor", fn)
    taken = names(free(fn) | free(arg)) | _names(by.place if isinstance(by, Entry) else (by,))
    taken |= _names(args)
    params: list[Var] = []
    for param in arg.params:
        params.append(Var(fresh(param.name, taken | names(params)), param.space))
    body = substitute(arg.body, dict(zip(arg.params, params, strict=True)))
    if carry_out or isinstance(by, Var):
        body = derivative(body, by)
    else:
        body = DiffEntry(by.fn, by.place, body)
    out: Term = Mul((App(Partial(fn, slot), (*args, *params)), body))
    for param, ends in reversed(list(zip(params, fn.box, strict=True))):
        out = Sum(param, ends, out)
    return out


def vanishes_at_infinity(var: Var, body: Term) -> str | None:
    """None if the integral over all `var` of d body / d var is 0, else the reason why not."""
    for m in monomials(resolved(body, NOWHERE)):
        if m.binders:
            return "an inner sum or integral"
        for factor in m.factors:
            if var in free(factor):
                derivative(factor, var)
        if reason := held(replace(m, binders=((var, ()),)), None, []):
            return reason
    return None

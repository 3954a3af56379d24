"""Rules for conditions: cases, brackets and what they imply, deltas, floors, ranges of tensors."""

from __future__ import annotations

from fractions import Fraction

from derive.binding import free, names, substitute
from derive.kernel.context import Context, Refused, expect
from derive.kernel.entail import prove
from derive.kernel.table import Data, a_sum, factors_of, product_of, rule
from derive.polynomial import Scope, equal, indicator, poly, to_term
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    Add,
    App,
    Cond,
    Div,
    Divides,
    Floor,
    Fn,
    Iverson,
    Max,
    Mul,
    Node,
    Not,
    Partial,
    Rel,
    Signature,
    Term,
    Var,
    check_cond,
    embeds,
    join,
    space_of,
)


@rule
def case(context: Context, t: Term, data: Data) -> Node:
    """t = [P] t + [not P] t."""
    cond = _bracket("case", data["cond"])
    return Add((Mul((Iverson(cond), t)), Mul((Iverson(Not(cond)), t))))


def _bracket(name: str, cond: Cond) -> Cond:
    check_cond(cond)
    indicator(cond)  # refuses what cannot stand in a bracket
    return cond


@rule
def bracket(context: Context, t: Term, data: Data) -> Node:
    """t = [P] t where P holds: `witnesses` prove it from the context."""
    cond = _bracket("bracket", data["cond"])
    prove("bracket", context, cond, data["witnesses"])
    return Mul((Iverson(cond), *factors_of(t)))


@rule
def absurd(context: Context, t: Term, data: Data) -> Node:
    """t = 0 where the context contradicts itself (a product with [P][Q], P and Q incompatible).

    In a product its own brackets count.
    """
    inner = context
    if isinstance(t, Mul):
        inner = context.beside(t, -1)
    elif isinstance(t, Iverson):
        inner = Context((*context.conds, t.cond), context.binders)
    prove("absurd", inner, Rel("<=", ONE, ZERO), data["witnesses"])
    return ZERO


@rule
def equivalent(context: Context, t: Term, data: Data) -> Node:
    """[P] = [Q] where P and Q imply each other: `only_if` proves Q from P, `if` P from Q."""
    p = expect("equivalent", t, Iverson, "a bracket").cond
    q = _bracket("equivalent", data["cond"])
    prove("equivalent", Context((*context.conds, p)), q, data["only_if"])
    prove("equivalent", Context((*context.conds, q)), p, data["if"])
    return Iverson(q)


@rule
def same(context: Context, t: Term, data: Data) -> Node:
    """e = target where the context makes them equal, for numbers and vectors with an order."""
    target = data["target"]
    if not isinstance(t, Term) or space_of(target) != space_of(t):
        raise Refused("same", "lives in another space than", t)
    prove("same", context, Rel("=", t, target), data["witnesses"])
    return target  # type: ignore[no-any-return]


@rule
def collapse(context: Context, t: Term, data: Data) -> Node:
    """sum_v [v = e] F(v) = F(e), with [lo <= e][e <= hi] from the bounds; v not free in e.

    With a stride: sum_v [s v = e] F(v) = [s divides e] F(floor(e / s)) for s >= 1 (`witnesses`).
    Never under an integral, where [v = e] is 0 almost everywhere.
    data: `index` of the bracket among the factors, `stride` s or None.
    """
    s = a_sum("collapse", t)
    factors, index, stride = factors_of(s.body), data["index"], data["stride"]
    if s.integral:
        raise Refused("collapse", "[v = e] is 0 almost everywhere in an integral", t)
    residues = s.var.space.kind == "Zn"
    found = factors[index] if 0 <= index < len(factors) else None
    if not isinstance(found, Iverson) or not isinstance(found.cond, Rel) or found.cond.op != "=":
        raise Refused("collapse", "expected a bracket [v = e]", found)
    if (join(space_of(found.cond.lhs), space_of(found.cond.rhs)).kind == "Zn") != residues:
        raise Refused("collapse", "an equation of residues has many integer solutions", found)
    s_term = ONE if stride is None else stride
    value = _solve(found.cond, s.var, s_term)
    rest = product_of([f for i, f in enumerate(factors) if i != index])
    guard: list[Term] = []
    if stride is not None:
        if s.var.space.kind != "Z" or space_of(stride).kind != "Z" or s.var in free(stride):
            raise Refused("collapse", "a stride is an integer free of the variable", stride)
        prove("collapse", context, Rel("<=", ONE, stride), data["witnesses"])
        guard, value = [Iverson(Divides(stride, value))], Floor(value, stride)
    if not embeds(space_of(value), s.var.space):
        raise Refused("collapse", "the value is not in the space of the variable", value)
    if s.bounds:
        guard += [Iverson(Rel("<=", s.bounds[0], value)), Iverson(Rel("<=", value, s.bounds[1]))]
    return product_of([*guard, substitute(rest, {s.var: value})])


def _solve(cond: Rel, var: Var, stride: Term) -> Term:
    """The e of a bracket that says stride * var = e."""
    atoms: dict[str, Term] = {}
    gap = poly(cond.lhs - cond.rhs, Scope(atoms=atoms))
    for sign in (1, -1):
        rest = poly(stride * var, Scope(atoms=atoms)) - gap.scaled(Fraction(sign))
        value = to_term(rest, atoms)
        if var not in free(value):
            return value
    raise Refused("collapse", f"not of the form {stride * var!r} = e", Iverson(cond))


@rule
def floor_bound(context: Context, t: Term, data: Data) -> Node:
    """[q <= floor(a / s)] = [s q <= a] for s >= 1: what characterises the floor."""
    cond = expect("floor_bound", t, Iverson, "a bracket").cond
    if not isinstance(cond, Rel) or cond.op != "<=" or not isinstance(cond.rhs, Floor):
        raise Refused("floor_bound", "expected [q <= floor(a / s)]", t)
    if space_of(cond.lhs).kind != "Z":
        raise Refused("floor_bound", "needs an integer", cond.lhs)
    prove("floor_bound", context, Rel("<=", ONE, cond.rhs.den), data["witnesses"])
    return Iverson(Rel("<=", cond.rhs.den * cond.lhs, cond.rhs.num))


@rule
def floor_shift(context: Context, t: Term, data: Data) -> Node:
    """floor((a + s q) / s) = floor(a / s) + q for s >= 1 and an integer q."""
    f = expect("floor_shift", t, Floor, "a floor")
    q = data["by"]
    if space_of(q).kind != "Z":
        raise Refused("floor_shift", "needs an integer", q)
    prove("floor_shift", context, Rel("<=", ONE, f.den), data["witnesses"])
    return Add((Floor(f.num - f.den * q, f.den), q))


@rule
def floor_value(context: Context, t: Term, data: Data) -> Node:
    """floor(a / s) = q when s q <= a < s q + s and s >= 1 (three witnesses)."""
    f = expect("floor_value", t, Floor, "a floor")
    q, (positive, low, high) = data["value"], data["witnesses"]
    if space_of(q).kind != "Z":
        raise Refused("floor_value", "needs an integer", q)
    prove("floor_value", context, Rel("<=", ONE, f.den), (positive,))
    prove("floor_value", context, Rel("<=", f.den * q, f.num), (low,))
    prove("floor_value", context, Rel("<=", f.num, f.den * q + f.den - 1), (high,))
    return q  # type: ignore[no-any-return]


@rule
def maximum(context: Context, t: Term, data: Data) -> Node:
    """max(a, b) = a [b < a] + b [a <= b], between numbers."""
    m = expect("maximum", t, Max, "a maximum")
    if space_of(m).dim != ONE:
        raise Refused("maximum", "between vectors", t)
    low, high = Rel("<", m.right, m.left), Rel("<=", m.left, m.right)
    return Add((Mul((m.left, Iverson(low))), Mul((m.right, Iverson(high)))))


@rule
def absolute(context: Context, t: Term, data: Data) -> Node:
    """|a| = max(a, -a)."""
    a = expect("absolute", t, Abs, "an absolute value").arg
    return Max(a, -a)


@rule
def cancel(context: Context, t: Term, data: Data) -> Node:
    """(c d) / d = c for d != 0.  data: `target` c, `sign` of d (+1 or -1), which is proved."""
    div = expect("cancel", t, Div, "a quotient")
    d = div.den
    goal = Rel("<", ZERO, d) if data["sign"] > 0 else Rel("<", d, ZERO)
    prove("cancel", context, goal, data["witnesses"])
    if not equal(div.num, data["target"] * d):
        raise Refused("cancel", f"{div.num!r} is not {data['target']!r} times {d!r}", t)
    return data["target"]  # type: ignore[no-any-return]


@rule
def support(context: Context, t: Term, data: Data) -> Node:
    """x(m) = [lo <= m][m <= hi] x(m) for a tensor with a range; dL/dh(i) likewise."""
    app = expect("support", t, App, "an entry of a tensor")
    fn = app.fn.fn if isinstance(app.fn, Partial) else app.fn
    box = fn.box if isinstance(fn, Fn) else None
    places = app.args[1:] if isinstance(app.fn, Partial) else app.args
    loss = isinstance(fn, Fn) and len(fn.domain) == 1 and isinstance(fn.domain[0], Signature)
    if box is None or isinstance(app.fn, Partial) != loss or len(places) != len(box):
        raise Refused("support", "no range is known for", t)
    if names(context.binders) & names(free(fn)):
        raise Refused("support", "a size in the range is bound to something else here", t)
    inside: list[Term] = []
    for (lo, hi), place in zip(box, places, strict=True):
        inside += [Iverson(Rel("<=", lo, place)), Iverson(Rel("<=", place, hi))]
    return Mul((*inside, app))

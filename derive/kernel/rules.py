"""The inference rules: each turns a term into an equal one, or refuses.

Every rule takes the context at its place, the term, and explicit data, and returns the new term.
All hold for every value of the free symbols that satisfies the context, with the conventions of
`syntax` for what does not exist; those that rearrange infinite sums demand existence.
A rule is used backwards by exhibiting the earlier term, so each stands here once: folding a
definition, merging ranges, introducing a delta are `unfold`, `split_range`, `collapse` backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from derive.binding import Captured, free, names, substitute
from derive.kernel import calculus, held
from derive.kernel.context import Context, Refused, expect
from derive.kernel.entail import prove
from derive.kernel.existence import combined, exists
from derive.kernel.monomial import beta
from derive.polynomial import Scope, equal, indicator, poly, to_term
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    Add,
    App,
    Cond,
    Diff,
    DiffEntry,
    Div,
    Divides,
    Floor,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Not,
    Num,
    Op,
    Partial,
    Rel,
    Signature,
    Sum,
    Term,
    Var,
    Z,
    check_cond,
    domain_of,
    embeds,
    join,
    space_of,
    term,
)

Data = Mapping[str, Any]
Rule = Callable[[Context, Any, Data], Node]
_table: dict[str, Rule] = {}
RULES: Mapping[str, Rule] = MappingProxyType(_table)
LONGEST = 64  # how many terms `expand_range` may write out


def rule(function: Rule) -> Rule:
    if function.__module__ not in ("derive.kernel.rules", "derive.kernel.theorem"):
        raise TypeError("the rules are those of derive.kernel")
    _table[function.__name__] = function
    return function


# --- algebra and definitions --------------------------------------------------------------------


@rule
def ring(context: Context, t: Term, data: Data) -> Node:
    """t = target, when both are the same polynomial in the same atoms."""
    if not equal(t, data["target"]):
        raise Refused("ring", f"not the same polynomial as {data['target']!r}", t)
    return data["target"]  # type: ignore[no-any-return]


@rule
def unfold(context: Context, t: Term, data: Data) -> Node:
    """(v -> body)(e) = body[v := e]; a defined function is replaced by its definition first."""
    app = expect("unfold", t, App, "a function application")
    return beta(expect("unfold", app.fn, (Op, Lam), "a defined function"), app.args)


@rule
def eta(context: Context, t: Node, data: Data) -> Node:
    """(v -> f(v)) = f, for v not free in f: functions with the same values are equal."""
    lam = expect("eta", t, Lam, "a function v -> f(v)")
    if not isinstance(lam.body, App) or lam.body.args != lam.params:
        raise Refused("eta", "not of the form v -> f(v)", t)
    if free(lam.body.fn) & set(lam.params) or domain_of(lam.body.fn) != domain_of(lam):
        raise Refused("eta", "the function depends on its argument", t)
    return lam.body.fn


@rule
def rearrange(context: Context, t: Term, data: Data) -> Node:
    """t = target, when both are the same linear combination of existing sums of products.

    Linearity and the theorem of Fubini and Tonelli: absolutely convergent sums may be
    distributed, exchanged, and collected.
    """
    if combined("rearrange", t, context) != combined("rearrange", data["target"], context):
        raise Refused("rearrange", f"not the same combination of sums as {data['target']!r}", t)
    return data["target"]  # type: ignore[no-any-return]


# --- sums and integrals -------------------------------------------------------------------------


def _sum(name: str, t: object) -> Sum:
    return expect(name, t, Sum, "a sum or integral")  # type: ignore[no-any-return]


def _split(t: Sum) -> tuple[list[Term], list[Term]]:
    """The factors of the body that are free of the bound variable, and the others."""
    factors = t.body.factors if isinstance(t.body, Mul) else (t.body,)
    return [f for f in factors if t.var not in free(f)], [f for f in factors if t.var in free(f)]


def _product(factors: list[Term]) -> Term:
    return factors[0] if len(factors) == 1 else Mul(tuple(factors)) if factors else ONE


@rule
def linearity(context: Context, t: Term, data: Data) -> Node:
    """sum (F + G) = sum F + sum G, when each part exists."""
    s = _sum("linearity", t)
    body = expect("linearity", s.body, Add, "a sum of terms inside")
    parts = tuple(Sum(s.var, s.bounds, part) for part in body.terms)
    for part in parts:
        exists("linearity", part, context)
    return Add(parts)


@rule
def pull(context: Context, t: Term, data: Data) -> Node:
    """sum c F = c sum F, for c free of the bound variable (both are 0 if c = 0)."""
    s = _sum("pull", t)
    constant, rest = _split(s)
    if not constant:
        raise Refused("pull", "no factor is free of the bound variable", t)
    return _product([*constant, Sum(s.var, s.bounds, _product(rest))])


@rule
def swap(context: Context, t: Term, data: Data) -> Node:
    """sum_a sum_b F = sum_b sum_a F, when the double sum exists (Fubini and Tonelli)."""
    outer = _sum("swap", t)
    inner = _sum("swap", outer.body)
    if inner.var == outer.var or any(outer.var in free(b) for b in inner.bounds):
        raise Refused("swap", "the inner bounds depend on the outer variable", t)
    if any(inner.var in free(b) for b in outer.bounds):
        raise Refused("swap", "the inner variable is free in the outer bounds", t)
    exists("swap", t, context)
    return Sum(inner.var, inner.bounds, Sum(outer.var, outer.bounds, inner.body))


@rule
def reindex(context: Context, t: Term, data: Data) -> Node:
    """sum_v F(v) = |det| sum_u F(phi(u)) for an affine bijection v = phi(u), u = psi(v).

    data: `variables` u, `forward` phi, `inverse` psi, one for each of the nested sums over whole
    spaces.  Over Z both maps must be integral; on R^d the factor |det phi|^d is the Jacobian.
    A single sum with bounds may be shifted or turned: phi(u) = e + u or e - u.
    Several sums at once must exist, jointly.
    """
    new, forward, inverse = data["variables"], data["forward"], data["inverse"]
    olds, bounds, body = _nest("reindex", t, len(new))
    if not len(new) == len(forward) == len(inverse) or not new:
        raise Refused("reindex", "needs as many maps as variables", t)
    _bijection(t, olds, new, forward, inverse)
    if len(olds) > 1:
        if any(bounds):
            raise Refused("reindex", "several sums at once must run over whole spaces", t)
        exists("reindex", t, context)
    factor = abs(_determinant(t, new, forward))
    out = substitute(body, dict(zip(olds, forward, strict=True)))
    ends: tuple[Term, ...] = ()
    if bounds[0]:
        (lo, hi), (psi,) = bounds[0], inverse
        at_lo, at_hi = substitute(psi, {olds[0]: lo}), substitute(psi, {olds[0]: hi})
        turned = _coefficient(t, forward[0], new[0]) < 0
        if olds[0].space.kind == "R":  # oriented: int_{phi(a)}^{phi(b)} F = int_a^b F(phi) phi'
            ends, factor = (at_lo, at_hi), _coefficient(t, forward[0], new[0])
        elif factor != 1:
            raise Refused("reindex", "a range over the integers may only be shifted or turned", t)
        else:
            ends = (at_hi, at_lo) if turned else (at_lo, at_hi)
    for var in reversed(new):
        out = Sum(var, ends, out)
    dim = olds[0].space.dim
    if olds[0].space.kind != "R" or factor == 1:
        return out
    if dim != ONE and not isinstance(dim, Num):
        raise Refused("reindex", "a Jacobian other than 1 in a symbolic dimension", t)
    scale = factor ** int(dim.value) if isinstance(dim, Num) else factor
    return Mul((Num(scale), out))


def _nest(name: str, t: Term, depth: int) -> tuple[list[Var], list[tuple[Term, ...]], Term]:
    olds: list[Var] = []
    bounds: list[tuple[Term, ...]] = []
    for _ in range(depth):
        s = _sum(name, t)
        if s.var in olds:
            raise Refused(name, "one variable is bound twice", s)
        olds.append(s.var)
        bounds.append(s.bounds)
        t = s.body
    return olds, bounds, t


def _bijection(t: Term, olds: list[Var], new: Any, forward: Any, inverse: Any) -> None:
    if len({v.space for v in olds}) > 1:
        raise Refused("reindex", "the variables live in different spaces", t)
    others = free(t).union(*map(free, forward)) - set(new)
    clash = names(others) & names(new) or set(new) & free(t)
    if clash or len(names(new)) < len(new) or len(names(olds)) < len(olds):
        raise Refused("reindex", f"the new names {sorted(names(new))} are not fresh", t)
    for old, var in zip(olds, new, strict=True):
        if var.space != old.space:
            raise Refused("reindex", f"{var!r} must live where {old!r} does", t)
    for targets, maps, back in ((olds, forward, inverse), (new, inverse, forward)):
        sources = new if targets is olds else olds
        inside = dict(zip(sources, back, strict=True))
        for var, image in zip(targets, maps, strict=True):
            if not embeds(space_of(image), var.space) or free(image) & set(targets):
                raise Refused("reindex", "not a map into the space of the variable", image)
            if not equal(substitute(image, inside), var):
                raise Refused("reindex", "not inverse to the other map", image)


def _coefficient(t: Term, image: Term, var: Var) -> Fraction:
    """The coefficient of `var` in an affine map, a rational number."""
    atoms: dict[str, Term] = {}
    found = Fraction(0)
    for mono, c in poly(image, Scope(atoms=atoms)).items():
        if any(var in free(atoms[a]) for a, _ in mono):
            if len(mono) > 1 or mono[0][1] > 1 or atoms[mono[0][0]] != var:
                raise Refused("reindex", "not an affine map with rational coefficients", image)
            found = c
    return found


def _determinant(t: Term, new: Any, forward: Any) -> Fraction:
    matrix = [[_coefficient(t, image, var) for var in new] for image in forward]
    if not matrix[1:]:
        return matrix[0][0]
    det = Fraction(1)
    for col in range(len(matrix)):
        pivot = next((r for r in range(col, len(matrix)) if matrix[r][col]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != col:
            matrix[col], matrix[pivot], det = matrix[pivot], matrix[col], -det
        det *= matrix[col][col]
        for r in range(col + 1, len(matrix)):
            c = matrix[r][col] / matrix[col][col]
            matrix[r] = [a - c * b for a, b in zip(matrix[r], matrix[col], strict=True)]
    return det


# --- ranges -------------------------------------------------------------------------------------


def _range(name: str, t: object) -> tuple[Sum, Term, Term]:
    s = _sum(name, t)
    if not s.bounds or s.var.space.kind != "Z":
        raise Refused(name, "expected a range of integers", t)
    return s, s.bounds[0], s.bounds[1]


@rule
def range_as_bracket(context: Context, t: Term, data: Data) -> Node:
    """sum_{v=lo}^{hi} F = sum_{v in Z} [lo <= v][v <= hi] F (0 both when lo > hi)."""
    s, lo, hi = _range("range_as_bracket", t)
    if s.var in free(lo) | free(hi):
        raise Refused("range_as_bracket", "the bounds contain the bound variable's name", t)
    inside = (Iverson(Rel("<=", lo, s.var)), Iverson(Rel("<=", s.var, hi)))
    return Sum(s.var, (), Mul((*inside, *_factors(s.body))))


def _factors(t: Term) -> tuple[Term, ...]:
    return t.factors if isinstance(t, Mul) else (t,)


@rule
def split_range(context: Context, t: Term, data: Data) -> Node:
    """sum_{lo}^{hi} F = sum_{lo}^{m} F + sum_{m+1}^{hi} F, for lo - 1 <= m <= hi, in Z."""
    s, lo, hi = _range("split_range", t)
    m = data["at"]
    if s.var.space.dim != ONE or space_of(m) != s.var.space or s.var in free(m):
        raise Refused("split_range", "needs an integer to split at", m)
    prove("split_range", context, Rel("<=", lo - 1, m), data["witnesses"][:1])
    prove("split_range", context, Rel("<=", m, hi), data["witnesses"][1:])
    return Sum(s.var, (lo, m), s.body) + Sum(s.var, (m + 1, hi), s.body)


@rule
def expand_range(context: Context, t: Term, data: Data) -> Node:
    """sum_{v=2}^{4} F(v) = F(2) + F(3) + F(4), between literal bounds in Z."""
    s, lo, hi = _range("expand_range", t)
    first, last = poly(lo).constant(), poly(hi).constant()
    if first is None or last is None or s.var.space.dim != ONE:
        raise Refused("expand_range", "the bounds are not literal", t)
    count = int(last - first) + 1
    if count > LONGEST:
        raise Refused("expand_range", f"more than {LONGEST} terms", t)
    parts = [substitute(s.body, {s.var: Num(first + k)}) for k in range(count)]
    return Add(tuple(parts)) if len(parts) > 1 else parts[0] if parts else ZERO


@rule
def residue_split(context: Context, t: Term, data: Data) -> Node:
    """sum_{a in Z^d} F(a) = sum_{r=0}^{m-1} sum_b F(m b + r), for m >= 1, when it exists.

    data: `modulus` m, `remainder` r, `quotient` b, `witnesses` for m >= 1.
    """
    s = _sum("residue_split", t)
    m, r, b = data["modulus"], data["remainder"], data["quotient"]
    fresh_names = names([r, b])
    if s.bounds or s.var.space.kind != "Z" or r.space != s.var.space or b.space != r.space:
        raise Refused("residue_split", "expected a sum over all of Z^d", t)
    if len(fresh_names) < 2 or fresh_names & (names(free(t)) | names(free(m))):
        raise Refused("residue_split", f"the new names {sorted(fresh_names)} are not fresh", t)
    if space_of(m).kind != "Z" or not embeds(space_of(m), r.space):
        raise Refused("residue_split", "the modulus must be an integer", m)
    prove("residue_split", context, Rel("<=", ONE, m), data["witnesses"])
    exists("residue_split", t, context)
    inner = Sum(b, (), substitute(s.body, {s.var: m * b + r}))
    return Sum(r, (ZERO, m - 1), inner)


@rule
def residue_case(context: Context, t: Term, data: Data) -> Node:
    """t = sum_{r=0}^{m-1} [m divides n - r] t, for an integer n and a literal m >= 1."""
    n, m = data["of"], data["modulus"]
    if space_of(n) != Z or space_of(t).dim != ONE or not 1 <= m <= LONGEST or m != int(m):
        raise Refused("residue_case", f"needs an integer and a modulus up to {LONGEST}", n)
    cases = [Iverson(Divides(term(m), n - r)) for r in range(m)]
    return Add(tuple(Mul((case, *_factors(t))) for case in cases))


@rule
def residue_value(context: Context, t: Term, data: Data) -> Node:
    """n = m floor(n / m) + r where m divides n - r, for literals 0 <= r < m."""
    m, r = data["modulus"], data["remainder"]
    if space_of(t) != Z or not 0 <= r < m or m != int(m) or r != int(r):
        raise Refused("residue_value", "needs an integer and literals 0 <= r < m", t)
    if not any(
        isinstance(c, Divides) and equal(c.divisor, term(m)) and equal(c.term, t - r)
        for c in context.flat()
    ):
        raise Refused("residue_value", f"not known to leave {r} modulo {m}", t)
    return term(m) * Floor(t, term(m)) + term(r)


@rule
def count(context: Context, t: Term, data: Data) -> Node:
    """sum_{v=lo}^{hi} 1 = max(0, hi - lo + 1), in Z."""
    s, lo, hi = _range("count", t)
    if s.var.space.dim != ONE or not equal(s.body, ONE):
        raise Refused("count", "expected the sum of 1 over a range of integers", t)
    return Max(ZERO, hi - lo + 1)


@rule
def telescope(context: Context, t: Term, data: Data) -> Node:
    """sum_{v=lo}^{hi} (G(v + 1) - G(v)) = [lo <= hi + 1] (G(hi + 1) - G(lo)), in Z.

    Both sides are 0 when the range is empty.  data: `partial` G, a function v -> G(v).
    """
    s, lo, hi = _range("telescope", t)
    g = expect("telescope", data["partial"], Lam, "a function of the variable")
    if s.var.space.dim != ONE or domain_of(g) != (s.var.space,):
        raise Refused("telescope", "expected a range of integers and a function of them", t)
    step = beta(g, (s.var + 1,)) - beta(g, (s.var,))
    if s.var in free(g) or not equal(s.body, step):
        raise Refused("telescope", f"the terms are not the differences of {g!r}", t)
    return Iverson(Rel("<=", lo, hi + 1)) * (beta(g, (hi + 1,)) - beta(g, (lo,)))


# --- brackets -----------------------------------------------------------------------------------


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
    return Mul((Iverson(cond), *_factors(t)))


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
    s = _sum("collapse", t)
    factors, index, stride = _factors(s.body), data["index"], data["stride"]
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
    rest = _product([f for i, f in enumerate(factors) if i != index])
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
    return _product([*guard, substitute(rest, {s.var: value})])


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


# --- derivatives --------------------------------------------------------------------------------


@rule
def differentiate(context: Context, t: Term, data: Data) -> Node:
    """Carries out a derivative: sum, product and chain rule (`kernel.calculus`)."""
    return calculus.value(expect("differentiate", t, (Diff, DiffEntry), "a derivative"))


@rule
def under_sign(context: Context, t: Term, data: Data) -> Node:
    """d/dx sum_v F = sum_v dF/dx, when the terms are held in locally uniformly in x."""
    d = expect("under_sign", t, (Diff, DiffEntry), "a derivative")
    s = _sum("under_sign", d.body)
    by = d.var if isinstance(d, Diff) else calculus.Entry(d.fn, d.entry)
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
    return calculus.chained(expect("chain_rule", t, DiffEntry, "the derivative of a loss"))


@rule
def parts(context: Context, t: Term, data: Data) -> Node:
    """int dF/dz dz = 0 over all z, for F continuously differentiable and held in by z."""
    s = _sum("parts", t)
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
    s = _sum("base_point", t)
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
    s = _sum("fundamental", t)
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


def apply(name: str, context: Context, t: Node, data: Data) -> Node:
    """Carry out one rule by its name; whatever goes wrong is a refusal."""
    if name not in RULES:
        raise Refused(name, "no such rule", t)
    try:
        return RULES[name](context, t, data)
    except (Captured, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Refused(name, f"{type(error).__name__}: {error}", t) from error

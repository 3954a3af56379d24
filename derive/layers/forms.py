"""Further forms of a gradient: gathered, as a convolution with delta stuffed with zeros, flipped.

May: go on from a chain that ends with brackets [s i + d p - P = m]; the kernel checks each step.
Nothing here knows a layer: what is collapsed is any letter with one coefficient s >= 1.
"""

from __future__ import annotations

from derive.binding import free, substitute
from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt
from derive.layers.gradient import Claim
from derive.layers.ordering import presented
from derive.layers.steps import abbreviated, absorbed, activated, equations
from derive.library.gradients import named
from derive.polynomial import Poly, Scope, equal, poly, to_term
from derive.search.linear import witnesses
from derive.search.ranges.brackets import implied
from derive.search.tidy import tidy
from derive.search.unfold import fold
from derive.search.walk import Walk, depth, nest, summands, together, without
from derive.syntax import (
    ONE,
    App,
    Divides,
    Floor,
    Iverson,
    Mul,
    Op,
    Rel,
    Sum,
    Term,
    Var,
)

STUFFED = r"\tilde{\delta}"


def stride_of(cond: Rel, var: Var, bound: set[Var]) -> Term | None:
    """s for a bracket that says s var + ... = ..., with s free of all bound letters."""
    atoms: dict[str, Term] = {}
    gap = poly(cond.lhs - cond.rhs, Scope(atoms=atoms))
    mine = {m: c for m, c in gap.items() if any(var in free(atoms[a]) for a, _ in m)}
    if len(mine) != 1:
        return None
    ((mono, c),) = mine.items()
    own = [(a, e) for a, e in mono if atoms[a] == var]
    rest = tuple((a, e) for a, e in mono if atoms[a] != var)
    if own != [(own[0][0], 1)] if own else True:
        return None
    if any(free(atoms[a]) & bound for a, _ in rest):
        return None
    return to_term(Poly({rest: abs(c)}), atoms)


def strides(t: Term, first: tuple[str, ...]) -> list[Term]:
    """The strides that `gathered` would collapse by."""
    out = []
    for _, _, m, bracket in equations(t):
        found = _chosen(m, bracket, first)
        if found is not None and found[1] not in out:
            out.append(found[1])
    return out


def _chosen(m: Monomial, bracket: Iverson, first: tuple[str, ...]) -> tuple[int, Term] | None:
    bound = {v for v, _ in m.binders}
    if not isinstance(bracket.cond, Rel):
        return None
    order = sorted(range(len(m.binders)), key=lambda k: m.binders[k][0].name not in first)
    for k in order:
        var = m.binders[k][0]
        if var not in free(bracket) or any(var in free(e) for _, es in m.binders for e in es):
            continue
        stride = stride_of(bracket.cond, var, bound)
        if stride is not None:
            return k, stride
    return None


def gathered(walk: Walk, first: tuple[str, ...], c: Claim) -> bool:
    """sum_i [s i = e] F(i) = [s divides e] F(floor(e / s)), for each bracket that allows it.

    `first`: letters to collapse before others (the outputs').  True if anything was done.
    """
    done = False
    again = True
    while again:
        again = False
        for path, part, m, bracket in equations(walk.term):
            found = _chosen(m, bracket, first)
            if found is None:
                continue
            k, stride = found
            if witnesses(Context(walk.equation.given), Rel("<=", ONE, stride)) is None:
                continue
            inner = (*m.binders[:k], *m.binders[k + 1 :], m.binders[k])
            others = without(m.factors, bracket)
            target = rebuilt(Monomial(inner, (bracket, *others)))
            if target != part:
                walk.do("rearrange", path, target=target)
            below = (*path, *depth(target, len(inner) - 1))
            _, context, _ = at(walk.term, below, Context(walk.equation.given))
            if stride == ONE:
                walk.do("collapse", below, index=0, stride=None, witnesses=())
            else:
                proof = witnesses(context, Rel("<=", ONE, stride))
                walk.do("collapse", below, index=0, stride=stride, witnesses=proof)
            walk.tidy()
            walk.flatten()
            again = done = True
            break
    if done:
        absorbed(walk)
        fold(walk)
        implied(walk)
        activated(walk, c.delta)
        presented(walk, (c.delta,), c.places, c.order)
    return done


def stuffed(walk: Walk, c: Claim) -> Op | None:
    """Write [s | u] delta(floor(u / s)) as the entry at u of delta stuffed with zeros."""
    wide: Op | None = None
    delta = c.delta
    parts: list[Term] = []
    for _, part in summands(walk.term):
        m = nest(part)
        found = _stuffed(m, delta, wide)
        if found is None:
            return None
        wide, new = found
        parts.append(new)
    if wide is None:
        return None
    abbreviated(walk, together(parts), wide)
    presented(walk, (wide, delta), c.places, c.order)
    return wide


def _stuffed(m: Monomial, delta: Op, wide: Op | None) -> tuple[Op, Term] | None:
    factor = next(
        (f for f in m.factors if isinstance(f, App) and isinstance(f.fn, Op) and f.fn == delta),
        None,
    )
    if factor is None:
        return None
    args = list(factor.args)
    brackets = [f for f in m.factors if isinstance(f, Iverson) and isinstance(f.cond, Divides)]
    params = delta.definition.lam.params
    body: list[Term] = []
    inner: list[Term] = []
    used: list[Iverson] = []
    for k, arg in enumerate(args):
        guard = None
        if isinstance(arg, Floor):
            guard = next(
                (
                    b
                    for b in brackets
                    if isinstance(b.cond, Divides)
                    and equal(b.cond.divisor, arg.den)
                    and equal(b.cond.term, arg.num)
                ),
                None,
            )
        if guard is None or not isinstance(arg, Floor):
            inner.append(params[k])
            continue
        used.append(guard)
        body.append(Iverson(Divides(arg.den, params[k])))
        inner.append(Floor(params[k], arg.den))
        args[k] = arg.num
    if not used:
        return None
    lam_body = Mul((*body, delta(*inner)))
    strides_ = free(lam_body) - set(params) - set(delta.actuals) - free(delta)
    extra = sorted((s for s in strides_ if isinstance(s, Var)), key=lambda s: s.name)
    made = named(lam_body, params, *delta.definition.params, *extra)
    made = Op(
        type(made.definition)(
            STUFFED, made.definition.params, made.definition.lam, made.definition.notation
        ),
        made.actuals,
    )
    if wide is not None and wide != made:
        return None
    rest = tuple(f for f in without(m.factors, factor) if f not in used)
    return made, rebuilt(Monomial(m.binders, (made(*args), *rest)))


def flipped(walk: Walk, delta: tuple[Op, ...], c: Claim) -> bool:
    """Count down each letter p of a sum that delta's index falls with: p -> K - 1 - p.

    Then another tensor's entries come in reverse order, and delta is read upwards: a full
    cross-correlation with the flipped kernel, as libraries compute it.
    """
    done = False
    for path, part in summands(walk.term):
        for level, (var, ends) in enumerate(nest(part).binders):
            if len(ends) != 2 or not _against(nest(part), var, delta):
                continue
            place = (*path, *depth(part, level))
            node, _, _ = at(walk.term, place, Context(()))
            if not isinstance(node, Sum) or node.var != var:
                continue
            (new,) = walk.fresh(var)
            forward, back = (tidy(ends[0] + ends[1] - v) for v in (new, var))
            walk.do("reindex", place, variables=(new,), forward=(forward,), inverse=(back,))
            walk.do("reindex", place, variables=(var,), forward=(var,), inverse=(new,))
            walk.tidy()
            done = True
    if done:
        presented(walk, delta, c.places, c.order)
    return done


def _against(m: Monomial, var: Var, delta: tuple[Op, ...]) -> bool:
    """Whether `var` alone is another tensor's index, and an index of delta falls as it grows."""
    falls = alone = False
    for factor in m.factors:
        if not isinstance(factor, App):
            continue
        for arg in factor.args:
            if not isinstance(arg, Term) or var not in free(arg):
                continue
            if factor.fn not in delta:
                alone = alone or arg == var
                continue
            step = poly(substitute(arg, {var: var + 1})) - poly(arg)
            if not step or not all(c < 0 for c in step.values()):
                return False
            falls = True
    return falls and alone

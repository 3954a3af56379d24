"""Integration by parts: no derivative on the functions that stand at the bound variables.

In coordinates in which some of the functions have the bound variables u_k as arguments, a
derivative of such a function goes over to the others, since int dF/du du = 0.  What is left is
unique for that choice of functions.  Where a function repeats there are several choices; the mean
over all of them depends on none.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.kernel.monomial import Monomial, rebuilt
from derive.search.integrals.halflines import ended, guard, over
from derive.search.lattices.affine import image
from derive.search.lattices.canonical import Nest, Order, base, change_to
from derive.search.unfold import derive
from derive.search.walk import Unproved, Walk, depth, nest, product_of, summands, without
from derive.syntax import ZERO, Add, App, Diff, Function, Mul, Num, Partial, Term, Var


def by_parts(walk: Walk) -> None:
    """Move all derivatives away from the functions at the bound variables."""
    for path, part in summands(walk.term):
        m = nest(part)
        functions = [f.fn for f in m.factors if isinstance(f, App)]
        if not any(isinstance(fn, Partial) for fn in functions):
            continue
        try:
            ways = _ways(walk, part, m)
        except Unproved:
            continue
        if len(ways) > 1:
            share = Num(Fraction(1, len(ways)))
            walk.do("ring", path, target=Add(tuple(Mul((share, part)) for _ in ways)))
        for k, way in enumerate(ways):
            walk.follow((*path, k, 1) if len(ways) > 1 else path, way)
    walk.flatten()


def _ways(walk: Walk, part: Term, m: Monomial) -> list[Walk]:
    """The part after integration by parts, for each choice of functions at the variables."""
    if _over_reals(m) and guard(m) is None:
        found = Nest(m)
        return [_way(walk, part, found, order) for order in found.hull()[1]]
    if len(m.binders) == 1 and m.binders[0][0].space.kind == "R":
        return _over_an_interval(walk, part, m)
    return []


def _over_an_interval(walk: Walk, part: Term, m: Monomial) -> list[Walk]:
    """int_a^b F'(z) G(z) dz = F(b) G(b) - F(a) G(a) - int_a^b F(z) G'(z) dz."""
    var = m.binders[0][0]
    standing = [f.fn for f in m.factors if isinstance(f, App) and f.args == (var,)]
    first = min(map(base, standing), default="")
    ways = []
    for fn in (fn for fn in standing if base(fn) == first):
        way = Walk(walk.equation.given, part, walk.budget)
        _free_of_derivatives(way, fn, var)
        ways.append(way)
    return ways


def _over_reals(m: Monomial) -> bool:
    return bool(m.binders) and all(v.space.kind == "R" and not ends for v, ends in m.binders)


def _way(walk: Walk, part: Term, found: Nest, order: Order) -> Walk:
    """The part with no derivative on the functions that this order puts at the variables."""
    to = image(order.rows, order.offset, integral=False)
    if to is None:
        raise Unproved("the arguments do not determine the bound variables")
    way = Walk(walk.equation.given, part, walk.budget)
    change_to(way, (), part, found, to)
    way.flatten()
    standing = [v for v, _ in nest(way.term).binders]
    for var, row in zip(standing, to.pivots, strict=True):
        _free_of_derivatives(way, order.functions[row], var)
    return way


def _free_of_derivatives(way: Walk, fn: Function, var: Var) -> None:
    while isinstance(fn, Partial):
        for path, term in summands(way.term) if way.term != ZERO else ():
            if any(v == var for v, _ in nest(term).binders):
                way.follow(path, _moved(way, term, fn, var))
        way.flatten()
        fn = fn.fn


def _moved(walk: Walk, part: Term, fn: Partial, var: Var) -> Walk:
    """One derivative taken from F'(var), which is a factor of all that is integrated."""
    m = nest(part)
    k = next(k for k, (v, _) in enumerate(m.binders) if v == var)
    factor = next(f for f in m.factors if isinstance(f, App) and f.fn == fn and var in f.args)
    if factor.args[fn.slot] != var:
        raise Unproved("the derivative is not by the bound variable")
    order = (*m.binders[:k], *m.binders[k + 1 :], m.binders[k])
    ends, bracket = m.binders[k][1], guard(replace(m, binders=order))
    rest = without(m.factors, factor, *(() if bracket is None else (bracket,)))
    product = Mul((fn.fn(*factor.args), *rest))
    slope = Diff(var, product, var)
    whole = over(var, ends, bracket, slope)
    other = over(var, ends, bracket, slope - product_of((factor, *rest)))
    target = rebuilt(Monomial(order[:-1], (whole - other,)))
    way = Walk(walk.equation.given, part, walk.budget)
    way.do("rearrange", target=target)
    ended(way, (*depth(target, len(order) - 1), 0), ends, bracket)
    way.tidy()
    derive(way)
    way.flatten()
    return way

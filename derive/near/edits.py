"""Small edits of one side of a claim, the smaller first.

May: build terms that are slightly different.  Must not: ask whether they are true.
`find` calls it, and drops what is ill typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from derive.binding import free, instantiate
from derive.definitions import CONVOLUTION, CORRELATION, convolution, cross_correlation
from derive.near.linear import Form, form, written
from derive.near.places import Path, parts, put
from derive.syntax import (
    ONE,
    Abs,
    Add,
    App,
    Div,
    Floor,
    Fn,
    IllTyped,
    Mul,
    Node,
    Num,
    Op,
    Partial,
    Space,
    Sum,
    Term,
    Var,
    domain_of,
    space_of,
)


@dataclass(frozen=True)
class Edit:
    """`cost`: how much was changed; `where`: at which part of the side."""

    cost: int
    term: Term
    where: Path


def edits(side: Term, sizes: frozenset[Var], variables: tuple[Var, ...]) -> list[Edit]:
    """All single edits of a side, in order of cost; `variables` are those of the claim."""
    found = [*_inside(side), *_whole(side, sizes, variables)]
    seen, out = {side}, []
    for edit in sorted(found, key=lambda e: e.cost):
        if edit.term not in seen:
            seen.add(edit.term)
            out.append(edit)
    return out


def _inside(side: Term) -> Iterator[Edit]:
    for path, node in parts(side):
        for cost, new in _of(node, path):
            yield Edit(cost, put(side, path, new), path)


def _of(node: Node, path: Path) -> Iterator[tuple[int, Node]]:
    match node:
        case App(fn, args):
            for k, arg in enumerate(args):
                if isinstance(arg, Term):
                    for cost, new in _arguments(arg):
                        yield cost, App(fn, (*args[:k], new, *args[k + 1 :]))
            if isinstance(fn, Partial):
                yield 2, App(fn.fn, args)
            elif isinstance(fn, Fn) and _one_real(fn):
                yield 4, App(Partial(fn, 0), args)
        case Sum(var, (lo, hi), Sum(inner, (low, high), body)):
            yield 2, Sum(var, (lo, hi), Sum(inner, (high, hi), body))
            yield 2, Sum(var, (lo, hi), Sum(inner, (lo, low), body))
            yield from _range(node)
        case Sum(_, (_, _), _):
            yield from _range(node)
        case Add(terms) if not path or space_of(node).kind == "Z":
            for k, part in enumerate(terms):
                turned = (*terms[:k], scaled(Fraction(-1), part), *terms[k + 1 :])
                yield 1 if not path else 3, Add(turned)
        case Op(definition, actuals):
            other = {CONVOLUTION: cross_correlation, CORRELATION: convolution}.get(
                definition.symbol
            )
            domain = domain_of(node)
            if other and all(isinstance(s, Space) for s in domain):
                yield 4, Op(other(*domain), actuals)  # type: ignore[arg-type]
            for k, one in enumerate(actuals):
                if isinstance(one, Partial):
                    yield 2, replace(node, actuals=(*actuals[:k], one.fn, *actuals[k + 1 :]))
        case Div(num, den):
            if not isinstance(num, Num) and space_of(num).kind == space_of(den).kind == "Z":
                yield 2, Floor(num, den)
        case Floor(num, den):
            for step in (1, -1):
                yield 3, Floor(written(form(num + step)), den)


def _range(node: Sum) -> Iterator[tuple[int, Term]]:
    """The same range shifted at one end, or seen from the other side."""
    lo, hi = node.bounds
    for step in (1, -1):
        yield 2, replace(node, bounds=(written(form(lo + step)), hi))
        yield 2, replace(node, bounds=(lo, written(form(hi + step))))
    yield 2, replace(node, bounds=(written(_negated(form(hi))), written(_negated(form(lo)))))
    yield 3, replace(node, bounds=(hi, lo))


def _one_real(fn: Fn) -> bool:
    return len(fn.domain) == 1 and isinstance(fn.domain[0], Space) and fn.domain[0].kind == "R"


def _arguments(arg: Term) -> Iterator[tuple[int, Term]]:
    """Signs flipped, one, two or all; a shift by one; or both."""
    f = form(arg)
    flips: list[tuple[Term, ...]] = [(), tuple(f)]
    flips += [some for n in (1, 2) for some in combinations(list(f)[:4], n) if n < len(f)]
    for some in flips:
        turned = written({part: -c if part in some else c for part, c in f.items()})
        cost = 1 if len(some) == len(f) else len(some)
        for step in (0, 1, -1):
            if some or step:
                yield cost + 2 * abs(step), written(form(turned + step)) if step else turned


def _negated(f: Form) -> Form:
    return {part: -c for part, c in f.items()}


def _whole(side: Term, sizes: frozenset[Var], claimed: tuple[Var, ...]) -> Iterator[Edit]:
    yield Edit(1, scaled(Fraction(-1), side), ())
    if isinstance(side, Add):
        for k, part in enumerate(side.terms):
            terms = side.terms
            for factor in (Fraction(2), Fraction(1, 2)):
                changed = Add((*terms[:k], scaled(factor, part), *terms[k + 1 :]))
                yield Edit(3, changed, (k,))
    symbols = sorted(free(side), key=lambda s: s.name)
    variables = [v for v in symbols if isinstance(v, Var)]
    functions = [f for f in symbols if isinstance(f, Fn)]
    for f, g in combinations(functions, 2):
        if f.domain == g.domain and f.cls == g.cls and f.box == g.box:
            yield Edit(2, instantiate(side, {f: g, g: f}), ())
    for v in variables:
        if v not in sizes:
            try:
                yield Edit(2, instantiate(side, {v: -v}), ())
            except (IllTyped, ValueError):
                continue
    for path, node in parts(side):
        if isinstance(node, App) and len(node.args) == 1 and isinstance(node.args[0], Num | Var):
            for v in claimed:
                if isinstance(node.args[0], Num) or node.args[0] in claimed:
                    yield Edit(3, put(side, path, App(node.fn, (v,))), path)
    for v in variables:
        if v.space.kind in "ZR" and v.space.dim == ONE:
            yield Edit(3, Mul((v, *_factors(side))), ())
            yield Edit(3, Div(side, Abs(v) if v not in sizes else v), ())


def scaled(c: Fraction, t: Term) -> Term:
    """c t, with one number in front."""
    numbers = [f.value for f in _factors(t) if isinstance(f, Num)]
    rest = tuple(f for f in _factors(t) if not isinstance(f, Num))
    for n in numbers:
        c *= n
    if not rest or c == 0:
        return Num(c)
    if c == 1:
        return rest[0] if len(rest) == 1 else Mul(rest)
    return Mul((Num(c), *rest))


def _factors(t: Term) -> tuple[Term, ...]:
    return t.factors if isinstance(t, Mul) else (t,)

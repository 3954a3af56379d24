"""Small edits of one summand of a claim, the smaller first.

May: build terms that are slightly different.  Must not: ask whether they are true.
`find` calls it, and drops what is ill typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product

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
    Pow,
    Space,
    Sum,
    Term,
    Var,
    domain_of,
    space_of,
)


@dataclass(frozen=True)
class Edit:
    """`cost`: how much was changed; `where`: at which part of the summand."""

    cost: int
    term: Term
    where: Path


@dataclass(frozen=True)
class Letters:
    """What a claim is about: its sizes, its variables, its functions, and whether it convolves."""

    sizes: frozenset[Var]
    variables: tuple[Var, ...]
    functions: tuple[Fn, ...] = ()
    convolves: bool = False


def edits(side: Term, letters: Letters) -> list[Edit]:
    """All single edits of a summand, or of a side as a whole, in order of cost."""
    found = [*_inside(side, letters), *_whole(side, letters)]
    seen, out = {side}, []
    for edit in sorted(found, key=lambda e: e.cost):
        if edit.term not in seen:
            seen.add(edit.term)
            out.append(edit)
    return out


def _inside(side: Term, letters: Letters) -> Iterator[Edit]:
    for path, node in parts(side):
        for cost, new in _of(node, path, letters):
            yield Edit(cost, put(side, path, new), path)


def _of(node: Node, path: Path, letters: Letters) -> Iterator[tuple[int, Node]]:
    match node:
        case App(fn, args):
            yield from _application(fn, args, letters)
        case Sum(var, (lo, hi), Sum(inner, (low, high), body)):
            yield 2, Sum(var, (lo, hi), Sum(inner, (high, hi), body))
            yield 2, Sum(var, (lo, hi), Sum(inner, (lo, low), body))
            yield from _range(node)
        case Sum(_, (_, _), _):
            yield from _range(node)
        case Sum(var, (), Mul(factors)) if len(factors) == 2:
            yield 4, Mul(tuple(Sum(var, (), f) for f in factors))
        case Add(terms):
            for k, part in enumerate(terms):
                turned = (*terms[:k], scaled(Fraction(-1), part), *terms[k + 1 :])
                yield 1 if not path else 3, Add(turned)
        case Pow(base, exponent):
            for other in (exponent + 1, exponent - 1):
                if other > 0:
                    yield 3, Pow(base, other) if other > 1 else base
        case Op(definition, actuals):
            other = {CONVOLUTION: cross_correlation, CORRELATION: convolution}.get(
                definition.symbol
            )
            domain = domain_of(node)
            if other and all(isinstance(s, Space) for s in domain):
                yield 4, Op(other(*domain), actuals)  # type: ignore[arg-type]
            for k, one in enumerate(actuals):
                inner = one
                while isinstance(inner, Partial):
                    inner = inner.fn
                    yield 2, replace(node, actuals=(*actuals[:k], inner, *actuals[k + 1 :]))
        case Div(num, den):
            if not isinstance(num, Num) and space_of(num).kind == space_of(den).kind == "Z":
                yield 2, Floor(num, den)
        case Floor(num, den):
            for step in (1, -1):
                yield 3, Floor(written(form(num + step)), den)


def _application(fn: Node, args: tuple[Node, ...], letters: Letters) -> Iterator[tuple[int, Node]]:
    terms = [a for a in args if isinstance(a, Term)]
    for k, arg in enumerate(args):
        if isinstance(arg, Term):
            for cost, new in _arguments(arg, letters):
                yield cost, App(fn, (*args[:k], new, *args[k + 1 :]))  # type: ignore[arg-type]
    if 1 < len(terms) == len(args) <= 4:
        spaces = [space_of(a) for a in terms]
        for k in range(len(terms) - 1):
            if spaces[k] == spaces[k + 1]:
                swapped = (*args[:k], args[k + 1], args[k], *args[k + 2 :])
                yield 1, App(fn, swapped)  # type: ignore[arg-type]
        yield 1, App(fn, tuple(written(_negated(form(a))) for a in terms))  # type: ignore[arg-type]
        flips = [[part for part in form(a) if part != ONE][:3] for a in terms]
        for some in product(*flips):
            turned = (_flipped(form(a), (p,)) for a, p in zip(terms, some, strict=True))
            yield 2, App(fn, tuple(map(written, turned)))  # type: ignore[arg-type]
    if isinstance(fn, Partial):
        yield 2, App(fn.fn, args)
    elif isinstance(fn, Fn) and _one_real(fn):
        yield 4, App(Partial(fn, 0), args)  # type: ignore[arg-type]
    if isinstance(fn, Fn) and letters.convolves and len(fn.domain) == len(terms) == 1:
        for other in letters.functions:
            if other.domain == fn.domain and other != fn:
                yield 3, App(convolution(fn.domain[0])(other, fn), args)  # type: ignore[arg-type]


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


def _arguments(arg: Term, letters: Letters) -> Iterator[tuple[int, Term]]:
    """Signs flipped, one, two or all; a shift by one; or both; a part left out; a stride."""
    f = form(arg)
    flips: list[tuple[Term, ...]] = [(), tuple(f)]
    flips += [some for n in (1, 2) for some in combinations(list(f)[:4], n) if n < len(f)]
    for some in flips:
        turned = written(_flipped(f, some))
        cost = 1 if len(some) == len(f) else len(some)
        for step in (0, 1, -1):
            if some or step:
                yield cost + 2 * abs(step), written(form(turned + step)) if step else turned
    if 1 < len(f) < 5:
        for part in f:
            yield 3, written({p: c for p, c in f.items() if p != part})
    for s in sorted(letters.sizes - free(arg), key=lambda s: s.name):
        for part, c in f.items():
            if isinstance(part, Var) and part not in letters.sizes and space_of(arg).kind == "Z":
                yield 3, written({**{p: d for p, d in f.items() if p != part}, Mul((s, part)): c})


def _flipped(f: Form, some: tuple[Term, ...]) -> Form:
    return {part: -c if part in some else c for part, c in f.items()}


def _negated(f: Form) -> Form:
    return {part: -c for part, c in f.items()}


def _whole(side: Term, letters: Letters) -> Iterator[Edit]:
    if isinstance(side, Add):
        turned = [scaled(Fraction(-1), t) for t in side.terms]
        yield Edit(1, Add(tuple(sorted(turned, key=_negative))), ())
    yield Edit(1, scaled(Fraction(-1), side), ())
    for factor in (Fraction(2), Fraction(1, 2)):
        yield Edit(3, scaled(factor, side), ())
    symbols = sorted(free(side), key=lambda s: s.name)
    variables = [v for v in symbols if isinstance(v, Var)]
    functions = [f for f in symbols if isinstance(f, Fn)]
    for f, g in combinations(functions, 2):
        if f.domain == g.domain and f.cls == g.cls and f.box == g.box:
            yield Edit(2, instantiate(side, {f: g, g: f}), ())
    indices = {a for _, n in parts(side) if isinstance(n, App) for a in n.args}
    moving = [v for v in variables if v not in letters.sizes or v in indices]
    for v in moving:
        try:
            yield Edit(2, instantiate(side, {v: -v}), ())
        except (IllTyped, ValueError):
            continue
    for v, w in combinations(moving, 2):
        if v.space == w.space:
            yield Edit(2, instantiate(side, {v: w, w: v}), ())
    for path, node in parts(side):
        if isinstance(node, App) and len(node.args) == 1 and isinstance(node.args[0], Num | Var):
            for v in letters.variables:
                if isinstance(node.args[0], Num) or node.args[0] in letters.variables:
                    yield Edit(3, put(side, path, App(node.fn, (v,))), path)
    for v in variables:
        if v.space.kind in "ZR" and v.space.dim == ONE:
            yield Edit(3, Mul((v, *_factors(side))), ())
            yield Edit(3, Div(side, Abs(v) if v not in letters.sizes else v), ())
    rest = [f for f in _factors(side) if not isinstance(f, Num)]
    if len(rest) == 2:
        yield Edit(4, Add(tuple(rest)), ())
    if isinstance(side, Add) and len(side.terms) == 2:
        yield Edit(3, Mul(side.terms), ())


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


def _negative(t: Term) -> bool:
    return any(isinstance(f, Num) and f.value < 0 for f in _factors(t))


def _factors(t: Term) -> tuple[Term, ...]:
    return t.factors if isinstance(t, Mul) else (t,)

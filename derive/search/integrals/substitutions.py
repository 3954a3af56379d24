"""Integration by substitution: int_a^b F(g(z)) g'(z) dz is int_{g(a)}^{g(b)} F(u) du.

For functions that all stand at one g(z), a polynomial: z^2, or c z + e with a symbol c.  Where g'
is no factor it must be a number that is known to be positive or negative; over R it always must.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from derive.binding import free, substitute
from derive.kernel import Context, Refused, at
from derive.kernel.calculus import derivative
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import Poly, Scope, key, poly, to_term
from derive.search.linear import witnesses
from derive.search.match import affine
from derive.search.tidy import tidy
from derive.search.walk import Walk, depth, nest, product_of, summands
from derive.syntax import ONE, ZERO, App, Div, Lam, Mul, R, Rel, Sum, Term, Var

Path = tuple[int, ...]


class Inner(NamedTuple):
    """An integral, below others, of `rest` times functions at g(z); `function` are these at u."""

    outer: tuple[Any, ...]
    z: Var
    ends: tuple[Term, ...]
    rest: tuple[Term, ...]
    g: Term
    slope: Term
    function: Lam


def substituted(walk: Walk) -> None:
    """Each such integral by its inner function."""
    while any(_substituted(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()
        walk.flatten()


def _substituted(walk: Walk, path: Path, part: Term) -> bool:
    m, before = nest(part), walk.equation
    for k, (z, _) in reversed(list(enumerate(m.binders))):
        if any(z in free(end) for _, ends in m.binders[k + 1 :] for end in ends):
            continue
        own = replace(m, binders=(*m.binders[:k], *m.binders[k + 1 :], m.binders[k]))
        if (inner := _inner(walk, own)) is None:
            continue
        put = at(walk.term, path, Context(()))[2]
        nested = rebuilt(own)  # the integral innermost, with what stood in front of it inside
        if nested != part:
            walk.to(put(nested), "rearrange")  # type: ignore[arg-type]
        if _taken(walk, path, (*path, *depth(nested, len(inner.outer) + 1)), inner):
            return True
        walk.equation = before
    return False


def _taken(walk: Walk, path: Path, body: Path, inner: Inner) -> bool:
    """The step itself, for the nest at `path` and what is integrated at `body`."""
    z, slope, rest = inner.z, inner.slope, product_of(inner.rest)
    sign, proof = _sign(walk, body, inner)
    number = _quotient(rest, slope, z)
    if not sign and (number is None or not inner.ends):
        return False
    if not inner.ends and sign < 0:
        (new,) = walk.fresh(z)
        walk.do("reindex", body[:-1], variables=(new,), forward=(-new,), inverse=(-z,))
        return True
    if number is None:
        number = Mul((rest, Div(ONE, slope)))
        if z in free(number):
            return False
        _introduced(walk, body, slope, sign, proof)
    put = at(walk.term, path, Context(()))[2]
    target = rebuilt(Monomial(inner.outer, (number, _integral(inner))))
    walk.to(put(target), "rearrange")  # type: ignore[arg-type]
    place = (*path, *(len(ends) for _, ends in inner.outer), 1)
    if inner.ends:
        (new,) = walk.fresh(z)
        g = Lam((new,), substitute(inner.g, {z: new}))
        walk.do("substitution", place, map=g, function=inner.function)
    else:
        put = at(walk.term, place, Context(()))[2]
        earlier = put(Sum(*inner.function.params, (), inner.function.body))
        walk.undo("scale", place, earlier, variable=z, by=slope, witnesses=proof)  # type: ignore[arg-type]
    return True


def _inner(walk: Walk, m: Monomial) -> Inner | None:
    """An integral whose functions all stand at one g(z) that no change of variables straightens."""
    z, ends = m.binders[-1]
    if z.space != R:
        return None
    apps = [f for f in m.factors if isinstance(f, App) and z in free(f)]
    places = [a for f in apps for a in f.args if z in free(a)]
    if not places or not all(isinstance(a, Term) for a in places):
        return None
    g: Term = min(places, key=key)  # type: ignore[assignment]
    apart = {a: tidy(a - g) for a in places}  # type: ignore[operator]
    if any(z in free(e) for e in apart.values()) or affine(g, (z,), {}) is not None:
        return None
    try:
        slope = tidy(derivative(g, z))
    except Refused:
        return None
    if not ends and z in free(slope):
        return None
    (u,) = walk.fresh(Var("u", R))
    start = u if ends else u + g - slope * z
    images = [
        App(f.fn, tuple(tidy(start + apart[a]) if a in apart else a for a in f.args)) for f in apps
    ]
    rest = tuple(f for f in m.factors if f not in apps)
    return Inner(m.binders[:-1], z, ends, rest, g, slope, Lam((u,), product_of(tuple(images))))


def _integral(inner: Inner) -> Term:
    """int F(g) g' over an interval, c int F(c z) over R: what the rules expect."""
    (u,), z, slope = inner.function.params, inner.z, inner.slope
    if inner.ends:
        return Sum(z, inner.ends, Mul((substitute(inner.function.body, {u: inner.g}), slope)))
    return Mul((slope, Sum(z, (), substitute(inner.function.body, {u: slope * z}))))


def _sign(walk: Walk, body: Path, inner: Inner) -> tuple[int, Any]:
    """1 or -1 if g' is known to be positive or negative, with the proof, else 0."""
    context = at(walk.term, body, Context(walk.equation.given))[1]
    if inner.z in free(inner.slope):
        return 0, None
    for sign, goal in ((1, Rel("<", ZERO, inner.slope)), (-1, Rel("<", inner.slope, ZERO))):
        if (proof := witnesses(context, goal)) is not None:
            return sign, proof
    return 0, None


def _introduced(walk: Walk, body: Path, slope: Term, sign: int, proof: Any) -> None:
    """F = F g' / g'."""
    old, _, put = at(walk.term, body, Context(()))
    walk.to(put(Mul((old, ONE))))  # type: ignore[arg-type]
    earlier = put(Mul((old, Div(slope, slope))))  # type: ignore[arg-type]
    walk.undo("cancel", (*body, 1), earlier, target=ONE, sign=sign, witnesses=proof)  # type: ignore[arg-type]


def _quotient(rest: Term, slope: Term, z: Var) -> Term | None:
    """A term that is free of z and gives `rest` if it is multiplied by g'."""
    atoms: dict[str, Term] = {}
    p, d = poly(rest, Scope(atoms=atoms)), poly(slope, Scope(atoms=atoms))
    lead, c = next(iter(d.items()))
    powers = dict(lead)
    q = Poly()
    for mono, k in p.items():
        own = dict(mono)
        left = {a: own.get(a, 0) - e for a, e in powers.items()}
        if min(left.values(), default=0) >= 0:
            q[tuple(sorted((a, e) for a, e in (own | left).items() if e))] = k / c
    number = to_term(q, atoms)
    return number if q * d == p and z not in free(number) else None

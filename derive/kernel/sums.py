"""Rules for one sum or integral and several: linearity, exchange, change of variables."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.binding import free, names, substitute
from derive.kernel.context import Context, Refused, expect
from derive.kernel.entail import prove
from derive.kernel.existence import exists
from derive.kernel.table import Data, a_sum, product_of, rule
from derive.polynomial import Scope, equal, poly
from derive.syntax import ONE, ZERO, Add, Mul, Node, Num, R, Rel, Sum, Term, Var, embeds, space_of


def _split(t: Sum) -> tuple[list[Term], list[Term]]:
    """The factors of the body that are free of the bound variable, and the others."""
    factors = t.body.factors if isinstance(t.body, Mul) else (t.body,)
    return [f for f in factors if t.var not in free(f)], [f for f in factors if t.var in free(f)]


@rule
def linearity(context: Context, t: Term, data: Data) -> Node:
    """sum (F + G) = sum F + sum G, when each part exists."""
    s = a_sum("linearity", t)
    body = expect("linearity", s.body, Add, "a sum of terms inside")
    parts = tuple(Sum(s.var, s.bounds, part) for part in body.terms)
    for part in parts:
        exists("linearity", part, context)
    return Add(parts)


@rule
def pull(context: Context, t: Term, data: Data) -> Node:
    """sum c F = c sum F, for c free of the bound variable (both are 0 if c = 0)."""
    s = a_sum("pull", t)
    constant, rest = _split(s)
    if not constant:
        raise Refused("pull", "no factor is free of the bound variable", t)
    return product_of([*constant, Sum(s.var, s.bounds, product_of(rest))])


@rule
def swap(context: Context, t: Term, data: Data) -> Node:
    """sum_a sum_b F = sum_b sum_a F, when the double sum exists (Fubini and Tonelli)."""
    outer = a_sum("swap", t)
    inner = a_sum("swap", outer.body)
    if inner.var == outer.var or any(outer.var in free(b) for b in inner.bounds):
        raise Refused("swap", "the inner bounds depend on the outer variable", t)
    if any(inner.var in free(b) for b in outer.bounds):
        raise Refused("swap", "the inner variable is free in the outer bounds", t)
    exists("swap", t, context)
    return Sum(inner.var, inner.bounds, Sum(outer.var, outer.bounds, inner.body))


@rule
def triangle(context: Context, t: Term, data: Data) -> Node:
    """sum_{x=a}^b sum_{y=a}^x F = sum_{y=a}^b sum_{x=y}^b F, when the double sum exists.

    Over Z, and over R with oriented integrals: for b < a the signs of both ends turn on both sides.
    """
    outer = a_sum("triangle", t)
    inner = a_sum("triangle", outer.body)
    x, y = outer.var, inner.var
    if x.space != y.space or x.space.dim != ONE or x == y:
        raise Refused("triangle", "expected two variables, integers or real numbers", t)
    if not outer.bounds or {x, y} & (free(outer.bounds[0]) | free(outer.bounds[1])):
        raise Refused("triangle", "expected an outer range that is free of both variables", t)
    lo, hi = outer.bounds
    if not inner.bounds or not equal(inner.bounds[0], lo) or inner.bounds[1] != x:
        raise Refused("triangle", "expected an inner range from the outer one's start to x", t)
    exists("triangle", t, context)
    return Sum(y, (lo, hi), Sum(x, (y, hi), inner.body))


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


@rule
def scale(context: Context, t: Term, data: Data) -> Node:
    """int_R F(z) dz = c int_R F(c u) du, for a real number c > 0.

    data: `variable` u, `by` c, `witnesses` for 0 < c.
    """
    s, u, c = a_sum("scale", t), data["variable"], data["by"]
    if s.bounds or not s.var.space == u.space == R or not embeds(space_of(c), R):
        raise Refused("scale", "expected an integral over R, and a number", t)
    if u.name in names(free(t) | free(c)) or s.var in free(c):
        raise Refused("scale", "the new variable is not fresh, or the number depends on it", t)
    prove("scale", context, Rel("<", ZERO, c), data["witnesses"])
    return Mul((c, Sum(u, (), substitute(s.body, {s.var: c * u}))))


def _nest(name: str, t: Term, depth: int) -> tuple[list[Var], list[tuple[Term, ...]], Term]:
    olds: list[Var] = []
    bounds: list[tuple[Term, ...]] = []
    for _ in range(depth):
        s = a_sum(name, t)
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

"""Integrals over intervals: a common base point, and antiderivatives of polynomials.

int_a^b F = int_0^b F - int_0^a F makes additivity, orientation and empty intervals a matter of
collecting terms; int_0^b z^n dz is evaluated by the fundamental theorem.
"""

from __future__ import annotations

from fractions import Fraction

from derive.binding import free
from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import key
from derive.search.integrals.halflines import ended, guard, half_lines, over
from derive.search.integrals.substitutions import substituted
from derive.search.match import affine, maps
from derive.search.walk import Walk, depth, nest, places, summands
from derive.syntax import ZERO, Add, App, Diff, Mul, Node, Num, Partial, Pow, R, Sum, Term, Var

MOST_NESTED = 4


def intervals(walk: Walk) -> None:
    """Each integral over an interval from 0, its first argument the variable itself."""
    substituted(walk)
    standard(walk)
    half_lines(walk)

    def based_elsewhere(n: Node) -> bool:
        if not (isinstance(n, Sum) and n.var.space == R and n.bounds):
            return False
        return n.bounds[0] != ZERO or n.bounds[1] == ZERO

    while found := next(places(walk.term, based_elsewhere), None):
        walk.do("base_point", found[0], at=ZERO)
        walk.tidy()
    walk.flatten()
    turned(walk)
    for _ in range(MOST_NESTED):
        triangles(walk)
        evaluate(walk)


def standard(walk: Walk) -> None:
    """Change the variable of each integral so that a function's argument is the variable."""
    for path, part in summands(walk.term):
        m = nest(part)
        if len(m.binders) != 1 or m.binders[0][0].space != R:
            continue
        if not m.binders[0][1] and guard(m) is None:
            continue
        var = m.binders[0][0]
        atoms: dict[str, Term] = {}
        lines = [
            affine(a, (var,), atoms)
            for f in sorted((f for f in m.factors if isinstance(f, App)), key=lambda f: repr(f.fn))
            for a in f.args
            if isinstance(a, Term) and var in free(a)
        ]
        line = lines[0] if lines else None
        if line is None or not line.row[0] or (line.row[0] == 1 and not line.offset):
            continue
        (new,) = walk.fresh(var)
        c = 1 / line.row[0]
        walk.do(
            "reindex", (*path, *depth(part, 0)), variables=(new,),
            forward=(maps((new,), [c], line.offset.scaled(-c), atoms),),
            inverse=(maps((var,), [line.row[0]], line.offset, atoms),),
        )  # fmt: skip
    walk.tidy()
    walk.flatten()


def turned(walk: Walk) -> None:
    """int_0^{-b} F(z) dz = -int_0^b F(-z) dz, of b and -b the first in order.

    Where functions have z in no affine argument; else `standard` has said which way it runs.
    """
    for path, part in summands(walk.term):
        m = nest(part)
        if len(m.binders) != 1 or m.binders[0][0].space != R or not m.binders[0][1]:
            continue
        var, (_, end) = m.binders[0]
        arguments = [a for f in m.factors if isinstance(f, App) for a in f.args if var in free(a)]
        lines = [affine(a, (var,), {}) for a in arguments if isinstance(a, Term)]
        if not lines or any(lines) or key(-end) >= key(end):
            continue
        (new,) = walk.fresh(var)
        place = (*path, *depth(part, 0))
        walk.do("reindex", place, variables=(new,), forward=(-new,), inverse=(-var,))
    walk.tidy()
    walk.flatten()


def triangles(walk: Walk) -> None:
    """int_0^b int_0^x F(x, y) dy dx, or int_0^b int_0^b F dx dy - int_0^b int_0^y F(x, y) dx dy.

    They are equal.  Where a function of y alone is integrated the second can be evaluated, else
    the one is taken whose inner integral comes first in order; their mean, if that is the same.
    """
    for path, part in summands(walk.term):
        m = nest(part)
        if len(m.binders) < 2 or any(v.space != R or not ends for v, ends in m.binders[-2:]):
            continue
        *around, (x, (_, b)), (y, (_, to)) = m.binders
        if to != x:
            continue
        seen = frozenset().union(*(free(f) for f in m.factors if isinstance(f, App)))
        flipped = (*around, (y, (ZERO, b)), (x, (ZERO, y)))
        ours, other = key(part), key(rebuilt(Monomial(flipped, m.factors)))
        if x in seen and (y not in seen or ours < other):
            continue
        place = (*path, *depth(part, len(around)))
        if x in seen and ours == other:
            half = Mul((Num(Fraction(1, 2)), part))
            walk.do("ring", path, target=Add((half, half)))
            place = (*path, 1, 1, *depth(part, len(around)))
        walk.do("triangle", place)
        walk.do("base_point", (*place, 2), at=ZERO)
    walk.flatten()


def evaluate(walk: Walk) -> None:
    """int_a^b c z^n dz = c (b^(n+1) - a^(n+1)) / (n + 1), by the fundamental theorem."""
    while any(_evaluate(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()
        walk.flatten()


def _evaluate(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    if not m.binders or m.binders[-1][0].space != R:
        return False
    var, ends = m.binders[-1]
    bracket = guard(m)
    if not ends and bracket is None:
        return False
    others = tuple(f for f in m.factors if var not in free(f))
    inside = tuple(f for f in m.factors if var in free(f) and f is not bracket)
    found = _antiderivative(inside, var)
    if found is None or (bracket and not any(isinstance(f, App) for f in inside)):
        return False
    place = (*path, *depth(part, len(m.binders) - 1))
    _, _, put = at(walk.term, place, Context(()))
    earlier = over(var, ends, bracket, Diff(var, Mul((*others, found)), var))
    walk.to(put(earlier), "rearrange")  # type: ignore[arg-type]
    ended(walk, place, ends, bracket)
    return True


def _antiderivative(inside: tuple[Term, ...], var: Var) -> Term | None:
    """Of a power of z, or of f'(c z + e)."""
    if len(inside) == 1 and isinstance(inside[0], App) and isinstance(inside[0].fn, Partial):
        (arg,) = inside[0].args if len(inside[0].args) == 1 else (None,)
        line = affine(arg, (var,), {}) if isinstance(arg, Term) else None
        if line is not None and line.row[0]:
            return Mul((Num(1 / line.row[0]), inside[0].fn.fn(arg)))  # type: ignore[arg-type]
    power = 0
    for f in inside:
        if f == var:
            power += 1
        elif isinstance(f, Pow) and f.base == var:
            power += f.exponent
        else:
            return None
    return Mul((Num(Fraction(1, power + 1)), Pow(var, power + 1)))

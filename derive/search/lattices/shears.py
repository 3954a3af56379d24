"""Shifts by products: sum_i sum_m w_{m - s i} x_m = sum_i sum_k w_k x_{s i + k} for a symbolic s.

Where an argument is not affine with rational coefficients no canonical form of all variables is
known; but one variable at a time may be shifted, until arguments are variables, first those of the
first function in order.
"""

from __future__ import annotations

from derive.binding import free
from derive.kernel.monomial import Monomial, rebuilt
from derive.polynomial import Scope, key, poly, to_term
from derive.search.match import affine
from derive.search.walk import Walk, depth, nest, summands
from derive.syntax import App, Term, Var, Z


def shears(walk: Walk) -> None:
    """Make arguments variables, in each sum with one that has a size times a variable."""
    for path, part in summands(walk.term):
        m = nest(part)
        variables = tuple(v for v, _ in m.binders)
        if any(ends or v.space != Z for v, ends in m.binders):
            continue
        if all(affine(a, variables, {}) for a in _arguments(m)):
            continue
        taken: set[Var] = set()
        for k in range(len(_arguments(m))):
            part = _sheared(walk, path, part, k, taken)
    walk.tidy()


def _arguments(m: Monomial) -> list[Term]:
    """The arguments of the functions of a nest, in the order of these."""
    functions = sorted((f for f in m.factors if isinstance(f, App)), key=lambda f: key(f.fn))
    return [a for f in functions for a in f.args if isinstance(a, Term)]


def _sheared(walk: Walk, path: tuple[int, ...], part: Term, k: int, taken: set[Var]) -> Term:
    """The part with a variable, none of those that are taken, as its k-th argument."""
    m = nest(part)
    argument, atoms = _arguments(m)[k], dict[str, Term]()
    p = poly(argument, Scope(atoms=atoms))
    for mono, c in p.items():
        var = atoms[mono[0][0]] if len(mono) == 1 and mono[0][1] == 1 else None
        at = next((n for n, (v, _) in enumerate(m.binders) if v == var), None)
        if at is None or not isinstance(var, Var) or abs(c) != 1 or var in taken:
            continue
        rest = to_term(p - poly(var).scaled(c), atoms)
        if var in free(rest):
            continue
        if argument == var:
            taken.add(var)
            return part
        order = (*m.binders[:at], *m.binders[at + 1 :], m.binders[at])
        target = rebuilt(Monomial(order, m.factors))
        if target != part:
            walk.do("rearrange", path, target=target)
        (new,) = walk.fresh(var)
        forward = new - rest if c == 1 else rest - new
        walk.do(
            "reindex", (*path, *depth(target, len(order) - 1)), variables=(new,),
            forward=(forward,), inverse=(argument,),
        )  # fmt: skip
        taken.add(new)
        return dict(summands(walk.term))[path]
    return part

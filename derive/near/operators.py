"""A sum or integral of f(z) g(x - z) or f(z) g(x + z), written with its operator.

May: recognise what an operator spells out.  Must not: change a value.  `find` calls it.
"""

from __future__ import annotations

from itertools import permutations

from derive.binding import free, fresh, names
from derive.definitions import convolution, cross_correlation
from derive.polynomial import equal
from derive.syntax import App, Fn, Mul, Sum, Term, Var


def as_operator(t: Term) -> App | None:
    """(f * g)(x), (f star g)(x) or one of them at -x, if its definition is `t`.

    >>> from derive.syntax import Z
    >>> f, g, a, x = Fn("f", (Z,), "finite"), Fn("g", (Z,), "finite"), Var("a", Z), Var("x", Z)
    >>> as_operator(Sum(a, (), f(a - x) * g(a)))
    (g ⋆ f)(−x)
    """
    if not isinstance(t, Sum) or t.bounds or not isinstance(t.body, Mul):
        return None
    functions = [s for s in free(t) if isinstance(s, Fn)]
    variables = [s for s in free(t) if isinstance(s, Var) and s.space == t.var.space]
    if len(functions) != 2 or len(variables) != 1:
        return None
    space, x = t.var.space, variables[0]
    if any(f.domain != (space,) for f in functions):
        return None
    z = Var(fresh("z", names(free(t))), space)
    for at in (x, -x):
        for f, g in permutations(sorted(functions, key=lambda s: s.name)):
            for operator, inside in ((convolution, at - z), (cross_correlation, at + z)):
                if equal(t, Sum(z, (), f(z) * g(inside))):
                    return operator(space)(f, g)(at)
    return None

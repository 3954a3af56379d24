"""Facts about layers that take a few explicit steps, since the general search does not find them.

Each function walks from the left side with the kernel's rules; witnesses for linear conditions
come from `derive.search.linear`, those with products of sizes are written out.
"""

from __future__ import annotations

from derive.kernel import Context, Theorem, at, qed
from derive.layers.positive import combination
from derive.layers.receptive import span_step
from derive.search.linear import witnesses
from derive.search.ranges.collapse import flatten
from derive.search.walk import Budget, Walk
from derive.syntax import (
    ONE,
    ZERO,
    And,
    Cond,
    Divides,
    Floor,
    Fn,
    Iverson,
    Lam,
    Mul,
    Not,
    Rel,
    Sum,
    Term,
    Var,
    Z,
)

STRIDE = Rel("<=", ONE, Var("s", Z))


def facts() -> dict[str, Theorem]:
    """All of them, by name."""
    return {
        "transposed-size": transposed_size(),
        "transposed-size-exactly": transposed_size_exactly(),
        "transposed-stuffed": transposed_stuffed(),
        "receptive-field": receptive_field(),
        "receptive-field-step": span_step(),
    }


def _outputs() -> tuple[Term, Var, Var, Var]:
    """How many outputs a convolution of an input of length (O-1)s - 2P + d(K-1) + 1 + r has."""
    K, s, d, P, O, r = (Var(n, Z) for n in "KsdPOr")
    length = (O - 1) * s - 2 * P + d * (K - 1) + 1 + r
    return Floor(length + 2 * P - d * (K - 1) - 1, s) + 1, s, O, r


def proved(walk: Walk, path: tuple[int, ...], goal: Cond) -> tuple[object, ...]:
    """Witnesses for a goal at a place."""
    _, context, _ = at(walk.term, path, Context(walk.equation.given))
    found = witnesses(context, goal)
    if found is None:
        raise ValueError(f"no witness for {goal!r}")
    return found


def transposed_size() -> Theorem:
    """An output padding 0 <= r < s gives O outputs back."""
    outputs, s, O, r = _outputs()
    given = (STRIDE, Rel("<=", ZERO, r), Rel("<", r, s))
    walk = Walk(given, outputs, Budget())
    walk.to((Floor((O - 1) * s + r, s)) + 1)
    a = (O - 1) * s + r
    goals = (STRIDE, Rel("<=", s * (O - 1), a), Rel("<=", a, s * (O - 1) + s - 1))
    proofs = tuple(w for goal in goals for w in proved(walk, (0,), goal))
    walk.do("floor_value", (0,), value=O - 1, witnesses=proofs)
    walk.to(O)
    return qed(walk.equation)


def transposed_size_exactly() -> Theorem:
    """[outputs = O] = [0 <= r][r < s]: no other output padding gives O outputs."""
    outputs, s, O, r = _outputs()
    walk = Walk((STRIDE,), Iverson(Rel("=", outputs, O)), Budget())
    walk.to(Iverson(Rel("=", Floor(r + s * (O - 1), s) + 1, O)))
    place: tuple[int, ...] = (0, 0, 0)
    walk.do("floor_shift", place, by=O - 1, witnesses=proved(walk, place, STRIDE))
    f = Floor(r, s)
    walk.to(Iverson(Rel("=", f, ZERO)))
    both = And((Rel("<=", ZERO, f), Not(Rel("<=", ONE, f))))
    equivalent(walk, (), Rel("=", f, ZERO), both)
    walk.to(Iverson(Rel("<=", ZERO, f)) * (1 - Iverson(Rel("<=", ONE, f))))
    for place in ((0,), (1, 1, 1)):
        walk.do("floor_bound", place, witnesses=proved(walk, place, STRIDE))
    walk.to(Iverson(Rel("<=", ZERO, r)) * Iverson(Not(Rel("<=", s, r))))
    equivalent(walk, (1,), Not(Rel("<=", s, r)), Rel("<", r, s))
    return qed(walk.equation)


def equivalent(walk: Walk, path: tuple[int, ...], old: Cond, new: Cond) -> None:
    """[old] = [new], each from the other."""
    _, context, _ = at(walk.term, path, Context(walk.equation.given))
    found = []
    for assumed, goal in ((old, new), (new, old)):
        proof = witnesses(Context((*context.conds, assumed)), goal)
        if proof is None:
            raise ValueError(f"no witness for {goal!r}")
        found.append(proof)
    walk.do("equivalent", path, cond=new, only_if=found[0], **{"if": found[1]})


def transposed_stuffed() -> Theorem:
    """The scattered sum of y is a convolution of y stuffed with zeros, u -> [s | u] y(u / s)."""
    i, a, m, s, d, p, u = (Var(n, Z) for n in "iamsdpu")
    w, y = Fn("w", (Z,), "finite"), Fn("y", (Z,), "finite")
    wide = Lam((u,), Iverson(Divides(s, u)) * y(Floor(u, s)))
    meets = Iverson(Rel("=", s * i + d * a - p, m))
    walk = Walk((STRIDE,), Sum(a, (), Sum(i, (), meets * y(i) * w(a))), Budget())
    walk.to(Sum(a, (), Sum(i, (), Mul((meets, y(i), w(a))))))
    walk.do("collapse", (0,), index=0, stride=s, witnesses=proved(walk, (0,), STRIDE))
    walk.to(Sum(a, (), w(a) * (Iverson(Divides(s, m + p - d * a)) * y(Floor(m + p - d * a, s)))))
    walk.undo("unfold", (0, 1), Sum(a, (), w(a) * wide(m + p - d * a)))
    return qed(walk.equation)


def receptive_field() -> Theorem:
    """The kernel of two layers is 0 outside of 0 .. d_1 (K_1 - 1) + s_1 d_2 (K_2 - 1)."""
    a, b, c = (Var(v, Z) for v in "abc")
    s1, d1, d2, k1, k2 = (Var(v, Z) for v in ("s_1", "d_1", "d_2", "K_1", "K_2"))
    w, v = (Fn(n, (Z,), "finite", ((ZERO, k - 1),), "index") for n, k in (("w", k1), ("v", k2)))
    meets = Iverson(Rel("=", s1 * d2 * b + d1 * a, c))
    inner, outer = (ZERO, k1 - 1), (ZERO, k2 - 1)
    kernel = Sum(b, outer, Sum(a, inner, Mul((meets, v(b), w(a)))))
    given = tuple(Rel("<=", ONE, size) for size in (s1, d1, d2))
    reach = d1 * (k1 - 1) + s1 * d2 * (k2 - 1)
    walk = Walk(given, kernel, Budget())
    place = (2, 2, 2)  # the factor w(a), below both sums
    seen = And((Rel("<=", ZERO, c), Rel("<=", c, reach)))
    _, context, _ = at(walk.term, place, Context(given))
    low = combination(context, c, (d1, a), (s1, d2, b))
    high = combination(context, reach - c, (d1, k1 - 1 - a), (s1, d2, k2 - 1 - b))
    walk.do("bracket", place, cond=seen, witnesses=(low, high))
    flatten(walk)
    inside = Iverson(Rel("<=", ZERO, c)) * Iverson(Rel("<=", c, reach))
    walk.to(inside * kernel, "rearrange")
    return qed(walk.equation)

"""What is known of floors and of quotients, written beside a term as brackets that hold.

q = floor(a / s) says s q <= a <= s q + s - 1; where s divides a, also a = s q.  As brackets these
are at hand wherever a condition has to be proved, so that identities between floors follow from
linear inequalities (with a symbolic s: from products of two).
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from operator import eq

from derive.binding import free, names
from derive.kernel import Context, at
from derive.polynomial import Poly, Scope, key, poly, to_term
from derive.search.linear import witnesses
from derive.search.walk import (
    Unproved,
    Walk,
    all_names,
    depth,
    factors_of,
    nest,
    places,
    summands,
    without,
)
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    Cond,
    Div,
    Divides,
    Floor,
    Iverson,
    Mul,
    Node,
    Not,
    Num,
    Rel,
    Term,
    Var,
    space_of,
)

MOST_FLOORS = 8


def equate(walk: Walk, path: tuple[int, ...], cond: Cond) -> bool:
    """[P] = [cond] for the bracket at `path`, if each is seen to imply the other there."""
    node, context, _ = at(walk.term, path, Context(walk.equation.given))
    assert isinstance(node, Iverson)  # noqa: S101 - the caller has looked
    only_if = witnesses(Context((*context.conds, node.cond)), cond)
    if_ = witnesses(Context((*context.conds, cond)), node.cond)
    if only_if is None or if_ is None:
        return False
    walk.do("equivalent", path, cond=cond, only_if=only_if, **{"if": if_})
    return True


def grant(walk: Walk) -> None:
    """Put what is known of the floors, and of what is divisible, in front of the whole term."""
    divisible = list(_divisible(walk))
    for s, n in divisible:
        _divided(walk, s, n)
    _whole(walk)
    if not poly(walk.term):
        return
    found: dict[str, Floor] = {key(Floor(n, s)): Floor(n, s) for s, n in divisible}
    inner = all_names(walk.term)
    for _, node in places(walk.term, lambda n: isinstance(n, Floor)):
        if isinstance(node, Floor) and not names(free(node)) & inner:
            found.setdefault(key(node), node)
    for floor in list(found.values())[:MOST_FLOORS]:
        _between(walk, floor)
        _positive(walk, floor)
    for s, n in divisible:
        _equal(walk, s, n)


def _divisible(walk: Walk) -> list[tuple[Term, Term]]:
    """(s, n) for each hypothesis that s divides n with s >= 1."""
    context = Context(walk.equation.given)
    out = []
    for cond in context.flat():
        if isinstance(cond, Divides) and space_of(cond.term).dim == ONE:
            if witnesses(context, Rel("<=", ONE, cond.divisor)) is not None:
                out.append((cond.divisor, cond.term))
    return out


def _between(walk: Walk, floor: Floor) -> None:
    """t = [s q <= a][a <= s q + s - 1] t for q = floor(a / s), s >= 1."""
    context = Context(walk.equation.given)
    positive = witnesses(context, Rel("<=", ONE, floor.den))
    if positive is None or poly(floor.den).constant() == 1:
        return
    t, more = walk.term, floor + ONE
    above = Mul((Num(Fraction(-1)), Iverson(Rel("<=", more, floor))))
    walk.to(Mul((Iverson(Rel("<=", floor, floor)), Add((ONE, above)), t)))
    walk.do("floor_bound", (0,), witnesses=positive)
    _, there, _ = at(walk.term, (1, 1, 1), context)
    again = witnesses(there, Rel("<=", ONE, floor.den)) or ()
    walk.do("floor_bound", (1, 1, 1), witnesses=again)
    low = walk.term.children()[0]
    too_high = walk.term.children()[1].children()[1].children()[1].cond  # type: ignore[attr-defined]
    walk.to(Mul((low, Iverson(Not(too_high)), t)))  # type: ignore[arg-type]
    equate(walk, (1,), Rel("<=", floor.num, floor.den * floor + floor.den - ONE))


def _positive(walk: Walk, floor: Floor) -> None:
    """t = [0 <= floor(a / s)] t where 0 <= a: from 0 <= s q + s - 1 it does not follow over Q."""
    below = Rel("<=", floor.den * ZERO, floor.num)
    proof = witnesses(Context(walk.equation.given), below)
    earlier = Mul((Iverson(Rel("<=", ZERO, floor)), *factors_of(walk.term)))
    _, context, _ = at(earlier, (0,), Context(walk.equation.given))
    positive = witnesses(context, Rel("<=", ONE, floor.den))
    if proof is None or positive is None or poly(floor.den).constant() == 1:
        return
    walk.do("bracket", cond=below, witnesses=proof)
    walk.undo("floor_bound", (0,), earlier, witnesses=positive)


def _equal(walk: Walk, s: Term, n: Term) -> None:
    """t = [n = s floor(n / s)] t where s divides n."""
    walk.to(Mul((Iverson(Rel("=", n, n)), walk.term)))
    _, context, _ = at(walk.term, (0, 0, 1), Context(walk.equation.given))
    walk.do(
        "residue_value", (0, 0, 1), modulus=s, remainder=ZERO, witnesses=_residue(context, s)
    )


def _residue(context: Context, s: Term) -> tuple[object, ...]:
    """Witnesses for 1 <= s, 0 <= 0 and 0 <= s - 1."""
    out: list[object] = []
    for goal in (Rel("<=", ONE, s), Rel("<=", ZERO, ZERO), Rel("<=", ZERO, s - ONE)):
        out += witnesses(context, goal) or ()
    return tuple(out)


def _divided(walk: Walk, s: Term, n: Term) -> None:
    """(c n + s d) / s = c floor(n / s) + d in each quotient, where s divides n."""
    target = poly(s)

    def over(node: Node) -> bool:
        return isinstance(node, Div) and poly(node.den) == target and _parts(node, n) is not None

    while found := next(places(walk.term, over), None):
        path, node = found
        assert isinstance(node, Div)  # noqa: S101 - `over` has looked
        times, rest = _parts(node, n) or (ONE, ZERO)
        _, _, put = at(walk.term, path, Context(()))
        walk.to(put(Div(Add((Mul((times, n)), Mul((rest, node.den)))), node.den)))  # type: ignore[arg-type]
        _, context, _ = at(walk.term, (*path, 0, 0, 1), Context(walk.equation.given))
        walk.do(
            "residue_value", (*path, 0, 0, 1), modulus=s, remainder=ZERO,
            witnesses=_residue(context, s),
        )  # fmt: skip
        node, context, _ = at(walk.term, path, Context(walk.equation.given))
        walk.do(
            "cancel", path, target=Add((Mul((times, Floor(n, s))), rest)), sign=1,
            witnesses=witnesses(context, Rel("<", ZERO, node.den)),  # type: ignore[attr-defined]
        )  # fmt: skip
        walk.tidy()


def _whole(walk: Walk) -> None:
    """(s q + r) / s = q + r / s, where s > 0."""

    def over(node: Node) -> bool:
        return isinstance(node, Div) and _multiples(node) is not None

    while found := next(places(walk.term, over), None):
        path, node = found
        assert isinstance(node, Div)  # noqa: S101 - `over` has looked
        _, context, put = at(walk.term, path, Context(walk.equation.given))
        q, rest = _multiples(node) or (ZERO, ZERO)
        if witnesses(context, Rel("<", ZERO, node.den)) is None:
            return
        walk.to(put(Add((Div(Mul((q, node.den)), node.den), Div(rest, node.den)))))  # type: ignore[arg-type]
        _, context, _ = at(walk.term, (*path, 0), context)
        proof = witnesses(context, Rel("<", ZERO, node.den))
        walk.do("cancel", (*path, 0), target=q, sign=1, witnesses=proof)
        walk.tidy()


def _multiples(node: Div) -> tuple[Term, Term] | None:
    """(q, r) with numerator = q denominator + r and q not 0, for a denominator with a letter."""
    atoms: dict[str, Term] = {}
    den, num = poly(node.den, Scope(atoms=atoms)), poly(node.num, Scope(atoms=atoms))
    if len(den) != 1 or den.constant() is not None:
        return None
    q = {m: d for m, c in num.items() if (d := quotient(Poly({m: c}), den)) is not None}
    if not q:
        return None
    rest = Poly({m: c for m, c in num.items() if m not in q})
    return to_term(sum(q.values(), Poly()), atoms), to_term(rest, atoms)


def cancel(walk: Walk) -> None:
    """n (x / n) = x in the products of sums, where n > 0."""
    while any(_cancelled(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()
        walk.flatten()


def _cancelled(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    inner = (*path, *depth(part, len(m.binders)))
    for over in m.factors:
        if not isinstance(over, Div) or poly(over.den).constant() is not None:
            continue
        same = next((f for f in without(m.factors, over) if key(f) == key(over.den)), None)
        if same is None:
            continue
        others = without(m.factors, over, same)
        put = at(walk.term, inner, Context(()))[2]
        walk.to(put(Mul((*others, Div(Mul((over.num, over.den)), over.den)))))  # type: ignore[arg-type]
        place = (*inner, len(others))
        _, context, _ = at(walk.term, place, Context(walk.equation.given))
        proof = witnesses(context, Rel("<", ZERO, over.den))
        if proof is None:
            raise Unproved("a quotient by what may be 0")
        walk.do("cancel", place, target=over.num, sign=1, witnesses=proof)
        return True
    return False


def settle(walk: Walk) -> None:
    """m floor((v + e) / m) - e for a variable v, wherever a literal m divides v + e."""
    for s, n in _divisible(walk):
        atoms: dict[str, Term] = {}
        p = poly(n, Scope(atoms=atoms))
        alone = (atoms[m[0][0]] for m, c in p.items() if c == 1 and len(m) == 1 and m[0][1] == 1)
        var = next((a for a in alone if isinstance(a, Var)), None)
        if poly(s).constant() is None or var is None:
            continue
        rest = to_term(p - poly(var), atoms)
        if var in free(rest):
            continue
        for path, _ in list(places(walk.term, partial(eq, var))):
            put = at(walk.term, path, Context(()))[2]
            walk.to(put(Add((n, Mul((Num(Fraction(-1)), rest))))))  # type: ignore[arg-type]
            walk.do("residue_value", (*path, 0), modulus=s, remainder=ZERO, witnesses=())
        walk.tidy()


def _parts(node: Div, n: Term) -> tuple[Term, Term] | None:
    """(c, d) with numerator = c n + denominator d, for an integer c and a term d."""
    atoms: dict[str, Term] = {}
    den, num = poly(node.den, Scope(atoms=atoms)), poly(node.num, Scope(atoms=atoms))
    of = poly(n, Scope(atoms=atoms))
    lead = max(of, key=lambda m: (len(m), m), default=None)
    if lead is None or len(den) != 1:
        return None
    for c in {Fraction(0), num.get(lead, Fraction(0)) / of[lead]}:
        rest = num - of.scaled(c)
        d = quotient(rest, den)
        if c and c.denominator == 1 and d is not None:
            return Num(c), to_term(d, atoms)
    return None


def quotient(num: Poly, den: Poly) -> Poly | None:
    """num / den for a single term den, if every term is a multiple of it."""
    ((shape, k),) = den.items()
    out = Poly()
    for mono, c in num.items():
        powers = dict(mono)
        if not all(powers.get(a, 0) >= e for a, e in shape):
            return None
        for a, e in shape:
            powers[a] -= e
        out[tuple(sorted((a, e) for a, e in powers.items() if e))] = c / k
    return out

"""Brackets that are equations: beside [a = b] each term may stand with b for a."""

from __future__ import annotations

from fractions import Fraction

from derive.binding import free
from derive.kernel import Context, at
from derive.kernel.entail import known
from derive.polynomial import Poly, Scope, poly, to_term
from derive.search.linear import witnesses
from derive.search.walk import Walk, depth, nest, places, summands
from derive.syntax import ZERO, Cond, Iverson, Rel, Term, Var, space_of


def put_in(walk: Walk) -> None:
    """The last free variable in each such bracket, put into what stands beside it."""
    while any(_put_in(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()


def _put_in(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    if len(m.factors) < 2:
        return False
    inner = (*path, *depth(part, len(m.binders)))
    bound = {v for v, _ in m.binders}
    for bracket in m.factors:
        found = _solved(bracket, bound)
        if found is None:
            continue
        var, value = found
        for k, factor in enumerate(m.factors):
            for spot, _ in places(factor, lambda n, v=var: n == v) if factor != bracket else ():
                place = (*inner, k, *spot)
                _, context, _ = at(walk.term, place, Context(walk.equation.given))
                proof = witnesses(context, Rel("=", var, value))
                if proof is None:
                    continue
                walk.do("same", place, target=value, witnesses=proof)
                return True
    return False


def given_in(walk: Walk) -> bool:
    """What the hypotheses say to be equal, the last variable of each such equation put in."""
    start, context = walk.equation, Context(walk.equation.given)
    facts = [fact for fact, _ in known(context)]
    for k, fact in enumerate(facts):  # p >= 0 and -p >= 0
        if fact and fact.scaled(Fraction(-1)) in facts[k + 1 :]:
            atoms = {a: t for cond in context.flat() for a, t in _atoms(cond).items()}
            if atoms.keys() >= {a for mono in fact for a, _ in mono}:
                found = _solved(Iverson(Rel("=", to_term(fact, atoms), ZERO)), set())
                while found and _one(walk, *found):
                    pass
    return walk.equation is not start


def _atoms(cond: Cond) -> dict[str, Term]:
    atoms: dict[str, Term] = {}
    if isinstance(cond, Rel):
        poly(cond.lhs - cond.rhs, Scope(atoms=atoms))
    return atoms


def _one(walk: Walk, var: Var, value: Term) -> bool:
    for place, _ in places(walk.term, lambda n: n == var):
        _, context, _ = at(walk.term, place, Context(walk.equation.given))
        proof = witnesses(context, Rel("=", var, value))
        if proof is not None:
            walk.do("same", place, target=value, witnesses=proof)
            return True
    return False


def _solved(bracket: Term, bound: set[Var]) -> tuple[Var, Term] | None:
    """(v, e) for a bracket that says v = e, v the last in order of its free variables."""
    if not isinstance(bracket, Iverson) or not isinstance(bracket.cond, Rel):
        return None
    if bracket.cond.op != "=":
        return None
    atoms: dict[str, Term] = {}
    gap = poly(bracket.cond.lhs - bracket.cond.rhs, Scope(atoms=atoms))
    if any(free(a) & bound for a in atoms.values()):
        return None
    out = []
    for mono, c in gap.items():
        var = atoms[mono[0][0]] if len(mono) == 1 and mono[0][1] == 1 else None
        value = to_term(Poly({m: -k / c for m, k in gap.items() if m != mono}), atoms)
        if not isinstance(var, Var) or var in free(value):
            continue
        if space_of(value) != var.space:  # a number that stands for a vector
            value = value + ZERO * var
        if space_of(value) == var.space:
            out.append((var, value))
    return max(out, key=lambda pair: pair[0].name, default=None)

"""Ranges as brackets, the ranges of tensors, and brackets that others imply."""

from __future__ import annotations

from dataclasses import fields, replace
from math import prod
from typing import Any

from derive.kernel import Context, at
from derive.kernel.brackets import support
from derive.kernel.monomial import unfolded
from derive.polynomial import Poly, Scope, indicator, key, poly, to_term
from derive.search.linear import absurdity, witnesses
from derive.search.walk import Walk, depth, factors_of, nest, places, product_of, summands, without
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    And,
    App,
    Floor,
    Fn,
    Iverson,
    Mul,
    Node,
    Not,
    Partial,
    Rel,
    Sum,
    Term,
    Z,
    join,
    space_of,
)

MOST_WRITTEN_OUT = 8
MOST_TERMS = 64


def expand(walk: Walk) -> None:
    """Write out sums over short literal ranges: sum_{p=0}^{1} F(p) = F(0) + F(1).

    Longer ones too where few terms come of it: a side that has them written out has to be met.
    """
    for path, part in summands(walk.term):
        most = MOST_TERMS if _written_out(part) <= MOST_TERMS else MOST_WRITTEN_OUT

        def short(n: Node, most: int = most) -> bool:
            return isinstance(n, Sum) and 0 <= _length(n) <= most

        while found := next(places(at(walk.term, path, Context(()))[0], short), None):
            walk.do("expand_range", (*path, *found[0]))
    walk.tidy()


def _length(s: Sum) -> int:
    """How many terms a sum between literal bounds has; -1 for other sums."""
    if not s.bounds or s.var.space != Z:
        return -1
    lo, hi = (poly(end).constant() for end in s.bounds)
    return -1 if lo is None or hi is None else max(int(hi - lo) + 1, 0)


def _written_out(n: Node) -> int:
    """How many terms come of a node when its literal ranges are written out."""
    inside = [_written_out(part) for part in n.children()]
    if isinstance(n, Sum):
        return max(_length(n), 1) * max(inside, default=1)
    return prod(inside) if isinstance(n, Mul) else max(inside, default=1)


def brackets(walk: Walk) -> None:
    """Write ranges as brackets, and give each entry of a tensor the brackets of its range."""

    def ranged(n: Node) -> bool:
        return isinstance(n, Sum) and bool(n.bounds) and n.var.space.kind == "Z"

    while found := next(places(walk.term, ranged), None):
        walk.do("range_as_bracket", found[0])
    walk.to(weak(walk.term))
    walk.tidy()
    saturate(walk)


def weak(t: Any) -> Any:
    """a < b between integers as a + 1 <= b."""
    if isinstance(t, tuple):
        return tuple(weak(part) for part in t)
    if not isinstance(t, Node) or not any(isinstance(n, Rel) for _, n in places(t, _relation)):
        return t
    if isinstance(t, Rel):
        whole = t.op == "<" and join(space_of(t.lhs), space_of(t.rhs)).kind == "Z"
        return Rel("<=", t.lhs + ONE, t.rhs) if whole else t
    return replace(t, **{f.name: weak(getattr(t, f.name)) for f in fields(t)})  # type: ignore[type-var,arg-type]


def _relation(n: Node) -> bool:
    return isinstance(n, Rel)


def saturate(walk: Walk) -> None:
    """x(m) = [m in range] x(m) for all entries of tensors among the factors."""
    for path, part in summands(walk.term):
        m = nest(part)
        inner = (*path, *depth(part, len(m.binders)))
        for factor in m.factors:
            if not (isinstance(factor, App) and _ranged(factor)):
                continue
            target = (*inner, m.factors.index(factor)) if len(m.factors) > 1 else inner
            node, _, _ = at(walk.term, target, Context(()))
            if node == factor:
                walk.do("support", target)
    walk.tidy()


def absorb(walk: Walk) -> None:
    """[m in range] x(m) = x(m): drop brackets that only repeat the range of a tensor."""
    while any(_absorb(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()


def _absorb(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    inner = (*path, *depth(part, len(m.binders)))
    present = {key(f): f for f in m.factors if isinstance(f, Iverson)}
    for factor in m.factors:
        entry = unfolded(factor)
        if not (isinstance(entry, App) and _ranged(entry)):
            continue
        needed = support(Context(()), entry, {}).factors[:-1]  # type: ignore[attr-defined]
        trivial = [n for n in needed if indicator(n.cond).constant() == 1]
        if not len(trivial) < len(needed) or not all(
            n in trivial or key(n) in present for n in needed
        ):
            continue
        implied = {key(n) for n in needed}
        others = [f for f in without(m.factors, factor) if key(f) not in implied]
        _, _, put = at(walk.term, inner, Context(()))
        together = put(Mul((*others, Mul((*needed, entry)))))
        if entry is not factor:
            k = m.factors.index(factor)
            shown = (*m.factors[:k], entry, *m.factors[k + 1 :])
            walk.to(put(product_of(shown)), "rearrange")  # type: ignore[arg-type]
        walk.to(together)  # type: ignore[arg-type]
        apart = put(Mul((*others, entry)))
        walk.undo("support", (*inner, len(others)), apart)  # type: ignore[arg-type]
        return True
    return False


def _ranged(factor: App) -> bool:
    fn = factor.fn.fn if isinstance(factor.fn, Partial) else factor.fn
    return isinstance(fn, Fn) and fn.box is not None and (fn is not factor.fn or _entries(fn))


def _entries(fn: Fn) -> bool:
    return len(fn.box or ()) == len(fn.domain) and all(hasattr(s, "kind") for s in fn.domain)


def implied(walk: Walk) -> None:
    """Drop brackets that the others and the hypotheses imply, and terms that contradict."""
    while any(_absurd(walk, (*p, *depth(t, len(nest(t).binders)))) for p, t in summands(walk.term)):
        walk.tidy()
    known(walk)


def _absurd(walk: Walk, path: tuple[int, ...]) -> bool:
    node, context, _ = at(walk.term, path, Context(walk.equation.given))
    if not any(isinstance(f, Iverson) for f in factors_of(node)) or node == ZERO:
        return False
    inner = (
        context.beside(node, -1)
        if isinstance(node, Mul)
        else Context((*context.conds, node.cond), context.binders)
    )  # type: ignore[attr-defined]
    found = absurdity(inner)
    if found is None:
        return False
    walk.do("absurd", path, witnesses=(found,))
    return True


def known(walk: Walk) -> None:
    """[P] = 1 wherever P follows from what holds at its place."""
    while _known(walk):
        walk.tidy()


def _known(walk: Walk) -> bool:
    found = [
        (key(n.cond), path, n.cond)
        for path, n in places(walk.term, lambda n: isinstance(n, Iverson))
        if isinstance(n, Iverson) and isinstance(n.cond, Rel) and n.cond.op != "="
    ]
    for _, path, cond in sorted(found, key=lambda f: f[0]):
        _, context, _ = at(walk.term, path, Context(walk.equation.given))
        proof = witnesses(context, cond)
        if proof is not None:
            walk.do("equivalent", path, cond=And(()), only_if=(), **{"if": proof})
            return True
        if _below_floor(walk, path, cond, context):
            return True
    return any(_denied(walk, p, n) for p, n in places(walk.term, lambda n: isinstance(n, Iverson)))


def _denied(walk: Walk, path: tuple[int, ...], t: Node) -> bool:
    """[not P] = 1 - [P], where P follows from what holds there."""
    cond = t.cond.cond if isinstance(t, Iverson) and isinstance(t.cond, Not) else None
    parts = cond.conds if isinstance(cond, And) else (cond,)
    _, context, put = at(walk.term, path, Context(walk.equation.given))
    if not all(isinstance(c, Rel) and c.op != "=" and witnesses(context, c) for c in parts):
        return False
    walk.to(put(Add((ONE, -Iverson(cond)))))  # type: ignore[arg-type]
    return True


def _below_floor(walk: Walk, path: tuple[int, ...], cond: Rel, context: Context) -> bool:
    """[q <= floor(a / s)] = [s q <= a], where that follows from what is known."""
    atoms: dict[str, Term] = {}
    p = poly(cond.rhs - cond.lhs, Scope(atoms=atoms))
    for mono, c in p.items():
        floor = atoms[mono[0][0]] if len(mono) == 1 and mono[0][1] == 1 else None
        if c != 1 or not isinstance(floor, Floor):
            continue
        q = to_term(Poly({m: -k for m, k in p.items() if m != mono}), atoms)
        positive = witnesses(context, Rel("<=", ONE, floor.den))
        proof = witnesses(context, Rel("<=", floor.den * q, floor.num))
        if positive is None or proof is None:
            continue
        _, _, put = at(walk.term, path, Context(()))
        walk.to(put(Iverson(Rel("<=", q, floor))))  # type: ignore[arg-type]
        walk.do("floor_bound", path, witnesses=positive)
        walk.do("equivalent", path, cond=And(()), only_if=(), **{"if": proof})
        return True
    return False

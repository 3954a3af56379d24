"""Maxima and absolute values in brackets and indices, as in sum_{i=max(0,k-n)}^{min(k,n)} x_{|i|}:
one case each.

Beside [a <= b] the larger of a and b is b, beside [b < a] it is a.
"""

from __future__ import annotations

from derive.binding import free
from derive.kernel import Context, at
from derive.kernel.entail import known
from derive.polynomial import key
from derive.search.integers.floors import equate
from derive.search.linear import contradiction, witnesses
from derive.search.walk import Walk, depth, nest, places, summands
from derive.syntax import ONE, Abs, And, App, Function, Iverson, Max, Mul, Node, Rel, Term, space_of


def extremes(walk: Walk) -> None:
    """Take maxima and absolute values out of the brackets and indices of each sum."""
    while any(_known(walk, path, node) for path, node in places(walk.term, _extremal)):
        pass
    while any(_extreme(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()
        walk.flatten()


def _extremal(node: object) -> bool:
    return isinstance(node, Abs | Max)


def _known(walk: Walk, path: tuple[int, ...], node: Node) -> bool:
    """The larger of a and b, or |a|, where the larger is known: one of the two."""
    _, context, put = at(walk.term, path, Context(walk.equation.given))
    assert isinstance(node, Abs | Max)  # noqa: S101 - the caller has looked
    if space_of(node).dim != ONE:
        return False
    one, other = (node.left, node.right) if isinstance(node, Max) else (node.arg, -node.arg)
    for low, high in ((one, other), (other, one)):
        if witnesses(context, Rel("<=", low, high)) is not None:
            if isinstance(node, Abs):
                walk.do("absolute", path)
            walk.to(put(Max(low, high)))  # type: ignore[arg-type]
            _chosen(walk, path)
            return True
    return False


def _extreme(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    for factor in m.factors:
        if not isinstance(factor, Iverson | App):
            continue
        for spot, node in places(factor, _extremal):
            if space_of(node).dim != ONE or not free(node) <= free(factor):  # type: ignore[arg-type]
                continue
            if isinstance(factor, App) and any(isinstance(s, Function) for s in free(node)):
                continue
            inner = (*path, *depth(part, len(m.binders)))
            if isinstance(node, Abs):
                k = (m.factors.index(factor),) if len(m.factors) > 1 else ()
                walk.do("absolute", (*inner, *k, *spot))
            else:
                _cases(walk, inner, node)  # type: ignore[arg-type]
            return True
    return False


def _cases(walk: Walk, path: tuple[int, ...], largest: Max) -> None:
    walk.do("case", path, cond=Rel("<=", largest.left, largest.right))
    equate(walk, (*path, 1, 0), Rel("<", largest.right, largest.left))
    wanted = key(largest)
    for k in (0, 1):
        place = (*path, k)
        copy = at(walk.term, place, Context(()))[0]
        flat = Mul((copy.factors[0], *_factors(copy.factors[1])))  # type: ignore[attr-defined]
        walk.to(at(walk.term, place, Context(()))[2](flat))  # type: ignore[arg-type]
        while found := next(
            (
                p
                for p, n in places(
                    at(walk.term, place, Context(()))[0],
                    lambda n: isinstance(n, Max) and key(n) == wanted,
                )
            ),
            None,
        ):
            _chosen(walk, (*place, *found))


def _factors(t: Term) -> tuple[Term, ...]:
    return t.factors if isinstance(t, Mul) else (t,)


def _chosen(walk: Walk, path: tuple[int, ...]) -> None:
    """max(a, b) at `path` is one of the two there."""
    walk.do("maximum", path)
    sides = []
    for k in (0, 1):
        spot = (*path, k, 1)
        node, context, _ = at(walk.term, spot, Context(walk.equation.given))
        assert isinstance(node, Iverson)  # noqa: S101 - as `maximum` writes it
        proof = witnesses(context, node.cond)
        if proof is not None:
            walk.do("equivalent", spot, cond=And(()), only_if=(), **{"if": proof})
            sides.append(k)
        else:
            clash = contradiction(known(Context((*context.conds, node.cond))))
            if clash is not None:
                walk.do("absurd", spot, witnesses=(clash,))
    if len(sides) == 1:
        node, _, put = at(walk.term, path, Context(()))
        walk.to(put(node.children()[sides[0]].children()[0]))  # type: ignore[arg-type]


"""Definitions and derivatives: what a statement abbreviates, written out, and names put back."""

from __future__ import annotations

from dataclasses import replace

from derive.binding import free, names, substitute
from derive.kernel import Context, at
from derive.kernel.monomial import unfolded
from derive.polynomial import key
from derive.search.ranges.brackets import known
from derive.search.walk import Walk, factors_of, places, stands_for
from derive.syntax import (
    App,
    Diff,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Node,
    Op,
    Sum,
    Term,
)


def unfold(walk: Walk) -> None:
    """Replace defined functions by their definitions, but those that are kept."""
    kept = {key(op) for op in walk.kept}

    def wanted(n: Node) -> bool:
        return isinstance(n, App) and isinstance(n.fn, Op | Lam) and key(n.fn) not in kept

    while found := next(places(walk.term, wanted), None):
        walk.do("unfold", found[0])


def fold(walk: Walk) -> None:
    """Put a name such as delta_i back for what it stands for."""
    for op in walk.kept:

        def stands(n: Node, op: Op = op) -> bool:
            return stands_for(n, op) is not None

        while found := next(places(walk.term, stands), None):
            path, node = found
            named = op(*(stands_for(node, op) or ()))
            _, _, put = at(walk.term, path, Context(()))
            walk.to(put(unfolded(named)))  # type: ignore[arg-type]
            walk.undo("unfold", path, put(named))  # type: ignore[arg-type]


def derive(walk: Walk) -> None:
    """Carry out the derivatives, innermost first: under the sums, then by the rules."""
    while found := next(places(walk.term, lambda n: isinstance(n, Diff | DiffEntry)), None):
        path, node = found
        if isinstance(node.body, Sum) and not _moving(node):  # type: ignore[union-attr]
            _apart(walk, path, node)  # type: ignore[arg-type]
            walk.do("under_sign", path)
        elif isinstance(node, DiffEntry) and _is_loss(node.body):
            walk.do("chain_rule", path)
            fold(walk)
        else:
            walk.do("differentiate", path)
            walk.tidy()
            known(walk)
    walk.tidy()


def _apart(walk: Walk, path: tuple[int, ...], node: Diff | DiffEntry) -> None:
    """Rename the bound variable of a sum if the entry or point of the derivative has its name."""
    total = node.body
    assert isinstance(total, Sum)  # noqa: S101 - the caller has looked
    where = node.entry if isinstance(node, DiffEntry) else (node.var, node.at)
    if total.var.name in names(frozenset().union(*map(free, where))):
        (new,) = walk.fresh(total.var)
        renamed = Sum(new, total.bounds, substitute(total.body, {total.var: new}))
        _, _, put = at(walk.term, path, Context(()))
        walk.to(put(replace(node, body=renamed)))  # type: ignore[arg-type]


def _moving(t: Node) -> bool:
    """Whether a derivative meets an integral whose ends move: Leibniz's rule, in one step."""
    if not isinstance(t, Diff) or not isinstance(t.body, Sum):
        return False
    brackets = [f for f in factors_of(t.body.body) if isinstance(f, Iverson)]
    return any(t.var in free(part) for part in (*t.body.bounds, *brackets))


def _is_loss(t: Term) -> bool:
    return isinstance(t, App) and isinstance(t.fn, Fn) and isinstance(t.args[0], Lam)

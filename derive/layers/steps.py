"""Steps that a gradient needs besides the general search's: each asks the kernel through `Walk`.

`differentiated`: the chain rule, then under the sums, renaming a sum's letter where the entry has
the same.  `absorbed`: brackets that a tensor's range repeats.  `activated`: delta_i for the
product of the loss's derivative and the activation's.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.binding import free, names, substitute
from derive.kernel import RULES, Context, at
from derive.kernel.monomial import Monomial, beta, rebuilt, unfolded
from derive.polynomial import equal, key, poly
from derive.search.ranges.brackets import known
from derive.search.ranges.collapse import collapse_by
from derive.search.unfold import fold
from derive.search.walk import (
    Walk,
    depth,
    nest,
    places,
    summands,
    together,
    without,
)
from derive.syntax import (
    App,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Mul,
    Op,
    Partial,
    Rel,
    Signature,
    Sum,
    Term,
)


def differentiated(walk: Walk) -> None:
    """Carry out all derivatives by entries."""
    while found := next(places(walk.term, lambda n: isinstance(n, DiffEntry)), None):
        path, node = found
        if not isinstance(node, DiffEntry):
            return
        body = node.body
        if isinstance(body, App) and isinstance(body.fn, Fn) and isinstance(body.args[0], Lam):
            walk.do("chain_rule", path)
            fold(walk)
        elif isinstance(body, Sum):
            if body.var.name in names(frozenset().union(*map(free, node.entry))):
                (new,) = walk.fresh(body.var)
                below = (*path, len(node.entry))
                walk.do("reindex", below, variables=(new,), forward=(new,), inverse=(body.var,))
            walk.do("under_sign", path)
        else:
            walk.do("differentiate", path)
            walk.tidy()
            known(walk)
    walk.tidy()


def collapsed(walk: Walk) -> None:
    """Multiply out, and sum_v [v = e] F(v) = F(e) where v is the bracket's only bound letter."""
    walk.flatten()
    while _collapsed(walk):
        walk.tidy()
        walk.flatten()


def _collapsed(walk: Walk) -> bool:
    for path, part, m, bracket in equations(walk.term):
        inside = [k for k, (v, _) in enumerate(m.binders) if v in free(bracket)]
        if len(inside) != 1:
            continue
        (k,) = inside
        var = m.binders[k][0]
        if any(var in free(end) for _, ends in m.binders for end in ends):
            continue
        gap = poly(substitute(bracket.cond, {var: var + 1}).lhs - bracket.cond.lhs)  # type: ignore[attr-defined]
        if (gap.constant() or 0) not in (1, -1):
            other = poly(substitute(bracket.cond, {var: var + 1}).rhs - bracket.cond.rhs)  # type: ignore[attr-defined]
            if gap or (other.constant() or 0) not in (1, -1):
                continue
        collapse_by(walk, path, part, k, bracket)
        return True
    return False


def absorbed(walk: Walk) -> None:
    """[lo <= m] x(m) = x(m) where lo is the lower end of the tensor's range, and so on."""
    while any(_absorbed(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()


def _absorbed(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    inner = (*path, *depth(part, len(m.binders)))
    node, _, put = at(walk.term, inner, Context(()))
    if not isinstance(node, Mul):
        return False
    factors = node.factors
    for factor in factors:
        entry = unfolded(factor)
        if not isinstance(entry, App) or not _ranged(entry):
            continue
        needed = RULES["support"](Context(()), entry, {}).factors[:-1]  # type: ignore[attr-defined]
        keys = {key(n) for n in needed}
        others = [f for f in without(factors, factor) if key(f) not in keys]
        if len(others) + 1 == len(factors):
            continue
        position = len(others)
        shown = Mul((*others, entry)) if others else entry
        k = factors.index(factor)
        whole = put(Mul((*factors[:k], entry, *factors[k + 1 :])))
        if whole != walk.term:
            walk.to(whole, "rearrange")  # type: ignore[arg-type]
        walk.do("support", (*inner, k))
        expanded = Mul((*others, Mul((*needed, entry)))) if others else Mul((*needed, entry))
        walk.to(put(expanded))  # type: ignore[arg-type]
        place = (*inner, position) if others else inner
        walk.undo("support", place, put(shown))  # type: ignore[arg-type]
        fold(walk)
        return True
    return False


def _ranged(entry: App) -> bool:
    fn = entry.fn.fn if isinstance(entry.fn, Partial) else entry.fn
    if not isinstance(fn, Fn) or fn.box is None:
        return False
    loss = any(isinstance(s, Signature) for s in fn.domain)
    return loss == isinstance(entry.fn, Partial)


def activated(walk: Walk, delta: Op) -> None:
    """Put delta_i for (dL/dh_i) sigma'(z_i), in each term of the sum."""
    pattern = unfolded(delta(*delta.definition.lam.params))
    if not isinstance(pattern, Mul):
        return
    parts = [_folded(part, delta, pattern) for _, part in summands(walk.term)]
    abbreviated(walk, together(parts), delta)


def abbreviated(walk: Walk, target: Term, op: Op) -> None:
    """Reach `target`, in which `op` abbreviates what stands in the term now."""
    earlier: list[tuple[tuple[int, ...], Term]] = []
    shown = {key(n) for _, n in places(walk.term, lambda n: isinstance(n, App) and n.fn == op)}
    for path, node in list(places(target, lambda n: isinstance(n, App) and n.fn == op)):
        if key(node) in shown:
            continue
        earlier.append((path, target))
        _, _, put = at(target, path, Context(()))
        target = put(beta(op, node.args))  # type: ignore[assignment,attr-defined]
    walk.to(target, "ring" if equal(target, walk.term) else "rearrange")
    for path, before in reversed(earlier):
        walk.undo("unfold", path, before)


def _folded(part: Term, delta: Op, pattern: Mul) -> Term:
    m = nest(part)
    params = delta.definition.lam.params
    outer = pattern.factors[0]
    for factor in m.factors:
        if not (isinstance(factor, App) and isinstance(outer, App)):
            continue
        if key(factor.fn) != key(outer.fn):
            continue
        args = tuple(factor.args[1:])
        if len(args) != len(params) or not all(isinstance(a, Term) for a in args):
            continue
        wanted = unfolded(delta(*args))
        if not isinstance(wanted, Mul) or not equal(wanted.factors[0], factor):
            continue
        rest = list(without(m.factors, factor))
        for other in wanted.factors[1:]:
            match = next((f for f in rest if equal(f, other)), None)
            if match is None:
                break
            rest.remove(match)
        else:
            return rebuilt(Monomial(m.binders, (delta(*args), *rest)))
    return part


def equations(t: Term) -> Iterator[tuple[tuple[int, ...], Term, Monomial, Iverson]]:
    """The brackets [a = b] of a sum of nests: where their nest stands, the nest, the bracket."""
    for path, part in summands(t):
        m = nest(part)
        letters = {v for v, _ in m.binders}
        for factor in m.factors:
            if isinstance(factor, Iverson) and isinstance(factor.cond, Rel):
                if factor.cond.op == "=" and free(factor) & letters:
                    yield path, part, m, factor


__all__ = ["absorbed", "activated", "collapsed", "differentiated", "equations"]

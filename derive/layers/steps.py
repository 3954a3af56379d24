"""Steps that a gradient needs besides the general search's: each asks the kernel through `Walk`.

`differentiated`: the chain rule, then under the sums, renaming a sum's letter where the entry has
the same.  `absorbed`: brackets that a tensor's range repeats.  `activated`: delta_i for the
product of the loss's derivative and the activation's.  `presented`: delta first, brackets last.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.binding import free, names
from derive.kernel import Context, at
from derive.kernel.monomial import Monomial, rebuilt, unfolded
from derive.kernel.rules import support
from derive.polynomial import equal, key
from derive.search.brackets import known
from derive.search.unfold import fold
from derive.search.walk import (
    Walk,
    depth,
    nest,
    places,
    summands,
    together,
)
from derive.syntax import (
    Add,
    App,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Mul,
    Num,
    Op,
    Partial,
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


def absorbed(walk: Walk) -> None:
    """[lo <= m] x(m) = x(m) where lo is the lower end of the tensor's range, and so on."""
    while any(_absorbed(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()


def _absorbed(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    inner = (*path, *depth(part, len(m.binders)))
    node, _, put = at(walk.term, inner, Context(()))
    factors = node.factors if isinstance(node, Mul) else (node,)
    for factor in factors:
        entry = unfolded(factor) if isinstance(factor, Term) else factor
        if not isinstance(entry, App) or not _ranged(entry):
            continue
        needed = support(Context(()), entry, {}).factors[:-1]  # type: ignore[attr-defined]
        keys = {key(n) for n in needed}
        others = [f for f in factors if f is not factor and key(f) not in keys]
        if len(others) + 1 == len(factors):
            continue
        position = len(others)
        shown = Mul((*others, entry)) if others else entry
        whole = put(Mul(tuple(entry if f is factor else f for f in factors)))
        if whole != walk.term:
            walk.to(whole, "rearrange")  # type: ignore[arg-type]
        walk.do("support", (*inner, factors.index(factor)))
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
    walk.to(together(parts), "rearrange")


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
        rest = [f for f in m.factors if f is not factor]
        for other in wanted.factors[1:]:
            match = next((f for f in rest if equal(f, other)), None)
            if match is None:
                break
            rest.remove(match)
        else:
            return rebuilt(Monomial(m.binders, (delta(*args), *rest)))
    return part


def presented(walk: Walk, ops: tuple[Op, ...]) -> None:
    """Numbers, then delta, then the tensors, then brackets: as it is written by hand."""
    heads = {key(op) for op in ops}

    def rank(factor: Term) -> int:
        if isinstance(factor, Num):
            return 0
        if isinstance(factor, App) and key(factor.fn) in heads:
            return 1
        return 3 if isinstance(factor, Iverson) else 2

    parts: list[Term] = []
    for _, part in summands(walk.term):
        m = nest(part)
        parts.append(rebuilt(Monomial(m.binders, tuple(sorted(m.factors, key=rank)))))
    target = together(parts)
    if target != walk.term:
        walk.to(target, "ring" if equal(target, walk.term) else "rearrange")


def equations(t: Term) -> Iterator[tuple[tuple[int, ...], Term, Monomial, Iverson]]:
    """The brackets [a = b] of a sum of nests: where their nest stands, the nest, the bracket."""
    for path, part in summands(t):
        m = nest(part)
        for factor in m.factors:
            if isinstance(factor, Iverson) and getattr(factor.cond, "op", "") == "=":
                yield path, part, m, factor


__all__ = ["Add", "absorbed", "activated", "differentiated", "equations", "presented"]

"""The gradient of a loss by a tensor: the claim's left side, and its right side, derived.

May: ask the kernel for steps through `Walk`; the general search's stages do the work (chain rule,
under the sums, differentiate, collapse deltas, drop what is implied).  Must not: know a layer.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.binding import declared, free, fresh, names
from derive.kernel import Refused, Theorem, qed
from derive.kernel.steady import edges
from derive.layers.bounds import within
from derive.layers.errors import Outside
from derive.layers.forward import Forward
from derive.layers.ordering import presented
from derive.layers.steps import absorbed, activated, collapsed, differentiated
from derive.library.gradients import named
from derive.search.ranges.brackets import implied
from derive.search.tidy import tidy
from derive.search.unfold import fold, unfold
from derive.search.walk import Budget, Unproved, Walk, all_names
from derive.syntax import (
    ZERO,
    App,
    Cond,
    DiffEntry,
    Fn,
    Node,
    Op,
    Partial,
    Rel,
    Signature,
    Space,
    Sum,
    Term,
    Var,
)

PLACES = "mlkuvrtabcdefgh"


@dataclass(frozen=True)
class Claim:
    """dL/dw(entry), with what it needs; `delta` is the output's gradient before the activation."""

    tensor: Fn
    entry: tuple[Var, ...]
    given: tuple[Cond, ...]
    lhs: Term
    delta: Op
    order: tuple[str, ...]  # tensors and indices as the formula writes them

    @property
    def places(self) -> tuple[Var, ...]:
        """The entry's letters that are new to the formula: they come first in an index."""
        return tuple(v for v in self.entry if v.name not in all_names(self.lhs.body))  # type: ignore[attr-defined]


def claim(f: Forward, name: str, positive: tuple[Cond, ...] = ()) -> Claim:
    """What is to be derived; `positive`: further hypotheses, such as 1 <= s."""
    tensor = f.tensor(name)
    places = tuple(p.space for p in f.indices)
    loss = Fn(r"\mathcal{L}", (Signature(places),), "differentiable", f.box)
    entry = _entry(f, tensor)
    value = App(loss, (f.lam,))
    inside: list[Cond] = []
    for var, ends in zip(entry, tensor.box or (), strict=True):
        inside += within(var, ends)
    inside += ties(value, tensor)
    return Claim(
        tensor,
        entry,
        (*positive, *inside),
        DiffEntry(tensor, entry, value),
        delta(f, loss),
        (*(v.name for v in f.indices), *written(f.body)),
    )


def ties(value: Term, tensor: Fn) -> list[Cond]:
    """Where a formula compares entries: no comparison changes near the current ones."""
    try:
        return [Rel("=", tidy(edge), ZERO) for edge in edges(value, tensor)]
    except Refused as refusal:
        raise Outside("linear", str(refusal.part), refusal.reason) from refusal


def written(t: Node) -> list[str]:
    """The letters of sums, and the tensors, in the order in which they are written."""
    own = [t.var.name] if isinstance(t, Sum) else [t.name] if isinstance(t, Fn) else []
    return own + [name for child in t.children() for name in written(child)]


def delta(f: Forward, loss: Fn) -> Op:
    """delta_i: the derivative of the loss by the output before the activation."""
    body: Term = App(Partial(loss, 0), (f.lam, *f.indices))
    if (sigma := f.activation) is not None:
        body = body * Partial(sigma, 0)(f.before)
    symbols = free(body) - set(f.indices)
    functions = sorted((s for s in symbols if isinstance(s, Fn)), key=lambda s: s.name)
    sizes = frozenset().union(*(declared(fn) for fn in functions))
    numbers = sorted(
        (s for s in symbols if isinstance(s, Var) and s not in sizes), key=lambda s: s.name
    )
    return named(body, f.indices, *functions, *numbers)


def _entry(f: Forward, tensor: Fn) -> tuple[Var, ...]:
    """The entry's letters: those that the formula uses for an axis, else m, l, ..."""
    from derive.layers.scan import entries

    taken = names(free(f.lam)) | {v.name for v in f.indices}
    uses = [e.args for e in entries(f.body) if e.fn == tensor]
    out: list[Var] = []
    for k, space in enumerate(tensor.domain):
        letters = {a for a in (args[k] for args in uses)}
        only = next(iter(letters)) if len(letters) == 1 else None
        used = {v.name for v in out}
        if isinstance(only, Var) and only.name not in used:
            name = only.name
        else:
            free_letters = [c for c in PLACES if c not in taken | used]
            name = free_letters[0] if free_letters else fresh("m", taken | used)
        if not isinstance(space, Space):
            raise Outside("indexed", tensor.name, "not a tensor with integer indices")
        out.append(Var(name, space))
    return tuple(out)


def scatter(c: Claim) -> Walk:
    """The chain that ends at sums over the outputs, deltas collapsed where a letter is alone."""
    walk = Walk(c.given, c.lhs, Budget())
    walk.kept = (c.delta,)
    try:
        unfold(walk)
        differentiated(walk)
        collapsed(walk)
        absorbed(walk)  # before `implied`, which then has fewer brackets to think about
        fold(walk)
        implied(walk)
        activated(walk, c.delta)
        presented(walk, (c.delta,), c.places, c.order)
    except Refused as refusal:
        raise Outside("linear", str(refusal.part), refusal.reason) from refusal
    except Unproved as gap:
        raise Outside("linear", c.tensor.name, gap.reason) from gap
    return walk


def theorem(walk: Walk) -> Theorem:
    return qed(walk.equation)

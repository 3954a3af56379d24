"""Forward formulas and the loss: what h_i, delta_i and the derivatives of a loss mean.

May: turn given formulas into definitions, and derivatives of a loss into derivatives of
L(output).  A loss L is an arbitrary differentiable function of the outputs in force, and depends
on nothing else.  With h_i = sigma(z_i), `delta_i` is the derivative of the loss by z_i.  Since
sigma acts entry by entry, the chain rule makes that L_i(h) sigma'(z_i), and this is how delta is
defined here: both delta_i and a written derivative by h_i then speak of one and the same L.
"""

from __future__ import annotations

from typing import Any

from derive.binding import free
from derive.latex.given.given import parameters, summed_over
from derive.latex.given.layers import Layer, Layers
from derive.latex.given.partial import limits
from derive.latex.roles.roles import LOSSES, _call_group
from derive.latex.signs.errors import Fault, Inner
from derive.latex.signs.names import head
from derive.latex.signs.tree import Frac, Level, Surface, lone_item
from derive.latex.terms import derivatives
from derive.latex.terms.open import apply, named, slots
from derive.latex.terms.terms import Cursor, Value
from derive.syntax import (
    ONE,
    App,
    Diff,
    DiffEntry,
    Fn,
    Function,
    Lam,
    Mul,
    Partial,
    Signature,
    Term,
    Var,
)
from derive.text import text

DELTA = r"\delta"
PRIME = "'"


class Gradients(Layers):
    """The elaborator with the loss and its derivatives."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.entries_used: list[tuple[Fn, tuple[Term, ...]]] = []
        self.operator_variables: set[str] = set()
        self.valued: set[str] = set()  # what an equation gives is no loss of which nothing is known
        self.losses: dict[str, Fn] = {}
        self.assumed: list[str] = []  # the ranges of outputs that nothing gives

    def defined(self, name: str, pos: int) -> Function | None:
        if name in self.meanings:
            return super().defined(name, pos)
        if name.split("^")[0].split("_")[0] == DELTA and self.forward():
            return self.delta(name, pos)
        return None

    def derivative(self, cur: Cursor, frac: Frac) -> Value:
        return derivatives.fraction(self, cur, frac)

    def output(self, pos: int) -> Layer:
        """The output in force: the given formula that no other one uses."""
        layers = {n: self.layer(n, pos) for n in self.forward()}
        used = set().union(*(layer.uses for layer in layers.values())) if layers else set()
        last = [layer for n, layer in layers.items() if n not in used]
        if not last:
            raise Fault(
                "nothing says how the loss depends on the parameters",
                pos,
                "a forward formula among what is given",
                True,
            )
        if len(last) > 1:  # \\tilde{w}_j = w_{k-1-j} is a kernel that is turned, and no output
            last = [x for x in last if not _renamed(x.lam.body)] or last
        if len(last) > 1:
            names = " and ".join(layer.meaning.symbol for layer in last)
            raise Fault(f"the loss may depend on {names}", pos, "one output", True)
        return last[0]

    def below(self, name: str) -> set[str]:
        """The layers that feed this one, and nothing else."""
        gone = {name}
        while True:
            kept = [layer.uses for n, layer in self.layers.items() if n not in gone]
            fed = set().union(*(self.layers[n].uses for n in gone if n in self.layers))
            more = fed - gone - set().union(*kept)
            if not more:
                return gone - {name}
            gone |= more

    def loss(self, name: str, pos: int) -> tuple[Fn, Layer]:
        layer = self.output(pos)
        for m in self.meanings.values():
            if m.also:
                raise Fault(f"{m.symbol} is defined more than once", pos, "one forward formula")
        if limits(layer.meaning, self.apart, self.roles).holes:
            said = f"{layer.meaning.symbol} is given at some of its indices alone"
            raise Fault(said, pos, "a range such as i = 1, \\dots, n", True)
        if name not in self.losses:
            if layer.box is None and layer.meaning.index:
                self.assume_box(layer)
            domain = Signature(tuple(p.space for p in layer.lam.params))
            self.losses[name] = Fn(name, (domain,), "differentiable", layer.box)
        return self.losses[name], layer

    def assume_box(self, layer: Layer) -> None:
        """Where nothing gives the range of an output: the one that the claim sums over, or any."""
        outputs = {layer.meaning.symbol}
        box: list[tuple[Term, Term]] = []
        for k, param in enumerate(layer.meaning.params or [v.name for v in layer.lam.params]):
            found = self.range_of(param, layer.meaning.ranges)
            if found is None and self.claim is not None:
                found = self.outside(summed_over(self.claim, outputs, k, self.naming))
                if found is not None:
                    said = rf"{param} = {text(found[0])}, \dots, {text(found[1])}"
                    self.assumed.append(f"{said} (the range of its sum)")
            if found is None:
                ends = [rf"{param.rstrip(PRIME)}_{{\mathrm{{{end}}}}}" for end in ("min", "max")]
                for end in ends:
                    space = self.kinds.new("Z", hard=True, dim=ONE)
                    self.free.setdefault(end, Var(end, space))
                found = self.free[ends[0]], self.free[ends[1]]
                self.assumed.append(f"{param} runs over any range {ends[0]}, ..., {ends[1]}")
            box.append(found)
        layer.box = tuple(box)
        scope = dict(zip(layer.lam.params, layer.box, strict=True))
        self.find_boxes(layer.meaning.symbol, layer.lam, scope)

    def outside(self, levels: tuple[Level, Level] | None) -> tuple[Term, Term] | None:
        """The ends of a range, read where no variable is bound."""
        if levels is None:
            return None
        saved, self.env = self.env, {}
        try:
            return self.number(levels[0]), self.number(levels[1])
        finally:
            self.env = saved

    def gradient(self, name: str, targets: list[Surface], pos: int) -> Value:
        """`\\partial L / \\partial w_j`, by an output's entry, or by a plain number."""
        if len(targets) > 1:
            raise Fault("second derivatives of a loss", pos, "a first derivative")
        loss, layer = self.loss(name, pos)
        target = head(targets[0], self.naming)
        assert target is not None  # noqa: S101 - `_is_loss` has seen it
        value = App(loss, (layer.lam,))
        self.whole(layer.lam, pos)
        if target.name == layer.meaning.symbol:
            by_output = Partial(loss, 0)
            if target.subs is None:
                return Lam(layer.lam.params, App(by_output, (layer.lam, *layer.lam.params)))
            args = self.indices(target.name, target.subs, layer.lam, target.pos)
            apply(layer.lam, args, target.pos, target.name)
            return App(by_output, (layer.lam, *args))
        if target.subs is None and not self.is_tensor(target.name):
            var = self.variable(target.name)
            self.real(var.space, target.pos)
            if target.name not in {v.name for v in free(layer.lam)}:
                raise _unrelated(target.name, target.pos)
            return Diff(var, value, var)
        if target.subs is not None and target.name == self.before_activation(layer):
            args = self.indices(target.name, target.subs, layer.lam, target.pos)
            apply(layer.lam, args, target.pos, target.name)
            return apply(self.by_value(loss, layer, target.pos), args, target.pos)
        if target.name in self.meanings and target.name in self.forward():
            raise Inner(target.name, self.below(target.name), pos)
        fn, entry = self.entry_of(targets[0])
        if fn.name not in {s.name for s in free(layer.lam) if isinstance(s, Fn)}:
            raise _unrelated(fn.name, target.pos)
        if entry is None:
            params = self.parameters(fn)
            return Lam(params, DiffEntry(fn, params, value))
        self.entries_used.append((fn, entry))
        return DiffEntry(fn, entry, value)

    def whole(self, fn: Function, pos: int) -> None:
        """Entries are counted by integers."""
        for space in slots(fn):
            slot = self.kinds.slot(space)
            if slot.kind == "R":
                raise Fault("an entry of a function on the reals", pos, "a tensor")
            slot.kind, slot.hard = slot.kind or "Z", True

    def parameters(self, fn: Fn) -> tuple[Var, ...]:
        params = tuple(Var(n, s) for n, s in zip("ijkmnpqr", slots(fn), strict=False))
        self.bound |= set(params)
        return params

    def entry_of(self, item: Surface) -> tuple[Fn, tuple[Term, ...] | None]:
        """A tensor and the entry that is named, None for the tensor as a whole."""
        found = head(item, self.naming)
        if found is None or found.primes or found.power is not None:
            raise Fault("not an entry of a tensor", item.pos, "an entry such as w_j")
        fn = self.function(found.name, found.pos)
        if not isinstance(fn, Fn):
            raise Fault(
                f"{found.name} is defined, and no parameter", item.pos, "an entry of a parameter"
            )
        self.whole(fn, item.pos)
        if found.subs is None:
            return fn, None
        entry = self.indices(found.name, found.subs, fn, found.pos)
        if len(entry) != len(slots(fn)):
            raise Fault(f"{found.name} takes {len(slots(fn))} indices", found.pos, "all of them")
        return fn, entry

    def is_tensor(self, name: str) -> bool:
        return name in self.meanings or self.roles.is_function(name, 0)

    def delta(self, name: str, pos: int) -> Function:
        """The derivative of the loss by the output before the activation."""
        wanted = next(iter(sorted(self.roles.losses & LOSSES)), r"\mathcal{L}")
        loss, layer = self.loss(wanted, pos)
        label = name[len(DELTA) :]
        symbol = layer.meaning.symbol
        if label and label not in symbol:
            other = symbol.split("^")[0] + label
            if other in self.meanings:
                raise Inner(other, self.below(other), pos)
            fn = self.functions.get(other)
            if fn is None or fn not in free(layer.lam):
                raise Fault(
                    f"nothing says which output {name} belongs to",
                    pos,
                    f"a forward formula with {other} in it",
                    True,
                )
            params = self.parameters(fn)
            return named(name, Lam(params, DiffEntry(fn, params, App(loss, (layer.lam,)))))
        return named(name, self.by_value(loss, layer, pos))

    def before_activation(self, layer: Layer) -> str:
        """x if the output is f(x_i), entry by entry, and x is defined."""
        items = layer.meaning.body.items
        call = _call_group(items[1]) if len(items) == 2 else None
        inner = lone_item(call) if call is not None else None
        found = head(inner, self.naming) if inner is not None else None
        if found is None or found.subs is None or found.power is not None or found.primes:
            return ""
        if parameters(found.subs) != layer.meaning.params or found.name not in self.meanings:
            return ""
        return found.name

    def by_value(self, loss: Fn, layer: Layer, pos: int) -> Lam:
        """The derivative of the loss by the output before the activation, at each place."""
        value: Term = App(Partial(loss, 0), (layer.lam, *layer.lam.params))
        body = layer.lam.body
        if isinstance(body, App) and isinstance(body.fn, Fn) and body.fn.style == "call":
            if len(body.args) == 1 and self.activations.get(body.fn.name):
                self.real(slots(body.fn)[0], pos)
                value = Mul((value, App(Partial(body.fn, 0), body.args)))
        return Lam(layer.lam.params, value)


def _renamed(body: Term) -> bool:
    """Whether a value is an entry of some tensor."""
    return isinstance(body, App) and isinstance(body.fn, Fn) and body.fn.style == "index"


def _unrelated(name: str, pos: int) -> Fault:
    return Fault(
        f"nothing says how the loss depends on {name}", pos, f"a forward formula with {name} in it",
        True,
    )  # fmt: skip

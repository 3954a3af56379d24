"""A loss or an activation that is not differentiable: difference quotients, each of them exact.

May: put a loss outside of its class in, and move one entry of a tensor.  Must not: call anything a
derivative whose quotients are not one number.

Two losses of degree 1 do: |h_p| has no derivative at 0, and h_p^2 h_q / (h_p^2 + h_q^2) has all
partial derivatives at 0 and still no chain rule.  Along a line through 0 their quotients do not
depend on the step, so that a few of them say what all of them are.  A layer that compares entries
may itself have a corner (`corner_of_layer`); where it has none, |h_p - c| is the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from derive.binding import alpha_equal, free
from derive.hypotheses.case import FAILURES
from derive.hypotheses.conditions import at
from derive.hypotheses.simple import entries, environments
from derive.hypotheses.spelled import is_loss, on_reals, rebuilt, spelled_out
from derive.meaning import NoValue, Points, Program, evaluate, generator, holds
from derive.meaning.data import Formula, Key
from derive.syntax import (
    Abs,
    App,
    Cond,
    DiffEntry,
    Exists,
    Fn,
    Lam,
    Node,
    Partial,
    Signature,
    Statement,
    Term,
    Var,
)
from derive.text import text

STEPS = [Fraction(sign, 2**k) for k in range(4) for sign in (1, -1)]
APART = 10  # between entries that no step brings together
MOST = 60  # data on which a loss with partial derivatives is tried
Outputs = dict[Key, Fraction]
Loss = Callable[[Outputs], Fraction]


def is_activation(statement: Statement, fn: Fn) -> bool:
    """Whether it is a function of one number in the formula of a layer."""
    return any(is_loss(s) for s in free(statement) if isinstance(s, Fn)) and len(fn.domain) == 1


def case(statement: Statement, fn: Fn) -> str:
    """A loss or activation `fn` with a corner, and data at which the gradient meets it."""
    written = spelled_out(statement)
    left = written.lhs
    match left:
        case DiffEntry(tensor, entry, App(loss, (Lam() as layer,))) if isinstance(loss, Fn):
            pass
        case _:
            return ""
    kink, settings = "", 0
    for env in _data(written, tensor, (2, 1) if fn == loss else (1, 2)):
        try:
            if not all(holds(c, env) for c in _of_data(written)):
                continue
            setting = _Setting(written, tensor, entry, loss, layer, env)
            if fn != loss:
                said = setting.corner(fn)
            else:
                said = setting.tilted()
                kink = kink or setting.kink()
        except (NoValue, *FAILURES):
            continue
        settings += 1
        if said or (kink and settings == MOST):
            return said or kink
    return kink


def corner_of_layer(statement: Statement, cond: Cond) -> str:
    """Data that break a condition on entries alone, at which an output itself has a corner."""
    written = spelled_out(statement)
    match written.lhs:
        case DiffEntry(tensor, entry, App(Fn() as loss, (Lam() as layer,))) if _of_data(written):
            pass
        case _:
            return ""
    rest = [c for c in written.given if c != cond]
    free_of_it = replace(written, given=tuple(rest))
    for env in _data(free_of_it, tensor, (1, 2)):
        try:
            if holds(cond, env) or not all(holds(c, env) for c in rest):
                continue
            setting = _Setting(free_of_it, tensor, entry, loss, layer, env)
            if said := setting.itself():
                return said
        except (NoValue, *FAILURES):
            continue
    return ""


def _of_data(statement: Statement) -> list[Cond]:
    """The conditions on entries of tensors."""
    return [c for c in statement.given
            if not isinstance(c, Exists) and any(isinstance(s, Fn) for s in free(c))]  # fmt: skip


def _data(
    statement: Statement, tensor: Fn, sizes: tuple[int, ...]
) -> Iterator[dict[Any, Any]]:
    """Simple data, with 0 in the differentiated tensor and in some of the others."""
    alone = replace(statement, rhs=statement.lhs)
    try:
        for env in environments(alone, entries(alone), sizes):
            others = [f for f, data in env.items() if isinstance(data, Points) and f != tensor]
            for count in range(len(others) + 1):
                for zero in combinations(others, count):
                    nothing = {f: Points({}, env[f].lo, env[f].hi) for f in (tensor, *zero)}
                    yield {**env, **nothing}
            if _of_data(statement):
                lo, hi = env[tensor].lo, env[tensor].hi
                keys = product(*(range(a, b + 1) for a, b in zip(lo, hi, strict=True)))
                apart = {key: APART * k for k, key in enumerate(keys, 1)}
                yield {**env, tensor: Points(apart, lo, hi)}
    except (NoValue, *FAILURES):
        return


class _Setting:
    """A layer on data, with its loss and activation still to be chosen."""

    def __init__(
        self, statement: Statement, tensor: Fn, entry: tuple[Term, ...], loss: Fn, layer: Lam,
        env: Mapping[Any, Any],
    ) -> None:  # fmt: skip
        self.statement, self.tensor, self.loss, self.layer = statement, tensor, loss, layer
        self.env = dict(env)
        self.place = tuple(_flat(evaluate(t, self.env) for t in entry))
        program = Program({v: 1 for v in env if isinstance(v, Var)})
        program.meaning(loss, program.top)
        self.range = program.boxes(self.env)[loss]
        self.activations = [
            f for f in free(statement) if isinstance(f, Fn) and on_reals(f) and not is_loss(f)
        ]
        self.env |= {f: Formula(generator(0)) for f in self.activations}
        self.start, after = (self._outputs(t) for t in (Fraction(0), Fraction(1)))
        self.moved = sorted(k for k, v in after.items() if v != self.start[k])

    def _outputs(self, by: Fraction, bent: Fn | None = None) -> Outputs:
        """h, with the entry moved; `bent`: an activation in the place of which |.| stands."""
        env = {**self.env, self.tensor: self.env[self.tensor].bumped(self.place, by)}
        body = self.layer.body if bent is None else _bent(self.layer.body, bent)
        out: Outputs = {}
        for key in product(*(range(a, b + 1) for a, b in zip(*self.range, strict=True))):
            here = dict(zip(self.layer.params, _split(self.layer.params, key), strict=True))
            out[key] = Fraction(evaluate(body, {**env, **here}))
        return out

    def _quotients(self, loss: Loss, bent: Fn | None = None) -> tuple[set[Fraction], ...]:
        """Of the loss by the entry: those for steps above 0, those for steps below."""
        start = loss(self._outputs(Fraction(0), bent))
        found: tuple[set[Fraction], set[Fraction]] = (set(), set())
        for t in STEPS:
            found[t < 0].add((loss(self._outputs(t, bent)) - start) / t)
        return found

    def tilted(self) -> str:
        """A loss with partial derivatives and no chain rule, where two outputs move."""
        if any(self.start.values()):
            return ""
        for p, q in combinations(self.moved, 2):
            right, left = self._quotients(lambda h: _tilt(h[p], h[q]))  # noqa: B023
            if len(right | left) != 1:
                continue
            (value,) = right
            gradient = {}
            for key in (p, q):
                steps = {_tilt(t * (key == p), t * (key == q)) / t for t in STEPS}
                if len(steps) != 1:
                    return ""
                gradient[key] = steps.pop()
            other = self._right_side(gradient)
            if other is not None and other != value:
                a, b = _entry(p), _entry(q)
                formula = f"{a}² {b}/({a}² + {b}²), 0 at 0"
                return (
                    f"with {text(self.loss)}(h) = {formula}, {self._told()}: by difference "
                    f"quotients the left side is {value}, the right side is {other} (this loss "
                    "has all its partial derivatives at 0, and no derivative)"
                )
        return ""

    def kink(self) -> str:
        """A loss without a derivative at 0."""
        for p in self.moved:
            right, left = self._quotients(lambda h: abs(h[p] - self.start[p]))  # noqa: B023
            if len(right) == len(left) == 1 and right != left:
                less = f" − {self.start[p]}" if self.start[p] else ""
                return f"with {text(self.loss)}(h) = |{_entry(p)}{less}|, {self._told()}: " + _two(
                    right, left
                )
        return ""

    def itself(self) -> str:
        """An output that has no derivative, as the loss."""
        for p in self.moved:
            right, left = self._quotients(lambda h: h[p])  # noqa: B023
            if len(right) == len(left) == 1 and right != left:
                return f"with {text(self.loss)}(h) = {_entry(p)}, {self._told()}: " + _two(
                    right, left
                )
        return ""

    def corner(self, fn: Fn) -> str:
        """|.| as the activation, and one output as the loss."""
        if any(self.start.values()):
            return ""
        for p in self.moved:
            right, left = self._quotients(lambda h: h[p], fn)  # noqa: B023
            if len(right) == len(left) == 1 and right != left:
                told = f"with {text(fn)}(u) = |u| and {text(self.loss)}(h) = {_entry(p)}"
                return f"{told}, {self._told(fn)}: " + _two(right, left)
        return ""

    def _right_side(self, gradient: Mapping[Key, Fraction]) -> Fraction | None:
        """With these partial derivatives of the loss by its outputs."""
        (signature,) = self.loss.domain
        if not isinstance(signature, Signature):
            return None
        partials = Fn("partials", signature.domain, "finite")
        strange = False

        def turn(node: Any) -> Any:
            nonlocal strange
            match node:
                case App(Partial(fn, 0), (at, *index)) if fn == self.loss:
                    strange = strange or not alpha_equal(at, self.layer)
                    return App(partials, tuple(index))
            return node

        side = rebuilt(self.statement.rhs, turn)
        if strange:
            return None
        env = {**self.env, partials: Points(dict(gradient), *self.range)}
        return Fraction(evaluate(side, env))

    def _told(self, bent: Fn | None = None) -> str:
        """The data, in words: the tensors are 0 or 1 all over their ranges."""
        tensors = {f: data for f, data in self.env.items() if isinstance(data, Points)}
        shown = [f"{text(f)}(u) = u" for f in self.activations if f != bent]
        apart = [f for f, data in tensors.items() if APART in data.values.values()]
        for digit in (0, 1):
            names = [f.name for f, data in tensors.items()
                     if f not in apart and bool(data.values) == bool(digit)]  # fmt: skip
            shown += [f"{', '.join(names)} = {digit} all over"] if names else []
        shown += [f"{f.name} = {', '.join(map(str, tensors[f].values.values()))}" for f in apart]
        return ", ".join([*filter(None, [at(self.env)]), *shown])


def _tilt(a: Fraction, b: Fraction) -> Fraction:
    size = a * a + b * b
    return a * a * b / size if size else Fraction(0)


def _two(right: set[Fraction], left: set[Fraction]) -> str:
    """What the quotients say where they are two numbers."""
    return (
        f"the difference quotients on the left side are {right.pop()} for steps above 0 and "
        f"{left.pop()} below: it has no value"
    )


def _entry(key: Key) -> str:
    return f"h[{','.join(map(str, key))}]"


def _bent(node: Node, fn: Fn) -> Any:
    """|.| in the place of a function of one number."""
    def turn(part: Any) -> Any:
        match part:
            case App(f, (Term() as argument,)) if f == fn:
                return Abs(argument)
        return part

    return rebuilt(node, turn)


def _split(params: tuple[Var, ...], key: Key) -> Iterator[int]:
    """One number for each parameter: the data have one dimension."""
    if len(params) != len(key):
        raise KeyError("parameters of more than one coordinate")
    return iter(key)


def _flat(values: Any) -> Iterator[int]:
    for v in values:
        if isinstance(v, tuple):
            yield from v
        else:
            yield v


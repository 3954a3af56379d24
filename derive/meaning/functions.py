"""Applying functions: data, lambdas, defined functions, derivatives.

May: turn a function into `call(frame, values)`.  Must not: substitute into terms.
`program` calls it for every `App`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from derive.meaning import gauss
from derive.meaning.data import Formula, Functional
from derive.meaning.exact import Exact, generator
from derive.meaning.outcome import CannotEvaluate
from derive.meaning.scope import Closure, Frame, Getter, Scope, Slot
from derive.meaning.terms import spread
from derive.syntax import (
    App,
    Fn,
    Function,
    Lam,
    Op,
    Partial,
    Signature,
    Space,
    Term,
    Var,
    Z,
    domain_of,
)

if TYPE_CHECKING:
    from derive.meaning.program import Program

Call = Callable[[Frame, tuple[Any, ...]], Any]


def application(c: Program, node: App, scope: Scope) -> Getter:
    args = [
        c.term(a, scope) if isinstance(a, Term) else _passed(function(c, a, scope))
        for a in node.args
    ]
    slot = c.meaning(node.fn, scope) if isinstance(node.fn, Fn) else None
    if isinstance(slot, Slot) and len(args) == 1 and _plain_line(slot.fn):
        place, arg = slot.place, args[0]
        return lambda frame: frame[place].values.get((arg(frame),), 0)
    call = function(c, node.fn, scope)
    return lambda frame: call(frame, tuple([a(frame) for a in args]))


def _plain_line(fn: Fn) -> bool:
    """Whether fn is a function on Z itself, by far the most frequent kind."""
    return fn.domain == (Z,)


def _passed(call: Call) -> Getter:
    return lambda frame: call


def function(c: Program, node: Function, scope: Scope) -> Call:
    """How to call a function with values."""
    match node:
        case Fn():
            meaning = c.meaning(node, scope)
            if isinstance(meaning, Closure):
                return function(c, meaning.node, meaning.scope)
            return _data(c, meaning, scope)
        case Lam(params, body):
            places = [c.new_place() for _ in params]
            widths = [c.dim(p.space, scope) for p in params]
            inner = scope.bind({p: _read(k) for p, k in zip(params, places, strict=True)})
            value = c.term(body, inner)

            def call(frame: Frame, args: tuple[Any, ...]) -> Any:
                for place, width, arg in zip(places, widths, args, strict=True):
                    frame[place] = spread(arg, width)
                return value(frame)

            return call
        case Op(definition):
            return function(c, definition.lam, opened(c, node, scope, lambda t: c.term(t, scope)))
        case Partial(fn, slot):
            if isinstance(domain_of(fn)[slot], Signature):
                return _loss(c, node, scope)
            return _partial(c, fn, slot, scope)
    raise CannotEvaluate("not a function")


def _read(place: int) -> Getter:
    return lambda frame: frame[place]


def opened(c: Program, node: Op, scope: Scope, read: Callable[[Term], Any]) -> Scope:
    """The scope of a definition's body: its parameters, and nothing from where it is used."""
    variables: dict[Any, Any] = {}
    fns: dict[Any, Any] = {}
    static = dict(scope.base.static)
    for param, actual in zip(node.definition.params, node.actuals, strict=True):
        if isinstance(actual, Term):
            variables[param] = read(actual)
            known = c.known(actual, scope)
            if isinstance(param, Var):
                static.pop(param, None)
                if known is not None:
                    static[param] = known
        else:
            fns[param] = c.meaning(actual, scope) if isinstance(actual, Fn) else Closure(
                actual, scope
            )
    return Scope(variables, fns, static)


def flat(args: Iterable[Any]) -> tuple[Any, ...]:
    out: list[Any] = []
    for arg in args:
        if isinstance(arg, tuple):
            out.extend(arg)
        else:
            out.append(arg)
    return tuple(out)


def kinds(fn: Fn) -> set[str]:
    return {place.kind if isinstance(place, Space) else "function" for place in fn.domain}


def _data(c: Program, meaning: Slot, scope: Scope) -> Call:
    fn, place = meaning.fn, meaning.place
    found = kinds(fn)
    if "function" in found:
        return _loss(c, fn, scope)
    spaces = [s for s in fn.domain if isinstance(s, Space)]
    widths = [c.dim(s, scope.base) for s in spaces]
    moduli = [c.modulus(s, scope.base) if s.kind == "Zn" else None for s in spaces]

    def coordinates(frame: Frame, args: tuple[Any, ...]) -> tuple[Any, ...]:
        return flat(
            spread(a, w) if m is None else a % m(frame)
            for a, w, m in zip(args, widths, moduli, strict=True)
        )

    if found == {"R"}:

        def at_point(frame: Frame, args: tuple[Any, ...]) -> Any:
            frame[0].tick(5)
            return frame[place].at(coordinates(frame, args))

        return at_point
    if "R" in found:
        raise CannotEvaluate("a function of integers and of reals at once")

    return lambda frame, args: frame[place].values.get(coordinates(frame, args), 0)


def _partial(c: Program, fn: Function, slot: int, scope: Scope) -> Call:
    """Differentiate along the first coordinate of an argument."""
    spaces = domain_of(fn)
    meaning = c.meaning(fn, scope) if isinstance(fn, Fn) else None
    if isinstance(meaning, Slot) and kinds(meaning.fn) == {"R"}:
        widths = [c.dim(s, scope) for s in spaces if isinstance(s, Space)]
        place, coordinate = meaning.place, sum(widths[:slot])

        def of_data(frame: Frame, args: tuple[Any, ...]) -> Any:
            frame[0].tick(5)
            formula: Formula = frame[place].derivative(coordinate)
            return formula.at(flat(spread(a, w) for a, w in zip(args, widths, strict=True)))

        return of_data
    inner, g = function(c, fn, scope), c.new_place()
    space = spaces[slot]
    width = c.dim(space, scope) if isinstance(space, Space) else 1

    def call(frame: Frame, args: tuple[Any, ...]) -> Any:
        at = spread(args[slot], width)
        here, moved = (at, generator(g)) if width == 1 else (at[0], (generator(g), *at[1:]))
        return derivative_at(
            frame, g, here, lambda: inner(frame, (*args[:slot], moved, *args[slot + 1 :]))
        )

    return call


def derivative_at(frame: Frame, g: int, at: Any, value: Callable[[], Any]) -> Any:
    """The derivative by generator g of value(), at a point."""
    points = frame[0].points
    points[g] = at
    try:
        found = value()
    finally:
        del points[g]
    return gauss.compose(gauss.diff(found, g), {g: at}) if isinstance(found, Exact) else 0


def _loss(c: Program, node: Function, scope: Scope) -> Call:
    """A loss, or its derivatives by entries of its argument functions."""
    slots: list[int] = []
    while isinstance(node, Partial):
        slots.insert(0, node.slot)
        node = node.fn
    meaning = c.meaning(node, scope) if isinstance(node, Fn) else None
    if isinstance(meaning, Closure):
        return _loss_of(c, meaning, slots)
    if meaning is None:
        raise CannotEvaluate("the derivative of a defined function by a function argument")
    fn, place = meaning.fn, meaning.place
    count = len(fn.domain)
    signatures = [s.domain if isinstance(s, Signature) else None for s in fn.domain]
    widths = [
        [c.dim(p, scope.base) for p in domain if isinstance(p, Space)] if domain else []
        for domain in signatures
    ]

    def call(frame: Frame, args: tuple[Any, ...]) -> Any:
        loss: Functional = frame[place]
        rest = list(args[count:])
        for slot in slots:
            key: tuple[Any, ...] = ()
            if signatures[slot] is not None:
                taken = [spread(rest.pop(0), w) for w in widths[slot]]
                key = flat(taken)
            loss = loss.derivative((slot, key))
        total: Any = 0
        for coefficient, places in loss.terms:
            frame[0].tick(2)
            term: Any = coefficient
            for slot, key in places:
                if term == 0:
                    break
                term = term * (
                    args[slot](frame, _grouped(key, widths[slot])) if widths[slot] else args[slot]
                )
            total = total + term
        return total

    return call


def _loss_of(c: Program, meaning: Closure, slots: list[int]) -> Call:
    node: Function = meaning.node
    for slot in slots:
        node = Partial(node, slot)
    return _loss(c, node, meaning.scope)


def _grouped(key: tuple[int, ...], widths: list[int]) -> tuple[Any, ...]:
    out: list[Any] = []
    start = 0
    for width in widths:
        out.append(key[start] if width == 1 else key[start : start + width])
        start += width
    return tuple(out)

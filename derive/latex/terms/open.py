"""Terms whose spaces are still open: operators and definitions that wait for their spaces.

May: build applications, pointwise operations and compositions of functions that are not typed
yet.  `terms/spaces` types them; nothing of this leaves the reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive import definitions
from derive.binding import free, fresh, names, substitute
from derive.latex.signs.errors import Fault
from derive.syntax import (
    App,
    Definition,
    Diff,
    Fn,
    Function,
    Lam,
    Op,
    Partial,
    Signature,
    Space,
    Term,
    Var,
)

INFIX, NAMED = "open infix", "open name"  # notations of definitions that wait for their spaces


def infix(symbol: str, left: Function, right: Function) -> Op:
    """`left symbol right`, an operator whose definition depends on the spaces."""
    spaces = slots(left)
    build = definitions.cross_correlation if symbol == r"\star" else definitions.convolution
    return replace(build(*spaces), symbol=symbol, notation=INFIX)(left, right)


def named(symbol: str, lam: Lam) -> Op:
    """A symbol that was defined, with its meaning."""
    return Definition(symbol, (), lam, NAMED)()


AT = ("x", "y", "t", "u", "v", "w")


def slots(fn: Function) -> tuple[Space, ...]:
    """The open spaces of a function's arguments (a loss has none that concern us)."""
    match fn:
        case Fn(_, domain):
            return tuple(s for s in domain if not isinstance(s, Signature))
        case Lam(params):
            return tuple(p.space for p in params)
        case Partial(inner):
            return slots(inner)
        case Op(definition):
            return tuple(p.space for p in definition.lam.params)
    raise TypeError(f"not a function of the reader: {type(fn).__name__}")


def apply(fn: Function, args: tuple[Term, ...], pos: int, name: str = "the function") -> Term:
    """fn(args); a lambda that the reader made is opened at once."""
    wanted = len(slots(fn))
    if wanted != len(args):
        raise Fault(f"{name} takes {wanted} arguments, not {len(args)}", pos, f"{wanted} arguments")
    if isinstance(fn, Lam):
        return substitute(fn.body, dict(zip(fn.params, args, strict=True)))
    return App(fn, args)


def pointwise(parts: list[Term | Function], combine: Callable[..., Term], pos: int) -> Lam:
    """The function whose values are `combine` of the parts' values; numbers are constants."""
    functions = [p for p in parts if isinstance(p, Function)]
    spaces = slots(functions[0])
    if any(len(slots(f)) != len(spaces) for f in functions):
        raise Fault("functions of different numbers of arguments", pos, "the same number")
    taken = set().union(*(names(free(p)) for p in parts))
    params: list[Var] = []
    for k, space in enumerate(spaces):
        name = fresh(AT[k] if k < len(AT) else f"x_{k}", taken)
        taken.add(name)
        params.append(Var(name, space))
    at = tuple(params)
    values = [apply(p, at, pos) if isinstance(p, Function) else p for p in parts]
    return Lam(at, combine(*values))


def differentiated(fn: Function, slot: int, pos: int) -> Function:
    """The derivative of a function by one argument; of f * g as of an expression, d/dx (f * g)(x).

    For a function variable it is a function of its own, for anything made of several the
    derivative of the values.
    """
    inner = fn
    while isinstance(inner, Partial):
        inner = inner.fn
    if isinstance(inner, Fn):
        return Partial(fn, slot)

    def value(*at: Term) -> Term:
        var = at[slot]
        assert isinstance(var, Var)  # noqa: S101 - `pointwise` hands over its parameters
        return Diff(var, apply(fn, at, pos), var)

    params = pointwise([fn], lambda one: one, pos).params
    return Lam(params, value(*params))

"""Arguments as linear forms in the variables being analysed.

May: read a term as a linear form whose coefficients are numbers or closures (a stride s).
Must not: know about supports.  `support` calls it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from derive.meaning.exact import divide
from derive.meaning.scope import Frame, Linear, Linears, Scalar, Scope, depends
from derive.meaning.terms import spread
from derive.syntax import Abs, Add, Div, Floor, Iverson, Max, Mul, Num, Pow, Term, Var

if TYPE_CHECKING:
    from derive.meaning.program import Program

Constraint: TypeAlias = "tuple[dict[int, Scalar], Scalar | None, Scalar | None, bool]"
ONE: Linear = ({}, 1)


class Context:
    """Auxiliary variables met while reading (a floor, say) and what is known of them."""

    def __init__(self, c: Program) -> None:
        self.c = c
        self.rows: list[Constraint] = []
        self.variables: list[int] = []

    def fresh(self) -> Linear:
        place = self.c.new_place()
        self.variables.append(place)
        return {place: 1}, 0

    def require(self, low: Scalar | None, form: Linear, high: Scalar | None) -> None:
        """low <= form <= high."""
        coefficients, constant = form
        self.rows.append(
            (
                coefficients,
                None if low is None else plus(low, minus(constant)),
                None if high is None else plus(high, minus(constant)),
                True,
            )
        )


def combine(op: Callable[[Any, Any], Any], a: Scalar, b: Scalar) -> Scalar:
    """An operation on numbers, or on closures when the frame runs."""
    if callable(a):
        if callable(b):
            f, g = a, b
            return lambda frame: op(f(frame), g(frame))
        f, y = a, b
        return lambda frame: op(f(frame), y)
    if callable(b):
        x, g = a, b
        return lambda frame: op(x, g(frame))
    return op(a, b)  # type: ignore[no-any-return]


def plus(a: Scalar, b: Scalar) -> Scalar:
    if not callable(a) and a == 0:
        return b
    if not callable(b) and b == 0:
        return a
    return combine(lambda x, y: x + y, a, b)


def times(a: Scalar, b: Scalar) -> Scalar:
    if not callable(a) and a == 1:
        return b
    if not callable(b) and b == 1:
        return a
    return combine(lambda x, y: x * y, a, b)


def minus(a: Scalar) -> Scalar:
    return times(-1, a)


def scaled(form: Linear, by: Scalar) -> Linear:
    return {v: times(k, by) for v, k in form[0].items()}, times(form[1], by)


def added(a: Linear, b: Linear) -> Linear:
    out = dict(a[0])
    for v, k in b[0].items():
        out[v] = plus(out[v], k) if v in out else k
    return {v: k for v, k in out.items() if callable(k) or k != 0}, plus(a[1], b[1])


def widened(forms: Linears, width: int) -> Linears:
    return forms if len(forms) == width else forms * width


def linear(term: Term, scope: Scope, ctx: Context) -> Linears:
    """One linear form for each component; None where the term is not linear."""
    c = ctx.c
    width = c.width(term, scope)
    if not depends(term, scope, c.memo):
        if isinstance(term, Num):
            return (({}, term.value),) * width
        value = c.term(term, scope)
        if width == 1:
            return (({}, value),)
        return tuple(({}, _component(value, j, width)) for j in range(width))
    match term:
        case Var():
            found = scope.vars[term]
            return found if isinstance(found, tuple) else (None,) * width
        case Add(parts):
            return _fold([linear(t, scope, ctx) for t in parts], added, ({}, 0), width)
        case Mul(parts):
            return _fold([linear(t, scope, ctx) for t in parts], _product, ONE, width)
        case Pow(base, n):
            return _fold([linear(base, scope, ctx)] * n, _product, ONE, width)
        case Div(num, den):
            over = linear(den, scope, ctx)
            inverse: Linears = tuple(
                None if d is None or d[0] else ({}, combine(divide, 1, d[1])) for d in over
            )
            return _fold([linear(num, scope, ctx), inverse], _product, ONE, width)
        case Floor(num, den):
            pairs = _pairs(num, den, width, scope, ctx)
            return tuple(_floor(n, d, ctx) for n, d in pairs)
        case Max(left, right):
            return tuple(_above(p, ctx) for p in _pairs(left, right, width, scope, ctx))
        case Abs(arg):
            forms = linear(arg, scope, ctx)
            return tuple(_above((f, f and scaled(f, -1)), ctx) for f in forms)
        case Iverson():
            bracket = ctx.fresh()
            ctx.require(0, bracket, 1)
            return (bracket,)
    return (None,) * width


def _component(value: Callable[[Frame], Any], j: int, width: int) -> Callable[[Frame], Any]:
    return lambda frame: spread(value(frame), width)[j]


def _fold(
    parts: list[Linears],
    op: Callable[[Linear, Linear], Linear | None],
    start: Linear,
    width: int,
) -> Linears:
    out: list[Linear | None] = [start] * width
    for part in parts:
        for j, form in enumerate(widened(part, width)):
            before = out[j]
            out[j] = None if before is None or form is None else op(before, form)
    return tuple(out)


def _product(a: Linear, b: Linear) -> Linear | None:
    if not b[0]:
        return scaled(a, b[1])
    return scaled(b, a[1]) if not a[0] else None


def _pairs(
    a: Term, b: Term, width: int, scope: Scope, ctx: Context
) -> list[tuple[Linear | None, Linear | None]]:
    return list(
        zip(
            widened(linear(a, scope, ctx), width),
            widened(linear(b, scope, ctx), width),
            strict=True,
        )
    )


def _floor(num: Linear | None, den: Linear | None, ctx: Context) -> Linear | None:
    """q with |den| q <= sign(den) num <= |den| q + |den| - 1."""
    if num is None or den is None or den[0]:
        return None
    q, size = ctx.fresh(), combine(lambda d, _: abs(d), den[1], 0)
    way = combine(lambda d, _: (d > 0) - (d < 0), den[1], 0)
    ctx.require(0, added(scaled(num, way), scaled(q, minus(size))), plus(size, -1))
    return q


def _above(pair: tuple[Linear | None, Linear | None], ctx: Context) -> Linear | None:
    """t with t >= both."""
    t = ctx.fresh()
    for form in pair:
        if form is None:
            return None
        ctx.require(0, added(t, scaled(form, -1)), None)
    return t

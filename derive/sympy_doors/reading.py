"""From SymPy: the tree is walked, node by node, and nothing of it is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derive.sympy_doors.arithmetic import Arithmetic, ordered
from derive.sympy_doors.base import Base
from derive.sympy_doors.binders import Binders
from derive.sympy_doors.bracket import Bracket
from derive.sympy_doors.conditions import Conditions
from derive.sympy_doors.errors import NotExpressible
from derive.syntax import (
    ZERO,
    Abs,
    Add,
    Cond,
    Function,
    IllTyped,
    Iverson,
    Max,
    Not,
    Num,
    Rel,
    Statement,
    Term,
    check_cond,
)


def from_sympy(expr: Any, functions: Mapping[str, Function] | None = None) -> Term:
    """A term for a SymPy expression.

    `functions` declares functions and tensors by name; the others are finitely supported on
    integers, Schwartz on reals.  IndexedBase("x", shape=(n,)) has the entries 0, ..., n - 1.
    """
    return _Reader(sp.sympify(expr) if isinstance(expr, int) else expr, functions or {}).whole()


def condition_from_sympy(expr: Any, functions: Mapping[str, Function] | None = None) -> Cond:
    """A condition for a SymPy relation or Boolean."""
    if not isinstance(expr, sp.Basic):
        raise NotExpressible("expected a SymPy expression", repr(expr))
    cond = _Reader(expr, functions or {}).cond(expr)
    try:
        check_cond(cond)
    except IllTyped as error:
        raise NotExpressible(str(error), expr) from error
    return cond


def statement(
    lhs: Any, rhs: Any, given: Iterable[Any] = (), functions: Mapping[str, Function] | None = None
) -> Statement:
    """lhs = rhs for all values: both sides and the conditions read together, as one text.

    The assumptions of free symbols (positive, nonzero, ...) become conditions.
    """
    parts = [sp.sympify(e) if isinstance(e, int) else e for e in (lhs, rhs, *given)]
    for e in parts:
        if not isinstance(e, sp.Basic):
            raise NotExpressible("expected a SymPy expression", repr(e))
    whole = sp.Tuple(*parts)
    reader = _Reader(whole, functions or {})
    conds = tuple(reader.cond(c) for c in parts[2:])
    return Statement(conds + _assumed(reader, whole), *(reader.typed(e) for e in parts[:2]))


def assumed(expr: sp.Basic) -> tuple[Cond, ...]:
    """The conditions in the assumptions of the free symbols, such as n >= 1 for positive n."""
    return _assumed(_Reader(expr, {}), expr)


def _assumed(reader: Base, expr: sp.Basic) -> tuple[Cond, ...]:
    out: list[Cond] = []
    for s in sorted(expr.free_symbols, key=str):
        if isinstance(s, sp.Symbol) and not isinstance(s, sp.Idx):
            var = reader.var(s)
            for holds, cond in (
                (s.is_positive, Rel("<", ZERO, var)),
                (s.is_nonnegative and not s.is_positive, Rel("<=", ZERO, var)),
                (s.is_negative, Rel("<", var, ZERO)),
                (s.is_nonzero and not s.is_positive and not s.is_negative,
                 Not(Rel("=", var, ZERO))),
            ):  # fmt: skip
                if holds:
                    out.append(cond)
    return tuple(out)


class _Reader(Arithmetic, Binders, Conditions):
    def read(self, e: Any) -> Term:
        for kind in type(e).__mro__:
            if (reader := READ.get(kind)) is not None:
                return reader(self, e)
        raise NotExpressible(f"{type(e).__name__} cannot be read", e)


READ: dict[type, Callable[[_Reader, Any], Term]] = {
    sp.Rational: lambda r, e: Num(Fraction(e.p, e.q)),
    sp.Symbol: _Reader.var,
    sp.Add: lambda r, e: Add(tuple(r.read(a) for a in e.args)),
    sp.Mul: _Reader.product,
    sp.Pow: _Reader.pow,
    sp.floor: _Reader.floor,
    sp.ceiling: _Reader.ceiling,
    sp.Mod: _Reader.mod,
    sp.Max: lambda r, e: reduce(Max, [r.read(a) for a in ordered(e.args)]),
    sp.Min: _Reader.minimum,
    sp.Abs: lambda r, e: Abs(r.read(e.args[0])),
    AppliedUndef: _Reader.call,
    sp.Indexed: _Reader.entry,
    sp.Sum: _Reader.sum,
    sp.Integral: _Reader.sum,
    sp.Derivative: _Reader.derivative,
    sp.Subs: _Reader.substituted,
    sp.KroneckerDelta: _Reader.delta,
    sp.Piecewise: _Reader.piecewise,
    Bracket: lambda r, e: Iverson(r.cond(e.args[0])),
}

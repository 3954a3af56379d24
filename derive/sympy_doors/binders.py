"""Reading from SymPy: sums, integrals and derivatives."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derive.sympy_doors.base import Base
from derive.sympy_doors.errors import NotExpressible
from derive.syntax import App, Diff, DiffEntry, Fn, Iverson, Mul, Partial, R, Rel, Sum, Term, Var, Z


class Binders(Base):
    def sum(self, e: sp.Sum | sp.Integral) -> Term:
        return self.nest(e, list(e.limits))

    def nest(self, e: sp.Sum | sp.Integral, limits: list[sp.Tuple]) -> Term:
        """SymPy's last limit is the outermost."""
        if not limits:
            return self.read(e.function)
        *inner, limit = limits
        if len(limit) != 3:
            raise NotExpressible("a sum or integral needs its bounds", e)
        symbol, lo, hi = limit
        discrete = isinstance(e, sp.Sum)
        var = Var(self.name(symbol), Z if discrete else R)
        if discrete and lo.is_Integer and hi.is_Integer and hi < lo - 1:
            raise NotExpressible("SymPy reads this reversed range as a negative sum", e)
        if lo in (sp.oo, sp.nan, sp.zoo) or hi in (-sp.oo, sp.nan, sp.zoo):
            raise NotExpressible("the range runs backwards from infinity", e)
        bounds = [None if b in (sp.oo, -sp.oo) else self.read(b) for b in (lo, hi)]
        old = self.scope.get(symbol)
        self.scope[symbol] = var
        body = self.nest(e, inner)
        if old is None:
            del self.scope[symbol]
        else:
            self.scope[symbol] = old
        low, high = bounds
        if low is not None and high is not None:
            return Sum(var, (low, high), body)
        if low is None and high is None:
            return Sum(var, (), body)
        edge = Rel("<=", low, var) if low is not None else Rel("<=", var, high)  # type: ignore[arg-type]
        return Sum(var, (), Mul((Iverson(edge), body)))

    def derivative(self, e: sp.Derivative) -> Term:
        out, last = e.expr, None
        read: Term | None = None
        for v, count in e.variable_count:
            if not count.is_Integer:
                raise NotExpressible("only literal orders of derivatives can be read", e)
            for _ in range(int(count)):
                read = self.derive(v, out if read is None else read, e)
                last = v
        if last is None:
            return self.read(out)
        return read  # type: ignore[return-value]

    def derive(self, v: Any, body: Any, whole: sp.Basic) -> Term:
        if isinstance(v, sp.Indexed):
            fn, indices = self.tensor(v)
            inner = body if isinstance(body, Term) else self.read(body)
            if not isinstance(fn, Fn):
                raise NotExpressible("this is not an entry of a tensor", v)
            return DiffEntry(fn, indices, inner)
        if not isinstance(v, sp.Symbol):
            raise NotExpressible("a derivative is by a symbol or an entry", whole)
        var = self.var(v)
        if var.space != R:
            raise NotExpressible("a derivative by an integer", whole)
        if isinstance(body, AppliedUndef) and body.args.count(v) == 1:
            others = [a for a in body.args if a != v]
            if not any(v in a.free_symbols for a in others):
                slot = body.args.index(v)
                return Partial(self.function(body), slot)(*(self.read(a) for a in body.args))
        inner = body if isinstance(body, Term) else self.below(v, var, body)
        if isinstance(inner, App) and isinstance(inner.fn, Partial) and inner.args == (var,):
            return Partial(inner.fn, 0)(var)
        return Diff(var, inner, var)

    def substituted(self, e: sp.Subs) -> Term:
        """What SymPy writes for a derivative at a point."""
        if not isinstance(e.expr, sp.Derivative) or len(e.variables) != 1:
            raise NotExpressible("a substitution that is not a derivative at a point", e)
        symbol, point = e.variables[0], self.read(e.point[0])
        var = Var(self.name(symbol), R)
        if e.expr.variables != (symbol,) * len(e.expr.variables):
            raise NotExpressible("a substitution that is not a derivative at a point", e)
        inner = self.below(symbol, var, e.expr)
        if isinstance(inner, Diff):
            return Diff(var, inner.body, point)
        if isinstance(inner, App) and inner.args.count(var) == 1:
            return App(inner.fn, tuple(point if a == var else a for a in inner.args))
        raise NotExpressible("a substitution that is not a derivative at a point", e)

"""From SymPy: the tree is walked, node by node, and nothing of it is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derive.binding import fresh
from derive.sympy_doors.errors import NotExpressible
from derive.sympy_doors.roles import Roles, roles
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    Add,
    And,
    App,
    Cond,
    Diff,
    DiffEntry,
    Div,
    Divides,
    Floor,
    Fn,
    Function,
    Iverson,
    Max,
    Mul,
    Not,
    Num,
    Or,
    Partial,
    Pow,
    R,
    Rel,
    Sum,
    Term,
    Var,
    Z,
    space_of,
)

DEFAULT = {"Z": "finite", "R": "Schwartz"}  # what is known of a function that nothing declares


def from_sympy(expr: Any, functions: Mapping[str, Function] | None = None) -> Term:
    """A term for a SymPy expression.

    `functions` declares functions and tensors by name; the others are finitely supported on
    integers, Schwartz on reals.  IndexedBase("x", shape=(n,)) has the entries 0, ..., n - 1.
    """
    return _Reader(sp.sympify(expr) if isinstance(expr, int) else expr, functions or {}).term()


def assumed(expr: sp.Basic) -> tuple[Cond, ...]:
    """The conditions in the assumptions of the free symbols, such as n >= 1 for positive n."""
    reader = _Reader(expr, {})
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


class _Reader:
    def __init__(self, expr: Any, functions: Mapping[str, Function]) -> None:
        if not isinstance(expr, sp.Basic):
            raise NotExpressible("expected a SymPy expression", repr(expr))
        self.expr, self.functions = expr, functions
        self.roles: Roles = roles(expr)
        self.scope: dict[sp.Symbol, Var] = {}
        self.names: dict[str, sp.Symbol] = {}
        self.made: dict[tuple[str, int], Fn] = {}

    def term(self) -> Term:
        out = self.read(self.expr)
        space_of(out)
        return out

    def read(self, e: Any) -> Term:
        for kind in type(e).__mro__:
            if (reader := READ.get(kind)) is not None:
                return reader(self, e)
        raise NotExpressible(f"{type(e).__name__} cannot be read", e)

    # --- symbols

    def name(self, s: sp.Symbol) -> str:
        """The symbol's name; a Dummy gets a new one if another symbol has it."""
        owner = self.names.setdefault(s.name, s)
        if owner == s:
            return str(s.name)
        if not isinstance(s, sp.Dummy):
            raise NotExpressible("two different symbols have this name", s)
        for name, symbol in self.names.items():
            if symbol == s:
                return name
        name = fresh(s.name, self.names)
        self.names[name] = s
        return name

    def var(self, s: sp.Symbol) -> Var:
        if s in self.scope:
            return self.scope[s]
        return Var(self.name(s), Z if self.roles.kind(s) == "Z" else R)

    def below(self, s: sp.Symbol, var: Var, e: sp.Basic) -> Term:
        old = self.scope.get(s)
        self.scope[s] = var
        out = self.read(e)
        if old is None:
            del self.scope[s]
        else:
            self.scope[s] = old
        return out

    # --- arithmetic

    def product(self, e: sp.Mul) -> Term:
        above, below = [], []
        for part in e.args:
            base, exponent = part.as_base_exp()
            if isinstance(part, sp.Pow) and exponent.is_Integer and exponent < 0:
                below.append(self.power(base, -int(exponent)))
            elif part.is_Rational and part.q != 1:
                above.append(Num(Fraction(part.p, part.q)))
            else:
                above.append(self.read(part))
        num = above[0] if len(above) == 1 else Mul(tuple(above)) if above else ONE
        if not below:
            return num
        return Div(num, below[0] if len(below) == 1 else Mul(tuple(below)))

    def power(self, base: sp.Basic, exponent: int) -> Term:
        return self.read(base) if exponent == 1 else Pow(self.read(base), exponent)

    def pow(self, e: sp.Pow) -> Term:
        if not e.exp.is_Integer:
            raise NotExpressible("only literal integer powers can be read", e)
        if e.exp < 0:
            return Div(ONE, self.power(e.base, -int(e.exp)))
        return self.power(e.base, int(e.exp))

    def ratio(self, e: sp.Basic) -> tuple[Term, Term]:
        """Integer numerator and denominator of what stands in a floor."""
        num, den = self._ratio(e)
        return num, den

    def _ratio(self, e: sp.Basic) -> tuple[Term, Term]:
        if e.is_Rational:
            return Num(Fraction(e.p)), Num(Fraction(e.q))
        if isinstance(e, sp.Add):
            parts = [self._ratio(part) for part in e.args]
            dens = [d for _, d in parts]
            if all(isinstance(d, Num) for d in dens):
                common = lcm(*(int(d.value) for d in dens if isinstance(d, Num)))
                scaled = [
                    n if d.value == common else Mul((Num(Fraction(common) / d.value), n))
                    for n, d in parts
                    if isinstance(d, Num)
                ]
                return Add(tuple(scaled)), Num(Fraction(common))
            others = {d for d in dens if d != ONE}
            if len(others) == 1:
                den = others.pop()
                return Add(tuple(n if d == den else Mul((den, n)) for n, d in parts)), den
            raise NotExpressible("the fractions in a floor have different denominators", e)
        if isinstance(e, sp.Mul | sp.Pow):
            above: list[Term] = []
            below: list[Term] = []
            for part in e.args if isinstance(e, sp.Mul) else (e,):
                if part.is_Rational:
                    above += [Num(Fraction(part.p))] if part.p != 1 else []
                    below += [Num(Fraction(part.q))] if part.q != 1 else []
                elif isinstance(part, sp.Pow) and part.exp.is_Integer and part.exp < 0:
                    below.append(self.power(part.base, -int(part.exp)))
                elif isinstance(part, sp.Add):
                    n, d = self._ratio(part)
                    above.append(n)
                    below += [d] if d != ONE else []
                else:
                    above.append(self.read(part))
            return _times(above), _times(below)
        return self.read(e), ONE

    def floor(self, e: sp.floor) -> Term:
        return Floor(*self.ratio(e.args[0]))

    def ceiling(self, e: sp.ceiling) -> Term:
        num, den = self.ratio(e.args[0])
        return -Floor(-num, den)

    def mod(self, e: sp.Mod) -> Term:
        num, den = self.read(e.args[0]), self.read(e.args[1])
        return num - den * Floor(num, den)

    def minimum(self, e: sp.Min) -> Term:
        return -reduce(Max, [-self.read(a) for a in _sorted(e.args)])

    # --- functions

    def declared(self, name: str, make: Callable[[], Fn], arity: int) -> Function:
        if name in self.functions:
            return self.functions[name]
        if (name, arity) not in self.made:
            self.made[name, arity] = make()
        return self.made[name, arity]

    def call(self, e: AppliedUndef) -> Term:
        return self.function(e)(*(self.read(a) for a in e.args))

    def function(self, e: AppliedUndef) -> Function:
        name = e.func.__name__

        def make() -> Fn:
            kinds = [self.roles.slots.get((name, k), "R") for k in range(len(e.args))]
            cls = DEFAULT["Z" if set(kinds) <= {"Z"} else "R"]
            return Fn(name, tuple(Z if k == "Z" else R for k in kinds), cls)

        return self.declared(name, make, len(e.args))

    def entry(self, e: sp.Indexed) -> App:
        fn, indices = self.tensor(e)
        return App(fn, indices)

    def tensor(self, e: sp.Indexed) -> tuple[Function, tuple[Term, ...]]:
        indices = tuple(self.read(i) for i in e.indices)

        def make() -> Fn:
            box = None
            if e.base.shape is not None:
                box = tuple((ZERO, self.read(n) - 1) for n in e.base.shape)
            domain = (Z,) * len(indices)
            return Fn(str(e.base.label), domain, "finite", box, style="index")

        return self.declared(str(e.base.label), make, len(indices)), indices

    # --- binders

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

    # --- conditions

    def delta(self, e: sp.KroneckerDelta) -> Term:
        if len(e.args) != 2:
            raise NotExpressible("a Kronecker delta with a range", e)
        return Iverson(Rel("=", self.read(e.args[0]), self.read(e.args[1])))

    def piecewise(self, e: sp.Piecewise) -> Term:
        """e_1 [c_1] + e_2 [c_2 and not c_1] + ...: the first condition that holds decides."""
        if e.args[-1].cond != sp.true:
            raise NotExpressible("a Piecewise without a last case for all else", e)
        out: list[Term] = []
        before: list[Cond] = []
        for value, cond in e.args:
            conds = list(before)
            if cond != sp.true:
                here = self.cond(cond)
                conds.insert(0, here)
                before.append(Not(here))
            if value == 0:
                continue
            bracket = conds[0] if len(conds) == 1 else And(tuple(conds))
            factors = (Iverson(bracket),) if conds else ()
            shown = () if value == 1 and factors else (self.read(value),)
            parts = (*factors, *shown)
            out.append(parts[0] if len(parts) == 1 else Mul(parts))
        return out[0] if len(out) == 1 else Add(tuple(out)) if out else ZERO

    def cond(self, c: sp.Basic) -> Cond:
        match c:
            case sp.Eq():
                if isinstance(c.lhs, sp.Mod) and c.rhs == 0:
                    return Divides(self.read(c.lhs.args[1]), self.read(c.lhs.args[0]))
                return Rel("=", self.read(c.lhs), self.read(c.rhs))
            case sp.Ne():
                return Not(self.cond(sp.Eq(c.lhs, c.rhs, evaluate=False)))
            case sp.Le() | sp.Lt():
                return Rel("<=" if isinstance(c, sp.Le) else "<", self.read(c.lhs),
                           self.read(c.rhs))  # fmt: skip
            case sp.Ge() | sp.Gt():
                return Rel("<=" if isinstance(c, sp.Ge) else "<", self.read(c.rhs),
                           self.read(c.lhs))  # fmt: skip
            case sp.And():
                return And(tuple(self.cond(a) for a in _sorted(c.args)))
            case sp.Or():
                return Or(tuple(self.cond(a) for a in _sorted(c.args)))
            case sp.Not():
                return Not(self.cond(c.args[0]))
        if c == sp.true:
            return Rel("=", ZERO, ZERO)
        if c == sp.false:
            return Rel("=", ZERO, ONE)
        raise NotExpressible("a condition that cannot be read", c)


def _times(parts: list[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Mul(tuple(parts)) if parts else ONE


def _sorted(args: Any) -> list[Any]:
    """SymPy keeps these in a set: an order that is the same in every run."""
    return sorted(args, key=sp.default_sort_key)


READ: dict[type, Callable[[_Reader, Any], Term]] = {
    sp.Rational: lambda r, e: Num(Fraction(e.p, e.q)),
    sp.Symbol: _Reader.var,
    sp.Add: lambda r, e: Add(tuple(r.read(a) for a in e.args)),
    sp.Mul: _Reader.product,
    sp.Pow: _Reader.pow,
    sp.floor: _Reader.floor,
    sp.ceiling: _Reader.ceiling,
    sp.Mod: _Reader.mod,
    sp.Max: lambda r, e: reduce(Max, [r.read(a) for a in _sorted(e.args)]),
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
}

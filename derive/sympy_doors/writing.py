"""To SymPy: unevaluated nodes, so that what comes out is what was proved.

Defined operators are written out by their definitions.  What SymPy has no word for is refused:
sums over Z^d for a symbolic d, residues, losses (functions of functions).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derive.binding import free, fresh, instantiate, names, substitute
from derive.sympy_doors.bracket import Bracket
from derive.sympy_doors.errors import NotExpressible
from derive.syntax import (
    ONE,
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
    Lam,
    Max,
    Mul,
    Node,
    Not,
    Num,
    Op,
    Or,
    Partial,
    Pow,
    R,
    Rel,
    Space,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    space_of,
)


def to_sympy(node: Node) -> Any:
    """A SymPy expression for a term, a Boolean for a condition, an Eq for a statement."""
    match node:
        case Statement(_, lhs, rhs):
            return sp.Eq(_term(lhs), _term(rhs), evaluate=False)
        case Cond():
            return _cond(node)
        case Term():
            return _term(node)
    lhs, rhs = getattr(node, "lhs", None), getattr(node, "rhs", None)
    if isinstance(lhs, Term) and isinstance(rhs, Term):  # a theorem
        return sp.Eq(_term(lhs), _term(rhs), evaluate=False)
    raise NotExpressible(f"{type(node).__name__} is no term, condition or statement", node)


def symbol(v: Var) -> sp.Symbol:
    if v.space == Z:
        return sp.Symbol(v.name, integer=True)
    if v.space == R:
        return sp.Symbol(v.name, real=True)
    raise NotExpressible(f"SymPy has no variable in {v.space!r}", v)


def _term(t: Term) -> Any:
    match t:
        case Num(value):
            return sp.Rational(value.numerator, value.denominator)
        case Var():
            return symbol(t)
        case Add(terms):
            return sp.Add(*map(_term, terms), evaluate=False) if terms else sp.S.Zero
        case Mul(factors):
            return sp.Mul(*map(_term, factors), evaluate=False) if factors else sp.S.One
        case Pow(base, exponent):
            return sp.Pow(_term(base), exponent, evaluate=False)
        case Div(num, den):
            return _quotient(num, den)
        case Floor(num, den):
            return sp.floor(_term(num) if den == ONE else _quotient(num, den), evaluate=False)
        case Max(left, right):
            return sp.Max(_term(left), _term(right), evaluate=False)
        case Abs(arg):
            return sp.Abs(_term(arg), evaluate=False)
        case App(fn, args):
            return _application(t, fn, args)
        case Iverson(cond):
            return _bracket(cond)
        case Sum(var, bounds, body):
            lo, hi = map(_term, bounds) if bounds else (-sp.oo, sp.oo)
            kind = sp.Integral if t.integral else sp.Sum
            return kind(_term(body), (symbol(var), lo, hi))
        case Diff(var, body, at):
            return _derivative_at(var, _term(body), at)
        case DiffEntry(fn, entry, body):
            if fn.style != "index":
                raise NotExpressible("SymPy differentiates by entries of an IndexedBase only", fn)
            by = sp.IndexedBase(fn.name)[tuple(map(_term, entry))]
            return sp.Derivative(_term(body), by)
    raise NotExpressible("not a term", t)


def _quotient(num: Term, den: Term) -> Any:
    below = _term(den)
    if below == 0:
        raise NotExpressible("division by zero is 0 here and undefined in SymPy", Div(num, den))
    return sp.Mul(_term(num), sp.Pow(below, -1, evaluate=False), evaluate=False)


def _derivative_at(var: Var, body: Any, at: Term) -> Any:
    v = symbol(var)
    if at == var:
        return sp.Derivative(body, v)
    return sp.Subs(sp.Derivative(body, v), v, _term(at))


def _application(t: App, fn: Function, args: tuple[Term | Function, ...]) -> Any:
    match fn:
        case Fn(name, style=style):
            if not all(isinstance(a, Term) for a in args):
                raise NotExpressible("SymPy has no functions of functions", t)
            shown = [_term(a) for a in args if isinstance(a, Term)]
            if style == "index" and shown:
                return sp.IndexedBase(name)[tuple(shown)]
            return sp.Function(name)(*shown)
        case Op(definition, actuals):
            params = definition.params
            lam = instantiate(definition.lam, dict(zip(params, actuals, strict=True)))
            return _application(t, lam, args)
        case Lam(params, body):
            terms = [a for a in args if isinstance(a, Term)]
            if len(terms) != len(params):
                raise NotExpressible("a map applied to a function", t)
            return _term(substitute(body, dict(zip(params, terms, strict=True))))
        case Partial(inner, slot):
            at = args[slot]
            place = at.space if isinstance(at, Var) else None
            if not isinstance(at, Term) or not isinstance(_place(inner, slot), Space):
                raise NotExpressible("SymPy has no derivative of a loss by its output", t)
            others = [a for k, a in enumerate(args) if k != slot]
            if place == R and isinstance(at, Var) and not any(at in free(a) for a in others):
                return _derivative_at(at, _term(App(inner, args)), at)
            taken = names(free(t))
            var = Var(fresh("t", taken), R)
            moved = tuple(var if k == slot else a for k, a in enumerate(args))
            return _derivative_at(var, _term(App(inner, moved)), at)
    raise NotExpressible("not a function", fn)


def _place(fn: Function, slot: int) -> Any:
    from derive.syntax import domain_of

    return domain_of(fn)[slot]


def _bracket(cond: Cond) -> Any:
    if isinstance(cond, Rel) and cond.op == "=":
        if space_of(cond.lhs) == space_of(cond.rhs) == Z:
            return sp.KroneckerDelta(_term(cond.lhs), _term(cond.rhs))
    return Bracket(_cond(cond))


def _cond(c: Cond) -> Any:
    match c:
        case Rel(op, lhs, rhs):
            kind = {"=": sp.Eq, "<=": sp.Le, "<": sp.Lt}[op]
            return kind(_term(lhs), _term(rhs), evaluate=False)
        case Divides(divisor, number):
            rest = sp.Mod(_term(number), _term(divisor), evaluate=False)
            return sp.Eq(rest, 0, evaluate=False)
        case And(conds):
            return sp.And(*map(_cond, conds), evaluate=False)
        case Or(conds):
            return sp.Or(*map(_cond, conds), evaluate=False)
        case Not(part):
            return sp.Not(_cond(part), evaluate=False)
    raise NotExpressible("SymPy has no such condition", c)

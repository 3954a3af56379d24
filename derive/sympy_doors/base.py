"""Reading from SymPy: symbols, functions and tensors, with their kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from derive.binding import fresh
from derive.sympy_doors.errors import NotExpressible
from derive.sympy_doors.roles import Roles, roles
from derive.syntax import (
    ZERO,
    App,
    Fn,
    Function,
    IllTyped,
    R,
    Space,
    Term,
    Var,
    Z,
    domain_of,
    space_of,
)

DEFAULT = {"Z": "finite", "R": "Schwartz"}  # what is known of a function that nothing declares


class Base:
    def __init__(self, expr: Any, functions: Mapping[str, Function]) -> None:
        if not isinstance(expr, sp.Basic):
            raise NotExpressible("expected a SymPy expression", repr(expr))
        self.expr, self.functions = expr, functions
        slots = {
            (name, k): space.kind
            for name, fn in functions.items()
            for k, space in enumerate(domain_of(fn))
            if isinstance(space, Space)
        }
        self.roles: Roles = roles(expr, slots)
        self.scope: dict[sp.Symbol, Var] = {}
        self.names: dict[str, sp.Symbol] = {}
        for s in sorted(expr.atoms(sp.Symbol), key=sp.default_sort_key):
            if not isinstance(s, sp.Dummy) and self.names.setdefault(s.name, s) != s:
                raise NotExpressible("two different symbols have this name", s)
        self.made: dict[tuple[str, int], Fn] = {}

    def whole(self) -> Term:
        return self.typed(self.expr)

    def typed(self, e: Any) -> Term:
        out = self.read(e)
        try:
            space_of(out)
        except IllTyped as error:
            raise NotExpressible(str(error), e) from error
        return out

    def read(self, e: Any) -> Term:
        raise NotImplementedError

    # --- symbols

    def name(self, s: sp.Symbol) -> str:
        """The symbol's name; a Dummy gets a new one if another symbol has it."""
        if not isinstance(s, sp.Dummy):
            return str(s.name)
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

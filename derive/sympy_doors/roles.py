"""Which symbols of a SymPy expression are integers and which are real.

Assumptions decide.  Where there are none, the role does: a Sum's variable, an index, a bound of
a range and the inside of a floor are integers; an Integral's variable and what is differentiated
by are real; the free symbols in one argument of a function share that argument's kind.  What is
left is real.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp
from sympy.core.function import AppliedUndef

from derive.sympy_doors.errors import NotExpressible

Slot = tuple[str, int]


@dataclass
class Roles:
    kinds: dict[sp.Symbol, str] = field(default_factory=dict)
    slots: dict[Slot, str] = field(default_factory=dict)

    def kind(self, symbol: sp.Symbol) -> str:
        return self.kinds.get(symbol, "R")


def known(symbol: sp.Symbol) -> str | None:
    if symbol.is_integer:
        return "Z"
    if symbol.is_real is False or symbol.is_commutative is False:
        raise NotExpressible("only real and integer symbols can be read", symbol)
    return "R" if symbol.is_real else None


def roles(expr: sp.Basic, declared: dict[Slot, str]) -> Roles:
    """The kinds of the free symbols and of the functions' arguments."""
    out = Roles(slots=dict(declared))
    uses: list[tuple[Slot, set[str], set[sp.Symbol]]] = []
    _visit(expr, {}, out.kinds, uses)
    changed = True
    while changed:
        changed = False
        for slot, fixed, open_ in uses:
            found = fixed | {out.kinds[s] for s in open_ if s in out.kinds}
            old = out.slots.get(slot)
            new = "R" if "R" in found or old == "R" else "Z" if "Z" in found else old
            if slot in declared:
                continue
            if new != old:
                out.slots[slot], changed = str(new), True
        for slot, _, open_ in uses:
            for s in open_:
                if slot in out.slots and s not in out.kinds:
                    out.kinds[s], changed = out.slots[slot], True
    return out


Env = dict[sp.Symbol, str]


def _visit(e: sp.Basic, env: Env, kinds: Env, uses: list) -> None:  # type: ignore[type-arg]
    if isinstance(e, sp.Symbol):
        if e not in env and (kind := known(e)):
            kinds[e] = kind
        return
    if isinstance(e, sp.Sum | sp.Integral):
        inner = dict(env)
        for limit in reversed(e.limits):
            for bound in limit[1:]:
                _visit(bound, inner, kinds, uses)
                if isinstance(e, sp.Sum):
                    _integers(bound, inner, kinds)
            inner[limit[0]] = "Z" if isinstance(e, sp.Sum) else "R"
        _visit(e.function, inner, kinds, uses)
        return
    if isinstance(e, sp.Derivative):
        for v in e.variables:
            if isinstance(v, sp.Symbol) and v not in env:
                kinds.setdefault(v, known(v) or "R")
    if isinstance(e, sp.Subs):
        for part in (*e.point,):
            _visit(part, env, kinds, uses)
        _visit(e.expr, {**env, **dict.fromkeys(e.variables, "R")}, kinds, uses)
        return
    if isinstance(e, AppliedUndef):
        for k, arg in enumerate(e.args):
            fixed: set[str] = set()
            open_: set[sp.Symbol] = set()
            _kinds_in(arg, env, fixed, open_)
            uses.append(((e.func.__name__, k), fixed, open_))
    if isinstance(e, sp.Indexed):
        for index in e.indices:
            _visit(index, env, kinds, uses)
            _integers(index, env, kinds)
        for size in e.base.shape or ():
            _integers(size, env, kinds)
        return
    if isinstance(e, sp.floor | sp.ceiling | sp.Mod | sp.KroneckerDelta):
        for arg in e.args:
            _integers(arg, env, kinds)
    for arg in e.args:
        if isinstance(arg, sp.Basic) and not isinstance(e, sp.Symbol):
            _visit(arg, env, kinds, uses)


def _kinds_in(e: sp.Basic, env: Env, fixed: set[str], open_: set[sp.Symbol]) -> None:
    """What an argument is made of: integers, reals, and symbols of which nothing is known yet."""
    if isinstance(e, sp.Symbol):
        if e in env:
            fixed.add(env[e])
        else:
            open_.add(e)
    elif isinstance(e, sp.Rational):
        fixed |= set() if e.is_Integer else {"R"}
    elif isinstance(e, sp.Pow) and not e.exp.is_nonnegative:
        fixed.add("R")
    elif isinstance(e, sp.Add | sp.Mul | sp.Pow | sp.Max | sp.Min | sp.Abs):
        for arg in e.args:
            _kinds_in(arg, env, fixed, open_)
    else:
        whole = isinstance(e, sp.floor | sp.ceiling | sp.KroneckerDelta)
        fixed.add("Z" if whole else "R")


def _integers(e: sp.Basic, env: Env, kinds: Env) -> None:
    for s in e.free_symbols:
        if isinstance(s, sp.Symbol) and s not in env:
            kinds.setdefault(s, known(s) or "Z")

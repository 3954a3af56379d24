"""Derivatives: d/dx, partial derivatives of functions, of values, by entries, and of a loss.

May: read a fraction whose top and bottom begin with d or a partial sign.  Called by `Terms.factor`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.latex.roles.roles import LOSSES, _call_group
from derive.latex.signs.errors import Fault
from derive.latex.signs.names import head
from derive.latex.signs.tree import Frac, Level, Name, Number, Script, Surface, lone_item
from derive.latex.terms.open import differentiated, pointwise, slots
from derive.syntax import Diff, DiffEntry, Fn, Function, Term, Var

if TYPE_CHECKING:
    from derive.latex.given.gradients import Gradients
    from derive.latex.terms.terms import Cursor, Value


def fraction(e: Gradients, cur: Cursor, frac: Frac) -> Value:
    """The value of a derivative; a bare `\\frac{d}{dx}` takes in the product that follows."""
    top = frac.num.chains[0].levels[0].items
    bottom = frac.den.chains[0].levels[0].items
    order = _order(top[0], frac.pos)
    targets = _targets(bottom, order, frac.pos)
    cur.at += 1
    if len(top) > 1:
        found = head(top[1], e.naming) if len(top) == 2 else None
        if found is not None and found.subs is None and _is_loss(e, found.name, targets[0]):
            return e.gradient(found.name, targets, frac.pos)
        return derive(e, _body(e, top, targets), targets, frac.pos, _arguments(e, cur, top))
    if cur.peek() is None or cur.is_sign():
        raise Fault("a derivative of nothing", frac.pos, "an expression after it")
    following = cur.peek()
    found = head(following, e.naming) if following is not None else None
    if found is not None and found.subs is None and _is_loss(e, found.name, targets[0]):
        cur.at += 1
        return e.gradient(found.name, targets, frac.pos)
    for target in targets:
        _declare_real(e, target)
    return derive(e, e.product(cur), targets, frac.pos, None)


def _body(e: Gradients, top: list[Surface], targets: list[Surface]) -> Value:
    for target in targets:
        _declare_real(e, target)
    return e.level(Level(top[1].pos, top[1:]))


def _arguments(e: Gradients, cur: Cursor, top: list[Surface]) -> list[str] | None:
    """The letters of the arguments that follow \\frac{\\partial g}{\\partial x}, or of g itself."""
    group = _call_group(cur.peek()) if cur.peek() is not None else None  # type: ignore[arg-type]
    if group is None:
        return None
    return [
        c.levels[0].items[0].value
        if len(c.levels[0].items) == 1 and isinstance(c.levels[0].items[0], Name)
        else ""
        for c in group.chains
    ]


def _order(first: Surface, pos: int) -> int:
    if not isinstance(first, Script):
        return 1
    item = lone_item(first.sups[0]) if first.sups and not first.subs and not first.primes else None
    if not isinstance(item, Number) or item.value not in (1, 2, 3, 4):
        raise Fault("not an order of a derivative", pos, "a number from 1 to 4")
    return int(item.value)


def _targets(bottom: list[Surface], order: int, pos: int) -> list[Surface]:
    """What is differentiated by, once for each order: dx^2 is x twice."""
    out: list[Surface] = []
    for k in range(0, len(bottom), 2):
        base = bottom[k]
        if not (isinstance(base, Name) and base.value in ("d", r"\mathrm{d}", r"\partial")):
            raise Fault("not a derivative's denominator", base.pos, "d or \\partial")
        if k + 1 == len(bottom):
            raise Fault("a derivative by nothing", base.pos, "a letter after it")
        target, times = bottom[k + 1], 1
        if isinstance(target, Script) and target.sups:
            item = lone_item(target.sups[-1])
            if isinstance(item, Number) and len(bottom) <= 2 * order and order > 1:
                times = int(item.value)
                rest = target.sups[:-1]
                if target.subs or rest or target.primes:
                    target = Script(target.pos, target.base, target.subs, rest, target.primes)
                else:
                    target = target.base
        if times > order:
            raise Fault("the orders above and below differ", pos, f"order {order}")
        out += [target] * times
    if len(out) != order:
        raise Fault("the orders above and below differ", pos, f"order {order}")
    return out


def _is_loss(e: Gradients, name: str, target: Surface) -> bool:
    if name in e.roles.called or name in e.roles.entries or name in e.env or name in e.valued:
        return False
    found = head(target, e.naming)
    if found is None or not (name in LOSSES or name in e.roles.losses):
        return False
    # by an entry, by a whole tensor, or by a number of a forward formula, such as a bias
    bare = name not in e.roles.differentiated and name not in e.free  # it stands nowhere else
    return found.subs is not None or e.is_tensor(found.name) or bool(e.forward()) or bare


def _declare_real(e: Gradients, target: Surface) -> None:
    found = head(target, e.naming)
    if found is None or found.power is not None:
        raise Fault("not something to differentiate by", target.pos, "a letter or an entry")
    if found.subs is None and not e.is_tensor(found.name):
        e.real(e.variable(found.name).space, target.pos)


def derive(
    e: Gradients, value: Value, targets: list[Surface], pos: int, arguments: list[str] | None
) -> Value:
    """The derivative of a function or a value by each target in turn."""
    for target in reversed(targets):
        found = head(target, e.naming)
        if found is None:
            raise Fault("not something to differentiate by", target.pos, "a letter or an entry")
        if found.subs is not None or e.is_tensor(found.name):
            value = by_entry(e, value, target)
        elif isinstance(value, Function):
            value = _partial(e, value, found.name, pos, arguments)
        else:
            value = by_variable(e, value, e.variable(found.name), pos)
    return value


def by_variable(e: Gradients, value: Term, var: Var, pos: int) -> Term:
    e.real(var.space, pos)
    return Diff(var, value, var)


def _partial(
    e: Gradients, fn: Function, name: str, pos: int, arguments: list[str] | None
) -> Function:
    places = slots(fn)
    slot = 0
    if len(places) > 1:
        if arguments is None or arguments.count(name) != 1:
            raise Fault(f"not clear which argument {name} is", pos, "the arguments after it")
        slot = arguments.index(name)
    e.real(places[slot], pos)
    e.operator_variables.add(name)
    return differentiated(fn, slot, pos)


def by_entry(e: Gradients, value: Value, target: Surface) -> Value:
    """The derivative of a value by w_j, or by the whole tensor w (then a function of j)."""
    fn, entry = e.entry_of(target)
    if isinstance(value, Function):
        raise Fault("the derivative of a function by an entry", target.pos, "a value")
    if entry is not None:
        e.entries_used.append((fn, entry))
        return DiffEntry(fn, entry, value)
    return pointwise([fn], lambda at: DiffEntry(fn, at.args, value), target.pos)


__all__ = ["Fn", "fraction"]

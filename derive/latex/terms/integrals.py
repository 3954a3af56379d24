"""Integrals: where the differential stands, over what, and which way.

May: find the `d z` that ends an integral; nested integrals close inside out.  `terms/sums` calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.binding import free
from derive.latex.roles.roles import STRICT
from derive.latex.signs.errors import Fault, ambiguous
from derive.latex.signs.names import differential
from derive.latex.signs.tree import DOMAINS, Big, Name, Script
from derive.latex.terms.binders import Binder, End, Infinity, declare, end_of
from derive.latex.terms.domains import domain
from derive.syntax import ONE, Function, Num, Space, Var

if TYPE_CHECKING:
    from derive.latex.terms.terms import Cursor, Terms, Value

WHOLE = Infinity(negative=True), Infinity(negative=False)


def integral(e: Terms, cur: Cursor, script: Script | None, base: Big) -> Value:
    from derive.latex.terms.terms import Cursor as Place

    start = cur.at
    ends = _ends(cur, start, base)
    names = [differential(cur.items, k) for k in ends]
    saved = dict(e.env)
    spaces, bounds = _over(e, script, len(names))
    variables = [
        declare(e, name or "", space) for name, space in zip(names, reversed(spaces), strict=True)
    ]
    if ends[0] == start + 1:  # \int dz f(z): the product that follows is the body
        cur.at = ends[-1] + 2
        body = e.product(cur) if cur.peek() is not None and not cur.is_sign() else ONE
    else:
        body = e.sum(Place(cur.items, start + 1, ends[0]))
        cur.at = ends[-1] + 2
    e.env = saved
    for var in [] if isinstance(body, Function) else free(body):
        if isinstance(var, Var) and var.name in STRICT and var not in e.bound:
            raise ambiguous(
                base.pos, f"{var.name} is a number", f"the function {var.name} is meant"
            )
    for var in variables:
        body = Binder.integrated(var, *bounds).over(body, base.pos)
    return body


def _ends(cur: Cursor, start: int, base: Big) -> list[int]:
    """Where the differentials of the integral at `start` stand."""
    open_integrals, found = base.order, []
    k = start + 1
    while k < cur.end:
        inner = cur.items[k]
        inner = inner.base if isinstance(inner, Script) else inner
        if isinstance(inner, Big) and inner.kind == "int":
            open_integrals += inner.order
        elif differential(cur.items, k) is not None and k + 1 < cur.end:
            open_integrals -= 1
            if open_integrals < base.order:
                found.append(k)
            if open_integrals == 0:
                if found[-1] - found[0] != 2 * (len(found) - 1):
                    raise Fault(
                        "the differentials of a double integral stand apart",
                        cur.items[k].pos,
                        "dx dy side by side",
                    )
                if differential(cur.items, k + 2) is not None and k + 3 < cur.end:
                    raise Fault(
                        "more differentials than integrals", cur.items[k + 2].pos,
                        r"\iint, or an integral sign for each differential",
                    )  # fmt: skip
                return found
            k += 1
        k += 1
    raise Fault("an integral without its differential", base.pos, "dz after the integrand")


def _over(
    e: Terms, script: Script | None, count: int
) -> tuple[list[Space], tuple[End, End]]:
    """The space of each variable, and the ends."""
    if script is None or not (script.subs or script.sups):
        return [e.kinds.new("R") for _ in range(count)], WHOLE
    sub = script.subs[0] if script.subs else None
    if sub is None or len(sub.chains) != 1 or sub.chains[0].rels:
        raise Fault("not a domain of integration", script.pos, r"\int_{\mathbb{R}^d} or \int_a^b")
    level = sub.chains[0].levels[0]
    item = level.items[0]
    inner = item.base if isinstance(item, Script) else item
    if isinstance(inner, Name) and DOMAINS.get(inner.value) == "R" and not script.sups:
        space = domain(e, level, "R")
        if count > 1:
            if e.kinds.slot(space).dim != Num(ONE.value * count):
                raise ambiguous(
                    script.pos, "each variable runs over the domain", "all of them together do"
                )
            return [e.kinds.new("R", dim=ONE) for _ in range(count)], WHOLE
        return [space], WHOLE
    if not script.sups or count > 1:
        raise Fault("an integral over a part of the space", script.pos, r"\int_a^b")
    space = e.kinds.new("R", dim=ONE)
    return [space], (end_of(e, level), end_of(e, script.sups[0].chains[0].levels[0]))

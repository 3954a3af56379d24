"""What the hypotheses say that something is: the taps w_0 = 1, w_1 = -1, the mean of all x_n."""

from __future__ import annotations

from contextlib import suppress

from derive.binding import Captured, free
from derive.kernel import Context, Refused, at
from derive.polynomial import key
from derive.search.linear import witnesses
from derive.search.walk import Walk, places
from derive.syntax import ZERO, App, Cond, Fn, Num, Rel, Sum, Term, Var


def values(walk: Walk) -> None:
    """The number or the sum in the place of each, where nothing is differentiated by it."""
    known: dict[str, Term] = {}
    for cond in Context(walk.equation.given).flat():
        for one, other in _equations(cond):
            if isinstance(one, App) and isinstance(one.fn, Fn) and isinstance(other, Num):
                known[key(one)] = other + ZERO * one  # a real number
            elif isinstance(one, Var) and one not in free(other) and _has_sum(other):
                known[key(one)] = other
    found = places(walk.term, lambda n: isinstance(n, App | Var) and key(n) in known)
    for path, node in list(found) if known else ():
        _, context, _ = at(walk.term, path, Context(walk.equation.given))
        target = known[key(node)]
        proof = witnesses(context, Rel("=", node, target))  # type: ignore[arg-type]
        if proof is not None:
            with suppress(Refused, Captured):
                walk.do("same", path, target=target, witnesses=proof)
    if known:
        walk.tidy()


def _equations(cond: Cond) -> list[tuple[Term, Term]]:
    if not isinstance(cond, Rel) or cond.op != "=":
        return []
    return [(cond.lhs, cond.rhs), (cond.rhs, cond.lhs)]


def _has_sum(t: Term) -> bool:
    return any(True for _ in places(t, lambda n: isinstance(n, Sum)))

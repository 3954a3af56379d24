"""Functions for which both sides have a limit, and not the same one: sums taken in two orders.

May: follow partial sums, each of them exact, on Z.  Must not: call a limit what has not stopped.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from derive.binding import free, instantiate
from derive.hypotheses.case import FAILURES
from derive.hypotheses.spelled import in_one_dimension
from derive.kernel.monomial import unfolded
from derive.meaning import NoValue, as_json, evaluate
from derive.syntax import (
    ONE,
    ZERO,
    App,
    Fn,
    Iverson,
    Lam,
    Rel,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    space_of,
    term,
)

WINDOWS = (2, 3, 4, 5)


def case(statement: Statement) -> str:
    """Functions for which both sides have limits of partial sums, and other ones.

    On R^d the same is tried on Z: the statement is one for every group.
    """
    on_integers = _discrete(statement)
    if on_integers is None:
        return ""
    functions = sorted(
        (s for s in free(on_integers) if isinstance(s, Fn)), key=lambda s: s.name
    )
    if not functions or len(functions) > 3:
        return ""
    for choice in product(_witnesses(), repeat=len(functions)):
        put = {f: lam for f, (_, lam) in zip(functions, choice, strict=True)}
        try:
            sides = [instantiate(t, put) for t in (on_integers.lhs, on_integers.rhs)]
            left, right = (_limits(side) for side in sides)
        except (NoValue, *FAILURES):
            continue
        if left is not None and right is not None and left != right:
            names = ", ".join(
                f"{f.name}(z) = {words}" for f, (words, _) in zip(functions, choice, strict=True)
            )
            far = WINDOWS[-1]
            return (
                f"on Z, with {names}: the partial sums over |z| ≤ {WINDOWS[0]}, ..., {far} are "
                f"{as_json(left)} on the left and {as_json(right)} on the right"
            )
    return ""


def _witnesses() -> list[tuple[str, Lam]]:
    """Functions on Z that vanish nowhere, on one side, or nearly everywhere."""
    z = Var("z", Z)
    unit = Iverson(Rel("=", z, ZERO))
    return [
        ("1", Lam((z,), ONE)),
        ("[0 ≤ z]", Lam((z,), Iverson(Rel("<=", ZERO, z)))),
        ("[z = 0] − [z = 1]", Lam((z,), unit - Iverson(Rel("=", z, ONE)))),
        ("[z = 0]", Lam((z,), unit)),
    ]


def _discrete(statement: Statement) -> Statement | None:
    """The statement for functions of one integer, at 0, where it is about convolution-like sums."""
    try:
        turned = in_one_dimension(statement, "Z")
        points = {v: ZERO for v in free(turned) if isinstance(v, Var)}
        at = instantiate(turned, points)
        for side in (at.lhs, at.rhs):
            space_of(side)
        return at
    except FAILURES:
        return None


def _limits(side: Term) -> Any:
    """The common value of the partial sums of the outermost sum, None if they are not one."""
    side = unfolded(side)
    if not isinstance(side, Sum) or side.bounds:
        return None
    values = []
    total: Any = 0
    done = -1
    summand = Lam((side.var,), side.body)
    for end in WINDOWS:
        for k in range(-end, end + 1):
            if abs(k) > done:
                total = total + evaluate(App(summand, (term(k),)), {}, 20_000)
        done = end
        values.append(total)
    return values[0] if all(v == values[0] for v in values) else None

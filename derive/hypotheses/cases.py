"""The hypotheses of a statement, one after the other, each with what happens without it."""

from __future__ import annotations

from dataclasses import replace

from derive.binding import free
from derive.hypotheses import classes, conditions, convolved, needless, orders, quotients
from derive.hypotheses.case import Case
from derive.hypotheses.spelled import is_loss, on_reals, spelled_out
from derive.syntax import Cond, Exists, Fn, Statement
from derive.text import text


def cases(statement: Statement) -> list[Case]:
    """One for each condition, then one for each function's range and class.

    >>> from derive.syntax import ONE, Num, Rel, Sum, Var, Z
    >>> k, n, j = Var("k", Z), Var("n", Z), Var("j", Z)
    >>> claim = Statement((Rel("<=", k, n + 1),), Sum(j, (k, n), ONE), n - k + 1)
    >>> print(cases(claim)[0].case)
    at k = 2, n = 0; the left side is 0, the right side is -1
    """
    out = [_condition(statement, cond) for cond in statement.given]
    functions = sorted((s for s in free(statement) if isinstance(s, Fn)), key=lambda s: s.name)
    for fn in functions:
        if fn.cls != "any" or fn.box is not None:
            out.append(_function(statement, fn, functions))
    return out


def _condition(statement: Statement, cond: Cond) -> Case:
    if isinstance(cond, Exists):
        case = orders.case(statement) or classes.constants_everywhere(statement)
        return Case(text(cond), case)
    found = conditions.without(statement, cond)
    if found.case:
        return found
    if said := quotients.corner_of_layer(statement, cond):
        return replace(found, case=said)
    rest = tuple(c for c in statement.given if c != cond)
    return replace(found, needed=not needless.proved(replace(statement, given=rest)))


def _function(statement: Statement, fn: Fn, functions: list[Fn]) -> Case:
    if is_loss(fn) or (on_reals(fn) and quotients.is_activation(statement, fn)):
        return Case(classes.words(fn), quotients.case(statement, fn))
    if fn.box is not None:
        found = classes.unbounded(statement, fn)
        wider = replace(fn, box=None)
    elif on_reals(fn):
        return Case(classes.words(fn), convolved.case(statement, fn))
    else:
        found = Case(classes.words(fn), classes.outside(statement, fn, functions))
        wider = replace(fn, cls="any")
    if found.case:
        return found
    known = needless.proved(spelled_out(statement), {fn: wider})
    return replace(found, needed=not known)

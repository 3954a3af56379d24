"""Functions on the integers outside of their class: constants, and tensors without a range.

May: put them in and evaluate.  Must not: say of a function that a constant is not in a class
without looking the class up.
"""

from __future__ import annotations

from dataclasses import replace

from derive.binding import free, instantiate
from derive.hypotheses.case import FAILURES, Case
from derive.hypotheses.conditions import tried
from derive.hypotheses.simple import entries
from derive.hypotheses.spelled import is_loss, redeclared, spelled_out
from derive.meaning import NoValue, Question
from derive.refute import samples
from derive.syntax import CLASSES, ONE, Exists, Fn, Lam, Space, Statement, Var
from derive.text import text

HOLDING = frozenset({"finite", "compact", "decay"})  # what a constant function has not
CLASS = {"finite": "finitely supported", "C1": "continuously differentiable",
         "C1 compact": "continuously differentiable with compact support"}  # fmt: skip


def words(fn: Fn) -> str:
    """The hypothesis on a function."""
    if fn.box is not None and not is_loss(fn):
        ranges = ", ".join(f"{text(lo)} ≤ index ≤ {text(hi)}" for lo, hi in fn.box)
        return f"{text(fn)} is zero outside {ranges}"
    return f"{text(fn)} is {CLASS.get(fn.cls, fn.cls)}"


def unbounded(statement: Statement, fn: Fn) -> Case:
    """A tensor with entries outside its range."""
    try:
        wider = redeclared(spelled_out(statement), {fn: replace(fn, box=None, cls="finite")})
        return tried(words(fn), wider, entries(wider))
    except FAILURES:
        return Case(words(fn), "")


def outside(statement: Statement, fn: Fn, functions: list[Fn]) -> str:
    """A constant in its place; if the claim survives that, in another function's place as well."""
    if not CLASSES[fn.cls] & HOLDING:
        return ""  # a constant is in that class
    said = _evaluated(statement, {fn: _constant(fn)})
    if said:
        return said
    others = [f for f in functions if f != fn and CLASSES[f.cls] & HOLDING and f.box is None]
    for more in others:
        said = _evaluated(statement, {f: _constant(f) for f in (fn, more)})
        if said:
            return f"if that of {more.name} is left out as well: {said}"
    return ""


def constants_everywhere(statement: Statement) -> str:
    """Without existence: a constant in the place of each function."""
    functions = [s for s in free(statement) if isinstance(s, Fn) and not is_loss(s)]
    put = {f: _constant(f) for f in sorted(functions, key=lambda s: s.name)}
    return _evaluated(replace(statement, given=()), put) if put else ""


def _constant(fn: Fn) -> Lam:
    spaces = [s for s in fn.domain if isinstance(s, Space)]
    return Lam(tuple(Var(f"z{k or ''}", s) for k, s in enumerate(spaces)), ONE)


def _evaluated(statement: Statement, put: dict[Fn, Lam]) -> str:
    """What happens with these functions, on data for the others; "" if the claim holds there."""
    named = ", ".join(f"{f.name} = {text(lam.body)}" for f, lam in put.items())
    try:
        problem, data = samples(statement, 6)
        given = tuple(c for c in statement.given if not isinstance(c, Exists))
        changed = Statement(
            given,
            instantiate(statement.lhs, put),
            instantiate(statement.rhs, put),
        )
        question = Question(changed, problem.dims)
    except NoValue as reason:
        return f"with {named}: {reason}"
    except FAILURES:
        return ""
    for env in data:
        try:
            found = question.compare(question.program.frame(env))
        except NoValue:
            return f"with {named} everywhere the sums do not converge: the claim has no value"
        except FAILURES:
            continue
        if found.verdict == "different":
            return f"with {named}: {found.lhs} against {found.rhs}"
    return ""

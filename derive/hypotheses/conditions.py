"""A condition on numbers left out: data that break it, on which the claim fails or has no value.

May: search.  Must not: keep the condition in the data it shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from derive.binding import free
from derive.hypotheses.case import FAILURES, Case
from derive.hypotheses.simple import environments
from derive.meaning import NoValue, Question, evaluate
from derive.refute import Attempt, Counterexample, attempt, samples, smallest
from derive.refute.problem import problems
from derive.syntax import Cond, Div, Floor, Node, Not, Rel, Statement, Var
from derive.text import text

STEPS = 200_000
TRIALS = 40


def without(statement: Statement, cond: Cond) -> Case:
    """Data that break `cond` alone: different sides before sides without a value."""
    rest = tuple(c for c in statement.given if c != cond)
    broken = replace(statement, given=(*rest, negated(cond)))
    case = tried(text(cond), broken, frozenset(free(cond)))
    return case if case.case else replace(case, case=_no_value(broken))


def negated(cond: Cond) -> Cond:
    """
    >>> from derive.syntax import ONE, ZERO
    >>> negated(Rel("<=", ONE, ZERO))
    0 < 1
    """
    if isinstance(cond, Rel) and cond.op in ("<=", "<"):
        return Rel("<" if cond.op == "<=" else "<=", cond.rhs, cond.lhs)
    return Not(cond)


def tried(words: str, statement: Statement, moving: frozenset[Any]) -> Case:
    """Data on which the sides differ: simple ones first, then what the search finds.

    `moving`: the variables that matter most.
    """
    try:
        seen = _simple(statement, moving)
        found = Attempt(seen, None, 0) if seen else attempt(statement, STEPS)
    except (NoValue, *FAILURES):
        return Case(words, "")
    seen = found.counterexample
    held = found.trials if seen is None and found.reason is None else 0
    return Case(words, "; ".join(seen.text()) if seen else "", seen, held)


def _simple(statement: Statement, moving: frozenset[Any]) -> Counterexample | None:
    question = Question(statement, next(iter(problems(statement))).dims)
    for env in environments(statement, moving):
        try:
            frame = question.program.frame(env)
            if question.admits(frame) and question.compare(frame).verdict == "different":
                return smallest(statement, env, STEPS)
        except (NoValue, *FAILURES):
            continue
    return None


def _no_value(statement: Statement) -> str:
    """Data on which a sum of the claim does not converge, or it divides by 0."""
    try:
        problem, data = samples(statement, TRIALS)
        question = Question(statement, problem.dims)
    except (NoValue, *FAILURES):
        return ""
    for env in data:
        try:
            frame = question.program.frame(env)
            if not question.admits(frame):
                continue
            if (den := _vanishing(statement, env)) is not None:
                return f"{at(env)}: a division by {text(den)} = 0"
            question.compare(frame)
        except NoValue:
            return f"{at(env)}: a sum does not converge, the claim has no value"
        except FAILURES:
            continue
    return ""


def _vanishing(statement: Statement, env: Mapping[Any, Any]) -> Node | None:
    """A denominator that is 0 on the data."""
    for part in _parts(statement):
        if isinstance(part, Div | Floor):
            try:
                if evaluate(part.den, env) == 0:
                    return part.den
            except (NoValue, *FAILURES):
                continue
    return None


def _parts(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children():
        yield from _parts(child)


def at(env: Mapping[Any, Any]) -> str:
    """The values of the variables."""
    variables = [(s, v) for s, v in env.items() if isinstance(s, Var)]
    pairs = [f"{text(s)} = {v}" for s, v in sorted(variables, key=lambda p: p[0].name)]
    return "at " + ", ".join(pairs) if pairs else ""

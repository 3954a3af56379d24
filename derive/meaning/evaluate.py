"""The value of a term, the truth of a condition, both sides of a statement, on concrete data.

May: evaluate.  Must not: substitute, or import anything of `derive` but the syntax.
Tests, `refute` and the audit call it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derive.meaning.outcome import Comparison
from derive.meaning.program import BUDGET, Program, Question
from derive.syntax import Cond, Statement, Term, Var

Environment = Mapping[Any, Any]


def _known(env: Environment) -> dict[Var, int]:
    return {k: v for k, v in env.items() if isinstance(k, Var) and isinstance(v, int)}


def evaluate(term: Term, env: Environment, budget: int = BUDGET) -> Any:
    """The exact value of a term: an int, a Fraction or an `Exact` (a tuple of them for a vector).

    >>> from derive.syntax import Fn, Sum, Var, Z
    >>> f, a, i = Fn("f", (Z,), "finite"), Var("a", Z), Var("i", Z)
    >>> evaluate(Sum(a, (), f(a) * f(i - a)), {f: {0: 1, 1: 3}, i: 1})
    6
    >>> evaluate(Sum(a, (), f(a) + 1), {f: {0: 1}})
    Traceback (most recent call last):
    ...
    derive.meaning.outcome.NoValue: no value: a sum or integral over infinitely many points is \
not held in by its factors
    """
    program = Program(_known(env))
    getter = program.term(term)
    return program.value(getter, program.frame(env, budget))


def holds(cond: Cond, env: Environment, budget: int = BUDGET) -> bool:
    """Whether a condition holds.

    >>> from derive.syntax import Divides, Num, Var, Z
    >>> holds(Divides(Num(3), Var("i", Z)), {Var("i", Z): 6})
    True
    """
    program = Program(_known(env))
    getter = program.cond(cond)
    return bool(program.value(getter, program.frame(env, budget)))


def compare(statement: Statement, env: Environment, budget: int = BUDGET) -> Comparison:
    """Both sides of a statement; whether `given` holds is not asked.

    >>> from derive.syntax import Fn, Statement, Sum, Var, Z
    >>> f, a = Fn("f", (Z,), "finite"), Var("a", Z)
    >>> compare(Statement((), Sum(a, (), f(a)), f(0)), {f: {1: 1}})
    Comparison(lhs=1, rhs=0, verdict='different')
    """
    question = Question(statement, _known(env))
    return question.compare(question.program.frame(env, budget))

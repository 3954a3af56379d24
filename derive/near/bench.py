"""Fixed data for a refuted claim, on which its variants are tried before any proof.

May: evaluate, within a number of steps.  Must not: conclude that a variant holds.
`find` and `conditions` call it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derive.meaning import CannotEvaluate, NoValue, Question, TooLarge
from derive.meaning.exact import sign
from derive.meaning.program import Program, existing
from derive.refute import samples
from derive.syntax import IllTyped, Statement, Term

MOST = 48  # sets of data
EACH = 4_000  # steps for one evaluation
COMPILED = 40  # what it takes to make a part ready for evaluation, in such steps
ENOUGH = 6  # sets on which a variant has to hold


class Bench:
    """`left`: steps that may still be spent."""

    def __init__(self, statement: Statement, steps: int, most: int = MOST) -> None:
        self.left = steps
        self.problem, found = samples(statement, most)
        # later data are larger and more generic: they tell variants apart sooner
        self.data = found[::-1]

    def pairs(self, statement: Statement, data: Sequence[Any] | None = None) -> list[Any]:
        """(left, right, verdict) on each set of data, None where there is no value."""
        ask = self._asker(statement)
        return [ask(env) if ask else None for env in (self.data if data is None else data)]

    def value(self, statement: Statement, term: Term, env: Any) -> Any:
        """What a part of a statement is worth on data, None if it has no value."""
        if self.left < 0:
            return None
        self.left -= COMPILED
        program = Program(self.problem.dims, existing(statement.given))
        frame = None
        try:
            getter = program.term(term)
            frame = program.frame(env, EACH)
            return program.value(getter, frame)
        except (CannotEvaluate, TooLarge, NoValue, IllTyped, KeyError, ZeroDivisionError):
            return None
        finally:
            self.left -= EACH - max(frame[0].left, 0) if frame else 0

    def holds(self, statement: Statement) -> bool:
        """Whether nothing speaks against a variant, and it is not 0 = 0 on all that was tried."""
        ask = self._asker(statement)
        if ask is None:
            return False
        good, alive, tried = 0, 0, 0
        for env in self.data:
            if self.left < 0 or tried > 3 * ENOUGH or alive >= ENOUGH:
                break
            tried += 1
            found = ask(env)
            if found is None:
                continue
            if found.verdict != "equal":
                return False
            good += 1
            alive += found.lhs != 0  # 0 = 0 says little: an empty range, say
        return alive > 0 and good >= min(ENOUGH, len(self.data)) // 2

    def _asker(self, statement: Statement) -> Any:
        try:
            question = Question(statement, self.problem.dims)
        except (CannotEvaluate, TooLarge, NoValue, IllTyped, KeyError):
            return None
        if question.program.refusal is not None:
            return None

        def ask(env: Any) -> Any:
            if self.left < 0:
                return None
            frame = None
            try:
                frame = question.program.frame(env, EACH)
                return question.compare(frame) if question.admits(frame) else None
            except (CannotEvaluate, TooLarge, NoValue, ZeroDivisionError):
                return None
            finally:
                self.left -= 10 + (EACH - max(frame[0].left, 0) if frame else 0)

        self.left -= 20
        return ask


def exact(value: Any) -> bool:
    """Whether a value is a rational number, with which ratios can be taken."""
    return isinstance(value, int) or hasattr(value, "denominator")


def numbers(bench: Bench, lhs: Term, rhs: Term, given: Any) -> list[tuple[Any, Any]]:
    found = bench.pairs(Statement(given, lhs, rhs), bench.data[: 2 * ENOUGH])
    return [(c.lhs, c.rhs) for c in found if c is not None]


def same(a: Any, b: Any) -> bool:
    """Whether two exact values are equal, for certain."""
    return bool(a == b) or sign(a - b) == 0

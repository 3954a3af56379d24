"""What is said of one hypothesis.

May: hold and write down.  Must not: search.  All the modules beside it make these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from derive.binding import Captured
from derive.meaning import CannotEvaluate, TooLarge
from derive.refute import Counterexample
from derive.syntax import IllTyped

# what says nothing about a claim: the data are not of a kind that can be evaluated
FAILURES = (CannotEvaluate, TooLarge, IllTyped, Captured, KeyError, ZeroDivisionError)


@dataclass(frozen=True)
class Case:
    """`hypothesis` in words; `case`: what happens without it, "" if no case is shown.

    `held`: on how many data that break it the claim was evaluated and held all the same.
    `needed`: False where the kernel proves the claim without it, so that there is no case.
    """

    hypothesis: str
    case: str
    counterexample: Counterexample | None = None
    held: int = 0
    needed: bool = True

    @property
    def words(self) -> str:
        if self.case:
            return self.case
        if not self.needed:
            return "the claim still holds: it is proved without it"
        more = f": the claim held on all {self.held} data tried without it" if self.held else ""
        return f"no case is shown{more}"

    def json(self) -> dict[str, Any]:
        found = self.counterexample
        return {
            "hypothesis": self.hypothesis,
            "case": self.case or None,
            "held": self.held,
            "needed": self.needed,
            "counterexample": found.json() if found else None,
        }

"""Why an evaluation ends without a value, and what a comparison says.

May: name outcomes.  Must not: evaluate.  All of `meaning` and `refute` use these words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class NoValue(Exception):
    """A sum or integral that is not held in; the message begins `no value:`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no value: {reason}")


class TooLarge(Exception):
    """The budget of evaluation steps (a count, never a clock) is used up."""


class CannotEvaluate(Exception):
    """The value is no exact number of the kind used here, such as a Gaussian on a half-line."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides of a statement on concrete data; "different" is certified, never rounded."""

    lhs: Any
    rhs: Any
    verdict: str  # "equal", "different" or "undecided"

"""The only maker of a Theorem.  `theorem` lists all that can be done; `rules` is the inference."""

from derive.kernel.context import Context, Refused, at
from derive.kernel.rules import RULES
from derive.kernel.theorem import (
    Equation,
    Step,
    Theorem,
    back,
    begin,
    chain,
    qed,
    replay,
    step,
)

__all__ = [
    "RULES",
    "Context",
    "Equation",
    "Refused",
    "Step",
    "Theorem",
    "at",
    "back",
    "begin",
    "chain",
    "qed",
    "replay",
    "step",
]

"""Data on which a claim fails, made as small as possible.

May: choose data and let `meaning` evaluate.  Must not: conclude anything from a proof not found.
`check` calls it.  Data alone refute, and only with a certified difference.
"""

from derive.refute.counterexample import Counterexample
from derive.refute.search import BUDGET, Attempt, attempt, samples, search, smallest
from derive.refute.shrinkers import shrink

__all__ = [
    "BUDGET",
    "Attempt",
    "Counterexample",
    "attempt",
    "samples",
    "search",
    "shrink",
    "smallest",
]

"""Whether the claim is proved without a hypothesis: then there is no case, and it says so.

May: ask search for a proof, which the kernel replays.  Must not: say that one is needed.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.hypotheses.spelled import redeclared
from derive.kernel import Refused, replay
from derive.polynomial import TooMany
from derive.search.prove import prove
from derive.search.walk import Unproved
from derive.syntax import Fn, IllTyped, Statement


def proved(statement: Statement, wider: Mapping[Fn, Fn] | None = None) -> bool:
    """Whether the kernel proves it, with functions of weaker classes in the place of some."""
    try:
        replay(prove(redeclared(statement, wider or {})))
    except (Refused, Unproved, TooMany, IllTyped):
        return False
    return True

"""The other readings of a claim about what is given: is a formula more than its range says?

May: read a claim once more for each way in which its definitions may be meant.  Which of the
verdicts stands is for `claims` to say.  `reader` calls it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.binding import Captured
from derive.latex.given.layers import ALONE, CROPPED, ELSEWHERE, REACHED
from derive.latex.meant.claims import Claims, Done, Other
from derive.latex.roles.kinds import Conflict
from derive.latex.signs.errors import Fault, Unreadable
from derive.syntax import IllTyped

SAID = {
    CROPPED: ("if the formula holds outside its range too", "if there is 0"),
    ALONE: ("if the range is that of {0} too", "if it is that of the last layer alone"),
    ELSEWHERE: ("if what is given for {0} holds everywhere", "if it holds only where {1}"),
    REACHED: ("if {0} has entries anywhere", "if it has those that the formula comes to"),
}


def all_readings(fresh: Callable[[], Claims]) -> Done:
    """A claim as it is usually meant, with its other readings beside it."""
    usual = fresh()
    done = usual.links()
    for name, symbol in usual.e.doubts.items():
        if name == ELSEWHERE and usual.e.losses and not usual.e.feeds:
            continue  # a range is that of the outputs on which the loss depends
        firm = name == ELSEWHERE and (usual.e.firm or not usual.e.losses)
        again = fresh()
        again.e.as_read = name
        try:
            variants = [link.variants for link in again.links().links]
        except (Fault, Unreadable, IllTyped, Conflict, Captured):
            if not firm:
                raise
            variants = [() for _ in done.links]
        where = again.e.holds_where.get(symbol, "it is said to hold")
        words = [said.format(symbol, where) for said in SAID[name]]
        done.links = [
            replace(link, others=(*link.others, Other(other, *words, firm, name == REACHED)))
            for link, other in zip(done.links, variants, strict=True)
        ]
    return done

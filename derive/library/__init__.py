"""The theorems, one file per topic in the lecture's order; each is listed by its topic.

The proofs are found by the general search; nothing in search, kernel or refute knows a name.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

from derive.library import (
    convolution,
    correlation,
    derivatives,
    gradients,
    layers_bugs,
    layers_composed,
    layers_gradients,
    layers_pooling,
    layers_sizes,
    layers_transposed,
    sizes,
    translation,
)
from derive.library.result import Result, Topic

TOPICS: tuple[Topic, ...] = (
    convolution.results,
    correlation.results,
    translation.results,
    sizes.results,
    derivatives.results,
    gradients.results,
    layers_gradients.results,
    layers_pooling.results,
    layers_transposed.results,
    layers_sizes.results,
    layers_composed.results,
    layers_bugs.results,
)


class UnknownName(KeyError):
    """No entry of the library has this name."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name, [r.name for r in results()], n=3, cutoff=0.4)
        hint = f"; near it: {', '.join(near)}" if near else ""
        super().__init__(f"the library has no {name!r}{hint} (`derive list` shows all)")

    def __str__(self) -> str:
        return str(self.args[0])


@lru_cache(maxsize=1)
def results() -> tuple[Result, ...]:
    """All entries in the lecture's order, the wrong slides among them."""
    return tuple(result for topic in TOPICS for result in topic())


def find(name: str) -> Result:
    """The entry with this name; raises `UnknownName` with near matches."""
    for result in results():
        if result.name == name:
            return result
    raise UnknownName(name)


__all__ = ["Result", "UnknownName", "find", "results"]

"""What an entry of the library is: a statement with its name, its source and where it is from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.syntax import Statement, Term


@dataclass(frozen=True)
class Result:
    """A fact to be proved (`holds`), or a wrong one to be refuted.

    `rows`: the systems of the lecture that it belongs to.  `by`: the terms of a chain in between,
    where the search needs a hint.
    `instead`: for a wrong one, the names of entries that hold.
    """

    name: str
    title: str
    rows: tuple[str, ...]
    source: str
    statement: Statement
    holds: bool = True
    by: tuple[Term, ...] = ()
    instead: tuple[str, ...] = ()


Topic = Callable[[], list[Result]]

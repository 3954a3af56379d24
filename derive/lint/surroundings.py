"""What stands around a formula: its paragraph, its section, conditions in the prose.

May: find conditions such as $n \\ge k$ and say which are near a formula.  Must not: judge.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable

from derive.latex.given.given import is_number
from derive.latex.signs.errors import Fault, Unreadable
from derive.lint import cues
from derive.lint.delimiters import BLANK_LINE
from derive.lint.equation import equations_of
from derive.lint.givens import Entry, entry
from derive.lint.items import Formula, Found
from derive.lint.macros import TooMuch
from derive.lint.mapped import Mapped
from derive.lint.relations import claims_equality

CONDITION_SIGN = re.compile(r"\\(?:le|leq|ge|geq|lt|gt|mid|leqslant|geqslant|dots|ldots)"
                            r"(?![A-Za-z])|[<>≤≥]")
SENTENCE = re.compile(
    r"[.!?](?:\s|\Z)|\n\s*\n|\n\s*(?:[-*#]|\d+\.)\s|\\(?:item|begin|end|pause|frametitle)\b"
    r"|\\[\[\]]|\$\$"
)
LONGEST = 300


class Surroundings:
    """Of the formulas of one text."""

    def __init__(self, found: Found, where: Callable[[int], str]) -> None:
        self.found, self.where = found, where
        self.blanks = [m.start() for m in BLANK_LINE.finditer(found.masked)]
        self.soft: list[tuple[int, Entry]] = []

    def learn(self, item: Formula, read: Callable[[Formula], Mapped]) -> None:
        """Keep a formula in the prose if it is a condition."""
        if item.display or item.inner_end - item.inner_start > LONGEST:
            return
        try:
            body = read(item).strip()
            if body.text and self.states_condition(item, body):
                self.soft.append((item.start, entry(body.text, self.where(item.start))))
        except (Unreadable, TooMuch, Fault):
            return

    def states_condition(self, item: Formula, body: Mapped) -> bool:
        if not claims_equality(body.text) or CONDITION_SIGN.search(body.text):
            return CONDITION_SIGN.search(body.text) is not None
        before, after = self.words(item)
        if not cues.is_set(before, after):
            return False
        found = list(equations_of(body))
        return len(found) == 1 and (
            (len(found[0].chain.rels) == 1 and is_number(found[0].chain.levels[1]))
            or cues.assumed(before, after)
            or not (found[0].operators or found[0].roles.called)
        )

    def words(self, item: Formula) -> tuple[str, str]:
        masked = self.found.masked
        return masked[max(0, item.start - 100) : item.start], masked[item.end : item.end + 30]

    def sentence(self, item: Formula) -> str:
        """The sentence in which a formula stands, without the formula."""
        masked = self.found.masked
        before = SENTENCE.split(masked[max(0, item.start - 300) : item.start])[-1]
        after = SENTENCE.split(masked[item.end : item.end + 200])[0]
        return f"{before} {after}"

    def near(self, offset: int) -> list[Entry]:
        """Conditions in the same paragraph or the one before, or said right after."""
        out: dict[str, tuple[int, Entry]] = {}
        here = self.paragraph(offset)
        for at, e in self.soft:
            apart = here - self.paragraph(at)
            later = at > offset
            if at == offset or self.section(at) != self.section(offset):
                continue
            if later and (e.value or apart < -1 or not cues.is_set(
                self.found.masked[max(0, at - 60) : at], "")):
                continue
            if 0 <= apart <= 2 or later:
                out[e.text] = (at, e)
        return [e for _, e in out.values()]

    def paragraph(self, offset: int) -> int:
        return bisect.bisect_left(self.blanks, offset)

    def section(self, offset: int) -> int:
        return bisect.bisect_left(self.found.breaks, offset)

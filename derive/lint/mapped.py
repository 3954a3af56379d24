"""Text that remembers where each of its characters stands in the document.

May: cut, join and replace such text.  Must not: know what it says.  All stages of lint between the
file and the reader work on this, so that a place is exact also after macros were expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SEAM = "\u2005"  # a space that the expansion of macros puts around what it made


@dataclass(frozen=True)
class Mapped:
    """`places[k]` is the offset of `text[k]` in the document; the last one is that of the end."""

    text: str
    places: Sequence[int]

    @classmethod
    def of(cls, text: str, start: int = 0) -> Mapped:
        return cls(text, range(start, start + len(text) + 1))

    @classmethod
    def at(cls, text: str, place: int) -> Mapped:
        """Text that is not in the document, put at one place of it."""
        return cls(text, [place] * (len(text) + 1))

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, cut: slice) -> Mapped:
        start, end, _ = cut.indices(len(self.text))
        end = max(start, end)
        return Mapped(self.text[start:end], self.places[start : end + 1])

    def place(self, index: int) -> int:
        return self.places[min(max(index, 0), len(self.places) - 1)]

    def begin(self, index: int) -> int:
        """Where what stands at an index begins in the document: at the macro that made it."""
        place, k = self.place(index), index
        while k > 0 and self.text[k - 1].isspace():
            k -= 1
            if self.text[k] == SEAM:
                place = min(place, self.places[k])
        return place

    def strip(self) -> Mapped:
        start = len(self.text) - len(self.text.lstrip())
        seam = self.text.find(SEAM, 0, start)
        start = seam if seam >= 0 else start  # it says where what follows comes from
        return self[start : len(self.text.rstrip())]

    def replace(self, pattern: re.Pattern[str], by: str) -> Mapped:
        """Each match replaced by a fixed text, which stands where the match began."""
        parts, last = [], 0
        for found in pattern.finditer(self.text):
            parts += [self[last : found.start()], Mapped.at(by, self.place(found.start()))]
            last = found.end()
        return join([*parts, self[last:]]) if parts else self

    def split(self, cuts: Iterable[tuple[int, int]]) -> list[Mapped]:
        """What is left between the cuts, which are in order and do not overlap."""
        out, last = [], 0
        for start, end in cuts:
            out.append(self[last:start])
            last = end
        return [*out, self[last:]]


def join(parts: Iterable[Mapped]) -> Mapped:
    """Parts one after the other."""
    parts = list(parts)
    places: list[int] = []
    for part in parts:
        places.extend(part.places[:-1])
    end = parts[-1].places[-1] if parts else 0
    return Mapped("".join(p.text for p in parts), [*places, end])

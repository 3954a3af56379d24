"""Offsets in a part of a document to places in its file, and records made with them.

May: write records.  Must not: decide what is said.
"""

from __future__ import annotations

from derive.claims import Verdict
from derive.lint.documents import Document, Part, line_column, line_starts
from derive.lint.records import SKIPPED, Record


class Placing:
    """Where things stand in one part of a document; `records` are those of the whole."""

    def __init__(self, document: Document, part: Part, records: list[Record]) -> None:
        self.document, self.part, self.records = document, part, records
        self.starts = line_starts(part.text) if part.cell is not None else []

    def place(self, offset: int) -> tuple[int, int]:
        offsets = self.part.offsets
        return self.document.line_column(offsets[min(offset, len(offsets) - 1)])

    def where(self, offset: int) -> str:
        return f"line {self.place(offset)[0]}"

    def add(self, offset: int, kind: str, latex: str, verdict: Verdict | None = None,
            message: str = "") -> None:
        line, column = self.place(offset)
        cell = None
        if self.part.cell is not None:
            cell = (self.part.cell, line_column(self.starts, offset)[0])
        latex = " ".join(latex.split())
        self.records.append(
            Record(self.document.name, line, column, kind, latex, verdict, message, cell)
        )

    def skipped(self, offset: int, latex: str, message: str) -> None:
        self.add(offset, SKIPPED, latex[:2_000], Verdict("unreadable", message=message), message)

"""One line of lint's answer.

May: hold a place, a kind and a verdict, and write them as NOTATION fixes the JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from derive.claims import Verdict

CLAIM, DEFINITION, REDEFINITION, SKIPPED = "claim", "definition", "redefinition", "skipped"


@dataclass(frozen=True)
class Record:
    """`kind` is one of the four above; a verdict is there for claims and for what is skipped."""

    file: str
    line: int
    column: int
    kind: str
    latex: str
    verdict: Verdict | None = None
    message: str = ""
    cell: tuple[int, int] | None = None  # of a notebook: the cell and the line in it

    @property
    def word(self) -> str:
        """The verdict of a claim, else the kind."""
        if self.kind == CLAIM and self.verdict is not None:
            return self.verdict.verdict
        return self.kind

    def json(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "file": self.file, "line": self.line, "column": self.column, "kind": self.kind
        }
        body = (Verdict("") if self.verdict is None else self.verdict).json()
        body["latex"] = self.latex
        if self.kind in (DEFINITION, REDEFINITION):
            body["verdict"] = None
        elif self.kind == SKIPPED:
            body["verdict"] = "unreadable"
        body["message"] = self.message or body["message"]
        if self.cell is not None:
            body["cell"], body["cell_line"] = self.cell
        return {**out, **body}


@dataclass
class Result:
    """All that was found; `failures` are files that could not be read."""

    records: list[Record] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def status(self, strict: bool = False) -> int:
        """0 nothing refuted, 1 something refuted, 2 a file or a given line was not usable."""
        if self.failures:
            return 2
        words = {r.word for r in self.records}
        bad = {"refuted"} | ({"unknown", SKIPPED, "unreadable"} if strict else set())
        return 1 if words & bad else 0

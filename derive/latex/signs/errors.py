"""What the reader says when it cannot read: where, what was expected, and a caret under it.

May: hold a place in a text.  Called by every stage of the reader, and by whoever shows verdicts.
"""

from __future__ import annotations

MAX_CHARS, MAX_LEVELS = 20_000, 200


class Unreadable(ValueError):
    """A text that is not a claim in this notation; `line` and `column` count from 1."""

    def __init__(
        self, message: str, line: int = 1, column: int = 1, expected: str = "", source: str = ""
    ) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column
        self.expected, self.source = expected, source

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}"
        wanted = f"; expected {self.expected}" if self.expected else ""
        return f"unreadable: {self.message} ({place}{wanted})"

    def show(self, width: int = 78) -> str:
        """The message over the line at fault, with a caret under the place."""
        lines = self.source.split("\n")
        line = lines[self.line - 1] if self.line <= len(lines) else ""
        at = self.column - 1
        start = max(0, at - width // 2) if len(line) > width else 0
        shown = "".join(c if c.isprintable() else "\ufffd" for c in line[start : start + width])
        return f"{self}\n  {shown}\n  {' ' * (at - start)}^"


class Underdetermined(Unreadable):
    """Well written, but nothing that was given says what it means (a loss with no layer, say)."""


class Fault(Exception):
    """An error at an offset; `read` turns it into `Unreadable`, which knows lines and columns."""

    def __init__(self, message: str, pos: int, expected: str = "", missing: bool = False) -> None:
        super().__init__(message)
        self.message, self.pos, self.expected, self.missing = message, pos, expected, missing


class Inner(Fault):
    """A derivative by the output of a layer that feeds another, of which a formula is given."""

    def __init__(self, name: str, below: set[str], pos: int) -> None:
        super().__init__(f"{name} is defined, and feeds another layer", pos, "no formula for it",
                         True)  # fmt: skip
        self.name, self.below = name, below  # and what feeds nothing else


def too_deep(pos: int) -> Fault:
    return Fault("too deep", pos, f"at most {MAX_LEVELS} levels")


def ambiguous(pos: int, one: str, other: str) -> Fault:
    return Fault(f"ambiguous: either {one}, or {other}", pos, "parentheses that say which")


def unreadable(fault: Fault, source: str) -> Unreadable:
    """The error with line and column (1-based) for an offset in `source`."""
    pos = min(fault.pos, len(source))
    line = source.count("\n", 0, pos) + 1
    column = pos - (source.rfind("\n", 0, pos) + 1) + 1
    kind = Underdetermined if fault.missing else Unreadable
    return kind(fault.message, line, column, fault.expected, source)

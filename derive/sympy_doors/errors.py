"""The error of both doors."""

from __future__ import annotations


class NotExpressible(ValueError):
    """A part has no counterpart on the other side; `part` is that part."""

    def __init__(self, reason: str, part: object) -> None:
        super().__init__(f"{reason}: {part}")
        self.reason, self.part = reason, part

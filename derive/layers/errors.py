"""What cannot be derived, and which part of the formula is to blame."""

from __future__ import annotations

from derive.syntax import Node
from derive.text import text


class Outside(ValueError):
    """A formula outside of what can be derived; `kind` is "affine", "linear", "indexed", "range".

    `part` is the part at fault, as it is printed.
    """

    def __init__(self, kind: str, part: Node | str, why: str) -> None:
        shown = part if isinstance(part, str) else text(part)
        super().__init__(f"{shown}: {why}")
        self.kind, self.part, self.why = kind, shown, why

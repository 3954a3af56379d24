"""LaTeX in: `read(text, given)` gives a `Reading`, or raises `Unreadable` with the place."""

from derive.latex.reader import Link, Reading, Underdetermined, Unreadable, read

__all__ = ["Link", "Reading", "Underdetermined", "Unreadable", "read"]

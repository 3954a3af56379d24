"""The two whole documents, and writing them: `latex_document`, `html_page`, `write`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from derive.notes.html_page import html_page
from derive.notes.items import Heading, Item, Paragraph, Refutation, Table
from derive.notes.latex_document import latex_document


def write(path: str | Path, content: str) -> Path:
    """The file at once or not at all: written beside itself, then renamed.

    A link is followed; what is no file, such as a device or a pipe, is written into.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        target.write_text(content, encoding="utf-8")
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return target


__all__ = [
    "Heading",
    "Item",
    "Paragraph",
    "Refutation",
    "Table",
    "html_page",
    "latex_document",
    "write",
]

"""Files to text: encodings, line ends, and the line and column of an offset.

May: read bytes and say plainly why a file cannot be read (`Unusable`).  Must not: look for
mathematics.  A `Document` holds the file's text; its `parts` are what is searched (the whole text,
or the cells of a notebook), each with the offset in the file of each of its characters.
"""

from __future__ import annotations

import bisect
import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

MAX_BYTES = 32_000_000
HANGUL = re.compile("[\uac00-\ud7a3\u3131-\u318e]")
LINE_END = re.compile(r"\r\n|\n|\r")


class Unusable(Exception):
    """A file that cannot be linted, and why."""


@dataclass
class Part:
    """A piece of a document that is searched on its own: a text, or a notebook's cell."""

    text: str
    offsets: Sequence[int]
    cell: int | None = None


@dataclass
class Document:
    name: str
    text: str
    kind: str  # "markdown", "latex", "notebook", "text"
    parts: list[Part] = field(default_factory=list)
    encoding: str = "utf-8"

    @cached_property
    def _starts(self) -> list[int]:
        return line_starts(self.text)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Both count from 1; a column is a character, a tab is one."""
        return line_column(self._starts, offset)


def line_starts(text: str) -> list[int]:
    return [0, *(m.end() for m in LINE_END.finditer(text))]


def line_column(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect.bisect_right(starts, max(offset, 0))
    return line, max(offset, 0) - starts[line - 1] + 1


def read_bytes(path: str) -> bytes:
    """The content of a file; raises `Unusable`."""
    file = Path(path)
    try:
        if file.is_dir():
            raise Unusable("is a directory, not a file")
        if (size := file.stat().st_size) > MAX_BYTES:
            raise Unusable(f"has {size} bytes; at most {MAX_BYTES} are read")
        return file.read_bytes()
    except FileNotFoundError:
        raise Unusable("no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unusable(f"cannot be read: {reason}") from None


def decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding that it was read in; raises `Unusable`."""
    if len(data) > MAX_BYTES:
        raise Unusable(f"has {len(data)} bytes; at most {MAX_BYTES} are read")
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    ):  # fmt: skip
        if data.startswith(mark):
            return _strict(data, encoding), encoding
    head = data[:4096]
    if b"\0" in head and len(data) % 2 == 0:
        for encoding, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
            if high.count(0) * 3 > len(high):
                text = _strict(data, encoding)
                if not _controls(text):
                    return text, encoding
    if b"\0" in data:
        raise Unusable("is a binary file (it holds null bytes)")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _korean(data, error), "cp949"


def _strict(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unusable(f"begins like {encoding} but is not: byte {error.start}") from None
    if "\0" in text:
        raise Unusable("is a binary file (it holds null characters)")
    return text


def _controls(text: str) -> bool:
    return any(c < " " and c not in "\t\n\r\f" for c in text)


def _korean(data: bytes, error: UnicodeDecodeError) -> str:
    """CP949, if what comes out is mostly Hangul."""
    said = f"is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x})"
    try:
        text = data.decode("cp949")
    except UnicodeDecodeError:
        raise Unusable(f"{said}, nor UTF-16 with its mark, nor CP949") from None
    foreign = [c for c in text if not c.isascii()]
    if _controls(text) or len(HANGUL.findall(text)) * 2 < len(foreign):
        raise Unusable(f"{said}, and as CP949 it is not Korean: say `iconv -t utf-8` first")
    return text


def kind_of(name: str, text: str) -> str:
    """What sort of document it is, by its name, else by its looks."""
    suffix = Path(name).suffix.lower()
    if suffix == ".ipynb":
        return "notebook"
    if suffix in (".md", ".markdown", ".mdx", ".qmd", ".rmd", ".mkd"):
        return "markdown"
    if suffix in (".tex", ".ltx", ".latex", ".sty", ".beamer"):
        return "latex"
    if suffix:
        return "text"
    if text.lstrip().startswith("{") and '"cells"' in text:
        return "notebook"
    if "\\documentclass" in text or "\\begin{document}" in text:
        return "latex"
    return "text"


def open_document(name: str, data: bytes) -> Document:
    """A document with its parts; raises `Unusable`."""
    text, encoding = decode(data)
    document = Document(name, text, kind_of(name, text), encoding=encoding)
    if document.kind == "notebook":
        from derive.lint.notebooks import cells

        document.parts = cells(text)
    else:
        document.parts = [Part(text, range(len(text) + 1))]
    return document

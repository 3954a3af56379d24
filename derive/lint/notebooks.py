"""Jupyter notebooks: the Markdown cells, with the place in the file of every character.

May: find the cells of a notebook's JSON.  Must not: run or keep what code cells hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from derive.lint.documents import Part, Unusable

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+', re.DOTALL)
ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(.))|[^\\"]', re.DOTALL)
PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
MAX_DEPTH = 100


def cells(text: str) -> list[Part]:
    """One part for each Markdown cell; raises `Unusable` for what is not a notebook."""
    try:
        book = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"is not a notebook: {str(error)[:80] or 'nested too deep'}") from None
    found = book.get("cells") if isinstance(book, dict) else None
    if found is None and isinstance(book, dict) and isinstance(book.get("worksheets"), list):
        raise Unusable("is a notebook of format 3: convert it with `jupyter nbconvert`")
    if not isinstance(found, list):
        raise Unusable("is not a notebook: it has no list of cells")
    sources = dict(_sources(text))
    out = []
    for number, cell in enumerate(found):
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown" and number in sources:
            out.append(_part(text, sources[number], number + 1))
    return out


def _sources(text: str) -> Iterator[tuple[int, list[int]]]:
    """For each cell by its number the places of the strings that are its source."""
    path: list[str | int] = []  # keys and positions on the way to here
    kinds: list[str] = []  # "{" or "["
    key: str | None = None
    strings: list[int] = []
    for m in TOKEN.finditer(text):
        piece = m[0]
        if piece in "{[":
            if len(kinds) > MAX_DEPTH:
                raise Unusable("is not a notebook: nested too deep")
            kinds.append(piece)
            path.append("" if piece == "{" else 0)
            key = None
            if _in_source(path[:-1]) and piece == "[":
                strings = []
        elif piece in "}]":
            kinds.pop()
            path.pop()
            if piece == "]" and _in_source(path):
                yield int(path[1]), strings
        elif piece == ",":
            if kinds and kinds[-1] == "[":
                path[-1] = int(path[-1]) + 1
            else:
                key = None
        elif piece == ":":
            if key is not None and kinds and kinds[-1] == "{":
                path[-1] = key
        elif piece[0] == '"':
            if kinds and kinds[-1] == "{" and key is None:
                key = json.loads(piece, strict=False)
            elif _in_source(path):
                yield int(path[1]), [m.start()]
            elif _in_source(path[:-1]):
                strings.append(m.start())


def _in_source(path: list[str | int]) -> bool:
    """cells, number of the cell, source."""
    return len(path) == 3 and path[0] == "cells" and path[2] == "source"


def _part(text: str, strings: list[int], cell: int) -> Part:
    out: list[str] = []
    offsets: list[int] = []
    end = strings[-1] if strings else 0
    for start in strings:
        at = start + 1
        while at < len(text) and text[at] != '"':
            m = ESCAPE.match(text, at)
            if m is None:
                break
            if m[1] is not None:
                char = chr(int(m[1], 16))
            else:
                char = PLAIN.get(m[2], m[2]) if m[2] is not None else m[0]
            if out and "\udc00" <= char <= "\udfff" and "\ud800" <= out[-1] <= "\udbff":
                out[-1] = (out[-1] + char).encode("utf-16", "surrogatepass").decode("utf-16")
            else:
                out.append(char)
                offsets.append(at)
            at = m.end()
        end = at
    return Part("".join(out), [*offsets, end], cell)

"""Files: encodings, what cannot be read, the place of every character."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from derive.lint.documents import Unusable, decode, line_column, line_starts, open_document
from derive.lint.run import lint_files, lint_text, main_lint

KOREAN = "합은 $1 + 1 = 3$ 이다.\n"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp949", "cp949"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32")],
)  # fmt: skip
def test_encodings(encoding: str, shown: str) -> None:
    ascii_first = "x " * 20 + KOREAN  # without a mark UTF-16 is told by its null bytes
    text, found = decode(ascii_first.encode(encoding))
    assert (text, found) == (ascii_first, shown)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\0b", "binary"), (b"\xff\xfe\0\xd8a\0", "utf-16"), (b"caf\xe9 $1=1$", "not UTF-8"),
        (b"\x81\xff\xff", "not UTF-8"), (b"\x89PNG\r\n\x1a\n\0\0", "binary"),
    ],
)  # fmt: skip
def test_what_is_no_text(data: bytes, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        decode(data)


def test_other_files_are_still_linted(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text("$1 + 1 = 2$")
    bad.write_bytes(b"\0\1")
    out, err = io.StringIO(), io.StringIO()
    files = [str(bad), str(tmp_path / "none.md"), str(tmp_path), str(good)]
    assert main_lint(files, out=out, err=err) == 2
    assert "binary" in err.getvalue() and "no such file" in err.getvalue()
    assert "directory" in err.getvalue() and f"{good}:1:2: proved" in out.getvalue()


def test_a_huge_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derive.lint.documents.MAX_BYTES", 10)
    file = tmp_path / "huge.md"
    file.write_text("x" * 11)
    assert "at most 10" in lint_files([str(file)]).failures[0][1]


def test_cp949_is_said(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes(KOREAN.encode("cp949"))
    out, err = io.StringIO(), io.StringIO()
    assert main_lint([str(file)], out=out, err=err) == 1
    assert ":1:5: refuted" in out.getvalue() and "CP949" in err.getvalue()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    text = end.join(["first", "", "가나 $1 + 1 = 2$\tand", "$$", r"\begin{aligned}",
                     "\t2 &= 1 + 1 \\\\", "  3 &= 4", r"\end{aligned}", "$$"])
    found = lint_text(text, "a.md")
    assert [(r.line, r.column, r.word) for r in found] == [
        (3, 5, "proved"), (6, 2, "proved"), (7, 3, "refuted")
    ]  # fmt: skip


def test_lines_and_columns() -> None:
    starts = line_starts("a\r\nb\n\nc")
    assert [line_column(starts, k) for k in (0, 3, 5, 6)] == [(1, 1), (2, 1), (3, 1), (4, 1)]


def test_outside_the_basic_plane() -> None:
    assert [(r.line, r.column) for r in lint_text("𝔸😀 $2 = 1 + 1$")] == [(1, 5)]


def cell(source: object, kind: str = "markdown") -> dict[str, object]:
    return {"source": source, "metadata": {"source": ["$1 = 2$"]}, "cell_type": kind}


def test_notebook_places() -> None:
    book = json.dumps({"metadata": {"cells": [cell("$1 = 3$")]}, "cells": [
        cell("x = '$1 = 2$'", "code"), cell(["é\\n \"q\"\n", "😀 $1 + 1 = 2$"]),
        cell("a\n\n$$\n2 = 3\n$$"),
    ]}, indent=1)  # fmt: skip
    found = lint_text(book, "a.ipynb")
    lines = book.split("\n")
    for record, text, where in zip(found, ("1 + 1 = 2", "2 = 3"), ((2, 2), (3, 4)), strict=True):
        assert lines[record.line - 1][record.column - 1 :].startswith(text)
        assert record.cell == where
    assert found[0].json()["cell_line"] == 2


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cells": 3}', '{"worksheets": []}', "[" * 9999])
def test_no_notebook(text: str) -> None:
    with pytest.raises(Unusable, match="notebook"):
        open_document("a.ipynb", text.encode())


def test_kinds() -> None:
    assert open_document("-", b'{"cells": []}').kind == "notebook"
    assert open_document("-", b"\\documentclass{article}").kind == "latex"
    assert open_document("-", b"text").kind == "text"

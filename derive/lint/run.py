"""Files to an answer and an exit status: what `derive lint` runs.

May: read files, lint each, print.  A file that cannot be read is named, and the others are linted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from derive.latex.signs.errors import Unreadable
from derive.lint import report
from derive.lint.documents import Document, Unusable, open_document, read_bytes
from derive.lint.givens import Entry, entry
from derive.lint.linter import Linter
from derive.lint.records import Record, Result

FORMATS = ("text", "json", "github", "sarif")


def givens(lines: Iterable[str]) -> list[Entry]:
    """What the user gave; raises `Unreadable`."""
    return [entry(line) for line in lines]


def lint_document(document: Document, given: Iterable[Entry] = ()) -> list[Record]:
    """The records of one document."""
    return Linter(document, given).run()


def lint_text(text: str, name: str = "-", given: Iterable[str] = ()) -> list[Record]:
    """The records of a text; its name says what sort of document it is.

    >>> [r.word for r in lint_text("so $28 - 3 + 1 = 26$ and $28 - 3 + 1 = 25$")]
    ['proved', 'refuted']
    """
    return lint_document(open_document(name, text.encode("utf-8", "surrogatepass")), givens(given))


def lint_files(files: Sequence[str], given: Iterable[str] = ()) -> Result:
    """The records of all files; `-` is standard input."""
    result = Result()
    entries = givens(given)
    for name in files:
        try:
            data = sys.stdin.buffer.read() if name == "-" else read_bytes(name)
            document = open_document(name, data)
        except Unusable as error:
            result.failures.append((name, str(error)))
            continue
        if document.encoding == "cp949":
            result.notes.append((name, "is not UTF-8; read as CP949"))
        result.records += lint_document(document, entries)
    return result


def main_lint(
    files: Sequence[str],
    given: Iterable[str] = (),
    json: bool = False,
    format: str = "text",
    strict: bool = False,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Lint files and print; 0 nothing refuted, 1 something refuted, 2 something not usable."""
    out, err = out or sys.stdout, err or sys.stderr
    if format not in FORMATS:
        print(f"derive: lint: no such format: {format}", file=err)
        return 2
    try:
        result = lint_files(files, given)
    except Unreadable as error:
        print(f"derive: lint: --given: {error}", file=err)
        return 2
    for name, message in (*result.notes, *result.failures):
        print(report.one_line(f"derive: lint: {name}: {message}"), file=err)
    if json or format == "json":
        print(report.json_text(result), file=out)
    elif format == "sarif":
        from derive.lint.sarif import sarif_text

        print(sarif_text(result, strict), file=out)
    elif result.records or not result.failures:  # of what was not read nothing is counted
        lines = report.github_lines(result, strict) if format == "github" else (
            report.text_lines(result))
        for line in lines:
            print(line, file=out)
    return result.status(strict)

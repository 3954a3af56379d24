"""What lint found, written out: text, JSON, or the workflow commands of GitHub.

May: format records.  Must not: decide anything.  SARIF is in `sarif`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from derive.lint.records import CLAIM, DEFINITION, REDEFINITION, SKIPPED, Record, Result

LEVELS = {"refuted": "error", REDEFINITION: "warning", "unknown": "warning", SKIPPED: "notice"}
MAX_SHOWN = 300


def said(record: Record) -> str:
    """What there is to say of one record, on one line."""
    verdict = record.verdict
    shown = record.latex
    if record.kind == CLAIM and verdict is not None and verdict.reading:
        shown = verdict.reading
    parts = [_short(shown)] if shown and record.kind in (CLAIM, SKIPPED) else []
    message = record.message
    if record.kind == CLAIM and verdict is not None:
        if verdict.counterexample is not None:
            parts.append("counterexample: " + "; ".join(verdict.counterexample.text()))
        if verdict.near_miss:
            parts.append(f"what holds instead: {verdict.near_miss}")
    elif record.kind == DEFINITION and message.startswith("definition: "):
        message = message[len("definition: ") :]
    if message:
        parts.append(message)
    return one_line("; ".join(parts))


def one_line(text: str) -> str:
    """Control characters shown as spaces, so that nothing in a document writes to a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _short(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def text_lines(result: Result) -> Iterator[str]:
    """One line for each record, and a count."""
    for r in result.records:
        yield one_line(f"{r.file}:{r.line}:{r.column}: {r.word}: {said(r)}")
    yield summary(result)


def summary(result: Result) -> str:
    """How many of each."""
    counts = Counter(r.word for r in result.records)
    order = ("proved", "refuted", "unknown", DEFINITION, REDEFINITION, SKIPPED)
    words = [
        f"{counts[w]} {w}{'s' if w in (DEFINITION, REDEFINITION) and counts[w] > 1 else ''}"
        for w in order if counts[w]
    ]
    return ", ".join(words) if words else "no equations"


def json_text(result: Result) -> str:
    return json.dumps([r.json() for r in result.records], ensure_ascii=False, indent=2)


def github_lines(result: Result, strict: bool) -> Iterator[str]:
    """Annotations on the lines of a pull request; what is proved or defined makes none."""
    for r in result.records:
        level = LEVELS.get(r.word)
        if level is None:
            continue
        if strict and r.word in ("unknown", SKIPPED):
            level = "error"
        place = f"file={_property(r.file)},line={r.line},col={r.column}"
        title = _property(f"derive: {r.word}")
        yield f"::{level} {place},title={title}::{_data(said(r))}"
    for file, message in result.failures:
        yield f"::error file={_property(file)}::{_data(one_line(message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

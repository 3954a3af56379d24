"""Random, mutated and truncated documents: lint answers, soon, and never with a fault of ours."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from derive.lint.documents import Unusable, open_document
from derive.lint.run import lint_document

FOLDER = Path(__file__).parent / "documents"
SEEDS = [p.read_bytes() for p in sorted(FOLDER.iterdir())]
NAMES = ["a.md", "a.tex", "a.ipynb", "a.txt", "-"]
BITS = [
    "$", "$$", r"\(", r"\)", r"\[", r"\]", "`", "```\n", "<!--", "-->", "{", "}", "\\", "\\\\",
    "&", r"\begin{align}", r"\end{align}", r"\begin{cases}", r"\newcommand{\a}", r"\def\b", "[1]",
    "{#1}", r"\a", r"\b", "%", "\n", "\n\n", "=", "f", "(x)", "* g", r"\sum_{i=1}^n", r"\frac",
    r"\int", "dz", "^", "_", "'", "1", "x_i", r"\text{if}", r"\forall", "\x00", "é", "가", "\u2028",
    "\t", "derive: given", r"\verb|", r"\begin{verbatim}", r"\le", r"\implies", r"\approx",
    r"\otimes", "derive: ignore-begin", '"', r"\n", '{"cells": [', "]", "\r",
]  # fmt: skip


def made(rng: random.Random) -> tuple[str, bytes]:
    name = rng.choice(NAMES)
    kind = rng.randrange(4)
    if kind == 0:
        return name, "".join(rng.choice(BITS) for _ in range(rng.randrange(60))).encode()
    data = bytearray(rng.choice(SEEDS))
    start = rng.randrange(len(data))
    data = data[start : start + rng.randrange(30, 700)]  # short: the judging takes the time
    if kind == 1:
        return name, bytes(data)
    for _ in range(rng.randrange(1, 12)):
        at = rng.randrange(len(data) + 1)
        if kind == 2:
            data[at:at] = rng.choice(BITS).encode()
        else:
            del data[at : at + rng.randrange(1, 9)]
    if rng.random() < 0.1:
        data[rng.randrange(len(data) + 1):] = bytes(rng.randrange(256) for _ in range(9))
    return name, bytes(data)


def survive(name: str, data: bytes) -> None:
    start = time.monotonic()
    try:
        document = open_document(name, data)
        found = lint_document(document)
    except Unusable:
        return
    lines = document.text.count("\n") + document.text.count("\r") + 1
    for record in found:
        assert "internal error" not in record.message, (data, record)
        assert 1 <= record.line <= lines and record.column >= 1
        assert record.json()["kind"] == record.kind
    assert time.monotonic() - start < 60, data


def test_no_document_breaks_it() -> None:
    rng = random.Random(20240301)
    for _ in range(300):
        survive(*made(rng))


@pytest.mark.soak
def test_no_document_breaks_it_at_length() -> None:
    rng = random.Random(time.time_ns())
    for _ in range(20_000):
        survive(*made(rng))


UNITS = [
    "$", "$$", r"\(", r"\[", "{", "}", "${$", r"\begin{align}", r"\begin{align}\begin{gather}",
    "`", "``x`", "<!--", "<pre>", "\\", "\\\\", "$x = y", "$ $$ ", r"\newcommand{\a}",
    r"\newcommand{\a}{", r"\def\a#1", "- ", "> ", "1. ", "  -  ", "# ", "\t", " ", "\n ", "%",
    r"\verb|", r"\verb+x|", r"\text{", "a b ", "derive: given ", "&lt;", "x_{", r"\forall ",
    r"\end{align}", "가 ", "=", r"\a", "[x]_i ",
]  # fmt: skip
OFTEN = ["$", "${$", r"\(", r"\begin{align}\begin{gather}", "`", r"\newcommand{\a}{", "- ", "\\"]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        pytest.param(name, unit, marks=[] if unit in OFTEN else [pytest.mark.soak])
        for name in ("a.md", "a.tex") for unit in UNITS
    ],
)
def test_long_lines(name: str, unit: str) -> None:
    """A megabyte of one thing takes a second or two, not minutes: all passes are linear."""
    start = time.monotonic()
    survive(name, (unit * (1_000_000 // len(unit))).encode())
    assert time.monotonic() - start < (300 if "=" in unit else 60)  # 80,000 formulas are read


def test_a_long_formula() -> None:
    text = "$" + "x + " * 300_000 + "y = z$ and $1 = 2$"
    found = lint_document(open_document("a.tex", text.encode()))
    assert [r.word for r in found] in (["skipped", "refuted"], ["refuted"])
    many = lint_document(open_document("a.md", b"$1 + 1 = 3$ " * 2_000))
    assert len(many) == 2_000 and many[-1].column == 12 * 1_999 + 2

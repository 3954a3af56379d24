"""The run as a document: a LaTeX article and a self-contained page, from the same items."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from derive.entries import proof_or_refutation
from derive.lecture.evidence import Evidence
from derive.lecture.rows import table
from derive.notes.document import html_page, latex_document, write
from derive.notes.items import Heading, Item, Paragraph, Table

TITLE = "First steps with convolutions: what is proved, and what is not"


def items(evidence: Sequence[Evidence]) -> list[Item]:
    rows = tuple(table(evidence))
    out: list[Item] = [
        Paragraph(
            "Each derivation below was found by search and checked, step by step, by a small "
            "kernel; each refutation shows the data on which the claim fails."
        ),
        Heading("The sixteen systems"),
        Table(("row", "system", "", "what this run showed"), rows),
        Heading("Derivations"),
    ]
    shown = [p for p in evidence if p.result and p.verdict is not None and p.good]
    proofs = [p for p in shown if p.result and p.result.holds]
    out += [_entry(p) for p in proofs]
    out += [Heading("What is wrong"), *(_entry(p) for p in shown if p not in proofs)]
    out += [Heading("Pictures"), *(p.figure for p in evidence if p.figure)]
    return out


def _entry(piece: Evidence) -> Item:
    if piece.result is None or piece.verdict is None:
        raise ValueError(f"{piece.words} is not an entry of the library")
    return proof_or_refutation(piece.result, piece.verdict, "en")


def publish(evidence: Sequence[Evidence], output: Path) -> list[Path]:
    """Write build/lecture.tex and build/lecture.html, whole or not at all."""
    output.mkdir(parents=True, exist_ok=True)
    content = items(evidence)
    return [
        write(output / "lecture.tex", latex_document(content, TITLE)),
        write(output / "lecture.html", html_page(content, TITLE)),
    ]

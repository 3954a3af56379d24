"""The sixteen systems of the lecture, and the table of what the run showed for each.

A row holds when all of its evidence came out as it must and each kind that it needs is there; the
table is made from the evidence of this run alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.lecture.evidence import Evidence

KINDS = ("proved", "refuted", "audited", "computed", "trained", "drawn", "failed")


@dataclass(frozen=True)
class Row:
    number: str
    title: str
    needs: tuple[str, ...]


ROWS = (
    Row("L1", "fully connected layer", ("proved", "audited")),
    Row("L2", "1-D convolution layer", ("proved", "audited")),
    Row("L3", "without activation a linear map", ("proved",)),
    Row("L4", "convolution commutes on R^d", ("proved",)),
    Row("L5", "convolution commutes on Z^d", ("proved",)),
    Row("L6", "the slide on cross-correlation", ("refuted", "proved")),
    Row("L7", "translation invariant and local", ("proved", "refuted")),
    Row("L8", "the kernel slides (picture)", ("drawn",)),
    Row("L9", "image kernels (picture)", ("drawn",)),
    Row("L10", "1-D, 2-D, 3-D convolution", ("proved", "audited")),
    Row("L11", "2-D example by hand", ("proved", "computed", "drawn")),
    Row("L12", "output size", ("proved", "refuted")),
    Row("L13", "channels and kernels", ("proved", "audited", "computed", "drawn")),
    Row("L14", "tensors", ("trained",)),
    Row("L15", "derivative of a convolution", ("proved",)),
    Row("L16", "backpropagation through a convolution", ("proved", "audited", "drawn")),
)


def holds(row: Row, evidence: Sequence[Evidence]) -> bool:
    mine = [piece for piece in evidence if row.number in piece.rows]
    return all(p.good for p in mine) and {p.kind for p in mine} >= set(row.needs)


def shown(row: Row, evidence: Sequence[Evidence]) -> str:
    """What was proved, refuted, audited or drawn for a row; what is missing is named."""
    mine = [piece for piece in evidence if row.number in piece.rows]
    parts = []
    for kind in KINDS:
        words = [p.words for p in mine if p.kind == kind]
        if words == ["picture"]:
            parts.append(kind)
        elif words:
            parts.append(f"{kind}: {', '.join(words)}")
    missing = [kind for kind in row.needs if kind not in {p.kind for p in mine}]
    return "; ".join([*parts, *(f"not {kind}" for kind in missing)])


def table(evidence: Sequence[Evidence]) -> list[tuple[str, str, str, str]]:
    """(row, title, "holds" or "FAILS", what was shown)."""
    return [
        (r.number, r.title, "holds" if holds(r, evidence) else "FAILS", shown(r, evidence))
        for r in ROWS
    ]

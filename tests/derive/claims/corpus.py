"""The files of labelled claims: blocks of `label: claim`, `given: ...`, `why: ...`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("lecture", "traps", "published", "notes")
LABELS = ("true", "false", "no value", "definition", "unreadable", "not proved")


@dataclass(frozen=True)
class Entry:
    """`line`: where it stands in its file."""

    name: str
    line: int
    label: str
    latex: str
    given: tuple[str, ...]
    why: str

    @property
    def id(self) -> str:
        return f"{self.name}:{self.line}"


def entries(name: str) -> list[Entry]:
    out, block, start = [], [], 0
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate([*lines, ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            start = start or number
            block.append(line.split(": ", 1))
        elif block:
            out.append(_entry(name, start, block))
            block, start = [], 0
    return out


def _entry(name: str, line: int, block: list[list[str]]) -> Entry:
    label, latex = block[0]
    rest = [(key, value) for key, value in block[1:]]
    assert label in LABELS, (name, line, label)
    assert {key for key, _ in rest} <= {"given", "why"}, (name, line)
    (why,) = [value for key, value in rest if key == "why"]
    return Entry(name, line, label, latex, tuple(v for k, v in rest if k == "given"), why)

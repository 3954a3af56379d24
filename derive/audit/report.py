"""What an audit found: one line for each rung, as frozen data.

May: hold and print findings.  Must not: judge.  All rungs make a `Rung`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

NAMES = {1: "proof", 2: "symbols", 3: "residues", 4: "numbers"}


@dataclass(frozen=True)
class Rung:
    """One rung: whether it holds, its figures (for programs), and the same in words."""

    number: int
    holds: bool
    message: str
    figures: Mapping[str, Any]

    @property
    def name(self) -> str:
        return NAMES[self.number]

    def line(self) -> str:
        """The rung as one line of the ladder."""
        word = "holds" if self.holds else "FAILS"
        return f"{self.number} {self.name:<9} {word}   {self.message}"


@dataclass(frozen=True)
class Report:
    """The ladder of one layer, or of a module with one ladder for each of its layers."""

    title: str
    rungs: tuple[Rung, ...] = ()
    layers: tuple[Report, ...] = ()
    unaudited: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every rung asked for holds, here and in every layer, and nothing is left out."""
        found = bool(self.rungs or self.layers)
        own = all(r.holds for r in self.rungs)
        return found and own and all(part.holds for part in self.layers) and not self.unaudited

    @property
    def red(self) -> frozenset[int]:
        """The numbers of the rungs that fail, here or in a layer."""
        own = frozenset(r.number for r in self.rungs if not r.holds)
        return own.union(*(part.red for part in self.layers))

    def text(self) -> str:
        """The ladder for a terminal."""
        lines = [f"audit {self.title}", *(r.line() for r in self.rungs)]
        lines += [line for part in self.layers for line in part.text().splitlines()]
        lines += [f"not audited: {reason}" for reason in self.unaudited]
        return "\n".join(lines)

    def json(self) -> dict[str, Any]:
        """The ladder for programs."""
        out: dict[str, Any] = {"audit": self.title, "holds": self.holds}
        out["rungs"] = [
            {
                "rung": r.number,
                "name": r.name,
                "holds": r.holds,
                "message": r.message,
                "figures": dict(r.figures),
            }
            for r in self.rungs
        ]
        if self.layers or self.unaudited:
            out["layers"] = [part.json() for part in self.layers]
            out["unaudited"] = list(self.unaudited)
        return out

    def check(self) -> None:
        """Raise AssertionError with the ladder unless all of it holds: an audit as a test.

        A test function needs no more than `audit_conv(2, stride=2).check()`.
        """
        if not self.holds:
            raise AssertionError(self.text())

    def __str__(self) -> str:
        return self.text()


def rung(number: int, holds: bool, message: str, **figures: Any) -> Rung:
    """A rung with its figures made read-only."""
    return Rung(number, holds, message, MappingProxyType(figures))

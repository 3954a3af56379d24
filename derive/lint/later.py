"""Second thoughts on refuted claims, once the whole text has been seen.

May: judge a claim again with a definition that stands further below ("where V = ..."), or with an
older one of a symbol that was defined twice.  Must not: refute.  Only what then holds, or cannot be
decided, takes the place of the first verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace

from derive.claims import Verdict
from derive.latex.signs.errors import Unreadable
from derive.lint.equation import Equation
from derive.lint.force import Ledger
from derive.lint.givens import Entry
from derive.lint.judging import judge_chain
from derive.lint.mapped import Mapped
from derive.lint.records import Record


@dataclass(frozen=True)
class Refuted:
    """A refuted claim: its record's number, and what was in force where it stands."""

    record: int
    text: Mapped
    equation: Equation
    side: int
    ledger: Ledger


def snapshot(ledger: Ledger) -> Ledger:
    """What is in force now, kept as it is."""
    return deepcopy(ledger)


def second_thoughts(records: list[Record], refuted: list[Refuted], ledger: Ledger) -> None:
    """Replace the records whose claims hold with a definition that was not in force there."""
    for claim in refuted:
        old = records[claim.record]
        for message, then, below in _otherwise(claim, ledger):
            verdict = _verdict(claim, then)
            if verdict is None or verdict.verdict != "proved":
                continue
            if below:
                new = replace(verdict, message=message)
            else:
                new = Verdict("unknown", reading=verdict.reading, latex=verdict.latex,
                              message=f"fails for some data, but holds {message}")
            records[claim.record] = replace(old, verdict=new, message=new.message)
            break


def _otherwise(claim: Refuted, ledger: Ledger) -> Iterator[tuple[str, Ledger, bool]]:
    """How else the claim may be meant; whether by what is said below it."""
    before = claim.ledger
    below: list[Entry] = []
    for name in sorted(claim.equation.names):
        history = ledger.history.get(name, [])
        earlier = before.history.get(name, [])
        if not earlier and before.known(name) is None and history:
            below.append(history[0])
        for old in earlier[:-1]:
            if not before.is_pinned(name):
                now = f"not as on {earlier[-1].where}"
                yield f"with {name} as on {old.where}, {now}", _with(before, [old]), False
        if earlier and not before.is_pinned(name):
            free = f"if {name} is not the one of {earlier[-1].where}"
            yield free, _without(before, name), False
    if below:
        said = " and ".join(f"{e.defines} as on {e.where}" for e in below)
        yield f"with {said}", _with(before, below), True


def _with(ledger: Ledger, entries: list[Entry]) -> Ledger:
    out = deepcopy(ledger)
    for each in entries:
        out.define(each)
    return out


def _without(ledger: Ledger, name: str) -> Ledger:
    out = deepcopy(ledger)
    out.meanings.pop(name, None)
    out.scalars.pop(name, None)
    return out


def _verdict(claim: Refuted, ledger: Ledger) -> Verdict | None:
    try:
        judged = judge_chain(claim.text, claim.equation, claim.side, ledger, [])
    except Unreadable:
        return None
    return judged[0].verdict if len(judged) == 1 else None

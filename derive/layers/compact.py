"""A derivation as it is written on a blackboard: what belongs to one thought is one row.

May: join rows, leaving out terms in between.  Must not: change a term or a reason; all steps
stand in the theorem.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from derive.notes.derivation import Derivation, Row
from derive.notes.messages import Line, joined

GLUE = {"rearrange", "ring", "linearity", "pull"}
THOUGHTS = (
    ("collapse", {"collapse"}),
    ("chain", {"chain_rule"}),
    ("derivative", {"differentiate", "under_sign"}),
    ("known", {"equivalent", "bracket"}),
    ("range", {"support", "absurd"}),
    ("substitution", {"reindex"}),
)
FOLLOWS = {("derivative", "known"), ("known", "derivative"), ("range", "known")}


def compact(d: Derivation, kept: Collection[str] = ()) -> Derivation:
    """The derivation with fewer rows; those whose terms are `kept` stay."""
    groups: list[list[Row]] = []
    for row in d.rows:
        if groups and groups[-1][-1].term.text not in kept and _joins(groups[-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    merged: list[list[Row]] = []
    for group in groups:
        before = merged[-1] if merged and merged[-1][-1].term.text not in kept else None
        if before and _follows(_last(before), _last(group)):
            merged[-1] += group
        else:
            merged.append(group)
    return replace(d, rows=tuple(map(_one, merged)))


def _thought(row: Row) -> str:
    for name, rules in THOUGHTS:
        if set(row.rules) & rules:
            return name
    return "glue" if set(row.rules) <= GLUE else "name"


def _last(group: list[Row]) -> str:
    return next((t for t in map(_thought, reversed(group)) if t not in ("glue", "name")), "name")


def _follows(before: str, now: str) -> bool:
    return now != "name" and (before == now or (before, now) in FOLLOWS)


def _joins(group: list[Row], row: Row) -> bool:
    """Whether a row goes on with the thought of the group before it."""
    now = _thought(row)
    if all(_thought(r) == "glue" for r in group):  # what only rearranges prepares the next step
        return True
    if now == "name":  # delta_i again after its range; any other name is a thought of its own
        return _last(group) in ("range", "chain") and "name" not in map(_thought, group)
    return now == "glue" and _last(group) == "chain"


def _one(group: list[Row]) -> Row:
    main = [r for r in group if _thought(r) not in ("glue", "name")]
    main = main or [r for r in group if _thought(r) == "name"] or group
    if _thought(main[0]) == "chain":
        main = group
    lines: list[Line] = []
    for row in main:
        if row.reason not in lines:
            lines.append(row.reason)
    rules = tuple(rule for row in group for rule in row.rules)
    return Row(group[-1].term, joined(lines, ", "), rules)

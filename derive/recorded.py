"""Proofs as plain data: steps with their data, whole theorems, and back.

May: write down what a kernel recorded.  Must not: make a theorem; what comes back is `Recorded`,
whose steps the kernel or another checker has to take.  A dict is ["{}", [key, value], ...].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive import syntax
from derive.serial import DEPTH, BadData, from_json, plain, read_fraction, to_json
from derive.syntax import Node


@dataclass(frozen=True)
class RecordedStep:
    """What was written down of a step; the kernel has not seen it."""

    rule: str
    path: tuple[int, ...]
    data: dict[str, Any]
    forward: bool
    result: syntax.Term


@dataclass(frozen=True)
class Recorded:
    """A statement with steps that may be wrong: to be derived again, step by step."""

    given: tuple[syntax.Cond, ...]
    lhs: syntax.Term
    rhs: syntax.Term
    steps: tuple[RecordedStep, ...]


def record(value: Any) -> Any:
    """The data of a proof step, or a theorem with its steps, as nested lists."""
    if isinstance(value, Mapping):
        return ["{}", *([record(k), record(v)] for k, v in value.items())]
    if isinstance(value, tuple | list):
        return ["()", *(record(v) for v in value)]
    if isinstance(value, Fraction):
        return ["Fraction", str(value)]
    if hasattr(value, "steps"):
        steps = [
            ["Step", s.rule, list(s.path), record(s.data), s.forward, to_json(s.result)]
            for s in value.steps
        ]
        return ["Theorem", record(value.given), to_json(value.lhs), to_json(value.rhs), steps]
    return plain(value)


def unrecord(data: Any, where: str = "", depth: int = 0) -> Any:
    """What `record` wrote, checked; a theorem comes back as `Recorded`."""
    if depth > DEPTH:
        raise BadData(where, f"nested more than {DEPTH} deep")
    if data is None or isinstance(data, str | bool | int):
        return data
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise BadData(where, "expected a recorded value")
    if data[0] == "()":
        return tuple(unrecord(p, f"{where}[{k}]", depth + 1) for k, p in enumerate(data[1:], 1))
    if data[0] == "Fraction":
        return read_fraction(data[1] if len(data) == 2 else None, where)
    if data[0] == "{}":
        out: dict[Any, Any] = {}
        for k, pair in enumerate(data[1:], 1):
            if not isinstance(pair, list) or len(pair) != 2:
                raise BadData(f"{where}[{k}]", "expected [name, value]")
            name = unrecord(pair[0], f"{where}[{k}][0]", depth + 1)
            if not isinstance(name, str | Node) or name in out:
                raise BadData(f"{where}[{k}]", "expected a name that is not there yet")
            out[name] = unrecord(pair[1], f"{where}[{k}][1]", depth + 1)
        return out
    if data[0] == "Theorem":
        return _recorded(data, where, depth)
    node: Node = from_json(data)
    return node


def _recorded(data: list[Any], where: str, depth: int) -> Recorded:
    if len(data) != 5 or not isinstance(data[4], list):
        raise BadData(where, 'expected ["Theorem", given, lhs, rhs, steps]')
    given = unrecord(data[1], f"{where}[1]", depth + 1)
    if not isinstance(given, tuple) or not all(isinstance(c, syntax.Cond) for c in given):
        raise BadData(f"{where}[1]", "expected conditions")
    steps = tuple(_step(s, f"{where}[4][{k}]", depth + 1) for k, s in enumerate(data[4]))
    lhs, rhs = (from_json(side, syntax.Term) for side in data[2:4])
    return Recorded(given, lhs, rhs, steps)


def _step(data: Any, where: str, depth: int) -> RecordedStep:
    shape = (str, str, list, list, bool, list)
    if not isinstance(data, list) or len(data) != 6 or data[0] != "Step":
        raise BadData(where, 'expected ["Step", rule, path, data, forward, result]')
    if not all(isinstance(p, kind) for p, kind in zip(data, shape, strict=True)):
        raise BadData(where, "a field of the step has the wrong kind")
    if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in data[2]):
        raise BadData(f"{where}[2]", "a path is a list of numbers from 0")
    values = unrecord(data[3], f"{where}[3]", depth + 1)
    if not isinstance(values, dict):
        raise BadData(f"{where}[3]", "expected the step's data by name")
    result = from_json(data[5], syntax.Term)
    return RecordedStep(data[1], tuple(data[2]), values, data[4], result)

"""What the figures are given, as exact numbers in rectangular lists.

May: take lists, tuples, arrays and tensors of real numbers.  Must not: import NumPy or minigrad.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

Matrix = tuple[tuple[Fraction, ...], ...]


def exact(value: Any, name: str = "value") -> Fraction:
    """A float counts as the decimal that it prints as.

    >>> exact(0.1) + exact(0.2) == exact(0.3)
    True
    """
    item = (
        value.item() if hasattr(value, "item") and not isinstance(value, (list, tuple)) else value
    )
    if isinstance(item, bool):
        return Fraction(int(item))
    if isinstance(item, (int, Fraction)):
        return Fraction(item)
    if isinstance(item, float) and math.isfinite(item):
        return Fraction(str(item))
    raise TypeError(f"{name}: expected a finite real number, got {value!r}")


def nested(values: Any) -> Any:
    """The plain lists within an array or a tensor."""
    for candidate in (values, getattr(values, "data", None)):
        if hasattr(candidate, "tolist") and not isinstance(candidate, memoryview):
            return candidate.tolist()
    return values


def matrix(values: Any, name: str) -> Matrix:
    """Rows of exact numbers, all of one length.

    >>> matrix([[1, 2], [3]], "kernel")
    Traceback (most recent call last):
    ...
    ValueError: kernel: the rows must be of one length, got [1, 2]
    """
    rows = nested(values)
    if not isinstance(rows, (list, tuple)) or any(
        not isinstance(r, (list, tuple)) for r in map(nested, rows)
    ):
        raise TypeError(f"{name}: expected rows of numbers, got {values!r:.80}")
    out = tuple(tuple(exact(v, name) for v in nested(r)) for r in rows)
    if not out or not out[0]:
        raise ValueError(f"{name}: is empty")
    lengths = sorted({len(r) for r in out})
    if len(lengths) > 1:
        raise ValueError(f"{name}: the rows must be of one length, got {lengths}")
    return out


def shape(m: Matrix) -> str:
    return f"{len(m)}×{len(m[0])}"


def positive(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: expected an integer, got {value!r}")
    if value < 1:
        raise ValueError(f"{name}: expected at least 1, got {value}")
    return value

"""Dual numbers a + b eps, eps^2 = 0, over exact numbers: forward derivatives without a theorem.

May: add, multiply, compare by the value a.  Must not: divide or round.  They run through a whole
module in `object` arrays, as polynomials and Python's integers do.
"""

from __future__ import annotations

from typing import Any


class Dual:
    """A value and its derivative along one direction.

    >>> x = Dual(3, 1)
    >>> 2 * x * x - x + 1
    16 + 11 eps
    """

    __slots__ = ("slope", "value")

    def __init__(self, value: Any, slope: Any) -> None:
        self.value, self.slope = value, slope

    def __add__(self, other: Any) -> Dual:
        a = dual(other)
        return Dual(self.value + a.value, self.slope + a.slope)

    def __mul__(self, other: Any) -> Dual:
        a = dual(other)
        return Dual(self.value * a.value, self.value * a.slope + self.slope * a.value)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> Dual:
        return self + -dual(other)

    def __rsub__(self, other: Any) -> Dual:
        return dual(other) - self

    def __eq__(self, other: object) -> bool:
        return bool(self.value == dual(other).value)

    def __lt__(self, other: Any) -> bool:
        return bool(self.value < dual(other).value)

    def __le__(self, other: Any) -> bool:
        return bool(self.value <= dual(other).value)

    def __gt__(self, other: Any) -> bool:
        return bool(self.value > dual(other).value)

    def __ge__(self, other: Any) -> bool:
        return bool(self.value >= dual(other).value)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self.value} + {self.slope} eps"


def dual(value: Any) -> Dual:
    """A constant has slope 0."""
    return value if isinstance(value, Dual) else Dual(value, 0)

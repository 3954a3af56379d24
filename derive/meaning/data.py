"""The data in an environment: what a function variable stands for.

May: hold function data, bring loose Python values into shape, write them as JSON.
Must not: evaluate terms.  An environment is a mapping from `Var` and `Fn` nodes to values:

- a variable: an int or Fraction (a residue is an int); for a vector a tuple of d numbers;
- a function on Z^d or Z/n: `Points`, or a dict from ints (or tuples of ints) to numbers;
- a function on R^d: `Formula`, an `Exact` in the generators 0, 1, ... (its coordinates in order);
- a loss: `Functional`, a polynomial in the entries of its argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from derive.meaning import gauss
from derive.meaning.exact import Number, generator, tidy
from derive.meaning.outcome import CannotEvaluate
from derive.meaning.render import plain

Key = tuple[int, ...]


@dataclass(slots=True)
class Points:
    """A function that is zero but at finitely many points.

    `lo`, `hi` bound its support; they are no tighter than the class promises, so that an entry
    that happens to be 0 proves nothing.
    """

    values: dict[Key, Number]
    lo: Key = ()
    hi: Key = ()

    def __post_init__(self) -> None:
        if not self.lo and self.values:
            columns = list(zip(*self.values, strict=True))
            self.lo = tuple(min(c) for c in columns)
            self.hi = tuple(max(c) for c in columns)

    def clipped(self, lo: Key, hi: Key) -> Points:
        """Zero outside a tensor's range."""
        kept = {k: v for k, v in self.values.items() if _within(k, lo, hi)}
        return Points(kept, lo, hi)

    def bumped(self, key: Key, by: Number) -> Points:
        """The same function with one entry moved."""
        values = {**self.values, key: self.values.get(key, 0) + by}
        lo = tuple(map(min, self.lo, key)) if self.lo else key
        hi = tuple(map(max, self.hi, key)) if self.hi else key
        return Points(values, lo, hi)


def _within(key: Key, lo: Key, hi: Key) -> bool:
    return all(a <= k <= b for a, k, b in zip(lo, key, hi, strict=True))


@dataclass(eq=False)
class Formula:
    """A polynomial times a Gaussian (or a sum of such), by its coordinates 0, 1, ..."""

    body: Number

    def at(self, coordinates: Iterable[Number]) -> Number:
        return gauss.compose(self.body, dict(enumerate(coordinates)))

    @cached_property
    def _derivatives(self) -> dict[int, Formula]:
        return {}

    def derivative(self, coordinate: int) -> Formula:
        if coordinate not in self._derivatives:
            self._derivatives[coordinate] = Formula(gauss.diff(self.body, coordinate))
        return self._derivatives[coordinate]


Place = tuple[int, Key]  # (argument number, entry); a real argument has the empty entry


@dataclass(frozen=True)
class Functional:
    """A loss: the sum of coefficient times product of entries, for (coefficient, places) terms."""

    terms: tuple[tuple[Number, tuple[Place, ...]], ...]
    lo: Key = field(default=())
    hi: Key = field(default=())

    def clipped(self, lo: Key, hi: Key) -> Functional:
        """Without the entries outside a range."""
        kept = tuple(
            (c, places)
            for c, places in self.terms
            if all(not key or _within(key, lo, hi) for _, key in places)
        )
        return Functional(kept, lo, hi)

    def derivative(self, place: Place) -> Functional:
        """By one entry."""
        out = []
        for c, places in self.terms:
            n = places.count(place)
            if n:
                rest = list(places)
                rest.remove(place)
                out.append((c * n, tuple(rest)))
        return Functional(tuple(out), self.lo, self.hi)


Data: TypeAlias = "Points | Formula | Functional"


def as_data(value: Any, coordinates: int) -> Data:
    """Loose Python values as function data.

    >>> as_data({0: 1, 2: 5}, 1)
    Points(values={(0,): 1, (2,): 5}, lo=(0,), hi=(2,))
    """
    if isinstance(value, (Points, Functional, Formula)):
        if isinstance(value, Points) and not value.lo:
            return Points(value.values, (0,) * coordinates, (0,) * coordinates)
        return value
    if isinstance(value, Mapping):
        points = {k if isinstance(k, tuple) else (k,): tidy(v) for k, v in value.items()}
        if not points:
            return Points({}, (0,) * coordinates, (0,) * coordinates)
        return Points(points)
    if callable(value):
        return Formula(value(*(generator(k) for k in range(coordinates))))
    if isinstance(value, (int, float, str)):
        raise CannotEvaluate(f"{value!r} is no function data")
    return Formula(value)


def as_json(value: Any) -> Any:
    """A function's data or a value as JSON: keys are integers joined by commas, values exact.

    >>> as_json(Points({(0, 1): 2}))
    {'0,1': '2'}
    >>> as_json((1, 2))
    '(1, 2)'
    """
    if isinstance(value, Points):
        return {",".join(map(str, k)): plain(v) for k, v in sorted(value.values.items()) if v}
    if isinstance(value, Functional):
        return {
            " ".join(",".join(map(str, key)) for _, key in places) or "1": plain(c)
            for c, places in value.terms
        }
    if isinstance(value, Formula):
        return plain(value.body)
    return plain(value)

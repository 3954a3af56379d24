"""Signals and kernels to be drawn: sequences of exact numbers, and functions sampled on a grid.

May: add up products.  Must not: place anything on a canvas.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.notes.figures.exact import exact, nested

Values = Mapping[int, Fraction]
MOST = 40


def sequence(values: Any, name: str) -> dict[int, Fraction]:
    """A finitely supported function on Z: a dict, or a list that starts at 0.

    >>> sequence([1, 2], "f") == sequence({0: 1, 1: 2, 5: 0}, "f")
    True
    """
    plain = nested(values)
    pairs = plain.items() if isinstance(plain, Mapping) else None
    if pairs is None:
        if not isinstance(plain, (list, tuple)):
            raise TypeError(f"{name}: expected a list, a dict or a function, got {values!r:.60}")
        pairs = enumerate(plain)
    out = {}
    for at, value in pairs:
        if isinstance(at, bool) or not isinstance(at, int):
            raise TypeError(f"{name}: an index must be an integer, got {at!r}")
        if exact(value, name):
            out[at] = exact(value, name)
    if not out:
        raise ValueError(f"{name}: is zero everywhere; there is nothing to draw")
    if max(out) - min(out) >= MOST:
        raise ValueError(f"{name}: wider than {MOST} places; nothing could be read")
    return out


def slid(g: Values, i: int, reflect: bool) -> dict[int, Fraction]:
    """a -> g(i - a), or a -> g(a - i) for cross-correlation.

    >>> slid({0: Fraction(1), 1: Fraction(2)}, 5, True)
    {5: Fraction(1, 1), 4: Fraction(2, 1)}
    """
    return {(i - b if reflect else i + b): v for b, v in g.items()}


def result(f: Values, g: Values, reflect: bool) -> dict[int, Fraction]:
    """Σ_a f(a) g(i - a), or Σ_a f(a) g(a - i), at every i where a product is not zero."""
    out: dict[int, Fraction] = {}
    for a, u in f.items():
        for b, v in g.items():
            i = a + b if reflect else a - b
            out[i] = out.get(i, Fraction(0)) + u * v
    return dict(sorted(out.items()))


@dataclass(frozen=True)
class Sampled:
    """A function on R that is taken to be zero outside `lo`..`hi`, at the middles of cells."""

    call: Callable[[float], float]
    lo: float
    hi: float
    name: str

    def __call__(self, z: float) -> float:
        if not self.lo <= z <= self.hi:
            return 0.0
        value = float(self.call(z))
        if not math.isfinite(value):
            raise ValueError(f"{self.name}({z:g}) is {value}, not a finite number")
        return value


def sampled(call: Any, support: Any, name: str) -> Sampled:
    if not callable(call):
        raise TypeError(f"{name}: f and g must both be functions, or both sequences")
    lo, hi = (float(v) for v in support)
    if not (math.isfinite(lo) and math.isfinite(hi) and lo < hi):
        raise ValueError(f"support of {name}: expected lo < hi, got {lo:g}, {hi:g}")
    return Sampled(call, lo, hi, name)


def integral(f: Sampled, g: Sampled, x: float, step: float, reflect: bool) -> float:
    """∫ f(z) g(x - z) dz, or ∫ f(z) g(z - x) dz, by the midpoint rule where both can be non-zero.

    >>> box = Sampled(lambda z: 1.0, 0, 1, "f")
    >>> round(integral(box, box, 0.75, 0.01, True), 6)
    0.75
    """
    lo, hi = (x - g.hi, x - g.lo) if reflect else (x + g.lo, x + g.hi)
    lo, hi = max(lo, f.lo), min(hi, f.hi)
    if lo >= hi:
        return 0.0
    cells = max(1, round((hi - lo) / step))
    width = (hi - lo) / cells
    middles = (lo + (k + 0.5) * width for k in range(cells))
    return width * math.fsum(f(z) * g(x - z if reflect else z - x) for z in middles)

"""Data for functions: generic (to find a difference), and a list of simple ones on R.

May: make data of a function's class, or of the nearest class with exact values.
Must not: evaluate.  `search` calls it.

On Z^d and Z/n the data are finitely supported.  On R^d they are polynomials times Gaussians, for
"C1 compact" too (no such function has compact support: the identities proved for one class hold
for the other).  Polynomials alone serve for activations, and where all integrals have bounds:
there a polynomial cannot be told from a function of the class that agrees with it on the range.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, TypeAlias

from derive.meaning import Exact, Formula, Functional, Points, exp, generator

Style: TypeAlias = Callable[[int, Random], Formula]
MOST_ENTRIES = 150
X = generator(0)
GAUSSIANS: tuple[Any, ...] = tuple(
    Formula(body)
    for body in (
        exp(-X * X),
        X * exp(-X * X),
        exp(-2 * X * X),
        (X + 1) * exp(-X * X),
        X * X * exp(-X * X),
        exp(X - X * X),
        X * exp(-2 * X * X),
        (X * X + X + 1) * exp(-X * X),
        (1 - 2 * X * X) * exp(-X * X),  # the derivative of x e^(-x^2): not 0 at 0
    )
)
POLYNOMIALS: tuple[Any, ...] = tuple(
    Formula(body) for body in (1, X, X * X, X + 1, X * X + X, X**3, X * X + 1, X**3 + X + 1)
)


def is_bell(data: Formula) -> bool:
    """Whether a formula has an exponential.

    >>> is_bell(GAUSSIANS[0]), is_bell(POLYNOMIALS[0])
    (True, False)
    """
    return isinstance(data.body, Exact) and any(unit[2] for unit in data.body.parts)


def box_points(lo: tuple[int, ...], hi: tuple[int, ...], rng: Random) -> list[tuple[int, ...]]:
    """The points of a box, or some of them if there are many."""
    size = 1
    for a, b in zip(lo, hi, strict=True):
        size *= max(b - a + 1, 0)
    if size <= MOST_ENTRIES:
        return list(product(*(range(a, b + 1) for a, b in zip(lo, hi, strict=True))))
    return [
        tuple(rng.randint(a, b) for a, b in zip(lo, hi, strict=True))
        for _ in range(MOST_ENTRIES)
    ]


def window(coordinates: int, round_: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where the data of a function on Z^k are put; every fourth time further out: f(8 i + 5)."""
    turn = round_ % 8
    near = {1: (-3, 3), 2: (-1, 2), 3: (-1, 1)}.get(coordinates, (0, 1))
    wide = {1: (-9, 9), 2: (-3, 3)}.get(coordinates, near)
    far = {1: (-40, 40), 2: (-4, 6)}.get(coordinates, near)
    lo, hi = far if turn == 7 else wide if turn == 3 else near
    return (lo,) * coordinates, (hi,) * coordinates


def points(keys: list[tuple[int, ...]], rng: Random) -> Points:
    """A non-zero small integer at every key."""
    return Points({k: rng.choice((1, 2, 3, 4, 5, -1, -2, -3, -4, -5)) for k in keys})


def functional(keys: list[tuple[int, ...]], slot: int, rng: Random) -> Functional:
    """A polynomial of degree at most three in the entries."""
    terms: list[Any] = [(rng.randint(1, 5), ((slot, k),)) for k in keys]
    for degree in (2, 2, 3):
        if keys:
            places = tuple((slot, rng.choice(keys)) for _ in range(degree))
            terms.append((rng.randint(1, 3), places))
    lo = tuple(map(min, zip(*keys, strict=True))) if keys else ()
    hi = tuple(map(max, zip(*keys, strict=True))) if keys else ()
    return Functional(tuple(terms), lo, hi)


def gaussian(coordinates: int, rng: Random) -> Formula:
    """A generic polynomial times a generic Gaussian."""
    xs = [generator(k) for k in range(coordinates)]
    body: Any = rng.randint(1, 3)
    exponent: Any = 0
    for x in xs:
        body = body + rng.randint(1, 3) * x
        exponent = exponent - rng.randint(1, 3) * x * x + rng.randint(0, 1) * x
    return Formula(body * exp(exponent))


def centred(coordinates: int, rng: Random) -> Formula:
    """Even or odd, times a Gaussian around 0: so that products often have antiderivatives."""
    body: Any = 1
    for x in (generator(k) for k in range(coordinates)):
        power, a, b = rng.choice((0, 1)), rng.randint(1, 3), rng.randint(0, 2)
        body = body * x**power * (a + b * x * x) * exp(-rng.randint(1, 2) * x * x)
    return Formula(body)


def slope(coordinates: int, rng: Random) -> Formula:
    """The second derivative of a generic Gaussian: it has antiderivatives, and they have."""
    found = gaussian(coordinates, rng)
    for k in range(coordinates):
        found = found.derivative(k).derivative(k)
    return found


def polynomial(coordinates: int, rng: Random) -> Formula:
    """A generic polynomial of degree at most three."""
    xs = [generator(k) for k in range(coordinates)]
    body: Any = rng.randint(1, 3)
    for x in xs:
        body = body + rng.randint(1, 3) * x + rng.randint(1, 2) * x * x
    degree = rng.choice((2, 3))
    return Formula(body + Fraction(1, 2) * xs[0] ** degree)

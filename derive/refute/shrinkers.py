"""Make a value smaller while a predicate holds: one shrinker per kind of value.

May: propose smaller values.  Must not: know what the predicate asks.
`search` calls `shrink` on a failing environment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from derive.meaning import Formula, Functional, Points
from derive.refute.sample import GAUSSIANS, POLYNOMIALS, is_bell

Test = Callable[[Any], bool]


def number(value: Any, test: Test) -> Any:
    """The simplest number near 0 that still fails.

    >>> number(17, lambda n: n > 4), number(-3, lambda n: True), number(-3, lambda n: n * n > 4)
    (5, 0, 3)
    """
    for candidate in _simpler(value):
        if test(candidate):
            return number(candidate, test)
    return value


def _simpler(value: Any) -> Iterator[Any]:
    size = abs(value)
    near = [0, 1] if not isinstance(value, Fraction) else [0, 1, -1, round(value)]
    for candidate in (*near, int(size) // 2, size - 1, size):
        if (abs(candidate), candidate < 0) < (size, value < 0):
            yield candidate


def vector(value: tuple[Any, ...], test: Test) -> tuple[Any, ...]:
    """Each component in turn.

    >>> vector((3, 5), lambda v: v[0] + v[1] > 2)
    (0, 3)
    """
    for j in range(len(value)):
        value = (
            *value[:j],
            number(value[j], lambda x, j=j, v=value: test((*v[:j], x, *v[j + 1 :]))),  # type: ignore[misc]
            *value[j + 1 :],
        )
    return value


def points(data: Points, test: Test) -> Points:
    """Fewer points, then points nearer to 0, then smaller values.

    >>> points(Points({(k,): 3 for k in range(9)}), lambda p: len(p.values) > 1).values
    {(0,): 1, (1,): 1}
    """

    def good(values: dict[Any, Any]) -> bool:
        return test(Points(values))

    values = dict(data.values)
    size = len(values)
    while size >= 1:  # drop chunks, far ones first
        keys = sorted(values, key=lambda k: (sum(map(abs, k)), k), reverse=True)
        for start in range(0, len(keys), size):
            chunk = set(keys[start : start + size])
            rest = {k: v for k, v in values.items() if k not in chunk}
            if len(rest) < len(values) and good(rest):
                values = rest
        size //= 2
    for key in sorted(values):
        others = {k: v for k, v in values.items() if k != key}

        def moved(k: Any, value: Any = values[key], others: Any = others) -> bool:
            return k not in others and good({**others, k: value})

        values = {**others, vector(key, moved): values[key]}
    for key in sorted(values):

        def set_to(v: Any, key: Any = key, values: Any = values) -> bool:
            return bool(v != 0) and good({**values, key: v})

        values = {**values, key: number(values[key], set_to)}
    return Points(values)


def functional(data: Functional, test: Test) -> Functional:
    """Fewer terms, coefficients 1."""
    terms = list(data.terms)
    for term in reversed(list(terms)):
        rest = [t for t in terms if t is not term]
        if test(Functional(tuple(rest), data.lo, data.hi)):
            terms = rest
    for k, (_, places) in enumerate(terms):
        rest = [*terms[:k], (1, places), *terms[k + 1 :]]
        if test(Functional(tuple(rest), data.lo, data.hi)):
            terms = rest
    return Functional(tuple(terms), data.lo, data.hi)


def formula(data: Formula, test: Test) -> Formula:
    """The first simple function of the same kind (with or without a Gaussian) that still fails."""
    simple: tuple[Formula, ...] = GAUSSIANS if is_bell(data) else POLYNOMIALS
    for candidate in simple:
        if candidate.body == data.body:
            return data
        if test(candidate):
            return candidate
    return data


def shrink(env: dict[Any, Any], fails: Callable[[dict[Any, Any]], bool]) -> dict[Any, Any]:
    """Every value of an environment in turn, until nothing gets smaller.

    >>> shrink({"i": 7, "j": 9}, lambda e: e["i"] + e["j"] >= 3)
    {'i': 0, 'j': 3}
    """
    for _ in range(3):
        before = dict(env)
        for key, value in env.items():
            env = {**env, key: _one(value, lambda v, k=key, e=env: fails({**e, k: v}))}  # type: ignore[misc]
        if all(_alike(before[k], env[k]) for k in env):
            break
    return env


def _one(value: Any, test: Test) -> Any:
    """The shrinker for this kind of value."""
    match value:
        case Points():
            return points(value, test)
        case Functional():
            return functional(value, test)
        case Formula():
            return formula(value, test)
        case tuple():
            return vector(value, test)
    return number(value, test)


def _alike(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and not isinstance(a, Formula) and bool(a == b))

"""The library: each theorem an item under its own name, and each evaluated on random data.

Three views of every entry, by code that shares nothing: the kernel's (proved, replayed), what
`meaning` makes of it on random data, and for the wrong claims the data that refute them.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pytest

from derive import claim
from derive.binding import declared, free
from derive.kernel import replay
from derive.library import Result, find, results
from derive.meaning import CannotEvaluate, compare, evaluate, holds
from derive.pytest_plugin import xfail
from derive.refute import sample
from derive.syntax import Exists, Fn, Num, Signature, Space, Var

LEAST, MOST = 3, 600  # sets of data: at least so many, and on until one gives a value that is not 0


def item_for(result: Result) -> Any:
    s = result.statement
    made = claim(s.lhs, s.rhs, given=s.given, by=result.by)
    return made if result.holds else xfail(made, f"wrong: {result.title}")


# an item for each entry; a wrong one has to fail (strict)
globals().update({result.name: item_for(result) for result in results()})


@pytest.mark.parametrize("result", [r for r in results() if r.holds], ids=lambda r: r.name)
def test_replayed_from_the_recorded_steps(result: Result) -> None:
    made: Any = globals()[result.name]
    theorem = replay(made.theorem())
    assert theorem.statement() == result.statement


@pytest.mark.parametrize("result", [r for r in results() if not r.holds], ids=lambda r: r.name)
def test_wrong_claims_are_refuted_with_data(result: Result) -> None:
    made: Any = globals()[result.name]
    verdict = made.verdict
    assert verdict.verdict == "refuted"
    found = compare(result.statement, verdict.counterexample.env)
    assert found.verdict == "different"
    assert (found.lhs, found.rhs) == (verdict.counterexample.left, verdict.counterexample.right)
    assert result.instead and all(find(name).holds for name in result.instead)


# ---- on random data


@pytest.mark.parametrize("result", [r for r in results() if r.holds], ids=lambda r: r.name)
def test_theorems_hold_on_random_data(result: Result) -> None:
    said_something = False
    for seed in range(MOST):
        found = compare(result.statement, data_for(result, seed))
        assert found.verdict == "equal", (seed, found)
        said_something = said_something or found.lhs != 0
        if said_something and seed + 1 >= LEAST:
            return
    pytest.fail("both sides are 0 on all of the data")


@pytest.mark.parametrize("result", [r for r in results() if not r.holds], ids=lambda r: r.name)
def test_random_data_tell_wrong_claims(result: Result) -> None:
    """The same data show that the test above can fail."""
    verdicts = (compare(result.statement, data_for(result, seed)).verdict for seed in range(200))
    assert "different" in verdicts  # as soon as one of them is


def data_for(result: Result, seed: int) -> dict[Any, Any]:
    """Random data that satisfy the hypotheses."""
    rng = Random(f"{result.name} {seed}")
    symbols = free(result.statement)
    symbols |= frozenset().union(*(declared(s) for s in symbols))
    variables = sorted((s for s in symbols if isinstance(s, Var)), key=lambda v: v.name)
    functions = sorted((s for s in symbols if isinstance(s, Fn)), key=lambda f: f.name)
    plain = [c for c in result.statement.given if not isinstance(c, Exists)]
    of_data = [c for c in plain if free(c) & set(functions)]
    of_sizes = [c for c in plain if c not in of_data]
    for _ in range(20_000):
        env = values_for(variables, functions, rng)
        if all(holds(c, env) for c in of_sizes):
            env |= {f: data_of(f, env, rng) for f in functions}
            if not of_data or (all(holds(c, env) for c in of_data) and decided(result, env)):
                return env
    raise AssertionError(f"found no values that satisfy the hypotheses of {result.name}")


def decided(result: Result, env: dict[Any, Any]) -> bool:
    """Whether all comparisons of entries can be decided near these data."""
    try:
        return bool(compare(result.statement, env))
    except CannotEvaluate:
        return False


def values_for(variables: list[Var], functions: list[Fn], rng: Random) -> dict[Any, Any]:
    spaces = [v.space for v in variables] + [s for f in functions for s in spaces_of(f)]
    dims = {s.dim for s in spaces if isinstance(s.dim, Var)}
    moduli = {s.modulus for s in spaces if isinstance(s.modulus, Var)}
    env: dict[Any, Any] = {v: rng.randint(1, 2) for v in dims}
    env |= {v: rng.randint(1, 5) for v in moduli}
    for v in variables:
        if v not in env:
            least = 0 if v.name.isupper() else -1  # sizes have capital letters here
            wide = [rng.randint(least, 3) for _ in range(width(v.space, env))]
            env[v] = wide[0] if len(wide) == 1 else tuple(wide)
    return env


def data_of(f: Fn, env: dict[Any, Any], rng: Random) -> Any:
    coordinates = sum(width(s, env) for s in spaces_of(f))
    if spaces_of(f)[0].kind == "R":
        if f.cls == "smooth":  # an activation: nothing is integrated
            return sample.polynomial(coordinates, rng)
        return sample.gaussian(coordinates, rng)
    if f.box is not None:
        ends = [
            range(lo, hi + 1)
            for s, (low, high) in zip(spaces_of(f), f.box, strict=True)
            for lo, hi in zip(spread(low, s, env), spread(high, s, env), strict=True)
        ]
    else:
        ends = [range(-2, 4)] * coordinates
    keys = list(product(*ends))
    if any(isinstance(place, Signature) for place in f.domain):
        return sample.functional(keys, 0, rng)
    return sample.points(keys, rng)


def spread(bound: Any, space: Space, env: dict[Any, Any]) -> tuple[int, ...]:
    value = evaluate(bound, env)
    return value if isinstance(value, tuple) else (value,) * width(space, env)


def spaces_of(f: Fn) -> list[Space]:
    return [s for p in f.domain for s in (p.domain if isinstance(p, Signature) else (p,))]


def width(space: Space, env: dict[Any, Any]) -> int:
    return int(space.dim.value) if isinstance(space.dim, Num) else env[space.dim]

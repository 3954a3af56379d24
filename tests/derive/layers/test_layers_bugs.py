"""Bugs that convolution code really had: each refuted, and on no smaller shape does it show."""

from itertools import product
from random import Random

import pytest

from derive.binding import declared, free
from derive.claims import judge
from derive.library import results
from derive.meaning import Functional, Points, Program, compare, holds
from derive.syntax import Fn, Rel, Signature, Var

BUGS = [r for r in results() if r.name.startswith("bug-")]
SIZES = set("GHKMsd")


def names(found):
    return {v.name: n for v, n in found.env.items() if isinstance(v, Var)}


def generic(statement, env, rng):
    """Random entries in every tensor, and the random sum of all outputs as the loss."""
    program = Program({})
    functions = [s for s in free(statement) if isinstance(s, Fn)]
    for f in functions:
        program.meaning(f, program.top)
    data = {}
    for f, (lo, hi) in program.boxes(env).items():
        keys = list(product(*(range(a, b + 1) for a, b in zip(lo, hi, strict=True))))
        if isinstance(f.domain[0], Signature):
            terms = tuple((rng.randint(1, 99), ((0, k),)) for k in keys)
            data[f] = Functional(terms, lo, hi)
        else:
            data[f] = Points({k: rng.randint(1, 99) for k in keys}, lo, hi)
    return data


def shapes(statement, largest):
    """All values of sizes and indices with sizes up to `largest`, that the hypotheses allow."""
    symbols = free(statement).union(*(declared(s) for s in free(statement)))
    variables = sorted((s for s in symbols if isinstance(s, Var)), key=lambda v: v.name)
    tops = [largest.get(v.name, 3) for v in variables]
    for values in product(*(range(top + 1) for top in tops)):
        env = dict(zip(variables, values, strict=True))
        if all(holds(c, env) for c in statement.given if isinstance(c, Rel)):
            yield env


@pytest.mark.parametrize("bug", BUGS, ids=lambda r: r.name)
def test_refuted_on_the_smallest_shape(bug):
    found = judge(bug.statement).counterexample
    largest = {n: v for n, v in names(found).items() if n in SIZES}
    rng, seen = Random(bug.name), False
    for env in shapes(bug.statement, largest):
        here = {v.name: n for v, n in env.items() if v.name in SIZES}
        verdict = compare(bug.statement, {**env, **generic(bug.statement, env, rng)}).verdict
        if here == largest:
            seen = seen or verdict == "different"
        else:
            assert verdict == "equal", (here, largest)
    assert seen


def test_there_is_one_of_each_kind():
    assert {r.name for r in BUGS} == {
        "bug-dilation-forgotten", "bug-remainder", "bug-grouped-weight", "bug-groups-with-stride",
        "bug-transposed-stride",
    }  # fmt: skip

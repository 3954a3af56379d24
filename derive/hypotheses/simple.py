"""Simple data for a statement about layers: sizes all alike, small indices, ones in the tensors.

May: choose.  Must not: evaluate a claim.  The general search, which takes its data at random, needs
many trials where a claim has a dozen variables; these are few, and a case in them reads well.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from derive.binding import bound, free
from derive.hypotheses.spelled import is_loss, on_reals
from derive.meaning import Formula, Functional, Points, generator
from derive.refute.problem import Problem, Trial, problems
from derive.syntax import DiffEntry, Exists, Fn, Node, Statement, Sum, Var

SIZES = (1, 2)
FEW, WIDE = (1, 0), (0, 1, 2, -1, 3)
FEW_OTHERS = 5
MOST = 3_000
BUDGET = 10**6


def environments(
    statement: Statement, moving: frozenset[Any], sizes: tuple[int, ...] = SIZES
) -> Iterator[dict[Any, Any]]:
    """Data on which the hypotheses hold; the variables in `moving` take more values."""
    problem = next(iter(problems(statement)))
    trial = Trial(problem, BUDGET)
    boxes = trial.question.program.boxes
    named = (problem.sizes | lengths(statement)) - entries(statement)
    compared = {s for c in statement.given if not isinstance(c, Exists) for s in free(c)
                if isinstance(s, Fn)}  # fmt: skip
    for env in islice(_variables(problem, named, moving, sizes), MOST):
        full = trial.complete(env)
        if full is None:
            continue
        ranges = boxes(full)
        top = max((env[v] for v in named), default=1)
        data = {f: _ones(f, ranges.get(f), problem, top) for f in problem.functions}
        data |= {f: _falling(data[f]) for f in compared}
        yield {**data, **full}


def _variables(
    problem: Problem, named: frozenset[Any], moving: frozenset[Any], sizes: tuple[int, ...]
) -> Iterator[dict[Any, Any]]:
    others = [v for v in problem.variables if v not in named]
    few = FEW if len(others) > FEW_OTHERS else (*FEW, 2)
    tables = [WIDE if v in moving else few for v in others]
    for size in sizes:
        fixed = dict.fromkeys(named, size) | dict(problem.dims)
        for values in product(*tables):
            yield {**fixed, **dict(zip(others, values, strict=True))}


def _ones(fn: Fn, box: Any, problem: Problem, size: int) -> Any:
    """1 wherever it may be other than 0; a loss is the sum of its entries."""
    if on_reals(fn):
        return Formula(generator(0))
    count = problem.coordinates(fn)
    lo, hi = box or ((-1,) * count, (size + 1,) * count)
    keys = list(product(*(range(a, b + 1) for a, b in zip(lo, hi, strict=True))))
    if is_loss(fn):
        return Functional(tuple((1, ((0, key),)) for key in keys), lo, hi)
    return Points(dict.fromkeys(keys, 1), lo, hi)


def _falling(ones: Points) -> Points:
    """-1, -2, ... for a tensor whose entries a hypothesis compares: no two are equal, nor 0."""
    return Points({key: -k for k, key in enumerate(ones.values, 1)}, ones.lo, ones.hi)


def lengths(node: Node) -> frozenset[Any]:
    """The variables in the bounds of sums."""
    own = node.bounds if isinstance(node, Sum) else ()
    found = frozenset(s for end in own for s in free(end) if isinstance(s, Var))
    return found.union(*map(lengths, node.children())) - frozenset(bound(node))


def entries(statement: Statement) -> frozenset[Any]:
    """The variables in the entry by which a derivative is taken."""
    left = statement.lhs
    if not isinstance(left, DiffEntry):
        return frozenset()
    return frozenset().union(*(free(t) for t in left.entry))

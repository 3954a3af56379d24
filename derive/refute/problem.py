"""What has to be chosen to try a claim: which symbols, and from which values.

May: sort the free symbols of a statement by kind.  Must not: evaluate the claim.
`search` calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from random import Random
from typing import Any

from derive import binding
from derive.meaning import Question
from derive.syntax import (
    And,
    Cond,
    Divides,
    Floor,
    Fn,
    Node,
    Num,
    Rel,
    Signature,
    Space,
    Statement,
    Term,
    Var,
)

INTEGERS = (0, 1, -1, 2, -2, 3, -3, 4, 5)
SIZES = (0, 1, 2, 3, 4, 5)
LARGEST = 60  # of the multiples tried where a literal divides
REALS = (0, 1, -1, Fraction(1, 2), 2, Fraction(-1, 2), 3, Fraction(1, 3))


@dataclass(frozen=True)
class Problem:
    """`defined` are variables that an equation among the hypotheses gives: (variable, term)."""

    statement: Statement
    dims: Mapping[Var, int]
    variables: tuple[Var, ...]
    defined: tuple[tuple[Var, Term], ...]
    functions: tuple[Fn, ...]
    sizes: frozenset[Var]
    moduli: frozenset[Var]
    divisors: Mapping[Var, tuple[int, ...]]

    def width(self, space: Space) -> int:
        if isinstance(space.dim, Num):
            return int(space.dim.value)
        return self.dims.get(space.dim, 1) if isinstance(space.dim, Var) else 1

    def choices(self, var: Var) -> tuple[Any, ...]:
        """The values tried for (a component of) a variable, small ones first."""
        if var.space.kind == "R":
            return REALS
        if var in self.moduli:
            return (1, 2, 3, 4)
        if var.space.kind == "Zn":
            return (0, 1, 2, 3)
        small = SIZES if var in self.sizes else INTEGERS
        return (*small, *(m for m in self.divisors.get(var, ()) if m not in small))

    def coordinates(self, fn: Fn) -> int:
        """How many integers, or real coordinates, the function takes."""
        return sum(
            self.width(s)
            for place in fn.domain
            for s in (place.domain if isinstance(place, Signature) else (place,))
            if isinstance(s, Space)
        )


def problems(statement: Statement) -> Iterator[Problem]:
    """The statement in dimensions 1 and 2, if a dimension is symbolic; else once."""
    symbols = sorted(binding.free(statement), key=lambda s: s.name)
    variables = [s for s in symbols if isinstance(s, Var)]
    functions = tuple(s for s in symbols if isinstance(s, Fn))
    spaces = list(_spaces(variables, functions)) + list(_bound_spaces(statement))
    dims = sorted({s.dim for s in spaces if isinstance(s.dim, Var)}, key=lambda v: v.name)
    moduli = frozenset(s.modulus for s in spaces if isinstance(s.modulus, Var))
    given = list(_flat(statement.given))
    defined = _definitions(given, [v for v in variables if v not in dims])
    chosen = {v for v, _ in defined}
    declared = frozenset(
        s for f in functions for s in binding.declared(f) if isinstance(s, Var)
    )
    sizes = declared | {
        c.rhs
        for c in given
        if isinstance(c, Rel) and c.op in ("<=", "<") and isinstance(c.lhs, Num)
        and isinstance(c.rhs, Var)
    }
    for d in (1, 2) if dims else (1,):
        yield Problem(
            statement,
            {v: d for v in dims},
            tuple(v for v in variables if v not in chosen and v not in dims),
            tuple(defined),
            functions,
            frozenset(sizes),
            moduli,
            _divisors(statement),
        )


def _spaces(variables: list[Var], functions: tuple[Fn, ...]) -> Iterator[Space]:
    for v in variables:
        yield v.space
    for f in functions:
        for place in f.domain:
            for s in place.domain if isinstance(place, Signature) else (place,):
                if isinstance(s, Space):
                    yield s


def _bound_spaces(node: Any) -> Iterator[Space]:
    for var in binding.bound(node):
        yield var.space
    for child in node.children():
        yield from _bound_spaces(child)


def _divisors(statement: Statement) -> dict[Var, tuple[int, ...]]:
    """For each integer that literals divide, or should: these, and their common multiples."""
    found: dict[Var, set[int]] = {}
    for divisor, term in _divisions(statement):
        if isinstance(divisor, Num) and divisor.value > 1:
            for v in binding.free(term):
                if isinstance(v, Var):
                    literals = found.setdefault(v, set())
                    literals |= {lcm(int(divisor.value), m) for m in (1, *literals)}
    return {v: tuple(sorted(m for m in ms if m <= LARGEST)) for v, ms in found.items()}


def _divisions(node: Node) -> Iterator[tuple[Term, Term]]:
    """(s, a) for each [s | a] and each floor(a / s)."""
    if isinstance(node, Divides):
        yield node.divisor, node.term
    if isinstance(node, Floor):
        yield node.den, node.num
    for child in node.children():
        yield from _divisions(child)


def _flat(conds: tuple[Cond, ...]) -> Iterator[Cond]:
    for cond in conds:
        if isinstance(cond, And):
            yield from _flat(cond.conds)
        else:
            yield cond


def _definitions(given: list[Cond], variables: list[Var]) -> list[tuple[Var, Term]]:
    """Equations v = term among the hypotheses, in an order in which they can be computed."""
    found: dict[Var, Term] = {}
    for cond in given:
        if isinstance(cond, Rel) and cond.op == "=":
            for v, t in ((cond.lhs, cond.rhs), (cond.rhs, cond.lhs)):
                if isinstance(v, Var) and v in variables and v not in found:
                    if all(isinstance(s, Var) for s in binding.free(t)) and v != t:
                        found[v] = t
                        break
    order: list[tuple[Var, Term]] = []
    done = set(variables) - found.keys()
    while True:
        ready = [v for v in found if v not in done and _inputs(found[v], variables) <= done]
        if not ready:
            return order
        order += [(v, found[v]) for v in ready]
        done |= set(ready)


def _inputs(term: Term, variables: list[Var]) -> set[Any]:
    return {s for s in binding.free(term) if s in variables}


def levels(sizes: list[int], total: int) -> Iterator[tuple[int, ...]]:
    """All index vectors below `sizes` with a given sum.

    >>> list(levels([2, 3], 2))
    [(0, 2), (1, 1)]
    """
    if not sizes:
        if total == 0:
            yield ()
        return
    if sum(sizes) - len(sizes) < total:
        return
    for first in range(min(sizes[0], total + 1)):
        for rest in levels(sizes[1:], total - first):
            yield (first, *rest)


def assignments(problem: Problem, rng: Random, most: int) -> Iterator[dict[Any, Any]]:
    """Values for the variables: small ones in order, and between them some at random."""
    slots = [v for v in problem.variables for _ in range(problem.width(v.space))]
    tables = [problem.choices(v) for v in slots]
    lengths = [len(t) for t in tables]
    seen: set[tuple[int, ...]] = set()
    total = count = 0
    highest = sum(lengths) - len(lengths)
    ordered = levels(lengths, 0)
    while count < most:
        count += 1
        if count % 3 == 0 and lengths:
            index = tuple(rng.randrange(n) for n in lengths)
        else:
            found = next(ordered, None)
            while found is None and total < highest:
                total += 1
                ordered = levels(lengths, total)
                found = next(ordered, None)
            if found is None:
                if not lengths or len(seen) >= _volume(lengths):
                    return
                continue
            index = found
        if index in seen:
            continue
        seen.add(index)
        yield _assigned(problem, [t[k] for t, k in zip(tables, index, strict=True)])


def _volume(lengths: list[int]) -> int:
    out = 1
    for n in lengths:
        out *= n
    return out


def _assigned(problem: Problem, values: list[Any]) -> dict[Any, Any]:
    env: dict[Any, Any] = dict(problem.dims)
    left = list(values)
    for v in problem.variables:
        width = problem.width(v.space)
        taken, left = left[:width], left[width:]
        env[v] = taken[0] if width == 1 else tuple(taken)
    return env


class Trial:
    """A problem compiled: complete an environment, and ask whether it refutes."""

    def __init__(self, problem: Problem, budget: int) -> None:
        self.problem = problem
        self.question = Question(problem.statement, problem.dims)
        program = self.question.program
        self.definitions = [(v, program.term(t)) for v, t in problem.defined]
        for fn in problem.functions:
            program.meaning(fn, program.top)
        self.conditions = [
            program.cond(c)
            for c in _flat(problem.statement.given)
            if isinstance(c, Rel) and not any(isinstance(s, Fn) for s in binding.free(c))
        ]
        self.left = budget

    def complete(self, env: dict[Any, Any]) -> dict[Any, Any] | None:
        """With the defined variables; None if a hypothesis on the variables fails."""
        program = self.question.program
        waiting = {v: 0 for v, _ in self.definitions}
        self.left -= 5
        for v, getter in self.definitions:
            waiting[v] = getter(program.variables({**env, **waiting}))
            if v.space.kind == "Z" and getattr(waiting[v], "denominator", 1) != 1:
                return None
        full = {**env, **waiting}
        frame = program.variables(full)
        return full if all(c(frame) for c in self.conditions) else None

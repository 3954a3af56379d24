"""Try a claim on data until it fails, then look for the smallest data on which it does.

May: spend a budget of evaluation steps.  Must not: say anything of a claim that did not fail.
`check` calls it; the same statement always gets the same answer.

First generic data, on variables in order of size: they find a difference soon if there is one.
Then, for functions on Z^d, unit masses in order of total size, and the shrinkers; on R^d a list
of simple functions in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from random import Random
from typing import Any

from derive.meaning import (
    CannotEvaluate,
    Formula,
    Functional,
    NoValue,
    Points,
    TooLarge,
)
from derive.refute import sample
from derive.refute.counterexample import Counterexample
from derive.refute.problem import Problem, Trial, assignments, levels, problems
from derive.refute.shrinkers import shrink
from derive.syntax import CLASSES, Fn, Op, Signature, Statement, Sum, Var

BUDGET = 400_000  # steps; near half a second
MOST_TRIALS = 200
MOST_REAL_TRIALS = 10
MOST_MASSES = 600
ROUNDS = 24  # times that all small values of the variables are tried, with other data


@dataclass(frozen=True)
class Attempt:
    """A counterexample, or why none can be had (None: nothing failed in `trials` trials)."""

    counterexample: Counterexample | None
    reason: str | None
    trials: int


def search(statement: Statement, budget: int = BUDGET) -> Counterexample | None:
    """Small data that refute the statement, or None.

    >>> from derive.syntax import Fn, Sum, Var, Z
    >>> f, g = Fn("f", (Z,), "finite"), Fn("g", (Z,), "finite")
    >>> a, i = Var("a", Z), Var("i", Z)
    >>> claim = Statement((), Sum(a, (), f(a) * g(a + i)), Sum(a, (), g(a) * f(a + i)))
    >>> search(claim).json()
    {'values': {'f': {'0': '1'}, 'g': {'1': '1'}}, 'at': {'i': '1'}, 'lhs': '1', 'rhs': '0'}
    """
    return attempt(statement, budget).counterexample


def attempt(statement: Statement, budget: int = BUDGET) -> Attempt:
    """`search`, with the reason when the claim has no value or cannot be evaluated."""
    reason, trials = None, 0
    cases = list(problems(statement))
    for problem in cases:
        hunt = _Hunt(problem, budget // len(cases))
        found = hunt.run()
        trials += hunt.trials
        if found is not None:
            return Attempt(found, None, trials)
        if hunt.trials == hunt.failures and reason is None:
            reason = hunt.reason
    return Attempt(None, reason, trials)


def samples(statement: Statement, most: int) -> tuple[Problem, list[dict[Any, Any]]]:
    """Generic data for a statement in its first dimension, on which its variants can be tried.

    The hypotheses on the variables hold; whether the sides differ was not asked.
    """
    problem = next(iter(problems(statement)))
    hunt = _Hunt(problem, BUDGET)
    hunt.trial = Trial(problem, BUDGET)
    return problem, list(islice(hunt._environments(), most))


def smallest(
    statement: Statement, env: dict[Any, Any], budget: int = BUDGET
) -> Counterexample | None:
    """The counterexample that these data (in the first dimension) are, made small, if they are."""
    problem = next(iter(problems(statement)))
    hunt = _Hunt(problem, budget)
    hunt.trial = Trial(problem, budget)
    return hunt._smallest(env) if hunt.fails(env) else None


class _Hunt:
    """One statement in one dimension."""

    def __init__(self, problem: Problem, budget: int) -> None:
        self.problem = problem
        self.left = budget
        self.share = max(budget // 6, 2000)
        self.trials = self.failures = 0
        self.reason: str | None = None
        sides = (problem.statement.lhs, problem.statement.rhs)
        self.everywhere = any(_everywhere(t) for t in sides)
        self.real = any(_real(f) for f in problem.functions) or any(
            v.space.kind == "R" for v in problem.variables
        )

    def run(self) -> Counterexample | None:
        try:
            self.trial = Trial(self.problem, self.left)
        except (CannotEvaluate, TooLarge) as error:
            self.reason, self.trials, self.failures = str(error), 1, 1
            return None
        refusal = self.trial.question.program.refusal
        if refusal is not None:
            self.reason, self.trials, self.failures = str(refusal), 1, 1
            return None
        for env in self._environments():
            if self.fails(env):
                # what is left, and as much again, makes it small
                self.left = max(self.left, 0) + self.share * 3
                return self._smallest(env)
            if self.left < 0:
                break
        return None

    def fails(self, env: dict[Any, Any]) -> bool:
        return self.compare(env) is not None

    def compare(self, env: dict[Any, Any]) -> Any:
        """The comparison if the hypotheses hold and the sides differ."""
        if self.left < 0:
            return None
        self.trials += 1
        question = self.trial.question
        budget = min(self.share, self.left)
        try:
            frame = question.program.frame(env, budget)
        except CannotEvaluate as error:
            self.failures += 1
            self.reason = str(error)
            return None
        try:
            if not question.admits(frame):
                return None
            found = question.compare(frame)
            return found if found.verdict == "different" else None
        except (NoValue, CannotEvaluate, TooLarge) as error:
            self.failures += 1
            self.reason = str(error)
            return None
        finally:
            self.left -= 10 + budget - max(frame[0].left, 0)

    # --- generic data -----------------------------------------------------------------------

    def _environments(self) -> Iterator[dict[Any, Any]]:
        """Small variables first, and again with other data while the trials last."""
        rng = Random(1)  # noqa: S311  the same claim, the same trials
        sizes = sum(v.space.kind != "R" for v in self.problem.variables)  # their least say little
        most = MOST_REAL_TRIALS * (1 + sizes) if self.real else MOST_TRIALS
        count = round_ = 0
        while count < most and round_ < ROUNDS:
            round_ += 1
            before = count
            for chosen in assignments(self.problem, rng, 40 * most):
                self.left -= 3
                try:
                    env = self.trial.complete(chosen)
                    boxes = {} if env is None else self.trial.question.program.boxes(env)
                except (NoValue, CannotEvaluate, TooLarge) as error:
                    self.reason = str(error)
                    continue
                if env is None:
                    continue
                # small data first; later no value of the variables always meets the same window
                turn = count if round_ == 1 else rng.randrange(8)
                for style in self._styles():
                    yield {f: self._data(f, boxes, env, rng, turn, style) for f in self._fns} | env
                count += 1
                if count >= most:
                    return
            if count == before:
                return

    @property
    def _fns(self) -> tuple[Fn, ...]:
        return self.problem.functions

    def _styles(self) -> tuple[sample.Style, ...]:
        """Gaussians; polynomials too, and what has antiderivatives, while values are missing."""
        if not any(_real(f) for f in self._fns) or (self.failures == 0 and self.trials >= 2):
            return (sample.gaussian,)
        others = (sample.polynomial, sample.slope, sample.centred)
        return (sample.gaussian, *others) if self.failures else (sample.gaussian, sample.polynomial)

    def _data(
        self,
        fn: Fn,
        boxes: Any,
        env: dict[Any, Any],
        rng: Random,
        turn: int,
        style: sample.Style,
    ) -> Any:
        coordinates = self.problem.coordinates(fn)
        if _real(fn):
            turned = {sample.gaussian: sample.polynomial, sample.polynomial: sample.gaussian}
            if CLASSES[fn.cls] & {"decay", "compact"} and self.everywhere:
                if style is sample.polynomial:  # in the class only as far as a bounded range goes
                    style = sample.gaussian
            elif fn.cls in ("smooth", "C1", "differentiable") and not self.everywhere:
                style = turned.get(style, style)  # polynomials first
            return style(coordinates, rng)
        lo, hi = boxes.get(fn) or self._residues(fn, env) or sample.window(coordinates, turn)
        keys = sample.box_points(lo, hi, rng)
        if any(isinstance(s, Signature) for s in fn.domain):
            return sample.functional(keys, 0, rng)
        return sample.points(keys, rng)

    def _residues(self, fn: Fn, env: dict[Any, Any]) -> Any:
        """The window of a function on Z/n."""
        lo: list[int] = []
        hi: list[int] = []
        for space in fn.domain:
            modulus = getattr(space, "modulus", None)
            if modulus is None:
                return None
            n = env.get(modulus) if isinstance(modulus, Var) else getattr(modulus, "value", 3)
            lo.append(0)
            hi.append(int(n or 3) - 1)
        return (tuple(lo), tuple(hi)) if lo else None

    # --- small data -------------------------------------------------------------------------

    def _smallest(self, env: dict[Any, Any]) -> Counterexample:
        names = [s for s in env if s not in self.problem.dims and s not in self._derived()]

        def fails(part: dict[Any, Any]) -> bool:
            full = self._completed(part)
            return full is not None and self.fails(full)

        names.sort(key=lambda s: isinstance(s, Fn))  # variables while the data are still generic
        part = {s: env[s] for s in names}
        if any(_real(f) for f in self._fns):
            part = self._simple_formulas(part, fails) or part
        part = shrink(part, fails)
        part = self._masses(part, fails) or part
        best = self._completed(part) or env
        self.left = max(self.left, 10 * self.share)
        found = self.compare(best)
        if found is None:
            best = env
            found = self.compare(env)
        boxes = self.trial.question.program.boxes(best)
        shown = {s: _clip(v, boxes.get(s)) for s, v in best.items()}
        order = sorted(shown, key=lambda s: (isinstance(s, Var), s.name))
        return Counterexample({s: shown[s] for s in order}, found.lhs, found.rhs)

    def _derived(self) -> set[Var]:
        return {v for v, _ in self.problem.defined}

    def _completed(self, part: dict[Any, Any]) -> dict[Any, Any] | None:
        variables = {s: v for s, v in part.items() if isinstance(s, Var)}
        try:
            env = self.trial.complete({**self.problem.dims, **variables})
        except (NoValue, CannotEvaluate, TooLarge):
            return None
        if env is None:
            return None
        return {**{s: v for s, v in part.items() if isinstance(s, Fn)}, **env}

    def _simple_formulas(self, part: dict[Any, Any], fails: Any) -> dict[Any, Any] | None:
        """All functions from the list of simple ones, in order of their total rank."""
        fns = [f for f in self._fns if _real(f)]
        if any(self.problem.coordinates(f) > 1 for f in fns):
            return None
        tables = [
            sample.GAUSSIANS if sample.is_bell(part[f]) else sample.POLYNOMIALS for f in fns
        ]
        spare = self.left // 2
        variables = [v for v in part if isinstance(v, Var)]
        small = [
            self.problem.choices(v)[:4] if self.problem.width(v.space) == 1 else (part[v],)
            for v in variables
        ]
        for rank in range(len(sample.GAUSSIANS)):
            for index in levels([len(t) for t in tables] + [len(s) for s in small], rank):
                if self.left < spare:
                    return None
                chosen = dict(
                    zip(fns, (t[k] for t, k in zip(tables, index, strict=False)), strict=True)
                )
                values = (s[k] for s, k in zip(small, index[len(tables) :], strict=True))
                trial = {**part, **chosen, **dict(zip(variables, values, strict=True))}
                if fails(trial):
                    return trial
        return None

    def _masses(self, part: dict[Any, Any], fails: Any) -> dict[Any, Any] | None:
        """Unit masses and integers in order of total size, up to what is known to fail."""
        fns = [s for s, v in part.items() if isinstance(v, Points)]
        if any(set(part[f].values.values()) - {1} or len(part[f].values) > 1 for f in fns):
            return None
        fns = sorted((f for f in fns if part[f].values), key=lambda f: f.name)
        ints = [s for s, v in part.items() if isinstance(s, Var) and _integral(v)]
        slots = [(f, self.problem.coordinates(f)) for f in fns]
        slots += [(v, self.problem.width(v.space)) for v in ints]
        count = sum(w for _, w in slots)
        known = sum(
            abs(x)
            for s, _ in slots
            for x in _tuple(next(iter(part[s].values)) if s in fns else part[s])
        )
        tried = 0
        for total in range(known + 1):
            for signs in ("+", "-"):
                for vector in _vectors(count, total, signs == "-"):
                    tried += 1
                    if tried > MOST_MASSES or self.left < 0:
                        return None
                    trial = {**part, **self._placed(slots, vector)}
                    if fails(trial):
                        return trial
        return None

    def _placed(self, slots: list[Any], vector: tuple[int, ...]) -> dict[Any, Any]:
        out: dict[Any, Any] = {}
        start = 0
        for symbol, width in slots:
            key = vector[start : start + width]
            start += width
            if isinstance(symbol, Fn):
                out[symbol] = Points({key: 1})
            else:
                out[symbol] = key[0] if width == 1 else key
        return out


def _real(fn: Fn) -> bool:
    return any(getattr(s, "kind", "") == "R" for s in fn.domain)


def _everywhere(node: Any) -> bool:
    """Whether there is an integral over all of R^d."""
    if isinstance(node, Sum) and node.integral and not node.bounds:
        return True
    if isinstance(node, Op) and _everywhere(node.definition.lam):
        return True
    return any(_everywhere(child) for child in node.children())


def _integral(value: Any) -> bool:
    return all(isinstance(x, int) for x in _tuple(value))


def _tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _vectors(count: int, total: int, negative: bool) -> Iterator[tuple[int, ...]]:
    """Integer vectors with a given sum of sizes; without, or with, negative components."""
    for sizes in levels([total + 1] * count, total):
        if not negative:
            yield sizes
            continue
        for vector in product(*((n, -n) if n else (0,) for n in sizes)):
            if vector != sizes:
                yield vector


def _clip(value: Any, box: Any) -> Any:
    if box is None or isinstance(value, Formula):
        return value
    if isinstance(value, (Points, Functional)):
        return value.clipped(*box)
    return value

"""Sums, integrals and derivatives, as closures over a frame.

May: run over candidates that are proved to suffice, integrate, differentiate.
Must not: sum what is not held in.  `program` looks the handlers up by the type of node.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from derive.meaning.data import Points
from derive.meaning.exact import generator
from derive.meaning.functions import derivative_at, flat
from derive.meaning.integrals import integral
from derive.meaning.outcome import CannotEvaluate, NoValue
from derive.meaning.polyhedra import Row, bounded, project
from derive.meaning.scope import Frame, Getter, Linears, Scope, Slot
from derive.meaning.support import Branch, branches
from derive.meaning.terms import spread
from derive.syntax import Diff, DiffEntry, Space, Sum

if TYPE_CHECKING:
    from derive.meaning.program import Program


def total(c: Program, node: Sum, scope: Scope) -> Getter:
    var, kind = node.var, node.var.space.kind
    width = c.dim(var.space, scope)
    place = c.new_place()
    inner = scope.bind({var: lambda frame: frame[place]})
    if kind == "R":
        systems = [] if node.bounds else _systems(c, node, scope, width)
        value = integral(c, node, scope, inner, [place, *(c.new_place() for _ in range(width - 1))])

        def held_in(frame: Frame) -> Any:
            for system in systems:
                system.check(frame)
            return value(frame)

        return held_in
    body = c.term(node.body, inner)
    weight = c.weight(node.body)
    if kind == "Zn":
        modulus = c.modulus(var.space, scope)
        points: Callable[[Frame], Any] = lambda frame: range(modulus(frame))  # noqa: E731
    elif node.bounds:
        points = _range(c, node, scope, width)
    else:
        points = _candidates(c, node, scope, width)

    def run(frame: Frame) -> Any:
        found = points(frame)
        frame[0].tick(len(found) * weight)
        out: Any = 0
        for point in found:
            frame[place] = point
            out = out + body(frame)
        return out

    return run


def _range(c: Program, node: Sum, scope: Scope, width: int) -> Callable[[Frame], Any]:
    lo, hi = (c.term(b, scope) for b in node.bounds)
    if c.unbounded_inside(node.body):
        _check_existence(c, node, scope, width)
    if width == 1:
        return lambda frame: range(lo(frame), hi(frame) + 1)

    def points(frame: Frame) -> Any:
        ends = zip(spread(lo(frame), width), spread(hi(frame), width), strict=True)
        return _box(frame, [range(a, b + 1) for a, b in ends])

    return points


def _box(frame: Frame, sides: list[range]) -> list[tuple[int, ...]]:
    size = 1
    for side in sides:
        size *= len(side)
    frame[0].tick(size)
    return list(product(*sides))


class _System:
    """A branch as a matrix, ready to be bounded in the frame."""

    def __init__(self, c: Program, branch: Branch, targets: tuple[int, ...]) -> None:
        rows = [r for r in branch.rows if not c.fixed(r[0])]
        used = {v for r in rows for v in r[0]}
        self.variables = (*targets, *(v for v in branch.variables if v not in targets))
        unknown = used - set(self.variables)
        self.rows = [r for r in rows if not unknown & r[0].keys()]
        self.order = {v: j for j, v in enumerate(self.variables)}
        coefficients = [k for r in self.rows for k in r[0].values()]
        self.static = not any(callable(k) for k in coefficients)
        self.held = bounded(self.matrix([]), len(self.order)) if self.static else None
        self.cut = [r for r in self.rows if r[3]]
        self._plans: dict[Any, Any] = {}
        self._fixed = self.matrix([], cut=True) if self.static else None

    def matrix(self, frame: Frame, cut: bool = False) -> tuple[Row, ...]:
        out = []
        for coefficients, lo, hi, _ in self.cut if cut else self.rows:
            line: list[Any] = [0] * len(self.order)
            for v, k in coefficients.items():
                value = k(frame) if callable(k) else k
                if not isinstance(value, (int, Fraction)):  # d/dx of a sum over f(x y - y)
                    raise CannotEvaluate("where a sum's body lives depends on a formula")
                line[self.order[v]] = value
            out.append((tuple(line), lo is not None, hi is not None))
        return tuple(out)

    def check(self, frame: Frame) -> None:
        held = self.held
        if held is None:
            held = _bounded(self.matrix(frame), len(self.order))
        if not held:
            raise NoValue(UNHELD)

    def intervals(self, frame: Frame, width: int) -> list[range] | None:
        """A range for each component; None when nothing is possible."""
        matrix = self._fixed or self.matrix(frame, cut=True)
        plans = self._plans.get(matrix)
        if plans is None:
            count = len(self.order)
            plans = [project(matrix, count, j) for j in range(width)]
            for plan in plans:
                if not (any(k > 0 for k, _ in plan) and any(k < 0 for k, _ in plan)):
                    raise CannotEvaluate("an infinite sum that converges")
            self._plans[matrix] = plans
        ends: list[Any] = []
        for _, lo, hi, _ in self.cut:
            ends.append(hi(frame) if callable(hi) else hi)
            low = lo(frame) if callable(lo) else lo
            ends.append(None if low is None else -low)
        out = []
        for plan in plans:
            least: Any = None
            most: Any = None
            for k, multipliers in plan:
                bound = sum(ends[i] * m for i, m in multipliers)
                if k > 0:
                    bound = bound // k
                    most = bound if most is None or bound < most else most
                elif k < 0:
                    bound = -(bound // -k)
                    least = bound if least is None or bound > least else least
                elif bound < 0:
                    return None
            if least > most:
                return None
            out.append(range(least, most + 1))
        return out


UNHELD = "a sum or integral over infinitely many points is not held in by its factors"
_known: dict[Any, bool] = {}


def _bounded(matrix: tuple[Row, ...], count: int) -> bool:
    key = (matrix, count)
    if key not in _known:
        if len(_known) > 10_000:
            _known.clear()
        _known[key] = bounded(matrix, count)
    return _known[key]


def _systems(c: Program, node: Sum, scope: Scope, width: int) -> list[_System]:
    targets = tuple(c.new_place() for _ in range(width))
    forms: Linears = tuple(({t: 1}, 0) for t in targets)
    found = branches(c, node.body, scope.bind({node.var: forms}))
    systems = [_System(c, b, targets) for b in found]
    if any(s.held is False for s in systems):
        c.refuse(NoValue(UNHELD))
    return systems


def _check_existence(c: Program, node: Sum, scope: Scope, width: int) -> None:
    """A sum over a range, with sums over everything inside: they must be held in too."""
    lo, hi = (c.term(b, scope) for b in node.bounds)
    targets = tuple(c.new_place() for _ in range(width))
    forms: Linears = tuple(({t: 1}, 0) for t in targets)
    own = Branch(
        tuple(({t: 1}, lo, hi, True) for t in targets),  # only whether there are ends matters
        targets,
    )
    for branch in branches(c, node.body, scope.bind({node.var: forms})):
        if _System(c, own & branch, targets).held is False:
            c.refuse(NoValue(UNHELD))


def _candidates(c: Program, node: Sum, scope: Scope, width: int) -> Callable[[Frame], Any]:
    """The points at which the summand can be non-zero."""
    systems = _systems(c, node, scope, width)

    def points(frame: Frame) -> Any:
        found: list[list[range]] = []
        for system in systems:
            system.check(frame)
            sides = system.intervals(frame, width)
            if sides is not None and sides not in found:
                found.append(sides)
        if width == 1:
            if len(found) == 1:
                return found[0][0]
            frame[0].tick(sum(len(f[0]) for f in found))
            return sorted({p for f in found for p in f[0]})
        if len(found) == 1:
            return _box(frame, found[0])
        return sorted({p for f in found for p in _box(frame, f)})

    return points


def derivative(c: Program, node: Diff, scope: Scope) -> Getter:
    place = c.new_place()
    width = c.dim(node.var.space, scope)
    at = c.term(node.at, scope)
    body = c.term(node.body, scope.bind({node.var: lambda frame: frame[place]}))

    def run(frame: Frame) -> Any:
        point = spread(at(frame), width)
        here = point if width == 1 else point[0]

        def value() -> Any:
            frame[place] = generator(place) if width == 1 else (generator(place), *point[1:])
            return body(frame)

        return derivative_at(frame, place, here, value)

    return run


def by_entry(c: Program, node: DiffEntry, scope: Scope) -> Getter:
    meaning = c.meaning(node.fn, scope)
    while not isinstance(meaning, Slot):
        inner = meaning.node
        if not hasattr(inner, "name"):
            raise CannotEvaluate("the derivative by an entry of a defined function")
        meaning = c.meaning(inner, meaning.scope)  # type: ignore[arg-type]
    place, g = meaning.place, c.new_place()
    spaces = [s for s in meaning.fn.domain if isinstance(s, Space)]
    if any(s.kind == "R" for s in spaces) or len(spaces) != len(meaning.fn.domain):
        raise CannotEvaluate("the derivative by the value at one point of R")
    widths = [c.dim(s, scope.base) for s in spaces]
    moduli = [c.modulus(s, scope.base) if s.kind == "Zn" else None for s in spaces]
    entry = [c.term(e, scope) for e in node.entry]
    body = c.term(node.body, scope)
    boxed = meaning.fn.box is not None

    def run(frame: Frame) -> Any:
        key = flat(
            spread(e(frame), w) if m is None else e(frame) % m(frame)
            for e, w, m in zip(entry, widths, moduli, strict=True)
        )
        kept: Points = frame[place]
        inside = all(a <= k <= b for a, k, b in zip(kept.lo, key, kept.hi, strict=True))
        if boxed and not inside:
            return 0
        frame[place] = kept.bumped(key, generator(g))
        try:
            return derivative_at(frame, g, 0, lambda: body(frame))
        finally:
            frame[place] = kept

    return run

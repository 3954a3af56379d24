"""What a name stands for while a term is being read.

May: bind and look up.  Must not: substitute: a name's meaning comes from its scope alone.
`program` and its tables call it.

Terms become Python closures over a *frame*, a flat list with one slot for each variable, each
function and each binder.  frame[0] is the `Run`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any, TypeAlias

from derive.meaning.exact import Exact, Number, generators, sign
from derive.meaning.gauss import compose
from derive.meaning.outcome import CannotEvaluate, TooLarge
from derive.syntax import Diff, Fn, Function, Lam, Node, Sum, Var

Frame = list[Any]
Getter = Callable[[Frame], Any]
Scalar: TypeAlias = "int | Fraction | Getter"
Linear = tuple[dict[int, Scalar], Scalar]  # coefficients of the variables analysed, constant
Linears = tuple["Linear | None", ...]  # one for each component; None: not linear


@dataclass(frozen=True, slots=True)
class Closure:
    """A function term with the scope in which it was written."""

    node: Function
    scope: Scope


@dataclass(frozen=True, slots=True)
class Slot:
    """Function data at a place in the frame; `holds`: its class vanishes or decays at infinity."""

    fn: Fn
    place: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """`vars` are getters (values known when the term runs) or linear forms (being analysed).

    `base` is the scope of declarations: the n of "x has entries 1..n" is never a bound n.
    """

    vars: Mapping[Var, Getter | Linears]
    fns: Mapping[Fn, Closure | Slot]
    static: Mapping[Var, int]
    outer: Scope | None = None

    @property
    def base(self) -> Scope:
        return self.outer or self

    def bind(self, bound: Mapping[Var, Getter | Linears]) -> Scope:
        return replace(self, vars={**self.vars, **bound}, outer=self.base)

    def rebind(self, fn: Fn, meaning: Closure | Slot) -> Scope:
        return replace(self, fns={**self.fns, fn: meaning}, outer=self.base)


class Run:
    """One evaluation: its budget, and the points at which derivatives are being taken."""

    __slots__ = ("left", "points")

    def __init__(self, budget: int) -> None:
        self.left = budget
        self.points: dict[int, Number] = {}

    def tick(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooLarge("the budget of evaluation steps is used up")

    def sign(self, value: Any) -> int:
        """The certified sign; near the point where a derivative is taken, by continuity."""
        if not isinstance(value, Exact):
            return bool(value > 0) - bool(value < 0)
        inside = generators(value)
        if not inside:
            found = sign(value)
            if found is None:
                raise CannotEvaluate("a comparison too close to be decided")
            return found
        here: Number = value
        for _ in range(len(self.points) + 1):
            here = compose(here, {g: p for g, p in self.points.items() if g in generators(here)})
        found = None if generators(here) else sign(here)
        if not found:
            raise CannotEvaluate("a comparison that a variable decides, under an integral or d/dx")
        return found


def free(node: Node, memo: dict[int, frozenset[Any]]) -> frozenset[Any]:
    """Free variables and functions of a term (declarations left out)."""
    if isinstance(node, (Var, Fn)):
        return frozenset({node})
    key = id(node)
    if key not in memo:
        out: frozenset[Any] = frozenset()
        for f in fields(node):  # type: ignore[arg-type]
            value = getattr(node, f.name)
            if f.name == "fn" or f.metadata.get("child", True):
                for part in value if isinstance(value, tuple) else (value,):
                    if isinstance(part, Node):
                        inner = free(part, memo)
                        out |= inner - set(binds(node)) if f.name == "body" else inner
        memo[key] = out
    return memo[key]


def binds(node: Node) -> tuple[Var, ...]:
    """The variables bound in the body of a node."""
    match node:
        case Sum(var) | Diff(var):
            return (var,)
        case Lam(params):
            return params
    return ()


def depends(node: Node, scope: Scope, memo: dict[int, frozenset[Any]]) -> bool:
    """Whether a term's value depends on a variable that is being analysed."""
    for symbol in free(node, memo):
        if isinstance(symbol, Var):
            if isinstance(scope.vars.get(symbol), tuple):
                return True
        else:
            meaning = scope.fns.get(symbol)
            if isinstance(meaning, Closure) and depends(meaning.node, meaning.scope, memo):
                return True
    return False

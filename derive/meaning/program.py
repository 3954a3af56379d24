"""A statement made ready to be evaluated on many sets of data.

May: turn terms into closures, fill a frame from an environment, run.  Must not: substitute.
`evaluate` and `refute` call it; the handlers stand in `terms`, `functions` and `sums`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from derive.meaning.data import Data, Key, as_data
from derive.meaning.exact import sign, tidy
from derive.meaning.functions import application, flat, kinds
from derive.meaning.outcome import CannotEvaluate, Comparison, NoValue
from derive.meaning.scope import Closure, Frame, Getter, Run, Scope, Slot, free
from derive.meaning.sums import by_entry, derivative, total
from derive.meaning.terms import CONDS, TERMS, spread
from derive.syntax import (
    CLASSES,
    And,
    App,
    Cond,
    Diff,
    DiffEntry,
    Exists,
    Fn,
    Node,
    Num,
    Signature,
    Space,
    Statement,
    Sum,
    Term,
    Var,
    space_of,
)

BUDGET = 1_000_000
HANDLERS: dict[type[Term], Callable[[Any, Any, Scope], Getter]] = {
    **TERMS,
    App: application,
    Sum: total,
    Diff: derivative,
    DiffEntry: by_entry,
}


class Program:
    """Terms and conditions as closures; `dims` are the sizes known beforehand (dimensions)."""

    def __init__(self, dims: Mapping[Var, int], holding: frozenset[Fn] = frozenset()) -> None:
        self.places: dict[Any, int] = {}
        self.count = 1
        self.memo: dict[int, frozenset[Any]] = {}
        self.kept: list[Node] = []  # keeps the ids in `memo` alive
        self.holding = holding
        self.refusal: NoValue | None = None
        self.top = Scope({}, {}, dims)
        self._boxes: dict[Fn, list[tuple[Getter, Getter, int]]] = {}
        self._weights: dict[int, int] = {}

    # --- compiling --------------------------------------------------------------------------

    def term(self, node: Term, scope: Scope | None = None) -> Getter:
        if scope is None:
            self.kept.append(node)
            scope = self.top
        return HANDLERS[type(node)](self, node, scope)

    def cond(self, node: Cond, scope: Scope | None = None) -> Getter:
        if scope is None:
            self.kept.append(node)
            scope = self.top
        return CONDS[type(node)](self, node, scope)

    def new_place(self) -> int:
        self.count += 1
        return self.count - 1

    def lookup(self, var: Var, scope: Scope) -> Getter:
        found = scope.vars.get(var)
        if found is None:
            place = self._place(var)
            return lambda frame: frame[place]
        if isinstance(found, tuple):
            raise CannotEvaluate("internal: a variable under analysis has no value")
        return found

    def meaning(self, fn: Fn, scope: Scope) -> Closure | Slot:
        found = scope.fns.get(fn)
        return found or Slot(fn, self._place(fn), self._holds(fn))

    def _place(self, symbol: Var | Fn) -> int:
        if symbol not in self.places:
            self.places[symbol] = self.new_place()
            if isinstance(symbol, Fn) and symbol.box is not None:
                spaces = [
                    p
                    for s in symbol.domain
                    for p in (s.domain if isinstance(s, Signature) else (s,))
                ]
                self._boxes[symbol] = [
                    (self.term(lo, self.top), self.term(hi, self.top), self.dim(s, self.top))
                    for s, (lo, hi) in zip(spaces, symbol.box, strict=True)
                ]
        return self.places[symbol]

    def _holds(self, fn: Fn) -> bool:
        known = CLASSES.get(fn.cls, frozenset())
        return fn.box is not None or fn in self.holding or bool(
            known & {"finite", "decay", "compact"}
        )

    def dim(self, space: Space, scope: Scope) -> int:
        found = self.known(space.dim, scope)
        if found is None:
            raise CannotEvaluate("the dimension of a space is not known")
        return found

    def known(self, term: Term, scope: Scope) -> int | None:
        if isinstance(term, Num):
            return int(term.value)
        return scope.base.static.get(term) if isinstance(term, Var) else None

    def width(self, node: Term, scope: Scope) -> int:
        dim = space_of(node).dim
        if isinstance(dim, Num):
            return int(dim.value)
        # a vector's dimension is declared, and declarations are read in the base scope
        found = self.known(dim, scope)
        if found is None:
            raise CannotEvaluate("the dimension of a vector is not known")
        return found

    def modulus(self, space: Space, scope: Scope) -> Getter:
        if space.modulus is None:
            raise CannotEvaluate("residues without a modulus")
        value = self.term(space.modulus, scope.base)

        def run(frame: Frame) -> Any:
            n = value(frame)
            if n < 1:
                raise CannotEvaluate("residues need a modulus >= 1")
            return n

        return run

    def weight(self, node: Node) -> int:
        """The number of nodes: what one evaluation costs, but for repetition."""
        key = id(node)
        if key not in self._weights:
            self.kept.append(node)
            self._weights[key] = 1 + sum(self.weight(k) for k in node.children())
        return self._weights[key]

    def unbounded_inside(self, node: Node) -> bool:
        if isinstance(node, Sum) and not node.bounds and node.var.space.kind != "Zn":
            return True
        return any(self.unbounded_inside(k) for k in node.children())

    def fixed(self, coefficients: Mapping[int, Any]) -> bool:
        """Whether a row says nothing about the variables."""
        return not coefficients

    def refuse(self, reason: NoValue) -> None:
        """Some sum is not held in, whatever the data."""
        self.refusal = self.refusal or reason

    # --- running ----------------------------------------------------------------------------

    def frame(self, env: Mapping[Any, Any], budget: int = BUDGET) -> Frame:
        """The environment as a frame."""
        frame = self.variables(env, budget)
        for symbol, place in self.places.items():
            if isinstance(symbol, Fn):
                if symbol not in env:
                    raise CannotEvaluate(f"no data are given for {symbol.name}")
                frame[place] = self._fill(symbol, env[symbol], frame)
        return frame

    def boxes(self, env: Mapping[Any, Any]) -> dict[Fn, tuple[Key, Key]]:
        """The ranges of the tensors, for these values of the variables."""
        frame = self.variables(env, BUDGET)
        return {fn: self._box(fn, frame) for fn in self._boxes}

    def variables(self, env: Mapping[Any, Any], budget: int = BUDGET) -> Frame:
        """A frame with the variables alone."""
        frame: Frame = [None] * self.count
        frame[0] = Run(budget)
        for symbol, place in self.places.items():
            if isinstance(symbol, Var):
                if symbol not in env:
                    raise CannotEvaluate(f"no value is given for {symbol.name}")
                value = env[symbol]
                value = tuple(map(tidy, value)) if isinstance(value, tuple) else tidy(value)
                frame[place] = spread(value, self.dim(symbol.space, self.top))
        return frame

    def _box(self, fn: Fn, frame: Frame) -> tuple[Key, Key]:
        ends = [(lo(frame), hi(frame), w) for lo, hi, w in self._boxes[fn]]
        return flat(spread(lo, w) for lo, _, w in ends), flat(spread(hi, w) for _, hi, w in ends)

    def _fill(self, fn: Fn, value: Any, frame: Frame) -> Data:
        signature = [s for s in fn.domain if isinstance(s, Signature)]
        count = 0
        for space in signature[0].domain if signature else fn.domain:
            if isinstance(space, Space):
                count += self.dim(space, self.top)
        data = as_data(value, count)
        if fn not in self._boxes or kinds(fn) == {"R"}:
            return data
        return data.clipped(*self._box(fn, frame))  # type: ignore[union-attr]

    def value(self, getter: Getter, frame: Frame) -> Any:
        if self.refusal is not None:
            raise self.refusal
        return getter(frame)


class Question:
    """A statement as a program: do its hypotheses hold, do its sides differ?"""

    def __init__(self, statement: Statement, dims: Mapping[Var, int]) -> None:
        self.statement = statement
        self.program = Program(dims, existing(statement.given))
        self.given = [
            self.program.cond(g) for g in statement.given if not isinstance(g, Exists)
        ]
        self.sides = self.program.term(statement.lhs), self.program.term(statement.rhs)
        space = space_of(statement.lhs), space_of(statement.rhs)
        self.modulus = next(
            (self.program.modulus(s, self.program.top) for s in space if s.kind == "Zn"), None
        )

    def admits(self, frame: Frame) -> bool:
        """Whether the hypotheses hold (existence is judged by `compare` itself)."""
        return all(g(frame) for g in self.given)

    def compare(self, frame: Frame) -> Comparison:
        lhs, rhs = (self.program.value(side, frame) for side in self.sides)
        if self.modulus is not None:
            lhs, rhs = lhs % self.modulus(frame), rhs % self.modulus(frame)
        return Comparison(lhs, rhs, _verdict(lhs, rhs))


def _verdict(lhs: Any, rhs: Any) -> str:
    if isinstance(lhs, tuple) or isinstance(rhs, tuple):
        width = len(lhs) if isinstance(lhs, tuple) else len(rhs)
        pairs = zip(spread(lhs, width), spread(rhs, width), strict=True)
        found = {_verdict(a, b) for a, b in pairs}
        return next(v for v in ("different", "undecided", "equal") if v in found)
    if lhs == rhs:
        return "equal"
    gap = sign(lhs - rhs)
    return "undecided" if gap is None else "different" if gap else "equal"


def existing(given: tuple[Cond, ...]) -> frozenset[Fn]:
    """The functions whose sums and integrals are assumed to exist: their data do decay."""
    out: frozenset[Fn] = frozenset()
    for cond in given:
        match cond:
            case Exists(inner):
                out |= {s for s in free(inner, {}) if isinstance(s, Fn)}
            case And(parts):
                out |= existing(parts)
    return out

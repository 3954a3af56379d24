"""From open terms to typed ones: collect what each argument says, decide, rebuild.

May: replace open spaces, and operators by their definitions over the spaces that were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from derive import definitions
from derive.binding import free
from derive.latex.roles.kinds import Kinds
from derive.latex.terms.open import NAMED, slots
from derive.syntax import (
    ONE,
    Abs,
    Add,
    App,
    Cond,
    Definition,
    Diff,
    DiffEntry,
    Div,
    Divides,
    Floor,
    Fn,
    Function,
    Lam,
    Max,
    Mul,
    Node,
    Num,
    Op,
    Pow,
    Rel,
    Space,
    Sum,
    Term,
    Var,
)


class Collector:
    """Walks open terms and tells `Kinds` what it sees."""

    def __init__(self, kinds: Kinds, bound: set[Var]) -> None:
        self.kinds, self.bound = kinds, bound
        self.strides: set[Var] = set()
        self.in_index = False

    def see(self, node: Node) -> None:
        """A node in the place of a number, a function or a condition."""
        match node:
            case Var():
                self.kinds.slot(node.space).scalar = True
            case App(fn, args):
                self.see(fn)
                places = slots(fn)
                if isinstance(args[0], Function):  # a loss, and the entry that it is derived by
                    self.see(args[0])
                    places, args = slots(args[0]), args[1:]
                outside, self.in_index = self.in_index, isinstance(fn, Fn) and fn.style == "index"
                for place, arg in zip(places, args, strict=False):
                    if isinstance(arg, Term):
                        self.argument(arg, place)
                self.in_index = outside
            case Op(definition) if definition.notation == NAMED:
                self.see(definition.lam)
            case Op(_, (Function() as left, Function() as right)):
                for a, b in zip(slots(left), slots(right), strict=True):
                    self.kinds.merge(a, b)
                self.see(left)
                self.see(right)
            case Sum(var, bounds, body):
                for bound in bounds:
                    self.argument(bound, var.space)
                self.see(body)
            case Diff(var, body, at):
                self.see(body)
                self.argument(at, var.space)
            case DiffEntry(fn, entry, body):
                for place, arg in zip(slots(fn), entry, strict=True):
                    self.argument(arg, place)
                self.see(body)
            case Rel(op, lhs, rhs):
                self.together(lhs, rhs, scalar=op != "=" or _numeral(lhs) or _numeral(rhs))
            case Max(lhs, rhs):
                self.together(lhs, rhs, scalar=True)
            case Floor(num, den):
                self.together(num, den, hard=True)
            case Divides(num, den):
                self.together(num, den, hard=True)
            case Fn():
                pass
            case _:
                for child in node.children():
                    self.see(child)

    def together(
        self, lhs: Term, rhs: Term, *, hard: bool = False, scalar: bool = False
    ) -> None:
        """Two terms that are compared live in one space; what has an order is a number."""
        place = self.kinds.new()
        self.kinds.slot(place).weak = hard
        self.kinds.slot(place).scalar = scalar
        self.argument(lhs, place)
        self.argument(rhs, place)

    def argument(self, term: Term, place: Space, scale: bool = False) -> None:
        """A term in an argument of the open space `place`."""
        match term:
            case Var():
                self.kinds.flow(term.space, place, scale=scale)
                if scale:
                    self.kinds.slot(term.space).scalar = True
            case Mul(factors):
                self.product(factors, place, scale)
            case Div(num, den):
                self.argument(num, place, scale)
                self.argument(den, place, True)
            case Add() | Pow() | Abs() | Max():
                if not isinstance(term, Add):  # a vector has no square and no sign
                    self.kinds.slot(place).scalar = True
                for child in term.children():
                    if isinstance(child, Term):
                        self.argument(child, place, scale)
            case Floor(num, den):
                self.argument(num, place, scale)
                self.argument(den, place, True)
            case Sum(_, _, body):
                self.see(replace(term, body=Num(Fraction(0))))
                self.argument(body, place, scale)
            case App() | Diff() | DiffEntry():
                slot = self.kinds.slot(place)
                if not slot.kind and not scale:
                    slot.kind, slot.dim = "R", ONE
                self.see(term)
            case _:
                self.see(term)

    def product(self, factors: tuple[Term, ...], place: Space, scale: bool) -> None:
        """One factor carries the argument, the others scale it."""
        letters = [f for f in factors if not isinstance(f, Num)]
        moving = [f for f in letters if _free_vars(f) & self.bound]
        main = (moving or letters[-1:])[0:1]
        for factor in letters:
            is_main = any(factor is m for m in main)
            self.argument(factor, place, scale or not is_main)
            if (moving or self.in_index) and not is_main and isinstance(factor, Var):
                self.strides.add(factor)


def _numeral(term: Term) -> bool:
    """1 or -2, but not 0, which may be a vector."""
    return isinstance(term, Num) and term.value != 0


def _free_vars(term: Term) -> set[Var]:
    out: set[Var] = set()
    stack: list[Node] = [term]
    while stack:
        here = stack.pop()
        if isinstance(here, Var):
            out.add(here)
        stack.extend(here.children())
    return out


class Settler:
    """Rebuilds open terms over the spaces that were decided."""

    def __init__(
        self,
        space: Callable[[Space], Space],
        cls: Mapping[str, str],
        boxes: Mapping[str, tuple[tuple[Term, Term], ...]],
        operators: Callable[[str, tuple[Space, ...]], Definition | None],
        guards: Iterable[Divides] = (),
    ) -> None:
        self.guards: set[tuple[Term, Term]] = set()
        self.space, self.cls, self.operators = space, cls, operators
        self.boxes: dict[str, Any] = {}
        self.boxes = {k: self.settle(v) for k, v in boxes.items()}
        self.guards = {(self.settle(g.divisor), self.settle(g.term)) for g in guards}

    def settle(self, part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(self.settle(p) for p in part)
        if isinstance(part, Space):
            out = self.space(part) if part.kind == "?" else part
            return out if out.modulus is None else replace(out, modulus=self.settle(out.modulus))
        if not isinstance(part, Node) or isinstance(part, Definition):
            return part
        match part:
            case Fn(name, domain):
                return self.function(part, name, domain)
            case Op(Definition(symbol, _, lam, "open name")):
                return named(symbol, self.settle(lam))
            case Op(Definition(symbol), (left, right)):
                return self.infix(symbol, self.settle(left), self.settle(right))
        changes = {f.name: self.settle(getattr(part, f.name)) for f in fields(part)}  # type: ignore[arg-type]
        if isinstance(part, App) and slots(part.fn):
            changes["args"] = tuple(
                self.whole(a, p)
                for a, p in zip(changes["args"], self.settle(slots(part.fn)), strict=True)
            )
        return replace(part, **changes)

    def whole(self, arg: Any, place: Any) -> Any:
        """m/s in an integer's place is the whole quotient, where [s | m] stands guard.

        In the place of a residue modulo n, what is reduced modulo n is itself.
        """
        if isinstance(place, Space) and place.kind == "Z" and isinstance(arg, Div):
            if (arg.den, arg.num) in self.guards:
                return Floor(arg.num, arg.den)
        match arg:
            case Add((whole, rest)) if isinstance(place, Space) and place.kind == "Zn":
                n = place.modulus
                if n is not None and rest == -Mul((n, Floor(whole, n))):
                    return whole
        return arg

    def function(self, part: Fn, name: str, domain: tuple[Any, ...]) -> Fn:
        spaces = self.settle(domain)
        cls = part.cls
        if cls == "":
            cls = self.cls.get(name, "")
        if cls == "":
            real = any(isinstance(s, Space) and s.kind == "R" for s in spaces)
            cls = "Schwartz" if real else "finite"
        box = self.boxes.get(name, self.settle(part.box))
        return replace(part, domain=spaces, cls=cls, box=box)

    def infix(self, symbol: str, left: Function, right: Function) -> Function:
        from derive.syntax import domain_of

        spaces = tuple(s for s in domain_of(left) if isinstance(s, Space))
        defined = self.operators(symbol, spaces)
        if defined is not None:
            extra = defined.params[2:]
            return defined(left, right, *extra)
        if symbol == definitions.CIRCULAR:
            return definitions.circular_convolution(spaces[0].modulus)(left, right)
        build = {"*": definitions.convolution, r"\star": definitions.cross_correlation}
        return build[symbol](*spaces)(left, right)


def named(symbol: str, lam: Lam) -> Function:
    """The definition of a symbol; what is free in it are its parameters, and not shown."""
    parameters = sorted(free(lam), key=lambda s: (isinstance(s, Var), s.name))
    return Definition(symbol, tuple(parameters), lam, "name")(*parameters)


def conds_of(node: Node) -> list[Cond]:
    """All conditions inside a node."""
    out: list[Cond] = []
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, Cond):
            out.append(here)
        stack.extend(here.children())
    return out

"""A chain of equal terms under construction: what the strategies share.

Each method asks the kernel for a step; a refusal goes through to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from derive.binding import free, fresh, names
from derive.kernel import Context, Equation, at, back, begin, step
from derive.kernel.monomial import Monomial, monomials, rebuilt, unfolded
from derive.polynomial import equal, key
from derive.search.tidy import tidy
from derive.syntax import ONE, ZERO, Add, App, Cond, Mul, Node, Op, Sum, Term, Var


class Unproved(Exception):
    """The search has no further idea; says what is missing.

    `leftover`: what is left of the two sides when all that agrees is taken away.
    `link`: for a proof given as a chain, the terms of the first link that does not hold.
    """

    def __init__(
        self,
        reason: str,
        leftover: tuple[Term, Term] | None = None,
        link: tuple[Term, Term] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason, self.leftover, self.link = reason, leftover, link


@dataclass(slots=True)
class Budget:
    """Steps, not seconds: a verdict is the same on every machine."""

    left: int = 4000

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Unproved("the budget of steps is used up")


class Walk:
    """given |- start = term, as it grows."""

    def __init__(self, given: tuple[Cond, ...], start: Term, budget: Budget) -> None:
        self.equation: Equation = begin(given, start)
        self.budget = budget
        self.kept: tuple[Op, ...] = ()  # names such as delta that stay as they are

    @property
    def term(self) -> Term:
        return self.equation.rhs

    def do(self, rule: str, path: tuple[int, ...] = (), **data: Any) -> None:
        self.budget.spend()
        self.equation = step(self.equation, rule, path, data)

    def undo(self, rule: str, path: tuple[int, ...], earlier: Term, **data: Any) -> None:
        self.budget.spend()
        self.equation = back(self.equation, rule, path, data, earlier)

    def follow(self, path: tuple[int, ...], other: Walk) -> None:
        """Take the steps of a walk that began with the part at `path`."""
        for s in other.equation.steps:
            if s.forward:
                self.do(s.rule, (*path, *s.path), **s.data)
            else:
                _, _, put = at(self.term, path, Context(()))
                self.undo(s.rule, (*path, *s.path), put(s.result), **s.data)  # type: ignore[arg-type]

    def to(self, target: Term, rule: str = "ring") -> None:
        if target != self.term:
            self.do(rule, target=target)

    def tidy(self) -> None:
        self.to(tidy(self.term))

    def flatten(self) -> None:
        """A sum of nests of products; multiplying out unfolds names, which are put back."""
        self.to(folded(flat(self.term), self.kept), "rearrange")

    def fresh(self, *wanted: Var, within: Term | None = None) -> tuple[Var, ...]:
        """Variables whose names the term, or a part that is changed alone, does not have."""
        term = self.term if within is None else within
        taken = set(names(free(term))) | all_names(term)
        out: list[Var] = []
        for var in wanted:
            name = fresh(var.name, taken)
            taken.add(name)
            out.append(Var(name, var.space))
        return tuple(out)


def flat(t: Term) -> Term:
    return tidy(together([rebuilt(m) for m in monomials(t)]))


def folded(t: Any, kept: tuple[Op, ...]) -> Any:
    """`t` with the names put back for what they stand for."""
    if not kept:
        return t
    if isinstance(t, tuple):
        return tuple(folded(part, kept) for part in t)
    if not isinstance(t, Node):
        return t
    for op in kept:
        if (args := stands_for(t, op)) is not None:
            return op(*args)
    changes = {f.name: folded(getattr(t, f.name), kept) for f in fields(t)}  # type: ignore[arg-type]
    return replace(t, **changes)  # type: ignore[type-var]


def stands_for(t: Node, op: Op) -> tuple[Term, ...] | None:
    """The arguments with which `t` is what `op` abbreviates, when both are entries dL/dh(i)."""
    params = op.definition.lam.params
    pattern = unfolded(op(*params))
    if not (isinstance(t, App) and isinstance(pattern, App) and key(t.fn) == key(pattern.fn)):
        return None
    pairs = dict(zip(pattern.args, t.args, strict=True))
    args = tuple(pairs[p] for p in params if p in pairs)
    if len(args) < len(params) or not equal(unfolded(op(*args)), t):
        return None
    return args  # type: ignore[return-value]


def together(parts: list[Term]) -> Term:
    return parts[0] if len(parts) == 1 else Add(tuple(parts)) if parts else ZERO


def summands(t: Term) -> list[tuple[tuple[int, ...], Term]]:
    """The terms of a sum with their paths."""
    if isinstance(t, Add):
        return [((k,), part) for k, part in enumerate(t.terms)]
    return [((), t)]


def nest(t: Term) -> Monomial:
    """A nest of sums as it is written (a number in front is a factor)."""
    binders = []
    front: tuple[Term, ...] = ()
    if isinstance(t, Mul) and isinstance(t.factors[-1], Sum):
        front, t = t.factors[:-1], t.factors[-1]
    while isinstance(t, Sum):
        binders.append((t.var, t.bounds))
        t = t.body
    return Monomial(tuple(binders), front + (t.factors if isinstance(t, Mul) else (t,)))


def depth(t: Term, levels: int) -> tuple[int, ...]:
    """The path that leads through `levels` nested sums, from the outermost."""
    path: list[int] = []
    if isinstance(t, Mul) and isinstance(t.factors[-1], Sum):
        path.append(len(t.factors) - 1)
        t = t.factors[-1]
    for _ in range(levels):
        if not isinstance(t, Sum):
            break
        path.append(len(t.bounds))
        t = t.body
    return tuple(path)


def places(
    t: Node, wanted: Callable[[Node], bool], path: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], Node]]:
    """The nodes that are wanted with their paths, what stands inside first."""
    for k, child in enumerate(t.children()):
        yield from places(child, wanted, (*path, k))
    if wanted(t):
        yield path, t


def all_names(t: Node) -> set[str]:
    out = {v.name for v in getattr(t, "params", ())}
    if isinstance(getattr(t, "var", None), Var):
        out.add(t.var.name)  # type: ignore[attr-defined]
    for child in t.children():
        out |= all_names(child)
    return out


def product_of(factors: tuple[Term, ...]) -> Term:
    return factors[0] if len(factors) == 1 else Mul(factors) if factors else ONE


def without(factors: tuple[Term, ...], *gone: Term) -> tuple[Term, ...]:
    """The factors but one of each that is `gone`: equal factors may be one and the same object."""
    rest = list(factors)
    for factor in gone:
        rest.remove(factor)
    return tuple(rest)


def factors_of(t: Node) -> tuple[Term, ...]:
    return t.factors if isinstance(t, Mul) else (t,)  # type: ignore[return-value]

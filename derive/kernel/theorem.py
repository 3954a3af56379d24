"""Theorems: the only module that makes them.  All that can be done to an `Equation`:

    begin(given, t)                        given |- t = t
    step(e, rule, path, data)              l = r        ->  l = r', r' by a rule at a path in r
    back(e, rule, path, data, earlier)     l = r        ->  l = earlier, if the rule turns
                                                            `earlier` into r
    chain(e1, e2)                          l = m, r = m ->  l = r
    qed(e)                                 an Equation  ->  a Theorem, when both sides exist
    replay(theorem)                        run all recorded steps again from the statement

and a `Theorem` can be used as a rule (`use`), its hypotheses proved again for what is put in.
An Equation holds with the conventions of `syntax` for what does not exist (0); a Theorem says
what it means: every sum, integral, derivative and quotient in it exists.

Ordinary means cannot forge, change, pickle or copy either of them.  Python cannot prevent a
program that wants to (`object.__setattr__`, slot descriptors, `ctypes`, calling `__init__` of a
node again, replacing functions of this module): `replay` starts from the statement alone, and
what it accepts was derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn, Self, TypeVar

from derive.binding import alpha_equal, declared, free, instantiate, names
from derive.kernel import door
from derive.kernel.context import Context, Refused, at
from derive.kernel.entail import prove
from derive.kernel.existence import exists, hypotheses_exist
from derive.kernel.held import held
from derive.kernel.monomial import Monomial, monomials, properties
from derive.kernel.rules import Data, apply, rule
from derive.polynomial import equal
from derive.syntax import (
    CLASSES,
    App,
    Cond,
    Exists,
    Fn,
    Lam,
    Node,
    Space,
    Statement,
    Term,
    Var,
    domain_of,
    embeds,
    space_of,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chain of equal terms: what `replay` needs, and what printers explain.

    `forward`: the rule turns the term before into `result`; else `result` into the term before.
    """

    rule: str
    path: tuple[int, ...]
    data: Mapping[str, Any]
    forward: bool
    result: Term


class Equation:
    """given |- lhs = rhs, with the steps that lead from lhs to rhs."""

    __slots__ = ("given", "lhs", "rhs", "steps")
    given: tuple[Cond, ...]
    lhs: Term
    rhs: Term
    steps: tuple[Step, ...]

    def __new__(cls, *args: object, **kwargs: object) -> Self:
        raise TypeError(f"a {cls.__name__} is made by the rules of derive.kernel only")

    def __init_subclass__(cls, **kwargs: object) -> None:
        if "Theorem" in globals():
            raise TypeError(f"{cls.__bases__[0].__name__} cannot be subclassed")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} cannot be pickled or copied with changes")

    def __copy__(self) -> Equation:
        return self

    def __deepcopy__(self, memo: object) -> Equation:
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.statement()!r}>"

    def statement(self) -> Statement:
        return Statement(self.given, self.lhs, self.rhs)


class Theorem(Equation):
    """An Equation both sides of which exist: it may be printed and used."""

    __slots__ = ()

    def _repr_latex_(self) -> str:
        from derive.notes.derivation import notebook_latex

        return notebook_latex(self)

    def _repr_html_(self) -> str:
        from derive.notes.derivation import notebook_html

        return notebook_html(self)


E = TypeVar("E", bound=Equation)


def _make(
    kind: type[E], given: tuple[Cond, ...], lhs: Term, rhs: Term, steps: tuple[Step, ...]
) -> E:
    made = object.__new__(kind)
    for name, value in (("given", given), ("lhs", lhs), ("rhs", rhs), ("steps", steps)):
        object.__setattr__(made, name, value)
    return made


def _genuine(rule: str, e: object) -> None:
    """Refuse what only looks like an Equation."""
    if type(e) not in (Equation, Theorem):
        raise Refused(rule, "not an equation of the kernel", type(e).__name__)


def begin(given: Iterable[Cond], t: Term) -> Equation:
    """given |- t = t."""
    conds: tuple[Cond, ...] = door.frozen("begin", tuple(given), ())
    door.statement("begin", conds, t)
    return _make(Equation, conds, t, t, ())


def step(e: Equation, name: str, path: tuple[int, ...], data: Data) -> Equation:
    """given |- lhs = rhs', where the rule turns the part of rhs at `path` into that of rhs'."""
    _genuine("step", e)
    name, path, data = door.frozen("step", (name, path, data), (Theorem,))
    result = _applied(e.given, e.rhs, name, path, data)
    record = Step(name, path, data, True, result)
    return _make(Equation, e.given, e.lhs, result, (*e.steps, record))


def back(e: Equation, name: str, path: tuple[int, ...], data: Data, earlier: Term) -> Equation:
    """given |- lhs = earlier, where the rule turns `earlier` into rhs."""
    _genuine("back", e)
    name, path, data, earlier = door.frozen("back", (name, path, data, earlier), (Theorem,))
    door.statement("back", e.given, earlier)
    if not alpha_equal(_applied(e.given, earlier, name, path, data), e.rhs):
        raise Refused(name, "backwards: does not lead from the earlier term to", e.rhs)
    record = Step(name, path, data, False, earlier)
    return _make(Equation, e.given, e.lhs, earlier, (*e.steps, record))


def _applied(
    given: tuple[Cond, ...], t: Term, name: str, path: tuple[int, ...], data: Data
) -> Term:
    part, context, put = at(t, path, Context(given))
    new = apply(name, context, part, data)
    result = put(new)
    door.statement(name, given, result)
    if isinstance(part, Term) and isinstance(new, Term):
        # an equation of residues must not become one of integers, nor the reverse
        if "Zn" in (space_of(part).kind, space_of(new).kind) and space_of(part) != space_of(new):
            raise Refused(name, "a residue and an integer are not the same", new)
    return result  # type: ignore[return-value]


def chain(first: Equation, second: Equation) -> Equation:
    """From l = m and r = m, with the same hypotheses: l = r."""
    _genuine("chain", first)
    _genuine("chain", second)
    if first.given != second.given or not alpha_equal(first.rhs, second.rhs):
        raise Refused("chain", f"the chains do not meet: {first.rhs!r}", second.rhs)
    steps, before = list(first.steps), [second.lhs, *(s.result for s in second.steps)]
    for s, result in zip(reversed(second.steps), reversed(before[:-1]), strict=True):
        steps.append(Step(s.rule, s.path, s.data, not s.forward, result))
    door.one_meaning("chain", (first.lhs, second.lhs, *first.given))
    return _make(Equation, first.given, first.lhs, second.lhs, tuple(steps))


def qed(e: Equation) -> Theorem:
    """The Theorem, if all that it speaks of exists."""
    _genuine("qed", e)
    door.statement("qed", e.given, e.lhs - e.rhs)
    hypotheses_exist("qed", Context(e.given))
    for side in (e.lhs, e.rhs):
        exists("qed", side, Context(e.given))
    return _make(Theorem, e.given, e.lhs, e.rhs, e.steps)


def replay(theorem: Equation) -> Theorem:
    """Derive a statement again from its recorded steps; refuse where one does not hold."""
    _genuine("replay", theorem)
    rhs, steps = theorem.rhs, theorem.steps
    e = begin(theorem.given, theorem.lhs)
    for s in steps:
        if type(s) is not Step:
            raise Refused("replay", "not a step", type(s).__name__)
        rule_, path, data, forward, result = s.rule, s.path, s.data, s.forward, s.result
        door.enter("replay", result)
        if forward:
            e = step(e, rule_, path, data)
        else:
            e = back(e, rule_, path, data, result)
        if not alpha_equal(e.rhs, result):
            raise Refused(rule_, "the recorded step leads elsewhere", result)
        last = replace(e.steps[-1], result=result)
        e = _make(Equation, e.given, e.lhs, result, (*e.steps[:-1], last))
    door.enter("replay", rhs)
    if not alpha_equal(e.rhs, rhs):
        raise Refused("replay", "the steps do not end at", rhs)
    return qed(_make(Equation, e.given, e.lhs, rhs, e.steps))


# --- a theorem as a rule ------------------------------------------------------------------------


@rule
def use(context: Context, t: Term, data: Data) -> Node:
    """The right side of a theorem for its left, with `mapping` put in for its free symbols.

    Each hypothesis is proved again, the class of each function included: `witnesses` has an
    entry for each condition (in order), () for those that say that something exists.
    """
    theorem, mapping = data["theorem"], dict(data["mapping"])
    if type(theorem) is not Theorem:
        raise Refused("use", "not a theorem", theorem)
    for symbol, actual in mapping.items():
        _fits(symbol, actual, mapping)
    if not equal(instantiate(theorem.lhs, mapping), t):
        raise Refused("use", f"the theorem speaks of {instantiate(theorem.lhs, mapping)!r}", t)
    for cond, witnesses in zip(theorem.given, data["witnesses"], strict=True):
        needed = instantiate(cond, mapping)
        if isinstance(needed, Exists):
            exists("use", needed.term, context)
        else:
            prove("use", context, needed, witnesses)
    symbols = frozenset().union(free(theorem.lhs), free(theorem.rhs), *map(free, theorem.given))
    sizes = [mapping[s] for s in frozenset().union(*map(declared, symbols)) if s in mapping]
    if names(context.binders) & names(frozenset().union(*map(free, sizes))):
        raise Refused("use", "a size would depend on a variable that is bound here", t)
    unbound = (free(theorem.lhs) | free(theorem.rhs)) - set(mapping)
    if names(context.binders) & names(unbound):
        raise Refused("use", "a free symbol of the theorem is bound here", t)
    return instantiate(theorem.rhs, mapping)


def _fits(symbol: Any, actual: Any, mapping: dict[Any, Node]) -> None:
    """Refuse what may not stand for a free variable or function of a theorem."""
    if isinstance(symbol, Var):
        wanted = instantiate(Lam((symbol,), symbol), mapping).params[0].space
        if not isinstance(actual, Term) or not embeds(space_of(actual), wanted):
            raise Refused("use", f"does not live in {wanted!r}", actual)
        return
    wanted_fn = _redeclared(symbol, mapping)
    if domain_of(actual) != wanted_fn.domain:
        raise Refused("use", f"has not the domain of {symbol!r}", actual)
    if wanted_fn.box and (not isinstance(actual, Fn) or actual.box != wanted_fn.box):
        raise Refused("use", f"has not the range of {symbol!r}", actual)
    needed = CLASSES[symbol.cls]
    real = any(not isinstance(s, Space) or s.kind == "R" for s in wanted_fn.domain)
    if needed <= properties(actual) and (isinstance(actual, Fn) or needed or not real):
        return
    if needed == {"finite"} and isinstance(actual, Lam) and _finitely_supported(actual):
        return
    raise Refused("use", f"is not known to be {symbol.cls}", actual)


def _redeclared(symbol: Fn, mapping: dict[Any, Node]) -> Fn:
    others = {s: t for s, t in mapping.items() if s != symbol}
    return instantiate(symbol, others)


def _finitely_supported(lam: Lam) -> bool:
    """Whether the arguments of a function v -> body are held in by each term of its body.

    Rapid decay makes sums converge, but leaves infinitely many values.
    """
    binders = tuple((p, ()) for p in lam.params)
    return all(
        held(Monomial((*binders, *m.binders), m.factors), None, []) is None
        and not any(isinstance(f, App) and "decay" in properties(f.fn) for f in m.factors)
        for m in monomials(lam.body)
    )

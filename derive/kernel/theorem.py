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
program that wants to (`object.__setattr__`, slot descriptors, `ctypes`, replacing functions of
this module): `replay` starts from the statement alone, and what it accepts was derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

from derive.binding import Captured, alpha_equal, declared, free, instantiate, names
from derive.kernel.context import Context, Refused, at
from derive.kernel.entail import prove
from derive.kernel.existence import exists
from derive.kernel.held import held
from derive.kernel.monomial import Monomial, monomials, properties
from derive.kernel.rules import Data, apply, rule
from derive.polynomial import equal
from derive.syntax import (
    CLASSES,
    Cond,
    Exists,
    Fn,
    IllTyped,
    Lam,
    Node,
    Space,
    Statement,
    Term,
    Var,
    check_cond,
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

    def __new__(cls, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError(f"a {cls.__name__} is made by the rules of derive.kernel only")

    def __init_subclass__(cls, **kwargs: object) -> None:
        if cls.__module__ != __name__:
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


def _checked(given: Iterable[Cond], t: Term) -> None:
    """Refuse a statement that is ill-typed or uses one name for two things."""
    try:
        space_of(t)
        for cond in given:
            check_cond(cond)
    except (IllTyped, Captured) as error:
        raise Refused("begin", str(error), t) from error
    symbols = frozenset().union(free(t), *(free(c) for c in given))
    seen: dict[str, Node] = {}
    for symbol in symbols | frozenset().union(*(declared(s) for s in symbols)):
        if seen.setdefault(symbol.name, symbol) != symbol:
            raise Refused("begin", f"{symbol.name} stands for two different things", t)


def begin(given: Iterable[Cond], t: Term) -> Equation:
    """given |- t = t."""
    given = tuple(given)
    _checked(given, t)
    return _make(Equation, given, t, t, ())


def step(e: Equation, name: str, path: tuple[int, ...], data: Data) -> Equation:
    """given |- lhs = rhs', where the rule turns the part of rhs at `path` into that of rhs'."""
    result = _applied(e.given, e.rhs, name, path, data)
    record = Step(name, path, MappingProxyType(dict(data)), True, result)
    return _make(Equation, e.given, e.lhs, result, (*e.steps, record))


def back(e: Equation, name: str, path: tuple[int, ...], data: Data, earlier: Term) -> Equation:
    """given |- lhs = earlier, where the rule turns `earlier` into rhs."""
    _checked(e.given, earlier)
    if not alpha_equal(_applied(e.given, earlier, name, path, data), e.rhs):
        raise Refused(name, "backwards: does not lead from the earlier term to", e.rhs)
    record = Step(name, path, MappingProxyType(dict(data)), False, earlier)
    return _make(Equation, e.given, e.lhs, earlier, (*e.steps, record))


def _applied(
    given: tuple[Cond, ...], t: Term, name: str, path: tuple[int, ...], data: Data
) -> Term:
    part, context, put = at(t, path, Context(given))
    result = put(apply(name, context, part, data))
    if not isinstance(result, Term):
        raise Refused(name, "the result is not a term", result)
    _checked(given, result)
    return result


def chain(first: Equation, second: Equation) -> Equation:
    """From l = m and r = m, with the same hypotheses: l = r."""
    if first.given != second.given or not alpha_equal(first.rhs, second.rhs):
        raise Refused("chain", f"the chains do not meet: {first.rhs!r}", second.rhs)
    steps, before = list(first.steps), [second.lhs, *(s.result for s in second.steps)]
    for s, result in zip(reversed(second.steps), reversed(before[:-1]), strict=True):
        steps.append(Step(s.rule, s.path, s.data, not s.forward, result))
    return _make(Equation, first.given, first.lhs, second.lhs, tuple(steps))


def qed(e: Equation) -> Theorem:
    """The Theorem, if all that it speaks of exists."""
    _checked(e.given, e.lhs)
    _checked(e.given, e.rhs)
    _checked(e.given, e.lhs - e.rhs)
    for side in (e.lhs, e.rhs):
        exists("qed", side, Context(e.given))
    return _make(Theorem, e.given, e.lhs, e.rhs, e.steps)


def replay(theorem: Equation) -> Theorem:
    """Derive a statement again from its recorded steps; refuse where one does not hold."""
    e = begin(theorem.given, theorem.lhs)
    for s in theorem.steps:
        if s.forward:
            e = step(e, s.rule, s.path, dict(s.data))
        else:
            e = back(e, s.rule, s.path, dict(s.data), s.result)
        if not alpha_equal(e.rhs, s.result):
            raise Refused(s.rule, "the recorded step leads elsewhere", s.result)
        e = _make(Equation, e.given, e.lhs, s.result, (*e.steps[:-1], s))
    if not alpha_equal(e.rhs, theorem.rhs):
        raise Refused("replay", "the steps do not end at", theorem.rhs)
    return qed(_make(Equation, e.given, e.lhs, theorem.rhs, e.steps))


# --- a theorem as a rule ------------------------------------------------------------------------


@rule
def use(context: Context, t: Term, data: Data) -> Node:
    """The right side of a theorem for its left, with `mapping` put in for its free symbols.

    Each hypothesis is proved again, the class of each function included: `witnesses` has an
    entry for each condition (in order), () for those that say that something exists.
    """
    theorem, mapping = data["theorem"], dict(data["mapping"])
    if not isinstance(theorem, Theorem):
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
    """Whether the arguments of a function v -> body are held in by each term of its body."""
    binders = tuple((p, ()) for p in lam.params)
    return all(
        held(Monomial((*binders, *m.binders), m.factors), None, []) is None for m in monomials(lam.body)
    )

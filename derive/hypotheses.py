"""Why hypotheses matter: for each one a case in which the claim fails without it.

May: leave out one hypothesis at a time and search data, or put simple functions outside the class
in the place of a function and evaluate exactly.  Must not: know a theorem, or show what was not
evaluated; where nothing was found it says so.  `derive show NAME --hypotheses` calls it.

A sum over infinitely many points is followed by its partial sums, each of them exact.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

from derive.binding import Captured, free, instantiate
from derive.kernel.monomial import unfolded
from derive.meaning import CannotEvaluate, NoValue, Question, TooLarge, as_json, evaluate
from derive.refute import Counterexample, attempt, samples
from derive.syntax import (
    CLASSES,
    ONE,
    ZERO,
    App,
    Cond,
    Exists,
    Fn,
    Iverson,
    Lam,
    Node,
    Not,
    Rel,
    Signature,
    Space,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    space_of,
    term,
)
from derive.syntax import IllTyped as Ill
from derive.text import text

FAILURES = (CannotEvaluate, TooLarge, Ill, Captured, KeyError, ZeroDivisionError)
WINDOWS = (2, 3, 4, 5)
STEPS = 200_000


@dataclass(frozen=True)
class Case:
    """`hypothesis` in words; `case`: what happens without it, "" if no case is shown.

    `held`: on how many data that break it the claim was evaluated and held all the same.
    """

    hypothesis: str
    case: str
    counterexample: Counterexample | None = None
    held: int = 0

    @property
    def words(self) -> str:
        if self.case:
            return self.case
        more = f": the claim held on all {self.held} data tried without it" if self.held else ""
        return f"no case is shown{more}"

    def json(self) -> dict[str, Any]:
        found = self.counterexample
        return {
            "hypothesis": self.hypothesis,
            "case": self.case or None,
            "held": self.held,
            "counterexample": found.json() if found else None,
        }


def cases(statement: Statement) -> list[Case]:
    """One for each condition, then one for each function's range and class.

    >>> from derive.syntax import Num, Z
    >>> k, n, j = Var("k", Z), Var("n", Z), Var("j", Z)
    >>> claim = Statement((Rel("<=", k, n + 1),), Sum(j, (k, n), ONE), n - k + 1)
    >>> print(cases(claim)[0].case)
    at k = 2, n = 0; the left side is 0, the right side is -1
    """
    out = [_without(statement, cond) for cond in statement.given]
    functions = sorted((s for s in free(statement) if isinstance(s, Fn)), key=lambda s: s.name)
    for fn in functions:
        if fn.box is not None and not _is_loss(fn):
            out.append(_unbounded(statement, fn))
        elif fn.cls != "any":
            out.append(_outside(statement, fn, functions))
    return out


# ---- conditions


def _without(statement: Statement, cond: Cond) -> Case:
    if isinstance(cond, Exists):
        return Case(text(cond), _orders(statement) or _no_value(statement))
    rest = tuple(c for c in statement.given if c != cond)
    broken = _negated(cond)  # most data that are tried at random would keep the condition
    case = _tried(text(cond), replace(statement, given=(*rest, broken)))
    if case.case:
        return case
    wider = _tried(text(cond), replace(statement, given=rest))
    return wider if wider.case or not case.held else case


def _negated(cond: Cond) -> Cond:
    if isinstance(cond, Rel) and cond.op in ("<=", "<"):
        return Rel("<" if cond.op == "<=" else "<=", cond.rhs, cond.lhs)
    return Not(cond)


def _tried(words: str, statement: Statement) -> Case:
    try:
        tried = attempt(statement, STEPS)
    except FAILURES:
        return Case(words, "")
    found = tried.counterexample
    held = tried.trials if found is None and tried.reason is None else 0
    return Case(words, "; ".join(found.text()) if found else "", found, held)


def _unbounded(statement: Statement, fn: Fn) -> Case:
    """A tensor with entries outside its range."""
    ranges = ", ".join(f"{text(lo)} ≤ index ≤ {text(hi)}" for lo, hi in fn.box or ())
    words = f"{fn.name} is zero outside {ranges}"
    wider = replace(fn, box=None, cls="finite")
    try:
        return _tried(words, instantiate(statement, {fn: wider}))
    except FAILURES:
        return Case(words, "")


# ---- classes of functions


def _outside(statement: Statement, fn: Fn, functions: list[Fn]) -> Case:
    """A constant in its place; if the claim survives that, in another function's place as well."""
    words = f"{fn.name} is {CLASS.get(fn.cls, fn.cls)}"
    if _is_loss(fn):
        return Case(words, "")
    if not CLASSES[fn.cls] & HOLDING:
        return Case(words, "")  # a constant is in that class
    said = _evaluated(statement, {fn: _constant(fn)})
    if said:
        return Case(words, said)
    others = [f for f in functions if f != fn and CLASSES[f.cls] & HOLDING and f.box is None]
    for more in others:
        said = _evaluated(statement, {f: _constant(f) for f in (fn, more)})
        if said:
            return Case(words, f"together with that of {more.name}: {said}")
    return Case(words, "")


HOLDING = frozenset({"finite", "compact", "decay"})  # what a constant function has not
CLASS = {"finite": "finitely supported", "C1": "continuously differentiable",
         "C1 compact": "continuously differentiable with compact support"}  # fmt: skip


def _is_loss(fn: Fn) -> bool:
    return any(isinstance(s, Signature) for s in fn.domain)


def _params(fn: Fn) -> tuple[Var, ...]:
    return tuple(Var(f"z{k or ''}", s) for k, s in enumerate(fn.domain) if not _signature(s))


def _signature(place: Any) -> bool:
    return isinstance(place, Signature)


def _constant(fn: Fn) -> Lam:
    return Lam(_params(fn), ONE)


def _evaluated(statement: Statement, put: dict[Fn, Lam]) -> str:
    """What happens with these functions, on data for the others; "" if the claim holds there."""
    named = ", ".join(f"{f.name} = {text(lam.body)}" for f, lam in put.items())
    try:
        problem, data = samples(statement, 6)
        given = tuple(c for c in statement.given if not isinstance(c, Exists))
        changed = Statement(
            given,
            instantiate(statement.lhs, put),
            instantiate(statement.rhs, put),
        )
        question = Question(changed, problem.dims)
    except NoValue as reason:
        return f"with {named}: {reason}"
    except FAILURES:
        return ""
    for env in data:
        try:
            found = question.compare(question.program.frame(env))
        except NoValue:
            return f"with {named} everywhere the sums do not converge: the claim has no value"
        except FAILURES:
            continue
        if found.verdict == "different":
            return f"with {named}: {found.lhs} against {found.rhs}"
    return ""


# ---- existence


def _no_value(statement: Statement) -> str:
    functions = [s for s in free(statement) if isinstance(s, Fn) and not _is_loss(s)]
    put = {f: _constant(f) for f in sorted(functions, key=lambda s: s.name)}
    return _evaluated(replace(statement, given=()), put) if put else ""


def _orders(statement: Statement) -> str:
    """Functions for which both sides have limits of partial sums, and other ones.

    On R^d the same is tried on Z: the statement is one for every group.
    """
    on_integers = _discrete(statement)
    if on_integers is None:
        return ""
    functions = sorted(
        (s for s in free(on_integers) if isinstance(s, Fn)), key=lambda s: s.name
    )
    if not functions or len(functions) > 3:
        return ""
    for choice in product(_witnesses(), repeat=len(functions)):
        put = {f: lam for f, (_, lam) in zip(functions, choice, strict=True)}
        try:
            sides = [instantiate(t, put) for t in (on_integers.lhs, on_integers.rhs)]
            left, right = (_limits(side) for side in sides)
        except (NoValue, *FAILURES):
            continue
        if left is not None and right is not None and left != right:
            names = ", ".join(
                f"{f.name}(z) = {words}" for f, (words, _) in zip(functions, choice, strict=True)
            )
            far = WINDOWS[-1]
            return (
                f"on Z, with {names}: the partial sums over |z| ≤ {WINDOWS[0]}, ..., {far} are "
                f"{as_json(left)} on the left and {as_json(right)} on the right"
            )
    return ""


def _witnesses() -> list[tuple[str, Lam]]:
    """Functions on Z that vanish nowhere, on one side, or nearly everywhere."""
    z = Var("z", Z)
    unit = Iverson(Rel("=", z, ZERO))
    return [
        ("1", Lam((z,), ONE)),
        ("[0 ≤ z]", Lam((z,), Iverson(Rel("<=", ZERO, z)))),
        ("[z = 0] − [z = 1]", Lam((z,), unit - Iverson(Rel("=", z, ONE)))),
        ("[z = 0]", Lam((z,), unit)),
    ]


def _discrete(statement: Statement) -> Statement | None:
    """The statement for functions of one integer, at 0, where it is about convolution-like sums."""
    def turn(node: Any) -> Any:
        if isinstance(node, tuple):
            return tuple(turn(n) for n in node)
        if isinstance(node, Space):
            if node.kind == "Zn":
                raise Ill("residues")
            return Z
        if isinstance(node, Node):
            return type(node)(**{f.name: turn(getattr(node, f.name)) for f in fields(node)})
        return node

    try:
        turned = turn(replace(statement, given=()))
        points = {v: ZERO for v in free(turned) if isinstance(v, Var)}
        at = instantiate(turned, points)
        for side in (at.lhs, at.rhs):
            space_of(side)
        return at
    except FAILURES:
        return None


def _limits(side: Term) -> Any:
    """The common value of the partial sums of the outermost sum, None if they are not one."""
    side = unfolded(side)
    if not isinstance(side, Sum) or side.bounds:
        return None
    values = []
    total: Any = 0
    done = -1
    summand = Lam((side.var,), side.body)
    for end in WINDOWS:
        for k in range(-end, end + 1):
            if abs(k) > done:
                total = total + evaluate(App(summand, (term(k),)), {}, 20_000)
        done = end
        values.append(total)
    return values[0] if all(v == values[0] for v in values) else None


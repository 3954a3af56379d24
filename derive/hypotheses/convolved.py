"""A hypothesis on functions on R left out: functions in pieces, outside of the class, put in.

May: evaluate convolution-like integrals and their derivatives exactly.  Must not: take a function
for one of a class without its pieces saying so.  A statement on R^d holds for d = 1, so a case
there is a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from derive.binding import free
from derive.hypotheses.case import FAILURES
from derive.hypotheses.piecewise import (
    ZERO,
    Germ,
    Piecewise,
    at_point,
    combined,
    composed,
    constant,
    function,
    germ,
    integral,
    properties,
    slope_of,
)
from derive.hypotheses.spelled import in_one_dimension, spelled_out
from derive.meaning import CannotEvaluate, NoValue
from derive.syntax import (
    CLASSES,
    Add,
    App,
    Diff,
    Fn,
    Function,
    Mul,
    Num,
    Partial,
    Statement,
    Sum,
    Term,
    Var,
)

# in words, for a name to be put in front of (z)
FUNCTIONS: dict[str, Piecewise] = {
    "1": function([], [1]),
    "z": function([], [0, 1]),
    "(1 − z²)² [|z| ≤ 1]": function([-1, 1], [], [1, 0, -2, 0, 1], []),
    "[0 ≤ z]": function([0], [], [1]),
    "[0 ≤ z ≤ 1]": function([0, 1], [], [1], []),
    "|z|": function([0], [0, -1], [0, 1]),
    "1/z²": function([0], [1], [1], pole=2),
}
POINTS = (Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2))
# what a class asks for, the stronger first: one without a continuous derivative need not be rough
ASKED = {"C1": "a continuous derivative", "compact": "compact support", "loc": "integrability"}


def case(statement: Statement, fn: Fn) -> str:
    """For each thing that the class of `fn` asks for, a function that has all but it."""
    known = CLASSES[fn.cls]
    try:
        line = in_one_dimension(spelled_out(statement), "R")
    except FAILURES:
        return ""
    said: list[str] = []
    shown = False
    for what, words in ASKED.items():
        if what not in known or (what == "loc" and "C1" in known):
            continue
        kept = known - (UNDER if what == "C1" else {what})
        found = _shown(line, fn.name, what, kept)
        shown = shown or bool(found)
        found = found or "it held for all functions tried"
        said.append(f"without {words}, {found}" if len(known & ASKED.keys() - {"loc"}) > 1
                    else found)  # fmt: skip
    return "; ".join(said) if shown else ""


UNDER = {"C1", "diff", "cont"}  # what goes with a continuous derivative


def _shown(statement: Statement, name: str, without: str, kept: frozenset[str]) -> str:
    """The first functions and point for which the sides differ, else for which one has no value."""
    later = ""
    for choice, point in _choices(statement, name, without, kept):
        put = {f: FUNCTIONS[words] for f, words in choice.items()}
        env = {v: germ(point) for v in free(statement) if isinstance(v, Var)}
        told = ", ".join(f"{f.name}(z) = {words}" for f, words in choice.items())
        places = ", ".join(f"{v.name} = {point}" for v in env)
        sides, reason = [], ""
        for term, side in ((statement.lhs, "left"), (statement.rhs, "right")):
            try:
                sides.append(value(term, env, put, 1).at(0))
            except NoValue as why:
                reason = reason or f"the {side} side has {why}"
            except FAILURES:
                break
        if len(sides) == 2 and sides[0] != sides[1]:
            outcome = f"the left side is {sides[0]}, the right side is {sides[1]}"
            return f"with {told}, at {places}: {outcome}{_remark(statement, choice)}"
        if reason and not later:
            later = f"with {told}, at {places}: {reason}"
    return later


def _choices(
    statement: Statement, name: str, without: str, kept: frozenset[str]
) -> Iterator[tuple[dict[Fn, str], Fraction]]:
    """The function outside its class, the others inside theirs, and a point."""
    functions = sorted((s for s in free(statement) if isinstance(s, Fn)), key=lambda s: s.name)
    known = {words: properties(f) for words, f in FUNCTIONS.items()}
    tables = [
        [w for w, has in known.items() if (without not in has and kept <= has)]
        if f.name == name
        else [w for w, has in known.items() if CLASSES[f.cls] <= has]
        for f in functions
    ]
    for row in product(*tables):
        for point in POINTS:
            yield dict(zip(functions, row, strict=True)), point


def _remark(statement: Statement, choice: Mapping[Fn, str]) -> str:
    """That a derivative was taken off the jumps alone."""
    taken = {f for f in choice if _differentiated(statement, f)}
    rough = [f"{f.name}'" for f in choice if f in taken and "C1" not in properties(
        FUNCTIONS[choice[f]])]  # fmt: skip
    return f" ({', '.join(rough)} taken where it exists)" if rough else ""


def _differentiated(node: object, fn: Fn) -> bool:
    if isinstance(node, Partial) and node.fn == fn:
        return True
    children = node.children() if hasattr(node, "children") else ()
    return any(_differentiated(child, fn) for child in children)


# ---- evaluation


@dataclass(frozen=True)
class _Place:
    """Where a term is evaluated: germs for variables, `along` the one that runs over R."""

    env: Mapping[Var, Germ]
    put: Mapping[Fn, Piecewise]
    side: int
    along: Var | None = None


def value(term: Term, env: Mapping[Var, Germ], put: Mapping[Fn, Piecewise], side: int) -> Germ:
    """The value of a term, for t on one side of 0."""
    return _number(_curve(term, _Place(env, put, side)))


def _number(curve: Piecewise) -> Germ:
    (part,) = curve.parts
    if any(c.c for c in part[1:]):
        raise CannotEvaluate("not a number")
    return part[0] if part else ZERO


def _curve(term: Term, at: _Place) -> Piecewise:
    """The term as a function of `along`."""
    match term:
        case Num(number):
            return constant(germ(number))
        case Var():
            return function([], [0, 1]) if term == at.along else constant(at.env[term])
        case Add(parts):
            out = constant(ZERO)
            for part in parts:
                out = combined(out, _curve(part, at), at.side, product=False)
            return out
        case Mul(parts):
            out = constant(germ(1))
            for part in parts:
                out = combined(out, _curve(part, at), at.side, product=True)
            return out
        case App(fn, (Term() as argument,)):
            return _applied(_function(fn, at), _curve(argument, at), at.side)
        case Sum(var, (), body) if at.along is None and term.integral:
            inside = _Place(at.env, at.put, at.side, var)
            return constant(integral(_curve(body, inside), at.side))
        case Diff(var, body, place) if at.along is None:
            return constant(_derivative(var, body, _number(_curve(place, at)), at))
    raise CannotEvaluate(f"not a function in pieces: {term!r}")


def _function(fn: Function, at: _Place) -> Piecewise:
    match fn:
        case Fn():
            return at.put[fn]
        case Partial(inner, 0):
            return slope_of(_function(inner, at))
    raise CannotEvaluate(f"not a function in pieces: {fn!r}")


def _applied(f: Piecewise, argument: Piecewise, side: int) -> Piecewise:
    """f at an argument that is linear in the variable."""
    if argument.cuts or argument.pole or any(c.c for c in argument.parts[0][2:]):
        raise CannotEvaluate("an argument that is not linear")
    start, slope, *_ = (*argument.parts[0], ZERO, ZERO)
    if not slope.c:
        return constant(at_point(f, start, side))
    if len(slope.c) > 1:
        raise CannotEvaluate("a slope that moves")
    return composed(f, slope.c[0], start)


def _derivative(var: Var, body: Term, point: Germ, at: _Place) -> Germ:
    """By difference quotients from both sides, which are known exactly."""
    if len(point.c) > 1:
        raise CannotEvaluate("a derivative inside a derivative")
    here = value(body, {**at.env, var: point}, at.put, 1).at(0)
    moved = {**at.env, var: point + germ(0, 1)}
    right, left = (value(body, moved, at.put, side) for side in (1, -1))
    if {right.at(0), left.at(0)} != {here}:
        raise NoValue("a derivative where there is a jump")
    if right.at(1) != left.at(1):
        slopes = f"{right.at(1)} from the right and {left.at(1)} from the left"
        raise NoValue(f"the derivative is {slopes}")
    return germ(right.at(1))

"""Integrals over half-lines: each from 0 to infinity, with an interval and a whole line beside it.

int_{z <= e} G = int G - int_{0 <= z} G + int_0^e G,    int_{e <= z} G = int_{0 <= z} G - int_0^e G.
"""

from __future__ import annotations

from derive.binding import free
from derive.kernel import Context, at
from derive.kernel.halflines import HalfLine, half_line
from derive.kernel.monomial import Monomial
from derive.search.walk import Walk, depth, factors_of, nest, summands
from derive.syntax import ZERO, Iverson, Mul, Not, R, Rel, Sum, Term, Var


def half_lines(walk: Walk) -> None:
    """Move the end of each half-line to 0 and turn it upwards."""
    while any(_moved(walk, path, part) for path, part in summands(walk.term)):
        walk.tidy()
        walk.flatten()


def guard(m: Monomial) -> Term | None:
    """The bracket that makes the innermost integral of a nest one over a half-line."""
    if not m.binders or m.binders[-1][1] or m.binders[-1][0].space != R:
        return None
    found = [f for f in m.factors if isinstance(f, Iverson) and m.binders[-1][0] in free(f)]
    return found[0] if len(found) == 1 and _compares(found[0]) else None


def _compares(bracket: Term) -> bool:
    cond = bracket.cond if isinstance(bracket, Iverson) else None
    cond = cond.cond if isinstance(cond, Not) else cond
    return isinstance(cond, Rel) and cond.op != "="


def _moved(walk: Walk, path: tuple[int, ...], part: Term) -> bool:
    m = nest(part)
    bracket = guard(m)
    if bracket is None:
        return False
    place = (*path, *depth(part, len(m.binders) - 1))
    whole, _, put = at(walk.term, place, Context(()))
    index = factors_of(whole.body).index(bracket)  # type: ignore[attr-defined]
    line = half_line("half_line", whole, index)  # type: ignore[arg-type]
    if not _from_zero(bracket, line):
        walk.do("half_line", place, index=index, at=ZERO)
        return True
    if not line.below:
        return False
    over = Iverson(Not(Rel("<=", line.var, ZERO)))
    above = Sum(line.var, (), Mul((over, *factors_of(line.body))))
    walk.to(put(Sum(line.var, (), line.body) - above), "rearrange")  # type: ignore[arg-type]
    walk.do("half_line", (*place, 1, 1), index=0, at=ZERO)
    return True


def _from_zero(bracket: Term, line: HalfLine) -> bool:
    ends = (line.var, ZERO) if line.below else (ZERO, line.var)
    return bracket == Iverson(Rel("<=", *ends))


def over(var: Var, ends: tuple[Term, ...], bracket: Term | None, body: Term) -> Sum:
    """The integral of `body` over an interval, over the half-line of a bracket, or over all."""
    return Sum(var, ends, body if bracket is None else Mul((bracket, body)))


def ended(walk: Walk, place: tuple[int, ...], ends: tuple[Term, ...], bracket: Term | None) -> None:
    """The value of such an integral of a derivative, from what stands at its ends."""
    if bracket is not None:
        walk.do("tail", place, index=0)
    else:
        walk.do("fundamental" if ends else "parts", place)

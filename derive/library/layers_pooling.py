"""Max pooling: the gradient where each window's maximum is strict, in any dimension.

A window covers the positions s i + d a - p, a = 0 .. K - 1, that are in range: outside of it the
padding is minus infinity, never a maximum.  The output is the entry at the place a that no other
place of the window ties or beats,

    h(n, c, i) = sum_a x(n, c, s i + d a - p) [s i + d a - p in range] [rivals(i, a) <= 0],

which is the maximum where it is taken once.  That it is, in each window, says the hypothesis: no
place that nothing beats has a rival that ties it.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.library.gradients import DUMOULIN, Range, below, loss, named, tensor, within
from derive.library.result import Result
from derive.syntax import (
    ONE,
    ZERO,
    And,
    Cond,
    DiffEntry,
    Div,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Not,
    Partial,
    R,
    Rel,
    Space,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    lattice,
    term,
)

ROWS = ("L10", "L16")


@dataclass(frozen=True)
class Pooling:
    """Windows over Z^d, for each of the leading indices (sample and channel)."""

    space: Space
    lead: tuple[tuple[Var, Range], ...]
    s: Term
    d: Term
    p: Term
    K: Term

    def __getattr__(self, name: str) -> Var:
        """A letter: an index i, a, b, m or a size H, M."""
        return Var(name, self.space)

    @property
    def x(self) -> Fn:
        return tensor("x", *((Z, ends) for _, ends in self.lead), (self.space, below(self.H)))

    @property
    def letters(self) -> tuple[Var, ...]:
        return tuple(v for v, _ in self.lead)

    def place(self, at: Term) -> Term:
        return self.s * self.i + self.d * at - self.p

    def entry(self, at: Term) -> Term:
        return self.x(*self.letters, self.place(at))

    def inside(self, at: Term) -> tuple[Cond, ...]:
        return within(self.place(at), below(self.H))

    def unrivalled(self, op: str, padding: bool = False) -> Cond:
        """No other place of the window is larger (op "<"), or at least as large ("<="), than a.

        `padding`: zeros outside of the range count as well, a mistake.
        """
        a, b = self.a, self.b
        seen = () if padding else tuple(Iverson(cond) for cond in self.inside(b))
        beats = Iverson(Rel(op, self.entry(a), self.entry(b)))
        others = Sum(b, below(self.K), Mul((Iverson(Not(Rel("=", a, b))), *seen, beats)))
        return Rel("<=", others, ZERO)

    def top(self, op: str) -> Term:
        return Iverson(And((*self.inside(self.a), self.unrivalled(op))))

    def strict(self) -> Cond:
        """In no window is the maximum taken twice."""
        tied = self.top("<") - self.top("<=")
        out = Sum(self.i, below(self.M), Sum(self.a, below(self.K), tied))
        for var, ends in reversed(self.lead):
            out = Sum(var, ends, out)
        return Rel("=", out, ZERO)

    def gradient(self, padding: bool = False) -> Statement:
        """dL/dx(m) = sum_{i, a} delta(i) [s i + d a - p = m] [nothing rivals a]."""
        x, i, a, m, lead = self.x, self.i, self.a, self.m, self.letters
        lossy = loss(*((Z, ends) for _, ends in self.lead), (self.space, below(self.M)))
        layer = Lam((*lead, i), Sum(a, below(self.K), self.entry(a) * self.top("<=")))
        sizes = [t for t in (self.s, self.d, self.p, self.K) if isinstance(t, Var)]
        delta = named(Partial(lossy, 0)(layer, *lead, i), (*lead, i), x, lossy, *sizes)
        meets = Iverson(Rel("=", self.place(a), m))
        chosen = Iverson(self.unrivalled("<=", padding))
        spread = Sum(i, below(self.M), Sum(a, below(self.K), delta(*lead, i) * meets * chosen))
        given = (*within(m, below(self.H)), self.strict())
        return Statement(given, DiffEntry(x, (*lead, m), lossy(layer)), spread)


def results() -> list[Result]:
    return [*_windows(), *_two(), *_tied()]


def _windows() -> list[Result]:
    n, c, space = Var("n", Z), Var("c", Z), lattice(Var("D", Z))
    lead = (n, below(Var("N", Z))), (c, below(Var("C", Z)))
    return [
        Result("max-pooling-gradient", "Max pooling: delta goes to each window's maximum", ROWS,
               DUMOULIN, Pooling(space, lead, *(Var(v, space) for v in "sdpK")).gradient()),
        Result("max-pooling-zero-padding", "... where the padding's zeros count as entries", ROWS,
               DUMOULIN, Pooling(Z, (), ONE, ONE, ONE, term(2)).gradient(padding=True), holds=False,
               instead=("max-pooling-gradient",)),
    ]  # fmt: skip


def _two() -> list[Result]:
    """Maxima as such: of a window of two at stride two, and of an entry and 0."""
    i, m, size = Var("i", Z), Var("m", Z), Var("M", Z)
    lossy = loss((Z, below(size)))

    def ties(left: Term, right: Term) -> Cond:
        equal = Iverson(Rel("<=", left, right)) - Iverson(Rel("<", left, right))
        return Rel("=", Sum(i, below(size), equal), ZERO)

    x = tensor("x", (Z, below(2 * size)))
    even, odd = x(2 * i), x(2 * i + 1)
    pairs = Lam((i,), Max(even, odd))
    delta = named(Partial(lossy, 0)(pairs, i), (i,), x, lossy)
    first = Iverson(Rel("<", odd, even)) * Iverson(Rel("=", 2 * i, m))
    second = Iverson(Rel("<=", even, odd)) * Iverson(Rel("=", 2 * i + 1, m))
    y = tensor("x", (Z, below(size)))
    relu = Lam((i,), Max(y(i), ZERO))
    slope = named(Partial(lossy, 0)(relu, i), (i,), y, lossy)
    return [
        Result("max-of-two-gradient", "The maxima of pairs: delta goes to the larger entry", ROWS,
               DUMOULIN,
               Statement((ties(even, odd),),
                         DiffEntry(x, (m,), lossy(pairs)),
                         Sum(i, below(size), delta(i) * (first + second)))),
        Result("relu-gradient", "max(x, 0) where no entry is 0: the gradient", ("L1", "L16"),
               DUMOULIN,
               Statement((ties(y(i), ZERO),),
                         DiffEntry(y, (m,), lossy(relu)),
                         slope(m) * Iverson(Rel("<", ZERO, y(m))))),
    ]  # fmt: skip


def _tied() -> list[Result]:
    """At a tie there is no derivative: neither half of delta for each nor all for the first."""
    u, v, t = (Var(name, R) for name in "uvt")
    tie, half = (Rel("=", u, v),), Div(t, term(2))
    return [
        Result("max-pooling-mean-of-tied", "Each of two equal entries gets half of delta", ROWS,
               DUMOULIN, Statement(tie, Max(u + t, v), Max(u, v) + half), holds=False,
               instead=("max-of-two-gradient",)),
        Result("max-pooling-first-of-tied", "The first of two equal entries gets all of delta",
               ROWS, DUMOULIN, Statement(tie, Max(u + t, v), Max(u, v) + t), holds=False,
               instead=("max-of-two-gradient",)),
    ]  # fmt: skip

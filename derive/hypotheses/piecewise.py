"""Functions of one real variable that are polynomials in pieces, exactly, and near a parameter.

May: add, multiply, compose with a linear map, differentiate in pieces, integrate over R.
Must not: give a value to an integral that does not converge absolutely.  `convolved` calls it.

A number here is a `Germ`: a polynomial in t, for t near 0 on one side of it.  So that the value of
an integral for x = c + t is known on both sides of c, and with it whether it has a derivative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from derive.meaning import CannotEvaluate, NoValue


@dataclass(frozen=True)
class Germ:
    """A polynomial in t by its coefficients, lowest first; () is 0."""

    c: tuple[Fraction, ...] = ()

    def __add__(self, other: Germ) -> Germ:
        long, short = sorted((self.c, other.c), key=len, reverse=True)
        return germ(*(a + b for a, b in zip(short, long, strict=False)), *long[len(short) :])

    def __mul__(self, other: Germ) -> Germ:
        out = [Fraction(0)] * (len(self.c) + len(other.c))
        for i, a in enumerate(self.c):
            for j, b in enumerate(other.c):
                out[i + j] += a * b
        return germ(*out)

    def __sub__(self, other: Germ) -> Germ:
        return self + other * MINUS

    def at(self, k: int) -> Fraction:
        """The coefficient of t^k."""
        return self.c[k] if k < len(self.c) else Fraction(0)

    def sign(self, side: int) -> int:
        """Its sign for small t > 0 (side 1) or t < 0 (side -1).

        >>> germ(0, 1).sign(1), germ(0, 1).sign(-1), germ(2, -5).sign(1), Germ().sign(1)
        (1, -1, 1, 0)
        """
        for k, a in enumerate(self.c):
            if a:
                return (1 if a > 0 else -1) * (side if k % 2 else 1)
        return 0


def germ(*coefficients: Fraction | int) -> Germ:
    kept = [Fraction(c) for c in coefficients]
    while kept and not kept[-1]:
        kept.pop()
    return Germ(tuple(kept))


SUPERSCRIPT = {1: "", 2: "²"}  # no pole here is of a higher order
ZERO, UNIT, MINUS = Germ(), germ(1), germ(-1)
Poly = tuple[Germ, ...]  # in z, lowest coefficient first


@dataclass(frozen=True)
class Pole:
    """Division by |z - place|^order."""

    place: Germ
    order: int


@dataclass(frozen=True)
class Piecewise:
    """parts[k] between cuts[k - 1] and cuts[k]; the cuts increase.

    What it is at a cut is left open: no integral asks.
    """

    cuts: tuple[Germ, ...]
    parts: tuple[Poly, ...]
    pole: Pole | None = None


def constant(value: Germ) -> Piecewise:
    return Piecewise((), ((value,),))


def function(cuts: Iterable[int], *parts: Iterable[int | Fraction], pole: int = 0) -> Piecewise:
    """With rational cuts and coefficients; `pole`: divided by z^pole, an even power."""
    made = tuple(tuple(germ(c) for c in part) for part in parts)
    return Piecewise(tuple(germ(c) for c in cuts), made, Pole(ZERO, pole) if pole else None)


# ---- polynomials in z


def _plus(p: Poly, q: Poly) -> Poly:
    long, short = sorted((p, q), key=len, reverse=True)
    return (*(a + b for a, b in zip(short, long, strict=False)), *long[len(short) :])


def _times(p: Poly, q: Poly) -> Poly:
    out = [ZERO] * (len(p) + len(q))
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            out[i + j] = out[i + j] + a * b
    return tuple(out)


def _of(p: Poly, inner: Poly) -> Poly:
    """p(inner(z)), by Horner's rule."""
    out: Poly = ()
    for c in reversed(p):
        out = _plus(_times(out, inner), (c,))
    return out


def _nonzero(p: Poly) -> bool:
    return any(c.c for c in p)


# ---- functions


def combined(a: Piecewise, b: Piecewise, side: int, product: bool) -> Piecewise:
    """The product or the sum of two."""
    if (a.pole and b.pole) or ((a.pole or b.pole) and not product):
        raise CannotEvaluate("two poles")
    cuts: list[Germ] = []
    parts: list[Poly] = []
    i = j = 0
    merge = _times if product else _plus
    while True:
        parts.append(merge(a.parts[i], b.parts[j]))
        ahead = [p.cuts[k] for p, k in ((a, i), (b, j)) if k < len(p.cuts)]
        if not ahead:
            return Piecewise(tuple(cuts), tuple(parts), a.pole or b.pole)
        least = ahead[0] if (ahead[0] - ahead[-1]).sign(side) <= 0 else ahead[-1]
        cuts.append(least)
        i += i < len(a.cuts) and (a.cuts[i] - least).sign(side) == 0
        j += j < len(b.cuts) and (b.cuts[j] - least).sign(side) == 0


def composed(f: Piecewise, slope: Fraction, start: Germ) -> Piecewise:
    """z -> f(slope z + start), for a slope other than 0."""
    inverse = germ(1 / slope)
    cuts = [(cut - start) * inverse for cut in f.cuts]
    parts = [_of(part, (start, germ(slope))) for part in f.parts]
    if slope < 0:
        cuts.reverse()
        parts.reverse()
    if f.pole is None:
        return Piecewise(tuple(cuts), tuple(parts))
    scale = germ(1 / abs(slope) ** f.pole.order)
    pole = Pole((f.pole.place - start) * inverse, f.pole.order)
    return Piecewise(tuple(cuts), tuple(_times(p, (scale,)) for p in parts), pole)


def at_point(f: Piecewise, place: Germ, side: int) -> Germ:
    """f at a place where it does not jump."""
    if f.pole is not None:
        raise CannotEvaluate("a value at a pole")
    where = [(place - cut).sign(side) for cut in f.cuts]
    near = f.parts[sum(s > 0 for s in where) : sum(s >= 0 for s in where) + 1]
    values = {sum(_of(part, (place,)), ZERO) for part in near}
    if len(values) > 1:
        raise CannotEvaluate("a value at a jump")
    return values.pop()


def slope_of(f: Piecewise) -> Piecewise:
    """The derivative, off the cuts."""
    if f.pole is not None:
        raise CannotEvaluate("the derivative at a pole")
    parts = tuple(tuple(c * germ(k) for k, c in enumerate(p))[1:] for p in f.parts)
    return Piecewise(f.cuts, parts)


def integral(f: Piecewise, side: int) -> Germ:
    """Over all of R.

    >>> integral(function([0, 1], [], [1, 2], []), 1) == germ(2)
    True
    >>> integral(function([0], [], [1]), 1)
    Traceback (most recent call last):
    ...
    derive.meaning.outcome.NoValue: no value: an integral to infinity of what is a polynomial there
    """
    if _nonzero(f.parts[0]) or _nonzero(f.parts[-1]):
        raise NoValue("an integral to infinity of what is a polynomial there")
    if f.pole is not None:
        _diverges(f, f.pole, side)
    total = ZERO
    for lo, hi, part in zip(f.cuts, f.cuts[1:], f.parts[1:], strict=False):
        whole = (ZERO, *(c * germ(Fraction(1, k + 1)) for k, c in enumerate(part)))
        for end, sign in ((hi, UNIT), (lo, MINUS)):
            total = total + sum(_of(whole, (end,)), ZERO) * sign
    return total


def _diverges(f: Piecewise, pole: Pole, side: int) -> None:
    """Raise `NoValue` if what is divided by |z - c|^m vanishes to less than order m at c."""
    where = [(pole.place - cut).sign(side) for cut in f.cuts]
    first = sum(s > 0 for s in where)
    last = len(where) - sum(s < 0 for s in where)
    for part in f.parts[first : last + 1]:
        shifted = _of(part, (pole.place, UNIT))
        order = next((k for k, c in enumerate(shifted) if c.c), None)
        if order is not None and order < pole.order:
            raise NoValue(f"an integral of 1/|z|{SUPERSCRIPT[pole.order - order]} around 0")
    raise CannotEvaluate("an integral over a pole that converges")


def properties(f: Piecewise) -> frozenset[str]:
    """What is true of it, of the words in `derive.syntax.CLASSES`: computed from the pieces.

    >>> sorted(properties(function([0], [0], [0, 1])))
    ['cont', 'loc']
    """
    if f.pole is not None:
        return frozenset()
    found = {"loc"}
    ends = list(zip(f.cuts, f.parts, f.parts[1:], strict=False))

    def meet(a: Poly, b: Poly, cut: Germ) -> bool:
        return sum(_of(_plus(a, _times(b, (MINUS,))), (cut,)), ZERO) == ZERO

    if all(meet(a, b, cut) for cut, a, b in ends):
        found.add("cont")
        slopes = slope_of(f)
        if all(meet(a, b, c) for c, a, b in zip(f.cuts, slopes.parts, slopes.parts[1:],
                                                 strict=False)):  # fmt: skip
            found |= {"diff", "C1"}
    if not ends:
        found.add("smooth")
    if ends and not _nonzero(f.parts[0]) and not _nonzero(f.parts[-1]):
        found.add("compact")
    return frozenset(found)

"""Like terms: sums that differ in the names of their variables and in a number become one.

May: add coefficients.  Must not: change a sum.  `normal` calls it last.
"""

from __future__ import annotations

from fractions import Fraction

from derive.kernel.monomial import Monomial, monomials, rebuilt, summands
from derive.search.tidy import tidy
from derive.search.walk import Walk, together
from derive.syntax import ONE, Num


def collect(walk: Walk) -> None:
    """Each sum once, with the sum of its coefficients in front of what is summed."""
    found: dict[tuple[tuple[str, Fraction], ...], tuple[Fraction, Monomial]] = {}
    parts = monomials(walk.term)
    for m in parts:
        described = sorted((d, c) for d, c in summands(m).items() if c)
        if not described:
            continue
        unit = described[0][1]
        like = tuple((d, c / unit) for d, c in described)
        before = found.get(like)
        if before is None:
            found[like] = unit, _over(m, unit)
        else:
            found[like] = before[0] + unit, before[1]
    if len(found) == len(parts) and all(c for c, _ in found.values()):
        return
    walk.to(tidy(together([rebuilt(_times(m, c)) for c, m in found.values() if c])), "rearrange")


def _over(m: Monomial, c: Fraction) -> Monomial:
    return m if c == 1 else Monomial(m.binders, (Num(1 / c), *m.factors))


def _times(m: Monomial, c: Fraction) -> Monomial:
    numbers = [f.value for f in m.factors if isinstance(f, Num)]
    rest = tuple(f for f in m.factors if not isinstance(f, Num))
    for n in numbers:
        c *= n
    factors = rest if c == 1 and rest else (Num(c), *rest)
    return Monomial(m.binders, factors or (ONE,))

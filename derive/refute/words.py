"""Exact values and data in one line of Unicode, for terminals.

May: write down.  Must not: compute.  LaTeX and JSON have writers of their own in `meaning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from derive.meaning.exact import Exact, Monomial, Unit

SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def unicode(value: Any, names: Mapping[int, str] | None = None) -> str:
    """A number, a vector, or a formula in the coordinates that `names` names.

    >>> from derive.meaning import exp, generator, sqrt
    >>> x = generator(0)
    >>> unicode(2 * x * x * exp(-x * x) - x, {0: "x"}), unicode(sqrt(Fraction(1, 2), 1))
    ('2x² e^(-x²) - x', '1/2 √(2π)')
    >>> unicode((1, Fraction(-1, 2)))
    '(1, -1/2)'
    """
    if isinstance(value, tuple):
        return "(" + ", ".join(unicode(v, names) for v in value) + ")"
    if not isinstance(value, Exact):
        return str(value)
    terms = [(c, m, u) for u, poly in value.parts.items() for m, c in poly.items()]
    terms.sort(key=lambda t: (sum(e for _, e in t[1]), t[2], t[1]), reverse=True)
    out = ""
    for c, m, u in terms:
        shown = _term(abs(c), m, u, names or {})
        out += (f" {'-' if c < 0 else '+'} " if out else "-" if c < 0 else "") + shown
    return out


def _term(size: Any, m: Monomial, u: Unit, names: Mapping[int, str]) -> str:
    root, half, exponent = u
    powers = "".join(
        names.get(g, f"x{str(g + 1).translate(SUBSCRIPT)}")
        + (str(e).translate(SUPERSCRIPT) if e != 1 else "")
        for g, e in m
    )
    whole, odd = divmod(half, 2)
    pi = "π" + (str(whole).translate(SUPERSCRIPT) if whole != 1 else "") if whole else ""
    below = (str(root) if root > 1 else "") + ("π" if odd else "")
    under = f"√({below})" if len(below) > 1 else f"√{below}" if below else ""
    e = f"e^({unicode(Exact({(1, 0, ()): dict(exponent)}), names)})" if exponent else ""
    factors = [f for f in (powers, pi, under, e) if f]
    if size == 1 and factors:
        return " ".join(factors)
    number = str(Fraction(size))
    if powers and "/" not in number:
        factors[0] = number + factors[0]
        return " ".join(factors)
    return " ".join([number, *factors])

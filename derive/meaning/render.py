"""Exact values as text and as LaTeX.

May: write values down.  Must not: compute with them.  `data` and `refute` call it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from derive.meaning.exact import Exact, Monomial, Number, Unit


def plain(value: Number | tuple[Number, ...]) -> str:
    """Text that names each exact value.

    >>> from derive.meaning.exact import exp, sqrt
    >>> plain(Fraction(3, 2)), plain(sqrt(2, 1)), plain(3 * exp(-1) - 1), plain((1, 2))
    ('3/2', 'sqrt(2*pi)', '3*exp(-1) - 1', '(1, 2)')
    """
    if isinstance(value, tuple):
        return "(" + ", ".join(plain(v) for v in value) + ")"
    if not isinstance(value, Exact):
        return str(value)
    return _sum([_plain_term(c, m, u) for c, m, u in _terms(value)])


def latex(value: Number | tuple[Number, ...], names: Mapping[int, str] | None = None) -> str:
    r"""LaTeX, with names for the generators.

    >>> from derive.meaning.exact import exp, generator, sqrt
    >>> x = generator(0)
    >>> print(latex(x * exp(-x * x), {0: "x"}), latex(sqrt(Fraction(1, 2), 1)), latex(x - 1))
    x e^{-x^{2}} \frac{1}{2} \sqrt{2 \pi} x_{0} - 1
    """
    if isinstance(value, tuple):
        return r"\left(" + ", ".join(latex(v, names) for v in value) + r"\right)"
    if not isinstance(value, Exact):
        return _rational(value)
    return _sum([_latex_term(c, m, u, names or {}) for c, m, u in _terms(value)])


def _terms(value: Exact) -> list[tuple[Any, Monomial, Unit]]:
    found = [(c, m, u) for u, poly in value.parts.items() for m, c in poly.items()]
    return sorted(found, key=lambda t: (sum(e for _, e in t[1]), t[2], t[1]), reverse=True)


def _sum(terms: list[str]) -> str:
    out = terms[0]
    for term in terms[1:]:
        out += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return out


def _rational(c: Any) -> str:
    c = Fraction(c)
    if c.denominator == 1:
        return str(c.numerator)
    return ("-" if c < 0 else "") + rf"\frac{{{abs(c.numerator)}}}{{{c.denominator}}}"


def _root(r: int, k: int, pi: str, times: str) -> tuple[list[str], list[str]]:
    """(what stands before, what stands below the root) of sqrt(r) pi^(k/2)."""
    half, odd = divmod(k, 2)
    before = [pi if half == 1 else f"{pi}^{{{half}}}"] if half else []
    return before, ([str(r)] if r > 1 else []) + ([pi] if odd else [])


def _plain_term(c: Any, m: Monomial, u: Unit) -> str:
    r, k, exponent = u
    before, below = _root(r, k, "pi", "*")
    factors = [f.replace("{", "(").replace("}", ")") for f in before]
    factors += [f"sqrt({'*'.join(below)})"] if below else []
    factors += [f"x{g}" if e == 1 else f"x{g}^{e}" for g, e in m]
    if exponent:
        factors.append(f"exp({plain(Exact({(1, 0, ()): dict(exponent)}))})")
    return _product(c, factors, "*", str(abs(c)))


def _latex_term(c: Any, m: Monomial, u: Unit, names: Mapping[int, str]) -> str:
    r, k, exponent = u
    before, below = _root(r, k, r"\pi", " ")
    factors = before + ([rf"\sqrt{{{' '.join(below)}}}"] if below else [])
    for g, e in m:
        name = names.get(g, f"x_{{{g}}}")
        factors.append(name if e == 1 else f"{name}^{{{e}}}")
    if exponent:
        factors.append(f"e^{{{latex(Exact({(1, 0, ()): dict(exponent)}), names)}}}")
    return _product(c, factors, " ", _rational(abs(c)))


def _product(c: Any, factors: list[str], times: str, size: str) -> str:
    if abs(c) != 1 or not factors:
        factors = [size, *factors]
    return ("-" if c < 0 else "") + times.join(factors)

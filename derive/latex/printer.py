"""Nodes as LaTeX, in the notation that the reader reads and a lecturer writes.

May: use amsmath.  Must not: let a name act as a command (`derive.printing.names` sees to that).
"""

from __future__ import annotations

import re
from typing import ClassVar

from derive.printing.names import set_name
from derive.printing.pieces import POW, Out
from derive.printing.terms import Printer
from derive.syntax import Node

_TALL = re.compile(r"\\(frac|sum|int|left)(?![A-Za-z])")


def latex(node: Node) -> str:
    r"""LaTeX (for math mode) of any node.

    >>> from derive.syntax import Fn, Sum, Var, Z
    >>> a, i, f, g = Var("a", Z), Var("i", Z), Fn("f", (Z,)), Fn("g", (Z,))
    >>> print(latex(Sum(a, (), f(a) * g(i - a))))
    \sum_{a \in \mathbb{Z}} f(a) g(i - a)
    """
    return Latex().show(node)


class Latex(Printer):
    minus, dot, star = "-", r"\cdot", "*"
    relations: ClassVar[dict[str, str]] = {"=": "=", "<=": r"\le", "<": "<"}
    negated: ClassVar[dict[str, str]] = {"=": r"\ne", "<=": r"\nleq", "<": r"\nless"}
    divides, divides_not, negation = r" \mid ", r" \nmid ", r"\lnot "
    conj, disj = r" \land ", r" \lor "
    maps, element, times, defined = r" \mapsto ", r" \in ", r" \times ", " := "
    infinity: ClassVar[tuple[str, str]] = (r"-\infty", r"\infty")
    sets: ClassVar[dict[str, str]] = {"Z": r"\mathbb{Z}", "R": r"\mathbb{R}"}
    converges, given = r" \text{ converges absolutely}", (r" \quad (\text{given } ", ")")

    def ident(self, name: str) -> str:
        return set_name(name).latex

    def plain(self, name: str) -> bool:
        return set_name(name).plain

    def paren(self, s: str) -> str:
        return rf"\left({s}\right)" if _TALL.search(s) else f"({s})"

    def brackets(self, s: str) -> str:
        return rf"\left[{s}\right]" if _TALL.search(s) else f"[{s}]"

    def sub(self, s: str) -> str:
        return f"_{{{s}}}"

    def sup(self, s: str) -> str:
        return f"^{{{s}}}"

    def fraction(self, num: Out, den: Out) -> Out:
        if self.tight:
            return self.slash(num, den)
        return Out(rf"\frac{{{self.flat(num)}}}{{{self.flat(den)}}}", POW)

    def floor(self, s: str) -> str:
        if self.tight or not _TALL.search(s):
            return rf"\lfloor {s} \rfloor"
        return rf"\left\lfloor {s} \right\rfloor"

    def absolute(self, s: str) -> str:
        return rf"\left|{s}\right|"

    def maximum(self, a: str, b: str) -> str:
        return r"\max" + self.paren(f"{a}, {b}")

    def big_sum(self, low: str, high: str, body: str) -> str:
        return rf"\sum_{{{low}}}{self.sup(high) if high else ''} {body}"

    def integral(self, low: str, high: str, body: str, var: str) -> str:
        return rf"\int_{{{low}}}{self.sup(high) if high else ''} {body} \,d{var}"

    def derivative(self, top: str, below: str, order: int, real: bool) -> str:
        d = "d" if real else r"\partial"
        power = "" if order == 1 else self.sup(str(order))
        above = f"{d}{power}" + (f" {top}" if top and not real else top)
        return rf"\frac{{{above}}}{{{d}{'' if real else ' '}{below}{power}}}"

    def slot(self, number: int, head: str) -> str:
        return rf"\partial_{{{number}}} {head}"

    def at_point(self, s: str, point: str) -> str:
        return rf"\left.{s}\right|_{{{point}}}"

    def opens(self, s: str) -> bool:
        return s.startswith(("(", r"\left("))

    def gap(self, op: str) -> str:
        if self.tight:
            return f"{op} " if op.startswith("\\") else op
        return f" {op} "

    def juxtaposed(self, before: str, after: str) -> str:
        if not self.tight:
            return " "
        command = re.search(r"\\[A-Za-z]+$", before)
        return " " if command and after[0].isalpha() else ""


def _for_sympy(node: Node, printer: object, **_: object) -> str:
    """What `sympy.latex` asks an object for that is none of SymPy's own: a theorem's side, say."""
    return latex(node)


Node._latex = _for_sympy  # type: ignore[attr-defined]

"""Printed pieces, and the tokens in which Unicode and LaTeX differ.

May: put parentheses, signs and scripts together.  Must not: look inside a node (`terms`,
`functions` and `conditions` do).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

ADD, MUL, POW, ATOM = 1, 2, 3, 4  # how tightly a printed piece holds together


@dataclass(frozen=True)
class Out:
    """A printed piece, its sign apart.

    `open`: what follows would be taken into it, as by a sum.
    `name`: it ends in a letter, so that a parenthesis after it would look like a call.
    """

    s: str
    prec: int
    open: bool = False
    neg: bool = False
    name: bool = False

    def negated(self) -> Out:
        return replace(self, neg=not self.neg)


class Pieces:
    """What the walk asks for; the attributes and the methods up to the line are Unicode's."""

    minus, plus, dot, star = "−", "+", "·", "∗"
    relations: ClassVar[dict[str, str]] = {"=": "=", "<=": "≤", "<": "<"}
    negated: ClassVar[dict[str, str]] = {"=": "≠", "<=": "≰", "<": "≮"}
    divides, divides_not, conj, disj, negation = " | ", " ∤ ", " ∧ ", " ∨ ", "¬"
    maps, element, times, defined = " ↦ ", "∈", " × ", " := "
    infinity: ClassVar[tuple[str, str]] = ("−∞", "∞")
    sets: ClassVar[dict[str, str]] = {"Z": "Z", "R": "R"}
    converges, given = " converges absolutely", ("  (given ", ")")
    tight = False  # inside an index: no spaces around + and -
    dotted = False  # between letters: x_{s·i} has one index, x_{si} two
    bare: tuple[Any, ...] | None = None  # arguments that are left out: g(x) + h(x) as g + h

    def ident(self, name: str) -> str:
        raise NotImplementedError

    def plain(self, name: str) -> bool:
        raise NotImplementedError

    def paren(self, s: str) -> str:
        return f"({s})"

    def brackets(self, s: str) -> str:
        return f"[{s}]"

    def sub(self, s: str) -> str:
        return f"_{s}" if len(s) == 1 else f"_{{{s}}}"

    def sup(self, s: str) -> str:
        return f"^{s}" if len(s) == 1 else f"^{{{s}}}"

    def fraction(self, num: Out, den: Out) -> Out:
        return self.slash(num, den)

    def floor(self, s: str) -> str:
        return f"⌊{s}⌋"

    def absolute(self, s: str) -> str:
        return f"|{s}|"

    def maximum(self, a: str, b: str) -> str:
        return f"max({a}, {b})"

    def big_sum(self, low: str, high: str, body: str) -> str:
        return f"Σ_{{{low}}}{self.sup(high) if high else ''} {body}"

    def integral(self, low: str, high: str, body: str, var: str) -> str:
        return f"∫{self.sub(low)}{self.sup(high) if high else ''} {body} d{var}"

    def derivative(self, top: str, below: str, order: int, real: bool) -> str:
        d = "d" if real else "∂"
        power = "" if order == 1 else self.sup(str(order))
        return f"{d}{power}{top}/{d}{below}{power}"

    def slot(self, number: int, head: str) -> str:
        return f"∂_{number} {head}"

    def at_point(self, s: str, point: str) -> str:
        return f"({s})|_{{{point}}}"

    def opens(self, s: str) -> bool:
        return s.startswith("(")

    def juxtaposed(self, before: str, after: str) -> str:
        return "" if self.tight and before[-1].isdigit() else " "

    # ------------------------------------------------------------------------------------------

    def index_printer(self) -> Any:
        out = type(self)()
        out.tight, out.bare = True, self.bare
        return out

    def gap(self, op: str) -> str:
        return op if self.tight else f" {op} "

    def flat(self, out: Out) -> str:
        return (self.minus if out.neg else "") + out.s

    def wrap(self, out: Out, prec: int, last: bool = True) -> str:
        """The piece, in parentheses if it is looser than `prec` or would swallow what follows."""
        whole = ADD if out.neg else out.prec
        if whole >= prec and (last or not out.open):
            return self.flat(out)
        return self.paren(self.flat(out))

    def slash(self, num: Out, den: Out) -> Out:
        return Out(f"{self.wrap(num, MUL, last=False)}/{self.wrap(den, ATOM)}", MUL)

    def between(self, left: Out, before: str, after: str) -> str:
        """What stands between two factors: nothing but space, unless that would be misread."""
        called = left.name and not before.endswith(")") and self.opens(after)
        letters = self.dotted and not before[-1].isdigit()
        if called or letters or after[0].isdigit() or before == "0":
            return self.gap(self.dot)
        return self.juxtaposed(before, after)

"""How wide a formula is, roughly, and where it may be broken.

May: read LaTeX that `derive.latex.printer` wrote.  Must not: change what it says; a break inside
parentheses sets them in a fixed size, since \\left and \\right must stand in one line.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_WIDE = {r"\sum": 1.3, r"\int": 0.8, r"\quad": 1.0, r"\qquad": 2.0, r"\,": 0.17, r"\max": 2.0}
_NONE = {r"\left", r"\right", r"\frac", r"\mathbb", r"\mathrm", r"\mathcal", r"\displaystyle"}
_BINARY = set("+-=<>") | {r"\le", r"\in", r"\mapsto", r"\star", r"\cdot", r"\mid", r"\land"}
_OPEN, _CLOSE = set("({["), set(")}]")


def tokens(latex: str) -> list[str]:
    return _TOKEN.findall(latex)


def width(latex: str) -> float:
    """The width in em of displayed mathematics, a little on the safe side."""
    return _width(tokens(latex), 0)[0]


def _width(parts: list[str], at: int) -> tuple[float, int]:
    """The width up to the closing brace, and where it is."""
    total = 0.0
    while at < len(parts):
        mark = parts[at]
        if mark == "}":
            return total, at + 1
        if mark == r"\frac":
            top, at = _argument(parts, at + 1)
            low, at = _argument(parts, at)
            total += max(top, low) + 0.3
            continue
        if mark in ("_", "^"):
            # limits stand below a sum, indices beside a letter
            below = _WIDE[r"\sum"] if at and parts[at - 1] == r"\sum" else 0.0
            inner, at = _argument(parts, at + 1)
            if at < len(parts) and parts[at] in ("_", "^"):  # one above the other
                other, at = _argument(parts, at + 1)
                inner = max(inner, other)
            total += max(0.0, 0.7 * inner - below)
            continue
        if mark == "{":
            inner, at = _width(parts, at + 1)
            total += inner
            continue
        total += _one(mark)
        at += 1
    return total, at


def _argument(parts: list[str], at: int) -> tuple[float, int]:
    if at < len(parts) and parts[at] == "{":
        return _width(parts, at + 1)
    return (_one(parts[at]) if at < len(parts) else 0.0), at + 1


def _one(mark: str) -> float:
    if mark.isspace() or mark in _NONE:
        return 0.0
    if mark in _WIDE:
        return _WIDE[mark]
    if mark in _BINARY:
        return 1.4
    if mark in "()[]|,.;:'!":
        return 0.4
    return 0.5 if mark.isdigit() else 0.65 if mark.startswith("\\") else 0.6


def broken(latex: str, limit: float) -> list[str]:
    """The formula in lines of at most `limit` em, where a good break can be found."""
    for inside, factors, brackets in _CUTS:
        lines = _greedy(pieces(latex, inside, factors, brackets), limit)
        if all(width(x) <= limit for x in lines):
            return lines
    return lines


# how deep, between factors, inside brackets: better places first
_CUTS = (
    (0, False, False), (1, False, False), (0, True, False), (1, True, False), (2, True, False),
    (1, True, True), (2, True, True), (3, True, True),
)  # fmt: skip


def pieces(
    latex: str, inside: int = 0, factors: bool = False, brackets: bool = False
) -> list[str]:
    """The formula cut at every good place, with spaces kept: joined, they are the formula."""
    return _Cutter(inside, factors, brackets).run(latex)


class _Cutter:
    """Cuts before + and - and before big operators, in up to `inside` pairs of parentheses.

    Arguments, scripts and fractions stay whole: f(a - b) is never broken; nor are brackets, unless
    they are longer than a line.
    """

    def __init__(self, inside: int, factors: bool, brackets: bool) -> None:
        self.inside = inside
        self.factors = factors  # between any two factors too
        self.brackets = brackets
        self.pieces: list[str] = []
        self.piece = ""
        self.fences: list[bool] = []  # for each open parenthesis: whether it groups
        self.braces = 0
        self.sign = False  # a big operator whose body has not begun

    def run(self, latex: str) -> list[str]:
        parts = tokens(latex)
        k = 0
        while k < len(parts):
            mark = parts[k]
            if mark in (r"\left", r"\right") and k + 1 < len(parts):
                self.fence(mark, parts[k + 1])
                k += 2
                continue
            if mark in ("(", "[", ")", "]") and not self.braces:
                self.fence("", mark)
            else:
                self.other(mark, parts[k + 1] if k + 1 < len(parts) else "")
            k += 1
        return [*self.pieces, self.piece] if self.piece.strip() else self.pieces

    def fence(self, size: str, mark: str) -> None:
        if self.braces:
            self.piece += size + mark
            return
        opens = size == r"\left" or (not size and mark in "([")
        if opens:
            called = not size and bool(re.search(r"[A-Za-z0-9}')\]]$", self.piece))
            self.fences.append(not called and mark in ("([" if self.brackets else "("))
        loose = self.allowed()
        if size and loose and mark in "()[]":
            size = r"\Bigl" if opens else r"\Bigr"
        self.sign = self.sign and not opens
        self.piece += size + mark
        if not opens and self.fences:
            self.fences.pop()
            self.sign = False

    def allowed(self) -> bool:
        return all(self.fences) and len(self.fences) <= self.inside and not self.braces

    def other(self, mark: str, after: str) -> None:
        big = mark in (r"\sum", r"\int")
        operator = mark in ("+", "-") and self.piece.endswith(" ") and after.isspace()
        bare = re.search(r"(^|[+\-(\[=]|\\cdot|\|)\s*$", self.piece)
        if self.allowed() and (operator or (big and not self.sign and not bare)):
            self.pieces.append(self.piece)
            self.piece = ""
        self.piece += mark
        if self.factors and mark.isspace() and self.allowed() and not self.sign:
            before = re.search(r"(\\[A-Za-z]+|[^\s])\s*$", self.piece)
            joint = {before[1], after} & (_BINARY | {":", "", r"\,"}) if before else {""}
            if not joint:
                self.pieces.append(self.piece)
                self.piece = ""
        if not self.braces and not mark.isspace() and mark not in "_^{}":
            self.sign = big
        self.braces += (mark == "{") - (mark == "}")


def _greedy(cut: list[str], limit: float) -> list[str]:
    lines: list[str] = []
    for piece in cut:
        if lines and width(lines[-1] + piece) <= limit:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [x.strip() for x in lines]

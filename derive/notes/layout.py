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
            inner, at = _argument(parts, at + 1)
            total += 0.7 * inner
            if at < len(parts) and parts[at] in ("_", "^"):  # one above the other
                other, at = _argument(parts, at + 1)
                total += 0.7 * max(0.0, other - inner)
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
    for inside in range(3):
        lines = _greedy(_pieces(latex, inside), limit)
        if all(width(x) <= limit for x in lines):
            return lines
    return lines


def _pieces(latex: str, inside: int) -> list[str]:
    """Cut before + and - and before big operators, in up to `inside` pairs of parentheses."""
    parts = tokens(latex)
    depth, braces = 0, 0
    out, piece = [], ""
    k = 0
    while k < len(parts):
        mark = parts[k]
        sized = mark in (r"\left", r"\right")
        fence = parts[k + 1] if sized and k + 1 < len(parts) else mark
        if mark == r"\left" or (not sized and fence in ("(", "[")):
            depth += 1
        level = depth
        if sized and level <= inside and fence in "()[]":
            mark = r"\Bigl" if mark == r"\left" else r"\Bigr"
        braces += (fence == "{") - (fence == "}")
        spaced = mark in ("+", "-") and piece.endswith(" ") and k + 1 < len(parts)
        cut = spaced and parts[k + 1].isspace()
        if not cut and piece and mark in (r"\sum", r"\int"):
            # before a sum that stands as a factor, not after its own sign or an opening
            cut = not re.search(r"([+\-(\[=]|\\cdot)\s*$", piece)
        if braces == 0 and cut and depth <= inside and piece.strip():
            out.append(piece)
            piece = ""
        piece += mark
        if sized and k + 1 < len(parts):
            piece += fence
            k += 1
        if mark in (r"\right", r"\Bigr") or (not sized and fence in (")", "]")):
            depth -= 1
        k += 1
    return [*out, piece] if piece.strip() else out


def _greedy(pieces: list[str], limit: float) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        if lines and width(lines[-1] + piece) <= limit:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [x.strip() for x in lines]

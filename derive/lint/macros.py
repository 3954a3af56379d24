"""A document's own macros: \\newcommand, \\def, \\let, \\DeclareMathOperator.

May: collect definitions and expand their uses, each character with its place.  Must not: run
anything else of TeX.  A limit on steps and on size ends every expansion (`TooMuch`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.lint.mapped import SEAM, Mapped

MAX_STEPS, MAX_SIZE, MAX_BODY, MAX_UNCLOSED = 2_000, 40_000, 4_000, 100

DEFINES = re.compile(
    r"\\(?:(?P<new>(?:re|provide)?newcommand|providecommand|DeclareRobustCommand"
    r"|(?P<operator>DeclareMathOperator))\*?(?![A-Za-z])\s*"
    r"(?:\{\s*(?P<braced>\\(?:[A-Za-z]+|.))\s*\}|(?P<bare>\\(?:[A-Za-z]+|.)))"
    r"\s*(?:\[(?P<count>[0-9])\]\s*(?:\[(?P<default>[^\[\]]{0,200})\])?)?\s*(?=\{)"
    r"|[gex]?def\s*(?P<def>\\(?:[A-Za-z]+|.))(?P<params>[^{}\n]{0,80})(?=\{)"
    r"|let\s*(?P<let>\\(?:[A-Za-z]+|.))\s*=?\s*(?P<to>\\(?:[A-Za-z]+|.)|[^\s\\{}]))"
)
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)


class TooMuch(Exception):
    """Macros that expand without end, or to too much."""


@dataclass(frozen=True)
class Macro:
    """`name` with its backslash; `default` is that of an optional first argument."""

    name: str
    count: int
    body: str
    default: str | None = None
    start: int = 0
    end: int = 0
    scripts: bool = False  # whether scripts after it belong to it (\\underbrace)


def _built(name: str, count: int, body: str, scripts: bool = False) -> Macro:
    return Macro("\\" + name, count, body, scripts=scripts)


BUILT_IN = {
    m.name: m
    for m in (
        *(_built(n, 2, "#2") for n in ("textcolor", "stackrel", "overset", "underset",
                                       "colorbox", "htmlClass", "class")),
        *(_built(n, 1, "#1") for n in ("mathbin", "mathrel", "mathop", "mathord", "mathopen",
                                       "mathclose", "boxed", "fbox", "smash", "vcenter",
                                       "mathstrut", "cancel", "bcancel", "qty")),
        *(_built(n, 1, "#1", scripts=True) for n in ("underbrace", "overbrace", "underbracket",
                                                     "overbracket")),
        _built("dd", 1, r"\,\mathrm{d} #1"), _built("abs", 1, r"\left| #1 \right|"),
        _built("dv", 2, r"\frac{d #1}{d #2}"), _built("pdv", 2, r"\frac{\partial #1}{\partial #2}"),
        _built("floor", 1, r"\lfloor #1 \rfloor"), _built("ceil", 1, r"\lceil #1 \rceil"),
        _built("bold", 1, r"\mathbf{#1}"), _built("pmb", 1, r"\mathbf{#1}"),
        _built("intertext", 1, ""), _built("shortintertext", 1, ""),
    )
}  # fmt: skip


def group_end(text: str, start: int, limit: int = 1_000_000) -> int:
    """The offset after the brace that closes the one at `start`, or -1."""
    depth = 0
    for m in BRACE.finditer(text, start, min(len(text), start + limit)):
        depth += (m[0] == "{") - (m[0] == "}")
        if depth == 0:
            return m.end()
    return -1


def collect(text: str) -> list[Macro]:
    """The definitions of a text, in its order; `start:end` is what they take up."""
    out: list[Macro] = []
    at = unclosed = 0
    while (m := DEFINES.search(text, at)) is not None:
        at = m.end()
        if m["let"]:
            out.append(Macro(m["let"], 0, m["to"], None, m.start(), m.end()))
            continue
        end = group_end(text, at, MAX_BODY)
        if end < 0:
            unclosed += 1
            if unclosed > MAX_UNCLOSED:
                break
            continue
        body = text[at + 1 : end - 1]
        if m["def"]:
            params = m["params"].strip()
            count = params.count("#")
            if params == "".join(f"#{k + 1}" for k in range(count)):
                out.append(Macro(m["def"], count, body, None, m.start(), end))
        else:
            if m["operator"]:
                body = rf"\operatorname{{{body}}}"
            name = m["braced"] or m["bare"]
            out.append(Macro(name, int(m["count"] or 0), body, m["default"], m.start(), end))
        at = end
    return out


class _Input:
    """Characters still to be read, the next one last; expansions are put back."""

    def __init__(self, text: Mapped) -> None:
        self.stack = list(zip(reversed(text.text), reversed(text.places[:-1]), strict=True))

    def spaces(self) -> None:
        while self.stack and self.stack[-1][0].isspace():
            self.stack.pop()

    def command(self) -> list[tuple[str, int]]:
        """A control sequence; the next character is its backslash."""
        out = [self.stack.pop()]
        if self.stack:
            out.append(self.stack.pop())
            while out[-1][0].isascii() and out[-1][0].isalpha() and self.stack:
                if not (self.stack[-1][0].isascii() and self.stack[-1][0].isalpha()):
                    break
                out.append(self.stack.pop())
        return out

    def argument(self) -> list[tuple[str, int]]:
        self.spaces()
        if not self.stack:
            return []
        if self.stack[-1][0] == "\\":
            return self.command()
        if self.stack[-1][0] != "{":
            return [self.stack.pop()]
        return self.between("{", "}")

    def between(self, opening: str, closing: str) -> list[tuple[str, int]]:
        self.stack.pop()
        out: list[tuple[str, int]] = []
        depth = 1
        while self.stack:
            if self.stack[-1][0] == "\\":
                out += self.command()
                continue
            char = self.stack.pop()
            depth += (char[0] == opening) - (char[0] == closing)
            if depth == 0:
                break
            out.append(char)
        return out

    def drop_scripts(self) -> None:
        self.spaces()
        while self.stack and self.stack[-1][0] in "_^":
            self.stack.pop()
            self.argument()
            self.spaces()


def expand(text: Mapped, table: dict[str, Macro]) -> Mapped:
    """The text with all macros replaced; raises `TooMuch`."""
    table = {**BUILT_IN, **table}
    if not any(m[0] in table for m in COMMAND.finditer(text.text)):
        return text
    source = _Input(text)
    out: list[tuple[str, int]] = []
    steps = 0
    while source.stack:
        if source.stack[-1][0] != "\\":
            out.append(source.stack.pop())
            continue
        command = source.command()
        macro = table.get("".join(c for c, _ in command))
        if macro is None:
            out += command
            continue
        steps += 1
        made = _apply(macro, source, command[0][1])
        if steps > MAX_STEPS or len(out) + len(source.stack) + len(made) > MAX_SIZE:
            raise TooMuch(f"{macro.name} expands to too much, or without end")
        source.stack.extend(reversed(made))
    return Mapped("".join(c for c, _ in out), [*(p for _, p in out), text.places[-1]])


def _apply(macro: Macro, source: _Input, place: int) -> list[tuple[str, int]]:
    args: list[list[tuple[str, int]]] = []
    if macro.default is not None:
        source.spaces()
        if source.stack and source.stack[-1][0] == "[":
            args.append(source.between("[", "]"))
        else:
            args.append([(c, place) for c in macro.default])
    while len(args) < macro.count:
        args.append(source.argument())
    if macro.scripts:
        source.drop_scripts()
    made = [(SEAM, place)]
    for k, piece in enumerate(re.split(r"#([1-9])", macro.body)):
        if k % 2 == 0:
            made += [(c, place) for c in piece]
        elif int(piece) <= len(args):
            made += [(SEAM, place), *args[int(piece) - 1], (SEAM, place)]
            if sum(map(len, args)) > MAX_SIZE or len(made) > MAX_SIZE:
                raise TooMuch(f"{macro.name} expands to too much")
    return [*made, (SEAM, place)]

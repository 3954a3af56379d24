"""Markdown and plain text: formulas, macros, directives; code left alone.

May: find places in a text.  Must not: read formulas.  Fenced code, inline code, indented code,
<pre> and <code>, HTML comments and front matter are no mathematics.
"""

from __future__ import annotations

import re

from derive.lint.delimiters import env_aliases, formulas
from derive.lint.items import Directive, Found, directive, mask
from derive.lint.macros import collect

LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+){0,3}(`{3,}|~{3,})[ \t]*([^\r\n]*)")
LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
INDENTED = re.compile(r"(?: {4}|\t)")
INLINE = re.compile(
    r"(?P<math>\$\$)|(?P<escape>\\[`\\])|(?P<ticks>`+)|<!--|<(?P<tag>pre|code|script|style)\b[^>]*>",
    re.I,
)
HEADING = re.compile(r"^(?:[ ]{0,3}#{1,6}[ \t]|(?:=|-){3,}[ \t]*$)", re.M)
LATEX_COMMENT = re.compile(r"(?m)^[ \t]*%+([ \t]*derive:[^\r\n]*)")
FRONT = re.compile(r"\A---[ \t]*\r?\n.{0,20000}?\n(?:---|\.\.\.)[ \t]*(?=\r?\n|\Z)", re.DOTALL)


def extract(text: str) -> Found:
    """What a Markdown or plain text holds."""
    spans = _blocks(text)
    if front := FRONT.match(text):
        spans.append((0, front.end()))
    masked = mask(text, spans)
    inline, directives = _inline(masked)
    masked = mask(masked, inline)
    for m in LATEX_COMMENT.finditer(masked):
        if (found := directive(m[1], m.start(1))) is not None:
            directives.append(found)
            inline.append(m.span())
    masked = mask(masked, inline)
    macros = collect(masked)
    masked = mask(masked, [(m.start, m.end) for m in macros])
    out = Found(masked, directives=sorted(directives, key=lambda d: d.start), macros=macros)
    out.formulas, out.troubles = formulas(masked, env_aliases(macros), doubled=True)
    out.breaks = [m.start() for m in HEADING.finditer(masked)]
    return out


def _blocks(text: str) -> list[tuple[int, int]]:
    """Fenced and indented code."""
    spans: list[tuple[int, int]] = []
    fence: tuple[str, int] | None = None
    after_blank, in_list, in_code = True, False, False
    for m in LINE.finditer(text):
        if m.start() == m.end():
            continue
        line = m[0].rstrip("\r\n")
        marked = FENCE.match(line)
        if fence is not None:
            if marked and marked[1].startswith(fence[0]) and not marked[2].strip():
                spans.append((fence[1], m.end()))
                fence = None
            continue
        if marked and not (marked[1][0] == "`" and "`" in marked[2]):
            fence, after_blank = (marked[1], m.start()), False
            continue
        if not line.strip():
            after_blank = True
            continue
        if INDENTED.match(line) and not in_list and (after_blank or in_code):
            spans.append(m.span())
            in_code = True
        else:
            in_code = False
            if LIST_ITEM.match(line):
                in_list = True
            elif not line[0].isspace() and after_blank:
                in_list = False
        after_blank = False
    if fence is not None:
        spans.append((fence[1], len(text)))
    return spans


def _inline(text: str) -> tuple[list[tuple[int, int]], list[Directive]]:
    """Code spans, comments and HTML code; in $$...$$ a backtick is no code."""
    spans: list[tuple[int, int]] = []
    directives: list[Directive] = []
    closers, lowered, unclosed = _tick_runs(text), text.lower(), set[str]()
    if len(lowered) != len(text):  # a letter whose lower case is longer
        lowered = text
    at = 0
    while (m := INLINE.search(text, at)) is not None:
        at = m.end()
        if m["math"]:
            end = text.find("$$", at, at + 20_000)
            if end >= 0 and "`" not in text[at:end]:
                at = end + 2
                comment = text.find("<!--", m.end(), end)
                if comment >= 0:
                    at = comment
        elif m["ticks"]:
            runs = closers.get(len(m["ticks"]), [])
            while runs and runs[-1] < at:
                runs.pop()
            if runs and not re.search(r"\n[ \t]*\r?\n", text[at : min(runs[-1], at + 5_000)]):
                at = runs[-1] + len(m["ticks"])
                spans.append((m.start(), at))
        elif m[0] == "<!--":
            end = text.find("-->", at)
            stop = end if end >= 0 else len(text)
            if (found := directive(text[at:stop], at)) is not None:
                directives.append(found)
            at = stop + 3 if end >= 0 else len(text)
            spans.append((m.start(), min(at, len(text))))
        elif m["tag"] and m["tag"].lower() not in unclosed:
            end = lowered.find(f"</{m['tag'].lower()}>", at)
            if end < 0:
                unclosed.add(m["tag"].lower())
            if end >= 0:
                at = end
                spans.append((m.start(), at))
    return spans, directives


def _tick_runs(text: str) -> dict[int, list[int]]:
    """Runs of backticks by their length, the first one last."""
    out: dict[int, list[int]] = {}
    for m in re.finditer(r"`+", text):
        out.setdefault(len(m[0]), []).append(m.start())
    for runs in out.values():
        runs.reverse()
    return out

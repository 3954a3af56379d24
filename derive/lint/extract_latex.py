"""LaTeX, articles and slides: formulas, macros, directives; verbatim and comments left alone.

May: find places in a text.  Must not: read formulas.
"""

from __future__ import annotations

import re

from derive.lint.delimiters import env_aliases, formulas
from derive.lint.items import Found, directive, mask
from derive.lint.macros import collect

CODE = "verbatim|Verbatim|lstlisting|minted|comment|filecontents|tikzpicture|alltt|algorithmic"
SKIP = re.compile(
    rf"(?P<code>\\begin\s*\{{\s*(?P<env>(?:{CODE})\*?)\s*\}})"
    r"|(?P<verb>\\(?:verb|lstinline|mintinline(?:\[[^\]]*\])?\{\w+\})\*?(?![A-Za-z])"
    r"(?:\[[^\]\n]*\])?(?P<bar>[^\sA-Za-z{])[^\n]*?(?P=bar))"
    r"|\\(?:lstinline|mintinline\{\w+\}|url|href|path)\s*\{[^{}\n]*\}"
    r"|(?P<pass>\\.)|(?P<comment>%[^\r\n]*)",
    re.DOTALL,
)
BREAK = re.compile(
    r"\\(?:part|chapter|(?:sub){0,2}section|paragraph)\*?\s*[\[{]|\\begin\s*\{(?:frame|theorem|"
    r"lemma|example|proof)\}|\\frame(?![A-Za-z])"
)
END_DOCUMENT = re.compile(r"\\end\s*\{document\}")


def extract(text: str) -> Found:
    """What a LaTeX text holds."""
    spans: list[tuple[int, int]] = []
    directives = []
    at = 0
    while (m := SKIP.search(text, at)) is not None:
        at = m.end()
        if m["pass"] is not None:
            continue
        if m["comment"] is not None:
            if (said := directive(m["comment"].lstrip("%"), _after_percent(m))) is not None:
                directives.append(said)
        elif m["code"] is not None:
            end = text.find(f"\\end{{{m['env']}}}", at)
            at = end if end >= 0 else len(text)
        spans.append((m.start(), at))
    masked = mask(text, spans)
    if (end_document := END_DOCUMENT.search(masked)) is not None:
        masked = mask(masked, [(end_document.start(), len(masked))])
        directives = [d for d in directives if d.start < end_document.start()]
    macros = collect(masked)
    masked = mask(masked, [(m.start, m.end) for m in macros])
    found = Found(masked, directives=directives, macros=macros)
    found.formulas, found.troubles = formulas(masked, env_aliases(macros))
    found.breaks = [m.start() for m in BREAK.finditer(masked)]
    return found


def _after_percent(m: re.Match[str]) -> int:
    return m.start() + len(m[0]) - len(m[0].lstrip("%"))

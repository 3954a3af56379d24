"""Where formulas begin and end: $, $$, \\(, \\[ and the environments of mathematics.

May: pair delimiters in a text without code and comments, in time linear in its length.  Must not:
read what is between them, but for telling money and prose from mathematics.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable

from derive.lint.items import Formula, Trouble
from derive.lint.macros import Macro

ENVIRONMENTS = {
    name + star
    for name in ("equation", "align", "aligned", "gather", "gathered", "eqnarray", "multline",
                 "displaymath", "math", "alignat", "flalign", "alignedat", "dmath")
    for star in ("", "*")
}  # fmt: skip
BLANK_LINE = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)")
WORDS = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}[,;]?\s+[A-Za-z]{3,}")
TEXT_ARGUMENT = re.compile(r"\\(?:text|mathrm|operatorname|mbox|textrm|textbf|textit|label|tag|"
                           r"begin|end|hbox)\*?\s*\{[^{}]*\}")
HANGUL = re.compile("[\uac00-\ud7a3]")
MATH_SIGNS = re.compile(r"[\\=^_+*/<>|]|\A\s*[A-Za-z]\s*\Z")
MAX_FORMULA, MAX_TROUBLES = 100_000, 50


def delimiter_pattern(aliases: Iterable[str] = (), doubled: bool = False) -> re.Pattern[str]:
    names = "".join(rf"|{re.escape(a)}(?![A-Za-z])" for a in aliases)
    more = r"|\\\\[()]" if doubled else ""
    return re.compile(
        rf"(?P<skip>(?!\\\\[()])\\\\|\\\$|\\[{{}}]){more}|\$\$|\$|\\[()\[\]]"
        rf"|\\(?:begin|end)\s*\{{\s*(?P<env>[A-Za-z]+\*?)\s*\}}(?:\{{\d\}})?{names}|[{{}}]"
        if doubled
        else rf"(?P<skip>\\\\|\\\$|\\[{{}}])|\$\$|\$|\\[()\[\]]"
        rf"|\\(?:begin|end)\s*\{{\s*(?P<env>[A-Za-z]+\*?)\s*\}}(?:\{{\d\}})?{names}|[{{}}]"
    )


def env_aliases(macros: Iterable[Macro]) -> dict[str, str]:
    """Macros that only begin or end a formula, as in \\be ... \\ee."""
    out = {}
    for macro in macros:
        body = re.sub(r"\s+", "", macro.body)
        if macro.count == 0 and re.fullmatch(r"\\(?:begin|end)\{[A-Za-z]+\*?\}|\\[\[\]]", body):
            out[macro.name] = body
    return out


def formulas(
    text: str, aliases: dict[str, str] | None = None, doubled: bool = False
) -> tuple[list[Formula], list[Trouble]]:
    """All formulas of a text; those that begin and do not end are trouble."""
    aliases = aliases or {}
    events = [
        (m.start(), m.end(), aliases.get(m[0], m[0]), m["env"])
        for m in delimiter_pattern(aliases, doubled).finditer(text)
        if m["skip"] is None
    ]
    out: list[Formula] = []
    troubles: list[Trouble] = []
    blanks = [m.start() for m in BLANK_LINE.finditer(text)]
    k = 0
    while k < len(events):
        start, inner, mark, env = events[k]
        opens = mark in ("$", "$$", r"\(", r"\[", r"\\(") or (
            mark.startswith("\\begin") and _env(mark) in ENVIRONMENTS
        )
        if not opens:
            k += 1
            continue
        close = _closing(events, k, mark)
        if close is None:
            if mark not in ("$", r"\\("):
                troubles.append(Trouble(start, f"{_shown(mark)} without its end"))
            k += 1
            continue
        inner_end, end = events[close][:2]
        body = text[inner:inner_end]
        if not plausible(body, mark, text[end : end + 1], blanks, inner, inner_end):
            if mark == "$$" or (mark.startswith("\\") and mark != r"\\("):
                troubles.append(Trouble(start, f"{_shown(mark)} without its end"))
            k += 1
            continue
        env = _env(mark) if mark.startswith("\\begin") else mark
        if not body.strip():
            k = close + 1
            continue
        out.append(Formula(start, end, inner, inner_end, env, mark not in ("$", r"\(", r"\\(")))
        k = close + 1
    if len(troubles) > MAX_TROUBLES:
        more = len(troubles) - MAX_TROUBLES
        at = troubles[MAX_TROUBLES].start
        troubles = [*troubles[:MAX_TROUBLES], Trouble(at, f"and {more} more without their end")]
    return out, troubles


def _env(mark: str) -> str:
    return mark[mark.index("{") + 1 : mark.index("}")].strip() if "{" in mark else ""


def _shown(mark: str) -> str:
    return mark.replace("\n", " ")


def _closing(events: list[tuple[int, int, str, str | None]], k: int, mark: str) -> int | None:
    """The event that closes the one at k; the walk ends where the same thing opens again."""
    start = events[k][0]
    wanted = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]", r"\\(": r"\\)"}.get(mark)
    env = _env(mark)
    depth = inner = 0
    for j in range(k + 1, len(events)):
        at, _, other, _ = events[j]
        if at - start > MAX_FORMULA:
            return None
        if other in "{}":
            depth += 1 if other == "{" else -1
            continue
        if wanted is not None and other == wanted:
            if mark == "$" and depth > 0 and inner < 8:
                inner += 1  # a formula inside \text{...}
                continue
            return j
        if wanted is None and other.startswith("\\end") and _env(other) == env:
            return j
        if other == mark and mark not in ("$", "$$"):
            return None
        if mark == "$" and other == "$$":
            return None
        if mark == "$" and depth <= 0 and other in (r"\[", r"\("):
            return None
    return None


def plausible(
    body: str, mark: str, after: str, blanks: list[int], start: int, end: int
) -> bool:
    """Whether what is between two delimiters is mathematics and not the prose around it."""
    if mark.startswith("\\begin"):
        return True
    spans = bisect.bisect_left(blanks, start) < bisect.bisect_left(blanks, end)
    bare = TEXT_ARGUMENT.sub("", body) if len(body) < MAX_FORMULA else body
    if mark in ("$", r"\(", r"\\("):
        if spans:
            return False
    elif spans and (HANGUL.search(bare) or WORDS.search(bare)):
        return False
    if mark != "$":
        return True
    if not body.strip():
        return False
    if HANGUL.search(bare) or WORDS.search(bare):
        return False
    loose = body[0].isspace() or body[-1].isspace() or after.isdigit()
    return not loose or MATH_SIGNS.search(body) is not None

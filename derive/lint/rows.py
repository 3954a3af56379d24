"""A display to its equations: lines of align, columns, comments set as text.

May: cut a display where its layout says so.  Must not: know what the letters mean.  A line that
begins with a relation or a sign goes on with the line before; in align a second column is an
equation of its own, a condition, or a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.lint.mapped import Mapped, join

COLUMNS = {"align", "alignat", "flalign", "aligned", "alignedat"}
LAYOUT = {"aligned", "alignedat", "split", "gathered", "align", "equation", "gather", "multline",
          "eqnarray", "alignat", "flalign", "math", "displaymath", "subequations"}  # fmt: skip
TOKEN = re.compile(
    r"\\(?:(?P<edge>begin|end)\s*\{\s*(?P<env>[A-Za-z]+)\*?\s*\}(?:\s*\{\s*\d\s*\})?"
    r"|(?P<row>\\)(?:\*|\s*\[[^\]\n]{0,20}\])?|.)|(?P<brace>[{}])|(?P<amp>&)",
    re.DOTALL,
)
SPACE = r"(?:[\s~]|\\[,;:! ]|\\(?:quad|qquad|displaystyle|nonumber|notag)(?![A-Za-z]))*"
RELATION = (
    r"(?::?=|\\(?:le|leq|ge|geq|ne|neq|lt|gt|leqslant|geqslant|equiv|approx|coloneqq|triangleq"
    r"|simeq|sim|propto|doteq|in)(?![A-Za-z])|[<>≤≥≈≠])"
)
JOINS_BEFORE = re.compile(
    rf"{SPACE}(?:{RELATION}|[-+*/,−]|\\(?:times|cdot|ast|star|mid|pm)(?![A-Za-z]))"
)
JOINS_AFTER = re.compile(
    rf"(?:[-+*/=<>−(,]|{RELATION}|\\(?:times|cdot|ast|star)){SPACE}\Z"
)
ONLY_RELATION = re.compile(rf"{SPACE}{RELATION}{SPACE}\Z")
HAS_RELATION = re.compile(RELATION)
REMARK = re.compile(
    r"\\(?:text|textrm|textit|textbf|mbox|tag|label|hspace|intertext)\*?\s*\{[^{}]*\}"
    r"|\\(?:quad|qquad|nonumber|notag|[,;:! ])|\([\d\w\s]{0,8}\)"
)
TEXT_CONDITION = re.compile(r"\s*\\(?:text|textrm|mbox)\s*\{[^{}]*[A-Za-z\uac00-\ud7a3]")
BEHIND = re.compile(r"[,;]?\s*\\q?quad(?![A-Za-z])|[,;](?=\s*\\(?:text|textrm|mbox)\s*\{)")
DOTS = re.compile(r"\\(?:dots|ldots|cdots)|\.\.\.|…")


def equations(body: Mapped, env: str) -> list[Mapped]:
    """The equations of a display, in order; each may still be a chain."""
    rows, envs = _rows(body)
    names = {env.rstrip("*"), *envs}
    columns = bool(names & COLUMNS) and "eqnarray" not in names
    out: list[list[Mapped]] = []
    behind: list[list[Mapped]] = []  # conditions and remarks, which stand behind the whole chain
    current: dict[int, int] = {}
    for row in rows:
        pieces = _pieces(row) if columns else [join(row)]
        for k, piece in enumerate(pieces):
            if k and not HAS_RELATION.search(piece.text):
                if REMARK.sub("", piece.text).strip(" .,;\n\t"):
                    behind[current[k - 1]].append(piece) if k - 1 in current else None
                continue
            if not piece.text.strip():
                continue
            if k in current and _continues(out[current[k]][-1], piece):
                before, condition = _split(out[current[k]][-1])
                out[current[k]][-1:] = [before, piece]
                if condition is not None:
                    behind[current[k]] += [Mapped.at(", ", condition.place(0)), condition]
            elif k and k - 1 in current and _condition(piece):
                behind[current[k - 1]] += [Mapped.at(", ", piece.place(0)), piece]
            else:
                current[k] = len(out)
                out.append([piece])
                behind.append([])
        if not columns:
            current = {0: len(out) - 1} if out else {}
    return [join([*parts, *more]).strip() for parts, more in zip(out, behind, strict=True)]


def _split(piece: Mapped) -> tuple[Mapped, Mapped | None]:
    """A line with what is said behind it: `= b, \\quad n \\ge 0`, before the chain goes on."""
    depths = {m.start(): depth for m, depth in _tokens(piece.text)}
    for found in BEHIND.finditer(piece.text):
        depth = [d for at, d in depths.items() if at < found.start()][-1:]
        rest = piece[found.end() :]
        if depth in ([], [0]) and _condition(rest):
            return piece[: found.start()], rest
    return piece, None


def _continues(before: Mapped, piece: Mapped) -> bool:
    return bool(JOINS_BEFORE.match(piece.text) or JOINS_AFTER.search(before.text[-80:]))


def _condition(piece: Mapped) -> bool:
    if TEXT_CONDITION.match(piece.text) or DOTS.search(piece.text):
        return True
    found = HAS_RELATION.search(piece.text)
    return found is not None and found[0] not in ("=", ":=")


def _tokens(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Tokens with the depth of braces and of environments that keep their own rows."""
    depth = 0
    for m in TOKEN.finditer(text):
        if m["brace"]:
            depth += 1 if m["brace"] == "{" else -1
        elif m["edge"] and m["env"] not in LAYOUT:
            depth += 1 if m["edge"] == "begin" else -1
        yield m, depth


def _rows(body: Mapped) -> tuple[list[list[Mapped]], set[str]]:
    """Rows, each a list of cells; and the environments inside."""
    rows: list[list[Mapped]] = [[]]
    envs: set[str] = set()
    last, parts = 0, list[Mapped]()

    def cell(end: int) -> None:
        rows[-1].append(join([*parts, body[last:end]]))
        parts.clear()

    for m, depth in _tokens(body.text):
        if m["edge"] and m["env"] in LAYOUT:
            envs.add(m["env"])
            parts.append(body[last : m.start()])
            last = m.end()
        elif depth == 0 and (m["row"] or m["amp"]):
            cell(m.start())
            last = m.end()
            if m["row"]:
                rows.append([])
    cell(len(body))
    return rows, envs


def _pieces(cells: list[Mapped]) -> list[Mapped]:
    """Cells two by two: the left and the right side of an equation."""
    if any(ONLY_RELATION.match(c.text) for c in cells):
        return [join(cells)]
    return [join(cells[k : k + 2]) for k in range(0, len(cells), 2)]

"""Derivations as plain text, Markdown and JSON."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import east_asian_width

from derive.notes.catalogue import words
from derive.notes.derivation import Derivation
from derive.notes.items import Refutation, as_line
from derive.notes.messages import Line, plain


def as_text(d: Derivation) -> str:
    """For a terminal: the chain with the reasons in a column on the right."""
    out: list[str] = []
    if d.title:
        out += [d.title, "─" * columns(d.title)]
    if d.hypotheses:
        label = words("hypotheses", d.language)
        indent = " " * (columns(label) + 1)
        for k, h in enumerate(d.hypotheses):
            out.append((f"{label} " if k == 0 else indent) + plain(h))
    if d.definitions:
        label = words("where", d.language)
        indent = " " * (columns(label) + 1)
        for k, f in enumerate(d.definitions):
            out.append((f"{label} " if k == 0 else indent) + f.text)
    if out and (d.hypotheses or d.definitions):
        out.append("")
    rows = [(f"  = {r.term.text}", plain(r.reason)) for r in d.rows]
    if not rows:
        return "\n".join([*out, f"{d.lhs.text} = {d.rhs.text}"])
    column = min(max(len(term) for term, _ in rows), 60)
    out.append(d.lhs.text)
    for term, why in rows:
        if len(term) > column:
            out += [term, f"{'':{column}}   ({why})"]
        else:
            out.append(f"{term:{column}}   ({why})")
    return "\n".join(out)


def columns(words_: str) -> int:
    """How wide a terminal shows it: a Korean letter takes two columns.

    >>> columns("proof"), columns("증명")
    (5, 4)
    """
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in words_)


_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&-])")


def escape_markdown(raw: str) -> str:
    """Words that mean themselves: no link, no HTML, no mathematics, no new block.

    >>> print(escape_markdown("<b> $x$"))
    \\<b\\> \\$x\\$
    """
    return _MARKS.sub(r"\\\1", " ".join(raw.split()))


def markdown_line(parts: Line) -> str:
    return "".join(_spaced(p) if isinstance(p, str) else f"${p.latex}$" for p in parts)


def _spaced(words_: str) -> str:
    """Escaped, with the spaces at its ends kept."""
    lead = " " if words_[:1].isspace() else ""
    tail = " " if words_[-1:].isspace() and words_.strip() else ""
    return lead + escape_markdown(words_) + tail


def as_markdown(d: Derivation) -> str:
    """Markdown with $…$, as Jupyter, GitHub and most editors show it."""
    out: list[str] = []
    if d.title:
        out.append(f"### {escape_markdown(d.title)}")
    if d.hypotheses:
        label = escape_markdown(words("hypotheses", d.language))
        out.append(f"**{label}** " + "; ".join(markdown_line(h) for h in d.hypotheses) + ".")
    if d.definitions:
        label = escape_markdown(words("where", d.language))
        out.append(f"{label} " + ", ".join(f"${f.latex}$" for f in d.definitions))
    if d.rows:
        table = ["| | | |", "|--:|:--|:--|"]
        for k, r in enumerate(d.rows):
            left = _cell(d.lhs.latex) if k == 0 else ""
            table.append(f"| {left} | {_cell('= ' + r.term.latex)} | {markdown_line(r.reason)} |")
        out.append("\n".join(table))
    else:
        out.append(f"$$\n{d.lhs.latex} = {d.rhs.latex}\n$$")
    return "\n\n".join(out) + "\n"


def refutation_markdown(r: Refutation, language: str) -> list[str]:
    """The paragraphs: a wrong claim, the data, both sides, and what holds instead."""
    def label(key: str) -> str:
        return f"**{escape_markdown(words(key, language))}**"

    left, right = (escape_markdown(words(side, language)) for side in ("left", "right"))
    data = ", ".join(f"${f.latex}$" for f in r.data)
    out = [f"### {escape_markdown(r.title)}"] if r.title else []
    out.append(label("refuted") + rf" ${r.lhs.latex} \overset{{?}}{{=}} {r.rhs.latex}$")
    out.append(
        f"{label('counterexample')} {data}: {left} "
        f"${r.lhs_value.latex}$, {right} ${r.rhs_value.latex}$"
    )
    return out + [f"{label('instead')} {markdown_line(as_line(cell))}" for cell in r.instead]


def _cell(latex: str) -> str:
    """In a table: displayed style, and no bar that would end the cell."""
    latex = latex.replace(r"\left|", r"\left\vert ").replace(r"\right|", r"\right\vert ")
    return rf"$\displaystyle {latex}$"


def json_line(parts: Line) -> dict[str, str]:
    from derive.notes.render_latex import latex_line

    return {"text": plain(parts), "latex": latex_line(parts)}


def as_json(d: Derivation) -> dict[str, Any]:
    """Plain data for `json.dumps`; `why` and `hypotheses` are words with Unicode mathematics."""
    return {
        "title": d.title,
        "language": d.language,
        "lhs": d.lhs.latex,
        "rhs": d.rhs.latex,
        "text": f"{d.lhs.text} = {d.rhs.text}",
        "hypotheses": [plain(h) for h in d.hypotheses],
        "definitions": [f.latex for f in d.definitions],
        "steps": [
            {
                "latex": r.term.latex,
                "text": r.term.text,
                "rule": r.rules[0],
                "rules": list(r.rules),
                "why": plain(r.reason),
                "why_latex": json_line(r.reason)["latex"],
            }
            for r in d.rows
        ],
    }

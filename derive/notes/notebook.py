"""Derivations for Jupyter, whose MathJax sets $...$ in LaTeX and in HTML output.

May: use what MathJax knows.  Must not: put words unescaped, or a $ that is not a formula's.
"""

from __future__ import annotations

from html import escape

from derive.notes.catalogue import words
from derive.notes.derivation import Derivation
from derive.notes.messages import Line
from derive.notes.render_latex import latex_line


def as_notebook_latex(d: Derivation) -> str:
    """One display; the reasons are \\text with their formulas inside."""
    if not d.rows:
        return f"$$ {d.lhs.latex} = {d.rhs.latex} $$"
    rows = [f"{d.lhs.latex} &= {d.rows[0].term.latex} && {_why(d.rows[0].reason)}"]
    rows += [f"&= {r.term.latex} && {_why(r.reason)}" for r in d.rows[1:]]
    return "$$\\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}$$"


def _why(reason: Line) -> str:
    return rf"\text{{{latex_line(reason)}}}"


def as_notebook_html(d: Derivation) -> str:
    out = ["<div>"]
    if d.hypotheses:
        label = escape(words("hypotheses", d.language))
        shown = "; ".join(_html(h) for h in d.hypotheses)
        out.append(f"<p><b>{label}</b> {shown}</p>")
    if d.definitions:
        label = escape(words("where", d.language))
        shown = ", ".join(_math(f.latex) for f in d.definitions)
        out.append(f"<p>{label} {shown}</p>")
    left = 'style="text-align:left"'
    out.append(f'<table><tr><td {left} colspan="2">{_math(d.lhs.latex)}</td></tr>')
    rows = d.rows or ()
    if not rows:
        out.append(f"<tr><td {left}>{_math('= ' + d.rhs.latex)}</td></tr>")
    for r in rows:
        term = _math("= " + r.term.latex)
        out.append(f"<tr><td {left}>{term}</td><td {left}>{_html(r.reason)}</td></tr>")
    return "".join([*out, "</table></div>"])


def _math(latex: str) -> str:
    return escape(rf"$\displaystyle {latex}$")


def _html(parts: Line) -> str:
    return "".join(
        escape(p).replace("$", "<span>$</span>") if isinstance(p, str) else escape(f"${p.latex}$")
        for p in parts
    )

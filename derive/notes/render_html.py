"""Derivations and other items as HTML; formulas are `<span class="tex">`, set by KaTeX.

May: escape.  Must not: put any string into the page unescaped.  Without scripts a formula shows
itself in Unicode.
"""

from __future__ import annotations

from html import escape

from derive.notes.catalogue import words
from derive.notes.derivation import Derivation
from derive.notes.items import Heading, Item, Paragraph, Refutation, Table, as_line
from derive.notes.messages import Formula, Line


def math(f: Formula, display: bool = False) -> str:
    """A formula; `display`: in displayed style, though it stands in a line and can be broken."""
    latex = rf"\displaystyle {f.latex}" if display else f.latex
    return f'<span class="tex" data-tex="{escape(latex)}">{escape(f.text)}</span>'


def html_line(parts: Line) -> str:
    return "".join(escape(p) if isinstance(p, str) else math(p) for p in parts)


def as_html(d: Derivation) -> str:
    """A `<section>` for a page that loads KaTeX; `html_page` makes a whole one."""
    out = ['<section class="theorem">']
    if d.title:
        out.append(f"<h3>{escape(d.title)}</h3>")
    if d.hypotheses:
        label = escape(words("hypotheses", d.language))
        shown = "".join(f"<li>{html_line(h)}</li>" for h in d.hypotheses)
        out.append(f'<div class="given"><b>{label}</b><ul>{shown}</ul></div>')
    out.append(f'<p class="claim">{_equation(d.lhs, "=", d.rhs)}</p>')
    if d.definitions:
        label = escape(words("where", d.language))
        shown = "".join(f"<li>{math(f, display=True)}</li>" for f in d.definitions)
        out.append(f'<div class="given"><span>{label}</span><ul>{shown}</ul></div>')
    if d.rows:
        out.append(f'<p class="label">{escape(words("proof", d.language))}</p>')
        out.append('<ol class="chain">')
        out.append(f'<li class="start"><span class="step">{math(d.lhs, True)}</span></li>')
        for r in d.rows:
            term = Formula(f"= {r.term.latex}", f"= {r.term.text}")
            out.append(
                f'<li><span class="step">{math(term, True)}</span>'
                f'<span class="why">{html_line(r.reason)}</span></li>'
            )
        out.append("</ol>")
    return "\n".join([*out, "</section>"])


def _equation(lhs: Formula, relation: str, rhs: Formula) -> str:
    shown = r"\stackrel{?}{=}" if relation == "≟" else relation
    return math(
        Formula(f"{lhs.latex} {shown} {rhs.latex}", f"{lhs.text} {relation} {rhs.text}"), True
    )


def html_item(item: Item, language: str) -> str:
    match item:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Paragraph(line):
            return f"<p>{html_line(as_line(line))}</p>"
        case Table():
            return _table(item)
        case Refutation():
            return _refutation(item, language)
        case Derivation():
            return as_html(item)
    raise TypeError(f"not an item of a page: {type(item).__name__}")


def _refutation(r: Refutation, language: str) -> str:
    def label(key: str) -> str:
        return escape(words(key, language))

    data = "".join(f"<li>{math(f)}</li>" for f in r.data)
    out = ['<section class="refuted">']
    if r.title:
        out.append(f"<h3>{escape(r.title)}</h3>")
    out += [
        f'<p class="label">{label("refuted")}</p>',
        f'<p class="claim">{_equation(r.lhs, "≟", r.rhs)}</p>',
        f'<p class="label">{label("counterexample")}</p><ul class="data">{data}</ul>',
        f'<p class="values">{label("left")} {math(r.lhs_value)}, '
        f"{label('right')} {math(r.rhs_value)}</p>",
    ]
    if r.instead:
        out.append(f'<p class="label good">{label("instead")}</p>')
        out += [f'<p class="claim">{html_line(as_line(x))}</p>' for x in r.instead]
    return "\n".join([*out, "</section>"])


def _table(t: Table) -> str:
    caption = f"<caption>{escape(t.caption)}</caption>" if t.caption else ""
    head = "".join(f'<th scope="col">{html_line(as_line(c))}</th>' for c in t.head)
    body = "".join(
        "<tr>" + "".join(f"<td>{html_line(as_line(c))}</td>" for c in row) + "</tr>"
        for row in t.rows
    )
    return (
        f'<div class="wide" tabindex="0"><table>{caption}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )

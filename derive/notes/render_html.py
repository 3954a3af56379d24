"""Derivations and other items as HTML; formulas are `<span class="tex">`, set by KaTeX.

May: escape.  Must not: put any string into the page unescaped.  Without scripts a formula shows
itself in Unicode.
"""

from __future__ import annotations

from html import escape

from derive.notes.catalogue import words
from derive.notes.derivation import Derivation
from derive.notes.figures.svg import svg
from derive.notes.items import Figure, Heading, Item, Paragraph, Refutation, Table, as_line
from derive.notes.layout import pieces, width
from derive.notes.messages import Formula, Line


def math(f: Formula) -> str:
    """A formula within a line."""
    return f'<span class="tex" data-tex="{escape(f.latex)}">{escape(f.text)}</span>'


def display(f: Formula) -> str:
    """A formula in displayed style; a wide one in pieces, so that it breaks where it should."""
    shown = [f.latex]
    if width(f.latex) > 14:
        shown = pieces(f.latex, 0, factors=True)
        if any(width(p) > 24 for p in shown):
            shown = pieces(f.latex, 1, factors=True)
    if len(shown) == 1:
        return math(Formula(rf"\displaystyle {f.latex}", f.text))
    inner = ""
    for k, piece in enumerate(shown):
        piece = ("{} " if piece[:1] in "+-" and k else "") + piece.strip()
        source = escape(rf"\displaystyle {piece}")
        inner += " " if piece.startswith("{} ") else "<wbr>" if k else ""
        inner += f'<span class="tex piece" data-tex="{source}"></span>'
    text = escape(f.text)
    return f'<span role="math" aria-label="{text}"><noscript>{text}</noscript>{inner}</span>'


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
        shown = "".join(f"<li>{display(f)}</li>" for f in d.definitions)
        out.append(f'<div class="given"><span>{label}</span><ul>{shown}</ul></div>')
    if d.rows:
        out.append(f'<p class="label">{escape(words("proof", d.language))}</p>')
        out.append('<ol class="chain">')
        out.append(f'<li class="start"><span class="step">{display(d.lhs)}</span></li>')
        for r in d.rows:
            term = Formula(f"= {r.term.latex}", f"= {r.term.text}")
            out.append(
                f'<li><span class="step">{display(term)}</span>'
                f'<span class="why">{html_line(r.reason)}</span></li>'
            )
        out.append("</ol>")
    return "\n".join([*out, "</section>"])


def _equation(lhs: Formula, relation: str, rhs: Formula) -> str:
    shown = r"\stackrel{?}{=}" if relation == "≟" else relation
    left, right = lhs, Formula(f"{shown} {rhs.latex}", f"{relation} {rhs.text}")
    if width(lhs.latex) + width(rhs.latex) > 22:
        return f"{display(left)} {display(right)}"
    return display(Formula(f"{left.latex} {right.latex}", f"{left.text} {right.text}"))


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
        case Figure():
            shown = html_line(as_line(item.caption))
            caption = f"<figcaption>{shown}</figcaption>" if item.caption else ""
            drawn = f'<div class="wide" tabindex="0">{svg(item.picture)}</div>'
            return f'<figure style="margin:1.4rem 0;break-inside:avoid">{drawn}{caption}</figure>'
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

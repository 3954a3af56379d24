"""A complete LaTeX article from items: pdflatex with amsmath, and kotex for Korean only."""

from __future__ import annotations

from collections.abc import Iterable

from derive.notes.catalogue import words
from derive.notes.derivation import Derivation
from derive.notes.figures.tikz import tikz
from derive.notes.items import Figure, Heading, Item, Paragraph, Refutation, Table, as_line
from derive.notes.layout import width
from derive.notes.messages import Formula, Line
from derive.notes.render_latex import (
    PAGE,
    chain,
    display,
    displayed,
    escape,
    latex_line,
    line_width,
    preamble,
)

_HEAD = r"""\documentclass[11pt,a4paper,fleqn]{article}
\usepackage[utf8]{inputenc}
\IfFileExists{lmodern.sty}{\usepackage[T1]{fontenc}\usepackage{lmodern}}{}
\usepackage{textcomp}
\usepackage{amsmath,amssymb,array,longtable,tikz}
\usepackage[a4paper,margin=2.5cm]{geometry}
KOREAN\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6ex plus 0.3ex}
\setlength{\emergencystretch}{4em}
\setlength{\mathindent}{1.5em}
\allowdisplaybreaks[2]
\raggedbottom
\emergencystretch=2em
"""


def latex_document(items: Iterable[Item], title: str, language: str = "en") -> str:
    """The source of an article that `pdflatex` compiles."""
    korean = "\\usepackage{kotex}\n" if language == "ko" else ""
    out = [_HEAD.replace("KOREAN", korean)]
    out += [r"\begin{document}", rf"{{\LARGE\bfseries {escape(title, language)}\par}}\bigskip"]
    for item in items:
        out += ["", *_item(item, language)]
    return "\n".join([*out, "", r"\end{document}", ""])


def _item(item: Item, language: str) -> list[str]:
    match item:
        case Heading(text):
            return [rf"\section*{{{escape(text, language)}}}"]
        case Paragraph((Formula(latex),)) if width(latex) > PAGE:
            return displayed(latex)
        case Paragraph(line):
            return [latex_line(as_line(line), language)]
        case Table():
            return _table(item, language)
        case Refutation():
            return refutation_latex(item, language)
        case Derivation():
            return _theorem(item)
        case Figure():
            caption = latex_line(as_line(item.caption), language)
            below = [rf"\par\smallskip{{\small {caption}\par}}"] if item.caption else []
            drawn = tikz(item.picture, language)
            box = r"\par\medskip\noindent\begin{minipage}{\linewidth}\centering"
            return [box, drawn, *below, r"\end{minipage}\par\medskip"]
    raise TypeError(f"not an item of a document: {type(item).__name__}")


def _theorem(d: Derivation) -> list[str]:
    label = escape(words("proof", d.language), d.language)
    heading = rf"\subsection*{{{escape(d.title, d.language)}}}" if d.title else r"\bigskip"
    if not d.rows:
        return [heading, *preamble(d, claim=True)]
    return [
        heading,
        *preamble(d, claim=True),
        rf"\textit{{{label}.}}",
        *chain(d, r" \tag*{$\square$}"),
    ]


def refutation_latex(r: Refutation, language: str) -> list[str]:
    """A wrong claim, the data, both sides, and what holds instead."""
    def label(key: str) -> str:
        return rf"\textbf{{{escape(words(key, language), language)}.}}"

    data = r",\quad ".join(f.latex for f in r.data)
    left, right = (escape(words(side, language), language) for side in ("left", "right"))
    values = rf"\text{{{left}}} = {r.lhs_value.latex},\quad \text{{{right}}} = {r.rhs_value.latex}"
    out = [
        *([rf"\subsection*{{{escape(r.title, language)}}}"] if r.title else []),
        label("refuted"),
        *display(r.lhs.latex, r"\stackrel{?}{=}", r.rhs.latex),
        label("counterexample"),
        r"\begin{align*}",
    ]
    joined = rf"{data}:\qquad {values}"
    out += [f"& {joined}" if width(joined) < 38 else f"& {data}: \\\\\n& {values}"]
    out += [r"\end{align*}"]
    if r.instead:
        out.append(label("instead"))
        for x in r.instead:
            out += _beside_words(as_line(x), language)
    return out


def _beside_words(line: Line, language: str) -> list[str]:
    """Words and formulas in one paragraph; what is too wide for it is displayed."""
    if len(line) > 1 and line_width(line) < PAGE - 10:  # the words in front stand there too
        return [latex_line(line, language) + r"\par"]
    out: list[str] = []
    for part in line:
        out += displayed(part.latex) if isinstance(part, Formula) else [escape(part, language)]
    return out


def _table(t: Table, language: str) -> list[str]:
    def row(cells: tuple[object, ...]) -> str:
        return " & ".join(latex_line(as_line(c), language) for c in cells) + r" \\"  # type: ignore[arg-type]

    columns = "".join(
        rf">{{\raggedright\arraybackslash}}p{{{x:.3f}\linewidth}}" for x in _shares(t)
    )
    out = [r"\begingroup\small\renewcommand{\arraystretch}{1.25}\setlength{\tabcolsep}{4pt}"]
    if t.caption:
        out.append(rf"\textit{{{escape(t.caption, language)}}}\par\nopagebreak")
    out += [rf"\begin{{longtable}}[l]{{{columns}}}", r"\hline", row(t.head), r"\hline\endhead"]
    out += [row(r) for r in t.rows]
    return [*out, r"\hline", r"\end{longtable}\endgroup"]


def _shares(t: Table) -> list[float]:
    """How the page's width is divided among the columns, by their longest cells."""
    from derive.notes.render_latex import line_width

    count = len(t.head)
    longest = [
        min(28.0, max(line_width(as_line(r[k])) for r in (t.head, *t.rows) if k < len(r)) + 1.5)
        for k in range(count)
    ]
    total = max(sum(longest), 42.0)
    return [(0.99 - 0.02 * count) * x / total for x in longest]

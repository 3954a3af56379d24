"""Derivations as LaTeX: a fragment that needs amsmath and amssymb, and fits on A4."""

from __future__ import annotations

from derive.notes.catalogue import words
from derive.notes.derivation import Derivation, Row
from derive.notes.layout import broken, width
from derive.notes.messages import Formula, Line
from derive.printing.names import UNICODE

PAGE = 40.0  # em of text on A4 with 2.5 cm margins at 11 pt
LONG_LIST = 6
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#",
    "&": r"\&", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''",
    "\N{EN DASH}": "--", "\N{EM DASH}": "---", "’": "'", "‘": "`", "“": "``", "”": "''",
    "…": r"\dots{}", "−": "$-$", "→": r"$\to$", "↦": r"$\mapsto$", "≤": r"$\le$", "≥": r"$\ge$",
    "∈": r"$\in$", "≠": r"$\ne$", "∞": r"$\infty$", "Σ": r"$\Sigma$", "∫": r"$\int$",
}  # fmt: skip


def escape(raw: str, language: str = "en") -> str:
    r"""Words in text mode: nothing of them acts, and pdflatex has all the characters.

    >>> print(escape(r"100% of \input{x}"))
    100\% of \textbackslash{}input\{x\}
    """
    out = []
    for c in raw:
        if c in _SPECIAL:
            out.append(_SPECIAL[c])
        elif c.isspace():
            out.append(" ")
        elif " " <= c <= "~" or "\u00c0" <= c <= "\u00ff":
            out.append(c)
        elif c in UNICODE:
            out.append(f"${UNICODE[c]}$")
        elif language == "ko" and ("\uac00" <= c <= "\ud7a3" or "\u3130" <= c <= "\u318f"):
            out.append(c)
        elif c.isprintable():
            out.append(f"U+{ord(c):04X}")
    return "".join(out)


def latex_line(parts: Line, language: str = "en") -> str:
    return "".join(
        escape(p, language) if isinstance(p, str) else f"${_breakable(p.latex)}$" for p in parts
    )


def _breakable(latex: str) -> str:
    """A long list may be broken at its commas, where TeX would not."""
    return latex.replace(", ", r",\allowbreak\ ") if latex.count(", ") >= LONG_LIST else latex


def line_width(parts: Line) -> float:
    """In em of the body text, for words set in \\small."""
    return sum(
        0.42 * len(p) if isinstance(p, str) and p.isascii()
        else 0.9 * len(p) if isinstance(p, str)
        else 0.9 * width(p.latex)
        for p in parts
    )  # fmt: skip


def as_latex(d: Derivation) -> str:
    """Hypotheses, definitions, and the chain with its reasons, without a heading."""
    return "\n".join([*preamble(d, claim=False), *chain(d)]) + "\n"


def preamble(d: Derivation, claim: bool) -> list[str]:
    """What is assumed, what is claimed, and what its symbols mean."""
    out: list[str] = []
    if d.hypotheses:
        label = escape(words("hypotheses", d.language), d.language)
        alone = [h[0] for h in d.hypotheses if len(h) == 1 and isinstance(h[0], Formula)]
        long = [f for f in alone if 0.9 * width(f.latex) > PAGE * 0.8 and "(" in f.latex]
        shown = "; ".join(latex_line(h, d.language) for h in d.hypotheses if h[0] not in long)
        out.append(rf"\textbf{{{label}}} {shown}" + (":" if claim or long else "."))
        for part in long:
            out += displayed(part.latex)
        if long and claim:
            out.append(rf"\textbf{{{escape(words('claim', d.language), d.language)}}}")
    if claim:
        out += display(d.lhs.latex, "=", d.rhs.latex)
    if d.definitions:
        label = escape(words("where", d.language), d.language)
        rows = [broken(r.latex, PAGE - 2) for r in d.definitions]
        lines = [x if k == 0 else rf"\qquad {x}" for row in rows for k, x in enumerate(row)]
        out += [label, *aligned(lines)]
    return out


def aligned(lines: list[str]) -> list[str]:
    return [r"\begin{align*}", (r" \\" + "\n").join(f"& {x}" for x in lines), r"\end{align*}"]


def displayed(latex: str) -> list[str]:
    """One formula, in several lines if it must be."""
    first, *rest = broken(latex, PAGE - 2)
    return aligned([first, *(rf"\qquad {x}" for x in rest)])


def display(lhs: str, relation: str, rhs: str) -> list[str]:
    """One displayed equation, in several lines if it must be."""
    whole = f"{lhs} {relation} {rhs}"
    if width(whole) <= PAGE:
        return aligned([whole])
    left, right = broken(lhs, PAGE - 2), broken(f"{relation} {rhs}", PAGE - 2)
    return aligned([left[0], *(rf"\qquad {x}" for x in left[1:] + right)])


def chain(d: Derivation, end: str = "") -> list[str]:
    """alignat*: the terms aligned at =, and one column of reasons that wrap in a box."""
    if not d.rows:
        return display(d.lhs.latex, "=", d.rhs.latex)
    beside = width(d.lhs.latex) <= 9  # else the left side has a line of its own
    room = PAGE - (width(d.lhs.latex) if beside else 1.0) - 4.0
    natural = max(line_width(r.reason) for r in d.rows) + 0.5
    terms = max(width(r.term.latex) for r in d.rows)
    reasons = min(natural, max(13.0, room - terms))
    rows: list[str] = []
    if not beside:
        first, *rest = broken(d.lhs.latex, PAGE - 2)
        rows += [f"&{first}", *(rf"&\quad {x}" for x in rest)]
    for k, r in enumerate(d.rows):
        start = f"{d.lhs.latex} &" if beside and k == 0 else "&" if beside else r"&\quad "
        lines = broken(r.term.latex, room - reasons)
        if max(map(width, lines)) <= room - reasons:
            first, *rest = lines
            rows.append(f"{start}= {first} &\\quad& {_boxed(r, reasons, d.language)}")
            rows += [rf"&\qquad {x}" for x in rest]
        else:  # a factor as long as the line: the reason stands below
            first, *rest = (rf"\rlap{{$\displaystyle {x}$}}" for x in broken(r.term.latex, room))
            why = latex_line(r.reason, d.language)
            why = rf"\rlap{{\parbox[t]{{{room:.1f}em}}{{\raggedright\small ({why})}}}}"
            rows += [f"{start}= {first}", *(rf"&\qquad {x}" for x in (*rest, why))]
    rows[-1] += end
    return [r"\begin{alignat*}{2}", (r" \\" + "\n").join(rows), r"\end{alignat*}"]


def _boxed(r: Row, room: float, language: str) -> str:
    why = latex_line(r.reason, language)
    if line_width(r.reason) > room:
        return rf"\parbox[t]{{{room:.1f}em}}{{\raggedright\small {why}}}"
    return rf"\text{{\small {why}}}"

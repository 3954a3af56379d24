"""A verdict as a person reads it or pastes it into notes: text, LaTeX, Markdown.

May: lay out.  Must not: judge.  `derive check` calls it.
"""

from __future__ import annotations

from derive.claims import Verdict
from derive.entries import refuted
from derive.notes.catalogue import words
from derive.notes.derivation import derivation
from derive.notes.latex_document import refutation_latex
from derive.notes.render_latex import as_latex, escape
from derive.notes.render_text import as_markdown, as_text, escape_markdown, refutation_markdown


def written(verdict: Verdict, style: str, language: str = "en") -> str:
    """A proof with its steps, data that refute, or what is known instead."""
    match style:
        case "text":
            return _text(verdict, language)
        case "latex":
            return _latex(verdict, language)
        case "markdown":
            return _markdown(verdict, language)
    raise ValueError(f"no such format: {style}")


def _text(verdict: Verdict, language: str) -> str:
    if verdict.verdict != "proved":
        return verdict.explanation()
    out = [f"proved: {verdict.reading}"]
    for theorem in verdict.theorems:
        out += ["", as_text(derivation(theorem, language=language))]
    return "\n".join(out)


def _latex(verdict: Verdict, language: str) -> str:
    """A fragment for a document with amsmath and amssymb; what is not known is a comment."""
    if verdict.verdict == "proved":
        parts = [as_latex(derivation(t, language=language)) for t in verdict.theorems]
        return "\n".join([_comment(f"proved: {verdict.reading}"), *parts])
    item = refuted(verdict)
    if item is None:
        return _comment(verdict.explanation())
    lines = refutation_latex(item, language)
    if verdict.links:
        lines.insert(0, escape(verdict.message, language) + r"\par")
    return "\n".join([_comment(f"refuted: {verdict.reading}"), *lines])


def _comment(words_: str) -> str:
    return "\n".join(f"% {line}" for line in words_.splitlines())


def _markdown(verdict: Verdict, language: str) -> str:
    if verdict.verdict == "proved":
        title = f"**{escape_markdown(words('proved', language))}**"
        parts = [as_markdown(derivation(t, language=language)) for t in verdict.theorems]
        return "\n".join([title, "", *parts])
    item = refuted(verdict)
    if item is None:
        first, *rest = verdict.explanation().splitlines()
        return "\n\n".join(map(escape_markdown, [first, *rest]))
    parts = refutation_markdown(item, language)
    if verdict.links:
        parts.insert(0, escape_markdown(verdict.message))
    return "\n\n".join(parts)


def reading(latex: str, given: list[str]) -> list[str]:
    """How a claim was read: on which spaces, with which conditions."""
    from derive.latex import Unreadable, read
    from derive.latex.printer import latex as to_latex
    from derive.text import text

    try:
        found = read(latex, given)
    except Unreadable:
        return []
    out = [f"read as a {found.kind}:"]
    for link in found.links:
        for space, statement in link.variants:
            tex = f"{to_latex(statement.lhs)} = {to_latex(statement.rhs)}"
            out += [f"  on {space}: {text(statement)}", f"    in LaTeX: {tex}"]
    out += [f"  note: {note}" for note in found.notes]
    return [*out, ""]

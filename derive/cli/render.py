"""An entry of the library with its verdict, in each of the formats of `derive show`."""

from __future__ import annotations

import json
from dataclasses import replace

from derive.claims import Verdict
from derive.cli.library import claim_latex, described
from derive.entries import proof_or_refutation
from derive.library import Result
from derive.notes.catalogue import title, words
from derive.notes.derivation import Derivation
from derive.notes.document import html_page, latex_document
from derive.notes.items import Refutation, as_line
from derive.notes.latex_document import refutation_latex
from derive.notes.messages import plain
from derive.notes.render_latex import as_latex
from derive.notes.render_text import (
    as_json,
    as_markdown,
    as_text,
    columns,
    escape_markdown,
    refutation_markdown,
)


def entry(r: Result, verdict: Verdict, style: str, language: str, fragment: bool = False) -> str:
    item = proof_or_refutation(r, verdict, language)
    match style:
        case "text":
            return _text(item, r, language)
        case "markdown":
            return _markdown(item, r, language)
        case "html":
            return html_page([item], title(r.name, r.title, language), language)
        case "latex":
            if not fragment:
                return latex_document([item], title(r.name, r.title, language), language)
            if isinstance(item, Derivation):
                return as_latex(item)
            return "\n".join(refutation_latex(replace(item, title=""), language)) + "\n"
        case "json":
            data = {**described(r), **verdict.json(), "latex": claim_latex(r)}
            if isinstance(item, Derivation):
                data.update(as_json(item))
            return json.dumps(data, ensure_ascii=False, indent=2)
    raise ValueError(f"no such format: {style}")


def _text(item: Derivation | Refutation, r: Result, language: str) -> str:
    if isinstance(item, Derivation):
        return f"{as_text(item)}\n\n{r.source}"
    out = [item.title, "─" * columns(item.title), f"{words('refuted', language)}: "
           f"{item.lhs.text} ≟ {item.rhs.text}"]  # fmt: skip
    out += [f"{words('counterexample', language)}: {f.text}" for f in item.data]
    out.append(
        f"  {words('left', language)} {item.lhs_value.text}, "
        f"{words('right', language)} {item.rhs_value.text}"
    )
    for cell in item.instead:
        shown = plain(as_line(cell))
        out.append(f"{words('instead', language)}: {shown}")
    return "\n".join([*out, "", r.source])


def _markdown(item: Derivation | Refutation, r: Result, language: str) -> str:
    if isinstance(item, Derivation):
        return f"{as_markdown(item)}\n{escape_markdown(r.source)}\n"
    return "\n\n".join([*refutation_markdown(item, language), escape_markdown(r.source)]) + "\n"

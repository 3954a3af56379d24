"""A layer and its gradients as a document: text, LaTeX, Markdown, HTML or JSON.

May: choose what is shown, one derivation for each tensor that passes through all of its forms.
The renderers of `derive.notes` write it.
"""

from __future__ import annotations

import json
from typing import Any

from derive.latex.printer import latex
from derive.layers.compact import compact
from derive.layers.layer import Form, Layer
from derive.notes.catalogue import word
from derive.notes.derivation import Derivation, derivation
from derive.notes.document import html_page, latex_document
from derive.notes.items import Item, Paragraph
from derive.notes.messages import Formula, formula, plain
from derive.notes.render_latex import as_latex, displayed
from derive.notes.render_text import as_markdown, as_text
from derive.syntax import DiffEntry, Fn, Term
from derive.text import text

FORMATS = ("text", "latex", "markdown", "html", "json")


def document(layer: Layer, style: str, language: str = "en", fragment: bool = False) -> str:
    """The whole document in one of `FORMATS`."""
    if style == "json":
        return json.dumps(as_data(layer), ensure_ascii=False, indent=2)
    found = derivations(layer, language)
    title = plain(word("layer", language, name=named(layer.forward.name)))
    shown = forward_formula(layer)
    match style:
        case "text":
            return "\n\n".join([shown.text, *map(as_text, found)])
        case "markdown":
            return "\n\n".join([f"$${shown.latex}$$", *map(as_markdown, found)])
        case "html":
            return html_page([Paragraph((shown,)), *found], title, language)
        case "latex" if fragment:
            return "\n\n".join(["\n".join(displayed(shown.latex)), *map(as_latex, found)])
        case "latex":
            items: list[Item] = [*(Paragraph((part,)) for part in forward_parts(layer)), *found]
            return latex_document(items, title, language)
    raise ValueError(f"no such format: {style}")


def forward_formula(layer: Layer) -> Formula:
    """The forward formula as it was understood, with the ranges of its output."""
    equation, *ranges = forward_parts(layer)
    if not ranges:
        return equation
    (within,) = ranges
    return Formula(
        rf"{equation.latex} \qquad ({within.latex})", f"{equation.text}  ({within.text})"
    )


def forward_parts(layer: Layer) -> tuple[Formula, ...]:
    """The forward formula, and the ranges of its output if it has indices."""
    f = layer.forward
    left = Fn(f.name, tuple(v.space for v in f.indices), style="index")(*f.indices)
    ranges = [
        (formula(lo), formula(v), formula(hi)) for v, (lo, hi) in zip(f.indices, f.box, strict=True)
    ]
    head, body = formula(left), formula(f.body)
    tex = [rf"{lo.latex} \le {v.latex} \le {hi.latex}" for lo, v, hi in ranges]
    plain_ = [f"{lo.text} ≤ {v.text} ≤ {hi.text}" for lo, v, hi in ranges]
    equation = Formula(f"{head.latex} = {body.latex}", f"{head.text} = {body.text}")
    return (equation, Formula(", ".join(tex), ", ".join(plain_))) if ranges else (equation,)


def shown_forms(layer: Layer) -> list[Form]:
    """For each tensor the last form of its chain, which passes through the others."""
    last: dict[tuple[str, bool], Form] = {}
    for form in layer.forms:
        last[form.tensor, form.unit] = form
    return list(last.values())


def derivations(layer: Layer, language: str = "en") -> list[Derivation]:
    out = []
    for form in shown_forms(layer):
        title = plain(word("layer.gradient", language, name=named(form.tensor)))
        if form.unit:
            title = plain(word("layer.unit", language, gradient=title))
        out.append(derived(layer, form, title, language))
    return out


def named(tensor: str) -> str:
    return text(Fn(tensor, (), style="index"))


def derived(layer: Layer, form: Form, title: str = "", language: str = "en") -> Derivation:
    """The derivation of one form; each form on the way has a row of its own."""
    same = [f for f in layer.forms if (f.tensor, f.unit) == (form.tensor, form.unit)]
    kept = [f.theorem.rhs for f in same]
    whole = derivation(form.theorem, title, language, layer.forward.name, kept)
    return compact(whole, [text(t) for t in kept])


def as_data(layer: Layer) -> dict[str, Any]:
    """What `--format json` prints."""
    f = layer.forward
    return {
        "formula": layer.formula,
        "reading": forward_formula(layer).text,
        "output": {"name": f.name, "ranges": _ranges(f.indices, f.box)},
        "tensors": {fn.name: [[text(lo), text(hi)] for lo, hi in fn.box or ()] for fn in f.tensors},
        "gradients": [_form(layer, form) for form in layer.forms],
    }


def _ranges(indices: Any, box: Any) -> dict[str, list[str]]:
    return {v.name: [text(lo), text(hi)] for v, (lo, hi) in zip(indices, box, strict=True)}


def _form(layer: Layer, form: Form) -> dict[str, Any]:
    d = derived(layer, form)
    return {
        "name": layer.name(form),
        "tensor": form.tensor,
        "form": form.kind,
        "stride_one": form.unit,
        "sha256": form.hash,
        "entry": text(entry(form)),
        "gradient": text(form.theorem.rhs),
        "latex": latex(form.theorem.rhs),
        "hypotheses": [plain(h) for h in d.hypotheses],
        "steps": [
            {"latex": row.term.latex, "rule": "+".join(row.rules), "why": plain(row.reason)}
            for row in d.rows
        ],
    }


def entry(form: Form) -> Term:
    left = form.theorem.lhs
    return left.fn(*left.entry) if isinstance(left, DiffEntry) else left

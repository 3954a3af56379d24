"""An entry of the library with its verdict, as an item of a document: a proof or a refutation."""

from __future__ import annotations

from derive.claims import Verdict
from derive.library import Result, find
from derive.meaning.render import latex
from derive.notes.derivation import Derivation, derivation
from derive.notes.items import Refutation
from derive.notes.messages import Formula, formula


def proof_or_refutation(r: Result, verdict: Verdict, language: str) -> Derivation | Refutation:
    if verdict.theorem is not None:
        return derivation(verdict.theorem, r.title, language)
    found = verdict.counterexample
    if found is None:
        raise ValueError(f"{r.name} is neither proved nor refuted")
    *data, _ = found.text()
    *tex, _ = found.latex().split(r",\quad ")
    instead = []
    for name in r.instead:
        s = find(name).statement
        left, right = formula(s.lhs), formula(s.rhs)
        both = Formula(f"{left.latex} = {right.latex}", f"{left.text} = {right.text}")
        instead.append((both, f" ({name})"))
    return Refutation(
        r.title,
        formula(r.statement.lhs),
        formula(r.statement.rhs),
        (Formula(r",\quad ".join(tex), "; ".join(data)),),
        Formula(latex(found.left), found.lhs),
        Formula(latex(found.right), found.rhs),
        tuple(instead),
    )

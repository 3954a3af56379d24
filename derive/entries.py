"""A verdict as an item of a document: a proof or a refutation, of the library or of anyone's."""

from __future__ import annotations

from derive.claims import Verdict
from derive.library import Result, find
from derive.meaning.render import latex
from derive.notes.catalogue import title
from derive.notes.derivation import Derivation, derivation
from derive.notes.items import Cell, Refutation
from derive.notes.messages import Formula, formula
from derive.refute import Counterexample
from derive.refute.words import unicode
from derive.syntax import Statement


def proof_or_refutation(r: Result, verdict: Verdict, language: str) -> Derivation | Refutation:
    """What is shown of an entry of the library."""
    heading = title(r.name, r.title, language)
    if verdict.theorem is not None:
        return derivation(verdict.theorem, heading, language)
    found = verdict.counterexample
    if found is None:
        raise ValueError(f"{r.name} is neither proved nor refuted")
    instead = []
    for name in r.instead:
        s = find(name).statement
        left, right = formula(s.lhs), formula(s.rhs)
        both = Formula(f"{left.latex} = {right.latex}", f"{left.text} = {right.text}")
        instead.append((both, f" ({name})"))
    return refutation(heading, r.statement, found, tuple(instead))


def refuted(verdict: Verdict) -> Refutation | None:
    """What was refuted (of a chain, the first link that fails), its data, what holds instead."""
    found, statement = verdict.counterexample, verdict.statement
    if verdict.verdict != "refuted" or found is None or statement is None:
        return None
    near = verdict.near_miss
    return refutation("", statement, found, ((Formula(near, near),),) if near else ())


def refutation(
    heading: str, statement: Statement, found: Counterexample, instead: tuple[Cell, ...]
) -> Refutation:
    """A statement with the data on which it fails."""
    return Refutation(
        heading,
        formula(statement.lhs),
        formula(statement.rhs),
        (Formula(r",\quad ".join(found.data_latex()), "; ".join(found.data_text())),),
        Formula(latex(found.left), unicode(found.left)),
        Formula(latex(found.right), unicode(found.right)),
        instead,
    )

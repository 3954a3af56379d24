"""A theorem as a chain that can be read aloud: hypotheses, definitions, (term, reason) rows.

May: leave out steps that change nothing visible, and give a new bound variable its old name back.
Must not: change what a term means; every row is one of the kernel's terms up to bound names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from derive.binding import bound, free, names, substitute
from derive.notes.catalogue import reason
from derive.notes.hypotheses import definitions, hypotheses
from derive.notes.messages import Formula, Line, Message, formula, joined
from derive.notes.outputs import Outputs, outputs
from derive.notes.reasons import StepLike, message, nested, part_at, substitution
from derive.syntax import And, Cond, Node, Rel, Sum, Term, Var

BOOKKEEPING = {"ring", "eta"}  # a step of these joins the row before it
REPEATED = BOOKKEEPING | {
    "unfold", "linearity", "pull", "range_as_bracket", "support", "under_sign", "differentiate",
    "bracket", "rearrange", "equivalent",
}  # fmt: skip


class TheoremLike(Protocol):
    @property
    def given(self) -> tuple[Cond, ...]: ...
    @property
    def lhs(self) -> Term: ...
    @property
    def rhs(self) -> Term: ...
    @property
    def steps(self) -> Sequence[StepLike]: ...


@dataclass(frozen=True)
class Row:
    """`= term`, and why."""

    term: Formula
    reason: Line
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Derivation:
    title: str
    language: str
    lhs: Formula
    rhs: Formula
    hypotheses: tuple[Line, ...]
    definitions: tuple[Formula, ...]
    rows: tuple[Row, ...]


def derivation(
    theorem: TheoremLike,
    title: str = "",
    language: str = "en",
    output: str = "h",
    kept: Collection[Term] = (),
) -> Derivation:
    """What the renderers of `derive.notes` take; `output` names what a loss is a function of.

    `kept`: terms of the chain that must have rows of their own.
    """
    terms = [theorem.lhs, theorem.rhs, *(s.result for s in theorem.steps)]
    named = outputs([theorem.lhs, theorem.rhs], output)
    return Derivation(
        title,
        language,
        formula(named.shown(theorem.lhs)),
        formula(named.shown(theorem.rhs)),
        hypotheses(theorem.given, theorem.lhs, theorem.rhs, language),
        (*named.definitions(), *(formula(named.definition(d)) for d in definitions(terms))),
        tuple(_rows(theorem, named, language, kept)),
    )


@dataclass
class _Draft:
    """A row in the making: the messages that it carries."""

    term: Term
    steps: list[tuple[str, Message]]


def _rows(
    theorem: TheoremLike, named: Outputs, language: str, kept: Collection[Term]
) -> list[Row]:
    drafts: list[_Draft] = []
    before, shown = theorem.lhs, formula(named.shown(theorem.lhs))
    names_back: dict[Var, Var] = {}
    for step in theorem.steps:
        why = message(step, _renamed(before, names_back))
        if step.rule == "reindex" and step.forward:
            why = _same_names(step, before, names_back) or why
        why = Message(why.key, {k: named.shown(v) for k, v in why.data.items()})
        after = named.shown(_renamed(step.result, names_back))
        own, before = before in kept, step.result
        looks = formula(after)
        if looks == shown:
            continue
        shown = looks
        last = drafts[-1] if drafts else None
        if last and not own and _joins(step.rule, last):
            last.term = after
            last.steps.append((step.rule, why))
        else:
            drafts.append(_Draft(after, [(step.rule, why)]))
    out: list[Row] = []
    seen = formula(named.shown(theorem.lhs))
    for d in drafts:
        term = formula(d.term)
        if term != seen:  # else the steps of the row undid each other
            out.append(Row(term, _reason(d.steps, language), tuple(r for r, _ in d.steps)))
        seen = term
    return out


def _joins(rule: str, last: _Draft) -> bool:
    main = [r for r, _ in last.steps if r not in BOOKKEEPING]
    if rule in BOOKKEEPING or not main:
        return True
    return rule in REPEATED and main[-1] == rule


def _reason(steps: list[tuple[str, Message]], language: str) -> Line:
    """The reasons of a row, each once; bookkeeping only where nothing else happened."""
    main = [m for r, m in steps if r not in BOOKKEEPING] or [steps[0][1]]
    brackets = [m for m in main if m.key.split(".")[0] == "bracket"]
    here = [c for m in brackets if isinstance(c := m.data.get("cond"), Cond)]
    if len(here) > 1:  # one reason for all conditions that hold
        main = [m for m in main if m not in brackets]
        main.append(Message("bracket", {"cond": And(tuple(_linked(here)))}))
    lines: list[Line] = []
    for m in main:
        if (said := reason(m, language)) not in lines:
            lines.append(said)
    return joined(lines, ", ")


def _linked(conds: list[Cond]) -> list[Cond]:
    """In an order in which lo <= i stands before i <= hi, each once."""
    todo = [c for k, c in enumerate(conds) if c not in conds[:k]]
    out: list[Cond] = []
    while todo:
        starts = [
            c for c in todo if isinstance(c, Rel) and not any(
                isinstance(d, Rel) and d is not c and d.rhs == c.lhs for d in todo)
        ]  # fmt: skip
        c = (starts or todo)[0]
        while c is not None:
            todo.remove(c)
            out.append(c)
            follow = [d for d in todo if isinstance(d, Rel) and isinstance(c, Rel)]
            c = next((d for d in follow if d.lhs == c.rhs), None)  # type: ignore[attr-defined]
    return out


def _same_names(step: StepLike, before: Term, names_back: dict[Var, Var]) -> Message | None:
    """`substitute z -> x - z` and z again afterwards, as one writes it, where that is safe."""
    try:
        new = list(step.data["variables"])
        olds = nested(part_at(before, step.path), len(new))
        images = [step.data["forward"][k] for k in range(len(new))]
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    back = {u: names_back.get(v, v) for u, v in zip(new, olds, strict=True)}
    trial = {**names_back, **back}
    if names(_binders(_renamed(step.result, trial))) & names(new):
        return None
    names_back.update(back)
    shown = [substitute(e, dict(trial)) for e in images]
    kept = [(back[u], e) for u, e in zip(new, shown, strict=True) if e != back[u]]
    if not kept:
        return None
    return Message("reindex", {"map": substitution([v for v, _ in kept], [e for _, e in kept])})


def _binders(node: Node) -> set[Var]:
    out = set(bound(node))
    for child in node.children():
        out |= _binders(child)
    return out


def _renamed(node: Any, back: dict[Var, Var]) -> Any:
    """Sums over the variables of `back`, over their old names instead, where nothing clashes."""
    if not back or not isinstance(node, Node):
        return node
    changes: dict[str, Any] = {}
    for name in node.__dataclass_fields__:  # type: ignore[attr-defined]
        field = node.__dataclass_fields__[name]  # type: ignore[attr-defined]
        value = getattr(node, name)
        if not field.metadata.get("child", True):
            continue
        if isinstance(value, tuple):
            new: Any = tuple(_renamed(v, back) for v in value)
        else:
            new = _renamed(value, back)
        if new != value:
            changes[name] = new
    out: Any = replace(node, **changes) if changes else node  # type: ignore[type-var]
    if isinstance(out, Sum) and (wanted := back.get(out.var)):
        inside = names(free(out.body)) | names(_binders(out.body))
        if wanted.name not in inside:
            out = Sum(wanted, out.bounds, substitute(out.body, {out.var: wanted}))
    return out


def notebook_latex(theorem: TheoremLike) -> str:
    """What Jupyter shows of a theorem where it takes LaTeX only."""
    from derive.notes.notebook import as_notebook_latex  # the renderers import this module

    return as_notebook_latex(derivation(theorem))


def notebook_html(theorem: TheoremLike) -> str:
    """What Jupyter shows of a theorem: hypotheses, and the chain as a table."""
    from derive.notes.notebook import as_notebook_html

    return as_notebook_html(derivation(theorem))

"""Steps of the kernel to messages: what a step did, read from its data and the part it changed.

May: look at a step and at the terms before and after it.  Must not: phrase anything, or check a
step: it describes what the kernel has accepted, and a missing detail makes a plainer reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from derive.binding import substitute
from derive.notes.messages import Formula, Message, formula
from derive.syntax import (
    ZERO,
    And,
    App,
    Cond,
    Definition,
    Diff,
    DiffEntry,
    Iverson,
    Mul,
    Node,
    Op,
    Partial,
    Rel,
    Sum,
    Term,
    Var,
)


class StepLike(Protocol):
    """A recorded step.  `forward` false: the rule turns the result into the term before."""

    @property
    def rule(self) -> str: ...
    @property
    def path(self) -> tuple[int, ...]: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def forward(self) -> bool: ...
    @property
    def result(self) -> Term: ...


def part_at(node: Node, path: tuple[int, ...]) -> Node | None:
    """The subterm that a path of child numbers leads to."""
    for number in path:
        below = node.children()
        if not 0 <= number < len(below):
            return None
        node = below[number]
    return node


def message(step: StepLike, before: Term) -> Message:
    """The reason of a step from `before` to `step.result`."""
    left, right = (before, step.result) if step.forward else (step.result, before)
    old, new = part_at(left, step.path), part_at(right, step.path)
    back = "" if step.forward else ".back"
    under = old.body if isinstance(old, Diff) else old
    sign = ".integral" if isinstance(under, Sum) and under.integral else ""
    describe = DESCRIBE.get(step.rule)
    try:
        if step.rule == "reindex" and not step.forward:
            return _substituted(list(step.data["variables"]), list(step.data["inverse"]))
        if describe is not None and old is not None:
            found = describe(step.data, old, new)
            return Message(found.key + sign + back, found.data)
        return Message(step.rule + sign + back, _nodes(step.data))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return Message("other", {"rule": step.rule})


def _nodes(data: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in data.items() if isinstance(v, Node | str | int | Formula)}


def substitution(olds: list[Var], images: list[Term]) -> Formula:
    """z -> x - z, several maps with commas."""
    parts = [(formula(v), formula(e)) for v, e in zip(olds, images, strict=True)]
    return Formula(
        ", ".join(rf"{v.latex} \mapsto {e.latex}" for v, e in parts),
        ", ".join(f"{v.text} ↦ {e.text}" for v, e in parts),
    )


def nested(t: Node | None, depth: int) -> list[Var]:
    """The variables of `depth` nested sums."""
    out: list[Var] = []
    for _ in range(depth):
        if not isinstance(t, Sum):
            raise ValueError("not so many sums")
        out.append(t.var)
        t = t.body
    return out


TRUE = (And(()), Rel("=", ZERO, ZERO))  # how a condition that always holds is written

Description = Callable[[Mapping[str, Any], Node, "Node | None"], Message]


def _unfold(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    fn = old.fn if isinstance(old, App) else old
    if isinstance(fn, Op):
        return Message("unfold", {"symbol": symbol(fn.definition)})
    return Message("unfold.map")


def symbol(d: Definition) -> Formula:
    """How a definition is referred to: its sign, or f^- for one written above its function."""
    from derive.latex.printer import Latex
    from derive.text import Unicode

    if d.symbol.startswith("^"):
        return formula(d(*d.params))
    return Formula(Latex().symbol(d.symbol), Unicode().symbol(d.symbol))


def _reindex(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    return _substituted(nested(old, len(data["variables"])), list(data["forward"]))


def _substituted(olds: list[Var], images: list[Term]) -> Message:
    if all(isinstance(e, Var) for e in images):
        return Message("rename", {"map": substitution(olds, images)})
    return Message("reindex", {"map": substitution(olds, images)})


def _scale(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    return Message("scale", {"map": substitution([old.var], [data["by"] * data["variable"]])})  # type: ignore[attr-defined]


def _substitution(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    inner = substitute(data["map"].body, {data["map"].params[0]: old.var})  # type: ignore[attr-defined]
    return Message("substitution", {"map": substitution([new.var], [inner])})  # type: ignore[union-attr]


def _pull(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    return Message("pull", {"var": old.var})  # type: ignore[attr-defined]


def _residues(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    return Message("residue_split", {"var": old.var, "modulus": data["modulus"]})  # type: ignore[attr-defined]


def _collapse(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    body = old.body  # type: ignore[attr-defined]
    bracket = body.factors[data["index"]] if isinstance(body, Mul) else body
    cond: Cond = bracket.cond
    if isinstance(cond, Rel) and cond.rhs == old.var:  # type: ignore[attr-defined]
        cond = Rel(cond.op, cond.rhs, cond.lhs)
    return Message("collapse", {"cond": cond})


def _both(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    def shown(node: Node) -> Node:
        return node.cond if isinstance(node, Iverson) else node

    key = "equivalent"
    if isinstance(old, Term) and not isinstance(old, Iverson):
        key = "same"
    after = data.get("cond") or data.get("target") or new
    if not isinstance(after, Node):
        raise ValueError("nothing to show")
    if isinstance(old, Iverson) and shown(after) in TRUE:
        return Message("bracket", {"cond": old.cond})
    return Message(key, {"old": shown(old), "new": shown(after)})


def _floor_bound(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    return Message("floor_bound")


def _support(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    fn = old.fn if isinstance(old, App | DiffEntry) else old
    return Message("support", {"fn": old if isinstance(fn, Partial) else fn})


def _use(data: Mapping[str, Any], old: Node, new: Node | None) -> Message:
    """A theorem that is used: by its name if the step says it, else by what it states."""
    if isinstance(data.get("name"), str):
        return Message("use.named", {"theorem": data["name"]})
    lhs, rhs = formula(data["theorem"].lhs), formula(data["theorem"].rhs)
    shown = Formula(f"{lhs.latex} = {rhs.latex}", f"{lhs.text} = {rhs.text}")
    return Message("use", {"equation": shown})


DESCRIBE: dict[str, Description] = {
    "unfold": _unfold,
    "reindex": _reindex,
    "scale": _scale,
    "substitution": _substitution,
    "pull": _pull,
    "residue_split": _residues,
    "collapse": _collapse,
    "equivalent": _both,
    "same": _both,
    "floor_bound": _floor_bound,
    "support": _support,
    "use": _use,
}

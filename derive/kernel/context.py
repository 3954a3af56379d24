"""Where a rule is applied: the path to a subterm, and what may be assumed there.

Assumptions are the hypotheses of the theorem, the ranges of the binders that the path goes
through, and the brackets beside it in a product: [P] t only depends on t where P holds.  What
mentions a variable that a binder on the path binds anew is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from derive.binding import bound, free, names
from derive.syntax import (
    And,
    Cond,
    DiffEntry,
    Function,
    Iverson,
    Mul,
    Node,
    Rel,
    Sum,
    Term,
    Var,
)


class Refused(Exception):
    """A rule was not applied: which one, why, and the part at fault."""

    def __init__(self, rule: str, reason: str, part: object) -> None:
        super().__init__(f"{rule}: {reason}: {part!r}")
        self.rule, self.reason, self.part = rule, reason, part


@dataclass(frozen=True, slots=True)
class Context:
    """What holds at a place: `conds`, below the binders of `binders`."""

    conds: tuple[Cond, ...]
    binders: tuple[Var, ...] = ()

    def beside(self, product: Mul, index: int) -> Context:
        brackets = tuple(
            f.cond for i, f in enumerate(product.factors) if i != index and isinstance(f, Iverson)
        )
        return replace(self, conds=self.conds + brackets)

    def below(self, binder: Node) -> Context:
        """The context in the body of a binder (of a derivative by an entry of w: w varies)."""
        hidden: frozenset[Any] = frozenset(bound(binder))
        if isinstance(binder, DiffEntry):
            hidden = frozenset({binder.fn})
        kept = tuple(c for c in self.conds if not names(hidden) & names(free(c)))
        if isinstance(binder, Sum) and binder.bounds and binder.var.space.kind == "Z":
            lo, hi = binder.bounds
            if binder.var not in free(lo) | free(hi):
                kept += (Rel("<=", lo, binder.var), Rel("<=", binder.var, hi))
        return Context(kept, self.binders + bound(binder))

    def flat(self) -> list[Cond]:
        """The assumptions with conjunctions taken apart."""
        out, todo = [], list(self.conds)
        while todo:
            cond = todo.pop(0)
            if isinstance(cond, And):
                todo = list(cond.conds) + todo
            else:
                out.append(cond)
        return out


def slots(node: Node) -> list[tuple[str, int | None]]:
    """The fields of the children of `node`, in the order of `children()`."""
    out: list[tuple[str, int | None]] = []
    for f in fields(node):  # type: ignore[arg-type]
        value = getattr(node, f.name)
        if not f.metadata.get("child", True):
            continue
        if isinstance(value, Node):
            out.append((f.name, None))
        elif isinstance(value, tuple):
            out += [(f.name, i) for i, part in enumerate(value) if isinstance(part, Node)]
    return out


def at(
    root: Node, path: tuple[int, ...], context: Context
) -> tuple[Node, Context, Callable[[Node], Node]]:
    """The node at `path`, its context, and the function that puts another in its place."""
    if not path:
        return root, context, lambda new: new
    places = slots(root)
    if not 0 <= path[0] < len(places):
        raise Refused("path", f"there is no part {path[0]}", root)
    name, index = places[path[0]]
    value = getattr(root, name)
    child = value if index is None else value[index]
    inner = context
    if name == "body":
        inner = context.below(root)
    elif isinstance(root, Mul) and index is not None:
        inner = context.beside(root, index)
    node, there, put = at(child, path[1:], inner)

    def rebuild(new: Node) -> Node:
        part = put(new)
        changed = part if index is None else (*value[:index], part, *value[index + 1 :])
        return replace(root, **{name: changed})  # type: ignore[type-var]

    return node, there, rebuild


def expect(rule: str, node: object, kind: type | tuple[type, ...], what: str) -> Any:
    """`node` if it is of the kind that the rule needs."""
    if not isinstance(node, kind):
        raise Refused(rule, f"expected {what}", node)
    return node


def is_term(node: object) -> bool:
    return isinstance(node, Term | Function)

"""A name for the output that a loss takes: h_i := ..., so that dL/dh_i can be written.

May: show a closed map that stands as a loss's argument by a name of its own.  Must not: touch
what the kernel recorded; the named terms are only for the eye, and the name is defined beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from derive.binding import bound, free, fresh, names
from derive.notes.messages import Formula, formula
from derive.polynomial import key
from derive.syntax import App, Definition, Fn, Lam, Node, Signature, Space


@dataclass
class Outputs:
    """The names in use, by the map that each stands for, as a polynomial."""

    taken: set[str]
    wanted: str = "h"
    known: dict[str, tuple[Fn, Lam]] = field(default_factory=dict)

    def collect(self, node: Node) -> None:
        """Name the outputs in `node`, those outside first."""
        if isinstance(node, App):
            for arg in node.args:
                if isinstance(arg, Lam) and _takes_output(node):
                    self.name(arg)
        for child in node.children():
            self.collect(child)

    def name(self, lam: Lam) -> None:
        same = key(lam)
        eta = isinstance(lam.body, App) and lam.body.args == lam.params
        if same not in self.known and not eta and all(p.space.kind == "Z" for p in lam.params):
            name = fresh(self.wanted, self.taken)
            self.taken.add(name)
            domain: tuple[Space, ...] = tuple(p.space for p in lam.params)
            self.known[same] = (Fn(name, domain, style="index"), lam)

    def shown(self, node: Any) -> Any:
        """`node` with names for the outputs that a loss takes."""
        if not self.known or not isinstance(node, Node):
            return node
        changes: dict[str, Any] = {}
        for f in fields(node):  # type: ignore[arg-type]
            value = getattr(node, f.name)
            if not f.metadata.get("child", True):
                continue
            if isinstance(value, tuple):
                changes[f.name] = tuple(self.argument(node, v) for v in value)
            elif isinstance(value, Node):
                changes[f.name] = self.shown(value)
        out: Node = replace(node, **changes) if changes else node  # type: ignore[type-var]
        return out

    def argument(self, owner: Node, value: Any) -> Any:
        if isinstance(owner, App) and isinstance(value, Lam) and _takes_output(owner):
            if (name := self.name_of(value)) is not None:
                return name
        return self.shown(value)

    def name_of(self, lam: Lam) -> Fn | None:
        """The output's name; with one output only, for what a step made of it inside too."""
        if (found := self.known.get(key(lam))) is not None:
            return found[0]
        if len(self.known) == 1:
            ((name, first),) = self.known.values()
            if tuple(p.space for p in lam.params) == name.domain and free(lam) <= free(first):
                return name
        return None

    def definition(self, d: Definition) -> Definition:
        return replace(d, lam=self.shown(d.lam))

    def definitions(self) -> Iterable[Formula]:
        for fn, lam in self.known.values():
            head, body = formula(fn(*lam.params)), formula(lam.body)
            yield Formula(f"{head.latex} := {body.latex}", f"{head.text} := {body.text}")


def _takes_output(app: App) -> bool:
    fn = app.fn
    while not isinstance(fn, Fn):
        inner = getattr(fn, "fn", None)
        if inner is None:
            return False
        fn = inner
    return any(isinstance(s, Signature) for s in fn.domain)


def outputs(terms: Iterable[Node], wanted: str = "h") -> Outputs:
    """The outputs named in the given terms (both sides of a theorem), `wanted` if that is free."""
    terms = list(terms)
    out = Outputs(set().union(*(names(free(t)) for t in terms)), wanted)
    for t in terms:
        out.taken |= _bound_names(t)
    for t in terms:
        out.collect(t)
    return out


def _bound_names(node: Node) -> set[str]:
    own = {v.name for v in bound(node)}
    return own.union(*(_bound_names(c) for c in node.children()))


__all__ = ["Outputs", "outputs"]

"""One equation of a document on its way to the reader: its chain, with a place for each side.

May: parse, cut a text into chains, say which names stand in it and what it defines by its form.
Must not: elaborate or judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from derive.latex.read_errors import Fault, Unreadable, unreadable
from derive.latex.read_given import Meaning, Operator, meaning_of, operator_of, parts_of
from derive.latex.read_names import head, symbols
from derive.latex.read_roles import Roles, _call_group, derivative_of, roles_of
from derive.latex.read_tree import Chain, Frac, Group, Mark, Name, Script
from derive.latex.reader import _parsed
from derive.lint.mapped import Mapped, join

CUT = re.compile(
    r"\\(?P<implies>implies|impliedby|iff|Rightarrow|Leftarrow|Leftrightarrow|Longrightarrow|"
    r"Longleftrightarrow|to|rightarrow|leftarrow|gets|mapsto|longrightarrow|longmapsto|therefore|"
    r"because|vdash|vDash|models|leadsto)(?![A-Za-z])|(?P<arrow>[→⇒⇔←↦⟹])"
    r"|\\(?P<about>approx|sim|simeq|propto|cong|asymp|lesssim|gtrsim|ll|gg)(?![A-Za-z])|(?P<near>[≈∼∝])"
    r"|\\.|[{}]",
    re.DOTALL,
)
EQUAL = re.compile(r"\\(?:left|right|bigl|bigr)?\\?.|[{}]|(?P<eq>=|≔)", re.DOTALL)
SAYS_EQUAL = re.compile(r"\\(?:equiv|coloneqq|triangleq|doteq)(?![A-Za-z])")
DEFINES = re.compile(r":\s*=|\\(?:coloneqq|triangleq|doteq)(?![A-Za-z])")


def claims_equality(text: str) -> bool:
    """Whether an = stands outside all braces."""
    depth = 0
    for m in EQUAL.finditer(text):
        if m["eq"] and depth <= 0:
            return True
        depth += (m[0] == "{") - (m[0] == "}")
    return SAYS_EQUAL.search(text) is not None


def about_cuts(text: Mapped) -> tuple[list[Mapped], bool]:
    """The pieces between signs such as \\approx; and whether an implication stands in it."""
    cuts: list[tuple[int, int]] = []
    depth, implies = 0, False
    for m in CUT.finditer(text.text):
        depth += (m[0] == "{") - (m[0] == "}")
        if depth == 0:
            implies |= bool(m["implies"] or m["arrow"])
            if m["about"] or m["near"]:
                cuts.append(m.span())
    return text.split(cuts), implies


@dataclass(frozen=True)
class Equation:
    """`text`: as the reader gets it; `chain`, `row`: its surface; `before`, `after`: conditions."""

    text: Mapped
    chain: Chain
    row: Group
    start: int
    end: int

    @cached_property
    def roles(self) -> Roles:
        return roles_of([self.row])

    def side(self, k: int) -> Mapped:
        stop = self.chain.rels[k].pos if k < len(self.chain.rels) else self.end
        return self.text[self.chain.levels[k].pos : stop].strip()

    def part(self, first: int, last: int) -> Mapped:
        """The chain from one side to another, with the conditions around it."""
        stop = self.chain.rels[last].pos if last < len(self.chain.rels) else self.end
        pieces = [self.text[: self.start], self.text[self.chain.levels[first].pos : stop]]
        if last < len(self.chain.rels) and self.text.text[self.end :].strip(" ,.;\n"):
            pieces.append(Mapped.at(", ", self.text.place(self.end)))
        return join([*pieces, self.text[self.end :]])

    def link(self, k: int) -> Mapped:
        """The two sides of one link and no conditions."""
        stop = self.chain.rels[k + 1].pos if k + 1 < len(self.chain.rels) else self.end
        return self.text[self.chain.levels[k].pos : stop].strip()

    @cached_property
    def names(self) -> set[str]:
        return names_in([self.row], self.roles)

    @cached_property
    def operators(self) -> set[tuple[str, int]]:
        """Operators with the number of arguments they are applied to (0: none is written)."""
        return operators_in(self.row)

    @cached_property
    def gradient(self) -> bool:
        """Whether it speaks of the derivatives of a loss."""
        return bool(self.roles.losses) or any(n.split("_")[0].split("^")[0] == r"\delta"
                                              for n in self.names)

    def sub(self, k: int) -> Chain:
        return Chain(self.chain.levels[k].pos, self.chain.levels[k:], self.chain.rels[k:])

    def symbol(self) -> Meaning | None:
        """The symbol that its left side defines, if that does not stand on the right too."""
        meaning = meaning_of(self.chain, self.roles.naming)
        if meaning is None:
            return None
        if meaning.symbol in names_in(list(self.chain.levels[1:]), self.roles):
            return None
        return meaning

    def operator(self) -> tuple[int, Operator, bool] | None:
        """The side that spells out an operator, and whether under the same derivative on both."""
        for k in range(len(self.chain.rels)):
            for chain, under in ((self.sub(k), False), (_peeled(self.sub(k)), True)):
                found = operator_of(chain, self.roles.naming) if chain is not None else None
                if found is not None and chain is not None:
                    if found.symbol not in {s for s, _ in operators_in(chain.levels[1])}:
                        return k, found, under
        return None


def _peeled(chain: Chain) -> Chain | None:
    """D A = D B with the same derivative in front: A = B."""
    left, right = chain.levels[0], chain.levels[1]
    fractions = left.items[0], right.items[0]
    if len(left.items) < 2 or len(right.items) < 2:
        return None
    if not all(isinstance(f, Frac) and derivative_of(f) for f in fractions):
        return None
    if [_shape(f) for f in fractions[:1]] != [_shape(f) for f in fractions[1:]]:
        return None
    levels = [
        replace(level, pos=level.items[1].pos, items=level.items[1:]) for level in (left, right)
    ]
    return Chain(levels[0].pos, levels, chain.rels[:1])


def _shape(node: Frac) -> list[str]:
    return [getattr(n, "value", type(n).__name__) and str(getattr(n, "value", "")) for n in
            node.walk()]


def names_in(parts: list, roles: Roles) -> set[str]:  # type: ignore[type-arg]
    """Symbols as names with their labels."""
    out: set[str] = set()
    for part in parts:
        for node in part.walk():
            try:
                found = head(node, roles.naming)
            except Fault:
                found = None
            if found is not None:
                out.add(found.name)
    return out


def operators_in(part) -> set[tuple[str, int]]:  # type: ignore[no-untyped-def]
    out: set[tuple[str, int]] = set()
    for node in part.walk():
        items = getattr(node, "items", None)
        if not items:
            continue
        for item, after in zip(items, [*items[1:], None], strict=True):
            if isinstance(item, Mark) and item.kind == "op" and item.value not in (".", "/", "mod"):
                out.add((item.value, 0))
            inner = item.base if isinstance(item, Script) else item
            if isinstance(inner, Group) and after is not None:
                call = _call_group(after)
                if call is not None:
                    out |= {(s, len(call.chains)) for s, _ in _marks(inner)}
            if isinstance(inner, Group) and isinstance(item, Script) and item.subs:
                size = len(item.subs[0].chains)
                if size == 1:
                    size = sum(isinstance(i, Name) for i in item.subs[0].chains[0].levels[0].items)
                out |= {(s, size) for s, _ in _marks(inner)}
    return out


def _marks(group: Group) -> set[tuple[str, int]]:
    return {(n.value, 0) for n in group.walk()
            if isinstance(n, Mark) and n.kind == "op" and n.value not in (".", "/", "mod")}


def parsed(text: str) -> list[Group]:
    """The surface of a text; raises `Unreadable`."""
    return _parsed(text)


def equations_of(text: Mapped) -> Iterator[Equation]:
    """The chains of equalities of a text; raises `Unreadable`."""
    rows = parsed(text.text)
    for number, row in enumerate(rows):
        stop = rows[number + 1].pos if number + 1 < len(rows) else len(text)
        here = text[:stop]
        try:
            parts = parts_of(row)
        except Fault as fault:
            raise unreadable(fault, text.text) from None
        ours = [(c, row) for c in parts.chains if _equals(c)]
        starts = [c.pos for c in row.chains]
        for k, (chain, _) in enumerate(ours):
            following = min((s for s in starts if s > chain.pos), default=stop)
            end = following
            others = [c.pos for c, _ in ours]
            if others[k + 1 :]:  # several equations: each with the conditions behind the last
                last = others[-1]
                tail = min((s for s in starts if s > last), default=stop)
                whole = [here[chain.pos : end], here[tail:stop]]
                yield from _one(join([whole[0], Mapped.at(", ", here.place(tail)), whole[1]]))
            elif len(ours) > 1:
                yield from _one(here[chain.pos : stop])
            else:
                cut = _mixed(chain)
                if cut is not None:
                    yield from _one(here[: cut])
                else:
                    yield Equation(here, chain, row, chain.pos, _trim(here.text, end))


def _one(text: Mapped) -> Iterator[Equation]:
    cut = re.compile(r"[\s,;.&]+\Z").search(text.text)
    text = text[: cut.start()] if cut else text
    rows = parsed(text.text)
    parts = parts_of(rows[0])
    for chain in parts.chains:
        if _equals(chain) and len(rows) == 1:
            following = min((c.pos for c in rows[0].chains if c.pos > chain.pos), default=len(text))
            yield Equation(text, chain, rows[0], chain.pos, _trim(text.text, following))
            return


def _trim(text: str, end: int) -> int:
    """Before the comma that ends an equation."""
    found = re.compile(r"(?:[\s,;]|\\(?:quad|qquad|[,;: ]))+\Z").search(text, max(0, end - 60), end)
    return found.start() if found and text[found.start() - 1 : found.start()] != "\\" else end


def _equals(chain: Chain) -> bool:
    return bool(chain.rels) and chain.rels[0].value == "="


def _mixed(chain: Chain) -> int | None:
    """Where A = B <= C stops being equalities."""
    for rel in chain.rels:
        if rel.value != "=":
            return rel.pos
    return None


__all__ = ["Equation", "Unreadable", "about_cuts", "claims_equality", "equations_of", "parsed",
           "symbols"]

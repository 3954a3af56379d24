"""One equation of a document on its way to the reader: its chain, with a place for each side.

May: parse, cut a text into chains, say which names stand in it and what it defines by its form.
Must not: elaborate or judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from derive.latex.given.given import Meaning, Operator, meaning_of, operator_of, parts_of
from derive.latex.reader import _parsed
from derive.latex.roles.roles import RESERVED, Roles, _call_group, derivative_of, roles_of
from derive.latex.roles.words import name_words
from derive.latex.signs.errors import Fault, unreadable
from derive.latex.signs.names import head, plain_name, symbols
from derive.latex.signs.tree import Big, Chain, Group, Number, Script
from derive.lint.mapped import Mapped, join
from derive.lint.surface import group_text, names_in, operands_in, operators_in, peeled

BUILT_IN = ("*", r"\star", r"\circledast")


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
    def operands(self) -> set[str]:
        """Names beside an operator, as in f * g."""
        return operands_in(self.row)

    @cached_property
    def gradient(self) -> bool:
        """Whether it speaks of the derivatives of a loss."""
        return bool(self.roles.losses) or any(
            n.split("_")[0].split("^")[0] == r"\delta" for n in self.roles.entries
        )

    @cached_property
    def differentiated(self) -> set[str]:
        """The symbols by which, or by whose entries, something is differentiated."""
        out: set[str] = set()
        for node in self.chain.walk():
            fraction = derivative_of(node)
            if fraction is not None:
                for item in fraction.den.chains[0].levels[0].items[1:]:
                    found = head(item, self.roles.naming)
                    out |= {found.name} if found is not None else set()
        return out

    def sub(self, k: int) -> Chain:
        return Chain(self.chain.levels[k].pos, self.chain.levels[k:], self.chain.rels[k:])

    def symbol(self) -> Meaning | None:
        """The symbol that its left side defines, if that does not stand on the right too."""
        meaning = meaning_of(self.chain, self.roles.naming)
        if meaning is None:
            return None
        if meaning.symbol in names_in(list(self.chain.levels[1:2]), self.roles):
            return None
        return meaning

    def turned(self) -> Equation | None:
        """`\\sum_j w_j x_{i+j} = y_i`, with the symbol in front, if it is one by itself."""
        if len(self.chain.levels) != 2:
            return None
        left, right = self.chain.levels
        back = Chain(self.chain.pos, [right, left], self.chain.rels)
        out = replace(self, chain=back)
        meaning = out.symbol()
        plain = len(right.items) == 1 and not isinstance(right.items[0], Number)
        return out if meaning is not None and (meaning.params or plain) else None

    @cached_property
    def apart(self) -> bool:
        """Whether it is between numbers, and no letter is on both sides: no identity can be."""
        if len(self.chain.levels) != 2 or self.operators or self.roles.called or self.roles.entries:
            return False
        if any(isinstance(n, Big) for n in self.chain.walk()):
            return False
        left, right = (set(symbols([level])) for level in self.chain.levels)
        return not left & right and bool(left | right)

    def part_of_symbol(self) -> str:
        """The symbol of which the left side is one value, as in W_2 or y_{i,1}, or ""."""
        items = self.chain.levels[0].items
        try:
            found = head(items[0], self.roles.naming)
        except Fault:
            return ""
        if found is None or found.power is not None or found.primes or found.name in RESERVED:
            return ""
        called = len(items) == 2 and _call_group(items[1]) is not None and found.subs is None
        if not called and (len(items) != 1 or found.subs is None):
            return ""
        if found.name in names_in(list(self.chain.levels[1:]), self.roles):
            used = self.side(1).text if len(self.chain.levels) == 2 else self.text.text
            digits = re.fullmatch(r"[A-Za-z]_\{?[0-9]\}?", self.side(0).text.replace(" ", ""))
            if digits is None or digits[0].replace("{", "").replace("}", "") in used.replace(
                    "{", "").replace("}", "").replace(" ", ""):
                return ""
            return digits[0].replace("{", "").replace("}", "")
        return found.name

    def output_ranges(self, params: tuple[str, ...], outputs: set[str]) -> list[str]:
        """`i = 0, \\dots, n` for the sums over an index of \\delta: the ranges of the output."""
        sums: dict[str, tuple[str, str]] = {}
        for node in self.row.walk():
            if isinstance(node, Script) and isinstance(node.base, Big) and node.subs and node.sups:
                chain = node.subs[0].chains[0]
                name = plain_name(chain.levels[0].items[0])
                if len(chain.levels) == 2 and name is not None:
                    low = group_text(self.text.text, chain.levels[1].pos)
                    high = group_text(self.text.text, node.sups[0].chains[0].levels[0].pos)
                    sums[name] = (low, high)
        for name, groups in self.roles.entries.items():
            if name.split("_")[0].split("^")[0] != r"\delta" and name not in outputs:
                continue
            for group in groups:
                items = [c.levels[0].items for c in group.chains]
                if len(items) == 1 and len(params) > 1:
                    items = [[i] for i in items[0]]
                found = [plain_name(i[0]) if len(i) == 1 else None for i in items]
                if len(found) == len(params) and all(f in sums for f in found):
                    return [
                        rf"{p} = {sums[f][0]}, \dots, {sums[f][1]}"
                        for p, f in zip(params, found, strict=True) if f is not None
                    ]
        return []

    def operator(self) -> tuple[int, Operator, bool] | None:
        """The side that spells out an operator, and whether under the same derivative on both."""
        for k in range(len(self.chain.rels)):
            for chain, under in ((self.sub(k), False), (peeled(self.sub(k)), True)):
                found = operator_of(chain, self.roles.naming) if chain is not None else None
                if found is not None and chain is not None:
                    inside = {s for s, _ in operators_in(chain.levels[1])}
                    summed = any(isinstance(n, Big) for n in chain.levels[1].walk())
                    if found.symbol in BUILT_IN and (inside or not summed):
                        continue  # an equation between operators is a claim
                    if found.symbol not in inside:
                        return k, found, under
        return None


def parsed(text: str) -> list[Group]:
    """The surface of a text; raises `Unreadable`."""
    return _parsed(text)


def equations_of(text: Mapped) -> Iterator[Equation]:
    """The chains of equalities of a text; raises `Unreadable`."""
    rows = parsed(text.text)
    name_words(rows)
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
                parts_here = [here[chain.pos : _trim(here.text, end)]]
                if here.text[tail:stop].strip(" .,;"):
                    parts_here += [Mapped.at(", ", here.place(tail)), here[tail:stop]]
                yield from _one(join(parts_here))
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
    name_words(rows)
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

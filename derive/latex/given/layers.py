"""Symbols that are given: `h_i = ...` and `f(a) = ..., a \\ge 0`, with the ranges of their letters.

May: elaborate a definition once, and give the function that it means where the claim uses it, in
each of the ways in which it may be meant outside its range.  `Gradients` adds what a loss is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from derive.binding import free
from derive.latex.given.boxes import Box, Found, Place, Ranges, edges, places
from derive.latex.given.given import Meaning, Parts, Range, domain_letter
from derive.latex.given.partial import exclusive, joined, limits, moving, partly
from derive.latex.roles.roles import Roles
from derive.latex.signs.errors import Fault, unreadable
from derive.latex.signs.tree import Chain, Level
from derive.latex.terms import domains
from derive.latex.terms.open import named, pointwise
from derive.latex.terms.symbols import Symbols
from derive.syntax import (
    ONE,
    ZERO,
    Cond,
    Fn,
    Function,
    Iverson,
    Lam,
    Mul,
    Node,
    Not,
    Rel,
    Term,
    Var,
)
from derive.text import text

Piece = tuple[Lam, Box | None, Cond | None]
CROPPED, ELSEWHERE, ALONE = "cropped", "elsewhere", "alone"  # other readings of definitions
REACHED = "reached"  # a tensor has the entries alone that the formulas come to


@dataclass
class Layer:
    """A defined symbol, elaborated: its values, and its range where one was given."""

    meaning: Meaning
    lam: Lam
    box: Box | None
    uses: set[str] = field(default_factory=set)
    partly: Lam | None = None  # its formula where it is said to hold, anything elsewhere


class Layers(Symbols):
    """The elaborator with the symbols that are given."""

    def __init__(
        self,
        roles: Roles,
        meanings: dict[str, Meaning],
        ranges: list[Range],
        within: Sequence[Range] = (),
        apart: Parts | None = None,
    ) -> None:
        super().__init__(roles)
        self.meanings, self.ranges, self.within = meanings, ranges, within
        self.apart = apart or Parts([], [])
        self.layers: dict[str, Layer] = {}
        self.opening: list[str] = []
        self.uses: set[str] = set()  # what the definition that is being read refers to
        self.places: dict[str, list[Found]] = {}  # where each given formula uses tensors
        self.boxes: dict[str, Box] = {}
        self.edges: dict[str, Place] = {}  # of tensors, as far as known
        self.as_read = ""  # one of the readings above, or as it is usually meant
        self.doubts: dict[str, str] = {}  # which other readings the claim has, and of what
        self.moving: dict[str, Level] = {}  # letters that move with those of a definition
        self.exclusive: set[str] = set()  # what two formulas define that never meet
        self.holds_where: dict[str, str] = {}  # in words, as far as it was asked for
        self.firm = False  # whether of a definition that is used more than a range is said
        self.feeds = False  # whether of one that feeds another

    def defined(self, name: str, pos: int) -> Function | None:
        if name in self.meanings:
            layer = self.layer(name, pos)
            if self.opening:
                self.uses.add(name)
                return named(name, self.inner(layer))
            feeds = any(name in self.layer(other, pos).uses for other in self.forward())
            return named(name, self.inner(layer) if feeds else self.outer(layer))
        return None

    def letter(self, name: str) -> Term:
        """A letter, or what it is where that moves with the letters of a definition."""
        if name in self.env or name not in self.moving:
            return super().letter(name)
        value = self.moving.pop(name)  # a letter that is given by itself stays what it is
        try:
            return self.number(value)
        finally:
            self.moving[name] = value

    def known(self, name: str) -> bool:
        return name in self.meanings

    def forward(self) -> list[str]:
        kronecker = r"\delta" in self.meanings
        return [
            name for name, m in self.meanings.items()
            if m.index and not m.adjoint and (kronecker or not m.backward)
        ]  # fmt: skip

    def layer(self, name: str, pos: int) -> Layer:
        if name in self.layers:
            return self.layers[name]
        if name in self.opening:
            raise Fault(f"{name} is defined by itself", pos, "a definition without a circle")
        meaning = self.meanings[name]
        outer, self.uses = self.uses, set()
        self.opening.append(name)
        several = bool(meaning.also)
        pieces = [self.piece(m, several) for m in (meaning, *meaning.also)]
        self.opening.pop()
        lam, box, where = pieces[0]
        if where is not None:
            self.holds_where[name] = text(where)
        partly = self.partly(name, pieces, pos)
        self.layers[name] = Layer(meaning, lam, box, self.uses, partly)
        if meaning.also and partly is not None:
            self.layers[name].lam, box = partly, None
        self.uses = outer
        if meaning.index:
            known = box if self.as_read != ELSEWHERE else None
            lam = self.layers[name].lam
            self.find_boxes(name, lam, dict(zip(lam.params, known or (), strict=False)))
        return self.layers[name]

    def piece(self, meaning: Meaning, several: bool) -> Piece:
        """One definition: its formula, its range, and where it holds if more is said than that."""
        saved, self.env = self.env, {}
        box = self.box_of(meaning)
        params: list[Var] = []
        for param in meaning.params:
            space = self.kinds.new(
                "Z" if meaning.index else "", hard=meaning.index, dim=ONE if meaning.index else None
            )
            self.env[param] = Var(param, space)
            self.bound.add(self.env[param])
            params.append(self.env[param])
        outside, self.moving = self.moving, moving(meaning, self.apart)
        chain, self.claim = self.claim, Chain(meaning.pos, [meaning.body], [])
        saved_params, self.params = self.params, set(params)
        try:
            lam = self.meant(meaning, tuple(params))
            where = self.where(meaning, several or self.as_read == ELSEWHERE)
            for var in _at_points(lam):
                self.kinds.slot(var.space).weak = True
        except Fault as fault:
            raise unreadable(fault, meaning.source) from None
        self.env, self.claim, self.params = saved, chain, saved_params
        self.moving = outside
        return lam, box, where

    def where(self, meaning: Meaning, wanted: bool) -> Cond | None:
        """The condition under which a definition holds, where it is asked for."""
        said = limits(meaning, self.apart, self.roles)
        for name, each in said.domains:
            self.lives(self.env[name], each.level)
        if not (said and wanted):
            return None
        conds: list[Cond] = [Rel("<=", ZERO, self.env[name]) for name in said.natural()]
        for name, ends in said.ranges:
            var = self.env[name]
            conds += [Rel("<=", self.number(ends.low), var), Rel("<=", var, self.number(ends.high))]
        return joined([*conds, *map(self.relation, said.chains)])

    def lives(self, var: Var, level: Level) -> None:
        """A letter on the space that the text says."""
        if domain_letter(level) == "N":
            space = self.kinds.new("Z", hard=True, dim=ONE)
        else:
            space = domains.domain(self, level, "")
        self.kinds.merge(var.space, space)

    def partly(
        self, name: str, pieces: list[Piece], pos: int
    ) -> Lam | None:
        """The function that its definitions give where they hold, and nothing gives elsewhere."""
        found = [(lam, where) for lam, _, where in pieces if where is not None]
        params = pieces[0][0].params
        if len(found) < len(pieces) or any(len(x.params) != len(params) for x, _ in found):
            if len(pieces) > 1:
                raise Fault(f"{name} is defined more than once", pos,
                            "one definition, or conditions that say where each holds")  # fmt: skip
            return None
        for lam, _ in found:
            for one, other in zip(params, lam.params, strict=True):
                self.kinds.merge(one.space, other.space)
        if exclusive(found):
            self.exclusive.add(name)
        style = "index" if self.meanings[name].index else "call"
        return partly(found, Fn(name, tuple(p.space for p in params), "", None, style))

    def inner(self, layer: Layer) -> Lam:
        """What feeds another layer is zero outside its range, if that is its range."""
        self.feeds = self.doubt(layer) or self.feeds
        if self.as_read == ELSEWHERE and layer.partly is not None:
            return layer.partly
        if layer.box is not None and self.shared(layer.meaning):
            self.doubts[ALONE] = layer.meaning.symbol
            if self.as_read == ALONE:
                return layer.lam
        return _cropped(layer)

    def outer(self, layer: Layer) -> Lam:
        self.doubt(layer)
        if self.as_read == ELSEWHERE and layer.partly is not None:
            return layer.partly
        if layer.box is not None:
            self.doubts[CROPPED] = layer.meaning.symbol
        return _cropped(layer) if self.as_read == CROPPED else layer.lam

    def doubt(self, layer: Layer) -> bool:
        """Whether a claim may need a definition where nothing says that it holds.

        The answer is whether more than the range of an index is said.
        """
        said = limits(layer.meaning, self.apart, self.roles)
        if not said or layer.meaning.also:
            return False
        self.doubts[ELSEWHERE] = layer.meaning.symbol
        self.firm = self.firm or said.firm
        return said.firm

    def shared(self, meaning: Meaning) -> bool:
        """Whether a range that stands for itself is that of several formulas' letters."""
        return any(
            len([m for m in self.meanings.values() if set(m.params) & set(each.names)]) > 1
            for each in [*self.apart.ranges, *self.within]
            if set(each.names) & set(meaning.params) - {n for r in meaning.ranges for n in r.names}
        )

    def meant(self, meaning: Meaning, params: tuple[Var, ...]) -> Lam:
        if params:
            return Lam(params, self.number(meaning.body))
        value = self.level(meaning.body)
        if not isinstance(value, Function):
            raise Fault("a number where a function is expected", meaning.body.pos, "a function")
        lam = pointwise([value], lambda v: v, meaning.pos)
        self.bound |= set(lam.params)
        return lam

    def range_of(self, name: str, own: Sequence[Range] = ()) -> tuple[Term, Term] | None:
        for each in [*own, *self.apart.ranges, *self.ranges, *self.within]:
            if name in each.names:
                return self.number(each.low), self.number(each.high)
        return None

    def box_of(self, meaning: Meaning) -> Box | None:
        found = [self.range_of(p, meaning.ranges) for p in meaning.params]
        if not found or any(f is None for f in found):
            return None
        return tuple(f for f in found if f is not None)

    def find_boxes(self, name: str, lam: Lam, scope: dict[Var, tuple[Term, Term]]) -> None:
        """The tensors' ranges, now that a formula is known, or the range of its output."""
        ranges = Ranges(scope, set(self.bound), self.roles.sizes, self.as_read == REACHED)
        self.places[name] = list(places(lam.body, ranges))
        every = (place for found in self.places.values() for place in found)
        self.edges = edges(every, self.roles.sizes)
        self.boxes = {}
        for tensor, ends in self.edges.items():
            box = tuple(r for r in ends if r is not None)
            if len(box) == len(ends):
                self.boxes[tensor] = box
            elif self.as_read != REACHED:
                self.doubts[REACHED] = tensor


def _cropped(layer: Layer) -> Lam:
    """An output that feeds another layer is zero outside its range."""
    if layer.box is None:
        return layer.lam
    weights = [
        Iverson(Rel("<=", a, b))
        for var, (low, high) in zip(layer.lam.params, layer.box, strict=True)
        for a, b in ((low, var), (var, high))
    ]
    return Lam(layer.lam.params, Mul((*weights, layer.lam.body)))


def _at_points(lam: Lam) -> set[Var]:
    """The letters that a bracket [a = 0] compares: on R such a function is 0 almost everywhere."""
    out: set[Var] = set()
    parts: list[Node] = [lam.body]
    while parts:
        part = parts.pop()
        cond = part.cond if isinstance(part, Iverson) else None
        cond = cond.cond if isinstance(cond, Not) else cond
        if isinstance(cond, Rel) and cond.op == "=":
            out |= {v for v in lam.params if v in free(cond)}
        parts += part.children()
    return out

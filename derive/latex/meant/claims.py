"""One chain A = B = C, with what is given, to typed statements.

May: decide on which spaces a claim is meant, and which conditions the roles of its letters add:
sizes are 0 <= n; denominators, strides and dilations 1 <= s; entries are within their range.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from derive.binding import free, fresh, names
from derive.latex.given.bound import put_under
from derive.latex.given.boxes import cases
from derive.latex.given.dependent import put_in, unknown_dependence, worked_out
from derive.latex.given.given import Meaning, meaning_of, valued
from derive.latex.given.gradients import DELTA
from derive.latex.given.labels import tied
from derive.latex.given.partial import restricts
from derive.latex.meant.circles import on_circles
from derive.latex.meant.meant import Context, Meant, is_real
from derive.latex.signs.errors import Fault, ambiguous, unreadable
from derive.latex.signs.names import head, symbols
from derive.latex.signs.tree import Chain, Group, Level, Script
from derive.latex.terms.open import apply, slots
from derive.latex.terms.spaces import Settler
from derive.latex.terms.terms import Value
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    And,
    Cond,
    Div,
    Fn,
    Function,
    IllTyped,
    Iverson,
    Mul,
    Node,
    Not,
    Num,
    Pow,
    Rel,
    Space,
    Statement,
    Sum,
    Term,
    Var,
    check_cond,
    space_of,
)

ACCENTED = re.compile(r"\\(?:hat|widehat|tilde|widetilde|bar|overline|check)\{(.+)\}$")


@dataclass(frozen=True)
class Other:
    """The same equation read another way: `usual` and `here` say which way each is.

    `firm`: the claim is proved only if it is proved in this way too; else if it is not refuted.
    `narrower`: it says less than the usual one, and is what is meant: data that refute the usual
    one refute nothing if they do not refute this one.
    """

    variants: tuple[tuple[str, Statement], ...]
    usual: str
    here: str
    firm: bool = False
    narrower: bool = False


@dataclass(frozen=True)
class Link:
    """One equation.  `variants`: (space, statement); a claim holds if it holds on each.

    `kind` is "claim" or "definition" (then `defines` is the symbol).  `line`, `column` say where
    its left side stands.
    """

    kind: str
    variants: tuple[tuple[str, Statement], ...]
    line: int = 1
    column: int = 1
    defines: str = ""
    unsaid: tuple[str, ...] = ()  # functions whose names mean something, and nothing says what
    assumed: tuple[str, ...] = ()  # the ranges of outputs that nothing gives
    unsure: tuple[Cond, ...] = ()  # what holds of letters if they are sizes, as they may be
    others: tuple[Other, ...] = ()
    withheld: str = ""  # why data do not refute it


@dataclass
class Done:
    links: list[Link]
    given: list[Cond]
    notes: list[str]


class Claims(Meant):
    """Elaborates one chain."""

    # --- the chain ------------------------------------------------------------------------------

    def links(self) -> Done:
        e = self.e
        self.unsure: dict[str, Cond] = {}
        self.withheld = ""
        pairs: list[tuple[Level, Level, Term, Term]] = []
        conds = [e.relation(c) for c in self.beside.chains]
        params = {p for m in self.every() for p in m.params}
        limiting = [c for c in self.context.conds if restricts(c[0], params, self.roles)]
        conds += self.relations(c for c in self.context.conds if c not in limiting)
        levels = self.chain.levels
        values = [e.level(level) for level in levels]
        conds += self.relations(self.on_letters(limiting, names(e.free.values()), params))
        for (a, left), (b, right) in zip(
            zip(levels, values, strict=True),
            list(zip(levels, values, strict=True))[1:],
            strict=False,
        ):
            lhs, rhs = self.equation(left, right, b.pos)
            pairs.append((a, b, lhs, rhs))
        sides, conds = put_in([t for *_, a, b in pairs for t in (a, b)], conds, self.chain.pos)
        sides, conds = put_under(sides, conds, e.kinds, self.chain.pos)
        sides, conds = worked_out(sides, conds)
        pairs = [(a, b, *sides[2 * k : 2 * k + 2]) for k, (a, b, *_) in enumerate(pairs)]
        if not e.forward() and (found := unknown_dependence(sides)) is not None:
            raise Fault("nothing says how {} depends on {}".format(*found), self.chain.pos,
                        "a forward formula among what is given", True)  # fmt: skip
        conds += self.live()
        self.dots = [
            e.relation(c) for c in self.context.dots if set(symbols([c])) <= e.free.keys()
        ]
        defines = self.defined_symbol()
        ranges = self.range_conds([lhs for _, _, lhs, _ in pairs] + [rhs for *_, rhs in pairs])
        entry = self.entry_conds()
        spaces = self.spaces([t for _, _, a, b in pairs for t in (a, b)], [*conds, *ranges, *entry])
        out = Done([], [], list(e.notes))
        more = [*ranges, *entry]
        stated = [
            (name, [self.statement(s, lhs, rhs, conds, more, a.pos) for a, _, lhs, rhs in pairs])
            for name, s in spaces
        ]
        if not defines:  # a forward formula has ranges
            stated = [on_circles(*each) for each in stated]
        for k, (a, _, lhs, rhs) in enumerate(pairs):
            variants = [(name, statements[k]) for name, statements in stated]
            for _, statement in variants:
                out.given += [c for c in statement.given if c not in out.given]
            defining = k == 0 and defines != ""
            place = unreadable(Fault("", a.pos), self.text)
            out.links.append(
                Link(
                    "definition" if defining else "claim",
                    tuple(variants),
                    place.line,
                    place.column,
                    defines if defining else "",
                    self.unsaid([lhs, rhs]),
                    tuple(e.assumed),
                    tuple(self.unsure.values()),
                    withheld=self.withheld or self.unused(),
                )
            )
        return out

    def every(self) -> list[Meaning]:
        return [m for first in self.context.meanings.values() for m in (first, *first.also)]

    def relations(self, chains: Iterable[tuple[Chain, str]]) -> list[Cond]:
        out: list[Cond] = []
        for chain, text in chains:
            try:
                out.append(self.e.relation(chain))
            except Fault as fault:
                raise unreadable(fault, text) from None
        return out

    def on_letters(
        self, limiting: list[tuple[Chain, str]], used: frozenset[str], params: set[str]
    ) -> list[tuple[Chain, str]]:
        """Of the conditions on letters of definitions those that are on the claim's letters.

        On the line of a definition they only say where that holds.
        """
        out = []
        for chain, text in limiting:
            held = used & set(symbols([chain]))
            if valued(chain) is None:  # u = 2x says what the u of a claim is
                held &= params
            own = {p for m in self.every() if chain in m.where for p in m.params}
            if held & own:
                self.withheld = f"{min(held & own)} may be that of a definition"
            elif held:
                out.append((chain, text))
        return out

    def unsaid(self, terms: list[Term]) -> tuple[str, ...]:
        """\\hat{f} beside f, a \\delta that is no derivative of a loss, a^{l-1} beside z^{l-1}."""
        functions = {s.name for t in terms for s in free(t) if isinstance(s, Fn)}
        out = [n for n in functions if (m := ACCENTED.match(n)) and m[1] in functions]
        out += [n for n in functions if len(n) == 1 and n.isupper() and n.lower() in functions]
        if not self.e.forward() and not self.roles.losses:
            out += [n for n in functions if n.split("_")[0] == DELTA and self._impulse(n)]
        out += tied(functions, self.context.meanings, self.roles.naming)
        return tuple(sorted(out))

    def unused(self) -> str:
        """What is given and not used, so that data need not fulfil it."""
        e = self.e
        if e.losses.keys() & self.valued:
            return "the loss is given, and the claim is meant for any loss"
        if e.losses and e.firm:
            return "a definition holds only under a condition"
        for name, meaning in self.context.meanings.items():
            if meaning.also and name not in e.exclusive:
                return f"{name} is defined more than once"
            if meaning.chained:
                return f"more than its definition is given for {name}"
        return ""

    def _impulse(self, name: str) -> bool:
        """The unit impulse or Kronecker's symbol, by where it stands."""
        pairs = [g for g in self.roles.entries.get(name, []) if self.e.letters(g) == 2]
        return name in self.roles.operands or name in self.roles.called or bool(pairs)

    def equation(self, left: Value, right: Value, pos: int) -> tuple[Term, Term]:
        """Both sides as numbers: functions are equal when they are at every argument."""
        e = self.e
        if isinstance(left, Term) and isinstance(right, Term):
            return left, right
        one = left if isinstance(left, Function) else right
        assert isinstance(one, Function)  # noqa: S101 - one of the two is
        if isinstance(left, Function) and isinstance(right, Function):
            if len(slots(left)) != len(slots(right)):
                raise Fault("functions of different numbers of arguments", pos, "the same number")
            for s, t in zip(slots(left), slots(right), strict=True):
                e.merge(s, t, pos)
            args = self.arguments(one, left, right)
        else:
            number = right if one is left else left
            only = list(e.operator_variables)
            if len(slots(one)) == 1 and len(only) == 1 and not isinstance(number, Num):
                args = (e.variable(only[0]),)
            elif isinstance(number, Num) and number == ZERO:
                args = self.arguments(one)
            else:
                raise Fault(
                    "a function on one side, a number on the other",
                    pos,
                    "the function at an argument, such as f(x)",
                )
        values = [apply(v, args, pos) if isinstance(v, Function) else v for v in (left, right)]
        return values[0], values[1]

    def arguments(self, *functions: Function) -> tuple[Var, ...]:
        e = self.e
        taken = {s.name for f in functions for s in free(f)}
        taken |= set(symbols([c for c, _ in self.context.conds if restricts(c, None, self.roles)]))
        out = []
        spaces = slots(functions[0])
        integers = all(e.kinds.slot(s).kind == "Z" for s in spaces)
        letters = "ijkmnp" if integers else "xytuvw"
        for space in spaces:
            name = next((c for c in letters if c not in taken), fresh("x", taken))
            taken.add(name)
            if name in e.free:
                e.kinds.merge(e.free[name].space, space)
            e.free[name] = Var(name, space)
            out.append(e.free[name])
        return tuple(out)

    def defined_symbol(self) -> str:
        """The unknown symbol that the first equation defines, if it does."""
        meaning = meaning_of(self.chain, self.roles.naming)
        if meaning is None or meaning.symbol in self.context.meanings:
            return ""
        base = meaning.symbol.split("^")[0].split("_")[0]
        if base == DELTA and self.e.forward():
            return ""
        elsewhere: list[Level | Group] = [*self.chain.levels[1:], *self.context.groups]
        if meaning.symbol in self._used(elsewhere):
            return ""
        if set(meaning.params) & self._bound_outside():
            return ""
        return meaning.symbol

    def _used(self, parts: Iterable[Level | Group]) -> set[str]:
        out: set[str] = set()
        for part in parts:
            for node in part.walk():
                found = head(node, self.roles.naming)
                if found is not None:
                    out.add(found.name)
        return out

    def _bound_outside(self) -> set[str]:
        return set()

    # --- conditions that the roles add ----------------------------------------------------------

    def range_conds(self, terms: list[Term]) -> list[Cond]:
        """`i = 1, ..., n` for the free i of a claim."""
        out: list[Cond] = []
        used = set().union(*(names(free(t)) for t in terms)) if terms else set()
        for each in self.e.ranges:
            for name in each.names:
                if name in used and name in self.e.free and self.concerns(name):
                    var = self.e.free[name]
                    low, high = self.e.number(each.low), self.e.number(each.high)
                    out += [Rel("<=", low, var), Rel("<=", var, high)]
        return out

    def concerns(self, name: str) -> bool:
        """Whether a range that was given for an index is meant for this letter of the claim.

        In \\partial L / \\partial w_i the i is an index of w, though the outputs are h_i.
        """
        if not any(m.index and name in m.params for m in self.context.meanings.values()):
            return True
        for node in self.chain.walk():
            found = head(node, self.roles.naming) if isinstance(node, Script) else None
            if found is not None and found.subs is not None:
                base = found.name.split("^")[0]
                if (base == DELTA or found.name in self.context.meanings) and name in symbols(
                    [found.subs]
                ):
                    return True
        return False

    def entry_conds(self) -> list[Cond]:
        """An entry that a loss is differentiated by lies within its tensor's range."""
        out: list[Cond] = []
        for fn, entry in self.e.entries_used:
            for index, ends in zip(entry, self.e.edges.get(fn.name, ()), strict=False):
                if ends is None or free(index) & self.e.bound:
                    continue
                low, high = ends
                least, below = cases(low), cases(-high)
                most = [-case for case in below] if len(below) > 1 else [high]
                for a, b in ((*((x, index) for x in least), *((index, x) for x in most))):
                    certain = isinstance(a, Num) and isinstance(b, Num) and a.value <= b.value
                    if not certain and Rel("<=", a, b) not in out:
                        out.append(Rel("<=", a, b))
        return out

    def statement(
        self, settler: Settler, lhs: Term, rhs: Term, conds: list[Cond], more: list[Cond], pos: int
    ) -> Statement:
        try:
            sides = settler.settle(lhs), settler.settle(rhs)
            stated = _flat(settler.settle(c) for c in [*conds, *more])
            numbers = any(isinstance(c, Rel) and isinstance(c.rhs, Num) and c.op == "="
                          for c in stated)  # fmt: skip
            if not numbers:  # else these are put in, and whether a size is whole is seen
                stated += [c for c in map(_cleared, stated) if c is not None and c not in stated]
            for cond in stated:
                check_cond(cond)
            for side in sides:
                space_of(side)
            if (pair := _pair(sides)) is not None:
                one, other = pair
                raise ambiguous(pos, f"the sum over {one} != {other} runs over {one} alone",
                                f"over all pairs {one}, {other}")  # fmt: skip
            for cond in map(settler.settle, self.dots):
                self.unsure[repr(cond)] = cond
            below = [settler.settle(d) for d in self.e.divisors]
            used = free(sides[0]) | free(sides[1]) | frozenset().union(*map(free, stated))
            given = dict.fromkeys([*self.sizes(used, below, settler), *stated])
            return Statement(tuple(given), *sides)
        except IllTyped as error:
            raise Fault(str(error), pos, "terms that fit together") from None

    def sizes(self, used: frozenset[Var | Fn], below: list[Term], settler: Settler) -> list[Cond]:
        out: list[Cond] = []
        strides = {settler.settle(v) for v in self.strides}
        positive = {f for t in below for f in _factors(t) if isinstance(f, Var)} | strides
        for symbol in sorted(used, key=lambda s: s.name):
            if not isinstance(symbol, Var) or symbol.space != Space("Z", ONE):
                continue
            if symbol in positive or symbol.name in self.dimensions(used):
                out.append(Rel("<=", ONE, symbol))
            elif symbol.name in self.roles.compared:  # n with n >= -3 may be no size
                self.unsure[symbol.name] = Rel("<=", ZERO, symbol)
            elif symbol.name in self.roles.sizes or symbol.name in self.roles.below:
                out.append(Rel("<=", ZERO, symbol))
            elif self.sizes_only and not is_real(symbol.name):
                if self.signed:  # of n in max(n, 0) nothing says that it is a size
                    self.unsure[symbol.name] = Rel("<=", ZERO, symbol)
                else:
                    out.append(Rel("<=", ZERO, symbol))
        for term in below:
            sure = all(isinstance(f, Var) or _not_zero(f) for f in _factors(term))
            if not sure and free(term) <= used and _whole(term):
                if (cond := Rel("<=", ONE, term)) not in out:
                    out.append(cond)
        return out

    def dimensions(self, used: frozenset[Var | Fn]) -> set[str]:
        out: set[str] = set()
        for symbol in used:
            spaces = (symbol.space,) if isinstance(symbol, Var) else symbol.domain
            for space in spaces:
                if isinstance(space, Space):
                    out |= names(free(space.dim))
                    out |= names(free(space.modulus)) if space.modulus is not None else set()
        return out


def _cleared(cond: Cond) -> Cond | None:
    """n = (a + b)/s + 1 as s n = a + b + s: a denominator is not 0."""
    if not isinstance(cond, Rel) or cond.op != "=":
        return None
    parts = [list(t.terms) if isinstance(t, Add) else [t] for t in (cond.lhs, cond.rhs)]
    dens = {t.den for side in parts for t in side if isinstance(t, Div)}
    den = next(iter(dens)) if len(dens) == 1 else None
    if den is None or isinstance(den, Num):
        return None
    sides = [[t.num if isinstance(t, Div) else t * den for t in side] for side in parts]
    lhs, rhs = (sum(side[1:], side[0]) for side in sides)
    return Rel("=", lhs, rhs)


def _factors(term: Term) -> list[Term]:
    if isinstance(term, Pow):  # k^2 is positive where k is not 0
        return _factors(term.base)
    return [f for t in term.factors for f in _factors(t)] if isinstance(term, Mul) else [term]


def _not_zero(term: Term) -> bool:
    return isinstance(term, Num) and term.value != 0


def _whole(term: Term) -> bool:
    try:
        return space_of(term).kind == "Z"
    except IllTyped:
        return False


def _flat(conds: Iterable[Cond]) -> list[Cond]:
    out: list[Cond] = []
    for cond in conds:
        out += list(cond.conds) if isinstance(cond, And) else [cond]
    return list(dict.fromkeys(out))


__all__ = ["Claims", "Context", "Done", "Link"]


def _pair(sides: tuple[Term, ...]) -> tuple[str, str] | None:
    """The letters of a sum over i != j where j stands nowhere else: is it summed over too?"""
    alone: dict[Var, str] = {}
    kept = {v for side in sides for v in free(_without_pairs(side, alone))}
    loose = {v for side in sides for v in free(side)} - kept
    return next(((one, j.name) for j, one in alone.items() if j in loose), None)


def _without_pairs(t: Any, found: dict[Var, str]) -> Any:
    """`t` with 0 for each sum over i != j; the letters j of which the bodies speak too."""
    if isinstance(t, tuple):
        return tuple(_without_pairs(part, found) for part in t)
    if not isinstance(t, Node):
        return t
    if isinstance(t, Sum) and not t.bounds and isinstance(t.body, Mul):
        for f in t.body.factors:
            if isinstance(f, Iverson) and isinstance(f.cond, Not) and isinstance(f.cond.cond, Rel):
                ends = {f.cond.cond.lhs, f.cond.cond.rhs} - {t.var}
                others = [x for x in t.body.factors if x is not f]
                (j,) = ends if len(ends) == 1 else (None,)
                if isinstance(j, Var) and any(j in free(x) for x in others):
                    found[j] = t.var.name
                    return ZERO
    return replace(t, **{f.name: _without_pairs(getattr(t, f.name), found)
                         for f in fields(t)})  # type: ignore[arg-type,type-var]  # fmt: skip

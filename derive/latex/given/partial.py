"""Definitions that hold only somewhere: `h(a) = f(a), a \\ge 0`.

May: find what restricts the letters of a definition, on its own line or on lines that define
nothing, and build the function that is the formula there and anything elsewhere.  `given/gradients`
calls it; whether a claim needs the formula elsewhere is for `claims` to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from derive.binding import substitute
from derive.latex.given.given import Domain, Meaning, Parts, Range, between, domain_letter, valued
from derive.latex.roles.roles import Roles
from derive.latex.signs.names import symbols
from derive.latex.signs.tree import Chain, Level
from derive.syntax import Add, And, App, Cond, Fn, Iverson, Lam, Mul, Not, Rel, Term

Said = TypeVar("Said", Range, Domain)


@dataclass(frozen=True)
class Limits:
    """What is said of a definition's letters; `firm`: more than the range of a tensor's index."""

    ranges: tuple[tuple[str, Range], ...]
    chains: tuple[Chain, ...]
    domains: tuple[tuple[str, Domain], ...]
    firm: bool

    def __bool__(self) -> bool:
        return bool(self.ranges or self.chains or self.natural())

    @property
    def holes(self) -> bool:
        """Whether it is more than an interval that is left out, as by i != 3."""
        return any(r.value not in ("<=", "<", ">=", ">") for c in self.chains for r in c.rels)

    def natural(self) -> list[str]:
        return [name for name, d in self.domains if domain_letter(d.level) == "N"]


def limits(meaning: Meaning, apart: Parts, roles: Roles) -> Limits:
    params = set(meaning.params)
    ranges = [(p, r) for p in meaning.params for r in _of(p, meaning.ranges, apart.ranges)]
    domains = [(p, d) for p in meaning.params for d in _of(p, meaning.domains, apart.domains)]
    inside = set(symbols([meaning.body])) - params
    chains = [
        c
        for c in [*meaning.where, *apart.chains]
        if restricts(c, params, roles) and valued(c) not in inside  # else it is put in
    ]
    firm = not meaning.index or any(between(c) is None for c in chains)
    return Limits(tuple(ranges), tuple(chains), tuple(domains), firm)


def _of(name: str, own: Sequence[Said], apart: Sequence[Said]) -> list[Said]:
    """What the own line says of a letter, else what the other lines do."""
    return [x for x in own if name in x.names] or [x for x in apart if name in x.names]


def restricts(chain: Chain, params: set[str] | None, roles: Roles) -> bool:
    """Whether a condition is on which values a letter takes, and not on those of a function.

    `params`: the letters that are meant, None for any.
    """
    letters = symbols([chain])
    if params is not None and params.isdisjoint(letters):
        return False
    equation = all(r.value == "=" for r in chain.rels)
    return not (equation and any(roles.is_function(name, chain.pos) for name in letters))


def moving(meaning: Meaning, apart: Parts) -> dict[str, Level]:
    """The letters in a definition that equations give by its own: u in f(x) = g(u), u = 2x."""
    said = {valued(c): c.levels[1] for c in [*meaning.where, *apart.chains]}
    said = {name: level for name, level in said.items() if name not in {None, *meaning.params}}
    out: dict[str, Level] = {}
    for _ in said:
        known = {*meaning.params, *out}
        out = {str(n): v for n, v in said.items() if known & set(symbols([v])) - {n}}
    return out


def partly(pieces: Sequence[tuple[Lam, Cond]], elsewhere: Fn) -> Lam:
    """The first formula whose condition holds, and any values where none does."""
    params = pieces[0][0].params
    terms: list[Term] = []
    before: list[Term] = []
    for lam, cond in pieces:
        names = dict(zip(lam.params, params, strict=True))
        here = substitute(cond, names)
        terms.append(Mul((*before, Iverson(here), substitute(lam.body, names))))
        before.append(Iverson(opposite(here)))
    terms.append(Mul((*before, App(elsewhere, params))))
    return Lam(params, Add(tuple(terms)))


def exclusive(pieces: Sequence[tuple[Lam, Cond]]) -> bool:
    """Whether one of two formulas holds where the other does not, and nowhere else."""
    if len(pieces) != 2:
        return False
    (one, here), (other, there) = pieces
    names = dict(zip(other.params, one.params, strict=True))
    return opposite(here) == substitute(there, names)


def opposite(cond: Cond) -> Cond:
    match cond:
        case Not(inner):
            return inner
        case Rel("<", lhs, rhs):
            return Rel("<=", rhs, lhs)
        case Rel("<=", lhs, rhs):
            return Rel("<", rhs, lhs)
    return Not(cond)


def joined(conds: Sequence[Cond]) -> Cond:
    return conds[0] if len(conds) == 1 else And(tuple(conds))

"""LaTeX to statements: `read(text, given)`.

May: call the stages (tokens, grammar, roles, terms, spaces) and put statements together; every
failure leaves as `Unreadable`, with its place.  Nothing that is read is ever run.

A `Reading` says all that was understood, for people and for `check`: one `Link` for each
A = B of a chain, each with one `Statement` for every space on which it is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from derive.binding import Captured
from derive.latex.given.given import Parts, is_number, parts_of
from derive.latex.given.written import written_out
from derive.latex.meant.claims import Claims, Context, Done, Link
from derive.latex.meant.otherwise import all_readings
from derive.latex.roles.kinds import Conflict
from derive.latex.roles.roles import FUNCTION_OPS
from derive.latex.roles.words import name_words
from derive.latex.signs import grammar
from derive.latex.signs.ellipses import ellipses
from derive.latex.signs.entries import entries, indices
from derive.latex.signs.errors import (
    MAX_CHARS,
    Fault,
    Inner,
    Underdetermined,
    Unreadable,
    unreadable,
)
from derive.latex.signs.idioms import idioms
from derive.latex.signs.tokens import tokens_of
from derive.latex.signs.tree import Big, Chain, Group, Mark, Script
from derive.syntax import Cond, IllTyped

MAX_EQUATIONS = 64

__all__ = ["Link", "Reading", "Underdetermined", "Unreadable", "read"]


@dataclass(frozen=True)
class Reading:
    """What a text was understood to say.

    `kind`: "claim", or "definition" for a lone equation that defines an unknown symbol.
    `links`: one for each equation of a chain.  `given`: the conditions that the roles of the
    letters add, which also stand in each statement.  `notes`: what a reader should be told.
    """

    links: tuple[Link, ...]
    kind: str
    given: tuple[Cond, ...] = ()
    notes: tuple[str, ...] = ()


def read(text: str, given: Iterable[str] = ()) -> Reading:
    """The claims that a LaTeX text makes; raises `Unreadable`.

    >>> [label for label, _ in read("f * g = g * f").links[0].variants]
    ['Z^d', 'R^d']
    """
    if isinstance(given, str):
        given = (given,)
    lines = [(line, _parsed(line)) for line in given]
    rows = _parsed(text)
    dots = ellipses([*rows, *(g for _, groups in lines for g in groups)])
    entries(rows, [g for _, groups in lines for g in groups])
    name_words([*rows, *(g for _, groups in lines for g in groups)])
    context = Context.of(lines)
    written_out(context, rows)
    context.dots = dots
    try:
        links: list[Link] = []
        conds: list[Cond] = []
        notes: list[str] = []
        count = 0
        for row in rows:
            parts = parts_of(row)
            claims, sides = _sort(parts, _condition(row))
            count += sum(len(c.rels) for c in claims)
            if count > MAX_EQUATIONS:
                raise Fault("too long", row.pos, f"at most {MAX_EQUATIONS} equations")
            for chain in claims:
                beside = Parts(parts.ranges, sides, parts.domains)
                done = _read(context, chain, beside, row, text)
                links += done.links
                conds += [c for c in done.given if c not in conds]
                notes += [n for n in done.notes if n not in notes]
        if not links:
            raise Fault("no claim: there is no =", rows[0].pos if rows else 0, "an equation")
    except Fault as fault:
        raise unreadable(fault, text) from None
    except (IllTyped, Conflict, Captured) as error:
        raise unreadable(Fault(str(error), 0, "terms that fit together"), text) from None
    except RecursionError:
        raise unreadable(Fault("too deep", 0, "fewer levels"), text) from None
    kind = "definition" if all(link.kind == "definition" for link in links) else "claim"
    return Reading(tuple(links), kind, tuple(conds), tuple(notes))


def _read(context: Context, chain: Chain, beside: Parts, row: Group, text: str) -> Done:
    """A chain; where it differentiates by z, which has a formula, for any z in its place.

    What holds for any tensor holds for one with a formula; data need not fulfil that.
    """
    try:
        return all_readings(partial(Claims, context, chain, beside, row, text))
    except Inner as inner:
        gone = {inner.name, *inner.below}
        meanings = {k: v for k, v in context.meanings.items() if k not in gone}
        done = _read(replace(context, meanings=meanings), chain, beside, row, text)
        said = f"the formula for {inner.name} was not used"
        done.links = [replace(link, withheld=link.withheld or said) for link in done.links]
        return done


def _parsed(text: str) -> list[Group]:
    if not isinstance(text, str):
        raise TypeError(f"LaTeX is a string, not {type(text).__name__}")
    try:
        if len(text) > MAX_CHARS:
            raise Fault("too long", MAX_CHARS, f"at most {MAX_CHARS} characters")
        tokens = list(tokens_of(text))
        if not tokens:
            raise Fault("nothing to read", 0, "an equation")
        parsed = grammar.parse(tokens, len(text))
        idioms(parsed)
        indices(parsed)
        return parsed
    except Fault as fault:
        raise unreadable(fault, text) from None
    except RecursionError:
        raise unreadable(Fault("too deep", 0, "fewer levels"), text) from None


def _condition(row: Group) -> int:
    """Where the conditions begin that stand after "if" or "where"."""
    for sep, chain in zip(row.seps, row.chains[1:], strict=True):
        if sep == "if":
            return chain.pos
    return MAX_CHARS


def _said(chain: Chain) -> bool:
    """Whether a condition says something of functions or tensors."""
    return any(
        isinstance(n, (Script, Big)) or (isinstance(n, Mark) and n.value in FUNCTION_OPS)
        for n in chain.walk()
    )


def _sort(parts: Parts, conditions: int) -> tuple[list[Chain], list[Chain]]:
    """Equations to judge, and conditions that stand beside them."""
    claims: list[Chain] = []
    sides: list[Chain] = []
    for chain in parts.chains:
        ops = {r.value for r in chain.rels}
        value = (
            len(chain.rels) == 1 and is_number(chain.levels[1]) and len(chain.levels[0].items) == 1
        )
        if chain.pos >= conditions and _said(chain):
            raise Fault(
                "a definition or a condition on functions after a claim", chain.pos, "given"
            )
        if ops == {"="} and not (claims and value) and chain.pos < conditions:
            claims.append(chain)
        elif not ops:
            raise Fault("no claim: there is no =", chain.pos, "an equation")
        elif "=" in ops and len(ops) > 1 and _said(chain):
            raise Fault("an equation behind a condition", chain.pos, "the condition at the end")
        else:
            sides.append(chain)
    if sides and not claims:
        raise Fault("an inequality or a condition alone is no claim", sides[0].rels[0].pos, "=")
    return claims, sides

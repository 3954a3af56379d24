"""What a user or a document gives, one entry for each: its text, and what it concerns.

May: sort given lines by their form, and choose those that concern a claim.  Must not: judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from derive.latex.meant.claims import Context
from derive.latex.roles.roles import roles_of
from derive.latex.roles.words import name_words
from derive.latex.signs.errors import Fault, Unreadable
from derive.latex.signs.names import symbols
from derive.latex.signs.tokens import tokens_of
from derive.lint.equation import Equation, parsed
from derive.lint.surface import names_in, operators_in


@dataclass(frozen=True)
class Entry:
    """`defines`: the symbol or ""; `operator`: (symbol, number of arguments) or None."""

    text: str
    defines: str = ""
    operator: tuple[str, int] | None = None
    forward: bool = False  # h_i = ...: an output that a loss may depend on
    names: frozenset[str] = frozenset()
    tensors: frozenset[str] = frozenset()  # the functions and tensors in it
    operators: frozenset[tuple[str, int]] = frozenset()
    params: frozenset[str] = frozenset()
    ranged: frozenset[str] = frozenset()
    value: bool = False  # n = 3
    spaces: frozenset[str] = frozenset()  # on which an operator is defined
    where: str = "what was given"
    section: int = -1  # of the document, for its own definitions


OTHER = "pqrstuvxyzabceghjlmo"
LETTER = re.compile(
    r"\\(?:math|bold|hat|tilde|bar|vec)[a-z]*\s*\{\s*\\?[A-Za-z]+\s*\}|\\[A-Za-z]+|[A-Za-z]"
)


def with_other_letters(text: str, equation: Equation) -> str:
    """`(f * g)(x) = ...` without letters that the claim uses in another role.

    The letters of a definition are its own, but the reader lets all texts share theirs.
    """
    groups = parsed(text)
    context = Context.of([(text, groups)])
    if not context.operators:
        return text
    op, roles = context.operators[0][0], equation.roles
    functions = {*roles.called, *roles.entries, *roles.operands, *roles.primed}
    variables = equation.names - functions - roles.sizes - roles.below
    bound = {*op.params, *roles_of(groups).naming.bound}
    beside = equation.operands | functions
    clash = {n for n in (op.left, op.right) if n in equation.names - beside}
    clash |= (bound & equation.names) - variables
    taken = equation.names | set(symbols(groups))
    names = dict(zip(sorted(clash), (c for c in OTHER if c not in taken), strict=False))
    out, last = [], 0
    for token in tokens_of(text) if names else ():
        if token.type == "NAME" and str(token) in names and token.start_pos is not None:
            found = LETTER.match(text, token.start_pos)
            if found is not None:
                out += [text[last : found.start()], names[str(token)], " "]
                last = found.end()
    return "".join([*out, text[last:]])


def entry(text: str, where: str = "what was given") -> Entry:
    """A given line, sorted; raises `Unreadable`."""
    return replace(_entry(text), where=where)


@lru_cache(maxsize=2_048)
def _entry(text: str) -> Entry:
    groups = parsed(text)
    name_words(groups)
    context = Context.of([(text, groups)])
    try:
        roles = roles_of(groups)
        names = frozenset(names_in(groups, roles) | set(symbols(groups)))
        tensors = frozenset(roles.entries) | frozenset(roles.called)
        used = frozenset().union(*(operators_in(g) for g in groups))
    except Fault as fault:
        raise Unreadable(fault.message, 1, fault.pos + 1, fault.expected, text) from None
    if context.operators:
        op = context.operators[0][0]
        return Entry(text, operator=(op.symbol, len(op.params)),
                     operators=used - {(op.symbol, 0), (op.symbol, len(op.params))})
    if context.meanings:
        symbol, meaning = next(iter(context.meanings.items()))
        forward = meaning.index and not meaning.adjoint
        return Entry(text, symbol, None, forward, names - {symbol}, tensors - {symbol},
                     used, frozenset(meaning.params))
    ranged = frozenset(n for r in context.ranges for n in r.names)
    return Entry(text, names=names, operators=used, ranged=ranged)


@dataclass
class Chosen:
    """The entries that concern one claim."""

    operators: list[Entry] = field(default_factory=list)
    meanings: list[Entry] = field(default_factory=list)
    others: list[Entry] = field(default_factory=list)

    def texts(self, equation: Equation) -> list[str]:
        """The given lines, with operators in letters that do not clash with the claim's."""
        return [
            *(e.text for e in (*self.meanings, *self.others)),
            *(with_other_letters(e.text, equation) for e in self.operators),
        ]


def choose(entries: Iterable[Entry], equation: Equation) -> Chosen:
    """Definitions of what stands in the claim, of what stands in those, and conditions on it."""
    entries = list(entries)
    out = Chosen()
    names = set(equation.names)
    used = set(equation.operators)
    taken: set[int] = set()
    grew = True
    while grew:
        grew = False
        for k, e in enumerate(entries):
            if k in taken or not e.defines:
                continue
            if e.defines in names or (equation.gradient and e.forward):
                taken.add(k)
                names |= e.names
                used |= e.operators
                grew = True
    out.meanings = [entries[k] for k in sorted(taken)]
    out.operators = [e for e in entries if e.operator is not None and _applies(e.operator, used)]
    params = frozenset().union(*(e.params for e in entries if e.defines))
    active = frozenset().union(*(e.params for e in out.meanings))
    for e in entries:
        if e.defines or e.operator is not None:
            continue
        if e.ranged and e.ranged & params:
            if e.ranged & active:
                out.others.append(e)
        elif e.names & names:
            out.others.append(e)
    return out


def _applies(operator: tuple[str, int], used: set[tuple[str, int]]) -> bool:
    """Whether the claim uses it with as many arguments, or does not say how many."""
    symbol, count = operator
    counts = {n for s, n in used if s == symbol}
    return bool(counts) and (count in counts or (counts == {0} and count == 1))

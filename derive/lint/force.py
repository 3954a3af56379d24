"""The definitions in force at one point of a document.

May: keep what was given and what the document defined so far, and say what a new definition does
to it.  Must not: judge; `Ledger` is told whether a new definition agrees with the old one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from derive.latex.roles.roles import LOSSES
from derive.lint.equation import Equation
from derive.lint.givens import Chosen, Entry, choose

MEANT = re.compile(
    r"\\(?:delta|math(?:rm|it|sf|bf)\{\w\w|math(?:bb|bf)\{\d|math(?:cal|scr|frak))"
)
ACCENTED = re.compile(r"\\(?:(?:wide)?(?:hat|tilde)|bar|check|dot|overline|underline)\{(.*)\}")
CONSTANTS = {r"\pi", r"\mathrm{e}", r"\mathrm{i}"}


@dataclass
class Opaque:
    """A symbol that the document defines by something that cannot be read."""

    symbol: str
    where: str


@dataclass
class Ledger:
    """`pinned`: from the user, in force throughout; the others until the next definition."""

    pinned: list[Entry] = field(default_factory=list)
    operators: list[Entry] = field(default_factory=list)
    meanings: dict[str, Entry] = field(default_factory=dict)
    scalars: dict[str, Entry] = field(default_factory=dict)
    opaque: dict[str, Opaque] = field(default_factory=dict)
    shadowed: dict[str, Entry] = field(default_factory=dict)  # defined, but what is pinned stays
    history: dict[str, list[Entry]] = field(default_factory=dict)  # all definitions so far
    section: int = 0

    def forget(self) -> None:
        """`derive: forget`: the document begins anew."""
        self.operators.clear()
        self.meanings.clear()
        self.scalars.clear()
        self.opaque.clear()
        self.shadowed.clear()
        self.history.clear()

    # --- asking ---------------------------------------------------------------------------------

    def known(self, symbol: str) -> Entry | None:
        """What defines a symbol now."""
        for e in self.pinned:
            if e.defines == symbol:
                return e
        return self.meanings.get(symbol) or self.scalars.get(symbol)

    def is_pinned(self, symbol: str) -> bool:
        return any(e.defines == symbol for e in self.pinned)

    def base(self, equation: Equation) -> Chosen:
        """What is always used: what the user gave, and the operators in force."""
        out = choose(self.pinned, equation)
        chosen = choose(self.operators, equation)
        out.operators = [*chosen.operators, *out.operators]
        return out

    def wider(self, equation: Equation, base: Chosen) -> list[Entry]:
        """The document's own definitions of symbols in the claim."""
        have = {e.defines for e in base.meanings}
        forward = equation.gradient and not any(e.forward for e in base.meanings)
        own = [e for s, e in self.meanings.items() if s not in have]
        if not forward:
            own = [e for e in own if e.defines in equation.names or not e.forward]
        else:
            near = [e for e in own if e.section == self.section]
            here = _downstream(near, equation)
            own = here if any(e.forward for e in here) else _downstream(own, equation)
        chosen = choose(own, equation)
        out = chosen.meanings
        names = equation.names | {n for e in out for n in e.names}
        out += [e for s, e in self.scalars.items() if s in names and not (
            equation.gradient and s in equation.roles.losses)]
        return out

    def unsaid(self, equation: Equation) -> list[str]:
        """Functions whose names say that they mean something, and nothing says what.

        \\delta may be the unit impulse, \\tilde{w} a flipped kernel, \\mathrm{pad} an operation.
        """
        roles = equation.roles
        functions = {*roles.entries, *roles.called, *roles.operands}
        out = []
        for n in sorted(equation.names - LOSSES):
            accented = ACCENTED.match(n)
            derived = accented is not None and (n in functions or accented[1] in equation.names)
            if self.known(n) is None and (derived or (n in functions and MEANT.match(n))):
                out.append(n)
        loss = [n for n in out if n.split("^")[0] == r"\delta" and n in roles.entries]
        return [n for n in out if n not in loss] + sorted(equation.names & CONSTANTS)

    def unread(self, equation: Equation) -> list[Opaque]:
        used = {s for s, _ in equation.operators}
        return [o for s, o in self.opaque.items() if s in equation.names | used]

    # --- telling --------------------------------------------------------------------------------

    def define(self, new: Entry) -> None:
        new = replace(new, section=self.section)
        self.history.setdefault(new.defines, []).append(new)
        self.opaque.pop(new.defines, None)
        self.meanings.pop(new.defines, None)
        self.scalars.pop(new.defines, None)
        if new.params or new.forward:
            self.meanings[new.defines] = new
        else:
            self.scalars[new.defines] = new

    def define_opaque(self, symbol: str, where: str) -> None:
        self.meanings.pop(symbol, None)
        self.scalars.pop(symbol, None)
        self.opaque[symbol] = Opaque(symbol, where)

    def define_operator(self, new: Entry) -> None:
        """In force on its spaces and for its number of arguments, the last definition first."""
        self.operators = [
            e for e in self.operators
            if e.operator != new.operator or not e.spaces <= new.spaces
        ]
        if new.operator is not None:
            self.opaque.pop(new.operator[0], None)
        self.operators.append(new)


def _downstream(entries: list[Entry], equation: Equation) -> list[Entry]:
    """The formulas through which the loss depends on what the claim names."""
    names = set(equation.roles.entries) | set(equation.roles.called)
    names |= equation.names & {e.defines for e in entries}
    by = equation.differentiated - set(equation.roles.entries)
    kept: list[Entry] = []
    grew = True
    while grew:
        grew = False
        for e in entries:
            if e not in kept and (e.tensors & names or e.defines in names or e.names & by):
                kept.append(e)
                names.add(e.defines)
                grew = True
    return kept

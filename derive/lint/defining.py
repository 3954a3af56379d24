"""Displays that define: an operator that is spelled out, a symbol on the left.

May: enter definitions into the ledger and record them.  A definition that agrees with the one in
force is no redefinition; one that does not is reported, and is in force from here on.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from derive.latex.given.given import Operator, is_number
from derive.latex.roles.roles import derivative_of
from derive.latex.signs.errors import Unreadable
from derive.latex.signs.tree import Number
from derive.lint import cues
from derive.lint.equation import BUILT_IN, Equation
from derive.lint.givens import Entry, entry, with_other_letters
from derive.lint.judging import agrees, spaces_of
from derive.lint.records import CLAIM, DEFINITION, REDEFINITION
from derive.lint.relations import DEFINES
from derive.refute import Counterexample

if TYPE_CHECKING:
    from derive.lint.items import Formula
    from derive.lint.linter import PartLinter

FINITE_SUM = re.compile(
    r"\\sum(?:\\limits)?\s*_\s*\{\s*(\\?[A-Za-z]+'?)\s*=[^{}]*\}\s*\^\s*(?:\{[^{}]*\}|\\?\w+)"
)
WELL_KNOWN = (
    ("*", "the convolution {0} * {1}"), (r"\star", r"the cross-correlation {0} \star {1}"),
)


def operator_definition(
    lint: PartLinter, eq: Equation, at: int, operator: Operator, under: bool
) -> bool:
    """`(f * g)(x) = ...`: recorded and in force; False if it cannot be read."""
    chain = operator.chain
    start = chain.levels[0].pos
    stop = eq.chain.rels[at + 1].pos if at + 1 < len(eq.chain.rels) else eq.end
    if under:
        middle = eq.chain.rels[at].pos
        left, right = eq.text[start:middle], eq.text[chain.levels[1].pos : stop]
        text = f"{left.text.strip()} = {right.text.strip()}"
    else:
        text = eq.text[start:stop].text.strip()
    place = eq.text.begin(start)
    where = lint.where(place)
    body = text.split("=", 1)[1] if "=" in text else ""
    symbol, count = operator.symbol, len(operator.params)
    spaces = spaces_of(text) if symbol in BUILT_IN else spaces_of(text, (text,))
    try:
        new = entry(text, where)
    except Unreadable:
        new = None
    if spaces is None or new is None or new.operator is None:
        return False
    new = replace(new, spaces=spaces)
    what = _identify(operator, body)
    names = f"{symbol} on {', '.join(sorted(spaces))}" + (f" x {count}" if count > 1 else "")
    base = [e for e in lint.ledger.base(eq).operators if e.operator == new.operator]
    same = agrees(text, [with_other_letters(e.text, eq) for e in base])
    base = [e for e in base if _kinds(e.spaces) & _kinds(spaces)]
    lint.ledger.define_operator(new)
    meaning = f" as {what}" if what else " as an operator of its own"
    if same is not None and same.verdict == "proved":
        by = f"as on {base[-1].where}" if base else "as usual"
        meaning = meaning if what else ""
        lint.add(place, DEFINITION, text, None, f"definition: {names}{meaning}, {by}")
        return True
    if symbol not in BUILT_IN and not base:
        lint.add(place, DEFINITION, text, None, f"definition: {names}{meaning if what else ''}")
        return True
    old = f"its definition on {base[-1].where}" if base else "the notation"
    sure = same is not None and same.verdict == "refuted"
    said = f"{names} is redefined{meaning}; {old} " + ("differs" if sure else "may differ")
    counter: Counterexample | None = same.counterexample if same is not None else None
    if counter is not None:
        said += ": " + "; ".join(counter.text())
    lint.add(place, REDEFINITION, text, None, said)
    return True


def _kinds(spaces: frozenset[str]) -> set[str]:
    """Z^d and Z are one kind: what is defined on the first holds on the second."""
    return {s.split("^")[0] for s in spaces}


def _identify(operator: Operator, body: str) -> str:
    """What an operator's right side is in the usual notation, if it is that."""
    left, right = operator.left, operator.right
    params = ", ".join(operator.params)
    whole = FINITE_SUM.sub(r"\\sum_{\1}", body)
    for text, part in ((body, ""), (whole, ", summed over a part of the places")):
        for symbol, name in WELL_KNOWN:
            for one, other in ((left, right), (right, left)):
                found = agrees(f"({one} {symbol} {other})({params}) = {text}", [])
                if found is not None and found.verdict == "proved":
                    return name.format(one, other) + part
        if whole == body:
            break
    return ""


def symbol_definition(lint: PartLinter, eq: Equation, item: Formula) -> int:
    """Records what the left side defines; the side from which the chain is a claim (0 or 1)."""
    meaning = eq.symbol()
    if meaning is None:
        return _backwards(lint, eq) or _value_of_symbol(lint, eq)
    symbol = meaning.symbol
    base = symbol.split("^")[0].split("_")[0]
    if base == r"\delta" and any(e.forward for e in (
            *lint.ledger.pinned, *lint.ledger.meanings.values())):
        return _meaning_of_delta(lint, eq, symbol)
    text = eq.link(0).text
    place = eq.text.begin(eq.chain.levels[0].pos)
    explicit = DEFINES.search(eq.text.text[: eq.chain.levels[1].pos]) is not None
    known = lint.ledger.known(symbol)
    value = is_number(eq.chain.levels[1]) or not any(
        _letters(n) for n in eq.chain.levels[1].walk())
    if value and not meaning.params:
        lint.add(place, DEFINITION, text, None, f"definition: a value of {symbol}")
        return 1
    new = _entry(lint, text, symbol, place)
    if known is not None and not explicit:
        same = " ".join(known.text.split()) == " ".join(text.split())
        if same:
            lint.add(place, DEFINITION, text, None, f"definition: {symbol}, as on {known.where}"
                     if known.where != "what was given" else f"definition: {symbol}, as given")
            return 1
        found = agrees(text, [known.text])
        if found is not None and found.verdict == "proved":
            message = f"with {symbol} as on {known.where}"
            lint.add(place, CLAIM, text, replace(found, message=message), message)
            return 1
        before, after = lint.around.words(item)
        if not item.display and cues.assumed(before, after):
            lint.add(place, DEFINITION, text, None, "definition: a condition, not a claim")
            return 1
    if lint.ledger.is_pinned(symbol):
        old = lint.ledger.shadowed.get(symbol)
        if old is not None and old.text.split() == text.split():
            lint.add(place, DEFINITION, text, None, f"definition: {symbol}, as on {old.where}; "
                     "what was given for it stays in force")
            return 1
        lint.ledger.shadowed[symbol] = Entry(text, symbol, where=lint.where(place))
        also = f" otherwise than on {old.where}" if old is not None else ""
        lint.add(place, REDEFINITION, text, None, f"{symbol} is redefined{also}; what was given "
                 "for it stays in force")
        return 1
    if new is None:
        lint.ledger.define_opaque(symbol, lint.where(place))
    else:
        lint.ledger.define(new)
    if known is not None:
        lint.add(place, REDEFINITION, text, None,
                 f"{symbol} is redefined; it was defined on {known.where}")
    else:
        note = "" if new is not None else "; its right side is not read"
        lint.add(place, DEFINITION, text, None, f"definition: {symbol}{note}")
    return 1


def _backwards(lint: PartLinter, eq: Equation) -> int:
    """`\\sum_j w_j x_{i+j} = y_i` defines y, if nothing has."""
    turned = eq.turned()
    meaning = turned.symbol() if turned is not None else None
    if turned is None or meaning is None or lint.ledger.known(meaning.symbol) is not None:
        return 0
    if eq.gradient or eq.operators or meaning.symbol in lint.ledger.opaque:
        return 0
    text = f"{eq.side(1).text} = {eq.side(0).text}"
    place = eq.text.begin(eq.chain.levels[0].pos)
    new = _entry(lint, text, meaning.symbol, place)
    if new is None:
        return 0
    lint.ledger.define(new)
    lint.add(place, DEFINITION, eq.link(0).text, None, f"definition: {meaning.symbol}")
    return 1


def _meaning_of_delta(lint: PartLinter, eq: Equation, symbol: str) -> int:
    """`\\delta_i = \\partial L / \\partial y_i` says what the notation says; else it is a claim."""
    items = eq.chain.levels[1].items
    if len(items) != 1 or derivative_of(items[0]) is None:
        return 0
    place = eq.text.begin(eq.chain.levels[0].pos)
    lint.add(place, DEFINITION, eq.link(0).text, None, f"definition: {symbol}")
    return 1


def _value_of_symbol(lint: PartLinter, eq: Equation) -> int:
    """`W_2 = ...`, `y_{i,1} = ...`: one value of a symbol that nothing has defined so far."""
    symbol = eq.part_of_symbol()
    base = symbol.split("^")[0].split("_")[0]
    if not symbol or lint.ledger.known(symbol) is not None or base == r"\delta":
        return 0
    if eq.gradient and eq.roles.losses:
        return 0
    place = eq.text.begin(eq.chain.levels[0].pos)
    again = symbol in lint.ledger.opaque
    lint.ledger.define_opaque(symbol, lint.where(place))
    said = f"definition: a value of {symbol}" + (", again" if again else "")
    lint.add(place, DEFINITION, eq.link(0).text, None, said)
    return 1


def _letters(node: object) -> bool:
    return hasattr(node, "value") and not isinstance(node, Number) and getattr(
        node, "kind", "") not in ("sign", "op", "rel")


def _entry(lint: PartLinter, text: str, symbol: str, place: int) -> Entry | None:
    """The definition as a given line, if `read` takes it as one."""
    try:
        new = entry(text, lint.where(place))
    except Unreadable:
        return None
    forward = [e.text for e in lint.ledger.meanings.values() if e.forward]
    forward += [e.text for e in lint.ledger.pinned if e.forward]
    if spaces_of(text) is None and spaces_of(f"0 = 1, {text}", tuple(forward)) is None:
        if all(spaces_of(text.split("=", 1)[1] + " = 0", (one,)) is None for one in forward):
            return None
    return new if new.defines else replace(new, defines=symbol, names=new.names - {symbol})

"""Subscripts that are words or numbers of a name: H_{out}, f_1 * f_2, W_1 among sizes.

May: put such a name in the place of its script, before any role is decided.  NOTATION reads
letters side by side as indices: what could be an index elsewhere in the texts stays one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from derive.latex.read_roles import FUNCTION_OPS, STRICT, _call_group
from derive.latex.read_tree import Big, Group, Level, Mark, Name, Number, Script, lone

WORDS = set(
    "in out pad padding same valid full new old max min eff conv pool kernel stride dil dilation "
    "filter filters params weights total left right top bottom up down start end prev next "
    "block".split()
)
NUMBERED = STRICT | {"h", "u", "v", "k"}  # whose f_1 is a function where it is applied


INSTANTS = set("tsnkmxyz") | {r"\tau", r"\xi", r"\omega"}  # t_0 beside t is another t
LETTERS = {r"\partial", r"\sigma", r"\delta", r"\mathrm{d}"}


def name_words(groups: Iterable[Group]) -> None:
    """Rewrite the trees in place."""
    groups = list(groups)
    levels = [n for g in groups for n in g.walk() if isinstance(n, Level)]
    subs: dict[str, list[Group]] = defaultdict(list)
    indices: set[str] = set()
    for level in levels:
        for item in level.items:
            if not isinstance(item, Script):
                continue
            for sub in item.subs:
                if isinstance(item.base, Name):
                    subs[item.base.value].append(sub)
                if _word(sub) is None:
                    indices |= {n.value for n in sub.walk() if isinstance(n, Name)}
    for base, found in subs.items():
        words = [_word(s) for s in found]
        if all(w is not None and not set(w) & indices for w in words):
            _rename(levels, base, lambda s: rf"_{{\mathrm{{{_word(s)}}}}}")
        elif all(_digits(s) for s in found):
            applied = base in NUMBERED and any(_applied(level, base) for level in levels)
            applied = applied or (base in INSTANTS and _bare(levels, base))
            if applied or (len(base) == 1 and base.isupper() and _sizes(levels, subs)):
                _rename(levels, base, lambda s: _numbered(_digits(s)))

    if _sizes(levels, subs):
        _primed_sizes(levels)


def _primed_sizes(levels: list[Level]) -> None:
    """K' = K + (K-1)(D-1): among sizes a prime is part of the name."""
    primed = [i for level in levels for i in level.items if isinstance(i, Script) and i.primes]
    names = {i.base.value for i in primed if isinstance(i.base, Name)}
    for level in levels:
        for item, after in zip(level.items, level.items[1:], strict=False):
            if isinstance(item, Script) and item.primes and _call_group(after) is not None:
                return
    if not names <= set("ijkmnopsdHWKNOPSDFLC"):
        return
    for level in levels:
        for k, item in enumerate(level.items):
            if isinstance(item, Script) and item.primes and isinstance(item.base, Name):
                name = Name(item.pos, item.base.value + "'" * item.primes)
                rest = Script(item.pos, name, item.subs, item.sups, 0)
                level.items[k] = rest if item.subs or item.sups else name


def _bare(levels: list[Level], base: str) -> bool:
    """Whether t stands beside t_0, and nothing is differentiated."""
    names = [i.value for level in levels for i in level.items if isinstance(i, Name)]
    return base in names and r"\partial" not in names


def _word(sub: Group) -> str | None:
    level = lone(sub)
    if level is None or len(level.items) < 2:
        return None
    if not all(isinstance(i, Name) and len(i.value) == 1 for i in level.items):
        return None
    word = "".join(i.value for i in level.items if isinstance(i, Name))
    absurd = len(word) > 4 and len(set(word)) < len(word)  # W_{ijklm} has five indices
    return word if word in WORDS or absurd else None


def _digits(sub: Group) -> str:
    level = lone(sub)
    item = level.items[0] if level is not None and len(level.items) == 1 else None
    return item.digits if isinstance(item, Number) and item.digits.isdigit() else ""


def _numbered(digits: str) -> str:
    return f"_{digits}" if len(digits) == 1 else f"_{{{digits}}}"


def _applied(level: Level, base: str) -> bool:
    """Whether f_1 stands before an argument or beside * somewhere here."""
    for k, item in enumerate(level.items):
        if isinstance(item, Script) and isinstance(item.base, Name) and item.base.value == base:
            beside = [*level.items[max(0, k - 1) : k], *level.items[k + 1 : k + 2]]
            if any(isinstance(i, Mark) and i.value in FUNCTION_OPS for i in beside):
                return True
            after = level.items[k + 1] if k + 1 < len(level.items) else None
            if after is not None and item.subs and _call_group(after) is not None:
                return True
    return False


def _sizes(levels: list[Level], subs: dict[str, list[Group]]) -> bool:
    """Whether the texts speak of sizes alone, W_2 = (W_1 - F + 2P)/S + 1."""
    plain = not any(
        isinstance(i, Big)
        or (isinstance(i, Script) and isinstance(i.base, Big))
        or (isinstance(i, Name) and i.value in LETTERS)
        or (isinstance(i, Mark) and i.value in FUNCTION_OPS)
        for level in levels
        for i in level.items
    )
    return plain and all(
        len(base) == 1 and base.isupper() and all(_digits(s) or _word(s) for s in found)
        for base, found in subs.items()
    )


def _rename(levels: list[Level], base: str, suffix) -> None:  # type: ignore[no-untyped-def]
    for level in levels:
        for k, item in enumerate(level.items):
            if isinstance(item, Script) and isinstance(item.base, Name) and len(item.subs) == 1:
                if item.base.value == base:
                    name = Name(item.pos, base + suffix(item.subs[0]))
                    rest = Script(item.pos, name, [], item.sups, item.primes)
                    level.items[k] = rest if item.sups or item.primes else name

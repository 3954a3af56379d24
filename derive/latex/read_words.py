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
    "filter filters total left right top bottom up down start end prev next block".split()
)
NUMBERED = STRICT | {"h", "u", "v", "k"}  # whose f_1 is a function where it is applied


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
            if applied or (len(base) == 1 and base.isupper() and _sizes(levels, subs)):
                _rename(levels, base, lambda s: _numbered(_digits(s)))


def _word(sub: Group) -> str | None:
    level = lone(sub)
    if level is None or len(level.items) < 2:
        return None
    if not all(isinstance(i, Name) and len(i.value) == 1 for i in level.items):
        return None
    word = "".join(i.value for i in level.items if isinstance(i, Name))
    return word if word in WORDS else None


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
        or (isinstance(i, Script) and (isinstance(i.base, Big) or i.primes))
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

"""Subscripts that are words or numbers of a name: H_{out}, f_1 * f_2, W_1 among sizes.

May: put such a name in the place of its script, before any role is decided.  NOTATION reads
letters side by side as indices: what could be an index elsewhere in the texts stays one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from derive.latex.roles.roles import FUNCTION_OPS, LOSSES, STRICT, _call_group, derivative_of
from derive.latex.signs.tree import (
    Big,
    Chain,
    Frac,
    Group,
    Level,
    Mark,
    Name,
    Number,
    Script,
    Surface,
    lone,
)

WORDS = set(
    "in out pad padding same valid full new old max min eff conv pool kernel stride dil dilation "
    "filter filters params weights total left right top bottom up down start end prev next "
    "block".split()
)
NUMBERED = STRICT | {"h", "u", "v", "k"}  # whose f_1 is a function where it is applied


SPELT = re.compile(r"\\mathrm\{([A-Za-z_\\]{3,})\}")
INSTANTS = set("tsnkmxyz") | {r"\tau", r"\xi", r"\omega"}  # t_0 beside t is another t
LETTERS = {r"\partial", r"\sigma", r"\delta", r"\mathrm{d}"}


def name_words(groups: Iterable[Group]) -> None:
    """Rewrite the trees in place."""
    groups = list(groups)
    levels = [n for g in groups for n in g.walk() if isinstance(n, Level)]
    for level in levels:
        _slanted(level)
    levels = [n for g in groups for n in g.walk() if isinstance(n, Level)]
    _options(levels)
    _pairs_of_functions(levels)
    _coordinates(levels)
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
            applied = applied or _arguments_alone(groups, base)
            applied = applied or all(_sampled(level, base) for level in levels)
            if applied or (len(base) == 1 and base.isupper() and _sizes(levels, subs)):
                _rename(levels, base, lambda s: _numbered(_digits(s)))

    if _plain(levels):
        _primed_sizes(levels)
    if _sizes(levels, subs):
        _initials(groups, levels)


def _slanted(level: Level) -> None:
    """\\partial L / \\partial z_i is the fraction."""
    k = 0
    while k + 4 < len(level.items):
        top, name, slash, bottom, by = level.items[k : k + 5]
        marks = isinstance(slash, Mark) and slash.value == "/"
        signs = [i.value for i in (top, bottom) if isinstance(i, Name)]
        if marks and signs == [r"\partial"] * 2 and isinstance(name, Name | Script):
            level.items[k : k + 5] = [Frac(top.pos, _braced(top, name), _braced(bottom, by))]
        k += 1


def _braced(*items: Surface) -> Group:
    level = Level(items[0].pos, list(items))
    return Group(level.pos, "braces", [Chain(level.pos, [level], [])], [])


def _options(levels: list[Level]) -> None:
    """padding[0] is one size of several; a word is no sequence."""
    for level in levels:
        k = 0
        while k + 1 < len(level.items):
            item, after = level.items[k], level.items[k + 1]
            digits = _digits(after) if isinstance(after, Group) and after.kind == "[" else ""
            if digits and isinstance(item, Name) and (word := SPELT.fullmatch(item.value)):
                level.items[k : k + 2] = [Name(item.pos, rf"\mathrm{{{word[1]}{digits}}}")]
            k += 1


def _pairs_of_functions(levels: list[Level]) -> None:
    """r_{xy}[l] is a value of r_{xy}, where no letter below can be an index."""
    found: dict[str, list[bool]] = defaultdict(list)
    plain_calls = {
        i.value for level in levels for i, after in zip(level.items, level.items[1:], strict=False)
        if isinstance(i, Name) and _call_group(after) is not None
    }
    below = {id(lone(s)) for level in levels for i in level.items if isinstance(i, Script)
             for s in i.subs}
    used = {i.value for level in levels if id(level) not in below for i in level.items
            if isinstance(i, Name)}
    for level in levels:
        for item, after in zip(level.items, [*level.items[1:], None], strict=True):
            if isinstance(item, Script) and isinstance(item.base, Name) and item.subs:
                called = after is not None and _call_group(after) is not None
                plain = item.base.value in plain_calls and _letter(item.subs[0]) not in used
                good = _pair(item.subs[0]) != "" or plain
                found[item.base.value].append(called and good)
    for base, good in found.items():
        if all(good):
            _rename(levels, base, lambda s: rf"_{{\mathrm{{{_pair(s) or _letter(s)}}}}}")


def _coordinates(levels: list[Level]) -> None:
    """\\frac{\\partial f}{\\partial x_i} * g: one coordinate of the argument, whichever it is."""
    below = [(level, k) for level in levels for k in _by_coordinate(level)]
    if not below or not any(_joins(level) for level in levels):
        return
    items = [level.items[k] for level, k in below]
    names = {(i.base.value, _letter(i.subs[0])) for i in items}  # type: ignore[union-attr]
    bases = {base for base, _ in names}
    everywhere = [i for level in levels for i in level.items
                  if isinstance(i, Script) and isinstance(i.base, Name) and i.base.value in bases]
    if len(names) != 1 or len(everywhere) != len(items):
        return
    ((base, letter),) = names
    for level, k in below:
        level.items[k] = Name(level.items[k].pos, f"{base}_{letter}")


def _joins(level: Level) -> bool:
    return any(isinstance(i, Mark) and i.value in FUNCTION_OPS for i in level.items)


def _by_coordinate(level: Level) -> list[int]:
    """Where x_i stands behind a partial sign that differentiates no loss."""
    out = []
    for item in level.items:
        fraction = derivative_of(item)
        top = fraction.num.chains[0].levels[0].items[1:] if fraction is not None else []
        if any(isinstance(t, Name) and t.value in LOSSES for t in top):
            return []
    if level.items and isinstance(level.items[0], Name) and level.items[0].value == r"\partial":
        for k, item in enumerate(level.items[1:], 1):
            if isinstance(item, Script) and isinstance(item.base, Name) and not item.sups:
                if len(item.subs) == 1 and _letter(item.subs[0]) and item.base.value in "xyztu":
                    out.append(k)
    return out


def _letter(sub: Group) -> str:
    level = lone(sub)
    item = level.items[0] if level is not None and len(level.items) == 1 else None
    if isinstance(item, Name) and len(item.value) == 1:
        return item.value
    return item.digits if isinstance(item, Number) else ""


def _pair(sub: Group) -> str:
    level = lone(sub)
    items = level.items if level is not None else []
    letters = [i.value for i in items if isinstance(i, Name) and len(i.value) == 1]
    good = len(letters) == len(items) > 1 and not set(letters) & set("ijklmnpqabcdst")
    return "".join(letters) if good else ""


def _initials(groups: list[Group], levels: list[Level]) -> None:
    """OH = (H + 2P - FH)/S + 1: capitals side by side are a name where one is a side by itself."""
    sides = [level for g in groups for c in g.chains if c.rels for level in c.levels]
    if not any(len(run) == len(side.items) for side in sides for run in _runs(side)):
        return
    for level in levels:
        for run in reversed(_runs(level)):
            letters = [level.items[k] for k in run]
            word = "".join(i.value for i in letters if isinstance(i, Name))
            level.items[run[0] : run[-1] + 1] = [Name(letters[0].pos, rf"\mathrm{{{word}}}")]


def _runs(level: Level) -> list[list[int]]:
    """Where two or three capitals stand side by side, with no space between them."""
    out: list[list[int]] = []
    for k, item in enumerate(level.items):
        if not (isinstance(item, Name) and len(item.value) == 1 and item.value.isupper()):
            continue
        if out and out[-1][-1] == k - 1 and level.items[k - 1].pos == item.pos - 1:
            out[-1].append(k)
        else:
            out.append([k])
    return [run for run in out if len(run) in (2, 3)]


def _primed_sizes(levels: list[Level]) -> None:
    """K' = K + (K-1)(D-1): among sizes a prime is part of the name."""
    primed = [i for level in levels for i in level.items if isinstance(i, Script) and i.primes]
    names = {i.base.value for i in primed if isinstance(i.base, Name)}
    for level in levels:
        for item, after in zip(level.items, level.items[1:], strict=False):
            if isinstance(item, Script) and item.primes and _call_group(after) is not None:
                return
    if not {n[n.find("{") + 1 :].rstrip("}") for n in names} <= set("ijkmnopsdHWKNOPSDFLC"):
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


def _arguments_alone(groups: list[Group], base: str) -> bool:
    """Whether n_1 and n_2 stand only in arguments, f[n_1, n_2 - k_2], and under sums."""
    places = [p for g in groups for p in _places(g, base, False)]
    return bool(places) and all(p != "outside" for p in places) and "argument" in places


def _places(node: Surface, base: str, inside: bool) -> list[str]:
    if isinstance(node, Script) and isinstance(node.base, Name) and node.base.value == base:
        return ["argument" if inside else "outside"]
    if isinstance(node, Name):
        return ["outside"] if node.value == base else []
    if isinstance(node, Script) and isinstance(node.base, Big):
        return ["range" for p in (*node.subs, *node.sups) for _ in _places(p, base, inside)]
    out: list[str] = []
    if isinstance(node, Level):
        for before, item in zip([None, *node.items], node.items, strict=False):
            applied = before is not None and not isinstance(before, Mark | Number)
            args = _call_group(item) if applied else None
            out += _places(item, base, inside or args is not None)
        return out
    for part in node.parts():
        out += _places(part, base, inside)
    return out


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


def _sampled(level: Level, base: str) -> bool:
    """Whether each x_1 here stands before square brackets, as in x_1[n]."""
    for item, after in zip(level.items, [*level.items[1:], None], strict=True):
        if isinstance(item, Script) and isinstance(item.base, Name) and item.base.value == base:
            call = _call_group(after) if after is not None else None
            if call is None or call.kind != "[":
                return False
    return True


def _sizes(levels: list[Level], subs: dict[str, list[Group]]) -> bool:
    """Whether the texts speak of sizes alone, W_2 = (W_1 - F + 2P)/S + 1."""
    return _plain(levels) and all(
        len(base) == 1 and base.isupper() and all(_digits(s) or _word(s) for s in found)
        for base, found in subs.items()
    )


def _plain(levels: list[Level]) -> bool:
    """No sum, no derivative and no operator between functions anywhere."""
    return not any(
        isinstance(i, Big)
        or (isinstance(i, Script) and isinstance(i.base, Big))
        or (isinstance(i, Name) and i.value in LETTERS)
        or (isinstance(i, Mark) and i.value in FUNCTION_OPS)
        for level in levels
        for i in level.items
    )


def _rename(levels: list[Level], base: str, suffix) -> None:  # type: ignore[no-untyped-def]
    for level in levels:
        for k, item in enumerate(level.items):
            if isinstance(item, Script) and isinstance(item.base, Name) and len(item.subs) == 1:
                if item.base.value == base:
                    name = Name(item.pos, base + suffix(item.subs[0]))
                    rest = Script(item.pos, name, [], item.sups, item.primes)
                    level.items[k] = rest if item.sups or item.primes else name

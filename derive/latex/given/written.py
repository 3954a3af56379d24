r"""A layer written out, entry by entry: y_1 = w_1 x_1 + w_2 x_2 and y_2 = w_1 x_2 + w_2 x_3.

May: make one definition y_i = [i = 1](...) + [i = 2](...) of it, where a loss is differentiated and
the entries fill a range.  Called by `reader`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise, product

from derive.latex.given.given import Meaning, Range
from derive.latex.meant.meant import Context
from derive.latex.roles.roles import LOSSES, _call_group, derivative_of
from derive.latex.signs.names import Head, Naming, head, symbols
from derive.latex.signs.tree import Chain, Group, Level, Mark, Name, Number, Script, Surface

Place = tuple[int, ...]
LETTERS = "ijklpqrs"


def written_out(context: Context, rows: Iterable[Group]) -> None:
    """The definition of each tensor whose entries are all given, in place of these."""
    rows = list(rows)
    if not any(map(_by_loss, (n for row in rows for n in row.walk()))):
        return
    found: dict[str, dict[Place, tuple[Chain, str]]] = {}
    for chain, text in context.conds:
        entry = _entry(chain)
        if entry is None:
            continue
        places = found.setdefault(entry.name, {})
        place = _place(entry)
        if place is None or place in places:
            places[()] = chain, text  # no place of a tensor: such a one is left alone
        else:
            places[place] = chain, text
    taken = {*symbols([*rows, *context.groups])}
    for name, places in found.items():
        if name in context.meanings or not (ends := _filled(list(places))):
            continue
        bodies = [chain.levels[1] for chain, _ in places.values()]
        if _activation(bodies)[0] is None and any(map(_called, bodies)):
            continue
        if _uses(context, name) > len(places):
            continue  # x_0 = 0 and x_1 = 0 are conditions where x feeds a layer
        params = [c for c in LETTERS if c not in taken][: len(ends)]
        context.meanings[name] = _meaning(name, params, ends, places)
        gone = [chain for chain, _ in places.values()]
        context.conds = [c for c in context.conds if not any(c[0] is g for g in gone)]


def _uses(context: Context, name: str) -> int:
    """How often a symbol stands in what is given."""
    found = (head(n, Naming()) for g in context.groups for n in g.walk() if isinstance(n, Script))
    return sum(1 for h in found if h is not None and h.name == name)


def _called(body: Level) -> bool:
    """Whether a function is called somewhere in a body: then nothing says what is activated."""
    levels = (node for node in body.walk() if isinstance(node, Level))
    return any(
        isinstance(first, Name) and _call_group(second) is not None
        for level in levels for first, second in pairwise(level.items)
    )  # fmt: skip


def _by_loss(node: Surface) -> bool:
    frac = derivative_of(node)
    top = frac.num.chains[0].levels[0].items[1:] if frac is not None else []
    return any(isinstance(t, Name) and t.value in LOSSES for t in top)


def _entry(chain: Chain) -> Head | None:
    """The entry at a fixed place of which an equation says what it is."""
    if [r.value for r in chain.rels] != ["="] or len(chain.levels[0].items) != 1:
        return None
    found = head(chain.levels[0].items[0], Naming())
    if found is None or found.subs is None or found.power is not None or found.primes:
        return None
    return found


def _place(entry: Head) -> Place | None:
    """The indices; those of O_{12} are 1 and 2."""
    digits: list[str] = []
    for chain in entry.subs.chains if entry.subs is not None else []:
        items = chain.levels[0].items
        if chain.rels or len(items) != 1 or not isinstance(items[0], Number):
            return None
        digits.append(items[0].digits)
    digits = list(digits[0]) if len(digits) == 1 else digits
    return tuple(map(int, digits)) if all(d.isdigit() for d in digits) else None


def _filled(places: list[Place]) -> list[tuple[int, int]]:
    """The range of each index, if each place in these ranges is there; else none."""
    if len(places) < 2 or len({len(p) for p in places}) > 1 or len(places[0]) > len(LETTERS):
        return []
    ends = [(min(axis), max(axis)) for axis in zip(*places, strict=True)]
    every = set(product(*(range(low, high + 1) for low, high in ends)))
    return ends if every == set(places) else []


def _meaning(
    name: str,
    params: list[str],
    ends: list[tuple[int, int]],
    places: dict[Place, tuple[Chain, str]],
) -> Meaning:
    chain, text = next(iter(places.values()))
    pos = chain.pos
    outer, inner = _activation([each.levels[1] for each, _ in places.values()])
    body: list[Surface] = []
    for place, each in zip(places, inner, strict=True):
        body += [Mark(pos, "sign", "+")] if body else []
        body += [_bracket(pos, p, k) for p, k in zip(params, place, strict=True)]
        body.append(_parenthesis(each))
    if outer is not None:
        body = [outer, _parenthesis(Level(pos, body))]
    ranges = [
        Range([p], _number(pos, low), _number(pos, high), pos)
        for p, (low, high) in zip(params, ends, strict=True)
    ]
    return Meaning(name, params, True, Level(pos, body), pos, text, ranges)


def _activation(bodies: list[Level]) -> tuple[Name | None, list[Level]]:
    """The f of f(z_1), f(z_2) and these z, so that there is one value before the activation."""
    names, inside = [], []
    for body in bodies:
        first = body.items[0]
        call = _call_group(body.items[1]) if len(body.items) == 2 else None
        if not isinstance(first, Name) or call is None or len(call.chains) > 1:
            return None, bodies
        names.append(first)
        inside.append(call.chains[0].levels[0])
    return (names[0], inside) if len({n.value for n in names}) == 1 else (None, bodies)


def _parenthesis(level: Level) -> Group:
    return Group(level.pos, "(", [Chain(level.pos, [level], [])], [])


def _number(pos: int, value: int) -> Level:
    return Level(pos, [Number(pos, Fraction(value), str(value))])


def _bracket(pos: int, letter: str, value: int) -> Group:
    equation = Chain(pos, [Level(pos, [Name(pos, letter)]), _number(pos, value)],
                     [Mark(pos, "rel", "=")])  # fmt: skip
    return Group(pos, "[", [equation], [])

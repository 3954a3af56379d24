"""Under a sum: which letters it binds, and what is said of them.

May: look at what is written below a \\sum, at the letters bound around it and at its body, and say
that it is not clear.  Elaborates nothing; roles and sums both ask here, so that they agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from derive.latex.signs.errors import Fault, ambiguous
from derive.latex.signs.names import plain_name
from derive.latex.signs.tree import (
    Chain,
    Group,
    Level,
    Mark,
    Name,
    Number,
    Script,
    Surface,
    lone_item,
)

UP, DOWN = {"<=", "<"}, {">=", ">"}


@dataclass(frozen=True)
class Part:
    r"""One condition, and the letters that it brings.

    `kind`: "all" (bare letters), "range" (j = 1, with an end above the sum), "in", "between"
    (bounds for a letter), "within" (|j| \le n), "ordered" (i < j between bounds), "condition"
    (any other).
    """

    kind: str
    names: tuple[str, ...]
    chain: Chain


def under(sub: Group, outer: Collection[str], body: Collection[str]) -> list[Part]:
    """The parts of a subscript; `outer` is bound around the sum, `body` stands in it."""
    if set(sub.seps) - {","}:
        raise Fault("not a range", sub.pos, "a range such as j=1, or a variable")
    out: list[Part] = []
    waiting: list[str] = []
    own: set[str] = set()
    for chain in joined(sub.chains, sub.seps):
        ops = [r.value for r in chain.rels]
        name = _lone(chain.levels[0])
        before, waiting = waiting, []
        if not ops:
            if name is None:
                raise Fault("not a summation variable", chain.pos, "a letter")
            waiting = [*before, name]
        elif ops in (["="], ["in"]) and name is not None and not set(before) & _letters(chain):
            names = dict.fromkeys([*before, name])
            out.append(Part("range" if ops == ["="] else "in", tuple(names), chain))
        else:
            if before:
                out.append(Part("all", tuple(dict.fromkeys(before)), chain))
                own |= set(before)
            letters = summed_letters(chain)
            if _subject(chain) in own or (letters and own.issuperset(letters)):
                out.append(Part("condition", (), chain))  # j != i beside j = 1
            else:
                if before and not set(before) & _letters(chain):
                    raise ambiguous(chain.pos, f"it is said of {before[-1]} too", "it is not")
                out.append(_of(chain, {*outer, *own}, body))
        own |= set(out[-1].names) if out else set()
    if waiting:
        out.append(Part("all", tuple(dict.fromkeys(waiting)), sub.chains[-1]))
    return out


def _of(chain: Chain, outer: Collection[str], body: Collection[str]) -> Part:
    """What one condition binds that is not about letters bound before it."""
    ops = [r.value for r in chain.rels]
    levels = chain.levels
    lone = [_lone(level) for level in levels]
    if ops == ["="] and (letters := [s for s in summed_letters(chain) if s not in outer]):
        return Part("condition", tuple(letters), chain)
    if ops == ["!="]:
        name = lone[1] if lone[0] in outer and lone[1] not in outer else lone[0]
        return _restricted([name], chain)
    if not ops or not set(ops) <= UP | DOWN | {"!="}:
        raise _unclear(chain)
    if len(levels) == 4 and set(ops) <= UP and None not in lone[1:3] and lone[1] != lone[2]:
        if not {lone[1], lone[2]} & set(outer):
            return Part("ordered", tuple(n for n in lone[1:3] if n is not None), chain)
    if len(levels) == 3:
        if (name := lone[1]) is not None and (set(ops) <= UP or set(ops) <= DOWN):
            ends = {lone[0], lone[2]} & {"i", "j"} - {*outer}
            _no_pair(chain, name, [s for s in ends if s in body])
            return Part("between", (name,), chain)
        return _restricted([name] if name is not None else _new(levels[1], outer), chain)
    if len(levels) == 2:
        name = _of_two(chain, outer, body)
        if name in lone:
            return Part("between", (name,), chain)
        return Part("within" if _absolute(levels[0], name) and ops[0] in UP else "condition",
                    (name,), chain)  # fmt: skip
    raise _unclear(chain)


def _of_two(chain: Chain, outer: Collection[str], body: Collection[str]) -> str:
    """The letter bound by j \\le n, by |i| \\le n."""
    left, right = chain.levels
    one, other = _new(left, outer), _new(right, outer)
    every = sorted(_letters(chain))
    if len({*one, *other}) == 1:
        return (one or other)[0]
    if not one and not other and len(every) == 1:  # a letter of an outer sum, used again
        return every[0]
    if len(one) != 1 or not other:
        raise _unclear(chain)
    name = one[0]
    spoken = name in body, any(s in body for s in other)
    if _lone(left) is not None:
        _no_pair(chain, name, [s for s in other if s in body and not _bounds(s, name)])
        clear = not spoken[1] or (spoken[0] and not _encloses(right))
    else:
        clear = _encloses(left) or (spoken[0] and (not spoken[1] or _multiple(left)))
    if not clear:
        raise ambiguous(chain.pos, f"the sum runs over {name}", f"it runs over {other[0]}")
    return name


def _no_pair(chain: Chain, name: str, others: list[str | None]) -> None:
    r"""\sum_{i < j} x_i x_j is a sum over pairs, unless j is what holds i in."""
    if others:
        raise ambiguous(chain.pos, f"the sum runs over {name}", f"over pairs {name}, {others[0]}")


def _bounds(letter: str, name: str) -> bool:
    """Whether a letter is one for the length of a range, and not for a place in it."""
    base = letter.split("_")[0].rstrip("'")
    return base.isupper() or (base in ("n", "m") and name not in ("n", "m"))


def _encloses(level: Level) -> bool:
    """|i| and i^2: said of i, which lies between two bounds."""
    item = level.items[0]
    square = isinstance(item, Script) and bool(item.sups)
    return len(level.items) == 1 and (square or (isinstance(item, Group) and item.kind == "abs"))


def _absolute(level: Level, name: str) -> bool:
    item = level.items[0]
    inside = lone_item(item) if isinstance(item, Group) and item.kind == "abs" else None
    return len(level.items) == 1 and inside is not None and plain_name(inside) == name


def _multiple(level: Level) -> bool:
    return len(level.items) == 2 and isinstance(level.items[0], Number)


def _restricted(names: list[str] | list[str | None], chain: Chain) -> Part:
    if len(names) != 1 or names[0] is None:
        raise _unclear(chain)
    return Part("condition", (names[0],), chain)


def _unclear(chain: Chain) -> Fault:
    wanted = "a range such as _{j=1}^{n} or _{0 \\le j < n}"
    return Fault("not clear which variable is summed over", chain.pos, wanted)


def _new(level: Level, outer: Collection[str]) -> list[str]:
    return sorted(_letters(level) - set(outer))


def _letters(node: Surface) -> set[str]:
    """The letters below a node, i_1 and k' as one each."""
    if isinstance(node, Name | Script) and (name := plain_name(node)) is not None:
        return {name}
    return {name for part in node.parts() for name in _letters(part)}


def _subject(chain: Chain) -> str | None:
    """The letter that an inequality is about: j in 0 \\le j < k, j \\le n and j \\ne i."""
    names = [_lone(level) for level in chain.levels]
    return names[1] if len(names) == 3 else next((n for n in names if n is not None), None)


def _lone(level: Level) -> str | None:
    return plain_name(level.items[0]) if len(level.items) == 1 else None


def summed_letters(chain: Chain) -> list[str]:
    """i and j in \\sum_{i + j = n}: the letters of a sum that is said to equal something."""
    items = chain.levels[0].items
    if [r.value for r in chain.rels] != ["="] or len(items) < 3:
        return []
    letters = [i.value for i in items if isinstance(i, Name)]
    signs = [i for i in items if isinstance(i, Mark) and i.kind == "sign"]
    good = len(letters) + len(signs) == len(items) and len(letters) == len(set(letters))
    return letters if good and len(letters) == len(signs) + 1 else []


def product_after(items: list[Surface], start: int, end: int) -> Iterable[Surface]:
    """What a sum takes in: all up to the next sign, save one that stands at once."""
    for k in range(start, end):
        item = items[k]
        if isinstance(item, Mark) and item.kind == "sign":
            if k > start:
                return
            continue
        yield item


def joined(chains: list[Chain], seps: list[str]) -> list[Chain]:
    """`0 \\le i, j < n` says the same of i and of j."""
    out: list[Chain] = []
    k = 0
    while k < len(chains):
        stop = _shared(chains, k)
        if stop is None:
            out.append(chains[k])
            k += 1
            continue
        first, last = chains[k], chains[stop]
        letters = [first.levels[1], *(c.levels[0] for c in chains[k + 1 : stop + 1])]
        for letter in letters:
            levels = [first.levels[0], letter, last.levels[1]]
            out.append(Chain(letter.pos, levels, [first.rels[0], last.rels[0]]))
        k = stop + 1
    return out


def _shared(chains: list[Chain], k: int) -> int | None:
    """The chain that ends a range for several letters, which chains[k] begins."""
    first = chains[k]
    if len(first.rels) != 1 or first.rels[0].value not in UP or _lone(first.levels[1]) is None:
        return None
    for stop in range(k + 1, min(k + 6, len(chains))):
        here = chains[stop]
        if _lone(here.levels[0]) is None:
            return None
        if here.rels:
            ends = [r.value for r in here.rels]
            lone = _lone(first.levels[0]) is not None
            return stop if ends in (["<="], ["<"]) and not lone else None
    return None

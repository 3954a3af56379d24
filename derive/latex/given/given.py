"""What is given: ranges, conditions, definitions of symbols and of operators.

May: sort the parts of a text into these four, by their form alone.  Elaborates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from derive.latex.roles.roles import (
    FUNCTION_OPS,
    LOSSES,
    RESERVED,
    _call_group,
    _is_functional,
    derivative_of,
)
from derive.latex.roles.under import joined
from derive.latex.signs.errors import Fault
from derive.latex.signs.names import Naming, head, plain_name
from derive.latex.signs.tree import (
    DOMAINS,
    Big,
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


@dataclass
class Range:
    """`i, j = 1, \\dots, n`."""

    names: list[str]
    low: Level
    high: Level
    pos: int


@dataclass
class Domain:
    """`x, y \\in \\mathbb{R}`: on which space letters live."""

    names: list[str]
    level: Level


@dataclass
class Meaning:
    """`h_i = ...` or `y(i) = ...`: the symbol, its parameters, its right side."""

    symbol: str
    params: list[str]
    index: bool
    body: Level
    pos: int
    source: str = ""
    ranges: list[Range] = field(default_factory=list)  # on its own line, of its parameters
    where: list[Chain] = field(default_factory=list)  # the conditions on its own line
    domains: list[Domain] = field(default_factory=list)
    also: list[Meaning] = field(default_factory=list)  # further definitions of the symbol
    chained: bool = False  # h_i = ... = ...: what follows is not used

    @property
    def adjoint(self) -> bool:
        """g_i = \\partial L / \\partial y_i: a derivative of the loss, and no output of a layer."""
        for node in self.body.walk():
            fraction = derivative_of(node)
            top = fraction.num.chains[0].levels[0].items[1:] if fraction is not None else []
            if any(isinstance(t, Name) and t.value in LOSSES for t in top):
                return True
        return False

    @property
    def backward(self) -> bool:
        """Whether it is made of deltas, as the input's gradient is."""
        return any(isinstance(node, Name) and node.value == r"\delta" for node in self.body.walk())


@dataclass
class Operator:
    """`(f * g)(x) = ...`."""

    symbol: str
    left: str
    right: str
    params: list[str]
    chain: Chain


@dataclass
class Parts:
    ranges: list[Range]
    chains: list[Chain]
    domains: list[Domain] = field(default_factory=list)


def parts_of(group: Group) -> Parts:
    """Ranges apart from the chains of relations in a list with commas."""
    out = Parts([], [])
    waiting: list[Chain] = []
    k = 0
    chains = joined(_unwrapped_conditions(group), group.seps)
    while k < len(chains):
        chain = chains[k]
        dots = None
        if (stop := _all_integers(chains, k)) is not None:
            names = [_name(c) for c in (*waiting, chain)]
            item = Name(chain.pos, r"\mathbb{Z}")
            out.domains.append(Domain(names, Level(chain.pos, [item])))
            waiting, k = [], stop
            continue
        for j in range(k + 1, min(k + 4, len(chains))):
            if chains[j].rels or _dots(chains[j]):
                dots = j if _dots(chains[j]) else None
                break
        if not chain.rels and k + 1 < len(chains):
            waiting.append(chain)
        elif [r.value for r in chain.rels] == ["="] and dots is not None and dots + 1 < len(chains):
            names = [_name(c) for c in (*waiting, chain)]
            out.ranges.append(Range(names, chain.levels[1], chains[dots + 1].levels[0], chain.pos))
            waiting, k = [], dots + 1
        elif [r.value for r in chain.rels] == ["="] and (stop := _counted(chains, k)) > k:
            names = [_name(c) for c in (*waiting, chain)]
            out.ranges.append(Range(names, chain.levels[1], chains[stop].levels[0], chain.pos))
            waiting, k = [], stop
        elif [r.value for r in chain.rels] == ["in"] and (inner := _set(chain)) is not None:
            names = [_name(c) for c in (*waiting, chain)]
            out.ranges.append(Range(names, inner[0], inner[1], chain.pos))
            waiting = []
        elif [r.value for r in chain.rels] == ["in"] and domain_letter(chain.levels[1]):
            names = [_name(c) for c in (*waiting, chain)]
            out.domains.append(Domain(names, chain.levels[1]))
            waiting = []
        elif waiting:
            raise Fault(
                "not a condition", waiting[0].pos, "a relation, or a range i = 1, \\dots, n"
            )
        else:
            out.chains.append(chain)
        k += 1
    if waiting:
        raise Fault("not a condition", waiting[0].pos, "a relation, or a range i = 1, \\dots, n")
    return out


def _unwrapped_conditions(group: Group) -> list[Chain]:
    """`y = x, (0 \\le i < n)`: brackets round conditions alone only set them apart."""
    out: list[Chain] = []
    for k, chain in enumerate(group.chains):
        item = lone_item(Group(chain.pos, "(", [chain], []))
        if k and isinstance(item, Group) and item.kind == "(" and set(item.seps) <= {",", "and"}:
            if item.chains and all(c.rels or _dots(c) or len(item.chains) > 1 for c in item.chains):
                out += item.chains
                continue
        out.append(chain)
    return out


def _letter(chain: Chain, k: int) -> bool:
    items = chain.levels[k].items
    return len(items) == 1 and plain_name(items[0]) is not None


def between(chain: Chain) -> Range | None:
    """`0 \\le i < n` as the range of i."""
    ops = [r.value for r in chain.rels]
    if len(ops) != 2 or not set(ops) <= {"<=", "<"} or not _letter(chain, 1):
        return None
    low, high = chain.levels[0], chain.levels[2]
    name = plain_name(chain.levels[1].items[0]) or ""
    if ops[0] == "<":
        low = _shifted(low, "+")
    if ops[1] == "<":
        high = _shifted(high, "-")
    return Range([name], low, high, chain.pos)


def _shifted(level: Level, sign: str) -> Level:
    one = Number(level.pos, Fraction(1), "1")
    return Level(level.pos, [*level.items, Mark(level.pos, "sign", sign), one])


def domain_letter(level: Level) -> str:
    """R, Z or N if that is what is written, else nothing."""
    item = level.items[0]
    base = item.base if isinstance(item, Script) else item
    return DOMAINS.get(base.value, "") if isinstance(base, Name) else ""


def _all_integers(chains: list[Chain], k: int) -> int | None:
    """Where `n = 0, \\pm 1, \\pm 2, \\dots` ends."""
    first = chains[k]
    if [r.value for r in first.rels] != ["="] or not is_number(first.levels[1]):
        return None
    stop = k + 1
    while stop < len(chains) and not chains[stop].rels and _either(chains[stop]):
        stop += 1
    return stop + 1 if k + 1 < stop < len(chains) and _dots(chains[stop]) else None


def _counted(chains: list[Chain], k: int) -> int:
    """Where `i = 1, 2, 3` ends; k itself if chains[k] begins no such list."""
    if not _letter(chains[k], 0) or not is_number(chains[k].levels[1]):
        return k
    stop, last = k, _value(chains[k].levels[1])
    while stop + 1 < len(chains) and not chains[stop + 1].rels:
        following = chains[stop + 1].levels[0]
        if not is_number(following) or _value(following) != last + 1:
            return k
        stop, last = stop + 1, last + 1
    return stop


def _value(level: Level) -> Fraction:
    item = level.items[0]
    return item.value if isinstance(item, Number) else Fraction(0)


def _either(chain: Chain) -> bool:
    items = chain.levels[0].items
    return len(items) == 2 and isinstance(items[0], Mark) and items[0].value == "±"


def _dots(chain: Chain) -> bool:
    item = chain.levels[0].items[0]
    return not chain.rels and isinstance(item, Mark) and item.kind == "dots"


def _set(chain: Chain) -> tuple[Level, Level] | None:
    item = chain.levels[1].items[0]
    if isinstance(item, Group) and item.kind == "{" and any(_dots(c) for c in item.chains):
        return item.chains[0].levels[0], item.chains[-1].levels[0]
    return None


def _name(chain: Chain) -> str:
    items = chain.levels[0].items
    name = plain_name(items[0]) if len(items) == 1 else None
    if name is None:
        raise Fault("not an index", chain.pos, "a letter")
    return name


def meaning_of(chain: Chain, naming: Naming) -> Meaning | None:
    """The definition of a symbol that a chain may be, by its left side."""
    if not chain.rels or any(r.value != "=" for r in chain.rels):
        return None
    items = chain.levels[0].items
    first = items[0]
    if isinstance(first, Script) and isinstance(first.base, Group) and len(first.subs) == 1:
        first = _unwrapped(first)
    found = head(first, naming)
    body, more = chain.levels[1], len(chain.levels) > 2
    if found is None or found.power is not None or found.primes or found.name in RESERVED:
        return None
    if found.subs is not None and len(items) == 1:
        params = parameters(found.subs)
        made = Meaning(found.name, params, True, body, chain.pos, chained=more)
        return made if params else None
    if found.subs is None and len(items) == 2 and (call := _call_group(items[1])) is not None:
        params = parameters(call)
        if params and not isinstance(items[1], Script):
            return Meaning(found.name, params, False, body, chain.pos, chained=more)
    if found.subs is None and len(items) == 1:
        return Meaning(found.name, [], False, body, chain.pos, chained=more)
    return None


def _unwrapped(item: Script) -> Surface:
    """[H]_{i,j} as H_{i,j}: brackets round a name alone group."""
    inner = lone_item(item.base) if isinstance(item.base, Group) else None
    if item.sups or item.primes or not isinstance(inner, Name):
        return item
    return Script(item.pos, inner, item.subs, [], 0)


def parameters(group: Group) -> list[str]:
    items: list[Surface] = []
    if any(c.rels for c in group.chains):
        return []
    for chain in group.chains:
        here = chain.levels[0].items
        if len(group.chains) > 1 and len(here) != 1:
            return []
        items += here
    names = [plain_name(i) for i in items]
    if any(n is None for n in names) or len(set(names)) != len(names):
        return []
    return [n for n in names if n is not None]


def summed_over(
    chain: Chain, outputs: set[str], place: int, naming: Naming
) -> tuple[Level, Level] | None:
    """The range of the sum over an index of \\delta or of an output, at one place of it.

    In \\sum_{i=1}^{n} \\delta_i x_{i+j-1} that is 1 and n.
    """
    sums: dict[str, tuple[Level, Level]] = {}
    found: list[str] = []
    for node in chain.walk():
        if not isinstance(node, Script):
            continue
        if isinstance(node.base, Big) and len(node.subs) == len(node.sups) == 1:
            below = node.subs[0].chains[0]
            name = plain_name(below.levels[0].items[0])
            if name is not None and [r.value for r in below.rels] == ["="]:
                sums[name] = below.levels[1], node.sups[0].chains[0].levels[0]
            continue
        symbol = head(node, naming)
        if symbol is not None and symbol.subs is not None and (
            symbol.name in outputs or symbol.name.split("^")[0] == r"\delta"
        ):
            indices = parameters(symbol.subs)
            found += indices[place : place + 1]
    ranges = [sums[name] for name in dict.fromkeys(found) if name in sums]
    return ranges[0] if len(ranges) == 1 else None


def operator_of(chain: Chain, naming: Naming) -> Operator | None:
    """The definition of an operator that a chain may be: `(f * g)(x) = ...`."""
    if not chain.rels or chain.rels[0].value != "=":
        return None
    items = chain.levels[0].items
    item = items[0]
    inner = item.base if isinstance(item, Script) else item
    if not isinstance(inner, Group) or len(inner.chains) != 1 or inner.chains[0].rels:
        return None
    level = inner.chains[0].levels[0].items
    if len(level) != 3 or not (isinstance(level[1], Mark) and level[1].value in FUNCTION_OPS):
        return None
    left, right = plain_name(level[0]), plain_name(level[2])
    args = None
    if isinstance(item, Script) and len(item.subs) == 1 and len(items) == 1:
        args = item.subs[0]
    elif len(items) == 2:
        args = _call_group(items[1])
    params = parameters(args) if args is not None else []
    if left is None or right is None or left == right or not params:
        return None
    return Operator(level[1].value, left, right, params, chain)


def valued(chain: Chain) -> str | None:
    """The letter of which an equation says what it is, as in `u = 2x`."""
    if [r.value for r in chain.rels] != ["="] or len(chain.levels[0].items) != 1:
        return None
    return plain_name(chain.levels[0].items[0])


def functional(level: Level) -> bool:
    """Whether a side is a function with no argument, as in `y = w \\star x`."""
    return _is_functional(level)


def is_number(level: Level) -> bool:
    return len(level.items) == 1 and isinstance(level.items[0], Number)

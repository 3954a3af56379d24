r"""Sums with dots: x_1 + x_2 + \cdots + x_n is \sum_{t=1}^{n} x_t.

May: rewrite the surface trees in place, before any role is decided.  The terms beside the dots are
alike but for numbers and indices, and each of these takes equal steps to the last term; a sum of
which that is not seen keeps its dots, and is refused later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from derive.latex.signs.names import symbols
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
)

LETTERS = "tuvrlqpsabcde"
Linear = dict[str, Fraction]  # letters and, under "", the number
Path = tuple[int, ...]


@dataclass
class Term:
    """One summand and what may count in it: linear expressions by their paths."""

    level: Level
    shape: str
    values: dict[Path, Linear]


def ellipses(groups: Iterable[Group]) -> list[Chain]:
    """Rewrites the sums; 1 <= n for each, since at least one term is written."""
    groups = list(groups)
    said: list[Chain] = []
    levels = [n for g in groups for n in g.walk() if isinstance(n, Level)]
    dotted = [level for level in levels if any(map(_is_dots, level.items)) and len(level.items) > 1]
    if not dotted:
        return []
    taken = {*symbols(groups)}
    letter = next((c for c in LETTERS if c not in taken), None)
    for level in dotted if letter is not None else ():
        level.items = _summed(level.items, letter or "", said) or level.items
    return said


def _is_dots(item: Surface) -> bool:
    return isinstance(item, Mark) and item.kind == "dots"


def _is_sign(item: Surface) -> bool:
    return isinstance(item, Mark) and item.kind == "sign"


def _summed(items: list[Surface], letter: str, said: list[Chain]) -> list[Surface] | None:
    """The items with a sum in the place of the terms around the dots."""
    parts: list[tuple[Surface | None, list[Surface]]] = [(None, [])]
    for item in items:
        if _is_sign(item):
            parts.append((item, []))
        else:
            parts[-1][1].append(item)
    if not parts[0][1]:
        parts = parts[1:]
    at = [k for k, (_, term) in enumerate(parts) if len(term) == 1 and _is_dots(term[0])]
    if len(at) != 1 or at[0] in (0, len(parts) - 1):
        return None
    k = at[0]
    terms = [_term(term) if term else None for _, term in parts]
    plus = [sign is None or (isinstance(sign, Mark) and sign.value == "+") for sign, _ in parts]
    before, after = terms[k - 1], terms[k + 1]
    if before is None or after is None or not (plus[k] and plus[k + 1]):
        return None
    first = k - 1
    earlier = terms[k - 2] if k >= 2 and plus[k - 1] else None
    steps = _steps(earlier, before) if earlier is not None else None
    if steps:
        first = k - 2
        while first > 0 and plus[first] and _follows(terms[first - 1], terms[first], steps):
            first -= 1
    last = k + 1
    if steps:
        while (
            last + 1 < len(parts)
            and plus[last + 1]
            and _follows(terms[last], terms[last + 1], steps)
        ):
            last += 1
    start, end = terms[first], terms[last]
    if start is None or end is None or start.shape != end.shape:
        return None
    if first and plus[first] and set(symbols(parts[first - 1][1])) <= set(symbols(parts[first][1])):
        return None  # in k + 2k + ... + nk the first term belongs to the sum
    body = _over(start, end, steps, letter, items[0].pos, said)
    if body is None:
        return None
    out: list[Surface] = []
    for j, (sign, term) in enumerate(parts):
        if first < j <= last:
            continue
        out += ([sign] if sign is not None else []) + (body if j == first else term)
    return out


def _over(
    start: Term,
    end: Term,
    steps: dict[Path, Fraction] | None,
    letter: str,
    pos: int,
    said: list[Chain],
) -> list[Surface] | None:
    """sum_{letter} with the place of the first step 1 as its letter."""
    gaps = {p: _less(end.values[p], v) for p, v in start.values.items()}
    moving = {p: gap for p, gap in gaps.items() if gap}
    if steps is None:  # two terms alone: steps of one, up or down
        if not moving:
            return None
        lead = next(iter(moving.values()))
        steps = {p: Fraction(1 if gap == lead else -1) for p, gap in moving.items()}
    if set(moving) - set(steps) or not steps:
        return None
    counts = [_scaled(gaps[p], 1 / d) for p, d in steps.items()]
    count = counts[0]
    if any(c != count for c in counts) or any(c.denominator != 1 for c in count.values()):
        return None
    if not set(count) - {""}:  # a number of terms that is written out
        return None
    lead_place = next((p for p, d in steps.items() if d == 1), None)
    base = start.values[lead_place] if lead_place is not None else {}
    low, high = base, _plus(base, count)
    index = _plus({letter: Fraction(1)}, _scaled(base, Fraction(-1)))
    new = {p: _plus(start.values[p], _scaled(index, d)) for p, d in steps.items()}
    below = Chain(
        pos, [Level(pos, [Name(pos, letter)]), _written(low, pos)], [Mark(pos, "rel", "=")]
    )
    ends = [Group(pos, "{", [below], [])], [_group(_written(high, pos), "{")]
    total = Script(pos, Big(pos, "sum", 1), ends[0], ends[1], 0)
    body = _put(start.level, new, ())
    assert isinstance(body, Level)  # noqa: S101 - a copy of one
    said.append(Chain(pos, [_written(low, pos), _written(high, pos)], [Mark(pos, "rel", "<=")]))
    return [total, _group(body, "(")] if () in new else [total, *body.items]


def _steps(one: Term, other: Term) -> dict[Path, Fraction] | None:
    """How far each place moves from one term to the next, where it moves by a number."""
    if one.shape != other.shape:
        return None
    out = {}
    for p, value in one.values.items():
        gap = _less(other.values[p], value)
        if set(gap) - {""}:
            return None
        if gap:
            out[p] = gap[""]
    return out or None


def _follows(one: Term | None, other: Term | None, steps: dict[Path, Fraction]) -> bool:
    return one is not None and other is not None and _steps(one, other) == steps


def _term(items: list[Surface]) -> Term:
    values: dict[Path, Linear] = {}
    level = Level(items[0].pos, items)
    return Term(level, _shape(level, (), values), values)


def _shape(node: Surface, path: Path, values: dict[Path, Linear]) -> str:
    """What a term is but for its linear expressions, which `values` collects."""
    value = _linear(node)
    if value is not None:
        values[path] = value
        return "#"
    own = type(node).__name__
    for field in ("value", "kind", "primes", "seps"):
        own += f" {getattr(node, field, '')}"
    inner = (_shape(part, (*path, k), values) for k, part in enumerate(node.parts()))
    return f"({own} {' '.join(inner)})"


def _linear(node: Surface) -> Linear | None:
    if isinstance(node, Name):
        return {node.value: Fraction(1)}
    if isinstance(node, Number):
        return {"": node.value} if node.value else {}
    if isinstance(node, Group):
        single = node.kind in ("(", "{", "braces") and len(node.chains) == 1
        return _linear(node.chains[0].levels[0]) if single and not node.chains[0].rels else None
    if not isinstance(node, Level):
        return None
    out: Linear = {}
    sign, factor, empty = Fraction(1), None, True
    for item in [*node.items, Mark(node.pos, "sign", "+")]:
        if isinstance(item, Mark) and item.kind == "sign":
            if factor is not None:
                out = _plus(out, _scaled(factor, sign))
            elif not empty:
                return None
            sign = Fraction(-1 if item.value == "-" else 1)
            factor, empty = None, False
            continue
        value = _linear(item)
        if value is None or (factor is not None and set(factor) - {""}):
            return None
        factor = value if factor is None else _scaled(value, factor.get("", Fraction(0)))
        empty = False
    return out


def _plus(a: Linear, b: Linear) -> Linear:
    out = {k: a.get(k, Fraction(0)) + b.get(k, Fraction(0)) for k in {**a, **b}}
    return {k: c for k, c in out.items() if c}


def _less(a: Linear, b: Linear) -> Linear:
    return _plus(a, _scaled(b, Fraction(-1)))


def _scaled(a: Linear, c: Fraction) -> Linear:
    return {k: v * c for k, v in a.items() if v * c}


def _written(value: Linear, pos: int) -> Level:
    items: list[Surface] = []
    for name, c in sorted(value.items(), key=lambda kv: (kv[0] == "", kv[1] < 0)):
        if items or c < 0:
            items.append(Mark(pos, "sign", "-" if c < 0 else "+"))
        if abs(c) != 1 or not name:
            items.append(Number(pos, abs(c), str(abs(c))))
        if name:
            items.append(Name(pos, name))
    return Level(pos, items or [Number(pos, Fraction(0), "0")])


def _group(level: Level, kind: str) -> Group:
    return Group(level.pos, kind, [Chain(level.pos, [level], [])], [])


def _put(node: Surface, new: dict[Path, Linear], path: Path) -> Surface:
    """A copy with other values at some paths."""
    if path in new:
        level = _written(new[path], node.pos)
        if isinstance(node, Level):
            return level
        return _group(level, node.kind if isinstance(node, Group) else "(")
    parts = [_put(part, new, (*path, k)) for k, part in enumerate(node.parts())]
    match node:
        case Script(pos, _, subs, _, primes):
            n = len(subs)
            return Script(pos, parts[0], parts[1 : n + 1], parts[n + 1 :], primes)  # type: ignore[arg-type]
        case Group(pos, kind, _, seps):
            return Group(pos, kind, parts, seps)  # type: ignore[arg-type]
        case Chain(pos, _, rels):
            return Chain(pos, parts, rels)  # type: ignore[arg-type]
        case Level(pos, _):
            return Level(pos, parts)
        case Frac(pos, _, _):
            return Frac(pos, *parts)  # type: ignore[arg-type]
    return node

"""Sums: over what the bound variables run, and how far the body goes.

May: read the scripts of \\sum.  Called by `Terms.factor`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.latex.given.given import domain_letter
from derive.latex.roles.under import UP, Part, product_after, under
from derive.latex.signs.errors import Fault
from derive.latex.signs.names import plain_name, symbols
from derive.latex.signs.tree import Big, Chain, Group, Level, Mark, Script, Surface, lone
from derive.latex.terms.binders import Binder, End, Infinity, declare, end_of
from derive.latex.terms.domains import domain
from derive.latex.terms.integrals import integral
from derive.syntax import ONE, ZERO, Cond, Iverson, Num, Or, Rel, Term, Var

if TYPE_CHECKING:
    from derive.latex.terms.terms import Cursor, Terms, Value

INFINITE = Infinity(negative=False)


def big(e: Terms, cur: Cursor, item: Surface, base: Big) -> Value:
    script = item if isinstance(item, Script) else None
    if script is not None and (len(script.subs) > 1 or len(script.sups) > 1 or script.primes):
        raise Fault("two scripts in one place", script.pos, "one _ and one ^")
    if base.kind == "int":
        return integral(e, cur, script, base)
    return _sum(e, cur, script, base)


def _sum(e: Terms, cur: Cursor, script: Script | None, base: Big) -> Value:
    if script is None or not script.subs:
        raise Fault("a sum without its variable", base.pos, "a subscript such as _{j=1}")
    cur.at += 1
    saved = dict(e.env)
    body_letters = symbols(product_after(cur.items, cur.at, cur.end))
    parts = under(script.subs[0], e.env.keys(), body_letters)
    upper = script.sups[0] if script.sups else None
    if upper is not None and not any(p.kind == "range" for p in parts):
        raise Fault("an upper bound without a lower one", upper.pos, "a range such as _{j=1}^{n}")
    binders: list[Binder] = []
    conds: list[Cond] = []
    for part in parts:
        more, said = _part(e, part, upper)
        binders += more
        conds += said
    if cur.peek() is None:
        raise Fault("a sum of nothing", base.pos, "a product after the sum")
    body = e.product(cur)
    e.env = saved
    weights = [Iverson(c) for c in conds]
    for binder in reversed(binders):
        body = binder.over(body, base.pos, weights)
        weights = []
    return body


def _part(e: Terms, part: Part, upper: Group | None) -> tuple[list[Binder], list[Cond]]:
    """What one part of the subscript binds and says."""
    chain = part.chain
    match part.kind:
        case "range":
            low, high = end_of(e, chain.levels[1]), _upper(e, upper, chain)
            return [_numbers(e, name, low, high) for name in part.names], []
        case "in" if domain_letter(chain.levels[1]) == "N" and len(chain.levels[1].items) == 1:
            return [_numbers(e, name, ZERO, INFINITE) for name in part.names], []
        case "in" if (members := _members(chain.levels[1])) is not None:
            return _listed(e, part.names, members)
        case "in":
            spaces = {name: domain(e, chain.levels[1], "Z") for name in part.names}
            return [Binder(declare(e, name, space)) for name, space in spaces.items()], []
        case "between":
            return [_between(e, part.names[0], chain)], []
        case "within":
            high = end_of(e, chain.levels[1])
            if isinstance(high, Term):
                high = high - 1 if chain.rels[0].value == "<" else high
                return [_numbers(e, part.names[0], -high, high)], []
        case "ordered":
            return _ordered(e, part.names, chain), []
        case "all":
            return [Binder(_integer(e, name)) for name in part.names], []
    found = [Binder(_integer(e, name)) for name in part.names]
    return found, [e.relation(chain)]


def _members(level: Level) -> Group | None:
    item = level.items[0]
    return item if len(level.items) == 1 and isinstance(item, Group) and item.kind == "{" else None


def _listed(e: Terms, names: tuple[str, ...], group: Group) -> tuple[list[Binder], list[Cond]]:
    """j in {1, \\dots, n}, or in a set of numbers that are written out."""
    if any(c.rels for c in group.chains) or set(group.seps) - {","}:
        raise Fault("not a set of numbers", group.pos, r"\{1, \dots, n\}")
    levels = [c.levels[0] for c in group.chains]
    if len(levels) > 2 and _is_dots(levels[-2]):
        first, *more = [e.number(level) for level in levels[:-2]]
        if not all(_follows(first, term, k) for k, term in enumerate(more, 1)):
            raise Fault("not a set of numbers", group.pos, r"\{1, \dots, n\}")
        last = e.number(levels[-1])
        return [_numbers(e, name, first, last) for name in names], []
    values = sorted({v.value for v in map(e.number, levels) if isinstance(v, Num)})
    if len(values) != len(levels) or any(v.denominator != 1 for v in values):
        raise Fault("not a set of numbers", group.pos, r"different numbers, or \{1, \dots, n\}")
    low, high = Num(values[0]), Num(values[-1])
    found = [_numbers(e, name, low, high) for name in names]
    if high.value - low.value + 1 == len(values):
        return found, []
    return found, [Or(tuple(Rel("=", b.var, Num(v)) for v in values)) for b in found]


def _is_dots(level: Level) -> bool:
    item = level.items[0]
    return len(level.items) == 1 and isinstance(item, Mark) and item.kind == "dots"


def _follows(first: Term, term: Term, steps: int) -> bool:
    """Whether 2 stands after 1 in 1, 2, \\dots, n."""
    numbers = isinstance(first, Num) and isinstance(term, Num)
    return numbers and term.value == first.value + steps  # type: ignore[union-attr]


def _integer(e: Terms, name: str) -> Var:
    return declare(e, name, e.kinds.new("Z", hard=True))


def _numbers(e: Terms, name: str, low: End, high: End) -> Binder:
    """From low to high, which are numbers unless both are infinite."""
    binder = Binder.summed(_integer(e, name), low, high)
    if binder.below is not None or binder.above is not None:
        e.kinds.slot(binder.var.space).dim = ONE
    return binder


def _upper(e: Terms, upper: Group | None, chain: Chain) -> End:
    if upper is None:
        raise Fault("a sum without its upper bound", chain.pos, "an upper bound ^{n}")
    level = lone(upper)
    if level is None:
        raise Fault("not an upper bound", upper.pos, "one number")
    return end_of(e, level)


def _between(e: Terms, name: str, chain: Chain) -> Binder:
    """`0 \\le j < k`, `j \\le n`, `n > j \\ge 0`."""
    ends: list[End] = [Infinity(negative=True), INFINITE]
    at = next(k for k, level in enumerate(chain.levels) if _is_letter(level, name))
    for k, rel in enumerate(chain.rels):
        other = end_of(e, chain.levels[k if k + 1 == at else k + 1])
        below = (rel.value in UP) == (k + 1 == at)  # the other one is below
        if rel.value in ("<", ">") and isinstance(other, Term):
            other = other + 1 if below else other - 1
        ends[not below] = other
    return _numbers(e, name, *ends)


def _is_letter(level: Level, name: str) -> bool:
    return len(level.items) == 1 and plain_name(level.items[0]) == name


def _ordered(e: Terms, names: tuple[str, ...], chain: Chain) -> list[Binder]:
    """i and j in 1 \\le i < j \\le n."""
    low, high = e.number(chain.levels[0]), e.number(chain.levels[3])
    found: list[Binder] = []
    for name, rel in zip(names, chain.rels, strict=False):
        var = _integer(e, name)
        e.kinds.slot(var.space).dim = ONE
        found.append(Binder(var, low + 1 if rel.value == "<" else low))
        low = var
    found[1].above = high - 1 if chain.rels[2].value == "<" else high
    return found

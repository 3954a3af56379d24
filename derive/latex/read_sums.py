"""Sums and integrals: which variable is bound, over what, and how far the body goes.

May: read the scripts of \\sum and \\int and find the `d z` that ends an integral; nested integrals
close inside out.  Called by `Terms.factor`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.binding import free
from derive.latex.read_errors import Fault, ambiguous
from derive.latex.read_given import joined
from derive.latex.read_names import differential, plain_name, symbols
from derive.latex.read_open import pointwise
from derive.latex.read_roles import STRICT, summed_letters
from derive.latex.read_tree import (
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
from derive.syntax import ONE, Cond, Function, Iverson, Mul, Num, Rel, Space, Sum, Term, Var

if TYPE_CHECKING:
    from derive.latex.read_terms import Cursor, Terms, Value


@dataclass
class Binder:
    """A bound variable with its range; `below` and `above` are None where it has no bound."""

    var: Var
    below: Term | None = None
    above: Term | None = None

    @property
    def bounds(self) -> tuple[Term, ...]:
        if self.below is None or self.above is None:
            return ()
        return (self.below, self.above)

    def conds(self) -> list[Cond]:
        """A bound on one side only is a bracket in the body."""
        if self.below is not None and self.above is None:
            return [Rel("<=", self.below, self.var)]
        if self.above is not None and self.below is None:
            return [Rel("<=", self.var, self.above)]
        return []


def big(e: Terms, cur: Cursor, item: Surface, base: Big) -> Value:
    script = item if isinstance(item, Script) else None
    if script is not None and (len(script.subs) > 1 or len(script.sups) > 1 or script.primes):
        raise Fault("two scripts in one place", script.pos, "one _ and one ^")
    if base.kind == "int":
        return _integral(e, cur, script, base)
    return _sum(e, cur, script, base)


def _sum(e: Terms, cur: Cursor, script: Script | None, base: Big) -> Value:
    if script is None or not script.subs:
        raise Fault("a sum without its variable", base.pos, "a subscript such as _{j=1}")
    cur.at += 1
    saved = dict(e.env)
    binders, conds = _sum_binders(e, script)
    if cur.peek() is None:
        raise Fault("a sum of nothing", base.pos, "a product after the sum")
    body = e.product(cur)
    e.env = saved
    weights = [Iverson(c) for c in conds]
    for binder in reversed(binders):
        here = [*(Iverson(c) for c in binder.conds()), *weights]
        weights = []
        body = _bind(binder, here, body, base.pos)
    return body


def _bind(binder: Binder, weights: list[Iverson], body: Value, pos: int) -> Value:
    def build(value: Term) -> Term:
        if weights:
            factors = value.factors if isinstance(value, Mul) else (value,)
            value = Mul((*weights, *factors))
        return Sum(binder.var, binder.bounds, value)

    return pointwise([body], build, pos) if isinstance(body, Function) else build(body)


def _declare(e: Terms, name: str, space: Space) -> Var:
    var = Var(name, space)
    e.env[name] = var
    e.bound.add(var)
    return var


def _sum_binders(e: Terms, script: Script) -> tuple[list[Binder], list[Cond]]:
    sub = script.subs[0]
    if set(sub.seps) - {","}:
        raise Fault("not a range", sub.pos, "a range such as j=1, or a variable")
    upper = script.sups[0] if script.sups else None
    binders: list[Binder] = []
    conds: list[Cond] = []
    waiting: list[str] = []
    for chain in joined(sub.chains, sub.seps):
        ops = [r.value for r in chain.rels]
        name = _lone_name(chain.levels[0])
        if not ops:
            if name is None:
                raise Fault("not a summation variable", chain.pos, "a letter")
            waiting.append(name)
        elif ops == ["="] and name is None and (letters := summed_letters(chain)):
            for each in dict.fromkeys([*waiting, *letters]):
                binders.append(Binder(_declare(e, each, e.kinds.new("Z", hard=True))))
            conds.append(e.relation(chain))
            waiting = []
        elif ops == ["="] and name is not None:
            below, above = _bound(e, chain.levels[1]), _upper(e, upper, script)
            for each in [*waiting, name]:
                var = _declare(e, each, e.kinds.new("Z", hard=True))
                binders.append(Binder(var, below, above))
                if below is not None or above is not None:
                    e.kinds.slot(var.space).dim = ONE
            waiting = []
        elif ops == ["in"] and name is not None:
            for each in [*waiting, name]:
                binders.append(Binder(_declare(e, each, domain(e, chain.levels[1], "Z"))))
            waiting = []
        elif _subject(chain) in {b.var.name for b in binders}:
            conds.append(e.relation(chain))  # j != i beside j = 1: a condition, no new variable
        else:
            waiting = [each for each in waiting if each != _subject(chain)]
            more, cond = _inequality(e, chain, ops)
            binders += more
            conds.append(cond) if cond is not None else None
    for each in waiting:
        binders.append(Binder(_declare(e, each, e.kinds.new("Z", hard=True))))
    if upper is not None and not any(c.rels for c in sub.chains):
        raise Fault("an upper bound without a lower one", upper.pos, "a range such as _{j=1}^{n}")
    return binders, conds


def _upper(e: Terms, upper: Group | None, script: Script) -> Term | None:
    if upper is None:
        raise Fault("a sum without its upper bound", script.subs[0].pos, "an upper bound ^{n}")
    return _bound(e, upper.chains[0].levels[0])


def _bound(e: Terms, level: Level) -> Term | None:
    """A bound, or None for infinity."""
    if level.items[-1:] and isinstance(level.items[-1], Mark):
        if level.items[-1].kind == "infinity" and len(level.items) <= 2:
            return None
    return e.number(level)


def _inequality(e: Terms, chain: Chain, ops: list[str]) -> tuple[list[Binder], Cond | None]:
    """`0 \\le j < k`, `j \\le n`, `j \\ne i`; both letters of `1 \\le i < j \\le n`."""
    names = [_lone_name(level) for level in chain.levels]
    if len(names) == 4 and None not in names[1:3] and names[1] != names[2]:
        if set(ops) <= {"<=", "<"} and not {names[1], names[2]} & e.env.keys():
            return _ordered(e, chain, ops), None
    new = [n for n in names if n is not None and n not in e.env and n in e.naming.bound]
    if len(names) == 3:
        new = [names[1]] if names[1] is not None else []
    elif ops == ["!="] and names[0] is not None:
        new = [names[0]]
    elif len(names) == 2 and sum(n is not None and n not in e.env for n in names) == 1:
        new = [n for n in names if n is not None and n not in e.env]
    if len(new) != 1 or len(names) > 3 or not set(ops) <= {"<=", "<", ">=", ">", "!="}:
        raise Fault(
            "not clear which variable is summed over",
            chain.pos,
            "a range such as _{j=1}^{n} or _{0 \\le j < n}",
        )
    binder = Binder(_declare(e, new[0], e.kinds.new("Z", hard=True)))
    if ops == ["!="]:
        return [binder], e.relation(chain)
    at = names.index(new[0])
    for k, op in enumerate(ops):
        other = e.number(chain.levels[k if k + 1 == at else k + 1])
        smaller = (op in ("<=", "<")) == (k + 1 == at)  # the other one is below
        strict = op in ("<", ">")
        if smaller:
            binder.below = other + 1 if strict else other
        else:
            binder.above = other - 1 if strict else other
    e.kinds.slot(binder.var.space).dim = ONE
    return [binder], None


def _ordered(e: Terms, chain: Chain, ops: list[str]) -> list[Binder]:
    """i and j in 1 \\le i < j \\le n."""
    low, high = e.number(chain.levels[0]), e.number(chain.levels[3])
    found: list[Binder] = []
    for level, op in zip(chain.levels[1:3], ops, strict=False):
        name = _lone_name(level)
        var = _declare(e, name or "", e.kinds.new("Z", hard=True))
        e.kinds.slot(var.space).dim = ONE
        found.append(Binder(var, low + 1 if op == "<" else low))
        low = var
    found[1].above = high - 1 if ops[2] == "<" else high
    return found


def _subject(chain: Chain) -> str | None:
    """The letter that an inequality is about: j in 0 \\le j < k, j \\le n and j \\ne i."""
    names = [_lone_name(level) for level in chain.levels]
    return names[1] if len(names) == 3 else next((n for n in names if n is not None), None)


def _lone_name(level: Level) -> str | None:
    return plain_name(level.items[0]) if len(level.items) == 1 else None


def domain(e: Terms, level: Level, wanted: str) -> Space:
    """`\\mathbb{Z}^d`, `\\mathbb{R}`, `\\mathbb{Z}/n`, `\\mathbb{Z}_n`."""
    item = level.items[0]
    base = item.base if isinstance(item, Script) else item
    kind = DOMAINS.get(base.value) if isinstance(base, Name) else None
    if kind in (None, "N") or (kind != wanted and wanted):
        raise Fault("not a domain", level.pos, rf"\mathbb{{{wanted or 'R'}}} or a power of it")
    rest = level.items[1:]
    if rest:
        if not (kind == "Z" and isinstance(rest[0], Mark) and rest[0].value == "/"):
            raise Fault("not a domain", rest[0].pos, rf"\mathbb{{{kind}}}^d")
        last = rest[1:] if len(rest) < 3 else rest[1:2]
        e.roles.sizes |= set(symbols(last))
        space = e.kinds.new("Zn", hard=True)
        e.kinds.slot(space).modulus = e.number(Level(last[0].pos, last))
        return space
    space = e.kinds.new(kind, hard=kind == "Z")
    if isinstance(item, Script) and item.subs:
        slot = e.kinds.slot(space)
        e.roles.sizes |= set(symbols([item.subs[0]]))
        slot.kind, slot.modulus = "Zn", e.number(item.subs[0].chains[0].levels[0])
        return space
    dim: Term = ONE
    if isinstance(item, Script) and item.sups:
        dim = dimension(e, item.sups[0])
    e.kinds.slot(space).dim = dim
    return space


def dimension(e: Terms, group: Group) -> Term:
    item = lone_item(group)
    if isinstance(item, Number) and item.value >= 1 and item.value.denominator == 1:
        return Num(item.value)
    name = plain_name(item) if item is not None else None
    if name is None or name in e.env:
        raise Fault("not a dimension", group.pos, "a letter or a number")
    e.roles.sizes.add(name)
    e.roles.below.add(name)
    return Var(name, Space("Z", ONE))


# --- integrals ----------------------------------------------------------------------------------


def _integral(e: Terms, cur: Cursor, script: Script | None, base: Big) -> Value:
    from derive.latex.read_terms import Cursor as Place

    start = cur.at
    ends = _ends(cur, start, base)
    names = [differential(cur.items, k) for k in ends]
    saved = dict(e.env)
    spaces, bounds = _over(e, script, len(names))
    variables = [
        _declare(e, name or "", space) for name, space in zip(names, reversed(spaces), strict=True)
    ]
    if ends[0] == start + 1:  # \int dz f(z): the product that follows is the body
        cur.at = ends[-1] + 2
        body = e.product(cur) if cur.peek() is not None and not cur.is_sign() else ONE
    else:
        body = e.sum(Place(cur.items, start + 1, ends[0]))
        cur.at = ends[-1] + 2
    e.env = saved
    for var in [] if isinstance(body, Function) else free(body):
        if isinstance(var, Var) and var.name in STRICT and var not in e.bound:
            raise ambiguous(
                base.pos, f"{var.name} is a number", f"the function {var.name} is meant"
            )
    for var in variables:
        body = _bind(
            Binder(var, *bounds), [Iverson(c) for c in Binder(var, *bounds).conds()], body, base.pos
        )
    return body


def _ends(cur: Cursor, start: int, base: Big) -> list[int]:
    """Where the differentials of the integral at `start` stand."""
    open_integrals, found = base.order, []
    k = start + 1
    while k < cur.end:
        inner = cur.items[k]
        inner = inner.base if isinstance(inner, Script) else inner
        if isinstance(inner, Big) and inner.kind == "int":
            open_integrals += inner.order
        elif differential(cur.items, k) is not None and k + 1 < cur.end:
            open_integrals -= 1
            if open_integrals < base.order:
                found.append(k)
            if open_integrals == 0:
                if found[-1] - found[0] != 2 * (len(found) - 1):
                    raise Fault(
                        "the differentials of a double integral stand apart",
                        cur.items[k].pos,
                        "dx dy side by side",
                    )
                if differential(cur.items, k + 2) is not None and k + 3 < cur.end:
                    raise Fault(
                        "more differentials than integrals", cur.items[k + 2].pos,
                        r"\iint, or an integral sign for each differential",
                    )  # fmt: skip
                return found
            k += 1
        k += 1
    raise Fault("an integral without its differential", base.pos, "dz after the integrand")


def _over(e: Terms, script: Script | None, count: int) -> tuple[list[Space], list[Term | None]]:
    """The space of each variable, and the bounds."""
    whole: list[Term | None] = [None, None]
    if script is None or not (script.subs or script.sups):
        return [e.kinds.new("R") for _ in range(count)], whole
    sub = script.subs[0] if script.subs else None
    if sub is None or len(sub.chains) != 1 or sub.chains[0].rels:
        raise Fault("not a domain of integration", script.pos, r"\int_{\mathbb{R}^d} or \int_a^b")
    level = sub.chains[0].levels[0]
    item = level.items[0]
    inner = item.base if isinstance(item, Script) else item
    if isinstance(inner, Name) and DOMAINS.get(inner.value) == "R" and not script.sups:
        space = domain(e, level, "R")
        if count > 1:
            if e.kinds.slot(space).dim != Num(ONE.value * count):
                raise ambiguous(
                    script.pos, "each variable runs over the domain", "all of them together do"
                )
            return [e.kinds.new("R", dim=ONE) for _ in range(count)], whole
        return [space], whole
    if not script.sups or count > 1:
        raise Fault("an integral over a part of the space", script.pos, r"\int_a^b")
    space = e.kinds.new("R", dim=ONE)
    return [space], [_bound(e, level), _bound(e, script.sups[0].chains[0].levels[0])]

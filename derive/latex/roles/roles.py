"""Roles: which letters of a text are functions, tensors, sizes or numbers, by where they stand.

May: look at the surface trees of a claim and of what is given with it.  Must not: build terms.
NOTATION: a letter before a parenthesis is a function, unless it is a size and the parenthesis
holds only sizes and numbers; a letter in a range's bound, a floor or a denominator is a size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from derive.latex.roles.under import product_after, summed_letters, under
from derive.latex.signs.errors import Fault, ambiguous
from derive.latex.signs.names import (
    DIFFERENTIALS,
    Head,
    Naming,
    differential,
    head,
    plain_name,
    symbols,
)
from derive.latex.signs.tree import (
    Big,
    Frac,
    Group,
    Level,
    Mark,
    Name,
    Number,
    Script,
    Surface,
    lone_item,
)

FUNCTION_OPS = {"*", r"\star", r"\circledast", r"\otimes", r"\oplus", r"\circ", r"\bullet"}
LOSSES = {"E", "L", "J", "C", r"\ell", r"\mathcal{L}", r"\mathcal{J}", r"\mathcal{E}"}
SCALARS = set("abc") | {r"\alpha", r"\beta", r"\gamma", r"\lambda", r"\mu"}
FUNCTIONS = set("fghuvwFGHIK") | {r"\phi", r"\varphi", r"\psi", r"\chi", r"\rho", r"\eta"}
SIGNALS = {"x", "y"}
SIGMA = r"\sigma"
STRICT = {"f", "g", r"\phi", r"\varphi", r"\psi"}  # which hardly ever stand for numbers
RESERVED = DIFFERENTIALS - {"d"} | {r"\max", r"\min", r"\neg", r"\mathbb{R}", r"\mathbb{Z}"}


@dataclass
class Roles:
    """What the letters are; `arity` of functions and tensors."""

    naming: Naming
    called: dict[str, list[Group]] = field(default_factory=lambda: defaultdict(list))
    size_calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    entries: dict[str, list[Group]] = field(default_factory=lambda: defaultdict(list))
    operands: set[str] = field(default_factory=set)
    primed: set[str] = field(default_factory=set)
    differentiated: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)  # in a bound or a floor
    compared: set[str] = field(default_factory=set)  # sizes that only conditions say to be some
    below: set[str] = field(default_factory=set)  # in a denominator
    losses: set[str] = field(default_factory=set)
    hints: dict[str, Group] = field(default_factory=dict)
    verdicts: dict[str, bool] = field(default_factory=dict)

    def is_function(self, name: str, pos: int) -> bool:
        """Whether the letter stands for a function (a tensor is one)."""
        if name not in self.verdicts:
            self.verdicts[name] = False  # as long as it is asked: f(g(x)) = g(f(x))
            try:
                self.verdicts[name] = self._judge(name, pos)
            except Fault:
                del self.verdicts[name]
                raise
        return self.verdicts[name]

    def _judge(self, name: str, pos: int) -> bool:
        if name in self.naming.bound or name in RESERVED:
            return False
        if name in self.entries:
            return True
        calls = self.called.get(name, [])
        if not calls:
            size = name in self.sizes or name in self.below
            return (name in self.operands and not size) or name in (
                self.primed | self.differentiated
            )
        if name in self.primed | self.differentiated | self.operands:
            return True
        inside = {s for call in calls for s in symbols([call])}
        numeric = not inside & self.naming.bound and not any(
            s in self.called and s != name and self.is_function(s, pos) for s in inside
        )
        number = name in self.bare  # it also stands where no parenthesis follows
        size = name in self.sizes or (name in self.below and number)
        within = name in self.below or self.size_calls[name] == len(calls)
        if numeric and (size or (number and (within or name in inside))):
            return False
        if numeric and within and self.counts(name):
            return False
        certain = name not in STRICT | {SIGMA} or all(map(_adds, calls))
        if numeric and number and self.naming.sizes_only and certain:
            return False
        if size:
            raise ambiguous(
                pos,
                f"{name}(...) is a value of the function {name}",
                f"{name} is a size and this is a product",
            )
        if name in self.bare and name in SCALARS:
            return False
        if name in self.bare:
            raise ambiguous(
                pos,
                f"{name}(...) is a value of the function {name}",
                f"the product of the number {name} with a parenthesis",
            )
        return True

    def said(self, name: str) -> bool:
        """Whether some place says that it is a function: an argument, a derivative, an index."""
        return name in (self.called.keys() | self.primed | self.differentiated | set(self.entries))

    def counts(self, name: str) -> bool:
        """Whether a letter among sizes may be one: as in D(K - 1), and not in K(2) or f(x + 1)."""
        calls = self.called.get(name, [])
        summed = name not in STRICT | {SIGMA} and all(map(_adds, calls))
        return not calls or name in self.bare or summed

    def arity(self, name: str) -> int | None:
        """The number of indices or arguments, where some place says it beyond doubt."""
        counts = {len(c.chains) for c in self.called.get(name, [])}
        for group in self.entries.get(name, []):
            if len(group.chains) > 1:
                counts.add(len(group.chains))
            else:
                items = group.chains[0].levels[0].items
                if len(items) == 1 and not isinstance(items[0], Number):
                    counts.add(1)
                elif any(isinstance(i, Mark) for i in items):
                    counts.add(1)
        if len(counts) > 1:
            place = (self.entries.get(name) or self.called[name])[0].pos
            raise Fault(
                f"{name} has {' and '.join(map(str, sorted(counts)))} indices or "
                "arguments in different places",
                place,
                "the same number everywhere",
            )
        return counts.pop() if counts else None


def roles_of(lists: Iterable[Group]) -> Roles:
    """The roles of all letters in some texts that share their letters."""
    lists = list(lists)
    naming = Naming()
    for group in lists:
        _bound(group, naming)
    naming.sizes_only = not naming.bound and not any(_functional(g) for g in lists)
    for group in lists:
        _named(group, naming)
    roles = Roles(naming)
    for group in lists:
        _visit(group, roles, size=False, operand=False, inner=False)
    applied = set().union(*(_applied(group, roles) for group in lists)) if lists else set()
    if applied:
        roles.operands |= applied
        naming.sizes_only = False
    return roles


def _adds(call: Group) -> bool:
    """Whether a parenthesis holds a sum or a difference."""
    return any(_is_sign(item) for chain in call.chains for item in chain.levels[0].items[1:])


def _applied(group: Group, roles: Roles) -> set[str]:
    """The functions in (f g)(x), (f + g)(x) and (2f)(x): a sum or product, applied."""
    out: set[str] = set()
    for node in group.walk():
        if not isinstance(node, Level):
            continue
        for item, after in zip(node.items, node.items[1:], strict=False):
            call = _call_group(after)
            if isinstance(item, Group) and item.kind in ("(", "[") and call is not None:
                letters = _letters(item)
                inside = set(symbols([call]))
                lone = all(isinstance(lone_item(Group(0, "(", [c], [])), Name) for c in call.chains)
                for name in letters:
                    if name not in inside and _acts(name, inside, lone, roles):
                        out.add(name)
    return out


def _letters(group: Group) -> list[str]:
    """The letters of a sum or product in brackets, none of which is applied there."""
    if len(group.chains) != 1 or group.chains[0].rels or group.seps:
        return []
    out: list[str] = []
    items = group.chains[0].levels[0].items
    for k, item in enumerate(items):
        if isinstance(item, Name):
            if k + 1 < len(items) and _call_group(items[k + 1]) is not None:
                return []
            out.append(item.value)
        elif isinstance(item, Group) and item.kind in ("(", "["):
            out += _letters(item)
    return out


def _acts(name: str, inside: set[str], lone: bool, roles: Roles) -> bool:
    """Whether a letter within brackets that stand before an argument is a function."""
    if name in RESERVED | SCALARS | roles.naming.bound or name in set("ijklmn"):
        return False
    if name in roles.primed | roles.differentiated | roles.operands:
        return True
    if name in roles.sizes | roles.below | set(roles.entries):
        return False
    calls = roles.called.get(name, [])
    if any(name in symbols([c]) for c in calls):
        return False
    if calls:
        small = any(not s[-1].isupper() for s in inside)
        return small or len(inside) == 0 or name in STRICT
    return name in STRICT and lone


def _bound(node: Surface, naming: Naming, outer: frozenset[str] = frozenset()) -> None:
    """The variables of sums and integrals; `outer` are those bound around the node."""
    if isinstance(node, Group):
        letters = mapped_letters(node)
        naming.bound |= set(letters)
        outer |= set(letters)
    if not isinstance(node, Level):
        for part in node.parts():
            _bound(part, naming, outer)
        return
    if any(_is_integral(i) for i in node.items):
        found = {differential(node.items, k) for k in range(len(node.items) - 1)}
        naming.bound |= (names := {name for name in found if name is not None})
        outer |= names
    here = outer
    for k, item in enumerate(node.items):
        if _is_sign(item) and not (k and _is_sum(node.items[k - 1])):
            here = outer
        _bound(item, naming, here)
        if isinstance(item, Script) and _is_sum(item):
            body = symbols(product_after(node.items, k + 1, len(node.items)))
            for sub in item.subs:
                names = _summed(sub, here, body)
                naming.bound |= names
                here |= names


def _is_sum(item: Surface) -> bool:
    return isinstance(item, Script) and isinstance(item.base, Big) and item.base.kind == "sum"


def _summed(sub: Group, outer: frozenset[str], body: list[str]) -> set[str]:
    try:
        return {name for part in under(sub, outer, body) for name in part.names}
    except Fault:  # which is said where the sum is read
        return set()


def mapped_letters(group: Group) -> list[str]:
    """The letters before \\mapsto in (x \\mapsto f(2x)), or none if it is something else."""
    if len(group.chains) != 1 or [r.value for r in group.chains[0].rels] != ["mapsto"]:
        return []
    items = group.chains[0].levels[0].items
    inner = items[0] if len(items) == 1 else None
    if isinstance(inner, Group) and inner.kind == "(" and not any(c.rels for c in inner.chains):
        places = [c.levels[0].items for c in inner.chains]
        names = [plain_name(p[0]) if len(p) == 1 else None for p in places]
    else:
        names = [plain_name(inner)] if inner is not None else []
    found = [n for n in names if n is not None]
    return found if len(found) == len(names) == len(set(found)) else []


def _is_integral(item: Surface) -> bool:
    base = item.base if isinstance(item, Script) else item
    return isinstance(base, Big) and base.kind == "int"


def _functional(group: Group) -> bool:
    return any(
        isinstance(n, Big)
        or (isinstance(n, Group) and n.kind == "abs")  # of what may be negative
        or (isinstance(n, Mark) and n.value in FUNCTION_OPS)
        or (isinstance(n, Script) and n.primes)
        or (isinstance(n, Name) and n.value in (r"\partial", r"\sigma", r"\delta"))
        for n in group.walk()
    )


def _named(group: Group, naming: Naming) -> None:
    """k_1, m', K_H where they stand in bounds, indices, floors and denominators."""
    for node in group.walk():
        places: list[Surface] = []
        if isinstance(node, Script):
            places = [*node.subs, *(node.sups if isinstance(node.base, Big) else [])]
        elif isinstance(node, Frac) and derivative_of(node) is None:
            places = [node.den]
        elif isinstance(node, Group) and node.kind in ("floor", "ceil"):
            places = [node]
        for place in places:
            for inner in place.walk():
                if isinstance(inner, Script) and (name := plain_name(inner)) is not None:
                    naming.named.add(name)


def _call_group(item: Surface) -> Group | None:
    """The parenthesis that may hold arguments."""
    group = item.base if isinstance(item, Script) else item
    if isinstance(group, Group) and group.kind in ("(", "["):
        if any(c.rels for c in group.chains) or set(group.seps) - {","}:
            return None
        if group.kind == "[" and any(
            isinstance(i, Mark) and i.value in FUNCTION_OPS
            for c in group.chains
            for i in c.levels[0].items
        ):
            return None
        return group
    return None


def _visit(node: Surface, roles: Roles, *, size: bool, operand: bool, inner: bool) -> None:
    """Record where each symbol stands: `size` in a bound or floor, `inner` in an argument."""
    if isinstance(node, Group):
        size = size or node.kind in ("floor", "ceil")
        for chain in node.chains:
            functional = len(chain.levels) > 1 and any(_is_functional(v) for v in chain.levels)
            for level in chain.levels:
                alone = functional and len(level.items) == 1
                _visit(level, roles, size=size, operand=operand or alone, inner=inner)
    elif isinstance(node, Level):
        _visit_level(node, roles, size=size, operand=operand, inner=inner)
    elif isinstance(node, Frac):
        _visit_fraction(node, roles, size=size, inner=inner)
    elif isinstance(node, Script):
        found = head(node, roles.naming)
        if found is not None:
            _record(found, roles, size=size, operand=operand, inner=inner)
        else:
            if isinstance(node.base, Group) and node.subs:
                _hint(node.base, node.subs[0], roles)
                base = lone_item(node.base)
                inside = head(base, roles.naming) if base is not None else None
                if inside is not None:
                    roles.entries[inside.name].append(node.subs[0])
                inner = False
            is_sum = _is_sum(node)
            _visit(node.base, roles, size=size, operand=operand or bool(node.primes), inner=inner)
            for part in (*node.subs, *node.sups):
                for chain, level in ((c, v) for c in part.chains for v in c.levels):
                    lone_var = (
                        is_sum
                        and part in node.subs
                        and set(symbols([level])) <= roles.naming.bound
                    )
                    _visit(
                        level,
                        roles,
                        size=(size or is_sum) and not (lone_var or summed_letters(chain)),
                        operand=False,
                        inner=True,
                    )
    elif isinstance(node, Name):
        _record(Head(node.value, node.pos), roles, size=size, operand=operand, inner=inner)
    else:
        for inside_it in node.parts():
            _visit(inside_it, roles, size=size, operand=operand, inner=inner)


def _is_functional(level: Level) -> bool:
    """Whether a side is a function: f * g or f' without an argument."""
    last = level.items[-1]
    if _call_group(last) is not None and len(level.items) > 1:
        return False
    if isinstance(last, Script) and last.subs:
        return False
    return any(
        (isinstance(i, Mark) and i.value in FUNCTION_OPS) or (isinstance(i, Script) and i.primes)
        for i in level.items
    ) and not any(isinstance(i, Big) for s in level.items for i in s.walk())


def _visit_level(node: Level, roles: Roles, *, size: bool, operand: bool, inner: bool) -> None:
    items, terms, k = node.items, _terms(node.items), 0
    integral = False
    while k < len(items):
        item = items[k]
        integral = integral or _is_integral(item)
        beside = [*items[max(0, k - 1) : k], *items[k + 1 : k + 2]]
        ops = [n.value for n in beside if isinstance(n, Mark)]
        found = head(item, roles.naming)
        joined, alone = terms[k]
        near = _is_operand(items, k, found, (joined and not inner, alone), operand)
        call = _call_group(items[k + 1]) if k + 1 < len(items) else None
        if isinstance(item, Script) and isinstance(item.base, Big):
            call = None  # what stands after a sum is summed, and no argument
        if found is not None and integral and differential(items, k) is not None:
            k += 2
            continue
        if found is not None and call is not None and found.name not in RESERVED | {"d"}:
            if found.subs is None:
                roles.called[found.name].append(call)
                roles.size_calls[found.name] += size
                if found.primes:
                    roles.primed.add(found.name)
                if any(o in FUNCTION_OPS for o in ops) and not inner:
                    roles.bare.discard(found.name)
            else:
                _record(found, roles, size=size, operand=near, inner=inner)
            _visit(items[k + 1], roles, size=size, operand=False, inner=True)
            k += 2
            continue
        if isinstance(item, Group | Script) and found is None and call is not None:
            _hint(item, call, roles)
            _visit(item, roles, size=size, operand=near, inner=False)
            _visit(items[k + 1], roles, size=size, operand=False, inner=True)
            k += 2
            continue
        over = items[k + 1] if k + 1 < len(items) else None
        if isinstance(over, Mark) and over.value == "/" and k + 2 < len(items):
            _visit(item, roles, size=size, operand=False, inner=inner)
            for name in symbols([items[k + 2]]):
                roles.below.add(name)
        else:
            _visit(item, roles, size=size, operand=near, inner=inner)
        k += 1


def _terms(items: list[Surface]) -> list[tuple[bool, bool]]:
    """For each item: whether its term has an operator of functions, and is no product."""
    out: list[tuple[bool, bool]] = []
    start = 0
    for end in [k for k, i in enumerate(items) if _is_sign(i)] + [len(items)]:
        term = items[start:end]
        marks = [i.value for i in term if isinstance(i, Mark) and i.kind == "op"]
        joining = sum(m in FUNCTION_OPS for m in marks)
        alone = len(term) - len(marks) == 1 + joining
        out += [(joining > 0, alone)] * (end - start + 1)
        start = end + 1
    return out


def _is_operand(
    items: list[Surface], k: int, found: Head | None, term: tuple[bool, bool], operand: bool
) -> bool:
    """Whether items[k] is joined by * or its kin to another function.

    In a product beside such an operator a letter like a is a number and one like g a function.
    """
    joined, alone = term
    if not (joined or operand) or found is None or alone:
        return joined or operand
    beside = [*items[max(0, k - 1) : k], *items[k + 1 : k + 2]]
    next_to = any(isinstance(i, Mark) and i.value in FUNCTION_OPS for i in beside)
    signal = operand and found.name in SIGNALS and _multiple(items)  # (2x) * h
    return found.name in FUNCTIONS or signal or (next_to and found.name not in SCALARS)


def _multiple(items: list[Surface]) -> bool:
    return sum(not isinstance(i, Number | Frac | Mark) for i in items) == 1


def _is_sign(item: Surface) -> bool:
    return isinstance(item, Mark) and item.kind == "sign"


def _hint(item: Surface, args: Group, roles: Roles) -> None:
    """(I * K)_{ij}: the functions inside take as many arguments as stand outside."""
    for inner in item.walk():
        if isinstance(inner, Name):
            roles.hints.setdefault(inner.value, args)


def _visit_fraction(node: Frac, roles: Roles, *, size: bool, inner: bool) -> None:
    top, bottom = node.num, node.den
    if derivative_of(node) is not None:
        levels = top.chains[0].levels[0].items[1:]
        for item in levels:
            found = head(item, roles.naming)
            if found is not None and len(levels) == 1 and found.subs is None:
                target = bottom.chains[0].levels[0].items
                if found.name in LOSSES or (
                    len(target) > 1 and isinstance(target[1], Script) and target[1].subs
                ):
                    roles.losses.add(found.name)
                else:
                    roles.differentiated.add(found.name)
            else:
                _visit_level(Level(top.pos, levels), roles, size=size, operand=False, inner=inner)
                break
        for item in bottom.chains[0].levels[0].items[1::2]:
            _visit(item, roles, size=False, operand=False, inner=True)
        return
    _visit(top, roles, size=size, operand=False, inner=inner)
    _visit(bottom, roles, size=size, operand=False, inner=inner)
    roles.below |= set(symbols([bottom]))
    if isinstance(lone_item(bottom), Script):
        name = plain_name(lone_item(bottom))  # type: ignore[arg-type]
        roles.below |= {name} if name else set()


def derivative_of(node: Surface) -> Frac | None:
    """The node if it is written as a derivative: d or partial above and below."""
    if not isinstance(node, Frac):
        return None
    for part in (node.num, node.den):
        chain = part.chains[0]
        if len(part.chains) != 1 or chain.rels:
            return None
        first = chain.levels[0].items[0]
        base = first.base if isinstance(first, Script) else first
        if not (isinstance(base, Name) and base.value in DIFFERENTIALS):
            return None
    return node if len(node.den.chains[0].levels[0].items) > 1 else None


def _record(found: Head, roles: Roles, *, size: bool, operand: bool, inner: bool) -> None:
    name = found.name
    if found.power is not None:
        _visit(found.power, roles, size=False, operand=False, inner=True)
    if found.subs is not None:
        roles.entries[name].append(found.subs)
        _visit(found.subs, roles, size=False, operand=False, inner=True)
        return
    if found.primes:
        roles.primed.add(name)
    if size:
        roles.sizes.add(name)
    if operand:
        roles.operands.add(name)
    elif not found.primes:
        roles.bare.add(name)

"""On which spaces a claim is meant: decided from the evidence, or left open for Z^d and R^d.

May: give each reading of a chain the map from open spaces to spaces.  Operators that were given
are typed here too, for the spaces on which they are used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from derive import definitions
from derive.binding import free, fresh
from derive.latex.given.given import (
    Domain,
    Meaning,
    Operator,
    Parts,
    Range,
    between,
    domain_letter,
    functional,
    meaning_of,
    operator_of,
    parts_of,
    valued,
)
from derive.latex.given.gradients import Gradients
from derive.latex.roles.kinds import Conflict, Kinds
from derive.latex.roles.roles import STRICT, Roles, derivative_of, roles_of
from derive.latex.signs.errors import Fault, ambiguous, unreadable
from derive.latex.signs.names import Naming, head, plain_name, symbols
from derive.latex.signs.tree import Big, Chain, Group, Mark, Name, Surface
from derive.latex.terms.open import slots
from derive.latex.terms.spaces import Collector, Settler, conds_of
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    Cond,
    Definition,
    Divides,
    Fn,
    IllTyped,
    Lam,
    Node,
    Num,
    Rel,
    Space,
    Term,
    Var,
    space_of,
)

REALS = set("xyztuvrw") | {r"\alpha", r"\beta", r"\lambda", r"\epsilon", r"\theta", r"\mu"}


def is_real(name: str) -> bool:
    """Whether a letter is real where it is no size: x, x_1, x'."""
    return name.split("_")[0].rstrip("'") in REALS


@dataclass
class Context:
    """What is given, sorted; shared by all claims of a text."""

    groups: list[Group] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    conds: list[tuple[Chain, str]] = field(default_factory=list)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    operators: list[tuple[Operator, str]] = field(default_factory=list)
    domains: list[Domain] = field(default_factory=list)
    dots: list[Chain] = field(default_factory=list)  # 1 \\le n, where x_1 + ... + x_n stands
    within: list[Range] = field(default_factory=list)  # 0 \\le i < n, where a box is wanted
    apart: Parts = field(default_factory=lambda: Parts([], []))  # on lines that define nothing

    @classmethod
    def of(cls, lines: Iterable[tuple[str, list[Group]]]) -> Context:
        out = cls()
        lines = list(lines)
        for text, groups in lines:
            for group in groups:
                try:
                    parts = parts_of(group)
                    naming = roles_of([group]).naming
                    out.line(parts, naming, text)
                    rest = [c for c in group.chains if operator_of(c, naming) is None]
                    if rest:
                        seps = group.seps if len(rest) == len(group.chains) else [","] * len(rest)
                        out.groups.append(Group(group.pos, group.kind, rest, seps))
                except Fault as fault:
                    raise unreadable(fault, text) from None
        return out

    def line(self, parts: Parts, naming: Naming, text: str) -> None:
        """What stands beside a definition on its line says where it holds."""
        ranges, conds = list(parts.ranges), len(self.conds)
        made: list[Meaning] = []
        for chain in parts.chains:
            meaning = self.sort(chain, naming, text, {p for m in made for p in m.params}, ranges)
            if meaning is not None:
                meaning.source = text
                made.append(meaning)
        self.ranges += ranges
        self.domains += parts.domains
        beside = [c for c, _ in self.conds[conds:]]
        for meaning in made:
            meaning.ranges, meaning.domains = ranges, parts.domains
            meaning.where = beside
            first = self.meanings.setdefault(meaning.symbol, meaning)
            if first is not meaning and (first.source != text or first in made):
                first.also.append(meaning)
        if not made:
            self.apart.ranges += ranges
            self.apart.chains += beside
            self.apart.domains += parts.domains

    def sort(
        self, chain: Chain, naming: Naming, text: str, own: set[str], ranges: list[Range]
    ) -> Meaning | None:
        """`own`: the indices of what the same line defines; a condition on them is their range."""
        inside = between(chain)
        if inside is not None:
            if own & set(inside.names):
                ranges.append(inside)
                return None
            self.within.append(inside)
        operator = operator_of(chain, naming)
        meaning = meaning_of(chain, naming)
        if operator is not None:
            self.operators.append((operator, text))
        elif (
            meaning is not None and meaning.params and meaning.symbol not in symbols([meaning.body])
        ):
            return meaning
        elif meaning is not None and not meaning.params and functional(meaning.body):
            meaning.index = True
            return meaning
        elif not chain.rels:
            raise Fault("neither an equation nor a condition", chain.pos, "a relation")
        else:
            self.conds.append((chain, text))
        return None


class Meant:
    """One chain with its context, and the spaces on which it is meant."""

    def __init__(
        self, context: Context, chain: Chain, beside: Parts, row: Group, text: str
    ) -> None:
        self.context, self.chain, self.beside, self.text = context, chain, beside, text
        used = [row, *context.groups]
        self.roles: Roles = roles_of(used)
        for op, _ in context.operators:
            self._sizes_of(op)
        claim_only = roles_of([row])
        self.sizes_only = (
            claim_only.naming.sizes_only
            and not claim_only.entries
            and not any(self.roles.is_function(name, chain.pos) for name in claim_only.called)
            and not any(m in symbols([chain]) for m in context.meanings)
        )
        self.targets = {t for n in chain.walk() for t in _differentiated_by(n, self.roles)}
        self.valued: set[str] = set()  # the letters that an equation gives
        self.signed = any(map(_compares, chain.walk()))
        self._one_entry(claim_only)
        ranges = [*context.ranges, *beside.ranges]
        self._size_letters(ranges)
        self._numbers()
        self.e = Gradients(self.roles, context.meanings, ranges, context.within, context.apart)
        self.e.claim = chain
        if not self.targets & context.meanings.keys() and not any(
            s.startswith(r"\delta") for s in symbols([chain])
        ):
            self.e.valued = self.valued
        self.e.operators = {op.symbol for op, _ in context.operators}

    def _one_entry(self, claim: Roles) -> None:
        """x_n = 0 defines all x_i, or says something of one entry where n is a size."""
        for name, meaning in self.context.meanings.items():
            sizes = set(meaning.params) & (claim.sizes | claim.below)
            places = [*claim.entries.get(name, []), *claim.called.get(name, [])]
            if sizes and any(sizes.isdisjoint(symbols([place])) for place in places):
                size = ", ".join(sorted(sizes))
                raise ambiguous(
                    self.chain.pos,
                    f"what is given defines {name} for all {size}",
                    f"it is a condition for the size {size} alone",
                )

    def _sizes_of(self, op: Operator) -> None:
        """Sizes in an operator's definition are shared, its own letters are not."""
        own = roles_of([Group(op.chain.pos, "(", [op.chain], [])])
        local = {op.left, op.right, *op.params} | own.naming.bound
        self.roles.sizes |= own.sizes - local
        self.roles.below |= own.below - local

    def _size_letters(self, ranges: list[Range]) -> None:
        """Letters of ranges and of conditions; those that only conditions hold may be negative."""
        letters: set[str] = set()
        for each in ranges:
            letters |= set(symbols([each.low, each.high]))
        sure = letters | self.roles.sizes
        for chain in [c for c, _ in self.context.conds] + self.beside.chains:
            if all(r.value == "!=" for r in chain.rels):
                continue  # a \\ne 0 says nothing of which numbers a is one of
            if (name := valued(chain)) is not None and is_real(name):
                continue  # z = w x + b is no equation of sizes
            if not any(isinstance(n, Big) for n in chain.walk()):
                letters |= set(symbols([chain])) - REALS
        indices = {n for each in ranges for n in each.names}
        indices |= {p for m in self.context.meanings.values() for p in m.params}
        indices |= {
            symbols([c.levels[1]])[0]
            for c, _ in self.context.conds
            if len(c.levels) == 3 and symbols([c.levels[1]])
        }
        functions = self.roles.operands & (STRICT | {"h", "u", "v"})
        keep = letters - indices - self.roles.naming.bound - functions - self.targets
        found = {s for s in keep - set(self.roles.entries) if self.roles.counts(s)}
        self.roles.sizes |= found
        self.roles.compared = found - sure

    def _numbers(self) -> None:
        """u = 2x gives a number, so that du/dx is that of a number too."""
        roles = self.roles
        functions = {*roles.called, *roles.operands, *roles.primed, *roles.entries}
        for chain, _ in self.context.conds:
            for level in chain.levels if all(r.value == "=" for r in chain.rels) else ():
                name = plain_name(level.items[0]) if len(level.items) == 1 else None
                if name is not None:
                    self.valued.add(name)
                if name in (roles.differentiated | roles.losses) - functions:
                    roles.verdicts[name] = False

    def live(self) -> list[Cond]:
        """Letters on the spaces that the text says; what is natural is not negative."""
        conds: list[Cond] = []
        for each in [*self.context.domains, *self.beside.domains]:
            for name in each.names:
                if name not in self.e.free:
                    continue
                var = self.e.free[name]
                self.e.lives(var, each.level)
                if domain_letter(each.level) == "N":
                    conds.append(Rel("<=", ZERO, var))
        return conds

    def spaces(self, terms: list[Term], conds: list[Cond]) -> list[tuple[str, Settler]]:
        e = self.e
        collector = Collector(e.kinds, e.bound)
        parts: list[Node] = [*terms, *conds]
        for layer in e.layers.values():
            parts.append(layer.lam.body)
        for part in parts:
            collector.see(part)
        for box in e.boxes.values():
            for low, high in box:
                collector.see(low)
                collector.see(high)
        self.strides = {v for v in collector.strides if v not in e.bound}
        kinds = e.kinds
        for name, var in e.free.items():
            slot = kinds.slot(var.space)
            if name in self.roles.below and name not in self.roles.sizes:
                slot.weak = slot.weak and not slot.flows
        used_operators = [op for op, _ in self.context.operators]
        open_roots = kinds.decide()
        self.doubtful()
        targets = {
            kinds.find(Space("?", Num(ONE.value * s)))
            for slot in kinds.slots
            for s in slot.flows | slot.scales
        }
        slots_of_functions = {kinds.find(s) for f in e.functions.values() for s in slots(f)}
        loose = [
            k
            for k in open_roots
            if not kinds.slots[k].flows
            and not kinds.slots[k].scales
            and k not in targets | slots_of_functions
        ]
        for name, var in e.free.items():
            root = kinds.find(var.space)
            if root in loose:
                integer = self.sizes_only and not is_real(name)
                kinds.slots[root].kind = "Z" if integer else "R"
        kept = slots_of_functions | {kinds.find(v.space) for v in [*e.free.values(), *e.bound]}
        still = [k for k in open_roots if not kinds.slots[k].kind and k in kept]
        cls = {
            name: "smooth"
            for name, values in e.activations.items()
            if values and self._all_real(name)
        }
        options = self.options(still, used_operators)
        guards = [c for part in parts for c in conds_of(part) if isinstance(c, Divides)]
        return [
            (label, Settler(self._space_over(kinds, other), cls, e.boxes, self.operator, guards))
            for label, other in options
        ]

    def doubtful(self) -> None:
        """1/c with f(c z): c a size, or a real that may be negative?"""
        kinds = self.e.kinds
        absolute = {
            name
            for node in self.chain.walk()
            if isinstance(node, Group) and node.kind == "abs"
            for name in symbols([node])
        }
        for var in _outside_abs(self.e.divisors):
            name, slot = var.name, kinds.slot(var.space)
            if self.e.free.get(name) != var or slot.flows or name in self.roles.sizes:
                continue
            scaled = any(
                kinds.slot(Space("?", Num(ONE.value * s))).kind == "R" for s in slot.scales
            )
            if scaled or name in absolute:
                raise ambiguous(
                    self.chain.pos, f"{name} is a positive number", f"{name} may be negative too"
                )

    def _all_real(self, name: str) -> bool:
        fn = self.e.functions.get(name)
        return fn is not None and all(self.e.kinds.slot(s).kind in ("R", "") for s in slots(fn))

    def _space_over(self, kinds: Kinds, other: Space):  # type: ignore[no-untyped-def]
        return lambda space: kinds.space(space, other)

    def options(self, still: list[int], operators: list[Operator]) -> list[tuple[str, Space]]:
        """On which spaces the claim is meant."""
        kinds = self.e.kinds
        if not still:
            kind = {s.kind for k, s in enumerate(kinds.slots) if kinds.parent[k] == k}
            name = "R" if "R" in kind else self.circle() if "Zn" in kind else "Z"
            dims = {
                s.dim
                for k, s in enumerate(kinds.slots)
                if kinds.parent[k] == k and s.kind == name and s.dim not in (None, ONE)
            }
            if dims:
                (dim,) = list(dims)[:1]
                shown = dim.name if isinstance(dim, Var) else str(getattr(dim, "value", "d"))
                name = f"{name}^{shown}"
            return [(name, Space("Z", ONE))]
        if operators and (own := self.own_options(operators)):
            return own
        several = any(len(slots(f)) > 1 for f in self.e.functions.values())
        scalar = any(kinds.slots[k].scalar or kinds.slots[k].dim == ONE for k in still)
        if several or scalar:
            return [("Z", Space("Z", ONE)), ("R", Space("R", ONE))]
        taken = set(self.e.free) | set(self.roles.naming.bound) | set(self.e.functions)
        d = Var(fresh("d", taken), Space("Z", ONE))
        return [(f"Z^{d.name}", Space("Z", d)), (f"R^{d.name}", Space("R", d))]

    def circle(self) -> str:
        """Z/n, by the name of its length."""
        moduli = [s.modulus for s in self.e.kinds.slots if s.kind == "Zn"]
        names = [m.name for m in moduli if isinstance(m, Var)]
        return f"Z/{names[0] if names else 'n'}"

    def own_options(self, operators: list[Operator]) -> list[tuple[str, Space]]:
        """Where operators were given, a claim is meant where they are defined."""
        used = [
            o
            for o in operators
            if o.symbol
            in {n.value for n in self.chain.walk() if isinstance(n, Mark) and n.kind == "op"}
        ]
        if not used:
            return []
        d = Var(fresh("d", set(self.e.free) | self.roles.naming.bound), Space("Z", ONE))
        for dim, power in ((d, "^d"), (ONE, "")):
            found = [
                (f"{kind}{power}", Space(kind, dim))
                for kind in ("Z", "R")
                if all(self.define(o, (Space(kind, dim),) * len(o.params)) for o in used)
            ]
            if found:
                return found
        return []

    # --- operators ------------------------------------------------------------------------------

    def operator(self, symbol: str, spaces: tuple[Space, ...]) -> Definition | None:
        """The definition that was given for an operator on these spaces, the last one first."""
        for op, text in reversed(self.context.operators):
            if op.symbol == symbol and len(op.params) == len(spaces):
                try:
                    found = self.define(op, spaces)
                except Fault as fault:
                    raise unreadable(fault, text) from None
                if found is not None:
                    return found
        if symbol in ("*", r"\star", definitions.CIRCULAR):
            return None
        raise Fault(
            f"{symbol} is not defined on this space",
            self.chain.pos,
            "a definition among what is given",
            True,
        )

    def define(self, op: Operator, spaces: tuple[Space, ...]) -> Definition | None:
        """f and g are the definition's own letters; None where it is not for these spaces."""
        body = op.chain.levels[1]
        roles = roles_of([Group(op.chain.pos, "(", [op.chain], [])])
        e = Gradients(roles, {}, [])
        e.operators = {op.symbol} - {"*", r"\star"}
        for name in (op.left, op.right):
            places = tuple(e.kinds.new() for _ in op.params)
            e.functions[name] = Fn(name, places, "any")
        try:
            for fn in e.functions.values():
                for place, space in zip(slots(fn), spaces, strict=True):
                    slot = e.kinds.slot(place)
                    slot.kind, slot.dim, slot.modulus = space.kind, space.dim, space.modulus
            params = []
            for name, space in zip(op.params, spaces, strict=True):
                var = Var(name, e.kinds.new(space.kind, dim=space.dim))
                e.kinds.slot(var.space).modulus = space.modulus
                e.env[name] = var
                params.append(var)
            value = e.number(body)
            collector = Collector(e.kinds, e.bound)
            collector.see(value)
            e.kinds.decide()
            settler = Settler(self._space_over(e.kinds, spaces[0]), {}, {}, lambda *_: None)
            lam = settler.settle(Lam(tuple(params), value))
            space_of(lam.body)
        except (Conflict, IllTyped):
            return None
        kinds = {s.kind for s in spaces}
        for v in _sum_vars(lam.body):
            if v.space.kind not in kinds or v.space.dim not in {s.dim for s in spaces}:
                return None
        main = [settler.settle(e.functions[n]) for n in (op.left, op.right)]
        rest = sorted(free(lam) - set(main), key=lambda s: (isinstance(s, Var), s.name))
        return Definition(op.symbol, (*main, *rest), lam, "infix")


def _differentiated_by(node: Surface, roles: Roles) -> list[str]:
    """The letters below in a fraction that is a derivative."""
    fraction = derivative_of(node)
    below = fraction.den.chains[0].levels[0].items[1::2] if fraction is not None else []
    found = [head(item, roles.naming) for item in below]
    return [f.name for f in found if f is not None]


def _compares(node: Surface) -> bool:
    """Whether numbers are compared, so that one may be negative."""
    if isinstance(node, Group) and node.kind == "[":
        return any(rel.value != "=" for chain in node.chains for rel in chain.rels)
    return isinstance(node, Name) and node.value in (r"\max", r"\min")


def _sum_vars(node: Node) -> list[Var]:
    from derive.syntax import Sum

    out = []
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, Sum):
            out.append(here.var)
        stack.extend(here.children())
    return out


def _outside_abs(terms: Iterable[Term]) -> list[Var]:
    out: list[Var] = []
    stack: list[Node] = list(terms)
    while stack:
        here = stack.pop()
        if isinstance(here, Var):
            out.append(here)
        if not isinstance(here, Abs):
            stack.extend(here.children())
    return out

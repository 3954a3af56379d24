"""What a letter is where it stands: function, tensor with its indices, variable, max.

May: make the variables and functions of a claim, with open spaces, by the roles of the letters.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from derive.latex.roles.roles import FUNCTION_OPS, STRICT, _call_group
from derive.latex.signs.errors import Fault, ambiguous
from derive.latex.signs.names import Head, head, symbols
from derive.latex.signs.tree import (
    Chain,
    Group,
    Level,
    Mark,
    Name,
    Number,
    Script,
    Surface,
)
from derive.latex.terms.open import apply, slots
from derive.latex.terms.terms import (
    OPERATORS,
    WELL_KNOWN,
    Cursor,
    Terms,
    Value,
    is_operator,
    undefined,
)
from derive.syntax import ONE, Fn, Function, Max, Num, Term, Var


class Symbols(Terms):
    """The part of the elaborator that knows what letters stand for."""

    def symbol(self, found: Head, cur: Cursor) -> Value:
        name, pos = found.name, found.pos
        if name in (r"\max", r"\min"):
            return self.extremum(name, cur, pos)
        if name in (r"\neg", r"\partial", r"\mathbb{R}", r"\mathbb{Z}"):
            raise Fault(f"{name} has no place here", pos, "a factor")
        if name.startswith(r"\mathrm{") and name[8:-1].lower() in WELL_KNOWN:
            raise Fault(
                f"the function {name[8:-1]} is not part of this notation",
                pos,
                "a function's letter",
            )
        after = cur.peek()
        if name == r"\nabla":
            raise Fault(r"\nabla is not part of this notation", pos, r"\frac{\partial}{\partial x}")
        if after is not None:
            self.acting(found, cur)
        value: Value
        if name not in self.env and self.roles.is_function(name, pos):
            value = self.function(name, pos)
        elif found.subs is not None:
            raise Fault(f"{name} is a number and has no entries", found.subs.pos, "no index")
        else:
            value = self.letter(name)
        for _ in range(found.primes):
            value = self.prime(value, pos)
        if found.subs is not None:
            args = self.indices(name, found.subs, value, pos)
            value = apply(value, args, pos, name)  # type: ignore[arg-type]
        if found.power is not None:
            after = cur.peek()
            if isinstance(value, Function) and after is not None and _call_group(after):
                raise ambiguous(pos, "the power is of the value", "the function is iterated")
            value = self.power(value, found.power)
        return value

    def acting(self, found: Head, cur: Cursor) -> None:
        """T_h f and its kin: what acts on a function is no factor of it."""
        name, after = found.name, cur.peek()
        base = name.split("_")[0]
        if not is_operator(name) or name in self.env or self.known(name) or found.power is not None:
            return
        if name in self.roles.sizes | self.roles.below:
            return
        entry = found.subs is not None or "_" in name
        if not entry and self.roles.is_function(name, found.pos):
            if base.startswith(r"\mathcal{") and isinstance(after, Group):
                args = symbols([after])
                if any(a in STRICT or self.roles.is_function(a, after.pos) for a in args):
                    raise undefined(name, found.pos)
            return
        inner = head(after, self.naming) if after is not None else None
        acts = False
        if inner is not None and inner.subs is None and inner.name not in self.env:
            acts = self.roles.is_function(inner.name, inner.pos) or (
                base.startswith(r"\mathcal{") and inner.name in STRICT
            )
            call = cur.peek(1)
            if acts and call is not None and _call_group(call) is not None:
                index = found.subs is not None and self.indexing(found.subs)
                acts = (base in OPERATORS and not index) or (entry and not index)
        elif isinstance(after, Group) and after.kind in ("(", "["):
            acts = any(
                isinstance(i, Mark) and i.value in FUNCTION_OPS
                for c in after.chains
                for i in c.levels[0].items
            ) and (entry or base in OPERATORS)
        if not acts:
            return
        if (base in OPERATORS and entry) or base.startswith(r"\mathcal{"):
            raise undefined(name, found.pos)
        what = f"an entry of the tensor {name}" if entry else f"{name} is a number"
        raise ambiguous(found.pos, what, f"{name} acts on a function")

    def indexing(self, group: Group) -> bool:
        """Whether letters below a capital are indices: W_j, W_{ij} and W_{i,j}, and no T_h."""
        items = [item for chain in group.chains for item in chain.levels[0].items]
        letters = [item.value for item in items if isinstance(item, Name)]
        indices = set(self.env) | set("ijklmnpq")
        return len(letters) == len(items) and set(letters) <= indices

    def extremum(self, name: str, cur: Cursor, pos: int) -> Value:
        item = cur.peek()
        group = item.base if isinstance(item, Script) else item
        if not (isinstance(group, Group) and group.kind in ("(", "{")):
            raise Fault(f"{name} without its arguments", pos, "( and two numbers")
        cur.at += 1
        values = [self.number(c.levels[0]) for c in group.chains]
        out = values[0]
        for value in values[1:]:
            out = Max(out, value) if name == r"\max" else -Max(-out, -value)
        return self.scripts(out, item) if isinstance(item, Script) else out

    def function(self, name: str, pos: int) -> Function:
        defined = self.defined(name, pos)
        if defined is not None:
            return defined
        if name not in self.functions:
            arity = self.roles.arity(name)
            index = name in self.roles.entries
            if arity is None and not index and name in self.roles.hints:
                arity = self.letters(self.roles.hints[name])
            if arity is None and index:
                arity = max(self.letters(g) for g in self.roles.entries[name])
            spaces = tuple(
                self.kinds.new("Z" if index else "", hard=index, dim=ONE if index else None)
                for _ in range(arity or 1)
            )
            cls = "smooth" if name == r"\sigma" else ""
            self.functions[name] = Fn(name, spaces, cls, None, "index" if index else "call")
            if name == r"\sigma":
                self.real(spaces[0], pos)
        return self.functions[name]

    def defined(self, name: str, pos: int) -> Function | None:
        """A symbol with a definition; `given/given` says which there are."""
        return None

    def letter(self, name: str) -> Term:
        """A number's letter where it stands; `Layers` knows what some of them are."""
        return self.variable(name)

    def variable(self, name: str) -> Var:
        if name in self.env:
            return self.env[name]
        if name not in self.free:
            whole = name[0] in "ijklmn"
            hard = name in self.roles.sizes and (whole or name not in self.roles.compared)
            space = self.kinds.new("Z" if hard else "", hard=hard, dim=ONE if hard else None)
            self.kinds.slot(space).weak = whole or name in self.roles.below | self.roles.compared
            self.free[name] = Var(name, space)
        return self.free[name]

    def modulus(self) -> Term:
        taken = set(symbols([self.claim])) if self.claim is not None else set()
        taken |= self.naming.bound
        length = [c for c in "Nn" if c in self.roles.sizes and c not in self.naming.bound]
        if not length and self.claim is not None:  # as in (f \circledast g)(i + N)
            length = [c for c in "Nn" if self.shifts(c, self.claim)][:1]
            if length == ["n"]:
                raise ambiguous(self.claim.pos, "n is the length of the circle", "n is a point")
        name = next((c for c in [*length, *"nNMLT"] if c in length or c not in taken), "n_0")
        self.roles.sizes.add(name)
        return self.variable(name)

    def shifts(self, name: str, claim: Chain) -> bool:
        """Whether a letter that is free stands in sums only, and nowhere alone, or is N."""
        if name in self.naming.bound | set(self.env) or self.roles.is_function(name, claim.pos):
            return False
        alone = any(
            isinstance(node, Level) and len(node.items) == 1 and symbols(node.items) == [name]
            for node in claim.walk()
        )
        return name in symbols([claim]) and (name == "N" or not alone)

    # --- indices --------------------------------------------------------------------------------

    def letters(self, group: Group) -> int:
        """How many indices single letters side by side are; W_{i1} and W_{1j} have two too."""
        if len(group.chains) > 1:
            return len(group.chains)
        items = group.chains[0].levels[0].items
        side_by_side = len(items) > 1 and all(map(self.single, items))
        product = isinstance(items[0], Number) and not _numbered(items)  # 2i
        return len(items) if side_by_side and not product else 1

    def single(self, item: Surface) -> bool:
        """Whether it may be an index beside others."""
        return isinstance(item, Name | Number) or (
            isinstance(item, Script) and head(item, self.naming) is not None
        )

    def index(self, item: Surface) -> bool:
        """Whether it may be one where so many are wanted: y_{i(j+b)}."""
        return self.single(item) or (isinstance(item, Group) and item.kind == "(")

    def indices(self, name: str, group: Group, value: Value, pos: int) -> tuple[Term, ...]:
        if any(c.rels for c in group.chains):
            raise Fault("a relation in an index", group.pos, "an index such as i+j-1")
        if len(group.chains) > 1:
            return tuple(self.number(c.levels[0]) for c in group.chains)
        items = group.chains[0].levels[0].items
        wanted = len(slots(value)) if isinstance(value, Function) else 1
        if wanted > 1 and len(items) == wanted and all(map(self.index, items)):
            return tuple(self.number(Level(i.pos, [i])) for i in items)
        only = items[0]
        if wanted > 1 and len(items) == 1 and isinstance(only, Number):
            if len(only.digits) == wanted:
                return tuple(Num(Fraction(int(c))) for c in only.digits)
        if _numbered(items):
            raise ambiguous(group.pos, "two indices side by side", "a product")
        return (self.number(group.chains[0].levels[0]),)


def _numbered(items: list[Surface]) -> bool:
    """Whether a number follows a letter, or 1 stands before one: nobody writes i2 for 2i."""
    letters = (Name, Script)
    return any(
        (isinstance(a, letters) and isinstance(b, Number))
        or (isinstance(a, Number) and a.digits == "1" and isinstance(b, letters))
        for a, b in pairwise(items)
    )

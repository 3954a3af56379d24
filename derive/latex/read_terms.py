"""From the surface tree to open terms: sums, integrals, products, applications, entries.

May: build terms by the roles of the letters.  Must not: decide spaces (`read_spaces`) or read what
is given (`read_given`).  One method per thing that is written; `Reader.level` is the way in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

from derive.latex import read_derivatives, read_sums
from derive.latex.read_conditions import Conditions
from derive.latex.read_errors import Fault, ambiguous
from derive.latex.read_kinds import Kinds
from derive.latex.read_names import Head, differential, head
from derive.latex.read_open import apply, infix, pointwise, slots
from derive.latex.read_roles import FUNCTION_OPS, LOSSES, Roles, _call_group, derivative_of
from derive.latex.read_tree import (
    Big,
    Cases,
    Frac,
    Group,
    Level,
    Mark,
    Name,
    Number,
    Script,
    Surface,
    lone,
    lone_item,
)
from derive.syntax import (
    ONE,
    Abs,
    Add,
    Cond,
    Div,
    Floor,
    Fn,
    Function,
    IllTyped,
    Iverson,
    Lam,
    Max,
    Mul,
    Not,
    Num,
    Partial,
    Pow,
    Term,
    Var,
)

Value = Term | Function
MAX_NESTED = 40
BUILTIN = {"*", r"\star", r"\circledast"}
WELL_KNOWN = set("relu softmax sin cos tan exp log tanh sigmoid sign sgn softplus argmax".split())


class Cursor:
    """A place in the items of a level."""

    def __init__(self, items: list[Surface], start: int, end: int) -> None:
        self.items, self.at, self.end = items, start, end

    def peek(self, ahead: int = 0) -> Surface | None:
        return self.items[self.at + ahead] if self.at + ahead < self.end else None

    def is_sign(self) -> bool:
        item = self.peek()
        return isinstance(item, Mark) and item.kind == "sign"

    @property
    def pos(self) -> int:
        return self.items[min(self.at, len(self.items) - 1)].pos


class Terms(Conditions):
    """Elaborates the texts of one claim, which share their letters."""

    def __init__(self, roles: Roles) -> None:
        self.roles, self.naming, self.kinds = roles, roles.naming, Kinds()
        self.env: dict[str, Var] = {}
        self.free: dict[str, Var] = {}
        self.functions: dict[str, Fn] = {}
        self.activations: dict[str, bool] = {}  # whether every argument was a value
        self.bound: set[Var] = set()
        self.divisors: list[Term] = []
        self.operators: set[str] = set()  # those that something given defines
        self.notes: list[str] = []
        self.nesting = 0

    # --- sums and products ----------------------------------------------------------------------

    def level(self, level: Level) -> Value:
        return self.sum(Cursor(level.items, 0, len(level.items)))

    def number(self, level: Level) -> Term:
        value = self.level(level)
        if isinstance(value, Function):
            raise Fault("a function stands where a number is expected", level.pos,
                        "a value such as f(x)")
        return value

    def sum(self, cur: Cursor) -> Value:
        parts: list[Value] = []
        start = cur.pos
        while cur.at < cur.end:
            negative = self.signs(cur)
            value = self.product(cur)
            parts.append(self.negate(value, cur.pos) if negative else value)
        return self.join(parts, lambda *v: v[0] if len(v) == 1 else Add(v), start)

    def signs(self, cur: Cursor) -> bool:
        negative = False
        while cur.is_sign():
            mark = cur.peek()
            negative ^= isinstance(mark, Mark) and mark.value == "-"
            cur.at += 1
        return negative

    def negate(self, value: Value, pos: int) -> Value:
        return self.join([value], lambda v: -v, pos)

    def join(self, parts: list[Value], combine, pos: int) -> Value:  # type: ignore[no-untyped-def]
        """`combine` of numbers, or pointwise of functions."""
        if not any(isinstance(p, Function) for p in parts):
            return combine(*parts)  # type: ignore[no-any-return]
        if len(parts) == 1 and combine(ONE) == ONE:
            return parts[0]
        return pointwise(parts, combine, pos)

    def product(self, cur: Cursor) -> Value:
        """Factors up to the next sign of this level; a sum takes in all that follow."""
        if cur.is_sign():  # after a sum or d/dx: \sum_a -f(a)
            negative = self.signs(cur)
            value = self.product(cur)
            return self.negate(value, cur.pos) if negative else value
        values: list[Value] = []
        ops: list[Mark | None] = []
        start = cur.pos
        while cur.at < cur.end and not cur.is_sign():
            op = None
            item = cur.peek()
            if isinstance(item, Mark) and item.kind == "op":
                op = item
                cur.at += 1
            negative = self.signs(cur)
            value = self.factor(cur)
            if values:
                ops.append(op)
            values.append(self.negate(value, cur.pos) if negative else value)
        if not values:
            raise Fault("an empty product", start, "a factor")
        return self.operate(values, ops, start)

    def operate(self, values: list[Value], ops: list[Mark | None], pos: int) -> Value:
        """Precedence: products first, then * and its kin between functions."""
        if len(values) == 1:
            return values[0]
        groups: list[list[Value]] = [[values[0]]]
        inner: list[list[Mark | None]] = [[]]
        outer: list[Mark] = []
        for op, value in zip(ops, values[1:], strict=True):
            if op is not None and op.value in FUNCTION_OPS and self.between(op, groups[-1], value):
                outer.append(op)
                groups.append([value])
                inner.append([])
            else:
                groups[-1].append(value)
                inner[-1].append(op)
        parts = []
        for group, between in zip(groups, inner, strict=True):
            if outer and sum(isinstance(v, Function) for v in group) > 1:
                raise ambiguous(pos, "the product is taken first", f"{outer[0].value} is first")
            parts.append(self.multiply(group, between, pos))
        return self.convolve(parts, outer) if outer else parts[0]

    def between(self, op: Mark, left: list[Value], right: Value) -> bool:
        """Whether * joins functions here, or numbers (then it is a product)."""
        functions = isinstance(right, Function) or any(isinstance(v, Function) for v in left)
        if op.value == "*" and not functions:
            if all(isinstance(v, Term) and _applied(v) for v in (left[-1], right)):
                raise ambiguous(op.pos, "* is the product of two values",
                                "* is a convolution of functions, as in (f * g)(x)")
            return False
        return True

    def convolve(self, parts: list[Value], ops: list[Mark]) -> Value:
        if len({op.value for op in ops}) > 1 or (len(ops) > 1 and ops[0].value != "*"):
            raise ambiguous(ops[1].pos, "the left operator comes first", "the right one does")
        args: tuple[Term, ...] | None = None
        last = parts[-1]
        if isinstance(last, Term):
            opened = _opened(last)
            if opened is None:
                raise Fault(f"{ops[-1].value} between a function and a number", ops[-1].pos,
                            "two functions")
            parts[-1], args = opened
            self.notes.append("f * g(x) was read as (f * g)(x)")
        out = parts[0]
        for op, right in zip(ops, parts[1:], strict=True):
            if not (isinstance(out, Function) and isinstance(right, Function)):
                raise Fault(f"{op.value} between a function and a number", op.pos, "two functions")
            out = self.infix(op, out, right)
        return apply(out, args, ops[0].pos) if args is not None else out  # type: ignore[arg-type]

    def infix(self, op: Mark, left: Function, right: Function) -> Function:
        symbol = op.value
        if len(slots(left)) != len(slots(right)):
            raise Fault("functions of different numbers of arguments", op.pos, "the same number")
        if symbol not in BUILTIN and symbol not in self.operators:
            raise Fault(f"{symbol} is not defined", op.pos, "a definition among what is given", True)
        for a, b in zip(slots(left), slots(right), strict=True):
            self.merge(a, b, op.pos)
        if symbol == r"\circledast" and symbol not in self.operators:
            slot = self.kinds.slot(slots(left)[0])
            slot.kind, slot.modulus = "Zn", slot.modulus or self.modulus()
        return infix(symbol, left, right)

    def multiply(self, values: list[Value], ops: list[Mark | None], pos: int) -> Value:
        if all(op is None or op.value in (".", "*", r"\odot") for op in ops):
            return self.join(values, lambda *v: v[0] if len(v) == 1 else Mul(_factors(v)), pos)
        out = values[0]
        for k, (op, value) in enumerate(zip(ops, values[1:], strict=True)):
            if op is not None and op.value == "/":
                if k + 1 < len(ops) and ops[k + 1] is None and not (
                    isinstance(out, Num) and isinstance(value, Num)
                ):
                    raise ambiguous(op.pos, "only the next factor is below the /",
                                    "all that follows is below it")
                out = self.join([out, value], self.divide, op.pos)
            elif op is not None and op.value == "mod":
                out = self.join([out, value], self.modulo, op.pos)
            elif op is not None and op.value in FUNCTION_OPS - {"*"}:
                raise Fault(f"{op.value} between numbers", op.pos, "two functions")
            else:
                out = self.join([out, value], _times, pos)
        return out

    def divide(self, num: Term, den: Term) -> Term:
        if isinstance(num, Num) and isinstance(den, Num) and den.value != 0:
            return Num(num.value / den.value)
        if not isinstance(den, Num):
            self.divisors.append(den)
        return Div(num, den)

    def modulo(self, left: Term, right: Term) -> Term:
        self.divisors.append(right)
        return Add((left, -Mul((right, Floor(left, right)))))

    # --- factors --------------------------------------------------------------------------------

    def factor(self, cur: Cursor) -> Value:
        item = cur.peek()
        if item is None:
            raise Fault("a factor is missing", cur.items[-1].pos, "a factor")
        base = item.base if isinstance(item, Script) else item
        if isinstance(base, Big):
            with self.nested(item.pos):
                return read_sums.big(self, cur, item, base)
        if isinstance(item, Frac) and (derivative := derivative_of(item)) is not None:
            with self.nested(item.pos):
                value = read_derivatives.fraction(self, cur, derivative)
        else:
            cur.at += 1
            value = self.atom(item, cur)
        return self.calls(value, item, cur)

    @contextmanager
    def nested(self, pos: int) -> Iterator[None]:
        """Sums in sums are levels too, though no bracket shows them."""
        self.nesting += 1
        if self.nesting > MAX_NESTED:
            raise Fault("too deep", pos, f"at most {MAX_NESTED} sums or derivatives in each other")
        yield
        self.nesting -= 1

    def calls(self, value: Value, item: Surface, cur: Cursor) -> Value:
        """Apply a function to the parenthesis after it."""
        while isinstance(value, Function) and (after := cur.peek()) is not None:
            group = _call_group(after)
            if group is None:
                break
            if isinstance(item, Script) and (found := head(item, self.naming)) and found.numbered:
                raise ambiguous(item.pos, "the number above is a layer's label",
                                "it counts derivatives")
            args = tuple(self.level(c.levels[0]) for c in group.chains)
            cur.at += 1
            value = self.call(value, args, group.pos)
            if isinstance(after, Script):
                value = self.scripts(value, after)
        return value

    def call(self, fn: Function, args: tuple[Value, ...], pos: int) -> Value:
        name = fn.name if isinstance(fn, Fn) else "the function"
        inner = fn.fn if isinstance(fn, Partial) else fn
        if isinstance(inner, Fn):
            values = all(isinstance(a, Function) or _has_value(a) for a in args)
            self.activations[inner.name] = values and self.activations.get(inner.name, True)
        if any(isinstance(a, Function) for a in args):
            return pointwise(list(args), lambda *v: apply(fn, v, pos, name), pos)
        return apply(fn, args, pos, name)  # type: ignore[arg-type]

    def atom(self, item: Surface, cur: Cursor) -> Value:
        match item:
            case Number():
                return Num(item.value)
            case Group():
                return self.group(item)
            case Frac():
                top, bottom = self.inside(item.num), self.inside(item.den)
                return self.join([top, bottom], self.divide, item.pos)
            case Cases():
                return self.cases(item)
            case Name() | Script():
                found = head(item, self.naming)
                if found is not None:
                    return self.symbol(found, cur)
                if isinstance(item, Script):
                    return self.scripts(self.base(item), item)
            case Mark("dots"):
                raise Fault("dots in a formula", item.pos, "a sum written out or with \\sum")
            case Mark("infinity"):
                raise Fault("infinity is not a number here", item.pos, "a number")
        raise Fault("not part of this notation", item.pos, "a factor")

    def base(self, item: Script) -> Value:
        """What carries the scripts; in [H]_{ij} the letter's arity comes from the indices."""
        return self.atom(item.base, Cursor([], 0, 0))

    def inside(self, group: Group) -> Value:
        level = lone(group)
        if level is None:
            raise Fault("a relation or a comma has no place here", group.pos, "one expression")
        return self.level(level)

    def group(self, group: Group) -> Value:
        relational = any(c.rels for c in group.chains) or set(group.seps) - {","}
        if group.kind == "[" and relational:
            return Iverson(self.conjunction(group))
        value = self.inside(group)
        if group.kind in ("floor", "ceil"):
            if isinstance(value, Function):
                raise Fault("a floor of a function", group.pos, "a number")
            num, den = _ratio(value)
            return Floor(num, den) if group.kind == "floor" else -Floor(-num, den)
        if group.kind == "abs":
            return self.join([value], Abs, group.pos)
        return value

    def cases(self, item: Cases) -> Value:
        if len(item.rows) > 12:
            raise Fault("too long", item.pos, "at most 12 cases")
        out: list[Term] = []
        before: list[Cond] = []
        for level, when in item.rows:
            value = self.number(level)
            conds: list[Cond] = [Not(c) for c in before]
            if when is not None:
                cond = self.conjunction(when)
                before.append(cond)
                conds.append(cond)
            weights = [Iverson(c) for c in conds]
            out.append(Mul((*weights, value)) if weights else value)
        return Add(tuple(out))

    # --- symbols --------------------------------------------------------------------------------

    def symbol(self, found: Head, cur: Cursor) -> Value:
        name, pos = found.name, found.pos
        if name in (r"\max", r"\min"):
            return self.extremum(name, cur, pos)
        if name in (r"\neg", r"\partial", r"\mathbb{R}", r"\mathbb{Z}"):
            raise Fault(f"{name} has no place here", pos, "a factor")
        if name.startswith(r"\mathrm{") and name[8:-1].lower() in WELL_KNOWN:
            raise Fault(f"the function {name[8:-1]} is not part of this notation", pos,
                        "a function's letter")
        value: Value
        if name not in self.env and self.roles.is_function(name, pos):
            value = self.function(name, pos)
        elif found.subs is not None:
            raise Fault(f"{name} is a number and has no entries", found.subs.pos, "no index")
        else:
            value = self.variable(name)
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

    def prime(self, value: Value, pos: int) -> Function:
        if not isinstance(value, Function) or len(slots(value)) != 1:
            raise Fault("a prime is the derivative of a function of one variable", pos,
                        "a function of one variable before the prime")
        space = slots(value)[0]
        self.real(space, pos)
        return Partial(value, 0)

    def scripts(self, value: Value, item: Script) -> Value:
        """Primes, indices and powers on something in brackets."""
        for _ in range(item.primes):
            value = self.prime(value, item.pos)
        if len(item.subs) > 1 or len(item.sups) > 1:
            raise Fault("two scripts in one place", item.pos, "one _ and one ^")
        if item.subs:
            if not isinstance(value, Function):
                raise Fault("a number has no entries", item.subs[0].pos, "no index")
            value = apply(value, self.indices("", item.subs[0], value, item.pos), item.pos)
        return self.power(value, item.sups[0]) if item.sups else value

    def power(self, value: Value, group: Group) -> Value:
        exponent = self.inside(group)
        if not (isinstance(exponent, Num) and exponent.value.denominator == 1):
            raise Fault("a power that is not a number", group.pos, "a whole number such as 2")
        n = int(exponent.value)
        if abs(n) > 1000:
            raise Fault("a power over 1000", group.pos, "a small number")
        if n < 0:
            return self.join([value], lambda v: self.divide(ONE, Pow(v, -n) if n < -1 else v),
                             group.pos)
        return self.join([value], lambda v: Pow(v, n), group.pos)

    def extremum(self, name: str, cur: Cursor, pos: int) -> Value:
        group = cur.peek()
        if not (isinstance(group, Group) and group.kind in ("(", "{")):
            raise Fault(f"{name} without its arguments", pos, "( and two numbers")
        cur.at += 1
        values = [self.number(c.levels[0]) for c in group.chains]
        out = values[0]
        for value in values[1:]:
            out = Max(out, value) if name == r"\max" else -Max(-out, -value)
        return out

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
                arity = self.letters(self.roles.entries[name][0])
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
        """A symbol with a definition; `read_given` says which there are."""
        return None

    def variable(self, name: str) -> Var:
        if name in self.env:
            return self.env[name]
        if name not in self.free:
            hard = name in self.roles.sizes
            space = self.kinds.new("Z" if hard else "", hard=hard, dim=ONE if hard else None)
            self.kinds.slot(space).weak = name in self.roles.below or name[0] in "ijklmn"
            self.free[name] = Var(name, space)
        return self.free[name]

    def modulus(self) -> Term:
        name = "n" if "n" not in self.naming.bound else "N"
        self.roles.sizes.add(name)
        return self.variable(name)

    # --- indices --------------------------------------------------------------------------------

    def letters(self, group: Group) -> int:
        """How many indices single letters side by side are."""
        if len(group.chains) > 1:
            return len(group.chains)
        items = group.chains[0].levels[0].items
        side_by_side = len(items) > 1 and all(
            isinstance(i, Name) or (isinstance(i, Script) and head(i, self.naming)) for i in items
        )
        return len(items) if side_by_side else 1

    def indices(self, name: str, group: Group, value: Value, pos: int) -> tuple[Term, ...]:
        if any(c.rels for c in group.chains):
            raise Fault("a relation in an index", group.pos, "an index such as i+j-1")
        if len(group.chains) > 1:
            return tuple(self.number(c.levels[0]) for c in group.chains)
        items = group.chains[0].levels[0].items
        wanted = len(slots(value)) if isinstance(value, Function) else 1
        if wanted > 1 and len(items) == wanted and self.letters(group) == wanted:
            return tuple(self.number(Level(i.pos, [i])) for i in items)
        only = items[0]
        if wanted > 1 and len(items) == 1 and isinstance(only, Number):
            if len(only.digits) == wanted:
                return tuple(Num(Fraction(int(c))) for c in only.digits)
        return (self.number(group.chains[0].levels[0]),)


def _factors(values: tuple[Term, ...]) -> tuple[Term, ...]:
    first = values[0]
    return (*first.factors, *values[1:]) if isinstance(first, Mul) else values


def _times(left: Term, right: Term) -> Term:
    factors = left.factors if isinstance(left, Mul) else (left,)
    return Mul((*factors, right))


def _applied(value: Value) -> bool:
    return _opened(value) is not None


def _opened(value: Value) -> tuple[Function, tuple[Term, ...]] | None:
    from derive.syntax import App

    if isinstance(value, App) and not (isinstance(value.fn, Fn) and value.fn.style == "index"):
        if all(isinstance(a, Term) for a in value.args):
            return value.fn, value.args  # type: ignore[return-value]
    return None


def _has_value(term: Value) -> bool:
    from derive.syntax import App

    stack: list[object] = [term]
    while stack:
        here = stack.pop()
        if isinstance(here, App):
            return True
        stack.extend(here.children())  # type: ignore[attr-defined]
    return False


def _ratio(value: Term) -> tuple[Term, Term]:
    """One quotient for a term with quotients in it: floor(a/s + 1) is floor((a + s)/s)."""
    match value:
        case Num(v):
            return Num(Fraction(v.numerator)), Num(Fraction(v.denominator))
        case Div(num, den):
            (a, b), (c, d) = _ratio(num), _ratio(den)
            return _product(a, d), _product(b, c)
        case Mul(factors):
            top: Term = ONE
            bottom: Term = ONE
            for factor in factors:
                a, b = _ratio(factor)
                top, bottom = _product(top, a), _product(bottom, b)
            return top, bottom
        case Add(terms):
            if len(terms) > 100:
                raise IllTyped("a floor of more than 100 terms")
            ratios = [_ratio(t) for t in terms]
            bottom = ONE
            for den in dict.fromkeys(b for _, b in ratios):
                bottom = _product(bottom, den)
            parts = []
            for num, den in ratios:
                rest: Term = ONE
                for other in dict.fromkeys(b for _, b in ratios):
                    rest = rest if other == den else _product(rest, other)
                parts.append(_product(num, rest))
            return Add(tuple(parts)), bottom
    return value, ONE


def _product(a: Term, b: Term) -> Term:
    if a == ONE:
        return b
    return a if b == ONE else _times(a, b)


__all__ = ["Cursor", "Terms"]

"""From the surface tree to open terms: sums, integrals, products, applications, entries.

May: build terms by the roles of the letters.  Must not: decide spaces (`terms/spaces`) or read what
is given (`given/given`).  One method per thing that is written; `Reader.level` is the way in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from derive.binding import free
from derive.latex.roles.kinds import Kinds
from derive.latex.roles.pointwise import (
    doubtful,
    has_constant,
    multiplied,
    opened,
    shared,
    speaks_of_convolution,
    speaks_of_products,
)
from derive.latex.roles.roles import (
    FUNCTION_OPS,
    STRICT,
    Roles,
    _call_group,
    derivative_of,
    mapped_letters,
)
from derive.latex.signs.errors import Fault, ambiguous
from derive.latex.signs.names import Head, head, symbols
from derive.latex.signs.tree import (
    Big,
    Cases,
    Chain,
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
from derive.latex.terms import sums
from derive.latex.terms.conditions import Conditions
from derive.latex.terms.open import INFIX, apply, differentiated, infix, pointwise, slots
from derive.latex.terms.ratio import ratio, times
from derive.syntax import (
    ONE,
    Abs,
    Add,
    Cond,
    Div,
    Floor,
    Fn,
    Function,
    Iverson,
    Lam,
    Mul,
    Not,
    Num,
    Op,
    Partial,
    Pow,
    Term,
    Var,
)

Value = Term | Function
MAX_NESTED = 40
BUILTIN = {"*", r"\star", r"\circledast"}
WELL_KNOWN = set("relu softmax sin cos tan exp log tanh sigmoid sign sgn softplus argmax".split())


OPERATORS = {"T", "S", r"\tau", r"\mathcal{T}", r"\Delta", r"\nabla"}  # often translations


def is_operator(name: str) -> bool:
    """Whether what stands before a function is likely to act on it: T, L_a, a calligraphic F."""
    base = name.split("_")[0].split("^")[0]
    calligraphic = base.startswith((r"\mathcal{", r"\mathfrak{", r"\mathrm{"))
    return base in OPERATORS or calligraphic or (len(base) == 1 and base.isupper() and base != "C")


def undefined(name: str, pos: int) -> Fault:
    """What is said of an operator on functions that nothing defines."""
    said = f"nothing says what {name} stands for, which acts on a function"
    return Fault(said, pos, "its values written out", True)


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
        self.params: set[Var] = set()  # those of the definition that is read
        self.claim: Chain | None = None  # which is read: its form decides what * means

    # --- sums and products ----------------------------------------------------------------------

    def level(self, level: Level) -> Value:
        return self.sum(Cursor(level.items, 0, len(level.items)))

    def number(self, level: Level) -> Term:
        value = self.level(level)
        if isinstance(value, Function):
            raise Fault(
                "a function stands where a number is expected", level.pos, "a value such as f(x)"
            )
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
            if isinstance(mark, Mark) and mark.value == "±":
                raise Fault("either sign", mark.pos, "two claims, one for each")
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
            before = cur.items[cur.at - 1] if values else None
            if isinstance(item, Group) and item.kind == "{" and isinstance(before, Name | Script):
                named = head(before, self.naming)
                raise Fault(
                    f"{named.name if named else 'something'} before \\{{ is an operator that is "
                    "not known",
                    before.pos,
                    "an operator of this notation, or round brackets",
                )
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
        for k, (op, value) in enumerate(zip(ops, values[1:], strict=True)):
            right = [value]
            for later, more in zip(ops[k + 1 :], values[k + 2 :], strict=True):
                if later is not None and later.value in FUNCTION_OPS:
                    break
                right.append(more)
            if op is not None and op.value in FUNCTION_OPS and self.between(op, groups[-1], right):
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

    def between(self, op: Mark, left: list[Value], factors: list[Value]) -> bool:
        """Whether * joins functions here, or numbers (then it is a product)."""
        right = factors[0]
        functions = isinstance(right, Function) or any(isinstance(v, Function) for v in left)
        if not functions and not any(isinstance(v, Function) for v in factors):
            sides = [Mul(tuple(v)) if len(v) > 1 else v[0] for v in (left, factors)]  # type: ignore[arg-type]
            if self.values_at(op, sides) is not None:  # type: ignore[arg-type]
                return True
        if op.value == "*" and not functions:
            applied = all(isinstance(v, Term) and _applied(v) for v in (left[-1], right))
            if applied or doubtful(left[-1], right, self.bound):
                raise ambiguous(
                    op.pos,
                    "* is the product of two values",
                    "* is a convolution of functions, as in (f * g)(x)",
                )
            if all(_is_entry(v) for v in (left[-1], right)):
                raise ambiguous(op.pos, "* is the product of two entries", "* is a convolution")
            sides = [
                v.name for v in (left[-1], right) if isinstance(v, Var) and v not in self.bound
            ]
            plain = self.roles.sizes | self.roles.below | set("ijklmnpqsdc")
            if len(sides) == 2 and not self.naming.sizes_only and not set(sides) & plain:
                raise ambiguous(op.pos, "* is the product of two numbers", "* is a convolution")
            letters = STRICT | {"h", "u", "v"}
            for side in (left[-1], right):
                if isinstance(side, Var) and side.name in letters and self.free.get(side.name):
                    if side.name not in self.roles.sizes | self.roles.below:
                        raise ambiguous(
                            op.pos, "* is the product of two numbers", "* is a convolution"
                        )
            return False
        return True

    def values_at(self, op: Mark, values: list[Value]) -> tuple[Var, ...] | None:
        """The argument n of x[n] * h[n], where that is the value of a convolution at n."""
        if self.claim is None or op.value not in BUILTIN:
            return None
        found = shared(values, (self.bound | set(self.env.values())) - self.params)
        if found is None:
            return None
        at, plain = found
        certain = op.value != "*" or speaks_of_convolution(self.claim)
        if op.value == "*" and speaks_of_products(self.claim, self.naming.bound, not certain):
            return None
        return at if plain or certain else None

    def convolve(self, parts: list[Value], ops: list[Mark]) -> Value:
        if len({op.value for op in ops}) > 1 or (len(ops) > 1 and ops[0].value != "*"):
            raise ambiguous(ops[1].pos, "the left operator comes first", "the right one does")
        args: tuple[Term, ...] | None = None
        last = parts[-1]
        if len(parts) > 1 and all(isinstance(p, Term) for p in parts):
            args = self.values_at(ops[0], parts)
            if args is None:
                raise ambiguous(ops[0].pos, "a product of values", "a convolution of functions")
            letters = set(symbols([self.claim])) if self.claim is not None else set()
            parts = [opened(p, args, letters) for p in parts]  # type: ignore[arg-type]
            self.notes.append("the operator between values was read as one between the functions")
        elif isinstance(last, Term):
            last_one = _opened(last)
            if last_one is None:
                raise Fault(
                    f"{ops[-1].value} between a function and a number", ops[-1].pos, "two functions"
                )
            parts[-1], args = last_one
            self.notes.append("f * g(x) was read as (f * g)(x)")
        out = parts[0]
        for op, right in zip(ops, parts[1:], strict=True):
            if not (isinstance(out, Function) and isinstance(right, Function)):
                raise Fault(f"{op.value} between a function and a number", op.pos, "two functions")
            out = self.infix(op, out, right)
        return apply(out, args, ops[0].pos) if args is not None else out  # type: ignore[arg-type]

    def infix(self, op: Mark, left: Function, right: Function) -> Function:
        symbol = op.value
        if len(slots(left)) > 6:
            raise Fault("functions of more than 6 arguments", op.pos, "at most 6")
        if len(slots(left)) != len(slots(right)):
            raise Fault("functions of different numbers of arguments", op.pos, "the same number")
        if symbol not in BUILTIN and symbol not in self.operators:
            raise Fault(
                f"{symbol} is not defined", op.pos, "a definition among what is given", True
            )
        if symbol in BUILTIN and any(map(has_constant, (left, right))):
            raise ambiguous(op.pos, "a product of numbers", f"{symbol} joins a constant function")
        if symbol == "*" and symbol not in self.operators and self.claim is not None:
            names = {f.name for side in (left, right) for f in free(side) if isinstance(f, Fn)}
            known = {n for n in names if n in STRICT or self.roles.said(n)}
            if not known and multiplied(self.claim, names):
                raise ambiguous(op.pos, "* is the product of two numbers", "* is a convolution")
        for a, b in zip(slots(left), slots(right), strict=True):
            self.merge(a, b, op.pos)
        if symbol == r"\circledast" and symbol not in self.operators:
            slot = self.kinds.slot(slots(left)[0])
            slot.kind, slot.modulus = "Zn", slot.modulus or self.modulus()
        return infix(symbol, left, right)

    def multiply(self, values: list[Value], ops: list[Mark | None], pos: int) -> Value:
        for left, op, right in zip(values, ops, values[1:], strict=False):
            if (op is None or op.value == ".") and self.bold(left) and self.bold(right):
                raise Fault(
                    "a product of vectors or matrices", pos, "sums over entries, or plain letters"
                )
        if all(op is None or op.value in (".", "*", r"\odot") for op in ops):
            return self.join(values, lambda *v: v[0] if len(v) == 1 else Mul(_factors(v)), pos)
        out = values[0]
        for k, (op, value) in enumerate(zip(ops, values[1:], strict=True)):
            if op is not None and op.value == "/":
                if (
                    k + 1 < len(ops)
                    and ops[k + 1] is None
                    and not (isinstance(out, Num) and isinstance(value, Num))
                ):
                    raise ambiguous(
                        op.pos,
                        "only the next factor is below the /",
                        "all that follows is below it",
                    )
                out = self.join([out, value], self.divide, op.pos)
            elif op is not None and op.value == "mod":
                out = self.join([out, value], self.modulo, op.pos)
            elif op is not None and op.value in FUNCTION_OPS - {"*"}:
                raise Fault(f"{op.value} between numbers", op.pos, "two functions")
            else:
                out = self.join([out, value], times, pos)
        return out

    def bold(self, value: Value) -> bool:
        return (
            isinstance(value, Var)
            and value.name.startswith((r"\mathbf{", r"\boldsymbol{", r"\vec{"))
            and value.name not in self.roles.sizes | self.roles.below
        )

    def divide(self, num: Term, den: Term) -> Term:
        if isinstance(num, Num) and isinstance(den, Num) and den.value != 0:
            return Num(num.value / den.value)
        if not isinstance(den, Num):
            self.divisors.append(den)
        return Div(num, den)

    def modulo(self, left: Term, right: Term) -> Term:
        if not isinstance(right, Num):
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
                return sums.big(self, cur, item, base)
        if isinstance(item, Frac) and (derivative := derivative_of(item)) is not None:
            with self.nested(item.pos):
                value = self.derivative(cur, derivative)
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
        if not isinstance(value, Function):
            if _taken_at(value, item, cur.peek()):
                cur.at += 1
                return value
            self.no_argument(value, item, cur.peek())
        while isinstance(value, Function) and (after := cur.peek()) is not None:
            group = _call_group(after)
            if group is None:
                break
            if isinstance(item, Script) and (found := head(item, self.naming)) and found.numbered:
                raise ambiguous(
                    item.pos, "the number above is a layer's label", "it counts derivatives"
                )
            args = tuple(self.level(c.levels[0]) for c in group.chains)
            if isinstance(item, Group) and len(args) == 1 and isinstance(args[0], Function):
                if not isinstance(args[0], Fn):
                    break  # (f * g)(f * h): a product of two functions
                raise ambiguous(
                    group.pos, "the functions are multiplied", "one is applied to the values"
                )
            cur.at += 1
            value = self.call(value, args, group.pos)
            if isinstance(after, Script):
                value = self.scripts(value, after)
        return value

    def no_argument(self, value: Term, item: Surface, after: Surface | None) -> None:
        """A number with an argument after it: (a + b)(c), w_i(x), n[0]."""
        group = _call_group(after) if after is not None else None
        base = item.base if isinstance(item, Script) else item
        if group is None or (isinstance(after, Script) and after.subs):
            return
        if isinstance(item, Script) and item.sups:
            return
        if len(group.chains) > 1:
            raise Fault("a number has no arguments", group.pos, "a function before them")
        only = lone_item(group)
        if isinstance(item, Name):
            word = item.value.startswith(r"\mathrm{")
            if (group.kind == "[" and isinstance(only, Name | Number)) or word:
                raise ambiguous(
                    item.pos, f"a value or an entry of {item.value}", "a product with the bracket"
                )
        elif isinstance(only, Name) and only.value not in symbols([item]):
            if (isinstance(base, Group) and base.kind in ("(", "[")) or isinstance(item, Script):
                raise ambiguous(group.pos, "an argument stands in the bracket", "a factor does")

    def call(self, fn: Function, args: tuple[Value, ...], pos: int) -> Value:
        name = fn.name if isinstance(fn, Fn) else "the function"
        inner = fn.fn if isinstance(fn, Partial) else fn
        if isinstance(inner, Fn):
            values = all(isinstance(a, Function) or _has_value(a) for a in args)
            self.activations[inner.name] = values and self.activations.get(inner.name, True)
        if any(isinstance(a, Function) for a in args):
            if is_operator(name) and not self.known(name):
                raise undefined(name, pos)
            if name in set("fghuvw") and self.elsewhere(name):
                raise ambiguous(
                    pos, f"{name} is applied to the values", f"{name} is multiplied with a function"
                )
            return pointwise(list(args), lambda *v: apply(fn, v, pos, name), pos)
        return apply(fn, args, pos, name)  # type: ignore[arg-type]

    def elsewhere(self, name: str) -> bool:
        """Whether the function also stands before a plain argument, or beside *."""
        calls = self.roles.called.get(name, [])
        plain = any(
            not any(isinstance(n, Mark) and n.value in FUNCTION_OPS for n in c.walk())
            for c in calls
        )
        return plain or name in self.roles.operands

    def known(self, name: str) -> bool:
        """Whether something given defines the symbol."""
        raise NotImplementedError

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
            case Mark(kind="dots"):
                raise Fault("dots in a formula", item.pos, "a sum written out or with \\sum")
            case Mark(kind="infinity"):
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
        if group.kind == "(" and (letters := mapped_letters(group)):
            return self.mapped(letters, group)
        relational = any(c.rels for c in group.chains) or set(group.seps) - {","}
        if group.kind == "[" and relational:
            return Iverson(self.conjunction(group))
        value = self.inside(group)
        if group.kind in ("floor", "ceil"):
            if isinstance(value, Function):
                raise Fault("a floor of a function", group.pos, "a number")
            num, den = ratio(value)
            return Floor(num, den) if group.kind == "floor" else -Floor(-num, den)
        if group.kind == "abs":
            return self.join([value], Abs, group.pos)
        return value

    def mapped(self, letters: list[str], group: Group) -> Function:
        """(x \\mapsto f(2x)): the function with these values."""
        saved = dict(self.env)
        params = tuple(Var(name, self.kinds.new()) for name in letters)
        self.env |= {v.name: v for v in params}
        self.bound |= set(params)
        body = self.number(group.chains[0].levels[1])
        self.env = saved
        return Lam(params, body)

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

    def prime(self, value: Value, pos: int) -> Function:
        if not isinstance(value, Function) or len(slots(value)) != 1:
            raise Fault(
                "a prime is the derivative of a function of one variable",
                pos,
                "a function of one variable before the prime",
            )
        space = slots(value)[0]
        self.real(space, pos)
        return differentiated(value, 0, pos)

    def scripts(self, value: Value, item: Script) -> Value:
        """Primes, indices and powers on something in brackets."""
        letters = set(symbols([item.base])) & set("txyz")
        if item.primes and not any(
            isinstance(n, Mark) and n.value in FUNCTION_OPS for n in item.base.walk()
        ):
            for name in letters:
                if not self.roles.said(name):
                    raise ambiguous(item.pos, f"{name} is a function", f"{name} is the variable")
        for _ in range(item.primes):
            value = self.prime(value, item.pos)
        if len(item.subs) > 1 or len(item.sups) > 1:
            raise Fault("two scripts in one place", item.pos, "one _ and one ^")
        if item.subs:
            if not isinstance(value, Function):
                raise Fault("a number has no entries", item.subs[0].pos, "no index")
            if len(slots(value)) > 1 and _juxtaposed(item.base):
                raise ambiguous(item.pos, "an entry of a matrix product", "a product of entries")
            value = apply(value, self.indices("", item.subs[0], value, item.pos), item.pos)
        return self.power(value, item.sups[0]) if item.sups else value

    def power(self, value: Value, group: Group) -> Value:
        above = lone_item(group)
        if isinstance(above, Name) and above.value in (r"\top", "T", r"\mathsf{T}", r"\mathrm{T}"):
            raise Fault("a transpose is not part of this notation", group.pos, "sums over entries")
        exponent = self.inside(group)
        if not (isinstance(exponent, Num) and exponent.value.denominator == 1):
            raise Fault("a power that is not a number", group.pos, "a whole number such as 2")
        n = int(exponent.value)
        if abs(n) > 1000:
            raise Fault("a power over 1000", group.pos, "a small number")
        if n < 0:
            return self.join(
                [value], lambda v: self.divide(ONE, Pow(v, -n) if n < -1 else v), group.pos
            )
        return self.join([value], lambda v: Pow(v, n), group.pos)

    # --- what the letters say (`terms/symbols`) -----------------------------------------------

    def symbol(self, found: Head, cur: Cursor) -> Value:
        raise NotImplementedError

    def variable(self, name: str) -> Var:
        raise NotImplementedError

    def modulus(self) -> Term:
        raise NotImplementedError

    def indices(self, name: str, group: Group, value: Value, pos: int) -> tuple[Term, ...]:
        raise NotImplementedError

    def derivative(self, cur: Cursor, frac: Frac) -> Value:
        """What d/dx and its kin mean; `given/gradients` knows the symbols that are given."""
        raise NotImplementedError


def _factors(values: tuple[Term, ...]) -> tuple[Term, ...]:
    first = values[0]
    return (*first.factors, *values[1:]) if isinstance(first, Mul) else values


def _juxtaposed(base: Surface) -> bool:
    """(A B): letters side by side in brackets, with nothing between them."""
    if not isinstance(base, Group) or len(base.chains) != 1:
        return False
    items = [item for level in base.chains[0].levels for item in level.items]
    return len(items) > 1 and all(isinstance(item, Name) for item in items)


def _is_entry(value: Value) -> bool:
    """x_n, with a letter in its index."""
    from derive.syntax import App

    indexed = isinstance(value, App) and isinstance(value.fn, Fn) and value.fn.style == "index"
    return indexed and not all(isinstance(a, Num) for a in value.args)  # type: ignore[union-attr]


def _applied(value: Value) -> bool:
    return _opened(value) is not None


def _taken_at(value: Value, item: Surface, after: Surface | None) -> bool:
    """[f(t) * g(t)](t): the argument is said once more."""
    from derive.syntax import App

    group = _call_group(after) if isinstance(after, Group) else None
    if group is None or not isinstance(item, Group) or not isinstance(value, App):
        return False
    names = [a.name for a in value.args if isinstance(a, Var)]
    places = [c.levels[0].items for c in group.chains]
    said = [p[0].value for p in places if len(p) == 1 and isinstance(p[0], Name)]
    return isinstance(value.fn, Op) and value.fn.definition.notation == INFIX and names == said


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

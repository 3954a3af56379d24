"""Nodes as one line of Unicode; also the walk that the LaTeX printer shares.

May: choose parentheses, merge signs, leave out factors of 1.  Must not: rewrite a statement: what
is shown reads back as the same one.  `Node.__repr__` ends here, so this imports nothing heavy.

The order of factors is kept, but literal numbers go first and a product's signs come together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.binding import free, substitute
from derive.names import set_name
from derive.syntax import (
    ONE,
    Abs,
    Add,
    And,
    App,
    Cond,
    Definition,
    Diff,
    DiffEntry,
    Div,
    Divides,
    Exists,
    Floor,
    Fn,
    Function,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Not,
    Num,
    Op,
    Or,
    Partial,
    Pow,
    Rel,
    Signature,
    Space,
    Statement,
    Sum,
    Term,
    Var,
)

ADD, MUL, POW, ATOM = 1, 2, 3, 4  # how tightly a printed piece holds together


def text(node: Node) -> str:
    """One line of Unicode for any node.

    >>> from derive.syntax import Fn, Sum, Var, Z
    >>> a, i, f, g = Var("a", Z), Var("i", Z), Fn("f", (Z,)), Fn("g", (Z,))
    >>> text(Sum(a, (), f(a) * g(i - a)))
    'Σ_{a∈Z} f(a) g(i − a)'
    """
    return Printer().show(node)


@dataclass(frozen=True)
class Out:
    """A printed piece: its sign apart; `open` if what follows would be taken into it."""

    s: str
    prec: int
    open: bool = False
    neg: bool = False
    name: bool = False  # ends in a letter: a parenthesis after it would look like a call


class Printer:
    """The walk; what differs between Unicode and LaTeX is a method or a token of its own."""

    minus, plus, dot, space = "−", "+", "·", " "
    relations = {"=": "=", "<=": "≤", "<": "<"}
    negated = {"=": "≠", "<=": "≰", "<": "≮"}
    divides, divides_not, conj, disj, neg = "|", "∤", " ∧ ", " ∨ ", "¬"
    maps, sets, partial_sign = " ↦ ", {"Z": "Z", "R": "R"}, "∂"
    converges = " converges absolutely"
    # per-printer: spaces around + - and relations; off inside an index
    tight = False

    # --- tokens that a subclass sets its own way

    def ident(self, name: str) -> str:
        return set_name(name).text

    def plain(self, name: str) -> bool:
        return set_name(name).plain

    def paren(self, s: str) -> str:
        return f"({s})"

    def brackets(self, s: str) -> str:
        return f"[{s}]"

    def sub(self, s: str) -> str:
        return f"_{s}" if len(s) == 1 else f"_{{{s}}}"

    def sup(self, s: str) -> str:
        return f"^{s}" if len(s) == 1 else f"^{{{s}}}"

    def frac(self, num: Out, den: Out) -> Out:
        top = self.wrap(num, MUL, last=not num.open)
        return Out(f"{top}/{self.wrap(den, ATOM)}", MUL)

    def floor(self, num: Term, den: Term) -> str:
        top = self.out(num)
        inner = self.flat(top) if den == ONE else self.frac(top, self.out(den)).s
        return f"⌊{inner}⌋"

    def big(self, t: Sum, where: str, low: str, high: str, body: str) -> str:
        """A sum or integral sign with its range."""
        if low or high:
            ends = f"_{{{low}}}" + self.sup(high)
        else:
            ends = f"_{{{where}}}"
        return f"∫{ends} {body} d{self.ident(t.var.name)}" if t.integral else f"Σ{ends} {body}"

    def derivative(self, top: str, below: str, order: int, real: bool) -> str:
        d = "d" if real else self.partial_sign
        power = "²³⁴⁵⁶⁷⁸⁹"[order - 2] if 2 <= order <= 9 else "" if order == 1 else f"^{order}"
        return f"{d}{power}{top}/{d}{below}{power}"

    def at_point(self, s: str, point: str) -> str:
        return f"({s})|_{{{point}}}"

    def absolute(self, s: str) -> str:
        return f"|{s}|"

    def maximum(self, a: str, b: str) -> str:
        return f"max({a}, {b})"

    def index_printer(self) -> Printer:
        out = type(self)()
        out.tight = True
        return out

    # --- pieces

    def gap(self, op: str) -> str:
        return op if self.tight else f" {op} "

    def flat(self, out: Out) -> str:
        return (self.minus if out.neg else "") + out.s

    def wrap(self, out: Out, prec: int, last: bool = True) -> str:
        """The piece, in parentheses if it is looser than `prec` or would swallow what follows."""
        whole = ADD if out.neg else out.prec
        if whole >= prec and (last or not out.open):
            return self.flat(out)
        return self.paren(self.flat(out))

    def show(self, node: Node) -> str:
        match node:
            case Term():
                return self.flat(self.out(node))
            case Cond():
                return self.cond(node)
            case Function():
                return self.function(node)[0]
            case Space():
                return self.space_name(node)
            case Signature(domain):
                return "functions on " + " × ".join(self.space_name(s) for s in domain)
            case Definition():
                return self.definition(node)
            case Statement(given, lhs, rhs):
                end = ", ".join(self.cond(c) for c in given)
                equation = f"{self.show(lhs)}{self.gap('=')}{self.show(rhs)}"
                return f"{equation}  (given {end})" if end else equation
        raise TypeError(f"not a node: {type(node).__name__}")

    def space_name(self, space: Space) -> str:
        if space.kind == "Zn":
            return f"{self.sets['Z']}/{self.wrap(self.out(space.modulus or ONE), ATOM)}"
        name = self.sets.get(space.kind, space.kind)
        return name if space.dim == ONE else name + self.sup(self.show(space.dim))

    def out(self, t: Term) -> Out:
        match t:
            case Num(value):
                return self.number(value)
            case Var(name):
                return Out(self.ident(name), ATOM, name=True)
            case Add(terms):
                return self.add(terms)
            case Mul(factors):
                return self.mul(factors)
            case Pow(base, exponent):
                inner = self.out(base)
                shown = self.wrap(inner, ATOM)
                if isinstance(base, Var) and not self.plain(base.name):
                    shown = self.paren(shown)
                return Out(shown + self.sup(str(exponent)), POW, name=inner.name)
            case Div(num, den):
                return self.frac(self.out(num), self.out(den))
            case Floor(num, den):
                return Out(self.floor(num, den), ATOM)
            case Max(left, right):
                return Out(self.maximum(self.show(left), self.show(right)), ATOM)
            case Abs(arg):
                return Out(self.absolute(self.show(arg)), ATOM)
            case App(fn, args):
                return self.applied(fn, args)
            case Iverson(cond):
                return Out(self.brackets(self.cond(cond)), ATOM)
            case Sum():
                return self.sum(t)
            case Diff():
                return self.diff(t)
            case DiffEntry(fn, entry, body):
                below = self.partial_name(fn, entry)
                if isinstance(body, App) and (loss := self.loss_name(body)):
                    return Out(self.derivative(loss, below, 1, False), POW)
                inner = self.out(body)
                shown = self.wrap(inner, POW if not inner.open else MUL)
                return Out(f"{self.derivative('', below, 1, False)} {shown}", MUL, open=True)
        raise TypeError(f"not a term: {type(t).__name__}")

    def number(self, value: Fraction) -> Out:
        size = abs(value)
        if size.denominator == 1:
            return Out(str(size.numerator), ATOM, neg=value < 0)
        top, low = Out(str(size.numerator), ATOM), Out(str(size.denominator), ATOM)
        shown = self.frac(top, low)
        return Out(shown.s, shown.prec, neg=value < 0)

    def add(self, terms: Sequence[Term]) -> Out:
        if not terms:
            return Out("0", ATOM)
        if len(terms) == 1:
            return self.out(terms[0])
        s = ""
        for k, part in enumerate(terms):
            piece = self.out(part)
            if isinstance(part, Add) and k and not piece.neg and piece.s.startswith(self.minus):
                shown = f"{self.gap(self.plus)}{self.paren(piece.s)}"
            else:
                # a sum ends at the next + or -: only an inner derivative or map could swallow it
                op = self.minus if piece.neg else self.plus
                shown = piece.s if piece.prec >= MUL or not piece.neg else self.paren(piece.s)
                shown = f"{self.gap(op)}{shown}" if k else (op if piece.neg else "") + shown
            s += shown
        return Out(s, ADD)

    def mul(self, factors: Sequence[Term]) -> Out:
        numbers, rest, sign = [], [], 1
        queue = list(factors)
        while queue:
            part = queue.pop(0)
            if isinstance(part, Mul):
                queue[:0] = part.factors
            elif isinstance(part, Num):
                sign = -sign if part.value < 0 else sign
                if abs(part.value) != 1:
                    numbers.append(Num(abs(part.value)))
            else:
                rest.append(self.out(part))
        pieces = [self.out(n) for n in numbers] + rest
        if not pieces:
            return Out("1", ATOM, neg=sign < 0)
        if len(pieces) == 1:
            only = pieces[0]
            if sign > 0:
                return only
            if only.neg or only.prec < MUL:
                return Out(self.paren(self.flat(only)), ATOM, neg=True)
            return Out(only.s, only.prec, only.open, True, only.name)
        s = ""
        for k, piece in enumerate(pieces):
            last = k == len(pieces) - 1
            shown = self.wrap(piece, MUL if piece.open and last else POW, last)
            if k:
                s += self.between(pieces[k - 1], s, shown)
            s += shown
        return Out(s, MUL, pieces[-1].open, sign < 0, pieces[-1].name)

    def between(self, left: Out, before: str, after: str) -> str:
        """What stands between two factors: nothing but space, unless that would be misread."""
        called = left.name and not before.endswith(")") and self.opens(after)
        if called or after[0].isdigit() or before == "0":
            return self.dot if self.tight else f" {self.dot} "
        return self.space if not self.tight or self.needs_space(before, after) else ""

    def needs_space(self, before: str, after: str) -> bool:
        return not before[-1].isdigit()

    def opens(self, s: str) -> bool:
        return s.startswith("(")

    # --- functions

    def applied(self, fn: Function, args: Sequence[Term | Function]) -> Out:
        if isinstance(fn, Partial) and (shown := self.partial_applied(fn, args)):
            return shown
        if isinstance(fn, Fn | Op) and self.indexed(fn):
            return Out(self.partial_name(fn, args), ATOM, name=True)
        head, atomic = self.function(fn)
        if not args:
            return Out(head, ATOM if atomic else ADD, name=True)
        inner = ", ".join(self.show(a) for a in args)
        return Out((head if atomic else self.paren(head)) + self.paren(inner), ATOM)

    def indexed(self, fn: Function) -> bool:
        if isinstance(fn, Op):
            kinds = {p.space.kind for p in fn.definition.lam.params}
            return fn.definition.notation == "name" and kinds == {"Z"}
        return isinstance(fn, Fn) and fn.style == "index"

    def partial_name(self, fn: Function, entry: Sequence[Term | Function]) -> str:
        """An entry: x_{i,j} or f(a), as the function is written."""
        head, atomic = self.function(fn)
        head = head if atomic else self.paren(head)
        if not entry:
            return head
        if self.indexed(fn):
            inner = self.index_printer()
            shown = ",".join(inner.entry(e) for e in entry)
            return self.subscripted(head, shown)
        return head + self.paren(", ".join(self.show(e) for e in entry))

    def subscripted(self, head: str, index: str) -> str:
        return head + self.sub(index) if "_" not in head else self.paren(head) + self.sub(index)

    def entry(self, e: Term | Function) -> str:
        return self.show(e)

    def loss_name(self, body: App) -> str:
        """The name of a loss at an output that has a name: it is written without it."""
        named = isinstance(body.fn, Fn) and len(body.args) == 1
        if named and isinstance(body.fn.domain[0], Signature) and self.has_name(body.args[0]):
            return self.show(body.fn)
        return ""

    def has_name(self, fn: Node) -> bool:
        return isinstance(fn, Fn) or (isinstance(fn, Op) and fn.definition.notation == "name")

    def partial_applied(self, fn: Partial, args: Sequence[Term | Function]) -> Out | None:
        inner = fn.fn
        if not isinstance(inner, Fn):
            return None
        place = inner.domain[fn.slot]
        if isinstance(place, Signature):
            count = len(inner.domain)
            at, entry = args[fn.slot], args[count:]
            if len(inner.domain) == 1 and isinstance(at, Function):
                name = at if self.has_name(at) else Fn("u", place.domain, style="index")
                below = self.partial_name(name, entry)
                shown = self.derivative(self.show(inner), below, 1, False)
                if name is at:
                    return Out(shown, POW)
                return Out(self.at_point(shown, f"u{self.gap('=')}{self.show(at)}"), POW)
            return None
        by = args[fn.slot]
        if len(inner.domain) > 1 and isinstance(by, Var) and args.count(by) == 1:
            head = self.derivative(self.show(inner), self.show(by), 1, False)
            return Out(head + self.paren(", ".join(self.show(a) for a in args)), ATOM)
        return None

    def function(self, fn: Function) -> tuple[str, bool]:
        """A function without arguments, and whether it can be applied as it stands."""
        match fn:
            case Fn(name):
                return self.ident(name), True
            case Partial():
                return self.partial(fn)
            case Lam():
                return self.lam(fn), False
            case Op():
                return self.op(fn)
        raise TypeError(f"not a function: {type(fn).__name__}")

    def partial(self, fn: Partial) -> tuple[str, bool]:
        order, inner = 1, fn.fn
        while isinstance(inner, Partial) and inner.slot == fn.slot:
            order, inner = order + 1, inner.fn
        head, atomic = self.function(inner)
        head = head if atomic else self.paren(head)
        domain: Sequence[Space | Signature] = ()
        if isinstance(inner, Fn):
            domain = inner.domain
        elif isinstance(inner, Lam):
            domain = [p.space for p in inner.params]
        elif isinstance(inner, Op):
            domain = [p.space for p in inner.definition.lam.params]
        if len(domain) == 1 and isinstance(domain[0], Space):
            if domain[0].dim == ONE:
                return head + ("'" * order if order < 4 else self.sup(f"({order})")), True
            return self.derivative(head, "x", order, False), True
        return self.partial_sign + self.sub(str(fn.slot + 1)) + (
            self.sup(str(order)) if order > 1 else ""
        ) + self.space * (self.space != " ") + head, True

    def op(self, fn: Op) -> tuple[str, bool]:
        definition, symbol = fn.definition, self.symbol(fn.definition.symbol)
        functions = [a for a in fn.actuals if isinstance(a, Function)]
        values = [a for a in fn.actuals if isinstance(a, Term)]
        if definition.notation == "name":
            return symbol, True
        if values:
            index = ",".join(self.index_printer().show(v) for v in values)
            symbol = self.subscripted(symbol, index)
        if definition.notation == "infix" and len(functions) == 2:
            left, right = (self.operand(a) for a in functions)
            return f"{left} {symbol} {right}", False
        if len(functions) == 1:
            return f"{symbol} {self.operand(functions[0])}", False
        return symbol + (self.paren(", ".join(self.show(a) for a in functions)) if functions
                         else ""), True  # fmt: skip

    def symbol(self, symbol: str) -> str:
        return "∗" if symbol in ("*", "\\ast", "\\*") else "⋆" if symbol == "star" else (
            self.ident(symbol)
        )

    def operand(self, fn: Function) -> str:
        if isinstance(fn, Lam) and (pointwise := self.pointwise(fn)) is not None:
            return self.wrap(pointwise, ATOM)
        head, atomic = self.function(fn)
        return head if atomic else self.paren(head)

    def pointwise(self, fn: Lam) -> Out | None:
        """x -> g(x) + h(x) as g + h: sums and products of functions at the same arguments."""
        symbols: dict[Term, Function] = {}

        def lower(t: Term) -> Term | None:
            match t:
                case Add(parts) | Mul(parts):
                    lowered = [lower(p) for p in parts]
                    if all(p is not None for p in lowered):
                        return type(t)(tuple(p for p in lowered if p is not None))
                case App(Fn() | Op() | Partial() as inner, args) if args == fn.params:
                    shown, atomic = self.function(inner)
                    if free(inner).isdisjoint(fn.params) and atomic and not self.indexed(inner):
                        symbols[t] = inner
                        return App(Fn(shown, ()), ()) if isinstance(inner, Fn) else None
                case Num() | Var() if t not in fn.params:
                    return t
            return None

        body = lower(fn.body)
        if body is None or not symbols or isinstance(body, App) and len(symbols) != 1:
            return None
        if isinstance(body, Add) and any(not _applies(p) for p in body.terms):
            return None  # g + 1 is not the sum of two functions to a reader
        return _Named(self, symbols).out(body)

    def lam(self, fn: Lam) -> str:
        names = ", ".join(self.ident(p.name) for p in fn.params)
        names = self.paren(names) if len(fn.params) != 1 else names
        return f"{names}{self.maps}{self.show(fn.body)}"

    def definition(self, d: Definition) -> str:
        head = self.applied(d(*d.params), d.lam.params)
        return f"{head.s} := {self.show(d.lam.body)}"

    # --- binders

    def sum(self, t: Sum) -> Out:
        var, body = t.var, self.out(t.body)
        shown = self.wrap(body, MUL)
        where = f"{self.ident(var.name)}{self.element()}{self.space_name(var.space)}"
        low = high = ""
        if t.bounds:
            inner = self.index_printer()
            low, high = (inner.show(b) for b in t.bounds)
            low = low if t.integral else f"{self.ident(var.name)}={low}"
        return Out(self.big(t, where, low, high, shown), MUL, open=True)

    def element(self) -> str:
        return "∈"

    def diff(self, t: Diff) -> Out:
        t = self.at_its_variable(t)
        order, body = 1, t.body
        if t.at == t.var:
            while isinstance(body, Diff):
                inner = self.at_its_variable(body)
                if not inner.at == inner.var == t.var:
                    break
                order, body = order + 1, inner.body
        inner_out = self.out(body)
        shown = self.wrap(inner_out, MUL if isinstance(body, Sum | Diff | DiffEntry) else POW)
        real = t.var.space.dim == ONE
        head = self.derivative("", self.ident(t.var.name), order, real)
        if t.at == t.var:
            return Out(f"{head} {shown}", MUL, open=True)
        inner = self.index_printer()
        return Out(self.at_point(f"{head} {shown}", f"{inner.show(t.var)}={inner.show(t.at)}"), POW)

    def at_its_variable(self, t: Diff) -> Diff:
        """d/dt E(t) at t = x as d/dx E(x), where x does not stand in E already."""
        if isinstance(t.at, Var) and t.at != t.var and t.at.space == t.var.space:
            taken = {s.name for s in free(t.body) if s != t.var}
            if t.at.name not in taken:
                return Diff(t.at, substitute(t.body, {t.var: t.at}), t.at)
        return t

    # --- conditions

    def cond(self, c: Cond, inside: bool = False) -> str:
        match c:
            case Rel(op, lhs, rhs):
                return f"{self.show(lhs)}{self.gap(self.relations[op])}{self.show(rhs)}"
            case Divides(divisor, number):
                return f"{self.show(divisor)} {self.divides} {self.show(number)}"
            case Not(Rel(op, lhs, rhs)):
                return f"{self.show(lhs)}{self.gap(self.negated[op])}{self.show(rhs)}"
            case Not(Divides(divisor, number)):
                return f"{self.show(divisor)} {self.divides_not} {self.show(number)}"
            case Not(part):
                return self.neg + self.paren(self.cond(part))
            case And(conds):
                s = self.conj.join(self.chain(conds)) if conds else "0 = 0"
                return self.paren(s) if inside else s
            case Or(conds):
                s = self.disj.join(self.cond(p, True) for p in conds) if conds else "0 = 1"
                return self.paren(s) if inside else s
            case Exists(term):
                return self.show(term) + self.converges
        raise TypeError(f"not a condition: {type(c).__name__}")

    def chain(self, conds: Sequence[Cond]) -> list[str]:
        """lo <= a and a <= hi in one: lo <= a <= hi."""
        out: list[str] = []
        end: Term | None = None
        for c in conds:
            if isinstance(c, Rel) and end is not None and c.lhs == end:
                out[-1] += f"{self.gap(self.relations[c.op])}{self.show(c.rhs)}"
            else:
                out.append(self.cond(c, True))
            end = c.rhs if isinstance(c, Rel) else None
        return out


def _applies(t: Term) -> bool:
    return isinstance(t, App) or (isinstance(t, Mul) and any(_applies(p) for p in t.factors))


class _Named:
    """Prints a pointwise combination, its functions being names."""

    def __init__(self, printer: Printer, symbols: dict[Term, Function]) -> None:
        self.printer = printer

    def out(self, body: Term) -> Out:
        return self.printer.out(body)

"""Functions and their applications, printed: f(x), x_{i}, f', (f * g)(x), T_h f, x -> f(-x)."""

from __future__ import annotations

from collections.abc import Sequence

from derive.binding import free
from derive.printing.conditions import Conditions
from derive.printing.pieces import ADD, ATOM, POW, Out
from derive.syntax import (
    ONE,
    Add,
    App,
    Definition,
    Fn,
    Function,
    Lam,
    Mul,
    Node,
    Num,
    Op,
    Partial,
    Signature,
    Space,
    Term,
    Var,
)

Args = Sequence[Term | Function]


class Functions(Conditions):
    def application(self, fn: Function, args: Args) -> Out:
        if self.bare is not None and tuple(args) == self.bare and free(fn).isdisjoint(self.bare):
            head, atomic = self.function(fn)
            return Out(head, ATOM if atomic else ADD, name=atomic)
        if isinstance(fn, Lam) and isinstance(fn.body, App) and is_pointwise(fn.body, fn.params):
            return self.application(fn.body.fn, args)  # (m -> x_m)(i) is x_i
        if isinstance(fn, Partial) and (shown := self.partial_applied(fn, args)):
            return shown
        s = self.applied(fn, args)
        return Out(s, ATOM, name=not s.endswith(")"))

    def applied(self, fn: Function, args: Args) -> str:
        """f(a, b), or x_{a,b} where it is written so."""
        head = self.head(fn)
        if not args:
            return head
        if indexed(fn):
            inner = self.index_printer()
            return self.subscripted(head, ",".join(inner.entry(a) for a in args))
        return head + self.paren(", ".join(self.show(a) for a in args))

    def entry(self, a: Term | Function) -> str:
        """One index: a bare product of letters has its dot, for x_{ij} has two indices."""
        if isinstance(a, Mul):
            dotted = self.index_printer()
            dotted.dotted = True
            return dotted.show(a)  # type: ignore[no-any-return]
        return self.show(a)

    def subscripted(self, head: str, index: str) -> str:
        """x_{in}, with an index too, is (x_{in})_{i}: LaTeX takes no second script."""
        return (self.paren(head) if "_" in head else head) + self.sub(index)

    def head(self, fn: Function) -> str:
        head, atomic = self.function(fn)
        return head if atomic else self.paren(head)

    def function(self, fn: Function) -> tuple[str, bool]:
        """A function without arguments, and whether it can be applied as it stands."""
        match fn:
            case Fn(name):
                return self.ident(name), True
            case Partial():
                return self.partial(fn), True
            case Lam(params, body):
                names = ", ".join(self.ident(p.name) for p in params)
                left = self.paren(names) if len(params) != 1 else names
                return f"{left}{self.maps}{self.show(body)}", False
            case Op():
                return self.op(fn)
        raise TypeError(f"not a function: {type(fn).__name__}")

    # --- derivatives of functions

    def partial(self, fn: Partial) -> str:
        order, inner = 1, fn.fn
        while isinstance(inner, Partial) and inner.slot == fn.slot:
            order, inner = order + 1, inner.fn
        head, domain = self.head(inner), places(inner)
        if len(domain) == 1 and isinstance(domain[0], Space):
            if domain[0].dim != ONE:
                return self.derivative(head, "x", order, real=False)
            return head + ("'" * order if order < 4 else self.sup(f"({order})"))
        for _ in range(order):
            head = self.slot(fn.slot + 1, head)
        return head

    def partial_applied(self, fn: Partial, args: Args) -> Out | None:
        inner = fn.fn
        domain = places(inner)
        if fn.slot >= len(domain) or fn.slot >= len(args):
            return None
        place, by = domain[fn.slot], args[fn.slot]
        if isinstance(place, Signature):
            if len(domain) > 1 or not isinstance(inner, Fn) or not isinstance(by, Function):
                return None
            at = by if has_name(by) else Fn("u", place.domain, style="index")
            below = self.applied(at, args[1:])
            shown = self.derivative(self.head(inner), below, 1, real=False)
            if at is by:
                return Out(shown, POW)
            return Out(self.at_point(shown, f"u{self.gap('=')}{self.show(by)}"), POW)
        if len(domain) > 1 and isinstance(by, Var) and list(args).count(by) == 1:
            head = self.derivative(self.head(inner), self.show(by), 1, real=False)
            return Out(head + self.paren(", ".join(self.show(a) for a in args)), ATOM)
        return None

    def loss_name(self, body: Term) -> str:
        """A loss at an output that has a name is written without it: dL/dw_j."""
        if isinstance(body, App) and isinstance(body.fn, Fn) and len(body.args) == 1:
            taken = body.fn.domain[0] if body.fn.domain else None
            if isinstance(taken, Signature) and has_name(body.args[0]):
                return self.head(body.fn)
        return ""

    # --- defined functions

    def op(self, fn: Op) -> tuple[str, bool]:
        if fn.definition.symbol.startswith("^"):  # f^-, the reflection
            mark = fn.definition.symbol[1:]
            mark = mark if mark in ("-", "+", "*") else self.ident(mark)
            return self.head(fn.actuals[0]) + self.sup(mark), True  # type: ignore[arg-type]
        symbol = self.symbol(fn.definition.symbol)
        if fn.definition.notation == "name":
            return symbol, True
        operands = [a for a in fn.actuals if isinstance(a, Function)]
        values = [a for a in fn.actuals if isinstance(a, Term)]
        if values:
            inner = self.index_printer()
            symbol = self.subscripted(symbol, ",".join(inner.entry(v) for v in values))
        if fn.definition.notation == "infix" and len(operands) == 2:
            return f"{self.operand(operands[0])} {symbol} {self.operand(operands[1])}", False
        if len(operands) == 1:
            return f"{symbol} {self.operand(operands[0])}", False
        if operands:
            return symbol + self.paren(", ".join(self.function(f)[0] for f in operands)), True
        return symbol, True

    def symbol(self, symbol: str) -> str:
        return self.star if symbol in ("*", "ast", r"\ast") else self.ident(symbol)

    def operand(self, fn: Function) -> str:
        return self.pointwise(fn) if isinstance(fn, Lam) else self.head(fn)

    def pointwise(self, fn: Lam) -> str:
        """x -> g(x) + h(x) as (g + h), x -> g(x) as g; other maps in full."""
        if not is_pointwise(fn.body, fn.params):
            return self.head(fn)
        inner = type(self)()
        inner.tight, inner.bare = self.tight, fn.params
        return inner.wrap(inner.out(fn.body), ATOM)

    def definition(self, d: Definition) -> str:
        """(f * g)(x) := its meaning."""
        args = d.lam.params
        return f"{self.flat(self.application(d(*d.params), args))}{self.defined}" + self.show(
            d.lam.body
        )


def indexed(fn: Node) -> bool:
    """Whether arguments are written below: x_{i}, and names such as delta_{i} on integers."""
    if isinstance(fn, Op):
        kinds = {p.space.kind for p in fn.definition.lam.params}
        return fn.definition.notation == "name" and kinds == {"Z"}
    return isinstance(fn, Fn) and fn.style == "index"


def has_name(fn: Node) -> bool:
    return isinstance(fn, Fn) or (isinstance(fn, Op) and fn.definition.notation == "name")


def places(fn: Function) -> Sequence[Space | Signature]:
    """The spaces of the arguments, without checking that the function is well formed."""
    match fn:
        case Fn(_, domain):
            return domain
        case Lam(params):
            return [p.space for p in params]
        case Op(definition):
            return [p.space for p in definition.lam.params]
    return ()


def is_pointwise(t: Term, params: tuple[Var, ...]) -> bool:
    """Sums and products of functions at exactly `params`; a number or a letter is a factor."""

    def function(part: Term) -> bool:
        return isinstance(part, App) and part.args == params and free(part.fn).isdisjoint(params)

    match t:
        case App():
            return function(t)
        case Add(terms):
            return bool(terms) and all(is_pointwise(p, params) for p in terms)
        case Mul(factors):
            rest = [p for p in factors if not isinstance(p, Num)]
            rest = [p for p in rest if not (isinstance(p, Var) and p not in params)]
            return bool(rest) and all(is_pointwise(p, params) for p in rest)
    return False

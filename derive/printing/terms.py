"""Terms, printed: signs merged, literal numbers first, no parentheses without need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from derive.binding import free, substitute
from derive.printing.functions import Functions, has_name
from derive.printing.pieces import ADD, ATOM, MUL, POW, Out
from derive.syntax import (
    ONE,
    Abs,
    Add,
    App,
    Cond,
    Definition,
    Diff,
    DiffEntry,
    Div,
    Floor,
    Function,
    Iverson,
    Max,
    Mul,
    Node,
    Num,
    Pow,
    Rel,
    Signature,
    Space,
    Statement,
    Sum,
    Term,
    Var,
)


def half_line(t: Sum) -> tuple[bool, Term, Term] | None:
    """Whether [z <= e] comes first in an integral over R (else [e <= z]), then e and the rest."""
    factors = t.body.factors if isinstance(t.body, Mul) else (t.body,)
    cond = factors[0].cond if factors and isinstance(factors[0], Iverson) else None
    if not t.integral or t.bounds or t.var.space.dim != ONE or not isinstance(cond, Rel):
        return None
    below = cond.lhs == t.var
    end = cond.rhs if below else cond.lhs
    if cond.op != "<=" or t.var not in (cond.lhs, cond.rhs) or t.var in free(end):
        return None
    rest = factors[1:]
    return below, end, Mul(rest) if len(rest) > 1 else rest[0] if rest else ONE


class Printer(Functions):
    def show(self, node: Node) -> str:
        match node:
            case Term():
                return self.flat(self.out(node))
            case Cond():
                return self.cond(node)
            case Function():
                return self.function(node)[0]
            case Space() | Signature():
                return self.space(node)
            case Definition():
                return self.definition(node)
            case Statement(given, lhs, rhs):
                end = ", ".join(self.cond(c) for c in given)
                equation = f"{self.show(lhs)}{self.gap('=')}{self.show(rhs)}"
                return equation + (end.join(self.given) if end else "")
        raise TypeError(f"not a node: {type(node).__name__}")

    def out(self, t: Term) -> Out:
        match t:
            case Num(value):
                return self.number(value)
            case Var(name):
                return Out(self.ident(name), ATOM, name=True)
            case Add():
                return self.add(t)
            case Mul():
                return self.mul(t)
            case Pow(base, exponent):
                inner = self.out(base)
                shown = self.wrap(inner, ATOM)
                if isinstance(base, Var) and not self.plain(base.name):
                    shown = self.paren(shown)
                return Out(shown + self.sup(str(exponent)), POW, name=inner.name)
            case Div(num, den):
                return self.fraction(self.out(num), self.out(den))
            case Floor(num, den):
                inner = self.out(num)
                whole = inner if den == ONE else self.fraction(inner, self.out(den))
                return Out(self.floor(self.flat(whole)), ATOM)
            case Max(left, right):
                return Out(self.maximum(self.show(left), self.show(right)), ATOM)
            case Abs(arg):
                return Out(self.absolute(self.show(arg)), ATOM)
            case App(fn, args):
                return self.application(fn, args)
            case Iverson(cond):
                return Out(self.brackets(self.cond(cond)), ATOM)
            case Sum():
                return self.sum(t)
            case Diff():
                return self.diff(t)
            case DiffEntry(fn, entry, body):
                below = self.applied(fn, entry)
                if loss := self.loss_name(body):
                    return Out(self.derivative(loss, below, 1, real=False), POW)
                if isinstance(body, App) and body.args and has_name(body.fn):
                    return Out(self.derivative(self.show(body), below, 1, real=False), POW)
                head = self.derivative("", below, 1, real=False)
                return Out(f"{head} {self.operand_of_derivative(body)}", MUL, open=True)
        raise TypeError(f"not a term: {type(t).__name__}")

    def number(self, value: Fraction) -> Out:
        size = abs(value)
        shown = Out(str(size.numerator), ATOM)
        if size.denominator != 1:
            shown = self.fraction(shown, Out(str(size.denominator), ATOM))
        return shown.negated() if value < 0 else shown

    def add(self, t: Add) -> Out:
        parts = [self.out(p) for p in _flat(t, Add)]
        if not parts:
            return Out("0", ATOM)
        if len(parts) == 1:
            return parts[0]
        s = self.flat(parts[0])
        for part in parts[1:]:
            s += self.gap(self.minus if part.neg else self.plus) + part.s
        return Out(s, ADD)

    def mul(self, t: Mul) -> Out:
        parts = list(_flat(t, Mul))
        literals = [p.value for p in parts if isinstance(p, Num)]
        pieces = [self.number(abs(v)) for v in literals if abs(v) != 1]
        pieces += [self.out(p) for p in parts if not isinstance(p, Num)]
        neg = sum(v < 0 for v in literals) % 2 == 1
        if not pieces:
            return Out("1", ATOM, neg=neg)
        if len(pieces) == 1:
            only = pieces[0]
            if not neg:
                return only
            if only.neg or only.prec < MUL:
                return Out(self.paren(self.flat(only)), ATOM, neg=True)
            return only.negated()
        s = ""
        for k, piece in enumerate(pieces):
            last = k == len(pieces) - 1
            shown = self.wrap(piece, MUL if piece.open and last else POW, last)
            s += (self.between(pieces[k - 1], s, shown) if k else "") + shown
        return Out(s, MUL, pieces[-1].open, neg, pieces[-1].name)

    def sum(self, t: Sum) -> Out:
        inner, var = self.index_printer(), self.ident(t.var.name)
        low, high = (inner.show(b) for b in t.bounds) if t.bounds else ("", "")
        inside = t.body
        if (found := half_line(t)) is not None:
            below, end, inside = found
            shown = inner.show(end)
            low, high = (self.infinity[0], shown) if below else (shown, self.infinity[1])
        body = self.wrap(self.out(inside), MUL)
        space = self.space(t.var.space)
        if t.integral:
            s = self.integral(low or space, high, body, var)
        else:
            s = self.big_sum(f"{var}={low}" if low else f"{var}{self.element}{space}", high, body)
        return Out(s, MUL, open=True)

    def operand_of_derivative(self, body: Term) -> str:
        """A sum, integral or derivative follows d/dx as it is; a product in parentheses."""
        as_is = isinstance(body, Sum | Diff | DiffEntry)
        return self.wrap(self.out(body), MUL if as_is else POW)

    def diff(self, t: Diff) -> Out:
        t = at_its_variable(t)
        order, body = 1, t.body
        while t.at == t.var and isinstance(body, Diff):
            below = at_its_variable(body)
            if not below.at == below.var == t.var:
                break
            order, body = order + 1, below.body
        name = self.ident(t.var.name)
        head = self.derivative("", name, order, real=t.var.space.dim == ONE)
        s = f"{head} {self.operand_of_derivative(body)}"
        if t.at == t.var:
            return Out(s, MUL, open=True)
        return Out(self.at_point(s, f"{name}={self.index_printer().show(t.at)}"), POW)


def _flat(t: Term, kind: type[Add] | type[Mul]) -> Iterator[Term]:
    if not isinstance(t, kind):
        yield t
        return
    parts: Sequence[Term] = t.terms if isinstance(t, Add) else t.factors
    for part in parts:
        yield from _flat(part, kind)


def at_its_variable(t: Diff) -> Diff:
    """d/dt E(t) at t = x as d/dx E(x), where no other x stands in E."""
    if isinstance(t.at, Var) and t.at != t.var and t.at.space == t.var.space:
        if t.at.name not in {s.name for s in free(t.body) if s != t.var}:
            return Diff(t.at, substitute(t.body, {t.var: t.at}), t.at)
    return t

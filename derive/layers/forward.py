"""A forward formula read from LaTeX: its output, tensors, sizes, and the range of each index.

May: call the reader, and give a range to each index that has none.  Must not: know any layer.

Ranges: an index runs from its sum's lower bound, else from 0, up to a size.  An index that alone
stands for an axis of a tensor shares that axis's size; an axis that is reached by an expression,
as in x_{s i + d p - P}, has a size of its own.  A tensor's range contains all the places where it
stands.  Tensors are 0 outside of their ranges.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, fields, replace

from derive.binding import free, instantiate
from derive.latex import read
from derive.layers.errors import Outside
from derive.layers.ranges import Ranges
from derive.layers.scan import check, tensors
from derive.search.tidy import tidy
from derive.search.walk import all_names
from derive.syntax import ONE, App, Cond, Div, Fn, Lam, Mul, R, Statement, Term, Var

Range = tuple[Term, Term]


@dataclass(frozen=True)
class Forward:
    """h_{indices} = body, with the range of each index.

    `activation`: the function of h = sigma(before), if the body is one; `before` is then what it
    is applied to, else the whole body.  `given`: what the letters' roles demand (1 <= s).
    """

    name: str
    indices: tuple[Var, ...]
    box: tuple[Range, ...]
    body: Term
    tensors: tuple[Fn, ...]
    given: tuple[Cond, ...]

    @property
    def lam(self) -> Lam:
        return Lam(self.indices, self.body)

    @property
    def activation(self) -> Fn | None:
        match self.body:
            case App(Fn(style="call") as fn, _):
                return fn
        return None

    @property
    def before(self) -> Term:
        """The output before the activation."""
        match self.body:
            case App(Fn(style="call"), (Term() as inner,)):
                return inner
        return self.body

    def tensor(self, name: str) -> Fn:
        for fn in self.tensors:
            if fn.name == name:
                return fn
        known = ", ".join(fn.name for fn in self.tensors)
        raise Outside("indexed", name, f"not a tensor of the formula, whose tensors are {known}")


def forward(formula: str, out: Iterable[str] = (), given: Iterable[str] = ()) -> Forward:
    """The formula with all its ranges; raises `Unreadable` or `Outside`."""
    reading = read(formula, (*out, *given))
    if len(reading.links) != 1:
        raise Outside("indexed", formula, "expected one equation h_{i,...} = ...")
    statement = reading.links[0].variants[0][1]
    left = statement.lhs
    if isinstance(left, Var) and left.space == R:  # one number: an output without axes
        left = App(Fn(left.name, (), style="index"), ())
    if not isinstance(left, App) or not isinstance(left.fn, Fn) or left.fn.style != "index":
        raise Outside("indexed", left, "the left side is not an output, as in h_i or y")
    indices = tuple(a for a in left.args if isinstance(a, Var))
    if len(indices) != len(left.args) or len(set(indices)) != len(indices):
        raise Outside("indexed", left, "the output's indices are not different letters")
    if left.fn in free(statement.rhs):
        raise Outside("indexed", left.fn.name, "the output stands on both sides")
    rhs = reciprocals(statement.rhs)
    check(rhs, indices)
    rhs = with_parameters(rhs, indices)
    about = [c for c in statement.given if free(c) & set(indices)]
    rest = tuple(c for c in statement.given if c not in about)
    settled = Ranges(rhs, indices, about, rest, taken(statement)).settled()
    old = tensors(rhs)
    found = tuple(instantiated(fn, settled.boxes[fn.name]) for fn in old)
    body = instantiate(settled.body, dict(zip(old, found, strict=True)))
    return Forward(left.fn.name, indices, settled.box, body, found, (*rest, *settled.beyond))


def with_parameters(t: Term, indices: tuple[Var, ...]) -> Term:
    """A parameter without an index, such as a bias b, as a tensor without axes.

    One in which the formula is not linear, as in x_i / b, stays a number.
    """
    for var in sorted(free(t), key=lambda s: s.name):
        if isinstance(var, Var) and var.space == R:
            entry = App(Fn(var.name, (), "any", None, "index"), ())
            changed = instantiate(t, {var: entry})
            with suppress(Outside):
                check(changed, indices)
                t = changed
    return t


def reciprocals(t: Term) -> Term:
    """x_i / 2 as (1/2) x_i: a number times something linear."""
    changes = {
        f.name: tuple(reciprocals(v) if isinstance(v, Term) else v for v in value)
        if isinstance(value := getattr(t, f.name), tuple)
        else reciprocals(value)
        for f in fields(t)  # type: ignore[arg-type]
        if f.name in ("terms", "factors", "base", "num", "den", "body", "args")
    }
    t = replace(t, **changes)  # type: ignore[type-var]
    if isinstance(t, Div) and tensors(t.num) and not tensors(t.den):
        return Mul((tidy(Div(ONE, t.den)), t.num))
    return t


def taken(statement: Statement) -> set[str]:
    """All names that the formula uses."""
    symbols = free(statement.lhs).union(free(statement.rhs), *map(free, statement.given))
    return {s.name for s in symbols} | all_names(statement.rhs)


def instantiated(fn: Fn, box: tuple[Range, ...]) -> Fn:
    return Fn(fn.name, fn.domain, fn.cls, box or None, fn.style)

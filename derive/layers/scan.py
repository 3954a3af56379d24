"""What a formula is made of: its tensors and their indices, and the parts that are outside.

May: look.  Each thing that cannot be derived is `Outside`, which names the part and says why.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.binding import free
from derive.layers.errors import Outside
from derive.polynomial import Scope, poly
from derive.search.walk import places
from derive.syntax import (
    Abs,
    App,
    Cond,
    Diff,
    DiffEntry,
    Div,
    Divides,
    Floor,
    Fn,
    Lam,
    Node,
    Op,
    Partial,
    Sum,
    Term,
    Var,
)


def entries(t: Node) -> Iterator[App]:
    """The entries of tensors in a term, in the order in which they are written."""
    if isinstance(t, App) and isinstance(t.fn, Fn) and t.fn.style == "index":
        yield t
    for child in t.children():
        yield from entries(child)


def tensors(t: Node) -> tuple[Fn, ...]:
    found: dict[Fn, None] = {}
    for entry in entries(t):
        assert isinstance(entry.fn, Fn)  # noqa: S101 - `entries` yields no other
        found[entry.fn] = None
    return tuple(found)


def summed(t: Node) -> tuple[Sum, ...]:
    """The sums in a term."""
    return tuple(n for _, n in places(t, lambda n: isinstance(n, Sum)) if isinstance(n, Sum))


def check(body: Term, outputs: tuple[Var, ...]) -> None:
    """Raise `Outside` for the first part that is not affine, not linear or not indexed."""
    if not tensors(body):
        raise Outside("indexed", body, "no tensor with indices stands on the right side")
    bound = [s.var for s in summed(body)]
    for var in bound:
        if var.space.kind != "Z":
            raise Outside("indexed", var, "an integral; a layer sums over integers")
    indices = {*outputs, *bound}
    sizes = {v for s in summed(body) for end in s.bounds for v in free(end)}
    for entry in entries(body):
        for arg in entry.args:
            if isinstance(arg, Term) and arg not in sizes - indices:
                _index(entry, arg, indices)
    _values(body)


def _index(entry: App, arg: Term, indices: set[Var]) -> None:
    if any(isinstance(n, App) for _, n in places(arg, lambda n: isinstance(n, App))):
        raise Outside("affine", arg, f"an index of {entry!r} that depends on values is not affine")
    if isinstance(arg, Var) and arg not in indices:
        raise Outside(
            "indexed",
            entry,
            f"the index {arg.name} is neither summed over nor an index of the output",
        )
    atoms: dict[str, Term] = {}
    for mono in poly(arg, Scope(atoms=atoms)):
        moving = [(atoms[a], e) for a, e in mono if free(atoms[a]) & indices]
        if sum(e for _, e in moving) > 1:
            shown = " ".join(repr(t) if e == 1 else f"{t!r}^{e}" for t, e in moving)
            raise Outside(
                "affine", entry, f"the index {arg!r} is not affine: it has the product {shown}"
            )
        for t, _ in moving:
            if not isinstance(t, Var | Floor):
                raise Outside("affine", entry, f"the index {arg!r} is not affine because of {t!r}")
            if isinstance(t, Floor) and free(t.den) & indices:
                raise Outside("affine", entry, f"the index {arg!r} is divided by an index")


def _values(t: Node) -> None:
    """Refuse what no rule differentiates, where a tensor stands in it."""
    if not tensors(t):
        return
    match t:
        case Abs() | Floor():
            raise Outside("linear", t, "not linear, nor known to be differentiable")
        case Div(_, den) if tensors(den):
            raise Outside("linear", den, "a quotient is not linear in what it is divided by")
        case Diff() | DiffEntry() | Lam() | Op() | Partial():
            raise Outside("linear", t, "a derivative or an operator in a forward formula")
        case App(Fn(style="call") as fn, args):
            if len(args) != 1:
                raise Outside("linear", t, f"{fn.name} is not a function of one number")
    for child in t.children():
        if not isinstance(child, Cond) or isinstance(child, Divides):
            _values(child)

"""x[n] * h[n]: an operator written between values that are meant as functions of one argument.

May: decide, by what else the claim says, whether such a `*` is a convolution, and open the values
as functions.  Where it may as well be a product, and that says something else, it must stay
ambiguous: `terms/terms` then says both.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.binding import free, fresh, names, substitute
from derive.latex.roles.roles import FUNCTION_OPS, _call_group, derivative_of
from derive.latex.signs.names import symbols
from derive.latex.signs.tree import Big, Chain, Group, Level, Mark, Name, Number, Script, lone_item
from derive.syntax import (
    Add,
    App,
    Definition,
    Diff,
    Fn,
    Function,
    Lam,
    Mul,
    Node,
    Num,
    Op,
    Term,
    Var,
)

CERTAIN = {r"\star", r"\circledast"}  # which never stand for products


def shared(values: Iterable[object], bound: set[Var]) -> tuple[tuple[Var, ...], bool] | None:
    """The arguments at which all values are taken, and whether some are shifted or reflected."""
    found: tuple[Var, ...] | None = None
    plain = True
    parts = [v for v in values if isinstance(v, Term)]
    calls = [_calls(v) for v in parts]
    if any(not c for c in calls):
        return None
    for args in (a for c in calls for a in c):
        if all(isinstance(a, Var) for a in args):
            if found not in (None, args):
                return None
            found = args  # type: ignore[assignment]
    if found is None or set(found) & bound or len(set(found)) != len(found):
        return None
    for args in (a for c in calls for a in c):
        if args != found:
            plain = False
            if len(found) != 1 or not _moved(args[0], found[0]):
                return None
    if any(free(v) & set(found) and not _only_in_calls(v, set(found)) for v in parts):
        return None
    return found, plain


def _calls(value: Term) -> list[tuple[Term, ...]]:
    """The arguments of the functions in a sum of multiples of values, [] if it is no such sum."""
    match value:
        case App(Fn(style="call") | Op(Definition(notation="open infix")), args):
            return [args] if all(isinstance(a, Term) for a in args) else []  # type: ignore[list-item]
        case Diff(var, App(Fn(style="call"), (arg,)), Var() as at) if arg == var:
            return [(at,)]
        case Add(terms):
            inner = [_calls(t) for t in terms]
            return [a for c in inner for a in c] if all(inner) else []
        case Mul(factors):
            rest = [f for f in factors if not isinstance(f, Num | Var)]
            return _calls(rest[0]) if len(rest) == 1 else []
    return []


def _moved(arg: Term, var: Var) -> bool:
    """Whether an argument is n - c or -n, with c free of n."""
    rest = [t for t in _summands(arg) if t != var]
    return arg == -var or (
        len(rest) == len(_summands(arg)) - 1 and not any(var in free(t) for t in rest)
    )


def _summands(arg: Term) -> tuple[Term, ...]:
    return arg.terms if isinstance(arg, Add) else (arg,)


def _only_in_calls(value: Term, at: set[Var]) -> bool:
    match value:
        case App() | Diff():
            return True
        case Add(terms):
            return all(_only_in_calls(t, at) for t in terms)
        case Mul(factors):
            return all(_only_in_calls(f, at) for f in factors)
    return not free(value) & at


def doubtful(left: object, right: object, bound: set[Var]) -> bool:
    """Whether two values of functions stand beside *, at an argument that they share."""
    if not (isinstance(left, Term) and isinstance(right, Term)):
        return False
    shared_letters = {v for v in free(left) & free(right) if isinstance(v, Var)} - bound
    return bool(shared_letters) and all(_has_call(t) for t in (left, right))


def _has_call(term: Term) -> bool:
    stack: list[Node] = [term]
    while stack:
        here = stack.pop()
        if isinstance(here, App) and isinstance(here.fn, Fn) and here.fn.style == "call":
            return True
        stack.extend(here.children())
    return False


def has_constant(fn: Function) -> bool:
    """f + 1 decays nowhere: it is no operand of a convolution."""
    body = fn.body if isinstance(fn, Lam) else None
    params = set(fn.params) if isinstance(fn, Lam) else set()
    return isinstance(body, Add) and any(not free(t) & params for t in body.terms)


def multiplied(chain: Chain, names: set[str]) -> bool:
    """Whether letters stand side by side or under powers, as numbers do: a c + b c, x^2."""
    for node in chain.walk():
        if isinstance(node, Script) and isinstance(node.base, Name) and node.base.value in names:
            if any(isinstance(lone_item(s), Number) for s in node.sups):
                return True
        if isinstance(node, Level):
            pairs = zip(node.items, node.items[1:], strict=False)
            if any(isinstance(a, Name) and isinstance(b, Name) and {a.value, b.value} <= names
                   for a, b in pairs):
                return True
    return False


def opened(value: Term, at: tuple[Var, ...], letters: set[str]) -> Function:
    """The function whose value at `at` is written; its own letters are none of the claim's."""
    if isinstance(value, App) and value.args == at:
        return value.fn
    taken = names(free(value)) | letters
    params: tuple[Var, ...] = ()
    for v in at:
        name = next((c for c in "xyuvwstzpq" if c not in taken), fresh("x", taken))
        taken = taken | {name}
        params = (*params, Var(name, v.space))
    return Lam(params, substitute(value, dict(zip(at, params, strict=True))))


def speaks_of_convolution(chain: Chain) -> bool:
    """Sequences x[n], or a sum or integral over all: then * between values is no product."""
    for node in chain.walk():
        if isinstance(node, Level):
            pairs = zip(node.items, node.items[1:], strict=False)
            if any(isinstance(a, Name) and _square(b) for a, b in pairs):
                return True
        if isinstance(node, Script) and isinstance(node.base, Big):
            return True
        if isinstance(node, Big) or (isinstance(node, Mark) and node.value in CERTAIN):
            return True
    return False


def _square(item: object) -> bool:
    return isinstance(item, Group) and item.kind == "[" and _call_group(item) is not None


def speaks_of_products(chain: Chain, bound: set[str], derivatives: bool) -> bool:
    """Powers or values side by side, for which product and convolution differ; or derivatives."""
    if any(len(v.items) == 1 and isinstance(v.items[0], Number) for v in chain.levels):
        return True
    for node in chain.walk():
        differentiated = derivative_of(node) is not None
        if derivatives and (differentiated or (isinstance(node, Script) and node.primes)):
            return True
        if isinstance(node, Script) and any(isinstance(lone_item(s), Number) for s in node.sups):
            return True
        if isinstance(node, Level) and _side_by_side(node, bound):
            return True
    return False


def _side_by_side(level: Level, bound: set[str]) -> bool:
    """f(t) g(t), one value after the other at one argument that no sum binds."""
    before: set[str] | None = None
    items = level.items
    k = 0
    while k < len(items):
        call = _call_group(items[k + 1]) if k + 1 < len(items) else None
        if isinstance(items[k], Name) and call is not None:
            here = set(symbols([call])) - bound
            if before is not None and before & here:
                return True
            before = here
            k += 2
            continue
        item = items[k]
        if isinstance(item, Mark) and (item.value in FUNCTION_OPS or item.kind == "sign"):
            before = None
        k += 1
    return False

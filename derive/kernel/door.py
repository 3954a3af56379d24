"""What may come in: exact nodes that say one thing, and data that nobody can change afterwards.

Called by `theorem` for every statement, step and result.  Nodes are frozen data that do not check
their own fields, and what proposes steps is not trusted: here each field, name, declaration and
scope is looked at.  What was looked at is remembered by identity, never by equality: no other
object, whatever it claims to be equal to, can answer for it.  Among nodes that have entered equal
ones are the same, and a judgement on one is one on the other (`remembered`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from derive.binding import Symbol, bound, declared, free, loose, names
from derive.kernel.context import Context, Refused
from derive.syntax import (
    CLASSES,
    ONE,
    SHAPES,
    Abs,
    Add,
    Cond,
    Definition,
    DiffEntry,
    Exists,
    Floor,
    Fn,
    IllTyped,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Num,
    Op,
    Pow,
    Signature,
    Space,
    Term,
    Var,
    check_cond,
    check_shape,
    embeds,
    space_of,
)

MOST_REMEMBERED = 200_000
Judge = Callable[[str, Term, Context], Any]


class Seen:
    """Answers for nodes that were looked at, by identity; keeps them alive, so ids stay theirs."""

    def __init__(self) -> None:
        self.answers: dict[int, tuple[Any, Any]] = {}

    def get(self, node: Any) -> Any:
        found = self.answers.get(id(node))
        return found[1] if found is not None and found[0] is node else None

    def put(self, node: Any, answer: Any) -> Any:
        if len(self.answers) > MOST_REMEMBERED:
            self.answers.clear()
        self.answers[id(node)] = (node, answer)
        return answer


ENTERED, CLASHES, BELOW = Seen(), Seen(), Seen()

SIZES = (Num, Var, Add, Mul, Pow, Floor, Max, Abs)  # what a size may be made of


def frozen(rule: str, data: Any, kinds: tuple[type, ...]) -> Any:
    """A copy of the data of a step that only holds exact numbers, strings, nodes and `kinds`."""
    kind = type(data)
    if kind in (type(None), bool, int, str, Fraction) or kind in kinds:
        return data
    if kind in (tuple, list):
        return tuple(frozen(rule, part, kinds) for part in data)
    if kind in (dict, MappingProxyType):
        items = [(frozen(rule, k, kinds), frozen(rule, v, kinds)) for k, v in data.items()]
        return MappingProxyType(dict(items))
    if kind in SHAPES:
        enter(rule, data)
        return data
    raise Refused(rule, "neither a number nor a node nor a theorem", kind.__name__)


def enter(rule: str, node: Any) -> None:
    """Refuse what is not, with all that it is made of, a node that says something."""
    try:
        _enter(node)
    except IllTyped as error:
        raise Refused(rule, str(error), type(node).__name__) from error


def remembered(judge: Judge) -> Judge:
    """A judgement on a term that is not made twice; each node that it is asked about enters."""
    known = lru_cache(maxsize=20_000)(judge)

    def answer(rule: str, t: Term, context: Context) -> Any:
        for node in (t, *context.conds, *context.binders):
            enter(rule, node)
        return known(rule, t, context)

    return answer


def _enter(node: Any) -> None:
    if ENTERED.get(node):
        return
    check_shape(node)
    for f in fields(node):
        _parts(getattr(node, f.name))
    match node:
        case Space():
            _space(node)
        case Fn():
            _function(node)
        case Lam(params) | Definition(_, params):
            if len({p.name for p in params}) < len(params):
                raise IllTyped(f"two parameters have one name: {sorted(names(params))}")
            if isinstance(node, Definition):
                sizes = frozenset[Symbol]().union(*map(declared, params))
                if open_ := loose(node) - sizes - _declared_below(node.lam):
                    raise IllTyped(f"{sorted(names(open_))} are free in the definition")
        case Op(definition, actuals):  # `domain_of` reads its domain where it is defined
            inner = (*definition.params, *definition.lam.params)
            sizes = frozenset[Symbol]().union(*(_sizes_of_domain(p) for p in inner))
            for param, actual in zip(definition.params, actuals, strict=False):
                if param in sizes and actual != param:
                    raise IllTyped(f"{param.name} is a size of the domain of {definition.symbol}")
        case Iverson(cond) if _says_exists(cond):
            raise IllTyped("a bracket cannot say that something exists")
    ENTERED.put(node, True)


def _sizes_of_domain(symbol: Symbol) -> frozenset[Symbol]:
    if isinstance(symbol, Fn):
        symbol = replace(symbol, box=None)
    return declared(symbol)


def _parts(value: Any) -> None:
    if isinstance(value, tuple):
        for part in value:
            _parts(part)
    elif isinstance(value, Node):
        _enter(value)


def _says_exists(cond: Cond) -> bool:
    return isinstance(cond, Exists) or any(
        _says_exists(part) for part in cond.children() if isinstance(part, Cond)
    )


def _size(t: Term) -> bool:
    """Whether `t` is an integer made of integer variables and literals."""
    parts = [t]
    while parts:
        part = parts.pop()
        if type(part) not in SIZES or (isinstance(part, Var) and part.space.kind != "Z"):
            return False
        parts += [c for c in part.children() if isinstance(c, Term)]
    return space_of(t).kind == "Z"


def _space(space: Space) -> None:
    """Z^d, R^d with d >= 1, or Z/n with n >= 1, d and n sizes."""
    modular = space.kind == "Zn"
    if space.kind not in ("Z", "R", "Zn") or modular != (space.modulus is not None):
        raise IllTyped(f"no such space: {space.kind}")
    for size in (space.dim, *((space.modulus,) if space.modulus is not None else ())):
        if not _size(size) or space_of(size).dim != ONE:
            raise IllTyped("a dimension or modulus must be an integer size")
        if isinstance(size, Num) and size.value < 1:
            raise IllTyped("a dimension or modulus must be at least 1")
    if modular and space.dim != ONE:
        raise IllTyped("residues have one dimension")


def _function(fn: Fn) -> None:
    """The class must fit the domain, a range must be one for each integer argument."""
    spaces = [p for s in fn.domain for p in (s.domain if isinstance(s, Signature) else (s,))]
    loss = any(isinstance(s, Signature) for s in fn.domain)
    real = any(s.kind == "R" for s in spaces)
    known = CLASSES.get(fn.cls)
    if known is None:
        raise IllTyped(f"no such class of functions: {fn.cls}")
    if "finite" in known and (loss or real):
        raise IllTyped(f"{fn.name}: only a function on the integers is finitely supported")
    if known & {"loc", "cont", "compact", "decay"} and (loss or not spaces or not all(
        s.kind == "R" for s in spaces
    )):
        raise IllTyped(f"{fn.name}: only a function of real arguments is {fn.cls}")
    if fn.box is None:
        return
    if len(fn.box) != len(spaces) or any(s.kind != "Z" for s in spaces):
        raise IllTyped(f"{fn.name}: a range is needed for each argument, an integer")
    if loss and len(fn.domain) != 1:
        raise IllTyped(f"{fn.name}: a range only fits a loss of one function")
    for (lo, hi), space in zip(fn.box, spaces, strict=True):
        if not all(_size(end) and embeds(space_of(end), space) for end in (lo, hi)):
            raise IllTyped(f"{fn.name}: the ends of a range must be sizes")


# --- scopes -------------------------------------------------------------------------------------


def one_meaning(rule: str, nodes: Iterable[Node]) -> None:
    """Refuse nodes in which one name, free or bound, stands for two things in one place.

    Nor may a bound variable have the name of a size that is declared below it: declarations are
    read outside of all binders.
    """
    nodes = tuple(nodes)
    symbols = frozenset[Symbol]().union(*map(free, nodes))
    clash = _doubled(symbols.union(*map(declared, symbols)))
    for node in nodes:
        clash = clash or _clash(node)
    if clash:
        raise Refused(rule, f"{clash} stands for two different things", nodes[0])


def _doubled(symbols: Iterable[Symbol]) -> str | None:
    seen: dict[str, Symbol] = {}
    for symbol in symbols:
        if seen.setdefault(symbol.name, symbol) != symbol:
            return symbol.name
    return None


def _clash(node: Node) -> str | None:
    """A name that a binder in `node` gives a second meaning."""
    if CLASHES.get(node) == "":
        return None
    found = _clash_in(node)
    CLASHES.put(node, found or "")
    return found


def _clash_in(node: Node) -> str | None:
    variables = bound(node)
    if variables:
        body: Term = node.body  # type: ignore[attr-defined]
        below = names(_declared_below(body).union(*map(declared, variables)))
        if both := below & names(variables):
            return sorted(both)[0]
        if both := names(free(body) - set(variables)) & names(variables):
            return sorted(both)[0]
    if isinstance(node, Op) and (found := _clash(node.definition.lam)):
        return found
    for child in node.children():
        if found := _clash(child):
            return found
    return None


def _declared_below(node: Node) -> frozenset[Symbol]:
    """The symbols in all declarations in `node`, bound ones and definitions included."""
    known = BELOW.get(node)
    return BELOW.put(node, _below(node)) if known is None else known  # type: ignore[no-any-return]


def _below(node: Node) -> frozenset[Symbol]:
    if isinstance(node, Var | Fn):
        return declared(node)
    out = frozenset[Symbol]().union(*map(declared, bound(node)))
    if isinstance(node, DiffEntry):
        out |= declared(node.fn)
    if isinstance(node, Op):
        out |= loose(node.definition)
    return out.union(*map(_declared_below, node.children()))


def statement(rule: str, given: tuple[Cond, ...], t: Node) -> None:
    """Refuse what is not a term, under hypotheses that mean something."""
    if not isinstance(t, Term):
        raise Refused(rule, "the result is not a term", t)
    enter(rule, t)
    try:
        space_of(t)
        for cond in given:
            check_cond(cond)
    except IllTyped as error:
        raise Refused(rule, str(error), t) from error
    one_meaning(rule, (t, *given))

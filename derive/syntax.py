"""The nodes of a statement: frozen data, nothing is rewritten while it is built.

May: hold terms, conditions, functions and statements, and say which space a term lives in.
Must not: evaluate, simplify or substitute (`binding`, `polynomial` and `kernel` do).

Conventions that every other module relies on:
- A value is a real number.  An index or argument lives in a `Space`: Z^d, R^d or Z/n.  Z^d and
  R^d are commutative rings under componentwise operations, a number c standing for (c, ..., c);
  that is what lets one proof serve every dimension, with vector strides and paddings too.
- Conditions between vectors hold when they hold in *every* component, and d >= 1.
- A sum or integral that does not converge absolutely is 0, a/0 is 0, and so is the derivative of
  what is not differentiable (as in mathlib): every term has a value.  Whether a printed statement
  means what it says is a second judgement, `kernel.exists`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def node(cls: type[T]) -> type[T]:
    """A frozen dataclass that remembers its hash: statements are compared all the time."""
    made: Any = dataclass(frozen=True, slots=True, repr=False)(cls)
    computed = made.__hash__

    def __hash__(self: Any) -> int:
        try:
            return self._hash  # type: ignore[no-any-return]
        except AttributeError:
            object.__setattr__(self, "_hash", computed(self))
            return self._hash  # type: ignore[no-any-return]

    made.__hash__ = __hash__
    del made.__getstate__, made.__setstate__  # which would change a frozen node
    return made  # type: ignore[no-any-return]


class IllTyped(ValueError):
    """A term that means nothing, such as f(a/2) for a function f on the integers."""


Check: TypeAlias = Callable[[Any], bool]
SHAPES: dict[type, dict[str, Check]] = {}  # filled below: what the fields of each node must be


class Node:
    """Base of all nodes; `children` are the subterms in the order in which they are written."""

    __slots__ = ("_hash",)
    binds: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        if SHAPES:
            raise TypeError("nodes cannot be subclassed")

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, f.name) for f in fields(self))  # type: ignore[arg-type]

    def children(self) -> tuple[Node, ...]:
        out: list[Node] = []
        for name in _child_fields(type(self)):  # type: ignore[arg-type]
            value = getattr(self, name)
            if isinstance(value, Node):
                out.append(value)
            elif isinstance(value, tuple):
                out += [v for v in value if isinstance(v, Node)]
        return tuple(out)

    def __repr__(self) -> str:
        from derive.text import text  # the printer is above this module: only for people

        return text(self)


@lru_cache(maxsize=100)
def _child_fields(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.metadata.get("child", True))


class Term(Node):
    """A number or a vector; `+ - * /` build nodes and do nothing else."""

    __slots__ = ()

    def __add__(self, other: TermLike) -> Term:
        return Add((self, term(other)))

    def __radd__(self, other: TermLike) -> Term:
        return Add((term(other), self))

    def __sub__(self, other: TermLike) -> Term:
        return Add((self, -term(other)))

    def __rsub__(self, other: TermLike) -> Term:
        return Add((term(other), -self))

    def __mul__(self, other: TermLike) -> Term:
        return Mul((self, term(other)))

    def __rmul__(self, other: TermLike) -> Term:
        return Mul((term(other), self))

    def __truediv__(self, other: TermLike) -> Term:
        return Div(self, term(other))

    def __neg__(self) -> Term:
        return Num(-self.value) if isinstance(self, Num) else Mul((Num(Fraction(-1)), self))


TermLike: TypeAlias = "Term | int | Fraction"


class Function(Node):
    """Something that can be applied: `f(x)` builds `App(f, (x,))`."""

    __slots__ = ()

    def __call__(self, *args: TermLike | Function) -> App:
        return App(self, tuple(a if isinstance(a, Function) else term(a) for a in args))


class Cond(Node):
    """A condition: true or false."""

    __slots__ = ()


def term(value: TermLike) -> Term:
    """A node for a Python number; nodes stay as they are."""
    if isinstance(value, Term):
        return value
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return Num(Fraction(value))
    raise TypeError(f"expected a term, an int or a Fraction, got {value!r}")


# --- spaces -------------------------------------------------------------------------------------


@node
class Space(Node):
    """Z^dim, R^dim (kind "Z", "R"), or the residues Z/modulus (kind "Zn", dim 1)."""

    kind: str
    dim: Term
    modulus: Term | None = None


@node
class Signature(Node):
    """The space of real functions on a product of spaces: what a loss takes."""

    domain: tuple[Space, ...]


# --- terms --------------------------------------------------------------------------------------


@node
class Num(Term):
    value: Fraction = field(metadata={"child": False})


@node
class Var(Term):
    """A variable, free or bound, with its space."""

    name: str
    space: Space = field(metadata={"child": False})


@node
class Add(Term):
    terms: tuple[Term, ...]


@node
class Mul(Term):
    factors: tuple[Term, ...]


@node
class Pow(Term):
    """base^exponent for a literal exponent >= 0."""

    base: Term
    exponent: int


@node
class Div(Term):
    """Real quotient; 0 where the denominator is 0."""

    num: Term
    den: Term


@node
class Floor(Term):
    """The integer floor(num / den); 0 where den is 0."""

    num: Term
    den: Term


@node
class Max(Term):
    left: Term
    right: Term


@node
class Abs(Term):
    arg: Term


@node
class App(Term):
    """A function at arguments; a loss takes a function (a `Lam`) as its first argument."""

    fn: Function
    args: tuple[Term | Function, ...]


@node
class Iverson(Term):
    """[P]: 1 where P holds, else 0."""

    cond: Cond


@node
class Sum(Term):
    """Sum of `body` over `var`: counting measure on Z^d and Z/n, Lebesgue measure on R^d.

    `bounds` is () for the whole space or (lo, hi): lo <= var <= hi on Z^d (nothing when lo > hi),
    and on R the oriented integral from lo to hi.
    """

    var: Var = field(metadata={"child": False})
    bounds: tuple[Term, ...]
    body: Term
    binds: ClassVar[bool] = True

    @property
    def integral(self) -> bool:
        return self.var.space.kind == "R"


@node
class Diff(Term):
    """The derivative of `var -> body` at the point `at` (on R^d: along one fixed coordinate)."""

    var: Var = field(metadata={"child": False})
    body: Term
    at: Term
    binds: ClassVar[bool] = True


@node
class DiffEntry(Term):
    """The derivative of `body` with respect to the entry `fn(*entry)`, at the current `fn`."""

    fn: Fn = field(metadata={"child": False})
    entry: tuple[Term, ...]
    body: Term


# --- functions ----------------------------------------------------------------------------------


@node
class Fn(Function):
    """A function variable.

    `domain`: the spaces of its arguments (a `Signature` for a function argument).
    `cls`: what is known of it, a name of `CLASSES`.
    `box`: for tensors, (lo, hi) for each argument; the tensor is 0 outside.  For a loss, with a
    `Signature` as its only argument: the range of the entries that it depends on.
    `style`: "call" prints f(a), "index" prints f_{a}; it means nothing.
    """

    name: str
    domain: tuple[Space | Signature, ...] = field(metadata={"child": False})
    cls: str = "any"
    box: tuple[tuple[Term, Term], ...] | None = field(default=None, metadata={"child": False})
    style: str = "call"


@node
class Partial(Function):
    """The derivative of `fn` in its argument number `slot`.

    For a `Signature` slot (a loss L) it takes the entry after the other arguments:
    Partial(L, 0)(h, i) is the derivative of L at h by its entry h(i).
    """

    fn: Function
    slot: int


@node
class Lam(Function):
    params: tuple[Var, ...] = field(metadata={"child": False})
    body: Term
    binds: ClassVar[bool] = True


@node
class Definition(Node):
    """symbol[params](lam.params) := lam.body.  Closed: nothing is free but `params`.

    It stands inside each `Op` that uses it, so that two meanings of one symbol never meet.
    `notation` is for printers: "infix", "prefix" or "name" (the parameters are not shown).
    """

    symbol: str
    params: tuple[Fn | Var, ...] = field(metadata={"child": False})
    lam: Lam = field(metadata={"child": False})
    notation: str = "prefix"

    def __call__(self, *actuals: Function | TermLike) -> Op:
        return Op(self, tuple(a if isinstance(a, Function) else term(a) for a in actuals))


@node
class Op(Function):
    """A defined function: the definition's parameters replaced by `actuals`."""

    definition: Definition = field(metadata={"child": False})
    actuals: tuple[Function | Term, ...]


# What the class of a function variable says: on Z^d any or finite (finitely supported), on R^d
# measurable (any) and the others; a loss or an activation is differentiable or better.
CLASSES: dict[str, frozenset[str]] = {
    "any": frozenset(),
    "finite": frozenset({"finite"}),
    "differentiable": frozenset({"diff"}),
    "locally integrable": frozenset({"loc"}),
    "continuous": frozenset({"loc", "cont"}),
    "C1": frozenset({"loc", "cont", "diff", "C1"}),
    "C1 compact": frozenset({"loc", "cont", "diff", "C1", "compact"}),
    "smooth": frozenset({"loc", "cont", "diff", "C1", "smooth"}),
    "Schwartz": frozenset({"loc", "cont", "diff", "C1", "smooth", "decay"}),
}


# --- conditions and statements ------------------------------------------------------------------


@node
class Rel(Cond):
    """op is "=", "<=" or "<"; between vectors: in every component."""

    op: str
    lhs: Term
    rhs: Term


@node
class Divides(Cond):
    divisor: Term
    term: Term


@node
class And(Cond):
    conds: tuple[Cond, ...]


@node
class Or(Cond):
    conds: tuple[Cond, ...]


@node
class Not(Cond):
    cond: Cond


@node
class Exists(Cond):
    """All sums and integrals of `term` converge absolutely, jointly in their bound variables."""

    term: Term


@node
class Statement(Node):
    """For all values of the free variables and functions that satisfy `given`: lhs = rhs."""

    given: tuple[Cond, ...]
    lhs: Term
    rhs: Term


# --- what the fields of a node are: no subclass, no look-alike ------------------------------------


def _exactly(*kinds: type) -> Check:
    return lambda value: type(value) in kinds


def _many(check: Check) -> Check:
    return lambda value: type(value) is tuple and all(map(check, value))


def _shapes() -> dict[type, dict[str, Check]]:
    a_term = _exactly(
        Num, Var, Add, Mul, Pow, Div, Floor, Max, Abs, App, Iverson, Sum, Diff, DiffEntry
    )
    a_function = _exactly(Fn, Partial, Lam, Op)
    a_cond = _exactly(Rel, Divides, And, Or, Not, Exists)
    text, var = _exactly(str), _exactly(Var)
    either: Check = lambda value: a_term(value) or a_function(value)  # noqa: E731
    count: Check = lambda value: type(value) is int and value >= 0  # noqa: E731
    ends: Check = lambda value: _many(a_term)(value) and len(value) == 2  # noqa: E731
    box: Check = lambda value: value is None or _many(ends)(value)  # noqa: E731
    pair: dict[str, Check] = {"num": a_term, "den": a_term}
    return {
        Space: {"kind": text, "dim": a_term, "modulus": lambda v: v is None or a_term(v)},
        Signature: {"domain": _many(_exactly(Space))},
        Num: {"value": _exactly(Fraction)},
        Var: {"name": text, "space": _exactly(Space)},
        Add: {"terms": _many(a_term)},
        Mul: {"factors": _many(a_term)},
        Pow: {"base": a_term, "exponent": count},
        Div: pair,
        Floor: pair,
        Max: {"left": a_term, "right": a_term},
        Abs: {"arg": a_term},
        App: {"fn": a_function, "args": _many(either)},
        Iverson: {"cond": a_cond},
        Sum: {"var": var, "bounds": lambda v: v == () or ends(v), "body": a_term},
        Diff: {"var": var, "body": a_term, "at": a_term},
        DiffEntry: {"fn": _exactly(Fn), "entry": _many(a_term), "body": a_term},
        Fn: {
            "name": text,
            "domain": _many(_exactly(Space, Signature)),
            "cls": text,
            "box": box,
            "style": text,
        },
        Partial: {"fn": a_function, "slot": count},
        Lam: {"params": _many(var), "body": a_term},
        Definition: {
            "symbol": text,
            "params": _many(_exactly(Fn, Var)),
            "lam": _exactly(Lam),
            "notation": text,
        },
        Op: {"definition": _exactly(Definition), "actuals": _many(either)},
        Rel: {"op": text, "lhs": a_term, "rhs": a_term},
        Divides: {"divisor": a_term, "term": a_term},
        And: {"conds": _many(a_cond)},
        Or: {"conds": _many(a_cond)},
        Not: {"cond": a_cond},
        Exists: {"term": a_term},
        Statement: {"given": _many(a_cond), "lhs": a_term, "rhs": a_term},
    }


SHAPES.update(_shapes())


def check_shape(value: object) -> None:
    """Raise `IllTyped` unless `value` is a node whose own fields are of the declared types."""
    shape = SHAPES.get(type(value))
    if shape is None:
        raise IllTyped(f"not a node: a {type(value).__name__}")
    for name, check in shape.items():
        if not check(getattr(value, name)):
            raise IllTyped(f"the {name} of a {type(value).__name__} is not what it must be")


ONE = Num(Fraction(1))
ZERO = Num(Fraction(0))
Z = Space("Z", ONE)
R = Space("R", ONE)


def lattice(dim: TermLike) -> Space:
    """Z^dim."""
    return Space("Z", term(dim))


def euclidean(dim: TermLike) -> Space:
    """R^dim."""
    return Space("R", term(dim))


def residues(modulus: Term) -> Space:
    """Z/modulus, for modulus >= 1."""
    return Space("Zn", ONE, modulus)


# --- which space a term lives in ----------------------------------------------------------------


def join(a: Space, b: Space) -> Space:
    """The smallest space that holds both: Z in Z/n, Z in R, numbers in vectors."""
    if a == b:
        return a
    if "Zn" in (a.kind, b.kind):
        small, big = (a, b) if b.kind == "Zn" else (b, a)
        if small == Z:
            return big
        raise IllTyped(f"{a!r} and {b!r} do not meet in one space")
    dims = {a.dim, b.dim} - {ONE}
    if len(dims) > 1:
        raise IllTyped(f"vectors of the different dimensions {a.dim!r} and {b.dim!r}")
    return Space("R" if "R" in (a.kind, b.kind) else "Z", dims.pop() if dims else ONE)


def embeds(a: Space, b: Space) -> bool:
    """Whether a term of space `a` may stand where one of space `b` is expected."""
    try:
        return join(a, b) == b
    except IllTyped:
        return False


@lru_cache(maxsize=100_000)
def space_of(t: Term) -> Space:
    """The space of a well-formed term; raises `IllTyped` for one that means nothing."""
    check_shape(t)
    match t:
        case Num(value):
            return Z if value.denominator == 1 else R
        case Var(_, space):
            return space
        case Add(parts) | Mul(parts):
            space = Z
            for part in parts:
                space = join(space, space_of(part))
            return space
        case Pow(base, exponent):
            if exponent < 0:
                raise IllTyped(f"negative power {exponent}")
            return space_of(base)
        case Div(num, den):
            space = join(space_of(num), space_of(den))
            if space.kind == "Zn":
                raise IllTyped(f"division of residues in {t!r}")
            return Space("R", space.dim)
        case Floor(num, den) | Max(num, den):
            space = join(space_of(num), space_of(den))
            if space.kind == "Zn" or (isinstance(t, Floor) and space.kind != "Z"):
                raise IllTyped(f"{t!r} needs integers, or an order")
            return space
        case Abs(arg):
            if space_of(arg).kind == "Zn":
                raise IllTyped("absolute value of a residue")
            return space_of(arg)
        case App(fn, args):
            _check_arguments(fn, args)
            return R
        case Iverson(cond):
            check_cond(cond)
            return Z
        case Sum(var, bounds, body):
            values = _value(body)
            if bounds and (var.space.kind == "Zn" or (var.space.kind == "R" and var.space != R)):
                raise IllTyped("a sum over residues or an integral over R^d has no bounds")
            for bound in bounds:
                if not embeds(space_of(bound), var.space):
                    raise IllTyped(f"the bound {bound!r} of {var!r} is not in {var.space!r}")
            return values if var.space.kind != "R" else R
        case Diff(var, body, at):
            if var.space.kind != "R" or not embeds(space_of(at), var.space):
                raise IllTyped(f"derivative by {var!r}, which is not real, or at a foreign point")
            _value(body)
            return R
        case DiffEntry(fn, entry, body):
            _check_arguments(fn, entry)
            if any(isinstance(place, Space) and place.kind == "R" for place in fn.domain):
                raise IllTyped(f"{fn!r} has no entries: its arguments are real")
            _value(body)
            return R
    raise IllTyped(f"not a term: {t!r}")


def _value(body: Term) -> Space:
    space = space_of(body)
    if space not in (Z, R):
        raise IllTyped(f"{body!r} is not a number")
    return space


def domain_of(fn: Function) -> tuple[Space | Signature, ...]:
    """The spaces of the arguments of a function."""
    match fn:
        case Fn(_, domain):
            return domain
        case Lam(params, body):
            _value(body)
            return tuple(p.space for p in params)
        case Partial(inner, slot):
            domain = domain_of(inner)
            taken = domain[slot] if slot < len(domain) else None
            if isinstance(taken, Signature):
                return domain + taken.domain
            if taken is None or taken.kind != "R":
                raise IllTyped(f"{inner!r} has no real argument number {slot + 1}")
            return domain
        case Op(definition, actuals):
            if len(actuals) != len(definition.params):
                raise IllTyped(f"{definition.symbol} takes {len(definition.params)} parameters")
            for param, actual in zip(definition.params, actuals, strict=True):
                if isinstance(param, Var) != isinstance(actual, Term):
                    raise IllTyped(f"{actual!r} cannot stand for {param!r}")
                if isinstance(param, Var):
                    fits = isinstance(actual, Term) and embeds(space_of(actual), param.space)
                else:
                    fits = isinstance(actual, Function) and domain_of(actual) == param.domain
                if not fits:
                    raise IllTyped(f"{actual!r} cannot stand for {param!r}")
            return tuple(p.space for p in definition.lam.params)
    raise IllTyped(f"not a function: {fn!r}")


def _check_arguments(fn: Function, args: tuple[Term | Function, ...]) -> None:
    domain = domain_of(fn)
    if len(domain) != len(args):
        raise IllTyped(f"{fn!r} takes {len(domain)} arguments, not {len(args)}")
    for place, arg in zip(domain, args, strict=True):
        if isinstance(place, Signature):
            if not isinstance(arg, Function) or domain_of(arg) != place.domain:
                raise IllTyped(f"{fn!r} takes a function, not {arg!r}")
        elif not isinstance(arg, Term) or not embeds(space_of(arg), place):
            raise IllTyped(f"{arg!r} is not an argument of {fn!r}")


def check_cond(cond: Cond) -> None:
    """Raise `IllTyped` for a condition that means nothing (an order between residues, say)."""
    match cond:
        case Rel(op, lhs, rhs):
            if op not in ("=", "<=", "<"):
                raise IllTyped(f"no relation {op}")
            if join(space_of(lhs), space_of(rhs)).kind == "Zn" and op != "=":
                raise IllTyped(f"residues have no order: {cond!r}")
        case Divides(divisor, number):
            if join(space_of(divisor), space_of(number)).kind != "Z":
                raise IllTyped(f"divisibility needs integers: {cond!r}")
        case And(conds) | Or(conds):
            for part in conds:
                check_cond(part)
        case Not(part):
            check_cond(part)
        case Exists(inner):
            space_of(inner)
        case _:
            raise IllTyped(f"not a condition: {cond!r}")

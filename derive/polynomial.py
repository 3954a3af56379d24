"""Normal forms: polynomials over Q in atoms, equal up to the laws of a commutative ring.

May: decide that two terms are equal *as polynomials*, everything that is not + - * or a literal
being an atom; atoms are compared up to bound names, with normal forms inside them.
Must not: know any law about sums, functions or derivatives.  The kernel trusts this module.

The laws that are used, with x/0 = 0: those of commutative rings (Z^d and R^d componentwise);
[P]^2 = [P], [P and Q] = [P][Q], [not P] = 1 - [P]; an order or equality between ordered numbers
may be scaled by a positive rational; p = 0 or p >= 0 for an integer-valued p with coefficients
divisible by g only concerns its constant's residue mod g; floor((b q + r)/b) = q + floor(r/b).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import floor, gcd, lcm

from derive.binding import alpha_key, bound, free
from derive.syntax import (
    Abs,
    Add,
    And,
    App,
    Cond,
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
    Space,
    Sum,
    Term,
    Var,
    join,
    space_of,
)

Monomial = tuple[tuple[str, int], ...]
CONSTANT: Monomial = ()
UNIT = Fraction(1)

MOST_PRODUCTS = 20_000


class TooMany(ValueError):
    """A product with more terms than anybody would write out."""


class Poly(dict[Monomial, Fraction]):
    """Coefficients by monomial; no zero is kept.  Atoms that begin with "[" are idempotent."""

    def __add__(self, other: Poly) -> Poly:
        out = Poly(self)
        for mono, c in other.items():
            old = out.get(mono)
            if old is None:
                out[mono] = c
            elif total := old + c:
                out[mono] = total
            else:
                del out[mono]
        return out

    def __mul__(self, other: Poly) -> Poly:
        if len(self) * len(other) > MOST_PRODUCTS:
            raise TooMany(f"more than {MOST_PRODUCTS} terms to multiply out")
        total: dict[Monomial, Fraction] = {}
        for m1, c1 in self.items():
            for m2, c2 in other.items():
                mono = _times(m1, m2)
                c = c2 if c1 is UNIT else c1 if c2 is UNIT else c1 * c2
                total[mono] = total[mono] + c if mono in total else c
        return Poly({m: c for m, c in total.items() if c})

    def scaled(self, c: Fraction) -> Poly:
        return Poly({m: c * k for m, k in self.items()}) if c else Poly()

    def __sub__(self, other: Poly) -> Poly:
        return self + other.scaled(Fraction(-1))

    def constant(self) -> Fraction | None:
        """The value of a polynomial without atoms, else None."""
        if not self:
            return Fraction(0)
        return self[CONSTANT] if set(self) == {CONSTANT} else None

    def key(self) -> str:
        return "+".join(
            f"{c}" + "".join(f"*{a}^{e}" for a, e in m) for m, c in sorted(self.items())
        )


def _times(m1: Monomial, m2: Monomial) -> Monomial:
    if not m1 or not m2:
        return m1 or m2
    powers = dict(m1)
    for atom, e in m2:
        powers[atom] = 1 if atom.startswith("[") else powers.get(atom, 0) + e
    return tuple(sorted(powers.items()))


def const(c: Fraction | int) -> Poly:
    return Poly({CONSTANT: UNIT if c == 1 else Fraction(c)}) if c else Poly()


@dataclass(frozen=True)
class Scope:
    """Names of the bound variables around, and, where wanted, the term of each atom."""

    env: Mapping[Var, str] = field(default_factory=dict)
    depth: int = 0
    atoms: dict[str, Term] | None = None

    def under(self, variables: tuple[Var, ...]) -> Scope:
        names = {v: f"#{self.depth + k}" for k, v in enumerate(variables)}
        # below a binder the atoms are not terms of the outside: they are not collected
        return Scope({**self.env, **names}, self.depth + len(variables))

    def inside(self) -> Scope:
        return Scope(self.env, self.depth)

    def names_in(self, t: Term) -> tuple[tuple[Var, str], ...]:
        """The bound variables around that occur in `t`."""
        inside = free(t) if self.env else ()
        return tuple((v, name) for v, name in self.env.items() if v in inside)

    def atom(self, key: str, t: Term) -> Poly:
        if self.atoms is not None:
            self.atoms.setdefault(key, t)
        return Poly({((key, 1),): UNIT})


def poly(t: Term, scope: Scope | None = None) -> Poly:
    """The polynomial of a well-typed term."""
    scope = scope or Scope()
    if scope.atoms is not None or isinstance(t, Num | Var):
        return _poly(t, scope)
    return Poly(_remembered(t, scope.names_in(t), scope.depth))  # a copy: nobody can spoil it


@lru_cache(maxsize=100_000)
def _remembered(t: Term, names: tuple[tuple[Var, str], ...], depth: int) -> Poly:
    free(t)  # refuses ill-formed nodes: what only claims to equal a node must not answer for it
    return _poly(t, Scope(dict(names), depth))


def _poly(t: Term, scope: Scope) -> Poly:
    match t:
        case Num(value):
            return const(value)
        case Var(name, space):
            return scope.atom(scope.env.get(t) or f"{name!r}:{alpha_key(space)}", t)
        case Add(terms):
            out = Poly()
            for part in terms:
                out = out + poly(part, scope)
            return out
        case Mul(factors):
            out = const(1)
            for part in factors:
                out = out * poly(part, scope)
            return out
        case Pow(base, exponent):
            out, factor = const(1), poly(base, scope)
            for _ in range(exponent):
                out = out * factor
            return out
        case Div(num, den):
            return poly(num, scope) * _inverse(den, scope)
        case Floor():
            return _floor(t, scope)
        case Max(left, right):
            a, b = poly(left, scope.inside()), poly(right, scope.inside())
            gap = (b - a).constant()
            if gap is not None:
                return poly(right if gap > 0 else left, scope)
            return scope.atom(f"max({';'.join(sorted((a.key(), b.key())))})", t)
        case Abs(arg):
            p = poly(arg, scope.inside())
            size = p.constant()
            if size is not None:
                return const(abs(size))
            flipped = p.scaled(Fraction(-1))
            return scope.atom(f"abs({min(p.key(), flipped.key())})", t)
        case Iverson(cond):
            return indicator(cond, scope)
        case Sum(_, _, body) if not poly(body, scope.under(bound(t))):
            return Poly()
    return scope.atom(_atom_key(t, scope.inside()), t)


def _atom_key(t: Term, scope: Scope) -> str:
    return _described(t, scope.names_in(t), scope.depth)


@lru_cache(maxsize=50_000)
def _described(t: Term, names: tuple[tuple[Var, str], ...], depth: int) -> str:
    free(t)  # as above
    scope = Scope(dict(names), depth)
    match t:
        case App(fn, args):
            return f"{_fn_key(fn, scope)}({','.join(key(a, scope) for a in args)})"
        case Sum(var, bounds, body):
            ends = ",".join(key(b, scope) for b in bounds)
            return f"sum({alpha_key(var.space)};{ends};{key(body, scope.under((var,)))})"
        case Diff(var, body, at):
            return f"d({alpha_key(var.space)};{key(body, scope.under((var,)))};{key(at, scope)})"
        case DiffEntry(fn, entry, body):
            place = ",".join(key(e, scope) for e in entry)
            return f"d({_fn_key(fn, scope)}({place});{key(body, scope)})"
    raise TypeError(f"not a term: {t!r}")


def _fn_key(fn: Function, scope: Scope) -> str:
    match fn:
        case Fn():
            return alpha_key(fn)
        case Partial(inner, slot):
            return f"D{slot}<{_fn_key(inner, scope)}>"
        case Lam(params, body):
            spaces = ",".join(alpha_key(p.space) for p in params)
            return f"lam({spaces};{key(body, scope.under(params))})"
        case Op(definition, actuals):
            return f"{alpha_key(definition)}<{','.join(key(a, scope) for a in actuals)}>"
    raise TypeError(f"not a function: {fn!r}")


def key(node: Node, scope: Scope | None = None) -> str:
    """A string that two terms, functions or conditions share only if they are equal."""
    scope = scope or Scope()
    if isinstance(node, Function):
        return _fn_key(node, scope)
    if isinstance(node, Cond):
        return node_key(node, scope)
    return poly(node, scope).key()  # type: ignore[arg-type]


def node_key(cond: Cond, scope: Scope) -> str:
    if isinstance(cond, Exists):
        return f"exists({key(cond.term, scope)})"
    return indicator(cond, scope).key()


def equal(a: Node, b: Node) -> bool:
    """Equality as polynomials, up to the names of bound variables."""
    return key(a) == key(b)


def _inverse(den: Term, scope: Scope) -> Poly:
    """1/0 = 0, 1/(-e) = -(1/e) and 1/(a b) = (1/a) (1/b), whatever is 0."""
    atoms: dict[str, Term] = {}
    p = poly(den, Scope(scope.env, scope.depth, atoms))
    value = p.constant()
    if value is not None:
        return const(1 / value if value else 0)
    if len(p) == 1:
        ((mono, c),) = p.items()
        parts = [(Poly({((a, 1),): UNIT}), atoms[a]) for a, e in mono for _ in range(e)]
        out = const(1 / c)
    else:
        sign = max(UNIT, -UNIT, key=lambda s: p.scaled(s).key())
        parts, out = [(p.scaled(sign), to_term(p.scaled(sign), atoms))], const(sign)
    for part, t in parts:
        out = out * scope.atom(f"inv({part.key()})", Div(Num(UNIT), t))
    return out


def _floor(t: Floor, scope: Scope) -> Poly:
    atoms: dict[str, Term] = {}
    num, den = poly(t.num, Scope(scope.env, scope.depth, atoms)), poly(t.den, scope.inside())
    b = den.constant()
    if scope.atoms is not None:  # those that come out of the floor
        scope.atoms.update({key: t for key, t in atoms.items() if key not in scope.atoms})
    if b is None:
        return scope.atom(f"floor({num.key()};{den.key()})", t)
    if b == 0:
        return Poly()
    if b < 0:
        num, b = num.scaled(Fraction(-1)), -b
    whole, rest = Poly(), Poly()
    for mono, c in num.items():
        if floor(c / b):
            whole[mono] = Fraction(floor(c / b))
        if c - b * floor(c / b):
            rest[mono] = c - b * floor(c / b)
    if rest.constant() is not None:  # 0 <= rest < b
        return whole
    return whole + scope.atom(f"floor({rest.key()};{b})", Floor(to_term(rest, atoms), Num(b)))


def _reading_order(item: tuple[Monomial, Fraction]) -> tuple[bool, bool, int, Monomial]:
    """Numbers last, x - z rather than -z + x, high degrees first."""
    mono, c = item
    return not mono, c < 0, -sum(e for _, e in mono), mono


def to_term(p: Poly, atoms: Mapping[str, Term]) -> Term:
    """A term with polynomial p, from the atoms that `poly` collected."""
    parts: list[Term] = []
    for mono, c in sorted(p.items(), key=_reading_order):
        factors: list[Term] = [Num(c)] if c != 1 or not mono else []
        for atom, e in mono:
            factors.append(atoms[atom] if e == 1 else Pow(atoms[atom], e))
        parts.append(factors[0] if len(factors) == 1 else Mul(tuple(factors)))
    return parts[0] if len(parts) == 1 else Add(tuple(parts)) if parts else Num(Fraction(0))


# --- conditions ---------------------------------------------------------------------------------


def indicator(cond: Cond, scope: Scope | None = None) -> Poly:
    """[cond] as a polynomial in idempotent atoms."""
    scope = scope or Scope()
    match cond:
        case And(conds):
            out = const(1)
            for part in conds:
                out = out * indicator(part, scope)
            return out
        case Or(conds):
            out = const(1)
            for part in conds:
                out = out * (const(1) - indicator(part, scope))
            return const(1) - out
        case Not(part):
            return const(1) - indicator(part, scope)
        case Rel(op, lhs, rhs):
            p = poly(rhs, scope.inside()) - poly(lhs, scope.inside())
            return _relation(cond, op, p, join(space_of(lhs), space_of(rhs)), scope)
        case Divides(divisor, number):
            s, e = poly(divisor, scope.inside()), poly(number, scope.inside())
            a, b = s.constant(), e.constant()
            if not e or a in (1, -1):
                return const(1)
            if a and all(c.denominator == 1 for c in e.values()):
                e = Poly({m: c % a for m, c in e.items() if c % a})  # modulo a literal
                b = e.constant()
            if a is not None and b is not None:
                return const(1 if (b == 0 if a == 0 else b % a == 0) else 0)
            turned = e.scaled(Fraction(-1))
            if a:
                turned = Poly({m: c % a for m, c in turned.items()})
            sign = min(e.key(), turned.key())
            return scope.atom(f"[{s.key()}|{sign}]", Iverson(cond))
    raise TypeError(f"not a condition that can stand in a bracket: {cond!r}")


def _relation(cond: Rel, op: str, p: Poly, space: Space, scope: Scope) -> Poly:
    """[0 op p], with p scaled to a canonical multiple."""
    value, kind = p.constant(), space.kind
    if kind == "Zn":
        if value == 0:
            return const(1)
        shape = min(p.key(), p.scaled(Fraction(-1)).key())
        return scope.atom(f"[mod {alpha_key(space)}:0={shape}]", Iverson(cond))
    if kind == "Z" and op == "<":
        p, op = p - const(1), "<="
        value = p.constant()
    if value is not None:
        holds = {"=": value == 0, "<=": value >= 0, "<": value > 0}[op]
        return const(1 if holds else 0)
    p = primitive(p)
    if kind == "Z":  # p = g q + c with q integer-valued
        c = p.get(CONSTANT, Fraction(0))
        g = _content({m: k for m, k in p.items() if m != CONSTANT})
        if op == "=" and c % g:
            return Poly()
        p = (p - const(c)).scaled(1 / g) + const(Fraction(floor(c / g)))
    if op == "=":
        shape = min(p.key(), p.scaled(Fraction(-1)).key())
    else:
        shape = p.key()
    return scope.atom(f"[0{op}{shape}]", Iverson(cond))


def _content(coefficients: Mapping[Monomial, Fraction]) -> Fraction:
    """The positive rational g for which the coefficients / g are coprime integers."""
    values = list(coefficients.values())
    den = lcm(*(v.denominator for v in values))
    return Fraction(gcd(*(int(v * den) for v in values)), den)


def primitive(p: Poly) -> Poly:
    """p divided by its positive content."""
    return p.scaled(1 / _content(p)) if p else p

"""When a sum or integral of a product exists: what holds its bound variables in.

A monomial sum_v (factors) is *held in* when only v = 0 satisfies A v = 0 and C v >= 0, with A the
linear parts in v of the arguments of its finitely supported (on R: compactly supported, or
rapidly decreasing) factors and equality brackets, taken together, and C those of its ranges and
brackets: then its sum over Z^n is a finite sum, and its integral converges absolutely.
Taken one variable at a time this would let sum_a sum_b f(a - b) through.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeGuard

from derive.binding import free
from derive.kernel.entail import Fact
from derive.kernel.monomial import Monomial, properties
from derive.polynomial import CONSTANT, Scope, poly
from derive.syntax import (
    Abs,
    Add,
    App,
    Cond,
    Div,
    Floor,
    Iverson,
    Mul,
    Node,
    Not,
    Num,
    Pow,
    Rel,
    Space,
    Term,
    Var,
    domain_of,
    join,
    space_of,
)

Row = dict[Var, Fraction]
MOST_SUMS = 60


def linear(t: Term, variables: frozenset[Var], symbols: frozenset[str]) -> Row | None:
    """The linear part of `t` in `variables` if its coefficients are rational, else None.

    s v + c with a single variable and a symbolic s > 0 (its atoms are in `symbols`) bounds v as
    v + c does: the row is then that of v.  An equation or an argument needs s != 0 alone.
    """
    atoms: dict[str, Term] = {}
    row: Row = {}
    scaled = False
    for mono, c in poly(t, Scope(atoms=atoms)).items():
        inside = [(atoms[a], e) for a, e in mono if free(atoms[a]) & variables]
        if not inside:
            continue
        scale = {a for a, _ in mono if not free(atoms[a]) & variables}
        (var, power), *others = inside
        if others or power > 1 or not isinstance(var, Var) or not scale <= symbols:
            return None
        if var in row:  # s v + r v
            return None
        scaled = scaled or bool(scale)
        row[var] = c
    return None if scaled and len(row) > 1 else row


def _signed(facts: list[Fact], sign: int) -> frozenset[str]:
    """The atoms of which an assumption says that they are > 0 (or < 0), in each component."""
    out = set()
    for p, strict in facts:
        c = p.get(CONSTANT, Fraction(0))
        if c < 0 or (strict and c == 0):
            rest = [(m, k) for m, k in p.items() if m != CONSTANT]
            if len(rest) == 1 and rest[0][1] * sign > 0 and len(rest[0][0]) == 1:
                ((atom, power),) = rest[0][0]
                if power % 2:  # s^2 >= 1 does not make s positive
                    out.add(atom)
    return frozenset(out)


def _arguments(factor: App) -> list[Term]:
    """The arguments in which a supported function holds: not those taken modulo n."""
    return [
        a
        for place, a in zip(domain_of(factor.fn), factor.args, strict=True)
        if isinstance(place, Space) and place.kind != "Zn" and isinstance(a, Term)
    ]


def _inner(t: Term) -> Term:
    """|t| and floor(t / c) stay bounded only where t does."""
    match t:
        case Abs(inner) | Floor(inner, Num()):
            return _inner(inner)
    return t


class Span:
    """Rows over Q brought to echelon form: the directions in which a monomial is held."""

    def __init__(self) -> None:
        self.rows: dict[Var, Row] = {}

    def reduce(self, row: Row) -> Row:
        row = {v: c for v, c in row.items() if c}
        for pivot, known in self.rows.items():
            if c := row.get(pivot):
                for v, k in known.items():
                    row[v] = row.get(v, Fraction(0)) - c * k
                row = {v: c for v, c in row.items() if c}
        return row

    def add(self, row: Row) -> bool:
        row = self.reduce(row)
        if not row:
            return False
        pivot = min(row, key=lambda v: v.name)
        row = {v: c / row[pivot] for v, c in row.items()}
        for p, other in self.rows.items():
            if c := other.get(pivot):
                merged = _minus(other, _scaled(row, c))
                self.rows[p] = {v: k for v, k in merged.items() if k}
        self.rows[pivot] = row
        return True


def held(m: Monomial, parameter: Var | None, facts: list[Fact]) -> str | None:
    """None if the monomial is held in, else the reason why not.

    With a `parameter` x: held in locally uniformly in x together with its derivative by x, so
    that d/dx may go under the sums and integrals (dominated convergence): each factor with x
    must be C^1, no bracket or bound may contain x.  `facts` are those known of the free symbols.
    """
    positive = _signed(facts, 1)
    nonzero = positive | _signed(facts, -1)
    variables = frozenset(v for v, _ in m.binders)
    real = frozenset(v for v in variables if v.space.kind == "R")
    unbounded = frozenset(v for v in variables if v.space.kind != "Zn")
    if parameter:
        for _, bounds in m.binders:
            if any(parameter in free(b) for b in bounds):
                return f"a bound contains {parameter.name}"
    compact, rough = Span(), 0
    rapid: list[Row] = []
    for factor in m.factors:
        inside = free(factor)
        known = properties(factor.fn) if isinstance(factor, App) else frozenset()
        if parameter and parameter in inside and not smooth(factor, parameter):
            return f"{factor!r} is not known to be C^1 in {parameter.name}"
        if isinstance(factor, App) and known & {"finite", "compact", "decay"}:
            for arg in _arguments(factor):
                row = linear(_inner(arg), variables, nonzero)
                if row and ("decay" in known):
                    rapid.append(row)
                elif row:
                    compact.add(row)
        elif isinstance(factor, Iverson) and _ordered(factor.cond):
            row = linear(factor.cond.lhs - factor.cond.rhs, variables, positive)
            if factor.cond.op == "=":
                if inside & real:
                    return f"{factor!r} is 0 almost everywhere in an integral"
                if row:
                    compact.add(row)
        if inside & real:
            kind = _regularity(factor, real, known)
            if kind is None:
                return f"{factor!r} is not known to be integrable"
            rough += kind == "rough"
            if kind == "rough" and inside & ({parameter} if parameter else set()):
                return f"{factor!r} is not known to be C^1"
    if rough > 1:
        return "two factors that are only locally integrable"
    _ranges(m, variables, compact, positive, finite=True)
    if unbounded <= _fixed(compact, variables):
        return None
    for factor in m.factors:
        known = properties(factor.fn) if isinstance(factor, App) else frozenset()
        if free(factor) & variables and _regularity(factor, variables, known) != "tempered":
            return f"{factor!r} may grow faster than the others decay"
    for row in rapid:
        compact.add(row)
    _ranges(m, variables, compact, positive, finite=False)
    loose = unbounded - _fixed(compact, variables)
    if loose:
        return f"nothing holds {', '.join(sorted(v.name for v in loose))} in"
    return None


def _ordered(cond: Cond) -> TypeGuard[Rel]:
    """Whether a condition is an order or equality of numbers; one of residues holds nothing in."""
    return isinstance(cond, Rel) and join(space_of(cond.lhs), space_of(cond.rhs)).kind != "Zn"


def smooth(factor: Term, x: Var) -> bool:
    """Whether a factor that contains the parameter x is C^1 in it."""
    if factor == x:
        return True
    if _polynomial(factor):
        return True
    if not isinstance(factor, App) or "C1" not in properties(factor.fn):
        return False
    return all(_polynomial(a) for a in factor.args)


def continuous(factor: Term, z: Var) -> bool:
    """Whether a factor that contains z is continuous in it."""
    if _polynomial(factor):
        return True
    if not isinstance(factor, App) or "cont" not in properties(factor.fn):
        return False
    return all(_polynomial(a) for a in factor.args)


def _polynomial(t: Node) -> bool:
    """Whether a term is a polynomial in its variables (so: continuous, of moderate growth)."""
    match t:
        case Num() | Var():
            return True
        case Add(parts) | Mul(parts):
            return all(_polynomial(p) for p in parts)
        case Pow(base) | Div(base, Num()):
            return _polynomial(base)
    return False


def _regularity(factor: Term, real: frozenset[Var], known: frozenset[str]) -> str | None:
    """How a factor behaves in the variables of integration, None for: not known."""
    if _polynomial(factor):
        return "tempered"
    if isinstance(factor, Iverson):
        cond = factor.cond.cond if isinstance(factor.cond, Not) else factor.cond
        if not isinstance(cond, Rel):
            return None
        return "tempered" if _polynomial(cond.lhs) and _polynomial(cond.rhs) else None
    if not isinstance(factor, App) or not all(_polynomial(a) for a in factor.args):
        return None
    if "finite" in known or (known & {"compact", "decay"} and "cont" in known):
        return "tempered"
    if "cont" in known:
        return "continuous"
    rows = [linear(a, real, frozenset()) for a in _arguments(factor) if free(a) & real]
    onto = len(rows) == 1 and len(factor.args) == 1 and bool(rows[0])
    if "loc" not in known or not onto:
        return None
    (place,) = domain_of(factor.fn)  # a line in R^d is not onto
    flat = isinstance(place, Space) and all(v.space.dim == place.dim for v in rows[0] or ())
    return "rough" if flat else None


def _fixed(span: Span, variables: frozenset[Var]) -> frozenset[Var]:
    return frozenset(v for v in variables if not span.reduce({v: Fraction(1)}))


def _ranges(
    m: Monomial, variables: frozenset[Var], span: Span, positive: frozenset[str], finite: bool
) -> None:
    """Two inequalities with opposite linear parts, modulo what is held, hold their direction.

    An oriented interval lies between its ends, whichever is the larger: held ends hold it.
    What holds an integer without rapid decay leaves it `finite`ly many values: it then counts as
    a constant.  An inequality is taken as a whole, since j - s i is not bounded where j - i is.
    """
    gaps: list[Term] = []  # each is >= 0
    intervals: list[tuple[Var, Row, Row]] = []
    for var, bounds in m.binders:
        if bounds and var.space.kind == "R":
            lo, hi = (linear(end, variables, positive) for end in bounds)
            if lo is not None and hi is not None:
                intervals.append((var, lo, hi))
        elif bounds:
            gaps += [var - bounds[0], bounds[1] - var]
    for factor in m.factors:
        if isinstance(factor, Iverson) and _ordered(factor.cond) and factor.cond.op != "=":
            gaps.append(factor.cond.rhs - factor.cond.lhs)
    changed = True
    while changed:
        fixed = _fixed(span, variables) if finite else frozenset()
        moving = variables - frozenset(v for v in fixed if v.space.kind == "Z")
        sides = [linear(gap, moving, positive) or {} for gap in gaps]
        reduced = [_unit(r) for side in sides if (r := span.reduce(side))]
        reduced += _sums(reduced)
        turned = [_scaled(side, Fraction(-1)) for side in reduced]
        opposite = [r for r in reduced if any(not span.reduce(_minus(r, s)) for s in turned)]
        between = [v for v, lo, hi in intervals if not span.reduce(lo) and not span.reduce(hi)]
        changed = any([span.add(r) for r in [*opposite, *({v: Fraction(1)} for v in between)]])


def _sums(rows: list[Row]) -> list[Row]:
    """Sums of two inequalities in which a variable cancels: i - j >= 0 and j >= 0 give i >= 0."""
    out: list[Row] = []
    for r in rows:
        for s in rows:
            for v in r:
                if r[v] > 0 > s.get(v, 0) and len(out) < MOST_SUMS:
                    total = _minus(_scaled(r, 1 / r[v]), _scaled(s, 1 / s[v]))
                    kept = {u: c for u, c in total.items() if c}
                    if kept:
                        out.append(_unit(kept))
    return out


def _unit(row: Row) -> Row:
    """The row divided by the size of its first coefficient: 2 v >= 0 says what v >= 0 does."""
    return _scaled(row, 1 / abs(row[min(row, key=lambda v: v.name)]))


def _scaled(row: Row, c: Fraction) -> Row:
    return {v: c * k for v, k in row.items()}


def _minus(a: Row, b: Row) -> Row:
    return {v: a.get(v, Fraction(0)) - b.get(v, Fraction(0)) for v in a | b}

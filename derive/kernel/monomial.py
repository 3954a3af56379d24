"""Terms multiplied out: sums in front, products of atoms behind them.

`sum_v (F + G) h` becomes the monomials `sum_v F h` and `sum_v G h`.  That this is allowed, and
that monomials may be reordered and collected, rests on existence (`kernel.existence`); this
module only writes it out and gives each monomial a description that no renaming or reordering of
its bound variables changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import permutations

from derive.binding import alpha_key, free, fresh, instantiate, names, substitute
from derive.kernel.context import Refused
from derive.polynomial import Poly, Scope, TooMany, const, poly
from derive.syntax import (
    CLASSES,
    Add,
    And,
    App,
    Fn,
    Function,
    Iverson,
    Lam,
    Mul,
    Num,
    Op,
    Partial,
    Pow,
    Signature,
    Sum,
    Term,
    Var,
    domain_of,
)

MOST_TERMS = 2_000
Binder = tuple[Var, tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class Monomial:
    """sum over `binders` (outermost first) of the product of `factors`."""

    binders: tuple[Binder, ...]
    factors: tuple[Term, ...]


def unfolded(t: Term) -> Term:
    """The head of `t` with definitions unfolded and functions written out applied."""
    while isinstance(t, App) and isinstance(t.fn, Op | Lam):
        t = beta(t.fn, t.args)
    return t


@lru_cache(maxsize=20_000)
def beta(fn: Op | Lam, args: tuple[Term | Function, ...]) -> Term:
    """(v -> body)(args): body with args for v; a definition first takes its parameters."""
    for part in (fn, *args):
        free(part)  # refuses ill-formed nodes before anything is remembered
    if isinstance(fn, Op):
        closed(fn)
        actuals = dict(zip(fn.definition.params, fn.actuals, strict=True))
        return beta(instantiate(fn.definition.lam, actuals), args)
    return substitute(fn.body, dict(zip(fn.params, args, strict=True)))  # type: ignore[arg-type]


def closed(fn: Op) -> None:
    """Refuse a definition in which something else than its parameters is free."""
    d = fn.definition
    allowed = set(d.params).union(*(free(p) for p in d.params))
    if loose := free(d.lam) - allowed:
        raise Refused("unfold", f"{sorted(names(loose))} are free in the definition", d.lam)


def properties(fn: Function) -> frozenset[str]:
    """What is known of a function: the words of `CLASSES`, "finite" also for a box."""
    if isinstance(fn, Fn):
        return CLASSES.get(fn.cls, frozenset()) | (frozenset({"finite"}) if fn.box else frozenset())
    if isinstance(fn, Partial):
        inner = properties(fn.fn)
        if isinstance(domain_of(fn.fn)[fn.slot], Signature):
            return inner & {"finite"}  # a loss depends on the entries in its box only
        if "smooth" in inner:
            return inner
        return inner & {"loc", "cont", "compact"} if "C1" in inner else frozenset()
    return frozenset()


def monomials(t: Term) -> list[Monomial]:
    """`t` multiplied out: its sums in front, products of atoms behind them."""
    return list(_expand(t, frozenset(names(free(t)))))


def _expand(t: Term, taken: frozenset[str]) -> Iterable[Monomial]:
    t = unfolded(t)
    match t:
        case Num(value) if not value:
            return
        case Add(terms):
            for part in terms:
                yield from _expand(part, taken)
        case Pow(base, exponent):
            yield from _expand(Mul((base,) * exponent), taken)
        case Mul(factors):
            products = [Monomial((), ())]
            for factor in factors:
                longer = []
                for m in products:
                    used = taken | {v.name for v, _ in m.binders}
                    for n in _expand(factor, used):
                        longer.append(Monomial(m.binders + n.binders, m.factors + n.factors))
                if len(longer) > MOST_TERMS:
                    raise TooMany(f"more than {MOST_TERMS} terms to multiply out")
                products = longer
            yield from products
        case Sum(var, bounds, body):
            new = Var(fresh(var.name, taken | names(free(body) - {var})), var.space)
            body = body if new == var else substitute(body, {var: new})
            for m in _expand(body, taken | {new.name}):
                yield Monomial(((new, bounds), *m.binders), m.factors)
        case Iverson(And(conds)):
            yield from _expand(Mul(tuple(Iverson(c) for c in conds)), taken)
        case _:
            yield Monomial((), (t,))


def nothing(t: Term) -> bool:
    """Whether no monomial is left of `t`, so that of a product with it nothing is left either."""
    t = unfolded(t)
    match t:
        case Num(value):
            return not value
        case Add(terms):
            return all(map(nothing, terms))
        case Mul(factors):
            return any(map(nothing, factors))
        case Pow(base, exponent):
            return exponent > 0 and nothing(base)
        case Sum(_, _, body):
            return nothing(body)
    return False


def rebuilt(m: Monomial) -> Term:
    out: Term = m.factors[0] if len(m.factors) == 1 else Mul(m.factors)
    for var, bounds in reversed(m.binders):
        out = Sum(var, bounds, out)
    return out


def summands(m: Monomial) -> dict[str, Fraction]:
    """{description: coefficient} of a monomial, whatever the order and names of its binders."""
    best: dict[str, Fraction] | None = None
    for order in _orders(m):
        scope = Scope().under(tuple(v for v, _ in order))
        ends = [",".join(poly(b, scope).key() for b in bounds) for _, bounds in order]
        head = ";".join(f"{alpha_key(v.space)}[{e}]" for (v, _), e in zip(order, ends, strict=True))
        total = const(1)
        for factor in m.factors:
            total = total * poly(factor, scope)
        described = {f"{head}|{Poly({mono: Fraction(1)}).key()}": c for mono, c in total.items()}
        if best is None or sorted(described) < sorted(best):
            best = described
    return best or {}


def _orders(m: Monomial) -> Iterable[tuple[Binder, ...]]:
    """Orders of the binders to try: those that agree with a name-free signature of each."""
    if len(m.binders) < 2:
        return [m.binders]
    everywhere = {v: "?" for v, _ in m.binders}
    signed = []
    for v, bounds in m.binders:
        scope = Scope({**everywhere, v: "!"}, len(m.binders))
        shape = sorted(poly(f, scope).key() for f in m.factors)
        ends = [poly(b, scope).key() for b in bounds]
        signed.append((f"{alpha_key(v.space)}{ends}{shape}", (v, bounds)))
    groups: dict[str, list[Binder]] = {}
    for signature, binder in sorted(signed, key=lambda pair: pair[0]):
        groups.setdefault(signature, []).append(binder)
    orders: list[tuple[Binder, ...]] = [()]
    for group in groups.values():
        orders = [o + p for o in orders for p in permutations(group)][:720]
    return orders

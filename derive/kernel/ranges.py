"""Rules for sums over ranges of integers: splitting, residues, counting, telescoping."""

from __future__ import annotations

from derive.binding import free, names, substitute
from derive.kernel.context import Context, Refused, expect
from derive.kernel.entail import prove
from derive.kernel.existence import exists
from derive.kernel.monomial import beta
from derive.kernel.table import LONGEST, Data, a_sum, factors_of, rule
from derive.polynomial import equal, poly
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    App,
    Divides,
    Floor,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Num,
    Rel,
    Space,
    Sum,
    Term,
    Z,
    domain_of,
    embeds,
    space_of,
    term,
)


def _range(name: str, t: object) -> tuple[Sum, Term, Term]:
    s = a_sum(name, t)
    if not s.bounds or s.var.space.kind != "Z":
        raise Refused(name, "expected a range of integers", t)
    return s, s.bounds[0], s.bounds[1]


@rule
def range_as_bracket(context: Context, t: Term, data: Data) -> Node:
    """sum_{v=lo}^{hi} F = sum_{v in Z} [lo <= v][v <= hi] F (0 both when lo > hi)."""
    s, lo, hi = _range("range_as_bracket", t)
    if s.var in free(lo) | free(hi):
        raise Refused("range_as_bracket", "the bounds contain the bound variable's name", t)
    inside = (Iverson(Rel("<=", lo, s.var)), Iverson(Rel("<=", s.var, hi)))
    return Sum(s.var, (), Mul((*inside, *factors_of(s.body))))


@rule
def split_range(context: Context, t: Term, data: Data) -> Node:
    """sum_{lo}^{hi} F = sum_{lo}^{m} F + sum_{m+1}^{hi} F, for lo - 1 <= m <= hi, in Z."""
    s, lo, hi = _range("split_range", t)
    m = data["at"]
    if s.var.space.dim != ONE or space_of(m) != s.var.space or s.var in free(m):
        raise Refused("split_range", "needs an integer to split at", m)
    prove("split_range", context, Rel("<=", lo - 1, m), data["witnesses"][:1])
    prove("split_range", context, Rel("<=", m, hi), data["witnesses"][1:])
    return Sum(s.var, (lo, m), s.body) + Sum(s.var, (m + 1, hi), s.body)


@rule
def expand_range(context: Context, t: Term, data: Data) -> Node:
    """sum_{v=2}^{4} F(v) = F(2) + F(3) + F(4), between literal bounds in Z."""
    s, lo, hi = _range("expand_range", t)
    first, last = poly(lo).constant(), poly(hi).constant()
    if first is None or last is None or s.var.space.dim != ONE:
        raise Refused("expand_range", "the bounds are not literal", t)
    count = int(last - first) + 1
    if count > LONGEST:
        raise Refused("expand_range", f"more than {LONGEST} terms", t)
    parts = [substitute(s.body, {s.var: Num(first + k)}) for k in range(count)]
    return Add(tuple(parts)) if len(parts) > 1 else parts[0] if parts else ZERO


@rule
def residue_split(context: Context, t: Term, data: Data) -> Node:
    """sum_{a in Z^d} F(a) = sum_{r=0}^{m-1} sum_b F(m b + r), for m >= 1, when it exists.

    data: `modulus` m, `remainder` r, `quotient` b, `witnesses` for m >= 1.
    """
    s = a_sum("residue_split", t)
    m, r, b = data["modulus"], data["remainder"], data["quotient"]
    fresh_names = names([r, b])
    if s.bounds or s.var.space.kind != "Z" or r.space != s.var.space or b.space != r.space:
        raise Refused("residue_split", "expected a sum over all of Z^d", t)
    if len(fresh_names) < 2 or fresh_names & (names(free(t)) | names(free(m))):
        raise Refused("residue_split", f"the new names {sorted(fresh_names)} are not fresh", t)
    if space_of(m).kind != "Z" or not embeds(space_of(m), r.space):
        raise Refused("residue_split", "the modulus must be an integer", m)
    prove("residue_split", context, Rel("<=", ONE, m), data["witnesses"])
    exists("residue_split", t, context)
    inner = Sum(b, (), substitute(s.body, {s.var: m * b + r}))
    return Sum(r, (ZERO, m - 1), inner)


@rule
def residue_case(context: Context, t: Term, data: Data) -> Node:
    """t = sum_{r=0}^{m-1} [m divides n - r] t, for an integer n and a literal m >= 1."""
    n, m = data["of"], data["modulus"]
    if space_of(n) != Z or space_of(t).dim != ONE or not 1 <= m <= LONGEST or m != int(m):
        raise Refused("residue_case", f"needs an integer and a modulus up to {LONGEST}", n)
    cases = [Iverson(Divides(term(m), n - r)) for r in range(m)]
    return Add(tuple(Mul((case, *factors_of(t))) for case in cases))


@rule
def residue_value(context: Context, t: Term, data: Data) -> Node:
    """n = m floor(n / m) + r where m divides n - r and 0 <= r < m.

    m and r: literals, or terms with witnesses for 1 <= m, 0 <= r and r <= m - 1.
    """
    m, r = term(data["modulus"]), term(data["remainder"])
    if not space_of(t) == space_of(m) == space_of(r) == Z:
        raise Refused("residue_value", "needs an integer and integral literals or terms", t)
    if isinstance(m, Num) and isinstance(r, Num):
        if not 0 <= r.value < m.value:
            raise Refused("residue_value", "needs literals 0 <= r < m", r)
    else:
        goals = (Rel("<=", ONE, m), Rel("<=", ZERO, r), Rel("<=", r, m - 1))
        for goal, witness in zip(goals, data["witnesses"], strict=True):
            prove("residue_value", context, goal, (witness,))
    if not any(
        isinstance(c, Divides) and equal(c.divisor, m) and equal(c.term, t - r)
        for c in context.flat()
    ):
        raise Refused("residue_value", f"not known to leave {r!r} modulo {m!r}", t)
    return m * Floor(t, m) + r


@rule
def representatives(context: Context, t: Term, data: Data) -> Node:
    """sum_{v in Z/n} F(v) = sum_{k=a}^{a+n-1} F(k), for n >= 1: n in a row stand for the classes.

    A step may bring in Z/n, so that n >= 1 is not known from there.  `binding` refuses a k that
    would be compared as an integer.  data: `variable` k, `first` a, `witnesses` for n >= 1.
    """
    s, k, first = a_sum("representatives", t), data["variable"], data["first"]
    if s.var.space.modulus is None:
        raise Refused("representatives", "expected a sum over residues", t)
    prove("representatives", context, Rel("<=", ONE, s.var.space.modulus), data["witnesses"])
    if k.space != Z or k.name in names(free(t) | free(first)):
        raise Refused("representatives", "expected a new integer variable", k)
    last = first + s.var.space.modulus - 1
    return Sum(k, (first, last), substitute(s.body, {s.var: k}))


@rule
def turn(context: Context, t: Term, data: Data) -> Node:
    """f(.., e, ..) = f(.., e + n q, ..) for an argument in Z/n and an integer q.

    data: `slot`, which argument, and `times` q.
    """
    app = expect("turn", t, App, "a function application")
    slot, q = data["slot"], data["times"]
    space = dict(enumerate(domain_of(app.fn)))[slot]
    if not isinstance(space, Space) or space.modulus is None or space_of(q) != Z:
        raise Refused("turn", "expected an argument in Z/n and an integer", t)
    turned = Add((app.args[slot], space.modulus * q))
    return App(app.fn, (*app.args[:slot], turned, *app.args[slot + 1 :]))


@rule
def count(context: Context, t: Term, data: Data) -> Node:
    """sum_{v=lo}^{hi} 1 = max(0, hi - lo + 1), in Z."""
    s, lo, hi = _range("count", t)
    if s.var.space.dim != ONE or not equal(s.body, ONE):
        raise Refused("count", "expected the sum of 1 over a range of integers", t)
    return Max(ZERO, hi - lo + 1)


@rule
def telescope(context: Context, t: Term, data: Data) -> Node:
    """sum_{v=lo}^{hi} (G(v + 1) - G(v)) = [lo <= hi + 1] (G(hi + 1) - G(lo)), in Z.

    Both sides are 0 when the range is empty.  data: `partial` G, a function v -> G(v).
    """
    s, lo, hi = _range("telescope", t)
    g = expect("telescope", data["partial"], Lam, "a function of the variable")
    if s.var.space.dim != ONE or domain_of(g) != (s.var.space,):
        raise Refused("telescope", "expected a range of integers and a function of them", t)
    step = beta(g, (s.var + 1,)) - beta(g, (s.var,))
    if s.var in free(g) or not equal(s.body, step):
        raise Refused("telescope", f"the terms are not the differences of {g!r}", t)
    return Iverson(Rel("<=", lo, hi + 1)) * (beta(g, (hi + 1,)) - beta(g, (lo,)))

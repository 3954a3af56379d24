"""The judgement that a statement means what it says, and equality of what exists.

Every sum and integral of a printed statement converges absolutely, every derivative in it
exists, and nothing is divided by 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from types import MappingProxyType

from derive.binding import bound, free
from derive.kernel.calculus import resolved
from derive.kernel.context import Context, Refused, slots
from derive.kernel.door import remembered
from derive.kernel.entail import known
from derive.kernel.held import held
from derive.kernel.monomial import (
    Monomial,
    monomials,
    nothing,
    properties,
    rebuilt,
    summands,
    unfolded,
)
from derive.polynomial import poly
from derive.syntax import (
    ONE,
    Abs,
    Add,
    App,
    Diff,
    DiffEntry,
    Div,
    Exists,
    Floor,
    Lam,
    Max,
    Mul,
    Node,
    Op,
    Partial,
    Pow,
    Sum,
    Term,
)


@remembered
def exists(rule: str, t: Term, context: Context) -> None:
    """Refuse unless all sums, integrals and derivatives in `t` exist, jointly where they nest."""
    _dropped(rule, t, context)
    _exists(rule, t, context)


def hypotheses_exist(rule: str, context: Context) -> None:
    """The same for what the hypotheses compare."""
    for cond in context.flat():
        if not isinstance(cond, Exists):
            for part, there in _terms(rule, cond, context):
                exists(rule, part, there)


def _exists(rule: str, t: Term, context: Context) -> None:
    granted = _granted(context)
    for m in monomials(resolved(t, context)):
        for _, bounds in m.binders:
            for end in bounds:
                _exists(rule, end, _around(m, end, context))
        for factor in m.factors:
            _inside(rule, factor, _around(m, factor, context))
        described = summands(m).keys()
        if m.binders and not (described and described <= granted):
            for part in _larger(m):
                if reason := held(part, None, known(_around(m, ONE, context))):
                    raise Refused(rule, f"existence: {reason}", rebuilt(m))


def _around(m: Monomial, part: Term, context: Context) -> Context:
    """Where a part of `m` stands: inside the sums whose variables it speaks of, and theirs.

    In (sum_{a=1}^n f(a)) (1/n) nothing says that n >= 1; it is the same monomial as sum f(a) (1/n).
    """
    inside = free(part)
    for var, bounds in reversed(m.binders):
        if var in inside:
            inside = inside.union(*map(free, bounds))
    for var, bounds in m.binders:
        context = context.below(Sum(var, bounds if var in inside else (), ONE))
    return context


def _larger(m: Monomial) -> list[Monomial]:
    """Monomials whose sizes add up to that of `m` or more: |X|, |max(X, Y)| <= |X| + |Y|."""
    for k, factor in enumerate(m.factors):
        if isinstance(factor, Abs | Max):
            inside = Add(tuple(c for c in factor.children() if isinstance(c, Term)))
            whole = Monomial(m.binders, (*m.factors[:k], inside, *m.factors[k + 1 :]))
            return [n for part in monomials(rebuilt(whole)) for n in _larger(part)]
    return [m]


def _granted(context: Context) -> frozenset[str]:
    """The sums that a hypothesis says to exist: not those which only add up to such a one."""
    out: set[str] = set()
    for cond in context.flat():
        if isinstance(cond, Exists):
            for part in cond.term.terms if isinstance(cond.term, Add) else (cond.term,):
                described = [summands(m) for m in monomials(resolved(part, context))]
                if len(described) == 1 and len(described[0]) == 1:
                    out |= described[0].keys()
    return frozenset(out)


def _dropped(rule: str, node: Node, context: Context) -> None:
    """What multiplying out, unfolding or differentiating may lose must exist by itself.

    So that 0 times a divergent sum, its power 0 and its derivative by x are no values.
    """
    lost: Iterable[Node] = ()
    match node:
        case Mul(factors) if any(nothing(resolved(f, context)) for f in factors):
            lost = factors
        case Sum(_, bounds, body) if nothing(resolved(body, context.below(node))):
            lost = bounds
        case Pow(base, 0):
            lost = (base,)
        case Diff(_, body, at):
            _exists(rule, body, context.below(node))
            lost = (at,)
        case DiffEntry(_, entry, body):
            _exists(rule, body, context.below(node))
            lost = entry
        case App(Lam() | Op() as fn, args):
            lost = (*args, *(fn.actuals if isinstance(fn, Op) else ()))
            _dropped(rule, unfolded(node), context)
    for part in lost:
        if isinstance(part, Term):
            _exists(rule, part, context)
    inside = context.below(node) if bound(node) or isinstance(node, DiffEntry) else context
    for name, index in slots(node):
        value = getattr(node, name)
        child = value if index is None else value[index]
        _dropped(rule, child, inside if name == "body" else context)


def _inside(rule: str, factor: Term, context: Context) -> None:
    """What stands inside a factor that is not itself a sum, as in sigma(sum ...) or a / b."""
    match factor:
        case Diff() | DiffEntry():
            raise Refused(rule, "existence: not known to be differentiable", factor)
        case Div(_, den) | Floor(_, den) if not nonzero(den, context):
            raise Refused(rule, "existence: the denominator may be 0", den)
    for part, there in _terms(rule, factor, context):
        _exists(rule, part, there)


def _terms(rule: str, node: Node, context: Context) -> Iterator[tuple[Term, Context]]:
    """The terms directly below a node, through conditions and functions, and where they stand."""
    if isinstance(node, Partial) and "diff" not in properties(node.fn):
        raise Refused(rule, "existence: not known to be differentiable", node.fn)
    below = context.below(node) if isinstance(node, Lam) else context
    for child in node.children():
        if isinstance(child, Term):
            yield child, below
        else:
            yield from _terms(rule, child, context)


def nonzero(den: Term, context: Context) -> bool:
    """Whether an assumption says that `den`, or each factor of it, is nowhere 0."""
    if isinstance(den, Mul):
        return all(nonzero(part, context) for part in den.factors)
    if isinstance(den, Pow):
        return nonzero(den.base, context)
    value = poly(den).constant()
    if value is not None:
        return value != 0
    facts = known(context)
    both = [(p + q, s or t) for (p, s), (q, t) in combinations(facts, 2)]  # 1 <= a and a <= den
    for fact, strict in facts + both:
        for gap in (poly(den) - fact, poly(-den) - fact):  # fact >= 0, so +-den >= gap
            c = gap.constant()
            if c is not None and (c > 0 or (strict and c == 0)):
                return True
    return False


@remembered
def combined(rule: str, t: Term, context: Context) -> Mapping[str, Fraction]:
    """`t` as a linear combination of existing sums of products, equal terms collected."""
    exists(rule, t, context)
    t = resolved(t, context)
    total: dict[str, Fraction] = {}
    for m in monomials(t):
        for description, c in summands(m).items():
            total[description] = total.get(description, Fraction(0)) + c
    return MappingProxyType({d: c for d, c in total.items() if c})

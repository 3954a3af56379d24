"""Each rule: what it does, beside what it refuses and why.

Accepted uses are compared with `derive.meaning` on data.  The traps are those of the design page:
where such kernels go wrong, and what SymPy 1.14 gets wrong on the same material.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from pieces import (
    ONE,
    ZERO,
    A,
    B,
    L,
    P,
    Q,
    X,
    Y,
    a,
    b,
    c,
    compact,
    eq,
    f,
    f2,
    fd,
    fn,
    g,
    gn,
    h,
    i,
    j,
    k,
    le,
    loc,
    lt,
    m,
    n,
    no,
    num,
    one,
    p,
    phi,
    phid,
    psi,
    q,
    r,
    refused,
    rel,
    rough,
    s,
    sigma,
    smooth,
    ten,
    u,
    v,
    wild,
    wit,
    x,
    y,
    z,
)

from derive.kernel import Equation, begin, chain, qed, replay, step
from derive.kernel.theorem import back
from derive.meaning import Formula, Functional, Points, compare, exp, generator, holds
from derive.syntax import (
    Abs,
    And,
    App,
    Cond,
    Definition,
    Diff,
    DiffEntry,
    Divides,
    Exists,
    Floor,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Not,
    Or,
    Partial,
    Pow,
    R,
    Signature,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    euclidean,
)

AT = generator(0)
TRUE = (rel("<=", 1, n),)  # one hypothesis: facts 0; the negated goal is fact 1
POSITIVE = wit((1, 0), (1, 1))  # 1 <= n proves 1 <= n
RESIDUE = tuple(wit((1, fact), (1, 3)) for fact in range(3))  # each of three facts proves itself


def data(rng: Random) -> dict[Any, Any]:
    env: dict[Any, Any] = {name: rng.randint(-3, 4) for name in (a, b, c, i, j, m, p, q, r)}
    env |= {n: rng.randint(1, 4), k: rng.randint(1, 4), s: rng.randint(1, 3)}
    env |= {var: Fraction(rng.randint(-3, 3), 2) for var in (x, y, z)}
    env |= {var: rng.randrange(env[n]) for var in (u, v)}
    for func in (f, g, h, wild):
        env[func] = Points({(e,): rng.randint(-3, 3) for e in range(-3, 4)})
    env[f2] = Points({(d, e): rng.randint(-3, 3) for d in range(-1, 3) for e in range(-1, 3)})
    for func in (fn, gn):
        env[func] = Points({(e,): rng.randint(-3, 3) for e in range(env[n])})
    for func in (phi, psi):
        env[func] = Formula((1 + rng.randint(-1, 2) * AT) * exp(-AT * AT))
    for func in (smooth, sigma):
        env[func] = Formula(rng.randint(1, 3) * AT * AT + AT)
    env[ten] = Points({(e,): rng.randint(-3, 3) for e in range(1, env[k] + 1)})
    entries = range(1, env[n] + 1)
    env[L] = Functional(tuple((e, ((0, (e,)), (0, (1,)))) for e in entries), (1,), (env[n],))
    return env


def true(e: Equation, rounds: int = 6) -> Equation:
    """The equation holds on data, and its recorded steps can be run again."""
    rng, compared = Random(7), 0
    for _ in range(rounds * 5):
        env = data(rng)
        if compared < rounds and all(holds(cond, env) for cond in e.given):
            assert compare(e.statement(), env).verdict == "equal", e
            compared += 1
    assert compared
    assert replay(qed(e)).rhs == e.rhs
    return e


def gives(expected: Term, rule: str, term: Term, path: tuple[int, ...] = (),
          given: tuple[Cond, ...] = (), **extra: Any) -> None:
    assert true(one(rule, term, path, given, **extra)).rhs == expected


Refusal = tuple[str, str, Callable[[], object]]


def refusals(*table: Refusal) -> Any:
    return pytest.mark.parametrize(("rule", "reason", "attempt"), table, ids=[
        f"{rule}-{reason[:30]}-{place}" for place, (rule, reason, _) in enumerate(table)])


# --- accepted -----------------------------------------------------------------------------------


def test_algebra() -> None:
    gives(f(i) * 2, "ring", f(i) + f(i), target=f(i) * 2)
    gives(f(i + 1), "unfold", Lam((a,), f(a + 1))(i))
    true(one("eta", L(Lam((a,), App(f, (a,)))), (1,)))
    gives(Sum(b, (), g(b) * f(b)), "rearrange", Sum(a, (), f(a) * g(a)),
          target=Sum(b, (), g(b) * f(b)))


def test_sums() -> None:
    true(one("linearity", Sum(a, (), f(a) + g(a) * i)))
    gives(i * Sum(a, (), f(a)), "pull", Sum(a, (), i * f(a)))
    gives(Sum(b, (), Sum(a, (), f(a) * g(b - a))), "swap",
          Sum(a, (), Sum(b, (), f(a) * g(b - a))))
    gives(Sum(b, (i, j), Sum(a, (b, j), f2(a, b))), "triangle",
          Sum(a, (i, j), Sum(b, (i, a), f2(a, b))))
    gives(Sum(z, (ZERO, y), Sum(x, (z, y), (x - 2 * z) * z)), "triangle",
          Sum(x, (ZERO, y), Sum(z, (ZERO, x), (x - 2 * z) * z)))
    gives(Sum(b, (), f(i - b)), "reindex", Sum(a, (), f(a)),
          variables=(b,), forward=(i - b,), inverse=(i - a,))
    half = num("1/2") * z
    e = one("reindex", Sum(x, (), phi(2 * x)), variables=(z,), forward=(half,), inverse=(2 * x,))
    assert true(e).rhs == Mul((num("1/2"), Sum(z, (), phi(2 * half))))
    e = one("reindex", Sum(x, (ZERO, y), x), variables=(z,), forward=(-z,), inverse=(-x,))
    assert isinstance(e.rhs, Mul) and e.rhs.factors[0] == num(-1)
    true(e)
    true(one("reindex", Sum(v, (), fn(v) * gn(u - v)), variables=(Var("w", u.space),),
             forward=(u - Var("w", u.space),), inverse=(u - v,)))


def test_ranges() -> None:
    gives(Sum(a, (), Mul((le(i, a), le(a, j), f(a)))), "range_as_bracket", Sum(a, (i, j), f(a)))
    given = (rel("<=", i, m + 1), rel("<=", m, j))
    e = one("split_range", Sum(a, (i, j), f(a)), given=given, at=m, witnesses=(
        wit((1, 0), (1, 2)), wit((1, 1), (1, 2))))
    true(e)
    gives(f(num(1)) + f(num(2)), "expand_range", Sum(a, (ONE, num(2)), f(a)))
    gives(ZERO, "expand_range", Sum(a, (num(5), num(2)), a))
    gives(Max(ZERO, j - i + 1), "count", Sum(a, (i, j), ONE))
    true(one("turn", fn(u - i) * f(j), (0,), slot=0, times=i * j))
    true(one("representatives", Sum(u, (), fn(u + v) * gn(u - i)), given=TRUE, variable=k, first=i,
             witnesses=(POSITIVE,)))
    true(one("residue_split", Sum(a, (), f(a)), modulus=num(3), remainder=r, quotient=q,
             witnesses=(wit((1, 0)),)))
    true(one("residue_case", f(i), of=i, modulus=3))
    true(one("residue_value", Iverson(Divides(num(3), i - 1)) * f(i), (1, 1),
             modulus=3, remainder=1))
    below = (rel("<=", 1, n), rel("<=", 0, r), rel("<=", r, n - 1))
    true(one("residue_value", Iverson(Divides(n, i - r)) * f(i), (1, 1), given=below,
             modulus=n, remainder=r, witnesses=RESIDUE))


def test_brackets() -> None:
    true(one("case", f(i), cond=rel("<=", i, 0)))
    gives(le(1, n) * f(i), "bracket", f(i), given=TRUE, cond=rel("<=", 1, n),
          witnesses=(POSITIVE,))
    gives(ZERO, "absurd", Mul((le(i, 0), f(i), le(1, i))), witnesses=(wit((1, 0), (1, 1)),))
    gives(le(1, i), "equivalent", lt(0, 2 * i), cond=rel("<=", 1, i),
          only_if=(wit((1, 0), (2, 1)),), **{"if": (wit((2, 0), (1, 1)),)})
    gives(f(j), "same", f(i), (1,), (rel("=", i, j),), target=j,
          witnesses=(wit((1, 0), (1, 2)), wit((1, 1), (1, 2))))
    true(one("collapse", Sum(a, (), Mul((f(a), eq(a + j, i), g(a)))), index=1, stride=None))
    e = one("collapse", Sum(a, (), eq(n * a, i) * f(a)), given=TRUE, index=0, stride=n,
            witnesses=(POSITIVE,))
    assert true(e).rhs == Mul((Iverson(Divides(n, i)), f(Floor(i, n))))


def test_floors_and_quotients() -> None:
    gives(le(n * i, j), "floor_bound", le(i, Floor(j, n)), given=TRUE, witnesses=(POSITIVE,))
    true(one("floor_shift", Floor(j + n * i, n), given=TRUE, by=i, witnesses=(POSITIVE,)))
    given = (*TRUE, rel("<=", n * i, j), rel("<", j, n * i + n))
    gives(i, "floor_value", Floor(j, n), given=given, value=i, witnesses=(
        wit((1, 0), (1, 3)), wit((1, 1), (1, 3)), wit((1, 2), (1, 3))))
    true(one("maximum", Max(i, f(j))))
    gives(Max(f(j), -f(j)), "absolute", Abs(f(j)))
    gives(f(i), "cancel", (n * f(i)) / n, given=TRUE, target=f(i), sign=1,
          witnesses=(wit((1, 0), (1, 1)),))


def test_derivatives() -> None:
    gives(Mul((le(1, i), le(i, k), ten(i))), "support", ten(i))
    true(one("support", App(Partial(L, 0), (Lam((a,), f(a)), i))))
    true(one("differentiate", Diff(x, Pow(x, 3) * smooth(2 * x), y)))
    true(one("differentiate", DiffEntry(ten, (j,), Sum(a, (ONE, k), ten(a) * f(i - a)))))
    true(one("differentiate", DiffEntry(ten, (j,), L(Lam((a,), sigma(ten(a) * f(a)))))))
    true(one("chain_rule", DiffEntry(ten, (j,), L(Lam((a,), ten(a) * f(a))))))
    true(one("under_sign", Diff(x, Sum(z, (), phi(z) * psi(x - z)), y)))
    one("parts", Sum(z, (), Diff(x, phi(x) * psi(y - x), z)))
    true(one("differentiate", Diff(x, Sum(z, (i * x, x * x), z * x + 1), y)))
    true(one("fundamental", Sum(z, (x, y), Diff(x, Pow(x, 3) + x * 2, z))))
    true(one("base_point", Sum(z, (x, y), z * z), at=num(2)))
    square, cube = Lam((y,), y * y - x), Lam((y,), Pow(y, 3))
    true(one("substitution", Sum(z, (x, y), Pow(z * z - x, 3) * 2 * z), map=square, function=cube))
    bell = one("substitution", Sum(z, (i, j), phi(z * z - x) * 2 * z), map=square,
               function=Lam((y,), phi(y)))
    assert bell.rhs == Sum(y, (i * i - x, j * j - x), phi(y))
    positive = {"given": (rel("<", 0, y),), "witnesses": (wit((1, 0), (1, 1)),)}
    true(one("scale", Sum(z, (), phi(z) * Pow(z - i, 2)), variable=Var("u", R), by=y, **positive))
    rise = App(Partial(psi, 0), (z - x,))
    true(one("differentiate", Diff(x, Sum(z, (), le(z, x * x) * rise), y)))
    true(one("differentiate", Diff(x, Sum(z, (), le(x - 2 * z, y) * rise), y)))
    for bracket in (le(z, x), lt(y, 2 * z), Iverson(Not(rel("<=", x - z, y)))):
        true(one("half_line", Sum(z, (), Mul((num(2), bracket, rise))), index=1, at=y - 1))
        one("tail", Sum(z, (), bracket * Diff(x, x * psi(2 * x - y), z)), index=0)
    true(one("telescope", Sum(a, (i, j), f(a + 1) - f(a)), partial=Lam((b,), f(b))))


def test_use_proves_the_hypotheses_again() -> None:
    given = (rel("<=", 1, n), Exists(Sum(a, (), wild(a))))
    lemma = qed(step(begin(given, Sum(a, (), wild(a)) / n), "ring", (), {
        "target": Sum(b, (), wild(b)) / n}))
    gone = {"theorem": lemma, "mapping": {n: s + 1, wild: Lam((a,), f(a) * i)}}
    here, t = (rel("<=", 0, s),), Sum(a, (), Lam((a,), f(a) * i)(a)) / (s + 1)
    proof = (wit((1, 0), (1, 1)),)
    true(one("use", t, given=here, witnesses=(proof, ()), **gone))
    refused("use", "side condition", lambda: one("use", t, witnesses=(proof, ()), **gone))
    refused("use", "ValueError", lambda: one("use", t, given=here, witnesses=(proof,), **gone))
    gone["mapping"] = {n: s + 1, wild: Lam((a,), ONE)}
    refused("use", "existence", lambda: one(
        "use", Sum(a, (), Lam((a,), ONE)(a)) / (s + 1), given=here, witnesses=(proof, ()), **gone))


def test_back_and_chain() -> None:
    e = back(begin((), f(j)), "collapse", (), {"index": 0, "stride": None},
             Sum(a, (), eq(a, j) * f(a)))
    assert true(e).rhs == Sum(a, (), eq(a, j) * f(a))
    refused("collapse", "does not lead from the earlier term", lambda: back(
        begin((), f(i)), "collapse", (), {"index": 0, "stride": None},
        Sum(a, (), eq(a, j) * f(a))))
    left = one("pull", Sum(a, (), i * f(a)))
    right = one("rearrange", Sum(c, (), f(c) * i), target=i * Sum(q, (), f(q)))
    true(chain(left, right))
    refused("chain", "do not meet", lambda: chain(left, begin((), i * Sum(a, (), g(a)))))
    refused("chain", "do not meet", lambda: chain(left, begin(TRUE, left.rhs)))


# --- refused ------------------------------------------------------------------------------------


def shift(new: Var, forward: Term, inverse: Term) -> dict[str, Any]:
    return {"variables": (new,), "forward": (forward,), "inverse": (inverse,)}


@refusals(
    ("ring", "not the same polynomial", lambda: one("ring", f(i), target=f(j))),
    ("ring", "not the same polynomial", lambda: one("ring", eq(i, j), target=eq(i, j + 1))),
    ("ring", "not the same polynomial", lambda: one("ring", lt(x, y), target=le(x, y))),
    ("ring", "not the same polynomial", lambda: one("ring", le(2 * i, 1), target=le(i, 1))),
    ("ring", "not the same polynomial", lambda: one("ring", i / i, target=ONE)),
    ("ring", "not the same polynomial", lambda: one("ring", Floor(i, n), target=i / n)),
    ("unfold", "a function application", lambda: one("unfold", i)),
    ("unfold", "a defined function", lambda: one("unfold", f(i))),
    ("eta", "not of the form", lambda: one("eta", L(Lam((a,), f(a + 1))), (1,))),
    ("eta", "not of the form", lambda: one("eta", L(Lam((a,), f2(a, a))), (1,))),
    ("eta", "not of the form", lambda: one("eta", L(Lam((a,), f(i))), (1,))),
    ("eta", "depends on its argument", lambda: one(
        "eta", L(Lam((a,), Lam((b,), f2(a, b))(a))), (1,))),
    ("eta", "depends on its argument", lambda: one(
        "eta", Fn("M", (Signature((R,)),), "any")(Lam((x,), Lam((y,), phi(y * x))(x))), (1,))),
    ("rearrange", "not the same combination", lambda: one(
        "rearrange", Sum(a, (), f(a)), target=Sum(a, (), g(a)))),
    ("rearrange", "nothing holds a in", lambda: one(
        "rearrange", Sum(a, (), f(a) + 1), target=Sum(a, (), f(a)) + Sum(a, (), ONE))),
    ("linearity", "nothing holds a in", lambda: one("linearity", Sum(a, (), f(a) + 1))),
    ("linearity", "a sum of terms", lambda: one("linearity", Sum(a, (), f(a)))),
    ("linearity", "a sum or integral", lambda: one("linearity", f(i) + f(j))),
    ("pull", "no factor is free", lambda: one("pull", Sum(a, (), f(a) * a))),
    ("pull", "no factor is free", lambda: one("pull", Sum(a, (), a * f(i - a)))),
    ("swap", "nothing holds a, b in", lambda: one("swap", Sum(a, (), Sum(b, (), f(a - b))))),
    ("swap", "depend on the outer", lambda: one("swap", Sum(a, (i, j), Sum(b, (i, a), f(b))))),
    ("swap", "depend on the outer", lambda: one("swap", Sum(a, (), Sum(a, (), f(a))))),
    ("triangle", "two variables", lambda: one("triangle", Sum(a, (i, j), Sum(a, (i, a), f(a))))),
    ("triangle", "two variables", lambda: one(
        "triangle", Sum(x, (ZERO, ONE), Sum(a, (ZERO, i), phi(x))))),
    ("triangle", "two variables", lambda: one(
        "triangle", Sum(A, (P, Q), Sum(B, (P, A), fd(A) * fd(B))))),
    ("triangle", "free of both", lambda: one("triangle", Sum(a, (b, j), Sum(b, (i, a), f(b))))),
    ("triangle", "free of both", lambda: one("triangle", Sum(a, (i, a), Sum(b, (i, a), f(b))))),
    ("triangle", "free of both", lambda: one("triangle", Sum(a, (), Sum(b, (i, a), f(b) * f(a))))),
    ("triangle", "the outer one's start", lambda: one(
        "triangle", Sum(a, (i, j), Sum(b, (i + 1, a), f2(a, b))))),
    ("triangle", "the outer one's start", lambda: one(
        "triangle", Sum(a, (i, j), Sum(b, (i, a - 1), f2(a, b))))),
    ("triangle", "the outer one's start", lambda: one(
        "triangle", Sum(a, (i, j), Sum(b, (), f2(a, b))))),
    ("triangle", "integrable", lambda: one(
        "triangle", Sum(x, (ZERO, ONE), Sum(z, (ZERO, x), Fn("o", (R,), "any")(z))))),
    ("triangle", "a sum or integral", lambda: one("triangle", Sum(a, (i, j), f(a)))),
    ("swap", "a sum or integral", lambda: one("swap", Sum(a, (), f(a)))),
)
def test_algebra_refuses(rule: str, reason: str, attempt: Callable[[], object]) -> None:
    refused(rule, reason, attempt)


@refusals(
    # over Z a bijection needs an integer inverse: both are fine over R
    ("reindex", "not a map into", lambda: one(
        "reindex", Sum(a, (), f(2 * a) * g(i - 2 * a)), **shift(b, b / 2, 2 * a))),
    ("reindex", "not a map into", lambda: one(
        "reindex", Sum(a, (), f(a)), **shift(b, 2 * b, a / 2))),
    ("reindex", "not inverse", lambda: one(
        "reindex", Sum(a, (), f(a)), **shift(b, 2 * b, Floor(a, num(2))))),
    ("reindex", "not inverse", lambda: one("reindex", Sum(a, (), f(a)), **shift(b, Abs(b), a))),
    ("reindex", "not inverse", lambda: one("reindex", Sum(a, (), f(a)), **shift(b, ZERO, a))),
    ("reindex", "not inverse", lambda: one("reindex", Sum(a, (), f(a)), **shift(b, b + 1, a))),
    ("reindex", "not inverse", lambda: one(
        "reindex", Sum(a, (), f(a)), **shift(b, s * b, Floor(a, s)))),
    ("reindex", "not a map into", lambda: one(
        "reindex", Sum(a, (), Sum(b, (), f(a + b) * g(a - b))), variables=(p, q),
        forward=((p + q) / 2, (p - q) / 2), inverse=(a + b, a - b))),
    ("reindex", "not inverse", lambda: one(
        "reindex", Sum(x, (), phi(x)), **shift(z, y * z, x / y))),
    ("reindex", "not an affine map", lambda: one(
        "reindex", Sum(x, (), phi(x)), **shift(z, (2 * le(i, 0) - 1) * z, (2 * le(i, 0) - 1) * x))),
    ("reindex", "not inverse", lambda: one(
        "reindex", Sum(x, (num(-1), ONE), phi(x)), **shift(z, ONE / z, ONE / x))),
    ("reindex", "not fresh", lambda: one("reindex", Sum(a, (), f2(a, b)), **shift(b, b, a))),
    ("reindex", "not fresh", lambda: one("reindex", Sum(a, (), Sum(b, (), f2(a, b))), variables=(
        p, p), forward=(p, p), inverse=(a, b))),
    ("reindex", "must live where", lambda: one("reindex", Sum(a, (), f(a)), **shift(x, x, a))),
    ("reindex", "bound twice", lambda: one("reindex", Sum(a, (), Sum(a, (), f(a))), variables=(
        p, q), forward=(p, q), inverse=(a, a))),
    ("reindex", "different spaces", lambda: one("reindex", Sum(a, (), Sum(x, (), f(a) * phi(x))),
        variables=(p, z), forward=(p, z), inverse=(a, x))),
    ("reindex", "whole spaces", lambda: one("reindex", Sum(a, (i, j), Sum(b, (), f2(a, b))),
        variables=(p, q), forward=(p + q, q), inverse=(a - b, b))),
    ("reindex", "nothing holds", lambda: one("reindex", Sum(a, (), Sum(b, (), f(a + b))),
        variables=(p, q), forward=(p - q, q), inverse=(a + b, b))),
    ("reindex", "as many maps", lambda: one("reindex", Sum(a, (), f(a)), variables=(b,),
        forward=(b, b), inverse=(a,))),
    ("reindex", "as many maps", lambda: one("reindex", Sum(a, (), f(a)), variables=(),
        forward=(), inverse=())),
    ("reindex", "symbolic dimension", lambda: one(
        "reindex", Sum(X, (), phid(X)), **shift(Y, 2 * Y, X / 2))),
    ("reindex", "not inverse", lambda: one(
        "reindex", Sum(v, (), fn(v)), **shift(Var("o", v.space), 3 * Var("o", v.space), v))),
)
def test_reindex_refuses(rule: str, reason: str, attempt: Callable[[], object]) -> None:
    refused(rule, reason, attempt)


def test_jacobians() -> None:
    two = euclidean(num(2))
    plane = Fn("plane", (two,), "Schwartz")
    U, V = Var("U", two), Var("V", two)
    e = one("reindex", Sum(U, (), plane(U)), **shift(V, 3 * V, U / 3))
    assert isinstance(e.rhs, Mul) and e.rhs.factors[0] == num(9)
    e = one("reindex", Sum(X, (), phid(X)), **shift(Y, -Y, -X))
    assert isinstance(e.rhs, Sum)
    e = one("reindex", Sum(x, (), Sum(y, (), phi(x + y) * psi(x - y))), variables=(z, Var("w", R)),
            forward=((z + Var("w", R)) / 2, (z - Var("w", R)) / 2), inverse=(x + y, x - y))
    assert isinstance(e.rhs, Mul) and e.rhs.factors[0] == num("1/2")


HALF = rel("<=", i, m + 1), rel("<=", m, j)


@refusals(
    ("range_as_bracket", "a range of integers", lambda: one("range_as_bracket", Sum(a, (), f(a)))),
    ("range_as_bracket", "a range of integers", lambda: one(
        "range_as_bracket", Sum(x, (ZERO, y), x))),
    ("range_as_bracket", "contain the bound variable", lambda: one(
        "range_as_bracket", Sum(a, (ZERO, a), f(a)))),
    ("split_range", "side condition", lambda: one(
        "split_range", Sum(a, (i, j), f(a)), given=HALF[1:], at=m,
        witnesses=(wit((1, 0), (1, 1)), wit((1, 0), (1, 1))))),
    ("split_range", "side condition", lambda: one(
        "split_range", Sum(a, (i, j), f(a)), given=HALF[:1], at=m,
        witnesses=(wit((1, 0), (1, 1)), wit((1, 0), (1, 1))))),
    ("split_range", "side condition", lambda: one(  # lo - 2 <= m is too little
        "split_range", Sum(a, (i, j), f(a)), given=(rel("<=", i, m + 2), HALF[1]), at=m,
        witnesses=(wit((1, 0), (1, 2)), wit((1, 1), (1, 2))))),
    ("split_range", "needs 1 witnesses", lambda: one(
        "split_range", Sum(a, (i, j), f(a)), given=HALF, at=m, witnesses=())),
    ("split_range", "an integer to split at", lambda: one(
        "split_range", Sum(a, (i, j), f(a)), given=HALF, at=m / 2, witnesses=())),
    ("split_range", "an integer to split at", lambda: one(
        "split_range", Sum(a, (i, j), f(a)), given=HALF, at=a, witnesses=())),
    ("split_range", "an integer to split at", lambda: one(
        "split_range", Sum(A, (P, Q), fd(A)), at=B, witnesses=())),
    ("expand_range", "not literal", lambda: one("expand_range", Sum(a, (ONE, n), f(a)))),
    ("expand_range", "not literal", lambda: one("expand_range", Sum(A, (ONE, ONE), fd(A)))),
    ("expand_range", "more than", lambda: one("expand_range", Sum(a, (ONE, num(99)), f(a)))),
    ("count", "sum of 1", lambda: one("count", Sum(a, (i, j), f(a)))),
    ("count", "sum of 1", lambda: one("count", Sum(A, (P, Q), ONE))),
    ("count", "a range of integers", lambda: one("count", Sum(a, (), ONE))),
    ("count", "a range of integers", lambda: one("count", Sum(x, (ZERO, y), ONE))),
    ("turn", "a function application", lambda: one("turn", i, slot=0, times=ONE)),
    ("turn", "an argument in Z/n", lambda: one("turn", f(i), slot=0, times=ONE)),
    ("turn", "an argument in Z/n", lambda: one("turn", fn(i), slot=0, times=num("1/2"))),
    ("turn", "an argument in Z/n", lambda: one("turn", fn(i), slot=0, times=u)),
    ("turn", "an argument in Z/n", lambda: one("turn", L(Lam((a,), f(a))), slot=0, times=ONE)),
    ("turn", "KeyError", lambda: one("turn", fn(i), slot=-1, times=ONE)),
    ("representatives", "over residues", lambda: one(
        "representatives", Sum(a, (), f(a)), variable=k, first=ZERO)),
    ("representatives", "side condition", lambda: one(
        "representatives", Sum(u, (), fn(u)), variable=k, first=ZERO, witnesses=(wit((1, 0)),))),
    ("representatives", "a new integer variable", lambda: one(
        "representatives", Sum(u, (), fn(u)), given=TRUE, variable=x, first=ZERO,
        witnesses=(POSITIVE,))),
    ("representatives", "a new integer variable", lambda: one(
        "representatives", Sum(u, (), fn(u) * f(k)), given=TRUE, variable=k, first=ZERO,
        witnesses=(POSITIVE,))),
    ("representatives", "a new integer variable", lambda: one(
        "representatives", Sum(u, (), fn(u)), given=TRUE, variable=k, first=k,
        witnesses=(POSITIVE,))),
    ("representatives", "a new integer variable", lambda: one(  # sum_{n=0}^{n-1}
        "representatives", Sum(u, (), fn(u)), given=TRUE, variable=n, first=ZERO,
        witnesses=(POSITIVE,))),
    ("representatives", "compared as integers", lambda: one(
        "representatives", Sum(u, (), eq(u, i) * fn(u)), given=TRUE, variable=k, first=ZERO,
        witnesses=(POSITIVE,))),
    ("representatives", "is not in", lambda: one(
        "representatives", Sum(u, (), fn(u)), given=TRUE, variable=k, first=num("1/2"),
        witnesses=(POSITIVE,))),
    ("residue_split", "side condition", lambda: one(
        "residue_split", Sum(a, (), f(a)), modulus=n, remainder=r, quotient=q,
        witnesses=(wit((1, 0)),))),
    ("residue_split", "nothing holds a in", lambda: one(
        "residue_split", Sum(a, (), ONE), modulus=num(2), remainder=r, quotient=q,
        witnesses=(wit((1, 0)),))),
    ("residue_split", "over all of Z", lambda: one(
        "residue_split", Sum(a, (i, j), f(a)), modulus=num(2), remainder=r, quotient=q,
        witnesses=(wit((1, 0)),))),
    ("residue_split", "over all of Z", lambda: one(
        "residue_split", Sum(x, (), phi(x)), modulus=num(2), remainder=r, quotient=q,
        witnesses=(wit((1, 0)),))),
    ("residue_split", "not fresh", lambda: one(
        "residue_split", Sum(a, (), f2(a, r)), modulus=num(2), remainder=r, quotient=q,
        witnesses=(wit((1, 0)),))),
    ("residue_split", "not fresh", lambda: one(
        "residue_split", Sum(a, (), f(a)), given=TRUE, modulus=n, remainder=n, quotient=q,
        witnesses=(POSITIVE,))),
    ("residue_split", "must be an integer", lambda: one(
        "residue_split", Sum(a, (), f(a)), modulus=num("3/2"), remainder=r, quotient=q,
        witnesses=(wit((1, 0)),))),
    ("residue_case", "needs an integer", lambda: one("residue_case", f(i), of=x, modulus=3)),
    ("residue_case", "needs an integer", lambda: one("residue_case", f(i), of=i, modulus=0)),
    ("residue_value", "not known to leave", lambda: one(
        "residue_value", Iverson(Divides(num(3), i - 1)) * f(i), (1, 1), modulus=3, remainder=2)),
    ("residue_value", "side condition", lambda: one(  # 1 <= n is not known
        "residue_value", Iverson(Divides(n, i - r)) * f(i), (1, 1),
        given=(rel("<=", 0, n), rel("<=", 0, r), rel("<=", r, n - 1)),
        modulus=n, remainder=r, witnesses=RESIDUE)),
    ("residue_value", "side condition", lambda: one(  # r may be negative
        "residue_value", Iverson(Divides(n, i - r)) * f(i), (1, 1),
        given=(rel("<=", 1, n), rel("<=", -1, r), rel("<=", r, n - 1)),
        modulus=n, remainder=r, witnesses=RESIDUE)),
    ("residue_value", "side condition", lambda: one(  # r may be n
        "residue_value", Iverson(Divides(n, i - r)) * f(i), (1, 1),
        given=(rel("<=", 1, n), rel("<=", 0, r), rel("<=", r, n)),
        modulus=n, remainder=r, witnesses=RESIDUE)),
    ("residue_value", "ValueError", lambda: one(
        "residue_value", Iverson(Divides(n, i)) * f(i), (1, 1), given=TRUE,
        modulus=n, remainder=0, witnesses=(POSITIVE,))),
    ("residue_value", "not known to leave", lambda: one(
        "residue_value", Iverson(Divides(n, i)) * f(i), (1, 1),
        given=(rel("<=", 1, n), rel("<=", 0, r), rel("<=", r, n - 1)),
        modulus=n, remainder=r, witnesses=RESIDUE)),
    ("residue_value", "needs an integer", lambda: one(
        "residue_value", Iverson(Divides(n, i)) * f(i), (1, 1), given=TRUE,
        modulus=x, remainder=0, witnesses=RESIDUE)),
    ("residue_value", "literals", lambda: one(
        "residue_value", Iverson(Divides(num(3), i - 4)) * f(i), (1, 1), modulus=3, remainder=4)),
    ("residue_value", "not known to leave", lambda: one(
        "residue_value", no(Divides(num(3), i - 1)) * f(i), (1, 1), modulus=3, remainder=1)),
)
def test_ranges_refuse(rule: str, reason: str, attempt: Callable[[], object]) -> None:
    refused(rule, reason, attempt)


@refusals(
    ("case", "IllTyped", lambda: one("case", f(i), cond=rel("<=", u, v))),
    ("bracket", "side condition", lambda: one(
        "bracket", f(i), given=TRUE, cond=rel("<=", 2, n), witnesses=(POSITIVE,))),
    ("bracket", "side condition", lambda: one(  # a bound variable of this name: another n
        "bracket", Sum(n, (i, j), f(n)), (2,), TRUE, cond=rel("<=", 1, n),
        witnesses=(POSITIVE,))),
    ("bracket", "needs 2 witnesses", lambda: one(
        "bracket", f(i), given=TRUE, cond=rel("=", n, 1), witnesses=(POSITIVE,))),
    ("bracket", "side condition", lambda: one(  # [P or Q]: neither is denied
        "bracket", f(i), given=TRUE, cond=Or((rel("<=", 1, n), rel("<=", 2, n))),
        witnesses=(POSITIVE,))),
    ("bracket", "side condition", lambda: one(  # not (A <= B): in some component only
        "bracket", f(i), given=(Not(rel("<=", A, B)),), cond=rel("<=", B, A),
        witnesses=(wit((1, 0), (1, 1)),))),
    ("bracket", "side condition", lambda: one(  # nor does not (A = B) order anything
        "bracket", f(i), given=(Not(rel("=", i, j)),), cond=rel("<", i, j),
        witnesses=(wit((1, 0), (1, 1)),))),
    ("bracket", "side condition", lambda: one(  # strict: x <= y does not give x < y
        "bracket", f(i), given=(rel("<=", x, y),), cond=rel("<", x, y),
        witnesses=(wit((1, 0), (1, 1)),))),
    ("bracket", "side condition", lambda: one(  # on R, 0 < x does not give 1 <= x
        "bracket", f(i), given=(rel("<", 0, x),), cond=rel("<=", 1, x),
        witnesses=(wit((1, 0), (1, 1)),))),
    ("bracket", "side condition", lambda: one(  # no inequality from one modulo n
        "bracket", f(i), given=(rel("=", u, 0),), cond=rel("=", u, 0),
        witnesses=(wit((1, 0)),))),
    ("bracket", "side condition", lambda: one(
        "bracket", f(i), cond=Divides(n, i), witnesses=(j,))),
    ("bracket", "side condition", lambda: one(
        "bracket", f(i), cond=Divides(num(2), i), witnesses=(i / 2,))),
    ("absurd", "side condition", lambda: one(
        "absurd", Mul((le(i, 0), f(i), le(0, i))), witnesses=(wit((1, 0), (1, 1)),))),
    ("absurd", "side condition", lambda: one(
        "absurd", Mul((lt(x, 1), f(i), lt(0, x))), witnesses=(wit((1, 0), (1, 1)),))),
    ("absurd", "side condition", lambda: one(
        "absurd", le(i, 0) + le(1, i), witnesses=(wit((1, 0), (1, 1)),))),
    ("absurd", "side condition", lambda: one(  # two components
        "absurd", no(rel("<=", A, B)) * no(rel("<=", B, A)), witnesses=(wit((1, 0), (1, 1)),))),
    ("equivalent", "side condition", lambda: one(
        "equivalent", le(1, i), cond=rel("<=", 0, i),
        only_if=(wit((1, 0), (1, 1)),), **{"if": (wit((1, 0), (1, 1)),)})),
    ("equivalent", "side condition", lambda: one(
        "equivalent", le(0, i), cond=rel("<=", 1, i),
        only_if=(wit((1, 0), (1, 1)),), **{"if": (wit((1, 0), (1, 1)),)})),
    ("equivalent", "side condition", lambda: one(
        "equivalent", lt(0, x), cond=rel("<=", 0, x),
        only_if=(wit((1, 0), (1, 1)),), **{"if": (wit((1, 0), (1, 1)),)})),
    ("equivalent", "a bracket", lambda: one("equivalent", f(i), cond=rel("<=", 0, i))),
    ("same", "side condition", lambda: one("same", f(i), (1,), (rel("<=", i, j),), target=j,
        witnesses=(wit((1, 0), (1, 1)), wit((1, 0), (1, 1))))),
    ("same", "another space", lambda: one("same", f(i), (1,), (rel("=", i, x),), target=x,
        witnesses=((), ()))),
    ("same", "needs 2", lambda: one("same", f(i), (1,), (rel("=", i, j),), target=j,
        witnesses=(wit((1, 0), (1, 2)),))),
    ("collapse", "almost everywhere", lambda: one(
        "collapse", Sum(z, (), eq(z, x) * phi(z)), index=0, stride=None)),
    ("collapse", "not in the space", lambda: one(
        "collapse", Sum(a, (), eq(a, x) * f(a)), index=0, stride=None)),
    ("collapse", "not in the space", lambda: one(
        "collapse", Sum(a, (), eq(a, i / 2) * f(a)), index=0, stride=None)),
    ("collapse", "not of the form", lambda: one(
        "collapse", Sum(a, (), eq(a, f2_floor()) * f(a)), index=0, stride=None)),
    ("collapse", "not of the form", lambda: one(
        "collapse", Sum(a, (), eq(2 * a, i) * f(a)), index=0, stride=None)),
    ("collapse", "side condition", lambda: one(
        "collapse", Sum(a, (), eq(n * a, i) * f(a)), index=0, stride=n, witnesses=(wit((1, 0)),))),
    ("collapse", "side condition", lambda: one(
        "collapse", Sum(a, (), eq(-a, i) * f(a)), index=0, stride=num(-1),
        witnesses=(wit((1, 0)),))),
    ("collapse", "expected a bracket", lambda: one(
        "collapse", Sum(a, (), le(a, i) * f(a)), index=0, stride=None)),
    ("collapse", "expected a bracket", lambda: one(
        "collapse", Sum(a, (), eq(a, i) * f(a)), index=-2, stride=None)),
    ("collapse", "expected a bracket", lambda: one(
        "collapse", Sum(a, (), no(rel("=", a, i)) * f(a)), index=0, stride=None)),
    ("collapse", "free of the variable", lambda: one(
        "collapse", Sum(a, (), eq(a * a, i) * f(a)), index=0, stride=a, witnesses=((),))),
)
def test_brackets_refuse(rule: str, reason: str, attempt: Callable[[], object]) -> None:
    refused(rule, reason, attempt)


def f2_floor() -> Term:
    return Floor(a, num(2))


@refusals(
    ("floor_bound", "side condition", lambda: one(
        "floor_bound", le(i, Floor(j, n)), witnesses=(wit((1, 0)),))),
    ("floor_bound", "expected", lambda: one(
        "floor_bound", le(Floor(j, n), i), given=TRUE, witnesses=(POSITIVE,))),
    ("floor_bound", "expected", lambda: one(
        "floor_bound", lt(i, Floor(j, n)), given=TRUE, witnesses=(POSITIVE,))),
    ("floor_bound", "needs an integer", lambda: one(
        "floor_bound", le(x, Floor(j, n)), given=TRUE, witnesses=(POSITIVE,))),
    ("floor_shift", "side condition", lambda: one(
        "floor_shift", Floor(j, n), by=i, witnesses=(wit((1, 0)),))),
    ("floor_shift", "needs an integer", lambda: one(
        "floor_shift", Floor(j, n), given=TRUE, by=num("1/2"), witnesses=(POSITIVE,))),
    ("floor_value", "side condition", lambda: one(
        "floor_value", Floor(j, n), given=(*TRUE, rel("<=", n * i, j), rel("<=", j, n * i + n)),
        value=i, witnesses=(wit((1, 0), (1, 3)), wit((1, 1), (1, 3)), wit((1, 2), (1, 3))))),
    ("floor_value", "side condition", lambda: one(
        "floor_value", Floor(j, n), given=(rel("<=", n * i, j), rel("<", j, n * i + n)),
        value=i, witnesses=(wit((1, 0), (1, 2)), wit((1, 0), (1, 2)), wit((1, 1), (1, 2))))),
    ("floor_value", "needs an integer", lambda: one(
        "floor_value", Floor(j, n), value=j / n, witnesses=((), (), ()))),
    ("maximum", "between vectors", lambda: one("maximum", fd(Max(A, B)), (1,))),
    ("maximum", "a maximum", lambda: one("maximum", f(i))),
    ("absolute", "an absolute value", lambda: one("absolute", f(i))),
    ("cancel", "side condition", lambda: one(
        "cancel", (n * f(i)) / n, target=f(i), sign=1, witnesses=(wit((1, 0)),))),
    ("cancel", "side condition", lambda: one(
        "cancel", (n * f(i)) / n, given=(rel("<=", 0, n),), target=f(i), sign=1,
        witnesses=(wit((1, 0), (1, 1)),))),
    ("cancel", "is not", lambda: one(
        "cancel", (n * f(i)) / n, given=TRUE, target=f(j), sign=1,
        witnesses=(wit((1, 0), (1, 1)),))),
    ("support", "no range is known", lambda: one("support", f(i))),
    ("support", "no range is known", lambda: one("support", L(Lam((a,), f(a))))),
)
def test_floors_refuse(rule: str, reason: str, attempt: Callable[[], object]) -> None:
    refused(rule, reason, attempt)


@refusals(
    # Leibniz, brackets with x, what is not differentiable
    ("differentiate", "a bound depends", lambda: one(
        "differentiate", DiffEntry(ten, (j,), Sum(z, (ZERO, ten(i)), z)))),
    ("differentiate", "not known to be smooth", lambda: one(
        "differentiate", Diff(x, Sum(z, (ZERO, x), phi(z) * le(z, x)), y))),
    ("differentiate", "not known to be continuous", lambda: one(
        "differentiate", Diff(x, Sum(z, (ZERO, x), phi(x) * Fn(
            "o", (R,), "locally integrable")(z)), y))),
    ("differentiate", "no rule", lambda: one(
        "differentiate", Diff(x, Sum(z, (ZERO, Abs(x)), phi(z)), y))),
    ("fundamental", "over an interval", lambda: one(
        "fundamental", Sum(z, (), Diff(x, phi(x), z)))),
    ("fundamental", "an integral of dF/dz", lambda: one(
        "fundamental", Sum(z, (ZERO, y), Diff(x, phi(x), 2 * z)))),
    ("fundamental", "an integral of dF/dz", lambda: one(  # one partial derivative along a diagonal
        "fundamental", Sum(z, (ZERO, y), Diff(X, phid(X), z)))),
    ("fundamental", "depends on the point", lambda: one(
        "fundamental", Sum(z, (ZERO, y), Diff(x, phi(x) * z, z)))),
    ("fundamental", "not known to be smooth", lambda: one(
        "fundamental", Sum(z, (ZERO, y), Diff(x, Abs(x), z)))),
    ("fundamental", "not known to be smooth", lambda: one(
        "fundamental", Sum(z, (ZERO, y), Diff(x, sigma(x), z)))),
    ("fundamental", "an inner sum", lambda: one(
        "fundamental", Sum(z, (ZERO, y), Diff(x, phi(x) * Sum(a, (), f(a)), z)))),
    # half-lines: what moves, what decays, and of how many dimensions
    ("half_line", "over R of a product with a comparison", lambda: one(
        "half_line", Sum(z, (), phi(z) * le(x, z)), index=0, at=ZERO)),
    ("half_line", "over R of a product with a comparison", lambda: one(
        "half_line", Sum(z, (), eq(x, z) * phi(z)), index=0, at=ZERO)),
    ("half_line", "over R of a product with a comparison", lambda: one(
        "half_line", Sum(z, (x, y), le(x, z) * phi(z)), index=0, at=ZERO)),
    ("half_line", "over R of a product with a comparison", lambda: one(
        "half_line", Sum(X, (), le(X, Y) * phid(X)), index=0, at=ZERO)),
    ("half_line", "over R of a product with a comparison", lambda: one(
        "half_line", Sum(a, (), le(a, i) * f(a)), index=0, at=ZERO)),
    ("half_line", "free of it", lambda: one(
        "half_line", Sum(z, (), le(z * z, x) * phi(z)), index=0, at=ZERO)),
    ("half_line", "free of it", lambda: one(
        "half_line", Sum(z, (), le(z + z * z, x) * phi(z)), index=0, at=ZERO)),
    ("half_line", "free of it", lambda: one(
        "half_line", Sum(z, (), le(z * x, y) * phi(z)), index=0, at=ZERO)),
    ("half_line", "free of it", lambda: one(
        "half_line", Sum(z, (), le(y, x) * phi(z)), index=0, at=ZERO)),
    ("half_line", "free of it", lambda: one(
        "half_line", Sum(z, (), le(z, Y) * phi(z)), index=0, at=ZERO)),
    ("half_line", "a real number that is free", lambda: one(
        "half_line", Sum(z, (), le(z, x) * phi(z)), index=0, at=z)),
    ("half_line", "a real number that is free", lambda: one(
        "half_line", Sum(z, (), le(z, x) * phi(z)), index=0, at=Y)),
    ("half_line", "existence", lambda: one(
        "half_line", Sum(z, (), le(z, x) * smooth(z)), index=0, at=ZERO)),
    ("half_line", "existence", lambda: one(  # that one half-line exists says nothing of others
        "half_line", Sum(z, (), le(z, x) * rough(z)), index=0, at=ZERO,
        given=(Exists(Sum(z, (), le(z, x) * rough(z))),))),
    ("tail", "the integral of a derivative", lambda: one(
        "tail", Sum(z, (), le(z, x) * phi(z)), index=0)),
    ("tail", "an integral of dF/dz at z", lambda: one(
        "tail", Sum(z, (), le(z, y) * Diff(x, phi(x), 2 * z)), index=0)),
    ("tail", "depends on the point", lambda: one(
        "tail", Sum(z, (), le(z, y) * Diff(x, phi(x) * z, z)), index=0)),
    ("tail", "existence", lambda: one(
        "tail", Sum(z, (), le(z, y) * Diff(x, smooth(x), z)), index=0)),
    ("differentiate", "no rule", lambda: one(
        "tail", Sum(z, (), le(z, y) * Diff(x, phi(x) * le(x, ZERO), z)), index=0)),
    ("differentiate", "not known to be continuous", lambda: one(
        "differentiate", Diff(x, Sum(z, (), Mul((le(z, x), le(ZERO, z), phi(z)))), y))),
    ("differentiate", "free of it", lambda: one(
        "differentiate", Diff(x, Sum(z, (), le(ZERO, x) * phi(z)), y))),
    ("differentiate", "C^1", lambda: one(
        "differentiate", Diff(x, Sum(y, (), Sum(z, (), le(z, x) * phi(z)) * psi(y)), ONE))),
    ("substitution", "over an interval", lambda: one(
        "substitution", Sum(z, (), phi(2 * z) * 2), map=Lam((y,), 2 * y),
        function=Lam((y,), phi(y)))),
    ("substitution", "over an interval", lambda: one(
        "substitution", Sum(a, (i, j), f(2 * a) * 2), map=Lam((b,), 2 * b),
        function=Lam((b,), f(b)))),
    ("substitution", "over an interval", lambda: one(  # a sum is no integral
        "substitution", Sum(a, (i, j), phi(2 * a) * 2), map=Lam((y,), 2 * y),
        function=Lam((y,), phi(y)))),
    ("substitution", "over an interval", lambda: one(  # nor does an integral become a sum
        "substitution", Sum(z, (ZERO, j), 4 * z), map=Lam((y,), 2 * y), function=Lam((b,), b))),
    ("substitution", "a function", lambda: one(
        "substitution", Sum(z, (x, y), phi(z)), map=phi, function=Lam((y,), phi(y)))),
    ("substitution", "depend on the variable", lambda: one(
        "substitution", Sum(z, (ZERO, x), phi(z + z)), map=Lam((y,), y + z),
        function=Lam((y,), phi(y)))),
    ("substitution", "depend on the variable", lambda: one(
        "substitution", Sum(z, (ZERO, x), phi(z) * z), map=Lam((y,), y),
        function=Lam((y,), phi(y) * z))),
    ("substitution", "not F(g) g'", lambda: one(  # the Jacobian is forgotten
        "substitution", Sum(z, (ZERO, x), phi(2 * z)), map=Lam((y,), 2 * y),
        function=Lam((y,), phi(y)))),
    ("substitution", "not known to be smooth", lambda: one(
        "substitution", Sum(z, (ZERO, x), phi(sigma(z)) * App(Partial(sigma, 0), (z,))),
        map=Lam((y,), sigma(y)), function=Lam((y,), phi(y)))),
    ("substitution", "not known to be continuous", lambda: one(
        "substitution", Sum(z, (ZERO, x), loc(2 * z) * 2), map=Lam((y,), 2 * y),
        function=Lam((y,), loc(y)))),
    ("differentiate", "no rule", lambda: one(
        "substitution", Sum(z, (ZERO, x), Abs(z)), map=Lam((y,), Abs(y)), function=Lam((y,), y))),
    ("scale", "over R, and a number", lambda: one(
        "scale", Sum(z, (x, y), phi(z)), variable=Var("u", R), by=num(2), witnesses=((),))),
    ("scale", "over R, and a number", lambda: one(
        "scale", Sum(a, (), f(a)), variable=b, by=num(2), witnesses=((),))),
    ("scale", "over R, and a number", lambda: one(
        "scale", Sum(X, (), phid(X)), variable=Y, by=num(2), witnesses=((),))),
    ("scale", "over R, and a number", lambda: one(
        "scale", Sum(z, (), phi(z)), variable=Var("u", R), by=X, witnesses=((),))),
    ("scale", "not fresh", lambda: one(
        "scale", Sum(z, (), phi(z) * psi(x)), variable=x, by=num(2), witnesses=((),))),
    ("scale", "not fresh", lambda: one(
        "scale", Sum(z, (), phi(z)), variable=x, by=x, given=(rel("<", 0, x),),
        witnesses=(wit((1, 0), (1, 1)),))),
    ("scale", "depends on it", lambda: one(
        "scale", Sum(z, (), phi(z)), variable=x, by=z, given=(rel("<", 0, z),),
        witnesses=(wit((1, 0), (1, 1)),))),
    ("scale", "side condition", lambda: one(
        "scale", Sum(z, (), phi(z)), variable=x, by=y, given=(rel("<=", 0, y),),
        witnesses=(wit((1, 0), (1, 1)),))),
    ("base_point", "over an interval", lambda: one("base_point", Sum(z, (), phi(z)), at=ZERO)),
    ("base_point", "over an interval", lambda: one(
        "base_point", Sum(z, (x, y), phi(z)), at=z)),
    ("base_point", "over an interval", lambda: one(
        "base_point", Sum(a, (i, j), f(a)), at=ZERO)),
    ("base_point", "integrable", lambda: one(
        "base_point", Sum(z, (x, y), Fn("o", (R,), "any")(z)), at=ZERO)),
    ("telescope", "a range of integers", lambda: one(
        "telescope", Sum(a, (), f(a + 1) - f(a)), partial=Lam((b,), f(b)))),
    ("telescope", "not the differences", lambda: one(
        "telescope", Sum(a, (i, j), f(a) - f(a - 1)), partial=Lam((b,), f(b)))),
    ("telescope", "not the differences", lambda: one(
        "telescope", Sum(a, (i, j), (a + 1) * f(a) - a * f(a)), partial=Lam((b,), b * f(a)))),
    ("telescope", "a range of integers and", lambda: one(
        "telescope", Sum(a, (i, j), ONE), partial=Lam((x,), x))),
    ("differentiate", "C^1", lambda: one(
        "differentiate", Diff(x, Sum(z, (), phi(z) * compact(z) * Fn(
            "o", (R,), "continuous")(x - z)), y))),
    ("differentiate", "no rule", lambda: one("differentiate", Diff(x, Abs(x), y))),
    ("differentiate", "no rule", lambda: one("differentiate", Diff(x, Max(x, ZERO), y))),
    ("differentiate", "no rule", lambda: one("differentiate", Diff(x, ONE / x, y))),
    ("differentiate", "no rule", lambda: one("differentiate", Diff(x, le(x, 0), y))),
    ("differentiate", "not known to be differentiable", lambda: one(
        "differentiate", Diff(x, Fn("o", (R,), "continuous")(x), y))),
    ("differentiate", "nothing holds", lambda: one(
        "differentiate", Diff(x, Sum(a, (), smooth(x)), y))),
    ("differentiate", "may grow faster", lambda: one(
        "differentiate", Diff(x, Sum(z, (), phi(z) * smooth(x - z)), y))),
    ("differentiate", "under an integral", lambda: one(
        "differentiate", DiffEntry(f, (i,), Sum(z, (), f(i) * phi(z))))),
    ("differentiate", "not known to be differentiable", lambda: one(
        "differentiate", DiffEntry(f, (i,), Fn("o", (R,), "continuous")(f(i))))),
    ("differentiate", "no chain rule for this function", lambda: one(
        "differentiate", DiffEntry(f, (i,), Fn("M", L.domain, "differentiable")(
            Lam((a,), f(a)))))),
    ("differentiate", "no chain rule for this function", lambda: one(
        "differentiate", DiffEntry(f, (i,), L(f)))),
    ("differentiate", "nothing holds a in", lambda: one(
        "differentiate", DiffEntry(f, (i,), Sum(a, (), f(i) + f(a))))),
    ("differentiate", "a derivative", lambda: one("differentiate", f(i))),
    ("chain_rule", "expected the derivative of a loss", lambda: one(
        "chain_rule", DiffEntry(f, (i,), f(i)))),
    ("differentiate", "no chain rule for this function", lambda: one(
        "chain_rule", DiffEntry(f, (i,), L(f)))),
    ("under_sign", "a sum or integral", lambda: one("under_sign", Diff(x, phi(x), y))),
    ("under_sign", "also the point", lambda: one("under_sign", DiffEntry(
        f, (a,), Sum(a, (ONE, n), f(a))))),
    ("differentiate", "a bound depends", lambda: one(  # the boundary term is not lost
        "under_sign", Diff(x, Sum(z, (ZERO, x), phi(z)), y))),
    ("differentiate", "C^1", lambda: one(  # what moves in at the end is not lost
        "under_sign", Diff(x, Sum(z, (), le(z, x) * phi(z)), y))),
    # boundary terms
    ("parts", "over the whole space", lambda: one(
        "parts", Sum(z, (ZERO, y), Diff(x, phi(x), z)))),
    ("parts", "an integral of dF/dz", lambda: one("parts", Sum(z, (), Diff(x, phi(x), 2 * z)))),
    ("parts", "an integral of dF/dz", lambda: one("parts", Sum(z, (), Diff(X, phid(X), Y)))),
    ("parts", "depends on the point", lambda: one(
        "parts", Sum(z, (), Diff(x, phi(x) * phi(z), z)))),
    ("parts", "nothing holds", lambda: one("parts", Sum(z, (), Diff(x, x, z)))),
    ("parts", "nothing holds", lambda: one("parts", Sum(z, (), Diff(x, Pow(x, 2), z)))),
    ("parts", "may grow faster", lambda: one("parts", Sum(z, (), Diff(x, smooth(x), z)))),
    ("differentiate", "no rule", lambda: one(
        "parts", Sum(z, (), Diff(x, phi(x) * le(x, 0), z)))),
    ("parts", "an inner sum", lambda: one(
        "parts", Sum(z, (), Diff(x, phi(x) * Sum(a, (), f(a)), z)))),
    ("parts", "the integral of a derivative", lambda: one("parts", Sum(z, (), phi(z)))),
)
def test_derivatives_refuse(rule: str, reason: str, attempt: Callable[[], object]) -> None:
    refused(rule, reason, attempt)


def test_the_entry_of_a_tensor() -> None:
    """dx_i/dx_j = [i = j][j in range], also inside a sum over i (SymPy differentiates through)."""
    e = true(one("differentiate", DiffEntry(ten, (a,), Sum(a, (ONE, k), f(a) * ten(a)))))
    assert isinstance(e.rhs, Sum) and e.rhs.var != a
    e = true(one("differentiate", DiffEntry(ten, (j,), ten(i))))
    assert e.rhs == Iverson(And((rel("=", i, j), rel("<=", 1, j), rel("<=", j, k))))


def commutes() -> Any:
    """sum f(a) g(i - a) = sum f(i - b) g(b), for f finitely supported and any g."""
    any_g = Fn("g", (Z,), "any")
    return qed(one("reindex", Sum(a, (), f(a) * any_g(i - a)), **shift(b, i - b, i - a)))


@refusals(
    ("use", "not known to be finite", lambda: one(
        "use", Sum(a, (), Lam((c,), ONE)(a) * Fn("g", (Z,), "any")(i - a)),
        theorem=commutes(), mapping={f: Lam((c,), ONE)}, witnesses=())),
    ("use", "not known to be finite", lambda: one(
        "use", Sum(a, (), wild(a) * Fn("g", (Z,), "any")(i - a)),
        theorem=commutes(), mapping={f: wild}, witnesses=())),
    ("use", "the theorem speaks of", lambda: one(
        "use", Sum(a, (), f(a)), theorem=commutes(), mapping={}, witnesses=())),
    ("use", "does not live in", lambda: one(
        "use", Sum(a, (), f(a)), theorem=commutes(), mapping={i: x}, witnesses=())),
    ("use", "has not the domain", lambda: one(
        "use", Sum(a, (), f(a)), theorem=commutes(), mapping={f: phi}, witnesses=())),
    ("use", "not a theorem", lambda: one(
        "use", ONE, theorem=ONE, mapping={}, witnesses=())),
    ("use", "neither a number", lambda: step(begin((), ONE), "use", (), {
        "theorem": begin((), ONE), "mapping": {}, "witnesses": ()})),
    ("use", "is bound here", lambda: one(
        "use", Sum(i, (ONE, n), Sum(a, (), f(a) * Fn("g", (Z,), "any")(i - a))), (2,),
        theorem=commutes(), mapping={}, witnesses=())),
    ("use", "has not the range", lambda: one(
        "use", f(j), theorem=qed(begin((), ten(j))), mapping={ten: f}, witnesses=())),
)
def test_use_refuses(rule: str, reason: str, attempt: Callable[[], object]) -> None:
    refused(rule if "neither" not in reason else "step", reason, attempt)


def test_instances_below_a_binder() -> None:
    any_g = Fn("g", (Z,), "any")
    t = Sum(c, (ONE, n), Sum(a, (), f(a) * any_g(c - a)))
    e = one("use", t, (2,), theorem=commutes(), mapping={i: c}, witnesses=())
    assert e.rhs == Sum(c, (ONE, n), Sum(b, (), f(c - b) * any_g(c - (c - b))))


# --- what SymPy 1.14 gets wrong on this material ------------------------------------------------


def test_sympy_traps() -> None:
    # Sum(f(k) + n, (k, 0, 3)).subs(n, k) captures: here the bound variable is renamed
    e = one("unfold", Lam((n,), Sum(p, (ZERO, num(3)), f(p) + n))(p))
    assert isinstance(e.rhs, Sum) and e.rhs.var != p
    assert e.rhs.body == f(e.rhs.var) + p
    # Sum(g[o] KroneckerDelta(p, 2 o + k) w[k], o).doit() forgets that p - k must be even
    e = one("collapse", Sum(a, (), f(a) * eq(p, 2 * a + q)), index=1, stride=num(2),
            witnesses=(wit((1, 0)),))
    assert isinstance(e.rhs, Mul) and isinstance(e.rhs.factors[0], Iverson)
    assert isinstance(e.rhs.factors[0].cond, Divides)
    true(e)
    # Sum(c[i] x[i], (i, 1, n)).diff(x[i]) differentiates through the bound index
    true(one("differentiate", DiffEntry(ten, (i,), Sum(i, (ONE, k), f(i) * ten(i)))))
    # Sum(k, (k, 5, 2)).doit() is -7
    assert one("expand_range", Sum(a, (num(5), num(2)), a)).rhs == ZERO
    refused("ring", "not the same", lambda: one(
        "ring", Sum(a, (num(5), num(2)), a), target=num(-7)))
    # change_index(k, m k, j) with a symbolic scale; change_index(i, k - i, k) captures
    refused("reindex", "not inverse", lambda: one(
        "reindex", Sum(a, (ONE, n), f(a)), **shift(b, m * b, Floor(a, m))))
    refused("reindex", "not fresh", lambda: one(
        "reindex", Sum(i, (ONE, n), f2(i, j)), **shift(j, j - i, j - i)))
    # Integral.transform accepts 1/y on (-1, 1)
    refused("reindex", "not inverse", lambda: one(
        "reindex", Sum(x, (num(-1), ONE), x), **shift(z, ONE / z, ONE / x)))
    # diff goes under an integral sign with no condition asked
    refused("differentiate", "integrable", lambda: one(
        "differentiate", Diff(x, Sum(z, (), Fn("o", (R,), "any")(z) * phi(x - z)), y)))


def test_the_lecture_of_design() -> None:
    """Odd i, sums of f(a + b) g(a - b), empty ranges, components of vectors."""
    odd = Statement((), Sum(a, (), f(2 * a) * g(i - 2 * a)), Sum(a, (), f(i - 2 * a) * g(2 * a)))
    env = data(Random(1)) | {i: 1}
    assert compare(odd, env).verdict == "different"
    refused("rearrange", "not the same combination", lambda: one(
        "rearrange", odd.lhs, target=odd.rhs))
    refused("rearrange", "not the same combination", lambda: one(
        "rearrange", Sum(a, (), Sum(b, (), f(a + b) * g(a - b))),
        target=num("1/2") * Sum(a, (), Sum(b, (), f(a) * g(b)))))
    low = Definition("low", (Var("e", Z),), Lam((a,), Floor(a, num(2))))
    true(one("unfold", App(low(j), (i,))))

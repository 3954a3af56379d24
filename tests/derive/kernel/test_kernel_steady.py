"""Brackets that stay as they are near the entries of a tensor, and those that do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from pieces import (
    L,
    a,
    b,
    cont,
    eq,
    f,
    i,
    j,
    k,
    le,
    lt,
    n,
    num,
    one,
    out,
    qed,
    refused,
    sigma,
    step,
    ten,
    x,
    z,
)

from derive.binding import free
from derive.kernel import Context, Refused, begin, replay
from derive.kernel.steady import bound, edges, steady
from derive.meaning import Formula, Functional, Points, compare, evaluate, generator, holds
from derive.syntax import (
    ONE,
    ZERO,
    Add,
    And,
    Cond,
    DiffEntry,
    Divides,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Not,
    Or,
    Pow,
    Rel,
    Signature,
    Sum,
    Term,
    Var,
    Z,
)

TOP = Sum(b, (ONE, k), Iverson(Not(Rel("=", a, b))) * le(ten(a), ten(b)))  # rivals of a
CHOSEN = Sum(a, (ONE, k), ten(a) * Iverson(Rel("<=", TOP, ZERO)))  # the strict maximum


def unchanged(body: Term, fn: Fn = ten) -> tuple[Cond, ...]:
    return tuple(Rel("=", edge, ZERO) for edge in edges(body, fn))


def by_entry(body: Term, given: tuple[Cond, ...] = (), fn: Fn = ten) -> Any:
    return one("differentiate", DiffEntry(fn, (j,), body), (), given)


# --- what is accepted ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        ten(1) * lt(ten(1), ten(2)),
        CHOSEN,
        Max(ten(1), ZERO) * ten(i),
        sigma(ten(1) * lt(ZERO, sigma(ten(1)))),
        L(Lam((a,), ten(a) * Iverson(Rel("<=", TOP, ZERO)))),
        L(Lam((a,), Max(ten(a), f(a)))),
    ],
)
def test_what_a_hypothesis_holds_still(body: Term) -> None:
    e = by_entry(body, unchanged(body))
    assert replay(qed(e)).rhs == e.rhs
    loss = Functional(((2, ((0, (1,)),)), (3, ((0, (2,)), (0, (3,))))), (1,), (3,))
    for entries in ((2, 1, 3), (-1, 3, 1), (3, -2, -1)):
        env = {ten: Points({(e,): v for e, v in enumerate(entries, 1)}), k: 3, n: 3, i: 1, j: 1,
               L: loss, f: Points({(1,): 1, (2,): 2}),
               sigma: Formula(generator(0) ** 3 + 2)}  # fmt: skip
        assert all(holds(cond, env) for cond in e.given)
        assert compare(e.statement(), env).verdict == "equal"
    refused("differentiate", "no rule", lambda: by_entry(body))
    refused("qed", "existence", lambda: qed(begin((), DiffEntry(ten, (j,), body))))


def test_the_strict_maximum_may_have_ties_below_it() -> None:
    """3, 1, 1: two entries are equal, but not the largest."""
    (tied,) = unchanged(CHOSEN)
    assert holds(tied, {ten: {1: 3, 2: 1, 3: 1}, k: 3})
    assert not holds(tied, {ten: {1: 3, 2: 3, 3: 1}, k: 3})


def test_a_count_over_a_range_says_it_of_each_term() -> None:
    """Steps one by one: after the chain rule and under the sum one term is left."""
    body = L(Lam((i,), Sum(a, (ONE, k), ten(a + i) * lt(ten(a), f(i)))))
    e = step(begin(unchanged(body), DiffEntry(ten, (j,), body)), "chain_rule", (), {})
    e = step(e, "under_sign", (2, 1), {})
    e = step(e, "differentiate", (2, 1, 2), {})
    assert replay(qed(e)).rhs == e.rhs


def test_conditions_without_the_tensor_are_constants() -> None:
    body = ten(1) * lt(f(1), f(2)) * eq(i, 1)
    assert list(edges(body, ten)) == []
    assert by_entry(body)


# --- what is refused ----------------------------------------------------------------------------

TWO = ten(1) * lt(ten(1), ten(2))
(TIE,) = unchanged(TWO)
EACH = Sum(a, (ONE, n), ten(a) * lt(ten(a), f(a)))


Bracket = Callable[[Any, Any], Iverson]


def no_more(count: Callable[[Bracket], Term], most: Any = 0) -> Callable[[], object]:
    """[count <= most] under what would be its hypothesis, if it were a count."""
    gap = le(count(lt), most) - le(count(le), most)
    return lambda: by_entry(le(count(lt), most), (Rel("=", gap, ZERO),))


def below(t: Term) -> Callable[[], object]:
    """[t < 0] under what would be its hypothesis, if t were continuous."""
    return lambda: by_entry(lt(t, 0), (Rel("=", le(t, 0) - lt(t, 0), ZERO),))


def count(less: Bracket) -> Term:
    return Sum(a, (ONE, k), less(ten(a), 0))


def both(one_: Bracket, two: Bracket) -> Term:
    """A product that does not grow with each factor: one is at most 0."""
    return Mul((Sum(a, (ONE, k), -one_(ten(a), 0)), Sum(b, (ONE, k), two(ten(b), 1))))


SERIES = Sum(a, (), (1 + f(a)) * ten(1) - Pow(ten(1), 2))  # 0 unless ten(1) is 0 or 1


REFUSED: dict[str, Callable[[], object]] = {
    "no hypothesis": lambda: by_entry(TWO),
    "of another tensor": lambda: by_entry(TWO, unchanged(out(1) * lt(out(1), out(2)), out)),
    "of other entries": lambda: by_entry(TWO, unchanged(lt(ten(1), ten(3)))),
    "of a smaller range": lambda: by_entry(EACH, unchanged(Sum(a, (ONE, n - 1), EACH.body))),
    "of one term only": lambda: by_entry(EACH, unchanged(lt(ten(i), f(i)))),
    "not that the count is 0": lambda: by_entry(TWO, (Rel("<=", TIE.lhs, ZERO),)),
    "an equality": lambda: by_entry(
        ten(1) * eq(ten(1), ten(2)), (Rel("=", eq(ten(1), ten(2)), ZERO),)),
    "a jump on the other side": below(cont(ten(1))),
    "a bracket with a value": below(ten(1) * lt(ten(1), ten(2))),
    "a quotient": below(f(1) / ten(1)),
    "a series": below(SERIES),
    "an integral of brackets": no_more(
        lambda less: Sum(z, (ZERO, ONE), less(ten(1), z)), Fraction(1, 2)),
    "a count without end": no_more(lambda less: Sum(a, (), less(ten(1), a))),
    "a range that moves": no_more(
        lambda less: Sum(a, (ONE, lt(ten(1), ten(2))), less(ten(3), f(a)))),
    "a product of counts": lambda: by_entry(
        le(both(lt, lt), 0), (Rel("=", le(both(le, lt), 0) - le(both(lt, le), 0), ZERO),)),
    "an equality of counts": lambda: by_entry(
        eq(count(lt), 1), (Rel("=", eq(count(lt), 1) - eq(count(le), 1), ZERO),)),
    "below a sum without end": lambda: by_entry(
        Sum(a, (), f(a) * lt(ten(a), 1)), (Rel("=", Sum(a, (), lt(ten(a), 1)), ZERO),)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_change_is_refused(name: str) -> None:
    refused("differentiate", "no rule", REFUSED[name])


def test_divisibility_and_loss_without_a_range() -> None:
    bare = Fn("M", (Signature((Z,)),), "differentiable")
    for body in (bare(Lam((a,), ten(a) * lt(ten(a), 0))), Iverson(Divides(ONE, lt(ten(1), 0)))):
        assert not steady(Context(()), ten, body)
        with pytest.raises(Refused):
            by_entry(body)


def test_a_hypothesis_does_not_follow_into_a_derivative() -> None:
    """In the body the tensor varies: what holds at its current entries says nothing there."""
    inner = DiffEntry(ten, (i,), TWO * ten(3))
    refused("differentiate", "no rule",
            lambda: one("differentiate", DiffEntry(ten, (j,), inner), (), (TIE,)))
    refused("differentiate", "no rule",
            lambda: one("differentiate", DiffEntry(ten, (j,), inner), (1,), (TIE,)))
    refused("qed", "existence", lambda: qed(begin((TIE,), DiffEntry(ten, (j,), inner))))
    theorem = qed(by_entry(TWO, (TIE,)))
    at = DiffEntry(ten, (j,), DiffEntry(ten, (j,), TWO))
    refused("use", "not proved", lambda: one(
        "use", at, (1,), (TIE,), theorem=theorem, mapping={ten: ten, j: j, k: k},
        witnesses=(((), ()),)))


def test_a_hypothesis_on_a_letter_says_nothing_where_it_is_bound() -> None:
    one_term = Rel("=", le(ten(i), 0) - lt(ten(i), 0), ZERO)
    body = Sum(i, (ONE, n), DiffEntry(ten, (j,), ten(i) * lt(ten(i), 0)))
    refused("differentiate", "no rule", lambda: one("differentiate", body, (2,), (one_term,)))
    refused("qed", "existence", lambda: qed(begin((one_term,), body)))


def test_a_sum_of_signed_terms_says_nothing_of_each() -> None:
    """Sum over i, a of (count at i = a, minus the others) may be 0 with each count 1."""
    edge = le(ten(i), 0) - lt(ten(i), 0)
    off = Iverson(Not(Rel("=", i, b)))
    twice = Sum(i, (ONE, n), Sum(b, (ONE, n), eq(i, b) * edge - off))
    body = Sum(i, (ONE, n), DiffEntry(ten, (j,), ten(i) * lt(ten(i), 0)))
    refused("differentiate", "no rule", lambda: one(
        "differentiate", body, (2,), (Rel("=", twice, ZERO),)))
    beside = Mul((Iverson(Rel("=", Sum(b, (ONE, n), edge * eq(i, b) - off), ZERO)), body.body))
    refused("differentiate", "no rule", lambda: one(
        "differentiate", Sum(i, (ONE, n), beside), (2, 1)))
    assert one("differentiate", body, (2,), (Rel("=", Sum(b, (ONE, n), le(ten(b), 0)
                                                          - lt(ten(b), 0)), ZERO),))  # fmt: skip
    refused("differentiate", "no rule", lambda: one(  # of another range than that of i
        "differentiate", body, (2,), (Rel("=", Sum(b, (ONE, k), le(ten(b), 0) - lt(ten(b), 0)),
                                          ZERO),)))  # fmt: skip


# --- the referee: where the counts are 0, nothing changes near the entries ------------------------


class Conditions:
    """Random conditions on three entries, with ties; v, w are letters of counts."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def smooth(self, letters: tuple[Term, ...]) -> Term:
        rng = self.rng
        entry = ten(rng.choice((*letters, ONE, num(2))))
        return rng.choice((entry, num(rng.randint(-1, 1)), entry - ten(1), Pow(entry, 2),
                           Max(entry, ZERO), 2 * entry * ten(2)))  # fmt: skip

    def count(self, letters: tuple[Term, ...], depth: int) -> Term:
        rng, v = self.rng, Var(f"v{depth}", Z)
        brackets = tuple(Iverson(self.cond((*letters, v), depth - 1)) for _ in range(2))
        body = rng.choice((brackets[0], Mul(brackets), brackets[0] - brackets[1]))
        plain = tuple(Iverson(self.cond(letters, depth - 1)) for _ in range(2))
        return rng.choice((Sum(v, (ONE, num(3)), body), -Sum(v, (ONE, num(3)), body),
                           Add((*plain, num(1))), Mul((num(-1), *plain))))  # fmt: skip

    def cond(self, letters: tuple[Term, ...] = (), depth: int = 2) -> Cond:
        rng = self.rng
        if depth > 0 and rng.random() < 0.4:
            parts = tuple(self.cond(letters, depth - 1) for _ in range(2))
            return rng.choice((And(parts), Or(parts), Not(parts[0])))
        op = rng.choice(("<", "<="))
        if depth > 0 and rng.random() < 0.5:
            sides: tuple[Term, ...] = (self.count(letters, depth), num(rng.randint(-2, 3)))
        else:
            sides = (self.smooth(letters), self.smooth(letters))
        return Rel(op, *(sides if rng.random() < 0.5 else sides[::-1]))


def moved(cond: Cond, values: tuple[int, ...]) -> bool:
    """Whether a bracket changes when any one entry moves a little."""
    def at(entries: tuple[Any, ...]) -> Any:
        env = {ten: Points({(e,): v for e, v in enumerate(entries, 1)}), k: 3}
        return evaluate(Iverson(cond), env)

    here, small = at(values), Fraction(1, 10**6)
    return any(
        at((*values[:e], values[e] + way * small, *values[e + 1 :])) != here
        for e in range(3)
        for way in (1, -1)
    )


def test_nothing_changes_where_the_counts_are_zero() -> None:
    rng, seen = Random(5), Counter[tuple[bool, bool]]()
    for _ in range(600):
        cond = Conditions(rng).cond()
        if ten not in free(cond):
            continue
        loose, strict = (Iverson(bound(cond, ten, way)) for way in (True, False))
        for _ in range(4):
            values = tuple(rng.randint(-1, 1) for _ in range(3))
            env = {ten: Points({(e,): v for e, v in enumerate(values, 1)}), k: 3}
            high, low = evaluate(loose, env), evaluate(strict, env)
            assert low <= evaluate(Iverson(cond), env) <= high
            still, change = high == low, moved(cond, values)
            assert not (still and change), (cond, values)
            seen[still, change] += 1
    assert min(seen[True, False], seen[False, True]) > 100, seen
    assert seen[False, True] > seen[False, False] // 4, seen  # the counts do not ask too much


def test_real_letters_are_no_counts() -> None:
    assert not steady(Context(()), ten, lt(ten(1), x))

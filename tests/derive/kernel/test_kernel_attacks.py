"""False statements that someone tried to prove, each refused for the right reason.

Beside each stands a true neighbour that is accepted, where there is one.
"""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from pieces import *  # noqa: F403
from pieces import (
    C1,
    ONE,
    RD,
    ZERO,
    A,
    L,
    X,
    Y,
    a,
    b,
    back,
    compact,
    d,
    eq,
    f,
    f2,
    fd,
    g,
    i,
    j,
    k,
    le,
    loc,
    m,
    n,
    no,
    num,
    one,
    phi,
    phid,
    proved,
    refused,
    rel,
    s,
    smooth,
    u,
    v,
    wild,
    wit,
    x,
    y,
)

from derive.kernel import RULES, Equation, Step, Theorem, begin, chain, qed, replay, step
from derive.kernel.context import Context
from derive.kernel.existence import exists
from derive.kernel.rules import rule as register
from derive.syntax import (
    Abs,
    Add,
    App,
    Definition,
    Diff,
    DiffEntry,
    Exists,
    Floor,
    Fn,
    Iverson,
    Lam,
    Max,
    Num,
    Op,
    Partial,
    Pow,
    R,
    Signature,
    Space,
    Sum,
    Term,
    Var,
    Z,
    lattice,
    residues,
)


def test_a_true_neighbour_is_proved() -> None:
    assert type(proved("ring", a + b, target=b + a)) is Theorem


# --- forging ------------------------------------------------------------------------------------

FALSE: Any = SimpleNamespace(given=(), lhs=ONE, rhs=ZERO, steps=())


@pytest.mark.parametrize(
    ("rule", "forge"),
    [
        ("qed", lambda: qed(FALSE)),
        ("step", lambda: step(FALSE, "ring", (), {"target": ZERO})),
        ("back", lambda: back(FALSE, "ring", (), {"target": ZERO}, ZERO)),
        ("chain", lambda: chain(FALSE, begin((), ZERO))),
        ("chain", lambda: chain(begin((), ZERO), FALSE)),
        ("replay", lambda: replay(FALSE)),
    ],
)
def test_what_looks_like_an_equation_is_none(rule: str, forge: Callable[[], object]) -> None:
    refused(rule, "not an equation of the kernel", forge)


def test_a_theorem_cannot_be_made_changed_or_moved() -> None:
    true = qed(begin((), ONE))
    for attempt in (
        lambda: Theorem((), ONE, ZERO, ()),
        lambda: Equation((), ONE, ZERO, ()),
        lambda: Theorem.__new__(Theorem),
        lambda: pickle.dumps(true),
        lambda: dataclasses.replace(true, rhs=ZERO),  # type: ignore[type-var]
        lambda: true.__setstate__({}),  # type: ignore[attr-defined]
    ):
        with pytest.raises((TypeError, AttributeError)):
            attempt()
    for name, value in (("rhs", ZERO), ("given", ()), ("__class__", Equation)):
        with pytest.raises(AttributeError):
            setattr(true, name, value)
    with pytest.raises(AttributeError):
        del true.rhs
    with pytest.raises(AttributeError):
        begin((), ONE).__class__ = Theorem
    true.__init__((), ONE, ZERO, ())  # type: ignore[misc]
    assert true.rhs == ONE and copy.copy(true) is true and copy.deepcopy(true) is true


def test_no_subclass_of_a_theorem_even_with_the_kernels_name() -> None:
    for base in (Theorem, Equation):
        with pytest.raises(TypeError, match="cannot be subclassed"):
            type("False_", (base,), {"__module__": "derive.kernel.theorem", "rhs": ZERO})


def test_an_empty_theorem_says_nothing() -> None:
    blank = object.__new__(Theorem)
    refused(
        "use", "AttributeError", lambda: one("use", ONE, theorem=blank, mapping={}, witnesses=())
    )


def forged(kind: type, **slots: Any) -> Any:
    """What a program that wants to can make."""
    made = object.__new__(kind)
    for name, value in {"given": (), "lhs": ONE, "rhs": ZERO, "steps": (), **slots}.items():
        object.__setattr__(made, name, value)
    return made


def test_replay_starts_from_the_statement_alone() -> None:
    record = {"rule": "ring", "path": (), "data": {"target": ONE}, "forward": True}
    for kind in (Theorem, Equation):
        refused("replay", "do not end at", lambda kind=kind: replay(forged(kind)))
        wrong = Step(result=ZERO, **record)  # type: ignore[arg-type]
        refused("ring", "leads elsewhere", lambda kind=kind, wrong=wrong: replay(
            forged(kind, steps=(wrong,))))
        alike = SimpleNamespace(result=ONE, **record)
        refused("replay", "not a step", lambda kind=kind, alike=alike: replay(
            forged(kind, steps=(alike,))))
        back_ = Step(result=ZERO, **{**record, "forward": False})  # type: ignore[arg-type]
        refused("ring", "not the same polynomial", lambda kind=kind, back_=back_: replay(
            forged(kind, steps=(back_,))))
        refused("begin", "terms of a Add", lambda kind=kind: replay(
            forged(kind, lhs=Add((SimpleNamespace(),)))))
        assert type(replay(forged(kind, rhs=ONE))) is Theorem


def test_no_rule_can_be_added() -> None:
    with pytest.raises(TypeError, match="those of"):
        register(lambda context, t, data: ZERO)
    with pytest.raises(TypeError):
        RULES["wish"] = lambda context, t, data: ZERO  # type: ignore[index]


# --- data that are not what they seem -----------------------------------------------------------


def test_data_that_answer_twice_differently() -> None:
    class Fickle(dict[str, Any]):
        answers = iter((ONE, ZERO))

        def __getitem__(self, key: str) -> Any:
            return next(self.answers)

    refused("step", "neither a number nor a node", lambda: one_with(Fickle()))
    with pytest.raises(Exception, match="not the same"):
        one_with(MappingProxyType({"target": ZERO}))


def one_with(data: Any) -> Equation:
    return step(begin((), ONE), "ring", (), data)


def test_a_multiplier_that_says_it_is_not_negative() -> None:
    class Negative(Fraction):
        def __lt__(self, other: object) -> bool:
            return False

    for bad in (Negative(-1), float("nan"), float("inf"), -1.0, 0.5):
        refused(
            "step",
            "neither a number",
            lambda bad=bad: one("absurd", ONE, witnesses=(((bad, ()),),)),
        )
    refused("absurd", "side condition", lambda: one("absurd", ONE, witnesses=(wit((-1,)),)))
    refused("absurd", "", lambda: one("absurd", ONE, witnesses=((("1", ()),),)))


@pytest.mark.parametrize("index", [-1, 2, 7])
def test_indices_out_of_range(index: int) -> None:
    given, cond = (rel("<=", 1, n),), rel("<=", 1, n)
    refused(
        "bracket",
        "side condition",
        lambda: one("bracket", f(n), given=given, cond=cond, witnesses=(wit((1, 0), (1, index)),)),
    )
    one("bracket", f(n), given=given, cond=cond, witnesses=(wit((1, 0), (1, 1)),))


def test_data_changed_after_the_check() -> None:
    mapping = {i: ONE}
    general = qed(begin((), f(i)))
    e = step(begin((), f(1)), "use", (), {"theorem": general, "mapping": mapping, "witnesses": []})
    mapping[i] = ZERO
    assert e.steps[0].data["mapping"][i] == ONE and e.steps[0].data["witnesses"] == ()
    with pytest.raises(TypeError):
        e.steps[0].data["mapping"][i] = ZERO
    assert type(replay(qed(e))) is Theorem


Text = type("Text", (str,), {"__eq__": lambda self, other: True, "__hash__": str.__hash__})


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (lambda: Num(1), "the value of a Num"),  # type: ignore[arg-type]
        (lambda: Num(True), "the value of a Num"),
        (lambda: Num(0.5), "the value of a Num"),  # type: ignore[arg-type]
        (lambda: Var(Text("x"), Z), "the name of a Var"),
        (lambda: Add([ONE, ZERO]), "the terms of a Add"),  # type: ignore[arg-type]
        (lambda: Add((1, 2)), "the terms of a Add"),  # type: ignore[arg-type]
        (lambda: Pow(a, -1), "the exponent of a Pow"),
        (lambda: Pow(a, True), "the exponent of a Pow"),
        (lambda: Pow(a, Fraction(1, 2)), "the exponent of a Pow"),  # type: ignore[arg-type]
        (lambda: Sum(a, (ONE,), a), "the bounds of a Sum"),
        (lambda: Sum(a, (ONE, a, a), a), "the bounds of a Sum"),
        (lambda: Sum(f, (), a), "the var of a Sum"),  # type: ignore[arg-type]
        (lambda: App(Partial(phi, -1), (x,)), "the slot of a Partial"),
        (lambda: Iverson(f(a)), "the cond of a Iverson"),  # type: ignore[arg-type]
        (lambda: Iverson(Exists(f(a))), "cannot say that something exists"),
        (lambda: Lam((a, a), f2(a, a))(1, 2), "two parameters have one name"),
        (lambda: Var("o", Space("Q", ONE)), "no such space"),
        (lambda: Var("o", Space("Z", num("5/2"))), "must be an integer size"),
        (lambda: Var("o", Space("Z", ZERO)), "at least 1"),
        (lambda: Var("o", Space("R", x)), "must be an integer size"),
        (lambda: Var("o", Space("Z", Iverson(rel("<=", f(0), 0)) + 1)), "an integer size"),
        (lambda: Var("o", Space("Zn", ONE)), "no such space"),
        (lambda: Var("o", Space("Z", ONE, n)), "no such space"),
        (lambda: Var("o", residues(ZERO)), "at least 1"),
        (lambda: Var("o", residues(num(-3))), "at least 1"),
        (lambda: Fn("o", (Z,), "beautiful")(a), "no such class"),
        (lambda: Fn("o", (Z,), "Schwartz")(a), "only a function of real arguments"),
        (lambda: Fn("o", (R,), "finite")(x), "only a function on the integers"),
        (lambda: Fn("o", (R,), "any", ((ZERO, ONE),))(x), "a range is needed"),
        (lambda: Fn("o", (Z,), "finite", ((ZERO, f(1)),))(a), "the ends of a range"),
        (lambda: Fn("o", (Z, Z), "finite", ((ZERO, ONE),))(a, a), "a range is needed"),
        (lambda: Op(Definition("D", (), Lam((a,), f(a))), ())(a), "free in the definition"),
    ],
)
def test_ill_formed_nodes_do_not_come_in(node: Callable[[], Term], reason: str) -> None:
    refused("begin", reason, lambda: begin((), node()))
    refused("step", reason, lambda: step(begin((), a), "ring", (), {"target": node()}))
    refused("back", reason, lambda: back(begin((), a), "ring", (), {"target": a}, node()))


def test_nobody_else_answers_for_a_node() -> None:
    """What exists is remembered: a node that only claims to equal another is not looked up."""
    divergent = Sum(a, (), wild(a))
    alike = type("Alike", (str,), {
        "__eq__": lambda self, other: True, "__hash__": lambda self: hash("any")})
    impostor = Sum(a, (), Fn("wild", (Z,), alike("finite"))(a))
    assert impostor == divergent and hash(impostor) == hash(divergent)
    refused("qed", "existence", lambda: qed(begin((), divergent)))
    refused("qed", "the cls of a Fn", lambda: exists("qed", impostor, Context(())))
    refused("qed", "existence", lambda: qed(begin((), divergent)))


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        (lambda: DiffEntry(phi, (x,), phi(x)), "has no entries"),
        (lambda: f(a / 2), "is not an argument"),
        (lambda: eq(u, Var("o", residues(m))), "do not meet in one space"),
        (lambda: le(u, k), "residues have no order"),
        (lambda: Sum(x, (), Sum(A, (), A)), "is not a number"),
        (lambda: Sum(u, (ZERO, ONE), ONE), "has no bounds"),
        (lambda: Diff(a, f(a), ONE), "which is not real"),
    ],
)
def test_ill_typed_terms_do_not_come_in(term: Callable[[], Term], reason: str) -> None:
    refused("begin", reason, lambda: begin((), term()))
    refused("ring", reason, lambda: one("ring", ZERO, target=ZERO * term()))


def test_nodes_cannot_be_subclassed_or_changed() -> None:
    with pytest.raises(TypeError, match="cannot be subclassed"):
        type("Evil", (Term,), {})
    with pytest.raises(AttributeError):
        ONE.__setstate__([Fraction(2)])  # type: ignore[attr-defined]
    assert pickle.loads(pickle.dumps(f(a))) == f(a)  # noqa: S301
    for other in (SimpleNamespace(), 1, None, f):
        refused("begin", "not a term", lambda other=other: begin((), other))


# --- names --------------------------------------------------------------------------------------


def test_a_bound_variable_does_not_capture_a_declared_size() -> None:
    tensor = Fn("tensor", (Z,), "finite", ((ZERO, n),))
    five = (ZERO, num(5))
    two = "stands for two different things"
    # sum_{n=0}^5 dx_0/dx_0 = sum_{n=0}^5 [0 <= n] was proved here
    refused("begin", two, lambda: begin((), Sum(n, five, DiffEntry(tensor, (ZERO,), tensor(0)))))
    refused("begin", two, lambda: begin((), Sum(n, five, tensor(3))))
    refused("begin", two, lambda: begin((), Sum(d, five, Sum(A, (), Iverson(rel("=", A, 0))))))
    refused("begin", two, lambda: begin((), Sum(n, five, Sum(u, (), ONE))))
    begin((), Sum(m, five, tensor(m)))
    # sum_{d=0}^5 D(1) = d sum_{d=0}^5 1, as D's parameter lives in Z^d and D's body is d a
    hidden = Definition("D", (Var("P", lattice(d)),), Lam((a,), d * a))
    refused("begin", two, lambda: begin((), Sum(d, five, hidden(3)(1))))
    lemma = proved("unfold", hidden(3)(a))
    refused(
        "use",
        "the theorem speaks of",
        lambda: one("use", hidden(3)(1), theorem=lemma, mapping={d: num(7), a: ONE}, witnesses=()),
    )


@pytest.mark.parametrize(
    "term",
    [
        lambda: f(Var("f", Z)),
        lambda: Sum(Var("f", Z), (), f(Var("f", Z))),
        lambda: x * Var("x", Z),
        lambda: Sum(Var("x", Z), (), x * f(Var("x", Z))),
        lambda: f(1) + Fn("f", (Z,), "any")(1),
        lambda: Lam((n, Var("o", residues(n))), ONE)(1, 1),
    ],
)
def test_one_name_for_two_things(term: Callable[[], Term]) -> None:
    refused("begin", "stands for two different things", lambda: begin((), term()))


def test_two_things_with_one_name_in_hypotheses_and_across_sides() -> None:
    refused("begin", "two different", lambda: begin((rel("<=", Var("x", Z), 0),), x))
    refused("ring", "two different", lambda: one("ring", ZERO, target=ZERO * x * Var("x", Z)))
    left = back(begin((), ZERO), "ring", (), {"target": ZERO}, ZERO * x)
    right = back(begin((), ZERO), "ring", (), {"target": ZERO}, ZERO * Var("x", Z))
    refused("chain", "two different", lambda: chain(_turn(left), _turn(right)))


def _turn(e: Equation) -> Equation:
    return step(begin((), e.rhs), "ring", (), {"target": ZERO})


@pytest.mark.parametrize("name", ["#0", "[x", "x'", "'x'", "x:Z", "\u0430", "x\u200b", "1*'x'"])
def test_odd_names_collide_with_nothing(name: str) -> None:
    odd = Var(name, Z)
    for other in (Var("x", Z), ONE, eq(a, b)):
        refused(
            "ring", "not the same polynomial", lambda other=other: one("ring", odd, target=other)
        )
    assert proved("ring", odd * odd, target=Pow(odd, 2))
    refused("ring", "not the same polynomial", lambda: one("ring", odd * odd, target=odd))
    refused(
        "ring", "not the same", lambda: one("ring", Sum(a, (), f(a)), target=Sum(a, (), f(odd)))
    )


def test_names_bound_in_hypotheses_are_not_those_bound_in_the_term() -> None:
    positive = rel("<=", 1, n)
    holds = {"cond": positive, "witnesses": (wit((1, 0), (1, 1)),)}
    bound = Sum(n, (num(-3), num(3)), f(n))
    one("bracket", f(n), (), (positive,), **holds)
    refused("bracket", "side condition", lambda: one("bracket", bound, (2,), (positive,), **holds))
    refused("qed", "denominator may be 0", lambda: qed(begin((positive,), L(Lam((j,), f(j) / j)))))
    outer = rel("<=", 1, j)  # j is another variable below j -> ...
    assert qed(begin((outer,), f(1) / j))
    refused("qed", "denominator may be 0", lambda: qed(begin((outer,), L(Lam((j,), f(j) / j)))))
    row = Fn("row", (Z, Z), "any")
    exists = Exists(Sum(a, (), row(a, j)))
    assert qed(begin((exists,), Sum(a, (), row(a, j))))
    refused("qed", "existence", lambda: qed(begin((exists,), L(Lam((j,), Sum(a, (), row(a, j)))))))


def test_capture_in_swap_and_reindex_and_collapse() -> None:
    refused("swap", "outer bounds", lambda: one("swap", Sum(a, (ZERO, b), Sum(b, (), f2(a, b)))))
    refused(
        "swap",
        "inner bounds depend",
        lambda: one("swap", Sum(a, (ZERO, n), Sum(b, (ZERO, a), f2(a, b)))),
    )
    refused(
        "reindex",
        "not fresh",
        lambda: one("reindex", Sum(a, (), f2(a, b)), variables=(b,), forward=(b,), inverse=(a,)),
    )
    refused(
        "reindex",
        "not fresh",
        lambda: one(
            "reindex",
            Sum(A, (), fd(A)),
            variables=(Var("b", A.space),),
            forward=(Var("b", A.space) + b,),
            inverse=(A - b,),
        ),
    )
    e = one("collapse", Sum(a, (), eq(a, b) * Sum(b, (ZERO, n), f2(a, b))), index=0, stride=None)
    inner = e.rhs
    assert isinstance(inner, Sum) and inner.var != b and inner.body == f2(b, inner.var)


# --- residues are not integers ------------------------------------------------------------------


def test_a_residue_never_becomes_an_integer() -> None:
    same = "a residue and an integer are not the same"
    # [u - u + k = 0] in Z/n is not [k = 0] in Z
    refused("ring", same, lambda: one("ring", eq(u - u + k, 0), (0, 0), target=k))
    refused("ring", same, lambda: one("ring", eq(k, 0), (0, 0), target=u - u + k))
    # nor is it the same modulo 2 and modulo 3
    o2, o3 = Var("o", residues(num(2))), Var("p", residues(num(3)))
    refused(
        "ring",
        "not the same polynomial",
        lambda: one("ring", eq(o2 - o2 + k, 0), target=eq(o3 - o3 + k, 0)),
    )
    # (v -> [v = 0])(k) is [k = 0 mod n]
    refused("unfold", "compared as integers", lambda: one("unfold", Lam((v,), eq(v, 0))(k)))
    one("unfold", Lam((v,), eq(v, u))(k))
    residue = qed(begin((), eq(v, 0)))
    refused(
        "use",
        "compared as integers",
        lambda: one("use", eq(k, 0), theorem=residue, mapping={v: k}, witnesses=()),
    )
    refused(
        "absurd",
        same,
        lambda: one("absurd", eq(le(1, 0) * u + k, 1), (0, 0, 0), witnesses=(wit((1, 0)),)),
    )


def test_collapse_of_residues() -> None:
    # sum over Z/n of [v = k][v = 0] is [k = 0 mod n]
    refused(
        "collapse",
        "compared as integers",
        lambda: one("collapse", Sum(v, (), eq(v, k) * eq(v, 0)), index=0, stride=None),
    )
    one("collapse", Sum(v, (), eq(v, u) * eq(v, 0)), index=0, stride=None)
    # sum over Z of [a = k mod n] f(a) has many terms
    refused(
        "collapse",
        "many integer solutions",
        lambda: one("collapse", Sum(a, (), eq(a + u, u + k) * f(a)), index=0, stride=None),
    )
    refused("qed", "nothing holds a in", lambda: qed(begin((), Sum(a, (), eq(a + u, u + k)))))


def test_a_range_with_a_stride_is_taken_as_a_whole() -> None:
    # s i is bounded where i is, but over 3 i = 2 j the range 2 i <= j <= i has no end
    given = (rel("<=", 1, s),)
    total = Sum(i, (), Sum(j, (s * i, i), f(3 * i - 2 * j)))
    refused("qed", "nothing holds i, j in", lambda: qed(begin(given, total)))
    turned = Sum(i, (), Sum(j, (i, s * i), f(3 * i - 2 * j)))
    refused("qed", "nothing holds i, j in", lambda: qed(begin(given, turned)))
    qed(begin(given, Sum(i, (), Sum(j, (s * i, i), f(i)))))
    qed(begin(given, Sum(i, (), Sum(j, (s * i, s * i + 2), f(i)))))


def test_what_counts_as_finitely_many_values() -> None:
    """An integer that a finite function holds; a real number or rapid decay is not looked at."""
    qed(begin((), Sum(b, (), Sum(a, (ZERO, b * b), f(b)))))
    refused("qed", "nothing holds a in", lambda: qed(
        begin((), Sum(b, (), Sum(a, (ZERO, b * b), phi(b))))))
    refused("qed", "nothing holds a in", lambda: qed(
        begin((), Sum(x, (), Sum(a, (), le(0, a) * le(a, x * x) * compact(x))))))


def test_a_circle_that_a_step_brings_in_has_a_length() -> None:
    """sum_{k=0}^{n-1} has no term for n = 1 - 1, though Z/n is said to have n >= 1 residues."""
    space = residues(ONE + num(-1))
    on, other = Var("on", space), Var("other", space)
    e = back(begin((), ONE), "collapse", (), {"index": 0, "stride": None},
             Sum(on, (), eq(on, ZERO)))
    hidden = Lam((other,), eq(on, other))(ZERO)
    e = back(e, "unfold", (0,), {}, Sum(on, (), hidden))
    for proof in (wit((1, 0)), ()):
        refused("representatives", "side condition", lambda proof=proof: step(
            e, "representatives", (), {"variable": k, "first": ZERO, "witnesses": (proof,)}))


def test_a_size_of_its_own_domain_is_no_parameter() -> None:
    """The domain of D<3> was read as Z/n, and f(0 + n) put in for f(0)."""
    inner, outer = Var("inner", residues(n)), Var("outer", residues(n))
    both = Sum(inner, (), eq(inner, outer) * eq(inner, ZERO))
    made = Definition("D", (n,), Lam((outer,), both))
    refused("begin", "n is a size of the domain of D", lambda: begin((), made(num(3))(ZERO)))
    assert begin((), made(n)(ZERO))


def test_entries_of_residues() -> None:
    on_n = Fn("o", (u.space,), "any")
    refused(
        "differentiate",
        "compared as integers",
        lambda: one("differentiate", DiffEntry(on_n, (ZERO,), on_n(k))),
    )
    assert proved("differentiate", DiffEntry(on_n, (u,), on_n(k)))


# --- derivatives --------------------------------------------------------------------------------


def test_what_comes_in_below_a_derivative_by_an_entry() -> None:
    for_y = proved("differentiate", DiffEntry(g, (ZERO,), y * g(0)))
    two_fns = proved("differentiate", DiffEntry(g, (i,), g(i) * f(j)))
    unboxed = proved("differentiate", DiffEntry(g, (i,), g(i)))
    boxed = Fn("boxed", (Z,), "finite", ((ZERO, ONE),))
    come = "would come in"
    # d/dg(0) g(0)^2 = g(0)
    refused("unfold", come, lambda: one("unfold", Lam((y,), DiffEntry(g, (ZERO,), y * g(0)))(g(0))))
    refused(
        "use",
        come,
        lambda: one(
            "use",
            DiffEntry(g, (ZERO,), g(0) * g(0)),
            theorem=for_y,
            mapping={y: g(0)},
            witnesses=(),
        ),
    )
    for mapping in ({f: g}, {g: f}):
        target = DiffEntry(next(iter(mapping.values())), (i,), g(i) * g(j))
        refused(
            "use",
            come,
            lambda mapping=mapping, target=target: one(
                "use", target, theorem=two_fns, mapping=mapping, witnesses=()
            ),
        )
    refused(
        "use",
        "cannot be replaced below",
        lambda: one(
            "use",
            DiffEntry(boxed, (i,), boxed(i)),
            theorem=unboxed,
            mapping={g: boxed},
            witnesses=(),
        ),
    )
    refused(
        "use",
        "cannot be replaced below",
        lambda: one("use", f(0), theorem=unboxed, mapping={g: Lam((a,), f(a))}, witnesses=()),
    )
    one("use", DiffEntry(f, (k,), f(k)), theorem=unboxed, mapping={g: f, i: k}, witnesses=())
    # sum over a of [a = [g(0) <= 1]] d/dg(0) (a g(0))
    refused(
        "collapse",
        come,
        lambda: one(
            "collapse",
            Sum(a, (), eq(a, le(g(0), 1)) * DiffEntry(g, (ZERO,), a * g(0))),
            index=0,
            stride=None,
        ),
    )


def test_hypotheses_on_a_tensor_do_not_hold_below_its_derivative() -> None:
    given = (rel("=", g(0), f(0)),)
    equal = {"target": f(0), "witnesses": (wit((1, 0), (1, 2)), wit((1, 1), (1, 2)))}
    one("same", g(0) * f(1), (0,), given, **equal)
    refused(
        "same",
        "side condition",
        lambda: one("same", DiffEntry(g, (ZERO,), g(0) * f(1)), (1, 0), given, **equal),
    )


def test_the_chain_rule_between_vectors() -> None:
    on_rd = Fn("o", (RD,), "Schwartz")
    # with h(x) for (h(x), ..., h(x)) all partial derivatives of phid would be needed
    refused(
        "differentiate",
        "no chain rule for this vector",
        lambda: one("differentiate", Diff(X, phid(on_rd(X)), Y)),
    )
    refused("differentiate", "no chain rule", lambda: one("differentiate", Diff(X, phid(X * X), Y)))
    refused("differentiate", "no chain rule", lambda: one("differentiate", Diff(X, phid(X * Y), Y)))
    refused("differentiate", "no chain rule", lambda: one("differentiate", Diff(x, phid(x * Y), y)))
    one("differentiate", Diff(X, phid(2 * X + Y), Y))
    one("differentiate", Diff(X, phid(X * s + Y), Y))


def test_what_lies_between_held_ends_is_held() -> None:
    """int_R int_0^x phi(x) y dy dx, int_0^1 int_0^x phi(y) dy dx."""
    qed(begin((), Sum(x, (), Sum(y, (ZERO, x), phi(x) * y))))
    qed(begin((), Sum(x, (ZERO, ONE), Sum(y, (ZERO, x), phi(y)))))


# --- existence ----------------------------------------------------------------------------------


def _times_zero(of: Lam) -> Op:
    """The function b -> 0 of(b), as a definition with the parameter `of`."""
    return Definition("times_zero", (f,), Lam((b,), ZERO * f(b)))(of)


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        (lambda: Sum(a, (), Sum(b, (), f(a - b))), "nothing holds a, b in"),
        (lambda: Sum(a, (), f(a) + 1), "nothing holds a in"),
        (lambda: Sum(a, (), smooth(f(a))), "may grow faster"),
        (lambda: Sum(a, (), ONE / f(a)), "denominator may be 0"),
        (lambda: Sum(a, (), Pow(f(a), 0)), "nothing holds a in"),
        (lambda: ZERO * Sum(a, (), ONE), "nothing holds a in"),
        (lambda: (ZERO + ZERO) * Sum(a, (), ONE), "nothing holds a in"),
        (lambda: Pow(ZERO, 2) * Sum(a, (), ONE), "nothing holds a in"),
        (lambda: Sum(i, (), f(i) * (Sum(a, (), ONE) * (ONE * ZERO))), "nothing holds a in"),
        (lambda: Sum(b, (), ZERO) * Sum(a, (), ONE), "nothing holds a in"),
        (lambda: Lam((y,), ZERO)(x) * Sum(a, (), ONE), "nothing holds a in"),
        (lambda: Diff(x, ONE, y) * Sum(a, (), ONE), "nothing holds a in"),
        (lambda: DiffEntry(g, (ZERO,), ONE) * Sum(a, (), ONE), "nothing holds a in"),
        (lambda: _times_zero(Lam((i,), Sum(a, (), ONE)))(b), "nothing holds a in"),
        (lambda: Sum(a, (ONE, Floor(n, m)), ZERO), "denominator may be 0"),
        (lambda: Pow(Sum(a, (), ONE), 0), "nothing holds a in"),
        (lambda: Diff(x, Sum(a, (), ONE), y), "nothing holds a in"),
        (lambda: Diff(x, ONE, Sum(a, (), ONE)), "nothing holds a in"),
        (lambda: Diff(x, x + Sum(a, (), ONE), y), "nothing holds a in"),
        (lambda: DiffEntry(f, (ZERO,), f(0) + Sum(a, (), ONE)), "nothing holds a in"),
        (lambda: Lam((x,), ONE)(Sum(a, (), ONE)), "nothing holds a in"),
        (lambda: Iverson(rel("<=", 1, 0)) * Sum(a, (), ONE), "nothing holds a in"),
        (lambda: eq(Sum(a, (), ONE), 0), "nothing holds a in"),
        (lambda: f(Floor(a, b)), "denominator may be 0"),
        (lambda: Sum(a, (), Abs(f(a) + 1)), "nothing holds a in"),
        (lambda: Sum(a, (), Abs(wild(a) - wild(a))), "may grow faster"),
        (lambda: Sum(a, (), Max(f(a), ONE)), "nothing holds a in"),
        (lambda: Sum(a, (), Max(ONE, f(a))), "nothing holds a in"),
        (lambda: Sum(a, (), Sum(b, (), Abs(f(a - b)))), "nothing holds a, b in"),
        (lambda: Sum(a, (), Abs(Sum(b, (), f(a - b)))), "nothing holds a"),
        (lambda: Sum(a, (), Abs(Sum(b, (), ONE)) * f(a)), "nothing holds b in"),
        (lambda: Sum(a, (), Max(Abs(f(a)), Abs(f(a) - 1))), "nothing holds a in"),
        (lambda: Sum(a, (), Pow(Abs(f(a)), 0)), "nothing holds a in"),
        (lambda: Sum(a, (), Sum(b, (), f(Abs(a - b)))), "may grow faster"),
        (lambda: Sum(a, (), f(Abs(a) - a)), "may grow faster"),
        (lambda: Sum(a, (), f(Floor(Abs(a) - a, num(2)))), "may grow faster"),
        (lambda: Sum(a, (ZERO, n), ONE / a), "the denominator may be 0"),
        (lambda: Sum(a, (-n, n), Sum(b, (a, n), ONE / b)), "the denominator may be 0"),
        (lambda: Sum(b, (ONE, n), f(b)) / b, "the denominator may be 0"),
        (lambda: Sum(x, (ONE, y), ONE / x), "the denominator may be 0"),  # y < 0, it may be
        # no range says anything of a factor beside its sum, where n may be 0
        (lambda: Sum(a, (ONE, n), f(a)) * (ONE / n), "the denominator may be 0"),
        (lambda: Sum(a, (ONE, n), f(a)) * Sum(b, (), f(b) / n), "the denominator may be 0"),
        (lambda: Sum(a, (ONE, n), f(a)) * Sum(b, (Floor(ONE, n), ONE), f(b)),
         "the denominator may be 0"),
        (lambda: Sum(x, (), Abs(phi(x) + smooth(x))), "may grow faster"),
        (lambda: Sum(x, (), Abs(Fn("o", (R,), "any")(x)) * compact(x)), "integrable"),
        (lambda: Sum(x, (), phi(x) * smooth(x)), "may grow faster"),
        (lambda: Sum(x, (), compact(x) * Fn("o", (R,), "any")(x)), "integrable"),
        (lambda: Sum(x, (), compact(x) * loc(x) * loc(x)), "only locally integrable"),
        (lambda: Sum(x, (), compact(x) * eq(x, y)), "almost everywhere"),
        (lambda: Sum(x, (), phi(x * y)), "nothing holds x in"),
        (lambda: Sum(x, (), Sum(y, (ZERO, x), phi(y))), "nothing holds x in"),
        (lambda: Sum(x, (), Sum(y, (ZERO, x), ONE)), "nothing holds x, y in"),
        (lambda: Sum(x, (), Sum(y, (x, ZERO), ONE)), "nothing holds x, y in"),
        (lambda: Sum(x, (), Sum(y, (ZERO, x), phi(x - y))), "nothing holds x, y in"),
        (lambda: Sum(x, (ZERO, ONE), Sum(y, (ZERO, x * x), y)), "nothing holds y in"),
        (lambda: Sum(x, (), Sum(y, (ZERO, x), phi(x) * smooth(y))), "may grow faster"),
        (lambda: Sum(x, (), Sum(y, (x, x + 1), ONE)), "nothing holds x, y in"),
        (lambda: Sum(x, (), compact(x) * loc(x * x)), "integrable"),
        (
            lambda: Sum(x, (), compact(x) * Fn("o", (RD,), "locally integrable")(Y + x)),
            "integrable",
        ),
        (
            lambda: App(Partial(C1, 0), (x,)) * App(Partial(Partial(C1, 0), 0), (x,)),
            "not known to be differentiable",
        ),
        (
            lambda: Fn("M", (Signature((R,)),), "any")(Partial(loc, 0)),
            "not known to be differentiable",
        ),
    ],
)
def test_what_does_not_exist(term: Callable[[], Term], reason: str) -> None:
    refused("qed", reason, lambda: qed(begin((), term())))


@pytest.mark.parametrize(
    "term",
    [
        lambda: Sum(a, (), Sum(b, (), f(a) * g(a - b))),
        lambda: Sum(a, (ZERO, n), ONE),
        lambda: Sum(a, (), f(a) * smooth(x)),
        lambda: Sum(a, (), eq(2 * a, b) * wild(a)),
        lambda: Sum(a, (), le(0, a) * le(a, b) * wild(a)),
        lambda: Sum(x, (), phi(x) * Pow(x, 3)),
        lambda: Sum(x, (), compact(x) * loc(y - x)),
        lambda: Sum(x, (ZERO, y), smooth(x)),
        lambda: Sum(a, (), f(Floor(2 * a + b, num(2)))),
        lambda: Sum(a, (), f(Floor(a - b, num(3)))),
        lambda: Sum(a, (), f(Abs(a - b))),
        lambda: Sum(a, (), Sum(b, (), f(Abs(a - b)) * g(a + b))),
        lambda: Sum(a, (ONE, n), ONE / a),
        lambda: Sum(a, (ONE, n), Sum(b, (a, n), ONE / b)),
        lambda: Sum(a, (), Abs(f(a) - f(a + 1))),
        lambda: Sum(a, (), Max(f(a), ZERO) * wild(a)),
        lambda: Sum(a, (), Max(Abs(f(a)), g(b - a))),
        lambda: Sum(a, (), Abs(Sum(b, (), f(b) * g(a - b)))),
        lambda: Sum(a, (), Abs(Sum(a, (), f(a))) * g(a)),
        lambda: Sum(x, (), Abs(phi(x)) * Pow(x, 2)),
        lambda: Sum(x, (ZERO, y), Abs(smooth(x) - 1)),
    ],
)
def test_what_exists(term: Callable[[], Term]) -> None:
    assert qed(begin((), term()))


def test_what_is_said_of_another_variable_of_that_name() -> None:
    given = (rel("<=", 1, a),)
    whole = Sum(a, (ZERO, n), ONE / a)
    refused("qed", "the denominator may be 0", lambda: qed(begin(given, whole)))
    assert qed(begin(given, ONE / a))


def test_two_facts_that_only_say_not_negative() -> None:
    given = (rel("<=", 0, a), rel("<=", a, b))
    refused("qed", "the denominator may be 0", lambda: qed(begin(given, ONE / b)))
    refused("qed", "the denominator may be 0", lambda: qed(begin(given, ONE / (b - a))))
    assert qed(begin((rel("<=", 1, a), rel("<=", a, b)), ONE / b))
    assert qed(begin((rel("<", 0, x), rel("<=", x, y)), ONE / y))


def test_only_what_a_hypothesis_says_exists() -> None:
    whole = Sum(a, (), wild(a))
    assert qed(begin((Exists(whole),), whole))
    assert qed(begin((Exists(num(2) * whole + f(0)),), whole))
    for weaker in (
        Sum(a, (), no(rel("<=", 0, a)) * wild(a)),
        Sum(a, (), wild(a) - wild(a)),
        Sum(a, (), wild(a) + f(a)),
        ZERO * whole,
    ):
        refused("qed", "existence", lambda weaker=weaker: qed(begin((Exists(weaker),), whole)))


def test_hypotheses_must_mean_something() -> None:
    refused("qed", "nothing holds a in", lambda: qed(begin((rel("=", Sum(a, (), ONE), 0),), ONE)))
    refused("qed", "denominator may be 0", lambda: qed(begin((rel("=", ONE / n, 0),), ONE)))
    assert qed(begin((rel("<=", 1, n), rel("=", ONE / n, 1)), ONE))


def test_which_way_an_inequality_with_a_symbol_bounds() -> None:
    """0 <= a and s a <= n hold a in for s > 0 alone; f(s a) does for s < 0 too."""
    below = Sum(a, (), le(0, a) * le(s * a, n))
    assert qed(begin((rel("<=", 1, s),), below))
    refused("qed", "nothing holds a in", lambda: qed(begin((rel("<=", s, -1),), below)))
    for sign in (rel("<=", 1, s), rel("<=", s, -1)):
        assert qed(begin((sign,), Sum(a, (), f(s * a + i))))
    refused("qed", "existence", lambda: qed(begin((rel("<=", s, 0),), Sum(a, (), f(s * a + i)))))


def test_a_square_does_not_make_its_root_positive() -> None:
    body = le(0, a) * le(s * a, m)
    assert qed(begin((rel("<=", 1, s),), Sum(a, (), body)))
    refused(
        "qed", "nothing holds a in", lambda: qed(begin((rel("<=", 1, s * s),), Sum(a, (), body)))
    )


def test_rapid_decay_is_not_finite_support() -> None:
    general = proved("rearrange", Sum(a, (), f(a) * wild(a)), target=Sum(b, (), wild(b) * f(b)))
    refused(
        "use",
        "not known to be finite",
        lambda: one(
            "use",
            Sum(a, (), Lam((a,), phi(a))(a) * wild(a)),
            theorem=general,
            mapping={f: Lam((a,), phi(a))},
            witnesses=(),
        ),
    )
    one(
        "use",
        Sum(a, (), Lam((a,), g(2 * a))(a) * wild(a)),
        theorem=general,
        mapping={f: Lam((a,), g(2 * a))},
        witnesses=(),
    )


def test_a_path_leads_somewhere() -> None:
    refused("path", "there is no part", lambda: one("ring", a + b, (-1,), target=a))
    refused("path", "there is no part", lambda: one("ring", a + b, (2,), target=a))
    refused("step", "neither a number", lambda: one("ring", a + b, (0.0,), target=a))
    refused("wish", "no such rule", lambda: one("wish", a))

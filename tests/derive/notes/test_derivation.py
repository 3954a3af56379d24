"""Theorems to chains: merged rows, old names back, reasons, hypotheses."""

from __future__ import annotations

from fake_theorems import Fake, Step, commutes, counting, gradient

from derive.definitions import convolution, reflection
from derive.notes.derivation import derivation, notebook_html, notebook_latex
from derive.notes.messages import plain
from derive.notes.reasons import message, part_at
from derive.syntax import (
    ONE,
    ZERO,
    And,
    DiffEntry,
    Fn,
    Iverson,
    Lam,
    Mul,
    Partial,
    R,
    Rel,
    Signature,
    Sum,
    Var,
    Z,
    euclidean,
    residues,
)

x, z, u = Var("x", Z), Var("z", Z), Var("u", Z)
f, g = Fn("f", (Z,), "finite"), Fn("g", (Z,), "finite")


def rows(theorem: Fake) -> list[tuple[str, str]]:
    return [(r.term.text, plain(r.reason)) for r in derivation(theorem).rows]


def test_commutativity_reads_like_the_blackboard() -> None:
    assert rows(commutes(Z)) == [
        ("Σ_{z∈Z} f(z) g(x − z)", "definition of ∗"),
        ("Σ_{z∈Z} g(z) f(x − z)", "substitute z ↦ x − z"),
        ("(g ∗ f)(x)", "definition of ∗"),
    ]


def test_the_gradient() -> None:
    assert [why for _, why in rows(gradient())] == [
        "differentiate", "definition of h", "differentiate", "only j = m contributes",
        "here 1 ≤ m ≤ k",
    ]  # fmt: skip


def test_counting() -> None:
    assert rows(counting())[0] == ("max(0, H − K + 1)", "count the terms")


def test_a_new_name_stays_where_the_old_one_is_taken() -> None:
    """z is free in the body: the bound variable may not be called z again."""
    before = Sum(Var("a", Z), (), f(Var("a", Z)) * g(z))
    after = Sum(u, (), f(u - z) * g(z))
    step = Step("reindex", after, (), {"variables": (u,), "forward": (u - z,), "inverse": ()})
    shown = rows(Fake(before, after, (step,)))
    assert shown == [("Σ_{a∈Z} f(a − z) g(z)", "substitute a ↦ a − z")]
    taken = Sum(u, (), f(x - u) * g(z))
    data = {"variables": (u,), "forward": (x - u,), "inverse": (x - z,)}
    shown = rows(Fake(Sum(z, (), f(z)), taken, (Step("reindex", taken, (), data),)))
    assert shown == [("Σ_{u∈Z} f(x − u) g(z)", "substitute z ↦ x − u")]


def test_steps_that_change_nothing_visible_are_left_out() -> None:
    t = f(x)
    same = Step("ring", Mul((ONE, t)))
    assert rows(Fake(t, t, (same,))) == []


def test_bookkeeping_joins_the_row_before() -> None:
    first = Step("support", Mul((Iverson(Rel("<=", ZERO, x)), f(x))))
    second = Step("ring", Mul((f(x), Iverson(Rel("<=", ZERO, x)))))
    assert rows(Fake(f(x), second.result, (first, second))) == [
        ("f(x) [0 ≤ x]", "f is zero outside its range")
    ]
    assert derivation(Fake(f(x), second.result, (first, second))).rows[0].rules == (
        "support", "ring",
    )  # fmt: skip


def test_a_step_read_backwards_says_so() -> None:
    inside = Sum(z, (), Mul((f(x), g(z))))
    step = Step("pull", inside, forward=False)
    assert rows(Fake(f(x) * Sum(z, (), g(z)), inside, (step,))) == [
        ("Σ_{z∈Z} f(x) g(z)", "move the factor into the sum")
    ]


def test_unknown_rules_and_data_still_have_a_reason() -> None:
    for data in ({}, {"variables": 3}, {"index": 99}):
        for rule in ("reindex", "collapse", "unfold", "same", "never_heard_of", "use", "pull"):
            found = message(Step(rule, g(x), (7, 7), dict(data)), f(x))
            assert plain(derivation(Fake(f(x), g(x), (Step(rule, g(x), (), dict(data)),))).rows[
                0].reason)  # fmt: skip
            assert found.key


def test_a_theorem_used_is_shown() -> None:
    lemma = commutes(Z)
    step = Step("use", g(x), (), {"theorem": lemma, "mapping": {}, "witnesses": ()})
    assert rows(Fake(f(x), g(x), (step,))) == [("g(x)", "since (f ∗ g)(x) = (g ∗ f)(x)")]


def test_reflection_is_named_with_its_function() -> None:
    flipped = reflection(Z)(f)(x)
    step = Step("unfold", f(-x))
    assert rows(Fake(flipped, f(-x), (step,))) == [("f(−x)", "definition of f^-")]


def test_paths_are_child_numbers() -> None:
    t = Sum(z, (ZERO, x), f(z) * g(z))
    assert part_at(t, (2, 1)) == g(z)
    assert part_at(t, (9,)) is None


def hypotheses(theorem: Fake) -> list[str]:
    return [plain(h) for h in derivation(theorem).hypotheses]


def test_hypotheses_in_words() -> None:
    assert hypotheses(commutes(Z)) == ["f, g finitely supported on Z", "x ∈ Z"]
    assert hypotheses(commutes(euclidean(Var("d", Z)))) == [
        "f, g measurable on R^d", "d ≥ 1", "x ∈ R^d",
        "(f ∗ g)(x) absolutely convergent", "(g ∗ f)(x) absolutely convergent",
    ]  # fmt: skip
    assert hypotheses(gradient()) == [
        "w_i (1 ≤ i ≤ k), zero elsewhere", "x_i (1 ≤ i ≤ n), zero elsewhere",
        "L, a differentiable function of the output", "k, m, n ∈ Z", "1 ≤ m ≤ k ≤ n",
    ]  # fmt: skip


def test_no_class_of_functions_is_left_out() -> None:
    from derive.syntax import CLASSES

    for cls in CLASSES:
        fn, at = Fn("f", (R,), cls), Var("x", R)
        assert any("f" in h for h in hypotheses(Fake(fn(at), fn(at), ()))), cls
        fn = Fn("L", (Signature((Z,)),), cls)
        other = Fn("h", (Z,), "finite")
        assert any("L" in h for h in hypotheses(Fake(fn(other), fn(other), ()))), cls


def test_a_modulus_is_at_least_one() -> None:
    n = Var("n", Z)
    fn, r = Fn("f", (residues(n),)), Var("r", residues(n))
    assert hypotheses(Fake(fn(r), fn(r), ())) == ["f, real functions on Z/n", "n ≥ 1", "r ∈ Z/n"]


def test_definitions_are_listed_once() -> None:
    shown = derivation(commutes(Z)).definitions
    assert [d.text for d in shown] == ["(f ∗ g)(x) := Σ_{z∈Z} f(z) g(x − z)"]
    conv = convolution(R)
    assert conv is convolution(R)


def test_in_a_notebook() -> None:
    shown = notebook_latex(commutes(Z))
    assert shown.startswith(r"$$\begin{aligned} (f * g)(x) &= \sum_{z")
    html = notebook_html(commutes(Z))
    assert "<table>" in html and html.count("$") % 2 == 0
    assert "<script" not in notebook_html(
        Fake(Fn("<script>", (Z,))(x), ZERO, ())
    )  # fmt: skip


def test_a_theorem_of_the_kernel() -> None:
    from derive.kernel import theorem as kernel

    conv = convolution(Z)
    e = kernel.step(kernel.begin((), conv(f, g)(x)), "unfold", (), {})
    data = {"variables": (u,), "forward": (x - u,), "inverse": (x - z,)}
    e = kernel.step(e, "reindex", (), data)
    e = kernel.step(e, "ring", (), {"target": Sum(u, (), g(u) * f(x - u))})
    e = kernel.back(e, "unfold", (), {}, conv(g, f)(x))
    assert [
        (r.term.text, plain(r.reason)) for r in derivation(kernel.qed(e)).rows
    ] == rows(commutes(Z))  # fmt: skip


def test_what_holds_is_said_once() -> None:
    """Two brackets that are dropped since they hold make one reason."""
    low, high = Rel("<=", ONE, x), Rel("<=", x, u)
    t = Mul((Iverson(high), Iverson(low), f(x)))
    half = Mul((Iverson(And(())), Iverson(low), f(x)))
    done = Mul((Iverson(And(())), Iverson(And(())), f(x)))
    steps = (
        Step("equivalent", half, (0,), {"cond": And(())}),
        Step("equivalent", done, (1,), {"cond": And(())}),
        Step("ring", f(x)),
    )
    assert rows(Fake(t, f(x), steps)) == [("f(x)", "here 1 ≤ x ≤ u")]


def test_the_output_of_a_layer_gets_a_name() -> None:
    i, j, n = Var("i", Z), Var("j", Z), Var("n", Z)
    w = Fn("w", (Z,), "finite", box=((ONE, n),), style="index")
    loss = Fn("L", (Signature((Z,)),), "differentiable")
    out = Lam((i,), w(i) * g(i))
    lhs = DiffEntry(w, (j,), loss(out))
    rhs = Partial(loss, 0)(out, j) * g(j)
    made = derivation(Fake(lhs, rhs, (Step("chain_rule", rhs),)))
    assert (made.lhs.text, made.rhs.text) == ("∂L/∂w_j", "∂L/∂h_j g(j)")
    assert [d.text for d in made.definitions] == ["h_i := w_i g(i)"]
    taken = Fake(lhs, rhs * Var("h", R), (Step("chain_rule", rhs * Var("h", R)),))
    assert derivation(taken).definitions[0].text == "h'_i := w_i g(i)"


def test_a_substitution_read_backwards_is_turned_round() -> None:
    before = Sum(u, (), f(u - x))
    after = Sum(z, (), f(z))
    data = {"variables": (u,), "forward": (u - x,), "inverse": (z + x,)}
    step = Step("reindex", after, (), data, forward=False)
    assert rows(Fake(before, after, (step,))) == [("Σ_{z∈Z} f(z)", "substitute u ↦ z + x")]


def test_rows_that_undo_each_other_are_left_out() -> None:
    there, here = Step("support", Mul((Iverson(Rel("<=", ZERO, x)), f(x)))), Step("bracket", f(x))
    again = Step("support", there.result)
    shown = rows(Fake(f(x), f(x), (there, here, again, here)))
    assert shown[0][0] != "f(x)" and len(shown) <= 4

"""SymPy in and out: what is read is what stands there, and what has no counterpart is named."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from printable import FUNCTIONS, F, conds, f, terms, w

from derive.definitions import convolution
from derive.polynomial import equal
from derive.sympy_doors import (
    Bracket,
    NotExpressible,
    assumed,
    condition_from_sympy,
    from_sympy,
    statement,
    to_sympy,
)
from derive.syntax import (
    ONE,
    ZERO,
    And,
    Diff,
    DiffEntry,
    Floor,
    Fn,
    Iverson,
    Node,
    Not,
    Partial,
    R,
    Rel,
    Statement,
    Sum,
    Term,
    Var,
    Z,
    lattice,
)
from derive.text import text

a, i, j, n, s, x, y, z = sp.symbols("a i j n s x y z")
p, q = sp.Function("p"), sp.Function("q")
X = sp.IndexedBase("X")
oo = sp.oo

READ = [
    (sp.Sum(p(a) * q(i - a), (a, -oo, oo)), "Σ_{a∈Z} p(a) q(i − a)"),
    (sp.Integral(p(z) * q(x - z), (z, -oo, oo)), "∫_R p(z) q(x − z) dz"),
    (sp.Sum(p(a), (a, 1, n)), "Σ_{a=1}^n p(a)"),
    (sp.Sum(p(a), (a, 0, oo)), "Σ_{a∈Z} [0 ≤ a] p(a)"),
    (sp.Integral(p(z), (z, -oo, x)), "∫_{−∞}^x p(z) dz"),
    (sp.Sum(X[i, j], (i, 1, j), (j, 1, n)), "Σ_{j=1}^n Σ_{i=1}^j X_{i,j}"),
    (sp.Derivative(p(x), x), "p'(x)"),
    (p(2 * x).diff(x), "2 p'(2 x)"),
    (sp.Derivative(p(x) * q(x), x), "d/dx (p(x) q(x))"),
    (sp.Derivative(sp.Sum(X[i], (i, 1, n)), X[j]), "∂/∂X_j Σ_{i=1}^n X_i"),
    (sp.KroneckerDelta(i, j) * X[i], "X_i [i = j]"),
    (sp.Piecewise((x, x > y), (y, True)), "[y < x] x + [y ≮ x] y"),
    (sp.floor((n - 1) / s), "⌊(−1 + n)/s⌋"),
    (sp.floor(n / 2 + sp.Rational(1, 3)), "⌊(2 + 3 n)/6⌋"),
    (sp.ceiling(n / s), "−⌊(−n)/s⌋"),
    (sp.Max(x, y), "max(x, y)"),
    (sp.Min(x, y), "−max(−x, −y)"),
    (x / y, "x/y"),
    (x**2 / 3, "(1/3) x^2"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "wanted"), READ, ids=[w for _, w in READ])
def test_reading(expr: sp.Basic, wanted: str) -> None:
    shown = text(from_sympy(expr))
    assert shown == wanted.replace("(−n)/s", "−n/s") or shown == wanted


def test_assumptions_decide_the_space() -> None:
    k, t = sp.Symbol("k", integer=True), sp.Symbol("t", real=True)
    assert equal(from_sympy(k * t), Var("k", Z) * Var("t", R))
    assert from_sympy(p(k)) == Fn("p", (Z,), "finite")(Var("k", Z))
    assert from_sympy(p(t)) == Fn("p", (R,), "Schwartz")(Var("t", R))


def test_roles_decide_without_assumptions() -> None:
    """i is an integer because it stands where the sum's variable stands."""
    read = from_sympy(sp.Sum(p(a), (a, -oo, oo)) * p(i))
    assert "i" in {v.name for v in _vars(read) if v.space == Z}


def _vars(node: Node) -> list[Var]:
    own = [node] if isinstance(node, Var) else []
    return own + [v for c in node.children() for v in _vars(c)]


def test_a_value_is_a_real_argument() -> None:
    sigma = sp.Function("sigma")
    read = from_sympy(sigma(sp.Sum(X[i], (i, 1, n))))
    assert read.fn == Fn("sigma", (R,), "Schwartz")  # type: ignore[attr-defined]


def test_declared_functions_are_used() -> None:
    fn = Fn("p", (Z,), "any")
    assert from_sympy(p(i), {"p": fn}) == fn(Var("i", Z))
    shaped = from_sympy(sp.IndexedBase("X", shape=(n,))[i])
    assert shaped.fn.box == ((ZERO, Var("n", Z) - 1),)  # type: ignore[attr-defined]


def test_piecewise_takes_the_first_case() -> None:
    i_, j_ = sp.symbols("i j", integer=True)
    read = from_sympy(sp.Piecewise((1, i_ < j_), (2, i_ < 2 * j_), (0, True)))
    first = Rel("<", Var("i", Z), Var("j", Z))
    second = Rel("<", Var("i", Z), 2 * Var("j", Z))
    wanted = Iverson(first) + 2 * Iverson(And((second, Not(first))))
    assert equal(read, wanted)


def test_assumed_conditions() -> None:
    k = sp.Symbol("k", integer=True, positive=True)
    m = sp.Symbol("m", integer=True, nonnegative=True)
    assert assumed(k + m) == (Rel("<", ZERO, Var("k", Z)), Rel("<=", ZERO, Var("m", Z)))


def test_conditions_alone() -> None:
    k, m = sp.symbols("k m", integer=True)
    assert condition_from_sympy(k <= m + 1) == Rel("<=", Var("k", Z), from_sympy(m + 1))
    with pytest.raises(NotExpressible, match="condition"):
        condition_from_sympy(k + m)


def test_a_statement_reads_both_sides_together() -> None:
    k = sp.Symbol("k", integer=True, positive=True)
    read = statement(sp.Sum(p(a), (a, -oo, oo)) * p(i) * k, p(i) * k, given=[i < j])
    assert read.given == (Rel("<", Var("i", Z), Var("j", R)), Rel("<", ZERO, Var("k", Z)))
    assert all(v.space == Z for v in _vars(read.rhs))


BAD = [
    (sp.exp(x), "exp"), (sp.sqrt(x), "integer powers"), (x**n, "integer powers"), (sp.pi, "Pi"),
    (sp.Integral(p(x), x), "bounds"), (sp.Sum(a, (a, 5, 2)), "reversed range"),
    (sp.Float(0.5), "Float"), (sp.I, "ImaginaryUnit"), (sp.zoo, "ComplexInfinity"), (oo, "Infin"),
    (sp.Piecewise((x, x > 0)), "without a last case"), (sp.Matrix([x]), "SymPy|Matrix"),
    (sp.Derivative(sp.Sum(p(a), (a, 1, n)), n), "is not in Z"),
    (sp.Symbol("c", complex=True, real=False) * x, "only real"), ("x + 1", "SymPy expression"),
    (sp.DiracDelta(x), "DiracDelta"), (sp.Sum(p(a), (a, oo, 0)), "backwards"),
    (sp.Symbol("m", integer=True) + sp.Symbol("m", real=True), "two different symbols"),
    (p(x) + p(x, y) + sp.floor(p(x)), "floor|needs integers"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "reason"), BAD, ids=[str(e) for e, _ in BAD])
def test_what_cannot_be_read_is_named(expr: sp.Basic, reason: str) -> None:
    with pytest.raises(NotExpressible, match=reason):
        from_sympy(expr)


def test_a_dummy_is_not_the_symbol_of_its_name() -> None:
    dummy = sp.Dummy("x", real=True)
    real = sp.Symbol("x", real=True)
    read = from_sympy(sp.Integral(p(dummy) * p(real), (dummy, -oo, oo)))
    names = {v.name for v in _vars(read)}
    assert len(names) == 2


def test_no_capture_on_the_way_in() -> None:
    """A bound n beside a free n stays bound: Σ_{n=0}^{n} n."""
    k = sp.Symbol("k", integer=True)
    read = from_sympy(sp.Sum(k, (k, 0, k)))
    assert read == Sum(Var("k", Z), (ZERO, Var("k", Z)), Var("k", Z))


@given(terms())
@settings(max_examples=80, deadline=None)
def test_round_trip(t: Term) -> None:
    try:
        expr = to_sympy(t)
    except NotExpressible as refused:
        assert "division by zero" in refused.reason
        return
    if _has_sympy_trap(t):
        return
    again = from_sympy(expr, FUNCTIONS)
    assert equal(again, t), f"{t!r}\n{expr}\n{again!r}"


def _has_sympy_trap(t: Node) -> bool:
    """Derivatives, which SymPy orders, merges and sets to 0 while it builds."""
    return isinstance(t, Diff | DiffEntry | Partial) or any(
        _has_sympy_trap(c) for c in t.children()
    )


@given(terms())
@settings(max_examples=60, deadline=None)
def test_sympy_can_print_it(t: Term) -> None:
    try:
        assert sp.latex(to_sympy(t))
    except NotExpressible as refused:
        assert "division by zero" in refused.reason


@given(conds(1))
@settings(max_examples=60, deadline=None)
def test_conditions_go_through(c: Node) -> None:
    assert to_sympy(c) is not None


def test_operators_are_written_out() -> None:
    expr = to_sympy(convolution(R)(F, F)(Var("x", R)))
    xx, zz = sp.Symbol("x", real=True), sp.Symbol("z", real=True)
    fn = sp.Function("F")
    assert expr == sp.Integral(fn(zz) * fn(xx - zz), (zz, -oo, oo))


def test_brackets_stay_where_they_are() -> None:
    """SymPy would move a Piecewise out of the inner sum."""
    xr, i_ = Var("x", R), Var("i", Z)
    inner = Sum(xr, (ZERO, ONE), Iverson(Rel("<=", xr, ONE)))
    t = Sum(i_, (ONE, Var("n", Z)), inner)
    assert to_sympy(t).free_symbols == {sp.Symbol("n", integer=True)}
    assert from_sympy(to_sympy(t)) == t
    shown = sp.latex(to_sympy(Iverson(Rel("<=", xr, ONE))))
    assert shown == r"\left[x \leq 1\right]"
    assert Bracket(sp.Symbol("x") > 0).rewrite(sp.Piecewise).is_Piecewise


def test_a_statement_becomes_an_equation() -> None:
    xr = Var("x", R)
    assert to_sympy(Statement((), F(xr), F(xr))) == sp.Eq(
        sp.Function("F")(sp.Symbol("x", real=True)),
        sp.Function("F")(sp.Symbol("x", real=True)),
        evaluate=False,
    )


def test_derivatives_at_points_go_both_ways() -> None:
    xr, yr = Var("x", R), Var("y", R)
    for t in (Partial(F, 0)(xr - yr), Partial(F, 0)(xr), Diff(xr, F(xr) * xr, xr - yr)):
        assert equal(from_sympy(to_sympy(t), FUNCTIONS), t)


def test_a_derivative_by_an_entry_stays() -> None:
    k, m = Var("k", Z), Var("m", Z)
    t = DiffEntry(w, (m,), Sum(k, (ONE, Var("n", Z)), w(k)))
    assert from_sympy(to_sympy(t), FUNCTIONS) == t


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (Sum(Var("a", lattice(Var("d", Z))), (), ONE), "no variable in Z\\^d"),
        (F(Var("x", R)) / 0, "division by zero"),
        (R, "Space is no term"),
        (DiffEntry(f, (ZERO,), f(ZERO)), "IndexedBase"),
    ],
)
def test_what_cannot_be_written_is_named(node: Node, reason: str) -> None:
    with pytest.raises(NotExpressible, match=reason):
        to_sympy(node)


def test_floor_keeps_its_parts() -> None:
    t = Floor(Var("n", Z) + 2 * Var("k", Z) - 1, Var("s", Z))
    assert equal(from_sympy(to_sympy(t)), t)


@pytest.mark.parametrize(
    ("lhs", "rhs", "shown"),
    [
        ("f * g", "g * f", "(f * g)(x)"),
        (r"(f \star g)(i)", r"(g \star f)(-i)", r"(f \star g)(i)"),
        (r"\lfloor \frac{a}{2} \rfloor + \lfloor \frac{a+1}{2} \rfloor", "a",
         r"\left\lfloor \frac{a}{2} \right\rfloor + \left\lfloor \frac{a + 1}{2} \right\rfloor"),
    ],
)  # fmt: skip
def test_sympy_sets_a_side_of_a_theorem_as_latex(lhs: str, rhs: str, shown: str) -> None:
    """Also the ones that `to_sympy` refuses, and those whose class has a name of SymPy's."""
    from derive import claim

    assert sp.latex(claim(lhs, rhs).theorem().lhs) == shown

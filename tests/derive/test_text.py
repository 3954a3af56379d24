"""Unicode text of nodes: written by hand, and never failing."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given, settings
from printable import F, conds, f, g, terms, w

from derive.definitions import convolution, cross_correlation, reflection, translation
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    And,
    Diff,
    DiffEntry,
    Div,
    Divides,
    Exists,
    Floor,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Not,
    Num,
    Or,
    Partial,
    Pow,
    R,
    Rel,
    Signature,
    Statement,
    Sum,
    Var,
    Z,
    euclidean,
    lattice,
    residues,
)
from derive.text import text

d, n, s, k, i, j = (Var(c, Z) for c in "dnskij")
x, y, z, t = (Var(c, R) for c in "xyzt")
G = Fn("g", (R,))
H = Fn("h", (R,))
fz = Fn("f", (lattice(d),))
gz = Fn("g", (lattice(d),))
a, b = Var("a", lattice(d)), Var("i", lattice(d))
loss = Fn("L", (Signature((Z,)),))
h = Fn("h", (Z,), style="index")

CASES: list[tuple[Node, str]] = [
    (Sum(a, (), fz(a) * gz(b - a)), "Σ_{a∈Z^d} f(a) g(i − a)"),
    (Sum(z, (), F(z) * G(x - z)), "∫_R F(z) g(x − z) dz"),
    (Sum(z, (ZERO, x), F(z)), "∫_0^x F(z) dz"),
    (Sum(j, (ONE, k), w(j)), "Σ_{j=1}^k w_j"),
    (Sum(Var("r", residues(n)), (), ONE), "Σ_{r∈Z/n} 1"),
    (Sum(j, (ONE, k), w(j) + 1), "Σ_{j=1}^k (w_j + 1)"),
    (Sum(j, (ONE, k), w(j)) + 1, "Σ_{j=1}^k w_j + 1"),
    (Mul((Sum(j, (ONE, k), w(j)), f(i))), "(Σ_{j=1}^k w_j) f(i)"),
    (Mul((f(i), Sum(j, (ONE, k), w(j)))), "f(i) Σ_{j=1}^k w_j"),
    (x - (y - z), "x − (y − z)"),
    (x + (y - z), "x + y − z"),
    (-(x + y), "−(x + y)"),
    (x * -1 * y * -2, "2 x y"),
    (Num(Fraction(-1, 2)) * x, "−(1/2) x"),
    (x * (y + z), "x · (y + z)"),
    (2 * (y + z), "2 (y + z)"),
    (Mul((Num(Fraction(2)), Num(Fraction(3)))), "2 · 3"),
    (Pow(x + y, 2), "(x + y)^2"),
    (Pow(-x, 2), "(−x)^2"),
    (Pow(Pow(x, 2), 3), "(x^2)^3"),
    (Div(x, y * z), "x/(y z)"),
    (Div(x, y) * z, "(x/y) z"),
    (Div(Sum(j, (ONE, k), w(j)), x), "(Σ_{j=1}^k w_j)/x"),
    (Floor(i + n, s), "⌊(i + n)/s⌋"),
    (Floor(i, s) + 1, "⌊i/s⌋ + 1"),
    (w(i + j - 1), "w_{i+j−1}"),
    (w(s * i), "w_{s·i}"),
    (w(2 * i), "w_{2i}"),
    (w(s * i + 2 * j), "w_{s i+2j}"),
    (g(i, j + 1), "g(i, j + 1)"),
    (Iverson(Rel("=", i, j)), "[i = j]"),
    (Iverson(And((Rel("<=", ONE, j), Rel("<=", j, k)))), "[1 ≤ j ≤ k]"),
    (Iverson(Or((Rel("=", i, j), And((Rel("<", i, j), Divides(s, k)))))),
     "[i = j ∨ (i < j ∧ s | k)]"),
    (Not(Rel("<=", i, j)), "i ≰ j"),
    (Not(Divides(s, i)), "s ∤ i"),
    (Max(ZERO, n - k + 1), "max(0, n − k + 1)"),
    (Abs(x - y), "|x − y|"),
    (Partial(F, 0)(x - y), "F'(x − y)"),
    (Partial(Partial(F, 0), 0)(x), "F''(x)"),
    (Partial(Fn("G", (R, R)), 0)(x, y), "∂G/∂x(x, y)"),
    (Partial(Fn("G", (R, R)), 0)(2 * x, y), "∂_1 G(2 x, y)"),
    (Diff(x, F(x) * G(x), x), "d/dx (F(x) g(x))"),
    (Diff(t, F(t) * G(t), x), "d/dx (F(x) g(x))"),
    (Diff(t, F(t) * x, x), "(d/dt (F(t) x))|_{t=x}"),
    (Diff(x, Diff(x, F(x), x), x), "d^2/dx^2 F(x)"),
    (Diff(Var("x", euclidean(d)), ONE, Var("x", euclidean(d))), "∂/∂x 1"),
    (DiffEntry(w, (j,), loss(h)), "∂L/∂w_j"),
    (DiffEntry(w, (j,), h(i)), "∂h_i/∂w_j"),
    (DiffEntry(w, (j,), Sum(i, (), w(i))), "∂/∂w_j Σ_{i∈Z} w_i"),
    (Partial(loss, 0)(h, i), "∂L/∂h_i"),
    (loss(Lam((i,), w(i))), "L(i ↦ w_i)"),
    (convolution(R)(F, G)(x), "(F ∗ g)(x)"),
    (cross_correlation(R)(F, G)(x), "(F ⋆ g)(x)"),
    (convolution(R)(convolution(R)(F, G), H)(x), "((F ∗ g) ∗ h)(x)"),
    (convolution(R)(F, Lam((x,), G(x) + H(x)))(x), "(F ∗ (g + h))(x)"),
    (convolution(R)(F, Lam((x,), G(x) * 3))(x), "(F ∗ (3 g))(x)"),
    (convolution(R)(F, Lam((x,), G(-x)))(x), "(F ∗ (x ↦ g(−x)))(x)"),
    (convolution(R)(F, Lam((x,), G(x) + 1))(x), "(F ∗ (x ↦ g(x) + 1))(x)"),
    (Partial(convolution(R)(F, G), 0)(x), "(F ∗ g)'(x)"),
    (reflection(R)(F)(x), "F^-(x)"),
    (translation(R)(t, F)(x), "(T_t F)(x)"),
    (convolution(R), "(f ∗ g)(x) := ∫_R f(z) g(x − z) dz"),
    (lattice(ONE), "Z"),
    (residues(n), "Z/n"),
    (Signature((Z, Z)), "functions on Z × Z"),
    (Exists(F(x)), "F(x) converges absolutely"),
    (Statement((Rel("<", ZERO, s),), x, y), "x = y  (given 0 < s)"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "wanted"), CASES, ids=[w for _, w in CASES])
def test_written_by_hand(node: Node, wanted: str) -> None:
    assert text(node) == wanted


def test_repr_is_the_text() -> None:
    assert repr(x - y) == "x − y"


@given(terms())
@settings(max_examples=80, deadline=None)
def test_any_term_is_one_line(t: Node) -> None:
    shown = text(t)
    assert shown and "\n" not in shown
    assert shown.count("(") == shown.count(")") and shown.count("{") == shown.count("}")


@given(conds(2))
@settings(max_examples=60, deadline=None)
def test_any_condition_is_one_line(c: Node) -> None:
    assert text(c) and "\n" not in text(c)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("delta", "δ"), ("\\alpha", "α"), ("σ", "σ"), ("z_{3}", "z₃"), ("x'", "x'"),
     ("\\hat{I}", "Î"), ("n_\\mathrm{in}", "n_\\mathrm{in}"), ("n_{in}", "n_in"),
     ("a\nb", "a\ufffdb"), ("", "?")],
)  # fmt: skip
def test_names(name: str, shown: str) -> None:
    assert text(Var(name, Z)) == shown


def test_importing_it_is_light() -> None:
    code = "import derive.text, sys; sys.exit('sympy' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

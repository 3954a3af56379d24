"""LaTeX of nodes against NOTATION, written by hand; names cannot act as commands."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printable import F, conds, f, g, terms, w

from derive.definitions import (
    circular_convolution,
    convolution,
    cross_correlation,
    forward_difference,
    reflection,
    translation,
)
from derive.latex.printer import latex
from derive.syntax import (
    ONE,
    ZERO,
    Abs,
    And,
    Definition,
    Diff,
    DiffEntry,
    Div,
    Divides,
    Floor,
    Fn,
    Iverson,
    Lam,
    Max,
    Mul,
    Node,
    Not,
    Num,
    Partial,
    Pow,
    R,
    Rel,
    Signature,
    Sum,
    Var,
    Z,
    euclidean,
    lattice,
    residues,
)

d, n, s, k, i, j = (Var(c, Z) for c in "dnskij")
x, y, z, t = (Var(c, R) for c in "xyzt")
G, H = Fn("g", (R,)), Fn("h", (R,))
Rd = euclidean(d)
fd, gd, xd, yd, zd = Fn("f", (Rd,)), Fn("g", (Rd,)), *(Var(c, Rd) for c in "xyz")
fz, gz = Fn("f", (lattice(d),)), Fn("g", (lattice(d),))
a, b = Var("a", lattice(d)), Var("i", lattice(d))
loss = Fn(r"\mathcal{L}", (Signature((Z,)),))
h = Fn("h", (Z,), style="index")
delta = Definition(r"\delta", (loss, h), Lam((i,), Partial(loss, 0)(h, i)), "name")
W = Fn("W", (Z, Z), style="index")

CASES: list[tuple[Node, str]] = [
    (Sum(a, (), fz(a) * gz(b - a)), r"\sum_{a \in \mathbb{Z}^{d}} f(a) g(i - a)"),
    (Sum(zd, (), fd(zd) * gd(xd - zd)), r"\int_{\mathbb{R}^{d}} f(z) g(x - z) \,dz"),
    (Sum(z, (ZERO, x), F(z)), r"\int_{0}^{x} F(z) \,dz"),
    (Sum(j, (ONE, k), w(j)), r"\sum_{j=1}^{k} w_{j}"),
    (Sum(i, (ONE, n), Sum(j, (ONE, k), W(i, j))), r"\sum_{i=1}^{n} \sum_{j=1}^{k} W_{i,j}"),
    (Sum(Var("r", residues(n)), (), ONE), r"\sum_{r \in \mathbb{Z}/n} 1"),
    (Mul((Sum(j, (ONE, k), w(j)), f(i))), r"\left(\sum_{j=1}^{k} w_{j}\right) f(i)"),
    (Sum(j, (ONE, k), -w(j)), r"\sum_{j=1}^{k} (-w_{j})"),
    (x - (y - z), "x - (y - z)"),
    (-(x + y), "-(x + y)"),
    (x * -1 * y, "-x y"),
    (Num(Fraction(-1, 2)) * x, r"-\frac{1}{2} x"),
    (x * (y + z), r"x \cdot (y + z)"),
    (w(j) * (y + z), r"w_{j} \cdot (y + z)"),
    ((y + z) * x, "(y + z) x"),
    (2 * (y + z), "2 (y + z)"),
    (Div(x + y, z), r"\frac{x + y}{z}"),
    (Pow(Div(x, y), 2), r"\left(\frac{x}{y}\right)^{2}"),
    (Pow(w(j), 2), "w_{j}^{2}"),
    (Pow(Var("x'", R), 2), "(x')^{2}"),
    (Floor(n + 2 * k - 1, s) + 1, r"\left\lfloor \frac{n + 2 k - 1}{s} \right\rfloor + 1"),
    (w(Floor(i, s)), r"w_{\lfloor i/s \rfloor}"),
    (w(i + j - 1), "w_{i+j-1}"),
    (w(s * i), r"w_{s\cdot i}"),
    (w(s * i + d * j), "w_{si+dj}"),
    (g(i, j + 1), "g(i, j + 1)"),
    (Iverson(Rel("=", i, j)), "[i = j]"),
    (Iverson(And((Rel("<=", ONE, j), Rel("<=", j, k)))), r"[1 \le j \le k]"),
    (Iverson(Divides(s, j)), r"[s \mid j]"),
    (Not(Rel("=", i, j)), r"i \ne j"),
    (Max(ZERO, n - k + 1), r"\max(0, n - k + 1)"),
    (Abs(x - y), r"\left|x - y\right|"),
    (Partial(F, 0)(x - y), "F'(x - y)"),
    (Partial(Partial(F, 0), 0)(x), "F''(x)"),
    (Partial(gd, 0)(xd - yd), r"\frac{\partial g}{\partial x}(x - y)"),
    (Partial(Fn("G", (R, R)), 1)(x, y), r"\frac{\partial G}{\partial y}(x, y)"),
    (Diff(x, F(x), x), r"\frac{d}{dx} F(x)"),
    (Diff(x, F(x) * G(x), x), r"\frac{d}{dx} (F(x) g(x))"),
    (Diff(t, F(t) * G(t), x), r"\frac{d}{dx} (F(x) g(x))"),
    (Diff(x, convolution(R)(F, G)(2 * x), x), r"\frac{d}{dx} (F * g)(2 x)"),
    (Diff(t, F(t), 2 * x), r"\left.\frac{d}{dt} F(t)\right|_{t=2x}"),
    (Diff(x, Diff(x, F(x), x), x), r"\frac{d^{2}}{dx^{2}} F(x)"),
    (Diff(xd, fd(xd), xd), r"\frac{\partial}{\partial x} f(x)"),
    (DiffEntry(w, (j,), loss(h)), r"\frac{\partial \mathcal{L}}{\partial w_{j}}"),
    (Partial(loss, 0)(h, i), r"\frac{\partial \mathcal{L}}{\partial h_{i}}"),
    (delta(loss, h)(i), r"\delta_{i}"),
    (convolution(Rd)(fd, gd)(xd), "(f * g)(x)"),
    (cross_correlation(Z)(f, Fn("g", (Z,)))(i), r"(f \star g)(i)"),
    (circular_convolution(n)(Fn("f", (residues(n),)), Fn("g", (residues(n),)))(i),
     r"(f \circledast g)(i)"),
    (convolution(R)(F, Lam((x,), G(x) + H(x)))(x), "(F * (g + h))(x)"),
    (Partial(convolution(R)(F, G), 0)(x), "(F * g)'(x)"),
    (reflection(R)(F)(x), "F^{-}(x)"),
    (translation(R)(t, F)(x), "(T_{t} F)(x)"),
    (forward_difference(Z)(f)(i), r"(\Delta f)(i)"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "wanted"), CASES, ids=[w for _, w in CASES])
def test_written_by_hand(node: Node, wanted: str) -> None:
    assert latex(node) == wanted


NAMES = [
    ("alpha", r"\alpha"), (r"\alpha", r"\alpha"), ("σ", r"\sigma"), ("relu", r"\mathrm{relu}"),
    ("x_{in}", r"x_{\mathrm{in}}"), ("x^{l}", "x^{l}"), (r"\hat{I}", r"\hat{I}"),
    (r"\mathbf{x}", r"\mathbf{x}"), ("z_{3}'", "z_{3}'"), (r"n_{\text{in}}", r"n_{\mathrm{in}}"),
    ("f'", "f'"), (r"\mathcal{L}", r"\mathcal{L}"), (r"\delta^{l+1}", r"\delta^{l+1}"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "wanted"), NAMES)
def test_names_of_the_notation(name: str, wanted: str) -> None:
    assert latex(Var(name, R)) == wanted


HOSTILE = [
    r"\input{x}", "</script>", r"}\write18{ls}", "$x$", "%", r"\alpha\input", "a_b_c", "x^^41",
    r"\csname", "a b", "x}{", r"\hat{\input{y}}", "\\", "{", "_", "^", "#1", "~", "&", "\x00",
    "한", r"\mathrm{\input}", r"\catcode", "x_{\\input}", r"\href{javascript:alert(1)}{x}",
]  # fmt: skip
SAFE = {
    "mathrm", "text", "backslash", "wedge", "sim", "alpha", "hat", "delta", "sigma",
    "mathcal", "mathbf",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_no_command(name: str) -> None:
    shown = latex(Var(name, R))
    assert set(re.findall(r"\\([A-Za-z]+)", shown)) <= SAFE
    assert not re.search(r"(?<!\\)[$%#&~]", shown)
    bare = re.sub(r"\\.", "", shown)
    assert bare.count("{") == bare.count("}")


@given(st.text(max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_name_is_balanced(name: str) -> None:
    shown = latex(Var(name, R))
    depth = 0
    for c in re.sub(r"\\[^A-Za-z]", "", shown):
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0 and shown.isascii() and "\n" not in shown
    assert not re.search(r"\\(input|write|def|csname|href|url|include)", shown)


@given(st.one_of(terms(), conds(2)))
@settings(max_examples=80, deadline=None)
def test_any_node_is_balanced(node: Node) -> None:
    shown = latex(node)
    assert shown.count("{") == shown.count("}") and shown.count(r"\left") == shown.count(r"\right")
    assert not re.search(r"\\(cdot|le|ne|in)[A-Za-z]", shown.replace(r"\left", "").replace(
        r"\int", "").replace(r"\nleq", "").replace(r"\nless", ""))  # fmt: skip

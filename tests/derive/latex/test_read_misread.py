r"""Texts that were once misread: the right reading, or `Unreadable`, and never a guess."""

from __future__ import annotations

import pytest

from derive import check
from derive.latex import Underdetermined, Unreadable, read
from derive.text import text

RIGHT = [  # text, given, the statement on the first space that it is meant on
    (r"(f g)(x) = g(x) f(x)", (), "f(x) g(x) = g(x) f(x)"),
    (r"(f+g)(x) = f(x)+g(x)", (), "f(x) + g(x) = f(x) + g(x)"),
    (r"(f - g)(x) = f(x) - g(x)", (), "f(x) − g(x) = f(x) − g(x)"),
    (r"(2f)(x) = f(x) + f(x)", (), "2 f(x) = f(x) + f(x)"),
    (r"(-f)(x) = -f(x)", (), "−f(x) = −f(x)"),
    (r"(a f + g)(x) = a f(x) + g(x)", (), "a f(x) + g(x) = a f(x) + g(x)"),
    (
        r"(f * g)(f * h) = (f * h)(f * g)",
        (),
        "(f ∗ g)(x) (f ∗ h)(x) = (f ∗ h)(x) (f ∗ g)(x)",
    ),
    (r"(n-k)(k) = nk - k^2", (), "(n − k) k = n k − k^2"),
    (r"(x - y)(x + y) = x^2 - y^2", (), "(x − y) (x + y) = x^2 − y^2"),
    (
        r"(f * x)(w) = (x * f)(-w)",
        (r"(x * w)(t) = \sum_a x(a) w(t+a)",),
        "(f ∗_d x)(w) = (x ∗_d f)(−w)",
    ),
    (r"(W-F+2\text{pad})/S = 0", (), "(W − F + 2 pad)/S = 0"),
    (r"W + \text{pad} = W", (), "W + pad = W"),
    (r"2\,\text{pad} = \text{pad} + \text{pad}", (), "2 pad = pad + pad"),
    (r"\text{a\_b} + n = n + \text{a\_b}", (), "a_b + n = n + a_b"),
    (r"\text{Note that } f * g = g * f \text{ for all of these.}", (), "(f ∗ g)(x) = (g ∗ f)(x)"),
    (r"O = \lfloor N \rfloor + 1. \tag{1}", (), "O = ⌊N⌋ + 1"),
    (
        r"O = \left\lfloor \frac{H + 2 \times \text{padding}[0]}{\text{stride}[0]} \right\rfloor",
        (),
        "O = ⌊(H + 2 padding0)/stride0⌋",
    ),
    (r"OH = (H + 2P - FH)/S + 1", (), "OH = (H + 2 P − FH)/S + 1"),
    (r"O H = H O", (), "O H = H O"),
    (r"CHW = C H W", (), "CHW = C H W"),
    (r"\tilde{i}' = i' + (i' - 1)(s - 1)", (), "ĩ' = i' + (i' − 1) (s − 1)"),
    (r"f * g = g * f \quad \forall f, g", (), "(f ∗ g)(x) = (g ∗ f)(x)"),
    (r"\forall x: f(x) = f(x)", (), "f(x) = f(x)"),
    (r"\forall x, y, \quad f(x,y) = f(x,y)", (), "f(x, y) = f(x, y)"),
    (r"f(x) = f(x) \qquad (3)", (), "f(x) = f(x)"),
    (r"p = k - 1 \qquad q = k", (), "p = k − 1"),
    (r"(f \circledast g)(n) = (g \circledast f)(n)", (), "(f ⊛ g)(n) = (g ⊛ f)(n)"),
    (r"(f \circledast g)(m) = \sum_{k=0}^{N-1} f(k) g(m-k)", (),
     "(f ⊛ g)(m) = Σ_{k=0}^{N−1} f(k) g(m − k)"),
    (r"((x \mapsto f(-x)) * g)(t) = 0", (), "((x ↦ f(−x)) ∗ g)(t) = 0"),
    (r"\sum_{i=1}^{n} \quad x_i = 0", (), "Σ_{i=1}^n x_i = 0"),
    (r"\int f(x) \quad dx = 0", (), "∫_R f(x) dx = 0"),
    (r"f(x) \stackrel{\text{def}}{=} g(x)", (), "f(x) = g(x)"),
    (r"f(n) = g(n), n \in \mathbb{R}", (), "f(n) = g(n)"),
    (r"\sum_{0 \le i, j < n} f(i,j) = 0", (), "Σ_{i=0}^{n−1} Σ_{j=0}^{n−1} f(i, j) = 0"),
    (r"\sum_{i+j=n} f(i) g(j) = 0", (), "Σ_{i∈Z} Σ_{j∈Z} [i + j = n] f(i) g(j) = 0"),
    (r"r_{xy}[l] = \sum_n x[n] y[n-l]", (), "r_xy(l) = Σ_{n∈Z} x(n) y(n − l)"),
    (r"((2 x) * h)(n) = ((2 x) * h)(n)", (), "((2 x) ∗ h)(n) = ((2 x) ∗ h)(n)"),
    (r"(f * g)[n_1, n_2] = f[n_1, n_2]", (), "(f ∗ g)(n₁, n₂) = f(n₁, n₂)"),
    (r"\overline{f(t)} = g(t)", (), "f(t) = g(t)"),
    (r"\frac{\partial}{\partial x_i} (f * g) = 0", (), "d/dx (f ∗ g)(x) = 0"),
    (r"x_e[n] = \sum_k x[k] h[n - 2k]", (), "x_e(n) = Σ_{k∈Z} x(k) h(n − 2 k)"),
    (
        r"\partial L/\partial w_j = 0",
        (r"h_i = w_i x_i", r"i = 1, \dots, 3"),
        "∂L(i ↦ w_i x_i)/∂w_j = 0",
    ),
    (r"f(x) = g(x) (x \ge 0)", (), "f(x) = g(x)"),
    (
        r"\frac{\partial L}{\partial b_j} = \delta_j",
        (r"h_j = \sigma(b_j)",),
        "∂L(j ↦ σ(b_j))/∂b_j = δ_j",
    ),
    (r"x[n] * h[n] = h[n] * x[n]", (), "(x ∗ h)(n) = (h ∗ x)(n)"),
    (r"x[n-k] * h[n] = \sum_m x[m-k] h[n-m]", (),
     "((y ↦ x(y − k)) ∗ h)(n) = Σ_{m∈Z} x(m − k) h(n − m)"),
    (r"x[n] * 3 h[n] = 3 x[n] * h[n]", (), "(x ∗ (3 h))(n) = ((3 x) ∗ h)(n)"),
    (r"f(t) \star g(t) = f(-t) * g(t)", (), "(f ⋆ g)(t) = ((x ↦ f(−x)) ∗ g)(t)"),
    (r"j \% t = j", (), "j − t ⌊j/t⌋ = j"),
    (r"O = N + 1.\label{eq:x}", (), "O = N + 1"),
    (r"\int_{\mathbf{R}} f(z) dz = 1", (), "∫_R f(z) dz = 1"),
    (r"\int_{\mathrm{R}} f(z) dz = 1", (), "∫_R f(z) dz = 1"),
    (r"\sum_{a\in\mathbf{Z}^d} f(a) = 1", (), "Σ_{a∈Z^d} f(a) = 1"),
    (r"H_{out} = H_{in} + 2P - K + 1", (), "H_out = H_in + 2 P − K + 1"),
    (r"H_{out} = H_{\text{out}} + P", (), "H_out = H_out + P"),
    (r"W_{in} x_n = x_n W_{in}", (), "W_{i,n} x_n = x_n W_{i,n}"),
    (r"W_{in} = W_{ni}", (), "W_{i,n} = W_{n,i}"),
    (r"W_2 = (W_1 - F + 2P)/S + 1", (), "W₂ = (W₁ − F + 2 P)/S + 1"),
    (r"W_1 x_1 + W_2 x_2 = x_2", (), "W_1 x_1 + W_2 x_2 = x_2"),
    (r"f_1 * f_2 = f_2 * f_1", (), "(f₁ ∗ f₂)(x) = (f₂ ∗ f₁)(x)"),
    (r"x(t-t_0) = x(t - t_0)", (), "x(t − t₀) = x(t − t₀)"),
    (r"K' = K + (K-1)(D-1)", (), "K' = K + (K − 1) (D − 1)"),
    (r"f' * g = f * g'", (), "(f' ∗ g)(x) = (f ∗ g')(x)"),
    (r"N_{params} = C_{in} K^2", (), "N_params = C_in K^2"),
    (r"W_{ijklm} = 0", (), "W_{i,j,k,l,m} = 0"),
    (r"||x|-|y|| = |x|", (), "||x| − |y|| = |x|"),
    (r"y_i = \sigma((w * x)_i)", (), "y_i = σ((w ∗ x)(i))"),
    (r"y(t) = f((w * x)(t))", (), "y(t) = f((w ∗ x)(t))"),
    (r"[H]_{i,j} = \sum_a [V]_a [X]_{i+a,j}", (), "H_{i,j} = Σ_{a∈Z} V_a X_{i+a,j}"),
    (r"(f*g)[n] = \sum\limits_{k} f[k]\;g[n-k]", (), "(f ∗ g)(n) = Σ_{k∈Z} f(k) g(n − k)"),
    (r"\displaystyle\bigl(f\ast g\bigr)(x)\!=\!\Big[g*f\Big](x)", (), "(f ∗ g)(x) = (g ∗ f)(x)"),
    (
        r"f(x) = \begin{cases} 1 & x \ge 0 \text{ and } x < 1 \\ 0 & \text{else.}\end{cases}",
        (),
        "f(x) = [0 ≤ x < 1] + 0 · [¬(0 ≤ x < 1)]",
    ),
]


@pytest.mark.parametrize("latex, given, wanted", RIGHT)
def test_what_was_misread(latex: str, given: tuple[str, ...], wanted: str) -> None:
    _, statement = read(latex, given).links[0].variants[0]
    assert text(statement).split("  (given")[0] == wanted


UNREAD = [
    r"(a+b)(c) = ac + bc",
    r"f_i(x) = f_i(x)",
    r"w_i(x) = x",
    r"(L_a f)(x) = f(x-a)",
    r"(Tf)(x) = f(x-1)",
    r"\mathcal{F}\{f*g\} = \mathcal{F}\{f\}\cdot\mathcal{F}\{g\}",
    r"L\{f\}(s) = 0",
    r"F(f*g) = F(f) F(g)",
    r"\sigma(w * x) = \sigma(x * w)",
    r"x[n-1] * h[n-1] = 0",
    r"\frac{\partial L}{\partial b} = \sum_i \delta_i",
    r"(a + b) * c = a c + b c",
    r"(x + y) * (x - y) = x^2 - y^2",
    r"(x + 1) * (y + 1) = x y + x + y + 1",
    r"\frac{dx(t)}{dt} * h(t) = x(t) * \frac{dh(t)}{dt}",
    r"x(t-1) * h(t) = x(t) * h(t-1)",
    r"f(x) * f(x) = f(x)^2",
    r"f(x) * g(x) = f(x) g(x)",
    r"(f(x) * g(x))' = f'(x) * g(x) + f(x) * g'(x)",
    r"\int f(x) * g(x) dx = 0",
    r"f(x) * g(y) = 0",
    r"x[n] * h[n] = x[n] h[n]",
    r"f(x) = 1 \qquad g(x)",
    r"f(x) \stackrel{?}{=} g(x)",
    r"\forall: f(x) = g(x)",
    r"\forall x \forall y: f(x) = g(y)",
    r"x \mapsto f(x) = f",
    r"f(x : y) = 0",
    r"f_n * g_n = g_n * f_n",
    r"\mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{A}",
    r"\int f d\mu = 0",
    r"\nabla f = 0",
    r"f(g*h) = (fg) * h",
    r"||f|| = 1",
    r"\text{flip } f * g = f \star g",
    r"(W-F+2\text{ pad})/S = 3",
    r"n_{\text{in},1} = 3",
    r"\text{If } n = 3 \text{ then } n + 1 = 4",
    r"f * g = g * f \text{ is false}",
    r"f * g = g * f \text{ or } f * g = 0",
    r"f * g = g * f \text{ if } f = g",
    r"f * g = h \text{ where } h(x) = \int f(z) g(x-z) dz",
    r"f(x) = \begin{cases} 1 & \text{$x$ even} \\ 0 & \text{else}\end{cases}",
    r"1 + 2 + 4 + \cdots + n = n(n+1)/2",
    r"\sum_k f(k) + \dots = 0",
    r"x^\top y = y^\top x",
    r"\operatorname{ReLU}(x) = x",
]


@pytest.mark.parametrize("latex", UNREAD)
def test_no_guess(latex: str) -> None:
    with pytest.raises(Unreadable):
        read(latex)


@pytest.mark.parametrize(
    "latex",
    [
        r"(T_h f)(x) = f(x-h)",
        r"T_h f(x) = f(x-h)",
        r"(\tau_h f)(x) = f(x-h)",
        r"T_h(f * g)(x) = (f*g)(x-h)",
        r"\mathcal{F}(f*g) = \mathcal{F}(f)\mathcal{F}(g)",
        r"\mathcal{F} f = f",
        r"\mathrm{flip}(f) * g = f \star g",
        r"\text{flip}(f) * g = f \star g",
    ],
)
def test_operators_on_functions_are_not_judged(latex: str) -> None:
    with pytest.raises(Underdetermined, match="stands for, which acts on a function"):
        read(latex)


def test_conditions_after_if_are_no_claims() -> None:
    assert check(r"n + m = 2n \text{ if } m = n").verdict == "proved"
    assert len(read(r"n + m = 2n \text{ if } m = n").links) == 1


@pytest.mark.parametrize(
    "latex",
    [
        r"f * \delta = f",
        r"\sum_j \delta_{ij} x_j = x_i",
        r"\hat f(0) = \int f(x) dx",
        r"(f \star g)(x) = (\tilde f * g)(x)",
        r"\sum_n x[n] = X(0)",
    ],
)
def test_names_that_mean_something_are_not_refuted(latex: str) -> None:
    verdict = check(latex)
    assert verdict.verdict == "unknown" and "stands for" in verdict.message


def test_a_support_that_is_differentiated_by_is_no_error() -> None:
    verdict = check(r"\frac{d}{dx}(f * g)(x) = \frac{d}{dx}\int f(yx - y)\,dy")
    assert verdict.verdict == "unknown" and verdict.message.startswith("no value:")


@pytest.mark.parametrize(
    ("latex", "part"),
    [
        (r"\int_{\mathbb{R}^2} f(x,y)\,dx\,dy = 1", "more differentials than integrals"),
        (r"(A B)_{ij} = \sum_k A_{ik} B_{kj}", "a matrix product"),
    ],
)
def test_neither_reading_is_chosen(latex: str, part: str) -> None:
    with pytest.raises(Unreadable, match=part):
        read(latex)

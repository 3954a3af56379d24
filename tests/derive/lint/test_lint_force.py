"""Definitions in force, conditions in the prose, and what is no claim."""

from __future__ import annotations

import pytest

from derive.lint.equation import equations_of
from derive.lint.givens import entry, with_other_letters
from derive.lint.mapped import Mapped
from derive.lint.run import lint_text


def words(text: str, name: str = "a.md", given: tuple[str, ...] = ()) -> list[str]:
    return [r.word for r in lint_text(text, name, given)]


COMMUTES = "$(f * g)(i) = (g * f)(i)$"


def test_an_operator_until_the_next_definition() -> None:
    conv = r"$(f * g)(i) = \sum_{a \in \mathbb{Z}} f(a) g(i - a)$"
    corr = r"$(f * g)(i) = \sum_{a \in \mathbb{Z}} f(a) g(i + a)$"
    found = lint_text(f"{COMMUTES} {corr} {COMMUTES} {conv} {COMMUTES}")
    wanted = ["proved", "redefinition", "refuted", "redefinition", "proved"]
    assert [r.word for r in found] == wanted
    assert r"as the cross-correlation f \star g" in found[1].message
    assert words(f"{conv} {COMMUTES} {conv}") == ["definition", "proved", "definition"]


def test_what_a_sentence_supposes_of_functions_spares_what_follows() -> None:
    even = r"$(g * f)(x) = (g \star f)(x)$"
    for said in ("Assume $g(-x) = g(x)$. Then ", "If $g(-x) = g(x)$ then ",
                 "$g(-x) = g(x)$라고 가정하자. 그러면 "):
        assert words(said + even) == ["definition", "unknown"]
    sums = r"$\sum_n (f * w)(n) = \sum_n f(n)$"
    assert words(r"The weights sum to one: $\sum_k w_k = 1$. Hence " + sums) == [
        "definition", "unknown"]
    far = "Assume $g(-x) = g(x)$.\n\nOne.\n\nTwo.\n\n"
    assert words(far + even) == ["definition", "refuted"]
    assert words(r"Assume $w_{-k} = w_k$. Then " + even) == ["definition", "refuted"]


def test_an_operator_for_its_own_arguments_and_domain() -> None:
    two = r"$(f * g)(i, j) = \sum_{p,q} f(p, q) g(i + p, j + q)$"
    assert words(f"{two} $(f * g)(i, j) = (g * f)(i, j)$ {COMMUTES}") == [
        "redefinition", "refuted", "proved"]
    line = r"$(f * g)(x) = \int_{\mathbb{R}} f(z) g(x + z) dz$"
    assert words(rf"{line} $\sum_i (f * g)(i) = \sum_i (g * f)(i)$") == ["redefinition", "proved"]


def test_the_definition_may_use_the_claims_letters() -> None:
    text = (r"$(x * w)(t) = \sum_a x(a) w(t + a)$ then $(f * x)(w) = (x * f)(-w)$ and "
            r"$(f * x)(w) = (x * f)(w)$")
    assert words(text) == ["redefinition", "proved", "refuted"]
    (claim,) = equations_of(Mapped.of("(f * x)(w) = s(t)"))
    renamed = with_other_letters(r"(x * w)(t) = \sum_a x(a) w(t + a + s)", claim)
    assert renamed == r"(x * p )(t) = \sum_a x(a) p (t + a + s)"


def test_a_new_operator() -> None:
    text = r"$(f \otimes g)(i) = \sum_a f(a) g(i + a)$ so $(f \otimes g)(i) = (g \otimes f)(-i)$"
    assert words(text) == ["definition", "proved"]
    assert words(r"$(f \otimes g)(i) = (g \otimes f)(i)$") == ["unknown"]


def test_an_equation_between_operators_is_a_claim() -> None:
    assert words(r"$(f * g)(x) = (f \star g)(x)$") == ["refuted"]


def test_symbols() -> None:
    text = r"$y(i) = \sum_a f(a) g(i - a)$ and $y(i) = \sum_a g(a) f(i - a)$ and $y(i) = f(i)$"
    found = lint_text(text)
    assert [r.word for r in found] == ["definition", "proved", "redefinition"]
    assert "line 1" in found[1].message and "line 1" in found[2].message
    used = r"$y(i) = \sum_a f(a) g(i - a)$ so $\sum_i y(i) = \sum_a f(a) \sum_b g(b)$"
    assert words(used) == ["definition", "proved"]
    assert words(used.replace(r"\sum_b g(b)", r"\sum_b g(2b)")) == ["definition", "refuted"]


def test_what_was_given_stays_in_force() -> None:
    given = (r"h_i = \sum_{j=1}^{k} w_j x_{i+j-1}", r"i = 1, \dots, n")
    text = (r"$h_i = \sigma(x_i)$ $h_i = \sigma(x_i)$ $h_i = x_i$ "
            r"$\frac{\partial L}{\partial w_m} = \sum_{i=1}^{n} \delta_i x_{i+m-1}$")
    found = lint_text(text, "a.md", given)
    assert [r.word for r in found] == ["redefinition", "definition", "redefinition", "proved"]


def test_forget() -> None:
    corr = r"$(f * g)(i) = \sum_a f(a) g(i + a)$"
    assert words(f"{corr} <!-- derive: forget --> {COMMUTES}") == ["redefinition", "proved"]


def test_a_definition_that_cannot_be_read() -> None:
    found = lint_text(r"$s = \prod_i x_i$ and then $s + t = t$, but $1 = 2$")
    assert [r.word for r in found] == ["skipped", "unknown", "refuted"]
    assert "cannot be read" in found[1].message


@pytest.mark.parametrize("left", ["u[n]", "u(n)", "u_n"])
def test_a_function_whose_definition_cannot_be_read_is_not_refuted(left: str) -> None:
    found = lint_text(rf"$${left} = \prod_{{k \ge n}} x_k$$ and then "
                      r"$$s[n] = u[n] * h[n] = \sum_{k=0}^\infty h[n-k]$$")
    assert [r.word for r in found] == ["skipped", "definition", "unknown"]
    assert "u, which" in found[2].message


def test_a_step_in_cases_is_read() -> None:
    step = r"$$u[n] = \begin{cases} 1, & n \ge 0 \\ 0, & n < 0 \end{cases}$$"
    found = lint_text(step + r"$$u[n] * h[n] = \sum_{k=0}^\infty h[n-k]$$")
    assert found[0].word == "definition"
    assert found[-1].word in ("proved", "unknown")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"For $n \ge k$ we have $\sum_{j=k}^{n} 1 = n - k + 1$.", ["proved"]),
        (r"$\sum_{j=k}^{n} 1 = n - k + 1$ whenever $n \ge k$.", ["proved"]),
        (r"For $n \ge k$." "\n\n# Next\n\n" r"$\sum_{j=k}^{n} 1 = n - k + 1$.", ["refuted"]),
        (r"For $n < k$ and $n \ge k$ we have $\sum_{j=k}^{n} 1 = n - k$.", ["refuted"]),
        (r"Even so for $n \ge k$ it is $\sum_{j=k}^{n} 1 = n - k$.", ["refuted"]),
    ],
)
def test_conditions_in_the_prose(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted


@pytest.mark.parametrize("text", [
    "Let $g(-x) = g(x)$", "$f(x + 1) = f(x)$", r"$\sum_i w_i = 1$", r"$\int p(x) dx = 1$",
    "if $2P = K - 1$", "$a^2 + b^2 = c^2$", "커널 크기가 $2P = K - 1$이면", "$K = 3$",
    "$W_2 = W_1 - F + 1$",
])  # fmt: skip
def test_no_claims(text: str) -> None:
    assert words(text) == ["definition"]


@pytest.mark.parametrize("text", [
    r"$f * \delta = f$", r"$(f * \tilde{g})(x) = (f \star g)(x)$",
    r"$\mathcal{F}(f * g) = \mathcal{F}(f) \mathcal{F}(g)$", r"$\mathrm{flip}(f) * g = f \star g$",
])  # fmt: skip
def test_names_that_mean_something(text: str) -> None:
    """What a flip or an impulse is stands nowhere: nothing may be refuted."""
    (found,) = lint_text(text)
    assert found.word == "unknown" and "stands for" in found.message


def test_an_operator_on_functions_is_not_a_number() -> None:
    assert words(r"$\mathcal{F}\{f * g\} = \mathcal{F}\{f\} \cdot \mathcal{F}\{g\}$") == ["skipped"]


def test_what_acts_on_a_function() -> None:
    assert words("$(T_h f)(x) = f(x - h)$") == ["definition"]
    assert words(r"$g(x) + (D f)(x) = f(x)$") == ["skipped"]
    assert words(r"$(a f * g)(x) = a (f * g)(x)$ and $(f g)(x) = f(x) g(x)$") in (
        ["proved", "skipped"], ["proved", "proved"])


def test_the_range_of_the_output_from_its_sum() -> None:
    text = (r"$$y_i = \sum_{j=0}^{k-1} w_j x_{i+j}$$ so "
            r"$$\frac{\partial L}{\partial w_m} = \sum_{i=0}^{n-1} \delta_i x_{i+m}$$")
    found = lint_text(text)
    assert [r.word for r in found] == ["definition", "proved"]
    assert r"i = 0, \dots, n − 1 (the range of its sum)" in found[1].message
    assert words(text.replace("x_{i+m}", "x_{i-m}")) == ["definition", "refuted"]


def test_entries() -> None:
    assert entry(r"n \ge k").names == {"n", "k"}
    assert entry(r"i, j = 1, \dots, n").ranged == {"i", "j"}
    op = entry(r"(f * g)(i, j) = \sum_{p,q} f(p, q) g(i + p, j + q)")
    assert op.operator == ("*", 2)
    forward = entry(r"h_i = \sum_j w_j x_{i+j}")
    assert (forward.defines, forward.forward, forward.params) == ("h", True, {"i"})


# ---- what is not refuted


@pytest.mark.parametrize(
    "text",
    [
        r"If $h$ is even, then $f \star h = f * h$.",
        r"Hence $f \star g = g \star f$ only if both are symmetric.",
        r"$$\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)$$",
        r"$$y_k = \sum_j w_{kj} a_j = \sum_j w_{kj} \sigma(z_j)$$",
        r"The loss gives $\frac{\partial L}{\partial b} = \sum_i \delta_i$.",
        r"$$OH = \frac{H + 2P - FH}{S} + 1$$",
        r"$$\frac{H + 2P - FH}{S} + 1 = OH$$",
        r"With $k' = k + (k-1)(d-1)$ and $p' = k - p - 1$.",
        r"$$p_h = k_h - 1 \qquad \lfloor n_h / s_h \rfloor \times \lfloor n_w / s_w \rfloor$$",
        r"$y_t = x_t + y_{t-1}$ and $\sum_i w_i x_i = z$.",
        r"$$y[n] = \sum_{k=0}^{M} b_k x[n-k] - \sum_{k=1}^{N} a_k y[n-k]$$",
    ],
)
def test_what_rests_on_the_words_is_not_refuted(text: str) -> None:
    assert [r for r in lint_text(text) if r.word == "refuted"] == []


@pytest.mark.parametrize(
    "text",
    [
        r"Always $f \star g = g \star f$.",
        r"Even so, $(f * g)' = f' * g'$.",
        r"$$\sum_j w_j x_{i+j} = \sum_j w_j x_{i-j}$$",
        r"$$(5 - 3)/2 + 1 = 3$$",
    ],
)
def test_what_is_wrong_in_any_case_is(text: str) -> None:
    assert [r.word for r in lint_text(text)] == ["refuted"]


def test_an_adjoint_by_its_own_name() -> None:
    text = (r"$$y_n = \sum_{k=0}^{K-1} w_k x_{n+k}$$ With $g_n = \frac{\partial L}{\partial y_n}$"
            r" $$\frac{\partial L}{\partial x_i} = \sum_{k=0}^{K-1} g_{i-k} w_k$$"
            r" $$\frac{\partial L}{\partial x_i} = \sum_{k=0}^{K-1} g_{i+k} w_k$$")
    assert [r.word for r in lint_text(text)] == ["definition", "definition", "proved", "refuted"]

"""Where formulas are found and where not; directives; lines of displays."""

from __future__ import annotations

import pytest

from derive.lint.mapped import Mapped
from derive.lint.rows import equations
from derive.lint.run import lint_text

F = r"1 + 1 = 3"


def places(text: str, name: str = "a.md") -> list[tuple[int, int]]:
    return [(r.line, r.column) for r in lint_text(text, name) if r.word == "refuted"]


@pytest.mark.parametrize("env", [
    "equation", "equation*", "align", "align*", "gather", "gather*", "multline", "multline*",
    "eqnarray", "eqnarray*", "displaymath", "math", "alignat*", "flalign",
])  # fmt: skip
@pytest.mark.parametrize("name", ["a.md", "a.tex", "a.txt"])
def test_environments(env: str, name: str) -> None:
    more = "{2}" if env == "alignat*" else ""
    text = f"Words\n\\begin{{{env}}}{more}\n {F}\n\\end{{{env}}} more"
    assert [r.line for r in lint_text(text, name) if r.word == "refuted"] == [3]


@pytest.mark.parametrize("text", [f"a ${F}$ b", rf"a \({F}\) b", f"a $${F}$$ b", rf"a \[{F}\] b",
                                  f"a $ {F} $ b", rf"a $\displaystyle {F}$ b"])
@pytest.mark.parametrize("name", ["a.md", "a.tex"])
def test_delimiters(text: str, name: str) -> None:
    assert places(text, name) == [(1, text.index("1") + 1)] or "displaystyle" in text


@pytest.mark.parametrize("text", [
    f"```\n${F}$\n```", f"~~~ math\n${F}$\n~~~", f"> ```\n> ${F}$\n> ```", f"a `${F}$` b",
    f"a ``x ` ${F}$`` b", f"\n\n    ${F}$\n", f"<!-- ${F}$ -->", f"<pre>${F}$</pre>",
    f"<code>${F}$</code>", f"---\ntitle: ${F}$\n---\n", rf"\${F}\$", f"```\n${F}$",
    "It costs $5 = five dollars$ now", "from $5 to $10 = more", "a shape $28 \\times 28$",
    "the symbol $x$ and $f(x)$, $n \\ge k$, $x \\in A$, $a \\to b$, $\\sum_{i=1}^n x_i$",
])  # fmt: skip
def test_left_alone_in_markdown(text: str) -> None:
    assert lint_text(text, "a.md") == []


@pytest.mark.parametrize("text", [
    f"% ${F}$", rf"\begin{{verbatim}} ${F}$ \end{{verbatim}}", rf"\verb|${F}$|",
    rf"\begin{{lstlisting}}[a=b]{chr(10)}${F}$\end{{lstlisting}}", rf"\lstinline!${F}$!",
    rf"\begin{{minted}}{{python}} ${F}$ \end{{minted}}", rf"\mintinline{{c}}|${F}$|",
    rf"\begin{{comment}} ${F}$ \end{{comment}}", rf"\end{{document}} ${F}$", rf"\${F}\$",
    rf"\newcommand{{\wrong}}{{${F}$}}", rf"\begin{{tikzpicture}} ($(a)$) ${F}$ \end{{tikzpicture}}",
])  # fmt: skip
def test_left_alone_in_latex(text: str) -> None:
    assert lint_text(text, "a.tex") == []


def test_what_follows_is_seen() -> None:
    text = rf"\verb|$| and \url{{a%b}} 50\% ${F}$"
    assert places(text, "a.tex") == [(1, text.index("1") + 1)]
    assert places(f"`$` and $5, then\n\n${F}$") == [(3, 2)]
    assert places(f"a \\\\[2pt] b ${F}$", "a.tex") == [(1, 14)]
    assert places(f"$x = y \\text{{ if $a$ holds}}$ then ${F}$") != []
    assert places("- item\n\n    $$\n    " + F + "\n    $$\n") == [(4, 5)]


def test_text_inside_is_a_formula_of_its_display() -> None:
    assert places(r"\[ 1 + 1 = 3 \text{ if $x$ is so} \]", "a.tex") == [(1, 4)]


@pytest.mark.parametrize("text", [
    r"\[ 1 = 1", r"\begin{align} 1 = 1",
    "$$ 1 = 1\n\nMore words here that go on.\n\n$$ 1 + 1 = 2 $$",
])  # fmt: skip
def test_without_an_end(text: str) -> None:
    found = lint_text(text, "a.md")
    assert found[0].word == "skipped" and "without its end" in found[0].message
    assert all(r.word in ("proved", "skipped") for r in found)


def test_ignore() -> None:
    text = (f"<!-- derive: ignore -->\n${F}$ ${F}$\n<!-- derive: ignore-begin -->\n${F}$\n"
            f"<!-- derive: ignore-end -->\n${F}$")
    assert places(text) == [(2, 14), (6, 2)]
    latex = f"% derive: ignore\n${F}$ ${F}$\n%% derive: ignore-begin\n\\[{F}\n\\]\n"
    assert places(latex, "a.tex") == [(2, 14)]


def test_given() -> None:
    claim = r"$\sum_{j=k}^{n} 1 = n - k + 1$"
    assert [r.word for r in lint_text(claim)] == ["refuted"]
    for text, name in ((rf"<!-- derive: given k \le n + 1 -->{claim}", "a.md"),
                       (f"% derive: given k \\le n + 1\n{claim}", "a.tex"),
                       (f"% derive: given k \\le n + 1\n\n{claim}", "a.txt")):
        assert [r.word for r in lint_text(text, name)] == ["proved"]
    bad = lint_text("x <!-- derive: given k = = 3 --> <!-- derive: gvien -->")
    assert [(r.word, r.line, r.column) for r in bad] == [("skipped", 1, 22), ("skipped", 1, 39)]


def pieces(text: str, env: str = "align") -> list[str]:
    return [" ".join(e.text.split()) for e in equations(Mapped.of(text), env)]


def test_lines_of_align() -> None:
    assert pieces(r"a &= b \\ &= c \\ d &= e") == ["a = b = c", "d = e"]
    assert pieces(r"a &= b \\ &\quad + c \\[2pt] d =& \\ & e") == [r"a = b \quad + c", "d = e"]
    assert pieces(r"a &= b & c &= d \\ &= e & &= f") == ["a = b = e", "c = d = f"]
    assert pieces(r"a &=& b \\ c &=& d", "eqnarray") == ["a = b", "c = d"]
    assert pieces(r"a &= b && \text{by (2)} \\ c &= d") == ["a = b", "c = d"]
    assert pieces(r"a_i &= b_i, & i &= 1, \dots, n") == [r"a_i = b_i, , i = 1, \dots, n"]
    assert pieces(r"f = \begin{cases} 1 & a \\ 2 & b \end{cases} \\ g = 1", "gather") == [
        r"f = \begin{cases} 1 & a \\ 2 & b \end{cases}", "g = 1"]
    assert pieces(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "$$") == ["a = b", "c = d"]


def test_conditions_stand_behind_the_chain() -> None:
    """`b && n >= 0 \\\\ &= c` says b = c; it was read as a condition 0 = c, and c went unseen."""
    assert pieces(r"a &= b && n \ge 0 \\ &= c") == [r"a = b = c, n \ge 0"]
    assert pieces(r"a &= b, \quad n \in \mathbb{Z} \\ &= c") == [r"a = b = c, n \in \mathbb{Z}"]
    assert pieces(r"a &= b, \quad n = 0, \dots, N \\ &= c") == [r"a = b = c, n = 0, \dots, N"]
    assert pieces(r"a &= b && \text{with } m = n - k \\ &= c") == [
        r"a = b = c, \text{with } m = n - k"]
    assert pieces(r"a &= b \quad + c \\ &= d") == [r"a = b \quad + c = d"]


FALSE = r"\sum_k f(k) g(n+k)"
ROWS = [
    (r"&= \sum_k f(k) g(n-k) && n \ge 0 \\ &= " + FALSE, "refuted"),
    (r"&= \sum_k f(k) g(n-k) && \text{for all } n \ge 0 \\ &= " + FALSE, "refuted"),
    (r"&= \sum_k f(k) g(n-k), \quad n \in \mathbb{Z} \\ &= " + FALSE, "refuted"),
    (r"&= \sum_k f(n-k) g(k) && \forall n \\ &= \sum_k g(n-k) f(k)", "proved"),
    (r"&= \sum_m f(n-m) g(m) && \text{with } m = n-k \\ &= (g * f)(n)", "definition"),
    (r"&= \sum_{k \ge 0} f(k) g(n-k) \\ &\phantom{=} + \sum_{k < 0} f(k) g(n-k)", "definition"),
]


@pytest.mark.parametrize(("rows", "last"), ROWS)
def test_rows_with_conditions(rows: str, last: str) -> None:
    found = lint_text(rf"\begin{{align}} (f * g)(n) {rows} \end{{align}}", "a.tex")
    assert found[-1].word == last
    if last != "refuted":
        assert not [r for r in found if r.word in ("refuted", "skipped")]


def test_formulas_of_slides() -> None:
    for shown in (r"\only<2>{f \star g = g \star f}", r"\visible<2->{f \star g = g \star f}",
                  r"f \star g \pause = g \star f", r"f \star g = \alert{g \star f}"):
        assert [r.word for r in lint_text(rf"\[ {shown} \]", "a.tex")] == ["refuted"], shown


def test_places_of_lines() -> None:
    text = "$$\n\\begin{align}\n2 &= 1 + 1 \\\\\n  &= 3 \\\\\n4 &= 5\n\\end{align}\n$$"
    found = [(r.line, r.column, r.word) for r in lint_text(text)]
    assert found == [(3, 1, "definition"), (3, 6, "refuted"), (5, 1, "refuted")] or found == [
        (3, 1, "proved"), (3, 6, "refuted"), (5, 1, "refuted")]


def test_several_in_one_formula() -> None:
    found = lint_text(r"$1 + 1 = 2, \quad 2 + 2 = 5, \quad x_i = 3 \text{ for } i = 1, \dots, n$")
    assert [(r.column, r.word) for r in found][:2] == [(2, "proved"), (19, "refuted")]


def test_approximation_and_implication() -> None:
    found = lint_text(r"$1 + 1 = 2 \approx 2.01$, $a = b \implies b = a$, $x \approx 1$, "
                      r"$n \to \infty$, $A = 1 + 1 \le 3$")
    assert [r.word for r in found] == ["proved", "skipped", "definition"]

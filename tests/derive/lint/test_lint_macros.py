"""A document's macros: expanded, with exact places, and without end never."""

from __future__ import annotations

import pytest

from derive.lint.macros import TooMuch, collect, expand
from derive.lint.mapped import Mapped
from derive.lint.run import lint_text


def expanded(definitions: str, text: str) -> str:
    table = {m.name: m for m in collect(definitions)}
    return " ".join(expand(Mapped.of(text), table).text.split())


@pytest.mark.parametrize(
    ("definitions", "text", "wanted"),
    [
        (r"\newcommand{\R}{\mathbb{R}}", r"\int_{\R^d} f", r"\int_{ \mathbb{R} ^d} f"),
        (r"\newcommand\R{\mathbb R}", r"\Rd \R d", r"\Rd \mathbb R d"),
        (r"\newcommand*{\two}[2]{#2+#1}", r"\two{a}b", "b + a"),
        (r"\newcommand{\opt}[2][x]{#1 #2}", r"\opt{a} \opt[y]{b}", "x a y b"),
        (r"\renewcommand{\a}{b}", r"\a c", "b c"),
        (r"\providecommand{\a}{b}", r"\a", "b"),
        (r"\def\a#1#2{#2#1}", r"\a{x}{y}", "y x"),
        (r"\def\a{\b}\def\b{c}", r"\a", "c"),
        (r"\let\a=\alpha", r"\a", r"\alpha"),
        (r"\let\a\alpha", r"\a", r"\alpha"),
        (r"\DeclareMathOperator{\conv}{conv}", r"\conv", r"\operatorname{conv}"),
        (r"\DeclareMathOperator*{\conv}{conv}", r"\conv", r"\operatorname{conv}"),
        (r"\newcommand{\a}{\{}", r"\a", r"\{"),
        ("", r"\textcolor{red}{x + 1} \underbrace{a}_{n} = \boxed{b}", "x + 1 a = b"),
        ("", r"a \stackrel{\text{def}}{=} b", "a = b"),
    ],
)
def test_expansion(definitions: str, text: str, wanted: str) -> None:
    assert expanded(definitions, text) == wanted


@pytest.mark.parametrize("definitions", [
    r"\newcommand{\a}{\a}", r"\def\a{\b}\def\b{\a}", r"\newcommand{\a}{x \a \a}",
    r"\newcommand{\a}[1]{\a{#1#1}}",
    "".join(rf"\def\{a}{{\{b}\{b}\{b}\{b}\{b}}}" for a, b in zip("abcdefgh", "bcdefghi",
                                                              strict=True)) + r"\def\i{xxxxx}",
])  # fmt: skip
def test_without_end(definitions: str) -> None:
    with pytest.raises(TooMuch):
        expanded(definitions, r"\a{x}")
    found = lint_text(definitions + r" $\a{x} = 1$ then $1 = 2$")
    assert [r.word for r in found] == ["skipped", "refuted"]


def test_places_after_expansion() -> None:
    text = "\\newcommand{\\tw}[1]{#1 + #1}\nsee $\\tw{1} = 2$, $\\tw{2}\n = \\tw{1} = 3$"
    found = lint_text(text, "a.tex")
    assert [(r.line, r.column, r.word) for r in found] == [
        (2, 6, "proved"), (2, 20, "refuted"), (3, 4, "refuted")]


def test_in_force_from_its_place_on() -> None:
    text = r"$\two = 2$ \newcommand{\two}{1 + 1} $\two = 2$ \renewcommand{\two}{3} $\two = 2$"
    assert [r.word for r in lint_text(text, "a.tex")] == ["skipped", "proved", "refuted"]


def test_a_macro_that_opens_a_display() -> None:
    text = ("\\newcommand{\\be}{\\begin{equation}}\n\\newcommand{\\ee}{\\end{equation}}\n"
            "\\be 1 = 2\\ee")
    assert [(r.line, r.column, r.word) for r in lint_text(text, "a.tex")] == [(3, 5, "refuted")]


def test_nothing_is_run(tmp_path) -> None:  # type: ignore[no-untyped-def]
    secret = tmp_path / "made"
    text = rf"\newcommand{{\a}}{{\immediate\write18{{touch {secret}}}}} $\a = 1$ \input{{{secret}}}"
    lint_text(text, "a.tex")
    assert not secret.exists()

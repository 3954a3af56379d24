"""Widths and breaks of formulas."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from printable import terms

from derive.latex.printer import latex
from derive.notes.layout import broken, pieces, width
from derive.syntax import Term


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [("x", "x + y"), (r"\frac{a}{b}", "a b c d"), ("x_{i}", "x i j"), ("a_{i}^{j}", "a i j k"),
     (r"\sum_{a} f", r"\sum_{a \in \mathbb{Z}^{d}} f")],
)  # fmt: skip
def test_widths_are_ordered(narrow: str, wide: str) -> None:
    assert 0 < width(narrow) < width(wide)


def test_breaks_at_signs() -> None:
    assert broken("aaaa + bbbb - cccc", 8) == ["aaaa + bbbb", "- cccc"]


def test_arguments_stay_whole() -> None:
    assert broken("f(a + b) + g(a - b)", 4) == ["f(a + b)", "+ g(a - b)"]
    assert broken(r"\sigma(a + b) x_{i + j}", 1) == [r"\sigma(a + b)", "x_{i + j}"]


def test_a_product_is_broken_where_nothing_else_helps() -> None:
    assert broken(r"[1 \le i] aaaa bbbb f(x + y)", 6) == [r"[1 \le i] aaaa", "bbbb", "f(x + y)"]


def test_a_bracket_longer_than_a_line_is_broken() -> None:
    whole = r"a \left[\sum_{q} [q \ne p] [bbbb \le cccc] [dddd \le eeee] \le 0\right]"
    lines = broken(whole, 14)
    assert lines == [
        r"a \Bigl[\sum_{q} [q \ne p] [bbbb \le cccc]", r"[dddd \le eeee] \le 0\Bigr]"
    ]  # fmt: skip
    assert broken(whole, 40) == [whole]
    assert broken(r"aaaa [b + cccc]", 7) == ["aaaa", "[b + cccc]"]


def test_a_sum_keeps_its_body() -> None:
    assert broken(r"a + \sum_{j=1}^{n} b", 3) == ["a", r"+ \sum_{j=1}^{n} b"]
    assert broken(r"\sum_{i} \sum_{j} w_{j} \sum_{k} b", 5) == [
        r"\sum_{i} \sum_{j} w_{j}", r"\sum_{k} b",
    ]  # fmt: skip


def test_sized_parentheses_are_broken_by_fixed_sizes() -> None:
    assert broken(r"c \left(\frac{a}{b} + dddddd\right)", 7) == [
        r"c \Bigl(\frac{a}{b}", r"+ dddddd\Bigr)",
    ]  # fmt: skip


@given(terms())
@settings(max_examples=60, deadline=None)
def test_pieces_are_the_formula(t: Term) -> None:
    whole = latex(t)
    assert "".join(pieces(whole)) == whole
    for line in broken(whole, 15):
        assert line.count("{") == line.count("}")
        assert line.count(r"\left") == line.count(r"\right")

r"""Numbers and vectors: what is compared by order, squared, or equal to 1 is a number."""

from __future__ import annotations

import pytest

from derive import check
from derive.latex import read

NUMBERS = [
    r"(f*g)(x)[x<0] + (f*g)(x)[x \ge 0] = (f*g)(x)",
    r"f(\max(a,b)) + f(\min(a,b)) = f(a) + f(b)",
    r"f(x)[x^2 = 1] = f(1)[x=1] + f(-1)[x=-1]",
    r"f(x)[x = 1] = f(1)[x = 1]",
    r"f(|x|) [x \ge 0] = f(x) [x \ge 0]",
]
VECTORS = [r"f(x) [x = y] = f(y) [x = y]", r"f(x) [x = 0] = f(0) [x = 0]", r"(f * g)(x) = 0"]


@pytest.mark.parametrize("latex", NUMBERS)
def test_what_only_numbers_do_is_read_on_the_line(latex: str) -> None:
    assert [label for label, _ in read(latex).links[0].variants] == ["Z", "R"]
    assert check(latex).verdict != "refuted"


@pytest.mark.parametrize("latex", VECTORS)
def test_what_vectors_do_is_read_in_every_dimension(latex: str) -> None:
    assert [label for label, _ in read(latex).links[0].variants] == ["Z^d", "R^d"]

"""Claims at the edges: quotients by 0, products too large to write out, links in place of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive import check
from derive.notes.document import write


@pytest.mark.parametrize("claim", ["1/0 = 1", "x^{-1} x = 1"])
def test_data_that_divide_by_0_refute_nothing(claim: str) -> None:
    found = check(claim)
    assert (found.verdict, found.message[:9]) == ("unknown", "no value:")


def test_a_quotient_that_has_a_value_is_refuted() -> None:
    assert check(r"\frac{1}{n} = 1", ["n = 2"]).verdict == "refuted"


@pytest.mark.parametrize(
    "claim", ["(a+b+c+d+e)^{12} = 1", r"\sum_a (f(a)+g(a)+h(a)+1)^{12} g(a) = 0"]
)
def test_what_nobody_would_write_out_is_not_multiplied_out(claim: str) -> None:
    assert check(claim).verdict == "refuted"


def test_a_link_is_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old", encoding="utf-8")
    link.symlink_to(real)
    write(link, "new")
    assert link.is_symlink() and real.read_text(encoding="utf-8") == "new"

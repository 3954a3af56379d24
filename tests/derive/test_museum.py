"""The museum: each exhibit fails on small data, what stands below it holds, the page says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from derive.meaning import Functional, Points
from derive.museum import EXHIBITS, Exhibit, judged, page

PAGE = Path(__file__).parents[2] / "docs" / "museum.md"


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=[e.title for e in EXHIBITS])
def test_refuted_with_small_data_and_put_right(exhibit: Exhibit) -> None:
    shown = judged(exhibit)
    assert shown.verdict.verdict == "refuted"
    found = shown.verdict.counterexample
    assert found is not None
    for data in found.env.values():
        if isinstance(data, Points):
            assert len(data.values) <= 1  # a unit mass, or nothing
            assert set(data.values.values()) <= {1}
        elif isinstance(data, Functional):
            assert len(data.terms) <= 1
        elif isinstance(data, int):
            assert abs(data) <= 5
    assert shown.instead
    for latex, _, verdict in shown.instead:
        assert verdict.verdict == "proved", latex
        assert verdict.theorems


def test_the_page_is_what_the_tool_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "write it anew: python -m derive.museum docs/museum.md"
    )


def test_a_true_claim_is_no_exhibit() -> None:
    wrong = replace(EXHIBITS[1], claim="f * g = g * f")
    with pytest.raises(ValueError, match="not refuted"):
        page([wrong])


def test_nothing_false_is_offered() -> None:
    wrong = replace(EXHIBITS[1], instead=((EXHIBITS[1].claim, ()),))
    with pytest.raises(ValueError, match="not proved"):
        page([wrong])


def test_each_exhibit_says_where_it_comes_from() -> None:
    assert all(len(e.where) > 40 for e in EXHIBITS)
    assert len({e.title for e in EXHIBITS}) == len(EXHIBITS)

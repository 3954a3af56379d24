"""Whole documents as notes are written: every equation is found, at its place, none judged wrongly.

The table in `expected` was made by hand.  A true claim may be left unknown, never refuted; a false
one may be left unknown, never proved.
"""

from __future__ import annotations

from collections import Counter

import pytest
from expected import GIVEN, HERE, TABLE, D, N, P, R, S, place

from derive.lint.records import Record
from derive.lint.run import lint_files


def records(name: str) -> list[Record]:
    return lint_files([str(HERE / name)], GIVEN.get(name, [])).records


@pytest.fixture(scope="module", params=sorted(TABLE))
def linted(request: pytest.FixtureRequest) -> tuple[str, list[Record]]:
    return request.param, records(request.param)


def test_every_equation_at_its_place(linted: tuple[str, list[Record]]) -> None:
    name, found = linted
    assert [(r.line, r.column) for r in found] == sorted(place(name, row) for row in TABLE[name])


def test_nothing_is_judged_wrongly(linted: tuple[str, list[Record]]) -> None:
    name, found = linted
    words = {place(name, row): row[2] for row in TABLE[name]}
    for record in found:
        wanted = words[record.line, record.column]
        allowed = {P: {P, "unknown"}, R: {R, "unknown"}, D: {D, P}}.get(wanted, {wanted})
        assert record.word in allowed, (record, wanted)
        if record.word == R:
            assert record.verdict is not None and record.verdict.counterexample is not None


def test_most_is_decided() -> None:
    words: Counter[bool] = Counter()
    for name in TABLE:
        wanted = {place(name, row): row[2] for row in TABLE[name]}
        words.update(
            r.word in (wanted[r.line, r.column], P, D, N) for r in records(name)
        )
    assert words[True] >= 0.8 * words.total()


@pytest.mark.parametrize("name", ["systems.tex", "layers.md", "backward.tex"])
def test_most_is_read(name: str) -> None:
    """Documents in the manner of published notes: at least 8 of 10 equations are read."""
    words = Counter(r.word for r in records(name))
    assert words.total() >= 20
    assert words[S] <= 0.2 * words.total(), words
    assert words[R] == 0  # all that they say is true


def test_a_definition_below() -> None:
    found = next(r for r in records("layers.md") if r.line == 3 and r.word == P)
    assert found.message == r"with \mathsf{V} as on line 6"


def test_two_definitions() -> None:
    """What fails with one definition of y and holds with the other is not refuted."""
    found = next(r for r in records("systems.tex") if r.line == 29)
    assert found.word == "unknown"
    assert found.message.endswith("holds with y as on line 9, not as on line 22")


def test_the_wrong_slide() -> None:
    found = records("slides.md")
    wrong = [(r.line, r.verdict) for r in found if r.word == R]
    refuted = [(line, v.near_miss) for line, v in wrong if v is not None]
    assert [line for line, _ in refuted] == [19, 21]
    assert all(miss and "f(" in miss for _, miss in refuted)
    redefined = [r for r in found if r.word == N and r.line in (19, 21)]
    assert all(r"the cross-correlation f \star g" in r.message for r in redefined)
    last = next(r for r in found if r.line == 41 and r.word == N)
    assert "line 19 differs" in last.message and "the convolution f * g" in last.message


def test_a_planted_error_is_found(tmp_path) -> None:  # type: ignore[no-untyped-def]
    text = (HERE / "korean.md").read_text(encoding="utf-8")
    wrong = text.replace(r"= \sum_{m} w[i - m]\, x[m]", r"= \sum_{m} w[m - i]\, x[m]")
    assert wrong != text
    file = tmp_path / "planted.md"
    file.write_text(wrong, encoding="utf-8")
    assert next(r.word for r in lint_files([str(file)]).records if r.line == 9) == R

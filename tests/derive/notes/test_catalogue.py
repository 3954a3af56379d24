"""Every rule of the kernel has a reason in every language, with fields that its steps fill."""

from __future__ import annotations

import pytest

from derive.notes import catalogue as catalogues
from derive.notes.catalogue import LANGUAGES, UnknownLanguage, catalogue, reason
from derive.notes.messages import Formula, Message, fields_of, fill, plain
from derive.syntax import Var, Z


def test_every_rule_has_a_reason() -> None:
    from derive.kernel import theorem  # noqa: F401  (it registers a rule of its own)
    from derive.kernel.rules import RULES

    for language in LANGUAGES:
        missing = set(RULES) - {key.split(".")[0] for key in catalogue(language).reasons}
        assert not missing, (language, missing)


def test_no_reason_without_a_rule() -> None:
    from derive.kernel import theorem  # noqa: F401
    from derive.kernel.rules import RULES

    known = set(RULES) | {"rename", "other"}
    assert {key.split(".")[0] for key in catalogue("en").reasons} <= known


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_languages_have_the_same_keys_and_fields(language: str) -> None:
    for ours, english in zip(catalogue(language), catalogue("en"), strict=True):
        assert set(ours) == set(english)
        for key in english:
            assert fields_of(ours[key]) == fields_of(english[key]), key


def test_a_language_is_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    english = catalogue("en")
    other = catalogues.Catalogue({**english.reasons, "ring": "umformen"}, english.words)
    monkeypatch.setitem(LANGUAGES, "de", other)
    assert reason(Message("ring"), "de") == ("umformen",)


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnknownLanguage, match="'xx'; there are: en, ko"):
        catalogue("xx")


def test_fallbacks() -> None:
    assert reason(Message("swap.integral.back"), "en") == ("exchange the integrals (Fubini)",)
    assert reason(Message("swap.back"), "en") == ("exchange the sums (Fubini)",)
    assert reason(Message("brand_new"), "en") == ("by ", "brand new")
    assert reason(Message("reindex"), "en") == ("by ", "reindex")  # its data is missing


def test_data_is_never_a_template() -> None:
    line = fill("by {theorem}", {"theorem": "{0.__class__}"})
    assert plain(line) == "by {0.__class__}"


def test_nodes_become_formulas() -> None:
    assert fill("at {n}", {"n": Var("alpha", Z)}) == ("at ", Formula(r"\alpha", "α"))


def test_korean_titles_are_of_entries_of_the_library() -> None:
    """One that is missing falls back on English; none is left over."""
    from derive.library import results

    entries = {r.name: r.title for r in results()}
    titles = catalogues.TITLES["ko"]
    assert set(titles) <= set(entries)
    assert len(titles) >= 80
    assert catalogues.title("no-such-entry", "As it is", "ko") == "As it is"


@pytest.mark.parametrize("kind", ["reasons", "words"])
def test_no_korean_particle_that_depends_on_a_formulas_sound(kind: str) -> None:
    """을/를, 은/는, 이/가, 과/와 and (으)로 would be wrong after every other formula."""
    for key, template in getattr(catalogue("ko"), kind).items():
        for particle in ("을", "를", "은 ", "는 ", "이 ", "가 ", "과 ", "와 ", "로 ", "으로"):
            assert "}" + particle not in template, key

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
    korean = catalogues.Catalogue({**english.reasons, "ring": "정리하면"}, english.words)
    monkeypatch.setitem(LANGUAGES, "ko", korean)
    assert reason(Message("ring"), "ko") == ("정리하면",)


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UnknownLanguage, match="'xx'; there are: en"):
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

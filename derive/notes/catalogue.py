"""The languages of the notes: a key and its data to a line of words.

May: choose the entry.  Must not: hold a sentence itself; a language is one module with the
tables REASONS and WORDS, listed in LANGUAGES, and TITLES for the library's entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from derive.notes import english, korean
from derive.notes.messages import Line, Message, Value, fields_of, fill


class Catalogue(NamedTuple):
    reasons: Mapping[str, str]
    words: Mapping[str, str]


LANGUAGES = {
    "en": Catalogue(english.REASONS, english.WORDS),
    "ko": Catalogue(korean.REASONS, korean.WORDS),
}
TITLES: dict[str, Mapping[str, str]] = {"ko": korean.TITLES}  # the library's own are English


class UnknownLanguage(ValueError):
    """There is no catalogue for a language."""


def catalogue(language: str) -> Catalogue:
    if language not in LANGUAGES:
        known = ", ".join(sorted(LANGUAGES))
        raise UnknownLanguage(f"no catalogue for the language {language!r}; there are: {known}")
    return LANGUAGES[language]


def reason(message: Message, language: str) -> Line:
    """Why a step holds.  `swap.integral.back` falls back on `swap.integral`, then on `swap`."""
    table = catalogue(language).reasons
    rule, *marks = message.key.split(".")
    choices = [[rule, *marks], [rule, *(m for m in marks if m != "back")]]
    choices += [[rule, *(m for m in marks if m == "back")], [rule]]
    for choice in choices:
        template = table.get(".".join(choice))
        if template is not None and fields_of(template) <= message.data.keys():
            return fill(template, message.data)
    return fill(table["other"], {"rule": rule.replace("_", " ")})


def word(key: str, language: str, **data: Value) -> Line:
    return fill(catalogue(language).words[key], data)


def title(name: str, original: str, language: str) -> str:
    """The title of an entry of the library, where the language has one of its own."""
    return TITLES.get(language, {}).get(name, original)


def words(key: str, language: str) -> str:
    return catalogue(language).words[key]

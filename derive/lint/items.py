"""What is found in a document: formulas, directives, macros and the breaks between sections.

May: hold offsets into a part's text.  Made by the extractors, used by `run`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derive.lint.macros import Macro


@dataclass(frozen=True)
class Formula:
    """`start:end` with its delimiters, `inner_start:inner_end` without; `env` is "$" or a name."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    env: str
    display: bool


@dataclass(frozen=True)
class Trouble:
    """A formula that begins and does not end."""

    start: int
    message: str


@dataclass(frozen=True)
class Directive:
    """`derive: word rest`, at the place of the word `derive`."""

    start: int
    word: str
    rest: str
    rest_start: int


@dataclass
class Found:
    """All that one part of a document holds; `masked` is its text without code and comments."""

    masked: str
    formulas: list[Formula] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    macros: list[Macro] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)


DIRECTIVE = re.compile(
    r"\bderive:[ \t]*(?P<word>given|ignore-begin|ignore-end|ignore|forget|[\w-]+)[ \t]*"
    r"(?P<rest>.*?)\s*\Z",
    re.DOTALL,
)


def directive(comment: str, start: int) -> Directive | None:
    """The directive that a comment holds, if any."""
    head = comment.lstrip()
    if not head.startswith("derive:"):
        return None
    m = DIRECTIVE.match(head)
    if m is None:
        return None
    start += len(comment) - len(head)
    return Directive(start, m["word"], m["rest"], start + m.start("rest"))


def blank(text: str) -> str:
    """Spaces of the same length; line ends stay."""
    return re.sub(r"[^\r\n]", " ", text)


def mask(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with some spans blanked."""
    out, last = [], 0
    for start, end in sorted(spans):
        if end <= last:
            continue
        start = max(start, last)
        out += [text[last:start], blank(text[start:end])]
        last = end
    return "".join([*out, text[last:]])

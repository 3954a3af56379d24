"""The prose around a formula, as far as it says that something is assumed and not claimed.

May: look a few words to the left and right.  Must not: decide a verdict: a formula that is assumed
is only spared a refutation, and serves as a condition for its neighbours.
"""

from __future__ import annotations

import re

ASSUMED = re.compile(
    r"\b(?:if|iff|suppose|assume|assuming|let|given|provided|such that|unless|satisfy|satisfies|"
    r"satisfying|require|requires|want|hypothesis|condition|impose|normali[sz]ed)\b[^.!?$]{0,40}\Z",
    re.I,
)
SET = re.compile(
    r"\b(?:when|whenever|for|with|where|set|setting|take|taking|choose|choosing|under|use|using|"
    r"stride|padding|say)\b[^.,!?$]{0,30}\Z",
    re.I,
)
SPECIAL = re.compile(  # what is said of functions, which no formula says
    r"\b(?:even(?!\s+(?:so|if|though|when|for|with|in|the|more))|odd|symmetric(?:al)?|"
    r"only\s+(?:if|when|in|for)|antisymmetric|causal|periodic|separable|normali[sz]ed|"
    r"gaussian|compactly|band-?limited|self-?adjoint)\b|짝함수|홀함수|대칭|인과|주기적|정규화",
    re.I,
)
KOREAN = re.compile(
    r"\s*(?:이?면|이?라면|일\s*때|인\s*경우|이?라고?\s*(?:하|가정|두)|으?로\s*(?:두|놓|잡)|[을를]\s*만족|"
    r"이?고\s*할|[을를]\s*가정)"
)


def assumed(before: str, after: str) -> bool:
    """Whether the words around say that it is a hypothesis."""
    return bool(ASSUMED.search(before[-80:]) or KOREAN.match(after[:20]))


def special(sentence: str) -> bool:
    """Whether the sentence speaks of functions of a special kind, and not of all of them."""
    return SPECIAL.search(sentence) is not None


def is_set(before: str, after: str) -> bool:
    """Whether the words around may say so: `with P = 1`, `for n = 3`."""
    return bool(SET.search(before[-60:])) or assumed(before, after)

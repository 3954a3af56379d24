"""Labels of layers: what is given for a^{l} is meant for a^{l-1} as well.

May: say which symbols of a claim are tied to each other by a given formula at another label.
Called by `meant/claims`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from derive.latex.given.given import Meaning
from derive.latex.signs.names import LAYER_LETTERS, Naming, head
from derive.latex.signs.tree import Script

LABELLED = re.compile(rf"(.+)\^\{{({'|'.join(map(re.escape, sorted(LAYER_LETTERS)))})([+-]\d+)?\}}")


def labelled(name: str) -> tuple[str, str, int] | None:
    """The name without its label, the label's letter and what is added to it."""
    found = LABELLED.fullmatch(name)
    return (found[1], found[2], int(found[3] or 0)) if found else None


def tied(names: Collection[str], meanings: Mapping[str, Meaning], naming: Naming) -> list[str]:
    """Of free names those that a given formula would define, by others that are there too.

    With a^l = sigma(z^l) given, a^{l-1} and z^{l-1} cannot be chosen freely.
    """
    out: list[str] = []
    for symbol, meaning in meanings.items():
        if (own := labelled(symbol)) is None:
            continue
        heads = [head(n, naming) for n in meaning.body.walk() if isinstance(n, Script)]
        parts = [part for h in heads if h is not None and (part := labelled(h.name))]
        for name in names:
            here = labelled(name)
            if here is None or name in meanings or here[:2] != own[:2]:
                continue
            moved = [(base, letter, k + here[2] - own[2]) for base, letter, k in parts]
            if any(labelled(other) in moved for other in names if other != name):
                out.append(name)
    return out

"""Signs of relation in a formula's text: which pieces of it say that things are equal.

May: look at a text, before it is parsed.  Must not: know what the letters mean.
"""

from __future__ import annotations

import re

from derive.lint.mapped import Mapped

CUT = re.compile(
    r"\\(?P<implies>implies|impliedby|iff|Rightarrow|Leftarrow|Leftrightarrow|Longrightarrow|"
    r"Longleftrightarrow|to|rightarrow|leftarrow|gets|mapsto|longrightarrow|longmapsto|therefore|"
    r"because|vdash|vDash|models|leadsto)(?![A-Za-z])|(?P<arrow>[→⇒⇔←↦⟹])"
    r"|\\(?P<about>approx|sim|simeq|propto|cong|asymp|lesssim|gtrsim|ll|gg)(?![A-Za-z])|(?P<near>[≈∼∝])"
    r"|\\.|[{}]",
    re.DOTALL,
)
EQUAL = re.compile(r"\\(?:left|right|bigl|bigr)?\\?.|[{}]|(?P<eq>=|≔)", re.DOTALL)
SAYS_EQUAL = re.compile(r"\\(?:equiv|coloneqq|triangleq|doteq)(?![A-Za-z])")
DEFINES = re.compile(r":\s*=|\\(?:coloneqq|triangleq|doteq)(?![A-Za-z])")


def claims_equality(text: str) -> bool:
    """Whether an = stands outside all braces."""
    depth = 0
    for m in EQUAL.finditer(text):
        if m["eq"] and depth <= 0:
            return True
        depth += (m[0] == "{") - (m[0] == "}")
    return SAYS_EQUAL.search(text) is not None


def about_cuts(text: Mapped) -> tuple[list[Mapped], bool]:
    """The pieces between signs such as \\approx; and whether an implication stands in it."""
    cuts: list[tuple[int, int]] = []
    depth, implies = 0, False
    for m in CUT.finditer(text.text):
        depth += (m[0] == "{") - (m[0] == "}")
        if depth == 0:
            implies |= bool(m["implies"] or m["arrow"])
            if m["about"] or m["near"]:
                cuts.append(m.span())
    return text.split(cuts), implies

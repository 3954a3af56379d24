"""The museum's page, in Markdown: every value in it comes from a verdict.

May: judge and write.  Must not: show what was not refuted, or offer what was not proved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derive.claims import Verdict, check
from derive.library import find
from derive.museum.exhibits import EXHIBITS, Exhibit

HEAD = """# The museum of slips

Formulas about convolutions, sums, sizes and gradients that stand in notes and in code and are
wrong. Each is refuted by `derive check` with the smallest data that it found; below it stands what
is true instead, proved. This page is written by `python -m derive.museum docs/museum.md`; no
number in it was typed by hand.
"""


@dataclass(frozen=True)
class Shown:
    """An exhibit with its verdicts; `instead`: (LaTeX, conditions, verdict)."""

    exhibit: Exhibit
    latex: str
    verdict: Verdict
    instead: tuple[tuple[str, tuple[str, ...], Verdict], ...]


def judged(exhibit: Exhibit) -> Shown:
    latex, verdict = _judged(exhibit.claim, exhibit.given)
    instead = []
    for claim, given in exhibit.instead:
        text, found = _judged(claim, given)
        instead.append((text, given, found))
    return Shown(exhibit, latex, verdict, tuple(instead))


def _judged(claim: str, given: tuple[str, ...]) -> tuple[str, Verdict]:
    if not claim.startswith("library:"):
        return claim, check(claim, given, near=False)
    from derive.claims import judge
    from derive.latex.printer import Latex
    from derive.latex.printer import latex as written

    entry = find(claim.removeprefix("library:"))
    s = entry.statement
    parts = [f"{written(s.lhs)} = {written(s.rhs)}", *Latex().chained(list(s.given))]
    return r",\quad ".join(parts), judge(s, entry.by)


def page(exhibits: Iterable[Exhibit] = EXHIBITS) -> str:
    """The whole page; raises ValueError when an exhibit is not what it is shown as."""
    return "\n".join([HEAD, *(written(n, judged(e)) for n, e in enumerate(exhibits, 1))])


def written(number: int, shown: Shown) -> str:
    found = shown.verdict.counterexample
    if shown.verdict.verdict != "refuted" or found is None:
        raise ValueError(f"not refuted: {shown.exhibit.title}")
    out = [f"## {number}. {shown.exhibit.title}", "", shown.exhibit.where, "", "Claimed"]
    if shown.exhibit.given:
        out[-1] += ", for " + " and ".join(f"${g}$" for g in shown.exhibit.given)
    out[-1] += ":"
    out += ["", f"$${shown.latex}$$", "", "Refuted by"]
    out += ["", f"$${found.latex()}$$", "", f"({'; '.join(found.text())}).", ""]
    out.append("What holds instead, proved:")
    for latex, given, verdict in shown.instead:
        if verdict.verdict != "proved":
            raise ValueError(f"not proved: {latex}")
        more = "" if given == shown.exhibit.given else "".join(rf",\quad {g}" for g in given)
        out += ["", f"$${latex}{more}$$"]
    return "\n".join([*out, ""])

"""The trust report: each claim with its grade, made by running what it rests on.

May: prove, refute, audit, train, and write down what came out, in Markdown.  Must not: hold a grade
or a statement itself.  `derive trust --report` writes it; docs/trust.md is what it wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from derive.claims import Verdict
from derive.kernel import RULES, Theorem, replay
from derive.layers.facts import facts as facts_of_layers
from derive.lecture.evidence import Evidence, facts
from derive.notes.derivation import derivation
from derive.notes.messages import plain
from derive.text import text
from derive.trust import closure, totals

GRADES = {
    "proved by the kernel": "derived by the kernel's rules for all values of its symbols, then "
    "derived again from the recorded steps, starting from the statement alone",
    "refuted": "fails on the data shown, evaluated exactly on both sides by code that shares "
    "nothing with the kernel",
    "checked by polynomial identity": "minigrad's own code, run on polynomials, equals the theorem "
    "evaluated on the same polynomials: true for all inputs of the shape that was tried",
    "checked at random residues": "minigrad's own code equals the theorem at random points modulo "
    "a prime: a wrong formula passes with at most the probability shown",
    "checked numerically": "floating-point results lie within the bound shown",
    "assumed": "argued on paper, or taken for granted",
    "FAILED": "does not hold as it must; nothing may rest on it",
}
# nothing here is re-checked by an outside prover yet
RUNGS = {
    1: "proved by the kernel",
    2: "checked by polynomial identity",
    3: "checked at random residues",
    4: "checked numerically",
}
LAYERS: tuple[tuple[int, dict[str, Any]], ...] = (
    (1, {}),
    (1, {"stride": 2, "padding": 1}),
    (2, {}),
    (2, {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}),
    (3, {}),
)
LEAST_ACCURACY = 0.97
Graded = tuple[str, str, str]  # grade, claim, what it rests on


def report(seed: int = 0) -> tuple[str, bool]:
    """The whole report, and whether nothing failed."""
    found = list(facts())
    library = [*map(fact, found), *stepwise()]
    code = [*audits(seed), training(seed)]
    assumed = [*rules(found), *trusted()]
    counts = Counter(grade for grade, _, _ in (*library, *code, *assumed))
    out = ["# What is proved, what is checked, what is assumed", ""]
    out += [
        "Made by `derive trust --report`, from the theorems themselves; not written by hand.",
        "",
    ]
    out += ["| grade | claims | what it means |", "|---|--:|---|"]
    out += [f"| {grade} | {counts[grade]} | {means} |" for grade, means in GRADES.items()
            if counts[grade] or grade != "FAILED"]  # fmt: skip
    out += ["", "No claim is re-checked by an outside prover yet.", ""]
    out += section("The library", "claim", "rests on", library)
    out += section("minigrad's code", "claim", "rests on", code)
    out += section("Assumed", "what", "why", assumed)
    return "\n".join(out), not counts["FAILED"]


def section(title: str, claim: str, why: str, rows: list[Graded]) -> list[str]:
    table = [f"| grade | {claim} | {why} |", "|---|---|---|"]
    return [f"## {title}", "", *table, *(f"| {' | '.join(map(cell, r))} |" for r in rows), ""]


def cell(words: str) -> str:
    r"""
    >>> cell("|a| < b")
    '\\|a\\| < b'
    """
    return " ".join(words.replace("|", r"\|").split())


def code(words: str) -> str:
    return f"`{words.replace('`', '')}`"


# ---- the library


def fact(piece: Evidence) -> Graded:
    """An entry of the library with its verdict, as the run gave it."""
    assert piece.result is not None and piece.verdict is not None  # noqa: S101
    r, verdict = piece.result, piece.verdict
    claim = f"**{r.name}** {code(f'{text(r.statement.lhs)} = {text(r.statement.rhs)}')}"
    if not piece.good:
        return "FAILED", claim, verdict.explanation()
    if verdict.theorem is not None:
        return "proved by the kernel", claim, proof(verdict.theorem)
    return "refuted", claim, refutation(verdict)


def stepwise() -> Iterator[Graded]:
    """What is proved by steps that are written out, since the search does not find them."""
    for name, theorem in facts_of_layers().items():
        claim = f"**{name}** {code(f'{text(theorem.lhs)} = {text(theorem.rhs)}')}"
        yield "proved by the kernel", claim, proof(replay(theorem))


def proof(theorem: Theorem) -> str:
    """The hypotheses, and how many steps of which rules."""
    given = "; ".join(code(plain(h)) for h in derivation(theorem).hypotheses)
    used = Counter(s.rule for s in theorem.steps)
    return f"given {given or 'nothing'}; {len(theorem.steps)} steps: {', '.join(sorted(used))}"


def refutation(verdict: Verdict) -> str:
    found = verdict.counterexample
    return code("; ".join(found.text())) if found is not None else ""


# ---- minigrad


def audits(seed: int) -> Iterator[Graded]:
    """Each rung of the audits of a few layers: a rung is a claim of its own."""
    from derive.audit import audit_conv, audit_module, audit_pool
    from minigrad import nn

    reports = [audit_conv(dims, seed=seed, **settings) for dims, settings in LAYERS]
    reports += audit_module(nn.Linear(4, 3), (2, 4), seed=seed).layers
    for made in reports:
        for rung in made.rungs:
            grade = RUNGS[rung.number] if rung.holds else "FAILED"
            claim = f"**{made.title.strip()}**: its gradients are the theorems'"
            yield grade, claim, FIGURES[rung.number](rung.figures) if rung.holds else rung.message
    pooling = audit_pool(kernel=3, stride=2, padding=1, seed=seed)
    for rung in pooling.rungs:
        claim = f"**{pooling.title}**: its gradient is the theorem's"
        said = rung.message.rpartition(",")[0] if rung.number > 1 else _proof(rung.figures)
        grade = RUNGS[rung.number] if rung.holds else "FAILED"
        yield grade, claim, said if rung.holds else rung.message


def _proof(figures: Any) -> str:
    return f"{', '.join(figures['theorems'])}, instantiated at {code(figures['instance'])}"


def _identities(figures: Any) -> str:
    return f"{figures['identities']} identities in {figures['terms']} terms, {shapes(figures)}"


def _residues(figures: Any) -> str:
    return (
        f"{figures['entries']} entries, {shapes(figures)}; "
        f"a wrong formula passes with probability at most {figures['bound']:.1e}"
    )


def _numbers(figures: Any) -> str:
    kinds = ", ".join(k for k, v in figures.items() if isinstance(v, dict) and "allowed" in v)
    return f"{kinds}: within {figures['float32']['allowed']} units in the last place, or as many \
as the method allows; {shapes(figures)}"


FIGURES: dict[int, Callable[[Any], str]] = {
    1: _proof, 2: _identities, 3: _residues, 4: _numbers,
}  # fmt: skip


def shapes(figures: Any) -> str:
    return f"inputs of shape {code(str(tuple(figures['shapes']['x'])))}"


def training(seed: int) -> Graded:
    """The network on the digits."""
    from minigrad.train import train_digits

    good = train_digits(seed=seed).accuracy >= LEAST_ACCURACY
    claim = f"`minigrad train` reaches {LEAST_ACCURACY:.0%} on the digits that were held back"
    return ("checked numerically" if good else "FAILED"), claim, f"one training, seed {seed}"


# ---- assumed


def rules(found: list[Evidence]) -> Iterator[Graded]:
    """Each rule of the kernel, with its licence and how many of the library's proofs use it."""
    verdicts = [p.verdict for p in found if p.verdict is not None]
    proofs = [v.theorem for v in verdicts if v.theorem is not None]
    uses = Counter(name for t in proofs for name in {s.rule for s in t.steps})
    for name, rule in RULES.items():
        licence = " ".join((rule.__doc__ or "").strip().split("\n\n")[0].split())
        why = f"argued on paper, tested on random data; in {uses[name]} of the library's proofs"
        yield "assumed", f"rule **{name}**: {code(licence)}", why


def trusted() -> Iterator[Graded]:
    """The code that could make a false theorem, and what it runs on."""
    files = closure()
    total = totals(files)
    for name, count in files.items():
        yield (
            "assumed",
            f"{code(name)} is right",
            f"{count['lines']} lines, {count['code']} of code",
        )
    kernel, whole = total["kernel"]["lines"], total["closure"]["lines"]
    yield (
        "assumed",
        "nothing else needs to be trusted for a theorem",
        f"these are all files that the kernel loads: {whole} lines, {kernel} of them the kernel",
    )
    yield (
        "assumed",
        "Python, its integers and fractions are right, and no program forges a Theorem on purpose",
        "`derive.kernel.theorem` says what Python cannot prevent",
    )

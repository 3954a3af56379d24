"""A claim to a verdict: read it, look for a proof, else for data on which it fails.

The door that users write through is `claim` and `check`.  Only the kernel proves (what `Claim`
returns was replayed from its recorded steps), only data refute, and the rest is unknown.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from derive.binding import alpha_equal, bound, declared, free, names
from derive.kernel import Refused, Theorem, replay
from derive.latex.printer import latex
from derive.meaning import CannotEvaluate, NoValue, TooLarge, evaluate
from derive.near import near_miss
from derive.polynomial import TooMany
from derive.refute import Attempt, Counterexample, attempt
from derive.search.linear import impossible
from derive.search.prove import prove
from derive.search.walk import Unproved
from derive.syntax import App, Cond, Div, Floor, Fn, Node, Statement, Sum, Term, Var
from derive.text import text

if TYPE_CHECKING:
    from derive.latex import Link, Reading
    from derive.latex.meant.claims import Other
    from derive.notes.derivation import Derivation

LONGEST = 300  # characters of a formula in a message
EARLY = 30_000  # steps of evaluation before the general search: most false claims fall to them
EMPTY = "the conditions contradict each other, so that the claim says nothing"
WORST = ("unreadable", "refuted", "unknown", "proved")


class NotProved(Exception):
    """A claim that was to be proved and was not; `verdict` says what is known of it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.explanation())
        self.verdict = verdict


@dataclass(frozen=True, repr=False)
class Verdict:
    """What is known of one claim: one of proved, refuted, unknown, unreadable.

    A verdict is true where the claim is proved, and only there: unknown is not true either.

    `link`, `leftover`: for what was not proved, the first step that fails and what remains of
    its two sides.  `links`: for a chain A = B = C the verdicts of its links.
    `near_miss`: for what was refuted, what holds instead, in LaTeX; `near_theorem` says that.
    `statement`: what was judged, of a chain the link that the verdict is about.
    """

    verdict: str
    reading: str = ""
    theorems: tuple[Theorem, ...] = ()
    counterexample: Counterexample | None = None
    message: str = ""
    link: tuple[Term, Term] | None = None
    leftover: tuple[Term, Term] | None = None
    near_miss: str | None = None
    near_theorem: Theorem | None = None
    seconds: float = 0.0
    links: tuple[Verdict, ...] = ()
    latex: str = ""
    statement: Statement | None = None

    def __str__(self) -> str:
        return self.explanation()

    def __bool__(self) -> bool:
        """True if it is proved, so that `assert check(...)` fails on all that is not."""
        return self.verdict == "proved"

    def __repr__(self) -> str:
        """One line for tests and sessions: what was judged, and what is known against it."""
        first = f"{self.verdict}: {self.reading}" if self.reading else self.verdict
        parts = [] if not self.reading and self.message.startswith(self.verdict) else [first]
        if self.counterexample is not None:
            parts.append("; ".join(self.counterexample.text()))
        if self.message:
            parts.append(self.message.splitlines()[0])
        return f"<{'; '.join(parts)}>"

    def _repr_html_(self) -> str | None:
        """In a notebook what is proved shows its derivations; of the rest the one line serves."""
        return "\n".join(t._repr_html_() for t in self.theorems) if self else None

    @property
    def theorem(self) -> Theorem | None:
        return self.theorems[0] if self.theorems else None

    def derivation(self, language: str = "en") -> Derivation | None:
        from derive.notes.derivation import derivation

        return derivation(self.theorem, language=language) if self.theorem else None

    def explanation(self) -> str:
        """The verdict in words, for a terminal: also the first bad step in LaTeX."""
        lines = [f"{self.verdict}: {self.reading}"] if self.reading else []
        if not lines and not self.message.startswith(self.verdict):
            lines = [self.verdict]
        if not self.links:
            lines += self._found()
        if self.message:
            lines.append(self.message)
        for number, part in enumerate(self.links, 1):
            lines += [f"link {number}: {line}" for line in part.explanation().splitlines()]
        return "\n".join(lines)

    def _found(self) -> list[str]:
        """What is known of one equation besides its verdict."""
        lines = []
        if self.link:
            before, after = self.link
            lines.append(f"the first step that fails: from {text(before)}")
            lines.append(f"                             to {text(after)}")
            lines.append(rf"in LaTeX: {latex(before)} \overset{{?}}{{=}} {latex(after)}")
        if self.leftover:
            lines.append(f"left over: {text(self.leftover[0])}  against  {text(self.leftover[1])}")
        if self.counterexample:
            lines.append("counterexample: " + "; ".join(self.counterexample.text()))
            lines.append("in LaTeX: " + self.counterexample.latex())
        if self.near_miss:
            lines.append(f"what holds instead: {self.near_miss}")
        return lines

    def json(self, language: str = "en") -> dict[str, Any]:
        """As NOTATION fixes it: exact values, the steps with their reasons.

        The hypotheses are those of all its theorems (on Z^d and on R^d, say), the steps of the
        first.
        """
        from derive.notes.derivation import derivation as written
        from derive.notes.messages import plain

        derivations = [written(t, language=language) for t in self.theorems]
        derivation = derivations[0] if derivations else None
        assumed = dict.fromkeys(plain(h) for d in derivations for h in d.hypotheses)
        out: dict[str, Any] = {
            "latex": self.latex,
            "reading": self.reading,
            "verdict": self.verdict,
            "hypotheses": list(assumed),
            "steps": [
                {"latex": row.term.latex, "rule": "+".join(row.rules), "why": plain(row.reason)}
                for row in (derivation.rows if derivation else ())
            ],
            "counterexample": self.counterexample.json() if self.counterexample else None,
            "near_miss": self.near_miss,
            "message": self.message,
            "seconds": round(self.seconds, 4),
        }
        if self.links:
            out["links"] = [part.json(language) for part in self.links]
        return out


def judge(
    statement: Statement, by: Sequence[Term] = (), near: bool = False, explain: bool = False
) -> Verdict:
    """The verdict on one statement: a replayed theorem, or data, or what is missing.

    `near`: for what is refuted, look for a small change that makes it true.  `explain`: say what
    is left over of the two sides, also where data come sooner.
    """
    start = time.perf_counter()
    reading = text(statement)

    def verdict(word: str, **more: Any) -> Verdict:
        took = time.perf_counter() - start
        return Verdict(word, reading=reading, statement=statement, seconds=took, **more)

    def proved(theorem: Theorem) -> Verdict:
        if not _states(theorem, statement):  # the search is not trusted
            raise Unproved("the theorem found is not the one asked for")
        if impossible(theorem.given):  # which implies anything, also the opposite
            return verdict("unknown", message=f"not decided: {EMPTY}")
        return verdict("proved", theorems=(theorem,))

    def refuted(tried: Attempt, **more: Any) -> Verdict:
        if near and (found := near_miss(statement)) is not None:
            more |= {"near_miss": found.latex, "near_theorem": found.theorem}
        return verdict("refuted", counterexample=tried.counterexample, **more)

    try:
        if not (by or explain):  # data come before the long way round
            with suppress(Unproved):
                return proved(replay(prove(statement, quick=True)))
            early = attempt(statement, EARLY)
            if early.counterexample is not None:  # `prove` has seen that all of it exists
                return refuted(early)
        return proved(replay(prove(statement, by)))
    except Refused as refusal:
        no_value = refusal.reason.startswith("existence: ")
        reason = refusal.reason.removeprefix("existence: ")
        gap = Unproved(f"{reason}: {refusal.part!r}" if no_value else str(refusal))
    except Unproved as reason:
        gap, no_value = reason, False
    except TooMany as size:
        gap, no_value = Unproved(str(size)), False
    tried = attempt(Statement(statement.given, *gap.link) if by and gap.link else statement)
    if by and tried.counterexample is None:
        tried = attempt(statement)
    more: dict[str, Any] = {"link": gap.link, "leftover": gap.leftover}
    if tried.counterexample is not None and no_value and divides_by_zero(statement, tried):
        return verdict("unknown", message=f"no value: {gap.reason}")
    if tried.counterexample is not None:
        return refuted(tried, **more)
    if no_value and (tried.reason or has_quotient(statement)):
        return verdict("unknown", message=f"no value: {gap.reason}")
    if no_value:  # on all the data that were tried both sides have one
        return verdict("unknown", message=f"not decided: no rule says that it exists: {gap.reason}")
    why = tried.reason or (open_equation(gap.leftover) if gap.leftover else gap.reason)
    return verdict("unknown", message=f"not decided: {why}", **more)


def has_quotient(statement: Statement) -> bool:
    return any(isinstance(p, Div | Floor) for p in nodes_of(statement.lhs, statement.rhs))


def divides_by_zero(statement: Statement, tried: Attempt) -> bool:
    """Whether a quotient of the statement has no value on the data, or none that is known."""
    for part in nodes_of(statement.lhs, statement.rhs):
        if isinstance(part, Div | Floor) and tried.counterexample is not None:
            try:
                if evaluate(part.den, dict(tried.counterexample.env)) == 0:
                    return True
            except (CannotEvaluate, NoValue, TooLarge, KeyError, ValueError):
                return True
    return False


def open_equation(leftover: tuple[Term, Term]) -> str:
    """What would have to be shown, when all that agrees is taken away."""
    shown = " = ".join(text(side) for side in leftover)
    return "what is left to show is " + (shown if len(shown) <= LONGEST else shown[:LONGEST] + " …")


def combine(verdicts: Sequence[tuple[str, Verdict]]) -> Verdict:
    """One verdict for a claim that is meant in several spaces: proved only if in each."""
    if len(verdicts) == 1:
        return verdicts[0][1]
    worst = min((v.verdict for _, v in verdicts), key=WORST.index)
    chosen = next(v for _, v in verdicts if v.verdict == worst)
    fails = [label for label, v in verdicts if v.verdict == worst]
    message = chosen.message
    if worst != "proved":
        message = f"on {', '.join(fails)}: {worst}. {message}".strip()
        if chosen.message.startswith("no value: "):  # as NOTATION wants it to begin
            message = f"no value: on {', '.join(fails)}: {chosen.message[10:]}"
    return Verdict(
        worst,
        reading=" and ".join(dict.fromkeys(v.reading for _, v in verdicts)),
        theorems=tuple(t for _, v in verdicts for t in v.theorems) if worst == "proved" else (),
        counterexample=chosen.counterexample,
        message=message,
        link=chosen.link,
        leftover=chosen.leftover,
        near_miss=chosen.near_miss,
        near_theorem=chosen.near_theorem,
        statement=chosen.statement,
        seconds=sum(v.seconds for _, v in verdicts),
    )


class Claim:
    """A claim, judged when it is first asked.  Made by `claim`.

    Each side may be LaTeX, a SymPy expression or a `derive.syntax` term; two LaTeX sides are read
    together.  `by`: the terms of a chain in between, checked link by link.
    `module`, `line`: where `claim` was called, for whoever collects claims.
    """

    module = ""
    line = 0

    def __init__(self, lhs: Any, rhs: Any, given: Iterable[Any] = (), by: Any = None) -> None:
        if isinstance(by, str) or (by is not None and not isinstance(by, Iterable)):
            raise TypeError(f"by: a list of the terms in between, such as [{by!r}], not one alone")
        self.lhs, self.rhs = lhs, rhs
        self.given = listed(given)
        self.by = tuple(by or ())
        if isinstance(lhs, str) != isinstance(rhs, str):
            raise TypeError("lhs and rhs: both LaTeX, or both SymPy expressions or terms")

    def __repr__(self) -> str:
        return f"claim({self.lhs!r}, {self.rhs!r})"

    @cached_property
    def verdict(self) -> Verdict:
        if isinstance(self.lhs, str):
            return _judge_latex(f"{self.lhs} = {self.rhs}", self.given, self.by, True, True)
        given = tuple(c if isinstance(c, Cond) else _condition(c) for c in self.given)
        by = tuple(_side(t) for t in self.by)
        return judge(Statement(given, _side(self.lhs), _side(self.rhs)), by, near=True)

    def theorem(self) -> Theorem:
        """The theorem; raises `NotProved` with the first bad step otherwise."""
        found = self.verdict.theorem
        if self.verdict.verdict != "proved" or found is None:
            raise NotProved(self.verdict)
        return found


def claim(lhs: Any, rhs: Any, given: Iterable[Any] = (), by: Any = None) -> Claim:
    r"""A claim lhs = rhs, proved when `.theorem()` asks for it.

    >>> print(claim(r"\sum_a f(a) g(i - a)", r"\sum_a f(i - a) g(a)").theorem().statement())
    Σ_{a∈Z} f(a) g(i − a) = Σ_{a∈Z} f(i − a) g(a)
    """
    made = Claim(lhs, rhs, given, by)
    frame = sys._getframe(1)
    while frame.f_code.co_name != "<module>" and frame.f_back is not None:
        frame = frame.f_back
    made.module, made.line = frame.f_globals.get("__name__", ""), frame.f_lineno
    return made


def check(
    what: str | Claim | Statement,
    given: Iterable[Any] = (),
    near: bool = True,
    explain: bool = False,
) -> Verdict:
    r"""The verdict on a claim given as LaTeX, or made by `claim`.

    `near`: for what is refuted, look for a small change that makes it true.  `explain`: say what
    is left over of the two sides, also where data come sooner.

    >>> check(r"\sum_a f(a) g(i+a) = \sum_a f(i+a) g(a)").verdict
    'refuted'
    """
    if isinstance(what, Claim):
        return what.verdict
    if isinstance(what, Statement):
        return judge(what, near=near, explain=explain)
    return _judge_latex(what, listed(given), (), near, explain)


def listed(given: Any) -> tuple[Any, ...]:
    """Conditions, or one alone."""
    one = isinstance(given, str) or not isinstance(given, Iterable)
    return (given,) if one else tuple(given)


def _side(t: Any) -> Term:
    if isinstance(t, Term):
        return t
    from derive.sympy_doors import from_sympy

    return from_sympy(t)


def _condition(c: Any) -> Cond:
    from derive.sympy_doors import condition_from_sympy

    return condition_from_sympy(c)


def _judge_latex(
    source: str, given: tuple[Any, ...], by: tuple[Any, ...], near: bool, explain: bool = False
) -> Verdict:
    from derive.latex import Unreadable, read

    start = time.perf_counter()
    if by:
        source = " = ".join([source.split("=")[0], *by, source.split("=", 1)[1]])
    try:
        reading = read(source, given)
    except Unreadable as error:
        return Verdict("unreadable", message=error.show(), latex=source)
    if reading.kind == "definition":
        message = f"definition: {reading.notes[0] if reading.notes else 'of a new symbol'}"
        return Verdict("unknown", message=message, latex=source)
    links: list[Verdict] = []
    single = source if len(reading.links) == 1 else ""
    for link in reading.links:
        if link.kind == "definition":  # at the head of a chain, as where it stands alone
            shown = " and ".join(dict.fromkeys(text(s) for _, s in link.variants))
            links.append(Verdict("unknown", shown, message=f"definition: of {link.defines}"))
            continue
        part = judge_link(link, explain)
        if near and part.verdict == "refuted":
            part = _with_near_miss(part, link.variants, given, single)
            near = False  # of the first that fails alone
        links.append(part)
    whole = links[0] if len(links) == 1 else _chain(reading, links)
    return replace(whole, latex=source, seconds=time.perf_counter() - start)


def judge_link(link: Link, explain: bool = False) -> Verdict:
    """The verdict on one equation as it was read, on all spaces; unknown where readings differ."""
    part = _judged(link.variants, link.unsure, explain)
    for other in sorted(link.others, key=lambda o: not o.narrower):  # first what is meant
        if other.narrower:
            part = _within(part, other, link, explain)
            continue
        if part.verdict not in ("proved", "refuted") or (other.firm and not part):
            continue  # data that break a formula everywhere break it also where it holds
        parts = [(label, judge(s)) for label, s in other.variants]
        found = combine(parts).verdict if parts else "unknown"
        if {part.verdict, found} == {"proved", "refuted"} or (other.firm and found != "proved"):
            word = "not proved" if found == "unknown" else found
            said = f"not decided: {part.verdict} {other.usual}, {word} {other.here}"
            part = Verdict("unknown", part.reading, message=said)
    if link.withheld and part.verdict == "refuted":
        said = f"not decided: {link.withheld}"
        part = Verdict("unknown", part.reading, message=said)
    if link.unsaid and part.verdict == "refuted":
        part = Verdict(
            "unknown",
            reading=part.reading,
            message=f"missing: what {' and '.join(link.unsaid)} stands for",
            seconds=part.seconds,
        )
    if link.assumed:
        said = f"with {' and '.join(link.assumed)}"
        part = replace(part, message=f"{said}; {part.message}" if part.message else said)
    return part


def _states(theorem: Theorem, asked: Statement) -> bool:
    return theorem.given == asked.given and all(
        alpha_equal(a, b) for a, b in ((theorem.lhs, asked.lhs), (theorem.rhs, asked.rhs)))


def _judged(
    variants: Sequence[tuple[str, Statement]], unsure: tuple[Cond, ...], explain: bool
) -> Verdict:
    """The verdict on all spaces; data refute nothing where more may be meant by what is given."""
    part = combine([(label, judge(s, explain=explain)) for label, s in variants])
    if part.verdict == "refuted" and part.statement is not None:
        part = replace(part, **_for_all(part.statement))
    if part.verdict == "refuted" and unsure:
        sized = [_with_sizes(s, unsure) for _, s in variants]
        if all(judge(s).verdict != "refuted" for s in sized):
            said = f"not decided: false without {' and '.join(map(text, unsure))}"
            part = Verdict("unknown", part.reading, message=said)
    return part


def _within(part: Verdict, other: Other, link: Link, explain: bool) -> Verdict:
    """The verdict in a reading that says less, where the usual one is not proved."""
    if part or not other.variants or other.variants == link.variants:
        return part
    found = _judged(other.variants, link.unsure, explain)
    if found.verdict == "unknown" and part.verdict == "refuted":
        said = f"not decided: refuted {other.usual}, not proved {other.here}"
        return Verdict("unknown", part.reading, message=said)
    return part if found.verdict == "unknown" else found


def _with_sizes(statement: Statement, conds: Iterable[Cond]) -> Statement:
    """With the conditions on those letters that stand in it."""
    inside = free(statement)
    return replace(statement, given=(*(c for c in conds if free(c) <= inside), *statement.given))


def _for_all(statement: Statement) -> dict[str, Any]:
    """What changes in a verdict that rests on data for one x, where f(-x) = f(x) is given.

    Who writes so may well mean all x, unless x is a size of the claim; and i <= n may be meant
    for the i of a sum.
    """
    fixed: set[Any] = set()
    summed: set[str] = set()
    for part in nodes_of(statement.lhs, statement.rhs):
        summed |= names(bound(part))
        if isinstance(part, Sum):
            fixed |= {s for end in part.bounds for s in free(end)}
        fixed |= declared(part) if isinstance(part, Var | Fn) else set()
    summed -= names(free(statement.lhs) | free(statement.rhs))
    for cond in statement.given:
        applied = [a for part in nodes_of(cond) if isinstance(part, App) for a in part.args]
        inside = {s for a in applied for s in free(a) & free(cond) - fixed if isinstance(s, Var)}
        if wide := names(inside) | names(free(cond)) & summed:
            said = f"not decided: {text(cond)} may be meant for all {', '.join(sorted(wide))}"
            return {"verdict": "unknown", "counterexample": None, "message": said}
    return {}


def nodes_of(*roots: Node) -> Iterator[Node]:
    """All nodes below some, and these."""
    parts = list(roots)
    while parts:
        part = parts.pop()
        parts += part.children()
        yield part


def _with_near_miss(
    part: Verdict, variants: Sequence[tuple[str, Statement]], given: tuple[Any, ...], source: str
) -> Verdict:
    """With what holds instead, as it is proved when it is read again; in every space."""
    for _, statement in variants:
        found = near_miss(statement)
        if found is None:
            continue
        for words in found.written(statement, source):
            if _judge_latex(words, given, (), False).verdict == "proved":
                return replace(part, near_miss=words, near_theorem=found.theorem)
        if len(variants) == 1:
            return replace(part, near_miss=found.latex, near_theorem=found.theorem)
    return part


def _chain(reading: Reading, links: list[Verdict]) -> Verdict:
    """The verdict on A = B = C: the worst, which link fails first, and whether the ends agree.

    The first link may define a symbol, as it does where it stands alone: that is no claim, and
    the message is about the others.
    """
    defined = int(reading.links[0].kind == "definition")
    worst = min((v.verdict for v in links), key=WORST.index)
    first = next((k for k, v in enumerate(links) if k >= defined and v.verdict == worst), 0)
    message = links[first].message
    if first < defined:
        message += "; what follows is proved"
    elif worst != "proved":
        said = [f"link {first + 1} of {len(links)} is the first that {_FAILS[worst]}"]
        claims = reading.links[defined:]
        joined = all(
            dict(a.variants).get(label, s).rhs == s.lhs
            for a, b in pairwise(claims)
            for label, s in b.variants
        )
        if joined and len(claims) > 1:
            said.append(_ends(claims))
        message = ". ".join(part for part in (*said, message) if part)
    return replace(
        links[first],
        verdict=worst,
        reading=_read_as(reading.links) or " = ".join(v.reading for v in links),
        theorems=tuple(t for v in links for t in v.theorems),
        links=tuple(links),
        message=message,
    )


def _read_as(links: Sequence[Link]) -> str:
    """The chain in one line, each term once; "" where its spaces read differently."""
    if any(len({text(s) for _, s in link.variants}) != 1 for link in links):
        return ""
    read_ = [link.variants[0][1] for link in links]
    terms = [read_[0].lhs]
    for s in read_:
        terms += [s.rhs] if s.lhs == terms[-1] else [s.lhs, s.rhs]
    given = tuple(dict.fromkeys(c for s in read_ for c in s.given))
    first = read_[0]
    assumed = text(Statement(given, first.lhs, first.rhs)).removeprefix(
        text(Statement((), first.lhs, first.rhs))
    )
    return " = ".join(map(text, terms)) + assumed


_FAILS = {"refuted": "fails", "unknown": "is not decided", "unreadable": "cannot be read"}


def _ends(links: Sequence[Link]) -> str:
    """Whether the two ends of a chain that fails in between are equal all the same."""
    last = dict(links[-1].variants)
    words = set()
    for label, s in links[0].variants:
        if label not in last:
            return ""
        given = tuple(dict.fromkeys(c for link in links
                                    for name, t in link.variants if name == label
                                    for c in t.given))  # fmt: skip
        words.add(judge(Statement(given, s.lhs, last[label].rhs)).verdict)
    if words == {"proved"}:
        return "The ends are equal all the same: the first term equals the last (proved)"
    return "The ends differ as well" if words == {"refuted"} else ""

"""A claim of a document to the verdicts of its links, under the definitions in force.

May: ask `check` several times, with less and with more of the document's context.  A claim that
holds for all data holds in every context; one that fails without a definition or condition that
the document states beside it is judged again with that, and the message says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from derive.binding import free
from derive.claims import Verdict, check, judge_link
from derive.latex import Reading, Unreadable, read
from derive.latex.signs.errors import Underdetermined
from derive.lint.equation import Equation
from derive.lint.force import Ledger
from derive.lint.givens import Entry, choose
from derive.lint.mapped import Mapped
from derive.syntax import App, Diff, DiffEntry, Fn, Node, Num, Op, Statement, Sum, Term, Var

MISSING = "missing: what"
BUDGET_TEXT = 6_000  # longer formulas are named, not judged


@dataclass(frozen=True)
class Judged:
    """The verdict on one link; `offset` is where its left side begins in the text."""

    offset: int
    verdict: Verdict
    condition: bool = False  # it says something of one function, and is no claim on all


@dataclass(frozen=True)
class _Answer:
    links: tuple[Verdict, ...]
    places: tuple[tuple[int, int], ...]
    statements: tuple[tuple[Statement, ...], ...]
    trouble: Unreadable | None = None


@lru_cache(maxsize=4_096)
def _ask(text: str, given: tuple[str, ...]) -> _Answer:
    if len(text) > BUDGET_TEXT:
        wanted = f"at most {BUDGET_TEXT} characters"
        return _Answer((), (), (), Unreadable("too long", 1, 1, wanted))
    try:
        reading = read(text, given)
        places = tuple((link.line, link.column) for link in reading.links)
        statements = tuple(tuple(s for _, s in link.variants) for link in reading.links)
    except Unreadable as error:
        return _Answer((), (), (), error)
    try:
        links = _judged(text, given, reading)
    except Exception as error:  # a fault of ours leaves one claim undecided, not the rest
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        fault = Verdict("unknown", message=f"internal error, please report it: {said}", latex=text)
        links = (fault,) * len(places)
    return _Answer(links, places, statements)


def _judged(text: str, given: tuple[str, ...], reading: Reading) -> tuple[Verdict, ...]:
    if reading.kind == "definition":  # lint has decided that it is a claim: both sides are read
        told = [replace(link, unsaid=(), assumed=()) for link in reading.links]  # by the text
        return tuple(map(judge_link, told))
    verdict = check(text, given, near=False)
    return verdict.links or (verdict,)


def agrees(text: str, given: Iterable[str]) -> Verdict | None:
    """The verdict on one equation in some context; None if it cannot be read."""
    answer = _ask(text, tuple(given))
    if answer.trouble is not None or len(answer.links) != 1:
        return None
    return answer.links[0]


@lru_cache(maxsize=2_048)
def spaces_of(text: str, given: tuple[str, ...] = ()) -> frozenset[str] | None:
    """The spaces on which an equation is meant; None if it cannot be read."""
    try:
        return frozenset(label for link in read(text, given).links for label, _ in link.variants)
    except Unreadable:
        return None


def judge_chain(
    text: Mapped, equation: Equation, first: int, ledger: Ledger, soft: list[Entry]
) -> list[Judged]:
    """The verdict on each link; raises `Unreadable` if none of it can be read.

    `text` is the equation's chain from its side `first`; `soft`: conditions from the prose around.
    """
    base = ledger.base(equation)
    wider = ledger.wider(equation, base)
    forward = [e for e in (*base.meanings, *wider) if e.forward] if equation.gradient else []
    start, answer = _first(text.text, base.texts(equation), wider, forward)
    inputs = frozenset().union(*(e.tensors for e in forward))
    by = equation.differentiated & inputs
    if answer.trouble is not None and any(e.defines in by for e in (*wider, *forward)):
        wider = [e for e in wider if e.defines not in by]  # a parameter, whatever it was before
        forward = [e for e in forward if e.defines not in by]
        start, answer = _first(text.text, base.texts(equation), wider, forward)
    if answer.trouble is not None:
        if isinstance(answer.trouble, Underdetermined):
            return [_missing(text.text, answer.trouble)]
        raise answer.trouble
    verdicts = list(answer.links)
    givens = [start] * len(verdicts)
    if any(v.verdict != "proved" for v in verdicts):
        own = [e for e in wider if e.text not in start]
        near = [e for e in own if e.section == ledger.section]
        conditions = _usable(soft, equation)
        steps = [(near, False), (own if len(own) > len(near) else [], True)]
        steps.append(([*near, *conditions] if conditions else [], False))
        if forward and not any(e.ranged for e in base.others):
            ranges = _output_ranges(equation, forward)
            steps.append(([Entry(r, where="the range of its sum") for r in ranges], False))
        for more, only_proofs in steps:
            if more and any(v.verdict != "proved" for v in verdicts):
                longer = [*start, *(e.text for e in more)]
                after = _again(text.text, longer, more, verdicts, only_proofs)
                givens = [
                    g if a is b else longer
                    for a, b, g in zip(after, verdicts, givens, strict=True)
                ]
                verdicts = after
    out = []
    for k, verdict in enumerate(verdicts):
        if verdict.verdict == "refuted" and (unread := ledger.unread(equation)):
            verdict = _unknown(verdict, "it depends on " + " and ".join(
                f"{o.symbol}, which {o.where} defines by what cannot be read" for o in unread))
        elif verdict.verdict == "refuted" and (unsaid := ledger.unsaid(equation)):
            verdict = _unknown(verdict, f"missing: what {' and '.join(unsaid)} stands for")
        elif verdict.verdict == "refuted":
            asked = _ask(text.text, tuple(givens[k]))
            apart = _apart(asked.statements[k] if k < len(asked.statements) else ())
            if apart:
                verdict = _unknown(verdict, f"{MISSING} {apart}")
        offset = _offset(text.text, answer.places[k] if k < len(answer.places) else (1, 1))
        lone = len(verdicts) == 1 and verdict.verdict in ("refuted", "unknown")
        condition = lone and not ledger.unsaid(equation) and (
            equation.apart or _is_condition(answer.statements[k]))
        if verdict.verdict == "refuted" and not condition:
            alone = text.text if lone else equation.link(first + k).text
            verdict = replace(verdict, near_miss=_near_miss(alone, tuple(givens[k])))
        out.append(Judged(offset, verdict, condition))
    return out


@lru_cache(maxsize=4_096)
def _near_miss(text: str, given: tuple[str, ...]) -> str | None:
    """The small change that makes a refuted claim true, where one is found."""
    try:
        return check(text, given, near=True).near_miss
    except Exception:  # it is an extra: the verdict stands without it
        return None


def _output_ranges(equation: Equation, forward: list[Entry]) -> list[str]:
    """Where no range of the output is given: the one that the claim sums over."""
    outputs = {e.defines for e in forward}
    for e in reversed(forward):
        params = sorted(e.params, key=e.text.find)
        if ranges := equation.output_ranges(tuple(params), outputs):
            return ranges
    return []


def _first(
    text: str, base: list[str], wider: list[Entry], forward: list[Entry]
) -> tuple[list[str], _Answer]:
    """The claim under what must be given; if that cannot be read, with more."""
    start = [*base, *(e.text for e in forward if e.text not in base)]
    answer = _ask(text, tuple(start))
    if answer.trouble is not None and (more := [e.text for e in wider if e.text not in start]):
        longer = [*start, *more]
        again = _ask(text, tuple(longer))
        if again.trouble is None:
            return longer, again
    return start, answer


def _again(
    text: str, given: list[str], more: list[Entry], verdicts: list[Verdict], only_proofs: bool
) -> list[Verdict]:
    """The verdicts with more context; what was proved stays proved."""
    answer = _ask(text, tuple(given))
    said = " and ".join(dict.fromkeys(f"{_short(e.text)} ({e.where})" for e in more))
    out = []
    for k, old in enumerate(verdicts):
        new = answer.links[k] if answer.trouble is None and k < len(answer.links) else None
        holds = new is not None and new.verdict == "proved"
        if old.verdict == "proved" or (only_proofs and not holds):
            out.append(old)
        elif new is None or new.verdict == "unknown":
            why = "cannot be read" if new is None else "is not decided"
            out.append(_unknown(old, f"fails for some data, but with {said} it {why}")
                       if old.verdict == "refuted" else old)
        else:
            message = f"with {said}" + (f"; {new.message}" if new.message else "")
            out.append(replace(new, message=message))
    return out


def _usable(soft: list[Entry], equation: Equation) -> list[Entry]:
    """Conditions on letters of the claim that do not contradict each other."""
    chosen = [e for e in choose(soft, equation).others if e.names & equation.names]
    if not chosen:
        return []
    some = agrees("0 = 1", [e.text for e in chosen])  # refuted by data that meet all of them
    return chosen if some is not None and some.verdict == "refuted" else []


def _unknown(verdict: Verdict, message: str) -> Verdict:
    return Verdict("unknown", reading=verdict.reading, message=message, latex=verdict.latex,
                   seconds=verdict.seconds)


def _missing(text: str, error: Unreadable) -> Judged:
    message = f"missing: {error.message}"
    if error.expected:
        message += f"; wanted {error.expected}"
    return Judged(0, Verdict("unknown", message=message, latex=text))


def _offset(text: str, place: tuple[int, int]) -> int:
    line, column = place
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
    return min(at + column - 1, len(text))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def _is_condition(statements: tuple[Statement, ...]) -> bool:
    """f(-x) = f(x), or sum_i w_i = 1: it singles out functions, and claims nothing of all.

    Such an equation has values of functions and either no sum, operator or derivative, or a number
    other than 0 on one side, which no sum over all functions can have.
    """
    for statement in statements:
        sides = (statement.lhs, statement.rhs)
        if _recurrence(statement.lhs, statement.rhs):
            continue
        nodes = [n for side in sides for n in _walk(side)]
        if not any(isinstance(n, App) and isinstance(n.fn, Fn) for n in nodes):
            return False
        busy = any(isinstance(n, Sum | Op | Diff | DiffEntry) for n in nodes)
        number = any(isinstance(s, Num) and s.value != 0 for s in sides)
        if busy and not number:
            return False
    return bool(statements)


def _apart(statements: tuple[Statement, ...]) -> str:
    """Tensors that one side alone speaks of, on both: no identity, so something else relates them.

    A derivative of a loss (\\delta) that nothing explains is such a tensor by itself.
    """
    for statement in statements:
        left, right = ({f.name for f in free(side) if isinstance(f, Fn)}
                       for side in (statement.lhs, statement.rhs))
        deltas = {n for n in left | right if n.split("^")[0].split("_")[0] == r"\delta"}
        if len(deltas) > 1:
            return f"{' and '.join(sorted(deltas))} stand for"
        if left - right and right - left:
            return f"{' and '.join(sorted(left ^ right))} have to do with each other"
    return ""


def _recurrence(left: Term, right: Term) -> bool:
    """y(n) by other values of y: it says which y is meant."""
    if not (isinstance(left, App) and isinstance(left.fn, Fn)):
        return False
    plain = all(isinstance(a, Var) for a in left.args) and len(set(left.args)) == len(left.args)
    return plain and any(isinstance(n, App) and n.fn == left.fn and n.args != left.args
                         for n in _walk(right))


def _walk(node: Node) -> Iterable[Node]:
    stack = [node]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(here.children())

"""A document from its beginning to its end: formulas to records.

May: keep the definitions in force, obey directives, and hand each claim to `judging`.  Must not:
read files or print.  One formula that cannot be read never stops the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from derive.claims import Verdict
from derive.latex.signs.errors import Fault, Unreadable
from derive.lint import cues, extract_latex, extract_markdown
from derive.lint.documents import Document, Part
from derive.lint.equation import Equation, equations_of
from derive.lint.force import Ledger
from derive.lint.givens import Entry, entry
from derive.lint.items import Directive, Formula, Found, Trouble
from derive.lint.judging import MISSING, judge_chain
from derive.lint.later import Refuted, second_thoughts, snapshot
from derive.lint.macros import Macro, TooMuch, expand
from derive.lint.mapped import Mapped
from derive.lint.normalise import normalise
from derive.lint.placing import Placing
from derive.lint.records import CLAIM, DEFINITION, Record
from derive.lint.relations import about_cuts, claims_equality
from derive.lint.rows import equations
from derive.lint.surface import acting
from derive.lint.surroundings import Surroundings

OPERATOR_BRACES = re.compile(
    r"(?<!\\i)[A-Za-z}]\s*(?:\\left\s*|\\big[lg]?\s*)?\\(?:\{|lbrace(?![a-z]))"
)
WORDS = re.compile(  # a name in another script, on the left
    r"\s*\\(?:text|textrm|textbf|mbox|mathrm)\s*\{([^{}]*[^\x00-\x7f{}][^{}]*)\}\s*(:?=)"
)
DEFINED = re.compile(  # h =, H_{out} =, h_i =, u[n] =
    r"\s*(?P<name>(?P<letter>\\[A-Za-z]+|[A-Za-z])(?:_(?:(?P<index>[i-nt])|\w|\{[^{}]*\}))?)"
    r"\s*(?P<at>\([^()=]*\)|\[[^\[\]=]*\])?\s*:?="
)
MAX_CHARS = 20_000


class Linter:
    """Lints one document; `records` are in the order of the text."""

    def __init__(self, document: Document, given: Iterable[Entry] = ()) -> None:
        self.document = document
        self.ledger = Ledger(pinned=list(given))
        self.table: dict[str, Macro] = {}
        self.records: list[Record] = []

    def run(self) -> list[Record]:
        for part in self.document.parts:
            PartLinter(self, part).run()
        return self.records


class PartLinter(Placing):
    """Lints one text: a document, or a notebook's cell."""

    def __init__(self, linter: Linter, part: Part) -> None:
        super().__init__(linter.document, part, linter.records)
        self.linter, self.ledger = linter, linter.ledger
        latex = linter.document.kind == "latex"
        self.markdown = not latex
        extract = extract_latex.extract if latex else extract_markdown.extract
        self.found: Found = extract(part.text)
        self.around = Surroundings(self.found, self.where)
        self.ignoring = self.ignore_next = False
        self.refuted: list[Refuted] = []
        self.supposed: list[Supposed] = []

    # --- the walk -------------------------------------------------------------------------------

    def run(self) -> None:
        found = self.found
        events: list[tuple[int, int, Directive | Macro | Formula | Trouble]] = []
        events += [(item.start, 0, item) for item in found.directives]
        events += [(item.start, 1, item) for item in found.macros]
        events += [(item.start, 2, item) for item in found.troubles]
        events += [(item.start, 3, item) for item in found.formulas]
        events.sort(key=lambda e: e[:2])
        table = dict(self.linter.table)
        for _, _, item in events:
            if isinstance(item, Macro):
                self.linter.table[item.name] = item
            elif isinstance(item, Formula):
                self.around.learn(item, self.body)
        self.linter.table = table
        ledger, first = self.ledger, self.ledger.section + 1
        for at, _, item in events:
            ledger.section = first + self.around.section(at)
            match item:
                case Macro():
                    self.linter.table[item.name] = item
                case Directive():
                    self.obey(item)
                case Trouble():
                    if not self.ignoring:
                        self.skipped(item.start, "", item.message)
                case Formula():
                    if not self.ignored():
                        self.formula(item)
        second_thoughts(self.records, self.refuted, ledger)

    def ignored(self) -> bool:
        once, self.ignore_next = self.ignore_next, False
        return once or self.ignoring

    def obey(self, directive: Directive) -> None:
        match directive.word:
            case "given" if directive.rest:
                try:
                    new = entry(directive.rest, self.where(directive.start))
                except Unreadable as error:
                    self.skipped(directive.rest_start, directive.rest, f"given: {error}")
                    return
                if new.defines:
                    same = [e for e in self.ledger.pinned if e.defines != new.defines]
                    self.ledger.pinned = same
                self.ledger.pinned.append(new)
            case "ignore":
                self.ignore_next = True
            case "ignore-begin":
                self.ignoring = True
            case "ignore-end":
                self.ignoring = False
            case "forget":
                self.ledger.forget()
                self.around.soft.clear()
            case word:
                self.skipped(directive.start, "", f"no such directive: derive: {word}")

    def body(self, formula: Formula) -> Mapped:
        text = Mapped.of(self.found.masked[formula.inner_start : formula.inner_end],
                         formula.inner_start)
        return normalise(expand(text, self.linter.table), self.markdown)

    # --- one formula ----------------------------------------------------------------------------

    def formula(self, item: Formula) -> None:
        raw = self.found.masked[item.inner_start : item.inner_end]
        if len(raw) > MAX_CHARS:
            if claims_equality(raw):
                self.skipped(item.start, raw[:60], f"too long: {len(raw)} characters")
            return
        try:
            body = self.body(item)
        except TooMuch as error:
            self.skipped(item.start, raw, str(error))
            return
        first = len(self.records)
        for text in equations(body, item.env):
            try:
                self.text(text, item)
            except Exception as error:  # a fault of ours leaves one formula out, not the rest
                said = " ".join(str(error).split())[:200]
                message = f"internal error, please report it: {type(error).__name__}: {said}"
                self.skipped(text.begin(0), text.text, message)
        ours = self.records[first:]
        self.records[first:] = sorted(ours, key=lambda r: (r.line, r.column))

    def text(self, text: Mapped, item: Formula) -> None:
        """A line of a display: approximations cut off, implications named, equations judged."""
        if not claims_equality(text.text):
            return
        pieces, implies = about_cuts(text)
        if OPERATOR_BRACES.search(text.text):
            self.skipped(text.begin(0), text.text, "an operator with its argument in braces")
            return
        if implies:
            self.skipped(text.begin(0), text.text, "an implication or an arrow is not judged")
            return
        for piece in pieces:
            piece = piece.strip()
            if not claims_equality(piece.text):
                continue
            if (words := WORDS.match(piece.text)) is not None:
                self.add(piece.begin(0), DEFINITION, piece.text, None,
                         f"definition: {words[1].strip()}; its right side is not read")
                piece = piece[words.end() :].strip()
                if not claims_equality(piece.text):
                    continue
            try:
                found = list(equations_of(piece))
                for each in found:
                    each.roles  # noqa: B018 - a fault shows here
            except (Unreadable, Fault) as error:
                self.unread(piece, error, item)
                continue
            for each in found:
                letter, product = acting(each.chain, each.roles.called)
                if product:
                    self.skipped(each.text.begin(0), each.text.text,
                                 "a product of functions at an argument, as in (f g)(x)")
                elif letter:
                    self.acts(each, letter)
                else:
                    self.equation(each, item)

    def acts(self, eq: Equation, letter: str) -> None:
        """`(T f)(x) = f(x - 1)` defines T; elsewhere what T does is not read."""
        at = eq.text.begin(eq.chain.levels[0].pos)
        if len(eq.chain.levels[0].items) == 2 and len(eq.chain.rels) == 1:
            self.add(at, DEFINITION, eq.text.text, None,
                     f"definition: {letter}, which acts on functions; it is not read")
        else:
            self.skipped(at, eq.text.text, f"{letter} acts on a function")

    def unread(self, text: Mapped, error: Unreadable | Fault, item: Formula) -> None:
        if isinstance(error, Fault):
            error = Unreadable(error.message, 1, error.pos + 1, error.expected, text.text)
        left = DEFINED.match(text.text)
        if left is not None:
            name = left["name"].replace("{", "").replace("}", "")
            symbol = name if len(left["name"]) <= 5 else left["name"]
            for each in {symbol, left["letter"] if left["index"] or left["at"] else symbol}:
                self.ledger.define_opaque(each, self.where(item.start))
        at = text.begin(0)
        line, column = self.place(text.place(_offset_of(error, text.text)))
        wanted = f"; expected {error.expected}" if error.expected else ""
        self.skipped(at, text.text, f"{error.message} (line {line}, column {column}){wanted}")

    def equation(self, eq: Equation, item: Formula) -> None:
        """Definitions first, then what is left of the chain as claims."""
        from derive.lint.defining import operator_definition, symbol_definition

        last = len(eq.chain.rels)
        spelled = eq.operator()
        if spelled is not None:
            at, operator, under = spelled
            done = operator_definition(self, eq, at, operator, under)
            if under:
                self.claims(eq, 0, last, item)
                return
            if not done:
                self.opaque_operator(eq, at, operator.symbol)
            first = 0
            if at > 0:
                first = symbol_definition(self, eq, item)
                self.claims(eq, first, at, item)
            self.claims(eq, at + 1, last, item)
            return
        self.claims(eq, symbol_definition(self, eq, item), last, item)

    def supposed_near(self, item: Formula, functions: frozenset[str]) -> Supposed | None:
        """What this paragraph or the one before supposes of some of the functions."""
        for said in reversed(self.supposed):
            between = self.found.masked[said.end : item.start]
            if len(re.findall(r"\n[ \t]*\n", between)) <= 1 and said.functions & functions:
                return said
        return None

    def opaque_operator(self, eq: Equation, at: int, symbol: str) -> None:
        """`(I * K)_{ij} = ...` that cannot be read: what rests on the operator is not refuted."""
        place = eq.text.begin(eq.chain.levels[at].pos)
        self.ledger.define_opaque(symbol, self.where(place))
        self.add(place, DEFINITION, eq.link(at).text, None,
                 f"definition: {symbol}; its right side is not read")

    def claims(self, eq: Equation, first: int, last: int, item: Formula) -> None:
        if last - first < 1:
            return
        text = eq.part(first, last)
        try:
            judged = judge_chain(text, eq, first, self.ledger, self.around.near(item.start))
        except Unreadable as error:
            if last - first > 1:
                for k in range(first, last):
                    self.claims(eq, k, k + 1, item)
                return
            self.unread(text, error, item)
            return
        before, after = self.around.words(item)
        light = not (eq.operators or eq.roles.called or eq.roles.entries)
        for k, each in enumerate(judged):
            at = eq.text.begin(eq.chain.levels[first + k].pos) if k < last - first else (
                text.begin(each.offset))
            latex = eq.link(first + k).text if k < last - first and len(judged) > 1 else text.text
            told = not item.display and len(judged) == 1 and (
                cues.assumed(before, after) or (light and cues.is_set(before, after)))
            refuted = each.verdict.verdict == "refuted"
            if each.condition or (refuted and told):
                self.add(at, DEFINITION, latex, None, "definition: a condition, not a claim")
                self.supposed.append(Supposed(item.end, functions_of(eq), self.where(at)))
                continue
            said = self.supposed_near(item, functions_of(eq)) if refuted else None
            if said is not None:
                message = f"fails for some data; {said.where} says something of the functions"
                verdict = Verdict("unknown", reading=each.verdict.reading, message=message)
                self.add(at, CLAIM, latex, verdict, message)
                continue
            if refuted and cues.special(self.around.sentence(item)):
                message = "fails for some data; the sentence speaks of special functions"
                verdict = Verdict("unknown", reading=each.verdict.reading, message=message)
                self.add(at, CLAIM, latex, verdict, message)
                continue
            if refuted or each.verdict.message.startswith(MISSING):
                part = eq.link(first + k) if k < last - first and len(judged) > 1 else text
                self.refuted.append(
                    Refuted(len(self.records), part, eq, first, snapshot(self.ledger)))
            self.add(at, CLAIM, latex, each.verdict, each.verdict.message)


@dataclass(frozen=True)
class Supposed:
    """A condition on functions that a sentence states: g(-x) = g(x), the w_k add up to 1."""

    end: int
    functions: frozenset[str]
    where: str


def functions_of(eq: Equation) -> frozenset[str]:
    return frozenset([*eq.roles.called, *eq.roles.entries, *eq.roles.operands])


def _offset_of(error: Unreadable, text: str) -> int:
    at = 0
    for _ in range(error.line - 1):
        following = text.find("\n", at)
        if following < 0:
            break
        at = following + 1
    return min(at + error.column - 1, len(text))

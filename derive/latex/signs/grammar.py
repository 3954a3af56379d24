"""The grammar of written mathematics: tokens to the surface tree, by lark's LALR parser.

May: say what may follow what, and where a text stops being mathematics.  Must not: know what a
letter stands for.  Called by `reader`; the parser is built once, when it is first needed.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken, VisitError
from lark.lexer import Lexer

from derive.latex.signs.errors import Fault
from derive.latex.signs.tree import (
    Big,
    Cases,
    Chain,
    Frac,
    Group,
    Level,
    Mark,
    Name,
    Number,
    Script,
    Surface,
)

GRAMMAR = r"""
start: listing (ROW listing)*
listing: chain (SEP chain)*
chain: level (REL level)*
level: _level
_level: SIGN? _term (SIGN _term)*
_term: factor (OP? factor | OP SIGN factor)*
?factor: atom script+ -> scripted
       | atom
?atom: NUMBER -> number
     | NAME -> name
     | DOTS -> dots
     | INFINITY -> infinity
     | BIG -> big
     | LBRACE listing RBRACE -> group
     | LPAR listing RPAR -> group
     | LBRACK listing RBRACK -> group
     | LSET listing RSET -> group
     | LFLOOR listing RFLOOR -> group
     | LCEIL listing RCEIL -> group
     | LABS listing RABS -> group
     | FRAC arg arg -> frac
     | LCASES row (NEXT row)* NEXT? RCASES -> cases
script: SUB arg -> sub
      | SUP arg -> sup
      | PRIME -> prime
?arg: LBRACE listing RBRACE -> group
    | NUMBER -> short_number
    | NAME -> short_name
    | INFINITY -> short_infinity
row: level (AMP when?)?
when: listing
%declare ROW SEP REL SIGN OP NUMBER NAME DOTS INFINITY BIG LBRACE RBRACE LPAR RPAR LBRACK RBRACK
%declare LSET RSET LFLOOR RFLOOR LCEIL RCEIL LABS RABS FRAC SUB SUP PRIME LCASES RCASES NEXT AMP
"""

KINDS = {"LBRACE": "braces", "LPAR": "(", "LBRACK": "[", "LSET": "{", "LFLOOR": "floor"}
KINDS |= {"LCEIL": "ceil", "LABS": "abs"}

SPOKEN = {
    "NUMBER": "a number", "NAME": "a letter", "SIGN": "+ or -", "OP": "an operator",
    "REL": "a relation such as =", "SEP": "a comma", "LPAR": "(", "RPAR": ")", "LBRACE": "{",
    "RBRACE": "}", "LBRACK": "[", "RBRACK": "]", "RFLOOR": r"\rfloor", "RCEIL": r"\rceil",
    "RABS": "|", "LSET": r"\{", "LFLOOR": r"\lfloor", "LCEIL": r"\lceil", "LABS": "|",
    "FRAC": r"\frac", "BIG": "a sum or integral", "PRIME": "a prime", "DOTS": "...",
    "INFINITY": r"\infty", "ROW": "a new line", "NEXT": "a new line", "LCASES": r"\begin{cases}",
    "RSET": r"\}", "RCASES": r"\end{cases}", "AMP": "&", "SUB": "_", "SUP": "^",
    "$END": "the end",
}  # fmt: skip
SHOWN = {"NUMBER", "NAME", "SIGN", "REL", "SEP"}
OPENING = {"NUMBER", "NAME", "LPAR", "FRAC", "BIG", "LABS"}


class _Tokens(Lexer):
    """lark asks for a lexer; ours has already run."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, data: Any) -> Any:  # type: ignore[override]
        return iter(data)


class _Build(Transformer[Token, Surface]):
    """The tree, bottom up while parsing: nothing here recurses."""

    def start(self, parts: list[Any]) -> Any:
        return [p for p in parts if not isinstance(p, Token)]

    def listing(self, parts: list[Any]) -> Group:
        seps = [str(p) for p in parts if isinstance(p, Token)]
        chains = [p for p in parts if not isinstance(p, Token)]
        return Group(chains[0].pos, "list", chains, seps).over(*chains)  # type: ignore[no-any-return]

    def chain(self, parts: list[Any]) -> Chain:
        levels = parts[::2]
        rels = [Mark(t.start_pos, "rel", str(t)) for t in parts[1::2]]
        out = Chain(levels[0].pos, levels, rels)
        out.depth = max(p.depth for p in levels)
        return out

    def level(self, parts: list[Any]) -> Level:
        items = [
            Mark(p.start_pos or 0, p.type.lower(), str(p)) if isinstance(p, Token) else p
            for p in parts
        ]
        out = Level(items[0].pos, items)
        if len(items) == 1:
            out.depth = items[0].depth
            return out
        return out.over(*items)  # type: ignore[no-any-return]

    def number(self, parts: list[Any]) -> Number:
        return Number(parts[0].start_pos, Fraction(str(parts[0])), str(parts[0]))

    def name(self, parts: list[Any]) -> Name:
        return Name(parts[0].start_pos, str(parts[0]))

    def dots(self, parts: list[Any]) -> Mark:
        return Mark(parts[0].start_pos, "dots", "...")

    def infinity(self, parts: list[Any]) -> Mark:
        return Mark(parts[0].start_pos, "infinity", "oo")

    def big(self, parts: list[Any]) -> Big:
        kind = str(parts[0])
        order = {"iint": 2, "iiint": 3}.get(kind, 1)
        return Big(parts[0].start_pos, "sum" if kind == "sum" else "int", order)

    def group(self, parts: list[Any]) -> Group:
        inner = parts[1]
        out = Group(parts[0].start_pos, KINDS[parts[0].type], inner.chains, inner.seps)
        out.depth = inner.depth
        return out

    def scripted(self, parts: list[Any]) -> Script:
        base, marks = parts[0], parts[1:]
        out = Script(
            base.pos,
            base,
            [g for kind, g in marks if kind == "sub"],
            [g for kind, g in marks if kind == "sup"],
            sum(kind == "prime" for kind, _ in marks),
        )
        return out.over(*out.parts())  # type: ignore[no-any-return]

    def sub(self, parts: list[Any]) -> Any:
        return "sub", parts[1]

    def sup(self, parts: list[Any]) -> Any:
        return "sup", parts[1]

    def prime(self, parts: list[Any]) -> Any:
        return "prime", None

    def short_number(self, parts: list[Any]) -> Group:
        return _wrap(self.number(parts))

    def short_name(self, parts: list[Any]) -> Group:
        return _wrap(self.name(parts))

    def short_infinity(self, parts: list[Any]) -> Group:
        return _wrap(self.infinity(parts))

    def frac(self, parts: list[Any]) -> Frac:
        return Frac(parts[0].start_pos, parts[1], parts[2]).over(*parts[1:])  # type: ignore[no-any-return]

    def row(self, parts: list[Any]) -> Any:
        when = next((p for p in parts[1:] if not isinstance(p, Token)), None)
        return parts[0], when

    def when(self, parts: list[Any]) -> Any:
        return parts[0]

    def cases(self, parts: list[Any]) -> Cases:
        rows = [p for p in parts if not isinstance(p, Token)]
        out = Cases(parts[0].start_pos, rows)
        return out.over(*out.parts())  # type: ignore[no-any-return]


def _wrap(item: Surface) -> Group:
    level = Level(item.pos, [item])
    return Group(item.pos, "braces", [Chain(item.pos, [level], [])], [])


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(
        GRAMMAR, parser="lalr", lexer=_Tokens, transformer=_Build(), maybe_placeholders=False
    )


def parse(tokens: list[Token], length: int) -> list[Group]:
    """One list of chains for each row of a display; raises `Fault` at the token at fault."""
    try:
        return _parser().parse(tokens)  # type: ignore[return-value]
    except VisitError as error:
        raise error.orig_exc from None
    except UnexpectedToken as error:
        token = error.token
        at_end = token.type == "$END"
        shown = SPOKEN.get(token.type, str(token)) if token.type not in SHOWN else str(token)
        said = "the text ends too early" if at_end else f"{shown} has no place here"
        raise Fault(said, length if at_end else token.start_pos or 0, _spoken(error)) from None


def _spoken(error: UnexpectedToken) -> str:
    wanted = set(error.accepts or error.expected)
    words = []
    if wanted >= OPENING:
        wanted = {"RBRACE", "RPAR", "RBRACK"} & wanted
        words.append("a number, a letter or an opening bracket")
    words += sorted(SPOKEN[w] for w in wanted if w in SPOKEN)
    return " or ".join(words[:4]) if words else "something else"

"""What stands around a claim: quantifiers, wide spaces, and where its letters live.

May: turn `\\forall x`, `\\quad` and `x \\in \\mathbb{R}` into separators and parts of a text, by
their form alone.  Must not: drop anything that says more.  Called by `signs/tokens`, `given/given`.
"""

from __future__ import annotations

from lark import Token

from derive.latex.signs.errors import Fault
from derive.latex.signs.tree import INDICATORS

OPEN = {"LPAR", "LBRACK", "LBRACE", "LSET", "LFLOOR", "LCEIL", "LABS", "LCASES"}
CLOSE = {"RPAR", "RBRACK", "RBRACE", "RSET", "RFLOOR", "RCEIL", "RABS", "RCASES"}
ENDS = CLOSE | {"NAME", "NUMBER", "INFINITY", "PRIME", "DOTS"}
BEGINS = OPEN | {"NAME", "NUMBER", "FRAC", "BIG"} - {"LCASES"}


def separated(tokens: list[Token]) -> list[Token]:
    """Wide spaces between complete formulas as commas, the others dropped; quantifiers as lists."""
    return _quantified(_bracketed(_spaced(tokens)))


def _bracketed(tokens: list[Token]) -> list[Token]:
    """`A = B (a \\ne 0)`: round brackets round a relation at the end of a row set it apart."""
    out = list(tokens)
    for end in range(len(out) - 1, 0, -1):
        if out[end].type != "RPAR" or (end + 1 < len(out) and out[end + 1].type != "ROW"):
            continue
        depth, start, related = 0, end, False
        while start >= 0:
            depth += (out[start].type in CLOSE) - (out[start].type in OPEN)
            related |= depth == 1 and out[start].type == "REL" and out[start] != "mapsto"
            if depth == 0:
                break
            start -= 1
        if start > 0 and out[start - 1] in INDICATORS:
            continue  # the relation that it is of
        if related and start > 0 and out[start].type == "LPAR" and out[start - 1].type in ENDS:
            out.insert(start, Token("SEP", ",", start_pos=out[start].start_pos))
    return out


def _spaced(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    depth, related = 0, False
    skip = 0
    for k, each in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        if each.type == "WIDE" and (skip := _tag(tokens, k)):
            continue
        if each.type == "WIDE":
            after = next((t for t in tokens[k + 1 :] if t.type != "WIDE"), None)
            if depth == 0 and related and after is not None and _parts(out, after, tokens[k + 1 :]):
                out.append(Token("SEP", ",", start_pos=each.start_pos))
                related = False
            continue
        depth += (each.type in OPEN) - (each.type in CLOSE)
        if depth == 0 and each.type == "REL":
            related = True
        elif each.type == "ROW" or (depth == 0 and each.type == "SEP"):
            related = False
        out.append(each)
    return out


def _tag(tokens: list[Token], k: int) -> int:
    """How many tokens the number of an equation takes, as in `\\qquad (3)` at the end of a row."""
    rest = tokens[k + 1 : k + 5]
    kinds = [t.type for t in rest]
    if kinds[:3] == ["LPAR", "NUMBER", "RPAR"] and kinds[3:] in ([], ["ROW"]):
        return 3
    return 0


def _parts(before: list[Token], after: Token, rest: list[Token]) -> bool:
    """Whether what ends here is complete, and what follows is no part of it."""
    if not before or before[-1].type not in ENDS or after.type not in BEGINS:
        return False
    differential = after.type == "NAME" and after in ("d", r"\mathrm{d}")
    return not differential and _complete(before)


def _complete(tokens: list[Token]) -> bool:
    """Whether the last factor is no bare sum sign with its scripts."""
    k = len(tokens) - 1
    while k > 0:
        start = k
        if tokens[k].type == "RBRACE":
            depth = 0
            while start >= 0:
                depth += (tokens[start].type == "RBRACE") - (tokens[start].type == "LBRACE")
                if depth == 0:
                    break
                start -= 1
        if start < 1 or tokens[start - 1].type not in ("SUB", "SUP"):
            break
        k = start - 2
    return k < 0 or tokens[k].type != "BIG"


def _quantified(tokens: list[Token]) -> list[Token]:
    """`..., \\forall i = 1, \\dots, n` is a condition; `\\forall x` alone says nothing new."""
    out: list[Token] = []
    row: list[Token] = []
    for each in [*tokens, None]:
        if each is None or each.type == "ROW":
            out += _row(row)
            row = []
            if each is not None:
                out.append(each)
        else:
            row.append(each)
    return out


def _row(tokens: list[Token]) -> list[Token]:
    at = next((k for k, t in enumerate(tokens) if t.type == "FORALL"), None)
    if at is None:
        return _no_colon(tokens)
    before, rest = tokens[:at], tokens[at + 1 :]
    if before and before[-1].type == "LPAR" and rest and rest[-1].type == "RPAR":
        before, rest = before[:-1], rest[:-1]
    if not rest or rest[0].type == "COLON" or any(t.type == "FORALL" for t in rest):
        raise Fault("not a quantifier", tokens[at].start_pos or 0, r"one \forall with its letters")
    while before and before[-1].type == "SEP":
        before.pop()
    comma = Token("SEP", ",", start_pos=tokens[at].start_pos)
    if before:
        more = _no_colon(rest) if _letters(rest) is None else []
        return [*before, comma, *more] if more else before
    colon = next((k for k, t in enumerate(rest) if t.type == "COLON"), None)
    if colon is not None:
        said = [] if _letters(rest[:colon]) is not None else [*rest[:colon], comma]
        return [*said, *_no_colon(rest[colon + 1 :])]
    while len(rest) > 2 and rest[0].type == "NAME" and rest[1].type == "SEP":
        rest = rest[2:]
    return rest


def _letters(tokens: list[Token]) -> list[str] | None:
    """The letters of x, y, or None if it says more."""
    kinds = {t.type for t in tokens}
    return [str(t) for t in tokens if t.type == "NAME"] if kinds <= {"NAME", "SEP"} else None


def _no_colon(tokens: list[Token]) -> list[Token]:
    for each in tokens:
        if each.type == "COLON":
            raise Fault("':' is not a sign of this notation", each.start_pos or 0, "mathematics")
    return tokens

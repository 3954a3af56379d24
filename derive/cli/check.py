"""`derive check`: claims to verdicts, one or many; JSON and exit statuses as NOTATION has them."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from derive.cli.output import UserError, print_json, read_text

if TYPE_CHECKING:
    from derive.claims import Verdict


def register(commands: Any) -> None:
    check = commands.add_parser(
        "check", help="judge a claim written in LaTeX", allow_abbrev=False,
        description="Judge a claim written in LaTeX: proved, refuted (with data), unknown, or "
        "unreadable (with the place). Exit status: 0 all proved, 1 something refuted or "
        "unknown, 2 something unreadable or a usage error.",
    )  # fmt: skip
    check.add_argument(
        "claim", nargs="?", metavar="CLAIM", help="an equation, or a chain A = B = C"
    )
    check.add_argument(
        "--given", action="append", default=[], metavar="EQUATION",
        help="a definition or a condition; may be repeated",
    )  # fmt: skip
    check.add_argument(
        "--batch", metavar="FILE",
        help='a JSON list of {"id": ..., "latex": ..., "given": ...}; - for standard input',
    )  # fmt: skip
    check.add_argument("--json", action="store_true", help="as a JSON list, in the input's order")
    check.add_argument(
        "--near-miss", action=argparse.BooleanOptionalAction, default=None,
        help="look for what holds instead of a refuted claim (default: yes, but not in a batch)",
    )  # fmt: skip
    check.add_argument("--show-reading", action="store_true", help="say how the claim was read")
    check.set_defaults(run=run_check)


def arranged(argv: list[str]) -> list[str]:
    """The arguments, so that a claim or a condition may begin with a minus sign.

    >>> arranged(["-f(x) = f(-x)", "--given", "-1 = a", "--json"])
    ['--given=-1 = a', '--json', '--', '-f(x) = f(-x)']
    """
    options: list[str] = []
    claims: list[str] = []
    rest = iter(argv)
    for one in rest:
        if one == "--":
            claims += rest
        elif one in ("--given", "--batch", "--format"):
            value = next(rest, None)
            options.append(one if value is None else f"{one}={value}")
        elif one.startswith("--") or one == "-h":
            options.append(one)
        else:
            claims.append(one)
    return [*options, "--", *claims] if claims else options


def run_check(options: argparse.Namespace) -> int:
    if (options.claim is None) == (options.batch is None):
        raise UserError("check: give a claim, or --batch FILE")
    if options.batch is not None and not options.json:
        raise UserError("check: --batch answers in JSON; say --json as well")
    if options.batch is not None:
        claims = _batch(options.batch)
    else:
        claims = [{"id": None, "latex": options.claim, "given": []}]
    near = options.batch is None if options.near_miss is None else options.near_miss
    out, words = [], set()
    for claim in claims:
        verdict = safely(claim["latex"], [*options.given, *claim["given"]], near, not options.json)
        words.add(verdict.verdict)
        if options.json:
            out.append({"id": claim["id"], **verdict.json()})
        else:
            print(written(verdict, options))
    if options.json:
        print_json(out)
    return status(words)


def status(words: set[str]) -> int:
    """NOTATION's exit status for a set of verdicts.

    >>> status({"proved"}), status({"proved", "unknown"}), status({"refuted", "unreadable"})
    (0, 1, 2)
    """
    return 2 if "unreadable" in words else 1 if words - {"proved"} else 0


def safely(latex: str, given: list[str], near: bool, explain: bool) -> Verdict:
    """The verdict; a fault of ours leaves one claim undecided, not the whole batch unanswered."""
    from derive.claims import Verdict, check

    try:
        return check(latex, given, near=near, explain=explain)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        where = " ".join(str(error).split())[:300]
        message = f"internal error, please report it: {type(error).__name__}: {where}"
        return Verdict("unknown", message=message, latex=latex)


def _batch(name: str) -> list[dict[str, Any]]:
    """The claims of a batch, each field checked."""
    source = read_text(name)
    name = "standard input" if name == "-" else name
    try:
        data = json.loads(source)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UserError(f"{name} is not JSON: {error.msg} ({place})") from None
    except RecursionError:
        raise UserError(f"{name} is nested too deep") from None
    if not isinstance(data, list):
        raise UserError(f"{name}: expected a JSON list of claims")
    return [_claim(name, number, one) for number, one in enumerate(data)]


def _claim(name: str, number: int, one: Any) -> dict[str, Any]:
    if not isinstance(one, dict) or not isinstance(one.get("latex"), str):
        raise UserError(f'{name}: entry {number} has no "latex" (a string)')
    given = one.get("given") or []
    given = [given] if isinstance(given, str) else given
    if not isinstance(given, list) or not all(isinstance(g, str) for g in given):
        raise UserError(f'{name}: entry {number}: "given" is a string or a list of strings')
    return {"id": one.get("id"), "latex": one["latex"], "given": given}


# ---- for people


def written(verdict: Verdict, options: argparse.Namespace) -> str:
    """The verdict in words: a proof with its steps, or what is known instead."""
    out = []
    if options.show_reading:
        out += reading(options.claim, options.given)
    if verdict.verdict != "proved":
        return "\n".join([*out, verdict.explanation()])
    from derive.notes.derivation import derivation
    from derive.notes.render_text import as_text

    out.append(f"proved: {verdict.reading}")
    for theorem in verdict.theorems:
        out += ["", as_text(derivation(theorem))]
    return "\n".join(out)


def reading(latex: str, given: list[str]) -> list[str]:
    """How a claim was read: on which spaces, with which conditions."""
    from derive.latex import Unreadable, read
    from derive.latex.printer import latex as to_latex
    from derive.text import text

    try:
        found = read(latex, given)
    except Unreadable:
        return []
    out = [f"read as a {found.kind}:"]
    for link in found.links:
        for space, statement in link.variants:
            tex = f"{to_latex(statement.lhs)} = {to_latex(statement.rhs)}"
            out += [f"  on {space}: {text(statement)}", f"    in LaTeX: {tex}"]
    assumed = dict.fromkeys(a for link in found.links for a in link.assumed)
    out += [f"  note: {note}" for note in (*found.notes, *assumed)]
    return [*out, ""]

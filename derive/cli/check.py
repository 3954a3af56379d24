"""`derive check`: claims to verdicts, one or many; JSON and exit statuses as NOTATION has them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from derive.cli.batch import Entry, read_batch
from derive.cli.output import UserError, print_json

if TYPE_CHECKING:
    from derive.claims import Verdict


FORMATS = ("text", "latex", "markdown", "json")


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
    check.add_argument(
        "--format", choices=FORMATS,
        help="of the derivation or the counterexample, LaTeX and Markdown to paste into notes; "
        "default: text",
    )  # fmt: skip
    check.add_argument(
        "--json", action="store_true", help="as a JSON list, in the input's order: --format json"
    )
    check.add_argument("--language", default="en", help="of the reasons: en or ko; default: en")
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
        elif one in ("--given", "--batch", "--format", "--language"):
            value = next(rest, None)
            options.append(one if value is None else f"{one}={value}")
        elif one.startswith("--") or one == "-h":
            options.append(one)
        else:
            claims.append(one)
    return [*options, "--", *claims] if claims else options


def run_check(options: argparse.Namespace) -> int:
    style = _style(options)
    if (options.claim is None) == (options.batch is None):
        raise UserError("check: give a claim, or --batch FILE")
    if options.batch is not None and style != "json":
        raise UserError("check: --batch answers in JSON; say --json as well")
    if options.show_reading and style != "text":
        raise UserError("check: --show-reading is for --format text")
    from derive.notes.catalogue import UnknownLanguage, catalogue

    try:
        catalogue(options.language)
    except UnknownLanguage as error:
        raise UserError(str(error)) from None
    if options.batch is not None:
        claims = read_batch(options.batch)
    else:
        claims = [Entry(None, options.claim)]
    near = options.batch is None if options.near_miss is None else options.near_miss
    out, words = [], set()
    for claim in claims:
        verdict = judged(claim, options.given, near, style != "json")
        words.add(verdict.verdict)
        if style == "json":
            out.append({"id": claim.id, **verdict.json(options.language)})
        else:
            from derive.cli import verdicts

            if options.show_reading:
                print("\n".join(verdicts.reading(options.claim, options.given)))
            print(verdicts.written(verdict, style, options.language).rstrip("\n"))
    if style == "json":
        print_json(out)  # at the end and at once: what was interrupted prints no list
    return status(words)


def _style(options: argparse.Namespace) -> str:
    """The format asked for; --json is short for --format json."""
    if options.json and options.format not in (None, "json"):
        raise UserError(f"check: --json and --format {options.format} exclude each other")
    return "json" if options.json else options.format or "text"


def status(words: set[str]) -> int:
    """NOTATION's exit status for a set of verdicts.

    >>> status({"proved"}), status({"proved", "unknown"}), status({"refuted", "unreadable"})
    (0, 1, 2)
    """
    return 2 if "unreadable" in words else 1 if words - {"proved"} else 0


def judged(claim: Entry, given: list[str], near: bool, explain: bool) -> Verdict:
    """The verdict; a fault of ours leaves one claim undecided, not the whole batch unanswered."""
    from derive.claims import Verdict, check

    if claim.fault:
        return Verdict("unreadable", message=f"unreadable: {claim.fault}", latex=claim.latex)
    try:
        return check(claim.latex, [*given, *claim.given], near=near, explain=explain)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        where = " ".join(str(error).split())[:300]
        message = f"internal error, please report it: {type(error).__name__}: {where}"
        return Verdict("unknown", message=message, latex=claim.latex)

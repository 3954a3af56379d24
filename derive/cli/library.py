"""`derive list`, `derive prove` and `derive show`: the library's entries."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.cli.output import UserError, print_json, put

if TYPE_CHECKING:
    from derive.claims import Verdict
    from derive.hypotheses import Case
    from derive.library import Result

FORMATS = ("text", "latex", "markdown", "html", "json")


def register(commands: Any) -> None:
    listing = commands.add_parser(
        "list", help="the library's theorems", allow_abbrev=False,
        description="The library's theorems in the lecture's order, its wrong claims marked.",
    )  # fmt: skip
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(run=run_list)

    prove = commands.add_parser(
        "prove", help="prove theorems of the library", allow_abbrev=False,
        description="Prove theorems of the library: find a proof, then derive the statement again "
        "from the recorded steps. The library's wrong claims have to be refuted. "
        "Exit status: 0 if all hold, 1 if not, 2 for a usage error.",
    )  # fmt: skip
    prove.add_argument("names", nargs="*", metavar="NAME", help="see `derive list`")
    prove.add_argument("--all", action="store_true", help="all of the library")
    prove.add_argument("--json", action="store_true", help="as JSON, with steps and hypotheses")
    prove.set_defaults(run=run_prove)

    show = commands.add_parser(
        "show", help="write out a proof", allow_abbrev=False,
        description="A theorem with its hypotheses, and each step of its proof with its reason.",
    )  # fmt: skip
    show.add_argument("name", nargs="?", metavar="NAME", help="see `derive list`")
    show.add_argument("--all", action="store_true", help="with --hypotheses: all of the library")
    show.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    show.add_argument("--language", default="en", help="of the reasons: en or ko; default: en")
    show.add_argument(
        "--fragment", action="store_true",
        help="with --format latex: without the preamble, to paste into your notes",
    )  # fmt: skip
    show.add_argument(
        "--hypotheses", action="store_true",
        help="for each hypothesis a case in which the claim fails without it (text or json)",
    )  # fmt: skip
    show.add_argument("--output", type=Path, metavar="FILE", help="write there instead")
    show.set_defaults(run=run_show)


def entry(name: str) -> Result:
    from derive.library import UnknownName, find

    try:
        return find(name)
    except UnknownName as error:
        raise UserError(str(error)) from None


def judged(result: Result) -> Verdict:
    """The verdict on an entry: a theorem is replayed, and is the very statement of the entry."""
    from derive.claims import judge

    return judge(result.statement, result.by)


# ---- list


def run_list(options: argparse.Namespace) -> int:
    from derive.library import results
    from derive.text import text

    if options.json:
        print_json([{**described(r), "statement": text(r.statement)} for r in results()])
        return 0
    width = max(len(r.name) for r in results())
    for r in results():
        print(f"{r.name:{width}}  {r.title}" + ("" if r.holds else " (wrong)"))
    return 0


def described(r: Result) -> dict[str, Any]:
    return {
        "name": r.name, "title": r.title, "holds": r.holds, "rows": list(r.rows),
        "source": r.source,
    }  # fmt: skip


# ---- prove


def run_prove(options: argparse.Namespace) -> int:
    if options.all == bool(options.names):
        raise UserError("prove: give names of theorems, or --all")
    from derive.library import results

    chosen = results() if options.all else [entry(n) for n in dict.fromkeys(options.names)]
    counts = {"proved": 0, "refuted": 0, "failed": 0}
    width = max(len(r.name) for r in chosen)
    out = []
    for r in chosen:
        verdict = judged(r)
        good = verdict.verdict == ("proved" if r.holds else "refuted")
        counts[verdict.verdict if good else "failed"] += 1
        if options.json:
            out.append({**described(r), **verdict.json(), "latex": claim_latex(r)})
            continue
        word = verdict.verdict if good else f"FAILED ({verdict.verdict})"
        print(f"{word:8}  {r.name:{width}}  {verdict.seconds:6.3f} s  {r.title}", flush=True)
        if not good:
            print(_indented(verdict.explanation()))
        elif verdict.counterexample:
            print(_indented("; ".join(verdict.counterexample.text())))
    if options.json:
        print_json(out)
    else:
        if counts["refuted"]:
            print(f"{counts['refuted']} wrong claims refuted, as they have to be")
        print(f"{counts['proved']} proved, {counts['failed']} failed")
    wrong_named = counts["refuted"] if not options.all else 0
    return 1 if counts["failed"] or wrong_named else 0


def _indented(words: str) -> str:
    return "\n".join("          " + line for line in words.splitlines())


def claim_latex(r: Result) -> str:
    from derive.latex.printer import latex

    return f"{latex(r.statement.lhs)} = {latex(r.statement.rhs)}"


# ---- show


def run_show(options: argparse.Namespace) -> int:
    from derive.cli import render
    from derive.notes.catalogue import UnknownLanguage, catalogue

    if options.fragment and options.format != "latex":
        raise UserError("show: --fragment is for --format latex")
    if options.hypotheses and options.format not in ("text", "json"):
        raise UserError("show: --hypotheses is for --format text or json")
    if options.all != (options.name is None):
        raise UserError("show: give the name of a theorem, or --all with --hypotheses")
    if options.all and not options.hypotheses:
        raise UserError("show: --all is for --hypotheses")
    try:
        catalogue(options.language)
    except UnknownLanguage as error:
        raise UserError(str(error)) from None
    if options.all:
        put(why_all(options.format), options.output)
        return 0
    r = entry(options.name)
    verdict = judged(r)
    if verdict.theorem is None and verdict.counterexample is None:
        raise UserError(f"{r.name} is not proved: {verdict.message}")
    if options.hypotheses:
        if not r.holds:
            raise UserError(f"{r.name} is a wrong claim: it fails with all its hypotheses")
        put(why(r, options.format), options.output)
        return 0
    put(
        render.entry(r, verdict, options.format, options.language, options.fragment), options.output
    )
    return 0


def why(r: Result, style: str) -> str:
    """What each hypothesis of an entry is for: a case without it, or that there is none."""
    from derive.hypotheses import cases

    found = cases(r.statement)
    return _as_json(_why_json(r, found)) if style == "json" else _why_text(r, found)


def why_all(style: str) -> str:
    """The same for all theorems, and how many hypotheses have a case."""
    from derive.hypotheses import cases
    from derive.library import results

    found = [(r, cases(r.statement)) for r in results() if r.holds]
    if style == "json":
        return _as_json([_why_json(r, some) for r, some in found])
    each = [case for _, some in found for case in some]
    shown = sum(bool(case.case) for case in each)
    proved = sum(not case.needed for case in each)
    tally = (
        f"{len(each)} hypotheses of {len(found)} theorems: {shown} with a case without them, "
        f"{proved} not needed (the claim is proved without them), "
        f"{len(each) - shown - proved} without either"
    )
    return "\n\n".join([*(_why_text(r, some) for r, some in found), tally])


def _why_text(r: Result, found: list[Case]) -> str:
    from derive.text import text

    out = [r.title, "─" * len(r.title), text(r.statement), ""]
    if not found:
        out.append("no hypotheses: it holds for all functions and values")
    for case in found:
        out += [case.hypothesis, f"    without it: {case.words}"]
    return "\n".join(out)


def _why_json(r: Result, found: list[Case]) -> dict[str, Any]:
    return {**described(r), "hypotheses": [case.json() for case in found]}


def _as_json(data: Any) -> str:
    import json

    return json.dumps(data, ensure_ascii=False, indent=2)

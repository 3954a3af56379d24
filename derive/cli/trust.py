"""`derive trust`: what has to be trusted, in lines; each claim with its grade."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from derive.cli.output import UserError, print_json, put


def register(commands: Any) -> None:
    trust = commands.add_parser(
        "trust", help="what has to be trusted, in lines", allow_abbrev=False,
        description="The kernel and all that it imports when it is loaded, file by file: the "
        "code that could make a false theorem. With --report, each claim of the project with its "
        "grade (proved, refuted, checked, assumed), made by running all of them; "
        "exit status 1 if one fails.",
    )  # fmt: skip
    trust.add_argument("--json", action="store_true", help="as JSON")
    trust.add_argument("--report", action="store_true", help="the graded claims, in Markdown")
    trust.add_argument(
        "--output", type=Path, metavar="FILE", help="with --report: write there instead"
    )
    trust.set_defaults(run=run_trust)


def run_trust(options: argparse.Namespace) -> int:
    if options.report and options.json:
        raise UserError("trust: --json and --report exclude each other")
    if options.output is not None and not options.report:
        raise UserError("trust: --output is for --report")
    if options.report:
        from derive.lecture.graded import report

        words, good = report()
        put(words, options.output)
        return 0 if good else 1
    from derive.trust import closure, totals

    files = closure()
    total = totals(files)
    if options.json:
        print_json({"files": files, **total})
        return 0
    width = max(map(len, files))
    for name, lines in files.items():
        print(f"{name:{width}}  {lines['lines']:5} lines  {lines['code']:5} of code")
    for what in ("kernel", "closure"):
        t = total[what]
        print(f"{what:{width}}  {t['lines']:5} lines  {t['code']:5} of code")
    return 0

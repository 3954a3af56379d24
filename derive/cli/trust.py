"""`derive trust`: what has to be trusted, in lines."""

from __future__ import annotations

import argparse
from typing import Any

from derive.cli.output import print_json


def register(commands: Any) -> None:
    trust = commands.add_parser(
        "trust", help="what has to be trusted, in lines", allow_abbrev=False,
        description="The kernel and all that it imports when it is loaded, file by file: the "
        "code that could make a false theorem.",
    )  # fmt: skip
    trust.add_argument("--json", action="store_true", help="as JSON")
    trust.set_defaults(run=run_trust)


def run_trust(options: argparse.Namespace) -> int:
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

"""`derive lint`: the mathematics in whole documents, claim by claim."""

from __future__ import annotations

import argparse
from typing import Any

from derive.cli.output import UserError


def register(commands: Any) -> None:
    lint = commands.add_parser(
        "lint", help="judge the claims in documents", allow_abbrev=False,
        description="Find the mathematics in Markdown, LaTeX, notebooks and plain text, and judge "
        "each claim. Exit status: 0 nothing refuted, 1 something refuted, 2 a usage error or a "
        "file that cannot be read; with --strict also 1 for what is unknown or unreadable.",
    )  # fmt: skip
    lint.add_argument("files", nargs="*", metavar="FILE", help="- or nothing: standard input")
    lint.add_argument(
        "--given", action="append", default=[], metavar="EQUATION",
        help="a definition or a condition for all of them; may be repeated",
    )  # fmt: skip
    lint.add_argument("--format", choices=("text", "github", "sarif"), default="text")
    lint.add_argument("--json", action="store_true", help="as a JSON list")
    lint.add_argument("--strict", action="store_true", help="fail on unknown and unreadable too")
    lint.set_defaults(run=run_lint)


def run_lint(options: argparse.Namespace) -> int:
    from derive.lint import main_lint

    if options.json and options.format != "text":
        raise UserError(f"lint: --json and --format {options.format} exclude each other")
    status: int = main_lint(
        options.files or ["-"], options.given, options.json, options.format, options.strict
    )
    return status

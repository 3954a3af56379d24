"""`derive lecture`: the lecture's facts proved, drawn and audited, the network trained."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from derive.cli.audit import number
from derive.cli.output import folder


def register(commands: Any) -> None:
    lecture = commands.add_parser(
        "lecture", help="the whole lecture: proofs, audit, training, notes", allow_abbrev=False,
        description="Prove the lecture's facts, refute its wrong slide, audit minigrad's "
        "convolution, train a small network, and write the derivations as LaTeX and HTML.",
    )  # fmt: skip
    lecture.add_argument(
        "--output", type=Path, default=Path("build"), metavar="DIR", help="default: build"
    )
    lecture.add_argument("--seed", type=number(0), default=0, metavar="N", help="default: 0")
    lecture.set_defaults(run=run_lecture)


def run_lecture(options: argparse.Namespace) -> int:
    folder(options.output)
    from derive.lecture import run

    status: int = run(options)
    return status

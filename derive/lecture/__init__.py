"""`derive lecture`: the lecture from end to end, in one run.

Proves its facts, refutes its wrong slides, audits minigrad against the theorems, trains a small
network, draws the pictures, and writes all of it as LaTeX and HTML.
"""

from __future__ import annotations

import textwrap
import time
from pathlib import Path
from typing import Any

from derive.lecture.evidence import audits, computations, drawings, facts, say, timed, training
from derive.lecture.pages import publish
from derive.lecture.rows import table

__all__ = ["lecture", "run"]

INDENT = " " * 14


def run(options: Any) -> int:
    """The command: 0 if every row holds, else 1."""
    return lecture(options.output, getattr(options, "seed", 0))


def lecture(output: Path, seed: int = 0) -> int:
    from minigrad.progress import Bar

    start = time.perf_counter()
    evidence = timed("Proving the facts, refuting what is wrong", facts())
    evidence += timed("Computing the examples", computations())
    evidence += timed("Auditing minigrad against the theorems", audits(seed))
    say("\nTraining a small convolutional network on the digits")
    evidence.append(training(seed, Bar()))
    say(f"  {evidence[-1].words}")
    evidence += timed("Drawing the pictures", drawings())
    for path in publish(evidence, output):
        say(f"wrote {path}")
    rows = table(evidence)
    say("\nThe sixteen systems of the lecture")
    for number, title, verdict, shown in rows:
        say(f"  {number:<4} {verdict:<6} {title}")
        say(textwrap.fill(shown, 100, initial_indent=INDENT, subsequent_indent=INDENT))
    held = sum(verdict == "holds" for _, _, verdict, _ in rows)
    say(f"\n{held} of {len(rows)} rows hold, {time.perf_counter() - start:.1f} s")
    return 0 if held == len(rows) else 1

"""The command `derive`: arguments to one of the functions beside it, and its exit status.

May: parse, and put errors on one line.  Must not: import SymPy, the kernel or anything else that
is heavy before a command needs it; `derive --help` answers at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from derive.cli import audit, check, layer, lecture, library, lint, trust
from derive.cli.output import UserError, fail, piped_away, plain_utf8

COMMANDS = (library, check, layer, lint, audit, lecture, trust)


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    from derive import __version__

    top = argparse.ArgumentParser(
        prog="derive",
        description="Prove, refute and write out facts about convolution and its gradients.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"derive {__version__}")
    commands = top.add_subparsers(required=True, metavar="command", dest="command")
    for command in COMMANDS:
        command.register(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives its exit status (2 for what cannot be understood or written)."""
    plain_utf8()
    try:
        arguments = list(sys.argv[1:] if argv is None else argv)
        if arguments[:1] in (["check"], ["lint"]):
            arguments = [arguments[0], *check.arranged(arguments[1:])]
        options = parser().parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        return piped_away()
    except KeyboardInterrupt:
        return fail("interrupted", 130)
    except (UserError, OSError) as error:
        return fail(str(error))

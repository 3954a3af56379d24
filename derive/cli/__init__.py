"""The command `derive`: arguments to one of the functions beside it, and its exit status.

May: parse, and put errors on one line.  Must not: import SymPy, the kernel or anything else that
is heavy before a command needs it; `derive --help` answers at once.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from derive.cli.parsing import Parser


def parser() -> Parser:
    """What can be asked for."""
    from derive import __version__
    from derive.cli import audit, check, layer, lecture, library, lint, trust
    from derive.cli.parsing import Parser

    top = Parser(
        prog="derive",
        description="Prove, refute and write out facts about convolution and its gradients.",
        epilog="Begin with: derive check '(f * g)(x) = (g * f)(x)'",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"derive {__version__}")
    commands = top.add_subparsers(required=True, metavar="command", dest="command")
    top.commands = commands
    for command in (library, check, layer, lint, audit, lecture, trust):
        command.register(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives its exit status (2 for what cannot be understood or written).

    All that has to be imported is imported in here: an interrupt then is one line, not a traceback.
    """
    try:
        from derive.cli.check import arranged
        from derive.cli.output import UserError, fail, piped_away, plain_utf8, stdout_is_open

        plain_utf8()
        if not stdout_is_open():
            return fail("standard output is closed")
        try:
            arguments = list(sys.argv[1:] if argv is None else argv)
            if arguments[:1] in (["check"], ["lint"]):
                arguments = [arguments[0], *arranged(arguments[1:])]
            options = parser().parse_args(arguments)
            status: int = options.run(options)
            sys.stdout.flush()
            return status
        except BrokenPipeError:
            return piped_away()
        except UserError as error:
            return fail(str(error))
        except OSError as error:
            return piped_away(fail(str(error)))
    except BaseException as error:
        if not _interrupted(error):
            raise
        if sys.stderr is not None:
            print("derive: interrupted", file=sys.stderr)
        return 130


def _interrupted(error: BaseException | None) -> bool:
    """Ctrl-C; while a class is made, Python 3.11 hands it on as the cause of a RuntimeError."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None

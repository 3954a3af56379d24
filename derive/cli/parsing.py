"""argparse with a hint: what was written is nearly the name of a command or an option.

May: word an error.  Must not: accept what argparse does not.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

INVALID = re.compile(r"invalid choice: '([^']*)'")


class Parser(argparse.ArgumentParser):
    """`commands` is what `add_subparsers` gave, where there are any."""

    commands: Any = None

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, rest = self.parse_known_args(args, namespace)
        if rest:
            parser = self.commands.choices[found.command] if self.commands else self
            parser.unknown(rest)
        return found

    def unknown(self, rest: Sequence[str]) -> NoReturn:
        """Options that the command does not have, or too many arguments."""
        options = [one.split("=")[0] for one in rest if one.startswith("-")]
        known = [name for action in self._actions for name in action.option_strings]
        hint = "".join(near(one, known) for one in options[:1])
        self.error(f"unrecognized arguments: {' '.join(rest)}{hint}")

    def error(self, message: str) -> NoReturn:
        if found := INVALID.search(message):
            names: list[str] = [str(c) for a in self._actions for c in a.choices or ()]
            message += near(found[1], names)
        super().error(message)


def near(written: str, names: Iterable[str]) -> str:
    """
    >>> near("chekc", ["check", "list"]), near("zzz", ["check"])
    ('; did you mean check?', '')
    """
    found = get_close_matches(written, list(names), n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else ""

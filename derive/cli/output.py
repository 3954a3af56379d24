"""What all commands share in speaking: UTF-8, one-line errors, files whole or not at all."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


class UserError(Exception):
    """What the user asked for cannot be done; the message is one clear line."""


def plain_utf8() -> None:
    """Print UTF-8 whatever the terminal's encoding is; what UTF-8 has not is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def stdout_is_open() -> bool:
    """Whether there is anything to print to: `derive list >&-` closes it."""
    return sys.stdout is not None


def fail(message: str, status: int = 2) -> int:
    """One line on standard error."""
    if sys.stderr is not None:
        print("derive: " + " ".join(message.split()), file=sys.stderr)
    return status


def piped_away(status: int = 141) -> int:
    """Nobody reads on (`derive list | head -1`): say nothing, as other tools do."""
    # what is still buffered would raise again when Python closes the stream
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def put(content: str, target: Path | None) -> None:
    """On standard output, or as a file that is written beside itself and then renamed."""
    if target is None:
        print(content.rstrip("\n"))
        return
    from derive.notes.document import write

    if target.is_dir():
        raise UserError(f"{target} is a folder")
    write(target, content if content.endswith("\n") else content + "\n")


def folder(target: Path) -> None:
    """Refuse what cannot become a folder with files in it, before the long work and not after."""
    if target.exists() and not target.is_dir():
        raise UserError(f"{target} is not a folder")
    target.mkdir(parents=True, exist_ok=True)  # an OSError is one line as well
    if not os.access(target, os.W_OK):
        raise UserError(f"cannot write into {target}")


def read_text(name: str) -> str:
    """A file's text, or standard input's for -."""
    shown = "standard input" if name == "-" else name
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{shown} is not UTF-8: {error.reason} at byte {error.start}") from None
    except OSError as error:
        raise UserError(f"cannot read {shown}: {error.strerror}") from None

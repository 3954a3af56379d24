"""A file of many claims: each entry read by itself, so that a malformed one costs only its place.

May: read and name what is wrong with an entry.  Must not: judge a claim.  `check` calls it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from derive.cli.output import UserError, read_text


@dataclass(frozen=True)
class Entry:
    """`fault`: what keeps it from being judged, with its number (from 0) and its key, else ""."""

    id: Any
    latex: str
    given: tuple[str, ...] = ()
    fault: str = ""


def read_batch(name: str) -> list[Entry]:
    """The entries in order; a file that is no JSON list at all is an error."""
    source = read_text(name)
    name = "standard input" if name == "-" else name
    try:
        data = json.loads(source)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UserError(f"{name} is not JSON: {error.msg} ({place})") from None
    except RecursionError:
        raise UserError(f"{name} is nested too deep") from None
    except ValueError as error:  # a number of more digits than Python reads
        raise UserError(f"{name} cannot be read: {error}") from None
    if not isinstance(data, list):
        raise UserError(f"{name}: expected a JSON list of claims, got {kind(data)}")
    return entries(data)


def entries(data: list[Any]) -> list[Entry]:
    """Each with what is wrong with it.

    >>> for entry in entries([{"latex": "a = a"}, {"latex": None}, "a = a"]):
    ...     print(entry.fault or "as it should be")
    as it should be
    entry 1, "latex": expected a string, got null
    entry 2: expected an object, got a string
    """
    seen: dict[str, int] = {}
    return [_entry(number, one, seen) for number, one in enumerate(data)]


def _entry(number: int, one: Any, seen: dict[str, int]) -> Entry:
    def faulty(words: str, key: str = "") -> Entry:
        known = one if isinstance(one, dict) else {}
        latex, name = known.get("latex"), known.get("id")
        where = f'entry {number}, "{key}"' if key else f"entry {number}"
        return Entry(
            name if isinstance(name, str | int) else None,  # infinity and NaN are no JSON
            latex if isinstance(latex, str) else "",
            fault=f"{where}: {words}",
        )

    if not isinstance(one, dict):
        return faulty(f"expected an object, got {kind(one)}")
    name = one.get("id")
    if name is not None:
        if isinstance(name, list | dict | float | bool):
            return faulty(f"expected a string or an integer, got {kind(name)}", "id")
        first = seen.setdefault(json.dumps(name), number)
        if first != number:
            return faulty(f"entry {first} has the same", "id")
    if "latex" not in one:
        return faulty("is missing", "latex")
    if not isinstance(one["latex"], str):
        return faulty(f"expected a string, got {kind(one['latex'])}", "latex")
    given = one.get("given")
    if given is None:
        given = []
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list):
        return faulty(f"expected a string or a list of strings, got {kind(given)}", "given")
    for k, g in enumerate(given):
        if not isinstance(g, str):
            return faulty(f"expected strings, got {kind(g)} as number {k}", "given")
    return Entry(name, one["latex"], tuple(given))


def kind(value: Any) -> str:
    """What a JSON value is, in words."""
    if value is None:
        return "null"
    names = {bool: "a truth value", int: "a number", float: "a number", str: "a string",
             list: "a list", dict: "an object"}  # fmt: skip
    return names[type(value)]

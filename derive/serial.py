"""Nodes as plain data (lists, strings, numbers) and back, for certificates and for storage.

May: write any node of `syntax`, and build one from data after checking its every field.  Must
not: evaluate, import by name, or trust its input; it may come from anywhere.

A node is ["Name", field, ...] in the order of its class, a tuple ["()", ...], a fraction "p/q",
None null.  `derive.recorded` adds steps and whole theorems.
"""

from __future__ import annotations

import re
import types
from dataclasses import fields
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from derive import syntax
from derive.syntax import CLASSES, IllTyped, Node, check_cond, domain_of, space_of

DEPTH = 200  # above any statement, and below Python's own limit
N = TypeVar("N", bound=Node)
_RATIONAL = re.compile(r"-?(0|[1-9][0-9]{0,4000})(/[1-9][0-9]{0,4000})?")
_ABSTRACT = {"Node", "Term", "Function", "Cond"}
KINDS: dict[str, type[Node]] = {
    name: kind
    for name, kind in vars(syntax).items()
    if isinstance(kind, type) and issubclass(kind, Node) and name not in _ABSTRACT
}
_WORDS = {
    ("Space", "kind"): {"Z", "R", "Zn"},
    ("Rel", "op"): {"=", "<=", "<"},
    ("Fn", "cls"): set(CLASSES),
    ("Fn", "style"): {"call", "index"},
    ("Definition", "notation"): {"infix", "prefix", "name"},
}


class BadData(ValueError):
    """Data that is no node: `where` is the place, as in [1][0]."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"at {where or 'the top'}: {reason}")
        self.where, self.reason = where, reason


def to_json(node: Node) -> list[Any]:
    """Nested lists that `json.dumps` takes.

    >>> to_json(syntax.Rel("<", syntax.ZERO, syntax.ONE))
    ['Rel', '<', ['Num', '0'], ['Num', '1']]
    """
    if KINDS.get(type(node).__name__) is not type(node):
        raise TypeError(f"not a node: {type(node).__name__}")
    return [type(node).__name__, *(plain(getattr(node, f.name)) for f in fields(node))]  # type: ignore[arg-type]


def plain(value: Any) -> Any:
    """A field of a node as data."""
    match value:
        case Node():
            return to_json(value)
        case tuple() | list():
            return ["()", *(plain(v) for v in value)]
        case Fraction():
            return str(value)
        case None | str() | bool() | int():
            return value
    raise TypeError(f"cannot be written as data: {type(value).__name__}")


def from_json(data: Any, kind: type[N] = Node) -> N:  # type: ignore[assignment]
    """The node of `data`, of the kind asked for and well typed, or `BadData`."""
    node = _read(data, kind, "", 0)
    try:
        _check(node)
    except (IllTyped, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise BadData("", f"ill typed: {error}") from error
    return node  # type: ignore[no-any-return]


def _check(node: Node) -> None:
    if isinstance(node, syntax.Term):
        space_of(node)
    elif isinstance(node, syntax.Function):
        domain_of(node)
    elif isinstance(node, syntax.Cond):
        check_cond(node)
    parts = node.children()
    if isinstance(node, syntax.Op):
        parts += (node.definition.lam,)
    if isinstance(node, syntax.Fn) and node.box is not None:
        parts += tuple(bound for pair in node.box for bound in pair)
    for part in parts:
        _check(part)


@lru_cache(maxsize=64)
def _shape(kind: type[Node]) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((f.name, hints[f.name]) for f in fields(kind))  # type: ignore[arg-type]


def _read(data: Any, expected: Any, where: str, depth: int) -> Any:
    """`data` as a value of the annotated type `expected`."""
    if depth > DEPTH:
        raise BadData(where, f"nested more than {DEPTH} deep")
    origin = get_origin(expected)
    if origin in (Union, types.UnionType):
        return _read_union(data, get_args(expected), where, depth)
    if origin is tuple:
        return _read_tuple(data, get_args(expected), where, depth)
    if expected is type(None):
        if data is not None:
            raise BadData(where, "expected null")
        return None
    if expected is str:
        if not isinstance(data, str) or not data:
            raise BadData(where, "expected a word")
        return data
    if expected is int:
        if isinstance(data, bool) or not isinstance(data, int) or not 0 <= data < 10_000:
            raise BadData(where, "expected a number from 0 to 9999")
        return data
    if expected is Fraction:
        return read_fraction(data, where)
    return _read_node(data, expected, where, depth)


def read_fraction(data: Any, where: str) -> Fraction:
    if not isinstance(data, str) or not _RATIONAL.fullmatch(data):
        raise BadData(where, "expected a fraction such as '-3/4'")
    return Fraction(data)


def _read_node(data: Any, expected: type[Node], where: str, depth: int) -> Node:
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise BadData(where, f"expected a {expected.__name__} as [name, fields...]")
    kind = KINDS.get(data[0])
    if kind is None or not issubclass(kind, expected):
        raise BadData(where, f"expected a {expected.__name__}, got {data[0][:40]!r}")
    shape = _shape(kind)  # type: ignore[arg-type]
    if len(data) != len(shape) + 1:
        raise BadData(where, f"{data[0]} has {len(shape)} fields, not {len(data) - 1}")
    values = {}
    for k, ((name, hint), part) in enumerate(zip(shape, data[1:], strict=True), 1):
        values[name] = _read(part, hint, f"{where}[{k}]", depth + 1)
        allowed = _WORDS.get((data[0], name))
        if allowed is not None and values[name] not in allowed:
            raise BadData(f"{where}[{k}]", f"expected one of {', '.join(sorted(allowed))}")
    return kind(**values)


def _read_tuple(data: Any, shape: tuple[Any, ...], where: str, depth: int) -> tuple[Any, ...]:
    if not isinstance(data, list) or not data or data[0] != "()":
        raise BadData(where, 'expected a tuple as ["()", ...]')
    parts = data[1:]
    if len(shape) == 2 and shape[1] is Ellipsis:
        shape = (shape[0],) * len(parts)
    if len(shape) != len(parts):
        raise BadData(where, f"expected {len(shape)} parts, not {len(parts)}")
    return tuple(
        _read(p, hint, f"{where}[{k}]", depth + 1)
        for k, (p, hint) in enumerate(zip(parts, shape, strict=True), 1)
    )


def _read_union(data: Any, choices: tuple[Any, ...], where: str, depth: int) -> Any:
    """The choice that the data's own head names; its errors are the ones to report."""
    head = data[0] if isinstance(data, list) and data else None
    for choice in choices:
        is_node = isinstance(choice, type) and issubclass(choice, Node)
        named = KINDS.get(head) if isinstance(head, str) else None
        fits = named is not None and is_node and issubclass(named, choice)
        fits = fits or (choice is type(None) and data is None)
        fits = fits or (get_origin(choice) is tuple and head == "()")
        if fits:
            return _read(data, choice, where, depth)
    wanted = " or ".join(getattr(c, "__name__", str(c)) for c in choices)
    raise BadData(where, f"expected {wanted}")

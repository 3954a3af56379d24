"""Parts of a term by their paths, and a term with one part replaced.

May: walk and rebuild.  Must not: know why.  `edits` calls it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from derive.syntax import App, DiffEntry, Function, Node

Path = tuple[int, ...]


def parts(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """The node and all that it is made of, outermost first; a forward formula is one part."""
    yield path, node
    if isinstance(node, DiffEntry) or (isinstance(node, App) and _takes_a_function(node)):
        return
    for k, child in enumerate(node.children()):
        yield from parts(child, (*path, k))


def _takes_a_function(node: App) -> bool:
    return any(isinstance(arg, Function) for arg in node.args)


def put(node: Any, path: Path, new: Node) -> Any:
    """`node` with `new` at a path.

    >>> from derive.syntax import Fn, Var, Z
    >>> f, a, b = Fn("f", (Z,)), Var("a", Z), Var("b", Z)
    >>> put(f(a) + 1, (0, 1), b)
    f(b) + 1
    """
    if not path:
        return new
    place = path[0]
    for f in fields(node):
        if not f.metadata.get("child", True):
            continue
        value = getattr(node, f.name)
        if isinstance(value, Node):
            if place == 0:
                return replace(node, **{f.name: put(value, path[1:], new)})
            place -= 1
        elif isinstance(value, tuple):
            count = sum(isinstance(v, Node) for v in value)
            if place < count:
                changed = put(value[place], path[1:], new)
                return replace(node, **{f.name: (*value[:place], changed, *value[place + 1 :])})
            place -= count
    raise IndexError(f"no part {path} in {node!r}")

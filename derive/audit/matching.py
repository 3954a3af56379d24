"""Instances: what must be put in for a theorem's free symbols to make it speak of a given term.

May: compare shapes.  Must not: prove: what is found here the kernel checks again (`use`), and
`meaning` evaluates with it.  A theorem that speaks of something else is a `Mismatch`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from derive.binding import bound, free
from derive.syntax import Fn, Mul, Node, Num, Space, Term, Var, term
from derive.text import text

Instance = dict[Any, Node]


class Mismatch(ValueError):
    """The theorem speaks of another formula."""


def instance(pattern: Node, target: Node) -> Instance:
    """What to put in for each free symbol of `pattern` to make it `target`."""
    found: Instance = {}
    _match(pattern, target, {}, found)
    missing = {s.name for s in free(pattern)} - {s.name for s in found}
    if missing:
        raise Mismatch(f"nothing is known to put in for {', '.join(sorted(missing))}")
    return found


def _match(pattern: Any, target: Any, inner: Mapping[Var, Var], found: Instance) -> None:
    if isinstance(pattern, tuple) and isinstance(target, tuple) and len(pattern) == len(target):
        for p, t in zip(pattern, target, strict=True):
            _match(p, t, inner, found)
    elif isinstance(pattern, Var):
        _variable(pattern, target, inner, found)
    elif isinstance(pattern, Fn) and isinstance(target, Fn):
        if pattern.cls != target.cls or (pattern.box is None) != (target.box is None):
            raise Mismatch(f"{target.name} is not of the kind of {pattern.name}")
        _match(pattern.domain, target.domain, {}, found)
        _match(pattern.box, target.box, {}, found)
        _bind(pattern, target, found)
    elif isinstance(pattern, Mul) and isinstance(target, Num):
        _scaled(pattern, target, inner, found)
    elif type(pattern) is type(target) and isinstance(pattern, Node):
        own, other = bound(pattern), bound(target)
        for p, t in zip(own, other, strict=True):
            _match(p.space, t.space, {}, found)
        inside = {**inner, **dict(zip(own, other, strict=True))}
        for f in fields(pattern):  # type: ignore[arg-type]
            if f.name not in ("var", "params"):
                scope = inside if f.name == "body" else inner
                _match(getattr(pattern, f.name), getattr(target, f.name), scope, found)
    elif pattern != target:
        raise Mismatch(f"the theorem has {_show(pattern)} where the layer has {_show(target)}")


def _variable(pattern: Var, target: Any, inner: Mapping[Var, Var], found: Instance) -> None:
    if pattern in inner:
        if inner[pattern] != target:
            raise Mismatch(f"the theorem has {pattern.name} where the layer has {_show(target)}")
        return
    if not isinstance(target, Term) or free(target) & set(inner.values()):
        raise Mismatch(f"{_show(target)} cannot stand for {pattern.name}")
    if isinstance(target, Var):
        _match(pattern.space, target.space, {}, found)
    _bind(pattern, target, found)


def _scaled(pattern: Mul, target: Num, inner: Mapping[Var, Var], found: Instance) -> None:
    """k v against a number: v is the number divided by k."""
    scale = [f.value for f in pattern.factors if isinstance(f, Num)]
    rest = [f for f in pattern.factors if not isinstance(f, Num)]
    if len(scale) != 1 or len(rest) != 1 or scale[0] == 0:
        raise Mismatch(f"the theorem has {_show(pattern)} where the layer has {_show(target)}")
    _match(rest[0], term(target.value / scale[0]), inner, found)


def _bind(symbol: Var | Fn, value: Node, found: Instance) -> None:
    if found.setdefault(symbol, value) != value:
        raise Mismatch(
            f"{symbol.name} would have to be both {_show(found[symbol])} and {_show(value)}"
        )


def _show(part: Any) -> str:
    return text(part) if isinstance(part, Node) and not isinstance(part, Space) else repr(part)

"""Free symbols, alpha-equality and capture-avoiding substitution.

May: rename bound variables.  Must not: evaluate or simplify.  The kernel trusts this module.

A variable's space and a tensor's box are *declarations*: the symbols in them (a size n, a
dimension d) are free whatever binders stand around, so a bound n never captures the n of
"x has entries 1..n".  `substitute` opens a binder and leaves declarations alone; `instantiate`
replaces free symbols everywhere, declarations included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, TypeVar

from derive.syntax import (
    Definition,
    Diff,
    DiffEntry,
    Fn,
    Lam,
    Node,
    Op,
    Rel,
    Space,
    Sum,
    Term,
    Var,
    check_shape,
    join,
    space_of,
)

Symbol = Var | Fn
N = TypeVar("N", bound=Node)
NOTHING: frozenset[Symbol] = frozenset()


class Captured(ValueError):
    """A substitution that cannot be carried out, such as w := ... below a derivative by w."""


def bound(node: Node) -> tuple[Var, ...]:
    """The variables that `node` itself binds in its `body`."""
    match node:
        case Sum(var) | Diff(var):
            return (var,)
        case Lam(params):
            return params
    return ()


def scopes(node: Node) -> list[tuple[str, Any, tuple[Var, ...]]]:
    """(field, value, variables bound in it) for each field of `node` with subterms."""
    return [
        (f.name, getattr(node, f.name), bound(node) if f.name == "body" else ())
        for f in fields(node)  # type: ignore[arg-type]
        if f.metadata.get("child", True)
    ]


def declared(symbol: Symbol) -> frozenset[Symbol]:
    """The symbols in the declaration of a variable or function (sizes, dimensions)."""
    return free(symbol) - {symbol}


def _mentioned(part: Any) -> frozenset[Symbol]:
    if isinstance(part, Term):
        return free(part)
    if isinstance(part, Node):
        part = [getattr(part, f.name) for f in fields(part)]  # type: ignore[arg-type]
    if isinstance(part, list | tuple):
        return NOTHING.union(*(_mentioned(p) for p in part))
    return NOTHING


@lru_cache(maxsize=100_000)
def free(node: Node) -> frozenset[Symbol]:
    """The free variables and functions, with those of all declarations."""
    check_shape(node)
    if isinstance(node, Var | Fn):
        declaration = [node.space] if isinstance(node, Var) else [node.domain, node.box]
        return frozenset({node}) | _mentioned(declaration)
    out = free(node.fn) if isinstance(node, DiffEntry) else NOTHING
    if isinstance(node, Op):
        out |= loose(node.definition)
    for var in bound(node):
        out |= declared(var)
    for _, value, inner in scopes(node):
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, Node):
                inside = free(child)
                out |= inside - set(inner) if inner else inside
                # what is declared below a binder is free even if its name is bound here
                out = out.union(*(declared(s) for s in inside)) if inner else out
    return out


@lru_cache(maxsize=10_000)
def loose(definition: Definition) -> frozenset[Symbol]:
    """What is free in a definition besides its parameters: sizes in their declarations."""
    inside = free(definition.lam).union(*(declared(p) for p in definition.params))
    return inside - set(definition.params)


def names(symbols: Iterable[Symbol]) -> frozenset[str]:
    return frozenset(s.name for s in symbols)


def fresh(wanted: str, avoid: Iterable[str]) -> str:
    """`wanted`, or a variant of it that is not in `avoid`."""
    taken = set(avoid)
    stem = wanted.rstrip("'")
    count, name = 0, wanted
    while name in taken:
        count += 1
        name = stem + "'" * count if count < 3 else f"{stem}_{{{count}}}"
    return name


def substitute(node: N, mapping: Mapping[Var, Term]) -> N:
    """`node` with terms for the variables of a binder that is being opened."""
    return _replace(node, dict(mapping), {})  # type: ignore[no-any-return]


def instantiate(node: N, mapping: Mapping[Any, Node]) -> N:
    """`node` with terms and functions for free symbols, in declarations too."""
    return _replace(node, dict(mapping), dict(mapping))  # type: ignore[no-any-return]


def _replace(node: Any, local: dict[Any, Node], everywhere: dict[Any, Node]) -> Any:
    if isinstance(node, tuple):
        return tuple(_replace(part, local, everywhere) for part in node)
    if not isinstance(node, Node) or isinstance(node, Definition):
        return node
    if free(node).isdisjoint(local) and free(node).isdisjoint(everywhere):
        return node
    if isinstance(node, Var | Fn):
        return local[node] if node in local else _redeclare(node, everywhere)
    changes: dict[str, Any] = {}
    if isinstance(node, DiffEntry):
        changes["fn"] = _differentiated(node, local, everywhere)
    if isinstance(node, Op):
        changes["definition"] = _redefined(node.definition, everywhere)
    inner = local
    if variables := bound(node):
        inner = {s: t for s, t in local.items() if s not in variables}
        renamed = _renamed(node, variables, inner, everywhere)
        inner = inner | dict(zip(variables, renamed, strict=True))
        if isinstance(node, Lam):
            changes["params"] = renamed
        else:
            changes["var"] = renamed[0]
    for name, value, binds in scopes(node):
        changes[name] = _replace(value, inner if binds else local, everywhere)
    new: Any = replace(node, **changes)  # type: ignore[type-var]
    if isinstance(node, Rel) and any(isinstance(s, Var) and s.space.kind == "Zn" for s in local):
        if _modular(node) and not _modular(new):
            raise Captured("residues would be compared as integers")
    return new


def _modular(rel: Rel) -> bool:
    return join(space_of(rel.lhs), space_of(rel.rhs)).kind == "Zn"


def _differentiated(node: DiffEntry, local: dict[Any, Node], everywhere: dict[Any, Node]) -> Fn:
    """The tensor by whose entry is differentiated, if what comes in does not depend on it."""
    fn = _replace(node.fn, local, everywhere)
    if not isinstance(fn, Fn) or fn.box != _redeclare(node.fn, everywhere).box:
        raise Captured(f"{node.fn.name} cannot be replaced below a derivative by its entry")
    for symbol in free(node.body) - {node.fn}:
        image = local[symbol] if symbol in local else _redeclare(symbol, everywhere)
        if fn in free(image):
            raise Captured(f"below a derivative by its entry, {fn.name} would come in")
    return fn


def _redefined(definition: Definition, everywhere: dict[Any, Node]) -> Definition:
    """The definition with the sizes in its declarations replaced."""
    sizes = {s: t for s, t in everywhere.items() if s in loose(definition)}
    if not sizes:
        return definition
    if names(NOTHING.union(*map(free, sizes.values()))) & names(definition.params):
        raise Captured(f"a parameter of {definition.symbol} would be captured")
    params = tuple(_redeclare(p, sizes) for p in definition.params)
    inside = sizes | dict(zip(definition.params, params, strict=True))
    return replace(definition, params=params, lam=_replace(definition.lam, inside, inside))


def _renamed(
    node: Any, variables: tuple[Var, ...], inner: dict[Any, Node], everywhere: dict[Any, Node]
) -> tuple[Var, ...]:
    """The bound variables, named so that they capture nothing that comes in or stands inside."""
    taken: set[str] = set()
    for symbol in free(node.body):
        if symbol in inner:
            taken |= names(free(inner[symbol]))
        elif symbol not in variables:
            taken.add(symbol.name)
    out: list[Var] = []
    for var in variables:
        name = fresh(var.name, taken)
        taken.add(name)
        out.append(replace(_redeclare(var, everywhere), name=name))
    return tuple(out)


def _redeclare(symbol: Any, everywhere: dict[Any, Node]) -> Any:
    """The same variable or function with the sizes in its declaration replaced."""
    if not everywhere or everywhere.keys().isdisjoint(declared(symbol)):
        return symbol

    def redo(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(redo(p) for p in part)
        if isinstance(part, Term):
            return _replace(part, everywhere, everywhere)
        if isinstance(part, Node):
            parts = {f.name: redo(getattr(part, f.name)) for f in fields(part)}  # type: ignore[arg-type]
            return replace(part, **parts)  # type: ignore[type-var]
        return part

    if isinstance(symbol, Var):
        return replace(symbol, space=redo(symbol.space))
    return replace(symbol, domain=redo(symbol.domain), box=redo(symbol.box))


def alpha_key(node: Any, env: Mapping[Var, str] | None = None, depth: int = 0) -> str:
    """A string that two nodes share exactly when they differ only in names of bound variables."""
    if isinstance(node, Fn | Definition | Space):  # nothing in a declaration is ever bound outside
        return _declared_key(node)
    return _alpha_key(node, env or {}, depth)


@lru_cache(maxsize=20_000)
def _declared_key(node: Node) -> str:
    return _alpha_key(node, {}, 0)


def _alpha_key(node: Any, env: Mapping[Var, str], depth: int) -> str:
    if isinstance(node, Var):
        return env.get(node) or f"{node.name!r}:{alpha_key(node.space)}"
    if isinstance(node, tuple):
        return "(" + ",".join(alpha_key(part, env, depth) for part in node) + ")"
    if not isinstance(node, Node):
        return repr(node)
    variables = bound(node)
    inner = {**env, **{v: f"#{depth + k}" for k, v in enumerate(variables)}}
    parts = [alpha_key(v.space) for v in variables]
    for f in fields(node):  # type: ignore[arg-type]
        value = getattr(node, f.name)
        if f.name == "body":
            parts.append(alpha_key(value, inner, depth + len(variables)))
        elif not (variables and f.name in ("var", "params")):
            parts.append(alpha_key(value, env, depth))
    return f"{type(node).__name__}({';'.join(parts)})"


def alpha_equal(a: Node, b: Node) -> bool:
    """Equality up to the names of bound variables."""
    return a == b or alpha_key(a) == alpha_key(b)

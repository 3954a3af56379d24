"""A statement with its definitions written out, and with other declarations for its functions.

May: unfold and declare anew.  Must not: be used where a theorem is made; the kernel has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from derive.kernel.monomial import unfolded
from derive.syntax import ONE, Fn, IllTyped, Node, Num, Signature, Space, Statement, Term


def is_loss(fn: Fn) -> bool:
    return any(isinstance(s, Signature) for s in fn.domain)


def on_reals(fn: Fn) -> bool:
    return any(isinstance(s, Space) and s.kind == "R" for s in fn.domain)


def rebuilt(node: Any, turn: Callable[[Any], Any]) -> Any:
    """The node with `turn` applied to all parts, declarations too, innermost first."""
    if isinstance(node, tuple):
        return tuple(rebuilt(part, turn) for part in node)
    if not isinstance(node, Node):
        return node
    parts = {f.name: rebuilt(getattr(node, f.name), turn) for f in fields(node)}  # type: ignore[arg-type]
    return turn(type(node)(**parts))


def spelled_out(statement: Statement) -> Statement:
    """All definitions unfolded, with the names of bound variables kept apart.

    >>> from derive.definitions import convolution
    >>> from derive.syntax import Var, Z
    >>> f, x = Fn("f", (Z,), "finite"), Var("x", Z)
    >>> spelled_out(Statement((), convolution(Z)(f, f)(x), f(x)))
    Σ_{z∈Z} f(z) f(x − z) = f(x)
    """
    def turn(node: Any) -> Any:
        if not isinstance(node, Term):
            return node
        opened = unfolded(node)
        return opened if opened == node else rebuilt(opened, turn)

    given = tuple(rebuilt(c, turn) for c in statement.given)
    return Statement(given, rebuilt(statement.lhs, turn), rebuilt(statement.rhs, turn))


def redeclared(statement: Statement, mapping: Mapping[Fn, Fn]) -> Statement:
    """Other functions in the place of some, also where a derivative is taken by their entries."""
    made: Statement = rebuilt(statement, lambda node: mapping.get(node, node))
    return made


def in_one_dimension(statement: Statement, kind: str) -> Statement:
    """The statement on Z or R: one with a symbolic dimension holds for each, so for 1."""
    def turn(node: Any) -> Any:
        if not isinstance(node, Space):
            return node
        if node.kind == "Zn" or (isinstance(node.dim, Num) and node.dim != ONE):
            raise IllTyped(f"{node!r} has more than one coordinate, or residues")
        return Space(kind, ONE)

    made: Statement = rebuilt(replace(statement, given=()), turn)
    return made

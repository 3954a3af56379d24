"""Nodes as one line of Unicode: what `Node.__repr__` and all messages show.

May: import nothing heavy.  Must not: rewrite; what is shown reads back as the same statement.
"""

from __future__ import annotations

from derive.printing.names import set_name
from derive.printing.terms import Printer
from derive.syntax import Node


def text(node: Node) -> str:
    """One line of Unicode for any node.

    >>> from derive.syntax import Fn, Sum, Var, Z
    >>> a, i, f, g = Var("a", Z), Var("i", Z), Fn("f", (Z,)), Fn("g", (Z,))
    >>> text(Sum(a, (), f(a) * g(i - a)))
    'Σ_{a∈Z} f(a) g(i − a)'
    """
    return Unicode().show(node)


class Unicode(Printer):
    def ident(self, name: str) -> str:
        return set_name(name).text

    def plain(self, name: str) -> bool:
        return set_name(name).plain

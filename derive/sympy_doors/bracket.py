"""[P] as a SymPy function that evaluates nothing.

A Piecewise will not do: SymPy moves it out of sums and integrals while it builds them.
"""

from __future__ import annotations

from typing import Any

import sympy as sp


class Bracket(sp.Function):  # type: ignore[misc]
    """Bracket(condition) is 1 where the condition holds, else 0 (Iverson's bracket)."""

    nargs = 1
    is_real = True

    @classmethod
    def eval(cls, condition: Any) -> None:
        return None

    def _eval_rewrite_as_Piecewise(self, condition: Any, **kwargs: Any) -> sp.Piecewise:
        return sp.Piecewise((1, condition), (0, True))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        shown = rf"\left[{printer._print(self.args[0])}\right]"
        return shown if exp is None else rf"{shown}^{{{exp}}}"

"""A counterexample: the data, both sides, and how to say it.

May: hold and write down.  Must not: search.  `check` shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from derive.meaning import Formula, Functional, Points, as_json
from derive.meaning.exact import generators
from derive.meaning.render import latex
from derive.printing.names import set_name
from derive.refute.words import unicode
from derive.syntax import Fn, Var


@dataclass(frozen=True)
class Counterexample:
    """Data on which every hypothesis holds and the sides differ; `env` is one for `meaning`."""

    env: Mapping[Any, Any]
    left: Any
    right: Any

    @property
    def values(self) -> dict[str, Any]:
        """For each function its non-zero values by "a,b" (on R its formula, in LaTeX)."""
        return {
            s.name: formula_latex(v) if isinstance(v, Formula) else as_json(v)
            for s, v in self.env.items()
            if isinstance(s, Fn)
        }

    @property
    def at(self) -> dict[str, str]:
        """The free variables."""
        return {
            s.name: latex(v) if s.space.kind == "R" else as_json(v)
            for s, v in self.env.items()
            if isinstance(s, Var)
        }

    @property
    def lhs(self) -> str:
        return self._side(self.left)

    @property
    def rhs(self) -> str:
        return self._side(self.right)

    def _side(self, value: Any) -> str:
        real = any(isinstance(v, Formula) for v in self.env.values())
        return latex(value) if real else str(as_json(value))

    def json(self) -> dict[str, Any]:
        return {"values": self.values, "at": self.at, "lhs": self.lhs, "rhs": self.rhs}

    def text(self) -> list[str]:
        """One line for each function, one for the variables, one for the two sides."""
        functions, variables = self._data_text()
        at = ["at " + variables] if variables else []
        sides = f"the left side is {unicode(self.left)}, the right side is {unicode(self.right)}"
        return [*functions, *at, sides]

    def data_text(self) -> list[str]:
        """The data alone, in no language's words."""
        functions, variables = self._data_text()
        return [*functions, variables] if variables else functions

    def _data_text(self) -> tuple[list[str], str]:
        functions = [_words(set_name(s.name).text, v) for s, v in self._pairs(Fn)]
        pairs = [f"{set_name(s.name).text} = {unicode(v)}" for s, v in self._pairs(Var)]
        return functions, ", ".join(pairs)

    def latex(self) -> str:
        """The same in one LaTeX line."""
        sides = rf"{latex(self.left)} \ne {latex(self.right)}"
        return r",\quad ".join([*self.data_latex(), sides])

    def data_latex(self) -> list[str]:
        """The data alone, a piece of LaTeX for each function and variable."""
        out = [_tex(set_name(s.name).latex, v) for s, v in self._pairs(Fn)]
        return out + [f"{set_name(s.name).latex} = {latex(v)}" for s, v in self._pairs(Var)]

    def _pairs(self, kind: type) -> list[tuple[Any, Any]]:
        return [(s, v) for s, v in self.env.items() if isinstance(s, kind)]


def formula_latex(data: Formula) -> str:
    """A function of x, or of x_1, x_2, ..."""
    one = {0: "x"}
    several = {k: f"x_{{{k + 1}}}" for k in range(9)}
    return latex(data.body, one if generators(data.body) <= {0} else several)


def _key(key: tuple[int, ...]) -> str:
    return ",".join(map(str, key))


def _words(name: str, data: Any) -> str:
    if isinstance(data, Points):
        kept = [f"{name}({_key(k)}) = {unicode(v)}" for k, v in sorted(data.values.items())]
        if not kept:
            return f"{name} = 0 everywhere"
        return ", ".join(kept) + f", else {name} = 0"
    if isinstance(data, Functional):
        terms = []
        for c, places in data.terms:
            entries = " ".join(f"h[{_key(k)}]" for _, k in places)
            terms.append(entries if c == 1 and entries else f"{unicode(c)} {entries}".strip())
        return f"{name}(h) = " + (" + ".join(terms).replace("+ -", "- ") or "0")
    return f"{name}(x) = {formula_text(data)}"


def formula_text(data: Formula) -> str:
    """A function of x, or of x₁, x₂, ..."""
    return unicode(data.body, {0: "x"} if generators(data.body) <= {0} else None)


def _tex(name: str, data: Any) -> str:
    if isinstance(data, Points):
        parts = []
        for key, value in sorted(data.values.items()):
            size = "" if value == 1 else "-" if value == -1 else latex(value) + r"\,"
            parts.append(rf"{size}\delta_{{{_key(key)}}}")
        return f"{name} = " + (" + ".join(parts).replace("+ -", "- ") or "0")
    if isinstance(data, Functional):
        terms = []
        for c, places in data.terms:
            entries = " ".join(f"h_{{{_key(k)}}}" for _, k in places)
            terms.append(entries if c == 1 else f"{latex(c)} {entries}")
        return f"{name}(h) = " + (" + ".join(terms) or "0")
    return f"{name}(x) = {formula_latex(data)}"

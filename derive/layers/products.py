"""A sum of products of tensors' entries as NumPy: one `einsum` for each term.

A factor whose indices are letters over the tensor's whole axes is the tensor itself; any other is
`entries(x, i + p, ...)` on a grid of its letters.  Brackets multiply a factor that has their
letters; those that compare entries are factors of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from itertools import count
from string import ascii_letters
from typing import Any

from derive.binding import free
from derive.kernel.monomial import Monomial, monomials
from derive.layers.errors import Outside
from derive.layers.expressions import OPS, condition, expression, number
from derive.layers.python_names import Names
from derive.layers.scan import entries
from derive.polynomial import equal
from derive.search.tidy import tidy
from derive.syntax import (
    ZERO,
    And,
    App,
    Cond,
    Fn,
    Iverson,
    Lam,
    Max,
    Node,
    Not,
    Num,
    Op,
    Or,
    Partial,
    Pow,
    Rel,
    Term,
    Var,
)

Range = tuple[Term, Term]
DELTA = Fn(r"\delta", ())  # stands for dL/dh where a theorem does not name it


@dataclass
class Factor:
    """One operand of an einsum: its letters and what it is in Python."""

    letters: tuple[Var, ...]
    code: str
    plain: bool
    masks: list[str] = field(default_factory=list)
    truth: bool = False  # False and True, which `einsum` would not count

    @property
    def shown(self) -> str:
        return " * ".join([self.code, *self.masks])  # masks are False and True


class Products:
    """Writes terms whose free letters have `ranges`; `arrays` are the names of the functions."""

    def __init__(self, names: Names, ranges: dict[Var, Range], arrays: dict[Fn | Op, str]) -> None:
        self.names, self.ranges, self.arrays = names, dict(ranges), arrays
        self.boxes: dict[str, tuple[Range, ...]] = {}
        self.delta: Fn | Op = DELTA
        self.values = count(1)  # numbers of the values that are compared

    def term(self, m: Monomial, out: tuple[Var, ...], target: str) -> list[str]:
        """Statements that assign the sum to `target`, an array over the letters `out`."""
        ranges = {v: self.ranges[v] for v in out}
        brackets: list[Cond] = [f.cond for f in m.factors if isinstance(f, Iverson)]
        for var, ends in m.binders:
            ranges[var], more = self._range(m, var, ends, set(ranges))
            brackets += more
        numbers: list[str] = []
        factors: list[Factor] = []
        for f in m.factors:
            times = 1
            if isinstance(f, Pow) and isinstance(f.base, App):
                times, f = f.exponent, f.base
            if isinstance(f, App):
                factors += [self._factor(f, ranges) for _ in range(times)]
            elif not isinstance(f, Iverson) and (not isinstance(f, Num) or f.value != 1):
                if free(f) & set(ranges):
                    raise Outside("linear", f, "an index stands as a value")
                numbers.append(number(f, self.names))
        before: list[str] = []
        for cond in brackets:
            if any(True for _ in entries(cond)):
                letters = tuple(v for v in ranges if v in free(cond))
                code = self._truth(cond, letters, ranges, before)
                factors.append(Factor(letters, code, False, truth=True))
        for cond in brackets:
            if not any(True for _ in entries(cond)):
                self._mask(cond, factors, ranges)
        covered = {v for f in factors for v in f.letters}
        for var in ranges:
            if var not in covered:
                ones = f"np.ones({self.length(ranges[var])}, bool)"
                factors.append(Factor((var,), ones, True, truth=True))
        lettered = [f for f in factors if f.letters]
        truths = [f for f in lettered if f.truth]
        if len(truths) > 1 or truths == lettered:  # two of them may meet before a third
            for f in truths:
                f.code = f"1 * {f.code}"
        return [*before, *self._statements(factors, numbers, ranges, out, target)]

    def total(self, found: list[Monomial], out: tuple[Var, ...], target: str) -> list[str]:
        """Statements that assign a sum of terms to `target`."""
        if not found:
            shape = "".join(f"{self.length(self.ranges[v])}, " for v in out)
            return [f"{target} = np.zeros(({shape.strip()}))"]
        lines: list[str] = []
        for k, m in enumerate(found):
            lines += self.term(m, out, target if k == 0 else "more")
            if k:
                lines.append(f"{target} = {target} + more")
        if not out:
            lines.append(f"{target} = np.asarray({target})")
        return lines

    # --- comparisons ----------------------------------------------------------------------------

    def _truth(
        self, cond: Cond, letters: tuple[Var, ...], ranges: dict[Var, Range], before: list[str]
    ) -> str:
        """A condition on entries, an array over `letters`; its values are computed `before`."""
        def parts(conds: tuple[Cond, ...], sign: str) -> str:
            return f" {sign} ".join(self._truth(c, letters, ranges, before) for c in conds)

        match cond:
            case Rel(op, lhs, rhs) if any(True for _ in entries(cond)):
                a, b = (self._value(t, letters, ranges, before) for t in (lhs, rhs))
                return f"({a} {OPS[op]} {b})"
            case And(conds) if conds:
                return f"({parts(conds, '&')})"
            case Or(conds) if conds:
                return f"({parts(conds, '|')})"
            case Not(inner):
                return f"~{self._truth(inner, letters, ranges, before)}"
        return condition(cond, self.names)

    def _value(
        self, t: Term, letters: tuple[Var, ...], ranges: dict[Var, Range], before: list[str]
    ) -> str:
        if not any(True for _ in entries(t)):
            return number(t, self.names)
        name = f"value_{next(self.values)}"
        inner = Products(self.names, {v: ranges[v] for v in letters}, self.arrays)
        inner.boxes, inner.delta, inner.values = self.boxes, self.delta, self.values
        before += inner.total(multiplied(t), letters, name)
        return name

    # --- ranges ---------------------------------------------------------------------------------

    def _range(
        self, m: Monomial, var: Var, ends: tuple[Term, ...], letters: set[Var]
    ) -> tuple[Range, list[Cond]]:
        """A range with ends that are sizes: the range of an axis if the sum's own is none."""
        others = letters | {v for v, _ in m.binders}
        if len(ends) == 2 and not any(free(end) & others for end in ends):
            return (ends[0], ends[1]), []
        for f in m.factors:
            if isinstance(f, App) and f.fn in self.arrays:
                for arg, axis in zip(f.args, self.boxes[self.arrays[f.fn]], strict=True):
                    if arg == var:
                        inside: list[Cond] = []
                        if ends:
                            inside = [Rel("<=", ends[0], var), Rel("<=", var, ends[1])]
                        return axis, inside
        raise Outside("range", var, "its range depends on other indices")

    def length(self, ends: Range) -> str:
        return expression(tidy(ends[1] - ends[0] + 1), self.names)

    # --- factors --------------------------------------------------------------------------------

    def _factor(self, f: App, ranges: dict[Var, Range]) -> Factor:
        if isinstance(f.fn, Partial) and isinstance(f.args[0], Lam):
            f = App(self.delta, f.args[1:])
        if f.fn not in self.arrays:
            raise Outside("linear", f, "a function of values has no code but as the last step")
        name = self.arrays[f.fn]
        box = self.boxes[name]
        args = [a for a in f.args if isinstance(a, Term)]  # of a loss's derivative: the entry
        whole = all(
            isinstance(a, Var) and a in ranges and all(map(equal, ranges[a], axis))
            for a, axis in zip(args, box, strict=True)
        )
        if whole:
            return Factor(tuple(a for a in args if isinstance(a, Var)), name, True)
        letters = tuple(v for v in ranges if any(v in free(a) for a in args))
        places = [
            expression(tidy(a - axis[0]) if axis[0] != ZERO else a, self.names)
            for a, axis in zip(args, box, strict=True)
        ]
        return Factor(letters, f"entries({', '.join([name, *places])})", False)

    def _mask(self, cond: Cond, factors: list[Factor], ranges: dict[Var, Range]) -> None:
        letters = tuple(v for v in ranges if v in free(cond))
        for f in factors:
            if not f.plain and set(letters) <= set(f.letters):
                f.masks.append(condition(cond, self.names))
                return
        if not letters:
            raise Outside("range", cond, "a condition on sizes alone")
        factors.append(Factor(letters, condition(cond, self.names), False, truth=True))

    # --- statements -----------------------------------------------------------------------------

    def _statements(
        self,
        factors: list[Factor],
        numbers: list[str],
        ranges: dict[Var, Range],
        out: tuple[Var, ...],
        target: str,
    ) -> list[str]:
        lines: list[str] = []
        subscript = _letters(tuple(ranges))
        for f in factors:
            if not f.letters:  # one entry, such as b_0: a number
                numbers = [*numbers, " * ".join([f"{f.code}[()]", *f.masks])]
        factors = [f for f in factors if f.letters]
        operands: list[str] = []
        for k, f in enumerate(factors):
            if f.plain:
                operands.append(f.shown)
                continue
            grid = ", ".join(self.names.of(v) for v in f.letters)
            grid = f"({grid},)" if len(f.letters) == 1 else grid
            lines.append(f"{grid} = np.ix_({self._spans([ranges[v] for v in f.letters])})")
            name = f"part_{k + 1}"
            lines.append(f"{name} = {f.shown}")
            operands.append(name)
        subs = ",".join("".join(subscript[v] for v in f.letters) for f in factors)
        result = "".join(subscript[v] for v in out)
        fast = "" if _alone(factors, out) else ", optimize=True"
        value = f'np.einsum("{subs}->{result}", {", ".join(operands)}{fast})'
        if len(factors) == 1 and subs == result:
            value = operands[0]
        if not factors:
            value, *numbers = numbers or ["1"]
        for factor in numbers:
            value = _times(value, factor)
        return [*lines, f"{target} = {value}"]

    def _spans(self, ranges: list[Range]) -> str:
        if len(ranges) > 1 and all(low == ZERO for low, _ in ranges):
            return f"*map(np.arange, ({', '.join(map(self.length, ranges))}))"
        return ", ".join(map(self._span, ranges))

    def _span(self, ends: Range) -> str:
        low, high = (expression(tidy(end), self.names) for end in (ends[0], ends[1] + 1))
        return f"np.arange({high})" if ends[0] == ZERO else f"np.arange({low}, {high})"


def multiplied(t: Term) -> list[Monomial]:
    """The monomials of a sum of products, max(a, b) written as a [b < a] + b [a <= b]."""
    return list(monomials(without_maxima(t)))


def without_maxima(t: Any) -> Any:
    if isinstance(t, tuple):
        return tuple(map(without_maxima, t))
    if not isinstance(t, Node) or isinstance(t, Var | Fn | Op):
        return t
    t = replace(t, **{f.name: without_maxima(getattr(t, f.name)) for f in fields(t)})  # type: ignore[type-var,arg-type]
    if isinstance(t, Max) and any(True for _ in entries(t)):
        first, second = Rel("<", t.right, t.left), Rel("<=", t.left, t.right)
        return t.left * Iverson(first) + t.right * Iverson(second)
    return t


def _alone(factors: list[Factor], out: tuple[Var, ...]) -> bool:
    """Whether some factors share letters among themselves only: they sum to one number.

    NumPy's optimised einsum makes a scalar of it, which fails on arrays of objects.
    """
    reached = set(out)
    while more := {v for f in factors if set(f.letters) & reached for v in f.letters} - reached:
        reached |= more
    return any(not set(f.letters) & reached for f in factors)


def _times(value: str, factor: str) -> str:
    if factor.startswith("1 / "):
        return f"{value} / {factor[4:]}"
    if "[()]" in factor:
        return f"{value} * {factor}"
    return f"{factor} * {value}" if " / " not in factor else f"{value} * ({factor})"


def _letters(variables: tuple[Var, ...]) -> dict[Var, str]:
    out: dict[Var, str] = {}
    if len(variables) > len(ascii_letters):
        raise Outside("indexed", str(len(variables)), "too many indices for one einsum")
    for v in variables:
        wanted = v.name if len(v.name) == 1 and v.name in ascii_letters else ""
        used = set(out.values())
        out[v] = (
            wanted
            if wanted and wanted not in used
            else next(c for c in ascii_letters if c not in used)
        )
    return out

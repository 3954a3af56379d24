"""Readable NumPy from a layer: `forward` from its formula, `backward` from its theorems.

The text is made from nodes only; each letter of the formula enters as a checked identifier.
"""

from __future__ import annotations

from fractions import Fraction

from derive.binding import free
from derive.kernel import Theorem
from derive.layers.errors import Outside
from derive.layers.expressions import condition
from derive.layers.layer import Form, Layer
from derive.layers.products import DELTA, Products, multiplied, without_maxima
from derive.layers.python_names import Names
from derive.layers.scan import tensors
from derive.polynomial import CONSTANT, Scope, poly, to_term
from derive.search.walk import nest, summands
from derive.syntax import ONE, ZERO, App, DiffEntry, Fn, Node, Op, Term, Var
from derive.text import text

ENTRIES = '''\
def entries(array, *index):
    """array[index], and 0 where an index is outside of the array."""
    index = np.broadcast_arrays(*index)
    inside = np.ones(index[0].shape, bool)
    for at, size in zip(index, array.shape):
        inside &= (0 <= at) & (at < size)
    found = np.zeros(inside.shape, array.dtype)
    found[inside] = array[tuple(at[inside] for at in index)]
    return found
'''


def numpy_source(layer: Layer) -> str:
    """A module with `forward(*, tensors, out_shape, sizes)` and `backward(delta, *, ...)`."""
    return Source(layer).text()


class Source:
    """The names that both functions share, and the functions."""

    def __init__(self, layer: Layer) -> None:
        self.layer, self.names = layer, Names()
        f = layer.forward
        self.tensors = f.tensors
        for fn in f.tensors:
            self.names.of(fn)
        self.chosen: dict[str, Form] = {}
        for form in layer.forms:
            self.chosen.setdefault(form.tensor, layer.form(form.tensor))
        self.known = self._known()
        used = free(f.lam).union(*(free(c.theorem.rhs) for c in self.chosen.values()))
        used = used.union(*(free(end) for ends in f.box for end in ends))
        entry = {v for c in self.chosen.values() for v in _entry(c.theorem)}
        self.sizes = sorted(
            (s for s in used if isinstance(s, Var) and s not in self.known and s not in entry),
            key=lambda v: v.name,
        )

    # --- sizes ----------------------------------------------------------------------------------

    def _known(self) -> set[Var]:
        """Sizes that a tensor's shape tells."""
        out: set[Var] = set()
        for fn in self.tensors:
            for ends in fn.box or ():
                out |= set(_size(ends))
        for ends in self.layer.forward.box:
            out |= set(_size(ends))
        return out

    def unpack(self, shapes: list[tuple[str, tuple[tuple[Term, Term], ...]]]) -> list[str]:
        """Sizes from shapes; each shape is then compared with what the formula says."""
        lines: list[str] = []
        seen: set[Var] = set()
        checks: list[str] = []
        for shape, box in shapes:
            targets, checked = [], []
            more: list[str] = []
            for ends in box:
                checked.append(self.products({}).length(ends))
                new = [(size, extra) for size, extra in _size(ends).items() if size not in seen]
                targets += [self.names.of(size) for size, _ in new] or ["_"]
                for size, extra in new:
                    seen.add(size)
                    more += _without(self.names.of(size), extra)
            comma = "," if len(targets) == 1 else ""
            if set(targets) - {"_"}:
                left = f"({targets[0]},)" if comma else ", ".join(targets)
                lines += [f"{left} = {shape}", *more]
            if "_" in targets:
                checks += [
                    f"if tuple({shape}) != ({', '.join(checked)}{comma}):",
                    f'    raise ValueError(f"{shape}: {{{shape}}} does not fit the other shapes")',
                ]
        return lines + checks

    def products(self, ranges: dict[Var, tuple[Term, Term]], delta: Op | None = None) -> Products:
        arrays: dict[Fn | Op, str] = {fn: self.names.of(fn) for fn in self.tensors}
        arrays[delta or DELTA] = "delta"
        out = Products(self.names, ranges, arrays)
        out.boxes = {self.names.of(fn): fn.box or () for fn in self.tensors}
        out.delta = delta or DELTA
        out.boxes["delta"] = self.layer.forward.box
        return out

    # --- the functions --------------------------------------------------------------------------

    def text(self) -> str:
        forward, backward = self.forward(), self.backward()
        helper = [ENTRIES, ""] if any("entries(" in line for line in forward + backward) else []
        parts = ["import numpy as np", "", "", *helper, *forward, "", "", *backward]
        return "\n".join(parts) + "\n"

    def forward(self) -> list[str]:
        f = self.layer.forward
        shape = "out_shape" if f.box else "out_shape=()"
        arguments = [*(self.names.of(fn) for fn in self.tensors), shape]
        arguments += [self.names.of(v) for v in self.sizes]
        sigma = [self.names.of(f.activation)] if f.activation else []
        lines = [f"def forward(*, {', '.join([*arguments, *sigma])}):"]
        left = Fn(f.name, tuple(v.space for v in f.indices), style="index")
        lines += _docstring(f"{text(left(*f.indices))} = {text(f.body)}", *self._ranges())
        shapes = [(f"{self.names.of(fn)}.shape", fn.box or ()) for fn in self.tensors]
        body = [*self.unpack([*shapes, ("out_shape", f.box)]), *self.hypotheses()]
        ranges = dict(zip(f.indices, f.box, strict=True))
        body += self.products(ranges).total(multiplied(f.before), f.indices, "h")
        body.append(f"return {sigma[0]}(h)" if sigma else "return h")
        return lines + ["    " + line for line in body]

    def hypotheses(self) -> list[str]:
        """What the theorems demand of the sizes, such as 1 <= s."""
        conds = {c: None for form in self.chosen.values() for c in form.theorem.given}
        lines = []
        for cond in conds:
            if free(cond) and free(cond) <= {*self.sizes, *self.known}:
                lines.append(f"if not {condition(cond, self.names)}:")
                shown = text(cond).replace("\\", "").replace('"', "'")
                lines.append(f'    raise ValueError("needs {shown}")')
        return lines

    def _ranges(self) -> list[str]:
        f = self.layer.forward
        parts = [
            f"{text(lo)} ≤ {v.name} ≤ {text(hi)}"
            for v, (lo, hi) in zip(f.indices, f.box, strict=True)
        ]
        return ["for " + ", ".join(parts)] if parts else []

    def backward(self) -> list[str]:
        f = self.layer.forward
        arguments = ["delta", "*", *(self.names.of(fn) for fn in self.tensors)]
        lines = [f"def backward({', '.join([*arguments, *map(self.names.of, self.sizes)])}):"]
        head = "the gradients by " + ", ".join(self.chosen) + "; delta: that by h"
        head += " before the activation" if f.activation else ""
        about = []
        for form in self.chosen.values():
            lhs, rhs = _shown(form.theorem)
            about.append(f"{self.layer.name(form)} (sha256 {form.hash}):")
            about.append(f"    {lhs} = {rhs}")
            about += [f"    where {text(c)}" for c in form.theorem.given if tensors(c)]
        lines += _docstring(head[0].upper() + head[1:] + ".", "", *about)
        shapes = [(f"{self.names.of(fn)}.shape", fn.box or ()) for fn in self.tensors]
        body = [*self.unpack([*shapes, ("delta.shape", f.box)]), *self.hypotheses()]
        if not f.box:
            body.append("delta = np.asarray(delta)")
        results = []
        for tensor, form in self.chosen.items():
            fn = f.tensor(tensor)
            entry = _entry(form.theorem)
            ranges = dict(zip(entry, fn.box or (), strict=True))
            target = f"grad_{self.names.of(fn)}"
            delta = _delta(form.theorem.rhs)
            found = [nest(part) for _, part in summands(without_maxima(form.theorem.rhs))]
            if form.theorem.rhs == ZERO:
                found = []
            body += self.products(ranges, delta).total(found, entry, target)
            results.append(target)
        body.append(
            f"return ({results[0]},)" if len(results) == 1 else f"return {', '.join(results)}"
        )
        return lines + ["    " + line for line in body]


def _size(ends: tuple[Term, Term]) -> dict[Var, int]:
    """n, and how many places more there are: 0 for a range 0..n-1 or 1..n, 1 for 0..n."""
    atoms: dict[str, Term] = {}
    count = poly(ends[1] - ends[0] + ONE, Scope(atoms=atoms))
    extra = count.pop(CONSTANT, Fraction(0))
    size = to_term(count, atoms)
    return {size: int(extra)} if isinstance(size, Var) else {}


def _without(size: str, extra: int) -> list[str]:
    """Of an axis with `extra` more places than a size: the size, which is not below 0."""
    if extra <= 0:
        return [f"{size} += {-extra}"] if extra else []
    return [
        f"{size} -= {extra}",
        f"if {size} < 0:",
        f'    raise ValueError("needs 0 <= {size}")',
    ]


def _entry(theorem: Theorem) -> tuple[Var, ...]:
    left = theorem.lhs
    if not isinstance(left, DiffEntry) or not all(isinstance(v, Var) for v in left.entry):
        raise Outside("indexed", left, "not the derivative of a loss by an entry")
    return tuple(v for v in left.entry if isinstance(v, Var))


def _delta(t: Node) -> Op | None:
    """The delta that a right side speaks of."""
    if isinstance(t, App) and isinstance(t.fn, Op):
        return t.fn
    for child in t.children():
        if (found := _delta(child)) is not None:
            return found
    return None


def _shown(theorem: Theorem) -> tuple[str, str]:
    left = theorem.lhs
    entry = text(left.fn(*left.entry)) if isinstance(left, DiffEntry) else text(left)
    return f"∂L/∂{entry}", text(theorem.rhs)


def _docstring(first: str, *more: str) -> list[str]:
    """A docstring that ends where it should, whatever names stand in it."""
    rows = [r.replace("\\", "").replace('"', "'") for r in (first, *more)]
    return ['    """' + rows[0], *("    " + r if r else "" for r in rows[1:]), '    """']

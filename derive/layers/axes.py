"""Where a tensor stands: each place's range along an axis, and the axes that share a size.

An axis contains all the places where its tensor stands.  A letter whose sum or output names no
upper end shares the end of each axis for which it stands alone, since a sum over all of Z needs
no more.  An axis that an expression reaches, as in x_{s i + d p - P}, ends at a size of its own;
beyond it, as in a padding, the tensor is 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from derive.binding import free, substitute
from derive.kernel import Context
from derive.layers.bounds import modulus
from derive.layers.hull import at_most, hull
from derive.polynomial import poly
from derive.search.tidy import tidy
from derive.syntax import ONE, ZERO, App, Fn, Node, Sum, Term, Var

Range = tuple[Term, Term]
Scoped = Mapping[Var, Range]


@dataclass
class Axis:
    """The places of one tensor along one axis, by what they say of its range.

    `closed`: ranges with both ends known; `fixed`: indices that do not move; `opened`: the sizes
    of the letters without an upper end, `outer` those of the output's; `reached`: expressions.
    """

    tensor: Fn
    closed: list[Range] = field(default_factory=list)
    fixed: list[Range] = field(default_factory=list)
    lows: list[Term] = field(default_factory=list)  # where letters without an upper end begin
    opened: list[Var] = field(default_factory=list)
    outer: list[Var] = field(default_factory=list)
    reached: list[tuple[Term, Scoped]] = field(default_factory=list)

    @property
    def known(self) -> list[Range]:
        return [*self.closed, *self.fixed]

    def add(self, index: Term, scope: Scoped, sizes: Mapping[Var, bool]) -> None:
        """One more place; `sizes`: those that were invented, and whether for an output."""
        divisor = modulus(index)
        if not free(index) & set(scope):
            self.fixed.append((index, index))
        elif divisor is not None and not free(divisor) & set(scope):
            self.closed.append((ZERO, tidy(divisor - 1)))
        elif not isinstance(index, Var) or _nested(scope[index], scope):
            self.reached.append((index, scope))
        else:
            low, high = scope[index]
            own = [s for s in sizes if s in free(high)]
            if own:
                self.lows.append(low)
                (self.outer if sizes[own[0]] else self.opened).append(own[0])
            else:
                self.closed.append((low, high))

    def own(self, context: Context) -> bool:
        """Whether the axis ends at a size of its own."""
        if self.opened or self.outer or not self.closed:
            return bool(self.reached) or not (self.opened or self.outer or self.closed)
        low, high = hull(self.known, context)
        spans = [_span(index, scope) for index, scope in self.reached]
        return not all(
            span and at_most(low, span[0], context) and at_most(span[1], high, context)
            for span in spans
        )

    def low(self, own: bool, context: Context) -> Term:
        """Where the axis begins: with expressions from 1 if all their letters do, else from 0."""
        lows = [*self.lows, *(low for low, _ in self.known)]
        if own:
            begins = [scope[v][0] for t, scope in self.reached for v in free(t) if v in scope]
            lows.append(ONE if begins and all(low == ONE for low in begins) else ZERO)
        return hull([(low, low) for low in lows], context)[0]


@dataclass
class Group:
    """Axes and invented sizes that share an upper end."""

    axes: list[Axis]
    sizes: list[Var]


def groups(axes: list[Axis], context: Context) -> list[Group]:
    """The axes by what they share, in their order.

    An axis with a size of its own shares it with sums, not with outputs, which may go beyond.
    """
    found: list[Group] = []
    for axis in axes:
        linked = axis.opened if axis.own(context) else [*axis.opened, *axis.outer]
        met = [g for g in found if set(g.sizes) & set(linked)]
        merged = Group(
            [*(a for g in met for a in g.axes), axis],
            list(dict.fromkeys([*(s for g in met for s in g.sizes), *linked])),
        )
        at = found.index(met[0]) if met else len(found)
        found[at : at + 1] = [merged]
        found = [g for g in found if g not in met]
    return found


def places(t: Node, scope: Scoped, ranges: Mapping[Sum, Range]) -> Iterator[tuple[App, Scoped]]:
    """The entries of tensors with the ranges of the letters that are bound there."""
    if isinstance(t, App) and isinstance(t.fn, Fn) and t.fn.style == "index":
        yield t, scope
    if isinstance(t, Sum):
        scope = {**scope, t.var: ranges[t]}
    for child in t.children():
        yield from places(child, scope, ranges)


def _nested(ends: Range, scope: Scoped) -> bool:
    return any(free(end) & set(scope) for end in ends)


def _span(index: Term, scope: Scoped) -> Range | None:
    """The smallest and the largest value of an index that is affine, with known steps."""
    low = high = index
    for v in free(index) & set(scope):
        assert isinstance(v, Var)  # noqa: S101 - a scope has letters only
        step = poly(substitute(index, {v: v + 1}) - index).constant()
        if step is None or _nested(scope[v], scope):
            return None
        first, last = scope[v] if step > 0 else reversed(scope[v])
        low, high = substitute(low, {v: first}), substitute(high, {v: last})
    return low, high

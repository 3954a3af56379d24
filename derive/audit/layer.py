"""A convolution layer's configuration: its settings, its sizes, and smaller ones like it.

May: check numbers and count.  Must not: compute a layer.  Every rung is given a `Layer`.
A fully connected layer is the one whose kernel and input have one place (`linear`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

Axes = tuple[int, ...]


@dataclass(frozen=True)
class Layer:
    """`inner` and `outer` count the channels of one group; `after` is padding at the far end."""

    dims: int
    stride: Axes
    padding: Axes
    after: Axes
    dilation: Axes
    groups: int
    inner: int
    outer: int
    kernel: Axes
    size: Axes
    batch: int
    bias: bool
    linear: bool = False

    @property
    def output(self) -> Axes:
        """The sizes of the output, by the usual formula; rung 1 and every run compare it."""
        ends = zip(self.size, self.padding, self.after, strict=True)
        padded = [h + p + q for h, p, q in ends]
        moves = zip(padded, self.kernel, self.dilation, self.stride, strict=True)
        return tuple((h - d * (k - 1) - 1) // s + 1 for h, k, d, s in moves)

    @property
    def shapes(self) -> dict[str, Axes]:
        """Of the weight, the input, the bias and the output (or its cotangent)."""
        g = self.groups
        return {
            "w": (g * self.outer, self.inner, *self.kernel),
            "x": (self.batch, g * self.inner, *self.size),
            "b": (g * self.outer,),
            "y": (self.batch, g * self.outer, *self.output),
        }

    @property
    def products(self) -> int:
        """How many products of a weight and an input the forward pass adds up."""
        return prod(self.shapes["y"]) * self.inner * prod(self.kernel)

    @property
    def terms(self) -> int:
        """The most products that one entry of the output or of a gradient adds up."""
        by_weight = self.batch * prod(self.output)
        return max(self.inner * prod(self.kernel) + 1, by_weight, self.outer * prod(self.kernel))

    @property
    def generators(self) -> int:
        """How many entries all tensors have together."""
        return sum(prod(s) for s in self.shapes.values())

    @property
    def name(self) -> str:
        return "linear" if self.linear else f"conv{self.dims}d"

    @property
    def title(self) -> str:
        """The settings in words."""
        if self.linear:
            return f"linear  {self.inner} to {self.outer}" + ("" if self.bias else ", no bias")
        padding = short(self.padding)
        if self.after != self.padding:
            padding += f" before and {short(self.after)} after"
        return (
            f"{self.name}  kernel {short(self.kernel)}, stride {short(self.stride)}, padding "
            f"{padding}, dilation {short(self.dilation)}, groups {self.groups}"
            + ("" if self.bias else ", no bias")
        )

    def sized(self, outputs: int, spare: bool = True) -> Layer:
        """The same settings on an input with about `outputs` positions on each axis.

        `spare`: with rows at the far end that no position reaches, where the stride allows it.
        """
        size = []
        for k, d, s, p, q in zip(
            self.kernel, self.dilation, self.stride, self.padding, self.after, strict=True
        ):
            reach = d * (k - 1) + 1 + s * (outputs - 1) + (s - 1 if spare else 0)
            size.append(max(1, reach - p - q))
        return replace(self, size=tuple(size))

    def within(self, products: int, generators: int, outputs: Sequence[int] = (4, 3)) -> Layer:
        """This layer, or if it is too large one with the same settings and smaller sizes.

        Positions go first (to one of `outputs` on each axis), then samples, then channels.
        """
        for batch, channels in ((None, None), (2, None), (2, 4), (2, 2), (2, 1), (1, 1)):
            for count in (None, *outputs, *((2, 1) if channels == 1 else ())):
                layer = self._reduced(batch, channels, count)
                if layer.products <= products and layer.generators <= generators:
                    return layer
        return layer

    def _reduced(self, batch: int | None, channels: int | None, outputs: int | None) -> Layer:
        smaller = self
        if outputs is not None and not self.linear:
            size = map(min, self.sized(outputs).size, self.size)
            smaller = replace(smaller, size=tuple(size))
        if batch is not None:
            smaller = replace(smaller, batch=min(batch, self.batch))
        if channels is not None:
            inner, outer = min(channels, self.inner), min(channels, self.outer)
            smaller = replace(smaller, inner=inner, outer=outer)
        return smaller


def short(values: Sequence[int]) -> str:
    """One number where all axes agree, else all of them.

    >>> short((2, 2)), short((2, 1))
    ('2', '(2, 1)')
    """
    return str(values[0]) if len(set(values)) == 1 else str(tuple(values))


def per_axis(what: str, value: int | Sequence[int], dims: int, least: int) -> Axes:
    """An integer, or one for each axis, as a tuple.

    >>> per_axis("stride", 2, 3, 1)
    (2, 2, 2)
    """
    values: tuple[Any, ...] = (value,) * dims
    if isinstance(value, (tuple, list)):
        values = tuple(value)
    if len(values) != dims:
        raise ValueError(f"{what} must be one integer or {dims}, got {value!r}")
    for v in values:
        if isinstance(v, bool) or not isinstance(v, int):
            raise ValueError(f"{what} must be an integer or {dims} of them, got {value!r}")
        if v < least:
            raise ValueError(f"{what} must be at least {least}, got {value!r}")
    return values


def layer_of(
    dims: int,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    channels: int | Sequence[int] | None = None,
    kernel: int | Sequence[int] | None = None,
    size: int | Sequence[int] | None = None,
    batch: int = 2,
    bias: bool = True,
) -> Layer:
    """The layer with these settings; raises ValueError for settings that fit no layer."""
    if dims not in (1, 2, 3):
        raise ValueError(f"dims must be 1, 2 or 3, got {dims!r}")
    (groups,) = per_axis("groups", groups, 1, 1)
    (batch,) = per_axis("batch", batch, 1, 1)
    if kernel is None:
        kernel = (3, 2, 2)[:dims]
    if channels is None:
        each = 1 if dims == 3 or groups > 2 else 2
        channels = groups * each, groups * each
    if isinstance(channels, (tuple, list)) and len(channels) == 1:
        (channels,) = channels
    inner, outer = per_axis("channels", channels, 2, 1)
    if inner % groups or outer % groups:
        raise ValueError(f"groups {groups} must divide the channels {inner} in and {outer} out")
    pads = per_axis("padding", padding, dims, 0)
    layer = Layer(
        dims,
        per_axis("stride", stride, dims, 1),
        pads,
        pads,
        per_axis("dilation", dilation, dims, 1),
        groups,
        inner // groups,
        outer // groups,
        per_axis("kernel", kernel, dims, 1),
        (1,) * dims,
        batch,
        bool(bias),
    )
    if size is None:
        return layer.sized(3 if dims < 3 else 2)
    layer = replace(layer, size=per_axis("size", size, dims, 1))
    if min(layer.output) < 1:
        raise ValueError(
            f"the kernel {layer.kernel} with dilation {layer.dilation} does not fit into the "
            f"input {layer.size} with padding {layer.padding}"
        )
    return layer

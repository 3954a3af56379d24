"""The sizes and settings of a convolution or a pooling: checked here, once, before any work."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Geometry:
    """Sizes along the spatial axes, and what leads from `input` and `kernel` to `output`.

    `padding` is a pair for each axis, before and after: "same" may need one more after.
    """

    input: tuple[int, ...]
    kernel: tuple[int, ...]
    output: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    dilation: tuple[int, ...]
    groups: int

    @property
    def padded(self):
        """The sizes of the padded input."""
        return tuple(m + sum(p) for m, p in zip(self.input, self.padding, strict=True))

    @property
    def taps(self):
        """The number of places in the kernel."""
        return math.prod(self.kernel)

    @property
    def places(self):
        """The number of places in the output."""
        return math.prod(self.output)


def plan(name, x, kernel, stride, padding, dilation=1, groups=1):
    """The geometry of a kernel moved over the spatial axes (from the third on) of shape x."""
    axes = len(kernel)
    if len(x) != axes + 2:
        raise ValueError(
            f"{name}: input must have {axes + 2} dimensions (batch, channels, {axes} spatial), "
            f"got shape {x}"
        )
    stride, padding, dilation, groups = settings(name, kernel, stride, padding, dilation, groups)
    geometry = Geometry(x[2:], kernel, (), stride, padding, dilation, groups)
    output = []
    for m, k, s, d in zip(geometry.padded, kernel, stride, dilation, strict=True):
        reach = d * (k - 1) + 1
        if m < reach:
            raise ValueError(
                f"{name}: the kernel reaches over {reach} (size {k}, dilation {d}), but the "
                f"padded input of shape {x} has only {m} there"
            )
        output.append((m - reach) // s + 1)
    return Geometry(x[2:], kernel, tuple(output), stride, padding, dilation, groups)


def settings(name, kernel, stride, padding, dilation, groups):
    """The settings that can be judged without an input, checked, one for each axis."""
    axes = len(kernel)
    stride = per_axis(name, "stride", stride, axes, 1)
    dilation = per_axis(name, "dilation", dilation, axes, 1)
    (groups,) = per_axis(name, "groups", groups, 1, 1)
    return stride, _pairs(name, padding, kernel, stride, dilation), dilation, groups


def per_axis(name, what, value, axes, least):
    """`value`, an integer or one for each axis, as a tuple; each at least `least`."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes
    if len(values) != axes:
        raise ValueError(f"{name}: {what} must be one integer or {axes}, got {value!r}")
    for v in values:
        if isinstance(v, (bool, np.bool_)) or not isinstance(v, (int, np.integer)):
            raise TypeError(f"{name}: {what} must be an integer or {axes} of them, got {value!r}")
        if v < least:
            raise ValueError(f"{name}: {what} must be at least {least}, got {value!r}")
    return tuple(int(v) for v in values)


def _pairs(name, padding, kernel, stride, dilation):
    axes = len(kernel)
    if not isinstance(padding, str):
        return tuple((p, p) for p in per_axis(name, "padding", padding, axes, 0))
    if padding == "valid":
        return ((0, 0),) * axes
    if padding != "same":
        raise ValueError(f"{name}: padding must be integers, 'same' or 'valid', got {padding!r}")
    if any(s != 1 for s in stride):
        raise ValueError(f"{name}: padding 'same' needs stride 1, got stride {stride}")
    total = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    return tuple((t // 2, t - t // 2) for t in total)

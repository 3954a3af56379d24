"""Pooling over the windows of a (N, C, H, W) tensor: their maxima, their means."""

import math

import numpy as np

from minigrad.ops.conv import conv
from minigrad.ops.geometry import per_axis, plan
from minigrad.ops.shape import getitem, reshape
from minigrad.tensor import lift, record


def max_pool2d(input, kernel_size, stride=None, padding=0):
    """The maximum of each window; stride None is the window's size.

    Padding is never the maximum (it is -∞, not 0), so it can be at most half the window. The
    gradient goes to the first of several equal elements, row by row, as in PyTorch.

    Raises TypeError and ValueError as `conv` does.

    >>> from minigrad import Tensor
    >>> max_pool2d(Tensor([[[[1, 2, 0], [4, 3, 0], [0, 5, 6]]]]), 2, stride=1)
    Tensor([[[[4, 3],
              [5, 6]]]])
    """
    input = lift(input)
    kernel = per_axis("max_pool2d", "kernel_size", kernel_size, 2, 1)
    padding = per_axis("max_pool2d", "padding", padding, 2, 0)
    if any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
        raise ValueError(
            f"max_pool2d: padding must be at most half the kernel_size {kernel}, got {padding}"
        )
    geometry = plan(
        "max_pool2d", input.shape, kernel, kernel if stride is None else stride, padding
    )
    places = windows(geometry)
    images = input.data.reshape(math.prod(input.shape[:2]), math.prod(geometry.input))
    first = images.take(places, axis=1).argmax(-1)
    start = np.arange(len(images))[:, None] * images.shape[1]
    index = start + places[np.arange(geometry.places), first]
    shape = (*input.shape[:2], *geometry.output)
    return reshape(getitem(reshape(input, -1), index), shape)


def windows(geometry):
    """For each window the places in the flattened image that it covers, in order.

    Places in the padding are moved to the nearest one inside. As the padding is at most half the
    window, that one is in the window too, so neither the maximum nor the first place that has it
    changes: padding is left out without a number to stand for -∞.
    """
    rows, columns = (
        np.clip(s * np.arange(o)[:, None] + np.arange(k) - before, 0, m - 1)
        for m, k, o, s, (before, _) in zip(
            geometry.input,
            geometry.kernel,
            geometry.output,
            geometry.stride,
            geometry.padding,
            strict=True,
        )
    )
    places = rows[:, None, :, None] * geometry.input[1] + columns[None, :, None, :]
    return places.reshape(geometry.places, geometry.taps)


def avg_pool2d(input, kernel_size, stride=None, padding=0):
    """The mean of each window, padding counted as zeros: a convolution with equal weights.

    >>> from minigrad import Tensor
    >>> avg_pool2d(Tensor([[[[1.0, 2.0], [3.0, 6.0]]]]), 2)
    Tensor([[[[3.]]]])
    """
    input = lift(input)
    kernel = per_axis("avg_pool2d", "kernel_size", kernel_size, 2, 1)
    if input.ndim != 4:
        raise ValueError(f"avg_pool2d: input must have 4 dimensions, got shape {input.shape}")
    channels = input.shape[1]
    ones = record("ones", np.ones((channels, 1, *kernel), input.dtype))
    total = conv(
        input, ones, None, kernel if stride is None else stride, padding, groups=channels
    )
    return total / math.prod(kernel)

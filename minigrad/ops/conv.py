"""Convolution in any number of dimensions, and its gradients.

All of it is one trilinear form in an input x, a weight w and a cotangent g,

    T(x, w, g) = Σ_{n,o,i,c,a} g[n,o,i] · w[o,c,a] · x[n, c, s·i + d·a - p],

x being 0 outside its range, s the stride, d the dilation, p the padding, c over the channels of o's
group. The convolution is ∂T/∂g, its input's gradient ∂T/∂x (the transposed convolution), its
weight's gradient ∂T/∂w. Each is bilinear, and its derivatives are the other two: so derivatives of
any order are among these three. (V. Dumoulin and F. Visin, A guide to convolution arithmetic for
deep learning, 2016.)

Each is a copy and a matrix product. `gather` copies each sample of x to a matrix with a row for
each (c, a) and a column for each i; `scatter` is its adjoint, which adds where gather copies. No
line here asks for the dtype: what trains in float32 is what is proved right on polynomials.

One product per sample, and not one for the batch: on small images that costs little, and stays
below the size at which BLAS starts threads, which on a busy machine wait longer than they work.
"""

import itertools

import numpy as np

from minigrad.ops.geometry import plan
from minigrad.ops.shape import sum as sum_over
from minigrad.tensor import lift, record


def conv(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """y[n,o,i] = b[o] + Σ_{c,a} w[o,c,a] · x[n, c, s·i + d·a - p], over any number of axes.

    Shapes: input (N, C, *spatial), weight (O, C/groups, *kernel), bias (O,), result (N, O, *out)
    with out = ⌊(size + 2·padding - dilation·(kernel-1) - 1) / stride⌋ + 1 on each axis. Stride,
    padding and dilation are integers, or one for each axis; padding may also be "valid" (none) or
    "same" (out = size; for stride 1). Any dtype.

    Raises TypeError for settings that are not integers, ValueError for those out of range, for
    shapes that do not fit together, and for a kernel larger than the padded input.

    >>> from minigrad import Tensor
    >>> conv(Tensor([[[1, 2, 3, 4]]]), Tensor([[[1, 0, -1]]]), padding=1)
    Tensor([[[-2, -2, -2,  3]]])
    """
    input, weight = lift(input), lift(weight)
    geometry = checked(input.shape, weight.shape, stride, padding, dilation, groups)
    if bias is None:
        return correlate(input, weight, geometry)
    bias = lift(bias)
    if bias.shape != weight.shape[:1]:
        raise ValueError(
            f"conv: bias must have shape {weight.shape[:1]}, one for each output channel of "
            f"weight {weight.shape}, got {bias.shape}"
        )
    return add_bias(correlate(input, weight, geometry), bias)


def checked(x, w, stride, padding, dilation, groups):
    """The geometry, if the shapes x of the input and w of the weight fit the settings."""
    if len(w) < 3 or 0 in w:
        raise ValueError(
            f"conv: weight must have shape (out channels, in channels / groups, *kernel), got {w}"
        )
    geometry = plan("conv", x, w[2:], stride, padding, dilation, groups)
    if x[1] % groups or w[0] % groups:
        raise ValueError(
            f"conv: groups {groups} must divide the {x[1]} input channels and the {w[0]} output "
            f"channels (input {x}, weight {w})"
        )
    if x[1] != w[1] * groups:
        raise ValueError(
            f"conv: input {x} has {x[1]} channels, but weight {w} with groups {groups} expects "
            f"{w[1] * groups}"
        )
    return geometry


# ---- the three derivatives of T


def correlate(x, w, geometry):
    """∂T/∂g, the convolution itself."""
    return record(
        "conv",
        join(by_group(w.data, geometry) @ gather(x.data, geometry), geometry),
        (x, lambda g, y: input_gradient(g, w, geometry)),
        (w, lambda g, y: weight_gradient(x, g, geometry)),
    )


def input_gradient(g, w, geometry):
    """∂T/∂x, the transposed convolution: x[n,c,m] = Σ_{o,i,a} g[n,o,i] w[o,c,a] [s·i+d·a-p = m]."""
    rows = by_group(w.data, geometry).swapaxes(1, 2)
    return record(
        "conv input gradient",
        scatter(rows @ split(g.data, geometry), geometry),
        (g, lambda h, y: correlate(h, w, geometry)),
        (w, lambda h, y: weight_gradient(h, g, geometry)),
    )


def weight_gradient(x, g, geometry):
    """∂T/∂w: w[o,c,a] = Σ_{n,i} g[n,o,i] x[n, c, s·i + d·a - p]."""
    columns = gather(x.data, geometry).swapaxes(2, 3)
    shape = (g.shape[1], x.shape[1] // geometry.groups, *geometry.kernel)
    return record(
        "conv weight gradient",
        (split(g.data, geometry) @ columns).sum(0).reshape(shape),
        (x, lambda h, y: input_gradient(g, h, geometry)),
        (g, lambda h, y: correlate(x, h, geometry)),
    )


def add_bias(y, b):
    """y[n,o,i] + b[o]."""
    along = (1, -1) + (1,) * (y.ndim - 2)
    return record(
        "conv bias",
        y.data + b.data.reshape(along),
        (y, lambda g, _: g),
        (b, lambda g, _: bias_gradient(g)),
    )


def bias_gradient(g):
    """b[o] = Σ_{n,i} g[n,o,i]."""
    return sum_over(g, (0, *range(2, g.ndim)))


# ---- arrays to matrices and back


def gather(x, geometry):
    """The matrices (n, group; c, a; i) of x[n, c, s·i + d·a - p]."""
    n, channels = x.shape[:2]
    padded = pad(x, geometry)
    columns = np.empty((n, channels, *geometry.kernel, *geometry.output), x.dtype)
    for a, positions in taps(geometry):
        columns[:, :, *a] = padded[:, :, *positions]
    rows = channels // geometry.groups * geometry.taps
    return columns.reshape(n, geometry.groups, rows, geometry.places)


def scatter(columns, geometry):
    """The adjoint of gather: adds where gather copies from."""
    n, groups, rows, _ = columns.shape
    channels = groups * rows // geometry.taps
    columns = columns.reshape(n, channels, *geometry.kernel, *geometry.output)
    padded = np.zeros((n, channels, *geometry.padded), columns.dtype)
    for a, positions in taps(geometry):
        padded[:, :, *positions] += columns[:, :, *a]
    return crop(padded, geometry)


def taps(geometry):
    """Each place a of the kernel, with the positions s·i + d·a in the padded input, as slices."""
    axes = list(zip(geometry.output, geometry.stride, geometry.dilation, strict=True))
    for a in itertools.product(*map(range, geometry.kernel)):
        yield a, tuple(
            slice(d * k, d * k + s * (m - 1) + 1, s)
            for k, (m, s, d) in zip(a, axes, strict=True)
        )


def pad(x, geometry):
    """x between zeros."""
    padded = np.zeros((*x.shape[:2], *geometry.padded), x.dtype)
    padded[:, :, *interior(geometry)] = x
    return padded


def crop(padded, geometry):
    """The adjoint of pad: what lies between the zeros."""
    return padded[:, :, *interior(geometry)]


def interior(geometry):
    """Where x lies in the padded input, as slices."""
    return tuple(
        slice(p, p + m) for m, (p, _) in zip(geometry.input, geometry.padding, strict=True)
    )


def by_group(w, geometry):
    """The weight (o, c, a) as matrices (group; o; c, a)."""
    return w.reshape(geometry.groups, len(w) // geometry.groups, -1)


def split(g, geometry):
    """An output (n, o, i) as matrices (n, group; o; i)."""
    n, channels = g.shape[:2]
    return g.reshape(n, geometry.groups, channels // geometry.groups, geometry.places)


def join(matrices, geometry):
    """The inverse of split."""
    n, groups, per_group, _ = matrices.shape
    return matrices.reshape(n, groups * per_group, *geometry.output)

"""Layers: a function of `functional`, with its parameters and settings."""

import math

import numpy as np

from minigrad.nn import functional as F
from minigrad.nn.module import Module
from minigrad.ops.geometry import per_axis, settings
from minigrad.tensor import Tensor

_random = np.random.default_rng()


def manual_seed(seed):
    """Seed the generator that initialises layers which are not given one of their own."""
    global _random
    _random = np.random.default_rng(seed)


def uniform(shape, fan_in, generator):
    """A float32 parameter, uniform in ±1/√fan_in: PyTorch's default, which is that of K. He et al.
    (Delving deep into rectifiers, 2015) with a = √5."""
    generator = _random if generator is None else generator
    if not isinstance(generator, np.random.Generator):
        raise TypeError(f"generator: expected a numpy.random.Generator, got {generator!r}")
    bound = 1 / math.sqrt(fan_in)
    return Tensor(generator.uniform(-bound, bound, shape).astype(np.float32), requires_grad=True)


class Linear(Module):
    """x Wᵀ + b. Weight (out_features, in_features).

    >>> Linear(3, 2)(Tensor(np.zeros((5, 3)))).shape
    (5, 2)
    """

    def __init__(self, in_features, out_features, bias=True, *, generator=None):
        (in_features,) = per_axis("Linear", "in_features", in_features, 1, 1)
        (out_features,) = per_axis("Linear", "out_features", out_features, 1, 1)
        self.weight = uniform((out_features, in_features), in_features, generator)
        self.bias = uniform((out_features,), in_features, generator) if bias else None

    def forward(self, x):
        """(..., in_features) to (..., out_features)."""
        return F.linear(x, self.weight, self.bias)

    def describe(self):
        """The sizes."""
        out_features, in_features = self.weight.shape
        return f"{in_features}, {out_features}, bias={self.bias is not None}"


class _Conv(Module):
    """A convolution over `axes` axes; the settings are those of `functional.conv`."""

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        *,
        generator=None,
    ):
        name = type(self).__name__
        (in_channels,) = per_axis(name, "in_channels", in_channels, 1, 1)
        (out_channels,) = per_axis(name, "out_channels", out_channels, 1, 1)
        kernel = per_axis(name, "kernel_size", kernel_size, self.axes, 1)
        settings(name, kernel, stride, padding, dilation, groups)
        if in_channels % groups or out_channels % groups:
            raise ValueError(
                f"{name}: groups {groups} must divide in_channels {in_channels} and "
                f"out_channels {out_channels}"
            )
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups
        fan_in = in_channels // groups * math.prod(kernel)
        self.weight = uniform((out_channels, in_channels // groups, *kernel), fan_in, generator)
        self.bias = uniform((out_channels,), fan_in, generator) if bias else None

    def forward(self, x):
        """(N, in_channels, *spatial) to (N, out_channels, *spatial')."""
        return F.conv(
            x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups
        )

    def describe(self):
        """Channels, kernel and settings."""
        out_channels, per_group, *kernel = self.weight.shape
        return (
            f"{per_group * self.groups}, {out_channels}, kernel_size={tuple(kernel)}, "
            f"stride={self.stride}, padding={self.padding!r}, dilation={self.dilation}, "
            f"groups={self.groups}, bias={self.bias is not None}"
        )


class Conv1d(_Conv):
    """A convolution over one axis.

    >>> Conv1d(2, 3, kernel_size=3, padding=1)(Tensor(np.zeros((1, 2, 7)))).shape
    (1, 3, 7)
    """

    axes = 1


class Conv2d(_Conv):
    """A convolution over two axes.

    >>> Conv2d(2, 4, kernel_size=3, stride=2, groups=2)(Tensor(np.zeros((1, 2, 7, 6)))).shape
    (1, 4, 3, 2)
    """

    axes = 2


class Conv3d(_Conv):
    """A convolution over three axes.

    >>> Conv3d(1, 2, kernel_size=(1, 2, 3))(Tensor(np.zeros((1, 1, 3, 3, 3)))).shape
    (1, 2, 3, 2, 1)
    """

    axes = 3


class MaxPool2d(Module):
    """The maximum of each window; see `functional.max_pool2d`.

    >>> MaxPool2d(2)(Tensor(np.zeros((1, 1, 4, 6)))).shape
    (1, 1, 2, 3)
    """

    def __init__(self, kernel_size, stride=None, padding=0):
        kernel = per_axis("MaxPool2d", "kernel_size", kernel_size, 2, 1)
        settings("MaxPool2d", kernel, kernel if stride is None else stride, padding, 1, 1)
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, x):
        """(N, C, H, W) to (N, C, H', W')."""
        return F.max_pool2d(x, self.kernel_size, self.stride, self.padding)

    def describe(self):
        """The settings."""
        return f"{self.kernel_size}, stride={self.stride}, padding={self.padding}"


class ReLU(Module):
    """max(x, 0)."""

    def forward(self, x):
        """Any shape."""
        return F.relu(x)


class Tanh(Module):
    """The hyperbolic tangent."""

    def forward(self, x):
        """Any shape."""
        return F.tanh(x)


class Sigmoid(Module):
    """The logistic function."""

    def forward(self, x):
        """Any shape."""
        return F.sigmoid(x)


class Flatten(Module):
    """All dimensions but the first (the batch) joined into one."""

    def forward(self, x):
        """(N, ...) to (N, product)."""
        return x.flatten(1)


class Sequential(Module):
    """Layers one after the other, named 0, 1, 2, …

    >>> Sequential(Flatten(), Tanh())
    Sequential(
      (0): Flatten()
      (1): Tanh()
    )
    """

    def __init__(self, *layers):
        for i, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(f"Sequential: layer {i} must be a Module, got {layer!r:.60}")
            setattr(self, str(i), layer)

    def forward(self, x):
        """Through each layer in turn."""
        for _, layer in self.named_children():
            x = layer(x)
        return x

    def __len__(self):
        return len(self.named_children())

    def __getitem__(self, i):
        return self.named_children()[i][1]

"""The functions that layers are made of, under the names and with the defaults of
`torch.nn.functional`."""

import numpy as np

from minigrad.ops.conv import conv
from minigrad.ops.elementwise import relu, sigmoid, tanh
from minigrad.ops.pool import avg_pool2d, max_pool2d
from minigrad.ops.softmax import log_softmax
from minigrad.tensor import Tensor, lift

__all__ = [
    "avg_pool2d",
    "conv",
    "conv1d",
    "conv2d",
    "conv3d",
    "cross_entropy",
    "linear",
    "log_softmax",
    "max_pool2d",
    "mse_loss",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """`conv` over one axis: input (N, C, L), weight (O, C/groups, K), result (N, O, L').

    >>> conv1d(Tensor([[[1, 2, 3]]]), Tensor([[[1, 1]]]))
    Tensor([[[3, 5]]])
    """
    return _conv_over(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """`conv` over two axes: input (N, C, H, W), weight (O, C/groups, K, L), result (N, O, H', W').

    >>> conv2d(Tensor([[[[1, 2], [3, 4]]]]), Tensor([[[[1, 1], [1, 1]]]]), padding=1, stride=2)
    Tensor([[[[1, 2],
              [3, 4]]]])
    """
    return _conv_over(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """`conv` over three axes: input (N, C, D, H, W), weight (O, C/groups, K, L, M).

    >>> conv3d(Tensor([[[[[1], [2]]]]]), Tensor([[[[[3]]]]]))
    Tensor([[[[[3],
               [6]]]]])
    """
    return _conv_over(3, input, weight, bias, stride, padding, dilation, groups)


def _conv_over(axes, input, weight, *settings):
    weight = lift(weight)
    if weight.ndim != axes + 2:
        raise ValueError(
            f"conv{axes}d: weight must have {axes + 2} dimensions, got shape {weight.shape}"
        )
    return conv(input, weight, *settings)


def linear(input, weight, bias=None):
    """x Wᵀ + b, for input (..., features), weight (out, features) and bias (out,).

    >>> linear(Tensor([[1, 2]]), Tensor([[3, 4], [5, 6]]), Tensor([0, 1]))
    Tensor([[11, 18]])
    """
    input, weight = lift(input), lift(weight)
    if weight.ndim != 2 or input.ndim == 0 or input.shape[-1] != weight.shape[1]:
        raise ValueError(
            f"linear: input {input.shape} and weight {weight.shape} do not fit; weight must be "
            "(out, features), input (..., features)"
        )
    y = input @ weight.T
    if bias is None:
        return y
    bias = lift(bias)
    if bias.shape != weight.shape[:1]:
        raise ValueError(f"linear: bias must have shape {weight.shape[:1]}, got {bias.shape}")
    return y + bias


def softmax(input, dim):
    """exp x / Σ exp x over `dim`.

    >>> softmax(Tensor([[0.0, 0.0]]), dim=1)
    Tensor([[0.5, 0.5]])
    """
    return log_softmax(lift(input), dim).exp()


def cross_entropy(input, target):
    """The mean of -log softmax(input)[target], for input (N, classes) and N integer targets.

    Raises TypeError for targets that are not integers, ValueError for shapes that do not fit and
    for a target outside 0 … classes - 1.

    >>> bool(cross_entropy(Tensor([[0.0, 0.0]]), [1]).item() == np.log(np.float32(2)))
    True
    """
    input = lift(input)
    target = np.asarray(target.data if isinstance(target, Tensor) else target)
    if input.ndim != 2 or target.shape != input.shape[:1] or target.size == 0:
        raise ValueError(
            "cross_entropy: input must be (N, classes) and target (N,) with N at least 1, "
            f"got {input.shape} and {target.shape}"
        )
    if target.dtype.kind not in "iu":
        raise TypeError(f"cross_entropy: target must be integers, got {target.dtype}")
    classes = input.shape[1]
    if target.min() < 0 or target.max() >= classes:
        bad = target[(target < 0) | (target >= classes)][0]
        raise ValueError(f"cross_entropy: target must lie in 0 to {classes - 1}, got {bad}")
    return -log_softmax(input, 1)[np.arange(len(target)), target].mean()


def mse_loss(input, target):
    """The mean of (input - target)², for two tensors of one shape.

    >>> mse_loss(Tensor([1.0, 2.0]), Tensor([1.0, 4.0]))
    Tensor(2.)
    """
    input, target = lift(input), lift(target)
    if input.shape != target.shape:
        raise ValueError(f"mse_loss: shapes differ: {input.shape} and {target.shape}")
    error = input - target
    return (error * error).mean()

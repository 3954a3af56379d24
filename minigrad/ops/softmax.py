"""The logarithm of the softmax, computed without overflow."""

import numpy as np

from minigrad.ops.shape import axes_of
from minigrad.ops.shape import sum as sum_over
from minigrad.tensor import record


def log_softmax(x, dim):
    """y = x - log Σ exp x over `dim`; the gradient is g - (Σ g)·exp y.

    >>> from minigrad import Tensor
    >>> log_softmax(Tensor([0.0, 0.0]), dim=0).exp()
    Tensor([0.5, 0.5])
    """
    (axis,) = axes_of("log_softmax", dim, x.ndim)
    shifted = x.data - x.data.max(axis, keepdims=True)  # the largest exponent is 0
    result = shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))
    return record(
        "log_softmax",
        result,
        (x, lambda g, y: g - sum_over(g, axis, keepdim=True) * y.exp()),
    )

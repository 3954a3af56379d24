"""Arithmetic, element by element: + - * / ** and `where`, broadcasting as NumPy does.

Broadcasting is an operation of its own (`broadcast_to`, in `shape`), recorded before these, so
that each gradient below is the plain rule for arrays of one shape. Every function takes tensors,
arrays or Python numbers.
"""

import numpy as np

from minigrad.ops.shape import broadcast_to
from minigrad.tensor import Tensor, lift, record


def together(name, a, b):
    """Both as tensors; one whose gradient is wanted is broadcast to the common shape first."""
    if not isinstance(a, Tensor):
        a = lift(a, b)
    elif not isinstance(b, Tensor):
        b = lift(b, a)
    if a.shape != b.shape:
        try:
            shape = np.broadcast_shapes(a.shape, b.shape)
        except ValueError:
            raise ValueError(f"{name}: shapes {a.shape} and {b.shape} do not broadcast") from None
        a = broadcast_to(a, shape) if a.requires_grad else a
        b = broadcast_to(b, shape) if b.requires_grad else b
    return a, b


def add(a, b):
    """a + b."""
    a, b = together("add", a, b)
    return record("add", a.data + b.data, (a, lambda g, y: g), (b, lambda g, y: g))


def subtract(a, b):
    """a - b."""
    a, b = together("subtract", a, b)
    return record("subtract", a.data - b.data, (a, lambda g, y: g), (b, lambda g, y: -g))


def multiply(a, b):
    """a·b."""
    a, b = together("multiply", a, b)
    return record("multiply", a.data * b.data, (a, lambda g, y: g * b), (b, lambda g, y: g * a))


def divide(a, b):
    """a / b, with ∂/∂b = -(a/b)/b."""
    a, b = together("divide", a, b)
    return record(
        "divide", a.data / b.data, (a, lambda g, y: g / b), (b, lambda g, y: -(g * y) / b)
    )


def negative(a):
    """-a."""
    return record("negative", -a.data, (a, lambda g, y: -g))


def power(a, b):
    """a**b. For a Python number b: ∂/∂a = b·a**(b-1). For a tensor b also ∂/∂b = a**b·log a,
    taken as 0 where a is 0, as PyTorch does."""
    if isinstance(b, (int, float)) and isinstance(a, Tensor):
        if b == 0:  # b·a**(b-1) would divide by zero at a = 0
            return record("power", a.data**b, (a, lambda g, y: g * 0))
        return record("power", a.data**b, (a, lambda g, y: g * b * a ** (b - 1)))
    a, b = together("power", a, b)
    return record(
        "power",
        a.data**b.data,
        (a, lambda g, y: g * b * a ** where(b == 0, 1, b - 1)),
        (b, lambda g, y: g * y * where(a == 0, 1, a).log()),
    )


def where(condition, a, b):
    """a where the condition holds, b elsewhere; the condition is an array or tensor of bools."""
    condition = condition.data if isinstance(condition, Tensor) else np.array(condition)
    if condition.dtype != bool:
        raise TypeError(f"where: condition must be bool, got {condition.dtype}")
    if not isinstance(a, Tensor) and not isinstance(b, Tensor):
        a = lift(a, Tensor(b))
    a, b = together("where", a, b)
    shape = np.broadcast_shapes(condition.shape, a.shape, b.shape)
    a = broadcast_to(a, shape) if a.requires_grad else a
    b = broadcast_to(b, shape) if b.requires_grad else b
    return record(
        "where",
        np.where(condition, a.data, b.data),
        (a, lambda g, y: where(condition, g, 0)),
        (b, lambda g, y: where(condition, 0, g)),
    )

"""Matrix products."""

import numpy as np

from minigrad.ops.shape import broadcast_to
from minigrad.tensor import lift, record


def matmul(a, b):
    """a @ b, with the shapes NumPy and PyTorch take: vectors, matrices, and stacks of matrices.

    For matrices Y = AB: ∂L/∂A = G Bᵀ and ∂L/∂B = Aᵀ G.

    Raises ValueError for scalars and for shapes that do not fit.

    >>> from minigrad import Tensor
    >>> Tensor([[1, 2], [3, 4]]) @ Tensor([1, -1])
    Tensor([-1, -1])
    """
    a, b = lift(a), lift(b)
    rows, columns = a.ndim > 1, b.ndim > 1
    if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[-2 if columns else 0]:
        raise ValueError(f"matmul: shapes {a.shape} and {b.shape} do not fit")
    a = a if rows else a.reshape(1, -1)
    b = b if columns else b.reshape(-1, 1)
    try:
        stack = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        raise ValueError(f"matmul: shapes {a.shape} and {b.shape} do not fit") from None
    a = broadcast_to(a, stack + a.shape[-2:]) if a.requires_grad else a
    b = broadcast_to(b, stack + b.shape[-2:]) if b.requires_grad else b
    y = record(
        "matmul",
        np.matmul(a.data, b.data),
        (a, lambda g, y: matmul(g, b.transpose(-1, -2))),
        (b, lambda g, y: matmul(a.transpose(-1, -2), g)),
    )
    if rows and columns:
        return y
    return y.reshape(stack + y.shape[-2:-1] * rows + y.shape[-1:] * columns)

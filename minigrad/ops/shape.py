"""Moving elements about: broadcast, reshape, permute, index, join. All are linear, and each
gradient is the adjoint: what was copied is summed, what was moved is moved back."""

import math

import numpy as np

from minigrad.tensor import Tensor, index_of, record


def axes_of(name, dim, ndim):
    """`dim` (None for all, an integer or several, negative ones from the end) as a tuple."""
    if dim is None:
        return tuple(range(ndim))
    axes = []
    for d in dim if isinstance(dim, (tuple, list)) else (dim,):
        if isinstance(d, bool) or not isinstance(d, (int, np.integer)):
            raise TypeError(f"{name}: dim must be an integer, got {d!r}")
        if not -ndim <= d < ndim:
            raise ValueError(f"{name}: dim {d} is out of range for a tensor of {ndim} dimensions")
        axes.append(int(d) % ndim)
    if len(set(axes)) < len(axes):
        raise ValueError(f"{name}: dim {dim} names a dimension twice")
    return tuple(axes)


def broadcast_to(x, shape):
    """x repeated along new dimensions and those of size 1; the gradient is summed over them."""
    shape = tuple(shape)
    if x.shape == shape:
        return x
    new = len(shape) - x.ndim
    copied = (*range(new), *(new + i for i, n in enumerate(x.shape) if n != shape[new + i]))
    old = x.shape
    return record(
        "broadcast_to",
        np.broadcast_to(x.data, shape),
        (x, lambda g, y: g.sum(copied).reshape(old)),
    )


def sum(x, dim=None, keepdim=False):
    """The sum over `dim` (all dimensions if None); each element has the sum's gradient.

    >>> Tensor([[1, 2], [3, 4]]).sum(dim=0)
    Tensor([4, 6])
    """
    axes = axes_of("sum", dim, x.ndim)
    before = x.shape
    kept = tuple(1 if i in axes else n for i, n in enumerate(before))
    return record(
        "sum",
        x.data.sum(axis=axes, keepdims=keepdim),
        (x, lambda g, y: broadcast_to(g.reshape(kept), before)),
    )


def mean(x, dim=None, keepdim=False):
    """The mean over `dim` (all dimensions if None)."""
    n = math.prod(x.shape[i] for i in axes_of("mean", dim, x.ndim))
    return sum(x, dim, keepdim) / n


def reshape(x, *shape):
    """The same elements in another shape; one size may be -1. Sizes or one tuple of them."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = tuple(shape[0])
    before = x.shape
    try:
        result = x.data.reshape(shape)
    except ValueError:
        raise ValueError(f"reshape: {before} has {x.size} elements, not for {shape}") from None
    return record("reshape", result, (x, lambda g, y: g.reshape(before)))


def flatten(x, start_dim=0, end_dim=-1):
    """Dimensions start_dim to end_dim, joined into one."""
    if x.ndim == 0:
        return reshape(x, 1)
    start, end = axes_of("flatten", start_dim, x.ndim)[0], axes_of("flatten", end_dim, x.ndim)[0]
    if start > end:
        raise ValueError(f"flatten: start_dim {start_dim} comes after end_dim {end_dim}")
    joined = math.prod(x.shape[start : end + 1])
    return reshape(x, (*x.shape[:start], joined, *x.shape[end + 1 :]))


def permute(x, *dims):
    """The dimensions in another order, as separate arguments or one tuple."""
    if len(dims) == 1 and isinstance(dims[0], (tuple, list)):
        dims = tuple(dims[0])
    axes = axes_of("permute", dims, x.ndim)
    if len(axes) != x.ndim:
        raise ValueError(f"permute: expected {x.ndim} dimensions, got {dims}")
    back = tuple(np.argsort(axes).tolist())
    return record("permute", x.data.transpose(axes), (x, lambda g, y: g.permute(back)))


def transpose(x, dim0, dim1):
    """Two dimensions swapped."""
    (i,), (j,) = axes_of("transpose", dim0, x.ndim), axes_of("transpose", dim1, x.ndim)
    order = list(range(x.ndim))
    order[i], order[j] = j, i
    return permute(x, order)


def getitem(x, index):
    """x[index], for any index NumPy takes; tensors may stand in it."""
    index = index_of(index)
    before = x.shape
    return record("getitem", x.data[index], (x, lambda g, y: put(g, index, before)))


def put(x, index, shape):
    """The adjoint of indexing: zeros of `shape` with x added at `index`, repeats adding up."""
    result = np.zeros(shape, x.dtype)
    np.add.at(result, index, x.data)
    return record("put", result, (x, lambda g, y: getitem(g, index)))


def max(x, dim=None, keepdim=False):
    """The maximum over `dim` (an integer, or None for all). The gradient goes to the first of
    several equal ones. The values alone are returned, as by `amax`; for places see `argmax`.

    >>> x = Tensor([1.0, 3.0, 3.0], requires_grad=True)
    >>> x.max().backward()
    >>> x.grad
    Tensor([0., 1., 0.])
    """
    if dim is None:
        index = np.unravel_index(x.data.argmax(), x.shape)  # one element: x[i, j, ...]
        return reshape(getitem(x, index), (1,) * x.ndim if keepdim else ())
    (axis,) = axes_of("max", dim, x.ndim)
    first = np.expand_dims(x.data.argmax(axis), axis)
    index = list(np.ogrid[tuple(slice(n) for n in first.shape)])
    index[axis] = first
    y = getitem(x, tuple(index))
    return y if keepdim else reshape(y, y.shape[:axis] + y.shape[axis + 1 :])


def argmax(x, dim=None):
    """The place of the first maximum, an int64 tensor without record."""
    if dim is not None:
        (dim,) = axes_of("argmax", dim, x.ndim)
    return Tensor(np.asarray(x.data.argmax(dim)))


def concatenate(tensors, dim=0):
    """Tensors joined along an existing dimension."""
    tensors = _tensors("concatenate", tensors)
    (axis,) = axes_of("concatenate", dim, tensors[0].ndim)
    try:
        result = np.concatenate([t.data for t in tensors], axis)
    except ValueError:
        shapes = ", ".join(str(t.shape) for t in tensors)
        raise ValueError(f"concatenate: shapes {shapes} differ outside dim {dim}") from None
    ends = np.cumsum([t.shape[axis] for t in tensors]).tolist()

    def piece(start, end):
        index = (slice(None),) * axis + (slice(start, end),)
        return lambda g, y: getitem(g, index)

    starts = [0, *ends[:-1]]
    sources = [(t, piece(a, b)) for t, a, b in zip(tensors, starts, ends, strict=True)]
    return record("concatenate", result, *sources)


def stack(tensors, dim=0):
    """Tensors of one shape joined along a new dimension."""
    tensors = _tensors("stack", tensors)
    if any(t.shape != tensors[0].shape for t in tensors):
        raise ValueError(f"stack: shapes differ: {', '.join(str(t.shape) for t in tensors)}")
    (axis,) = axes_of("stack", dim, tensors[0].ndim + 1)
    shape = (*tensors[0].shape[:axis], 1, *tensors[0].shape[axis:])
    return concatenate([reshape(t, shape) for t in tensors], axis)


def _tensors(name, tensors):
    tensors = [t if isinstance(t, Tensor) else Tensor(t) for t in tensors]
    if not tensors:
        raise ValueError(f"{name}: expected at least one tensor")
    return tensors

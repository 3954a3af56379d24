"""Your own operations, from plain NumPy functions."""

import numpy as np

from minigrad.tensor import lift, record


def function(forward, backward):
    """A differentiable operation of `forward(*arrays) -> array`, `backward(g, *arrays) -> tuple`.

    `backward` gets the cotangent of the result and the inputs, and gives the cotangent of each
    input, None standing for zero. Being plain NumPy it is not recorded, so the operation can be
    differentiated once: going backward through its gradient raises RuntimeError. A wrong number
    of cotangents raises TypeError, one of the wrong shape ValueError.

    >>> from minigrad import Tensor
    >>> sine = function(np.sin, lambda g, x: (g * np.cos(x),))
    >>> x = Tensor([0.0], requires_grad=True)
    >>> sine(x).sum().backward()
    >>> x.grad
    Tensor([1.])
    """
    name = getattr(forward, "__name__", "function")

    def refuse(g, y):
        raise RuntimeError(f"{name}: made by function(), so it can be differentiated only once")

    def operation(*inputs):
        tensors = [lift(i) for i in inputs]
        arrays = [t.data for t in tensors]
        latest = [None, ()]  # a cotangent, and what backward made of it: once for all the inputs

        def vjp_of(i):
            def vjp(g, y):
                if latest[0] is not g:
                    latest[:] = g, _listed(name, backward(g.data, *arrays), len(arrays))
                part = latest[1][i]
                part = np.zeros_like(arrays[i]) if part is None else np.array(part)
                return record(f"{name} gradient", part, *((t, refuse) for t in (g, *tensors)))

            return vjp

        result = np.array(forward(*arrays))
        return record(name, result, *((t, vjp_of(i)) for i, t in enumerate(tensors)))

    return operation


def _listed(name, parts, expected):
    if not isinstance(parts, (tuple, list)) or len(parts) != expected:
        raise TypeError(f"{name}: backward must give a tuple of {expected}, one for each input")
    return parts

"""The backward walk: from an output to everything it was made from, the chain rule at each step.

It knows tensors and their records, no operation. Iterative, so that depth costs no stack.
(Reverse accumulation: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., ch. 3.)
"""

import numpy as np

from minigrad.modes import recording, switched, watching
from minigrad.tensor import Tensor, as_array, has_nan, record


def backward(output, gradient=None, create_graph=False):
    """Add ∂output/∂leaf to the `grad` of every leaf that requires one.

    `gradient` is the cotangent of the output, of its shape; it may be left out when the output
    has one element, and is then 1. With `create_graph` the gradients can themselves be
    differentiated. The record is not used up: it lives as long as the output does.

    Raises ValueError for an output that requires no gradient, or a gradient missing or of the
    wrong shape; RuntimeError if data the gradients need have been changed since.

    >>> x = Tensor(3.0, requires_grad=True)
    >>> (x * x).backward()
    >>> x.grad
    Tensor(6.)
    """
    if not output.requires_grad:
        raise ValueError("backward: nothing this tensor was made from requires a gradient")
    leaves = []
    with switched(recording, create_graph):
        for tensor, g in _walk(output, _seed("gradient", output, gradient)):
            if not tensor._sources:
                leaves.append((tensor, g))
        for leaf, g in leaves:  # only now, so that an error on the way changes nothing
            # A box of its own: a later change in place of one grad must not show in another.
            own = g if g.requires_grad else g.detach()
            leaf.grad = own if leaf.grad is None else leaf.grad + own


Tensor.backward = backward


def grad(output, inputs, grad_output=None, create_graph=False):
    """The gradients of `output` with respect to `inputs` (one tensor or several), as a tuple.

    Nothing is accumulated anywhere. The inputs may be leaves or intermediate results; one that
    the output does not depend on has gradient zero. `grad_output` is as in `backward`.

    >>> x = Tensor(2.0, requires_grad=True)
    >>> first, = grad(x**3, x, create_graph=True)
    >>> second, = grad(first, x)
    >>> first.item(), second.item()
    (12.0, 12.0)
    """
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    for i, t in enumerate(inputs):
        if not isinstance(t, Tensor) or not t.requires_grad:
            raise ValueError(f"inputs: number {i} is not a tensor that requires a gradient")
    wanted = {id(t) for t in inputs}
    found = {}
    with switched(recording, create_graph):
        for tensor, g in _walk(output, _seed("grad_output", output, grad_output)):
            if id(tensor) in wanted:
                found[id(tensor)] = g
        return tuple(found[id(t)] if id(t) in found else _zeros(t) for t in inputs)


def _zeros(t):
    return record("zeros", np.zeros(t.shape, t.dtype))


def _seed(name, output, gradient):
    if gradient is None:
        if output.size != 1:
            raise ValueError(
                f"{name}: an output of shape {output.shape} needs one of its shape; "
                "only for a single element can it be left out"
            )
        return record("ones", np.ones(output.shape, output.dtype))
    if not isinstance(gradient, Tensor):
        gradient = record("constant", as_array(gradient))
    if gradient.shape != output.shape:
        raise ValueError(f"{name}: expected shape {output.shape}, got {gradient.shape}")
    return gradient


def topological(output):
    """Everything recorded that the output was made from: inputs before results, output last."""
    order, seen, stack = [], set(), [output]
    while stack:
        t = stack.pop()
        if t is None:  # all that the tensor below was made from is in the order
            order.append(stack.pop())
        elif id(t) not in seen:
            seen.add(id(t))
            stack += (t, None)
            stack += [source for source, _ in t._sources]
    return order


def _walk(output, seed):
    """Yield each tensor with its whole cotangent, from the output back to the leaves."""
    cotangents = {id(output): seed}
    for t in reversed(topological(output)):
        g = cotangents.pop(id(t))
        yield t, g
        for read, version in t._reads:
            if read._version != version:
                raise RuntimeError(
                    f"backward: the gradient of {t._name!r} needs a tensor of shape {read.shape} "
                    "as it was, but its data have been changed since"
                )
        for source, vjp in t._sources:
            part = _part(t, g, source, vjp)
            known = cotangents.get(id(source))
            cotangents[id(source)] = part if known is None else known + part


def _part(t, g, source, vjp):
    part = _watched(t, g, vjp) if watching.get() else vjp(g, t)
    if part.shape != source.shape:
        raise ValueError(
            f"backward: the gradient of {t._name!r} has shape {part.shape} "
            f"for an input of shape {source.shape}"
        )
    if part.dtype != source.dtype and part.dtype.kind == source.dtype.kind == "f":
        part = part.to(source.dtype)  # a float32 input used beside float64 keeps its dtype
    return part


def _watched(t, g, vjp):
    with switched(watching, False):  # the name to report is the operation's, not its vjp's
        part = vjp(g, t)
    if has_nan(part.data) and not has_nan(g.data):
        raise FloatingPointError(f"the gradient of {t._name!r} gave NaN where its input had none")
    return part

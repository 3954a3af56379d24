"""The audit of a user's own module: every layer with a theorem, as it is called, and the whole.

May: run the module once on zeros to see its layers called.  Must not: change it: layers are
audited as shallow copies with other arrays for their parameters.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derive.audit import pooling
from derive.audit.conv import OUTPUTS, checked, ladder
from derive.audit.layer import Layer
from derive.audit.report import Report
from derive.audit.running import Code
from derive.audit.whole import whole

SUPPORTED = "Linear, Conv1d, Conv2d, Conv3d and MaxPool2d"


@dataclass(frozen=True)
class Call:
    """A layer without parts, as it was called: its path in the module, its input's shape."""

    path: str
    module: Any
    shape: tuple[int, ...]


def audit_module(
    module: Any,
    input_shape: Sequence[int],
    *,
    rungs: Collection[int] = (1, 2, 3, 4),
    seed: int = 0,
    skip: Collection[str] = (),
) -> Report:
    """Audit each Linear, convolution and max pooling of a module, with its own settings, where it
    is called, and the module as a whole.

    Layers without a theorem of their own (activations) stand in the report's
    `unaudited`, and the report does not hold, unless their path ("1", "body.relu") or class name
    is in `skip`.

    Raises TypeError for what is no Module, ValueError if it calls no layer.
    """
    from minigrad.nn import Module

    if not isinstance(module, Module):
        raise TypeError(f"module: expected a minigrad.nn.Module, got {module!r:.60}")
    calls = traced(module, tuple(input_shape))
    if not calls:
        raise ValueError(f"{type(module).__name__} calls no layer on input {tuple(input_shape)}")
    reports, unaudited, seen = [], [], set()
    for call in calls:
        name = type(call.module).__name__
        pool = pool_at(call)
        if pool is not None:
            if (call.path, call.shape) not in seen:
                seen.add((call.path, call.shape))
                audited = pooling.ladder(
                    pool,
                    lambda at, module=call.module: module,  # type: ignore[misc]
                    rungs=rungs,
                    seed=seed,
                    title=call.path,
                )
                reports.append(audited)
            continue
        layer = layer_at(call)
        if layer is None:
            if call.path not in skip and name not in skip:
                unaudited.append(
                    f"{call.path} ({name}) has no theorem here; audited are {SUPPORTED}"
                )
        elif (call.path, call.shape) not in seen:
            seen.add((call.path, call.shape))
            larger = layer if layer.linear else _larger(layer)
            reports.append(
                ladder(
                    layer,
                    larger,
                    rungs=rungs,
                    seed=seed,
                    code=lambda at, module=call.module: code(module),  # type: ignore[misc]
                    title=f"{call.path} {layer.title}",
                )
            )
    together = whole(module, tuple(input_shape), checked(rungs), seed)
    return Report(type(module).__name__, tuple(together), tuple(reports), tuple(unaudited))


def _larger(layer: Layer) -> Layer:
    wide = layer.sized(OUTPUTS[layer.dims])
    size = tuple(map(min, layer.size, wide.size))
    return replace(layer, size=size, batch=min(layer.batch, 3))


def traced(module: Any, shape: tuple[int, ...]) -> list[Call]:
    """The calls of layers without parts, in order, when the module is given zeros."""
    from minigrad import Tensor, no_grad
    from minigrad.nn import Module

    paths = {id(part): path for path, part in parts(module, "")}
    calls: list[Call] = []
    original = Module.__call__

    def watched(self: Any, *inputs: Any) -> Any:
        if not self.named_children():
            shape = inputs[0].shape if inputs and isinstance(inputs[0], Tensor) else ()
            calls.append(Call(paths.get(id(self), type(self).__name__), self, shape))
        return original(self, *inputs)

    with _replaced(Module, "__call__", watched), no_grad():
        module(Tensor(np.zeros(shape, np.float32)))
    return calls


@contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    kept = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, kept)


def parts(module: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Every module in a module, with its path; the module itself has its class's name."""
    yield prefix.rstrip(".") or type(module).__name__, module
    for name, child in module.named_children():
        yield from parts(child, f"{prefix}{name}.")


def layer_at(call: Call) -> Layer | None:
    """The configuration of a called layer; None for one that is not audited."""
    from minigrad.nn import Conv1d, Conv2d, Conv3d, Linear
    from minigrad.ops.geometry import plan

    layer, shape = call.module, call.shape
    if isinstance(layer, Linear):
        outer, inner = layer.weight.shape
        batch = int(np.prod(shape[:-1]))
        one = (1,)
        bias = layer.bias is not None
        return Layer(1, one, (0,), (0,), one, 1, inner, outer, one, one, batch, bias, linear=True)
    if not isinstance(layer, (Conv1d, Conv2d, Conv3d)):
        return None
    outer, inner, *kernel = layer.weight.shape
    geometry = plan(
        type(layer).__name__,
        shape,
        tuple(kernel),
        layer.stride,
        layer.padding,
        layer.dilation,
        layer.groups,
    )
    return Layer(
        layer.axes,
        geometry.stride,
        tuple(p for p, _ in geometry.padding),
        tuple(q for _, q in geometry.padding),
        geometry.dilation,
        geometry.groups,
        inner,
        outer // geometry.groups,
        tuple(kernel),
        tuple(shape[2:]),
        shape[0],
        layer.bias is not None,
    )


def pool_at(call: Call) -> Layer | None:
    """The configuration of a called max pooling, a group for each channel; else None."""
    from minigrad.nn import MaxPool2d
    from minigrad.ops.geometry import per_axis, plan

    pool, shape = call.module, call.shape
    if not isinstance(pool, MaxPool2d):
        return None
    kernel = per_axis("MaxPool2d", "kernel_size", pool.kernel_size, 2, 1)
    stride = kernel if pool.stride is None else pool.stride
    found = plan("MaxPool2d", shape, kernel, stride, pool.padding)
    pads = tuple(p for p, _ in found.padding)
    return Layer(2, found.stride, pads, pads, found.dilation, shape[1], 1, 1, kernel,
                 tuple(shape[2:]), shape[0], False)  # fmt: skip


def code(module: Any) -> Code:
    """A layer's own forward, with other tensors for its parameters."""

    def run(x: Any, w: Any, b: Any) -> Any:
        other = copy.copy(module)
        other.weight, other.bias = w, b
        return other(x)

    return run

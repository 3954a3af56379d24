"""The code under audit: minigrad's own forward and backward, on arrays of any dtype.

May: import minigrad, here and inside functions only.  Must not: help it: what runs is what trains.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from derive.audit.layer import Layer

Array = np.ndarray[Any, Any]
Code = Callable[[Any, Any, Any], Any]  # (x, w, b) -> y, tensors of minigrad; b may be None


def functional(layer: Layer) -> Code:
    """minigrad.nn.functional's function with a layer's settings."""
    from minigrad.nn import functional as F

    if layer.linear:
        return F.linear
    conv = (F.conv1d, F.conv2d, F.conv3d)[layer.dims - 1]
    settings = layer.stride, layer.padding, layer.dilation, layer.groups
    return lambda x, w, b: conv(x, w, b, *settings)


def planned(layer: Layer) -> tuple[int, ...]:
    """The sizes of the output that minigrad would give, without any work."""
    from minigrad.ops.geometry import plan

    padding = layer.padding if layer.padding == layer.after else "same"
    settings = layer.stride, padding, layer.dilation, layer.groups
    return tuple(plan(layer.name, layer.shapes["x"], layer.kernel, *settings).output)


class Runner:
    """One layer's code, with arrays in the audit's layout on both sides."""

    def __init__(self, layer: Layer, code: Code | None = None) -> None:
        self.layer, self.code = layer, code or functional(layer)

    def forward(self, arrays: Mapping[str, Array]) -> Array:
        """The output."""
        return self._out(self._apply(self._tensors(arrays, False)))

    def both(self, arrays: Mapping[str, Array]) -> tuple[Array, dict[str, Array]]:
        """The output, and the gradients for the cotangent arrays["y"]."""
        from minigrad import Tensor

        tensors = self._tensors(arrays, True)
        y = self._apply(tensors)
        y.backward(Tensor(arrays["y"].reshape(y.shape)))
        wanted = ("w", "x", "b") if self.layer.bias else ("w", "x")
        shapes = self.layer.shapes
        grads = {}
        for name in wanted:
            grad = tensors[name].grad
            if grad is None:
                raise Failure(f"backward gives no gradient for {name}")
            grads[name] = grad.data.reshape(shapes[name])
        return self._out(y), grads

    def _tensors(self, arrays: Mapping[str, Array], grad: bool) -> dict[str, Any]:
        from minigrad import Tensor

        out = {}
        for name in ("w", "x", "b"):
            array = arrays[name]
            if self.layer.linear and name != "b":
                array = array[..., 0]
            out[name] = Tensor(array, requires_grad=grad)
        return out

    def _apply(self, tensors: Mapping[str, Any]) -> Any:
        y = self.code(tensors["x"], tensors["w"], tensors["b"] if self.layer.bias else None)
        expected = self.layer.shapes["y"][: y.ndim]
        if y.shape != expected:
            raise Failure(f"the output has shape {y.shape}, the theorem's is {expected}")
        return y

    def _out(self, y: Any) -> Array:
        return y.data.reshape(self.layer.shapes["y"])  # type: ignore[no-any-return]


class Failure(Exception):
    """The code under audit did not give what every layer gives."""


def attempt(number: int, judge: Callable[[], Any]) -> Any:
    """`judge()`, or a rung that fails with what the code under audit (or a theorem) raised."""
    from derive.audit.matching import Mismatch
    from derive.audit.report import rung
    from derive.meaning import CannotEvaluate, NoValue

    try:
        return judge()
    except Mismatch as reason:
        return rung(number, False, f"the theorem does not fit the layer: {reason}")
    except (CannotEvaluate, NoValue) as reason:
        return rung(number, False, f"the theorem has no value here: {reason}")
    except Failure as reason:
        return rung(number, False, str(reason))
    except Exception as error:  # whatever a wrong backward runs into is a finding
        return rung(number, False, f"{type(error).__name__}: {error}")

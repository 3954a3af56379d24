"""From a forward formula to its gradients as theorems, and from those to NumPy code.

`layer(formula, wrt)` derives; `numpy_source(layer)` writes code; `compile(layer)` runs it.
"""

from derive.layers.errors import Outside
from derive.layers.layer import Form, Layer, layer

__all__ = ["Form", "Layer", "Outside", "layer"]

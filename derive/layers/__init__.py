"""From a forward formula to its gradients as theorems, and from those to NumPy code.

`layer(formula, wrt)` derives; `numpy_source(layer)` writes code; `compile(layer)` runs it.
`receptive_field(rows)` and `seen_inputs(rows)`: which inputs layers in a row can depend on.
"""

from derive.layers.errors import Outside
from derive.layers.layer import Form, Layer, layer
from derive.layers.receptive import receptive_field, seen_inputs
from derive.layers.running import Compiled, compile
from derive.layers.source import numpy_source

__all__ = [
    "Compiled",
    "Form",
    "Layer",
    "Outside",
    "compile",
    "layer",
    "numpy_source",
    "receptive_field",
    "seen_inputs",
]

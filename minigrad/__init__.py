"""minigrad: a small autograd engine on NumPy.

`Tensor` and `nn`, `optim` have the names and defaults that PyTorch's users know; `Value` is the
scalar engine of micrograd. The same code runs on floats, complex numbers, integers and objects
such as fractions and polynomials.
"""

from minigrad import data, nn, ops, optim  # ops gives tensors their methods
from minigrad.function import function
from minigrad.modes import detect_anomaly, no_grad
from minigrad.nn import manual_seed
from minigrad.ops.arithmetic import where
from minigrad.ops.shape import concatenate, stack
from minigrad.tensor import Tensor
from minigrad.value import Value
from minigrad.walk import grad

__all__ = [
    "Tensor",
    "Value",
    "concatenate",
    "data",
    "detect_anomaly",
    "function",
    "grad",
    "manual_seed",
    "nn",
    "no_grad",
    "ops",
    "optim",
    "stack",
    "where",
]

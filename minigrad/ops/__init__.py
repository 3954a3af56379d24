"""The operations: one file per family, an operation's gradient in its next lines.

This is the table that makes some of them methods of a tensor.
"""

from minigrad.ops import arithmetic, compare, elementwise, inplace, linalg, shape
from minigrad.tensor import Tensor

METHODS = {
    "__add__": arithmetic.add,
    "__sub__": arithmetic.subtract,
    "__mul__": arithmetic.multiply,
    "__truediv__": arithmetic.divide,
    "__pow__": arithmetic.power,
    "__matmul__": linalg.matmul,
    "__radd__": lambda a, b: arithmetic.add(b, a),
    "__rsub__": lambda a, b: arithmetic.subtract(b, a),
    "__rmul__": lambda a, b: arithmetic.multiply(b, a),
    "__rtruediv__": lambda a, b: arithmetic.divide(b, a),
    "__rpow__": lambda a, b: arithmetic.power(b, a),
    "__rmatmul__": lambda a, b: linalg.matmul(b, a),
    "__iadd__": inplace.in_place(arithmetic.add),
    "__isub__": inplace.in_place(arithmetic.subtract),
    "__imul__": inplace.in_place(arithmetic.multiply),
    "__itruediv__": inplace.in_place(arithmetic.divide),
    "__neg__": arithmetic.negative,
    "__abs__": elementwise.absolute,
    "__getitem__": shape.getitem,
    "__lt__": compare.lt,
    "__le__": compare.le,
    "__gt__": compare.gt,
    "__ge__": compare.ge,
    "__eq__": compare.eq,
    "__ne__": compare.ne,
    "pow": arithmetic.power,
    "matmul": linalg.matmul,
    "exp": elementwise.exp,
    "log": elementwise.log,
    "sqrt": elementwise.sqrt,
    "tanh": elementwise.tanh,
    "sigmoid": elementwise.sigmoid,
    "relu": elementwise.relu,
    "abs": elementwise.absolute,
    "sum": shape.sum,
    "mean": shape.mean,
    "max": shape.max,
    "argmax": shape.argmax,
    "reshape": shape.reshape,
    "flatten": shape.flatten,
    "permute": shape.permute,
    "transpose": shape.transpose,
    "broadcast_to": shape.broadcast_to,
}

for _name, _operation in METHODS.items():
    setattr(Tensor, _name, _operation)
Tensor.T = property(
    lambda x: shape.permute(x, tuple(reversed(range(x.ndim)))), doc="The dimensions reversed."
)

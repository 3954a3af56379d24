"""A scalar engine, after A. Karpathy's micrograd: the same class, walked without recursion.

Nothing else in the package needs it; it is the whole idea on one page.
"""

import math


class Value:
    """A number that remembers what it was made of.

    >>> a, b = Value(-4.0), Value(2.0)
    >>> c = a * b + b**3
    >>> c.backward()
    >>> c.data, a.grad, b.grad
    (0.0, 2.0, 8.0)
    """

    __slots__ = ("_local", "_op", "_prev", "data", "grad")

    def __init__(self, data, _prev=(), _local=(), _op=""):
        self.data = data
        self.grad = 0.0
        self._prev = _prev  # what it was made of,
        self._local = _local  # and its derivative with respect to each
        self._op = _op

    def __add__(self, other):
        other = _value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other):
        other = _value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "*")

    def __pow__(self, n):
        if not isinstance(n, (int, float)):
            raise TypeError(f"the exponent must be a number, got {type(n).__name__}")
        slope = n * self.data ** (n - 1) if n else 0.0
        return Value(self.data**n, (self,), (slope,), f"**{n}")

    def relu(self):
        """max(x, 0), with derivative 0 at 0."""
        if self.data > 0:
            return Value(self.data, (self,), (1.0,), "ReLU")
        return Value(0.0, (self,), (0.0,), "ReLU")

    def exp(self):
        """exp x, its own derivative."""
        y = math.exp(self.data)
        return Value(y, (self,), (y,), "exp")

    def log(self):
        """The natural logarithm, with derivative 1/x."""
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def tanh(self):
        """The hyperbolic tangent y, with derivative 1 - y²."""
        y = math.tanh(self.data)
        return Value(y, (self,), (1 - y * y,), "tanh")

    def backward(self):
        """Set the `grad` of everything this was made of; the leaves' add up over calls."""
        order, seen, stack = [], set(), [self]
        while stack:
            v = stack.pop()
            if v is None:  # all that the value below was made of is in the order
                order.append(stack.pop())
            elif v not in seen:
                seen.add(v)
                stack += (v, None)
                stack += v._prev
        for v in order:
            if v._prev:
                v.grad = 0.0
        self.grad = 1.0
        for v in reversed(order):
            for source, local in zip(v._prev, v._local, strict=True):
                source.grad += local * v.grad

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -_value(other)

    def __truediv__(self, other):
        return self * _value(other) ** -1

    def __rsub__(self, other):
        return _value(other) - self

    def __rtruediv__(self, other):
        return _value(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"


def _value(x):
    if isinstance(x, Value):
        return x
    if not isinstance(x, (int, float)):
        raise TypeError(f"expected a number, got {type(x).__name__}")
    return Value(x)

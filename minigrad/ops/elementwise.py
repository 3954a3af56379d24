"""Functions of one variable, element by element, each with its derivative beside it."""

import numpy as np

from minigrad.tensor import record


def exp(x):
    """exp x; (exp)' = exp."""
    return record("exp", np.exp(x.data), (x, lambda g, y: g * y))


def log(x):
    """The natural logarithm; (log)' = 1/x."""
    return record("log", np.log(x.data), (x, lambda g, y: g / x))


def sqrt(x):
    """The square root y; y' = 1/(2y)."""
    return record("sqrt", np.sqrt(x.data), (x, lambda g, y: g / (y * 2)))


def tanh(x):
    """The hyperbolic tangent y; y' = 1 - y²."""
    return record("tanh", np.tanh(x.data), (x, lambda g, y: g * (1 - y * y)))


def sigmoid(x):
    """The logistic function y = 1/(1 + exp(-x)); y' = y(1 - y)."""
    positive = x.data.real >= 0
    e = np.exp(np.where(positive, -x.data, x.data))  # never overflows
    return record("sigmoid", np.where(positive, 1, e) / (1 + e), (x, lambda g, y: g * y * (1 - y)))


def relu(x):
    """max(x, 0); the derivative is [x > 0], so 0 at 0, as in PyTorch."""
    positive = x.data > 0
    return record("relu", np.maximum(x.data, 0), (x, lambda g, y: g * positive))


def absolute(x):
    """|x| for real x; the derivative is the sign, 0 at 0."""
    sign = (x.data > 0) * 1 - (x.data < 0) * 1
    return record("absolute", np.abs(x.data), (x, lambda g, y: g * sign))

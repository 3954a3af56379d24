"""The scalar engine, against micrograd's published numbers and against differences."""

import gc
import math

import pytest

from minigrad import Value


def published(a, b):
    """The example in micrograd's README."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


def test_the_published_example():
    a, b = Value(-4.0), Value(2.0)
    g = published(a, b)
    g.backward()
    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x.exp(), lambda x: x.log(), lambda x: x.tanh(), lambda x: x.relu(),
        lambda x: (-x).relu(), lambda x: x**3, lambda x: x**-0.5, lambda x: x**0,
        lambda x: 1 / x, lambda x: x / 3, lambda x: 2 - x, lambda x: x - 2, lambda x: x * x + x,
        lambda x: published(x, x + 1),
    ],
)
def test_derivatives(f):
    x = Value(1.75)
    f(x).backward()
    step = 1e-6
    expected = (f(Value(1.75 + step)).data - f(Value(1.75 - step)).data) / (2 * step)
    assert math.isclose(x.grad, expected, rel_tol=1e-6, abs_tol=1e-6)


def test_leaves_add_up_and_the_rest_does_not():
    x = Value(3.0)
    y = x * x
    z = y * 2
    z.backward()
    z.backward()
    assert (x.grad, y.grad) == (24.0, 2.0)


def test_repr():
    assert repr(Value(2.0)) == "Value(data=2.0, grad=0.0)"


def test_refusals():
    with pytest.raises(TypeError, match="expected a number, got str"):
        Value(1.0) + "1"
    with pytest.raises(TypeError, match="exponent must be a number, got Value"):
        Value(1.0) ** Value(2.0)


def test_a_chain_of_100_000_operations():
    x = Value(1.0)
    y = x
    for _ in range(100_000):
        y = y * 1.0
    y.backward()
    assert x.grad == 1.0
    del y
    gc.collect()

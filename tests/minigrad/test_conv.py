"""Convolution against its definition, in every dtype, and its gradients of first and second order.

The definition is integer arithmetic in loops; minigrad must agree with it exactly, wherever the
dtype is exact.
"""

import sys
from fractions import Fraction

import numpy as np
import pytest
from gradient_checks import (
    check,
    check_exactly,
    check_second_order,
    gradients,
    layer,
    layers,
    objects,
)
from hypothesis import given, settings
from sympy.polys import ZZ, ring

import minigrad as mg
from minigrad.nn import functional as F
from minigrad.ops import conv as module
from minigrad.ops.conv import conv

# What is easy to get wrong: an input of which some rows meet no tap (its gradient must still have
# all of them), stride above kernel, dilation with padding, groups, one channel per group.
PLAIN = layer(2, 1, (2, 3), (5, 6), (3, 2), (1, 1), (0, 0), (1, 1))
CUT = layer(2, 1, (1, 2), (8, 7), (3, 2), (3, 4), (0, 1), (1, 1))
SPREAD = layer(1, 1, (2, 2), (9,), (3,), (2,), (3,), (3,))
GROUPED = layer(2, 2, (2, 3), (4, 5), (2, 3), (2, 1), (1, 2), (1, 2))
DEPTHWISE = layer(3, 3, (1, 2), (3, 4, 3), (2, 1, 2), (1, 2, 1), (1, 0, 1), (2, 1, 1))
LAYERS = [PLAIN, CUT, SPREAD, GROUPED, DEPTHWISE]
NAMES = ["plain", "cut", "spread", "grouped", "depthwise"]
each_layer = pytest.mark.parametrize("case", LAYERS, ids=NAMES)
DTYPES = [np.float32, np.float64, np.complex128, np.int64, object]


def applied(case):
    """The layer as a function of its three tensors."""
    return lambda x, w, b: conv(x, w, b, *case.settings)


def agrees(case, dtype):
    """minigrad's forward and backward equal the definition's, without any tolerance: all numbers
    are small integers, which every dtype holds exactly."""
    arrays = [a.astype(dtype) for a in (case.x, case.w, case.b)]
    y = applied(case)(*map(mg.Tensor, arrays)).data
    assert y.dtype == dtype
    assert (y == case.forward()).all()
    g = case.cotangent()
    for found, expected in zip(
        gradients(applied(case), arrays, g.astype(dtype)), case.backward(g), strict=True
    ):
        assert found.dtype == dtype
        assert found.shape == expected.shape
        assert (found == expected).all()


@each_layer
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: np.dtype(d).name)
def test_equals_the_definition(case, dtype):
    agrees(case, dtype)


@settings(max_examples=200, deadline=None)
@given(layers())
def test_equals_the_definition_everywhere(case):
    agrees(case, np.int64)


@pytest.mark.soak
@settings(max_examples=2000, deadline=None)
@given(layers())
def test_equals_the_definition_at_length(case):
    agrees(case, object)


@each_layer
def test_derivatives_of_first_and_second_order(case):
    arrays = [a / 7 for a in (case.x, case.w, case.b)]
    f = applied(case)
    check(f, arrays)
    check_exactly(f, [case.x, case.w, case.b])
    check_second_order(f, arrays)
    check_second_order(f, [case.x, case.w, case.b], check_exactly)


@each_layer
def test_derivatives_of_third_order_vanish_where_they_must(case):
    # y is linear in x, so ∂²y/∂x² is 0; and ∂²y/∂x∂w does not depend on x.
    x, w = (mg.Tensor(objects(a), requires_grad=True) for a in (case.x, case.w))
    g = mg.Tensor(objects(case.cotangent()), requires_grad=True)
    (dx,) = mg.grad(conv(x, w, None, *case.settings), x, g, create_graph=True)
    (xx, xw) = mg.grad(dx, (x, w), objects(case.x), create_graph=True)
    assert not xx.data.any()
    # Contracting ∂T/∂x with x itself gives T: so ∂/∂w of it is the weight's own gradient.
    assert (xw.data == case.backward(case.cotangent())[1]).all()


@each_layer
def test_on_polynomials_is_formal_differentiation(case):
    """L = Σ g·y as a polynomial in the entries of x and w; its formal derivatives are expected."""
    g = case.cotangent()
    names = [f"x{i}" for i in range(case.x.size)] + [f"w{i}" for i in range(case.w.size)]
    polynomials, *variables = ring(names, ZZ)
    x, w = np.empty(case.x.shape, object), np.empty(case.w.shape, object)
    x.flat, w.flat = variables[: x.size], variables[x.size :]
    loss = polynomials.zero
    for out, weight, into in case.terms():
        loss += int(g[out]) * w[weight] * x[into]
    dx, dw = gradients(lambda x, w: conv(x, w, None, *case.settings), [x, w], objects(g, int))
    assert all(d == loss.diff(v) for d, v in zip(dx.flat, x.flat, strict=True))
    assert all(d == loss.diff(v) for d, v in zip(dw.flat, w.flat, strict=True))


def lines_run(case, dtype):
    """The lines of minigrad/ops/conv.py that forward, backward and second order execute."""
    seen = set()

    def trace(frame, event, arg):
        if frame.f_code.co_filename != module.__file__:
            return None
        seen.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        x, w, b = (mg.Tensor(a.astype(dtype), True) for a in (case.x, case.w, case.b))
        y = conv(x, w, b, *case.settings)
        dx, dw, _ = mg.grad(y, (x, w, b), case.cotangent().astype(dtype), create_graph=True)
        mg.grad((dx * dx).sum() + (dw * dw).sum(), (x, w))
    finally:
        sys.settrace(before)
    return seen


@each_layer
def test_the_same_lines_run_for_every_dtype(case):
    expected = lines_run(case, np.float32)
    assert len(expected) > 40  # all of the file but its errors
    for dtype in DTYPES[1:]:
        assert lines_run(case, dtype) == expected


def test_residues_modulo_a_prime_do_not_overflow_as_objects():
    p = 2**61 - 1
    x = np.array([[[p - 1, p - 2, p - 3]]], object)
    y = conv(mg.Tensor(x), mg.Tensor(x[..., :2]))
    assert y.data.tolist() == [[[(p - 1) ** 2 + (p - 2) ** 2, (p - 2) * (2 * p - 4)]]]


def test_an_empty_batch():
    x, w = mg.Tensor(np.zeros((0, 2, 5)), True), mg.Tensor(np.ones((3, 2, 2)), True)
    y = conv(x, w, stride=2)
    assert y.shape == (0, 3, 2)
    y.sum().backward()
    assert x.grad.shape == (0, 2, 5)
    assert not w.grad.data.any()


@pytest.mark.parametrize("kernel, dilation", [(3, 1), (2, 1), (4, 1), (2, 3)])
def test_same_padding_is_the_middle_of_the_full_one(kernel, dilation):
    rng = np.random.default_rng(0)
    x, w = rng.integers(-9, 9, (1, 1, 8)), rng.integers(-9, 9, (1, 1, kernel))
    reach = dilation * (kernel - 1)
    full = F.conv1d(x, w, padding=reach, dilation=dilation).data
    start = reach - reach // 2  # an even kernel has one more zero after than before
    same = F.conv1d(x, w, padding="same", dilation=dilation).data
    assert (same == full[..., start : start + 8]).all()
    valid = F.conv1d(x, w, padding="valid", dilation=dilation)
    assert (valid.data == F.conv1d(x, w, dilation=dilation).data).all()
    check_exactly(lambda x, w: F.conv1d(x, w, padding="same", dilation=dilation), [x, w])


def test_an_integer_stands_for_one_on_each_axis():
    x, w = np.arange(98).reshape(1, 2, 7, 7), np.arange(8).reshape(1, 2, 2, 2)
    one = F.conv2d(x, w, stride=2, padding=1, dilation=3)
    each = F.conv2d(x, w, stride=(2, 2), padding=[1, 1], dilation=(3, np.int64(3)))
    assert (one.data == each.data).all()


X, W = np.zeros((2, 4, 5, 5)), np.zeros((6, 2, 3, 3))
GOOD = {"input": X, "weight": W, "bias": np.zeros(6), "groups": 2}


def test_the_good_call_beside_the_bad_ones():
    assert F.conv2d(**GOOD).shape == (2, 6, 3, 3)


@pytest.mark.parametrize(
    "change, error, says",
    [
        ({"input": X[0]}, ValueError, r"input must have 4 dimensions.*\(4, 5, 5\)"),
        ({"weight": W[0]}, ValueError, r"weight must have 4 dimensions, got shape \(2, 3, 3\)"),
        ({"weight": W[:, :, :0]}, ValueError, r"weight must have shape .*\(6, 2, 0, 3\)"),
        ({"bias": np.zeros(5)}, ValueError, r"bias must have shape \(6,\).*got \(5,\)"),
        ({"bias": np.zeros((6, 1))}, ValueError, r"bias must have shape"),
        ({"groups": 1}, ValueError, r"has 4 channels, but weight .* expects 2"),
        ({"groups": 3}, ValueError, r"groups 3 must divide the 4 input channels and the 6"),
        ({"weight": np.zeros((5, 2, 3, 3)), "bias": None}, ValueError, r"groups 2 must divide"),
        ({"input": X[..., :2]}, ValueError, r"kernel reaches over 3 .* has only 2"),
        ({"dilation": 3}, ValueError, r"kernel reaches over 7 .* has only 5"),
        ({"stride": 0}, ValueError, r"stride must be at least 1, got 0"),
        ({"stride": (1, -1)}, ValueError, r"stride must be at least 1, got \(1, -1\)"),
        ({"stride": (1, 1, 1)}, ValueError, r"stride must be one integer or 2, got \(1, 1, 1\)"),
        ({"stride": 1.0}, TypeError, r"stride must be an integer .* got 1.0"),
        ({"stride": True}, TypeError, r"stride must be an integer .* got True"),
        ({"stride": np.True_}, TypeError, r"stride must be an integer"),
        ({"stride": None}, TypeError, r"stride must be an integer .* got None"),
        ({"dilation": 0}, ValueError, r"dilation must be at least 1, got 0"),
        ({"dilation": -1}, ValueError, r"dilation must be at least 1, got -1"),
        ({"padding": -1}, ValueError, r"padding must be at least 0, got -1"),
        ({"padding": 0.5}, TypeError, r"padding must be an integer"),
        ({"padding": "full"}, ValueError, r"padding must be integers, 'same' or 'valid'"),
        ({"padding": "same", "stride": 2}, ValueError, r"'same' needs stride 1"),
        ({"groups": 0}, ValueError, r"groups must be at least 1, got 0"),
        ({"groups": 1.5}, TypeError, r"groups must be an integer"),
        ({"input": "image"}, TypeError, r"expected numbers"),
        ({"weight": [["a"]]}, TypeError, r"expected numbers"),
    ],
)
def test_refusals(change, error, says):
    with pytest.raises(error, match=says):
        F.conv2d(**{**GOOD, **change})


def test_fractions_stay_fractions():
    y = conv(mg.Tensor(objects([[[1, 2, 3]]])) / 2, mg.Tensor(objects([[[1, 1]]])) / 3)
    assert y.data.tolist() == [[[Fraction(1, 2), Fraction(5, 6)]]]

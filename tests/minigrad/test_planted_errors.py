"""The checks themselves: errors are planted, and each check must find every one of them."""

from dataclasses import replace

import numpy as np
import pytest
from gradient_checks import (
    central_difference,
    check,
    check_exactly,
    check_second_order,
    layer,
)
from test_conv import LAYERS, NAMES, agrees, applied

from minigrad.ops import conv, elementwise
from minigrad.tensor import record

# A layer on which every mutation below shows: uneven sizes, each setting different from its
# default and from the others, no symmetry in the numbers.
GENERAL = layer(2, 2, (2, 3), (7, 8), (2, 3), (2, 3), (1, 2), (2, 1))


def twice(slope, second=2):
    """x ↦ 2x, with a gradient of `slope` and a derivative of that of `second`."""

    def f(x):
        return record("twice", x.data * 2, (x, lambda g, y: backward(g)))

    def backward(g):
        return record("back", g.data * slope, (g, lambda h, y: h * second))

    return f


X = np.array([1.0, -2.0, 3.0])


def test_two_and_a_thousandth_is_not_two():
    for check_it in (
        lambda f: check(f, [X]),
        lambda f: check(f, [X], central_difference, tolerance=1e-7),
        lambda f: check_exactly(f, [X]),
    ):
        check_it(twice(2))
        with pytest.raises(AssertionError):
            check_it(twice(2.001))


def test_a_wrong_second_derivative_is_found():
    def second(f):
        check_second_order(f, [X], derivative=central_difference, tolerance=1e-6)

    second(twice(2))
    with pytest.raises(AssertionError):
        second(twice(2, second=2.001))


def test_a_wrong_sign_in_a_formula_is_found():
    def tanh(x):
        return record("tanh", np.tanh(x.data), (x, lambda g, y: g * (1 + y * y)))

    check(elementwise.tanh, [X])
    with pytest.raises(AssertionError):
        check(tanh, [X])


# ---- one wrong thing at a time in convolution

input_gradient, weight_gradient = conv.input_gradient, conv.weight_gradient
bias_gradient, scatter, crop, taps = conv.bias_gradient, conv.scatter, conv.crop, conv.taps


def flipped(w):
    """The kernel turned round on all its axes."""
    return w[(slice(None), slice(None), *(slice(None, None, -1),) * (w.ndim - 2))]


def one_stride(geometry):
    """The stride forgotten."""
    return replace(geometry, stride=(1,) * len(geometry.stride))


def one_dilation(geometry):
    """The dilation forgotten."""
    return replace(geometry, dilation=(1,) * len(geometry.dilation))


def shifted(geometry):
    """One off by one: a column of padding less before, one more after."""
    *others, (before, after) = geometry.padding
    return replace(geometry, padding=(*others, (before - 1, after + 1)))


def other_group(g):
    """Channels taken in another order, so that they meet the weights of other groups."""
    return g[:, ::-1]


def wrong_axis(g):
    """A sum of the right shape over the wrong axes: every channel gets the mean of them all."""
    return (bias_gradient(g).sum() / g.shape[1]).broadcast_to((g.shape[1],))


MUTATIONS = {
    "input: wrong sign": ("input_gradient", lambda g, w, q: -input_gradient(g, w, q)),
    "input: kernel flipped": ("input_gradient", lambda g, w, q: input_gradient(g, flipped(w), q)),
    "input: stride dropped": ("scatter", lambda c, q: scatter(c, one_stride(q))),
    "input: dilation dropped": ("scatter", lambda c, q: scatter(c, one_dilation(q))),
    "input: padding off by one": ("crop", lambda p, q: crop(p, shifted(q))),
    "input: groups mixed": ("input_gradient", lambda g, w, q: input_gradient(other_group(g), w, q)),
    "input: moved by one": ("scatter", lambda c, q: np.roll(scatter(c, q), 1, -1)),
    "weight: wrong sign": ("weight_gradient", lambda x, g, q: -weight_gradient(x, g, q)),
    "weight: kernel flipped": (
        "weight_gradient", lambda x, g, q: flipped(weight_gradient(x, g, q)),
    ),
    "weight: stride dropped": (
        "weight_gradient", lambda x, g, q: weight_gradient(x, g, one_stride(q)),
    ),
    "weight: dilation dropped": (
        "weight_gradient", lambda x, g, q: weight_gradient(x, g, one_dilation(q)),
    ),
    "weight: padding off by one": (
        "weight_gradient", lambda x, g, q: weight_gradient(x, g, shifted(q)),
    ),
    "weight: groups mixed": (
        "weight_gradient", lambda x, g, q: weight_gradient(x, other_group(g), q),
    ),
    "bias: wrong sign": ("bias_gradient", lambda g: -bias_gradient(g)),
    "bias: wrong axis": ("bias_gradient", wrong_axis),
    "bias: one sample only": ("bias_gradient", lambda g: bias_gradient(g[:1])),
}  # fmt: skip
# Forward and backward would agree with each other on this one; the definition finds it.
BOTH_WAYS = {"a tap left out": ("taps", lambda q: list(taps(q))[:-1])}


def each_of(mutations):
    """Parametrize over mutations."""
    return pytest.mark.parametrize("name, wrong", mutations.values(), ids=mutations)


def test_the_layer_is_right_as_it_is():
    agrees(GENERAL, np.int64)


@each_of(MUTATIONS | BOTH_WAYS)
def test_the_comparison_with_the_definition_finds_it(name, wrong, monkeypatch):
    monkeypatch.setattr(conv, name, wrong)
    with pytest.raises(AssertionError):
        agrees(GENERAL, np.int64)


@each_of(MUTATIONS)
def test_the_derivative_checks_find_it(name, wrong, monkeypatch):
    monkeypatch.setattr(conv, name, wrong)
    with pytest.raises(AssertionError):
        check_exactly(applied(GENERAL), [GENERAL.x, GENERAL.w, GENERAL.b])
    with pytest.raises(AssertionError):
        check(applied(GENERAL), [GENERAL.x / 7, GENERAL.w / 7, GENERAL.b / 7])


def test_the_cut_layer_has_rows_that_no_tap_meets():
    cut = LAYERS[NAMES.index("cut")]
    met = {into[2:] for _, _, into in cut.terms()}
    assert len(met) < np.prod(cut.x.shape[2:])

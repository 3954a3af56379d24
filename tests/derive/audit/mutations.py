"""Wrong backward passes, one thing at a time, each planted in `minigrad.ops.conv` by its name.

`SETTINGS` is a layer on which each of them shows: all settings differ from their defaults and
from each other, a row and a column are left over, no two sizes agree that a mutation exchanges.
"""

from dataclasses import replace

import numpy as np

from minigrad.ops import conv

SETTINGS = {
    "stride": (2, 3),
    "padding": (1, 2),
    "dilation": (2, 1),
    "groups": 2,
    "channels": (4, 4),
    "kernel": (2, 3),
    "size": (6, 7),
    "batch": 2,
}

input_gradient, weight_gradient = conv.input_gradient, conv.weight_gradient
bias_gradient, scatter, crop = conv.bias_gradient, conv.scatter, conv.crop


def flipped(w):
    """The kernel turned round on all its axes."""
    return w[(slice(None), slice(None), *(slice(None, None, -1),) * (w.ndim - 2))]


def one(geometry, what):
    """One setting forgotten."""
    return replace(geometry, **{what: (1,) * len(geometry.stride)})


def shifted(geometry):
    """Padding off by one: a column less before, one more after."""
    *others, (before, after) = geometry.padding
    return replace(geometry, padding=(*others, (before - 1, after + 1)))


def transposed(g):
    """The cotangent read with its two axes exchanged."""
    return g.transpose(2, 3).reshape(g.shape)


def wrong_axis(g):
    """A sum of the right shape over the wrong axes."""
    return (bias_gradient(g).sum() / g.shape[1]).broadcast_to((g.shape[1],))


def without_last(array, axis):
    """The last row of an axis set to zero."""
    out = np.array(array)
    index = [slice(None)] * out.ndim
    index[axis] = -1
    out[tuple(index)] = 0
    return out


def short(columns, n, geometry):
    """The input's gradient without the last row that the layer's outputs meet."""
    whole = columns.reshape(*columns.shape[:-1], n, *geometry.output)
    return scatter(without_last(whole, -1).reshape(columns.shape), n, geometry)


MUTATIONS = {
    "input: wrong sign": ("input_gradient", lambda g, w, q: -input_gradient(g, w, q)),
    "input: kernel flipped": ("input_gradient", lambda g, w, q: input_gradient(g, flipped(w), q)),
    "input: stride dropped": ("scatter", lambda c, n, q: scatter(c, n, one(q, "stride"))),
    "input: dilation dropped": ("scatter", lambda c, n, q: scatter(c, n, one(q, "dilation"))),
    "input: padding off by one": ("crop", lambda p, q: crop(p, shifted(q))),
    "input: groups mixed": ("input_gradient", lambda g, w, q: input_gradient(g[:, ::-1], w, q)),
    "input: cotangent transposed": (
        "input_gradient",
        lambda g, w, q: input_gradient(transposed(g), w, q),
    ),
    "input: last position dropped": ("scatter", short),
    "input: first sample for all": (
        "input_gradient",
        lambda g, w, q: input_gradient(g[:1].broadcast_to(g.shape), w, q),
    ),
    "weight: wrong sign": ("weight_gradient", lambda x, g, q: -weight_gradient(x, g, q)),
    "weight: kernel flipped": (
        "weight_gradient",
        lambda x, g, q: flipped(weight_gradient(x, g, q)),
    ),
    "weight: stride dropped": (
        "weight_gradient",
        lambda x, g, q: weight_gradient(x, g, one(q, "stride")),
    ),
    "weight: dilation dropped": (
        "weight_gradient",
        lambda x, g, q: weight_gradient(x, g, one(q, "dilation")),
    ),
    "weight: padding off by one": (
        "weight_gradient",
        lambda x, g, q: weight_gradient(x, g, shifted(q)),
    ),
    "weight: groups mixed": (
        "weight_gradient",
        lambda x, g, q: weight_gradient(x, g[:, ::-1], q),
    ),
    "weight: scaled": ("weight_gradient", lambda x, g, q: weight_gradient(x, g, q) * 2),
    "weight: first sample only": (
        "weight_gradient",
        lambda x, g, q: weight_gradient(x[:1], g[:1], q),
    ),
    "bias: wrong sign": ("bias_gradient", lambda g: -bias_gradient(g)),
    "bias: wrong axis": ("bias_gradient", wrong_axis),
    "bias: first sample only": ("bias_gradient", lambda g: bias_gradient(g[:1])),
}

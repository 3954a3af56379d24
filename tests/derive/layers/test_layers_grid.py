"""Generated code against minigrad's own convolutions, exactly, on integers: 1-D to 3-D."""

import random
from itertools import product

import numpy as np
import pytest

from minigrad import Tensor
from minigrad.nn import functional
from tests.derive.layers.convs import code

COUNTS = {1: 320, 2: 160, 3: 60}  # configurations in the normal suite: 540
SOAK = {1: 2000, 2: 600, 3: 150}


def configurations(dims, count):
    """Different settings, each axis with its own; every stride, dilation, padding and group."""
    rng = random.Random(dims)
    one = [
        (h, k, s, d, p)
        for h, k, s, d, p in product(range(1, 7), (1, 2, 3), (1, 2, 3), (1, 2, 3), (0, 1, 2))
        if h + 2 * p - d * (k - 1) >= 1
    ]
    seen = set()
    while len(seen) < count:
        axes = tuple(rng.choice(one) for _ in range(dims))
        if dims == 3 and np.prod([a[0] + a[4] for a in axes]) > 130:
            continue
        seen.add((rng.randint(1, 2), rng.randint(1, 3), rng.randint(1, 2), rng.randint(1, 2), axes))
    return sorted(seen)


def outputs(axes):
    return tuple((h + 2 * p - d * (k - 1) - 1) // s + 1 for h, k, s, d, p in axes)


def both(dims, setting, rng):
    """(forward, gradients) of the generated code and of minigrad."""
    batch, groups, outer, inner, axes = setting
    sizes, kernel, stride, dilation, padding = (tuple(v) for v in zip(*axes, strict=True))
    out = outputs(axes)

    def draw(*shape):
        return rng.integers(-9, 10, shape)

    x, w = draw(batch, groups, inner, *sizes), draw(groups, outer, inner, *kernel)
    b, delta = draw(groups, outer), draw(batch, groups, outer, *out)
    forward, backward = code(dims)
    words = {"s": stride, "d": dilation, "P": padding}
    numbers = {f"{k}_{n}": v for k, vs in words.items() for n, v in enumerate(vs, 1)}
    h = forward(w=w, x=x, b=b, out_shape=(batch, groups, outer, *out), **numbers)
    ours = (h, *backward(delta, w=w, x=x, b=b, **numbers))

    flat = [
        Tensor(a.reshape(s), requires_grad=True)
        for a, s in (
            (x, (batch, groups * inner, *sizes)),
            (w, (groups * outer, inner, *kernel)),
            (b, (groups * outer,)),
        )
    ]
    conv = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}[dims]
    y = conv(*flat, stride=stride, padding=padding, dilation=dilation, groups=groups)
    y.backward(Tensor(delta.reshape(y.shape)))
    gx, gw, gb = (t.grad.data for t in flat)
    theirs = (y.data, gw, gx, gb)
    return ours, tuple(t.reshape(o.shape) for t, o in zip(theirs, ours, strict=True))


def agree(dims, setting, rng):
    for name, a, b in zip(("h", "w", "x", "b"), *both(dims, setting, rng), strict=True):
        assert np.array_equal(a, b), f"{name} differs at {setting}"


@pytest.mark.parametrize("dims", COUNTS)
def test_generated_code_agrees_with_minigrad(dims):
    rng = np.random.default_rng(dims)
    settings = configurations(dims, COUNTS[dims])
    assert len(settings) == COUNTS[dims]
    for setting in settings:
        agree(dims, setting, rng)


def test_the_grid_has_what_it_should():
    settings = [s for dims, n in COUNTS.items() for s in configurations(dims, n)]
    assert len(settings) >= 500
    axes = [a for s in settings for a in s[4]]
    assert {s[1] for s in settings} == {1, 2, 3}
    assert {a[2] for a in axes} == {a[3] for a in axes} == {1, 2, 3}
    assert any((h + 2 * p - d * (k - 1) - 1) % s for h, k, s, d, p in axes)  # a remainder
    assert any(len(set(s[4])) > 1 for s in settings)  # axes with different settings


@pytest.mark.parametrize("fault", ["w", "x", "b"])
def test_a_planted_error_shows(fault, monkeypatch):
    """One entry wrong by one in one gradient."""
    forward, backward = code(1)

    def wrong(delta, **given):
        grads = dict(zip("wxb", backward(delta, **given), strict=True))
        grads[fault].flat[-1] += 1
        return tuple(grads.values())

    monkeypatch.setitem(globals(), "code", lambda dims: (forward, wrong))
    setting = (1, 2, 1, 1, ((4, 2, 2, 1, 0),))
    with pytest.raises(AssertionError, match=f"{fault} differs"):
        agree(1, setting, np.random.default_rng(0))


@pytest.mark.soak
@pytest.mark.parametrize("dims", SOAK)
def test_generated_code_agrees_everywhere(dims):
    rng = np.random.default_rng(100 + dims)
    for setting in configurations(dims, SOAK[dims]):
        agree(dims, setting, rng)

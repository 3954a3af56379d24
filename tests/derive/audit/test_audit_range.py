"""Settings drawn from all that minigrad accepts: the theorems fit each, and the code computes them.

A configuration counts if minigrad's own layer takes it; what it refuses the audit refuses.
"""

from fractions import Fraction
from math import prod
from random import Random

import numpy as np
import pytest

from derive.audit import audit_module, audit_pool
from derive.binding import declared, free
from derive.library import find
from derive.meaning import Functional, Points, evaluate
from minigrad import Tensor, nn
from minigrad.nn import functional

CONVS = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}


def drawn(rng):
    """A convolution with an input's shape that fits it; each axis with its own settings."""
    dims = rng.choice((1, 1, 2, 2, 3))
    groups = rng.randint(1, 3)
    inner, outer = rng.randint(1, 2), rng.randint(1, 2)
    kernel = tuple(rng.randint(1, 3) for _ in range(dims))
    dilation = tuple(rng.randint(1, 3) for _ in range(dims))
    stride = tuple(rng.randint(1, 3) for _ in range(dims))
    padding = rng.choice(("same", "valid", *[tuple(rng.randint(0, 2) for _ in range(dims))] * 3))
    if padding == "same":
        stride = 1
    each = [rng.randint(1, 3 if dims > 1 else 6) for _ in range(dims)]
    size = [d * (k - 1) + n for d, k, n in zip(dilation, kernel, each, strict=True)]
    bias = rng.random() < 0.7
    layer = CONVS[dims](
        groups * inner, groups * outer, kernel, stride, padding, dilation, groups, bias
    )
    return layer, (rng.randint(1, 2), groups * inner, *size)


def holds(layer, shape, *rungs):
    report = audit_module(layer, shape, rungs=rungs)
    assert report.holds, f"{layer} on {shape}\n{report.text()}"
    assert len(report.layers) == 1


def run(seed, count, *rungs):
    rng = Random(seed)
    for _ in range(count):
        layer, shape = drawn(rng)
        assert layer(Tensor(np.zeros(shape, np.float32))).ndim == len(shape)
        holds(layer, shape, *rungs)


def test_the_theorems_fit_whatever_minigrad_accepts():
    run(1, 40, 1)


def test_and_the_code_computes_them():
    run(2, 12, 2, 3)


def test_linear_layers_of_any_size_and_batch():
    rng = Random(3)
    for _ in range(6):
        inner, outer = rng.randint(1, 4), rng.randint(1, 4)
        batch = tuple(rng.randint(1, 3) for _ in range(rng.randint(1, 2)))
        holds(nn.Linear(inner, outer, bias=rng.random() < 0.5), (*batch, inner), 1, 2)


def test_the_draws_have_what_they_should():
    rng = Random(1)
    seen = [drawn(rng) for _ in range(40)]
    paddings = [layer.padding for layer, _ in seen]
    assert {"same", "valid"} <= {p for p in paddings if isinstance(p, str)}
    assert {layer.groups for layer, _ in seen} == {1, 2, 3}
    assert {layer.axes for layer, _ in seen} == {1, 2, 3}
    assert any(layer.bias is None for layer, _ in seen)
    odd = [p for p in seen if p[0].padding == "same" and prod(p[0].weight.shape[2:]) % 2 == 0]
    assert odd  # one side gets more padding than the other


def pools(rng, count):
    for _ in range(count):
        kernel = tuple(rng.randint(1, 4) for _ in range(2))
        padding = tuple(rng.randint(0, k // 2) for k in kernel)
        size = tuple(max(k - 2 * p, 1) + rng.randint(0, 3)
                     for k, p in zip(kernel, padding, strict=True))  # fmt: skip
        stride = rng.choice((None, tuple(rng.randint(1, 3) for _ in range(2))))
        yield {"kernel": kernel, "padding": padding, "size": size, "stride": stride,
               "channels": rng.randint(1, 2)}  # fmt: skip


def test_max_pooling_with_any_settings():
    for settings in pools(Random(4), 10):
        report = audit_pool(**settings, rungs=(1, 2, 3))
        assert report.holds, f"{settings}\n{report.text()}"


def test_average_pooling_with_any_settings():
    """minigrad's own on fractions, against `meaning` evaluating the theorem."""
    statement = find("average-pooling-gradient").statement
    rng, random = Random(8), np.random.default_rng(8)
    for settings in pools(rng, 6):
        kernel, pads, size = settings["kernel"], settings["padding"], settings["size"]
        stride = settings["stride"] or kernel
        ends = zip(size, pads, kernel, stride, strict=True)
        out = tuple((h + 2 * p - k) // s + 1 for h, p, k, s in ends)
        x, delta = (random.integers(-9, 10, (1, 1, *s)).astype(object) for s in (size, out))
        entry = Tensor(x * Fraction(1), requires_grad=True)
        y = functional.avg_pool2d(entry, kernel, stride, pads)
        y.backward(Tensor(delta * Fraction(1)))
        terms = tuple((delta[0, 0][i], ((0, i),)) for i in np.ndindex(*out))
        last = tuple(m - 1 for m in out)
        data = {
            "D": 2, "H": size, "K": kernel, "M": out, "s": stride, "p": pads,
            "r": Fraction(1, prod(kernel)), "x": Points({i: x[0, 0][i] for i in np.ndindex(*size)}),
            r"\mathcal{L}": Functional(terms, (0, 0), last),
        }  # fmt: skip
        symbols = free(statement).union(*(declared(s) for s in free(statement)))
        for m in np.ndindex(*size):
            env = {s: {**data, "m": m}[s.name] for s in symbols}
            assert entry.grad.data[0, 0][m] == evaluate(statement.rhs, env), settings


@pytest.mark.soak
def test_many_more():
    run(5, 300, 1)
    run(6, 60, 2, 3, 4)
    for settings in pools(Random(7), 60):
        assert audit_pool(**settings).holds, settings

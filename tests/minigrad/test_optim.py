"""Optimisers against their published formulas, followed in exact fractions where they are exact."""

import math
from fractions import Fraction

import numpy as np
import pytest

import minigrad as mg
from minigrad.optim import SGD, Adam

GRADIENTS = [3.0, -1.0, 2.0, 0.5]


def path(optimizer, start=1.0):
    """Where a parameter goes under the gradients above."""
    p = mg.Tensor(np.array([start]), requires_grad=True)
    step = optimizer([p])
    places = []
    for g in GRADIENTS:
        step.zero_grad()
        (p * g).sum().backward()
        step.step()
        places.append(p.item())
    return places


@pytest.mark.parametrize("momentum", [0.0, 0.5])
@pytest.mark.parametrize("weight_decay", [0.0, 0.25])
@pytest.mark.parametrize("nesterov", [False, True])
def test_sgd(momentum, weight_decay, nesterov):
    """The recurrence of PyTorch's documentation, in fractions: all numbers here are dyadic."""
    if nesterov and not momentum:
        with pytest.raises(ValueError, match="nesterov: needs a momentum"):
            SGD([mg.Tensor([1.0], True)], lr=1, nesterov=True)
        return
    p, v = Fraction(1), None
    expected = []
    for gradient in GRADIENTS:
        g = Fraction(gradient) + Fraction(weight_decay) * p
        v = g if v is None else Fraction(momentum) * v + g
        p -= Fraction(1, 8) * (g + Fraction(momentum) * v if nesterov else v)
        expected.append(float(p))
    found = path(lambda ps: SGD(ps, 0.125, momentum, weight_decay, nesterov))
    np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.parametrize("weight_decay", [0.0, 0.25])
def test_adam(weight_decay):
    """Algorithm 1 of the paper, with m and v as the sums that their recurrences unfold to."""
    lr, b1, b2, eps = 0.1, 0.9, 0.999, 1e-8
    p, gs, expected = 1.0, [], []
    for gradient in GRADIENTS:
        gs.append(gradient + weight_decay * p)
        ages = range(len(gs) - 1, -1, -1)
        m = sum((1 - b1) * b1**age * g for age, g in zip(ages, gs, strict=True))
        v = sum((1 - b2) * b2**age * g**2 for age, g in zip(ages, gs, strict=True))
        t = len(gs)
        p -= lr * (m / (1 - b1**t)) / (math.sqrt(v / (1 - b2**t)) + eps)
        expected.append(p)
    np.testing.assert_allclose(path(lambda ps: Adam(ps, lr, weight_decay=weight_decay)), expected)


@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_parameters_keep_their_dtype_and_those_without_gradient_stay(optimizer):
    p, q = (mg.Tensor([1.0], requires_grad=True) for _ in range(2))
    (p * 2).sum().backward()
    optimizer([p, q], lr=0.1).step()
    assert p.dtype == np.float32
    assert p.item() != 1
    assert q.item() == 1


def test_a_step_between_forward_and_backward_is_noticed():
    p = mg.Tensor([1.0], requires_grad=True)
    (p * p).sum().backward()
    loss = (p * p).sum()
    SGD([p], lr=0.1).step()
    with pytest.raises(RuntimeError, match="have been changed since"):
        loss.backward()


@pytest.mark.parametrize(
    "make, error, says",
    [
        (lambda p: SGD(p, lr=1), TypeError, "params: expected several tensors"),
        (lambda p: SGD([], lr=1), ValueError, "params: expected at least one"),
        (lambda p: SGD([p * 2], lr=1), ValueError, "params: number 0 is not a leaf"),
        (lambda p: SGD([p, p.detach()], lr=1), ValueError, "params: number 1 is not a leaf"),
        (lambda p: SGD([p], lr=-1), ValueError, "lr: expected a finite number.*got -1"),
        (lambda p: SGD([p], lr="1"), TypeError, "lr: expected a number, got '1'"),
        (lambda p: SGD([p], lr=math.nan), ValueError, "lr: expected a finite number.*got nan"),
        (lambda p: SGD([p], lr=1, momentum=-1), ValueError, "momentum: expected"),
        (lambda p: SGD([p], lr=1, weight_decay=True), TypeError, "weight_decay: expected"),
        (lambda p: Adam([p], betas=(0.9, 1.0)), ValueError, "betas: expected two numbers below 1"),
        (lambda p: Adam([p], eps=-1), ValueError, "eps: expected"),
    ],
)
def test_refusals(make, error, says):
    p = mg.Tensor([1.0], requires_grad=True)
    SGD(iter([p]), lr=1).step()
    with pytest.raises(error, match=says):
        make(p)

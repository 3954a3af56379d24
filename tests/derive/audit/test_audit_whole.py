"""A module as a whole: what joins the layers' gradients is audited too."""

import numpy as np
import pytest

from derive.audit import audit_module
from derive.audit.dual import Dual
from derive.audit.whole import whole
from minigrad import nn, walk
from minigrad.nn import functional
from minigrad.tensor import record


class Residual(nn.Module):
    """One layer used twice, a way around it, and what has no theorem of its own."""

    def __init__(self):
        self.layer = nn.Conv2d(2, 2, 3, padding=1)
        self.body = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2))

    def forward(self, x):
        y = self.layer(x) + x
        return self.body(self.layer(y) + y * x)


SHAPE = (2, 2, 4, 4)


def judged(module, shape=SHAPE):
    return {r.number: r.holds for r in whole(module, shape, (3, 4), 0)}


def test_layers_used_twice_and_ways_around_them_hold():
    assert judged(Residual()) == {3: True, 4: True}
    report = audit_module(Residual(), SHAPE, rungs=(2, 3, 4), skip=("ReLU",))
    assert report.holds, report.text()
    assert len(report.layers) == 2 and len(report.rungs) == 2


def test_a_wrong_activation_is_red(monkeypatch):
    net = nn.Sequential(nn.Linear(4, 30), nn.ReLU(), nn.Linear(30, 2))
    assert judged(net, (8, 4)) == {3: True, 4: True}
    monkeypatch.setattr(
        functional, "relu", lambda x: record("relu", np.maximum(x.data, 0), (x, lambda g, y: g))
    )
    assert judged(net, (8, 4)) == {3: False, 4: False}


def test_a_walk_that_forgets_a_way_is_red(monkeypatch):
    part, seen = walk._part, set()

    def once(t, g, source, vjp):
        found = part(t, g, source, vjp)
        again = id(source) in seen and not source.is_leaf
        seen.add(id(source))
        return found * 0 if again else found

    monkeypatch.setattr(walk, "_part", once)
    assert judged(Residual()) == {3: False, 4: False}


def test_what_needs_real_numbers_is_left_to_the_fourth_rung(monkeypatch):
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    assert judged(net, (5, 3)) == {4: True}
    monkeypatch.setattr(
        functional, "tanh", lambda x: record("tanh", np.tanh(x.data), (x, lambda g, y: g * (1 - y)))
    )
    assert judged(net, (5, 3)) == {4: False}


@pytest.mark.parametrize(
    "f, value, slope",
    [
        (lambda x: x * x - 3 * x + 1, 11, 7),
        (lambda x: 2 - x, -3, -1),
        (lambda x: -x * 4, -20, -4),
        (lambda x: max(x, 7), 7, 0),
        (lambda x: max(x, 4), 5, 1),
    ],
)
def test_dual_numbers(f, value, slope):
    found = f(Dual(5, 1))
    found = found if isinstance(found, Dual) else Dual(found, 0)
    assert (found.value, found.slope) == (value, slope)

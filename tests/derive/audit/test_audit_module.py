"""The audit of a user's own modules."""

import pytest

from derive.audit import audit_module
from minigrad import nn
from minigrad.ops import conv


class Net(nn.Module):
    """Two layers and a head, one after the other, with no activation between."""

    def __init__(self):
        self.first = nn.Conv2d(2, 4, 3, stride=2, padding=(1, 0), groups=2)
        self.second = nn.Conv2d(4, 3, 2, padding="same", bias=False)
        self.head = nn.Linear(3 * 4 * 3, 5)

    def forward(self, x):
        y = self.second(self.first(x))
        return self.head(y.reshape(len(y), -1))


SHAPE = (2, 2, 7, 7)


def test_every_layer_is_audited_where_it_is_called():
    report = audit_module(Net(), SHAPE)
    assert report.holds, report.text()
    assert [part.title.split()[0] for part in report.layers] == ["first", "second", "head"]
    assert "padding 0 before and 1 after" in report.layers[1].title
    assert "no bias" in report.layers[1].title
    assert "H=(4, 3)" in report.layers[1].rungs[0].message
    assert report.layers[2].title == "head linear  36 to 5"


def test_the_module_is_left_as_it_was():
    net = Net()
    before = {k: v.copy() for k, v in net.state_dict().items()}
    audit_module(net, SHAPE, rungs=(2,))
    assert all((before[k] == v).all() for k, v in net.state_dict().items())
    assert all(p.grad is None for p in net.parameters())
    assert nn.Module.__call__.__qualname__ == "Module.__call__"


def test_layers_without_a_theorem_are_named():
    net = nn.Sequential(nn.Conv1d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 2))
    report = audit_module(net, (1, 1, 6), rungs=(2,))
    assert not report.holds and not report.red
    assert "not audited: 1 (ReLU) has no theorem here" in report.text()
    assert report.json()["unaudited"][1].startswith("2 (Flatten)")
    assert audit_module(net, (1, 1, 6), rungs=(2,), skip=("ReLU", "2")).holds


def test_a_layer_with_its_own_wrong_forward_is_red():
    class Flipped(nn.Conv1d):
        def forward(self, x):
            kept, self.weight = self.weight, self.weight[:, :, ::-1]
            try:
                return super().forward(x)
            finally:
                self.weight = kept

    report = audit_module(nn.Sequential(Flipped(1, 1, 3), nn.Conv1d(1, 1, 2)), (1, 1, 6))
    right, wrong = report.layers[1], report.layers[0]
    assert right.holds and wrong.red == {2, 3, 4} and not report.holds


def test_a_wrong_backward_is_red_in_the_layers_it_is_used_in(monkeypatch):
    monkeypatch.setattr(conv, "bias_gradient", lambda g: -g.sum((0, *range(2, g.ndim))))
    report = audit_module(Net(), SHAPE, rungs=(2, 3))
    assert [part.holds for part in report.layers] == [False, True, True]
    assert not report.holds and report.red == {2, 3}


def test_what_is_no_module_or_calls_no_layer_is_refused():
    with pytest.raises(TypeError, match=r"expected a minigrad\.nn.Module"):
        audit_module(lambda x: x, (1, 2))

    class Empty(nn.Module):
        def __init__(self):
            self.unused = nn.Linear(2, 2)

        def forward(self, x):
            return x

    with pytest.raises(ValueError, match="Empty calls no layer"):
        audit_module(Empty(), (1, 2))

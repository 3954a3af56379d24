"""Max pooling against its theorem: holds as it is; wrong code and wrong theorems turn it red."""

import numpy as np
import pytest

from derive.audit import audit_module, audit_pool, main_audit
from derive.library import find
from derive.library.gradients import below
from derive.library.layers_pooling import Pooling
from derive.syntax import Var, Z, lattice
from minigrad import Tensor, nn
from minigrad.ops import pool
from minigrad.tensor import record

SETTINGS = dict(kernel=3, stride=2, padding=1)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        SETTINGS,
        {"kernel": (3, 2), "stride": (1, 2), "padding": (1, 0)},
        {"kernel": 1, "stride": 2},
        {"kernel": 4, "stride": 3, "padding": 2, "channels": 1},
        {"kernel": 2, "stride": 3, "size": (7, 8)},
    ],
)
def test_it_holds_as_it_is(settings):
    report = audit_pool(**settings)
    assert report.holds, report.text()
    assert [r.number for r in report.rungs] == [1, 2, 3, 4]


def from_windows(choose, pad=None):
    """A max pooling by hand: the maximum of each window, its gradient by `choose(window)`."""

    def max_pool2d(input, kernel_size, stride=None, padding=0):
        k, s, p = (v if isinstance(v, tuple) else (v, v) for v in (kernel_size, stride, padding))
        x = input.data
        rows, columns = ((n + 2 * q - a) // b + 1
                         for n, q, a, b in zip(x.shape[2:], p, k, s, strict=True))  # fmt: skip
        out = np.empty((*x.shape[:2], rows, columns), x.dtype)
        chosen = {}
        for at in np.ndindex(out.shape):
            places = [
                (at[2] * s[0] + a - p[0], at[3] * s[1] + b - p[1])
                for a in range(k[0]) for b in range(k[1])
            ]  # fmt: skip
            seen = [q for q in places if 0 <= q[0] < x.shape[2] and 0 <= q[1] < x.shape[3]]
            values = [x[(*at[:2], *q)] for q in seen]
            if pad is not None and len(seen) < len(places):
                values, seen = [*values, pad], [*seen, None]
            best = max(range(len(seen)), key=lambda j: values[j])
            out[at] = values[best]
            chosen[at] = choose(seen, best)

        def vjp(g, y):
            grad = np.zeros(x.shape, g.data.dtype)
            for at, parts in chosen.items():
                for q, share in parts:
                    if q is not None:
                        grad[(*at[:2], *q)] = grad[(*at[:2], *q)] + g.data[at] * share
            return record("gradient", grad, (g, None))

        return record("max_pool2d", out, (input, vjp))

    return max_pool2d


PLANTED = {
    "the place before the maximum": from_windows(lambda seen, best: [(seen[best - 1], 1)]),
    "the mean over the window": from_windows(lambda seen, best: [(q, 1) for q in seen]),
    "twice": from_windows(lambda seen, best: [(seen[best], 2)]),
    "padding with 0": from_windows(lambda seen, best: [(seen[best], 1)], pad=0),
}


def test_the_hand_made_one_is_right_as_it_is(monkeypatch):
    right = from_windows(lambda seen, best: [(seen[best], 1)])
    monkeypatch.setattr("minigrad.nn.functional.max_pool2d", right)
    assert audit_pool(**SETTINGS).holds


@pytest.mark.parametrize("name", PLANTED)
def test_wrong_code_is_red(name, monkeypatch):
    monkeypatch.setattr("minigrad.nn.functional.max_pool2d", PLANTED[name])
    report = audit_pool(**SETTINGS)
    wanted = {2, 3, 4} if name != "padding with 0" else {3, 4}
    assert wanted <= report.red and 1 not in report.red, report.text()


def test_code_that_computes_with_its_entries_is_red(monkeypatch):
    real = pool.max_pool2d
    monkeypatch.setattr("minigrad.nn.functional.max_pool2d", lambda x, *a, **k: -real(-x, *a, **k))
    assert 2 in audit_pool(**SETTINGS).red


def zero_padding():
    space = lattice(Var("D", Z))
    lead = tuple((Var(v, Z), below(Var(v.upper(), Z))) for v in "nc")
    return Pooling(space, lead, *(Var(v, space) for v in "sdpK")).gradient(padding=True)


def test_a_wrong_theorem_is_red():
    report = audit_pool(**SETTINGS, theorems={"input": zero_padding()})
    assert report.red == {1, 2, 3, 4}, report.text()


def test_a_theorem_of_another_layer_does_not_match():
    other = find("average-pooling-gradient").statement
    report = audit_pool(**SETTINGS, theorems={"input": other})
    assert report.red == {1, 2, 3, 4}
    assert "does not fit" in report.text() or "where the layer has" in report.text()


def test_in_a_module():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3))
    report = audit_module(net, (2, 1, 6, 6), skip=("Flatten",))
    assert report.holds, report.text()
    assert "1 max_pool2d  window 2, stride 2, padding 0" in report.text()
    assert net(Tensor(np.zeros((1, 1, 6, 6), np.float32))).shape == (1, 3)


def test_the_command():
    out = []
    assert main_audit("maxpool2d", kernel=3, padding=1, rungs=(1,), write=out.append) == 0
    assert out[0].startswith("audit max_pool2d  window 3, stride 3, padding 1")
    for wrong in ({"groups": 2}, {"dilation": 2}, {"padding": 2}, {"channels": (2, 3)}):
        with pytest.raises(ValueError, match=r"pooling|more than half"):
            main_audit("maxpool2d", write=out.append, **wrong)

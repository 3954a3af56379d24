"""Modules, layers, and models on disk."""

import math
import threading
import zipfile

import numpy as np
import pytest

import minigrad as mg
from minigrad import nn
from minigrad.nn import functional as F


def model(seed=0):
    """A small one with a layer of most kinds."""
    generator = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1, generator=generator),
        nn.Tanh(),
        nn.Sequential(nn.MaxPool2d(2), nn.Flatten()),
        nn.Linear(8, 3, generator=generator),
        nn.Sigmoid(),
    )


X = mg.Tensor(np.random.default_rng(1).normal(size=(2, 1, 4, 4)).astype(np.float32))
NAMES = ["0.weight", "0.bias", "3.weight", "3.bias"]


def test_parameters_have_the_names_of_pytorch():
    m = model()
    assert [name for name, _ in m.named_parameters()] == NAMES
    assert [p.shape for p in m.parameters()] == [(2, 1, 3, 3), (2,), (3, 8), (3,)]
    assert all(p.dtype == np.float32 for p in m.parameters())


def test_a_shared_parameter_is_listed_once():
    shared = nn.Linear(2, 2)
    assert len(nn.Sequential(shared, shared).parameters()) == 2


def test_forward_is_the_functions_in_turn():
    m = model()
    w, b, v, c = m.parameters()
    y = F.max_pool2d(F.conv2d(X, w, b, padding=1).tanh(), 2)
    expected = F.linear(y.flatten(1), v, c).sigmoid()
    assert (m(X).data == expected.data).all()


def test_zero_grad_and_modes():
    m = model()
    m(X).sum().backward()
    assert all(p.grad is not None for p in m.parameters())
    m.zero_grad()
    assert all(p.grad is None for p in m.parameters())
    assert m.training
    assert m.eval() is m
    assert not m[2][0].training
    assert m.train()[2][1].training


def test_repr():
    assert repr(nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU()))) == (
        "Sequential(\n  (0): Linear(2, 3, bias=True)\n"
        "  (1): Sequential(\n    (0): ReLU()\n  )\n)"
    )
    assert repr(nn.Conv1d(2, 4, 3, groups=2, bias=False)) == (
        "Conv1d(2, 4, kernel_size=(3,), stride=1, padding=0, dilation=1, groups=2, bias=False)"
    )


@pytest.mark.parametrize(
    "make, fan_in",
    [
        (lambda g: nn.Linear(50, 400, generator=g), 50),
        (lambda g: nn.Conv1d(4, 400, 5, generator=g), 20),
        (lambda g: nn.Conv2d(8, 400, (3, 2), groups=4, generator=g), 12),
        (lambda g: nn.Conv3d(2, 400, 2, generator=g), 16),
    ],
)
def test_initialisation_is_uniform_within_one_over_the_root_of_fan_in(make, fan_in):
    layer = make(np.random.default_rng(0))
    bound = 1 / math.sqrt(fan_in)
    for p in layer.parameters():
        assert abs(p.data).max() <= bound
        assert math.isclose(p.data.std(), bound / math.sqrt(3), rel_tol=0.1)


def test_seeds():
    assert all(
        (p.data == q.data).all()
        for p, q in zip(model(3).parameters(), model(3).parameters(), strict=True)
    )
    mg.manual_seed(7)
    first = nn.Linear(3, 2).weight
    mg.manual_seed(7)
    assert (nn.Linear(3, 2).weight.data == first.data).all()
    assert (nn.Linear(3, 2).weight.data != first.data).any()


@pytest.mark.parametrize(
    "good, bad, error, says",
    [
        (
            lambda: nn.Conv2d(4, 2, 3, groups=2), lambda: nn.Conv2d(3, 2, 3, groups=2),
            ValueError, "Conv2d: groups 2 must divide in_channels 3",
        ),
        (
            lambda: nn.Conv2d(1, 1, (3, 3)), lambda: nn.Conv2d(1, 1, (3, 3, 3)),
            ValueError, "Conv2d: kernel_size must be one integer or 2",
        ),
        (
            lambda: nn.Conv1d(1, 1, 3), lambda: nn.Conv1d(1, 1, 3, dilation=0),
            ValueError, "Conv1d: dilation must be at least 1, got 0",
        ),
        (
            lambda: nn.Conv1d(1, 1, 3), lambda: nn.Conv1d(1.0, 1, 3),
            TypeError, "Conv1d: in_channels must be an integer",
        ),
        (
            lambda: nn.Linear(1, 1), lambda: nn.Linear(1, 0),
            ValueError, "Linear: out_features must be at least 1, got 0",
        ),
        (
            lambda: nn.Linear(1, 1, generator=np.random.default_rng(0)),
            lambda: nn.Linear(1, 1, generator=0),
            TypeError, r"expected a numpy.random.Generator, got 0",
        ),
        (
            lambda: nn.MaxPool2d(2), lambda: nn.MaxPool2d(2, stride=0),
            ValueError, "MaxPool2d: stride must be at least 1, got 0",
        ),
        (
            lambda: nn.Sequential(nn.ReLU()), lambda: nn.Sequential(np.tanh),
            TypeError, "Sequential: layer 0 must be a Module",
        ),
        (
            lambda: nn.ReLU()(X), lambda: nn.Module()(X),
            NotImplementedError, "Module does not say",
        ),
    ],
)  # fmt: skip
def test_refusals(good, bad, error, says):
    good()
    with pytest.raises(error, match=says):
        bad()


# ---- states and files


def test_states_are_snapshots():
    m = model()
    state = m.state_dict()
    before = {name: array.copy() for name, array in state.items()}
    for p in m.parameters():
        p.data = p.data + 1
    assert all((state[name] == before[name]).all() for name in NAMES)
    m.load_state_dict(state)
    assert all((p.data == before[name]).all() for name, p in m.named_parameters())


@pytest.mark.parametrize(
    "change, says",
    [
        (lambda s: s.pop("3.bias"), r"missing \['3.bias'\], not known \[\]"),
        (lambda s: s.update(new=np.zeros(1)), r"missing \[\], not known \['new'\]"),
        (lambda s: s.update({"3.bias": np.zeros(4, "f")}), r"'3.bias' must have shape \(3,\)"),
        (lambda s: s.update({"3.bias": np.zeros(3)}), r"dtype float32, got \(3,\) and float64"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change, says):
    m, state = model(0), model(1).state_dict()
    change(state)
    before = m.state_dict()
    with pytest.raises(ValueError, match=says):
        m.load_state_dict(state)
    assert all(m.state_dict()[name] is before[name] for name in NAMES)


def test_save_and_load(tmp_path):
    path = tmp_path / "model.npz"
    nn.save(model(0), path)
    m = model(1)
    nn.load(m, path)
    assert (m(X).data == model(0)(X).data).all()
    assert [p.name for p in tmp_path.iterdir()] == ["model.npz"]
    with np.load(path, allow_pickle=False) as archive:  # a plain archive for others to read
        assert sorted(archive.files) == sorted(NAMES)


def damaged(path):
    """Ways in which a file can be bad: what makes it so, from the bytes of a good one."""
    data = path.read_bytes()
    middle = bytearray(data)
    middle[200] ^= 255
    return [b"", b"not a model", data[: len(data) // 2], data[:-5], bytes(middle)]


def test_damaged_files_change_nothing(tmp_path):
    path = tmp_path / "model.npz"
    nn.save(model(0), path)
    for content in damaged(path):
        path.write_bytes(content)
        m = model(1)
        before = m.state_dict()
        with pytest.raises(ValueError, match=r"model.npz is not a model file, or is damaged"):
            nn.load(m, path)
        assert all(m.state_dict()[name] is before[name] for name in NAMES)
    with pytest.raises(FileNotFoundError):
        nn.load(model(), tmp_path / "nothing.npz")


def test_pickled_and_foreign_archives_are_refused(tmp_path):
    path = tmp_path / "model.npz"
    np.savez(path, **{"0.weight": np.array([print], object)})
    with pytest.raises(ValueError, match=r"is not a model file.*Object arrays"):
        nn.load(model(), path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(ValueError, match="is not a model file"):
        nn.load(model(), path)
    nn.save(nn.Linear(2, 2), path)
    with pytest.raises(ValueError, match=r"does not fit this model: state: names do not fit"):
        nn.load(model(), path)


def test_a_save_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    nn.save(model(0), path)
    before = path.read_bytes()

    def full(*args, **settings):
        raise OSError("no space left")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(OSError, match="no space left"):
        nn.save(model(1), path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["model.npz"]


def test_objects_are_not_saved(tmp_path):
    m = nn.Linear(1, 1)
    m.weight = mg.Tensor([[2**70]], requires_grad=True)
    with pytest.raises(TypeError, match="'weight' has dtype object"):
        nn.save(m, tmp_path / "model.npz")
    assert list(tmp_path.iterdir()) == []


def test_no_grad_in_one_thread_is_not_seen_in_another():
    seen = []
    w = mg.Tensor([1.0], requires_grad=True)
    with mg.no_grad():
        thread = threading.Thread(target=lambda: seen.append((w * 2).requires_grad))
        thread.start()
        thread.join()
        assert not (w * 2).requires_grad
    assert seen == [True]

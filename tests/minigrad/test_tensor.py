"""The tensor itself, the record and the walk: what is kept, what is changed, what is refused."""

import copy
import gc
import pickle
import weakref
from fractions import Fraction

import numpy as np
import pytest
from sympy.polys import ZZ, ring

import minigrad as mg
from minigrad.modes import recording
from minigrad.nn import functional as F
from minigrad.tensor import record


def leaf(*values):
    """A float64 tensor that requires a gradient."""
    return mg.Tensor(np.array(values, float), requires_grad=True)


# ---- data


@pytest.mark.parametrize(
    "data, dtype",
    [
        (1.5, np.float32), ([1.0, 2.0], np.float32), ([1, 2], np.int64), (True, bool),
        (1j, np.complex128), (np.float64(1), np.float64), (np.zeros(2), np.float64),
        (np.zeros(2, np.float32), np.float32), (np.zeros(2, np.uint8), np.uint8),
        ([Fraction(1, 2)], object), (2**70, object), (np.array([1, 2], object), object),
    ],
)
def test_dtypes(data, dtype):
    assert mg.Tensor(data).dtype == dtype


@pytest.mark.parametrize(
    "data, error, says",
    [
        ("abc", TypeError, "expected numbers, got str_"),
        (["a", 1], TypeError, "expected numbers"),
        (None, TypeError, "expected numbers, got None"),
        (np.array([1, "a"], object), TypeError, "expected numbers, got 'a'"),
        ([[1, 2], [3]], ValueError, "rows of equal lengths"),
        ({"a": 1}, TypeError, "expected numbers"),
        (np.array(["2020-01-01"], "M8"), TypeError, "expected numbers, got datetime64"),
    ],
)
def test_what_is_not_numeric(data, error, says):
    with pytest.raises(error, match=says):
        mg.Tensor(data)


def test_bools_have_no_gradient_but_integers_do():
    with pytest.raises(TypeError, match="bool tensor has no gradient"):
        mg.Tensor([True], requires_grad=True)
    n = mg.Tensor([2, 3], requires_grad=True)
    (n**3).sum().backward()
    assert n.grad.dtype == np.int64
    assert n.grad.data.tolist() == [12, 27]


def test_python_numbers_do_not_widen():
    x = mg.Tensor([1.0])
    for y in (x + 1, 2.0 * x, x / 3, 1 - x, x**2, x**0.5):
        assert y.dtype == np.float32
    assert (mg.Tensor([Fraction(1)]) * 2).dtype == object


def test_arrays_on_the_left_hand_over():
    x = leaf(1, 2)
    for y in (np.ones(2) + x, np.ones(2) * x, np.ones(2) - x, np.ones(2) / x, np.float64(2) * x):
        assert isinstance(y, mg.Tensor)
        assert y.requires_grad
    assert (np.ones((2, 2)) @ x).shape == (2,)
    with pytest.raises(TypeError, match="does not support ufuncs"):
        np.exp(x)


def test_a_float32_leaf_beside_float64_gets_a_float32_gradient():
    x, w = mg.Tensor([1.0], requires_grad=True), leaf(2.0)
    (x * w).sum().backward()
    assert (x.grad.dtype, w.grad.dtype) == (np.float32, np.float64)


def test_python_protocols():
    x = mg.Tensor([[1, 2], [3, 4]])
    assert len(x) == 2
    assert [row.data.tolist() for row in x] == [[1, 2], [3, 4]]
    assert (float(x[0, 1]), int(x[1, 1]), bool(x[0, 0] > 5)) == (2.0, 4, False)
    assert (x.ndim, x.size, x.numel(), x.shape) == (2, 4, 4, (2, 2))
    assert {x: 1}[x] == 1
    assert (x == None) is False  # noqa: E711
    with pytest.raises(TypeError):
        x < None  # noqa: B015
    with pytest.raises(ValueError, match=r"item: expected one element, got shape \(2, 2\)"):
        bool(x)
    assert repr(mg.Tensor([1.0], requires_grad=True)) == "Tensor([1.], requires_grad=True)"
    assert repr(leaf(1.0).exp()) == "Tensor([2.71828183], dtype=float64, made by 'exp')"


def test_numpy_needs_a_detached_tensor():
    x = leaf(1, 2)
    with pytest.raises(ValueError, match="detach"):
        x.numpy()
    with pytest.raises(ValueError, match="detach"):
        np.asarray(x)
    assert np.asarray(x.detach()).tolist() == [1, 2]


def test_copies_are_tensors_like_any_other():
    x = leaf(1, 2)
    pickled = pickle.loads(pickle.dumps(x))  # noqa: S301
    for twin in (copy.deepcopy(x), copy.copy(x), pickled):
        assert twin.requires_grad
        assert twin.data.tolist() == [1, 2]
        assert not twin.data.flags.writeable
        twin.data = [3.0, 4.0]
    assert x.data.tolist() == [1, 2]
    with pytest.raises(ValueError, match="copy: the result of 'exp' has a record"):
        copy.deepcopy(x.exp())


def test_ring_elements_as_scalars():
    _, u, v = ring("u, v", ZZ)
    x = mg.Tensor([u, v], requires_grad=True)
    # On the left SymPy's own operators come first, and ask a tensor whether it is zero.
    for y in (x * u, x + u, x - u, mg.Tensor(u) * x, x @ x, (x * x).sum()):
        assert isinstance(y, mg.Tensor)
        assert y.dtype == object
    assert (Fraction(1, 2) * mg.Tensor([2])).data.tolist() == [1]
    (x * x * u).sum().backward()
    assert x.grad.data.tolist() == [2 * u * u, 2 * u * v]


# ---- changing data


def test_a_tensor_owns_its_data():
    array = np.zeros(2)
    x = mg.Tensor(array)
    array[0] = 7
    assert x.data.tolist() == [0, 0]
    with pytest.raises(ValueError, match="read-only"):
        x.data[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        x.reshape(2, 1).data[0] = 1


CHANGES = {
    "data": lambda x: setattr(x, "data", [5.0, 5.0]),
    "copy_": lambda x: x.copy_(5),
    "item": lambda x: x.__setitem__(0, 5.0),
    "slice": lambda x: x.__setitem__(slice(None), [5, 5]),
    "+=": lambda x: x.__iadd__(1),
    "-=": lambda x: x.__isub__(1),
    "*=": lambda x: x.__imul__(2),
    "/=": lambda x: x.__itruediv__(2),
}
each_change = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)


@each_change
def test_changed_data_that_backward_needs_are_noticed(change):
    x = leaf(1, 2)
    y = (x * x).sum()
    with mg.no_grad():
        change(x)
    with pytest.raises(RuntimeError, match=r"'multiply' needs a tensor of shape \(2,\)"):
        y.backward()
    assert x.grad is None
    (x * x).sum().backward()
    assert (x.grad.data == 2 * x.data).all()


@each_change
def test_changes_are_seen_by_all_who_name_the_tensor_and_by_no_other(change):
    x = mg.Tensor(np.array([1.0, 2.0]))
    alias, view, twin = x, x.reshape(2, 1), x.detach()
    change(x)
    assert alias is x
    assert x.data.tolist() != [1, 2]
    assert view.data.ravel().tolist() == twin.data.tolist() == [1, 2]


@pytest.mark.parametrize("name", [n for n in CHANGES if n != "data"])
def test_a_leaf_that_requires_a_gradient_changes_only_without_recording(name):
    x = leaf(1, 2)
    with pytest.raises(ValueError, match=r"only within no_grad\(\)"):
        CHANGES[name](x)
    assert x.data.tolist() == [1, 2]


def test_in_place_while_recording_makes_a_new_tensor():
    x = leaf(1, 2)
    total = mg.Tensor(np.zeros(()))
    for _ in range(3):
        total += (x * x).sum()
    total.backward()
    assert x.grad.data.tolist() == [6, 12]


def test_results_cannot_be_assigned():
    y = leaf(1, 2) * 2
    for change in (CHANGES["data"], CHANGES["item"], CHANGES["copy_"]):
        with pytest.raises(ValueError, match="result of 'multiply' cannot be changed"):
            change(y)


def test_assignment_keeps_shape_and_kind():
    x = mg.Tensor([1.0, 2.0])
    x.data = np.array([3.0, 4.0])
    assert x.dtype == np.float32
    with pytest.raises(ValueError, match=r"expected shape \(2,\), got \(3,\)"):
        x.data = [1.0, 2.0, 3.0]
    with pytest.raises(TypeError, match="complex128 cannot become float32"):
        x.data = [1j, 2j]
    assert x.data.tolist() == [3, 4]


# ---- backward


def test_gradients_add_up_in_leaves_and_only_there():
    x = leaf(1, 2)
    y = x * 3
    z = (y * y).sum()
    z.backward()
    z.backward()
    assert x.grad.data.tolist() == [36, 72]
    assert y.grad is None
    assert not x.grad.requires_grad
    x.zero_grad()
    assert x.grad is None


def test_two_leaves_do_not_share_a_gradient():
    a, b = leaf(1), leaf(2)
    (a + b).sum().backward()
    a.grad *= 5
    assert (a.grad.item(), b.grad.item()) == (5, 1)


def test_a_tensor_used_twice_is_walked_once_with_all_of_its_cotangent():
    x = leaf(2.0)
    y = x * x
    for _ in range(60):  # 2**60 paths
        y = y + y
    y.sum().backward()
    assert x.grad.item() == 4 * 2**60


def test_what_backward_refuses():
    x = leaf(1, 2)
    with pytest.raises(ValueError, match=r"gradient: an output of shape \(2,\) needs one"):
        (x * 2).backward()
    with pytest.raises(ValueError, match=r"gradient: expected shape \(2,\), got \(3,\)"):
        (x * 2).backward([1, 2, 3])
    with pytest.raises(ValueError, match="requires a gradient"):
        x.detach().sum().backward()
    assert x.grad is None
    (x * 2).backward([1.0, 10.0])
    assert x.grad.data.tolist() == [2, 20]


def test_what_grad_refuses():
    x = leaf(1, 2)
    with pytest.raises(ValueError, match="inputs: number 1 is not a tensor that requires"):
        mg.grad(x.sum(), [x, mg.Tensor(1.0)])
    with pytest.raises(ValueError, match="grad_output: an output of shape"):
        mg.grad(x * 2, x)
    (g,) = mg.grad(x.sum(), x)
    assert g.data.tolist() == [1, 1]
    assert x.grad is None


def test_grad_by_results_in_between_and_by_what_does_not_matter():
    x, other = leaf(3.0), leaf(1, 2)
    y = x * x
    dy, dother = mg.grad((y * y).sum(), [y, other])
    assert dy.data.tolist() == [18]
    assert dother.data.tolist() == [0, 0]


def test_higher_derivatives():
    x = leaf(2.0)
    y = x**5
    for expected in (80, 160, 240, 240, 120, 0):
        (y,) = mg.grad(y, x, create_graph=True)
        assert y.item() == expected


def test_backward_with_create_graph():
    x = leaf(3.0)
    (x**3).backward(create_graph=True)
    assert x.grad.item() == 27
    (second,) = mg.grad(x.grad, x)
    assert second.item() == 18


def test_no_conjugation():
    z = mg.Tensor([1 + 2j], requires_grad=True)
    (z * z).sum().backward()
    assert z.grad.item() == 2 + 4j


def test_no_grad_holds_for_the_block_alone():
    x = leaf(1.0)
    with pytest.raises(ZeroDivisionError), mg.no_grad():
        assert not (x * 2).requires_grad
        raise ZeroDivisionError
    assert recording.get()

    @mg.no_grad()
    def double(t):
        return t * 2

    assert not double(x).requires_grad
    assert (x * 2).requires_grad


def test_a_chain_of_100_000_operations():
    x = leaf(1.0)
    y = x
    for _ in range(100_000):
        y = -y
    y.backward([1.0])
    assert x.grad.item() == 1
    del y  # taking the record apart must not overflow the stack either
    gc.collect()


def test_records_are_freed_without_the_garbage_collector():
    x = leaf(1, 2)
    gc.collect()
    gc.disable()
    try:
        y = F.softmax(x.exp() * x, 0).sigmoid().sqrt().max()
        y.backward()
        alive = weakref.ref(y)
        del y
        assert alive() is None
    finally:
        gc.enable()


def test_a_vjp_of_the_wrong_shape_is_named():
    x = leaf(1, 2)
    bad = record("bad", x.data.copy(), (x, lambda g, y: g.sum()))
    with pytest.raises(ValueError, match=r"gradient of 'bad' has shape \(\) for an input of"):
        bad.backward([1.0, 1.0])


# ---- anomalies


def test_the_first_nan_is_named():
    x = leaf(-1.0, 4.0)
    with np.errstate(all="ignore"), mg.detect_anomaly():
        with pytest.raises(FloatingPointError, match="'log' gave NaN where its inputs had none"):
            (x.log() * 2).exp()
        with pytest.raises(FloatingPointError, match="'exp' was given NaN as its input 0"):
            leaf(np.nan).exp()
    with np.errstate(all="ignore"):
        assert np.isnan((x.log() * 2).exp().data[0])


def test_the_first_nan_of_a_gradient_is_named():
    x = leaf(0.0)
    with np.errstate(all="ignore"), mg.detect_anomaly():
        y = (x * 0).sqrt() * 0
        with pytest.raises(FloatingPointError, match="the gradient of 'sqrt' gave NaN"):
            y.backward()
    assert x.grad is None


def test_anomalies_are_sought_in_exact_numbers_too():
    with mg.detect_anomaly():
        assert (mg.Tensor([Fraction(1, 2)]) * 2).data.tolist() == [1]


# ---- function


def test_function_is_differentiable_once():
    product = mg.function(np.multiply, lambda g, a, b: (g * b, g * a))
    a, b = leaf(2, 3), leaf(5, 7)
    y = product(a, b)
    y.backward([1.0, 1.0])
    assert (a.grad.data.tolist(), b.grad.data.tolist()) == ([5, 7], [2, 3])
    (da,) = mg.grad(product(a, b).sum(), a, create_graph=True)
    with pytest.raises(RuntimeError, match=r"multiply: made by function.* only once"):
        mg.grad(da.sum(), b)


def test_function_calls_backward_once_for_all_inputs():
    calls = []

    def backward(g, a, b):
        calls.append(1)
        return g, None

    a, b = leaf(2.0), leaf(3.0)
    mg.function(np.add, backward)(a, b).backward([1.0])
    assert len(calls) == 1
    assert (a.grad.item(), b.grad.item()) == (1, 0)


def test_function_checks_what_backward_gives():
    a = leaf(1, 2)
    for backward, error, says in [
        (lambda g, a: g, TypeError, "negative: backward must give a tuple of 1"),
        (lambda g, a: (g, g), TypeError, "negative: backward must give a tuple of 1"),
        (lambda g, a: (g.sum(),), ValueError, r"gradient of 'negative' has shape \(\)"),
    ]:
        with pytest.raises(error, match=says):
            mg.function(np.negative, backward)(a).sum().backward()
    mg.function(np.negative, lambda g, a: (-g,))(a).sum().backward()
    assert a.grad.data.tolist() == [-1, -1]

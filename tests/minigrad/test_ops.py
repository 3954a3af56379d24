"""The table of operations: each is checked against complex step and central differences, its
derivative likewise, and on exact numbers against dual ones. A new operation adds a line."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from gradient_checks import (
    central_difference,
    check,
    check_exactly,
    check_second_order,
    gradients,
    run,
)

import minigrad as mg
from minigrad import ops
from minigrad.nn import functional as F
from minigrad.ops import elementwise, shape
from minigrad.ops.arithmetic import power
from minigrad.ops.conv import conv
from minigrad.walk import topological


@dataclass(frozen=True)
class Case:
    """An operation as a function of tensors, inputs to try it on, and whether it is rational
    (made of + - * / and comparisons), so that it can be checked exactly."""

    f: callable
    inputs: tuple
    rational: bool = True


M = np.array([[1.0, -2.0, 3.0], [-4.0, 5.0, 6.0]])
N = np.array([[2.0, 3.0, -1.0], [1.0, -5.0, 4.0]])
ROW = np.array([3.0, -1.0, 2.0])
POSITIVE = np.array([[1.0, 2.0, 3.0], [4.0, 0.5, 0.25]])
IMAGE = np.random.default_rng(5).permutation(72).reshape(2, 1, 6, 6) / 8.0  # no two are equal
MASK = M > 0

TABLE = {
    "add": Case(lambda a, b: a + b, (M, ROW)),
    "add a number": Case(lambda a: 2 + a + 3, (M,)),
    "subtract": Case(lambda a, b: a - b, (ROW, N)),
    "subtract from a number": Case(lambda a: 2 - a, (M,)),
    "multiply": Case(lambda a, b: a * b, (M, ROW[:1])),
    "multiply by itself": Case(lambda a: a * a, (M,)),
    "divide": Case(lambda a, b: a / b, (M, N)),
    "divide a number": Case(lambda a: 2 / a, (M,)),
    "negative": Case(lambda a: -a, (M,)),
    "power": Case(lambda a: a**3, (M,)),
    "power of 1": Case(lambda a: a**1, (M,)),
    "power of 0": Case(lambda a: a**0, (M,)),
    "negative power": Case(lambda a: a**-2, (M,)),
    "power by a tensor": Case(lambda a, b: a**b, (POSITIVE, ROW), False),
    "power of a number": Case(lambda b: 2**b, (M,), False),
    "where": Case(lambda a, b: mg.where(MASK, a, b), (M, ROW)),
    "exp": Case(elementwise.exp, (M,), False),
    "log": Case(elementwise.log, (POSITIVE,), False),
    "sqrt": Case(elementwise.sqrt, (POSITIVE,), False),
    "tanh": Case(elementwise.tanh, (M,), False),
    "sigmoid": Case(elementwise.sigmoid, (M,), False),
    "relu": Case(elementwise.relu, (M,)),
    "absolute": Case(abs, (M,)),
    "broadcast_to": Case(lambda a: shape.broadcast_to(a, (4, 2, 3)), (ROW,)),
    "sum": Case(lambda a: a.sum(), (M,)),
    "sum over one": Case(lambda a: a.sum(dim=-1), (M,)),
    "sum over two": Case(lambda a: a.sum(dim=(0, 2), keepdim=True), (M.reshape(1, 2, 3),)),
    "mean": Case(lambda a: a.mean(dim=0, keepdim=True), (M,)),
    "max": Case(lambda a: a.max(), (M,)),
    "max over one": Case(lambda a: a.max(dim=1), (M,)),
    "max over one, kept": Case(lambda a: a.max(dim=0, keepdim=True), (M,)),
    "reshape": Case(lambda a: a.reshape(3, -1), (M,)),
    "flatten": Case(lambda a: a.flatten(1), (IMAGE,)),
    "permute": Case(lambda a: a.permute(2, 0, 1, 3), (IMAGE,)),
    "transpose": Case(lambda a: a.transpose(0, -1), (IMAGE,)),
    "T": Case(lambda a: a.T, (M,)),
    "index": Case(lambda a: a[1, ::-2], (M,)),
    "index with repeats": Case(lambda a: a[[0, 1, 0], [2, 2, 2]], (M,)),
    "index with a mask": Case(lambda a: a[MASK], (M,)),
    "concatenate": Case(lambda a, b: mg.concatenate([a, b, a], dim=1), (M, N[:, :1])),
    "stack": Case(lambda a, b: mg.stack([a, b], dim=-1), (M, N)),
    "matmul": Case(lambda a, b: a @ b, (M, N.T)),
    "matmul, vector": Case(lambda a, b: a @ b, (M, ROW)),
    "matmul, vector first": Case(lambda a, b: a @ b, (ROW, N.T)),
    "matmul, two vectors": Case(lambda a, b: a @ b, (ROW, ROW)),
    "matmul, stacks": Case(lambda a, b: a @ b, (IMAGE, IMAGE[:1, 0, :, :2])),
    "matmul, stack and vector": Case(lambda a, b: a @ b, (IMAGE, IMAGE[0, 0, 0])),
    "max_pool2d": Case(lambda a: F.max_pool2d(a, 2), (IMAGE,)),
    "max_pool2d, overlapping": Case(lambda a: F.max_pool2d(a, 3, 2, 1), (IMAGE - 9,)),
    "avg_pool2d": Case(lambda a: F.avg_pool2d(a, (3, 2), 2, 1), (IMAGE,)),
    "log_softmax": Case(lambda a: F.log_softmax(a, 1), (M,), False),
    "softmax": Case(lambda a: F.softmax(a, -1), (M,), False),
    "linear": Case(F.linear, (M, N, ROW[:2])),
    "cross_entropy": Case(lambda a: F.cross_entropy(a, [2, 0]), (M,), False),
    "mse_loss": Case(F.mse_loss, (M, N)),
}
each = pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)


@each
def test_first_derivative(case):
    check(case.f, case.inputs, central_difference, tolerance=1e-7)
    if case is not TABLE["absolute"]:  # |x| has no complex derivative
        check(case.f, case.inputs)


@each
def test_second_derivative(case):
    check_second_order(case.f, case.inputs, derivative=central_difference, tolerance=1e-6)


@pytest.mark.parametrize("name", [name for name, case in TABLE.items() if case.rational])
def test_exactly_on_fractions(name):
    check_exactly(TABLE[name].f, TABLE[name].inputs)
    check_second_order(TABLE[name].f, TABLE[name].inputs, check_exactly)


@each
def test_keeps_float32(case):
    arrays = [a.astype(np.float32) for a in case.inputs]
    y = run(case.f, arrays)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, run(case.f, case.inputs), rtol=1e-5, atol=1e-6)
    for gradient in gradients(case.f, arrays, np.ones_like(y)):
        assert gradient.dtype == np.float32


@each
def test_changed_data_are_noticed_exactly_when_they_matter(case):
    """After an input is overwritten, backward either raises or gives what it would have given."""
    g = np.random.default_rng(0).normal(size=run(case.f, case.inputs).shape)
    expected = gradients(case.f, case.inputs, g)
    for which, array in enumerate(case.inputs):
        inputs = [mg.Tensor(a, requires_grad=True) for a in case.inputs]
        y = case.f(*inputs)
        inputs[which].data = array[..., ::-1] + 0.5
        try:
            found = mg.grad(y, inputs, g)
        except RuntimeError as error:
            assert "have been changed since" in str(error)
        else:
            for p, q in zip(found, expected, strict=True):
                np.testing.assert_array_equal(p.data, q)


def test_linear_operations_do_not_mind_changed_data():
    for name in ("add", "sum", "reshape", "index", "concatenate"):
        inputs = [mg.Tensor(a, requires_grad=True) for a in TABLE[name].inputs]
        y = TABLE[name].f(*inputs)
        for t in inputs:
            t.data = t.data + 1
        mg.grad(y.sum(), inputs)


def test_the_table_is_complete():
    """Every name that ops/ records with a gradient occurs in the record of a line of the table,
    or in that of its derivative."""
    folder = Path(ops.__file__).parent
    source = "".join(path.read_text() for path in folder.glob("*.py"))
    names = set(re.findall(r'record\(\s*"([^"]+)"', source)) - {"ones"}
    met = set()
    for case in [*TABLE.values(), Case(conv, (IMAGE, IMAGE[:, :, :2, :2], ROW[:2]))]:
        inputs = [mg.Tensor(a, requires_grad=True) for a in case.inputs]
        y = case.f(*inputs)
        g = mg.Tensor(np.ones(y.shape), requires_grad=True)
        for output in (y, *mg.grad(y, inputs, g, create_graph=True)):
            met |= {t._name for t in topological(output)}
    assert names
    assert names - met == set()


# ---- values


def test_values_against_numpy():
    a, b = mg.Tensor(M), mg.Tensor(N)
    for ours, theirs in [
        (a + b, M + N), (a - b, M - N), (a * b, M * N), (a / b, M / N), (-a, -M), (a**2, M**2),
        (a.exp(), np.exp(M)), (a.tanh(), np.tanh(M)), (a.relu(), np.maximum(M, 0)),
        (a.sigmoid(), 1 / (1 + np.exp(-M))), (abs(a), abs(M)), (a @ b.T, M @ N.T),
        (N @ a.T, N @ M.T), (a.max(1), M.max(1)), (a.max(), M.max()), (a.mean(0), M.mean(0)),
        (a < b, M < N), (a <= b, M <= N), (a > b, M > N), (a >= b, M >= N), (a == b, M == N),
        (a != b, M != N), (a.argmax(1), M.argmax(1)), (a.T, M.T), (1 - a, 1 - M), (M - b, M - N),
        (mg.where(a > b, a, 0), np.where(M > N, M, 0)),
    ]:
        assert isinstance(ours, mg.Tensor)
        np.testing.assert_allclose(ours.data, theirs, rtol=1e-15)


def test_sigmoid_and_log_softmax_at_the_ends():
    x = mg.Tensor(np.array([-1000.0, -20.0, 0.0, 1000.0]))
    expected = [0, np.exp(-20) / (1 + np.exp(-20)), 0.5, 1]
    np.testing.assert_allclose(x.sigmoid().data, expected, rtol=1e-15)
    np.testing.assert_array_equal(F.log_softmax(x, 0).data, x.data - 1000)


def test_ties_go_to_the_first():
    x = mg.Tensor(np.zeros((1, 1, 3, 3)), requires_grad=True)
    F.max_pool2d(x, 3, 1, 1).sum().backward()
    # The nine windows begin at -1, 0 or 1, their first place inside at 0, 0 or 1, on each axis.
    assert x.grad.data.tolist() == [[[[4, 2, 0], [2, 1, 0], [0, 0, 0]]]]


def test_padding_is_never_the_maximum():
    x = -np.ones((1, 1, 2, 2), int)
    assert (F.max_pool2d(x, 2, 1, 1).data == -1).all()


def test_nan_is_a_maximum_and_passes_relu():
    x = mg.Tensor([[[[1.0, np.nan], [2.0, 3.0]]]])
    assert np.isnan(F.max_pool2d(x, 2).item())
    assert np.isnan(x.relu().data).sum() == 1


def test_power_at_zero():
    x = mg.Tensor([0.0], requires_grad=True)
    for exponent, slope in [(0, 0.0), (1, 1.0), (2, 0.0), (0.0, 0.0)]:
        assert mg.grad(x**exponent, x)[0].item() == slope
        assert mg.grad(power(x, mg.Tensor([exponent])), x)[0].item() == slope
    n = mg.Tensor([0], requires_grad=True)
    assert mg.grad(n**0, n)[0].item() == 0
    exponent = mg.Tensor([2.0], requires_grad=True)
    assert mg.grad(x**exponent, exponent)[0].item() == 0


def test_slopes_at_the_corner_are_zero():
    x = mg.Tensor([0.0], requires_grad=True)
    assert mg.grad(x.relu(), x)[0].item() == 0
    assert mg.grad(abs(x), x)[0].item() == 0


def test_large_integers_stay_exact_through_reductions():
    x = mg.Tensor(np.array([2**62, 2**62], object))
    assert (x.sum() * 4).item() == 2**65
    assert (x[0] * 4).item() == 2**64
    assert x.max().dtype == object
    boxed = np.empty(2, object)
    boxed[:] = [np.int64(1), np.int64(2)]  # NumPy's numbers in an object array
    assert mg.Tensor(boxed).sum().dtype == object


# ---- refusals, each beside a call that is good


@pytest.mark.parametrize(
    "good, bad, error, says",
    [
        (lambda a: a + ROW, lambda a: a + M.T, ValueError, r"add: shapes \(2, 3\) and \(3, 2\)"),
        (lambda a: a * 2, lambda a: a * "2", TypeError, r"expected numbers, got str_ '2'"),
        (lambda a: a * 2, lambda a: a * None, TypeError, r"expected numbers, got None"),
        (lambda a: a @ M.T, lambda a: a @ M, ValueError, r"matmul: shapes \(2, 3\) and \(2, 3\)"),
        (lambda a: a @ ROW, lambda a: a @ 2, ValueError, r"matmul: shapes \(2, 3\) and \(\)"),
        (lambda a: a.sum(1), lambda a: a.sum(2), ValueError, r"sum: dim 2 is out of range"),
        (lambda a: a.sum(1), lambda a: a.sum((1, -1)), ValueError, r"names a dimension twice"),
        (lambda a: a.sum(1), lambda a: a.sum(1.0), TypeError, r"sum: dim must be an integer"),
        (lambda a: a.sum(1), lambda a: a.sum(True), TypeError, r"sum: dim must be an integer"),
        (lambda a: a.mean(1), lambda a: a.mean(-3), ValueError, r"mean: dim -3 is out of range"),
        (lambda a: a.reshape(6), lambda a: a.reshape(7), ValueError, r"reshape: \(2, 3\) has 6"),
        (lambda a: a.permute(1, 0), lambda a: a.permute(1), ValueError, r"permute: expected 2"),
        (lambda a: a.flatten(0), lambda a: a.flatten(1, 0), ValueError, r"start_dim 1 comes after"),
        (lambda a: a[1], lambda a: a[2], IndexError, r"out of bounds"),
        (
            lambda a: mg.where(a > 0, a, 0),
            lambda a: mg.where(a, a, 0),
            TypeError,
            r"where: condition must be bool, got float64",
        ),
        (
            lambda a: mg.concatenate([a, M]),
            lambda a: mg.concatenate([a, M.T]),
            ValueError,
            r"concatenate: shapes \(2, 3\), \(3, 2\) differ",
        ),
        (lambda a: mg.stack([a]), lambda a: mg.stack([]), ValueError, r"stack: expected at least"),
        (lambda a: mg.stack([a, M]), lambda a: mg.stack([a, ROW]), ValueError, r"shapes differ"),
        (
            lambda a: F.mse_loss(a, M),
            lambda a: F.mse_loss(a, ROW),
            ValueError,
            r"mse_loss: shapes differ: \(2, 3\) and \(3,\)",
        ),
        (
            lambda a: F.linear(a, N),
            lambda a: F.linear(a, N.T),
            ValueError,
            r"linear: input \(2, 3\) and weight \(3, 2\) do not fit",
        ),
        (
            lambda a: F.linear(a, N, [0, 0]),
            lambda a: F.linear(a, N, [0]),
            ValueError,
            r"linear: bias must have shape \(2,\), got \(1,\)",
        ),
        (
            lambda a: F.cross_entropy(a, [0, 2]),
            lambda a: F.cross_entropy(a, [0, 3]),
            ValueError,
            r"target must lie in 0 to 2, got 3",
        ),
        (
            lambda a: F.cross_entropy(a, [0, 2]),
            lambda a: F.cross_entropy(a, [-1, 2]),
            ValueError,
            r"target must lie in 0 to 2, got -1",
        ),
        (
            lambda a: F.cross_entropy(a, [0, 2]),
            lambda a: F.cross_entropy(a, [0.0, 2.0]),
            TypeError,
            r"target must be integers, got float64",
        ),
        (
            lambda a: F.cross_entropy(a, [0, 2]),
            lambda a: F.cross_entropy(a, [[0, 2]]),
            ValueError,
            r"target \(N,\) with N at least 1, got \(2, 3\) and \(1, 2\)",
        ),
        (
            lambda a: F.max_pool2d(a.reshape(1, 1, 2, 3), 2, padding=1),
            lambda a: F.max_pool2d(a.reshape(1, 1, 2, 3), 2, padding=2),
            ValueError,
            r"padding must be at most half the kernel_size \(2, 2\), got \(2, 2\)",
        ),
        (
            lambda a: F.max_pool2d(a.reshape(1, 1, 2, 3), 2),
            lambda a: F.max_pool2d(a.reshape(1, 1, 2, 3), 3),
            ValueError,
            r"max_pool2d: the kernel reaches over 3",
        ),
        (
            lambda a: F.max_pool2d(a.reshape(1, 1, 2, 3), 2, stride=1),
            lambda a: F.max_pool2d(a.reshape(1, 1, 2, 3), 2, stride=0),
            ValueError,
            r"max_pool2d: stride must be at least 1, got 0",
        ),
        (
            lambda a: F.avg_pool2d(a.reshape(1, 1, 2, 3), 2),
            lambda a: F.avg_pool2d(a, 2),
            ValueError,
            r"avg_pool2d: input must have 4 dimensions",
        ),
    ],
)
def test_refusals(good, bad, error, says):
    good(mg.Tensor(M))
    with pytest.raises(error, match=says):
        bad(mg.Tensor(M))

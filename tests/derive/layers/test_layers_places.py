"""A tensor's range contains all the places where it stands: code against loops and differences.

Each case is written twice, as a formula and as Python over tensors that are 0 outside of their
ranges; the generated code must agree with the second, and so must its gradients with exact
central differences (no formula is of a higher degree than 2 in one entry).
"""

from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pytest

from derive.layers import compile, layer, numpy_source
from derive.layers.document import document
from derive.text import text


class Zeros:
    """A tensor that is 0 outside of its range, which begins at `low`."""

    def __init__(self, array, low):
        self.array, self.low = array, low

    def __getitem__(self, index):
        at = tuple(i - lo for i, lo in zip(np.atleast_1d(index), self.low, strict=True))
        inside = all(0 <= i < n for i, n in zip(at, self.array.shape, strict=True))
        return int(self.array[at]) if inside else 0


@dataclass
class Case:
    formula: str
    value: object  # of an output, from its indices and the tensors
    tensors: dict  # shape and where each axis begins, by name, in the order of the formula
    out: tuple
    sizes: dict = field(default_factory=dict)
    ranges: str | None = None

    def brute(self, *arrays):
        full = [Zeros(a, low) for a, (_, low) in zip(arrays, self.tensors.values(), strict=True)]
        found = np.zeros(self.out, int)
        for at in product(*map(range, self.out)):
            found[at] = self.value(*at, *full)
        return found


def one(n, low=0):
    return (n,), (low,)


CASES = {
    "bias in front": Case(
        r"y_i = w_0 + \sum_{j=1}^{n} w_j x_{i+j}",
        lambda i, w, x: w[0] + sum(w[j] * x[i + j] for j in range(1, 4)),
        {"w": one(4), "x": one(7)}, (3,),
    ),
    "bias column": Case(
        r"h_i = W_{i,0} + \sum_{j=1}^{n} W_{i,j} x_j",
        lambda i, W, x: W[i, 0] + sum(W[i, j] * x[j] for j in range(1, 4)),
        {"W": ((2, 4), (0, 0)), "x": one(3, 1)}, (2,),
    ),
    "numbers that overlap": Case(
        r"y_i = \sum_{j=0}^{2} w_j x_{i+j} + \sum_{j=1}^{3} w_j z_{i+j}",
        lambda i, w, x, z: sum(w[j] * x[i + j] for j in range(3))
        + sum(w[j] * z[i + j] for j in range(1, 4)),
        {"w": one(4), "x": one(5), "z": one(7)}, (3,),
    ),
    "both sides of zero": Case(
        r"y_i = \sum_{j=0}^{K-1} w_j x_{i+j} + \sum_{j=-K}^{-1} w_j z_{i+j}",
        lambda i, w, x, z: sum(w[j] * x[i + j] for j in range(2))
        + sum(w[j] * z[i + j] for j in range(-2, 0)),
        {"w": one(4, -2), "x": one(5), "z": one(4)}, (4,), {"K": 2},
    ),
    "two sizes, the first larger": Case(
        r"y_i = \sum_{j=0}^{K-1} w_j x_{i+j} + \sum_{j=0}^{M-1} w_j z_{i+j}",
        lambda i, w, x, z: sum(w[j] * x[i + j] for j in range(4))
        + sum(w[j] * z[i + j] for j in range(2)),
        {"w": one(4), "x": one(6), "z": one(6)}, (3,), {"K": 4, "M": 2},
    ),
    "two sizes, the second larger": Case(
        r"y_i = \sum_{j=0}^{K-1} w_j x_{i+j} + \sum_{j=0}^{M-1} w_j z_{i+j}",
        lambda i, w, x, z: sum(w[j] * x[i + j] for j in range(1))
        + sum(w[j] * z[i + j] for j in range(3)),
        {"w": one(3), "x": one(6), "z": one(6)}, (3,), {"K": 1, "M": 3},
    ),
    "two sizes below zero": Case(
        r"y_i = \sum_{j=-K}^{0} w_j x_{i+j} + \sum_{j=-M}^{1} w_j z_{i-j}",
        lambda i, w, x, z: sum(w[j] * x[i + j] for j in range(-1, 1))
        + sum(w[j] * z[i - j] for j in range(-3, 2)),
        {"w": one(5, -3), "x": one(4), "z": one(6)}, (4,), {"K": 1, "M": 3},
    ),
    "one letter, two ranges": Case(
        r"y_i = \sum_{j=0}^{1} x_{i,j} + \sum_{j=1}^{4} x_{i,j}",
        lambda i, x: sum(x[i, j] for j in (0, 1, 1, 2, 3, 4)),
        {"x": ((2, 5), (0, 0))}, (2,),
    ),
    "autocorrelation": Case(
        r"r_l = \sum_n x_n x_{n+l}",
        lambda k, x: sum(x[n] * x[n + k] for n in range(5)),
        {"x": one(5)}, (4,),
    ),
    "square in the sense of convolution": Case(
        r"y_l = \sum_n x_n x_{l-n}",
        lambda k, x: sum(x[n] * x[k - n] for n in range(4)),
        {"x": one(4)}, (7,),
    ),
    "weighted autocorrelation": Case(
        r"r_l = \sum_n w_n x_n x_{n+l}",
        lambda k, w, x: sum(w[n] * x[n] * x[n + k] for n in range(5)),
        {"w": one(5), "x": one(5)}, (4,),
    ),
    "circular autocorrelation": Case(
        r"r_l = \sum_n x_n x_{(n+l) \bmod N}",
        lambda k, x: sum(x[n] * x[(n + k) % 5] for n in range(5)),
        {"x": one(5)}, (4,),
    ),
    "wrap-around filter with a skip": Case(
        r"y_i = x_i + \sum_{j=0}^{k-1} w_j x_{(i+j) \bmod n}",
        lambda i, x, w: x[i] + sum(w[j] * x[(i + j) % 5] for j in range(3)),
        {"x": one(5), "w": one(3)}, (5,),
    ),
    "tied from both ends": Case(
        r"y_i = \sum_{j=0}^{K-1} w_j x_{i+j} + \sum_{j=0}^{K-1} w_{K-1-j} z_{i+j}",
        lambda i, w, x, z: sum(w[j] * x[i + j] + w[2 - j] * z[i + j] for j in range(3)),
        {"w": one(3), "x": one(5), "z": one(6)}, (4,),
    ),
    "tied from both ends, in one sum": Case(
        r"y_i = \sum_{j=0}^{K-1} (w_j + w_{K-1-j}) x_{i+j}",
        lambda i, w, x: sum((w[j] + w[2 - j]) * x[i + j] for j in range(3)),
        {"w": one(3), "x": one(6)}, (4,),
    ),
    "tied around the centre": Case(
        r"y_i = w_0 x_i + \sum_{j=1}^{r} w_j x_{i+j} + \sum_{j=1}^{r} w_j x_{i-j}",
        lambda i, w, x: w[0] * x[i] + sum(w[j] * (x[i + j] + x[i - j]) for j in range(1, 3)),
        {"w": one(3), "x": one(6)}, (6,),
    ),
    "three taps by number": Case(
        r"y_i = w_{-1} x_{i-1} + w_0 x_i + w_1 x_{i+1}",
        lambda i, w, x: w[-1] * x[i - 1] + w[0] * x[i] + w[1] * x[i + 1],
        {"w": one(3, -1), "x": one(5)}, (5,),
    ),
    "an end of the tensor": Case(
        r"y_i = x_i - x_0",
        lambda i, x: x[i] - x[0],
        {"x": one(4)}, (4,),
    ),
    "the last of n": Case(
        r"y_i = x_n + \sum_{j=0}^{n-1} w_{i,j} x_j",
        lambda i, x, w: x[3] + sum(w[i, j] * x[j] for j in range(3)),
        {"x": one(4), "w": ((2, 3), (0, 0))}, (2,),
    ),
    "two layers' worth of one kernel": Case(
        r"y_i = \sum_{p=0}^{2} \sum_{q=0}^{2} w_p w_q x_{i+p+q}",
        lambda i, w, x: sum(w[p] * w[q] * x[i + p + q] for p in range(3) for q in range(3)),
        {"w": one(3), "x": one(7)}, (3,),
    ),
    "one kernel at two strides": Case(
        r"y_i = \sum_p w_p x_{i+p} + \sum_q w_q z_{2i+q}",
        lambda i, w, x, z: sum(w[p] * (x[i + p] + z[2 * i + p]) for p in range(3)),
        {"w": one(3), "x": one(6), "z": one(9)}, (4,),
    ),
    "one kernel, closed once": Case(
        r"y_i = \sum_p w_p x_{i+p} + \sum_{q=0}^{2} w_q z_{i+q}",
        lambda i, w, x, z: sum(w[p] * (x[i + p] + z[i + p]) for p in range(3)),
        {"w": one(3), "x": one(6), "z": one(6)}, (4,),
    ),
    "one kernel from below zero, and over all of Z": Case(
        r"y_i = \sum_{j=-1}^{1} w_j x_{i-j} + \sum_q w_q z_{i+q}",
        lambda i, w, x, z: sum(w[j] * (x[i - j] + z[i + j]) for j in range(-1, 2)),
        {"w": one(3, -1), "x": one(6), "z": one(6)}, (4,),
    ),
    "two inputs of one letter": Case(
        r"y_i = \sum_j U_{i,j} x_j + \sum_j V_{i,j} z_j",
        lambda i, U, x, V, z: sum(U[i, j] * x[j] for j in range(3))
        + sum(V[i, j] * z[j] for j in range(2)),
        {"U": ((2, 3), (0, 0)), "x": one(3), "V": ((2, 2), (0, 0)), "z": one(2)}, (2,),
    ),
    "symmetric form": Case(
        r"y_i = \sum_{j,k} x_j A_{i,j,k} x_k",
        lambda i, x, A: sum(x[j] * A[i, j, k] * x[k] for j in range(3) for k in range(3)),
        {"x": one(3), "A": ((2, 3, 3), (0, 0, 0))}, (2,),
    ),
    "a quadratic form": Case(
        r"y = \sum_{i,j} x_i A_{ij} x_j",
        lambda x, A: sum(x[i] * A[i, j] * x[j] for i in range(3) for j in range(3)),
        {"x": one(3), "A": ((3, 3), (0, 0))}, (),
    ),
    "a loss": Case(
        r"E = \sum_i (y_i - t_i)^2",
        lambda y, t: sum((y[i] - t[i]) ** 2 for i in range(4)),
        {"y": one(4), "t": one(4)}, (),
    ),
    "one neuron": Case(
        r"y = \sum_i w_i x_i + b_0",
        lambda w, x, b: sum(w[i] * x[i] for i in range(4)) + b[0],
        {"w": one(4), "x": one(4), "b": one(1)}, (),
    ),
    "rows and columns": Case(
        r"y_{i,j} = \sum_{k=0}^{n-1} A_{i,k} A_{k,j}",
        lambda i, j, A: sum(A[i, k] * A[k, j] for k in range(3)),
        {"A": ((3, 3), (0, 0))}, (3, 3),
    ),
    "Gram": Case(
        r"G_{i,j} = \sum_k x_{i,k} x_{j,k}",
        lambda i, j, x: sum(x[i, k] * x[j, k] for k in range(4)),
        {"x": ((3, 4), (0, 0))}, (3, 3),
    ),
    "an input at two ranges": Case(
        r"y_i = \sum_{j=0}^{2} w_{i,j} x_j + \sum_{j=2}^{n} v_{i,j} x_j",
        lambda i, w, x, v: sum(w[i, j] * x[j] for j in range(3))
        + sum(v[i, j] * x[j] for j in range(2, 6)),
        {"w": ((2, 3), (0, 0)), "x": one(6), "v": ((2, 4), (0, 2))}, (2,),
    ),
    "an input at two ranges, the second short": Case(
        r"y_i = \sum_{j=0}^{2} w_{i,j} x_j + \sum_{j=1}^{n} v_{i,j} x_j",
        lambda i, w, x, v: sum(w[i, j] * x[j] for j in range(3)) + v[i, 1] * x[1],
        {"w": ((2, 3), (0, 0)), "x": one(3), "v": ((2, 1), (0, 1))}, (2,),
    ),
    "residual convolution": Case(
        r"y_i = x_i + \sum_{p=0}^{2} w_p x_{i+p-1}",
        lambda i, x, w: x[i] + sum(w[p] * x[i + p - 1] for p in range(3)),
        {"x": one(5), "w": one(3)}, (5,),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_code_agrees_with_loops_and_differences(name):
    case = CASES[name]
    c = compile(layer(case.formula, out=case.ranges), out_shape=case.out, **case.sizes)
    assert c.inputs == tuple(case.tensors)
    rng = np.random.default_rng(3)
    arrays = [rng.integers(-5, 6, shape) for shape, _ in case.tensors.values()]
    assert (c.forward(*arrays) == case.brute(*arrays)).all()
    g = rng.integers(-5, 6, case.out)
    for k, grad in enumerate(c.backward(g, *arrays)):
        assert grad.shape == arrays[k].shape
        for at in np.ndindex(arrays[k].shape):
            up, down = ([a.copy() for a in arrays] for _ in range(2))
            up[k][at] += 1
            down[k][at] -= 1
            assert (g * (case.brute(*up) - case.brute(*down))).sum() == 2 * grad[at]


def ranges(formula, tensor):
    fn = layer(formula).forward.tensor(tensor)
    return [(text(low), text(high)) for low, high in fn.box]


@pytest.mark.parametrize(
    ("formula", "tensor", "wanted"),
    [
        (r"y_i = w_0 + \sum_{j=1}^{n} w_j x_{i+j}", "w", [("0", "n")]),
        (r"y_i = \sum_{j=1}^{n} w_j x_{i+j}", "w", [("1", "n")]),
        (r"y_i = \sum_{j=0}^{K-1} w_j + \sum_{j=0}^{M-1} w_j x_i", "w", [("0", "max(K, M) − 1")]),
        (r"y_i = \sum_{j=-K}^{0} w_j + \sum_{j=-M}^{0} w_j x_i", "w", [("−max(K, M)", "0")]),
        (r"r_l = \sum_n x_n x_{n+l}", "x", [("0", "X − 1")]),
        (r"y_i = w_3 x_i", "w", [("0", "W − 1")]),
    ],
)  # fmt: skip
def test_the_range_is_the_smallest_that_contains_all_places(formula, tensor, wanted):
    assert ranges(formula, tensor) == wanted


def test_a_condition_on_the_sizes_decides_which_end_is_larger():
    made = layer(
        r"y_i = \sum_{j=0}^{K-1} w_j x_{i+j} + \sum_{j=0}^{M-1} w_j z_{i+j}", given=r"K \le M"
    )
    assert text(made.forward.tensor("w").box[0][1]) == "M − 1"


def test_a_tensor_that_is_too_short_for_the_formula_is_refused():
    c = compile(layer(r"y_i = w_0 x_i + w_2 x_{i+2}"), out_shape=(3,))
    w, x = np.array([1, 2]), np.arange(5)
    for call in (lambda: c.forward(w, x), lambda: c.backward(np.ones(3, int), w, x)):
        with pytest.raises(ValueError, match="needs 2 ≤ W − 1"):
            call()
    c = compile(layer(r"y_i = w_0 + \sum_{j=1}^{n} w_j x_{i+j}"), out_shape=(3,))
    with pytest.raises(ValueError, match="needs 0 <= n"):
        c.forward(w[:0], x)


def test_no_parameter_stands_for_a_size_that_a_shape_tells():
    source = numpy_source(layer(r"r_l = \sum_n x_n x_{n+l}"))
    assert "def forward(*, x, out_shape):" in source and "def backward(delta, *, x):" in source


def test_one_number_needs_no_shape_and_takes_a_plain_derivative():
    c = compile(layer(r"y = \sum_i w_i x_i + b"))
    w, x = np.array([1.0, 2, 3]), np.array([4.0, 5, 6])
    assert c.forward(w, x, np.array(2.0)) == 34
    by_w, by_x, by_b = c.backward(2.0, w, x, np.array(2.0))
    assert (by_w == 2 * x).all() and (by_x == 2 * w).all() and by_b == 2


@pytest.mark.parametrize("style", ["text", "latex", "markdown", "html", "json"])
def test_one_number_has_no_ranges_in_a_document(style):
    shown = document(layer(r"y = \sum_{i,j} x_i A_{ij} x_j"), style)
    assert "()" not in shown.split("zero elsewhere")[0]

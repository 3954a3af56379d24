"""Layers as running code: `minigrad.function` trains with them; what cannot run says why."""

from fractions import Fraction

import numpy as np
import pytest

import minigrad
from derive.claims import judge
from derive.layers import Outside, compile, layer, numpy_source
from derive.layers.python_names import identifier
from derive.layers.running import functions
from derive.library import find
from minigrad import Tensor

OWN = {
    "causal": (r"y_t = \sum_{k \ge 0} w_k x_{t - d k}", {"d": 2, "out_shape": (7,)}, (3,), (7,)),
    "local": (r"y_i = \sum_p w_{i,p} x_{i+p}", {}, (4, 3), (6,)),
    "circulant": (r"y_i = \sum_j w_{(i-j) \bmod n} x_j", {"out_shape": (5,)}, (5,), (5,)),
    "toeplitz": (r"y_i = \sum_j w_{i-j+n-1} x_j", {"n": 4, "out_shape": (4,)}, (7,), (4,)),
}


def agree_with_differences(c, arrays):
    """The gradients against central differences, exactly: the layers are multilinear."""
    rng = np.random.default_rng(1)
    g = rng.integers(-5, 6, c.forward(*arrays).shape)
    for k, grad in enumerate(c.backward(g, *arrays)):
        assert grad.shape == arrays[k].shape
        for at in np.ndindex(arrays[k].shape):
            up, down = (list(a.copy() for a in arrays) for _ in range(2))
            up[k][at] += 1
            down[k][at] -= 1
            change = (g * (c.forward(*up) - c.forward(*down))).sum()
            assert change == 2 * grad[at]


@pytest.mark.parametrize("name", OWN)
def test_own_layers_have_the_right_gradients(name):
    formula, fixed, *shapes = OWN[name]
    rng = np.random.default_rng(0)
    c = compile(layer(formula), **fixed)
    assert c.inputs == ("w", "x")
    agree_with_differences(c, [rng.integers(-5, 6, s) for s in shapes])


def test_three_tensors_in_one_product():
    c = compile(layer(r"y_k = \sum_{i,j} x_i W_{k,i,j} z_j"))
    rng = np.random.default_rng(0)
    agree_with_differences(c, [rng.integers(-5, 6, s) for s in ((2,), (3, 2, 4), (4,))])


SQUARE = (lambda z: z * z, lambda z: 2 * z)


def differences_of_squares(c, arrays):
    """Gradients of squares of a multilinear layer against exact central differences."""
    rng = np.random.default_rng(1)
    g = rng.integers(1, 6, c.forward(*arrays).shape)
    for k, grad in enumerate(c.backward(g, *arrays)):
        assert grad.shape == arrays[k].shape
        for at in np.ndindex(arrays[k].shape):
            up, down = (list(a.copy() for a in arrays) for _ in range(2))
            up[k][at] += 1
            down[k][at] -= 1
            assert (g * (c.forward(*up) - c.forward(*down))).sum() == 2 * grad[at]


@pytest.mark.parametrize(
    ("formula", "shapes", "more"),
    [
        (r"h_i = \sigma(\sum_j W_{ij} x_j + b_i)", ((3, 2), (2,), (3,)), {}),
        (r"h_i = \sigma(\sum_p w_p x_{2i+p} + b)", ((2,), (5,), ()), {"out_shape": (2,)}),
    ],
)
def test_a_layer_with_its_activation(formula, shapes, more):
    rng = np.random.default_rng(0)
    c = compile(layer(formula), activation=SQUARE, **more)
    differences_of_squares(c, [rng.integers(-5, 6, s) for s in shapes])


def test_a_layer_with_its_activation_trains():
    rng = np.random.default_rng(0)
    slope = lambda z: 1 - np.tanh(z) ** 2  # noqa: E731
    made = layer(r"y_{n,t} = \sigma(\sum_{k \ge 0} w_k x_{n,t-k} + b)")
    x = rng.normal(size=(16, 12))
    c = compile(made, x=x, out_shape=x.shape, activation=(np.tanh, slope))
    assert c.inputs == ("w", "b")
    causal = minigrad.function(c.forward, c.backward)
    wanted = np.array([0.5, -1.0]), np.array(0.25)
    target = Tensor(c.forward(*wanted))
    w, b = Tensor(np.zeros(2), requires_grad=True), Tensor(np.zeros(()), requires_grad=True)
    for _ in range(200):
        error = causal(w, b) - target
        loss = (error * error).mean()
        w.grad = b.grad = None
        loss.backward()
        w = Tensor(w.data - 0.5 * w.grad.data, requires_grad=True)
        b = Tensor(b.data - 0.5 * b.grad.data, requires_grad=True)
    assert loss.item() < 1e-6
    assert np.allclose(w.data, wanted[0], atol=1e-2) and np.allclose(b.data, wanted[1], atol=1e-2)


def test_a_wrong_slope_shows():
    c = compile(layer(r"h_i = \sigma(w_i x_i)"), activation=(SQUARE[0], lambda z: z))
    with pytest.raises(AssertionError):
        differences_of_squares(c, [np.array([2, 3]), np.array([1, -1])])


def test_two_images():
    c = compile(
        layer(r"c_{i,u} = \sum_p f_{i+p} g_{i+u+p}", out="i < 3, u < 2"), K=2, out_shape=(3, 2)
    )
    rng = np.random.default_rng(0)
    agree_with_differences(c, [rng.integers(-5, 6, s) for s in ((4,), (5,))])


def test_a_derived_layer_trains():
    rng = np.random.default_rng(0)
    made = layer(r"y_{n,t} = \sum_{k \ge 0} w_k x_{n, t - d k}")
    x = rng.normal(size=(16, 12))
    c = compile(made, d=2, x=x, out_shape=x.shape)
    assert c.inputs == ("w",)
    causal = minigrad.function(c.forward, c.backward)
    wanted = np.array([0.5, -1.0, 0.25])
    target = Tensor(c.forward(wanted))
    w = Tensor(np.zeros(3), requires_grad=True)
    losses = []
    for _ in range(60):
        error = causal(w) - target
        loss = (error * error).mean()
        w.grad = None
        loss.backward()
        w = Tensor(w.data - 0.3 * w.grad.data, requires_grad=True)
        losses.append(loss.item())
    assert losses[-1] < 1e-6 < 1e-2 < losses[0]
    assert np.allclose(w.data, wanted, atol=1e-2)


def test_a_theorem_of_the_library_compiles():
    names = ("conv1d-gradient-weight", "conv1d-gradient-input")
    theorems = [judge(find(n).statement).theorem for n in names]
    c = compile(theorems, out_shape=(3,))
    assert c.inputs == ("w", "x")
    agree_with_differences(c, [np.array([2, -1, 3]), np.array([1, 4, -2, 5, 3])])


def test_the_source_names_its_theorems():
    made = layer(r"h_i = \sum_p w_p x_{s i + p}", "w,x")
    source = numpy_source(made)
    for form in (made.form("w"), made.form("x")):
        assert f"{made.name(form)} (sha256 {form.hash})" in source
    assert "def forward(*, w, x, out_shape, s):" in source
    assert "def backward(delta, *, w, x, s):" in source


def test_the_code_keeps_to_the_hypotheses_and_the_shapes():
    forward, backward = functions(layer(r"h_i = \sum_p w_p x_{s i + p} + b_0"))
    w, x, b = np.ones(2), np.ones(5), np.ones(1)
    with pytest.raises(ValueError, match="needs 1 ≤ s"):
        backward(np.ones(2), w=w, x=x, b=b, s=0)
    forward, _ = functions(layer(r"h_i = \sum_j W_{ij} x_j"))
    with pytest.raises(ValueError, match=r"x\.shape"):
        forward(W=np.ones((2, 3)), x=np.ones(4), out_shape=(2,))


def test_what_cannot_be_compiled_says_why():
    with pytest.raises(TypeError, match="takes activation="):
        compile(layer(r"h_i = \sigma(\sum_j W_{ij} x_j)"))
    with pytest.raises(TypeError, match="takes no activation"):
        compile(layer(r"h_i = \sum_j W_{ij} x_j"), activation=SQUARE)
    with pytest.raises(TypeError, match="needs d"):
        compile(layer(r"y_t = \sum_k w_k x_{t - d k}"), out_shape=(3,))
    with pytest.raises(TypeError, match="no gradient by x"):
        compile(layer(r"h_i = \sum_j W_{ij} x_j", "W"))
    with pytest.raises(TypeError, match="knows no stride"):
        compile(layer(r"h_i = \sum_j W_{ij} x_j"), stride=2)
    general = judge(find("conv-gradient-bias").statement).theorem
    with pytest.raises(Outside, match="vector"):
        compile(general)


@pytest.mark.parametrize(
    "name", [r"\lambda", "def", "x'", "a b", '"""', "__import__('os')", r"\mathbf{x}", "é", "1"]
)
def test_any_name_becomes_an_identifier_or_is_refused(name):
    made = identifier(name)
    assert made.isidentifier() and made.isascii() and not made.startswith("__")


def test_names_never_reach_the_source_as_they_are():
    """A name that would end a docstring, and one of the code's own names."""
    source = numpy_source(layer(r"\mathrm{delta}_i = \sum_j \mathrm{np}_{ij} \mathrm{entries}_j"))
    compiled = {}
    exec(source, compiled)  # noqa: S102
    assert "import numpy as np" in source and "np_" in source and "entries_" in source


def test_generated_code_runs_on_polynomials():
    """The same code on symbols: its gradient is the formal derivative."""
    from sympy import QQ, ring

    c = compile(layer(r"h_i = \sum_p w_p x_{s i + d p - P}"), out_shape=(2,), s=2, d=2, P=1)
    _, *symbols = ring("w:2,x:4,g:2", QQ)
    w, x, g = (np.array(v, dtype=object) for v in (symbols[:2], symbols[2:6], symbols[6:]))
    loss = (g * c.forward(w, x)).sum()
    for tensor, grad in zip((w, x), c.backward(g, w, x), strict=True):
        assert [loss.diff(v) for v in tensor] == list(grad)


COMPARED = {
    "relu": (r"h_i = \max(0, \sum_j W_{ij} x_j + b_i)", ((3, 2), (2,), (3,)), {}),
    "pairs": (r"h_i = \max(x_{2i}, x_{2i+1})", ((6,),), {"out_shape": (3,)}),
    "pooling": (
        r"h_{c,i} = \sum_{p=0}^{K-1} x_{c,s i + p - P} [0 \le s i + p - P] [s i + p - P < X] "
        r"[\sum_{q=0}^{K-1} [q \ne p] [0 \le s i + q - P] [s i + q - P < X] "
        r"[x_{c,s i + p - P} \le x_{c,s i + q - P}] \le 0]",
        ((2, 7),),
        {"K": 3, "s": 2, "P": 1, "X": 7, "out_shape": (2, 4)},
    ),
    "the two largest": (
        r"h_n = \sum_{p=0}^{K-1} x_{n,p} [\sum_{q=0}^{K-1} [x_{n,p} < x_{n,q}] \le 1]",
        ((2, 5),),
        {},
    ),
    "gated": (r"h_i = w_i x_i [b \le x_i] + x_i^2 [x_i < w_i]", ((4,), (4,), ()), {}),
}


@pytest.mark.parametrize("name", COMPARED)
def test_layers_that_compare_entries(name):
    """Against differences with a step smaller than the gaps between entries, in fractions."""
    formula, shapes, more = COMPARED[name]
    c = compile(layer(formula), **more)
    rng, step = np.random.default_rng(len(name)), Fraction(1, 10**6)
    for _ in range(4):
        numbers = rng.permutation(np.arange(1, 60, 2) - 29)
        arrays, taken = [], 0
        for shape in shapes:
            size = int(np.prod(shape))
            one = np.empty(size, object)
            one[:] = [Fraction(int(v)) for v in numbers[taken : taken + size]]
            arrays.append(one.reshape(shape))
            taken += size
        g = rng.integers(1, 9, c.forward(*arrays).shape).astype(object)
        for k, grad in enumerate(c.backward(g, *arrays)):
            for at in np.ndindex(arrays[k].shape):
                up, down = ([a.copy() for a in arrays] for _ in range(2))
                up[k][at] += step
                down[k][at] -= step
                change = (g * (c.forward(*up) - c.forward(*down))).sum() / (2 * step)
                assert change == grad[at], (name, k, at)


def test_pooling_code_is_minigrads_max_pooling():
    from minigrad.nn import functional

    formula, _, more = COMPARED["pooling"]
    c = compile(layer(formula), **more)
    x = np.random.default_rng(0).permutation(14).reshape(2, 7) - 10
    y = functional.max_pool2d(Tensor(x[None, :, None, :]), (1, 3), (1, 2), (0, 1))
    assert (c.forward(x) == y.data[0, :, 0]).all()


@pytest.mark.parametrize("below", ["2h", "h k", "2 h k"])
def test_a_denominator_of_sizes_is_positive(below):
    c = compile(layer(rf"y_i = \frac{{x_{{i+1}} - x_{{i-1}}}}{{{below}}}"), out_shape=(5,),
                **{name: 2 for name in "hk" if name in below})  # fmt: skip
    x = np.array([1.0, 4, 9, 16, 25])
    wide = np.pad(x, 1)
    step = {"2h": 4, "h k": 4, "2 h k": 8}[below]
    assert (c.forward(x) == (wide[2:] - wide[:-2]) / step).all()
    (grad,) = c.backward(x, x)
    assert (grad == (wide[:-2] - wide[2:]) / step).all()

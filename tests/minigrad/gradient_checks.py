"""What the tests of minigrad share: three independent ways to a derivative, and the definition of
convolution written as loops. Nothing here uses minigrad's own gradients."""

import itertools
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

import minigrad as mg


def run(f, arrays):
    """f's result on arrays, as an array."""
    return f(*(mg.Tensor(a) for a in arrays)).data


def gradients(f, arrays, g):
    """minigrad's: Σ g·f differentiated by each of the arrays."""
    inputs = [mg.Tensor(a, requires_grad=True) for a in arrays]
    return [t.data for t in mg.grad(f(*inputs), inputs, g)]


# ---- numbers


def central_difference(f, arrays, which, direction):
    """The derivative of f along `direction` in one input; the error is of order step²."""
    step = 1e-5
    ahead, behind = list(arrays), list(arrays)
    ahead[which] = arrays[which] + step * direction
    behind[which] = arrays[which] - step * direction
    return (run(f, ahead) - run(f, behind)) / (2 * step)


def complex_step(f, arrays, which, direction):
    """Im f(x + ih·v)/h, without cancellation: right to rounding. (W. Squire and G. Trapp, Using
    complex variables to estimate derivatives of real functions, 1998.)"""
    step = 1e-30
    moved = [a.astype(complex) for a in arrays]
    moved[which] = arrays[which] + 1j * step * direction
    return run(f, moved).imag / step


def check(f, arrays, derivative=complex_step, tolerance=1e-10):
    """<g, ∂f·v> must equal <gradient, v> for random g and v, in float64."""
    rng = np.random.default_rng(0)
    g = rng.normal(size=run(f, arrays).shape)
    for which, gradient in enumerate(gradients(f, arrays, g)):
        v = rng.normal(size=arrays[which].shape)
        expected = (g * derivative(f, arrays, which, v)).sum()
        np.testing.assert_allclose((gradient * v).sum(), expected, rtol=tolerance, atol=tolerance)


def check_second_order(f, arrays, judge=check, **settings):
    """Each gradient of Σ g·f, as a function of the inputs and of g, is checked as f itself is."""
    g = np.random.default_rng(1).integers(-9, 9, run(f, arrays).shape) / 4
    for which in range(len(arrays)):

        def derived(*inputs, which=which):
            *inputs, g = (t if t.requires_grad else mg.Tensor(t.data, True) for t in inputs)
            return mg.grad(f(*inputs), inputs, g, create_graph=True)[which]

        judge(derived, [*arrays, g], **settings)


# ---- exact numbers


@dataclass(frozen=True, eq=False)
class Dual:
    """a + bε with ε² = 0, over the rationals: b is an exact directional derivative."""

    a: Fraction
    b: Fraction = Fraction(0)

    def __add__(self, o):
        o = dual(o)
        return Dual(self.a + o.a, self.b + o.b)

    def __mul__(self, o):
        o = dual(o)
        return Dual(self.a * o.a, self.a * o.b + self.b * o.a)

    def __truediv__(self, o):
        o = dual(o)
        return Dual(self.a / o.a, (self.b * o.a - self.a * o.b) / o.a**2)

    def __pow__(self, n):
        return Dual(self.a**n, n * self.a ** (n - 1) * self.b)

    def __neg__(self):
        return self * -1

    def __sub__(self, o):
        return self + -dual(o)

    def __rsub__(self, o):
        return dual(o) - self

    def __rtruediv__(self, o):
        return dual(o) / self

    def __abs__(self):
        return -self if self < 0 else self

    __radd__, __rmul__ = __add__, __mul__

    def __eq__(self, o):
        return self.a == dual(o).a

    def __lt__(self, o):
        return self.a < dual(o).a

    def __gt__(self, o):
        return self.a > dual(o).a

    def __le__(self, o):
        return self.a <= dual(o).a

    def __ge__(self, o):
        return self.a >= dual(o).a


def dual(x):
    """x as a dual number."""
    return x if isinstance(x, Dual) else Dual(Fraction(x))


def objects(array, make=Fraction):
    """An object array, each element made anew."""
    result = np.empty(np.shape(array), object)
    result.flat = [make(e) for e in np.asarray(array).reshape(-1).tolist()]
    return result


def check_exactly(f, arrays):
    """<g, ∂f·v> must equal <gradient, v> to the last digit, on fractions."""
    rng = np.random.default_rng(2)
    arrays = [objects(a) for a in arrays]
    g = objects(rng.integers(-9, 9, run(f, arrays).shape))
    for which, gradient in enumerate(gradients(f, arrays, g)):
        v = objects(rng.integers(-9, 9, arrays[which].shape))
        moved = [objects(a, dual) for a in arrays]
        moved[which].flat = [Dual(*p) for p in zip(arrays[which].flat, v.flat, strict=True)]
        slope = [dual(e).b for e in run(f, moved).flat]
        expected = sum((p * q for p, q in zip(g.flat, slope, strict=True)), Fraction(0))
        assert np.sum(gradient * v) == expected


# ---- convolution by its definition


@dataclass(frozen=True)
class Layer:
    """A convolution's arrays, small integers, and its settings, one for each axis."""

    x: np.ndarray
    w: np.ndarray
    b: np.ndarray
    stride: tuple
    padding: tuple
    dilation: tuple
    groups: int

    @property
    def settings(self):
        return self.stride, self.padding, self.dilation, self.groups

    @property
    def output(self):
        """The shape of the result."""
        sizes = zip(
            self.x.shape[2:], self.w.shape[2:], self.stride, self.padding, self.dilation,
            strict=True,
        )
        spatial = tuple((m + 2 * p - d * (k - 1) - 1) // s + 1 for m, k, s, p, d in sizes)
        return (len(self.x), len(self.w), *spatial)

    def terms(self):
        """The indices (output, weight, input) of every product g·w·x with x inside its range."""
        per_group = len(self.w) // self.groups
        for place in itertools.product(*map(range, self.output)):
            n, o, *i = place
            for c, *a in itertools.product(*map(range, self.w.shape[1:])):
                at = tuple(
                    s * j + d * k - p
                    for j, k, s, p, d in zip(
                        i, a, self.stride, self.padding, self.dilation, strict=True
                    )
                )
                if all(0 <= m < size for m, size in zip(at, self.x.shape[2:], strict=True)):
                    channel = o // per_group * self.w.shape[1] + c
                    yield place, (o, c, *a), (n, channel, *at)

    def forward(self):
        """y[n,o,i] = b[o] + Σ w[o,c,a]·x[n, c, s·i + d·a - p]."""
        y = np.zeros(self.output, int) + self.b.reshape(-1, *(1,) * (self.x.ndim - 2))
        for out, weight, into in self.terms():
            y[out] += self.w[weight] * self.x[into]
        return y

    def backward(self, g):
        """The gradients by input, weight and bias, of a sum of products: product by product."""
        dx, dw, db = (np.zeros(a.shape, int) for a in (self.x, self.w, self.b))
        for out, weight, into in self.terms():
            dx[into] += g[out] * self.w[weight]
            dw[weight] += g[out] * self.x[into]
        for place in itertools.product(*map(range, self.output)):
            db[place[1]] += g[place]
        return dx, dw, db

    def cotangent(self):
        """Some integers of the result's shape."""
        return np.random.default_rng(3).integers(-9, 9, self.output)


def layer(axes, groups, channels, sizes, kernel, stride, padding, dilation, seed=0):
    """A Layer with random integers; `channels` are (in, out) per group."""
    rng = np.random.default_rng(seed)
    inner, outer = channels
    return Layer(
        rng.integers(-9, 9, (2, groups * inner, *sizes)),
        rng.integers(-9, 9, (groups * outer, inner, *kernel)),
        rng.integers(-9, 9, groups * outer),
        stride, padding, dilation, groups,
    )


@st.composite
def layers(draw):
    """Convolutions over one to three axes, of any settings whose kernel fits."""
    axes = draw(st.integers(1, 3))
    each = {1: (9, 4, 3), 2: (6, 3, 3), 3: (4, 2, 2)}[axes]  # largest size, kernel, setting

    def tuple_of(low, high):
        return draw(st.tuples(*[st.integers(low, high)] * axes))

    kernel, stride, dilation = tuple_of(1, each[1]), tuple_of(1, each[2]), tuple_of(1, each[2])
    padding, extra = tuple_of(0, 2), tuple_of(0, each[0] - 1)
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    sizes = [max(1, r - 2 * p) + e for r, p, e in zip(reach, padding, extra, strict=True)]
    groups = draw(st.integers(1, 3))
    channels = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    seed = draw(st.integers(0, 99))
    return layer(axes, groups, channels, sizes, kernel, stride, padding, dilation, seed)

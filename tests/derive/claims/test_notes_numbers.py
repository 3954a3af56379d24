r"""The labels of `notes.txt` against plain NumPy, for claims that can be computed by hand.

Each function below works out both sides of one claim on random data, with loops, `numpy.convolve`
or central differences of a loss, and with nothing of `derive`: an entry labelled true must have
equal sides, one labelled false different ones.  The claim is found by its text, so that an entry
that is edited loses its check here and the test says so.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from corpus import entries

Rng = np.random.Generator
Sides = tuple[float, float]
N = 7  # sequences live on -N..N


def sequence(rng: Rng) -> Callable[[int], float]:
    values = rng.integers(-5, 6, 2 * N + 1).astype(float)
    return lambda n: values[n + N] if -N <= n <= N else 0.0


def total(f: Callable[[int], float]) -> float:
    return sum(f(k) for k in range(-4 * N, 4 * N + 1))


def convolved(f: Callable[[int], float], g: Callable[[int], float], n: int) -> float:
    both = np.convolve([f(k) for k in range(-N, N + 1)], [g(k) for k in range(-N, N + 1)])
    return float(both[n + 2 * N])


def sign(s: int) -> Callable[[Rng], Sides]:
    def sides(rng: Rng) -> Sides:
        x, h, n = sequence(rng), sequence(rng), 2
        return convolved(x, h, n), total(lambda k: x(k) * h(n + s * k))
    return sides


def shifted(s: int) -> Callable[[Rng], Sides]:
    def sides(rng: Rng) -> Sides:
        x, h, n, m = sequence(rng), sequence(rng), 3, 2
        return convolved(x, h, n - m), total(lambda k: x(k + s * m) * h(n - k))
    return sides


def pairs(s: int) -> Callable[[Rng], Sides]:
    def sides(rng: Rng) -> Sides:
        f, g, c = sequence(rng), sequence(rng), 1
        every = range(-4 * N, 4 * N + 1)
        return convolved(f, g, c), sum(f(a) * g(b) for a in every for b in every if a + s * b == c)
    return sides


def square(extra: int) -> Callable[[Rng], Sides]:
    def sides(rng: Rng) -> Sides:
        f, n = rng.integers(-5, 6, (9, 9)).astype(float), 4
        return f[:n, :n].sum(), f[:n, : n + extra].sum()
    return sides


def lags(s: int) -> Callable[[Rng], Sides]:
    def sides(rng: Rng) -> Sides:
        x, y, lag = sequence(rng), sequence(rng), 2
        return total(lambda n: x(n) * y(n - lag)), total(lambda n: y(n) * x(n + s * lag))
    return sides


def slope(loss: Callable[[np.ndarray], float], at: np.ndarray, k: int) -> float:
    step = np.zeros_like(at)
    step.flat[k] = 1e-5
    return (loss(at + step) - loss(at - step)) / 2e-5


def by_weight(s: int, last: int) -> Callable[[Rng], Sides]:
    """y_i = sum_k w_k x_{i+k} for 0 <= i < 5, a loss sum_i c_i y_i^2, by w_1."""
    def sides(rng: Rng) -> Sides:
        x, c, w = sequence(rng), rng.normal(size=5), rng.normal(size=3)
        def y(v: np.ndarray) -> np.ndarray:
            return np.array([sum(v[k] * x(i + k) for k in range(3)) for i in range(5)])
        delta = 2 * c * y(w)
        return slope(lambda v: float(c @ y(v) ** 2), w, 1), sum(
            delta[i] * x(i + s) for i in range(last))
    return sides


def by_input(s: int) -> Callable[[Rng], Sides]:
    """The same layer, by x_m for m = 2; w is zero outside of 0, 1, 2."""
    def sides(rng: Rng) -> Sides:
        x, c, w, m = rng.normal(size=7), rng.normal(size=5), rng.normal(size=3), 2
        def y(v: np.ndarray) -> np.ndarray:
            return np.array([sum(w[k] * v[i + k] for k in range(3)) for i in range(5)])
        delta = 2 * c * y(x)
        places = [(i, m + s * i) for i in range(5)]
        return slope(lambda v: float(c @ y(v) ** 2), x, m), sum(
            delta[i] * w[j] for i, j in places if 0 <= j < 3)
    return sides


def dense(turned: bool) -> Callable[[Rng], Sides]:
    def sides(rng: Rng) -> Sides:
        w, x, c = rng.normal(size=(4, 4)), rng.normal(size=4), rng.normal(size=4)
        delta = 2 * c * (w @ x)
        return slope(lambda v: float(c @ (w @ v) ** 2), x, 1), float(
            sum((w[1, i] if turned else w[i, 1]) * delta[i] for i in range(4)))
    return sides


def gauss(last: int) -> Callable[[Rng], Sides]:
    return lambda rng: (sum(range(1, 7)), sum(range(1, 7 + last)))


BY_HAND: dict[str, Callable[[Rng], Sides]] = {
    r"x[n] * h[n] = \sum_{k=-\infty}^{\infty} x[k] h[n-k]": sign(-1),
    r"x[n] * h[n] = \sum_{k=-\infty}^{\infty} x[k] h[n+k]": sign(1),
    r"x[n-m] * h[n] = \sum_k x[k-m] h[n-k]": shifted(-1),
    r"x[n-m] * h[n] = \sum_k x[k+m] h[n-k]": shifted(1),
    r"(f * g)(c) = \sum_{a+b=c} f(a) \cdot g(b)": pairs(1),
    r"(f * g)(c) = \sum_{a-b=c} f(a) \cdot g(b)": pairs(-1),
    r"\sum_{0 \le i, j < n} f(i,j) = \sum_{j=0}^{n-1} \sum_{i=0}^{n-1} f(i,j)": square(0),
    r"\sum_{0 \le i, j < n} f(i,j) = \sum_{j=0}^{n} \sum_{i=0}^{n-1} f(i,j)": square(1),
    r"r_{xy}[l] = r_{yx}[-l]": lags(1),
    r"r_{xy}[l] = r_{yx}[l]": lags(-1),
    r"\frac{\partial L}{\partial w_k} = \sum_{i=0}^{N-1} \delta_i x_{i+k}": by_weight(1, 5),
    r"\frac{\partial L}{\partial w_k} = \sum_{i=0}^{N-1} \delta_i x_{i-k}": by_weight(-1, 5),
    r"\frac{\partial L}{\partial w_k} = \sum_{i=0}^{N-2} \delta_i x_{i+k}": by_weight(1, 4),
    r"\frac{\partial L}{\partial x_m} = \sum_{i} \frac{\partial L}{\partial y_i} w_{m-i}":
        by_input(-1),
    r"\frac{\partial L}{\partial x_m} = \sum_{i} \frac{\partial L}{\partial y_i} w_{m+i}":
        by_input(1),
    r"\frac{\partial L}{\partial x_j} = \sum_i W_{ji} \frac{\partial L}{\partial z_i}": dense(True),
    r"\sum_{j=1}^{n} j = \frac{n(n+1)}{2}, \quad n \in \mathbb{N}": gauss(0),
    r"\sum_{j=1}^{n} j = \frac{n(n-1)}{2} \quad \text{for all } n \in \mathbb{N}": gauss(-1),
}


@pytest.mark.parametrize("claim", BY_HAND)
def test_the_label_is_right(claim: str) -> None:
    (label,) = (e.label for e in entries("notes") if e.latex == claim)
    same = []
    for seed in range(3):
        left, right = BY_HAND[claim](np.random.default_rng(seed))
        same.append(bool(np.isclose(left, right, rtol=1e-4, atol=1e-4)))
    assert all(same) if label == "true" else not all(same)
    assert label in ("true", "false")

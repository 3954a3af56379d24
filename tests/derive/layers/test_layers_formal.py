"""Generated code on arrays of polynomials: its gradients are the formal derivatives, exactly.

Formulas of every kind, with sizes that are drawn: nothing here knows what a layer is called.
"""

import random

import numpy as np
import pytest
from sympy import QQ, ring

from derive.binding import free
from derive.layers import Outside, layer
from derive.layers.running import functions
from derive.layers.source import Source
from derive.meaning import evaluate
from derive.syntax import Var
from derive.text import text

FORMULAS = [
    r"h_i = \sum_p w_p (x_{i+p} + y_{i-p})",
    r"y_t = \sum_{k=0}^{t} A_{t,k} x_k",
    r"h_i = w_i^2 x_i",
    r"h_i = \sum_p w_p x_{i+p} x_{i-p}",
    r"h_i = \sum_{p} w_p x_{2i+p}",
    r"h_i = \sum_{p=-K}^{K} w_p x_{i+p}",
    r"h_{i,j} = \sum_k A_{ik} B_{kj}",
    r"h_{i} = x_{i,i}",
    r"h_i = \sum_p w_p x_{i+p} [p \le i]",
    r"h_i = 3 x_i - y_i/2",
    r"h_i = \sum_{p=1}^{K} w_{p} x_{i-p} + \sum_p v_p x_{i+p}",
    r"h_i = \sum_p w_{p} x_{i+p}^2",
    r"h_{i} = \sum_{p,q} w_{p} v_{q} x_{i+p+q}",
    r"h_i = \sum_p w_p x_{n-i-p}",
    r"h_i = x_{\lfloor i/2 \rfloor}",
    r"h_i = w_0 x_i + b_0",
    r"h_i = \sum_p w_p x_{i+p} + b",
    r"h_i = \beta^2 x_i + \alpha",
    r"h_i = \sum_{p=0}^{3} [p \le i] x_0",
    r"h_i = \sum_{p=0}^{3} \sum_{q=0}^{3} [p \le i] [q \le p] x_i",
    r"h_i = \sum_{p,q} [q \le p] x_p y_{p+q}",
    r"h_{n,i} = \gamma x_{n,i} y_i",
    r"h_i = \sum_{j=1}^{k} w_j x_{i+j-1}",
    r"y_{n,c,m} = \sum_{o,i,p} x_{n,o,i} w_{o,c,p} [s i + d p - P = m]",
    r"h_{n,c,i} = \frac{1}{K} \sum_{p=0}^{K-1} x_{n,c,s i + p - P}",
    r"h_{g,i} = \sum_{p} w_{g,p} x_{g,s i + d p - P} + b_g",
]


def drawn(made, rng):
    """Values for all sizes, and symbols for the entries of each tensor and of delta."""
    f = made.forward
    symbols = free(f.lam).union(*(free(end) for ends in f.box for end in ends))
    env = {v: rng.randint(1, 2 if v.name.isupper() else 3) for v in symbols if isinstance(v, Var)}

    def shape(box):
        ends = [(evaluate(lo, env), evaluate(hi, env)) for lo, hi in box]
        return tuple(int(hi - lo + 1) for lo, hi in ends)

    shapes = [*(shape(fn.box or ()) for fn in f.tensors), shape(f.box)]
    counts = [int(np.prod(s)) for s in shapes]
    _, *gens = ring([f"a{k}" for k in range(sum(counts))], QQ)
    arrays = []
    for s, n in zip(shapes, counts, strict=True):
        array = np.empty(n, dtype=object)
        array[:], gens = gens[:n], gens[n:]
        arrays.append(array.reshape(s))
    return env, arrays[:-1], arrays[-1]


def formal(made, rng, backward=None):
    source = Source(made)
    env, arrays, delta = drawn(made, rng)
    forward, own = functions(made)
    tensors = {source.names.of(fn): array for fn, array in zip(source.tensors, arrays, strict=True)}
    numbers = {source.names.of(v): int(env[v]) for v in source.sizes}
    loss = (delta * forward(**tensors, out_shape=delta.shape, **numbers)).sum()
    grads = (backward or own)(delta, **tensors, **numbers)
    for array, grad in zip(arrays, grads, strict=True):
        assert array.shape == grad.shape
        for entry, got in zip(array.flat, grad.flat, strict=True):
            assert loss.diff(entry) == got, f"{entry} at {env}"


@pytest.mark.parametrize("formula", FORMULAS)
def test_gradients_are_formal_derivatives(formula):
    rng = random.Random(formula)
    made = layer(formula)
    for _ in range(4):
        formal(made, rng)


def test_a_planted_error_shows():
    made = layer(r"h_i = \sum_{p} w_p x_{2i+p}")
    _, own = functions(made)

    def wrong(delta, **given):
        grads = [g.copy() for g in own(delta, **given)]
        grads[0].flat[0] += delta.flat[0]
        return grads

    with pytest.raises(AssertionError):
        formal(made, random.Random(0), wrong)


def test_what_has_no_code_says_so():
    made = layer(r"h_i = \sum_p w_p \sigma(x_{i+p})")
    assert text(made.gradients["w"].rhs) == "Σ_{i=0}^{M−1} δ_i σ(x_{i+p})"
    with pytest.raises(Outside, match="has no code"):
        functions(made)

"""Rung 3: minigrad on integers modulo a large prime, at random points and at larger shapes.

The residues lie symmetrically about 0 and the prime is so small that the int64 arithmetic of
minigrad cannot overflow: terms * ((p-1)/2)^2 < 2^63.  The theorem's right side is evaluated in
Python's integers, then reduced.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from fractions import Fraction
from math import isqrt, prod

import numpy as np

from derive.audit.expected import TENSOR, Expected
from derive.audit.layer import Layer
from derive.audit.report import Rung, rung
from derive.audit.running import Array, Runner
from derive.audit.symbols import mismatch
from derive.syntax import Statement

DEGREE = 2  # of an output or a gradient in the entries of w, x, b and the cotangent together
PRODUCTS, GENERATORS = 20_000, 3_000
SUMMANDS = 30_000  # of the theorem for the input: more, and only a sample of entries is evaluated


def residues(
    layer: Layer, theorems: Mapping[str, Statement], runner: Runner, seed: int, points: int = 1
) -> Rung:
    """Rung 3 for a layer at its shape, at `points` independent random points."""
    start = time.perf_counter()
    p = prime(layer.terms)
    random = np.random.default_rng(seed)
    entries, whole = 0, points * (layer.generators - (0 if layer.bias else layer.shapes["b"][0]))
    for _ in range(points):
        arrays = drawn(layer, p, random)
        forward, grads = runner.both(arrays)
        expected = Expected(layer, theorems, {k: objects(a) for k, a in arrays.items()})
        sides = {"forward": (objects(forward), expected.forward())}
        for role, name in TENSOR.items():
            if name in grads:
                only = sample(layer, random) if name == "x" else None
                sides[f"{role} gradient"] = objects(grads[name]), expected.gradient(role, only)
        bad = {}
        for k, (ours, theirs) in sides.items():
            compared = [i for i in np.ndindex(ours.shape) if theirs[i] is not None]
            entries += len(compared)
            if places := [i for i in compared if (ours[i] - theirs[i]) % p]:
                bad[k] = places
        if bad:
            break
    bound = float(Fraction(DEGREE, p) ** points)
    seconds = round(time.perf_counter() - start, 3)
    figures = {
        "prime": p,
        "points": points,
        "entries": entries,
        "of": whole,
        "terms": layer.terms,
        "bound": bound,
        "shapes": layer.shapes,
        "seconds": seconds,
    }
    if bad:
        return rung(3, False, f"mod {p}: {mismatch(bad, sides)}", **figures)
    return rung(
        3,
        True,
        f"{entries} of {whole} entries mod {p} "
        f"(sums of at most {layer.terms} products stay below 2^63), shape {layer.shapes['x']}, "
        f"P(miss) <= {DEGREE}/p"
        f"{f'^{points}' if points > 1 else ''} = {bound:.1e}, {seconds:.1f} s",
        **figures,
    )


def prime(terms: int) -> int:
    """The largest prime p below 2^31 with terms * ((p-1)/2)^2 < 2^63.

    >>> prime(2), prime(100)
    (2147483647, 607400093)
    """
    from sympy import prevprime

    return int(prevprime(min(2**31, 2 * isqrt((2**63 - 1) // terms) + 2)))


def drawn(layer: Layer, p: int, random: np.random.Generator) -> dict[str, Array]:
    """Random residues in int64, the bias 0 where the layer has none."""
    arrays = {
        name: random.integers(-(p // 2), p // 2, shape, np.int64, endpoint=True)
        for name, shape in layer.shapes.items()
    }
    if not layer.bias:
        arrays["b"] *= 0
    return arrays


def sample(layer: Layer, random: np.random.Generator) -> list[tuple[int, ...]] | None:
    """Entries of the input: None for all if they are few; else half of them from far edges."""
    shape = layer.shapes["x"]
    each = layer.outer * prod(layer.output) * prod(layer.kernel)
    most = max(8, SUMMANDS // each)
    if prod(shape) <= most:
        return None
    everything = list(np.ndindex(shape))
    edges = [
        i for i in everything if any(v == n - 1 for v, n in zip(i[2:], shape[2:], strict=True))
    ]
    half = random.permutation(len(edges))[: most // 2]
    rest = random.permutation(len(everything))[: most - len(half)]
    return [edges[k] for k in half] + [everything[k] for k in rest]


def objects(array: Array) -> Array:
    """The same integers as Python's own."""
    out = np.empty(array.shape, object)
    out[...] = array.tolist() if array.ndim else array.item()
    return out

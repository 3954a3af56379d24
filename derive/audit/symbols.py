"""Rung 2: minigrad on arrays of polynomials, so that what agrees agrees for all inputs.

Every entry of the weight, the input, the bias and the cotangent is a generator of one ring.
Three sides are compared: minigrad's backward, the theorem's right side as `meaning` evaluates it,
and formal differentiation of <cotangent, minigrad's forward>.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from derive.audit.expected import TENSOR, Expected
from derive.audit.layer import Layer
from derive.audit.report import Rung, rung
from derive.audit.running import Array, Runner
from derive.syntax import Statement

PRODUCTS, GENERATORS = 1500, 520  # more than this and a smaller shape is taken


def symbols(layer: Layer, theorems: Mapping[str, Statement], runner: Runner) -> Rung:
    """Rung 2 for a layer at its shape."""
    start = time.perf_counter()
    arrays = generic(layer)
    forward, grads = runner.both(arrays)
    expected = Expected(layer, theorems, arrays)
    sides = {"forward": (forward, expected.forward())}
    loss = sum((arrays["y"] * forward).ravel().tolist())
    for role, name in TENSOR.items():
        if name in grads:
            sides[f"{role} gradient"] = (grads[name], expected.gradient(role))
            sides[f"{role} derivative"] = (grads[name], derivatives(loss, arrays[name]))
    identities = sum(ours.size for ours, _ in sides.values())
    terms = sum(len(p) for ours, _ in sides.values() for p in ours.flat if p)
    figures = {"identities": identities, "terms": terms, "shapes": layer.shapes}
    wrong = {k: differing(*pair) for k, pair in sides.items()}
    bad = {k: v for k, v in wrong.items() if v}
    seconds = round(time.perf_counter() - start, 3)
    if bad:
        return rung(2, False, mismatch(bad, sides), seconds=seconds, **figures)
    return rung(
        2,
        True,
        f"{identities} polynomial identities ({terms} terms), all inputs of shape "
        f"{layer.shapes['x']}, {seconds:.1f} s",
        seconds=seconds,
        **figures,
    )


def generic(layer: Layer) -> dict[str, Array]:
    """Arrays whose entries are all different generators of one ring of polynomials."""
    from sympy.polys.domains import ZZ
    from sympy.polys.rings import ring

    shapes = layer.shapes if layer.bias else {k: s for k, s in layer.shapes.items() if k != "b"}
    names = [f"{n}{k}" for n, shape in shapes.items() for k in range(prod(shape))]
    base, *generators = ring(names, ZZ)
    entries = iter(generators)
    arrays = {}
    for name, shape in layer.shapes.items():
        array = np.empty(shape, object)
        for index in np.ndindex(shape):
            array[index] = next(entries) if name in shapes else base.zero
        arrays[name] = array
    return arrays


def derivatives(loss: Any, generators: Array) -> Array:
    """The derivative of a polynomial by each generator in an array, as sympy.polys takes it."""
    out = np.empty(generators.shape, object)
    for index in np.ndindex(generators.shape):
        out[index] = loss.diff(generators[index])
    return out


def differing(ours: Array, theirs: Array) -> list[tuple[int, ...]]:
    """The entries that differ."""
    return [i for i in np.ndindex(ours.shape) if ours[i] != theirs[i]]


def mismatch(bad: Mapping[str, list[tuple[int, ...]]], sides: Mapping[str, Any]) -> str:
    """What differs, with the first entry of the first tensor that does."""
    parts = [f"{k} at {len(v)} of {sides[k][0].size} entries" for k, v in bad.items()]
    which, entries = next(iter(bad.items()))
    ours, theirs = (side[entries[0]] for side in sides[which])
    first = f"{which}[{', '.join(map(str, entries[0]))}]: minigrad {clip(ours)}"
    return f"{', '.join(parts)} differ; {first}, expected {clip(theirs)}"


def clip(value: Any) -> str:
    """A value in at most 60 characters."""
    words = str(value)
    return words if len(words) <= 60 else words[:57] + "..."

"""Rung 4: minigrad in floating point against exact values, its error in units in the last place.

The data are dyadic rationals that float32 holds exactly; `meaning` evaluates the theorem on them
as fractions.  An error is measured in ulps of the sum of absolute values of the terms (the same
theorem on the absolute values of the data), since that is the size at which rounding happens; n
roundings in a row cost at most n of these ulps, in any order of summation.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from derive.audit.expected import TENSOR, Expected
from derive.audit.layer import Layer
from derive.audit.report import Rung, rung
from derive.audit.running import Array, Runner
from derive.syntax import Statement

PRODUCTS, GENERATORS = 600, 300
COMPLEX_STEP = 2.0**-200
STEP = 0.25  # the output is affine in every single entry: no truncation error at any step


def numbers(layer: Layer, theorems: Mapping[str, Statement], runner: Runner, seed: int) -> Rung:
    """Rung 4 for a layer at its shape."""
    start = time.perf_counter()
    narrow, wide = drawn(layer, seed, np.float32), drawn(layer, seed + 1, np.float64)
    exact = sides(layer, theorems, {k: fractions(a) for k, a in wide.items()})
    sizes = magnitudes(layer, theorems, wide)
    exact32 = sides(layer, theorems, {k: fractions(a) for k, a in narrow.items()})
    sizes32 = magnitudes(layer, theorems, narrow)
    most = layer.terms + 2
    blown = spread(layer, sizes, wide)
    steps, gaps = complex_steps(layer, runner, wide), differences(layer, runner, wide)
    found = {
        "float64": (ulps(runs(runner, wide), exact, sizes, np.float64), most),
        "complex step": (ulps(steps, exact, sizes, np.float64), 2 * most),
        "central differences": (ulps(gaps, exact, sizes, np.float64), blown * most),
        "float32": (ulps(runs(runner, narrow), exact32, sizes32, np.float32), most),
    }
    seconds = round(time.perf_counter() - start, 3)
    figures: dict[str, Any] = {"shapes": layer.shapes, "seconds": seconds}
    words, bad = [], []
    for name, (errors, allowed) in found.items():
        worst, at = max((v, k) for k, v in errors.items())
        shown = {k: round(v, 2) if isfinite(v) else "inf" for k, v in errors.items()}
        figures[name] = {"ulps": shown, "allowed": allowed}
        words.append(f"{name} max {worst:.2g} ulp")
        if not worst <= allowed:
            bad.append(f"{name} is off by {worst:.2g} ulp in the {at} ({allowed:.2g} allowed)")
    if bad:
        return rung(4, False, "; ".join(bad), **figures)
    message = f"{', '.join(words)} ({most} allowed), shape {layer.shapes['x']}, {seconds:.1f} s"
    return rung(4, True, message, **figures)


def drawn(layer: Layer, seed: int, kind: Any) -> dict[str, Array]:
    """Random dyadic rationals in (-1, 1), with all bits of a floating-point type in use."""
    random = np.random.default_rng(seed)
    unit = 2 ** (24 if kind is np.float32 else 53)
    arrays = {
        name: (random.integers(1 - unit, unit, shape) / unit).astype(kind)
        for name, shape in layer.shapes.items()
    }
    if not layer.bias:
        arrays["b"] *= 0
    return arrays


def sides(
    layer: Layer, theorems: Mapping[str, Statement], arrays: Mapping[str, Array]
) -> dict[str, Array]:
    """The theorem's output and gradients on arrays of Python's numbers: exact on fractions."""
    expected = Expected(layer, theorems, arrays)
    return {"forward": expected.forward()} | {r: expected.gradient(r) for r, _ in _roles(layer)}


def magnitudes(
    layer: Layer, theorems: Mapping[str, Statement], arrays: Mapping[str, Array]
) -> dict[str, Array]:
    """The sums of the absolute values of all terms."""
    return sides(layer, theorems, {k: np.abs(a).astype(float) for k, a in arrays.items()})


def runs(runner: Runner, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """minigrad's output and gradients."""
    forward, grads = runner.both(arrays)
    names = {name: role for role, name in TENSOR.items()}
    return {"forward": forward} | {names[k]: g for k, g in grads.items()}


def complex_steps(layer: Layer, runner: Runner, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Im <delta, f(v + ih)> / h for each entry v: no cancellation, so right to rounding."""
    moved = {k: a.astype(np.complex128) for k, a in arrays.items()}
    return _each(layer, moved, 1j * COMPLEX_STEP, lambda: runner.forward(moved).imag / COMPLEX_STEP)


def differences(layer: Layer, runner: Runner, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """<delta, f(v + h) - f(v - h)> / 2h for each entry v."""
    ahead = {k: a.copy() for k, a in arrays.items()}
    behind = {k: a.copy() for k, a in arrays.items()}
    out = {}
    for role, name in _roles(layer):
        out[role] = np.empty(arrays[name].shape)
        for index in np.ndindex(arrays[name].shape):
            ahead[name][index] += STEP
            behind[name][index] -= STEP
            gap = (runner.forward(ahead) - runner.forward(behind)) / (2 * STEP)
            out[role][index] = (arrays["y"] * gap).sum()
            ahead[name][index] = behind[name][index] = arrays[name][index]
    return out


def _each(layer: Layer, moved: dict[str, Array], step: complex, slope: Any) -> dict[str, Array]:
    """<delta, slope()> with one entry after the other moved."""
    out = {}
    delta = moved["y"].real
    for role, name in _roles(layer):
        out[role] = np.empty(moved[name].shape)
        for index in np.ndindex(moved[name].shape):
            kept = moved[name][index]
            moved[name][index] = kept + step
            out[role][index] = (delta * slope()).sum()
            moved[name][index] = kept
    return out


def _roles(layer: Layer) -> list[tuple[str, str]]:
    return [(r, n) for r, n in TENSOR.items() if r != "bias" or layer.bias]


def spread(layer: Layer, sizes: Mapping[str, Array], arrays: Mapping[str, Array]) -> float:
    """How many ulps of the smallest gradient one rounding of the outputs may come to."""
    whole = (np.abs(arrays["y"]) * sizes["forward"].astype(float)).sum() / STEP
    least = min(float(v) for role, _ in _roles(layer) for v in sizes[role].flat if v)
    return float(2 * whole / least)


def fractions(array: Array) -> Array:
    """The same numbers, exactly."""
    out = np.empty(array.shape, object)
    for index in np.ndindex(array.shape):
        out[index] = Fraction(float(array[index]))
    return out


def ulps(
    found: Mapping[str, Array], exact: Mapping[str, Array], sizes: Mapping[str, Array], kind: Any
) -> dict[str, float]:
    """The largest error of each tensor in ulps of the size of its terms."""
    worst = {}
    for name, array in found.items():
        worst[name] = 0.0
        for index in np.ndindex(array.shape):
            error = abs(Fraction(float(array[index])) - exact[name][index])
            if error:
                size = float(abs(sizes[name][index]))
                unit = Fraction(float(np.spacing(kind(size)))) if size else 0
                worst[name] = max(worst[name], float(error / unit) if unit else float("inf"))
    return worst

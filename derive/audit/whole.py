"""A module as a whole: does the backward walk put the layers' gradients together rightly?

On random integers its own backward is compared, exactly, with dual numbers sent forward through
it (rung 3); in float64 with central differences (rung 4).  May: run copies of the module.  Must
not: change it, or need a theorem: activations and pooling are covered as well.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np

from derive.audit.dual import Dual
from derive.audit.report import Rung, rung
from derive.audit.running import Array, attempt

RANGE = 2**61
STEP = 2.0**-17
TOLERANCE = 1e-6  # relative; truncation is of order STEP^2, rounding of 2^-53 / STEP


def whole(module: Any, shape: tuple[int, ...], rungs: Collection[int], seed: int) -> list[Rung]:
    """Rungs 3 and 4 for a module as a whole, where they are asked for."""
    tries: dict[int, Callable[[], Rung | None]] = {
        3: lambda: exact(module, shape, seed),
        4: lambda: differences(module, shape, seed),
    }
    found = [attempt(k, tries[k]) for k in sorted(tries) if k in rungs]
    return [r for r in found if r is not None]


def exact(module: Any, shape: tuple[int, ...], seed: int) -> Rung | None:
    """<gradient, v> = <cotangent, slope along v> in integers; None if the module needs reals."""
    start = time.perf_counter()
    random = np.random.default_rng(seed)

    def draw(like: tuple[int, ...]) -> Array:
        return objects(random.integers(-RANGE, RANGE, like).tolist(), like)

    values = {"input": draw(shape)} | {k: draw(p.shape) for k, p in module.named_parameters()}
    directions = {k: draw(v.shape) for k, v in values.items()}
    moved = {}
    for k, v in values.items():
        pairs = zip(v.ravel(), directions[k].ravel(), strict=True)
        moved[k] = objects([Dual(a, b) for a, b in pairs], v.shape)
    try:
        slopes = run(module, moved)[0]
    except TypeError:  # np.tanh and its like have no exact values
        return None
    seed_array = draw(slopes.shape)
    grads = run(module, values, seed_array)[1]
    right = sum(
        c * (s.slope if isinstance(s, Dual) else 0)
        for c, s in zip(seed_array.ravel(), slopes.ravel(), strict=True)
    )
    left = sum((grads[k] * directions[k]).sum() for k in grads)
    seconds = round(time.perf_counter() - start, 3)
    entries = sum(v.size for v in values.values())
    if left != right:
        ratio = float(left / right) if right else float("inf")
        message = f"whole module: <gradient, v> is {ratio:.3g} times the derivative along v"
        return rung(3, False, message, entries=entries, seconds=seconds)
    return rung(
        3,
        True,
        f"whole module: the gradient by all {entries} entries against dual numbers, exactly, along "
        f"a random direction of 62-bit integers, {seconds:.1f} s",
        entries=entries,
        seconds=seconds,
    )


def differences(module: Any, shape: tuple[int, ...], seed: int) -> Rung:
    """<gradient, v> against a central difference along v, in float64."""
    start = time.perf_counter()
    random = np.random.default_rng(seed)
    values = {"input": random.uniform(-1, 1, shape)}
    values |= {k: p.data.astype(np.float64) for k, p in module.named_parameters()}
    directions = {k: random.uniform(-1, 1, v.shape) for k, v in values.items()}
    ahead, behind = (
        run(module, {k: v + s * directions[k] for k, v in values.items()})[0] for s in (STEP, -STEP)
    )
    delta = np.asarray(random.uniform(-1, 1, ahead.shape))
    _, grads = run(module, values, delta)
    left = float(sum((grads[k] * directions[k]).sum() for k in grads))
    right = float((delta * (ahead - behind)).sum() / (2 * STEP))
    size = float(sum(np.abs(grads[k] * directions[k]).sum() for k in grads)) or 1.0
    error = abs(left - right) / size
    seconds = round(time.perf_counter() - start, 3)
    return rung(
        4,
        error <= TOLERANCE,
        f"whole module: central difference along a random direction, relative error {error:.1e} "
        f"({TOLERANCE:.0e} allowed), {seconds:.1f} s",
        error=error,
        seconds=seconds,
    )


def run(
    module: Any, arrays: dict[str, Array], cotangent: Array | None = None
) -> tuple[Array, dict[str, Array]]:
    """The output, and with a cotangent the gradients, of a copy with these parameters."""
    from minigrad import Tensor

    tensors = {k: Tensor(v, requires_grad=True) for k, v in arrays.items()}
    new = {id(p): tensors[k] for k, p in module.named_parameters()}
    y = replaced(module, new)(tensors["input"])
    if cotangent is None:
        return y.data, {}
    y.backward(Tensor(cotangent))
    zero = {k: np.zeros_like(v) for k, v in arrays.items()}
    return y.data, {k: zero[k] if t.grad is None else t.grad.data for k, t in tensors.items()}


def replaced(module: Any, new: dict[int, Any]) -> Any:
    """A copy of a module and all its parts, other tensors in the place of its parameters."""
    other = copy.copy(module)
    children = dict(module.named_children())
    for name, value in list(vars(module).items()):
        if id(value) in new:
            setattr(other, name, new[id(value)])
        elif name in children:
            setattr(other, name, replaced(value, new))
    return other


def objects(values: Any, shape: tuple[int, ...]) -> Array:
    """An `object` array of exact numbers, however nested their list."""
    out = np.empty(int(np.prod(shape)), object)
    for k, value in enumerate(flat(values)):
        out[k] = value
    return out.reshape(shape)


def flat(values: Any) -> Iterator[Any]:
    if isinstance(values, list):
        for v in values:
            yield from flat(v)
    else:
        yield values

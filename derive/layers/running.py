"""`compile(layer, ...)`: the generated source as two plain NumPy functions.

May: run source that `numpy_source` made, whose identifiers were checked; nothing else is run.
Knows nothing of minigrad: `minigrad.function(c.forward, c.backward)` makes an operation of them.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from derive.kernel import Theorem
from derive.layers.errors import Outside
from derive.layers.forward import Forward
from derive.layers.layer import Form, Layer
from derive.layers.scan import tensors
from derive.layers.source import Source
from derive.syntax import App, DiffEntry, Fn, Lam, Z

Arrays = tuple[Any, ...]
Activation = tuple[Callable[[Any], Any], Callable[[Any], Any]]  # the function, its derivative


@dataclass(frozen=True)
class Compiled:
    """`forward(*inputs)` and `backward(g, *inputs)`, the gradients in the order of `inputs`."""

    forward: Callable[..., Any]
    backward: Callable[..., Arrays]
    inputs: tuple[str, ...]
    source: str


def compile(
    what: Layer | Theorem | Sequence[Theorem],
    *,
    out_shape: tuple[int, ...] | Callable[..., tuple[int, ...]] | None = None,
    activation: Activation | None = None,
    **fixed: Any,
) -> Compiled:
    r"""Plain NumPy functions of the tensors that are not in `fixed`.

    `out_shape`: the output's shape, or a function of the inputs that gives it; not needed where
    the tensors' shapes tell it.  `activation`: sigma and its derivative, functions of arrays.
    `fixed`: numbers such as stride=2, and tensors that are data.

    >>> import numpy as np
    >>> from derive.layers import layer
    >>> c = compile(layer(r"h_i = \sum_p w_p x_{s i + p}"), out_shape=(2,), s=2)
    >>> c.inputs, c.forward(np.array([1, 10]), np.array([1, 2, 3, 4]))
    (('w', 'x'), array([21, 43]))
    >>> c = compile(layer(r"h_i = \sigma(w_i x_i)"), activation=(np.square, lambda z: 2 * z))
    >>> w, x = np.array([2, 3]), np.array([5, 1])
    >>> c.forward(w, x), c.backward(np.array([1, 1]), w, x)
    (array([100,   9]), (array([100,   6]), array([40, 18])))
    """
    made = what if isinstance(what, Layer) else _layer(what)
    sigma = made.forward.activation
    if (sigma is None) != (activation is None):
        wanted = "no activation" if sigma is None else f"activation=({sigma.name}, its derivative)"
        raise TypeError(f"the layer {made.forward.name} takes {wanted}")
    bent, slope = activation or (_same, None)
    source = Source(made)
    text = source.text()
    space = run(text)
    names = {fn.name: source.names.of(fn) for fn in source.tensors}
    sizes = {source.names.of(v): v.name for v in source.sizes}
    by_word = {**{v: k for k, v in sizes.items()}, **names}
    unknown = sorted(set(fixed) - set(by_word) - set(by_word.values()))
    missing = sorted(k for k, v in sizes.items() if k not in fixed and v not in fixed)
    if unknown or missing:
        wanted = f"needs {', '.join(missing)}" if missing else f"knows no {', '.join(unknown)}"
        raise TypeError(f"the layer {made.forward.name} {wanted}")
    given = {by_word.get(k, k): v for k, v in fixed.items()}
    inputs = tuple(n for n, word in names.items() if word not in given)
    absent = [n for n in inputs if n not in source.chosen]
    if absent:
        raise TypeError(f"no gradient by {', '.join(absent)}: give it as an array, or derive it")
    numbers = {k: v for k, v in given.items() if k in sizes}
    arrays = {k: v for k, v in given.items() if k not in sizes}
    order = list(source.chosen)

    last = {} if sigma is None else {source.names.of(sigma): _same}

    def before(values: Arrays) -> Any:
        """The output before the activation."""
        tensors_ = _named(values)
        shape = out_shape(*values) if callable(out_shape) else out_shape
        if shape is None:
            shape = _shape(source, tensors_)
        return space["forward"](**tensors_, out_shape=tuple(shape), **numbers, **last)

    def forward(*values: Any) -> Any:
        return bent(before(values))

    def backward(g: Any, *values: Any) -> Arrays:
        delta = g if slope is None else g * slope(before(values))
        grads = dict(zip(order, space["backward"](delta, **_named(values), **numbers), strict=True))
        return tuple(grads[n] for n in inputs)

    def _named(values: Arrays) -> dict[str, Any]:
        if len(values) != len(inputs):
            raise TypeError(f"expected the arrays {', '.join(inputs)}, got {len(values)}")
        return {**arrays, **{names[n]: v for n, v in zip(inputs, values, strict=True)}}

    forward.__name__ = f"layer_{made.forward.name}" if made.forward.name.isidentifier() else "layer"
    return Compiled(forward, backward, inputs, text)


def _same(h: Any) -> Any:
    return h


def functions(layer: Layer) -> tuple[Callable[..., Any], Callable[..., Arrays]]:
    """The module's own `forward(*, ...)` and `backward(delta, *, ...)`, all by keyword."""
    space = run(Source(layer).text())
    return space["forward"], space["backward"]


def run(text: str) -> dict[str, Any]:
    """What a generated module defines."""
    space: dict[str, Any] = {}
    exec(builtins.compile(text, "<layer>", "exec"), space)  # noqa: S102
    return space


def _shape(source: Source, arrays: dict[str, Any]) -> tuple[int, ...]:
    """The output's shape, where each of its axes is one of a tensor."""
    from derive.polynomial import equal

    found: list[int] = []
    for ends in source.layer.forward.box:
        for fn in source.tensors:
            axes = [k for k, e in enumerate(fn.box or ()) if all(map(equal, e, ends))]
            if axes:
                found.append(arrays[source.names.of(fn)].shape[axes[0]])
                break
        else:
            raise TypeError("the tensors do not say how many outputs there are: give out_shape")
    return tuple(found)


def _layer(what: Theorem | Sequence[Theorem]) -> Layer:
    """The layer that gradient theorems speak of."""
    theorems = (what,) if isinstance(what, Theorem) else tuple(what)
    forms: list[Form] = []
    lam: Lam | None = None
    box: Any = None
    for theorem in theorems:
        match theorem.lhs:
            case DiffEntry(fn, _, App(Fn() as loss, (Lam() as here,))):
                if any(space != Z for space in (*fn.domain, *(p.space for p in here.params))):
                    raise Outside("indexed", fn.name, "an index that is a vector in Z^d")
                if lam is not None and lam != here:
                    raise Outside("indexed", here, "the theorems speak of different layers")
                lam, box = here, loss.box
                forms.append(Form(fn.name, "gradient", theorem))
            case _:
                raise Outside("indexed", theorem.lhs, "not the derivative of a loss by an entry")
    if lam is None:
        raise ValueError("no theorem")
    found = Forward("h", lam.params, box, lam.body, tensors(lam.body), theorems[0].given)
    return Layer("", found, tuple(forms))

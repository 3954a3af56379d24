"""The ladder of one layer: its settings in, a report out; and the same as a command.

May: choose the shapes of the rungs.  Must not: judge: each rung does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from derive.audit import numbers, residues, symbols
from derive.audit.layer import Layer, layer_of
from derive.audit.proof import library, proof
from derive.audit.report import NAMES, Report, Rung
from derive.audit.running import Code, Runner, attempt
from derive.syntax import Statement

OUTPUTS = {1: 24, 2: 7, 3: 4}  # positions on each axis of the larger shapes of rung 3


def audit_conv(
    dims: int,
    *,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    channels: int | Sequence[int] | None = None,
    kernel: int | Sequence[int] | None = None,
    size: int | Sequence[int] | None = None,
    batch: int = 2,
    bias: bool = True,
    rungs: Collection[int] = (1, 2, 3, 4),
    seed: int = 0,
    theorems: Mapping[str, Statement] | None = None,
) -> Report:
    """Audit minigrad's convolution over `dims` axes.

    `stride`, `padding`, `dilation`, `kernel`, `size`: an integer or one for each axis; `channels`:
    one number, or (in, out).  What is left out is chosen: a small uneven kernel and input, a
    larger input for rung 3.  A `size` that is too large for a rung is made smaller there, and the
    report says so by the shapes it prints.  `theorems` replaces the library's statements for
    "weight", "input", "bias" or "size" (tests plant wrong ones).

    Raises ValueError for settings that fit no layer, or rungs other than 1 to 4.
    """
    layer = layer_of(dims, stride, padding, dilation, groups, channels, kernel, size, batch, bias)
    larger = layer.sized(OUTPUTS[dims]) if size is None else layer
    return ladder(layer, larger, rungs=rungs, seed=seed, theorems=theorems)


def ladder(
    layer: Layer,
    larger: Layer,
    *,
    rungs: Collection[int],
    seed: int,
    theorems: Mapping[str, Statement] | None = None,
    code: Callable[[Layer], Code] | None = None,
    title: str = "",
) -> Report:
    """The rungs of one layer; `code` makes what is run for a layer of a given shape."""
    rungs = checked(rungs)
    statements = library(theorems)

    def runner(at: Layer) -> Runner:
        return Runner(at, code(at) if code else None)

    small = layer.within(symbols.PRODUCTS, symbols.GENERATORS)
    least = layer.within(numbers.PRODUCTS, numbers.GENERATORS)
    large = larger.within(residues.PRODUCTS, residues.GENERATORS, (12, 8, 6, 4, 3))
    tries: dict[int, Callable[[], Rung]] = {
        1: partial(proof, layer, statements),
        2: lambda: symbols.symbols(small, statements, runner(small)),
        3: lambda: residues.residues(large, statements, runner(large), seed),
        4: lambda: numbers.numbers(least, statements, runner(least), seed),
    }
    found = tuple(attempt(number, tries[number]) for number in rungs)
    return Report(title or layer.title, found)


def checked(rungs: Collection[int]) -> tuple[int, ...]:
    """The rungs in order; raises ValueError for what is no rung."""
    wrong = [r for r in rungs if r not in NAMES]
    if wrong or not rungs:
        raise ValueError(f"rungs must be some of 1, 2, 3, 4, got {tuple(rungs)}")
    return tuple(sorted(set(rungs)))

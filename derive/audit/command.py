"""`derive audit` behind its arguments: print the ladder, answer with an exit status."""

from __future__ import annotations

import json as js
from argparse import Namespace
from collections.abc import Callable, Collection, Sequence

from derive.audit.conv import audit_conv

LAYERS = {"conv1d": 1, "conv2d": 2, "conv3d": 3}
SETTINGS = (
    "stride", "padding", "dilation", "groups", "channels", "kernel", "size", "batch", "bias",
    "rungs", "seed", "json",
)  # fmt: skip


def main_audit(
    layer: str | Namespace = "conv2d",
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
    json: bool = False,
    write: Callable[[str], object] = print,
) -> int:
    """Print the ladder of conv1d, conv2d or conv3d; 0 if every rung asked for holds, else 1.

    `layer`: its name, or the command line's options with attributes of these names.
    Raises ValueError, with a message for users, for settings that fit no layer.
    """
    if isinstance(layer, Namespace):
        options = {k: v for k, v in vars(layer).items() if k in SETTINGS}
        return main_audit(layer.layer, write=write, **options)
    if layer not in LAYERS:
        raise ValueError(f"layer must be {', '.join(LAYERS)}, got {layer!r}")
    report = audit_conv(
        LAYERS[layer],
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        channels=channels,
        kernel=kernel,
        size=size,
        batch=batch,
        bias=bias,
        rungs=rungs,
        seed=seed,
    )
    write(js.dumps(report.json(), indent=2) if json else report.text())
    return 0 if report.holds else 1

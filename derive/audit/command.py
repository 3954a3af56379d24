"""`derive audit` behind its arguments: print the ladder, answer with an exit status."""

from __future__ import annotations

import json as js
from argparse import Namespace
from collections.abc import Callable, Collection, Sequence
from typing import Any

from derive.audit.conv import audit_conv
from derive.audit.pooling import audit_pool
from derive.audit.report import Report

LAYERS = {"conv1d": 1, "conv2d": 2, "conv3d": 3}
POOLING = "maxpool2d"
SETTINGS = (
    "stride", "padding", "dilation", "groups", "channels", "kernel", "size", "batch", "bias",
    "rungs", "seed", "json",
)  # fmt: skip


def main_audit(
    layer: str | Namespace = "conv2d",
    *,
    stride: int | Sequence[int] | None = None,
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
    """Print the ladder of conv1d, conv2d, conv3d or maxpool2d; 0 if every rung asked for holds,
    else 1.  A stride that is not given is 1, or for pooling the window.

    `layer`: its name, or the command line's options with attributes of these names.
    Raises ValueError, with a message for users, for settings that fit no layer.
    """
    if isinstance(layer, Namespace):
        options = {k: v for k, v in vars(layer).items() if k in SETTINGS}
        return main_audit(layer.layer, write=write, **options)
    if layer == POOLING:
        return _pooling(
            write, json, kernel=2 if kernel is None else kernel, stride=stride, padding=padding,
            dilation=dilation, groups=groups, channels=channels, size=size, batch=batch,
            rungs=rungs, seed=seed,
        )  # fmt: skip
    if layer not in LAYERS:
        raise ValueError(f"layer must be {', '.join(LAYERS)} or {POOLING}, got {layer!r}")
    report = audit_conv(
        LAYERS[layer],
        stride=1 if stride is None else stride,
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
    return _shown(report, write, json)


def _shown(report: Report, write: Callable[[str], object], json: bool) -> int:
    write(js.dumps(report.json(), indent=2) if json else report.text())
    return 0 if report.holds else 1


def _pooling(
    write: Callable[[str], object],
    json: bool,
    dilation: int | Sequence[int],
    groups: int,
    channels: Any,
    **rest: Any,
) -> int:
    if dilation not in (1, (1, 1)) or groups != 1:
        raise ValueError("max pooling has neither dilation nor groups")
    (count, *more) = channels if isinstance(channels, (tuple, list)) else (channels or 2,)
    if more and more != [count]:
        raise ValueError("max pooling keeps the channels")
    return _shown(audit_pool(channels=count, **rest), write, json)

"""`derive audit`: minigrad's layers against the theorems, on the four rungs."""

from __future__ import annotations

import argparse
import re
from typing import Any

from derive.cli.output import UserError

SHAPE = re.compile(r"shape \(([0-9, ]+)\)")
LAYERS = {"conv1d": 1, "conv2d": 2, "conv3d": 3, "maxpool2d": 2}  # with the axes of each


def register(commands: Any) -> None:
    audit = commands.add_parser(
        "audit", help="minigrad's layers against the theorems", allow_abbrev=False,
        description="Compare minigrad's convolution or max pooling and its gradients with the "
        "theorems: by proof (1), by symbols (2), by residues (3), by numbers (4). "
        "Exit status: 0 if every rung asked for holds, else 1; 2 for a usage error.",
    )  # fmt: skip
    audit.add_argument("layer", choices=tuple(LAYERS), help="which layer")
    for name, default, least in (
        ("stride", None, 1), ("padding", 0, 0), ("dilation", 1, 1), ("size", None, 1),
        ("kernel", None, 1),
    ):  # fmt: skip
        shown = "as small as will show all" if default is None else default
        shown = "1, or of pooling the window" if name == "stride" else shown
        audit.add_argument(
            f"--{name}", type=numbers(least), default=default, metavar="N",
            help=f"one number, or one for each axis as in 2,1; default: {shown}",
        )  # fmt: skip
    audit.add_argument("--groups", type=number(1), default=1, metavar="N", help="default: 1")
    audit.add_argument(
        "--channels", type=channels, metavar="IN[,OUT]", help="default: as few as will do"
    )
    audit.add_argument(
        "--rungs", type=rungs, default=(1, 2, 3, 4), metavar="1,2,3,4", help="default: all four"
    )
    audit.add_argument("--batch", type=number(1), default=2, metavar="N", help="default: 2")
    audit.add_argument("--no-bias", dest="bias", action="store_false", help="a layer without bias")
    audit.add_argument("--seed", type=number(0), default=0, metavar="N", help="default: 0")
    audit.add_argument("--json", action="store_true", help="as JSON")
    audit.set_defaults(run=run_audit)


def run_audit(options: argparse.Namespace) -> int:
    from derive.audit import main_audit

    out: list[str] = []
    try:
        status: int = main_audit(options, write=out.append)
    except ValueError as error:  # settings that fit no layer
        raise UserError(f"audit: {error}") from None
    print(*out, sep="\n")
    if not options.json:
        for line in smaller(options, out[0]):
            print(line)
    return status


def smaller(options: argparse.Namespace, text: str) -> list[str]:
    """What to say where a rung ran at smaller sizes than were asked for.

    A rung's line names the shape of its input: samples, channels, then the sizes.
    """
    dims = LAYERS[options.layer]
    size = options.size if options.size is not None else 0
    asked = (options.batch, (options.channels or (0,))[0],
             *(size if isinstance(size, tuple) else (size,) * dims))  # fmt: skip
    reduced = [
        line.split()[0]
        for line in text.splitlines()
        if (found := SHAPE.search(line))
        and any(int(a) < b for a, b in zip(found[1].split(","), asked, strict=False))
    ]
    if not reduced:
        return []
    rungs_ = " and ".join([", ".join(reduced[:-1]), reduced[-1]] if reduced[1:] else reduced)
    word = "rungs" if reduced[1:] else "rung"
    return [
        f"{word} {rungs_}: at a smaller input than asked for, of the shape shown, with the same "
        "kernel, stride, padding, dilation and groups; rung 1 is about the sizes asked for"
    ]


# ---- arguments


def number(least: int) -> Any:
    """The type of an integer that is at least `least`."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"expected an integer, got {text!r}") from None
        if value < least:
            raise argparse.ArgumentTypeError(f"expected at least {least}, got {value}")
        return value

    return read


def numbers(least: int) -> Any:
    """The type of one integer, or of one for each axis."""

    def read(text: str) -> int | tuple[int, ...]:
        values = tuple(number(least)(part) for part in text.split(","))
        return values[0] if len(values) == 1 else values

    return read


def channels(text: str) -> tuple[int, ...]:
    values = tuple(number(1)(part) for part in text.split(","))
    if len(values) > 2:
        raise argparse.ArgumentTypeError(f"expected IN or IN,OUT, got {text!r}")
    return values


def rungs(text: str) -> tuple[int, ...]:
    """
    >>> rungs("2,4")
    (2, 4)
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part in ("1", "2", "3", "4") for part in parts):
        raise argparse.ArgumentTypeError(f"expected some of 1,2,3,4, got {text!r}")
    return tuple(sorted({int(part) for part in parts}))

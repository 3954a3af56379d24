"""The command `minigrad`. Arguments are judged before anything heavy is imported or begun."""

import argparse
import math
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Run the command; gives its exit status: 0, 1 when it failed, 2 for arguments that make no
    sense, 130 when interrupted."""
    options = parser().parse_args(argv)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        print("\nminigrad: interrupted", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"minigrad: {error}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    top = argparse.ArgumentParser(prog="minigrad", description="A small autograd engine on NumPy.")
    commands = top.add_subparsers(required=True, metavar="command")
    train = commands.add_parser(
        "train",
        help="train a small convolutional network on the handwritten digits",
        description="Train a small convolutional network on four fifths of the 1,797 digits that "
        "come with minigrad, and test it on the rest.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    train.add_argument("--seed", type=natural, default=0, help="decides all that is random")
    train.add_argument("--epochs", type=positive, default=15, help="passes through the data")
    train.add_argument("--batch-size", type=positive, default=32, help="images in a step")
    train.add_argument("--lr", type=rate, default=0.05, help="learning rate")
    train.add_argument("--momentum", type=momentum, default=0.9, help="0 to below 1")
    train.add_argument("--save", type=target, metavar="FILE", help="write the model there (.npz)")
    train.add_argument("--quiet", action="store_true", help="show the result only")
    train.set_defaults(run=run_train)
    return top


def run_train(options: argparse.Namespace) -> int:
    """`minigrad train`."""
    import numpy as np

    from minigrad import nn
    from minigrad.progress import Bar
    from minigrad.train import train_digits

    with np.errstate(all="ignore"):  # a training that diverges is reported below, once
        result = train_digits(
            seed=options.seed,
            epochs=options.epochs,
            batch_size=options.batch_size,
            lr=options.lr,
            momentum=options.momentum,
            progress=None if options.quiet else Bar(),
        )
    if not math.isfinite(result.history[-1][0]):
        print("minigrad: the loss is not finite; try a smaller --lr", file=sys.stderr)
        return 1
    print(f"test accuracy {result.accuracy:.4f} in {result.seconds:.1f} s")
    if options.save is not None:
        nn.save(result.model, options.save)
        print(f"saved to {options.save}")
    return 0


# ---- arguments


def natural(text: str) -> int:
    """An integer, at least 0."""
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected an integer, got {text!r}") from None
    if value < 0:
        raise argparse.ArgumentTypeError(f"expected at least 0, got {value}")
    return value


def positive(text: str) -> int:
    """An integer, at least 1."""
    value = natural(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected at least 1, got {value}")
    return value


def rate(text: str) -> float:
    """A finite number above 0."""
    value = _number(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"expected a finite number above 0, got {text}")
    return value


def momentum(text: str) -> float:
    """A number from 0 to below 1."""
    value = _number(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to below 1, got {text}")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}") from None


def target(text: str) -> Path:
    """A file that can be written, or made, in a folder that exists."""
    path = Path(text)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{path} is a folder")
    return path

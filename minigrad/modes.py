"""Two switches, each thrown for the length of a `with` block: are operations recorded, and are
they watched for NaN. They are context variables, so threads do not see each other's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

recording = ContextVar("recording", default=True)
watching = ContextVar("watching", default=False)


@contextmanager
def switched(switch: ContextVar[bool], value: bool) -> Iterator[None]:
    """Give the switch this value until the block is left."""
    before = switch.set(value)
    try:
        yield
    finally:
        switch.reset(before)


def no_grad():
    """Within the block nothing is recorded: results do not require gradients.

    >>> import minigrad as mg
    >>> w = mg.Tensor([2.0], requires_grad=True)
    >>> with mg.no_grad():
    ...     y = w * 3
    >>> y.requires_grad
    False
    """
    return switched(recording, False)


def detect_anomaly():
    """Within the block, the first operation to make a NaN raises FloatingPointError by name.

    Both the operations and, during `backward`, their gradients are watched. It costs a pass over
    each result, so it is meant for the hunt and not for training.

    >>> import minigrad as mg, numpy as np
    >>> x = mg.Tensor([0.0, 1.0], requires_grad=True)
    >>> with mg.detect_anomaly(), np.errstate(invalid="ignore"):
    ...     (x - 1).sqrt()
    Traceback (most recent call last):
    ...
    FloatingPointError: 'sqrt' gave NaN where its inputs had none
    """
    return switched(watching, True)

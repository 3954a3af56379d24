"""Training a small convolutional network on the digits: an example that is also a command."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from minigrad import data, nn, optim
from minigrad.modes import no_grad
from minigrad.nn import functional as F
from minigrad.ops.geometry import per_axis
from minigrad.tensor import Tensor


@dataclass(frozen=True)
class Progress:
    """How far the training is: epochs and steps are counted from 1, loss and accuracy are means
    over the epoch so far."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float


@dataclass(frozen=True)
class Result:
    """What training gave: `history` has (loss, accuracy) on the training part for each epoch,
    `accuracy` is that on the part held back."""

    model: nn.Module
    accuracy: float
    seconds: float
    history: tuple[tuple[float, float], ...]


def digits_model(generator=None):
    """Two convolutions, each with ReLU and pooling, and a linear layer: 8×8 → 4×4 → 2×2 → 10."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, generator=generator),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1, generator=generator),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 2 * 2, 10, generator=generator),
    )


def train_digits(
    seed: int = 0,
    epochs: int = 15,
    batch_size: int = 32,
    lr: float = 0.05,
    momentum: float = 0.9,
    progress: Callable[[Progress], None] | None = None,
) -> Result:
    """Train on four fifths of the digits, test on the rest; `progress` is called after each step.

    The seed decides the split, the initialisation and the order of the batches: on one machine the
    same seed gives the same bits. Raises TypeError and ValueError for settings out of range.

    >>> train_digits(epochs=1).accuracy > 0.5
    True
    """
    (epochs,) = per_axis("train_digits", "epochs", epochs, 1, 1)
    (batch_size,) = per_axis("train_digits", "batch_size", batch_size, 1, 1)
    start = time.perf_counter()
    generator = np.random.default_rng(seed)
    (images, labels), (test_images, test_labels) = data.split(*data.digits(), seed=seed)
    model = digits_model(generator)
    optimizer = optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    steps = -(-len(images) // batch_size)
    history = []
    for epoch in range(1, epochs + 1):
        loss_sum = hits = seen = 0
        epoch_batches = data.batches(images, labels, size=batch_size, seed=generator)
        for step, (x, target) in enumerate(epoch_batches, 1):
            logits = model(Tensor(x))
            loss = F.cross_entropy(logits, target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(x)
            hits += int((logits.data.argmax(1) == target).sum())
            seen += len(x)
            if progress is not None:
                progress(Progress(epoch, epochs, step, steps, loss_sum / seen, hits / seen))
        history.append((loss_sum / seen, hits / seen))
    tested = accuracy(model, test_images, test_labels)
    return Result(model, tested, time.perf_counter() - start, tuple(history))


def accuracy(model, images, labels):
    """The share of images whose largest output is their label's."""
    with no_grad():
        logits = model(Tensor(images))
    return float((logits.data.argmax(1) == labels).mean())

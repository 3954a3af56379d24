"""Progress of a training, for people: a bar on a terminal, a line per epoch in a file."""

import sys


class Bar:
    """Call it with each `train.Progress`. It writes to `stream`, standard error by default.

    >>> from minigrad.train import Progress
    >>> Bar(sys.stdout)(Progress(epoch=1, epochs=2, step=5, steps=5, loss=0.25, accuracy=0.9))
    epoch 1/2  loss 0.2500  accuracy 0.9000
    """

    width = 30

    def __init__(self, stream=None):
        self.stream = sys.stderr if stream is None else stream
        self.live = self.stream.isatty()

    def __call__(self, at):
        """Show how far it is."""
        text = (
            f"epoch {at.epoch}/{at.epochs}  loss {at.loss:.4f}  accuracy {at.accuracy:.4f}"
        )
        last = at.step == at.steps
        if self.live:
            done = ((at.epoch - 1) * at.steps + at.step) / (at.epochs * at.steps)
            full = int(done * self.width)
            bar = "█" * full + "░" * (self.width - full)
            end = "\n" if last and at.epoch == at.epochs else ""
            print(f"\r{bar} {done:4.0%}  {text}", end=end, file=self.stream, flush=True)
        elif last:
            print(text, file=self.stream, flush=True)

"""Training on the digits, as a function and as a command."""

import io
import statistics
import subprocess
import sys

import numpy as np
import pytest

from minigrad import nn
from minigrad.cli import main
from minigrad.data import digits, split
from minigrad.progress import Bar
from minigrad.train import Progress, accuracy, digits_model, train_digits


def test_training_learns_and_the_same_seed_gives_the_same_bits():
    reports = []
    first = train_digits(seed=0, progress=reports.append)
    assert first.accuracy >= 0.97
    losses = [loss for loss, _ in first.history]
    assert len(losses) == 15
    assert losses[-1] < losses[0] / 20
    assert first.history[0][1] < 0.95 < first.history[-1][1] <= 1
    # 1,797 digits less a fifth are 1,438: 45 steps of 32.
    assert len(reports) == 15 * 45
    assert (reports[-1].epoch, reports[-1].step, reports[-1].steps) == (15, 45, 45)
    again = train_digits(seed=0)
    assert again.history == first.history
    for p, q in zip(first.model.parameters(), again.model.parameters(), strict=True):
        assert p.data.tobytes() == q.data.tobytes()


def test_another_seed_gives_another_model():
    a, b = (train_digits(seed=seed, epochs=1) for seed in (0, 1))
    assert a.history != b.history


@pytest.mark.soak
def test_the_median_of_five_seeds():
    results = [train_digits(seed=seed) for seed in range(5)]
    assert statistics.median(r.accuracy for r in results) >= 0.98
    assert max(r.seconds for r in results) < 30


@pytest.mark.parametrize(
    "settings, error, says",
    [
        ({"epochs": 0}, ValueError, "epochs must be at least 1"),
        ({"batch_size": 1.5}, TypeError, "batch_size must be an integer"),
        ({"lr": -1}, ValueError, "lr: expected a finite number"),
    ],
)
def test_refusals(settings, error, says):
    with pytest.raises(error, match=says):
        train_digits(**settings)


# ---- progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_the_bar_fills_up_on_a_terminal():
    stream = Terminal()
    bar = Bar(stream)
    for epoch in (1, 2):
        for step in (1, 2):
            bar(Progress(epoch, 2, step, 2, loss=0.5, accuracy=0.75))
    *_, third, last = stream.getvalue().split("\r")
    assert third.startswith("█" * 22 + "░" * 8 + "  75%")
    assert last == "█" * 30 + " 100%  epoch 2/2  loss 0.5000  accuracy 0.7500\n"


def test_files_get_a_line_per_epoch():
    stream = io.StringIO()
    bar = Bar(stream)
    for step in (1, 2):
        bar(Progress(1, 2, step, 2, loss=0.5, accuracy=0.75))
    assert stream.getvalue() == "epoch 1/2  loss 0.5000  accuracy 0.7500\n"


# ---- the command


def test_the_command_trains_and_saves(tmp_path, capsys):
    path = tmp_path / "digits.npz"
    assert main(["train", "--epochs", "2", "--seed", "3", "--save", str(path)]) == 0
    out, err = capsys.readouterr()
    assert err.count("\n") == 2
    assert f"saved to {path}" in out
    model = digits_model()
    nn.load(model, path)
    _, test = split(*digits(), seed=3)
    assert f"test accuracy {accuracy(model, *test):.4f} in " in out


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["--epochs", "0"], "argument --epochs: expected at least 1, got 0"),
        (["--epochs", "two"], "argument --epochs: expected an integer, got 'two'"),
        (["--batch-size", "-4"], "argument --batch-size: expected at least 0, got -4"),
        (["--seed", "-1"], "argument --seed: expected at least 0, got -1"),
        (["--lr", "0"], "argument --lr: expected a finite number above 0, got 0"),
        (["--lr", "nan"], "argument --lr: expected a finite number above 0, got nan"),
        (["--lr", "fast"], "argument --lr: expected a number, got 'fast'"),
        (["--momentum", "1"], "argument --momentum: expected a number from 0 to below 1"),
        (["--save", "/no/such/folder/model.npz"], "there is no folder /no/such/folder"),
        (["--save", "/"], "/ is a folder"),
        (["--sped", "3"], "unrecognized arguments: --sped 3"),
    ],
)
def test_the_command_refuses_before_it_begins(arguments, says, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["train", *arguments])
    assert stop.value.code == 2
    assert says in capsys.readouterr().err


def test_a_training_that_diverges_is_a_failure(tmp_path, capsys):
    path = tmp_path / "model.npz"
    arguments = ["train", "--lr", "1e9", "--epochs", "1", "--quiet", "--save", str(path)]
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "the loss is not finite; try a smaller --lr" in err
    assert not path.exists()


def test_an_interrupt_is_reported(monkeypatch, capsys):
    def interrupted(**settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("minigrad.train.train_digits", interrupted)
    assert main(["train", "--quiet"]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_import_needs_numpy_alone_and_help_does_not_train():
    script = (
        "import sys, minigrad\n"
        "heavy = {'sympy', 'scipy', 'sklearn', 'torch', 'matplotlib', 'derive'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    shown = subprocess.run(
        [sys.executable, "-m", "minigrad", "--help"], check=True, capture_output=True, text=True
    )
    assert "train" in shown.stdout


def test_accuracy_counts():
    model = digits_model(np.random.default_rng(0))
    for p in model.parameters():
        p.data = np.zeros(p.shape)
    model[7].bias.data = np.eye(10)[4]  # always says 4
    images, labels = digits()
    assert accuracy(model, images, labels) == 181 / 1797  # the number of fours

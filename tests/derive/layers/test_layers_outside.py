"""What is outside of what can be derived gets an answer that names the part at fault."""

import pytest

from derive.cli import main
from derive.latex import Unreadable
from derive.layers import Outside, layer


@pytest.mark.parametrize(
    ("formula", "kind", "words"),
    [
        (r"h_i = \sum_p w_p x_{i p + 1}", "affine", "product i p"),
        (r"h_i = \sum_p w_p x_{i^2 + p}", "affine", "i^2"),
        (r"h_i = x_i [x_i = 0]", "linear", "not known to stay as it is"),
        (r"h_i = w_i [w_i x_i < [x_i < 1] x_i]", "linear", "not a count of brackets"),
        (r"h_i = |x_i|", "linear", "differentiable"),
        (r"h_i = \frac{w_i}{x_i}", "linear", "divided by"),
        (r"h_i = w_j x_{i+j}", "indexed", "neither summed over nor an index"),
        (r"h_i = \sum_p w_p y_i", None, None),
        (r"h_i = a + b", "indexed", "no tensor"),
        (r"h_{i+1} = w_i", "indexed", "different letters"),
        (r"h_i = w_i h_{i-1}", "indexed", "both sides"),
    ],
)
def test_the_part_at_fault_is_named(formula, kind, words):
    if kind is None:
        assert layer(formula).forms
        return
    with pytest.raises(Outside) as caught:
        layer(formula)
    assert caught.value.kind == kind
    assert words in str(caught.value)


def test_a_tensor_that_is_not_there():
    with pytest.raises(Outside, match="not a tensor of the formula"):
        layer(r"h_i = \sum_p w_p x_{i+p}", "v")


def test_what_cannot_be_read():
    with pytest.raises(Unreadable):
        layer(r"h_i = \sum_p w_p x_{i+")
    with pytest.raises(Unreadable, match="not an argument of x"):
        layer(r"h_i = \sum_p w_p x_{v_i + p}")


def test_a_range_that_is_none():
    with pytest.raises(Outside, match="bound"):
        layer(r"h_i = \sum_p w_p x_{i+p}", out="2 i < M")


def run(capsys, *arguments):
    status = main(["layer", *arguments])
    return status, *capsys.readouterr()


@pytest.mark.parametrize("style", ["text", "latex", "markdown", "html", "json"])
def test_the_command_writes_every_format(capsys, style):
    status, out, err = run(capsys, r"h_i = \sum_p w_p x_{i+p}", "--format", style)
    assert (status, err) == (0, "")
    assert "delta" in out or "δ" in out


def test_the_command_writes_code(capsys):
    status, out, _ = run(capsys, r"h_i = \sum_p w_p x_{i+p}", "--wrt", "w", "--code", "numpy")
    assert status == 0
    assert "def backward(delta, *, w, x):" in out and "h-gradient-w (sha256 " in out


def test_the_command_fails_in_one_line(capsys):
    status, out, err = run(capsys, r"h_i = |x_i|")
    assert (status, out) == (2, "")
    assert err.startswith("derive: layer: cannot be derived: ") and err.count("\n") == 1

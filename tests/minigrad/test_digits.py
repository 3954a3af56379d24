"""The digits are what their source says they are; splits and batches lose nothing."""

from pathlib import Path

import numpy as np
import pytest

from minigrad import data


def test_the_digits_are_those_the_source_describes():
    """Counts from the data set's own description: 1,797 test instances, 64 integer attributes in
    0..16, and the class distribution it lists for the digits 0 to 9."""
    images, labels = data.digits()
    assert images.shape == (1797, 1, 8, 8)
    assert (images.dtype, labels.dtype) == (np.float32, np.int64)
    pixels = images * 16
    assert (pixels == pixels.astype(int)).all()
    assert (pixels.min(), pixels.max()) == (0, 16)
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_the_licence_is_there():
    text = Path(data.__file__).with_name("LICENSE-digits.txt").read_text()
    for part in ("CC BY 4.0", "Alpaydin", "Kaynak", "UCI Machine Learning Repository"):
        assert part in text


def test_split():
    x = np.arange(100)
    (a, b), (c, d) = data.split(x, -x, fraction=0.3, seed=5)
    assert (len(a), len(c)) == (70, 30)
    assert sorted([*a, *c]) == list(range(100))
    assert (a == -b).all()
    assert (c == -d).all()
    again = data.split(x, fraction=0.3, seed=5)
    assert (again[0][0] == a).all()
    assert (data.split(x, fraction=0.3, seed=6)[0][0] != a).any()


def test_batches():
    x = np.arange(10)
    generator = np.random.default_rng(0)
    epochs = [list(data.batches(x, -x, size=4, seed=generator)) for _ in range(2)]
    for epoch in epochs:
        assert [len(a) for a, _ in epoch] == [4, 4, 2]
        assert sorted(np.concatenate([a for a, _ in epoch])) == list(range(10))
        assert all((a == -b).all() for a, b in epoch)
    assert any((p[0] != q[0]).any() for p, q in zip(*epochs, strict=True))
    first, again = (list(data.batches(x, size=3, seed=1)) for _ in range(2))
    assert all((p[0] == q[0]).all() for p, q in zip(first, again, strict=True))


@pytest.mark.parametrize(
    "bad, error, says",
    [
        (lambda x: data.split(x, x[1:]), ValueError, r"expected one length, got \[9, 10\]"),
        (lambda x: data.split(x, fraction=1), ValueError, "leaves one part empty"),
        (lambda x: data.split(x, fraction="1"), TypeError, "fraction: expected a number"),
        (lambda x: data.batches(x, size=0), ValueError, "size: expected at least 1, got 0"),
        (lambda x: data.batches(x, size=1.5), TypeError, "size: expected an integer"),
        (lambda x: data.batches(x, x[1:], size=1), ValueError, "expected one length"),
        (lambda x: data.batches(size=1), ValueError, r"expected one length, got \[\]"),
    ],
)
def test_refusals(bad, error, says):
    with pytest.raises(error, match=says):
        bad(np.arange(10))

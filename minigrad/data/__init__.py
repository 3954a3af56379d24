"""The handwritten digits that come with the package, and how to cut data into parts."""

from pathlib import Path

import numpy as np


def digits():
    """The 1,797 test digits of E. Alpaydin and C. Kaynak's Optical Recognition of Handwritten
    Digits (1998), under CC BY 4.0.

    Images are float32 (1797, 1, 8, 8), from 0 to 1 in steps of 1/16; labels int64 (1797,).

    >>> images, labels = digits()
    >>> images.shape, labels.shape
    ((1797, 1, 8, 8), (1797,))
    """
    with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as archive:
        images, labels = archive["images"], archive["labels"]
    return (images[:, None] / 16).astype(np.float32), labels.astype(np.int64)


def split(*arrays, fraction=0.2, seed=0):
    """Two lists of arrays, shuffled alike: for training, and the fraction that is held back.

    >>> (x, y), (x_test, y_test) = split(np.arange(10), np.arange(10) * 2)
    >>> len(x), len(x_test), bool((y == 2 * x).all())
    (8, 2, True)
    """
    n = _length(arrays)
    if isinstance(fraction, bool) or not isinstance(fraction, (int, float)):
        raise TypeError(f"fraction: expected a number, got {fraction!r}")
    held = round(n * fraction)
    if not 0 < held < n:
        raise ValueError(f"fraction: {fraction} of {n} samples leaves one part empty")
    order = np.random.default_rng(seed).permutation(n)
    return [a[order[held:]] for a in arrays], [a[order[:held]] for a in arrays]


def batches(*arrays, size, seed=None):
    """One epoch: tuples of `size` samples in random order, each sample once, the last tuple
    perhaps shorter. `seed` is an integer or a numpy.random.Generator, which goes on from epoch to
    epoch.

    >>> [len(x) for x, in batches(np.arange(10), size=4, seed=0)]
    [4, 4, 2]
    """
    n = _length(arrays)
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)):
        raise TypeError(f"size: expected an integer, got {size!r}")
    if size < 1:
        raise ValueError(f"size: expected at least 1, got {size}")
    order = np.random.default_rng(seed).permutation(n)
    return (tuple(a[order[i : i + size]] for a in arrays) for i in range(0, n, size))


def _length(arrays):
    lengths = {len(a) for a in arrays}
    if len(lengths) != 1:
        raise ValueError(f"arrays: expected one length, got {sorted(lengths)}")
    return lengths.pop()

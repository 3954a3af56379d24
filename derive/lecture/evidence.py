"""What the lecture's rows rest on: each piece of evidence is made by running something now.

A piece says which rows it belongs to, what was done (proved, refuted, audited, computed, trained,
drawn) and whether it came out as it must.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from derive.claims import Verdict, judge
from derive.library import Result, results
from derive.notes.items import Figure, as_line
from derive.notes.messages import plain


@dataclass(frozen=True)
class Evidence:
    kind: str
    rows: tuple[str, ...]
    words: str
    good: bool
    result: Result | None = None
    verdict: Verdict | None = None
    figure: Figure | None = None


def facts() -> Iterator[Evidence]:
    """The library: what holds must be proved, the wrong slides must be refuted by data."""
    for result in results():
        verdict = judge(result.statement, result.by)
        wanted = "proved" if result.holds else "refuted"
        good = verdict.verdict == wanted
        kind = wanted if good else "failed"
        words = result.name if good else f"{result.name} ({verdict.verdict}, not {wanted})"
        yield Evidence(kind, result.rows, words, good, result, verdict)


def audits(seed: int) -> Iterator[Evidence]:
    """minigrad's layers against the theorems, on four rungs."""
    from derive.audit import audit_conv, audit_module
    from minigrad import nn

    def piece(rows: tuple[str, ...], report: Any) -> Evidence:
        rungs = sorted(report.red)
        ending = "" if report.holds else f" (rungs {rungs} fail)"
        words = f"{report.title}{ending}"
        kind = "audited" if report.holds else "failed"
        return Evidence(kind, rows, words, report.holds, verdict=None)

    yield piece(("L1",), audit_module(nn.Linear(4, 3), (2, 4), seed=seed))
    yield piece(("L2", "L16"), audit_conv(1, seed=seed))
    settings = {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}
    yield piece(("L13", "L16"), audit_conv(2, seed=seed, **settings))
    yield piece(("L10",), audit_conv(3, seed=seed))


def computations() -> Iterator[Evidence]:
    """Numbers that the lecture shows, by minigrad and from the definition."""
    import numpy as np

    from minigrad import Tensor
    from minigrad.nn import functional as F

    image, kernel = np.arange(9.0).reshape(3, 3), np.arange(4.0).reshape(2, 2)
    ours = F.conv2d(Tensor(image[None, None]), Tensor(kernel[None, None])).data[0, 0]
    by_hand = [
        [sum(kernel[p, q] * image[i + p, j + q] for p in (0, 1) for q in (0, 1)) for j in (0, 1)]
        for i in (0, 1)
    ]
    same = np.array_equal(ours, by_hand)
    shown = ", ".join(f"{v:g}" for v in ours.ravel())
    yield Evidence("computed" if same else "failed", ("L11",), f"outputs {shown}", same)
    try:
        F.conv2d(Tensor(np.zeros((1, 2, 4, 4))), Tensor(np.zeros((3, 5, 2, 2))))
    except ValueError as error:
        yield Evidence("computed", ("L13",), f"a mismatch is refused: {error}", True)
    else:
        yield Evidence("failed", ("L13",), "a mismatch of channels is not refused", False)


def training(seed: int, progress: Callable[[Any], None] | None) -> Evidence:
    """A small network on the digits; at least 95% on what it has not seen."""
    from minigrad.train import train_digits

    result = train_digits(seed=seed, progress=progress)
    good = result.accuracy >= 0.95
    words = f"test accuracy {result.accuracy:.2%} in {result.seconds:.1f} s"
    return Evidence("trained" if good else "failed", ("L14",), words, good)


def drawings() -> Iterator[Evidence]:
    """The pictures, each from what it shows."""
    import numpy as np

    from derive.notes.figures import backpropagation, channels, filters, sliding, window
    from derive.notes.figures.image import synthetic
    from minigrad import Tensor
    from minigrad.nn import functional as F

    def conv2d(image: Any, kernel: Any, **settings: Any) -> Any:
        return F.conv2d(Tensor(np.asarray(image)), Tensor(np.asarray(kernel)), **settings).data

    drawn: list[tuple[tuple[str, ...], str, Callable[[], Any]]] = [
        (("L8",), "Signal, reflected kernel and result, as the kernel slides", sliding),
        (("L9",), "Kernels of image processing, applied by minigrad's conv2d",
         lambda: filters(synthetic(), conv2d=conv2d)),
        (("L11",), "A 2-D output by hand", window),
        (("L13",), "Several input channels, several kernels", channels),
        (("L16",), "Backpropagation through a convolution", backpropagation),
    ]  # fmt: skip
    for rows, caption, draw in drawn:
        yield Evidence("drawn", rows, "picture", True, figure=Figure(draw(), caption))


def say(words: str) -> None:
    print(words, flush=True)


def timed(title: str, pieces: Iterator[Evidence]) -> list[Evidence]:
    """Run the pieces, saying each as it is done."""
    start = time.perf_counter()
    say(f"\n{title}")
    out = []
    for piece in pieces:
        out.append(piece)
        mark = "ok " if piece.good else "NOT"
        what = piece.result.title if piece.result else piece.words
        if piece.figure:
            what = plain(as_line(piece.figure.caption))
        line = f"  {mark} {piece.kind:<9} {what}"
        if piece.verdict is not None and piece.verdict.counterexample:
            line += "\n                " + "; ".join(piece.verdict.counterexample.text())
        say(line)
    say(f"  {len(out)} in {time.perf_counter() - start:.1f} s")
    return out

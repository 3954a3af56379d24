"""L16: backpropagation through a one-dimensional convolution, drawn as a network.

May: say which edge carries which weight.  Must not: prove anything; the library does.
"""

from __future__ import annotations

from collections.abc import Callable

from derive.notes.figures.exact import positive
from derive.notes.figures.labels import Label, lines, math, width, words
from derive.notes.figures.scene import SHARES, Circle, Mark, Path, Scene, Text, fitting, panels
from derive.notes.figures.words import word

MOST = 8
_STEP, _R, _ACROSS, _TOP, _SIZE = 42.0, 15.0, 92.0, 52.0, 14.0
Edge = tuple[int, int]  # from x_m to h_j, both from 1; it carries w_{m-j+1}


def backpropagation(
    n: int = 3, k: int = 3, *, columns: int | None = None, language: str = "en"
) -> Scene:
    """h_j = Σ_i w_i x_{i+j-1} for n outputs and k weights, in 2 + k + (n+k-1) pictures.

    The forward pass; the cotangents δ_j = ∂L/∂h_j; for each weight and for each input the edges
    that contribute, with the gradient written out.

    >>> [round(v) > 0 for v in (backpropagation().width, backpropagation(2, 5).height)]
    [True, True]
    """
    n, k = positive(n, "n"), positive(k, "k")
    if n > MOST or k > MOST:
        raise ValueError(f"n = {n}, k = {k}: a readable picture has at most {MOST} of each")
    every = [(j + i - 1, j) for j in range(1, n + 1) for i in range(1, k + 1)]
    taps = [f"w_{{{i}}} x_{{{_plus('j', i - 1)}}}" for i in range(1, k + 1)]
    scenes = [
        _picture(n, k, every, word("forward", language), "h_j", taps, False, lambda e: ""),
        _picture(n, k, [], word("arrive", language), "δ_j", ["∂ℒ/∂h_j"], True, lambda e: ""),
    ]
    for i in range(1, k + 1):
        edges = [e for e in every if _weight(e) == i]
        terms = [f"δ_{{{j}}} x_{{{m}}}" for m, j in edges]
        shown = (f"w_{{{i}}}", f"∂ℒ/∂w_{{{i}}}")
        scenes.append(_picture(n, k, edges, *shown, terms, True, _name))
    for m in range(1, n + k):
        edges = [e for e in every if e[0] == m]
        terms = [f"δ_{{{j}}} w_{{{_weight((m, j))}}}" for _, j in edges]
        shown = (f"x_{{{m}}}", f"∂ℒ/∂x_{{{m}}}")
        scenes.append(_picture(n, k, edges, *shown, terms, True, _name, m))
    columns = columns or (5 if (n, k) == (3, 3) else fitting(scenes, 14))
    title = word("backpropagation", language)
    more = word("backpropagation.more", language, n + k - 1, k, n)
    return panels(scenes, columns, 14, title, more, rules=True)


def _weight(edge: Edge) -> int:
    return edge[0] - edge[1] + 1


def _name(edge: Edge) -> str:
    return f"w_{{{_weight(edge)}}}"


def _plus(letter: str, shift: int) -> str:
    return f"{letter}+{shift}" if shift else letter


def share(i: int) -> str:
    """The colour of the i-th weight, from 1."""
    return SHARES[(i - 1) % len(SHARES)]


def _picture(
    n: int,
    k: int,
    lit: list[Edge],
    head: str,
    left: str,
    terms: list[str],
    back: bool,
    name: Callable[[Edge], str],
    chosen: int = 0,
) -> Scene:
    """All edges faint, those in `lit` strong; `chosen` is the input whose gradient is taken."""
    inputs, right = n + k - 1, _R + 2 + _ACROSS
    lift = (inputs - n) / 2
    marks: list[Mark] = []
    source = {m: (_R + 2, _TOP + (m - 1) * _STEP) for m in range(1, inputs + 1)}
    target = {j: (right, _TOP + (j - 1 + lift) * _STEP) for j in range(1, n + 1)}
    edges = [(j + i - 1, j) for j in range(1, n + 1) for i in range(1, k + 1)]
    for m, j in sorted(edges, key=lambda e: e in lit):
        strong = (m, j) in lit
        ends = (_rim(source[m], target[j]), _rim(target[j], source[m]))
        if strong:
            pair = (ends[1], ends[0]) if back and chosen else ends
            marks.append(Path(pair, share(_weight((m, j))), 1.8, arrow=not back or bool(chosen)))
        else:
            marks.append(Path(ends, "line", 0.8, opacity=0.7))
    for m, j in lit:
        if label := name((m, j)):
            (x0, y0), (x1, y1) = source[m], target[j]
            at = 0.66 if chosen else 0.5
            away = 10 / ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5  # square to the edge, upwards
            place = (
                x0 + at * (x1 - x0) + away * (y1 - y0),
                y0 + at * (y1 - y0) - away * (x1 - x0),
            )
            marks.append(Text(*place, math(label, share(_weight((m, j)))), 13))
    involved = {m for m, _ in lit}, {j for _, j in lit}
    for m, (x, y) in source.items():
        on = m in involved[0] and (not chosen or m == chosen)
        ring = 2.2 if m == chosen else 1.3
        marks.append(Circle(x, y, _R, "signal", "signal" if on else "line", ring, 0.16 * on))
        marks.append(Text(x, y, math(f"x_{{{m}}}", "signal" if on else "soft"), 14))
    for j, (x, y) in target.items():
        on = j in involved[1] or not lit
        marks.append(Circle(x, y, _R, "result", "result" if on else "line", 1.3, 0.07 * on))
        marks.append(Text(x, y, math(f"h_{{{j}}}", "result" if on else "soft"), 14))
        if back:
            tail = ((x + _R + 18, y), (x + _R + 3, y))
            tone = "gradient" if on else "line"
            marks.append(Path(tail, tone, 1.5, arrow=True))
            marks.append(Text(x + _R + 21, y, math(f"δ_{{{j}}}", tone), _SIZE, "start"))
    return _framed(marks, head, left, terms, right + _R + 38, _TOP + inputs * _STEP - 10)


def _rim(centre: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    dx, dy = other[0] - centre[0], other[1] - centre[1]
    length = (dx * dx + dy * dy) ** 0.5
    return centre[0] + (_R + 2) * dx / length, centre[1] + (_R + 2) * dy / length


def _framed(
    marks: list[Mark], head: str, left: str, terms: list[str], wide: float, y: float
) -> Scene:
    """The picture with its head above and its equation below, broken to its width."""
    heading = math(head) if "_" in head else words(head)
    out: list[Mark] = [*marks, Text(2, 12, heading, 15, "start")]
    written: list[Label] = lines([_coloured(t) for t in terms], " + ", wide - 4, _SIZE)
    first: Label = (*math(f"{left} = "), *written[0])
    if width(first, _SIZE) > wide:
        rows = [math(f"{left} ="), *written]
    else:
        rows = [first, *written[1:]]
    for r, row in enumerate(rows):
        out.append(Text(2 + 8 * (r > 0), y + 20 * r, row, _SIZE, "start"))
    return Scene(wide, y + 20 * len(rows) - 6, tuple(out))


def _coloured(term: str) -> Label:
    """Each factor in the colour of what it is."""
    out: list = []
    for factor in term.split():
        if factor.startswith("w_"):
            digits = factor[3:-1]
            colour = share(int(digits)) if digits.isdecimal() else "kernel"
        else:
            colour = {"x": "signal", "δ": "gradient"}.get(factor[0], "ink")
        out += math(factor if not out else f" {factor}", colour)
    return tuple(out)

"""A scene as a TikZ picture for pdflatex, at most as wide as a page; an animation as its still.

May: escape and place; needs the packages tikz and amsmath.  Must not: read or write a file:
grey images stand in the picture itself, as PDF's inline images.
"""

from __future__ import annotations

from derive.notes.figures.labels import Run
from derive.notes.figures.png import stream
from derive.notes.figures.scene import (
    COLOURS,
    Animation,
    Circle,
    Image,
    Mark,
    Path,
    Rect,
    Scene,
    Text,
)
from derive.notes.figures.svg import arrowhead
from derive.notes.render_latex import escape
from derive.printing.names import UNICODE

PAGE = (452.0, 600.0)  # pt of text on A4 with 2.5 cm margins, with room for a caption
_SIGNS = {
    "·": r"\cdot ", "−": "-", "…": r"\dots ", "⋮": r"\vdots ", "×": r"\times ", "≈": r"\approx ",
    "→": r"\to ", "∗": "*", "⋆": r"\star ", "∫": r"\textstyle\int ", "Σ": r"\textstyle\sum ",
    "⌊": r"\lfloor ", "⌋": r"\rfloor ", "≤": r"\le ", "≥": r"\ge ", " ": " ",
}  # fmt: skip
_LEAST = 0.45  # pt to a unit, below which 14 units are no size of a letter
_SIZES = (5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 10.95, 12.0, 14.4, 17.28)  # that every LaTeX has
_PLAIN = set("+=()/,.:;|<>[]'!")


def tikz(picture: Scene | Animation, language: str = "en") -> str:
    r"""One `tikzpicture`.

    >>> from derive.notes.figures.scene import Rect, Scene
    >>> print(tikz(Scene(10, 10, (Rect(0, 0, 5, 5),))))  # doctest: +ELLIPSIS
    {\definecolor{figink}{HTML}{1C1E21}%
    \begin{tikzpicture}[x=0.75pt,y=-0.75pt]
    \useasboundingbox (0,0) rectangle (10,10);
    \draw[draw=figink,line width=0.75pt] (0,0) rectangle (5,5);
    \end{tikzpicture}}
    """
    scene = picture.still if isinstance(picture, Animation) else picture
    fits = min(0.75, PAGE[0] / scene.width, PAGE[1] / scene.height)
    unit = max(fits, _LEAST)
    body = "\n".join(_mark(m, unit, language) for m in scene.marks)
    colours = [
        rf"\definecolor{{fig{name}}}{{HTML}}{{{value.upper()}}}%"
        for name, (value, _) in COLOURS.items()
        if f"fig{name}" in body
    ]
    colours[:1] = ["{" + c for c in colours[:1]] or ["{%"]
    picture_lines = [
        *colours,
        rf"\begin{{tikzpicture}}[x={unit:.4g}pt,y=-{unit:.4g}pt]",
        rf"\useasboundingbox (0,0) rectangle ({_n(scene.width)},{_n(scene.height)});",
        body,
        r"\end{tikzpicture}}",
    ]
    if fits < unit:  # smaller than the smallest letters: the letters shrink with it
        picture_lines = [rf"\scalebox{{{fits / unit:.4f}}}{{%", *picture_lines, "}"]
    return "\n".join(picture_lines)


def _mark(m: Mark, unit: float, language: str) -> str:
    match m:
        case Rect():
            corner = f"rounded corners={_n(m.radius * unit)}pt" if m.radius else ""
            style = _style(m.fill, m.stroke, m.line * unit, m.tint, corner)
            return rf"\{style} ({_n(m.x)},{_n(m.y)}) rectangle ({_n(m.x + m.w)},{_n(m.y + m.h)});"
        case Circle():
            style = _style(m.fill, m.stroke, m.line * unit, m.tint)
            return rf"\{style} ({_n(m.x)},{_n(m.y)}) circle[radius={_n(m.r * unit)}pt];"
        case Path():
            return _path(m, unit)
        case Text():
            return _text(m, unit, language)
        case Image():
            return _image(m, unit)
    raise TypeError(f"not a mark of a scene: {type(m).__name__}")


def _path(m: Path, unit: float) -> str:
    extra = ["line join=round"]
    if m.dashed:
        extra.append(f"dash pattern=on {_n(4 * unit)}pt off {_n(3 * unit)}pt")
    if m.opacity < 1:
        extra.append(f"draw opacity={_n(m.opacity)}")
    style = _style(m.fill, m.stroke, m.line * unit, m.tint, *extra)
    points = _points(m.points) + (" -- cycle" if m.fill else "")
    out = rf"\{style} {points};"
    if m.arrow and m.stroke:
        tip = _style(m.stroke, None, 0, m.opacity)
        out += f"\n\\{tip} {_points(arrowhead(m))} -- cycle;"
    return out


def _points(points: tuple[tuple[float, float], ...]) -> str:
    """A few to a line, since TeX reads no line of more than 200,000 characters."""
    out = [f"({_n(x)},{_n(y)})" for x, y in points]
    rows = [" -- ".join(out[k : k + 8]) for k in range(0, len(out), 8)]
    return "\n -- ".join(rows)


def _style(fill: str | None, stroke: str | None, line: float, tint: float, *extra: str) -> str:
    options = []
    if fill:
        options.append(f"fill=fig{fill}")
        options += [f"fill opacity={_n(tint)}"] if tint < 1 else []
    if stroke:
        options += [f"draw=fig{stroke}", f"line width={_n(line)}pt"]
    return f"path[{','.join([*options, *(x for x in extra if x)])}]".replace(
        "path[draw", "draw[draw", 1
    )


def _text(m: Text, unit: float, language: str) -> str:
    size = min(_SIZES, key=lambda s: abs(s - m.size * unit))
    anchor = {"middle": "base", "start": "base west", "end": "base east"}[m.anchor]
    shown = "".join(_run(r, m.colour, language) for r in m.label)
    return (
        rf"\node[anchor={anchor},inner sep=0pt,outer sep=0pt,text=fig{m.colour}] "
        rf"at ({_n(m.x)},{_n(m.y + 0.33 * m.size)}) "
        rf"{{\fontsize{{{size:g}}}{{{size:g}}}\selectfont {shown}}};"
    )


def _run(run: Run, colour: str, language: str) -> str:
    if run.math:
        sub = f"_{{{_math(run.sub, language)}}}" if run.sub else ""
        shown = f"${_math(run.text, language)}{sub}$"
        if run.text[:1] == " " and len(run.text) > 1 and run.text[1].isalnum():
            shown = r"\," + shown
    else:
        shown = escape(run.text, language)
        if run.sub:
            shown += rf"$_{{\mbox{{\scriptsize {escape(run.sub, language)}}}}}$"
    if run.colour and run.colour != colour:
        return rf"\textcolor{{fig{run.colour}}}{{{shown}}}"
    return shown


def _math(text: str, language: str) -> str:
    out = []
    for c in text:
        if c in _SIGNS:
            out.append(_SIGNS[c])
        elif c in _PLAIN or (c.isascii() and c.isalnum()):
            out.append(c)
        elif c in UNICODE:
            out.append(UNICODE[c] + " ")
        else:
            out.append(rf"\mbox{{{escape(c, language)}}}")
    # a sign between two runs has its neighbours in other formulas: empty ones stand for them
    whole = "".join(out).strip()
    if whole[:1] in "+-=" and text[:1] == " ":
        whole = "{}" + whole
    if text[-1:] == " " and whole[-1:] in "+-=":
        whole += "{}"
    return whole


def _image(m: Image, unit: float) -> str:
    """The pixels between PDF's BI and EI; a unit square is scaled to the picture's place."""
    data = stream(m.pixels).hex().upper()
    rows = "\n".join(data[k : k + 96] for k in range(0, len(data), 96))
    bp = unit * 72 / 72.27
    place = [m.w * bp, 0, 0, m.h * bp, m.x * bp, -(m.y + m.h) * bp]
    size = f"/W {len(m.pixels[0])} /H {len(m.pixels)} /CS /G /BPC 8 /F [/AHx /Fl]"
    return (
        r"\csname pgfsys@invoke\endcsname{q " + " ".join(f"{v:.3f}" for v in place) + " cm\n"
        f"BI {size} ID\n{rows}>\nEI Q}}"
    )


def _n(value: float) -> str:
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown

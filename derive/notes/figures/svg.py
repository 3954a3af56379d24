"""A scene or an animation as SVG: inline in a page or a file of its own, light and dark.

May: escape and place.  Must not: need a script, a font, an id from outside or another file.
"""

from __future__ import annotations

import base64
import hashlib
import math
from html import escape

from derive.notes.figures.png import png
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

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans KR', sans-serif"
_MATH = "KaTeX_Math, 'Latin Modern Math', 'Cambria Math', 'STIX Two Math', serif"
_MARGIN = 4


def svg(picture: Scene | Animation) -> str:
    """One `<svg>` element, well-formed XML.

    >>> from derive.notes.figures.scene import Rect, Scene
    >>> "<rect" in svg(Scene(10, 10, (Rect(0, 0, 5, 5),), "a square"))
    True
    """
    moving = isinstance(picture, Animation)
    ground = picture.ground if moving else picture
    inner = [_mark(m) for m in ground.marks]
    if moving:
        inner += _frames(picture)
    body = "\n".join(inner)
    known = hashlib.sha256((ground.title + ground.description + body).encode()).hexdigest()[:10]
    w, h = ground.width + 2 * _MARGIN, ground.height + 2 * _MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="fig" role="img" '
            f'aria-labelledby="t{known} d{known}" width="{_n(w)}" height="{_n(h)}" '
            f'viewBox="{-_MARGIN} {-_MARGIN} {_n(w)} {_n(h)}" font-family="{SANS}" '
            f'style="max-width:100%;min-width:min({_n(w)}px,34rem);height:auto"'
            + (' tabindex="0">' if moving else ">"),
            f'<title id="t{known}">{_safe(ground.title)}</title>',
            f'<desc id="d{known}">{_safe(ground.description)}</desc>',
            f"<style>{_style(body)}{_motion(picture) if moving else ''}</style>",
            body,
            "</svg>",
        ]
    )


def _style(body: str) -> str:
    """Only the dark screen needs a style; on paper the attributes hold."""
    rules = []
    for name, (_, dark) in COLOURS.items():
        for kind in ("fill", "stroke"):
            if f"fig-{kind}-{name}" in body:
                rules.append(f".fig .fig-{kind}-{name}{{{kind}:#{dark}}}")
    rule = f"@media screen and (prefers-color-scheme:dark){{{''.join(rules)}}}"
    return f".fig-m{{font-family:{_MATH};font-style:italic}}{rule}"


def _motion(a: Animation) -> str:
    """The frames lie side by side behind a window, and move by one at each step: never two."""
    n, w = len(a.frames), _n(a.ground.width + 2 * _MARGIN)
    name = f"fig-{n}-{w.replace('.', '-')}"
    return (
        f"@keyframes {name}{{to{{transform:translateX(-{_n(n * float(w))}px)}}}}"
        f".{name}{{animation:{name} {_n(n * a.seconds)}s steps({n}) infinite}}"
        f".fig:hover .{name},.fig:focus .{name}{{animation-play-state:paused}}"
        f"@media print,(prefers-reduced-motion:reduce){{.{name}{{animation:none;"
        f"transform:translateX(-{_n((n - 1) * float(w))}px)}}}}"
    )


def _frames(a: Animation) -> list[str]:
    n = len(a.frames)
    if not n or a.seconds <= 0:
        raise ValueError(f"an animation needs frames and time, got {n} and {a.seconds} s")
    w, h = _n(a.ground.width + 2 * _MARGIN), _n(a.ground.height + 2 * _MARGIN)
    out = [
        f'<svg x="-{_MARGIN}" y="-{_MARGIN}" width="{w}" height="{h}" '
        f'viewBox="-{_MARGIN} -{_MARGIN} {w} {h}" overflow="hidden">',
        f'<g class="fig-{n}-{w.replace(".", "-")}">',
    ]
    for k, frame in enumerate(a.frames):
        at = _n(k * float(w))
        out.append(f'<g class="fig-frame" transform="translate({at} 0)">')
        out += [*(_mark(m) for m in frame), "</g>"]
    return [*out, "</g>", "</svg>"]


def _mark(m: Mark) -> str:
    match m:
        case Rect():
            corner = f' rx="{_n(m.radius)}"' if m.radius else ""
            return (
                f'<rect x="{_n(m.x)}" y="{_n(m.y)}" width="{_n(m.w)}" height="{_n(m.h)}"{corner}'
                f"{_paint(m.fill, m.stroke, m.line, m.tint)}/>"
            )
        case Circle():
            at = f'cx="{_n(m.x)}" cy="{_n(m.y)}" r="{_n(m.r)}"'
            return f"<circle {at}{_paint(m.fill, m.stroke, m.line, m.tint)}/>"
        case Path():
            return _path(m)
        case Text():
            return _text(m)
        case Image():
            data = base64.b64encode(png(m.pixels)).decode()
            return (
                f'<image x="{_n(m.x)}" y="{_n(m.y)}" width="{_n(m.w)}" height="{_n(m.h)}" '
                f'preserveAspectRatio="none" style="image-rendering:pixelated" '
                f'href="data:image/png;base64,{data}"/>'
            )
    raise TypeError(f"not a mark of a scene: {type(m).__name__}")


def _path(m: Path) -> str:
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in m.points)
    kind = "polygon" if m.fill else "polyline"
    extra = ' stroke-dasharray="4 3"' if m.dashed else ""
    if m.opacity < 1:
        extra += f' stroke-opacity="{_n(m.opacity)}"'
    paint = _paint(m.fill, m.stroke, m.line, m.tint)
    out = f'<{kind} points="{points}" stroke-linejoin="round"{extra}{paint}/>'
    if m.arrow and m.stroke:
        tip = " ".join(f"{_n(x)},{_n(y)}" for x, y in arrowhead(m))
        out += f'<polygon points="{tip}"{_paint(m.stroke, None, 0, m.opacity)}/>'
    return out


def arrowhead(m: Path) -> tuple[tuple[float, float], ...]:
    """A triangle at the end of the last piece."""
    (x0, y0), (x1, y1) = m.points[-2:]
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    long, wide = 5.0 + 1.5 * m.line, 2.2 + 0.8 * m.line
    bx, by = x1 - long * ux, y1 - long * uy
    return (x1, y1), (bx - wide * uy, by + wide * ux), (bx + wide * uy, by - wide * ux)


def _text(m: Text) -> str:
    spans, dip, moved = [], 0.22 * m.size, 0.0
    for run in m.label:
        colour = run.colour or m.colour
        for text, sub in ((run.text, False), (run.sub, True)):
            for piece, slanted in _slants(text, run.math):
                dy = (dip if sub else 0.0) - moved
                moved += dy
                shift = f' dy="{_n(dy)}"' if dy else ""
                small = f' font-size="{_n(0.72 * m.size)}"' if sub else ""
                marks = f"fig-fill-{colour}" + (" fig-m" if slanted else "")
                spans.append(
                    f'<tspan{shift}{small} class="{marks}" fill="#{COLOURS[colour][0]}">'
                    f"{_safe(piece)}</tspan>"
                )
    return (
        f'<text x="{_n(m.x)}" y="{_n(m.y + 0.35 * m.size)}" font-size="{_n(m.size)}" '
        f'text-anchor="{m.anchor}" xml:space="preserve">{"".join(spans)}</text>'
    )


def _slants(text: str, mathematics: bool) -> list[tuple[str, bool]]:
    """Pieces that are set alike: the letters of mathematics slanted, all else upright."""
    out: list[tuple[str, bool]] = []
    for c in text:
        slanted = mathematics and c.isalpha() and c != "ℒ"
        if out and out[-1][1] == slanted:
            out[-1] = (out[-1][0] + c, slanted)
        else:
            out.append((c, slanted))
    return out


def _paint(fill: str | None, stroke: str | None, line: float, tint: float) -> str:
    names, out = [], ""
    out += f' fill="{"#" + COLOURS[fill][0] if fill else "none"}"'
    if fill:
        names.append(f"fig-fill-{fill}")
        out += f' fill-opacity="{_n(tint)}"' if tint < 1 else ""
    if stroke:
        names.append(f"fig-stroke-{stroke}")
        out += f' stroke="#{COLOURS[stroke][0]}" stroke-width="{_n(line)}"'
    return out + (f' class="{" ".join(names)}"' if names else "")


def _safe(text: str) -> str:
    """Escaped, and without the characters that XML forbids."""
    return escape("".join(c for c in text if c.isprintable() or c in "\n\t"))


def _n(value: float) -> str:
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown

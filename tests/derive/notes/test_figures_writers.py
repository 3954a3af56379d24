"""The two writers: well-formed, compiled, and nothing that is written in a label acts."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path as File
from xml.etree import ElementTree  # our own output

import pytest
from test_figures import pictures

from derive.notes.document import html_page, latex_document
from derive.notes.figures import channels, filters, sliding_animation, svg, tikz, window
from derive.notes.figures.image import synthetic
from derive.notes.figures.labels import Run, math, words
from derive.notes.figures.png import png, write_png
from derive.notes.figures.scene import (
    COLOURS,
    Animation,
    Image,
    Rect,
    Scene,
    Text,
    panels,
)
from derive.notes.items import Figure
from minigrad.nn.functional import conv2d

HOSTILE = [
    "</svg><script>alert(1)</script>", r"\input{x}", '" onload="x', "$x$ & 50% #1", "a\x00b\ud800",
    r"\end{tikzpicture}", "&amp;<![CDATA[", "x_{</text>}", "~^_{}\\", "x_}{", "⋮∂δ", "]]>--><b>",
]  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"
HEAD = r"""\documentclass{article}\usepackage[utf8]{inputenc}\usepackage{amsmath,tikz}
\usepackage[a4paper,margin=2.5cm]{geometry}\parindent0pt KOREAN\begin{document}
"""


def hostile() -> Scene:
    marks = []
    for k, raw in enumerate(HOSTILE):
        marks.append(Text(10, 20 * k + 10, words(raw), anchor="start"))
        marks.append(Text(10, 20 * k + 20, math(raw, "kernel"), anchor="start"))
        marks.append(Text(10, 20 * k + 20, (Run(raw, False, raw), Run(raw, True, raw))))
    return Scene(300, 20 * len(HOSTILE), tuple(marks), HOSTILE[0], HOSTILE[6])


def article(source: str, korean: bool = False) -> str:
    head = HEAD.replace("KOREAN", r"\usepackage{kotex}" if korean else "")
    return f"{head}{source}\n\\end{{document}}\n"


def test_svg_is_well_formed_and_says_what_it_shows() -> None:
    for picture in pictures():
        root = ElementTree.fromstring(svg(picture))  # noqa: S314
        assert root.tag == f"{SVG}svg" and root.get("role") == "img"
        ids = [e.get("id") for e in root.iter() if e.get("id")]
        assert root.get("aria-labelledby", "").split() == ids
        assert (root.find(f"{SVG}title").text or "") and (root.find(f"{SVG}desc").text or "")
        assert "script" not in {e.tag.removeprefix(SVG) for e in root.iter()}


def test_every_tikz_picture_compiles(pdflatex: Callable[[str], str]) -> None:
    source = "\n\\clearpage\n".join(tikz(p, "ko") for p in pictures())
    log = pdflatex(article(source, korean=True))
    assert "Overfull" not in log and "Missing character" not in log


def test_hostile_labels_do_not_act_in_svg() -> None:
    scenes = [
        hostile(), channels(HOSTILE[0], HOSTILE[2], height=HOSTILE[6]),
        filters(synthetic(8), {HOSTILE[0]: [[1]]}, conv2d=conv2d),
    ]  # fmt: skip
    for scene in scenes:
        root = ElementTree.fromstring(svg(scene))  # noqa: S314
        tags = {e.tag.removeprefix(SVG) for e in root.iter()}
        assert tags <= {"svg", "title", "desc", "style", "text", "tspan", "rect", "polyline",
                        "polygon", "image"}  # fmt: skip
        assert not any(name.startswith("on") for e in root.iter() for name in e.keys())


def test_hostile_labels_do_not_act_in_latex(pdflatex: Callable[[str], str], tmp_path: File) -> None:
    (tmp_path / "x.tex").write_text(r"\errmessage{it was read}")
    scenes = [hostile(), channels(HOSTILE[1], HOSTILE[5], height=HOSTILE[8], width=HOSTILE[4])]
    scenes.append(filters(synthetic(8), {HOSTILE[1]: [[1]]}, conv2d=conv2d))
    pdflatex(article("\n\n".join(map(tikz, scenes))))


def test_subscripts() -> None:
    scene = Scene(50, 20, (Text(5, 10, math("w_{10} x"), size=10.0),))
    spans = list(ElementTree.fromstring(svg(scene)).iter(f"{SVG}tspan"))  # noqa: S314
    assert [s.text for s in spans] == ["w", "10", " ", "x"]
    assert [s.get("dy") for s in spans] == [None, "2.2", "-2.2", None]
    assert [s.get("font-size") for s in spans] == [None, "7.2", None, None]
    assert "$w_{10}$" in tikz(scene)


def test_colours_on_paper_and_in_the_dark() -> None:
    shown = svg(window())
    for name in ("signal", "kernel", "result", "highlight"):
        light, dark = COLOURS[name]
        assert f'fill="#{light}"' in shown and f".fig-fill-{name}{{fill:#{dark}}}" in shown
    with pytest.raises(ValueError, match="no colour 'mauve'"):
        words("x", "mauve")


def test_an_animation_moves_alone_and_stops_when_asked() -> None:
    moving = sliding_animation([1, 2, 3], [1, 1])
    shown = svg(moving)
    root = ElementTree.fromstring(shown)  # noqa: S314
    frames = [e for e in root.iter(f"{SVG}g") if e.get("class") == "fig-frame"]
    assert len(frames) == len(moving.frames) == 4
    assert "steps(4) infinite" in shown and "prefers-reduced-motion" in shown
    assert "http" not in shown.replace("http://www.w3.org/2000/svg", "")
    assert tikz(moving) == tikz(moving.still)
    with pytest.raises(ValueError, match="an animation needs frames"):
        svg(Animation(moving.ground, (), 1.0, moving.still))


def test_png_is_read_back() -> None:
    rows = [[0, 128, 255], [7, 8, 9]]
    data = png(rows)
    assert struct.unpack(">II", data[16:24]) == (3, 2)
    at, packed = 8, b""
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(
            kind + body
        )
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    assert zlib.decompress(packed) == bytes([0, 0, 128, 255, 0, 7, 8, 9])
    for bad in ([], [[]], [[1], [1, 2]], [[256]], [[0.5]]):
        with pytest.raises(ValueError, match=r"pixel|length"):
            png(bad)


def test_images_in_both_writers(tmp_path: File) -> None:
    rows = ((0, 255), (9, 8))
    scene = Scene(20, 20, (Image(0, 0, 20, 20, rows),))
    found = re.search(r"base64,([^\"]+)", svg(scene))
    assert found and base64.b64decode(found[1]) == png(rows)
    assert write_png(tmp_path / "a.png", rows).read_bytes() == png(rows)
    inline = re.search(r"ID\n([0-9A-F\n]+)>\nEI", tikz(scene))
    assert inline and zlib.decompress(bytes.fromhex(inline[1])) == bytes([0, 255, 9, 8])


def test_figures_in_documents(
    pdflatex: Callable[[str], str], browser: Callable[[File], str], tmp_path: File
) -> None:
    items = [Figure(window(), "By <hand>"), Figure(sliding_animation(), "$moving$")]
    log = pdflatex(latex_document(items, "Pictures"))
    assert "Overfull" not in log
    page = tmp_path / "page.html"
    page.write_text(html_page(items, "Pictures"), encoding="utf-8")
    shown = browser(page)
    assert shown.count("<figure") == 2 and "By &lt;hand&gt;" in shown and "43" in shown


def test_panels_need_a_scene() -> None:
    with pytest.raises(ValueError, match="no scene"):
        panels([], 2)


def test_an_unknown_mark_is_refused() -> None:
    scene = Scene(1, 1, (Rect,))  # type: ignore[arg-type]
    for writer in (svg, tikz):
        with pytest.raises(TypeError, match="not a mark"):
            writer(scene)

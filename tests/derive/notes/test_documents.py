"""Whole documents: they compile, set every formula, and let nothing that users write act."""

from __future__ import annotations

import html.parser
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_theorems import Fake, Step, commutes, gradient, items, long_sum, refuted

from derive.notes.derivation import derivation
from derive.notes.document import Heading, Paragraph, Table, html_page, latex_document, write
from derive.notes.render_html import as_html
from derive.notes.render_latex import as_latex, escape
from derive.notes.render_text import as_json, as_markdown, as_text
from derive.syntax import ZERO, Fn, Var, Z

HOSTILE = [
    "</script><script>alert(1)</script>", r"\input{/etc/passwd}", '" onload="x', "$x$ & 50% #1",
    "<img src=x onerror=alert(1)>", r"\end{document}", "[a](javascript:b)", "한국어 ∗ ﷺ", "a\x00b",
    "| a | b", "`x` **y**", "~^_{}\\",
]  # fmt: skip


def hostile_items() -> list[object]:
    out: list[object] = []
    for raw in HOSTILE:
        fn, x = Fn(raw, (Z,)), Var(raw, Z)
        proof = Fake(fn(x), ZERO, (Step(raw, ZERO),))
        out += [Heading(raw), Paragraph(raw), derivation(proof, raw)]
    out.append(Table(tuple(HOSTILE[:3]), (tuple(HOSTILE[3:6]),), HOSTILE[0]))
    return out


def test_text_in_columns() -> None:
    assert as_text(derivation(commutes(Z), "It commutes")) == (
        "It commutes\n───────────\n"
        "Given f, g finitely supported on Z\n      x ∈ Z\n"
        "where (f ∗ g)(x) := Σ_{z∈Z} f(z) g(x − z)\n\n"
        "(f ∗ g)(x)\n"
        "  = Σ_{z∈Z} f(z) g(x − z)   (definition of ∗)\n"
        "  = Σ_{z∈Z} g(z) f(x − z)   (substitute z ↦ x − z)\n"
        "  = (g ∗ f)(x)              (definition of ∗)"
    )


def test_json_is_plain_data() -> None:
    data = json.loads(json.dumps(as_json(derivation(gradient(), "T"))))
    assert data["steps"][3]["why"] == "only j = m contributes"
    assert data["steps"][3]["rule"] == "collapse"
    assert data["lhs"] == r"\frac{\partial L}{\partial w_{m}}"


def test_markdown_tables() -> None:
    shown = as_markdown(derivation(commutes(Z), "T"))
    assert "| substitute $z \\mapsto x - z$ |" in shown.replace("  ", " ")
    assert shown.startswith("### T\n")


def test_latex_fragment_aligns_reasons() -> None:
    shown = as_latex(derivation(commutes(Z)))
    assert r"(f * g)(x) &= \sum_{z \in \mathbb{Z}} f(z) g(x - z) &\quad& \text{\small " in shown
    assert r"substitute $z \mapsto x - z$" in shown


def test_the_article_compiles_and_nothing_sticks_out(pdflatex: Callable[[str], str]) -> None:
    log = pdflatex(latex_document(items(), "All of it"))
    assert "Overfull" not in log


def test_hostile_words_compile(pdflatex: Callable[[str], str]) -> None:
    source = latex_document(hostile_items(), HOSTILE[0])  # type: ignore[arg-type]
    assert r"\input" not in source and "\x00" not in source
    assert source.count(r"\end{document}") == 1
    pdflatex(source)


def test_a_fragment_needs_amsmath_only(pdflatex: Callable[[str], str]) -> None:
    fragment = as_latex(derivation(long_sum()))
    log = pdflatex(
        "\\documentclass[11pt]{article}\\usepackage{amsmath,amssymb}"
        "\\usepackage[margin=2.5cm,a4paper]{geometry}\\begin{document}\n"
        + fragment
        + "\\end{document}\n"
    )
    assert "Overfull" not in log


def test_kotex_only_for_korean() -> None:
    assert "kotex" not in latex_document([], "T")
    source = latex_document([Paragraph("합성곱")], "합성곱", "ko")
    assert r"\usepackage{kotex}" in source and "합성곱" in source


def test_text_in_columns_where_letters_are_wide() -> None:
    shown = as_text(derivation(commutes(Z), "교환법칙", "ko")).splitlines()
    assert shown[:4] == [
        "교환법칙", "────────", "가정 f, g: Z의 유한개의 점에서만 0이 아닌 함수", "     x ∈ Z",
    ]  # fmt: skip


def test_a_korean_article_compiles(pdflatex: Callable[[str], str]) -> None:
    kpsewhich = shutil.which("kpsewhich")
    if kpsewhich is None or not subprocess.run([kpsewhich, "kotex.sty"], check=False,
                                               capture_output=True).stdout:  # fmt: skip
        pytest.skip("kotex is not installed")
    proofs = [derivation(t, "증명", "ko") for t in (commutes(Z), gradient(), long_sum())]
    log = pdflatex(latex_document([*proofs, refuted()], "합성곱", "ko"))
    assert "Overfull" not in log and "Missing character" not in log


def test_escape_leaves_no_active_character() -> None:
    for raw in HOSTILE:
        bare = re.sub(r"\\[A-Za-z]+(\{\})?|\\.|\$\\?[A-Za-z*-]+\$", "", escape(raw))
        assert not re.search(r"[\\$%#&_^~{}]", bare), escape(raw)


class _Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts, self.handlers, self.images, self.links = 0, [], 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.images += tag == "img"
        self.links += tag == "a"
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_hostile_words_stay_words() -> None:
    page = html_page(hostile_items(), HOSTILE[0])  # type: ignore[arg-type]
    tags = _Tags()
    tags.feed(page)
    assert (tags.scripts, tags.images, tags.links, tags.handlers) == (2, 0, 0, [])
    for item in hostile_items():
        if hasattr(item, "rows") and hasattr(item, "lhs"):
            tags = _Tags()
            tags.feed(as_html(item))  # type: ignore[arg-type]
            assert (tags.scripts, tags.images, tags.handlers) == (0, 0, [])
            assert not re.search(r"(?<!\\)<[a-z/!?]", as_markdown(item))  # type: ignore[arg-type]


def test_the_page_needs_no_network() -> None:
    page = html_page(items(), "T")
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", page)
    assert "url(fonts/" not in page and page.count("data:font/woff2;base64,") == 20
    assert "default-src 'none'" in html.unescape(page)


def test_every_formula_is_set(tmp_path: Path, browser: Callable[[Path], str]) -> None:
    everything = [*items(), *hostile_items()]
    page = write(tmp_path / "page.html", html_page(everything, "T"))  # type: ignore[arg-type]
    shown = re.sub(r"<(script|style)>.*?</\1>", "", browser(page), flags=re.S)
    assert shown.count('class="katex"') == shown.count("data-tex=")
    assert "katex-error" not in shown and "<math" in shown
    assert "<script" not in shown


def test_a_formula_without_scripts_is_unicode() -> None:
    assert ">f, g</span>" in as_html(derivation(commutes(Z)))


def test_refutations_show_data_and_values() -> None:
    page = html_page([refuted()], "T")
    source = latex_document([refuted()], "T")
    for shown in (r"f = [0 \mapsto 1]", r"\stackrel{?}{=}", r"(g \star f)(-i)"):
        assert shown in source and shown in html.unescape(page)
    assert "Counterexample" in page and "left side" in source


def test_files_are_whole_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write(tmp_path / "new" / "a.html", "one")
    assert target.read_text("utf-8") == "one"

    def broken(*args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="disk full"):
        write(target, "two")
    assert target.read_text("utf-8") == "one"
    assert [p.name for p in target.parent.iterdir()] == ["a.html"]

"""The pictures of the README, made from real output: `python docs/images/make.py [BUILD]`.

BUILD is where `derive lecture` wrote (default: build).  Needs chromium, pdflatex and pdftoppm
for those that are photographed; whatever is missing is said and left as it is.
"""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

HERE = Path(__file__).parent
CLAIM = r"\sum_a f(a) g(i+a) = \sum_a f(i+a) g(a)"
LINE, LETTER, WIDE = 19, 8.1, 104


def derive(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - this package's own command
        [sys.executable, "-m", "derive", *arguments], capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def terminal(exchanges: list[tuple[str, str]]) -> str:
    """Commands and what they print, as an SVG that looks like a terminal."""
    lines: list[tuple[str, str]] = []
    for command, output in exchanges:
        lines.append(("#7ee787", f"$ {command}"))
        for line in output.rstrip("\n").splitlines():
            cut = textwrap.wrap(line, WIDE, subsequent_indent="    ") or [""]
            lines += [("#e6edf3", part) for part in cut]
        lines.append(("", ""))
    height, width = LINE * len(lines) + 24, int(LETTER * WIDE) + 32
    rows = [
        f'<text x="16" y="{28 + LINE * n}" fill="{colour}" xml:space="preserve">'
        f"{html.escape(line)}</text>"
        for n, (colour, line) in enumerate(lines)
        if line
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13">'
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>'
        + "".join(rows)
        + "</svg>\n"
    )


def photograph(page: Path, name: str, height: int) -> None:
    """A page in headless Chromium."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if browser is None:
        print(f"no chromium: {name} stays as it is")
        return
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(  # noqa: S603
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
             "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--hide-scrollbars", f"--user-data-dir={profile}", f"--screenshot={HERE / name}",
             f"--window-size=900,{height}", page.resolve().as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def printed(source: Path, name: str) -> None:
    """The last page of an article that pdflatex sets: the pictures."""
    if not (shutil.which("pdflatex") and shutil.which("pdftoppm")):
        print(f"no pdflatex or pdftoppm: {name} stays as it is")
        return
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            subprocess.run(  # noqa: S603
                ["pdflatex", "-interaction=batchmode", "-output-directory", folder, source],  # noqa: S607
                check=True, capture_output=True,
            )  # fmt: skip
        pdf = Path(folder) / f"{source.stem}.pdf"
        info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607
        last = next(x.split()[1] for x in info.splitlines() if x.startswith("Pages:"))
        subprocess.run(  # noqa: S603
            ["pdftoppm", "-r", "80", "-png", "-singlefile", "-f", last, "-l", last,  # noqa: S607
             "-x", "0", "-y", "60", "-W", "661", "-H", "600", pdf,
             HERE / name.removesuffix(".png")],
            check=True,
        )  # fmt: skip


def main(build: Path) -> None:
    from derive.notes.figures import sliding_animation, svg

    shown = [(f"derive check '{claim}'", derive("check", claim)) for claim in (CLAIM,)]
    shown.append(("derive audit conv1d", derive("audit", "conv1d")))
    (HERE / "terminal.svg").write_text(terminal(shown), encoding="utf-8")
    (HERE / "sliding.svg").write_text(svg(sliding_animation()), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "proof.html"
        page.write_text(
            derive("show", "conv1d-gradient-input", "--format", "html"), encoding="utf-8"
        )
        photograph(page, "proof.png", 760)
    photograph(build / "lecture.html", "page.png", 900)
    printed(build / "lecture.tex", "pdf.png")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build"))

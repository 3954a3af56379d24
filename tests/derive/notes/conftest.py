"""Outside programs that tests need: missing ones fail in CI and are skipped elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


def _needed(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is missing, and CI skips nothing")
        pytest.skip(f"{program} is not installed")
    return path


@pytest.fixture
def pdflatex(tmp_path: Path) -> Callable[[str], str]:
    """Compiles a source and gives the log; a compilation that fails is an AssertionError."""
    program = _needed("pdflatex")

    def run(source: str) -> str:
        (tmp_path / "doc.tex").write_text(source, encoding="utf-8")
        flags = ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
        done = subprocess.run(
            [program, *flags, "doc.tex"], cwd=tmp_path, capture_output=True, timeout=120,
            check=False,
        )  # fmt: skip
        log = (tmp_path / "doc.log").read_text("utf-8", "replace")
        assert done.returncode == 0, log[-1500:]
        return log

    return run


@pytest.fixture
def browser(tmp_path: Path) -> Callable[[Path], str]:
    """The page's HTML after its scripts have run in headless Chromium."""
    program = _needed("chromium")

    def run(page: Path) -> str:
        flags = (
            "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
            "--disable-background-networking --disable-component-update --disable-sync --dump-dom"
        ).split()
        done = subprocess.run(
            [program, *flags, f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()],
            capture_output=True, timeout=120, check=True,
        )  # fmt: skip
        return done.stdout.decode("utf-8")

    return run

"""What is installed: built as a wheel, looked into, installed beside nothing else and run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by this environment's setuptools from a copy of what is in the tree."""
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip("the environment's setuptools is older than pyproject.toml asks for")
    folder = tmp_path_factory.mktemp("tree")
    for name in ("derive", "minigrad", "tests", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "conftest.py"):
        shutil.copy(ROOT / name, folder)
    out = tmp_path_factory.mktemp("wheel")
    code = f"from setuptools.build_meta import build_wheel; build_wheel({str(out)!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = out.glob("*.whl")
    return found


def files_of(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_has_all_that_the_packages_are(wheel: Path) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in ("derive", "minigrad")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    found = {name for name in files_of(wheel) if ".dist-info/" not in name}
    assert found == wanted
    for name in ("derive/notes/katex/katex.min.js", "minigrad/data/digits.npz"):
        assert name in found
    assert len([name for name in found if name.endswith(".woff2")]) == 20


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            Path(name).name: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    points = texts["entry_points.txt"]
    assert "derive = derive.cli:main" in points
    assert "minigrad = minigrad.cli:main" in points
    assert re.search(r"\[pytest11\]\s+derive = derive.pytest_plugin", points)
    licences = sum(name.startswith("LICENSE") for name in texts)
    assert licences >= 2
    needed = [line for line in texts["METADATA"].splitlines() if line.startswith("Requires-Dist")]
    assert len([line for line in needed if "extra ==" not in line]) == 3


def test_the_wheel_installed_works(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--no-warn-conflicts", "--target", str(target), str(wheel)], check=True)
    env = {**os.environ, "PYTHONPATH": str(target)}

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, encoding="utf-8",
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = run(sys.executable, "-c", "import derive, minigrad; print(derive.__file__)")
    assert where.startswith(str(target))
    command = str(target / "bin" / "derive")
    assert run(command, "prove", "convolution-commutes-zd").endswith("1 proved, 0 failed\n")
    page = run(command, "show", "convolution-commutes-zd", "--format", "html")
    assert "KaTeX" in page and "font/woff2" in page
    assert "usage: minigrad" in run(str(target / "bin" / "minigrad"), "--help")
    digits = "from minigrad import data; print(len(data.digits()[0]))"
    assert run(sys.executable, "-c", digits)
    (tmp_path / "test_mine.py").write_text(
        "from derive import claim\ncommutes = claim('f * g', 'g * f')\n", encoding="utf-8"
    )
    assert "1 passed" in run(
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error"
    )


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([A-Za-z0-9_.-]+)==([^\s;]+)", line) for line in lines]
    out: dict[str, str] = {}
    for m in found:
        if m is not None:
            out.setdefault(m[1].lower().replace("_", "-"), m[2])
    return out


def bounds(requirement: str) -> tuple[str, str, str]:
    m = re.fullmatch(r"([a-z-]+)>=([0-9.]+)(?:,<([0-9.]+))?", requirement)
    assert m is not None, requirement
    return m[1], m[2], m[3] or ""


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_the_lowest_and_the_newest_versions_are_those_tested(requirement: str) -> None:
    name, least, below = bounds(requirement)
    lowest, newest = pins("requirements-lowest.txt")[name], pins("requirements.txt")[name]
    assert numbers(lowest)[:2] == numbers(least)[:2]
    assert set(numbers(lowest)[2:]) <= {0} or numbers(lowest) == numbers(least)
    assert numbers(least) <= numbers(newest) < numbers(below)
    if name in ("numpy", "sympy"):  # the next one up is excluded
        limit, last = numbers(below), numbers(newest)
        assert limit[0] == last[0] and limit[1] == last[1] + 1


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-lowest.txt"])
def test_every_requirement_is_exact(name: str) -> None:
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert re.match(r"[A-Za-z0-9_.-]+==[0-9][^\s]*", line), line

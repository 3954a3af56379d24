"""Setting up `.venv`: what is missing is named in one line, and nothing is made by halves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "venv", tmp_path / ".ci")
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def python(folder: Path, name: str, script: str) -> str:
    """A stand-in for a Python, as a shell script."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def set_up(tree: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", ".ci/venv", ".venv", "requirements.txt"]
    return subprocess.run(
        command, cwd=tree, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


def test_a_missing_venv_is_named(tree: Path) -> None:
    fake = python(
        tree, "python-without-venv",
        f'case "$2" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"',
    )  # fmt: skip
    done = set_up(tree, PYTHON=fake)
    assert done.returncode != 0
    assert "sudo apt install python3-venv" in done.stderr
    assert f"python3.{sys.version_info[1]}-venv" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tree / ".venv").exists()


def test_an_old_python_is_named(tree: Path) -> None:
    done = set_up(tree, PYTHON=python(tree, "python-old", "exit 1"))
    assert done.returncode != 0
    assert "is not Python 3.11 or newer" in done.stderr


def test_no_python_is_named(tree: Path) -> None:
    folder = tree / "bin"
    folder.mkdir()
    for tool in ("sh", "dirname", "cat", "cmp", "head", "rm"):
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    done = set_up(tree, PATH=str(folder), PYTHON="")
    assert done.returncode != 0
    assert "no Python 3.11 or newer was found" in done.stderr
    assert "sudo apt install python3 python3-venv" in done.stderr


def test_what_is_there_is_left_alone(tree: Path) -> None:
    """The second run does nothing and needs no network; a changed lock starts again."""
    fake = python(tree, "python", f'echo "$*" >> {tree}/calls; exec {sys.executable} "$@"')
    (tree / ".venv" / "bin").mkdir(parents=True)
    python(tree / ".venv" / "bin", "python", "exit 0")
    version = ".".join(map(str, sys.version_info[:3])).replace(".", " ")
    made_of = f"{tree.resolve()} {version}\n"
    made_of += (tree / "requirements.txt").read_text() + (tree / "pyproject.toml").read_text()
    (tree / ".venv" / "set-up.txt").write_text(made_of, encoding="utf-8")
    done = set_up(tree, PYTHON=fake)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "venv" not in (tree / "calls").read_text(encoding="utf-8")
    with (tree / "requirements.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    assert "setting up .venv" in set_up(tree, PYTHON=fake).stdout


def test_a_failed_set_up_is_not_taken_for_done(tree: Path) -> None:
    (tree / "requirements.txt").write_text("no-such-package-here==0.0.0\n", encoding="utf-8")
    done = set_up(tree, PYTHON=sys.executable, PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert done.returncode != 0
    assert "could not install requirements.txt" in done.stderr
    assert not (tree / ".venv" / "set-up.txt").exists()


def test_the_scripts_are_shell() -> None:
    for name in (".ci/run", ".ci/venv"):
        done = subprocess.run(["/bin/sh", "-n", str(ROOT / name)], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert os.access(ROOT / name, os.X_OK)


def test_skips_fail_when_asked(pytester: pytest.Pytester) -> None:
    """--no-skips, which CI asks for."""
    pytester.makeconftest((ROOT / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile("import pytest\n@pytest.mark.skip\ndef test_a(): pass\ndef test_b(): pass")
    assert pytester.runpytest_subprocess().ret == 0
    for more in ((), ("-n", "2")):
        result = pytester.runpytest_subprocess("--no-skips", *more)
        assert result.ret == 1
        assert "1 skipped, against --no-skips" in result.stdout.str()
    pytester.makepyfile("def test_b(): pass")
    assert pytester.runpytest_subprocess("--no-skips").ret == 0

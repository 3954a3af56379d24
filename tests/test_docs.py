"""The documents against the project: what they show is run and compared, what they name exists."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = sorted([README, *(ROOT / "docs").glob("*.md")])
FENCE = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.M | re.S)
COMMANDS = {
    "derive": ("-m", "derive"), "minigrad": ("-m", "minigrad"), "pytest": ("-m", "pytest"),
}  # fmt: skip
# what differs from run to run, or from machine to machine
VARYING = (
    (r"\b\d+(\.\d+)? ?s\b", "T"),
    (r"\b\d+(\.\d+)? ulp", "U ulp"),
    (r"(loss|accuracy) \d\.\d{4}", r"\1 N"),
)


@dataclass(frozen=True)
class Block:
    """A fenced block, with its language and, for a file that is shown, its name."""

    where: str
    language: str
    text: str
    name: str | None


def blocks(path: Path) -> Iterator[Block]:
    text = path.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start(2)) + 1
        yield Block(f"{path.name}:{line}", found[2], found[3], found[1])


def of(language: str) -> list[Block]:
    return [b for path in DOCS for b in blocks(path) if b.language == language]


def exchanges(block: Block) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output that is shown."""
    for part in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def same(shown: str, got: str) -> bool:
    for pattern, put in VARYING:
        shown, got = re.sub(pattern, put, shown), re.sub(pattern, put, got)
    shown, got = (re.sub(r"[ \t]+", " ", s).strip() + "\n" for s in (shown, got))
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(shown, got, options)


# ---- what is shown is run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the documents show."""
    for path in DOCS:
        for block in blocks(path):
            if block.name:
                (tmp_path / block.name).write_text(block.text, encoding="utf-8")
    return tmp_path


def run(command: str, folder: Path) -> str:
    name, *rest = shlex.split(command)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    env = {**os.environ, "PYTHONPATH": path, "COLUMNS": "80", "PYTEST_ADDOPTS": ""}
    for inherited in [k for k in env if k.startswith("PYTEST_") and k != "PYTEST_ADDOPTS"]:
        del env[inherited]
    plugin = ["-p", "derive.pytest_plugin"] if name == "pytest" and not installed() else []
    done = subprocess.run(
        [sys.executable, *COMMANDS[name], *plugin, *rest], cwd=folder, env=env,
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    errors = "" if name == "minigrad" else done.stderr  # minigrad shows progress there
    return (done.stderr + done.stdout) if name == "minigrad" else done.stdout + errors


def installed() -> bool:
    from importlib.metadata import entry_points

    return any(e.value == "derive.pytest_plugin" for e in entry_points(group="pytest11"))


@pytest.mark.slow
@pytest.mark.parametrize("block", of("console"), ids=lambda b: b.where)
def test_commands_answer_as_shown(block: Block, folder: Path) -> None:
    for command, shown in exchanges(block):
        got = run(command, folder)
        assert same(shown, got), f"{block.where}: $ {command}\n{got}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "block", [b for b in of("python") if ">>>" in b.text], ids=lambda b: b.where
)
def test_python_answers_as_shown(block: Block) -> None:
    test = doctest.DocTestParser().get_doctest(block.text, {}, block.where, block.where, 0)
    report: list[str] = []
    failed, tried = doctest.DocTestRunner().run(test, out=report.append)
    assert tried and not failed, "".join(report)


@pytest.mark.parametrize("block", [b for b in of("python") if ">>>" not in b.text],
                         ids=lambda b: b.where)  # fmt: skip
def test_python_files_compile(block: Block) -> None:
    compile(block.text, block.where, "exec")


def test_the_comparison_sees_a_difference() -> None:
    assert same("a ... c\nin 0.1 s", "a b c\nin 7.25 s")
    assert not same("proved: x", "refuted: x")
    assert not same("proved: x", "proved: x\nmore")


def test_documents_show_commands() -> None:
    shown = {shlex.split(c)[0] for b in of("console") for c, _ in exchanges(b)}
    assert shown == set(COMMANDS)


# ---- the examples of docs/notation.md


def examples() -> list[tuple[str, list[str], str]]:
    r"""(claim, given, verdict) from lines such as  proved  f * g = g * f ;; K \le H"""
    lines = [line for b in of("claims") for line in b.text.splitlines() if line.strip()]
    out = []
    for line in lines:
        verdict, rest = line.split(maxsplit=1)
        claim, *given = (part.strip() for part in rest.split(";;"))
        out.append((claim, given, verdict))
    return out


@pytest.mark.parametrize(("claim", "given", "verdict"), examples())
def test_examples_of_notation(claim: str, given: list[str], verdict: str) -> None:
    from derive import check

    found = check(claim, given=given)
    assert found.verdict == verdict, found.explanation()


# ---- what is named exists


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_resolve(path: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        url = urllib.parse.urlsplit(target)
        if url.scheme:
            assert url.scheme == "https", target
            continue
        file = (path.parent / url.path).resolve() if url.path else path
        assert file.exists() and file.is_relative_to(ROOT), f"{path.name} links to {target}"
        if url.fragment and file.suffix == ".md":
            assert url.fragment in anchors(file), f"{path.name} links to {target}"


def test_pictures_are_shown() -> None:
    pictures = {p.name for p in (ROOT / "docs/images").iterdir() if p.suffix in (".svg", ".png")}
    text = "".join(p.read_text(encoding="utf-8") for p in DOCS)
    assert pictures and all(f"images/{name}" in text for name in pictures)


def modules() -> set[str]:
    """Each module as docs/architecture.md names it: derive/kernel/rules, minigrad/walk."""
    found = set()
    for package in ("derive", "minigrad"):
        for file in (ROOT / package).rglob("*.py"):
            if not file.name.startswith("__"):
                found.add(file.relative_to(ROOT).with_suffix("").as_posix())
    return found


def mapped() -> set[str]:
    r"""The modules in the map of docs/architecture.md: lines `derive/kernel/ rules theorem`."""
    found = set()
    for block in of("map"):
        room = ""
        for line in block.text.splitlines():
            words = line.split()
            if line and not line[0].isspace():
                room, *words = words
            found |= {f"{room}{word}" for word in words}
    return found


def test_the_map_names_every_module() -> None:
    assert mapped() >= modules(), f"missing: {sorted(modules() - mapped())}"
    assert mapped() <= modules(), f"gone: {sorted(mapped() - modules())}"


def test_trusted_lines_are_named() -> None:
    """The architecture says how large the trusted part is, to the next hundred lines."""
    from derive.trust import closure, totals

    total = totals(closure())
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    said = re.search(r"about ([\d,]+) lines, ([\d,]+) of them in\s+`derive/kernel/`", text)
    assert said
    for shown, what in zip(said.groups(), ("closure", "kernel"), strict=True):
        assert abs(int(shown.replace(",", "")) - total[what]["lines"]) <= 150, total


# ---- the trust report


def graded(text: str) -> set[tuple[str, ...]]:
    """The rows of the report without its figures, which change with the code."""
    rows = (line.split(" | ") for line in text.splitlines() if line.startswith("| "))
    return {tuple(re.sub(r"\d[\d.]*(e-\d+)?", "N", cell) for cell in row[:2]) for row in rows
            if len(row) == 3}  # fmt: skip


@pytest.mark.slow
def test_the_trust_report_is_what_the_command_writes() -> None:
    from derive.lecture.graded import report

    words, good = report()
    assert good, words
    kept = (ROOT / "docs/trust.md").read_text(encoding="utf-8")
    difference = graded(words) ^ graded(kept)
    assert not difference, f"derive trust --report --output docs/trust.md\n{sorted(difference)}"


def test_a_claim_that_fails_is_graded_so() -> None:
    from dataclasses import replace

    from derive.lecture.evidence import facts
    from derive.lecture.graded import fact

    piece = next(facts())
    assert fact(piece)[0] == "proved by the kernel"
    assert fact(replace(piece, good=False))[0] == "FAILED"


def test_documents_speak_of_the_project_alone() -> None:
    for path in DOCS:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(tmp|work|root|home)/|localhost|pypi\.", text), path

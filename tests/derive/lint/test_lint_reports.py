"""What is printed, and the exit status."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from derive.lint.documents import open_document
from derive.lint.records import Result
from derive.lint.report import github_lines, summary
from derive.lint.run import givens, lint_document, main_lint
from derive.lint.sarif import sarif, uri

TEXT = ("$1 + 1 = 3$\n$n = 3$ $(f * g)(i) = \\sum_a f(a) g(i + a)$\n$e^{x} = \\sin$\n"
        "$f(x) = (f \\otimes g)(x)$ 50%\n$2 = 2$\n")


def result(text: str = TEXT, name: str = "a,b:c.md") -> Result:
    return Result(lint_document(open_document(name, text.encode())))


def run(path: Path, **options: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    status = main_lint([str(path)], out=out, err=err, **options)  # type: ignore[arg-type]
    return status, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("text", "plain", "strict"),
    [
        ("no mathematics", 0, 0), ("$1 = 1$", 0, 0), ("$1 = 2$", 1, 1), ("$y = x + 1$", 0, 0),
        (r"$\prod_i x = \sin y$", 0, 1), (r"$f \otimes g = g \otimes f$", 0, 1),
        ("$(f * g)(i) = \\sum_a f(a) g(i + a)$", 0, 0),
    ],
)  # fmt: skip
def test_status(tmp_path: Path, text: str, plain: int, strict: int) -> None:
    file = tmp_path / "a.md"
    file.write_text(text)
    assert run(file)[0] == plain
    assert run(file, strict=True)[0] == strict


def test_usage(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("$1 = 1$")
    status, out, err = run(file, given=["x = = y"])
    assert status == 2 and out == "" and "--given" in err and err.count("\n") == 1
    assert run(file, format="xml")[0] == 2


def test_json(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(TEXT)
    status, out, _ = run(file, json=True)
    rows = json.loads(out)
    assert status == 1
    kinds = ["claim", "definition", "redefinition", "skipped", "claim", "claim"]
    assert [r["kind"] for r in rows] == kinds
    verdicts = ["refuted", None, None, "unreadable", "unknown", "proved"]
    assert [r["verdict"] for r in rows] == verdicts
    assert list(rows[0])[:4] == ["file", "line", "column", "kind"]
    wanted = {"latex", "reading", "verdict", "hypotheses", "steps", "counterexample", "near_miss",
              "message", "seconds"}  # fmt: skip
    assert all(wanted <= set(r) for r in rows)
    assert rows[0]["counterexample"] == {"values": {}, "at": {}, "lhs": "2", "rhs": "3"}
    assert rows[0]["file"] == str(file) and rows[3]["message"]


def test_text_is_one_line_for_each(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("$$1\n+ 1 = 3$$ $x\x1b[31m = 3$")
    _, out, _ = run(file)
    lines = out.splitlines()
    assert len(lines) == 3 and "\x1b" not in out
    assert lines[0].startswith(f"{file}:1:3: refuted: 1 + 1 = 3; counterexample:")
    assert lines[-1] == "1 refuted, 1 skipped"
    assert summary(Result()) == "no equations"


def test_github() -> None:
    lines = list(github_lines(result(), strict=False))
    assert lines[0].startswith("::error file=a%2Cb%3Ac.md,line=1,col=2,title=derive%3A refuted::")
    levels = [line.split(" ")[0] for line in lines]
    assert levels == ["::error", "::warning", "::notice", "::warning"]
    strict = [line.split(" ")[0] for line in github_lines(result(), strict=True)]
    assert strict == ["::error", "::warning", "::error", "::error"]
    failed = Result(failures=[("x%.md", "50%")])
    assert list(github_lines(failed, False)) == ["::error file=x%25.md::50%25"]


def test_sarif() -> None:
    log = sarif(result(), strict=False)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (one,) = log["runs"]
    driver = one["tool"]["driver"]
    rules = [r["id"] for r in driver["rules"]]
    assert driver["name"] and len(set(rules)) == len(rules)
    assert one["columnKind"] == "unicodeCodePoints" and len(one["results"]) == 4
    for found in one["results"]:
        assert rules[found["ruleIndex"]] == found["ruleId"]
        assert found["level"] in ("none", "note", "warning", "error") and found["message"]["text"]
        (where,) = found["locations"]
        physical = where["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "a%2Cb%3Ac.md"
        assert set(physical["region"]) == {"startLine", "startColumn"}
        assert min(physical["region"].values()) >= 1
    assert json.loads(json.dumps(log)) == log
    assert uri("한글 a.md") == "%ED%95%9C%EA%B8%80%20a.md"


def test_sarif_of_a_failure() -> None:
    (one,) = sarif(Result(failures=[("x", "no such file")]), strict=True)["runs"]
    assert one["invocations"][0]["executionSuccessful"] is False and one["results"] == []


def test_given_lines_are_shared(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(r"$\sum_{j=k}^{n} 1 = n - k + 1$")
    assert run(file)[0] == 1
    assert run(file, given=[r"k \le n + 1"])[0] == 0
    assert [e.text for e in givens([r"k \le n"])] == [r"k \le n"]

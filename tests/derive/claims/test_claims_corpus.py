"""The labelled claims through `check --batch`: no false one proved, no true one refuted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from corpus import FILES, Entry, entries

from derive.cli import main

# true or false claims that stay unknown: fewer is better, more is a decision, made here
MOST_UNDECIDED = {"lecture": 0, "traps": 0, "published": 0, "notes": 0}
LEAST = {"lecture": 60, "traps": 200, "published": 40, "notes": 60}


@pytest.fixture(params=FILES)
def judged(
    request: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[str, list[tuple[Entry, dict[str, Any]]]]:
    """A file's entries with what the command answers."""
    found = entries(request.param)
    batch = [{"id": e.id, "latex": e.latex, "given": list(e.given)} for e in found]
    file = tmp_path / "claims.json"
    file.write_text(json.dumps(batch), encoding="utf-8")
    main(["check", "--batch", str(file), "--json"])
    answers = json.loads(capsys.readouterr().out)
    assert [a["id"] for a in answers] == [e.id for e in found]
    return request.param, list(zip(found, answers, strict=True))


def right(entry: Entry, answer: dict[str, Any]) -> bool:
    verdict, message = answer["verdict"], answer["message"]
    return {
        "true": verdict == "proved",
        "false": verdict == "refuted" and answer["counterexample"] is not None,
        "no value": verdict == "unknown" and message.startswith("no value:"),
        "definition": verdict == "unknown" and message.startswith("definition:"),
        "unreadable": verdict == "unreadable",
        "not proved": verdict != "proved",
    }[entry.label]


def test_no_verdict_is_wrong(judged: tuple[str, list[tuple[Entry, dict[str, Any]]]]) -> None:
    name, answers = judged
    assert len(answers) >= LEAST[name]
    wrong, undecided = [], []
    for entry, answer in answers:
        said = f"{entry.id} {entry.label}, {answer['verdict']}: {entry.latex} ({answer['message']})"
        if right(entry, answer):
            continue
        if entry.label in ("true", "false") and answer["verdict"] == "unknown":
            undecided.append(said)
        else:
            wrong.append(said)
    assert wrong == []
    assert len(undecided) <= MOST_UNDECIDED[name], undecided


def test_the_labels_are_looked_at() -> None:
    """A verdict against a label is seen, whichever way round."""
    proved = {"verdict": "proved", "message": "", "counterexample": None}
    refuted = {"verdict": "refuted", "message": "", "counterexample": {}}
    by_label = {e.label: e for name in FILES for e in entries(name)}
    for label in ("false", "no value", "definition", "unreadable", "not proved"):
        assert not right(by_label[label], proved)
    assert not right(by_label["true"], refuted)
    assert right(by_label["true"], proved)


def test_no_claim_stands_twice() -> None:
    seen = [(e.latex, e.given) for name in FILES for e in entries(name)]
    assert len(seen) == len(set(seen))
    assert all(e.why for name in FILES for e in entries(name))

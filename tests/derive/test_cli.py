"""The command `derive`: what it prints, its exit statuses, what it refuses, what it leaves out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from derive.cli import main
from derive.cli.check import arranged

TRUE = r"\sum_a f(a) g(i-a) = \sum_a f(i-a) g(a)"
FALSE = r"\sum_a f(a) g(i+a) = \sum_a f(i+a) g(a)"
NO_VALUE = r"\sum_a \sum_b f(a-b) = \sum_b \sum_a f(a-b)"
UNREADABLE = r"\sum_a f("


def run(capsys: Any, *arguments: str) -> tuple[int, str, str]:
    try:
        status = main(arguments)
    except SystemExit as stop:  # argparse's own errors
        status = int(stop.code or 0)
    out = capsys.readouterr()
    return status, out.out, out.err


def python(code: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, **more)


# ---- nothing heavy


@pytest.mark.parametrize(
    "code",
    [
        "import derive.cli; derive.cli.parser()",
        "import derive.cli; assert derive.cli.parser().parse_args(['check', 'a=a'])",
        "import derive.cli\ntry: derive.cli.main(['--help'])\nexcept SystemExit: pass",
        "import derive.cli\ntry: derive.cli.main(['check', '--help'])\nexcept SystemExit: pass",
        "import derive",
        "import derive.pytest_plugin",
        "import minigrad",
        "import minigrad.cli",
    ],
)
def test_nothing_heavy_is_imported(code: str) -> None:
    """Neither SymPy nor the kernel before a command needs it; minigrad never takes SymPy."""
    heavy = ["sympy", "lark", "derive.kernel", "derive.syntax"]
    if "minigrad" not in code:
        heavy += ["numpy", "minigrad"]
    done = python(f"import sys\n{code}\nbad = [m for m in {heavy!r} if m in sys.modules]\n"
                  "sys.exit(' '.join(bad) or 0)")  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()


def test_the_check_above_sees_a_heavy_import() -> None:
    done = python("import sys, derive.claims\nsys.exit('derive.kernel' in sys.modules)")
    assert done.returncode == 1


@pytest.mark.parametrize("package", ["derive", "minigrad"])
def test_python_m(package: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", package, "--help"], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert f"usage: {package}".encode() in done.stdout


# ---- list, prove, show


def test_list(capsys: Any) -> None:
    status, out, _ = run(capsys, "list")
    assert status == 0
    assert "convolution-commutes-zd " in out
    assert "(wrong)" in next(x for x in out.splitlines() if x.startswith("slide-correlation"))
    status, out, _ = run(capsys, "list", "--json")
    assert {"name", "title", "holds", "source", "statement"} <= json.loads(out)[0].keys()


def test_prove_all(capsys: Any) -> None:
    from derive.library import results

    status, out, _ = run(capsys, "prove", "--all")
    good = sum(r.holds for r in results())
    lines = out.splitlines()
    assert status == 0
    assert lines[-1] == f"{good} proved, 0 failed"
    assert lines[-2] == f"{len(results()) - good} wrong claims refuted, as they have to be"
    for r in results():
        found = [x for x in lines if f"  {r.name} " in x]
        assert len(found) == 1
        assert found[0].startswith("proved " if r.holds else "refuted ")
        assert " s  " in found[0]


def test_prove_one_and_json(capsys: Any) -> None:
    status, out, _ = run(capsys, "prove", "convolution-commutes-zd", "convolution-commutes-zd")
    assert (status, out.splitlines()[-1]) == (0, "1 proved, 0 failed")
    status, out, _ = run(capsys, "prove", "convolution-commutes-zd", "--json")
    (found,) = json.loads(out)
    assert status == 0
    assert found["verdict"] == "proved"
    assert found["hypotheses"]
    assert [s["rule"] for s in found["steps"]]


def test_prove_a_wrong_claim(capsys: Any) -> None:
    """It is refuted, with data, and whoever asked for a proof is told so by the status."""
    status, out, _ = run(capsys, "prove", "slide-correlation-commutes-z")
    assert status == 1
    assert "f(0) = 1" in out and "the left side is 1, the right side is 0" in out
    assert out.splitlines()[-1] == "0 proved, 0 failed"


def test_prove_fails_where_the_replay_refuses(capsys: Any, monkeypatch: Any) -> None:
    import derive.claims
    from derive.kernel import Refused

    def refuse(theorem: Any) -> Any:
        raise Refused("replay", "planted", theorem.lhs)

    monkeypatch.setattr(derive.claims, "replay", refuse)
    status, out, _ = run(capsys, "prove", "convolution-commutes-zd")
    assert status == 1
    assert out.startswith("FAILED")
    assert out.splitlines()[-1] == "0 proved, 1 failed"


def test_prove_fails_where_the_theorem_is_another(capsys: Any, monkeypatch: Any) -> None:
    import derive.claims
    from derive.library import find

    other = derive.claims.prove(find("convolution-scales-zd").statement, ())
    monkeypatch.setattr(derive.claims, "prove", lambda *_, **__: other)
    status, out, _ = run(capsys, "prove", "convolution-commutes-zd")
    assert status == 1
    assert "not the one asked for" in out


def test_prove_fails_where_a_wrong_claim_is_not_refuted(capsys: Any, monkeypatch: Any) -> None:
    from dataclasses import replace

    import derive.library

    planted = (replace(derive.library.find("convolution-commutes-zd"), holds=False),)
    monkeypatch.setattr(derive.library, "results", lambda: planted)
    status, out, _ = run(capsys, "prove", "--all")
    assert status == 1
    assert "FAILED (proved)" in out


@pytest.mark.parametrize("command", ["prove", "show"])
def test_unknown_names(capsys: Any, command: str) -> None:
    status, out, err = run(capsys, command, "convolution-comutes-zd")
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "convolution-commutes-zd" in err


@pytest.mark.parametrize(
    ("style", "marks"),
    [
        ("text", ["substitute z ↦ i − z", "Given f, g finitely supported", "Folland"]),
        ("markdown", ["### Convolution commutes", "| $\\displaystyle"]),
        ("latex", [r"\documentclass", r"\end{document}", "finitely supported"]),
        ("html", ["<!doctype html>", "katex", "finitely supported"]),
        ("json", ['"verdict": "proved"', '"why"']),
    ],
)
def test_show(capsys: Any, style: str, marks: list[str]) -> None:
    status, out, err = run(capsys, "show", "convolution-commutes-zd", "--format", style)
    assert (status, err) == (0, "")
    for mark in marks:
        assert mark in out
    if style == "json":
        json.loads(out)


@pytest.mark.parametrize("style", ["text", "markdown", "latex", "html", "json"])
def test_show_a_wrong_claim(capsys: Any, style: str) -> None:
    status, out, _ = run(capsys, "show", "slide-correlation-commutes-z", "--format", style)
    assert status == 0
    if style == "json":
        assert json.loads(out)["counterexample"]["lhs"] == "1"
    else:
        assert ("efuted" in out and "delta_{0}" in out.replace("&quot;", "")) or "f(0) = 1" in out
        assert "correlation" in out.replace("\\", "")


def test_show_fragment(capsys: Any) -> None:
    for name in ("convolution-commutes-zd", "slide-correlation-commutes-z"):
        status, out, _ = run(capsys, "show", name, "--format", "latex", "--fragment")
        assert status == 0
        assert "documentclass" not in out and "{document}" not in out
        assert r"\begin{align" in out
    status, _, err = run(capsys, "show", "convolution-commutes-zd", "--fragment")
    assert (status, err) == (2, "derive: show: --fragment is for --format latex\n")


def test_show_writes_a_file_whole_or_not_at_all(
    capsys: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    target = tmp_path / "new folder" / "proof.md"
    show = ("show", "convolution-commutes-zd", "--format", "markdown", "--output")
    status, out, _ = run(capsys, *show, str(target))
    assert (status, out) == (0, "")
    first = target.read_text(encoding="utf-8")
    assert first.startswith("### Convolution commutes")
    assert run(capsys, *show, str(tmp_path))[0] == 2  # a folder

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    status, _, err = run(capsys, *show, str(target))
    assert status == 2
    assert "No space left" in err and err.count("\n") == 1
    assert target.read_text(encoding="utf-8") == first
    assert [p.name for p in target.parent.iterdir()] == ["proof.md"]


def test_show_refuses(capsys: Any) -> None:
    status, _, err = run(capsys, "show", "convolution-commutes-zd", "--language", "xx")
    assert status == 2
    assert "no catalogue for the language 'xx'" in err
    assert run(capsys, "show", "convolution-commutes-zd", "--format", "pdf")[0] == 2


# ---- check


@pytest.mark.parametrize(
    ("claim", "status", "word"),
    [
        (TRUE, 0, "proved: "), (FALSE, 1, "refuted: "), (NO_VALUE, 1, "unknown: "),
        (UNREADABLE, 2, "unreadable"),
    ],
)  # fmt: skip
def test_check(capsys: Any, claim: str, status: int, word: str) -> None:
    found, out, err = run(capsys, "check", claim)
    assert (found, err) == (status, "")
    assert out.startswith(word)


def test_check_shows_steps_and_data(capsys: Any) -> None:
    assert "substitute a ↦ i − a" in run(capsys, "check", TRUE)[1]
    out = run(capsys, "check", FALSE)[1]
    assert "f(0) = 1, else f = 0; g(1) = 1, else g = 0; at i = 1" in out
    assert r"in LaTeX: f = \delta_{0}" in out
    assert "the first step that fails: from Σ_{a∈Z} f(a) g(i + a)" in out and "left over: " in out
    assert "no value:" in run(capsys, "check", NO_VALUE)[1]
    assert "line 1, column 10" in run(capsys, "check", UNREADABLE)[1]


def test_check_json(capsys: Any) -> None:
    status, out, _ = run(capsys, "check", FALSE, "--json")
    (found,) = json.loads(out)
    assert status == 1
    assert set(found) == {
        "id", "latex", "reading", "verdict", "hypotheses", "steps", "counterexample", "near_miss",
        "message", "seconds",
    }  # fmt: skip
    assert found["latex"] == FALSE
    assert found["counterexample"] == {
        "values": {"f": {"0": "1"}, "g": {"1": "1"}}, "at": {"i": "1"}, "lhs": "1", "rhs": "0",
    }  # fmt: skip
    (found,) = json.loads(run(capsys, "check", TRUE, "--json")[1])
    assert found["steps"] and set(found["steps"][0]) == {"latex", "rule", "why"}
    (found,) = json.loads(run(capsys, "check", f"{TRUE} = 0", "--json")[1])
    assert [link["verdict"] for link in found["links"]] == ["proved", "refuted"]


def test_check_given(capsys: Any) -> None:
    claim = r"\sum_{j=k}^{n} 1 = n-k+1"
    assert run(capsys, "check", claim)[0] == 1
    assert run(capsys, "check", claim, "--given", r"k \le n + 1")[0] == 0


def test_check_show_reading(capsys: Any) -> None:
    out = run(capsys, "check", "f * g = g * f", "--show-reading")[1]
    assert "on Z^d: (f ∗ g)(x) = (g ∗ f)(x)" in out
    assert "on R^d:" in out


def test_a_claim_may_begin_with_a_minus(capsys: Any) -> None:
    assert arranged(["--json", "-f(x)=f(x)"]) == ["--json", "--", "-f(x)=f(x)"]
    assert arranged(["--given"]) == ["--given"]
    assert run(capsys, "check", "-1=2")[0] == 1
    sized = r"\sum_{j=k}^{n} 1 = n-k+1"
    assert run(capsys, "check", sized, "--given", r"-1 \le n - k")[0] == 0


def batch(tmp_path: Path, data: Any) -> str:
    path = tmp_path / "claims.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return str(path)


def test_batch(capsys: Any, tmp_path: Path) -> None:
    claims = [
        {"id": "b", "latex": FALSE},
        {"id": 7, "latex": TRUE, "given": []},
        {"latex": r"\sum_{j=k}^{n} 1 = n-k+1", "given": r"k \le n + 1"},
        {"id": None, "latex": r"\sum_{j=k}^{n} 1 = n-k+1", "given": ["k = 0"]},
    ]
    status, out, _ = run(capsys, "check", "--batch", batch(tmp_path, claims), "--json")
    found = json.loads(out)
    assert [f["id"] for f in found] == ["b", 7, None, None]
    assert [f["verdict"] for f in found] == ["refuted", "proved", "proved", "proved"]
    assert status == 1
    assert run(capsys, "check", "--batch", batch(tmp_path, claims[1:]), "--json")[0] == 0
    claims.append({"id": "x", "latex": UNREADABLE})
    status, out, _ = run(capsys, "check", "--batch", batch(tmp_path, claims), "--json")
    assert status == 2
    assert json.loads(out)[-1]["verdict"] == "unreadable"
    status, out, _ = run(capsys, "check", "--batch", batch(tmp_path, []), "--json")
    assert (status, json.loads(out)) == (0, [])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "not JSON"),
        ('{"latex": "f = f"}', "expected a JSON list"),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_batch_refuses(capsys: Any, tmp_path: Path, data: Any, said: str) -> None:
    status, out, err = run(capsys, "check", "--batch", batch(tmp_path, data), "--json")
    assert (status, out) == (2, "")
    assert said in err and err.count("\n") == 1


BAD = [
    (None, 'entry 1: expected an object, got null'),
    (3, "entry 1: expected an object, got a number"),
    ([], "entry 1: expected an object, got a list"),
    ({"id": "b"}, 'entry 1, "latex": is missing'),
    ({"id": "b", "latex": None}, 'entry 1, "latex": expected a string, got null'),
    ({"id": "b", "latex": ["a = a"]}, 'entry 1, "latex": expected a string, got a list'),
    ({"id": "b", "latex": TRUE, "given": 3}, 'entry 1, "given": expected a string or a list'),
    ({"id": "b", "latex": TRUE, "given": {}}, 'entry 1, "given": expected a string or a list'),
    ({"id": "b", "latex": TRUE, "given": ["k = 1", None]}, "got null as number 1"),
    ({"id": "a", "latex": TRUE}, 'entry 1, "id": entry 0 has the same'),
    ({"id": [1], "latex": TRUE}, 'entry 1, "id": expected a string or an integer, got a list'),
    ({"id": float("inf"), "latex": TRUE}, 'entry 1, "id": expected a string or an integer'),
]


@pytest.mark.parametrize(("entry", "said"), BAD)
def test_a_malformed_entry_costs_its_own_place_alone(
    capsys: Any, tmp_path: Path, entry: Any, said: str
) -> None:
    claims = [{"id": "a", "latex": TRUE}, entry, {"id": 1, "latex": FALSE}, {"latex": TRUE}]
    status, out, err = run(capsys, "check", "--batch", batch(tmp_path, claims), "--json")
    found = json.loads(out)
    assert (status, err) == (2, "")
    assert [f["verdict"] for f in found] == ["proved", "unreadable", "refuted", "proved"]
    name = entry.get("id") if isinstance(entry, dict) else None
    assert [f["id"] for f in found] == ["a", name if isinstance(name, str) else None, 1, None]
    assert "Infinity" not in out
    assert said in found[1]["message"]
    assert found[1].keys() == found[0].keys()


def test_an_id_is_one_of_its_kind(capsys: Any, tmp_path: Path) -> None:
    """The number 1 and the string "1" are two, and what has no id repeats none."""
    claims = [{"id": 1, "latex": TRUE}, {"id": "1", "latex": TRUE}, {"latex": TRUE}, {"id": None,
              "latex": TRUE}]  # fmt: skip
    assert run(capsys, "check", "--batch", batch(tmp_path, claims), "--json")[0] == 0


def test_what_is_interrupted_prints_no_list(
    capsys: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    import derive.claims

    good = derive.claims.check

    def interrupted(latex: str, given: Any, **more: Any) -> Any:
        if latex == FALSE:
            raise KeyboardInterrupt
        return good(latex, given, **more)

    monkeypatch.setattr(derive.claims, "check", interrupted)
    name = batch(tmp_path, [{"latex": TRUE}, {"latex": FALSE}])
    assert run(capsys, "check", "--batch", name, "--json") == (130, "", "derive: interrupted\n")


CONTRACT = [
    "id", "latex", "reading", "verdict", "hypotheses", "steps", "counterexample", "near_miss",
    "message", "seconds",
]  # fmt: skip


def test_the_contract_of_the_json(capsys: Any, tmp_path: Path) -> None:
    """Key by key as notation fixes it: exact values as strings, keys of integers, links."""
    claims = [
        {"id": "proved", "latex": TRUE},
        {"id": "two", "latex": r"\sum_{a,b} f(a,b) g(a,b) = \sum_{a,b} f(a,b) g(b,a)"},
        {"id": "half", "latex": r"\sum_{j=1}^n j = \frac{n}{2}"},
        {"id": "real", "latex": r"\int f(z) g(x+z) dz = \int f(x+z) g(z) dz"},
        {"id": "chain", "latex": TRUE + " = 0"},
        {"id": "bad", "latex": UNREADABLE},
    ]
    found = json.loads(run(capsys, "check", "--batch", batch(tmp_path, claims), "--json")[1])
    for entry in found:
        keys = [*CONTRACT, "links"] if entry["id"] == "chain" else CONTRACT
        assert list(entry) == keys
        assert entry["latex"] == next(c["latex"] for c in claims if c["id"] == entry["id"])
        assert isinstance(entry["seconds"], float) and isinstance(entry["message"], str)
        assert (entry["counterexample"] is None) == (entry["verdict"] != "refuted")
    proved, two, half, real, chain, bad = found
    assert proved["hypotheses"] == ["f, g finitely supported on Z", "i ∈ Z"]
    assert all(list(s) == ["latex", "rule", "why"] for s in proved["steps"])
    data = two["counterexample"]
    assert list(data) == ["values", "at", "lhs", "rhs"]
    for values in data["values"].values():
        for key, value in values.items():
            assert all(part.lstrip("-").isdigit() for part in key.split(","))
            assert isinstance(value, str)
    assert {tuple(v) for v in data["values"].values()} != {()}
    assert half["counterexample"]["rhs"] in ("1/2", "-1/2", "3/2")
    assert half["counterexample"]["at"].keys() == {"n"}
    assert "e^{" in real["counterexample"]["values"]["f"]
    assert [link["verdict"] for link in chain["links"]] == ["proved", "refuted"]
    assert list(chain["links"][0]) == CONTRACT[1:]
    assert chain["counterexample"] == chain["links"][1]["counterexample"]
    assert (bad["verdict"], bad["reading"], bad["steps"]) == ("unreadable", "", [])


# ---- the formats of a check


def test_a_counterexample_to_paste(capsys: Any) -> None:
    status, out, _ = run(capsys, "check", FALSE, "--format", "latex")
    assert status == 1
    assert out.startswith("% refuted: ") and r"\begin{align*}" in out
    assert r"f = \delta_{0},\quad g = \delta_{1},\quad i = 1:" in out
    assert r"\text{left side} = 1,\quad \text{right side} = 0" in out
    assert r"(f \star g)(i) = (g \star f)(-i)" in out
    _, out, _ = run(capsys, "check", FALSE, "--format", "markdown")
    assert "**Counterexample** $f = \\delta_{0}" in out


def test_a_derivation_to_paste(capsys: Any) -> None:
    status, out, _ = run(capsys, "check", TRUE, "--format", "latex")
    assert status == 0
    assert r"\begin{alignat*}{2}" in out and r"substitute $a \mapsto i - a$" in out
    _, out, _ = run(capsys, "check", TRUE, "--format", "markdown")
    assert out.startswith("**Proved**") and r"substitute $a \mapsto i - a$" in out


def test_of_a_chain_the_link_that_fails_is_shown(capsys: Any) -> None:
    claim = r"(f * g)(x) = (g * f)(x) = (g \star f)(x)"
    _, out, _ = run(capsys, "check", claim, "--format", "latex")
    assert r"& (g * f)(x) \stackrel{?}{=} (g \star f)(x)" in out
    assert "link 2 of 2 is the first that fails" in out


def test_what_is_not_known_is_a_comment(capsys: Any) -> None:
    for claim in (NO_VALUE, UNREADABLE):
        _, out, _ = run(capsys, "check", claim, "--format", "latex")
        assert all(line.startswith("% ") for line in out.splitlines())


def test_in_korean(capsys: Any) -> None:
    _, out, _ = run(capsys, "check", TRUE, "--format", "markdown", "--language", "ko")
    assert out.startswith("**증명됨**") and r"치환 $a \mapsto i - a$" in out
    _, out, _ = run(capsys, "show", "slide-correlation-commutes-z", "--language", "ko")
    assert "반례: f(0) = 1, else f = 0" in out and "좌변 1, 우변 0" in out
    (found,) = json.loads(run(capsys, "check", TRUE, "--json", "--language", "ko")[1])
    assert found["verdict"] == "proved" and found["steps"][0]["why"] == "치환 a ↦ i − a"


def test_json_is_a_format(capsys: Any) -> None:
    (found,) = json.loads(run(capsys, "check", TRUE, "--format", "json")[1])
    assert found["verdict"] == "proved"


def test_functions_on_the_reals_are_readable_in_a_terminal(capsys: Any) -> None:
    _, out, _ = run(capsys, "check", r"\int f(z) g(x+z) dz = \int f(x+z) g(z) dz")
    line = next(l for l in out.splitlines() if l.startswith("counterexample: "))
    assert "f(x) = e^(-x²); g(x) = x e^(-x²); at x = 1" in line
    assert "\\" not in line


def test_batch_needs_a_readable_file(capsys: Any, tmp_path: Path) -> None:
    assert "cannot read" in run(capsys, "check", "--batch", str(tmp_path / "no"), "--json")[2]
    (tmp_path / "latin").write_bytes(b'[{"latex": "\xe9"}]')
    assert "not UTF-8" in run(capsys, "check", "--batch", str(tmp_path / "latin"), "--json")[2]


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["nonsense"], ["prove"], ["prove", "--all", "x"], ["check"], ["check", "a", "b"],
        ["check", "a=a", "--batch", "x", "--json"], ["check", "--batch", "x"], ["check", "--jso"],
        ["check", "a=a", "--given"], ["show"], ["list", "x"],
        ["check", "a=a", "--json", "--format", "latex"], ["check", "a=a", "--format", "html"],
        ["check", "a=a", "--language", "xx"], ["check", "a=a", "--show-reading", "--json"],
    ],
)  # fmt: skip
def test_usage_errors(capsys: Any, arguments: list[str]) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert "derive" in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["chekc", "a=a"], "did you mean check?"),
        (["check", "a=a", "--giv", "b"], "did you mean --given?"),
        (["show", "output-size", "--formt=latex"], "did you mean --format?"),
        (["audit", "conv4d"], "did you mean conv"),
        (["show", "convolution-comutes-zd"], "near it: convolution-commutes-zd"),
    ],
)
def test_what_was_nearly_right_is_named(capsys: Any, arguments: list[str], hint: str) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert hint in err


def test_a_fault_of_ours_does_not_lose_the_batch(
    capsys: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    import derive.claims

    good = derive.claims.check

    def broken(latex: str, given: Any, **_: Any) -> Any:
        if "boom" in latex:
            raise ZeroDivisionError("planted")
        return good(latex, given)

    monkeypatch.setattr(derive.claims, "check", broken)
    name = batch(tmp_path, [{"latex": "boom"}, {"latex": TRUE}])
    status, out, _ = run(capsys, "check", "--batch", name, "--json")
    found = json.loads(out)
    assert status == 1
    assert [f["verdict"] for f in found] == ["unknown", "proved"]
    assert "ZeroDivisionError: planted" in found[0]["message"]


# ---- how it ends


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), RuntimeError("calling __set_name__")])
def test_an_interrupt_is_one_line(capsys: Any, monkeypatch: Any, raised: BaseException) -> None:
    """Also where it comes while something is imported, which may wrap it."""
    import derive.cli.library

    if not isinstance(raised, KeyboardInterrupt):
        raised.__cause__ = KeyboardInterrupt()

    def run_list(options: Any) -> int:
        raise raised

    monkeypatch.setattr(derive.cli.library, "run_list", run_list)
    assert run(capsys, "list") == (130, "", "derive: interrupted\n")


def test_an_error_that_is_no_interrupt_is_raised(monkeypatch: Any) -> None:
    import derive.cli.library

    def run_list(options: Any) -> int:
        raise RuntimeError("planted")

    monkeypatch.setattr(derive.cli.library, "run_list", run_list)
    with pytest.raises(RuntimeError, match="planted"):
        main(["list"])


@pytest.mark.parametrize(
    ("redirect", "status"), [(">&-", 2), (">&- 2>&-", 2), (">/dev/full", 2), ("| true", 0)]
)
def test_an_output_that_takes_nothing_is_no_traceback(redirect: str, status: int) -> None:
    command = f"{sys.executable} -m derive list {redirect}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr
    assert done.stderr.count(b"\n") <= 1


def test_the_folder_of_the_lecture_is_checked_first(capsys: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    for target in (tmp_path / "file", tmp_path / "file" / "below"):
        status, out, err = run(capsys, "lecture", "--output", str(target))
        assert (status, out) == (2, "")
        assert err.count("\n") == 1
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


def test_a_smaller_audit_says_so(capsys: Any) -> None:
    _, out, _ = run(capsys, "audit", "conv1d", "--size", "100")
    *_, last = out.splitlines()
    assert last.startswith("rungs 2 and 4: at a smaller input than asked for")
    _, out, _ = run(capsys, "audit", "conv1d", "--size", "5")
    assert "smaller input" not in out
    _, out, _ = run(capsys, "audit", "conv1d", "--size", "40", "--rungs", "1", "--json")
    assert json.loads(out)["holds"]


def test_what_the_package_has_is_listed() -> None:
    import derive

    assert {"claim", "check", "Verdict", "Theorem"} <= set(dir(derive))
    assert "heavy" not in dir(derive)


@pytest.mark.parametrize("by", ["abc", 3])
def test_a_step_alone_is_no_list_of_steps(by: Any) -> None:
    from derive import claim

    with pytest.raises(TypeError, match="by: a list of the terms in between"):
        claim("f * g", "g * f", by=by)


# ---- lint


def test_a_file_that_is_not_there_is_not_counted(capsys: Any, tmp_path: Path) -> None:
    status, out, err = run(capsys, "lint", str(tmp_path / "none.md"))
    assert (status, out) == (2, "")
    assert "no such file" in err and err.count("\n") == 1


def test_lint(capsys: Any, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(f"The convolution commutes: ${TRUE}$.\n", encoding="utf-8")
    bad.write_text(f"So does this:\n\n$${FALSE}$$\n", encoding="utf-8")
    assert run(capsys, "lint", str(good))[0] == 0
    status, out, _ = run(capsys, "lint", str(good), str(bad))
    assert status == 1
    assert "bad.md:3:" in out and "refuted" in out
    status, out, _ = run(capsys, "lint", "--json", str(bad))
    (found,) = json.loads(out)
    assert (status, found["verdict"], found["line"]) == (1, "refuted", 3)
    assert run(capsys, "lint", str(tmp_path / "none.md"))[0] == 2
    status, _, err = run(capsys, "lint", "--json", "--format", "sarif", str(bad))
    assert (status, err.count("\n")) == (2, 1)


# ---- audit


CONV2D = (
    "audit",
    "conv2d",
    "--stride",
    "2",
    "--dilation",
    "2",
    "--groups",
    "2",
    "--rungs",
    "2,3,4",
)


def test_audit(capsys: Any) -> None:
    status, out, _ = run(capsys, *CONV2D)
    assert status == 0
    assert out.count(" holds ") == 3 and "FAILS" not in out
    status, out, _ = run(capsys, "audit", "conv1d", "--padding", "1", "--rungs", "1", "--json")
    assert status == 0
    assert [r["rung"] for r in json.loads(out)["rungs"]] == [1]


def test_audit_of_a_mutated_backward(capsys: Any, monkeypatch: Any) -> None:
    """A sign planted in minigrad's backward turns the command red."""
    from minigrad import Tensor

    good = Tensor.backward

    def planted(self: Any, gradient: Any = None) -> Any:
        return good(self, -gradient)

    monkeypatch.setattr(Tensor, "backward", planted)
    status, out, _ = run(capsys, *CONV2D)
    assert status == 1
    assert "FAILS" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--stride", "0"], "expected at least 1, got 0"),
        (["--dilation", "-1"], "expected at least 1, got -1"),
        (["--padding", "-1"], "expected at least 0, got -1"),
        (["--stride", "x"], "expected an integer, got 'x'"),
        (["--rungs", "5"], "expected some of 1,2,3,4, got '5'"),
        (["--channels", "1,2,3"], "expected IN or IN,OUT"),
        (["--groups", "2", "--channels", "3"], "3"),
        (["--stride", "1,2,3"], "stride"),
        (["--kernel", "9", "--size", "3"], "9"),
    ],
)
def test_audit_refuses(capsys: Any, arguments: list[str], said: str) -> None:
    status, out, err = run(capsys, "audit", "conv2d", *arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert run(capsys, "audit", "conv4d")[0] == 2


# ---- terminals


def test_utf8_whatever_the_terminal_says() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "derive", "check", FALSE], capture_output=True, env=env, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "Σ" in done.stdout.decode("utf-8")


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m derive list | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
    code = (
        "import sys, derive.cli\n"
        "class Closed:\n"
        "    def write(self, s): raise BrokenPipeError\n"
        "    def flush(self): pass\n"
        "    def fileno(self): return 1\n"
        "sys.stdout = Closed()\n"
        "sys.exit(derive.cli.main(['list']))"
    )
    done = python(code)
    assert (done.returncode, done.stderr) == (141, b"")


def test_interrupted(capsys: Any, monkeypatch: Any) -> None:
    import derive.claims

    def stop(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(derive.claims, "check", stop)
    assert run(capsys, "check", TRUE)[0] == 130


# ---- trust


def test_trust(capsys: Any) -> None:
    status, out, _ = run(capsys, "trust")
    assert status == 0
    assert "derive/kernel/theorem.py" in out and "derive/polynomial.py" in out
    assert "derive/text.py" not in out  # shown to people, by an import inside a function
    data = json.loads(run(capsys, "trust", "--json")[1])
    assert data["closure"]["lines"] == sum(f["lines"] for f in data["files"].values())

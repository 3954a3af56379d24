"""Claims as test items: each way to choose, mark and report an item, tried on files of a user."""

from __future__ import annotations

import shutil
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from derive import claim
from derive.pytest_plugin import is_claim, marked, xfail

EXAMPLES = Path(__file__).parents[2] / "examples"
TRUE = 'claim(r"\\sum_a f(a) g(i-a)", r"\\sum_a f(i-a) g(a)")'
FALSE = 'claim(r"\\sum_a f(a) g(i+a)", r"\\sum_a f(i+a) g(a)")'
FILE = f"from derive import claim\ncommutes = {TRUE}\n"
BOTH = f"{FILE}slide = {FALSE}\n"


@pytest.fixture
def user(pytester: pytest.Pytester) -> Any:
    """Run pytest in a user's folder, where the plugin comes by its entry point if installed."""
    installed = "derive.pytest_plugin" in {e.value for e in entry_points(group="pytest11")}
    load = [] if installed else ["-p", "derive.pytest_plugin"]

    class User:
        path = pytester.path

        def write(self, **files: str) -> None:
            for name, text in files.items():
                (pytester.path / f"{name}.py").write_text(text, encoding="utf-8")

        def run(self, *arguments: str) -> pytest.RunResult:
            return pytester.runpytest_inprocess(*load, *arguments)

        def run_apart(self, *arguments: str) -> pytest.RunResult:
            return pytester.runpytest_subprocess(*load, *arguments)

    return User()


def test_proved_and_failed(user: Any) -> None:
    user.write(test_mine=BOTH)
    result = user.run("-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["test_mine.py::commutes PASSED*", "test_mine.py::slide FAILED*"])
    text = result.stdout.str()
    for wanted in (
        "test_mine.py:3: slide is not proved",
        "the first step that fails: from Σ_{a∈Z} f(a) g(i + a)",
        "to Σ_{a∈Z} f(i + a) g(a)",
        "left over: Σ_{a∈Z} f(a) g(i + a)  against  ",
        "counterexample: f(0) = 1, else f = 0; g(1) = 1, else g = 0; at i = 1",
        "the left side is 1, the right side is 0",
        r"in LaTeX: \sum_{a \in \mathbb{Z}} f(a) g(i + a) \overset{?}{=}",
        r"in LaTeX: f = \delta_{0},\quad g = \delta_{1},\quad i = 1,\quad 1 \ne 0",
    ):
        assert wanted in text
    assert "Traceback" not in text and "runtest" not in text


def test_the_first_bad_step_of_a_chain(user: Any) -> None:
    user.write(
        test_chain="from derive import claim\n"
        r'chain = claim(r"\sum_a f(a)", r"\sum_a f(a+1)", by=[r"\sum_a f(2a)"])'
    )
    result = user.run()
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert "Σ_{a∈Z} f(2 a)" in text and "counterexample: f(1) = 1" in text


def test_proofs_files(user: Any) -> None:
    """`*_proofs.py` is collected without any configuration, once, also by its name."""
    user.write(slides_proofs=FILE, proofs_other=BOTH, test_a_proofs=FILE)
    user.run().assert_outcomes(passed=2)
    user.run("slides_proofs.py").assert_outcomes(passed=1)
    user.run("slides_proofs.py::commutes", "test_a_proofs.py").assert_outcomes(passed=2)
    (user.path / "pytest.ini").write_text("[pytest]\npython_files = *_proofs.py\n")
    user.run().assert_outcomes(passed=2)


def test_claims_of_a_class(user: Any) -> None:
    user.write(
        test_classes=FILE + f"class TestLayers:\n    reflects = {TRUE}\n    again = commutes\n"
        "class TestMore(TestLayers): pass\n"
    )
    result = user.run("--collect-only", "-q")
    assert [x for x in result.outlines if "::" in x] == [
        "test_classes.py::commutes",
        "test_classes.py::TestLayers::reflects",
        "test_classes.py::TestMore::reflects",
    ]


def test_choosing(user: Any) -> None:
    user.write(test_mine=BOTH, test_more=FILE.replace("commutes", "other"))
    user.run("-k", "commutes").assert_outcomes(passed=1, deselected=2)
    user.run("test_mine.py::slide").assert_outcomes(failed=1)
    user.run("--deselect", "test_mine.py::slide").assert_outcomes(passed=2, deselected=1)


def test_x_stops_at_the_first(user: Any) -> None:
    user.write(test_mine=f"from derive import claim\nslide = {FALSE}\nlater = {TRUE}\n")
    user.run("-x").assert_outcomes(failed=1)


def test_last_failed(user: Any) -> None:
    user.write(test_mine=BOTH)
    user.run().assert_outcomes(passed=1, failed=1)
    user.run("--lf").assert_outcomes(failed=1)
    user.write(test_mine=BOTH.replace("g(i+a)", "g(i-a)").replace("f(i+a)", "f(i-a)"))
    user.run("--lf").assert_outcomes(passed=1)


def test_xdist(user: Any) -> None:
    user.write(test_mine=BOTH, slides_proofs=FILE)
    result = user.run_apart("-n", "2")
    result.assert_outcomes(passed=2, failed=1)
    assert "counterexample: f(0) = 1" in result.stdout.str()


def test_junitxml(user: Any) -> None:
    user.write(test_mine=BOTH)
    user.run("--junitxml=out.xml")
    cases = {c.get("name"): c for c in ElementTree.parse(user.path / "out.xml").iter("testcase")}  # noqa: S314
    assert set(cases) == {"commutes", "slide"}
    failure = cases["slide"].find("failure")
    assert failure is not None
    assert "counterexample: f(0) = 1" in (failure.text or "")
    assert cases["slide"].get("classname") == "test_mine"


def test_expected_failures(user: Any) -> None:
    head = "import pytest\nfrom derive import claim\nfrom derive.pytest_plugin import *\n"
    user.write(
        test_module=f"{head}pytestmark = pytest.mark.xfail(reason='all')\nslide = {FALSE}\n",
        test_one=f"{head}slide = xfail({FALSE}, 'the wrong slide')\ngood = {TRUE}\n",
        test_marked=f"{head}slide = marked({FALSE}, pytest.mark.xfail, pytest.mark.mine)\n",
    )
    (user.path / "pytest.ini").write_text("[pytest]\nmarkers = mine\n")
    result = user.run("-rx")
    result.assert_outcomes(xfailed=3, passed=1)
    assert "the wrong slide" in result.stdout.str()
    user.run("-m", "mine").assert_outcomes(xfailed=1, deselected=3)


def test_an_unexpected_success_fails(user: Any) -> None:
    head = "from derive import claim\nfrom derive.pytest_plugin import xfail\n"
    user.write(
        test_strict=f"{head}a = xfail({TRUE})\n",
        test_loose=f"{head}a = xfail({TRUE}, strict=False)\n",
    )
    user.run().assert_outcomes(failed=1, xpassed=1)


def test_skipping_one(user: Any) -> None:
    user.write(
        test_one="import pytest\nfrom derive import claim\n"
        "from derive.pytest_plugin import marked\n"
        f"slide = marked({FALSE}, pytest.mark.skip(reason='later'))\n"
    )
    user.run().assert_outcomes(skipped=1)


def test_collected_once(user: Any) -> None:
    """Where it was made, under its first name; a helper's claim belongs to who calls the helper."""
    user.write(
        helpers=f"from derive import claim\nlemma = {TRUE}\ndef make():\n    return {TRUE}\n",
        test_a=FILE + "again = commutes\n",
        test_b="from test_a import commutes\nfrom helpers import lemma, make\nmine = make()\n",
    )
    result = user.run("--collect-only", "-q")
    assert [x for x in result.outlines if "::" in x] == ["test_a.py::commutes", "test_b.py::mine"]


def test_an_unreadable_claim_is_a_failed_item(user: Any) -> None:
    user.write(test_mine="from derive import claim\nbad = claim('f(', 'g(x)')\n" + FILE)
    result = user.run()
    result.assert_outcomes(passed=1, failed=1)
    assert "unreadable" in result.stdout.str() and "line 1" in result.stdout.str()


def test_another_error_in_a_claim_shows_its_traceback(user: Any) -> None:
    user.write(test_mine="from derive import claim\nbad = claim(object(), object())\n" + FILE)
    result = user.run()
    result.assert_outcomes(passed=1, failed=1)
    assert "Error" in result.stdout.str()


def test_loading_imports_nothing_heavy(user: Any) -> None:
    user.write(
        test_plain="import sys\ndef test_it():\n"
        "    assert 'derive.pytest_plugin' in sys.modules\n"
        "    for name in ('sympy', 'derive.claims', 'derive.kernel', 'derive.syntax', 'numpy'):\n"
        "        assert name not in sys.modules\n"
    )
    user.run_apart().assert_outcomes(passed=1)


def test_warnings_as_errors(user: Any) -> None:
    user.write(test_mine=FILE)
    user.run_apart("-W", "error").assert_outcomes(passed=1)


def test_is_claim() -> None:
    made = claim("f * g", "g * f")
    assert is_claim(made)
    assert not is_claim(type(made))
    assert not is_claim(3)
    assert xfail(marked(made, pytest.mark.slow)) is made
    assert [m.name for m in made.pytestmark] == ["slow", "xfail"]  # type: ignore[attr-defined]


# ---- the examples, as their reader runs them


def test_the_examples(user: Any) -> None:
    shutil.copytree(EXAMPLES, user.path / "examples")
    result = user.run_apart("examples", "-k", "commutes", "-n", "2")
    outcomes = result.parseoutcomes()
    assert outcomes.get("passed", 0) >= 3
    assert set(outcomes) <= {"passed", "warnings"}


def test_the_examples_with_a_false_claim(user: Any) -> None:
    shutil.copytree(EXAMPLES, user.path / "examples")
    path = user.path / "examples" / "convolution_proofs.py"
    text = path.read_text(encoding="utf-8")
    assert "f(i - a) g(a)" in text
    path.write_text(text.replace("f(i - a) g(a)", "f(i + a) g(a)"), encoding="utf-8")
    result = user.run_apart("examples", "-k", "commutes", "-n", "2")
    assert result.parseoutcomes()["failed"] == 1
    assert "counterexample: f(" in result.stdout.str()
    assert result.ret == 1

"""This repository's own tests: pytester, the plugin of a checkout, no skips in CI, steady data."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import entry_points

import pytest
from hypothesis import settings

# the same examples on every run and machine; what is fresh each time says so by a seed of its own
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")

pytest_plugins = ["pytester"]
if "derive.pytest_plugin" not in {e.value for e in entry_points(group="pytest11")}:
    pytest_plugins.append("derive.pytest_plugin")  # run from a checkout that is not installed


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail when a test is skipped")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The score of the kernel's mutants, whose parts run in several processes."""
    score = Counter[str]()
    stats = terminalreporter.stats
    for report in (*stats.get("passed", ()), *stats.get("failed", ())):
        score.update({k: v for k, v in report.user_properties if k in ("mutants", "killed")})
    if score:
        terminalreporter.write_line(f"mutants killed: {score['killed']} of {score['mutants']}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if not session.config.getoption("--no-skips") or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if skipped:
        reporter.write_line("")
        reporter.write_line(f"ERROR: {len(skipped)} skipped, against --no-skips", red=True)
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

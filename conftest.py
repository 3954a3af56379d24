"""This repository's own tests: pytester, the plugin where it is not installed, no skips in CI."""

from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]
if "derive.pytest_plugin" not in {e.value for e in entry_points(group="pytest11")}:
    pytest_plugins.append("derive.pytest_plugin")  # run from a checkout that is not installed


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail when a test is skipped")


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

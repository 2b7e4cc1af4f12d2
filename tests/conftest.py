"""What all tests share: Hypothesis without deadlines, no network, and a loud word when the rendering tests cannot run."""

import os
import shutil
import socket

import pytest
from hypothesis import settings

settings.register_profile("workbench", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("workbench")

NO_OFFICE = "LibreOffice (soffice) is not installed: what the workbench writes was not opened and looked at"


def pytest_collection_modifyitems(items):
    if shutil.which("soffice") is None:
        for item in items:
            if item.get_closest_marker("rendering"):
                item.add_marker(pytest.mark.skip(reason=NO_OFFICE))


def pytest_terminal_summary(terminalreporter):
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_OFFICE in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"NOT RUN: {len(skipped)} rendering tests. {NO_OFFICE}.", red=True, bold=True)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """The workbench never speaks to anybody, so no test may."""

    def refuse(*_):
        raise AssertionError("the workbench opened a network connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    """What the developer's shell sets decides no test."""
    for name in ("SOURCE_DATE_EPOCH", "WORKBENCH_DEBUG", "WORKBENCH_HOME"):
        monkeypatch.delenv(name, raising=False)

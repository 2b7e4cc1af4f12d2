"""The rules: what can be wrong with a workbook, one function each. Pure."""

from __future__ import annotations

import datetime as dt

from workbench.interpretation import Project
from workbench.model import Finding
from workbench.settings import Settings


def check(project: Project, settings: Settings, as_of: dt.date) -> list[Finding]:
    """All findings, ordered by sheet (workbook order), row, column, rule. Severities as the settings say; "off" rules do not run."""
    raise NotImplementedError

"""The main job on one workbook: read, interpret, check, suggest, measure. Everything that a report needs, as one value."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.interpretation import Project
from workbench.model import Figure, Finding
from workbench.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """One workbook, worked through.

    suggestions: the open ones, best first per source. Columns source, source_title, target, target_framework, target_title, rank, score,
        confidence, band, reason, signals (dict name → contribution), decision (what a person already typed, else "").
    coverage: framework id → frame of ``coverage.coverage`` (soc2-2017 and iso27001-2022; clauses are in the latter).
    figures: the overlap table, headline first. gaps, soa: as ``workbench.coverage`` returns them.
    """

    project: Project
    settings: Settings
    as_of: dt.date
    findings: tuple[Finding, ...]
    suggestions: pd.DataFrame
    coverage: dict[str, pd.DataFrame]
    figures: tuple[Figure, ...]
    gaps: pd.DataFrame
    soa: pd.DataFrame


def analyse(path: Path, settings: Settings, as_of: dt.date) -> Analysis:
    """The main job on the workbook at ``path``.

    Raises:
        InputRefused: it cannot be read, or no sheet of it looks like controls, mappings or an assessment.
    """
    raise NotImplementedError

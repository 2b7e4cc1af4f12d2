"""The main job on one workbook: read, interpret, check, suggest, measure. Everything that a report needs, as one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from workbench.coverage import applicable, coverage, figures_of, gaps, overlap_flags, soa_entries, stated_categories
from workbench.frameworks import framework
from workbench.interpretation import Project, interpret
from workbench.matching import nearest_controls, suggest
from workbench.model import ISO2022, SOC2, Coverage, Figure, Finding, Framework
from workbench.reading import read_book, with_texts
from workbench.rules import check
from workbench.settings import Settings

OPEN = frozenset({str(Coverage.NONE), str(Coverage.PLANNED), str(Coverage.PARTIAL)})
"""Levels of coverage that make a gap."""


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """One workbook, worked through.

    suggestions: the open ones, best first per source. Columns source, source_title, target, target_framework, target_title, rank, score,
        confidence, band, reason, signals (dict name → contribution), decision (what a person already typed, else "").
    flags: ``coverage.overlap_flags``, which the figures are counted from.
    coverage: framework id → frame of ``coverage.coverage`` (soc2-2017 and iso27001-2022; clauses are in the latter).
    figures: the overlap table, headline first. gaps, soa: as ``workbench.coverage`` returns them.
    """

    project: Project
    settings: Settings
    as_of: dt.date
    findings: tuple[Finding, ...]
    suggestions: pd.DataFrame
    coverage: dict[str, pd.DataFrame]
    flags: pd.DataFrame
    figures: tuple[Figure, ...]
    gaps: pd.DataFrame
    soa: pd.DataFrame


def analyse(path: Path, settings: Settings, as_of: dt.date, *, only: tuple[str, ...] = ()) -> Analysis:
    """The main job on the workbook at ``path``; ``only`` names the sheets to read, () for all that can be.

    Raises:
        InputRefused: it cannot be read, or no sheet of it looks like controls, mappings or an assessment.
    """
    project = interpret(read_book(path, settings, only=only), settings)
    return analyse_project(project, settings, as_of, [with_texts(framework(name), settings) for name in (SOC2, ISO2022)])


def analyse_project(
    project: Project, settings: Settings, as_of: dt.date, catalogues: Sequence[Framework] | None = None
) -> Analysis:
    """The main job on a workbook that was read; ``catalogues`` are what suggestions are looked for in, None for the built-in ones. Pure."""
    suggestions = open_suggestions(project, settings, catalogues)
    views = {name: coverage(project, name, settings) for name in (SOC2, ISO2022)}
    uncovered = [name for view in views.values() for name, level in zip(view["id"], view["level"], strict=True) if level in OPEN]
    flags = overlap_flags(project, settings, suggestions)
    return Analysis(
        project=project,
        settings=settings,
        as_of=as_of,
        findings=tuple(check(project, settings, as_of)),
        suggestions=suggestions,
        coverage=views,
        flags=flags,
        figures=tuple(figures_of(flags)),
        gaps=gaps(views, nearest_controls(project, uncovered)),
        soa=soa_entries(project, views[ISO2022]),
    )


def open_suggestions(project: Project, settings: Settings, catalogues: Sequence[Framework] | None = None) -> pd.DataFrame:
    """What is suggested for a workbook (columns as ``Analysis.suggestions``): of a stated scope only what is in it."""
    stated = stated_categories(project, settings) is not None
    return suggest(project, settings, catalogues, among=applicable(project, settings) if stated else None)

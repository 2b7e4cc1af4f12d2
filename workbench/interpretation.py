"""What a workbook says, whichever layout it says it in: tables in, a ``Project`` out. Pure.

Every frame keeps the columns ``sheet`` and ``row`` (and ``cell`` where one cell says it), so that whatever is
computed from it can name its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.model import Book
from workbench.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Edition:
    """The framework decided for one requirement column, what its heading said, and why it was decided so."""

    framework: str
    said: str
    because: str


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """A workbook understood.

    citations: one row per requirement id written anywhere. Columns table (index into ``book.tables``), sheet, row,
        column (frame column name), cell, role (source, target, requirement, heading), text, id, framework, remark, title
        (beside the id in its cell, else in the title column of its row, else ""), candidates (tuple of ids).
    editions: (table index, frame column name) → Edition, for every requirement column.
    controls: one row per control row. Columns control (its id, or ``Sheet!row`` where it has none), id (as written, "" blank),
        name, description, owner, status (a ControlStatus value, or ""), status_written, policy, evidence, frequency,
        last_tested (date, other cell value or None), notes, table, sheet, row. Text columns are str, never None.
    mappings: one row per mapping stated. Columns source, source_framework ("" for a control), target, target_framework,
        relationship, relationship_written, strength (float or NaN), strength_written, rationale, status (MappingStatus), method,
        reviewer, date, via (cell, pair, grid, assessment), table, sheet, row, cell.
    applicability: one row per row of an assessment of Annex A controls. Columns id (canonical, "" unreadable), id_written,
        title, applicable (yes, no, open or "" unreadable), applicable_written, reasons (tuple of LR CO BR RRA or as written), inclusion,
        exclusion, status, status_written, how, controls, policy, evidence, risk, owner, review_date, table, sheet, row.
    assessments: one row per requirement of any framework that an assessment sheet judges. Columns id, framework, status,
        status_written, how, evidence, owner, table, sheet, row.
    evidence, policies, scope, requests, calendar, decisions: the register's declared fields as columns ("" or None when blank),
        and table, sheet, row.
    profile: setting (as in ``sheets.PROFILE_SETTINGS``) → (value, sheet, cell).
    words: (kind, as written, ours) for every word of the team's own that was translated.
    """

    book: Book
    citations: pd.DataFrame
    editions: Mapping[tuple[int, str], Edition]
    controls: pd.DataFrame
    mappings: pd.DataFrame
    applicability: pd.DataFrame
    assessments: pd.DataFrame
    evidence: pd.DataFrame
    policies: pd.DataFrame
    scope: pd.DataFrame
    requests: pd.DataFrame
    calendar: pd.DataFrame
    decisions: pd.DataFrame
    profile: Mapping[str, tuple[object, str, str]]
    words: tuple[tuple[str, str, str], ...] = ()


def interpret(book: Book, settings: Settings) -> Project:
    """The project that ``book`` describes. Never raises for what is in the cells."""
    raise NotImplementedError

"""The sheet Decision log in a user's own workbook: who decided what, when, and what was changed for it. Rows are added, never rewritten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from workbench.editing import Workbook
from workbench.editing.values import Value
from workbench.writing import Cell, Column, DataSheet, Look, render, sheet_name
from workbench.writing import Workbook as Declared

NAME, MARK = "Decision log", "_workbench.DecisionLog"


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision as it was folded in."""

    folded: dt.date
    decided: Cell
    reviewer: str
    control: str
    requirement: str
    decision: str
    relationship: str
    rationale: str
    notes: str
    done: str
    cell: str
    before: str
    after: str
    origin: str


_COLUMNS = (
    Column("Folded in", 12, Look.DATE, note="The day on which workbench accept wrote it into the workbook."),
    Column("Decided on", 12, Look.DATE),
    Column("Decided by", 18),
    Column("Control", 12, Look.ID),
    Column("Requirement", 13, Look.ID),
    Column("Decision", 11, Look.DECISION),
    Column("Relationship", 16),
    Column("Rationale", 40, Look.LONG),
    Column("Notes", 30, Look.LONG, note="What people wrote beside the suggestion, in columns and notes of their own."),
    Column("What was done", 44, Look.LONG),
    Column("Cell", 18, Look.ID),
    Column("Before", 24, Look.LONG),
    Column("After", 24, Look.LONG),
    Column("Decided in", 34, Look.LONG, note="The workbook, sheet and row in which the decision was typed."),
)
assert len(_COLUMNS) == len(fields(Entry))
_INTRO = (
    "One row is one decision about a suggestion that was folded into this workbook: who, when, why, and which cell was changed from what to what. "
    "Rows are only ever added."
)


def add(book: Workbook, entries: Sequence[Entry], as_of: dt.date) -> str:
    """Add the entries below those that are there, or on a new sheet; returns its tab.

    Raises:
        EditRefused: the sheet or the workbook's structure is protected.
    """
    sheet = book.marked(MARK)
    rows = [astuple(entry) for entry in entries]
    if sheet:
        book.append_rows(sheet, [[_held(value) for value in row] for row in rows])
        return sheet
    name = sheet_name(NAME, book.sheet_names)
    made = DataSheet(name, NAME, _INTRO, columns=_COLUMNS, rows=rows, table="tblDecisionLog", freeze=0)
    content, _ = render(Declared(name, "What was decided of suggestions", (made,), state=""), as_of=as_of)
    book.graft_sheet(content, name, mark=MARK, source=name)
    return name


def _held(value: Cell) -> Value:
    return value if isinstance(value, str | int | float | dt.date) and value != "" else None

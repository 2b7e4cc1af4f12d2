"""The sheet Findings in somebody's workbook: written from findings, and what people typed beside them read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.editing import Workbook, letters
from workbench.editing.sheets import tabs
from workbench.model import Finding
from workbench.reports.findings import WHOLE_WORKBOOK, in_order, place
from workbench.revising.cells import added_headings, filled
from workbench.sheets import fold_heading
from workbench.writing import Cell, Column, DataSheet, Link, Look, quoted, render
from workbench.writing import Workbook as Declared

NAME, MARK = "Findings", "_workbench.Findings"
_GONE = "no longer found"
_COLUMNS = (
    Column("Severity", 16, Look.SEVERITY),
    Column("Place", 20, Look.ID),
    Column("Rule", 10, Look.ID),
    Column("What is wrong", 60, Look.LONG),
    Column("What to do", 44, Look.LONG),
)
_OURS = tuple(column.heading for column in _COLUMNS)
_INTRO = (
    "One row is one finding, errors first; the place leads to the cell. Columns that you add on the right stay when the workbook is "
    "checked anew (workbench check --annotate); workbench check --clear takes the sheet and all colours and notes out again."
)
_FIRST_ROWS = 20

Key = tuple[str, str, str]
"""Rule, place, message: what a remark belongs to."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What people typed into the sheet: columns of theirs, by finding; ``loose`` are cells that belong to no finding. ``cells`` are all of them.

    ``lines`` are those of our own texts.
    """

    columns: tuple[str, ...] = ()
    rows: Mapping[Key, Mapping[str, Cell]] = field(default_factory=dict)
    loose: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    lines: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.cells)


# --- writing ---------------------------------------------------------------------------------------------------------


def content(findings: Sequence[Finding], remarks: Remarks, as_of: dt.date) -> bytes:
    """The sheet as the only one of a workbook; remarks stand beside their finding, and those whose finding is gone keep a row at the end."""
    found = in_order(findings)
    held = _assigned([_key(one) for one in found], remarks.rows)
    rows: list[tuple[Cell, ...]] = [
        (one.severity, _link(one), one.rule, one.message, one.fix, *_beside(remarks, held.get(number)))
        for number, one in enumerate(found)
    ]
    kept = set(held.values())
    for key, values in remarks.rows.items():
        if key not in kept:
            rule, where, message = key
            rows.append((_GONE, where, rule, message, None, *(values.get(heading) for heading in remarks.columns)))
    columns = (*_COLUMNS, *(Column(heading, 24) for heading in remarks.columns))
    sheet = DataSheet(NAME, NAME, _INTRO, columns=columns, rows=rows, table="tblFindings", freeze=2)
    return render(Declared(NAME, "What workbench check found", (sheet,), state=""), as_of=as_of)[0]


def _key(finding: Finding) -> Key:
    return finding.rule, _where(finding), finding.message


def _where(finding: Finding) -> str:
    return place(finding) if finding.sheet else WHOLE_WORKBOOK


def _link(finding: Finding) -> Cell:
    where = _where(finding)
    return Link(f"#{quoted(finding.sheet)}!{finding.cell}", where) if finding.sheet else where


def _beside(remarks: Remarks, key: Key | None) -> Iterator[Cell]:
    values = remarks.rows[key] if key else {}
    return (values.get(heading) for heading in remarks.columns)


def _assigned(found: Sequence[Key], typed: Iterable[Key]) -> dict[int, Key]:
    """Place of a finding → the key that its remark was typed under.

    That is the same rule, place and message; else, where there is only one such on either side, the same rule and place (the message counts something)
    or the same rule and message (the row was moved).
    """
    held: dict[int, Key] = {}
    left = dict.fromkeys(typed)
    for same in ((0, 1, 2), (0, 1), (0, 2)):
        by_part: dict[tuple[str, ...], list[Key]] = {}
        for key in left:
            by_part.setdefault(tuple(key[one] for one in same), []).append(key)
        open_places: dict[tuple[str, ...], list[int]] = {}
        for number, key in enumerate(found):
            if number not in held:
                open_places.setdefault(tuple(key[one] for one in same), []).append(number)
        for part, keys in by_part.items():
            places = open_places.get(part, [])
            if len(keys) == 1 and places and (len(places) == 1 or len(same) == 3):
                held[places[0]] = keys[0]
                del left[keys[0]]
    return held


# --- reading ---------------------------------------------------------------------------------------------------------


def stray(book: Workbook) -> str | None:
    """The sheet that says of itself that it is ours, where a program renamed it and left the mark behind."""
    for tab in tabs(book.package):
        if tab.kind == "worksheet":
            rows = dict(filled(book, tab.name))
            above = "".join(str(cell) for number, row in rows.items() if number <= _FIRST_ROWS for cell in row.values())
            if _headings(rows)[0] and _INTRO[:40] in above:
                return tab.name
    return None


def typed(book: Workbook, sheet: str) -> Remarks:
    """What people typed into the sheet."""
    rows = dict(filled(book, sheet))
    top, ours = _headings(rows)
    used = {column for number, row in rows.items() if number >= top for column in row}
    theirs = added_headings(rows.get(top, {}), used - set(ours.values()), map(fold_heading, _OURS), "Remark")
    found: dict[Key, dict[str, Cell]] = {}
    loose, cells = list[str](), list[str]()
    for number, row in rows.items():
        if number <= top:
            loose += [f"{letters(column)}{number}" for column in row if number < top and column > 1]
            continue
        rule, where, message = (row.get(ours.get(heading, 0)) for heading in ("Rule", "Place", "What is wrong"))
        beside = {theirs[column]: value for column, value in row.items() if column in theirs}
        written = [f"{letters(column)}{number}" for column in row if column in theirs]
        if rule and where:
            cells += written
            if beside:
                found.setdefault((str(rule), str(where), str(message or "")), {}).update(beside)
        else:
            loose += [f"{letters(column)}{number}" for column in row]
    lines = {line.strip() for row in rows.values() for column in ours.values() for line in str(row.get(column, "")).splitlines()}
    return Remarks(tuple(theirs.values()), found, tuple(loose), (*cells, *loose), frozenset(lines))


def _headings(rows: Mapping[int, Mapping[int, Cell]]) -> tuple[int, dict[str, int]]:
    """The row of the headings, and our columns in it, wherever people have moved them; row 0 where there is none."""
    for number, row in rows.items():
        ours = {str(text): column for column, text in row.items() if text in _OURS}
        if number <= _FIRST_ROWS and {"Place", "Rule"} <= ours.keys():
            return number, ours
    return 0, {}

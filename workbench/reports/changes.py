"""The workbook that says what changed from one version of a workbook to another: every cell, row, column and sheet, one a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from workbench.frameworks.ids import CellValue
from workbench.merging.changes import Change, ChangeKind, Changes
from workbench.merging.pages import shown
from workbench.writing import Chart, Column, DataSheet, Formula, Headline, Look, SummarySheet, Workbook

_LONGEST = 2_000
"""Characters of a cell that are shown; a row or column that came or went can be long."""
_COLUMNS = (
    Column("Sheet", 18),
    Column("Row", 22, Look.ID, note="The row's key, such as its Control ID. Rows are followed by it wherever they stand."),
    Column("Change", 16),
    Column("Column", 22),
    Column("Before", 44, Look.LONG),
    Column("Now", 44, Look.LONG),
    Column(
        "Ids added",
        18,
        Look.ID,
        note="Requirement ids that the cell gained. Their order and the way they are written do not count.",
    ),
    Column("Ids removed", 18, Look.ID),
    Column("Cell before", 11, Look.ID),
    Column("Cell now", 11, Look.ID),
    Column("Formula", 30, Look.LONG, note="How the formula changed with the value, where there is one."),
)
_COUNTED = (
    (ChangeKind.CELL, "Cells that say something else"),
    (ChangeKind.KEY, "Rows under another key, otherwise the same"),
    (ChangeKind.ROW_ADDED, "Rows that only the new version has"),
    (ChangeKind.ROW_DELETED, "Rows that only the old version has"),
)


def changes_workbook(changes: Changes) -> Workbook:
    """Summary, Changes, and where there are any: Written differently (what says the same in another way), Not certain (the findings)."""
    table = _table(
        "Changes", "What changed", changes.changes, f"One row is one change from {changes.old} to {changes.new}.", "tblChanges"
    )
    written = _table(
        "Written differently", "Written differently", changes.writing,
        "These cells say the same as before in another way: ids in another order or spelling, a number as text, a formula's new result.",
        "tblWriting",
    )  # fmt: skip
    doubts = _doubts(changes)
    return Workbook(
        title=f"Changes: {changes.new}",
        subject=f"What changed since {changes.old}",
        sheets=(
            _summary(changes, table, written, doubts),
            table,
            *((written,) if changes.writing else ()),
            *((doubts,) if changes.findings else ()),
        ),
    )


def _table(tab: str, title: str, changes: Sequence[Change], intro: str, table: str) -> DataSheet:
    wide = len(_COLUMNS) if any(change.formula for change in changes) else len(_COLUMNS) - 1
    rows = [_row(change)[:wide] for change in changes]
    return DataSheet(tab, title, intro, columns=_COLUMNS[:wide], rows=rows, table=table, freeze=3, protect=True)


def _row(change: Change) -> tuple[CellValue, ...]:
    return (
        change.sheet,
        change.key,
        str(change.kind),
        change.column,
        _said(change.old),
        _said(change.new),
        ", ".join(change.added),
        ", ".join(change.removed),
        change.old_cell,
        change.new_cell,
        change.formula,
    )


def _said(value: CellValue | Mapping[str, CellValue]) -> CellValue:
    if not isinstance(value, Mapping):
        return value
    text = "\n".join(f"{heading}: {shown(cell)}" for heading, cell in value.items())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _doubts(changes: Changes) -> DataSheet:
    return DataSheet(
        "Not certain",
        "What could not be matched for certain",
        "One row is one place where rows could not be told apart. Nothing was guessed: such rows stand among the changes as deleted and added.",
        columns=(Column("Where", 34, Look.ID), Column("What", 70, Look.LONG), Column("What to do", 60, Look.LONG)),
        rows=[(finding.place, finding.message, finding.fix) for finding in changes.findings],
        table="tblDoubts",
        protect=True,
    )


def _summary(changes: Changes, table: DataSheet, written: DataSheet, doubts: DataSheet) -> SummarySheet:
    links = [(table.link(), "Every change with its cell before and now")]
    links += [(written.link(), "What says the same in another way")] if changes.writing else []
    links += [(doubts.link(), "Rows that could not be told apart")] if changes.findings else []
    return SummarySheet(
        f"Changes: {changes.new}",
        f"What changed from {changes.old} to {changes.new}, cell by cell. For whoever has to review the new version: rows are followed by their "
        "key and columns by their heading, so that moving them is no change.",
        facts=(("Before", changes.old), ("Now", changes.new)),
        headlines=tuple(_headlines(changes, table)),
        charts=tuple(_charts(changes, table)),
        links=tuple(links),
    )


def _headlines(changes: Changes, table: DataSheet) -> Iterator[Headline]:
    counts = Counter(change.kind for change in changes.changes)
    kinds = table.range("Change")
    for kind, meaning in _COUNTED:
        what, happened = str(kind).split()
        yield Headline(f"{what.capitalize()}s {happened}", Formula(f'=COUNTIF({kinds},"{kind}")', counts[kind]), meaning=meaning)
    others = sum(counts.values()) - sum(counts[kind] for kind, _ in _COUNTED)
    if others:
        yield Headline("Columns and sheets", others, meaning="Added, removed or renamed")


def _charts(changes: Changes, table: DataSheet) -> Iterator[Chart]:
    """Changes by sheet, where more than one changed."""
    shown_kinds = [kind for kind, _ in _COUNTED]
    counts = Counter((change.sheet, change.kind) for change in changes.changes if change.kind in shown_kinds)
    sheets = list(dict.fromkeys(change.sheet for change in changes.changes if change.kind in shown_kinds))[:12]
    if len(sheets) < 2:
        return
    tabs, kinds = table.range("Sheet"), table.range("Change")
    rows = tuple(
        (
            sheet,
            tuple(Formula(f'=COUNTIFS({tabs},{{category}},{kinds},"{kind}")', counts[sheet, kind]) for kind in shown_kinds),
        )
        for sheet in sheets
    )
    said = "; ".join(f"{sheet}: {sum(counts[sheet, kind] for kind in shown_kinds)}" for sheet in sheets)
    yield Chart("Changes by sheet", "Sheet", tuple(str(kind) for kind in shown_kinds), rows, alt=f"Changes by sheet. {said}")

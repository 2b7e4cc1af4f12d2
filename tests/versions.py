"""Versions of a workbook out of literal tables, and what a merge makes of one: for tests of comparing and merging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.frameworks.ids import CellValue
from workbench.merging.merged import Merged
from workbench.merging.pages import Column, Page, Version, normal
from workbench.model import ISO2022, SOC2
from workbench.reading.facts import letter

FIELDS = {
    "Control ID": ("id", ""), "Owner": ("owner", ""), "Control owner": ("owner", ""), "Notes": ("notes", ""),
    "SOC 2 criteria": ("soc2", SOC2), "ISO 27001 controls": ("iso", ISO2022), "Source": ("source", SOC2), "Target": ("target", ISO2022),
}  # fmt: skip
"""Heading → the field and the framework that a reader would recognize."""
Rows = Sequence[Sequence[CellValue]]


def page(name: str, rows: Rows, *, known: bool = True, first: int = 1) -> Page:
    """A sheet whose first row are the headings and stands in row ``first``; ``known``: recognized, as reading would."""
    headings = [str(cell or "") for cell in rows[0]]
    columns = tuple(
        Column(letter(at), heading, *_recognized(heading, known=known), written=heading or None)
        for at, heading in enumerate(headings, 1)
    )
    keys = tuple(at for at, heading in enumerate(headings) if known and heading in {"Control ID", "Source", "Target"})
    cells = {first + at: tuple(row) for at, row in enumerate(rows[1:], 1) if any(cell is not None for cell in row)}
    return Page(name, columns, cells, first, "Controls" if known else "", keys)


def _recognized(heading: str, *, known: bool) -> tuple[str, bool, str]:
    field, framework = FIELDS.get(heading, ("", "")) if known else ("", "")
    return field, bool(framework), framework


def version(name: str, *rows: Sequence[CellValue], **sheets: Rows) -> Version:
    """A workbook with one sheet Controls, or with the sheets named."""
    tables = {"Controls": rows} if rows else sheets
    return Version(name, tuple(page(sheet, table) for sheet, table in tables.items()))


def applied(merged: Merged, ours: Version) -> Version:
    """Ours after the merge."""
    return Version(ours.name, tuple(_applied(merged, one) for one in ours.pages))


def _applied(merged: Merged, before: Page) -> Page:
    added = [one for one in merged.columns if one.sheet == before.name]
    columns = [*before.columns, *(Column(one.letter, one.heading, written=one.heading) for one in added)]
    at = {column.letter: place for place, column in enumerate(columns)}
    rows = {row: [*cells, *(one.cells.get(row) for one in added)] for row, cells in before.rows.items()}
    for edit in merged.edits:
        if edit.sheet == before.name and edit.row != before.head:
            rows[edit.row][at[edit.letter]] = edit.new
    for gone in merged.gone:
        if gone.sheet == before.name:
            del rows[gone.row]
    last = max([before.head, *before.rows])
    for new in merged.rows:
        if new.sheet == before.name:
            last += 1
            given = {cell.letter: cell.value for cell in new.cells}
            rows[last] = [given.get(column.letter) for column in columns]
    return Page(
        before.name,
        tuple(columns),
        {row: tuple(cells) for row, cells in rows.items()},
        before.head,
        before.declaration,
        before.keys,
        before.above,
    )


def content(one: Page) -> list[dict[str, object]]:
    """What a sheet says, without order and ways of writing: each row as {heading: what is compared}."""
    said = [
        {column.token: normal(value, column) for column, value in zip(one.columns, cells, strict=True) if value is not None}
        for cells in one.rows.values()
    ]
    return sorted(said, key=lambda row: sorted(map(str, row.items())))


def grid(one: Page) -> list[list[CellValue]]:
    """The headings and rows as they stand."""
    return [[column.heading for column in one.columns], *(list(cells) for _, cells in sorted(one.rows.items()))]


def cells(row: Mapping[str, CellValue]) -> list[CellValue]:
    """The values of a row."""
    return list(row.values())

"""A merge going into a workbook: cells, emptied rows, columns, rows, sheets; what the file does not take becomes a conflict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from workbench.editing import EditRefused, Workbook, column_number
from workbench.editing.values import Value
from workbench.frameworks.ids import CellValue
from workbench.merging.keys import choose_keys, label, row_keys
from workbench.merging.merged import Conflict, ConflictKind, Edit, Given, GoneRow, Merged, NewColumn, NewRow, Side
from workbench.merging.pages import Page, Version, value_of
from workbench.model import Finding, Severity
from workbench.revising import decision_log
from workbench.writing import sheet_name


def keys_of(page: Page) -> tuple[int, ...]:
    """The columns that identify a row of the sheet by itself."""
    return choose_keys(page, [])


def bottom_of(page: Page) -> int | None:
    """The last row with a key, below which new ones belong; None where no column identifies the rows."""
    itself = {at: at for at in range(len(page.columns))}
    return max(row_keys(page, page, itself, keys_of(page)), default=page.head or None)


def empty_row(book: Workbook, sheet: str, refs: Sequence[str]) -> None:
    """The cells hold nothing any more, all of them or none.

    Raises:
        EditRefused: one of them cannot be emptied.
    """
    before: dict[str, Value] = {}
    try:
        for ref in refs:
            held = book.value(sheet, ref)
            book.set_cell(sheet, ref, None)
            before[ref] = held
    except EditRefused:
        for ref, held in before.items():
            book.set_cell(sheet, ref, held)
        raise


def add_rows(book: Workbook, sheet: str, rows: Sequence[Mapping[str, CellValue]], bottom: int | None) -> range:
    """Rows below row ``bottom``, else, where something stands there, below the last row of the sheet; their numbers.

    Raises:
        EditRefused: they can be added in neither place.
    """
    try:
        return book.append_rows(sheet, rows, below=bottom)
    except EditRefused:
        return book.append_rows(sheet, rows)


@dataclass(slots=True)
class Splicing:
    """``versions`` are ours, then the copies. ``rows`` are the rows of ours that the merge's new rows became, 0 where one was refused."""

    book: Workbook
    versions: Sequence[Version]
    refused: list[Conflict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    letters: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: tuple[int, ...] = ()

    def splice(self, merged: Merged) -> Merged:
        """The merge as the file took it: what was refused is among its conflicts, and conflicts in added rows and columns know their place."""
        edits = tuple(filter(self._edit, merged.edits))
        gone = tuple(filter(self._empty, merged.gone))
        columns = tuple(filter(self._column, merged.columns))
        self.rows = self._rows(merged.rows)
        for sheet in merged.sheets:
            self._sheet(sheet.name, sheet.by)
        return replace(
            merged,
            edits=edits,
            gone=gone,
            columns=columns,
            conflicts=(*map(self._placed, merged.conflicts), *self.refused),
            findings=(*merged.findings, *self.findings),
        )

    def _placed(self, one: Conflict) -> Conflict:
        row = self.rows[one.new_row] if one.new_row >= 0 else one.row
        givens = (one.identity, *(side.cells for side in (one.base, one.ours, *one.theirs)))
        identity, base, ours, *theirs = (
            tuple(replace(given, letter=self._letter(one.sheet, given.letter)) for given in cells) for cells in givens
        )
        return replace(
            one,
            row=row,
            letter=self._letter(one.sheet, one.letter),
            identity=identity,
            base=replace(one.base, cells=base),
            ours=replace(one.ours, cells=ours),
            theirs=tuple(replace(side, cells=cells) for side, cells in zip(one.theirs, theirs, strict=True)),
        )

    def _letter(self, sheet: str, letter: str) -> str:
        """The letter of a column of ours, of those that were added too; "" where one was refused."""
        return self.letters.get((sheet, letter), "") if letter.startswith("+") else letter

    def _page(self, sheet: str) -> Page:
        return next(page for page in self.versions[0].pages if page.name == sheet)

    # --- what stands -----------------------------------------------------------------------------------------------------------------

    def _edit(self, edit: Edit) -> bool:
        try:
            self.book.set_cell(edit.sheet, edit.cell, edit.new)
        except EditRefused as refusal:
            where = f"{edit.sheet}!{edit.cell}"
            ours = Side(self.versions[0].name, where, edit.old)
            self._refuse(edit, edit.heading, edit.row, edit.letter, ours, [Side(name, "", edit.new) for name in edit.by], refusal)
            return False
        return True

    def _empty(self, gone: GoneRow) -> bool:
        try:
            empty_row(self.book, gone.sheet, [f"{given.letter}{gone.row}" for given in gone.cells])
        except EditRefused as refusal:
            ours = Side(self.versions[0].name, f"{gone.sheet}!A{gone.row}", cells=gone.cells)
            theirs = [Side(name, present=False) for name in gone.by]
            self._refuse(gone, "", gone.row, "", ours, theirs, refusal, ConflictKind.DELETED)
            return False
        return True

    # --- what is new -----------------------------------------------------------------------------------------------------------------

    def _column(self, column: NewColumn) -> bool:
        page = self._page(column.sheet)
        head = column.head or 1
        values = {row - head: value for row, value in column.cells.items() if row > head}
        try:
            cell = self.book.append_column(column.sheet, column.heading, values, row=head)
        except EditRefused as refusal:
            for row, value in column.cells.items():
                self._refuse_cell(column.sheet, label(page, row, keys_of(page)), column.heading, row, value, column.by, refusal)
            return False
        self.letters[column.sheet, column.letter] = cell.rstrip("0123456789")
        return True

    def _rows(self, rows: Sequence[NewRow]) -> tuple[int, ...]:
        found: list[int] = []
        for sheet, group in groupby(rows, key=lambda row: row.sheet):
            found += self._rows_of(sheet, list(group))
        return tuple(found)

    def _rows_of(self, sheet: str, rows: Sequence[NewRow]) -> list[int]:
        """All at once; where the sheet does not take them, one by one, so that a single one holds up no other."""
        bottom = bottom_of(self._page(sheet))
        try:
            numbers = self._add_rows(sheet, rows, bottom)
        except EditRefused as refusal:
            if len(rows) > 1:
                return [number for row in rows for number in self._rows_of(sheet, [row])]
            ours = Side(self.versions[0].name, present=False)
            theirs = [Side(name, cells=self._given(rows[0])) for name in rows[0].by]
            self._refuse(rows[0], "", 0, "", ours, theirs, refusal, ConflictKind.ROW)
            return [0]
        for row, number in zip(rows, numbers, strict=True):
            for given in self._given(row):
                if not given.letter:
                    self._refuse_cell(
                        sheet, row.key, given.heading, number, given.value, row.by, EditRefused("the column could not be added")
                    )
        return numbers

    def _add_rows(self, sheet: str, rows: Sequence[NewRow], bottom: int | None) -> list[int]:
        cells = [self._cells(row) for row in rows]
        if not any(cells):
            raise EditRefused("all that the row holds is in columns that could not be added")
        return list(add_rows(self.book, sheet, cells, bottom))

    def _given(self, row: NewRow) -> tuple[Given, ...]:
        return tuple(replace(given, letter=self._letter(row.sheet, given.letter)) for given in row.cells)

    def _cells(self, row: NewRow) -> dict[str, CellValue]:
        return {given.letter: given.value for given in self._given(row) if given.letter}

    def _sheet(self, name: str, by: str) -> None:
        """A sheet that only a copy has: its values."""
        version = next(one for one in self.versions if one.name == by)
        page = next(one for one in version.pages if one.name == name)
        taken = sheet_name(name, self.book.sheet_names)
        try:
            mark = decision_log.MARK if page.log and not self.book.marked(decision_log.MARK) else ""
            self.book.add_sheet(taken, _matrix(page), mark=mark)
            said, fix = (
                f"the sheet {name} of {by} was added as {taken}: its values, not its look",
                "Copy it over in Excel if the look matters.",
            )
        except EditRefused as refusal:
            said, fix = f"the sheet {name} of {by} could not be added: {refusal.reason}", "Copy it over in Excel."
        self.findings.append(Finding("", Severity.NOTE, said, fix, by, name, "A1"))

    # --- what is refused -------------------------------------------------------------------------------------------------------------

    def _refuse_cell(
        self, sheet: str, key: str, heading: str, row: int, value: CellValue, by: Sequence[str], refusal: EditRefused
    ) -> None:
        ours = Side(self.versions[0].name)
        part = NewRow(sheet, key, (), tuple(by), ())
        self._refuse(part, heading, row, "", ours, [Side(name, "", value) for name in by], refusal)

    def _refuse(
        self,
        part: Edit | GoneRow | NewRow,
        heading: str,
        row: int,
        letter: str,
        ours: Side,
        theirs: Sequence[Side],
        refusal: EditRefused,
        kind: ConflictKind = ConflictKind.REFUSED,
    ) -> None:
        page = self._page(part.sheet)
        identity = tuple(
            Given(page.columns[at].letter, page.columns[at].heading, value_of(page.content(row, at)))
            for at in (keys_of(page) if row in page.rows else ())
        )
        base = replace(ours, version="")
        self.refused.append(
            Conflict(kind, part.sheet, part.key, heading, row, letter, base, ours, tuple(theirs), identity, reason=refusal.reason)
        )


def _matrix(page: Page) -> list[list[Value]]:
    """The values of a sheet in their places."""
    places = [column_number(column.letter) for column in page.columns]
    head = {page.head: tuple(column.written for column in page.columns)} if page.head else {}
    rows = {**page.rows, **head}
    table: list[list[Value]] = [[None] * max(places, default=0) for _ in range(max(rows, default=0))]
    for number, cells in rows.items():
        for at, value in zip(places, cells, strict=True):
            table[number - 1][at - 1] = value
    return table

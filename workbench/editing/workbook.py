"""A workbook open for editing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workbench.editing import book, dependents, disk, grafting, properties, saving, sheets, tables
from workbench.editing.checking import check_package
from workbench.editing.growth import Growth, grow
from workbench.editing.notes import Notes
from workbench.editing.package import Package, PartChange
from workbench.editing.places import LAST_COLUMN, LAST_ROW, Area, area, letters, name, place
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import first, main_part
from workbench.editing.sheet import KEEP, CellEdit, Sheet
from workbench.editing.styles import Styles
from workbench.editing.totals import move_totals
from workbench.editing.values import Value, refuse_values, string_of_xml
from workbench.editing.xml import parse, strings

AUTHOR = "Workbook editor"
_HEADING_ROWS = 30


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edit does to the file: the parts that differ, with the splices of each, and where the file that it replaced is kept."""

    parts: tuple[PartChange, ...]
    backup: Path | None = None

    def __bool__(self) -> bool:
        return bool(self.parts)

    def lines(self) -> Iterator[str]:
        """For people: a line for each part, with the ranges of bytes that are replaced."""
        for part in self.parts:
            ranges = [f"{splice.start}+{len(splice.old)}→{len(splice.new)}" for step in part.steps for splice in step]
            shown = ", ".join(ranges[:6]) + (f" and {len(ranges) - 6} more" if len(ranges) > 6 else "")
            yield f"{part.part}: {part.kind}" + (f", bytes {shown}" if ranges else "")


class Workbook:
    """The sheets of one file. Nothing is written before ``save``, and then only what was edited differs from the source."""

    def __init__(self, raw: bytes, path: Path | None = None) -> None:
        """``raw`` is the file.

        Raises:
            WorkbookRefused: the file cannot be edited safely.
        """
        self.path = path
        self.package = Package(raw)
        check_package(self.package)
        self._main = main_part(self.package)
        self._sheets: dict[str, Sheet] = {}
        self._notes: dict[str, Notes] = {}

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The tabs, left to right, also those that are hidden or hold no cells."""
        return tuple(tab.name for tab in sheets.tabs(self.package))

    @cached_property
    def styles(self) -> Styles:
        """The looks of the workbook."""
        return Styles(self.package)

    @cached_property
    def date1904(self) -> bool:
        """Whether days are counted from 1904."""
        said = parse(self.package.read(self._main), self._main).child("workbookPr")
        return said is not None and said.attributes.get("date1904", "0") in {"1", "true"}

    def sheet(self, sheet: str) -> Sheet:
        """The worksheet of that name, as its cells.

        Raises:
            EditRefused: there is none, or it is a chart sheet.
        """
        if sheet not in self._sheets:
            tab = self._tab(sheet)
            self._sheets[sheet] = Sheet(self.package, tab.part, tab.name)
        return self._sheets[sheet]

    def _tab(self, sheet: str) -> sheets.Tab:
        tabs = sheets.tabs(self.package)
        found = next((tab for tab in tabs if tab.name == sheet), None)
        found = found or next((tab for tab in tabs if tab.name.casefold() == sheet.casefold()), None)
        if found is None:
            raise EditRefused(f"there is no sheet called {sheet}; there are {', '.join(tab.name for tab in tabs)}")
        if found.kind != "worksheet":
            raise EditRefused(f"{sheet} is a {found.kind}, which has no cells")
        return found

    def value(self, sheet: str, ref: str) -> Value:
        """What the cell holds, edits included: text, number, truth value, ``Formula`` or None. A date is the number that Excel has for it."""
        return self.sheet(sheet).value(ref, self._shared)

    def _shared(self, index: int) -> str:
        spans = self._shared_spans
        return string_of_xml(spans[index]) if index < len(spans) else ""

    @cached_property
    def _shared_spans(self) -> list[bytes]:
        found = first(self.package, self._main, "sharedStrings")
        return strings(self.package.read(found.target)) if found and self.package.find(found.target) else []

    def set_cell(self, sheet: str, ref: str, value: Value, *, style: int | None = None) -> None:
        """The cell holds ``value`` and looks as before, unless ``style`` (an index into the workbook's cell formats) says otherwise.

        A date gets a date format where the cell has none. Text is text, whatever it begins with; only ``Formula`` makes a formula.

        Raises:
            EditRefused: no such cell or sheet, a protected cell, one inside a merge or a formula over several cells, a value that Excel cannot hold.
        """
        cells = self.sheet(sheet)
        own = cells.style(ref)
        self._refuse_locked(cells, ref, own)
        cells.set(ref, CellEdit(value))
        look = style if style is not None else self._dated(value, own)
        if look != own:
            cells.set(ref, CellEdit(style=look))

    def _dated(self, value: Value, own: int | None) -> int | None:
        if isinstance(value, dt.datetime):
            return self.styles.moment(own or 0)
        return self.styles.date(own or 0) if isinstance(value, dt.date) else own

    def _refuse_locked(self, cells: Sheet, ref: str, style: int | None) -> None:
        if cells.protection and self.styles.locked(style or 0):
            raise EditRefused(
                f"{cells.title}!{ref} is locked, and the sheet is protected; unprotect it in Excel (Review, Unprotect Sheet)"
            )

    def highlight(self, sheet: str, ref: str, fill: str) -> None:
        """The cell gets a fill (``F6CFC0``); everything else of its look stays.

        Raises:
            EditRefused: no such cell or sheet, or a sheet whose protection keeps formats as they are.
        """
        cells = self.sheet(sheet)
        if cells.protection and cells.protection.get("formatCells", "1") not in {"0", "false"}:
            raise EditRefused(f"{cells.title} is protected, formats included; unprotect it in Excel (Review, Unprotect Sheet)")
        cells.refuse_covered(ref)
        cells.set(ref, CellEdit(style=self.styles.clone(cells.style(ref) or 0, fill=fill)))

    def set_style(self, sheet: str, ref: str, style: int | None) -> None:
        """The cell gets a look by its index into the workbook's cell formats."""
        self.sheet(sheet).set(ref, CellEdit(style=style))

    def notes(self, sheet: str) -> Notes:
        """The notes of the sheet."""
        tab = self._tab(sheet)
        if tab.part not in self._notes:
            self._notes[tab.part] = Notes(self.package, tab.part)
        return self._notes[tab.part]

    def note(self, sheet: str, ref: str, text: str, *, author: str = AUTHOR) -> None:
        """The cell gets a note.

        Raises:
            EditRefused: it has a note or a thread already, or the sheet's protection keeps notes as they are.
        """
        cells = self.sheet(sheet)
        if cells.protection.get("objects", "0") in {"1", "true"}:
            raise EditRefused(f"{cells.title} is protected, notes included; unprotect it in Excel (Review, Unprotect Sheet)")
        cells.refuse_covered(ref)
        self.notes(sheet).add(name(*place(ref)), text, author)

    def append_rows(
        self, sheet: str, rows: Sequence[Sequence[Value] | Mapping[str, Value]], *, below: int | None = None
    ) -> range:
        """Rows below the last that holds anything (or below row ``below``); they look like the row above them. Returns their numbers.

        A row is its values from column A on, or values by column letter. Tables, filters, validations, formats (their x14 copies too), print areas and
        the sources of pivot tables that ended there reach the new last row.

        Raises:
            EditRefused: the sheet is protected or full, a table below which nothing can be added, or something stands there already.
        """
        cells = self.sheet(sheet)
        self._flush_cells()
        placed = [{place(f"{letter}1")[1]: value for letter, value in _by_letter(row).items()} for row in rows]
        columns = {column for row in placed for column, value in row.items() if value is not None}
        last = cells.rows.last_filled if below is None else below
        if not columns:
            return range(last + 1, last + 1)
        totals = next(
            (table for table in self._tables_at(cells, columns) if table.has_totals and table.area.bottom == last), None
        )
        last -= totals is not None
        new = range(last + 1, last + 1 + len(rows))
        refuse_values(value for row in placed for value in row.values())
        self._refuse_rows(cells, new, columns, totals)
        formulas = {
            column: text for table in self._tables_at(cells, columns) for column, text in tables.calculated(table).items()
        }
        self._grow_down(cells, last, new[-1], columns)
        looks = self._looks(cells, last)
        for number, row in zip(new, placed, strict=True):
            self._fill_row(cells, looks, number, {**formulas, **row})
        return new

    def _refuse_rows(self, cells: Sheet, new: range, columns: set[int], totals: tables.SheetTable | None) -> None:
        if cells.protection:
            raise EditRefused(f"{cells.title} is protected; to add rows, unprotect it in Excel (Review, Unprotect Sheet)")
        if new[-1] > LAST_ROW or max(columns) > LAST_COLUMN:
            raise EditRefused(f"{cells.title} has no room for {len(new):,} more rows")
        if any(merge.top <= new[-1] and merge.bottom >= new[0] for merge in cells.merges):
            raise EditRefused(f"{cells.title} has merged cells below its last row; rows cannot be added there")
        for table in self._tables_at(cells, columns):
            if table.has_totals and table.area.bottom in new and (totals is None or table.part != totals.part):
                raise EditRefused(f"the rows would run into the totals row of table {table.name}; add them in Excel")
            if table.area.top <= new[0] - 1 <= table.area.bottom:
                tables.refuse_growth(table)
        if totals:
            move_totals(self.package, cells, totals, len(new))
        for number in new:
            row = cells.rows.get(number)
            if row and cells.rows.last_column(row, filled=True):
                raise EditRefused(f"row {number} of {cells.title} is not empty; rows cannot be added there")

    def _grow_down(self, cells: Sheet, last: int, bottom: int, columns: set[int]) -> None:
        top = self._heading_row(cells)
        for table in self._tables_at(cells, columns):
            if table.area.top <= last <= table.area.bottom - table.has_totals < bottom:
                tables.grow_down(self.package, table, bottom + table.has_totals)
        index = [tab.part for tab in sheets.tabs(self.package)].index(cells.part)
        grow(self.package, self._tab(cells.title), index, Growth(top, last, 0, bottom, 0))
        cells.refresh()

    def _tables_at(self, cells: Sheet, columns: set[int]) -> list[tables.SheetTable]:
        found = tables.tables(self.package, cells.part)
        return [table for table in found if table.area.left <= max(columns) and min(columns) <= table.area.right]

    def _looks(self, cells: Sheet, like: int) -> dict[int, int]:
        """The styles of a row's cells by their columns."""
        row = cells.rows.get(like)
        found = {cell.column: cells.style(name(like, cell.column)) for cell in cells.rows.cells(row)} if row else {}
        return {column: style for column, style in found.items() if style}

    def _fill_row(self, cells: Sheet, looks: Mapping[int, int], number: int, values: Mapping[int, Value]) -> None:
        """The values, and the looks of the row that was the last; cells that are there keep their own."""
        own = cells.rows.get(number)
        there = {cell.column for cell in cells.rows.cells(own)} if own else set()
        for column in sorted({*looks, *values}):
            value, look = values.get(column), looks.get(column)
            if column in there and value is not None:
                self.set_cell(cells.title, name(number, column), value)
            elif column not in there:
                cells.place_new(number, column, self._new(value, look))

    def _new(self, value: Value, look: int | None) -> CellEdit:
        """A new cell that looks so, and as a date where it is one."""
        dated = self._dated(value, look)
        return CellEdit(KEEP if value is None else value, KEEP if dated is None else dated)

    def append_column(self, sheet: str, heading: str, values: Mapping[int, Value], *, row: int | None = None) -> str:
        """A column at the right edge: ``heading`` in the heading row (found, or ``row``), and values by their distance below it. Returns the heading's cell.

        A table, filter, print area and formats that reached the edge take the column in.

        Raises:
            EditRefused: the sheet is protected or full, or its table cannot take the column.
        """
        cells = self.sheet(sheet)
        self._flush_cells()
        found = tables.tables(self.package, cells.part)
        right = max([cells.rows.rightmost, *(table.area.right for table in found), *(merge.right for merge in cells.merges)])
        top = row or self._heading_row(cells)
        if cells.protection or right >= LAST_COLUMN:
            raise EditRefused(f"{cells.title} is protected or full to its last column; no column can be added")
        bottom = max([top, cells.rows.last_filled])
        refuse_values((heading, *values.values()))
        wrong = [offset for offset in values if not 1 <= offset <= LAST_ROW - top]
        if wrong:
            raise EditRefused(f"{wrong[0]} is no distance below the heading in row {top}")
        self._grow_right(cells, found, heading, Growth(top, bottom, right, bottom, right + 1))
        self._fill_column(cells, top, right + 1, heading, values)
        return name(top, right + 1)

    def _grow_right(self, cells: Sheet, found: list[tables.SheetTable], heading: str, growth: Growth) -> None:
        for table in found:
            if table.area.right == growth.right and table.area.top == growth.top:
                tables.grow_right(self.package, table, heading)
        index = [tab.part for tab in sheets.tabs(self.package)].index(cells.part)
        grow(self.package, self._tab(cells.title), index, growth)
        cells.refresh()

    def _fill_column(self, cells: Sheet, top: int, column: int, heading: str, values: Mapping[int, Value]) -> None:
        head = name(top, column)
        cells.set(head, CellEdit(heading, cells.style(name(top, column - 1)) if column > 1 else None))
        for offset, value in values.items():
            cells.place_new(top + offset, column, self._new(value, None))

    def _heading_row(self, cells: Sheet) -> int:
        """The row of the headings: of the only table, of the filter, else the first that is at least half as full as the fullest of the first rows."""
        found = tables.tables(self.package, cells.part)
        if len(found) == 1 and found[0].has_heading:
            return found[0].area.top
        filtered = cells.outline.root.child("autoFilter")
        where = area(filtered.attributes.get("ref", "")) if filtered else None
        if where:
            return where.top
        counted: list[tuple[int, int]] = []
        for row in cells.rows:
            if len(counted) == _HEADING_ROWS:
                break
            counted.append((row.number, sum(not cell.is_empty for cell in cells.rows.cells(row))))
        fullest = max((count for _, count in counted), default=0)
        return next((number for number, count in counted if count and count * 2 >= fullest), 1)

    def add_sheet(self, sheet: str, rows: Sequence[Sequence[Value]], *, mark: str = "") -> None:
        """A plain sheet after all others. By ``mark``, such as ``_program.Findings``, it is found again whatever people call it.

        Raises:
            EditRefused: the name is taken or none that Excel accepts, or the workbook's structure is protected.
        """
        self._flush()
        content = sheets.plain_sheet(rows, look=lambda day: self._dated(day, None), date1904=self.date1904)
        sheets.add_tab(self.package, sheet, content)
        if mark:
            book.mark(self.package, sheet, mark)

    def graft_sheet(self, content: bytes, sheet: str, *, mark: str = "", source: str | None = None) -> None:
        """A sheet of another workbook that XlsxWriter wrote, with its whole look, as ``sheet``.

        Where a sheet has the same mark already, it takes the place of that one, and the name that people gave it.

        Raises:
            EditRefused: see ``workbench.editing.grafting``.
        """
        self._flush()
        old = self.marked(mark) if mark else None
        grafting.graft(self.package, content, sheet, source=source, replaces=old)
        self._forget()
        if mark and old is None:
            book.mark(self.package, sheet, mark)

    def remove_sheet(self, sheet: str) -> None:
        """The sheet and whatever only it uses are taken out.

        Raises:
            EditRefused: it is the last visible one, something else refers to it, or the workbook's structure is protected.
        """
        self._flush()
        sheets.remove_tab(self.package, sheet)
        self._forget()

    def mark(self, sheet: str, mark: str) -> None:
        """The sheet, and no other, carries the mark from now on.

        Raises:
            EditRefused: there is no such sheet.
        """
        self._flush()
        book.mark(self.package, self._tab(sheet).name, mark)

    def marked(self, mark: str) -> str | None:
        """The sheet with that mark."""
        return book.marked(self.package, mark)

    @property
    def properties(self) -> Mapping[str, str]:
        """The custom document properties."""
        return properties.properties(self.package)

    def set_property(self, key: str, text: str | None) -> None:
        """A custom document property; None takes it away."""
        properties.set_property(self.package, key, text)

    def _forget(self) -> None:
        self._sheets.clear()
        self._notes.clear()
        self.__dict__.pop("styles", None)

    def _flush_cells(self) -> None:
        """Put the edits of cells into the package; formulas that look at them are calculated anew when the workbook is opened."""
        edited: dict[str, list[Area]] = {}
        calculate = False
        for cells in self._sheets.values():
            if cells.edits:
                edited[cells.title] = list(cells.edited_areas())
                calculate |= cells.has_new_formula
            cells.flush(date1904=self.date1904)
            if cells.overwrote_formula:
                book.drop_calc_chain(self.package)
                cells.overwrote_formula = False
        if calculate or (edited and dependents.refer(self.package, edited)):
            book.recalculate(self.package)

    def _flush(self) -> None:
        self._flush_cells()
        self.__dict__.get("styles", _Nothing()).flush()
        for notes in self._notes.values():
            notes.flush()
        for cells in self._sheets.values():
            cells.refresh()

    def changes(self) -> Changes:
        """What a save would change."""
        self._flush()
        return Changes(self.package.changes())

    def content(self) -> bytes:
        """The file as a save would write it."""
        self._flush()
        return self.package.pack()

    def save(self, path: Path | str | None = None, *, backup: bool = True, force: bool = False) -> Changes:
        """Write the workbook to ``path``, or over the file that was opened, whole or not at all; nothing where nothing was edited.

        Raises:
            SaveFailed: see ``workbench.editing.saving``.
        """
        target = Path(path) if path is not None else self.path
        if target is None:
            raise ValueError("a workbook that was opened from bytes needs a path")
        changes = self.changes()
        kept = saving.save(self.package, target, source=self.path, backup=backup, force=force)
        return Changes(changes.parts, kept)


class _Nothing:
    def flush(self) -> None:
        """There is nothing to put anywhere."""


def _by_letter(row: Sequence[Value] | Mapping[str, Value]) -> Mapping[str, Value]:
    if isinstance(row, Mapping):
        return row
    return {letters(column): value for column, value in enumerate(row, start=1)}


def open_workbook(path: Path | str | bytes) -> Workbook:
    """The workbook at ``path`` (xlsx, xlsm, xltx, xltm), or of these bytes, open for editing.

    Raises:
        WorkbookRefused: it cannot be read, or not be edited without a risk of losing something; the reason is one line.
    """
    if isinstance(path, bytes):
        return Workbook(path)
    where = Path(path)
    return Workbook(disk.read_file(where), where)

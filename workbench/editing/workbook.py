"""A workbook open for editing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workbench.editing import book, dependents, disk, grafting, properties, saving, sheets, tables
from workbench.editing.appending import Appending
from workbench.editing.checking import check_package
from workbench.editing.notes import Notes
from workbench.editing.package import Package, PartChange
from workbench.editing.places import Area, letters, name, place
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import first, main_part
from workbench.editing.sheet import CellEdit, Sheet
from workbench.editing.styles import Styles
from workbench.editing.values import Value, string_of_xml
from workbench.editing.xml import Splice, parse, strings

AUTHOR = "Workbook editor"
_COLOUR = re.compile(r"#?(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


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
        self._headings: dict[str, dict[tuple[int, int], tuple[str, str]]] = {}
        """By sheet part, the headings of its tables, until something is appended."""

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
            found = next((one for one in self._sheets.values() if one.part == tab.part), None)
            self._sheets[sheet] = found or Sheet(self.package, tab.part, tab.name)
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
            EditRefused: no such cell or sheet, a protected cell, one inside a merge or a formula over several cells, a value that Excel cannot hold,
                a heading of a table that is no text, not its own, or named in a formula.
        """
        cells = self.sheet(sheet)
        own = cells.style(ref)
        self._refuse_locked(cells, ref, own)
        part, renaming = self._renaming(cells, ref, value)
        cells.set(ref, CellEdit(value))
        if renaming:
            self.package.splice(part, renaming)
            self._headings.clear()
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

    def _renaming(self, cells: Sheet, ref: str, value: Value) -> tuple[str, list[Splice]]:
        """What has to change in a table where its heading does: its part, and the splices."""
        if cells.part not in self._headings:
            self._headings[cells.part] = tables.headings(self.package, cells.part)
        part, column = self._headings[cells.part].get(place(ref), ("", ""))
        changes = part and not (isinstance(value, str) and tables.named(value) == column)
        return part, tables.renamed(self.package, part, column, value) if changes else []

    def highlight(self, sheet: str, ref: str, fill: str) -> None:
        """The cell gets a fill (``F6CFC0``, also with ``#`` or an alpha in front); everything else of its look stays.

        Raises:
            EditRefused: no such cell, sheet or colour, or a sheet whose protection keeps formats as they are.
        """
        cells = self.sheet(sheet)
        if cells.protection and cells.protection.get("formatCells", "1") not in {"0", "false"}:
            raise EditRefused(f"{cells.title} is protected, formats included; unprotect it in Excel (Review, Unprotect Sheet)")
        cells.refuse_covered(ref)
        colour = _COLOUR.fullmatch(fill)
        if colour is None:
            raise EditRefused(f"{fill!r} is no colour; write it as red, green and blue, such as F6CFC0")
        cells.set(ref, CellEdit(style=self.styles.clone(cells.style(ref) or 0, fill=colour[1].upper())))

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
        the sources of pivot tables that ended there reach the new last row; a totals row makes room.

        Raises:
            EditRefused: the sheet is protected or full, a table below which nothing can be added, or something stands there already.
        """
        placed = [{place(f"{letter}1")[1]: value for letter, value in _by_letter(row).items()} for row in rows]
        return self._appending(sheet).rows(placed, below)

    def append_column(self, sheet: str, heading: str, values: Mapping[int, Value], *, row: int | None = None) -> str:
        """A column at the right edge: ``heading`` in the heading row (found, or ``row``), and values by their distance below it. Returns the heading's cell.

        A table, filter, print area and formats that reached the edge take the column in.

        Raises:
            EditRefused: the sheet is protected or full, or its table cannot take the column.
        """
        return self._appending(sheet).column(heading, values, row)

    def _appending(self, sheet: str) -> Appending:
        cells = self.sheet(sheet)
        self._flush_cells()
        self._headings.clear()
        return Appending(self.package, cells, self._dated)

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

    def unmark(self, mark: str) -> bool:
        """No sheet carries the mark; whether there was one, also one that leads to no sheet any more."""
        self._flush()
        return book.unmark(self.package, mark)

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
        self._headings.clear()
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

    def save(self, path: Path | str | None = None, *, backup: bool = True, force: bool = True) -> Changes:
        """Write the workbook to ``path``, or over the file that was opened, whole or not at all; nothing where nothing was edited.

        A file that is replaced stays beside it as ``NAME.bak`` unless ``backup`` is off; without ``force`` none but the opened one is replaced.

        Raises:
            SaveFailed: see ``workbench.editing.saving``.
        """
        target = Path(path) if path is not None else self.path
        if target is None:
            raise ValueError("a workbook that was opened from bytes needs a path")
        changes = self.changes()
        kept = saving.save(self.package, target, source=self.path, backup=backup, force=force)
        if changes and self.path is not None and self.path.exists() and target.samefile(self.path):
            self._forget()
            self.package = Package(disk.read_file(target))
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

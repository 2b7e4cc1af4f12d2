"""The cells of one sheet: what they hold, and what they are to hold."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache, cached_property
from typing import NamedTuple

from workbench.editing.outline import Outline, outline
from workbench.editing.package import Package
from workbench.editing.places import Area, area, name, place
from workbench.editing.refusals import EditRefused
from workbench.editing.rows import Cell, Row, Rows
from workbench.editing.values import Formula, Value, content, string_of
from workbench.editing.xml import Element, Splice, Splices, attributes_of, check, holds, parse, whole


class Kept(Enum):
    """Says that this half of a cell stays as it is."""

    KEEP = "keep"


KEEP = Kept.KEEP
_FORMULA = re.compile(rb"""<(?:[\w.-]+:)?f(?=[\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_SPANS = re.compile(rb"""\sspans\s*=\s*["']([0-9]{1,7}):([0-9]{1,7})["']""")
_MASTERS = {"array": "an array formula", "dataTable": "a data table"}


class CellEdit(NamedTuple):
    """What is to become of one cell: its value and its style, either of which may be kept. ``style`` None is none at all."""

    value: Value | Kept = KEEP
    style: int | Kept | None = KEEP


class Sheet:
    """The cells of the worksheet in ``part``. Edits are gathered, and ``flush`` puts them into the package in one go."""

    def __init__(self, package: Package, part: str, title: str) -> None:
        """``title`` is what people call the sheet.

        Raises:
            WorkbookRefused: the part is damaged, not UTF-8, has a document type, or is no worksheet.
        """
        self.package, self.part, self.title = package, part, title
        self.edits: dict[int, dict[int, CellEdit]] = {}
        self.overwrote_formula = False
        check(self.data, part)

    def refresh(self) -> None:
        """Look at the part anew where somebody changed it. Edits must have been flushed."""
        if self.__dict__.get("data") is self.package.read(self.part):
            return
        for known in ("data", "outline", "rows", "_arrays", "merges", "_columns", "has_dressed_rows"):
            self.__dict__.pop(known, None)

    @cached_property
    def data(self) -> bytes:
        """The part, without the edits that are not flushed."""
        return self.package.read(self.part)

    @cached_property
    def outline(self) -> Outline:
        """What stands around the rows."""
        return outline(self.data, self.part)

    @cached_property
    def rows(self) -> Rows:
        """Where the rows stand."""
        return Rows(self.data, self.outline, self.part)

    @cached_property
    def merges(self) -> list[Area]:
        """The merged ranges."""
        found = self.outline.root.child("mergeCells")
        ranges = [area(one.attributes.get("ref", "")) for one in found.all("mergeCell")] if found else []
        return [one for one in ranges if one]

    @property
    def protection(self) -> dict[str, str]:
        """The attributes of the sheet's protection, empty where it is not protected."""
        found = self.outline.root.child("sheetProtection")
        return found.attributes if found and found.attributes.get("sheet", "0") in {"1", "true"} else {}

    @cached_property
    def _arrays(self) -> list[tuple[Area, str]]:
        """The ranges of array formulas and data tables, and what they are."""
        start, stop = self.outline.data.opened, self.outline.data.closing
        if not holds(self.data, b"array", start, stop) and not holds(self.data, b"dataTable", start, stop):
            return []
        found = []
        for match in _FORMULA.finditer(self.data, start, stop):
            said = attributes_of(match[0])
            range_ = area(said.get("ref", ""))
            if said.get("t") in _MASTERS and range_:
                found.append((range_, _MASTERS[said["t"]]))
        return found

    @cached_property
    def _columns(self) -> list[tuple[int, int, int]]:
        """First and last column, and their style, where a column has one."""
        found = self.outline.root.child("cols")
        said = [one.attributes for one in found.all("col")] if found else []
        numbers = ((whole(one.get("min")), whole(one.get("max")), whole(one.get("style"))) for one in said)
        return [(first, last, style) for first, last, style in numbers if style]

    def cell(self, ref: str) -> tuple[Row | None, Cell | None]:
        """The row and the cell as the sheet writes them, edits left out."""
        number, column = place(ref)
        row = self.rows.get(number)
        if row is None or column > self.rows.last_column(row):
            return row, None
        return row, next((cell for cell in self.rows.cells(row) if cell.column == column), None)

    def style(self, ref: str) -> int | None:
        """The style of the cell, edits included; of its row or column where it has none of its own."""
        number, column = place(ref)
        edit = self.edits.get(number, {}).get(column, CellEdit())
        if not isinstance(edit.style, Kept):
            return edit.style
        row, cell = self.cell(ref)
        if cell is None:
            return self.inherited(row, column)
        said = attributes_of(self.data[cell.start : cell.opened]).get("s")
        return whole(said) if said else None

    def inherited(self, row: Row | None, column: int) -> int | None:
        """What a new cell looks like: its row, else its column (ISO/IEC 29500-1, 18.3.1.73 and 18.3.1.13)."""
        if row and self.has_dressed_rows:
            said = attributes_of(self.data[row.start : row.opened])
            if said.get("customFormat") in {"1", "true"} and said.get("s"):
                return whole(said["s"])
        if not self._columns:
            return None
        return next((style for first, last, style in self._columns if first <= column <= last), None)

    @cached_property
    def has_dressed_rows(self) -> bool:
        """Whether a row may have a look of its own."""
        return holds(self.data, b"customFormat", self.outline.data.opened, self.outline.data.closing)

    def value(self, ref: str, shared: Callable[[int], str]) -> Value:
        """What the cell holds, edits included; ``shared`` gives a shared string. Dates are the numbers they are."""
        number, column = place(ref)
        edit = self.edits.get(number, {}).get(column, CellEdit())
        if not isinstance(edit.value, Kept):
            return edit.value
        _, cell = self.cell(ref)
        if cell is None or cell.is_empty:
            return None
        return _value(self._element(cell), shared)

    def _element(self, cell: Cell) -> Element:
        """The tree of one cell, which is parsed within the namespaces of the sheet."""
        spaces = " ".join(
            f'xmlns{":" + prefix if prefix else ""}="{uri}"'
            for prefix, uri in self.outline.data.spaces.items()
            if prefix != "xml"
        )
        return parse(f"<w {spaces}>".encode() + self.data[cell.start : cell.end] + b"</w>", self.part).children[0]

    def set(self, ref: str, edit: CellEdit) -> None:
        """The cell is to become what ``edit`` says.

        Raises:
            EditRefused: the cell lies inside a merged range, or is a part of a formula over several cells.
        """
        number, column = place(ref)
        if not isinstance(edit.value, Kept):
            content(edit.value)
            self._refuse_unsafe(ref, number, column)
        row = self.edits.setdefault(number, {})
        before = row.get(column, CellEdit())
        row[column] = CellEdit(
            before.value if isinstance(edit.value, Kept) else edit.value,
            before.style if isinstance(edit.style, Kept) else edit.style,
        )

    def place_new(self, number: int, column: int, edit: CellEdit) -> None:
        """As ``set``, for a cell that the sheet does not write, outside of merges and formulas over several cells, and a value that Excel can hold."""
        self.edits.setdefault(number, {})[column] = edit

    def refuse_covered(self, ref: str) -> None:
        """Raises EditRefused where the cell is covered by the first of a merged range."""
        for merge in self.merges:
            if merge.holds(*place(ref)) and place(ref) != (merge.top, merge.left):
                raise EditRefused(f"{self.title}!{ref} lies inside the merged cells {merge}; use {name(merge.top, merge.left)}")

    def _refuse_unsafe(self, ref: str, number: int, column: int) -> None:
        self.refuse_covered(ref)
        for range_, what in self._arrays:
            if range_.holds(number, column):
                raise EditRefused(f"{self.title}!{ref} belongs to {what} over {range_}; change that in Excel")
        _, cell = self.cell(ref)
        formula = _FORMULA.search(self.data, cell.opened, cell.end) if cell and not cell.is_empty else None
        if formula is None:
            return
        said = attributes_of(formula[0])
        if said.get("t") == "shared" and "ref" in said:
            raise EditRefused(f"{self.title}!{ref} holds the formula that {said['ref']} shares; change that in Excel")
        self.overwrote_formula = True

    @property
    def has_new_formula(self) -> bool:
        """Whether an edit writes a formula."""
        return any(isinstance(edit.value, Formula) for edits in self.edits.values() for edit in edits.values())

    def edited_areas(self) -> Iterator[Area]:
        """The cells whose value is edited; those below each other in one column as one range."""
        open_: dict[int, tuple[int, int]] = {}
        for number, edits in sorted(self.edits.items()):
            for column, edit in edits.items():
                if edit.value is KEEP:
                    continue
                first, last = open_.get(column, (number, number - 1))
                if last != number - 1:
                    yield Area(first, column, last, column)
                    first = number
                open_[column] = (first, number)
        yield from (Area(first, column, last, column) for column, (first, last) in open_.items())

    def flush(self, *, date1904: bool) -> bool:
        """Put the edits into the package; whether there were any."""
        if not self.edits:
            return False
        splices = _Writing(self, date1904=date1904).splices()
        self.package.splice(self.part, splices)
        self.edits.clear()
        self.refresh()
        return True


def _value(cell: Element, shared: Callable[[int], str]) -> Value:
    formula, value, inline = cell.child("f"), cell.child("v"), cell.child("is")
    known = _plain_value(cell.attributes.get("t", "n"), value.text if value else "", shared)
    if inline is not None:
        known = string_of(inline)
    return Formula(formula.text, known) if formula is not None else known


def _plain_value(kind: str, text: str, shared: Callable[[int], str]) -> str | float | bool | None:
    if kind == "s":
        return shared(whole(text)) if text.strip() else None
    if kind == "b":
        return text.strip() == "1"
    if kind in {"str", "e", "d"}:
        return text
    try:
        return float(text) if text.strip() else None
    except ValueError:  # damaged, but what the cell holds
        return text


@cache
def _widened(left: bytes, right: bytes, first: int, last: int) -> bytes | None:
    """Spans that reach from ``first`` to ``last`` too; None where they do."""
    new = (min(int(left), first), max(int(right), last))
    return None if new == (int(left), int(right)) else b"%d:%d" % new


class _Writing:
    """The splices that put a sheet's edits into its part."""

    def __init__(self, sheet: Sheet, *, date1904: bool) -> None:
        self._sheet = sheet
        self._date1904 = date1904
        self._splices = Splices(sheet.data)
        self._prefix = sheet.rows.prefix
        self._new_rows: list[tuple[int, bytes]] = []

    def splices(self) -> list[Splice]:
        column = self._new_column()
        if column:
            self._beside(column)
        else:
            for number, edits in sorted(self._sheet.edits.items()):
                row = self._sheet.rows.get(number)
                if row is None:
                    self._new_row(number, edits)
                else:
                    self._old_row(row, edits)
            self._insert_rows()
        self._dimension()
        return self._splices.done()

    def _new_column(self) -> int:
        """The one column in which all edits are, where it is right of all others and most rows have one; else 0."""
        edits, rows = self._sheet.edits, self._sheet.rows
        if len(edits) < len(rows) // 2 or self._sheet.has_dressed_rows or not edits.keys() <= set(rows.numbers):
            return 0
        columns = {column for row in edits.values() for column in row}
        return min(columns) if len(columns) == 1 and min(columns) > rows.widest else 0

    def _beside(self, column: int) -> None:
        """What ``_old_row`` does for a cell at the end of each row, but for all rows in turn: fit for rows by the ten thousand."""
        data, edits = self._sheet.data, self._sheet.edits
        for number, start, opened, closing in self._sheet.rows.spots():
            if number in edits:
                said = _SPANS.search(data, start, opened)
                wide = _widened(said[1], said[2], column, column) if said else None
                if said and wide:
                    self._splices.replace(said.start(1), said.end(2), wide)
                self._append(opened, closing, self._new_cell(None, number, column, edits[number][column]))

    def _new_row(self, number: int, edits: dict[int, CellEdit]) -> None:
        cells = b"".join(self._new_cell(None, number, column, edit) for column, edit in sorted(edits.items()))
        if cells:
            self._new_rows.append(
                (number, f'<{self._prefix}row r="{number}">'.encode() + cells + f"</{self._prefix}row>".encode())
            )

    def _insert_rows(self) -> None:
        data = self._sheet.outline.data
        if data.is_closed and self._new_rows:
            self._splices.append_child(data, b"".join(xml for _, xml in self._new_rows))
            return
        for number, xml in self._new_rows:
            self._splices.insert(self._sheet.rows.following(number), xml)

    def _old_row(self, row: Row, edits: dict[int, CellEdit]) -> None:
        """The cells of a row that is there; those right of all others need no look at the others."""
        if min(edits) > self._sheet.rows.last_column(row):
            new = [self._new_cell(row, row.number, column, edit) for column, edit in sorted(edits.items())]
            self._append(row.opened, row.closing, b"".join(new))
        else:
            self._among(row, edits)
        self._spans(row, edits)

    def _among(self, row: Row, edits: dict[int, CellEdit]) -> None:
        cells = self._sheet.rows.cells(row)
        columns = [cell.column for cell in cells]
        tail: list[bytes] = []
        for column, edit in sorted(edits.items()):
            index = bisect_left(columns, column)
            if index == len(cells):
                tail.append(self._new_cell(row, row.number, column, edit))
            elif columns[index] == column:
                self._old_cell(cells[index], row.number, edit)
            else:
                self._splices.insert(cells[index].start, self._new_cell(row, row.number, column, edit))
        self._append(row.opened, row.closing, b"".join(tail))

    def _append(self, opened: int, closing: int, cells: bytes) -> None:
        """Cells at the end of the row that is opened and closed there; both are one place where it is written ``<row/>``."""
        if not cells:
            return
        if opened == closing and self._sheet.data[opened - 2 : opened] == b"/>":
            self._splices.replace(opened - 2, opened, b">" + cells + f"</{self._prefix}row>".encode())
        else:
            self._splices.insert(closing, cells)

    def _spans(self, row: Row, edits: dict[int, CellEdit]) -> None:
        said = _SPANS.search(self._sheet.data, row.start, row.opened)
        wide = _widened(said[1], said[2], min(edits), max(edits)) if said else None
        if said and wide:
            self._splices.replace(said.start(1), said.end(2), wide)

    def _new_cell(self, row: Row | None, number: int, column: int, edit: CellEdit) -> bytes:
        if edit.style is KEEP and (edit.value is KEEP or edit.value is None):
            return b""
        style = self._sheet.inherited(row, column) if isinstance(edit.style, Kept) else edit.style
        return self._xml(f' r="{name(number, column)}"', style, None if isinstance(edit.value, Kept) else edit.value)

    def _xml(self, ref: str, style: int | None, value: Value) -> bytes:
        kind, inner = content(value, self._prefix, date1904=self._date1904)
        look, type_ = f' s="{style}"' if style else "", f' t="{kind}"' if kind else ""
        tag = f"{self._prefix}c"
        return (f"<{tag}{ref}{look}{type_}>{inner}</{tag}>" if inner else f"<{tag}{ref}{look}{type_}/>").encode()

    def _old_cell(self, cell: Cell, number: int, edit: CellEdit) -> None:
        data = self._sheet.data
        said = attributes_of(data[cell.start : cell.opened])
        style = said.get("s") if isinstance(edit.style, Kept) else str(edit.style or 0)
        if isinstance(edit.value, Kept):
            if (style or "0") != said.get("s", "0"):
                self._splices.tag_attribute(cell.start, cell.opened, "s", style if style != "0" else None)
            return
        ref = f' r="{name(number, cell.column)}"' if cell.has_ref else ""
        self._splices.replace(cell.start, cell.end, self._xml(ref, int(style or 0), edit.value))

    def _dimension(self) -> None:
        """The range that the sheet says it uses, where it says so."""
        said = self._sheet.outline.root.child("dimension")
        old = area(said.attributes.get("ref", "")) if said else None
        if said is None or old is None:
            return
        rows = self._sheet.edits
        columns = [column for edits in rows.values() for column in edits]
        new = Area(min(old.top, *rows), min(old.left, *columns), max(old.bottom, *rows), max(old.right, *columns))
        if new != old:
            self._splices.attribute(said, "ref", str(new))

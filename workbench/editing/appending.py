"""Rows below the data of a sheet and a column beside them, with everything that has to reach the new edge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from workbench.editing import sheets, tables
from workbench.editing.growth import Growth, grow
from workbench.editing.package import Package
from workbench.editing.places import LAST_COLUMN, LAST_ROW, area, name
from workbench.editing.refusals import EditRefused
from workbench.editing.sheet import KEEP, CellEdit, Sheet
from workbench.editing.totals import move_totals
from workbench.editing.values import Value, refuse_values

_HEADING_ROWS = 30


class Appending:
    """Additions to one sheet, whose edits have been flushed. Whatever is refused is refused before anything is changed."""

    def __init__(self, package: Package, cells: Sheet, dated: Callable[[Value, int | None], int | None]) -> None:
        """``dated`` gives the look of a cell with a value, from the look that it would have."""
        self._package, self._cells, self._dated = package, cells, dated

    def rows(self, rows: Sequence[Mapping[int, Value]], below: int | None) -> range:
        """Rows, as values by column number, below row ``below`` or the last that holds anything; their numbers.

        Raises:
            EditRefused: the sheet is protected or full, a table below which nothing can be added, or something stands there already.
        """
        columns = {column for row in rows for column, value in row.items() if value is not None}
        last = self._cells.rows.last_filled if below is None else below
        if not columns:
            return range(last + 1, last + 1)
        totals = next((table for table in self._tables_at(columns) if table.has_totals and table.area.bottom == last), None)
        last -= totals is not None
        new = range(last + 1, last + 1 + len(rows))
        refuse_values(value for row in rows for value in row.values())
        self._refuse_rows(new, columns, totals)
        if totals:
            move_totals(self._package, self._cells, totals, len(new))
        formulas = {column: text for table in self._tables_at(columns) for column, text in tables.calculated(table).items()}
        self._grow_down(last, new[-1], columns)
        looks = self._looks(last)
        for number, row in zip(new, rows, strict=True):
            self._fill_row(looks, number, {**formulas, **row})
        return new

    def _refuse_rows(self, new: range, columns: set[int], totals: tables.SheetTable | None) -> None:
        if self._cells.protection:
            raise EditRefused(f"{self._cells.title} is protected; to add rows, unprotect it in Excel (Review, Unprotect Sheet)")
        if new[-1] > LAST_ROW or max(columns) > LAST_COLUMN:
            raise EditRefused(f"{self._cells.title} has no room for {len(new):,} more rows")
        if any(merge.top <= new[-1] and merge.bottom >= new[0] for merge in self._cells.merges):
            raise EditRefused(f"{self._cells.title} has merged cells below its last row; rows cannot be added there")
        for table in self._tables_at(columns):
            if table.has_totals and table.area.bottom in new and (totals is None or table.part != totals.part):
                raise EditRefused(f"the rows would run into the totals row of table {table.name}; add them in Excel")
            if table.area.top <= new[0] - 1 <= table.area.bottom:
                tables.refuse_growth(table)
        for number in new[1 if totals else 0 :]:
            row = self._cells.rows.get(number)
            if row and self._cells.rows.last_column(row, filled=True):
                raise EditRefused(f"row {number} of {self._cells.title} is not empty; rows cannot be added there")

    def _grow_down(self, last: int, bottom: int, columns: set[int]) -> None:
        top = self._heading_row()
        for table in self._tables_at(columns):
            if table.area.top <= last <= table.area.bottom - table.has_totals < bottom:
                tables.grow_down(self._package, table, bottom + table.has_totals)
        self._grow(Growth(top, last, 0, bottom, 0))

    def _grow(self, growth: Growth) -> None:
        tabs = sheets.tabs(self._package)
        index = [tab.part for tab in tabs].index(self._cells.part)
        grow(self._package, tabs[index], index, growth)
        self._cells.refresh()

    def _tables_at(self, columns: set[int]) -> list[tables.SheetTable]:
        found = tables.tables(self._package, self._cells.part)
        return [table for table in found if table.area.left <= max(columns) and min(columns) <= table.area.right]

    def _looks(self, like: int) -> dict[int, int]:
        """The styles of a row's cells by their columns."""
        row = self._cells.rows.get(like)
        found = {cell.column: self._cells.style(name(like, cell.column)) for cell in self._cells.rows.cells(row)} if row else {}
        return {column: style for column, style in found.items() if style}

    def _fill_row(self, looks: Mapping[int, int], number: int, values: Mapping[int, Value]) -> None:
        """The values, and the looks of the row that was the last; cells that are there keep their own."""
        own = self._cells.rows.get(number)
        there = {cell.column for cell in self._cells.rows.cells(own)} if own else set()
        for column in sorted({*looks, *values}):
            value, look = values.get(column), looks.get(column)
            if column in there and value is not None:
                self._cells.set(
                    name(number, column), CellEdit(value, self._dated(value, self._cells.style(name(number, column))))
                )
            elif column not in there:
                self._cells.place_new(number, column, self._new(value, look))

    def _new(self, value: Value, look: int | None) -> CellEdit:
        """A new cell that looks so, and as a date where it is one."""
        dated = self._dated(value, look)
        return CellEdit(KEEP if value is None else value, KEEP if dated is None else dated)

    def column(self, heading: str, values: Mapping[int, Value], row: int | None) -> str:
        """A column right of all others; the cell of its heading.

        Raises:
            EditRefused: the sheet is protected or full, or its table cannot take the column.
        """
        found = tables.tables(self._package, self._cells.part)
        right = max(
            [self._cells.rows.rightmost, *(table.area.right for table in found), *(merge.right for merge in self._cells.merges)]
        )
        top = row or self._heading_row()
        if self._cells.protection or right >= LAST_COLUMN:
            raise EditRefused(f"{self._cells.title} is protected or full to its last column; no column can be added")
        bottom = max([top, self._cells.rows.last_filled])
        refuse_values((heading, *values.values()))
        wrong = [offset for offset in values if not 1 <= offset <= LAST_ROW - top]
        if wrong:
            raise EditRefused(f"{wrong[0]} is no distance below the heading in row {top}")
        self._grow_right(found, heading, Growth(top, bottom, right, bottom, right + 1))
        self._fill_column(top, right + 1, heading, values)
        return name(top, right + 1)

    def _grow_right(self, found: list[tables.SheetTable], heading: str, growth: Growth) -> None:
        for table in found:
            if table.area.right == growth.right and table.area.top == growth.top:
                tables.grow_right(self._package, table, heading)
        self._grow(growth)

    def _fill_column(self, top: int, column: int, heading: str, values: Mapping[int, Value]) -> None:
        head = name(top, column)
        self._cells.set(head, CellEdit(heading, self._cells.style(name(top, column - 1)) if column > 1 else None))
        for offset, value in values.items():
            self._cells.place_new(top + offset, column, self._new(value, None))

    def _heading_row(self) -> int:
        """The row of the headings: of the only table, of the filter, else the first that is at least half as full as the fullest of the first rows."""
        found = tables.tables(self._package, self._cells.part)
        if len(found) == 1 and found[0].has_heading:
            return found[0].area.top
        filtered = self._cells.outline.root.child("autoFilter")
        where = area(filtered.attributes.get("ref", "")) if filtered else None
        if where:
            return where.top
        counted: list[tuple[int, int]] = []
        for row in self._cells.rows:
            if len(counted) == _HEADING_ROWS:
                break
            counted.append((row.number, sum(not cell.is_empty for cell in self._cells.rows.cells(row))))
        fullest = max((count for _, count in counted), default=0)
        return next((number for number, count in counted if count and count * 2 >= fullest), 1)

"""Where the rows and cells of a sheet stand in its bytes.

A sheet can have a million cells, so nothing is built for them: rows are found by their start tags, and the cells of a row only when they are asked for
(as named tuples, which are made in half the time of other classes).
Within well-formed XML (``workbench.editing.xml.check``) a ``<`` begins a tag, a comment, a CDATA section or a processing instruction, and nothing else;
the last three are blanked out before tags are sought.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, NoReturn

from workbench.editing.outline import Outline
from workbench.editing.places import LAST_COLUMN, LAST_ROW, column_number
from workbench.editing.refusals import WorkbookRefused
from workbench.editing.xml import holds, whole

_SKIPPED = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_ATTRIBUTES = rb"""(?:\s(?:[^>"']++|"[^"]*"|'[^']*')*)?"""
_SLASH = ord("/")
_R = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)([0-9]*)["']""")


class Row(NamedTuple):
    """A row: start tag from ``start`` to ``opened``, cells up to ``closing``, all of it up to ``end``."""

    number: int
    start: int
    opened: int
    closing: int
    end: int

    @property
    def is_closed(self) -> bool:
        """Whether it is written ``<row/>``."""
        return self.opened == self.end


class Cell(NamedTuple):
    """A cell: start tag from ``start`` to ``opened``, all of it up to ``end``; ``has_ref`` says whether it names its place."""

    column: int
    start: int
    opened: int
    end: int
    has_ref: bool

    @property
    def is_empty(self) -> bool:
        """Whether it holds neither a value nor a formula."""
        return self.opened == self.end


class Rows:
    """The rows of one sheet."""

    def __init__(self, data: bytes, outline: Outline, part: str) -> None:
        """Find the rows.

        Raises:
            WorkbookRefused: rows out of order, or beyond what a sheet has.
        """
        self._part = part
        self.prefix = outline.data.prefix
        self._stop = outline.data.closing
        self._text = _masked(data, outline.data.opened, self._stop)
        self._tag = re.compile(rb"<" + self.prefix.encode() + rb'row(?=[\s/>])(?: r="(\d{1,9})")?' + _ATTRIBUTES + rb">")
        self._cell = re.compile(
            rb"<" + self.prefix.encode() + rb'c(?=[\s/>])(?: r="([A-Z]{1,3})[0-9]{1,7}")?' + _ATTRIBUTES + rb">"
        )
        self._last_cell = b"<" + self.prefix.encode() + b"c"
        self._row_end = b"</" + self.prefix.encode() + b"row"
        self._cell_end = b"</" + self.prefix.encode() + b"c"
        self._looked_at: tuple[int, list[Cell]] = (-1, [])
        """The row that was asked for last: cells of one row are mostly asked for one after the other."""
        self.numbers, self._starts, self._opened = array("I"), array("Q"), array("Q")
        self._find(outline.data.opened)

    def _find(self, at: int) -> None:
        number = 0
        for match in self._tag.finditer(self._text, at, self._stop):
            was, number = number, int(match[1] or whole(self._said(match[0]), number + 1))
            if number <= was or number > LAST_ROW:
                raise WorkbookRefused(
                    f"row {number} of {self._part} follows row {was}; open the file in Excel, repair and save it"
                )
            self.numbers.append(number)
            self._starts.append(match.start())
            self._opened.append(match.end())

    @staticmethod
    def _said(tag: bytes) -> bytes | None:
        found = _R.search(tag)
        return found[2] if found else None

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Row]:
        return map(self._at, range(len(self.numbers)))

    def get(self, number: int) -> Row | None:
        """The row of that number, where the sheet writes one."""
        index = bisect_left(self.numbers, number)
        return self._at(index) if index < len(self.numbers) and self.numbers[index] == number else None

    def following(self, number: int) -> int:
        """Where a new row of that number has to be inserted."""
        index = bisect_left(self.numbers, number)
        return self._starts[index] if index < len(self.numbers) else self._stop

    def _at(self, index: int) -> Row:
        number, start, opened, text = self.numbers[index], self._starts[index], self._opened[index], self._text
        if text[opened - 2] == _SLASH:
            return Row(number, start, opened, opened, opened)
        bound = self._starts[index + 1] if index + 1 < len(self._starts) else self._stop
        closing = text.rfind(self._row_end, opened, bound)
        if closing < 0:
            self._unended(number)
        return Row(number, start, opened, closing, text.index(b">", closing) + 1)

    def cells(self, row: Row) -> list[Cell]:
        """The cells of ``row``, left to right.

        Raises:
            WorkbookRefused: cells out of order.
        """
        if self._looked_at[0] == row.start:
            return self._looked_at[1]
        found: list[Cell] = []
        column, at = 0, row.opened
        while match := self._cell.search(self._text, at, row.closing):
            said = _R.search(match[0])
            was, column = column, column_number(said[1].decode()) if said and said[1] else column + 1
            if column <= was or column > LAST_COLUMN:
                raise WorkbookRefused(
                    f"the cells of row {row.number} of {self._part} are out of order; open the file in Excel, repair and save it"
                )
            at = self._end_of(match, row)
            found.append(Cell(column, match.start(), match.end(), at, said is not None))
        self._looked_at = row.start, found
        return found

    def _end_of(self, cell: re.Match[bytes], row: Row) -> int:
        if cell[0].endswith(b"/>"):
            return cell.end()
        closing = self._text.find(self._cell_end, cell.end(), row.closing)
        if closing < 0:
            raise WorkbookRefused(
                f"a cell in row {row.number} of {self._part} has no end; open the file in Excel, repair and save it"
            )
        return self._text.index(b">", closing) + 1

    def last_column(self, row: Row, *, filled: bool = False) -> int:
        """The column of the last cell of ``row``; of the last that holds anything, with ``filled``. 0 where there is none."""
        said = self._last_column(row.opened, row.closing, filled=filled)
        if said is not None:
            return said
        return next((cell.column for cell in reversed(self.cells(row)) if not (filled and cell.is_empty)), 0)

    def _last_column(self, opened: int, closing: int, *, filled: bool) -> int | None:
        """As above, looked for from the end, because rows have many cells; None where a cell does not say its place."""
        text, at = self._text, closing
        while (at := text.rfind(self._last_cell, opened, at)) >= 0:
            cell = self._cell.match(text, at, closing)
            if cell and not (filled and text[cell.end() - 2] == _SLASH):
                return column_number(cell[1].decode()) if cell[1] else None
        return 0

    @cached_property
    def last_filled(self) -> int:
        """The number of the last row that holds anything, 0 where none does."""
        return next((row.number for row in map(self._at, reversed(range(len(self)))) if self.last_column(row, filled=True)), 0)

    @cached_property
    def rightmost(self) -> int:
        """The rightmost column that holds anything, 0 where none does."""
        return self._edges[0]

    @cached_property
    def widest(self) -> int:
        """The rightmost column of which the sheet writes a cell, 0 where it writes none."""
        return self._edges[1]

    @cached_property
    def _edges(self) -> tuple[int, int]:
        text, furthest, widest = self._text, 0, 0
        for index, (opened, bound) in enumerate(
            zip(self._opened, (*self._starts[1:], self._stop), strict=False)
        ):  # no row, no bound
            at = text.rfind(self._last_cell, opened, bound)
            cell = self._cell.match(text, at, bound) if at >= 0 else None
            if cell and cell[1] and text[cell.end() - 2] != _SLASH:
                last = filled = column_number(cell[1].decode())
            else:
                row = self._at(index)
                last, filled = self.last_column(row), self.last_column(row, filled=True)
            furthest, widest = max(furthest, filled), max(widest, last)
        return furthest, widest

    def spots(self) -> Iterator[tuple[int, int, int, int]]:
        """Number, start, opened and closing of each row: for all rows this is faster than rows."""
        text, find, end = self._text, self._text.rfind, self._row_end
        bounds = (*self._starts[1:], self._stop)
        for number, start, opened, bound in zip(self.numbers, self._starts, self._opened, bounds, strict=True):
            closing = opened if text[opened - 2] == _SLASH else find(end, opened, bound)
            yield number, start, opened, closing if closing >= 0 else self._unended(number)

    def _unended(self, number: int) -> NoReturn:
        raise WorkbookRefused(f"row {number} of {self._part} has no end; open the file in Excel, repair and save it")


def _masked(data: bytes, start: int, stop: int) -> bytes:
    """``data`` with comments, CDATA sections and processing instructions among the rows blanked out; every place stays what it was."""
    if not holds(data, b"<!", start, stop) and not holds(data, b"<?", start, stop):
        return data
    rows = _SKIPPED.sub(lambda match: b" " * len(match[0]), data[start:stop])
    return data[:start] + rows + data[stop:]

"""Where the box of a note stands and how large it is, in the columns and rows of its sheet. Excel takes both from the cells at its corners."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from workbench.editing.outline import Outline
from workbench.editing.places import LAST_COLUMN, LAST_ROW
from workbench.editing.rows import Rows
from workbench.editing.xml import attributes_of

_GAP, _DROP = 15, 2
_LETTER, _LINE, _MARGIN = 6, 14, 16
"""Pixels of Tahoma 9: an average letter's width, a line's height, and what stays free around the text."""
_NARROWEST, _WIDEST, _LOWEST, _TALLEST = 144, 320, 48, 480
_FARTHEST = 500
_TRUE = {"1", "true"}


@dataclass(frozen=True, slots=True)
class Box:
    """The box of the note on the cell in ``row`` and ``column`` (from 1), in pixels. ``anchor`` is column and offset, row and offset of its corners, from 0."""

    row: int
    column: int
    width: int
    height: int
    anchor: tuple[int, ...]


class Grid:
    """How wide the columns and how high the rows of a sheet are."""

    def __init__(self, data: bytes, outline: Outline, part: str) -> None:
        """``data`` is the sheet, ``part`` its name."""
        self._data, self._rows = data, Rows(data, outline, part)
        format_ = outline.root.child("sheetFormatPr")
        said = format_.attributes if format_ else {}
        digits, padded = _number(said.get("defaultColWidth"), 0), _number(said.get("baseColWidth"), 8) * 7 + 5
        self._width = _column_pixels(digits) or 8 * ceil(padded / 8)
        self._height = 0 if said.get("zeroHeight") in _TRUE else _row_pixels(_number(said.get("defaultRowHeight"), 15))
        columns = outline.root.child("cols")
        self._columns = [one.attributes for one in columns.all("col")] if columns else []

    def width(self, column: int) -> int:
        """Pixels of a column (from 1), 0 where it is hidden."""
        for one in self._columns:
            if _number(one.get("min"), 0) <= column <= _number(one.get("max"), 0):
                return 0 if one.get("hidden") in _TRUE else _column_pixels(_number(one.get("width"), 0)) or self._width
        return self._width

    def height(self, row: int) -> int:
        """Pixels of a row (from 1), 0 where it is hidden."""
        found = self._rows.get(row)
        said = attributes_of(self._data[found.start : found.opened]) if found else {}
        if said.get("hidden") in _TRUE:
            return 0
        return _row_pixels(_number(said["ht"], 15)) if "ht" in said else self._height

    def box(self, row: int, column: int, text: str) -> Box:
        """The box of a note with that text: right of its cell, or left of it at the right edge of the sheet."""
        width, height = _size(text)
        left, x = _walk(min(column + 1, LAST_COLUMN - 8), _GAP, self.width, LAST_COLUMN)
        top, y = _walk(min(row, LAST_ROW - 30), _DROP, self.height, LAST_ROW)
        right, far = _walk(left, x + width, self.width, LAST_COLUMN)
        bottom, low = _walk(top, y + height, self.height, LAST_ROW)
        return Box(row, column, width, height, (left - 1, x, top - 1, y, right - 1, far, bottom - 1, low))


def _walk(start: int, pixels: int, size: Callable[[int], int], last: int) -> tuple[int, int]:
    """Which column or row is that many pixels behind the beginning of ``start``, and how far into it."""
    for number in range(start, min(last, start + _FARTHEST)):
        if pixels < size(number):
            return number, pixels
        pixels -= size(number)
    return min(last, start + _FARTHEST), 0


def _size(text: str) -> tuple[int, int]:
    lines = [_letters(line) * _LETTER for line in text.split("\n")]
    width = min(max(_NARROWEST, max(lines) + _MARGIN), _WIDEST)
    room = (width - _MARGIN) * 0.9
    count = sum(max(1, ceil(line / room)) for line in lines)
    return width, min(max(_LOWEST, count * _LINE + _MARGIN), _TALLEST)


def _letters(text: str) -> int:
    """Its length in letters of Latin width."""
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _number(text: str | None, otherwise: float) -> float:
    """The number, at most what Excel has for widths, heights and columns; ``otherwise`` where it is none."""
    try:
        return min(max(float(text), 0), LAST_COLUMN) if text and text.lower() != "nan" else otherwise
    except ValueError:
        return otherwise


def _column_pixels(width: float) -> int:
    """Widths are in digits of the workbook's font, here of seven pixels."""
    return int(width * 7 + 0.5)


def _row_pixels(points: float) -> int:
    return int(points * 4 / 3)

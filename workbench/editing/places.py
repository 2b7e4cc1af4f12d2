"""A1 references as numbers and back. Rows and columns count from 1, as Excel shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from workbench.editing.refusals import EditRefused

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@cache
def letters(column: int) -> str:
    """1 is A, 27 is AA."""
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


@cache
def column_number(word: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in word.upper():
        number = number * 26 + ord(letter) - 64
    return number


def place(ref: str) -> tuple[int, int]:
    """Row and column of a reference such as D17 or $D$17.

    Raises:
        EditRefused: it is no cell of a sheet.
    """
    match = _CELL.fullmatch(ref)
    if match:
        row, column = int(match[2]), column_number(match[1])
        if 1 <= row <= LAST_ROW and column <= LAST_COLUMN:
            return row, column
    raise EditRefused(f"{ref!r} is no cell; write it like D17, at most XFD1048576")


def name(row: int, column: int) -> str:
    """The reference of a cell: row 17, column 4 is D17."""
    return f"{letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, all four edges within it."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies within."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def __str__(self) -> str:
        first, last = name(self.top, self.left), name(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


_AREA = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?::(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7}))?")


def area(ref: str) -> Area | None:
    """The rectangle of ``A1`` or ``A1:D9`` (with or without ``$``); None for anything else, such as whole columns."""
    match = _AREA.fullmatch(ref.strip())
    if match is None:
        return None
    top, left = int(match[4]), column_number(match[2])
    bottom, right = (int(match[8]), column_number(match[6])) if match[6] else (top, left)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def areas(sqref: str) -> list[Area]:
    """The rectangles of a list such as ``D2:D9 F2:F9``."""
    return [one for one in map(area, sqref.split()) if one]


def with_areas(text: str, change: Callable[[Area], Area]) -> str:
    """``text`` with every rectangle in it (``$`` kept where they are) changed; whatever else it holds is left alone."""
    return _AREA.sub(lambda match: _changed(match, change), text)


def _changed(match: re.Match[str], change: Callable[[Area], Area]) -> str:
    old = area(match[0])
    if old is None:
        return match[0]
    new = change(old)
    if new == old:
        return match[0]
    column, row = match[1], match[3]
    last_column, last_row = (match[5], match[7]) if match[6] else (column, row)
    first = f"{column}{letters(new.left)}{row}{new.top}"
    return f"{first}:{last_column}{letters(new.right)}{last_row}{new.bottom}"

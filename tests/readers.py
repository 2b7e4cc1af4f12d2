"""What a workbook holds for those who read it: python-calamine, openpyxl, and a reader of a few lines that opens whatever is spelled oddly."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import openpyxl
from faults import cell_text
from packages import Package, cells, root
from python_calamine import CalamineWorkbook, SheetTypeEnum

Values = dict[tuple[int, int], object]
"""(row, column) → what a cell holds."""


def values(package: Package, title: str) -> Values:
    """Place → what a cell holds, as it is written: text, number, truth value."""
    strings = package.target(package.workbook, "sharedStrings")
    table = root(package.parts[strings]).children if strings in package.parts else []
    found: Values = {}
    for row, column, cell in cells(root(package.parts[package.sheets()[title]])):
        text, kind = cell_text(cell, table), cell.get("t")
        if text or kind in {"inlineStr", "s"}:
            found[row, column] = text == "1" if kind == "b" else float(text) if kind in {"", "n"} and text != "NaN" else text
    return found


def read_with(read: Callable[[bytes], Mapping[str, Values]], data: bytes, title: str) -> Values | None:
    """What a reader makes of a sheet; None where it cannot read the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read(data)[title]
    except Exception:  # noqa: BLE001 - whatever a reader does with a file that it does not understand
        return None


@lru_cache(maxsize=8)
def calamine(data: bytes) -> Mapping[str, Values]:
    if _is_vast(Package(data)):
        raise ValueError("calamine would fill all memory with empty cells")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    kinds = {one.name: one.typ for one in book.sheets_metadata}
    sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names if kinds[name] == SheetTypeEnum.WorkSheet}
    return {
        name: {
            (row, column): value
            for row, line in enumerate(sheet.to_python(skip_empty_area=False), 1)
            for column, value in enumerate(line, 1)
            if value != ""
        }
        for name, sheet in sheets.items()
    }


def _is_vast(package: Package) -> bool:
    """Whether a cell stands so far out that all cells before it would fill the memory."""
    for part in package.sheets().values():
        places = [(row, column) for row, column, _ in cells(root(package.parts[part]))] if part in package.parts else []
        if max((row for row, _ in places), default=0) * max((column for _, column in places), default=0) > 1_000_000:
            return True
    return False


@lru_cache(maxsize=8)
def by_openpyxl(data: bytes) -> Mapping[str, Values]:
    book: Any = openpyxl.load_workbook(io.BytesIO(data))
    return {
        page.title: {at: _plain(cell.value) for at, cell in page._cells.items() if cell.value is not None}
        for page in book.worksheets
    }


def _plain(value: object) -> object:
    """Numbers as floats; formulas that openpyxl has its own objects for as their text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return (
        re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found.group(1), 16)), value)
        if isinstance(value, str)
        else getattr(value, "__dict__", value)
    )

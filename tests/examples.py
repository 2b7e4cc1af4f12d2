"""Small workbooks from pipe tables, as the rules' examples write them.

A block is a sheet: a line with its name, a line of headings, rows; blank lines part the sheets. A cell is what Excel makes of it
when it is typed: 5.1 is a number, 2026-10-05 a date, =A1 a formula, #REF! an error; text in double quotes stays text. A row ``…``
repeats the row above for every Annex A id up to that of the row below. Behind the name, in parentheses, what cannot be typed:
hidden, hidden row 3, hidden column D, merged D2:D3, macros, open elsewhere, csv in cp1252.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from workbench.frameworks import framework
from workbench.model import ISO2022
from workbench.rules.pages import examples

ANNEX_A = [entry.id for entry in framework(ISO2022).requirements if entry.id.startswith("A.")]


def typed(written: str) -> str | float | dt.date | None:
    """A cell as Excel takes it when it is typed."""
    if not written:
        return None
    if written.startswith('"') and written.endswith('"'):
        return written[1:-1]
    if re.fullmatch(r"-?\d+(\.\d+)?", written):
        return float(written) if "." in written else int(written)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return dt.date.fromisoformat(written)
    return written


def filled(rows: list[list[str]]) -> list[list[str]]:
    """The rows with ``…`` replaced by the rows it stands for."""
    found: list[list[str]] = []
    for number, row in enumerate(rows):
        if row != ["…"]:
            found.append(row)
            continue
        above, below = rows[number - 1], rows[number + 1]
        between = ANNEX_A[ANNEX_A.index(above[0]) + 1 : ANNEX_A.index(below[0])]
        found += [[name, *above[1:]] for name in between]
    return found


def workbook(text: str, folder: Path, name: str = "example") -> Path:
    """The workbook that ``text`` describes, written into ``folder``; its path."""
    if "(csv in " in text:
        return _csv(text, folder / f"{name}.csv")
    path = folder / f"{name}.{'xlsm' if '(macros)' in text else 'xlsx'}"
    book = Workbook()
    book.remove(book.active)
    for first, rows in examples(text):
        title, _, state = first.removesuffix(")").partition(" (")
        sheet = book.create_sheet(title)
        for row in filled(rows):
            sheet.append([typed(cell) for cell in row])
        _state(sheet, state)
    book.save(path)
    if "(macros)" in text:
        with zipfile.ZipFile(path, "a") as package:
            package.writestr("xl/vbaProject.bin", b"macros")
    if "(open elsewhere)" in text:
        (folder / f"~${path.name}").write_bytes(b"\x03Kim")
    return path


def _csv(text: str, path: Path) -> Path:
    ((first, rows),) = examples(text)
    encoding = first.removesuffix(")").rpartition(" ")[2]
    path.write_bytes("\n".join(",".join(row) for row in rows).encode(encoding))
    return path


def _state(sheet: Worksheet, state: str) -> None:
    kind, _, where = state.rpartition(" ")
    if state == "hidden":
        sheet.sheet_state = "hidden"
    elif kind == "hidden row":
        sheet.row_dimensions[int(where)].hidden = True
    elif kind == "hidden column":
        sheet.column_dimensions[where].hidden = True
    elif kind == "merged":
        sheet.merge_cells(where)

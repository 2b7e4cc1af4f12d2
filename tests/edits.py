"""The edits that every workbook of the corpus has to bear, each told to the judge as it is made."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
import xlsxwriter
from corpus import EDITS, Sample
from intact import Edits

from workbench.editing import EditRefused, Workbook, open_workbook

TEXT = " A.8.2, A.5.18 & <more>\nnext "
FILL = "F6CFC0"
NOTE = "MAP004: a 2013 id\nSee A.5.15 & <others>"
PLAIN = (("Finding", "Count", "Open"), ("=1+1", 2.5, True), (" text ", 7, False))
LOOKED = (("Control", "Decision", "Score"), ("AC-001", "Accept", 3), ("<AC-002>", "", 4))


def _grafted() -> bytes:
    """A sheet with formats, a table, drop-downs, a conditional format, widths and frozen panes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Review")
    heading = book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "white", "border": 1})
    for number, row in enumerate(LOOKED):
        sheet.write_row(number, 0, row, heading if number == 0 else book.add_format({"num_format": "0.00", "text_wrap": True}))
    sheet.add_table("A1:C3", {"name": "Review", "columns": [{"header": name, "header_format": heading} for name in LOOKED[0]]})
    sheet.data_validation("B2:B3", {"validate": "list", "source": ["Accept", "Reject"]})
    sheet.conditional_format(
        "C2:C3", {"type": "cell", "criteria": ">", "value": 3, "format": book.add_format({"bg_color": "#FFC7CE"})}
    )
    sheet.freeze_panes(1, 1)
    sheet.set_column("A:A", 30)
    book.close()
    return out.getvalue()


GRAFTED = _grafted()


def _cell(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.set_cell(sample.sheet, sample.cell, TEXT)
    return replace(edits, cells={**edits.cells, sample.cell: TEXT})


def _column(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    at = book.append_column(sample.sheet, "Finding <1>", {1: "x & y", 2: 5.5, 3: True})
    letters, row = at.rstrip("0123456789"), int(at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert row == sample.heading
    new = {at: "Finding <1>", f"{letters}{row + 1}": "x & y", f"{letters}{row + 2}": 5.5, f"{letters}{row + 3}": True}
    return replace(edits, cells={**edits.cells, **new}, column=at)


def _rows(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    rows = book.append_rows(sample.sheet, [["ZZ-001", "new <control>", "CC1.1"], {"A": "ZZ-002", "D": 7}])
    new = {
        f"A{rows[0]}": "ZZ-001",
        f"B{rows[0]}": "new <control>",
        f"C{rows[0]}": "CC1.1",
        f"A{rows[1]}": "ZZ-002",
        f"D{rows[1]}": 7,
    }
    return replace(edits, cells={**edits.cells, **new}, rows=rows)


def _highlight(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.highlight(sample.sheet, sample.cell, FILL)
    return replace(edits, fills={sample.cell: FILL})


def _note(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.note(sample.sheet, sample.cell, NOTE, author="Workbench")
    return replace(edits, notes={sample.cell: NOTE})


def _sheet(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.add_sheet("Findings & more", PLAIN, mark="_workbench.Plain")
    return replace(edits, sheets={**edits.sheets, "Findings & more": PLAIN})


def _graft(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.graft_sheet(GRAFTED, "Review it", mark="_workbench.Looked")
    return replace(edits, sheets={**edits.sheets, "Review it": LOOKED})


DO: dict[str, Callable[[Workbook, Sample, Edits], Edits]] = {
    "cell": _cell, "column": _column, "rows": _rows, "highlight": _highlight, "note": _note, "sheet": _sheet, "graft": _graft,
}  # fmt: skip


def worked_on(sample: Sample, wanted: tuple[str, ...] = EDITS) -> tuple[Workbook, Edits]:
    """The workbook after the edits, and what was meant; edits that must be refused are, and change nothing."""
    book = open_workbook(sample.data)
    edits = Edits(sample.sheet)
    for name in wanted:
        if name in sample.refuses:
            with pytest.raises(EditRefused):
                DO[name](book, sample, edits)
        else:
            edits = DO[name](book, sample, edits)
    return book, edits


def edited(sample: Sample, wanted: tuple[str, ...] = EDITS) -> tuple[bytes, Edits]:
    """The file after the edits, and what was meant."""
    book, edits = worked_on(sample, wanted)
    return book.content(), edits

"""A workbook as readable text, so that what a report writes can be compared, and looked at, without opening it.

``python tests/describe.py FILE`` prints it. ``WORKBENCH_GOLDEN=write pytest …`` renews the texts in ``tests/golden``; look at the difference.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

GOLDEN = Path(__file__).with_name("golden")
WIDEST = 60


def describe(path: Path, *, rows: Mapping[str, int] | None = None, most: int = 3) -> str:
    """Properties, sheets, tables, drop-downs and cells; of a table only its first ``most`` rows, or as many as ``rows`` says for a sheet."""
    book, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    about = book.properties
    custom = "".join(f" · {one.name}: {one.value}" for one in book.custom_doc_props.props)
    lines = [f"{about.title} · {about.subject} · {about.contentStatus or 'no state'}{custom}"]
    for sheet in book.worksheets:
        lines += ["", *_sheet(sheet, values[sheet.title], (rows or {}).get(sheet.title, most))]
    return "\n".join(lines) + "\n"


def _sheet(sheet: Worksheet, values: Worksheet, most: int) -> Iterator[str]:
    facts = [
        f"table {name} {table.ref}" if not isinstance(table, str) else f"table {name} {table}"
        for name, table in sheet.tables.items()
    ]
    facts += ["protected"] if sheet.protection.sheet else []
    facts += [f"frozen at {sheet.freeze_panes}"] if sheet.freeze_panes else []
    facts += [f"{len(sheet._charts)} charts"] if sheet._charts else []
    yield f"== {' · '.join([sheet.title, *facts])}"
    yield f"print: {sheet.page_setup.orientation}, paper {sheet.page_setup.paperSize}, {sheet.print_title_rows or 'no heading row'}, {_footer(sheet)}"
    yield from _rules(sheet)
    first, last = _table_rows(sheet)
    for number, row in enumerate(sheet.iter_rows(), 1):
        said = [_cell(cell, values[cell.coordinate].value, locks=bool(sheet.protection.sheet)) for cell in row]
        if not any(said):
            continue
        if first and first + most < number <= last:
            if number == last:
                yield f"… {last - first - most} more rows"
        else:
            yield f"{number}: {' | '.join(said).rstrip(' |')}"


def _footer(sheet: Worksheet) -> str:
    footer = sheet.oddFooter
    return f"footer “{footer.left.text}” “{footer.center.text}” “{footer.right.text}”"


def _rules(sheet: Worksheet) -> Iterator[str]:
    for rule in sheet.data_validations.dataValidation:
        if rule.type and rule.type != "none":
            style = rule.errorStyle or "stop"
            yield f"input {rule.sqref}: {rule.type} {rule.formula1} ({style})"


def _table_rows(sheet: Worksheet) -> tuple[int, int]:
    for table in sheet.tables.values():
        cells = sheet[table.ref]
        return cells[0][0].row, cells[-1][0].row
    return 0, 0


def _cell(cell: Cell, value: object, *, locks: bool) -> str:
    """Text in the short; a formula with the value it has; ``[…]`` round what may be typed over on a protected sheet; ``→`` before a link's target."""
    if cell.data_type == "f":
        text = f"{cell.value} ⇒ {'' if value is None else value}"
    else:
        text = "" if value is None else str(value).removesuffix(" 00:00:00")
    text = text.replace("\n", " ⏎ ")
    text = text if len(text) <= WIDEST or cell.data_type == "f" else text[: WIDEST - 1] + "…"
    if cell.hyperlink:
        text += f" → {cell.hyperlink.location or cell.hyperlink.target}"
    return f"[{text}]" if locks and not cell.protection.locked else text


def golden(name: str, text: str) -> str:
    """The text kept under ``name``; with WORKBENCH_GOLDEN=write it is ``text`` from now on."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("WORKBENCH_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.write(describe(Path(sys.argv[1])))

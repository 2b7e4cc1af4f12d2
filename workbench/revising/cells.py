"""What the cells of a workbook hold that is open for editing, as values of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count

from workbench.editing import Formula, Workbook, letters
from workbench.frameworks.ids import CellValue
from workbench.interpretation import text_of
from workbench.sheets import fold_heading

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  Excel knows no time zones
_LATER = 1462
"""Days from that epoch to the other that Excel has, of 1904."""


def filled(book: Workbook, sheet: str) -> Iterator[tuple[int, dict[int, CellValue]]]:
    """Row → column → what the cell holds, of the rows and cells that hold something."""
    cells = book.sheet(sheet)
    for row in cells.rows:
        refs = {cell.column: f"{letters(cell.column)}{row.number}" for cell in cells.rows.cells(row) if not cell.is_empty}
        values = ((column, value(book, sheet, ref)) for column, ref in refs.items())
        held: dict[int, CellValue] = {column: said for column, said in values if said is not None and said != ""}
        if held:
            yield row.number, held


def value(book: Workbook, sheet: str, ref: str) -> CellValue:
    """What a cell holds: a formula is what it last came to, a number that shows a day is a day."""
    held = book.value(sheet, ref)
    if isinstance(held, Formula):
        held = held.value
    if isinstance(held, float) and book.styles.is_date(book.sheet(sheet).style(ref)):
        moment = _EPOCH + dt.timedelta(days=held + (_LATER if book.date1904 else 0))
        return moment if held % 1 else moment.date()
    return int(held) if isinstance(held, float) and held.is_integer() else held


def added_headings(row: Mapping[int, object], columns: Iterable[int], taken: Iterable[str], blank: str) -> dict[int, str]:
    """Column → heading of what people added to a sheet of ours: its own in ``row``, different from ``taken`` (as folded) and from each other; ``blank`` where it has none."""
    known, found = set(taken), {}
    for column in sorted(columns):
        base = " ".join(text_of(row.get(column)).split()) or blank
        names = chain((base,), (f"{base} ({number})" for number in count(2)))
        found[column] = next(one for one in names if fold_heading(one) not in known)
        known.add(fold_heading(found[column]))
    return found

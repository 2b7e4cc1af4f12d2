"""From the cells of a sheet and what was recognized to a ``Table``, the sheet's report and its oddities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from workbench.frameworks.ids import CellValue
from workbench.model import Kind, Layout, Oddity, SheetReport, Table, TableColumn
from workbench.reading.cells import Cells
from workbench.reading.facts import letter
from workbench.reading.layouts import Found, Unread
from workbench.reading.recognized import Sheet, span_of
from workbench.sheets import BY_NAME, SUGGESTIONS

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST = 32_767
"""Characters an Excel cell holds."""
_SPREADING = frozenset({"soc2", "iso", "target", "cell", "requirements"})
"""Fields over which a value merged across columns is meant for each of them."""


def build(sheet: Sheet) -> Table:
    """The table of a recognized sheet."""
    found, cells = _recognized(sheet), sheet.cells
    columns = tuple(
        TableColumn(
            entry.name or f"cell:{letter(cells.left + entry.at)}",
            entry.field,
            letter(cells.left + entry.at),
            entry.heading,
            entry.framework,
        )
        for entry in found.columns
    )
    values, filled = _values(sheet, found)
    frame = _frame(values, [column.name for column in columns], [cells.top + row for row in found.rows])
    unread = tuple((letter(cells.left + at), heading) for at, heading in found.unread)
    return Table(
        cells.name, found.declaration, found.layout, cells.top + found.head, columns, frame, _formats(sheet, found, columns, values), unread,
        frozenset((cells.top + row, columns[at].name) for row, at in filled),
    )  # fmt: skip


def _recognized(sheet: Sheet) -> Found:
    if isinstance(sheet.found, Unread):
        raise TypeError(f"{sheet.cells.name} was not recognized")
    return sheet.found


def _frame(values: Sequence[Sequence[CellValue]], names: Sequence[str], index: Sequence[int]) -> pd.DataFrame:
    block = np.empty((len(index), len(names)), dtype=object)
    for at, column in enumerate(values):
        block[:, at] = column
    return pd.DataFrame(block, index=np.array(index, dtype=np.int64), columns=list(names), dtype=object, copy=False)


def _values(sheet: Sheet, found: Found) -> tuple[list[list[CellValue]], set[tuple[int, int]]]:
    """The cells column by column, and (row, position of the column) of those that were filled from a merged range or from above."""
    rows = sheet.rows
    values = [[rows[row][entry.at] for row in found.rows] for entry in found.columns]
    positions = {entry.at: at for at, entry in enumerate(found.columns)}
    filled = {(row, positions[column]) for row, column in sheet.filled if column in positions}
    places = {row: at for at, row in enumerate(found.rows)}
    filled = {(row, at) for row, at in filled if row in places}
    for first, left, last, right in (span_of(sheet.cells, merge) for merge in sheet.cells.facts.merges):
        if right > left and 0 <= first < len(rows) and 0 <= left < len(rows[0]) and rows[first][left] is not None:
            inside = [
                positions[at]
                for at in range(max(left, 0), right + 1)
                if at in positions and found.columns[positions[at]].field in _SPREADING
            ]
            for row in range(first, last + 1):
                for at in inside:
                    if row in places and values[at][places[row]] is None and left in positions and positions[left] in inside:
                        values[at][places[row]] = rows[first][left]
                        filled.add((row, at))
    _uncalculated(sheet, found, values, places)
    if found.fill >= 0:
        filled |= _fill_source(values[positions[found.fill]], found, positions)
    return values, filled


def _uncalculated(sheet: Sheet, found: Found, values: list[list[CellValue]], places: dict[int, int]) -> None:
    """A formula in an id column whose stored result is 0 was never calculated: programs store 0 until Excel does."""
    positions = {entry.at: at for at, entry in enumerate(found.columns)}
    for row, column in sheet.cells.facts.zero_formulas:
        at = positions.get(column - sheet.cells.left, -1)
        place = places.get(row - sheet.cells.top, -1)
        if at >= 0 and place >= 0 and _is_id(found, at):
            values[at][place] = None


def _is_id(found: Found, at: int) -> bool:
    entry = found.columns[at]
    if entry.framework or found.layout is Layout.GRID:
        return True
    kinds = {column.field: column.kind for column in BY_NAME[found.declaration].columns}
    return kinds.get(entry.field) in {Kind.ID, Kind.REQUIREMENTS}


def _fill_source(source: list[CellValue], found: Found, positions: dict[int, int]) -> set[tuple[int, int]]:
    filled = set()
    for place in range(1, len(source)):
        if source[place] is None and source[place - 1] is not None:
            source[place] = source[place - 1]
            filled.add((found.rows[place], positions[found.fill]))
    return filled


def _formats(
    sheet: Sheet, found: Found, columns: Sequence[TableColumn], values: Sequence[Sequence[CellValue]]
) -> dict[tuple[int, str], str]:
    """Number formats of the cells of requirement columns that hold numbers or dates."""
    formats: dict[tuple[int, str], str] = {}
    for at, column in enumerate(columns):
        if not _is_id(found, at) or column.field == "cell":
            continue
        numeric = [
            sheet.cells.top + row
            for row, value in zip(found.rows, values[at], strict=True)
            if not isinstance(value, (str, bool, type(None)))
        ]
        if numeric:
            known = sheet.cells.formats(sheet.cells.left + found.columns[at].at)
            formats |= {(row, column.name): known[row] for row in numeric if row in known}
    return formats


# --- what is said of it -----------------------------------------------------------------------------------------------------------------


def report(sheet: Sheet) -> SheetReport:
    """What became of a recognized sheet."""
    found, cells = sheet.found, sheet.cells
    if isinstance(found, Unread):
        row = cells.top + found.head if found.head >= 0 else 0
        return SheetReport(cells.name, None, "", row, 0, found.because, cells.state, found.headings)
    return SheetReport(
        cells.name, found.layout, found.declaration, cells.top + found.head, len(found.rows), _because(sheet, found), cells.state,
        () if found.declaration == SUGGESTIONS.name else tuple(heading for _, heading in found.unread),
    )  # fmt: skip


def _because(sheet: Sheet, found: Found) -> str:
    by = {entry.at: entry for entry in found.columns}
    row = sheet.cells.top + found.head
    if found.layout is Layout.GRID:
        source, first, last = (by[at] for at in found.because)
        words = (
            f"ids {first.heading} to {last.heading} across row {row} and ids down column {letter(sheet.cells.left + source.at)}"
        )
    else:
        names = [by[at].heading or f"(column {letter(sheet.cells.left + at)})" for at in found.because]
        joined = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        words = f"heading{'s' if len(names) > 1 else ''} {joined} in row {row}"
    if found.fill >= 0:
        words += f"; blank cells in column {letter(sheet.cells.left + found.fill)} repeat the one above"
    if found.below >= 0:
        words += f"; another table from row {sheet.cells.top + found.below} is not read"
    for at in found.beside:
        words += f"; another table from column {letter(sheet.cells.left + at)} is not read"
    return words


def oddities(sheet: Sheet, table: Table) -> Iterator[Oddity]:
    """What is odd about the cells of a table, and about its sheet."""
    found, cells = _recognized(sheet), sheet.cells
    for remark in found.remarks:
        yield Oddity(remark.kind, cells.name, sheet.address(found.head, remark.at), remark.detail)
    if not found.rows:
        yield Oddity("no rows", cells.name, sheet.address(found.head, found.columns[0].at))
    yield from _hidden(sheet, found)
    yield from _merged(sheet, found)
    yield from _special_cells(sheet, found)
    yield from _odd_texts(cells, table)


def _hidden(sheet: Sheet, found: Found) -> Iterator[Oddity]:
    cells = sheet.cells
    rows = [cells.top + row for row in found.rows if cells.top + row in cells.facts.hidden_rows]
    if rows:
        words = f"{len(rows)} rows are hidden: {_runs(rows)}" if len(rows) > 1 else f"row {rows[0]} is hidden"
        yield Oddity("hidden rows", cells.name, f"A{rows[0]}", words)
    columns = [cells.left + at for at in sorted(_area(found)) if cells.left + at in cells.facts.hidden_columns]
    if columns and found.declaration != SUGGESTIONS.name:  # the program folded them away itself
        names = ", ".join(map(letter, columns))
        words = f"columns {names} are hidden" if len(columns) > 1 else f"column {names} is hidden"
        yield Oddity("hidden columns", cells.name, f"{letter(columns[0])}{cells.top + found.head}", words)


def _runs(rows: Sequence[int]) -> str:
    """``5, 7-9``."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    said = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return ", ".join(said[:10]) + (" and more" if len(said) > 10 else "")


def _area(found: Found) -> set[int]:
    return {entry.at for entry in found.columns} | {at for at, _ in found.unread}


def _merged(sheet: Sheet, found: Found) -> Iterator[Oddity]:
    """Merged ranges that hide what a row says: down over several rows of a recognized column, or across several of them."""
    recognized = {entry.at for entry in found.columns}
    kept = set(found.rows)
    for merge in sheet.cells.facts.merges:
        first, left, last, right = span_of(sheet.cells, merge)
        inside = recognized & set(range(left, right + 1))
        rows = kept & set(range(first, last + 1))
        if not inside or first <= found.head or not rows or first >= len(sheet.rows):
            continue
        band = len([at for at in recognized if sheet.rows[first][at] is not None]) <= 1
        if len(rows) > 1 or (len(inside) > 1 and not band):
            yield Oddity("merged", sheet.cells.name, f"{sheet.address(first, left)}:{sheet.address(last, right)}")


def _special_cells(sheet: Sheet, found: Found) -> Iterator[Oddity]:
    """Error cells and formulas without a result, in the table's area."""
    cells = sheet.cells
    area = {cells.left + at for at in _area(found)}
    rows = {cells.top + row for row in found.rows}
    last = max(rows, default=0)
    within = {place for place in cells.facts.uncached if place[1] in area and cells.top + found.head < place[0] <= last}
    ids = {cells.left + entry.at for at, entry in enumerate(found.columns) if _is_id(found, at)}
    zeros = {place for place in cells.facts.zero_formulas if place[1] in ids and place[0] in rows}
    for row, column in sorted(within | zeros):
        yield Oddity("formula without value", cells.name, f"{letter(column)}{row}")
    for (row, column), words in sorted(cells.facts.errors.items()):
        if column in area and row in rows:
            yield Oddity("error value", cells.name, f"{letter(column)}{row}", words)


def _odd_texts(cells: Cells, table: Table) -> Iterator[Oddity]:
    """Texts with control characters, and texts as long as a cell can be."""
    index = table.frame.index.tolist()
    for column in table.columns:
        values = table.frame[column.name].tolist()
        texts = [value for value in values if type(value) is str]
        long = max(map(len, texts), default=0) >= _LONGEST
        odd = cells.control_characters and _CONTROL.search("\n".join(texts))
        if not (long or odd):
            continue
        for row, value in zip(index, values, strict=True):
            if isinstance(value, str) and len(value) >= _LONGEST:
                yield Oddity("long text", cells.name, f"{column.letter}{row}", f"{len(value):,} characters")
            if isinstance(value, str) and _CONTROL.search(value):
                found = ", ".join(sorted({f"U+{ord(char):04X}" for char in _CONTROL.findall(value)}))
                yield Oddity("control character", cells.name, f"{column.letter}{row}", found)

"""The totals row of a table, moved down so that rows find room above it.

It is the one thing that is ever moved: where anything else stands in the way, or looks at its cells by their place, the answer is no.
"""

from __future__ import annotations

import re

from workbench.editing import book, dependents
from workbench.editing.package import Package
from workbench.editing.places import Area, areas
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import first
from workbench.editing.rows import Row
from workbench.editing.sheet import Sheet
from workbench.editing.tables import SheetTable, names_cells
from workbench.editing.xml import Splices, parse, unescaped

_SPREAD = re.compile(rb"""<(?:[\w.-]+:)?f\s[^>]*\st\s*=""")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^>]*)?>([^<]*)<")
_R = re.compile(rb"""(\sr\s*=\s*["'][A-Za-z]*)[0-9]+(["'])""")


def move_totals(package: Package, sheet: Sheet, table: SheetTable, by: int) -> None:
    """The totals row of ``table`` stands ``by`` rows lower. The table itself is not touched.

    Raises:
        EditRefused: that is not safe, in words that say why.
    """
    row = sheet.rows.get(table.area.bottom)
    if row is None:
        return
    _refuse(package, sheet, table, row, by)
    splices = Splices(sheet.data)
    moved = _moved(sheet, row, row.number + by)
    splices.replace(row.start, row.end, b"")
    splices.insert(sheet.rows.following(row.number + 1), moved)
    package.splice(sheet.part, splices.done())
    if b"f" in moved:
        book.drop_calc_chain(package)
    sheet.refresh()


def _refuse(package: Package, sheet: Sheet, table: SheetTable, row: Row, by: int) -> None:
    where = table.area
    cells = sheet.rows.cells(row)
    totals = Area(where.bottom, where.left, where.bottom, where.right)
    problem = ""
    if any(not cell.is_empty and not where.left <= cell.column <= where.right for cell in cells):
        problem = "other cells stand in that row"
    elif any(sheet.rows.get(number) for number in range(row.number + 1, row.number + by + 1)):
        problem = "something stands below it"
    elif any(merge.top <= row.number <= merge.bottom for merge in sheet.merges) or _SPREAD.search(sheet.data, row.start, row.end):
        problem = "it has merged cells or a formula over several cells"
    elif any(names_cells(unescaped(text.decode())) for text in _FORMULA.findall(sheet.data, row.start, row.end)):
        problem = "its own formulas name cells by their place"
    elif _is_held(package, sheet, row.number):
        problem = "a note, a link, a validation or a format is bound to its cells"
    elif dependents.point(package, {sheet.title: [totals]}):
        problem = "a formula looks at its cells by their place"
    if problem:
        raise EditRefused(
            f"table {table.name} has a totals row that cannot be moved to make room, since {problem}; switch it off in Excel, and on again afterwards"
        )


def _is_held(package: Package, sheet: Sheet, number: int) -> bool:
    """Whether something outside of the cells is said of cells in that row, which would stay behind: notes and links, or formats that begin there."""
    found = first(package, sheet.part, "comments")
    notes = parse(package.read(found.target), found.target).walk("comment") if found and package.find(found.target) else ()
    root = sheet.outline.root
    pinned = [one.get("ref") or "" for one in (*notes, *root.walk("hyperlink"))]
    ranges = [one.get("sqref") or "" for kind in ("conditionalFormatting", "dataValidation") for one in root.walk(kind)]
    ranges += [
        one.text
        for kind in ("conditionalFormatting", "dataValidation")
        for parent in root.walk(kind)
        for one in parent.all("sqref")
    ]
    return any(one.top <= number <= one.bottom for ref in pinned for one in areas(ref)) or any(
        one.top == number for ref in ranges for one in areas(ref)
    )


def _moved(sheet: Sheet, row: Row, number: int) -> bytes:
    """The row's bytes with another number in it and its cells."""
    pieces, at = [], row.start
    tags = [(row.start, row.opened), *((cell.start, cell.opened) for cell in sheet.rows.cells(row))]
    for start, opened in tags:
        pieces += [sheet.data[at:start], _R.sub(rb"\g<1>%d\g<2>" % number, sheet.data[start:opened], count=1)]
        at = opened
    return b"".join((*pieces, sheet.data[at : row.end]))

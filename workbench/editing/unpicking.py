"""What an edit did to the looks of cells, taken out of a sheet that somebody has edited since.

``unpicked`` and ``tightened`` go by what the sheet was before, byte for byte; ``relooked`` goes by the looks alone, wherever the cells have been moved to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from workbench.editing.outline import Outline, outline
from workbench.editing.places import Area, area
from workbench.editing.rows import Cell, Row, Rows
from workbench.editing.sheet import Sheet
from workbench.editing.xml import Element, Splice, Splices, attributes_of

_FORMAT = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_PLAIN_ROW = {"r", "spans", "x14ac:dyDescent"}
"""What a row says that holds nothing and looks like any other."""


def unpicked(original: bytes, left: bytes, now: bytes, part: str) -> list[Splice]:
    """Splices of ``now`` that give every row and cell back its bytes in ``original`` which is as in ``left``, what the edit made of it; the others stay.

    Rows and cells go by their place, so these must be versions of one sheet in which none was moved.

    Raises:
        WorkbookRefused: one of them is no worksheet, or damaged.
    """
    versions = _Version(original, part), _Version(left, part), _Version(now, part)
    return [splice for row in versions[1].rows for splice in _row(*versions, row)]


def tightened(original: bytes, left: bytes, now: bytes, part: str) -> list[Splice]:
    """Splices of ``now`` that take back how far the edit widened what the sheet and its rows say that they use, as far as nobody has used it since.

    Raises:
        WorkbookRefused: one of them is no worksheet, or damaged.
    """
    before, edited, after = _Version(original, part), _Version(left, part), _Version(now, part)
    new = {row.number: columns for row in after.rows if (columns := _new_cells(before, after, row))}
    splices = Splices(now)
    for row in edited.rows:
        old, found = before.rows.get(row.number), after.rows.get(row.number)
        if old and found and before.tag(old) != edited.tag(row):
            _tighten_row(splices, before.tag(old), edited.tag(row), found, new.get(row.number, []))
    _tighten_sheet(splices, before, edited, after, new)
    return splices.done()


def _new_cells(before: _Version, after: _Version, row: Row) -> list[int]:
    """The columns of the cells that the row did not have."""
    old = before.rows.get(row.number)
    return [] if after.text(row) == before.text(old) else sorted(after.cells(row).keys() - before.cells(old).keys())


def _tighten_row(splices: Splices, old: bytes, edited: bytes, row: Row, new: list[int]) -> None:
    tag = splices.data[row.start : row.opened]
    if tag == edited and not new and old.endswith(b"/>") == tag.endswith(b"/>"):
        splices.replace(row.start, row.opened, old)
        return
    first, colon, last = attributes_of(old).get("spans", "").partition(":")
    if colon and first.isdigit() and last.isdigit() and attributes_of(tag).get("spans") == attributes_of(edited).get("spans"):
        splices.tag_attribute(row.start, row.opened, "spans", f"{min([int(first), *new])}:{max([int(last), *new])}")


def _tighten_sheet(splices: Splices, before: _Version, edited: _Version, after: _Version, new: Mapping[int, list[int]]) -> None:
    old, found = before.dimension, after.dimension
    if old is None or found is None or edited.text(edited.dimension) == before.text(old):
        return
    columns = [column for row in new.values() for column in (row[0], row[-1])]
    wanted, widened, said = (_around(one, new, columns) for one in (old, edited.dimension, found))
    if said != widened:
        return
    if wanted == _around(old, (), ()):
        splices.replace(found.start, found.end, before.text(old))
    else:
        splices.attribute(found, "ref", str(wanted))


def _around(dimension: Element | None, rows: Iterable[int], columns: Iterable[int]) -> Area | None:
    """The range that a sheet says it uses, wide enough for these rows and columns too; None where it says none."""
    said = area(dimension.attributes.get("ref", "")) if dimension else None
    if said is None:
        return None
    rows, columns = [*rows, said.top, said.bottom], [*columns, said.left, said.right]
    return Area(min(rows), min(columns), max(rows), max(columns))


class _Version:
    """A worksheet's bytes and what stands where in them."""

    def __init__(self, data: bytes, part: str) -> None:
        self.data = data
        self.outline: Outline = outline(data, part)
        self.rows = Rows(data, self.outline, part)

    def text(self, found: Row | Cell | Element | None) -> bytes:
        return self.data[found.start : found.end] if found else b""

    def tag(self, found: Row) -> bytes:
        return self.data[found.start : found.opened]

    def cells(self, row: Row | None) -> dict[int, Cell]:
        return {cell.column: cell for cell in self.rows.cells(row)} if row else {}

    @property
    def dimension(self) -> Element | None:
        return self.outline.root.child("dimension")


def _row(original: _Version, left: _Version, now: _Version, edited: Row) -> Iterator[Splice]:
    before, after = original.rows.get(edited.number), now.rows.get(edited.number)
    if after is None or left.text(edited) == original.text(before):
        return
    if now.text(after) == left.text(edited):
        yield Splice(after.start, now.text(after), original.text(before))
        return
    own, now_cells = original.cells(before), now.cells(after)
    for column, cell in left.cells(edited).items():
        found = now_cells.get(column)
        if found and now.text(found) == left.text(cell) != original.text(own.get(column)):
            yield Splice(found.start, now.text(found), original.text(own.get(column)))


# --- other looks -----------------------------------------------------------------------------------------------------


def relooked(sheet: Sheet, look: Callable[[int], int | None]) -> tuple[list[Splice], int]:
    """Splices that give cells another format, and how many cells get one: the format that ``look`` says for the one that they have, None for none.

    A blank cell that then looks as it would if it were not there goes, and so does a row of which nothing is left.
    """
    looks = {int(number): look(int(number)) for number in set(_FORMAT.findall(sheet.data))}
    wanted = {number: new for number, new in looks.items() if new is not None}
    if not wanted:
        return [], 0
    writing = _Relooking(sheet, wanted)
    any_of = re.compile(rb"""\ss\s*=\s*["'](?:""" + b"|".join(b"%d" % number for number in wanted) + rb""")["']""")
    for row in sheet.rows:
        if any_of.search(sheet.data, row.opened, row.closing):
            writing.row(row)
    return writing.splices.done(), writing.count


class _Relooking:
    def __init__(self, sheet: Sheet, looks: Mapping[int, int]) -> None:
        self._sheet, self._looks = sheet, looks
        self.splices = Splices(sheet.data)
        self.count = 0

    def row(self, row: Row) -> None:
        cells = self._sheet.rows.cells(row)
        placed = all(cell.has_ref for cell in cells)  # else the place of a cell is that behind the one before
        gone = []
        for cell in cells:
            new = self._looks.get(self._format(cell))
            self.count += new is not None
            if placed and cell.is_empty and new == (self._sheet.inherited(row, cell.column) or 0):
                gone.append(cell)
            elif new is not None:
                self.splices.tag_attribute(cell.start, cell.opened, "s", str(new) if new else None)
        if gone == cells and attributes_of(self._sheet.data[row.start : row.opened]).keys() <= _PLAIN_ROW:
            self.splices.replace(row.start, row.end, b"")
            return
        for cell in gone:
            self.splices.replace(cell.start, cell.end, b"")

    def _format(self, cell: Cell) -> int:
        said = attributes_of(self._sheet.data[cell.start : cell.opened]).get("s", "0")
        return int(said) if said.isdigit() else 0

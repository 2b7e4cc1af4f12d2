"""What an edit did to the looks of cells, taken out of a sheet that somebody has edited since.

``unpicked`` goes by what the sheet was before, byte for byte; ``relooked`` goes by the looks alone, wherever the cells have been moved to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from workbench.editing.outline import Outline, outline
from workbench.editing.rows import Cell, Row, Rows
from workbench.editing.sheet import Sheet
from workbench.editing.xml import Splice, Splices, attributes_of

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
    found = [*_dimension(*versions), *(splice for row in versions[1].rows for splice in _row(*versions, row))]
    return sorted(found, key=lambda splice: splice.start)


class _Version:
    """A worksheet's bytes and what stands where in them."""

    def __init__(self, data: bytes, part: str) -> None:
        self.data = data
        self.outline: Outline = outline(data, part)
        self.rows = Rows(data, self.outline, part)

    def text(self, found: Row | Cell | None) -> bytes:
        return self.data[found.start : found.end] if found else b""

    def tag(self, found: Row) -> bytes:
        return self.data[found.start : found.opened]

    def cells(self, row: Row | None) -> dict[int, Cell]:
        return {cell.column: cell for cell in self.rows.cells(row)} if row else {}

    @property
    def dimension(self) -> tuple[int, bytes]:
        found = self.outline.root.child("dimension")
        return (found.start, self.data[found.start : found.end]) if found else (0, b"")


def _dimension(original: _Version, left: _Version, now: _Version) -> Iterator[Splice]:
    (_, before), (_, edited), (at, after) = original.dimension, left.dimension, now.dimension
    if before and after == edited != before:
        yield Splice(at, after, before)


def _row(original: _Version, left: _Version, now: _Version, edited: Row) -> Iterator[Splice]:
    before, after = original.rows.get(edited.number), now.rows.get(edited.number)
    if after is None or left.text(edited) == original.text(before):
        return
    if now.text(after) == left.text(edited):
        yield Splice(after.start, now.text(after), original.text(before))
        return
    if before and before.is_closed == after.is_closed and now.tag(after) == left.tag(edited):
        yield Splice(after.start, now.tag(after), original.tag(before))
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

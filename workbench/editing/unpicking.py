"""What an edit did to the looks of cells, taken out of a sheet that somebody has edited since: cell by cell, where it stands as the edit left it."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.editing.outline import Outline, outline
from workbench.editing.rows import Cell, Row, Rows
from workbench.editing.xml import Splice


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

"""A sheet and what it was recognized as. Loads no pandas: comparing workbooks and git's view of one begin here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.frameworks.ids import CellValue
from workbench.model import Layout
from workbench.reading.cells import Cells
from workbench.reading.facts import Range, letter
from workbench.reading.heads import Span
from workbench.reading.layouts import Found, Unread, recognize


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and what it was recognized as. ``rows`` are the cells with merged ranges filled down; ``filled`` are the cells so filled."""

    cells: Cells
    rows: Sequence[Sequence[CellValue]]
    filled: frozenset[tuple[int, int]]
    found: Found | Unread

    def address(self, row: int, column: int) -> str:
        """The A1 reference of indices into the rows."""
        return f"{letter(self.cells.left + column)}{self.cells.top + row}"


def recognize_sheet(cells: Cells, force: Layout | None = None, *, called: str = "") -> Sheet:
    """The sheet with its layout decided; ``called`` is what it is, where that is known better than its tab says."""
    spans = [span_of(cells, merge) for merge in cells.facts.merges]
    rows, filled = _filled_down(cells.rows, spans)
    return Sheet(cells, rows, filled, recognize(called or cells.name, rows, spans, force=force))


def span_of(cells: Cells, merge: Range) -> Span:
    """A merged range in indices of the rows."""
    first, left, last, right = merge
    return first - cells.top, left - cells.left, last - cells.top, right - cells.left


def _filled_down(
    rows: Sequence[Sequence[CellValue]], spans: Iterable[Span]
) -> tuple[Sequence[Sequence[CellValue]], frozenset[tuple[int, int]]]:
    tall = [span for span in spans if span[2] > span[0] and 0 <= span[0] < len(rows) and 0 <= span[1] < len(rows[0])]
    if not tall:
        return rows, frozenset()
    copy = [list(row) for row in rows]
    filled = set()
    for first, column, last, _ in tall:
        for row in range(first + 1, min(last + 1, len(rows))):
            if copy[row][column] is None and copy[first][column] is not None:
                copy[row][column] = copy[first][column]
                filled.add((row, column))
    return copy, frozenset(filled)

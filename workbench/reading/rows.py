"""One sheet cell by cell, whatever it is read as."""

from __future__ import annotations

from pathlib import Path

from workbench.frameworks.ids import CellValue
from workbench.reading.cells import read_cells
from workbench.reading.preflight import inspect
from workbench.settings import Limits


def read_rows(path: Path, sheet: str, limits: Limits) -> dict[int, dict[int, CellValue]]:
    """Row → column → value (both from 1) of all cells of a sheet that hold something; {} where there is no such sheet.

    Raises:
        InputRefused: as ``read_book``.
    """
    found: dict[int, dict[int, CellValue]] = {}
    for cells in read_cells(inspect(path, limits), limits):
        if cells.name == sheet:
            for number, row in enumerate(cells.rows, cells.top):
                held: dict[int, CellValue] = {column: value for column, value in enumerate(row, cells.left) if value is not None}
                if held:
                    found[number] = held
    return found

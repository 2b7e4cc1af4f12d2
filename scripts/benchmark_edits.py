"""The single jobs that ``scripts/benchmark.py`` times: two edits by the lossless editor, and what others do with the same files.

usage: benchmark_edits.py JOB FILE… TARGET, where JOB is one of ``JOBS``.
"""

# ruff: noqa: PLC0415  each job pays for its own imports
from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def cell(source: str, target: str) -> None:
    """One cell of a large sheet gets another text."""
    from workbench.editing import open_workbook

    book = open_workbook(source)
    book.set_cell("Controls", "D17", "Reviewed")
    book.save(target, force=True)


def column(source: str, target: str) -> None:
    """Every row gets one cell more."""
    from workbench.editing import open_workbook

    book = open_workbook(source)
    book.append_column("Controls", "Reviewed", {row: f"by {row % 7}" for row in range(1, 50_001)})
    book.save(target, force=True)


def read(source: str, target: str) -> None:
    """python-calamine reads the sheet, and the file is copied."""
    from python_calamine import CalamineWorkbook

    CalamineWorkbook.from_path(source).get_sheet_by_name("Controls").to_python()
    shutil.copy(source, target)


def compare(old: str, new: str, _target: str) -> None:
    """What a script of an afternoon does for a difference: pandas reads both and compares what has the same id."""
    import pandas as pd

    before, after = (pd.read_excel(path, index_col=0) for path in (old, new))
    both = before.index.intersection(after.index)
    before.loc[both].compare(after.loc[both])


def join(base: str, ours: str, theirs: str, target: str) -> None:
    """What it does for a merge: pandas takes the cells that they changed, and openpyxl writes a sheet without looks."""
    import pandas as pd

    before, mine, other = (pd.read_excel(path, index_col=0) for path in (base, ours, theirs))
    merged = mine.reindex(mine.index.union(other.index, sort=False))
    changed = other.ne(before.reindex(other.index)) & other.notna()
    merged = merged.mask(changed.reindex(merged.index, fill_value=False), other.reindex(merged.index))
    merged.to_excel(target)


JOBS: dict[str, Callable[..., None]] = {job.__name__: job for job in (cell, column, read, compare, join)}


def main(arguments: Sequence[str]) -> None:
    """Do one job."""
    JOBS[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    main(sys.argv[1:])

"""The only opener of users' files: preflight, then typed tables that remember their cells."""

from __future__ import annotations

from pathlib import Path

from workbench.model import Book
from workbench.settings import Settings


def read_book(path: Path, settings: Settings, *, only: tuple[str, ...] = ()) -> Book:
    """The workbook at ``path`` (xlsx, xlsm; csv, tsv, xls, xlsb, ods too) as tables.

    ``only`` names the sheets to read; otherwise every sheet that looks like a declared one is.

    Raises:
        InputRefused: not a workbook (says what it is), encrypted, damaged, over a limit, empty, or no sheet that can be read
            (names the headings that were found and the nearest declared ones).
    """
    raise NotImplementedError

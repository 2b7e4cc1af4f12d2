"""A user's own workbook, open for editing: which kinds can be, and refusals in the words of the commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.editing import SaveFailed, Workbook, WorkbookRefused, open_workbook
from workbench.model import InputRefused, OutputError

EDITABLE = (".xlsx", ".xlsm")


def open_own(path: Path) -> Workbook:
    """The workbook at ``path``, to be edited without losing anything.

    Raises:
        InputRefused: it is of a kind that is read but never changed, or cannot be edited safely.
    """
    if path.suffix.lower() not in EDITABLE:
        raise InputRefused(f"{path.name}: only .xlsx and .xlsm workbooks are changed; save it as an Excel workbook (.xlsx) first")
    with in_our_words(path):
        return open_workbook(path)


@contextmanager
def in_our_words(path: Path) -> Iterator[None]:
    """Whatever the editor refuses is a refusal of the input, or of the output where it could not be written.

    Raises:
        InputRefused: an edit is refused.
        OutputError: the result could not be written; what stood there is whole.
    """
    try:
        yield
    except SaveFailed as problem:
        raise OutputError(problem.reason) from problem
    except WorkbookRefused as problem:
        raise InputRefused(f"{path.name}: {problem.reason}" if path.name not in problem.reason else problem.reason) from problem

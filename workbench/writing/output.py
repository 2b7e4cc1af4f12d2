"""Declared workbook → bytes → one file, whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from workbench.editing.disk import replace_file
from workbench.model import OutputError
from workbench.writing.declarations import DataSheet, Workbook
from workbench.writing.pen import Pen, done, lists_sheet
from workbench.writing.summary import summary_sheet
from workbench.writing.tables import data_sheet

_TABLE_NAME = re.compile(r"tbl[A-Za-z0-9_]{1,200}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written. ``remarks``: ``sheet!cell: what was not written as it was given``, empty for nearly every workbook."""

    path: Path
    size: int
    sha256: str
    remarks: tuple[str, ...] = ()


def render(workbook: Workbook, *, as_of: dt.date) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the xlsx file and the remarks (see ``Written``). The same declaration and date give the same bytes.

    Raises:
        ValueError: two sheets or tables have one name, or a name is none that Excel accepts.
    """
    _check_names(workbook)
    pen = Pen(workbook, as_of)
    for sheet in workbook.sheets:
        if isinstance(sheet, DataSheet):
            data_sheet(pen, sheet)
        else:
            summary_sheet(pen, sheet)
    lists_sheet(pen)
    _properties(pen)
    return pen.book.pack(), tuple(pen.remarks)


def write_workbook(path: Path, workbook: Workbook, *, as_of: dt.date) -> Written:
    """Write ``workbook`` to ``path``; whatever stood there stays whole until the new file is complete.

    Raises:
        OutputError: the file cannot be written, or ``path`` is a link or no regular file. Nothing is left behind.
        ValueError: as ``render``.
    """
    content, remarks = render(workbook, as_of=as_of)
    write_bytes(path, content)
    return Written(path, len(content), hashlib.sha256(content).hexdigest(), remarks)


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``; whatever stood there stays whole until all of it is on disk.

    Raises:
        OutputError: the file cannot be written, or ``path`` is a link or no regular file. Nothing is left behind.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OutputError(f"{path} is a link or no regular file; nothing was written. Name another output.")
    try:
        replace_file(path, content)
    except OSError as problem:
        raise OutputError(f"{path} could not be written: {_why(problem)}") from problem


def safe_name(text: str) -> str:
    """``text`` as a file or folder name that every system takes."""
    name = "".join("-" if character in '<>:"/\\|?*' or not character.isprintable() else character for character in text)
    while len(name.encode()) > 150:
        name = name[:-1]
    name = name.lstrip(". ").rstrip(". ") or "workbook"
    return f"{name}_" if _RESERVED.fullmatch(name) else name


def _why(problem: OSError) -> str:
    if isinstance(problem, PermissionError):
        return "permission denied. Is it open in Excel? Close it, or write to another folder with --output."
    return f"{problem.strerror or problem}. Free some space or write to another folder with --output."


def _check_names(workbook: Workbook) -> None:
    names = [sheet.name for sheet in workbook.sheets]
    tables = [sheet.table for sheet in workbook.sheets if isinstance(sheet, DataSheet)]
    for kind, words in (("sheet", names), ("table", tables)):
        if len({word.casefold() for word in words}) < len(words):
            raise ValueError(f"two {kind}s of {workbook.title} have one name: {words}")
    for table in tables:
        if not _TABLE_NAME.fullmatch(table):
            raise ValueError(f"{table} is no table name; begin with tbl and use letters and digits")


def _properties(pen: Pen) -> None:
    declared = pen.declared
    pen.book.set_properties(
        {
            "title": declared.title,
            "subject": declared.subject,
            "author": "Mapping workbench",
            "company": declared.organization,
            "keywords": "SOC 2, ISO/IEC 27001, control mapping",
            "status": declared.state,
            "created": dt.datetime.combine(pen.as_of, dt.time()),
        }
    )
    custom = {"Version": declared.version, "State": declared.state, "Classification": declared.classification, **declared.custom}
    for name, value in custom.items():
        if value:
            done(pen.book.set_custom_property(name, value[:255], "text"), f"property {name}")

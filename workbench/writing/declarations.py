"""What a report declares: values, columns, sheets, one workbook. Nothing here knows XlsxWriter, and nothing does I/O."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from workbench import sheets
from workbench.model import Kind


class Look(StrEnum):
    """How the cells of a column look. Any cell may hold a ``Formula`` or ``Link`` instead of a plain value."""

    TEXT = "text"
    LONG = "long text"
    ID = "id"
    """Text format, so that 5.10 stays 5.10; never marked as a number stored as text."""
    DATE = "date"
    NUMBER = "number"
    SCORE = "score"
    PERCENT = "percent"
    MARK = "mark"
    """1 or 0, for formulas to count, shown as a dot or nothing much."""
    HEAT = "heat"
    """A number on a scale of blue; neighbouring columns of this look share one scale."""
    STATUS = "status"
    """Words of ``signed``: a sign, the word and a pale fill that follows the text when somebody edits it."""
    SEVERITY = "severity"
    DECISION = "decision"
    """Accept, Reject, Defer, without a sign, so that they can be typed; filled like a status."""
    PROPOSAL = "proposal"
    """What the program derived and nobody has said: grey italics, so that no reader takes it for the team's word."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula of our own and the value it has now. Its text never holds anything that came from data."""

    text: str
    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads somewhere: ``#Sheet!A1`` (see ``DataSheet.link``), http, https or mailto.

    Any other target, a file for example, is written as plain text: ``text``, and the target where they differ.
    """

    target: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A file that the same run wrote, by its path relative to the folder of this workbook, with forward slashes."""

    path: str
    text: str = ""


Cell = str | int | float | bool | dt.date | dt.datetime | Formula | Link | Neighbour | None
"""One value of a row. None and "" are blank; NaN and NaT are blank too; text is always text, whatever it begins with."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. ``width`` is in Excel's characters; long texts want 50–70.

    note: shown on the heading, and as the input message of an editable column.
    choices: a drop-down; strict unless ``open_choices``, which warns. In a status column they get their signs.
    editable: tinted, and unlocked where the sheet is protected; a formula in such a column stays locked.
    quiet: no tint and no input messages, for a sheet that is the user's own from the first cell to the last.
    outline: belongs to a group of columns that is folded away until somebody opens it.
    number_format: an Excel format instead of the look's own.
    """

    heading: str
    width: float = 16
    look: Look = Look.TEXT
    note: str = ""
    choices: tuple[str, ...] = ()
    open_choices: bool = False
    editable: bool = False
    quiet: bool = False
    outline: bool = False
    number_format: str = ""

    @classmethod
    def declared(cls, column: sheets.Column, *, editable: bool = True, quiet: bool = False, look: Look | None = None) -> Column:
        """The column of a project sheet as ``workbench.sheets`` declares it: heading, width, note, choices."""
        return cls(
            column.heading,
            column.width,
            look or _LOOKS.get(column.kind, Look.LONG if column.width >= 40 else Look.TEXT),
            column.note,
            tuple(str(choice) for choice in column.choices),
            column.open_choices,
            editable,
            quiet,
        )


_LOOKS = {Kind.ID: Look.ID, Kind.REQUIREMENTS: Look.ID, Kind.DATE: Look.DATE, Kind.NUMBER: Look.NUMBER}


@dataclass(frozen=True, slots=True, eq=False)
class DataSheet:
    """One sheet that is one Excel table: title in A1, introduction, link to the summary, headings, rows.

    name: the tab; at most 31 characters (``sheet_name`` makes one of any text).
    intro: what one row is and what to do with it; "" for none. It wraps over as many rows as it needs.
    table: the table's name in Excel, unique in the workbook: tblFindings.
    freeze: how many columns stay in view, usually the id and the title.
    protect: locked without a password, but for editable columns; filtering, sorting and column widths stay allowed.
    blank: empty rows that are part of the table, ready to be filled in. A table without rows always has one.
    hidden: not shown until somebody unhides it.
    """

    name: str
    title: str
    intro: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    table: str
    freeze: int = 1
    protect: bool = False
    blank: int = 0
    hidden: bool = False
    intro_lines: tuple[str, ...] = field(init=False)
    """The introduction, broken where the sheet's width ends."""

    def __post_init__(self) -> None:
        width = sum(column.width for column in self.columns if not column.outline)
        object.__setattr__(self, "intro_lines", _wrapped(self.intro, max(60, min(150, int(width * 1.05)))))

    @property
    def heading_row(self) -> int:
        """Excel's number of the row that holds the headings."""
        return 3 + len(self.intro_lines)

    @property
    def last_row(self) -> int:
        """Excel's number of the table's last row."""
        return self.heading_row + max(1, len(self.rows) + self.blank)

    def letter(self, heading: str) -> str:
        """The letter of the column with that heading; KeyError when there is none."""
        for number, column in enumerate(self.columns):
            if column.heading == heading:
                return column_letter(number)
        raise KeyError(heading)

    def range(self, heading: str) -> str:
        """All cells of a column, for a formula on any sheet: ``'ISO 27001'!$E$6:$E$98``."""
        letter = self.letter(heading)
        return f"{quoted(self.name)}!${letter}${self.heading_row + 1}:${letter}${self.last_row}"

    def cell(self, index: int, heading: str) -> str:
        """The cell of row ``index`` (from 0) in a column, for a formula on the same sheet: ``E6``."""
        return f"{self.letter(heading)}{self.heading_row + 1 + index}"

    def link(self, text: str = "", *, index: int | None = None) -> Link:
        """A link to the sheet, or to row ``index`` (from 0) of its table."""
        cell = "A1" if index is None else f"A{self.heading_row + 1 + index}"
        return Link(f"#{quoted(self.name)}!{cell}", text or self.name)


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of a summary: numerator, total, share (computed by the sheet), and what it counts. Without a total it is a count."""

    label: str
    numerator: int | Formula
    total: int | Formula | None = None
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal stacked bars, drawn from a small table that stands above them on the summary.

    series: names in the order they are stacked; a name that ``workbench.writing.look.BAR`` knows gets its colour (covered,
        partial, planned, none, not applicable, error, warning, note), others take blue, orange and greys in turn.
    rows: (category, one value per series); in a formula ``{category}`` stands for the cell that holds the category, so that no
        formula has to quote data. alt: the words for who cannot see it.
    """

    title: str
    unit: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | Formula, ...]], ...]
    alt: str


@dataclass(frozen=True, slots=True, eq=False)
class SummarySheet:
    """The sheet a workbook opens on; it prints on one page wide, without gridlines.

    sentence: what the workbook is, for whom, and what to do with it. facts: (label, value): input, SHA-256, date, version, state.
    paragraphs: (heading, text), for example the words ready for a mail. links: (link, what the sheet holds).
    one_page: printed on one page however small that makes it; else on as many as it takes, broken between its parts.
    """

    title: str
    sentence: str
    facts: tuple[tuple[str, Cell], ...] = ()
    headlines: tuple[Headline, ...] = ()
    paragraphs: tuple[tuple[str, str], ...] = ()
    charts: tuple[Chart, ...] = ()
    links: tuple[tuple[Link, str], ...] = ()
    name: str = "Summary"
    one_page: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Workbook:
    """One deliverable. ``state`` is "Draft" or "Approved"; ``custom`` are document properties of our own."""

    title: str
    subject: str
    sheets: tuple[SummarySheet | DataSheet, ...]
    organization: str = ""
    version: str = ""
    state: str = "Draft"
    classification: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)


@cache
def _wrapped(text: str, width: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, width))


def column_letter(number: int) -> str:
    """The letter of column ``number``, counted from 0: 0 → A, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def quoted(name: str) -> str:
    """A sheet name as formulas and links need it: in apostrophes, its own doubled."""
    return "'" + name.replace("'", "''") + "'"


def sheet_name(text: str, taken: Iterable[str] = ()) -> str:
    """A name that Excel accepts for a tab, made of any text, and none of ``taken`` (case does not count)."""
    used = {name.casefold() for name in taken} | {"history"}
    base = "".join("-" if character in "[]:*?/\\" or ord(character) < 32 else character for character in text)
    base = _short(" ".join(base.split()).strip("'"), 31).strip("' ") or "Sheet"
    name, number = base, 1
    while name.casefold() in used:
        number += 1
        name = f"{_short(base, 31 - len(str(number)) - 3)} ({number})"
    return name


def _short(text: str, units: int) -> str:
    """The beginning of ``text``, at most so many UTF-16 units, which is what Excel counts."""
    while len(text.encode("utf-16-le", "surrogatepass")) > 2 * units:
        text = text[:-1]
    return text

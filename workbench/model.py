"""The vocabulary of the workbench: frozen values and enumerations, and nothing that does work.

Everything else imports from here and this module imports nothing of the project. Frames (pandas) are
named in annotations only, so that importing the vocabulary costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SOC2 = "soc2-2017"
ISO2022 = "iso27001-2022"
ISO2013 = "iso27001-2013"
ISO_UNDECIDED = "iso27001"
"""What a heading such as "ISO 27001" says: the standard, but not the edition."""
OTHER = "other"
"""A framework that is none of ours: its ids are kept as written and serve nothing."""


class WorkbenchError(Exception):
    """The run cannot go on. The message is one line: what, where, and what to do."""

    exit_code = 5


class UsageError(WorkbenchError):
    """The call or a setting is wrong."""

    exit_code = 2


class InputRefused(WorkbenchError):
    """An input cannot be read, or holds nothing to read."""

    exit_code = 3


class OutputError(WorkbenchError):
    """An output cannot be written."""

    exit_code = 4


class Severity(StrEnum):
    """How much a finding matters. An error makes a figure or a deliverable wrong."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Relationship(StrEnum):
    """How a source relates to a target: the set relations of NIST IR 8477.

    ``superset of``: the source covers the whole target and more. ``UNSPECIFIED`` is a bare id in a cell.
    """

    EQUAL = "equal"
    SUBSET = "subset of"
    SUPERSET = "superset of"
    INTERSECTS = "intersects with"
    NONE = "no relationship"
    UNSPECIFIED = "unspecified"

    @property
    def inverse(self) -> Relationship:
        """The same statement read from the target's side."""
        swap = {
            Relationship.SUBSET: Relationship.SUPERSET,
            Relationship.SUPERSET: Relationship.SUBSET,
        }
        return swap.get(self, self)


class MappingStatus(StrEnum):
    """Where a mapping stands between proposal and decision."""

    ACCEPTED = "Accepted"
    PROPOSED = "Proposed"
    REJECTED = "Rejected"


class ControlStatus(StrEnum):
    """How far a control is implemented."""

    IMPLEMENTED = "Implemented"
    PARTIAL = "Partially implemented"
    PLANNED = "Planned"
    NOT_IMPLEMENTED = "Not implemented"
    NOT_APPLICABLE = "Not applicable"


class Coverage(StrEnum):
    """How far one requirement is served by the organization's controls (see ``workbench.coverage``)."""

    COVERED = "covered"
    PARTIAL = "partial"
    PLANNED = "planned"
    NONE = "none"
    NOT_APPLICABLE = "not applicable"


class Decision(StrEnum):
    """What a person says to a suggestion."""

    ACCEPT = "Accept"
    REJECT = "Reject"
    DEFER = "Defer"


class Layout(StrEnum):
    """How a sheet is laid out."""

    CONTROL_LIBRARY = "control library"
    PAIR_LIST = "pair list"
    GRID = "grid"
    ASSESSMENT = "assessment"
    REGISTER = "register"
    """A sheet of the project workbook that is neither of the four: Profile, Evidence, Scope and so on."""


class Kind(StrEnum):
    """What the cells of a declared column hold."""

    TEXT = "text"
    ID = "id"
    REQUIREMENTS = "requirements"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One element of a framework.

    ``kind`` is the framework's own word: criterion, clause, control, objective, domain. ``assessable`` is
    False where only its children are assessed (a clause heading). ``documented`` says which documented
    information a clause demands, in our words, "" for none. ``attributes`` are ISO/IEC 27002 attributes
    (control_type, properties, concepts; several joined by "; "), new (yes) and note (what an edition or amendment changed), or
    the SOC 2 category and coso (the number of the COSO principle).
    """

    id: str
    framework: str
    title: str
    summary: str
    group: str
    kind: str
    parent: str = ""
    assessable: bool = True
    documented: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Framework:
    """A published catalogue, or a user's own: requirements in the framework's own order.

    ``groups`` are the levels above (2013 objectives and domains, SOC 2 series, Annex A themes); they can
    be cited and explained but are not counted.
    """

    id: str
    title: str
    requirements: tuple[Requirement, ...]
    groups: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """One requirement id as a cell cites it.

    ``text`` is the piece of the cell as written; ``id`` the canonical id or "" when none could be read;
    ``remark`` one of the ``REMARKS`` of ``workbench.frameworks.ids``; ``title`` the title written beside
    the id in the same cell; ``candidates`` what may have been meant, best first.
    """

    text: str
    id: str
    framework: str
    remark: str = "exact"
    title: str = ""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, how bad, and in which cell. ``cell`` is an A1 reference, never empty."""

    rule: str
    severity: Severity
    message: str
    fix: str
    workbook: str
    sheet: str
    cell: str

    @property
    def place(self) -> str:
        """``acme.xlsx!Controls!F17``, with the sheet left out where the finding is about the workbook."""
        return "!".join(part for part in (self.workbook, self.sheet, self.cell) if part)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column that was recognized.

    ``name`` is the frame's column; ``field`` the declared field it holds. A second column for the same field
    is named ``field#2``. In a grid the mark columns are named ``cell:F`` and ``heading`` is the target id as written.
    ``framework`` is what the heading says of requirement columns: a framework id, ``ISO_UNDECIDED`` or ""; ``OTHER`` where the ids of a
    pair list are of a framework that is none of ours.
    """

    name: str
    field: str
    letter: str
    heading: str
    framework: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One sheet that was read.

    ``frame`` has one row per sheet row that holds anything, index = Excel's row number, columns = the names
    of ``columns``, cells of type str, int, float, bool, date, datetime, or None for blank; error cells are their text
    (``#N/A``). ``formats`` maps (row, column name) of numeric cells in requirement columns to the number format.
    ``declaration`` names a sheet of ``workbench.sheets``. ``heading_row`` is the row that the data follow.
    ``unread`` are headings of columns that are carried along but not understood: (letter, heading).
    ``struck`` and ``filled`` give (row, column name) of cells whose value was taken from a merged range.
    """

    sheet: str
    declaration: str
    layout: Layout
    heading_row: int
    columns: tuple[TableColumn, ...]
    frame: pd.DataFrame
    formats: Mapping[tuple[int, str], str] = field(default_factory=dict)
    unread: tuple[tuple[str, str], ...] = ()
    filled: frozenset[tuple[int, str]] = frozenset()

    def letters(self) -> dict[str, str]:
        """Frame column name → column letter."""
        return {column.name: column.letter for column in self.columns}

    def named(self, field: str) -> tuple[TableColumn, ...]:
        """All columns that hold ``field``, in sheet order."""
        return tuple(column for column in self.columns if column.field == field)


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What became of one sheet of the workbook: read as what, or ignored and why.

    ``layout`` is None for an ignored sheet. ``because`` says in words what decided it. ``ignored`` are the headings
    of columns that were not understood. ``state`` is visible, hidden or very hidden.
    """

    sheet: str
    layout: Layout | None
    declaration: str
    heading_row: int
    rows: int
    because: str
    state: str = "visible"
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something about the file itself that a rule may report: a merged range, an error cell, a hidden row.

    ``kind`` is one of ``ODDITIES``; ``cell`` an A1 reference or range; ``detail`` words for the message.
    """

    kind: str
    sheet: str
    cell: str
    detail: str = ""


ODDITIES = (
    "no rows",
    "duplicate heading",
    "near heading",
    "missing column",
    "two heading rows",
    "merged",
    "hidden rows",
    "hidden columns",
    "hidden sheet",
    "formula without value",
    "error value",
    "control character",
    "long text",
    "macros",
    "external links",
    "open elsewhere",
    "encoding",
)


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """One workbook as read: tables, what became of each sheet, and oddities of the file."""

    name: str
    path: Path
    sha256: str
    size: int
    tables: tuple[Table, ...]
    sheets: tuple[SheetReport, ...]
    oddities: tuple[Oddity, ...] = ()

    def declared(self, declaration: str) -> tuple[Table, ...]:
        """All tables read by one declaration, in workbook order."""
        return tuple(table for table in self.tables if table.declaration == declaration)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the overlap table; ``percentage`` is 0–100, rounded half up to one decimal, 0 when total is 0."""

    direction: str
    basis: str
    denominator: str
    strictness: str
    status: str
    numerator: int
    total: int

    @property
    def percentage(self) -> float:
        """100 · numerator / total."""
        return int(1000 * self.numerator / self.total + 0.5) / 10 if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed mapping. ``signals`` are contributions that add up to ``score`` (0–1); ``band`` is a word."""

    source: str
    target: str
    rank: int
    score: float
    confidence: float
    band: str
    reason: str
    signals: Mapping[str, float]

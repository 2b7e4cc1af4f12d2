"""What a merge says to do: changes for OURS, and what people have to decide. Plain values; nothing here does work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.frameworks.ids import CellValue
from workbench.model import Finding

HEADINGS = "headings"
"""What the row of headings is called."""


class ConflictKind(StrEnum):
    """What people disagree about."""

    CELL = "cell"
    """One cell was given different values."""
    FORMULA = "formula"
    """A copy holds another formula; formulas are never copied from one file into another."""
    DELETED = "row deleted"
    """A copy deleted a row that others edited; ours keeps it."""
    EDITED = "row edited"
    """Ours deleted a row that a copy edited."""
    ROW = "row"
    """A row of a copy that has no certain place in ours: its key is not its own, or the key belongs to another row by now."""
    REFUSED = "refused"
    """The file of ours does not take the change: a protected sheet, a formula over several cells and the like."""


@dataclass(frozen=True, slots=True)
class Given:
    """One cell of a row: the column of ours, and the value. ``letter`` is "+1", "+2" … for the sheet's new columns, "" where ours has no such column."""

    letter: str
    heading: str
    value: CellValue


@dataclass(frozen=True, slots=True)
class Edit:
    """A cell of ours to set. ``by`` are the copies that changed it; ``writing`` says that only the way of writing changes, not what is said.

    ``added`` and ``removed`` are the ids that a requirement cell gains and loses.
    """

    sheet: str
    row: int
    letter: str
    key: str
    heading: str
    old: CellValue
    new: CellValue
    by: tuple[str, ...]
    writing: bool = False
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """``F17``."""
        return f"{self.letter}{self.row}"


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to add to ours, only cells that hold something. ``places`` are its rows in the copies, as ``copy.xlsx!Controls!A9``."""

    sheet: str
    key: str
    cells: tuple[Given, ...]
    by: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoneRow:
    """A row of ours to empty; ``cells`` are what it holds now."""

    sheet: str
    row: int
    key: str
    cells: tuple[Given, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column to add to ours: ``cells`` maps rows of ours to values; ``letter`` is "+1", "+2" …, as new rows name it. ``head`` is the heading row, 0 for none."""

    sheet: str
    letter: str
    heading: str
    head: int
    cells: Mapping[int, CellValue]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet that only a copy has."""

    name: str
    by: str


@dataclass(frozen=True, slots=True)
class Side:
    """What one version holds where they disagree. ``place`` is ``Controls!F17``, "" where it has nothing; ``cells`` is a whole row.

    ``present`` is False where the row is deleted. ``formula`` is the text of a formula, with its equals sign.
    """

    version: str
    place: str = ""
    value: CellValue = None
    cells: tuple[Given, ...] = ()
    present: bool = True
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What people have to decide; ours stays as it is until they do. ``theirs`` are the copies that differ from the base.

    ``row`` and ``letter`` name the cell of ours, ``row`` alone the row of ours; 0 and "" where ours has none. ``identity`` are the row's key cells, by
    which it is found again when it moves. ``new_row`` is the index in ``Merged.rows`` of the added row that the cell belongs to, -1 for none.
    ``reason`` says why the file does not take a change, "" where that is not it.
    """

    kind: ConflictKind
    sheet: str
    key: str
    column: str
    row: int
    letter: str
    base: Side
    ours: Side
    theirs: tuple[Side, ...]
    identity: tuple[Given, ...] = ()
    new_row: int = -1
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """The merge of ``theirs`` into ``ours`` (file names). ``findings`` say what could not be compared for certain or is not followed."""

    base: str
    ours: str
    theirs: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    rows: tuple[NewRow, ...] = ()
    gone: tuple[GoneRow, ...] = ()
    columns: tuple[NewColumn, ...] = ()
    sheets: tuple[NewSheet, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

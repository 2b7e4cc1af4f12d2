"""What people chose on the sheet Conflicts, put into the workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.editing import Changes, EditRefused, Workbook
from workbench.frameworks.ids import CellValue
from workbench.merging.keys import key_part
from workbench.merging.merged import HEADINGS, Conflict, Given, Side
from workbench.merging.pages import Column, Page, Version, identical
from workbench.model import InputRefused
from workbench.reading.versions import read_version
from workbench.revising import conflicts_sheet
from workbench.revising.conflicts_sheet import BASE, OTHER, OURS, Line
from workbench.revising.opening import in_our_words, open_own
from workbench.revising.splicing import add_rows, bottom_of, empty_row
from workbench.settings import Settings


@dataclass(frozen=True, slots=True)
class Resolved:
    """One conflict that was decided: whose value, and the cell or row that holds it now ("" where ours stays as it is)."""

    conflict: Conflict
    choice: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """One conflict that is left, and why."""

    conflict: Conflict
    why: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of the conflicts of a workbook, and which parts of the file that changes."""

    resolved: tuple[Resolved, ...]
    left: tuple[Open, ...]
    changes: Changes


def resolve(path: Path, settings: Settings, as_of: dt.date, *, dry_run: bool = False) -> Resolution:
    """Apply the choices on the sheet Conflicts of ``path`` and take the decided rows out of it; the sheet goes with the last of them.

    The file is changed in place and kept as it was as a backup. What is not decided, or cannot be applied, stays on the sheet. The cells are found by
    the key of their row and the heading of their column, wherever people have moved them since.

    Raises:
        InputRefused: the file cannot be edited, has no conflicts, or somebody changed the column by which the program knows them.
        OutputError: it could not be written.
    """
    book = open_own(path)
    try:
        lines = conflicts_sheet.read(book)
    except ValueError as problem:
        raise InputRefused(f"{path.name}: {problem}; undo that, or merge again") from problem
    if not lines:
        raise InputRefused(f"{path.name} has no sheet of conflicts that a merge wrote; nothing is to be decided")
    with in_our_words(path):
        deciding = _Deciding(book, read_version(path, settings))
        left = [(line, why) for line in lines if (why := deciding.decide(line))]
        _rewrite(book, [line for line, _ in left], as_of)
        changes = book.changes() if dry_run else book.save()
    return Resolution(tuple(deciding.resolved), tuple(Open(line.conflict, why) for line, why in left), changes)


def _rewrite(book: Workbook, lines: Sequence[Line], as_of: dt.date) -> None:
    if lines:
        conflicts_sheet.write(book, lines, as_of)
    elif sheet := book.marked(conflicts_sheet.MARK):
        book.remove_sheet(sheet)


class _NotPossible(Exception):
    """The choice cannot be applied; the message says why, and the conflict stays."""


@dataclass(slots=True)
class _Deciding:
    """Choices going into the workbook, whose sheets are those of ``version``."""

    book: Workbook
    version: Version
    resolved: list[Resolved] = field(default_factory=list)

    def decide(self, line: Line) -> str:
        """Apply a choice; why it could not be, "" where it was."""
        try:
            choice, side = _chosen(line)
            cell = "" if side is None else self._apply(line.conflict, side)
        except _NotPossible as problem:
            return str(problem)
        except EditRefused as refusal:
            return refusal.reason
        self.resolved.append(Resolved(line.conflict, choice, cell))
        return ""

    def _apply(self, one: Conflict, side: Side) -> str:
        page = next((page for page in self.version.pages if page.name == one.sheet), None)
        if page is None:
            raise _NotPossible(f"there is no sheet {one.sheet} any more")
        return self._cell(one, page, side) if one.column else self._row(one, page, side)

    def _cell(self, one: Conflict, page: Page, side: Side) -> str:
        if side.formula:
            raise _NotPossible("a formula is not copied from another file; type it into the cell and choose “ours”")
        row = page.head if one.key == HEADINGS and not one.identity else _find_row(one, page)
        at = _find_column(page, one.letter, one.column)
        self.book.set_cell(page.name, f"{page.columns[at].letter}{row}", side.value)
        return f"{page.name}!{page.columns[at].letter}{row}"

    def _row(self, one: Conflict, page: Page, side: Side) -> str:
        given = {_letter(page, cell): cell.value for cell in side.cells}
        if not one.ours.present or not one.row:
            if not side.cells:
                return ""
            (row,) = add_rows(self.book, page.name, [given], bottom_of(page))
            return f"{page.name}!A{row}"
        row = _find_row(one, page)
        held = [column.letter for column, value in zip(page.columns, page.rows[row], strict=True) if value is not None]
        empty_row(self.book, page.name, [f"{letter}{row}" for letter in held if letter not in given])
        for letter, value in given.items():
            self.book.set_cell(page.name, f"{letter}{row}", value)
        return f"{page.name}!A{row}"


def _chosen(line: Line) -> tuple[str, Side | None]:
    """The choice, and what it stands for; None for what the workbook holds now."""
    one, said = line.conflict, line.choice.casefold()
    typed = line.other is not None
    if typed and said not in {"", OTHER}:
        raise _NotPossible(f"both a choice ({line.choice}) and another value are given; keep one of them")
    if typed or said == OTHER:
        if not one.column:
            raise _NotPossible("another value is no answer for a whole row; choose whose row holds")
        if not typed:
            raise _NotPossible("the choice is “other value”, but there is none")
        return OTHER, Side("", value=line.other)
    sides = {BASE: one.base} | {side.version.casefold(): side for side in one.theirs}
    if not said:
        raise _NotPossible("no choice yet")
    if said == OURS:
        return OURS, None
    if said not in sides:
        raise _NotPossible(
            f"{line.choice} is none of {', '.join([OURS, BASE, *(side.version for side in one.theirs), OTHER])} here"
        )
    return line.choice, sides[said]


def _find_row(one: Conflict, page: Page) -> int:
    """The row of the conflict: the one with its key; of a row without a key the one in its place, if it says what it said."""
    if not one.identity:
        if one.row in page.rows and _is_as_it_was(one, page):
            return one.row
        raise _NotPossible(f"row {one.row} of {page.name} is not what it was when the conflict was found, and it has no key")
    keys = [(_find_column(page, given.letter, given.heading), given.value) for given in one.identity]
    found = [row for row in page.table() if all(_same(page, row, at, value) for at, value in keys)]
    if one.row in found or len(found) == 1:
        return one.row if one.row in found else found[0]
    how_many = f"{len(found)} rows" if found else "no row"
    raise _NotPossible(f"{page.name} has {how_many} with the key {one.key}")


def _is_as_it_was(one: Conflict, page: Page) -> bool:
    if one.column:
        return identical(page.rows[one.row][_find_column(page, one.letter, one.column)], one.ours.value)
    return all(_same(page, one.row, _find_column(page, given.letter, given.heading), given.value) for given in one.ours.cells)


def _same(page: Page, row: int, at: int, value: CellValue) -> bool:
    held = page.rows[row][at]
    held = held if held is not None else page.above.get((row, at))
    return key_part(held, page.columns[at]) == key_part(value, page.columns[at])


def _letter(page: Page, given: Given) -> str:
    return page.columns[_find_column(page, given.letter, given.heading)].letter


def _find_column(page: Page, letter: str, heading: str) -> int:
    """The column with that heading, of several the one that stands at ``letter``; of none the one there, if it has no heading either."""
    token = Column("", heading).token
    found = [at for at, column in enumerate(page.columns) if column.token == token]
    there = [at for at in found if page.columns[at].letter == letter]
    if there or len(found) == 1:
        return (there or found)[0]
    raise _NotPossible(
        f"{page.name} has no column {heading or letter}" if not found else f"{page.name} has {len(found)} columns {heading}"
    )

"""What people chose on the sheet Conflicts, put into the workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.editing import Changes, EditRefused, Workbook
from workbench.frameworks.ids import CellValue
from workbench.merging.keys import key_part
from workbench.merging.merged import HEADINGS, Conflict, ConflictKind, Given, Side
from workbench.merging.pages import (
    Calculated,
    Column,
    Content,
    Page,
    Version,
    calculated,
    identical,
    same,
    shown,
    untouched,
    value_of,
)  # fmt: skip
from workbench.model import InputRefused
from workbench.reading.versions import read_version
from workbench.revising import conflicts_sheet
from workbench.revising.conflicts_sheet import BASE, OTHER, OURS, Line
from workbench.revising.opening import in_our_words, open_own
from workbench.revising.splicing import add_rows, bottom_of, empty_row, keys_of
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

    The file is changed in place and kept as it was as a backup; it is not touched where nothing was decided. What is not decided, or cannot be applied,
    stays on the sheet. The cells are found by the key of their row and the heading of their column, wherever people have moved them since; what people
    typed into them since is never overwritten, but shown and asked for again.

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
        left = [undecided for line in lines if (undecided := deciding.decide(line))]
        kept = [line for line, _ in left]
        if kept != lines:
            _rewrite(book, kept, as_of)
        changes = book.changes() if dry_run or kept == lines else book.save()
    return Resolution(tuple(deciding.resolved), tuple(Open(line.conflict, why) for line, why in left), changes)


def _rewrite(book: Workbook, lines: Sequence[Line], as_of: dt.date) -> None:
    if lines:
        conflicts_sheet.write(book, lines, as_of)
    elif sheet := book.marked(conflicts_sheet.MARK):
        book.remove_sheet(sheet)


class _NotPossible(Exception):
    """The choice cannot be applied; the message says why, and the conflict stays."""


class _ChangedSince(_NotPossible):
    """Somebody typed into the workbook after the merge: ``now`` is the conflict as it stands, which is to be decided again."""

    def __init__(self, where: str, said: str, now: Conflict) -> None:
        super().__init__(f"{where} was changed since, to {said}; choose again")
        self.now = now


@dataclass(slots=True)
class _Deciding:
    """Choices going into the workbook, whose sheets are those of ``version``."""

    book: Workbook
    version: Version
    resolved: list[Resolved] = field(default_factory=list)

    def decide(self, line: Line) -> tuple[Line, str] | None:
        """Apply a choice; where it could not be, the line as it stays and why."""
        try:
            choice, side = _chosen(line)
            cell = "" if side is None else self._apply(line.conflict, side)
        except _ChangedSince as problem:
            return _asked_again(line, problem.now), str(problem)
        except _NotPossible as problem:
            return line, str(problem)
        except EditRefused as refusal:
            return line, refusal.reason
        self.resolved.append(Resolved(line.conflict, choice, cell))
        return None

    def _apply(self, one: Conflict, side: Side) -> str:
        page = next((page for page in self.version.pages if page.name == one.sheet), None)
        if page is None:
            raise _NotPossible(f"there is no sheet {one.sheet} any more; call it so again, or choose “ours”")
        return self._cell(one, page, side) if one.column else self._row(one, page, side)

    def _cell(self, one: Conflict, page: Page, side: Side) -> str:
        if side.formula:
            raise _NotPossible("a formula is not copied from another file; type it into the cell and choose “ours”")
        row = page.head if one.key == HEADINGS and not one.identity else _find_row(one, page)
        at = _find_column(page, one.letter, one.column)
        where = f"{page.name}!{page.columns[at].letter}{row}"
        now = page.columns[at].written if row == page.head else page.content(row, at) if row in page.rows else None
        if same(side.value, now, page.columns[at]):
            return where
        if not untouched(_held(one), now, page.columns[at]):
            formula = f"={now.formula}" if isinstance(now, Calculated) else ""
            ours = replace(one.ours, value=value_of(now), formula=formula)
            raise _ChangedSince(where, formula or shown(value_of(now)) or "(blank)", replace(one, ours=ours))
        self.book.set_cell(page.name, f"{page.columns[at].letter}{row}", side.value)
        return where

    def _row(self, one: Conflict, page: Page, side: Side) -> str:
        given = {_letter(page, cell): cell.value for cell in side.cells}
        if not one.ours.present or not one.row:
            if not side.cells:
                return ""
            _refuse_known_key(one, page, side)
            (row,) = add_rows(self.book, page.name, [given], bottom_of(page))
            return f"{page.name}!A{row}"
        row = _find_row(one, page)
        _refuse_changed_row(one, page, row)
        held = [column.letter for column, value in zip(page.columns, page.rows[row], strict=True) if value is not None]
        empty_row(self.book, page.name, [f"{letter}{row}" for letter in held if letter not in given])
        for letter, value in given.items():
            self.book.set_cell(page.name, f"{letter}{row}", value)
        return f"{page.name}!A{row}"


def _asked_again(line: Line, now: Conflict) -> Line:
    """The line with the workbook's new value and no choice; what was chosen before is noted beside it, as nothing that people typed is lost."""
    before = [text for text in (line.choice, shown(line.other)) if text]
    notes = "\n".join([*([shown(line.notes)] if line.notes is not None else []), f"Chosen before: {': '.join(before)}"])
    return replace(line, conflict=now, choice="", other=None, notes=notes)


def _held(one: Conflict) -> Content:
    """What the cell of ours held when the conflict was found."""
    return calculated(one.ours.formula[1:], one.row, one.letter, one.ours.value) if one.ours.formula else one.ours.value


def _refuse_known_key(one: Conflict, page: Page, side: Side) -> None:
    """A row that ours had deleted does not come back where somebody has brought it back already."""
    given = {_find_column(page, cell.letter, cell.heading): cell.value for cell in side.cells}
    keys = keys_of(page)
    if one.kind is not ConflictKind.EDITED or not keys or any(at not in given for at in keys):
        return
    found = [row for row in page.table() if all(_same(page, row, at, given[at]) for at in keys)]
    if found:
        raise _NotPossible(f"{page.name} has a row {one.key} again (row {found[0]}); edit it there and choose “ours”")


def _refuse_changed_row(one: Conflict, page: Page, row: int) -> None:
    """Results of formulas do not count: nobody typed them."""
    said = {_find_column(page, cell.letter, cell.heading): cell.value for cell in one.ours.cells}
    now = [(at, page.content(row, at)) for at in range(len(page.columns))]
    typed = [
        (at, content)
        for at, content in now
        if not (isinstance(content, Calculated) and at in said) and not same(said.get(at), content, page.columns[at])
    ]
    if typed:
        at, content = typed[0]
        cells = tuple(
            Given(column.letter, column.heading, value_of(content))
            for column, (_, content) in zip(page.columns, now, strict=True)
            if value_of(content) is not None
        )
        shows = shown(value_of(content)) or "(blank)"
        raise _ChangedSince(page.place(row, at), shows, replace(one, ours=replace(one.ours, cells=cells)))


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

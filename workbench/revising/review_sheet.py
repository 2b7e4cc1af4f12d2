"""The sheet Suggestions in somebody's own workbook: found whatever it is called, what people typed into it read back, and written anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from workbench.editing import EditRefused, Workbook, column_number
from workbench.interpretation import Project, text_of
from workbench.model import Table
from workbench.reading.rows import read_rows
from workbench.reports.review import Line, Review, Typed, earlier, made_headings, review
from workbench.revising.cells import added_headings
from workbench.settings import Limits
from workbench.sheets import fold_heading
from workbench.writing import Cell, render, sheet_name
from workbench.writing import Workbook as Declared

NAME, MARK = "Suggestions", "_workbench.Suggestions"
_ESSENTIAL = frozenset({"suggested requirement", "decision", "requirement title", "what it asks for", "reason"})
"""Headings, folded, that only a review of ours has together."""
_BESIDE = "Beside"
"""The heading of what people wrote outside the table."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The review that is in a workbook: the tab (None where there is none), its rows, and the notes on its cells by line and heading."""

    sheet: str | None = None
    rows: tuple[Typed, ...] = ()
    notes: Mapping[tuple[Line, str], tuple[str, str]] = field(default_factory=dict)

    def beside(self, line: Line) -> Iterator[str]:
        """What people wrote beside a row: in columns of their own, and in notes on its cells."""
        for row in self.rows:
            if row.line == line:
                yield from (f"{heading}: {text_of(value)}" for heading, value in row.notes.items() if value is not None)
        yield from (f"{author}: {text}" if author else text for (at, _), (author, text) in self.notes.items() if at == line)


def standing(book: Workbook, project: Project, limits: Limits) -> Standing:
    """The review that the workbench put into the workbook, or that a person copied into it from a review workbook.

    Raises:
        EditRefused: people discuss in threads on it, which nothing but Excel can move.
    """
    sheet = book.marked(MARK) or _copied(project)
    if sheet is None:
        return Standing()
    threads = sorted(book.notes(sheet).threads())
    if threads:
        raise EditRefused(
            f"{sheet}!{threads[0]} has a thread of comments, which would be lost; finish it, or copy the sheet and delete it there"
        )
    cells = read_rows(project.book.path, sheet, limits)
    table = next((one for one in project.book.tables if one.sheet == sheet and one.declaration == "Suggestions"), None)
    if table is None:
        return Standing(sheet, tuple(_loose(sheet, cells, 0)))
    beside = _added(table, cells)
    added = {(sheet, row): _notes(cells.get(row, {}), beside) for row in table.frame.index.tolist()}
    others = {row: held for row, held in cells.items() if (sheet, row) not in added}
    rows = [*earlier(project, added, sheet=sheet), *_loose(sheet, others, table.heading_row)]
    return Standing(sheet, tuple(rows), dict(_comments(book, sheet, table, beside)))


def _copied(project: Project) -> str | None:
    """The sheet with the headings of a review, which somebody copied here."""
    for table in project.book.declared("Suggestions"):
        headings = {
            fold_heading(heading) for heading in (*(one.heading for one in table.columns), *(one for _, one in table.unread))
        }
        if headings >= _ESSENTIAL:
            return table.sheet
    return None


# --- what people typed --------------------------------------------------------------------------------------------------


def _added(table: Table, cells: Mapping[int, Mapping[int, Cell]]) -> dict[int, str]:
    """Column → heading of the columns that people added, each heading once."""
    head = cells.get(table.heading_row, {})
    known = {column_number(column.letter) for column in table.columns}
    known |= {
        column for column, heading in head.items() if fold_heading(text_of(heading)) in made_headings() and column not in known
    }
    rows = table.frame.index.tolist()
    used = {column for row in rows for column in cells.get(row, {})} | set(head)
    return added_headings(head, used - known, made_headings(), _BESIDE)


def _notes(row: Mapping[int, Cell], added: Mapping[int, str]) -> dict[str, Cell]:
    return {heading: row.get(column) for column, heading in added.items()}


def _loose(sheet: str, rows: Mapping[int, Mapping[int, Cell]], heading_row: int) -> Iterator[Typed]:
    """What people wrote above, below and between the rows; above, the first column is ours."""
    for number, row in rows.items():
        said = [text_of(value) for column, value in row.items() if number > heading_row or column > 1]
        if said and number != heading_row:
            yield Typed((sheet, number), (("", ""),), {}, {_BESIDE: " | ".join(said)}, kept=True)


def _comments(
    book: Workbook, sheet: str, table: Table, added: Mapping[int, str]
) -> Iterator[tuple[tuple[Line, str], tuple[str, str]]]:
    """The notes on cells of rows, by line and heading."""
    headings = {column_number(letter): heading for letter, heading in table.unread}
    headings |= {column_number(column.letter): column.field for column in table.columns} | dict(added)
    for ref, note in book.notes(sheet).existing().items():
        letter, row = ref.rstrip("0123456789"), int(ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if row > table.heading_row and note.text:
            yield ((sheet, row), headings.get(column_number(letter), "")), (note.author, note.text)


# --- writing ----------------------------------------------------------------------------------------------------------------


def write(book: Workbook, project: Project, suggestions: pd.DataFrame, old: Standing, as_of: dt.date) -> Review:
    """Put the review into the workbook, in the place of the one that stands there; ``sheet.name`` is its tab.

    A sheet of that name that is somebody's own is left alone, and the review takes another name.

    Raises:
        EditRefused: the workbook's structure is protected, or something else stands in the way.
    """
    name = old.sheet or sheet_name(NAME, book.sheet_names)
    made = review(project, suggestions, old.rows, name)
    content, _ = render(Declared(NAME, "Suggested mappings, for a person to decide", (made.sheet,), state=""), as_of=as_of)
    if old.sheet and book.marked(MARK) != old.sheet:
        book.mark(old.sheet, MARK)
    book.graft_sheet(content, name, mark=MARK, source=name)
    book.mark(name, MARK)  # last of all names, as in a workbook that had none, so that the same review gives the same bytes
    for (line, heading), (author, text) in old.notes.items():
        cell = made.cell(line, heading)
        if cell:
            book.note(name, cell, text, author=author)
    return made

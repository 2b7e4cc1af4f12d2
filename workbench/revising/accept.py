"""accept: what people decided of suggestions, written into their own workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.decisions import (
    NEW,
    Ends,
    Fault,
    NewRow,
    Revision,
    Spot,
    Verdict,
    judge,
    place,
    read_decisions,
    row_of,
)
from workbench.editing import Changes, EditRefused, Formula, Workbook
from workbench.interpretation import Project, interpret
from workbench.model import Book, Finding, InputRefused, Severity
from workbench.reading import read_book
from workbench.revising.folding import Folding, Ruling
from workbench.revising.opening import in_our_words, open_own
from workbench.rules import CATALOGUE
from workbench.settings import OFF, Settings
from workbench.sheets import MAPPING
from workbench.writing import Column, DataSheet, render, sheet_name
from workbench.writing import Workbook as Declared

MAPPING_MARK = "_workbench.Mapping"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was done with the decisions in one workbook, or would be.

    findings: decisions that cannot be followed; they stay where they were typed. remarks: whatever else is to be said, one line each.
    """

    workbook: str
    rulings: tuple[Ruling, ...]
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]
    changes: Changes

    def count(self, outcome: str) -> int:
        """How many pairs have that outcome."""
        return sum(ruling.outcome == outcome for ruling in self.rulings)


def accept(
    path: Path,
    reviews: Sequence[Path],
    settings: Settings,
    as_of: dt.date,
    *,
    by: str = "",
    output: Path | None = None,
    force: bool = False,
    dry_run: bool = False,
) -> Accepted:
    """Fold the decisions of the workbook's own review, and of ``reviews``, into the workbook at ``path`` (or a copy of it at ``output``).

    Raises:
        InputRefused: a workbook cannot be read, is of a kind that is never changed, or has no decisions to read.
        OutputError: the result could not be written; what stood there is whole.
    """
    book = open_own(path)
    if "Deliverable" in book.properties:
        raise InputRefused(f"{path.name} is a review that the workbench wrote; name your own workbook, and this one with --from")
    project = interpret(read_book(path, settings), settings)
    verdicts, faults = _judged(project, _reviews(project, reviews, settings))
    with in_our_words(path):
        book, revision = _revised(book, project, verdicts, settings, by=by, as_of=as_of)
        folding, faults = Folding(book, project, revision, as_of), [*faults, *revision.faults]
        moved = folding.write(faults, settings)
        findings = tuple(_findings(faults if dry_run else moved, settings))
        changes = book.changes() if dry_run else book.save(output, force=force)
    return Accepted(project.book.name, tuple(folding.rulings()), findings, tuple(folding.remarks), changes)


def _reviews(project: Project, paths: Sequence[Path], settings: Settings) -> list[Project]:
    """The workbook itself and its reviews, each under a name that only it has.

    Raises:
        InputRefused: one of the reviews holds no decisions, or nothing does.
    """
    found = [project]
    for path in paths:
        book = read_book(path, settings)
        if not book.declared("Suggestions"):
            raise InputRefused(
                f"{path.name} has no sheet with the headings Control, Suggested requirement and Decision; name a review"
            )
        taken = {one.book.name for one in found}
        found.append(interpret(replace(book, name=book.name if book.name not in taken else str(path)), settings))
    if len(found) == 1 and not project.book.declared("Suggestions"):
        raise InputRefused(
            f"{project.book.name} holds no decisions: put a review into it with workbench suggest --write, or name one with --from"
        )
    return found


def _judged(project: Project, reviews: Iterable[Project]) -> tuple[list[Verdict], list[Fault]]:
    ends = Ends(project)
    read = [read_decisions(one, ends) for one in reviews]
    verdicts, faults = judge(project, [one for decided, _ in read for one in decided])
    return verdicts, [*(fault for _, some in read for fault in some), *faults]


def _findings(faults: Iterable[Fault], settings: Settings) -> Iterator[Finding]:
    for fault in sorted(faults, key=lambda fault: (fault.workbook, fault.sheet, row_of(fault.cell))):
        rule = CATALOGUE[fault.rule]
        chosen = settings.severities.get(fault.rule, rule.severity)
        severity = Severity.NOTE if chosen == OFF else Severity(chosen)
        yield Finding(fault.rule, severity, fault.message, rule.fix, fault.workbook, fault.sheet, fault.cell)


# --- cells and rows ---------------------------------------------------------------------------------------------------------


def _revised(
    book: Workbook, project: Project, verdicts: Sequence[Verdict], settings: Settings, *, by: str, as_of: dt.date
) -> tuple[Workbook, Revision]:
    """The workbook with the cells and rows that say what was decided; what the editor will not change is said elsewhere.

    Raises:
        EditRefused: the workbook's structure is protected, and a sheet Mapping is needed.
    """
    fixed: dict[Spot, str] = {}
    while True:
        revision = place(project, verdicts, settings, by=by, as_of=as_of, fixed=fixed)
        refused = dict(_apply(book, project.book, revision))
        if not refused:
            _graft_mapping(book, [row for row in revision.rows if row.table == NEW], as_of)
            return book, revision
        fixed |= refused
        book = open_own(project.book.path)


def _apply(book: Workbook, read: Book, revision: Revision) -> Iterator[tuple[Spot, str]]:
    """Edit the cells and add the rows; the places that cannot be changed, and why."""
    for edit in revision.edits:
        try:
            if isinstance(book.value(edit.sheet, edit.cell), Formula):
                yield edit.spot, "holds a formula"
            else:
                book.set_cell(edit.sheet, edit.cell, edit.after)
        except EditRefused as problem:
            yield edit.spot, problem.reason.removeprefix(f"{edit.sheet}!{edit.cell} ")
    added: dict[int, list[NewRow]] = {}
    for row in revision.rows:
        added.setdefault(row.table, []).append(row)
    for number, rows in added.items():
        if number == NEW:
            continue
        table = read.tables[number]
        letters = table.letters()
        last = max(table.frame.index.tolist(), default=table.heading_row)
        try:
            below = [{letters[name]: value for name, value in row.cells.items() if value not in {None, ""}} for row in rows]
            book.append_rows(table.sheet, below, below=last)
        except EditRefused as problem:
            yield Spot(number), problem.reason


def _graft_mapping(book: Workbook, rows: Sequence[NewRow], as_of: dt.date) -> None:
    """A sheet Mapping as the template has it, with these rows."""
    if not rows:
        return
    name = sheet_name(MAPPING.name, book.sheet_names)
    columns = tuple(Column.declared(column, quiet=True) for column in MAPPING.columns)
    cells = [tuple(row.cells.get(column.field) for column in MAPPING.columns) for row in rows]
    sheet = DataSheet(
        name, MAPPING.name, f"One row is {MAPPING.row}. {MAPPING.note}", columns=columns, rows=cells, table="tblMapping"
    )
    content, _ = render(Declared(name, "Mappings", (sheet,), state=""), as_of=as_of)
    book.graft_sheet(content, name, mark=MAPPING_MARK, source=name)

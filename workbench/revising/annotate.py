"""``check --annotate`` and ``check --clear``: findings in the analyst's own workbook, and out of it again.

Every cell with a finding gets a pale colour by the worst of its severities and a note with what is wrong and what to do; a sheet Findings lists all, with links to the
cells. Nothing else of the workbook changes, and all of it can be taken out again (``workbench.revising.clearing``). A second run begins with that, so it
leaves what a first one would have left.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.editing import (
    Area,
    Changes,
    EditRefused,
    Package,
    PartChange,
    Splice,
    Workbook,
    area,
    name,
    open_workbook,
    saving,
    undo,
)
from workbench.editing.sheet import Sheet
from workbench.model import Finding, InputRefused, Severity
from workbench.reports.findings import in_order
from workbench.revising.clearing import AUTHOR, MORE, Cleared, cleared
from workbench.revising.colours import Colours
from workbench.revising.findings_sheet import MARK, NAME, content
from workbench.revising.opening import in_our_words, open_own
from workbench.writing import sheet_name, signed

MOST_NOTES = 2_000
"""Excel becomes slow with more; the other cells are coloured and listed."""
_MOST_IN_A_NOTE = 8
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Annotated:
    """What was done to a workbook, or would be in a dry run.

    ``cells`` and ``notes`` count the coloured cells and the notes on them; ``sheet`` lists all findings, "" where there is nothing to list. ``remarks`` say what
    could only be listed, and why. ``cleared`` is what an earlier run had put there and was taken out before, ``changes`` are those against that.
    """

    path: Path
    cells: int
    notes: int
    sheet: str
    remarks: tuple[str, ...]
    cleared: Cleared
    changes: Changes


@dataclass(frozen=True, slots=True)
class Restored:
    """What was taken out of a workbook, or would be in a dry run."""

    path: Path
    cleared: Cleared
    changes: Changes


def annotate(
    path: Path,
    findings: Sequence[Finding],
    as_of: dt.date,
    *,
    output: Path | None = None,
    force: bool = False,
    dry_run: bool = False,
) -> Annotated:
    """Put the findings of the workbook at ``path`` into it, or into a copy at ``output``; those of an earlier run are replaced.

    What people typed beside findings moves to the new sheet. With ``force`` what they typed elsewhere on that sheet goes, and a file at ``output`` is replaced.

    Raises:
        InputRefused: it is of a kind that cannot be edited, cannot be edited safely, or its sheet holds what would be lost.
        OutputError: it could not be written; what stood there is whole.
    """
    book = open_own(path)
    raw = book.package.raw
    with in_our_words(path):
        before = cleared(book, keep_edited=True)
        if before.remarks.loose and not force:
            raise InputRefused(_would_lose(path, [f"{before.sheet}!{cell}" for cell in before.remarks.loose]))
        writing = _Annotating(book if before.content is raw else open_workbook(before.content))
        writing.cells(findings)
        sheet = writing.list_all(findings, before, as_of)
        package = writing.finished()
        changes = Changes(package.changes(), _written(package, raw, path, output, force=force, dry_run=dry_run))
    return Annotated(output or path, writing.coloured, writing.noted, sheet, tuple(writing.remarks()), before, changes)


def clear(path: Path, *, output: Path | None = None, force: bool = False, dry_run: bool = False) -> Restored:
    """Take out of the workbook at ``path`` whatever ``annotate`` put there; a copy without it goes to ``output`` where that is given.

    Raises:
        InputRefused: as ``annotate``; also where people typed something into our sheet or notes, unless ``force``.
        OutputError: it could not be written; what stood there is whole.
    """
    book = open_own(path)
    raw = book.package.raw
    with in_our_words(path):
        before = cleared(book)
        if before.typed and not force:
            raise InputRefused(_would_lose(path, before.typed))
        after = Package(before.content)
        kept = _written(after, raw, path, output, force=force, dry_run=dry_run)
        changes = Changes(tuple(_differences(Package(raw), after)), kept)
    return Restored(output or path, before, changes)


def _differences(before: Package, after: Package) -> Iterator[PartChange]:
    """What tells one file from another, part by part; of an edited one the bytes from the first to the last that differ."""
    for part in before.names:
        if after.find(part) is None:
            yield PartChange(part, "removed")
        elif (old := before.read(part)) != (new := after.read(part)):
            yield PartChange(part, "edited", (tuple(undo.in_one_step(old, [[Splice(0, old, new)]])),))
    yield from (PartChange(part, "added") for part in after.names if before.find(part) is None)


def _would_lose(path: Path, places: Sequence[str]) -> str:
    named = ", ".join(places[:_MOST_NAMED]) + (f" and {len(places) - _MOST_NAMED:,} more" if len(places) > _MOST_NAMED else "")
    holds = "holds" if len(places) == 1 else "hold"
    return f"{path.name}: {named} {holds} what somebody typed; copy that to a sheet of your own, or --force lets it go"


def _written(package: Package, raw: bytes, path: Path, output: Path | None, *, force: bool, dry_run: bool) -> Path | None:
    """Write the package; returns where the file that it replaced is kept."""
    return None if dry_run else saving.save(package, output or path, source=path, held=raw, force=force)


# --- one workbook ----------------------------------------------------------------------------------------------------


class _Annotating:
    """Findings on their way into a workbook that has none yet."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._colours = Colours()
        self._aside: Counter[str] = Counter()
        self.coloured = self.noted = 0

    def cells(self, findings: Sequence[Finding]) -> None:
        """Colours and notes, sheet by sheet; the worst findings come first, so that they get the notes."""
        sheets: dict[str, dict[str, list[Finding]]] = {}
        for finding in in_order(findings):
            sheet = self._sheet(finding) if finding.sheet else None
            if sheet:
                sheets.setdefault(sheet.title, {}).setdefault(_cell(sheet, finding.cell), []).append(finding)
        for title, cells in sheets.items():
            for ref, found in cells.items():
                self._colour(title, ref, found[0].severity)
                self._note(title, ref, found)

    def _sheet(self, finding: Finding) -> Sheet | None:
        try:
            sheet = self._book.sheet(finding.sheet)
        except EditRefused:
            self._aside[f"{finding.sheet} is no worksheet: listed only"] += 1
            return None
        if sheet.protection:
            self._aside[f"{finding.sheet} is protected: listed only"] += 1
            return None
        return sheet

    def _colour(self, sheet: str, ref: str, severity: Severity) -> None:
        book = self._book
        colour = self._colours.over(severity, book.styles.fill_of(book.sheet(sheet).style(ref)))
        if colour is None:
            self._aside["the pattern or gradient of a cell stays: not coloured"] += 1
            return
        try:
            book.highlight(sheet, ref, colour)
            self.coloured += 1
        except EditRefused as problem:
            self._aside[f"{problem.reason}: not coloured"] += 1

    def _note(self, sheet: str, ref: str, found: Sequence[Finding]) -> None:
        if self.noted >= MOST_NOTES:
            self._aside[f"a workbook gets at most {MOST_NOTES:,} notes: coloured and listed only"] += 1
            return
        try:
            self._book.note(sheet, ref, _note(found), author=AUTHOR)
            self.noted += 1
        except EditRefused:
            self._aside["somebody's note or thread is there: coloured and listed only"] += 1

    def list_all(self, findings: Sequence[Finding], before: Cleared, as_of: dt.date) -> str:
        """The sheet that lists the findings, and what people typed beside earlier ones; "" where there is nothing to list."""
        if not findings and not before.remarks.rows:
            return ""
        title = before.sheet or sheet_name(NAME, self._book.sheet_names)
        try:
            self._book.graft_sheet(content(findings, before.remarks, as_of), title, mark=MARK)
        except EditRefused as problem:
            if before.remarks.rows:
                raise
            self._aside[f"no sheet {NAME}: {problem.reason}"] += 1
            return ""
        return title

    def finished(self) -> Package:
        """The package with all of it, and the record of what it replaced."""
        self._colours.tell(self._book)
        if self._book.changes():
            undo.embed(self._book.package, {"cells": self.coloured, "notes": self.noted})
        return self._book.package

    def remarks(self) -> Iterator[str]:
        """What could not be put on a cell, how often, and why."""
        return (f"{what} ({count:,} {'cell' if count == 1 else 'cells'})" for what, count in self._aside.items())


def _cell(sheet: Sheet, ref: str) -> str:
    """The cell that a finding is shown at: the first of a range, and of merged cells the one that is seen."""
    found = area(ref) or Area(1, 1, 1, 1)
    for merge in sheet.merges:
        if merge.holds(found.top, found.left):
            return name(merge.top, merge.left)
    return name(found.top, found.left)


def _note(found: Sequence[Finding]) -> str:
    texts = [f"{signed(one.severity)} {one.rule}\n{one.message}\n{one.fix}".rstrip() for one in found[:_MOST_IN_A_NOTE]]
    if len(found) > _MOST_IN_A_NOTE:
        texts.append(f"… {len(found) - _MOST_IN_A_NOTE} {MORE} {NAME}")
    return "\n\n".join(texts)

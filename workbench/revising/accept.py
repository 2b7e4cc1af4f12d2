"""accept: what people decided of suggestions, written into their own workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.analysis import open_suggestions
from workbench.decisions import (
    NEW,
    Decided,
    Ends,
    Fault,
    Line,
    NewRow,
    Pair,
    Revision,
    Spot,
    Step,
    Verdict,
    judge,
    place,
    read_decisions,
    stated,
)
from workbench.editing import Changes, EditRefused, Formula, Workbook
from workbench.frameworks import framework
from workbench.frameworks.ids import CellValue
from workbench.interpretation import Project, interpret, text_of
from workbench.model import ISO2022, SOC2, Book, Finding, InputRefused, Severity
from workbench.reading import read_book, with_texts
from workbench.reports.review import Typed
from workbench.revising import decision_log, review_sheet
from workbench.revising.opening import in_our_words, open_own
from workbench.rules import CATALOGUE
from workbench.settings import OFF, Settings
from workbench.sheets import MAPPING
from workbench.writing import Column, DataSheet, render, sheet_name
from workbench.writing import Workbook as Declared

MAPPING_MARK = "_workbench.Mapping"
_RULED = {Step.ACCEPT: "accepted", Step.REJECT: "rejected", Step.DEFER: "deferred", Step.KNOWN: "known"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """One pair: what was decided, by whom, and what became of it.

    outcome: accepted, rejected, deferred, or known (the workbook said so already). cell: what says it now (``Controls!G7``, "" for none but the
    mapping list), with its text before and after. remark: why no cell of its own says it.
    """

    control: str
    requirement: str
    decision: str
    relationship: str
    rationale: str
    reviewer: str
    date: str
    outcome: str
    cell: str = ""
    before: str = ""
    after: str = ""
    remark: str = ""


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
        folding = _Folding(book, project, revision, as_of)
        remarks, findings = folding.write(settings), tuple(_findings([*faults, *revision.faults], settings))
        changes = book.changes() if dry_run else book.save(output, force=force)
    return Accepted(project.book.name, tuple(folding.rulings()), findings, tuple(remarks), changes)


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
    for fault in faults:
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
    content, _ = render(Declared(name, "Mappings", (sheet,)), as_of=as_of)
    book.graft_sheet(content, name, mark=MAPPING_MARK, source=name)


# --- review and log ---------------------------------------------------------------------------------------------------------


class _Folding:
    """The review without what was settled, and the log with it."""

    def __init__(self, book: Workbook, project: Project, revision: Revision, as_of: dt.date) -> None:
        self.book, self.project, self.revision, self.as_of = book, project, revision, as_of
        self.own = project.book.name
        self.said = stated(project)
        self.cells = {pair: edit for edit in revision.edits for pair in edit.pairs}
        self.lists: dict[Pair, list[str]] = {}
        for row in revision.rows:
            tab = MAPPING.name if row.table == NEW else project.book.tables[row.table].sheet
            self.lists.setdefault(row.pair, []).append(tab)
        steps: dict[Line, set[Step]] = {}
        for verdict in revision.verdicts:
            for line in verdict.lines:
                steps.setdefault(line, set()).add(verdict.step)
        self.settled = {line for line, some in steps.items() if Step.DEFER not in some}

    def write(self, settings: Settings) -> list[str]:
        """Take what was settled out of the review, log it, and say what else there is to say."""
        remarks = []
        try:
            old = review_sheet.standing(self.book, self.project)
        except EditRefused as problem:
            old = review_sheet.Standing()
            remarks.append(f"the review was left as it is: {problem.reason}")
        leaving = {line[1:] for line in self.settled if line[0] == self.own and line[1] == old.sheet}
        rows = tuple(self._with_deferrals([one for one in old.rows if one.line not in leaving]))
        entries = list(self._entries(old))
        if old.sheet and (leaving or rows != old.rows):
            catalogues = [with_texts(framework(name), settings) for name in (SOC2, ISO2022)]
            suggestions = open_suggestions(self.revision.project, settings, catalogues)
            review_sheet.write(self.book, self.revision.project, suggestions, replace(old, rows=rows), self.as_of)
        if entries:
            decision_log.add(self.book, entries, self.as_of)
        nameless = sum(not entry.reviewer for entry in entries)
        if nameless:
            remarks.append(f"{nameless} of {len(entries)} decisions do not say who decided; --by NAME says it for them")
        return remarks

    def _with_deferrals(self, rows: Sequence[Typed]) -> Iterator[Typed]:
        """The rows of the review, with what other reviews defer beside its pair."""
        deferred = {
            verdict.decided.pair: verdict.decided
            for verdict in self.revision.verdicts
            if verdict.step is Step.DEFER and not any(line[0] == self.own for line in verdict.lines)
        }
        for row in rows:
            one = deferred.pop(row.pairs[0], None) if len(row.pairs) == 1 and not row.cells.get("decision") else None
            yield replace(row, cells={**row.cells, **_cells(one)}, kept=True) if one else row
        for number, one in enumerate(deferred.values(), 1):
            ends = {"source": one.source, "target": one.target}
            yield Typed(("", number), (one.pair,), {**ends, **_cells(one)}, kept=True)

    def _entries(self, old: review_sheet.Standing) -> Iterator[decision_log.Entry]:
        for verdict in self.revision.verdicts:
            own = [line for line in verdict.lines if line[0] == self.own and line in self.settled]
            if verdict.step in {Step.ACCEPT, Step.REJECT} or (verdict.step is Step.KNOWN and own):
                ruling = self._ruling(verdict)
                yield decision_log.Entry(
                    self.as_of,
                    verdict.decided.date,
                    ruling.reviewer,
                    ruling.control,
                    ruling.requirement,
                    ruling.decision,
                    ruling.relationship,
                    ruling.rationale,
                    "; ".join(note for line in own for note in old.beside(line[1:])),
                    self._done(verdict, ruling),
                    ruling.cell,
                    ruling.before,
                    ruling.after,
                    "; ".join(f"{workbook}!{sheet}!{row}" for workbook, sheet, row in verdict.lines),
                )

    def _done(self, verdict: Verdict, ruling: Ruling) -> str:
        if verdict.step is Step.KNOWN:
            return f"nothing: {ruling.cell} says so already"
        tabs = [f"row in {tab}" for tab in self.lists.get(verdict.decided.pair, [])]
        written = [f"{ruling.requirement} written into {ruling.cell}"] if ruling.after else []
        return "; ".join([*written, *tabs] or [f"row in {self._place(verdict)} completed"])

    def _place(self, verdict: Verdict) -> str:
        return next((entry.cell for entry in self.said.get(verdict.decided.pair, ())), "")

    def rulings(self) -> Iterator[Ruling]:
        """What became of each pair."""
        return (self._ruling(verdict) for verdict in self.revision.verdicts)

    def _ruling(self, verdict: Verdict) -> Ruling:
        one, edit = verdict.decided, self.cells.get(verdict.decided.pair)
        return Ruling(
            one.source,
            one.target,
            one.decision,
            one.relationship,
            one.rationale,
            one.reviewer,
            text_of(one.date),
            _RULED[verdict.step],
            f"{edit.sheet}!{edit.cell}" if edit else self._place(verdict) if verdict.step is Step.KNOWN else "",
            text_of(edit.before) if edit else "",
            text_of(edit.after) if edit else "",
            self.revision.remarks.get(one.pair, ""),
        )


def _cells(one: Decided) -> dict[str, CellValue]:
    return {"decision": one.decision, "rationale": one.rationale or None, "reviewer": one.reviewer or None, "date": one.date}

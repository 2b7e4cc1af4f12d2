"""Decisions that were written into a workbook: taken out of its review, logged, and told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.analysis import open_suggestions
from workbench.decisions import NEW, Decided, Fault, Line, Pair, Revision, Step, Verdict, row_of, stated
from workbench.editing import EditRefused, Workbook
from workbench.frameworks import framework
from workbench.frameworks.ids import CellValue
from workbench.interpretation import Project, text_of
from workbench.model import ISO2022, SOC2
from workbench.reading import with_texts
from workbench.reports.review import Review, Typed
from workbench.revising import decision_log, review_sheet
from workbench.settings import Settings
from workbench.sheets import MAPPING

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


class Folding:
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
        self.remarks: list[str] = []

    def write(self, faults: Sequence[Fault], settings: Settings) -> list[Fault]:
        """Take what was settled out of the review and log it; the faults where they stand now."""
        try:
            old = review_sheet.standing(self.book, self.project, settings.limits)
        except EditRefused as problem:
            old = review_sheet.Standing()
            self.remarks.append(f"the review was left as it is: {problem.reason}")
        leaving = {line[1:] for line in self.settled if line[0] == self.own and line[1] == old.sheet}
        rows = tuple(self._with_deferrals([one for one in old.rows if one.line not in leaving]))
        self._log(list(self._entries(old, leaving)))
        if not old.sheet or not (leaving or rows != old.rows):
            return list(faults)
        catalogues = [with_texts(framework(name), settings) for name in (SOC2, ISO2022)]
        suggestions = open_suggestions(self.revision.project, settings, catalogues)
        made = review_sheet.write(self.book, self.revision.project, suggestions, replace(old, rows=rows), self.as_of)
        return [self._moved(fault, made) for fault in faults]

    def _moved(self, fault: Fault, made: Review) -> Fault:
        if fault.workbook != self.own:
            return fault
        return replace(fault, cell=made.cell((fault.sheet, row_of(fault.cell)), fault.field) or fault.cell)

    def _log(self, entries: Sequence[decision_log.Entry]) -> None:
        if entries:
            decision_log.add(self.book, entries, self.as_of)
        nameless = sum(not entry.reviewer for entry in entries)
        if nameless:
            self.remarks.append(f"{nameless} of {len(entries)} decisions do not say who decided; --by NAME says it for them")

    def _with_deferrals(self, rows: Sequence[Typed]) -> Iterator[Typed]:
        """The rows of the review, with what other reviews defer beside its pair."""
        deferred = {
            verdict.decided.pair: verdict.decided
            for verdict in self.revision.verdicts
            if verdict.step is Step.DEFER and all(verdict.decided.pair) and not any(line[0] == self.own for line in verdict.lines)
        }
        for row in rows:
            one = deferred.pop(row.pairs[0], None) if len(row.pairs) == 1 and not row.cells.get("decision") else None
            yield replace(row, cells={**row.cells, **_cells(one)}, kept=True) if one else row
        for number, one in enumerate(deferred.values(), 1):
            ends = {"source": one.source, "target": one.target}
            yield Typed(("", number), (one.pair,), {**ends, **_cells(one)}, kept=True)

    def _entries(self, old: review_sheet.Standing, leaving: Collection[tuple[str, int]]) -> Iterator[decision_log.Entry]:
        for verdict in self.revision.verdicts:
            own = [line for line in verdict.lines if line[0] == self.own and line[1:] in leaving]
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

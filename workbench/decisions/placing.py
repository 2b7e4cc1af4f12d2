"""From verdicts to the cells and rows that say them, and what the workbook says then. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from workbench.decisions.cells import Cells, Edit, Fixed, Home, Spot, family, framework_of
from workbench.decisions.judging import Stated, Step, Verdict, dated, stated
from workbench.decisions.lists import NEW, Lists, NewRow
from workbench.decisions.reviews import NO_CONTROL, Ends, Fault, Pair
from workbench.interpretation import Project, interpret
from workbench.model import ISO_UNDECIDED, SOC2, Book, Layout, MappingStatus, Table, TableColumn
from workbench.settings import Settings
from workbench.sheets import MAPPING


@dataclass(frozen=True, slots=True, eq=False)
class Revision:
    """What is to be changed for the verdicts that can be followed.

    edits: cells with another value, each once. rows: rows below mapping lists. remarks: pair → why no cell of its own says it.
    faults: why a verdict cannot be followed. project: the workbook as it will be understood.
    """

    verdicts: tuple[Verdict, ...]
    edits: tuple[Edit, ...]
    rows: tuple[NewRow, ...]
    remarks: Mapping[Pair, str]
    faults: tuple[Fault, ...]
    project: Project

    @property
    def empty(self) -> bool:
        """Whether nothing is to be changed."""
        return not (self.edits or self.rows)


def place(
    project: Project, verdicts: Sequence[Verdict], settings: Settings, *, by: str, as_of: dt.date, fixed: Fixed | None = None
) -> Revision:
    """The cells and rows that say what was accepted and rejected.

    An accepted pair goes into the cell where the workbook lists such things, and a row of a mapping list says the rest: relationship, reason,
    who, when. A rejected one is such a row alone. No edit changes what another cell means, and each is read as it was meant: an id for
    which that cannot be had (5.1 among ids of another edition) only goes into a mapping list. ``by`` and ``as_of`` are who and when where a
    row does not say; ``fixed`` are cells that must not be changed, and why.
    """
    fixed, said = fixed or {}, stated(project)
    pending = [
        replace(one, decided=dated(one.decided, by, as_of)) if one.step in {Step.ACCEPT, Step.REJECT} else one for one in verdicts
    ]
    edits, remarks = _edits(project, pending, settings, fixed, said)
    listed = {pair for edit in edits for pair in edit.pairs}
    nameless = Ends(project).nameless
    faults = [fault for one in pending if one.decided.source in nameless for fault in _unrecorded(one, listed, remarks)]
    lost = {(fault.workbook, fault.sheet, fault.cell) for fault in faults}
    kept = [one for one in pending if (one.decided.workbook, one.decided.sheet, one.decided.cell) not in lost]
    lists = Lists(project, settings, fixed, said)
    rows: list[NewRow] = []
    for one in kept:
        if one.step in {Step.ACCEPT, Step.REJECT} and one.decided.source not in nameless:
            more, new = lists.record(one, listed=one.decided.pair in listed)
            edits, rows = [*edits, *more], [*rows, *new]
    rows = _rerouted(project, edits, rows, kept, lists, settings)
    after = interpret(revised(project.book, edits, rows), settings) if edits or rows else project
    return Revision(tuple(kept), tuple(edits), tuple(rows), remarks, tuple(faults), after)


def _edits(
    project: Project, verdicts: Iterable[Verdict], settings: Settings, fixed: Fixed, said: Mapping[Pair, Sequence[Stated]]
) -> tuple[list[Edit], dict[Pair, str]]:
    """The cells that gain ids or marks, and why pairs have none."""
    cells = Cells(project, settings, fixed)
    wanted: dict[Spot, list[tuple[Home, Pair]]] = {}
    remarks: dict[Pair, str] = {}
    for one in verdicts:
        pair = one.decided.pair
        if one.step is Step.ACCEPT and not any(entry.via != "pair" and entry.holds for entry in said.get(pair, ())):
            home, why = cells.home(one.decided)
            if home:
                wanted.setdefault(home.spot, []).append((home, pair))
            elif why:
                remarks[pair] = why
    edits = list(cells.edits(wanted))
    misread = _misread(project, edits, settings)
    for edit in edits:
        if (edit.spot.table, edit.spot.column) in misread:
            remarks |= dict.fromkeys(
                edit.pairs, f"in {edit.sheet}!{edit.cell} it would be read as something else, or change what other cells mean"
            )
    return [edit for edit in edits if (edit.spot.table, edit.spot.column) not in misread], remarks


def _unrecorded(one: Verdict, listed: Collection[Pair], remarks: Mapping[Pair, str]) -> Iterator[Fault]:
    """A control without an id can be named in no mapping list: what no cell of its own says cannot be kept."""
    said = one.decided
    if one.step in {Step.ACCEPT, Step.REJECT} and said.pair not in listed:
        why = remarks.get(said.pair, "")
        message = f"{said.source} has no Control ID, so that nothing can be recorded about it; give it one" + (
            f" ({why})" if why else ""
        )
        yield Fault(NO_CONTROL, said.workbook, said.sheet, said.cell, message)


# --- is it read as it was meant? ----------------------------------------------------------------------------------------------


def _misread(project: Project, edits: Sequence[Edit], settings: Settings) -> set[tuple[int, str]]:
    """The (table, column) in which an edit would be read as something else, or changes what another cell says."""
    if not any(edit.ids for edit in edits):
        return set()
    before, after = _cited(project), _cited(interpret(revised(project.book, edits, ()), settings))
    for edit in edits:
        before[edit.spot] = before.get(edit.spot, frozenset()) | frozenset(edit.ids)
    return {(spot.table, spot.column) for spot in {*before, *after} if before.get(spot) != after.get(spot)}


def _cited(project: Project) -> dict[Spot, frozenset[tuple[str, str]]]:
    """Cell → the (id, framework) that it cites."""
    found: dict[Spot, set[tuple[str, str]]] = {}
    frame = project.citations
    columns = (frame[name].tolist() for name in ("table", "row", "column", "id", "framework"))
    for table, row, column, name, framework in zip(*columns, strict=True):
        if name:
            found.setdefault(Spot(table, row, column), set()).add((name, framework))
    return {spot: frozenset(cited) for spot, cited in found.items()}


def _rerouted(
    project: Project, edits: Sequence[Edit], rows: Sequence[NewRow], verdicts: Sequence[Verdict], lists: Lists, settings: Settings
) -> list[NewRow]:
    """The rows, those that their list would not say as they are meant on a sheet of their own."""
    if all(row.table == NEW for row in rows):
        return list(rows)
    after = stated(interpret(revised(project.book, edits, rows), settings))
    by_pair = {one.decided.pair: one for one in verdicts}
    return [
        row
        if row.table == NEW or _says(after.get(row.pair, ()), row.table, by_pair[row.pair])
        else lists.row(by_pair[row.pair], number=NEW)
        for row in rows
    ]


def _says(said: Iterable[Stated], table: int, verdict: Verdict) -> bool:
    meant = MappingStatus.ACCEPTED if verdict.step is Step.ACCEPT else MappingStatus.REJECTED
    return any(entry.table == table and entry.via == "pair" and entry.status == meant for entry in said)


# --- the workbook as it will be ------------------------------------------------------------------------------------------------


def revised(book: Book, edits: Iterable[Edit], rows: Iterable[NewRow]) -> Book:
    """The workbook with the edits and rows in it, as it would be read."""
    changed: dict[int, list[Edit]] = {}
    for edit in edits:
        changed.setdefault(edit.spot.table, []).append(edit)
    added: dict[int, list[NewRow]] = {}
    for row in rows:
        added.setdefault(row.table, []).append(row)
    tables = [
        _revised(table, changed.get(number, ()), added.get(number, ())) if number in changed or number in added else table
        for number, table in enumerate(book.tables)
    ]
    if NEW in added:
        tables.append(_mapping(added[NEW]))
    return replace(book, tables=tuple(tables))


def _revised(table: Table, edits: Iterable[Edit], rows: Sequence[NewRow]) -> Table:
    frame = table.frame.copy()
    formats = dict(table.formats)
    for edit in edits:
        frame.loc[edit.spot.row, edit.spot.column] = edit.after
        formats.pop((edit.spot.row, edit.spot.column), None)
    last = max(frame.index.tolist(), default=table.heading_row)
    below = [[row.cells.get(name) or None for name in frame.columns] for row in rows]
    if below:
        more = pd.DataFrame(below, index=range(last + 1, last + 1 + len(below)), columns=frame.columns, dtype=object)
        frame = pd.concat([frame, more]) if len(frame) else more
    return replace(table, frame=frame, formats=formats)


def _mapping(rows: Sequence[NewRow]) -> Table:
    """A sheet Mapping with only these rows, as it would be read."""
    columns = []
    for number, column in enumerate(MAPPING.columns):
        framework = _common(str(row.cells[column.field]) for row in rows) if column.field in {"source", "target"} else ""
        columns.append(TableColumn(column.field, column.field, chr(ord("A") + number), column.heading, framework))
    cells = [[row.cells.get(column.field) or None for column in MAPPING.columns] for row in rows]
    frame = pd.DataFrame(
        cells, index=range(2, 2 + len(cells)), columns=[column.field for column in MAPPING.columns], dtype=object
    )
    return Table(MAPPING.name, MAPPING.name, Layout.PAIR_LIST, 1, tuple(columns), frame)


def _common(names: Iterable[str]) -> str:
    """What a column of these ids is read as: of one framework, or of none in particular."""
    families = {family(framework_of(name)) for name in names}
    if len(families) != 1:
        return ""
    return {"soc2": SOC2, "iso": ISO_UNDECIDED}.get(families.pop(), "")

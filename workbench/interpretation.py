"""What a workbook says, whichever layout it says it in: tables in, a ``Project`` out. Pure.

Every frame keeps the columns ``sheet`` and ``row`` (and ``cell`` where one cell says it), so that whatever is
computed from it can name its place.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pandas as pd

from workbench import sheets
from workbench.frameworks import index
from workbench.frameworks.ids import CellValue, decide_edition, parse
from workbench.model import (
    ISO2013,
    ISO2022,
    ISO_UNDECIDED,
    OTHER,
    SOC2,
    Book,
    Citation,
    ControlStatus,
    Kind,
    MappingStatus,
    Relationship,
    Table,
    TableColumn,
)
from workbench.settings import Settings
from workbench.words import SPREAD, ending, read_word


@dataclass(frozen=True, slots=True)
class Edition:
    """The framework decided for one requirement column, what its heading said, and why it was decided so."""

    framework: str
    said: str
    because: str


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """A workbook understood.

    citations: one row per requirement id written anywhere. Columns table (index into ``book.tables``), sheet, row,
        column (frame column name), cell, role (source, target, requirement, heading), text, id, framework, remark, title
        (beside the id in its cell, else in the title column of its row, else ""), candidates (tuple of ids).
    editions: (table index, frame column name) → Edition, for every requirement column.
    controls: one row per control row. Columns control (its id, or ``Sheet!row`` where it has none), id (as written, "" blank),
        name, description, owner, status (a ControlStatus value, or ""), status_written, counts_as (the status that figures use: as
        status, but Implemented where the sheet says nothing of status at all), policy, evidence, frequency,
        last_tested (date, other cell value or None), notes, table, sheet, row. Text columns are str, never None.
    mappings: one row per mapping stated. Columns source, source_framework ("" for a control, OTHER for another framework's id), target, target_framework,
        relationship, relationship_written, strength (float or NaN), strength_written, rationale, status (MappingStatus), method,
        reviewer, date, via (cell, pair, grid, assessment), table, sheet, row, cell.
    applicability: one row per row of an assessment of Annex A controls. Columns id (canonical, "" unreadable), id_written,
        title, applicable (yes, no, open or "" unreadable), applicable_written, reasons (tuple of LR CO BR RRA or as written), inclusion,
        exclusion, status, status_written, how, controls, policy, evidence, risk, owner, review_date, table, sheet, row.
    assessments: one row per requirement of any framework that an assessment sheet judges. Columns id, framework, status,
        status_written, how, evidence, owner, table, sheet, row.
    decisions: one row per requirement id of each row of a review sheet. Columns source (a control or requirement as the workbook has
        it), source_title, target (canonical, "" unreadable), target_framework, target_title, target_written, decision (a Decision, or
        ""), decision_written, relationship (ours, or ""), relationship_written, rationale, reviewer, date, score (None in a row that a
        person added), table, sheet, row.
    evidence, policies, scope, requests, calendar: the register's declared fields as columns ("" or None when blank), and table, sheet, row.
    profile: setting (as in ``sheets.PROFILE_SETTINGS``) → (value, sheet, cell).
    words: (kind, as written, ours) for every word of the team's own that was translated.
    """

    book: Book
    citations: pd.DataFrame
    editions: Mapping[tuple[int, str], Edition]
    controls: pd.DataFrame
    mappings: pd.DataFrame
    applicability: pd.DataFrame
    assessments: pd.DataFrame
    evidence: pd.DataFrame
    policies: pd.DataFrame
    scope: pd.DataFrame
    requests: pd.DataFrame
    calendar: pd.DataFrame
    decisions: pd.DataFrame
    profile: Mapping[str, tuple[object, str, str]]
    words: tuple[tuple[str, str, str], ...] = ()


FRAMES: Mapping[str, tuple[str, ...]] = {
    "citations": ("table", "sheet", "row", "column", "cell", "role", "text", "id", "framework", "remark", "title", "candidates"),
    "controls": (
        "control", "id", "name", "description", "owner", "status", "status_written", "counts_as", "policy", "evidence",
        "frequency", "last_tested", "notes", "table", "sheet", "row",
    ),
    "mappings": (
        "source", "source_framework", "target", "target_framework", "relationship", "relationship_written", "strength",
        "strength_written", "rationale", "status", "method", "reviewer", "date", "via", "table", "sheet", "row", "cell",
    ),
    "applicability": (
        "id", "id_written", "title", "applicable", "applicable_written", "reasons", "inclusion", "exclusion", "status",
        "status_written", "how", "controls", "policy", "evidence", "risk", "owner", "review_date", "table", "sheet", "row",
    ),
    "assessments": ("id", "framework", "status", "status_written", "how", "evidence", "owner", "table", "sheet", "row"),
    "decisions": (
        "source", "source_title", "target", "target_framework", "target_title", "target_written", "decision", "decision_written",
        "relationship", "relationship_written", "rationale", "reviewer", "date", "score", "table", "sheet", "row",
    ),
}  # fmt: skip
"""Columns of every frame of a ``Project``; the registers have their declared fields and table, sheet, row."""

REGISTERS = {
    "evidence": sheets.EVIDENCE,
    "policies": sheets.POLICIES,
    "scope": sheets.SCOPE,
    "requests": sheets.REQUESTS,
    "calendar": sheets.CALENDAR,
}
NOT_MARKED = frozenset({"", "0", "-", "–", "—", "no", "n", "none", "n/a", "na", "false", "not mapped"})
"""What people put into a grid cell to say that there is no mapping."""
UNDECIDED_MARKS = frozenset({"?", "tbd", "tbc"})


@dataclass(slots=True)
class _Notes:
    """Rows of the frames while they are collected; ``words`` keeps the order of first use."""

    settings: Settings
    rows: dict[str, list[tuple[object, ...]]] = field(default_factory=lambda: {name: [] for name in FRAMES})
    editions: dict[tuple[int, str], Edition] = field(default_factory=dict)
    words: dict[tuple[str, str, str], None] = field(default_factory=dict)

    def word(self, kind: str, value: object) -> str:
        """Our word for a cell, noted as translated when it was another."""
        written = text_of(value)
        ours = read_word(kind, written, self.settings.words) if written else ""
        if ours and ours.casefold() != written.casefold():
            self.words[(kind, written, ours)] = None
        return ours


def text_of(value: object) -> str:
    """A cell as text: "" for blank, 5 for 5.0, ISO dates, inner line breaks kept."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)


def interpret(book: Book, settings: Settings) -> Project:
    """The project that ``book`` describes. Never raises for what is in the cells."""
    notes = _Notes(settings)
    known = _known_controls(book)
    for number, table in enumerate(book.tables):
        _READERS.get(table.declaration, _skip)(notes, number, table, known)
    _controls_of_pairs(notes, book, known)
    frames = {name: _frame(FRAMES[name], rows) for name, rows in notes.rows.items()}
    registers = {name: _register(book, sheet) for name, sheet in REGISTERS.items()}
    return Project(
        book=book,
        editions=notes.editions,
        profile=_profile(book),
        words=tuple(notes.words),
        **frames,
        **registers,
    )


def _frame(columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    return frame_of(dict(zip(columns, zip(*rows, strict=True) if rows else ((),) * len(columns), strict=True)))


def frame_of(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """A frame of cells, all of dtype object and none of them guessed at; one block, which costs a third of a block a column."""
    count = len(next(iter(columns.values())))
    cells = np.empty((len(columns), count), dtype=object)
    for place, column in enumerate(columns.values()):
        cells[place] = np.fromiter(column, object, count)
    return pd.DataFrame(cells.T, columns=list(columns), dtype=object, copy=False)


def _skip(_notes: _Notes, _number: int, _table: Table, _known: frozenset[str]) -> None:
    """Registers are read by their own declarations."""


def _column(table: Table, name: str) -> list[CellValue]:
    """A column's cells, or blanks where the sheet has no such column."""
    return table.frame[name].tolist() if name in table.frame.columns else [None] * len(table.frame)


def _texts(table: Table, name: str) -> list[str]:
    return [text_of(value) for value in _column(table, name)]


def _known_controls(book: Book) -> frozenset[str]:
    return frozenset(name for table in book.declared("Controls") for name in _texts(table, "id") if name)


# --- requirement columns -------------------------------------------------------------------------------------------


def _titles(table: Table, name: str) -> list[str]:
    """The title beside each cell of an id column: ``target#2`` → ``target_title#2``, ``id`` → ``title``; else blanks."""
    stem, _, number = name.partition("#")
    title = "title" if stem == "id" else f"{stem}_title"
    return _texts(table, f"{title}#{number}" if number else title)


def _decide(notes: _Notes, number: int, table: Table, column: TableColumn, titles: Sequence[str]) -> str:
    """The framework that a requirement column is read by, decided once for the whole column."""
    said = column.framework
    if said in {"", SOC2} or not said.startswith(ISO_UNDECIDED):
        notes.editions[(number, column.name)] = Edition(said, said, "its heading and ids")
        return said
    formats = table.formats
    rows = table.frame.index.tolist()
    cells = [(value, formats.get((row, column.name), "")) for row, value in zip(rows, _column(table, column.name), strict=True)]
    heading = column.heading if any(char.isdigit() for char in column.heading) else f"{column.heading} {table.sheet}"
    framework, because = decide_edition(cells, titles, heading=heading)
    notes.editions[(number, column.name)] = Edition(framework, said, because)
    return framework


def _cite(
    notes: _Notes, number: int, table: Table, column: TableColumn, role: str, controls: Collection[str] = ()
) -> Iterator[tuple[int, int, tuple[Citation, ...]]]:
    """(position, Excel row, citations) of every cell of a requirement column; each citation is noted. ``controls`` cite nothing."""
    titles = _titles(table, column.name)
    framework = _decide(notes, number, table, column, titles)
    rows = table.frame.index.tolist()
    cells = [
        ()
        if controls and text_of(value) in controls
        else parse(value, framework, number_format=table.formats.get((row, column.name), ""))
        for row, value in zip(rows, _column(table, column.name), strict=True)
    ]
    if framework == ISO2022:
        cells = [_by_title(found) for found in cells]
    by_title = _clause_titles() if framework == ISO2022 else {}
    clauses = framework in {ISO2022, ISO2013} and _lists_clauses(cells, framework, column.heading)
    out = notes.rows["citations"]
    for position, (row, found, title) in enumerate(zip(rows, cells, titles, strict=True)):
        if len(found) == 1 and title and not found[0].title:
            found = (replace(found[0], title=title),)  # noqa: PLW2901  the cell's citation with what stands beside the cell
        if clauses or by_title:
            found = tuple(_as_titled(_as_clause(citation, by_title, always=clauses)) for citation in found)  # noqa: PLW2901
        for citation in found:
            out.append(_citation_row(number, table, column, row, role, citation))
        yield position, row, found


def _citation_row(number: int, table: Table, column: TableColumn, row: int, role: str, citation: Citation) -> tuple[object, ...]:
    return (
        number, table.sheet, row, column.name, f"{column.letter}{row}", role, citation.text, citation.id, citation.framework,
        citation.remark, citation.title, citation.candidates,
    )  # fmt: skip


@cache
def _control_titles() -> Mapping[str, str]:
    return {sheets.fold_heading(entry.title): entry.id for entry in index(ISO2022).values() if entry.kind == "control"}


def _by_title(found: tuple[Citation, ...]) -> tuple[Citation, ...]:
    """Where a cell holds nothing but titles of Annex A controls, to the letter, the controls."""
    if len(found) != 1 or found[0].remark != "text":
        return found
    pieces = [piece.strip() for piece in re.split(r"[\n;|]", found[0].text) if piece.strip()]
    names = [_control_titles().get(sheets.fold_heading(piece), "") for piece in pieces]
    if not all(names):
        return found
    return tuple(Citation(piece, name, ISO2022, "repaired") for piece, name in zip(pieces, names, strict=True))


@cache
def _clause_titles() -> Mapping[str, str]:
    return {sheets.fold_heading(entry.title): entry.id for entry in index(ISO2022).values() if entry.kind == "clause"}


def _lists_clauses(cells: Iterable[Sequence[Citation]], framework: str, heading: str) -> bool:
    """Whether the numbers without letters of an ISO column are clauses.

    They are where some can be nothing else (4.1, 10.2) and none can only be a control (5.15); where all can be both, the heading decides.
    """
    numbers = {
        citation.id
        for found in cells
        for citation in found
        if citation.remark in {"bare", "number", "group"} and _is_number(citation)
    }
    clauses = [name for name in numbers if name.startswith("Clause") and _twin(name) not in index(framework)]
    controls = [name for name in numbers if name.startswith("A.") and _twin(name) not in index(ISO2022)]
    if clauses or controls:
        return not controls
    folded = sheets.fold_heading(heading)
    return "clause" in folded and "annex" not in folded and "control" not in folded and bool(numbers)


def _is_number(citation: Citation) -> bool:
    return citation.text[:1].isdigit()


def _twin(name: str) -> str:
    """The clause of a control's number, and the control of a clause's."""
    return f"A.{name.removeprefix('Clause ')}" if name.startswith("Clause") else f"Clause {name.removeprefix('A.')}"


def _as_titled(citation: Citation) -> Citation:
    """A number that may be a clause or a control of 2013 is that control where the title beside it is the control's, to the letter."""
    if citation.remark == "bare" and citation.title:
        title = sheets.fold_heading(citation.title)
        for name in citation.candidates:
            old = index(ISO2013).get(name)
            if old is not None and old.kind == "control" and sheets.fold_heading(old.title) == title:
                return replace(citation, id=name, framework=ISO2013)
    return citation


def _as_clause(citation: Citation, by_title: Mapping[str, str], *, always: bool) -> Citation:
    """A bare 5.1 is the clause where the column lists clauses, or where the title beside it is the clause's."""
    clause = f"Clause {citation.text}"
    if citation.remark not in {"bare", "number", "group"} or not _is_number(citation) or clause not in index(ISO2022):
        return citation
    carried = citation.remark == "bare" and clause not in citation.candidates
    titled = by_title.get(sheets.fold_heading(citation.title)) == clause
    if not titled and (carried or not always):
        return citation
    remark = "bare" if citation.remark == "group" else citation.remark
    return replace(citation, id=clause, framework=ISO2022, remark=remark if index(ISO2022)[clause].assessable else "group")


def countable(citation: Citation) -> bool:
    """Whether a citation names one assessable requirement, so that a mapping follows from it."""
    entry = index(citation.framework).get(citation.id) if citation.framework in {SOC2, ISO2022, ISO2013} else None
    return bool(citation.id) and (entry is None or entry.assessable)


# --- control libraries ---------------------------------------------------------------------------------------------


def _read_controls(notes: _Notes, number: int, table: Table, _known: frozenset[str]) -> None:
    labels = _control_rows(notes, number, table)
    for column in table.columns:
        if column.field in {"soc2", "iso"} or (column.framework and column.field not in {"id", "name"}):
            for position, row, found in _cite(notes, number, table, column, "requirement"):
                for citation in found:
                    if countable(citation):
                        target = (citation.id, citation.framework)
                        cell = f"{column.letter}{row}"
                        notes.rows["mappings"].append(
                            _bare_mapping(labels[position], "", target, "cell", number, table, row, cell)
                        )


def _control_rows(notes: _Notes, number: int, table: Table) -> list[str]:
    """Notes each control row; gives the label of each."""
    rows = table.frame.index.tolist()
    ids = _texts(table, "id")
    labels = [name or f"{table.sheet}!{row}" for name, row in zip(ids, rows, strict=True)]
    written = _texts(table, "status")
    status = [notes.word("status", word) for word in written]
    counts = status if any(written) else [str(ControlStatus.IMPLEMENTED)] * len(rows)
    columns = (
        labels, ids, _texts(table, "name"), _texts(table, "description"), _texts(table, "owner"), status, written, counts,
        _texts(table, "policy"), _texts(table, "evidence"), _texts(table, "frequency"), _column(table, "last_tested"),
        _texts(table, "notes"), [number] * len(rows), [table.sheet] * len(rows), rows,
    )  # fmt: skip
    notes.rows["controls"] += zip(*columns, strict=True)
    return labels


def _bare_mapping(
    source: str, source_framework: str, target: tuple[str, str], via: str, number: int, table: Table, row: int, cell: str
) -> tuple[object, ...]:
    return (
        source, source_framework, *target, str(Relationship.UNSPECIFIED), "", float("nan"), "", "", str(MappingStatus.ACCEPTED),
        "", "", None, via, number, table.sheet, row, cell,
    )  # fmt: skip


# --- pair lists ----------------------------------------------------------------------------------------------------


def _read_pairs(notes: _Notes, number: int, table: Table, known: frozenset[str]) -> None:
    """Notes each pair as stated; a requirement that names a control of the library the other way round, as the control serving it."""
    sources = _pair_ends(notes, number, table, "source", known)
    details = _pair_details(notes, table)
    for column in table.named("target"):
        for position, row, found in _cite_or_control(notes, number, table, column, "target", known):
            for source in sources[position]:
                for target in found:
                    if source != target or not source[1]:
                        stated = (*source, *target, *details[position])
                        if source[1] and not target[1] and target[0] in known:
                            stated = (
                                *target,
                                *source,
                                str(Relationship(str(details[position][0])).inverse),
                                *details[position][1:],
                            )
                        notes.rows["mappings"].append((*stated, "pair", number, table.sheet, row, f"{column.letter}{row}"))


End = tuple[str, str]
"""One end of a mapping: a control or requirement, and its framework ("" for a control)."""


def _pair_ends(notes: _Notes, number: int, table: Table, role: str, known: frozenset[str]) -> list[list[End]]:
    ends: list[list[End]] = [[] for _ in range(len(table.frame))]
    for column in table.named(role):
        for position, _, found in _cite_or_control(notes, number, table, column, role, known):
            ends[position] += found
    return ends


def _cite_or_control(
    notes: _Notes, number: int, table: Table, column: TableColumn, role: str, known: frozenset[str]
) -> Iterator[tuple[int, int, list[End]]]:
    """Ends of mappings in a column of requirement ids, of control ids, or of both; of a framework that is none of ours as written."""
    if column.framework == OTHER:
        for position, (row, name) in enumerate(zip(table.frame.index.tolist(), _texts(table, column.name), strict=True)):
            yield position, row, [(name, OTHER)] if name else []
        return
    controls = _controls_in(table, column, known)
    written = _texts(table, column.name)
    for position, row, found in _cite(notes, number, table, column, role, controls):
        own = [(written[position], "")] if written[position] in controls else []
        yield position, row, own or [(entry.id, entry.framework) for entry in found if countable(entry)]


def _controls_in(table: Table, column: TableColumn, known: frozenset[str]) -> frozenset[str]:
    """The cells that are controls: known ones and, where such cells are the most, all that name no requirement.

    In a column of a framework's ids a control that is numbered as they are is none.
    """
    written = [text for text in _texts(table, column.name) if text]
    nameless = {text for text in set(written) if not any(entry.id for entry in parse(text, column.framework))}
    if column.framework:
        return known & nameless
    likely = [text for text in written if text in known or text in nameless]
    return frozenset(likely) if 2 * len(likely) >= len(written) else known


def _pair_details(notes: _Notes, table: Table) -> list[tuple[object, ...]]:
    """Relationship … date of each row, as the mappings frame has them."""
    relationships = _texts(table, "relationship")
    strengths = _column(table, "strength")
    ours = [_relationship(notes, written) for written in relationships]
    numbers = [_strength(notes, value) for value in strengths]
    written_statuses = _texts(table, "status")
    statuses = [notes.word("mapping status", word) or str(MappingStatus.ACCEPTED) for word in written_statuses]
    columns = (
        ours, relationships, numbers, [text_of(value) for value in strengths], _texts(table, "rationale"), statuses,
        _texts(table, "method"), _texts(table, "reviewer"), _column(table, "date"),
    )  # fmt: skip
    return list(zip(*columns, strict=True))


def _relationship(notes: _Notes, written: str) -> str:
    return notes.word("relationship", written) or str(Relationship.UNSPECIFIED)


def _strength(notes: _Notes, value: object) -> float:
    """1–10 as written, or by the word table; NaN when it is neither."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    written = text_of(value)
    try:
        return float(written.replace(",", ".")) if written else float("nan")
    except ValueError:
        ours = notes.word("strength", written)
        return float(ours) if ours else float("nan")


def _controls_of_pairs(notes: _Notes, book: Book, known: frozenset[str]) -> None:
    """Where no sheet lists controls, those that pairs and grids speak of are the library."""
    if known or notes.rows["controls"]:
        return
    seen: dict[str, tuple[int, str, int, str]] = {}
    names = _source_names(book)
    for mapping in notes.rows["mappings"]:
        source, framework, number, sheet, row = mapping[0], mapping[1], mapping[14], mapping[15], mapping[16]
        if not framework:
            seen.setdefault(str(source), (int(str(number)), str(sheet), int(str(row)), names.get(str(source), "")))
    for control, (number, sheet, row, name) in seen.items():
        notes.rows["controls"].append(
            (control, control, name, "", "", "", "", str(ControlStatus.IMPLEMENTED), "", "", "", None, "", number, sheet, row)
        )


def _source_names(book: Book) -> dict[str, str]:
    names: dict[str, str] = {}
    for table in book.tables:
        for source, title in zip(_texts(table, "source"), _texts(table, "source_title"), strict=True):
            names.setdefault(source, title)
    return names


# --- grids ---------------------------------------------------------------------------------------------------------


def _read_grid(notes: _Notes, number: int, table: Table, known: frozenset[str]) -> None:
    sources = _pair_ends(notes, number, table, "source", known)
    rows = table.frame.index.tolist()
    for column in table.columns:
        if column.field != "cell":
            continue
        targets = _grid_heading(notes, number, table, column, known)
        for position, (row, value) in enumerate(zip(rows, table.frame[column.name].tolist(), strict=True)):
            mark = _mark(notes, value)
            if mark is None:
                continue
            for source in sources[position]:
                for target in targets:
                    where = ("grid", number, table.sheet, row, f"{column.letter}{row}")
                    notes.rows["mappings"].append((*source, *target, *mark, *where))


def _grid_heading(notes: _Notes, number: int, table: Table, column: TableColumn, known: frozenset[str]) -> list[End]:
    """The requirements or control that a mark column stands for."""
    if column.heading in known:
        return [(column.heading, "")]
    found = parse(column.heading, _grid_framework(notes, number, table))
    for citation in found:
        notes.rows["citations"].append(_citation_row(number, table, column, table.heading_row, "heading", citation))
    ends = [(entry.id, entry.framework) for entry in found if countable(entry)]
    return ends if ends or any(entry.remark != "text" for entry in found) else [(column.heading, "")]


def _grid_framework(notes: _Notes, number: int, table: Table) -> str:
    """The framework of all mark columns together, decided once for the row of headings."""
    if (number, "cell") not in notes.editions:
        columns = [column for column in table.columns if column.field == "cell"]
        said = next((column.framework for column in columns if column.framework), "")
        framework, because = said, "its headings"
        if said.startswith(ISO_UNDECIDED):
            framework, because = decide_edition([(column.heading, "") for column in columns], heading=table.sheet)
        notes.editions[(number, "cell")] = Edition(framework, said, because)
    return notes.editions[(number, "cell")].framework


def _mark(notes: _Notes, value: object) -> tuple[object, ...] | None:
    """Relationship … date that a grid cell states, or None where it states no mapping or is not understood."""
    written = text_of(value)
    folded = written.casefold().strip(" .")
    if folded in NOT_MARKED:
        return None
    status = MappingStatus.PROPOSED if folded in UNDECIDED_MARKS else MappingStatus.ACCEPTED
    relationship = notes.word("relationship", written) if status is MappingStatus.ACCEPTED else ""
    strength = float("nan") if relationship else _strength(notes, value)
    understood = relationship or not math.isnan(strength) or status is MappingStatus.PROPOSED
    if relationship == Relationship.NONE or not understood:
        return None
    stated = relationship or str(Relationship.UNSPECIFIED)
    return (stated, written, strength, "", "", str(status), "", "", None)


def mark_understood(value: object, settings: Settings) -> bool:
    """Whether a grid cell says something about a mapping, be it that there is none."""
    folded = text_of(value).casefold().strip(" .")
    if folded in NOT_MARKED or folded in UNDECIDED_MARKS or _mark(_Notes(settings), value) is not None:
        return True
    return bool(read_word("relationship", text_of(value), settings.words))


# --- assessments ---------------------------------------------------------------------------------------------------


def _read_assessment(notes: _Notes, number: int, table: Table, _known: frozenset[str]) -> None:
    columns = table.named("id")
    if not columns:
        return
    ids = {position: found for position, _, found in _cite(notes, number, table, columns[0], "requirement")}
    rows = _assessment_rows(notes, number, table)
    for position, row in enumerate(table.frame.index.tolist()):
        _judge(notes, ids.get(position, ()), rows[position], row)
    for column in (*table.named("soc2"), *table.named("iso")):
        for position, row, found in _cite(notes, number, table, column, "target"):
            for source in ids.get(position, ()):
                for target in found:
                    if countable(source) and countable(target):
                        end = (target.id, target.framework)
                        cell = f"{column.letter}{row}"
                        notes.rows["mappings"].append(
                            _bare_mapping(source.id, source.framework, end, "assessment", number, table, row, cell)
                        )


def _assessment_rows(notes: _Notes, number: int, table: Table) -> list[dict[str, object]]:
    """Every row as the applicability frame has it, but for its id."""
    written = {name: _texts(table, name) for name in FRAMES["applicability"]}
    written |= {
        "id_written": written["id"],
        "applicable_written": written["applicable"],
        "status_written": written["status"],
    }
    rows: list[dict[str, object]] = [dict(zip(written, values, strict=True)) for values in zip(*written.values(), strict=True)]
    dates = _column(table, "review_date")
    ticked = {name: _ticked(table, name) for name in SPREAD}
    for entry, row, date in zip(rows, table.frame.index.tolist(), dates, strict=True):
        for name in ("applicable", "status"):
            marked = ticked[name]
            if marked is not None:
                entry[f"{name}_written"] = marked[row][0] if marked[row] else ""
            entry[name] = notes.word(name, entry[f"{name}_written"])
        entry["reasons"] = _reasons(notes, str(entry["reasons"])) if ticked["reasons"] is None else ticked["reasons"][row]
        entry |= {"review_date": date, "table": number, "sheet": table.sheet, "row": row}
    return rows


def _ticked(table: Table, field: str) -> dict[int, tuple[str, ...]] | None:
    """Row → the words that its marks say, where a field is spread over several columns headed by them; else None."""
    columns = table.named(field)
    if len(columns) < 2:
        return None
    found: dict[int, tuple[str, ...]] = dict.fromkeys(table.frame.index.tolist(), ())
    for column in columns:
        word, _ = ending(SPREAD[field], column.heading)
        for row, mark in zip(found, _texts(table, column.name), strict=True):
            if word and read_word("applicable", mark) == "yes":
                found[row] = (*found[row], word)
    return found


def _reasons(notes: _Notes, written: str) -> tuple[str, ...]:
    """LR, CO, BR, RRA in a cell; a word that is none of them stays as written."""
    whole = notes.word("reason", written)
    if whole or not written:
        return (whole,) if whole else ()
    pieces = [
        piece.strip() for piece in written.replace("\n", ",").replace(";", ",").replace("+", ",").replace("/", ",").split(",")
    ]
    return tuple(notes.word("reason", piece) or piece for piece in pieces if piece)


def _judge(notes: _Notes, found: Sequence[Citation], entry: dict[str, object], row: int) -> None:
    """Notes one row of an assessment sheet: applicability for Annex A and own controls, a judgement for any requirement."""
    judged = bool(entry["applicable_written"] or entry["status_written"] or entry["inclusion"] or entry["exclusion"])
    known = [citation for citation in found if countable(citation)]
    if not known:
        group = any(citation.remark == "group" for citation in found)
        if entry["id_written"] and judged and not group:
            notes.rows["applicability"].append(tuple({**entry, "id": ""}[name] for name in FRAMES["applicability"]))
        return
    for citation in known:
        if citation.framework in {ISO2022, ISO2013} and citation.id.startswith("A."):
            notes.rows["applicability"].append(tuple({**entry, "id": citation.id}[name] for name in FRAMES["applicability"]))
        notes.rows["assessments"].append(
            (
                citation.id, citation.framework, entry["status"], entry["status_written"], entry["how"], entry["evidence"],
                entry["owner"], entry["table"], entry["sheet"], row,
            )
        )  # fmt: skip


# --- registers -----------------------------------------------------------------------------------------------------


def _read_references(notes: _Notes, number: int, table: Table, _known: frozenset[str]) -> None:
    """The requirements that policies answer and requests are about: cited, but mapped to nothing."""
    for column in table.columns:
        if column.framework or column.field == "requirements":
            for _ in _cite(notes, number, table, column, "requirement"):
                pass


def _read_decisions(notes: _Notes, number: int, table: Table, known: frozenset[str]) -> None:
    """One row for each id that a row of a review names, one for a row that names none; a person may have typed several ids, or another."""
    spelled = {name.casefold(): name for name in sorted(known)}
    details = _decision_details(notes, table)
    columns = (
        _texts(table, "source"), _texts(table, "source_title"), _texts(table, "target_title"), _column(table, "target"),
        table.frame.index.tolist(),
    )  # fmt: skip
    for position, (source, source_title, target_title, target, row) in enumerate(zip(*columns, strict=True)):
        end = source if source in known else spelled.get(source.casefold()) or _one_id(source) or source
        found = [(entry.id, entry.framework) for entry in parse(target, "") if entry.id] or [("", "")]
        for requirement, framework in dict.fromkeys(found):
            notes.rows["decisions"].append(
                (
                    end, source_title, requirement, framework, target_title, text_of(target), *details[position], number,
                    table.sheet, row,
                )
            )  # fmt: skip


def _decision_details(notes: _Notes, table: Table) -> list[tuple[object, ...]]:
    """Decision … score of each row, as the decisions frame has them."""
    written, related = _texts(table, "decision"), _texts(table, "relationship")
    columns = (
        [notes.word("decision", word) for word in written], written, [notes.word("relationship", word) for word in related], related,
        _texts(table, "rationale"), _texts(table, "reviewer"), _column(table, "date"), _column(table, "score"),
    )  # fmt: skip
    return list(zip(*columns, strict=True))


def _one_id(written: str) -> str:
    found = parse(written, "")
    return found[0].id if len(found) == 1 else ""


def _register(book: Book, sheet: sheets.Sheet) -> pd.DataFrame:
    names = [column.field for column in sheet.columns]
    rows: list[tuple[object, ...]] = []
    for number, table in enumerate(book.tables):
        if table.declaration == sheet.name:
            cells = [
                _column(table, column.field) if column.kind in {Kind.DATE, Kind.NUMBER} else _texts(table, column.field)
                for column in sheet.columns
            ]
            count = len(table.frame)
            rows += zip(*cells, [number] * count, [table.sheet] * count, table.frame.index.tolist(), strict=True)
    return _frame([*names, "table", "sheet", "row"], rows)


def _profile(book: Book) -> dict[str, tuple[object, str, str]]:
    """What the Profile sheet says, by our setting names; settings it does not have are absent, blank ones are None."""
    ours = {sheets.fold_heading(name): name for name in sheets.PROFILE_SETTINGS}
    said: dict[str, tuple[object, str, str]] = {}
    for table in book.declared("Profile"):
        letter = table.letters().get("value", "B")
        for row, name, value in zip(table.frame.index.tolist(), _texts(table, "setting"), _column(table, "value"), strict=True):
            folded = sheets.fold_heading(name)
            said.setdefault(ours.get(folded, name), (value, table.sheet, f"{letter}{row}"))
    return said


_READERS = {
    "Controls": _read_controls,
    "Mapping": _read_pairs,
    "Grid": _read_grid,
    "Applicability": _read_assessment,
    "Suggestions": _read_decisions,
    "Policies": _read_references,
    "Requests": _read_references,
}

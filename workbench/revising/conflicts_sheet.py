"""The sheet Conflicts in a merged workbook: what people disagree about, a drop-down to decide it with, and what they chose read back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from workbench.editing import Workbook
from workbench.frameworks.ids import CellValue
from workbench.merging.merged import Conflict, ConflictKind, Given, Side
from workbench.merging.pages import shown
from workbench.revising.cells import filled
from workbench.writing import Cell, Column, DataSheet, Link, Look, quoted, render, sheet_name
from workbench.writing import Workbook as Declared

NAME, MARK = "Conflicts", "_workbench.Conflicts"
OURS, BASE, OTHER = "ours", "base", "other value"
_SAID = {
    ConflictKind.CELL: "Changed to different values",
    ConflictKind.FORMULA: "Another formula",
    ConflictKind.DELETED: "Row deleted in a copy, edited elsewhere",
    ConflictKind.EDITED: "Row deleted here, edited in a copy",
    ConflictKind.ROW: "Row without a certain place",
    ConflictKind.REFUSED: "The workbook does not take the change",
}
_OWN = ("Sheet", "Row", "Column", "What happened", "Cell", "Base", "Ours", "Choice", "Other value", "Notes")
_LONGEST, _CHUNK = 2_000, 30_000
_FIRST_ROWS = 20
_INTRO = (
    "One row is one thing that people changed in different ways. The workbook holds the value of “Ours” until you decide: choose in Choice whose value "
    "holds, or choose “other value” and type it. Then run “workbench merge --resolve” on this file; decided rows go, and the sheet with the last of them."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One conflict as it stands on the sheet, and what people typed into its row; ``beside`` are columns of their own."""

    conflict: Conflict
    choice: str = ""
    other: CellValue = None
    notes: CellValue = None
    beside: Mapping[str, CellValue] = field(default_factory=dict)


# --- writing -------------------------------------------------------------------------------------------------------------------------


def write(book: Workbook, lines: Sequence[Line], as_of: dt.date) -> str:
    """Put the sheet into the workbook, in the place of the one that is there; returns its tab.

    Raises:
        EditRefused: the workbook's structure is protected.
    """
    name = book.marked(MARK) or sheet_name(NAME, book.sheet_names)
    content, _ = render(Declared(NAME, "What people have to decide", (_declared(name, lines),)), as_of=as_of)
    book.graft_sheet(content, name, mark=MARK, source=name)
    return name


def _declared(name: str, lines: Sequence[Line]) -> DataSheet:
    copies = list(dict.fromkeys(side.version for line in lines for side in line.conflict.theirs))
    beside = list(dict.fromkeys(heading for line in lines for heading in line.beside))
    data = [_chunks(line.conflict) for line in lines]
    wide = max(map(len, data), default=1)
    columns = (
        Column("Sheet", 14),
        Column("Row", 18, Look.ID, note="The row's key."),
        Column("Column", 22),
        Column("What happened", 26, Look.LONG),
        Column("Cell", 14, note="Leads to the cell."),
        Column("Base", 30, Look.LONG, note="What the workbook held when the copies were made of it."),
        Column("Ours", 30, Look.LONG, note="What this workbook holds now."),
        *(Column(copy, 30, Look.LONG, note=f"What {copy} holds; blank where it agrees with the base.") for copy in copies),
        Column("Choice", 20, choices=(OURS, BASE, *copies, OTHER), editable=True, note="Whose value holds."),
        Column("Other value", 30, Look.LONG, editable=True, note="Counts where the choice is “other value”, or none."),
        Column("Notes", 30, Look.LONG, editable=True, quiet=True),
        *(Column(heading, 20, Look.LONG, editable=True, quiet=True) for heading in beside),
        *(
            Column(_data(number), 10, outline=True, note="For the program: please leave it." if not number else "")
            for number in range(wide)
        ),
    )
    rows = [
        (
            *_told(line.conflict, copies), line.choice, line.other, line.notes, *(line.beside.get(heading) for heading in beside),
            *chunks, *[""] * (wide - len(chunks)),
        )
        for line, chunks in zip(lines, data, strict=True)
    ]  # fmt: skip
    return DataSheet(name, "What people have to decide", _INTRO, columns=columns, rows=rows, table="tblConflicts", freeze=3)


def _data(number: int) -> str:
    return f"Data {number + 1}" if number else "Data"


def _told(one: Conflict, copies: Sequence[str]) -> tuple[Cell, ...]:
    theirs = {side.version: side for side in one.theirs}
    said = _SAID[one.kind] + (f": {one.reason}" if one.reason else "")
    where: Cell = f"{one.letter}{one.row}" if one.letter and one.row else f"A{one.row}" if one.row else ""
    if where and not one.letter.startswith("+"):
        where = Link(f"#{quoted(one.sheet)}!{where}", f"{one.sheet}!{where}")
    return (
        one.sheet, one.key, one.column, said, where, _side(one.base, one), _side(one.ours, one),
        *(_side(theirs[copy], one) if copy in theirs else None for copy in copies),
    )  # fmt: skip


def _side(side: Side, one: Conflict) -> Cell:
    """What a version says, for people."""
    if one.column:
        text = side.formula or side.value
        return "(blank)" if text is None else text
    if not side.present:
        return "(no such row)"
    text = "\n".join(f"{given.heading or given.letter}: {shown(given.value)}" for given in side.cells)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


# --- reading back --------------------------------------------------------------------------------------------------------------------


def read(book: Workbook) -> list[Line]:
    """The conflicts that the workbook holds, as people left them; [] where it has no such sheet.

    Raises:
        ValueError: the columns by which the program knows them are gone; the message says which rows.
    """
    sheet = book.marked(MARK)
    rows = dict(filled(book, sheet)) if sheet else {}
    top, places = _headings(rows)
    if rows and not top:
        raise ValueError(f"{sheet} has no headings Choice and Data any more")
    found = [(row, _stored(row, places, f"{sheet}, row {number}")) for number, row in rows.items() if number > top]
    copies = {side.version for _, conflict in found for side in conflict.theirs}
    own = {*_OWN, *copies, *(_data(number) for number in range(len(places)))}
    beside = {heading: column for heading, column in places.items() if heading not in own}
    return [
        Line(
            conflict, str(row.get(places["Choice"]) or "").strip(), row.get(places.get("Other value", 0)), row.get(places.get("Notes", 0)),
            {heading: row[column] for heading, column in beside.items() if column in row},
        )
        for row, conflict in found
    ]  # fmt: skip


def _headings(rows: Mapping[int, Mapping[int, CellValue]]) -> tuple[int, dict[str, int]]:
    for number, row in rows.items():
        places = {str(text): column for column, text in row.items()}
        if number <= _FIRST_ROWS and {"Choice", "Data"} <= places.keys():
            return number, places
    return 0, {}


def _stored(row: Mapping[int, CellValue], places: Mapping[str, int], where: str) -> Conflict:
    text = "".join(str(row.get(places.get(_data(number), 0)) or "") for number in range(len(places)))
    try:
        return _conflict(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{where} cannot be understood any more: its cell in the column Data was changed") from error


# --- a conflict as text ----------------------------------------------------------------------------------------------------------------


def _chunks(conflict: Conflict) -> list[str]:
    text = json.dumps(_plain(asdict(conflict)), separators=(",", ":"))
    return [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    return value


def _value(value: Any) -> CellValue:
    if isinstance(value, dict):
        said = str(value["day"])
        return dt.datetime.fromisoformat(said) if "T" in said else dt.date.fromisoformat(said)
    return value  # type: ignore[no-any-return]


def _conflict(data: Mapping[str, Any]) -> Conflict:
    return Conflict(
        ConflictKind(data["kind"]), data["sheet"], data["key"], data["column"], data["row"], data["letter"],
        _of_side(data["base"]), _of_side(data["ours"]), tuple(map(_of_side, data["theirs"])), _givens(data["identity"]),
        reason=data["reason"],
    )  # fmt: skip


def _of_side(data: Mapping[str, Any]) -> Side:
    return Side(
        data["version"],
        data["place"],
        _value(data["value"]),
        _givens(data["cells"]),
        present=data["present"],
        formula=data["formula"],
    )


def _givens(data: Iterable[Mapping[str, Any]]) -> tuple[Given, ...]:
    return tuple(Given(one["letter"], one["heading"], _value(one["value"])) for one in data)

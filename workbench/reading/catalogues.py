"""Tables that are no project workbooks: a team's own catalogue, pairs of ids, licensed texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.frameworks.ids import CellValue, canonical
from workbench.model import Framework, InputRefused, Requirement
from workbench.reading.cells import read_cells
from workbench.reading.preflight import inspect
from workbench.settings import Settings
from workbench.sheets import fold_heading

_HEADINGS: Mapping[str, frozenset[str]] = {
    "id": frozenset({"id", "ref", "ref id", "reference", "requirement id", "control id", "identifier", "code", "number", "no", "node id", "criterion", "clause", "requirement", "control"}),
    "title": frozenset({"title", "name", "requirement title", "control title", "control name", "short title", "heading"}),
    "text": frozenset({"text", "description", "requirement text", "control text", "control description", "statement", "wording", "summary", "content", "body"}),
    "section": frozenset({"section", "group", "category", "domain", "family", "theme", "chapter", "area"}),
    "extra": frozenset({"extra", "guidance", "discussion", "supplemental guidance", "notes"}),
    "source": frozenset({"source", "from", "source id", "source node id", "source control", "source requirement"}),
    "target": frozenset({"target", "to", "target id", "target node id", "target control", "target requirement"}),
}  # fmt: skip
_FIRST_ROWS = 30


def read_framework(path: Path, settings: Settings | None = None) -> Framework:
    """A team's own catalogue: CSV or a workbook with columns id, title and text, headings by alias, others ignored.

    Perhaps also section, and extra: longer text around it. The framework's id is the file's name without its ending. Rows without an id are left out; the text becomes the summary.

    Raises:
        InputRefused: not readable, no id column, neither title nor text, no rows, or an id that occurs twice.
    """
    rows = list(_records(path, settings, needed=("id",), wanted=("title", "text", "section", "extra")))
    seen: dict[str, int] = {}
    for number, row in rows:
        if row["id"] in seen:
            raise InputRefused(
                f"{path.name}: {row['id']} stands in rows {seen[row['id']]} and {number}; an id may occur only once"
            )
        seen[row["id"]] = number
    if not any(row["title"] or row["text"] for _, row in rows):
        raise InputRefused(f"{path.name} has ids, but no title or text beside them; name a column title or text")
    requirements = tuple(
        Requirement(
            row["id"],
            path.stem,
            row["title"],
            row["text"],
            row["section"],
            "requirement",
            attributes={"extra": row["extra"]} if row["extra"] else {},
        )
        for _, row in rows
    )
    return Framework(path.stem, path.stem, requirements)


def read_pairs(path: Path, settings: Settings | None = None) -> list[tuple[str, str]]:
    """Pairs of ids, in the order written: CSV or a workbook with columns source and target.

    Raises:
        InputRefused: not readable, or one of the columns is missing.
    """
    return [(row["source"], row["target"]) for _, row in _records(path, settings, needed=("source", "target"), wanted=())]


def read_texts(path: Path, settings: Settings | None = None) -> dict[str, str]:
    """Id → text of the team's licensed requirement texts; a later row for the same id counts.

    Raises:
        InputRefused: not readable, or one of the columns is missing.
    """
    return {row["id"]: row["text"] for _, row in _records(path, settings, needed=("id", "text"), wanted=())}


def with_texts(catalogue: Framework, settings: Settings) -> Framework:
    """A framework whose summaries are followed by the team's licensed texts; itself where the settings name none.

    It is for matching only: what is licensed goes into no deliverable.

    Raises:
        InputRefused: as ``read_texts``.
    """
    if not settings.texts:
        return catalogue
    written = read_texts(settings.base / settings.texts, settings)
    texts = {canonical(name, catalogue.id) or name: text for name, text in written.items()}
    return replace(
        catalogue,
        requirements=tuple(
            replace(entry, summary=f"{entry.summary} {texts[entry.id]}") if entry.id in texts else entry
            for entry in catalogue.requirements
        ),
    )


def _records(
    path: Path, settings: Settings | None, *, needed: Sequence[str], wanted: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """(Excel row, field → text) of every row that has all needed fields, from the first sheet that has their headings."""
    limits = (settings or Settings()).limits
    sheets = read_cells(inspect(path, limits), limits)
    found: list[str] = []
    for sheet in sheets:
        for head, row in enumerate(sheet.rows[:_FIRST_ROWS]):
            places = _places(row, (*needed, *wanted))
            if all(name in places for name in needed):
                yield from _rows(sheet.rows, head, sheet.top, places, needed, wanted)
                return
            found = found or [str(cell) for cell in row if cell is not None]
    raise InputRefused(f"{path.name} needs columns {' and '.join(needed)}; it has {', '.join(found[:8]) or 'none'}")


def _places(row: Sequence[CellValue], fields: Sequence[str]) -> dict[str, int]:
    """Field → column, an exact heading before an alias, each column once."""
    folded = [fold_heading(str(cell)) if cell is not None else "" for cell in row]
    places: dict[str, int] = {name: folded.index(name) for name in fields if name in folded}
    for name in fields:
        free = (at for at, heading in enumerate(folded) if heading in _HEADINGS[name] and at not in places.values())
        if name not in places and (at := next(free, None)) is not None:
            places[name] = at
    return places


def _rows(
    rows: Sequence[Sequence[CellValue]],
    head: int,
    top: int,
    places: Mapping[str, int],
    needed: Sequence[str],
    wanted: Sequence[str],
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in enumerate(rows[head + 1 :], start=top + head + 1):
        said = {name: _text(row[places[name]]) if name in places else "" for name in (*needed, *wanted)}
        if all(said[name] for name in needed):
            yield number, said


def _text(cell: CellValue) -> str:
    return "" if cell is None else str(cell).strip()

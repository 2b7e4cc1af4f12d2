"""A workbook as it is compared with its other versions: every sheet with its raw cells, understood or not. Loads no pandas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from xml.sax.saxutils import unescape

from defusedxml import ElementTree

from workbench.frameworks.ids import CellValue
from workbench.merging.pages import Cells, Column, Page, Version
from workbench.model import OTHER, InputRefused, Kind, Layout
from workbench.reading import cells as sheets
from workbench.reading.facts import Position, letter, local, number, position
from workbench.reading.layouts import Found, Unread
from workbench.reading.marks import lists, marks
from workbench.reading.preflight import TEXT, XLSX, Package, inspect
from workbench.reading.recognized import Sheet, recognize_sheet
from workbench.settings import Settings
from workbench.sheets import BY_NAME

_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*>\s*<f(?:\s[^>]*?)?(?:/>|>([^<]*)</f>)')
_PAIRS = ("source", "target")
_OURS = frozenset({"Findings", "Conflicts"})
"""Marks of sheets that the workbench writes anew each time; the others that it writes hold people's decisions."""
_LOG = "DecisionLog"
"""The mark of the sheet that it only ever adds rows to."""


def read_version(path: Path, settings: Settings, *, only: Sequence[str] = ()) -> Version:
    """The workbook at ``path`` (xlsx, xlsm; csv, tsv, xls, xlsb, ods too), all its sheets or those that ``only`` names.

    Raises:
        InputRefused: not a workbook, encrypted, damaged, over a limit, or no sheet has a name of ``only``.
    """
    package = inspect(path, settings.limits)
    found = sheets.read_cells(package, settings.limits)
    names = [one.name for one in found]
    for wanted in only:
        if wanted not in names:
            raise InputRefused(f"{path.name} has no sheet called {wanted}; it has {', '.join(names)}")
    marked = marks(package)
    quiet = {name for name, kind in marked.items() if kind in _OURS} | _companions(package, found)
    chosen = [one for one in found if one.name in only or (not only and one.name.casefold() not in quiet)]
    return Version(
        path.name,
        tuple(
            replace(
                _page(recognize_sheet(one, _layout(settings, one.name), called=marked.get(one.name.casefold(), ""))),
                values_only=package.kind != XLSX,
                log=marked.get(one.name.casefold()) == _LOG,
            )
            for one in chosen
        ),
        lone=package.kind == TEXT,
    )


def _companions(package: Package, found: Iterable[sheets.Cells]) -> frozenset[str]:
    """The hidden sheets behind our long drop-downs: nobody types there, and each sheet of ours brings its own."""
    return lists(package) & {one.name.casefold() for one in found if one.state != "visible"}


def _layout(settings: Settings, name: str) -> Layout | None:
    said = settings.sheets.get(name, "")
    return Layout(said) if said in set(Layout) else None


def _page(sheet: Sheet) -> Page:
    raw, found = sheet.cells.rows, sheet.found
    head = found.head if isinstance(found, Found) else _looks_like_headings(raw, found)
    kept = [at for at, column in enumerate(zip(*raw, strict=True)) if any(cell is not None for cell in column)]
    placed = {at: place for place, at in enumerate(kept)}
    keys = tuple(placed[at] for at in _keys(found) if at in placed)
    return Page(
        sheet.cells.name,
        _columns(sheet, head, kept),
        _rows(sheet, head, kept),
        sheet.cells.top + head if head >= 0 else 0,
        found.declaration if isinstance(found, Found) else "",
        keys,
        dict(_above(sheet, found, placed, {kept[at] for at in keys})),
        {
            (row, placed[column - sheet.cells.left]): text
            for (row, column), text in _formulas(sheet.cells).items()
            if column - sheet.cells.left in placed
        },
    )


def _looks_like_headings(rows: Sequence[Sequence[CellValue]], found: Unread) -> int:
    """The row with the headings of a sheet that was not recognized: its first with two texts, if it holds nothing but texts, each once; -1 for none."""
    cells = [cell for cell in rows[found.head] if cell is not None] if found.head >= 0 else []
    texts = {" ".join(cell.split()).casefold() for cell in cells if isinstance(cell, str)}
    return found.head if cells and len(texts) == len(cells) else -1


def _rows(sheet: Sheet, head: int, kept: Sequence[int]) -> dict[int, Cells]:
    raw, top = sheet.cells.rows, sheet.cells.top
    picked = map(itemgetter(*kept), raw) if len(kept) > 1 else (tuple(row[at] for at in kept) for row in raw)
    blank = (None,) * len(kept)
    return {top + at: row for at, row in enumerate(picked) if at != head and row != blank}


def _columns(sheet: Sheet, head: int, kept: Sequence[int]) -> tuple[Column, ...]:
    raw, found = sheet.cells.rows, sheet.found
    placed = {entry.at: entry for entry in found.columns} if isinstance(found, Found) else {}
    unread = dict(found.unread) if isinstance(found, Found) else {}
    columns = []
    for at in kept:
        written = raw[head][at] if head >= 0 else None
        heading = " ".join(str(written).split()) if written is not None else ""
        name = letter(sheet.cells.left + at)
        entry = placed.get(at)
        if entry and isinstance(found, Found):
            framework = entry.framework if entry.framework != OTHER else ""
            ids = _holds_ids(found, entry.field, entry.framework)
            columns.append(Column(name, entry.heading or heading, entry.name or f"cell:{name}", ids, framework, written))
        else:
            columns.append(Column(name, unread.get(at) or heading, written=written))
    return tuple(columns)


def _holds_ids(found: Found, field: str, framework: str) -> bool:
    if field == "cell" or framework == OTHER:
        return False
    kinds = {column.field: column.kind for column in BY_NAME[found.declaration].columns} if found.declaration in BY_NAME else {}
    return bool(framework) or kinds.get(field) is Kind.REQUIREMENTS


def _keys(found: Found | Unread) -> list[int]:
    """The columns that identify a row of a recognized sheet: its declared key, both ends of a pair, the criteria of a grid."""
    if isinstance(found, Unread):
        return []
    at = {entry.name: entry.at for entry in found.columns}
    declared = BY_NAME[found.declaration].key if found.declaration in BY_NAME else ""
    wanted = _PAIRS if set(_PAIRS) <= at.keys() else (declared or "source",)
    return [at[name] for name in wanted if name in at]


def _above(
    sheet: Sheet, found: Found | Unread, placed: Mapping[int, int], keys: set[int]
) -> Iterator[tuple[tuple[int, int], CellValue]]:
    """The key cells that are blank because a merged cell, or the last one above that is not blank, stands for them."""
    for row, at in sheet.filled:
        if at in keys:
            yield (sheet.cells.top + row, placed[at]), sheet.rows[row][at]
    if isinstance(found, Found) and found.fill in keys:
        said: CellValue = None
        for row in found.rows:
            said = sheet.rows[row][found.fill] if sheet.rows[row][found.fill] is not None else said
            if sheet.cells.rows[row][found.fill] is None and said is not None:
                yield (sheet.cells.top + row, placed[found.fill]), said


# --- formulas --------------------------------------------------------------------------------------------------------------------


def _formulas(cells: sheets.Cells) -> dict[Position, str]:
    """Row and column → the formula there; "" where it is another cell's, as the followers of a shared formula have it."""
    if b"<f" not in cells.xml and b":f" not in cells.xml:
        return {}
    return dict(_by_pattern(cells.xml) if cells.canonical else _by_parser(cells.xml))


def _by_pattern(xml: bytes) -> Iterator[tuple[Position, str]]:
    for letters, row, text in _FORMULA.findall(xml):
        yield (int(row), number(letters.decode())), unescape(text.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})


def _by_parser(xml: bytes) -> Iterable[tuple[Position, str]]:
    row = 0
    for element in ElementTree.fromstring(xml, forbid_dtd=True).iter():
        if local(element.tag) != "row":
            continue
        row, column = int(element.get("r") or row + 1), 0
        for cell in element:
            if local(cell.tag) == "c":
                column = position(cell.get("r", ""))[1] if cell.get("r") else column + 1
                for child in cell:
                    if local(child.tag) == "f":
                        yield (row, column), child.text or ""

"""A workbook: which of its sheets are read, as what, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.model import Book, InputRefused, Layout, Oddity, SheetReport
from workbench.reading import headings
from workbench.reading.cells import Cells, read_cells
from workbench.reading.deciding import CATALOGUE
from workbench.reading.layouts import Found, Unread
from workbench.reading.marks import marks
from workbench.reading.preflight import Package, inspect
from workbench.reading.recognized import Sheet, recognize_sheet
from workbench.reading.tables import build, oddities, report
from workbench.settings import Settings

_IGNORE, _READ = "ignore", "read"
_WRITTEN_BY_US = frozenset({"findings"})
_READ_BACK = frozenset({"Suggestions", "Mapping"})


def read_book(path: Path, settings: Settings, *, only: tuple[str, ...] = ()) -> Book:
    """The workbook at ``path`` (xlsx, xlsm; csv, tsv, xls, xlsb, ods too) as tables.

    ``only`` names the sheets to read; otherwise every sheet that looks like a declared one is, as ``settings.sheets`` allows.

    Raises:
        InputRefused: not a workbook (says what it is), encrypted, damaged, over a limit, empty, or no sheet that can be read
            (names the headings that were found and the nearest declared ones).
    """
    package = inspect(path, settings.limits)
    cells = read_cells(package, settings.limits)
    _check_names(path.name, [one.name for one in cells], only)
    marked = marks(package)
    sheets = [_recognize(one, settings, only, marked.get(one.name.casefold(), "")) for one in cells]
    theirs = [sheet.found for sheet in sheets if isinstance(sheet.found, Found) and not _is_added(sheet, marked)]
    if any(_is_main(found) and not found.aside for found in theirs):
        sheets = [_put_aside(sheet, settings, only) for sheet in sheets]
    if not theirs:
        sheets = [_as_blank_assessment(sheet) for sheet in sheets]
    if not any(isinstance(sheet.found, Found) for sheet in sheets):
        raise InputRefused(_nothing_to_read(path.name, sheets))
    read = [(sheet, build(sheet)) for sheet in sheets if isinstance(sheet.found, Found)]
    reports = tuple(report(sheet) for sheet in sheets)
    odd = [oddity for sheet, table in read for oddity in oddities(sheet, table)]
    return Book(
        path.name, path, package.sha256, len(package.data), tuple(table for _, table in read), reports,
        (*_file_oddities(package, cells), *_sheet_oddities(sheets, reports), *odd),
    )  # fmt: skip


def _check_names(name: str, tabs: Sequence[str], only: tuple[str, ...]) -> None:
    for wanted in only:
        if wanted not in tabs:
            raise InputRefused(f"{name} has no sheet called {wanted}; it has {', '.join(tabs)}")


def _recognize(cells: Cells, settings: Settings, only: tuple[str, ...], mark: str) -> Sheet:
    """The sheet recognized, unless a person, its name or its mark says that it is not to be read."""
    said = settings.sheets.get(cells.name, "")
    if mark and mark not in _READ_BACK:
        return _written_by_us(cells)
    if only and cells.name not in only:
        return Sheet(cells, cells.rows, frozenset(), Unread("it is not among the sheets that were asked for"))
    if said == _IGNORE and cells.name not in only:
        return Sheet(cells, cells.rows, frozenset(), Unread("workbench.toml says to ignore it"))
    if cells.name.casefold() in _WRITTEN_BY_US and not said and not only:
        return _written_by_us(cells)
    force = Layout(said) if said in set(Layout) else None
    return recognize_sheet(cells, force, called=mark)


def _written_by_us(cells: Cells) -> Sheet:
    return Sheet(cells, cells.rows, frozenset(), Unread("it is written by the workbench"))


def _is_main(found: Found) -> bool:
    return found.layout is not Layout.REGISTER


def _is_added(sheet: Sheet, marked: Mapping[str, str]) -> bool:
    """Whether the workbench put a sheet there, so that it says nothing of how the others are to be read."""
    copied = isinstance(sheet.found, Found) and sheet.found.declaration == "Suggestions"
    return copied or sheet.cells.name.casefold() in marked


def _put_aside(sheet: Sheet, settings: Settings, only: tuple[str, ...]) -> Sheet:
    """A summary or list is not read beside the sheets that it sums up, unless a person says so."""
    wanted = settings.sheets.get(sheet.cells.name) == _READ or sheet.cells.name in only
    if not isinstance(sheet.found, Found) or not sheet.found.aside or wanted:
        return sheet
    return replace(
        sheet,
        found=Unread("its name says that it sums up or explains other sheets; to read it, set it to read in workbench.toml"),
    )


def _as_blank_assessment(sheet: Sheet) -> Sheet:
    """A catalogue, where the workbook has nothing else: the requirements of an assessment that nobody has begun."""
    if not isinstance(sheet.found, Unread) or sheet.found.because != CATALOGUE:
        return sheet
    return recognize_sheet(sheet.cells, Layout.ASSESSMENT)


def _nothing_to_read(name: str, sheets: Sequence[Sheet]) -> str:
    """The one line that says what was looked for and what was found instead."""
    said = [f"{sheet.cells.name} {_found_instead(sheet.found)}" for sheet in sheets[:4] if isinstance(sheet.found, Unread)]
    more = f"; and {len(sheets) - 4} more" if len(sheets) > 4 else ""
    return f"no sheet of {name} looks like controls, mappings, a grid or an assessment; {'; '.join(said)}{more}"


def _found_instead(found: Unread) -> str:
    if not found.headings:
        return f"is left out: {found.because}"
    named = []
    for heading in found.headings[:8]:
        near = headings.nearest(heading)
        named.append(f"{heading} (did you mean {near}?)" if near else heading)
    needs = f", but not {found.missing}" if found.missing else ""
    return f"has {', '.join(named)}{' …' if len(found.headings) > 8 else ''}{needs}"


def _sheet_oddities(sheets: Iterable[Sheet], reports: Iterable[SheetReport]) -> Iterator[Oddity]:
    for sheet, said in zip(sheets, reports, strict=True):
        if said.state != "visible":
            what = f"read as {said.layout}" if said.layout else "not read"
            yield Oddity("hidden sheet", said.sheet, "A1", f"{said.state}, {what}")
        if isinstance(sheet.found, Unread) and sheet.found.missing and sheet.found.headings:
            detail = f"{sheet.found.missing} is missing; found {', '.join(sheet.found.headings[:8])}"
            yield Oddity("missing column", said.sheet, sheet.address(max(sheet.found.head, 0), 0), detail)


def _file_oddities(package: Package, cells: Sequence[Cells]) -> Iterator[Oddity]:
    """What is odd about the file as a whole; the sheet is "" and the cell A1."""
    names = [name.casefold() for name in package.names]
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        yield Oddity("macros", "", "A1")
    links = sum(name.startswith("xl/externallinks/") and name.endswith(".xml") for name in names)
    others = sum(name == "xl/connections.xml" or name.startswith("xl/querytables/") for name in names)
    if links or others:
        parts = [f"{links} linked workbooks" if links != 1 else "1 linked workbook"] * bool(links) + ["data connections"] * bool(
            others
        )
        yield Oddity("external links", "", "A1", " and ".join(parts))
    for lock in (f"~${package.path.name}", f".~lock.{package.path.name}#"):
        if (package.path.parent / lock).exists():
            yield Oddity("open elsewhere", "", "A1", f"{lock} lies beside it")
    if cells and cells[0].encoding == "windows-1252":
        yield Oddity("encoding", cells[0].name, "A1", "Windows-1252")

"""Findings taken out of somebody's workbook again: colours, notes, the sheet, and the record of what they replaced.

Where nobody has changed anything since, the file is what it was to the last byte. Else every cell that has one of our colours gets its own look back, our notes and our
sheet go, and what people did stays; of a part that only our own tools have edited, everything else is to the byte what it would be without the findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.editing import Package, Workbook, open_workbook, undo
from workbench.editing.notes import Note
from workbench.editing.relations import first, main_part
from workbench.editing.restyling import closed_up
from workbench.editing.sheet import Sheet
from workbench.editing.sheets import Tab, tabs
from workbench.editing.styles import Styles
from workbench.editing.unpicking import relooked, tightened, unpicked
from workbench.revising.colours import Colours, forget
from workbench.revising.findings_sheet import MARK, Remarks, stray, typed

AUTHOR = "Mapping workbench"
FIRST_LINE = re.compile(r"[■▲○] (?:error|warning|note) [A-Z]+\d+")
_NO_REMARKS = Remarks()
MORE = "more findings are listed on the sheet"


@dataclass(frozen=True, slots=True)
class Cleared:
    """``content`` is the file without findings, and the very file where it had none; ``sheet`` is what our sheet was called.

    ``remarks`` are what people typed into that sheet, ``edited`` the cells with notes of ours that somebody wrote into. ``exact`` says that it is what it was
    before the findings, to the last byte.
    """

    content: bytes
    cells: int = 0
    notes: int = 0
    sheet: str | None = None
    remarks: Remarks = _NO_REMARKS
    edited: tuple[str, ...] = ()
    exact: bool = False

    @property
    def typed(self) -> tuple[str, ...]:
        """Every place that holds what somebody typed and that would be gone."""
        return (*(f"{self.sheet}!{cell}" for cell in self.remarks.cells), *self.edited)


def cleared(book: Workbook, *, keep_edited: bool = False) -> Cleared:
    """The workbook, just opened, without the findings that an earlier run put into it.

    Notes of ours that somebody wrote into are left with ``keep_edited``, and those that a run before had left are taken away without.

    Raises:
        EditRefused: something of the workbook refers to our sheet.
    """
    sheet, record = book.marked(MARK), undo.record(book.package)
    if sheet is None and book.unmark(
        MARK
    ):  # the mark leads nowhere: the sheet was deleted, or renamed by a program that does not follow
        sheet = stray(book)
    remarks = typed(book, sheet) if sheet else _NO_REMARKS
    whole = record.whole(book.package) if record else None
    if record and whole is not None:
        cells, notes = (int(record.about.get(name, 0)) for name in ("cells", "notes"))
        left, edited = (whole, ()) if keep_edited else _without_notes(whole, remarks.lines)
        return Cleared(left, cells, notes, sheet, remarks, edited, exact=not edited)
    as_left = [part for part in record.parts if part.kind == "edited" and part.is_as_left(book.package)] if record else []
    looks: dict[int, int | None] = {}
    cells = _take_colours(book, record, looks)
    notes, edited = _take_notes(book, remarks.lines, keep_edited=keep_edited)
    undo.drop(book.package)
    if sheet:
        book.remove_sheet(sheet)
    forget(book)
    book.changes()
    _take_formats(book.package, record, {xf: own for xf, own in looks.items() if own is not None})
    if record and not any(book.package.find(part.name) for part in record.parts if part.kind == "added"):
        _put_back(book, as_left)
    return Cleared(book.content(), cells, notes, sheet, remarks, edited)


def _worksheets(book: Workbook) -> Iterator[Tab]:
    return (tab for tab in tabs(book.package) if tab.kind == "worksheet" and book.package.find(tab.part))


def _take_colours(book: Workbook, record: undo.Record | None, looks: dict[int, int | None]) -> int:
    """Every cell that has one of our colours gets its own look back, to the byte where the record tells; how many there were.

    ``looks`` becomes what was found out about formats: the own one behind each of ours, None for the others.
    """
    colours, styles = Colours.of(book), book.styles
    ours, told = colours.all, colours.told
    edited = {part.name: part for part in record.parts if part.kind == "edited"} if record else {}
    count = 0

    def own(xf: int) -> int | None:
        if xf not in looks:
            looks[xf] = styles.unfilled(xf, ours, told)
        return looks[xf]

    for tab in _worksheets(book):
        sheet = Sheet(book.package, tab.part, tab.name)
        splices, cells = relooked(sheet, own)
        part = edited.get(tab.part)
        if cells and part:
            before = unpicked(part.original or b"", part.edited, sheet.data, tab.part)
            book.package.splice(tab.part, before)
            sheet.refresh()
            splices, _ = relooked(sheet, own)
        book.package.splice(tab.part, splices)
        if cells and part:
            now = book.package.read(tab.part)
            book.package.splice(tab.part, tightened(part.original or b"", part.edited, now, tab.part))
        count += cells
    return count


def _without_notes(raw: bytes, lines: frozenset[str]) -> tuple[bytes, tuple[str, ...]]:
    """The file without notes of ours that somebody wrote into, which the last run had left; and their cells."""
    book = open_workbook(raw)
    if not any(AUTHOR.encode() in book.package.read(one) for one in book.package.names if "comment" in one.lower()):
        return raw, ()
    _, edited = _take_notes(book, lines, keep_edited=False)
    return book.content(), edited


def _take_notes(book: Workbook, lines: frozenset[str], *, keep_edited: bool) -> tuple[int, tuple[str, ...]]:
    """Our notes go: how many, and which of them somebody wrote into."""
    count, edited = 0, []
    for tab in _worksheets(book):
        notes = book.notes(tab.name)
        for ref, note in notes.existing().items():
            untouched = all(_is_ours(line, lines) for line in note.text.splitlines()) if lines else _begins_as_ours(note)
            if note.author != AUTHOR and not (untouched and _begins_as_ours(note)):
                continue
            edited += [] if untouched else [f"{tab.name}!{ref}"]
            if untouched or not keep_edited:
                notes.remove(ref)
                count += 1
    return count, tuple(edited)


def _begins_as_ours(note: Note) -> bool:
    """Whether a note may be ours by how it begins: LibreOffice keeps no authors."""
    return note.author in {AUTHOR, "", " "} and bool(FIRST_LINE.match(note.text.partition("\n")[0].strip()))


def _is_ours(line: str, lines: frozenset[str]) -> bool:
    """Whether we wrote a line of a note, going by what stands on our sheet."""
    text = line.strip()
    return not text or text in lines or MORE in text or bool(FIRST_LINE.fullmatch(text))


def _take_formats(package: Package, record: undo.Record | None, instead: Mapping[int, int]) -> None:
    """The formats that only our colours and our sheet used go; ``instead`` are those that coloured cells had, and their own."""
    styles = first(package, main_part(package), "styles")
    part = next((one for one in record.parts if styles and one.name == styles.target), None) if record else None
    since = part is not None and part.original is not None and not part.is_as_left(package)
    if not (since and part and closed_up(package, part.original or b"", part.edited, instead=instead)):
        Styles(package).shed()


def _put_back(book: Workbook, parts: list[undo.Touched]) -> None:
    """Parts that nobody has edited are what they were, also where taking things out one by one left a trace; looks go by who uses them."""
    styles = first(book.package, main_part(book.package), "styles")
    for part in parts:
        found = book.package.find(part.name)
        if found and part.original is not None and not (styles and found == styles.target):
            book.package.put(found, part.original)

"""The notes of a sheet (what Excel called comments before it had threads): read, added and taken away; other people's stay as they are.

A note is an entry in the comments part and a box in a drawing (``workbench.editing.vml``), for which the sheet has a ``legacyDrawing``. A thread has a
note as its stand-in for older programs; those are told from notes by their authors, and never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.editing.boxes import Grid
from workbench.editing.dialects import MAIN, MAIN_STRICT, STRICT, TRANSITIONAL
from workbench.editing.outline import outline
from workbench.editing.package import Package, folded
from workbench.editing.places import area, name, place
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import content_type, declare, first, is_strict, relate, related, undeclare, unrelate
from workbench.editing.values import LONGEST_TEXT, string_of, text_xml
from workbench.editing.vml import blocks, check_drawing, has_shapes, new_drawing, with_boxes, without_notes
from workbench.editing.xml import Element, Splices, escaped, parse

_THREAD_AUTHOR = "tc="
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_LOOK = '<{0}rPr><{0}sz val="9"/><{0}color indexed="81"/><{0}rFont val="Tahoma"/><{0}family val="2"/></{0}rPr>'


def _no_comments(*, strict: bool) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    body = "<authors></authors><commentList></commentList>"
    return f'{head}<comments xmlns="{MAIN_STRICT if strict else MAIN}">{body}</comments>'.encode()


class Note(NamedTuple):
    """Who wrote what."""

    author: str
    text: str


@dataclass(slots=True)
class _Written:
    """The comments part: its authors, and its entries by cell."""

    part: str = ""
    relation: str = ""
    data: bytes = b""
    authors: Element | None = None
    listing: Element | None = None
    entries: dict[str, tuple[Element, Note]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [one.text for one in self.authors.all("author")] if self.authors else []


class Notes:
    """The notes of one worksheet. Edits are gathered, and ``flush`` puts them into the package."""

    def __init__(self, package: Package, part: str) -> None:
        """``part`` is the worksheet.

        Raises:
            WorkbookRefused: its notes are damaged.
        """
        self._package, self._sheet = package, part
        self._load()

    def _load(self) -> None:
        self._written = self._read()
        self._threads = self._read_threads()
        self._added: dict[str, Note] = {}
        self._gone: set[str] = set()
        self._is_sound = False

    def existing(self) -> Mapping[str, Note]:
        """The notes by their cells, edits included; the stand-ins of threads are none."""
        return {ref: note for ref, (_, note) in self._written.entries.items() if self._stands(ref)} | self._added

    def _stands(self, ref: str) -> bool:
        """Whether the file has a note there that stays."""
        return ref in self._written.entries and ref not in self._gone and ref not in self._threads

    def threads(self) -> frozenset[str]:
        """The cells with threads."""
        return self._threads

    def add(self, ref: str, text: str, author: str) -> None:
        """A note on the cell, hidden until one points at it.

        Raises:
            EditRefused: there is a note or a thread already, the text is too long, or the sheet's notes are damaged.
        """
        cell = name(*place(ref))
        if cell in self._threads:
            raise EditRefused(f"{cell} has a thread of comments, and a cell with one can have no note; answer there instead")
        if cell in self._added or self._stands(cell):
            raise EditRefused(f"{cell} has a note by {self.existing()[cell].author or 'somebody'} already; take that away first")
        if len(text) > LONGEST_TEXT:
            raise EditRefused(f"a note holds at most {LONGEST_TEXT:,} characters, not {len(text):,}; shorten it")
        if not self._is_sound:
            self._drawing()
            self._grid()
            self._is_sound = True
        self._added[cell] = Note(author, text.replace("\r\n", "\n").replace("\r", "\n"))

    def remove(self, ref: str) -> None:
        """The cell has no note any more. KeyError where it has none."""
        cell = name(*place(ref))
        if self._added.pop(cell, None) is None:
            if not self._stands(cell):
                raise KeyError(ref)
            self._gone.add(cell)

    def remove_by(self, author: str) -> tuple[str, ...]:
        """Take away what ``author`` wrote; the cells."""
        found = tuple(ref for ref, note in self.existing().items() if note.author == author)
        for ref in found:
            self.remove(ref)
        return found

    def flush(self) -> None:
        """Put the edits into the package. The last note takes the parts with it that only notes need."""
        if not self._gone and not self._added:
            return
        added, self._added = self._added, {}
        if self._gone:
            self._take(keep=bool(added))
        if added:
            self._put(dict(sorted(added.items(), key=lambda one: place(one[0]))))
        self._load()

    # --- reading -----------------------------------------------------------------------------------------------------

    def _read(self) -> _Written:
        found = first(self._package, self._sheet, "comments")
        if found is None:
            return _Written()
        data = self._package.read(found.target)
        root = parse(data, found.target)
        written = _Written(found.target, found.id, data, root.child("authors"), root.child("commentList"))
        people = {str(number): author for number, author in enumerate(written.names)}
        for one in written.listing.all("comment") if written.listing else ():
            text, author = one.child("text"), people.get(one.get("authorId") or "", "")
            written.entries.setdefault(_cell(one.get("ref") or ""), (one, Note(author, string_of(text) if text else "")))
        return written

    def _read_threads(self) -> frozenset[str]:
        stand_ins = {ref for ref, (_, note) in self._written.entries.items() if note.author.startswith(_THREAD_AUTHOR)}
        found = first(self._package, self._sheet, "threadedComment")
        root = parse(self._package.read(found.target), found.target) if found else None
        return frozenset(
            stand_ins.union(_cell(one.get("ref") or "") for one in root.walk("threadedComment")) if root else stand_ins
        )

    def _drawing(self) -> str:
        """The part that draws the notes; "" where there is none.

        Raises:
            EditRefused: it is missing although the sheet names it, or damaged.
        """
        element = outline(self._package.read(self._sheet), self._sheet).root.child("legacyDrawing")
        if element is None:
            return ""
        wanted = element.get("id", TRANSITIONAL) or element.get("id", STRICT)
        found = next((one for one in related(self._package, self._sheet) if one.id == wanted and not one.external), None)
        if found is None or not self._package.find(found.target):
            raise EditRefused(f"the drawing of the notes of {self._sheet} is missing; open the file in Excel, repair and save it")
        check_drawing(self._package.read(found.target), found.target)
        return found.target

    # --- taking away -------------------------------------------------------------------------------------------------

    def _take(self, *, keep: bool) -> None:
        """The notes go from both parts; ``keep`` the parts even where nothing is left in them."""
        written = self._written
        if written.listing is None:
            return
        splices = Splices(written.data)
        splices.remove_children(written.listing, [written.entries[ref][0] for ref in self._in_order(self._gone)])
        self._take_authors(splices)
        self._package.splice(written.part, splices.done())
        drawing = self._drawing()
        if drawing:
            self._package.splice(drawing, without_notes(self._package.read(drawing), {place(ref) for ref in self._gone}))
        self._written = self._read()
        was_closed = self._written.listing is not None and self._written.listing.is_closed
        if not self._written.entries and not was_closed and not keep:
            self._drop(self._written.part, self._written.relation)
            self._drop_drawing(drawing)

    def _in_order(self, refs: Iterable[str]) -> list[str]:
        return sorted(refs, key=lambda ref: self._written.entries[ref][0].start)

    def _take_authors(self, splices: Splices) -> None:
        """Authors at the end of the list whose notes all go, or who are ours and have none; those before others stay, for they are numbered."""
        written = self._written
        if written.authors is None or written.listing is None:
            return
        going = {written.entries[ref][0] for ref in self._gone}
        left = {one.get("authorId") for one in written.listing.all("comment") if one not in going}
        freed = {one.get("authorId") for one in going}
        people, end = list(written.authors.all("author")), len(written.names)
        while end and str(end - 1) not in left and (str(end - 1) in freed or self._is_ours(people[end - 1])):
            end -= 1
        if people[end:]:
            splices.remove_children(written.authors, people[end:])

    def _is_ours(self, author: Element) -> bool:
        """Whether it was added here: told, while no other program saves the part, by the space in its end tag."""
        return self._written.data[author.closing : author.end].endswith(b" >")

    def _drop(self, part: str, relation: str) -> None:
        self._package.remove(part)
        unrelate(self._package, self._sheet, relation)
        undeclare(self._package, part)

    def _drop_drawing(self, drawing: str) -> None:
        """A drawing in which nothing is left goes, and the sheet's mention of it."""
        if not drawing or has_shapes(self._package.read(drawing)) or related(self._package, drawing):
            return
        data = self._package.read(self._sheet)
        element = outline(data, self._sheet).root.child("legacyDrawing")
        relation = next((one for one in related(self._package, self._sheet) if one.target == drawing), None)
        if element and relation:
            splices = Splices(data)
            splices.replace(element.start, element.end, b"")
            self._package.splice(self._sheet, splices.done())
            self._drop(drawing, relation.id)

    # --- adding ------------------------------------------------------------------------------------------------------

    def _put(self, added: Mapping[str, Note]) -> None:
        self._written = self._read() if self._written.part else self._written
        if not self._written.part:
            self._make_comments()
        self._put_entries(added)
        grid = self._grid()
        boxes = [grid.box(*place(ref), note.text) for ref, note in added.items()]
        drawing = self._drawing() or self._make_drawing()
        self._package.splice(drawing, with_boxes(self._package.read(drawing), boxes, self._fresh_block()))

    def _grid(self) -> Grid:
        data = self._package.read(self._sheet)
        return Grid(data, outline(data, self._sheet), self._sheet)

    def _make_comments(self) -> None:
        part = self._free_name("xl/comments{}.xml".format)
        self._package.put(part, _no_comments(strict=is_strict(self._package)))
        relate(self._package, self._sheet, "comments", part)
        declare(self._package, part, _COMMENTS_TYPE)
        self._written = self._read()

    def _put_entries(self, added: Mapping[str, Note]) -> None:
        written = self._written
        if written.listing is None or written.authors is None:
            raise EditRefused(f"{written.part} is damaged; open the file in Excel, repair and save it")
        people = list(dict.fromkeys([*written.names, *(note.author for note in added.values())]))
        numbers = {author: written.names.index(author) for author in written.names}
        new = [author for author in people if author not in numbers]
        numbers |= {author: len(written.names) + index for index, author in enumerate(new)}
        prefix = written.listing.prefix
        splices = Splices(written.data)
        if new:
            tags = (f"<{prefix}author>".encode() + escaped(author) + f"</{prefix}author >".encode() for author in new)
            splices.append_child(written.authors, b"".join(tags))
        entries = (_entry(ref, note.text, numbers[note.author], prefix) for ref, note in added.items())
        splices.append_child(written.listing, "".join(entries).encode())
        self._package.splice(written.part, splices.done())

    def _make_drawing(self) -> str:
        part = self._free_name("xl/drawings/vmlDrawing{}.vml".format)
        self._package.put(part, new_drawing(self._fresh_block()))
        relation = relate(self._package, self._sheet, "vmlDrawing", part)
        if content_type(self._package, part) != _VML_TYPE:
            declare(self._package, part, _VML_TYPE)
        data = self._package.read(self._sheet)
        sheet = outline(data, self._sheet)
        space = STRICT if sheet.root.space == MAIN_STRICT else TRANSITIONAL
        bound = next((prefix for prefix, uri in sheet.root.spaces.items() if uri == space and prefix), "")
        declared = "" if bound else f' xmlns:r="{space}"'
        splices = Splices(data)
        tag = f'<{sheet.root.prefix}legacyDrawing{declared} {bound or "r"}:id="{relation}"/>'
        splices.insert(sheet.place("legacyDrawing"), tag.encode())
        self._package.splice(self._sheet, splices.done())
        return part

    def _free_name(self, named: Callable[[int], str]) -> str:
        return next(named(number) for number in range(1, len(self._package.names) + 2) if not self._package.find(named(number)))

    def _fresh_block(self) -> int:
        """From this block on, no drawing of the workbook has any numbers."""
        drawings = (one for one in self._package.names if folded(one).endswith(".vml"))
        return max((block for one in drawings for block in blocks(self._package.read(one))), default=0) + 1


def _cell(ref: str) -> str:
    """A reference as we write it; as it is where it is none."""
    found = area(ref.upper())
    return name(found.top, found.left) if found else ref


def _entry(ref: str, text: str, author: int, prefix: str) -> str:
    run = f'<{prefix}r>{_LOOK.format(prefix)}<{prefix}t xml:space="preserve">{text_xml(text)}</{prefix}t></{prefix}r>'
    return f'<{prefix}comment ref="{ref}" authorId="{author}"><{prefix}text>{run}</{prefix}text></{prefix}comment>'

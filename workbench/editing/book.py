"""The workbook part: sheets, defined names, marks, and when Excel computes anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.editing.dialects import STRICT, TRANSITIONAL
from workbench.editing.package import Package
from workbench.editing.references import mentioned, quoted
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import main_part, related, tree, undeclare, unrelate
from workbench.editing.xml import Element, Splices, escaped

ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups", "externalReferences",
    "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
"""The children of a workbook in the order of the schema (ISO/IEC 29500-1, 18.2.27)."""

_MARK = re.compile(r"_(?!xl)[A-Za-z0-9_]+\.[A-Za-z0-9_.]+")
"""LibreOffice shows hidden names when it saves, so that marks are known by how they are called."""
_TRUE = {"1", "true", "on"}
_TIE = "_companion."
_ONE_CELL = re.compile(r"(?:'(?:[^']|'')+'|[^'!]+)!(?:\$?[A-Z]{1,3}\$?\d+|#REF!)")


class Book:
    """The workbook part as it is now, and the splices gathered for it; ``flush`` puts them in."""

    def __init__(self, package: Package) -> None:
        """Raises WorkbookRefused where the package is no workbook."""
        self.package = package
        self.part = main_part(package)
        self.data = package.read(self.part)
        self.root = tree(package, self.part)
        self.splices = Splices(self.data)

    @property
    def prefix(self) -> str:
        """How the elements of the part are prefixed, with the colon."""
        return self.root.prefix

    @property
    def sheets(self) -> Element:
        """The list of sheets.

        Raises:
            EditRefused: there is none.
        """
        found = self.root.child("sheets")
        if found is None:
            raise EditRefused(f"{self.part} lists no sheets; open the file in Excel, repair and save it")
        return found

    @property
    def defined(self) -> list[Element]:
        """The defined names."""
        found = self.root.child("definedNames")
        return list(found.all("definedName")) if found else []

    @property
    def is_locked(self) -> bool:
        """Whether sheets may not be added, removed or renamed."""
        found = self.root.child("workbookProtection")
        return found is not None and (found.get("lockStructure") or "0").lower() in _TRUE

    @property
    def is_1904(self) -> bool:
        """Whether days are counted from 1904."""
        found = self.root.child("workbookPr")
        return found is not None and (found.get("date1904") or "0").lower() in _TRUE

    def relation_id(self, sheet: Element) -> str:
        """The relationship of a ``sheet`` element."""
        return sheet.get("id", TRANSITIONAL) or sheet.get("id", STRICT) or ""

    def place(self, name: str) -> int:
        """Where a child of that name has to be inserted. What the schema does not name stays where it is."""
        rank = ORDER.index(name)
        before = [child for child in self.root.children if child.name in ORDER and ORDER.index(child.name) < rank]
        return before[-1].end if before else self.root.opened

    def add_names(self, names: Iterable[bytes]) -> None:
        """More defined names, as XML. Once for each flush."""
        new = b"".join(names)
        known = self.root.child("definedNames")
        if known is not None and new:
            self.splices.append_child(known, new)
        elif new:
            tag = f"{self.prefix}definedNames>".encode()
            self.splices.insert(self.place("definedNames"), b"<" + tag + new + b"</" + tag)

    def take_names(self, gone: list[Element]) -> None:
        """Take these defined names away, and their list where nothing else is in it. Once for each flush."""
        known = self.root.child("definedNames")
        if known is not None and gone:
            self.splices.remove_children(known, gone, whole=True)

    def flush(self) -> None:
        """Put the splices into the package."""
        self.package.splice(self.part, self.splices.done())


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name to be defined: in the whole workbook, or only on the sheet of that index."""

    name: str
    text: str
    index: int | None = None
    is_hidden: bool = False

    def xml(self, prefix: str) -> bytes:
        """The element."""
        local = "" if self.index is None else f' localSheetId="{self.index}"'
        hidden = ' hidden="1"' if self.is_hidden else ""
        name, text = escaped(self.name).decode(), escaped(self.text).decode()
        return f'<{prefix}definedName name="{name}"{local}{hidden}>{text}</{prefix}definedName>'.encode()


# --- marks -----------------------------------------------------------------------------------------------------------


def mark(package: Package, sheet: str, mark: str) -> None:
    """Mark the sheet, so that ``marked`` finds it even when somebody renames it: a hidden defined name that refers to it. A mark is on one sheet.

    Raises:
        ValueError: ``mark`` is none: an underscore, letters and digits, with a ``.`` in between, such as ``_program.Findings``.
    """
    if not _MARK.fullmatch(mark) or len(mark) > 255:
        raise ValueError(f"{mark!r} is no mark; write it like _program.Findings")
    unmark(package, mark)
    book = Book(package)
    book.add_names([DefinedName(mark, f"{quoted(sheet)}!$A$1", is_hidden=True).xml(book.prefix)])
    book.flush()


def marked(package: Package, mark: str) -> str | None:
    """The sheet that carries the mark, or None where there is none any more."""
    book = Book(package)
    names = {(one.get("name") or "").casefold(): one.get("name") for one in book.sheets.all("sheet")}
    found = [name for one in _marks(book) if _is(one, mark) for kind, name in mentioned(one.text) if kind == "sheet"]
    return names.get(found[0].casefold()) if found else None


def unmark(package: Package, mark: str) -> bool:
    """No sheet carries the mark; whether there was one, also one that leads nowhere any more."""
    book = Book(package)
    found = [one for one in _marks(book) if _is(one, mark)]
    book.take_names(found)
    book.flush()
    return bool(found)


def marks_of(book: Book, sheet: str) -> list[Element]:
    """The defined names that mark the sheet or tie companions to it. The one cell that a mark names may be gone meanwhile."""
    known = [one for one in _marks(book) if _MARK.fullmatch(one.get("name") or "") and sheet.casefold() in _named(one)]
    return [one for one in known if _ONE_CELL.fullmatch(one.text) or _is_tie(one)]


def _is_tie(element: Element) -> bool:
    return bool(re.fullmatch(_TIE + r"\d+", element.get("name") or ""))


def _named(element: Element) -> list[str]:
    """The sheets that a defined name refers to, casefolded."""
    return [name.casefold() for kind, name in mentioned(element.text) if kind == "sheet"]


def tie(book: Book, companion: str, sheet: str, *, after: int = 0) -> DefinedName:
    """What says that a hidden sheet is there for another only, whatever people call the two; ``after`` so many that are not in the book yet."""
    taken = [int((one.get("name") or "").removeprefix(_TIE)) for one in book.defined if _is_tie(one)]
    number = max(taken, default=0) + after + 1
    return DefinedName(f"{_TIE}{number}", f"{quoted(companion)}!$A$1,{quoted(sheet)}!$A$1", is_hidden=True)


def companions_of(book: Book, sheet: str) -> list[str]:
    """The hidden sheets that are there for this one only, casefolded."""
    ties = [_named(one) for one in _marks(book) if _is_tie(one)]
    return [one[0] for one in ties if len(one) == 2 and one[1] == sheet.casefold()]


def _marks(book: Book) -> Iterator[Element]:
    """The names of the whole workbook."""
    return (one for one in book.defined if one.get("localSheetId") is None)


def _is(element: Element, mark: str) -> bool:
    return (element.get("name") or "").casefold() == mark.casefold()


# --- when Excel computes ---------------------------------------------------------------------------------------------


def recalculate(package: Package) -> None:
    """Excel computes every formula when it opens the workbook."""
    book = Book(package)
    known = book.root.child("calcPr")
    if known is not None:
        book.splices.attribute(known, "fullCalcOnLoad", "1")
    else:
        book.splices.insert(book.place("calcPr"), f'<{book.prefix}calcPr fullCalcOnLoad="1"/>'.encode())
    book.flush()


def drop_calc_chain(package: Package) -> None:
    """The list of the order in which cells are computed is not there: Excel makes it anew, and would call a wrong one damage."""
    main = main_part(package)
    for relation in related(package, main):
        if relation.kind == "calcChain" and not relation.external:
            if package.find(relation.target):
                package.remove(relation.target)
            undeclare(package, relation.target)
            unrelate(package, main, relation.id)

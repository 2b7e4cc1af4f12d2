"""The sheets of a workbook: which there are, one more, one less. Cells are ``workbench.editing.sheet``'s matter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from workbench.editing.book import Book, companions_of, drop_calc_chain
from workbench.editing.dialects import MAIN, STRICT, TRANSITIONAL, as_strict
from workbench.editing.outline import outline
from workbench.editing.ownership import Leaving, leaving, referring, refuse_excel_only, remove_parts
from workbench.editing.package import Package, folded
from workbench.editing.places import LAST_COLUMN, LAST_ROW
from workbench.editing.places import name as cell_name
from workbench.editing.refusals import EditRefused, WorkbookRefused
from workbench.editing.relations import beside, declare, is_strict, relate, related, rels_name, unrelate
from workbench.editing.values import Value, content
from workbench.editing.xml import Element, escaped, whole

WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_FORBIDDEN = "[]:*?/\\"
_LONGEST = 31
_CALC_ID = re.compile(rb"""\si\s*=\s*["'](\d+)["']""")


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet as the workbook lists it.

    ``kind`` is ``worksheet``, ``chartsheet``, ``dialogsheet`` or ``xlMacrosheet``; ``state`` is ``visible``, ``hidden`` or ``veryHidden``;
    ``id`` is the sheetId, ``relation`` the id of the relationship that leads to ``part``.
    """

    name: str
    part: str
    id: int
    state: str
    relation: str
    kind: str


def tabs(package: Package) -> tuple[Tab, ...]:
    """Every sheet, in tab order.

    Raises:
        WorkbookRefused: the package is no workbook, or two of its sheets have one name.
    """
    return _tabs(Book(package))


def _tabs(book: Book) -> tuple[Tab, ...]:
    known = {one.id: one for one in related(book.package, book.part)}
    found = tuple(
        Tab(
            node.get("name") or "",
            known[id_].target if (id_ := book.relation_id(node)) in known else "",
            whole(node.get("sheetId")),
            node.get("state") or "visible",
            id_,
            known[id_].kind if id_ in known else "",
        )
        for node in book.sheets.all("sheet")
    )
    names = [one.name.casefold() for one in found]
    twice = next((one.name for one in found if names.count(one.name.casefold()) > 1), None)
    if twice is not None:
        raise WorkbookRefused(f"two sheets are called {twice}; rename one of them in Excel and save the file")
    return found


def tab(package: Package, name: str) -> Tab:
    """The sheet of that name; case does not count.

    Raises:
        EditRefused: there is none.
    """
    found = next((one for one in tabs(package) if one.name.casefold() == name.casefold()), None)
    if found is None:
        raise EditRefused(f"the workbook has no sheet {name!r}; it has {', '.join(one.name for one in tabs(package))}")
    return found


# --- adding ----------------------------------------------------------------------------------------------------------


def refuse_name(name: str, taken: Iterable[str]) -> None:
    """Raises EditRefused where Excel would not have a sheet of that name, or one of ``taken`` is it already."""
    units = len(name.encode("utf-16-le", "surrogatepass")) // 2
    if not name.strip() or units > _LONGEST:
        raise EditRefused(f"a sheet's name has 1 to {_LONGEST} characters, and {name!r} has {units}; choose another")
    wrong = next((sign for sign in name if sign in _FORBIDDEN or ord(sign) < 32), None)
    if wrong:
        raise EditRefused(f"a sheet's name cannot hold {wrong!r}, as {name!r} does; choose another")
    if name.startswith("'") or name.endswith("'") or name.casefold() == "history":
        raise EditRefused(f"Excel has no sheet called {name!r}; choose another name, without an apostrophe at either end")
    if name.casefold() in {one.casefold() for one in taken}:
        raise EditRefused(f"the workbook has a sheet {name!r} already; choose another name, or rename or remove that one")


def refuse_locked(book: Book) -> None:
    """Raises EditRefused where the workbook's structure is protected."""
    if book.is_locked:
        raise EditRefused(
            "the structure of the workbook is protected, so no sheet can be added or removed; unprotect it in Excel (Review, Protect Workbook)"
        )


def add_tab(package: Package, name: str, sheet_xml: bytes, *, state: str = "visible") -> str:
    """A worksheet of that name as the last, and the part it went to. ``sheet_xml`` is transitional; in a strict package it becomes strict.

    Raises:
        EditRefused: Excel would not have such a name, there is such a sheet, or the structure is protected.
    """
    book = Book(package)
    refuse_locked(book)
    known = _tabs(book)
    refuse_name(name, [one.name for one in known])
    part = free_part(package, beside(book.part, "worksheets/sheet{}.xml"))
    package.put(part, as_strict(sheet_xml, outline(sheet_xml, part).root) if is_strict(package) else sheet_xml)
    declare(package, part, WORKSHEET)
    relation = relate(package, book.part, "worksheet", part)
    number = max((one.id for one in known), default=0) + 1
    shown = "" if state == "visible" else f' state="{state}"'
    attributes = f'name="{escaped(name).decode()}" sheetId="{number}"{shown} {_relation_attribute(book, relation)}'
    book.splices.append_child(book.sheets, f"<{book.prefix}sheet {attributes}/>".encode())
    book.flush()
    return part


def _relation_attribute(book: Book, relation: str) -> str:
    """The attribute that holds a relationship's id, its namespace declared where it is not."""
    for prefix, space in book.sheets.spaces.items():
        if space in {TRANSITIONAL, STRICT} and prefix:
            return f'{prefix}:id="{relation}"'
    return f'xmlns:r="{STRICT if is_strict(book.package) else TRANSITIONAL}" r:id="{relation}"'


def free_part(package: Package, pattern: str) -> str:
    """The first of ``pattern`` with 1, 2, 3… that names no part."""
    number = 1
    while package.find(pattern.format(number)) or package.find(rels_name(pattern.format(number))):
        number += 1
    return pattern.format(number)


def plain_sheet(
    rows: Sequence[Sequence[Value]], *, look: Callable[[dt.date], int | None] = lambda _: None, date1904: bool = False
) -> bytes:
    """A worksheet that holds these rows from A1, without any look; None is blank. ``look`` is the cell format of a date.

    Raises:
        EditRefused: a value that no cell can hold, or more rows or columns than a sheet has.
    """
    if len(rows) > LAST_ROW or any(len(row) > LAST_COLUMN for row in rows):
        raise EditRefused(f"a sheet has {LAST_ROW:,} rows and {LAST_COLUMN:,} columns; divide what is more among several")
    lines = "".join(_row(number, row, look, date1904=date1904) for number, row in enumerate(rows, 1))
    data = f"<sheetData>{lines}</sheetData>" if lines else "<sheetData/>"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<worksheet xmlns="{MAIN}">{data}</worksheet>'.encode()


def _row(number: int, row: Sequence[Value], look: Callable[[dt.date], int | None], *, date1904: bool) -> str:
    cells = []
    for column, value in enumerate(row, 1):
        if value is None:
            continue
        kind, inner = content(value, date1904=date1904)
        format_ = look(value) if isinstance(value, dt.date) else None
        attributes = (f' s="{format_}"' if format_ else "") + (f' t="{kind}"' if kind else "")
        cells.append(f'<c r="{cell_name(number, column)}"{attributes}>{inner}</c>')
    return f'<row r="{number}">{"".join(cells)}</row>' if cells else ""


# --- removing --------------------------------------------------------------------------------------------------------


def remove_tab(package: Package, name: str) -> None:
    """The sheet is not there, with whatever only it used: tables, notes, drawings, its defined names, its marks and its companions.

    Raises:
        EditRefused: there is no such sheet, it is the last visible one, others refer to it, it holds a pivot table, or the structure is protected.
    """
    book = Book(package)
    refuse_locked(book)
    known = tabs(package)
    index = known.index(tab(package, name))
    gone = known[index]
    if not any(one.state == "visible" for one in known if one is not gone):
        raise EditRefused(f"{gone.name} is the last sheet that can be seen; a workbook needs one")
    left = leaving(book, gone.name, index, gone.part)
    refuse_excel_only(package, gone.name, left.parts)
    place = referring(book, left, titles(known))
    if place:
        raise EditRefused(f"{place} refers to sheet {gone.name}; change that first, or delete the sheet in Excel")
    companions = companions_of(book, gone.name)
    _take_out(book, left)
    remove_companions(package, companions)


def remove_companions(package: Package, companions: Iterable[str], besides: Sequence[str] = ()) -> None:
    """These hidden sheets go with the names that refer to them, unless somebody has come to use them: the parts ``besides`` do not count."""
    for name in companions:
        book, known = Book(package), tabs(package)
        index = next((place for place, one in enumerate(known) if one.name.casefold() == name.casefold()), None)
        if index is None or known[index].state == "visible":
            continue
        gone = leaving(book, known[index].name, index, known[index].part, with_names=True)
        if not referring(book, gone, titles(known), besides):
            _take_out(book, gone)


def titles(known: Iterable[Tab]) -> dict[str, str]:
    """Folded part → name of its sheet."""
    return {folded(one.part): one.name for one in known}


def _take_out(book: Book, gone: Leaving) -> None:
    known = _tabs(book)
    drop_calc_chain_of(book, known[gone.index].id)
    remove_parts(book.package, gone.parts)
    unrelate(book.package, book.part, known[gone.index].relation)
    book.splices.remove_children(book.sheets, [list(book.sheets.all("sheet"))[gone.index]])
    for one in book.defined:
        if one not in gone.names and whole(one.get("localSheetId")) > gone.index:
            book.splices.attribute(one, "localSheetId", str(whole(one.get("localSheetId")) - 1))
    book.take_names(gone.names)
    visible = [place for place, one in enumerate(one for one in known if one is not known[gone.index]) if one.state == "visible"]
    for view in book.root.walk("workbookView"):
        _look_elsewhere(book, view, visible, gone.index)
    book.flush()


def _look_elsewhere(book: Book, view: Element, visible: list[int], index: int) -> None:
    """The window shows a sheet that is there and can be seen."""
    for attribute in ("activeTab", "firstSheet"):
        old = whole(view.get(attribute))
        nearest = min(visible, key=lambda place: abs(place - index + 0.4))
        new = old if old < index else old - 1 if old > index else nearest
        if new != old:
            book.splices.attribute(view, attribute, str(new))


def drop_calc_chain_of(book: Book, sheet: int) -> None:
    """A chain of calculation that names cells of the sheet with that id would be called damage when they are no formulas any more."""
    for relation in related(book.package, book.part):
        if relation.kind == "calcChain" and book.package.find(relation.target):
            ids = {whole(match[1]) for match in _CALC_ID.finditer(book.package.read(relation.target))}
            if sheet in ids:
                drop_calc_chain(book.package)
                return

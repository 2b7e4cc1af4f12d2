"""The sheets of a workbook: which there are, one more, one less. Cells are ``workbench.editing.sheet``'s matter."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.editing.book import Book, drop_calc_chain, mark, marked, marks_of, recalculate, unmark
from workbench.editing.dialects import MAIN, STRICT, TRANSITIONAL, as_strict
from workbench.editing.outline import outline
from workbench.editing.package import Package, folded
from workbench.editing.places import name as cell_name
from workbench.editing.properties import properties, set_property
from workbench.editing.references import formulas, mentioned
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import declare, is_strict, relate, related, rels_name, undeclare, unrelate
from workbench.editing.values import Value, content
from workbench.editing.xml import Element, escaped, parse

__all__ = [
    "Tab", "add_tab", "drop_calc_chain", "mark", "marked", "plain_sheet", "properties", "recalculate", "refuse_name", "remove_tab",
    "set_property", "tab", "tabs", "unmark",
]  # fmt: skip

WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_FORBIDDEN = "[]:*?/\\"
_LONGEST = 31
_KEPT_BY_EXCEL = {"pivotTable": "a pivot table", "slicer": "a slicer", "timeline": "a timeline", "queryTable": "a query"}
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
        WorkbookRefused: the package is no workbook.
    """
    return _tabs(Book(package))


def _tabs(book: Book) -> tuple[Tab, ...]:
    known = {one.id: one for one in related(book.package, book.part)}
    return tuple(
        Tab(
            node.get("name") or "",
            known[id_].target if (id_ := book.relation_id(node)) in known else "",
            int(node.get("sheetId") or 0),
            node.get("state") or "visible",
            id_,
            known[id_].kind if id_ in known else "",
        )
        for node in book.sheets.all("sheet")
    )


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
    part = free_part(package, posixpath.join(posixpath.dirname(book.part), "worksheets", "sheet{}.xml"))
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
    """The first of ``pattern`` with 1, 2, 3… that names no part, neither now nor in the file before it was edited."""
    number = 1
    while _is_taken(package, pattern.format(number)) or _is_taken(package, rels_name(pattern.format(number))):
        number += 1
    return pattern.format(number)


def _is_taken(package: Package, part: str) -> bool:
    if package.find(part):
        return True
    try:
        package.original(part)
    except KeyError:
        return False
    return True


def plain_sheet(rows: Iterable[Sequence[Value]], *, date_style: int | None = None, date1904: bool = False) -> bytes:
    """A worksheet that holds these rows from A1, without any look; None is blank. ``date_style`` is the cell format of dates.

    Raises:
        EditRefused: a value that no cell can hold.
    """
    lines = "".join(_row(number, row, date_style, date1904=date1904) for number, row in enumerate(rows, 1))
    data = f"<sheetData>{lines}</sheetData>" if lines else "<sheetData/>"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<worksheet xmlns="{MAIN}">{data}</worksheet>'.encode()


def _row(number: int, row: Sequence[Value], date_style: int | None, *, date1904: bool) -> str:
    cells = []
    for column, value in enumerate(row, 1):
        if value is None:
            continue
        kind, inner = content(value, date1904=date1904)
        style = f' s="{date_style}"' if date_style and isinstance(value, dt.date) else ""
        cells.append(f'<c r="{cell_name(number, column)}"{style}' + (f' t="{kind}"' if kind else "") + f">{inner}</c>")
    return f'<row r="{number}">{"".join(cells)}</row>' if cells else ""


# --- removing --------------------------------------------------------------------------------------------------------


def remove_tab(package: Package, name: str) -> None:
    """The sheet is not there, with whatever only it used: tables, notes, drawings, its defined names and its marks.

    Raises:
        EditRefused: there is no such sheet, it is the last visible one, others refer to it, it holds a pivot table, or the structure is protected.
    """
    book = Book(package)
    refuse_locked(book)
    gone = tab(package, name)
    known = _tabs(book)
    if not any(one.state == "visible" for one in known if one != gone):
        raise EditRefused(f"{gone.name} is the last sheet that can be seen; a workbook needs one")
    own = own_parts(package, gone.part)
    _refuse_referred(book, gone, known.index(gone), own)
    _drop_calc_chain_of(book, gone)
    remove_parts(package, own)
    unrelate(package, book.part, gone.relation)
    _unlist(book, known, known.index(gone))


def _unlist(book: Book, known: tuple[Tab, ...], index: int) -> None:
    """The workbook part without the sheet at ``index``."""
    gone = known[index]
    left = [one for one in known if one is not gone]
    node = list(book.sheets.all("sheet"))[index]
    book.splices.remove_children(book.sheets, [node])
    marks = set(map(id, marks_of(book, gone.name)))
    local = [(one, int(one.get("localSheetId") or -1)) for one in book.defined]
    dropped = [one for one, sheet in local if sheet == index or id(one) in marks]
    if len(dropped) < len(local):
        for one, sheet in local:
            if sheet > index:
                book.splices.attribute(one, "localSheetId", str(sheet - 1))
    book.take_names(dropped)
    for view in book.root.walk("workbookView"):
        _look_elsewhere(book, view, left, index)
    book.flush()


def _look_elsewhere(book: Book, view: Element, left: list[Tab], index: int) -> None:
    """The window shows a sheet that is there and can be seen."""
    visible = [place for place, one in enumerate(left) if one.state == "visible"]
    for attribute in ("activeTab", "firstSheet"):
        said = view.get(attribute)
        if said is None or not said.isdigit() or int(said) < index:
            continue
        shown = int(said) - 1 if int(said) > index else min(visible, key=lambda place: (abs(place - index + 0.4), place))
        book.splices.attribute(view, attribute, str(shown))


def own_parts(package: Package, part: str) -> list[str]:
    """The part and those that nothing but it leads to."""
    others = {folded(one) for one in _reached(package, "", {folded(part)})}
    return [one for one in (part, *_reached(package, part, set())) if folded(one) not in others]


def _reached(package: Package, part: str, seen: set[str]) -> Iterator[str]:
    """Every part that ``part`` leads to, and those that these lead to, none of ``seen``."""
    for relation in related(package, part):
        found = None if relation.external else package.find(relation.target)
        if found and folded(found) not in seen:
            seen.add(folded(found))
            yield found
            yield from _reached(package, found, seen)


def remove_parts(package: Package, parts: Iterable[str]) -> None:
    """The parts are not there, nor their relationships and content types; whoever leads to them is left alone."""
    for part in parts:
        for one in (rels_name(part), part):
            if package.find(one):
                package.remove(one)
                undeclare(package, one)


def _refuse_referred(book: Book, gone: Tab, index: int, own: list[str]) -> None:
    kinds = {relation.kind for part in own for relation in related(book.package, part)}
    for kind, what in _KEPT_BY_EXCEL.items():
        if kind in kinds:
            raise EditRefused(f"{gone.name} holds {what}; remove the sheet in Excel")
    place = _referring(book, gone, index, own)
    if place:
        raise EditRefused(f"{place} refers to {gone.name}; change that first, or remove the sheet in Excel")


def _referring(book: Book, gone: Tab, index: int, own: list[str]) -> str:
    """Where something outside of the sheet refers to it or to a table on it; "" for nowhere."""
    wanted = {("sheet", gone.name.casefold())} | {("name", name.casefold()) for name in table_names(book.package, own)}
    skipped = {*map(folded, own), folded(book.part)}
    marks = set(map(id, marks_of(book, gone.name)))
    for one in book.defined:
        if id(one) not in marks and one.get("localSheetId") != str(index) and _mentions(one.text, wanted):
            return f"the defined name {one.get('name')}"
    titles = {folded(one.part): one.name for one in _tabs(book)}
    for part in _reached(book.package, "", set()):
        if folded(part) not in skipped and any(_mentions(one, wanted) for one in formulas(book.package.read(part))):
            return titles.get(folded(part), part)
    return ""


def _mentions(formula: str, wanted: set[tuple[str, str]]) -> bool:
    return any((kind, name.casefold()) in wanted for kind, name in mentioned(formula))


def table_names(package: Package, parts: Iterable[str]) -> Iterator[str]:
    """The names of the tables among the parts, as formulas have them."""
    for part in parts:
        for relation in related(package, part):
            if relation.kind == "table" and package.find(relation.target):
                root = parse(package.read(relation.target), relation.target)
                yield root.get("displayName") or root.get("name") or ""


def _drop_calc_chain_of(book: Book, gone: Tab) -> None:
    """A chain that still names cells of the sheet would be called damage."""
    for relation in related(book.package, book.part):
        if relation.kind == "calcChain" and book.package.find(relation.target):
            ids = {int(match[1]) for match in _CALC_ID.finditer(book.package.read(relation.target))}
            if gone.id in ids:
                drop_calc_chain(book.package)
                return

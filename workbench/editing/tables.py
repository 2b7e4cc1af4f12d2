"""The tables (list objects) of a sheet, and how they grow."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.editing.package import Package
from workbench.editing.places import Area, area
from workbench.editing.references import formulas
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import related
from workbench.editing.values import Formula, Value
from workbench.editing.xml import Element, Splice, Splices, escaped, parse, whole

_CELL = re.compile(r"(?<![\w.\[])\$?[A-Z]{1,3}\$?\d{1,7}(?![\w.(\]!])")
_ELSEWHERE = re.compile(r'"(?:[^"]|"")*"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]')
_LONGEST_HEADING = 255
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_LITERAL_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CODES = {code: f"_x{code:04X}_" for code in (*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)}
"""What no attribute can hold, and tabs, which XML reads as blanks in one (ISO/IEC 29500-1, 22.9.2.19)."""


@dataclass(frozen=True, slots=True, eq=False)
class SheetTable:
    """One table: ``area`` with its heading and totals rows, ``columns`` its headings."""

    part: str
    name: str
    area: Area
    root: Element
    data: bytes
    has_heading: bool
    has_totals: bool
    is_query: bool

    @property
    def columns(self) -> list[Element]:
        """The ``tableColumn`` elements, left to right."""
        found = self.root.child("tableColumns")
        return list(found.all("tableColumn")) if found else []


def tables(package: Package, sheet_part: str) -> list[SheetTable]:
    """The tables of the sheet."""
    parts = dict.fromkeys(relation.target for relation in related(package, sheet_part) if relation.kind == "table")
    return [found for part in parts if package.find(part) for found in _table(package, part)]


def _table(package: Package, part: str) -> list[SheetTable]:
    data = package.read(part)
    root = parse(data, part)
    said = root.attributes
    where = area(said.get("ref", ""))
    if where is None:
        return []
    return [
        SheetTable(
            part,
            said.get("displayName") or said.get("name", ""),
            where,
            root,
            data,
            said.get("headerRowCount", "1") != "0",
            said.get("totalsRowCount", "0") != "0",
            said.get("tableType") == "queryTable",
        )
    ]


def headings(package: Package, sheet_part: str) -> dict[tuple[int, int], tuple[str, str]]:
    """(row, column) → the part of the table and the name of the column whose heading stands there."""
    return {
        (table.area.top, number): (table.part, column.attributes.get("name", ""))
        for table in tables(package, sheet_part)
        if table.has_heading
        for number, column in enumerate(table.columns, start=table.area.left)
    }


def renamed(package: Package, part: str, old: str, heading: Value) -> list[Splice]:
    """The splices that give a table's column the name of its new heading: Excel calls a file damaged in which the two differ.

    Raises:
        EditRefused: it is no text, another column has it, or a formula names the column.
    """
    data = package.read(part)
    root = parse(data, part)
    table = root.attributes.get("displayName") or root.attributes.get("name", "")
    new = named(heading) if isinstance(heading, str) else ""
    listed = root.child("tableColumns")
    columns = list(listed.all("tableColumn")) if listed else []
    if not new or any(
        one.attributes.get("name", "").casefold() == new.casefold() for one in columns if one.attributes.get("name") != old
    ):
        raise EditRefused(f"a heading of table {table} has to be a text that no other of its columns has, not {heading!r}")
    if root.attributes.get("tableType") == "queryTable" or _is_named(package, old):
        raise EditRefused(
            f"formulas or a data connection use the column {old!r} of table {table} by its name; rename it in Excel"
        )
    splices = Splices(data)
    for column in columns:
        if column.attributes.get("name") == old:
            splices.attribute(column, "name", new)
    return splices.done()


def _is_named(package: Package, column: str) -> bool:
    """Whether any formula has that name within brackets; which table it means is not asked."""
    written = re.sub(r"(['\[\]#@])", r"'\1", column).casefold()
    parts = [name for name in package.names if name.lower().endswith(".xml")]
    texts = (formula.casefold() for part in parts for formula in formulas(package.read(part)) if "[" in formula)
    return any(f"{before}{written}]" in text for text in texts for before in ("[", "[@", ","))


def named(heading: str) -> str:
    """The name of the column below a heading, as a table lists it."""
    return _LINE_BREAK.sub("_x000a_", _LITERAL_CODE.sub("_x005F_", heading)).translate(_CODES)


def calculated(table: SheetTable) -> dict[int, Formula]:
    """The formulas of calculated columns, by column; those that name single cells are left out, since they would have to be moved row by row."""
    found = {}
    for column, element in enumerate(table.columns, start=table.area.left):
        formula = element.child("calculatedColumnFormula")
        if formula is None or not formula.text or formula.attributes.get("array", "0") not in {"0", "false"}:
            continue
        if not names_cells(formula.text):
            found[column] = Formula(formula.text)
    return found


def names_cells(formula: str) -> bool:
    """Whether a formula names cells by their place (``A1``, ``$B$2:C9``), and not only columns of tables or names."""
    return bool(_CELL.search(_ELSEWHERE.sub("", formula)))


def grow_down(package: Package, table: SheetTable, bottom: int) -> None:
    """The table, its totals row included, reaches down to row ``bottom``, and its filter with it.

    Raises:
        EditRefused: the table is filled from a data connection.
    """
    refuse_growth(table)
    _resize(package, table, Area(table.area.top, table.area.left, bottom, table.area.right), Splices(table.data))


def refuse_growth(table: SheetTable) -> None:
    """Raises EditRefused where the table is filled from a data connection."""
    if table.is_query:
        raise EditRefused(
            f"table {table.name} is filled from a data connection, which would overwrite what is added; add it in Excel"
        )


def grow_right(package: Package, table: SheetTable, heading: str) -> None:
    """The table has one more column at its right edge, with that heading.

    Raises:
        EditRefused: the table is filled from a data connection, has no heading row, or such a column already.
    """
    refuse_growth(table)
    column = named(heading)
    known = {one.attributes.get("name", "").casefold() for one in table.columns}
    if not table.has_heading:
        raise EditRefused(f"table {table.name} has no heading row; switch it on in Excel (Table Design, Header Row)")
    if not 0 < len(heading) <= _LONGEST_HEADING:
        raise EditRefused(f"a column of table {table.name} needs a heading of 1 to {_LONGEST_HEADING} characters")
    if column.casefold() in known:
        raise EditRefused(f"table {table.name} has a column {heading} already; choose another heading")
    splices = Splices(table.data)
    columns = table.root.child("tableColumns")
    if columns is None:
        raise EditRefused(f"table {table.name} is damaged: it lists no columns")
    number = max((whole(one.attributes.get("id")) for one in table.columns), default=0) + 1
    element = f'<{table.root.prefix}tableColumn id="{number}" name="'.encode() + escaped(column) + b'"/>'
    splices.append_child(columns, element)
    if "count" in columns.attributes:
        splices.attribute(columns, "count", str(len(table.columns) + 1))
    old = table.area
    _resize(package, table, Area(old.top, old.left, old.bottom, old.right + 1), splices)


def _resize(package: Package, table: SheetTable, new: Area, splices: Splices) -> None:
    splices.attribute(table.root, "ref", str(new))
    for found in table.root.all("autoFilter"):
        old = area(found.attributes.get("ref", ""))
        if old:
            splices.attribute(found, "ref", str(Area(old.top, old.left, new.bottom - table.has_totals, new.right)))
    package.splice(table.part, splices.done())

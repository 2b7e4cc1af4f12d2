"""What calamine does not say of a sheet, by one pass over its XML: bounds, errors, formulas without a result, hidden and merged cells.

calamine allocates the whole used range, so a stray cell at XFD1048576 would end the process: this pass comes first and refuses what lies
beyond the limits. It has two ways to the same facts: byte patterns where the XML is written as Excel, LibreOffice, openpyxl and XlsxWriter
write it, and a parser for everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from workbench.model import InputRefused
from workbench.reading.preflight import ODS, Package
from workbench.settings import Limits

Position = tuple[int, int]
"""Row and column, both from 1, as Excel counts."""
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column."""
SPREAD = 4
"""A sheet's used range may be this many times the cell limit: calamine allocates every position of it."""


def letter(column: int) -> str:
    """Column number, from 1, as Excel letters it."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def number(letters: str) -> int:
    """The inverse of ``letter``."""
    value = 0
    for char in letters:
        value = value * 26 + ord(char) - 64
    return value


def position(reference: str) -> Position:
    """``B3`` → (3, 2)."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", reference.strip())
    if not found:
        raise ValueError(reference)
    return int(found[2]), number(found[1].upper())


@dataclass(frozen=True, slots=True)
class Facts:
    """What one pass over a sheet's XML finds. ``bottom`` and ``right`` bound the cells that hold anything; ``values`` counts them."""

    bottom: int = 0
    right: int = 0
    values: int = 0
    errors: Mapping[Position, str] = field(default_factory=dict)
    uncached: frozenset[Position] = frozenset()
    zero_formulas: frozenset[Position] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[Range, ...] = ()


def first_line(error: BaseException) -> str:
    """The first line of an error, cut where it gets long."""
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def local(name: str) -> str:
    """A tag or attribute without its namespace."""
    return name.rpartition("}")[2]


# --- by patterns ----------------------------------------------------------------------------------------------------

_SUSPECT = re.compile(rb'<c r="(?:[A-Z]{3}|[A-Z]{1,2}\d{6}|[^A-Z])')
_ROW = re.compile(rb'<row r="(\d+)"')
_WIDE = re.compile(rb'<c r="[A-Z]{2}')
_ERROR = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*\bt="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?\s*<v>([^<]*)</v>')
_UNCACHED = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>')
_ZERO = re.compile(rb'<c r="([A-Z]+\d+)"(?:\ss="\d+")?>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*<v>0</v>')
_HIDDEN_ROW = re.compile(rb'<row r="(\d+)"[^>]*\shidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col\s[^>]*>")
_MERGE = re.compile(rb'<mergeCell\s+ref="([^"]*)"')
_STYLED = '<c r="{}(\\d+)"([^>]*)>'
_STYLE = re.compile(rb'\ss="(\d+)"')
_STRING_TYPE = re.compile(rb'\st="(?:s|str|inlineStr|e|b)"')


def scan(xml: bytes, where: str, limits: Limits) -> Facts:
    """What calamine does not say of a sheet.

    Raises:
        InputRefused: more rows, columns, cells or merged ranges than the limits allow, or XML that no reader could follow.
    """
    if is_canonical(xml):
        facts = scan_patterns(xml, where, limits)
    else:
        try:
            facts = scan_parser(xml)
        except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
            raise InputRefused(f"{where} is damaged ({first_line(error)}); open it in Excel and save it again") from error
    check(where, "rows", facts.bottom, limits.rows, f"a cell in row {facts.bottom:,}")
    check(where, "columns", facts.right, limits.columns, f"a cell in column {letter(facts.right)} ({facts.right:,})")
    check(where, "cells", facts.values, limits.cells, f"{facts.values:,} cells")
    spread = facts.bottom * facts.right
    check(where, "cells", spread, limits.cells * SPREAD, f"cells spread over {spread:,} positions")
    check(where, "merges", len(facts.merges), limits.merges, f"{len(facts.merges):,} merged ranges")
    return facts


def check(where: str, setting: str, seen: int, allowed: int, words: str) -> None:
    """Refuses what is over a limit.

    Raises:
        InputRefused: ``seen`` is more than ``allowed``; ``words`` say what was seen.
    """
    if seen > allowed:
        raise InputRefused(
            f"{where} has {words}, the limit is {allowed:,}; delete what is not needed or raise limits.{setting} in workbench.toml"
        )


def is_canonical(xml: bytes) -> bool:
    """Whether byte patterns may be trusted: no prefixes, comments or other attribute orders: every cell begins ``<c r="A1"``, every row ``<row r="1"``, or has no place at all."""
    return not (
        b"<!" in xml
        or b":c " in xml
        or b":row " in xml
        or b"<c\n" in xml
        or b"<c\t" in xml
        or b"<row\n" in xml
        or xml.count(b"<c ") != xml.count(b'<c r="')
        or xml.count(b"<row ") != xml.count(b'<row r="')
        or b"<worksheet" not in xml[:2000]
    )


def scan_patterns(xml: bytes, where: str, limits: Limits) -> Facts:
    """The facts of canonical XML. ``bottom`` and ``right`` are exact where they could matter, else an upper bound."""
    bottom = max(map(int, _ROW.findall(xml)), default=0)
    right = 702 if _WIDE.search(xml) else 26
    if _SUSPECT.search(xml) or bottom > limits.rows or right > limits.columns or bottom * right > limits.cells * SPREAD:
        bottom, right = _bounds(xml, where)
    merges = xml.rpartition(b"</sheetData>")[2] if b"<mergeCell" in xml else b""
    return Facts(
        bottom,
        right,
        xml.count(b"<v>") + xml.count(b"<is>"),
        _positions(_ERROR.findall(xml)) if b't="e"' in xml else {},
        frozenset(_positions(found for found in _UNCACHED.findall(xml) if b't="str"' not in found[1]))
        if b"<f" in xml
        else frozenset(),
        frozenset(_positions((found, b"") for found in _ZERO.findall(xml))) if b"<f" in xml else frozenset(),
        frozenset(map(int, _HIDDEN_ROW.findall(xml))) if b' hidden="' in xml else frozenset(),
        _hidden_columns(xml.partition(b"<sheetData")[0]),
        tuple(_range(found.decode()) for found in _MERGE.findall(merges)),
    )


def _positions(found: Iterable[tuple[bytes, bytes]]) -> dict[Position, str]:
    return {position(reference.decode()): text.decode("utf-8", "replace") for reference, text in found}


def _range(reference: str) -> Range:
    first, _, last = reference.partition(":")
    top, left = position(first)
    bottom, right = position(last or first)
    return top, left, bottom, right


_VALUED = re.compile(rb'<c r="([A-Z]+)(\d+)"(?:[^>]*[^/>])?>(?!</c>)')


def _bounds(xml: bytes, where: str) -> tuple[int, int]:
    """The last row and column in which a cell holds anything; blank styled cells do not count."""
    bottom = right = 0
    for letters, row in _VALUED.findall(xml):
        if len(letters) > 3 or len(row) > 7:
            raise InputRefused(
                f"{where} has a cell called {(letters + row).decode()[:20]}, which Excel cannot have; the file is not from Excel"
            )
        bottom = max(bottom, int(row))
        right = max(right, number(letters.decode()))
    return bottom, right


def _hidden_columns(head: bytes) -> frozenset[int]:
    hidden: set[int] = set()
    for element in _COLUMN.findall(head):
        ends = {key: int(value) for key, value in re.findall(rb'\s(min|max)="(\d+)"', element)}
        if re.search(rb'\shidden="(?:1|true)"', element) and ends.keys() == {b"min", b"max"}:
            hidden.update(range(ends[b"min"], min(ends[b"max"], 16_384) + 1))
    return frozenset(hidden)


def styles_by_pattern(xml: bytes, column: str) -> Iterator[tuple[int, int]]:
    """(row, index of the cell style) of the numeric cells of a column."""
    for row, attributes in re.findall(_STYLED.format(column).encode(), xml):
        if not _STRING_TYPE.search(attributes):
            style = _STYLE.search(attributes)
            yield int(row), int(style[1]) if style else 0


# --- by a parser ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell element: its place, attributes and children."""

    row: int
    column: int
    type: str
    style: int
    formula: bool
    value: str | None
    inline: bool


def _parsed_cells(root: Element) -> Iterator[_Cell]:
    """Every cell element, placed as Excel places it: a cell or row without a reference follows the one before."""
    row = 0
    for element in root.iter():
        if local(element.tag) != "row":
            continue
        row = int(element.get("r") or row + 1)
        column = 0
        for cell in element:
            if local(cell.tag) == "c":
                place = position(cell.get("r", "")) if cell.get("r") else (row, column + 1)
                column = place[1]
                children = {local(child.tag): child for child in cell}
                value = children["v"].text or "" if "v" in children else None
                yield _Cell(
                    *place, cell.get("t", "n"), int(cell.get("s") or 0), "f" in children, value, "is" in children,
                )  # fmt: skip


def scan_parser(xml: bytes) -> Facts:
    """The facts of any well-formed XML."""
    root: Element = ElementTree.fromstring(xml, forbid_dtd=True)
    cells = [cell for cell in _parsed_cells(root) if cell.value is not None or cell.inline or cell.formula]
    tags = [(local(element.tag), element) for element in root.iter()]
    rows = [element for tag, element in tags if tag == "row"]
    columns = [element for tag, element in tags if tag == "col" and element.get("hidden") in {"1", "true"}]
    return Facts(
        max((cell.row for cell in cells), default=0),
        max((cell.column for cell in cells), default=0),
        len(cells),
        {(cell.row, cell.column): cell.value or "" for cell in cells if cell.type == "e"},
        frozenset(
            (cell.row, cell.column) for cell in cells if cell.formula and not (cell.value or "").strip() and cell.type != "str"
        ),
        frozenset((cell.row, cell.column) for cell in cells if cell.formula and cell.value == "0" and cell.type == "n"),
        frozenset(int(row.get("r") or 0) for row in rows if row.get("hidden") in {"1", "true"}),
        frozenset(
            at for entry in columns for at in range(int(entry.get("min") or 0), min(int(entry.get("max") or 0), 16_384) + 1)
        ),
        tuple(_range(element.get("ref", "")) for tag, element in tags if tag == "mergeCell"),
    )


def styles_by_parser(xml: bytes, column: int) -> Iterator[tuple[int, int]]:
    """The same by the parser."""
    for cell in _parsed_cells(ElementTree.fromstring(xml, forbid_dtd=True)):
        if cell.column == column and cell.type == "n":
            yield cell.row, cell.style


# --- other formats --------------------------------------------------------------------------------------------------------------------


def check_other_formats(package: Package, limits: Limits) -> None:
    """Refuse an xlsb or ods whose cells spread further than the limits: calamine would allocate them all."""
    name = package.path.name
    bounds = _ods_bounds(package.parts["content.xml"]) if package.kind == ODS else _xlsb_bounds(package.parts)
    for rows, columns in bounds:
        check(name, "rows", rows, limits.rows, f"a cell in row {rows:,}")
        check(name, "columns", columns, limits.columns, f"a cell in column {letter(columns)} ({columns:,})")
        check(name, "cells", rows * columns, limits.cells * SPREAD, f"cells spread over {rows * columns:,} positions")


_ODS_TOKEN = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(\s[^>]*?)?(/?)>")
_ODS_REPEAT = re.compile(rb'table:number-(?:rows|columns)-repeated="(\d+)"')


def _ods_bounds(xml: bytes) -> Iterator[Position]:
    """Last row and column with a value, per table: repeated cells count as often as they are repeated."""
    row = column = step = bottom = right = 0
    for kind, attributes, closed in _ODS_TOKEN.findall(xml):
        repeat = _ODS_REPEAT.search(attributes)
        times = int(repeat[1]) if repeat else 1
        if kind == b"table":
            yield bottom, right
            row = column = step = bottom = right = 0
        elif kind == b"table-row":
            row, step, column = row + step, times, 0
        else:
            column += times
            if not closed or b"office:value-type" in attributes:
                bottom, right = max(bottom, row + step), max(right, column)
    yield bottom, right


def _xlsb_bounds(parts: Mapping[str, bytes]) -> Iterator[Position]:
    """Last row and column with a value, per sheet (MS-XLSB: BrtRowHdr is record 0, valued cells are records 2 to 11)."""
    for name, data in parts.items():
        if name.endswith(".bin"):
            at = row = bottom = right = 0
            while at < len(data):
                kind, at = _varint(data, at, 2)
                size, at = _varint(data, at, 4)
                if kind == 0:
                    row = int.from_bytes(data[at : at + 4], "little") + 1
                elif 2 <= kind <= 11:
                    bottom, right = max(bottom, row), max(right, int.from_bytes(data[at : at + 4], "little") + 1)
                at += size
            yield bottom, right


def _varint(data: bytes, at: int, longest: int) -> Position:
    value = 0
    for shift in range(longest):
        byte = data[at] if at < len(data) else 0
        at += 1
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            break
    return value, at

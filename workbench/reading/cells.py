"""The typed cells of every sheet: values by python-calamine, and one pass over the sheet's XML for what calamine does not give.

calamine allocates the whole used range, so a stray cell at XFD1048576 would end the process: the pass over the XML comes first and refuses
what lies beyond the limits. It has two ways to the same facts: byte patterns where the XML is written as Excel, LibreOffice, openpyxl and
XlsxWriter write it, and a parser for everything else.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from workbench.frameworks.ids import CellValue
from workbench.model import InputRefused
from workbench.reading.preflight import ODS, TEXT, XLSB, XLSX, Package
from workbench.settings import Limits

Position = tuple[int, int]
"""Row and column, both from 1, as Excel counts."""
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column."""
_SPREAD = 4
"""A sheet's used range may be this many times the cell limit: calamine allocates every position of it."""
BUILTIN_FORMATS = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yyyy h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""ECMA-376 part 1, 18.8.30: the formats a file does not spell out."""


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


@dataclass(frozen=True, eq=False)
class Cells:
    """One sheet. ``rows[i][j]`` is the cell in Excel row ``top + i`` and column ``left + j``; None is blank.

    ``control_characters`` says that some cell may hold one, not which. ``encoding`` is that of a text file.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    top: int = 1
    left: int = 1
    state: str = "visible"
    facts: Facts = field(default_factory=Facts)
    control_characters: bool = True
    xml: bytes = b""
    styles: Sequence[str] = ()
    encoding: str = ""

    @cached_property
    def canonical(self) -> bool:
        """Whether byte patterns may be trusted on ``xml``."""
        return _is_canonical(self.xml)

    def formats(self, column: int) -> dict[int, str]:
        """Row → number format of every cell of a column that is not text; {} where the format of the file has none."""
        if not self.xml:
            return {}
        found = _styles_by_pattern(self.xml, letter(column)) if self.canonical else _styles_by_parser(self.xml, column)
        return {row: self.styles[style] if style < len(self.styles) else "General" for row, style in found}


def read_cells(package: Package, limits: Limits) -> list[Cells]:
    """All worksheets of a package, in workbook order.

    Raises:
        InputRefused: a sheet is damaged, or goes beyond a limit.
    """
    if package.kind == TEXT:
        return [_read_text(package, limits)]
    targets = _workbook_sheets(package) if package.kind == XLSX else {}
    scanned = {
        part: scan(xml, f"{package.path.name}, sheet {next((name for name, at in targets.items() if at == part), part)}", limits)
        for part, xml in package.parts.items()
        if package.kind == XLSX and b"sheetData" in xml
    }
    sheets = {name: package.parts[part] for name, part in targets.items() if part in scanned}
    facts = {name: scanned[part] for name, part in targets.items() if part in scanned}
    if package.kind in {XLSB, ODS}:
        _check_other_formats(package, limits)
    styles = _number_formats(package.parts.get("xl/styles.xml", b""))
    suspicious = package.kind != XLSX or _may_hold_controls([*sheets.values(), package.parts.get("xl/sharedstrings.xml", b"")])
    return [
        Cells(
            name, _typed(rows, top, left, facts.get(name, Facts()).errors), top, left, state,
            facts.get(name) or Facts(merges=merges), suspicious, sheets.get(name, b""), styles,
        )
        for name, state, rows, top, left, merges in _calamine_sheets(package, limits)
    ]  # fmt: skip


def _calamine_sheets(package: Package, limits: Limits) -> Iterator[tuple[str, str, list[list[Any]], int, int, tuple[Range, ...]]]:
    damaged = f"{package.path.name} is damaged; open it in Excel and save it again"
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(package.data))
        sheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        if len(sheets) > limits.sheets:
            raise InputRefused(
                f"{package.path.name} has {len(sheets)} sheets, the limit is {limits.sheets}; raise limits.sheets in workbench.toml"
            )
        for meta in sheets:
            sheet = book.get_sheet_by_name(meta.name)
            top, left = sheet.start or (0, 0)
            merges = tuple((a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
            yield meta.name, _state(meta.visible), sheet.to_python(), top + 1, left + 1, merges
    except InputRefused:
        raise
    except Exception as error:  # calamine's own errors, and whatever a damaged file makes of them
        raise InputRefused(f"{damaged} ({_first_line(error)})") from error


def _state(visible: SheetVisibleEnum) -> str:
    if visible == SheetVisibleEnum.Visible:
        return "visible"
    return "hidden" if visible == SheetVisibleEnum.Hidden else "very hidden"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]


def _typed(rows: list[list[Any]], top: int, left: int, errors: Mapping[Position, str]) -> list[list[CellValue]]:
    """Calamine's values as ours: blank is None, a whole number is an int, error cells are their text."""
    typed = [[value if type(value) is str and value and not value.isspace() else _value(value) for value in row] for row in rows]
    for (row, column), text in errors.items():
        if 0 <= row - top < len(typed) and 0 <= column - left < len(typed[row - top]):
            typed[row - top][column - left] = text
    return typed


def _value(value: Any) -> CellValue:
    if isinstance(value, str):
        return None if not value or value.isspace() else value
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() else value
    if isinstance(value, (dt.time, dt.timedelta)):
        return str(value)
    return value  # type: ignore[no-any-return]


# --- xlsx: the workbook's parts ---------------------------------------------------------------------------------------------------


def _root(package: Package, part: str) -> Element:
    try:
        root: Element = ElementTree.fromstring(package.parts[part], forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise InputRefused(f"{package.path.name} is damaged (in its part {part}); open it in Excel and save it again") from error
    except KeyError as error:
        raise InputRefused(
            f"{package.path.name} is damaged (its part {part} is missing); open it in Excel and save it again"
        ) from error
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _workbook_sheets(package: Package) -> dict[str, str]:
    """Tab → part name, lower case, of each sheet in workbook order."""
    targets = {
        entry.get("Id"): posixpath.normpath(posixpath.join("/xl", entry.get("Target", ""))).lstrip("/").lower()
        for entry in _root(package, "xl/_rels/workbook.xml.rels")
    }
    found: dict[str, str] = {}
    for element in _root(package, "xl/workbook.xml").iter():
        if _local(element.tag) == "sheet":
            name = element.get("name", "")
            if name in found:
                raise InputRefused(f"{package.path.name} has two sheets called {name}; open it in Excel and save it again")
            relation = next((value for key, value in element.attrib.items() if _local(key) == "id"), "")
            found[name] = targets.get(relation, "")
    return found


def _number_formats(xml: bytes) -> list[str]:
    """The number format of each cell style, by the index that cells carry."""
    if not xml:
        return []
    try:
        root = ElementTree.fromstring(xml, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        return []
    own = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in root.iter() if _local(entry.tag) == "numFmt"}
    styles = next((entry for entry in root if _local(entry.tag) == "cellXfs"), None)
    ids = [entry.get("numFmtId", "0") for entry in styles] if styles is not None else []
    return [own.get(code) or BUILTIN_FORMATS.get(int(code) if code.isdigit() else 0, "General") for code in ids]


def _may_hold_controls(parts: Iterable[bytes]) -> bool:
    """Whether a control character stands in the XML, raw or as Excel escapes it (``_x0001_``)."""
    controls = bytes([*range(9), 11, 12, *range(14, 32)])
    return any(b"_x00" in part or len(part.translate(None, controls)) != len(part) for part in parts)


# --- xlsx: one pass over a sheet ----------------------------------------------------------------------------------------------------

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
    if _is_canonical(xml):
        facts = _scan_patterns(xml, where, limits)
    else:
        try:
            facts = _scan_parser(xml)
        except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
            raise InputRefused(f"{where} is damaged ({_first_line(error)}); open it in Excel and save it again") from error
    _check(where, "rows", facts.bottom, limits.rows, f"a cell in row {facts.bottom:,}")
    _check(where, "columns", facts.right, limits.columns, f"a cell in column {letter(facts.right)} ({facts.right:,})")
    _check(where, "cells", facts.values, limits.cells, f"{facts.values:,} cells")
    spread = facts.bottom * facts.right
    _check(where, "cells", spread, limits.cells * _SPREAD, f"cells spread over {spread:,} positions")
    _check(where, "merges", len(facts.merges), limits.merges, f"{len(facts.merges):,} merged ranges")
    return facts


def _check(where: str, setting: str, seen: int, allowed: int, words: str) -> None:
    if seen > allowed:
        raise InputRefused(
            f"{where} has {words}, the limit is {allowed:,}; delete what is not needed or raise limits.{setting} in workbench.toml"
        )


def _is_canonical(xml: bytes) -> bool:
    """No prefixes, comments or other attribute orders: every cell begins ``<c r="A1"``, every row ``<row r="1"``, or has no place at all."""
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


def _scan_patterns(xml: bytes, where: str, limits: Limits) -> Facts:
    bottom = max(map(int, _ROW.findall(xml)), default=0)
    right = 702 if _WIDE.search(xml) else 26
    if _SUSPECT.search(xml) or bottom > limits.rows or right > limits.columns or bottom * right > limits.cells * _SPREAD:
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


def _styles_by_pattern(xml: bytes, column: str) -> Iterator[tuple[int, int]]:
    for row, attributes in re.findall(_STYLED.format(column).encode(), xml):
        if not _STRING_TYPE.search(attributes):
            style = _STYLE.search(attributes)
            yield int(row), int(style[1]) if style else 0


# --- xlsx: the same facts by a parser -------------------------------------------------------------------------------------------------


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
        if _local(element.tag) != "row":
            continue
        row = int(element.get("r") or row + 1)
        column = 0
        for cell in element:
            if _local(cell.tag) == "c":
                place = position(cell.get("r", "")) if cell.get("r") else (row, column + 1)
                column = place[1]
                children = {_local(child.tag): child for child in cell}
                value = children["v"].text or "" if "v" in children else None
                yield _Cell(
                    *place, cell.get("t", "n"), int(cell.get("s") or 0), "f" in children, value, "is" in children,
                )  # fmt: skip


def _scan_parser(xml: bytes) -> Facts:
    root: Element = ElementTree.fromstring(xml, forbid_dtd=True)
    cells = [cell for cell in _parsed_cells(root) if cell.value is not None or cell.inline or cell.formula]
    tags = [(_local(element.tag), element) for element in root.iter()]
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


def _styles_by_parser(xml: bytes, column: int) -> Iterator[tuple[int, int]]:
    for cell in _parsed_cells(ElementTree.fromstring(xml, forbid_dtd=True)):
        if cell.column == column and cell.type == "n":
            yield cell.row, cell.style


# --- other formats --------------------------------------------------------------------------------------------------------------------


def _check_other_formats(package: Package, limits: Limits) -> None:
    """Refuse an xlsb or ods whose cells spread further than the limits: calamine would allocate them all."""
    name = package.path.name
    bounds = _ods_bounds(package.parts["content.xml"]) if package.kind == ODS else _xlsb_bounds(package.parts)
    for rows, columns in bounds:
        _check(name, "rows", rows, limits.rows, f"a cell in row {rows:,}")
        _check(name, "columns", columns, limits.columns, f"a cell in column {letter(columns)} ({columns:,})")
        _check(name, "cells", rows * columns, limits.cells * _SPREAD, f"cells spread over {rows * columns:,} positions")


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


# --- text -----------------------------------------------------------------------------------------------------------------------------


def decode(data: bytes) -> tuple[str, str]:
    """Text and its encoding: a byte order mark decides, then UTF-8, then UTF-16 by its zero bytes, then Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    if b"\x00" in data[:200]:
        encoding = "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
        return data.decode(encoding, "replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "windows-1252"


def delimiter(text: str) -> str:
    """The delimiter that splits the first lines most evenly: comma, semicolon, tab or bar."""
    if text[:4].lower() == "sep=" and len(text) > 4:
        return text[4]
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:20_000].splitlines()[:20]]
    counts = {mark: sorted(line.count(mark) for line in lines if line.strip()) for mark in ",;\t|"}
    return max(counts, key=lambda mark: (counts[mark][len(counts[mark]) // 2] if counts[mark] else 0, sum(counts[mark])))


def _read_text(package: Package, limits: Limits) -> Cells:
    name = package.path.name
    text, encoding = decode(package.data)
    mark = delimiter(text)
    skipped = 1 if text[:4].lower() == "sep=" else 0
    lines = text.split("\n", 1)[1] if skipped and "\n" in text else text
    try:
        records = list(csv.reader(io.StringIO(lines, newline=""), delimiter=mark))
    except csv.Error as error:
        raise InputRefused(f"{name} cannot be read as a table ({error}); save it as an Excel workbook (.xlsx)") from error
    width = max(map(len, records), default=0)
    _check(name, "rows", len(records), limits.rows, f"{len(records):,} rows")
    _check(name, "columns", width, limits.columns, f"{width:,} columns")
    _check(name, "cells", width * len(records), limits.cells * _SPREAD, f"{width * len(records):,} cells")
    rows = [[_value(cell) for cell in record] + [None] * (width - len(record)) for record in records]
    return Cells(package.path.stem, rows, top=1 + skipped, encoding=encoding)

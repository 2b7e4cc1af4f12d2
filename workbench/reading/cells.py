"""The typed cells of every sheet: values by python-calamine, after ``workbench.reading.facts`` found the sheet safe to allocate."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from workbench.frameworks.ids import CellValue
from workbench.model import InputRefused
from workbench.reading.facts import (
    SPREAD,
    Facts,
    Position,
    Range,
    check,
    check_other_formats,
    first_line,
    is_canonical,
    letter,
    local,
    scan,
    styles_by_parser,
    styles_by_pattern,
)
from workbench.reading.preflight import ODS, TEXT, XLSB, XLSX, Package
from workbench.settings import Limits

BUILTIN_FORMATS = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yyyy h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""ECMA-376 part 1, 18.8.30: the formats a file does not spell out."""


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
        return is_canonical(self.xml)

    def formats(self, column: int) -> dict[int, str]:
        """Row → number format of every cell of a column that is not text; {} where the format of the file has none."""
        if not self.xml:
            return {}
        found = styles_by_pattern(self.xml, letter(column)) if self.canonical else styles_by_parser(self.xml, column)
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
        check_other_formats(package, limits)
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
    """Tab, state, values, first row and column, merged ranges of each worksheet."""
    book = _guarded(package.path.name, lambda: CalamineWorkbook.from_filelike(io.BytesIO(package.data)))
    sheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    check(package.path.name, "sheets", len(sheets), limits.sheets, f"{len(sheets)} sheets")
    for meta in sheets:
        sheet = _guarded(package.path.name, partial(book.get_sheet_by_name, meta.name))
        top, left = sheet.start or (0, 0)
        merges = tuple((a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
        yield meta.name, _state(meta.visible), sheet.to_python(), top + 1, left + 1, merges


def _guarded(name: str, call: Callable[[], Any]) -> Any:
    """The result of a call to calamine; whatever a damaged file makes of it, panics of the library too, is a refusal."""
    try:
        return call()
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise InputRefused(f"{name} is damaged; open it in Excel and save it again ({first_line(error)})") from error
        raise


def _state(visible: SheetVisibleEnum) -> str:
    if visible == SheetVisibleEnum.Visible:
        return "visible"
    return "hidden" if visible == SheetVisibleEnum.Hidden else "very hidden"


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


def _workbook_sheets(package: Package) -> dict[str, str]:
    """Tab → part name, lower case, of each sheet in workbook order."""
    targets = {
        entry.get("Id"): posixpath.normpath(posixpath.join("/xl", entry.get("Target", ""))).lstrip("/").lower()
        for entry in _root(package, "xl/_rels/workbook.xml.rels")
    }
    found: dict[str, str] = {}
    for element in _root(package, "xl/workbook.xml").iter():
        if local(element.tag) == "sheet":
            name = element.get("name", "")
            if name in found:
                raise InputRefused(f"{package.path.name} has two sheets called {name}; open it in Excel and save it again")
            relation = next((value for key, value in element.attrib.items() if local(key) == "id"), "")
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
    own = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in root.iter() if local(entry.tag) == "numFmt"}
    styles = next((entry for entry in root if local(entry.tag) == "cellXfs"), None)
    ids = [entry.get("numFmtId", "0") for entry in styles] if styles is not None else []
    return [own.get(code) or BUILTIN_FORMATS.get(int(code) if code.isdigit() else 0, "General") for code in ids]


def _may_hold_controls(parts: Iterable[bytes]) -> bool:
    """Whether a control character stands in the XML, raw or as Excel escapes it (``_x0001_``)."""
    controls = bytes([*range(9), 11, 12, *range(14, 32)])
    return any(b"_x00" in part or len(part.translate(None, controls)) != len(part) for part in parts)


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
    check(name, "rows", len(records), limits.rows, f"{len(records):,} rows")
    check(name, "columns", width, limits.columns, f"{width:,} columns")
    check(name, "cells", width * len(records), limits.cells * SPREAD, f"{width * len(records):,} cells")
    rows = [[_value(cell) for cell in record] + [None] * (width - len(record)) for record in records]
    return Cells(package.path.stem, rows, top=1 + skipped, encoding=encoding)

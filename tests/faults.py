"""What is wrong with the structure of a workbook, one line a fault: what Excel would repair or refuse.

Independent of the editor, and stricter than the readers: content types, relationships, ids and names, order of rows and cells, indexes of
styles and strings, counts, tables, merges, the chain of calculation. A judge compares the faults before and after an edit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET

from packages import Node, Package, area, cells, place, root, rows

_HREF = ("id", "embed", "link", "pict", "dm", "lo", "qs", "cs", "relid")
_COUNTED = (
    "fonts",
    "fills",
    "borders",
    "cellXfs",
    "cellStyleXfs",
    "cellStyles",
    "dxfs",
    "numFmts",
    "tableColumns",
    "mergeCells",
    "dataValidations",
    "tableParts",
)
_INDEXES = {"numFmtId": "", "fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}


def faults(data: bytes) -> list[str]:
    """Every fault of the package, in a stable order."""
    package = Package(data)
    found = [f"[zip]: {name} twice" for name, times in Counter(one.name.lower() for one in package.members).items() if times > 1]
    for name, content in package.parts.items():
        if name.endswith((".xml", ".rels", ".vml")):
            try:
                ET.fromstring(content)
            except ET.ParseError as error:
                found.append(f"{name}: not well-formed, {error}")
    if any("not well-formed" in one for one in found):
        return found
    return [*found, *_package(package), *_book(package)]


# --- the package ----------------------------------------------------------------------------------------------------


def _package(package: Package) -> Iterator[str]:
    yield from _types(package)
    for name in package.parts:
        if name.endswith(".rels"):
            yield from _relations(package, name)
        elif name.endswith((".xml", ".vml")):
            yield from _references(package, name)


def _types(package: Package) -> Iterator[str]:
    types = root(package.parts["[content_types].xml"])
    overrides = [node.get("PartName").lower() for node in types.all("Override")]
    yield from (f"[content_types].xml: {name} twice" for name in _twice(overrides))
    yield from (f"[content_types].xml: {name} is not there" for name in overrides if name.lstrip("/") not in package.parts)
    yield from (
        f"[content_types].xml: extension {name} twice"
        for name in _twice(node.get("Extension").lower() for node in types.all("Default"))
    )
    for name in package.parts:
        if name != "[content_types].xml" and not package.content_type(name):
            yield f"{name}: no content type"


def _relations(package: Package, name: str) -> Iterator[str]:
    source = name.replace("_rels/", "").removesuffix(".rels")
    found = package.relationships(source)
    yield from (f"{name}: {one} twice" for one in _twice(one.id for one in found))
    yield from (
        f"{name}: {one.id} leads to {one.target}, which is not there"
        for one in found
        if not one.external and one.target not in package.parts
    )
    if source and source not in package.parts:
        yield f"{name}: belongs to no part"


def _references(package: Package, name: str) -> Iterator[str]:
    """Ids of relationships that a part names and that do not exist."""
    content = package.parts[name]
    known = {one.id for one in package.relationships(name)}
    prefixes = {found.decode() for found in re.findall(rb'xmlns:(\w+)\s*=\s*["\'][^"\']*/relationships["\']', content)} | {"o"}
    for prefix in prefixes:
        for attribute, value in re.findall(rf"[\s]{prefix}:(\w+)\s*=\s*[\"']([^\"']*)[\"']".encode(), content):
            if attribute.decode() in _HREF and value and value.decode() not in known:
                yield f"{name}: {prefix}:{attribute.decode()} {value.decode()} is no relationship"


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


# --- the workbook ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Limits:
    """How many looks, strings and differential looks there are."""

    looks: int
    strings: int
    differences: int


def _book(package: Package) -> Iterator[str]:
    book = root(package.parts[package.workbook])
    tabs = list(book.all("sheet"))
    yield from (f"workbook: sheet {name} twice" for name in _twice(tab.get("name").lower() for tab in tabs))
    yield from (f"workbook: sheetId {name} twice" for name in _twice(tab.get("sheetId") for tab in tabs))
    yield from (f"workbook: two tabs show {name}" for name in _twice(package.sheets().values()))
    for tab in tabs:
        title = tab.get("name")
        if not 0 < len(title.encode("utf-16-le")) // 2 <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", title):
            yield f"workbook: no sheet may be called {title!r}"
    yield from _ordered("workbook", book, _BOOK)
    yield from _names(book, len(tabs))
    limits = _limits(package)
    yield from _styles(package)
    for name in package.sheets().values():
        if package.content_type(name).endswith("worksheet+xml"):
            yield from _sheet(package, name, limits)
    yield from _tables(package)
    yield from _chain(package, tabs)


_BOOK = (
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences definedNames calcPr oleSize "
    "customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst"
)
_LOOKS = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"


def _ordered(name: str, node: Node, order: str) -> Iterator[str]:
    """Children in the order of the schema."""
    known = order.split()
    found = [known.index(child.name) for child in node.children if child.name in known]
    if found != sorted(found):
        yield f"{name}: elements are out of order"


def _names(book: Node, tabs: int) -> Iterator[str]:
    names = [(node.get("name").lower(), node.get("localSheetId")) for node in book.all("definedName")]
    yield from (f"workbook: name {name} twice" for name in _twice(f"{name} {where}" for name, where in names))
    yield from (f"workbook: name {name} belongs to sheet {where}" for name, where in names if where and int(where) >= tabs)


def _limits(package: Package) -> _Limits:
    styles, strings = package.target(package.workbook, "styles"), package.target(package.workbook, "sharedStrings")
    look = root(package.parts[styles]) if styles in package.parts else None
    looks, differences = (look.first("cellXfs"), look.first("dxfs")) if look else (None, None)
    table = root(package.parts[strings]) if strings in package.parts else None
    return _Limits(
        len(looks.children) if looks else 1, len(table.children) if table else 0, len(differences.children) if differences else 0
    )


def _styles(package: Package) -> Iterator[str]:
    name = package.target(package.workbook, "styles")
    if name not in package.parts:
        return
    look = root(package.parts[name])
    yield from _counts(name, look)
    yield from _ordered(name, look, _LOOKS)
    formats = [node.get("numFmtId") for node in look.all("numFmt")]
    yield from (f"{name}: numFmt {one} twice" for one in _twice(formats))
    for group in filter(None, (look.first("cellXfs"), look.first("cellStyleXfs"))):
        for number, xf in enumerate(group.children):
            for attribute, where in _INDEXES.items():
                value = xf.get(attribute)
                holder = look.first(where) if where else None
                if value and where and int(value) >= (len(holder.children) if holder else 1):
                    yield f"{name}: {group.name} {number} has {attribute} {value}"
                if value and not where and int(value) >= 164 and value not in formats:
                    yield f"{name}: {group.name} {number} has number format {value}"


def _counts(name: str, node: Node) -> Iterator[str]:
    for kind in _COUNTED:
        for one in node.all(kind):
            if one.get("count") and int(one.get("count")) != len(one.children):
                yield f"{name}: {kind} counts {one.get('count')}, holds {len(one.children)}"
            if not one.children and kind not in {"dxfs", "cellStyles", "numFmts"}:
                yield f"{name}: {kind} is empty"


# --- a sheet --------------------------------------------------------------------------------------------------------

_SLOTS = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter sortState "
    "dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup "
    "headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture "
    "oleObjects AlternateContent controls webPublishItems tableParts extLst"
)
_ORDER = {name: number for number, name in enumerate(_SLOTS.split())}


def _sheet(package: Package, name: str, limits: _Limits) -> Iterator[str]:
    sheet = root(package.parts[name])
    places = [_ORDER.get(child.name, -1) for child in sheet.children if child.name != "AlternateContent"]
    if places != sorted(places):
        yield f"{name}: elements are out of order"
    yield from (f"{name}: unknown element {child.name}" for child in sheet.children if child.name not in _ORDER)
    singles = [child.name for child in sheet.children if child.name not in {"conditionalFormatting", "AlternateContent"}]
    yield from (f"{name}: {one} twice" for one in _twice(singles))
    yield from _grid(name, sheet, limits)
    yield from _counts(name, sheet)
    yield from _merges(name, sheet)
    yield from _formats(name, sheet, limits)
    yield from _columns(name, sheet, limits)
    for kind, uri in (("comments", "comments"), ("drawing", "drawing"), ("legacyDrawing", "vmlDrawing")):
        if sum(one.kind == uri for one in package.relationships(name)) > 1 and kind != "legacyDrawing":
            yield f"{name}: several {kind}"
    yield from _notes(package, name, sheet)


def _grid(name: str, sheet: Node, limits: _Limits) -> Iterator[str]:
    numbers = [number for number, _ in rows(sheet)]
    if numbers != sorted(set(numbers)):
        yield f"{name}: rows are not ascending"
    before = (0, 0)
    for row, column, cell in cells(sheet):
        if (row, column) <= before:
            yield f"{name}: cells are not ascending at row {row} column {column}"
        if cell.get("r") and place(cell.get("r")) != (row, column):
            yield f"{name}: {cell.get('r')} stands in row {row}"
        before = (row, column)
        yield from _cell(name, cell, limits)
    for number, row in rows(sheet):
        if row.get("s") and int(row.get("s")) >= limits.looks:
            yield f"{name}: row {number} has style {row.get('s')}"


def _cell(name: str, cell: Node, limits: _Limits) -> Iterator[str]:
    where, kind = cell.get("r"), cell.get("t")
    value = next((child.text.strip() for child in cell.children if child.name == "v"), "")
    if cell.get("s") and int(cell.get("s")) >= limits.looks:
        yield f"{name}: {where} has style {cell.get('s')}"
    if kind == "s" and value and int(value) >= limits.strings:
        yield f"{name}: {where} has string {value}"
    if kind not in {"", "n", "s", "str", "b", "e", "d", "inlineStr"}:
        yield f"{name}: {where} has type {kind}"
    if kind in {"", "n"} and value and not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", value):
        yield f"{name}: {where} is no number: {value}"
    if kind == "inlineStr" and not any(child.name == "is" for child in cell.children):
        yield f"{name}: {where} has no text"
    if [child.name for child in cell.children] != sorted(
        (child.name for child in cell.children), key=["f", "v", "is", "extLst"].index
    ):
        yield f"{name}: {where} has its parts in another order"


def _merges(name: str, sheet: Node) -> Iterator[str]:
    merged = [node.get("ref") for node in sheet.all("mergeCell")]
    yield from (f"{name}: merges {one} and {other} overlap" for one, other in combinations(merged, 2) if _overlap(one, other))


def _overlap(one: str, other: str) -> bool:
    top, left, bottom, right = area(one)
    above, before, below, after = area(other)
    return top <= below and above <= bottom and left <= after and before <= right


def _formats(name: str, sheet: Node, limits: _Limits) -> Iterator[str]:
    for node in sheet.all("cfRule"):
        if node.get("dxfId") and int(node.get("dxfId")) >= limits.differences:
            yield f"{name}: conditional format has look {node.get('dxfId')}"
    for node in [*sheet.all("conditionalFormatting"), *sheet.all("dataValidation")]:
        written = [node.get("sqref"), *(one.text for one in node.all("sqref"))]
        if not any(one.strip() for one in written):
            yield f"{name}: {node.name} is about no cell"
        for ref in " ".join(written).split():
            if not re.fullmatch(r"\$?[A-Z]{0,3}\$?\d*(:\$?[A-Z]{0,3}\$?\d*)?", ref):
                yield f"{name}: {node.name} is about {ref}"


def _columns(name: str, sheet: Node, limits: _Limits) -> Iterator[str]:
    last = 0
    columns = sheet.first("cols")
    for node in columns.children if columns else ():
        first, final = int(node.get("min")), int(node.get("max"))
        if first <= last or final < first or final > 16384:
            yield f"{name}: columns {first} to {final} are out of order"
        if node.get("style") and int(node.get("style")) >= limits.looks:
            yield f"{name}: column {first} has style {node.get('style')}"
        last = final


def _notes(package: Package, name: str, sheet: Node) -> Iterator[str]:
    """Every note has a shape in the drawing that the sheet names, and only one."""
    part = next((one.target for one in package.relationships(name) if one.kind == "comments"), "")
    if part not in package.parts:
        return
    written = [node.get("ref") for node in root(package.parts[part]).all("comment")]
    yield from (f"{part}: two notes on {ref}" for ref in _twice(written))
    authors = sum(1 for _ in root(package.parts[part]).all("author"))
    yield from (
        f"{part}: note on {one.get('ref')} has no author"
        for one in root(package.parts[part]).all("comment")
        if int(one.get("authorId")) >= authors
    )
    legacy = sheet.first("legacyDrawing")
    drawing = next((one.target for one in package.relationships(name) if legacy and one.id == legacy.get("id")), "")
    if drawing not in package.parts:
        yield f"{part}: notes without a drawing"
        return
    shapes = root(package.parts[drawing])
    shown = [
        (int(_said(one, "Row")) + 1, int(_said(one, "Column")) + 1)
        for one in shapes.all("ClientData")
        if one.get("ObjectType") == "Note"
    ]
    if sorted(shown) != sorted(place(ref) for ref in written):
        yield f"{part}: notes on {sorted(written)}, shapes on {sorted(shown)}"
    yield from (f"{drawing}: shape {one} twice" for one in _twice(one.get("id") for one in shapes.all("shape")))


def _said(node: Node, name: str) -> str:
    inside = node.first(name)
    return inside.text.strip() if inside else "-1"


# --- tables and the chain -------------------------------------------------------------------------------------------


def _tables(package: Package) -> Iterator[str]:
    ids: list[str] = []
    names: list[str] = []
    for sheet in package.sheets().values():
        found = [one.target for one in package.relationships(sheet) if one.kind == "table"]
        refs = [root(package.parts[one]).get("ref") for one in found if one in package.parts]
        yield from (f"{sheet}: tables {one} and {other} overlap" for one, other in combinations(refs, 2) if _overlap(one, other))
        for part in found:
            node = root(package.parts[part])
            ids.append(node.get("id"))
            names.append(node.get("displayName").lower())
            yield from _table(package, sheet, part, node)
            yield from (
                f"{sheet}: table and merge {one.get('ref')}"
                for one in root(package.parts[sheet]).all("mergeCell")
                if _overlap(one.get("ref"), node.get("ref"))
            )
    names.extend(node.get("name").lower() for node in root(package.parts[package.workbook]).all("definedName"))
    yield from (f"workbook: table id {one} twice" for one in _twice(ids))
    yield from (f"workbook: table or name {one} twice" for one in _twice(names) if not one.startswith("_xlnm."))


def _table(package: Package, sheet: str, part: str, node: Node) -> Iterator[str]:
    top, left, bottom, right = area(node.get("ref"))
    columns = list(node.all("tableColumn"))
    names = [one.get("name") for one in columns]
    yield from _counts(part, node)
    yield from (f"{part}: column {one} twice" for one in _twice(name.lower() for name in names))
    yield from (f"{part}: column id {one} twice" for one in _twice(one.get("id") for one in columns))
    if len(columns) != right - left + 1:
        yield f"{part}: {len(columns)} columns in {node.get('ref')}"
    if node.get("headerRowCount") != "0":
        shown = texts(package, sheet, top)
        for number, name in enumerate(names, start=left):
            if shown.get(number) != re.sub("_x000[aA]_", "\n", name):
                yield f"{part}: column {name!r} below the heading {shown.get(number)!r}"
    filtered = node.first("autoFilter")
    total = int(node.get("totalsRowCount") or 0)
    if filtered and area(filtered.get("ref")) != (top, left, bottom - total, right):
        yield f"{part}: filters {filtered.get('ref')} of {node.get('ref')}"


def texts(package: Package, sheet: str, row: int) -> dict[int, str]:
    """Column → text of one row."""
    strings = package.target(package.workbook, "sharedStrings")
    table = root(package.parts[strings]).children if strings in package.parts else []
    return {column: cell_text(cell, table) for number, column, cell in cells(root(package.parts[sheet])) if number == row}


def cell_text(cell: Node, strings: list[Node]) -> str:
    """What a cell shows: its text without phonetics, or its value as it is written."""
    inside = next((child for child in cell.children if child.name in {"v", "is"}), None)
    if inside is None:
        return ""
    if cell.get("t") == "s":
        inside = strings[int(inside.text)]
    if inside.name == "v":
        return inside.text
    runs = [child if child.name == "t" else child.first("t") for child in inside.children if child.name in {"t", "r"}]
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found.group(1), 16)), "".join(run.text for run in runs if run))


def _chain(package: Package, tabs: list[Node]) -> Iterator[str]:
    part = package.target(package.workbook, "calcChain")
    if part not in package.parts:
        return
    where = {one.id: one.target for one in package.relationships(package.workbook)}
    formulas = {
        tab.get("sheetId"): {
            (row, column) for row, column, cell in cells(root(package.parts[where[tab.get("id")]])) if cell.first("f")
        }
        for tab in tabs
        if package.content_type(where.get(tab.get("id"), "")).endswith("worksheet+xml")
    }
    sheet = ""
    for node in root(package.parts[part]).all("c"):
        sheet = node.get("i") or sheet
        if place(node.get("r")) not in formulas.get(sheet, set()):
            yield f"{part}: {node.get('r')} of sheet {sheet} has no formula"

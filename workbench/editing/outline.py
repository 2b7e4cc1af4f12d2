"""A worksheet without its rows: everything before and after ``sheetData``, as a tree whose places are those of the whole part."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.editing.refusals import WorkbookRefused
from workbench.editing.xml import Element, parse

_SKIPPED = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
_DATA = re.compile(
    _SKIPPED + rb"""|<(?P<close>/?)(?P<prefix>[\w.-]+:)?sheetData(?P<rest>(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?/?>)""", re.DOTALL
)

ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges",
    "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The children of a worksheet in the order of the schema (ISO/IEC 29500-1, 18.3.1.99), which Excel insists on."""


@dataclass(frozen=True, slots=True)
class Outline:
    """``root`` is the worksheet; its ``sheetData`` child has no children, and its rows lie from ``data.opened`` to ``data.closing``."""

    root: Element
    data: Element

    def place(self, name: str) -> int:
        """Where a child of that name has to be inserted so that the order of the schema holds."""
        rank = ORDER.index(name)
        before = [child for child in self.root.children if _rank(child) <= rank]
        return before[-1].end if before else self.root.opened


def _rank(child: Element) -> int:
    """The rank of a child; what the schema does not name (mc:AlternateContent) has that of what it wraps."""
    if child.name in ORDER:
        return ORDER.index(child.name)
    return max((_rank(inner) for inner in child.children), default=0)


def outline(data: bytes, part: str = "the sheet") -> Outline:
    """The worksheet without its rows.

    Raises:
        WorkbookRefused: damaged, not UTF-8, with a document type, or no worksheet.
    """
    opening, closing = _around_rows(data, part)
    root = parse(data[:opening] + data[closing:], part)
    _shift(root, opening, closing - opening)
    rows = root.child("sheetData")
    if root.name != "worksheet" or rows is None:
        raise WorkbookRefused(f"{part} is no worksheet")
    return Outline(root, rows)


def _around_rows(data: bytes, part: str) -> tuple[int, int]:
    """Where the content of ``sheetData`` begins and ends; equal where it is written ``<sheetData/>``."""
    tags = _tags(data)
    if not tags:
        raise WorkbookRefused(f"{part} is no worksheet")
    if tags[0]["rest"].endswith(b"/>"):
        return tags[0].end(), tags[0].end()
    return tags[0].end(), tags[-1].start()


def _tags(data: bytes) -> list[re.Match[bytes]]:
    """The tags of ``sheetData``. What lies between the first and the last is not looked at twice: the last is sought from the end."""
    found = next((match for match in _DATA.finditer(data) if match["rest"]), None)
    if found is None or found["rest"].endswith(b"/>"):
        return [found] if found else []
    last = data.rfind(b"</" + (found["prefix"] or b"") + b"sheetData")
    ends = [match for match in _DATA.finditer(data, max(last, found.end())) if match["close"]]
    return [found, *ends[:1]]


def _shift(element: Element, after: int, by: int) -> None:
    """Places behind the rows are those of the whole part."""
    for place in ("start", "opened", "closing", "end"):
        value = getattr(element, place)
        if value > after or (value == after and place in {"closing", "end"} and element.name == "sheetData"):
            setattr(element, place, value + by)
    for child in element.children:
        _shift(child, after, by)

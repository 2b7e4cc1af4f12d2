"""An analyst's own workbook, as a year of work leaves it: ``harbor-payments.xlsx``, the example of the round trip.

Coloured statuses, rich text, people's notes and a thread, a chart, a pivot table with a slicer, drop-downs, data bars, a hidden helper
column, a logo, notes to self, a sensitivity label. XlsxWriter writes what it can, ``excel_only`` adds what only Excel makes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import excel_only
import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from workbench.editing import Package

CONTROLS = Path(__file__).resolve().parent / "examples" / "harbor_controls.psv"
COLUMNS = (
    ("ID", "id", 8), ("Control", "name", 27), ("What we do", "description", 56), ("Owner", "owner", 14), ("Status", "status", 21), ("SOC 2", "soc2", 14),
    ("ISO 27001:2022", "iso", 18), ("Evidence", "evidence", 27), ("Frequency", "frequency", 13), ("Last tested", "tested", 12), ("Done %", "progress", 10),
    ("Maturity", "maturity", 10), ("Helper", "", 12), ("Notes", "notes", 31),
)  # fmt: skip
"""Heading, the file's column of it ("": a formula), width."""
ROOM = {"description": 61, "name": 28, "notes": 32, "evidence": 28}
"""How many characters a line of a cell holds."""
TOP = 4
"""The row of the headings, as Excel counts; the first control stands below it."""
STATUSES = {
    "Implemented": "#D6E6F4", "Partially implemented": "#FBE6C8", "Planned": "#EFEFEF", "Not implemented": "#F6CFC0",
}  # fmt: skip
OWNERS = ("Facilities", "Finance", "Legal", "Payments Ops", "People", "Platform", "Security")
NOTES = (
    ("B7", "Tom Okafor", "Release by two people is in the treasury tool since 2025, see the report there."),
    ("E34", "Priya Nair", "Facilities want to call it done. The round of October found four open cabinets."),
    ("G21", "Tom Okafor", "16.1.5 stood in the certificate of 2022."),
)
THREAD = excel_only.Thread(
    "G16",
    (
        ("Joanna Lind", "2026-10-20T09:14:00.00", "Is this from the old numbering? The list of 2022 has no A.9.2.1."),
        ("Priya Nair", "2026-10-20T15:02:00.00", "Yes, from the sheet of 2013. Leave it until the auditor has answered."),
    ),
)
WORDS = "Working copy of Priya. Yellow: somebody must answer me. Colours of the statuses as agreed with Joanna."
TO_SELF = (
    ("Before stage 1", ""),
    ("●", "old ids (A.9…, A.12…, A.16…) must go before Joanna sends this to the auditor"),
    ("●", "Dana: which projects skipped the risk sheet? (HP-06)"),
    ("●", "exit plan for the cloud services has no owner (HP-16)"),
    ("", ""),
    ("Who may see this", "Priya, Tom, Joanna. Not the suppliers!"),
    ("Password of the archive", "not here :)"),
    ("Last tidied up", "20 November"),
)
TREND = (("Jun", 21), ("Jul", 24), ("Aug", 27), ("Sep", 30), ("Oct", 33), ("Nov", 34))
LABEL = excel_only.Label("5f3a9c1e-4b7d-4f0a-9d52-8c1b6e2f7a30", "c0de1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b")
TICKET = '<ticket xmlns="urn:harbor-payments:tickets"><id>CMP-118</id><opened>2026-01-12</opened></ticket>'


@dataclass(frozen=True, slots=True)
class Formats:
    """The looks that the analyst uses."""

    head: Format
    title: Format
    plain: Format
    bold: Format
    red: Format
    small: Format
    day: Format
    percent: Format
    level: Format
    asked: Format
    statuses: dict[str, Format]

    @classmethod
    def of(cls, book: Workbook) -> Formats:
        """Add them to a workbook."""
        wrap = {"text_wrap": True, "valign": "top", "bottom": 4, "bottom_color": "#BFC7D1"}
        return cls(
            head=book.add_format({"bold": True, "font_color": "white", "bg_color": "#14505C", "text_wrap": True, "valign": "vcenter"}),
            title=book.add_format({"bold": True, "font_size": 16, "font_color": "#14505C"}),
            plain=book.add_format(wrap),
            bold=book.add_format({"bold": True}),
            red=book.add_format({"bold": True, "font_color": "#9C2A10"}),
            small=book.add_format({"italic": True, "font_size": 9, "font_color": "#666666"}),
            day=book.add_format({**wrap, "num_format": "d mmm yyyy", "align": "left"}),
            percent=book.add_format({**wrap, "num_format": '0"%"'}),
            level=book.add_format({**wrap, "align": "center"}),
            asked=book.add_format({**wrap, "bg_color": "#FFF59D"}),
            statuses={word: book.add_format({**wrap, "bg_color": colour}) for word, colour in STATUSES.items()},
        )  # fmt: skip


Control = dict[str, str]


def controls() -> list[Control]:
    """The controls, by the names of the file's columns."""
    with CONTROLS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="|"))


def harbor(path: Path) -> None:
    """Write the workbook."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime(2026, 1, 12), "author": "Priya Nair", "title": "Controls SOC 2 and ISO 27001"})  # noqa: DTZ001
    book.set_custom_property("Ticket", "CMP-118")
    looks, rows = Formats.of(book), controls()
    sheets = [book.add_worksheet(name) for name in ("Controls", "Status", "Notes to self", "Lists")]
    _library(sheets[0], looks, rows)
    _status(book, sheets[1], looks, rows)
    _to_self(sheets[2], looks)
    sheets[3].write_column(0, 0, STATUSES)
    sheets[3].hide()
    book.close()
    path.write_bytes(_finished(written.getvalue(), rows))


# --- the controls ------------------------------------------------------------------------------------------------------


def _library(page: Worksheet, looks: Formats, rows: Sequence[Control]) -> None:
    for place, (heading, _, width) in enumerate(COLUMNS):
        page.set_column(place, place, width, None, {"hidden": heading == "Helper"})
    page.set_row(0, 36)
    page.set_row(TOP - 1, 32)
    page.write_rich_string("B1", looks.title, "Harbor Payments", looks.small, "  (invented)  controls for SOC 2 and ISO 27001")
    page.write_string("B2", WORDS, looks.small)
    logo = {"image_data": io.BytesIO(_logo()), "x_scale": 0.9, "y_scale": 0.9, "description": "Harbor Payments"}
    page.insert_image("A1", "logo.png", logo)
    page.write_row(TOP - 1, 0, [heading for heading, _, _ in COLUMNS], looks.head)
    for row, control in enumerate(rows, TOP):
        _control(page, looks, row, control)
    _behaviour(page, TOP, TOP + len(rows) - 1)
    for ref, author, text in NOTES:
        page.write_comment(ref, text, {"author": author, "font_name": "Tahoma", "font_size": 9, "x_scale": 1.6})
    page.write_comment(THREAD.ref, THREAD.legacy_text, {"author": THREAD.legacy_author})


def _control(page: Worksheet, looks: Formats, row: int, control: Control) -> None:
    """One row of the library, row counted from 0."""
    page.set_row(row, 15 * max(-(-len(control[name]) // room) for name, room in ROOM.items()))
    asks = "?" in control["notes"] or control["notes"].startswith("ask")
    for place, (_, name, _) in enumerate(COLUMNS[:9]):
        look = looks.statuses.get(control["status"], looks.asked) if name == "status" else looks.plain
        _text(page, row, place, control[name], look)
    if control["tested"]:
        page.write_datetime(row, 9, dt.datetime.fromisoformat(control["tested"]), looks.day)
    else:
        page.write_blank(row, 9, None, looks.day)
    page.write_number(row, 10, float(control["progress"]), looks.percent)
    page.write_number(row, 11, float(control["maturity"]), looks.level)
    helper = f'=IF(G{row + 1}="","no ISO id",IF(F{row + 1}="","no SOC 2 id","both"))'
    page.write_formula(row, 12, helper, looks.plain, _helper(control))
    _text(page, row, 13, control["notes"], looks.asked if asks else looks.plain)
    if "within one hour" in control["description"]:
        before, after = control["description"].split("within one hour")
        page.write_rich_string(row, 2, before, looks.bold, "within one hour", after, looks.plain)
    if control["notes"].startswith("labels"):
        page.write_rich_string(row, 13, "labels on ", looks.red, "scanned paper", " still missing", looks.plain)


def _text(page: Worksheet, row: int, place: int, text: str, look: Format) -> None:
    if text:
        page.write_string(row, place, text, look)
    else:
        page.write_blank(row, place, None, look)


def _helper(control: Control) -> str:
    return "no ISO id" if not control["iso"] else "both" if control["soc2"] else "no SOC 2 id"


def _behaviour(page: Worksheet, first: int, last: int) -> None:
    """What the sheet does: panes, filter, drop-downs, bars and icons, the page for the printer."""
    page.freeze_panes(TOP, 2)
    page.autofilter(TOP - 1, 0, last, len(COLUMNS) - 1)
    team = {"validate": "list", "source": list(OWNERS), "error_title": "Owner", "error_message": "A team of ours, please."}
    page.data_validation(first, 3, last, 3, team)
    page.data_validation(first, 10, last, 10, {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 100})
    ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 100}
    bar = {"type": "data_bar", "bar_color": "#8FB8C2", "bar_solid": True, "data_bar_2010": True, **ends}
    page.conditional_format(first, 10, last, 10, bar)
    icons = [{"criteria": ">=", "type": "number", "value": value} for value in (4, 3, 2)]
    page.conditional_format(first, 11, last, 11, {"type": "icon_set", "icon_style": "4_ratings", "icons": icons})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(TOP - 1)
    page.print_area(0, 0, last, len(COLUMNS) - 1)
    page.set_footer("&L&8Harbor Payments, confidential&R&8&P of &N")


# --- the other sheets --------------------------------------------------------------------------------------------------


def _status(book: Workbook, page: Worksheet, looks: Formats, rows: Sequence[Control]) -> None:
    page.set_column(0, 0, 22)
    page.set_column(1, 6, 13)
    page.set_column(2, 2, 20)
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 1)
    page.write_string("A1", "Where we stand", looks.title)
    page.write_row("A3", ("Status", "Controls"), looks.head)
    counted = Counter(control["status"] for control in rows)
    for row, word in enumerate(STATUSES, 3):
        page.write_string(row, 0, word, looks.statuses[word])
        page.write_formula(row, 1, f"=COUNTIF(Controls!$E:$E,A{row + 1})", looks.plain, counted[word])
    page.write_row("A10", ("Implemented", *(month for month, _ in TREND)), looks.head)
    page.write_row("A11", ("at the month's end", *(count for _, count in TREND)), looks.plain)
    page.add_sparkline("H11", {"range": "Status!$B$11:$G$11", "markers": True, "series_color": "#14505C"})
    page.insert_chart("I2", _chart(book, last=3 + len(STATUSES)), {"x_scale": 0.85, "y_scale": 0.75})
    _pivot(rows).write(page, looks.head, looks.plain)


def _chart(book: Workbook, last: int) -> Chart:
    """The statuses as bars; their rows end with ``last``."""
    chart = book.add_chart({"type": "bar"})
    points = [{"fill": {"color": colour}, "border": {"color": "#8090A0"}} for colour in STATUSES.values()]
    where = {"categories": f"=Status!$A$4:$A${last}", "values": f"=Status!$B$4:$B${last}"}
    chart.add_series({"name": "Controls", **where, "points": points, "data_labels": {"value": True}})
    chart.set_title({"name": "Controls by status", "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"major_gridlines": {"visible": False}, "visible": False})
    return chart


def _pivot(rows: Sequence[Control]) -> excel_only.Pivot:
    fields = tuple(_field(heading, name, rows) for heading, name, _ in COLUMNS)
    return excel_only.Pivot("Owners", "Status", (14, 1), "Controls", (TOP, len(COLUMNS)), fields, down=3, across=4)


def _field(heading: str, name: str, rows: Sequence[Control]) -> excel_only.Field:
    texts = [control[name] if name else _helper(control) for control in rows]
    if name == "tested":
        return excel_only.Field(heading, tuple(dt.date.fromisoformat(text) if text else None for text in texts))
    return excel_only.Field(heading, tuple(int(text) if name in {"progress", "maturity"} else text or None for text in texts))


def _to_self(page: Worksheet, looks: Formats) -> None:
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 70)
    page.set_tab_color("#FFF59D")
    page.fit_to_pages(1, 1)
    for row, (what, text) in enumerate(TO_SELF):
        page.write_string(row, 0, what, looks.bold)
        page.write_string(row, 1, text)


def _finished(content: bytes, rows: Sequence[Control]) -> bytes:
    """With what XlsxWriter does not write."""
    library, status = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
    package, pivot = Package(content), _pivot(rows)
    excel_only.add_thread(package, library, THREAD)
    excel_only.add_list_elsewhere(package, library, f"E{TOP + 1}:E{TOP + len(rows)}", f"Lists!$A$1:$A${len(STATUSES)}")
    excel_only.add_pivot(package, status, pivot)
    excel_only.add_slicer(package, status, pivot, field=4, sheet_id=2, corner=(16, 8))
    excel_only.add_label(package, LABEL)
    excel_only.add_custom_xml(package, TICKET, "{7E0C9B52-31F4-4C1B-9B0D-2D6A1E8F4C77}")
    excel_only.replace(package, excel_only.WORKBOOK, 'calcId="124519" fullCalcOnLoad="1"', 'calcId="191029"')
    return package.pack()


def _logo() -> bytes:
    """A small PNG: a lighthouse over two waves."""
    width, height = 44, 44
    navy, white, sand = (20, 80, 92), (255, 255, 255), (255, 214, 102)

    def colour(x: int, y: int) -> tuple[int, int, int]:
        wave = 34 + (2 if (x // 4) % 2 else 0)
        if y in {wave, wave + 1, wave + 5, wave + 6}:
            return white
        if 8 <= y <= 12 and 18 <= x <= 25:
            return sand
        return white if 13 <= y <= 31 and abs(x - 21.5) < 3 + (y - 12) / 6 and (y // 4) % 2 else navy

    lines = b"".join(b"\0" + bytes(value for x in range(width) for value in colour(x, y)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    )

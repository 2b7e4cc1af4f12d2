"""What is hard to get right in an edit, one case each, on workbooks of the corpus."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xlsxwriter
from corpus import workbooks
from dialects import plain
from edits import FILL, GRAFTED, NOTE
from handmade import Pack
from handmade_features import FEATURES, comments
from handmade_objects import PNG
from intact import Edits, judge
from packages import members, repacked

from workbench.editing import EditRefused, WorkbookRefused, open_workbook

VALUES = {
    "int": 5, "float": 1.25, "tiny": 5e-324, "truth": True, "nothing": None, "date": dt.date(2026, 3, 1), "moment": dt.datetime.combine(dt.date(2026, 3, 1), dt.time(12)),
    "equals": "=1+1", "code": "_x000D_", "breaks": "a\r\nb\rc\td\n", "controls": "\x01\x1f", "long": "x" * 32767, "cdata": "]]><c/>&amp;", "emoji": "😀" * 9,
    "of numpy": np.float64(2.5), "of numpy, whole": np.int64(7),
}  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "name", ["of-analysts", "nothing-prefixed", "nothing-without-refs", "of-1904", "calculated-target-strict"]
)
def test_values_of_every_kind_are_read_back_by_others(name, value):
    sample = next(one for one in workbooks() if one.name == name)
    book = open_workbook(sample.data)
    for ref in ("D4", "H12"):
        book.set_cell(sample.sheet, ref, VALUES[value])
    assert judge(sample.data, book.content(), Edits(sample.sheet, cells={"D4": VALUES[value], "H12": VALUES[value]})) == []


@pytest.mark.parametrize("heading", ["owner", "", "x" * 256])
def test_a_table_takes_no_heading_that_excel_would_repair(heading):
    book = open_workbook(next(one for one in workbooks() if one.name == "a-table").data)
    with pytest.raises(EditRefused):
        book.append_column("Controls", heading, {})
    assert not book.changes()


def _with_chart(book: xlsxwriter.Workbook, sheet: Any) -> None:
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Review!$A$1:$A$3"})
    sheet.insert_chart("E2", chart)


def _with_formats(book: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.conditional_format("A1:B2", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("A1:B2", {"type": "icon_set", "icon_style": "3_flags"})
    sheet.add_sparkline("E1", {"range": "Review!A1:B1"})
    for number in range(40):
        sheet.write(
            9 + number,
            4,
            number,
            book.add_format({"font_size": 8 + number, "num_format": f"0.{'0' * (number + 1)}", "border": number % 13}),
        )


def _with_everything_around(book: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.write_comment("A2", "hi")
    sheet.write_url("E1", "https://example.com/?a=1&b=2")
    sheet.write_url("E2", "internal:'Review'!A1")
    sheet.insert_image("F2", "a.png", {"image_data": io.BytesIO(PNG)})
    sheet.print_area("A1:B2")
    sheet.autofilter("A1:B2")
    sheet.merge_range("E4:F5", "m")
    sheet.protect("secret")


GRAFTS: dict[str, Callable[[xlsxwriter.Workbook, Any], object]] = {
    "a table": lambda _, sheet: sheet.add_table(
        "A1:B2", {"name": "Table1", "columns": [{"header": "Control"}, {"header": "Decision"}]}
    ),
    "a chart": _with_chart,
    "formats": _with_formats,
    "notes, links, pictures, names": _with_everything_around,
    "a date": lambda book, sheet: sheet.write_datetime(
        "E1", dt.datetime.combine(dt.date(2026, 3, 1), dt.time()), book.add_format({"num_format": "yyyy-mm-dd"})
    ),
    "dynamic arrays and tick boxes": lambda _, sheet: (
        sheet.write_dynamic_array_formula("E1:E2", "=SORT(A1:A2)"),
        sheet.insert_checkbox("F1", True),
    ),
    "rich text": lambda book, sheet: sheet.write_rich_string("E1", "a ", book.add_format({"bold": True}), " b"),
}
HOSTS = (
    "of-analysts",
    "of-analysts-strict",
    "charts",
    "pictures",
    "notes",
    "of-1904",
    "arrays",
    "rich-values",
    "nothing-unstyled",
    "table-slicer",
    "names",
)
SMALL = (("Control", "Decision"), ("AC-001", "Accept"))


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("kind", GRAFTS)
def test_a_sheet_with_all_that_xlsxwriter_can_is_grafted_and_replaced(kind, host):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as donor:
        page = donor.add_worksheet("Review")
        for number, row in enumerate(SMALL):
            page.write_row(number, 0, row)
        GRAFTS[kind](donor, page)
    before = next(one for one in workbooks() if one.name == host).data
    book = open_workbook(before)
    for _ in range(2):
        book.graft_sheet(out.getvalue(), "Review", mark="_workbench.Looked")
    assert judge(before, book.content(), Edits("Controls", sheets={"Review": SMALL})) == []


HELD = {
    "its own formulas": lambda pack: pack.sheet.cell("F10", "<f>COUNTA(F2:F9)</f><v>8</v>"),
    "a note": lambda pack: comments(pack, {"A10": "checked by Ann"}),
    "a link": lambda pack: pack.sheet.put("hyperlinks", '<hyperlinks><hyperlink ref="A10" location="Controls!A1"/></hyperlinks>'),
    "a format": lambda pack: pack.sheet.put("conditionalFormatting", FORMAT.format("A10:F10")),
    "a cell beside": lambda pack: pack.sheet.cell("H10", "<v>5</v>"),
    "a formula": lambda pack: pack.sheet.cell("H1", "<f>F10</f><v>8</v>"),
    "what stands below": lambda pack: pack.sheet.cell("A11", "<v>5</v>"),
}
FORMAT = '<conditionalFormatting sqref="{0}"><cfRule type="duplicateValues" priority="1"/></conditionalFormatting>'


@pytest.mark.parametrize("holder", HELD)
def test_a_totals_row_stays_where_something_is_bound_to_it(holder):
    pack = Pack()
    FEATURES["table_with_totals"].add(pack)
    HELD[holder](pack)
    book = open_workbook(plain(pack.build()))
    with pytest.raises(EditRefused, match="totals row"):
        book.append_rows("Controls", [["ZZ-001"]], below=9)
    assert not book.changes()


def _respelled(name: str, part: str, old: str, new: str) -> bytes:
    data = next(one for one in workbooks() if one.name == name).data
    content = next(one.content for one in members(data) if one.name == part).decode()
    assert old in content
    return repacked(data, {part: content.replace(old, new, 1).encode()})


def test_a_table_that_is_related_twice_grows_once():
    part = "xl/worksheets/_rels/sheet1.xml.rels"
    again = '<Relationship Id="rId8" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/table" Target="../tables/table1.xml"/>'
    book = open_workbook(_respelled("a-table", part, "</Relationships>", f"{again}</Relationships>"))
    book.append_rows("Controls", [["ZZ-001"]])
    assert 'ref="A1:F10"' in book.package.read("xl/tables/table1.xml").decode()


def test_an_id_that_leads_nowhere_does_not_lead_to_a_new_sheet():
    book = open_workbook(
        _respelled("nothing", "xl/workbook.xml", "</sheets>", '<sheet name="Gone" sheetId="9" r:id="rId5"/></sheets>')
    )
    with pytest.raises(EditRefused):
        book.value("Gone", "A1")
    book.add_sheet("New", [["x"]])
    assert 'Id="rId5"' not in book.package.read("xl/_rels/workbook.xml.rels").decode()


def test_a_graft_beside_a_table_with_a_damaged_number_is_refused():
    book = open_workbook(_respelled("a-table", "xl/tables/table1.xml", ' id="1"', ' id=" x"'))
    with pytest.raises(WorkbookRefused, match="whole number"):
        book.graft_sheet(GRAFTED, "Review")


def test_a_note_on_a_damaged_sheet_changes_nothing():
    book = open_workbook(_respelled("nothing", "xl/worksheets/sheet1.xml", '<row r="5"', '<row r="3"'))
    with pytest.raises(WorkbookRefused, match="row 3"):
        book.note("Controls", "D4", NOTE)
    assert not book.changes()


@pytest.mark.parametrize("name", ["nothing-unrelated-styles", "nothing-empty-styles", "nothing-unstyled", "of-analysts-prefixed"])
def test_looks_that_were_given_can_be_taken_back_to_the_last_byte(name):
    before = next(one for one in workbooks() if one.name == name).data
    book = open_workbook(before)
    own = book.sheet("Controls").style("D4")
    book.highlight("Controls", "D4", FILL)
    book = open_workbook(book.content())
    book.set_style("Controls", "D4", own)
    book = open_workbook(book.content())
    book.styles.shed()
    assert book.content() == before

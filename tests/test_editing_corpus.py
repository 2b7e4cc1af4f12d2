"""Every workbook of the corpus is edited in every way, and the judge finds nothing that was not meant."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from corpus import EDITS, Sample, workbooks
from dialects import plain
from handmade import Pack
from handmade_features import FEATURES, comments
from intact import Edits, judge
from packages import members, repacked
from refused import REFUSED

from workbench.editing import EditRefused, Workbook, WorkbookRefused, open_workbook

TEXT = " A.8.2, A.5.18 & <more>\nnext "
FILL = "F6CFC0"
NOTE = "MAP004: a 2013 id\nSee A.5.15 & <others>"
PLAIN = (("Finding", "Count", "Open"), ("=1+1", 2.5, True), (" text ", 7, False))
LOOKED = (("Control", "Decision", "Score"), ("AC-001", "Accept", 3), ("<AC-002>", "", 4))


def _grafted() -> bytes:
    """A sheet with formats, a table, drop-downs, a conditional format, widths and frozen panes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Review")
    heading = book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "white", "border": 1})
    for number, row in enumerate(LOOKED):
        sheet.write_row(number, 0, row, heading if number == 0 else book.add_format({"num_format": "0.00", "text_wrap": True}))
    sheet.add_table("A1:C3", {"name": "Review", "columns": [{"header": name, "header_format": heading} for name in LOOKED[0]]})
    sheet.data_validation("B2:B3", {"validate": "list", "source": ["Accept", "Reject"]})
    sheet.conditional_format(
        "C2:C3", {"type": "cell", "criteria": ">", "value": 3, "format": book.add_format({"bg_color": "#FFC7CE"})}
    )
    sheet.freeze_panes(1, 1)
    sheet.set_column("A:A", 30)
    book.close()
    return out.getvalue()


GRAFTED = _grafted()


def _cell(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.set_cell(sample.sheet, sample.cell, TEXT)
    return replace(edits, cells={**edits.cells, sample.cell: TEXT})


def _column(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    at = book.append_column(sample.sheet, "Finding <1>", {1: "x & y", 2: 5.5, 3: True})
    letters, row = at.rstrip("0123456789"), int(at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert row == sample.heading
    new = {at: "Finding <1>", f"{letters}{row + 1}": "x & y", f"{letters}{row + 2}": 5.5, f"{letters}{row + 3}": True}
    return replace(edits, cells={**edits.cells, **new}, column=at)


def _rows(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    rows = book.append_rows(sample.sheet, [["ZZ-001", "new <control>", "CC1.1"], {"A": "ZZ-002", "D": 7}])
    new = {
        f"A{rows[0]}": "ZZ-001",
        f"B{rows[0]}": "new <control>",
        f"C{rows[0]}": "CC1.1",
        f"A{rows[1]}": "ZZ-002",
        f"D{rows[1]}": 7,
    }
    return replace(edits, cells={**edits.cells, **new}, rows=rows)


def _highlight(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.highlight(sample.sheet, sample.cell, FILL)
    return replace(edits, fills={sample.cell: FILL})


def _note(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.note(sample.sheet, sample.cell, NOTE, author="Workbench")
    return replace(edits, notes={sample.cell: NOTE})


def _sheet(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.add_sheet("Findings & more", PLAIN, mark="_workbench.Plain")
    return replace(edits, sheets={**edits.sheets, "Findings & more": PLAIN})


def _graft(book: Workbook, sample: Sample, edits: Edits) -> Edits:
    book.graft_sheet(GRAFTED, "Review it", mark="_workbench.Looked")
    return replace(edits, sheets={**edits.sheets, "Review it": LOOKED})


DO: dict[str, Callable[[Workbook, Sample, Edits], Edits]] = {
    "cell": _cell, "column": _column, "rows": _rows, "highlight": _highlight, "note": _note, "sheet": _sheet, "graft": _graft,
}  # fmt: skip


def edited(sample: Sample, wanted: tuple[str, ...] = EDITS) -> tuple[bytes, Edits]:
    """The file after the edits, and what was meant; edits that must be refused are, and change nothing."""
    book = open_workbook(sample.data)
    edits = Edits(sample.sheet)
    for name in wanted:
        if name in sample.refuses:
            with pytest.raises(EditRefused):
                DO[name](book, sample, edits)
        else:
            edits = DO[name](book, sample, edits)
    return book.content(), edits


SAMPLES = [pytest.param(sample, id=sample.name) for sample in workbooks()]


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_workbook_that_nobody_edited_stays_as_it_is(sample):
    assert open_workbook(sample.data).content() == sample.data


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_cell_is_edited_and_nothing_else(sample):
    after, edits = edited(sample, ("cell",))
    assert judge(sample.data, after, edits) == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_everything_is_edited_and_nothing_else(sample):
    after, edits = edited(sample)
    assert judge(sample.data, after, edits) == []


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


def _edit_in_place(path: Path) -> None:
    book = open_workbook(path)
    book.set_cell("Controls", "D4", TEXT)
    book.highlight("Controls", "D4", FILL)
    book.save()


@pytest.mark.parametrize("sample", [pytest.param(one, id=one.name) for one in REFUSED])
def test_what_must_not_be_edited_is_refused_in_one_line_and_left_alone(sample, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(sample.make())
    before = hashlib.sha256(path.read_bytes()).digest()
    with pytest.raises(WorkbookRefused) as told:
        _edit_in_place(path)
    assert "\n" not in told.value.reason
    assert 10 < len(told.value.reason) < 300
    assert any(word in told.value.reason for word in sample.says), told.value.reason
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert [one.name for one in tmp_path.iterdir()] == ["book.xlsx"]


CANNOT = ("wide", "backslashed", "other-case", "wandering", "many-columns")
"""What LibreOffice 7.4 does not read, edited or not: 64-bit zip records, names with backslashes or in other case, targets with dots.
A cell in the last row and one in the last column would be a CSV of 17 thousand million cells."""
TO_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def _expected(sample: Sample) -> list[str]:
    shown = {"cell": "A.8.2, A.5.18 & <more>", "column": "Finding <1>", "rows": "ZZ-002", "sheet": "=1+1", "graft": "<AC-002>"}
    return [text for edit, text in shown.items() if edit not in sample.refuses]


@pytest.mark.rendering
def test_libreoffice_opens_every_edited_workbook_and_shows_the_edits(tmp_path):
    """A few starts of LibreOffice, which takes some 250 files at a time, write every sheet of every file as CSV."""
    readable = [sample for sample in workbooks() if not any(word in sample.name for word in CANNOT)]
    for number, sample in enumerate(readable):
        (tmp_path / f"{number:03}.xlsx").write_bytes(edited(sample)[0])
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", TO_CSV]
    files = sorted(str(path) for path in tmp_path.glob("*.xlsx"))
    for start in range(0, len(files), 200):
        some = files[start : start + 200]
        subprocess.run([*command, "--outdir", str(tmp_path / "csv"), *some], check=True, capture_output=True, timeout=300)
    lost = {}
    for number, sample in enumerate(readable):
        shown = "".join(path.read_text(encoding="utf-8") for path in sorted((tmp_path / "csv").glob(f"{number:03}-*.csv")))
        if missing := [text for text in _expected(sample) if text not in shown]:
            lost[sample.name] = missing
    assert lost == {}


OTHERS = (
    "nothing", "of-analysts", "notes", "extended-formats", "charts", "pictures", "merges", "filtered", "printed", "kinds-of-cells", "xlsxwriter-table-with-totals",
    "xlsxwriter-analysts-own", "xlsxwriter-conditional-formats", "xlsxwriter-rich-formats", "xlsxwriter-formulas", "openpyxl-looks", "openpyxl-values",
)  # fmt: skip


def _resaved_is_intact(sample: Sample, path: Path) -> list[str]:
    own = replace(sample, name=f"{sample.name} of another program", make=path.read_bytes)
    after, edits = edited(own)
    return judge(own.data, after, edits)


@pytest.mark.rendering
def test_what_libreoffice_saved_is_edited_and_nothing_else(tmp_path):
    chosen = [sample for sample in workbooks() if sample.name in OTHERS]
    for sample in chosen:
        (tmp_path / f"{sample.name}.xlsx").write_bytes(sample.data)
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    files = sorted(str(path) for path in tmp_path.glob("*.xlsx"))
    subprocess.run([*command, "--outdir", str(tmp_path / "saved"), *files], check=True, capture_output=True, timeout=300)
    wrong = {sample.name: _resaved_is_intact(sample, tmp_path / "saved" / f"{sample.name}.xlsx") for sample in chosen}
    assert {name: said for name, said in wrong.items() if said} == {}
    assert len(chosen) == len(OTHERS)


@pytest.mark.skipif(shutil.which("ssconvert") is None, reason="gnumeric (ssconvert) is not installed")
def test_what_gnumeric_saved_is_edited_and_nothing_else(tmp_path):
    chosen = [sample for sample in workbooks() if sample.name in OTHERS[:9]]
    for sample in chosen:
        path = tmp_path / f"{sample.name}.xlsx"
        path.write_bytes(sample.data)
        saved = tmp_path / f"{sample.name}-saved.xlsx"
        subprocess.run(
            ["ssconvert", "--export-type=Gnumeric_Excel:xlsx2", str(path), str(saved)],
            check=True,
            capture_output=True,
            timeout=60,
        )
        assert _resaved_is_intact(sample, saved) == []

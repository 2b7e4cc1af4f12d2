"""Cells, rows and columns: what an edit changes, and that it changes nothing else. Sheets are small literals, before and after."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.editing import EditRefused, Formula, Workbook, open_workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf numFmtId="14"/><xf><protection locked="0"/></xf></cellXfs></styleSheet>'
)


def package(sheet: str, *, names: str = "", more: dict[str, str] | None = None) -> bytes:
    """A workbook with one sheet, Data, whose worksheet element holds ``sheet``."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE_RELS}"><Relationship Id="rId1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets>{names}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE_RELS}"><Relationship Id="rId1" Type="{_RELS}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_RELS}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>',
        "xl/styles.xml": _STYLES,
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def rows_of(book: Workbook, part: str = "xl/worksheets/sheet1.xml") -> str:
    """What the worksheet holds now."""
    text = zipfile.ZipFile(io.BytesIO(book.content())).read(part).decode()
    return text.split(">", 1)[1].rpartition("</worksheet>")[0]


def edited(sheet: str, *edits: tuple[str, object]) -> str:
    book = open_workbook(package(sheet))
    for ref, value in edits:
        book.set_cell("Data", ref, value)
    return rows_of(book)


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ("<sheetData/>", ("B2", "x"), '<sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>x</t></is></c></row></sheetData >'),
        ("<sheetData></sheetData>", ("A1", 2), '<sheetData><row r="1"><c r="A1"><v>2</v></c></row></sheetData>'),
        ('<sheetData><row r="3"/></sheetData>', ("C3", True), '<sheetData><row r="3"><c r="C3" t="b"><v>1</v></c></row></sheetData>'),
        (
            '<sheetData><row r="1"><c r="A1" s="2" t="s" cm="1"><v>0</v></c></row></sheetData>',
            ("A1", "x"),
            '<sheetData><row r="1"><c r="A1" s="2" t="inlineStr"><is><t>x</t></is></c></row></sheetData>',
        ),
        (
            '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row></sheetData>',
            ("B1", 2),
            '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row></sheetData>',
        ),
        (
            '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="A3"><v>3</v></c></row></sheetData>',
            ("A2", 2.5),
            '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2.5</v></c></row><row r="3"><c r="A3"><v>3</v></c></row></sheetData>',
        ),
        (
            "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>",
            ("B1", 9),
            "<sheetData><row><c><v>1</v></c><c><v>9</v></c></row><row><c><v>3</v></c></row></sheetData>",
        ),
        (
            "<sheetData><row><c><v>1</v></c></row></sheetData>",
            ("C1", 9),
            '<sheetData><row><c><v>1</v></c><c r="C1"><v>9</v></c></row></sheetData>',
        ),
        (
            '<dimension ref="A1:B2"/><sheetData><row r="1" spans="1:2" s="2" customFormat="1"><c r="A1"><v>1</v></c></row></sheetData>',
            ("D1", 4),
            '<dimension ref="A1:D2"/><sheetData><row r="1" spans="1:4" s="2" customFormat="1"><c r="A1"><v>1</v></c><c r="D1" s="2"><v>4</v></c></row></sheetData>',
        ),
        (
            '<cols><col min="2" max="4" width="9" style="2"/></cols><sheetData><row r="1"/></sheetData>',
            ("C1", 4),
            '<cols><col min="2" max="4" width="9" style="2"/></cols><sheetData><row r="1"><c r="C1" s="2"><v>4</v></c></row></sheetData>',
        ),
        ('<sheetData><row r="1"><c r="A1" s="2"><v>1</v></c></row></sheetData>', ("A1", None), '<sheetData><row r="1"><c r="A1" s="2"/></row></sheetData>'),
        ("<sheetData/>", ("A1", None), "<sheetData/>"),
        (
            """<sheetData><!-- <row r="9"> --><row r='1' ht=">"><c r='A1'><v>1</v><!-- </c> --></c></row></sheetData>""",
            ("A1", 2),
            """<sheetData><!-- <row r="9"> --><row r='1' ht=">"><c r="A1"><v>2</v></c></row></sheetData>""",
        ),
        (
            '<sheetData><row r="1"><c r="A1"><f>B1</f><v>1</v></c></row></sheetData>',
            ("A1", Formula('B2&"<"')),
            '<sheetData><row r="1"><c r="A1"><f>B2&amp;"&lt;"</f></c></row></sheetData>',
        ),
        (
            '<sheetData><row r="1"><c r="A1" s="1"><v>1</v></c></row></sheetData>',
            ("A1", dt.date(2026, 1, 2)),
            '<sheetData><row r="1"><c r="A1" s="1"><v>46024</v></c></row></sheetData>',
        ),
        ("<sheetData/>", ("A1", dt.datetime(1900, 2, 28, 12)), '<sheetData><row r="1"><c r="A1" s="3"><v>59.5</v></c></row></sheetData >'),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_only_the_cell_changes(before, edit, after):
    assert edited(before, edit) == after


def test_a_prefixed_sheet_stays_prefixed():
    raw = package(
        "<sheetData/>",
        more={
            "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{_MAIN}"><x:sheetData><x:row r="1"/></x:sheetData></x:worksheet>'
        },
    )
    book = open_workbook(raw)
    book.set_cell("Data", "A1", "t")
    text = zipfile.ZipFile(io.BytesIO(book.content())).read("xl/worksheets/sheet1.xml").decode()
    assert '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>t</x:t></x:is></x:c></x:row>' in text


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("=1+1", "<t>=1+1</t>"),
        (" a", '<t xml:space="preserve"> a</t>'),
        ("a\nb", '<t xml:space="preserve">a\nb</t>'),
        ("a\r\nb", '<t xml:space="preserve">a_x000D_\nb</t>'),
        ("_x000D_", "<t>_x005F_x000D_</t>"),
        ("\x01\ud83d", "<t>_x0001__xD83D_</t>"),
        ("<&>\"'", "<t>&lt;&amp;&gt;\"'</t>"),
        ("", "<t></t>"),
    ],
)
def test_text_is_written_as_text(text, xml):
    assert (
        edited("<sheetData></sheetData>", ("A1", text))
        == f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is>{xml}</is></c></row></sheetData>'
    )


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", " lead", "tail ", "a\nb", "a\r\nb", "_x000D_", "tab\there", "\u202e\U0001f600", "_x005F_"]
)
def test_python_calamine_reads_the_text_back(text):
    book = open_workbook(package('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'))
    book.set_cell("Data", "A1", text)
    read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.content())).get_sheet_by_index(0).to_python()
    assert read == [[text]]
    assert open_workbook(book.content()).value("Data", "A1") == text


@pytest.mark.parametrize(
    ("sheet", "ref", "value", "reason"),
    [
        ('<sheetData/><mergeCells><mergeCell ref="A1:B2"/></mergeCells>', "B2", 1, "Data!B2 lies inside the merged cells A1:B2; use A1"),
        ('<sheetData/><sheetProtection sheet="1"/>', "B2", 1, "Data!B2 is locked, and the sheet is protected; unprotect it in Excel (Review, Unprotect Sheet)"),
        (
            '<sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:A9" si="0">B1</f></c></row></sheetData>',
            "A1", 1, "Data!A1 holds the formula that A1:A9 shares; change that in Excel",
        ),
        (
            '<sheetData><row r="1"><c r="A1"><f t="array" ref="A1:A9">B1:B9</f></c></row></sheetData>',
            "A3", 1, "Data!A3 belongs to an array formula over A1:A9; change that in Excel",
        ),
        (
            '<sheetData><row r="1"><c r="A1"><f t="dataTable" ref="A1:B2" r1="C1"/></c></row></sheetData>',
            "B2", 1, "Data!B2 belongs to a data table over A1:B2; change that in Excel",
        ),
        ("<sheetData/>", "A0", 1, "'A0' is no cell; write it like D17, at most XFD1048576"),
        ("<sheetData/>", "XFE1", 1, "'XFE1' is no cell; write it like D17, at most XFD1048576"),
        ("<sheetData/>", "A1", float("nan"), "a cell cannot hold nan; write a text or leave it blank"),
        ("<sheetData/>", "A1", 10**400, "Excel keeps 15 digits of a number, and this one has more; write it as text"),
        ("<sheetData/>", "A1", Formula(""), "a formula has 1 to 8,192 characters and no = in front; this one has 0"),
        ("<sheetData/>", "A1", Formula("=A1"), "a formula has 1 to 8,192 characters and no = in front; this one has 3"),
        ("<sheetData/>", "A1", Formula("1" * 9000), "a formula has 1 to 8,192 characters and no = in front; this one has 9,000"),
        ("<sheetData/>", "A1", 10**15, "Excel keeps 15 digits of a number, and 1000000000000000 has more; write it as text"),
        ("<sheetData/>", "A1", dt.date(1899, 12, 31), "Excel has no date before 1900, such as 1899-12-31; write it as text"),
        ("<sheetData/>", "A1", "x" * 32_768, "a cell holds at most 32,767 characters, not 32,768; split the text"),
    ],
)  # fmt: skip
def test_what_is_not_safe_is_refused_and_changes_nothing(sheet, ref, value, reason):
    raw = package(sheet)
    book = open_workbook(raw)
    with pytest.raises(EditRefused) as refused:
        book.set_cell("Data", ref, value)
    assert refused.value.reason == reason
    assert book.content() == raw


def test_an_unlocked_cell_of_a_protected_sheet_can_be_edited():
    sheet = '<sheetData><row r="1"><c r="A1" s="2"/></row></sheetData><sheetProtection sheet="1"/>'
    assert edited(sheet, ("A1", 5)).startswith('<sheetData><row r="1"><c r="A1" s="2"><v>5</v></c></row>')


def test_a_member_of_a_shared_formula_can_be_overwritten():
    sheet = '<sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f></c></row><row r="2"><c r="A2"><f t="shared" si="0"/></c></row></sheetData>'
    assert edited(sheet, ("A2", 5)).endswith('<row r="2"><c r="A2"><v>5</v></c></row></sheetData>')


@pytest.mark.parametrize(
    ("formula", "ref", "calculates"),
    [
        ("SUM(B1:B9)", "B5", True),
        ("SUM(B1:B9)", "C5", False),
        ("SUM(B:B)", "B500", True),
        ("SUM(3:4)", "Z4", True),
        ("Data!$B$5", "B5", True),
        ("'Other one'!B5", "B5", False),
        ('"B5"&amp;C1', "B5", False),
        ("LOG10(C1)", "B10", False),
        ("Known*2", "B5", True),
        ("Unknown*2", "B5", False),
    ],
)
def test_the_workbook_is_calculated_anew_only_where_a_formula_looks_at_the_cell(formula, ref, calculates):
    names = '<definedNames><definedName name="Known">Data!$B$5</definedName><definedName name="Unknown">Data!$C$5</definedName></definedNames>'
    book = open_workbook(package(f'<sheetData><row r="1"><c r="A1"><f>{formula}</f><v>1</v></c></row></sheetData>', names=names))
    book.set_cell("Data", ref, 7)
    assert [change.part for change in book.changes().parts] == [*["xl/workbook.xml"] * calculates, "xl/worksheets/sheet1.xml"]
    assert ("fullCalcOnLoad" in zipfile.ZipFile(io.BytesIO(book.content())).read("xl/workbook.xml").decode()) == calculates


def test_rows_are_appended_where_the_data_end_and_what_reached_there_grows():
    sheet = (
        '<sheetData><row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>n</v></c></row><row r="2"><c r="A2" s="2"><v>1</v></c><c r="B2" s="1"><v>2</v></c></row>'
        '<row r="3"><c r="A3" s="2"><v>1</v></c><c r="B3" s="1"><v>2</v></c></row><row r="4"><c r="A4" s="2"/></row></sheetData>'
        '<autoFilter ref="A1:B3"/><conditionalFormatting sqref="A2:A3 B3"/><dataValidations count="2"><dataValidation sqref="B2:B3"/><dataValidation sqref="B2:B99"/></dataValidations>'
    )
    names = (
        '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Data!$A$1:$B$3</definedName>'
        '<definedName name="_xlnm.Print_Area" localSheetId="0">Data!$A$1:$B$3</definedName><definedName name="Own">Data!$A$1:$B$3</definedName></definedNames>'
    )
    book = open_workbook(package(sheet, names=names))
    assert book.append_rows("Data", [["x", 7], {"B": 8}]) == range(4, 6)
    assert rows_of(book) == sheet.replace(
        '<row r="4"><c r="A4" s="2"/></row>',
        '<row r="4"><c r="A4" s="2" t="inlineStr"><is><t>x</t></is></c><c r="B4" s="1"><v>7</v></c></row>'
        '<row r="5"><c r="A5" s="2"/><c r="B5" s="1"><v>8</v></c></row>',
    ).replace("A1:B3", "A1:B5").replace("A2:A3 B3", "A2:A5 B3").replace('"B2:B3"', '"B2:B5"')  # fmt: skip
    workbook = zipfile.ZipFile(io.BytesIO(book.content())).read("xl/workbook.xml").decode()
    assert workbook.count("Data!$A$1:$B$5") == 2
    assert '"Own">Data!$A$1:$B$3<' in workbook


def test_a_column_is_appended_at_the_right_edge_with_the_look_of_the_headings():
    sheet = (
        '<sheetData><row r="1"><c r="A1" t="str"><v>Title</v></c></row><row r="3"><c r="A3" t="str" s="2"><v>id</v></c><c r="B3" t="str" s="2"><v>n</v></c></row>'
        '<row r="4"><c r="A4"><v>1</v></c></row></sheetData><autoFilter ref="A3:B4"/>'
    )
    book = open_workbook(package(sheet))
    assert book.append_column("Data", "New", {1: "x", 3: dt.date(2026, 1, 2)}) == "C3"
    assert rows_of(book) == (
        '<sheetData><row r="1"><c r="A1" t="str"><v>Title</v></c></row><row r="3"><c r="A3" t="str" s="2"><v>id</v></c><c r="B3" t="str" s="2"><v>n</v></c>'
        '<c r="C3" s="2" t="inlineStr"><is><t>New</t></is></c></row><row r="4"><c r="A4"><v>1</v></c><c r="C4" t="inlineStr"><is><t>x</t></is></c></row>'
        '<row r="6"><c r="C6" s="3"><v>46024</v></c></row></sheetData><autoFilter ref="A3:C4"/>'
    )


def with_table(**options: object) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Data")
    sheet.add_table(
        "A1:C4",
        {"name": "Known", "columns": [{"header": "id"}, {"header": "n"}, {"header": "twice", "formula": "[@n]*2"}], **options},
    )
    sheet.write_column("A2", ["a", "b", "c"][: 2 if options else 3])
    sheet.write_column("B2", [1, 2, 3][: 2 if options else 3])
    sheet.data_validation("A2:A4", {"validate": "list", "source": ["a", "b"]})
    sheet.data_validation("B2:B4", {"validate": "list", "source": "=Other!$A$1:$A$3"})
    sheet.conditional_format("B2:B4", {"type": "data_bar", "data_bar_2010": True})
    book.add_worksheet("Other").write_formula("A1", "=SUM(Known[n])", None, 6)
    book.close()
    return out.getvalue()


def test_a_table_takes_rows_and_a_column_in():
    book = open_workbook(with_table())
    assert book.append_rows("Data", [["d", 4], ["e", 5]]) == range(5, 7)
    assert book.append_column("Data", "Who", {1: "me"}) == "D1"
    read = openpyxl.load_workbook(io.BytesIO(book.content()))
    sheet = read["Data"]
    assert [(one.ref, one.autoFilter.ref, [column.name for column in one.tableColumns]) for one in sheet.tables.values()] == [
        ("A1:D6", "A1:D6", ["id", "n", "twice", "Who"])
    ]
    assert [[cell.value for cell in row] for row in sheet["A4:D6"]] == [
        ["c", 3, "=[[#This Row],n]*2", None],
        ["d", 4, "=[[#This Row],n]*2", None],
        ["e", 5, "=[[#This Row],n]*2", None],
    ]
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["A2:A6", "B2:B6"]
    text = zipfile.ZipFile(io.BytesIO(book.content())).read("xl/worksheets/sheet1.xml").decode()
    assert "<xm:sqref>B2:B6</xm:sqref>" in text


@pytest.mark.parametrize(
    ("options", "edit", "reason"),
    [
        ({}, lambda book: book.append_column("Data", "N", {}), "table Known has a column N already; choose another heading"),
    ],
)
def test_a_table_that_cannot_grow_says_so(options, edit, reason):
    raw = with_table(**options)
    book = open_workbook(raw)
    with pytest.raises(EditRefused) as refused:
        edit(book)
    assert refused.value.reason.startswith(reason)
    assert book.content() == raw


def test_a_table_lists_a_new_heading_too():
    book = open_workbook(with_table())
    book.set_cell("Data", "A1", "Own\nid")
    book.append_column("Data", "Who", {1: "me"})
    book.set_cell("Data", "D1", "Whom")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content()))["Data"]
    assert [cell.value for cell in sheet["A1:D1"][0]] == ["Own\nid", "n", "twice", "Whom"]
    assert [[column.name for column in one.tableColumns] for one in sheet.tables.values()] == [["Own\nid", "n", "twice", "Whom"]]


@pytest.mark.parametrize(
    ("ref", "value", "reason"),
    [
        ("A1", None, "a heading of table Known has to be a text that no other of its columns has, not None"),
        ("A1", 5, "a heading of table Known has to be a text that no other of its columns has, not 5"),
        ("A1", "Twice", "a heading of table Known has to be a text that no other of its columns has, not 'Twice'"),
        ("B1", "m", "formulas or a data connection use the column 'n' of table Known by its name; rename it in Excel"),
    ],
)
def test_a_heading_that_the_table_cannot_list_is_refused(ref, value, reason):
    raw = with_table()
    book = open_workbook(raw)
    with pytest.raises(EditRefused) as refused:
        book.set_cell("Data", ref, value)
    assert refused.value.reason == reason
    assert book.content() == raw


def test_any_heading_is_listed_by_its_table_so_that_xml_can_hold_it():
    book = open_workbook(with_table())
    heading = "a\tb\x0bc\nd _x0041_"
    book.append_column("Data", heading, {1: "me"})
    read = openpyxl.load_workbook(io.BytesIO(book.content()))["Data"]
    listed = [column.name for one in read.tables.values() for column in one.tableColumns]
    assert listed[-1] == heading


def test_a_totals_row_makes_room_for_rows():
    columns = [{"header": "id", "total_string": "Sum"}, {"header": "n", "total_function": "sum"}, {"header": "twice"}]
    book = open_workbook(with_table(total_row=True, columns=columns))
    assert book.append_rows("Data", [["d", 4], ["e", 5]]) == range(4, 6)
    sheet = openpyxl.load_workbook(io.BytesIO(book.content()))["Data"]
    assert [[cell.value for cell in row] for row in sheet["A3:C6"]] == [
        ["b", 2, None],
        ["d", 4, None],
        ["e", 5, None],
        ["Sum", "=SUBTOTAL(109,[n])", None],
    ]
    assert [(one.ref, one.autoFilter.ref, one.totalsRowCount) for one in sheet.tables.values()] == [("A1:C6", "A1:C5", 1)]


def test_a_totals_row_stays_where_a_formula_looks_at_its_place():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Data")
    sheet.add_table("A1:A3", {"name": "Known", "total_row": True, "columns": [{"header": "n", "total_function": "sum"}]})
    sheet.write("A2", 1)
    sheet.write_formula("F1", "=A3+1")
    book.close()
    raw = out.getvalue()
    edited = open_workbook(raw)
    with pytest.raises(EditRefused) as refused:
        edited.append_rows("Data", [[2]])
    assert refused.value.reason == (
        "table Known has a totals row that cannot be moved to make room, since a formula looks at its cells by their place; "
        "switch it off in Excel, and on again afterwards"
    )
    assert edited.content() == raw


def test_rows_go_below_the_row_that_is_named_if_nothing_stands_there():
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="A3"><v>3</v></c></row></sheetData>'
    book = open_workbook(package(sheet))
    with pytest.raises(EditRefused, match="row 3 of Data is not empty"):
        book.append_rows("Data", [[2], [3]], below=1)
    assert book.append_rows("Data", [[2]], below=1) == range(2, 3)
    assert 'r="2"><c r="A2"><v>2</v></c></row><row r="3">' in rows_of(book)


def test_cell_references_in_a_pivot_source_grow_with_the_rows():
    cache = f'<pivotCacheDefinition xmlns="{_MAIN}"><cacheSource type="worksheet"><worksheetSource ref="A1:A2" sheet="Data"/></cacheSource></pivotCacheDefinition>'
    relations = (
        f'<Relationships xmlns="{_PACKAGE_RELS}"><Relationship Id="rId1" Type="{_RELS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_RELS}/pivotCacheDefinition" Target="cache.xml"/></Relationships>'
    )
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>3</v></c></row></sheetData>'
    book = open_workbook(package(sheet, more={"xl/cache.xml": cache, "xl/_rels/workbook.xml.rels": relations}))
    book.append_rows("Data", [[4]])
    assert 'ref="A1:A3"' in zipfile.ZipFile(io.BytesIO(book.content())).read("xl/cache.xml").decode()


_VALUES = st.one_of(st.text(max_size=20), st.integers(-(10**14), 10**14), st.booleans(), st.floats(-1e9, 1e9), st.none())
_EDITS = st.dictionaries(st.tuples(st.integers(1, 12), st.integers(1, 8)), _VALUES, max_size=12)


def _library() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Data")
    bold = book.add_format({"bold": True})
    for row in range(8):
        for column in range(0, 6, 1 + row % 2):
            sheet.write(row, column, f"text {row} {column}" if column % 2 else row * column, bold if row % 3 else None)
    sheet.set_column(6, 7, 12, bold)
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Data!$A$1:$A$5"})
    sheet.insert_chart("J2", chart)
    book.close()
    return out.getvalue()


_LIBRARY = _library()


@settings(max_examples=60, deadline=None)
@given(_EDITS)
def test_an_edit_changes_the_cells_it_names_and_nothing_else(edits):
    book = open_workbook(_LIBRARY)
    for (row, column), value in edits.items():
        book.set_cell("Data", f"{'ABCDEFGH'[column - 1]}{row}", value)
    after = book.content()
    old, new = (openpyxl.load_workbook(io.BytesIO(raw))["Data"] for raw in (_LIBRARY, after))
    for row in range(1, 14):
        for column in range(1, 10):
            was, now = old.cell(row, column), new.cell(row, column)
            assert (was.font.b, was.number_format) == (now.font.b, now.number_format) or was.value is None
            if (row, column) not in edits:
                assert now.value == was.value
    for (row, column), value in edits.items():
        read = open_workbook(after).value("Data", f"{'ABCDEFGH'[column - 1]}{row}")
        assert read == value or (value is not None and read == float(value))
    parts, others = (zipfile.ZipFile(io.BytesIO(raw)) for raw in (_LIBRARY, after))
    assert [name for name in parts.namelist() if parts.read(name) != others.read(name)] in ([], ["xl/worksheets/sheet1.xml"])
    for change in book.changes().parts:
        assert change.undone(others.read(change.part)) == parts.read(change.part)


def test_a_workbook_can_be_edited_and_saved_again_and_again(tmp_path):
    path = tmp_path / "own.xlsx"
    path.write_bytes(_LIBRARY)
    book = open_workbook(path)
    for value in ("one", "two"):
        book.set_cell("Data", "A1", value)
        assert [part.part for part in book.save().parts] == ["xl/worksheets/sheet1.xml"]
        assert open_workbook(path).value("Data", "A1") == book.value("Data", "A1") == value
    assert open_workbook((tmp_path / "own.xlsx.bak").read_bytes()).value("Data", "A1") == "one"
    assert not book.save()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["own.xlsx", "own.xlsx.bak"]


def test_a_copy_leaves_the_source_as_it_was(tmp_path):
    path, copy = tmp_path / "own.xlsx", tmp_path / "copy.xlsx"
    path.write_bytes(_LIBRARY)
    book = open_workbook(path)
    book.highlight("Data", "A1", "#f6cfc0")
    for _ in range(2):
        book.save(copy)
    assert path.read_bytes() == _LIBRARY
    assert openpyxl.load_workbook(copy)["Data"]["A1"].fill.fgColor.rgb == "FFF6CFC0"
    with pytest.raises(EditRefused, match="'red' is no colour"):
        book.highlight("Data", "A1", "red")


def test_a_sheet_is_the_same_however_its_name_is_written():
    book = open_workbook(_LIBRARY)
    for sheet, ref, value in (("Data", "A1", "one"), ("data", "A2", "two"), ("DATA", "A1", "three")):
        book.set_cell(sheet, ref, value)
    read = open_workbook(book.content())
    assert [read.value("Data", ref) for ref in ("A1", "A2")] == ["three", "two"]

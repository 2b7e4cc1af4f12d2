"""A sheet that XlsxWriter wrote becomes one of somebody's workbook: it looks, reads and works as before, and nothing else has changed."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from corpus import workbooks
from describe import describe
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from workbench.editing.book import Book, companions_of, mark, marked
from workbench.editing.dialects import MAIN
from workbench.editing.grafting import graft
from workbench.editing.package import Package
from workbench.editing.refusals import EditRefused
from workbench.editing.relations import main_part, relate, related, rels_name
from workbench.editing.sheets import add_tab, plain_sheet, remove_tab, tab, tabs
from workbench.editing.styles import Styles
from workbench.writing import Column, DataSheet, Look, SummarySheet, Workbook, render

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)
LONG = tuple(f"choice {number}, with a comma" for number in range(12))
SAMPLES = {sample.name: sample for sample in workbooks()}
Draw = Callable[[xlsxwriter.Workbook, Worksheet], None]


def book_of(draw: Draw, *, name: str = "Re'view", others: tuple[str, ...] = (), **options: object) -> bytes:
    """What XlsxWriter makes of a sheet and some others behind it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, **options})
    sheet = book.add_worksheet(name)
    for other in others:
        book.add_worksheet(other)
    draw(book, sheet)
    book.close()
    return out.getvalue()


def analysts() -> Package:
    """Somebody's workbook, with a format, a note, a table, a name and a hidden sheet of its own."""

    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write(0, 4, "mine", book.add_format({"bold": True, "font_name": "Arial", "num_format": "0.000"}))
        sheet.write_comment(0, 0, "mine")
        sheet.add_table(0, 0, 3, 1, {"name": "tblReview", "columns": [{"header": "Id"}, {"header": "Title"}]})
        sheet.conditional_format("A2:A4", {"type": "blanks", "format": book.add_format({"font_strikeout": True})})
        book.define_name("lstChoices", "=Controls!$A$1")
        book.get_worksheet_by_name("Lists").hide()

    return Package(book_of(draw, name="Controls", others=("Lists",)))


def full(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
    """Everything that the reports use, and more."""
    bold = book.add_format({"bold": True, "bg_color": "#F6CFC0", "border": 1})
    date = book.add_format({"num_format": "yyyy-mm-dd", "align": "top", "text_wrap": True, "locked": False})
    grey = book.add_format({"italic": True, "font_color": "#5F6B7A"})
    sheet.set_column(0, 0, 12, bold)
    sheet.set_column(1, 3, 30, date)
    sheet.set_row(21, 30, grey)
    sheet.write_rich_string(0, 0, "a ", bold, "b <&> ", grey, " c")
    sheet.write_row(1, 0, ["=1+1", " two\nlines "], grey)
    sheet.write_datetime(2, 1, dt.datetime(2026, 1, 2), date)  # noqa: DTZ001
    sheet.write_boolean(2, 2, True)
    sheet.write_formula(3, 1, "='Re''view'!A1&COUNTA(tblReview[Owner])&\"'Re''view'!A1\"", bold, "x")
    sheet.data_validation(5, 0, 20, 0, {"validate": "list", "source": ["Accept", "Reject"], "input_message": "Choose"})
    sheet.data_validation(5, 1, 20, 1, {"validate": "date", "criteria": ">", "value": dt.date(2020, 1, 1)})
    columns = [{"header": "Id"}, {"header": "Owner"}, {"header": "Rows", "formula": "=ROWS(tblReview[Owner])", "format": date}]
    sheet.add_table(5, 0, 10, 2, {"name": "tblReview", "columns": columns})
    sheet.conditional_format(5, 0, 9, 0, {"type": "text", "criteria": "begins with", "value": "A", "format": bold})
    sheet.conditional_format(5, 3, 9, 3, {"type": "formula", "criteria": "=$A1='Re''view'!$B$1", "format": grey})
    sheet.conditional_format(5, 2, 9, 2, {"type": "2_color_scale"})
    sheet.write_url(12, 0, "internal:'Re''view'!B3", string="own")
    sheet.write_url(13, 0, "https://example.com/a?b=c&d", string="outside")
    sheet.write_url(14, 0, "internal:Controls!B2", string="theirs")
    sheet.write_comment(0, 1, "a note")
    sheet.freeze_panes(6, 1)
    sheet.set_footer("&L&8 internal&RPage &P")
    sheet.set_landscape()
    sheet.protect("", {"sort": True})
    sheet.repeat_rows(5)
    sheet.print_area(0, 0, 20, 5)
    sheet.activate()


def looks(sheet: Worksheet) -> dict[str, object]:
    """What an independent reader sees of a sheet: every cell with its look, and everything around the cells."""
    cells = {
        cell.coordinate: (
            cell.value, cell.number_format, cell.font.b, cell.font.i, cell.font.name, cell.font.sz, cell.font.color and cell.font.color.value,
            cell.fill.fill_type, cell.fill.fgColor.value, cell.border.bottom.style, cell.alignment.vertical, cell.alignment.wrap_text,
            cell.protection.locked, cell.quotePrefix, cell.comment and cell.comment.text,
        )
        for row in sheet.iter_rows()
        for cell in row
    }  # fmt: skip
    rules = [
        (str(area.sqref), rule.type, rule.formula, rule.dxf and (rule.dxf.font and rule.dxf.font.b, rule.dxf.fill and rule.dxf.fill.bgColor.value))
        for area in sheet.conditional_formatting
        for rule in area.rules
    ]  # fmt: skip
    inputs = [(str(one.sqref), one.type, one.formula1, one.prompt) for one in sheet.data_validations.dataValidation]
    widths = {letter: (one.width, one.style and one.number_format) for letter, one in sheet.column_dimensions.items()}
    heights = {number: one.height for number, one in sheet.row_dimensions.items() if one.height}
    links = [
        (cell.coordinate, cell.hyperlink.location, cell.hyperlink.target)
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    tables = {
        one.displayName: (one.ref, [column.name for column in one.tableColumns], [column.calculatedColumnFormula and column.calculatedColumnFormula.attr_text for column in one.tableColumns])
        for one in sheet.tables.values()
    }  # fmt: skip
    page = (sheet.freeze_panes, sheet.oddFooter.left.text, sheet.page_setup.orientation, sheet.print_title_rows, sheet.print_area)
    return {
        "cells": cells, "rules": rules, "inputs": inputs, "widths": widths, "heights": heights, "links": links, "tables": tables,
        "page": page, "protected": sheet.protection.sheet, "sort": sheet.protection.sort, "charts": len(sheet._charts),
    }  # fmt: skip


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def called_otherwise(seen: object, names: dict[str, str]) -> object:
    """What was seen, as it reads after the renaming: nothing but the names may differ."""
    if isinstance(seen, str):
        for old, new in names.items():
            seen = seen.replace(old, new)
        return seen
    if isinstance(seen, dict):
        return {called_otherwise(key, names): called_otherwise(value, names) for key, value in seen.items()}
    return type(seen)(called_otherwise(one, names) for one in seen) if isinstance(seen, list | tuple) else seen


def parts(book: Package) -> dict[str, bytes]:
    return {name: book.read(name) for name in book.names}


def sections(data: bytes, folder: Path, sheet: str) -> list[str]:
    """The readable description of one sheet, its first line (which names it) left out."""
    path = folder / f"{sheet}.xlsx"
    path.write_bytes(data)
    text = describe(path, most=100)
    return next(part for part in text.split("\n== ")[1:] if part.startswith(sheet)).rstrip().splitlines()[1:]


# --- the look --------------------------------------------------------------------------------------------------------


def test_a_grafted_sheet_is_seen_as_before_but_for_names_that_were_taken() -> None:
    donor, book = book_of(full), analysts()
    before = looks(opened(book.pack())["Controls"])
    graft(book, donor, "Found & kept", source="RE'VIEW")
    after = opened(book.pack())
    expected = called_otherwise(looks(opened(donor)["Re'view"]), {"'Re''view'": "'Found & kept'", "tblReview": "tblReview_2"})
    literal = expected["cells"]["B4"]
    expected["cells"]["B4"] = (literal[0].replace("\"'Found & kept'!A1\"", "\"'Re''view'!A1\""), *literal[1:])
    assert looks(after["Found & kept"]) == expected
    assert looks(after["Controls"]) == before


@pytest.mark.parametrize("data", [False, True])
def test_the_reports_own_sheets_read_the_same(tmp_path: Path, data: object) -> None:
    columns = (
        Column("Severity", 12, Look.SEVERITY, note="An error makes a figure wrong."),
        Column("Place", 20, Look.ID),
        Column("Share", 10, Look.PERCENT),
        Column("Day", 12, Look.DATE, editable=True),
        Column("Decision", 14, Look.DECISION, choices=("Accept", "Reject", "Defer"), editable=True),
        Column("Family", 20, choices=LONG, editable=True, note="One of these."),
    )
    rows = [("error", "5.10", 0.25, dt.date(2026, 3, 31), "Accept", LONG[3]), ("note", "=A1", None, None, None, "-x")]
    sheet = DataSheet(
        "Findings", "Findings", "One row is one finding.", columns, rows, "tblFindings", freeze=2, protect=True, blank=2
    )
    pages = (SummarySheet("All", "What this is."), sheet) if data else (sheet,)
    content, _ = render(Workbook("Findings", "acme", pages, classification="Internal"), as_of=dt.date(2026, 11, 24))
    book = analysts()
    graft(book, content, "Findings", source="Findings")
    read = "\n".join(sections(content, tmp_path, "Findings"))
    assert ("lstChoices1" in read, " → 'Summary'!A1" in read) == (True, bool(data))
    assert sections(book.pack(), tmp_path, "Findings") == read.replace(" → 'Summary'!A1", "").splitlines()


def test_text_stays_text_for_another_reader() -> None:
    texts = ["=1+1", " two\nlines ", "_x0041_", "a\x01b", "<f>A1</f>", "'Re''view'!A1", "tblReview"]
    book = analysts()
    graft(book, book_of(lambda _, sheet: sheet.write_row(0, 0, texts)), "Found")
    read = CalamineWorkbook.from_filelike(io.BytesIO(book.pack())).get_sheet_by_name("Found").to_python()
    assert read == [texts]


def test_runs_of_a_rich_text_keep_their_looks() -> None:
    book = analysts()
    graft(book, book_of(full), "Found")
    cell = openpyxl.load_workbook(io.BytesIO(book.pack()), rich_text=True)["Found"]["A1"].value
    assert [(str(run), bool(getattr(run, "font", None) and run.font.b)) for run in cell] == [
        ("a ", False),
        ("b <&> ", True),
        (" c", False),
    ]


def test_the_first_sheet_that_can_be_seen_is_taken_unless_another_is_asked_for() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        for number, one in enumerate(book.worksheets()):
            one.write(0, 0, number)
        sheet.hide()
        book.worksheets()[1].activate()
        book.worksheets()[1].set_first_sheet()

    donor = book_of(draw, others=("Second", "Third"))
    book = analysts()
    graft(book, donor, "One")
    graft(book, donor, "Two", source="third")
    read = opened(book.pack())
    assert (read["One"]["A1"].value, read["Two"]["A1"].value) == (1, 2)


def test_only_one_sheet_is_selected() -> None:
    book = analysts()
    graft(book, book_of(full), "Found")
    assert [name for name in book.names if b"tabSelected" in book.read(name)] == ["xl/worksheets/sheet1.xml"]


# --- beside the cells ------------------------------------------------------------------------------------------------


def test_extended_formats_and_sparklines_come_along() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_column(0, 0, [1, 2, 3])
        sheet.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True})
        sheet.add_sparkline("B1", {"range": "'Re''view'!A1:A3"})

    book = analysts()
    part = graft(book, book_of(draw), "Found")
    xml = book.read(part).decode()
    donor = Package(book_of(draw)).read("xl/worksheets/sheet1.xml").decode()
    assert xml.partition("<extLst>")[2] == donor.partition("<extLst>")[2].replace("'Re''view'!", "'Found'!")
    assert xml.count("'Found'!A1:A3") == 1


def test_charts_and_pictures_come_along_with_all_their_parts() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_column(0, 0, [1, 2, 3])
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "='Re''view'!$A$1:$A$3", "name": "='Re''view'!$A$1"})
        sheet.insert_chart("C1", chart)
        sheet.insert_image("C20", "a.png", {"image_data": io.BytesIO(PIXEL), "url": "internal:'Re''view'!A2"})
        sheet.set_header("&L&G", {"image_left": "a.png", "image_data_left": io.BytesIO(PIXEL)})
        sheet.set_background(io.BytesIO(PIXEL), is_byte_stream=True)

    book = analysts()
    part = graft(book, book_of(draw), "It's")
    assert looks(opened(book.pack())["It's"])["charts"] == 1
    assert [book.read(name) for name in book.names if "/media/" in name] == [PIXEL] * 3
    chart = next(name for name in book.names if "/charts/" in name)
    assert book.read(chart).count(b"'It''s'!$A$1") == 2
    assert b"Re''view" not in book.read(chart)
    drawing = next(one.target for one in related(book, part) if one.kind == "drawing")
    assert [one.target for one in related(book, drawing) if one.kind == "hyperlink"] == ["#'It''s'!A2"]
    assert sorted(one.kind for one in related(book, part)) == ["drawing", "image", "vmlDrawing"]


def test_notes_have_numbers_of_their_own() -> None:
    book = analysts()
    for name in ("One", "Two"):
        graft(book, book_of(full), name)
    drawings = [book.read(name).decode() for name in book.names if name.endswith(".vml")]
    ids = [found for one in drawings for found in re.findall(r'id="_x0000_s(\d+)"', one)]
    assert sorted(ids) == ["1025", "2049", "3073"]
    assert [re.findall(r'data="(\d+)"', one) for one in drawings] == [["1"], ["2"], ["3"]]
    read = opened(book.pack())
    assert [
        read[name].comments if hasattr(read[name], "comments") else read[name]["B1"].comment.text for name in ("One", "Two")
    ] == [
        "a note",
        "a note",
    ]


def test_tables_have_names_and_numbers_that_no_other_has() -> None:
    book = analysts()
    for name in ("One", "Two"):
        graft(book, book_of(full), name)
    roots = [book.read(name).decode() for name in book.names if "/tables/" in name]
    assert [re.search(r' id="(\d+)" name="(\w+)" displayName="(\w+)"', one).groups() for one in roots] == [
        ("1", "tblReview", "tblReview"),
        ("2", "tblReview_2", "tblReview_2"),
        ("3", "tblReview_3", "tblReview_3"),
    ]
    assert opened(book.pack())["Two"]["B4"].value == "='Two'!A1&COUNTA(tblReview_3[Owner])&\"'Re''view'!A1\""
    assert opened(book.pack())["Two"]["C7"].value == "=ROWS(tblReview_3[Owner])"


def test_links_lead_to_the_new_name_or_to_a_sheet_that_is_there_or_nowhere() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        for row, target in enumerate(
            ("internal:'Re''view'!B3", "internal:Other!A1", "internal:controls!B2", "https://example.com/")
        ):
            sheet.write_url(row, 0, target, string=f"link {row}")

    book = analysts()
    graft(book, book_of(draw, others=("Other",)), "Found")
    assert looks(opened(book.pack())["Found"])["links"] == [
        ("A1", "'Found'!B3", None),
        ("A3", "controls!B2", None),
        ("A4", None, "https://example.com/"),
    ]
    assert opened(book.pack())["Found"]["A2"].value == "link 1"


def test_a_filter_and_names_of_the_sheet_are_its_own() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["a", "b"])
        sheet.autofilter("A1:B5")
        book.define_name("Review!local", "=Review!$A$1+Controls!$A$1")

    book = analysts()
    graft(book, book_of(draw, name="Review", others=("Other",)), "Found")
    assert [(one.attributes, one.text) for one in Book(book).defined][1:] == [
        ({"name": "_xlnm._FilterDatabase", "localSheetId": "2", "hidden": "1"}, "'Found'!$A$1:$B$5"),
        ({"name": "local", "localSheetId": "2"}, "'Found'!$A$1+Controls!$A$1"),
    ]


# --- drop-downs ------------------------------------------------------------------------------------------------------


def choosing(source: str, choices: tuple[str, ...], *, named: bool = False) -> bytes:
    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        lists = book.get_worksheet_by_name("Lists")
        lists.hide()
        lists.write_column(1, 2, choices)
        if named:
            book.define_name("lstChoices", f"=Lists!$C$2:$C${len(choices) + 1}")
        sheet.data_validation("A1:A9", {"validate": "list", "source": source})

    return book_of(draw, others=("Lists",))


@pytest.mark.parametrize(("source", "named"), [("=Lists!$C$2:$C$4", False), ("=lstChoices", True)])
def test_a_short_list_of_another_sheet_is_written_into_the_rule(source: str, named: object) -> None:
    book = analysts()
    graft(book, choosing(source, ("yes", "no & never", "later"), named=bool(named)), "Found")
    assert looks(opened(book.pack())["Found"])["inputs"] == [("A1:A9", "list", '"yes,no & never,later"', None)]
    assert [one.name for one in tabs(book)] == ["Controls", "Lists", "Found"]
    assert [one.get("name") for one in Book(book).defined] == ["lstChoices"]


@pytest.mark.parametrize(
    ("source", "named", "formula"),
    [("=Lists!$C$2:$C$13", False, "'Lists (2)'!$C$2:$C$13"), ("=lstChoices", True, "lstChoices_2")],
)
def test_a_long_list_comes_along_on_a_hidden_sheet(source: str, named: object, formula: str) -> None:
    book = analysts()
    graft(book, choosing(source, LONG, named=bool(named)), "Found")
    assert looks(opened(book.pack())["Found"])["inputs"] == [("A1:A9", "list", formula, None)]
    assert [(one.name, one.state) for one in tabs(book)][2:] == [("Found", "visible"), ("Lists (2)", "hidden")]
    assert [cell.value for cell in opened(book.pack())["Lists (2)"]["C"][1:]] == list(LONG)
    if named:
        assert "'Lists (2)'!$C$2:$C$13" in [one.text for one in Book(book).defined]


def test_the_hidden_sheet_of_lists_goes_with_the_sheet_unless_somebody_uses_it() -> None:
    for used in (False, True):
        book = analysts()
        before = parts(book)
        graft(book, choosing("=lstChoices", LONG, named=True), "Found")
        if used:
            sheet = book.read("xl/worksheets/sheet2.xml")
            at = sheet.index(b"<sheetData/>")
            rows = b'<sheetData><row r="1"><c r="A1"><f>COUNTA(lstChoices_2)</f></c></row></sheetData>'
            book.put("xl/worksheets/sheet2.xml", sheet[:at] + rows + sheet[at + 12 :])
        remove_tab(book, "Found")
        assert [one.name for one in tabs(book)] == ["Controls", "Lists", *(["Lists (2)"] if used else [])]
        Styles(book).shed()
        if not used:
            assert parts(book) == before


# --- what cannot be done ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "said"), [("=Other!A1", "refers to sheet Other, which"), ("=SUM(tblOther[a])", "refers to table tblOther, which")]
)
def test_a_sheet_that_needs_another_is_refused_and_nothing_changes(formula: str, said: str) -> None:
    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        book.get_worksheet_by_name("Other").add_table("A1:A3", {"name": "tblOther", "columns": [{"header": "a"}]})
        sheet.write_formula(0, 0, formula)

    book = analysts()
    with pytest.raises(EditRefused, match=said):
        graft(book, book_of(draw, others=("Other",)), "Found")
    assert book.changes() == ()
    add_tab(book, "Other", plain_sheet([["a"]]))
    if "table" not in said:
        graft(book, book_of(draw, others=("Other",)), "Found")
        assert opened(book.pack())["Found"]["A1"].value == "=Other!A1"


@pytest.mark.parametrize(("name", "said"), [("controls", "already"), ("a/b", "cannot hold"), ("", "1 to 31")])
def test_a_bad_name_is_refused_and_nothing_changes(name: str, said: str) -> None:
    book = analysts()
    with pytest.raises(EditRefused, match=said):
        graft(book, book_of(full), name)
    with pytest.raises(EditRefused, match="no sheet 'Nowhere'"):
        graft(book, book_of(full), "Found", source="Nowhere")
    assert book.changes() == ()


def test_a_sheet_that_another_program_fills_is_refused() -> None:
    for feature in ("pivot", "controls", "threads"):
        with pytest.raises(EditRefused, match="cannot be carried"):
            graft(analysts(), SAMPLES[feature].data, "Found", source="Pivot" if feature == "pivot" else "Controls")


# --- replacing -------------------------------------------------------------------------------------------------------


def test_a_sheet_takes_the_place_the_name_and_the_marks_of_another() -> None:
    book = analysts()
    graft(book, book_of(full), "Found")
    mark(book, "Found", "_program.Review")
    add_tab(book, "Last", plain_sheet([]))
    old = tab(book, "Found")

    def draw(made: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write(0, 0, "new")
        sheet.add_table("A3:A5", {"name": "tblReview", "columns": [{"header": "x"}]})
        sheet.print_area("A1:B2")

    saved = Package(book.pack())
    for one in (book, saved):
        assert graft(one, book_of(draw), "Other name", replaces="FOUND") == old.part
        assert [tab(one, "Found"), [each.name for each in tabs(one)]] == [old, ["Controls", "Lists", "Found", "Last"]]
        assert marked(one, "_program.Review") == "Found"
        seen = looks(opened(one.pack())["Found"])
        assert (list(seen["tables"]), seen["page"][4], seen["cells"]["A1"][0], seen["inputs"]) == (
            ["tblReview_2"],
            "'Found'!$A$1:$B$2",
            "new",
            [],
        )
        assert [each.kind for each in related(one, old.part)] == ["table"]
        assert [each.get("name") for each in Book(one).defined] == ["lstChoices", "_program.Review", "_xlnm.Print_Area"]
        assert not [name for name in one.names if "comments2" in name or "vmlDrawing2" in name]


def test_the_same_sheet_once_more_changes_nothing() -> None:
    content = choosing("=lstChoices", LONG, named=True)
    book = analysts()
    graft(book, content, "Found")
    saved = Package(book.pack())
    graft(saved, content, "Found", replaces="Found")
    assert set(parts(saved)) == set(parts(book))
    assert {name: data for name, data in parts(saved).items() if name != "xl/workbook.xml"} == {
        name: data for name, data in parts(book).items() if name != "xl/workbook.xml"
    }
    assert companions_of(Book(saved), "Found") == ["lists (2)"]


def test_a_chain_of_calculation_that_names_the_sheet_goes_when_it_is_replaced() -> None:
    book = analysts()
    graft(book, book_of(full), "Found")
    main, found = main_part(book), tab(book, "Found")
    book.put("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="B4" i="{found.id}"/></calcChain>'.encode())
    relate(book, main, "calcChain", "xl/calcChain.xml")
    graft(book, book_of(full), "Found", replaces="Found")
    assert "calcChain" not in [one.kind for one in related(book, main)]


def test_where_the_structure_is_protected_a_sheet_is_replaced_but_none_is_added() -> None:
    book = Package(SAMPLES["locked-structure"].data)
    with pytest.raises(EditRefused, match="structure of the workbook is protected"):
        graft(book, book_of(full), "Found")
    with pytest.raises(EditRefused, match="structure of the workbook is protected"):
        graft(book, choosing("=lstChoices", LONG, named=True), "Found", replaces="Controls")
    assert book.changes() == ()
    graft(book, book_of(full), "Found", replaces="Controls")
    assert [one.name for one in tabs(book)] == ["Controls"]
    assert opened(book.pack())["Controls"]["A2"].value == "=1+1"


def test_formulas_of_others_go_on_looking_at_the_sheet_that_was_replaced() -> None:
    book = analysts()
    graft(book, book_of(full), "Found")
    add_tab(
        book,
        "Mine",
        plain_sheet([]).replace(b"<sheetData/>", b'<sheetData><row r="1"><c r="A1"><f>Found!A1</f></c></row></sheetData>'),
    )
    graft(book, book_of(full), "Found", replaces="Found")
    assert opened(book.pack())["Mine"]["A1"].value == "=Found!A1"
    with pytest.raises(EditRefused, match="sheet Mine refers to sheet Found"):
        remove_tab(book, "Found")


def test_what_people_hung_on_a_sheet_that_only_excel_can_move_keeps_it() -> None:
    sample = Package(SAMPLES["pivot"].data)
    holder = next(one.name for one in tabs(sample) if any(each.kind == "pivotTable" for each in related(sample, one.part)))
    with pytest.raises(EditRefused, match="holds a pivot table"):
        graft(sample, book_of(full), "Found", replaces=holder)
    assert sample.changes() == ()


# --- dialects --------------------------------------------------------------------------------------------------------


def test_in_a_strict_workbook_the_sheet_and_its_parts_are_strict() -> None:
    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        full(book, sheet)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "='Re''view'!$A$1:$A$3"})
        sheet.insert_chart("C1", chart)

    book = Package(SAMPLES["nothing-strict"].data)
    before = set(book.names)
    graft(book, book_of(draw), "Found")
    added = [name for name in book.names if name not in before and name.endswith((".xml", ".rels"))]
    assert len(added) == 7
    spaces = {space for name in added for space in re.findall(rb'(?:xmlns(?::\w+)?|Type)="([^"]+)"', book.read(name))}
    assert not [space for space in spaces if space.startswith(b"http://schemas.openxmlformats.org") and b"package/2006" not in space and b"markup" not in space]  # fmt: skip
    assert CalamineWorkbook.from_filelike(io.BytesIO(book.pack())).get_sheet_by_name("Found").to_python()[1][:2] == [
        "=1+1",
        " two\nlines ",
    ]


@pytest.mark.parametrize("old_is_1904", [False, True])
def test_days_stay_the_days_they_are_when_the_workbooks_count_them_differently(old_is_1904: object) -> None:
    def draw(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_datetime(0, 0, dt.datetime(2026, 3, 31, 12), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
        sheet.write_number(0, 1, 46112)
        sheet.data_validation("A2", {"validate": "date", "criteria": ">", "value": dt.date(2020, 1, 1)})

    def nothing(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write(0, 0, 1)

    book = Package(book_of(nothing, date_1904=not old_is_1904))
    donor = book_of(draw, date_1904=old_is_1904)
    part = graft(book, donor, "Found")
    read = opened(book.pack())["Found"]
    assert (read["A1"].value, read["B1"].value) == (dt.datetime(2026, 3, 31, 12), 46112)  # noqa: DTZ001
    assert (b"<formula1>43831</formula1>" if old_is_1904 else b"<formula1>42369</formula1>") in book.read(part)


# --- laws ------------------------------------------------------------------------------------------------------------

FITTING = [one for one in workbooks() if one.name not in {"locked-structure", "odd-sheets"}]
"""The first must be refused, and calamine opens no workbook with the second's sheets of old macros."""
CONTENT = book_of(lambda book, sheet: (full(book, sheet), sheet.write(30, 0, "end")))


def lists_of(book: Package) -> set[str]:
    """The parts that list what there is: content types, the workbook with its relationships, and the formats."""
    main = main_part(book)
    named = ["[Content_Types].xml", main, rels_name(main), *(one.target for one in related(book, main) if one.kind == "styles")]
    return {found for found in map(book.find, named) if found}


def calamine_opens(data: bytes) -> bool:
    """It looks for the workbook under its usual name only."""
    return any(name.replace("\\", "/").lower() == "xl/workbook.xml" for name in Package(data).names)


@given(st.sampled_from(FITTING), st.booleans())
@settings(max_examples=60)
def test_grafting_changes_no_part_of_others_and_removing_gives_every_byte_back(sample, reopened: bool) -> None:  # noqa: FBT001
    book = Package(sample.data)
    before = parts(book)
    extra = [name for name in ("Controls",) if name not in [one.name for one in tabs(book)]]
    for name in extra:
        add_tab(book, name, plain_sheet([]))
    graft(book, CONTENT, "Grafted & found")
    packed = book.pack()
    assert {name for name, data in before.items() if book.read(name) != data} <= lists_of(book)
    if calamine_opens(sample.data):
        assert CalamineWorkbook.from_filelike(io.BytesIO(packed)).get_sheet_by_name("Grafted & found").to_python()[30][0] == "end"
    else:
        assert openpyxl.load_workbook(io.BytesIO(packed))["Grafted & found"]["A31"].value == "end"
    left = Package(packed) if reopened else book
    for name in ("grafted & FOUND", *extra):
        remove_tab(left, name)
    Styles(left).shed()
    assert parts(left) == before


@pytest.mark.rendering
def test_libreoffice_opens_a_workbook_with_grafted_sheets_and_sees_what_it_saw_before(tmp_path: Path) -> None:
    book = analysts()
    graft(book, book_of(full), "Found")
    graft(book, choosing("=lstChoices", LONG, named=True), "Choose")
    seen = {}
    for name, data, sheet in (("donor", book_of(full), "Re'view"), ("grafted", book.pack(), "Found")):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(data)
        command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
        subprocess.run([*command, "--outdir", str(tmp_path / "saved"), str(path)], check=True, capture_output=True, timeout=180)
        seen[name] = looks(openpyxl.load_workbook(tmp_path / "saved" / f"{name}.xlsx")[sheet])
    donor, grafted = seen.values()
    assert [cell[1:] for cell in grafted["cells"].values()] == [cell[1:] for cell in donor["cells"].values()]
    assert (grafted["rules"][0], grafted["widths"], grafted["heights"]) == (donor["rules"][0], donor["widths"], donor["heights"])

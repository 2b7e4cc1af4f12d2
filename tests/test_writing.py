"""What is declared is what stands in the file, for every reader; nothing that came from data is more than text."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from workbench.model import Coverage, OutputError, WorkbenchError
from workbench.writing import (
    Chart,
    Column,
    DataSheet,
    Formula,
    Headline,
    Link,
    Look,
    Neighbour,
    SummarySheet,
    Workbook,
    render,
    sheet_name,
    signed,
    write_workbook,
)
from workbench.writing.look import LINK, cell_style, extent, room

AS_OF = dt.date(2026, 11, 24)
NOON = dt.datetime.combine(dt.date(2026, 3, 1), dt.time(12))
COLUMNS = (
    Column("ID", 10, Look.ID, note="Stable"),
    Column("Text", 30, Look.LONG),
    Column("Status", 16, Look.STATUS, choices=("covered", "partial"), editable=True, note="How far"),
    Column("Due", 12, Look.DATE, editable=True),
    Column("Number", 10, Look.NUMBER),
    Column("More", 14),
)
ROWS = (
    ("5.10", "plain", Coverage.COVERED, dt.date(2026, 3, 1), 7, Formula("=1+1", 2)),
    ("A.5.1", "=1+1", "partial", None, 2.5, Link("https://example.com/a?b=1&c=2#d", "evidence")),
    ("AC-001", "+1 -1 @x", "their own word", NOON, None, Link("file:///etc/passwd", "a file")),
    ("AC-002", " two\nlines & <tags> ", "", dt.date(1850, 1, 1), 0, True),
    ("AC-003", "<r><t>not XML</t></r>", "none", pd.NaT, float("nan"), Formula('="a"&"b"', "ab")),
)


def midnight(*day):
    return dt.datetime.combine(dt.date(*day), dt.time())


def sheet(rows=ROWS, **more):
    return DataSheet(
        **(
            {
                "name": "Data",
                "title": "The data",
                "intro": "One row is one.",
                "columns": COLUMNS,
                "rows": rows,
                "table": "tblData",
            }
            | more
        )
    )


def texts(rows, name="Texts", table="tblTexts"):
    """A sheet of one column of text."""
    return DataSheet(name, "Texts", "", (Column("Text", 20),), [(row,) for row in rows], table)


def packed(*sheets, **more):
    return render(Workbook("Title", "Subject", tuple(sheets), **more), as_of=AS_OF)[0]


def opened(*sheets, **more):
    return openpyxl.load_workbook(io.BytesIO(packed(*sheets, **more)))


def rows_of(page, declared):
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=declared.heading_row + 1, max_row=declared.last_row)]


def part(content, name):
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


SUMMARY = SummarySheet("A title", "What it is.", facts=(("Input", "=acme.xlsx"),))


# --- cells -----------------------------------------------------------------------------------------------------------


def test_cells_are_what_was_declared_text_stays_text_and_dates_are_dates():
    page = opened(sheet())["Data"]
    assert rows_of(page, sheet()) == [
        ["5.10", "plain", "● Covered", midnight(2026, 3, 1), 7, "=1+1"],
        ["A.5.1", "=1+1", "◐ Partial", None, 2.5, "evidence"],
        ["AC-001", "+1 -1 @x", "their own word", NOON, None, "a file (file:///etc/passwd)"],
        ["AC-002", " two\nlines & <tags> ", None, "1850-01-01", 0, True],
        ["AC-003", "<r><t>not XML</t></r>", "○ None", None, None, '="a"&"b"'],
    ]
    assert [[cell.data_type for cell in row] for row in page.iter_rows(min_row=5, max_row=6)] == [
        ["s", "s", "s", "d", "n", "f"],
        ["s", "s", "s", "n", "n", "s"],
    ]


def test_another_reader_finds_the_same_and_the_cached_values_of_formulas():
    found = CalamineWorkbook.from_filelike(io.BytesIO(packed(sheet()))).get_sheet_by_name("Data").to_python(skip_empty_area=False)
    assert found[0][0] == "The data"
    assert found[3] == [column.heading for column in COLUMNS]
    assert [row[5] for row in found[4:]] == [2.0, "evidence", "a file (file:///etc/passwd)", True, "ab"]
    assert [row[0] for row in found[4:]] == ["5.10", "A.5.1", "AC-001", "AC-002", "AC-003"]


def plainly(declared):
    """The cells of a table written one by one with XlsxWriter's own calls."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet(declared.name)
    for c, column in enumerate(declared.columns):
        for r, row in enumerate(declared.rows, declared.heading_row):
            write_plainly(book, page, r, c, column, row[c])
    book.close()
    return openpyxl.load_workbook(stream)[declared.name]


def write_plainly(book, page, r, c, column, value):
    editable = column.editable and not isinstance(value, Formula)
    style = cell_style(column.look, editable=editable, tinted=not column.quiet, number_format=column.number_format)
    if isinstance(value, Link):
        safe = value.target.startswith("https")
        value = value.text if safe else f"{value.text} ({value.target})"
        style |= LINK if safe else {}
    if isinstance(value, str):
        value = signed(value) if column.look is Look.STATUS else str(value)
        style |= {"quote_prefix": True} if value.startswith(("=", "+")) else {}
    look = book.add_format(style)
    if value is None or value == "" or pd.isna(value) is True:
        page.write_blank(r, c, None, look)
    elif isinstance(value, Formula):
        page.write_formula(r, c, value.text, look, value.value)
    elif isinstance(value, bool):
        page.write_boolean(r, c, value, look)
    elif isinstance(value, str):
        page.write_string(r, c, value, look)
    elif isinstance(value, dt.date):
        page.write_datetime(r, c, value, look)
    else:
        page.write_number(r, c, value, look)


PARTS = ("value", "data_type", "number_format", "font", "fill", "border", "alignment", "protection", "quotePrefix")


def test_the_bulk_path_gives_the_cells_and_styles_that_xlsxwriter_gives():
    # Without the date that no Excel knows and the text that XlsxWriter takes for its own XML: there it would not agree.
    declared = sheet(
        [row for row in ROWS if row[0] not in ("AC-002", "AC-003")]
        + [("x", "two\nlines & <tags>", "none", pd.NaT, float("nan"), Formula('="a"&"b"', "ab"))]
    )
    ours, theirs = opened(declared)["Data"], plainly(declared)
    for r in range(declared.heading_row + 1, declared.last_row + 1):
        for c in range(1, len(COLUMNS) + 1):
            mine, other = ours.cell(r, c), theirs.cell(r, c)
            assert {name: repr(getattr(mine, name)) for name in PARTS} == {name: repr(getattr(other, name)) for name in PARTS}, (
                mine
            )


def test_text_that_a_person_could_turn_into_a_formula_by_editing_is_prefixed():
    wild = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "|x", "=cmd|' /C calc'!A1"]
    page = opened(texts([*wild, "plain", "– Not applicable"]))["Texts"]
    assert [page.cell(r, 1).quotePrefix for r in range(4, 13)] == [True] * 7 + [False] * 2
    assert [page.cell(r, 1).data_type for r in range(4, 13)] == ["s"] * 9
    assert [page.cell(r, 1).value for r in range(4, 11)] == wild


@settings(max_examples=60)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1),
        min_size=1,
        max_size=20,
    )
)
def test_any_text_comes_back_as_it_went_in(words):
    found = (
        CalamineWorkbook.from_filelike(io.BytesIO(packed(texts(words))))
        .get_sheet_by_name("Texts")
        .to_python(skip_empty_area=False)
    )
    assert [row[0] for row in found[3:]] == words


def test_line_breaks_tabs_and_outer_spaces_come_back():
    words = ["a\nb", "\n", "a\tb", " a ", "a  b", "_x0041_", "&amp;", "]]>"]
    page = opened(texts(words))["Texts"]
    got = [page.cell(r, 1).value for r in range(4, 12)]
    assert [word.replace("_x005F_", "_") for word in got] == words


def test_control_characters_are_shown_as_signs_and_said():
    content, remarks = render(
        Workbook("T", "S", (texts(["a\x01b", "c\x7f", "\ud800x", "\uffff", "fine", "\r\nx"]),)), as_of=AS_OF
    )
    page = openpyxl.load_workbook(io.BytesIO(content))["Texts"]
    assert [page.cell(r, 1).value for r in range(4, 10)] == ["a␁b", "c␡", "\ufffdx", "\ufffd", "fine", "\nx"]
    assert remarks == tuple(f"Texts!A{r}: control characters are shown as signs" for r in (4, 5, 6, 7))


def test_every_control_character_of_the_plane_gives_a_file_that_opens():
    words = [f"a{chr(code)}b" for code in [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0xD800, 0xDFFF, 0xFEFF, 0xFFFE, 0xFFFF]]
    page = opened(texts(words))["Texts"]
    assert all(len(page.cell(r, 1).value) == 3 for r in range(4, 4 + len(words)))


def test_text_longer_than_a_cell_is_cut_visibly_and_said():
    content, remarks = render(Workbook("T", "S", (texts(["x" * 32_767, "y" * 32_768, "😀" * 20_000]),)), as_of=AS_OF)
    page = openpyxl.load_workbook(io.BytesIO(content))["Texts"]
    whole, cut, wide = (page.cell(r, 1).value for r in (4, 5, 6))
    assert whole == "x" * 32_767
    assert cut.startswith("yyy")
    assert "cut here: Excel holds 32,767 characters in a cell and the text has 32,768" in cut[-150:]
    assert [len(word.encode("utf-16-le")) // 2 <= 32_767 for word in (cut, wide)] == [True, True]
    assert "\ufffd" not in wide
    assert remarks == (
        "Texts!A5: the text of 32,768 characters is cut to 32,767",
        "Texts!A6: the text of 40,000 characters is cut to 32,767",
    )


def test_the_summary_says_what_it_could_not_write_too():
    summary = SummarySheet("T", "S", facts=(("Input", "a\x00b"),), paragraphs=(("P", "<r>x</r>"), ("Q", "=1")))
    content, remarks = render(Workbook("T", "S", (summary,)), as_of=AS_OF)
    page = openpyxl.load_workbook(io.BytesIO(content))["Summary"]
    values = {cell.value: cell for row in page.iter_rows() for cell in row if cell.value}
    assert "a␀b" in values
    assert "<r>x</r>" in values
    assert values["=1"].data_type == "s"
    assert values["=1"].quotePrefix
    assert remarks == ("Summary!B4: control characters are shown as signs",)


def test_a_row_with_too_few_cells_is_a_bug_that_is_named():
    with pytest.raises(ValueError, match="a row of Data has not 6 cells"):
        packed(sheet([("only", "two")]))


# --- links -----------------------------------------------------------------------------------------------------------

UNSAFE = (
    "file:///etc/passwd",
    "\\\\server\\share",
    "javascript:alert(1)",
    "ftp://x",
    "C:\\x.xlsx",
    "other.xlsx",
    "https://a b",
    "https://x/" + "y" * 2100,
)


@pytest.mark.parametrize("target", UNSAFE)
def test_a_target_that_no_deliverable_may_open_is_text(target):
    page = opened(texts([Link(target, "see")]))["Texts"]
    assert page["A4"].hyperlink is None
    assert page["A4"].value == f"see ({target})"


@pytest.mark.parametrize("target", ["https://example.com/a?b=c#d", "HTTP://example.com", "mailto:a@example.com"])
def test_web_and_mail_targets_are_links(target):
    content = packed(texts([Link(target)]))
    page = openpyxl.load_workbook(io.BytesIO(content))["Texts"]
    assert page["A4"].value == target
    scheme = target.partition(":")[0].lower()
    assert f'Target="{scheme}:' in part(content, "xl/worksheets/_rels/sheet1.xml.rels")


def test_a_link_leads_to_a_row_of_another_sheet_whatever_its_name():
    other = replace(sheet(), name="O'Neil & co")
    page = opened(other, texts([other.link("go", index=1)]))["Texts"]
    assert page["A4"].hyperlink.location == "'O''Neil & co'!A6"
    assert other.cell(1, "ID") == "A6"


def test_a_neighbour_is_a_relative_path_and_nothing_else():
    content = packed(texts([Neighbour("acme & co/acme-gap.xlsx", "open")]))
    assert 'Target="acme%20%26%20co/acme-gap.xlsx" TargetMode="External"' in part(content, "xl/worksheets/_rels/sheet1.xml.rels")
    for path in ("../x.xlsx", "/etc/passwd", "a\\b.xlsx", "http://x", "a//b"):
        with pytest.raises(WorkbenchError):
            packed(texts([Neighbour(path)]))


# --- the table -------------------------------------------------------------------------------------------------------


def test_each_data_sheet_is_one_table_with_its_name_frozen_below_the_heading_and_right_of_the_first_columns():
    page = opened(SUMMARY, sheet(freeze=2))["Data"]
    assert {table.name: table.ref for table in page.tables.values()} == {"tblData": "A4:F9"}
    assert page.tables["tblData"].autoFilter.ref == "A4:F9"
    assert page.freeze_panes == "C5"
    assert page.print_title_rows == "$4:$4"
    assert [page.cell(4, c).value for c in range(1, 7)] == [column.heading for column in COLUMNS]
    assert page["A1"].value == "The data"
    assert page["A3"].hyperlink.location == "'Summary'!A1"
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)


def test_ranges_and_cells_are_where_the_declaration_says():
    declared = sheet(name="ISO 27001")
    page = opened(declared)["ISO 27001"]
    assert declared.range("Number") == "'ISO 27001'!$E$5:$E$9"
    assert page["E5"].value == 7
    assert page[declared.cell(1, "Number")].value == 2.5
    with pytest.raises(KeyError):
        declared.range("number")


def test_an_empty_table_has_one_blank_row_and_blank_rows_can_be_asked_for():
    assert opened(sheet([]))["Data"].tables["tblData"].ref == "A4:F5"
    assert opened(sheet([], blank=20))["Data"].tables["tblData"].ref == "A4:F24"
    assert opened(sheet(blank=3))["Data"]["C12"].protection.locked is False


def test_headings_have_notes_and_editable_columns_drop_downs_with_a_message():
    page = opened(sheet())["Data"]
    assert [page.cell(4, c).comment.text if page.cell(4, c).comment else None for c in range(1, 7)] == [
        "Stable",
        None,
        "How far",
        None,
        None,
        None,
    ]
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    assert sorted(rules) == ["C5:C9", "D5:D9"]
    assert (rules["C5:C9"].formula1, rules["C5:C9"].prompt, rules["C5:C9"].errorStyle) == (
        '"● Covered,◐ Partial"',
        "How far",
        None,
    )
    assert rules["D5:D9"].type == "date"


def test_a_long_list_of_choices_stands_on_a_hidden_sheet_under_a_name():
    choices = tuple(f"Choice {number}, with a comma" for number in range(40))
    columns = (
        Column("A", 20, choices=choices, editable=True),
        Column("B", 20, choices=choices, editable=True, open_choices=True),
    )
    book = opened(replace(sheet(), columns=columns, rows=[(None, None)]), texts(["x"], "Lists"))
    assert book.sheetnames == ["Data", "Lists", "Lists (2)"]
    hidden = book["Lists (2)"]
    assert hidden.sheet_state == "hidden"
    assert [cell.value for cell in hidden["A"]][1:] == list(choices)
    assert book.defined_names["lstChoices1"].attr_text == "'Lists (2)'!$A$2:$A$41"
    rules = book["Data"].data_validations.dataValidation
    assert [(rule.formula1, rule.errorStyle) for rule in rules] == [("lstChoices1", None), ("lstChoices1", "warning")]


def test_colours_follow_the_text_of_a_status():
    rules = opened(sheet())["Data"].conditional_formatting
    found = {
        rule.formula[0]: rule.dxf.fill.bgColor.rgb if rule.dxf.fill else rule.dxf.font.color.rgb
        for group in rules
        for rule in group.rules
    }
    assert found == {
        'LEFT(C5,1)="●"': "FFD6E6F4",
        'LEFT(C5,1)="◐"': "FFFBE6C8",
        'LEFT(C5,1)="◔"': "FFEFEFEF",
        'LEFT(C5,1)="○"': "FFF6CFC0",
        'LEFT(C5,1)="–"': "FF808080",
    }


def test_a_protected_sheet_has_no_password_and_leaves_editable_cells_open():
    page = opened(sheet(protect=True))["Data"]
    assert page.protection.sheet
    assert page.protection.password is None
    assert (page.protection.autoFilter, page.protection.sort, page.protection.formatColumns) == (False, False, False)
    assert [page.cell(5, c).protection.locked for c in range(1, 7)] == [True, True, False, False, True, True]
    assert page["C5"].fill.fgColor.rgb == "FFFFFBE6"


def test_folded_columns_are_an_outline_that_can_be_opened():
    columns = (*COLUMNS, Column("Part", 8, Look.SCORE, outline=True))
    page = opened(sheet([(*row, 0.5) for row in ROWS], columns=columns))["Data"]
    dimension = page.column_dimensions["G"]
    assert (dimension.hidden, dimension.outlineLevel) == (True, 1)
    assert page.column_dimensions["H"].collapsed


def test_neighbouring_heat_columns_share_one_scale():
    columns = (Column("X"), Column("A", look=Look.HEAT), Column("B", look=Look.HEAT), Column("C", look=Look.NUMBER))
    page = opened(sheet([("x", 1, 2, 3)], columns=columns))["Data"]
    assert [str(group.sqref) for group in page.conditional_formatting] == ["B5:C5"]


def test_ids_are_text_and_excel_is_told_not_to_complain():
    content = packed(sheet())
    page = openpyxl.load_workbook(io.BytesIO(content))["Data"]
    assert (page["A5"].value, page["A5"].number_format) == ("5.10", "@")
    assert '<ignoredError sqref="A5:F9" numberStoredAsText="1"/>' in part(content, "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("AC-001", 10, 1), ("x" * 60, 60, 1), ("word " * 40, 60, 3), ("a\n\nb", 20, 3), ("WIDE LETTERS " * 6, 60, 2), ("", 5, 1)],
)
def test_rows_are_estimated_high_enough(text, width, lines):
    assert room(width).lines(extent(text)) == lines


def test_a_row_is_as_high_as_its_highest_cell_and_can_still_be_fitted_again():
    long = "word " * 60
    content = packed(sheet([("a", long, "", None, 1, ""), ("b", "short", "", None, 1, "")]))
    page = openpyxl.load_workbook(io.BytesIO(content))["Data"]
    assert page.row_dimensions[5].height > 5 * 13
    assert page.row_dimensions[6].height < 17
    assert "customHeight" not in part(content, "xl/worksheets/sheet1.xml")


# --- the summary -----------------------------------------------------------------------------------------------------


def summary(data):
    number = Formula(f"=COUNTA({data.range('ID')})", 5)
    return SummarySheet(
        "A title",
        "What it is.",
        facts=(("Input", "acme.xlsx"), ("As of", AS_OF)),
        headlines=(Headline("Figure", number, 10, "meaning"), Headline("Count", number), Headline("None", 0, 0)),
        paragraphs=(("Words", "one\ntwo"),),
        charts=(Chart("Chart", "Group", ("covered", "none"), (("a", (1, number)), ("b", (0, 2))), "what it shows"),),
        links=((data.link(), "the rows"),),
    )


def test_the_workbook_opens_on_a_summary_with_live_figures():
    book = opened(summary(sheet()), sheet())
    page = book["Summary"]
    values = [[cell.value for cell in row[:5]] for row in page.iter_rows()]
    assert book.active.title == "Summary"
    assert values[0][0] == "A title"
    assert ["Figure", "=COUNTA('Data'!$A$5:$A$9)", 10, "=IF(C8=0,0,B8/C8)", "meaning"] in values
    assert ["Count", "=COUNTA('Data'!$A$5:$A$9)", None, None, None] in values
    row = next(number for number, row in enumerate(values, 1) if row[0] == "a")
    assert values[row - 1][1:4] == [1, "=COUNTA('Data'!$A$5:$A$9)", f"=SUM(B{row}:C{row})"]
    assert not page.sheet_view.showGridLines


def test_the_summarys_cached_values_are_the_figures():
    found = (
        CalamineWorkbook.from_filelike(io.BytesIO(packed(summary(sheet()), sheet())))
        .get_sheet_by_name("Summary")
        .to_python(skip_empty_area=False)
    )
    by_label = {row[0]: row[1:4] for row in found if row[0]}
    assert by_label["Figure"] == [5.0, 10.0, 0.5]
    assert by_label["None"] == [0.0, 0.0, 0.0]
    assert by_label["a"] == [1.0, 5.0, 6.0]


def test_a_chart_is_native_horizontal_stacked_and_has_words_for_who_cannot_see_it():
    content = packed(summary(sheet()), sheet())
    chart, drawing = part(content, "xl/charts/chart1.xml"), part(content, "xl/drawings/drawing1.xml")
    assert '<c:barDir val="bar"/><c:grouping val="stacked"/>' in chart
    assert 'descr="what it shows"' in drawing
    assert re.findall(r"<c:v>(\d+)</c:v>", chart) == ["1", "0", "5", "2"]
    assert re.findall(r'srgbClr val="(1F5F99|D55E00)"', chart) == ["1F5F99", "D55E00"]


def test_a_category_in_a_formula_is_the_cell_that_holds_it():
    data = sheet()
    chart = Chart("C", "Group", ("x",), (("a=b*", (Formula(f"=SUMPRODUCT(--({data.range('ID')}={{category}}))", 0),)),), "alt")
    page = opened(replace(summary(data), charts=(chart,)), data)["Summary"]
    row = next(cell.row for cell in page["A"] if cell.value == "a=b*")
    assert page.cell(row, 2).value == f"=SUMPRODUCT(--('Data'!$A$5:$A$9=$A{row}))"


def test_the_footer_and_the_properties_say_classification_version_state_and_date():
    book = opened(SUMMARY, organization="R&D", version="1.2", classification="Confidential", custom={"Approver": "CISO"})
    page, properties = book["Summary"], book.properties
    assert page.oddFooter.left.text == "Confidential · R&&D"
    assert page.oddFooter.center.text == "Title · version 1.2 · Draft"
    assert page.oddFooter.right.text == "2026-11-24 · page &P of &N"
    assert (properties.title, properties.subject, properties.created) == ("Title", "Subject", midnight(2026, 11, 24))
    custom = {one.name: one.value for one in book.custom_doc_props.props}
    assert custom == {"Version": "1.2", "State": "Draft", "Classification": "Confidential", "Approver": "CISO"}


def test_a_footer_of_long_words_stays_within_what_excel_allows():
    long = "&" * 200
    content = packed(SUMMARY, organization=long, version=long, classification=long)
    footer = re.search(r"<oddFooter>(.*?)</oddFooter>", part(content, "xl/worksheets/sheet1.xml")).group(1)
    assert len(footer.replace("&amp;", "&")) <= 255


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "taken", "name"),
    [
        ("Controls", (), "Controls"),
        ("a[b]:c*?/\\d", (), "a-b--c----d"),
        ("History", (), "History (2)"),
        ("'quoted'", (), "quoted"),
        ("x" * 40, (), "x" * 31),
        ("controls", ("Controls",), "controls (2)"),
        ("x" * 40, ("X" * 31,), "x" * 27 + " (2)"),
        ("", (), "Sheet"),
        ("😀" * 20, (), "😀" * 15),
    ],
)
def test_any_text_gives_a_sheet_name_that_excel_accepts(text, taken, name):
    assert sheet_name(text, taken) == name


@given(st.text(), st.lists(st.text(), max_size=3))
def test_a_sheet_name_is_always_one(text, taken):
    name = sheet_name(text, taken)
    assert 1 <= len(name.encode("utf-16-le", "surrogatepass")) // 2 <= 31
    assert not set(name) & set("[]:*?/\\")
    assert name.casefold() not in {one.casefold() for one in taken}


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ((sheet(), sheet(table="tblOther")), "two sheets"),
        ((sheet(), sheet(name="Other")), "two tables"),
        ((sheet(table="A1"),), "no table name"),
    ],
)
def test_names_that_excel_would_repair_are_refused(sheets, words):
    with pytest.raises(ValueError, match=words):
        packed(*sheets)


# --- the file --------------------------------------------------------------------------------------------------------

BOOK = Workbook("Title", "Subject", (summary(sheet()), sheet()))


def test_the_same_declaration_gives_the_same_bytes_in_another_process(tmp_path):
    path = tmp_path / "x.xlsx"
    write_workbook(path, BOOK, as_of=AS_OF)
    code = (
        "import sys, hashlib; sys.path[:0] = ['.', 'tests']; import test_writing as t; "
        "print(hashlib.sha256(t.render(t.BOOK, as_of=t.AS_OF)[0]).hexdigest())"
    )
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        root = Path(__file__).parents[1]
        found = subprocess.run(
            [sys.executable, "-c", code], env=environment, cwd=root, capture_output=True, text=True, check=True
        )
        assert found.stdout.strip() == write_workbook(path, BOOK, as_of=AS_OF).sha256


def test_what_was_written_is_said(tmp_path):
    path = tmp_path / "x.xlsx"
    written = write_workbook(path, BOOK, as_of=AS_OF)
    assert (written.path, written.size, written.remarks) == (path, path.stat().st_size, ())
    assert [file.name for file in tmp_path.iterdir()] == ["x.xlsx"]


@pytest.mark.parametrize("broken", ["open", "fsync", "replace"])
def test_an_old_file_stays_whole_and_nothing_is_left_behind_when_writing_fails(tmp_path, monkeypatch, broken):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"old")

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if broken == "fsync" else Path, broken, fail)
    with pytest.raises(OutputError, match=r"x\.xlsx could not be written: No space left on device"):
        write_workbook(path, BOOK, as_of=AS_OF)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["x.xlsx"]


def test_a_file_that_is_open_in_excel_is_told_so_in_one_line(tmp_path, monkeypatch):
    def fail(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="Is it open in Excel") as refused:
        write_workbook(tmp_path / "x.xlsx", BOOK, as_of=AS_OF)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_links_and_folders_are_never_written_to(tmp_path):
    target = tmp_path / "target.xlsx"
    target.write_bytes(b"theirs")
    link = tmp_path / "link.xlsx"
    link.symlink_to(target)
    for path in (link, tmp_path):
        with pytest.raises(OutputError, match="no regular file"):
            write_workbook(path, BOOK, as_of=AS_OF)
    assert target.read_bytes() == b"theirs"


def test_a_missing_folder_is_an_output_that_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="No such file or directory"):
        write_workbook(tmp_path / "none" / "x.xlsx", BOOK, as_of=AS_OF)


def test_signs_stand_before_the_words_they_belong_to():
    words = ("covered", "partial", "planned", "none", "not applicable", "error", "warning", "note", "something else")
    assert [signed(word) for word in words] == [
        "● Covered", "◐ Partial", "◔ Planned", "○ None", "– Not applicable", "■ error", "▲ warning", "○ note", "something else",
    ]  # fmt: skip

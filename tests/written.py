"""Workbooks that XlsxWriter and openpyxl write, with everything that they can make around a sheet of controls in A1:F9."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter
from handmade import CONTROLS, HEADINGS
from handmade_objects import PNG

NOON = dt.datetime.combine(dt.date(2026, 3, 1), dt.time(12))
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}

Book = xlsxwriter.Workbook
Sheet = Any
WRITTEN: dict[str, tuple[Callable[[], bytes], str]] = {}


def pen(**options: Any) -> Callable[[Callable[[Book, Sheet], None]], Callable[[Book, Sheet], None]]:
    """Registers a function that adds to a workbook of XlsxWriter's."""

    def register(add: Callable[[Book, Sheet], None]) -> Callable[[Book, Sheet], None]:
        WRITTEN[f"xlsxwriter-{add.__name__.replace('_', '-')}"] = (lambda: _pages(add, options), (add.__doc__ or "").strip())
        return add

    return register


def _pages(add: Callable[[Book, Sheet], None], options: Mapping[str, Any]) -> bytes:
    out = io.BytesIO()
    book = Book(out, {**OPTIONS, "in_memory": True, **options})
    book.set_properties({"created": NOON})
    sheet = book.add_worksheet("Controls")
    if add.__name__ != "hand_over_rows":
        for number, row in enumerate((HEADINGS, *CONTROLS)):
            sheet.write_row(number, 0, row)
    add(book, sheet)
    book.close()
    return out.getvalue()


@pen()
def plain(book: Book, sheet: Sheet) -> None:
    """Rows and nothing else."""


@pen(in_memory=False, constant_memory=True)
def constant_memory(book: Book, sheet: Sheet) -> None:
    """Every string in its cell."""


@pen(date_1904=True)
def date_1904(book: Book, sheet: Sheet) -> None:
    """Dates count from 1904."""
    sheet.write_datetime("H2", NOON, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))


@pen()
def rich_formats(book: Book, sheet: Sheet) -> None:
    """Every kind of look a cell can have, on cells, rows and columns."""
    looks = (
        {
            "bold": True,
            "italic": True,
            "underline": 33,
            "font_strikeout": True,
            "font_color": "#C00000",
            "font_size": 14,
            "font_name": "Arial",
        },
        {"bg_color": "#FFF2CC", "pattern": 4, "fg_color": "#00FF00"},
        {"border": 6, "border_color": "blue", "diag_type": 3, "diag_border": 2},
        {
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "rotation": 45,
            "indent": 2,
            "shrink": True,
            "reading_order": 2,
        },
        {"num_format": '[$€-407] #,##0.00;[Red]-#,##0.00 "x>y"', "locked": False, "hidden": True, "quote_prefix": True},
        {"font_script": 1, "checkbox": False},
    )
    for number, look in enumerate(looks):
        sheet.write_number(number + 1, 7, number / 3, book.add_format(look))
        sheet.write_blank(number + 1, 8, None, book.add_format(look))
    sheet.set_row(5, 40, book.add_format({"bg_color": "#EEEEEE"}))
    sheet.set_column("E:E", 30, book.add_format({"italic": True}))
    sheet.set_column("G:XFD", None, None, {"hidden": False})


@pen()
def rich_strings(book: Book, sheet: Sheet) -> None:
    """Runs of bold and coloured text, also in the cell to edit."""
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    sheet.write_rich_string("D4", "A.", bold, "9", red, ".2 ", "<5>")
    sheet.write_rich_string("C5", bold, " CC8", ".1\nand ", red, "more ")


@pen()
def chart_kinds(book: Book, sheet: Sheet) -> None:
    """Every kind of chart, some combined, with formats and data labels."""
    kinds = ["area", "bar", "column", "line", "pie", "doughnut", "scatter", "stock", "radar"]
    sheet.write_column("H2", range(8))
    for number, kind in enumerate(kinds):
        chart = book.add_chart({"type": kind})
        for _ in range(3 if kind == "stock" else 1):
            chart.add_series(
                {"categories": "=Controls!$A$2:$A$9", "values": "=Controls!$H$2:$H$9", "data_labels": {"value": True}}
            )
        chart.set_title({"name": f"{kind} <&>"})
        sheet.insert_chart(12 + 15 * number, 1, chart)
    first, second = book.add_chart({"type": "column", "subtype": "stacked"}), book.add_chart({"type": "line"})
    first.add_series({"values": "=Controls!$H$2:$H$9", "trendline": {"type": "linear"}})
    second.add_series({"values": "=Controls!$H$2:$H$9", "y2_axis": True, "marker": {"type": "automatic"}})
    first.combine(second)
    sheet.insert_chart("N12", first)


@pen()
def chartsheets(book: Book, sheet: Sheet) -> None:
    """Chart sheets around the data."""
    for _ in range(2):
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Controls!$A$2:$A$9"})
        book.add_chartsheet().set_chart(chart)
    book.add_worksheet("Last").write("A1", 1)


@pen()
def images(book: Book, sheet: Sheet) -> None:
    """Pictures on the sheet, in a cell, behind the cells, in header and footer."""
    picture = {"image_data": io.BytesIO(PNG)}
    sheet.insert_image("H2", "a.png", {**picture, "description": "x & y", "url": "https://example.com/?a=1&b=2"})
    sheet.embed_image("H9", "b.png", {"image_data": io.BytesIO(PNG)})
    sheet.set_background(io.BytesIO(PNG))
    sheet.set_header("&L&G", {"image_left": "h.png", "image_data_left": io.BytesIO(PNG)})
    sheet.set_footer("&R&P", {"margin": 0.4})


@pen()
def shapes(book: Book, sheet: Sheet) -> None:
    """Text boxes, buttons, tick boxes."""
    sheet.insert_textbox("H2", "Legend\n<of> colours", {"font": {"bold": True}, "fill": {"color": "#FFFFCC"}})
    sheet.insert_button("H8", {"macro": "Macro1", "caption": "Go", "width": 80})
    sheet.insert_checkbox("G2", True)
    sheet.insert_checkbox("G3", False)


@pen()
def notes(book: Book, sheet: Sheet) -> None:
    """Notes by several authors, visible and not, far and near."""
    for row, column in ((2, 1), (8, 5), (200, 30)):
        sheet.write_comment(
            row, column, f"note <{row}> & 'so' on", {"author": f"Author {row % 3}", "visible": row == 2, "color": "#DDEBF7"}
        )
    sheet.set_comments_author("Ann")


@pen()
def conditional_formats(book: Book, sheet: Sheet) -> None:
    """Every kind of conditional format, among them data bars and icon sets of 2010."""
    look = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
    sheet.write_column("G2", range(8))
    kinds = (
        {"type": "cell", "criteria": "between", "minimum": 1, "maximum": 3, "format": look},
        {"type": "text", "criteria": "containing", "value": 'a"b', "format": look},
        {"type": "date", "criteria": "last week", "format": look},
        {"type": "time_period", "criteria": "today", "format": look},
        {"type": "average", "criteria": "above", "format": look},
        {"type": "duplicate", "format": look},
        {"type": "top", "value": 2, "format": look},
        {"type": "blanks", "format": look, "stop_if_true": True},
        {"type": "no_errors", "format": look},
        {"type": "formula", "criteria": '=$F2<>"<&>"', "format": look},
        {"type": "2_color_scale"},
        {"type": "3_color_scale", "mid_type": "percentile"},
        {"type": "data_bar"},
        {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_axis_position": "middle"},
        {"type": "icon_set", "icon_style": "3_flags", "reverse_icons": True},
        {"type": "icon_set", "icon_style": "5_ratings", "icons": [{"criteria": ">", "type": "formula", "value": "=$H$1"}]},
    )
    for kind in kinds:
        if kind.get("criteria") != "last week" or kind["type"] != "date":
            sheet.conditional_format("G2:G9", kind)
    sheet.conditional_format(
        "A2:F9", {"type": "formula", "criteria": "=LEN($A2)=0", "format": look, "multi_range": "A2:B9 D2:F9"}
    )


@pen()
def validations(book: Book, sheet: Sheet) -> None:
    """Every kind of validation, one list from another sheet."""
    book.add_worksheet("Lists").write_column("A1", ["Implemented", "Planned"])
    sheet.data_validation(
        "F2:F9", {"validate": "list", "source": "=Lists!$A$1:$A$2", "input_title": "State", "input_message": "one <of> the list"}
    )
    sheet.data_validation("E2:E9", {"validate": "list", "source": ["IT", 'H"R', "R&D"], "error_type": "warning"})
    sheet.data_validation("G2:G9", {"validate": "date", "criteria": ">", "value": NOON.date()})
    sheet.data_validation("H2:H9", {"validate": "custom", "value": '=AND(LEN(H2)>2,H2<>"")', "ignore_blank": False})
    sheet.data_validation("B2", {"validate": "length", "criteria": "<", "value": 300, "other_cells": [[3, 1, 8, 1]]})


def _columns(**last: Any) -> list[dict[str, Any]]:
    return [*({"header": one} for one in HEADINGS[:-1]), {"header": HEADINGS[-1], **last}]


@pen()
def table(book: Book, sheet: Sheet) -> None:
    """The controls are a table with a style and a name."""
    sheet.add_table("A1:F9", {"columns": _columns(), "name": "Controls_1", "style": "Table Style Light 11"})


@pen()
def table_with_totals(book: Book, sheet: Sheet) -> None:
    """A table with a totals row."""
    sheet.add_table("A1:F10", {"columns": _columns(total_function="count"), "total_row": True})


@pen()
def table_with_formulas(book: Book, sheet: Sheet) -> None:
    """A table whose last column is calculated."""
    columns = [*_columns(), {"header": "Length", "formula": "=LEN([@[Control name]])"}]
    sheet.add_table("A1:G9", {"columns": columns, "banded_columns": True, "first_column": True})


@pen()
def table_without_filter(book: Book, sheet: Sheet) -> None:
    """A table without buttons, and one without a heading elsewhere."""
    sheet.add_table("A1:F9", {"columns": _columns(), "autofilter": False})
    sheet.add_table("J3:K6", {"header_row": False})


@pen()
def filters(book: Book, sheet: Sheet) -> None:
    """An autofilter with filters applied and rows hidden."""
    sheet.autofilter("A1:F9")
    sheet.filter_column_list("F", ["Implemented", "Planned"])
    sheet.filter_column("B", "x == *a*")
    for row in (4,):
        sheet.set_row(row, None, None, {"hidden": True})


@pen()
def sparklines(book: Book, sheet: Sheet) -> None:
    """Sparklines of all kinds."""
    sheet.add_sparkline("H2", {"range": "A2:F2"})
    sheet.add_sparkline("H3", {"range": "A3:F3", "type": "column", "style": 12, "markers": True})
    sheet.add_sparkline(
        "I2", {"location": ["I2", "I3"], "range": ["A2:F2", "A3:F3"], "type": "win_loss", "negative_points": True}
    )


@pen()
def names(book: Book, sheet: Sheet) -> None:
    """Defined names of the workbook and of sheets, print areas and titles."""
    book.add_worksheet("More & more").print_area("A1:C3")
    book.define_name("All", "=Controls!$A$2:$A$9")
    book.define_name("Controls!Here", "=Controls!$A$1")
    book.define_name("'More & more'!There", "='More & more'!$A$1")
    sheet.print_area("A1:F9")
    sheet.repeat_rows(0)
    sheet.repeat_columns("A:B")


@pen()
def printing(book: Book, sheet: Sheet) -> None:
    """Paper, margins, breaks, scaling, header and footer."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header("&CPage &P of &N && <more>")
    sheet.set_h_pagebreaks([3, 6])
    sheet.set_v_pagebreaks([2])
    sheet.hide_gridlines(2)
    sheet.center_horizontally()
    sheet.print_row_col_headers()


@pen()
def outlines(book: Book, sheet: Sheet) -> None:
    """Grouped and collapsed rows and columns, hidden ones, default heights."""
    sheet.set_column("C:D", 15, None, {"level": 1, "hidden": True})
    sheet.set_column("E:E", None, None, {"collapsed": True})
    for row in range(3, 6):
        sheet.set_row(row, 20, None, {"level": 2, "hidden": row == 5})
    sheet.set_default_row(18, hide_unused_rows=True)
    sheet.outline_settings(visible=True, symbols_below=False, symbols_right=True, auto_style=True)


@pen()
def panes(book: Book, sheet: Sheet) -> None:
    """Frozen and split panes, selections, zoom, right to left, tab colours, a first sheet."""
    sheet.freeze_panes(1, 2)
    sheet.set_selection("D4:E5")
    sheet.set_zoom(75)
    sheet.set_tab_color("#FF9900")
    other = book.add_worksheet("Split")
    other.split_panes(30, 20)
    other.right_to_left()
    other.activate()
    other.set_first_sheet()


@pen()
def hidden_sheets(book: Book, sheet: Sheet) -> None:
    """Hidden and very hidden sheets before and behind."""
    book.add_worksheet("Hidden").hide()
    book.add_worksheet("Very hidden").very_hidden()
    book.add_worksheet("Seen").write("A1", "x")


@pen()
def unlocked(book: Book, sheet: Sheet) -> None:
    """Another sheet is protected, this one not, with unlocked cells and ranges named."""
    other = book.add_worksheet("Locked")
    other.write("A1", 1)
    other.protect("secret", {"format_cells": True})
    other.unprotect_range("A1:A3", "mine")


@pen()
def formulas(book: Book, sheet: Sheet) -> None:
    """Formulas of all kinds: plain, array, dynamic, of the future, with values of all types."""
    sheet.write_formula("H2", '=LEN(A2)&"<>"', None, "6<>")
    sheet.write_formula("H3", "=1/0", None, "#DIV/0!")
    sheet.write_formula("H4", "=TRUE", None, True)
    sheet.write_array_formula("I2:I4", "{=ROW(A1:A3)}", None, 1)
    sheet.write_dynamic_array_formula("J2:J4", "=SORT(A2:A4)", None, "AC-001")
    sheet.write_formula("K2", "=LAMBDA(_xlpm.x,_xlpm.x+1)(1)", None, 2)


@pen()
def links(book: Book, sheet: Sheet) -> None:
    """Links with tips and anchors, inside and outside."""
    sheet.write_url("B3", "https://example.com/a b?c=1&d=<2>#e", string="web", tip='say "hi"')
    sheet.write_url("B4", "internal:'Controls'!A1")
    sheet.write_url("B5", "mailto:ann@example.com")
    sheet.write_url("H5", r"external:c:\temp\other book.xlsx#Sheet1!A1")


@pen()
def macros(book: Book, sheet: Sheet) -> None:
    """A macro project and code names."""
    book.add_vba_project(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 project"), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    sheet.set_vba_name("Sheet1")


@pen()
def properties(book: Book, sheet: Sheet) -> None:
    """Custom properties of all types, documented core ones, read-only recommended."""
    for name, value in (("Version", "1 & 2"), ("Count", 7), ("Share", 0.5), ("Final", True), ("When", NOON)):
        book.set_custom_property(name, value)
    book.set_properties({"title": "<T>", "author": "Ann", "created": NOON, "keywords": "a; b", "comments": "é"})
    book.read_only_recommended()
    book.set_size(1200, 800)
    book.set_calc_mode("manual")


@pen()
def merged(book: Book, sheet: Sheet) -> None:
    """Merged cells above nothing and beside."""
    look = book.add_format({"align": "center"})
    sheet.merge_range("H2:J3", "merged", look)
    sheet.merge_range("H5:H9", 5, look)


@pen()
def odd_texts(book: Book, sheet: Sheet) -> None:
    """Texts that look like formulas, escapes and control characters, long texts, spaces."""
    texts = (
        "=1+1",
        "_x000D_",
        "a\rb\tc\n",
        "\x01\x1f",
        " lead and trail ",
        "x" * 32767,
        "]]>",
        "<!-- -->",
        "😀 e\u0301",
        "'quoted",
        "\ufffe"[:0] or "é",
    )
    sheet.write_column("H2", texts)


@pen()
def many_columns(book: Book, sheet: Sheet) -> None:
    """Cells in the last columns and rows that Excel has."""
    sheet.write("XFD1", "last column")
    sheet.write("A1048576", "last row")


@pen()
def ignored_errors(book: Book, sheet: Sheet) -> None:
    """Numbers as text that Excel should not complain of."""
    sheet.write_string("H2", "5.10")
    sheet.ignore_errors({"number_stored_as_text": "H2:H9 A1:A9", "eval_error": "C2"})


@pen()
def theme_of_today(book: Book, sheet: Sheet) -> None:
    """Many formats and many sheets."""
    for number in range(25):
        page = book.add_worksheet(f"Page {number}")
        page.write(number, number, number, book.add_format({"font_size": 8 + number, "num_format": f"0.{'0' * (number + 1)}"}))


@pen()
def hand_over_rows(book: Book, sheet: Sheet) -> None:
    """The table begins in B3 below a title, with empty columns and rows around."""
    sheet.write("B1", "All controls")
    for number, row in enumerate((HEADINGS, *CONTROLS), start=2):
        sheet.write_row(number, 1, row)
    sheet.write_row("A4", ["x"])
    sheet.write("D4", "A.9.2.5")


@pen()
def analysts_own(book: Book, sheet: Sheet) -> None:
    """Colours, notes, a table, a chart, drop-downs and formats together."""
    for add in (notes, table_with_formulas, validations, panes, names, printing, shapes):
        add(book, sheet)
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Controls!$G$2:$G$9"})
    sheet.insert_chart("J12", chart)

"""Workbooks that openpyxl writes, with everything that it can make around a sheet of controls in A1:F9."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
from handmade import CONTROLS, HEADINGS
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import AreaChart3D, BarChart, BubbleChart, LineChart, PieChart, Reference, Series, SurfaceChart
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule, FormulaRule, IconSetRule
from openpyxl.packaging.custom import BoolProperty, StringProperty
from openpyxl.styles import Alignment, Border, Font, GradientFill, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.scenario import InputCells, Scenario
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from written import WRITTEN

Book = openpyxl.Workbook
Add = Callable[[Book, Worksheet], None]


def other_pen(add: Add) -> Add:
    """Registers a function that adds to a workbook of openpyxl's."""
    WRITTEN[f"openpyxl-{add.__name__.replace('_', '-')}"] = (lambda: _pages(add), (add.__doc__ or "").strip())
    return add


def _pages(add: Add) -> bytes:
    book = Book()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Controls"
    for row in (HEADINGS, *CONTROLS):
        sheet.append(list(row))
    add(book, sheet)
    return _saved(book)


def _saved(book: Book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@other_pen
def rows_alone(book: Book, sheet: Worksheet) -> None:
    """Rows and nothing else."""


@other_pen
def looks(book: Book, sheet: Worksheet) -> None:
    """Fonts, fills, gradients, borders, protection, named styles, formats of numbers."""
    side = Side(style="double", color="FF0000")
    sheet["H2"].fill = GradientFill(stop=("000000", "FFFFFF"))
    sheet["H3"].border = Border(left=side, diagonal=side, diagonalUp=True, outline=False)
    sheet["H4"].number_format = '[Red]0.0;"x>y"'
    sheet["H4"].value = -1.25
    sheet["D4"].font = Font(bold=True, color="FF112233", name="Arial", vertAlign="superscript")
    sheet["D4"].alignment = Alignment(textRotation=90, wrap_text=True, vertical="distributed")
    sheet["D4"].protection = Protection(locked=False)
    book.add_named_style(NamedStyle("House & style", font=Font(italic=True), fill=PatternFill("solid", fgColor="DDDDDD")))
    for cell in sheet[1]:
        cell.style = "House & style"
    sheet["F2"].style = "Good"
    sheet.column_dimensions["B"].width = 40
    sheet.column_dimensions["H"].fill = PatternFill("lightUp")
    sheet.row_dimensions[5].height = 44
    sheet.row_dimensions[6].font = Font(italic=True)


@other_pen
def rich_texts(book: Book, sheet: Worksheet) -> None:
    """Rich text in its cell, also in the one to edit."""
    sheet["D4"] = CellRichText("A.", TextBlock(InlineFont(b=True), "9.2"), ".5 <&>")


@other_pen
def merges(book: Book, sheet: Worksheet) -> None:
    """Merged cells beside and below the controls."""
    sheet["H2"] = "merged"
    sheet.merge_cells("H2:J4")
    sheet.merge_cells("A12:F14")


@other_pen
def array_and_data_table(book: Book, sheet: Worksheet) -> None:
    """Array formulas and a data table."""
    sheet["H2"] = ArrayFormula("H2:H4", "=ROW(A2:A4)")
    sheet["I2"] = DataTableFormula(ref="I2:I4", dt2D=False, r1="G1", t="dataTable")
    sheet["J2"] = '=IF(A2="<>","&",LEN(D2))'


@other_pen
def comments(book: Book, sheet: Worksheet) -> None:
    """Notes by two authors."""
    sheet["B3"].comment = Comment("Which <tool>?\nSay & do", "Ann")
    sheet["F8"].comment = Comment("x", "Bob", height=200, width=300)


@other_pen
def charts(book: Book, sheet: Worksheet) -> None:
    """Charts of several kinds, one on its own sheet."""
    for row in range(2, 10):
        sheet.cell(row, 8, row * 2)
        sheet.cell(row, 9, row * 3)
    data = Reference(sheet, min_col=8, min_row=1, max_row=9)
    for number, kind in enumerate((BarChart, LineChart, PieChart, AreaChart3D, SurfaceChart)):
        chart = kind()
        chart.add_data(data, titles_from_data=True)
        sheet.add_chart(chart, f"K{2 + 16 * number}")
    bubble = BubbleChart()
    numbers = Reference(sheet, min_col=9, min_row=2, max_row=9)
    bubble.series.append(Series(numbers, xvalues=numbers, zvalues=numbers, title="b"))
    book.create_chartsheet("Diagram").add_chart(bubble)


@other_pen
def formats(book: Book, sheet: Worksheet) -> None:
    """Conditional formats of every kind that it has."""
    red = PatternFill(bgColor="FFC7CE")
    rules = sheet.conditional_formatting
    rules.add("F2:F9", CellIsRule(operator="equal", formula=['"Planned"'], fill=red, stopIfTrue=True))
    rules.add("A2:A9", FormulaRule(formula=['$A2<>"&"'], font=Font(bold=True)))
    rules.add("G2:G9", ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color="FF0000"))
    rules.add("G2:G9", DataBarRule(start_type="num", start_value=0, end_type="max", color="FF638EC6"))
    rules.add("G2:G9 E2:E9", IconSetRule("5Arrows", "percent", [0, 20, 40, 60, 80]))
    assert DifferentialStyle(fill=red)


@other_pen
def choices(book: Book, sheet: Worksheet) -> None:
    """Validations with prompts, over scattered cells and whole columns."""
    book.create_sheet("Lists").append(["Implemented"])
    status = DataValidation(
        "list", formula1="Lists!$A$1:$A$9", allow_blank=True, showErrorMessage=True, errorTitle="No & no", prompt="a\nb"
    )
    for ref in ("F2:F9", "E4", "E6:E7"):
        status.add(ref)
    whole = DataValidation("whole", operator="between", formula1="1", formula2="10")
    whole.add("G1:G1048576")
    sheet.add_data_validation(status)
    sheet.add_data_validation(whole)


@other_pen
def tables(book: Book, sheet: Worksheet) -> None:
    """The controls as a table, another below far away."""
    sheet.add_table(
        Table(displayName="Controls_", ref="A1:F9", tableStyleInfo=TableStyleInfo("TableStyleMedium9", showRowStripes=True))
    )
    for row, value in enumerate(("Log", "a", "b"), start=30):
        sheet.cell(row, 2, value)
    sheet.add_table(Table(displayName="Log", ref="B30:B32"))


@other_pen
def filters(book: Book, sheet: Worksheet) -> None:
    """An autofilter with a filter and a sort."""
    sheet.auto_filter.ref = "A1:F9"
    sheet.auto_filter.add_filter_column(5, ["Implemented"])
    sheet.auto_filter.add_sort_condition("A2:A9")
    sheet.row_dimensions[4].hidden = True


@other_pen
def pages(book: Book, sheet: Worksheet) -> None:
    """Print settings, breaks, titles, headers, views, groups."""
    sheet.print_title_rows = "1:1"
    sheet.print_area = "A1:F9"
    sheet.oddHeader.center.text = "&[Page] of <N> & more"
    sheet.row_breaks.append(Break(id=4))
    sheet.freeze_panes = "C2"
    sheet.sheet_view.zoomScale = 80
    sheet.sheet_properties.tabColor = "1072BA"
    sheet.row_dimensions.group(4, 6, hidden=True)
    sheet.column_dimensions.group("C", "D", outline_level=2)
    sheet.page_setup.fitToHeight = False
    sheet.sheet_properties.outlinePr.summaryBelow = False


@other_pen
def scenarios(book: Book, sheet: Worksheet) -> None:
    """A scenario and a protected other sheet, a protected workbook window."""
    sheet.scenarios.append(Scenario(name="best", inputCells=(InputCells(r="H2", val="5"),), user="Ann"))
    book.create_sheet("Locked").protection = SheetProtection(sheet=True, password="x")
    book.security = WorkbookProtection(lockWindows=True)


@other_pen
def names_and_properties(book: Book, sheet: Worksheet) -> None:
    """Defined names and custom document properties."""
    book.defined_names["All"] = DefinedName("All", attr_text="Controls!$A$2:$A$9", comment="a & b")
    sheet.defined_names["Here"] = DefinedName("Here", attr_text="Controls!$A$1", hidden=True)
    book.custom_doc_props.append(StringProperty(name="Client", value="A & B"))
    book.custom_doc_props.append(BoolProperty(name="Final", value=True))
    book.properties.title = "<T>"


@other_pen
def sheets(book: Book, sheet: Worksheet) -> None:
    """Hidden sheets, sheets with names of quotes and signs, an empty one before the data."""
    book.create_sheet("First", 0)
    book.create_sheet("It's & so").sheet_state = "hidden"
    book.create_sheet("Übersicht 東京 😀").sheet_state = "veryHidden"
    book.active = 1


@other_pen
def links(book: Book, sheet: Worksheet) -> None:
    """Links to outside and inside."""
    sheet["B3"].hyperlink = "https://example.com/?a=1&b=2"
    sheet["C3"].hyperlink = "#Controls!A1"


@other_pen
def values(book: Book, sheet: Worksheet) -> None:
    """Dates, times, durations, booleans, errors, long numbers, texts that look like others."""
    day = dt.date(2026, 3, 1)
    row: list[object] = [
        day,
        dt.time(12, 30),
        dt.timedelta(days=2),
        True,
        "#N/A",
        12345678901234567890,
        1e-300,
        "=1+1",
        "'x",
        "_x000D_",
        " a ",
        "a\tb\nc",
    ]
    for number, value in enumerate(row, start=2):
        sheet.cell(number, 8).value = value
    sheet["I2"].value = "5.10"
    sheet["I2"].number_format = "@"


@other_pen
def empty_styled_cells(book: Book, sheet: Worksheet) -> None:
    """Many empty cells with a style right of and below the controls."""
    for row in range(1, 21):
        for column in range(1, 13):
            sheet.cell(row, column).border = Border(bottom=Side(style="hair"))


def write_only() -> bytes:
    """Streamed: rows without spans, a sheet after another."""
    book = Book(write_only=True)
    for title in ("Controls", "More"):
        sheet = book.create_sheet(title)
        for row in (HEADINGS, *CONTROLS):
            sheet.append(row)
    return _saved(book)


def of_1904() -> bytes:
    """Dates count from 1904."""
    book = openpyxl.load_workbook(io.BytesIO(WRITTEN["openpyxl-values"][0]()))
    book.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - Excel knows no time zones
    return _saved(book)


def template() -> bytes:
    """A template with the content type of one."""
    book = openpyxl.load_workbook(io.BytesIO(WRITTEN["openpyxl-tables"][0]()))
    book.template = True
    return _saved(book)


for made in (write_only, of_1904, template):
    WRITTEN[f"openpyxl-{made.__name__.replace('_', '-')}"] = (made, made.__doc__ or "")

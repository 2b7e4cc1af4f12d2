"""Where things stand on a sheet: one function per kind of declared sheet."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import quote as url_quote

from xlsxwriter.url import Url

from workbench.model import WorkbenchError
from workbench.writing.declarations import (
    Cell,
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
    column_letter,
    quoted,
    sheet_name,
)
from workbench.writing.look import (
    BAR,
    BAR_CYCLE,
    FONT,
    HAIRLINE,
    HEAT_SCALE,
    INK,
    SIGN_STYLES,
    STYLES,
    cell_style,
    extent,
    heading_lines,
    room,
    row_height,
    signed,
)
from workbench.writing.package import BulkSheet, BulkWorkbook, Texts, safe_text, xml_text

MAX_LINKS = 65_530
MAX_URL = 2_079
_WRAPPED = frozenset({Look.TEXT, Look.LONG, Look.ID, Look.STATUS, Look.SEVERITY, Look.DECISION, Look.PROPOSAL})
_EPOCH = dt.date(1899, 12, 30)
_FIRST_DAY = dt.date(1900, 3, 1)
SUMMARY_WIDTHS = (36.0, *(13.5,) * 7, 19.5)
_SUMMARY_WIDTH = sum(SUMMARY_WIDTHS)
_SUMMARY_SCALE = 85
_FULL_PAGE = 592.0
"""Points of rows on an A4 page, landscape, at that scale."""
_ONE_PAGE = 760.0
"""So many still read well when they are shrunk to one page."""


class Pen:
    """One workbook being written: its formats, texts, drop-down lists, and what had to be remarked."""

    def __init__(self, declared: Workbook, as_of: dt.date) -> None:
        self.declared = _safe(declared)
        self.as_of = as_of
        self.book = BulkWorkbook()
        self.texts = Texts(self.book.str_table)
        self.remarks: list[str] = []
        self.lists: dict[tuple[str, ...], str] = {}
        self.summary = next((sheet.name for sheet in declared.sheets if isinstance(sheet, SummarySheet)), "")
        self._formats: dict[object, Any] = {}

    def style(self, name: str, *, quoted: bool = False) -> Any:
        """The XlsxWriter format of a named style; ``quoted`` for text that would become a formula when somebody edits it."""
        return self._format((name, quoted), {**STYLES[name], "quote_prefix": quoted})

    def number(self, name: str) -> int:
        """The number of a named style in the package."""
        return self.book.style_number(self.style(name))

    def sign_style(self, look: Look, sign: str) -> Any:
        """The conditional format of a cell whose text begins with ``sign``."""
        return self._format((look, sign), SIGN_STYLES[look][sign])

    def index(self, column: Column, *, quoted: bool = False, linked: bool = False, fixed: bool = False) -> int:
        """The number of a table cell's style in the package; ``fixed`` for a cell that stays locked in an editable column."""
        editable = column.editable and not fixed
        key = (column.look, editable, column.quiet, column.number_format, quoted, linked)
        if key not in self._formats:
            style = cell_style(
                column.look,
                editable=editable,
                tinted=not column.quiet,
                quoted=quoted,
                linked=linked,
                number_format=column.number_format,
            )
            self._formats[key] = self.book.style_number(self.book.add_format(style))
        found: int = self._formats[key]
        return found

    def list_range(self, choices: tuple[str, ...]) -> str:
        """The defined name of a drop-down too long for its cell, on the hidden sheet of lists."""
        return "=" + self.lists.setdefault(choices, f"lstChoices{len(self.lists) + 1}")

    def remark(self, sheet: str, cell: str, problem: str) -> None:
        """Remember what was not written as it was given."""
        self.remarks.append(f"{sheet}!{cell}: {problem}")

    def _format(self, key: object, style: Any) -> Any:
        if key not in self._formats:
            self._formats[key] = self.book.add_format(style)
        return self._formats[key]


def _safe(declared: Workbook) -> Workbook:
    """What stands in footer and properties, without characters that no file can hold."""

    def safe(text: str) -> str:
        return safe_text(text)[0]

    return replace(
        declared,
        title=safe(declared.title),
        subject=safe(declared.subject),
        organization=safe(declared.organization),
        version=safe(declared.version),
        classification=safe(declared.classification),
        custom={name: safe(value) for name, value in declared.custom.items()},
    )


def done(code: int | None, what: str) -> None:
    """XlsxWriter says by a return code that it did not write something; that is never passed over."""
    if code:
        raise WorkbenchError(f"XlsxWriter refused {what} (code {code}); this is a bug in a report's declaration")


# Data sheets: rows in bulk


def data_sheet(pen: Pen, sheet: DataSheet) -> None:
    """Write one table."""
    page: BulkSheet = pen.book.add_worksheet(sheet.name)
    rows = _Rows(pen, page, sheet)
    page.rows = [*rows.above(), *rows.table()]
    last, width = sheet.last_row, len(sheet.columns)
    page.extend(last - 1, width - 1)
    _columns(page, sheet.columns)
    done(page.add_long_table(sheet.heading_row - 1, last - 1, width - 1, _table_options(pen, sheet)), f"table {sheet.table}")
    page.freeze_panes(sheet.heading_row, sheet.freeze)
    page.repeat_rows(sheet.heading_row - 1)
    page.print_area(0, 0, last - 1, width - 1)
    page.ignore_errors({"number_stored_as_text": f"A{sheet.heading_row + 1}:{column_letter(width - 1)}{last}"})
    for number, column in enumerate(sheet.columns):
        _dress(pen, page, sheet, number, column)
    _heat(page, sheet)
    if sheet.protect:
        page.protect("", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True})
    if sheet.hidden:
        page.hide()
    _print_setup(pen, page)


def _columns(page: BulkSheet, columns: Sequence[Column]) -> None:
    folded = False
    for number, column in enumerate(columns):
        options = {"level": 1, "hidden": True} if column.outline else {"collapsed": True} if folded else {}
        done(page.set_column(number, number, column.width, None, options), column.heading)
        folded = column.outline
    if folded:
        done(page.set_column(len(columns), len(columns), 3, None, {"collapsed": True}), "fold")


def _table_options(pen: Pen, sheet: DataSheet) -> dict[str, Any]:
    return {
        "name": sheet.table,
        "style": None,
        "banded_rows": False,
        "title": sheet.title,
        "description": sheet.intro,
        "columns": [{"header": column.heading, "header_format": pen.style(_heading_style(column))} for column in sheet.columns],
    }


def _dress(pen: Pen, page: BulkSheet, sheet: DataSheet, number: int, column: Column) -> None:
    """Note, colours and input rules of one column."""
    first, last = sheet.heading_row, sheet.last_row - 1
    if column.note:
        lines = sum(math.ceil(len(line) / 42) for line in column.note.split("\n"))
        look = {"width": 250, "height": 18 + 15 * lines, "font_name": FONT, "font_size": 9, "color": "#FFFFFF"}
        done(page.write_comment(first - 1, number, column.note, look), f"note on {column.heading}")
    for sign in SIGN_STYLES.get(column.look, ()):
        rule = {"type": "text", "criteria": "begins with", "value": sign, "format": pen.sign_style(column.look, sign)}
        done(page.conditional_format(first, number, last, number, rule), f"colours of {column.heading}")
    if column.editable and (column.choices or column.look is Look.DATE or (column.note and not column.quiet)):
        done(page.data_validation(first, number, last, number, _input_rule(pen, column)), f"input rule of {column.heading}")


def _heat(page: BulkSheet, sheet: DataSheet) -> None:
    """One colour scale over all neighbouring columns of that look."""
    first, last, (low, high) = sheet.heading_row, sheet.last_row - 1, HEAT_SCALE
    for heat, group in groupby(enumerate(sheet.columns), key=lambda pair: pair[1].look is Look.HEAT):
        numbers = [number for number, _ in group]
        if heat:
            scale = {"type": "2_color_scale", "min_color": low, "max_color": high}
            done(page.conditional_format(first, numbers[0], last, numbers[-1], scale), "colour scale")


def _input_rule(pen: Pen, column: Column) -> dict[str, Any]:
    message = column.note if len(column.note) <= 255 else column.note[:254] + "…"
    rule: dict[str, Any] = {"validate": "any", "input_title": column.heading[:32], "input_message": message}
    if column.choices:
        choices = tuple(map(signed, column.choices)) if column.look is Look.STATUS else column.choices
        short = len(",".join(choices)) <= 255 and not any(mark in choice for choice in choices for mark in ',"')
        rule |= {
            "validate": "list",
            "source": list(choices) if short else pen.list_range(choices),
            "error_type": "warning" if column.open_choices else "stop",
            "error_title": column.heading[:32],
            "error_message": "Not one of the listed answers. Keep it anyway?"
            if column.open_choices
            else "Please choose from the list.",
        }
    elif column.look is Look.DATE:
        rule |= {
            "validate": "date", "criteria": ">=", "value": dt.date(1990, 1, 1), "error_type": "warning",
            "error_title": column.heading[:32], "error_message": "This does not look like a date. Keep it anyway?",
            "input_message": message or "A date, such as 2026-03-31.",
        }  # fmt: skip
    return {name: value for name, value in rule.items() if not (column.quiet and name.startswith("input_"))}


class _Rows:
    """The row XML of one data sheet."""

    def __init__(self, pen: Pen, page: BulkSheet, sheet: DataSheet) -> None:
        self._pen = pen
        self._page = page
        self._sheet = sheet
        self._links = 0

    def above(self) -> list[str]:
        """Title, introduction, link to the summary, headings."""
        sheet, pen = self._sheet, self._pen
        rows = [_row(1, 24.0, self._string("A", 1, pen.number("title"), sheet.title))]
        intro = pen.number("intro")
        rows += [_row(n, 15.0, self._string("A", n, intro, line)) for n, line in enumerate(sheet.intro_lines, 2)]
        at = sheet.heading_row - 1
        if pen.summary:
            rows.append(_row(at, 15.0, self._string("A", at, pen.number("link"), f"← {pen.summary}")))
            self._page.hyperlinks[at - 1][0] = Url(f"internal:{quoted(pen.summary)}!A1")
        lines = 1
        cells = []
        for number, column in enumerate(sheet.columns):
            cells.append(
                self._string(column_letter(number), sheet.heading_row, pen.number(_heading_style(column)), column.heading)
            )
            lines = max(lines, heading_lines(column.heading, column.width))
        return [*rows, _row(sheet.heading_row, max(20.0, lines * 15.0 + 4), "".join(cells))]

    def table(self) -> list[str]:
        """The rows of the table, in the order declared."""
        sheet, first = self._sheet, self._sheet.heading_row + 1
        width = len(sheet.columns)
        if any(len(row) != width for row in sheet.rows):
            raise ValueError(f"a row of {sheet.name} has not {width} cells")
        blank: list[Cell] = [None] * width
        rows = [*sheet.rows, *[blank] * (sheet.last_row - sheet.heading_row - len(sheet.rows))]
        lines = [1] * len(rows)
        columns = [self._column(at, column, [row[at] for row in rows], lines) for at, column in enumerate(sheet.columns)]
        return [
            _row(number, row_height(high), "".join(cells))
            for number, high, cells in zip(range(first, first + len(rows)), lines, zip(*columns, strict=True), strict=True)
        ]

    def _column(self, at: int, column: Column, values: list[Cell], lines: list[int]) -> list[str]:
        """The cells of one column; ``lines`` grows where a text wraps. Column by column, because all but the value stays the same."""
        texts, letter = self._pen.texts, column_letter(at)
        start, plain = f'<c r="{letter}', f'" s="{self._pen.index(column)}"'
        prefixed = f'" s="{self._pen.index(column, quoted=True)}"'
        wide = room(column.width if column.look in _WRAPPED and not column.outline else math.inf)
        shown = _Signs() if column.look in (Look.STATUS, Look.SEVERITY) else None
        cells: list[str] = []
        first = self._sheet.heading_row + 1
        for number, value in enumerate(values, first):
            if value is None or value == "":
                cells.append(f"{start}{number}{plain}/>")
            elif isinstance(value, str):
                text = texts[shown[value] if shown is not None else value]
                if text.problem:
                    self._pen.remark(self._sheet.name, f"{letter}{number}", text.problem)
                if text.width > wide.single:
                    lines[number - first] = max(lines[number - first], wide.lines(text.paragraphs))
                cells.append(f'{start}{number}{prefixed if text.quoted else plain} t="s"><v>{text.index}</v></c>')
            elif type(value) is int:
                cells.append(f"{start}{number}{plain}><v>{value}</v></c>")
            else:
                cells.append(f"{start}{number}{self._other(number, at, column, value)}")
        return cells

    def _other(self, number: int, at: int, column: Column, value: Cell) -> str:
        """The rest, from the style on, of a cell that is neither text nor a whole number."""
        if isinstance(value, Link | Neighbour):
            return self._link(number, at, column, value)
        if isinstance(value, Formula):
            return f'" s="{self._pen.index(column, fixed=True)}"{formula_xml(value)}'
        if isinstance(value, dt.date) and not column.number_format:
            column = replace(column, look=Look.DATE)  # whatever else stands in the column
        style = f'" s="{self._pen.index(column)}"'
        found = plain_value(value)
        if found is None:
            return f"{style}/>"
        if isinstance(found, bool):
            return f'{style} t="b"><v>{int(found)}</v></c>'
        if isinstance(found, str):
            return f'{style} t="s"><v>{self._pen.texts[found].index}</v></c>'
        return f"{style}><v>{found!r}</v></c>"

    def _link(self, number: int, at: int, column: Column, link: Link | Neighbour) -> str:
        url, words = link_url(link)
        self._links += url is not None
        opens = url is not None and self._links <= MAX_LINKS
        if opens:
            self._page.hyperlinks[number - 1][at] = url
        text = self._pen.texts[words]
        if text.problem:
            self._pen.remark(self._sheet.name, f"{column_letter(at)}{number}", text.problem)
        style = self._pen.index(column, quoted=text.quoted, linked=opens)
        return f'" s="{style}" t="s"><v>{text.index}</v></c>'

    def _string(self, letter: str, number: int, style: int, raw: str) -> str:
        text = self._pen.texts[raw]
        if text.problem:
            self._pen.remark(self._sheet.name, f"{letter}{number}", text.problem)
        return f'<c r="{letter}{number}" s="{style}" t="s"><v>{text.index}</v></c>'


class _Signs(dict[str, str]):
    """A word → the word with its sign."""

    def __missing__(self, word: str) -> str:
        self[word] = signed(word)
        return self[word]


def _heading_style(column: Column) -> str:
    """A heading stands where its numbers stand."""
    if column.look in (Look.NUMBER, Look.SCORE, Look.PERCENT):
        return "number heading"
    return "middle heading" if column.look in (Look.MARK, Look.HEAT) else "heading"


def _row(number: int, height: float, cells: str) -> str:
    # No customHeight: like a height that Excel found itself, so that Excel and LibreOffice fit the row again when its text changes.
    return f'<row r="{number}" ht="{height:g}">{cells}</row>'


def formula_xml(formula: Formula) -> str:
    """The rest of a cell after its style: formula and cached value."""
    text = xml_text(formula.text.removeprefix("="))
    value = formula.value
    if isinstance(value, bool):
        return f' t="b"><f>{text}</f><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f' t="str"><f>{text}</f><v>{xml_text(value)}</v></c>'
    return f"><f>{text}</f><v>{value!r}</v></c>"


def plain_value(value: object) -> str | int | float | bool | None:
    """A value as the file holds it: dates as Excel's day numbers, NaN and NaT as blank, anything unknown as its text."""
    if value is None or isinstance(value, bool | int) or value != value:  # noqa: PLR0124 - only NaN and NaT differ from themselves
        return value if isinstance(value, bool | int) else None
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dt.date):
        return _day_number(value)
    item: Callable[[], object] | None = getattr(value, "item", None)  # numpy scalars
    return plain_value(item()) if item else str(value)


def _day_number(value: dt.date) -> str | int | float:
    """Days since 1899-12-30; text before March 1900, where Excel's own calendar is wrong."""
    day = value.date() if isinstance(value, dt.datetime) else value
    if day < _FIRST_DAY:
        return value.isoformat()
    days = (day - _EPOCH).days
    if not isinstance(value, dt.datetime):
        return days
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return days + seconds / 86_400 if seconds else days


def link_url(link: Link | Neighbour) -> tuple[Url | None, str]:
    """XlsxWriter's link, None where the target is none that a deliverable may open, and the text of the cell."""
    if isinstance(link, Neighbour):
        return _neighbour(link), link.text or link.path
    target = link.target.strip()
    if target.startswith("#"):
        return Url("internal:" + target[1:]), link.text or target[1:]
    text = link.text or target
    safe = target.casefold().startswith(("http://", "https://", "mailto:")) and target.isprintable() and " " not in target
    if safe and len(target.encode("utf-16-le")) <= 2 * MAX_URL:
        scheme, colon, rest = target.partition(":")
        return Url(scheme.lower() + colon + rest), text
    return None, text if text == target else f"{text} ({link.target})"


def _neighbour(link: Neighbour) -> Url:
    parts = link.path.split("/")
    if any(part in ("", ".", "..") or "\\" in part or ":" in part for part in parts):
        raise WorkbenchError(f"{link.path} does not lie below the workbook that links to it; this is a bug in a report")
    url = Url("external:" + link.path)
    url._relationship_link = url_quote(link.path)  # noqa: SLF001 - XlsxWriter would write backslashes, which only Windows follows
    return url


# The summary: few cells, written one by one


def summary_sheet(pen: Pen, sheet: SummarySheet) -> None:
    """Write the sheet that a workbook opens on."""
    page: BulkSheet = pen.book.add_worksheet(sheet.name)
    page.hide_gridlines(2)
    for number, width in enumerate(SUMMARY_WIDTHS):
        done(page.set_column(number, number, width), "column")
    writer = _Summary(pen, page, sheet.name)
    writer.head(sheet)
    writer.facts(sheet.facts)
    writer.headlines(sheet.headlines)
    for heading, text in sheet.paragraphs:
        writer.paragraph(heading, text)
    for chart in sheet.charts:
        writer.chart(chart)
    writer.links(sheet.links)
    page.print_area(0, 0, max(writer.row - 1, 1), len(SUMMARY_WIDTHS) - 1)
    _print_setup(pen, page)
    writer.pages(at_most_one=sheet.one_page)


class _Summary:
    """A summary being written from top to bottom; ``row`` is the next free one, from 0."""

    def __init__(self, pen: Pen, page: BulkSheet, name: str) -> None:
        self.row = 0
        self._parts = [0]
        self._pen = pen
        self._page = page
        self._name = name

    def pages(self, *, at_most_one: bool) -> None:
        """One page if that stays readable, else breaks between the parts; Excel heeds those only at a fixed scale."""
        if at_most_one or sum(map(self._points, range(self.row))) <= _ONE_PAGE:
            self._page.fit_to_pages(1, 1)
            return
        breaks, filled = [], 0.0
        for start, end in pairwise([*self._parts, self.row]):
            height = sum(map(self._points, range(start, end)))
            if filled and filled + height > _FULL_PAGE:
                breaks.append(start)
                filled = 0.0
            filled += height
        self._page.fit_page = False
        self._page.set_print_scale(_SUMMARY_SCALE)
        self._page.set_h_pagebreaks(breaks)

    def _points(self, row: int) -> float:
        return float(self._page.row_info[row].height) * 0.75 if row in self._page.row_info else 15.0

    def head(self, sheet: SummarySheet) -> None:
        """Title and the sentence that says what this is."""
        self._put(0, sheet.title, "title", height=26)
        self._wide(sheet.sentence, "sentence", size=1.12)
        self.row += 1

    def facts(self, facts: Sequence[tuple[str, Cell]]) -> None:
        """Label and value, one a row."""
        for label, value in facts:
            text = value if isinstance(value, str) else ""
            lines = _text_lines(text, _SUMMARY_WIDTH - SUMMARY_WIDTHS[0])
            done(self._page.set_row(self.row, row_height(lines)), label)
            self._cell(0, label, "label")
            self._merge(1, value, "fact")
            self.row += 1
        self.row += 1

    def headlines(self, headlines: Sequence[Headline]) -> None:
        """Numerator, total and share, all live."""
        if not headlines:
            return
        self._parts.append(self.row)
        self._headings(("Figure", "Number", "Of", "Share"))
        self.row -= 1
        self._merge(4, "What it counts", "heading")
        self.row += 1
        for headline in headlines:
            lines = max(_text_lines(headline.meaning, sum(SUMMARY_WIDTHS[4:])), _text_lines(headline.label, 30))
            done(self._page.set_row(self.row, max(18, row_height(lines))), headline.label)
            self._cell(0, headline.label, "figure")
            self._cell(1, headline.numerator, "big")
            self._cell(2, headline.total, "big")
            self._cell(3, self._share(headline), "share")
            self._merge(4, headline.meaning, "meaning")
            self.row += 1
        self.row += 1

    def _share(self, headline: Headline) -> Formula | None:
        if headline.total is None:
            return None
        numerator, total = number_of(headline.numerator), number_of(headline.total)
        at = self.row + 1
        return Formula(f"=IF(C{at}=0,0,B{at}/C{at})", numerator / total if total else 0)

    def paragraph(self, heading: str, text: str) -> None:
        """Words under a heading."""
        self._parts.append(self.row)
        self._put(0, heading, "section", height=20)
        for part in text.split("\n"):
            self._wide(part, "paragraph")
        self.row += 1

    def chart(self, chart: Chart) -> None:
        """The small table and, below it, its bars."""
        self._parts.append(self.row)
        self._put(0, chart.title, "section", height=20)
        self._headings((chart.unit, *chart.series, "Total"))
        first = self.row
        for category, values in chart.rows:
            self._cell(0, category, "cell")
            for number, value in enumerate(values, 1):
                self._cell(number, _with_category(value, f"$A{self.row + 1}"), "count")
            last = column_letter(len(values))
            total = sum(number_of(value) for value in values)
            self._cell(len(values) + 1, Formula(f"=SUM(B{self.row + 1}:{last}{self.row + 1})", total), "count")
            self.row += 1
        if chart.rows:
            self._draw(chart, first, self.row - 1)
        self.row += 1

    def _draw(self, chart: Chart, first: int, last: int) -> None:
        height = 66 + 23 * len(chart.rows)
        drawn = self._pen.book.add_chart({"type": "bar", "subtype": "stacked"})
        for number, series in enumerate(chart.series, 1):
            drawn.add_series(_series(self._name, series, first, last, number))
        font = {"name": FONT, "size": 9, "color": INK}
        drawn.set_title({"none": True})
        drawn.set_legend({"position": "bottom", "font": font})
        drawn.set_y_axis({"reverse": True, "num_font": font, "line": {"color": HAIRLINE}, "major_tick_mark": "none"})
        drawn.set_x_axis(
            {"num_font": font, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E4E7EB"}},
             "line": {"none": True}, "label_position": "high"}
        )  # fmt: skip
        drawn.set_chartarea({"border": {"none": True}})
        drawn.set_size({"width": 900, "height": height})
        self.row += 1
        done(self._page.insert_chart(self.row, 0, drawn, {"description": chart.alt, "object_position": 2}), chart.title)
        self.row += math.ceil(height / 20)

    def links(self, links: Sequence[tuple[Link, str]]) -> None:
        """What else the workbook holds."""
        if not links:
            return
        self._parts.append(self.row)
        self._put(0, "In this workbook", "section", height=20)
        for link, holds in links:
            self._cell(0, link, "link")
            self._merge(1, holds, "fact")
            self.row += 1

    def _headings(self, words: Sequence[str]) -> None:
        lines = max(heading_lines(word, width) for word, width in zip(words, SUMMARY_WIDTHS, strict=False))
        done(self._page.set_row(self.row, 5 + 15 * lines), "headings")
        for number, word in enumerate(words):
            self._cell(number, word[:1].upper() + word[1:], "number heading" if number else "heading")
        self.row += 1

    def _wide(self, text: str, style: str, *, size: float = 1.0) -> None:
        lines = _text_lines(text, _SUMMARY_WIDTH / size)
        done(self._page.set_row(self.row, row_height(lines) * (1.08 if size > 1 else 1)), "paragraph")
        self._merge(0, text, style)
        self.row += 1

    def _put(self, column: int, value: Cell, style: str, *, height: float) -> None:
        done(self._page.set_row(self.row, height), str(value))
        self._cell(column, value, style)
        self.row += 1

    def _merge(self, first: int, value: Cell, style: str) -> None:
        done(self._page.merge_range(self.row, first, self.row, len(SUMMARY_WIDTHS) - 1, "", self._pen.style(style)), "merge")
        self._cell(first, value, style)

    def _cell(self, column: int, value: Cell, style: str) -> None:
        page, row, look = self._page, self.row, self._pen.style(style)
        where = f"{self._name}!{column_letter(column)}{row + 1}"
        if isinstance(value, Formula):
            done(page.write_formula(row, column, value.text, look, value.value), where)
            return
        if isinstance(value, Link | Neighbour):
            url, value = link_url(value)
            if url is not None:
                page.hyperlinks[row][column] = url
        found = value if isinstance(value, str) else plain_value(value)
        if found is None or found == "":
            done(page.write_blank(row, column, None, look), where)
        elif isinstance(found, str):
            self._string(column, str(found), style)
        else:
            done(page.write_number(row, column, found, look), where)

    def _string(self, column: int, raw: str, style: str) -> None:
        pen, text = self._pen, self._pen.texts[raw]
        cell = f"{column_letter(column)}{self.row + 1}"
        if text.problem:
            pen.remark(self._name, cell, text.problem)
        look = pen.style(style, quoted=text.quoted)
        done(self._page.write_string(self.row, column, text.text, look), cell)


def _series(sheet: str, name: str, first: int, last: int, column: int) -> dict[str, Any]:
    colour = BAR.get(name.casefold()) or BAR_CYCLE[(column - 1) % len(BAR_CYCLE)]
    light = colour in ("#B8B8B8", "#E4E4E4", "#E69F00", "#56B4E9")
    return {
        "name": [sheet, first - 1, column],
        "categories": [sheet, first, 0, last, 0],
        "values": [sheet, first, column, last, column],
        "fill": {"color": colour},
        "gap": 45,
        "data_labels": {
            "value": True, "num_format": "#,##0;;",
            "font": {"name": FONT, "size": 8, "color": INK if light else "#FFFFFF"},
        },
    }  # fmt: skip


def _with_category(value: int | Formula, cell: str) -> int | Formula:
    return Formula(value.text.replace("{category}", cell), value.value) if isinstance(value, Formula) else value


def number_of(value: int | Formula) -> float:
    """The number a figure shows."""
    found = value.value if isinstance(value, Formula) else value
    if isinstance(found, str):
        raise WorkbenchError(f"{found!r} is no number; this is a bug in a report's declaration")
    return found


def _text_lines(text: str, width: float) -> int:
    return room(width).lines(extent(text))


# What all sheets share


def lists_sheet(pen: Pen) -> None:
    """The hidden sheet behind long drop-downs, one column a list."""
    if not pen.lists:
        return
    name = sheet_name("Lists", (sheet.name for sheet in pen.declared.sheets))
    page: BulkSheet = pen.book.add_worksheet(name)
    page.hide()
    for number, (choices, defined) in enumerate(pen.lists.items()):
        for row, choice in enumerate((defined, *choices)):
            text = pen.texts[choice].text
            done(page.write_string(row, number, text, pen.style("paragraph")), defined)
        letter = column_letter(number)
        done(pen.book.define_name(defined, f"={quoted(name)}!${letter}$2:${letter}${len(choices) + 1}"), defined)


def _print_setup(pen: Pen, page: BulkSheet) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
    page.set_footer(footer(pen.declared, pen.as_of))


def footer(declared: Workbook, as_of: dt.date) -> str:
    """Classification and organization, title and version, date and page; what came from data is shortened and escaped."""
    version = f"version {declared.version}" if declared.version else ""
    left = _footer_words(declared.classification, declared.organization)
    middle = _footer_words(declared.title, version, declared.state)
    return f"&L&8 {left}&C&8 {middle}&R&8 {as_of.isoformat()} · page &P of &N"


def _footer_words(*parts: str) -> str:
    return " · ".join(map(_footer_word, filter(None, parts)))


def _footer_word(text: str) -> str:
    """At most 38 of the 255 UTF-16 units that Excel allows for all of a footer, with & doubled."""
    double = sum(character == "&" or character > "\uffff" for character in text[:38])
    return text[: 38 - double].replace("&", "&&")

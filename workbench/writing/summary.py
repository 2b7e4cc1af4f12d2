"""The summary: a few figures, words and charts on a sheet of fixed columns, written from top to bottom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from workbench.model import WorkbenchError
from workbench.writing.declarations import Cell, Chart, Formula, Headline, Link, SummarySheet, column_letter
from workbench.writing.look import BAR, BAR_CYCLE, DARK_BARS, FONT, HAIRLINE, INK, extent, heading_lines, room, row_height
from workbench.writing.package import BulkSheet
from workbench.writing.pen import Cells, Pen, done, print_setup

WIDTHS = (36.0, *(13.5,) * 7, 19.5)
_WIDTH = sum(WIDTHS)
_SCALE = 85
_FULL_PAGE = 592.0
"""Points of rows on an A4 page, landscape, at that scale."""
_ONE_PAGE = 760.0
"""So many still read well when they are shrunk to one page."""
_LINE = 15.0
_PIXELS = 20
"""The height of a row without one of its own."""


def summary_sheet(pen: Pen, sheet: SummarySheet) -> None:
    """Write the sheet that a workbook opens on."""
    page: BulkSheet = pen.book.add_worksheet(sheet.name)
    page.hide_gridlines(2)
    for number, width in enumerate(WIDTHS):
        done(page.set_column(number, number, width), "column")
    writer = _Writer(pen, page, sheet.name)
    writer.head(sheet)
    writer.facts(sheet.facts)
    writer.headlines(sheet.headlines)
    for heading, text in sheet.paragraphs:
        writer.paragraph(heading, text)
    for chart in sheet.charts:
        writer.chart(chart)
    writer.links(sheet.links)
    last = max(writer.row - 1, 1)
    page.extend(last, len(WIDTHS) - 1)
    page.print_area(0, 0, last, len(WIDTHS) - 1)
    print_setup(pen, page)
    writer.break_pages(at_most_one=sheet.one_page)


class _Writer:
    """A summary being written; ``row`` is the next free one, from 0."""

    def __init__(self, pen: Pen, page: BulkSheet, name: str) -> None:
        self.row = 0
        self._parts = [0]
        self._heights: dict[int, float] = {}
        self._pen = pen
        self._page = page
        self._name = name
        self._cells = Cells(pen, page, name)

    def head(self, sheet: SummarySheet) -> None:
        """Title and the sentence that says what this is."""
        self._line(26, [(0, sheet.title, "title")])
        self._wide(sheet.sentence, "sentence", size=1.12)
        self.row += 1

    def facts(self, facts: Sequence[tuple[str, Cell]]) -> None:
        """Label and value, one a row."""
        for label, value in facts:
            lines = _lines(value if isinstance(value, str) else "", _WIDTH - WIDTHS[0])
            self._line(row_height(lines), [(0, label, "label")], (1, value, "fact"))
        self.row += 1 if facts else 0

    def headlines(self, headlines: Sequence[Headline]) -> None:
        """Numerator, total and share, all live."""
        if not headlines:
            return
        self._parts.append(self.row)
        self._headings(("Figure", "Number", "Of", "Share"), (4, "What it counts", "heading"))
        for headline in headlines:
            lines = max(_lines(headline.meaning, sum(WIDTHS[4:])), _lines(headline.label, WIDTHS[0] * 0.83))
            figures = [
                (0, headline.label, "figure"),
                (1, headline.numerator, "big"),
                (2, headline.total, "big"),
                (3, self._share(headline), "share"),
            ]
            self._line(max(18, row_height(lines)), figures, (4, headline.meaning, "cell"))
        self.row += 1

    def _share(self, headline: Headline) -> Formula | None:
        if headline.total is None:
            return None
        numerator, total = number_of(headline.numerator), number_of(headline.total)
        at = self.row + 1
        return Formula(f"=IF(C{at}=0,0,B{at}/C{at})", numerator / total if total else 0)

    def paragraph(self, heading: str, text: str) -> None:
        """Words under a heading."""
        self._section(heading)
        for part in text.split("\n"):
            self._wide(part, "paragraph")
        self.row += 1

    def chart(self, chart: Chart) -> None:
        """The small table and, below it, its bars."""
        self._section(chart.title)
        self._headings((chart.unit, *chart.series, "Total"))
        first = self.row
        for category, values in chart.rows:
            at, last = self.row + 1, column_letter(len(values))
            total = Formula(f"=SUM(B{at}:{last}{at})", sum(map(number_of, values)))
            counts = [_with_category(value, f"$A{at}") for value in values]
            counted = [(number, value, "count") for number, value in enumerate((*counts, total), 1)]
            self._line(_LINE, [(0, category, "cell"), *counted])
        if chart.rows:
            self._draw(chart, first)
        self.row += 1

    def _draw(self, chart: Chart, first: int) -> None:
        height = 66 + 23 * len(chart.rows)
        drawn = self._pen.book.add_chart({"type": "bar", "subtype": "stacked"})
        for number in range(len(chart.series)):
            drawn.add_series(_series(self._name, chart, number, first))
        font = {"name": FONT, "size": 9, "color": INK}
        drawn.set_title({"none": True})
        drawn.set_legend({"position": "bottom", "font": font})
        drawn.set_y_axis(
            {"reverse": True, "interval_unit": 1, "num_font": font, "line": {"color": HAIRLINE}, "major_tick_mark": "none"}
        )
        drawn.set_x_axis(
            {"num_font": font, "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E4E7EB"}},
             "line": {"none": True}, "label_position": "high"}
        )  # fmt: skip
        drawn.set_chartarea({"border": {"none": True}})
        drawn.set_size({"width": 900, "height": height})
        self.row += 1
        done(self._page.insert_chart(self.row, 0, drawn, {"description": chart.alt, "object_position": 2}), chart.title)
        self.row += math.ceil(height / _PIXELS)

    def links(self, links: Sequence[tuple[Link, str]]) -> None:
        """What else the workbook holds."""
        if not links:
            return
        self._section("In this workbook")
        for link, holds in links:
            self._line(row_height(_lines(holds, _WIDTH - WIDTHS[0])), [(0, link, "link")], (1, holds, "fact"))

    def break_pages(self, *, at_most_one: bool) -> None:
        """One page if that stays readable, else breaks between the parts; Excel heeds those only at a fixed scale."""
        if at_most_one or self._points(0, self.row) <= _ONE_PAGE:
            self._page.fit_to_pages(1, 1)
            return
        breaks, filled = [], 0.0
        for start, end in pairwise([*self._parts, self.row]):
            height = self._points(start, end)
            if filled and filled + height > _FULL_PAGE:
                breaks.append(start)
                filled = 0.0
            filled += height
        self._page.fit_page = False
        self._page.set_print_scale(_SCALE)
        self._page.set_h_pagebreaks(breaks)

    def _points(self, start: int, end: int) -> float:
        return sum(self._heights.get(row, _LINE) for row in range(start, end))

    def _section(self, heading: str) -> None:
        self._parts.append(self.row)
        self._line(20, [(0, heading, "section")])

    def _headings(self, words: Sequence[str], merged: tuple[int, Cell, str] | None = None) -> None:
        lines = max(heading_lines(word, width) for word, width in zip(words, WIDTHS, strict=False))
        styles = ["heading", *["number heading"] * (len(words) - 1)]
        cells = [(number, word[:1].upper() + word[1:], styles[number]) for number, word in enumerate(words)]
        self._line(5 + 15.0 * lines, cells, merged)

    def _wide(self, text: str, style: str, *, size: float = 1.0) -> None:
        lines = _lines(text, _WIDTH / size)
        self._line(row_height(lines) * (1.08 if size > 1 else 1), [], (0, text, style))

    def _line(self, height: float, cells: Sequence[tuple[int, Cell, str]], merged: tuple[int, Cell, str] | None = None) -> None:
        """One row of (column, value, style); ``merged`` takes its column and all to the right of it."""
        written = [self._cells.cell(self.row, column, value, self._pen.style(style)) for column, value, style in cells]
        if merged:
            first, value, style = merged
            rest: list[Cell] = [None] * (len(WIDTHS) - first - 1)
            written += [
                self._cells.cell(self.row, column, one, self._pen.style(style))
                for column, one in enumerate((value, *rest), first)
            ]
            self._page.merge.append([self.row, first, self.row, len(WIDTHS) - 1])
        self._page.add_row(self.row, height, "".join(written), fixed=True)
        self._page.know_height(self.row, height)
        self._heights[self.row] = height
        self.row += 1


def _series(sheet: str, chart: Chart, number: int, first: int) -> dict[str, Any]:
    """One series of bars, with the values that it shows before anybody recalculates."""
    name, last, column = chart.series[number], first + len(chart.rows) - 1, number + 1
    colour = BAR.get(name.casefold()) or BAR_CYCLE[number % len(BAR_CYCLE)]
    return {
        "name": [sheet, first - 1, column],
        "name_data": [name[:1].upper() + name[1:]],
        "categories": [sheet, first, 0, last, 0],
        "categories_data": [category for category, _ in chart.rows],
        "values": [sheet, first, column, last, column],
        "values_data": [number_of(values[number]) for _, values in chart.rows],
        "fill": {"color": colour},
        "gap": 45,
        "data_labels": {
            "value": True, "num_format": "#,##0;;",
            "font": {"name": FONT, "size": 8, "color": "#FFFFFF" if colour in DARK_BARS else INK},
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


def _lines(text: str, width: float) -> int:
    return room(width).lines(extent(text))

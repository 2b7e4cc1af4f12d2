"""Data sheets: one declared table each."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from workbench.writing.declarations import Cell, Column, DataSheet, Look, column_letter, quoted
from workbench.writing.look import FONT, HEAT_SCALE, SIGN_STYLES, heading_lines, room, row_height, signed
from workbench.writing.package import BulkSheet
from workbench.writing.pen import Cells, Pen, Styles, done, print_setup

_WRAPPED = frozenset({Look.TEXT, Look.LONG, Look.ID, Look.STATUS, Look.SEVERITY, Look.DECISION, Look.PROPOSAL})
_NEAR_A_NOTE = 12
"""So many rows below the headings may lie under a note that is shown."""


def data_sheet(pen: Pen, sheet: DataSheet) -> None:
    """Write one table."""
    page: BulkSheet = pen.book.add_worksheet(sheet.name)
    cells = Cells(pen, page, sheet.name)
    _above(pen, page, sheet, cells)
    _table(pen, page, sheet, cells)
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
    print_setup(pen, page)


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
        "columns": [
            {"header": column.heading, "header_format": pen.style(_heading_style(column)).format} for column in sheet.columns
        ],
    }


def _dress(pen: Pen, page: BulkSheet, sheet: DataSheet, number: int, column: Column) -> None:
    """Note, colours and input rules of one column."""
    first, last = sheet.heading_row, sheet.last_row - 1
    if column.note:
        lines = sum(math.ceil(len(line) / 42) for line in column.note.split("\n"))
        look = {"width": 250, "height": 18 + 15 * lines, "font_name": FONT, "font_size": 9, "color": "#FFFFFF"}
        done(page.write_comment(first - 1, number, column.note, look), f"note on {column.heading}")
    for sign in SIGN_STYLES.get(column.look, ()):
        rule = {"type": "text", "criteria": "begins with", "value": sign, "format": pen.sign_format(column.look, sign)}
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


# --- rows ------------------------------------------------------------------------------------------------------------


def _above(pen: Pen, page: BulkSheet, sheet: DataSheet, cells: Cells) -> None:
    """Title, introduction, link to the summary, headings."""
    page.add_row(0, 24.0, cells.cell(0, 0, sheet.title, pen.style("title")))
    for row, line in enumerate(sheet.intro_lines, 1):
        page.add_row(row, 15.0, cells.cell(row, 0, line, pen.style("intro")))
    if pen.summary:
        row = sheet.heading_row - 2
        page.add_row(row, 15.0, cells.cell(row, 0, f"← {pen.summary}", pen.style("link")))
        cells.link(row, 0, f"{quoted(pen.summary)}!A1")
    row = sheet.heading_row - 1
    height = max(20.0, 4 + 15.0 * max(heading_lines(column.heading, column.width) for column in sheet.columns))
    headings = [cells.cell(row, at, column.heading, pen.style(_heading_style(column))) for at, column in enumerate(sheet.columns)]
    page.add_row(row, height, "".join(headings))
    page.know_height(row, height)


def _heading_style(column: Column) -> str:
    """A heading stands where its numbers stand."""
    if column.look in (Look.NUMBER, Look.SCORE, Look.PERCENT):
        return "number heading"
    return "middle heading" if column.look in (Look.MARK, Look.HEAT) else "heading"


def _table(pen: Pen, page: BulkSheet, sheet: DataSheet, cells: Cells) -> None:
    """The rows of the table, in the order declared."""
    first, width = sheet.heading_row, len(sheet.columns)
    if any(len(row) != width for row in sheet.rows):
        raise ValueError(f"a row of {sheet.name} has not {width} cells")
    blank: list[Cell] = [None] * width
    rows = [*sheet.rows, *[blank] * (sheet.last_row - first - len(sheet.rows))]
    lines = [1] * len(rows)
    columns = [
        _column(pen, cells, first, at, column, values, lines)
        for at, (column, values) in enumerate(zip(sheet.columns, zip(*rows, strict=True), strict=True))
    ]
    for row, high, parts in zip(range(first, first + len(rows)), lines, zip(*columns, strict=True), strict=True):
        page.add_row(row, row_height(high), "".join(parts))
    for row, high in enumerate(lines[:_NEAR_A_NOTE], first):
        page.know_height(row, row_height(high))


def _column(pen: Pen, cells: Cells, first: int, at: int, column: Column, values: Sequence[Cell], lines: list[int]) -> list[str]:
    """The cells of one column; ``lines`` grows where a text wraps. Column by column, because all but the value stays the same."""
    texts, styles = pen.texts, Styles.of(pen, column)
    start, plain = f'<c r="{column_letter(at)}', f'" s="{styles.plain}"'
    wide = room(column.width if column.look in _WRAPPED and not column.outline else math.inf)
    shown = _Signs() if column.look in (Look.STATUS, Look.SEVERITY) else None
    found: list[str] = []
    for number, value in enumerate(values, first + 1):
        if value is None or value == "":
            found.append(f"{start}{number}{plain}/>")
        elif isinstance(value, str):
            text = texts[str(value) if shown is None else shown[value]]
            if text.width > wide.single:
                lines[number - first - 1] = max(lines[number - first - 1], wide.lines(text.paragraphs))
            if text.quoted or text.problem:
                found.append(cells.cell(number - 1, at, value if shown is None else shown[value], styles))
            else:
                found.append(f'{start}{number}{plain} t="s"><v>{text.index}</v></c>')
        elif type(value) is int or (type(value) is float and math.isfinite(value)):
            found.append(f"{start}{number}{plain}><v>{value!r}</v></c>")
        else:
            found.append(cells.cell(number - 1, at, value, styles))
    return found


class _Signs(dict[str, str]):
    """A word → the word with its sign."""

    def __missing__(self, word: str) -> str:
        self[word] = signed(word)
        return self[word]

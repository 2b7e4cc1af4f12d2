"""Rules about the file itself: what was found while it was read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.model import Oddity, Severity
from workbench.rules.context import Context, grouped
from workbench.rules.rule import Hit, rule

MANY = 5
"""More merged ranges than that in one column are told once."""


def _odd(context: Context, kind: str) -> list[Oddity]:
    return [oddity for oddity in context.project.book.oddities if oddity.kind == kind]


def _said(context: Context, kind: str, message: str) -> Iterator[Hit]:
    """One hit per oddity of that kind; ``message`` may hold {detail} and {cell}."""
    for oddity in _odd(context, kind):
        words = message.format(detail=oddity.detail, cell=oddity.cell)
        yield Hit(oddity.sheet, oddity.cell, words[0].upper() + words[1:])


@rule("WBK001", Severity.WARNING)
def sheet_without_rows(context: Context) -> Iterator[Hit]:
    """A sheet has headings and nothing below them.

    It is read as "none": no controls, no mappings. Often the rows are on another tab, or a filter was saved with the wrong copy.

    Fix: Fill the sheet, or delete it.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title | Collected

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
    """
    return _said(context, "no rows", "There are headings but no rows below them")


@rule("WBK002", Severity.WARNING)
def duplicate_heading(context: Context) -> Iterator[Hit]:
    """Two columns of a sheet have the same heading.

    Nobody can say which of the two is meant, and a person who filters one forgets the other. Both are kept, but where only one
    value can count, the first does.

    Fix: Rename one of the columns, or move its content into the other.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Owner | Owner
        AC-001     | Access reviews | CC6.2          | IT    | Security

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Owner | Deputy
        AC-001     | Access reviews | CC6.2          | IT    | Security
    """
    return _said(context, "duplicate heading", "This heading occurs more than once: {detail}")


@rule("WBK003", Severity.ERROR)
def formula_without_value(context: Context) -> Iterator[Hit]:
    """A formula was never calculated, so its cell has no value.

    Programs that write workbooks leave formulas without results until Excel has opened and saved the file. Such a cell is read as
    blank, and whatever it should say is missing from every figure.

    Fix: Open the workbook in Excel and save it, or paste the values over the formulas.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Owner
        AC-001     | Access reviews | CC6.2          | =TRIM("IT ")

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Owner
        AC-001     | Access reviews | CC6.2          | IT
    """
    return _said(context, "formula without value", "This formula has no calculated value")


@rule("WBK004", Severity.ERROR)
def error_value(context: Context) -> Iterator[Hit]:
    """A cell shows an Excel error such as #N/A or #REF!.

    The formula lost what it refers to; what the cell should say is unknown and is missing from every figure.

    Fix: Repair the formula, or type the value.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Notes
        AC-001     | Access reviews | CC6.2          | #REF!

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Notes
        AC-001     | Access reviews | CC6.2          | see the procedure
    """
    return _said(context, "error value", "This cell shows {detail}")


@rule("WBK005", Severity.WARNING)
def merged_cells(context: Context) -> Iterator[Hit]:
    """Data cells are merged.

    Only the first cell of a merged range holds a value; it was read for every row of the range. Sorting, filtering and pasting
    fail on merged cells, and a row moved out of the range loses its value.

    Fix: Unmerge the range and repeat the value in each row.

    Fails:
        Controls (merged D2:D3)
        Control ID | Control name   | SOC 2 criteria | Owner
        AC-001     | Access reviews | CC6.2          | IT
        AC-002     | Badge reviews  | CC6.4          |

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Owner
        AC-001     | Access reviews | CC6.2          | IT
        AC-002     | Badge reviews  | CC6.4          | IT
    """
    ranges = sorted(_odd(context, "merged"), key=lambda oddity: int(re.findall(r"\d+", oddity.cell)[0]))
    for (sheet, column), same in grouped(ranges, lambda oddity: (oddity.sheet, re.match(r"[A-Z]*", oddity.cell)[0])).items():  # type: ignore[index]
        more = f" (and {len(same) - 1} more in column {column})" if len(same) > MANY else ""
        for oddity in same[:1] if more else same:
            yield Hit(sheet, oddity.cell, f"{oddity.cell} is merged; its value was read for every row{more}")


@rule("WBK006", Severity.NOTE)
def hidden_rows(context: Context) -> Iterator[Hit]:
    """Rows are hidden, by hand or by a filter.

    They are read and counted like all others. If they were hidden because they no longer hold, the figures are too good.

    Fix: Show the rows (clear the filter) and delete those that no longer hold.

    Fails:
        Controls (hidden row 3)
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | CC6.4

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
        AC-002     | Badge reviews  | CC6.4
    """
    return _said(context, "hidden rows", "{detail}; hidden rows are read and count like all others")


@rule("WBK007", Severity.NOTE)
def hidden_sheet(context: Context) -> Iterator[Hit]:
    """A sheet is hidden.

    Hidden sheets often hold old copies or lists. Whether this one was read is said with the sheets of the workbook; it can be
    chosen in workbench.toml.

    Fix: Show it if it is part of the work, delete it if it is not.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence (hidden)
        Evidence ID | Title
        EV-01       | Review minutes

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
    """
    return _said(context, "hidden sheet", "The sheet is {detail}")


@rule("WBK008", Severity.WARNING)
def near_heading(context: Context) -> Iterator[Hit]:
    """A heading is almost, but not quite, one that is known.

    The column was read as the one it resembles. If it is meant to be something else, every cell of it is misread.

    Fix: Correct the heading, or give the column a name of its own.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria | Frequncy
        AC-001     | Access reviews | CC6.2          | Quarterly

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Frequency
        AC-001     | Access reviews | CC6.2          | Quarterly
    """
    return _said(context, "near heading", "{detail}")


@rule("WBK009", Severity.WARNING)
def broken_text(context: Context) -> Iterator[Hit]:
    """A text holds control characters, or is as long as a cell can be.

    Control characters come from pasted exports and break other programs. A text of exactly 32,767 characters was almost certainly
    cut off by Excel.

    Fix: Retype or shorten the text; put long texts into a document and cite it.

    Fails:
        Controls
        Control ID | Control name         | SOC 2 criteria
        AC-001     | Access_x0001_reviews | CC6.2

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
    """
    yield from _said(context, "control character", "The text holds control characters: {detail}")
    yield from _said(context, "long text", "The text is as long as a cell can be and was probably cut off: {detail}")


@rule("WBK010", Severity.NOTE)
def active_content(context: Context) -> Iterator[Hit]:
    """The workbook holds macros, or links to other workbooks.

    Neither is run nor followed here. Values that come from another workbook are as old as the last time somebody updated them.

    Fix: Send a copy without macros (.xlsx), and paste values over formulas that read other workbooks.

    Fails:
        Controls (macros)
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
    """
    yield from _said(context, "macros", "The workbook holds macros; they were not run")
    yield from _said(context, "external links", "The workbook reads other files; the links were not followed: {detail}")


@rule("WBK011", Severity.WARNING)
def missing_column(context: Context) -> Iterator[Hit]:
    """A sheet lacks a column without which its rows cannot be used.

    The sheet looks like one that is known, but what identifies its rows is not there, or stands under a heading nobody would
    recognize.

    Fix: Add the column, or rename the one that holds it.

    Fails:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Title          | Collected  | Controls
        Review minutes | 2026-03-31 | AC-001

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

        Evidence
        Evidence ID | Title          | Collected  | Controls
        EV-01       | Review minutes | 2026-03-31 | AC-001
    """
    return _said(context, "missing column", "{detail}")


@rule("WBK012", Severity.WARNING)
def open_elsewhere(context: Context) -> Iterator[Hit]:
    """Somebody has the workbook open.

    What they typed since their last save is not in the file that was read.

    Fix: Save and close the workbook, then run again.

    Fails:
        Controls (open elsewhere)
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria
        AC-001     | Access reviews | CC6.2
    """
    return _said(context, "open elsewhere", "The workbook is open in another program: {detail}")


@rule("WBK013", Severity.NOTE)
def hidden_columns(context: Context) -> Iterator[Hit]:
    """Columns are hidden.

    They are read like all others, so a figure may rest on something that nobody who looks at the sheet can see.

    Fix: Show the columns, and delete those that no longer hold.

    Fails:
        Controls (hidden column D)
        Control ID | Control name   | SOC 2 criteria | Owner
        AC-001     | Access reviews | CC6.2          | IT

    Passes:
        Controls
        Control ID | Control name   | SOC 2 criteria | Owner
        AC-001     | Access reviews | CC6.2          | IT
    """
    return _said(context, "hidden columns", "{detail}; hidden columns are read like all others")


@rule("WBK014", Severity.NOTE)
def guessed_encoding(context: Context) -> Iterator[Hit]:
    """A text file does not say how its letters are encoded, and it is not UTF-8.

    Letters such as é, ü or ß may have been read as others.

    Fix: Save the file as "CSV UTF-8" or as a workbook.

    Fails:
        Controls (csv in cp1252)
        Control ID | Control name | SOC 2 criteria
        AC-001     | Clés         | CC6.2

    Passes:
        Controls
        Control ID | Control name | SOC 2 criteria
        AC-001     | Clés         | CC6.2
    """
    return _said(context, "encoding", "The file is not UTF-8; it was read as {detail}")

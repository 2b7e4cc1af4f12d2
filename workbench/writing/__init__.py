"""One declared workbook → one formatted xlsx file. All styles are in ``workbench.writing.look``.

A report is a pure function that declares its sheets and lets ``write_workbook`` do the rest::

    findings = DataSheet(
        "Findings", "Findings", "One row is one finding.", table="tblFindings", freeze=1, protect=True,
        columns=(
            Column("Severity", 12, Look.SEVERITY, note="An error makes a figure wrong."),
            Column("Place", 20, Look.ID),
            Column("Message", 60, Look.LONG),
            Column("Owner", 18, editable=True),
        ),
        rows=[("error", "Controls!F17", "A.9.1.1 is a 2013 id", None)],
    )
    errors = Formula(f'=COUNTIF({findings.range("Severity")},"{signed("error")}")', 1)
    summary = SummarySheet(
        "Findings of acme.xlsx", "What is wrong, and where. For whoever keeps the workbook.",
        facts=(("Input", "acme.xlsx"), ("As of", as_of)),
        headlines=(Headline("Errors", errors, 1, "Findings that make a figure wrong"),),
        charts=(Chart("By sheet", "Sheet", ("error", "warning"), (("Controls", (1, 0)),), alt="One error on Controls"),),
        links=((findings.link(), "every finding with its cell"),),
    )
    written = write_workbook(path, Workbook("Findings", "acme.xlsx", (summary, findings), version="1.0"), as_of=as_of)

Plain values go in; the look of the column does the rest (``Coverage.PARTIAL`` in a status column becomes "◐ Partial").
Formulas count what the sheet shows, so they use ``signed`` words. Same declaration, same ``as_of``: same bytes.
"""

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
from workbench.writing.look import in_lines, signed
from workbench.writing.output import Written, render, safe_name, write_bytes, write_workbook

__all__ = [
    "Cell",
    "Chart",
    "Column",
    "DataSheet",
    "Formula",
    "Headline",
    "Link",
    "Look",
    "Neighbour",
    "SummarySheet",
    "Workbook",
    "Written",
    "column_letter",
    "in_lines",
    "quoted",
    "render",
    "safe_name",
    "sheet_name",
    "signed",
    "write_bytes",
    "write_workbook",
]

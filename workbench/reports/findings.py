"""The findings workbook: what is wrong, in which cell, by which rule, and how the workbook was read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workbench.analysis import Analysis
from workbench.frameworks import TITLES
from workbench.interpretation import Project
from workbench.model import ISO_UNDECIDED, Finding, Severity, SheetReport
from workbench.reports.provenance import document, facts, how_it_was_made
from workbench.rules import CATALOGUE
from workbench.settings import Settings
from workbench.writing import (
    Cell,
    Chart,
    Column,
    DataSheet,
    Formula,
    Headline,
    Look,
    SummarySheet,
    Workbook,
    quoted,
    signed,
)

WHOLE_WORKBOOK = "(the workbook)"
MOST_FREQUENT = 8
MOST_SHEETS = 12
"""So many bars, and so many lines about sheets, fit on a summary; the sheets behind it have all."""
REPAIRED = frozenset({"repaired", "expanded", "point of focus", "number", "date", "ambiguous", "range", "unknown"})
"""Remarks on ids (see ``workbench.frameworks.ids``) that say that the id read is not simply the one written."""
_PLAIN_SHEET = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ORDER = {severity: number for number, severity in enumerate(Severity)}
_COLUMNS = (
    Column("Severity", 11, Look.SEVERITY, note="Error: a figure or a deliverable is wrong. Warning: it may be. Note: good to know."),
    Column("Place", 20, Look.ID, note="Sheet and cell in the workbook that was checked. Copy it into Excel's Name Box to go there."),
    Column("Rule", 10, Look.ID, note="The link leads to why the rule exists."),
    Column("What is wrong", 60, Look.LONG),
    Column("What to do", 44, Look.LONG),
    Column("Owner", 14, editable=True, note="Who sees to it."),
    Column("State", 13, Look.STATUS, choices=("open", "in progress", "done"), editable=True, note="Yours to keep; blank is open."),
    Column("Sheet", 16, note="To filter by."),
)  # fmt: skip


def findings(analysis: Analysis) -> Workbook:
    """Summary, Findings (errors first, then in workbook order), Rules, Sheets, How it was read, How it was made."""
    project, about = analysis.project, document(analysis.project, analysis.settings)
    found = _sheet([()] * len(analysis.findings))
    rules = _rules(analysis.settings, analysis.findings, found.range("Rule"))
    found = replace(found, rows=_rows(analysis.findings, rules))
    others = (_sheets_read(project), _readings(project), how_it_was_made(analysis))
    return Workbook(
        title=f"Findings: {project.book.name}",
        subject="What is wrong with a control mapping workbook, and in which cell",
        sheets=(_summary(analysis, found, rules, others), found, rules, *others),
        organization=about.organization,
        version=about.version,
        classification=about.classification,
    )


def place(finding: Finding) -> str:
    """``Controls!F17`` as Excel's Name Box takes it: a sheet name that is no plain word stands in apostrophes."""
    if not finding.sheet:
        return finding.cell
    sheet = finding.sheet if _PLAIN_SHEET.fullmatch(finding.sheet) else quoted(finding.sheet)
    return f"{sheet}!{finding.cell}"


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Errors first, then in the order of the workbook."""
    return sorted(found, key=lambda one: _ORDER[one.severity])


# --- the tables ------------------------------------------------------------------------------------------------------


def _sheet(rows: Sequence[Sequence[Cell]]) -> DataSheet:
    what = (
        "Errors come first, then everything is in the order of the workbook. Give each an owner; the next run shows what is left."
    )
    return DataSheet(
        "Findings",
        "Findings",
        f"One row is one finding. {what}" if rows else "Nothing was found: no rule has anything to say about this workbook.",
        columns=_COLUMNS,
        rows=rows,
        table="tblFindings",
        freeze=2,
        protect=True,
    )


def _rows(found: Sequence[Finding], rules: DataSheet) -> list[tuple[Cell, ...]]:
    links = {row[0]: rules.link(str(row[0]), index=number) for number, row in enumerate(rules.rows)}
    return [
        (one.severity, place(one), links.get(one.rule, one.rule), one.message, one.fix, None, None, _sheet_of(one))
        for one in in_order(found)
    ]


def _sheet_of(finding: Finding) -> str:
    return finding.sheet or WHOLE_WORKBOOK


def _rules(settings: Settings, found: Sequence[Finding], codes: str) -> DataSheet:
    """Every rule, and how often it found something (counted by the sheet itself); ``codes`` is where the findings' rules stand."""
    counts = Counter(one.rule for one in found)
    columns = (
        Column("Rule", 10, Look.ID),
        Column("Severity", 11, Look.SEVERITY, note="As the settings of this run have it; a rule that is off did not run."),
        Column("Findings", 10, Look.NUMBER, note="How many are on the sheet Findings."),
        Column("What it looks for", 44, Look.LONG),
        Column("Why it matters", 62, Look.LONG),
        Column("What to do", 50, Look.LONG),
        Column("Name", 30, Look.ID, note="For settings and search."),
    )
    sheet = DataSheet(
        "Rules",
        "Rules",
        "Every rule there is, with what it is for. A severity can be changed, or a rule switched off, in workbench.toml.",
        columns=columns,
        rows=[],
        table="tblRules",
        protect=True,
    )
    rows = [
        (
            rule.code,
            settings.severities.get(rule.code, rule.severity),
            Formula(f"=COUNTIF({codes},{sheet.cell(number, 'Rule')})", counts[rule.code]),
            rule.summary,
            rule.why,
            rule.fix,
            rule.name,
        )
        for number, rule in enumerate(CATALOGUE.values())
    ]
    return replace(sheet, rows=rows)


def _sheets_read(project: Project) -> DataSheet:
    """What became of each sheet of the input."""
    rows = [
        (
            report.sheet,
            report.layout or "not read",
            report.declaration if report.layout else None,
            report.heading_row if report.layout else None,
            report.rows if report.layout else None,
            report.because,
            report.state,
            "\n".join(report.ignored),
        )
        for report in project.book.sheets
    ]
    columns = (
        Column("Sheet", 24),
        Column("Read as", 18, note="Control library: one row a control. Pair list: one row a mapping. Grid: ids down and across. "
               "Assessment: one row a requirement. Register: any other sheet of the project workbook."),
        Column("As if it were", 16, note="The sheet of the project workbook whose columns it was read by."),
        Column("Heading row", 10, Look.NUMBER),
        Column("Rows", 9, Look.NUMBER, note="Rows below the headings that hold anything."),
        Column("Why", 56, Look.LONG),
        Column("State", 12, note="Hidden sheets are read too."),
        Column("Columns carried along, not understood", 36, Look.LONG),
    )  # fmt: skip
    return DataSheet(
        "Sheets read",
        "Sheets read",
        "What each sheet of the input was taken for, and why. Say otherwise in workbench.toml, under [sheets].",
        columns=columns,
        rows=rows,
        table="tblSheets",
        protect=True,
    )


def _readings(project: Project) -> DataSheet:
    """Everything that was read as something else than what is written."""
    columns = (
        Column("Kind", 20),
        Column("Where", 22, Look.ID),
        Column("Written", 40, Look.LONG),
        Column("Read as", 36, Look.LONG),
        Column("Why", 60, Look.LONG),
        Column("Cells", 9, Look.NUMBER, note="How many cells say it; Where is the first."),
    )
    return DataSheet(
        "How it was read",
        "How it was read",
        "Editions decided, ids expanded or repaired, and words of your own that were translated. Words can be added in workbench.toml.",
        columns=columns,
        rows=[*_editions(project), *_ids(project), *_words(project)],
        table="tblReadings",
        freeze=2,
        protect=True,
    )


def _editions(project: Project) -> Iterator[tuple[Cell, ...]]:
    for (number, name), edition in project.editions.items():
        table = project.book.tables[number]
        column = next((one for one in table.columns if one.name == name), None)
        heading, letter = (column.heading, column.letter) if column else (name, "")
        where = f"{table.sheet}!{letter}{table.heading_row}" if letter else table.sheet
        yield "Edition of a column", where, heading, _title(edition.framework), edition.because, None


def _title(framework: str) -> str:
    return TITLES.get(framework) or ("ISO/IEC 27001, edition open" if framework == ISO_UNDECIDED else framework)


def _ids(project: Project) -> Iterator[tuple[Cell, ...]]:
    """One row per written text that was not simply an id, with the number of cells it stands in."""
    frame = project.citations
    names = ("text", "remark", "id", "candidates", "sheet", "cell")
    read: dict[tuple[str, str], dict[str, None]] = {}
    cells: dict[tuple[str, str], dict[str, None]] = {}
    for text, remark, name, candidates, sheet, cell in zip(*(frame[column].tolist() for column in names), strict=True):
        if remark in REPAIRED:
            meant = name or (f"not read; perhaps {', '.join(candidates)}" if candidates else "not read")
            read.setdefault((text, remark), {})[meant] = None
            cells.setdefault((text, remark), {})[f"{sheet}!{cell}"] = None
    for key, meant_ids in read.items():
        where = list(cells[key])
        yield f"Id: {key[1]}", where[0], key[0], ", ".join(meant_ids), _WHY_READ[key[1]], len(where)


_WHY_READ = {
    "repaired": "The id was recognizable behind look-alike letters, odd dots, zeros or invisible characters.",
    "expanded": "A range or wildcard stands for each id in it.",
    "point of focus": "A point of focus counts for its criterion.",
    "number": "Excel holds a number: 5.1 may have been 5.1 or 5.10.",
    "date": "Excel made a date of the id.",
    "ambiguous": "The id exists in more than one reading.",
    "range": "The ends of the range are in different groups, in the wrong order, or unknown.",
    "unknown": "No such id exists.",
}


def _words(project: Project) -> Iterator[tuple[Cell, ...]]:
    for kind, written, ours in project.words:
        yield f"Word: {kind}", None, written, ours, "The table of words says so.", None


# --- the summary -----------------------------------------------------------------------------------------------------


def _summary(analysis: Analysis, found: DataSheet, rules: DataSheet, others: Iterable[DataSheet]) -> SummarySheet:
    name = analysis.project.book.name
    return SummarySheet(
        f"Findings: {name}",
        "What is wrong with this workbook, and in which cell. For whoever keeps it: the errors make figures and deliverables wrong, so "
        "they come first.",
        facts=facts(analysis),
        headlines=tuple(_headlines(analysis.findings, found, rules)),
        paragraphs=(("What was read", _what_was_read(analysis.project)),),
        charts=tuple(_charts(analysis.findings, found)),
        links=(
            (found.link(), "Every finding with its cell, what is wrong and what to do; room for owner and state"),
            (rules.link(), "Every rule, why it exists, and how often it found something"),
            *((sheet.link(), sheet.intro) for sheet in others),
        ),
    )


_MEANINGS = {
    Severity.ERROR: "Make a figure or a deliverable wrong",
    Severity.WARNING: "May do so, or will not convince an auditor",
    Severity.NOTE: "Good to know; nothing has to be done",
}


def _headlines(found: Sequence[Finding], sheet: DataSheet, rules: DataSheet) -> Iterator[Headline]:
    severities, counts = sheet.range("Severity"), Counter(one.severity for one in found)
    total = Formula(f"=COUNTA({severities})", len(found))
    for severity in Severity:
        number = Formula(f'=COUNTIF({severities},"{signed(severity)}")', counts[severity])
        yield Headline(f"{severity.capitalize()}s", number, total, f"{_MEANINGS[severity]}; of all findings")
    hits = Formula(f'=COUNTIF({rules.range("Findings")},">0")', len({one.rule for one in found} & set(CATALOGUE)))
    all_rules = Formula(f"=ROWS({rules.range('Rule')})", len(rules.rows))
    yield Headline("Rules that found something", hits, all_rules, "Of all rules")


def _what_was_read(project: Project) -> str:
    """The sheets, in sentences: those read and as what, those ignored and why."""
    read = [report for report in project.book.sheets if report.layout]
    ignored = [report for report in project.book.sheets if not report.layout]
    lines = [
        f"“{one.sheet}” as {one.layout}: headings in row {one.heading_row}, {_many(one.rows, 'row')}{_asides(one)}"
        for one in read[:MOST_SHEETS]
    ]
    lines += [f"Not read: “{one.sheet}” ({one.because})" for one in ignored[: MOST_SHEETS - len(lines)]]
    more = len(read) + len(ignored) - len(lines)
    lines += [f"… and {_many(more, 'sheet')} more, see Sheets read"] if more else []
    return "\n".join(lines)


def _asides(report: SheetReport) -> str:
    """What else is to be said of a sheet that was read: columns not understood, and whether it is hidden."""
    named = ", ".join(report.ignored[:6]) + (" …" if len(report.ignored) > 6 else "")
    carried = f"; {_many(len(report.ignored), 'column')} carried along ({named})" if report.ignored else ""
    return carried + ("" if report.state == "visible" else f"; the sheet is {report.state}")


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _charts(found: Sequence[Finding], sheet: DataSheet) -> Iterator[Chart]:
    if not found:
        return
    counts = Counter(_sheet_of(one) for one in found)
    most = dict(counts.most_common(MOST_SHEETS))
    by_sheet = [name for name in counts if name in most]
    title = "Findings by sheet" if len(most) == len(counts) else f"The {MOST_SHEETS} sheets with most findings"
    yield _chart(title, "Sheet", sheet, by_sheet, [(_sheet_of(one), one.severity) for one in found])
    frequent = [code for code, _ in Counter(one.rule for one in found).most_common(MOST_FREQUENT)]
    title = "Findings by rule" if len(frequent) < MOST_FREQUENT else f"The {MOST_FREQUENT} rules with most findings"
    yield _chart(title, "Rule", sheet, frequent, [(one.rule, one.severity) for one in found])


def _chart(title: str, heading: str, sheet: DataSheet, keys: Sequence[str], pairs: Sequence[tuple[str, Severity]]) -> Chart:
    """Findings by a column of their table. A rule is shown with its name, behind its code."""
    counts = Counter(pairs)
    column, severities = sheet.range(heading), sheet.range("Severity")

    def row(key: str) -> tuple[str, tuple[Formula, ...]]:
        rule = CATALOGUE.get(key) if heading == "Rule" else None
        same = f"{column}=LEFT({{category}},{len(key)})" if rule else f"{column}={{category}}"
        values = (Formula(f'=SUMPRODUCT(({same})*({severities}="{signed(one)}"))', counts[key, one]) for one in Severity)
        return f"{key} {rule.name.replace('-', ' ')}" if rule else key, tuple(values)

    rows = tuple(map(row, keys))
    most = max(keys, key=lambda key: sum(counts[key, one] for one in Severity))
    alt = f"Stacked bars: {title}, split into errors, warnings and notes. Most are in {most}."
    return Chart(title, heading, tuple(map(str, Severity)), rows, alt)

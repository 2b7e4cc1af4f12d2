"""The portfolio summary: one row per workbook of a run, what needs attention first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.analysis import Analysis
from workbench.coverage import DIRECTIONS, STATUSES, STRICTNESS
from workbench.model import ISO2022, SOC2, Coverage, Figure, Severity
from workbench.reports.frames import natural
from workbench.reports.provenance import document
from workbench.writing import (
    Cell,
    Chart,
    Column,
    DataSheet,
    Formula,
    Headline,
    Look,
    Neighbour,
    SummarySheet,
    Workbook,
    signed,
)

MOST_BARS = 10
"""So many workbooks fit on the first page as bars; the table has all."""
LEVELS = tuple(Coverage)
DELIVERABLES = ("findings", "suggestions", "overlap", "gap", "soa")
DONE, REFUSED = "done", "refused"


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """What one workbook of a run came to.

    failure: why nothing was made of it, in a line that names it; "" where all was. findings: severity → how many. to_iso, to_soc2: the accepted, as mapped figures
    against what applies. levels: level → applicable and excluded Annex A controls. decided: SoA entries with a decision, of ``entries``. files:
    deliverable → path relative to the folder of the summary, with forward slashes.
    """

    workbook: str
    failure: str = ""
    organization: str = ""
    controls: int = 0
    mappings: int = 0
    findings: Mapping[str, int] = field(default_factory=dict)
    to_iso: Figure | None = None
    to_soc2: Figure | None = None
    levels: Mapping[str, int] = field(default_factory=dict)
    decided: int = 0
    entries: int = 0
    files: Mapping[str, str] = field(default_factory=dict)


def portfolio_row(analysis: Analysis, files: Mapping[str, str]) -> PortfolioRow:
    """The row of a workbook that was worked through; ``files`` as in ``PortfolioRow``."""
    project, soa = analysis.project, analysis.soa
    view = analysis.coverage[ISO2022]
    levels = Counter(
        level for level, kind in zip(view["level"].tolist(), view["kind"].tolist(), strict=True) if kind == "control"
    )
    annex = [
        decided for decided, theme in zip(soa["decided"].tolist(), soa["theme"].tolist(), strict=True) if theme.startswith("A.")
    ]
    return PortfolioRow(
        workbook=project.book.name,
        organization=document(project, analysis.settings).organization,
        controls=len(project.controls),
        mappings=len(project.mappings),
        findings=Counter(str(finding.severity) for finding in analysis.findings),
        to_iso=_figure(analysis.figures, DIRECTIONS[ISO2022], "applicable"),
        to_soc2=_figure(analysis.figures, DIRECTIONS[SOC2], "in-scope"),
        levels=levels,
        decided=sum(annex),
        entries=len(annex),
        files=files,
    )


def _figure(figures: Sequence[Figure], direction: str, denominator: str) -> Figure:
    """The first figure of its kind: its basis is that of the headline."""
    return next(
        one
        for one in figures
        if (one.direction, one.denominator, one.strictness, one.status) == (direction, denominator, STRICTNESS[0], STATUSES[0])
    )


def portfolio(rows: Sequence[PortfolioRow]) -> Workbook:
    """Summary (one page) and Workbooks: refused ones first, then by errors, then by how little of ISO 27001 is served."""
    ordered = sorted(rows, key=_attention)
    table = _table(ordered)
    return Workbook(
        title="Portfolio summary",
        subject="Every control mapping workbook of a run",
        sheets=(_summary(ordered, table), table),
    )


def _attention(row: PortfolioRow) -> tuple[object, ...]:
    share = row.to_iso.numerator / row.to_iso.total if row.to_iso and row.to_iso.total else 0.0
    return (not row.failure, -row.findings.get(Severity.ERROR, 0), share, natural(row.workbook))


# --- the table -------------------------------------------------------------------------------------------------------

_COLUMNS = (
    Column("Workbook", 26),
    Column("State", 10, Look.STATUS, note="Refused: nothing was made of it; the last column says why."),
    Column("Organization", 20),
    *(Column(f"{severity.capitalize()}s", 9, Look.NUMBER, note=f"Findings of severity {severity}.") for severity in Severity),
    Column("SOC 2 → ISO 27001", 10, Look.PERCENT, note="Of the Annex A controls that apply, those served by a control that also serves a SOC 2 criterion "
           "in scope. Accepted mappings, as mapped."),
    Column("Shared ISO", 8, Look.NUMBER, note="The number behind that share."),
    Column("of ISO", 7, Look.NUMBER, note="Annex A controls that apply."),
    Column("ISO 27001 → SOC 2", 10, Look.PERCENT, note="Of the SOC 2 criteria in scope, those served by a control that also serves an ISO requirement that "
           "applies."),
    Column("Shared SOC 2", 8, Look.NUMBER, note="The number behind that share."),
    Column("of SOC 2", 7, Look.NUMBER, note="SOC 2 criteria in scope."),
    *(Column(level.capitalize(), 10, Look.NUMBER, note=f"Annex A controls: {level}.") for level in LEVELS),
    Column("SoA decided", 9, Look.NUMBER, note="Annex A controls whose applicability is decided."),
    Column("of Annex A", 8, Look.NUMBER),
    Column("Controls", 10, Look.NUMBER),
    Column("Mappings", 10, Look.NUMBER),
    *(Column(name.capitalize() if name != "soa" else "SoA", 11, note="Opens the workbook.") for name in DELIVERABLES),
)  # fmt: skip
_WHY_NOT = Column("Why not", 50, Look.LONG, note="Why nothing was made of the workbook.")
"""Only there where a workbook was refused."""


def _table(rows: Sequence[PortfolioRow]) -> DataSheet:
    sheet = DataSheet(
        "Workbooks",
        "Every workbook of the run",
        "One row is one workbook, what needs attention first: refused ones, then those with most errors, then those with least overlap.",
        columns=_COLUMNS,
        rows=[()] * len(rows),
        table="tblWorkbooks",
        freeze=2,
        protect=True,
    )
    cells = [
        (label, *(_refused(row) if row.failure else _done(number, row, sheet)))
        for number, (label, row) in enumerate(zip(_labels(rows), rows, strict=True))
    ]
    if not any(row.failure for row in rows):
        return replace(sheet, rows=cells)
    reasons = [row.failure for row in rows]
    return replace(sheet, columns=(*_COLUMNS, _WHY_NOT), rows=[(*one, why) for one, why in zip(cells, reasons, strict=True)])


def _labels(rows: Sequence[PortfolioRow]) -> list[str]:
    """The workbooks' names; of several with one name, all but the first get a number, so that formulas can tell them apart."""
    seen: Counter[str] = Counter()
    labels = []
    for row in rows:
        seen[row.workbook] += 1
        labels.append(row.workbook if seen[row.workbook] == 1 else f"{row.workbook} ({seen[row.workbook]})")
    return labels


def _refused(row: PortfolioRow) -> tuple[Cell, ...]:
    return (REFUSED, row.organization, *[None] * (len(_COLUMNS) - 3))


def _done(number: int, row: PortfolioRow, sheet: DataSheet) -> tuple[Cell, ...]:
    return (
        DONE,
        row.organization,
        *(row.findings.get(severity, 0) for severity in Severity),
        *_shared(row.to_iso, sheet.cell(number, "Shared ISO"), sheet.cell(number, "of ISO")),
        *_shared(row.to_soc2, sheet.cell(number, "Shared SOC 2"), sheet.cell(number, "of SOC 2")),
        *(row.levels.get(level, 0) for level in LEVELS),
        row.decided,
        row.entries,
        row.controls,
        row.mappings,
        *(Neighbour(row.files[name], "open") if name in row.files else None for name in DELIVERABLES),
    )


def _shared(figure: Figure | None, numerator: str, total: str) -> tuple[Cell, ...]:
    if figure is None:
        return None, None, None
    share = figure.numerator / figure.total if figure.total else 0
    return Formula(f"=IF({total}=0,0,{numerator}/{total})", share), figure.numerator, figure.total


# --- the summary -----------------------------------------------------------------------------------------------------


def _summary(rows: Sequence[PortfolioRow], table: DataSheet) -> SummarySheet:
    refused = [row for row in rows if row.failure]
    paragraphs = (("Refused", "\n".join(row.failure for row in refused[:8]) + _more(len(refused) - 8)),)
    return SummarySheet(
        "Portfolio summary",
        "What became of every workbook of the run. For whoever looks after several organizations: the sheet Workbooks lists what needs "
        "attention first and opens each deliverable.",
        facts=(
            ("Workbooks", ", ".join(row.workbook for row in rows[:6]) + (f" and {len(rows) - 6} more" if len(rows) > 6 else "")),
        ),
        headlines=tuple(_headlines(rows, table)),
        paragraphs=paragraphs if refused else (),
        charts=tuple(_charts(rows, table)),
        one_page=True,
        links=(
            (table.link(), "One row per workbook: findings, overlap both ways, coverage, SoA, and links to its deliverables"),
        ),
    )


def _more(count: int) -> str:
    return f"\n… and {count} more, see Workbooks" if count > 0 else ""


def _headlines(rows: Sequence[PortfolioRow], table: DataSheet) -> Iterator[Headline]:
    done = [row for row in rows if not row.failure]
    states = table.range("State")
    worked = Formula(f'=COUNTIF({states},"{signed(DONE)}")', len(done))
    yield Headline(
        "Workbooks worked through", worked, Formula(f"=COUNTA({table.range('Workbook')})", len(rows)), "Of all in the run"
    )
    clean = Formula(
        f'=COUNTIFS({states},"{signed(DONE)}",{table.range("Errors")},0)',
        sum(1 for row in done if not row.findings.get(Severity.ERROR, 0)),
    )
    yield Headline("Workbooks without errors", clean, worked, "Of those worked through; their figures can be relied on")
    yield _total(
        "SOC 2 → ISO 27001", table, ("Shared ISO", "of ISO"), [row.to_iso for row in done], "Annex A controls that apply"
    )
    yield _total(
        "ISO 27001 → SOC 2", table, ("Shared SOC 2", "of SOC 2"), [row.to_soc2 for row in done], "SOC 2 criteria in scope"
    )
    decided = Formula(f"=SUM({table.range('SoA decided')})", sum(row.decided for row in done))
    entries = Formula(f"=SUM({table.range('of Annex A')})", sum(row.entries for row in done))
    yield Headline("SoA decisions made", decided, entries, "Annex A controls decided, over all workbooks together")


def _total(label: str, table: DataSheet, headings: tuple[str, str], figures: Sequence[Figure | None], of: str) -> Headline:
    known = [figure for figure in figures if figure]
    numerator = Formula(f"=SUM({table.range(headings[0])})", sum(figure.numerator for figure in known))
    total = Formula(f"=SUM({table.range(headings[1])})", sum(figure.total for figure in known))
    return Headline(label, numerator, total, f"{of} and are served from the other framework, all workbooks together")


def _charts(rows: Sequence[PortfolioRow], table: DataSheet) -> Iterator[Chart]:
    done = [(label, row) for label, row in zip(_labels(rows), rows, strict=True) if not row.failure]
    if not done:
        return
    names = table.range("Workbook")
    first = f", the {MOST_BARS} that need attention most" if len(done) > MOST_BARS else ""
    yield Chart(
        f"Annex A coverage by workbook{first}",
        "Workbook",
        tuple(map(str, LEVELS)),
        tuple(
            (
                label,
                tuple(
                    Formula(f"=SUMPRODUCT(({names}={{category}})*{table.range(level.capitalize())})", row.levels.get(level, 0))
                    for level in LEVELS
                ),
            )
            for label, row in done[:MOST_BARS]
        ),
        "Stacked bars: for each workbook how many Annex A controls are covered, partial, planned, none and not applicable.",
    )

"""What every deliverable says of itself: whose it is, from which input it was made, on which basis and by which settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.analysis import Analysis
from workbench.coverage import categories_in_scope
from workbench.frameworks import TITLES
from workbench.interpretation import Project, text_of
from workbench.model import ISO2022, SOC2
from workbench.settings import Settings
from workbench.version import VERSION
from workbench.words import BLANKS
from workbench.writing import Cell, Column, DataSheet, Look

BASES = {
    "controls": "the workbook's controls",
    "assessment": "the workbook's own assessment of each requirement",
    "crosswalk": "a crosswalk between the frameworks",
}
"""What coverage can stand on (``coverage.coverage``, column basis), as it is said in a sentence, strongest first."""
_BASIS_MEANING = {
    "controls": "A requirement is covered by what the controls mapped to it do; their status decides whether they count.",
    "assessment": "The workbook lists no controls: a requirement is as covered as the assessment says.",
    "crosswalk": (
        "The workbook lists no controls: a requirement is covered as far as requirements of the other framework reach it, "
        "assuming that all of those that apply are met. That is a reading of two catalogues, not of an organization."
    ),
}


@dataclass(frozen=True, slots=True)
class Document:
    """What the Profile sheet says of the document, else the settings; "" where nobody said it, and for words such as "TBD"."""

    organization: str
    scope: str
    edition: str
    version: str
    owner: str
    approver: str
    approval_date: dt.date | str
    classification: str


def document(project: Project, settings: Settings) -> Document:
    """The document settings of a workbook."""
    date = project.profile.get("Approval date", (None, "", ""))[0]
    date = date.date() if isinstance(date, dt.datetime) else date
    return Document(
        organization=said(project, "Organization") or settings.organization,
        scope=said(project, "ISMS scope"),
        edition=said(project, "ISO edition") or TITLES[ISO2022],
        version=said(project, "Document version"),
        owner=said(project, "Owner"),
        approver=said(project, "Approver"),
        approval_date=date if isinstance(date, dt.date) else said(project, "Approval date"),
        classification=said(project, "Classification") or settings.classification,
    )


def said(project: Project, setting: str) -> str:
    """What the Profile sheet says for a setting; "" where it says nothing, or nothing yet."""
    text = text_of(project.profile.get(setting, (None, "", ""))[0])
    return "" if text.casefold() in BLANKS else text


def basis(analysis: Analysis) -> tuple[str, ...]:
    """What the coverage of the two frameworks stands on, strongest first; () where nothing reaches any requirement."""
    found = {name for view in analysis.coverage.values() for name in view["basis"].tolist()}
    return tuple(name for name in BASES if name in found)


def stands_on(analysis: Analysis) -> str:
    """The basis as the end of a sentence: "stands on …"."""
    return " and ".join(BASES[name] for name in basis(analysis)) or "nothing yet: the workbook maps no control"


def facts(analysis: Analysis) -> tuple[tuple[str, Cell], ...]:
    """The first lines of a summary: organization, input with its SHA-256, day, version, basis."""
    book, about = analysis.project.book, document(analysis.project, analysis.settings)
    rows: list[tuple[str, Cell]] = [
        ("Organization", about.organization),
        ("Made from", book.name),
        ("SHA-256 of the input", book.sha256),
        ("As of", analysis.as_of),
        ("Document version", about.version),
        ("Stands on", stands_on(analysis)),
        ("SOC 2 categories in scope", ", ".join(categories_in_scope(analysis.project, analysis.settings))),
    ]
    return tuple((label, value) for label, value in rows if value)


Row = tuple[Cell, Cell, Cell]


def how_it_was_made(analysis: Analysis, meanings: Sequence[tuple[str, str]] = ()) -> DataSheet:
    """The last sheet of a deliverable: inputs, hashes, sheets read, basis, settings; ``meanings`` are (word, what it means here)."""
    rows: list[Row] = [
        *_inputs(analysis),
        *(("Basis", BASES[name], _BASIS_MEANING[name]) for name in basis(analysis)),
        *_settings(analysis),
        *(("Meaning", word, meaning) for word, meaning in meanings),
    ]
    return DataSheet(
        "How it was made",
        "How it was made",
        "Everything that this workbook was computed from. The same input, settings and day give the same file, byte for byte.",
        columns=(Column("What", 22), Column("Which", 48, Look.LONG), Column("In words", 78, Look.LONG)),
        rows=rows,
        table="tblMade",
        protect=True,
    )


def _inputs(analysis: Analysis) -> Iterable[Row]:
    book = analysis.project.book
    yield "Input", book.name, f"{book.size:,} bytes, SHA-256 {book.sha256}"
    yield "As of", analysis.as_of, "The day that dates are judged by."
    yield "Program", f"Mapping workbench {VERSION}", "Summaries of requirements are its own words and replace no standard."
    for name in (SOC2, ISO2022):
        yield "Catalogue", TITLES[name], f"{len(analysis.coverage[name])} requirements that can be covered"
    for sheet in book.sheets:
        rows = f", {sheet.rows} row{'s' if sheet.rows != 1 else ''} below row {sheet.heading_row}" if sheet.layout else ""
        yield (
            f"Sheet {'read' if sheet.layout else 'not read'}",
            sheet.sheet,
            f"{sheet.layout or 'ignored'}{rows}: {sheet.because}",
        )


def _settings(analysis: Analysis) -> Iterable[Row]:
    settings = analysis.settings
    where = "the settings" if settings.soc2_categories is not None else "the Profile sheet, else from the criteria cited"
    yield "Scope", ", ".join(categories_in_scope(analysis.project, settings)), f"SOC 2 categories in scope, from {where}"
    for rule, severity in sorted(settings.severities.items()):
        yield "Setting", f"severity of {rule}", severity
    for kind, table in sorted(settings.words.items()):
        for written, ours in sorted(table.items()):
            yield "Setting", f"word of {kind}", f"“{written}” is read as {ours}"
    for kind, written, ours in sorted(analysis.project.words):
        yield "Word read", f"“{written}”", f"{kind}: {ours}"
    for sheet, layout in sorted(settings.sheets.items()):
        yield "Setting", f"sheet {sheet}", layout
    yield "Setting", "suggestions", f"at most {settings.suggestions} a control, from a confidence of {settings.floor:g}"

"""Analyses made by hand, without a file: for the reports, and to look at what they make.

``analysis`` goes through the real coverage; what the producers around it would give (findings, suggestions, nearest controls) is
said by the caller, so that a report's content can be compared with what went in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from workbench import coverage as figures
from workbench.analysis import Analysis
from workbench.frameworks import index
from workbench.interpretation import FRAMES, REGISTERS, Edition, Project
from workbench.model import ISO2022, SOC2, Book, Finding, Layout, Severity, SheetReport, Table, TableColumn
from workbench.settings import Settings

AS_OF = dt.date(2026, 11, 24)
SUGGESTIONS = (
    "source", "source_title", "target", "target_framework", "target_title", "rank", "score", "confidence", "band", "reason",
    "signals", "decision",
)  # fmt: skip


def frame(name: str, rows: Sequence[Mapping[str, object]], **defaults: object) -> pd.DataFrame:
    blank = dict.fromkeys(FRAMES[name], "") | {"table": 0, "sheet": "Controls", "row": 2} | defaults
    return pd.DataFrame([blank | dict(row) for row in rows], columns=list(FRAMES[name]), dtype=object)


def owner(name: str) -> str:
    return SOC2 if name in index(SOC2) else ISO2022 if name in index(ISO2022) else ""


def book(sheets: Sequence[SheetReport] = (), name: str = "acme.xlsx") -> Book:
    reports = tuple(sheets) or (
        SheetReport("Controls", Layout.CONTROL_LIBRARY, "Controls", 1, 3, "its headings are those of Controls"),
    )
    columns = (TableColumn("id", "id", "A", "Control ID"), TableColumn("iso", "iso", "F", "ISO 27001", "iso27001"))
    table = Table("Controls", "Controls", Layout.CONTROL_LIBRARY, 1, columns, pd.DataFrame({"id": [], "iso": []}))
    return Book(name, Path(name), "ab" * 32, 23456, (table,), reports)


def project(
    controls: Sequence[Mapping[str, object]] = (),
    mappings: Sequence[tuple[str, str, str]] = (),
    *,
    applicability: Sequence[Mapping[str, object]] = (),
    profile: Mapping[str, object] | None = None,
    citations: Sequence[Mapping[str, object]] = (),
    words: tuple[tuple[str, str, str], ...] = (),
    sheets: Sequence[SheetReport] = (),
    name: str = "acme.xlsx",
) -> Project:
    """Controls with at least ``control``; mappings (source, target, relationship)."""
    rows = [
        {"id": row["control"], "counts_as": row.get("status", "Implemented"), "row": number, **row}
        for number, row in enumerate(controls, 2)
    ]
    pairs = [
        {
            "source": a, "source_framework": owner(a), "target": b, "target_framework": owner(b), "relationship": word,
            "status": "Accepted", "via": "cell",
        }
        for a, b, word in mappings
    ]  # fmt: skip
    return Project(
        book=book(sheets, name),
        citations=frame("citations", citations),
        editions={(0, "iso"): Edition(ISO2022, "iso27001", "all of its ids exist in 2022")},
        controls=frame("controls", rows),
        mappings=frame("mappings", pairs),
        applicability=frame("applicability", applicability, reasons=()),
        assessments=frame("assessments", []),
        decisions=frame("decisions", []),
        profile={key: (value, "Profile", "B2") for key, value in (profile or {}).items()},
        words=words,
        **{
            name: pd.DataFrame(columns=[*(column.field for column in sheet.columns), "table", "sheet", "row"])
            for name, sheet in REGISTERS.items()
        },
    )


def suggestion(source: str, target: str, signals: Mapping[str, float], **more: object) -> dict[str, object]:
    of = owner(target)
    return {
        "source": source, "source_title": f"Name of {source}", "target": target, "target_framework": of,
        "target_title": index(of)[target].title if of else "", "rank": 1, "score": sum(signals.values()), "confidence": 0.8, "band": "strong",
        "reason": "both speak of access reviews", "signals": dict(signals), "decision": "", **more,
    }  # fmt: skip


def finding(rule: str, severity: Severity, cell: str, message: str = "something is wrong", *, sheet: str = "Controls") -> Finding:
    return Finding(rule, severity, message, "put it right", "acme.xlsx", sheet, cell)


def analysis(
    of: Project,
    *,
    findings: Sequence[Finding] = (),
    suggestions: Sequence[Mapping[str, object]] = (),
    nearest: Mapping[str, tuple[str, str]] | None = None,
    settings: Settings | None = None,
) -> Analysis:
    chosen = settings or Settings()
    proposed = pd.DataFrame([dict(row) for row in suggestions], columns=list(SUGGESTIONS), dtype=object)
    views = {name: figures.coverage(of, name, chosen) for name in (SOC2, ISO2022)}
    flags = figures.overlap_flags(of, chosen, proposed)
    return Analysis(
        project=of,
        settings=chosen,
        as_of=AS_OF,
        findings=tuple(findings),
        suggestions=proposed,
        coverage=views,
        flags=flags,
        figures=tuple(figures.figures_of(flags)),
        gaps=figures.gaps(views, nearest or {}),
        soa=figures.soa_entries(of, views[ISO2022]),
    )

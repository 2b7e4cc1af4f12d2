"""The review workbook: suggested mappings, each with its reason, to be accepted, rejected or deferred by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.analysis import Analysis
from workbench.model import Decision
from workbench.reports.frames import Record, records, short
from workbench.reports.provenance import document, facts, how_it_was_made
from workbench.reports.review import MEANINGS, earlier, review
from workbench.writing import Chart, Column, DataSheet, Formula, Headline, Look, SummarySheet, Workbook


def suggestions(analysis: Analysis) -> Workbook:
    """Summary, Suggestions (by control, then rank; headings as ``sheets.SUGGESTIONS``), Uncovered, How it was made."""
    about = document(analysis.project, analysis.settings)
    proposed = review(
        analysis.project, analysis.suggestions, [replace(one, kept=False) for one in earlier(analysis.project)]
    ).sheet
    uncovered = _uncovered(analysis)
    made = how_it_was_made(analysis, list(_MEANINGS.items()))
    return Workbook(
        title=f"Suggestions: {analysis.project.book.name}",
        subject="Suggested mappings, for a person to decide",
        sheets=(_summary(analysis, proposed, uncovered, made), proposed, uncovered, made),
        organization=about.organization,
        version=about.version,
        classification=about.classification,
    )


_MEANINGS = {
    "Suggestion": "Proposed by the program from the words of both texts. It is no mapping, and counts in no figure, until a person accepts it.",
    "Score": MEANINGS["Score"],
    "Confidence": MEANINGS["Confidence"],
    "Accept": "The control serves the requirement; choose the relationship and it becomes a mapping.",
    "Reject": "It does not; the pair is not suggested again.",
    "Defer": "Not decided yet; the pair is suggested again.",
}


# --- requirements that nothing covers --------------------------------------------------------------------------------


def _uncovered(analysis: Analysis) -> DataSheet:
    rows = records(analysis.gaps)
    columns = (
        Column("Requirement", 14, Look.ID),
        Column("Title", 34),
        Column("Framework", 11, note="To filter by."),
        Column("Coverage", 16, Look.STATUS),
        Column("Nearest control", 32, note="The control whose words come nearest; it may be extended to the requirement."),
        Column("Why that one", 46, Look.LONG),
        Column("What is missing", 46, Look.LONG),
        Column("What to do", 46, Look.LONG),
    )
    return DataSheet(
        "Uncovered",
        "Requirements that are not covered",
        "One row is one requirement that applies and is not covered, most urgent first, with the control that comes nearest to it."
        if rows
        else "Every requirement that applies is covered.",
        columns=columns,
        rows=[
            (
                row["id"],
                row["title"],
                short(row["framework"]),
                row["level"],
                row["nearest"],
                row["nearest_reason"],
                row["missing"],
                row["action"],
            )
            for row in rows
        ],
        table="tblUncovered",
        freeze=2,
        protect=True,
    )


# --- the summary -----------------------------------------------------------------------------------------------------


def _summary(analysis: Analysis, proposed: DataSheet, uncovered: DataSheet, made: DataSheet) -> SummarySheet:
    name = analysis.project.book.name
    return SummarySheet(
        f"Suggestions: {name}",
        "What each control seems to serve and does not list. For whoever knows the controls: decide a row at a time on the sheet Suggestions, "
        "then fold the decisions in with “workbench accept”: what was accepted goes into the workbook, what was rejected is not proposed again, and what was deferred stays.",
        facts=facts(analysis),
        headlines=tuple(_headlines(analysis, proposed, uncovered)),
        charts=tuple(_charts(records(analysis.suggestions), proposed)),
        links=(
            (proposed.link(), "Every suggestion with its reason, and where to decide"),
            (uncovered.link(), "Requirements that nothing covers, with the control that comes nearest"),
            (made.link(), "What this was computed from"),
        ),
    )


def _headlines(analysis: Analysis, proposed: DataSheet, uncovered: DataSheet) -> Iterator[Headline]:
    frame = analysis.suggestions
    typed = [str(word) for word in frame["decision"].tolist() if word]
    decisions, number = proposed.range("Decision"), len(frame)
    total = Formula(f"=COUNTA({proposed.range('Control')})", number)
    yield Headline("Decided", Formula(f"=COUNTA({decisions})", len(typed)), total, "Suggestions that have a decision, of all")
    accepted = Formula(f'=COUNTIF({decisions},"{Decision.ACCEPT}")', typed.count(Decision.ACCEPT))
    yield Headline("Accepted", accepted, total, "Become mappings when they are folded in")
    sources = len(set(frame["source"].tolist()))
    controls = len(set(analysis.project.controls["control"].tolist()))
    if controls:
        yield Headline("Controls with a suggestion", sources, controls, "Of all controls in the workbook")
    open_ones = Formula(f"=COUNTA({uncovered.range('Requirement')})", len(analysis.gaps))
    applicable = sum(int(view["applicable"].sum()) for view in analysis.coverage.values())
    yield Headline("Requirements not covered", open_ones, applicable, "Of the requirements of both frameworks that apply")


def _charts(rows: Sequence[Record], proposed: DataSheet) -> Iterator[Chart]:
    if not rows:
        return
    bands = list(dict.fromkeys(row["band"] for row in sorted(rows, key=lambda row: (-row["confidence"], row["band"]))))
    frameworks = sorted({short(row["target_framework"]) for row in rows})
    column, words = proposed.range("Framework"), proposed.range("Band")
    counts = Counter((short(row["target_framework"]), row["band"]) for row in rows)
    yield Chart(
        "Suggestions by confidence",
        "Framework",
        tuple(bands),
        tuple(
            (
                one,
                tuple(Formula(f'=SUMPRODUCT(({column}={{category}})*({words}="{band}"))', counts[one, band]) for band in bands),
            )
            for one in frameworks
        ),
        f"Stacked bars: suggestions for each framework by confidence, from {bands[0]} to {bands[-1]}.",
    )
    yield _decisions(rows, proposed, frameworks)


def _decisions(rows: Sequence[Record], proposed: DataSheet, frameworks: Sequence[str]) -> Chart:
    """How far the review is; it follows what is typed."""
    column, decisions = proposed.range("Framework"), proposed.range("Decision")
    words = (*map(str, Decision), "")
    counts = Counter((short(row["target_framework"]), row["decision"]) for row in rows)
    return Chart(
        "How far the review is",
        "Framework",
        ("Accepted", "Rejected", "Deferred", "Open"),
        tuple(
            (
                one,
                tuple(
                    Formula(f'=SUMPRODUCT(({column}={{category}})*({decisions}="{word}"))', counts[one, word]) for word in words
                ),
            )
            for one in frameworks
        ),
        "Stacked bars: suggestions of each framework that are accepted, rejected, deferred and open.",
    )

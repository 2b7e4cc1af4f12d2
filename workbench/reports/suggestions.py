"""The review workbook: suggested mappings, each with its reason, to be accepted, rejected or deferred by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from workbench import sheets
from workbench.analysis import Analysis
from workbench.frameworks import TITLES, index
from workbench.interpretation import Project
from workbench.model import Decision
from workbench.reports.frames import Record, natural, records, short
from workbench.reports.provenance import document, facts, how_it_was_made
from workbench.writing import Cell, Chart, Column, DataSheet, Formula, Headline, Look, SummarySheet, Workbook

LONGEST_TEXT = 200
_DECLARED = {column.field: column for column in sheets.SUGGESTIONS.columns}


def suggestions(analysis: Analysis) -> Workbook:
    """Summary, Suggestions (by control, then rank; headings as ``sheets.SUGGESTIONS``), Uncovered, How it was made."""
    about = document(analysis.project, analysis.settings)
    proposed = _suggestions(analysis)
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
    "Score": "The sum of the signals beside it, from 0 to 1.",
    "Confidence": "How often suggestions with such signals are right, as measured on known crosswalks; for successors of 2013 ids it is judged.",
    "Accept": "The control serves the requirement; choose the relationship and it becomes a mapping.",
    "Reject": "It does not; the pair is not suggested again.",
    "Defer": "Not decided yet; the pair is suggested again.",
}


# --- suggestions -----------------------------------------------------------------------------------------------------


def _suggestions(analysis: Analysis) -> DataSheet:
    rows = sorted(records(analysis.suggestions), key=lambda row: (natural(str(row["source"])), row["rank"]))
    signals = sorted({name for row in rows for name in row["signals"]})
    texts, typed = _control_texts(analysis.project), _typed(analysis.project)
    how = "Read left to right, choose Accept, Reject or Defer, and how the control relates to the requirement; say why where it is not plain."
    return DataSheet(
        "Suggestions",
        "Suggestions",
        f"One row is one suggestion, the best of each control first. {how} The score's parts are folded away at the right."
        if rows
        else "There is nothing to suggest: every control lists what it seems to serve, or says too little to tell.",
        columns=_columns(signals),
        rows=[_row(row, signals, texts, typed) for row in rows],
        table="tblSuggestions",
        freeze=2,
    )


def _columns(signals: Sequence[str]) -> tuple[Column, ...]:
    field = _DECLARED
    return (
        Column.declared(field["source"], editable=False),
        Column("Control name", 20),
        Column("What the control does", 36, Look.LONG, note="The beginning of its description."),
        Column.declared(field["target"], editable=False),
        Column("Requirement title", 22),
        Column("What it asks for", 36, Look.LONG, note="In our own words; the standard's text is what counts."),
        Column("Band", 10, note="The confidence as a word. Filter for the strongest first."),
        Column("Reason", 36, Look.LONG, note="What both texts speak of."),
        Column.declared(field["decision"], look=Look.DECISION),
        Column.declared(field["relationship"]),
        Column.declared(field["rationale"], look=Look.LONG),
        Column.declared(field["reviewer"]),
        Column.declared(field["date"]),
        Column("Framework", 12, note="To filter by."),
        Column("Confidence", 12, Look.PERCENT, note=_MEANINGS["Confidence"], number_format="0%"),
        Column("Score", 8, Look.SCORE, note=_MEANINGS["Score"], outline=True),
        *(Column(name[:1].upper() + name[1:], 11, Look.SCORE, outline=True) for name in signals),
    )


Typed = tuple[Cell, ...]
"""What a person typed for a pair: decision, relationship, rationale, by whom, when."""


def _row(
    row: Record,
    signals: Sequence[str],
    texts: Mapping[str, tuple[str, str]],
    typed: Mapping[tuple[str, str], Typed],
) -> tuple[Cell, ...]:
    name, description = texts.get(row["source"], (row["source_title"], ""))
    return (
        row["source"],
        name or row["source_title"],
        description,
        row["target"],
        row["target_title"],
        _asks_for(row["target_framework"], row["target"]),
        row["band"],
        row["reason"],
        *typed.get((row["source"], row["target"]), (row["decision"], None, None, None, None)),
        short(row["target_framework"]),
        row["confidence"],
        row["score"],
        *(row["signals"].get(name) for name in signals),
    )


def _typed(project: Project) -> dict[tuple[str, str], Typed]:
    """What was typed into an earlier review, so that it is not lost when the review is made anew."""
    fields = ("decision", "relationship", "rationale", "reviewer", "date")
    return {(row["source"], row["target"]): tuple(row[name] for name in fields) for row in records(project.decisions)}


def _control_texts(project: Project) -> dict[str, tuple[str, str]]:
    """Control → name and description; of several rows with one id the first in the alphabet, so that no order of rows matters."""
    frame = project.controls
    columns = (frame[name].tolist() for name in ("control", "name", "description"))
    return {control: (name, shortened(text)) for control, name, text in sorted(zip(*columns, strict=True), reverse=True)}


@cache
def _asks_for(framework: str, requirement: str) -> str:
    """The beginning of a requirement's summary; "" for a framework of the team's own."""
    known = index(framework).get(requirement) if framework in TITLES else None
    return shortened(known.summary) if known else ""


def shortened(text: str) -> str:
    """The beginning of a text, whole words, with … where something is left out."""
    flat = " ".join(text.split())
    if len(flat) <= LONGEST_TEXT:
        return flat
    return flat[:LONGEST_TEXT].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


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
        "type the ids you accept into their own cells of the workbook. A copy of the sheet Suggestions in the workbook is read back: what it rejects is not proposed again.",
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

"""The sheet to decide on: suggestions with their reasons, and what people typed into an earlier one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from workbench.decisions import Pair, edited, framework_of
from workbench.frameworks import TITLES, index
from workbench.interpretation import Project
from workbench.matching.weights import weights
from workbench.reports.frames import Record, natural, records, short
from workbench.sheets import SUGGESTIONS, fold_heading
from workbench.writing import Cell, Column, DataSheet, Look

LONGEST_TEXT = 200
MEANINGS = {
    "Confidence": "How often suggestions with such signals are right, as measured on known crosswalks; for successors of 2013 ids it is judged.",
    "Score": "The sum of the signals beside it, from 0 to 1.",
}
_DECLARED = {column.field: column for column in SUGGESTIONS.columns}
_DECIDED = ("decision", "relationship", "rationale", "reviewer", "date")
_AS_TYPED = {
    "source": "source", "source_title": "source_title", "target": "target_written", "decision": "decision_written",
    "relationship": "relationship_written", "rationale": "rationale", "reviewer": "reviewer", "date": "date", "score": "score",
}  # fmt: skip
"""Declared field → the column of ``Project.decisions`` that has it as typed."""
_OTHERS = ("confirmed", "kind", "lineage")
"""Signals that have no weight of their own."""

Line = tuple[str, int]
"""A sheet and a row of it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A row of an earlier review as people left it.

    line: where it stood. pairs: what it is about. cells: by declared field, as typed. notes: by the heading of a column that people added.
    kept: it stays where the program no longer suggests the pair, because somebody typed something into it.
    """

    line: Line
    pairs: tuple[Pair, ...]
    cells: Mapping[str, Cell]
    notes: Mapping[str, Cell] = field(default_factory=dict)
    kept: bool = False


def earlier(project: Project, notes: Mapping[Line, Mapping[str, Cell]] | None = None, *, sheet: str = "") -> list[Typed]:
    """The rows of the reviews in a workbook, or of one ``sheet``; ``notes`` are the cells in columns that people added, by heading."""
    rows: dict[tuple[int, int], list[Record]] = {}
    for said in records(project.decisions):
        if not sheet or said["sheet"] == sheet:
            rows.setdefault((said["table"], said["row"]), []).append(said)
    return [_typed((of[0]["sheet"], row), of, (notes or {}).get((of[0]["sheet"], row), {})) for (_, row), of in rows.items()]


def _typed(line: Line, said: Sequence[Record], notes: Mapping[str, Cell]) -> Typed:
    first, other = said[0], edited(said[0])
    cells = {name: first[written] or None for name, written in _AS_TYPED.items()}
    typed = any(cells[name] is not None for name in _DECIDED) or any(value is not None for value in notes.values())
    own = first["score"] is None and bool(first["source"] or first["target_written"])
    pairs = tuple((one["source"], one["target"]) for one in said)
    return Typed(line, pairs, {**cells, "score": None} if other else cells, notes, kept=typed or own or other)


@cache
def made_headings() -> frozenset[str]:
    """The headings of a review, folded, that the program makes; a column with any other is somebody's own."""
    columns = _columns(sorted((*weights().signals, *_OTHERS)), ())
    return frozenset(fold_heading(column.heading) for column in columns)


@dataclass(frozen=True, slots=True)
class Review:
    """The sheet to decide on, and for each of its rows where what people typed into it stood before."""

    sheet: DataSheet
    lines: tuple[Line | None, ...]

    def cell(self, line: Line, of: str) -> str:
        """Where a cell of an earlier row stands now, by its declared field or the heading of a column that people added; "" for nowhere."""
        heading = _DECLARED[of].heading if of in _DECLARED else of
        if line not in self.lines or not any(column.heading == heading for column in self.sheet.columns):
            return ""
        return self.sheet.cell(self.lines.index(line), heading)


def review(project: Project, suggestions: pd.DataFrame, typed: Sequence[Typed], name: str = "Suggestions") -> Review:
    """The suggestions by control, then rank, with what people typed beside them; below them the other rows that stay.

    Headings as ``sheets.SUGGESTIONS``; columns that people added stand behind those that they fill in.
    """
    rows = sorted(records(suggestions), key=lambda row: (natural(str(row["source"])), row["rank"]))
    signals = sorted({name for row in rows for name in row["signals"]})
    added = list(dict.fromkeys(heading for one in typed for heading in one.notes))
    texts = _control_texts(project)
    by_pair: dict[Pair, Typed] = {}
    for one in typed:
        if len(one.pairs) == 1:
            by_pair.setdefault(one.pairs[0], one)
    beside = [by_pair.get((row["source"], row["target"])) for row in rows]
    taken = {one.line for one in beside if one}
    rest = [one for one in typed if one.kept and one.line not in taken]
    body = [_row(row, signals, texts, own, added) for row, own in zip(rows, beside, strict=True)]
    how = "Read left to right, choose Accept, Reject or Defer, and how the control relates to the requirement; say why where it is not plain."
    sheet = DataSheet(
        name,
        "Suggestions",
        f"One row is one suggestion, the best of each control first. {how} You may overwrite a suggested requirement, add rows of your own and "
        "columns for notes. “workbench accept” then writes what was decided into the workbook. The score's parts are folded away at the right."
        if body or rest
        else "There is nothing to suggest: every control lists what it seems to serve, or says too little to tell.",
        columns=_columns(signals, added),
        rows=[*body, *(_kept_row(one, len(signals), texts, added) for one in rest)],
        table="tblSuggestions",
        freeze=2,
    )
    return Review(sheet, (*(own.line if own else None for own in beside), *(one.line for one in rest)))


def _columns(signals: Sequence[str], added: Sequence[str]) -> tuple[Column, ...]:
    return (
        Column.declared(_DECLARED["source"], editable=False),
        Column.declared(_DECLARED["source_title"], editable=False),
        Column("What the control does", 36, Look.LONG, note="The beginning of its description."),
        Column.declared(_DECLARED["target"], editable=False),
        Column.declared(_DECLARED["target_title"], editable=False),
        Column("What it asks for", 36, Look.LONG, note="In our own words; the standard's text is what counts."),
        Column("Band", 10, note="The confidence as a word. Filter for the strongest first."),
        Column("Reason", 36, Look.LONG, note="What both texts speak of."),
        Column.declared(_DECLARED["decision"], look=Look.DECISION),
        Column.declared(_DECLARED["relationship"]),
        Column.declared(_DECLARED["rationale"], look=Look.LONG),
        Column.declared(_DECLARED["reviewer"]),
        Column.declared(_DECLARED["date"]),
        *(Column(heading, 24, Look.LONG, editable=True) for heading in added),
        Column("Framework", 12, note="To filter by."),
        Column("Confidence", 12, Look.PERCENT, note=MEANINGS["Confidence"], number_format="0%"),
        Column("Score", 8, Look.SCORE, note=MEANINGS["Score"], outline=True),
        *(Column(_signal(name), 11, Look.SCORE, outline=True) for name in signals),
    )


def _signal(name: str) -> str:
    return name[:1].upper() + name[1:]


def _row(
    row: Record, signals: Sequence[str], texts: Mapping[str, tuple[str, str]], typed: Typed | None, added: Sequence[str]
) -> tuple[Cell, ...]:
    name, description = texts.get(row["source"], (row["source_title"], ""))
    cells = typed.cells if typed else {"decision": row["decision"]}
    return (
        row["source"],
        name or row["source_title"],
        description,
        cells.get("target", row["target"]),
        row["target_title"],
        _asks_for(row["target_framework"], row["target"]),
        row["band"],
        row["reason"],
        *(cells.get(field) for field in _DECIDED),
        *(typed.notes.get(heading) if typed else None for heading in added),
        short(row["target_framework"]),
        row["confidence"],
        row["score"],
        *(row["signals"].get(name) for name in signals),
    )


def _kept_row(typed: Typed, signals: int, texts: Mapping[str, tuple[str, str]], added: Sequence[str]) -> tuple[Cell, ...]:
    """A row that people typed in and the program does not suggest (any more)."""
    source, target = typed.pairs[0]
    framework = framework_of(target) if len(typed.pairs) == 1 else ""
    name, description = texts.get(source, (typed.cells.get("source_title"), ""))
    return (
        typed.cells.get("source"),
        name,
        description,
        typed.cells.get("target"),
        index(framework)[target].title if framework else None,
        _asks_for(framework, target) if framework else None,
        None,
        None,
        *(typed.cells.get(field) for field in _DECIDED),
        *(typed.notes.get(heading) for heading in added),
        short(framework),
        None,
        typed.cells.get("score"),
        *(None for _ in range(signals)),
    )


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

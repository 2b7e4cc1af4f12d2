"""What a review says: its rows as decisions about pairs, and which of them cannot be followed and why. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.frameworks import index
from workbench.frameworks.ids import CellValue, parse
from workbench.interpretation import Project, countable
from workbench.model import ISO2013, ISO2022, SOC2, Citation, Decision, Relationship
from workbench.sheets import fold_heading
from workbench.words import nearest

UNKNOWN_WORD, NO_REQUIREMENT, NO_CONTROL, CONTRADICTION, STILL_LISTED = "MAP029", "MAP030", "MAP031", "MAP032", "MAP020"
"""The rules that say what is wrong with a decision."""

Pair = tuple[str, str]
Line = tuple[str, str, int]
"""A row of a review: workbook, sheet, Excel row."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row of a review is not followed: the rule that says so, the cell (of which declared field), and words."""

    rule: str
    workbook: str
    sheet: str
    cell: str
    message: str
    field: str = "decision"


@dataclass(frozen=True, slots=True)
class Decided:
    """A pair and what a row of a review says of it.

    source: a control or requirement as the workbook has it. title: of the control, as the review has it. relationship: ours, "" not given.
    proposed: the program did; else a person added the row, or typed another requirement into it. cell: of the decision.
    """

    source: str
    target: str
    framework: str
    decision: str
    relationship: str = ""
    rationale: str = ""
    reviewer: str = ""
    date: CellValue = None
    proposed: bool = True
    workbook: str = ""
    sheet: str = ""
    row: int = 0
    cell: str = ""

    @property
    def pair(self) -> Pair:
        """Source and target."""
        return self.source, self.target

    @property
    def line(self) -> Line:
        """The row that says so."""
        return self.workbook, self.sheet, self.row

    @property
    def where(self) -> str:
        """``review.xlsx!Suggestions!I7``."""
        return f"{self.workbook}!{self.sheet}!{self.cell}"


# --- what the workbook has ----------------------------------------------------------------------------------------------


class Ends:
    """The controls and requirements that a decision can be about, found by what people write."""

    def __init__(self, project: Project) -> None:
        frame = project.controls
        columns = (frame[name].tolist() for name in ("control", "id", "name"))
        self.names: dict[str, str] = {}
        self.nameless: set[str] = set()
        for control, written, title in zip(*columns, strict=True):
            self.names.setdefault(control, title)
            if not written:
                self.nameless.add(control)
        self._spelled = {" ".join(control.split()).casefold(): control for control in reversed(self.names)}

    def find(self, written: str) -> str:
        """The control or requirement that ``written`` means, "" for none."""
        if written in self.names:
            return written
        return self._spelled.get(" ".join(written.split()).casefold(), "") or requirement(written)

    def moved(self, control: str, title: str) -> bool:
        """Whether a control without an id is no longer the one whose title a review has: such a control is known by its row alone."""
        return control in self.nameless and bool(title) and title != self.names[control]


def requirement(written: str) -> str:
    """The one assessable requirement of a built-in framework that ``written`` names, "" for none or several."""
    found = parse(written, "")
    return found[0].id if len(found) == 1 and countable(found[0]) and found[0].id in index(found[0].framework) else ""


# --- what a review says -----------------------------------------------------------------------------------------------


def read_decisions(project: Project, ends: Ends) -> tuple[list[Decided], list[Fault]]:
    """The decisions of a review that can be followed, row by row, and why the others cannot.

    ``project`` is the review, ``ends`` are those of the workbook that it is about. A row without a decision says nothing; a row of which one
    id cannot be followed is not followed at all.
    """
    lines: dict[tuple[int, int], list[dict[str, object]]] = {}
    frame = project.decisions
    for values in zip(*(frame[name].tolist() for name in frame.columns), strict=True):
        entry = dict(zip(frame.columns, values, strict=True))
        if entry["decision_written"]:
            lines.setdefault((int(str(entry["table"])), int(str(entry["row"]))), []).append(entry)
    found: list[Decided] = []
    faults: list[Fault] = []
    for (number, row), entries in lines.items():
        line = _Row(project, number, row, entries, ends)
        wrong = line.fault()
        if wrong:
            faults.append(wrong)
        else:
            found += line.decided()
    return found, faults


class _Row:
    """One row of a review with a word in its decision."""

    def __init__(self, project: Project, table: int, row: int, entries: Sequence[Mapping[str, object]], ends: Ends) -> None:
        self.book, self.table, self.row = project.book, project.book.tables[table], row
        self.entries, self.ends = entries, ends
        self.said = entries[0]
        self.source = ends.find(str(self.said["source"]))

    def cell(self, field: str) -> str:
        return f"{self.table.letters().get(field, 'A')}{self.row}"

    def fault(self) -> Fault | None:
        """The first thing that is wrong with it."""
        for rule, field, message in self._faults():
            return Fault(rule, self.book.name, self.table.sheet, self.cell(field), message, field)
        return None

    def _faults(self) -> Iterable[tuple[str, str, str]]:
        said, deferred = self.said, self.said["decision"] == Decision.DEFER
        if not said["decision"]:
            yield (
                UNKNOWN_WORD,
                "decision",
                f"'{said['decision_written']}' is no decision that is known; write Accept, Reject or Defer",
            )
        if deferred:
            return
        if said["relationship_written"] and not said["relationship"]:
            yield UNKNOWN_WORD, "relationship", f"'{said['relationship_written']}' is no relationship that is known"
        if not self.source:
            name = said["source"]
            near = nearest(str(name), self.ends.names)
            meant = f"; did you mean {near}?" if near else ""
            yield NO_CONTROL, "source", f"there is no control {name}{meant}" if name else "the row names no control"
        elif self.ends.moved(self.source, str(said["source_title"])):
            now = self.ends.names[self.source]
            yield (
                NO_CONTROL,
                "source",
                f"{self.source} is '{now}' now, and the row is about '{said['source_title']}'; give the control an id",
            )
        unclear = _unclear(str(said["target_written"]))
        if unclear:
            yield NO_REQUIREMENT, "target", unclear
        if any(entry["target"] == self.source for entry in self.entries):
            yield NO_REQUIREMENT, "target", f"{self.source} cannot be mapped to itself"
        if said["decision"] == Decision.ACCEPT and said["relationship"] == Relationship.NONE:
            yield CONTRADICTION, "relationship", "the pair is accepted with 'no relationship'"

    def decided(self) -> Iterable[Decided]:
        said = self.said
        for entry in self.entries:
            yield Decided(
                self.source,
                str(entry["target"]),
                str(entry["target_framework"]),
                str(said["decision"]),
                "" if said["relationship"] == Relationship.UNSPECIFIED else str(said["relationship"]),
                str(said["rationale"]),
                str(said["reviewer"]),
                said["date"],  # type: ignore[arg-type]
                proposed=said["score"] is not None and not edited(said),
                workbook=self.book.name,
                sheet=self.table.sheet,
                row=self.row,
                cell=self.cell("decision"),
            )


def edited(said: Mapping[str, object]) -> bool:
    """Whether a row of ``Project.decisions`` names another requirement than the one whose title stands beside it."""
    known = (
        index(str(said["target_framework"])).get(str(said["target"]))
        if said["target_framework"] in {SOC2, ISO2022, ISO2013}
        else None
    )
    written, title = str(said["target_written"]), str(said["target_title"])
    return bool(title) and (known is None or known.title != title or len(parse(written, "")) != 1)


def _unclear(written: str) -> str:
    """Why the text of a suggested requirement is not followed, "" when it says ids and nothing else."""
    found = parse(written, "")
    if not found:
        return "the row names no requirement"
    rest = written
    for citation in found:
        if not citation.id:
            meant = f"; did you mean {' or '.join(citation.candidates[:3])}?" if citation.candidates else ""
            return f"'{citation.text}' is no id that can be read{meant or '; write it in full, such as CC6.1, A.5.15 or Clause 6.1.2'}"
        if not countable(citation):
            return f"{citation.id} is a group of requirements; name those that are meant"
        rest = rest.replace(citation.text, " ", 1).replace(_title(citation), " ", 1)
    words = re.findall(r"[^\W\d_]+|\?", rest)
    return (
        f"'{written}' says more than ids; write the ids alone" if any(word.casefold() not in _JOINING for word in words) else ""
    )


def _title(citation: Citation) -> str:
    """The title beside an id where it is the requirement's own; any other words may say that something else is meant."""
    known = index(citation.framework).get(citation.id)
    return citation.title if known is not None and fold_heading(known.title) == fold_heading(citation.title) else " "


_JOINING = frozenset({"and", "und", "et", "y"})

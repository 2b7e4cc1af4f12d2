"""Random control libraries and crosswalks, and the workbooks that people would write them into."""

from __future__ import annotations

import operator
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from hypothesis import strategies as st

from workbench.frameworks import framework
from workbench.model import ISO2022, SOC2

CRITERIA = [entry.id for entry in framework(SOC2).requirements]
ISO = [entry for entry in framework(ISO2022).requirements if entry.assessable]
ANNEX = [entry.id for entry in ISO if entry.kind == "control"]
CLAUSES = [entry.id for entry in ISO if entry.kind == "clause"]
CATEGORY = {"CC": "Security", "A": "Availability", "C": "Confidentiality", "PI": "Processing Integrity", "P": "Privacy"}

STATUS_WORDS = {
    "in place": ["Implemented", "implemented", "Yes", "done", "In place", "Complete", "live", "100%"],
    "partly": ["Partially implemented", "partial", "In progress", "WIP", "partly"],
    "planned": ["Planned", "to do", "Roadmap", "not started"],
    "not": ["Not implemented", "no", "missing", "Not applicable", "N/A", "kind of"],
}
RELATIONSHIP_WORDS = {
    "equal": ["equal", "Direct", "Full", "exact match", "1:1"],
    "superset": ["superset of", "Covers", "broader"],
    "subset": ["subset of", "part of", "narrower"],
    "intersects": ["intersects with", "Partial", "indirect", "related"],
    "none": ["no relationship", "None", "Gap"],
    "bare": ["", "x", "✓", "some word nobody knows"],
}
DECISION_WORDS = {
    "accepted": ["", "Accepted", "approved"],
    "proposed": ["Proposed", "Draft"],
    "rejected": ["Rejected", "declined"],
}
HEADINGS = {
    "id": ["Control ID", "Ref.", "Control No", "CONTROL #"],
    "name": ["Control name", "Title", "Control activity"],
    "description": ["Description", "What we do", "Control description"],
    "owner": ["Owner", "Responsible"],
    "status": ["Status", "Implementation status", "Impl. state", "State"],
    "soc2": ["SOC 2 criteria", "TSC ref", "SOC2", "Trust Services Criteria", "SOC 2 Mapping"],
    "iso": ["ISO 27001 controls", "ISO/IEC 27001:2022 ref", "Annex A", "ISO 27001 Mapping"],
    "own": ["Colour", "Cost centre"],
}
WORDS = [
    "accounts",
    "backups",
    "badges",
    "changes",
    "contracts",
    "devices",
    "doors",
    "incidents",
    "keys",
    "laptops",
    "logs",
    "networks",
    "passwords",
    "patches",
    "risks",
]
SEPARATORS = [", ", ",", "; ", "\n", " / ", " | ", " & ", " and ", "\t", " ; ", "  "]


Row = tuple[str, str, str, str]
"""Source, target, relationship, decision."""
Sheet = list[list[object]]


@dataclass(frozen=True)
class Library:
    """(status, criteria, ISO requirements) of each control; mapping rows; Annex A control → whether it applies; None: no Profile."""

    controls: list[tuple[str, list[str], list[str]]]
    mappings: list[Row] = field(default_factory=list)
    applicable: dict[str, bool] = field(default_factory=dict)
    categories: tuple[str, ...] | None = None


def name(number: int) -> str:
    """The id of a control, by its place from 0."""
    return f"AC-{number + 1:03d}"


def cited(least: int) -> st.SearchStrategy[tuple[str, list[str], list[str]]]:
    """A control: its status, the criteria and the ISO requirements that it lists."""
    lists = (st.lists(st.sampled_from(known), min_size=least, max_size=4, unique=True) for known in (CRITERIA, ANNEX + CLAUSES))
    return st.tuples(st.sampled_from(list(STATUS_WORDS)), *lists)


controls = st.builds(
    lambda first, rest: first + rest, st.lists(cited(2), min_size=2, max_size=2), st.lists(cited(0), max_size=13)
)
CHOICES = list(CATEGORY.values())[1:]
FEW = CRITERIA[::20], (ANNEX + CLAUSES)[::40]
"""So few that pairs come again, and contradict each other."""


def pair(criteria: list[str], iso: list[str], *, controls: bool) -> st.SearchStrategy[tuple[str, str]]:
    """Two ends of a mapping: from a control, or between the frameworks in either direction."""
    crossing = st.tuples(st.sampled_from(criteria), st.sampled_from(iso))
    either = st.one_of(crossing, crossing.map(lambda ends: ends[::-1]))
    return st.one_of(either, st.tuples(st.integers(0, 15).map(name), st.sampled_from(criteria + iso))) if controls else either


def rows(*, controls: bool) -> st.SearchStrategy[Row]:
    """Mapping rows of all pairs, and of a few that come again."""
    ends = st.one_of(pair(CRITERIA, ANNEX + CLAUSES, controls=controls), pair(*FEW, controls=controls))
    said = st.tuples(st.sampled_from(list(RELATIONSHIP_WORDS)), st.sampled_from(["accepted", "accepted", *DECISION_WORDS]))
    return st.builds(operator.add, ends, said)


def _exists(source: str, controls: list[object]) -> bool:
    return not source.startswith("AC-") or int(source[3:]) <= len(controls)


categories = st.one_of(
    st.none(), st.lists(st.sampled_from(CHOICES), max_size=4, unique=True).map(lambda some: ("Security", *some))
)
libraries = st.builds(
    lambda controls, mappings, *more: Library(controls, [row for row in mappings if _exists(row[0], controls)], *more),
    controls,
    st.lists(rows(controls=True), max_size=12),
    st.dictionaries(st.sampled_from(ANNEX), st.booleans(), max_size=12),
    categories,
)
crosswalks = st.builds(Library, st.just([]), st.lists(rows(controls=False), min_size=6, max_size=30), st.just({}), categories)


def spelled(id_: str, chance: random.Random) -> str:
    """A requirement's id as some write it; a control's as it is."""
    if id_.startswith("AC-"):
        return id_
    if id_.startswith("Clause"):
        return chance.choice([id_, id_.lower(), id_.replace("Clause", "Cl.")])
    if id_.startswith("A."):
        return chance.choice([id_, id_, f"Annex {id_}", f"Annex A {id_[2:]}", f"ISO 27001:2022 {id_}", f"A{id_[2:]}"])
    return chance.choice([id_, id_, id_.lower(), re.sub(r"^(CC|PI)", r"\1 ", id_)])


def cell(ids: list[str], chance: random.Random) -> str | None:
    """Ids in one cell."""
    return chance.choice(SEPARATORS).join(spelled(id_, chance) for id_ in ids) or None


def library_sheet(library: Library, chance: random.Random) -> Sheet:
    """The Controls sheet in any order of columns, below any title rows."""
    columns = [*HEADINGS]
    chance.shuffle(columns)
    table = [
        {
            "id": name(number), "name": f"Practice {WORDS[number]}", "description": f"Somebody looks after {WORDS[number]} every month.", "owner": "IT",
            "status": chance.choice(STATUS_WORDS[status]), "soc2": cell(soc2, chance), "iso": cell(iso, chance), "own": chance.choice([None, "red"]),
        }
        for number, (status, soc2, iso) in enumerate(library.controls)
    ]  # fmt: skip
    chance.shuffle(table)
    above = [["Our controls"], [], ["as of this year"]][: chance.randrange(4)]
    return [
        *above,
        [chance.choice(HEADINGS[column]) for column in columns],
        *([row[column] for column in columns] for row in table),
    ]


def pair_sheet(pairs: list[Row], chance: random.Random) -> Sheet:
    """A sheet of mappings, its columns in any order."""
    order = [0, 1, 2, 3, 4]
    chance.shuffle(order)
    heading = ["Source", "Target", chance.choice(["Relationship", "Mapping type"]), "Rationale", "Status"]
    table = [
        [spelled(source, chance), spelled(target, chance), chance.choice(RELATIONSHIP_WORDS[word]), "because", chance.choice(DECISION_WORDS[said])]
        for source, target, word, said in pairs
    ]  # fmt: skip
    return [[row[place] for place in order] for row in (heading, *table)]


def sheets(library: Library, chance: random.Random) -> dict[str, Sheet]:
    """The workbook that says all that, in the words and order of some people or others."""
    found: dict[str, Sheet] = {}
    if library.controls:
        found[chance.choice(["Controls", "Control matrix", "Sheet1", "Matrix v3 FINAL"])] = library_sheet(library, chance)
    if library.mappings:
        found["Mapping"] = pair_sheet(library.mappings, chance)
    if library.applicable:
        words = {True: ["Yes", "y", "Applicable"], False: ["No", "excluded", "n/a", "Not applicable"]}
        table = [[id_, chance.choice(words[said]), "because"] for id_, said in library.applicable.items()]
        found[chance.choice(["Applicability", "SoA"])] = [["ID", "Applicable", "Justification"], *table]
    if library.categories is not None:
        said = chance.choice([", ", "; ", " and "]).join(library.categories)
        found["Profile"] = [["Setting", "Value"], ["Organization", "Acme"], ["SOC 2 categories in scope", said]]
    return shuffled(found, chance)


def shuffled(tabs: dict[str, Sheet], chance: random.Random) -> dict[str, Sheet]:
    """The sheets in another order."""
    order = list(tabs)
    chance.shuffle(order)
    return {name: tabs[name] for name in order}


def saved(path: Path, tabs: dict[str, Sheet]) -> Path:
    """The sheets as an xlsx file, written by openpyxl."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tabs.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path

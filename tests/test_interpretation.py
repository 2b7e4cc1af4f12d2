"""What sheets say, whichever layout they say it in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from workbench import sheets
from workbench.interpretation import Project, interpret, mark_understood
from workbench.model import ISO2013, ISO2022, ISO_UNDECIDED, SOC2, Book, Layout, Table, TableColumn
from workbench.settings import Settings

LAYOUTS = {
    "Controls": Layout.CONTROL_LIBRARY,
    "Mapping": Layout.PAIR_LIST,
    "Grid": Layout.GRID,
    "Applicability": Layout.ASSESSMENT,
}


def table(declaration: str, columns: str, *rows: tuple, said: dict[str, str] | None = None, sheet: str = "") -> Table:
    """A table whose heading stands in row 1; ``columns`` are field names, ``said`` the framework a heading names."""
    names = columns.split()
    found = []
    for place, name in enumerate(names):
        field = "cell" if name.startswith("cell:") else name.partition("#")[0]
        declared = (
            {column.field: column.heading for column in sheets.BY_NAME[declaration].columns}
            if declaration in sheets.BY_NAME
            else {}
        )
        heading = name.removeprefix("cell:") if field == "cell" else declared.get(field, name)
        letter = chr(65 + place)
        found.append(
            TableColumn(f"cell:{letter}" if field == "cell" else name, field, letter, heading, (said or {}).get(name, ""))
        )
    frame = pd.DataFrame(list(rows), columns=[column.name for column in found], index=range(2, len(rows) + 2), dtype=object)
    return Table(sheet or declaration, declaration, LAYOUTS.get(declaration, Layout.REGISTER), 1, tuple(found), frame)


def read(*tables: Table, settings: Settings | None = None) -> Project:
    return interpret(Book("x.xlsx", Path("x.xlsx"), "", 0, tables, ()), settings or Settings())


def pairs(project: Project) -> list[tuple]:
    return project.mappings[["source", "target", "relationship", "status", "cell"]].to_numpy().tolist()


BOTH = {"soc2": SOC2, "iso": ISO_UNDECIDED}


def test_a_control_library_gives_controls_and_a_bare_mapping_for_every_id() -> None:
    project = read(
        table(
            "Controls",
            "id name status soc2 iso",
            ("AC-1", "Access", "Done", "CC6.1, CC6.2", "A.5.15"),
            (None, "Logs", "WIP", None, "A.8.15"),
            said=BOTH,
        )
    )

    assert project.controls[["control", "name", "status", "counts_as", "row"]].to_numpy().tolist() == [
        ["AC-1", "Access", "Implemented", "Implemented", 2],
        ["Controls!3", "Logs", "Partially implemented", "Partially implemented", 3],
    ]
    assert pairs(project) == [
        ["AC-1", "CC6.1", "unspecified", "Accepted", "D2"],
        ["AC-1", "CC6.2", "unspecified", "Accepted", "D2"],
        ["AC-1", "A.5.15", "unspecified", "Accepted", "E2"],
        ["Controls!3", "A.8.15", "unspecified", "Accepted", "E3"],
    ]
    assert project.words == (("status", "Done", "Implemented"), ("status", "WIP", "Partially implemented"))


def test_a_library_that_says_nothing_of_status_counts_as_implemented() -> None:
    project = read(table("Controls", "id soc2", ("A", "CC6.1"), said=BOTH))

    assert project.controls[["status", "counts_as"]].to_numpy().tolist() == [["", "Implemented"]]


def test_a_blank_among_statuses_counts_as_nothing() -> None:
    project = read(table("Controls", "id status soc2", ("A", "Planned", "CC6.1"), ("B", None, "CC6.1"), said=BOTH))

    assert project.controls["counts_as"].tolist() == ["Planned", ""]


def test_old_ids_are_mapped_to_as_what_they_are_and_groups_are_not_mapped_to() -> None:
    project = read(table("Controls", "id soc2 iso", ("AC-1", "CC6", "A.9.1.1, A.9.2"), said=BOTH))

    assert project.editions[(0, "iso")].framework == ISO2013
    assert project.mappings[["target", "target_framework"]].to_numpy().tolist() == [["A.9.1.1", ISO2013]]
    assert project.citations[["id", "remark"]].to_numpy().tolist() == [["CC6", "group"], ["A.9.1.1", "exact"], ["A.9.2", "group"]]


def test_a_pair_list_keeps_relationship_strength_rationale_and_status() -> None:
    project = read(
        table(
            "Mapping",
            "source source_title target relationship strength rationale status",
            ("CC6.1", "Logical access", "A.5.15, A.8.5", "Partial", "Strong", "both", "Draft"),
            ("CC6.2", None, "A.5.16", None, 7, None, None),
            said={"source": SOC2, "target": ISO2022},
        )
    )

    assert pairs(project) == [
        ["CC6.1", "A.5.15", "intersects with", "Proposed", "C2"],
        ["CC6.1", "A.8.5", "intersects with", "Proposed", "C2"],
        ["CC6.2", "A.5.16", "unspecified", "Accepted", "C3"],
    ]
    assert project.mappings["strength"].tolist() == [8.0, 8.0, 7.0]
    assert project.citations["title"].tolist()[:1] == ["Logical access"]
    assert len(project.controls) == 0


def test_pairs_of_controls_make_the_library_where_no_sheet_lists_controls() -> None:
    project = read(
        table("Mapping", "source target", ("AC-1", "CC6.1"), ("AC-1", "A.5.15"), ("AC-2", "A.5.16"), said={"target": ""})
    )

    assert project.controls[["control", "counts_as"]].to_numpy().tolist() == [["AC-1", "Implemented"], ["AC-2", "Implemented"]]
    assert project.mappings["source_framework"].tolist() == ["", "", ""]


def test_grid_marks_say_relationship_strength_or_nothing() -> None:
    project = read(
        table(
            "Grid",
            "source cell:A.5.1 cell:A.5.2 cell:A.5.3 cell:A.5.4",
            ("CC1.1", "x", "Partial", None, "-"),
            ("CC1.2", "?", "H", "no", "blue"),
            said={"source": SOC2, "cell:A.5.1": ISO_UNDECIDED},
        )
    )

    assert pairs(project) == [
        ["CC1.1", "A.5.1", "unspecified", "Accepted", "B2"],
        ["CC1.2", "A.5.1", "unspecified", "Proposed", "B3"],
        ["CC1.1", "A.5.2", "intersects with", "Accepted", "C2"],
        ["CC1.2", "A.5.2", "unspecified", "Accepted", "C3"],
    ]
    assert [mark_understood(mark, Settings()) for mark in ("x", "-", "blue", 3, None)] == [True, True, False, True, True]


def test_an_assessment_gives_applicability_judgements_and_the_mapped_criteria() -> None:
    project = read(
        table(
            "Applicability",
            "id title applicable reasons exclusion status soc2",
            ("A.5", "Organizational controls", None, None, None, None, None),
            ("A.5.1", "Policies for information security", "Ja", "LR/RRA", None, "Done", "CC5.3"),
            ("A.5.2", "Roles", "N", None, "nobody", None, None),
            ("X-9", "Our own", "yes", "odd", None, "Planned", None),
            said={"id": ISO_UNDECIDED, "soc2": SOC2},
        )
    )

    assert project.applicability[["id", "id_written", "applicable", "reasons", "status"]].to_numpy().tolist() == [
        ["A.5.1", "A.5.1", "yes", ("LR", "RRA"), "Implemented"],
        ["A.5.2", "A.5.2", "no", (), ""],
        ["", "X-9", "yes", ("odd",), "Planned"],
    ]
    assert project.assessments[["id", "status"]].to_numpy().tolist() == [["A.5.1", "Implemented"], ["A.5.2", ""]]
    assert pairs(project) == [["A.5.1", "CC5.3", "unspecified", "Accepted", "G3"]]


def test_bare_ids_are_clauses_where_the_sheet_lists_clauses_or_their_titles() -> None:
    listed = table(
        "Applicability",
        "id status",
        *((name, "Done") for name in ("4.1", "4.2", "5.1", "9.2", "10.1")),
        said={"id": ISO_UNDECIDED},
    )
    typed = table(
        "Applicability", "id status", *((value, "Done") for value in (4.1, 4.2, 5.1, 5.2, 10.2)), said={"id": ISO_UNDECIDED}
    )
    titled = table(
        "Applicability",
        "id title status",
        ("5.1", "Leadership and commitment", "Done"),
        ("5.1", "Policies for information security", "Done"),
        said={"id": ISO2022},
    )

    assert read(listed).assessments["id"].tolist() == ["Clause 4.1", "Clause 4.2", "Clause 5.1", "Clause 10.1"]
    assert read(typed).assessments["id"].tolist() == ["Clause 4.1", "Clause 4.2", "Clause 5.1", "Clause 5.2", "Clause 10.2"]
    assert read(titled).assessments["id"].tolist() == ["Clause 5.1", "A.5.1"]


def test_registers_profile_and_decisions_are_read_by_their_fields() -> None:
    project = read(
        table("Profile", "setting value", ("organization", "Acme"), ("ISO edition", None), ("Mood", "good")),
        table("Evidence", "id title collected", ("EV-1", "Report", dt.date(2026, 1, 2))),
        table("Suggestions", "source target decision", ("AC-1", "a.5.15", "reject")),
    )

    assert project.profile == {
        "Organization": ("Acme", "Profile", "B2"),
        "ISO edition": (None, "Profile", "B3"),
        "Mood": ("good", "Profile", "B4"),
    }
    assert project.evidence[["id", "title", "collected", "row"]].to_numpy().tolist() == [
        ["EV-1", "Report", dt.date(2026, 1, 2), 2]
    ]
    assert project.decisions[["source", "target", "decision"]].to_numpy().tolist() == [["AC-1", "A.5.15", "Reject"]]


def test_a_team_adds_its_own_words() -> None:
    own = Settings(words={"status": {"steht": "Implemented"}})

    assert read(table("Controls", "id status soc2", ("A", "steht", "CC6.1"), said=BOTH), settings=own).controls[
        "status"
    ].tolist() == ["Implemented"]

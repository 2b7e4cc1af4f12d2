"""From what people decided of suggestions to the cells and rows that say so."""

from __future__ import annotations

import datetime as dt

import pytest
from examples import workbook

import workbench
from workbench.decisions import NEW, Ends, judge, place, read_decisions
from workbench.settings import Settings

DAY = dt.date(2026, 5, 4)
CONTROLS = """Controls
Control ID | Control name   | SOC 2 criteria | ISO 27001 controls
AC-001     | Access reviews | CC6.2; CC6.3   | A.5.18
AC-002     | Badge reviews  | CC6.4          |
AC-003     | Log reviews    | CC7.2          | A.8.15, A.8.16"""
HEADINGS = "Control | Control name | Suggested requirement | Requirement title | Decision | Relationship | Rationale | Decided by | Decided on | Score"


def review(*rows):
    return f"Suggestions\n{HEADINGS}\n" + "\n".join(rows)


def project(tmp_path, *sheets, name="acme"):
    return workbench.read(workbook("\n\n".join(sheets), tmp_path, name))


def followed(of, *reviews, by="", fixed=None):
    """Verdicts, faults and the revision of a workbook and its reviews."""
    ends = Ends(of)
    said = [read_decisions(one, ends) for one in (of, *reviews)]
    verdicts, faults = judge(of, [one for decided, _ in said for one in decided])
    revision = place(of, verdicts, Settings(), by=by, as_of=DAY, fixed=fixed)
    return revision, [fault for _, some in said for fault in some] + faults + list(revision.faults)


def edits(revision):
    return [(f"{edit.sheet}!{edit.cell}", edit.before, edit.after) for edit in revision.edits]


def told(faults):
    return [(fault.rule, f"{fault.sheet}!{fault.cell}", fault.message) for fault in faults]


def rows(revision, *names):
    return [tuple(row.cells[name] for name in names) for row in revision.rows]


def test_an_accepted_id_goes_into_the_controls_own_cell_as_the_cell_writes_ids(tmp_path):
    of = project(
        tmp_path,
        CONTROLS,
        review(
            "AC-001 | Access reviews | CC6.1 | x | Accept",
            "AC-001 | Access reviews | A.5.15 | x | Accept",
            "AC-002 | Badge reviews | A.7.2 | x | Accept",
            "AC-003 | Log reviews | A.8.17 | x | Reject",
        ),
    )
    revision, faults = followed(of)
    assert faults == []
    assert edits(revision) == [
        ("Controls!C2", "CC6.2; CC6.3", "CC6.1; CC6.2; CC6.3"),
        ("Controls!D2", "A.5.18", "A.5.15, A.5.18"),
        ("Controls!D3", None, "A.7.2"),
    ]


def test_every_decided_pair_gets_a_row_of_a_mapping_list(tmp_path):
    of = project(
        tmp_path,
        CONTROLS,
        review(
            "AC-001 | Access reviews | A.5.15 | Access control | Accept | subset of | only reviews | Kim | 2026-01-02 | 0.6",
            "AC-003 | Log reviews | A.8.17 | Clock synchronization | Reject | | | | | 0.2",
            "AC-002 | Badge reviews | A.7.2 | | Accept | | | | |",
        ),
    )
    revision, _ = followed(of, by="Lee")
    assert {row.table for row in revision.rows} == {NEW}
    fields = (
        "source",
        "source_title",
        "target",
        "target_title",
        "relationship",
        "rationale",
        "status",
        "method",
        "reviewer",
        "date",
    )
    assert rows(revision, *fields) == [
        ("AC-001", "Access reviews", "A.5.15", "Access control", "subset of", "only reviews", "Accepted", "hybrid", "Kim", dt.date(2026, 1, 2)),
        ("AC-003", "Log reviews", "A.8.17", "Clock synchronization", "", "", "Rejected", "hybrid", "Lee", DAY),
        ("AC-002", "Badge reviews", "A.7.2", "Physical entry", "", "", "Accepted", "human", "Lee", DAY),
    ]  # fmt: skip


def test_the_workbook_then_says_what_was_decided_and_nothing_else(tmp_path):
    of = project(
        tmp_path,
        CONTROLS,
        review(
            "AC-001 | | A.5.15 | | Accept | subset of",
            "AC-003 | | CC7.3 | | Reject",
            "AC-002 | | CC6.5 | | Defer",
            "AC-002 | | CC6.6",
        ),
    )
    revision, _ = followed(of)
    before, after = (
        set(zip(*(one.mappings[name] for name in ("source", "target", "relationship", "status")), strict=True))
        for one in (of, revision.project)
    )
    assert after - before == {
        ("AC-001", "A.5.15", "unspecified", "Accepted"),
        ("AC-001", "A.5.15", "subset of", "Accepted"),
        ("AC-003", "CC7.3", "unspecified", "Rejected"),
    }
    assert before <= after


MAPPING = """Mapping
Target | Why | Source | Review status | Relation
A.8.2  | owns them | AC-003 | Approved | Partial
A.8.3  |           | AC-003 | Draft    |"""


def test_rows_go_below_the_workbooks_own_list_by_its_own_headings_in_its_own_words(tmp_path):
    of = project(
        tmp_path,
        CONTROLS,
        MAPPING,
        review("AC-001 | | A.5.15 | | Accept | intersects with | some", "AC-002 | | CC6.5 | | Reject"),
    )
    revision, _ = followed(of)
    assert [(row.table, dict(row.cells)) for row in revision.rows] == [
        (1, {"target": "A.5.15", "rationale": "some", "source": "AC-001", "status": "Approved", "relationship": "Partial"}),
        (1, {"target": "CC6.5", "rationale": "", "source": "AC-002", "status": "Rejected", "relationship": ""}),
    ]


def test_a_proposed_row_becomes_what_was_decided_of_it(tmp_path):
    of = project(tmp_path, CONTROLS, MAPPING, review("AC-003 | | A.8.3 | | Accept | equal | all of it"))
    revision, _ = followed(of)
    assert edits(revision) == [
        ("Controls!D4", "A.8.15, A.8.16", "A.8.3, A.8.15, A.8.16"),
        ("Mapping!E3", None, "equal"),
        ("Mapping!B3", None, "all of it"),
        ("Mapping!D3", "Draft", "Approved"),
    ]
    assert revision.rows == ()


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ("AC-001 | | A.5.15 | | maybe", [("MAP029", "Suggestions!E2", "'maybe' is no decision that is known; write Accept, Reject or Defer")]),
        ("AC-001 | | A.5.15 | | x", [("MAP029", "Suggestions!E2", "'x' is no decision that is known; write Accept, Reject or Defer")]),
        ("AC-001 | | A.5.15 | | Accept | rather", [("MAP029", "Suggestions!F2", "'rather' is no relationship that is known")]),
        ("AC-009 | | A.5.15 | | Accept", [("MAP031", "Suggestions!A2", "there is no control AC-009; did you mean AC-003?")]),
        (" | | A.5.15 | | Accept", [("MAP031", "Suggestions!A2", "the row names no control")]),
        ("AC-001 | | | | Accept", [("MAP030", "Suggestions!C2", "the row names no requirement")]),
        ("AC-001 | | A.5.99 | | Accept", [("MAP030", "Suggestions!C2", "'A.5.99' is no id that can be read; did you mean A.5.29 or A.5.19 or A.5.9?")]),
        ("AC-001 | | CC6 | | Reject", [("MAP030", "Suggestions!C2", "CC6 is a group of requirements; name those that are meant")]),
        ("AC-001 | | 5.15 | | Accept", [("MAP030", "Suggestions!C2", "'5.15' is no id that can be read; write it in full, such as CC6.1, A.5.15 or Clause 6.1.2")]),
        ("AC-001 | | A.5.15, or A.5.17? | | Accept", [("MAP030", "Suggestions!C2", "'A.5.15, or A.5.17?' says more than ids; write the ids alone")]),
        ("AC-001 | | A.5.15 instead of A.5.17 | | Accept", [("MAP030", "Suggestions!C2", "'A.5.15 instead of A.5.17' says more than ids; write the ids alone")]),
        ("CC6.1 | | CC6.1 | | Accept", [("MAP030", "Suggestions!C2", "CC6.1 cannot be mapped to itself")]),
        ("AC-001 | | A.5.15 | | Accept | no relationship", [("MAP032", "Suggestions!F2", "the pair is accepted with 'no relationship'")]),
        ("AC-001 | | A.5.18 | | Reject", [("MAP020", "Suggestions!E2", "AC-001 → A.5.18 is rejected, but Controls!D2 says that it is a mapping")]),
        ("AC-009 | | who knows | | Defer", []),
        ("AC-009 | | who knows | |", []),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_a_finding_and_changes_nothing(row, faults, tmp_path):
    of = project(tmp_path, CONTROLS, review(row, "AC-001 | | A.5.17 | |"))
    revision, found = followed(of)
    assert told(found) == faults
    assert revision.empty


def test_a_decision_against_an_earlier_one_is_a_finding(tmp_path):
    mapping = "Mapping\nSource | Target | Relationship | Status\nAC-001 | A.5.15 | | Rejected\nAC-002 | A.7.2 | equal | Accepted\nAC-003 | A.7.4 | no relationship |"
    of = project(
        tmp_path,
        CONTROLS,
        mapping,
        review("AC-001 | | A.5.15 | | Accept", "AC-002 | | A.7.2 | | Accept | subset of", "AC-003 | | A.7.4 | | Accept"),
    )
    revision, found = followed(of)
    assert told(found) == [
        ("MAP032", "Suggestions!E2", "AC-001 → A.5.15 is accepted, but Mapping!B2 says that it was rejected"),
        ("MAP032", "Suggestions!E3", "AC-002 → A.7.2 is 'subset of' here and 'equal' in Mapping!B3"),
        ("MAP032", "Suggestions!E4", "AC-003 → A.7.4 is accepted, but Mapping!B4 says that it has no relationship"),
    ]
    assert revision.empty


def test_two_reviewers_who_contradict_each_other_are_both_told_and_neither_is_followed(tmp_path):
    of = project(tmp_path, CONTROLS, review("AC-002 | | A.7.2 | | Defer", "AC-001 | | A.5.17 | | Defer"))
    kim = project(tmp_path, CONTROLS, review("AC-001 | | A.5.15 | | Accept | | | Kim", "AC-002 | | A.7.2 | | Accept"), name="kim")
    lee = project(
        tmp_path, CONTROLS, review("AC-001 | | A.5.15 | | Reject | | | Lee", "AC-003 | | A.8.17 | | Reject"), name="lee"
    )
    revision, found = followed(of, kim, lee)
    assert told(found) == [
        ("MAP032", "Suggestions!E2", "AC-001 → A.5.15 is accepted here and rejected in lee.xlsx!Suggestions!E2 (Lee)"),
        ("MAP032", "Suggestions!E2", "AC-001 → A.5.15 is rejected here and accepted in kim.xlsx!Suggestions!E2 (Kim)"),
    ]
    assert [fault.workbook for fault in found] == ["kim.xlsx", "lee.xlsx"]
    assert rows(revision, "source", "target", "status") == [("AC-002", "A.7.2", "Accepted"), ("AC-003", "A.8.17", "Rejected")]


def test_what_several_reviewers_say_of_one_pair_is_put_together(tmp_path):
    of = project(tmp_path, CONTROLS)
    kim = project(tmp_path, CONTROLS, review("AC-001 | | A.5.15 | | Accept | equal | all of it | Kim | 2026-01-03"), name="kim")
    lee = project(tmp_path, CONTROLS, review("ac-001 | | A 5.15 | | yes | | agreed | Lee | 2026-01-02"), name="lee")
    revision, found = followed(of, kim, lee)
    assert found == []
    assert rows(revision, "source", "target", "relationship", "rationale", "reviewer", "date") == [
        ("AC-001", "A.5.15", "equal", "all of it; agreed", "Kim, Lee", dt.date(2026, 1, 3))
    ]


def test_an_edited_suggestion_is_followed_as_it_was_edited(tmp_path):
    of = project(
        tmp_path,
        CONTROLS,
        review(
            "AC-002 | Badge reviews | A.7.2, A.7.4 | Physical entry | Accept | | | | | 0.6",
            "AC-003 | Log reviews | Clause 9.1 | Clock synchronization | Accept | | | | | 0.4",
        ),
    )
    revision, found = followed(of)
    assert found == []
    assert edits(revision) == [
        ("Controls!D3", None, "A.7.2, A.7.4"),
        ("Controls!D4", "A.8.15, A.8.16", "Clause 9.1, A.8.15, A.8.16"),
    ]
    assert rows(revision, "target", "method") == [("A.7.2", "human"), ("A.7.4", "human"), ("Clause 9.1", "human")]


def test_what_is_mapped_already_needs_nothing(tmp_path):
    of = project(tmp_path, CONTROLS, review("AC-001 | | A.5.18 | | Accept", "AC-003 | | A.8.15 | | Accept | subset of"))
    revision, found = followed(of)
    assert found == []
    assert [str(one.step) for one in revision.verdicts] == ["known", "accept"]
    assert edits(revision) == []
    assert rows(revision, "source", "target", "relationship") == [("AC-003", "A.8.15", "subset of")]


def test_following_a_second_time_changes_nothing(tmp_path):
    decided = (
        "AC-001 | | A.5.15 | | Accept | equal | all",
        "AC-003 | | A.8.17 | | Reject | | no clocks",
        "AC-002 | | A.7.2 | | Accept",
    )
    of = project(tmp_path, CONTROLS)
    revision, _ = followed(of, project(tmp_path, CONTROLS, review(*decided), name="kim"))
    verdicts, faults = judge(revision.project, [one.decided for one in revision.verdicts])
    assert not revision.empty
    assert faults == []
    assert [str(one.step) for one in verdicts] == ["known"] * 3
    assert place(revision.project, verdicts, Settings(), by="", as_of=DAY).empty


def test_an_id_that_would_be_read_as_another_goes_into_the_mapping_list_alone(tmp_path):
    old = """Controls
Control ID | Control name | ISO 27001:2013
AC-001     | Access reviews | A.9.2.5
AC-002     | Media        | A.8.3.2
AC-003     | Assets       | A.8.2"""
    of = project(tmp_path, old, review("AC-001 | | A.8.2 | | Accept", "AC-002 | | A.7.10 | | Accept"))
    revision, found = followed(of)
    assert found == []
    assert edits(revision) == []
    assert dict(revision.remarks) == {
        ("AC-001", "A.8.2"): "in Controls!C2 it would be read as something else, or change what other cells mean",
        ("AC-002", "A.7.10"): "in Controls!C3 it would be read as something else, or change what other cells mean",
    }
    assert rows(revision, "source", "target") == [("AC-001", "A.8.2"), ("AC-002", "A.7.10")]


def test_successors_stand_beside_the_ids_of_the_old_edition(tmp_path):
    old = """Controls
Control ID | Control name | ISO 27001
AC-001     | Access reviews | A.9.2.5, A.9.2.6
AC-002     | Media        | A.8.3.2"""
    of = project(tmp_path, old, review("AC-001 | | A.5.18 | | Accept", "AC-002 | | A.7.14 | | Accept"))
    revision, _ = followed(of)
    assert edits(revision) == [
        ("Controls!C2", "A.9.2.5, A.9.2.6", "A.5.18, A.9.2.5, A.9.2.6"),
        ("Controls!C3", "A.8.3.2", "A.7.14, A.8.3.2"),
    ]


def test_a_cell_that_is_not_the_controls_own_is_not_changed(tmp_path):
    merged = """Controls (merged D2:D3)
Control ID | Control name   | SOC 2 criteria | ISO 27001 controls
AC-001     | Access reviews | CC6.2          | A.5.18
AC-002     | Badge reviews  | CC6.4          |
AC-003     | Log reviews    | CC7.2          | A.8.15
AC-004     | Numbers        | CC7.2          | 8.1"""
    of = project(
        tmp_path,
        merged,
        review("AC-001 | | A.5.15 | | Accept", "AC-002 | | A.7.2 | | Accept", "AC-004 | | A.8.16 | | Accept"),
    )
    revision, found = followed(of)
    assert found == []
    assert edits(revision) == []
    assert dict(revision.remarks) == {
        ("AC-001", "A.5.15"): "Controls!D2 is merged with the cell below",
        ("AC-002", "A.7.2"): "Controls!D3 is merged with the cell above",
        ("AC-004", "A.8.16"): "Controls!D5 holds a number that can be read as several ids; type it as text first",
    }
    assert len(revision.rows) == 3


def test_without_a_column_for_the_framework_the_mapping_list_says_it(tmp_path):
    soc2 = "Controls\nControl ID | Control name | SOC 2 criteria\nAC-001 | Access reviews | CC6.2\nAC-002 | Logs | CC7.2"
    revision, _ = followed(project(tmp_path, soc2, review("AC-001 | | A.5.18 | | Accept")))
    assert edits(revision) == []
    assert dict(revision.remarks) == {("AC-001", "A.5.18"): "Controls has no column for ISO 27001"}
    assert rows(revision, "source", "target", "status") == [("AC-001", "A.5.18", "Accepted")]


def test_a_control_without_an_id_is_known_by_its_row_only_while_its_name_stands_there(tmp_path):
    nameless = "Controls\nControl name | Description | SOC 2 criteria\nAccess reviews | We look at accounts every quarter | CC6.2, CC6.3\nLog reviews | We read the logs every day | CC7.2, CC7.3"
    of = project(
        tmp_path,
        nameless,
        review(
            "Controls!2 | Access reviews | CC6.1 | | Accept",
            "Controls!3 | Access reviews | CC7.4 | | Accept",
            "Controls!3 | Log reviews | CC6.8 | | Reject",
        ),
    )
    revision, found = followed(of)
    assert edits(revision) == [("Controls!C2", "CC6.2, CC6.3", "CC6.1, CC6.2, CC6.3")]
    assert revision.rows == ()
    assert told(found) == [
        ("MAP031", "Suggestions!A3", "Controls!3 is 'Log reviews' now, and the row is about 'Access reviews'; give the control an id"),
        ("MAP031", "Suggestions!E4", "Controls!3 has no Control ID, so that nothing can be recorded about it; give it one"),
    ]  # fmt: skip


def test_a_pair_list_gets_a_row_and_what_it_has_no_column_for_goes_elsewhere(tmp_path):
    pairs = 'Crosswalk\nSOC 2 criterion | ISO 27001:2022 | ISO title\nCC6.1 | "5.15" | Access control\nCC6.2 | "5.16" | Identity management\nCC7.2 | "8.15" | Logging'
    of = project(
        tmp_path,
        pairs,
        review("CC6.3 | | A.5.18 | | Accept", "A.8.16 | | CC7.2 | | Accept | superset of", "CC6.1 | | A.8.24 | | Reject"),
    )
    revision, found = followed(of)
    assert found == []
    assert [(row.table, dict(row.cells)) for row in revision.rows if row.table != NEW] == [
        (0, {"source": "CC6.3", "target": "5.18", "target_title": "Access rights"}),
        (0, {"source": "CC7.2", "target": "8.16", "target_title": "Monitoring activities"}),
    ]
    assert [(row.cells["source"], row.cells["target"], row.cells["relationship"], row.cells["status"]) for row in revision.rows if row.table == NEW] == [
        ("A.8.16", "CC7.2", "superset of", "Accepted"),
        ("CC6.1", "A.8.24", "", "Rejected"),
    ]  # fmt: skip


def test_a_grid_gets_the_mark_it_uses(tmp_path):
    grid = """Matrix
Criterion | Title | A.5.15 | A.5.16 | A.5.17 | A.5.18 | A.8.2
CC6.1 | Logical access | ✓ | ✓ | ✓ |  | ✓
CC6.2 | Registration |  | ✓ | – | ✓ |
CC6.3 | Removal | Partial |  |  | ✓ | ?
CC6.6 | Boundaries |  |  |  |  |"""
    of = project(
        tmp_path,
        grid,
        review(
            "CC6.1 | | A.5.18 | | Accept",
            "A.5.17 | | CC6.2 | | Accept",
            "CC6.2 | | A.8.2 | | Accept | intersects with",
            "CC6.3 | | A.8.2 | | Accept | subset of",
            "CC6.6 | | A.5.15 | | Reject",
        ),
    )
    revision, found = followed(of)
    assert found == []
    assert edits(revision) == [
        ("Matrix!F2", None, "✓"),
        ("Matrix!E3", "–", "✓"),
        ("Matrix!G3", None, "Partial"),
        ("Matrix!G4", "?", "subset of"),
    ]
    assert rows(revision, "source", "target", "relationship", "status") == [
        ("CC6.1", "A.5.18", "", "Accepted"),
        ("A.5.17", "CC6.2", "", "Accepted"),
        ("CC6.2", "A.8.2", "intersects with", "Accepted"),
        ("CC6.3", "A.8.2", "subset of", "Accepted"),
        ("CC6.6", "A.5.15", "", "Rejected"),
    ]


def test_an_assessment_lists_the_criterion_beside_the_control_it_judges(tmp_path):
    soa = """SoA
ISO 27001 control | Title | Applicable | Justification for exclusion | SOC 2 criteria
A.5.15 | Access control | Yes | | CC6.1
A.5.16 | Identity management | Yes | | CC6.2
A.5.17 | Authentication information | Yes | |"""
    of = project(tmp_path, soa, review("CC6.1 | | A.5.17 | | Accept", "A.5.16 | | CC6.1 | | Accept"))
    revision, found = followed(of)
    assert found == []
    assert edits(revision) == [("SoA!E4", None, "CC6.1"), ("SoA!E3", "CC6.2", "CC6.1, CC6.2")]

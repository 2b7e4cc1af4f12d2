"""The gap workbook and the Statement of Applicability: they say what the analysis found, count it live, and invent nothing."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from analyses import AS_OF, analysis, finding, frame, project
from describe import describe, golden
from hypothesis import given, settings
from hypothesis import strategies as st
from office import formulas, recalculated

from workbench import coverage, reports, sheets
from workbench.interpretation import REGISTERS, interpret
from workbench.model import ISO2022, SOC2, Coverage, Severity
from workbench.reading import read_book
from workbench.reports.clauses import ADVICE, DOCUMENT_WORDS
from workbench.reports.documents import demanded, documented
from workbench.settings import Settings
from workbench.words import read_word
from workbench.writing import Formula, Link, render, signed, write_workbook

CRITERIA = [entry.id for entry in coverage.requirements_of(SOC2)]
ISO = coverage.requirements_of(ISO2022)
ANNEX = [entry.id for entry in ISO if entry.kind == "control"]
CLAUSES = [entry.id for entry in ISO if entry.kind == "clause"]
STATUSES = ["Implemented", "Partially implemented", "Planned", "Not implemented"]
CONTROLS = (
    {"control": "AC-10", "name": "=Access review", "owner": "IT", "evidence": "EV-1", "policy": "Access policy"},
    {"control": "AC-9", "name": "Joiners and leavers", "owner": "People", "status": "Partially implemented"},
    {"control": "AC-1", "name": "Clean desk", "status": "Planned"},
)
MAPPINGS = (
    ("AC-10", "CC6.1", "unspecified"),
    ("AC-10", "A.5.15", "equal"),
    ("AC-10", "A.5.18", "intersects with"),
    ("AC-9", "CC6.2", "equal"),
    ("AC-9", "A.5.15", "equal"),
    ("AC-9", "Clause 7.2", "unspecified"),
    ("AC-1", "A.7.7", "equal"),
    ("AC-1", "A.5.15", "equal"),
)
PROFILE = {"Organization": "Acme & Söhne", "SOC 2 categories in scope": "Security", "Document version": "1.2"}
NEAREST = {"A.7.7": ("AC-10", "both speak of offices"), "A.5.1": ("AC-9", "both speak of rules")}
OUT = {"id": "A.8.30", "applicable": "no", "exclusion": "Nothing is developed by others.", "sheet": "SoA", "row": 9}
SMALL = project(CONTROLS, MAPPINGS, profile=PROFILE, applicability=[OUT])


def named(workbook, name):
    return next(one for one in workbook.sheets if one.name == name)


def shown(cell):
    return cell.value if isinstance(cell, Formula) else cell.text if isinstance(cell, Link) else cell


def cells(sheet, *headings):
    """The cells of some columns, formulas by their value, links by their text."""
    places = [[column.heading for column in sheet.columns].index(heading) for heading in headings]
    return [tuple(shown(row[place]) for place in places) for row in sheet.rows]


def row_of(sheet, key, *headings):
    return next(row[1:] for row in cells(sheet, sheet.columns[0].heading, *headings) if row[0] == key)


def headlines(workbook):
    return {one.label: (shown(one.numerator), shown(one.total)) for one in named(workbook, "Summary").headlines}


def bars(chart):
    return {name: tuple(map(shown, values)) for name, values in chart.rows}


def register(name, *rows):
    columns = [*(column.field for column in REGISTERS[name].columns), "table", "sheet", "row"]
    return pd.DataFrame([dict.fromkeys(columns, "") | row for row in rows], columns=columns, dtype=object)


def entry(name, applicable, **more):
    return {"id": name, "id_written": name, "applicable": applicable, "reasons": (), "sheet": "SoA", "row": 2, **more}


def decided(but=()):
    """All 93 controls included by words of the team, without those of ``but``."""
    return [
        entry(name, "yes", inclusion="The risk assessment asks for it.", status="Implemented")
        for name in ANNEX
        if name not in but
    ]


# --- gap -------------------------------------------------------------------------------------------------------------


def test_a_requirement_says_what_serves_it_what_is_missing_and_what_is_nearest():
    view = named(reports.gap(analysis(SMALL, nearest=NEAREST)), "ISO 27001")

    what = ("Coverage", "Served by", "Evidence", "What is missing", "Nearest control", "Why this one", "Priority")
    assert row_of(view, "A.5.15", *what) == (
        "covered", "AC-10, AC-9\nnot yet: AC-1", "EV-1", "", None, None, None,
    )  # fmt: skip
    assert row_of(view, "A.5.18", *what) == (
        "partial", "AC-10", "EV-1", "Only in part: AC-10 intersects with it.", "", "", 3,
    )  # fmt: skip
    assert row_of(view, "A.7.7", *what) == (
        "planned", "not yet: AC-1", "", "No control that serves it is in place: AC-1 is planned.", "AC-10 =Access review",
        "both speak of offices", 2,
    )  # fmt: skip
    assert row_of(view, "A.8.30", *what) == (
        "not applicable", "", "", "Excluded by the Statement of Applicability.", None, None, None,
    )  # fmt: skip


def test_criteria_out_of_scope_are_marked_and_count_in_no_figure():
    workbook = reports.gap(analysis(SMALL))

    assert row_of(named(workbook, "SOC 2"), "A1.1", "Category", "Coverage", "What is missing", "Priority") == (
        "Availability", "not applicable", "Out of scope: the category Availability is not examined.", None,
    )  # fmt: skip
    assert headlines(workbook) == {
        "Annex A controls covered": (1, 92),
        "Clauses 4–10 covered": (0, 30),
        "SOC 2 criteria covered": (1, 33),
        "Actions open": (153, 153),
    }


def test_every_open_requirement_has_one_action_most_urgent_first():
    found = analysis(SMALL, nearest=NEAREST)
    actions = named(reports.gap(found), "Actions")

    rows = cells(actions, "No", "ID", "Framework", "Priority", "Coverage", "Status")
    assert [row[1] for row in rows] == found.gaps["id"].tolist()
    assert [row[3] for row in rows] == sorted(row[3] for row in rows)
    assert rows[0] == (1, "Clause 4.1", "ISO clause", 1, "none", "open")
    assert rows[-1] == (153, "CC6.2", "SOC 2", 3, "partial", "open")
    assert ("A.5.1", "See whether AC-9 can be extended to A.5.1, else add a control.", "AC-9 Joiners and leavers") in cells(
        actions, "ID", "Action", "Nearest control"
    )
    assert not actions.protect
    assert [column.heading for column in actions.columns if column.editable] == ["Owner", "Due", "Status", "Comment"]
    assert next(column for column in actions.columns if column.heading == "Owner").choices == ("IT", "People")


def test_general_clauses_are_called_by_what_they_are_general_about():
    titles = dict(cells(named(reports.gap(analysis(SMALL)), "Actions"), "ID", "Requirement"))

    assert titles["Clause 9.2.1"] == "Internal audit: general"
    assert "General" not in titles.values()


@given(
    st.lists(
        st.tuples(st.sampled_from(STATUSES), st.sets(st.sampled_from(CRITERIA), max_size=4), st.sets(st.sampled_from(ANNEX + CLAUSES), max_size=6)),
        max_size=8,
    ),
    st.sets(st.sampled_from(ANNEX), max_size=4),
)  # fmt: skip
@settings(max_examples=15)
def test_every_bar_is_a_count_of_the_coverage_and_levels_add_up_to_all(library, out):
    controls = [{"control": f"C-{number}", "status": status} for number, (status, _, _) in enumerate(library)]
    pairs = [(f"C-{number}", name, "unspecified") for number, (_, soc2, iso) in enumerate(library) for name in sorted(soc2 | iso)]
    found = analysis(project(controls, pairs, applicability=[entry(name, "no") for name in sorted(out)]))
    iso_chart, soc2_chart = named(reports.gap(found), "Summary").charts

    levels = {row["id"]: row["level"] for view in found.coverage.values() for row in view.to_dict("records")}
    grouped = Counter(("Clauses 4–10" if one.kind == "clause" else one.group.split()[1], levels[one.id]) for one in ISO)
    grouped += Counter((one.attributes["category"], levels[one.id]) for one in coverage.requirements_of(SOC2))
    drawn = {**bars(iso_chart), **bars(soc2_chart)}
    assert drawn == {group: tuple(grouped[group, level] for level in Coverage) for group in drawn}
    assert [sum(values) for values in drawn.values()] == [37, 8, 14, 34, 30, 33, 3, 2, 5, 18]


def test_without_controls_the_gap_stands_on_the_assessment_then_on_the_crosswalk_and_says_so():
    judged = [
        {"id": "A.5.1", "framework": ISO2022, "status": "Implemented"},
        {"id": "A.5.2", "framework": ISO2022, "status": "Planned"},
    ]
    of = replace(project((), [("CC6.1", "A.5.15", "equal")], profile=PROFILE), assessments=frame("assessments", judged))
    workbook = reports.gap(analysis(of))
    view = named(workbook, "ISO 27001")

    assert row_of(view, "A.5.1", "Coverage", "Served by", "What is missing") == ("covered", "as assessed", "")
    assert row_of(view, "A.5.2", "Coverage", "What is missing") == ("planned", "The assessment says: planned.")
    assert row_of(view, "A.5.15", "Coverage", "Served by") == ("covered", "crosswalk: CC6.1")
    assert dict(named(workbook, "Summary").facts)["Stands on"] == (
        "the workbook's own assessment of each requirement and a crosswalk between the frameworks"
    )
    assert (
        "● Covered: assessed as implemented; or a requirement of the other framework covers it"
        in (dict(named(workbook, "Summary").paragraphs)["What the words mean"])
    )
    assert [row[1] for row in named(workbook, "How it was made").rows if row[0] == "Basis"] == [
        "the workbook's own assessment of each requirement",
        "a crosswalk between the frameworks",
    ]


def test_an_empty_workbook_gives_a_whole_gap_workbook():
    workbook = reports.gap(analysis(project()))

    assert headlines(workbook)["Actions open"] == (93 + 30 + 33, 93 + 30 + 33)
    assert dict(named(workbook, "Summary").facts)["Stands on"] == "nothing yet: the workbook maps no control"
    assert render(workbook, as_of=AS_OF)[1] == ()


def test_where_nothing_is_open_there_is_no_action_and_no_urging():
    everything = project([{"control": "AC-1"}], [("AC-1", name, "equal") for name in CRITERIA + ANNEX + CLAUSES])
    workbook = reports.gap(analysis(everything))

    assert named(workbook, "Actions").rows == []
    assert "Actions open" not in headlines(workbook)
    assert [heading for heading, _ in named(workbook, "Summary").paragraphs] == ["What the words mean"]


def test_errors_and_warnings_stand_beside_the_figures_and_notes_are_counted():
    found = [finding("MAP004", Severity.ERROR, "F17", "A.9.1.1 is of 2013"), finding("CTL007", Severity.NOTE, "D2")]
    sheet = named(reports.gap(analysis(SMALL, findings=found)), "Findings")

    assert sheet.rows == [(Severity.ERROR, "MAP004", "Controls", "F17", "A.9.1.1 is of 2013", "put it right")]
    assert "1 note is in the findings workbook only" in sheet.intro


def test_where_to_begin_names_only_what_is_open():
    of = project([{"control": "AC-1"}], [("AC-1", name, "equal") for name in CLAUSES if name != "Clause 9.2.2"])
    words = dict(named(reports.gap(analysis(of)), "Summary").paragraphs)["Where to begin"]

    assert words == (
        "Open requirements: 127; nothing is in place or planned for 127. Clauses of the management system among them, which a SOC 2 report "
        "hardly touches: 1. Begin with internal audit (Clause 9.2.2): each needs time before an auditor can see it working."
    )


# --- mandatory documents ----------------------------------------------------------------------------------------------


def test_every_clause_has_advice_and_every_document_has_words():
    assert list(ADVICE) == CLAUSES
    names = [name for clause in ISO if clause.kind == "clause" for name in documented(clause)]
    assert names == list(DOCUMENT_WORDS)


def test_documents_are_found_by_reference_then_by_title_then_by_mapping():
    of = replace(
        project(
            [
                {"control": "AC-1", "name": "Management review of the ISMS"},
                {"control": "AC-2", "name": "Monitoring, review and change management"},
                {"control": "AC-3", "name": "Quarterly board meeting"},
            ]
        ),
        policies=register(
            "policies",
            {"id": "P-10", "title": "Information Security Policy"},
            {"id": "P-2", "title": "House rules", "iso": "A.5.1; Clause 5.2"},
            {"id": "P-3", "title": "Risk Management Procedure"},
        ),
        evidence=register("evidence", {"id": "E-1", "title": "Risk register 2026"}),
    )
    found = {one.name: one.candidates for one in demanded(of, {"Clause 9.3.3": ("AC-3",)})}

    assert found["Information security policy"] == (
        ("P-2 House rules", "its references name Clause 5.2"),
        ("P-10 Information Security Policy", "by its title"),
    )
    assert found["Management review results"] == (
        ("AC-1 Management review of the ISMS", "by its title"),
        ("AC-3 Quarterly board meeting", "is mapped to Clause 9.3.3"),
    )
    assert found["Risk treatment process"] == found["Risk assessment process: method, acceptance criteria and scales"]
    assert found["Risk treatment process"] == (("P-3 Risk Management Procedure", "by its title"),)
    assert found["Risk assessment results"] == (("E-1 Risk register 2026", "by its title"),)
    assert found["Information security objectives"] == ()


# --- Statement of Applicability ---------------------------------------------------------------------------------------


def soa(entries, controls=(), mappings=(), **profile):
    return reports.soa(analysis(project(controls, mappings, applicability=entries, profile=profile)))


def control_of(workbook):
    return {row[0]: row[1:] for row in cells(named(workbook, "Document control"), "Setting", "Value", "State", "Notes")}


APPROVED = {"Approver": "CEO", "Approval date": dt.date(2026, 11, 1)}


@pytest.mark.parametrize(
    ("undecided", "said", "why"),
    [
        (("A.8.34",), {}, "DRAFT: 1 of 93 controls not decided."),
        ((), {"Approver": None}, "DRAFT: no approver."),
        ((), {"Approver": "TBD"}, "DRAFT: no approver."),
        ((), {"Approval date": None}, "DRAFT: no approval date."),
    ],
)
def test_it_is_a_draft_until_all_93_are_decided_and_it_says_who_approved_it_when(undecided, said, why):
    workbook = soa(decided(undecided), **{**APPROVED, **said})

    assert workbook.state == "Draft"
    assert named(workbook, "Document control").title == "Statement of Applicability: DRAFT"
    assert control_of(workbook)["Status"][0] == "DRAFT"
    assert why in named(workbook, "Summary").sentence


def test_with_all_decided_and_approved_it_says_so_everywhere():
    workbook = soa([*decided(("A.8.30",)), entry("A.8.30", "no", exclusion="Nothing is developed by others.")], **APPROVED)

    assert workbook.state == "Approved"
    assert named(workbook, "Document control").title == "Statement of Applicability"
    assert control_of(workbook)["Status"][0] == "Approved"
    assert control_of(workbook)["Decided"][0] == "93 of 93"
    assert "Approved by CEO on 2026-11-01." in named(workbook, "Summary").sentence
    assert (workbook.custom["Approver"], workbook.custom["Approval date"]) == ("CEO", "2026-11-01")
    assert named(workbook, "Not decided yet").rows == []


def test_what_nobody_filled_in_is_marked_and_a_word_for_nothing_fills_nothing():
    control = control_of(soa([], Organization="Acme", Approver="tbd"))

    assert control["Organization"][:2] == ("Acme", "● Given")
    assert control["Approver"] == (
        "",
        "○ To be filled",
        "Who approves it for top management and the risk owners. The workbook says “tbd”.",
    )
    assert control["Risk assessment"][:2] == ("", "○ To be filled")
    assert control["ISO edition"][0] == "ISO/IEC 27001:2022 with Amendment 1:2024"
    assert control["Date"][0] == AS_OF


def test_a_proposal_stands_in_its_own_column_and_never_as_the_teams_word():
    entries = [entry("A.5.15", "yes"), entry("A.5.16", "yes", inclusion="Ours.", status="Planned")]
    workbook = soa(
        entries, CONTROLS[:1], [("AC-10", "A.5.15", "equal"), ("AC-10", "CC6.1", "equal"), ("AC-10", "A.5.16", "equal")]
    )
    table = named(workbook, "SoA")

    what = ("Justification for inclusion", "Proposed wording", "Implementation status", "Proposed progress")
    assert row_of(table, "A.5.15", *what) == ("", "AC-10 is in place and already serves SOC 2 CC6.1.", "", "Implemented")
    assert row_of(table, "A.5.16", *what) == ("Ours.", "", "Planned", "")
    assert row_of(table, "A.5.17", *what) == ("", "", "", "Not implemented")


def test_an_approved_statement_shows_no_proposals():
    entries = [one | {"inclusion": "", "status": ""} for one in decided()]
    workbook = soa(entries, CONTROLS[:1], [("AC-10", "A.5.15", "equal")], **APPROVED)

    assert workbook.state == "Approved"
    assert not {column.heading for column in named(workbook, "SoA").columns} & {"Proposed wording", "Proposed progress"}


def test_the_headings_of_the_statement_are_those_that_are_read():
    table = named(soa([], CONTROLS[:1], [("AC-10", "A.5.15", "equal")]), "SoA")

    declared = [column.heading for column in sheets.APPLICABILITY.columns if column.field != "iso"]
    added = ["Theme", "Proposed wording", "Proposed progress"]
    assert [column.heading for column in table.columns if column.heading not in added] == declared
    assert [column.heading for column in table.columns if column.heading in added] == added
    assert not any(column.editable for column in table.columns if column.heading in {"ID", "Title", "SOC 2 criteria", *added})


def test_it_lists_93_controls_by_theme_and_then_those_from_elsewhere():
    own = entry("", "yes", id_written="PCI 3.5", title="Card numbers", inclusion="Card contract.")
    workbook = soa([own])
    table = named(workbook, "SoA")

    assert [row[0] for row in cells(table, "ID")] == [*ANNEX, "PCI 3.5"]
    assert Counter(row[0] for row in cells(table, "Theme")) == {
        "Organizational": 37, "People": 8, "Physical": 14, "Technological": 34, "Controls from elsewhere": 1,
    }  # fmt: skip
    assert control_of(workbook)["Decided"][0] == "0 of 93"


def test_figures_and_bars_count_what_the_team_said():
    entries = [
        entry("A.5.1", "yes", reasons=("RRA",), status="Implemented"),
        entry("A.5.2", "yes", inclusion="Ours.", status="Planned"),
        entry("A.5.3", "yes"),
        entry("A.6.1", "no", exclusion="No staff."),
        entry("A.6.2", "no"),
        entry("A.7.1", "open", status="Partially implemented"),
        entry("", "yes", id_written="PCI 3.5", status="Implemented"),
    ]
    workbook = soa(entries)

    assert headlines(workbook) == {
        "Controls decided": (5, 93),
        "Controls included": (3, 93),
        "Included with a reason": (2, 3),
        "Excluded with a justification": (1, 2),
        "Implemented": (1, 3),
    }
    (chart,) = named(workbook, "Summary").charts
    assert chart.series == ("Implemented", "Partially implemented", "Planned", "Not implemented", "Excluded", "Not stated")
    assert bars(chart) == {
        "Organizational": (1, 0, 1, 0, 0, 35),
        "People": (0, 0, 0, 0, 2, 6),
        "Physical": (0, 1, 0, 0, 0, 13),
        "Technological": (0, 0, 0, 0, 0, 34),
        "Controls from elsewhere": (1, 0, 0, 0, 0, 0),
    }


def test_exclusions_say_what_is_missing_and_what_is_still_mapped():
    entries = [entry("A.5.15", "no", exclusion="N/A"), entry("A.7.7", "no", exclusion="All work from home.")]
    sheet = named(soa(entries, CONTROLS, MAPPINGS), "Exclusions")

    both = "Write why it is not needed; without a justification it may not be excluded.\nAC-10, AC-9, AC-1 are mapped to it: "
    assert cells(sheet, "ID", "Why it is excluded", "Controls still mapped", "To settle") == [
        ("A.5.15", "N/A", "AC-10, AC-9, AC-1", f"{both}include it, or take the mapping away."),
        ("A.7.7", "All work from home.", "AC-1", "AC-1 is mapped to it: include it, or take the mapping away."),
    ]


def test_what_is_not_decided_leads_to_its_row():
    workbook = soa([entry("A.5.1", "yes")], CONTROLS, MAPPINGS)
    sheet, table = named(workbook, "Not decided yet"), named(workbook, "SoA")

    rows = {row[0]: row[1:] for row in cells(sheet, "ID", "Served by", "What to do")}
    assert list(rows) == ANNEX[1:]
    assert rows["A.5.15"] == ("AC-10, AC-9, AC-1", "A control serves it: include it, and write why.")
    assert rows["A.7.7"] == ("AC-1", "Include it with a plan for AC-1, or exclude it and write why it is not needed.")
    assert sheet.rows[0][0].target == f"#'SoA'!A{table.heading_row + 2}"


def test_the_change_log_begins_with_this_version():
    sheet = named(soa([entry("A.5.1", "yes"), entry("A.5.2", "no")], **{"Document version": "1.2"}), "Change log")

    assert sheet.rows == [
        ("1.2", AS_OF, "Mapping workbench", "Written from acme.xlsx: 2 of 93 controls decided, 1 of them excluded.", "")
    ]
    assert sheet.blank == 9


# --- as files -----------------------------------------------------------------------------------------------------------

BROAD = [
    entry("A.5.15", "yes", reasons=("RRA", "CO"), inclusion="=Because", status="Implemented", how="Reviewed\nquarterly", risk="R-1",
          owner="IT", review_date=dt.date(2027, 2, 1), controls="AC-10", policy="Access policy", evidence="EV-9"),
    entry("A.5.18", "yes"),
    entry("A.8.30", "no", exclusion="Nothing is developed by others."),
    entry("A.7.7", "open"),
    entry("", "yes", id_written="PCI 3.5", title="Card numbers", inclusion="Card contract.", status="Planned"),
]  # fmt: skip
SAMPLE = analysis(
    replace(
        project(CONTROLS, MAPPINGS, applicability=BROAD, profile={**PROFILE, "Approver": "CEO", "ISMS scope": "Payments"}),
        policies=register("policies", {"id": "P-1", "title": "Information Security Policy", "iso": "Clause 5.2"}),
    ),
    nearest=NEAREST,
    findings=[finding("MAP004", Severity.ERROR, "F17", "A.9.1.1 is of 2013")],
)


def written(tmp_path, name, of=SAMPLE):
    path = tmp_path / f"acme-{name}.xlsx"
    assert write_workbook(path, getattr(reports, name)(of), as_of=AS_OF).remarks == ()
    return path


@pytest.mark.parametrize("name", ["gap", "soa"])
def test_what_is_written_reads_as_before(tmp_path, name):
    text = describe(written(tmp_path, name), rows={"Clauses 4-10": 1, "Document control": 20, "How it was made": 2})

    assert text == golden(name, text)


def test_the_statement_is_read_back_as_the_team_wrote_it(tmp_path):
    back = interpret(read_book(written(tmp_path, "soa"), Settings()), Settings())

    assert [(one.sheet, one.declaration) for one in back.book.sheets if one.layout] == [
        ("Document control", "Profile"),
        ("SoA", "Applicability"),
    ]
    fields = [
        "id",
        "applicable",
        "reasons",
        "inclusion",
        "exclusion",
        "status",
        "how",
        "controls",
        "policy",
        "evidence",
        "risk",
        "owner",
    ]
    rows = {row["id_written"]: row for row in back.applicability.to_dict("records")}
    assert len(rows) == 94
    assert [rows["A.5.15"][name] for name in fields] == [
        "A.5.15", "yes", ("RRA", "CO"), "=Because", "", "Implemented", "Reviewed\nquarterly", "AC-10", "Access policy", "EV-9", "R-1", "IT",
    ]  # fmt: skip
    assert rows["A.5.15"]["review_date"] == dt.date(2027, 2, 1)
    assert (rows["A.5.18"]["applicable"], rows["A.5.18"]["inclusion"], rows["A.5.18"]["status"]) == ("yes", "", "")
    assert (rows["A.8.30"]["applicable"], rows["A.8.30"]["exclusion"]) == ("no", "Nothing is developed by others.")
    assert (rows["A.7.7"]["applicable"], rows["A.7.7"]["status"]) == ("", "")
    assert (rows["PCI 3.5"]["id"], rows["PCI 3.5"]["title"], rows["PCI 3.5"]["status"]) == ("", "Card numbers", "Planned")
    assert {name: back.profile[name][0] for name in ("Organization", "Approver", "Approval date", "Document version")} == {
        "Organization": "Acme & Söhne", "Approver": "CEO", "Approval date": None, "Document version": "1.2",
    }  # fmt: skip


def test_a_statement_read_back_and_written_again_is_the_same_statement(tmp_path):
    back = interpret(read_book(written(tmp_path, "soa"), Settings()), Settings())
    first, second = (named(reports.soa(one), "SoA") for one in (SAMPLE, analysis(back)))

    said = [column.heading for column in first.columns if not column.heading.startswith("Proposed")]
    assert len(said) == 16
    assert cells(second, *said) == cells(first, *said)
    assert row_of(second, "A.5.15", "SOC 2 criteria") == ("CC6.1, CC6.2",)


def test_every_status_that_is_shown_is_a_word_that_is_read():
    assert [read_word("status", signed(status)) for status in STATUSES] == STATUSES
    assert [read_word("applicable", signed(word)) for word in ("Yes", "No")] == ["yes", "no"]


def test_the_order_of_rows_changes_no_byte_of_the_gap_workbook():
    controls, mappings = list(CONTROLS), list(MAPPINGS)
    random.Random(7).shuffle(controls)
    random.Random(7).shuffle(mappings)
    shuffled = project(controls, mappings, profile=PROFILE, applicability=[OUT])

    same = [render(reports.gap(analysis(of, nearest=NEAREST)), as_of=AS_OF)[0] for of in (SMALL, shuffled)]
    assert same[0] == same[1]


def test_text_that_begins_like_a_formula_stays_text(tmp_path):
    page = openpyxl.load_workbook(written(tmp_path, "soa"))["SoA"]

    (cell,) = [cell for row in page.iter_rows() for cell in row if cell.value == "=Because"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def plain(value):
    """A value without what two programs write differently: blank or empty, and the sixteenth digit."""
    return round(value, 9) if isinstance(value, float) else "" if value is None else value


@pytest.mark.rendering
@pytest.mark.parametrize("name", ["gap", "soa"])
def test_recalculated_figures_equal_the_cached_ones(tmp_path, name):
    path = written(tmp_path, name)
    cached, fresh = formulas(path), formulas(recalculated(path, tmp_path / "office"))

    assert len(cached) > 40
    assert {place: plain(value) for place, value in fresh.items()} == {place: plain(value) for place, value in cached.items()}


@pytest.mark.rendering
def test_an_owner_typed_into_actions_appears_beside_the_requirement_and_a_closed_action_no_longer_counts(tmp_path):
    path = written(tmp_path, "gap")
    book = openpyxl.load_workbook(path)
    actions = book["Actions"]
    heading = next(row for row in actions.iter_rows() if row[0].value == "No")
    at = {cell.value: cell.column for cell in heading}
    number = next(row[0].row for row in actions.iter_rows(min_row=heading[0].row) if row[at["ID"] - 1].value == "A.7.7")
    actions.cell(number, at["Owner"]).value = "Facilities"
    actions.cell(number, at["Due"]).value = dt.date(2027, 1, 31)
    actions.cell(number, at["Status"]).value = signed("done")
    book.save(path)

    after = openpyxl.load_workbook(recalculated(path, tmp_path / "office"), data_only=True)
    (row,) = [row for row in after["ISO 27001"].iter_rows(values_only=True) if row[0] == "A.7.7"]
    assert (row[-2], row[-1].date()) == ("Facilities", dt.date(2027, 1, 31))
    (figure,) = [row for row in after["Summary"].iter_rows(values_only=True) if row[0] == "Actions open"]
    assert figure[1] == figure[2] - 1


@pytest.mark.rendering
def test_filling_in_the_last_blanks_completes_the_draft(tmp_path):
    path = written(tmp_path, "soa", analysis(project(applicability=decided(("A.8.34",)), profile={"Approver": "CEO"})))
    book = openpyxl.load_workbook(path)
    control = {row[0].value: row for row in book["Document control"].iter_rows()}
    control["Approval date"][1].value = dt.date(2026, 12, 1)
    (row,) = [row for row in book["SoA"].iter_rows() if row[0].value == "A.8.34"]
    row[3].value = signed("Yes")
    book.save(path)

    after = openpyxl.load_workbook(recalculated(path, tmp_path / "office"), data_only=True)
    said = {row[0]: row[1:3] for row in after["Document control"].iter_rows(values_only=True)}
    assert said["Decided"][0] == "93 of 93"
    assert said["Approval date"][1] == "● Given"
    assert said["Status"][0] == "Complete: run workbench soa on this file to write the approved edition"

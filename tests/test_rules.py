"""The rules: every example is run through the real path, and what no small sheet can show is shown here."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from pathlib import Path

import pytest
from examples import ANNEX_A, workbook
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from workbench.frameworks import index
from workbench.interpretation import interpret
from workbench.model import ISO2013, ISO2022, SOC2, Finding, Severity
from workbench.reading import read_book
from workbench.rules import CATALOGUE, FAMILIES, check, pages
from workbench.rules.context import allowed_age, as_date, date_readings, interval, listed, nearest
from workbench.rules.rule import REGISTERED, rule
from workbench.rules.titles import disagreement, own_titles
from workbench.settings import Settings

TODAY = dt.date(2026, 11, 24)
PLAIN = Settings()


def found(text: str, folder: Path, settings: Settings = PLAIN) -> list[Finding]:
    return check(interpret(read_book(workbook(text, folder), settings), settings), settings, TODAY)


def said(text: str, folder: Path, code: str, settings: Settings = PLAIN) -> list[tuple[str, str]]:
    """(cell, message) of one rule's findings."""
    return [(finding.cell, finding.message) for finding in found(text, folder, settings) if finding.rule == code]


# --- the catalogue -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CATALOGUE)
def test_the_failing_example_gives_this_rule_and_no_other(code: str, tmp_path: Path) -> None:
    assert {finding.rule for finding in found(CATALOGUE[code].fails, tmp_path)} == {code}


@pytest.mark.parametrize("code", CATALOGUE)
def test_the_passing_example_does_not_give_this_rule(code: str, tmp_path: Path) -> None:
    assert code not in {finding.rule for finding in found(CATALOGUE[code].passes, tmp_path)}


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_finding_names_workbook_sheet_and_cell_and_says_what_to_do(code: str, tmp_path: Path) -> None:
    for finding in found(CATALOGUE[code].fails, tmp_path):
        assert finding.workbook.startswith("example.")
        assert finding.cell
        assert finding.message
        assert not finding.message.endswith((".", " ", ":"))
        assert finding.fix.endswith((".", "?"))


def test_there_are_enough_rules_and_every_family_has_some() -> None:
    assert len(CATALOGUE) >= 45
    assert {code[:3] for code in CATALOGUE} == set(FAMILIES)


def test_a_code_is_used_once() -> None:
    with pytest.raises(ValueError, match="MAP004 is already the rule old-edition-id"):
        rule("MAP004", Severity.NOTE)(lambda _context: iter(()))


def test_a_rule_that_explains_nothing_is_refused() -> None:
    def silent(_context):
        """It is wrong.

        Fix: Mend it.
        """

    with pytest.raises(ValueError, match="MAP999 does not say: Fails, Passes, summary and why"):
        rule("MAP999", Severity.NOTE)(silent)
    assert "MAP999" not in REGISTERED


def test_the_page_says_what_the_rules_say() -> None:
    page = Path(__file__).parent.parent / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == pages.page()


def test_the_readme_lists_every_rule() -> None:
    assert pages.markdown_table() in (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_table_has_a_line_for_every_rule_that_links_to_its_place_on_the_page() -> None:
    headings = {
        f"docs/rules.md#{line[4:].lower().replace(' ', '-')}" for line in pages.page().splitlines() if line.startswith("### ")
    }
    lines = pages.markdown_table().splitlines()[2:]
    assert [line.split("[")[1].split("]")[0] for line in lines] == list(CATALOGUE)
    assert {line.split("(")[1].split(")")[0] for line in lines} == headings


# --- check ---------------------------------------------------------------------------------------------------------

MESSY = """
Controls
Control ID | Control name   | Status | SOC 2 criteria | ISO 27001
AC-001     | Access reviews | Dune   | CC6.9, CC6.1   | A.9.1.1, A.9.2.1
AC-002     | Badge reviews  | Done   | CC6.4          | A.5.18

Evidence
Evidence ID | Title   | Controls | Valid until
EV-01       | Minutes | AC-001   | 2026-01-31
""".strip()


def test_findings_come_by_sheet_row_column_and_code(tmp_path: Path) -> None:
    assert [(finding.rule, finding.sheet, finding.cell) for finding in found(MESSY, tmp_path)] == [
        ("CTL004", "Controls", "C2"),
        ("MAP001", "Controls", "D2"),
        ("MAP004", "Controls", "E2"),
        ("MAP004", "Controls", "E2"),
        ("EVD003", "Evidence", "D2"),
    ]


def test_severities_are_as_the_settings_say_and_off_rules_do_not_run(tmp_path: Path) -> None:
    chosen = replace(PLAIN, severities={"MAP004": "note", "EVD003": "off"})
    severities = {finding.rule: finding.severity for finding in found(MESSY, tmp_path, chosen)}
    assert severities == {"CTL004": Severity.ERROR, "MAP001": Severity.ERROR, "MAP004": Severity.NOTE}


def test_a_bug_in_a_rule_comes_out_with_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_context):
        raise KeyError("status")

    broken_rule = replace(CATALOGUE["CTL004"], function=broken)
    monkeypatch.setattr("workbench.rules.CATALOGUE", {"CTL004": broken_rule})
    with pytest.raises(KeyError) as caught:
        found(MESSY, tmp_path)
    assert caught.value.__notes__ == ["in rule CTL004 unknown-status"]


def test_what_is_wrong_all_over_a_sheet_is_told_once_with_its_number(tmp_path: Path) -> None:
    rows = "\n".join(f"AC-{number:03} | Review number {number} | CC6.1-POF{number}" for number in range(1, 21))
    text = f"Controls\nControl ID | Control name | SOC 2 criteria\n{rows}"
    assert said(text, tmp_path, "MAP018") == [
        ("C2", "CC6.1-POF1 is a point of focus; it counts as CC6.1 (and 19 more like this on the sheet)")
    ]


def test_what_is_wrong_in_a_few_rows_is_told_in_each(tmp_path: Path) -> None:
    rows = "\n".join(f"AC-{number:03} | Review number {number} | CC6.1{'-POF1' if number < 5 else ''}" for number in range(1, 21))
    text = f"Controls\nControl ID | Control name | SOC 2 criteria\n{rows}"
    assert [cell for cell, _ in said(text, tmp_path, "MAP018")] == ["C2", "C3", "C4", "C5"]


@hypothesis_settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_shuffled_rows_give_the_same_findings_at_their_new_cells(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    heading = "Controls\nControl ID | Control name | Status | SOC 2 criteria | ISO 27001"
    rows = [
        "AC-001 | Access reviews | Implemented | CC6.9 | A.9.1.1",
        "AC-002 | Badge reviews | Dune | CC6.4 | A.9.2.1",
        "AC-003 | Key reviews | Planned | CC6.1-CC6.3 | A.9.4.1",
        "AC-004 | Log reviews | Planned | see policy | A.12.4.1",
    ]
    shuffled = random.Random(seed).sample(rows, len(rows))
    folder = tmp_path_factory.mktemp("shuffled")

    def by_control(lines: list[str], name: str) -> set[tuple[str, str, str]]:
        findings = check_text("\n".join([heading, *lines]), folder, name)
        return {(lines[int(one.cell[1:]) - 2][:6], one.cell[0], one.message) for one in findings}

    def check_text(text: str, where: Path, name: str) -> list[Finding]:
        project = interpret(read_book(workbook(text, where, name), PLAIN), PLAIN)
        return check(project, PLAIN, TODAY)

    assert by_control(rows, "plain") == by_control(shuffled, "shuffled")


# --- editions ------------------------------------------------------------------------------------------------------


def test_an_old_id_is_told_with_its_successors(tmp_path: Path) -> None:
    text = "Controls\nControl ID | Control name | SOC 2 criteria | ISO 27001\nAC-001 | User access | CC6.1 | A.9.1.1; A.18.2.3; A.17; A.9.2"
    assert said(text, tmp_path, "MAP004") == [
        ("D2", "A.9.1.1 is an ISO 27001:2013 id; 2022: A.5.15"),
        ("D2", "A.18.2.3 is an ISO 27001:2013 id; 2022: A.5.36, A.8.8"),
        ("D2", "A.17 is an ISO 27001:2013 domain; 2022: A.5.29, A.8.14"),
        ("D2", "A.9.2 is an ISO 27001:2013 objective; 2022: A.5.16, A.5.17, A.5.18, A.8.2"),
    ]


def test_old_ids_under_a_heading_of_2022_are_errors_in_each_cell(tmp_path: Path) -> None:
    text = (
        "Controls\nControl ID | Control name | ISO 27001:2022\n"
        "AC-001 | Access policy | A.5.15\nAC-002 | Access rights | A.5.18\nAC-003 | Logs | A.12.4.1\nAC-004 | Keys | A.10.1.2"
    )
    assert said(text, tmp_path, "MAP004") == [
        ("C4", "A.12.4.1 is an ISO 27001:2013 id; 2022: A.8.15"),
        ("C5", "A.10.1.2 is an ISO 27001:2013 id; 2022: A.8.24"),
    ]


def test_a_conversion_table_from_one_edition_to_the_other_is_fine(tmp_path: Path) -> None:
    text = "Mapping\nISO 27001:2013 | ISO 27001:2022\nA.9.1.1 | A.5.15\nA.9.2.1 | A.5.16\nA.12.4.1 | A.8.15"
    assert found(text, tmp_path) == []


def test_wrong_successors_name_the_right_ones(tmp_path: Path) -> None:
    text = "Mapping\nISO 27001:2013 | ISO 27001:2022\nA.13.2.1 | A.8.14\nA.9.1.1 | A.5.15\nA.18.2.3 | A.8.8\nA.9.2.1 | A.8.1"
    assert said(text, tmp_path, "MAP023") == [
        ("B2", "A.13.2.1 did not become A.8.14; A.13.2.1 is now A.5.14"),
        ("B5", "A.9.2.1 did not become A.8.1; A.9.2.1 is now A.5.16"),
    ]


# --- ids and titles ------------------------------------------------------------------------------------------------

REWORDED = [
    line.split("|")
    for line in (Path(__file__).parent / "data" / "reworded-titles.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("cited", "title"), REWORDED)
def test_a_reworded_title_is_no_disagreement(cited: str, title: str) -> None:
    assert disagreement(cited, ISO2022 if cited.startswith(("A.", "Clause")) else SOC2, title) is None


@pytest.mark.parametrize(
    ("cited", "framework", "title", "other"),
    [
        ("A.8.1", ISO2022, "Information security risk assessment", "Clause 6.1.2"),
        ("A.8.1", ISO2013, "information security risk assessment", "Clause 6.1.2"),
        ("A.8.1", ISO2022, "Risk assessment", "Clause 6.1.2"),
        ("A.8.2", ISO2022, "Information classification", "A.8.2"),
        ("A.5.7", ISO2022, "Physical security monitoring", "A.7.4"),
        ("A.8.9", ISO2022, "Change management", "A.8.32"),
        ("A.5.15", ISO2022, "Screening", "A.6.1"),
        ("A.6.1", ISO2022, "Segregation of dutys", "A.5.3"),
        ("Clause 10.1", ISO2022, "Nonconformity and corrective action", "Clause 10.2"),
        ("A.9.2.1", ISO2013, "Equipment maintenance", "A.11.2.4"),
        ("CC6.1", SOC2, "Change management", "CC8.1"),
        ("A.7.14", ISO2022, "Equipment maintenance", "A.7.13"),
        ("A.8.25", ISO2022, "Secure coding", "A.8.28"),
        ("A.5.26", ISO2022, "Information security event reporting", "A.6.8"),
    ],
)
def test_the_title_of_another_requirement_is_seen(cited: str, framework: str, title: str, other: str) -> None:
    seen = disagreement(cited, framework, title)
    assert seen is not None
    assert (seen.own.id, seen.other.id) == (cited, other)


@pytest.mark.parametrize("framework", [SOC2, ISO2022, ISO2013])
def test_no_title_of_a_requirement_disagrees_with_itself_its_group_or_its_other_edition(framework: str) -> None:
    for cited in index(framework):
        for title in own_titles(cited, framework):
            assert disagreement(cited, framework, title) is None, (cited, title)


def test_every_swapped_official_title_is_seen_unless_it_was_the_controls_own_of_2013() -> None:
    titles = {name: index(ISO2022)[name].title for name in ANNEX_A}
    pairs = [(cited, name) for cited in ANNEX_A for name in ANNEX_A if cited != name]
    unseen = {pair for pair in pairs if disagreement(pair[0], ISO2022, titles[pair[1]]) is None}
    assert unseen == {(cited, name) for cited, name in pairs if titles[name] in own_titles(cited, ISO2022)}


@pytest.mark.parametrize(
    "rows",
    [
        "A.5.1 | Policies\n6.1.2 Information security risk assessment | Risks\nA.5.7 | Threats",
        "A.5.1 | Policies\n6.1.2 | Risk assessment\n9.2 | Internal audit\nA.5.7 | Threats\nA.5.9 | Assets\nA.5.10 | Use",
    ],
)
def test_a_bare_clause_among_controls_is_one_where_its_title_or_other_clauses_say_so(tmp_path: Path, rows: str) -> None:
    lines = [f"{line.partition(' | ')[2]} | CC3.2 | {line.partition(' | ')[0]}" for line in rows.splitlines()]
    text = "Controls\nControl name | SOC 2 criteria | ISO 27001:2022\n" + "\n".join(lines)
    assert said(text, tmp_path, "MAP010") == []


def test_an_id_whose_title_is_in_its_own_cell_is_judged_too(tmp_path: Path) -> None:
    text = (
        "Controls\nControl ID | Control name | SOC 2 criteria | ISO 27001\n"
        "RM-001 | Risk register | CC3.1 | A.8.1 Information security risk assessment\nAC-001 | Access policy | CC6.1 | A.5.15 Access control"
    )
    assert said(text, tmp_path, "MAP011") == [
        ("D2", "A.8.1 is 'User end point devices'; 'Information security risk assessment' is Clause 6.1.2")
    ]


def test_the_name_of_a_control_is_no_title_of_a_requirement(tmp_path: Path) -> None:
    text = "Controls\nControl ID | Control name | ISO 27001\nRM-001 | Information security risk assessment | A.8.1"
    assert said(text, tmp_path, "MAP011") == []


# --- near misses and quiet columns ---------------------------------------------------------------------------------


def test_merged_blocks_of_a_column_are_told_once_when_they_are_many(tmp_path: Path) -> None:
    def merged(blocks: int) -> list[tuple[str, str]]:
        rows = "\n".join(f"CC6.{number + 1} | AC-{2 * number} | A\n | AC-{2 * number + 1} | B" for number in range(blocks))
        path = workbook(f"Controls\nSOC 2 criteria | Control ID | Control name\n{rows}", tmp_path, f"blocks{blocks}")
        book = load_workbook(path)
        for number in range(blocks):
            book["Controls"].merge_cells(f"A{2 + 2 * number}:A{3 + 2 * number}")
        book.save(path)
        findings = check(interpret(read_book(path, PLAIN), PLAIN), PLAIN, TODAY)
        return [(finding.cell, finding.message) for finding in findings if finding.rule == "WBK005"]

    assert [cell for cell, _ in merged(3)] == ["A2:A3", "A4:A5", "A6:A7"]
    assert merged(7) == [("A2:A3", "A2:A3 is merged; its value was read for every row (and 6 more in column A)")]


def test_absent_columns_are_no_faults(tmp_path: Path) -> None:
    assert found("Controls\nControl ID | Control name | SOC 2 criteria\nAC-001 | Access reviews | CC6.2", tmp_path) == []


def test_both_directions_in_words_that_grade_may_differ(tmp_path: Path) -> None:
    text = "Mapping\nSource | Target | Relationship\nCC6.1 | A.5.15 | Full\nA.5.15 | CC6.1 | Partial"
    assert said(text, tmp_path, "MAP013") == []


def test_points_of_focus_of_one_criterion_are_neither_duplicates_nor_contradictions(tmp_path: Path) -> None:
    text = "Mapping\nSource | Target | Relationship\nCC6.1-POF1 | A.5.15 | intersects with\nCC6.1-POF2 | A.5.15 | subset of"
    assert {one.rule for one in found(text, tmp_path)} == {"MAP018"}


def test_rows_that_repeat_a_control_for_each_criterion_are_no_duplicates(tmp_path: Path) -> None:
    text = (
        "Controls\nControl ID | Control name | SOC 2 criteria | ISO 27001\n"
        "AC-001 | Access reviews | CC6.2 | A.5.18\nAC-001 | Access reviews | CC6.3 | A.5.18"
    )
    assert found(text, tmp_path) == []


def test_physical_controls_may_share_one_reason_for_exclusion(tmp_path: Path) -> None:
    rows = "\n".join(f"A.7.{number} | No | We rent no premises; everybody works from home" for number in range(1, 15))
    text = f"Applicability\nID | Applicable | Justification for exclusion\n{rows}"
    assert said(text, tmp_path, "SOA012") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [("ctl 5", "CTL-0005"), ("CTL-006", "CTL-0006"), ("CTL-00O5", "CTL-0005"), ("XYZ-99", "")],
)
def test_the_nearest_id_is_the_one_that_was_meant(written: str, meant: str) -> None:
    assert nearest(written, ["CTL-0005", "CTL-0006"]) == meant


@pytest.mark.parametrize(
    ("frequency", "days"),
    [
        ("Quarterly", 91), ("every 3 months", 91), ("Semi-annual", 183), ("semiannually", 183), ("Annually", 366), ("yearly", 366),
        ("Bi-weekly", 14), ("Weekly", 7), ("Monthly", 31), ("real-time", 1), ("As needed", 0), ("upon hire", 0), ("now and then", None),
    ],
)  # fmt: skip
def test_frequencies_are_read_as_people_write_them(frequency: str, days: int | None) -> None:
    assert interval(frequency) == days


@pytest.mark.parametrize(
    ("frequency", "days"), [("Weekly", 123), ("Quarterly", 123), ("Annual", 397), ("On event", None), ("?", None)]
)
def test_an_interval_and_a_month_of_grace_are_allowed(frequency: str, days: int | None) -> None:
    assert allowed_age(frequency) == days


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2026-03-04", ["2026-03-04"]), ("03/04/2026", ["2026-04-03", "2026-03-04"]), ("13/04/2026", ["2026-04-13"]),
        ("04/13/26", ["2026-04-13"]), ("04.04.2026", ["2026-04-04"]), ("4 March 2026", ["2026-03-04"]), ("Mar 4, 2026", ["2026-03-04"]),
        ("31/02/2026", []), ("soon", []),
    ],
)  # fmt: skip
def test_dates_in_words_are_read_in_every_way_they_can_be(written: str, days: list[str]) -> None:
    assert [str(day) for day in date_readings(written)] == days


def test_a_date_that_can_be_two_is_none() -> None:
    assert as_date("03/04/2026") is None
    assert as_date(dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)) == dt.date(2026, 3, 4)


def test_a_long_list_is_cut_and_counted() -> None:
    assert listed(["A", "B", "C"]) == "A, B and C"
    assert listed(["A", "B", "C", "D"], at_most=2) == "A, B and 2 more"
    assert listed(["A"]) == "A"


# --- real sheets ---------------------------------------------------------------------------------------------------


def test_sections_of_an_assessment_are_no_faults(tmp_path: Path) -> None:
    rows = [f'"{number}" | {title} |  | \n' for number, title in ((5, "Organizational controls"), (6, "People controls"))]
    text = (
        "SoA\nControl | Title | Applicable | Reasons for inclusion\n"
        f"{rows[0]}A.5.1 | Policies for information security | Yes | RRA\nA.5.2 | Roles | Yes | RRA\n"
        f"{rows[1]}A.6.1 | Screening | Yes | LR\nA.6.2 | Terms of employment | Yes | LR"
    )
    assert found(text, tmp_path) == []


def test_bare_clauses_under_a_heading_that_says_clause_are_fine(tmp_path: Path) -> None:
    clauses = [(name.removeprefix("Clause "), entry.title) for name, entry in index(ISO2022).items() if entry.kind == "clause"]
    rows = "\n".join(f'"{number}" | {title} | Compliant' for number, title in clauses)
    assert found(f"Gap analysis\nClause | Requirement | Status\n{rows}", tmp_path) == []


def test_a_bare_clause_among_annex_a_controls_may_be_a_control_of_2013(tmp_path: Path) -> None:
    text = 'Controls\nControl ID | Control name | ISO 27001:2022\nAC-001 | Rights | A.5.18\nAC-002 | Keys | A.8.24\nRM-001 | Risks | "6.1.2"'
    assert said(text, tmp_path, "MAP010") == [("C4", "6.1.2 can be Clause 6.1.2 or A.6.1.2 (2013); it was read as Clause 6.1.2")]


def test_an_old_column_beside_a_current_one_is_told_once_at_its_heading(tmp_path: Path) -> None:
    text = "Mapping\nSOC 2 | ISO 27001:2022 | ISO 27001:2013\nCC6.1 | A.5.15 | A.9.1.1\nCC6.2 | A.5.16 | A.9.2.1\nCC6.8 | A.8.7 | A.12.2.1"
    assert [(one.rule, one.cell) for one in found(text, tmp_path)] == [("MAP005", "C1")]


def test_of_a_cell_that_shows_no_value_only_that_is_said(tmp_path: Path) -> None:
    text = (
        "Controls\nControl ID | Control name | Status | SOC 2 criteria | Evidence\n"
        'AC-001 | Access reviews | Implemented | CC6.2 | Minutes\nAC-002 | Badge reviews | Implemented | CC6.4 | =TRIM("x")\n'
        "AC-003 | Key reviews | Implemented | #REF! | Minutes"
    )
    assert [(one.rule, one.cell) for one in found(text, tmp_path) if one.severity != Severity.NOTE] == [
        ("WBK003", "E3"),
        ("WBK004", "D4"),
    ]


def test_an_id_in_another_style_is_told_how_the_others_are_written(tmp_path: Path) -> None:
    rows = "\n".join(f"CTL-{number:04} | Review {number} | CC6.1" for number in range(1, 11))
    findings = found(
        f"Controls\nControl ID | Control name | SOC 2 criteria\n{rows}\nctl 5 | Twin | CC6.1\nctl 12 | Single | CC6.1", tmp_path
    )
    assert [(one.cell, one.message, one.fix) for one in findings if one.rule == "CTL012"] == [
        ("A12", "ctl 5 is written in another style than CTL-0001; CTL-0005 exists too", CATALOGUE["CTL012"].fix),
        ("A13", "ctl 12 is written in another style than CTL-0001; did you mean CTL-0012?", "Write CTL-0012."),
    ]


def test_a_title_beside_a_number_says_which_id_was_meant(tmp_path: Path) -> None:
    text = "SoA\nISO 27001:2022 | Title | Applicable\nA.5.9 | Inventory of assets | Yes\n5.1 | Acceptable use of information and other associated assets | Yes"
    assert [one.fix for one in found(text, tmp_path) if one.rule == "MAP002"] == [
        "The title beside it is that of A.5.10: type A.5.10 as text."
    ]


CELLS = st.one_of(
    st.sampled_from(
        ["", "A.5.1", "CC6.1", "A.9.1.1-A.9.2.1", "6.1.1", "N/A", "5.1", "2026-10-05", "Yes", "No", "Implemented", "AC-001", "31/02/2026", "=A1",
         "#N/A", "A.17", "security", "0", "-3.5", "EV-1", "1e400", "\u200bCC6.1", "Quarterly", "C:\\x", "…?", "equal", "subset", "X", "A.8.1 Screening"]
    ),
    st.text(alphabet=st.characters(exclude_characters="|\n\r", exclude_categories=("Cs", "Cc", "No")), max_size=8),
)  # fmt: skip
SHEETS = {
    "Profile": ["Setting", "Value"],
    "Controls": ["Control ID", "Control name", "Description", "Owner", "Status", "SOC 2 criteria", "ISO 27001", "Policy", "Evidence", "Frequency", "Last tested"],
    "Mapping": ["Source", "Source title", "Target", "Target title", "Relationship", "Strength", "Rationale", "Status"],
    "Applicability": ["ID", "Title", "Applicable", "Reasons for inclusion", "Justification for inclusion", "Justification for exclusion", "Implementation status", "Implementing controls", "Evidence", "Review date"],
    "Evidence": ["Evidence ID", "Title", "File or link", "Collected", "Valid until", "Controls"],
    "Policies": ["Policy ID", "Title", "Reviewed", "File"],
    "Scope": ["Component", "In SOC 2 system description", "In ISMS scope", "Reason"],
    "Suggestions": ["Control", "Suggested requirement", "Decision"],
}  # fmt: skip


@hypothesis_settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_cell_whatever_makes_a_rule_fail(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    blocks = ["Controls\nControl ID | Control name | SOC 2 criteria\nAC-001 | Access reviews | CC6.2"]
    for name, headings in SHEETS.items():
        rows = data.draw(st.lists(st.tuples(*[CELLS] * len(headings)), max_size=4))
        lines = [" | ".join(row) for row in rows if any(cell.strip() for cell in row)]
        blocks.append("\n".join([f"{name}{'2' if name == 'Controls' else ''}", " | ".join(headings), *lines]))
    findings = found("\n\n".join(blocks), tmp_path_factory.mktemp("any"))
    assert all(finding.rule in CATALOGUE and finding.cell and finding.message for finding in findings)

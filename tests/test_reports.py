"""Findings, suggestions, overlap and portfolio: what they show is what the analysis found, and every figure is counted by the sheet."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import openpyxl
import pytest
from analyses import AS_OF, analysis, book, finding, project, suggestion
from hypothesis import given, settings
from hypothesis import strategies as st
from office import formulas, recalculated

from workbench import coverage, reports, sheets
from workbench.model import ISO2022, SOC2, Finding, Layout, Severity, SheetReport
from workbench.reports import portfolio_row
from workbench.reports.findings import place
from workbench.reports.frames import natural
from workbench.rules import CATALOGUE
from workbench.settings import Settings
from workbench.writing import Formula, Link, Neighbour, SummarySheet, write_workbook

ERROR, WARNING, NOTE = Severity
CODES = list(CATALOGUE)
CRITERIA = [entry.id for entry in coverage.requirements_of(SOC2)]
ISO = [entry.id for entry in coverage.requirements_of(ISO2022)]
SMALL = project(
    [
        {"control": "AC-10", "name": "=Access review", "description": "Access is reviewed every quarter."},
        {"control": "AC-9", "name": "Joiners", "description": "x" * 20 + " " + "word " * 60, "status": "Partially implemented"},
        {"control": "AC-1", "name": "Planned one", "status": "Planned"},
    ],
    [
        ("AC-10", "CC6.1", "unspecified"),
        ("AC-10", "A.5.15", "equal"),
        ("AC-9", "CC6.2", "equal"),
        ("AC-9", "A.5.16", "equal"),
        ("AC-9", "Clause 7.2", "unspecified"),
        ("AC-1", "A.8.1", "equal"),
        ("AC-1", "CC6.3", "equal"),
    ],
    profile={"Organization": "Acme", "SOC 2 categories in scope": "Security"},
)


def named(workbook, name):
    return next(one for one in workbook.sheets if one.name == name)


def cells(sheet, *headings):
    """The cells of some columns, formulas by their value, links by their text."""
    places = [[column.heading for column in sheet.columns].index(heading) for heading in headings]
    return [tuple(shown(row[place]) for place in places) for row in sheet.rows]


def shown(cell):
    return cell.value if isinstance(cell, Formula) else cell.text if isinstance(cell, Link | Neighbour) else cell


def headlines(workbook):
    return {one.label: (shown(one.numerator), shown(one.total)) for one in workbook.sheets[0].headlines}


def bars(chart):
    return {name: tuple(map(shown, values)) for name, values in chart.rows}


# --- findings --------------------------------------------------------------------------------------------------------

FOUND = (
    finding(CODES[0], WARNING, "A1", sheet=""),
    finding(CODES[1], NOTE, "B2"),
    finding(CODES[2], ERROR, "F17", "=A.9.1.1 is a 2013 id"),
    finding(CODES[2], ERROR, "F18", sheet="My map's"),
)


def test_errors_come_first_then_the_order_of_the_workbook():
    shown_cells = cells(
        named(reports.findings(analysis(SMALL, findings=FOUND)), "Findings"),
        "Severity",
        "Place",
        "Rule",
        "What is wrong",
        "Sheet",
    )
    assert shown_cells == [
        ("error", "Controls!F17", CODES[2], "=A.9.1.1 is a 2013 id", "Controls"),
        ("error", "'My map''s'!F18", CODES[2], "something is wrong", "My map's"),
        ("warning", "A1", CODES[0], "something is wrong", "(the workbook)"),
        ("note", "Controls!B2", CODES[1], "something is wrong", "Controls"),
    ]


@pytest.mark.parametrize(
    ("sheet", "cell", "shows"),
    [("Controls", "F17", "Controls!F17"), ("SOC 2", "A1", "'SOC 2'!A1"), ("", "A1", "A1"), ("2025", "A1:B2", "'2025'!A1:B2")],
)
def test_a_place_is_what_the_name_box_takes(sheet, cell, shows):
    assert place(Finding("X", ERROR, "", "", "acme.xlsx", sheet, cell)) == shows


def test_each_finding_leads_to_its_rule_and_each_rule_counts_its_findings():
    workbook = reports.findings(analysis(SMALL, findings=FOUND))
    found, rules = named(workbook, "Findings"), named(workbook, "Rules")
    link = found.rows[0][2]
    row = int(re.fullmatch(r"#'Rules'!A(\d+)", link.target).group(1)) - rules.heading_row - 1
    assert rules.rows[row][0] == CODES[2]
    assert cells(rules, "Rule", "Findings")[:4] == [(CODES[0], 1), (CODES[1], 1), (CODES[2], 2), (CODES[3], 0)]
    assert rules.rows[2][2].text == f"=COUNTIF({found.range('Rule')},{rules.cell(2, 'Rule')})"
    assert cells(rules, "Rule", "What it looks for", "Why it matters", "What to do") == [
        (rule.code, rule.summary, rule.why, rule.fix) for rule in CATALOGUE.values()
    ]


def test_rules_show_the_severity_that_the_settings_give_them():
    workbook = reports.findings(analysis(SMALL, settings=Settings(severities={CODES[0]: "off"})))
    assert cells(named(workbook, "Rules"), "Rule", "Severity")[0] == (CODES[0], "off")


def test_the_summary_counts_by_severity_sheet_and_rule():
    workbook = reports.findings(analysis(SMALL, findings=FOUND))
    assert headlines(workbook) == {
        "Errors": (2, 4),
        "Warnings": (1, 4),
        "Notes": (1, 4),
        "Rules that found something": (3, len(CATALOGUE)),
    }
    by_sheet, by_rule = workbook.sheets[0].charts
    assert bars(by_sheet) == {"(the workbook)": (0, 1, 0), "Controls": (1, 0, 1), "My map's": (1, 0, 0)}
    assert {name.partition(" ")[0]: values for name, values in bars(by_rule).items()} == {
        CODES[2]: (2, 0, 0),
        CODES[0]: (0, 1, 0),
        CODES[1]: (0, 0, 1),
    }


def test_a_workbook_without_findings_says_so():
    workbook = reports.findings(analysis(SMALL))
    assert named(workbook, "Findings").intro.startswith("Nothing was found")
    assert workbook.sheets[0].charts == ()


def test_it_says_what_was_read_and_what_was_not_and_why():
    read = (
        SheetReport("Controls", Layout.CONTROL_LIBRARY, "Controls", 3, 1200, "five headings", ignored=("Jira", "Colour")),
        SheetReport("Old", Layout.PAIR_LIST, "Mapping", 1, 4, "Source and Target", state="hidden"),
        SheetReport("Dashboard", None, "", 0, 0, "no headings"),
    )
    workbook = reports.findings(analysis(replace(SMALL, book=book(read))))
    assert dict(workbook.sheets[0].paragraphs)["What was read"].split("\n") == [
        "“Controls” as control library: headings in row 3, 1,200 rows; 2 columns carried along (Jira, Colour)",
        "“Old” as pair list: headings in row 1, 4 rows; the sheet is hidden",
        "Not read: “Dashboard” (no headings)",
    ]
    assert cells(named(workbook, "Sheets read"), "Sheet", "Read as", "Heading row", "Rows", "State")[1:] == [
        ("Old", "pair list", 1, 4, "hidden"),
        ("Dashboard", "not read", None, None, "visible"),
    ]


def test_the_summary_of_a_workbook_with_many_sheets_stays_short():
    read = [SheetReport(f"S{number}", Layout.GRID, "Mapping", 1, 1, "a grid") for number in range(10)]
    ignored = [SheetReport(f"X{number}", None, "", 0, 0, "empty") for number in range(5)]
    found = [finding(CODES[0], NOTE, "A1", sheet=f"S{number % 14}") for number in range(20)]
    first = reports.findings(analysis(replace(SMALL, book=book([*read, *ignored])), findings=found)).sheets[0]
    lines = dict(first.paragraphs)["What was read"].split("\n")
    assert (len(lines), lines[0], lines[-1]) == (
        13,
        "“S0” as grid: headings in row 1, 1 row",
        "… and 3 sheets more, see Sheets read",
    )
    assert (len(first.charts[0].rows), first.charts[0].title) == (12, "The 12 sheets with most findings")


def test_it_says_what_was_read_as_something_else():
    written = [
        {"text": "CC6.1-CC6.2", "remark": "expanded", "id": "CC6.1", "cell": "E7", "candidates": ()},
        {"text": "CC6.1-CC6.2", "remark": "expanded", "id": "CC6.2", "cell": "E7", "candidates": ()},
        {"text": "CC6.1-CC6.2", "remark": "expanded", "id": "CC6.1", "cell": "E9", "candidates": ()},
        {"text": "5.1", "remark": "number", "id": "", "cell": "F9", "candidates": ("A.5.1", "A.5.10")},
        {"text": "A.5.15", "remark": "exact", "id": "A.5.15", "cell": "F10", "candidates": ()},
    ]
    workbook = reports.findings(analysis(project([], citations=written, words=(("status", "in place", "Implemented"),))))
    assert cells(named(workbook, "How it was read"), "Kind", "Where", "Written", "Read as", "Cells") == [
        ("Edition of a column", "Controls!F1", "ISO 27001", "ISO/IEC 27001:2022 with Amendment 1:2024", None),
        ("Id: expanded", "Controls!E7", "CC6.1-CC6.2", "CC6.1, CC6.2", 2),
        ("Id: number", "Controls!F9", "5.1", "not read; perhaps A.5.1, A.5.10", 1),
        ("Word: status", None, "in place", "Implemented", None),
    ]


# --- suggestions -----------------------------------------------------------------------------------------------------

PROPOSED = (
    suggestion("AC-10", "CC6.2", {"words": 0.4, "concepts": 0.25}),
    suggestion("AC-9", "A.5.18", {"words": 0.3}, rank=2, band="likely", confidence=0.5),
    suggestion("AC-9", "CC6.3", {"concepts": 0.35}, decision="Defer"),
)


def reviewed(rows=PROPOSED, of=SMALL):
    return reports.suggestions(analysis(of, suggestions=rows, nearest={"A.8.2": ("AC-9 Joiners", "both speak of access")}))


def test_suggestions_stand_by_control_as_people_count_then_by_rank():
    assert cells(named(reviewed(), "Suggestions"), "Control", "Suggested requirement", "Framework", "Band", "Decision") == [
        ("AC-9", "CC6.3", "SOC 2", "strong", "Defer"),
        ("AC-9", "A.5.18", "ISO 27001", "likely", ""),
        ("AC-10", "CC6.2", "SOC 2", "strong", ""),
    ]
    assert sorted(["AC-10", "AC-9", "B", "AC-9a", "10", "AC-09"], key=natural) == ["10", "AC-09", "AC-9", "AC-9a", "AC-10", "B"]


@given(st.randoms())
def test_no_order_of_suggestions_or_controls_changes_the_review(shuffler):
    rows = list(PROPOSED)
    shuffler.shuffle(rows)
    frame = SMALL.controls.sample(frac=1, random_state=shuffler.randint(0, 99))
    assert named(reviewed(rows, replace(SMALL, controls=frame)), "Suggestions").rows == named(reviewed(), "Suggestions").rows


def test_signals_add_up_to_the_score_beside_them_and_are_folded_away():
    sheet = named(reviewed(), "Suggestions")
    folded = [column.heading for column in sheet.columns if column.outline]
    assert folded == ["Score", "Concepts", "Words"]
    for score, *signals in cells(sheet, *folded):
        assert score == pytest.approx(sum(value or 0 for value in signals))


def test_each_declared_column_of_suggestions_is_found_once_by_its_heading_or_alias():
    headings = [sheets.fold_heading(column.heading) for column in named(reviewed(), "Suggestions").columns]
    for column in sheets.SUGGESTIONS.columns:
        words = {sheets.fold_heading(column.heading), *column.aliases}
        assert [heading for heading in headings if heading in words] == [sheets.fold_heading(column.heading)]


def test_a_person_decides_from_drop_downs():
    columns = {column.heading: column for column in named(reviewed(), "Suggestions").columns if column.editable}
    assert list(columns) == ["Decision", "Relationship", "Rationale", "Decided by", "Decided on"]
    assert columns["Decision"].choices == ("Accept", "Reject", "Defer")
    assert columns["Relationship"].choices[:2] == ("equal", "subset of")


def test_what_was_typed_into_an_earlier_review_is_still_there():
    said = SMALL.decisions.copy()
    names = [
        "source",
        "target",
        "target_written",
        "target_title",
        "decision_written",
        "relationship_written",
        "rationale",
        "reviewer",
        "date",
        "sheet",
    ]
    said.loc[0, names] = [
        "AC-9",
        "CC6.3",
        "CC6.3",
        "",
        "Defer",
        "subset of",
        "ask Kim",
        "Lee",
        dt.date(2026, 1, 2),
        "Suggestions",
    ]
    sheet = named(reviewed(of=replace(SMALL, decisions=said)), "Suggestions")
    assert cells(sheet, "Decision", "Relationship", "Rationale", "Decided by", "Decided on")[:2] == [
        ("Defer", "subset of", "ask Kim", "Lee", dt.date(2026, 1, 2)),
        ("", None, None, None, None),
    ]


def test_long_descriptions_are_shortened_visibly():
    text = cells(named(reviewed(), "Suggestions"), "What the control does")[0][0]
    assert text.endswith("word …")
    assert len(text) <= 203


def test_uncovered_requirements_have_their_nearest_control():
    rows = cells(named(reviewed(), "Uncovered"), "Requirement", "Coverage", "Nearest control", "Why that one")
    assert ("A.8.2", "none", "AC-9 Joiners", "both speak of access") in rows
    assert ("A.8.1", "planned", "", "") in rows
    assert "A.5.15" not in {row[0] for row in rows}


def test_the_review_counts_how_far_it_is():
    workbook = reviewed()
    assert headlines(workbook) == {
        "Decided": (1, 3),
        "Accepted": (0, 3),
        "Controls with a suggestion": (2, 3),
        "Requirements not covered": (len(named(workbook, "Uncovered").rows), 33 + len(ISO)),
    }
    bands, review = workbook.sheets[0].charts
    assert bands.series == ("strong", "likely")
    assert bars(bands) == {"ISO 27001": (0, 1), "SOC 2": (2, 0)}
    assert bars(review) == {"ISO 27001": (0, 0, 0, 1), "SOC 2": (0, 0, 1, 1)}


def test_nothing_to_suggest_is_said():
    workbook = reviewed(())
    assert named(workbook, "Suggestions").intro.startswith("There is nothing to suggest")
    assert workbook.sheets[0].charts == ()


# --- overlap ---------------------------------------------------------------------------------------------------------


def test_the_table_has_the_headline_first_and_every_figure_of_the_analysis():
    of = analysis(SMALL)
    sheet = named(reports.overlap(of), "Overlap table")
    assert cells(sheet, "Figure", "Direction", "Basis", "Counted against", "Strictness", "Mappings", "Number", "Of")[0] == (
        "Headline", "SOC 2 → ISO 27001", "controls", "Annex A controls that apply", "as mapped", "accepted", 2, 93,
    )  # fmt: skip
    assert cells(sheet, "Number", "Of") == [(figure.numerator, figure.total) for figure in of.figures]
    assert len(sheet.rows) == 24


def test_both_bases_are_in_the_table_where_the_workbook_has_both():
    of = analysis(project([{"control": "AC-1"}], [("AC-1", "CC6.1", "equal"), ("CC6.1", "A.5.15", "subset of")]))
    workbook = reports.overlap(of)
    assert [row[0] for row in cells(named(workbook, "Overlap table"), "Basis")] == ["controls"] * 24 + ["crosswalk"] * 24
    assert len(workbook.sheets[0].headlines) == 4


RANGE = re.compile(r"'([^']+)'!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)")


def counted(formula, workbook, category=None):
    """What SUMPRODUCT over products of comparisons, or ROWS, gives on the declared rows; computed here, apart from the report."""
    ranges = {}
    for found in RANGE.finditer(formula):
        sheet = named(workbook, found.group(1))
        assert (int(found.group(3)), int(found.group(4))) == (sheet.heading_row + 1, sheet.last_row)
        number = next(n for n, column in enumerate(sheet.columns) if sheet.letter(column.heading) == found.group(2))
        ranges[found.group(0)] = [shown(row[number]) for row in sheet.rows]
    if formula.startswith("=ROWS("):
        return len(next(iter(ranges.values())))
    tests = re.findall(r"\(((?:'[^']+'![$A-Z0-9:]+))=(\"[^\"]*\"|\d+|\{category\})\)", formula)
    assert formula == "=SUMPRODUCT(" + "*".join(f"({where}={value})" for where, value in tests) + ")"
    wanted = [
        category if value == "{category}" else value.strip('"') if value.startswith('"') else int(value) for _, value in tests
    ]
    columns = [ranges[where] for where, _ in tests]
    return sum(all(cell == want for cell, want in zip(row, wanted, strict=True)) for row in zip(*columns, strict=True))


libraries = st.lists(
    st.tuples(
        st.sampled_from(["Implemented", "Partially implemented", "Planned"]),
        st.sets(st.sampled_from(CRITERIA), max_size=4),
        st.sets(st.sampled_from(ISO), max_size=4),
        st.sampled_from(["equal", "unspecified", "intersects with"]),
    ),
    max_size=6,
)


def library(rows, crosswalk=()):
    controls = [{"control": f"C-{number}", "status": row[0]} for number, row in enumerate(rows)]
    pairs = [(f"C-{number}", target, row[3]) for number, row in enumerate(rows) for target in sorted(row[1] | row[2])]
    excluded = [{"id": "A.7.4", "id_written": "A.7.4", "applicable": "no", "exclusion": "no premises"}]
    return analysis(
        project(
            controls, [*pairs, *crosswalk], applicability=excluded, profile={"SOC 2 categories in scope": "Security, Privacy"}
        ),
        suggestions=[suggestion("C-0", "A.5.1", {"words": 0.5})] if rows else [],
    )


@settings(max_examples=15)
@given(libraries)
def test_every_figure_is_what_its_formula_counts_over_the_rows_beside_it(rows):
    workbook = reports.overlap(library(rows))
    for row in named(workbook, "Overlap table").rows:
        for cell in row[6:8]:
            assert counted(cell.text, workbook) == cell.value
    for row in named(workbook, "Grid").rows:
        for cell in row[2:]:
            assert counted(cell.text, workbook) == cell.value
    for chart in workbook.sheets[0].charts:
        for category, values in chart.rows:
            assert [counted(value.text, workbook, category) for value in values] == [value.value for value in values]


@settings(max_examples=15)
@given(libraries)
def test_the_grid_counts_annex_a_controls_by_theme_and_series(rows):
    of = library(rows)
    grid = {row[0]: row[1:] for row in cells(named(reports.overlap(of), "Grid"), "SOC 2 criteria", "People", "All themes")}
    shares = [({name for name in row[1] if name[:1] in "CP"}, row[2] - {"A.7.4"}) for row in rows if row[0] != "Planned"]
    scope = {name for name in CRITERIA if name.startswith(("CC", "P")) and not name.startswith("PI")}
    for heading, prefix in (
        ("CC6 Logical and Physical Access Controls", "CC6."),
        ("Security (any common criterion)", "CC"),
        ("Privacy", "P"),
    ):
        hit = {
            control
            for criteria, controls in shares
            for control in controls
            if control.startswith("A.") and any(name.startswith(prefix) for name in criteria & scope)
        }
        assert grid[heading] == (sum(name.startswith("A.6.") for name in hit), len(hit))
    assert "Availability" not in grid


def test_annex_a_comes_before_the_clauses_and_marks_are_ones_and_zeros():
    sheet = named(reports.overlap(analysis(SMALL)), "ISO 27001")
    rows = {
        row[0]: row[1:]
        for row in cells(
            sheet,
            "ID",
            "Applies",
            "Annex A",
            "Shares a control with",
            "Controls, as mapped, accepted",
            "Controls, strict, accepted",
        )
    }
    assert next(iter(rows)) == "A.5.1"
    assert rows["A.5.15"] == (1, 1, "CC6.1", 1, 0)
    assert rows["A.5.16"] == (1, 1, "CC6.2", 1, 1)
    assert rows["Clause 7.2"] == (1, 0, "CC6.2", 1, 0)
    assert rows["A.8.1"] == (1, 1, "", 0, 0)


def test_the_mail_says_what_the_headline_counts_and_what_not():
    assert dict(reports.overlap(analysis(SMALL)).sheets[0].paragraphs)["Ready for a mail"] == (
        "As of 2026-11-24, 2 of 93 (2.2\u00a0%) applicable Annex A controls of ISO/IEC 27001:2022 at Acme already have a control in place that also "
        "serves a SOC 2 criterion in scope (Security). Counted are accepted mappings of controls that are implemented or partially implemented, "
        "whole or in part. Not counted are planned controls, open suggestions, excluded Annex A controls and the clauses 4–10, which certification "
        "demands in any case. The figure does not say that these Annex A controls are fully met, nor that an auditor will accept the same evidence "
        "for both. The other direction is another figure: 2 of 33 (6.1\u00a0%) SOC 2 criteria in scope are served by a control that also serves ISO 27001."
    )


def test_a_crosswalk_is_called_one():
    of = analysis(project([], [("CC6.1", "A.5.15", "subset of")]))
    words = dict(reports.overlap(of).sheets[0].paragraphs)["Ready for a mail"]
    assert (
        "1 of 93 (1.1\u00a0%) applicable Annex A controls of ISO/IEC 27001:2022 at acme.xlsx are mapped to a SOC 2 criterion in scope"
        in words
    )
    assert "on the assumption that the SOC 2 criteria in scope are met" in words
    assert cells(named(reports.overlap(of), "ISO 27001"), "ID", "Mapped to")[14] == ("A.5.15", "CC6.1")


# --- portfolio -------------------------------------------------------------------------------------------------------


def row_of(name, errors=0, rows=(), **more):
    of = library(rows)
    found = [finding(CODES[0], ERROR, f"A{number}") for number in range(errors)]
    of = replace(of, project=replace(of.project, book=book(name=name)), findings=tuple(found))
    return replace(portfolio_row(of, {"gap": f"{name}/{name}-gap.xlsx"}), **more)


SERVING = [("Implemented", {"CC6.1"}, {"A.5.15", "A.6.1"}, "equal")]
RUN = (
    row_of("b10.xlsx", rows=SERVING),
    row_of("b9.xlsx"),
    row_of("a.xlsx", errors=2, rows=SERVING),
    reports.PortfolioRow("bad.xlsx", failure="bad.xlsx: it is empty"),
)


def test_what_needs_attention_comes_first():
    sheet = named(reports.portfolio(RUN), "Workbooks")
    assert cells(sheet, "Workbook", "State", "Errors", "Shared ISO", "of ISO", "Covered", "Not applicable", "SoA decided", "of Annex A", "Gap", "Why not") == [
        ("bad.xlsx", "refused", None, None, None, None, None, None, None, None, "bad.xlsx: it is empty"),
        ("a.xlsx", "done", 2, 2, 92, 2, 1, 1, 93, "open", ""),
        ("b9.xlsx", "done", 0, 0, 92, 0, 1, 1, 93, "open", ""),
        ("b10.xlsx", "done", 0, 2, 92, 2, 1, 1, 93, "open", ""),
    ]  # fmt: skip


def test_the_portfolio_adds_up_and_prints_on_one_page():
    workbook = reports.portfolio(RUN)
    assert headlines(workbook) == {
        "Workbooks worked through": (3, 4),
        "Workbooks without errors": (2, 3),
        "SOC 2 → ISO 27001": (4, 276),
        "ISO 27001 → SOC 2": (
            2,
            3 * len([name for name in CRITERIA if name.startswith(("CC", "P")) and not name.startswith("PI")]),
        ),
        "SoA decisions made": (3, 279),
    }
    assert workbook.sheets[0].one_page
    assert workbook.sheets[0].paragraphs == (("Refused", "bad.xlsx: it is empty"),)
    assert bars(workbook.sheets[0].charts[0])["a.xlsx"] == (2, 0, 0, 90, 1)


def test_workbooks_of_one_name_stay_apart():
    workbook = reports.portfolio([row_of("x.xlsx", rows=SERVING), row_of("x.xlsx")])
    assert cells(named(workbook, "Workbooks"), "Workbook", "Covered") == [("x.xlsx", 0), ("x.xlsx (2)", 2)]
    assert [values[0] for values in bars(workbook.sheets[0].charts[0]).values()] == [0, 2]


def test_why_not_is_only_asked_where_something_was_refused():
    assert "Why not" not in [column.heading for column in named(reports.portfolio(RUN[:3]), "Workbooks").columns]


def test_a_run_without_any_workbook_worked_through_still_has_its_page():
    workbook = reports.portfolio([RUN[-1]])
    assert headlines(workbook)["Workbooks worked through"] == (0, 1)
    assert workbook.sheets[0].charts == ()


# --- all of them -----------------------------------------------------------------------------------------------------

REPORTS = {
    "findings": reports.findings(analysis(SMALL, findings=FOUND)),
    "suggestions": reviewed(),
    "overlap": reports.overlap(library(SERVING, [("CC6.1", "A.5.16", "equal")])),
    "portfolio": reports.portfolio(RUN),
    "nothing": reports.overlap(analysis(project())),
}
FUNCTIONS = {"COUNTA", "COUNTIF", "COUNTIFS", "IF", "LEFT", "ROWS", "SUM", "SUMPRODUCT"}


@pytest.mark.parametrize("name", REPORTS)
def test_each_workbook_opens_on_its_summary_and_every_link_leads_somewhere(name, tmp_path):
    written = write_workbook(tmp_path / "x.xlsx", REPORTS[name], as_of=AS_OF)
    assert written.remarks == ()
    found = openpyxl.load_workbook(written.path)
    assert isinstance(REPORTS[name].sheets[0], SummarySheet)
    for page in found:
        assert page["A1"].value
        for link in page._hyperlinks:
            if link.location:
                sheet, _, cell = link.location.rpartition("!")
                assert found[sheet.strip("'").replace("''", "'")][cell].value


@pytest.mark.parametrize("name", REPORTS)
def test_formulas_are_our_own(name, tmp_path):
    write_workbook(tmp_path / "x.xlsx", REPORTS[name], as_of=AS_OF)
    for page in openpyxl.load_workbook(tmp_path / "x.xlsx"):
        for cell in (cell for row in page.iter_rows() for cell in row if cell.data_type == "f"):
            used = set(re.findall(r"([A-Z]+)\(", re.sub(r"'[^']*'|\"[^\"]*\"", "", cell.value)))
            assert used <= FUNCTIONS, cell.value


def test_what_people_typed_is_text_in_every_report(tmp_path):
    wild = project([{"control": "=C-1", "name": "=cmd|' /C calc'!A1", "description": "@x"}], [("=C-1", "CC6.1", "equal")])
    of = analysis(
        wild, findings=[finding(CODES[0], ERROR, "A1", "+1")], suggestions=[suggestion("=C-1", "A.5.1", {"x": 1.0}, reason="-1")]
    )
    for make in (reports.findings, reports.suggestions, reports.overlap):
        write_workbook(tmp_path / "x.xlsx", make(of), as_of=AS_OF)
        found = [cell for page in openpyxl.load_workbook(tmp_path / "x.xlsx") for row in page.iter_rows() for cell in row]
        for cell in found:
            if str(cell.value).startswith(("=C-1", "=cmd", "@x", "+1", "-1")):
                assert cell.data_type == "s"
                assert cell.quotePrefix


@pytest.mark.rendering
@pytest.mark.parametrize("name", REPORTS)
def test_libreoffice_recalculates_to_the_cached_values(name, tmp_path):
    path = write_workbook(tmp_path / "x.xlsx", REPORTS[name], as_of=AS_OF).path
    cached = formulas(path)
    assert len(cached) > 10
    assert formulas(recalculated(path, tmp_path / "office")) == pytest.approx(cached)

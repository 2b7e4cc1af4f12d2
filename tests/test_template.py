"""The workbook that ``init`` makes: the workbench reads it back as what it is, finds nothing wrong with it, and it is the team's own."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from describe import describe, golden

from workbench import sheets
from workbench.coverage import requirements_of
from workbench.interpretation import interpret
from workbench.model import ISO2022, Kind, Layout, Severity
from workbench.reading import read_book
from workbench.reports import template
from workbench.reports.template import PROFILE_NOTES
from workbench.rules import check
from workbench.settings import Settings
from workbench.writing import DataSheet, render, write_workbook

DAY = dt.date(2026, 11, 24)
DECLARED = [sheet for sheet in sheets.SHEETS if sheet.name != "Suggestions"]
FRESH = template(Settings(organization="Acme", classification="Internal"), DAY)
TABLES = {sheet.name: sheet for sheet in FRESH.sheets if isinstance(sheet, DataSheet)}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("init") / "acme.xlsx"
    assert write_workbook(file, FRESH, as_of=DAY).remarks == ()
    return file


@pytest.fixture(scope="module")
def project(path):
    return interpret(read_book(path, Settings()), Settings())


def test_it_has_every_sheet_that_a_team_fills_in_behind_one_that_explains_them():
    assert [sheet.name for sheet in FRESH.sheets] == ["Read me", *(sheet.name for sheet in DECLARED)]
    assert [link.text for link, _ in FRESH.sheets[0].links] == list(TABLES)
    assert all(words for _, words in FRESH.sheets[0].links)


def test_every_sheet_is_read_back_as_what_it_is(project):
    layouts = {"Controls": Layout.CONTROL_LIBRARY, "Mapping": Layout.PAIR_LIST, "Applicability": Layout.ASSESSMENT}

    read = {one.sheet: (one.declaration, one.layout, one.ignored) for one in project.book.sheets if one.layout}
    assert read == {name: (name, layouts.get(name, Layout.REGISTER), ()) for name in TABLES}
    assert project.book.oddities == ()


@pytest.mark.parametrize("day", [DAY, dt.date(2028, 2, 29)])
def test_nothing_is_wrong_with_it_on_the_day_it_is_made(tmp_path, day):
    file = tmp_path / "fresh.xlsx"
    write_workbook(file, template(Settings(), day), as_of=day)
    found = check(interpret(read_book(file, Settings()), Settings()), Settings(), day)

    assert [one for one in found if one.severity is not Severity.NOTE] == []
    assert {one.sheet for one in found} == {"Profile"}


def test_what_the_settings_know_is_filled_in(project):
    assert list(project.profile) == list(sheets.PROFILE_SETTINGS) == list(PROFILE_NOTES)
    assert {name: value for name, (value, _, _) in project.profile.items() if value is not None} == {
        "Organization": "Acme",
        "ISO edition": "ISO/IEC 27001:2022 with Amendment 1:2024",
        "Document version": "0.1",
        "Classification": "Internal",
    }


def test_all_93_controls_wait_for_a_decision(project):
    annex = [(entry.id, entry.title) for entry in requirements_of(ISO2022) if entry.kind == "control"]

    waiting = project.applicability[project.applicability["id"] != ""]
    assert list(zip(waiting["id"], waiting["title"], strict=True)) == annex
    assert set(waiting["applicable"]) == {""}


def test_every_example_is_marked_as_one(project):
    examples = {
        "Controls": ["EX-001", "EX-002", "EX-003"],
        "Mapping": ["EX-001", "EX-002"],
        "Evidence": ["EX-E1", "EX-E2"],
        "Policies": ["EX-P1", "EX-P2"],
        "Scope": ["Example: payment platform", "Example: office network"],
        "Requests": ["EX-R1", "EX-R2"],
        "Calendar": ["Example: internal audit", "Example: management review"],
    }
    assert {name: [row[0] for row in TABLES[name].rows] for name in examples} == examples
    assert TABLES["Applicability"].rows[-1][0] == "EX-101"
    words = "\n".join(text for _, text in FRESH.sheets[0].paragraphs)
    assert "begins with EX- or a name that begins with Example" in words
    assert "checked and counted like your own" in words


def test_the_examples_map_as_they_say(project):
    pairs = project.mappings[["source", "target", "relationship", "status"]].to_numpy().tolist()

    assert pairs == [
        ["EX-001", "CC6.2", "unspecified", "Accepted"],
        ["EX-001", "CC6.3", "unspecified", "Accepted"],
        ["EX-002", "CC1.4", "unspecified", "Accepted"],
        ["EX-002", "CC2.2", "unspecified", "Accepted"],
        ["EX-003", "CC9.2", "unspecified", "Accepted"],
        ["EX-001", "A.5.18", "unspecified", "Accepted"],
        ["EX-002", "A.6.3", "unspecified", "Accepted"],
        ["EX-003", "A.5.19", "unspecified", "Accepted"],
        ["EX-003", "A.5.22", "unspecified", "Accepted"],
        ["EX-001", "A.8.2", "intersects with", "Accepted"],
        ["EX-002", "Clause 7.3", "equal", "Proposed"],
    ]


def test_drop_downs_are_the_declared_choices_strict_where_declared(path):
    book = openpyxl.load_workbook(path)
    found = {
        (page.title, page.cell(TABLES[page.title].heading_row, next(iter(rule.sqref.ranges)).min_col).value): (
            tuple(rule.formula1.strip('"').split(",")),
            rule.errorStyle or "stop",
        )
        for page in book.worksheets
        for rule in page.data_validations.dataValidation
        if rule.type == "list"
    }

    assert found == {
        (sheet.name, column.heading): (tuple(map(str, column.choices)), "warning" if column.open_choices else "stop")
        for sheet in DECLARED
        for column in sheet.columns
        if column.choices
    }


def test_ids_are_text_in_every_row_filled_or_not(path):
    book = openpyxl.load_workbook(path)

    for sheet in DECLARED:
        table, page = TABLES[sheet.name], book[sheet.name]
        for column in sheet.columns:
            if column.kind in {Kind.ID, Kind.REQUIREMENTS} and column.heading in {one.heading for one in table.columns}:
                letter = table.letter(column.heading)
                formats = {page[f"{letter}{row}"].number_format for row in range(table.heading_row + 1, table.last_row + 1)}
                assert formats == {"@"}, (sheet.name, column.heading)


def test_it_is_the_teams_own_file(path):
    book = openpyxl.load_workbook(path)

    assert not any(page.protection.sheet for page in book.worksheets)
    assert all(page.sheet_state == "visible" for page in book.worksheets)
    tinted = {
        (page.title, page.cell(TABLES[page.title].heading_row, cell.column).value)
        for page in book.worksheets[1:]
        for row in page.iter_rows(min_row=TABLES[page.title].heading_row + 1)
        for cell in row
        if cell.fill.fill_type
    }
    assert tinted == {("Profile", "Value")}
    messages = [
        (page.title, rule.prompt) for page in book.worksheets for rule in page.data_validations.dataValidation if rule.prompt
    ]
    assert messages == [("Profile", "Yours. A blank is shown as to be filled.")]


def test_every_column_that_needs_words_has_a_note_on_its_heading(path):
    book = openpyxl.load_workbook(path)

    noted = {(page.title, cell.value) for page in book.worksheets for row in page.iter_rows() for cell in row if cell.comment}
    assert noted == {(name, column.heading) for name, table in TABLES.items() for column in table.columns if column.note}
    assert len(noted) > 50


def test_rows_wait_below_the_examples_and_one_more_control_is_read(path, tmp_path):
    book = openpyxl.load_workbook(path)
    page, table = book["Controls"], TABLES["Controls"]
    row = table.heading_row + len(table.rows) + 1
    assert row < table.last_row
    for heading, value in (("Control ID", "AC-1"), ("Control name", "Backups"), ("ISO 27001 controls", "A.8.13")):
        page[f"{table.letter(heading)}{row}"].value = value
    book.save(tmp_path / "more.xlsx")

    again = interpret(read_book(tmp_path / "more.xlsx", Settings()), Settings())
    assert again.controls["id"].tolist() == ["EX-001", "EX-002", "EX-003", "AC-1"]
    assert "A.8.13" in again.mappings["target"].tolist()


def test_the_same_day_gives_the_same_bytes():
    same = [render(template(Settings(), DAY), as_of=DAY)[0] for _ in range(2)]

    assert same[0] == same[1]


def test_what_is_written_reads_as_before(path):
    text = describe(path)

    assert text == golden("template", text)

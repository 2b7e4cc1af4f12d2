"""suggest --write and accept on real files: what people type survives, what they decide is done, and everything else stays as it was."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
import shutil
import zipfile
from pathlib import Path

import libraries
import openpyxl
import pytest
from click.testing import CliRunner
from examples import workbook
from foreign import CORPUS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Protection
from python_calamine import CalamineWorkbook

import workbench
from workbench.cli import workbench as command

DAY = dt.date(2026, 5, 4)
HOME = Path(__file__).resolve().parent.parent / "input_workbooks"
CONTROLS = """Controls
Control ID | Control name | Description | SOC 2 criteria | ISO 27001 controls | Colour
AC-001 | Access reviews | Every quarter the owner of each system reviews the user accounts and access rights and removes leavers | CC6.2; CC6.3 | A.5.18 | red
AC-002 | Badge reviews | Every month the badges of visitors and staff are reviewed and physical entry to the office is logged | CC6.4 | | blue
AC-003 | Backups | Every night all databases are backed up, and a restore is tested once a quarter | A1.2 | | red
AC-004 | Malware protection | All laptops run endpoint protection against malware with daily signature updates | | A.8.7 |"""


def moment(*day):
    """A day as openpyxl reads it."""
    return dt.datetime.combine(dt.date(*day), dt.time())


def acme(tmp_path, *more, name="acme"):
    return workbook("\n\n".join((CONTROLS, *more)), tmp_path, name)


def run(*arguments):
    """Exit code, the lines of stdout, and those of stderr."""
    done = CliRunner().invoke(command, [str(one) for one in arguments])
    return done.exit_code, done.stdout.splitlines(), done.stderr.splitlines()


def sheets(path):
    """Every tab as calamine reads it."""
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def heading_row(sheet):
    return next(row for row in range(1, 20) if "Suggested requirement" in [cell.value for cell in sheet[row]])


def review(path, *fields, tab="Suggestions"):
    """The rows of the review, by their headings."""
    sheet = openpyxl.load_workbook(path)[tab]
    top = heading_row(sheet)
    at = {cell.value: cell.column for cell in sheet[top]}
    rows = range(top + 1, sheet.max_row + 1)
    return [tuple(sheet.cell(row, at[field]).value if field in at else None for field in fields) for row in rows]


def typed(path, said, *, tab="Suggestions", rows=(), edit=None):
    """Type into the review as a person does: (control, requirement) → {heading: value}; ``rows`` of one's own; ``edit`` the sheet in any way."""
    book = openpyxl.load_workbook(path)
    sheet = book[tab]
    top = heading_row(sheet)
    at = {cell.value: cell.column for cell in sheet[top]}
    left = dict(said)
    for row in range(top + 1, sheet.max_row + 1):
        pair = (sheet.cell(row, at["Control"]).value, sheet.cell(row, at["Suggested requirement"]).value)
        for heading, value in left.pop(pair, {}).items():
            at.setdefault(heading, len(at) + 1)
            sheet.cell(top, at[heading]).value = heading
            sheet.cell(row, at[heading]).value = value
    assert not left
    for number, own in enumerate(rows, sheet.max_row + 1):
        for heading, value in own.items():
            sheet.cell(number, at[heading]).value = value
    if edit:
        edit(book, sheet, top, at)
    book.save(path)
    return path


def pairs(path, tab="Suggestions"):
    return [pair for pair in review(path, "Control", "Suggested requirement", tab=tab) if any(pair)]


# --- suggest --write ------------------------------------------------------------------------------------------------------


def test_where_there_is_nothing_to_suggest_nothing_is_written(tmp_path):
    path = workbook("Mapping\nSource | Target\nCC6.1 | A.5.15\nCC6.2 | A.5.16", tmp_path, "pairs")
    before = path.read_bytes()
    assert run("suggest", path, "--write") == (0, ["0 suggestions", f"{path}: there is nothing to suggest; nothing to do"], [])
    assert [one.name for one in tmp_path.iterdir()] == ["pairs.xlsx"]
    assert path.read_bytes() == before


def test_the_review_is_one_more_sheet_and_no_other_cell_changes(tmp_path):
    path = acme(tmp_path)
    before, source = sheets(path), path.read_bytes()
    code, lines, _ = run("suggest", path, "--write", "--as-of", "2026-05-04")
    after = sheets(path)
    assert code == 0
    assert list(after) == ["Controls", "Suggestions"]
    assert after["Controls"] == before["Controls"]
    assert lines[-1] == f"wrote the sheet Suggestions into {path}: {len(pairs(path))} rows; backup acme.xlsx.bak"
    assert (tmp_path / "acme.xlsx.bak").read_bytes() == source
    assert pairs(path) == [(one.source, one.target) for one in workbench.suggest(tmp_path / "acme.xlsx")]
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(path) as new:
        assert old.read("xl/worksheets/sheet1.xml") == new.read("xl/worksheets/sheet1.xml")


def test_the_review_is_to_be_decided_on_from_drop_downs_in_a_frozen_table(tmp_path):
    path = acme(tmp_path)
    workbench.write_suggestions(path, as_of=DAY)
    sheet = openpyxl.load_workbook(path)["Suggestions"]
    top = heading_row(sheet)
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert [where.partition(":")[0] for where in lists] == [f"I{top + 1}", f"J{top + 1}"]
    assert lists[next(iter(lists))] == '"Accept,Reject,Defer"'
    assert sheet.freeze_panes == f"C{top + 1}"
    (table,) = sheet.tables.values()
    assert (table.ref, table.autoFilter.ref) == (f"A{top}:{sheet.cell(1, sheet.max_column).column_letter}{sheet.max_row}",) * 2


def test_a_second_run_with_nothing_new_changes_not_one_byte(tmp_path):
    path = acme(tmp_path)
    workbench.write_suggestions(path, as_of=DAY)
    first = path.read_bytes()
    code, lines, _ = run("suggest", path, "--write", "--as-of", "2026-05-04")
    assert (code, lines[-1]) == (0, f"{path}: the sheet Suggestions is as it was; nothing to do")
    assert path.read_bytes() == first


def test_a_dry_run_says_what_would_change_and_changes_nothing(tmp_path):
    path = acme(tmp_path)
    source = path.read_bytes()
    _, lines, _ = run("suggest", path, "--write", "--dry-run")
    assert path.read_bytes() == source
    assert [file.name for file in tmp_path.iterdir()] == ["acme.xlsx"]
    assert any(line.startswith("would write the sheet Suggestions into") for line in lines)
    assert any("xl/workbook.xml: edited" in line for line in lines)


def test_only_excel_workbooks_are_changed(tmp_path):
    path = tmp_path / "acme.csv"
    path.write_text("Control ID,Control name,SOC 2 criteria\nAC-001,Reviews,CC6.1\nAC-002,Logs,CC7.2\n")
    code, _, errors = run("suggest", path, "--write")
    assert code == 3
    assert errors == [
        "workbench: acme.csv: only .xlsx and .xlsm workbooks are changed; save it as an Excel workbook (.xlsx) first"
    ]


def test_a_copy_can_be_written_instead(tmp_path):
    path, copy = acme(tmp_path), tmp_path / "copy.xlsx"
    source = path.read_bytes()
    workbench.write_suggestions(path, output=copy, as_of=DAY)
    assert path.read_bytes() == source
    assert list(sheets(copy)) == ["Controls", "Suggestions"]


def test_a_sheet_of_that_name_that_is_somebodys_own_is_left_alone(tmp_path):
    path = acme(tmp_path, "Suggestions\nFrom | Idea\nKim | more plants\nLee | shorter meetings")
    before = sheets(path)
    code, _, errors = run("suggest", path, "--write")
    assert (code, errors) == (
        0,
        [f"{path}: the sheet Suggestions is your own and was left alone; the suggestions are on Suggestions (2)"],
    )
    assert sheets(path)["Suggestions"] == before["Suggestions"]
    assert pairs(path, "Suggestions (2)")


def test_a_review_that_was_copied_from_a_deliverable_is_replaced_and_keeps_what_was_typed(tmp_path):
    path, deliverable = acme(tmp_path), tmp_path / "acme-suggestions.xlsx"
    workbench.suggest(path, output=deliverable, as_of=DAY)
    book, source = openpyxl.load_workbook(path), openpyxl.load_workbook(deliverable)["Suggestions"]
    copy = book.create_sheet("Suggestions")
    for row in source.iter_rows(values_only=True):
        copy.append(row)
    book.save(path)
    pair = pairs(path)[0]
    typed(path, {pair: {"Decision": "Defer", "Rationale": "ask Kim"}})
    workbench.write_suggestions(path, as_of=DAY)
    assert list(sheets(path)) == ["Controls", "Suggestions"]
    assert dict(zip(pairs(path), review(path, "Decision", "Rationale"), strict=True))[pair] == ("Defer", "ask Kim")


SAID = {"Decision": "Defer", "Relationship": "subset of", "Rationale": "half of it", "Decided by": "Kim", "Decided on": moment(2026, 1, 2)}  # fmt: skip


def as_it_is(book, sheet, top, at):
    pass


def sorted_rows(book, sheet, top, at):
    """As Excel sorts: the values of whole rows."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=top + 1)]
    for number, row in enumerate(sorted(rows, key=lambda row: str(row[at["Reason"] - 1])), top + 1):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value


def inserted_rows(book, sheet, top, at):
    sheet.insert_rows(top + 2, 2)
    sheet.insert_rows(1)
    for table in list(sheet.tables):
        del sheet.tables[table]


def renamed(book, sheet, top, at):
    sheet.title = "For Kim & Lee's eyes"


def other_headings(book, sheet, top, at):
    names = {
        "Decision": "Your decision",
        "Rationale": "Why",
        "Decided by": "Reviewer",
        "Decided on": "Date",
        "Suggested requirement": "Requirement",
    }
    for heading, other in names.items():
        sheet.cell(top, at[heading]).value = other
    for table in list(sheet.tables):
        del sheet.tables[table]


def moved_columns(book, sheet, top, at):
    """The decision and all behind it in front."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=top)]
    cut = at["Decision"] - 1
    for number, row in enumerate(rows, top):
        for column, value in enumerate(row[cut:] + row[:cut], 1):
            sheet.cell(number, column).value = value
    for table in list(sheet.tables):
        del sheet.tables[table]


def filtered(book, sheet, top, at):
    for row in range(top + 1, sheet.max_row + 1, 2):
        sheet.row_dimensions[row].hidden = True


@pytest.mark.parametrize("edit", [as_it_is, sorted_rows, inserted_rows, renamed, other_headings, moved_columns, filtered])
def test_what_people_typed_survives_whatever_they_did_to_the_sheet(edit, tmp_path):
    path = acme(tmp_path)
    workbench.write_suggestions(path, as_of=DAY)
    first, last, other = pairs(path)[0], pairs(path)[-1], pairs(path)[2]
    noted = {**SAID, "Ask whom?": "Lee", "Due": moment(2026, 6, 1)}
    own = {"Control": "AC-002", "Suggested requirement": "A.7.2, A.7.4", "Decision": "Accept", "Rationale": "of course"}
    typed(path, {first: SAID, last: noted, other: {"Suggested requirement": "A.5.9"}}, rows=[own], edit=edit)
    workbench.write_suggestions(path, as_of=DAY)
    (tab,) = [name for name in sheets(path) if name != "Controls"]
    headings = ("Control", "Suggested requirement", *SAID, "Ask whom?", "Due")
    found = review(path, *headings, tab=tab)
    assert (*first, *SAID.values(), None, None) in found
    assert (*last, *SAID.values(), "Lee", moment(2026, 6, 1)) in found
    assert ("AC-002", "A.7.2, A.7.4", "Accept", None, "of course", None, None, None, None) in found
    assert (other[0], "A.5.9", *[None] * 7) in found
    assert other in pairs(path, tab)
    written = path.read_bytes()
    workbench.write_suggestions(path, as_of=DAY)
    assert path.read_bytes() == written


def test_what_is_decided_and_no_longer_suggested_stands_at_the_end(tmp_path):
    path = acme(tmp_path)
    workbench.write_suggestions(path, as_of=DAY)
    typed(
        path, {("AC-003", "A.8.13"): {"Decision": "Reject", "Rationale": "not ours"}, ("AC-004", "CC6.8"): {"Decided by": "Kim"}}
    )
    book = openpyxl.load_workbook(path)
    for row in (2, 5):  # AC-001 and AC-004 say nothing any more
        book["Controls"].cell(row, 2).value = book["Controls"].cell(row, 3).value = "Gardening"
    book.save(path)
    workbench.write_suggestions(path, as_of=DAY)
    assert review(path, "Control", "Suggested requirement", "Decision", "Rationale", "Decided by")[-2:] == [
        ("AC-003", "A.8.13", "Reject", "not ours", None),
        ("AC-004", "CC6.8", None, None, "Kim"),
    ]
    assert ("AC-001", "A.8.2") not in pairs(path)


def test_notes_on_cells_and_words_beside_the_table_move_along(tmp_path):
    path = acme(tmp_path)
    workbench.write_suggestions(path, as_of=DAY)
    pair = pairs(path)[-1]

    def noted(book, sheet, top, at):
        sheet.cell(sheet.max_row, at["Decision"]).comment = Comment("sure?", "Kim")
        sheet.cell(sheet.max_row + 3, 2).value = "seen by Lee"

    def fewer(book, sheet, top, at):
        sheet.insert_rows(top + 1, 1)

    typed(path, {pair: {"Decision": "Defer"}}, edit=noted)
    workbench.write_suggestions(path, as_of=DAY)
    sheet = openpyxl.load_workbook(path)["Suggestions"]
    top = heading_row(sheet)
    at = {cell.value: cell.column for cell in sheet[top]}
    row = next(row for row in range(top, sheet.max_row + 1) if (sheet.cell(row, 1).value, sheet.cell(row, 4).value) == pair)
    assert sheet.cell(row, at["Decision"]).comment.text == "sure?"
    assert [one for one in review(path, "Beside") if one != (None,)] == [("seen by Lee",)]


# --- accept ------------------------------------------------------------------------------------------------------------------


def reviewed(tmp_path, *rows, more=(), name="acme", **options):
    """acme.xlsx with a review in which these rows are typed: (control, requirement, decision, relationship, rationale, by, on)."""
    path = acme(tmp_path, *more, name=name)
    workbench.write_suggestions(path, as_of=DAY, **options)
    names = ("Control", "Suggested requirement", "Decision", "Relationship", "Rationale", "Decided by", "Decided on")
    known = set(pairs(path))
    own = [dict(zip(names, row, strict=False)) for row in rows if row[:2] not in known]
    return typed(path, {row[:2]: dict(zip(names[2:], row[2:], strict=False)) for row in rows if row[:2] in known}, rows=own)


def mapping(path, *fields, tab="Mapping"):
    rows = sheets(path)[tab]
    top = next(number for number, row in enumerate(rows) if "Source" in row)
    at = {heading: column for column, heading in enumerate(rows[top])}
    return [tuple(row[at[field]] for field in fields) for row in rows[top + 1 :]]


def test_the_whole_loop(tmp_path):
    path = reviewed(
        tmp_path,
        ("AC-001", "A.8.2", "Accept", "subset of", "reviews only", "Kim", moment(2026, 1, 2)),
        ("AC-001", "CC6.1", "yes"),
        ("AC-002", "A.7.2", "Accept"),
        ("AC-003", "A.8.13", "Reject", None, "not tested"),
        ("AC-004", "CC6.8", "Defer"),
    )
    before, source = sheets(path), path.read_bytes()
    code, lines, errors = run("accept", path, "--by", "Lee", "--as-of", "2026-05-04")
    after = sheets(path)
    assert (code, errors) == (0, [])
    assert sorted(lines[:-1]) == [
        "acme.xlsx!Controls!D2  CC6.2; CC6.3 → CC6.1; CC6.2; CC6.3  (AC-001 → CC6.1)",
        "acme.xlsx!Controls!E2  A.5.18 → A.5.18, A.8.2  (AC-001 → A.8.2)",
        "acme.xlsx!Controls!E3  (blank) → A.7.2  (AC-002 → A.7.2)",
    ]
    assert lines[-1] == f"3 accepted into 3 cells, 1 rejected, 1 deferred; {path} written; backup acme.xlsx.bak"
    assert list(after) == ["Controls", "Suggestions", "Mapping", "Decision log"]
    assert differing(before["Controls"], after["Controls"]) == {"D2": "CC6.1; CC6.2; CC6.3", "E2": "A.5.18, A.8.2", "E3": "A.7.2"}
    fields = ("Source", "Target", "Relationship", "Rationale", "Status", "Method", "Reviewer", "Date")
    assert sorted(mapping(path, *fields)) == [
        ("AC-001", "A.8.2", "subset of", "reviews only", "Accepted", "hybrid", "Kim", dt.date(2026, 1, 2)),
        ("AC-001", "CC6.1", "", "", "Accepted", "human", "Lee", DAY),
        ("AC-002", "A.7.2", "", "", "Accepted", "hybrid", "Lee", DAY),
        ("AC-003", "A.8.13", "", "not tested", "Rejected", "hybrid", "Lee", DAY),
    ]
    left = dict(zip(pairs(path), review(path, "Decision"), strict=True))
    assert not {("AC-001", "A.8.2"), ("AC-001", "CC6.1"), ("AC-002", "A.7.2"), ("AC-003", "A.8.13")} & set(left)
    assert left["AC-004", "CC6.8"] == ("Defer",)
    assert (tmp_path / "acme.xlsx.bak").read_bytes() == source


def differing(one, other):
    """A1 reference → the new value, of cells that differ."""
    assert [len(row) for row in one] == [len(row) for row in other]
    return {
        f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[column]}{row}": new
        for row, (olds, news) in enumerate(zip(one, other, strict=True), 1)
        for column, (old, new) in enumerate(zip(olds, news, strict=True))
        if old != new
    }


def test_every_decision_is_logged_and_the_log_only_grows(tmp_path):
    path = reviewed(
        tmp_path, ("AC-002", "A.7.2", "Accept", None, "guards", "Kim", moment(2026, 1, 2)), ("AC-003", "A1.3", "Reject")
    )
    run("accept", path, "--as-of", "2026-05-04")
    first = sheets(path)["Decision log"]
    top = next(number for number, row in enumerate(first) if "Folded in" in row)
    assert first[top + 1 :] == [
        [DAY, dt.date(2026, 1, 2), "Kim", "AC-002", "A.7.2", "Accept", "", "guards", "", "A.7.2 written into Controls!E3; row in Mapping",
         "Controls!E3", "", "A.7.2", "acme.xlsx!Suggestions!8"],
        [DAY, DAY, "", "AC-003", "A1.3", "Reject", "", "", "", "row in Mapping", "", "", "", "acme.xlsx!Suggestions!9"],
    ]  # fmt: skip
    typed(path, {("AC-003", "A.8.13"): {"Decision": "Accept", "Checked with": "Lee"}})
    run("accept", path, "--as-of", "2026-05-05", "--by", "Max")
    second = sheets(path)["Decision log"]
    assert second[: len(first)] == first
    assert [row[2:9] for row in second[len(first) :]] == [["Max", "AC-003", "A.8.13", "Accept", "", "", "Checked with: Lee"]]


def test_accepting_twice_changes_not_one_byte(tmp_path):
    path = reviewed(
        tmp_path,
        ("AC-002", "A.7.2", "Accept"),
        ("AC-003", "A1.3", "Reject"),
        ("AC-004", "CC6.8", "Defer"),
        ("AC-001", "A.8.2", "so-so"),
    )
    run("accept", path)
    first = path.read_bytes()
    code, lines, _ = run("accept", path, "--as-of", "2027-01-01", "--by", "Max")
    assert code == 1
    assert lines[-1] == f"0 accepted, 0 rejected, 1 deferred, 1 finding: nothing to do, {path} is as it was"
    assert path.read_bytes() == first


def test_a_dry_run_of_accept_says_all_and_does_nothing(tmp_path):
    path = reviewed(tmp_path, ("AC-002", "A.7.2", "Accept"), ("AC-001", "A.8.2", "so-so"))
    source = path.read_bytes()
    code, lines, _ = run("accept", path, "--dry-run")
    assert code == 1
    assert path.read_bytes() == source
    assert lines[:3] == [
        "acme.xlsx!Suggestions!I7  MAP029  'so-so' is no decision that is known; write Accept, Reject or Defer",
        "acme.xlsx!Controls!E3  (blank) → A.7.2  (AC-002 → A.7.2)",
        "1 accepted into 1 cell, 0 rejected, 0 deferred, 1 finding; nothing was written (--dry-run)",
    ]


def test_what_cannot_be_followed_stays_where_it_is_and_is_told_where_it_stands_afterwards(tmp_path):
    path = reviewed(
        tmp_path,
        ("AC-001", "A.8.2", "Accept"),
        ("AC-002", "A.7.2", "perhaps"),
        ("AC-009", "A.7.4", "Accept"),
        ("AC-003", "A.8.99", "Reject", None, "no such thing"),
    )
    code, lines, _ = run("accept", path)
    assert code == 1
    found = {line.split("!")[2].split("  ")[0]: line.split("  ")[1] for line in lines if "  MAP" in line}
    sheet = openpyxl.load_workbook(path)["Suggestions"]
    assert [(sheet[cell].value, rule) for cell, rule in found.items()] == [
        ("perhaps", "MAP029"),
        ("AC-009", "MAP031"),
        ("A.8.99", "MAP030"),
    ]
    assert ("AC-003", "A.8.99", "Reject", "no such thing") in review(
        path, "Control", "Suggested requirement", "Decision", "Rationale"
    )


def test_what_it_says_can_be_read_by_programs(tmp_path):
    path = reviewed(tmp_path, ("AC-002", "A.7.2", "Accept", None, None, "Kim"), ("AC-001", "A.8.2", "so-so"))
    code, lines, _ = run("accept", path, "--format", "json", "--as-of", "2026-05-04", "--fail-on", "never")
    said = json.loads("\n".join(lines))
    assert code == 0
    assert said["decisions"] == [
        {
            "control": "AC-002", "requirement": "A.7.2", "decision": "Accept", "relationship": "", "rationale": "", "reviewer": "Kim",
            "date": "2026-05-04", "outcome": "accepted", "cell": "Controls!E3", "before": "", "after": "A.7.2", "remark": "",
        }
    ]  # fmt: skip
    assert [(one["rule"], one["severity"], one["sheet"]) for one in said["findings"]] == [("MAP029", "error", "Suggestions")]
    assert said["backup"] == f"{path}.bak"


# --- reviews that come back -------------------------------------------------------------------------------------------


def returned(path, name, said, rows=()):
    """A review workbook as `suggest` writes it, sent to somebody who typed into it."""
    review_of = path.parent / name / "acme-suggestions.xlsx"
    review_of.parent.mkdir()
    workbench.suggest(path, output=review_of, as_of=DAY)
    return typed(review_of, said, rows=rows)


def test_reviews_of_several_people_are_folded_in_and_contradictions_are_not(tmp_path):
    path = acme(tmp_path)
    kim = returned(
        path,
        "kim",
        {
            ("AC-002", "A.7.2"): {"Decision": "Accept", "Decided by": "Kim"},
            ("AC-003", "A1.3"): {"Decision": "Accept", "Decided by": "Kim"},
        },
    )
    lee = returned(
        path,
        "lee",
        {
            ("AC-002", "A.7.2"): {"Decision": "Reject", "Decided by": "Lee"},
            ("AC-003", "A1.3"): {"Decision": "Defer"},
            ("AC-004", "CC6.8"): {"Decision": "Reject"},
        },
    )
    code, lines, _ = run("accept", path, "--from", kim, "--from", lee)
    assert code == 1
    assert lines[:2] == [
        f"{lee}!Suggestions!I8  MAP032  AC-002 → A.7.2 is rejected here and accepted in acme-suggestions.xlsx!Suggestions!I8 (Kim)",
        f"acme-suggestions.xlsx!Suggestions!I8  MAP032  AC-002 → A.7.2 is accepted here and rejected in {lee}!Suggestions!I8 (Lee)",
    ]
    assert mapping(path, "Source", "Target", "Status") == [("AC-003", "A1.3", "Accepted"), ("AC-004", "CC6.8", "Rejected")]
    first = path.read_bytes()
    _, lines, _ = run("accept", path, "--from", kim, "--from", lee)
    assert path.read_bytes() == first
    assert lines[-1] == f"0 accepted, 0 rejected, 0 deferred, 2 known already, 2 findings: nothing to do, {path} is as it was"
    assert "acme.xlsx!Controls!D4  AC-003 → A1.3 stands here already: nothing to do" in lines


def test_what_others_defer_stands_in_the_workbooks_own_review(tmp_path):
    path = reviewed(tmp_path, ("AC-002", "A.7.2", "Accept"))
    kim = returned(path, "kim", {("AC-003", "A1.3"): {"Decision": "Defer", "Rationale": "after the audit", "Decided by": "Kim"}})
    run("accept", path, "--from", kim)
    said = dict(zip(pairs(path), review(path, "Decision", "Rationale", "Decided by"), strict=True))
    assert said["AC-003", "A1.3"] == ("Defer", "after the audit", "Kim")
    first = path.read_bytes()
    run("accept", path, "--from", kim)
    assert path.read_bytes() == first


def test_a_workbook_without_decisions_is_told_what_to_do(tmp_path):
    path = acme(tmp_path)
    code, _, errors = run("accept", path)
    assert (code, errors) == (
        3,
        ["workbench: acme.xlsx holds no decisions: put a review into it with workbench suggest --write, or name one with --from"],
    )
    other = acme(tmp_path, name="other")
    assert run("accept", path, "--from", other)[0] == 3
    review_of = returned(path, "kim", {})
    assert run("accept", review_of)[2] == [
        "workbench: acme-suggestions.xlsx is a review that the workbench wrote; name your own workbook, and this one with --from"
    ]


# --- what stands in the way -----------------------------------------------------------------------------------------------


def test_formulas_and_locked_cells_are_not_changed_and_the_mapping_says_it(tmp_path):
    path = acme(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Controls"]["E2"] = '="A.5."&18'
    book["Controls"]["E3"] = "A.7.4"
    book.save(path)
    workbench.write_suggestions(path, as_of=DAY)
    typed(
        path,
        {},
        rows=[{"Control": name, "Suggested requirement": "A.5.9", "Decision": "Accept"} for name in ("AC-001", "AC-002")],
    )
    _, lines, _ = run("accept", path)
    assert lines[:2] == [
        "acme.xlsx!Controls!E3  A.7.4 → A.5.9, A.7.4  (AC-002 → A.5.9)",
        "acme.xlsx!Mapping  AC-001 → A.5.9 stands only here: Controls!E2 holds a formula",
    ]
    assert openpyxl.load_workbook(path)["Controls"]["E2"].value == '="A.5."&18'
    assert mapping(path, "Source", "Target", "Status") == [("AC-001", "A.5.9", "Accepted"), ("AC-002", "A.5.9", "Accepted")]


def test_a_protected_sheet_is_left_alone_but_for_its_open_cells(tmp_path):
    path = acme(tmp_path, "Mapping\nSource | Target | Relationship | Rationale | Status\nAC-001 | A.8.3 | equal | all | Accepted")
    workbench.write_suggestions(path, as_of=DAY)
    typed(path, {("AC-001", "A.8.2"): {"Decision": "Accept"}, ("AC-002", "A.7.2"): {"Decision": "Accept"}})
    book = openpyxl.load_workbook(path)
    book["Controls"]["E3"].protection = Protection(locked=False)
    for tab in ("Controls", "Mapping"):
        book[tab].protection.sheet = True
    book.save(path)
    _, lines, _ = run("accept", path)
    assert lines[0] == "acme.xlsx!Controls!E3  (blank) → A.7.2  (AC-002 → A.7.2)"
    assert lines[1].startswith("acme.xlsx!Mapping  AC-001 → A.8.2 stands only here: Controls!E2 is locked")
    assert mapping(path, "Source", "Target") == [("AC-001", "A.8.3")]
    assert mapping(path, "Source", "Target", tab="Mapping (2)") == [("AC-001", "A.8.2"), ("AC-002", "A.7.2")]


def test_rows_go_right_below_the_rows_of_the_workbooks_own_mapping_sheet(tmp_path):
    path = tmp_path / "acme.xlsx"
    workbench.init("acme", output=path, as_of=DAY)
    workbench.write_suggestions(path, as_of=DAY)
    typed(
        path, {}, rows=[{"Control": "EX-003", "Suggested requirement": "A.5.20", "Decision": "Accept", "Relationship": "equal"}]
    )
    run("accept", path, "--as-of", "2026-05-04", "--by", "Kim")
    rows = [row for row in mapping(path, "Source", "Target", "Relationship", "Status", "Reviewer", "Date") if row[0]]
    assert rows[-1] == ("EX-003", "A.5.20", "equal", "Accepted", "Kim", DAY)
    frame = workbench.read(path).book.declared("Mapping")[0].frame
    assert frame.index.tolist() == list(range(frame.index[0], frame.index[0] + 3))


def test_an_accepted_proposal_is_accepted_where_it_stands(tmp_path):
    path = reviewed(
        tmp_path,
        ("AC-002", "A.7.2", "Accept"),
        more=["Mapping\nSource | Target | Status | Rationale\nAC-002 | A.7.3 | Proposed |\nAC-001 | A.8.3 | Accepted | x"],
    )
    typed(path, {}, rows=[{"Control": "AC-002", "Suggested requirement": "A.7.3", "Decision": "Accept", "Rationale": "doors"}])
    run("accept", path)
    assert mapping(path, "Source", "Target", "Status", "Rationale") == [
        ("AC-002", "A.7.3", "Accepted", "doors"),
        ("AC-001", "A.8.3", "Accepted", "x"),
        ("AC-002", "A.7.2", "Accepted", ""),
    ]


def test_in_a_lived_in_workbook_nothing_else_changes(tmp_path):
    """Charts, pivots, slicers, threads: every part that is not named here is the same, byte for byte."""
    path = Path(shutil.copy(HOME / "harbor-payments.xlsx", tmp_path))
    original = path.read_bytes()
    workbench.write_suggestions(path, as_of=DAY)
    decided = {
        one.pair if hasattr(one, "pair") else (one.source, one.target): word
        for one, word in zip(workbench.suggest(path), ["Accept", "Reject", "Accept"] * 20, strict=False)
    }
    wrote = workbench.editing.open_workbook(path)
    (table,) = workbench.read(path).book.declared("Suggestions")
    letters = table.letters()
    for row, source, target in zip(table.frame.index, table.frame["source"], table.frame["target"], strict=True):
        wrote.set_cell("Suggestions", f"{letters['decision']}{row}", decided[source, target])
    wrote.save(backup=False)
    done = workbench.accept(path, by="Kim", as_of=DAY)
    assert done.count("accepted") + done.count("rejected") == len(decided)
    before, after = sheets_of(original), sheets(path)
    edited = {ruling.cell for ruling in done.rulings if ruling.after}
    changed = {f"{tab}!{cell}" for tab in before for cell in differing(before[tab], after[tab])}
    assert changed == edited
    with zipfile.ZipFile(io.BytesIO(original)) as old, zipfile.ZipFile(path) as new:
        touched = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert touched == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
    }


def sheets_of(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def with_thread(path, sheet, cell):
    """A thread of comments on a cell, as Excel keeps it."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    rels = f"xl/worksheets/_rels/{sheet}.xml.rels"
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    link = f'<Relationship Id="rThread" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    parts[rels] = parts[rels].replace(b"</Relationships>", link.encode())
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    said = f'<threadedComment ref="{cell}" id="{{1}}" personId="{{2}}"><text>are we sure?</text></threadedComment>'
    parts["xl/threadedComments/threadedComment1.xml"] = f'<ThreadedComments xmlns="{space}">{said}</ThreadedComments>'.encode()
    override = '<Override PartName="/xl/threadedComments/threadedComment1.xml" ContentType="application/vnd.ms-excel.threadedcomments+xml"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)


def test_a_review_that_people_discuss_in_threads_is_not_replaced(tmp_path):
    path = reviewed(tmp_path, ("AC-002", "A.7.2", "Accept"))
    with_thread(path, "sheet2", "I9")
    before = sheets(path)
    code, _, errors = run("suggest", path, "--write")
    assert (code, "Suggestions!I9 has a thread of comments" in errors[0]) == (3, True)
    code, lines, errors = run("accept", path, "--by", "Kim")
    assert code == 0
    assert lines[0] == "acme.xlsx!Controls!E3  (blank) → A.7.2  (AC-002 → A.7.2)"
    assert errors[0].startswith("acme.xlsx: the review was left as it is: Suggestions!I9 has a thread of comments")
    assert sheets(path)["Suggestions"] == before["Suggestions"]
    first = path.read_bytes()
    assert run("accept", path)[1][-1].endswith(f"1 known already: nothing to do, {path} is as it was")
    assert path.read_bytes() == first


def test_macros_stay(tmp_path):
    path = workbook(CONTROLS.replace("Controls", "Controls (macros)", 1), tmp_path, "acme")
    workbench.write_suggestions(path, as_of=DAY)
    with zipfile.ZipFile(path) as package:
        assert package.read("xl/vbaProject.bin") == b"macros"
    assert list(sheets(path)) == ["Controls", "Suggestions"]


@pytest.mark.parametrize("command_of", [("suggest", "--write"), ("accept",)])
def test_a_workbook_that_is_open_in_excel_is_not_touched(command_of, tmp_path):
    path = reviewed(tmp_path, ("AC-002", "A.7.2", "Accept"))
    (tmp_path / "~$acme.xlsx").write_bytes(b"\x03Kim")
    source = path.read_bytes()
    typed(path, {("AC-003", "A1.3"): {"Decision": "Reject"}})
    source = path.read_bytes()
    code, _, errors = run(command_of[0], path, *command_of[1:])
    assert (code, "open" in errors[-1]) == (4, True)
    assert path.read_bytes() == source


def test_what_the_workbench_adds_does_not_change_how_the_other_sheets_are_read(tmp_path):
    path = workbook(
        "Summary\nISO 27001 control | Title\nA.5.1 | Policies for information security\n…\nA.8.34 | Protection of systems",
        tmp_path,
        "acme",
    )
    before = workbench.read(path).book.sheets
    workbench.write_suggestions(path, as_of=DAY)
    typed(path, {pairs(path)[0]: {"Decision": "Accept"}, pairs(path)[1]: {"Decision": "Reject"}})
    workbench.accept(path, by="Kim", as_of=DAY)
    after = workbench.read(path).book.sheets
    assert [(one.sheet, one.declaration) for one in after] == [
        ("Summary", "Applicability"), ("Suggestions", "Suggestions"), ("Mapping", "Mapping"), ("Decision log", ""),
    ]  # fmt: skip
    assert after[0] == before[0]


# --- laws ---------------------------------------------------------------------------------------------------------------------


FOREIGN = (
    "soa_with_theme_bands", "unified_matrix", "grc_export_in_long_form", "soc2_controls_by_criterion",
    "wide_control_framework", "requirements_to_controls",
)  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_in_workbooks_of_every_layout_what_was_decided_is_said_and_all_else_stays(name, tmp_path):
    path = next(one for one in CORPUS if one.name == name).write(tmp_path)
    before, mapped = sheets(path), said(path)
    workbench.write_suggestions(path, as_of=DAY)
    words = {pair: ("Accept", "Reject", "Defer")[number % 3] for number, pair in enumerate(pairs(path))}
    typed(path, {pair: {"Decision": word} for pair, word in words.items()})
    done = workbench.accept(path, by="Kim", as_of=DAY)
    assert done.findings == ()
    after, edited = sheets(path), {ruling.cell for ruling in done.rulings if ruling.after}
    for tab, rows_of in before.items():
        assert {f"{tab}!{cell}" for cell in differing(rows_of, after[tab][: len(rows_of)])} <= edited
    statuses = {"Accept": "Accepted", "Reject": "Rejected"}
    assert mapped | {(*pair, statuses[word]) for pair, word in words.items() if word != "Defer"} <= said(path)
    assert {pair for pair, word in words.items() if word != "Defer"}.isdisjoint(pairs(path))
    assert {pair for pair, word in words.items() if word == "Defer"} <= set(pairs(path))
    written = path.read_bytes()
    workbench.accept(path, by="Lee", as_of=DAY)
    assert path.read_bytes() == written


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(library=st.one_of(libraries.libraries, libraries.crosswalks), chance=st.randoms(use_true_random=False))
def test_a_decided_pair_is_never_proposed_again_and_no_other_cell_changes(library, chance: random.Random, tmp_path_factory):
    path = libraries.saved(tmp_path_factory.mktemp("law") / "acme.xlsx", libraries.sheets(library, chance))
    proposed = [(one.source, one.target) for one in workbench.suggest(path, as_of=DAY)]
    words = {pair: chance.choice(["Accept", "Reject", "Defer"]) for pair in proposed if chance.random() < 0.7}
    reviews = path.with_name("review.csv")
    with reviews.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Control", "Suggested requirement", "Decision", "Relationship", "Score"])
        rows.writerows(
            [*pair, word, chance.choice(["", "subset of"]) if word == "Accept" else "", 0.5] for pair, word in words.items()
        )
    before, stated = sheets(path), said(path)
    if not words:
        return
    done = workbench.accept(path, [reviews], by="Kim", as_of=DAY)
    followed = {(one.control, one.requirement) for one in done.rulings if one.outcome in {"accepted", "rejected"}}
    again = {(one.source, one.target) for one in workbench.suggest(path, as_of=DAY)}
    assert not followed & again
    after, edited = sheets(path), {ruling.cell for ruling in done.rulings if ruling.after}
    for tab, rows_of in before.items():
        grown = after[tab][: len(rows_of)]
        changed = {
            f"{tab}!{cell}" for cell in differing(rows_of, [row[: len(old)] for row, old in zip(grown, rows_of, strict=True)])
        }
        assert changed <= edited
    statuses = {"Accept": "Accepted", "Reject": "Rejected"}
    gained = {(*pair, statuses[word]) for pair, word in words.items() if pair in followed}
    assert said(path) == stated | gained | {
        (target, source, status) for source, target, status in gained if not source.startswith("AC-")
    }
    written = path.read_bytes()
    workbench.accept(path, [reviews], by="Lee", as_of=DAY + dt.timedelta(1))
    assert path.read_bytes() == written


def said(path):
    """(source, target, status) of every mapping, crosswalks read from both ends."""
    frame = workbench.read(path).mappings
    rows = zip(*(frame[name].tolist() for name in ("source", "source_framework", "target", "status")), strict=True)
    found = {(source, owner, target, status) for source, owner, target, status in rows}
    return {(source, target, status) for source, _, target, status in found} | {
        (target, source, status) for source, owner, target, status in found if owner
    }

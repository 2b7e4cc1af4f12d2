"""What changed between two workbooks: as values, as text, as JSON, as a workbook, and in git."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench
from tests.versions import page, version
from workbench.cli import workbench as command_line
from workbench.comparing import as_text, compare
from workbench.editing import open_workbook
from workbench.merging.changes import Changes, diff
from workbench.merging.pages import Version
from workbench.writing import Column, DataSheet, Workbook, render

HEAD = ["Control ID", "Owner", "ISO 27001 controls", "Notes"]
ROWS = [["AC-001", "Alice", "A.5.15", "reviewed"], ["AC-002", "Bob", "A.8.1; A.8.2", None], ["AC-003", "Carol", None, "open"]]


def told(changes: Changes, *, writing: bool = False) -> list[tuple[object, ...]]:
    """kind, key, column, old → new, cells: all but what is blank."""
    every = changes.writing if writing else changes.changes
    return [(str(one.kind), one.key, one.column, one.old, one.new, f"{one.old_cell}>{one.new_cell}") for one in every]


def changed(old: Sequence[Sequence[object]], new: Sequence[Sequence[object]], *, known: bool = True) -> Changes:
    return diff(*(Version(name, (page("Controls", rows, known=known),)) for name, rows in (("old", old), ("new", new))))


def write(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


# --- what counts as a change -----------------------------------------------------------------------------------------------------------


def test_cells_change_rows_come_and_go() -> None:
    new = [ROWS[2], ["AC-001", "Zoe", "A.5.15, A.5.16", "reviewed"], ["AC-009", "Eve", None, None]]
    changes = changed([HEAD, *ROWS], [HEAD, *new])
    assert told(changes) == [
        ("cell changed", "AC-001", "Owner", "Alice", "Zoe", "B2>B3"),
        ("cell changed", "AC-001", "ISO 27001 controls", "A.5.15", "A.5.15, A.5.16", "C2>C3"),
        (
            "row deleted",
            "AC-002",
            "",
            {"Control ID": "AC-002", "Owner": "Bob", "ISO 27001 controls": "A.8.1; A.8.2"},
            None,
            "A3>",
        ),
        ("row added", "AC-009", "", None, {"Control ID": "AC-009", "Owner": "Eve"}, ">A4"),
    ]
    assert [(one.added, one.removed) for one in changes.changes[:2]] == [((), ()), (("A.5.16",), ())]


def test_moved_rows_and_columns_are_no_change() -> None:
    moved = [[row[at] for at in (2, 3, 0, 1)] for row in (HEAD, ROWS[2], ROWS[0], ROWS[1])]
    assert told(changed([HEAD, *ROWS], moved)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["AC 1", "x", "A.5.15, A.5.16", None], ["AC  1", "x", "A.5.16; Annex A 5.15", None]),
        (["AC-001", "x", None, 5], ["AC-001 ", "x", None, "5"]),
        (["AC-001", "x", None, dt.date(2026, 3, 1)], ["ac-001", "x", None, "2026-03-01"]),
        (["AC-001", "two\r\nlines ", None, None], ["AC-001", "two\nlines", None, None]),
        (["AC-001", "x\u00a0y", None, 5.0], ["AC-001", "x y", None, 5]),
        (["AC-001", "x", None, 0.4285714285714285], ["AC-001", "x", None, 0.428571428571429]),
    ],
)
def test_another_way_of_writing_is_listed_apart(old: list[object], new: list[object]) -> None:
    changes = changed([HEAD, old], [HEAD, new])
    assert changes.changes == ()
    assert {str(one.kind) for one in changes.writing} == {"written differently"}


def test_the_last_digit_that_spreadsheets_keep_counts() -> None:
    changes = changed([HEAD, ["AC-001", None, None, 0.428571428571428]], [HEAD, ["AC-001", None, None, 0.428571428571429]])
    assert [one.kind for one in changes.changes] == ["cell changed"]


def test_rows_without_any_key_are_known_by_their_neighbours_unless_they_were_sorted() -> None:
    old = [["x", "y"], ["a", "1"], ["a", "1"], ["b", "2"], ["c", "3"], ["c", "3"]]
    longer = [old[0], ["z", "0"], ["z", "0"], *old[1:3], ["b", "9"], *old[4:]]
    changes = changed(old, longer, known=False)
    assert ([one[:5] for one in told(changes)], changes.findings) == (
        [
            ("row added", "row 2", "", None, {"x": "z", "y": "0"}),
            ("row added", "row 3", "", None, {"x": "z", "y": "0"}),
            ("cell changed", "row 6", "y", "2", "9"),
        ],
        (),
    )
    changes = changed(old, [old[0], *old[4:], ["b", "9"], *old[1:3]], known=False)
    assert [one.kind for one in changes.changes] == ["row added", "row deleted"]
    assert len(changes.findings) == 1


def test_words_beside_ids_count() -> None:
    changes = changed([HEAD, ["AC-001", None, "A.5.15 for staff", None]], [HEAD, ["AC-001", None, "A.5.15 for guests", None]])
    assert [one.kind for one in changes.changes] == ["cell changed"]


def test_columns_come_go_and_are_renamed() -> None:
    new = [
        ["Control ID", "Control owner", "ISO 27001 controls", "Risk"],
        *([*row[:3], risk] for row, risk in zip(ROWS, ["R1", None, "R3"], strict=True)),
    ]
    assert told(changed([HEAD, *ROWS], new)) == [
        ("column renamed", "", "Control owner", "Owner", "Control owner", "B1>B1"),
        ("column added", "", "Risk", None, {"AC-001": "R1", "AC-003": "R3"}, ">D1"),
        ("column removed", "", "Notes", {"AC-001": "reviewed", "AC-003": "open"}, None, "D1>"),
    ]


def test_of_the_programs_suggestions_only_decisions_are_changes() -> None:
    head = ["Control", "Suggested requirement", "Decision", "Rationale", "Confidence"]
    fields = ("source", "target", "decision", "rationale", "")
    old = [head, ["AC-1", "A.5.1", None, None, 0.5], ["AC-1", "A.5.2", None, None, 0.4], ["AC-2", "A.5.3", "Defer", "later", 0.3]]
    new = [head, ["AC-1", "A.5.1", "Accept", "fits", 0.6], ["AC-3", "A.5.4", None, None, 0.4]]
    changes = diff(*(suggestions(name, rows, fields) for name, rows in (("old.xlsx", old), ("new.xlsx", new))))
    assert [(str(one.kind), one.key, one.column) for one in changes.changes] == [
        ("cell changed", "AC-1 → A.5.1", "Decision"),
        ("cell changed", "AC-1 → A.5.1", "Rationale"),
        ("row deleted", "AC-2 → A.5.3", ""),
    ]
    assert {str(one.kind) for one in changes.writing} == {"suggested anew"}


def suggestions(name: str, rows: Sequence[Sequence[object]], fields: Sequence[str]) -> Version:
    """A workbook with the sheet that the program fills."""
    made = page("Suggestions", rows)
    columns = tuple(replace(column, field=field) for column, field in zip(made.columns, fields, strict=True))
    return Version(name, (replace(made, declaration="Suggestions", columns=columns, keys=(0, 1)),))


def test_rows_of_a_log_are_known_by_all_that_they_say() -> None:
    head, rows = (
        ["Decided by", "Control ID", "Decision"],
        [["Ann", "HP-03", "accept"], ["Ann", "HP-03", "reject"], ["Ben", "HP-03", "accept"]],
    )
    old, new = (page("Decision log", [head, *table]) for table in (rows, [*rows, ["Ben", "HP-03", "reject"]]))
    changes = diff(*(Version(name, (replace(one, log=True),)) for name, one in (("old", old), ("new", new))))
    assert (told(changes), changes.findings) == (
        [("row added", "row 5", "", None, {"Decided by": "Ben", "Control ID": "HP-03", "Decision": "reject"}, ">A5")],
        (),
    )


def test_rows_of_an_unknown_sheet_are_known_by_two_columns_where_no_single_one_tells_them_apart() -> None:
    old = [["Team", "Quarter", "Hours"], ["IT", "Q1", 5], ["IT", "Q2", 5], ["HR", "Q1", 7], ["HR", "Q2", 5]]
    changes = changed(old, [old[0], old[4], ["IT", "Q2", 9], *old[1:2], old[3]], known=False)
    assert (told(changes), changes.findings) == ([("cell changed", "IT → Q2", "Hours", 5, 9, "C3>C3")], ())


def test_a_column_under_another_name_is_known_by_its_cells() -> None:
    old = [["Ref", "Team"], *([f"r{number}", f"team {number % 3}"] for number in range(9))]
    new = [["Department", "Ref"], *([row[1] if row[0] != "r4" else "team 9", row[0]] for row in old[1:])]
    assert told(changed(old, new, known=False)) == [
        ("column renamed", "", "Department", "Team", "Department", "B1>A1"),
        ("cell changed", "r4", "Department", "team 1", "team 9", "B6>A6"),
    ]


def test_a_key_that_changed_alone_is_one_change() -> None:
    new = [["AC-100", *ROWS[0][1:]], *ROWS[1:]]
    assert told(changed([HEAD, *ROWS], [HEAD, *new])) == [("key changed", "AC-100", "Control ID", "AC-001", "AC-100", "A2>A2")]
    twins = [["AC-001", "Alice", "A.5.1", None], ["AC-002", "Alice", "A.5.1", None]]
    new_twins = [["AC-008", "Alice", "A.5.1", None], ["AC-009", "Alice", "A.5.1", None]]
    assert {one[0] for one in told(changed([HEAD, *twins], [HEAD, *new_twins]))} == {"row added", "row deleted"}


def test_pairs_are_known_by_both_ends() -> None:
    head = ["Source", "Target", "Relationship", "Why"]
    old = [["CC6.1", "A.5.15", "equal", "a"], ["CC6.1", "A.8.2", "subset of", "b"]]
    new = [["CC6.1", "A.8.2", "equal", "b"], ["CC 6.1", "A.5.15", "equal", "a"]]
    assert told(changed([head, *old], [head, *new])) == [
        ("cell changed", "CC6.1 → A.8.2", "Relationship", "subset of", "equal", "C3>C2")
    ]


def test_rows_that_share_a_key_are_said_and_not_guessed() -> None:
    old = [["AC-001", "Alice", None, "x"], ["AC-001", "Bob", None, "y"], ["AC-002", "Eve", None, None]]
    new = [["AC-001", "Alice", None, "z"], ["AC-001", "Bob", None, "w"], ["AC-002", "Eve", None, None]]
    changes = changed([HEAD, *old], [HEAD, *new])
    assert sorted(one[0] for one in told(changes)) == ["row added", "row added", "row deleted", "row deleted"]
    assert [finding.place for finding in changes.findings] == ["old!Controls!A2", "new!Controls!A2"]


def test_sheets_come_go_and_are_renamed() -> None:
    old = version(
        "old", Controls=[HEAD, *ROWS], Plan=[["Step"], ["a"]], Team=[["Name", "Role"], ["Alice", "CISO"], ["Bob", "CTO"]]
    )
    new = version(
        "new", Controls=[HEAD, *ROWS], People=[["Name", "Role"], ["Alice", "CISO"], ["Bob", "CTO"]], More=[["x"], ["1"]]
    )
    assert [(str(one.kind), one.sheet, one.old, one.new) for one in diff(old, new).changes] == [
        ("sheet renamed", "People", "Team", "People"),
        ("sheet added", "More", None, "More"),
        ("sheet removed", "Plan", "Plan", None),
    ]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([f"K{n}" for n in range(9)]), st.integers(0, 3)), unique_by=lambda row: row[0], min_size=1
    ),
    st.lists(
        st.tuples(st.sampled_from([f"K{n}" for n in range(9)]), st.integers(0, 3)), unique_by=lambda row: row[0], min_size=1
    ),
)
def test_nothing_differs_from_itself_and_the_way_back_mirrors_the_way_there(old: list[object], new: list[object]) -> None:
    head = ["Control ID", "Count"]
    assert changed([head, *old], [head, *old]).changes == ()
    there, back = changed([head, *old], [head, *new]), changed([head, *new], [head, *old])
    mirror = {"row added": "row deleted", "row deleted": "row added"}
    said = {(str(one.kind), one.old_cell, one.new_cell) for one in there.changes}
    assert said == {(mirror.get(str(one.kind), str(one.kind)), one.new_cell, one.old_cell) for one in back.changes}


# --- files -----------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    old = {"Controls": [HEAD, *ROWS, ["AC-004", "Dan", "A.5.1", "=1+1"]], "Lists": [["Colour"], ["red"], ["blue"]]}
    new = {"Controls": [HEAD, ["AC-003", "Carol", "A.5.9", "open"], *ROWS[:2]], "Lists": [["Colour"], ["red"], ["green"]]}
    return write(tmp_path / "old.xlsx", old), write(tmp_path / "new.xlsx", new)


def test_files_are_compared_with_their_unknown_sheets(files: tuple[Path, Path]) -> None:
    assert [one[:5] for one in told(compare(*files))] == [
        ("cell changed", "AC-003", "ISO 27001 controls", None, "A.5.9"),
        ("row deleted", "AC-004", "", {"Control ID": "AC-004", "Owner": "Dan", "ISO 27001 controls": "A.5.1", "Notes": 0}, None),
        ("row deleted", "blue", "", {"(column A)": "blue"}, None),
        ("row added", "green", "", None, {"(column A)": "green"}),
    ]


def test_a_formulas_new_result_is_no_change_and_another_formula_is_said(tmp_path: Path) -> None:
    def counted(name: str, formula: str, value: int) -> Path:
        path = tmp_path / name
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("Controls")
        for number, row in enumerate(
            [["Control ID", "Name", "SOC 2 criteria", "Count"], ["AC-001", "x", "CC6.1"], ["AC-002", "y", "CC6.2"]]
        ):
            sheet.write_row(number, 0, row)
        sheet.write_formula("D2", formula, None, value)
        book.close()
        return path

    old = counted("old.xlsx", "=COUNTA(C2:C9)", 2)
    assert told(compare(old, counted("same.xlsx", "=COUNTA(C2:C9)", 3))) == []
    assert told(compare(old, tmp_path / "same.xlsx"), writing=True) == [("recalculated", "AC-001", "Count", 2, 3, "D2>D2")]
    (one,) = compare(old, counted("other.xlsx", "=COUNTA(C2:C9)*2", 4)).changes
    assert (one.old, one.new, one.formula) == (2, 4, "=COUNTA(C2:C9) → =COUNTA(C2:C9)*2")


def test_a_grid_is_known_by_criterion_and_control(tmp_path: Path) -> None:
    grid = [["", "A.5.15", "A.5.16", "A.8.2"], ["CC6.1", "x", "", "x"], ["CC6.2", "", "x", ""], ["CC6.3", "x", "", ""]]
    moved = [[row[at] for at in (0, 3, 1, 2)] for row in (grid[0], grid[2], grid[1], grid[3])]
    moved[3][1] = "x"
    old, new = write(tmp_path / "a.xlsx", {"Matrix": grid}), write(tmp_path / "b.xlsx", {"Matrix": moved})
    assert told(compare(old, new)) == [("cell changed", "CC6.3", "A.8.2", None, "x", "D4>B4")]


def test_keys_in_merged_cells_stand_for_the_rows_below(tmp_path: Path) -> None:
    def merged(name: str, last: str) -> Path:
        book = xlsxwriter.Workbook(tmp_path / name)
        sheet = book.add_worksheet("Mapping")
        sheet.write_row(0, 0, ["Source", "Target", "Relationship"])
        sheet.merge_range("A2:A3", "CC6.1")
        for number, row in enumerate([["A.5.15", "equal"], ["A.5.16", last], ["A.8.2", "equal"]], 1):
            sheet.write_row(number, 1, row)
        sheet.write("A4", "CC6.2")
        book.close()
        return tmp_path / name

    assert told(compare(merged("a.xlsx", "equal"), merged("b.xlsx", "subset of"))) == [
        ("cell changed", "CC6.1 → A.5.16", "Relationship", "equal", "subset of", "C3>C3")
    ]


def test_other_formats_are_compared_too(tmp_path: Path) -> None:
    rows = ["Control ID,Owner,SOC 2 criteria", "AC-001,Alice,CC6.1", "AC-002,Bob,CC6.2"]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    new = write(tmp_path / "a.xlsx", {"a": [row.split(",") for row in [*rows[:2], "AC-002,Zoe,CC6.2"]]})
    assert told(compare(tmp_path / "a.csv", new)) == [("cell changed", "AC-002", "Owner", "Bob", "Zoe", "B3>B3")]


# --- the command -----------------------------------------------------------------------------------------------------------------------


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(command_line, [str(one) for one in arguments])
    return result.exit_code, result.output


def test_text_reads_like_a_review(files: tuple[Path, Path]) -> None:
    code, output = run("diff", *files)
    assert code == 0
    assert output == (
        "Controls\n"
        "  AC-003\n"
        "    Controls!C2  ISO 27001 controls: (blank) → A.5.9 (+A.5.9)\n"
        "  - AC-004  Controls!A5  Control ID: AC-004; Owner: Dan; ISO 27001 controls: A.5.1; Notes: 0\n"
        "Lists\n"
        "  - blue  Lists!A3  (column A): blue\n"
        "  + green  Lists!A3  (column A): green\n"
        "\n"
        "1 cell changed, 2 rows deleted, 1 row added\n"
    )


def test_long_texts_are_shown_where_they_differ(tmp_path: Path) -> None:
    long = "The owner of each system reviews who may log on to it {} and keeps the list with the ticket for at least two years."
    old, new = (
        write(
            tmp_path / f"{when}.xlsx",
            {"Controls": [["Control ID", "Description", "SOC 2 criteria"], ["AC-001", long.format(when), "CC6.1"]]},
        )
        for when in ("quarterly", "monthly")
    )
    assert (
        "Description: …may log on to it quarterly and keeps the… → …may log on to it monthly and keeps the…"
        in run("diff", old, new)[1]
    )


def test_json_is_a_flat_list(files: tuple[Path, Path]) -> None:
    code, output = run("diff", *files, "--format", "json", "--sheet", "Controls")
    assert code == 0
    assert json.loads(output)[0] == {
        "kind": "cell changed", "sheet": "Controls", "key": "AC-003", "column": "ISO 27001 controls", "old": None, "new": "A.5.9",
        "old_cell": "C4", "new_cell": "C2", "added": ["A.5.9"], "removed": [], "formula": "",
    }  # fmt: skip


def test_exit_codes(files: tuple[Path, Path], tmp_path: Path) -> None:
    assert run("diff", *files, "--exit-code")[0] == 1
    assert run("diff", files[0], files[0], "--exit-code") == (0, "old.xlsx and old.xlsx say the same\n")
    assert run("diff", files[0])[0] == 2
    assert run("diff", files[0], tmp_path / "none.xlsx")[0] == 3
    assert "has a sheet called Nope; they have Controls, Lists" in run("diff", *files, "--sheet", "Nope")[1]


def test_the_changes_as_a_workbook(files: tuple[Path, Path], tmp_path: Path) -> None:
    output = tmp_path / "changes.xlsx"
    assert "would write" in run("diff", *files, "-o", output, "--dry-run")[1]
    assert not output.exists()
    assert run("diff", *files, "-o", output, "--as-of", "2026-01-31")[0] == 0
    book = openpyxl.load_workbook(output)
    assert book.sheetnames == ["Summary", "Changes"]
    sheet = book["Changes"]
    table = next(iter(sheet.tables.values()))
    rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    assert rows[1][:6] == ["Controls", "AC-003", "cell changed", "ISO 27001 controls", None, "A.5.9"]
    assert [row[2] for row in rows[1:]] == ["cell changed", "row deleted", "row deleted", "row added"]
    assert run("diff", *files, "-o", output)[0] == 4
    assert run("diff", *files, "-o", files[1], "--force")[0] == 4
    first = output.read_bytes()
    assert run("diff", *files, "-o", output, "--as-of", "2026-01-31", "--force")[0] == 0
    assert output.read_bytes() == first


def test_the_function_does_what_the_command_does(files: tuple[Path, Path]) -> None:
    assert workbench.diff(*files) == compare(*files)


# --- git -------------------------------------------------------------------------------------------------------------------------------


def test_a_workbook_as_text(tmp_path: Path) -> None:
    rows = [["Control ID", "Notes", "SOC 2 criteria"], ["AC-001", "two\nlines", "CC6.1"], ["AC-002", None, None]]
    path = write(tmp_path / "a.xlsx", {"Controls": rows, "Free": [["hello"], [5]]})
    assert as_text(path) == [
        "Controls | Control ID · Notes · SOC 2 criteria",
        "Controls AC-001 | Notes: two\\nlines",
        "Controls AC-001 | SOC 2 criteria: CC6.1",
        "Controls AC-002",
        "Free | (no headings)",
        "Free hello",
        "Free 5",
    ]


def test_a_file_that_cannot_be_read_is_a_line_of_text(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 and no more")
    code, output = run("textconv", tmp_path / "a.xlsx")
    assert (code, output.splitlines()[1][:8]) == (0, "SHA-256 ")
    assert run("textconv", tmp_path / "none.xlsx")[0] == 3


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_git_shows_cells(files: tuple[Path, Path], tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    command = f"'{sys.executable}' -m workbench"
    environment = {
        **os.environ, "PYTHONPATH": str(Path(workbench.__file__).parents[1]), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c", "PYTHONUTF8": "1",
    }  # fmt: skip

    def git(*arguments: str, **more: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=repository, env=environment | more, capture_output=True, check=True)
        return done.stdout.decode()

    git("init", "-q")
    (repository / ".gitattributes").write_text("*.xlsx diff=xlsx\n")
    git("config", "diff.xlsx.textconv", f"{command} textconv")
    shutil.copy(files[0], repository / "acme.xlsx")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    shutil.copy(files[1], repository / "acme.xlsx")
    shown = [line for line in git("diff", "-U0").splitlines() if line[:1] in "+-" and line[1:3] not in {"++", "--"}]
    assert "+Controls AC-003 | ISO 27001 controls: A.5.9" in shown
    assert shown[-2:] == ["-Lists blue", "+Lists green"]
    git("config", "diff.xlsx.command", f"{command} diff --git")
    review = git("diff")
    assert review.startswith("workbench diff acme.xlsx\nControls\n  AC-003\n")
    assert git("diff", GIT_EXTERNAL_DIFF=f"{command} diff --git") == review
    assert "sheet added" in git("diff", "--cached", "--ext-diff", "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "--", "acme.xlsx")


def test_a_formula_that_moved_with_its_row_is_the_same_formula(tmp_path: Path) -> None:
    def sorted_by(name: str, keys: list[int]) -> Path:
        book = xlsxwriter.Workbook(tmp_path / name)
        sheet = book.add_worksheet("Controls")
        sheet.write_row(0, 0, ["Control ID", "SOC 2 criteria", "Length"])
        for row, key in enumerate(keys, 1):
            sheet.write_row(row, 0, [f"AC-{key}", "CC6.1"])
            sheet.write_formula(row, 2, f"=LEN(B{row + 1})*$A$9", None, key * row)
        book.close()
        return tmp_path / name

    assert told(compare(sorted_by("a.xlsx", [1, 2, 3]), sorted_by("b.xlsx", [3, 1, 2]))) == []


def test_where_many_rows_share_the_declared_key_another_column_completes_it() -> None:
    head = ["Control ID", "ISO 27001 controls", "Notes"]
    old = [[f"AC-{number // 3}", f"A.5.{number + 1}", "x"] for number in range(9)]
    new = [[key, iso, "y" if iso == "A.5.5" else notes] for key, iso, notes in reversed(old)]
    changes = changed([head, *old], [head, *new])
    assert [(one.key, one.column, one.old, one.new) for one in changes.changes] == [("AC-1 → A.5.5", "Notes", "x", "y")]
    assert changes.findings == ()


def test_the_hidden_lists_behind_our_drop_downs_are_no_sheet_of_anybody(tmp_path: Path) -> None:
    old, new = (write(tmp_path / name, {"Controls": [HEAD, *ROWS]}) for name in ("old.xlsx", "new.xlsx"))
    book = open_workbook(new)
    column = Column("Choice", 20, choices=tuple(f"choice {number}" for number in range(60)), editable=True)
    content, _ = render(
        Workbook("Ideas", "x", (DataSheet("Ideas", "x", "", columns=(column,), rows=[("",)], table="tblIdeas"),)),
        as_of=dt.date(2026, 1, 1),
    )
    book.graft_sheet(content, "Ideas", source="Ideas")
    book.save(backup=False)
    assert openpyxl.load_workbook(new).sheetnames == ["Controls", "Ideas", "Lists"]
    assert [(str(one.kind), one.sheet) for one in compare(old, new).changes] == [("sheet added", "Ideas")]

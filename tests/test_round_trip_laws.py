"""What every command that changes a workbook keeps to: its help, its dry run, its refusals in one line, and folders for many."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import click
import pytest
import xlsxwriter
from click.testing import CliRunner

from workbench.cli import workbench as command_line
from workbench.editing import open_workbook

HEADINGS = ["Control ID", "Control name", "Description", "SOC 2 criteria", "ISO 27001 controls"]
ROWS = [
    [
        "AC-001",
        "Access reviews",
        "Every quarter owners review user accounts and access rights and remove leavers",
        "CC6.2",
        "A.9.2.5",
    ],
    ["AC-002", "Backups", "Every night all databases are backed up, and a restore is tested once a quarter", "A1.2", None],
    ["AC-003", "Malware", "All laptops run endpoint protection against malware", "CC99.9", "A.8.7"],
]


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Controls")
    for number, row in enumerate([HEADINGS, *ROWS]):
        sheet.write_row(number, 0, row)
    book.close()
    return path


@pytest.fixture
def folder(acme: Path) -> Path:
    """acme.xlsx, a review in decided.xlsx, two copies that disagree, and their merge with a choice in merged.xlsx."""
    here = acme.parent
    for name, value in (("ours", "Ours"), ("theirs", "Theirs")):
        book = open_workbook(acme)
        book.set_cell("Controls", "B2", value)
        book.save(here / f"{name}.xlsx")
    run("merge", acme, here / "ours.xlsx", here / "theirs.xlsx", "-o", here / "merged.xlsx")
    choose(here / "merged.xlsx", "Conflicts", "Choice", "theirs.xlsx")
    shutil.copy(acme, here / "decided.xlsx")
    run("suggest", here / "decided.xlsx", "--write", "-q")
    choose(here / "decided.xlsx", "Suggestions", "Decision", "Accept")
    return here


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    done = CliRunner().invoke(command_line, [str(one) for one in arguments])
    return done.exit_code, done.stdout, done.stderr


def choose(path: Path, sheet: str, heading: str, value: str) -> None:
    """Type into the first row below that heading."""
    book = open_workbook(path)
    places = [(row, letter) for row in range(1, 20) for letter in "ABCDEFGHIJKLMNOP"]
    row, letter = next((row, letter) for row, letter in places if book.value(sheet, f"{letter}{row}") == heading)
    book.set_cell(sheet, f"{letter}{row + 1}", value)
    book.save()


def listing(folder: Path) -> dict[str, str]:
    return {
        str(one.relative_to(folder)): hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.rglob("*") if one.is_file()
    }


CHANGING = [
    ("check", "acme.xlsx", "--annotate"),
    ("check", "acme.xlsx", "decided.xlsx", "--annotate", "-o", "copies"),
    ("suggest", "acme.xlsx", "--write"),
    ("accept", "decided.xlsx"),
    ("merge", "acme.xlsx", "ours.xlsx", "theirs.xlsx"),
    ("merge", "--resolve", "merged.xlsx"),
    ("send-out", "acme.xlsx", "--to", "alice"),
    ("diff", "acme.xlsx", "ours.xlsx", "-o", "changes.xlsx"),
    ("undo", "merged.xlsx"),
]


@pytest.mark.parametrize("arguments", CHANGING, ids=" ".join)
def test_a_dry_run_writes_nothing_and_the_run_itself_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(folder)
    before = listing(folder)
    code, _, _ = run(*arguments, "--dry-run")
    assert listing(folder) == before
    assert run(*arguments)[0] == code <= 1
    after = listing(folder)
    assert after != before
    assert not [name for name in after if Path(name).suffix not in {".xlsx", ".bak"}]


@pytest.mark.parametrize("arguments", CHANGING[:-1], ids=" ".join)
def test_json_is_all_that_stdout_holds(folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    monkeypatch.chdir(folder)
    assert json.loads(run(*arguments, "--format", "json", "--dry-run")[1])


@pytest.mark.parametrize("name", command_line.list_commands(click.Context(command_line)))
def test_every_help_shows_an_example_on_lines_of_its_own(name: str) -> None:
    lines = run(name, "--help")[1].splitlines()
    examples = lines[lines.index("  Example:") + 1 :]
    assert examples[0].startswith(f"    workbench {name}")
    assert not [line for line in lines if "\\b" in line]


def test_copies_of_several_workbooks_go_into_a_folder_that_is_made(folder: Path) -> None:
    code, _, complaints = run(
        "check", folder / "acme.xlsx", folder / "ours.xlsx", "--annotate", "-q", "-o", folder / "a" / "copies"
    )
    assert (code, complaints) == (1, "")
    assert [open_workbook(folder / "a" / "copies" / name).sheet_names for name in ("acme.xlsx", "ours.xlsx")] == [
        ("Controls", "Findings"),
        ("Controls", "Findings"),
    ]


@pytest.mark.parametrize("ending", ["txt", "xlsm", "csv"])
def test_a_copy_under_a_wrong_ending_is_refused_in_one_line(folder: Path, ending: str) -> None:
    before = listing(folder)
    code, _, complaints = run("check", folder / "acme.xlsx", "--annotate", "-q", "-o", folder / f"new.{ending}")
    assert (code, complaints.count("\n"), "name it ….xlsx" in complaints) == (4, 1, True)
    assert listing(folder) == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"a,b\n1,2\n"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "bad.xlsx", "--annotate", "-q"), ("check", "bad.xlsx", "--clear"), ("suggest", "bad.xlsx", "--write"), ("accept", "bad.xlsx"),
        ("accept", "acme.xlsx", "--from", "bad.xlsx"), ("diff", "acme.xlsx", "bad.xlsx"), ("merge", "acme.xlsx", "ours.xlsx", "bad.xlsx"),
        ("merge", "bad.xlsx", "ours.xlsx", "theirs.xlsx"), ("merge", "--resolve", "bad.xlsx"), ("send-out", "bad.xlsx", "--to", "kim"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_is_no_workbook_is_refused_in_one_line_and_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], content: bytes
) -> None:
    monkeypatch.chdir(folder)
    (folder / "bad.xlsx").write_bytes(content)
    before = listing(folder)
    code, _, complaints = run(*arguments)
    assert (code, complaints.count("\n"), "bad.xlsx" in complaints) == (3, 1, True)
    assert listing(folder) == before


def test_a_row_all_of_whose_columns_ours_cannot_take_is_asked_for(tmp_path: Path) -> None:
    base, copy = tmp_path / "base.xlsx", tmp_path / "copy.xlsx"
    people = [["Name", "Role"], ["Alice", "CISO"], ["Bob", "CTO"]]
    for path, rows in ((base, people), (copy, [*people, [None, None, "typed beside"]])):
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("Team")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if path is base:
            sheet.add_table("A1:B3", {"columns": [{"header": heading} for heading in people[0]]})
        book.close()
    code, output, _ = run("merge", base, base, copy, "-o", tmp_path / "out.xlsx")
    assert (code, "copy.xlsx: : typed beside (all that the row holds is in columns that could not be added)" in output) == (
        1,
        True,
    )

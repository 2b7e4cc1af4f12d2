"""The round trip of a lived-in workbook: findings, suggestions, decisions, two people's copies and their merge, and nothing else is touched."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from faults import faults
from office import recalculated
from packages import Package, cells, column_letters, root
from python_calamine import CalamineWorkbook

from workbench.cli import workbench as command_line
from workbench.editing import open_workbook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import round_trip  # noqa: E402

SHIPPED = (ROOT / "input_workbooks" / round_trip.NAME).read_bytes()
CONTROLS = "xl/worksheets/sheet1.xml"
TOUCHED = {
    "[content_types].xml": "sheets were added",
    "xl/_rels/workbook.xml.rels": "sheets were added",
    "xl/workbook.xml": "sheets were added, the filter and the print area have a row more, formulas are to be calculated",
    "xl/worksheets/sheet1.xml": "the controls",
    "xl/styles.xml": "the looks of the added sheets",
    "xl/pivotcache/pivotcachedefinition1.xml": "the source of the pivot table has a row more",
}
"""Every part of the analyst's that may differ when all is done, and why."""
ACCEPTED = {
    "G10": "A.5.8",
    "G14": "A.5.14",
    "G16": "A.5.16; A.9.2.1",
    "G19": "A.5.19; A.5.22",
    "F20": "CC9.2",
    "G20": "A.5.23",
    "G35": "A.7.14",
}
EDITED = {
    "E10": "Implemented",
    "H10": "Risk sheets of 14 projects",
    "K10": 90,
    "G7": "A.5.3",
    "G11": "A.5.9",
    "G21": "A.5.26",
    "N20": "Platform writes it, Legal reads it",
    "E34": "Partially implemented",
}
AGREED = {"N20", "E34"}
"""What two people changed in different ways."""
NEW_ROW = ("HP-41", "Rate limits", "The public interface refuses callers that ask too often.", "Platform", "Implemented", "CC6.6", "A.8.20", "Gateway settings", "Quarterly", dt.datetime(2026, 11, 20), 100, 3, None, None)  # fmt: skip  # noqa: DTZ001


@dataclass(frozen=True)
class Played:
    """What came of each step, and what the commands said: words, exit code, what was printed."""

    books: dict[str, bytes]
    said: list[tuple[str, int, str]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder, said = tmp_path_factory.mktemp("trip"), []

    def workbench(*words: str) -> None:
        done = CliRunner().invoke(command_line, words)
        said.append((" ".join(words[: 2 if words[1].startswith("--") else 1]), done.exit_code, done.stdout))

    before = Path.cwd()
    os.chdir(folder)
    try:
        yield Played({step: path.read_bytes() for step, path in round_trip.play(folder, workbench)}, said)
    finally:
        os.chdir(before)


def parts(book: bytes) -> dict[str, bytes]:
    return Package(book).parts


def said_by(book: bytes, sheet: str = CONTROLS) -> dict[str, tuple[str, bytes]]:
    """Cell → its look, and what is written in it (strings by their index)."""
    found = {}
    for row, column, cell in cells(root(parts(book)[sheet])):
        written = re.sub(rb' s="\d+"', b"", cell.written, count=1)
        found[f"{column_letters(column)}{row}"] = (cell.get("s"), written)
    return found


def values(book: bytes, sheet: str = "Controls") -> dict[str, object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        page = openpyxl.load_workbook(io.BytesIO(book))[sheet]
    return {cell.coordinate: cell.value for row in page.iter_rows() for cell in row if cell.value is not None}


def read(book: bytes, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


# --- what the commands say -------------------------------------------------------------------------------------------------


def test_each_command_ends_as_it_says(played: Played) -> None:
    assert [(words, code) for words, code, _ in played.said] == [
        ("check", 1),  # findings
        ("suggest", 0),
        ("accept", 0),
        ("send-out", 0),
        ("merge --find-base", 1),  # conflicts
        ("merge --resolve", 0),
        ("check", 0),
    ]


# --- findings --------------------------------------------------------------------------------------------------------------


def test_findings_colour_their_cells_and_leave_people_their_notes_and_threads(played: Played) -> None:
    before, after = said_by(SHIPPED), said_by(played.books["annotate"])
    looks = {ref for ref in after if after[ref][0] != before[ref][0]}

    assert looks == {"M4", "G7", "G11", "G16", "F20", "G21", "E34", "G36", "H40", "G42", "G43", "F44"}
    assert {ref for ref in after if after[ref][1] != before[ref][1]} == set()
    notes = {note.get("ref"): note.written for note in root(parts(played.books["annotate"])["xl/comments1.xml"]).all("comment")}
    own = {note.get("ref"): note.written for note in root(parts(SHIPPED)["xl/comments1.xml"]).all("comment")}
    assert own.keys() == {"B7", "G16", "G21", "E34"}
    assert {ref: notes[ref] for ref in own} == own
    assert notes.keys() - own.keys() == looks - own.keys()


def test_cleared_at_once_the_workbook_is_the_file_that_it_was(tmp_path: Path) -> None:
    book = tmp_path / round_trip.NAME
    book.write_bytes(SHIPPED)
    CliRunner().invoke(command_line, ["check", str(book), "--annotate", "--as-of", round_trip.TODAY])
    annotated = book.read_bytes()
    CliRunner().invoke(command_line, ["check", str(book), "--clear"])

    assert (book.read_bytes() == SHIPPED, annotated == SHIPPED) == (True, False)


# --- suggestions and decisions ---------------------------------------------------------------------------------------------


def test_the_review_has_drop_downs_and_changes_no_cell_of_the_analysts(played: Played) -> None:
    before, after = played.books["annotate"], played.books["suggest"]
    review = next(part for part in parts(after) if b">Suggested requirement<" in parts(after)[part] and "worksheets" in part)

    assert said_by(after) == said_by(before)
    assert [rule.get("sqref") for rule in root(parts(after)[review]).all("dataValidation")] == ["I7:I61", "J7:J61", "M7:M61"]


def test_accepted_ids_stand_in_their_cells_as_the_cells_write_them(played: Played) -> None:
    before, after = values(played.books["decide"]), values(played.books["accept"])

    assert {ref: after[ref] for ref in after if after[ref] != before.get(ref)} == ACCEPTED
    assert before.keys() <= after.keys()
    looks = {ref: look for ref, (look, _) in said_by(played.books["decide"]).items()}
    assert {ref: look for ref, (look, _) in said_by(played.books["accept"]).items()} == looks


def test_what_was_decided_is_in_the_mapping_and_the_log_and_is_not_asked_again(played: Played) -> None:
    mapping = [
        (row[0], row[2], row[4], row[6], row[7]) for row in read(played.books["accept"], "Mapping") if row[0].startswith("HP-")
    ]

    assert mapping == [
        ("HP-04", "P6.6", "", "That is about breaches.", "Rejected"),
        ("HP-06", "A.5.8", "subset of", "The risk sheet is one part of it.", "Accepted"),
        ("HP-10", "A.5.14", "", "", "Accepted"),
        ("HP-12", "A.5.16", "", "", "Accepted"),
        ("HP-15", "A.5.22", "", "", "Accepted"),
        ("HP-15", "A.5.19", "", "", "Accepted"),
        ("HP-16", "CC9.2", "", "", "Accepted"),
        ("HP-16", "A.5.23", "equal", "Both ask for the same.", "Accepted"),
        ("HP-31", "A.7.14", "", "It is disposal that we do.", "Accepted"),
    ]
    asked = {(row[0], row[3]): row[8] for row in read(played.books["accept"], "Suggestions")}
    assert {(control, requirement) for control, requirement, *_ in mapping} & asked.keys() == set()
    assert asked["HP-40", "A.8.33"] == "Defer"
    assert len([row for row in read(played.books["accept"], "Decision log") if row[2] == "Joanna Lind"]) == 9


def test_taken_back_the_workbook_is_as_it_was_before_the_decisions(played: Played, tmp_path: Path) -> None:
    book = tmp_path / round_trip.NAME
    book.write_bytes(played.books["decide"])
    CliRunner().invoke(command_line, ["accept", str(book), "--as-of", round_trip.TODAY])
    accepted = book.read_bytes()
    CliRunner().invoke(command_line, ["undo", str(book)])

    assert (accepted == played.books["accept"], book.read_bytes() == played.books["decide"]) == (True, True)


# --- copies and their merge ------------------------------------------------------------------------------------------------


def test_sending_out_changes_nothing_and_merging_takes_all_that_two_people_did(played: Played) -> None:
    assert played.books["send-out"] == played.books["accept"]
    before, merged, resolved = (values(played.books[step]) for step in ("accept", "merge", "resolve"))
    changed = {ref: merged[ref] for ref in merged if merged[ref] != before.get(ref)}
    new = {f"{column_letters(place)}45": value for place, value in enumerate(NEW_ROW, 1) if value is not None}

    assert changed == {**{ref: value for ref, value in EDITED.items() if ref not in AGREED}, **new}
    assert {ref: (before[ref], merged[ref]) for ref in AGREED} == {
        "N20": ("whose job is the exit plan?", "whose job is the exit plan?"), "E34": ("in the works", "in the works"),
    }  # fmt: skip
    assert {ref: value for ref, value in resolved.items() if value != merged.get(ref)} == {ref: EDITED[ref] for ref in AGREED}


def test_conflicts_are_asked_with_every_value_and_their_sheet_goes_when_they_are_decided(played: Played) -> None:
    asked = [row[1:9] for row in read(played.books["merge"], "Conflicts")[5:]]

    assert asked == [
        ["HP-16", "Notes", "Changed to different values", "Controls!N20", *["whose job is the exit plan?"] * 2, "Platform, by January", "Legal"],
        ["HP-30", "Status", "Changed to different values", "Controls!E34", *["in the works"] * 2, "Partially implemented", "Implemented"],
    ]  # fmt: skip
    assert open_workbook(played.books["resolve"]).sheet_names == (
        "Controls", "Status", "Notes to self", "Lists", "Findings", "Suggestions", "Mapping", "Decision log",
    )  # fmt: skip


# --- when all is done ------------------------------------------------------------------------------------------------------


def test_every_part_that_was_not_meant_to_change_is_byte_for_byte_what_it_was(played: Played) -> None:
    before, after = parts(SHIPPED), parts(played.books["clear"])

    assert {part for part in before if after.get(part) != before[part]} == set(TOUCHED)
    ours = {part for sheet in ("Suggestions", "Mapping", "Decision log") for part in reached(played.books["clear"], sheet)}
    assert after.keys() - before.keys() == ours
    for part in (
        "xl/comments1.xml", "xl/threadedcomments/threadedcomment1.xml", "xl/persons/person.xml", "xl/charts/chart1.xml", "xl/drawings/drawing2.xml",
        "xl/pivottables/pivottable1.xml", "xl/pivotcache/pivotcacherecords1.xml", "xl/slicers/slicer1.xml", "xl/slicercaches/slicercache1.xml",
        "docmetadata/labelinfo.xml", "customxml/item1.xml", "xl/media/image1.png", "xl/worksheets/sheet2.xml", "docprops/custom.xml",
    ):  # fmt: skip
        assert after[part] == before[part], part


def reached(book: bytes, sheet: str) -> set[str]:
    """The sheet's part and all that it alone points to."""
    package = Package(book)
    part = package.sheets()[sheet]
    relationships = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
    return {part, relationships, *(one.target for one in package.relationships(part) if not one.external)}


def test_of_the_controls_only_the_cells_that_people_changed_are_written_anew_and_all_keep_their_look(played: Played) -> None:
    before, after = said_by(SHIPPED), said_by(played.books["clear"])

    assert {ref for ref in before if after[ref][1] != before[ref][1]} == {*ACCEPTED, *EDITED}
    assert {ref for ref in before if after[ref][0] != before[ref][0]} == set()
    assert after.keys() - before.keys() == {f"{column_letters(place)}45" for place in range(1, 15)}
    assert [after[f"{column_letters(place)}45"][0] for place in range(1, 15)] == [
        before[f"{column_letters(place)}44"][0] for place in range(1, 15)
    ]  # fmt: skip


def test_around_the_controls_only_ranges_grew_by_the_new_row(played: Played) -> None:
    before, after = (
        re.sub(rb"<sheetData>.*</sheetData>", b"", parts(book)[CONTROLS], flags=re.DOTALL)
        for book in (SHIPPED, played.books["clear"])
    )

    grown = re.sub(rb"(?<=[A-Z])44\b", b"45", before)
    assert after == grown
    assert (
        len(re.findall(rb"[A-Z]44\b", before)) == 8
    )  # used range, filter, two formats, x14 format, two validations, x14 validation
    cache = "xl/pivotcache/pivotcachedefinition1.xml"
    assert parts(played.books["clear"])[cache] == parts(SHIPPED)[cache].replace(b'ref="A4:N44"', b'ref="A4:N45"')


def test_no_book_of_the_trip_has_a_fault(played: Played) -> None:
    assert [(step, fault) for step, book in played.books.items() for fault in faults(book)] == []


def test_the_result_is_checked_anew_and_only_what_nobody_mended_is_left(played: Played, tmp_path: Path) -> None:
    book = tmp_path / "merged.xlsx"
    book.write_bytes(played.books["clear"])
    done = CliRunner().invoke(command_line, ["check", str(book), "--as-of", round_trip.TODAY, "--quiet"])

    assert re.findall(r"!(\w+!\w+)  (\w+)", done.stdout) == [
        ("Controls!M4", "WBK013"),
        ("Controls!G16", "MAP004"),
        ("Controls!G36", "MAP004"),
        ("Controls!H40", "CTL006"),
        ("Controls!G42", "MAP003"),
        ("Controls!G43", "MAP001"),
        ("Controls!F44", "CTL005"),
        ("Lists!A1", "WBK007"),
    ]


@pytest.mark.rendering
def test_libreoffice_opens_the_result_and_counts_the_new_control(played: Played, tmp_path: Path) -> None:
    book = tmp_path / "merged.xlsx"
    book.write_bytes(played.books["clear"])
    opened = recalculated(book, tmp_path / "office")
    page = openpyxl.load_workbook(opened, data_only=True)["Status"]

    assert [(page[f"A{row}"].value, page[f"B{row}"].value) for row in range(4, 8)] == [
        ("Implemented", 36), ("Partially implemented", 4), ("Planned", 1), ("Not implemented", 0),
    ]  # fmt: skip
    assert {ref: value for ref, value in values(opened.read_bytes()).items() if ref in EDITED} == EDITED


# --- what is told of it ----------------------------------------------------------------------------------------------------

TOLD = (ROOT / "README.md", ROOT / "docs" / "round-trip.md")


@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.name)
def test_every_line_that_the_docs_show_is_one_that_the_commands_print(page: Path, played: Played) -> None:
    printed = {line for _, _, output in played.said for line in output.splitlines()}
    shown = [
        line
        for block in re.findall(r"```\n(\$ workbench [^`]*harbor-payments[^`]*)```", page.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if line and not line.startswith(("$ ", "…"))
    ]

    assert len(shown) > 12
    assert [line for line in shown if line not in printed] == []


@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.name)
def test_the_editor_s_example_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = next(
        code
        for code in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        if "open_workbook(" in code
    )
    (tmp_path / "input_workbooks").mkdir()
    (tmp_path / "input_workbooks" / round_trip.NAME).write_bytes(SHIPPED)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, page.name, "exec"), {})

    edited = (tmp_path / "edited.xlsx").read_bytes()
    assert faults(edited) == []
    assert values(edited)["B45"] == "Rate limits"
    assert (tmp_path / "input_workbooks" / round_trip.NAME).read_bytes() == SHIPPED

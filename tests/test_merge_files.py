"""Copies sent out, edited, merged and decided: what people changed arrives, and every byte that nobody meant to change stays."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import workbench
from tests.office import recalculated
from tests.versions import applied
from workbench.cli import workbench as command_line
from workbench.editing import open_workbook
from workbench.merging.changes import diff
from workbench.merging.merge import merge
from workbench.model import InputRefused, OutputError, UsageError
from workbench.reading.versions import read_version
from workbench.revising import decision_log
from workbench.revising.decision_log import Entry
from workbench.settings import Settings

DAY = dt.date(2026, 1, 31)
HEAD = ["Control ID", "Control name", "Owner", "SOC 2 criteria", "ISO 27001 controls", "Due", "Length"]
ROWS = [[f"AC-00{n}", f"Name {n}", "Alice", "CC6.1, CC6.2", "A.5.15; A.5.16", dt.date(2026, n, 1)] for n in range(1, 7)]


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A workbook as people have them: colours, comments, a chart, formats by condition, a drop-down, formulas, a second sheet."""
    path = tmp_path / "acme.xlsx"
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    sheet, red = book.add_worksheet("Controls"), book.add_format({"bg_color": "#FFC7CE", "bold": True})
    for number, row in enumerate([HEAD, *ROWS]):
        sheet.write_row(number, 0, row)
        if number:
            sheet.write_formula(number, 6, f"=LEN(D{number + 1})", None, len(str(row[3])))
    sheet.write("C3", "Alice", red)
    sheet.write_comment("C3", "ask her", {"author": "Kim"})
    sheet.data_validation("C2:C7", {"validate": "list", "source": ["Alice", "Bob", "Zoe"]})
    sheet.conditional_format("G2:G7", {"type": "data_bar"})
    sheet.autofilter("A1:G7")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Controls!$G$2:$G$7"})
    sheet.insert_chart("J2", chart)
    other = book.add_worksheet("Team")
    other.write_row(0, 0, ["Name", "Role"])
    other.write_row(1, 0, ["Alice", "CISO"])
    book.close()
    return path


def edit(
    path: Path, cells: dict[str, object], rows: Sequence[Sequence[object]] = (), *, sheet: str = "Controls", to: str = ""
) -> Path:
    """Somebody's edits, typed into the workbook or into a copy of it called ``to``."""
    book = open_workbook(path)
    for ref, value in cells.items():
        book.set_cell(sheet, ref, value)
    if rows:
        book.append_rows(sheet, rows)
    target = path.with_name(to) if to else path
    book.save(target, backup=False)
    return target


def emptied(row: int) -> dict[str, object]:
    return {f"{letter}{row}": None for letter in "ABCDEFG"}


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def grid(path: Path, sheet: str = "Controls") -> list[list[object]]:
    """The cells as another reader sees them, formulas as text."""
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(command_line, [str(one) for one in arguments])
    return result.exit_code, result.output


def choose(path: Path, *choices: tuple[int, str, object]) -> None:
    """Type into the sheet Conflicts: (index of the conflict, heading, value)."""
    book = open_workbook(path)
    rows = [list(row) for row in openpyxl.load_workbook(path)["Conflicts"].iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(rows, 1) if "Choice" in row)
    for index, heading, value in choices:
        column = rows[top - 1].index(heading)
        book.set_cell("Conflicts", f"{openpyxl.utils.get_column_letter(column + 1)}{top + 1 + index}", value)
    book.save(backup=False)


def asked(path: Path) -> list[dict[str, object]]:
    """The sheet Conflicts: each row as {heading: what is shown}."""
    rows = [list(row) for row in openpyxl.load_workbook(path)["Conflicts"].iter_rows(values_only=True)]
    top = next(number for number, row in enumerate(rows) if "Choice" in row)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]


# --- merging -------------------------------------------------------------------------------------------------------------------------


def test_everybodys_edits_arrive_and_nothing_else_changes(acme: Path) -> None:
    alice = edit(acme, {"C2": "Zoe", "E4": "A.5.15; A.5.16; A.8.1", "F5": dt.date(2027, 1, 5)}, to="alice.xlsx")
    bob = edit(
        acme, {"E4": "A.5.16", "B6": "Backups"}, [["AC-100", "New", "Bob", "CC7.1", "A.8.15", dt.date(2026, 9, 9)]], to="bob.xlsx"
    )
    ours = edit(acme, {"D2": "CC6.1, CC6.2, CC6.3"}, to="ours.xlsx")
    done = workbench.merge(acme, ours, [alice, bob], output=acme.with_name("out.xlsx"), as_of=DAY)
    assert done.merged.conflicts == ()
    table = grid(acme.with_name("out.xlsx"))
    assert table[1][2:4] == ["Zoe", "CC6.1, CC6.2, CC6.3"]
    assert table[3][4] == "A.5.16; A.8.1"
    assert table[4][5] == dt.datetime(2027, 1, 5)  # noqa: DTZ001
    assert table[5][1] == "Backups"
    assert table[7][:5] == ["AC-100", "New", "Bob", "CC7.1", "A.8.15"]
    assert [row[6] for row in table[1:7]] == [f"=LEN(D{row})" for row in range(2, 8)]
    before, after = members(ours), members(acme.with_name("out.xlsx"))
    assert {name for name in before if before[name] != after[name]} <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert before.keys() == after.keys()


def test_the_sources_are_never_written(acme: Path) -> None:
    alice = edit(acme, {"C2": "Zoe"}, to="alice.xlsx")
    files = [acme, alice]
    before = [path.read_bytes() for path in files]
    workbench.merge(acme, acme, [alice], output=acme.with_name("out.xlsx"), as_of=DAY)
    assert [path.read_bytes() for path in files] == before
    with pytest.raises(OutputError, match=r"acme\.xlsx is one of the files to merge"):
        workbench.merge(acme, acme, [alice], output=acme, force=True)
    with pytest.raises(OutputError, match="exists"):
        workbench.merge(acme, acme, [alice], output=acme.with_name("out.xlsx"))
    with pytest.raises(UsageError, match=r"name it ….xlsx"):
        workbench.merge(acme, acme, [alice], output=acme.with_name("out.xlsm"))


def test_a_copy_that_changed_nothing_gives_ours_byte_for_byte(acme: Path) -> None:
    ours, copy = edit(acme, {"C2": "Zoe"}, to="ours.xlsx"), acme.with_name("copy.xlsx")
    copy.write_bytes(acme.read_bytes())
    done = workbench.merge(acme, ours, [copy], output=acme.with_name("out.xlsx"), as_of=DAY)
    assert acme.with_name("out.xlsx").read_bytes() == ours.read_bytes()
    assert not done.changes


def test_a_row_that_a_copy_deleted_is_emptied_and_keeps_its_place_and_look(acme: Path) -> None:
    alice = edit(acme, emptied(3), to="alice.xlsx")
    workbench.merge(acme, acme, [alice], output=acme.with_name("out.xlsx"), as_of=DAY)
    table = grid(acme.with_name("out.xlsx"))
    assert (table[2], table[3][0]) == ([None] * 7, "AC-003")
    book = openpyxl.load_workbook(acme.with_name("out.xlsx"))
    assert book["Controls"]["C3"].fill.fgColor.rgb == "FFFFC7CE"
    assert book["Controls"]["C3"].comment.text == "ask her"


def test_columns_and_sheets_that_a_copy_added_are_added(acme: Path) -> None:
    copy = open_workbook(acme)
    copy.append_column("Controls", "Risk", {1: "R-1", 3: "R-3"})
    copy.add_sheet("Ideas", [["Idea", "By"], ["MFA", "Eve"]])
    copy.save(acme.with_name("alice.xlsx"))
    edit(acme.with_name("alice.xlsx"), {}, [["AC-100", "New", "Bob", "CC7.1", "A.8.15", None, None, "R-9"]])
    code, output = run("merge", acme, acme, acme.with_name("alice.xlsx"), "-o", acme.with_name("out.xlsx"))
    assert (code, "+ column Risk  2 cells  [alice.xlsx]" in output) == (0, True)
    assert "the sheet Ideas of alice.xlsx was added as Ideas: its values, not its look" in output
    assert [row[7] for row in grid(acme.with_name("out.xlsx"))] == ["Risk", "R-1", None, "R-3", None, None, None, "R-9"]
    assert grid(acme.with_name("out.xlsx"), "Ideas") == [["Idea", "By"], ["MFA", "Eve"]]


# --- conflicts -----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def disputed(acme: Path) -> Path:
    """A merge with a cell that three people changed, one that ours and Alice did, and a row that Bob deleted and ours edited."""
    alice = edit(acme, {"B2": "Alice's name", "C3": "Zoe"}, to="alice.xlsx")
    bob = edit(acme, {"B2": "Bob's name"} | emptied(7), to="bob.xlsx")
    edit(acme, {"B2": "Our name", "C3": "Kim", "D7": "CC9.9"}, to="ours.xlsx")
    out = acme.with_name("out.xlsx")
    code, output = run("merge", acme, acme.with_name("ours.xlsx"), alice, bob, "-o", out, "--as-of", "2026-01-31")
    assert code == 1
    assert "Controls!B2  AC-001  Control name: ours: Our name; alice.xlsx: Alice's name; bob.xlsx: Bob's name" in output
    return out


def test_conflicts_keep_ours_and_stand_on_a_sheet_with_a_drop_down(disputed: Path) -> None:
    assert [row[1:4] for row in grid(disputed)[1:3]] == [["Our name", "Alice", "CC6.1, CC6.2"], ["Name 2", "Kim", "CC6.1, CC6.2"]]
    rows = asked(disputed)
    shown = ("Sheet", "Row", "Column", "Cell", "Base", "Ours", "alice.xlsx", "bob.xlsx", "Choice")
    assert [[row[heading] for heading in shown] for row in rows[:2]] == [
        ["Controls", "AC-001", "Control name", "Controls!B2", "Name 1", "Our name", "Alice's name", "Bob's name", None],
        ["Controls", "AC-002", "Owner", "Controls!C3", "Alice", "Kim", "Zoe", None, None],
    ]
    assert (rows[2]["What happened"], rows[2]["bob.xlsx"]) == ("Row deleted in a copy, edited elsewhere", "(no such row)")
    rules = openpyxl.load_workbook(disputed)["Conflicts"].data_validations.dataValidation
    assert [rule.formula1 for rule in rules if rule.type == "list"] == ['"ours,base,alice.xlsx,bob.xlsx,other value"']
    before, after = members(disputed.with_name("ours.xlsx")), members(disputed)
    grown = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert {name for name in before if before[name] != after[name]} <= grown


def test_choices_are_applied_and_the_sheet_goes_with_the_last(disputed: Path) -> None:
    choose(disputed, (0, "Choice", "bob.xlsx"), (1, "Other value", "Quinn"), (1, "Notes", "as agreed"))
    code, output = run("merge", "--resolve", disputed)
    assert code == 1
    assert output.splitlines()[:3] == [
        "Controls  AC-001  Control name: bob.xlsx  Controls!B2",
        "Controls  AC-002  Owner: other value  Controls!C3",
        "left: Controls  AC-006  row deleted: no choice yet",
    ]
    assert [row[1:3] for row in grid(disputed)[1:3]] == [["Bob's name", "Alice"], ["Name 2", "Quinn"]]
    assert [row["Row"] for row in asked(disputed)] == ["AC-006"]
    choose(disputed, (0, "Choice", "bob.xlsx"))
    assert run("merge", "--resolve", disputed)[0] == 0
    assert grid(disputed)[6] == [None] * 7
    assert openpyxl.load_workbook(disputed).sheetnames == ["Controls", "Team"]
    assert run("merge", "--resolve", disputed)[0] == 3
    assert run("undo", disputed)[0] == 0
    assert [row["Row"] for row in asked(disputed)] == ["AC-006"]


def test_what_is_left_keeps_what_people_typed_beside_it(disputed: Path) -> None:
    choose(
        disputed,
        (0, "Choice", "ours"),
        (1, "Choice", "nobody"),
        (1, "Notes", "hm"),
        (2, "Notes", "call Bob"),
        (2, "Other value", "x"),
    )
    code, output = run("merge", "--resolve", disputed)
    assert code == 1
    assert "AC-002  Owner: nobody is none of ours, base, alice.xlsx, other value here" in output
    assert "AC-006  row deleted: another value is no answer for a whole row" in output
    assert [[row[heading] for heading in ("Row", "Choice", "Other value", "Notes")] for row in asked(disputed)] == [
        ["AC-002", "nobody", None, "hm"],
        ["AC-006", None, "x", "call Bob"],
    ]


def test_a_choice_finds_its_cell_where_rows_were_sorted_since(disputed: Path) -> None:
    table = grid(disputed)
    swapped = {f"{letter}2": value for letter, value in zip("ABCDE", table[2], strict=False)}
    swapped |= {f"{letter}3": value for letter, value in zip("ABCDE", table[1], strict=False)}
    edit(disputed, swapped)
    choose(disputed, (0, "Choice", "alice.xlsx"), (1, "Choice", "base"))
    run("merge", "--resolve", disputed)
    assert [row[:3] for row in grid(disputed)[1:3]] == [["AC-002", "Name 2", "Alice"], ["AC-001", "Alice's name", "Alice"]]


def test_a_choice_whose_row_is_gone_stays_and_says_so(disputed: Path) -> None:
    edit(disputed, {"A2": "AC-900"})
    choose(disputed, (0, "Choice", "alice.xlsx"))
    assert "AC-001  Control name: Controls has no row with the key AC-001" in run("merge", "--resolve", disputed)[1]


def test_a_row_that_ours_deleted_comes_back_when_the_copy_is_chosen(acme: Path) -> None:
    alice = edit(acme, {"F4": dt.date(2030, 1, 1), "C4": "Zoe"}, to="alice.xlsx")
    ours, out = edit(acme, emptied(4), to="ours.xlsx"), acme.with_name("out.xlsx")
    assert run("merge", acme, ours, alice, "-o", out)[0] == 1
    choose(out, (0, "Choice", "alice.xlsx"))
    assert run("merge", "--resolve", out)[0] == 0
    assert grid(out)[7][:6] == ["AC-003", "Name 3", "Zoe", "CC6.1, CC6.2", "A.5.15; A.5.16", dt.datetime(2030, 1, 1)]  # noqa: DTZ001


def test_cells_of_rows_that_two_copies_added_are_asked_for_in_their_new_place(acme: Path) -> None:
    alice = edit(acme, {}, [["AC-100", "New", "Zoe"]], to="alice.xlsx")
    bob = edit(acme, {}, [["AC-100", "New", "Kim"]], to="bob.xlsx")
    out = acme.with_name("out.xlsx")
    assert run("merge", acme, acme, alice, bob, "-o", out)[0] == 1
    assert (grid(out)[7][:3], [row["Cell"] for row in asked(out)]) == (["AC-100", "New", None], ["Controls!C8"])
    choose(out, (0, "Choice", "bob.xlsx"))
    assert run("merge", "--resolve", out)[0] == 0
    assert grid(out)[7][:3] == ["AC-100", "New", "Kim"]


def test_another_merge_waits_for_the_decisions_of_the_first(disputed: Path) -> None:
    code, output = run(
        "merge",
        disputed.with_name("acme.xlsx"),
        disputed,
        disputed.with_name("alice.xlsx"),
        "-o",
        disputed.with_name("more.xlsx"),
    )
    assert (code, "has conflicts of an earlier merge; decide them first" in output) == (3, True)


def test_conflicts_that_somebody_damaged_are_refused_and_nothing_is_written(disputed: Path) -> None:
    choose(disputed, (0, "Data", "{}"), (0, "Choice", "ours"))
    before = disputed.read_bytes()
    code, output = run("merge", "--resolve", disputed)
    assert (code, "its cell in the column Data was changed" in output, disputed.read_bytes() == before) == (3, True, True)


def test_what_the_file_does_not_take_is_a_conflict_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "acme.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Controls")
    sheet.add_table("A1:C3", {"columns": [{"header": text} for text in HEAD[:3]], "data": [row[:3] for row in ROWS[:2]]})
    locked = book.add_worksheet("Team")
    for number, row in enumerate([["Control ID", "Owner", "SOC 2 criteria"], ["X-1", "Alice", "CC6.1"], ["X-2", "Bob", "CC6.2"]]):
        locked.write_row(number, 0, row)
    locked.protect()
    book.close()
    raw = {name: part.replace(b"<sheetProtection", b"<sheetProtection_") for name, part in members(path).items()}
    free = tmp_path / "free.xlsx"
    with zipfile.ZipFile(free, "w") as archive:
        for name, part in raw.items():
            archive.writestr(name, part.replace(b'<sheetProtection_ sheet="1" objects="1" scenarios="1"/>', b""))
    edit(free, {"B2": "Zoe"}, [["X-3", "Eve", "CC7.1"]], sheet="Team")
    out = tmp_path / "out.xlsx"
    code, output = run("merge", path, path, free, "-o", out)
    assert code == 1
    assert [(row["Row"], row["What happened"].partition(":")[0], row["free.xlsx"]) for row in asked(out)] == [
        ("X-1", "The workbook does not take the change", "Zoe"),
        ("X-3", "Row without a certain place", "Control ID: X-3\nOwner: Eve\nSOC 2 criteria: CC7.1"),
    ]
    assert "unprotect it in Excel" in output


# --- sending out ---------------------------------------------------------------------------------------------------------------------


def test_copies_are_the_workbook_but_for_their_stamp_and_the_base_is_kept(acme: Path, tmp_path: Path) -> None:
    code, output = run("send-out", acme, "--to", "alice", "--to", "Bob B./x", "-o", tmp_path / "review", "--as-of", "2026-01-31")
    assert code == 0
    base, alice, bob = (tmp_path / "review" / f"acme-{name}.xlsx" for name in ("base", "alice", "Bob B.-x"))
    assert base.read_bytes() == acme.read_bytes()
    original, copy = members(acme), members(alice)
    assert {name for name in original if original[name] != copy[name]} == {"[Content_Types].xml", "_rels/.rels"}
    assert copy.keys() - original.keys() == {"docProps/custom.xml"}
    said = {one.name: one.value for one in openpyxl.load_workbook(bob).custom_doc_props.props}
    assert said == {
        "Workbench base SHA-256": hashlib.sha256(acme.read_bytes()).hexdigest(), "Workbench base": "acme.xlsx",
        "Workbench sent to": "Bob B./x", "Workbench sent on": "2026-01-31",
    }  # fmt: skip
    assert f"{alice}  for alice" in output


def test_commands_to_go_on_with_are_quoted_for_a_shell(acme: Path, tmp_path: Path) -> None:
    code, output = run("send-out", acme, "--to", "Bob", "-o", tmp_path / "our review")
    assert (code, f"--find-base OURS '{tmp_path / 'our review' / 'acme-Bob.xlsx'}'" in output) == (0, True)
    ours, copy = edit(acme, {"C2": "Kim"}, to="ours.xlsx"), edit(acme, {"C2": "Zoe"}, to="copy.xlsx")
    output = run("merge", acme, ours, copy, "-o", tmp_path / "our review" / "out.xlsx")[1]
    assert f"workbench merge --resolve '{tmp_path / 'our review' / 'out.xlsx'}'" in output


def test_sending_out_refuses_what_it_should(acme: Path, tmp_path: Path) -> None:
    assert run("send-out", acme, "--to", "a", "--dry-run")[0] == 0
    assert not (tmp_path / "acme-a.xlsx").exists()
    assert run("send-out", acme, "--to", "a")[0] == 0
    assert run("send-out", acme, "--to", "a")[0] == 4
    assert run("send-out", acme, "--to", "a", "--force")[0] == 0
    assert run("send-out", acme, "--to", "b/c", "--to", "b-c")[0] == 2
    assert run("send-out", acme, "--to", "base")[0] == 2
    assert run("send-out", acme)[0] == 2
    (tmp_path / "a.csv").write_text("Control ID\nA\n")
    assert run("send-out", tmp_path / "a.csv", "--to", "a")[0] == 3


def test_the_base_is_found_by_what_the_copies_say(acme: Path, tmp_path: Path) -> None:
    sent = workbench.send_out(acme, ["alice", "bob"], output=tmp_path / "review", as_of=DAY)
    alice, bob = sent.copies["alice"], sent.copies["bob"]
    edit(alice, {"C2": "Zoe"})
    edit(bob, {"C4": "Kim"})
    edit(acme, {"C5": "Quinn"})
    code, output = run("merge", "--find-base", acme, alice, bob)
    assert (code, f"wrote {tmp_path / 'acme-merged.xlsx'}" in output) == (0, True)
    assert [row[2] for row in grid(tmp_path / "acme-merged.xlsx")[1:5]] == ["Zoe", "Alice", "Kim", "Quinn"]


def test_a_base_that_is_missing_or_another_is_one_line_and_exit_3(acme: Path, tmp_path: Path) -> None:
    sent = workbench.send_out(acme, ["alice", "bob"], output=tmp_path / "review", as_of=DAY)
    edit(acme, {"C5": "Quinn"})
    sent.base.write_bytes(acme.read_bytes())
    for arguments, words in (
        (("--find-base", acme, sent.copies["alice"]), "no such file lies beside acme.xlsx or them"),
        (("--find-base", sent.copies["alice"], acme), "acme.xlsx does not say which workbook it was made of"),
        ((tmp_path / "none.xlsx", acme, sent.copies["alice"]), "none.xlsx"),
    ):
        code, output = run("merge", *arguments, "-o", tmp_path / "out.xlsx")
        assert (code, words in output, output.count("\n")) == (3, True, 1)
    other = workbench.send_out(acme, ["kim"], output=tmp_path / "review", force=True, as_of=DAY)
    with pytest.raises(InputRefused, match="were made of different workbooks"):
        workbench.merge(None, acme, [sent.copies["alice"], other.copies["kim"]])
    assert not (tmp_path / "out.xlsx").exists()


def test_a_dry_run_writes_nothing_and_says_the_same(acme: Path, tmp_path: Path) -> None:
    alice = edit(acme, {"C2": "Zoe"}, to="alice.xlsx")
    before = sorted(tmp_path.iterdir())
    code, output = run("merge", acme, acme, alice, "--dry-run")
    assert (code, "Controls!C2  AC-001  Owner: Alice → Zoe  [alice.xlsx]" in output, "would write" in output) == (0, True, True)
    assert sorted(tmp_path.iterdir()) == before


def test_json_is_a_flat_list_with_the_conflicts_last(acme: Path) -> None:
    alice = edit(acme, {"C2": "Zoe", "C4": "Kim"}, to="alice.xlsx")
    ours = edit(acme, {"C4": "Eve"}, to="ours.xlsx")
    code, output = run("merge", acme, ours, alice, "--format", "json", "--dry-run", "-q")
    assert (code, json.loads(output)) == (
        1,
        [
            {"kind": "cell changed", "sheet": "Controls", "key": "AC-001", "column": "Owner", "cell": "C2", "old": "Alice", "new": "Zoe", "by": ["alice.xlsx"]},
            {
                "kind": "conflict", "what": "cell", "sheet": "Controls", "key": "AC-003", "column": "Owner", "cell": "C4", "base": "Alice", "ours": "Eve",
                "theirs": [{"copy": "alice.xlsx", "place": "Controls!C4", "value": "Kim"}], "reason": "",
            },
        ],
    )  # fmt: skip


# --- the file is what the pure merge says ----------------------------------------------------------------------------------------------

_REFS = st.sampled_from([f"{letter}{row}" for letter in "BCDE" for row in range(2, 8)])
_VALUES = st.sampled_from(["x", "y", None, "CC6.1, CC7.1", "A.5.15; A.8.1", 5, 2.5])


@st.composite
def people(draw: st.DrawFn) -> Iterator[tuple[dict[str, object], list[list[object]]]]:
    cells = draw(st.dictionaries(_REFS, _VALUES, max_size=4))
    if draw(st.booleans()):
        cells |= emptied(draw(st.integers(2, 7)))
    rows = [[f"N-{number}", "new", draw(_VALUES)] for number in draw(st.lists(st.integers(0, 2), unique=True, max_size=2))]
    return cells, rows


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(people(), min_size=2, max_size=3))
def test_the_file_says_what_the_merge_of_its_tables_says(
    acme: Path, edits: list[tuple[dict[str, object], list[list[object]]]]
) -> None:
    for old in acme.parent.glob("p*.xlsx"):
        old.unlink()
    ours, *theirs = (edit(acme, cells, rows, to=f"p{number}.xlsx") for number, (cells, rows) in enumerate(edits))
    out = acme.with_name("pout.xlsx")
    workbench.merge(acme, ours, theirs, output=out, as_of=DAY)
    versions = [read_version(path, Settings()) for path in (acme, ours, *theirs, out)]
    expected = applied(merge(versions[0], versions[1], versions[2:-1]), versions[1])
    found = [(str(one.kind), one.key, one.column, one.old, one.new) for one in diff(expected, versions[-1]).changes]
    assert found == []


# --- headings, followers, formulas -----------------------------------------------------------------------------------------------------


def test_a_renamed_heading_is_followed_also_in_an_excel_table(tmp_path: Path) -> None:
    plain, table = tmp_path / "plain.xlsx", tmp_path / "table.xlsx"
    for path in (plain, table):
        book = xlsxwriter.Workbook(path)
        sheet = book.add_worksheet("Controls")
        for number, row in enumerate([HEAD[:4], *(row[:4] for row in ROWS)]):
            sheet.write_row(number, 0, row)
        if path is table:
            sheet.add_table("A1:D7", {"columns": [{"header": heading} for heading in HEAD[:4]]})
        book.close()
    copy = edit(plain, {"C1": "Control owner"}, to="copy.xlsx")
    for number, ours in enumerate((plain, table)):
        out = tmp_path / f"out{number}.xlsx"
        assert run("merge", plain, ours, copy, "-o", out)[0] == 0
        assert grid(out)[0][2] == "Control owner"
    listed = openpyxl.load_workbook(tmp_path / "out1.xlsx")["Controls"].tables["Table1"].tableColumns
    assert [column.name for column in listed] == [*HEAD[:2], "Control owner", HEAD[3]]


def test_a_heading_that_two_people_renamed_is_decided_like_a_cell(acme: Path) -> None:
    ours, copy = edit(acme, {"C1": "Who"}, to="ours.xlsx"), edit(acme, {"C1": "Control owner"}, to="copy.xlsx")
    out = acme.with_name("out.xlsx")
    assert run("merge", acme, ours, copy, "-o", out)[0] == 1
    choose(out, (0, "Choice", "copy.xlsx"))
    assert run("merge", "--resolve", out)[0] == 0
    assert grid(out)[0][2] == "Control owner"


def test_rows_below_an_emptied_row_get_the_key_that_it_said_for_them(tmp_path: Path) -> None:
    path = tmp_path / "acme.xlsx"
    rows = [
        ["CC6.1", "A.5.15", "equal"],
        [None, "A.5.16", "equal"],
        [None, "A.8.2", "equal"],
        ["CC6.2", "A.8.3", "equal"],
        [None, "A.8.5", "equal"],
    ]
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Mapping")
    for number, row in enumerate([["Source", "Target", "Relationship"], *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    copy = edit(path, {"A2": None, "B2": None, "C2": None, "A3": "CC6.1"}, sheet="Mapping", to="copy.xlsx")
    workbench.merge(path, path, [copy], output=tmp_path / "out.xlsx", as_of=DAY)
    assert grid(tmp_path / "out.xlsx", "Mapping")[1:4] == [[None] * 3, ["CC6.1", "A.5.16", "equal"], [None, "A.8.2", "equal"]]


def test_another_formula_is_asked_for_and_never_copied(acme: Path) -> None:
    copy = acme.with_name("copy.xlsx")
    parts = members(acme)
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<f>LEN(D3)</f><v>12</v>", b"<f>LEN(D3)*2</f><v>24</v>")
    with zipfile.ZipFile(copy, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else part)
    out = acme.with_name("out.xlsx")
    assert run("merge", acme, acme, copy, "-o", out)[0] == 1
    assert [(row["What happened"], row["Ours"], row["copy.xlsx"]) for row in asked(out)] == [
        ("Another formula", "=LEN(D3)", "=LEN(D3)*2")
    ]
    choose(out, (0, "Choice", "copy.xlsx"))
    code, output = run("merge", "--resolve", out)
    assert (code, "a formula is not copied from another file" in output) == (1, True)
    assert grid(out)[2][6] == "=LEN(D3)"


def test_what_people_add_to_the_sheet_of_conflicts_stays_with_what_is_left(disputed: Path) -> None:
    book = open_workbook(disputed)
    book.append_column("Conflicts", "Who decides", {1: "Ann", 2: "Ben", 3: "Cy"})
    book.save(backup=False)
    choose(disputed, (0, "Choice", "ours"))
    run("merge", "--resolve", disputed)
    assert [(row["Row"], row["Who decides"]) for row in asked(disputed)] == [("AC-002", "Ben"), ("AC-006", "Cy")]


def test_a_conflict_about_a_very_long_row_is_decided_too(acme: Path) -> None:
    base = edit(acme, {"B3": "b" * 30_000, "D3": "d" * 30_000}, to="base.xlsx")
    ours, copy = edit(base, emptied(3), to="ours.xlsx"), edit(base, {"C3": "Zoe"}, to="copy.xlsx")
    out = acme.with_name("out.xlsx")
    assert run("merge", base, ours, copy, "-o", out)[0] == 1
    assert [heading for heading in asked(out)[0] if heading.startswith("Data")][:2] == ["Data", "Data 2"]
    choose(out, (0, "Choice", "copy.xlsx"))
    assert run("merge", "--resolve", out)[0] == 0
    assert grid(out)[7][:4] == ["AC-002", "b" * 30_000, "Zoe", "d" * 30_000]


def test_a_choice_among_many_copies_leaves_nothing_behind_when_it_is_made(acme: Path) -> None:
    copies = [edit(acme, {"C2": f"name {n}"}, to=f"a copy with a rather long name for number {n}.xlsx") for n in range(12)]
    out = acme.with_name("out.xlsx")
    assert run("merge", acme, acme, *copies, "-o", out)[0] == 1
    choose(out, (0, "Choice", copies[3].name))
    assert run("merge", "--resolve", out)[0] == 0
    assert grid(out)[1][2] == "name 3"
    assert members(out).keys() == members(acme).keys()


# --- edited after the merge ------------------------------------------------------------------------------------------------------------


def test_what_somebody_typed_after_the_merge_is_asked_for_again_and_never_overwritten(disputed: Path) -> None:
    edit(disputed, {"B2": "Changed since"})
    choose(disputed, (0, "Choice", "alice.xlsx"), (0, "Notes", "as agreed"))
    code, output = run("merge", "--resolve", disputed)
    assert (code, "AC-001  Control name: Controls!B2 was changed since, to Changed since; choose again" in output) == (1, True)
    assert grid(disputed)[1][1] == "Changed since"
    row = asked(disputed)[0]
    assert (row["Ours"], row["Choice"], row["Notes"]) == ("Changed since", None, "as agreed\nChosen before: alice.xlsx")
    choose(disputed, (0, "Choice", "alice.xlsx"))
    run("merge", "--resolve", disputed)
    assert grid(disputed)[1][1] == "Alice's name"


def test_a_row_that_somebody_edited_after_the_merge_is_not_emptied(disputed: Path) -> None:
    edit(disputed, {"B7": "Changed since"})
    choose(disputed, (2, "Choice", "bob.xlsx"))
    assert (
        "AC-006  row deleted: Controls!B7 was changed since, to Changed since; choose again"
        in run("merge", "--resolve", disputed)[1]
    )
    assert grid(disputed)[6][:2] == ["AC-006", "Changed since"]
    assert "Control name: Changed since" in str(asked(disputed)[2]["Ours"])


def test_a_row_that_somebody_brought_back_after_the_merge_is_not_added_again(acme: Path) -> None:
    alice, ours = edit(acme, {"C4": "Zoe"}, to="alice.xlsx"), edit(acme, emptied(4), to="ours.xlsx")
    out = acme.with_name("out.xlsx")
    run("merge", acme, ours, alice, "-o", out)
    edit(out, {"A4": "AC-003"})
    choose(out, (0, "Choice", "alice.xlsx"))
    assert "Controls has a row AC-003 again (row 4)" in run("merge", "--resolve", out)[1]
    assert len(grid(out)) == 7


def test_without_a_decision_neither_the_file_nor_its_backup_changes(disputed: Path) -> None:
    backup = disputed.with_name("out.xlsx.bak")
    backup.write_bytes(b"older")
    before = disputed.read_bytes()
    code, output = run("merge", "--resolve", disputed)
    assert (code, "changed" in output, disputed.read_bytes() == before, backup.read_bytes()) == (1, False, True, b"older")


# --- copies that are something else ----------------------------------------------------------------------------------------------------


def test_a_csv_copy_changes_what_was_typed_and_neither_dates_nor_formulas(acme: Path) -> None:
    rows = [[cell.date() if isinstance(cell, dt.datetime) else cell for cell in row] for row in grid(acme)]
    rows[2][2], rows[4][5] = "Zoe", dt.date(2027, 5, 5)
    copy, out = acme.with_name("copy.csv"), acme.with_name("out.xlsx")
    with copy.open("w", newline="") as file:
        csv.writer(file).writerows([*row[:6], 99 if number else "Length"] for number, row in enumerate(rows))
    code, output = run("merge", acme, acme, copy, "-o", out)
    assert (code, "no longer has the sheet" in output) == (0, False)
    before, after = grid(acme), grid(out)
    changed = {
        (row, column): value
        for row, cells in enumerate(after)
        for column, value in enumerate(cells)
        if value != before[row][column]
    }
    assert changed == {(2, 2): "Zoe", (4, 5): dt.datetime(2027, 5, 5)}  # noqa: DTZ001


def test_a_copy_of_another_workbook_is_said_and_deletes_nothing(acme: Path, tmp_path: Path) -> None:
    sent = workbench.send_out(acme, ["alice"], output=tmp_path / "review", as_of=DAY)
    other = edit(acme, {"C5": "Quinn"}, to="other.xlsx")
    code, output = run("merge", other, other, sent.copies["alice"], "-o", tmp_path / "out.xlsx")
    assert (code, "acme-alice.xlsx says that it was made of acme.xlsx (SHA-256 " in output) == (0, True)
    code, output = run("merge", acme, acme, sent.copies["alice"], "-o", tmp_path / "out.xlsx", "--force")
    assert (code, "says that it was made of" in output) == (0, False)


def other_program(path: Path, to: str) -> Path:
    """What somebody makes of it in openpyxl: rows sorted downwards, a column Risk after the key, three cells changed, a row added, no results of formulas."""
    book = openpyxl.load_workbook(path)
    sheet = book["Controls"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    rows[1:] = rows[:0:-1]
    rows[1][2], rows[2][5], rows[3][4] = "Zoe", dt.date(2027, 1, 5), "A.5.16; A.8.1"
    rows.append(["AC-100", "New", "Bob", "CC7.1", "A.8.15", dt.date(2026, 9, 9), None])
    for number, row in enumerate(rows, 1):
        risk = f"R-{row[0]}" if number > 1 else "Risk"
        length = f"=LEN(E{number})" if 1 < number < len(rows) else row[6]
        for at, value in enumerate([row[0], risk, *row[1:6], length], 1):
            sheet.cell(number, at).value = value
            sheet.cell(number, at).number_format = "yyyy-mm-dd" if at == 7 else "General"
    book.save(path.with_name(to))
    return path.with_name(to)


def merges_what_another_program_saved(acme: Path, copy: Path) -> None:
    ours, out = edit(acme, {"C5": "Kim"}, to="ours.xlsx"), acme.with_name("out.xlsx")
    code, output = run("merge", acme, ours, copy, "-o", out)
    assert (code, output.splitlines()[-2]) == (0, "3 cells changed, 1 row added, 1 column added")
    expected = [[*row, "Risk" if not number else f"R-{row[0]}"] for number, row in enumerate(grid(ours))]
    expected[4][4], expected[5][5], expected[6][2] = "A.5.16; A.8.1", dt.datetime(2027, 1, 5), "Zoe"  # noqa: DTZ001
    expected.append(["AC-100", "New", "Bob", "CC7.1", "A.8.15", dt.datetime(2026, 9, 9), None, "R-AC-100"])  # noqa: DTZ001
    assert grid(out) == expected


def test_a_copy_that_openpyxl_saved_with_sorted_rows_and_a_column_between_is_merged(acme: Path) -> None:
    merges_what_another_program_saved(acme, other_program(acme, "copy.xlsx"))


@pytest.mark.rendering
def test_a_copy_that_libreoffice_saved_with_sorted_rows_and_a_column_between_is_merged(acme: Path, tmp_path: Path) -> None:
    merges_what_another_program_saved(acme, recalculated(other_program(acme, "copy.xlsx"), tmp_path / "office"))


def test_a_row_that_one_copy_deleted_and_another_edited_is_decided_as_it_is_shown(acme: Path) -> None:
    alice, bob = edit(acme, emptied(3), to="alice.xlsx"), edit(acme, {"B3": "Bob's name"}, to="bob.xlsx")
    out = acme.with_name("out.xlsx")
    assert run("merge", acme, acme, alice, bob, "-o", out)[0] == 1
    assert (grid(out)[2][1], "Control name: Bob's name" in str(asked(out)[0]["Ours"])) == ("Bob's name", True)
    choose(out, (0, "Choice", "alice.xlsx"))
    assert run("merge", "--resolve", out)[0] == 0
    assert grid(out)[2] == [None] * 7


def test_a_key_typed_twice_in_a_copy_of_another_program_is_one_question(acme: Path) -> None:
    book = openpyxl.load_workbook(acme)
    book["Controls"]["A5"] = "AC-003"
    book.save(acme.with_name("copy.xlsx"))
    out = acme.with_name("out.xlsx")
    code, output = run("merge", acme, acme, acme.with_name("copy.xlsx"), "-o", out)
    assert (code, [(row["Cell"], row["Ours"], row["copy.xlsx"]) for row in asked(out)]) == (
        1,
        [("Controls!A5", "AC-004", "AC-003")],
    )
    assert "rows share a key: AC-003 (rows 4, 5)" in output
    assert grid(out) == grid(acme)


def entry(reviewer: str) -> Entry:
    return Entry(
        DAY,
        DAY,
        reviewer,
        "AC-003",
        "CC6.1",
        "accept",
        "equal",
        "as agreed",
        "",
        "id added",
        "Controls!D4",
        "",
        "CC6.1",
        "review.xlsx",
    )


def test_logs_of_several_people_become_one_that_goes_on(acme: Path) -> None:
    copies = []
    for name in ("Alice", "Bob"):
        book = open_workbook(acme)
        decision_log.add(book, [entry(name), entry("Both")], DAY)
        book.save(acme.with_name(f"{name}.xlsx"))
        copies.append(acme.with_name(f"{name}.xlsx"))
    out = acme.with_name("out.xlsx")
    assert run("merge", acme, copies[0], copies[1], "-o", out)[0] == 0
    log = grid(out, "Decision log")
    assert [row[2] for row in log[next(at for at, row in enumerate(log) if row[2] == "Decided by") :]] == [
        "Decided by",
        "Alice",
        "Both",
        "Bob",
    ]
    run("merge", acme, acme, copies[1], "-o", out, "--force")
    book = open_workbook(out)
    assert decision_log.add(book, [entry("Cy")], DAY) == "Decision log"

"""Findings in the analyst's own workbook, and out of it again."""

import datetime as dt
import hashlib
import io
import json
import shutil
import subprocess
import warnings
import zipfile
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from corpus import workbooks
from faults import faults
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import Border, Color, Font, GradientFill, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName

import workbench
from workbench.cli import workbench as command_line
from workbench.editing import Formula, open_workbook
from workbench.model import Finding, InputRefused, OutputError, Severity
from workbench.reading import read_book
from workbench.revising import annotate, clear
from workbench.revising.clearing import cleared
from workbench.revising.colours import Colours
from workbench.settings import Settings

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "input_workbooks").glob("*.xlsx"))
DAY = dt.date(2026, 6, 30)
ERROR, WARNING, NOTE = "F6CFC1", "FBE6C9", "E3ECF5"
HEADINGS = ["Control ID", "Control name", "Status", "SOC 2 criteria", "ISO 27001"]
ROWS = [
    ["AC-001", "User access", "Implemented", "CC6.1, CC6.2", "A.9.1.1"],
    ["AC-001", "Backups", "Implemented", "A1.2", "A.8.13"],
    ["AC-003", "Logging", "kind of", "CC7.2", "A.8.15"],
]


def finding(cell, severity="error", *, sheet="Controls", rule="MAP004", message="", fix=""):
    return Finding(
        rule, Severity(severity), message or f"{cell} is wrong", fix or f"mend {cell}", "acme.xlsx", sheet, cell
    )  # fmt: skip


def made(path, rows=ROWS, *, change=lambda _: None):
    """A small control library, saved by openpyxl after ``change``."""
    book = openpyxl.Workbook()
    book.active.title = "Controls"
    for row in (HEADINGS, *rows):
        book.active.append(row)
    change(book)
    book.save(path)
    return path


@pytest.fixture
def acme(tmp_path):
    return made(tmp_path / "acme.xlsx")


def loaded(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def fills(path, sheet="Controls"):
    """Cell → colour of every cell with a solid fill, as openpyxl reads them."""
    cells = (cell for row in loaded(path)[sheet].iter_rows() for cell in row if cell.fill.fill_type == "solid")
    return {cell.coordinate: cell.fill.fgColor.rgb[2:] for cell in cells if cell.fill.fgColor.type == "rgb"}


def notes(path, sheet="Controls"):
    cells = (cell for row in loaded(path)[sheet].iter_rows() for cell in row if cell.comment)
    return {cell.coordinate: (cell.comment.author, cell.comment.text) for cell in cells}


def listed(path, sheet="Findings"):
    """The rows of our sheet below its headings; a link is shown behind its text."""
    rows = [
        [f"{cell.value} → {cell.hyperlink.location}" if cell.hyperlink else cell.value for cell in row]
        for row in loaded(path)[sheet].iter_rows()
    ]
    top = next(number for number, row in enumerate(rows) if "Place" in row)
    return rows[top:]


def looks(path):
    """Everything that openpyxl can tell about every cell, in words."""
    book = loaded(path)
    found = {}
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                look = (cell.value, _look(cell.fill), _look(cell.font), _look(cell.border), cell.number_format)
                look += (_look(cell.alignment), _look(cell.protection), cell.comment and cell.comment.text)
                found[page.title, cell.coordinate] = repr(look)
    blank = repr(look_of_nothing())
    return book.sheetnames, {place: look for place, look in found.items() if look != blank}, sorted(book.defined_names)


def look_of_nothing():
    cell = openpyxl.Workbook().active["A1"]
    return (
        None,
        _look(cell.fill),
        _look(cell.font),
        _look(cell.border),
        "General",
        _look(cell.alignment),
        _look(cell.protection),
        None,
    )


def _look(part):
    return str(part)


def parts(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        return {name: package.read(name) for name in package.namelist()}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def edit(path, change):
    """The file edited by the lossless editor, in place."""
    book = open_workbook(path)
    change(book)
    book.save(path, backup=False)


# --- what goes in ----------------------------------------------------------------------------------------------------


def test_cells_get_the_colour_of_the_worst_finding_a_note_with_all_and_a_row_each_on_our_sheet(acme):
    found = [
        finding("E2", "warning", rule="MAP007", message="odd letter", fix="retype it"),
        finding("E2", "error", message="a 2013 id", fix="A.5.15"),
        finding("C4", "note", rule="CTL004", message="unknown word", fix="say how far it is"),
        finding("A3", "warning", rule="CTL002", message="used twice", fix="choose another"),
        finding("A1", "note", sheet="", rule="WBK001", message="macros", fix="look at them"),
    ]
    done = annotate(acme, found, DAY)
    assert fills(acme) == {"E2": ERROR, "C4": NOTE, "A3": WARNING}
    assert notes(acme) == {
        "A3": ("Mapping workbench", "▲ warning CTL002\nused twice\nchoose another"),
        "C4": ("Mapping workbench", "○ note CTL004\nunknown word\nsay how far it is"),
        "E2": ("Mapping workbench", "■ error MAP004\na 2013 id\nA.5.15\n\n▲ warning MAP007\nodd letter\nretype it"),
    }
    assert listed(acme) == [
        ["Severity", "Place", "Rule", "What is wrong", "What to do"],
        ["■ error", "Controls!E2 → 'Controls'!E2", "MAP004", "a 2013 id", "A.5.15"],
        ["▲ warning", "Controls!E2 → 'Controls'!E2", "MAP007", "odd letter", "retype it"],
        ["▲ warning", "Controls!A3 → 'Controls'!A3", "CTL002", "used twice", "choose another"],
        ["○ note", "Controls!C4 → 'Controls'!C4", "CTL004", "unknown word", "say how far it is"],
        ["○ note", "(the workbook)", "WBK001", "macros", "look at them"],
    ]
    assert (done.cells, done.notes, done.sheet, done.remarks) == (3, 3, "Findings", ())


def test_everything_else_of_a_cell_stays(tmp_path):
    def dress(book):
        cell = book.active["E2"]
        cell.font, cell.number_format = Font(name="Arial", size=13, bold=True, color="FF123456"), "@"
        cell.border = Border(left=Side("thick", color="FFFF0000"))
        cell.fill = PatternFill("solid", fgColor="FFFFFF00")

    path = made(tmp_path / "acme.xlsx", change=dress)
    before = loaded(path)["Controls"]["E2"]
    annotate(path, [finding("E2")], DAY)
    after = loaded(path)["Controls"]["E2"]
    assert [_look(getattr(after, name)) for name in ("font", "border", "alignment", "protection")] == [
        _look(getattr(before, name)) for name in ("font", "border", "alignment", "protection")
    ]
    assert (after.value, after.number_format) == ("A.9.1.1", "@")
    assert after.fill.fgColor.rgb[2:] != ERROR
    assert all(abs(a - b) <= 3 for a, b in zip(bytes.fromhex(after.fill.fgColor.rgb[2:]), bytes.fromhex(ERROR), strict=True))


def test_a_finding_is_shown_at_the_first_cell_of_a_range_and_at_the_cell_of_a_merge_that_is_seen(tmp_path):
    path = made(tmp_path / "acme.xlsx", change=lambda book: book.active.merge_cells("B3:C4"))
    annotate(path, [finding("D2:D4"), finding("C4", "note"), finding("H9", "warning")], DAY)
    assert fills(path) == {"D2": ERROR, "B3": NOTE, "H9": WARNING}
    assert set(notes(path)) == {"D2", "B3", "H9"}


def test_notes_and_threads_of_people_stay_and_what_could_not_be_noted_is_said(tmp_path):
    def comment(book):
        book.active["E2"].comment = Comment("Ask Kim", "Lee")

    path = made(tmp_path / "acme.xlsx", change=comment)
    done = annotate(path, [finding("E2"), finding("E3")], DAY)
    assert notes(path)["E2"] == ("Lee", "Ask Kim")
    assert set(fills(path)) == {"E2", "E3"}
    assert (done.notes, done.remarks) == (1, ("somebody's note or thread is there: coloured and listed only (1 cell)",))


def test_what_cannot_be_coloured_is_listed_and_said(tmp_path):
    def guard(book):
        for name in ("Locked", "Data"):
            book.create_sheet(name)["A1"] = "x"
        book["Locked"].protection.sheet = True
        book.active["E2"].fill = PatternFill("lightGrid", fgColor="FFFF0000")
        book.active["E3"].fill = GradientFill(stop=("FF000000", "FFFFFFFF"))
        book.create_chartsheet("Chart").add_chart(BarChart())

    path = made(tmp_path / "acme.xlsx", change=guard)
    places = [finding("A1", sheet=name) for name in ("Locked", "Data", "Chart")]
    done = annotate(path, [finding("E2"), finding("E3"), *places], DAY)
    assert (fills(path), fills(path, "Data"), fills(path, "Locked")) == ({}, {"A1": ERROR}, {})
    assert len(listed(path)) == 6
    assert done.remarks == (
        "Locked is protected: listed only (1 cell)",
        "Chart is no worksheet: listed only (1 cell)",
        "the pattern or gradient of a cell stays: not coloured (2 cells)",
    )


def test_there_are_at_most_so_many_notes_and_the_worst_come_first(acme, monkeypatch):
    monkeypatch.setattr(import_module("workbench.revising.annotate"), "MOST_NOTES", 2)
    done = annotate(acme, [finding("A2", "note"), finding("A3", "error"), finding("A4", "warning")], DAY)
    assert (set(notes(acme)), set(fills(acme))) == ({"A3", "A4"}, {"A2", "A3", "A4"})
    assert done.remarks == ("a workbook gets at most 2 notes: coloured and listed only (1 cell)",)


def test_a_note_tells_of_many_findings_without_all_of_them(acme):
    annotate(acme, [finding("E2", message=f"fault {number}") for number in range(11)], DAY)
    text = notes(acme)["E2"][1]
    assert text.count("■ error") == 8
    assert text.endswith("… 3 more findings are listed on the sheet Findings")


def test_a_sheet_findings_of_somebodys_own_is_left_alone(tmp_path):
    def own(book):
        book.create_sheet("findings").append(["Auditor", "Finding"])

    path = made(tmp_path / "acme.xlsx", change=own)
    before = parts(path.read_bytes())["xl/worksheets/sheet2.xml"]
    assert annotate(path, [finding("E2")], DAY).sheet == "Findings (2)"
    assert loaded(path).sheetnames == ["Controls", "findings", "Findings (2)"]
    assert parts(path.read_bytes())["xl/worksheets/sheet2.xml"] == before
    clear(path)
    assert loaded(path).sheetnames == ["Controls", "findings"]


def test_where_nothing_is_found_nothing_is_written(acme):
    before = sha256(acme)
    done = annotate(acme, [], DAY)
    assert (sha256(acme), done.sheet, done.cells, list(acme.parent.iterdir())) == (before, "", 0, [acme])


def test_a_protected_structure_gets_no_sheet_and_everything_else(tmp_path):
    def lock(book):
        book.security.lockStructure = True

    path = made(tmp_path / "acme.xlsx", change=lock)
    before = sha256(path)
    done = annotate(path, [finding("E2")], DAY)
    assert (fills(path), loaded(path).sheetnames, done.sheet) == ({"E2": ERROR}, ["Controls"], "")
    assert done.remarks[0].startswith("no sheet Findings: the structure of the workbook is protected")
    clear(path)
    assert sha256(path) == before


# --- what comes out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda path: path.stem)
def test_annotating_changes_no_finding_twice_is_once_and_clearing_gives_the_file_back(tmp_path, shipped):
    path = tmp_path / shipped.name
    shutil.copy(shipped, path)
    found = workbench.check(path, as_of=DAY)
    done = annotate(path, found, DAY)
    once = sha256(path)
    assert workbench.check(path, as_of=DAY) == found
    assert done.cells == len({(one.sheet, one.cell) for one in found if one.sheet}) or shipped.stem == "harbor-payments"
    annotate(path, found, DAY)
    assert sha256(path) == once
    restored = clear(path)
    assert sha256(path) == sha256(shipped)
    assert (restored.cleared.cells, restored.cleared.notes) == (done.cells, done.notes)


def test_every_workbook_of_the_corpus_is_whole_with_findings_and_the_same_without(tmp_path):
    path = tmp_path / "sample.xlsx"
    for number, sample in enumerate(workbooks()):
        names = open_workbook(sample.data).sheet_names
        cells = [
            (sample.sheet, sample.cell, "error"),
            *((name, "B2:C3", "note") for name in names[:2]),
            (names[-1], "A1", "warning"),
        ]
        found = [finding(cell, severity, sheet=name) for name, cell, severity in cells]
        path.write_bytes(sample.data)
        annotate(path, found, DAY)
        annotated = path.read_bytes()
        if number % 9 == 0:  # looking for faults takes longer than all the rest
            assert set(faults(annotated)) <= set(faults(sample.data)), sample.name
        assert cleared(open_workbook(annotated)).content == sample.data, sample.name


def test_cells_that_are_clean_by_now_get_their_own_look_back(tmp_path):
    def dress(book):
        book.active["E2"].fill = PatternFill("solid", fgColor=Color(theme=5, tint=0.6))
        book.active["A3"].fill = PatternFill("solid", fgColor="FF00FF00")

    path = made(tmp_path / "acme.xlsx", change=dress)
    before = looks(path)[1]
    annotate(path, [finding("E2"), finding("A3"), finding("B4")], DAY)
    annotate(path, [finding("B4", "note")], DAY)
    assert fills(path) == {"A3": "00FF00", "B4": NOTE}
    assert looks(path)[1]["Controls", "E2"] == before["Controls", "E2"]
    assert set(notes(path)) == {"B4"}
    assert [row[1] for row in listed(path)[1:]] == ["Controls!B4 → 'Controls'!B4"]


COLOURS = st.sampled_from(["FFFFFF00", "FF00FF00", "FF112233", "FFF6CFC0"])
PATTERNS = st.one_of(
    st.builds(lambda colour: PatternFill("solid", fgColor=colour), COLOURS),
    st.builds(lambda theme, tint: PatternFill("solid", fgColor=Color(theme=theme, tint=tint)), st.integers(0, 9), st.sampled_from([0, 0.4])),
    st.builds(lambda number: PatternFill("solid", fgColor=Color(indexed=number)), st.integers(8, 50)),
    st.just(PatternFill("gray125")),
    st.just(PatternFill("darkGrid", fgColor="FF112233")),
)  # fmt: skip
CELLS = st.builds(lambda column, row: f"{column}{row}", st.sampled_from("ABCDEFH"), st.integers(1, 7))
SEVERITIES = st.sampled_from(["error", "warning", "note"])
VALUES = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8),
    st.integers(-99, 99), st.booleans(), st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), st.just(Formula("A2")),
)  # fmt: skip


@st.composite
def dressed(draw):
    """A workbook that openpyxl or XlsxWriter wrote, with random looks of cells, rows and columns."""
    out = io.BytesIO()
    if draw(st.booleans()):
        looks_of = draw(st.dictionaries(CELLS, PATTERNS, max_size=6))
        row, column = draw(st.integers(1, 8)), draw(st.sampled_from("BEH"))

        def dress(book):
            for cell, fill in looks_of.items():
                book.active[cell].fill = fill
            book.active.row_dimensions[row].fill = PatternFill("solid", fgColor="FFEEEEEE")
            book.active.column_dimensions[column].fill = PatternFill("solid", fgColor="FFDDDDDD")

        made(out, change=dress)
        return out.getvalue()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": draw(st.booleans())})
    page = book.add_worksheet("Controls")
    formats = [
        book.add_format({"bg_color": colour, "italic": True})
        for colour in draw(st.lists(COLOURS.map(lambda one: "#" + one[2:]), max_size=3))
    ]
    if formats:
        page.set_row(5, 20, formats[0])
        page.set_column("D:D", 12, formats[-1])
    for number, row in enumerate((HEADINGS, *ROWS)):
        for at, text in enumerate(row):
            page.write_string(number, at, text, formats[(number + at) % len(formats)] if formats and at % 2 else None)
    if draw(st.booleans()):
        page.write_comment("E2", "mine", {"author": "Lee"})
    book.close()
    return out.getvalue()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    raw=dressed(),
    found=st.lists(st.builds(finding, CELLS, SEVERITIES), max_size=8),
    edits=st.dictionaries(CELLS, VALUES, max_size=4),
)
def test_laws_of_annotating_and_clearing(tmp_path_factory, raw, found, edits):
    """Clear undoes annotate; twice is once; and what people edit in between is all that is left of it, in every part."""
    folder = tmp_path_factory.mktemp("laws", numbered=True)
    path, plain = folder / "acme.xlsx", folder / "plain.xlsx"
    for one in (path, plain):
        one.write_bytes(raw)
    annotate(path, found, DAY)
    once = path.read_bytes()
    annotate(path, found, DAY)
    assert path.read_bytes() == once
    clear(path)
    assert path.read_bytes() == raw
    annotate(path, found, DAY)

    def change(book):
        for cell, value in edits.items():
            book.set_cell("Controls", cell, value)

    edit(path, change)
    edit(plain, change)
    clear(path)
    assert same_parts(path, plain) == []


def same_parts(path, other):
    """The parts that differ."""
    one, two = parts(path.read_bytes()), parts(other.read_bytes())
    return sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.set_cell("Controls", "E2", "A.5.15"),
        lambda book: book.set_cell("Controls", "H9", dt.date(2026, 1, 2)),
        lambda book: book.highlight("Controls", "B2", "FFFF00"),
        lambda book: book.append_rows("Controls", [["AC-009", "New"]]),
        lambda book: book.append_column("Controls", "Owner", {1: "Kim"}),
        lambda book: book.note("Controls", "B2", "look here", author="Kim"),
        lambda book: book.set_property("Client", "Acme"),
    ],
    ids=["value", "date", "fill", "rows", "column", "note", "property"],
)  # fmt: skip
def test_what_our_own_tools_edit_in_between_is_left_and_nothing_else(tmp_path, change):
    path, plain = (made(tmp_path / name) for name in ("acme.xlsx", "plain.xlsx"))
    shutil.copy(plain, path)
    annotate(path, [finding("E2"), finding("A4", "note"), finding("A5", "warning")], DAY)
    edit(path, change)
    edit(plain, change)
    clear(path)
    assert looks(path) == looks(plain)
    named = {
        "xl/comments1.xml",
        "xl/comments/comment1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "_rels/.rels",
    }  # numbers in them are others
    assert set(same_parts(path, plain)) <= named


def test_a_sheet_added_by_our_own_tools_in_between_is_left_as_it_is(tmp_path):
    path, plain = (made(tmp_path / name) for name in ("acme.xlsx", "plain.xlsx"))
    shutil.copy(plain, path)
    annotate(path, [finding("E2"), finding("A4", "note")], DAY)
    for one in (path, plain):
        edit(one, lambda book: book.add_sheet("Log", [["who", dt.date(2026, 2, 3)]], mark="_workbench.Log"))
    clear(path)
    assert looks(path) == looks(plain)


@pytest.mark.parametrize("how", ["openpyxl", pytest.param("LibreOffice", marks=pytest.mark.rendering)])
def test_what_another_program_saved_in_between_gets_its_own_looks_back_too(tmp_path, how):
    def dress(book):
        for row, fill in enumerate([PatternFill("solid", fgColor="FFFFFF00"), PatternFill("solid", fgColor="FF00FF00")], 2):
            book.active.cell(row, 5).fill = fill
            book.active.cell(row, 1).font = Font(bold=True)

    path = made(tmp_path / "acme.xlsx", change=dress)
    plain = saved_by(how, path, tmp_path / "plain")
    found = [
        finding(cell, severity)
        for cell, severity in (("E2", "error"), ("E3", "error"), ("E4", "error"), ("A2", "note"), ("H7", "warning"))
    ]
    annotate(path, found, DAY)
    path = saved_by(how, path, tmp_path / "annotated")
    assert clear(path).cleared.exact is False
    assert looks(saved_by(how, path, tmp_path / "again")) == looks(saved_by(how, plain, tmp_path / "twice"))


def saved_by(how, path, folder):
    folder.mkdir()
    if how == "openpyxl":
        loaded(path).save(folder / path.name)
    else:
        user = (folder.parent / "profile").as_uri()
        command = [
            "soffice",
            f"-env:UserInstallation={user}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder),
            str(path),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / path.name


def test_rows_that_were_sorted_in_between_take_their_own_looks_along(tmp_path):
    def dress(book):
        book.active["E2"].fill = PatternFill("solid", fgColor="FF00FF00")

    path = made(tmp_path / "acme.xlsx", change=dress)
    annotate(path, [finding("E2"), finding("E4", "note")], DAY)
    book = loaded(path)
    book["Controls"].move_range("A2:E2", rows=8)
    book.save(path)
    clear(path)
    assert fills(path) == {"E10": "00FF00"}


def test_nothing_to_clear_writes_nothing(acme):
    before = sha256(acme)
    assert clear(acme).changes.backup is None
    assert (sha256(acme), list(acme.parent.iterdir())) == (before, [acme])


# --- what people typed beside findings -------------------------------------------------------------------------------

FOUND = [
    finding("E2", message="a 2013 id"),
    finding("A3", "warning", rule="CTL002", message="used twice"),
    finding("C4", "note", rule="CTL004"),
]


def typed(path, *columns):
    """Columns added behind ours by hand: heading, then a value a row."""
    book = loaded(path)
    page = book["Findings"]
    top = next(row[0].row for row in page.iter_rows() if row[1].value == "Place")
    for at, values in enumerate(columns, 6):
        for offset, value in enumerate(values):
            page.cell(top + offset, at).value = value
    book.save(path)


def test_what_was_typed_beside_a_finding_moves_with_it(acme):
    annotate(acme, FOUND, DAY)
    day = dt.datetime.fromisoformat("2026-07-01")
    typed(acme, ["Who looks at it", "Kim", None, "Lee"], ["By", day, None, None])
    again = [
        finding("E9", message="a 2013 id"),
        finding("A2", "error"),
        finding("C4", "note", rule="CTL004", message="another word"),
    ]
    annotate(acme, again, DAY)
    assert [[*row[:2], *row[5:]] for row in listed(acme)] == [
        ["Severity", "Place", "Who looks at it", "By"],
        ["■ error", "Controls!E9 → 'Controls'!E9", "Kim", day],
        ["■ error", "Controls!A2 → 'Controls'!A2", None, None],
        ["○ note", "Controls!C4 → 'Controls'!C4", "Lee", None],
    ]


def test_what_was_typed_beside_a_finding_that_is_gone_keeps_a_row(acme):
    annotate(acme, FOUND, DAY)
    typed(acme, ["Who looks at it", "Kim", "Lee"])
    for _ in range(2):
        annotate(acme, FOUND[1:], DAY)
    assert listed(acme)[1:] == [
        ["▲ warning", "Controls!A3 → 'Controls'!A3", "CTL002", "used twice", "mend A3", "Lee"],
        ["○ note", "Controls!C4 → 'Controls'!C4", "CTL004", "C4 is wrong", "mend C4", None],
        ["no longer found", "Controls!E2", "MAP004", "a 2013 id", None, "Kim"],
    ]
    assert annotate(acme, [], DAY).sheet == "Findings"


def test_clearing_refuses_to_lose_what_was_typed_unless_it_is_told_to(acme):
    before = acme.read_bytes()
    annotate(acme, FOUND, DAY)
    typed(acme, ["Who looks at it", "Kim", None, "Lee"])
    held = acme.read_bytes()
    with pytest.raises(InputRefused) as refusal:
        clear(acme)
    top = next(row[0].row for row in loaded(acme)["Findings"].iter_rows() if row[1].value == "Place")
    assert str(refusal.value) == (
        f"acme.xlsx: Findings!F{top + 1}, Findings!F{top + 3} hold what somebody typed; "
        "copy that to a sheet of your own, or --force lets it go"
    )
    assert acme.read_bytes() == held
    clear(acme, force=True)
    assert looks(acme) == looks(io.BytesIO(before))


def test_what_was_typed_where_no_finding_stands_is_not_lost_either(acme):
    annotate(acme, FOUND, DAY)
    book = loaded(acme)
    book["Findings"]["B40"] = "Call the auditor"
    book.save(acme)
    held = acme.read_bytes()
    for command in (lambda: annotate(acme, FOUND, DAY), lambda: clear(acme)):
        with pytest.raises(InputRefused, match=r"acme\.xlsx: Findings!B40 holds what somebody typed"):
            command()
    assert acme.read_bytes() == held
    annotate(acme, FOUND, DAY, force=True)
    assert "Call the auditor" not in str(listed(acme))


def test_a_note_of_ours_that_somebody_wrote_into_stays(acme):
    annotate(acme, FOUND, DAY)
    book = loaded(acme)
    book["Controls"]["E2"].comment = Comment(book["Controls"]["E2"].comment.text + "\nKim: done on Monday", "Mapping workbench")
    book.save(acme)
    annotate(acme, FOUND, DAY)
    assert notes(acme)["E2"][1].endswith("Kim: done on Monday")
    with pytest.raises(InputRefused, match=r"Controls!E2 holds what somebody typed"):
        clear(acme)
    clear(acme, force=True)
    assert notes(acme) == {}


def test_a_renamed_sheet_is_still_ours_and_keeps_its_name(acme):
    annotate(acme, FOUND, DAY)
    book = loaded(acme)
    book["Findings"].title = "To do"
    book.defined_names["_workbench.Findings"].attr_text = "'To do'!$A$1"
    book.save(acme)
    assert annotate(acme, FOUND, DAY).sheet == "To do"
    assert loaded(acme).sheetnames == ["Controls", "To do"]
    clear(acme)
    assert loaded(acme).sheetnames == ["Controls"]


@pytest.mark.parametrize("title", ["What Ana found", None])
def test_a_sheet_that_a_program_renamed_or_deleted_without_its_mark_leaves_no_trace(acme, title):
    before = looks(acme)
    annotate(acme, [finding("D2")], DAY)
    book = openpyxl.load_workbook(acme)
    if title:
        book["Findings"].title = title
    else:
        del book["Findings"]
    book.save(acme)
    clear(acme)
    left = openpyxl.load_workbook(acme)
    assert (left.sheetnames, [*left.defined_names], looks(acme)) == (["Controls"], [], before)


def test_a_sheet_that_somebody_refers_to_is_not_taken_away(acme):
    annotate(acme, FOUND, DAY)
    edit(acme, lambda book: book.set_cell("Controls", "H1", Formula("COUNTA(Findings!A:A)")))
    held = acme.read_bytes()
    with pytest.raises(InputRefused, match="refers to"):
        clear(acme)
    assert acme.read_bytes() == held


# --- colours ---------------------------------------------------------------------------------------------------------


def test_a_colour_stands_for_one_fill_and_is_told_in_the_properties(tmp_path):
    shades = [f"FF{number:02X}8040" for number in range(70)]

    def dress(book):
        for number, shade in enumerate(shades, 2):
            book.active.cell(number, 3).fill = PatternFill("solid", fgColor=shade)

    path = made(tmp_path / "acme.xlsx", [["AC-1", "x", "", "", ""]] * 70, change=dress)
    annotate(path, [finding(f"C{number}") for number in range(2, 72)], DAY)
    coloured = fills(path)
    assert len(set(coloured.values())) == 62
    assert not {"F6CFC0", ERROR} & set(coloured.values())
    book = loaded(path)
    told = {one.name: one.value for one in book.custom_doc_props.props}
    assert all(name.startswith("Workbench colours") and len(value) <= 255 for name, value in told.items())
    book.save(path)
    clear(path)
    assert fills(path) == {f"C{number}": shade[2:] for number, shade in enumerate(shades, 2)}
    assert loaded(path).custom_doc_props.props == []


def test_a_fill_that_only_looks_like_ours_is_left_alone(tmp_path):
    def dress(book):
        book.active["A2"].fill = PatternFill("solid", fgColor="FFF6CFC0")
        book.active["A3"].fill = PatternFill("solid", fgColor="FFF5CFC1")

    path = made(tmp_path / "acme.xlsx", change=dress)
    annotate(path, [finding("E2")], DAY)
    loaded(path).save(path)
    clear(path)
    assert fills(path) == {"A2": "F6CFC0", "A3": "F5CFC1"}


def test_colours_are_ours_alone():
    known = {look for look in (ROOT / "workbench/writing/look.py").read_text().upper().split('"') if look.startswith("#")}
    assert not {f"#{colour}" for colour in Colours().all} & known


# --- files -----------------------------------------------------------------------------------------------------------


def test_the_old_version_is_kept_and_a_copy_leaves_the_workbook_alone(acme):
    before = acme.read_bytes()
    copy = acme.with_name("copy.xlsx")
    annotate(acme, FOUND, DAY, output=copy)
    assert (acme.read_bytes(), set(fills(copy))) == (before, {"E2", "A3", "C4"})
    with pytest.raises(OutputError, match="exists"):
        annotate(acme, FOUND, DAY, output=copy)
    done = annotate(acme, FOUND, DAY)
    assert (done.changes.backup, done.changes.backup.read_bytes()) == (acme.with_name("acme.xlsx.bak"), before)


def test_a_dry_run_writes_nothing_and_tells_every_part(acme):
    before = acme.read_bytes()
    done = annotate(acme, FOUND, DAY, dry_run=True)
    assert (acme.read_bytes(), list(acme.parent.iterdir())) == (before, [acme])
    assert {"xl/worksheets/sheet1.xml", "xl/styles.xml"} <= {part.part for part in done.changes.parts if part.kind == "edited"}
    assert (done.cells, done.notes, done.sheet) == (3, 3, "Findings")
    annotate(acme, FOUND, DAY)
    held = acme.read_bytes()
    taken = clear(acme, dry_run=True)
    assert (acme.read_bytes(), taken.cleared.cells) == (held, 3)
    assert {(part.part, part.kind) for part in taken.changes.parts} >= {("xl/styles.xml", "edited"), ("undo.bin", "removed")}
    assert (
        next(part for part in taken.changes.parts if part.part == "xl/styles.xml").undone(parts(before)["xl/styles.xml"])
        == (parts(held)["xl/styles.xml"])
    )


def test_a_workbook_that_is_open_elsewhere_is_not_touched(acme):
    before = acme.read_bytes()
    acme.with_name("~$acme.xlsx").write_bytes(b"\x03Kim")
    with pytest.raises(OutputError, match="open in Excel"):
        annotate(acme, FOUND, DAY)
    assert acme.read_bytes() == before


# --- the command line ------------------------------------------------------------------------------------------------


def call(*arguments):
    return CliRunner().invoke(command_line, [str(argument) for argument in arguments])


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made(tmp_path / "acme.xlsx")
    return tmp_path


def test_check_prints_what_it_prints_and_what_it_put_into_the_workbook(here):
    plain = call("check", "acme.xlsx", "--as-of", DAY).stdout
    done = call("check", "acme.xlsx", "--annotate", "--as-of", DAY)
    assert done.exit_code == 1
    assert done.stdout.startswith(plain)
    assert done.stdout.removeprefix(plain) == (
        "acme.xlsx: 3 cells coloured, 3 notes, all findings on the sheet Findings; backup acme.xlsx.bak\n"
    )
    assert call("check", "acme.xlsx", "--as-of", DAY).stdout == plain.replace(
        "acme.xlsx!", "  Findings: ignored: it is written by the workbench\nacme.xlsx!", 1
    )
    assert call("check", "acme.xlsx", "--clear").stdout == (
        "acme.xlsx: took out colours of 3 cells, 3 notes and the sheet Findings; it is what it was before, byte for byte; "
        "backup acme.xlsx.bak\n"
    )
    assert call("check", "acme.xlsx", "--clear").stdout == "acme.xlsx: no findings are in it; nothing to do\n"


def test_json_stays_the_list_of_findings(here):
    done = call("check", "acme.xlsx", "--annotate", "--as-of", DAY, "--format", "json")
    assert {one["cell"] for one in json.loads(done.stdout)} == set(fills(here / "acme.xlsx"))
    assert "3 cells coloured" in done.stderr
    restored = json.loads(call("check", "acme.xlsx", "--clear", "--format", "json").stdout)
    assert restored == [
        {"workbook": "acme.xlsx", "file": "acme.xlsx", "cells": 3, "notes": 3, "sheet": "Findings", "exact": True, "backup": "acme.xlsx.bak"}
    ]  # fmt: skip


def test_one_workbook_that_cannot_be_edited_stops_no_other_and_is_checked_all_the_same(here):
    (here / "list.csv").write_text("Control ID,Control name,SOC 2 criteria,ISO 27001\nAC-1,Access,CC6.1,A.9.1.1\n")
    done = call("check", here, "--annotate", "--as-of", DAY)
    assert done.exit_code == 1
    assert "list.csv!list!D2  MAP004" in done.stdout
    assert "list.csv: only .xlsx and .xlsm workbooks are changed; save it as an Excel workbook (.xlsx) first" in done.stderr
    assert set(fills(here / "acme.xlsx")) == {"E2", "A3", "C4"}
    assert call("check", "list.csv", "--annotate").exit_code == 3
    assert call("check", "list.csv", "--clear").exit_code == 3
    assert call("check", here, "--clear").exit_code == 0
    assert fills(here / "acme.xlsx") == {}


def test_copies_of_several_workbooks_go_into_a_folder(here):
    (here / "one").mkdir()
    shutil.copy("acme.xlsx", here / "one" / "acme.xlsx")
    before = sha256(here / "acme.xlsx")
    (here / "out").mkdir()
    done = call("check", "acme.xlsx", "one", "--annotate", "-o", "out", "--as-of", DAY)
    assert sorted(path.name for path in (here / "out").iterdir()) == ["acme.xlsx", "one-acme.xlsx"]
    assert "out/one-acme.xlsx written" in done.stdout.replace("\\", "/")
    assert (sha256(here / "acme.xlsx"), sha256(here / "one" / "acme.xlsx")) == (before, before)


@pytest.mark.parametrize("options", [("--annotate", "--clear"), ("--force",), ("--dry-run",), ("-o", "x.xlsx")])
def test_options_that_do_not_go_together_are_refused(here, options):
    assert call("check", "acme.xlsx", *options).exit_code == 2


def test_the_dry_run_says_which_bytes_would_change(here):
    before = sha256(here / "acme.xlsx")
    done = call("check", "acme.xlsx", "--annotate", "--dry-run", "--as-of", DAY)
    assert "acme.xlsx: would have 3 cells coloured, 3 notes, all findings on the sheet Findings\n" in done.stdout
    assert "  xl/worksheets/sheet1.xml: edited, bytes " in done.stdout
    assert sha256(here / "acme.xlsx") == before


# --- what the reader makes of our sheet --------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", ["Findings", "Befunde & mehr", "It's Bob's"])
def test_the_marked_sheet_is_not_read_whatever_it_is_called(tmp_path, tab):
    book = openpyxl.Workbook()
    book.active.title = "Controls"
    for sheet in (book.active, book.create_sheet(tab)):
        sheet.append(["Control ID", "Control name", "SOC 2 criteria", "ISO 27001"])
        sheet.append(["AC-001", "Access", "CC6.1", "A.5.15"])
    place = "'" + tab.replace("'", "''") + "'!$A$1"
    book.defined_names["_workbench.Findings"] = DefinedName("_workbench.Findings", attr_text=place, hidden=True)
    book.save(tmp_path / "acme.xlsx")
    read = read_book(tmp_path / "acme.xlsx", Settings())
    assert {one.sheet: one.because if one.layout is None else "read" for one in read.sheets} == {
        "Controls": "read",
        tab: "it is written by the workbench",
    }


# --- names that are taken or odd -------------------------------------------------------------------------------------


def test_a_table_of_somebodys_own_keeps_its_name_and_links_lead_to_sheets_of_any_name(tmp_path):
    path = tmp_path / "acme.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for title in ("Controls", "It's & Bob's <list>"):
        page = book.add_worksheet(title)
        for number, row in enumerate((HEADINGS, *ROWS)):
            page.write_row(number, 0, row)
    page.add_table(0, 0, 3, 4, {"name": "tblFindings", "columns": [{"header": text} for text in HEADINGS]})
    book.close()
    annotate(path, [finding("E2", sheet="It's & Bob's <list>")], DAY)
    tables = {name: page.title for page in loaded(path).worksheets for name in page.tables}
    assert tables["tblFindings"] == "It's & Bob's <list>"
    assert sorted(tables.values()) == ["Findings", "It's & Bob's <list>"]
    assert listed(path)[1][1] == "'It''s & Bob''s <list>'!E2 → 'It''s & Bob''s <list>'!E2"
    assert fills(path, "It's & Bob's <list>") == {"E2": ERROR}

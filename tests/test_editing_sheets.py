"""Sheets are listed, added, removed and marked, properties kept; what is not meant stays as it is, to the byte."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from corpus import workbooks
from handmade import SPREADSHEET, Pack
from handmade_features import FEATURES
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from workbench.editing import open_workbook
from workbench.editing.book import Book, companions_of, drop_calc_chain, mark, marked, recalculate, unmark
from workbench.editing.package import Package
from workbench.editing.properties import properties, set_property
from workbench.editing.refusals import EditRefused, WorkbookRefused
from workbench.editing.relations import content_type, related
from workbench.editing.sheets import add_tab, plain_sheet, remove_tab, tab, tabs
from workbench.editing.values import Formula

DIALECT = {sample.name: sample for sample in workbooks()}


def pack(*titles: str) -> Pack:
    """A workbook whose first sheet is called Controls; ``~`` before a title hides the sheet."""
    made = Pack()
    for title in titles:
        made.page(title.removeprefix("~"), state="hidden" if title.startswith("~") else "")
    return made


def package(made: Pack) -> Package:
    from dialects import plain

    return Package(plain(made.build()))


def parts(book: Package) -> dict[str, bytes]:
    return {name: book.read(name) for name in book.names}


def workbook_xml(book: Package) -> str:
    return Book(book).data.decode()


def titles(book: Package) -> list[str]:
    return [one.name for one in tabs(book)]


# --- which there are -------------------------------------------------------------------------------------------------


def test_every_sheet_is_listed_in_tab_order_whatever_kind_it_is() -> None:
    made = pack()
    made.page("Chart", kind="chartsheet")
    made.page("Old", state="veryHidden", number=9)
    made.page("Dialog", kind="dialogsheet", state="hidden")
    made.page("Macro", kind="xm:macrosheet")
    assert [(one.name, one.part, one.id, one.state, one.kind) for one in tabs(package(made))] == [
        ("Controls", "xl/worksheets/sheet1.xml", 1, "visible", "worksheet"),
        ("Chart", "xl/chartsheets/sheet2.xml", 2, "visible", "chartsheet"),
        ("Old", "xl/worksheets/sheet9.xml", 9, "veryHidden", "worksheet"),
        ("Dialog", "xl/dialogsheets/sheet4.xml", 4, "hidden", "dialogsheet"),
        ("Macro", "xl/macrosheets/sheet5.xml", 5, "visible", "xlMacrosheet"),
    ]


def test_a_sheet_is_found_whatever_the_case() -> None:
    assert tab(package(pack("Über")), "ÜBER").part == "xl/worksheets/sheet2.xml"
    with pytest.raises(EditRefused, match="no sheet 'Uber'; it has Controls, Über"):
        tab(package(pack("Über")), "Uber")


def test_two_sheets_of_one_name_are_refused() -> None:
    with pytest.raises(WorkbookRefused, match="two sheets are called Data; rename"):
        tabs(package(pack("Data", "DATA")))


# --- adding ----------------------------------------------------------------------------------------------------------


def test_a_new_sheet_is_the_last_and_only_what_lists_it_changes() -> None:
    book, before = package(pack("Data")), parts(package(pack("Data")))
    assert add_tab(book, "R&D's", plain_sheet([["a"]])) == "xl/worksheets/sheet3.xml"
    after = parts(book)
    assert workbook_xml(book) == before["xl/workbook.xml"].decode().replace(
        "</sheets>", '<sheet name="R&amp;D\'s" sheetId="3" r:id="rId6"/></sheets>'
    )
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet3.xml"}
    assert content_type(book, "xl/worksheets/sheet3.xml") == f"{SPREADSHEET}worksheet+xml"


def test_a_plain_sheet_holds_what_it_was_given() -> None:
    rows = [["=1+1", 2.5, True], [], [None, " two\nlines ", Formula("B1*2"), dt.date(2026, 3, 31)]]
    book = package(pack())
    add_tab(book, "New", plain_sheet(rows, look=lambda _: 3))
    packed = book.pack()
    read = openpyxl.load_workbook(io.BytesIO(packed))["New"]
    assert [[cell.value for cell in row] for row in read.iter_rows()] == [
        ["=1+1", 2.5, True, None],
        [None, None, None, None],
        [None, " two\nlines ", "=B1*2", dt.datetime(2026, 3, 31)],  # noqa: DTZ001
    ]
    assert read["A1"].data_type == "s"
    assert CalamineWorkbook.from_filelike(io.BytesIO(packed)).get_sheet_by_name("New").to_python()[0] == ["=1+1", 2.5, True, ""]


def test_days_are_counted_as_the_workbook_counts_them() -> None:
    assert b"<v>46112</v>" in plain_sheet([[dt.date(2026, 3, 31)]])
    assert b"<v>44650</v>" in plain_sheet([[dt.date(2026, 3, 31)]], date1904=True)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "1 to 31"),
        (" ", "1 to 31"),
        ("x" * 32, "and 'x+' has 32"),
        ("😀" * 16, "has 32"),
        ("a[b", r"cannot hold '\['"),
        ("a/b", "cannot hold '/'"),
        ("a\nb", "cannot hold"),
        ("'a", "apostrophe"),
        ("a'", "apostrophe"),
        ("HISTORY", "no sheet called 'HISTORY'"),
        ("controls", "has a sheet 'controls' already"),
    ],
)
def test_a_name_that_excel_would_not_have_is_refused_and_nothing_changes(name: str, said: str) -> None:
    book = package(pack())
    with pytest.raises(EditRefused, match=said):
        add_tab(book, name, plain_sheet([]))
    assert book.changes() == ()


def test_the_longest_name_and_apostrophes_within_are_fine() -> None:
    book = package(pack())
    for name in ("x" * 31, "it's", "😀" * 15):
        add_tab(book, name, plain_sheet([]))
    assert titles(book) == ["Controls", "x" * 31, "it's", "😀" * 15]


def test_a_protected_structure_refuses_sheets() -> None:
    made = pack("Data")
    FEATURES["locked_structure"].add(made)
    book = package(made)
    for edit in (lambda: add_tab(book, "New", plain_sheet([])), lambda: remove_tab(book, "Data")):
        with pytest.raises(EditRefused, match="structure of the workbook is protected"):
            edit()
    assert book.changes() == ()


@pytest.mark.parametrize(
    "name", ["nothing-strict", "nothing-prefixed", "nothing-prefixed-strict", "nothing-absolute", "nothing-backslashed"]
)
def test_a_new_sheet_speaks_the_dialect_of_the_workbook(name: str) -> None:
    book = Package(DIALECT[name].data)
    part = add_tab(book, "New", plain_sheet([["a", 1]]))
    own = [space for space in (b"purl.oclc.org", b"schemas.openxmlformats.org") if space in book.read(tabs(book)[0].part)]
    assert [space for space in (b"purl.oclc.org", b"schemas.openxmlformats.org") if space in book.read(part)] == own
    assert CalamineWorkbook.from_filelike(io.BytesIO(book.pack())).get_sheet_by_name("New").to_python() == [["a", 1]]


# --- removing --------------------------------------------------------------------------------------------------------


def test_what_only_the_sheet_used_goes_and_what_others_use_stays() -> None:
    made = pack("Other")
    for feature in ("notes", "a_table", "pictures", "printed"):
        FEATURES[feature].add(made)
    image = next(part for part in made.parts if part.startswith("xl/media/"))
    made.relate(made.pages[1].part, "image", f"/{image}")
    book = package(made)
    remove_tab(book, "Controls")
    left = {name for name in book.names if not name.startswith(("docProps/", "_rels", "["))}
    assert left == {
        "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet2.xml", "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/theme/theme1.xml", "xl/styles.xml", "xl/sharedStrings.xml", image,
    }  # fmt: skip
    declared = book.read("[Content_Types].xml").decode()
    assert not [name for name in ("sheet1", "comments1", "table1", "drawing1") if name in declared]


def test_names_of_the_sheet_go_and_those_of_later_sheets_follow_them() -> None:
    made = pack("Gone", "Data")
    for name, formula, local in (
        ("a", "Controls!$A$1", "0"),
        ("b", "Gone!$A$1", "1"),
        ("c", "Data!$A$1", "2"),
        ("d", "Data!$B$1", ""),
    ):
        made.name(name, formula, f' localSheetId="{local}"' if local else "")
    book = package(made)
    remove_tab(book, "Gone")
    names = "".join(
        f'<definedName name="{name}"{local}>{text}</definedName>'
        for name, local, text in (
            ("a", ' localSheetId="0"', "Controls!$A$1"),
            ("c", ' localSheetId="1"', "Data!$A$1"),
            ("d", "", "Data!$B$1"),
        )
    )
    assert f"<definedNames>{names}</definedNames>" in workbook_xml(book)


@pytest.mark.parametrize(
    ("view", "gone", "now"),
    [
        ('activeTab="3" firstSheet="2"', "B", 'activeTab="2" firstSheet="1"'),
        ('activeTab="1"', "B", 'activeTab="0"'),
        ('activeTab="3"', "D", 'activeTab="1"'),
        ("", "Controls", 'activeTab="0"'),
        ('firstSheet="1" activeTab="0"', "D", 'firstSheet="1" activeTab="0"'),
    ],
)
def test_the_window_shows_a_sheet_that_is_there_and_can_be_seen(view: str, gone: str, now: str) -> None:
    made = pack("B", "~C", "D")
    made.book["bookViews"] = f"<bookViews><workbookView {view}/></bookViews>"
    book = package(made)
    remove_tab(book, gone)
    read = openpyxl.load_workbook(io.BytesIO(book.pack()))
    assert read.active.sheet_state == "visible"
    assert f"<workbookView {now}/>" in workbook_xml(book).replace("<workbookView />", '<workbookView activeTab="0"/>')


def _formula(made: Pack) -> None:
    made.pages[1].cell("A1", "<f>SUM('the gone'!A1)</f><v>0</v>")


def _elsewhere(element: str) -> str:
    return f'<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1">{element}</cfRule></conditionalFormatting>'


@pytest.mark.parametrize(
    ("refer", "place"),
    [
        (_formula, "sheet Data refers"),
        (lambda made: made.name("total", "'The Gone'!$A$1"), "the defined name total refers"),
        (
            lambda made: made.pages[1].put("conditionalFormatting", _elsewhere("<formula>'The Gone'!A1</formula>")),
            "sheet Data refers",
        ),
        (lambda made: made.pages[1].cell("A1", "<f>'Controls:The Gone'!A1</f><v>0</v>"), "sheet Data refers"),
    ],
)
def test_a_sheet_that_others_refer_to_stays(refer, place: str) -> None:
    made = pack("Data", "The Gone")
    refer(made)
    book = package(made)
    with pytest.raises(EditRefused, match=place):
        remove_tab(book, "The Gone")
    assert book.changes() == ()


@pytest.mark.parametrize(
    "formula",
    ["\"'The Gone'!A1\"", "'[1]The Gone'!A1", "'The Gone 2'!A1", "TheGone", "'Not The Gone'!A1", "SUM(Table[The Gone])"],
)
def test_what_only_looks_like_the_sheet_is_no_reference(formula: str) -> None:
    made = pack("Data", "The Gone")
    made.pages[1].cell("A1", f"<f>{formula}</f><v>0</v>")
    book = package(made)
    remove_tab(book, "The Gone")
    assert titles(book) == ["Controls", "Data"]


@pytest.mark.parametrize(("feature", "said"), [("pivot", "holds a pivot table"), ("query_table", "holds a query")])
def test_what_only_excel_can_take_apart_keeps_a_sheet(feature: str, said: str) -> None:
    made = pack("Data")
    FEATURES[feature].add(made)
    book = package(made)
    titles_of = {one.part: one.name for one in tabs(book)}
    holder = next(titles_of[part] for part in titles_of for one in related(book, part) if one.kind in {"pivotTable", "table"})
    with pytest.raises(EditRefused, match=said):
        remove_tab(book, holder)
    assert book.changes() == ()


@pytest.mark.parametrize(("charted", "stays"), [("Data", True), ("Controls", False)])
def test_a_chart_keeps_the_sheet_that_it_draws_unless_it_goes_with_it(charted: str, stays: object) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheets = {name: book.add_worksheet(name) for name in ("Controls", "Data")}
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Controls!$A$1:$A$3"})
    sheets[charted].insert_chart("C1", chart)
    book.close()
    made = Package(out.getvalue())
    if stays:
        with pytest.raises(EditRefused, match=r"xl/charts/chart1\.xml refers to sheet Controls"):
            remove_tab(made, "Controls")
    else:
        remove_tab(made, "Controls")
        assert titles(made) == ["Data"]


def test_a_formula_that_names_a_table_of_the_sheet_keeps_it() -> None:
    made = pack("Data")
    FEATURES["a_table"].add(made)
    name = next(part for part in made.parts if part.startswith("xl/tables/"))
    title = str(made.parts[name]).partition('displayName="')[2].partition('"')[0]
    made.pages[1].cell("A1", f"<f>ROWS({title.lower()}[])</f><v>0</v>")
    with pytest.raises(EditRefused, match="sheet Data refers to sheet Controls"):
        remove_tab(package(made), "Controls")


def test_the_last_sheet_that_can_be_seen_stays() -> None:
    book = package(pack("~Hidden"))
    with pytest.raises(EditRefused, match="last sheet that can be seen"):
        remove_tab(book, "Controls")
    assert book.changes() == ()


@pytest.mark.parametrize(("ids", "dropped"), [((1, 2), True), ((1,), False)])
def test_the_chain_of_calculation_goes_where_it_names_the_sheet(ids: tuple[int, ...], dropped: object) -> None:
    made = pack("Data")
    chain = "".join(f'<c r="A1" i="{number}"/>' for number in ids)
    xml = f'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{chain}</calcChain>'
    made.add("xl/calcChain.xml", xml, f"{SPREADSHEET}calcChain+xml", "calcChain")
    book = package(made)
    remove_tab(book, "Data")
    kinds = [one.kind for one in related(book, "xl/workbook.xml")]
    assert ("calcChain" not in kinds, "xl/calcChain.xml" not in book.names) == (dropped, dropped)
    assert (b"calcChain" not in book.read("[Content_Types].xml")) is dropped


# --- marks -----------------------------------------------------------------------------------------------------------


def test_a_mark_is_a_hidden_name_and_finds_its_sheet() -> None:
    book = package(pack("It's", "Data"))
    mark(book, "It's", "_program.Findings")
    assert "<definedName name=\"_program.Findings\" hidden=\"1\">'It''s'!$A$1</definedName>" in workbook_xml(book)
    assert (marked(book, "_program.Findings"), marked(book, "_program.Other")) == ("It's", None)
    mark(book, "Data", "_PROGRAM.findings")
    assert marked(book, "_program.Findings") == "Data"
    unmark(book, "_program.Findings")
    assert book.changes() == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Renamed!$A$1", "Renamed"),
        ("'Renamed'!$A$7", "Renamed"),
        ("Renamed!#REF!", "Renamed"),
        ("#REF!$A$1", None),
        ("#REF!", None),
        ("Nowhere!$A$1", None),
    ],
)
def test_a_mark_is_read_as_excel_leaves_it(text: str, found: str | None) -> None:
    made = pack("Renamed")
    made.name("_program.Findings", text)
    assert marked(package(made), "_program.Findings") == found


@pytest.mark.parametrize("word", ["A1", "Findings", "_Findings", "_a.b c", "_xlnm.Print_Area", "", "_a." + "b" * 300])
def test_what_could_be_a_cell_or_no_name_is_no_mark(word: str) -> None:
    with pytest.raises(ValueError, match="no mark"):
        mark(package(pack()), "Controls", word)


def test_a_mark_goes_with_its_sheet() -> None:
    book = package(pack("Data"))
    mark(book, "Data", "_program.Findings")
    remove_tab(book, "Data")
    assert "definedName" not in workbook_xml(book)


# --- properties and calculation --------------------------------------------------------------------------------------


def test_properties_are_added_changed_and_taken_away() -> None:
    book = package(pack())
    set_property(book, "Stamp", "a & b")
    set_property(book, "Other", "2")
    set_property(book, "STAMP", "c")
    assert properties(book) == {"Stamp": "c", "Other": "2"}
    read = openpyxl.load_workbook(io.BytesIO(book.pack())).custom_doc_props
    assert [(one.name, one.value) for one in read.props] == [("Stamp", "c"), ("Other", "2")]
    xml = book.read("docProps/custom.xml")
    assert b'pid="2" name="Stamp"' in xml
    assert b'pid="3" name="Other"' in xml
    set_property(book, "Stamp", None)
    set_property(book, "None", None)
    assert properties(book) == {"Other": "2"}
    set_property(book, "other", None)
    assert book.changes() == ()


@pytest.mark.parametrize(("name", "text"), [("a", "x" * 256), ("a", "two\nlines"), ("", "x"), ("n" * 256, "x"), ("a\x01", "x")])
def test_a_property_that_excel_would_cut_is_refused(name: str, text: str) -> None:
    book = package(pack())
    with pytest.raises(EditRefused, match="at most 255"):
        set_property(book, name, text)
    assert book.changes() == ()


@pytest.mark.parametrize("name", ["custom-parts", "labelled"])
def test_other_peoples_properties_stay_as_they_are(name: str) -> None:
    book = Package(DIALECT[name].data)
    own = properties(book)
    set_property(book, "Stamp", "x")
    assert properties(book) == {**own, "Stamp": "x"}
    set_property(book, "Stamp", None)
    assert book.changes() == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '<calcPr fullCalcOnLoad="1"/>'),
        ('<calcPr calcId="1"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="0" calcId="1"/>', '<calcPr fullCalcOnLoad="1" calcId="1"/>'),
    ],
)
def test_excel_is_told_to_calculate_in_the_place_of_the_schema(before: str, after: str) -> None:
    made = pack()
    made.name("a", "Controls!$A$1")
    made.book |= {"calcPr": before, "pivotCaches": "<pivotCaches/>"}
    book = package(made)
    recalculate(book)
    assert f"</definedNames>{after}<pivotCaches/>" in workbook_xml(book)


def test_without_a_chain_of_calculation_nothing_is_dropped() -> None:
    book = package(pack())
    drop_calc_chain(book)
    assert book.changes() == ()


# --- laws ------------------------------------------------------------------------------------------------------------

STEPS = ("sheet", "property", "mark")


def _do(book: Package, step: str) -> None:
    if step == "sheet":
        add_tab(book, "New 'one'!", plain_sheet([["a", 1], [None, Formula("A1")]]))
    elif step == "property":
        set_property(book, "Stamp", "x & y")
    else:
        mark(book, tabs(book)[0].name, "_program.First")


def _undo(book: Package, step: str) -> None:
    if step == "sheet":
        remove_tab(book, "new 'ONE'!")
    elif step == "property":
        set_property(book, "stamp", None)
    else:
        unmark(book, "_program.First")


@given(
    st.sampled_from([one for one in workbooks() if one.name != "locked-structure"]),
    st.permutations(STEPS),
    st.permutations(STEPS),
)
@settings(max_examples=80)
def test_what_is_added_and_taken_away_again_in_any_order_leaves_every_byte(sample, first: list[str], last: list[str]) -> None:
    book = Package(sample.data)
    before = parts(book)
    for step in first:
        _do(book, step)
    assert titles(book)[-1] == "New 'one'!"
    assert marked(book, "_program.First") == titles(book)[0]
    saved = Package(book.pack())
    for one in (book, saved):
        for step in last:
            _undo(one, step)
        assert parts(one) == before
    assert companions_of(Book(saved), titles(saved)[0]) == []


@pytest.mark.rendering
def test_a_mark_survives_libreoffice_and_a_new_name(tmp_path: Path) -> None:
    book = package(pack("It's"))
    mark(book, "It's", "_program.Findings")
    path = tmp_path / "book.xlsx"
    path.write_bytes(book.pack())
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(tmp_path / "saved"), str(path)], check=True, capture_output=True, timeout=180)
    saved = Package((tmp_path / "saved" / "book.xlsx").read_bytes())
    assert marked(saved, "_program.Findings") == "It's"
    remove_tab(saved, "It's")
    assert titles(saved) == ["Controls"]


@pytest.mark.parametrize("rows", [[[1] * 16_385], [[]] * 1_048_577], ids=["wide", "long"])
def test_a_sheet_takes_no_more_than_excel_has_room_for(rows: list[list[int]]) -> None:
    with pytest.raises(EditRefused, match=r"1,048,576 rows and 16,384 columns"):
        plain_sheet(rows)


def test_print_titles_go_with_their_sheet_also_where_openpyxl_defined_them_on_another() -> None:
    source, saved = io.BytesIO(), io.BytesIO()
    made = xlsxwriter.Workbook(source)
    made.add_worksheet("Data")
    made.add_chartsheet("Chart").set_chart(chart := made.add_chart({"type": "bar"}))
    chart.add_series({"values": "=Data!$A$1:$A$3"})
    made.add_worksheet("Findings").repeat_rows(0)
    made.close()
    openpyxl.load_workbook(source).save(saved)
    book = open_workbook(saved.getvalue())
    book.remove_sheet("Findings")
    assert book.sheet_names == ("Data", "Chart")
    assert b"definedName " not in Package(book.content()).read("xl/workbook.xml")

"""Notes come and go beside other people's notes, threads, controls and pictures, and leave nothing behind."""

import io
import re

import openpyxl
import pytest
import xlsxwriter
from dialects import (
    backslashed,
    expanded,
    lower_declared,
    marked,
    other_case,
    plain,
    prefixed,
    single_quoted,
    spaced,
    strict,
    unstyled,
    wandering,
)
from handmade import MAIN, OFFICE, Pack
from handmade_features import FEATURES, comments, note_shape, vml
from handmade_objects import controls, embedded, pictures
from hypothesis import given, settings
from hypothesis import strategies as st
from office import recalculated
from packages import Package as Read
from packages import root

from workbench.editing.notes import Notes
from workbench.editing.package import Package
from workbench.editing.refusals import EditRefused, WorkbookRefused

SHEET = "xl/worksheets/sheet1.xml"
COMMENTS, DRAWING = "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"
US = "Mapping workbench"
DIALECTS = {
    "as Excel": dict,
    "prefixed": prefixed,
    "strict": strict,
    "strict and prefixed": lambda parts: prefixed(strict(parts)),
    "single quotes": single_quoted,
    "spaced": spaced,
    "nothing self-closed": expanded,
    "byte order mark": marked,
    "comments": lower_declared,
    "other case": other_case,
    "backslashes": backslashed,
    "odd targets": wandering,
    "no styles": unstyled,
}
SHEETS = {
    "nothing": FEATURES["nothing"].add,
    "notes": FEATURES["notes"].add,
    "threads": FEATURES["threads"].add,
    "controls": controls,
    "embedded": embedded,
    "pictures": pictures,
    "filtered": FEATURES["filtered"].add,
    "views": FEATURES["views"].add,
}


def package(*features, dialect=dict):
    pack = Pack()
    for add in features:
        add(pack)
    return Package(plain(dialect(pack.build())))


def parts(package):
    return {name: package.read(name) for name in package.names}


def reopened(package):
    return Package(package.pack())


def noted(package, written, author=US):
    """The package with these notes."""
    notes = Notes(package, SHEET)
    for ref, text in written.items():
        notes.add(ref, text, author)
    notes.flush()
    return package


def seen(package):
    """The notes as openpyxl reads them."""
    page = openpyxl.load_workbook(io.BytesIO(package.pack())).worksheets[0]
    found = [cell for row in page.iter_rows(max_row=60, max_col=30) for cell in row if cell.comment]
    return {cell.coordinate: (cell.comment.author, cell.comment.text) for cell in found}


def undone(package):
    """The parts that were edited, with the edits taken back."""
    return {one.part: one.undone(package.read(one.part)) for one in package.changes() if one.kind == "edited"}


def boxes(package, part=DRAWING):
    """(row, column) → number and anchor of every note in a drawing."""
    shapes = re.findall(rb"<v:shape .*?</v:shape>", package.read(part), re.DOTALL)
    found = {}
    for shape in shapes:
        if b'ObjectType="Note"' in shape:
            row, column = (int(re.search(rb"<x:%s>(\d+)" % name, shape)[1]) for name in (b"Row", b"Column"))
            anchor = re.search(rb"<x:Anchor>([^<]*)", shape)
            found[row, column] = (int(re.search(rb"_x0000_s(\d+)", shape)[1]), anchor and anchor[1].decode())
    return found


# --- adding ----------------------------------------------------------------------------------------------------------


def test_the_first_note_brings_everything_that_a_note_needs():
    book = package()
    before = parts(book)
    noted(book, {"d4": "2013 id; 2022: A.5.18"})
    assert {one.part: one.kind for one in book.changes()} == {
        "[Content_Types].xml": "edited", "xl/worksheets/_rels/sheet1.xml.rels": "added", SHEET: "edited", COMMENTS: "added", DRAWING: "added",
    }  # fmt: skip
    assert undone(book) == {name: before[name] for name in undone(book)}
    read = Read(book.pack())
    assert [(one.kind, one.target) for one in read.relationships(SHEET)] == [
        ("comments", COMMENTS), ("vmlDrawing", DRAWING.lower())
    ]  # fmt: skip
    assert read.content_type(COMMENTS) == "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
    assert read.content_type(DRAWING) == "application/vnd.openxmlformats-officedocument.vmlDrawing"
    assert book.read(SHEET).decode() == before[SHEET].decode().replace("</worksheet>", '<legacyDrawing r:id="rId2"/></worksheet>')
    assert boxes(book) == {(3, 3): (1025, "4, 15, 3, 2, 6, 31, 5, 10")}
    assert seen(book) == {"D4": (US, "2013 id; 2022: A.5.18")}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
@pytest.mark.parametrize("add", SHEETS.values(), ids=SHEETS)
def test_notes_come_and_go_and_every_part_is_as_before(add, dialect):
    book = package(add, dialect=dialect)
    before = parts(book)
    theirs = Notes(book, SHEET).existing()
    noted(book, {"E7": "one\n  two", "C2": "", "E3": " <three> "})
    assert undone(book) == {name: before[name] for name in undone(book)}
    again = reopened(book)
    assert Notes(again, SHEET).existing() == {**theirs, "C2": (US, ""), "E3": (US, " <three> "), "E7": (US, "one\n  two")}
    assert set(parts(again)) >= set(before)
    notes = Notes(again, SHEET)
    assert notes.remove_by(US) == ("C2", "E3", "E7")
    notes.flush()
    assert parts(again) == before


@pytest.mark.parametrize("add", [FEATURES["notes"].add, controls], ids=["notes", "controls"])
@pytest.mark.parametrize("dialect", [dict, prefixed], ids=["as Excel", "prefixed"])
def test_openpyxl_reads_ours_beside_theirs(add, dialect):
    book = package(add, dialect=dialect)
    theirs = seen(book)
    assert seen(noted(book, {"E5": "Say who", "A2": "Say when"})) == {**theirs, "E5": (US, "Say who"), "A2": (US, "Say when")}


def test_their_entries_authors_and_boxes_keep_their_bytes():
    book = package(FEATURES["notes"].add)
    before = parts(book)
    noted(book, {"C9": "ours", "B2": "ours too"}, author="Bob & Co")
    assert undone(book) == {name: before[name] for name in (COMMENTS, DRAWING)}
    old, new = before[COMMENTS].decode(), book.read(COMMENTS).decode()
    entries = new.removeprefix(old[: old.index("</authors>")] + "<author>Bob &amp; Co</author >")
    assert entries.startswith(old[old.index("</authors>") : old.index("</commentList>")] + '<comment ref="B2" authorId="1">')
    assert [one.get("ref") for one in root(new.encode()).all("comment")] == ["B3", "F8", "B2", "C9"]
    assert {place: number for place, (number, _) in boxes(book).items()} == {
        (2, 1): 1025,
        (7, 5): 1026,
        (1, 1): 1027,
        (8, 2): 1028,
    }


def test_an_author_who_is_known_is_not_named_twice():
    book = noted(package(FEATURES["notes"].add), {"C9": "mine"}, author="Ann")
    assert [one.text for one in root(book.read(COMMENTS)).all("author")] == ["Ann"]
    notes = Notes(reopened(book), SHEET)
    notes.remove("C9")
    assert set(notes.existing()) == {"B3", "F8"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a < b & c > d \"e\" 'f'", "a &lt; b &amp; c &gt; d \"e\" 'f'"),
        (" spaces \t kept ", " spaces \t kept "),
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("bell \a and _x000D_ itself", "bell _x0007_ and _x005F_x000D_ itself"),
        ("lone \ud800 half", "lone _xD800_ half"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("日本語 😀", "日本語 😀"),
    ],
)
def test_texts_are_written_so_that_excel_reads_them_back(text, written):
    book = noted(package(), {"B2": text})
    (entry,) = re.findall(rb'<t xml:space="preserve">(.*?)</t>', book.read(COMMENTS), re.DOTALL)
    assert entry.decode() == written
    if "\ud800" not in text:
        assert Notes(reopened(book), SHEET).existing()["B2"].text == re.sub("\r\n?", "\n", text)


def test_where_a_note_or_a_thread_is_none_is_added():
    book = package(FEATURES["threads"].add)
    before = parts(book)
    notes = Notes(book, SHEET)
    assert (notes.threads(), dict(notes.existing())) == (frozenset({"D4"}), {})
    with pytest.raises(EditRefused, match="D4 has a thread"):
        notes.add("$D$4", "no", US)
    notes.add("D5", "yes", US)
    with pytest.raises(EditRefused, match="D5 has a note by Mapping workbench"):
        notes.add("D5", "again", US)
    notes.remove("D5")
    notes.flush()
    assert parts(book) == before
    with pytest.raises(EditRefused, match="B3 has a note by Ann"):
        Notes(package(FEATURES["notes"].add), SHEET).add("B3", "no", US)
    with pytest.raises(EditRefused, match="'Z' is no cell"):
        notes.add("Z", "no", US)
    with pytest.raises(EditRefused, match="at most 32,767 characters, not 32,768"):
        notes.add("Z1", "x" * 32_768, US)


def test_a_stand_in_of_a_thread_is_told_by_its_author():
    def stand_in(pack):
        comments(pack, {"D4": "[Threaded comment]"}, author="tc={0AB8F2C4-0001-4E6C-9B3A-000000000001}")

    notes = Notes(package(stand_in), SHEET)
    assert (notes.threads(), dict(notes.existing())) == (frozenset({"D4"}), {})
    with pytest.raises(KeyError):
        notes.remove("D4")


def test_a_drawing_that_is_missing_or_damaged_takes_no_note():
    def dangling(pack):
        pack.sheet.put("legacyDrawing", f'<legacyDrawing r:id="{pack.relate(pack.sheet.part, "vmlDrawing", "/xl/gone.vml")}"/>')

    with pytest.raises(EditRefused, match=r"the drawing of the notes of xl/worksheets/sheet1\.xml is missing"):
        Notes(package(dangling), SHEET).add("A1", "x", US)
    book = package(FEATURES["notes"].add)
    book.put(DRAWING, b"<xml><v:shape>")
    with pytest.raises(EditRefused, match=r"vmlDrawing1\.vml, which draws the notes of the sheet, is damaged"):
        Notes(book, SHEET).add("A1", "x", US)
    book.put(COMMENTS, b"<comments>")
    with pytest.raises(WorkbookRefused, match=r"comments1\.xml is damaged"):
        Notes(book, SHEET)


def test_the_prefix_for_relationships_is_declared_where_the_sheet_has_none():
    def bare(pack):
        pack.sheet.head = f' xmlns="{MAIN}" xmlns:r="urn:else"'

    book = noted(package(bare), {"A1": "x"})
    assert f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rId2"/></worksheet>'.encode() in book.read(SHEET)
    assert seen(book) == {"A1": (US, "x")}
    strict_ = noted(package(bare, dialect=strict), {"A1": "x"})
    assert b'<legacyDrawing xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships" r:id="rId2"/>' in strict_.read(
        SHEET
    )
    assert b'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/vmlDrawing"' in strict_.read(
        "xl/worksheets/_rels/sheet1.xml.rels"
    )


def test_the_sheet_names_its_drawing_where_the_schema_wants_it():
    def full(pack):
        pack.sheet.put("drawing", '<drawing r:id="rId9"/>')
        pack.sheet.put("legacyDrawingHF", '<legacyDrawingHF r:id="rId8"/>')
        pack.sheet.put("tableParts", '<tableParts count="0"/>')

    names = [one.name for one in root(noted(package(full), {"A1": "x"}).read(SHEET)).children]
    assert names[-5:] == ["pageMargins", "drawing", "legacyDrawing", "legacyDrawingHF", "tableParts"]


# --- the drawing -----------------------------------------------------------------------------------------------------


def test_new_drawings_take_numbers_that_no_drawing_of_the_workbook_has():
    def elsewhere(pack):
        other = pack.page("Other")
        vml(pack, "".join(note_shape(1, 1, number) for number in (1, 3000)), number=7)
        for page, slots in ((other, pack.sheet.slots), (pack.sheet, {})):
            page.slots = dict(slots)
        other.slots.pop("sheetData", None)

    book = noted(package(elsewhere), {"A1": "x"})
    assert boxes(book) == {(0, 0): (4 * 1024 + 1, "1, 15, 0, 2, 3, 31, 2, 10")}
    assert b'<o:idmap v:ext="edit" data="4"/>' in book.read(DRAWING)


def test_a_block_of_numbers_that_is_full_is_followed_by_a_free_one():
    def crowded(pack):
        comments(pack, {"A1": "theirs"})
        shapes = "".join(note_shape(100, number, number) for number in range(2, 1024))
        pack.parts[DRAWING] = pack.parts[DRAWING].replace("</xml>", f"{shapes}</xml>")

    book = package(crowded)
    before = parts(book)
    noted(book, {"B2": "x", "B3": "y"})
    assert b'<o:idmap v:ext="edit" data="1,2"/>' in book.read(DRAWING)
    assert [boxes(book)[place][0] for place in ((1, 1), (2, 1))] == [2049, 2050]
    notes = Notes(book, SHEET)
    notes.remove_by(US)
    notes.flush()
    assert parts(book) == before


@pytest.mark.parametrize(
    "drawing",
    [
        '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="a"><v:textbox>one<br>two&nbsp;</v:textbox></v:shape></xml>\r\n',
        "<xml>\n</xml >",
        '<?xml version="1.0"?><xml xmlns:x="urn:else"><V:shape xmlns:V="urn:schemas-microsoft-com:vml" id="_x0000_s1025"/></xml>',
    ],
)
def test_drawings_that_are_not_well_formed_or_oddly_spelled_are_added_to(drawing):
    def odd(pack):
        vml(pack, "")
        pack.parts[DRAWING] = drawing

    book = package(odd)
    before = parts(book)
    noted(book, {"B2": "x"})
    assert undone(book)[DRAWING] == drawing.encode()
    new = book.read(DRAWING).decode()
    assert re.sub(r"<v:shapetype.*</v:shapetype>|<v:shape [^>]*_x0000_t202.*?</v:shape>", "", new) == drawing
    added = new[new.index("<v:shapetype") : new.rindex("</xml")]
    assert added.count('xmlns:x="urn:schemas-microsoft-com:office:excel"') == 2
    notes = Notes(book, SHEET)
    notes.remove("B2")
    notes.flush()
    if "shape" in drawing:
        assert parts(book) == before


def test_a_note_of_theirs_goes_with_its_box_and_nothing_else():
    book = package(FEATURES["notes"].add)
    before = book.read(DRAWING)
    notes = Notes(book, SHEET)
    notes.remove("F8")
    notes.flush()
    assert set(Notes(book, SHEET).existing()) == {"B3"}
    assert book.read(DRAWING).decode() == before.decode().replace(note_shape(7, 5, 2), "")
    assert book.read(COMMENTS).decode().count("<comment ") == 1
    with pytest.raises(KeyError):
        Notes(book, SHEET).remove("F8")


def test_the_last_note_takes_what_other_programs_made_of_our_parts():
    """Excel writes all parts anew when it saves; nothing of ours is recognized then but the author."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        page = made.add_worksheet()
        page.write_comment("B2", "x", {"author": US})
        page.write_comment("C3", "y", {"author": US})
    book = Package(out.getvalue())
    notes = Notes(book, SHEET)
    assert notes.remove_by(US) == ("B2", "C3")
    notes.flush()
    assert [name for name in book.names if "omment" in name or "vml" in name or "sheet1.xml.rels" in name] == []
    assert seen(book) == {}
    assert b"legacyDrawing" not in book.read(SHEET)


def test_notes_are_replaced_in_one_go():
    book = noted(package(), {"B2": "old", "C3": "old"})
    fresh = reopened(book)
    before = parts(fresh)
    notes = Notes(fresh, SHEET)
    notes.remove_by(US)
    notes.add("B2", "new", US)
    notes.add("D5", "new", "Bob")
    notes.remove("D5")
    assert dict(notes.existing()) == {"B2": (US, "new")}
    notes.flush()
    assert seen(fresh) == {"B2": (US, "new")}
    assert set(boxes(fresh)) == {(1, 1)}
    assert undone(fresh) == {name: before[name] for name in (COMMENTS, DRAWING)}
    assert set(parts(fresh)) == set(before)
    assert all(splice.old != before[one.part] for one in fresh.changes() for step in one.steps for splice in step)


def test_what_is_no_note_stays_although_it_names_the_cell():
    def listed(pack):
        comments(pack, {"B2": "x"})
        control = note_shape(1, 1, 9).replace('ObjectType="Note"', 'ObjectType="List"')
        pack.parts[DRAWING] = pack.parts[DRAWING].replace("</xml>", f"{control}</xml>")

    book = package(listed)
    notes = Notes(book, SHEET)
    notes.remove("B2")
    notes.flush()
    assert b'ObjectType="List"' in book.read(DRAWING)
    assert b'ObjectType="Note"' not in book.read(DRAWING)
    assert COMMENTS not in book.names


def test_authors_of_ours_go_when_the_last_of_them_can():
    book = package(FEATURES["notes"].add)
    before = parts(book)
    noted(noted(book, {"C3": "x"}, author="First"), {"C4": "x"}, author="Second")
    for ref, left in (("C3", ["Ann", "First", "Second"]), ("C4", ["Ann"])):
        notes = Notes(book, SHEET)
        notes.remove(ref)
        notes.flush()
        assert [one.text for one in root(book.read(COMMENTS)).all("author")] == left
    assert parts(book) == before


def test_numbers_that_are_none_do_no_harm():
    def odd(pack):
        comments(pack, {"B2": "theirs"})
        pack.parts[COMMENTS] = pack.parts[COMMENTS].replace('authorId="0"', f'authorId="{"9" * 5000}"')
        drawing = (
            pack.parts[DRAWING].replace("_x0000_s1025", f"_x0000_s{'9' * 5000}").replace('data="1"', f'data="²,{"9" * 5000},1"')
        )
        pack.parts[DRAWING] = drawing
        pack.sheet.slots["sheetFormatPr"] = '<sheetFormatPr defaultColWidth="1e999" defaultRowHeight="nan"/>'
        pack.sheet.put("cols", '<cols><col min="-inf" max="x" width="-5"/></cols>')

    book = noted(package(odd), {"C3": "ours"})
    assert Notes(book, SHEET).existing() == {"B2": ("", "theirs"), "C3": (US, "ours")}
    assert b'id="_x0000_s1025"' in book.read(DRAWING)
    assert b"<x:Anchor>3, 15, 2, 2, 3, 159, 4, 10</x:Anchor>" in book.read(DRAWING)


def test_an_empty_comments_part_stays_when_ours_go():
    def empty(pack):
        comments(pack, {})
        pack.parts[COMMENTS] = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
        vml_ = pack.parts[DRAWING]
        pack.parts[DRAWING] = vml_.replace("</xml>", '<v:shape id="x"/></xml>')

    book = package(empty)
    before = parts(book)
    noted(book, {"B2": "x"})
    assert Notes(book, SHEET).existing() == {"B2": (US, "x")}
    notes = Notes(book, SHEET)
    notes.remove("B2")
    notes.flush()
    assert parts(book) == before


# --- boxes -----------------------------------------------------------------------------------------------------------


def anchors(text, ref, *, columns="", rows=None, format_=""):
    def sized(pack):
        pack.sheet.put("cols", f"<cols>{columns}</cols>" if columns else "")
        pack.sheet.slots["sheetFormatPr"] = format_ or pack.sheet.slots["sheetFormatPr"]
        for number, attributes in (rows or {}).items():
            pack.sheet.row(number, attributes)

    return next(anchor for _, anchor in boxes(noted(package(sized), {ref: text})).values())


def test_boxes_are_as_large_as_their_texts():
    assert anchors("short", "B2") == "2, 15, 1, 2, 4, 31, 3, 10"
    assert anchors("a longer text of some forty letters, yes", "B2") == "2, 15, 1, 2, 6, 15, 3, 10"
    assert anchors("word " * 100, "B2") == "2, 15, 1, 2, 7, 15, 9, 12"
    assert anchors("\n".join("abcdef"), "B2") == "2, 15, 1, 2, 4, 31, 6, 2"
    assert anchors("word " * 5000, "B2") == "2, 15, 1, 2, 7, 15, 25, 2"


def test_boxes_follow_wide_columns_high_rows_and_skip_hidden_ones():
    wide = '<col min="3" max="3" width="50" customWidth="1"/><col min="4" max="9" width="0" hidden="1"/>'
    assert anchors("short", "B2", columns=wide) == "2, 15, 1, 2, 2, 159, 3, 10"
    assert anchors("word " * 100, "B2", columns=wide) == "2, 15, 1, 2, 2, 335, 9, 12"
    assert anchors("short", "C2", columns=wide) == "9, 15, 1, 2, 11, 31, 3, 10"
    assert anchors("short", "B2", rows={2: ' ht="120" customHeight="1"'}) == "2, 15, 1, 2, 4, 31, 1, 50"
    assert anchors("short", "B2", rows={2: ' ht="20"', 3: ' hidden="1"', 4: ' ht="9"'}) == "2, 15, 1, 2, 4, 31, 4, 12"
    assert (
        anchors("short", "B2", format_='<sheetFormatPr defaultColWidth="20" defaultRowHeight="60"/>')
        == "2, 15, 1, 2, 3, 19, 1, 50"
    )
    assert anchors("short", "B2", format_='<sheetFormatPr baseColWidth="x" defaultRowHeight=""/>') == "2, 15, 1, 2, 4, 31, 3, 10"


def test_boxes_at_the_edges_of_the_sheet_stay_on_it():
    assert anchors("short", "XFD1048576") == "16375, 15, 1048545, 2, 16377, 31, 1048547, 10"


def test_boxes_are_found_although_everything_below_is_hidden():
    assert anchors("x", "A1", format_='<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>') == "1, 15, 500, 0, 3, 31, 1000, 0"


# --- laws ------------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(
    dialect=st.sampled_from(list(DIALECTS.values())),
    add=st.sampled_from(list(SHEETS.values())),
    written=st.dictionaries(
        st.sampled_from(["A1", "D4", "B3", "F8", "Z99", "C40000"]),
        st.tuples(st.text(max_size=20), st.sampled_from([US, "Bob", "Ann"])),
        max_size=5,
    ),
    gone=st.sets(st.sampled_from(["A1", "D4", "B3", "F8", "Z99"])),
)
def test_any_notes_added_and_taken_away(dialect, add, written, gone):
    book = package(add, dialect=dialect)
    before = parts(book)
    notes = Notes(book, SHEET)
    old, expected = dict(notes.existing()), dict(notes.existing())
    for ref, (text, author) in written.items():
        try:
            notes.add(ref, text, author)
        except EditRefused:
            assert ref in old or ref in notes.threads()
        else:
            expected[ref] = (author, re.sub("\r\n?", "\n", text))
    notes.flush()
    book = reopened(book)
    notes = Notes(book, SHEET)
    assert dict(notes.existing()) == expected
    for ref in gone & set(expected):
        notes.remove(ref)
    notes.flush()
    assert {ref: note for ref, note in expected.items() if ref not in gone} == dict(Notes(book, SHEET).existing())
    rest = Notes(book, SHEET)
    for ref in set(rest.existing()) - set(old):
        rest.remove(ref)
    rest.flush()
    if not gone & set(old):
        assert parts(book) == before


@pytest.mark.rendering
@pytest.mark.parametrize("add", [FEATURES["notes"].add, controls], ids=["notes", "controls"])
def test_libreoffice_opens_it_and_has_the_notes(add, tmp_path):
    book = package(add)
    theirs = {ref: text for ref, (_, text) in seen(book).items()}
    noted(book, {"E5": "Say who\nand when", "A2": "A & <B>"})
    (tmp_path / "x.xlsx").write_bytes(book.pack())
    page = openpyxl.load_workbook(recalculated(tmp_path / "x.xlsx", tmp_path / "office")).worksheets[0]
    found = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
    assert found == {**theirs, "E5": "Say who\nand when", "A2": "A & <B>"}

"""The looks of cells: variants keep everything but the one thing, the way back is exact, and what was appended goes again to the last byte."""

import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter
from dialects import expanded, lower_declared, marked, plain, prefixed, single_quoted, spaced, strict, unstyled
from handmade import DECLARATION, MAIN, STYLES, Pack
from hypothesis import given, settings
from hypothesis import strategies as st
from office import recalculated
from packages import root

from workbench.editing.package import Package
from workbench.editing.refusals import EditRefused
from workbench.editing.styles import Fill, Styles
from workbench.editing.xml import Splices, parse, spliced

OURS = "F6CFC0"
PART = "xl/styles.xml"
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
}
BARE = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'


def package(styles=STYLES, dialect=dict, cells=()):
    """A workbook with that styles part; cells are given their formats."""
    pack = Pack()
    pack.parts[PART] = styles
    for ref, xf in cells:
        pack.sheet.cell(ref, "", f' s="{xf}"')
    return Package(plain(dialect(pack.build())))


def sheet_with(cell_formats="", fills="", number_formats="", **lists):
    """A styles part with these cell formats after the first."""
    made = {
        "numFmts": number_formats,
        "fonts": "<font><sz val='11'/></font>",
        "fills": f'<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>{fills}',
        "borders": "<border/>",
        "cellXfs": BARE + cell_formats,
    } | lists
    body = "".join(f"<{name}>{inner}</{name}>" for name, inner in made.items() if inner)
    return f'{DECLARATION}<styleSheet xmlns="{MAIN}">{body}</styleSheet>'


def unformatted(parts):
    """No cell has a format."""
    name = "xl/worksheets/sheet1.xml"
    return parts | {name: re.sub(rb' s="\d+"', b"", parts[name])}


def entries(package, name, part=PART):
    """The entries of a list as they are written."""
    list_ = root(package.read(part)).first(name)
    return [one.written.decode() for one in list_.children] if list_ else []


def solid(colour, background='indexed="64"'):
    return f'<fill><patternFill patternType="solid"><fgColor {colour}/><bgColor {background}/></patternFill></fill>'


def undone(package):
    """The parts that were edited, with the edits taken back."""
    return {one.part: one.undone(package.read(one.part)) for one in package.changes() if one.kind == "edited"}


# --- variants --------------------------------------------------------------------------------------------------------


def test_a_variant_has_the_fill_and_everything_else_of_the_cells_own():
    own = (
        '<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1"><alignment wrapText="1"/>'
        '<protection locked="0"/><extLst><ext uri="{A}"/></extLst></xf>'
    )
    book = package(sheet_with(own))
    styles = Styles(book)
    assert styles.clone(1, fill=OURS) == 2
    styles.flush()
    assert entries(book, "cellXfs") == [
        BARE, own, own.replace('fillId="0"', 'fillId="2"').replace('applyAlignment="1">', 'applyAlignment="1" applyFill="1">')
    ]  # fmt: skip
    assert entries(book, "fills")[2:] == [solid(f'rgb="FF{OURS}"')]


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_nothing_but_the_ends_of_lists_and_their_counts_change(dialect):
    book = package(dialect=dialect)
    before = book.read(PART)
    styles = Styles(book)
    assert [styles.clone(2, fill=OURS), styles.clone(2, fill=OURS), styles.clone(5, fill="FBE6C8")] == [7, 7, 8]
    assert styles.clone(2, number_format="0.000") == 9
    styles.flush()
    assert undone(book) == {PART: before}
    lists = {one.name: one for one in root(book.read(PART)).children}
    assert {name: (one.get("count"), len(one.children)) for name, one in lists.items() if one.get("count")} == {
        "numFmts": ("2", 2), "fonts": ("3", 3), "fills": ("5", 5), "borders": ("2", 2), "cellStyleXfs": ("1", 1),
        "cellXfs": ("10", 10), "cellStyles": ("1", 1), "dxfs": ("2", 2), "tableStyles": ("0", 0),
    }  # fmt: skip
    again = Styles(Package(book.pack()))
    assert [again.fill_of(xf).rgb for xf in (2, 7, 8, 9)] == [None, OURS, "FBE6C8", None]
    assert [again.number_format(xf) for xf in (5, 8, 9)] == ["0%", "0%", "0.000"]
    assert [again.clone(2, fill=OURS), again.clone(5, fill="FBE6C8"), again.clone(2, number_format="0.000")] == [7, 8, 9]


def test_counts_that_are_absent_stay_absent_and_wrong_ones_are_put_right():
    wrong = STYLES.replace('<fills count="3">', "<fills>").replace('<cellXfs count="7">', '<cellXfs count="2">')
    book = package(wrong)
    styles = Styles(book)
    styles.clone(0, fill=OURS)
    styles.flush()
    lists = {one.name: one.get("count") for one in root(book.read(PART)).children}
    assert (lists["fills"], lists["cellXfs"]) == ("", "8")
    styles.shed()
    assert book.read(PART).decode() == wrong


def test_formats_of_cells_that_are_no_cell_formats_are_left_alone():
    book = package()
    before = {name: entries(book, name) for name in ("dxfs", "cellStyleXfs", "fonts", "borders", "cellStyles")}
    styles = Styles(book)
    styles.clone(1, fill=OURS, number_format='0 "pieces"')
    styles.flush()
    assert {name: entries(book, name) for name in before} == before
    assert entries(book, "numFmts")[1:] == ['<numFmt numFmtId="165" formatCode="0 &quot;pieces&quot;"/>']


def test_a_number_format_that_is_there_is_used_and_a_built_in_one_needs_none():
    book = package()
    styles = Styles(book)
    first, second = styles.clone(0, number_format="yyyy\\-mm\\-dd"), styles.clone(0, number_format="0.00%")
    styles.flush()
    assert [root(one.encode()).get("numFmtId") for one in entries(book, "cellXfs")[first:]] == ["164", "10"]
    assert (first, second) == (7, 8)
    assert len(entries(book, "numFmts")) == 1


def test_a_format_with_the_same_bytes_is_used_again():
    dated = '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/>'
    book = package(sheet_with(dated))
    styles = Styles(book)
    assert styles.date(0) == 1
    styles.flush()
    assert book.changes() == ()


@pytest.mark.parametrize("missing", ["numFmts", "fonts", "fills", "borders", "cellXfs"])
def test_lists_that_are_missing_are_made_in_their_places(missing):
    book = package(re.sub(rf"<{missing}[ >].*?</{missing}>", "", STYLES, flags=re.DOTALL), dialect=unformatted)
    before = book.read(PART)
    styles = Styles(book)
    xf = styles.clone(0, fill=OURS, number_format="0.0000")
    styles.flush()
    assert xf == (1 if missing == "cellXfs" else 7)
    assert (Styles(book).fill_of(xf).rgb, Styles(book).number_format(xf)) == (OURS, "0.0000")
    assert (Styles(book).fill_of(0).pattern, Styles(book).number_format(0)) == ("none", "General")
    order = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "extLst"]
    there = [one.name for one in root(book.read(PART)).children]
    assert there == [name for name in order if name in there]
    styles.shed()
    assert book.read(PART) == before


def test_a_workbook_without_styles_gets_some_and_loses_them_again():
    raw = plain(unstyled(Pack().build()))
    book = Package(raw)
    styles = Styles(book)
    assert (styles.fill_of(None), styles.locked(None), styles.is_date(0)) == (Fill(), True, False)
    assert book.pack() == raw
    assert styles.clone(None, fill=OURS) == 1
    styles.flush()
    assert sorted((one.part, one.kind) for one in book.changes()) == [
        ("[Content_Types].xml", "edited"), ("xl/_rels/workbook.xml.rels", "edited"), ("xl/styles.xml", "added")
    ]  # fmt: skip
    openpyxl.load_workbook(io.BytesIO(book.pack()))
    again = Package(book.pack())
    assert Styles(again).fill_of(1).rgb == OURS
    Styles(again).shed()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(io.BytesIO(again.pack())) as new:
        assert {name: new.read(name) for name in new.namelist()} == {name: old.read(name) for name in old.namelist()}


def test_an_empty_styles_part_is_filled():
    book = package(f'{DECLARATION}<styleSheet xmlns="{MAIN}"/>')
    styles = Styles(book)
    assert styles.clone(0, fill=OURS) == 1
    styles.flush()
    assert Styles(book).fill_of(1).rgb == OURS
    assert entries(book, "fills")[0] == '<fill><patternFill patternType="none"/></fill>'


def test_more_formats_than_excel_can_hold_are_refused():
    book = package()
    book.put(PART, sheet_with(BARE * 65_489).encode())
    styles = Styles(book)
    with pytest.raises(EditRefused, match="65,490 cell formats"):
        styles.clone(0, fill=OURS)


def test_openpyxl_sees_the_fill_and_the_rest_of_the_look():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        look = made.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1, "num_format": "0.0"})
        made.add_worksheet().write("A1", 1, look)
    book = Package(out.getvalue())
    styles = Styles(book)
    xf = styles.clone(1, fill=OURS)
    styles.flush()
    sheet = book.read("xl/worksheets/sheet1.xml")
    at = sheet.index(b's="1"')
    splices = Splices(sheet)
    splices.replace(at + 3, at + 4, str(xf).encode())
    book.splice("xl/worksheets/sheet1.xml", splices.done())
    cell = openpyxl.load_workbook(io.BytesIO(book.pack())).active["A1"]
    assert (cell.fill.fgColor.rgb, cell.fill.bgColor.rgb) == ("FF" + OURS, "FF1F3A5F")
    assert (cell.font.b, cell.font.color.rgb, cell.border.left.style, cell.number_format) == (True, "FFFFFFFF", "thin", "0.0")


def test_a_changed_attribute_keeps_its_quotes():
    for old, new in (
        (b"<a b='1'/>", b"<a b='&quot;it&#39;s&quot;'/>"), (b'<a b="1"/>', b'<a b="&quot;it\'s&quot;"/>'), (b"<a/>", b'<a b="&quot;it\'s&quot;"/>')
    ):  # fmt: skip
        splices = Splices(old)
        splices.attribute(parse(old), "b", '"it\'s"')
        assert spliced(old, splices.done()) == new


# --- the way back ----------------------------------------------------------------------------------------------------

LOOKS = {
    "none": "<fill><patternFill/></fill>",
    "rgb": solid('rgb="FFFFFF00"'),
    "theme": solid('theme="4" tint="0.79998168889431442"', 'indexed="65"'),
    "indexed": solid('indexed="13"'),
    "no background": '<fill><patternFill patternType="solid"><fgColor rgb="FF00FF00"/></patternFill></fill>',
    "our own colour": solid(f'rgb="FF{OURS}"'),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("resaved", [False, True])
def test_the_fill_that_was_there_comes_back(look, resaved):
    others = "".join(LOOKS.values())
    own = '<xf numFmtId="0" fontId="0" fillId="8" borderId="0" applyFill="1"><alignment horizontal="center"/></xf>'
    book = package(sheet_with(own, fills=others + look))
    styles = Styles(book)
    assert styles.remembers(1)
    variant = styles.clone(1, fill="FBE6C8")
    styles.flush()
    if resaved:
        book.put(PART, re.sub(rb"<extLst>.*</extLst>", b"", book.read(PART)))
    again = Styles(Package(book.pack()))
    old = again.unfilled(variant, {"FBE6C8"})
    assert (again.fill_of(old).pattern, again.fill_of(old).colour) == (again.fill_of(1).pattern, again.fill_of(1).colour)
    assert old == 1 if not resaved or look == LOOKS["rgb"] else True
    assert again.unfilled(1, {"FBE6C8"}) is None
    assert again.unfilled(variant, {"112233"}) is None


def test_the_old_format_is_found_when_nothing_but_the_background_tells():
    book = package(sheet_with('<xf numFmtId="9" fontId="0" fillId="2" borderId="0"/>', fills=solid('theme="5"', 'theme="1"')))
    styles = Styles(book)
    variant = styles.clone(1, fill=OURS)
    styles.flush()
    book.put(PART, re.sub(rb"<extLst>.*</extLst>", b"", book.read(PART)))
    assert Styles(book).unfilled(variant, {OURS}) == 1


def test_a_fill_that_is_nowhere_any_more_is_made_from_the_background():
    """Excel drops formats that no cell uses, also the one that a highlighted cell had."""
    lone = '<xf numFmtId="0" fontId="0" fillId="2" borderId="0" applyFill="1"/>'
    book = package(sheet_with(lone, fills=solid(f'rgb="FF{OURS}"', 'theme="7" tint="0.5"')))
    styles = Styles(book)
    old = styles.unfilled(1, {OURS})
    assert old == 2
    assert styles.fill_of(old) == Fill("solid", {"theme": "7", "tint": "0.5"}, {"indexed": "64"})
    assert styles.unfilled(1, {OURS}) == old


def test_formats_that_differ_only_in_how_they_say_no_fill_come_back_as_they_were():
    twins = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" applyFill="1"/><xf numFmtId="0" fontId="0" fillId="0" borderId="0" applyFill="0"/>'
    book = package(sheet_with(twins))
    styles = Styles(book)
    variants = [styles.clone(xf, fill=OURS) for xf in (0, 1, 2, 0)]
    styles.flush()
    again = Styles(Package(book.pack()))
    assert [again.unfilled(xf, {OURS}) for xf in variants] == [0, 1, 2, 0]


@pytest.mark.parametrize(
    ("fill", "pattern"),
    [
        ('<fill><patternFill patternType="lightUp"><fgColor rgb="FF112233"/></patternFill></fill>', "lightUp"),
        ('<fill><gradientFill degree="90"><stop position="0"><color theme="0"/></stop></gradientFill></fill>', "gradient"),
        ('<fill><patternFill patternType="solid"/></fill>', "solid"),
        (solid('indexed="64"'), "solid"),
    ],
)
def test_patterns_and_gradients_come_back_only_by_the_record(fill, pattern):
    book = package(sheet_with('<xf numFmtId="0" fontId="0" fillId="2" borderId="0"/>', fills=fill))
    styles = Styles(book)
    assert (styles.fill_of(1).pattern, styles.remembers(1)) == (pattern, False)
    variant = styles.clone(1, fill=OURS)
    styles.flush()
    assert Styles(Package(book.pack())).unfilled(variant, {OURS}) == 1


def test_a_record_that_does_not_hold_any_more_is_not_believed():
    book = package(sheet_with('<xf numFmtId="9" fontId="0" fillId="0" borderId="0"/>'))
    styles = Styles(book)
    variant = styles.clone(1, fill=OURS)
    styles.flush()
    for wrong in (b'of="0"', b'of="99"', b'of="x"', 'of="²"'.encode()):
        book.put(PART, re.sub(rb'of="[^"]*"', wrong, book.read(PART)))
        assert Styles(book).unfilled(variant, {OURS}) == 1


def test_what_a_colour_stands_over_can_be_told_where_no_background_does():
    """LibreOffice keeps no background."""
    fills = solid(f'rgb="FF{OURS}"') + solid('rgb="FFFBE6C8"') + solid('theme="5"')
    made = "".join(f'<xf numFmtId="0" fontId="0" fillId="{fill}" borderId="0"/>' for fill in (2, 3, 4))
    styles = Styles(package(sheet_with(made, fills=fills)))
    told = {OURS: {"theme": "5"}, "FBE6C8": {}}
    assert [styles.unfilled(xf, {OURS, "FBE6C8"}, told) for xf in (1, 2, 3)] == [3, 0, None]


# --- what is not used goes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_what_no_cell_uses_goes_again_to_the_last_byte(dialect):
    book = package(dialect=dialect)
    before = book.read(PART)
    styles = Styles(book)
    styles.clone(2, fill=OURS, number_format="0.000")
    styles.flush()
    later = Styles(Package(book.pack()))
    later.clone(1, fill="FBE6C8")
    later.adopt(made_by_xlsxwriter())
    later.shed()
    assert later._package.read(PART) == before


@pytest.mark.parametrize(
    "odd",
    [
        STYLES.replace("</styleSheet>", '<extLst><ext uri="{B}"><x/></ext></extLst></styleSheet>'),
        STYLES.replace("</styleSheet>", "<extLst/></styleSheet>"),
        STYLES.replace("</styleSheet>", "<extLst></extLst></styleSheet>"),
        re.sub(r"<dxfs.*</dxfs>", '<dxfs count="0"/>', STYLES),
        re.sub(r"<dxfs.*</dxfs>", "<dxfs></dxfs>", STYLES),
        re.sub(r"<dxfs.*</dxfs>", "", STYLES),
        re.sub(r"<numFmts.*</numFmts>", "<numFmts/>", STYLES),
        STYLES.replace("</cellXfs>", "\n  <!-- the end -->\n</cellXfs>"),
        STYLES.replace('<cellXfs count="7">', "<cellXfs count='9' >"),
    ],
)
def test_odd_lists_are_what_they_were(odd):
    book = package(odd)
    styles = Styles(book)
    styles.clone(2, fill=OURS, number_format="0.000")
    styles.adopt(made_by_xlsxwriter())
    styles.flush()
    assert book.read(PART).decode() != odd
    Styles(book).shed()
    assert book.read(PART).decode() == odd


def test_what_a_cell_uses_stays_and_all_that_it_needs():
    book = package(cells=[("H1", 8)])
    styles = Styles(book)
    assert [styles.clone(xf, fill=fill) for xf, fill in ((1, OURS), (2, "FBE6C8"), (3, "EFEFEF"))] == [7, 8, 9]
    styles.flush()
    styles.shed()
    assert (len(entries(book, "cellXfs")), len(entries(book, "fills"))) == (9, 5)
    again = Styles(book)
    assert (again.fill_of(8).rgb, again.unfilled(8, {"FBE6C8"})) == ("FBE6C8", 2)
    assert again.clone(3, fill="EFEFEF") == 9
    again.flush()
    assert again.unfilled(8, {"FBE6C8"}) == 2


def test_unused_formats_of_other_people_stay():
    book = package(sheet_with(BARE.replace('numFmtId="0"', 'numFmtId="4"'), fills=solid('rgb="FF00FF00"')))
    before = book.read(PART)
    Styles(book).shed()
    assert book.read(PART) == before
    assert book.changes() == ()


# --- what is told of formats -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "is_date", "shows_a_day"),
    [
        ("General", False, False), ("0.00E+00", False, False), ("@", False, False), ('0 "days"', False, False), ("0\\d", False, False),
        ("[Red]0;[Blue]-0", False, False), ('#,##0.00\\ "USD"', False, False), ("[$-409]0_d", False, False), ("*s0", False, False),
        ("yyyy\\-mm\\-dd", True, True), ("[$-409]d\\-mmm\\-yy;@", True, True), ("mmm", True, True), ("DD.MM.YYYY hh:mm", True, True),
        ("h:mm AM/PM", True, False), ("[h]:mm:ss", True, False), ("mm:ss.0", True, False), ("[mm]:ss", True, False),
        ("0;d", False, False), ('0;"d"', False, False), ('yyyy"年"m"月"d"日"', True, True),
    ],
)  # fmt: skip
def test_which_formats_show_dates(code, is_date, shows_a_day):
    written = code.replace('"', "&quot;")
    formats = '<xf numFmtId="170" fontId="0" fillId="0" borderId="0"/>'
    styles = Styles(package(sheet_with(formats, number_formats=f'<numFmt numFmtId="170" formatCode="{written}"/>')))
    assert (styles.number_format(1), styles.is_date(1)) == (code, is_date)
    assert (styles.date(1) == 1, styles.moment(1) == 1) == (shows_a_day, shows_a_day)


def test_built_in_formats_are_known_and_can_be_defined_otherwise():
    numbers = (0, 9, 14, 20, 22, 31, 46, 49, 55, 99)
    made = "".join(f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0"/>' for number in numbers)
    styles = Styles(package(sheet_with(made)))
    found = {number: (styles.number_format(xf), styles.is_date(xf)) for xf, number in enumerate(numbers, start=1)}
    assert found == {
        0: ("General", False), 9: ("0%", False), 14: ("mm-dd-yy", True), 20: ("h:mm", True), 22: ("m/d/yy h:mm", True),
        31: ("yyyy/m/d", True), 46: ("[h]:mm:ss", True), 49: ("@", False), 55: ("h:mm", True), 99: ("General", False),
    }  # fmt: skip
    other = Styles(package(sheet_with(made, number_formats='<numFmt numFmtId="14" formatCode="0.0"/>')))
    assert (other.number_format(3), other.is_date(3)) == ("0.0", False)


def test_dates_and_moments_get_the_formats_that_every_country_shows_its_own_way():
    book = package()
    styles = Styles(book)
    assert [styles.date(2), styles.moment(2), styles.date(3), styles.moment(3), styles.date(2)] == [7, 8, 3, 3, 7]
    styles.flush()
    assert [root(one.encode()).get("numFmtId") for one in entries(book, "cellXfs")[7:]] == ["14", "22"]


def test_cells_are_locked_unless_their_format_says_otherwise():
    own = (
        '<xf><protection locked="0"/></xf><xf><protection locked="false" hidden="1"/></xf><xf><protection hidden="1"/></xf><xf/>'
        '<xf><protection locked="1"/></xf>'
    )
    styles = Styles(package(sheet_with(own)))
    assert [styles.locked(xf) for xf in (None, 0, 1, 2, 3, 4, 5, 77)] == [True, True, False, False, True, True, True, True]


def test_numbers_that_lead_nowhere_are_the_first_of_the_list():
    styles = Styles(package(sheet_with('<xf numFmtId="x" fontId="99" fillId="-1"/><xf fillId="99"/>')))
    assert [styles.fill_of(xf).pattern for xf in (1, 2, 500)] == ["none"] * 3
    assert [styles.number_format(xf) for xf in (1, 2, 500)] == ["General"] * 3
    assert styles.clone(500, fill=OURS) == 3


# --- formats of another workbook -------------------------------------------------------------------------------------


def made_by_xlsxwriter():
    """The styles part of a sheet with many looks."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        page = made.add_worksheet()
        looks = [
            {"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "text_wrap": True},
            {"num_format": "yyyy-mm-dd", "bottom": 4},
            {"num_format": "0.0 %", "locked": False},
            {"num_format": 14},
            {},
        ]
        for row, look in enumerate(looks):
            page.write(row, 0, row, made.add_format(look))
        page.write_url(9, 0, "internal:Sheet1!A1")
        for look in ({"bg_color": "#F6CFC0"}, {"num_format": "0.000", "font_color": "#9C0006"}):
            page.conditional_format("A1:A9", {"type": "cell", "criteria": ">", "value": 3, "format": made.add_format(look)})
    with zipfile.ZipFile(out) as archive:
        return archive.read(PART)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_formats_of_a_sheet_that_xlsxwriter_wrote_are_appended(dialect):
    book = package(dialect=dialect)
    before = book.read(PART)
    other = made_by_xlsxwriter()
    theirs = Styles(package(other.decode()))
    styles = Styles(book)
    xfs, dxfs = styles.adopt(other)
    assert styles.adopt(other) == (xfs, dxfs)
    styles.flush()
    assert undone(book) == {PART: before}
    assert xfs[0] == 0
    assert dxfs == {0: 2, 1: 3}
    again = Styles(Package(book.pack()))
    for old, new in xfs.items():
        assert again.number_format(new) == theirs.number_format(old)
        assert (again.fill_of(new), again.locked(new)) == (theirs.fill_of(old), theirs.locked(old))
    assert [adopted(again._package, new) for new in list(xfs.values())[1:]] == [
        adopted(theirs._package, old) for old in list(xfs)[1:]
    ]


def adopted(package, xf):
    """What a format refers to, however it is spelled."""

    def bare(text):
        text = re.sub(r"(</?)\w+:", r"\1", text).replace("'", '"')
        return re.sub(r"<(\w+)([^<>]*)></\1>", r"<\1\2/>", re.sub(r">\s+<", "><", text))

    said = root(entries(package, "cellXfs")[xf].encode())
    lists = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
    return {name: bare(entries(package, list_)[int(said.get(name))]) for name, list_ in lists.items()} | {
        "inner": [bare(child.written.decode()) for child in said.children]
    }


def test_no_fill_is_no_fill_however_it_is_spelled():
    book = package(sheet_with(fills="").replace(' patternType="none"', ""))
    styles = Styles(book)
    styles.adopt(made_by_xlsxwriter())
    styles.flush()
    assert entries(book, "fills")[2:] == [solid('rgb="FF1F3A5F"')]


def test_their_number_formats_get_numbers_that_are_free():
    book = package()
    styles = Styles(book)
    xfs, _ = styles.adopt(made_by_xlsxwriter())
    styles.flush()
    assert entries(book, "numFmts") == [
        '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>', '<numFmt numFmtId="165" formatCode="yyyy-mm-dd"/>',
        '<numFmt numFmtId="166" formatCode="0.0 %"/>', '<numFmt numFmtId="167" formatCode="0.000"/>',
    ]  # fmt: skip
    assert 'numFmtId="167"' in entries(book, "dxfs")[3]
    assert {root(one.encode()).get("xfId") for one in entries(book, "cellXfs")[7:]} == {"0"}
    assert styles.number_format(xfs[2]) == "yyyy-mm-dd"


# --- laws ------------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(
    dialect=st.sampled_from(list(DIALECTS.values())),
    wishes=st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from(["F6CFC0", "FBE6C8", None]), st.sampled_from([None, "0.0", "@"])), max_size=8
    ),
    every=st.integers(1, 4),
)
def test_whatever_is_asked_for_the_way_back_is_exact(dialect, wishes, every):
    book = package(dialect=dialect)
    before = book.read(PART)
    styles = Styles(book)
    for number, (xf, fill, code) in enumerate(wishes):
        variant = styles.clone(xf, fill=fill, number_format=code)
        if fill and not code:
            assert styles.unfilled(variant, {"F6CFC0", "FBE6C8"}) == xf
        if number % every == 0:
            styles.flush()
    styles.flush()
    assert undone(book) == ({PART: before} if book.changes() else {})
    styles.shed()
    assert book.read(PART) == before


@pytest.mark.rendering
def test_libreoffice_opens_it_and_sees_the_fills(tmp_path):
    book = package(cells=[("H1", 7), ("H2", 8)], dialect=prefixed)
    styles = Styles(book)
    assert [styles.clone(1, fill=OURS), styles.clone(None, fill="FBE6C8")] == [7, 8]
    styles.flush()
    (tmp_path / "x.xlsx").write_bytes(book.pack())
    page = openpyxl.load_workbook(recalculated(tmp_path / "x.xlsx", tmp_path / "office")).active
    assert [page[ref].fill.fgColor.rgb for ref in ("A1", "H1", "H2")] == ["FF1F3A5F", "FFF6CFC0", "FFFBE6C8"]

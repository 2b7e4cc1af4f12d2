"""Hostile and damaged files against the editor: refused with one line, quickly, with nothing written; or edited with everything else intact.

The numbers are those of the table of bad inputs that every part of the workbench is held to.
"""

import io
import os
import random
import re
import struct
import tracemalloc
import warnings
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.cli import workbench as command_line
from workbench.editing import EditRefused, Package, WorkbookRefused, open_workbook
from workbench.editing.disk import MOST_BYTES

SHEET, BOOK, TYPES, RELS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "_rels/.rels"


def made():
    """A library of controls with most of what a sheet can have."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Controls")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, ["Control ID", "Control name", "SOC 2 criteria"], bold)
        for row in range(1, 6):
            sheet.write_row(row, 0, [f"AC-{row}", "Access & review", f"CC6.{row}"])
        sheet.write_formula("E2", "=COUNTA(A2:A6)", None, 5)
        sheet.write_comment("B3", "who?")
        sheet.merge_range("G1:H3", "merged")
        sheet.data_validation("B2:B6", {"validate": "list", "source": ["a", "b"]})
        sheet.conditional_format("A2:A6", {"type": "duplicate", "format": bold})
        sheet.autofilter("A1:C6")
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column("D:D", None, None, {"hidden": True})
        book.add_worksheet("Other").insert_chart("C3", chart := book.add_chart({"type": "bar"}))
        chart.add_series({"values": "=Controls!$E$2"})
    return out.getvalue()


def parts_of(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


BASE = made()
PARTS = parts_of(BASE)


def zipped(entries):
    """A zip of names and contents, in order; names may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_parts(**changed):
    """The workbook with parts changed or added: ``name=content``, names with slashes by ``**{}``."""
    return zipped([*{**PARTS, **changed}.items()])


def with_text(part, old, new):
    content = PARTS[part]
    assert old in content
    return with_parts(**{part: content.replace(old, new, 1)})


def local_header(raw, name):
    return re.search(rb"PK\x03\x04.{26}" + re.escape(name.encode()), raw, re.DOTALL).start()


def central_header(raw, name):
    return re.search(rb"PK\x01\x02.{42}" + re.escape(name.encode()), raw, re.DOTALL).start()


def put(raw, at, form, *values):
    return raw[:at] + struct.pack(form, *values) + raw[at + struct.calcsize(form) :]


def refusal(source):
    """Why the file, or an edit of its first sheet, is refused."""
    with pytest.raises(WorkbookRefused) as told:
        edit_first_sheet(open_workbook(source))
    return one_line(told.value)


def edit_first_sheet(book):
    book.set_cell(book.sheet_names[0], "B3", "edited")


def one_line(told):
    assert "\n" not in told.reason
    assert len(told.reason) > 10
    return told.reason


def assert_works(raw):
    """The file can be edited, and all but the edit is as it was."""
    book = open_workbook(raw)
    book.set_cell("Controls", "B3", "edited")
    after = open_workbook(assert_intact(book, raw))
    assert after.value("Controls", "B3") == "edited"
    return after.package.raw


def assert_intact(book, raw):
    """What the edits did not name has its bytes, and taking the splices back gives the parts that they changed."""
    content = book.content()
    before, after = Package(raw), Package(content)
    changed = {change.part: change for change in book.changes().parts}
    for name in before.names:
        if name not in changed:
            assert after.segment(name) == before.segment(name)
        elif changed[name].kind == "edited":
            assert changed[name].undone(after.read(name)) == before.read(name)
    return content


# --- 1 to 7: what is no workbook ------------------------------------------------------------------------------------


def test_01_what_is_missing_or_no_regular_file_is_refused_without_being_read(tmp_path):
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    assert refusal(tmp_path / "none.xlsx") == f"{tmp_path}/none.xlsx does not exist; check the name"
    assert "is a folder, not a workbook" in refusal(tmp_path)
    assert "is no regular file" in refusal(pipe)
    assert "is no regular file" in refusal("/dev/zero")
    assert "cannot be read" in refusal(tmp_path / ("x" * 300 + ".xlsx"))
    assert "cannot be read" in refusal(f"{tmp_path}/a\0b.xlsx")


def test_01_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a.xlsx").write_bytes(BASE)
    monkeypatch.setattr(Path, "read_bytes", lambda _: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    assert "cannot be read (Permission denied)" in refusal(tmp_path / "a.xlsx")


def test_01_a_file_of_terabytes_is_refused_without_being_read(tmp_path):
    with (tmp_path / "a.xlsx").open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(MOST_BYTES + 1)  # a sparse file
    assert "a workbook has at most 1,073,741,824" in refusal(tmp_path / "a.xlsx")


def test_02_an_empty_file_is_refused():
    assert refusal(b"") == "the file is empty"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99, 0.999])
def test_03_a_truncated_file_is_refused(share):
    assert "is damaged: its end is missing" in refusal(BASE[: int(len(BASE) * share)])


@pytest.mark.parametrize("name", PARTS)
def test_04_a_flipped_bit_is_refused_and_the_part_named_also_where_nothing_is_edited(name):
    member = zipfile.ZipFile(io.BytesIO(BASE)).getinfo(name)
    at = member.header_offset + 30 + len(name) + member.compress_size // 2
    assert f"{name} is damaged (its checksum is wrong)" in refusal(BASE[:at] + bytes([BASE[at] ^ 1]) + BASE[at + 1 :])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<!DOCTYPE html><html><body>sign in</body></html>", "a web page"),
        (b"\xef\xbb\xbf\r\n<HTML>", "a web page"),
        (b"<table><tr><td>1</td></tr></table>", "a web page"),
        (b"%PDF-1.7", "a PDF"),
        (b"Control ID,Control name\nAC-1,Access\n", "plain text, perhaps a table as CSV"),
        (b'<?xml version="1.0"?><Workbook/>', "an XML file"),
        (b"\x89PNG\r\n\x1a\n\0", "a picture"),
        (b"{\\rtf1", "a text document"),
        (b"Rar!\x1a\x07\0", "a RAR archive"),
        (bytes(range(256)), "something unknown"),
    ],
)
def test_05_what_is_something_else_is_called_by_what_it_is(content, what):
    assert refusal(content) == f"the file is no .xlsx workbook but {what}; open it in Excel and save it as .xlsx"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "of the old .xls kind; save it in Excel as .xlsx"),
        (zipped([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<a/>")]), "an OpenDocument file"),
        (with_text(TYPES, b"spreadsheetml.sheet.main+xml", b"wordprocessingml.document.main+xml"), "but a Word document"),
        (with_text(TYPES, b"spreadsheetml.sheet.main+xml", b"presentationml.presentation.main+xml"), "but a PowerPoint presentation"),
        (with_text(TYPES, b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"), "a binary workbook (.xlsb)"),
        (zipped([("a.txt", b"a")]), "no list of content types, so it is no workbook"),
        (zipped([]), "no list of content types, so it is no workbook"),
    ],
    ids=["xls", "ods", "docx", "pptx", "xlsb", "zip", "empty zip"],
)  # fmt: skip
def test_06_other_kinds_of_office_files_are_refused_by_name(raw, says):
    assert says in refusal(raw)


@pytest.mark.parametrize("kind", ["template", "macroEnabled", "addin"])
def test_06_templates_and_macro_workbooks_are_edited(kind):
    old = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    new = {
        "template": old.replace(b"sheet.main", b"template.main"),
        "macroEnabled": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "addin": b"application/vnd.ms-excel.addin.macroEnabled.main+xml",
    }[kind]
    assert_works(with_text(TYPES, old, new))


def test_07_an_encrypted_workbook_is_refused():
    assert "the file is encrypted; remove the password" in refusal(OLE + "EncryptedPackage".encode("utf-16-le"))


def test_07_an_encrypted_zip_is_refused():
    at, there = local_header(BASE, SHEET), central_header(BASE, SHEET)
    assert "is encrypted" in refusal(put(put(BASE, at + 6, "<H", 1), there + 8, "<H", 1))


# --- 8, 9: what is left alone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/vbaProjectSignature.bin",
        "xl/macrosheets/sheet1.xml",
        "xl/externalLinks/externalLink1.xml",
        "xl/connections.xml",
        "xl/queryTables/queryTable1.xml",
        "customXml/item1.xml",
        "docMetadata/LabelInfo.xml",
    ],
)
def test_08_09_macros_links_queries_and_labels_are_left_as_they_are(name):
    content = b"\x00\xff\r\n" if name.endswith(".bin") else b'<?xml version="1.0"?>\r\n<a  b = "c"/><!-- -->\n'
    after = assert_works(with_parts(**{name: content}))
    assert parts_of(after)[name] == content


def test_09_data_of_power_query_are_utf_16_and_left_as_they_are():
    mashup = '\ufeff<?xml version="1.0" encoding="utf-16"?><DataMashup xmlns="x">AAAA</DataMashup>'.encode("utf-16-le")
    assert parts_of(assert_works(with_parts(**{"customXml/item1.xml": mashup})))["customXml/item1.xml"] == mashup


def test_09_a_picture_with_a_dtd_and_vml_that_is_no_xml_are_left_as_they_are():
    svg = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd"><svg/>'
    types = PARTS[TYPES].replace(b"</Types>", b'<Default Extension="svg" ContentType="image/svg+xml"/></Types>')
    assert_works(with_parts(**{"xl/media/image1.svg": svg, TYPES: types, "xl/drawings/vmlDrawing9.vml": b"<xml><br></xml>\xff"}))


# --- 10 to 12: bombs ------------------------------------------------------------------------------------------------


def peak(call):
    """The most memory, in bytes, that Python held during the call."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_10_a_bomb_is_refused_before_anything_of_it_is_unpacked():
    raw = with_parts(**{"xl/media/image1.png": bytes(60_000_000)})
    assert peak(lambda: refusal(raw)) < 5_000_000
    assert "unpacks to 60,000,000 bytes from" in refusal(raw)


@pytest.mark.parametrize("claimed", [0, 100, 900_000])
def test_10_a_bomb_that_lies_about_its_size_is_unpacked_no_further_than_it_claims(claimed):
    name = "xl/media/image1.png"
    raw = with_parts(**{name: bytes(60_000_000)})
    raw = put(put(raw, local_header(raw, name) + 22, "<I", claimed), central_header(raw, name) + 24, "<I", claimed)
    assert peak(lambda: refusal(raw)) < 8_000_000
    assert f"{name} is damaged" in refusal(raw)


def test_10_many_small_bombs_are_one_bomb():
    raw = zipped([*PARTS.items(), *((f"x/{number}.bin", b"x") for number in range(5_000))])
    for match in [*re.finditer(rb"PK\x03\x04.{26}x/", raw, re.DOTALL)]:
        raw = put(raw, match.start() + 22, "<I", 1 << 20)
    for match in [*re.finditer(rb"PK\x01\x02.{42}x/", raw, re.DOTALL)]:
        raw = put(raw, match.start() + 24, "<I", 1 << 20)
    assert "the file unpacks to 5,2" in refusal(raw)


def test_10_a_large_sheet_that_packs_well_is_no_bomb():
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % number for number in range(7, 60_000))
    assert_works(with_text(SHEET, b"</sheetData>", rows + b"</sheetData>"))


def test_11_a_hundred_thousand_parts_are_refused():
    entry = b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, 6, 0)
    record = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHI", 20, 20, 0, 0, 0, 33, 0, 0, 0, 6, 0, 0, 0, 0, 0)
    names = [b"%06d" % number for number in range(100_000)]
    body = b"".join(entry + name for name in names)
    directory = b"".join(put(record, 42, "<I", 36 * number) + name for number, name in enumerate(names))
    end64 = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, len(names), len(names), len(directory), len(body))
    locator = struct.pack("<IIQI", 0x07064B50, 0, len(body) + len(directory), 1)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, len(directory), len(body), 0)
    assert "the file has 100,000 parts" in refusal(body + directory + end64 + locator + end)
    said = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 5, 5, len(directory), len(body), 0)
    assert "its directory holds more than it says" in refusal(body + directory + said)


def test_12_parts_that_share_their_bytes_are_refused():
    raw = with_parts(**{"xl/media/image1.png": b"x", "xl/media/image2.png": b"x"})
    there = central_header(raw, "xl/media/image2.png")
    (first,) = struct.unpack_from("<I", raw, central_header(raw, "xl/media/image1.png") + 42)
    assert "two of its parts are the same bytes" in refusal(put(raw, there + 42, "<I", first))


def test_12_a_part_that_reaches_into_the_next_is_refused():
    raw = BASE
    for at in (local_header(raw, SHEET) + 18, central_header(raw, SHEET) + 20):
        raw = put(raw, at, "<I", struct.unpack_from("<I", raw, at)[0] + 4)
    assert "sheet1.xml overlaps what follows" in refusal(raw)


def test_12_a_part_behind_the_directory_is_refused():
    assert "is not where the directory says" in refusal(put(BASE, central_header(BASE, SHEET) + 42, "<I", len(BASE) - 30))


def test_12_a_workbook_within_the_workbook_is_a_part_like_others():
    assert_works(with_parts(**{"xl/embeddings/oleObject1.xlsx": BASE}))


# --- 13, 14: names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["xl/worksheets/sheet1.xml", "XL/Worksheets/Sheet1.XML", "xl\\worksheets\\sheet1.xml", "/xl/worksheets/sheet1.xml"]
)
def test_13_two_parts_of_one_name_are_refused(name):
    assert "two parts have the name" in refusal(zipped([*PARTS.items(), (name, b"<x/>")]))


@pytest.mark.parametrize("name", ["../x.xml", "a/../../x", "..\\x", "/etc/passwd", "C:/x", "c:\\x", "\\x"])
def test_14_names_that_lead_outside_are_refused(name):
    assert "leads outside of it; do not trust this file" in refusal(zipped([*PARTS.items(), (name, b"x")]))


@pytest.mark.parametrize("sign", [b"\0", b"\n", b"\x1b", b"\x7f"])
def test_14_control_characters_in_names_are_refused_and_not_printed(sign):
    raw = zipped([*PARTS.items(), ("xl/q.bin", b"x")]).replace(b"xl/q.bin", b"xl/" + sign + b".bin")
    assert sign.decode() not in refusal(raw)
    assert "with control characters" in refusal(raw)


def test_14_a_name_that_is_not_the_utf_8_it_claims_to_be_is_refused():
    raw = zipped([*PARTS.items(), ("xl/é.bin", b"x")]).replace("xl/é.bin".encode(), b"xl/\xff\xfe.bin")
    assert "is not UTF-8" in refusal(raw)


# --- one file for all programs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offset", "form", "value", "what"),
    [(30, "<B", ord("X"), "name"), (8, "<H", 0, "kind of packing"), (14, "<I", 1, "size or checksum"), (18, "<I", 1, "size or checksum"), (22, "<I", 1, "size or checksum")],
)  # fmt: skip
def test_a_part_that_says_one_thing_and_the_directory_another_is_refused(offset, form, value, what):
    assert f"has another {what} in front of its data" in refusal(put(BASE, local_header(BASE, SHEET) + offset, form, value))


def test_a_second_name_in_an_extra_field_is_refused():
    info = zipfile.ZipInfo("xl/a.bin")
    info.extra = struct.pack("<HHBI", 0x7075, 5 + 8, 1, zlib.crc32(b"xl/a.bin")) + b"xl/b.bin"
    out = io.BytesIO(BASE)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(info, b"x")
    assert "has another name" in refusal(out.getvalue())


END = BASE.rindex(b"PK\x05\x06")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (BASE + b"x", "1 bytes follow its end"),
        (BASE + BASE, "its directory is not where it should be"),
        (b"PK" + BASE, "its directory is not where it should be"),
        (put(BASE, END + 4, "<H", 1), "its directory is not where it should be"),
        (put(BASE, END + 8, "<H", 1), "its directory is not where it should be"),
        (put(BASE, END + 8, "<HH", 2, 2), "its directory holds more than it says"),
        (put(BASE, END + 8, "<HH", 99, 99), "its directory is broken"),
        (put(BASE, END + 16, "<I", 0), "its directory is not where it should be"),
        (put(BASE, END + 20, "<H", 1), "its end is missing"),
        (BASE[:END] + b"hidden" + BASE[END:], "its directory is not where it should be"),
    ],
)
def test_an_end_that_programs_would_read_differently_is_refused(raw, says):
    assert says in refusal(raw)


def test_the_comment_of_the_archive_and_zeros_behind_it_are_kept():
    comment = b"made by PK\x05 hand"
    raw = put(BASE, len(BASE) - 2, "<H", len(comment)) + comment + bytes(300)
    assert assert_works(raw).endswith(comment + bytes(300))


# --- 15: DTDs and encodings -----------------------------------------------------------------------------------------

DTDS = {
    "billion laughs": b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    "file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "network": b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    "quadratic": b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 5000 + b'">]>',
    "bare": b"<!DOCTYPE x>",
}


@pytest.mark.parametrize("dtd", DTDS)
@pytest.mark.parametrize(
    "part", [SHEET, BOOK, TYPES, RELS, "docProps/core.xml", "xl/drawings/vmlDrawing1.vml", "xl/charts/chart1.xml"]
)
def test_15_a_dtd_is_refused_in_every_part_before_it_is_read(part, dtd):
    declaration = re.match(rb"<\?xml.*?\?>\s*", PARTS[part])
    at = declaration.end() if declaration else 0
    raw = with_parts(**{part: PARTS[part][:at] + b"<!-- first -->" + DTDS[dtd] + PARTS[part][at:]})
    assert f"{part} has a document type (DTD)" in refusal(raw)


@pytest.mark.parametrize("shift", range(9))
def test_15_a_dtd_far_into_a_part_is_found_wherever_it_is_cut(shift):
    comment = b"<!--" + random.Random(0).randbytes(1 << 19).hex().encode()[: (1 << 20) - 7 - shift] + b"-->"
    raw = with_parts(**{"docProps/app.xml": comment + b"<!DOCTYPE x><Properties/>"})
    assert "docProps/app.xml has a document type" in refusal(raw)


def test_15_words_that_look_like_a_dtd_are_text():
    core = PARTS["docProps/core.xml"].replace(
        b"</cp:coreProperties>", b"<dc:title><![CDATA[<!DOCTYPE x>]]></dc:title></cp:coreProperties>"
    )
    assert_works(with_parts(**{"docProps/core.xml": core}))
    book = open_workbook(BASE)
    book.set_cell("Controls", "B3", "<!DOCTYPE x>")
    assert open_workbook(book.content()).value("Controls", "B3") == "<!DOCTYPE x>"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "ascii but latin"])
@pytest.mark.parametrize("part", [SHEET, BOOK, RELS, "docProps/app.xml"])
def test_15_what_is_not_utf_8_is_refused(part, encoding):
    text = PARTS[part].decode()
    if encoding.startswith("utf"):
        content = text.replace("UTF-8", "UTF-16", 1).encode(encoding)
    else:
        content = text.replace("UTF-8", encoding.partition(" ")[0], 1).encode() + b"<!-- \xe9 -->" * (encoding != "iso-8859-1")
    reason = refusal(with_parts(**{part: content}))
    assert part in reason
    assert "UTF-8" in reason or ("not well-formed" in reason and encoding.startswith("ascii"))


# --- signatures -----------------------------------------------------------------------------------------------------


def test_a_signed_workbook_is_refused_by_its_parts_or_by_its_relationship():
    origin = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    node = f'<Relationship Id="sig" Type="{origin}" Target="sig/origin.sigs"/></Relationships>'.encode()
    assert "is digitally signed" in refusal(with_parts(**{"_xmlsignatures/origin.sigs": b""}))
    assert "is digitally signed" in refusal(with_text(RELS, b"</Relationships>", node))


# --- 16 to 21: odd sheets -------------------------------------------------------------------------------------------


def test_16_cells_at_both_ends_of_a_sheet_cost_nothing():
    last = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    raw = with_text(SHEET, b"</sheetData>", last)
    assert peak(lambda: assert_works(raw)) < 5_000_000
    book = open_workbook(raw)
    assert book.value("Controls", "XFD1048576") == 1
    book.set_cell("Controls", "XFD1048576", 2)
    assert book.value("Controls", "XFD1048576") == 2
    for call in (lambda: book.append_rows("Controls", [["x"]]), lambda: book.append_column("Controls", "x", {1: "y"})):
        with pytest.raises(EditRefused):
            call()


def test_17_empty_rows_with_a_look_stay():
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % number for number in range(7, 5_000))
    after = assert_works(with_text(SHEET, b"</sheetData>", rows + b"</sheetData>"))
    assert parts_of(after)[SHEET].count(b'customFormat="1"') == 4993


@pytest.mark.parametrize("dimension", [b"A1:XFD1048576", b"A1", b"", b"nonsense", b"B2:A1"])
def test_18_a_lying_dimension_is_no_matter(dimension):
    old = re.search(rb'<dimension ref="[^"]*"/>', PARTS[SHEET])[0]
    raw = with_text(SHEET, old, b'<dimension ref="' + dimension + b'"/>')
    assert peak(lambda: assert_works(raw)) < 5_000_000


def test_18_rows_and_cells_without_references_are_counted():
    bare = re.sub(rb'<(row|c) r="[A-Z0-9]+"', rb"<\1", PARTS[SHEET])
    raw = with_parts(**{SHEET: bare})
    assert open_workbook(raw).value("Controls", "B3") == "Access & review"
    assert_works(raw)


def test_19_a_merge_over_the_whole_sheet_is_left_whole():
    raw = with_text(SHEET, b'"G1:H3"', b'"A1:XFD1048576"')
    assert "lies inside the merged" in refusal(raw)
    book = open_workbook(raw)
    book.set_cell("Controls", "A1", "edited")
    assert_intact(book, raw)


def test_20_nothing_is_written_inside_a_merge():
    book = open_workbook(BASE)
    with pytest.raises(EditRefused, match="lies inside the merged"):
        book.set_cell("Controls", "H2", "x")
    assert not book.changes()
    book.set_cell("Controls", "G1", "x")
    assert_intact(book, BASE)


def test_21_hidden_rows_hidden_columns_and_filters_stay():
    book = open_workbook(BASE)
    book.set_cell("Controls", "A5", "AC-4a")
    after = parts_of(assert_intact(book, BASE))[SHEET]
    assert re.search(rb'<row r="5"[^>]* hidden="1"', after)
    assert b"<autoFilter" in after


@pytest.mark.parametrize("rows", [b"<sheetData/>", b"<sheetData></sheetData>"])
def test_a_sheet_without_rows_takes_rows_and_columns(rows):
    sheet = re.sub(rb"<sheetData>.*</sheetData>", rows, PARTS[SHEET])
    raw = with_parts(**{SHEET: re.sub(rb"<mergeCells.*</mergeCells>|<autoFilter[^>]*/>", b"", sheet)})
    book = open_workbook(raw)
    assert book.append_rows("Controls", [["x"]]) == range(1, 2)
    assert_intact(book, raw)
    assert open_workbook(raw).append_column("Controls", "New", {1: "y"}) == "A1"


@pytest.mark.parametrize("depth", [300, 100_000])
def test_elements_within_elements_are_followed_only_so_far(depth):
    deep = b"".join(b"<a%d>" % number for number in range(depth)) + b"".join(
        b"</a%d>" % number for number in reversed(range(depth))
    )
    assert "that is no normal workbook" in refusal(with_text(SHEET, b"<pageMargins", deep + b"<pageMargins"))


# --- the same on the command line -----------------------------------------------------------------------------------

HOSTILE = {
    "02 empty": b"",
    "03 truncated": BASE[: len(BASE) // 2],
    "04 flipped bit": put(BASE, local_header(BASE, SHEET) + 300, "<H", 0xAAAA),
    "05 web page": b"<!DOCTYPE html><html></html>",
    "07 encrypted": OLE + "EncryptedPackage".encode("utf-16-le"),
    "10 bomb": with_parts(**{"xl/media/image1.png": bytes(30_000_000)}),
    "13 two of one name": zipped([*PARTS.items(), ("XL/workbook.xml", b"<x/>")]),
    "14 outside": zipped([*PARTS.items(), ("../x", b"x")]),
    "15 dtd": with_parts(**{SHEET: DTDS["bare"] + PARTS[SHEET].partition(b"?>\n")[2]}),
    "signed": with_parts(**{"_xmlsignatures/origin.sigs": b""}),
    "two faces": put(BASE, local_header(BASE, SHEET) + 30, "<B", ord("X")),
}


@pytest.mark.parametrize("command", [["check", "--annotate"], ["check", "--clear"], ["suggest", "--write"], ["accept"]])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_one_line_on_the_command_line_and_stays_as_it_is(tmp_path, monkeypatch, command, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.xlsx").write_bytes(HOSTILE[name])
    done = CliRunner().invoke(command_line, [*command, "acme.xlsx"])
    assert (done.exit_code, done.stderr.count("\n")) == (3, 1), done.output
    assert "acme.xlsx" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["acme.xlsx"]
    assert (tmp_path / "acme.xlsx").read_bytes() == HOSTILE[name]


# --- law 8: any file whatever ---------------------------------------------------------------------------------------

BITS = st.integers(0, 255).map(lambda byte: bytes([byte]))
WORDS = st.sampled_from([b"<", b">", b"/>", b'"', b"&", b"\0", b"\xff", b"<c/>", b"</row>", b"<!--", b"<![CDATA[", b' r="A0"', b' r="A1"', b' t="s"', b"-1",
                         b"99999999999999999999", "²".encode(), "٣".encode(), b"&#0;", b"x:", b'<mergeCell ref="A1:B2"/>', b"1e999", b"1_0", b"PK\x01\x02"])  # fmt: skip


@st.composite
def mutated(draw, content):
    """``content`` with one to three pieces flipped, inserted, deleted, repeated or cut off."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.integers(0, 12))
        new = draw(st.one_of(st.just(b""), BITS, WORDS, st.just(content[at : at + length] * 2)))
        content = content[:at] if draw(st.integers(0, 19)) == 0 else content[:at] + new + content[at + length :]
    return content


@st.composite
def mutated_part(draw):
    """A workbook that is packed well, and of which one part is damaged."""
    name = draw(st.sampled_from([*PARTS]))
    return with_parts(**{name: draw(mutated(PARTS[name]))})


@st.composite
def mutated_archive(draw):
    """A workbook of which the directory or a header is damaged: elsewhere a checksum would find everything at once."""
    starts = [match.start() for match in re.finditer(rb"PK[\x01-\x06]{2}", BASE)]
    at = draw(st.sampled_from(starts))
    return BASE[:at] + draw(mutated(BASE[at : at + 60])) + BASE[at + 60 :]


EDITS = {
    "cell": lambda book: book.set_cell(book.sheet_names[0], "B3", "edited"),
    "formula": lambda book: book.set_cell(book.sheet_names[0], "E2", 5),
    "value": lambda book: book.value(book.sheet_names[0], "A2"),
    "fill": lambda book: book.highlight(book.sheet_names[0], "B2", "F6CFC0"),
    "note": lambda book: book.note(book.sheet_names[0], "B4", "note"),
    "column": lambda book: book.append_column(book.sheet_names[0], "New", {1: "a", 2: 3}),
    "rows": lambda book: book.append_rows(book.sheet_names[0], [["AC-9", "n", 4]]),
    "sheet": lambda book: book.add_sheet("Findings", [["a", 1]], mark="_test.findings"),
    "gone": lambda book: book.remove_sheet(book.sheet_names[-1]),
    "property": lambda book: book.set_property("x", "y"),
}


@settings(max_examples=60)
@given(
    raw=st.one_of(mutated(BASE), mutated_archive(), mutated_part(), mutated_part()),
    edits=st.lists(st.sampled_from([*EDITS]), min_size=1, max_size=3),
)
def test_any_file_whatever_is_edited_and_intact_or_refused_in_one_line(raw, edits):
    try:
        book = open_workbook(raw)
        for edit in edits:
            try:
                EDITS[edit](book)
            except EditRefused as told:
                one_line(told)
        assert_intact(book, raw)
    except WorkbookRefused as told:
        one_line(told)


@settings(max_examples=30)
@given(cuts=st.lists(st.integers(0, len(BASE)), min_size=2, max_size=6))
def test_any_mixture_of_pieces_of_a_workbook_is_refused_or_edited(cuts):
    places = [0, *sorted(cuts), len(BASE)]
    pieces = [BASE[start:end] for start, end in pairwise(places)]
    raw = b"".join([*pieces[1:], pieces[0]])
    try:
        assert_works(raw)
    except WorkbookRefused as told:
        one_line(told)

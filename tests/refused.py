"""Files that no one may edit: what they are, and what the one-line reason has to speak of."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from corpus import workbooks
from dialects import plain
from handmade import OFFICE, PACKAGE, Pack
from handmade_books import of_analysts
from packages import Member, members, repacked, zipped

SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"
DTD = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'


@dataclass(frozen=True, slots=True)
class Refused:
    """A file, and words of which the reason has one."""

    name: str
    make: Callable[[], bytes]
    says: tuple[str, ...]


REFUSED: list[Refused] = []


def refused(*says: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Registers a maker of a file."""

    def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
        REFUSED.append(Refused(make.__name__.replace("_", "-"), make, says))
        return make

    return register


def good() -> bytes:
    """The file that the others were."""
    return next(sample.data for sample in workbooks() if sample.name == "of-analysts")


def _changed(part: str, old: str, new: str) -> bytes:
    content = next(one.content for one in members(good()) if one.name == part).decode()
    assert old in content, part
    return repacked(good(), {part: content.replace(old, new, 1).encode()})


def _with(*more: Member) -> bytes:
    return zipped([*members(good()), *more])


def _compound(*streams: str) -> bytes:
    """The head of an OLE file and a directory that names its streams."""
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2).ljust(64, b"\0") for name in streams
    )
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    return (head + bytes(14) + struct.pack("<II", 1, 1)).ljust(512, b"\xff") + entries.ljust(512, b"\0") + bytes(512)


# --- no workbooks at all --------------------------------------------------------------------------------------------


@refused("empty")
def empty() -> bytes:
    return b""


@refused("encrypt", "password")
def encrypted() -> bytes:
    return _compound("Root Entry", "EncryptionInfo", "EncryptedPackage")


@refused(".xls", "97")
def of_excel_97() -> bytes:
    return _compound("Root Entry", "Workbook")


@refused("web page", "HTML")
def a_web_page() -> bytes:
    return b"<!DOCTYPE html>\n<html><body><table><tr><td>CC6.1</td></tr></table></body></html>"


@refused("text", "CSV", "csv")
def comma_separated() -> bytes:
    return b"Control ID;SOC 2\nAC-001;CC6.1\n"


@refused("PDF")
def a_pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


@refused("XML", "xml")
def xml_of_2003() -> bytes:
    return b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'


@refused("Word", "workbook")
def a_word_document() -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    relations = f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    return plain({TYPES: types.encode(), "_rels/.rels": relations.encode(), "word/document.xml": b"<w/>"})


@refused("binary", "xlsb")
def a_binary_workbook() -> bytes:
    pack = Pack()
    pack.workbook, pack.workbook_type = "xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    return plain(pack.build())


@refused("OpenDocument", "ods")
def an_open_document() -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped(
        [
            Member.of("mimetype", kind, stored=True),
            Member.of("content.xml", b"<office/>"),
            Member.of("META-INF/manifest.xml", b"<m/>"),
        ]
    )


@refused("workbook")
def a_zip_of_something() -> bytes:
    return plain({"readme.txt": b"hello"})


@refused("no .xlsx")
def behind_a_program() -> bytes:
    """An archive that unpacks itself."""
    return zipped(members(good()), before=b"MZ" + bytes(510))


# --- damaged archives -----------------------------------------------------------------------------------------------


@refused("damaged", "truncated", "incomplete", "cut")
def half_a_file() -> bytes:
    return good()[: len(good()) // 2]


@refused("damaged", "truncated", "incomplete", "cut")
def the_end_missing() -> bytes:
    return good()[:-30]


@refused("damaged", "sheet1.xml")
def a_bit_flipped_in_the_sheet() -> bytes:
    data = bytearray(good())
    sheet = next(one for one in members(good()) if one.name == SHEET)
    at = data.find(sheet.raw) + len(sheet.raw) // 2
    data[at] ^= 0x40
    return bytes(data)


@refused("damaged", "styles.xml")
def a_wrong_checksum() -> bytes:
    return zipped([replace(one, crc=one.crc ^ 1) if one.name == "xl/styles.xml" else one for one in members(good())])


@refused("twice", "duplicate", "two")
def a_name_twice() -> bytes:
    return _with(next(one for one in members(good()) if one.name == SHEET))


@refused("twice", "duplicate", "two")
def a_name_twice_in_another_case() -> bytes:
    return _with(Member.of("xl/worksheets/SHEET1.XML", b"<worksheet/>"))


@refused("twice", "duplicate", "two")
def a_name_twice_with_backslashes() -> bytes:
    return _with(Member.of("xl\\worksheets\\sheet1.xml", b"<worksheet/>"))


@refused("outside", "..", "name")
def a_name_that_climbs() -> bytes:
    return _with(Member.of("../evil.xml", b"<x/>"))


@refused("overlap", "same bytes", "damaged")
def entries_that_overlap() -> bytes:
    """Two names for the same bytes, as in bombs that quote themselves."""
    data = bytearray(good())
    start = data.rfind(b"PK\x01\x02")
    at = struct.unpack_from("<I", data, data.find(b"PK\x01\x02") + 42)
    struct.pack_into("<I", data, start + 42, at[0])
    return bytes(data)


@refused("entries", "parts", "files", "members")
def a_hundred_thousand_entries() -> bytes:
    return zipped((Member(f"xl/media/{number}.png", b"", zipfile.ZIP_STORED) for number in range(100_000)), zip64=True)


@refused("unpack", "bomb", "large", "times", "MB")
def a_bomb() -> bytes:
    sheet = next(one.content for one in members(good()) if one.name == SHEET)
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    spaces = b" " * 64_000_000
    raw = packer.compress(sheet + spaces) + packer.flush()
    bomb = Member(SHEET, raw, zipfile.ZIP_DEFLATED, zlib.crc32(spaces, zlib.crc32(sheet)), len(sheet) + len(spaces))
    return zipped([bomb if one.name == SHEET else one for one in members(good())])


@refused("encrypt", "password")
def encrypted_entries() -> bytes:
    data = bytearray(good())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            struct.pack_into("<H", data, at + offset, struct.unpack_from("<H", data, at + offset)[0] | 1)
            at = data.find(signature, at + 4)
    return bytes(data)


@refused("compress", "method", "packed")
def another_compression() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        for one in members(good()):
            archive.writestr(one.name, one.content)
    return out.getvalue()


@refused("damaged", "name", "disagree", "differ")
def names_that_disagree() -> bytes:
    """The directory calls an entry otherwise than the entry itself: two readers, two files."""
    data = bytearray(good())
    at = data.find(b"xl/worksheets/sheet1.xml")
    data[at : at + 24] = b"xl/worksheets/sheet9.xml"
    return bytes(data)


# --- packages that cannot be trusted --------------------------------------------------------------------------------


@refused("sign")
def digitally_signed() -> bytes:
    pack = Pack()
    of_analysts(pack)
    kind = "application/vnd.openxmlformats-package.digital-signature-"
    pack.add("_xmlsignatures/origin.sigs", b"", f"{kind}origin", f"{PACKAGE}/relationships/digital-signature/origin", "")
    pack.add(
        "_xmlsignatures/sig1.xml",
        "<Signature/>",
        f"{kind}xmlsignature+xml",
        f"{PACKAGE}/relationships/digital-signature/signature",
        "_xmlsignatures/origin.sigs",
    )
    return plain(pack.build())


@refused("DTD", "DOCTYPE", "document type")
def a_dtd_in_the_sheet() -> bytes:
    return _changed(SHEET, "<worksheet", f"{DTD}<worksheet")


@refused("DTD", "DOCTYPE", "document type")
def a_dtd_in_the_workbook() -> bytes:
    return _changed(BOOK, "<workbook", f"{DTD}<workbook")


@refused("DTD", "DOCTYPE", "document type")
def a_dtd_in_the_content_types() -> bytes:
    return _changed(TYPES, "<Types", f"{DTD}<Types")


@refused("DTD", "DOCTYPE", "document type")
def a_dtd_in_the_strings() -> bytes:
    return _changed("xl/sharedStrings.xml", "<sst", f"{DTD}<sst")


@refused("UTF-8", "encod")
def utf_16() -> bytes:
    content = next(one.content for one in members(good()) if one.name == SHEET).decode()
    return repacked(good(), {SHEET: content.replace('"UTF-8"', '"UTF-16"', 1).encode("utf-16")})


@refused("UTF-8", "encod")
def latin_1() -> bytes:
    return _changed(SHEET, 'encoding="UTF-8"', 'encoding="ISO-8859-1"')


@refused("UTF-8", "encod", "well-formed", "damaged")
def bytes_that_are_no_utf_8() -> bytes:
    content = next(one.content for one in members(good()) if one.name == SHEET)
    return repacked(good(), {SHEET: content.replace(b"A.9.2.5", b"A.9.2.\xff").replace(b"<v>0</v>", b"<v>\xff</v>", 1)})


@refused("sheet1.xml", "well-formed", "damaged")
def a_sheet_cut_short() -> bytes:
    content = next(one.content for one in members(good()) if one.name == SHEET)
    return repacked(good(), {SHEET: content[: content.index(b"</sheetData>") - 20]})


@refused("sheet", "missing", "not there")
def a_sheet_missing() -> bytes:
    return repacked(good(), {}, dropped=[SHEET])


@refused("order", "row")
def rows_out_of_order() -> bytes:
    return _changed(SHEET, '<row r="5"', '<row r="3"')


@refused("workbook", "content")
def no_content_types() -> bytes:
    return repacked(good(), {}, dropped=[TYPES])


@refused("Controls", "same", "twice", "two")
def two_sheets_of_one_name() -> bytes:
    return _changed(BOOK, 'name="Lists"', 'name="CONTROLS"')

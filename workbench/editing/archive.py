"""The records of a zip archive (PKWARE APPNOTE 6.3, sections 4.3 to 4.5), read and written one by one.

A zip library would unpack and pack every member anew; an editor that promises to leave the others alone has to copy their bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from workbench.editing import disk
from workbench.editing.refusals import WorkbookRefused

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END64, _LOCATOR64 = b"PK\x06\x06", b"PK\x06\x07"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_MOST_MEMBERS = 10_000
_UNICODE_NAME = 0x7075
_CHUNK = 1 << 20
_LARGE = 4 << 20
_EPOCH = 0x21
"""1 January 1980 as MS-DOS writes it: the date of new members, so that the same edit gives the same bytes."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED = "the file is damaged: {}; open it in Excel, repair and save it"
_TWO_FACED = "{} has another {} in front of its data than in the directory: one program would see another file than the other; do not trust it"


_KINDS = {
    b"%pdf": "a PDF",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
    b"<table": "a web page",
    b"<meta": "a web page",
    b"<?xml": "an XML file",
    b"{\\rtf": "a text document",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"gif8": "a picture",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"rar!": "a RAR archive",
    b"\x1f\x8b": "a gzip archive",
}
"""First bytes, small letters, and what begins with them."""


@dataclass(frozen=True, slots=True)
class Member:
    """One entry. ``record`` is its central record; ``start`` to ``end`` are its local header, data, descriptor and what follows up to the next entry."""

    name: str
    record: bytes
    start: int
    end: int
    data: int
    packed: int
    size: int
    crc: int
    method: int


@dataclass(frozen=True, slots=True)
class _Central:
    """What a central record says, zip64 field resolved; ``offset_at`` is where in the record the offset stands, ``offset_width`` 4 or 8."""

    name: str
    record: bytes
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int


class Archive:
    """The directory of a zip file: ``members`` in its order, ``first`` the offset of the first of them."""

    def __init__(self, raw: bytes) -> None:
        """Read the directory.

        Raises:
            WorkbookRefused: not a zip (says what it is), damaged, encrypted, overlapping entries, a name that leads outside.
        """
        self._raw = raw
        _refuse_other_kinds(raw)
        self._end = _find_end(raw)
        self._closing = raw[self._end :]
        volume, first_volume, here, count, size, offset = struct.unpack_from("<HHHHII", raw, self._end + 4)
        self._end64 = self._find_end64()
        if self._end64 is not None:
            classic = here, count, size, offset
            volume, first_volume, here, count, size, offset = struct.unpack_from("<IIQQQQ", raw, self._end64 + 16)
            _refuse_contradiction(classic, (here, count, size, offset))
        self._directory = offset
        if count > _MOST_MEMBERS:
            raise WorkbookRefused(f"the file has {count:,} parts; a workbook has at most {_MOST_MEMBERS:,}")
        stop = self._end if self._end64 is None else self._end64
        if volume or first_volume or here != count or offset + size != stop:
            raise WorkbookRefused(_DAMAGED.format("its directory is not where it should be"))
        self.members = tuple(_members(raw, list(_records(raw, offset, count, stop)), offset))
        self.first = min((member.start for member in self.members), default=offset)

    def _find_end64(self) -> int | None:
        """Where the zip64 end record stands: right before its locator, as every writer writes it and not every reader looks elsewhere."""
        at = self._end - 20
        if at < 0 or self._raw[at : at + 4] != _LOCATOR64:
            return None
        (offset,) = struct.unpack_from("<Q", self._raw, at + 8)
        if offset != at - 56 or self._raw[offset : offset + 4] != _END64:
            raise WorkbookRefused(_DAMAGED.format("its directory is not where it should be"))
        return int(offset)

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The data of ``member``, piece by piece: never more than one byte beyond the size it claims, and fewer where they cannot be unpacked."""
        data = memoryview(self._raw)[member.data : member.data + member.packed]
        if member.method == _STORED:
            yield from (bytes(data[at : at + _CHUNK]) for at in range(0, len(data), _CHUNK))
            return
        unpack, at, left = zlib.decompressobj(-15), 0, member.size + 1
        while left and not unpack.eof:
            piece = unpack.unconsumed_tail or data[at : at + _CHUNK]
            at += 0 if unpack.unconsumed_tail else len(piece)
            try:
                out = unpack.decompress(piece, min(_CHUNK, left))
            except zlib.error:
                return
            if not out and not piece:
                return
            left -= len(out)
            yield out

    def closing(self, count: int, size: int, offset: int) -> bytes:
        """What follows a directory of ``count`` records and ``size`` bytes at ``offset``: the same records as in the file, brought up to date."""
        small = min(count, _FULL16), min(size, _FULL32), min(offset, _FULL32)
        if self._end64 is None:
            old = self._closing
            return old[:8] + struct.pack("<HHII", small[0], small[0], small[1], small[2]) + old[20:]
        old = self._raw[self._end64 : self._end]
        end64 = old[:24] + struct.pack("<QQQQ", count, count, size, offset) + old[56:-20]
        locator = old[-20:-12] + struct.pack("<Q", offset + size) + old[-4:]
        was = struct.unpack_from("<HHII", self._closing, 8)
        fields = [full if then == full else now for then, now, full in
                  zip(was, (small[0], *small), (_FULL16, _FULL16, _FULL32, _FULL32), strict=True)]  # fmt: skip
        return end64 + locator + self._closing[:8] + struct.pack("<HHII", *fields) + self._closing[20:]


def _find_end(raw: bytes) -> int:
    """Where the end record stands: its comment reaches to the end of the file, but for zeros that a disk or a mail program put there."""
    end = raw.rfind(_END, max(0, len(raw) - 22 - _FULL16))
    if end < 0 or len(raw) < end + 22:
        raise WorkbookRefused(_DAMAGED.format("its end is missing"))
    behind = end + 22 + int(struct.unpack_from("<H", raw, end + 20)[0])
    if behind > len(raw):
        raise WorkbookRefused(_DAMAGED.format("its end is missing"))
    if raw[behind:].strip(b"\0"):
        raise WorkbookRefused(_DAMAGED.format(f"{len(raw) - behind:,} bytes follow its end"))
    return end


def _refuse_contradiction(classic: tuple[int, ...], zip64: tuple[int, ...]) -> None:
    """The fields of the older record are those of the zip64 record, or say that they stand there."""
    for old, new, full in zip(classic, zip64, (_FULL16, _FULL16, _FULL32, _FULL32), strict=True):
        if old not in {new, full}:
            raise WorkbookRefused(_DAMAGED.format("it has two directories"))


def _refuse_other_kinds(raw: bytes) -> None:
    if not raw:
        raise WorkbookRefused("the file is empty")
    if len(raw) > disk.MOST_BYTES:
        raise WorkbookRefused(f"the file has {len(raw):,} bytes; a workbook has at most {disk.MOST_BYTES:,}")
    if raw.startswith(_OLE):
        encrypted = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e".encode("latin-1") in raw
        raise WorkbookRefused(
            "the file is encrypted; remove the password in Excel and save it" if encrypted else
            "the file is of the old .xls kind; save it in Excel as .xlsx"
        )  # fmt: skip
    if not raw.startswith(b"PK"):
        head = raw[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
        what = next((kind for magic, kind in _KINDS.items() if head.startswith(magic)), "")
        what = what or ("something unknown" if b"\0" in head else "plain text, perhaps a table as CSV")
        raise WorkbookRefused(f"the file is no .xlsx workbook but {what}; open it in Excel and save it as .xlsx")


def _records(raw: bytes, at: int, count: int, stop: int) -> Iterator[_Central]:
    """The ``count`` records from ``at`` to ``stop``."""
    for _ in range(count):
        if raw[at : at + 4] != _CENTRAL or at + 46 > stop:
            raise WorkbookRefused(_DAMAGED.format("its directory is broken"))
        flags, method = struct.unpack_from("<HH", raw, at + 8)
        crc, packed, size, name_length, extra_length, comment_length = struct.unpack_from("<IIIHHH", raw, at + 16)
        (offset,) = struct.unpack_from("<I", raw, at + 42)
        end = at + 46 + name_length + extra_length + comment_length
        if end > stop:
            raise WorkbookRefused(_DAMAGED.format("its directory is broken"))
        extra = raw[at + 46 + name_length : at + 46 + name_length + extra_length]
        name = _name(raw[at + 46 : at + 46 + name_length], flags, extra)
        size, packed, offset = _resolved64(extra, size, packed, offset)
        _refuse_member(name, flags, method)
        yield _Central(name, raw[at:end], method, flags, crc, packed, size, offset)
        at = end
    if at != stop:  # some readers go by the number of records, some by their size
        raise WorkbookRefused(_DAMAGED.format("its directory holds more than it says"))


def _name(encoded: bytes, flags: int, extra: bytes) -> str:
    try:
        name = encoded.decode("utf-8" if flags & _UTF8 else "cp437")
        other = next((data[5:].decode() for _, kind, data in _fields(extra) if kind == _UNICODE_NAME), name)
    except UnicodeDecodeError:
        raise WorkbookRefused(_DAMAGED.format(f"the name of the part {encoded.decode('latin-1')!r} is not UTF-8")) from None
    if other != name and (flags & _UTF8 or encoded.isascii()):
        raise WorkbookRefused(_TWO_FACED.format(ascii(name), "name"))
    return name


def _refuse_member(name: str, flags: int, method: int) -> None:
    if flags & _ENCRYPTED:
        raise WorkbookRefused("the file is encrypted; unpack it with its password first")
    path = name.replace("\\", "/")
    absolute = path.startswith("/") and not path.lower().startswith("/xl/")  # as XlsxWriter calls some of its parts
    if not path or absolute or ".." in path.split("/") or ":" in path.split("/")[0]:
        raise WorkbookRefused(f"the file has a part called {name!r}, which leads outside of it; do not trust this file")
    if any(character < " " or character == "\x7f" for character in name):
        raise WorkbookRefused(f"the file has a part called {name!r}, with control characters in the name; do not trust this file")
    if method not in {_STORED, _DEFLATED}:
        raise WorkbookRefused(
            f"{name} is packed in a way that Excel does not use (method {method}); open the file in Excel and save it anew"
        )


def _fields(extra: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The extra fields: where each begins, its id, its data."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        yield at, kind, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _resolved64(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset, those that say "see the zip64 field" taken from it, in its order."""
    values = [size, packed, offset]
    field = next((data for _, kind, data in _fields(extra) if kind == 1), b"")
    for place, value in enumerate(values):
        if value == _FULL32 and len(field) >= 8:
            values[place], field = struct.unpack_from("<Q", field)[0], field[8:]
    return values[0], values[1], values[2]


def _members(raw: bytes, records: list[_Central], directory: int) -> Iterator[Member]:
    starts = sorted({record.offset for record in records})
    if len(starts) < len(records):
        raise WorkbookRefused(_DAMAGED.format("two of its parts are the same bytes"))
    following = dict(pairwise([*starts, directory]))
    for record in records:
        start, end = record.offset, following[record.offset]
        if raw[start : start + 4] != _LOCAL or start + 30 > end:
            raise WorkbookRefused(_DAMAGED.format(f"{record.name} is not where the directory says"))
        name_length, extra_length = struct.unpack_from("<HH", raw, start + 26)
        data = start + 30 + name_length + extra_length
        if data + record.packed > end:
            raise WorkbookRefused(_DAMAGED.format(f"{record.name} overlaps what follows"))
        _refuse_two_faces(record, raw[start:data])
        yield Member(record.name, record.record, start, end, data, record.packed, record.size, record.crc, record.method)


def _refuse_two_faces(record: _Central, local: bytes) -> None:
    """What stands in front of the data says the same as the directory; with a descriptor behind the data it may leave sizes and checksum open."""
    flags, method = struct.unpack_from("<HH", local, 6)
    crc, packed, size, name_length = struct.unpack_from("<IIIH", local, 14)
    if local[30 : 30 + name_length] != record.record[46 : 46 + struct.unpack_from("<H", record.record, 28)[0]]:
        raise WorkbookRefused(_TWO_FACED.format(record.name, "name"))
    if method != record.method or (flags ^ record.flags) & _ENCRYPTED:
        raise WorkbookRefused(_TWO_FACED.format(record.name, "kind of packing"))
    size, packed, _ = _resolved64(local[30 + name_length :], size, packed, 0)
    said, known = (crc, packed, size), (record.crc, record.packed, record.size)
    if said != known and not (record.flags | flags) & _DESCRIPTOR:
        raise WorkbookRefused(_TWO_FACED.format(record.name, "size or checksum"))


def moved(member: Member, offset: int) -> bytes:
    """The central record of ``member`` when its local header stands at ``offset``."""
    record = member.record
    if struct.unpack_from("<I", record, 42)[0] != _FULL32:
        return record[:42] + struct.pack("<I", offset) + record[46:]
    name_length, extra_length = struct.unpack_from("<HH", record, 28)
    extra = record[46 + name_length : 46 + name_length + extra_length]
    for at, kind, _ in _fields(extra):
        if kind == 1:
            before = sum(8 for place in (20, 24) if struct.unpack_from("<I", record, place)[0] == _FULL32)
            place = 46 + name_length + at + 4 + before
            return record[:place] + struct.pack("<Q", offset) + record[place + 8 :]
    return record


def written(name: str, data: bytes, offset: int, *, like: Member | None = None) -> tuple[bytes, bytes]:
    """Local entry and central record of a member with these data; name, date and attributes are those of ``like`` where it is given."""
    encoded, flags = _encoded(name)
    date = struct.pack("<HH", 0, _EPOCH)
    made, attributes, comment = b"\x14\x00", bytes(8), b""
    if like is not None:
        name_length, extra_length, comment_length = struct.unpack_from("<HHH", like.record, 28)
        encoded, date, made = like.record[46 : 46 + name_length], like.record[12:16], like.record[4:6]
        flags = struct.unpack_from("<H", like.record, 8)[0] & _UTF8
        attributes = like.record[34:42]
        comment = like.record[46 + name_length + extra_length :][:comment_length]
    packed = _packed(data)
    head = struct.pack("<HHH", 20, flags, _DEFLATED) + date + struct.pack("<III", zlib.crc32(data), len(packed), len(data))
    local = _LOCAL + head + struct.pack("<HH", len(encoded), 0) + encoded + packed
    record = _CENTRAL + made + head + struct.pack("<HHH", len(encoded), 0, len(comment)) + attributes
    return local, record + struct.pack("<I", offset) + encoded + comment


def _encoded(name: str) -> tuple[bytes, int]:
    return (name.encode("ascii"), 0) if name.isascii() else (name.encode(), _UTF8)


def _packed(data: bytes) -> bytes:
    """``data`` deflated; large parts for speed, which costs a sheet about a sixth more room and a third of the time."""
    pack = zlib.compressobj(1 if len(data) > _LARGE else 6, zlib.DEFLATED, -15)
    return pack.compress(data) + pack.flush()

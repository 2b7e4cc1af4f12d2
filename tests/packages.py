"""Office packages as bytes and trees: members with their raw compressed data, XML with every byte of how it was written.

Written for the judge of edits (``intact.py``) and for making packages that no library makes; shares nothing with the editor. ``zipfile``
finds the members, a tokenizer of a few lines reads the XML.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import unquote

_LOCAL, _CENTRAL, _END = 0x04034B50, 0x02014B50, 0x06054B50
_END64, _LOCATOR64 = 0x06064B50, 0x07064B50
_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of a zip: its raw (compressed) bytes and what its directory says of it."""

    name: str
    raw: bytes
    method: int = zipfile.ZIP_DEFLATED
    crc: int = 0
    size: int = 0
    date: tuple[int, ...] = _DAY
    attributes: int = 0
    comment: bytes = b""

    @property
    def content(self) -> bytes:
        """What the member holds, unpacked."""
        return self.raw if self.method == zipfile.ZIP_STORED else zlib.decompress(self.raw, -15)

    @classmethod
    def of(cls, name: str, content: bytes, *, stored: bool = False) -> Member:
        """A member holding ``content``."""
        method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        if stored:
            raw = content
        else:
            packer = zlib.compressobj(6, zlib.DEFLATED, -15)
            raw = packer.compress(content) + packer.flush()
        return cls(name, raw, method, zlib.crc32(content), len(content))


def members(package: bytes) -> list[Member]:
    """The members of a zip in the order of its directory, with their bytes as they lie in the file."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [_member(package, info) for info in archive.infolist()]


def _member(package: bytes, info: zipfile.ZipInfo) -> Member:
    name, extra = struct.unpack_from("<HH", package, info.header_offset + 26)
    start = info.header_offset + 30 + name + extra
    raw = package[start : start + info.compress_size]
    return Member(
        info.orig_filename, raw, info.compress_type, info.CRC, info.file_size, info.date_time, info.external_attr, info.comment
    )


def zipped(
    entries: Iterable[Member],
    *,
    descriptors: bool = False,
    signed: bool = True,
    zip64: bool = False,
    comment: bytes = b"",
    before: bytes = b"",
    shuffled: bool = False,
) -> bytes:
    """A zip of the entries, raw bytes as given.

    On request sizes stand behind the data (``descriptors``, with or without their signature), records are of 64 bits, bytes stand before the
    first entry, or the directory is in another order (``shuffled``: by the names from behind).
    """
    out = bytearray(before)
    records, entries = [], list(entries)
    for entry in entries:
        records.append((entry.name[::-1], _directory_entry(entry, len(out), descriptors=descriptors, zip64=zip64)))
        out += _local_entry(entry, descriptors=descriptors, signed=signed, zip64=zip64)
    start, count = len(out), len(entries)
    directory = b"".join(record for _, record in (sorted(records) if shuffled else records))
    out += directory
    if zip64:
        out += struct.pack("<IQHHIIQQQQ", _END64, 44, 45, 45, 0, 0, count, count, len(directory), start)
        out += struct.pack("<IIQI", _LOCATOR64, 0, start + len(directory), 1)
    many, big = (0xFFFF, 0xFFFFFFFF) if zip64 else (count & 0xFFFF, start)
    size = big if zip64 else len(directory)
    out += struct.pack("<IHHHHIIH", _END, 0, 0, many, many, size, big, len(comment)) + comment
    return bytes(out)


def _stamp(entry: Member) -> tuple[int, int]:
    year, month, day, hour, minute, second = entry.date
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _flags(entry: Member, *, descriptors: bool) -> int:
    return (0 if entry.name.isascii() else 0x800) | (8 if descriptors else 0)


def _local_entry(entry: Member, *, descriptors: bool, signed: bool, zip64: bool) -> bytes:
    name = entry.name.encode()
    crc, packed, size = (0, 0, 0) if descriptors else (entry.crc, len(entry.raw), entry.size)
    extra = struct.pack("<HHQQ", 1, 16, size, packed) if zip64 else b""
    sizes = (0xFFFFFFFF, 0xFFFFFFFF) if zip64 else (packed, size)
    head = struct.pack(
        "<IHHHHHIIIHH",
        _LOCAL,
        45 if zip64 else 20,
        _flags(entry, descriptors=descriptors),
        entry.method,
        *_stamp(entry),
        crc,
        *sizes,
        len(name),
        len(extra),
    )
    form = "<IIQQ" if zip64 else "<IIII"
    tail = struct.pack(form, 0x08074B50, entry.crc, len(entry.raw), entry.size)[0 if signed else 4 :] if descriptors else b""
    return head + name + extra + entry.raw + tail


def _directory_entry(entry: Member, offset: int, *, descriptors: bool, zip64: bool) -> bytes:
    name = entry.name.encode()
    extra = struct.pack("<HHQQQ", 1, 24, entry.size, len(entry.raw), offset) if zip64 else b""
    packed, size, at = (0xFFFFFFFF,) * 3 if zip64 else (len(entry.raw), entry.size, offset)
    version = 45 if zip64 else 20
    return (
        struct.pack("<IHHHHHHIII", _CENTRAL, version, version, _flags(entry, descriptors=descriptors), entry.method, *_stamp(entry), entry.crc, packed, size)
        + struct.pack("<HHHHHII", len(name), len(extra), len(entry.comment), 0, 0, entry.attributes, at)
        + name + extra + entry.comment
    )  # fmt: skip


def repacked(
    package: bytes, changed: Mapping[str, bytes], *, added: Mapping[str, bytes] | None = None, dropped: Iterable[str] = ()
) -> bytes:
    """The package with some parts changed, added or dropped, all others with their raw bytes: what an editor should have done."""
    gone = set(dropped)
    kept = [
        replace(Member.of(one.name, changed[one.name]), date=one.date, attributes=one.attributes) if one.name in changed else one
        for one in members(package)
        if one.name not in gone
    ]
    return zipped([*kept, *(Member.of(name, content) for name, content in (added or {}).items())])


# --- XML ------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+""", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAME = re.compile(rb"</?\s*([^\s/>]+)")


@dataclass(slots=True)
class Node:
    """An element as it is written: its tags, and between them nodes and raw runs (text, comments, CDATA, instructions)."""

    name: str
    head: bytes
    items: list[Node | bytes] = field(default_factory=list)
    tail: bytes = b""
    source: bytes = b""
    start: int = 0
    end: int = 0

    @property
    def written(self) -> bytes:
        """The bytes of the whole element."""
        return self.source[self.start : self.end]

    @property
    def children(self) -> list[Node]:
        """The elements directly inside."""
        return [item for item in self.items if isinstance(item, Node)]

    @property
    def attributes(self) -> Mapping[str, str]:
        """Attributes in order, prefixes as written, entities resolved."""
        return _attributes(self.head)

    def get(self, name: str) -> str:
        """The attribute, whatever prefix it has, or nothing."""
        return next((value for key, value in self.attributes.items() if key.rpartition(":")[2] == name), "")

    def all(self, name: str) -> Iterator[Node]:
        """Every element of that name below this one, in document order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def first(self, name: str) -> Node | None:
        """The first element of that name below this one."""
        return next(self.all(name), None)

    @property
    def text(self) -> str:
        """The text inside, of all depths, entities and CDATA resolved."""
        return "".join(item.text if isinstance(item, Node) else _text(item) for item in self.items)


@lru_cache(maxsize=8192)
def _attributes(head: bytes) -> Mapping[str, str]:
    return {name.decode(): html.unescape((double or single).decode()) for name, double, single in _ATTRIBUTE.findall(head)}


def _text(run: bytes) -> str:
    if run.startswith(b"<![CDATA["):
        return run[9:-3].decode()
    return "" if run.startswith(b"<") else html.unescape(run.decode())


def tree(xml: bytes) -> Node:
    """The document as a node named ``#document``, whose items are the prologue and the root element."""
    top = Node("#document", b"", source=xml, end=len(xml))
    stack = [top]
    for found in _TOKEN.finditer(xml):
        token = found.group()
        if token.startswith(b"</"):
            stack[-1].tail, stack[-1].end = token, found.end()
            stack.pop()
        elif token.startswith((b"<!", b"<?")) or not token.startswith(b"<"):
            stack[-1].items.append(token)
        else:
            _open(stack, token, found, xml)
    return top


def _open(stack: list[Node], token: bytes, found: re.Match[bytes], xml: bytes) -> None:
    name = _NAME.match(token)
    node = Node(
        name.group(1).rpartition(b":")[2].decode() if name else "", token, source=xml, start=found.start(), end=found.end()
    )
    stack[-1].items.append(node)
    if not token.endswith(b"/>"):
        stack.append(node)


@lru_cache(maxsize=256)
def root(xml: bytes) -> Node:
    """The root element. Nobody changes a node, so that the same bytes give the same one."""
    return tree(xml).children[0]


# --- parts and how they hang together -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Relationship:
    """From a part to another, or to something outside."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of a package by their names in lower case with slashes, which is how names are compared."""

    def __init__(self, data: bytes) -> None:
        self.members = members(data)
        self._relationships: dict[str, list[Relationship]] = {}
        self.parts = {
            one.name.replace("\\", "/").lstrip("/").lower(): one.content for one in self.members if not one.name.endswith("/")
        }

    def relationships(self, part: str) -> list[Relationship]:
        """What the part (``""``: the package itself) points to; targets resolved to part names."""
        if part not in self._relationships:
            folder, name = posixpath.split(part)
            found = self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels").lower())
            self._relationships[part] = (
                [self._resolved(_relationship(node, folder)) for node in root(found).all("Relationship")] if found else []
            )
        return self._relationships[part]

    def _resolved(self, one: Relationship) -> Relationship:
        """Targets are written escaped, names of members are or are not."""
        plain = unquote(one.target).lower()
        return replace(one, target=plain) if not one.external and one.target not in self.parts and plain in self.parts else one

    def target(self, part: str, kind: str) -> str:
        """The first part of that kind, or nothing."""
        return next((one.target for one in self.relationships(part) if one.kind == kind and not one.external), "")

    def content_type(self, part: str) -> str:
        """What the list of content types says of the part."""
        types = root(self.parts["[content_types].xml"])
        for node in types.all("Override"):
            if node.get("PartName").lower() == f"/{part}".lower():
                return node.get("ContentType")
        extension = part.rpartition(".")[2].lower()
        return next((node.get("ContentType") for node in types.all("Default") if node.get("Extension").lower() == extension), "")

    @property
    def workbook(self) -> str:
        """The name of the workbook part."""
        return self.target("", "officeDocument")

    def sheets(self) -> dict[str, str]:
        """Sheet name → part name, in tab order."""
        book = self.workbook
        where = {one.id: one.target for one in self.relationships(book)}
        return {node.get("name"): where.get(node.get("id"), "") for node in root(self.parts[book]).all("sheet")}


def _relationship(node: Node, folder: str) -> Relationship:
    target, external = node.get("Target"), node.get("TargetMode") == "External"
    if not external:
        target = target.replace("\\", "/").partition("#")[0]
        target = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)).lower()
    return Relationship(node.get("Id"), node.get("Type").rpartition("/")[2], target, external)


# --- places in a sheet ----------------------------------------------------------------------------------------------

_PLACE = re.compile(r"\$?([A-Za-z]{0,3})\$?(\d{0,7})")
LAST_COLUMN, LAST_ROW = 16384, 1048576


def column_number(letters: str) -> int:
    """1 for A."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place(ref: str) -> tuple[int, int]:
    """(row, column) of A1."""
    found = _PLACE.fullmatch(ref)
    assert found, ref
    return int(found.group(2) or 0), column_number(found.group(1))


def area(ref: str) -> tuple[int, int, int, int]:
    """(first row, first column, last row, last column) of A1, A1:B2, A:B or 1:2."""
    first, _, last = ref.partition(":")
    (top, left), (bottom, right) = place(first), place(last or first)
    return top or 1, left or 1, bottom or LAST_ROW, right or LAST_COLUMN


def cells(sheet: Node) -> Iterator[tuple[int, int, Node]]:
    """(row, column, element) of every cell of a worksheet, also where ``r`` is missing."""
    for row, node in rows(sheet):
        column = 0
        for cell in node.children:
            if cell.name == "c":
                column = place(cell.get("r"))[1] if cell.get("r") else column + 1
                yield row, column, cell


def rows(sheet: Node) -> Iterator[tuple[int, Node]]:
    """(number, element) of every row of a worksheet."""
    data = sheet.first("sheetData")
    number = 0
    for node in data.children if data else ():
        if node.name == "row":
            number = int(node.get("r")) if node.get("r") else number + 1
            yield number, node

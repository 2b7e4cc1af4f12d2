"""What a file really is, and whether it is safe to read: nothing else opens a user's file.

Every refusal is one line that names the limit, the value seen and the setting that raises it.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbench.model import InputRefused
from workbench.settings import Limits

XLSX, XLSB, ODS, XLS, TEXT = "xlsx", "xlsb", "ods", "xls", "text"
_SAVE_AGAIN = "open it in Excel and save it again"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_GRACE = 1_000_000
"""Inflated bytes below which no ratio is suspicious: repetitive drawings and blank styled rows compress very well."""
_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt"})
_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"{\\rtf", "an RTF text"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x1f\x8b", "a gzip archive"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """A file that passed: its bytes and, for the zip formats, its inflated XML parts by lower-case name and all part names."""

    path: Path
    kind: str
    data: bytes
    parts: Mapping[str, bytes] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Of the file as it lies on the disk."""
        return hashlib.sha256(self.data).hexdigest()


def inspect(path: Path, limits: Limits) -> Package:
    """The file at ``path``, if it is a workbook or a table of text and safe to read.

    Raises:
        InputRefused: missing, not a file, empty, too large, something else than it says, encrypted, damaged or hostile.
    """
    data = _load(path, limits)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_package(path, data, limits)
    if data.startswith(_OLE):
        return _ole_package(path, data)
    what = _looks_like(data)
    if path.suffix.lower() in _TEXT_SUFFIXES and what in {"", "plain text", "a JSON document"}:
        return Package(path, TEXT, data)
    advice = "rename it to .csv if it is a table" if what == "plain text" else "save it as an Excel workbook (.xlsx)"
    raise InputRefused(f"{path.name} is not a workbook but {what or 'of an unknown kind'}; {advice}")


def _load(path: Path, limits: Limits) -> bytes:
    try:
        if path.is_dir():
            raise InputRefused(f"{path} is a folder, not a workbook; name a file in it")
        if not path.is_file():
            raise InputRefused(f"{path} does not exist; check the name" if not path.exists() else f"{path} is not a regular file")
        size = path.stat().st_size
        if size > limits.container:
            raise InputRefused(_over(path.name, "the file", f"{size:,} bytes", f"{limits.container:,}", "container"))
        data = path.read_bytes()
    except OSError as error:
        raise InputRefused(f"{path} cannot be read ({error.strerror or error}); check that you may open it") from error
    if not data:
        raise InputRefused(f"{path.name} is empty (0 bytes); {_SAVE_AGAIN} or restore a copy")
    return data


def _over(name: str, what: str, seen: str, allowed: str, setting: str) -> str:
    return f"{name}: {what} has {seen}, the limit is {allowed}; raise limits.{setting} in workbench.toml if you trust the file"


def _looks_like(data: bytes) -> str:
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            return what
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "plain text"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<"):
        page = any(tag in start for tag in (b"<!doctype html", b"<html", b"<table", b"<meta"))
        return "an HTML page" if page else "an XML document"
    if start.startswith((b"{", b"[")):
        return "a JSON document"
    return "" if b"\x00" in head else "plain text"


def _ole_package(path: Path, data: bytes) -> Package:
    if _ENCRYPTED in data:
        raise InputRefused(
            f"{path.name} is encrypted; remove the password in Excel (File, Info, Protect Workbook) and save it again"
        )
    if "Workbook".encode("utf-16-le") in data or "Book\x00".encode("utf-16-le") in data:
        return Package(path, XLS, data)
    what = "an old Word document" if "WordDocument".encode("utf-16-le") in data else "an Office file without a workbook"
    raise InputRefused(f"{path.name} is not a workbook but {what}; save it as an Excel workbook (.xlsx)")


def _zip_package(path: Path, data: bytes, limits: Limits) -> Package:
    entries = _directory(path.name, data, limits)
    names = {entry.filename.lower(): entry for entry in entries}
    kind = _zip_kind(path.name, names)
    parts = {
        name: _inflate(path.name, data, entry)
        for name, entry in names.items()
        if name.endswith((".xml", ".rels")) or (kind == XLSB and name.endswith(".bin") and name.startswith("xl/worksheets/"))
    }
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            _check_xml(path.name, name, part)
    return Package(path, kind, data, parts, tuple(entry.filename for entry in entries))


def _zip_kind(name: str, names: Mapping[str, zipfile.ZipInfo]) -> str:
    if "xl/workbook.xml" in names:
        return XLSX
    if "xl/workbook.bin" in names:
        return XLSB
    if "content.xml" in names and "mimetype" in names:
        return ODS
    others = (
        ("word/", "a Word document"),
        ("ppt/", "a PowerPoint presentation"),
        ("index/document.iwa", "an Apple Numbers document"),
        ("index.zip", "an Apple Numbers document"),
    )
    what = next(
        (what for prefix, what in others if any(entry.startswith(prefix) for entry in names)), "a zip archive without a workbook"
    )
    raise InputRefused(f"{name} is not a workbook but {what}; save it as an Excel workbook (.xlsx)")


def _directory(name: str, data: bytes, limits: Limits) -> list[zipfile.ZipInfo]:
    """The zip directory, when it keeps the rules: counts, sizes, ratio, plain unique names, no overlap."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except Exception as error:  # zipfile itself stumbles over damaged entries, in more ways than it says
        raise InputRefused(f"{name} is damaged (its zip directory cannot be read); {_SAVE_AGAIN}") from error
    if len(entries) > limits.entries:
        raise InputRefused(_over(name, "the zip directory", f"{len(entries):,} entries", f"{limits.entries:,}", "entries"))
    _check_names(name, entries)
    _check_sizes(name, entries, limits)
    _check_overlap(name, entries)
    return entries


def _check_names(name: str, entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        part = entry.filename
        absolute = part.startswith("/") and not part.lower().startswith(
            "/xl/"
        )  # XlsxWriter puts the slash in front of some of its own parts
        if absolute or "\\" in part or ".." in part.split("/") or re.match(r"[A-Za-z]:", part) or "\x00" in part:
            raise InputRefused(f"{name} is refused: its part {part!r} has an unsafe name; {_SAVE_AGAIN}")
        if part.lower() in seen:
            raise InputRefused(f"{name} is refused: it holds the part {part} twice; {_SAVE_AGAIN}")
        if entry.flag_bits & 1:
            raise InputRefused(f"{name} is encrypted; remove the password and save it again")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise InputRefused(f"{name}: its part {part} is packed in a way Excel does not use; {_SAVE_AGAIN}")
        seen.add(part.lower())


def _check_sizes(name: str, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    for entry in entries:
        if entry.file_size > limits.part:
            raise InputRefused(
                _over(name, f"the part {entry.filename}", f"{entry.file_size:,} bytes", f"{limits.part:,}", "part")
            )
        if entry.file_size > _GRACE and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            ratio = entry.file_size // max(entry.compress_size, 1)
            raise InputRefused(
                _over(name, f"the part {entry.filename}", f"a compression ratio of {ratio}", f"{limits.ratio}", "ratio")
            )
    total = sum(entry.file_size for entry in entries)
    if total > limits.total:
        raise InputRefused(_over(name, "the workbook", f"{total:,} bytes unpacked", f"{limits.total:,}", "total"))


def _check_overlap(name: str, entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise InputRefused(f"{name} is refused: its part {entry.filename} overlaps another one; {_SAVE_AGAIN}")
        end = entry.header_offset + 30 + len(entry.filename) + entry.compress_size


def _inflate(name: str, data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The part's bytes. Its declared size and checksum must be true, so that no reader unpacks more than was counted."""
    damaged = InputRefused(f"{name} is damaged (in its part {entry.filename}); {_SAVE_AGAIN}")
    header = data[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise damaged
    start = entry.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        part = packed
    else:
        engine = zlib.decompressobj(-15)
        try:
            part = engine.decompress(packed, entry.file_size + 1)
        except zlib.error as error:
            raise damaged from error
    if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
        raise damaged
    return part


def _check_xml(name: str, part: str, data: bytes) -> None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:8]:
        raise InputRefused(f"{name}: its part {part} is not UTF-8 text; {_SAVE_AGAIN}")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputRefused(f"{name} is refused: its part {part} holds a DOCTYPE, which Excel never writes; {_SAVE_AGAIN}")

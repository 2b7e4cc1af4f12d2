"""Whether a package is whole and may be edited, before anything of it is believed."""

from __future__ import annotations

import codecs
import posixpath
import re

from workbench.editing.package import Package, folded
from workbench.editing.refusals import WorkbookRefused
from workbench.editing.relations import main_part, related
from workbench.editing.xml import check, holds, parse

_TYPES = "[Content_Types].xml"
_SIGNATURES = "_xmlsignatures/"
_FREE = "customxml/"
"""Data of others, in whatever encoding: Power Query keeps its own there in UTF-16. Nothing of it is edited."""
_MOST_BYTES = 1 << 30
_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]*)["']""")
_UTF8 = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_DOCTYPE = "<!DOCTYPE"
_DOCTYPES = tuple(_DOCTYPE.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_NOT_UTF8 = "{} is not written in UTF-8; open the file in Excel and save it anew"


def check_package(package: Package) -> None:
    """Every part is what the directory says (unpacked once, piece by piece), every XML part is UTF-8 and has no DTD, nothing is signed, and it is a workbook.

    Raises:
        WorkbookRefused: it is not so.
    """
    _refuse_size(package)
    _refuse_signature(package)
    main_part(package)
    kinds = _kinds(package)
    for name in package.names:
        if _is_xml(name, kinds):
            _check_text(package, name)
        else:
            for _ in package.chunks(name):
                pass


def _refuse_size(package: Package) -> None:
    total = sum(package.size(name) for name in package.names)
    if total > _MOST_BYTES:
        raise WorkbookRefused(f"the file unpacks to {total:,} bytes; a workbook has at most {_MOST_BYTES:,}")


def _refuse_signature(package: Package) -> None:
    if any(folded(name).startswith(_SIGNATURES) for name in package.names) or any(
        "digital-signature" in relation.type for relation in related(package, "")
    ):
        raise WorkbookRefused(
            "the file is digitally signed, and any change would break the signature; remove it in Excel (File, Info) and save it"
        )


def _kinds(package: Package) -> dict[str, str]:
    """Content type by part (as ``folded``) and by extension (with its dot)."""
    root = parse(package.read(_TYPES), _TYPES)
    parts = {folded(node.get("PartName") or ""): (node.get("ContentType") or "") for node in root.all("Override")}
    return parts | {f".{(node.get('Extension') or '').lower()}": (node.get("ContentType") or "") for node in root.all("Default")}


def _is_xml(name: str, kinds: dict[str, str]) -> bool:
    """Pictures in SVG are left to themselves: drawing programs write DTDs there, and Excel takes them."""
    if posixpath.basename(name).startswith("._"):  # what macOS notes about a file, beside it in the archive
        return False
    extension = posixpath.splitext(folded(name))[1]
    kind = kinds.get(folded(name)) or kinds.get(extension) or ""
    return extension in {".xml", ".rels", ".vml"} or (kind.endswith(("+xml", "/xml")) and not kind.startswith("image/"))


def _check_text(package: Package, name: str) -> None:
    """VML is only looked through for a DTD: what Excel itself writes there is not always XML."""
    decoder = None if folded(name).startswith(_FREE) or folded(name).endswith(".vml") else codecs.getincrementaldecoder("utf-8")()
    tail, suspicious = b"", False
    for number, chunk in enumerate(package.chunks(name)):
        declared = _ENCODING.match(chunk) if number == 0 else None
        if decoder and not (_decodes(decoder, chunk) and (declared is None or declared[1].lower() in _UTF8)):
            raise WorkbookRefused(_NOT_UTF8.format(name))
        seen = tail + chunk[: len(_DOCTYPES[1])]
        suspicious = suspicious or any(holds(chunk, word) or word in seen for word in _DOCTYPES)
        tail = chunk[-len(_DOCTYPES[1]) :]
    if decoder and not _decodes(decoder, b"", final=True):
        raise WorkbookRefused(_NOT_UTF8.format(name))
    if suspicious:  # it may be text within CDATA
        check(package.read(name), name)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    """Whether the chunk goes on in UTF-8. A zero is no character of XML: it tells UTF-16 that has no mark at its beginning."""
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return b"\0" not in chunk
